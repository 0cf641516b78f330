/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-kernel-audit.c - what the kernel's audit says of who opened what, in lines as auditd writes them
 */

#include "kernel-audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT "msg=audit(1795258800.123:4711): "

static unsigned n_tests, failed;

static const struct {
        const char      *name, *line;
        bool             good;
        enum kernel_type type;
        int64_t          auid;
        bool             success;
        const char      *path, *exe;
} rows[] = {
        { "a call", "type=SYSCALL " AT "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c auid=2001000003 uid=0 tty=pts0 comm=\"cat\""
          " exe=\"/usr/bin/cat\" subj=unconfined key=\"careid-client\"", true, KERNEL_SYSCALL, 2001000003, true, "", "/usr/bin/cat" },
        { "one that was refused", "type=SYSCALL " AT "success=no exit=-13 auid=1000 exe=\"/usr/bin/cat\" key=(null)", true, KERNEL_SYSCALL,
          1000, false, "", "/usr/bin/cat" },
        { "a daemon's", "type=SYSCALL " AT "success=yes auid=4294967295 exe=\"/usr/sbin/cron\"", true, KERNEL_SYSCALL, KERNEL_UNSET, true,
          "", "/usr/sbin/cron" },
        { "enriched", "type=SYSCALL " AT "success=yes auid=1000 exe=\"/bin/sh\"\x1d" "AUID=\"other\" auid=1", true, KERNEL_SYSCALL, 1000, true,
          "", "/bin/sh" },
        { "of another node", "node=ward1 type=CWD " AT "cwd=\"/srv/clients\"", true, KERNEL_CWD, KERNEL_UNSET, false, "/srv/clients", "" },
        { "a path", "type=PATH " AT "item=0 name=\"/srv/clients/client-oakclinic-17/notes\" inode=1311", true, KERNEL_PATH, KERNEL_UNSET,
          false, "/srv/clients/client-oakclinic-17/notes", "" },
        { "a path with a blank", "type=PATH " AT "item=0 name=2F6D79206E6F746573 inode=1", true, KERNEL_PATH, KERNEL_UNSET, false, "/my notes", "" },
        { "a path with a NUL in it", "type=PATH " AT "item=0 name=2F00 inode=1", true, KERNEL_PATH, KERNEL_UNSET, false, "", "" },
        { "no path", "type=PATH " AT "item=0 name=(null) inode=1", true, KERNEL_PATH, KERNEL_UNSET, false, "", "" },
        { "a program's own fields", "type=USER_CMD " AT "auid=1 msg='cwd=\"/\" auid=7 name=\"/x\" res=success'", true, KERNEL_OTHER,
          KERNEL_UNSET, false, "", "" },
        { "quotes that don't end", "type=PATH " AT "name=\"/srv", false, 0, 0, false, "", "" },
        { "no record", "type=PATH msg=audit(x)", false, 0, 0, false, "", "" },
        { "nothing", "", false, 0, 0, false, "", "" },
        { "a field without a name", "type=PATH " AT "=x", false, 0, 0, false, "", "" },
};

static const struct {
        const char *path, *client;                              /* NULL: none                             */
} paths[] = {
        { "/srv/clients/client-oakclinic-17/notes", "oakclinic-17" },
        { "/srv/clients/client-oakclinic-17", "oakclinic-17" },
        { "client-oak-ward-3/x", "oak-ward-3" },
        { "/srv/client-oakclinic-170/x", "oakclinic-170" },
        { "/srv/client-oakclinic-17-booking/x", NULL },
        { "/srv/client-oakclinic-017/x", NULL },
        { "/srv/myclient-oakclinic-17/x", NULL },
        { "/srv/client-17", NULL },
        { "/srv/client-oakclinic-", NULL },
        { "/srv/client-a/client-elm-2", "elm-2" },
        { "", NULL },
};

static void ok(bool good, const char *name) {
        (void) printf("%sok %u - %s\n", good ? "" : "not ", ++n_tests, name);
        failed += !good;
}

int main(void) {
        struct kernel_record *const r = malloc(sizeof *r);
        char client[KERNEL_CLIENT_MAX + 1], *const big = malloc(KERNEL_LINE_MAX + 2);

        if (!r || !big)
                return 1;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                const bool good = kernel_record_parse(rows[i].line, strlen(rows[i].line), r);

                ok(good == rows[i].good && (!good || (r->type == rows[i].type && r->auid == rows[i].auid && r->success == rows[i].success &&
                                                      r->seconds == 1795258800 && r->serial == 4711 && strcmp(r->path, rows[i].path) == 0 &&
                                                      strcmp(r->exe, rows[i].exe) == 0)), rows[i].name);
        }
        for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
                const bool is = kernel_path_client(paths[i].path, client);

                ok(is == (paths[i].client != NULL) && (!is || strcmp(client, paths[i].client) == 0), paths[i].path);
        }
        (void) snprintf(big, KERNEL_LINE_MAX, "type=PATH " AT "name=\"/");
        memset(big + strlen(big), 'x', KERNEL_LINE_MAX + 1 - strlen(big));
        big[KERNEL_LINE_MAX] = '"';
        ok(!kernel_record_parse(big, KERNEL_LINE_MAX + 1, r), "a line that is too long");
        big[KERNEL_LINE_MAX - 1] = '"';
        ok(kernel_record_parse(big, KERNEL_LINE_MAX, r) && *r->path == '\0', "a path that is too long is none");
        free(r);
        free(big);
        (void) printf("1..%u\n", n_tests);
        return failed > 0;
}
