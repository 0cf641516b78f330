/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * review.c - careid audit sample, careid review: what somebody is to look at, and what they found
 */

#include "review.h"

#include "cleanup.h"
#include "config-files.h"
#include "errno-text.h"
#include "i18n.h"
#include "invocation.h"
#include "reviewers.h"
#include "scan.h"
#include "table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PERSON_TEXT = 24 };

static bool person_option(const struct invocation *i, int64_t *ret) {
        const char *const text = option(i, "reviewer");

        *ret = 0;
        return !text || invocation_person_named(i, "--reviewer", text, ret);
}

static bool number_option(const struct invocation *i, const char *name, unsigned max, unsigned *ret) {
        const char *const text = option(i, name);
        uint32_t n = 0;

        *ret = 0;
        if (text && (!scan_whole_u32(text, max, &n) || n == 0)) {
                (void) outcome_say(OUTCOME_USAGE, name, _("must be a number from 1 to %u"), max);
                return false;
        }
        *ret = n;
        return true;
}

int audit_sample(struct invocation *i) {
        struct review_sample sample = { .from_date = option(i, "from"), .until_date = option(i, "until") };
        static const char *const keys[] = { "drawn", "of", NULL };
        char drawn[24], all[24], line[256];
        int64_t n = 0, of = 0;
        int r;

        if (!person_option(i, &sample.reviewer) || !number_option(i, "count", REVIEW_SAMPLE_MAX, &sample.count) ||
            !number_option(i, "percent", 100, &sample.percent) || !invocation_dates(i))
                return OUTCOME_USAGE;
        if ((sample.count > 0) == (sample.percent > 0))
                return outcome_say(OUTCOME_USAGE, i->arguments.command->words, _("--count and --percent are one or the other"));
        r = directory_review_sample(i->directory, &i->act, &sample, &n, &of);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "audit", NULL, r);
        (void) snprintf(drawn, sizeof drawn, "%" PRId64, n);
        (void) snprintf(all, sizeof all, "%" PRId64, of);
        (void) snprintf(line, sizeof line, P_("%s entry of %s was drawn; see: careid review list",
                                              "%s entries of %s were drawn; see: careid review list", n), drawn, all);
        return invocation_made(i, "samples", keys, (const char *const[]) { drawn, all }, line);
}

/* Where nothing is configured yet, REVIEW_DAYS_DEFAULT. */
int review_days(const struct invocation *i, unsigned *ret) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        const int r = config_compiled_read(i->who.uid, &config, complaint);

        *ret = r == CONFIG_OK ? config.review_days : REVIEW_DAYS_DEFAULT;
        if (r == CONFIG_OK || r == -ENOENT)
                return OUTCOME_DONE;
        return outcome_say(OUTCOME_BROKEN, "careid.conf", "%s", r < 0 ? errno_text(r) : complaint);
}

static int show_item(void *with, const struct review_item *item) {
        char id[48], reviewer[PERSON_TEXT] = "";
        const char *values[] = { id, item->due, item->about, reviewer, item->outcome };

        (void) snprintf(id, sizeof id, "%s:%" PRId64, item->what, item->id);
        if (item->reviewer > 0)
                (void) snprintf(reviewer, sizeof reviewer, "%" PRId64, item->reviewer);
        return table_add(with, values);
}

int review_list(struct invocation *i) {
        static const char *const keys[] = { "id", "due", "about", "reviewer", "outcome", NULL };
        AUTO(table_freep) struct table *table = NULL;
        struct directory_act act = i->act;
        int64_t reviewer;
        unsigned days;
        int r, status;

        if (!person_option(i, &reviewer))
                return OUTCOME_USAGE;
        if (option(i, "mine") && act.by_person == 0)
                return outcome_say(OUTCOME_USAGE, "--mine", _("is for somebody who holds a mandate; for root there is --reviewer PERSON"));
        if (act.by_person != 0 && reviewer != 0)
                return outcome_say(OUTCOME_USAGE, "--reviewer", _("is for root"));
        status = review_days(i, &days);
        if (status != OUTCOME_DONE)
                return status;
        if (reviewer != 0)
                act.by_person = reviewer;
        r = table_new(option(i, "json") ? TABLE_JSON : TABLE_ROWS, "reviews", keys, &table);
        if (r < 0)
                return outcome_of_errno("review", r);
        r = directory_reviews(i->directory, &act, days, show_item, table);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "review", NULL, r);
        r = table_print(table);
        return r < 0 ? outcome_of_errno("review", r) : OUTCOME_DONE;
}

/* "assignment:12", as careid review list shows it. */
static bool id_of(const char *text, struct review_outcome *ret) {
        static const char *const kinds[] = { "audit", "assignment", "grant" };
        uint64_t id;

        for (size_t k = 0; k < N_ELEMENTS(kinds); k++) {
                const size_t n = strlen(kinds[k]);

                if (strncmp(text, kinds[k], n) == 0 && text[n] == ':' && scan_whole_u64(text + n + 1, INT64_MAX, &id) && id > 0) {
                        ret->what = kinds[k];
                        ret->id = (int64_t) id;
                        return true;
                }
        }
        return false;
}

static int review_found(struct invocation *i, const char *found) {
        struct review_outcome outcome = { .outcome = found, .note = option(i, "note"), .next_date = option(i, "next") };

        if (!id_of(operand(i, 0), &outcome))
                return outcome_say(OUTCOME_USAGE, "ID", _("must be one that careid review list shows, like assignment:12"));
        if (!person_option(i, &outcome.reviewer) || !invocation_date(i, "next"))
                return OUTCOME_USAGE;
        if (i->act.by_person != 0 && outcome.reviewer != 0)
                return outcome_say(OUTCOME_USAGE, "--reviewer", _("is for root"));
        return invocation_end(i, "review", operand(i, 0), directory_review_record(i->directory, &i->act, &outcome));
}

int review_right(struct invocation *i) {
        return review_found(i, "right");
}

int review_wrong(struct invocation *i) {
        return review_found(i, "wrong");
}

int review_unclear(struct invocation *i) {
        return review_found(i, "unclear");
}
