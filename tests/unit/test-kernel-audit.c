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
        enum kernel_success success;
        const char      *path, *exe;
} rows[] = {
        { "a call", "type=SYSCALL " AT "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c auid=2001000003 uid=0 tty=pts0 comm=\"cat\""
          " exe=\"/usr/bin/cat\" subj=unconfined key=\"careid-client\"", true, KERNEL_SYSCALL, 2001000003, KERNEL_YES, "", "/usr/bin/cat" },
        { "one of a program that AppArmor confines", "type=SYSCALL " AT "arch=c000003e syscall=257 success=yes auid=1000 exe=\"/usr/bin/evince\""
          " subj=/usr/bin/evince (enforce) key=\"careid-client\"", true, KERNEL_SYSCALL, 1000, KERNEL_YES, "", "/usr/bin/evince" },
        { "under a label that looks like fields", "type=SYSCALL " AT "success=no auid=1000 exe=\"/bin/sh\" subj==x auid=2 \"success=yes exe=\"/y\" (x)",
          true, KERNEL_SYSCALL, 1000, KERNEL_NO, "", "/bin/sh" },
        { "one that was refused", "type=SYSCALL " AT "success=no exit=-13 auid=1000 exe=\"/usr/bin/cat\" key=(null)", true, KERNEL_SYSCALL,
          1000, KERNEL_NO, "", "/usr/bin/cat" },
        { "a daemon's", "type=SYSCALL " AT "success=yes auid=4294967295 exe=\"/usr/sbin/cron\"", true, KERNEL_SYSCALL, KERNEL_UNSET, KERNEL_YES,
          "", "/usr/sbin/cron" },
        { "enriched", "type=SYSCALL " AT "success=yes auid=1000 exe=\"/bin/sh\"\x1d" "AUID=\"other\" auid=1", true, KERNEL_SYSCALL, 1000, KERNEL_YES,
          "", "/bin/sh" },
        { "of another node", "node=ward1 type=CWD " AT "cwd=\"/srv/clients\"", true, KERNEL_CWD, KERNEL_UNSET, KERNEL_NOT_SAID, "/srv/clients", "" },
        { "a path", "type=PATH " AT "item=0 name=\"/srv/clients/client-oakclinic-17/notes\" inode=1311", true, KERNEL_PATH, KERNEL_UNSET,
          KERNEL_NOT_SAID, "/srv/clients/client-oakclinic-17/notes", "" },
        { "a path with a blank", "type=PATH " AT "item=0 name=2F6D79206E6F746573 inode=1", true, KERNEL_PATH, KERNEL_UNSET, KERNEL_NOT_SAID, "/my notes", "" },
        { "a path with a NUL in it", "type=PATH " AT "item=0 name=2F00 inode=1", true, KERNEL_PATH, KERNEL_UNSET, KERNEL_NOT_SAID, "", "" },
        { "no path", "type=PATH " AT "item=0 name=(null) inode=1", true, KERNEL_PATH, KERNEL_UNSET, KERNEL_NOT_SAID, "", "" },
        { "a program's own fields", "type=USER_CMD " AT "auid=1 msg='cwd=\"/\" auid=7 name=\"/x\" res=success'", true, KERNEL_OTHER,
          KERNEL_UNSET, KERNEL_NOT_SAID, "", "" },
        { "in the first tenth of a second", "type=PATH msg=audit(1795258800.007:4711): item=0 name=\"/x\"", true, KERNEL_PATH, KERNEL_UNSET,
          KERNEL_NOT_SAID, "/x", "" },
        { "two digits of a second", "type=PATH msg=audit(1795258800.12:4711): item=0 name=\"/x\"", false, 0, 0, 0, "", "" },
        { "four digits of a second", "type=PATH msg=audit(1795258800.0123:4711): item=0 name=\"/x\"", false, 0, 0, 0, "", "" },
        { "quotes that don't end", "type=PATH " AT "name=\"/srv", false, 0, 0, 0, "", "" },
        { "no record", "type=PATH msg=audit(x)", false, 0, 0, 0, "", "" },
        { "nothing", "", false, 0, 0, 0, "", "" },
        { "a field without a name", "type=PATH " AT "=x", false, 0, 0, 0, "", "" },
};

#define CALL "type=SYSCALL " AT

