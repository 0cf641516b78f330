/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * snapshot-format.h - the snapshot files, byte by byte (docs/snapshot-format.md)
 *
 * Shared by the reader in common/ and the writer in directory/.  The structs
 * have no padding of the compiler's and the same layout on 32 and 64 bit; a
 * big-endian host is refused at build time rather than supported untested.
 */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "snapshots are little-endian"
#endif

#define SNAPSHOT_MAGIC       "CAREROLE"
#define SNAPSHOT_EPOCH_MAGIC "CAREPOCH"

enum {
        SNAPSHOT_VERSION        = 1,
        SNAPSHOT_HEADER_SIZE    = 256,
        SNAPSHOT_LINE_SIZE      = 64,
        SNAPSHOT_LINE_SLOTS     = 14,
        SNAPSHOT_SLOT_TAG       = 7,            /* the low bits of a slot: the high bits of the hash */
        SNAPSHOT_RECORD_MIN     = 56,           /* fixed part 48, name, three NULs, padded        */
        SNAPSHOT_RECORD_MAX     = 16 << 20,
        SNAPSHOT_EPOCH_SIZE     = 4096,
        SNAPSHOT_NAME_MAX       = 64,           /* bytes, without NUL                             */
        SNAPSHOT_PATH_MAX       = 255,          /* home and shell, bytes, without NUL             */
        SNAPSHOT_REOPEN_MAX     = 5,
        SNAPSHOT_SELF_LAG_S     = 300,          /* after a new base, until self entries have to be of it */
};

#define SNAPSHOT_FILE_MAX UINT32_MAX

#define SNAPSHOT_NEXT_DELTA "private.delta.next"        /* from one rename of a writer to the next */

#define SNAPSHOT_ID_MIN UINT32_C(2001000000)
#define SNAPSHOT_ID_MAX UINT32_C(2100999999)

enum snapshot_kind {
        SNAPSHOT_PUBLIC        = 1,
        SNAPSHOT_PRIVATE       = 2,
        SNAPSHOT_PUBLIC_DELTA  = 3,
        SNAPSHOT_PRIVATE_DELTA = 4,
        SNAPSHOT_SELF          = 5,
        SNAPSHOT_OVERLAY       = 6,
};

enum snapshot_table {
        SNAPSHOT_USER_NAMES,
        SNAPSHOT_USER_IDS,
        SNAPSHOT_GROUP_NAMES,
        SNAPSHOT_GROUP_IDS,
        SNAPSHOT_TABLES,
};

enum { SNAPSHOT_USER = 1, SNAPSHOT_GROUP = 2 };                         /* record type            */
enum {                                                                  /* record flags           */
        SNAPSHOT_GONE         = 1 << 0,
        SNAPSHOT_PASSWD       = 1 << 1,
        SNAPSHOT_PRIVATE_KIND = 1 << 2,
        SNAPSHOT_CHOICE       = 1 << 3,
        SNAPSHOT_LISTED       = 1 << 4,         /* a group whose members are listed               */
        SNAPSHOT_FLAGS        = (1 << 5) - 1,
};

enum snapshot_group_kind {
        SNAPSHOT_GROUP_ROLE           = 1,
        SNAPSHOT_GROUP_UNIT           = 2,
        SNAPSHOT_GROUP_ROLE_AT_UNIT   = 3,
        SNAPSHOT_GROUP_ORG            = 4,
        SNAPSHOT_GROUP_SERVICE        = 5,
        SNAPSHOT_GROUP_CLIENT         = 6,
        SNAPSHOT_GROUP_CLIENT_SERVICE = 7,
        SNAPSHOT_GROUP_SERVICE_RECORD = 8,      /* a record service: never for a private kind (K8) */
};

struct snapshot_section {
        uint32_t offset;
        uint32_t n;                             /* tables: lines; records: bytes                  */
};

struct snapshot_header {
        char     magic[8];
        uint32_t version;
        uint32_t kind;
        uint64_t size;
        uint64_t generation;
        uint64_t serial;
        int64_t  written;
        uint64_t seed;
        uint32_t id_min, id_max;
        struct snapshot_section tables[SNAPSHOT_TABLES];
        struct snapshot_section records;
        uint8_t  reserved[144];
        uint64_t check;
};

struct snapshot_line {
        uint32_t check;
        uint8_t  count;
        uint8_t  overflowed;
        uint16_t reserved;
        uint32_t slot[SNAPSHOT_LINE_SLOTS];
};

