/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* scene-directory.c - the care directory of scenes that log in or act */

#include "scene-directory.h"

#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void scene_directory_begin(void) {
        if (access("/dev/shm", W_OK) == 0)
                (void) setenv("TMPDIR", "/dev/shm", 0);
        fixture_begin();
}

int64_t scene_directory_rows(const char *table) {
        char query[64];

        (void) snprintf(query, sizeof query, "SELECT count(*) FROM %s", table);
        return fixture_number(query);
}
