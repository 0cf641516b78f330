/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-installed.c - the very object that is installed, on a host without snapshots
 *
 *     test-installed PLUGIN DIRECTORY
 *
 * DIRECTORY is where it looks; on a host that has one, the cases that need
 * its absence are skipped.
 */

#include "cleanup.h"
#include "clinic.h"
#include "plugin.h"
#include "world.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER = 1024, MARK = 4711 };

int main(int argc, char **argv) {
        struct plugin plugin;
        char buf[BUFFER];
        struct passwd pw;
        struct group gr;
        auto_free gid_t *groups = calloc(4, sizeof *groups);
        long int start = 1, size = 4;
        int error = MARK;

        if (argc != 3)
                return 2;
        plugin = plugin_load(argv[1]);

        ok(plugin.getpwnam("root", &pw, buf, sizeof buf, &error) == NSS_STATUS_NOTFOUND && error == MARK, "root");
        ok(plugin.getpwuid(0, &pw, buf, sizeof buf, &error) == NSS_STATUS_NOTFOUND && error == MARK, "uid 0");
        ok(plugin.getgrgid(0, &gr, buf, sizeof buf, &error) == NSS_STATUS_NOTFOUND && error == MARK, "gid 0");
        ok(plugin.getpwuid(1000, &pw, buf, sizeof buf, &error) == NSS_STATUS_NOTFOUND && error == MARK, "uid 1000");
        ok(plugin.initgroups("root", 0, &start, &size, &groups, -1, &error) == NSS_STATUS_NOTFOUND && start == 1,
           "groups of root");

        /* A world must not move it: no environment, no working directory. */
        world_enter();
        {
                auto_close int dir = world_open(WORLD_SNAPSHOTS);

                clinic_publish(dir, 1, 0);
        }
        if (access(argv[2], F_OK) == 0) {
                skip("this host has snapshots", "a name");
                skip("this host has snapshots", "a gid");
                skip("this host has snapshots", "groups");
        } else {
                ok(plugin.getpwnam("anna", &pw, buf, sizeof buf, &error) == NSS_STATUS_UNAVAIL && error == ENOENT,
                   "a name: it could not look");
                ok(plugin.getgrgid(GID_OAK, &gr, buf, sizeof buf, &error) == NSS_STATUS_UNAVAIL && error == ENOENT,
                   "a gid: it could not look");
                ok(plugin.initgroups("anna", 0, &start, &size, &groups, -1, &error) == NSS_STATUS_UNAVAIL && start == 1,
                   "groups: it could not look");
        }
        world_leave();
        return finish();
}
