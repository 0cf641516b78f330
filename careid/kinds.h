/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * kinds.h - the kinds of things in the care directory, by the words that people use for them
 */

enum { KIND_COMPLAINT_MAX = 512, KIND_ALL_MAX = 384 };

enum {
        KIND_LISTS    = 1 << 0,         /* can be listed                                          */
        KIND_ARCHIVES = 1 << 1,         /* can be archived                                        */
        KIND_PEOPLE   = 1 << 2,         /* says who is a client, or something of one: that it was looked at is recorded (X6) */
};

struct kind {
        const char *one, *many;
        unsigned    can;
};

/* All that can do @can, "units, roles": plurals of what can be listed, otherwise singulars.  Returns @ret. */
const char *kind_all(unsigned can, char ret[static KIND_ALL_MAX]);

/* By its singular or plural; NULL and a complaint that names the right ones if there is none that can do @can. */
const struct kind *kind_find(const char *word, unsigned can, char complaint[static KIND_COMPLAINT_MAX]);
