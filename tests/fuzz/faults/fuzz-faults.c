/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-faults.c - scenes with many faults at once
 *
 *     input = scene kind chance nth nth seed*     bytes; kind: odd interrupts, even fails; chance in 256
 *
 * Property: scene.h.
 */

#include "fuzz-faults.h"

#include "fault.h"
#include "scenes.h"

#include <stdio.h>
#include <stdlib.h>

void scenes_stop(const char *scene, const char *what) {
        fprintf(stderr, "%s, after %s failed: %s\n", scene, fault_name(), what);
        abort();
}

int fuzz_faults(const uint8_t *data, size_t n) {
        static int begun;
        uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

        if (!begun)
                scenes_begin();
        begun = 1;
        if (n < 5)
                return 0;
        for (size_t i = 5; i < n; i++)
                seed = (seed ^ data[i]) * UINT64_C(0x100000001b3);
        fault_plan(data[1] % 2 ? FAULT_INTERRUPTS : FAULT_FAILS, (uint64_t) data[3] << 8 | data[4], data[2] % 64, seed);
        (void) scenes_play(data[0] % scenes_count());
        fault_stop();
        return 0;
}
