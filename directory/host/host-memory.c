/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * host-memory.c - the names and numbers of a host's users and groups, read once
 *
 * Two hash tables with open addresses, at most half full.
 */

#include "host-memory.h"

#include "cleanup.h"

#include <errno.h>
#include <string.h>

enum { ROOM_MIN = 256 };

struct entry {
        char    *name;                          /* NULL: free                                     */
        uint32_t id;
        bool     user;
};

struct host_memory {
        struct entry *by_name;
        uint32_t     *by_number;                /* index into by_name + 1; 0: free                */
        size_t        n, room;                  /* a power of two                                 */
};

static size_t hash_name(const char *name) {
        uint64_t h = UINT64_C(0xcbf29ce484222325);

        for (; *name; name++)
                h = (h ^ (unsigned char) *name) * UINT64_C(0x100000001b3);
        return (size_t) (h ^ h >> 32);
}

static size_t hash_number(uint32_t id) {
        return (size_t) (id * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

static void place(struct host_memory *m, struct entry e) {
        size_t at = hash_name(e.name) & (m->room - 1), number = hash_number(e.id) & (m->room - 1);

        while (m->by_name[at].name)
                at = (at + 1) & (m->room - 1);
        m->by_name[at] = e;
        while (m->by_number[number])
                number = (number + 1) & (m->room - 1);
        m->by_number[number] = (uint32_t) at + 1;
        m->n++;
}

static int grow(struct host_memory *m) {
        struct host_memory more = { .room = m->room ? m->room * 2 : ROOM_MIN };

        if (m->n * 2 < m->room)
                return 0;
        more.by_name = calloc(more.room, sizeof *more.by_name);
        more.by_number = calloc(more.room, sizeof *more.by_number);
        if (!more.by_name || !more.by_number) {
                free(more.by_name);
                free(more.by_number);
                return -ENOMEM;
        }
        for (size_t i = 0; i < m->room; i++)
                if (m->by_name[i].name)
                        place(&more, m->by_name[i]);
        free(m->by_name);
        free(m->by_number);
        *m = more;
        return 0;
}

int host_memory_new(struct host_memory **ret) {
        struct host_memory *const m = calloc(1, sizeof *m);
        const int r = m ? grow(m) : -ENOMEM;

        if (r < 0) {
                free(m);
                return r;
        }
        *ret = m;
        return 0;
}

struct host_memory *host_memory_free(struct host_memory *m) {
        if (!m)
                return NULL;
        for (size_t i = 0; i < m->room; i++)
                free(m->by_name[i].name);
        free(m->by_name);
        free(m->by_number);
        free(m);
        return NULL;
}

int host_memory_add(struct host_memory *m, const char *name, uint32_t id, bool user) {
        char *copy;
        int r;

        r = grow(m);
        if (r < 0)
                return r;
        copy = strdup(name);
        if (!copy)
                return -ENOMEM;
        place(m, (struct entry) { .name = copy, .id = id, .user = user });
        return 0;
}

bool host_memory_name(const struct host_memory *m, const char *name, uint32_t *ret_id, bool *ret_user) {
        bool found = false;

        for (size_t at = hash_name(name) & (m->room - 1); m->by_name[at].name; at = (at + 1) & (m->room - 1)) {
                const struct entry *const e = &m->by_name[at];

                if (strcmp(e->name, name) != 0 || (found && !e->user))
                        continue;
                if (!found || !*ret_user) {
                        *ret_id = e->id;
                        *ret_user = e->user;
                }
                found = true;
        }
        return found;
}

bool host_memory_number(const struct host_memory *m, uint32_t id) {
        for (size_t at = hash_number(id) & (m->room - 1); m->by_number[at]; at = (at + 1) & (m->room - 1))
                if (m->by_name[m->by_number[at] - 1].id == id)
                        return true;
        return false;
}

int host_memory_each(const struct host_memory *m, int (*one)(void *about, const char *name, uint32_t id), void *about) {
        int r = 0;

        for (size_t i = 0; i < m->room && r == 0; i++)
                if (m->by_name[i].name)
                        r = one(about, m->by_name[i].name, m->by_name[i].id);
        return r;
}
