/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * run.c - a command with the care directory open: by root's careid, and by the helper for whoever has a mandate
 */

#include "invocation.h"

#include "cleanup.h"
#include "dry-run.h"
#include "errno-text.h"
#include "i18n.h"
#include "journal.h"
#include "kinds.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Who has a mandate is shown no client, but those who are enrolled at a unit of theirs; what is called what in commands says nothing of anybody. */
bool invocation_looks(const struct invocation *i) {
        char complaint[KIND_COMPLAINT_MAX];
        const struct command *const c = i->arguments.command;
        const struct kind *kind;

        if (!(c->flags & INVOKE_LOOKS))
                return false;
        if (i->act.by_person)
                return c->run == list_run && (kind = kind_find(operand(i, 0), KIND_LISTS, complaint)) && strcmp(kind->many, "enrolments") == 0;
        if (c->run != list_run && c->run != list_show)
                return true;
        if (c->run == list_run && option(i, "names") && !operand(i, 1))
                return false;
        kind = kind_find(operand(i, 0), KIND_LISTS, complaint);
        return kind && kind->can & KIND_PEOPLE;
}

static enum directory_mode mode_of(const struct invocation *i) {
        const unsigned flags = i->arguments.command->flags;

        if (flags & INVOKE_CREATE)
                return DIRECTORY_CREATE;
        if (invocation_looks(i))
                return DIRECTORY_WRITE;
        return flags & (INVOKE_WRITE | INVOKE_RECORD) ? DIRECTORY_WRITE : DIRECTORY_READ;
}

/* Names of accounts of others are no delegate's to read: that is for root, and the journal. */
void invocation_tell_unsaid(const struct invocation *i) {
        const char *name, *why;
        char text[1024];
        const int64_t n = directory_unsaid(i->directory, &name, &why);

        if (n == 0)
                return;
        (void) snprintf(text, sizeof text,
                        P_("snapshot: %" PRId64 " account or group can't be told to programs, which don't know it: %s (%s)",
                           "snapshot: %" PRId64 " accounts and groups can't be told to programs, which don't know them, like %s (%s)", n),
                        n, name, why);
        if (!option(i, "dry-run"))
                journal_warning(text);
        if (i->act.by_person == 0)
                outcome_warn(text);
}

int invocation_publish(struct invocation *i) {
        const char *why;
        int r;

        r = directory_publish(i->directory, i->act.now);
        if (r == DIRECTORY_OK) {
                invocation_tell_unsaid(i);
                return OUTCOME_DONE;
        }
        why = directory_complaint(i->directory);
        return outcome_say(OUTCOME_BROKEN, "snapshot",
                           _("the care directory is changed, but programs don't see it yet: %s; mend that, "
                             "then run: careid snapshot rebuild"),
                           r > 0 || *why ? why : errno_text(r));
}

int invocation_run_in(struct invocation *i, struct directory *directory) {
        const struct command *c = i->arguments.command;
        int status;

        i->directory = directory;
        if (option(i, "dry-run")) {
                status = dry_run(i);
                i->directory = NULL;
                return status;
        }
        directory_tell_audit(directory, journal_audit);
        status = c->run(i);
        if (status == OUTCOME_DONE && c->flags & INVOKE_PUBLISH)
                status = invocation_publish(i);
        i->directory = NULL;
        return status;
}

int invocation_run(struct invocation *i) {
        AUTO(directory_closep) struct directory *directory = NULL;
        const struct command *c = i->arguments.command;
        int r;

        r = directory_open(mode_of(i), &directory);
        return r == DIRECTORY_OK ? invocation_run_in(i, directory) : outcome_of_directory(c->words, r, NULL);
}
