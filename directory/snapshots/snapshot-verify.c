/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot-verify.c - are the four files whole, of one set, and what a builder says?
 *
 * Everything is read through the reader's own checks (common/snapshot-file.c):
 * what a look-up would refuse is refused here.
 */

#include "snapshot-verify.h"
#include "snapshot-builder.h"

#include "cleanup.h"
#include "trusted-file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct {
        const char        *name;
        mode_t             mode;
        enum snapshot_kind kind;
} kinds[SNAPSHOT_FILES] = {
        [SNAPSHOT_FILES_PUBLIC]        = { "public.snapshot",  0644, SNAPSHOT_PUBLIC        },
        [SNAPSHOT_FILES_PRIVATE]       = { "private.snapshot", 0600, SNAPSHOT_PRIVATE       },
        [SNAPSHOT_FILES_PUBLIC_DELTA]  = { "public.delta",     0644, SNAPSHOT_PUBLIC_DELTA  },
        [SNAPSHOT_FILES_PRIVATE_DELTA] = { "private.delta",    0600, SNAPSHOT_PRIVATE_DELTA },
};

const char *snapshot_files_name(enum snapshot_files_index i) {
        return kinds[i].name;
}

static int found(struct snapshot_fault *fault, enum snapshot_fault_kind kind, const char *file, const char *entry) {
        *fault = (struct snapshot_fault) { .kind = kind, .file = file };
        if (entry)
                memcpy(fault->entry, entry, strnlen(entry, SNAPSHOT_NAME_MAX));
        return -EBADMSG;
}

/* -- Opening ------------------------------------------------------------------------------------------ */

static int open_one(int dir, enum snapshot_files_index i, struct snapshot_files *ret) {
        struct snapshot_header h;
        auto_close int fd = -1;
        size_t size;
        void *at;
        int r;

        r = trusted_open(dir, kinds[i].name, geteuid(), kinds[i].mode, 1, SNAPSHOT_FILE_MAX, &fd, &size);
        if (r < 0)
                return r;
        if (size < sizeof h)
                return -EBADMSG;
        at = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
        if (at == MAP_FAILED)
                return -errno;
        r = snapshot_file_init(&ret->file[i], at, size, kinds[i].kind);
        if (r < 0) {
                (void) munmap(at, size);
                return r;
        }
        memcpy(&h, at, sizeof h);
        ret->serial[i] = h.serial;
        return 0;
}

int snapshot_files_open(int dir, struct snapshot_files *ret, struct snapshot_fault *fault) {
        *ret = (struct snapshot_files) { .serial = { 0 } };
        for (size_t i = 0; i < SNAPSHOT_FILES; i++) {
                const int r = open_one(dir, (enum snapshot_files_index) i, ret);

                if (r < 0) {
                        (void) found(fault, SNAPSHOT_FAULT_OPEN, kinds[i].name, NULL);
                        fault->error = r;
                        snapshot_files_close(ret);
                        return r;
                }
        }
        return 0;
}

void snapshot_files_close(struct snapshot_files *files) {
        for (size_t i = 0; i < SNAPSHOT_FILES; i++) {
                if (files->file[i].at)
                        (void) munmap((void *) (uintptr_t) files->file[i].at, files->file[i].size);
                files->file[i].at = NULL;
        }
}

/* -- All records of a file ------------------------------------------------------------------------------ */

/* From one record to the next; OK, NOT_FOUND past the last, or -EBADMSG. */
struct walk {
        const struct snapshot_file *f;
        uint64_t                    at;
        struct snapshot_entry       e;
};

static struct walk walk_begin(const struct snapshot_file *f) {
        return (struct walk) { .f = f, .at = f->records.offset };
}

static int walk_next(struct walk *w) {
        int r;

        if (w->at == (uint64_t) w->f->records.offset + w->f->records.n)
                return SNAPSHOT_E_NOT_FOUND;
        r = w->at <= UINT32_MAX ? snapshot_file_record(w->f, (uint32_t) w->at, &w->e) : -EBADMSG;
        if (r == SNAPSHOT_OK)
                w->at += w->e.fixed.length;
        return r;
}

