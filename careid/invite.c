/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * invite.c - careid invite, careid message: who is told how to log in, and what stands on the page of who waits
 */

#include "config-files.h"
#include "cleanup.h"
#include "errno-text.h"
#include "i18n.h"
#include "invocation.h"
#include "messages.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What is missing in the configuration is named, as careid.conf(5) calls it. */
static int check_config(const struct invocation *i) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        const int r = config_compiled_read(i->who.uid, &config, complaint);

        if (r != CONFIG_OK && r != -ENOENT)
                return outcome_say(OUTCOME_BROKEN, "invite", "%s", r < 0 ? errno_text(r) : complaint);
        if (!config.clients_log_in)
                return outcome_say(OUTCOME_REFUSED, "invite", _("clients may not log in: set log-in = yes in [clients] of careid.conf(5)"));
        if (!*config.mail_relay)
                return outcome_say(OUTCOME_REFUSED, "invite", _("an invitation is a mail, and none can be sent: set relay in [mail] of careid.conf(5)"));
        if (!*config.clients_address)
                return outcome_say(OUTCOME_REFUSED, "invite", _("an invitation says where to log in: set address in [clients] of careid.conf(5)"));
        return OUTCOME_DONE;
}

int invite_run(struct invocation *i) {
        int r, status;

        status = check_config(i);
        if (status != OUTCOME_DONE)
                return status;
        r = directory_invite(i->directory, &i->act, operand(i, 0), option(i, "resend") != NULL);
        if (r == DIRECTORY_OK && !option(i, "dry-run"))
                directory_messages_wake();
        if (r == DIRECTORY_OK && !option(i, "quiet") && !option(i, "json"))
                (void) printf(_("client %s is invited; the mail goes out now, or as soon as the relay takes it\n"), operand(i, 0));
        return invocation_end(i, "client", operand(i, 0), r);
}

int message_set(struct invocation *i) {
        return invocation_end(i, "organisation", operand(i, 0),
                              directory_general_message_set(i->directory, &i->act, operand(i, 0), option(i, "text")));
}

int message_clear(struct invocation *i) {
        if (!invocation_confirm(i, _("Take the general message of %s away?"), operand(i, 0)))
                return OUTCOME_REFUSED;
        return invocation_end(i, "organisation", operand(i, 0), directory_general_message_set(i->directory, &i->act, operand(i, 0), NULL));
}

int message_show(struct invocation *i) {
        static const char *const keys[] = { "organisation", "text", NULL };
        char text[MESSAGE_GENERAL_MAX + 1] = "";
        const char *const values[] = { operand(i, 0), text, NULL };
        const int r = directory_general_message(i->directory, operand(i, 0), text);

        if (r != DIRECTORY_OK)
                return invocation_end(i, "organisation", operand(i, 0), r);
        return invocation_made(i, "messages", keys, values, text);
}
