/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * texts.h - everything that the helper says to people, in one file
 *
 * Journal lines are English and are not here, but systemd/catalog/ explains
 * each in all languages; what the care directory or the configuration complains
 * of stands in them in the language of the moment.
 */

#include "decision.h"
#include "way.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
        TEXTS_MAX = 2048,               /* bytes of a text, as the wire admits                    */
};

enum text {
        TEXT_NONE,
        TEXT_STARTING,
        TEXT_SCAN,
        TEXT_OPEN_APP,                  /* RFA1                                                   */
        TEXT_TRYING,                    /* RFA13                                                  */
        TEXT_SEARCHING,                 /* RFA14                                                  */
        TEXT_SEARCHING_HERE,            /* RFA15B                                                 */
        TEXT_CODE,                      /* RFA9                                                   */
        TEXT_DOCUMENT,                  /* RFA23                                                  */
        TEXT_GOING_ON,                  /* RFA21                                                  */
        TEXT_CANCELLED,                 /* RFA6                                                   */
        TEXT_CANCELLED_ELSEWHERE,       /* RFA3                                                   */
        TEXT_IN_PROGRESS,               /* RFA4                                                   */
        TEXT_NO_ANSWER,                 /* RFA8                                                   */
        TEXT_BANKID_BLOCKED,            /* RFA16                                                  */
        TEXT_NOT_STARTED,               /* RFA17A                                                 */
        TEXT_NOT_SCANNED,               /* RFA17B                                                 */
        TEXT_WENT_WRONG,                /* RFA22, RFA5                                            */
        TEXT_TIME_UP,
        TEXT_UNREACHABLE,
        TEXT_BUSY_HERE,
        TEXT_BROKEN,
        TEXT_STOPPING,
        TEXT_NOT_PERMITTED,
        TEXT_NO_METHOD,
        TEXT_NO_SCREEN,
        TEXT_NO_METHOD_HERE,
        TEXT_NO_REMOTE_CODE,
        TEXT_NO_PLACE_CODE,
        TEXT_APPROVED,
        TEXT_WRONG_PERSON,
        TEXT_ARCHIVED,
        TEXT_NOT_ASSIGNED,
        TEXT_CLIENTS_OFF,
        TEXT_WAY_CLOSED,
        TEXT_NOT_HERE,
        TEXT_NO_NUMBER,
        TEXT_LOGGED,                    /* who was asked for no approval reads it here (X18)      */
        TEXT_HELP_LIVE,
        TEXT_HELP_ASKED_START,
        TEXT_HELP_ASKED,
        TEXT_HELP_ASKED_APP,
        TEXT_HELP_LINK_LIVE,
        TEXT_HELP_LINK_ASKED,
        TEXT_ASK_PASSWORD,              /* what is typed is called                                */
        TEXT_ASK_TOTP,
        TEXT_ASK_SMS,
        TEXT_ASK_MAIL,
        TEXT_ASK_CODE,
        TEXT_TYPED_WRONG,
        TEXT_TYPED_DENIED,
        TEXT_ENTER_OTHER,
        TEXT_LINK_OFFER,
        TEXT_OTHER_ADDRESS,
        TEXT_MENU,
        TEXT_MENU_LINK,
        TEXT_MENU_WAYS,
        TEXT_MENU_LINK_WAYS,
        TEXTS,
};

/* What an approval is for.  Strings are borrowed; NULL where there is none. */
struct texts_act {
        const char *organisation;       /* title of the one that is identified to                 */
        const char *host;
        const char *service;            /* of PAM                                                 */
        const char *account, *target, *source;
        const char *program;            /* what is to be run                                      */
        const char *arguments;          /* with what                                              */
        const char *check_code;
};

/*
 * Load the catalogues of all languages, so that nothing is opened later, and
 * speak @language ("sv", "da", "en").  Where there is no catalogue, texts are
 * English.
 */
void texts_init(const char *language);

/* Another language from now on, for the whole process; one that there is not changes nothing. */
void texts_speak(const char *language);

/* The one that is spoken, as in WIRE_TAG_LANGUAGE. */
const char *texts_language(void);

const char *texts_get(enum text text);

/* What somebody is told who was refused for this; who has proven nothing is told less.  NONE: TEXT_NONE. */
enum text texts_of_why(enum decision_why why);

/* The text, and under it where help is (M9) unless @support is empty. */
void texts_with_support(enum text text, const char *support, char ret[static TEXTS_MAX + 1]);

/* Which other ways there are than @now, of the @n that are offered; "" where there is none. */
void texts_ways(const enum way *ways, size_t n, enum way now, char ret[static TEXTS_MAX + 1]);

/* Until when passwords are good, @date being the first day on which they are not. */
void texts_password_ends(const char *date, char ret[static TEXTS_MAX + 1]);

/* The lines above the code: who asks, for what, and which organisation one identifies to (S5). */
void texts_about(const struct texts_act *act, char ret[static TEXTS_MAX + 1]);

/* What the app shows (X1), at most @max bytes of UTF-8. */
void texts_visible(const struct texts_act *act, size_t max, char ret[static TEXTS_MAX + 1]);
