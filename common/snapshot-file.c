/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot-file.c - the only place that reads the bytes of a snapshot (docs/snapshot-format.md)
 *
 *     file    = header user-names user-ids group-names group-ids records
 *     table   = lines * line                  ; lines is a power of two
 *     line    = check count overflowed 0 14*slot
 *     slot    = offset of a record / three bits of the hash
 *     record  = fixed-48 timed* plain* name NUL home NUL shell NUL [member NUL]* padding
 *
 * 1. MUST reach no byte outside the file, whatever it says: offsets and
 *    lengths are copied out first, and the copy is what is checked and used.
 * 2. MUST not pass by a damaged line or record on the way to what is looked
 *    for: the damaged one could have been it.  What was found whole once may
 *    be remembered: a file is never changed in place, and whoever does so all
 *    the same can make any checksum.
 * 3. MUST hand out no record whose id, name or path the format does not allow: a group without a beginning of ours,
 *    or a home anywhere, would make the owner of the files root.
 */

#include "snapshot-file.h"

#include <errno.h>

/* Another process could change a file under our hands: from here on only the copy counts. */
#define COPIED() __asm__ volatile("" ::: "memory")

enum { SECTION_ALIGN = 64, RECORD_ALIGN = 8 };

/* -- What has been checked before ------------------------------------------------------------------ */

static _Atomic uint32_t *seen_place(const struct snapshot_file *f, uint32_t offset) {
        return &f->seen.offset[(offset * UINT32_C(0x9e3779b1) >> 16) & (f->seen.n - 1)];
}

static int is_seen(const struct snapshot_file *f, uint32_t offset) {
        return f->seen.offset && atomic_load_explicit(seen_place(f, offset), memory_order_relaxed) == offset;
}

static void see(const struct snapshot_file *f, uint32_t offset) {
        if (f->seen.offset)
                atomic_store_explicit(seen_place(f, offset), offset, memory_order_relaxed);
}

/* -- A file ------------------------------------------------------------------------------------------ */

static int section_is_inside(struct snapshot_section s, uint64_t bytes, uint64_t size) {
        return s.offset % SECTION_ALIGN == 0 && s.offset >= SNAPSHOT_HEADER_SIZE && s.offset + bytes <= size;
}

int snapshot_file_init(struct snapshot_file *f, const void *at, size_t size, enum snapshot_kind kind) {
        static const uint8_t zero[sizeof(((struct snapshot_header *) 0)->reserved)];
        struct snapshot_header h;

        if (size < sizeof h || size > SNAPSHOT_FILE_MAX)
                return -EBADMSG;
        memcpy(&h, at, sizeof h);
        COPIED();

        if (memcmp(h.magic, SNAPSHOT_MAGIC, sizeof h.magic) != 0 || h.version != SNAPSHOT_VERSION ||
            h.kind != (uint32_t) kind || h.size != size ||
            h.check != snapshot_mix64(h.seed, &h, offsetof(struct snapshot_header, check)) ||
            memcmp(h.reserved, zero, sizeof zero) != 0 || h.id_min > h.id_max)
                return -EBADMSG;

        for (size_t i = 0; i < SNAPSHOT_TABLES; i++) {
                const uint32_t lines = h.tables[i].n;

                if (lines == 0 || (lines & (lines - 1)) != 0 ||
                    !section_is_inside(h.tables[i], (uint64_t) lines * SNAPSHOT_LINE_SIZE, size))
                        return -EBADMSG;
        }
        if (!section_is_inside(h.records, h.records.n, size))
                return -EBADMSG;

        *f = (struct snapshot_file) {
                .at = at,
                .size = size,
                .generation = h.generation,
                .serial = h.serial,
                .seed = h.seed,
                .written = h.written,
                .id_min = h.id_min,
                .id_max = h.id_max,
                .records = h.records,
        };
        memcpy(f->tables, h.tables, sizeof f->tables);
        return 0;
}

static int id_is_inside(const struct snapshot_file *f, uint32_t id) {
        return id >= f->id_min && id <= f->id_max && snapshot_id_is_ours(id);
}

