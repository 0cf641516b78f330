/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-sudo-command.c - what is read from sudo's arguments, and what rather not (sudo-command.c MUST 1-2) */

#include "sudo-command.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

static unsigned n_tests, n_failed;

static void tell(bool ok, const char *name) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        n_failed += !ok;
}

/* Strings are separated by "|". */
static const struct {
        const char *vector, *target, *program, *arguments;
} cases[] = {
        { "sudo|id",                                  "root", "id", "" },
        { "/usr/bin/sudo|/usr/bin/systemctl|restart|sshd", "root", "/usr/bin/systemctl", "restart sshd" },
        { "sudo|-u|anna|id",                          "anna", "id", "" },
        { "sudo|-uanna|id",                           "anna", "id", "" },
        { "sudo|--user=anna|id",                      "anna", "id", "" },
        { "sudo|--user|anna|id",                      "anna", "id", "" },
        { "sudo|-u|anna|-u|bo|id",                    "bo", "id", "" },
        { "sudo|-u|#1000|id",                         "#1000", "id", "" },
        { "sudo|-nEu|anna|--|id|-u|bo",               "anna", "id", "-u bo" },
        { "sudo|-nuanna|id",                          "anna", "id", "" },
        { "sudo|-g|adm|id",                           "", "id", "" },
        { "sudo|-g|adm|-u|anna|id",                   "anna", "id", "" },
        { "sudo|A=1|B=2|id|C=3",                      "root", "id", "C=3" },
        { "sudo|A=1|-u|anna|id",                      "anna", "id", "" },
        { "sudo|--|A=1|id",                           "root", "A=1", "id" },
        { "sudo|/opt/a=b|c",                          "root", "/opt/a=b", "c" },
        { "sudo|-|id",                                "root", "-", "id" },
        { "sudo|-p||id",                              "root", "id", "" },
        { "sudo|-p|who? |-C|5|-T|10m|-r|x|-t|y|id",   "root", "id", "" },
        { "sudo|--preserve-env=A,B|--preserve-env|id", "root", "id", "" },
        { "sudo|-s",                                  "root", "sudo -s", "" },
        { "sudo|-s|rm|-rf|x",                         "root", "sudo -s", "rm -rf x" },
        { "sudo|-i",                                  "root", "sudo -i", "" },
        { "sudo|-iu|anna",                            "anna", "sudo -i", "" },
        { "sudo|-i|id|x",                             "root", "sudo -i", "id x" },
        { "sudo|-e|/etc/hosts",                       "root", "sudoedit", "/etc/hosts" },
        { "sudoedit|-u|anna|/etc/hosts|b",            "anna", "sudoedit", "/etc/hosts b" },
        { "/x/sudoedit|a",                            "root", "sudoedit", "a" },
        { "edit|a",                                   "root", "a", "" },
        { "sudo|Växla|å ä",                           "root", "Växla", "å ä" },
        { "sudo",                                     "root", "sudo -s", "" },

        /* Nothing is run, or not what its name says. */
        { "sudo|-l",                                  "", "", "" },
        { "sudo|-l|-U|anna",                          "", "", "" },
        { "sudo|-ll|id",                              "", "", "" },
        { "sudo|-v",                                  "", "", "" },
        { "sudo|-R|/srv/root|id",                     "root", "", "" },
        { "sudo|--chdir=/tmp|./id",                   "root", "", "" },
        { "sudo|-e|-s|x",                             "root", "", "" },
        { "sudo|-e",                                  "root", "", "" },

        /* What may be read otherwise: by another release, or by getopt(3). */
        { "sudo|-Z|id",                               "", "", "" },
        { "sudo|--us=anna|id",                        "", "", "" },
        { "sudo|--users=anna|id",                     "", "", "" },
        { "sudo|--login=x|id",                        "", "", "" },
        { "sudo|-h|host|id",                          "", "", "" },
        { "sudo|-a|type|id",                          "", "", "" },
        { "sudo|-c|class|id",                         "", "", "" },
        { "sudo|-u",                                  "", "", "" },
        { "sudo|-u||id",                              "", "", "" },
        { "sudo|--user=|id",                          "", "", "" },
        { "sudo|-u|--|A=1|id",                        "", "", "" },
        { "sudo|-u|-n|id",                            "", "", "" },
        { "sudo|-p|--|A=1|id",                        "", "", "" },
        { "sudo|-\xc3\xa5|id",                        "", "", "" },

        /* What can't be shown. */
        { "sudo|-u|an\nna|id",                        "", "id", "" },
        { "sudo|a\033[2J|b",                          "root", "", "" },
        { "sudo|a\xff|b",                             "root", "", "" },
        { "sudo|a\xe2\x80\xae|b",                     "root", "", "" },
        { "sudo|id|a\nb",                             "root", "id", "" },
        { "sudo||b",                                  "root", "", "" },
        { "",                                         "root", "sudo -s", "" },
};

