/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * fuzz-faults.h - one input of fuzz-helper-faults and fuzz-module-faults (fuzz-faults.c has its grammar)
 */

#include <stddef.h>
#include <stdint.h>

int fuzz_faults(const uint8_t *data, size_t n);        /* returns 0                                      */
