/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot.c - what the files of a view say together, now
 *
 * 1. MUST let a delta's record replace every record of its base that has its
 *    name or its id, and give nothing for one that is GONE.
 * 2. MUST give nothing with a time outside it, and nothing with a time at all
 *    while the clock is before the files' writing.
 * 3. MUST NOT believe private files or a self entry that were opened by
 *    another effective user than the present one, nor a self entry when that
 *    is root: programs change it to and fro (sshd does, with the user's
 *    own files), and each must see what it may see.
 * 4. MUST NOT give a client, relative or external a group of a record
 *    service, or one whose kind it can't find out (K8).  Who is one is said
 *    by a flag, and, should a writer have forgotten it, by where the record
 *    stands: every member of the staff has one in the public files.
 */

#include "snapshot-view.h"

#include "snapshot-places.h"

#include <errno.h>
#include <time.h>

int snapshot_question_of_name(uint8_t type, const char *name, struct snapshot_question *ret) {
        const size_t n = snapshot_name_length(name);

        if (n == 0)
                return SNAPSHOT_E_NOT_FOUND;
        *ret = (struct snapshot_question) { .type = type, .name = name, .n = n };
        return SNAPSHOT_OK;
}

int snapshot_question_of_id(uint8_t type, uint32_t id, struct snapshot_question *ret) {
        if (!snapshot_id_is_ours(id))
                return SNAPSHOT_E_NOT_FOUND;
        *ret = (struct snapshot_question) { .type = type, .id = id };
        return SNAPSHOT_OK;
}

/* -- Time ---------------------------------------------------------------------------------------- */

static int64_t clock_now(void) {
        struct timespec t;

        return clock_gettime(CLOCK_REALTIME, &t) == 0 ? (int64_t) t.tv_sec : INT64_MIN;
}

static int is_valid_now(int64_t from, int64_t until, int64_t written) {
        int64_t now;

        if (from == INT64_MIN && until == INT64_MAX)
                return 1;
        now = clock_now();
        return now >= written && now >= from && now < until;
}

/* -- One file, one pair --------------------------------------------------------------------------- */

static int file_find(const struct snapshot_file *f, const struct snapshot_question *q, struct snapshot_entry *ret) {
        /* The delta after a new base has no records. */
        if (!f->at || f->records.n == 0)
                return SNAPSHOT_E_NOT_FOUND;
        return q->name ? snapshot_file_by_name(f, q->type, q->name, q->n, ret) :
                         snapshot_file_by_id(f, q->type, q->id, ret);
}

/* Is there a record in the delta with the other key of @e, so that @e does not stand any more? */
static int delta_replaces(const struct snapshot_file *delta, const struct snapshot_question *q,
                          const struct snapshot_entry *e) {
        struct snapshot_question other = { .type = q->type };
        struct snapshot_entry ignored;

        if (!q->name) {
                other.name = e->name;
                other.n = e->fixed.n_name;
        } else if (e->fixed.id != 0)
                other.id = e->fixed.id;
        else
                return SNAPSHOT_E_NOT_FOUND;
        return file_find(delta, &other, &ignored);
}

static int pair_find(const struct snapshot_pair *pair, const struct snapshot_question *q, struct snapshot_entry *ret) {
        int r;

        r = file_find(&pair->delta, q, ret);
        if (r == SNAPSHOT_E_NOT_FOUND) {
                r = file_find(&pair->base, q, ret);
                if (r != SNAPSHOT_OK)
                        return r;
                r = delta_replaces(&pair->delta, q, ret);
                if (r < 0)
                        return r;
                r = r == SNAPSHOT_OK ? SNAPSHOT_E_NOT_FOUND : SNAPSHOT_OK;
        }
        if (r == SNAPSHOT_OK && (ret->fixed.flags & SNAPSHOT_GONE))
                return SNAPSHOT_E_NOT_FOUND;
        return r;
}

/* -- What the public files have answered before ------------------------------------------------------- */

/*
 * word = 0 / 31 bits of the question's hash, 1 bit: the delta's, 32 bits: the record's offset
 *
 * The files of a view are never changed, so that neither does the record that
 * a question finds in them; whether it is valid now is asked each time.
 */
static uint64_t answer_word(uint64_t hash, int is_delta, uint32_t offset) {
        return (hash & ~UINT64_C(0x1ffffffff)) | (uint64_t) is_delta << 32 | offset;
}

