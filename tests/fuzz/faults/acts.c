/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * acts.c - scenes of the care directory, and of what the helper does before it converses
 */

#include "act-scenes.h"

#include "fault.h"

#include <stdio.h>
#include <stdlib.h>

const struct scenes *const scenes_played[] = { &acts_directory, &acts_place, &acts_read, NULL };

char *act_file(const char *path, size_t *ret_n) {
        FILE *f = fopen(path, "re");
        char *bytes = malloc(ACT_FILE_MAX);

        if (!f || !bytes || (*ret_n = fread(bytes, 1, ACT_FILE_MAX, f)) == 0) {
                perror(path);
                exit(1);
        }
        (void) fclose(f);
        return bytes;
}

struct scene_end act_ended(int result, bool tells) {
        if (fault_n_done() == 0 && result != 0)
                scene_broken("does not succeed, undisturbed");
        return (struct scene_end) { .word = result + 1000, .granted = result == 0 && tells, .grants = tells };
}
