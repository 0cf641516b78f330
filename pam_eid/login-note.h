/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * login-note.h - the number of a log-in, carried from one PAM call to the next
 *
 * It lives with the PAM handle.  Where a host program opens the session in
 * another process (sshd does) the note is not there, and the helper finds the
 * log-in by account and service.
 */

#include <security/pam_modules.h>
#include <stdint.h>

/* Returns 0 or a negative errno. */
int login_note_put(pam_handle_t *pamh, const char *user, uint64_t login);

/* 0: there is none, or it is another user's. */
uint64_t login_note_get(pam_handle_t *pamh, const char *user);