struct snapshot_record {
        uint32_t check;
        uint32_t length;
        uint8_t  type;
        uint8_t  flags;
        uint8_t  group_kind;
        uint8_t  n_name;
        uint32_t id, gid;
        uint8_t  n_home, n_shell;
        uint16_t reserved;
        int64_t  from, until;
        uint32_t n_plain, n_timed;
};

struct snapshot_timed {
        int64_t  from, until;
        uint32_t gid;
        uint32_t reserved;
};

struct snapshot_epoch {
        char     magic[8];
        uint32_t version;
        uint32_t reserved;
        uint64_t counter;
};

_Static_assert(sizeof(struct snapshot_header) == SNAPSHOT_HEADER_SIZE, "header");
_Static_assert(offsetof(struct snapshot_header, check) == 248, "header check");
_Static_assert(sizeof(struct snapshot_line) == SNAPSHOT_LINE_SIZE, "line");
_Static_assert(sizeof(struct snapshot_record) == 48, "record");
_Static_assert(sizeof(struct snapshot_timed) == 24, "timed");
_Static_assert(offsetof(struct snapshot_epoch, counter) == 16, "epoch");

/* The slot of a record at @offset whose hash is @hash: a reader visits only slots with the tag it looks for. */
static inline uint32_t snapshot_slot(uint32_t offset, uint64_t hash) {
        return offset | (uint32_t) (hash >> 61);
}

static inline int snapshot_id_is_ours(uint32_t id) {
        return id >= SNAPSHOT_ID_MIN && id <= SNAPSHOT_ID_MAX;
}

/* Is this the head of an epoch page?  The counter is not looked at. */
static inline int snapshot_epoch_is_valid(const struct snapshot_epoch *page) {
        return memcmp(page->magic, SNAPSHOT_EPOCH_MAGIC, sizeof page->magic) == 0 &&
               page->version == SNAPSHOT_VERSION && page->reserved == 0;
}

/* What a byte may be part of. */
enum {
        SNAPSHOT_IN_NAME    = 1 << 0,
        SNAPSHOT_BEGIN_NAME = 1 << 1,
        SNAPSHOT_IN_PATH    = 1 << 2,           /* printable ASCII without space and colon        */
};

static inline int snapshot_byte_is(char c, int part) {
        enum { P = SNAPSHOT_IN_PATH, N = P | SNAPSHOT_IN_NAME, L = N | SNAPSHOT_BEGIN_NAME };
        static const uint8_t parts[256] = {
                ['!'] = P, P, P, P, P, P, P, P, P, P, P, P, N, N, P,                    /* to the slash */
                ['0'] = N, N, N, N, N, N, N, N, N, N,
                [';'] = P, P, P, P, P, P,                                               /* to the at    */
                ['A'] = P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P,
                ['['] = P, P, P, P, L, P,                                               /* to the grave */
                ['a'] = L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
                ['{'] = P, P, P, P,                                                     /* to the tilde */
        };

        return parts[(uint8_t) c] & part;
}

/* A name of a user or group: [a-z_][a-z0-9_.-]*, at most SNAPSHOT_NAME_MAX bytes, and never "root". */
static inline int snapshot_name_is_valid(const char *name, size_t n) {
        if (n < 1 || n > SNAPSHOT_NAME_MAX || (n == 4 && memcmp(name, "root", 4) == 0) ||
            !snapshot_byte_is(name[0], SNAPSHOT_BEGIN_NAME))
                return 0;
        for (size_t i = 1; i < n; i++)
                if (!snapshot_byte_is(name[i], SNAPSHOT_IN_NAME))
                        return 0;
        return 1;
}

/* The length of a name that is valid, else 0; nothing is read behind its NUL or SNAPSHOT_NAME_MAX bytes and one. */
static inline size_t snapshot_name_length(const char *name) {
        size_t n = 0;

        while (n <= SNAPSHOT_NAME_MAX && snapshot_byte_is(name[n], SNAPSHOT_IN_NAME))
                n++;
        return n <= SNAPSHOT_NAME_MAX && name[n] == '\0' && snapshot_name_is_valid(name, n) ? n : 0;
}

/*
 * The name of a group of @kind: with the beginning that is careid's for it.
 * Programs go by a group's name whatever its gid: one called "sudo" would be
 * the sudo of their rules.
 */
