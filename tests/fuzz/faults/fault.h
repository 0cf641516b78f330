/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * fault.h - one call of those that can fail does, and time that only passes when somebody waits
 *
 * The calls are wrapped when the program is linked (-Wl,--wrap, see
 * calls.table), so that the code under test is what is shipped.  Only calls of
 * ours are seen, not those that libraries make among themselves.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum fault_kind {
        FAULT_NONE,
        FAULT_FAILS,            /* the call fails, with an error that it can have                 */
        FAULT_INTERRUPTS,       /* EINTR; of reads and writes also: less than was wanted          */
};

/* The @nth call from now on is disturbed, and each further one with a chance of @chance/256 drawn from @seed. */
void fault_plan(enum fault_kind kind, uint64_t nth, unsigned chance, uint64_t seed);

/* No faults and the real clock again, for whatever else is in this program. */
void fault_stop(void);

/* Not while these are on: what plays the others' part does not fail.  Nests. */
void fault_pause(void);
void fault_resume(void);

uint64_t fault_n_calls(enum fault_kind kind);   /* that could have been disturbed so, since fault_plan() */
uint64_t fault_n_done(void);                    /* that were                                      */
const char *fault_name(void);                   /* the last one                                   */
bool fault_was(const char *name);               /* one of this name was                           */

void fault_print_met(void);                     /* names of the calls that undisturbed scenes have made, a line each */

/* For doubles: is it this call's turn to fail? */
bool fault_now(const char *name);

/* The clock: starts anew at each fault_plan(), goes on by waiting. */
uint64_t fault_clock_ms(void);

/*
 * What happens when somebody waits: the others' part goes on.  Returns 0 if it
 * did anything, else how many milliseconds later it will (UINT64_MAX: never).
 */
extern uint64_t (*fault_others)(void);

/* Wait: until the others do something, or @ms (-1: for ever, which is a hang if nobody does). */
void fault_wait(int ms);

/* The file that open() opens in place of @path, which may be itself; NULL: always itself. */
extern const char *(*fault_path)(const char *path);

/* The last child that fork() has made. */
extern pid_t fault_child;

/* Told of each pair that socketpair() makes; NULL: nobody is. */
extern void (*fault_pair)(const int pair[2]);

#define FAULT_TIME INT64_C(1795258800)          /* what time() says: tests/unit/directory/fixture.h */
