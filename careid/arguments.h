/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * arguments.h - what may stand on the command line, and reading it
 *
 * A command is a row: its words, its operands, its options.  The reader knows
 * nothing of what commands do; the complaint of a refusal names what would be
 * right.
 *
 * The row that ends a table has no words.  Its options are those of every
 * command that has all its flags, after the command's own.
 */

#include <stdbool.h>
#include <stddef.h>

enum {
        ARGUMENTS_MAX           = 64,           /* arguments in all                               */
        ARGUMENTS_OPERANDS_MAX  = 4,
        ARGUMENTS_OPTIONS_MAX   = 16,           /* of one command, those that many have included  */
        ARGUMENTS_LENGTH_MAX    = 1024,         /* bytes of one argument                          */
        ARGUMENTS_COMPLAINT_MAX = 512,
};

struct option {
        const char *name;                       /* without "--"                                   */
        const char *value;                      /* what its value is called; NULL: it has none    */
        bool        required;
        const char *about;
};

struct invocation;

struct command {
        const char *words;                      /* "account add", or one word                     */
        const char *operands;                   /* "NAME", "WHAT [FILTER]", ""                    */
        unsigned    n_min, n_max;               /* operands                                       */
        struct option options[ARGUMENTS_OPTIONS_MAX];   /* up to the first without a name         */
        const char *about;
        unsigned    flags;                      /* of the one who runs it: see invocation.h       */
        int       (*prepare)(struct invocation *invocation);
        int       (*run)(struct invocation *invocation);
};

struct arguments {
        const struct command *command;
        const char *operand[ARGUMENTS_OPERANDS_MAX];
        size_t      n_operands;
        const char *value[ARGUMENTS_OPTIONS_MAX];       /* NULL: not given; "" for one without a value */
};

enum {
        ARGUMENTS_OK = 0,
        ARGUMENTS_E_USAGE = 1,                  /* @complaint says what is wrong                  */
        ARGUMENTS_E_HELP,                       /* --help was asked for, of ->command; NULL: of all that begins with
                                                   ->operand[0], or without one of all */
        ARGUMENTS_E_VERSION,                    /* --version was asked for                        */
};

/* What *ret points to is argv's and the table's. */
int arguments_parse(const struct command *commands, int argc, char *const *argv, struct arguments *ret,
                    char complaint[static ARGUMENTS_COMPLAINT_MAX]);

/* The n-th option of a command, its own first; NULL after the last.  @c is a row of a whole table. */
const struct option *command_option(const struct command *c, size_t n);

/* The value of the option @name, or NULL if it was not given. */
const char *argument(const struct arguments *a, const char *name);

/*
 * The directory's complaints begin with the fields that they are about:
 * "given name: ...", "role, unit: ...".  Where the command has an option or an
 * operand of each name, @ret is what the administrator knows them by
 * ("--given-name", "ROLE, UNIT"), and what follows the colon is returned.
 * Otherwise NULL.
 */
enum { ARGUMENTS_FIELD_MAX = 96 };
const char *argument_field(const struct command *c, const char *complaint, char ret[static ARGUMENTS_FIELD_MAX]);

/* Find a command by its words ("account", "add"), @n of them given; NULL and a complaint if there is none. */
const struct command *command_find(const struct command *commands, char *const *words, size_t n, size_t *ret_used,
                                   char complaint[static ARGUMENTS_COMPLAINT_MAX]);
