/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * nss_careroles.c - the symbols glibc looks for, and nothing else
 *
 * This object is mapped into every process that resolves a user or group,
 * setuid programs and pid 1 included.  So, here and in everything it links:
 *
 *  1. MUST NOT write to stdio, syslog or the journal, touch signals, start
 *     threads, or read the environment.
 *  2. MUST NOT call getpw*(), getgr*() or anything else that re-enters NSS.
 *  3. MUST leave errno as it found it; *errnop is the only error channel.
 *  4. MUST return pointers into the caller's buffer only (see pack.c, recall.c).
 *  5. MUST answer NOTFOUND only if it has looked (or need not look, as for
 *     root and ids outside careid's range); UNAVAIL if it could not.
 *  6. MUST ask for a larger buffer (TRYAGAIN with ERANGE) only where one
 *     helps, and return no status that glibc does not know: it would end the
 *     process.
 *  7. MUST give either all groups of a user or none: initgroups keeps what
 *     stands in the array whatever the status.
 *  8. MUST link nothing beyond libc and the snapshot reader of common/.
 *
 * There are no set*ent() and get*ent_r(): to list everybody would tell who is
 * a client here, and programs that build a list of users at start would copy
 * the whole provider into theirs.  `getent passwd NAME` works.
 */

#include "pack.h"
#include "recall.h"

#include <errno.h>
#include <nss.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((__visibility__("default")))

/* What is not needed where the answer is remembered: its variables are not made there either. */
#define ASIDE __attribute__((__noinline__))

enum {
        RETRY_MAX  = 3,                         /* views to try while the process changes who it is */
        GROUPS_MAX = 1 << 20,                   /* of one user, where the caller names no limit    */
};

EXPORT enum nss_status _nss_careroles_getpwnam_r(const char *name, struct passwd *pw, char *buf, size_t n_buf, int *errnop);
EXPORT enum nss_status _nss_careroles_getpwuid_r(uid_t uid, struct passwd *pw, char *buf, size_t n_buf, int *errnop);
EXPORT enum nss_status _nss_careroles_getgrnam_r(const char *name, struct group *gr, char *buf, size_t n_buf, int *errnop);
EXPORT enum nss_status _nss_careroles_getgrgid_r(gid_t gid, struct group *gr, char *buf, size_t n_buf, int *errnop);
EXPORT enum nss_status _nss_careroles_initgroups_dyn(const char *user, gid_t group, long int *start, long int *size,
                                                     gid_t **groupsp, long int limit, int *errnop);

/* The one place where our result codes become glibc's. */
static enum nss_status status_from(int r, int *errnop) {
        if (r == SNAPSHOT_OK)
                return NSS_STATUS_SUCCESS;
        if (r == SNAPSHOT_E_NOT_FOUND)
                return NSS_STATUS_NOTFOUND;

        *errnop = r < 0 ? -r : EBADMSG;
        return r == -ERANGE ? NSS_STATUS_TRYAGAIN : NSS_STATUS_UNAVAIL;
}

/* -- One entry ----------------------------------------------------------------------------------- */

/*
 * @r is what became of making the question.  On SNAPSHOT_OK the entry lives
 * until the view is released; otherwise *ret_view is NULL.
 */
static int question_answer(int r, const struct snapshot_question *q, const struct snapshot_view **ret_view,
                           struct snapshot_entry *ret) {
        const struct snapshot_view *view = NULL;

        *ret_view = NULL;
        if (r == SNAPSHOT_OK)
                r = snapshot_acquire(&view);
        for (int i = 0; r == SNAPSHOT_OK; i++) {
                r = snapshot_find(view, q, ret);
                if (r != -EAGAIN || i == RETRY_MAX)
                        break;
                r = snapshot_reacquire(&view);
        }
        if (r != SNAPSHOT_OK) {
                snapshot_release(view);
                return r;
        }
        *ret_view = view;
        return SNAPSHOT_OK;
}

ASIDE static enum nss_status answer_passwd(int r, const struct snapshot_question *q, struct passwd *pw, char *buf, size_t n_buf, int *errnop) {
        const int saved_errno = errno;
        const struct snapshot_view *view;
        struct snapshot_entry entry;

        r = question_answer(r, q, &view, &entry);
        if (r == SNAPSHOT_OK)
                r = pack_passwd(&entry, pw, buf, n_buf);
        if (r == SNAPSHOT_OK && entry.steady)
                remember_passwd(snapshot_counter_of(view), q->name != NULL, pw);
        snapshot_release(view);

        errno = saved_errno;
        return status_from(r, errnop);
}

ASIDE static enum nss_status answer_group(int r, const struct snapshot_question *q, struct group *gr, char *buf, size_t n_buf, int *errnop) {
        const int saved_errno = errno;
        const struct snapshot_view *view;
        struct snapshot_entry entry;

        r = question_answer(r, q, &view, &entry);
        if (r == SNAPSHOT_OK)
                r = pack_group(view, &entry, gr, buf, n_buf);
        if (r == SNAPSHOT_OK && entry.steady)
                remember_group(snapshot_counter_of(view), q->name != NULL, gr);
        snapshot_release(view);

        errno = saved_errno;
        return status_from(r, errnop);
}

enum nss_status _nss_careroles_getpwnam_r(const char *name, struct passwd *pw, char *buf, size_t n_buf, int *errnop) {
        struct snapshot_question q;
        int r;

        if (name && recall_passwd(name, 0, pw, buf, n_buf))
                return NSS_STATUS_SUCCESS;
        r = name ? snapshot_question_of_name(SNAPSHOT_USER, name, &q) : SNAPSHOT_E_NOT_FOUND;
        return answer_passwd(r, &q, pw, buf, n_buf, errnop);
}

enum nss_status _nss_careroles_getpwuid_r(uid_t uid, struct passwd *pw, char *buf, size_t n_buf, int *errnop) {
        struct snapshot_question q;
        int r;

        if (recall_passwd(NULL, uid, pw, buf, n_buf))
                return NSS_STATUS_SUCCESS;
        r = snapshot_question_of_id(SNAPSHOT_USER, (uint32_t) uid, &q);
        return answer_passwd(r, &q, pw, buf, n_buf, errnop);
}

enum nss_status _nss_careroles_getgrnam_r(const char *name, struct group *gr, char *buf, size_t n_buf, int *errnop) {
        struct snapshot_question q;
        int r;

        if (name && recall_group(name, 0, gr, buf, n_buf))
                return NSS_STATUS_SUCCESS;
        r = name ? snapshot_question_of_name(SNAPSHOT_GROUP, name, &q) : SNAPSHOT_E_NOT_FOUND;
        return answer_group(r, &q, gr, buf, n_buf, errnop);
}

enum nss_status _nss_careroles_getgrgid_r(gid_t gid, struct group *gr, char *buf, size_t n_buf, int *errnop) {
        struct snapshot_question q;
        int r;

        if (recall_group(NULL, gid, gr, buf, n_buf))
                return NSS_STATUS_SUCCESS;
        r = snapshot_question_of_id(SNAPSHOT_GROUP, (uint32_t) gid, &q);
        return answer_group(r, &q, gr, buf, n_buf, errnop);
}

/* -- The groups of a user ------------------------------------------------------------------------ */

/* The caller's array, as initgroups_dyn lends it: it may be grown by realloc(). */
struct group_list {
        gid_t   **groups;
        long int *start, *size;
        long int  first;                        /* where ours begin                                  */
        long int  limit;                        /* of the whole array                                */
        gid_t     skip, highest;                /* the primary group; the highest of ours            */
};

static int list_has(const struct group_list *l, gid_t gid) {
        /* A record's gids ascend, so that mostly nothing is searched. */
        if (*l->start == l->first || gid > l->highest)
                return 0;
        for (long int i = l->first; i < *l->start; i++)
                if ((*l->groups)[i] == gid)
                        return 1;
        return 0;
}

static int list_grow(struct group_list *l) {
        const long int size = *l->size < 1 ? 1 : *l->size > l->limit / 2 ? l->limit : *l->size * 2;
        gid_t *const more = reallocarray(*l->groups, (size_t) size, sizeof *more);

        if (!more)
                return -ENOMEM;
        *l->groups = more;
        *l->size = size;
        return 0;
}

static int list_append(gid_t gid, void *context) {
        struct group_list *const l = context;
        int r;

        if (gid == l->skip || list_has(l, gid))
                return 0;
        if (*l->start >= *l->size) {
                /* What does not fit any more is left out, as glibc's own services do. */
                if (*l->size >= l->limit)
                        return 0;
                r = list_grow(l);
                if (r < 0)
                        return r;
        }
        if (*l->start == l->first || gid > l->highest)
                l->highest = gid;
        (*l->groups)[(*l->start)++] = gid;
        return 0;
}

/* The user's groups from the snapshots, which are counted and, as far as there is room, kept on the way to the caller. */
struct group_notes {
        struct group_list *list;
        gid_t              gids[RECALL_GROUPS_MAX];
        size_t             n;
};

static int notes_append(gid_t gid, void *context) {
        struct group_notes *const notes = context;

        if (notes->n < RECALL_GROUPS_MAX)
                notes->gids[notes->n] = gid;
        notes->n++;
        return list_append(gid, notes->list);
}

ASIDE static int groups_find(const char *user, struct group_list *list) {
        const struct snapshot_view *view = NULL;
        struct snapshot_question q;
        struct group_notes notes;
        bool steady = false;
        int r;

        r = snapshot_question_of_name(SNAPSHOT_USER, user, &q);
        if (r == SNAPSHOT_OK)
                r = snapshot_acquire(&view);
        for (int i = 0; r == SNAPSHOT_OK; i++) {
                notes.list = list;
                notes.n = 0;
                r = snapshot_find_groups(view, &q, notes_append, &notes, &steady);
                if (r != SNAPSHOT_OK)
                        *list->start = list->first;
                if (r != -EAGAIN || i == RETRY_MAX)
                        break;
                r = snapshot_reacquire(&view);
        }
        if (r == SNAPSHOT_OK && steady && notes.n <= RECALL_GROUPS_MAX)
                remember_groups(snapshot_counter_of(view), user, notes.gids, notes.n);
        snapshot_release(view);
        return r;
}

/* The same without the snapshots.  NOT_FOUND: they have to be asked. */
static int groups_recall(const char *user, struct group_list *list) {
        const int r = recall_groups(user, list_append, list);

        if (r != SNAPSHOT_OK)
                *list->start = list->first;
        return r;
}

enum nss_status _nss_careroles_initgroups_dyn(const char *user, gid_t group, long int *start, long int *size,
                                              gid_t **groupsp, long int limit, int *errnop) {
        struct group_list list = {
                .groups = groupsp,
                .start = start,
                .size = size,
                .first = *start,
                .limit = limit > 0 ? limit : GROUPS_MAX,
                .skip = group,
        };
        const int saved_errno = errno;
        int r;

        r = user ? groups_recall(user, &list) : SNAPSHOT_E_NOT_FOUND;
        if (r == SNAPSHOT_E_NOT_FOUND && user)
                r = groups_find(user, &list);
        errno = saved_errno;
        return status_from(r, errnop);
}
