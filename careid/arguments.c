/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * arguments.c - reading the command line
 *
 *     line     = "careid" ( "--help" / "--version" / words *( operand / option ) )
 *     words    = one or two words of a row
 *     option   = "--" name [ ( "=" / next argument ) value ]
 *     operand  = anything that does not begin with "-", or anything after "--"
 */

#include "arguments.h"

#include "cleanup.h"
#include "i18n.h"
#include "nearest.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_MAX = 40 };                        /* bytes of what was written, in a complaint              */

__attribute__((__format__(__printf__, 2, 3)))
static int complain(char complaint[static ARGUMENTS_COMPLAINT_MAX], const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        (void) vsnprintf(complaint, ARGUMENTS_COMPLAINT_MAX, format, arguments);
        va_end(arguments);
        return ARGUMENTS_E_USAGE;
}

static size_t first_word(const struct command *c) {
        return strcspn(c->words, " ");
}

static bool has_first(const struct command *c, const char *word) {
        return strlen(word) == first_word(c) && strncmp(c->words, word, first_word(c)) == 0;
}

static const char *second_word(const struct command *c) {
        const char *space = strchr(c->words, ' ');

        return space ? space + 1 : NULL;
}

/* The second words that go with a first one. */
static void complain_second(const struct command *commands, const char *first, const char *second,
                            char complaint[static ARGUMENTS_COMPLAINT_MAX]) {
        struct nearest near;
        char all[128] = "", shown[41];
        size_t k = 0;

        nearest_init(&near, second ? second : "", second ? strlen(second) : 0);
        for (const struct command *c = commands; c->words; c++)
                if (has_first(c, first)) {
                        nearest_offer(&near, second_word(c));
                        if (k < sizeof all)
                                k += (size_t) snprintf(all + k, sizeof all - k, "%s%s", k ? ", " : "",
                                                       second_word(c));
                }
        if (!second)
                (void) complain(complaint, _("%s: say what to do: %s"), first, all);
        else if (near.best)
                (void) complain(complaint, _("%s %s: no such command; did you mean %s %s?"), first,
                                utf8_short(second, shown), first, near.best);
        else
                (void) complain(complaint, _("%s %s: no such command; there are: %s"), first,
                                utf8_short(second, shown), all);
}

static void complain_first(const struct command *commands, const char *first,
                           char complaint[static ARGUMENTS_COMPLAINT_MAX]) {
        struct nearest near;
        /* Two places in turn: nearest_offer() borrows, and the better one is kept while the next is tried. */
        char words[2][NEAREST_MAX], shown[41];
        size_t free_place = 0;

        nearest_init(&near, first, strlen(first));
        for (const struct command *c = commands; c->words; c++) {
                (void) snprintf(words[free_place], NEAREST_MAX, "%.*s", (int) first_word(c), c->words);
                nearest_offer(&near, words[free_place]);
                if (near.best == words[free_place])
                        free_place = !free_place;
        }
        if (near.best)
                (void) complain(complaint, _("%s: no such command; did you mean %s?"),
                                utf8_short(first, shown), near.best);
        else
                (void) complain(complaint, _("%s: no such command; see: careid help"), utf8_short(first, shown));
}

const struct command *command_find(const struct command *commands, char *const *words, size_t n, size_t *ret_used,
                                   char complaint[static ARGUMENTS_COMPLAINT_MAX]) {
        bool known = false;

        if (n == 0) {
                (void) complain(complaint, _("say what to do; see: careid help"));
                return NULL;
        }
        for (const struct command *c = commands; c->words; c++) {
                const char *second = second_word(c);

                if (!has_first(c, words[0]))
                        continue;
                known = true;
                if (second && (n < 2 || strcmp(second, words[1]) != 0))
                        continue;
                *ret_used = second ? 2 : 1;
                return c;
        }
        if (known)
                complain_second(commands, words[0], n > 1 ? words[1] : NULL, complaint);
        else
                complain_first(commands, words[0], complaint);
        return NULL;
}

