/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * pam_witness.c - makes PAM_IGNORE visible
 *
 * libpam never returns PAM_IGNORE to a program.  In the stacks that run-script
 * writes, a pam_eid that says it leads here, with the argument "ignored", and
 * this module answers with a code that nothing else uses; without the
 * argument, it is what an accepting rest of a stack would be.
 */

#include <security/pam_modules.h>

#define PUBLIC __attribute__((__visibility__("default")))

static int answer(int argc) {
        return argc > 0 ? PAM_MODULE_UNKNOWN : PAM_SUCCESS;
}

#define WITNESS(name)                                                                           \
        PUBLIC int name(pam_handle_t *pamh, int flags, int argc, const char **argv) {           \
                (void) pamh;                                                                    \
                (void) flags;                                                                   \
                (void) argv;                                                                    \
                return answer(argc);                                                            \
        }

WITNESS(pam_sm_authenticate)
WITNESS(pam_sm_setcred)
WITNESS(pam_sm_acct_mgmt)
WITNESS(pam_sm_open_session)
WITNESS(pam_sm_close_session)
WITNESS(pam_sm_chauthtok)