static inline int snapshot_group_name_is_valid(uint8_t kind, const char *name, size_t n) {
        static const char *const beginnings[] = {
                [SNAPSHOT_GROUP_ROLE]           = "role-",
                [SNAPSHOT_GROUP_UNIT]           = "unit-",
                [SNAPSHOT_GROUP_ROLE_AT_UNIT]   = "unit-",
                [SNAPSHOT_GROUP_ORG]            = "org-",
                [SNAPSHOT_GROUP_SERVICE]        = "service-",
                [SNAPSHOT_GROUP_CLIENT]         = "client-",
                [SNAPSHOT_GROUP_CLIENT_SERVICE] = "client-",
                [SNAPSHOT_GROUP_SERVICE_RECORD] = "service-",
        };
        const char *const beginning = kind <= SNAPSHOT_GROUP_SERVICE_RECORD ? beginnings[kind] : NULL;
        const size_t n_beginning = beginning ? strlen(beginning) : 0;

        return beginning && n > n_beginning && memcmp(name, beginning, n_beginning) == 0 &&
               snapshot_name_is_valid(name, n);
}

/* A home or shell: absolute, printable ASCII without space and colon, at most SNAPSHOT_PATH_MAX bytes. */
static inline int snapshot_path_is_valid(const char *path, size_t n) {
        if (n < 1 || n > SNAPSHOT_PATH_MAX || path[0] != '/')
                return 0;
        for (size_t i = 0; i < n; i++)
                if (!snapshot_byte_is(path[i], SNAPSHOT_IN_PATH))
                        return 0;
        return 1;
}

/*
 * A home: a path below one of these, no part of which begins with a dot.  Root
 * makes homes that are missing (pam_mkhomedir) and gives them away: a home in
 * /etc, /root or /var would be root's configuration.
 */
static inline int snapshot_home_is_valid(const char *path, size_t n) {
        static const struct { char at[9]; uint8_t n; } places[] = {
                { "/home/", 6 }, { "/srv/", 5 }, { "/mnt/", 5 }, { "/data/", 6 }, { "/export/", 8 }, { "/nfs/", 5 },
        };
        size_t i = 0;

        if (n < 1 || n > SNAPSHOT_PATH_MAX)
                return 0;
        while (i < sizeof places / sizeof *places && !(n > places[i].n && memcmp(path, places[i].at, places[i].n) == 0))
                i++;
        if (i == sizeof places / sizeof *places || path[n - 1] == '/')
                return 0;
        for (i = 1; i < n; i++)
                if (!snapshot_byte_is(path[i], SNAPSHOT_IN_PATH) || (path[i - 1] == '/' && (path[i] == '/' || path[i] == '.')))
                        return 0;
        return 1;
}

/* The @n bytes, 1 to 7, at @p as a little-endian word. */
static inline uint64_t snapshot_tail64(const uint8_t *p, size_t n) {
        uint32_t low, high;

        if (n < 4)
                return p[0] | (uint64_t) p[n / 2] << 8 * (n / 2) | (uint64_t) p[n - 1] << 8 * (n - 1);
        memcpy(&low, p, sizeof low);
        memcpy(&high, p + n - sizeof high, sizeof high);
        return low | (uint64_t) high << 8 * (n - sizeof high);
}

/*
 * The hash and checksum of the format: one multiply-xorshift round per
 * little-endian 64-bit word, the tail zero-padded, the length mixed in last.
 * It finds damage; it is no protection from the file's owner.
 */
static inline uint64_t snapshot_mix64(uint64_t seed, const void *data, size_t n) {
        const uint8_t *p = data;
        uint64_t h = seed ^ UINT64_C(0x9e3779b97f4a7c15);

        for (size_t left = n; left > 0; p += 8) {
                uint64_t word;

                if (left >= sizeof word) {
                        memcpy(&word, p, sizeof word);
                        left -= sizeof word;
                } else {
                        word = snapshot_tail64(p, left);
                        left = 0;
                }
                h = (h ^ word) * UINT64_C(0xbf58476d1ce4e5b9);
                h ^= h >> 29;
        }
        h = (h ^ n) * UINT64_C(0x94d049bb133111eb);
        return h ^ h >> 32;
}

/* The check of a line or record of @n bytes, its own check field left out, that stands at @offset. */
static inline uint32_t snapshot_check32(uint64_t seed, uint32_t offset, const void *data, size_t n) {
        const uint64_t h = snapshot_mix64(seed ^ offset, (const uint8_t *) data + 4, n - 4);

        return (uint32_t) (h >> 32) ^ (uint32_t) h;
}
