/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * acceptor.h - the process behind a socket of the service manager: it takes connections and makes children
 *
 * It has the libraries loaded and nothing else: no configuration, no key, no
 * byte that a caller has sent.  Each conversation is a child's, which reads
 * the configuration anew and shuts itself in before it reads its caller.
 */

#include "held.h"
#include "helper.h"
#include "privs.h"

enum {
        ACCEPTOR_TAKE_MAX   = 16,       /* connections taken before those that are held are looked at again */
        ACCEPTOR_REFUSE_MAX = 32,       /* callers that one child tells that there are too many           */
        ACCEPTOR_AGAIN_MS   = 1000,     /* until what failed for want of resources is tried again         */
        ACCEPTOR_LEAVE_MS   = 500,      /* for connections that were taken and have not spoken, at the end */
        ACCEPTOR_LIFE_S     = HELPER_LIFE_S,    /* of a child                                             */
};

/* What acceptor_run() has become. */
enum acceptor_role {
        ACCEPTOR_CONVERSES = 1,         /* a child with one connection                                    */
        ACCEPTOR_REFUSES,               /* a child with several, each to be told that there are too many  */
        ACCEPTOR_ENDS,                  /* the acceptor itself, at its end                                */
};

struct acceptor_task {
        enum acceptor_role role;
        int    fds[ACCEPTOR_REFUSE_MAX];
        size_t n_fds;
        int    signals;                 /* the child's own, as startup_clean() gives it                   */
};

/* Is @fd a listening socket that the service manager has given us?  Nobody else's is taken. */
bool acceptor_is_wanted(int fd, const struct privs *p);

/*
 * Take connections from @listener until SIGTERM comes through @signals, or
 * until there should be another acceptor: after a child's crash (it has another
 * layout of memory), or when the folders or the program are no longer those
 * that it began with.  Children go on, and what waits in the socket waits for
 * the next one.  Returns in each child and at the end, with *ret filled, or a
 * negative errno where it could not begin.
 */
int acceptor_run(int listener, int signals, const struct privs *p, struct acceptor_task *ret);
