/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot-build.c - collects users and groups and lays out a snapshot file
 *
 * What is added is made into its record at once, all but the check, which
 * depends on where the record will stand.  Rules between entries (a name or
 * id once, K8) are kept by sets of numbers that grow with what is added.
 */

#include "snapshot-builder.h"

#include "cleanup.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

enum {
        SET_START   = 64,
        ENTRIES_MAX = 16 << 20,                         /* users and groups of one file             */
        MEMBERS_MAX = 256 << 10,                        /* memberships of a user, members of a group */
};

/* -- Sets of numbers ----------------------------------------------------------------------------- */

static size_t set_place(const struct number_set *s, uint64_t value) {
        size_t i = (size_t) snapshot_mix64(0, &value, sizeof value) & (s->size - 1);

        while (s->at[i] != 0 && s->at[i] != value)
                i = (i + 1) & (s->size - 1);
        return i;
}

static int set_has(const struct number_set *s, uint64_t value) {
        return s->size > 0 && s->at[set_place(s, value)] == value;
}

static int set_add(struct number_set *s, uint64_t value) {
        if (2 * s->n >= s->size) {
                struct number_set more = { .size = s->size ? 2 * s->size : SET_START };

                more.at = calloc(more.size, sizeof *more.at);
                if (!more.at)
                        return -ENOMEM;
                for (size_t i = 0; i < s->size; i++)
                        if (s->at[i] != 0) {
                                more.at[set_place(&more, s->at[i])] = s->at[i];
                                more.n++;
                        }
                free(s->at);
                *s = more;
        }
        if (!set_has(s, value)) {
                s->at[set_place(s, value)] = value;
                s->n++;
        }
        return 0;
}

/* -- The builder --------------------------------------------------------------------------------- */

int snapshot_builder_new(enum snapshot_kind kind, uint64_t generation, uint64_t serial, int64_t written,
                         struct snapshot_builder **ret) {
        struct snapshot_builder *b;

        if (kind < SNAPSHOT_PUBLIC || kind > SNAPSHOT_OVERLAY)
                return -EINVAL;
        b = calloc(1, sizeof *b);
        if (!b)
                return -ENOMEM;
        b->kind = kind;
        b->generation = generation;
        b->serial = serial;
        b->written = written;
        if (getrandom(&b->seed, sizeof b->seed, 0) != (ssize_t) sizeof b->seed) {
                free(b);
                return -EIO;
        }
        *ret = b;
        return 0;
}

struct snapshot_builder *snapshot_builder_free(struct snapshot_builder *b) {
        if (!b)
                return NULL;
        for (size_t i = 0; i < b->n_records; i++)
                free(b->records[i]);
        free(b->records);
        free(b->keys.at);
        free(b->forbidden.at);
        free(b->held.at);
        free(b);
        return NULL;
}

/* Names are compared by their hashes under a seed that nobody chose; that two names share one is not to be expected. */
static uint64_t key_of_name(const struct snapshot_builder *b, uint8_t type, const char *name, size_t n) {
        return snapshot_mix64(~b->seed ^ type, name, n) | UINT64_C(1) << 63;
}

static uint64_t key_of_id(uint8_t type, uint32_t id) {
        return (uint64_t) type << 32 | id;
}

static int is_delta(const struct snapshot_builder *b) {
        return b->kind == SNAPSHOT_PUBLIC_DELTA || b->kind == SNAPSHOT_PRIVATE_DELTA;
}

/* Everybody can read a file of these kinds: nobody in it is a client, relative or external. */
static int is_public(const struct snapshot_builder *b) {
        return b->kind == SNAPSHOT_PUBLIC || b->kind == SNAPSHOT_PUBLIC_DELTA || b->kind == SNAPSHOT_OVERLAY;
}

