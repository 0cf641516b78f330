/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-kernel-audit.c - a log of the kernel's audit: what is read ends where it says, names no client but one that stands
 * in the path or the working directory, and every line is either read or counted
 */

#include "kernel-events.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int told(void *with, const struct kernel_event *e) {
        char client[KERNEL_CLIENT_MAX + 1];

        ++*(size_t *) with;
        assert(e->auid >= KERNEL_UNSET && e->auid < UINT32_MAX && e->seconds >= 0 && e->n_names <= KERNEL_NAMES_MAX);
        assert(strnlen(e->exe, sizeof e->exe) <= KERNEL_EXE_MAX && strnlen(e->node, sizeof e->node) <= KERNEL_NODE_MAX);
        for (size_t i = 0; i < e->n_names; i++)
                switch (kernel_event_whose(e, i, "/srv/clients", client)) {
                case KERNEL_CLIENT:
                        assert(*client && strlen(client) <= KERNEL_CLIENT_MAX && !strchr(client, '/'));
                        assert(strstr(e->name[i].path, client) || strstr(e->cwd, client));
                        break;
                case KERNEL_NO_CLIENT:
                case KERNEL_UNSURE:
                        break;
                }
        return 0;
}

static void check_record(const uint8_t *data, size_t n) {
        struct kernel_record *record = malloc(sizeof *record), *again = malloc(sizeof *again);
        char *line = malloc(n + 1);

        if (record && again && line) {
                memcpy(line, data, n);
                line[n] = '\0';
                if (kernel_record_parse(line, n, record)) {
                        assert(record->type >= KERNEL_SYSCALL && record->type <= KERNEL_OTHER);
                        assert(strnlen(record->path, sizeof record->path) <= KERNEL_PATH_MAX);
                        /* What the enriched form adds changes nothing. */
                        line[n] = 0x1d;
                        assert(memchr(data, 0x1d, n) || n == KERNEL_LINE_MAX || (kernel_record_parse(line, n + 1, again) &&
                               memcmp(record->path, again->path, sizeof again->path) == 0 && record->auid == again->auid));
                }
        }
        free(record);
        free(again);
        free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        struct kernel_events *events = NULL;
        size_t n_told = 0, n_lines = 0;
        FILE *log;

        check_record(data, n);
        log = n > 0 ? fmemopen((void *) (uintptr_t) data, n, "r") : NULL;
        if (log && kernel_events_new(told, &n_told, &events) == 0) {
                assert(kernel_events_read(events, log) == 0 && kernel_events_end(events) == 0);
                for (size_t i = 0; i < n; i++)
                        n_lines += data[i] == '\n';
                assert(n_told + kernel_events_unread(events) <= n_lines + 1);
        }
        events = kernel_events_free(events);
        if (log)
                (void) fclose(log);
        return 0;
}