static size_t vector_make(const char *text, char *ret) {
        const size_t n = strlen(text);

        for (size_t i = 0; i <= n; i++)
                ret[i] = text[i] == '|' ? '\0' : text[i];
        return n + 1;
}

static bool is(const struct sudo_command *c, const char *target, const char *program, const char *arguments) {
        return strcmp(c->target, target) == 0 && strcmp(c->program, program) == 0 && strcmp(c->arguments, arguments) == 0;
}

static void test_cases(void) {
        char vector[256], name[300];

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                struct sudo_command c;

                sudo_command_parse(vector, vector_make(cases[i].vector, vector), &c);
                (void) snprintf(name, sizeof name, "%zu: %s", i, cases[i].target);
                tell(is(&c, cases[i].target, cases[i].program, cases[i].arguments), name);
                if (!is(&c, cases[i].target, cases[i].program, cases[i].arguments))
                        printf("# target=%s program=%s arguments=%s\n", c.target, c.program, c.arguments);
        }
}

static void test_limits(void) {
        static char vector[SUDO_COMMAND_MAX + 2];
        struct sudo_command c;
        size_t n;

        sudo_command_parse("", 0, &c);
        tell(is(&c, "", "", ""), "no vector");
        sudo_command_parse("sudo", 4, &c);
        tell(is(&c, "", "", ""), "a name without an end");
        sudo_command_parse("sudo\0id", 7, &c);
        tell(is(&c, "", "", ""), "a program without an end");

        n = vector_make("sudo|-u|", vector) - 1;
        memset(vector + n, 'a', 65);
        memcpy(vector + n + 65, "\0id", 4);
        sudo_command_parse(vector, n + 69, &c);
        tell(is(&c, "", "id", ""), "a name of 65 bytes");
        sudo_command_parse(vector, n, &c);
        tell(is(&c, "", "", ""), "a value that is missing");

        n = vector_make("sudo|", vector) - 1;
        memset(vector + n, 'a', WIRE_PROGRAM_MAX + 1);
        vector[n + WIRE_PROGRAM_MAX] = '\0';
        sudo_command_parse(vector, n + WIRE_PROGRAM_MAX + 1, &c);
        tell(strlen(c.program) == WIRE_PROGRAM_MAX, "the longest program");
        vector[n + WIRE_PROGRAM_MAX] = 'a';
        vector[n + WIRE_PROGRAM_MAX + 1] = '\0';
        sudo_command_parse(vector, n + WIRE_PROGRAM_MAX + 2, &c);
        tell(is(&c, "root", "", ""), "a program that is longer");

        for (size_t shift = 0; shift < 4; shift++) {
                n = vector_make("sudo|id|", vector) - 1;
                memset(vector + n, 'x', shift);
                for (size_t i = 0; i < 200; i++)
                        memcpy(vector + n + shift + 3 * i, "\xe2\x82\xac", 3);
                vector[n + shift + 600] = '\0';
                sudo_command_parse(vector, n + shift + 601, &c);
                tell(strlen(c.arguments) <= WIRE_PROGRAM_MAX && strlen(c.arguments) > 245 && strcmp(c.arguments + strlen(c.arguments) - 3, "...") == 0,
                     "long arguments are cut between two characters, and it is said");
        }

        n = vector_make("sudo|id|x|", vector) - 1;
        memset(vector + n, 'y', sizeof vector - n);
        sudo_command_parse(vector, sizeof vector, &c);
        tell(is(&c, "root", "id", "x..."), "a vector that was cut after the program");
        n = vector_make("sudo|-p|", vector) - 1;
        memset(vector + n, 'y', sizeof vector - n);
        sudo_command_parse(vector, sizeof vector, &c);
        tell(is(&c, "", "", ""), "one that was cut before it");
}

static void test_ours(void) {
        struct sudo_command c;

        sudo_command_read(&c);
        tell(is(&c, "", "", ""), "a program that is not sudo says nothing");
}

int main(void) {
        test_cases();
        test_limits();
        test_ours();
        printf("1..%u\n", n_tests);
        return n_failed != 0;
}
