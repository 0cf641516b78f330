/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * doubles.c - what the module under test has instead of a host
 *
 * Linked into the module in place of libc's and libpam's own: an ordinary user
 * has no accounts to give away, no journal to read, and is not root.  The
 * environment variables are run-script's, from the script.
 */

#include "link-trust.h"

#include "cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

static const struct {
        const char *name;
        uid_t       uid;
        const char *called;             /* by the host itself, if not by @name                           */
} accounts[] = {
        { "root",   0,          NULL   },
        { "backup", 34,         NULL   },
        { "mikael", 1000,       NULL   },       /* the administrator's own, not of the care directory       */
        { "anna",   2001000001, NULL   },
        { "ANNA",   2001000001, "anna" },       /* of a source that takes any case                          */
        { "bo",     2001000002, NULL   },
};

static bool is_set(const char *name, const char *value) {
        const char *have = getenv(name);

        return have && strcmp(have, value) == 0;
}

int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t n, struct passwd **ret) {
        static char none[] = "";

        *ret = NULL;
        if (is_set("SCRIPT_NAMES", "broken"))
                return EIO;
        for (size_t i = 0; i < N_ELEMENTS(accounts); i++)
                if (strcmp(name, accounts[i].name) == 0) {
                        if (snprintf(buffer, n, "%s", accounts[i].called ? accounts[i].called : name) >= (int) n)
                                return ERANGE;
                        *entry = (struct passwd) {
                                .pw_name = buffer, .pw_uid = accounts[i].uid, .pw_gid = accounts[i].uid,
                                .pw_passwd = none, .pw_gecos = none, .pw_dir = none, .pw_shell = none,
                        };
                        *ret = entry;
                        return 0;
                }
        return 0;
}

void pam_syslog(const pam_handle_t *pamh, int priority, const char *format, ...) {
        static const char *const names[] = { "EMERG", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG" };
        auto_close int fd = open("log", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        char line[1024];
        va_list ap;

        (void) pamh;
        va_start(ap, format);
        (void) vsnprintf(line, sizeof line, format, ap);
        va_end(ap);
        (void) dprintf(fd, "%s %s\n", names[priority & 7], line);
}

uid_t geteuid(void) {
        return is_set("SCRIPT_EUID", "0") ? 0 : 2001000001;
}

int link_directory_check(const char *path) {
        if (is_set("SCRIPT_DIRECTORY", "untrusted"))
                return -EPERM;
        return access(path, F_OK) < 0 ? -errno : 0;
}

bool link_listener_trusted(uid_t uid) {
        (void) uid;
        return !is_set("SCRIPT_LISTENER", "untrusted");
}

int link_become_owner(const char *helper) {
        (void) helper;
        return 0;
}