void snapshot_files_count(const struct snapshot_file *f, size_t *ret_users, size_t *ret_groups) {
        struct walk w = walk_begin(f);

        *ret_users = *ret_groups = 0;
        while (walk_next(&w) == SNAPSHOT_OK)
                if (!(w.e.fixed.flags & SNAPSHOT_GONE))
                        ++*(w.e.fixed.type == SNAPSHOT_USER ? ret_users : ret_groups);
}

/* -- One file ------------------------------------------------------------------------------------------- */

/* How many slots a table uses; -1: a line is damaged. */
static int64_t table_slots(const struct snapshot_file *f, enum snapshot_table t) {
        int64_t n = 0;

        for (uint32_t i = 0; i < f->tables[t].n; i++) {
                const uint32_t offset = f->tables[t].offset + i * (uint32_t) SNAPSHOT_LINE_SIZE;
                struct snapshot_line line;

                memcpy(&line, f->at + offset, sizeof line);
                if (line.check != snapshot_check32(f->seed, offset, &line, sizeof line) || line.count > SNAPSHOT_LINE_SLOTS ||
                    line.overflowed > 1 || line.reserved != 0)
                        return -1;
                n += line.count;
        }
        return n;
}

/* Its name and its id lead to this record, and to no other. */
static bool is_indexed(const struct snapshot_file *f, const struct snapshot_entry *e) {
        struct snapshot_entry other;

        if (snapshot_file_by_name(f, e->fixed.type, e->name, e->fixed.n_name, &other) != SNAPSHOT_OK || other.record != e->record)
                return false;
        return e->fixed.id == 0 ||
               (snapshot_file_by_id(f, e->fixed.type, e->fixed.id, &other) == SNAPSHOT_OK && other.record == e->record);
}

/* Whom a group's list names; in a public file they stand in a public file themselves (X10). */
static int check_list(const struct snapshot_files *files, const struct snapshot_entry *group, enum snapshot_files_index i,
                      bool is_public, struct snapshot_fault *fault) {
        for (uint32_t k = 0; k < group->fixed.n_plain; k++) {
                const char *const member = snapshot_member(group, k);
                struct snapshot_entry user;

                if (!member)
                        return found(fault, SNAPSHOT_FAULT_RECORD, kinds[i].name, group->name);
                if (is_public &&
                    snapshot_file_by_name(&files->file[SNAPSHOT_FILES_PUBLIC], SNAPSHOT_USER, member, strlen(member), &user) != SNAPSHOT_OK &&
                    snapshot_file_by_name(&files->file[SNAPSHOT_FILES_PUBLIC_DELTA], SNAPSHOT_USER, member, strlen(member), &user) != SNAPSHOT_OK)
                        return found(fault, SNAPSHOT_FAULT_PUBLIC, kinds[i].name, member);
        }
        return 0;
}

static int check_file(const struct snapshot_files *files, enum snapshot_files_index i, struct snapshot_fault *fault) {
        const struct snapshot_file *const f = &files->file[i];
        const bool is_public = i == SNAPSHOT_FILES_PUBLIC || i == SNAPSHOT_FILES_PUBLIC_DELTA;
        int64_t n[SNAPSHOT_TABLES] = { 0 };
        struct walk w = walk_begin(f);
        int r;

        while ((r = walk_next(&w)) == SNAPSHOT_OK) {
                const bool is_user = w.e.fixed.type == SNAPSHOT_USER;

                n[is_user ? SNAPSHOT_USER_NAMES : SNAPSHOT_GROUP_NAMES]++;
                n[is_user ? SNAPSHOT_USER_IDS : SNAPSHOT_GROUP_IDS] += w.e.fixed.id != 0;
                if (!is_indexed(f, &w.e))
                        return found(fault, SNAPSHOT_FAULT_INDEX, kinds[i].name, w.e.name);
                if (is_public && (w.e.fixed.flags & SNAPSHOT_PRIVATE_KIND))
                        return found(fault, SNAPSHOT_FAULT_PUBLIC, kinds[i].name, w.e.name);
                r = is_user ? 0 : check_list(files, &w.e, i, is_public, fault);
                if (r < 0)
                        return r;
        }
        if (r < 0)
                return found(fault, SNAPSHOT_FAULT_RECORD, kinds[i].name, NULL);

        for (size_t t = 0; t < SNAPSHOT_TABLES; t++) {
                const int64_t slots = table_slots(f, (enum snapshot_table) t);

                if (slots < 0)
                        return found(fault, SNAPSHOT_FAULT_LINE, kinds[i].name, NULL);
                if (slots != n[t])
                        return found(fault, SNAPSHOT_FAULT_INDEX, kinds[i].name, NULL);
        }
        return 0;
}

