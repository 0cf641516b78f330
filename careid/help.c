/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * help.c - careid help: the table of commands, for people
 */

#include "cleanup.h"
#include "commands.h"
#include "i18n.h"
#include "invocation.h"

#include <stdio.h>
#include <string.h>

/* What many commands have is not in the line of each. */
static bool is_own(const struct command *c, const struct option *o) {
        return o >= c->options && o < c->options + ARGUMENTS_OPTIONS_MAX;
}

static void usage(const struct command *c) {
        const struct option *o;

        (void) printf("careid %s", c->words);
        if (*c->operands)
                (void) printf(" %s", c->operands);
        for (size_t i = 0; (o = command_option(c, i)) && is_own(c, o); i++)
                (void) printf(o->required ? " --%s%s%s" : " [--%s%s%s]", o->name, o->value ? " " : "",
                              o->value ? o->value : "");
        (void) putchar('\n');
}

void help_command(const struct command *c) {
        const struct option *o;

        usage(c);
        (void) printf("  %s\n", _(c->about));
        for (size_t i = 0; (o = command_option(c, i)); i++)
                (void) printf("\n  --%s%s%s\n      %s\n", o->name, o->value ? " " : "", o->value ? o->value : "",
                              _(o->about));
}

void help_all(const struct command *commands) {
        (void) printf("%s\n\n", _("careid - administer log-ins with e-IDs"));
        for (const struct command *c = commands; c->words; c++)
                (void) printf("  %s%s%s\n      %s\n", c->words, *c->operands ? " " : "", c->operands, _(c->about));
        (void) printf("\n%s\n", _("Options of a command: careid help COMMAND.  The manual: careid(8)."));
}

int help_run(struct invocation *i) {
        char complaint[ARGUMENTS_COMPLAINT_MAX];
        const struct command *c;
        char *words[2] = { NULL, NULL };
        bool any = false;
        size_t used;

        if (i->arguments.n_operands == 0) {
                help_all(i->commands);
                return OUTCOME_DONE;
        }
        for (size_t n = 0; n < i->arguments.n_operands; n++)
                words[n] = (char *) i->arguments.operand[n];
        c = command_find(i->commands, words, i->arguments.n_operands, &used, complaint);
        if (c) {
                help_command(c);
                return OUTCOME_DONE;
        }
        /* "help account": all that begins so. */
        for (c = i->commands; i->arguments.n_operands == 1 && c->words; c++)
                if (strncmp(c->words, words[0], strlen(words[0])) == 0 && c->words[strlen(words[0])] == ' ') {
                        if (any)
                                (void) putchar('\n');
                        help_command(c);
                        any = true;
                }
        return any ? OUTCOME_DONE : outcome_say(OUTCOME_USAGE, "help", "%s", complaint);
}
