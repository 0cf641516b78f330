/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * module.c - what an organisation has switched on (K7; L8: a record view is off until it is)
 */

#include "act.h"
#include "client-groups.h"
#include "clients.h"
#include "field.h"
#include "i18n.h"
#include "lookup.h"
#include "mandates.h"
#include "sql.h"

static int put(struct directory *d, int64_t organisation, const char *module, bool on) {
        int r;

        if (!on)
                r = sql_run(d, "DELETE FROM organisation_module WHERE organisation = ?1 AND module = ?2",
                            SQL_BIND(sql_integer(organisation), sql_text(module)));
        else
                r = sql_run(d, "INSERT INTO organisation_module (organisation, module) VALUES (?1, ?2)",
                            SQL_BIND(sql_integer(organisation), sql_text(module)));
        if (r == DIRECTORY_E_EXISTS)
                return directory_fail(d, r, _("module: the organisation has %s already"), module);
        if (r == DIRECTORY_OK && !on && sqlite3_changes(d->db) == 0)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("module: the organisation does not have %s"), module);
        return r;
}

int directory_module_set(struct directory *d, const struct directory_act *act, const char *organisation, const char *module,
                         bool on) {
        AUTO(client_groups_done) struct client_groups groups = { .n = 0 };
        struct client_groups_want want = { .scope = CLIENT_GROUPS_MODULE, .now = act->now, .module = module };
        int64_t id = 0;
        int r;

        r = field_choice(d, "module", module, FIELD_MODULES);
        if (r == DIRECTORY_OK)
                r = lookup_live(d, LOOKUP_ORGANISATION, organisation, &id);
        want.one = id;
        if (r == DIRECTORY_OK && on)
                r = client_groups_plan(d, &want, &groups);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers(d, act, MANDATE_CONFIGURE, id, 0, 0);
        if (r == DIRECTORY_OK)
                r = put(d, id, module, on);
        if (r == DIRECTORY_OK && on)
                r = client_groups_take(d, &groups, &want, 0);
        return act_end(d, act, r, &(struct act_report) {
                .act = on ? "module.on" : "module.off", .kind = "organisation", .id = id, .changes = true,
                .detail = json_pack("{s:s}", "module", module),
        });
}
