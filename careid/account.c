/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * account.c - careid account: the log-ins of people
 */

#include "cleanup.h"
#include "config-files.h"
#include "i18n.h"
#include "invocation.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int account_places_find(const struct invocation *i, const char *name, struct account_places *ret) {
        const char *const home = option(i, "home"), *const shell = option(i, "shell");
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX];
        int r;

        r = config_compiled_read(i->who.uid, &config, complaint);
        if (r == CONFIG_E_WRONG)
                return outcome_say(OUTCOME_BROKEN, _("configuration"), "%s", complaint);
        if (r < 0 && r != -ENOENT)
                return outcome_of_errno(_("configuration"), r);
        if (!home && !config_home(config.home, name, ret->home, sizeof ret->home))
                return outcome_say(OUTCOME_REFUSED, _("configuration"),
                                   _("[accounts] home: is longer than %d bytes with this name in it"), ACCOUNT_PLACE_MAX);
        if (home)
                (void) snprintf(ret->home, sizeof ret->home, "%s", home);
        (void) snprintf(ret->shell, sizeof ret->shell, "%s", shell ? shell : config.shell);
        return OUTCOME_DONE;
}

int account_add(struct invocation *i) {
        const char *source = option(i, "source"), *home = option(i, "home"), *shell = option(i, "shell");
        struct account_places places;
        static const char *const keys[] = { "name", "uid", NULL };
        char number[24], line[32];
        bool ours;
        int64_t person;
        uid_t uid = 0;
        int r;

        if (!invocation_person_named(i, "--person", option(i, "person"), &person))
                return OUTCOME_USAGE;
        source = source ? source : "careid";
        ours = strcmp(source, "careid") == 0;
        if (!ours && strcmp(source, "host") != 0)
                return outcome_say(OUTCOME_USAGE, "--source", _("must be careid or host"));
        if (i->act.by_person && (!ours || home || shell))
                return outcome_say(OUTCOME_REFUSED, "account", _("only root may choose home, shell or an account of the host"));
        if (!ours && (home || shell))
                return outcome_say(OUTCOME_USAGE, "--source",
                                   _("home and shell of an account of the host are the host's own"));

        if (ours) {
                r = account_places_find(i, operand(i, 0), &places);
                if (r != OUTCOME_DONE)
                        return r;
                home = places.home;
                shell = places.shell;
        }
        r = directory_account_add(i->directory, &i->act, person, option(i, "organisation"), operand(i, 0),
                                  option(i, "kind"), source, home, shell, &uid);
        if (r == DIRECTORY_OK && ours) {
                (void) snprintf(number, sizeof number, "%" PRIuMAX, (uintmax_t) uid);
                (void) snprintf(line, sizeof line, "uid %s", number);
                return invocation_made(i, "accounts", keys, (const char *const[]) { operand(i, 0), number }, line);
        }
        return invocation_end(i, "account", operand(i, 0), r);
}
