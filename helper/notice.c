/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * notice.c - what the administrator is told in time, once a day
 */

#include "notice.h"

#include "cleanup.h"
#include "facts.h"
#include "journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

void notice_certificate(struct helper *h) {
        const int64_t now = (int64_t) time(NULL);
        struct directory *d = NULL;
        int64_t expires = h->bankid.expires, days;
        char text[CONFIG_COMPLAINT_MAX];
        bool over;

        if (!helper_asked_by_root(h) || !h->configured || !h->config.bankid)
                return;
        if (expires == 0)
                expires = bankid_material_expires(&h->bankid.material);
        days = (expires - now) / INT64_C(86400);
        over = h->bankid.expired || (expires != 0 && expires <= now);
        if (!over && (expires == 0 || days >= NOTICE_CERTIFICATE_DAYS))
                return;
        /* Said already is the one reason to be silent: a directory that is out of order is none. */
        if (facts_open(h, &d, text) == 0 &&
            directory_notice(d, over ? "bankid-certificate-expired" : "bankid-certificate", now, NOTICE_INTERVAL_S) ==
            DIRECTORY_E_EXISTS)
                return;
        if (over)
                (void) snprintf(text, sizeof text, "%s has expired: nobody can log in with BankID; order a new one",
                                h->config.bankid_certificate);
        else
                (void) snprintf(text, sizeof text, "%s expires in %" PRId64 " days: order a new one now",
                                h->config.bankid_certificate, days);
        journal_write(&(struct journal_entry) {
                .about = over ? JOURNAL_CERTIFICATE_OVER : JOURNAL_CERTIFICATE, .outcome = over ? "expired" : "expires",
                .method = method_bankid.name, .detail = text, .caller = h->caller.uid,
        });
}
