/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * setup.c - careid setup: what must be there before anything else can be
 *
 * 1. MUST make only what is missing, with owner and mode from the first moment on.
 * 2. MUST NOT change what is there: a directory of another owner or mode is named and left.
 * 3. MUST NOT follow a link.
 */

#include "cleanup.h"
#include "groups-config.h"
#include "i18n.h"
#include "invocation.h"
#include "places.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static const struct place {
        const char *path;
        bool        ours;               /* the system user's; else root's                         */
        mode_t      mode;
} places[] = {
        { CAREID_CONFIG_DIR,                  false, 0755 },
        { CAREID_CONFIG_DIR "/careid.conf.d", false, 0755 },
        { CAREID_CONFIG_DIR "/keys",          true,  0700 },
        { CAREID_STATE_DIR,                   true,  0700 },
        { CAREID_SNAPSHOT_DIR,                true,  0755 },
};

/* It was made a moment ago, by us, in a directory of root's: open it and give it away. */
static int place_give(const struct place *p, uid_t uid, gid_t gid) {
        auto_close int fd = open(p->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

        if (fd < 0 || fchown(fd, uid, gid) < 0 || fchmod(fd, p->mode) < 0)
                return outcome_of_errno(p->path, -errno);
        return OUTCOME_DONE;
}

static int place_ensure(const struct place *p, const struct become *who) {
        const uid_t uid = p->ours ? who->uid : 0;
        const gid_t gid = p->ours ? who->gid : 0;
        struct stat st;

        if (mkdir(p->path, 0700) == 0)
                return place_give(p, uid, gid);
        if (errno != EEXIST)
                return outcome_of_errno(p->path, -errno);
        if (lstat(p->path, &st) < 0)
                return outcome_of_errno(p->path, -errno);
        if (!S_ISDIR(st.st_mode) || st.st_uid != uid || (st.st_mode & 07777) != p->mode)
                return outcome_say(OUTCOME_BROKEN, p->path,
                                   _("must be a directory of %s, mode %04o; it was left as it is"),
                                   p->ours ? CAREID_USER : "root", (unsigned) p->mode);
        return OUTCOME_DONE;
}

int setup_prepare(struct invocation *i) {
        for (size_t k = 0; k < N_ELEMENTS(places); k++) {
                const int status = place_ensure(&places[k], &i->who);

                if (status != OUTCOME_DONE)
                        return status;
        }
        return OUTCOME_DONE;
}

int setup_run(struct invocation *i) {
        const int status = groups_follow_in_force(i);

        if (status != OUTCOME_DONE)
                return status;
        if (option(i, "json"))
                return invocation_made(i, "directories", (const char *const[]) { "directory", "keys", NULL },
                                       (const char *const[]) { CAREID_STATE_DIR, CAREID_CONFIG_DIR "/keys" }, NULL);
        (void) printf(_("the care directory is in %s, its keys in %s: keep copies of both, apart from one "
                        "another\n"),
                      CAREID_STATE_DIR, CAREID_CONFIG_DIR "/keys");
        return OUTCOME_DONE;
}
