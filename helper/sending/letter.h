/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * letter.h - a mail as it is sent: headers and text
 *
 *     letter  = *( header CRLF ) CRLF *( line CRLF )          ; ASCII, 78 bytes a line at most, or as long as an address
 *     subject, name of the sender: encoded words (RFC 2047, 2, 4.1: B), each of whole characters
 *     text: quoted-printable (RFC 2045, 6.7) of UTF-8
 *     Date: UTC (RFC 5322, 3.3); Message-ID: random, at the domain of the sender's address
 *
 * Pure.
 */

#include "sending.h"

enum { LETTER_MAX = 32 * 1024, LETTER_ID = 16 };

struct letter {
        const char *from;               /* an address                                             */
        const char *from_name;          /* "" if none                                             */
        const char *to;                 /* an address                                             */
        const char *subject, *text;     /* clean UTF-8; the text's lines end with LF              */
        int64_t     date;               /* seconds since 1970                                     */
        uint8_t     id[LETTER_ID];      /* random                                                 */
};

/* Returns 0 and a malloc'd letter that ends with NUL; -EINVAL: not of such bytes, or too long; -ENOMEM. */
int letter_write(const struct letter *l, char **ret, size_t *ret_n);
