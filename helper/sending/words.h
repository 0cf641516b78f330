/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * words.h - what messages say, in the language that is spoken (texts_speak())
 *
 * Nothing about care, no name of anybody, no number; who is written to, and
 * where support is (M9).  Pure.
 */

#include "sending.h"

struct words {
        char subject[SENDING_SUBJECT_MAX + 1];
        char text[SENDING_TEXT_MAX + 1];        /* of an SMS: SENDING_SMS_MAX at most             */
};

/*
 * An invitation to log in (K4).  @organisation: the title, where the
 * configuration has no name; @has: factor_bit()s of what could be theirs, of
 * which the ways of [methods] are named.
 */
void words_invitation(const struct config *c, const char *organisation, const char *account, uint32_t has, struct words *ret);

/* How they are reached was changed (X14): to where they were reached until then. */
void words_contact_changed(const struct config *c, bool by_mail, struct words *ret);

/* A code for a log-in. */
void words_code(const struct config *c, bool by_mail, const char *code, unsigned minutes, struct words *ret);
