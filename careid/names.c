/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * names.c - what a person is called, read where no other user of the host can read it
 */

#include "names.h"

#include "i18n.h"

#include <string.h>

static int ask(const struct invocation *i, const char *prompt, char ret[static ASKED_LINE_MAX + 1]) {
        const int r = line_ask(prompt, ret);

        if (r == SECRET_E_TOO_LONG)
                return outcome_say(OUTCOME_REFUSED, i->arguments.command->words, _("that is longer than any name"));
        if (r < 0)
                return outcome_of_errno(i->arguments.command->words, r);
        return r == SECRET_OK ? OUTCOME_DONE
                              : outcome_say(OUTCOME_REFUSED, i->arguments.command->words,
                                            _("nothing was entered; nothing was changed"));
}

/* Both names are asked for by every such command, unless it has an option that says so. */
static bool are_wanted(const struct invocation *i) {
        const struct option *o;

        if (!(i->arguments.command->flags & INVOKE_NAMES))
                return false;
        for (size_t k = 0; (o = command_option(i->arguments.command, k)); k++)
                if (strcmp(o->name, "new") == 0 || strcmp(o->name, "names") == 0)
                        return i->arguments.value[k] != NULL;
        return true;
}

int names_read(const struct invocation *i, struct names *ret) {
        int status = OUTCOME_DONE;

        *ret = (struct names) { .given = "" };
        if (are_wanted(i)) {
                status = ask(i, _("First name: "), ret->given);
                if (status == OUTCOME_DONE)
                        status = ask(i, _("Last name: "), ret->family);
        }
        if (status == OUTCOME_DONE && option(i, "alias"))
                status = ask(i, _("Alias, shown instead of the name: "), ret->alias);
        return status;
}
