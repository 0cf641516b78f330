/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * help.c - careid help: the table of commands, for people
 */

#include "cleanup.h"
#include "commands.h"
#include "i18n.h"
#include "invocation.h"
#include "kinds.h"
#include "mandate-needed.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 79, INDENT = 6 };

/*
 * The first words of the commands by what they are about, in the order in
 * which somebody comes to need them.  What is in none comes last.
 */
static const struct {
        const char *heading, *words;
} subjects[] = {
        { N_("Setting up"), " setup apply check " },
        { N_("Organisations: units, modules, roles, services"), " organisation unit module service role template " },
        { N_("People and their log-ins"), " person contact account " },
        { N_("Who works where"), " assign assignment unassign temp deputy turn turns rota leave died " },
        { N_("Clients, and who acts for them"), " client invite message enrol enrolment unenrol grant grants confirm ungrant relative lock locks " },
        { N_("Who may administer what"), " mandate mandates " },
        { N_("Closing and taking back"), " archive restore " },
        { N_("Looking, and asking why"), " list show groups why why-not try who exposure " },
        { N_("Afterwards: audit trail, review, evidence"), " audit review opened evidence report " },
        { N_("Many at once"), " import export " },
        { N_("What accounts have besides an e-ID"), " password totp code credentials exempt retire outage " },
        { N_("Keeping in order"), " daily snapshot keys help " },
};

/* Indented and broken where the line would be too long for a terminal of 80 columns. */
static void put_wrapped(const char *text) {
        size_t column = 0;

        while (*text) {
                const size_t n = strcspn(text, " ");
                const size_t width = utf8_length(text, n);

                if (column == 0 || column + 1 + width > WIDTH) {
                        (void) printf("%s%*s", column == 0 ? "" : "\n", INDENT, "");
                        column = INDENT;
                } else {
                        (void) putchar(' ');
                        column++;
                }
                (void) fwrite(text, 1, n, stdout);
                column += width;
                text += n + (text[n] == ' ');
        }
        (void) putchar('\n');
}

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
        static const struct { const char *operands; unsigned can; } lists[] = {
                { "WHAT ", KIND_LISTS }, { "KIND NAME", KIND_ARCHIVES },
        };
        char all[KIND_ALL_MAX], needed[MANDATE_NEEDED_TEXT_MAX];
        const struct option *o;

        usage(c);
        put_wrapped(_(c->about));
        if (*mandate_needed_text(c, needed))
                put_wrapped(needed);
        for (size_t i = 0; i < N_ELEMENTS(lists); i++)
                if (strncmp(c->operands, lists[i].operands, strlen(lists[i].operands)) == 0) {
                        (void) printf("\n  %.*s\n", (int) strcspn(c->operands, " "), c->operands);
                        put_wrapped(kind_all(lists[i].can, all));
                }
        for (size_t i = 0; (o = command_option(c, i)); i++) {
                (void) printf("\n  --%s%s%s\n", o->name, o->value ? " " : "", o->value ? o->value : "");
                put_wrapped(_(o->about));
        }
}

/* N_ELEMENTS(subjects) for one that is in none. */
static size_t subject_of(const struct command *c) {
        char word[64];
        size_t i;

        (void) snprintf(word, sizeof word, " %.*s ", (int) strcspn(c->words, " "), c->words);
        for (i = 0; i < N_ELEMENTS(subjects) && !strstr(subjects[i].words, word); i++)
                ;
        return i;
}

static void help_subject(const struct command *commands, size_t subject) {
        bool any = false;

        for (const struct command *c = commands; c->words; c++) {
                if (subject_of(c) != subject)
                        continue;
                if (!any)
                        (void) printf("\n%s\n", subject < N_ELEMENTS(subjects) ? _(subjects[subject].heading) : _("Besides"));
                any = true;
                (void) printf("  %s%s%s\n", c->words, *c->operands ? " " : "", c->operands);
                put_wrapped(_(c->about));
        }
}

void help_all(const struct command *commands) {
        (void) printf("%s\n", _("careid - administer log-ins with e-IDs"));
        for (size_t i = 0; i <= N_ELEMENTS(subjects); i++)
                help_subject(commands, i);
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
