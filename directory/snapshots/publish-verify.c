/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * publish-verify.c - do the snapshots say what the care directory says?
 *
 * What would be written is made once more, for the moments at which the files
 * were written, and compared record by record: the delta with what is marked,
 * the base with all that is not.  Nobody writes meanwhile.
 */

#include "acts.h"
#include "publish.h"
#include "snapshot-verify.h"

#include "i18n.h"

#include <errno.h>
#include <string.h>

static void files_donep(struct snapshot_files *files) {
        snapshot_files_close(files);
}

/* What is wrong, as a verdict with its complaint. */
static int complain(struct directory *d, int r, const struct snapshot_fault *fault) {
        static const char *const texts[] = {
                [SNAPSHOT_FAULT_RECORD]  = N_("a record is damaged"),
                [SNAPSHOT_FAULT_LINE]    = N_("a line of a table is damaged"),
                [SNAPSHOT_FAULT_INDEX]   = N_("its tables are not those of its records"),
                [SNAPSHOT_FAULT_SET]     = N_("it is not of the same writing as the others"),
                [SNAPSHOT_FAULT_PUBLIC]  = N_("it has a client, relative or external, for everybody to see"),
                [SNAPSHOT_FAULT_K8]      = N_("it gives a client, relative or external a record service"),
                [SNAPSHOT_FAULT_MISSING] = N_("it lacks an entry that the care directory has"),
                [SNAPSHOT_FAULT_DIFFERS] = N_("an entry differs from the care directory"),
                [SNAPSHOT_FAULT_MORE]    = N_("it has an entry that the care directory does not have"),
        };

        if (fault->kind == 0)
                return r;
        if (fault->kind == SNAPSHOT_FAULT_OPEN)
                return directory_fail(d, r == -EBADMSG ? DIRECTORY_E_CONSTRAINT : r,
                                      _("%s can't be read, or is damaged (%s); run: careid snapshot rebuild"), fault->file, _(strerrordesc_np(-fault->error)));
        return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("%s: %s; run: careid snapshot rebuild"), fault->file, _(texts[fault->kind]));
}

/* What the directory says for @delta at the time of that file's writing, against both of them. */
static int compare(struct directory *d, const struct snapshot_files *files, bool is_delta, struct snapshot_fault *fault) {
        const enum snapshot_files_index public = is_delta ? SNAPSHOT_FILES_PUBLIC_DELTA : SNAPSHOT_FILES_PUBLIC;
        const enum snapshot_files_index private = is_delta ? SNAPSHOT_FILES_PRIVATE_DELTA : SNAPSHOT_FILES_PRIVATE;
        AUTO(publication_done) struct publication p = { .now = files->file[public].written, .is_delta = is_delta };
        int r;

        r = publication_read_state(d, &p);
        if (r != DIRECTORY_OK)
                return r;
        if (p.base != files->file[public].generation ||
            files->serial[SNAPSHOT_FILES_PUBLIC_DELTA] != publish_serial(p.base, p.changes))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("the snapshots don't say yet what the care directory says; run: careid snapshot update"));
        r = is_delta ? publish_collect_delta(d, &p, files->serial[public]) : publish_collect_base(d, &p, p.base);
        if (r != DIRECTORY_OK)
                return r;
        r = snapshot_files_compare(files, public, p.public, is_delta ? NULL : &files->file[SNAPSHOT_FILES_PUBLIC_DELTA], fault);
        if (r == 0)
                r = snapshot_files_compare(files, private, p.private, is_delta ? NULL : &files->file[SNAPSHOT_FILES_PRIVATE_DELTA], fault);
        return r;
}

static int verify(struct directory *d, const struct snapshot_files *files, struct snapshot_fault *fault) {
        int r;

        r = sql_run(d, "BEGIN", SQL_NONE);
        if (r != DIRECTORY_OK)
                return r;
        r = compare(d, files, true, fault);
        if (r == DIRECTORY_OK)
                r = compare(d, files, false, fault);
        return store_end(d, r);
}

/* With the lock held, whose end is when *@lock is closed: what one writer has written, whole in itself. */
static int open_whole(struct directory *d, int *lock, struct snapshot_files *files, struct snapshot_fault *fault) {
        auto_close int dir = -1;
        int r;

        *d->complaint = '\0';
        r = publish_open_place(d, &dir);
        if (r == 0)
                r = publish_lock(d, lock);
        if (r == 0)
                r = snapshot_files_open(dir, files, fault);
        return r == 0 ? snapshot_files_check(files, fault) : r;
}

int directory_snapshot_check(struct directory *d) {
        AUTO(files_donep) struct snapshot_files files = { .serial = { 0 } };
        struct snapshot_fault fault = { .kind = 0 };
        auto_close int lock = -1;
        const int r = open_whole(d, &lock, &files, &fault);

        return r != 0 ? complain(d, r, &fault) : DIRECTORY_OK;
}

int directory_snapshot_verify(struct directory *d, struct directory_snapshot *ret) {
        AUTO(files_donep) struct snapshot_files files = { .serial = { 0 } };
        struct snapshot_fault fault = { .kind = 0 };
        auto_close int lock = -1;
        int r;

        r = open_whole(d, &lock, &files, &fault);
        if (r == 0)
                r = verify(d, &files, &fault);
        if (r != 0)
                return complain(d, r, &fault);

        *ret = (struct directory_snapshot) { .generation = files.file[SNAPSHOT_FILES_PUBLIC].generation };
        for (size_t i = 0; i < SNAPSHOT_FILES; i++) {
                struct directory_snapshot_file *const f = &ret->file[i];

                f->name = snapshot_files_name((enum snapshot_files_index) i);
                f->bytes = files.file[i].size;
                f->written = files.file[i].written;
                f->serial = files.serial[i];
                snapshot_files_count(&files.file[i], &f->users, &f->groups);
        }
        return DIRECTORY_OK;
}
