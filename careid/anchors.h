/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * anchors.h - what root has read for careid audit verify to compare with, before root was given up
 *
 * It is made sense of as the system user.  Who only has a mandate has none: then
 * invocation.prepared is NULL.
 */

#include "invocation.h"
#include "trail.h"

struct anchors;

/* An exit status of outcome.h; *ret, in no order, is the caller's to free. */
typedef int anchors_read(const struct invocation *i, const struct anchors *kept, struct directory_anchor **ret, size_t *ret_n);

struct anchors {
        anchors_read *read;
        void         *data;             /* malloc'd: a file's bytes, or hashes of the journal     */
        size_t        n;
};
