/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * assignment-again.c - an assignment until another day: one ends, and another begins
 */

#include "act.h"
#include "i18n.h"
#include "sql.h"

enum { DEPUTIES_MAX = 64 };                     /* of one assignment, at a time                   */

struct deputies {
        int64_t id[DEPUTIES_MAX];
        size_t  n;
};

static int find_deputies(struct directory *d, const struct directory_act *act, int64_t held, struct deputies *ret) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        ret->n = 0;
        r = sql_prepare(d, "SELECT id FROM assignment WHERE deputy_of = ?1 AND ended IS NULL AND valid_until > ?2 ORDER BY id",
                        SQL_BIND(sql_integer(held), sql_integer(act->now)), &stmt);
        while (r == DIRECTORY_OK && (r = sql_next(d, stmt)) == DIRECTORY_OK) {
                if (ret->n == DEPUTIES_MAX)
                        return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("assignment: more than %d hold it for a time; end some first"), DEPUTIES_MAX);
                ret->id[ret->n++] = sqlite3_column_int64(stmt, 0);
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

/* The same days, of the assignment that is there instead of the one they held. */
static int hold_again(struct directory *d, const struct directory_act *act, int64_t deputy, int64_t held) {
        int64_t id = 0;
        int r;

        r = directory_assignment_end(d, act, deputy);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = sql_run(d, "INSERT INTO assignment (account, role, unit, valid_from, valid_until, by_person, created, deputy_of)"
                       " SELECT account, role, unit, valid_from, valid_until, ?3, ?4, ?2 FROM assignment WHERE id = ?1",
                    SQL_BIND(sql_integer(deputy), sql_integer(held), act->by_person ? sql_integer(act->by_person) : sql_null(),
                             sql_integer(act->now)));
        if (r == DIRECTORY_OK)
                id = sqlite3_last_insert_rowid(d->db);
        return act_end(d, act, r, &(struct act_report) {
                .act = "assignment.deputy", .kind = "assignment", .id = id, .changes = true,
                .detail = json_pack("{s:I, s:I}", "held", (json_int_t) held, "instead_of", (json_int_t) deputy),
        });
}

int directory_assign_again(struct directory *d, const struct directory_act *act, int64_t old,
                           const struct directory_assignment *assignment) {
        struct deputies deputies;
        int64_t id = 0;
        int r;

        r = find_deputies(d, act, old, &deputies);
        if (r == DIRECTORY_OK)
                r = directory_assignment_end(d, act, old);
        if (r == DIRECTORY_OK && assignment)
                r = directory_assign(d, act, assignment, &id);
        for (size_t i = 0; i < deputies.n && r == DIRECTORY_OK && assignment; i++)
                r = hold_again(d, act, deputies.id[i], id);
        return r;
}
