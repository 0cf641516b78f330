/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-careid-arguments.c - the command line: what is taken, and what every refusal says
 */

#include "arguments.h"

#include "cleanup.h"
#include "kinds.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

static unsigned n_tests, failed;

static void check(bool ok, const char *name, const char *got) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        if (!ok)
                printf("# got: %s\n", got);
        failed += !ok;
}

static const struct command commands[] = {
        { "setup", "", 0, 0, { { 0 } }, "", 0, NULL, NULL },
        { "person add", "", 0, 0, { { "given-name", "NAME", true, "" }, { "alias", "NAME", false, "" }, { "json", NULL, false, "" } }, "", 0, NULL, NULL },
        { "person number", "PERSON", 1, 1, { { "country", "SE|DK", true, "" } }, "", 0, NULL, NULL },
        { "assign", "ACCOUNT ROLE UNIT", 3, 3, { { "until", "YYYY-MM-DD", false, "" } }, "", 0, NULL, NULL },
        { "list", "WHAT [FILTER]", 1, 2, { { "json", NULL, false, "" } }, "", 1, NULL, NULL },
        { "unassign", "ASSIGNMENT", 1, 1, { { "yes", NULL, false, "" } }, "", 3, NULL, NULL },
        { .options = { { "dry-run", NULL, false, "" } }, .flags = 2 },
};

/* Arguments are separated by "|" here, so that they can hold blanks. */
static const struct {
        const char *name, *line;
        int         want;
        const char *says;
} cases[] = {
        { "one word",                   "setup", ARGUMENTS_OK, "" },
        { "two words",                  "person|add|--given-name|Anna", ARGUMENTS_OK, "" },
        { "a value after =",            "person|add|--given-name=Anna", ARGUMENTS_OK, "" },
        { "a value with = in it",       "person|add|--given-name=a=b", ARGUMENTS_OK, "" },
        { "a value that begins with -", "person|add|--given-name|-x", ARGUMENTS_OK, "" },
        { "operands and options mixed", "list|--json|persons|17", ARGUMENTS_OK, "" },
        { "an operand after --",        "list|--|--json", ARGUMENTS_OK, "" },
        { "a lone - is an operand",     "list|-", ARGUMENTS_OK, "" },
        { "what many have, after its own", "unassign|1|--yes|--dry-run", ARGUMENTS_OK, "" },
        { "what a command has not",     "list|persons|--dry-run", ARGUMENTS_E_USAGE, "--dry-run: no such option of list; see: careid help list" },
        { "help of all",                "--help", ARGUMENTS_E_HELP, "" },
        { "help of one",                "person|add|--help", ARGUMENTS_E_HELP, "" },
        { "help of what begins so",     "person|--help", ARGUMENTS_E_HELP, "" },
        { "but not of nothing",         "persn|--help", ARGUMENTS_E_USAGE, "persn: no such command; did you mean person?" },
        { "help by -h",                 "list|-h", ARGUMENTS_E_HELP, "" },
        { "the version",                "--version", ARGUMENTS_E_VERSION, "" },

        { "nothing",                    "", ARGUMENTS_E_USAGE, "say what to do; see: careid help" },
        { "an unknown command",         "setpu", ARGUMENTS_E_USAGE, "setpu: no such command; did you mean setup?" },
        { "the nearest of several",     "persn", ARGUMENTS_E_USAGE, "persn: no such command; did you mean person?" },
        { "one like no other",          "zzzzzz", ARGUMENTS_E_USAGE, "zzzzzz: no such command; see: careid help" },
        { "the second word is missing", "person", ARGUMENTS_E_USAGE, "person: say what to do: add, number" },
        { "a wrong second word",        "person|numbr", ARGUMENTS_E_USAGE, "person numbr: no such command; did you mean person number?" },
        { "a second like no other",     "person|zzzzzz", ARGUMENTS_E_USAGE, "person zzzzzz: no such command; there are: add, number" },
        { "an unknown option",          "list|persons|--jsno", ARGUMENTS_E_USAGE, "--jsno: no such option of list; did you mean --json?" },
        { "an option like no other",    "list|persons|--zzzzzz", ARGUMENTS_E_USAGE, "--zzzzzz: no such option of list; see: careid help list" },
        { "a beginning is not enough",  "person|add|--given|Anna", ARGUMENTS_E_USAGE, "--given: no such option of person add; did you mean --given-name?" },
        { "an option twice",            "list|persons|--json|--json", ARGUMENTS_E_USAGE, "--json: given twice" },
        { "a value that is not taken",  "list|persons|--json=yes", ARGUMENTS_E_USAGE, "--json: takes no value" },
        { "a value that is missing",    "person|add|--given-name", ARGUMENTS_E_USAGE, "--given-name: needs a value: --given-name NAME" },
        { "an option for a value",      "person|add|--given-name|--json", ARGUMENTS_E_USAGE, "--given-name: needs a value: --given-name NAME" },
        { "an empty value",             "person|add|--given-name=", ARGUMENTS_E_USAGE, "--given-name: must not be empty" },
        { "a short option",             "list|-j|persons", ARGUMENTS_E_USAGE, "-j: options are written out: --name" },
        { "a required option",          "person|add|--alias|x", ARGUMENTS_E_USAGE, "person add: needs --given-name NAME" },
        { "an operand too few",         "list", ARGUMENTS_E_USAGE, "list: needs WHAT [FILTER]" },
        { "an operand too many",        "list|a|b|c", ARGUMENTS_E_USAGE, "list: one argument too many: c" },
        { "text that is not UTF-8",     "list|\xff", ARGUMENTS_E_USAGE, "argument 2 is not UTF-8, or holds control characters" },
        { "a control character",        "list|a\033[2J", ARGUMENTS_E_USAGE, "argument 2 is not UTF-8, or holds control characters" },
};

