/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * offer.c - from where a log-in comes to what it is offered
 *
 * 1. MUST not offer a code to a remote log-in from elsewhere, nor to a terminal of which nobody can say where it is
 *    shown, unless a key was shown or the configuration says so.
 * 2. MUST look at no account: a name that nobody has is offered the same.
 */

#include "offer.h"

#include "this-device.h"

/* A code that travels can be relayed to a victim while it is fresh, and nothing in BankID prevents that. */
enum offer offer_code(const struct offer_question *q) {
        if (!q->config->bankid)
                return OFFER_NOT_ENABLED;
        if (q->after_key)
                return OFFER_BY_KEY;
        if (q->config->bankid_remote_qr)
                return OFFER_BY_REMOTE_QR;
        switch (q->place) {
        case PLACE_HERE:
                return OFFER_HERE;
        case PLACE_REMOTE:
                return inside_has(&q->config->inside, q->own, q->source) ? OFFER_INSIDE : OFFER_OUTSIDE;
        case PLACE_UNKNOWN:
                if (!q->by_root)
                        return OFFER_OUTSIDE;
                return q->config->bankid_terminal_qr ? OFFER_BY_TERMINAL_QR : OFFER_NO_PLACE;
        }
        return OFFER_OUTSIDE;
}

enum offer offer_link(const struct offer_question *q) {
        const enum offer code = offer_code(q);

        if (code == OFFER_NOT_ENABLED)
                return code;
        if (!offer_is_made(code))
                return OFFER_NO_CODE;
        switch (this_device_find(q->config, q->source)) {
        case THIS_DEVICE_SEEN:
                return OFFER_SEEN;
        case THIS_DEVICE_SEEN_AS:
                return OFFER_SEEN_AS;
        case THIS_DEVICE_NO_ADDRESS:
                return OFFER_NO_ADDRESS;
        case THIS_DEVICE_NOWHERE:
                return OFFER_NOWHERE;
        case THIS_DEVICE_PRIVATE:
                return OFFER_PRIVATE;
        }
        return OFFER_NO_ADDRESS;
}

bool offer_is_made(enum offer offer) {
        return offer >= OFFER_BY_KEY && offer < OFFER_NOT_ENABLED;
}
