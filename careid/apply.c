/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * apply.c - careid apply: what an administrator has written comes into force, or none of it
 *
 * 1. MUST refuse the whole on any doubt, and leave the last good one in force.
 * 2. MUST read the files as root, and look into them only as the system user.
 * 3. MUST replace the compiled form in one step.
 */

#include "bankid-files.h"

#include "cleanup.h"
#include "config-files.h"
#include "config-value.h"
#include "errno-text.h"
#include "groups-config.h"
#include "host-files.h"
#include "i18n.h"
#include "invocation.h"
#include "journal.h"
#include "places.h"
#include "sending-files.h"

#include <errno.h>
#include <stdio.h>

static int say(int r, const char *complaint) {
        if (r < 0)
                return outcome_of_errno("apply", r);
        return outcome_say(OUTCOME_REFUSED, "apply", _("%s (what was in force stays in force)"), complaint);
}

static int judge_files(const struct config *c, const struct invocation *i,
                       char complaint[static CONFIG_COMPLAINT_MAX]) {
        struct certificate_facts facts;
        int r;

        /* Named files must be good even while the method is off: that is how one prepares to turn it on. */
        if (c->bankid_certificate[0]) {
                r = bankid_file_judge(c, BANKID_CERTIFICATE, i->who.uid, i->act.now, &facts, complaint);
                if (r != CONFIG_OK)
                        return r;
        }
        if (c->bankid_certificate[0] && c->bankid_key[0]) {
                r = bankid_file_judge(c, BANKID_KEY, i->who.uid, i->act.now, &facts, complaint);
                if (r != CONFIG_OK)
                        return r;
        }
        return c->bankid_ca[0] ? bankid_file_judge(c, BANKID_CA, i->who.uid, i->act.now, &facts, complaint)
                               : CONFIG_OK;
}

/* Where there is a care directory: the groups are what the configuration says, too. */
static int apply_groups(struct invocation *i, const struct config *config) {
        AUTO(directory_closep) struct directory *d = NULL;
        bool changed = false;
        int r, status;

        r = directory_open(DIRECTORY_WRITE, &d);
        if (r == -ENOENT)
                return OUTCOME_DONE;            /* careid setup will do it */
        if (r != DIRECTORY_OK)
                return outcome_of_directory("groups", r, NULL);
        directory_tell_audit(d, journal_audit);
        i->directory = d;
        status = groups_follow(i, config, &changed);
        if (status == OUTCOME_DONE && changed)
                status = invocation_publish(i);
        i->directory = NULL;
        return status;
}

/*
 * Groups for a time are refused where they could be kept: with the whole, so
 * that what is in force stays, and nobody loses a group by it.
 */
static int judge_mounts(const struct config *c, const struct invocation *i, char complaint[static CONFIG_COMPLAINT_MAX]) {
        AUTO(host_file_done) struct check_file mounts = { 0 };
        AUTO(directory_closep) struct directory *d = NULL;
        char places[CHECK_TEXT_MAX / 2];
        bool is_known, timed = false;
        int r;

        if (c->timed_without_nosuid)
                return CONFIG_OK;
        r = host_file_read("/proc/self/mountinfo", &mounts);
        if (r < 0)
                return r;
        is_known = nosuid_missing(&mounts, c->home, places);
        if (is_known && !*places)
                return CONFIG_OK;

        r = directory_open(DIRECTORY_READ, &d);
        if (r == -ENOENT)
                return CONFIG_OK;               /* nobody has a group yet */
        if (r == DIRECTORY_OK)
                r = directory_groups_timed(d, i->act.now, &timed);
        if (r != DIRECTORY_OK)
                return config_complain(complaint, _("the care directory can't be read: %s"), directory_complaint(d));
        if (!timed)
                return CONFIG_OK;
        if (!is_known)
                return config_complain(complaint, _("nobody can say which file systems are mounted nosuid: %s tells nothing"), "/proc/self/mountinfo");
        return config_complain(complaint, _("[groups] timed-without-nosuid: somebody has a group for a time, and could keep it with a program of their "
                                            "own, since these are not mounted nosuid: %s; mount them nosuid, or write yes"), places);
}

int apply_run(struct invocation *i) {
        AUTO(config_files_done) struct config_files files = { 0 };
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        int r, status;

        r = config_files_read(CAREID_CONFIG_DIR, &files, complaint);
        if (r != CONFIG_OK)
                return say(r, complaint);
        become_or_die(&i->who);

        r = config_files_parse(&files, &config, complaint);
        if (r == CONFIG_OK)
                r = judge_files(&config, i, complaint);
        if (r == CONFIG_OK)
                r = sending_files_judge(&config, i->who.uid, complaint);
        if (r == CONFIG_OK)
                r = judge_mounts(&config, i, complaint);
        if (r != CONFIG_OK)
                return say(r, complaint);
        if (option(i, "dry-run")) {
                (void) printf("%s\n", _("all of it is right; nothing was put into force"));
                return OUTCOME_DONE;
        }
        r = config_compiled_write(&config);
        if (r < 0)
                return outcome_say(OUTCOME_BROKEN, "apply",
                                   _("the configuration is right, but could not be put into force: %s: %s"),
                                   CAREID_STATE_DIR, errno_text(r));
        status = apply_groups(i, &config);
        if (status != OUTCOME_DONE)
                return outcome_say(status, "apply", "%s", _("the configuration is in force, but the groups are not yet as it says: run careid apply again"));
        (void) printf("%s\n", _("the configuration is in force"));
        return OUTCOME_DONE;
}
