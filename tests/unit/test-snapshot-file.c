/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-snapshot-file.c - files whose checksums are right and whose contents are not (numbers: snapshot-file.c)
 *
 * What an owner with ill intent could write: every case is sealed with
 * checksums that are right, so that only the other checks stand in its way.
 */

#include "snapshot-file.h"

#include "cleanup.h"
#include "clinic.h"
#include "world.h"

#include <errno.h>
#include <stdio.h>

struct image {
        uint8_t *at;
        size_t   n;
};

static struct snapshot_header *header(const struct image *im) {
        return (struct snapshot_header *) (void *) im->at;
}

/* The record of anna, found without the code under test. */
static struct snapshot_record *anna(const struct image *im) {
        for (uint32_t at = header(im)->records.offset; at < im->n;) {
                struct snapshot_record *const r = (struct snapshot_record *) (void *) (im->at + at);

                if (r->type == SNAPSHOT_USER && r->id == UID_ANNA)
                        return r;
                at += r->length;
        }
        printf("Bail out! no anna\n");
        exit(1);
}

static char *anna_name(const struct image *im) {
        struct snapshot_record *const r = anna(im);

        return (char *) (r + 1) + r->n_timed * sizeof(struct snapshot_timed) + r->n_plain * sizeof(uint32_t);
}

static struct snapshot_line *line(const struct image *im, enum snapshot_table table) {
        return (struct snapshot_line *) (void *) (im->at + header(im)->tables[table].offset);
}

/* Make every checksum right again; that of anna's record @r as if it had @length bytes. */
static void seal(const struct image *im, struct snapshot_record *r, uint32_t length) {
        struct snapshot_header *const h = header(im);
        const uint32_t at = (uint32_t) ((uint8_t *) r - im->at);

        if (length >= 8 && at + (uint64_t) length <= im->n)
                r->check = snapshot_check32(h->seed, at, r, length);
        for (size_t t = 0; t < SNAPSHOT_TABLES; t++)
                for (uint32_t i = 0; i < h->tables[t].n; i++) {
                        const uint64_t offset = h->tables[t].offset + (uint64_t) i * SNAPSHOT_LINE_SIZE;

                        if (offset + SNAPSHOT_LINE_SIZE > im->n)
                                break;
                        *(uint32_t *) (void *) (im->at + offset) =
                                snapshot_check32(h->seed, (uint32_t) offset, im->at + offset, SNAPSHOT_LINE_SIZE);
                }
        h->check = snapshot_mix64(h->seed, h, offsetof(struct snapshot_header, check));
}

/* -- What is done to the file ---------------------------------------------------------------------- */

static void h_magic(const struct image *im)      { header(im)->magic[0] = 'X'; }
static void h_version(const struct image *im)    { header(im)->version = 2; }
static void h_kind(const struct image *im)       { header(im)->kind = SNAPSHOT_PRIVATE; }
static void h_size(const struct image *im)       { header(im)->size--; }
static void h_reserved(const struct image *im)   { header(im)->reserved[143] = 1; }
static void h_ids(const struct image *im)        { header(im)->id_min = header(im)->id_max + 1; }
static void h_no_lines(const struct image *im)   { header(im)->tables[0].n = 0; }
static void h_three(const struct image *im)      { header(im)->tables[0].n = 3; }
static void h_many(const struct image *im)       { header(im)->tables[3].n = UINT32_C(1) << 31; }
static void h_in_header(const struct image *im)  { header(im)->tables[0].offset = 192; }
static void h_unaligned(const struct image *im)  { header(im)->tables[1].offset += 8; }
static void h_beyond(const struct image *im)     { header(im)->tables[2].offset = (uint32_t) im->n & ~63U; }
static void h_wraps(const struct image *im)      { header(im)->tables[2].offset = UINT32_MAX & ~63U; }
static void h_records(const struct image *im)    { header(im)->records.n += 64; }
static void h_records_max(const struct image *im) { header(im)->records.n = UINT32_MAX; }

static void l_count(const struct image *im)      { line(im, SNAPSHOT_USER_NAMES)->count = 15; }
static void l_overflowed(const struct image *im) { line(im, SNAPSHOT_USER_NAMES)->overflowed = 2; }
static void l_reserved(const struct image *im)   { line(im, SNAPSHOT_USER_NAMES)->reserved = 1; }

