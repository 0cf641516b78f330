/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * account.c - careid account, careid groups: the log-ins of people
 */

#include "cleanup.h"
#include "config-files.h"
#include "i18n.h"
#include "invocation.h"
#include "scan.h"
#include "table.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

enum { GROUPS_MAX = 65536, GROUP_BUFFER = 64 * 1024, HOME_MAX = ACCOUNT_PLACE_MAX };

/* The configured home with the log-in name in the place of each %u. */
static bool home_of(const char *pattern, const char *name, char ret[static HOME_MAX + 1]) {
        size_t n = 0;

        for (const char *p = pattern; *p; p++) {
                const bool here = p[0] == '%' && p[1] == 'u';
                const size_t k = here ? strlen(name) : 1;

                if (k > HOME_MAX - n)
                        return false;
                memcpy(ret + n, here ? name : p, k);
                n += k;
                p += here;
        }
        ret[n] = '\0';
        return true;
}

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
        if (!home && !home_of(config.home, name, ret->home))
                return outcome_say(OUTCOME_REFUSED, _("configuration"),
                                   _("[accounts] home: is longer than %d bytes with this name in it"), HOME_MAX);
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
        uint64_t person;
        uid_t uid = 0;
        int r;

        if (!scan_whole_u64(option(i, "person"), INT64_MAX, &person) || person == 0)
                return outcome_say(OUTCOME_USAGE, "--person",
                                   _("must be the id of a person, as careid list persons shows it"));
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
        r = directory_account_add(i->directory, &i->act, (int64_t) person, option(i, "organisation"), operand(i, 0),
                                  option(i, "kind"), source, home, shell, &uid);
        if (r == DIRECTORY_OK && ours) {
                (void) snprintf(number, sizeof number, "%" PRIuMAX, (uintmax_t) uid);
                (void) snprintf(line, sizeof line, "uid %s", number);
                return invocation_made(i, "accounts", keys, (const char *const[]) { operand(i, 0), number }, line);
        }
        return invocation_end(i, "account", operand(i, 0), r);
}

static int group_add(struct table *t, gid_t gid) {
        auto_free char *buffer = malloc(GROUP_BUFFER);
        struct group entry, *found = NULL;
        char number[24];
        const char *values[] = { NULL, number };

        if (!buffer)
                return -ENOMEM;
        (void) snprintf(number, sizeof number, "%" PRIuMAX, (uintmax_t) gid);
        if (getgrgid_r(gid, &entry, buffer, GROUP_BUFFER, &found) == 0 && found)
                values[0] = found->gr_name;
        return table_add(t, values);
}

/* As any program would see them: through the host's own look-up. */
int account_groups(struct invocation *i) {
        static const char *const keys[] = { "group", "gid", NULL };
        const char *name = operand(i, 0);
        auto_free gid_t *gids = NULL;
        auto_free char *buffer = malloc(GROUP_BUFFER);
        struct passwd entry, *found = NULL;
        AUTO(table_freep) struct table *table = NULL;
        int n = GROUPS_MAX, r;

        if (!buffer)
                return outcome_of_errno("groups", -ENOMEM);
        r = getpwnam_r(name, &entry, buffer, GROUP_BUFFER, &found);
        if (!found)
                return r == 0 ? outcome_say(OUTCOME_REFUSED, "groups", _("this host knows no account %s"), name)
                              : outcome_of_errno("groups", -r);
        gids = calloc(GROUPS_MAX, sizeof *gids);
        if (!gids)
                return outcome_of_errno("groups", -ENOMEM);
        if (getgrouplist(name, found->pw_gid, gids, &n) < 0)
                return outcome_say(OUTCOME_BROKEN, "groups", _("more than %d groups"), GROUPS_MAX);

        r = table_new(option(i, "json") ? TABLE_JSON : TABLE_ROWS, "groups", keys, &table);
        for (int k = 0; r == 0 && k < n; k++)
                r = group_add(table, gids[k]);
        if (r == 0)
                r = table_print(table);
        return r < 0 ? outcome_of_errno("groups", r) : OUTCOME_DONE;
}