/* What the format says about the fixed part of a user and of a group, by itself. */
static int fixed_is_legal(const struct snapshot_file *f, const struct snapshot_record *fixed) {
        if (fixed->flags & ~SNAPSHOT_FLAGS || fixed->reserved != 0)
                return 0;

        if (fixed->type == SNAPSHOT_GROUP)
                return fixed->group_kind >= SNAPSHOT_GROUP_ROLE && fixed->group_kind <= SNAPSHOT_GROUP_SERVICE_RECORD &&
                       id_is_inside(f, fixed->id) && fixed->gid == 0 && fixed->n_home == 0 && fixed->n_shell == 0 &&
                       fixed->n_timed == 0 && (fixed->n_plain == 0 || fixed->flags & SNAPSHOT_LISTED);

        if (fixed->type != SNAPSHOT_USER || fixed->group_kind != 0 || fixed->flags & SNAPSHOT_LISTED)
                return 0;
        if (fixed->flags & SNAPSHOT_PASSWD)
                return id_is_inside(f, fixed->id) && id_is_inside(f, fixed->gid);
        return fixed->id == 0 && fixed->gid == 0 && fixed->n_home == 0 && fixed->n_shell == 0;
}

/* Where the strings begin, after the two arrays. */
static uint64_t strings_at(const struct snapshot_record *fixed) {
        return sizeof *fixed + (uint64_t) fixed->n_timed * sizeof(struct snapshot_timed) +
               (uint64_t) fixed->n_plain * sizeof(uint32_t);
}

/* What takes time and is done once: the checksum, and what the format says about strings. */
static int content_is_legal(const struct snapshot_file *f, uint32_t offset, const struct snapshot_entry *e) {
        const struct snapshot_record *const fixed = &e->fixed;

        if (fixed->check != snapshot_check32(f->seed, offset, e->record, fixed->length) ||
            !snapshot_name_is_valid(e->name, fixed->n_name))
                return 0;
        if (fixed->type == SNAPSHOT_GROUP)
                return snapshot_group_name_is_valid(fixed->group_kind, e->name, fixed->n_name);
        return !(fixed->flags & SNAPSHOT_PASSWD) || (fixed->flags & SNAPSHOT_GONE) ||
               (snapshot_home_is_valid(e->home, fixed->n_home) && snapshot_path_is_valid(e->shell, fixed->n_shell));
}

/* *e is good for nothing unless OK is returned. */
static int entry_load(const struct snapshot_file *f, uint32_t offset, struct snapshot_entry *e) {
        const uint64_t end = (uint64_t) f->records.offset + f->records.n;
        uint64_t strings;

        if (offset % RECORD_ALIGN != 0 || offset < f->records.offset || (uint64_t) offset + SNAPSHOT_RECORD_MIN > end)
                return -EBADMSG;
        e->record = (const struct snapshot_record *) (const void *) (f->at + offset);
        memcpy(&e->fixed, e->record, sizeof e->fixed);
        COPIED();

        if (e->fixed.length < SNAPSHOT_RECORD_MIN || e->fixed.length > SNAPSHOT_RECORD_MAX ||
            e->fixed.length % RECORD_ALIGN != 0 || offset + (uint64_t) e->fixed.length > end ||
            !fixed_is_legal(f, &e->fixed))
                return -EBADMSG;

        strings = strings_at(&e->fixed);
        if (strings + e->fixed.n_name + e->fixed.n_home + e->fixed.n_shell + 3U > e->fixed.length)
                return -EBADMSG;
        e->name = (const char *) e->record + strings;
        e->home = e->name + e->fixed.n_name + 1;
        e->shell = e->home + e->fixed.n_home + 1;
        if (e->name[e->fixed.n_name] || e->home[e->fixed.n_home] || e->shell[e->fixed.n_shell])
                return -EBADMSG;

        if (!is_seen(f, offset)) {
                if (!content_is_legal(f, offset, e))
                        return -EBADMSG;
                see(f, offset);
        }
        return SNAPSHOT_OK;
}

/* What is looked for: a name of n bytes, or, without one, an id. */
struct sought {
        uint8_t             type;
        enum snapshot_table table;
        const char         *name;
        size_t              n;
        uint32_t            id;
};

static int entry_is_sought(const struct snapshot_entry *e, const struct sought *s) {
        if (s->name)
                return e->fixed.n_name == s->n && memcmp(e->name, s->name, s->n) == 0;
        return e->fixed.id == s->id;
}

static int line_search(const struct snapshot_file *f, const struct snapshot_line *line, uint32_t tag,
                       const struct sought *s, struct snapshot_entry *ret) {
        for (uint8_t i = 0; i < line->count; i++) {
                int r;

                if ((line->slot[i] & SNAPSHOT_SLOT_TAG) != tag)
                        continue;
                r = entry_load(f, line->slot[i] & ~(uint32_t) SNAPSHOT_SLOT_TAG, ret);
                if (r < 0)
                        return r;
                if (ret->fixed.type != s->type)
                        return -EBADMSG;
                if (entry_is_sought(ret, s))
                        return SNAPSHOT_OK;
        }
        return SNAPSHOT_E_NOT_FOUND;
}

