/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * asker.h - whom this is about, and from where: the PAM items, copied and bounded
 */

#include "wire.h"

#include <netinet/in.h>
#include <security/pam_modules.h>
#include <stdbool.h>
#include <sys/types.h>

enum {
        ASKER_UID_MIN   = 1000,         /* no account of the care directory is below                     */
        ASKER_ENTRY_MAX = 65536,        /* bytes of a passwd entry                                       */
};

/* Verdicts of asker_load(). */
enum {
        ASKER_OK = 0,
        ASKER_E_NO_USER,                /* PAM_USER is missing and the host program did not give one     */
        ASKER_E_NAME,                   /* a name that no account can have (length, alphabet)            */
};

/* Remote, and nobody can say from where: not an address, so that no network has it. */
#define ASKER_SOURCE_UNKNOWN "unknown"

struct asker {
        char  user[WIRE_NAME_MAX + 1];
        char  service[WIRE_NAME_MAX + 1];
        char  tty[WIRE_NAME_MAX + 1];           /* without "/dev/"; "" if the host program named none    */
        char  source[INET6_ADDRSTRLEN];         /* an address literal; ASKER_SOURCE_UNKNOWN; "": local   */
        bool  over_ssh;                         /* the host program is sshd, before there is a terminal  */
        bool  after_key;                        /* sshd has verified a public key                        */
        bool  resolves;                         /* the host knows this name, as                          */
        uid_t uid;
        char  account[WIRE_NAME_MAX + 1];       /* its name there: a source may take several spellings   */
};

/*
 * Fill *ret from the items of @pamh, asking for the name where there is none.
 * Returns ASKER_OK, a verdict, or a negative errno (the host could not look the
 * name up).  *ret is usable for a log line in any case.
 */
int asker_load(pam_handle_t *pamh, struct asker *ret);

/*
 * Look a name up, as the host resolves it now.  Returns 0 and says in *ret_known
 * whether there is such a name, in *ret_uid whose it is, and in @account (NULL:
 * not wanted) what the host itself calls it, "" if that is no name for an
 * account.  Or a negative errno.
 */
int asker_resolve(const char *name, bool *ret_known, uid_t *ret_uid, char account[WIRE_NAME_MAX + 1]);

/* The host knows the name, and it cannot be one of the care directory's: root, or a system account. */
bool asker_is_system(const struct asker *asker);

/* Put VERSION, ACCOUNT, SERVICE and, where there is one, the terminal into a question. */
void asker_to_message(const struct asker *asker, struct wire_message *m);

/* The name to write in a log: one that the host does not know may be a password typed in the wrong place. */
const char *asker_log_name(const struct asker *asker);
