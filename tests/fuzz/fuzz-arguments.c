/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-arguments.c - any command line is a row of the table with what that row asks for, or is refused in one clean line
 *
 *     input = word *( NUL word )
 */

#include "arguments.h"

#include "cleanup.h"
#include "utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct command commands[] = {
        { .words = "account add", .operands = "NAME", .n_min = 1, .n_max = 1,
          .options = { { "person", "ID", true, "whose" }, { "kind", "KIND", false, "which" }, { "quiet", NULL, false, "says less" } }, .flags = 3 },
        { .words = "account show", .operands = "NAME", .n_min = 1, .n_max = 1 },
        { .words = "list", .operands = "WHAT [FILTER]", .n_min = 1, .n_max = 2, .options = { { "json", NULL, false, "JSON" } } },
        { .words = "check", .operands = "" },
        { .options = { { "dry-run", NULL, false, "does nothing" } }, .flags = 1 },
};

static void check_row(const struct arguments *a, char *const *argv, int argc) {
        const struct command *const c = a->command;
        const struct option *o;

        assert(c >= commands && c < commands + N_ELEMENTS(commands) - 1);
        assert(a->n_operands >= c->n_min && a->n_operands <= c->n_max);
        for (size_t i = 0; (o = command_option(c, i)); i++) {
                assert(a->value[i] || !o->required);
                assert(!a->value[i] || o->value || !*a->value[i]);
        }
        /* Nothing is made up: an operand is one of the words. */
        for (size_t k = 0; k < a->n_operands; k++) {
                bool is_one = false;

                for (int i = 0; i < argc; i++)
                        is_one |= argv[i] == a->operand[k];
                assert(is_one && strlen(a->operand[k]) <= ARGUMENTS_LENGTH_MAX);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        static char name[] = "careid";
        char *argv[ARGUMENTS_MAX + 4] = { name }, *text = malloc(n + 1), said[ARGUMENTS_COMPLAINT_MAX] = "", field[ARGUMENTS_FIELD_MAX];
        struct arguments a = { .command = NULL };
        int argc = 1, r;

        if (!text)
                abort();
        memcpy(text, data, n);
        text[n] = '\0';
        for (size_t at = 0; at < n && argc < ARGUMENTS_MAX + 3; at += strlen(text + at) + 1)
                argv[argc++] = text + at;

        r = arguments_parse(commands, argc, argv, &a, said);
        switch (r) {
        case ARGUMENTS_OK:
                check_row(&a, argv, argc);
                break;
        case ARGUMENTS_E_USAGE:
                assert(*said && strlen(said) < sizeof said && utf8_is_clean(said, strlen(said), UTF8_ONE_LINE));
                break;
        default:
                assert(r == ARGUMENTS_E_HELP || r == ARGUMENTS_E_VERSION);
        }
        if (argument_field(&commands[0], text, field))
                assert(memchr(field, 0, sizeof field) && *field);
        free(text);
        return 0;
}
