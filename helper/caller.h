/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * caller.h - who asks, as the kernel says
 */

#include "privs.h"

struct caller {
        uid_t uid;
        pid_t pid;              /* the process that connected, or executed us; 0 if the kernel can't say */
        bool  by_socket;        /* through a socket of the service manager, not by executing us   */
};

/*
 * Who is at the other end of @fd?  Whoever executed us: the real uid that we
 * had then.  A service manager executed us as ourselves, with a connection of
 * somebody else: the peer's credentials.
 *
 * Returns 0, -ENOTSOCK or -EPROTOTYPE for something that is not a connected
 * AF_UNIX SOCK_SEQPACKET socket, or another negative errno.
 */
int caller_identify(int fd, const struct privs *p, struct caller *ret);

/* Nobody's. */
#define CALLER_NO_LOGIN ((uid_t) -1)

/*
 * As whom did somebody log in, of whose doing the process of @c at the other
 * end of @fd is?  The kernel hands that number on (its loginuid, audit(7)),
 * also to what becomes root: su is its user's, sshd and getty are nobody's.
 *
 * CALLER_NO_LOGIN also where it can't be read (a kernel that does no auditing,
 * a /proc that hides others' processes: sshd's could not be read either, and
 * what is limited by it must not be all log-ins) and where it is our own (in a
 * container that somebody started, it is everybody's).
 */
uid_t caller_login(int fd, const struct caller *c);

/*
 * Is the process that made the connection @fd still there, so that what was
 * just found out about its number was about itself?  Asked of the kernel by
 * the socket (SO_PEERPIDFD); one that can't say is taken for yes.
 */
bool caller_is_there(int fd);
