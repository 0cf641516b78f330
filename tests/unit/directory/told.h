/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * told.h - what the snapshots are told: builder and writer are doubles that write it down, line by line
 */

#include "fixture.h"
#include "snapshot-build.h"

enum { TOLD_PUBLIC, TOLD_PRIVATE };

extern struct told {
        char        text[2][1 << 20];   /* of the public and the private one that were written last       */
        uint64_t    generation;         /* of the last base                                               */
        unsigned    n_builders;         /* that are there                                                 */
        unsigned    n_epochs, n_bases, n_deltas;        /* so often                                       */
        struct snapshot_set there;      /* what is in the place, and                                      */
        int         look;               /* what looking for it says                                       */
        uint64_t    n_bytes;            /* what builders say they hold                                    */
        int         refuse;             /* what they say of accounts; 0: nothing                          */
        const char *refuse_name;        /* of this one alone, unless it is gone; NULL: of all             */
} told;

bool told_mentions(int which, const char *word);

/* Lines of TAP: that @line was told; that publishing makes a delta, or a base and nothing else. */
void told_says(int which, const char *line, const char *name);
void told_delta(struct directory *d, int64_t now, const char *name);
void told_base(struct directory *d, const char *name);

/*
 * More people for fixture_clinic(): person 3 with a relative's, a client's and an external's account, and one of the host.
 * Then of 2001000000 are 0 org, 1 oak, 2 elm, 3 journal, 4 video, 5 nurse, 6 doctor, 7 relative, 8 secretary, 9 anna, 10 bo,
 * 11 oak-nurse, 12 rut, 13 rut.c, 14 rut.e, 15 oak-secretary, 16 elm-doctor.
 */
void told_people(struct directory *d);
