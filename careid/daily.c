/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * daily.c - careid daily: what is due once a day
 *
 *  1. MUST delete evidence whose time is over, and nothing else.
 *  2. MUST tell the journal what is wrong with certificates: where a timer runs it, nobody reads what it prints.
 *  3. MUST do 2 also where 1 has failed.
 *  4. MUST not tell the journal what it was only asked to try.
 *  5. MUST tell the journal how much waits to be looked at, and of nobody.
 */

#include "check-certificate.h"
#include "cleanup.h"
#include "config-files.h"
#include "errno-text.h"
#include "evidence-over.h"
#include "i18n.h"
#include "invocation.h"
#include "review.h"
#include "reviewers.h"
#include "table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

struct daily {
        const struct invocation *i;
        struct table            *table;         /* NULL: not as JSON                               */
        int                      r;             /* of the table                                    */
        bool                     configured;
        unsigned                 review_days;
};

static void to_journal(const struct daily *d, int priority, const char *text) {
        if (option(d->i, "dry-run"))
                return;
        openlog("careid", LOG_PID, LOG_AUTHPRIV);
        syslog(priority, "%s", text);
        closelog();
}

/* To the journal what is wrong; to whoever runs it, all. */
static void tell(struct daily *d, enum check_level level, const char *word, const char *text) {
        if (level != CHECK_OK)
                to_journal(d, level == CHECK_WARN ? LOG_WARNING : LOG_ERR, text);
        if (!d->table) {
                if (!option(d->i, "quiet"))
                        (void) printf("%s\n", text);
        } else if (d->r == 0)
                d->r = table_add(d->table, (const char *const[]) { check_level_text(level), word, text });
}

static void warn(struct daily *d) {
        AUTO(config_done) struct config config = { 0 };
        auto_free struct check *c = calloc(1, sizeof *c);
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        const int r = c ? config_compiled_read(d->i->who.uid, &config, complaint) : -ENOMEM;

        d->configured = r == -ENOENT || r == CONFIG_OK;
        d->review_days = r == CONFIG_OK ? config.review_days : REVIEW_DAYS_DEFAULT;
        if (r == -ENOENT)
                return;                 /* not in use yet */
        if (r != CONFIG_OK) {
                tell(d, CHECK_WRONG, "config-applied", r < 0 ? errno_text(r) : complaint);
                return;
        }
        check_certificates(c, &config, d->i->who.uid, d->i->act.now);
        for (size_t k = 0; k < c->n; k++)
                if (c->finding[k].level != CHECK_OK)
                        tell(d, c->finding[k].level, c->finding[k].word, c->finding[k].text);
}

static int prune(struct daily *d) {
        char text[EVIDENCE_OVER_TEXT];
        int64_t n;
        const int status = evidence_over_delete(d->i, &n, text);

        if (status == OUTCOME_DONE)
                tell(d, CHECK_OK, "evidence", text);
        return status;
}

struct waiting {
        int64_t n, persons;
        char    since[16];
};

static int count(void *with, const struct review_due *due) {
        struct waiting *const w = with;

        w->n += due->n;
        w->persons++;
        if (!*w->since || strcmp(due->since, w->since) < 0)
                (void) snprintf(w->since, sizeof w->since, "%s", due->since);
        return DIRECTORY_OK;
}

/* How much waits, not for whom, and nothing of what it is. */
static int tell_reviews(struct daily *d) {
        struct waiting w = { .n = 0 };
        int64_t nobody = 0;
        char text[256];
        int r;

        if (!d->configured)
                return OUTCOME_DONE;
        r = directory_reviews_due(d->i->directory, &d->i->act, d->review_days, count, &w, &nobody);
        if (r != DIRECTORY_OK)
                return invocation_end(d->i, "review", NULL, r);
        if (w.n == 0 && nobody == 0)
                return OUTCOME_DONE;
        (void) snprintf(text, sizeof text, _("reviews that wait: %" PRId64 "; persons for whom: %" PRId64 "; the first since: %s; for nobody: %" PRId64
                                             " (careid review due)"),
                        w.n, w.persons, *w.since ? w.since : "-", nobody);
        to_journal(d, LOG_NOTICE, text);
        tell(d, CHECK_OK, "reviews", text);
        return OUTCOME_DONE;
}

int daily_run(struct invocation *i) {
        static const char *const keys[] = { "state", "what", "finding", NULL };
        AUTO(table_freep) struct table *table = NULL;
        struct daily d = { .i = i };
        int status;

        if (option(i, "json"))
                d.r = table_new(TABLE_JSON, "daily", keys, &table);
        d.table = table;
        status = prune(&d);
        warn(&d);
        if (status == OUTCOME_DONE)
                status = tell_reviews(&d);
        if (status == OUTCOME_DONE)
                status = invocation_end(i, "daily", NULL, directory_turns_renew(i->directory, i->act.now));
        if (status == OUTCOME_DONE)
                status = invocation_end(i, "daily", NULL, directory_notice(i->directory, DIRECTORY_DAILY, i->act.now, 0));
        if (status == OUTCOME_DONE && table && d.r == 0)
                d.r = table_print(table);
        return status == OUTCOME_DONE && d.r < 0 ? outcome_of_errno("daily", d.r) : status;
}
