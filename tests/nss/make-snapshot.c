/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * make-snapshot.c - writes the snapshots of the example clinic into a directory
 *
 *     make-snapshot DIRECTORY [GENERATION]
 *
 * For trying the plugin by hand and for tests on a whole system; clinic.h
 * says who is in it.
 */

#include "clinic.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
        int dir;

        if (argc < 2 || argc > 3) {
                fprintf(stderr, "usage: make-snapshot DIRECTORY [GENERATION]\n");
                return 2;
        }
        dir = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (dir < 0) {
                perror(argv[1]);
                return 1;
        }
        clinic_publish(dir, argc == 3 ? strtoull(argv[2], NULL, 10) : 1, 1);
        return 0;
}
