/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-resident.c - what resident_leave() gives back: seen in the kernel's own table of the process
 */

#include "resident.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int variable = 1;

static unsigned n_cases, n_failed;

static void ok(bool is, const char *what) {
        printf("%sok %u - %s\n", is ? "" : "not ", ++n_cases, what);
        n_failed += !is;
}

/* proc_pid_pagemap(5): 64 bits a page, the highest says that it is there. */
static int is_resident(const void *at) {
        const int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
        uint64_t entry = 0;
        ssize_t n;

        if (fd < 0)
                return -1;
        n = pread(fd, &entry, sizeof entry, (off_t) ((uintptr_t) at / (uintptr_t) sysconf(_SC_PAGESIZE) * sizeof entry));
        (void) close(fd);
        return n == sizeof entry ? (int) (entry >> 63) : -1;
}

int main(void) {
        static const uint8_t abc[] = { 'a', 'b', 'c' };
        const void *code = (const void *) (uintptr_t) SHA256;
        uint8_t first[SHA256_DIGEST_LENGTH], second[SHA256_DIGEST_LENGTH];

        resident_find();
        variable++;
        (void) SHA256(abc, sizeof abc, first);
        ok(is_resident(code) == 1, "code that has been run is resident");
        resident_leave();
        ok(is_resident(code) == 0, "and is given back");
        ok(variable == 2 && is_resident(&variable) == 1, "what has been written stays, and stays as it is");
        (void) SHA256(abc, sizeof abc, second);
        ok(is_resident(code) == 1 && memcmp(first, second, sizeof first) == 0, "code comes back from its file, and does what it did");
        printf("1..%u\n", n_cases);
        return n_failed ? 1 : 0;
}
