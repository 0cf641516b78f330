/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * organisation.c - organisations, their units, roles, and the services that roles are made of
 */

#include "act.h"
#include "client-groups.h"
#include "day.h"
#include "field.h"
#include "i18n.h"
#include "ids.h"
#include "lookup.h"
#include "mandates.h"
#include "sql.h"

#include <stdio.h>
#include <string.h>

static int taken(struct directory *d, int r, const char *what, const char *name) {
        return r == DIRECTORY_E_EXISTS ? directory_fail(d, r, _("%s: there is one named %s already"), what, name)
                                       : r;
}

/* The name is looked at before the host is asked, so that the complaint is about what the administrator knows. */
static int check_free(struct directory *d, const char *query, const char *what, const char *name) {
        int64_t id;
        int r;

        r = sql_find_integer(d, query, SQL_BIND(sql_text(name)), &id);
        if (r == DIRECTORY_E_NOT_FOUND)
                return DIRECTORY_OK;
        return r == DIRECTORY_OK ? taken(d, DIRECTORY_E_EXISTS, what, name) : r;
}

static int plan_group(struct directory *d, const char *beginning, const char *name, struct ids_plan *ret) {
        char group[64];

        (void) snprintf(group, sizeof group, "%s%s", beginning, name);
        return ids_plan_group(d, group, ret);
}

int directory_organisation_add(struct directory *d, const struct directory_act *act,
                               const char *name, const char *title, const char *country, const char *time_zone) {

        struct ids_plan plan;
        int64_t id = 0;
        int r;

        r = field_name(d, "name", name, true);
        if (r == DIRECTORY_OK)
                r = field_title(d, "title", title);
        if (r == DIRECTORY_OK)
                r = field_choice(d, "country", country, "SE DK");
        if (r == DIRECTORY_OK && !day_has_zone(time_zone))
                r = directory_fail(d, DIRECTORY_E_INVALID,
                                   _("time zone: is to be a name of tzdata, like Europe/Stockholm"));
        if (r == DIRECTORY_OK)
                r = check_free(d, "SELECT id FROM organisation WHERE name = ?1", "organisation", name);
        if (r == DIRECTORY_OK)
                r = plan_group(d, "org-", name, &plan);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers(d, act, MANDATE_CONFIGURE, MANDATE_ROOT_ALONE, 0, 0);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT INTO organisation (name, title, country, time_zone) VALUES (?1, ?2, ?3, ?4)",
                            SQL_BIND(sql_text(name), sql_text(title), sql_text(country), sql_text(time_zone)));
        if (r == DIRECTORY_OK) {
                id = sqlite3_last_insert_rowid(d->db);
                r = ids_take_group(d, &plan, &(struct ids_group) { .kind = "org", .organisation = id });
        }
        return act_end(d, act, taken(d, r, "organisation", name), &(struct act_report) {
                .act = "organisation.add", .kind = "organisation", .id = id, .changes = true,
                .detail = json_pack("{s:s, s:s, s:s}", "name", name, "country", country, "time_zone", time_zone),
        });
}

int directory_unit_add(struct directory *d, const struct directory_act *act,
                       const char *organisation, const char *name, const char *title) {

        int64_t id = 0, organisation_id;
        struct ids_plan plan;
        int r;

        r = field_name(d, "name", name, false);
        if (r == DIRECTORY_OK)
                r = field_title(d, "title", title);
        if (r == DIRECTORY_OK)
                r = lookup_live(d, LOOKUP_ORGANISATION, organisation, &organisation_id);
        if (r == DIRECTORY_OK)
                r = check_free(d, "SELECT id FROM unit WHERE name = ?1", "unit", name);
        if (r == DIRECTORY_OK)
                r = plan_group(d, "unit-", name, &plan);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers(d, act, MANDATE_CONFIGURE, organisation_id, 0, 0);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT INTO unit (organisation, name, title) VALUES (?1, ?2, ?3)",
                            SQL_BIND(sql_integer(organisation_id), sql_text(name), sql_text(title)));
        if (r == DIRECTORY_OK) {
                id = sqlite3_last_insert_rowid(d->db);
                r = ids_take_group(d, &plan, &(struct ids_group) {
                        .kind = "unit", .organisation = organisation_id, .unit = id,
                });
        }
        return act_end(d, act, taken(d, r, "unit", name), &(struct act_report) {
                .act = "unit.add", .kind = "unit", .id = id, .changes = true,
                .detail = json_pack("{s:s, s:s}", "name", name, "organisation", organisation),
        });
}

