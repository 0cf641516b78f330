/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * host-parts.c - careid's own parts on this host
 */

#include "host-parts.h"

#include "ask-helper.h"
#include "cleanup.h"
#include "places.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { SOCKET_PATH = 128 };

struct check_socket host_socket(const char *name) {
        char path[SOCKET_PATH];
        struct stat st;
        int r;

        (void) snprintf(path, sizeof path, "%s/%s", CAREID_RUN_DIR, name);
        r = ask_helper_listens(name);
        return (struct check_socket) {
                .name = name,
                .there = lstat(path, &st) == 0 && S_ISSOCK(st.st_mode),
                .listening = r < 0 ? CHECK_LISTENING_UNKNOWN : r > 0 ? CHECK_LISTENING : CHECK_LISTENING_NOBODY,
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
static bool is_enabled(const char *target, const char *unit) {
        static const char *const places[] = { "/etc/systemd/system", "/run/systemd/system" };
        char path[128];
        struct stat st;

        (void) snprintf(path, sizeof path, "%s/%s", places[0], unit);
        if (stat(path, &st) == 0 && S_ISCHR(st.st_mode))
                return false;
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
                (void) snprintf(path, sizeof path, "%s/%s.wants/%s", places[i], target, unit);
                if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
                        return true;
        }
        return false;
}

bool host_has_daily_timer(void) {
        return is_enabled("timers.target", "careid-daily.timer");
}

bool host_has_queue_path(void) {
        return is_enabled("multi-user.target", "careid-queue.path");
}

bool host_listens(const char *path) {
        auto_free char *line = NULL;
        bool listens = false;
        size_t size = 0;
        struct stat st;
        FILE *f;

        f = fopen("/proc/net/unix", "re");
        if (!f)
                return lstat(path, &st) == 0;
        while (!listens && getline(&line, &size, f) > 0)
                listens = check_line_listens(line, path);
        (void) fclose(f);
        return listens;
}

struct check_module host_module(const char *path) {
        struct stat st = { 0 };
        const bool there = stat(path, &st) == 0;

        return (struct check_module) {
                .there = there,
                .right = S_ISREG(st.st_mode) && st.st_uid == 0 && (st.st_mode & 07777) == 0644,
        };
}
