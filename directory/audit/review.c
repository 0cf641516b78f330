/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * review.c - what somebody is to look at, and what they found
 *
 *  1. MUST not let anybody review what they hold, did, or are concerned by.
 *  2. MUST draw so that nobody can foresee what, and record each draw with what it drew.
 */

#include "review-waiting.h"

#include "act.h"
#include "audit.h"
#include "batch.h"
#include "clients.h"
#include "i18n.h"
#include "ids.h"
#include "mandates.h"
#include "sql.h"
#include "trail.h"
#include "utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

/* -- The sample --------------------------------------------------------------------------------------- */

/*
 * ?1 reviewer, ?4 their uids on the host (see uids_find()).  Not what is about
 * them, by whatever it is kept under, nor what they did, as themselves or as
 * root after a log-in of theirs.
 */
#define OF_OTHERS                                                                                               \
        " object <> 'person:' || ?1 AND substr(actor || ' ', 1, length('person:' || ?1) + 1) <> 'person:' || ?1 || ' '" \
        " AND substr(actor, ifnull(nullif(instr(actor, ' login:'), 0), length(actor)) + 1) NOT IN"              \
        " (SELECT 'login:' || uid FROM account WHERE person = ?1 AND uid IS NOT NULL)"                          \
        " AND instr(?4, ' ' || substr(actor, ifnull(nullif(instr(actor, ' login:'), 0), length(actor)) + 1) || ' ') = 0" \
        " AND object NOT IN (SELECT 'account:' || id FROM account WHERE person = ?1"                            \
        " UNION ALL SELECT 'assignment:' || s.id FROM assignment s JOIN account a ON a.id = s.account WHERE a.person = ?1" \
        " UNION ALL SELECT 'grant:' || g.id FROM client_grant g JOIN account a ON a.id = g.account WHERE a.person = ?1" \
        " UNION ALL SELECT 'client:' || id FROM client WHERE person = ?1"                                       \
        " UNION ALL SELECT 'grant:' || g.id FROM client_grant g JOIN client c ON c.id = g.client WHERE c.person = ?1" \
        " UNION ALL SELECT 'enrolment:' || e.id FROM enrolment e JOIN client c ON c.id = e.client WHERE c.person = ?1" \
        " UNION ALL SELECT 'mandate:' || id FROM mandate WHERE person = ?1"                                     \
        " UNION ALL SELECT 'login:' || l.id FROM login l JOIN account a ON a.id = l.account WHERE a.person = ?1)"

/* And within the time from ?2 to ?3, and not drawn yet. */
#define ELIGIBLE                                                                                                \
        " FROM audit WHERE at >= ?2 AND at < ?3"                                                                \
        " AND sequence NOT IN (SELECT object FROM review WHERE what = 'audit' AND reviewed IS NULL) AND" OF_OTHERS

/* " login:1000 login:1001 " of their accounts of the host's own, whose uid is there alone.  A host that can't say is a reason to stop. */
enum { UIDS_MAX = 1024 };

