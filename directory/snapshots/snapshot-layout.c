/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot-layout.c - from a builder to the bytes of a file (the grammar stands in common/snapshot-file.c)
 */

#include "snapshot-builder.h"

#include "cleanup.h"

#include <errno.h>
#include <stdlib.h>

enum {
        LINE_LOAD     = SNAPSHOT_LINE_SLOTS / 2,        /* slots in use of a line, on average, at most */
        SECTION_ALIGN = 64,
};

static uint32_t lines_for(size_t n) {
        uint32_t lines = 1;

        while ((uint64_t) lines * LINE_LOAD < n)
                lines *= 2;
        return lines;
}

static void table_put(uint8_t *image, const struct snapshot_section *table, uint64_t hash, uint32_t offset) {
        struct snapshot_line *const lines = (struct snapshot_line *) (void *) (image + table->offset);
        uint32_t i = (uint32_t) hash & (table->n - 1);

        /* There is room: a table has twice the slots that are needed. */
        while (lines[i].count == SNAPSHOT_LINE_SLOTS) {
                lines[i].overflowed = 1;
                i = (i + 1) & (table->n - 1);
        }
        lines[i].slot[lines[i].count++] = snapshot_slot(offset, hash);
}

static void records_put(const struct snapshot_builder *b, uint8_t *image, const struct snapshot_header *h) {
        uint32_t offset = h->records.offset;

        for (size_t i = 0; i < b->n_records; i++) {
                const struct snapshot_record *const record = b->records[i];
                const int is_user = record->type == SNAPSHOT_USER;
                const uint64_t id = record->id;
                uint32_t check;

                memcpy(image + offset, record, record->length);
                check = snapshot_check32(b->seed, offset, image + offset, record->length);
                memcpy(image + offset, &check, sizeof check);

                table_put(image, &h->tables[is_user ? SNAPSHOT_USER_NAMES : SNAPSHOT_GROUP_NAMES],
                          snapshot_mix64(b->seed, record_name(record), record->n_name), offset);
                if (record->id != 0)
                        table_put(image, &h->tables[is_user ? SNAPSHOT_USER_IDS : SNAPSHOT_GROUP_IDS],
                                  snapshot_mix64(b->seed, &id, sizeof id), offset);
                offset += record->length;
        }
}

static void lines_check(const struct snapshot_builder *b, uint8_t *image, const struct snapshot_header *h) {
        for (size_t t = 0; t < SNAPSHOT_TABLES; t++)
                for (uint32_t i = 0; i < h->tables[t].n; i++) {
                        const uint32_t offset = h->tables[t].offset + i * (uint32_t) SNAPSHOT_LINE_SIZE;
                        const uint32_t check = snapshot_check32(b->seed, offset, image + offset, SNAPSHOT_LINE_SIZE);

                        memcpy(image + offset, &check, sizeof check);
                }
}

uint64_t snapshot_builder_size(const struct snapshot_builder *b) {
        return b->n_bytes;
}

int snapshot_builder_image(const struct snapshot_builder *b, uint8_t **ret, size_t *ret_n) {
        struct snapshot_header h = {
                .magic = SNAPSHOT_MAGIC,
                .version = SNAPSHOT_VERSION,
                .kind = (uint32_t) b->kind,
                .generation = b->generation,
                .serial = b->serial,
                .written = b->written,
                .seed = b->seed,
                .id_min = SNAPSHOT_ID_MIN,
                .id_max = SNAPSHOT_ID_MAX,
        };
        uint64_t size = SNAPSHOT_HEADER_SIZE;
        uint8_t *image;

        for (size_t t = 0; t < SNAPSHOT_TABLES; t++) {
                h.tables[t] = (struct snapshot_section) { .offset = (uint32_t) size, .n = lines_for(b->n_in[t]) };
                size += (uint64_t) h.tables[t].n * SNAPSHOT_LINE_SIZE;
        }
        h.records = (struct snapshot_section) { .offset = (uint32_t) size, .n = (uint32_t) b->n_bytes };
        size += b->n_bytes;
        if (size > SNAPSHOT_FILE_MAX || size > SIZE_MAX)
                return SNAPSHOT_BUILD_E_FULL;
        h.size = size;
        h.check = snapshot_mix64(h.seed, &h, offsetof(struct snapshot_header, check));

        image = calloc(1, (size_t) size);
        if (!image)
                return -ENOMEM;
        memcpy(image, &h, sizeof h);
        records_put(b, image, &h);
        lines_check(b, image, &h);

        *ret = image;
        *ret_n = (size_t) size;
        return 0;
}

_Static_assert(SNAPSHOT_HEADER_SIZE % SECTION_ALIGN == 0 && SNAPSHOT_LINE_SIZE % SECTION_ALIGN == 0,
               "tables and records begin at multiples of 64 without padding");
