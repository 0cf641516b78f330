/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sweep.c - in each scene the first call fails, then the second, and so on to the last; then the same with interruptions
 *
 * An interruption is nobody's fault: the end has to be the same.
 *
 *     sweep [SCENE]       all calls of all scenes (or of that one)
 *     sweep --every N     each Nth call, in each scene another one first
 *     sweep --calls       the names of the calls that the scenes make
 */

#include "fault.h"
#include "scenes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CALLS_MAX = 20000 };

static unsigned n_tests, n_failed;
static uint64_t n_disturbed;                    /* calls, of all scenes                                           */

static void check(int ok, const char *scene, const char *what, uint64_t n) {
        n_tests++;
        n_failed += !ok;
        printf("%sok %u - %s: %s (%llu)\n", ok ? "" : "not ", n_tests, scene, what, (unsigned long long) n);
}

void scenes_stop(const char *scene, const char *what) {
        printf("not ok %u - %s, after %s failed: %s\n1..%u\n", n_tests + 1, scene, fault_name(), what, n_tests + 1);
        exit(EXIT_FAILURE);
}

static void sweep(size_t scene, uint64_t every) {
        uint64_t n_calls, n_interrupts, n_done = 0, n_granted = 0, n_other = 0;
        bool granted, good;
        int end;

        fault_plan(FAULT_NONE, 0, 0, 0);
        end = scenes_play(scene);
        granted = scenes_granted();
        n_calls = fault_n_calls(FAULT_FAILS);
        n_interrupts = fault_n_calls(FAULT_INTERRUPTS);
        check(end != 0, scenes_name(scene), granted ? "lets in, undisturbed" : "undisturbed", n_calls);

        /* As many as there are, which is not always the same number: until one run ends before its turn comes. */
        for (uint64_t i = 1 + scene % every; i < CALLS_MAX; i += every) {
                fault_plan(FAULT_FAILS, i, 0, 0);
                (void) scenes_play(scene);
                if (!fault_n_done())
                        break;
                n_done++;
                n_disturbed++;
                n_granted += scenes_granted();
        }
        good = n_done > 0 || n_calls <= scene % every;
        if (!granted)
                good = good && n_granted == 0;
        else if (every == 1)                            /* of a sample no call may be left that matters   */
                good = n_granted < n_done;
        check(good, scenes_name(scene), every == 1 ? "each call fails in turn, and nobody is let in who should not be"
                                       : granted  ? "some calls fail in turn, and it ends"
                                                  : "some calls fail in turn, and nobody is let in who should not be", n_granted);

        for (uint64_t i = 1 + scene % every; i < CALLS_MAX; i += every) {
                int r;

                fault_plan(FAULT_INTERRUPTS, i, 0, 0);
                r = scenes_play(scene);
                if (!fault_n_done())
                        break;
                n_disturbed++;
                if (r != end) {
                        printf("# %s, interruption %llu (%s): another end\n", scenes_name(scene), (unsigned long long) i, fault_name());
                        n_other++;
                }
        }
        check(n_other == 0, scenes_name(scene), every > 1 ? "some calls are interrupted in turn, and nothing comes of it"
                                                         : "each call is interrupted in turn, and nothing comes of it", n_interrupts);
}

/* The calls that the scenes make, for calls.py. */
static int tell_calls(void) {
        for (size_t i = 0; i < scenes_count(); i++) {
                fault_plan(FAULT_NONE, 0, 0, 0);
                (void) scenes_play(i);
        }
        fault_print_met();
        return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
        uint64_t every = 1;

        (void) setvbuf(stdout, NULL, _IOLBF, 0);
        scenes_begin();
        if (argc == 2 && strcmp(argv[1], "--calls") == 0)
                return tell_calls();
        if (argc == 3 && strcmp(argv[1], "--every") == 0 && (every = strtoull(argv[2], NULL, 10)) > 0)
                argc = 1;
        for (size_t i = 0; i < scenes_count(); i++)
                if (argc < 2 || strcmp(argv[1], scenes_name(i)) == 0)
                        sweep(i, every);
        printf("# %llu calls were disturbed\n1..%u\n", (unsigned long long) n_disturbed, n_tests);
        return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