static void slots(const struct image *im, uint32_t offset) {
        struct snapshot_line *const l = line(im, SNAPSHOT_USER_NAMES);

        for (uint8_t i = 0; i < SNAPSHOT_LINE_SLOTS; i++)
                l->slot[i] = offset | i % 8;
        l->count = SNAPSHOT_LINE_SLOTS;
}

static void s_zero(const struct image *im)    { slots(im, 0); }
static void s_table(const struct image *im)   { slots(im, header(im)->tables[0].offset); }
static void s_inside(const struct image *im)  { slots(im, (uint32_t) ((uint8_t *) anna(im) - im->at) + 8); }
static void s_last(const struct image *im)    { slots(im, (uint32_t) im->n - 8); }
static void s_end(const struct image *im)     { slots(im, (uint32_t) im->n & ~7U); }
static void s_far(const struct image *im)     { slots(im, UINT32_MAX & ~7U); }
static void s_group(const struct image *im)   { slots(im, header(im)->records.offset); }

static void r_type(const struct image *im)       { anna(im)->type = SNAPSHOT_GROUP; }
static void r_flags(const struct image *im)      { anna(im)->flags |= SNAPSHOT_FLAGS + 1; }
static void r_group_kind(const struct image *im) { anna(im)->group_kind = SNAPSHOT_GROUP_ROLE; }
static void r_reserved(const struct image *im)   { anna(im)->reserved = 1; }
static void r_no_passwd(const struct image *im)  { anna(im)->flags &= (uint8_t) ~SNAPSHOT_PASSWD; }
static void r_gid_0(const struct image *im)      { anna(im)->gid = 0; }
static void r_gid_far(const struct image *im)    { anna(im)->gid = SNAPSHOT_ID_MAX + 1; }
static void r_range(const struct image *im)      { header(im)->id_max = UID_ANNA - 1; }
static void r_no_name(const struct image *im)    { anna(im)->n_name = 0; }
static void r_long_name(const struct image *im)  { anna(im)->n_name = 255; }
static void r_n_plain(const struct image *im)    { anna(im)->n_plain++; }
static void r_n_plain_max(const struct image *im) { anna(im)->n_plain = UINT32_MAX; }
static void r_n_timed_max(const struct image *im) { anna(im)->n_timed = UINT32_MAX; }
static void r_capital(const struct image *im)    { anna_name(im)[0] = 'A'; }
static void r_nul(const struct image *im)        { anna_name(im)[2] = '\0'; }
static void r_unended(const struct image *im)    { anna_name(im)[4] = 'x'; }
static void r_root(const struct image *im)       { memcpy(anna_name(im), "root", 4); }
static void r_home(const struct image *im)       { anna_name(im)[5] = 'h'; }
static void r_home_colon(const struct image *im) { anna_name(im)[7] = ':'; }
static void r_shell(const struct image *im)      { anna_name(im)[5 + 11 + 2] = '\n'; }

