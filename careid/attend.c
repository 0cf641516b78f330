/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * attend.c - self entries are renewed and removed for as long as there are any
 *
 * A service that ends after each time would miss what changes between its last
 * look and its end: systemd starts nothing that is still running.
 */

#include "attend.h"

#include "cleanup.h"
#include "places.h"
#include "snapshot-self.h"

#include <errno.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { EVENTS_SIZE = 4096, MS = 1000 };

/* Forget what has come: all of it is one reason to look. */
static int drain(int changes) {
        char events[EVENTS_SIZE];
        ssize_t n;

        do
                n = read(changes, events, sizeof events);
        while (n > 0 || (n < 0 && errno == EINTR));
        return errno == EAGAIN ? 0 : -errno;
}

static int watch(int *ret) {
        auto_close int changes = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

        if (changes < 0 || inotify_add_watch(changes, CAREID_SNAPSHOT_DIR, IN_MOVED_TO | IN_ONLYDIR) < 0)
                return -errno;
        /* A host without logind has none. */
        if (inotify_add_watch(changes, SNAPSHOT_USERS_DIR, IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ONLYDIR) < 0 && errno != ENOENT)
                return -errno;
        *ret = steal_fd(&changes);
        return 0;
}

int attend(void) {
        struct snapshot_self_left left = { .n = 0 };
        auto_close int changes = -1;
        int r;

        r = watch(&changes);
        while (r == 0) {
                struct pollfd p = { .fd = changes, .events = POLLIN };

                r = drain(changes);
                if (r == 0)
                        r = snapshot_self_renew(&left);
                /* A writer is between two renames: the next one is a reason to look again. */
                if (r < 0 && r != -ESTALE)
                        return r;
                if (r == 0 && left.n == 0)
                        return 0;
                r = 0;
                if (poll(&p, 1, left.is_ending ? SNAPSHOT_SELF_YOUNG_S * MS : -1) < 0 && errno != EINTR)
                        return -errno;
        }
        return r;
}
