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

/* The list grows down from the end of the buffer while the names grow up from its beginning: how many there are nobody knows before. */
struct member_list {
        struct carve *c;
        char        **at;                       /* the last that was added; where the list ends, NULL */
        size_t        n;
};

static char **list_take(struct carve *c) {
        const size_t pad = (uintptr_t) (c->at + c->left) & (_Alignof(char *) - 1);

        if (pad > c->left || sizeof(char *) > c->left - pad)
                return NULL;
        c->left -= pad + sizeof(char *);
        return (char **) (void *) (c->at + c->left);
}

static int list_add(const char *name, size_t n, void *context) {
        struct member_list *const l = context;
        char **const at = list_take(l->c);
        char *const copy = at ? carve_string(l->c, name, n) : NULL;

        if (!copy)
                return -ERANGE;
        *at = copy;
        l->at = at;
        l->n++;
        return 0;
}

static void list_turn(const struct member_list *l) {
        for (size_t i = 0; i < l->n / 2; i++) {
                char *const first = l->at[i];

                l->at[i] = l->at[l->n - 1 - i];
                l->at[l->n - 1 - i] = first;
        }
}

int pack_group(const struct snapshot_view *view, const struct snapshot_entry *entry, struct group *ret, char *buf, size_t n_buf) {
        const struct snapshot_record *const fixed = &entry->fixed;
        struct carve c = { .at = buf, .left = n_buf };
        struct group gr = { .gr_gid = (gid_t) fixed->id };
        struct member_list list = { .c = &c };
        int r;

        if (fixed->type != SNAPSHOT_GROUP || !snapshot_id_is_ours(fixed->id))
                return -EBADMSG;

        list.at = list_take(&c);
        gr.gr_name = carve_string(&c, entry->name, fixed->n_name);
        gr.gr_passwd = carve_string(&c, "*", 1);
        if (!list.at || !gr.gr_name || !gr.gr_passwd)
                return -ERANGE;
        if (!snapshot_group_name_is_valid(fixed->group_kind, gr.gr_name, fixed->n_name))
                return -EBADMSG;

        *list.at = NULL;
        r = view ? snapshot_members_of(view, entry, list_add, &list) : 0;
        if (r != 0)
                return r < 0 ? r : -EBADMSG;
        list_turn(&list);
        gr.gr_mem = list.at;

        *ret = gr;
        return 0;
}
