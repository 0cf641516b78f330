/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * args.h - the options on a PAM line that names pam_eid.so
 */

#include <stdbool.h>
#include <stdint.h>

enum { ARGS_KIOSK_TIMEOUT_MIN = 180 };  /* seconds: people who need time have it, kiosk=yes or not at all    */

struct args {
        uint32_t timeout;               /* timeout=SECONDS; 0: what suits the host program (host.c)      */
        bool     kiosk;                 /* kiosk=yes|no: large, and nothing said twice                   */
        bool     live;                  /* live=yes|no: this sshd shows each message at once             */
};

/* Verdicts of args_parse(). */
enum {
        ARGS_OK = 0,
        ARGS_E_UNKNOWN,                 /* no option has this name                                       */
        ARGS_E_VALUE,                   /* the option is known, its value is not one that it takes       */
        ARGS_E_KIOSK,                   /* kiosk=yes, and a timeout= below ARGS_KIOSK_TIMEOUT_MIN        */
};

/*
 * Read the options.  Returns ARGS_OK, or a verdict about the first wrong one,
 * which is then stored, borrowed, in *ret_wrong.  *ret holds the presets in
 * any case, and is complete only after ARGS_OK.
 */
int args_parse(int argc, const char **argv, struct args *ret, const char **ret_wrong);
