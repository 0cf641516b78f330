/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * fill.h - what the configuration leaves open for a message, filled in
 *
 * Pure.  What is filled in is escaped for the place where it stands, so that
 * no text and no number can become anything else there: another parameter,
 * another member, another header.
 */

#include <stddef.h>

enum fill_place {
        FILL_URL = 1,           /* path, query, form: all but letters, digits and -._~ as %XX (RFC 3986, 2.1) */
        FILL_JSON,              /* inside a JSON text: ", \ and controls escaped (RFC 8259, 7)    */
        FILL_HEADER,            /* as it is: visible ASCII and blanks alone                       */
};

/* What there is; NULL: nothing is filled in for it. */
struct fill_fields {
        const char *to;         /* {to}: +46...; {number}: the same without the plus sign         */
        const char *text, *from, *user, *secret;
};

/*
 * Fill @fields into @template, which config-sending.c has checked, and end it
 * with NUL.  Returns 0; -EOVERFLOW: it is longer than @n_ret; -EINVAL: a
 * header would have what no header can have.  What is in @ret then is wiped.
 */
int fill(const char *template, enum fill_place place, const struct fill_fields *fields, char *ret, size_t n_ret);
