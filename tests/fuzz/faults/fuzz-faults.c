/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-faults.c - scenes with many faults at once
 *
 *     input = scene kind chance nth nth seed*     bytes; kind: odd interrupts, even fails; chance in 256
 *
 * Property: scene.h.
 */

#include "fault.h"
#include "scene.h"

#include <stdint.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
        (void) argc;
        (void) argv;
        scenes_begin();
        return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

        if (n < 5)
                return 0;
        for (size_t i = 5; i < n; i++)
                seed = (seed ^ data[i]) * UINT64_C(0x100000001b3);
        fault_plan(data[1] % 2 ? FAULT_INTERRUPTS : FAULT_FAILS, (uint64_t) data[3] << 8 | data[4], data[2] % 64, seed);
        (void) scene_play(data[0] % scenes_count());
        fault_plan(FAULT_NONE, 0, 0, 0);
        return 0;
}
