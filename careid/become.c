/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * become.c - from root to the system user of careid, for good
 *
 * 1. MUST drop all supplementary groups, then set the group ids, then the user ids: later is too late.
 * 2. MUST leave real, effective, saved and file-system ids the same.
 * 3. MUST prove it by trying to go back, and abort if that works or if anything failed.
 * 4. MUST NOT become root, or anybody who is not a system user.
 * 5. MUST leave nothing to look at: not dumpable, no core file.
 */

#include "become.h"

#include "i18n.h"
#include "outcome.h"
#include "places.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { SYSTEM_UID_MAX = 999, PASSWD_BUFFER = 16384 };

int become_look(struct become *ret) {
        char buffer[PASSWD_BUFFER];
        struct passwd entry, *found = NULL;
        int r;

        if (getuid() != 0 || geteuid() != 0)
                return BECOME_E_NOT_ROOT;
        r = getpwnam_r(CAREID_USER, &entry, buffer, sizeof buffer, &found);
        if (r != 0)
                return -r;
        if (!found)
                return BECOME_E_NO_USER;
        if (entry.pw_uid == 0 || entry.pw_uid > SYSTEM_UID_MAX || entry.pw_gid == 0)
                return BECOME_E_WRONG_USER;
        *ret = (struct become) { .uid = entry.pw_uid, .gid = entry.pw_gid };
        return BECOME_OK;
}

static void prove(const struct become *who) {
        uid_t ru, eu, su;
        gid_t rg, eg, sg;

        if (getresuid(&ru, &eu, &su) < 0 || ru != who->uid || eu != who->uid || su != who->uid)
                abort();
        if (getresgid(&rg, &eg, &sg) < 0 || rg != who->gid || eg != who->gid || sg != who->gid)
                abort();
        if (getgroups(0, NULL) != 0)
                abort();
        /* Asking for an impossible id changes nothing and returns the present one. */
        if ((uid_t) setfsuid((uid_t) -1) != who->uid || (gid_t) setfsgid((gid_t) -1) != who->gid)
                abort();
        if (setuid(0) == 0 || seteuid(0) == 0 || setresuid(0, 0, 0) == 0 ||
            setgid(0) == 0 || setegid(0) == 0 || setgroups(0, NULL) == 0)
                abort();
}

void become_or_die(const struct become *who) {
        static const struct rlimit none = { 0, 0 };

        if (who->uid == 0 || who->gid == 0)
                abort();
        if (chdir("/") < 0 || setrlimit(RLIMIT_CORE, &none) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                abort();
        if (setgroups(0, NULL) < 0 || setresgid(who->gid, who->gid, who->gid) < 0 ||
            setresuid(who->uid, who->uid, who->uid) < 0)
                abort();
        if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
                abort();
        prove(who);
}

int become_say(int r) {
        if (r < 0)
                return outcome_of_errno(CAREID_USER, r);
        switch (r) {
        case BECOME_OK:
                return OUTCOME_DONE;
        case BECOME_E_NOT_ROOT:
                return outcome_say(OUTCOME_REFUSED, _("permission"),
                                   _("only root may do this; run it with sudo"));
        case BECOME_E_NO_USER:
                return outcome_say(OUTCOME_BROKEN, CAREID_USER,
                                   _("there is no such system user; systemd-sysusers makes it"));
        case BECOME_E_WRONG_USER:
                return outcome_say(OUTCOME_BROKEN, CAREID_USER,
                                   _("must be a system user with a uid from 1 to %d and a group "
                                     "that is not root's"),
                                   SYSTEM_UID_MAX);
        }
        return OUTCOME_BROKEN;
}