/* What it says is said to everybody who finds it, at any time. */
static bool record_is_steady(const struct snapshot_record *fixed) {
        return fixed->from == INT64_MIN && fixed->until == INT64_MAX &&
               !(fixed->flags & (SNAPSHOT_GONE | SNAPSHOT_PRIVATE_KIND | SNAPSHOT_CHOICE | SNAPSHOT_LISTED));
}

static int public_find(const struct snapshot_view *v, const struct snapshot_question *q, struct snapshot_entry *ret) {
        const uint64_t id = q->id, seed = v->public.base.seed + q->type;
        const uint64_t hash = q->name ? snapshot_mix64(seed, q->name, q->n) : snapshot_mix64(seed, &id, sizeof id);
        _Atomic uint64_t *const places = (_Atomic uint64_t *) (uintptr_t) &v->answers[hash & (SNAPSHOT_ANSWERS - 2)];
        int r;

        for (size_t i = 0; i < 2; i++) {
                const uint64_t word = atomic_load_explicit(&places[i], memory_order_relaxed);

                if ((uint32_t) word == 0 || (word ^ hash) >> 33 != 0)
                        continue;
                r = snapshot_file_at(word >> 32 & 1 ? &v->public.delta : &v->public.base, (uint32_t) word,
                                     q->type, q->name, q->n, q->id, ret);
                if (r == SNAPSHOT_OK)
                        ret->steady = record_is_steady(&ret->fixed);
                if (r != SNAPSHOT_E_NOT_FOUND)
                        return r;
        }

        r = pair_find(&v->public, q, ret);
        ret->steady = false;
        if (r == SNAPSHOT_OK) {
                const uint8_t *const at = (const uint8_t *) ret->record, *const base = v->public.base.at;
                const int is_delta = at < base || at >= base + v->public.base.size;

                /* Of the questions that share two places, the last two are remembered. */
                atomic_store_explicit(&places[1], atomic_load_explicit(&places[0], memory_order_relaxed), memory_order_relaxed);
                atomic_store_explicit(&places[0], answer_word(hash, is_delta, (uint32_t) (at - (is_delta ? v->public.delta.at : base))),
                                      memory_order_relaxed);
        }
        return r;
}

/* -- Who is asking --------------------------------------------------------------------------------- */

/* What only some may see: the private pair, or else one's own entries. */
static int hidden_find(const struct snapshot_view *v, const struct snapshot_question *q, struct snapshot_entry *ret) {
        int r;

        ret->steady = false;
        if (!v->euid_is_fixed && v->euid != SNAPSHOT_EUID())
                return -EAGAIN;
        if (v->private.base.at)
                return pair_find(&v->private, q, ret);
        if (v->euid == 0)
                return SNAPSHOT_E_NOT_FOUND;
        if (v->self_error)
                return v->self_error;

        r = file_find(&v->self, q, ret);
        if (r == SNAPSHOT_OK && (ret->fixed.flags & SNAPSHOT_GONE))
                return SNAPSHOT_E_NOT_FOUND;
        /* A self entry speaks of nobody else. */
        if (r == SNAPSHOT_OK && q->type == SNAPSHOT_USER && ret->fixed.id != (uint32_t) v->euid)
                return -EBADMSG;
        return r;
}

/* -- K8 --------------------------------------------------------------------------------------------- */

enum { GROUP_IS_RECORD = 2 };                   /* beside OK and NOT_FOUND                        */

static int group_kind_check(int r, const struct snapshot_entry *group) {
        if (r == SNAPSHOT_OK && group->fixed.group_kind == SNAPSHOT_GROUP_SERVICE_RECORD)
                return GROUP_IS_RECORD;
        return r;
}

/* May a client, relative or external have this group?  OK, NOT_FOUND: no, or -errno. */
static int gid_is_open_to_private_kinds(const struct snapshot_view *v, uint32_t gid) {
        struct snapshot_entry group;
        struct snapshot_question q;
        int in_public, hidden;

        if (snapshot_question_of_id(SNAPSHOT_GROUP, gid, &q) != SNAPSHOT_OK)
                return SNAPSHOT_E_NOT_FOUND;
        in_public = group_kind_check(public_find(v, &q, &group), &group);
        if (in_public < 0)
                return in_public;
        hidden = group_kind_check(hidden_find(v, &q, &group), &group);
        if (hidden < 0)
                return hidden;
        if (in_public == GROUP_IS_RECORD || hidden == GROUP_IS_RECORD)
                return SNAPSHOT_E_NOT_FOUND;
        return in_public == SNAPSHOT_OK ? SNAPSHOT_OK : hidden;
}

/* -- Users and groups -------------------------------------------------------------------------------- */

