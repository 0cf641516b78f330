/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * host-parts.c - careid's own parts on this host
 */

#include "host-parts.h"

#include "places.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { UNIX_LINE = 512, SOCKET_PATH = 128 };

/*
 * Does anybody listen there?  The kernel's list says so without a connection,
 * which would start a helper.
 *
 *     line = address ": " references " " protocol " " flags " " type " " state " " inode [ " " path ]
 */
static enum check_listening listening(const char *path) {
        static const char listens[] = " 00010000 ";     /* the flag of a socket that accepts      */
        FILE *const f = fopen("/proc/net/unix", "re");
        const size_t n_path = strlen(path);
        char line[UNIX_LINE];
        bool found = false, known;

        if (!f)
                return CHECK_LISTENING_UNKNOWN;
        while (!found && fgets(line, sizeof line, f)) {
                const size_t n = strcspn(line, "\n");

                found = n > n_path && line[n - n_path - 1] == ' ' && memcmp(line + n - n_path, path, n_path) == 0 &&
                        strstr(line, listens);
        }
        known = found || !ferror(f);
        (void) fclose(f);
        return !known ? CHECK_LISTENING_UNKNOWN : found ? CHECK_LISTENING : CHECK_LISTENING_NOBODY;
}

struct check_socket host_socket(const char *name) {
        char path[SOCKET_PATH];
        struct stat st;

        (void) snprintf(path, sizeof path, "%s/%s", CAREID_RUN_DIR, name);
        return (struct check_socket) {
                .name = name,
                .there = lstat(path, &st) == 0 && S_ISSOCK(st.st_mode),
                .listening = listening(path),
        };
}

bool host_has_systemd(void) {
        struct stat st;

        return lstat("/run/systemd/system", &st) == 0;
}

bool host_has_logind(void) {
        struct stat st;

        return lstat("/run/systemd/seats", &st) == 0;
}

/* What systemctl enable makes, for good or until the next boot; a link to nothing, or to a unit that is masked, counts for none. */
bool host_has_daily_timer(void) {
        static const char *const links[] = {
                "/etc/systemd/system/timers.target.wants/careid-daily.timer",
                "/run/systemd/system/timers.target.wants/careid-daily.timer",
        };
        struct stat masked, st;

        if (stat("/etc/systemd/system/careid-daily.timer", &masked) == 0 && S_ISCHR(masked.st_mode))
                return false;
        for (size_t i = 0; i < sizeof links / sizeof *links; i++)
                if (stat(links[i], &st) == 0 && S_ISREG(st.st_mode))
                        return true;
        return false;
}

struct check_module host_module(const char *path) {
        struct stat st = { 0 };
        const bool there = stat(path, &st) == 0;

        return (struct check_module) {
                .there = there,
                .right = S_ISREG(st.st_mode) && st.st_uid == 0 && (st.st_mode & 07777) == 0644,
        };
}
