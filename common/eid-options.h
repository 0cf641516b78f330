/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * eid-options.h - the options on a PAM line that names pam_eid.so, and how long it takes with them
 *
 * The module acts on them; `careid check` says beforehand what it will do.
 * Both read this table, and so does the test of pam_eid(8).
 */

#include "service.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Presets of timeout=, each below what the host program itself waits. */
enum {
        EID_TIMEOUT_SSH   = 100,        /* LoginGraceTime is 120 s                                       */
        EID_TIMEOUT_LOGIN = 50,         /* LOGIN_TIMEOUT is 60 s                                         */
        EID_TIMEOUT_SU    = 170,        /* su and sudo wait for ever; a BankID order has 3 minutes       */
        EID_TIMEOUT_KIOSK = 180,        /* people who need time have it, kiosk=yes or not at all: also the least */
};

struct eid_options {
        uint32_t timeout;               /* timeout=SECONDS; 0: what suits the host program               */
        bool     kiosk;                 /* kiosk=yes|no: large, and nothing said twice                   */
        bool     live;                  /* live=yes|no: this sshd shows each message at once             */
        bool     larger;                /* larger=yes|no: over SSH, codes are twice as large to begin with */
        bool     light;                 /* light=yes|no: over SSH, people's terminals have dark letters on a light ground */
};

/* Verdicts of all three. */
enum {
        EID_OPTIONS_OK = 0,
        EID_OPTIONS_E_UNKNOWN,          /* no option has this name                                       */
        EID_OPTIONS_E_VALUE,            /* the option is known, its value is not one that it takes       */
        EID_OPTIONS_E_KIOSK,            /* kiosk=yes, and a timeout= below EID_TIMEOUT_KIOSK             */
};

/* Take one option, of @n bytes, into *o.  The last one of a name counts. */
int eid_option_take(struct eid_options *o, const char *option, size_t n);

/* Do they agree with each other?  EID_OPTIONS_OK or EID_OPTIONS_E_KIOSK. */
int eid_options_agree(const struct eid_options *o);

/*
 * All of them.  Returns EID_OPTIONS_OK, or a verdict about the first wrong one,
 * which is then stored, borrowed, in *ret_wrong.  *ret holds the presets in
 * any case, and is complete only after EID_OPTIONS_OK.
 */
int eid_options_parse(int argc, const char **argv, struct eid_options *ret, const char **ret_wrong);

/* The seconds that a log-in through this service may take. */
uint32_t eid_options_seconds(const struct eid_options *o, enum service service);
