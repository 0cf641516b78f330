/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * host-memory.h - the names and numbers of a host's users and groups, read once
 */

#include <stdbool.h>
#include <stdint.h>

struct host_memory;

int host_memory_new(struct host_memory **ret);                  /* -ENOMEM                        */
struct host_memory *host_memory_free(struct host_memory *m);    /* returns NULL                   */
static inline void host_memory_freep(struct host_memory **m) {
        *m = host_memory_free(*m);
}

/* Of the same name the first, and a user before a group.  -ENOMEM. */
int host_memory_add(struct host_memory *m, const char *name, uint32_t id, bool user);

bool host_memory_name(const struct host_memory *m, const char *name, uint32_t *ret_id, bool *ret_user);
bool host_memory_number(const struct host_memory *m, uint32_t id);

/* Each of them, until @one returns something else than 0, which is returned. */
int host_memory_each(const struct host_memory *m, int (*one)(void *about, const char *name, uint32_t id), void *about);
