/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * try-words.c - from what is decided to its word, and to the option that decides it
 */

#include "try-words.h"

#include <stddef.h>

struct try_said try_say_offer(enum offer offer) {
        switch (offer) {
        case OFFER_BY_KEY:
                return (struct try_said) { "after-key", NULL, NULL };
        case OFFER_BY_REMOTE_QR:
                return (struct try_said) { "remote-qr", "bankid", "remote-qr" };
        case OFFER_HERE:
                return (struct try_said) { "here", NULL, NULL };
        case OFFER_INSIDE:
                return (struct try_said) { "inside", "network", "inside" };
        case OFFER_BY_TERMINAL_QR:
                return (struct try_said) { "terminal-qr", "bankid", "terminal-qr" };
        case OFFER_SEEN:
                return (struct try_said) { "seen", NULL, NULL };
        case OFFER_SEEN_AS:
                return (struct try_said) { "seen-as", "network", "seen-as" };
        case OFFER_NOT_ENABLED:
                return (struct try_said) { "not-enabled", "bankid", "enabled" };
        case OFFER_OUTSIDE:
                return (struct try_said) { "outside", "network", "inside" };
        case OFFER_NO_PLACE:
                return (struct try_said) { "place-unknown", "bankid", "terminal-qr" };
        case OFFER_NO_CODE:
                return (struct try_said) { "no-code", NULL, NULL };
        case OFFER_NO_ADDRESS:
                return (struct try_said) { "no-address", NULL, NULL };
        case OFFER_NOWHERE:
                return (struct try_said) { "nowhere", NULL, NULL };
        case OFFER_PRIVATE:
                return (struct try_said) { "private", "network", "seen-as" };
        }
        return (struct try_said) { "", NULL, NULL };
}

struct try_said try_say_way(const struct ways_said *said) {
        switch (said->why) {
        case WAYS_BY_METHODS:
                return (struct try_said) { "by-methods", "methods", "allow" };
        case WAYS_BY_RULE:
                return (struct try_said) { "by-rule", NULL, NULL };
        case WAYS_REOPENED:
                return (struct try_said) { "reopened", "outage", "reopen" };
        case WAYS_EXEMPT:
                return (struct try_said) { "exempt", NULL, NULL };
        case WAYS_CLIENTS_OFF:
                return (struct try_said) { "clients-off", "clients", "log-in" };
        case WAYS_NOT_HERE:
                return try_say_offer(said->offer);
        case WAYS_NOT_BY_USER:
                return (struct try_said) { "not-by-user", NULL, NULL };
        case WAYS_NOT_BY_RULE:
                return (struct try_said) { "not-by-rule", NULL, NULL };
        case WAYS_OUTSIDE:
                return (struct try_said) { "one-factor", "network", "inside" };
        case WAYS_RETIRED:
                return (struct try_said) { "retired", "password", "retired-from" };
        case WAYS_NOT_NAMED:
                return (struct try_said) { "not-named", NULL, NULL };
        case WAYS_LACKS:
                return (struct try_said) { "lacks", NULL, NULL };
        }
        return (struct try_said) { "", NULL, NULL };
}

struct try_said try_say_why(enum decision_why why) {
        switch (why) {
        case DECISION_WHY_NONE:
                return (struct try_said) { "in-use", NULL, NULL };
        case DECISION_WHY_UNKNOWN:
        case DECISION_WHY_NOT_OWNER:
                return (struct try_said) { "unknown", NULL, NULL };
        case DECISION_WHY_NO_NUMBER:
                return (struct try_said) { "no-number", NULL, NULL };
        case DECISION_WHY_ARCHIVED:
                return (struct try_said) { "archived", NULL, NULL };
        case DECISION_WHY_NOT_ASSIGNED:
                return (struct try_said) { "not-assigned", NULL, NULL };
        case DECISION_WHY_NOT_ON_HOST:
                return (struct try_said) { "not-on-host", NULL, NULL };
        case DECISION_WHY_UID_LOW:
                return (struct try_said) { "uid-low", NULL, NULL };
        case DECISION_WHY_UID_OTHER:
                return (struct try_said) { "uid-other", NULL, NULL };
        case DECISION_WHY_CLIENTS_OFF:
                return (struct try_said) { "clients-off", "clients", "log-in" };
        case DECISION_WHY_WAY_CLOSED:
                return (struct try_said) { "way-closed", NULL, NULL };
        }
        return (struct try_said) { "", NULL, NULL };
}

struct try_said try_say_end(const struct foreseen *f) {
        switch (f->end) {
        case FORESEEN_LET_IN:
                return (struct try_said) { "approved", NULL, NULL };
        case FORESEEN_BY_TERMINAL:
                return (struct try_said) { "terminal-needed", NULL, NULL };
        case FORESEEN_LET_BY:
                return (struct try_said) { "account-only", NULL, NULL };
        case FORESEEN_NOT_ASKED:
                return (struct try_said) { "not-asked", NULL, NULL };
        case FORESEEN_NO_METHOD:
                return (struct try_said) { "no-method", NULL, NULL };
        case FORESEEN_NOBODY:
        case FORESEEN_REFUSED:
                return try_say_why(f->why);
        }
        return (struct try_said) { "", NULL, NULL };
}

const char *try_answer(enum foreseen_end end) {
        return foreseen_is_let_in(end) ? "let-in" : end == FORESEEN_NOT_ASKED ? "not-asked" : "refused";
}
