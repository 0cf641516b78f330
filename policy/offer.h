/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * offer.h - which ways to prove who one is are offered to a log-in
 *
 * From where it comes and by the configuration: the same for every name (X15).
 */

#include "inside.h"
#include "place.h"

struct offer_question {
        const struct config        *config;
        const struct own_addresses *own;
        enum place_kind             place;      /* where the code would be shown                  */
        const char                 *source;     /* that it comes from; NULL: none                 */
        bool                        after_key;  /* sshd has verified a public key                 */
        bool                        by_root;    /* and a program of root's says all this          */
};

enum offer {
        OFFER_BY_KEY = 1,               /* offered: a key was shown                               */
        OFFER_BY_REMOTE_QR,             /* offered: [bankid] remote-qr                            */
        OFFER_HERE,                     /* offered: at the machine itself                         */
        OFFER_INSIDE,                   /* offered: [network] inside                              */
        OFFER_BY_TERMINAL_QR,           /* offered: [bankid] terminal-qr                          */
        OFFER_SEEN,                     /* offered: others see the address, too                   */
        OFFER_SEEN_AS,                  /* offered: [network] seen-as                             */
        OFFER_NOT_ENABLED,              /* [bankid] enabled                                       */
        OFFER_OUTSIDE,                  /* from nowhere that [network] inside names               */
        OFFER_NO_PLACE,                 /* nobody can say where the terminal is shown             */
        OFFER_NO_CODE,                  /* of a link: only where a code is offered                */
        OFFER_NO_ADDRESS,               /* of a link: it comes from no address                    */
        OFFER_NOWHERE,                  /* of a link: from one that is nobody's                   */
        OFFER_PRIVATE,                  /* of a link: from one that [network] seen-as doesn't name */
};

/* A code to scan with another device. */
enum offer offer_code(const struct offer_question *q);

/* A link for the device that the log-in comes from. */
enum offer offer_link(const struct offer_question *q);

bool offer_is_made(enum offer offer);
