/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-format-page.c - docs/snapshot-format.md says what common/snapshot-format.h says
 *
 *     test-format-page FILE
 *
 * Every row is a line of the page, spaces apart, made from the constants and
 * the offsets in the structs.
 */

#include "cleanup.h"
#include "snapshot-format.h"
#include "world.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char *page;

/* The page with every run of spaces as one. */
static void squeeze(char *s) {
        char *to = s;

        for (const char *from = s; *from; from++)
                if (*from != ' ' || (to > s && to[-1] != ' '))
                        *to++ = *from;
        *to = '\0';
}

static void says(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));
static void says(const char *format, ...) {
        char line[256];
        va_list ap;

        va_start(ap, format);
        (void) vsnprintf(line, sizeof line, format, ap);
        va_end(ap);
        ok(strstr(page, line) != NULL, "%s", line);
}

#define AT(type, member) ((unsigned) offsetof(struct type, member))

int main(int argc, char **argv) {
        size_t n;

        if (argc != 2)
                return 2;
        page = (char *) world_read(argv[1], &n);
        page[n] = '\0';
        squeeze(page);

        says("header = %u bytes:", (unsigned) sizeof(struct snapshot_header));
        says("%u magic 8 bytes \"%s\"", AT(snapshot_header, magic), SNAPSHOT_MAGIC);
        says("%u version u32 %u", AT(snapshot_header, version), SNAPSHOT_VERSION);
        says("%u kind u32 %u..%u", AT(snapshot_header, kind), SNAPSHOT_PUBLIC, SNAPSHOT_OVERLAY);
        says("%u size u64", AT(snapshot_header, size));
        says("%u generation u64", AT(snapshot_header, generation));
        says("%u serial u64", AT(snapshot_header, serial));
        says("%u written i64", AT(snapshot_header, written));
        says("%u seed u64", AT(snapshot_header, seed));
        says("%u id-min, id-max u32 u32", AT(snapshot_header, id_min));
        says("%u %u x table", AT(snapshot_header, tables), SNAPSHOT_TABLES);
        says("%u records", AT(snapshot_header, records));
        says("%u reserved", AT(snapshot_header, reserved));
        says("%u check u64 of bytes 0..%u", AT(snapshot_header, check), AT(snapshot_header, check) - 1);

        says("line = %u bytes:", (unsigned) sizeof(struct snapshot_line));
        says("%u count u8 slots in use, 0..%u", AT(snapshot_line, count), SNAPSHOT_LINE_SLOTS);
        says("%u overflowed u8", AT(snapshot_line, overflowed));
        says("%u reserved u16", AT(snapshot_line, reserved));
        says("%u slot %u x u32", AT(snapshot_line, slot), SNAPSHOT_LINE_SLOTS);

        says("%u length u32 of the whole record, multiple of 8, at most %u MiB", AT(snapshot_record, length),
             (unsigned) SNAPSHOT_RECORD_MAX >> 20);
        says("%u type u8 %u user, %u group", AT(snapshot_record, type), SNAPSHOT_USER, SNAPSHOT_GROUP);
        says("%u flags u8", AT(snapshot_record, flags));
        says("bit %d GONE", __builtin_ctz(SNAPSHOT_GONE));
        says("bit %d PASSWD", __builtin_ctz(SNAPSHOT_PASSWD));
        says("bit %d PRIVATE-KIND", __builtin_ctz(SNAPSHOT_PRIVATE_KIND));
        says("bit %d CHOICE", __builtin_ctz(SNAPSHOT_CHOICE));
        says("bit %d LISTED", __builtin_ctz(SNAPSHOT_LISTED));
        says("%u group kind u8 0 user; %u role %u unit %u role at unit %u org %u service %u client %u client-service %u record service",
             AT(snapshot_record, group_kind), SNAPSHOT_GROUP_ROLE, SNAPSHOT_GROUP_UNIT, SNAPSHOT_GROUP_ROLE_AT_UNIT,
             SNAPSHOT_GROUP_ORG, SNAPSHOT_GROUP_SERVICE, SNAPSHOT_GROUP_CLIENT, SNAPSHOT_GROUP_CLIENT_SERVICE,
             SNAPSHOT_GROUP_SERVICE_RECORD);
        says("%u n-name u8", AT(snapshot_record, n_name));
        says("%u id, gid u32 u32", AT(snapshot_record, id));
        says("%u n-home n-shell u8 u8", AT(snapshot_record, n_home));
        says("%u reserved u16", AT(snapshot_record, reserved));
        says("%u from, until i64 i64", AT(snapshot_record, from));
        says("%u n-plain u32", AT(snapshot_record, n_plain));
        says("%u n-timed u32", AT(snapshot_record, n_timed));
        says("%u timed n-timed * (from i64, until i64, gid u32, zero u32)", (unsigned) sizeof(struct snapshot_record));

        says("| %d public base |", SNAPSHOT_PUBLIC);
        says("| %d private base |", SNAPSHOT_PRIVATE);
        says("| %d public delta |", SNAPSHOT_PUBLIC_DELTA);
        says("| %d private delta |", SNAPSHOT_PRIVATE_DELTA);
        says("| %d self |", SNAPSHOT_SELF);
        says("| %d overlay |", SNAPSHOT_OVERLAY);
        says("(2 001 000 000 - 2 100 999 999)");
        ok(SNAPSHOT_ID_MIN == 2001000000 && SNAPSHOT_ID_MAX == 2100999999, "the compiled range");
        ok(SNAPSHOT_REOPEN_MAX == 5, "five times in all");
        says("`[a-z_][a-z0-9_.-]*`, %u bytes at most", SNAPSHOT_NAME_MAX);
        says("%u bytes at most; homes", SNAPSHOT_PATH_MAX);
        says("`epoch` = %u bytes: magic \"%s\", version u32 %u", SNAPSHOT_EPOCH_SIZE, SNAPSHOT_EPOCH_MAGIC, SNAPSHOT_VERSION);
        free(page);
        return finish();
}
