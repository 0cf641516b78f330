/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * host.c - what the host knows besides us: its users and groups
 */

#include "host.h"

#include "cleanup.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>

enum {
        BUFFER_MIN = 4096,
        BUFFER_MAX = 4 << 20,           /* a group with some hundred thousand members             */
};

/* One look-up, with as much room as it needs. */
struct question {
        const char *name;               /* NULL: by number                                        */
        uint32_t    id;
};

static int ask_user(const struct question *q, char *buffer, size_t n, uint32_t *ret_id) {
        struct passwd pw, *found = NULL;
        int e;

        e = q->name ? getpwnam_r(q->name, &pw, buffer, n, &found) : getpwuid_r(q->id, &pw, buffer, n, &found);
        if (found)
                *ret_id = pw.pw_uid;
        return found ? 1 : -e;
}

static int ask_group(const struct question *q, char *buffer, size_t n, uint32_t *ret_id) {
        struct group gr, *found = NULL;
        int e;

        e = q->name ? getgrnam_r(q->name, &gr, buffer, n, &found) : getgrgid_r(q->id, &gr, buffer, n, &found);
        if (found)
                *ret_id = gr.gr_gid;
        return found ? 1 : -e;
}

static int ask(int (*how)(const struct question *, char *, size_t, uint32_t *), const struct question *q,
               uint32_t *ret_id) {
        for (size_t n = BUFFER_MIN; n <= BUFFER_MAX; n *= 4) {
                auto_free char *buffer = malloc(n);
                int r;

                if (!buffer)
                        return -ENOMEM;
                r = how(q, buffer, n, ret_id);
                if (r == -ERANGE)
                        continue;
                if (r == -ENOMEM || r == -EMFILE || r == -ENFILE || r == -EINTR)
                        return r;
                return r == 1;
        }
        return -ERANGE;
}

int host_user(const char *name, uint32_t *ret_id) {
        return ask(ask_user, &(struct question) { .name = name }, ret_id);
}

int host_group(const char *name, uint32_t *ret_id) {
        return ask(ask_group, &(struct question) { .name = name }, ret_id);
}

int host_number(uint32_t id) {
        uint32_t same;
        int r;

        r = ask(ask_user, &(struct question) { .id = id }, &same);
        return r == 0 ? ask(ask_group, &(struct question) { .id = id }, &same) : r;
}