const struct option *command_option(const struct command *c, size_t n) {
        const struct command *end = c;
        size_t own = 0;

        if (n >= ARGUMENTS_OPTIONS_MAX)
                return NULL;
        while (own < ARGUMENTS_OPTIONS_MAX && c->options[own].name)
                own++;
        if (n < own)
                return &c->options[n];
        while (end->words)
                end++;
        if ((c->flags & end->flags) != end->flags || !end->options[n - own].name)
                return NULL;
        return &end->options[n - own];
}

static int option_find(const struct command *c, const char *name, size_t n, size_t *ret,
                       char complaint[static ARGUMENTS_COMPLAINT_MAX]) {
        const int shown = (int) (n > SHOWN_MAX ? utf8_fit(name, SHOWN_MAX) : n);
        const struct option *o;
        struct nearest near;
        size_t i;

        nearest_init(&near, name, n);
        for (i = 0; (o = command_option(c, i)); i++) {
                if (strlen(o->name) == n && memcmp(o->name, name, n) == 0) {
                        *ret = i;
                        return ARGUMENTS_OK;
                }
                nearest_offer(&near, o->name);
        }
        if (near.best)
                return complain(complaint, _("--%.*s: no such option of %s; did you mean --%s?"),
                                shown, name, c->words, near.best);
        return complain(complaint, _("--%.*s: no such option of %s; see: careid help %s"), shown, name, c->words,
                        c->words);
}

static int option_take(struct arguments *a, int argc, char *const *argv, int *at,
                       char complaint[static ARGUMENTS_COMPLAINT_MAX]) {
        const char *name = argv[*at] + 2, *equals = strchr(name, '=');
        const size_t n = equals ? (size_t) (equals - name) : strlen(name);
        const struct option *o;
        size_t i = 0;
        int r;

        r = option_find(a->command, name, n, &i, complaint);
        if (r != ARGUMENTS_OK)
                return r;
        o = command_option(a->command, i);
        if (a->value[i])
                return complain(complaint, _("--%s: given twice"), o->name);
        if (!o->value) {
                if (equals)
                        return complain(complaint, _("--%s: takes no value"), o->name);
                a->value[i] = "";
                return ARGUMENTS_OK;
        }
        if (equals)
                a->value[i] = equals + 1;
        else if (*at + 1 < argc && strncmp(argv[*at + 1], "--", 2) != 0)
                a->value[i] = argv[++*at];
        else
                return complain(complaint, _("--%s: needs a value: --%s %s"), o->name, o->name, o->value);
        if (!*a->value[i])
                return complain(complaint, _("--%s: must not be empty"), o->name);
        return ARGUMENTS_OK;
}

static int complete(const struct arguments *a, char complaint[static ARGUMENTS_COMPLAINT_MAX]) {
        const struct command *c = a->command;
        const struct option *o;

        if (a->n_operands < c->n_min)
                return complain(complaint, _("%s: needs %s"), c->words, c->operands);
        for (size_t i = 0; (o = command_option(c, i)); i++)
                if (o->required && !a->value[i])
                        return complain(complaint, _("%s: needs --%s %s"), c->words, o->name, o->value);
        return ARGUMENTS_OK;
}