/* What of a call beside who it was. */
static const struct {
        const char         *name, *line;
        enum kernel_success success;
        bool                keyed, from_cwd;
} calls[] = {
        { "open by name, x86_64", CALL "arch=c000003e syscall=2 success=yes a0=7ffd key=\"careid-client\"", KERNEL_YES, true, true },
        { "openat, from the working directory", CALL "arch=c000003e syscall=257 success=no a0=ffffff9c key=\"other\"", KERNEL_NO, false, true },
        { "openat, in 64 bits of it", CALL "arch=c000003e syscall=257 a0=ffffffffffffff9c", KERNEL_NOT_SAID, false, true },
        { "openat, from a directory", CALL "arch=c000003e syscall=257 success=yes a0=3 key=(null)", KERNEL_YES, false, false },
        { "under a label of AppArmor's", CALL "arch=c000003e syscall=2 success=yes a0=1 subj=x (enforce) key=\"careid-client\"", KERNEL_YES, true, true },
        { "under one that has a key, and is not the last word", CALL "arch=c000003e syscall=2 success=yes a0=1 subj=x key=\"careid-client\" (enforce) key=(null)",
          KERNEL_YES, false, true },
        { "openat2", CALL "arch=c000003e syscall=437 success=yes a0=ffffff9c", KERNEL_YES, false, true },
        { "openat of x32", CALL "arch=c000003e syscall=1073742081 success=yes a0=ffffff9c", KERNEL_YES, false, true },
        { "renameat2, to a directory", CALL "arch=c000003e syscall=316 success=yes a0=ffffff9c a2=4", KERNEL_YES, false, false },
        { "renameat2, all from the working one", CALL "arch=c000003e syscall=316 success=yes a0=ffffff9c a2=ffffff9c", KERNEL_YES, false, true },
        { "openat, i386", CALL "arch=40000003 syscall=295 success=yes a0=ffffff9c", KERNEL_YES, false, true },
        { "openat, aarch64", CALL "arch=c00000b7 syscall=56 success=yes a0=ffffff9c", KERNEL_YES, false, true },
        { "the same number elsewhere", CALL "arch=c000003e syscall=56 success=yes a0=ffffff9c", KERNEL_YES, false, false },
        { "another processor", CALL "arch=80000016 syscall=5 success=yes a0=ffffff9c", KERNEL_YES, false, false },
        { "two keys", CALL "success=yes key=6F7468657201636172656964" "2D636C69656E74", KERNEL_YES, true, false },
        { "a longer key", CALL "success=yes key=\"careid-clients\"", KERNEL_YES, false, false },
        { "by io_uring", "type=URINGOP " AT "uring_op=18 success=yes exit=5 items=1 ppid=1 pid=2 uid=2001000003 gid=0 key=\"careid-client\"",
          KERNEL_YES, true, false },
};

static void ok(bool good, const char *name) {
        (void) printf("%sok %u - %s\n", good ? "" : "not ", ++n_tests, name);
        failed += !good;
}

int main(void) {
        struct kernel_record *const r = malloc(sizeof *r);
        static const char parent[] = "node=ward1 type=PATH " AT "item=0 name=\"/srv/clients/\" inode=7 ogid=2001000040 nametype=PARENT";
        char *const big = malloc(KERNEL_LINE_MAX + 2);

        if (!r || !big)
                return 1;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                const bool good = kernel_record_parse(rows[i].line, strlen(rows[i].line), r);

                ok(good == rows[i].good && (!good || (r->type == rows[i].type && r->auid == rows[i].auid && r->success == rows[i].success &&
                                                      r->seconds == 1795258800 && r->serial == 4711 && strcmp(r->path, rows[i].path) == 0 &&
                                                      strcmp(r->exe, rows[i].exe) == 0)), rows[i].name);
        }
        for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
                ok(kernel_record_parse(calls[i].line, strlen(calls[i].line), r) && r->type == KERNEL_SYSCALL &&
                   r->success == calls[i].success && r->keyed == calls[i].keyed && r->from_cwd == calls[i].from_cwd, calls[i].name);
        ok(r->auid == 2001000003, "what io_uring does is done by a uid");
        ok(kernel_record_parse(parent, strlen(parent), r) && r->parent && r->gid == 2001000040 && strcmp(r->node, "ward1") == 0 &&
           r->millis == 123, "a directory in which something was made, and its group");
        ok(kernel_record_parse("type=EOE " AT, strlen("type=EOE " AT), r) && r->type == KERNEL_END, "the end of an event");
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
