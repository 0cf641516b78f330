/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * act.c - the frame of an administrator's act: one transaction with its audit entry
 */

#include "act.h"

#include "i18n.h"
#include "standing.h"
#include "utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { AHEAD_OF_UTC = 14 * 3600 };

int act_begin(struct directory *d, const struct directory_act *act) {
        const size_t n = act->actor ? strnlen(act->actor, AUDIT_WORD_MAX + 1) : 0;
        int r;

        if (n == 0 || n > AUDIT_WORD_MAX || !utf8_is_clean(act->actor, n, UTF8_ONE_LINE))
                return directory_fail(d, DIRECTORY_E_INVALID, _("actor: is to be one word, like uid:0"));
        r = store_begin(d);
        if (r != DIRECTORY_OK)
                return r;
        r = directory_standing_keeps(d, act);
        return r == DIRECTORY_OK ? r : store_end(d, r);
}

int act_end(struct directory *d, const struct directory_act *act, int r, const struct act_report *report) {
        char object[AUDIT_WORD_MAX + 1];

        (void) snprintf(object, sizeof object, "%s:%lld", report->kind, (long long) report->id);
        if (r == DIRECTORY_OK && act->login > 0 && json_object_set_new(report->detail, "approval", json_integer(act->login)) < 0)
                r = -ENOMEM;
        if (r != DIRECTORY_OK) {
                json_decref(report->detail);
                return store_end(d, r);
        }
        r = audit_append(d, &(struct audit_entry) {
                .at = act->now, .actor = act->actor, .act = report->act, .object = object, .detail = report->detail,
        });
        if (r == DIRECTORY_OK && report->changes)
                r = store_changed(d);
        return store_end(d, r);
}

struct number_date act_today(const struct directory_act *act) {
        const time_t t = (time_t) act->now + AHEAD_OF_UTC;
        struct tm tm = { .tm_year = 70, .tm_mday = 1 };

        (void) gmtime_r(&t, &tm);
        return (struct number_date) { .year = tm.tm_year + 1900, .month = tm.tm_mon + 1, .day = tm.tm_mday };
}
