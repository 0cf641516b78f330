/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot-members.c - who is in a group, where members are listed at all
 *
 * A list names those whom it is worth asking about; whether one of them is a
 * member is what their own record says, now.  So a list that is too long gives
 * nobody too much, and a change costs by the change: the delta lists those who
 * have a record in it, the base's list goes on for all others.
 *
 * 1. MUST name nobody who does not hold the group at this moment.
 * 2. MUST name nobody from the private files to a process that may not see
 *    them: see MUST 3 of snapshot.c.
 * 3. MUST NOT name a client, relative or external as a member of a record
 *    service (K8).
 * 4. MUST name nobody whose groups depend on what a session chose: a list has
 *    no session.
 */

#include "snapshot-view.h"

#include "snapshot-places.h"

#include <errno.h>

struct asked {
        const struct snapshot_view  *view;
        const struct snapshot_entry *group;
        int                        (*each)(const char *name, size_t n, void *context);
        void                        *context;
};

static bool record_has(const struct snapshot_view *v, const struct snapshot_entry *user, uint32_t gid) {
        for (uint32_t i = 0; i < user->fixed.n_plain; i++)
                if (snapshot_entry_plain(user, i) == gid)
                        return true;
        for (uint32_t i = 0; i < user->fixed.n_timed; i++) {
                struct snapshot_timed t;

                snapshot_entry_timed(user, i, &t);
                if (t.gid == gid && snapshot_counts_now(v, t.from, t.until))
                        return true;
        }
        return false;
}

/* MUST 3: is it a member of the staff, who have a record in the public files?  OK, NOT_FOUND or -errno. */
static int is_staff(const struct snapshot_view *v, const struct snapshot_question *q) {
        struct snapshot_entry user;
        const int r = snapshot_pair_find(&v->public, q, &user);

        if (r != SNAPSHOT_OK)
                return r;
        return !(user.fixed.flags & SNAPSHOT_PRIVATE_KIND) && snapshot_counts_now(v, user.fixed.from, user.fixed.until) ?
                       SNAPSHOT_OK : SNAPSHOT_E_NOT_FOUND;
}

/* MUST 1, 3, 4: is the user of the pair a member now?  OK, NOT_FOUND or -errno. */
static int is_member(const struct asked *a, const struct snapshot_pair *pair, const struct snapshot_question *q) {
        struct snapshot_entry user;
        const int r = snapshot_pair_find(pair, q, &user);

        if (r != SNAPSHOT_OK)
                return r;
        if (user.fixed.flags & SNAPSHOT_CHOICE || !snapshot_counts_now(a->view, user.fixed.from, user.fixed.until) ||
            !record_has(a->view, &user, a->group->fixed.id))
                return SNAPSHOT_E_NOT_FOUND;
        if (a->group->fixed.group_kind != SNAPSHOT_GROUP_SERVICE_RECORD)
                return SNAPSHOT_OK;
        return user.fixed.flags & SNAPSHOT_PRIVATE_KIND ? SNAPSHOT_E_NOT_FOUND : is_staff(a->view, q);
}

/* The list of one file; of a base, without those of whom the delta speaks: there they are listed, if they are members. */
static int list_tell(const struct asked *a, const struct snapshot_pair *pair, const struct snapshot_entry *list, bool is_base) {
        char name[SNAPSHOT_NAME_MAX + 1];
        struct snapshot_question q;
        int r = SNAPSHOT_OK;

        for (uint32_t i = 0; r == SNAPSHOT_OK && i < list->fixed.n_plain; i++) {
                const char *const member = snapshot_member(list, i);
                const size_t n = member ? strnlen(member, SNAPSHOT_NAME_MAX) : 0;

                /* What is asked about and told is this copy, whatever becomes of the file. */
                memcpy(name, member ? member : "", n);
                name[n] = '\0';
                if (snapshot_question_of_name(SNAPSHOT_USER, name, &q) != SNAPSHOT_OK)
                        return -EBADMSG;
                if (is_base) {
                        struct snapshot_entry ignored;

                        r = snapshot_file_find(&pair->delta, &q, &ignored);
                        if (r < 0)
                                return r;
                        if (r == SNAPSHOT_OK)
                                continue;
                }
                r = is_member(a, pair, &q);
                if (r == SNAPSHOT_OK)
                        r = a->each(name, q.n, a->context);
                else if (r == SNAPSHOT_E_NOT_FOUND)
                        r = SNAPSHOT_OK;
        }
        return r;
}

static int pair_tell(const struct asked *a, const struct snapshot_pair *pair) {
        const struct snapshot_question q = { .type = SNAPSHOT_GROUP, .id = a->group->fixed.id };
        struct snapshot_entry base, delta;
        int in_base, in_delta, r = SNAPSHOT_OK;

        in_delta = snapshot_file_find(&pair->delta, &q, &delta);
        in_base = snapshot_file_find(&pair->base, &q, &base);
        if (in_delta < 0 || in_base < 0)
                return in_delta < 0 ? in_delta : in_base;

        /* A group that the base does not list is too large for a list: a part of one would mislead. */
        if (in_base == SNAPSHOT_OK && !(base.fixed.flags & SNAPSHOT_LISTED))
                return SNAPSHOT_OK;
        if (in_base == SNAPSHOT_OK)
                r = list_tell(a, pair, &base, true);
        if (r == SNAPSHOT_OK && in_delta == SNAPSHOT_OK)
                r = list_tell(a, pair, &delta, false);
        return r;
}

int snapshot_members_of(const struct snapshot_view *view, const struct snapshot_entry *group,
                        int (*each)(const char *name, size_t n, void *context), void *context) {
        const struct asked a = { .view = view, .group = group, .each = each, .context = context };
        int r;

        if (group->fixed.type != SNAPSHOT_GROUP || !(group->fixed.flags & SNAPSHOT_LISTED))
                return SNAPSHOT_OK;
        r = pair_tell(&a, &view->public);
        if (r != SNAPSHOT_OK || !view->private.base.at)
                return r;
        if (!view->euid_is_fixed && view->euid != SNAPSHOT_EUID())
                return -EAGAIN;
        return pair_tell(&a, &view->private);
}