static int check_service(struct directory *d, const struct directory_service *s) {
        const char *const opens = s->opens ? s->opens : "";
        int r;

        r = field_name(d, "name", s->name, true);
        if (r == DIRECTORY_OK)
                r = field_title(d, "title", s->title);
        if (r == DIRECTORY_OK)
                r = field_choice(d, "opens", opens, "other record record-view");
        if (r == DIRECTORY_OK && s->number > 99999)
                r = directory_fail(d, DIRECTORY_E_INVALID, _("number: is to be 1 to 99999"));
        if (r == DIRECTORY_OK && s->module)
                r = field_choice(d, "module", s->module, FIELD_MODULES);
        if (r == DIRECTORY_OK && s->module && (strcmp(s->module, "record-view") == 0) != (strcmp(opens, "record-view") == 0))
                r = directory_fail(d, DIRECTORY_E_INVALID, _("module: record-view is for services that open a record view, and for no other"));
        if (r == DIRECTORY_OK && s->module && strcmp(opens, "record") == 0)
                r = directory_fail(d, DIRECTORY_E_INVALID, _("module: a service that opens the record belongs to none"));
        if (r == DIRECTORY_OK && s->external && strcmp(opens, "other") != 0)
                r = directory_fail(d, DIRECTORY_E_INVALID, _("external: a service that opens a record is never for externals"));
        if (r == DIRECTORY_OK && s->lobby && (!s->module || (strcmp(s->module, "video") != 0 && strcmp(s->module, "booking") != 0)))
                r = directory_fail(d, DIRECTORY_E_INVALID, _("lobby: only a service of the module video or booking has one"));
        return r;
}

int directory_service_add(struct directory *d, const struct directory_act *act, const struct directory_service *service) {
        const char *const opens = service->opens ? service->opens : "";
        const bool view = strcmp(opens, "record-view") == 0;
        const char *module = service->module ? service->module : view ? "record-view" : NULL;
        struct ids_plan plan;
        int64_t id = 0;
        int r;

        r = check_service(d, service);
        if (r == DIRECTORY_OK)
                r = check_free(d, "SELECT id FROM service WHERE name = ?1", "service", service->name);
        if (r == DIRECTORY_OK)
                r = plan_group(d, "service-", service->name, &plan);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers(d, act, MANDATE_CONFIGURE, MANDATE_ROOT_ALONE, 0, 0);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT INTO service (number, name, title, opens, module, external, lobby) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                            SQL_BIND(service->number ? sql_integer(service->number) : sql_null(), sql_text(service->name),
                                     sql_text(service->title), sql_text(opens), module ? sql_text(module) : sql_null(),
                                     sql_integer(service->external), sql_integer(service->lobby)));
        if (r == DIRECTORY_E_EXISTS)
                r = directory_fail(d, r, _("number: there is a service with it already"));
        if (r == DIRECTORY_OK) {
                id = sqlite3_last_insert_rowid(d->db);
                r = ids_take_group(d, &plan, &(struct ids_group) {
                        .kind = strcmp(opens, "record") == 0 ? "service-record" : "service", .service = id,
                });
        }
        return act_end(d, act, r, &(struct act_report) {
                .act = "service.add", .kind = "service", .id = id, .changes = true,
                .detail = json_pack("{s:s, s:s, s:I, s:s?, s:b, s:b}", "name", service->name, "opens", service->opens, "number",
                                    (json_int_t) service->number, "module", module, "external", service->external, "lobby",
                                    service->lobby),
        });
}

int directory_role_add(struct directory *d, const struct directory_act *act,
                       const char *name, const char *title, const char *kind, bool daily_planning) {

        struct ids_plan plan;
        int64_t id = 0;
        int r;

        r = field_name(d, "name", name, false);
        if (r == DIRECTORY_OK)
                r = field_title(d, "title", title);
        if (r == DIRECTORY_OK)
                r = field_choice(d, "kind", kind, "staff client relative external");
        if (r == DIRECTORY_OK)
                r = check_free(d, "SELECT id FROM role WHERE name = ?1", "role", name);
        if (r == DIRECTORY_OK)
                r = plan_group(d, "role-", name, &plan);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers(d, act, MANDATE_CONFIGURE, MANDATE_ROOT_ALONE, 0, 0);
        if (r == DIRECTORY_OK) {
                r = sql_run(d, "INSERT INTO role (name, title, kind, daily_planning) VALUES (?1, ?2, ?3, ?4)",
                            SQL_BIND(sql_text(name), sql_text(title), sql_text(kind), sql_integer(daily_planning)));
                if (r == DIRECTORY_E_CONSTRAINT && daily_planning)
                        r = directory_fail(d, r, _("daily planning: a relative's role must not have it"));
        }
        if (r == DIRECTORY_OK) {
                id = sqlite3_last_insert_rowid(d->db);
                r = ids_take_group(d, &plan, &(struct ids_group) { .kind = "role", .role = id });
        }
        return act_end(d, act, taken(d, r, "role", name), &(struct act_report) {
                .act = "role.add", .kind = "role", .id = id, .changes = true,
                .detail = json_pack("{s:s, s:s, s:b}", "name", name, "kind", kind,
                                    "daily_planning", daily_planning),
        });
}

