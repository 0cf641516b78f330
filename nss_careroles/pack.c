/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * pack.c - lays an entry out in the caller's buffer
 *
 * 1. MUST write nothing beyond the buffer, whatever its size and alignment,
 *    and whatever the file says meanwhile: a length is measured once, and it
 *    is that length that is copied and terminated.
 * 2. MUST check names and paths in the copy, not in the file.
 * 3. MUST give no uid or gid outside careid's range, and no name "root".
 */

#include "pack.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

struct carve {
        char  *at;
        size_t left;
};

static void *carve_take(struct carve *c, size_t size, size_t align) {
        const size_t pad = (size_t) (-(uintptr_t) c->at) & (align - 1);
        char *p;

        if (pad > c->left || size > c->left - pad)
                return NULL;
        p = c->at + pad;
        c->at = p + size;
        c->left -= pad + size;
        return p;
}

static char *carve_string(struct carve *c, const char *s, size_t n) {
        char *p = carve_take(c, n + 1, 1);

        if (p) {
                memcpy(p, s, n);
                p[n] = '\0';
        }
        return p;
}

int pack_passwd(const struct snapshot_entry *entry, struct passwd *ret, char *buf, size_t n_buf) {
        const struct snapshot_record *const fixed = &entry->fixed;
        struct carve c = { .at = buf, .left = n_buf };
        struct passwd pw = { .pw_uid = (uid_t) fixed->id, .pw_gid = (gid_t) fixed->gid };

        if (fixed->type != SNAPSHOT_USER || !(fixed->flags & SNAPSHOT_PASSWD) ||
            !snapshot_id_is_ours(fixed->id) || !snapshot_id_is_ours(fixed->gid))
                return -EBADMSG;

        pw.pw_name = carve_string(&c, entry->name, fixed->n_name);
        pw.pw_passwd = carve_string(&c, "*", 1);
        pw.pw_gecos = carve_string(&c, "", 0);
        pw.pw_dir = carve_string(&c, entry->home, fixed->n_home);
        pw.pw_shell = carve_string(&c, entry->shell, fixed->n_shell);
        if (!pw.pw_name || !pw.pw_passwd || !pw.pw_gecos || !pw.pw_dir || !pw.pw_shell)
                return -ERANGE;

        if (!snapshot_name_is_valid(pw.pw_name, fixed->n_name) ||
            !snapshot_home_is_valid(pw.pw_dir, fixed->n_home) ||
            !snapshot_path_is_valid(pw.pw_shell, fixed->n_shell))
                return -EBADMSG;

        *ret = pw;
        return 0;
}

int pack_group(const struct snapshot_entry *entry, struct group *ret, char *buf, size_t n_buf) {
        const struct snapshot_record *const fixed = &entry->fixed;
        struct carve c = { .at = buf, .left = n_buf };
        struct group gr = { .gr_gid = (gid_t) fixed->id };
        const uint64_t n_list = ((uint64_t) fixed->n_plain + 1) * sizeof(char *);

        if (fixed->type != SNAPSHOT_GROUP || !snapshot_id_is_ours(fixed->id))
                return -EBADMSG;

        if (n_list <= n_buf)
                gr.gr_mem = carve_take(&c, (size_t) n_list, _Alignof(char *));
        gr.gr_name = carve_string(&c, entry->name, fixed->n_name);
        gr.gr_passwd = carve_string(&c, "*", 1);
        if (!gr.gr_mem || !gr.gr_name || !gr.gr_passwd)
                return -ERANGE;
        if (!snapshot_group_name_is_valid(fixed->group_kind, gr.gr_name, fixed->n_name))
                return -EBADMSG;

        for (uint32_t i = 0; i < fixed->n_plain; i++) {
                const char *const member = snapshot_member(entry, i);
                const size_t n = member ? strnlen(member, SNAPSHOT_NAME_MAX) : 0;

                if (!member)
                        return -EBADMSG;
                gr.gr_mem[i] = carve_string(&c, member, n);
                if (!gr.gr_mem[i])
                        return -ERANGE;
                if (!snapshot_name_is_valid(gr.gr_mem[i], n))
                        return -EBADMSG;
        }
        gr.gr_mem[fixed->n_plain] = NULL;

        *ret = gr;
        return 0;
}
