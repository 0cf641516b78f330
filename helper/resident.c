/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * resident.c - leaving pages of files
 *
 * 1. MUST leave segments only that the loader maps as not to be written, and has not written itself: pages of others
 *    differ from their file.
 * 2. MUST not look into libraries as it leaves them: their pages would come back for that.
 */

#include "resident.h"

#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SEGMENTS_MAX = 512 };            /* of a hundred libraries or more                         */

static struct segment {
        void  *from;
        size_t n;
} segments[SEGMENTS_MAX];

static size_t n_segments;

/* Where code has been made to fit its place (no program here is; a library might be), the file has it as it was. */
static bool is_relocated(const struct dl_phdr_info *object) {
        for (size_t i = 0; i < object->dlpi_phnum; i++) {
                /* NOLINTNEXTLINE(performance-no-int-to-ptr): a number of the loader's */
                const ElfW(Dyn) *d = (const ElfW(Dyn) *) (object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);

                for (; object->dlpi_phdr[i].p_type == PT_DYNAMIC && d->d_tag != DT_NULL; d++)
                        if (d->d_tag == DT_TEXTREL || (d->d_tag == DT_FLAGS && (d->d_un.d_val & DF_TEXTREL)))
                                return true;
        }
        return false;
}

static int object_find(struct dl_phdr_info *object, size_t n, void *unused) {
        const uintptr_t page = (uintptr_t) sysconf(_SC_PAGESIZE);

        (void) n;
        (void) unused;
        if (is_relocated(object))
                return 0;
        for (size_t i = 0; i < object->dlpi_phnum && n_segments < SEGMENTS_MAX; i++) {
                const ElfW(Phdr) *p = &object->dlpi_phdr[i];
                const uintptr_t from = object->dlpi_addr + p->p_vaddr, down = from & ~(page - 1);

                if (p->p_type == PT_LOAD && !(p->p_flags & PF_W))
                        segments[n_segments++] = (struct segment) {
                                .from = (void *) down,  /* NOLINT(performance-no-int-to-ptr): a number of the loader's */
                                .n = from + p->p_filesz - down,
                        };
        }
        return 0;
}

void resident_find(void) {
        n_segments = 0;
        (void) dl_iterate_phdr(object_find, NULL);
}

void resident_leave(void) {
        for (size_t i = 0; i < n_segments; i++)
                (void) madvise(segments[i].from, segments[i].n, MADV_DONTNEED);
}
