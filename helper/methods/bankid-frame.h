/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bankid-frame.h - the text inside an animated BankID QR code
 *
 *     frame = "bankid." token "." time "." code
 *     time  = whole seconds since the answer to auth arrived, decimal, no padding
 *     code  = lower-case hex HMAC-SHA256(key = secret, message = time)
 */

#include <stddef.h>
#include <stdint.h>

enum {
        BANKID_TOKEN_MAX = 64,          /* bytes of a token, secret or order reference            */
        BANKID_FRAME_MAX = 7 + BANKID_TOKEN_MAX + 1 + 10 + 1 + 64,
};

/*
 * Write the frame of second @seconds into @ret, NUL added.  Returns 0, -EINVAL
 * for a token or secret that is empty or too long, or -EIO if there is no HMAC.
 */
int bankid_frame(const char *token, const char *secret, uint32_t seconds, char ret[static BANKID_FRAME_MAX + 1]);
