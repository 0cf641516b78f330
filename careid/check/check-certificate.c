/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-certificate.c - are certificate, key and authority good, and for how long?
 */

#include "check-certificate.h"

#include "bankid-files.h"
#include "errno-text.h"
#include "i18n.h"
#include "outcome.h"

#include <inttypes.h>

enum { DAYS_WARN = 60, DAYS_WRONG = 7 };

static void check_bankid_file(struct check *c, const struct config *config, uid_t owner, int64_t now, enum bankid_file which,
                              const char *word, const char *path) {
        struct certificate_facts facts = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        int r;

        r = bankid_file_judge(config, which, owner, now, &facts, complaint);
        if (r != CONFIG_OK)
                check_say(c, CHECK_WRONG, word, "%s%s%s", r < 0 ? path : "", r < 0 ? ": " : "",
                          r < 0 ? errno_text(r) : complaint);
        else if (which == BANKID_KEY)
                check_say(c, CHECK_OK, word, _("%s is the key of the certificate"), path);
        else if (facts.days_left <= DAYS_WARN)
                check_say(c, facts.days_left <= DAYS_WRONG ? CHECK_WRONG : CHECK_WARN, word,
                          P_("%s expires in %" PRId64 " day: order a new one now",
                             "%s expires in %" PRId64 " days: order a new one now", facts.days_left),
                          path, facts.days_left);
        else
                check_say(c, CHECK_OK, word,
                          P_("%s is good for %" PRId64 " day", "%s is good for %" PRId64 " days", facts.days_left),
                          path, facts.days_left);
}

void check_certificates(struct check *c, const struct config *config, uid_t owner, int64_t now) {
        if (!config->bankid)
                return;
        check_bankid_file(c, config, owner, now, BANKID_CERTIFICATE, "bankid-certificate", config->bankid_certificate);
        check_bankid_file(c, config, owner, now, BANKID_KEY, "bankid-key", config->bankid_key);
        if (config->bankid_ca[0])
                check_bankid_file(c, config, owner, now, BANKID_CA, "bankid-ca", config->bankid_ca);
}
