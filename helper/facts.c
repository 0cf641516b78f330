/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * facts.c - the two look-ups
 *
 * 1. MUST tell "there is none" from "could not be asked", for either source.
 * 2. MUST not leave a transaction open when it returns.
 */

#include "facts.h"

#include "cleanup.h"
#include "journal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int facts_open(struct helper *h, struct directory **ret, char complaint[static CONFIG_COMPLAINT_MAX]) {
        bool opened;
        int r = DIRECTORY_OK;

        if (h->directory && !directory_is_current(h->directory))
                facts_close(h);
        opened = !h->directory;
        if (opened)
                r = directory_open(helper_asked_by_root(h) ? DIRECTORY_WRITE : DIRECTORY_READ_ASIDE, &h->directory);
        if (r == DIRECTORY_OK) {
                if (opened)
                        directory_stays_prepared(h->directory);
                directory_tell_audit(h->directory, journal_audit);
                *ret = h->directory;
                return 0;
        }
        (void) snprintf(complaint, CONFIG_COMPLAINT_MAX, "care directory: %s", directory_complaint(NULL));
        return r < 0 ? r : -EUCLEAN;
}

void facts_close(struct helper *h) {
        h->directory = directory_close(h->directory);
}

void facts_rest(struct helper *h) {
        if (!helper_asked_by_root(h))
                facts_close(h);
        else if (h->directory)
                directory_rest(h->directory);
}

struct facts_host facts_ask_host(const struct helper *h, const char *name) {
        struct facts_host host = { .name = name };

        host.r = resolver_uid(h->resolver, name, &host.uid);
        return host;
}

int facts_read(struct directory *d, const struct facts_host *host, int64_t now,
               const struct decision_facts *before, struct decision_facts *ret, struct directory_account *ret_account,
               char complaint[static CONFIG_COMPLAINT_MAX]) {
        struct directory_account account;
        uid_t host_uid = host->uid;
        int r = host->r;
        bool on_host;

        if (r == -ESTALE && before) {
                host_uid = before->host_uid;
                r = before->on_host ? RESOLVER_OK : RESOLVER_E_NONE;
        }
        if (r < 0) {
                (void) snprintf(complaint, CONFIG_COMPLAINT_MAX, "the host's user database: %s",
                                r == -ESTALE ? "its files were replaced in the meantime; the next try reads them" : strerrordesc_np(-r));
                return r;
        }
        on_host = r == RESOLVER_OK;

        memset(&account, 0, sizeof account);
        r = directory_account(d, host->name, now, &account);
        if (r != DIRECTORY_OK && r != DIRECTORY_E_NOT_FOUND && r != DIRECTORY_E_INVALID) {
                (void) snprintf(complaint, CONFIG_COMPLAINT_MAX, "care directory: %s", directory_complaint(d));
                return r < 0 ? r : -EUCLEAN;
        }
        *ret = decision_facts_of(host->name, r == DIRECTORY_OK ? &account : NULL, on_host, host_uid);
        *ret_account = account;
        return 0;
}

int facts_organisation(const struct helper *h, struct directory *d, char ret[static DIRECTORY_TITLE_MAX + 1],
                       char complaint[static CONFIG_COMPLAINT_MAX]) {
        int r = DIRECTORY_OK;

        (void) snprintf(ret, DIRECTORY_TITLE_MAX + 1, "%s", h->config.organisation);
        if (ret[0] == '\0')
                r = directory_only_organisation(d, ret);
        if (r == DIRECTORY_OK || r == DIRECTORY_E_NOT_FOUND)
                return 0;
        (void) snprintf(complaint, CONFIG_COMPLAINT_MAX, "care directory: %s", directory_complaint(d));
        return r < 0 ? r : -EUCLEAN;
}

bool facts_name_is_caller(const struct helper *h, const char *name) {
        const struct facts_host host = facts_ask_host(h, name);

        return host.r == RESOLVER_OK && host.uid == h->caller.uid;
}
