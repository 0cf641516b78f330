/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * make-seeds.c - the seeds of fuzz-snapshot: the example clinic in its input format
 *
 *     make-seeds DIRECTORY
 *
 * Run by hand after a change of the format; the seeds are kept with the tests.
 */

#include "cleanup.h"
#include "clinic.h"
#include "world.h"

#include <stdio.h>
#include <string.h>

enum { SEED_MAX = 32768 };

static void put(uint8_t *seed, size_t *n, struct snapshot_builder *b, int with_size) {
        auto_free uint8_t *image = NULL;
        size_t size;

        if (snapshot_builder_image(b, &image, &size) != 0 || size > UINT16_MAX || *n + size + 2 > SEED_MAX)
                exit(1);
        (void) snapshot_builder_free(b);
        if (with_size) {
                seed[(*n)++] = (uint8_t) size;
                seed[(*n)++] = (uint8_t) (size >> 8);
        }
        memcpy(seed + *n, image, size);
        *n += size;
}

int main(int argc, char **argv) {
        static const struct snapshot_timed oak[] = { PLAIN(GID_OAK) };
        static const struct { const char *name; uint8_t how; } seeds[] = {
                { "public", 0 }, { "public-sealed", 1 }, { "all", 2 }, { "all-sealed", 3 }, { "as-nobody", 7 },
        };

        if (argc != 2)
                return 2;
        for (size_t i = 0; i < N_ELEMENTS(seeds); i++) {
                struct snapshot_builder *delta = clinic_builder(SNAPSHOT_PUBLIC_DELTA, 1, 1);
                uint8_t seed[SEED_MAX] = { 0, seeds[i].how };
                char path[256];
                size_t n = 2;

                clinic_add_user(delta, "bo", SNAPSHOT_GONE, UID_BO, GID_AIDE, NULL, 0);
                clinic_add_user(delta, "anna", SNAPSHOT_CHOICE, 0, 0, oak, 1);
                put(seed, &n, clinic_public(1, 1, 0), 1);
                put(seed, &n, delta, seeds[i].how & 2);
                if (seeds[i].how & 2) {
                        put(seed, &n, clinic_private(1, 1), 1);
                        put(seed, &n, clinic_builder(SNAPSHOT_PRIVATE_DELTA, 1, 1), 0);
                }
                (void) snprintf(path, sizeof path, "%s/%s", argv[1], seeds[i].name);
                world_write(path, seed, n, 0644);
        }
        {
                static const uint8_t build[] = { 1, 1, 1, 1, 9, 0, 2, 2, 2, 3, 3, 3, 15, 5, 4, 4, 4, 7, 1, 9, 9 };
                char path[256];

                (void) snprintf(path, sizeof path, "%s/build", argv[1]);
                world_write(path, build, sizeof build, 0644);
        }
        return 0;
}
