/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * service.h - which host program asks, by the name of its PAM service
 */

#include <stdbool.h>

enum service {
        SERVICE_OTHER = 1,
        SERVICE_SSH,                    /* sshd                                                          */
        SERVICE_CONSOLE,                /* login                                                         */
        SERVICE_REMOTE,                 /* login, for a terminal server                                  */
        SERVICE_SU,                     /* su and runuser, with -l, too: becomes the account             */
        SERVICE_SUDO,                   /* sudo, with -i, too: authenticates who runs it                 */
        SERVICE_CAREID,                 /* an act of the care directory by who has a mandate: no service of PAM */
};

enum service service_find(const char *name);

/* To become somebody, to run something as somebody, to change the care directory: approved as an act, not as a log-in. */
bool service_is_act(enum service service);
