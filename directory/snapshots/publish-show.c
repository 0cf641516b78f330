/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * publish-show.c - what the snapshots say of a name, file by file
 */

#include "acts.h"
#include "publish.h"
#include "snapshot-verify.h"

#include "i18n.h"
#include "places.h"

#include <stdio.h>
#include <string.h>

static void files_donep(struct snapshot_files *files) {
        snapshot_files_close(files);
}

/* The name of a group: in its delta, or else its base. */
static const char *group_name(const struct snapshot_files *files, uint32_t gid, struct snapshot_entry *e) {
        if (snapshot_file_by_id(&files->file[SNAPSHOT_FILES_PUBLIC_DELTA], SNAPSHOT_GROUP, gid, e) != SNAPSHOT_OK &&
            snapshot_file_by_id(&files->file[SNAPSHOT_FILES_PUBLIC], SNAPSHOT_GROUP, gid, e) != SNAPSHOT_OK)
                return NULL;
        return e->name;
}

static int say_membership(const struct snapshot_files *files, const struct snapshot_timed *t, struct directory_snapshot_row row,
                          directory_snapshot_each *each, void *context) {
        struct snapshot_entry e;

        row.is_membership = true;
        row.gid = t->gid;
        row.from = t->from;
        row.until = t->until;
        row.group = group_name(files, t->gid, &e);
        return each(&row, context);
}

static int say(const struct snapshot_files *files, enum snapshot_files_index i, const struct snapshot_entry *e,
               directory_snapshot_each *each, void *context) {
        const bool is_user = e->fixed.type == SNAPSHOT_USER;
        const struct directory_snapshot_row row = {
                .file = snapshot_files_name(i), .is_user = is_user, .is_gone = e->fixed.flags & SNAPSHOT_GONE,
                .uid = is_user ? e->fixed.id : 0, .gid = is_user ? e->fixed.gid : e->fixed.id,
                .from = e->fixed.from, .until = e->fixed.until,
        };
        int r;

        r = each(&row, context);
        for (uint32_t k = 0; r == 0 && is_user && k < e->fixed.n_plain; k++)
                r = say_membership(files, &(struct snapshot_timed) {
                        .from = INT64_MIN, .until = INT64_MAX, .gid = snapshot_entry_plain(e, k),
                }, row, each, context);
        for (uint32_t k = 0; r == 0 && is_user && k < e->fixed.n_timed; k++) {
                struct snapshot_timed t;

                snapshot_entry_timed(e, k, &t);
                r = say_membership(files, &t, row, each, context);
        }
        return r;
}

int directory_snapshot_find(struct directory *d, const char *name, directory_snapshot_each *each, void *context) {
        static const uint8_t types[] = { SNAPSHOT_USER, SNAPSHOT_GROUP };
        AUTO(files_donep) struct snapshot_files files = { .serial = { 0 } };
        struct snapshot_fault fault = { .kind = 0 };
        auto_close int dir = -1;
        struct snapshot_entry e;
        size_t n = 0;
        int r;

        *d->complaint = '\0';
        r = publish_open_place(d, &dir);
        if (r == 0)
                r = snapshot_files_open(dir, &files, &fault);
        if (r < 0)
                return directory_fail(d, r, _("%s can't be read, or is damaged (%s); run: careid snapshot rebuild"), fault.file ? fault.file : CAREID_SNAPSHOT_DIR,
                                      _(strerrordesc_np(-r)));
        for (size_t i = 0; r == 0 && i < SNAPSHOT_FILES; i++)
                for (size_t t = 0; r == 0 && t < N_ELEMENTS(types); t++) {
                        if (snapshot_file_by_name(&files.file[i], types[t], name, strlen(name), &e) != SNAPSHOT_OK)
                                continue;
                        n++;
                        r = say(&files, (enum snapshot_files_index) i, &e, each, context);
                }
        return r == 0 && n == 0 ? DIRECTORY_E_NOT_FOUND : r;
}
