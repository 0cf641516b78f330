/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * ask-often.c - the same look-ups again and again, between two marks, for a tracer that counts system calls
 *
 *     ask-often PLUGIN TIMES USER UID GROUP GID
 *
 * Asks the plugin itself, since libc looks after nsswitch.conf and nscd
 * meanwhile.  After each has been asked for once: close(-1), then TIMES rounds
 * of all functions, and of a name that nobody has, then close(-1) again.
 * Exit status 0 if every answer was there, or not there, as it must be.
 */

#include "plugin.h"

#include <stdbool.h>
#include <unistd.h>

enum { BUFFER = 65536, GROUPS = 64 };

static struct plugin plugin;

static bool round_of(char **words) {
        static char buffer[BUFFER];
        static gid_t room[GROUPS];
        gid_t *groups = room;
        long int start = 0, size = GROUPS;
        struct passwd pw;
        struct group gr;
        bool right = true;
        int error;

        right &= plugin.getpwnam(words[0], &pw, buffer, sizeof buffer, &error) == NSS_STATUS_SUCCESS;
        right &= plugin.getpwuid((uid_t) strtoul(words[1], NULL, 10), &pw, buffer, sizeof buffer, &error) == NSS_STATUS_SUCCESS;
        right &= plugin.getgrnam(words[2], &gr, buffer, sizeof buffer, &error) == NSS_STATUS_SUCCESS;
        right &= plugin.getgrgid((gid_t) strtoul(words[3], NULL, 10), &gr, buffer, sizeof buffer, &error) == NSS_STATUS_SUCCESS;
        right &= plugin.initgroups(words[0], 1, &start, &size, &groups, -1, &error) == NSS_STATUS_SUCCESS && start > 0;
        right &= plugin.getpwnam("nobody-has-this", &pw, buffer, sizeof buffer, &error) == NSS_STATUS_NOTFOUND;
        right &= plugin.getgrnam("nobody-has-this", &gr, buffer, sizeof buffer, &error) == NSS_STATUS_NOTFOUND;
        return right;
}

int main(int argc, char **argv) {
        unsigned long times;
        bool right;

        if (argc != 7)
                return 2;
        plugin = plugin_load(argv[1]);
        times = strtoul(argv[2], NULL, 10);
        right = round_of(argv + 3);
        (void) close(-1);
        while (times-- > 0)
                right &= round_of(argv + 3);
        (void) close(-1);
        return right ? 0 : 1;
}