/* A record that counts now; for a user, one with a passwd entry. */
static int entry_counts(const struct snapshot_view *v, const struct snapshot_entry *e) {
        if (e->fixed.type == SNAPSHOT_USER && !(e->fixed.flags & SNAPSHOT_PASSWD))
                return 0;
        return is_valid_now(e->fixed.from, e->fixed.until, v->written);
}

int snapshot_find(const struct snapshot_view *v, const struct snapshot_question *q, struct snapshot_entry *ret) {
        int hidden = 0, r;

        r = public_find(v, q, ret);
        if (r < 0)
                return r;
        if (r != SNAPSHOT_OK || !entry_counts(v, ret)) {
                r = hidden_find(v, q, ret);
                if (r != SNAPSHOT_OK)
                        return r;
                if (!entry_counts(v, ret))
                        return SNAPSHOT_E_NOT_FOUND;
                hidden = 1;
        }

        /* Some of its members may be for the present user alone to see. */
        if (ret->fixed.flags & SNAPSHOT_LISTED && !v->euid_is_fixed && v->euid != SNAPSHOT_EUID())
                return -EAGAIN;
        /* No writer makes such a primary group; so this is not a file to believe. */
        if (ret->fixed.type == SNAPSHOT_USER && (hidden || (ret->fixed.flags & SNAPSHOT_PRIVATE_KIND))) {
                r = gid_is_open_to_private_kinds(v, ret->fixed.gid);
                if (r != SNAPSHOT_OK)
                        return r < 0 ? r : -EBADMSG;
        }
        return SNAPSHOT_OK;
}

int snapshot_file_find(const struct snapshot_file *f, const struct snapshot_question *q, struct snapshot_entry *ret) {
        return file_find(f, q, ret);
}

int snapshot_pair_find(const struct snapshot_pair *pair, const struct snapshot_question *q, struct snapshot_entry *ret) {
        return pair_find(pair, q, ret);
}

bool snapshot_counts_now(const struct snapshot_view *v, int64_t from, int64_t until) {
        return is_valid_now(from, until, v->written) != 0;
}

int snapshot_user_by_name(const struct snapshot_view *view, const char *name, struct snapshot_entry *ret) {
        struct snapshot_question q;
        const int r = snapshot_question_of_name(SNAPSHOT_USER, name, &q);

        return r == SNAPSHOT_OK ? snapshot_find(view, &q, ret) : r;
}

int snapshot_user_by_uid(const struct snapshot_view *view, uid_t uid, struct snapshot_entry *ret) {
        struct snapshot_question q;
        const int r = snapshot_question_of_id(SNAPSHOT_USER, (uint32_t) uid, &q);

        return r == SNAPSHOT_OK ? snapshot_find(view, &q, ret) : r;
}

int snapshot_group_by_name(const struct snapshot_view *view, const char *name, struct snapshot_entry *ret) {
        struct snapshot_question q;
        const int r = snapshot_question_of_name(SNAPSHOT_GROUP, name, &q);

        return r == SNAPSHOT_OK ? snapshot_find(view, &q, ret) : r;
}

int snapshot_group_by_gid(const struct snapshot_view *view, gid_t gid, struct snapshot_entry *ret) {
        struct snapshot_question q;
        const int r = snapshot_question_of_id(SNAPSHOT_GROUP, (uint32_t) gid, &q);

        return r == SNAPSHOT_OK ? snapshot_find(view, &q, ret) : r;
}

/* -- Memberships ---------------------------------------------------------------------------------------- */

struct memberships {
        const struct snapshot_view *view;
        int                         private_kind;
        int64_t                     written;
        int                       (*each)(gid_t gid, void *context);
        void                       *context;
};

static int membership_give(const struct memberships *m, uint32_t gid) {
        if (!snapshot_id_is_ours(gid) || gid < m->view->public.base.id_min || gid > m->view->public.base.id_max)
                return -EBADMSG;
        if (m->private_kind) {
                const int r = gid_is_open_to_private_kinds(m->view, gid);

                if (r != SNAPSHOT_OK)
                        return r < 0 ? r : 0;
        }
        return m->each((gid_t) gid, m->context);
}

static int memberships_of(const struct memberships *m, const struct snapshot_entry *user) {
        int r = 0;

        for (uint32_t i = 0; r == 0 && i < user->fixed.n_plain; i++)
                r = membership_give(m, snapshot_entry_plain(user, i));
        for (uint32_t i = 0; r == 0 && i < user->fixed.n_timed; i++) {
                struct snapshot_timed t;

                snapshot_entry_timed(user, i, &t);
                if (is_valid_now(t.from, t.until, m->written))
                        r = membership_give(m, t.gid);
        }
        return r;
}

