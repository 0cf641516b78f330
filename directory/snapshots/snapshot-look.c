/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot-look.c - which set of snapshots is there
 */

#include "snapshot-builder.h"

#include "cleanup.h"
#include "trusted-file.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

int snapshot_look_at(int dir, const char *name, mode_t mode, enum snapshot_kind kind, struct snapshot_file *ret) {
        auto_close int fd = -1;
        size_t size;
        void *at;
        int r;

        r = trusted_open(dir, name, geteuid(), mode, 1, SNAPSHOT_FILE_MAX, &fd, &size);
        if (r < 0)
                return r;
        if (size < SNAPSHOT_HEADER_SIZE)
                return -EBADMSG;
        at = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
        if (at == MAP_FAILED)
                return -errno;
        r = snapshot_file_init(ret, at, size, kind);
        if (r == 0)
                ret->at = NULL;
        (void) munmap(at, size);
        return r;
}

int snapshot_set_look(int dir, struct snapshot_set *ret) {
        static const struct {
                const char        *name;
                mode_t             mode;
                enum snapshot_kind kind;
        } files[] = {
                { "public.snapshot",  0644, SNAPSHOT_PUBLIC        },
                { "private.snapshot", 0600, SNAPSHOT_PRIVATE       },
                { "public.delta",     0644, SNAPSHOT_PUBLIC_DELTA  },
                { "private.delta",    0600, SNAPSHOT_PRIVATE_DELTA },
        };
        struct snapshot_file seen[N_ELEMENTS(files)];

        for (size_t i = 0; i < N_ELEMENTS(files); i++) {
                const int r = snapshot_look_at(dir, files[i].name, files[i].mode, files[i].kind, &seen[i]);

                if (r < 0)
                        return r;
                if (seen[i].generation != seen[0].generation)
                        return -ESTALE;
        }
        if (seen[2].serial != seen[3].serial)
                return -ESTALE;
        *ret = (struct snapshot_set) { .generation = seen[0].generation, .serial = seen[2].serial, .written = INT64_MIN };
        for (size_t i = 0; i < N_ELEMENTS(files); i++)
                if (seen[i].written > ret->written)
                        ret->written = seen[i].written;
        return 0;
}
