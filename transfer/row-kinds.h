/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * row-kinds.h - what of the care directory is imported and exported: kinds of rows and their columns
 *
 * One table; import, export, the manual and the tests are made from it.  The
 * order is that of import: a row refers to rows of kinds before its own, or of
 * its own before it.
 */

#include "acts.h"

#include <stdbool.h>
#include <stddef.h>

enum {
        TRANSFER_COLUMNS_MAX = 10,
        TRANSFER_KINDS       = 17,
};

enum transfer_flag {
        TRANSFER_REQUIRED  = 1 << 0,
        TRANSFER_PERSON    = 1 << 1,    /* the key of a person: ?N is the id, or NULL             */
        TRANSFER_FIRST_DAY = 1 << 2,    /* a date: ?N is the first second of that day             */
        TRANSFER_LAST_DAY  = 1 << 3,    /* a date: ?N is the first second after that day          */
        TRANSFER_YES       = 1 << 4,    /* "yes" or "no": ?N is 1 or 0                            */
        TRANSFER_DAYS      = 1 << 5,    /* weekdays, "mon-fri": ?N is their bits                  */
        TRANSFER_HOURS     = 1 << 6,    /* "21:00-07:00": ?N is HOURS of the two minutes          */
        TRANSFER_NUMBER    = 1 << 7,    /* ?N is an integer                                       */
        TRANSFER_CLIENT    = 1 << 8,    /* "ORG-N": ?N is the id, or NULL                         */
        TRANSFER_SEALED    = 1 << 9,    /* a personal number, encrypted: opened for export        */
        TRANSFER_CONTACT   = 1 << 10,   /* the same, a contact detail                             */
};

struct transfer_column {
        const char *name;
        unsigned    flags;
        const char *about;              /* for the manual                                         */
};

/* Verdicts beside those of directory.h. */
enum transfer_verdict {
        TRANSFER_SAME = 64,             /* it is there already, the very same                     */
        TRANSFER_ENDED,                 /* it was there, and has been ended or taken away         */
        TRANSFER_ARCHIVED,              /* it is there, archived                                  */
        TRANSFER_CHANGED,               /* it stands, until another day                           */
};

/* What a kind's own functions work with. */
struct transfer {
        struct directory           *d;
        const struct directory_act *act;
        const char *const          *value;      /* of the row, by the kind's columns; NULL: empty */
        const int64_t              *integer;    /* the same of those that stand for an integer    */
        int64_t                     newest;     /* change(): no row that is newer is ended: these files have said it */
        const char                 *home, *shell;       /* where the row says neither; %u of @home is the name */
};

struct transfer_kind {
        const char *name;                       /* "persons", also the name of its file           */
        struct transfer_column columns[TRANSFER_COLUMNS_MAX + 1];
        bool        secret;                     /* leaves only where it is asked for by name      */
        /*
         * The row that is there already under this one's key: its columns, and
         * whether it is archived.  Or one column, where the key is all of it:
         * whether it has ended; one that stands comes first.  ?N is the N-th
         * column, and the one after the last of them what time it is.  A
         * 2: it stands until another day, and change() is called.  NULL: put()
         * finds out.
         */
        const char *existing;
        /* A row where the row can't be added since what it hangs on is archived, dead or ended; ?N as above.  NULL: on nothing. */
        const char *gone;
        /* The time zone of its dates; ?N as above. */
        const char *zone;
        /* Add it: DIRECTORY_OK, TRANSFER_SAME, or a result code of directory.h and its complaint. */
        int       (*put)(const struct transfer *t);
        /* End what stands until another day, and add this instead, unless its last day is over; as put(). */
        int       (*change)(const struct transfer *t);
        /*
         * All that stand at ?1, in an order that ids have no part in.  Columns
         * of days, hours and dates are integers; after the columns comes the
         * time zone of dates.  NULL: it is not exported.
         */
        const char *all;
        const char *rows_of;                    /* what all is a part of: a table, and where in it */
};

/* Two minutes of a day as one integer. */
#define TRANSFER_MINUTES 1440

extern const struct transfer_kind transfer_kinds[TRANSFER_KINDS + 1];   /* ends with one without a name */

/* The id of the assignment that stands, whatever its last day; ?N are the columns of its kind, ?8 is now. */
extern const char transfer_assignment_until[];

const struct transfer_kind *transfer_kind_find(const char *name, size_t n);
size_t transfer_n_columns(const struct transfer_kind *kind);
