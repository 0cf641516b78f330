/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * snapshot.h - the reader of the snapshots, as the NSS plugin uses it
 *
 * A look-up takes no lock, allocates nothing and, while nothing has changed,
 * makes no system call; but where the process can become another user (root,
 * and whoever has a second uid, CAP_SETUID or had threads at the first
 * look-up) one, geteuid(), before it believes the private files or a self
 * entry, which is before every answer that the public files don't have and
 * before the groups of a user.  It runs
 * in any thread of any process; nothing in a file can make it crash or answer
 * with what the file does not say (a file that its owner truncates or changes
 * under the mapping can: SIGBUS, SIGSEGV).
 *
 * Result codes of all functions: SNAPSHOT_OK; SNAPSHOT_E_NOT_FOUND: we looked,
 * and it is not there; a negative errno: we could not look (-EBADMSG: damage,
 * -ESTALE: base and delta did not agree in time, -EPERM: owner or mode,
 * -EAGAIN: the process has become somebody else since the view was opened,
 * see snapshot_reacquire()).
 */

#include "snapshot-format.h"

#include <stdbool.h>
#include <sys/types.h>

enum {
        SNAPSHOT_OK = 0,
        SNAPSHOT_E_NOT_FOUND = 1,
};

/* One record found.  Everything points into the mapping and lives until snapshot_release(). */
struct snapshot_entry {
        const struct snapshot_record *record;
        struct snapshot_record fixed;           /* a copy of *record, which is what was checked   */
        const char *name, *home, *shell;        /* NUL-terminated; home and shell "" where absent */
        bool steady;                            /* see snapshot_find()                            */
};

struct snapshot_view;                           /* one consistent set of mapped files             */

/*
 * Take the current view, opening or renewing it if need be.  Every successful
 * call is paired with snapshot_release(), on the same thread.  errno is left
 * as it was.
 */
int snapshot_acquire(const struct snapshot_view **ret);
void snapshot_release(const struct snapshot_view *view);

/*
 * The change counter as it is now, and as it was before the files of a view
 * were opened.  False: no view has been opened yet.
 */
bool snapshot_counter_now(uint32_t *ret);
uint32_t snapshot_counter_of(const struct snapshot_view *view);

/*
 * Give up *view after -EAGAIN and take one that was opened as who the process
 * is now.  On failure nothing is held and *view is NULL.
 */
int snapshot_reacquire(const struct snapshot_view **view);

/*
 * What is asked for: an entry of @type by its name, which is borrowed, or,
 * with name NULL, by its id.  NOT_FOUND: there can be no such entry (root,
 * ids outside the range, names of another alphabet), and no view is needed
 * to know it.
 */
struct snapshot_question {
        uint8_t     type;                       /* SNAPSHOT_USER, SNAPSHOT_GROUP                  */
        const char *name;
        size_t      n;
        uint32_t    id;
};

int snapshot_question_of_name(uint8_t type, const char *name, struct snapshot_question *ret);
int snapshot_question_of_id(uint8_t type, uint32_t id, struct snapshot_question *ret);

/*
 * *ret is good for nothing unless SNAPSHOT_OK is returned.
 *
 * A steady answer is one that this process gets to the same question, whoever
 * it is and whatever the time, until the counter is another than the view's;
 * and has got before, since what is asked for once only is not worth keeping.
 */
int snapshot_find(const struct snapshot_view *view, const struct snapshot_question *q, struct snapshot_entry *ret);
int snapshot_find_groups(const struct snapshot_view *view, const struct snapshot_question *q,
                         int (*each)(gid_t gid, void *context), void *context, bool *ret_steady);

/*
 * The same in one call, and:
 * A user is found here if it has a passwd entry; one whose passwd entry is
 * another source's is known to snapshot_groups_of() alone.
 */
int snapshot_user_by_name(const struct snapshot_view *view, const char *name, struct snapshot_entry *ret);
int snapshot_user_by_uid(const struct snapshot_view *view, uid_t uid, struct snapshot_entry *ret);
int snapshot_group_by_name(const struct snapshot_view *view, const char *name, struct snapshot_entry *ret);
int snapshot_group_by_gid(const struct snapshot_view *view, gid_t gid, struct snapshot_entry *ret);

/*
 * Call @each for every group that the user @name holds now, until it returns
 * non-zero, which is then returned.  A gid may come twice.  NOT_FOUND if the
 * snapshots do not know the user.
 */
int snapshot_groups_of(const struct snapshot_view *view, const char *name,
                       int (*each)(gid_t gid, void *context), void *context);

/*
 * Call @each for every member that the group, as it was found in this view,
 * has now and this process may know of, until it returns non-zero, which is
 * then returned.  None where members are not listed.  @name has @n bytes and a
 * NUL, and lives until @each returns.
 */
int snapshot_members_of(const struct snapshot_view *view, const struct snapshot_entry *group,
                        int (*each)(const char *name, size_t n, void *context), void *context);

/* The @i-th member that one file lists for a group, whether it is one now or not; NULL past the last. */
const char *snapshot_member(const struct snapshot_entry *group, uint32_t i);

/* Forget everything that is open.  For tests: no other thread may be in here, at exit some might. */
void snapshot_shutdown(void);
