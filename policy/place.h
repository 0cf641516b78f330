/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * place.h - where somebody sits who asks from a terminal: at this machine, elsewhere, or nobody can say
 *
 * A pseudo-terminal shows what is written to it to whoever holds its other
 * end: a window on this desk, or an ssh from another country.  So where it is
 * shown is not the terminal's to say, but that of the session which the asking
 * process is in, as kernel and logind know it.
 */

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/types.h>

enum place_kind {
        PLACE_UNKNOWN = 1,      /* nobody can say                                                 */
        PLACE_HERE,             /* at a seat, or a line, of this machine                          */
        PLACE_REMOTE,
};

struct place {
        enum place_kind kind;
        bool begun;                     /* UNKNOWN: but a log-in or a user's own manager has begun it, so a terminal's name is no proof */
        char source[INET6_ADDRSTRLEN];  /* REMOTE: the address it began from, "" if nobody noted that */
};

/* What the log-in manager says of a session.  Borrowed; NULL: nothing. */
struct place_session {
        bool        remote;
        const char *state, *seat, *tty, *remote_host;
};

/* A session that is being closed is not at its seat any more: what runs on in it may be shown anywhere. */
void place_of_session(const struct place_session *s, struct place *ret);

/*
 * Two sayings about one caller: remote, if one of them is; here, if one is and
 * the other does not object, which it could have only if @both_asked.
 */
void place_join(struct place *place, const struct place *other, bool both_asked);

/*
 * Is @tty (without "/dev/") a line of the machine, by its name: a virtual
 * console, a serial line, the console?  No pseudo-terminal has such a name.
 */
bool place_is_line(const char *tty);

/* Where the session says or, where nothing has begun it (a log-in itself, a service of the host), @tty does; NULL: no terminal. */
enum place_kind place_of_terminal(const struct place *session, const char *tty);
