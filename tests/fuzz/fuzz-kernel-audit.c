/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-kernel-audit.c - records of the kernel's audit: what is read ends where it says, and names no client but one that
 * stands in the path
 */

#include "kernel-audit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        struct kernel_record *record = malloc(sizeof *record), *again = malloc(sizeof *again);
        char client[KERNEL_CLIENT_MAX + 1];
        char *line = malloc(n + 1);

        if (record && again && line) {
                memcpy(line, data, n);
                line[n] = '\0';
                if (kernel_record_parse(line, n, record)) {
                        assert(record->type >= KERNEL_SYSCALL && record->type <= KERNEL_OTHER);
                        assert(record->auid >= KERNEL_UNSET && record->auid < UINT32_MAX && record->seconds >= 0);
                        assert(strnlen(record->path, sizeof record->path) <= KERNEL_PATH_MAX);
                        assert(strnlen(record->exe, sizeof record->exe) < sizeof record->exe);
                        if (kernel_path_client(record->path, client)) {
                                assert(*client && strlen(client) <= KERNEL_CLIENT_MAX && !strchr(client, '/'));
                                assert(strstr(record->path, client));
                        }
                        /* What the enriched form adds changes nothing. */
                        line[n] = 0x1d;
                        assert(memchr(data, 0x1d, n) || n == KERNEL_LINE_MAX || (kernel_record_parse(line, n + 1, again) &&
                               memcmp(record->path, again->path, sizeof again->path) == 0 && record->auid == again->auid));
                }
        }
        free(record);
        free(again);
        free(line);
        return 0;
}
