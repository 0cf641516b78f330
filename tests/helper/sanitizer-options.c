/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sanitizer-options.c - what a sanitizer in the helper is told, since the environment is not for it
 *
 * Leaks are looked for with ptrace, which a process that is not dumpable
 * forbids; what is found is written where the helper may write.
 */

#include "places.h"

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

__attribute__((__visibility__("default"))) const char *__asan_default_options(void) {
        return "detect_leaks=0:exitcode=99:log_path=" CAREID_STATE_DIR "/sanitizer";
}

__attribute__((__visibility__("default"))) const char *__ubsan_default_options(void) {
        return "halt_on_error=1:exitcode=99:log_path=" CAREID_STATE_DIR "/sanitizer";
}