static int uids_find(struct directory *d, int64_t person, char ret[static UIDS_MAX]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        uint32_t uid = 0;
        size_t n = 1;
        int r, there;

        memcpy(ret, " ", 2);
        r = sql_prepare(d, "SELECT name FROM account WHERE person = ?1 AND source = 'host'", SQL_BIND(sql_integer(person)), &stmt);
        while (r == DIRECTORY_OK && (r = sql_next(d, stmt)) == DIRECTORY_OK) {
                there = ids_find_user(d, sql_column(stmt, 0), &uid);
                if (there < 0)
                        r = directory_fail(d, there, _("name: the host can't be asked for it"));
                else if (there == 1)
                        n += (size_t) snprintf(ret + n, UIDS_MAX - n, "login:%" PRIu32 " ", uid);
                if (n >= UIDS_MAX)
                        return -E2BIG;
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

/* 0 to @below - 1, each as likely as any other: what would favour the small ones is thrown away. */
static int uniform(uint64_t below, uint64_t *ret) {
        const uint64_t limit = UINT64_MAX - UINT64_MAX % below;
        uint64_t v;

        do
                if (RAND_bytes((unsigned char *) &v, sizeof v) != 1)
                        return -EIO;
        while (v >= limit);
        *ret = v % below;
        return 0;
}

/* As many as there are yet to draw, of as many as are left: each set is as likely as any other (Knuth's algorithm S). */
static int draw(struct directory *d, const struct review_sample *s, const char *uids, int64_t from, int64_t until, int64_t left, int64_t wanted,
                int64_t *sequences) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        uint64_t v;
        int64_t n = 0;
        int r;

        r = sql_prepare(d, "SELECT sequence" ELIGIBLE " ORDER BY sequence",
                        SQL_BIND(sql_integer(s->reviewer), sql_integer(from), sql_integer(until), sql_text(uids)), &stmt);
        while (r == DIRECTORY_OK && n < wanted && left > 0) {
                r = sql_next(d, stmt);
                if (r == DIRECTORY_OK)
                        r = uniform((uint64_t) left--, &v);
                if (r == DIRECTORY_OK && v < (uint64_t) (wanted - n))
                        sequences[n++] = sqlite3_column_int64(stmt, 0);
        }
        return r == DIRECTORY_E_NOT_FOUND || (r == DIRECTORY_OK && n < wanted) ? -EUCLEAN : r;
}

/* Who works here, or somebody from outside who has no account; not the dead, nor whom the entries may be about. */
static int check_drawn_for(struct directory *d, int64_t person) {
        int64_t may = 0;
        int r;

        r = sql_find_integer(d, "SELECT p.archived IS NULL AND p.died IS NULL AND (EXISTS (SELECT 1 FROM account WHERE person = p.id"
                                " AND archived IS NULL AND kind IN ('staff', 'external')) OR NOT (EXISTS (SELECT 1 FROM account"
                                " WHERE person = p.id) OR EXISTS (SELECT 1 FROM client WHERE person = p.id))) FROM person p WHERE p.id = ?1",
                             SQL_BIND(sql_integer(person)), &may);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("reviewer: there is no such person"));
        if (r == DIRECTORY_OK && !may)
                return directory_fail(d, DIRECTORY_E_CONSTRAINT,
                                      _("reviewer: has no open account of staff or externals; clients, relatives, and who has left or died, review nothing"));
        return r;
}

static int sample_take(struct directory *d, const struct directory_act *act, const struct review_sample *s, const char *uids,
                       int64_t *ret_n, int64_t *ret_of, json_t *drawn) {
        auto_free int64_t *sequences = calloc(REVIEW_SAMPLE_MAX, sizeof *sequences);
        int64_t from, until, of = 0, wanted;
        int r;

        if (!sequences || !drawn)
                return -ENOMEM;
        r = check_drawn_for(d, s->reviewer);
        if (r == DIRECTORY_OK)
                r = directory_days_find(d, 0, s->from_date, s->until_date, &from, &until);
        if (r == DIRECTORY_OK)
                r = sql_find_integer(d, "SELECT count(*)" ELIGIBLE,
                                     SQL_BIND(sql_integer(s->reviewer), sql_integer(from), sql_integer(until), sql_text(uids)), &of);
        if (r != DIRECTORY_OK)
                return r;
        wanted = s->count > 0 ? s->count : (of * s->percent + 99) / 100;
        if (wanted > of)
                wanted = of;
        if (wanted == 0)
                return directory_fail(d, DIRECTORY_E_NOT_FOUND, _("there is nothing to draw from"));
        if (wanted > REVIEW_SAMPLE_MAX)
                return directory_fail(d, DIRECTORY_E_INVALID, _("count, percent: %lld entries are too many for one draw; %d is the most"),
                                      (long long) wanted, REVIEW_SAMPLE_MAX);
        r = draw(d, s, uids, from, until, of, wanted, sequences);
        for (int64_t i = 0; i < wanted && r == DIRECTORY_OK; i++) {
                r = sql_run(d, "INSERT INTO review (what, object, drawn, reviewer) VALUES ('audit', ?1, ?2, ?3)",
                            SQL_BIND(sql_integer(sequences[i]), sql_integer(act->now), sql_integer(s->reviewer)));
                if (r == DIRECTORY_OK && json_array_append_new(drawn, json_integer(sequences[i])) < 0)
                        r = -ENOMEM;
        }
        *ret_n = wanted;
        *ret_of = of;
        return r;
}

int directory_review_sample(struct directory *d, const struct directory_act *act, const struct review_sample *s,
                            int64_t *ret_n, int64_t *ret_of) {
        char uids[UIDS_MAX] = " ";
        json_t *drawn;
        int64_t n = 0, of = 0;
        int r;

        if (s->count == 0 && (s->percent < 1 || s->percent > 100))
                return directory_fail(d, DIRECTORY_E_INVALID, _("percent: must be 1 to 100"));
        r = uids_find(d, s->reviewer, uids);
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        drawn = json_array();
        r = act->by_person ? mandate_covers(d, act, MANDATE_READ_AUDIT, MANDATE_ROOT_ALONE, 0, 0) : DIRECTORY_OK;
        if (r == DIRECTORY_OK)
                r = sample_take(d, act, s, uids, &n, &of, drawn);
        r = act_end(d, act, r, &(struct act_report) {           /* MUST 2 */
                .act = "audit.sample", .kind = "person", .id = s->reviewer,
                .detail = json_pack("{s:I, s:s?, s:s?, s:o}", "of", (json_int_t) of, "from", s->from_date,
                                    "until", s->until_date, "drawn", drawn),
        });
        if (r == DIRECTORY_OK) {
                *ret_n = n;
                *ret_of = of;
        }
        return r;
}

