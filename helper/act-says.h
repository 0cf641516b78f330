/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * act-says.h - what a command prints, in memory, and from there to the caller
 */

#include "helper.h"
#include "wire.h"

#include <stdio.h>

struct memory {
        FILE  *file;
        char  *text;                    /* of @n bytes once the file has been flushed             */
        size_t n, sent;
};

#define MEMORY_NONE { .file = NULL }

int memory_open(struct memory *ret);    /* 0 or -ENOMEM                                           */
void memory_done(struct memory *m);     /* wipes it                                               */

/* RESULT, as many as it takes, the last with @status. */
void act_says(const struct helper *h, struct memory *out, struct memory *err, int status);
