/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * mandate-needed.c - the table of careid-mandate(8): commands, and the mandates that they need
 *
 * 1. MUST refuse a command that the table does not name, and have approved what it doesn't say otherwise of.
 */

#include "mandate-needed.h"

#include "cleanup.h"
#include "i18n.h"
#include "invocation.h"

#include <stdio.h>
#include <string.h>

enum { ACTS_MAX = 2 };

/* What is to be approved afresh. */
enum approval {
        APPROVED_UNLESS_LEAST,          /* but where [mandates] approval = least                  */
        APPROVED_ALWAYS,
        APPROVED_NEVER,
};

/* Any one of the acts is needed. */
static const struct needed {
        const char      *words;
        enum mandate_act acts[ACTS_MAX];
        enum approval    approval;
} table[] = {
        { "unit add",         { MANDATE_CONFIGURE }, APPROVED_UNLESS_LEAST },
        { "unit change",      { MANDATE_CONFIGURE }, APPROVED_UNLESS_LEAST },
        { "person add",       { MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "person change",    { MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "person number",    { MANDATE_ADD }, APPROVED_ALWAYS },       /* who says what it is says who logs in */
        { "contact set",      { MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "contact remove",   { MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "contact show",     { MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "account add",      { MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "assignment add",   { MANDATE_GRANT, MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "assign",           { MANDATE_GRANT, MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "deputy",           { MANDATE_GRANT, MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "unassign",         { MANDATE_GRANT, MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "template add",     { MANDATE_CONFIGURE }, APPROVED_UNLESS_LEAST },
        { "template change",  { MANDATE_CONFIGURE }, APPROVED_UNLESS_LEAST },
        { "temp add",         { MANDATE_ADD, MANDATE_GRANT }, APPROVED_UNLESS_LEAST },
        { "mandate give",     { MANDATE_CONFIGURE }, APPROVED_UNLESS_LEAST },
        { "mandate take",     { MANDATE_CONFIGURE }, APPROVED_UNLESS_LEAST },
        { "client add",       { MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "enrol",            { MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "unenrol",          { MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "module on",        { MANDATE_CONFIGURE }, APPROVED_UNLESS_LEAST },
        { "module off",       { MANDATE_CONFIGURE }, APPROVED_UNLESS_LEAST },
        { "confirm",          { MANDATE_GRANT }, APPROVED_UNLESS_LEAST },
        { "grant",            { MANDATE_GRANT }, APPROVED_UNLESS_LEAST },
        { "ungrant",          { MANDATE_GRANT }, APPROVED_UNLESS_LEAST },
        { "leave",            { MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "died",             { MANDATE_ADD }, APPROVED_UNLESS_LEAST },
        { "archive",          { MANDATE_ADD, MANDATE_CONFIGURE }, APPROVED_UNLESS_LEAST },
        { "restore",          { MANDATE_ADD, MANDATE_CONFIGURE }, APPROVED_UNLESS_LEAST },
        { "list",             { MANDATE_GRANT, MANDATE_ADD }, APPROVED_NEVER },
        { "audit show",       { MANDATE_READ_AUDIT }, APPROVED_UNLESS_LEAST },
        { "audit verify",     { MANDATE_READ_AUDIT }, APPROVED_UNLESS_LEAST },
};

static const struct needed *find(const struct command *c) {
        for (size_t i = 0; i < N_ELEMENTS(table); i++)
                if (strcmp(table[i].words, c->words) == 0)
                        return &table[i];
        return NULL;
}

int mandate_needed_check(struct directory *d, const struct directory_act *act, const struct command *c) {
        const struct needed *n;
        int r = DIRECTORY_E_CONSTRAINT;

        if (act->by_person == 0 || c->flags & INVOKE_OWN || (act->as_client && c->flags & INVOKE_CLIENT))
                return OUTCOME_DONE;
        n = find(c);
        if (!n)
                return outcome_say(OUTCOME_REFUSED, c->words, c->flags & INVOKE_CLIENT
                                           ? _("only root may list these, and a client those about themselves")
                                           : _("only root may do this"));
        /* The complaint is the first one's. */
        for (size_t i = ACTS_MAX; i-- > 0 && r == DIRECTORY_E_CONSTRAINT;)
                if (n->acts[i])
                        r = mandate_covers(d, act, n->acts[i], MANDATE_ANY, MANDATE_ANY, 0);
        return outcome_of_directory(c->words, r, d);
}

bool mandate_needed_approval(const struct directory_act *act, const struct command *c, bool every) {
        const struct needed *n = find(c);

        if (act->by_person == 0 || c->flags & INVOKE_OWN || (act->as_client && c->flags & INVOKE_CLIENT))
                return false;
        return !n || n->approval == APPROVED_ALWAYS || (every && n->approval != APPROVED_NEVER);
}

bool mandate_needed_by_any(enum mandate_act what) {
        for (size_t i = 0; i < N_ELEMENTS(table); i++)
                for (size_t k = 0; k < ACTS_MAX; k++)
                        if (table[i].acts[k] == what)
                                return true;
        return false;
}

const char *mandate_needed_text(const struct command *c, char ret[static MANDATE_NEEDED_TEXT_MAX]) {
        const struct needed *n = find(c);

        *ret = '\0';
        if (!(c->flags & INVOKE_DELEGATED))
                return ret;
        if (c->flags & INVOKE_OWN)
                (void) snprintf(ret, MANDATE_NEEDED_TEXT_MAX, "%s", _("staff do this without a mandate, as far as it is their own"));
        else if (n && n->acts[1])
                (void) snprintf(ret, MANDATE_NEEDED_TEXT_MAX, _("who is not root needs a mandate to %s or to %s"),
                                mandate_word(n->acts[0]), mandate_word(n->acts[1]));
        else if (n)
                (void) snprintf(ret, MANDATE_NEEDED_TEXT_MAX, _("who is not root needs a mandate to %s"), mandate_word(n->acts[0]));
        else
                (void) snprintf(ret, MANDATE_NEEDED_TEXT_MAX, "%s", _("who is not root needs to be a client, and is shown what is about them"));
        return ret;
}