/* -- What waits ----------------------------------------------------------------------------------------- */

/*
 * ?1 now, ?2 seconds between two reviews of an assignment or NULL, ?3 samples
 * alone.  Columns: what, id, due, reviewer, about, outcome, organisation, unit,
 * holder, time zone, who gave it, whom it is about.
 */
static const char waiting[] =
        "SELECT 'audit', v.object, v.drawn, v.reviewer, ifnull(e.act || ' ' || e.object, ''), '', 0, 0, 0, " AUDIT_ZONE ", 0, 0"
        " FROM review v LEFT JOIN audit e ON e.sequence = v.object"
        " WHERE v.what = 'audit' AND v.reviewed IS NULL"
        " UNION ALL"
        " SELECT 'assignment', s.id, max(s.created, ifnull(w.last, 0)) + ?2, 0, a.name || ' ' || r.name || ' ' || u.name,"
        "  ifnull((SELECT outcome FROM review WHERE what = 'assignment' AND object = s.id ORDER BY id DESC LIMIT 1), ''),"
        "  u.organisation, s.unit, a.person, (SELECT time_zone FROM organisation WHERE id = u.organisation), ifnull(s.by_person, 0), 0"
        " FROM assignment s JOIN account a ON a.id = s.account JOIN role r ON r.id = s.role JOIN unit u ON u.id = s.unit"
        "  LEFT JOIN (SELECT object, max(reviewed) AS last FROM review WHERE what = 'assignment' AND outcome = 'right' GROUP BY object) w"
        "   ON w.object = s.id"
        " WHERE NOT ?3 AND ?2 IS NOT NULL AND s.ended IS NULL AND (s.valid_until IS NULL OR s.valid_until > ?1)"
        "  AND a.archived IS NULL AND max(s.created, ifnull(w.last, 0)) + ?2 <= ?1"
        " UNION ALL"
        " SELECT 'grant', g.id, g.review_on, 0, a.name || ' ' || r.name || ' ' || o.name || '-' || c.number,"
        "  ifnull((SELECT outcome FROM review WHERE what = 'client-grant' AND object = g.id ORDER BY id DESC LIMIT 1), ''),"
        "  c.organisation, 0, a.person, o.time_zone, ifnull(g.by_person, 0), c.person"
        " FROM client_grant g JOIN account a ON a.id = g.account JOIN role r ON r.id = g.role JOIN client c ON c.id = g.client"
        "  JOIN organisation o ON o.id = c.organisation"
        " WHERE NOT ?3 AND g.ended IS NULL AND (g.valid_until IS NULL OR g.valid_until > ?1) AND g.review_on <= ?1"
        "  AND a.archived IS NULL AND c.archived IS NULL"
        " ORDER BY 3, 1, 2";

int review_waiting_open(struct directory *d, int64_t now, unsigned assignment_days, bool samples_alone, sqlite3_stmt **ret) {
        return sql_prepare(d, waiting, SQL_BIND(sql_integer(now), assignment_days > 0 ? sql_integer((int64_t) assignment_days * 86400) : sql_null(),
                                                sql_integer(samples_alone)), ret);
}

int review_waiting_next(struct directory *d, sqlite3_stmt *stmt, struct review_waiting *ret, char ret_due[static DAY_TEXT + 1]) {
        const int r = sql_next(d, stmt);

        if (r != DIRECTORY_OK)
                return r;
        if (day_of(sql_column(stmt, 9), sqlite3_column_int64(stmt, 2), ret_due) < 0)
                return directory_fail(d, -EIO, _("a date can't be shown in its time zone"));
        *ret = (struct review_waiting) {
                .what = sql_column(stmt, 0), .id = sqlite3_column_int64(stmt, 1), .reviewer = sqlite3_column_int64(stmt, 3),
                .about = sql_column(stmt, 4), .outcome = sql_column(stmt, 5), .organisation = sqlite3_column_int64(stmt, 6),
                .unit = sqlite3_column_int64(stmt, 7), .holder = sqlite3_column_int64(stmt, 8), .giver = sqlite3_column_int64(stmt, 10),
                .about_person = sqlite3_column_int64(stmt, 11),
        };
        return DIRECTORY_OK;
}

