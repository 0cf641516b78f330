/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * daily.c - careid daily: what is due once a day
 *
 *  1. MUST delete evidence whose time is over, and nothing else.
 *  2. MUST tell the journal what is wrong with certificates: where a timer runs it, nobody reads what it prints.
 *  3. MUST do 2 also where 1 has failed.
 */

#include "check-certificate.h"
#include "cleanup.h"
#include "config-files.h"
#include "errno-text.h"
#include "i18n.h"
#include "invocation.h"

#include <errno.h>
#include <stdio.h>
#include <syslog.h>

static void tell(const struct invocation *i, int priority, const char *text) {
        openlog("careid", LOG_PID, LOG_AUTHPRIV);
        syslog(priority, "%s", text);
        closelog();
        if (!option(i, "quiet"))
                (void) printf("%s\n", text);
}

static void warn(const struct invocation *i) {
        AUTO(config_done) struct config config = { 0 };
        auto_free struct check *c = calloc(1, sizeof *c);
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        const int r = c ? config_compiled_read(i->who.uid, &config, complaint) : -ENOMEM;

        if (r == -ENOENT)
                return;                 /* not in use yet */
        if (r != CONFIG_OK) {
                tell(i, LOG_ERR, r < 0 ? errno_text(r) : complaint);
                return;
        }
        check_certificates(c, &config, i->who.uid, i->act.now);
        for (size_t k = 0; k < c->n; k++)
                if (c->finding[k].level != CHECK_OK)
                        tell(i, c->finding[k].level == CHECK_WARN ? LOG_WARNING : LOG_ERR, c->finding[k].text);
}

int daily_run(struct invocation *i) {
        int status = evidence_prune(i);

        warn(i);
        if (status == OUTCOME_DONE)
                status = invocation_end(i, "daily", NULL, directory_turns_renew(i->directory, i->act.now));
        if (status == OUTCOME_DONE)
                status = invocation_end(i, "daily", NULL, directory_notice(i->directory, DIRECTORY_DAILY, i->act.now, 0));
        return status;
}