static const struct {
        const char *name;
        void      (*damage)(const struct image *im);
        int         in_header;                          /* refused at once                          */
} cases[] = {
        { "header: magic",                         h_magic,       1 },
        { "header: version",                       h_version,     1 },
        { "header: kind",                          h_kind,        1 },
        { "header: size",                          h_size,        1 },
        { "header: reserved",                      h_reserved,    1 },
        { "header: ids backwards",                 h_ids,         1 },
        { "header: a table without lines",         h_no_lines,    1 },
        { "header: lines no power of two",         h_three,       1 },
        { "header: 2^31 lines",                    h_many,        1 },
        { "header: a table in the header",         h_in_header,   1 },
        { "header: a table that is not aligned",   h_unaligned,   1 },
        { "header: a table beyond the end",        h_beyond,      1 },
        { "header: a table that wraps around",     h_wraps,       1 },
        { "header: records beyond the end",        h_records,     1 },
        { "header: 4 GiB of records",              h_records_max, 1 },
        { "line: 15 slots",                        l_count,       0 },
        { "line: overflowed twice",                l_overflowed,  0 },
        { "line: reserved",                        l_reserved,    0 },
        { "1: a slot into the header",             s_zero,        0 },
        { "1: a slot into a table",                s_table,       0 },
        { "1: a slot into the middle of a record", s_inside,      0 },
        { "1: a slot 8 bytes before the end",      s_last,        0 },
        { "1: a slot to the end",                  s_end,         0 },
        { "1: a slot far beyond",                  s_far,         0 },
        { "a group among the users",               s_group,       0 },
        { "record: type",                          r_type,        0 },
        { "record: unknown flag",                  r_flags,       0 },
        { "record: a user of a group's kind",      r_group_kind,  0 },
        { "record: reserved",                      r_reserved,    0 },
        { "3: ids without a passwd entry",         r_no_passwd,   0 },
        { "3: gid 0",                              r_gid_0,       0 },
        { "3: gid above the range",                r_gid_far,     0 },
        { "3: uid above the file's own range",     r_range,       0 },
        { "3: no name",                            r_no_name,     0 },
        { "1: a name longer than the record",      r_long_name,   0 },
        { "1: one membership too many",            r_n_plain,     0 },
        { "1: 2^32 - 1 memberships",               r_n_plain_max, 0 },
        { "1: 2^32 - 1 with times",                r_n_timed_max, 0 },
        { "3: a capital",                          r_capital,     0 },
        { "3: a name with a NUL",                  r_nul,         0 },
        { "3: a name that does not end",           r_unended,     0 },
        { "3: root",                               r_root,        0 },
        { "3: a home that is not absolute",        r_home,        0 },
        { "3: a home with a colon",                r_home_colon,  0 },
        { "3: a shell with a newline",             r_shell,       0 },
};

static struct image clinic(void) {
        struct snapshot_builder *b = clinic_public(1, 1, 0);
        struct image im = { 0 };

        if (snapshot_builder_image(b, &im.at, &im.n) != 0)
                exit(1);
        (void) snapshot_builder_free(b);
        return im;
}

static void sealed(void) {
        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                struct image im = clinic();
                struct snapshot_record *const r = anna(&im);
                const uint32_t length = r->length;
                struct snapshot_file f;
                struct snapshot_entry e;
                int at_once, by_name = 0;

                cases[i].damage(&im);
                if (!cases[i].in_header)
                        seal(&im, r, length);
                else
                        header(&im)->check = snapshot_mix64(header(&im)->seed, im.at, offsetof(struct snapshot_header, check));
                at_once = snapshot_file_init(&f, im.at, im.n, SNAPSHOT_PUBLIC);
                if (at_once == 0)
                        by_name = snapshot_file_by_name(&f, SNAPSHOT_USER, "anna", 4, &e);
                ok(cases[i].in_header ? at_once == -EBADMSG : at_once == 0 && by_name == -EBADMSG,
                   "%s (%d, %d)", cases[i].name, at_once, by_name);
                free(im.at);
        }
}

/* Lengths are a case of their own: the check covers what the field says. */
static void lengths(void) {
        static const uint32_t wrong[] = { 0, 8, 48, 52, 57, SNAPSHOT_RECORD_MAX + 8, UINT32_MAX & ~7U, 1 << 20 };

        for (size_t i = 0; i < N_ELEMENTS(wrong); i++) {
                struct image im = clinic();
                struct snapshot_record *const record = anna(&im);
                struct snapshot_file f;
                struct snapshot_entry e;
                int r;

                record->length = wrong[i];
                seal(&im, record, wrong[i]);
                r = snapshot_file_init(&f, im.at, im.n, SNAPSHOT_PUBLIC);
                if (r == 0)
                        r = snapshot_file_by_name(&f, SNAPSHOT_USER, "anna", 4, &e);
                ok(r == -EBADMSG, "1: a record of %u bytes", (unsigned) wrong[i]);
                free(im.at);
        }
}

