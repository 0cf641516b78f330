/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * import-rows.h - text as a file of rows, into a care directory, and what is said of it
 */

#include "fixture.h"
#include "import.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Of the last import: "FILE:LINE:COLUMN: ..." lines, notes with "note " before them. */
static char said[16384];
static size_t n_said;

static inline void on_said(void *about, const char *file, const struct row_place *at, bool note, const char *text) {
        (void) about;
        n_said += (size_t) snprintf(said + n_said, n_said < sizeof said ? sizeof said - n_said : 0, "%s%s:%" PRIu64 ":%u: %s\n",
                                    note ? "note " : "", file, at->line, (unsigned) at->column, text);
        if (n_said >= sizeof said)
                n_said = sizeof said - 1;
}

static inline int file_of(const void *text, size_t n) {
        const int fd = memfd_create("rows", MFD_CLOEXEC);

        if (fd < 0 || write(fd, text, n) != (ssize_t) n || lseek(fd, 0, SEEK_SET) != 0) {
                printf("Bail out! no file of rows\n");
                exit(1);
        }
        return fd;
}

static struct transfer_result result;

static enum transfer_format format = TRANSFER_CSV;
static enum transfer_ended ended = TRANSFER_ENDED_REFUSE;

static inline int import_bytes(struct directory *d, const char *kind, const void *text, size_t n) {
        const struct transfer_import import = { .home = "/home/%u", .shell = "/bin/bash", .ended = ended, .said = on_said };
        auto_close int fd = file_of(text, n);
        const struct transfer_file file = {
                .name = kind, .kind = transfer_kind_find(kind, strlen(kind)), .format = format, .fd = fd, .size = n,
        };
        const char *which;

        n_said = 0;
        *said = '\0';
        return transfer_import(d, &fixture_act, &import, &file, 1, &result, &which);
}

static inline int import(struct directory *d, const char *kind, const char *text) {
        return import_bytes(d, kind, text, strlen(text));
}

static inline int64_t last_entry(struct directory *d) {
        int64_t sequence = -1;
        uint8_t hash[32];

        return directory_audit_verify(d, &sequence, hash) == DIRECTORY_OK ? sequence : -1;
}
