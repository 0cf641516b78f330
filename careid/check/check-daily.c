/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-daily.c - is done what is due once a day (careid daily)?
 */

#include "check.h"

#include "i18n.h"

#include <inttypes.h>

enum { DAY = 24 * 60 * 60, DAYS_LATE = 3 };

void check_daily(struct check *c, const struct check_daily *d, int64_t now) {
        const int64_t days = d->last > 0 && now > d->last ? (now - d->last) / DAY : 0;
        const bool late = days >= DAYS_LATE, never = d->systemd ? !d->enabled : d->last == 0;

        /* The snapshots know of turns for eight days ahead. */
        if (d->turns && (late || never))
                check_say(c, CHECK_WRONG, "daily-turns",
                          _("somebody is assigned in turns, of which programs know eight days ahead: without careid daily they give nothing "
                            "after that"));
        if (d->systemd && !d->enabled)
                check_say(c, CHECK_WARN, "daily",
                          _("careid-daily.timer is not enabled: evidence is kept for too long, and nobody is warned of "
                            "certificates that expire; run: systemctl enable --now careid-daily.timer"));
        else if (late && d->systemd)
                check_say(c, CHECK_WARN, "daily",
                          _("careid daily has not run for %" PRId64 " days; see: systemctl status careid-daily.timer "
                            "careid-daily.service"),
                          days);
        else if (late || (!d->systemd && d->last == 0))
                check_say(c, CHECK_WARN, "daily",
                          _("nothing runs careid daily: evidence is kept for too long, and nobody is warned of "
                            "certificates that expire; have cron run it"));
        else
                check_say(c, CHECK_OK, "daily", _("what is due once a day is done (careid daily)"));
}