/* Every line says "look on": the search ends all the same. */
static void endless(void) {
        struct image im = clinic();
        struct snapshot_record *const r = anna(&im);
        struct snapshot_file f;
        struct snapshot_entry e;

        for (uint32_t i = 0; i < header(&im)->tables[SNAPSHOT_USER_NAMES].n; i++)
                line(&im, SNAPSHOT_USER_NAMES)[i].overflowed = 1;
        seal(&im, r, r->length);
        ok(snapshot_file_init(&f, im.at, im.n, SNAPSHOT_PUBLIC) == 0 &&
           snapshot_file_by_name(&f, SNAPSHOT_USER, "nobody", 6, &e) == SNAPSHOT_E_NOT_FOUND &&
           snapshot_file_by_name(&f, SNAPSHOT_USER, "anna", 4, &e) == SNAPSHOT_OK, "a table that overflows everywhere");
        free(im.at);
}

static void members(void) {
        struct image im = clinic();
        struct snapshot_file f;
        struct snapshot_entry e;
        struct snapshot_record *r;
        uint32_t *offsets;

        ok(snapshot_file_init(&f, im.at, im.n, SNAPSHOT_PUBLIC) == 0 &&
           snapshot_file_by_name(&f, SNAPSHOT_GROUP, "unit-listed", 11, &e) == SNAPSHOT_OK &&
           strcmp(snapshot_member(&e, 0), "lena") == 0 && strcmp(snapshot_member(&e, 1), "mo") == 0 &&
           !snapshot_member(&e, 2), "members");
        r = (struct snapshot_record *) (uintptr_t) e.record;
        offsets = (uint32_t *) (r + 1);
        {
                const uint32_t wrong[] = { 0, 47, 48, 55, r->length, r->length - 1, UINT32_MAX };

                for (size_t i = 0; i < N_ELEMENTS(wrong); i++) {
                        offsets[0] = wrong[i];
                        ok(!snapshot_member(&e, 0), "1: a member at %u", (unsigned) wrong[i]);
                }
        }
        ok(snapshot_file_by_name(&f, SNAPSHOT_USER, "anna", 4, &e) == SNAPSHOT_OK && !snapshot_member(&e, 0),
           "a user has no members");
        free(im.at);
}

/* -- What the format computes, as docs/snapshot-format.md has it ----------------------------------------- */

/* Byte by byte. */
static uint64_t plain_mix64(uint64_t seed, const uint8_t *p, size_t n) {
        uint64_t h = seed ^ UINT64_C(0x9e3779b97f4a7c15);

        for (size_t at = 0; at < n; at += 8) {
                uint64_t word = 0;

                for (size_t i = 0; i < 8 && at + i < n; i++)
                        word |= (uint64_t) p[at + i] << 8 * i;
                h = (h ^ word) * UINT64_C(0xbf58476d1ce4e5b9);
                h ^= h >> 29;
        }
        h = (h ^ n) * UINT64_C(0x94d049bb133111eb);
        return h ^ h >> 32;
}

static void hashes(void) {
        uint8_t bytes[80];
        unsigned wrong = 0;

        for (size_t i = 0; i < sizeof bytes; i++)
                bytes[i] = (uint8_t) (i * 151 + 73);
        for (size_t from = 0; from < 8; from++)
                for (size_t n = 0; from + n <= sizeof bytes; n++)
                        wrong += snapshot_mix64(4711, bytes + from, n) != plain_mix64(4711, bytes + from, n);
        ok(wrong == 0, "the hash of every length (%u wrong)", wrong);
}

static void bytes_of_names(void) {
        unsigned wrong = 0;

        for (int i = 0; i < 256; i++) {
                const char c = (char) i, name[] = { 'a', c, 'b' }, path[] = { '/', 'h', c };
                const int first = (c >= 'a' && c <= 'z') || c == '_';
                const int in_name = first || (c >= '0' && c <= '9') || c == '.' || c == '-';

                wrong += snapshot_name_is_valid(&c, 1) != first;
                wrong += snapshot_name_is_valid(name, sizeof name) != in_name;
                wrong += snapshot_path_is_valid(path, sizeof path) != (i > ' ' && i <= '~' && c != ':');
        }
        ok(wrong == 0, "every byte in a name, at its beginning and in a path (%u wrong)", wrong);
}

int main(void) {
        sealed();
        lengths();
        endless();
        members();
        hashes();
        bytes_of_names();
        return finish();
}