/* Is it for whoever asks?  DIRECTORY_OK, or a CONSTRAINT: not for them. */
static int is_theirs(struct directory *d, const struct directory_act *act, const struct review_waiting *item) {
        if (!act->by_person)
                return DIRECTORY_OK;
        if (strcmp(item->what, "audit") == 0)
                return item->reviewer == act->by_person ? DIRECTORY_OK : DIRECTORY_E_CONSTRAINT;
        if (item->giver == act->by_person || item->about_person == act->by_person)
                return DIRECTORY_E_CONSTRAINT;
        return mandate_covers(d, act, MANDATE_GRANT, item->organisation, item->unit, item->holder);
}

int directory_reviews(struct directory *d, const struct directory_act *act, unsigned assignment_days,
                      int (*each)(void *with, const struct review_item *item), void *with) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        struct review_waiting item;
        char due[DAY_TEXT + 1] = "";
        bool samples_alone = false;
        int r;

        /* Whoever may grant nothing anywhere isn't worth a look at all that is granted. */
        r = mandate_covers(d, act, MANDATE_GRANT, MANDATE_ANY, MANDATE_ANY, 0);
        if (r == DIRECTORY_E_CONSTRAINT)
                samples_alone = true;
        else if (r != DIRECTORY_OK)
                return r;
        r = review_waiting_open(d, act->now, assignment_days, samples_alone, &stmt);
        while (r == DIRECTORY_OK && (r = review_waiting_next(d, stmt, &item, due)) == DIRECTORY_OK) {
                r = is_theirs(d, act, &item);
                if (r == DIRECTORY_E_CONSTRAINT) {
                        r = DIRECTORY_OK;
                        continue;
                }
                if (r == DIRECTORY_OK)
                        r = each(with, &(struct review_item) {
                                .what = item.what, .id = item.id, .due = due, .reviewer = item.reviewer,
                                .about = item.about, .outcome = item.outcome,
                        });
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

/* -- What was found -------------------------------------------------------------------------------------- */

static int check_outcome(struct directory *d, const struct review_outcome *o) {
        const size_t n_characters = o->note ? utf8_length(o->note, strlen(o->note)) : 0;

        if (o->note && (n_characters == 0 || n_characters > REVIEW_NOTE_MAX ||
                        !utf8_is_clean(o->note, strlen(o->note), UTF8_ONE_LINE)))
                return directory_fail(d, DIRECTORY_E_INVALID, _("note: is to be one line of text, %d characters at most"), REVIEW_NOTE_MAX);
        if (!o->note && strcmp(o->outcome, "right") != 0)
                return directory_fail(d, DIRECTORY_E_INVALID, _("note: is missing; it says what is wrong or unclear"));
        if ((strcmp(o->what, "grant") == 0 && strcmp(o->outcome, "right") == 0) != (o->next_date != NULL))
                return directory_fail(d, DIRECTORY_E_INVALID,
                                      o->next_date ? _("next: is for grants that are right")
                                                   : _("next: is missing; it is the day when the grant is looked at again"));
        return DIRECTORY_OK;
}

/* MUST 1.  Columns of what is reviewed: organisation, unit, holder, who gave it, whom it is about. */
static int check_reviewer(struct directory *d, const struct directory_act *act, int64_t reviewer, sqlite3_stmt *stmt) {
        const int64_t holder = sqlite3_column_int64(stmt, 2);
        int64_t person;
        int r;

        if (reviewer != 0 && (reviewer == holder || reviewer == sqlite3_column_int64(stmt, 4)))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("nobody reviews themselves"));
        if (reviewer != 0 && reviewer == sqlite3_column_int64(stmt, 3))
                return directory_fail(d, DIRECTORY_E_CONSTRAINT, _("nobody reviews what they have given themselves; somebody else is to look at it"));
        r = reviewer ? sql_find_integer(d, "SELECT id FROM person WHERE id = ?1", SQL_BIND(sql_integer(reviewer)), &person) : DIRECTORY_OK;
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("reviewer: there is no such person"));
        if (r != DIRECTORY_OK || !act->by_person)
                return r;
        return mandate_hide(d, act, "review", mandate_covers(d, act, MANDATE_GRANT, sqlite3_column_int64(stmt, 0),
                                                             sqlite3_column_int64(stmt, 1), holder), holder);
}

