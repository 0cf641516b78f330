/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * kept-link.h - a conversation that goes on in the next PAM call
 *
 * root's helper takes the account stage in the conversation of an approval, and
 * the session's start in that of the account stage (docs/helper-protocol.md): a
 * program that runs these stages one after the other spares itself a process
 * for each.  Whatever is not as expected is no link, and then a new one is made.
 */

#include <security/pam_modules.h>

/* Keep @fd, which is the link's from now on, for the next question about @account.  What can't be kept is closed. */
void kept_link_put(pam_handle_t *pamh, const char *account, int fd);

/*
 * The link that this process has kept for @account, or -1.  It is the caller's
 * then, and no longer kept; one for another account is closed.
 */
int kept_link_take(pam_handle_t *pamh, const char *account);
