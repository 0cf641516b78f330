/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * groups-config.c - [groups] of the configuration, and the care directory that goes by it
 */

#include "groups-config.h"

#include "cleanup.h"
#include "config-files.h"

#include <errno.h>

int groups_follow(struct invocation *i, const struct config *c, bool *ret_changed) {
        const struct directory_groups want = groups_of_config(c);
        const int r = directory_groups_set(i->directory, &i->act, &want, ret_changed);

        return r == DIRECTORY_OK ? OUTCOME_DONE : outcome_of_directory("groups", r, i->directory);
}

int groups_follow_in_force(struct invocation *i) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        bool changed;
        const int r = config_compiled_read(i->who.uid, &config, complaint);

        if (r == -ENOENT)
                return OUTCOME_DONE;
        if (r != CONFIG_OK)
                return r < 0 ? outcome_of_errno("groups", r) : outcome_say(OUTCOME_BROKEN, NULL, "%s", complaint);
        return groups_follow(i, &config, &changed);
}