/*
 * An entry that was drawn; only who it was drawn for says what it is, and not
 * if what it is about has become theirs since: an account, a grant.
 */
static int record_sample(struct directory *d, const struct directory_act *act, const struct review_outcome *o, int64_t reviewer,
                         const char *uids) {
        int64_t id, one;
        int r;

        r = sql_find_integer(d, "SELECT id FROM review WHERE what = 'audit' AND object = ?1 AND reviewed IS NULL"
                                " AND (?2 = 0 OR reviewer = ?2) ORDER BY id LIMIT 1",
                             SQL_BIND(sql_integer(o->id), sql_integer(reviewer)), &id);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(d, r, _("this entry of the audit trail waits for no review, or for somebody else's"));
        if (r == DIRECTORY_OK && reviewer != 0) {
                r = sql_find_integer(d, "SELECT 1 FROM audit WHERE sequence = ?2 AND" OF_OTHERS,
                                     SQL_BIND(sql_integer(reviewer), sql_integer(o->id), sql_null(), sql_text(uids)), &one);
                if (r == DIRECTORY_E_NOT_FOUND)
                        r = directory_fail(d, DIRECTORY_E_CONSTRAINT, _("nobody reviews themselves"));
        }
        if (r != DIRECTORY_OK)
                return r;
        return sql_run(d, "UPDATE review SET outcome = ?2, note = ?3, reviewed = ?4 WHERE id = ?1",
                       SQL_BIND(sql_integer(id), sql_text(o->outcome), sql_text(o->note), sql_integer(act->now)));
}

static int record_thing(struct directory *d, const struct directory_act *act, const struct review_outcome *o, int64_t reviewer) {
        const bool is_grant = strcmp(o->what, "grant") == 0;
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = sql_find(d, is_grant ? "SELECT c.organisation, 0, a.person, ifnull(g.by_person, 0), c.person FROM client_grant g JOIN account a ON a.id = g.account"
                                   " JOIN client c ON c.id = g.client WHERE g.id = ?1 AND g.ended IS NULL"
                                 : "SELECT u.organisation, s.unit, a.person, ifnull(s.by_person, 0), 0 FROM assignment s JOIN account a ON a.id = s.account"
                                   " JOIN unit u ON u.id = s.unit WHERE s.id = ?1 AND s.ended IS NULL",
                     SQL_BIND(sql_integer(o->id)), &stmt);
        if (r == DIRECTORY_E_NOT_FOUND)
                return mandate_hide(d, act, "review",
                                    directory_fail(d, r, is_grant ? _("there is no grant with this id that has not ended")
                                                                  : _("there is no assignment with this id that has not ended")), 0);
        if (r == DIRECTORY_OK)
                r = check_reviewer(d, act, reviewer, stmt);
        if (r != DIRECTORY_OK)
                return r;
        return sql_run(d, "INSERT INTO review (what, object, drawn, reviewer, outcome, note, reviewed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?3)",
                       SQL_BIND(sql_text(is_grant ? "client-grant" : "assignment"), sql_integer(o->id), sql_integer(act->now),
                                reviewer ? sql_integer(reviewer) : sql_null(), sql_text(o->outcome), sql_text(o->note)));
}

static int record(struct directory *d, const struct directory_act *act, const struct review_outcome *o) {
        const int64_t reviewer = act->by_person ? act->by_person : o->reviewer;
        const bool sample = strcmp(o->what, "audit") == 0;
        char uids[UIDS_MAX] = " ";
        int r;

        r = sample && reviewer ? uids_find(d, reviewer, uids) : DIRECTORY_OK;
        if (r == DIRECTORY_OK)
                r = act_begin(d, act);
        if (r != DIRECTORY_OK)
                return r;
        r = sample ? record_sample(d, act, o, reviewer, uids) : record_thing(d, act, o, reviewer);
        return act_end(d, act, r, &(struct act_report) {
                .act = "review", .kind = o->what, .id = o->id,
                .detail = json_pack("{s:s, s:I}", "outcome", o->outcome, "reviewer", (json_int_t) reviewer),
        });
}

int directory_review_record(struct directory *d, const struct directory_act *act, const struct review_outcome *o) {
        int r;

        r = check_outcome(d, o);
        if (r != DIRECTORY_OK)
                return r;
        if (!o->next_date)
                return record(d, act, o);
        r = directory_batch_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = record(d, act, o);
        if (r == DIRECTORY_OK)
                r = directory_grant_review(d, act, o->id, o->next_date);
        if (r != DIRECTORY_OK) {
                (void) directory_batch_end(d, false);
                return r;
        }
        return directory_batch_end(d, true);
}