int directory_role_service_add(struct directory *d, const struct directory_act *act, const char *role,
                               const char *service) {
        AUTO(client_groups_done) struct client_groups groups = { .n = 0 };
        struct client_groups_want want = { .scope = CLIENT_GROUPS_ROLE, .now = act->now };
        int64_t role_id = 0, service_id = 0;
        int r;

        r = lookup_live(d, LOOKUP_ROLE, role, &role_id);
        if (r == DIRECTORY_OK)
                r = lookup_live(d, LOOKUP_SERVICE, service, &service_id);
        want.one = role_id;
        want.other = service_id;
        if (r == DIRECTORY_OK)
                r = client_groups_plan(d, &want, &groups);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;

        r = mandate_covers(d, act, MANDATE_CONFIGURE, MANDATE_ROOT_ALONE, 0, 0);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT INTO role_service (role, service) VALUES (?1, ?2)",
                            SQL_BIND(sql_integer(role_id), sql_integer(service_id)));
        if (r == DIRECTORY_E_EXISTS)
                r = directory_fail(d, r, _("service: the role %s has it already"), role);
        if (r == DIRECTORY_OK)
                r = client_groups_take(d, &groups, &want, 0);
        return act_end(d, act, r, &(struct act_report) {
                .act = "role.service.add", .kind = "role", .id = role_id, .changes = true,
                .detail = json_pack("{s:s, s:s}", "role", role, "service", service),
        });
}

int directory_role_service_remove(struct directory *d, const struct directory_act *act, const char *role,
                                  const char *service) {
        int64_t role_id = 0, service_id = 0;
        bool archived;
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = mandate_covers(d, act, MANDATE_CONFIGURE, MANDATE_ROOT_ALONE, 0, 0);
        if (r == DIRECTORY_OK)
                r = lookup_any(d, LOOKUP_ROLE, role, &role_id, &archived);
        if (r == DIRECTORY_OK)
                r = lookup_any(d, LOOKUP_SERVICE, service, &service_id, &archived);
        if (r == DIRECTORY_OK)
                r = sql_run(d, "DELETE FROM role_service WHERE role = ?1 AND service = ?2",
                            SQL_BIND(sql_integer(role_id), sql_integer(service_id)));
        if (r == DIRECTORY_OK && sqlite3_changes(d->db) == 0)
                r = directory_fail(d, DIRECTORY_E_NOT_FOUND, _("service: the role %s has it not"), role);
        return act_end(d, act, r, &(struct act_report) {
                .act = "role.service.remove", .kind = "role", .id = role_id, .changes = true,
                .detail = json_pack("{s:s, s:s}", "role", role, "service", service),
        });
}

/* -- Titles: what people read, and no group says ------------------------------------------------------- */

static int may_entitle(struct directory *d, const struct directory_act *act, enum lookup_kind kind, int64_t id) {
        int64_t organisation = MANDATE_ROOT_ALONE;
        int r = DIRECTORY_OK;

        if (kind == LOOKUP_UNIT)
                r = sql_find_integer(d, "SELECT organisation FROM unit WHERE id = ?1", SQL_BIND(sql_integer(id)), &organisation);
        else if (kind == LOOKUP_TEMPLATE)
                r = sql_find_integer(d, "SELECT organisation FROM template WHERE id = ?1", SQL_BIND(sql_integer(id)), &organisation);
        return r == DIRECTORY_OK ? mandate_covers(d, act, MANDATE_CONFIGURE, organisation, 0, 0) : r;
}

int directory_title_set(struct directory *d, const struct directory_act *act, const char *kind, const char *name, const char *title) {
        static const char *const updates[LOOKUP_KINDS] = {
                [LOOKUP_ORGANISATION] = "UPDATE organisation SET title = ?2 WHERE id = ?1",
                [LOOKUP_UNIT]         = "UPDATE unit SET title = ?2 WHERE id = ?1",
                [LOOKUP_ROLE]         = "UPDATE role SET title = ?2 WHERE id = ?1",
                [LOOKUP_SERVICE]      = "UPDATE service SET title = ?2 WHERE id = ?1",
                [LOOKUP_TEMPLATE]     = "UPDATE template SET title = ?2 WHERE id = ?1",
        };
        const enum lookup_kind which = lookup_kind_of(kind);
        int64_t id = 0;
        int r;

        if (which == LOOKUP_KINDS || !updates[which])
                return directory_fail(d, DIRECTORY_E_INVALID, _("kind: is to be one of: organisation unit role service template"));
        r = field_title(d, "title", title);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = lookup_live(d, which, name, &id);
        if (r == DIRECTORY_OK)
                r = may_entitle(d, act, which, id);
        if (r == DIRECTORY_OK)
                r = sql_run(d, updates[which], SQL_BIND(sql_integer(id), sql_text(title)));
        return act_end(d, act, r, &(struct act_report) {
                .act = "title.change", .kind = lookup_kind_name(which), .id = id,
                .detail = json_pack("{s:s}", "title", title ? title : ""),
        });
}
