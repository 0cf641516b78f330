/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * contact-detail.h - what a phone number and a mail address are
 *
 *     phone = "+" 7*15DIGIT                           ; E.164, not 0 first; blanks, - ( ) between digits are taken out
 *     mail  = local "@" label 1*( "." label )         ; 254 bytes in all
 *     local = 1*64( letter / digit / one of !#$%&'*+-/=?^_`{|}~. )    ; a dot neither first nor last
 *     label = 1*63( letter / digit / "-" )            ; a hyphen neither first nor last
 *
 * Pure.  Both are one line of ASCII, so that nothing of one can become a
 * header or a command of whatever sends to it.
 */

#include <stdbool.h>

enum {
        CONTACT_PHONE_MIN  = 7,         /* digits                                                 */
        CONTACT_PHONE_MAX  = 15,
        CONTACT_DETAIL_MAX = 254,       /* bytes, without NUL                                     */
};

/* False, and @ret is not touched, if it is none.  What is in @ret is in its plain form: read again it is the same. */
bool contact_phone(const char *text, char ret[static CONTACT_DETAIL_MAX + 1]);
bool contact_mail(const char *text, char ret[static CONTACT_DETAIL_MAX + 1]);
