/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-sending.c - does what waits to be sent go out?
 */

#include "check.h"

#include "i18n.h"

#include <inttypes.h>

void check_sending(struct check *c, const struct config *config, const struct check_sending *s) {
        const bool sms = *config->sms_url, mail = *config->mail_relay;

        if (config->clients_log_in && !mail) {
                check_say(c, CHECK_WARN, "sending",
                          _("clients may log in, and none can be invited: set relay in [mail] of careid.conf(5)"));
                return;
        }
        if (!sms && !mail)
                return;
        if (s->systemd && !s->enabled)
                check_say(c, CHECK_WARN, "sending",
                          _("careid-queue.path is not enabled: invitations and notices wait; run: systemctl enable --now "
                            "careid-queue.path careid-queue.timer"));
        else if (s->waiting > 0)
                check_say(c, CHECK_WARN, "sending",
                          _("messages that wait to be sent: %" PRId64 "; why, says the journal: journalctl -u careid-queue.service"), s->waiting);
        else
                check_say(c, CHECK_OK, "sending", _("no message waits to be sent"));
}