static int flags_are_legal(const struct snapshot_builder *b, uint8_t flags) {
        return !(flags & ~SNAPSHOT_FLAGS) && !((flags & SNAPSHOT_GONE) && !is_delta(b)) &&
               !((flags & SNAPSHOT_PRIVATE_KIND) && is_public(b));
}

/* Keep @record, which is taken over on success. */
static int record_keep(struct snapshot_builder *b, struct snapshot_record *record, const char *name) {
        const uint64_t by_name = key_of_name(b, record->type, name, record->n_name);
        const uint64_t by_id = key_of_id(record->type, record->id);
        int r;

        if (set_has(&b->keys, by_name) || (record->id != 0 && set_has(&b->keys, by_id)))
                return SNAPSHOT_BUILD_E_TWICE;
        if (b->n_records >= ENTRIES_MAX || b->n_bytes + record->length > SNAPSHOT_FILE_MAX)
                return SNAPSHOT_BUILD_E_FULL;

        if (b->n_records == b->n_space) {
                const size_t space = b->n_space ? 2 * b->n_space : SET_START;
                struct snapshot_record **more = reallocarray(b->records, space, sizeof *more);

                if (!more)
                        return -ENOMEM;
                b->records = more;
                b->n_space = space;
        }
        r = set_add(&b->keys, by_name);
        if (r == 0 && record->id != 0)
                r = set_add(&b->keys, by_id);
        if (r < 0)
                return r;

        b->records[b->n_records++] = record;
        b->n_bytes += record->length;
        b->n_in[record->type == SNAPSHOT_USER ? SNAPSHOT_USER_NAMES : SNAPSHOT_GROUP_NAMES]++;
        if (record->id != 0)
                b->n_in[record->type == SNAPSHOT_USER ? SNAPSHOT_USER_IDS : SNAPSHOT_GROUP_IDS]++;
        return 0;
}

/* -- Users --------------------------------------------------------------------------------------------- */

static int compare_timed(const void *a, const void *b) {
        const struct snapshot_timed *x = a, *y = b;

        if (x->gid != y->gid)
                return x->gid < y->gid ? -1 : 1;
        if (x->from != y->from)
                return x->from < y->from ? -1 : 1;
        return x->until < y->until ? -1 : x->until > y->until;
}

static int is_unbounded(const struct snapshot_timed *t) {
        return t->from == INT64_MIN && t->until == INT64_MAX;
}

/* Sort the memberships, drop what is said twice, and tell how many are left with and without times. */
static void memberships_tidy(struct snapshot_timed *at, size_t *n, uint32_t *ret_plain, uint32_t *ret_timed) {
        uint32_t plain = 0, timed = 0;
        size_t kept = 0;

        if (*n > 0)
                qsort(at, *n, sizeof *at, compare_timed);
        for (size_t i = 0; i < *n; i++) {
                if (kept > 0 && compare_timed(&at[kept - 1], &at[i]) == 0)
                        continue;
                at[kept++] = at[i];
                if (is_unbounded(&at[i]))
                        plain++;
                else
                        timed++;
        }
        *n = kept;
        *ret_plain = plain;
        *ret_timed = timed;
}

static int memberships_check(const struct snapshot_build_user *user) {
        for (size_t i = 0; i < user->n_memberships; i++) {
                const struct snapshot_timed *m = &user->memberships[i];

                if (!snapshot_id_is_ours(m->gid) || m->reserved != 0 || m->from >= m->until)
                        return SNAPSHOT_BUILD_E_RANGE;
        }
        return 0;
}

