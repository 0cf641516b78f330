/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * texts.h - the few texts of the module itself
 *
 * What people read comes from the helper, in their language.  These lines are
 * for when there is no helper to ask, and for what only this end can know.
 */

enum text_id {
        TEXT_UNAVAILABLE,               /* the helper cannot be asked                                    */
        TEXT_NO_METHOD,                 /* nothing can be shown through this host program                */
        TEXT_TOO_SMALL,                 /* before the size that the window must have                     */
        TEXT_CONSOLE,                   /* the same for a console, which nobody can make larger          */
        TEXT_TOO_MANY,                  /* no more messages can be shown                                 */
        TEXT_TIME_UP,                   /* the person came back after the time                           */
        TEXT_PRESS_ENTER,               /* at the end of a text that waits to be read                    */
        TEXT_CHECK_CODE,                /* before the code that the app shows too                        */
        TEXT_TIME_LEFT,                 /* before minutes and seconds                                    */
        TEXT_BLOCKS,                    /* after three blocks, where nobody knows whether there are any  */
        TEXT_LARGER,                    /* how to have the code larger, where nobody knows the window    */
        TEXT_OTHER_WAY,                 /* how to come to another way, where letters are all alike      */
        TEXT_MAX,
};

enum text_language { TEXT_SV, TEXT_DA, TEXT_EN, TEXT_LANGUAGES };

/* The text, never NULL.  @language as in WIRE_TAG_LANGUAGE; unknown or NULL is English. */
const char *text_get(enum text_id id, const char *language);
const char *text_in(enum text_id id, enum text_language language);