static int table_search(const struct snapshot_file *f, const struct sought *s, struct snapshot_entry *ret) {
        const struct snapshot_section table = f->tables[s->table];
        const uint64_t id = s->id;
        const uint64_t hash = s->name ? snapshot_mix64(f->seed, s->name, s->n) : snapshot_mix64(f->seed, &id, sizeof id);
        const uint32_t tag = snapshot_slot(0, hash);

        for (uint32_t i = 0; i < table.n; i++) {
                const uint32_t offset = table.offset +
                                        (((uint32_t) hash + i) & (table.n - 1)) * (uint32_t) SNAPSHOT_LINE_SIZE;
                struct snapshot_line line;
                int r;

                memcpy(&line, f->at + offset, sizeof line);
                COPIED();
                if (line.count > SNAPSHOT_LINE_SLOTS || line.overflowed > 1 || line.reserved != 0)
                        return -EBADMSG;
                if (!is_seen(f, offset)) {
                        if (line.check != snapshot_check32(f->seed, offset, &line, sizeof line))
                                return -EBADMSG;
                        see(f, offset);
                }

                r = line_search(f, &line, tag, s, ret);
                if (r != SNAPSHOT_E_NOT_FOUND)
                        return r;
                if (!line.overflowed)
                        break;
        }
        return SNAPSHOT_E_NOT_FOUND;
}

int snapshot_file_by_name(const struct snapshot_file *f, uint8_t type, const char *name, size_t n,
                          struct snapshot_entry *ret) {
        const struct sought s = {
                .type = type,
                .table = type == SNAPSHOT_USER ? SNAPSHOT_USER_NAMES : SNAPSHOT_GROUP_NAMES,
                .name = name,
                .n = n,
        };

        return table_search(f, &s, ret);
}

int snapshot_file_by_id(const struct snapshot_file *f, uint8_t type, uint32_t id, struct snapshot_entry *ret) {
        const struct sought s = {
                .type = type,
                .table = type == SNAPSHOT_USER ? SNAPSHOT_USER_IDS : SNAPSHOT_GROUP_IDS,
                .id = id,
        };

        return table_search(f, &s, ret);
}

int snapshot_file_record(const struct snapshot_file *f, uint32_t offset, struct snapshot_entry *ret) {
        return entry_load(f, offset, ret);
}

int snapshot_file_at(const struct snapshot_file *f, uint32_t offset, uint8_t type, const char *name, size_t n, uint32_t id,
                     struct snapshot_entry *ret) {
        const struct sought s = { .name = name, .n = n, .id = id };
        const int r = entry_load(f, offset, ret);

        if (r != SNAPSHOT_OK)
                return r;
        return ret->fixed.type == type && entry_is_sought(ret, &s) ? SNAPSHOT_OK : SNAPSHOT_E_NOT_FOUND;
}

uint32_t snapshot_entry_plain(const struct snapshot_entry *user, uint32_t i) {
        const uint8_t *at = (const uint8_t *) user->record + sizeof user->fixed +
                            (size_t) user->fixed.n_timed * sizeof(struct snapshot_timed) + (size_t) i * sizeof(uint32_t);
        uint32_t gid;

        memcpy(&gid, at, sizeof gid);
        COPIED();
        return gid;
}

void snapshot_entry_timed(const struct snapshot_entry *user, uint32_t i, struct snapshot_timed *ret) {
        memcpy(ret, (const uint8_t *) user->record + sizeof user->fixed + (size_t) i * sizeof *ret, sizeof *ret);
        COPIED();
}

const char *snapshot_member(const struct snapshot_entry *group, uint32_t i) {
        const char *const start = (const char *) group->record;
        const uint32_t length = group->fixed.length;
        const char *end;
        uint32_t at;

        if (group->fixed.type != SNAPSHOT_GROUP || i >= group->fixed.n_plain)
                return NULL;
        at = snapshot_entry_plain(group, i);
        if (at < strings_at(&group->fixed) || at >= length)
                return NULL;
        end = memchr(start + at, '\0', length - at);
        if (!end || !snapshot_name_is_valid(start + at, (size_t) (end - (start + at))))
                return NULL;
        return start + at;
}