/*
 * The overlay's record of the user, if the session has made a choice.  It
 * stands for those of @found that depend on one.
 */
static int overlay_apply(const struct snapshot_view *v, const struct snapshot_question *q, const struct snapshot_file *overlay,
                         uint32_t uid, struct snapshot_entry *found, size_t n_found) {
        struct snapshot_entry chosen;
        size_t used = 0;
        int r;

        r = file_find(overlay, q, &chosen);
        if (r < 0)
                return r;
        if (r != SNAPSHOT_OK || chosen.fixed.id != uid || (chosen.fixed.flags & SNAPSHOT_GONE))
                return -EBADMSG;
        /* A lease that has run out is no choice. */
        if (!is_valid_now(chosen.fixed.from, chosen.fixed.until,
                          overlay->written > v->written ? overlay->written : v->written))
                return SNAPSHOT_OK;

        for (size_t i = 0; i < n_found; i++)
                if (found[i].fixed.flags & SNAPSHOT_CHOICE) {
                        chosen.fixed.flags = (uint8_t) (chosen.fixed.flags |
                                                        (found[i].fixed.flags & SNAPSHOT_PRIVATE_KIND));
                        /* Once is enough, where the public and the private record both depend on the choice. */
                        if (used++ > 0)
                                chosen.fixed.n_plain = chosen.fixed.n_timed = 0;
                        found[i] = chosen;
                }
        return SNAPSHOT_OK;
}

/* The records that say something about the user now: the public one, the hidden one; and whether it is one of 4. */
static int records_of(const struct snapshot_view *v, const struct snapshot_question *q, struct snapshot_entry found[static 2],
                      size_t *ret_n, int *ret_private_kind) {
        size_t n = 0;
        int r;

        r = public_find(v, q, &found[n]);
        if (r < 0)
                return r;
        if (r == SNAPSHOT_OK && is_valid_now(found[n].fixed.from, found[n].fixed.until, v->written))
                n++;
        *ret_private_kind = n == 0;
        r = hidden_find(v, q, &found[n]);
        if (r < 0)
                return r;
        /* Also one that is not valid yet: it will be. */
        if (r == SNAPSHOT_OK)
                found[0].steady = false;
        if (r == SNAPSHOT_OK && is_valid_now(found[n].fixed.from, found[n].fixed.until, v->written))
                n++;
        *ret_n = n;
        return n > 0 ? SNAPSHOT_OK : SNAPSHOT_E_NOT_FOUND;
}

int snapshot_groups_of(const struct snapshot_view *view, const char *name,
                       int (*each)(gid_t gid, void *context), void *context) {
        struct snapshot_question q;
        bool is_steady;
        const int r = snapshot_question_of_name(SNAPSHOT_USER, name, &q);

        return r == SNAPSHOT_OK ? snapshot_find_groups(view, &q, each, context, &is_steady) : r;
}

int snapshot_find_groups(const struct snapshot_view *view, const struct snapshot_question *q,
                         int (*each)(gid_t gid, void *context), void *context, bool *ret_steady) {
        struct memberships m = { .view = view, .written = view->written, .each = each, .context = context };
        struct snapshot_file overlay = { .at = NULL };
        struct snapshot_entry found[2];
        uint32_t uid = 0;
        int choice = 0, r;
        size_t n;

        r = records_of(view, q, found, &n, &m.private_kind);
        if (r != SNAPSHOT_OK)
                return r;

        for (size_t i = 0; i < n; i++) {
                choice |= found[i].fixed.flags & SNAPSHOT_CHOICE;
                if (found[i].fixed.flags & SNAPSHOT_PASSWD)
                        uid = found[i].fixed.id;
        }
        if (choice && uid != 0) {
                r = snapshot_overlay_open((uid_t) uid, view->public.base.generation, &overlay);
                if (r < 0)
                        return r;
                if (r == SNAPSHOT_OK) {
                        if (overlay.written > m.written)
                                m.written = overlay.written;
                        r = overlay_apply(view, q, &overlay, uid, found, n);
                }
        }

        for (size_t i = 0; i < n; i++)
                m.private_kind |= found[i].fixed.flags & SNAPSHOT_PRIVATE_KIND;
        /* A process that can become another may find more then. */
        *ret_steady = n == 1 && found[0].steady && found[0].fixed.n_timed == 0 && view->euid_is_fixed;
        r = r < 0 ? r : 0;
        for (size_t i = 0; r == 0 && i < n; i++)
                r = memberships_of(&m, &found[i]);

        snapshot_overlay_close(&overlay);
        return r;
}