static bool is_help(const char *word) {
        return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static bool is_first(const struct command *commands, const char *word) {
        for (const struct command *c = commands; c->words; c++)
                if (has_first(c, word))
                        return true;
        return false;
}

int arguments_parse(const struct command *commands, int argc, char *const *argv, struct arguments *ret,
                    char complaint[static ARGUMENTS_COMPLAINT_MAX]) {
        struct arguments a = { 0 };
        bool only_operands = false;
        char shown[41];
        size_t used;
        int r;

        *ret = a;
        if (argc > ARGUMENTS_MAX)
                return complain(complaint, _("more than %d arguments"), ARGUMENTS_MAX);
        for (int i = 1; i < argc; i++) {
                const size_t n = strnlen(argv[i], ARGUMENTS_LENGTH_MAX + 1);

                if (n > ARGUMENTS_LENGTH_MAX)
                        return complain(complaint, _("argument %d is longer than %d bytes"), i,
                                        ARGUMENTS_LENGTH_MAX);
                if (!utf8_is_clean(argv[i], n, UTF8_ONE_LINE))
                        return complain(complaint, _("argument %d is not UTF-8, or holds control characters"), i);
        }
        if (argc > 1 && strcmp(argv[1], "--version") == 0)
                return ARGUMENTS_E_VERSION;
        if (argc > 1 && is_help(argv[1]))
                return ARGUMENTS_E_HELP;

        a.command = command_find(commands, argv + 1, argc > 1 ? (size_t) argc - 1 : 0, &used, complaint);
        if (!a.command && argc == 3 && is_help(argv[2]) && is_first(commands, argv[1])) {
                complaint[0] = '\0';
                ret->operand[ret->n_operands++] = argv[1];
                return ARGUMENTS_E_HELP;
        }
        if (!a.command)
                return ARGUMENTS_E_USAGE;
        for (int at = 1 + (int) used; at < argc; at++) {
                if (only_operands || argv[at][0] != '-' || argv[at][1] == '\0') {
                        const bool full = a.n_operands == a.command->n_max || a.n_operands == ARGUMENTS_OPERANDS_MAX;

                        if (full && argv[at][0] >= '0' && argv[at][0] <= '9')
                                return complain(complaint, _("%s: one argument too many (not repeated here: it might be a "
                                                             "personal number)"), a.command->words);
                        if (full)
                                return complain(complaint, _("%s: one argument too many: %s"), a.command->words,
                                                utf8_short(argv[at], shown));
                        a.operand[a.n_operands++] = argv[at];
                        continue;
                }
                if (strcmp(argv[at], "--") == 0) {
                        only_operands = true;
                        continue;
                }
                if (is_help(argv[at])) {
                        ret->command = a.command;
                        return ARGUMENTS_E_HELP;
                }
                if (argv[at][1] != '-')
                        return complain(complaint, _("%s: options are written out: --name"),
                                        utf8_short(argv[at], shown));
                r = option_take(&a, argc, argv, &at, complaint);
                if (r != ARGUMENTS_OK)
                        return r;
        }
        r = complete(&a, complaint);
        if (r == ARGUMENTS_OK)
                *ret = a;
        return r;
}

const char *argument(const struct arguments *a, const char *name) {
        const struct option *o;

        for (size_t i = 0; (o = command_option(a->command, i)); i++)
                if (strcmp(o->name, name) == 0)
                        return a->value[i];
        return NULL;
}

/* "given name" is --given-name, "role" the ROLE of "ACCOUNT ROLE UNIT". */
static bool field_name(const struct command *c, const char *field, size_t n, char *ret, size_t n_ret) {
        const struct option *o;

        for (size_t i = 0; (o = command_option(c, i)); i++) {
                const char *name = o->name;
                size_t k = 0;

                while (k < n && name[k] == (field[k] == ' ' ? '-' : field[k]))
                        k++;
                if (k == n && name[n] == '\0') {
                        (void) snprintf(ret, n_ret, "--%s", name);
                        return true;
                }
        }
        for (const char *at = c->operands; *at; at += strspn(at, " []")) {
                const size_t k = strcspn(at, " ]");

                if (k == n && strncasecmp(at, field, n) == 0) {
                        (void) snprintf(ret, n_ret, "%.*s", (int) n, at);
                        return true;
                }
                at += k;
        }
        return false;
}

const char *argument_field(const struct command *c, const char *complaint, char ret[static ARGUMENTS_FIELD_MAX]) {
        const char *colon = strstr(complaint, ": ");
        size_t n = 0;

        for (const char *at = complaint; colon && at < colon; at += strspn(at, ", ")) {
                const size_t left = (size_t) (colon - at), comma = strcspn(at, ",");
                const size_t k = comma < left ? comma : left;

                if (n > 0)
                        n += (size_t) snprintf(ret + n, ARGUMENTS_FIELD_MAX - n, ", ");
                if (n + k + 3 >= ARGUMENTS_FIELD_MAX ||
                    !field_name(c, at, k, ret + n, ARGUMENTS_FIELD_MAX - n))
                        return NULL;
                n += strlen(ret + n);
                at += k;
        }
        return n > 0 ? colon + 2 : NULL;
}
