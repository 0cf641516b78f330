/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-shown-arguments.c - one row for each way to run careid by sudo, and for what only looks like it */

#include "shown-arguments.h"

#include "cleanup.h"

#include <stdio.h>

static const struct {
        const char *program, *arguments;
        bool        careids;
} rows[] = {
        { "careid",                "opened clinic-1", true },
        { "/usr/bin/careid",       "grant anna client-clinic-17", true },
        { "./careid",              "opened clinic-1", true },
        { "../bin/careid",         "opened clinic-1", true },
        { "careid",                NULL, true },
        { "sudo -i",               "careid opened clinic-1", true },
        { "sudo -s",               "/usr/bin/careid opened clinic-1", true },
        { "sh",                    "-c careid opened clinic-1", true },
        { "/bin/sh",               "-c 'careid' opened clinic-1", true },
        { "bash",                  "-c true;careid opened clinic-1", true },
        { "bash",                  "-c $(careid opened clinic-1)", true },
        { "env",                   "LANG=C careid opened clinic-1", true },
        { "nice",                  "-n 10 careid opened clinic-1 | less", true },
        { "watch",                 "careid", true },

        { "systemctl",             "restart careid-user.service", false },
        { "less",                  "/etc/careid/careid.conf", false },
        { "ls",                    "/etc/careid/", false },
        { "/opt/careid/bin/other", "clinic-1", false },
        { "careid-helper",         "--queue", false },
        { "mycareid",              "x", false },
        { "careid.sh",             "x", false },
        { "id",                    "-- nurse2", false },
        { "id",                    NULL, false },
        { "",                      "", false },
        { NULL,                    NULL, false },
};

int main(void) {
        unsigned failed = 0;

        for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
                const bool ok = arguments_are_careids(rows[i].program, rows[i].arguments) == rows[i].careids;

                printf("%sok %zu - %s %s: %s\n", ok ? "" : "not ", i + 1, rows[i].program ? rows[i].program : "nothing",
                       rows[i].arguments ? rows[i].arguments : "", rows[i].careids ? "careid's" : "another's");
                failed += !ok;
        }
        printf("1..%zu\n", N_ELEMENTS(rows));
        return failed > 0;
}