/* -- K8 across the files -------------------------------------------------------------------------------- */

struct gids {
        uint32_t *at;
        size_t    n, n_room;
};

static void gids_done(struct gids *g) {
        free(g->at);
}

static int add_record_groups(const struct snapshot_file *f, struct gids *g) {
        struct walk w = walk_begin(f);

        while (walk_next(&w) == SNAPSHOT_OK) {
                if (w.e.fixed.type != SNAPSHOT_GROUP || w.e.fixed.group_kind != SNAPSHOT_GROUP_SERVICE_RECORD)
                        continue;
                if (g->n == g->n_room) {
                        const size_t n_room = g->n_room ? 2 * g->n_room : 16;
                        uint32_t *const more = reallocarray(g->at, n_room, sizeof *more);

                        if (!more)
                                return -ENOMEM;
                        g->at = more;
                        g->n_room = n_room;
                }
                g->at[g->n++] = w.e.fixed.id;
        }
        return 0;
}

static bool has(const struct gids *g, uint32_t gid) {
        for (size_t i = 0; i < g->n; i++)
                if (g->at[i] == gid)
                        return true;
        return false;
}

static bool holds_any(const struct snapshot_entry *user, const struct gids *g) {
        bool holds = has(g, user->fixed.gid);

        for (uint32_t i = 0; !holds && i < user->fixed.n_plain; i++)
                holds = has(g, snapshot_entry_plain(user, i));
        for (uint32_t i = 0; !holds && i < user->fixed.n_timed; i++) {
                struct snapshot_timed t;

                snapshot_entry_timed(user, i, &t);
                holds = has(g, t.gid);
        }
        return holds;
}

static int check_k8(const struct snapshot_files *files, struct snapshot_fault *fault) {
        AUTO(gids_done) struct gids gids = { .at = NULL };
        int r = 0;

        for (size_t i = 0; r == 0 && i < SNAPSHOT_FILES; i++)
                r = add_record_groups(&files->file[i], &gids);
        for (size_t i = 0; r == 0 && i < SNAPSHOT_FILES; i++) {
                struct walk w = walk_begin(&files->file[i]);

                while (r == 0 && walk_next(&w) == SNAPSHOT_OK)
                        if (w.e.fixed.type == SNAPSHOT_USER && (w.e.fixed.flags & SNAPSHOT_PRIVATE_KIND) && holds_any(&w.e, &gids))
                                r = found(fault, SNAPSHOT_FAULT_K8, kinds[i].name, w.e.name);
        }
        return r;
}

int snapshot_files_check(const struct snapshot_files *files, struct snapshot_fault *fault) {
        int r = 0;

        for (size_t i = 1; i < SNAPSHOT_FILES; i++)
                if (files->file[i].generation != files->file[0].generation)
                        return found(fault, SNAPSHOT_FAULT_SET, kinds[i].name, NULL);
        if (files->serial[SNAPSHOT_FILES_PUBLIC_DELTA] != files->serial[SNAPSHOT_FILES_PRIVATE_DELTA])
                return found(fault, SNAPSHOT_FAULT_SET, kinds[SNAPSHOT_FILES_PRIVATE_DELTA].name, NULL);
        for (size_t i = 0; r == 0 && i < SNAPSHOT_FILES; i++)
                r = check_file(files, (enum snapshot_files_index) i, fault);
        return r == 0 ? check_k8(files, fault) : r;
}

