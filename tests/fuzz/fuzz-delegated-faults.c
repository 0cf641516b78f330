/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* fuzz-delegated-faults.c - an act that comes through the helper, in which many calls fail: faults/scene.h says what holds all the same */

#include "fuzz-faults.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        return fuzz_faults(data, n);
}
