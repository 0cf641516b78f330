/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * number.h - personal numbers: from any usual spelling to the one that is stored
 *
 * Pure: bytes in, bytes out.  Personnummer and samordningsnummer (Sweden)
 * become twelve digits, CPR numbers (Denmark) ten.  What is accepted has the
 * shape of a number; whether somebody has it only the register knows.
 */

#include <stddef.h>

enum {
        NUMBER_TEXT_MAX  = 64,          /* bytes of a spelling                                    */
        NUMBER_SE_DIGITS = 12,
        NUMBER_DK_DIGITS = 10,
        NUMBER_MAX       = 12,          /* bytes of a normalised number, without NUL              */
};

/* Verdicts of number_normalise(). */
enum number_verdict {
        NUMBER_OK = 0,
        NUMBER_E_COUNTRY = 1,           /* a country whose numbers are not known here             */
        NUMBER_E_CHARACTER,             /* something other than digits, blanks and one sign       */
        NUMBER_E_SHAPE,                 /* not as many digits, or the sign not where it belongs   */
        NUMBER_E_CENTURY,               /* the century is not written, or contradicts the '+'     */
        NUMBER_E_DATE,                  /* the first part is no date                              */
        NUMBER_E_SERIAL,                /* 000 is never given                                     */
        NUMBER_E_CHECK_DIGIT,           /* the last digit is not the one that the others make     */
};

struct number_date {
        int year, month, day;
};

/*
 * Normalise @text, a number of @country ("SE", "DK").  @today completes the
 * short Swedish form; NULL: the short form is not accepted, as from an e-ID.
 * Returns NUMBER_OK, or the first verdict that applies, or NUMBER_E_COUNTRY.
 * @ret is written on NUMBER_OK only.
 */
enum number_verdict number_normalise(const char *country, const char *text, const struct number_date *today,
                                     char ret[static NUMBER_MAX + 1]);

/* What is wrong and what would be right, marked for translation; says nothing of the number itself. */
const char *number_verdict_text(enum number_verdict verdict);
