/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * locked.c - finding, growing, locking
 *
 * 1. MUST not make an allocation or a deeper stack fail: what has been locked fits into the limit with room to spare,
 *    and what comes later is not locked by itself.
 */

#include "locked.h"

#include "cleanup.h"
#include "scan.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum { SPARE = 1 << 20 };               /* of the limit, for a stack that grows                   */

static struct region {
        uintptr_t from;
        size_t    n;
} heap, stack;

static uintptr_t page_down(uintptr_t at) {
        return at & ~((uintptr_t) sysconf(_SC_PAGESIZE) - 1);
}

static uintptr_t page_up(uintptr_t at) {
        return page_down(at + (uintptr_t) sysconf(_SC_PAGESIZE) - 1);
}

/* One block of that size and back: malloc() keeps what it has, and takes nothing from elsewhere. */
static int heap_grow(void) {
        void *volatile block;

        if (mallopt(M_MMAP_THRESHOLD, LOCKED_MOST) != 1 || mallopt(M_TRIM_THRESHOLD, LOCKED_MOST) != 1)
                return -ENOTSUP;
        block = malloc(LOCKED_HEAP);
        if (!block)
                return -ENOMEM;
        free(block);
        return 0;
}

/* proc_pid_stat(5): the numbers after the name, which ends with the last parenthesis; the first is field 4. */
enum { FIELD_FIRST = 4, FIELD_STACK = 28, FIELD_HEAP = 47 };

static int regions_find(void) {
        auto_close int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
        uint64_t fields[FIELD_HEAP + 1];
        struct scan s;
        const char *name_end;
        char text[4096];
        ssize_t n;

        if (fd < 0)
                return -errno;
        n = read(fd, text, sizeof text);
        if (n < 0)
                return -errno;
        name_end = memrchr(text, ')', (size_t) n);
        if (!name_end || text + n - name_end < 3)
                return -EBADMSG;
        s = scan_bytes(name_end + 3, (size_t) (text + n - name_end) - 3);       /* ") S" */
        for (unsigned i = FIELD_FIRST; i <= FIELD_HEAP; i++) {
                /* A few of them may be negative; those are nothing to us. */
                if (!scan_char(&s, ' '))
                        return -EBADMSG;
                (void) scan_char(&s, '-');
                if (!scan_u64(&s, UINT64_MAX, &fields[i]))
                        return -EBADMSG;
        }
        heap = (struct region) { .from = page_up((uintptr_t) fields[FIELD_HEAP]) };
        heap.n = page_down((uintptr_t) sbrk(0)) - heap.from;
        stack = (struct region) { .from = page_up((uintptr_t) fields[FIELD_STACK]) - LOCKED_STACK, .n = LOCKED_STACK };
        return fields[FIELD_HEAP] == 0 || fields[FIELD_STACK] == 0 || heap.n > LOCKED_MOST ? -ERANGE : 0;
}

int locked_prepare(void) {
        struct rlimit limit;
        int r;

        r = heap_grow();
        if (r == 0)
                r = regions_find();
        if (r == 0 && getrlimit(RLIMIT_MEMLOCK, &limit) < 0)
                r = -errno;
        if (r == 0 && limit.rlim_cur < heap.n + stack.n + SPARE)
                r = -ENOMEM;
        if (r < 0)
                heap.n = stack.n = 0;
        return r;
}

static int region_lock(const struct region *region) {
        void *const from = (void *) region->from;       /* NOLINT(performance-no-int-to-ptr): a number of the kernel's */

        return mlock2(from, region->n, MLOCK_ONFAULT) < 0 || madvise(from, region->n, MADV_DONTDUMP) < 0 ? -errno : 0;
}

int locked_begin(void) {
        int r;

        if (heap.n == 0)
                return 0;
        r = region_lock(&heap);
        return r < 0 ? r : region_lock(&stack);
}