static int parse(const char *line, struct arguments *a, char complaint[static ARGUMENTS_COMPLAINT_MAX]) {
        static char text[4096];
        char *argv[ARGUMENTS_MAX + 8] = { (char *) "careid" };
        int argc = 1;

        (void) snprintf(text, sizeof text, "%s", line);
        for (char *p = text; *p;) {
                char *bar = strchr(p, '|');

                argv[argc++] = p;
                if (!bar)
                        break;
                *bar = '\0';
                p = bar + 1;
        }
        complaint[0] = '\0';
        return arguments_parse(commands, argc, argv, a, complaint);
}

static const struct {
        const char *words[2];
        const char *complaint, *field, *rest;
} fields[] = {
        { { "person", "add" }, "given name: is missing", "--given-name", "is missing" },
        { { "person", "add" }, "given names: is missing", NULL, NULL },
        { { "person", "add" }, "given: is missing", NULL, NULL },
        { { "person", "number" }, "person: is archived", "PERSON", "is archived" },
        { { "person", "number" }, "number: it is registered already", NULL, NULL },
        { { "assign", NULL }, "role: there is no pilot: none", "ROLE", "there is no pilot: none" },
        { { "assign", NULL }, "role, unit: too long", "ROLE, UNIT", "too long" },
        { { "assign", NULL }, "until: that day is over", "--until", "that day is over" },
        { { "assign", NULL }, "role, moon: too long", NULL, NULL },
        { { "assign", NULL }, "the directory is damaged", NULL, NULL },
        { { "assign", NULL }, "", NULL, NULL },
        { { "list", NULL }, "filter: what", "FILTER", "what" },
};

static void test_fields(void) {
        for (size_t i = 0; i < N_ELEMENTS(fields); i++) {
                char *words[2] = { (char *) fields[i].words[0], (char *) fields[i].words[1] };
                char complaint[ARGUMENTS_COMPLAINT_MAX], field[ARGUMENTS_FIELD_MAX] = "";
                size_t used;
                const struct command *c = command_find(commands, words, words[1] ? 2 : 1, &used, complaint);
                const char *rest = c ? argument_field(c, fields[i].complaint, field) : NULL;

                check(c && !rest == !fields[i].rest &&
                      (!rest || (strcmp(rest, fields[i].rest) == 0 && strcmp(field, fields[i].field) == 0)),
                      fields[i].complaint, field);
        }
}

static void test_limits(void) {
        char complaint[ARGUMENTS_COMPLAINT_MAX], *argv[ARGUMENTS_MAX + 1], longest[ARGUMENTS_LENGTH_MAX + 2];
        struct arguments a;

        for (size_t i = 0; i < N_ELEMENTS(argv); i++)
                argv[i] = (char *) (i < 2 ? "list" : "--json");
        check(arguments_parse(commands, ARGUMENTS_MAX, argv, &a, complaint) == ARGUMENTS_E_USAGE &&
              strcmp(complaint, "--json: given twice") == 0, "as many arguments as may be are read", complaint);
        check(arguments_parse(commands, ARGUMENTS_MAX + 1, argv, &a, complaint) == ARGUMENTS_E_USAGE &&
              strcmp(complaint, "more than 64 arguments") == 0, "one argument more is not", complaint);

        memset(longest, 'x', sizeof longest);
        longest[ARGUMENTS_LENGTH_MAX] = '\0';
        argv[2] = longest;
        check(arguments_parse(commands, 3, argv, &a, complaint) == ARGUMENTS_OK, "an argument of the longest", complaint);
        longest[ARGUMENTS_LENGTH_MAX] = 'x';
        longest[ARGUMENTS_LENGTH_MAX + 1] = '\0';
        check(arguments_parse(commands, 3, argv, &a, complaint) == ARGUMENTS_E_USAGE &&
              strcmp(complaint, "argument 2 is longer than 1024 bytes") == 0, "an argument one byte too long", complaint);
}

int main(void) {
        char complaint[ARGUMENTS_COMPLAINT_MAX], about[KIND_COMPLAINT_MAX] = "";
        struct arguments a;

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                const int r = parse(cases[i].line, &a, complaint);

                check(r == cases[i].want && strcmp(complaint, cases[i].says) == 0 && (r != ARGUMENTS_OK || a.command) &&
                      utf8_is_clean(complaint, strlen(complaint), UTF8_ONE_LINE), cases[i].name, complaint);
        }
        (void) parse("person|add|--given-name|Anna Maria|--json", &a, complaint);
        check(strcmp(argument(&a, "given-name"), "Anna Maria") == 0 && !argument(&a, "alias") && argument(&a, "json") && !argument(&a, "nothing"),
              "the values are those that were given", complaint);
        (void) parse("list|persons|17", &a, complaint);
        check(a.n_operands == 2 && strcmp(a.operand[1], "17") == 0, "the operands are in their order", complaint);
        test_limits();
        test_fields();

        check(kind_find("account", KIND_LISTS, about) == kind_find("accounts", KIND_ARCHIVES, about) && kind_find("account", KIND_LISTS, about),
              "a kind by its singular and by its plural", about);
        check(!kind_find("audit", KIND_ARCHIVES, about) && strncmp(about, "audit: must be one of: organisation, unit, ", 43) == 0,
              "what can't be archived", about);
        check(!kind_find("acounts", KIND_LISTS, about) && strcmp(about, "acounts: there is nothing of that name; did you mean accounts?") == 0,
              "a kind that was mistyped", about);

        printf("1..%u\n", n_tests);
        return failed != 0;
}
