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
#include "errno-text.h"
#include "groups-config.h"
#include "i18n.h"
#include "invocation.h"
#include "journal.h"
#include "places.h"

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
        if (r == DIRECTORY_E_NOT_FOUND)
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

int apply_run(struct invocation *i) {
        AUTO(config_files_done) struct config_files files = { 0 };
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        int r;

        r = config_files_read(CAREID_CONFIG_DIR, &files, complaint);
        if (r != CONFIG_OK)
                return say(r, complaint);
        become_or_die(&i->who);

        r = config_files_parse(&files, &config, complaint);
        if (r == CONFIG_OK)
                r = judge_files(&config, i, complaint);
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
        (void) printf("%s\n", _("the configuration is in force"));
        return apply_groups(i, &config);
}
