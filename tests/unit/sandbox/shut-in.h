/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * shut-in.h - a try by each of those whom the helper's sandbox shuts in, in a process of its own
 */

#include "sandbox.h"

#include <stdbool.h>
#include <sys/types.h>

/* What a try may end with besides an errno, or 0 for what is possible. */
enum { SHUT_IN_KILLED = 254, SHUT_IN_UNSHUT = 255 };

enum { SHUT_IN_PORT = 4711 };           /* the provider's                                                 */

struct shut_in_part {
        const char      *name;
        enum sandbox_who who;
};

extern const struct shut_in_part shut_in_parts[];       /* ended by one without a name                    */

/* Of who is shut in: the one process to be ended; 0: none. */
extern pid_t shut_in_resolver;

/* Makes the places of places.h. */
void shut_in_begin(void);

/* The result of @attempt, or (NULL) of the call @number, in a child that is shut in. */
int shut_in(enum sandbox_who who, int (*attempt)(void), int number);

/* For attempts: 0, or the errno, of a call that returned @r; of opening @path. */
int shut_in_result(long r);
int shut_in_open(const char *path, int flags);

/* An empty file; says so on stderr if there is none then. */
void shut_in_make_file(const char *path);

/* The version of this kernel's Landlock; at most 0: there is none. */
long shut_in_landlock(void);

/* Lines of TAP: @have is what there was to see, for when it is not @ok; @why it was not tried.  The plan; for main() to return. */
void shut_in_check(bool ok, const char *name, int have);
void shut_in_skip(const char *part, const char *name, const char *why);
int shut_in_done(void);
