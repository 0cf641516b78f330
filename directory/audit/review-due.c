/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * review-due.c - for whom something waits to be looked at
 *
 * One walk over all that waits: who could look at each is asked of the
 * mandates, not of each person what they could look at.
 */

#include "review-waiting.h"

#include "i18n.h"
#include "mandates.h"
#include "sql.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct one {
        int64_t person, n;
        char    since[DAY_TEXT + 1];
};

struct people {
        struct one *one;                        /* by their ids                                   */
        size_t      n, n_room;
        struct review_waiting item;             /* that is counted                                */
        char        due[DAY_TEXT + 1];
        bool        any;
};

static void people_done(struct people *p) {
        free(p->one);
}

static int add(struct people *p, int64_t person) {
        size_t low = 0, high = p->n;

        while (low < high) {
                const size_t middle = low + (high - low) / 2;

                if (p->one[middle].person < person)
                        low = middle + 1;
                else
                        high = middle;
        }
        p->any = true;
        if (low == p->n || p->one[low].person != person) {
                if (p->n == REVIEW_PERSONS_MAX)
                        return -E2BIG;
                if (p->n == p->n_room) {
                        const size_t n_room = p->n_room ? 2 * p->n_room : 64;
                        struct one *const grown = realloc(p->one, n_room * sizeof *grown);

                        if (!grown)
                                return -ENOMEM;
                        p->one = grown;
                        p->n_room = n_room;
                }
                memmove(&p->one[low + 1], &p->one[low], (p->n++ - low) * sizeof *p->one);
                p->one[low] = (struct one) { .person = person };
                (void) snprintf(p->one[low].since, sizeof p->one[low].since, "%s", p->due);
        }
        p->one[low].n++;
        if (strcmp(p->due, p->one[low].since) < 0)
                (void) snprintf(p->one[low].since, sizeof p->one[low].since, "%s", p->due);
        return DIRECTORY_OK;
}

/* Nobody looks at what they hold or gave, or what is about them. */
static int add_holder(void *with, int64_t person) {
        struct people *const p = with;
        const struct review_waiting *const item = &p->item;

        if (person == item->holder || person == item->giver || person == item->about_person)
                return DIRECTORY_OK;
        return add(p, person);
}

int directory_review_language(struct directory *d, int64_t person, char ret[static 3]) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        const int r = sql_find(d, "SELECT ifnull(language, '') FROM person WHERE id = ?1", SQL_BIND(sql_integer(person)), &stmt);

        if (r == DIRECTORY_OK)
                (void) snprintf(ret, 3, "%s", sql_column(stmt, 0));
        return r == DIRECTORY_E_NOT_FOUND ? directory_fail(d, r, _("person: there is none with this id; see: careid list persons")) : r;
}

static int count_all(struct directory *d, const struct directory_act *act, unsigned days, struct people *p, int64_t *nobody) {
        auto_stmt sqlite3_stmt *stmt = NULL;
        int r;

        r = review_waiting_open(d, act->now, days, false, &stmt);
        while (r == DIRECTORY_OK && (r = review_waiting_next(d, stmt, &p->item, p->due)) == DIRECTORY_OK) {
                p->any = false;
                r = p->item.reviewer > 0 ? add(p, p->item.reviewer)
                                         : mandate_holders(d, MANDATE_GRANT, p->item.organisation, p->item.unit, act->now, add_holder, p);
                *nobody += !p->any;
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

int directory_reviews_due(struct directory *d, const struct directory_act *act, unsigned assignment_days,
                          int (*each)(void *with, const struct review_due *due), void *with, int64_t *ret_nobody) {
        struct people people __attribute__((__cleanup__(people_done))) = { .n = 0 };
        int64_t nobody = 0;
        char language[3];
        int r;

        r = count_all(d, act, assignment_days, &people, &nobody);
        for (size_t i = 0; r == DIRECTORY_OK && i < people.n; i++) {
                const struct one *const one = &people.one[i];

                r = directory_review_language(d, one->person, language);
                if (r == DIRECTORY_OK)
                        r = each(with, &(struct review_due) { .person = one->person, .n = one->n, .since = one->since, .language = language });
        }
        if (r == DIRECTORY_OK)
                *ret_nobody = nobody;
        return r;
}