static int user_check(const struct snapshot_builder *b, const struct snapshot_build_user *user) {
        const int passwd = user->flags & SNAPSHOT_PASSWD, gone = user->flags & SNAPSHOT_GONE;

        if (!flags_are_legal(b, user->flags) || user->flags & SNAPSHOT_LISTED || !snapshot_name_is_valid(user->name, strlen(user->name)) ||
            user->from >= user->until)
                return SNAPSHOT_BUILD_E_RANGE;
        if (passwd && (!snapshot_id_is_ours((uint32_t) user->uid) || !snapshot_id_is_ours((uint32_t) user->gid)))
                return SNAPSHOT_BUILD_E_RANGE;
        if (!passwd && (user->uid != 0 || user->gid != 0 || user->home || user->shell))
                return SNAPSHOT_BUILD_E_RANGE;
        if (passwd && !gone && (!user->home || !snapshot_home_is_valid(user->home, strlen(user->home)) ||
                                !user->shell || !snapshot_path_is_valid(user->shell, strlen(user->shell))))
                return SNAPSHOT_BUILD_E_RANGE;
        if (gone && (user->home || user->shell || user->n_memberships > 0))
                return SNAPSHOT_BUILD_E_RANGE;
        if (user->n_memberships > MEMBERS_MAX)
                return SNAPSHOT_BUILD_E_RANGE;
        return memberships_check(user);
}

/* K8: a client, relative or external holds nothing of a record service; neither of one that is added later. */
static int user_check_k8(const struct snapshot_builder *b, const struct snapshot_build_user *user) {
        if (!(user->flags & SNAPSHOT_PRIVATE_KIND))
                return 0;
        if (set_has(&b->forbidden, user->gid))
                return SNAPSHOT_BUILD_E_K8;
        for (size_t i = 0; i < user->n_memberships; i++)
                if (set_has(&b->forbidden, user->memberships[i].gid))
                        return SNAPSHOT_BUILD_E_K8;
        return 0;
}

static int user_remember_k8(struct snapshot_builder *b, const struct snapshot_build_user *user) {
        int r = 0;

        if (!(user->flags & SNAPSHOT_PRIVATE_KIND))
                return 0;
        if (user->gid != 0)
                r = set_add(&b->held, user->gid);
        for (size_t i = 0; r == 0 && i < user->n_memberships; i++)
                r = set_add(&b->held, user->memberships[i].gid);
        return r;
}

static char *append(char *at, const void *data, size_t n) {
        if (n > 0)
                memcpy(at, data, n);
        return at + n;
}

int snapshot_builder_add_user(struct snapshot_builder *b, const struct snapshot_build_user *user) {
        auto_free struct snapshot_timed *memberships = NULL;
        auto_free struct snapshot_record *record = NULL;
        size_t n = user->n_memberships, n_name, n_home, n_shell, length;
        uint32_t n_plain, n_timed;
        char *at;
        int r;

        r = user_check(b, user);
        if (r == 0)
                r = user_check_k8(b, user);
        if (r != 0)
                return r;

        memberships = calloc(n + 1, sizeof *memberships);
        if (!memberships)
                return -ENOMEM;
        if (n > 0)
                memcpy(memberships, user->memberships, n * sizeof *memberships);
        memberships_tidy(memberships, &n, &n_plain, &n_timed);

        n_name = strlen(user->name);
        n_home = user->home ? strlen(user->home) : 0;
        n_shell = user->shell ? strlen(user->shell) : 0;
        length = record_round_up(sizeof *record + n_timed * sizeof *memberships + n_plain * sizeof(uint32_t) +
                                 n_name + n_home + n_shell + 3);
        record = calloc(1, length);
        if (!record)
                return -ENOMEM;

        *record = (struct snapshot_record) {
                .length = (uint32_t) length,
                .type = SNAPSHOT_USER,
                .flags = user->flags,
                .n_name = (uint8_t) n_name,
                .id = (uint32_t) user->uid,
                .gid = (uint32_t) user->gid,
                .n_home = (uint8_t) n_home,
                .n_shell = (uint8_t) n_shell,
                .from = user->from,
                .until = user->until,
                .n_plain = n_plain,
                .n_timed = n_timed,
        };
        at = (char *) (record + 1);
        for (size_t i = 0; i < n; i++)
                if (!is_unbounded(&memberships[i]))
                        at = append(at, &memberships[i], sizeof *memberships);
        for (size_t i = 0; i < n; i++)
                if (is_unbounded(&memberships[i]))
                        at = append(at, &memberships[i].gid, sizeof memberships[i].gid);
        at = append(at, user->name, n_name) + 1;
        at = append(at, user->home, n_home) + 1;
        (void) append(at, user->shell, n_shell);

        r = record_keep(b, record, user->name);
        if (r != 0)
                return r;
        (void) STEAL_PTR(record);
        return user_remember_k8(b, user);
}

