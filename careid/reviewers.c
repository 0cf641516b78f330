/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * reviewers.c - careid review due, show: for whom what waits, and what to tell them
 *
 * The text is for somebody else to carry, careid has no mail: it says how much
 * waits and since when, by numbers, and nobody's name, log-in or client.  What
 * each is they see where they have logged in.
 */

#include "reviewers.h"

#include "cleanup.h"
#include "config-files.h"
#include "i18n.h"
#include "language.h"
#include "review.h"
#include "table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NUMBER_TEXT = 24, SHOWN_MAX = 100, HOST_SIZE = 256 };

/* -- careid review due ------------------------------------------------------------------------------------- */

static int show_due(void *with, const struct review_due *due) {
        char person[NUMBER_TEXT], n[NUMBER_TEXT];

        (void) snprintf(person, sizeof person, "%" PRId64, due->person);
        (void) snprintf(n, sizeof n, "%" PRId64, due->n);
        return table_add(with, (const char *const[]) { person, due->language, n, due->since });
}

int review_due(struct invocation *i) {
        static const char *const keys[] = { "person", "language", "waiting", "due", NULL };
        AUTO(table_freep) struct table *table = NULL;
        char text[256];
        int64_t nobody = 0;
        unsigned days;
        int r, status;

        status = review_days(i, &days);
        if (status != OUTCOME_DONE)
                return status;
        r = table_new(option(i, "json") ? TABLE_JSON : TABLE_ROWS, "reviews", keys, &table);
        if (r < 0)
                return outcome_of_errno("review", r);
        r = directory_reviews_due(i->directory, &i->act, days, show_due, table, &nobody);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "review", NULL, r);
        (void) snprintf(text, sizeof text, P_("%" PRId64 " review waits for nobody: there is no other with a mandate to grant there than who gave it or whom it is about",
                                              "%" PRId64 " reviews wait for nobody: there is no other with a mandate to grant there than who gave them or whom they are about", nobody), nobody);
        if (nobody > 0)
                outcome_warn(text);
        r = table_print(table);
        return r < 0 ? outcome_of_errno("review", r) : OUTCOME_DONE;
}

/* -- careid review show ------------------------------------------------------------------------------------ */

struct letter {
        FILE   *lines;                          /* one for each, SHOWN_MAX at most                */
        int64_t n;
        char    since[16];
};

static int add_line(void *with, const struct review_item *item) {
        struct letter *const l = with;

        if (l->n++ == 0)
                (void) snprintf(l->since, sizeof l->since, "%s", item->due);
        if (l->n <= SHOWN_MAX)
                (void) fprintf(l->lines, "    %s:%" PRId64 "  %s\n", item->what, item->id, item->due);
        return DIRECTORY_OK;
}

static void put_letter(FILE *to, const struct letter *l, const char *lines, const char *host) {
        if (l->n == 0) {
                (void) fprintf(to, "%s\n", _("Nothing waits for you to be looked at again."));
                return;
        }
        (void) fprintf(to, P_("%" PRId64 " thing waits for you to be looked at again, since %s.",
                              "%" PRId64 " things wait for you to be looked at again, the first since %s.", l->n), l->n, l->since);
        (void) fprintf(to, "\n\n%s", lines);
        if (l->n > SHOWN_MAX)
                (void) fprintf(to, "    ...\n");
        (void) fprintf(to, "\n");
        (void) fprintf(to, _("What each of them is you see when you have logged in to %s:"), host);
        (void) fprintf(to, "\n\n    careid review list --mine\n    careid review right ID [--next YYYY-MM-DD]\n"
                           "    careid review wrong ID --note TEXT\n    careid review unclear ID --note TEXT\n\n%s\n",
                       _("A grant that is right needs the day on which it is looked at next. The note names nobody."));
}

static void fclosep(FILE **f) {
        if (*f)
                (void) fclose(*f);
}

/* In which language, and where: as they are, else as configured. */
static int letter_find(const struct invocation *i, int64_t person, char language[static 3], char host[static HOST_SIZE], unsigned *ret_days) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        int r, status;

        status = review_days(i, ret_days);
        if (status != OUTCOME_DONE)
                return status;
        r = directory_review_language(i->directory, person, language);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "review", NULL, r);
        r = config_compiled_read(i->who.uid, &config, complaint);
        if (!*language)
                (void) snprintf(language, 3, "%.2s", r == CONFIG_OK ? config.language : "en");
        if (gethostname(host, HOST_SIZE - 1) < 0)
                host[0] = '\0';
        host[HOST_SIZE - 1] = '\0';
        if (r == CONFIG_OK && *config.host_title)
                (void) snprintf(host, HOST_SIZE, "%s", config.host_title);
        return OUTCOME_DONE;
}

static int print_letter(const struct invocation *i, int64_t person, const char *language, const struct letter *l, const char *text) {
        static const char *const keys[] = { "person", "language", "waiting", "due", "text", NULL };
        char id[NUMBER_TEXT], n[NUMBER_TEXT];

        (void) snprintf(id, sizeof id, "%" PRId64, person);
        (void) snprintf(n, sizeof n, "%" PRId64, l->n);
        if (!option(i, "json"))
                (void) fputs(text, stdout);
        return invocation_made(i, "reviews", keys, (const char *const[]) { id, language, n, l->since, text }, NULL);
}

int review_show(struct invocation *i) {
        auto_free char *lines = NULL, *text = NULL;
        char language[3] = "", host[HOST_SIZE] = "";
        struct directory_act act = i->act;
        AUTO(fclosep) FILE *to = NULL;
        struct letter l = { .n = 0 };
        size_t n_lines = 0, n_text = 0;
        unsigned days;
        int r, status;

        if (!invocation_person(i, &act.by_person))
                return OUTCOME_USAGE;
        status = letter_find(i, act.by_person, language, host, &days);
        if (status != OUTCOME_DONE)
                return status;
        l.lines = open_memstream(&lines, &n_lines);
        if (!l.lines)
                return outcome_of_errno("review", -errno);
        r = directory_reviews(i->directory, &act, days, add_line, &l);
        if (fclose(l.lines) != 0 && r == DIRECTORY_OK)
                r = -ENOMEM;
        if (r != DIRECTORY_OK)
                return invocation_end(i, "review", NULL, r);
        to = open_memstream(&text, &n_text);
        if (!to)
                return outcome_of_errno("review", -errno);
        language_speak(language);
        put_letter(to, &l, lines, host);
        if (fflush(to) != 0)
                return outcome_of_errno("review", -ENOMEM);
        return print_letter(i, act.by_person, language, &l, text);
}
