/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * outage.c - the e-ID is out: since when, until when at most, why (M2)
 *
 * Its limit holds by itself: nobody has to end it for it to be over.
 */

#include "credential.h"

#include "field.h"
#include "i18n.h"
#include "mandates.h"

_Static_assert((int) OUTAGE_REASON_CHARS == (int) FIELD_REASON_CHARS, "a reason is a reason");

static int root_alone(struct directory *d, const struct directory_act *act) {
        return mandate_covers(d, act, MANDATE_CONFIGURE, MANDATE_ROOT_ALONE, 0, 0);
}

static int begin(struct directory *d, const struct directory_act *act, int64_t until, const char *reason) {
        int r;

        r = sql_run(d, "UPDATE outage SET ended = until WHERE ended IS NULL AND until <= ?1", SQL_BIND(sql_integer(act->now)));
        if (r == DIRECTORY_OK)
                r = sql_run(d, "INSERT INTO outage (began, until, reason) VALUES (?1, ?2, ?3)",
                            SQL_BIND(sql_integer(act->now), sql_integer(until), sql_text(reason)));
        return r == DIRECTORY_E_EXISTS ? directory_fail(d, r, _("outage: one stands already; see: careid outage status")) : r;
}

int directory_outage_begin(struct directory *d, const struct directory_act *act, int64_t hours, const char *reason, int64_t *ret_until) {
        const int64_t until = act->now + hours * 3600;
        int64_t id = 0;
        int r;

        if (hours < 1 || hours > OUTAGE_HOURS_MAX)
                return directory_fail(d, DIRECTORY_E_INVALID, _("hours: is to be 1 to %d"), OUTAGE_HOURS_MAX);
        r = field_line(d, "reason", reason, OUTAGE_REASON_CHARS);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = root_alone(d, act);
        if (r == DIRECTORY_OK)
                r = begin(d, act, until, reason);
        if (r == DIRECTORY_OK)
                id = sqlite3_last_insert_rowid(d->db);
        r = act_end(d, act, r, &(struct act_report) {
                .act = "outage.begin", .kind = "outage", .id = id,
                .detail = json_pack("{s:I, s:s}", "until", (json_int_t) until, "reason", reason),
        });
        if (r == DIRECTORY_OK)
                *ret_until = until;
        return r;
}

int directory_outage_end(struct directory *d, const struct directory_act *act) {
        int64_t id = 0;
        int r;

        r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = root_alone(d, act);
        if (r == DIRECTORY_OK)
                r = sql_find_integer(d, "SELECT id FROM outage WHERE ended IS NULL AND until > ?1", SQL_BIND(sql_integer(act->now)), &id);
        if (r == DIRECTORY_E_NOT_FOUND)
                r = directory_fail(d, r, _("outage: none stands"));
        if (r == DIRECTORY_OK)
                r = sql_run(d, "UPDATE outage SET ended = ?2 WHERE id = ?1", SQL_BIND(sql_integer(id), sql_integer(act->now)));
        return act_end(d, act, r, &(struct act_report) { .act = "outage.end", .kind = "outage", .id = id, .detail = json_object() });
}

int directory_outage_now(struct directory *d, int64_t now, struct directory_outage *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const int r = sql_find(d, "SELECT id, began, until, reason FROM outage WHERE ended IS NULL AND began <= ?1 AND until > ?1",
                               SQL_BIND(sql_integer(now)), &stmt);

        if (r != DIRECTORY_OK)
                return r;
        *ret = (struct directory_outage) {
                .id = sqlite3_column_int64(stmt, 0), .began = sqlite3_column_int64(stmt, 1), .until = sqlite3_column_int64(stmt, 2),
        };
        (void) snprintf(ret->reason, sizeof ret->reason, "%s", sql_column(stmt, 3));
        return DIRECTORY_OK;
}