/* -- Groups -------------------------------------------------------------------------------------- */

static int group_check(const struct snapshot_builder *b, const struct snapshot_build_group *group) {
        if (!flags_are_legal(b, group->flags) || (group->flags & ~(SNAPSHOT_GONE | SNAPSHOT_LISTED)) ||
            group->flags == (SNAPSHOT_GONE | SNAPSHOT_LISTED) || (group->n_members > 0 && !(group->flags & SNAPSHOT_LISTED)) ||
            !snapshot_id_is_ours((uint32_t) group->gid) ||
            !snapshot_group_name_is_valid((uint8_t) group->kind, group->name, strlen(group->name)) ||
            group->n_members > MEMBERS_MAX)
                return SNAPSHOT_BUILD_E_RANGE;
        for (size_t i = 0; i < group->n_members; i++)
                if (!snapshot_name_is_valid(group->members[i], strlen(group->members[i])))
                        return SNAPSHOT_BUILD_E_RANGE;
        if (group->kind == SNAPSHOT_GROUP_SERVICE_RECORD && set_has(&b->held, group->gid))
                return SNAPSHOT_BUILD_E_K8;
        return 0;
}

int snapshot_builder_add_group(struct snapshot_builder *b, const struct snapshot_build_group *group) {
        auto_free struct snapshot_record *record = NULL;
        size_t n_name, length;
        uint32_t *members;
        char *at;
        int r;

        r = group_check(b, group);
        if (r != 0)
                return r;

        n_name = strlen(group->name);
        length = sizeof *record + group->n_members * sizeof *members + n_name + 3;
        for (size_t i = 0; i < group->n_members; i++)
                length += strlen(group->members[i]) + 1;
        length = record_round_up(length);
        if (length > SNAPSHOT_RECORD_MAX)
                return SNAPSHOT_BUILD_E_RANGE;
        record = calloc(1, length);
        if (!record)
                return -ENOMEM;

        *record = (struct snapshot_record) {
                .length = (uint32_t) length,
                .type = SNAPSHOT_GROUP,
                .flags = group->flags,
                .group_kind = (uint8_t) group->kind,
                .n_name = (uint8_t) n_name,
                .id = (uint32_t) group->gid,
                .from = INT64_MIN,
                .until = INT64_MAX,
                .n_plain = (uint32_t) group->n_members,
        };
        members = (uint32_t *) (record + 1);
        at = append((char *) (members + group->n_members), group->name, n_name) + 3;
        for (size_t i = 0; i < group->n_members; i++) {
                members[i] = (uint32_t) (at - (char *) record);
                at = append(at, group->members[i], strlen(group->members[i])) + 1;
        }

        r = record_keep(b, record, group->name);
        if (r != 0)
                return r;
        (void) STEAL_PTR(record);
        return group->kind == SNAPSHOT_GROUP_SERVICE_RECORD ? set_add(&b->forbidden, group->gid) : 0;
}

int snapshot_builder_forbid(struct snapshot_builder *b, gid_t record_gid) {
        if (!snapshot_id_is_ours((uint32_t) record_gid))
                return SNAPSHOT_BUILD_E_RANGE;
        if (set_has(&b->held, record_gid))
                return SNAPSHOT_BUILD_E_K8;
        return set_add(&b->forbidden, record_gid);
}
