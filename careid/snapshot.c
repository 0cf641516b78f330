/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot.c - careid snapshot: what programs are told, made anew
 */

#include "attend.h"
#include "cleanup.h"
#include "i18n.h"
#include "invocation.h"
#include "moment.h"
#include "snapshot-self.h"
#include "table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

enum { NUMBER_MAX = 24, COLUMNS = 7 };

static int end(const struct invocation *i, int r) {
        /* The care directory is open: one of the files is not there, and the complaint says which. */
        if (r == -ENOENT && *directory_complaint(i->directory))
                return outcome_say(OUTCOME_BROKEN, "snapshot", "%s", directory_complaint(i->directory));
        return outcome_of_directory("snapshot", r, i->directory);
}

/* With --json how many could not be told to programs, one of them, and why; @would is what a dry run says first. */
static int published(const struct invocation *i, const char *would, const char *would_text, int r) {
        static const char *const keys[] = { "would_write", "unsaid", "name", "reason_text", NULL };
        const char *name = NULL, *why = NULL;
        const size_t first = would ? 0 : 1;
        char n[NUMBER_MAX];

        if (r != DIRECTORY_OK)
                return end(i, r);
        invocation_tell_unsaid(i);
        (void) snprintf(n, sizeof n, "%" PRId64, directory_unsaid(i->directory, &name, &why));
        return invocation_made(i, "snapshots", keys + first, (const char *const[]) { would, n, name, why } + first, would_text);
}

static int try_to_publish(const struct invocation *i, bool anew) {
        enum directory_writing writes = DIRECTORY_WRITES_NOTHING;
        const int r = directory_publish_try(i->directory, i->act.now, anew, &writes);

        if (r != DIRECTORY_OK)
                return end(i, r);
        switch (writes) {
        case DIRECTORY_WRITES_NOTHING:
                return published(i, "nothing", _("nothing would be written: the snapshots say it all"), r);
        case DIRECTORY_WRITES_DELTA:
                return published(i, "delta", _("what has changed would be written, as a difference to the base"), r);
        case DIRECTORY_WRITES_BASE:
                return published(i, "base", _("a new base would be written"), r);
        }
        return outcome_of_errno("snapshot", -EUCLEAN);
}

int snapshot_rebuild(struct invocation *i) {
        return option(i, "dry-run") ? try_to_publish(i, true)
                                    : published(i, NULL, NULL, directory_publish_anew(i->directory, i->act.now));
}

int snapshot_update(struct invocation *i) {
        return option(i, "dry-run") ? try_to_publish(i, false)
                                    : published(i, NULL, NULL, directory_publish(i->directory, i->act.now));
}

/* As root, whose the entries are; it goes by the snapshots and does not open the care directory. */
int snapshot_renew(struct invocation *i) {
        struct snapshot_self_left left;
        const int r = option(i, "attend") ? attend() : snapshot_self_renew(&left);

        return r < 0 ? outcome_of_errno("snapshot", r) : OUTCOME_DONE;
}

/* -- What they say of a name -------------------------------------------------------------------------- */

static const char *number(uint32_t value, char ret[static NUMBER_MAX]) {
        if (value == 0)
                return NULL;
        (void) snprintf(ret, NUMBER_MAX, "%" PRIu32, value);
        return ret;
}

static const char *moment(int64_t at, char ret[static NUMBER_MAX]) {
        return *moment_text(at, ret) ? ret : NULL;
}

static int show_row(const struct directory_snapshot_row *row, void *context) {
        char uid[NUMBER_MAX], gid[NUMBER_MAX], from[NUMBER_MAX], until[NUMBER_MAX];
        const char *const what = row->is_membership ? "membership" : row->is_gone ? "gone" : row->is_user ? "user" : "group";

        return table_add(context, (const char *[]) {
                row->file, what, row->is_membership ? NULL : number(row->uid, uid), number(row->gid, gid), row->group,
                moment(row->from, from), moment(row->until, until),
        });
}

int snapshot_show(struct invocation *i) {
        static const char *const keys[] = { "name", "what", "uid", "gid", "group", "from", "until", NULL };
        AUTO(table_freep) struct table *table = NULL;
        int r;

        r = table_new(option(i, "json") ? TABLE_JSON : TABLE_ROWS, "snapshots", keys, &table);
        if (r < 0)
                return outcome_of_errno("snapshot", r);
        r = directory_snapshot_find(i->directory, operand(i, 0), show_row, table);
        if (r != DIRECTORY_OK)
                return end(i, r);
        r = table_print(table);
        return r < 0 ? outcome_of_errno("snapshot", r) : OUTCOME_DONE;
}

/* -- What is there ----------------------------------------------------------------------------------- */

static int add_file(struct table *table, const struct directory_snapshot *s, const struct directory_snapshot_file *f) {
        char text[COLUMNS - 1][NUMBER_MAX];

        (void) snprintf(text[0], NUMBER_MAX, "%016" PRIx64, s->generation);
        (void) snprintf(text[1], NUMBER_MAX, "%" PRIu64, f->serial);
        (void) moment_text(f->written, text[2]);
        (void) snprintf(text[3], NUMBER_MAX, "%zu", f->users);
        (void) snprintf(text[4], NUMBER_MAX, "%zu", f->groups);
        (void) snprintf(text[5], NUMBER_MAX, "%zu", f->bytes);
        return table_add(table, (const char *[]) { f->name, text[0], text[1], text[2], text[3], text[4], text[5] });
}

int snapshot_verify(struct invocation *i) {
        static const char *const keys[] = { "name", "generation", "serial", "written", "users", "groups", "bytes", NULL };
        AUTO(table_freep) struct table *table = NULL;
        struct directory_snapshot s;
        int r;

        r = directory_snapshot_verify(i->directory, &s);
        if (r != DIRECTORY_OK)
                return end(i, r);
        r = table_new(option(i, "json") ? TABLE_JSON : TABLE_ROWS, "snapshots", keys, &table);
        for (size_t k = 0; r == 0 && k < DIRECTORY_SNAPSHOT_FILES; k++)
                r = add_file(table, &s, &s.file[k]);
        if (r == 0)
                r = table_print(table);
        if (r < 0)
                return outcome_of_errno("snapshot", r);
        if (!option(i, "json"))
                (void) printf("%s\n", _("the snapshots are whole, and say what the care directory says"));
        return OUTCOME_DONE;
}
