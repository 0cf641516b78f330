/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * place-find.c - the session of a process, as kernel and logind know it
 *
 * logind names a session by the audit session of its leader where the kernel
 * has given one.  That number stays with every process that descends from the
 * leader, whatever control group it is moved to; the control group is there
 * where the kernel does no auditing.  A service of a user's own manager is in
 * neither: whoever talks to it may be anywhere.
 *
 * 1. MUST look at nothing that the process itself can set: no environment, no argument, no terminal.
 * 2. MUST not say "here" unless both have been asked.
 */

#include "place-find.h"

#include "cleanup.h"
#include "scan.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <systemd/sd-login.h>

enum { NUMBER_SIZE = 16 };

/* 0, also where logind knows no session of that name; negative: it can't be asked. */
static int session_ask(const char *id, struct place *ret) {
        auto_free char *state = NULL, *seat = NULL, *tty = NULL, *remote_host = NULL;
        const int remote = sd_session_is_remote(id);

        *ret = (struct place) { .kind = PLACE_UNKNOWN };
        if (remote < 0)
                return remote == -ENXIO ? 0 : remote;
        /* What it does not have stays NULL. */
        (void) sd_session_get_state(id, &state);
        (void) sd_session_get_seat(id, &seat);
        (void) sd_session_get_tty(id, &tty);
        (void) sd_session_get_remote_host(id, &remote_host);
        place_of_session(&(struct place_session) {
                .remote = remote > 0, .state = state, .seat = seat, .tty = tty, .remote_host = remote_host,
        }, ret);
        return 0;
}

/* The number that the kernel gives to what a log-in has begun: 1; 0: none; negative: nobody can say. */
static int audit_session(pid_t pid, char ret[static NUMBER_SIZE]) {
        char path[sizeof "/proc//sessionid" + NUMBER_SIZE];
        auto_close int fd = -1;
        struct scan s;
        uint32_t number;
        ssize_t n;

        (void) snprintf(path, sizeof path, "/proc/%d/sessionid", (int) pid);
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (fd < 0)
                return errno == ENOENT ? 0 : -errno;    /* a kernel that does no auditing                 */
        do
                n = read(fd, ret, NUMBER_SIZE - 1);
        while (n < 0 && errno == EINTR);
        if (n <= 0)
                return n < 0 ? -errno : -EIO;
        s = scan_bytes(ret, (size_t) n);
        /* The largest is no session. */
        if (!scan_u32(&s, UINT32_MAX - 1, &number))
                return 0;
        (void) snprintf(ret, NUMBER_SIZE, "%" PRIu32, number);
        return 1;
}

/* Positive: there is such a session, or was; *ret is what logind knows of it. */
static int place_by_audit(pid_t pid, struct place *ret) {
        char id[NUMBER_SIZE];
        const int has = audit_session(pid, id), r = has > 0 ? session_ask(id, ret) : has;

        return r < 0 ? r : has;
}

static int place_by_group(pid_t pid, struct place *ret) {
        auto_free char *id = NULL;
        const int r = sd_pid_get_session(pid, &id);

        if (r < 0)
                return r == -ENODATA ? 0 : r;
        return session_ask(id, ret);
}

void place_find(pid_t pid, struct place *ret) {
        struct place place = { .kind = PLACE_UNKNOWN }, other = { .kind = PLACE_UNKNOWN };
        int by_audit, by_group;
        uid_t owner;

        *ret = (struct place) { .kind = PLACE_UNKNOWN, .begun = true };
        if (pid <= 0)
                return;
        by_audit = place_by_audit(pid, &place);
        by_group = place_by_group(pid, &other);
        place_join(&place, &other, by_audit >= 0 && by_group >= 0);
        place.begun = by_audit != 0 || by_group < 0 || sd_pid_get_owner_uid(pid, &owner) != -ENODATA;
        *ret = place;
}