/* -- A file and a builder --------------------------------------------------------------------------------- */

static bool is_replaced(const struct snapshot_file *delta, const struct snapshot_record *record) {
        struct snapshot_entry e;

        return delta && (snapshot_file_by_name(delta, record->type, record_name(record), record->n_name, &e) == SNAPSHOT_OK ||
                         (record->id != 0 && snapshot_file_by_id(delta, record->type, record->id, &e) == SNAPSHOT_OK));
}

/* All but the check, which depends on where a record stands. */
static bool is_same(const struct snapshot_record *a, const struct snapshot_record *b) {
        return a->length == b->length && memcmp((const char *) a + sizeof a->check, (const char *) b + sizeof b->check,
                                                a->length - sizeof a->check) == 0;
}

/* A base's list without those whom the delta speaks of: the next such member from @i on, or NULL. */
static const char *next_listed(const struct snapshot_record *group, const struct snapshot_file *delta, uint32_t *i) {
        while (*i < group->n_plain) {
                const char *name;
                struct snapshot_entry e;
                uint32_t at;

                memcpy(&at, (const char *) (group + 1) + (size_t) *i * sizeof at, sizeof at);
                ++*i;
                name = (const char *) group + at;
                if (at >= group->length || !memchr(name, '\0', group->length - at))
                        return "";              /* as no name is */
                if (!delta || snapshot_file_by_name(delta, SNAPSHOT_USER, name, strlen(name), &e) != SNAPSHOT_OK)
                        return name;
        }
        return NULL;
}

static bool is_listed(const struct snapshot_record *record) {
        return record->type == SNAPSHOT_GROUP && record->flags & SNAPSHOT_LISTED;
}

/* Groups that are the same, and their lists but for those whom the delta speaks of. */
static bool is_same_list(const struct snapshot_record *a, const struct snapshot_record *b, const struct snapshot_file *delta) {
        const char *x, *y;
        uint32_t i = 0, k = 0;

        if (!is_listed(b) || a->id != b->id || a->group_kind != b->group_kind || strcmp(record_name(a), record_name(b)) != 0)
                return false;
        do {
                x = next_listed(a, delta, &i);
                y = next_listed(b, delta, &k);
                if (!x != !y || (x && strcmp(x, y) != 0))
                        return false;
        } while (x);
        return true;
}

/* In the private base a group has a record only for its list: one of nobody is as good as none. */
static bool is_nothing(enum snapshot_files_index i, const struct snapshot_record *record, const struct snapshot_file *delta) {
        uint32_t k = 0;

        return i == SNAPSHOT_FILES_PRIVATE && is_listed(record) && !next_listed(record, delta, &k);
}

int snapshot_files_compare(const struct snapshot_files *files, enum snapshot_files_index i,
                           const struct snapshot_builder *b, const struct snapshot_file *delta, struct snapshot_fault *fault) {
        const struct snapshot_file *const f = &files->file[i];
        struct walk w = walk_begin(f);
        size_t n = 0, n_file = 0;
        struct snapshot_entry e;

        for (size_t k = 0; k < b->n_records; k++) {
                const struct snapshot_record *const record = b->records[k];

                if (is_replaced(delta, record) || is_nothing(i, record, delta))
                        continue;
                n++;
                if (snapshot_file_by_name(f, record->type, record_name(record), record->n_name, &e) != SNAPSHOT_OK)
                        return found(fault, SNAPSHOT_FAULT_MISSING, kinds[i].name, record_name(record));
                if (!(is_listed(record) ? is_same_list(record, e.record, delta) : is_same(record, e.record)))
                        return found(fault, SNAPSHOT_FAULT_DIFFERS, kinds[i].name, record_name(record));
        }
        while (walk_next(&w) == SNAPSHOT_OK)
                n_file += !is_replaced(delta, w.e.record) && !is_nothing(i, w.e.record, delta);
        return n_file == n ? 0 : found(fault, SNAPSHOT_FAULT_MORE, kinds[i].name, NULL);
}
