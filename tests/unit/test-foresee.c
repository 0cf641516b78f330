/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-foresee.c - every account from every place by every service, under every configuration: how it would end, and why
 *
 * What is wanted is said by the rules in words (pam_eid(8), careid.conf(5)), not by the code that is tested.
 */

#include "foresee.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

enum { UID = 2001000001 };

/* How an account can be, and what would be in the way of somebody who has proven to be its person. */
static const struct {
        const char       *name;
        bool              has_number, archived, assigned, on_host;
        uid_t             host_uid;
        bool              known;
        enum decision_why asking, using;        /* in the way of asking anybody, and of its use    */
} accounts[] = {
        { "in use",           true,  false, true,  true,  UID,     true,  DECISION_WHY_NONE,        DECISION_WHY_NONE },
        { "no number",        false, false, true,  true,  UID,     true,  DECISION_WHY_NO_NUMBER,   DECISION_WHY_NONE },
        { "archived",         true,  true,  true,  true,  UID,     true,  DECISION_WHY_NONE,        DECISION_WHY_ARCHIVED },
        { "archived, gone",   true,  true,  false, false, 0,       true,  DECISION_WHY_NONE,        DECISION_WHY_ARCHIVED },
        { "not assigned",     true,  false, false, true,  UID,     true,  DECISION_WHY_NONE,        DECISION_WHY_NOT_ASSIGNED },
        { "not on the host",  true,  false, true,  false, 0,       true,  DECISION_WHY_NOT_ON_HOST, DECISION_WHY_NOT_ON_HOST },
        { "somebody else's",  true,  false, true,  true,  UID + 1, true,  DECISION_WHY_UID_OTHER,   DECISION_WHY_UID_OTHER },
        { "the system's",     true,  false, true,  true,  999,     true,  DECISION_WHY_UID_LOW,     DECISION_WHY_UID_LOW },
        { "of another name",  true,  false, true,  true,  UID,     false, DECISION_WHY_UNKNOWN,     DECISION_WHY_UNKNOWN },
};

static const struct {
        const char *name;
        bool        asks, checks, shows_codes;
} services[] = {
        { "sshd", true, true, true }, { "a key alone", false, true, true }, { "no account line", true, false, true },
        { "cron", false, false, false }, { "vsftpd", true, true, false },
};

static const struct {
        const char *name, *config;
} configs[] = {
        { "as it comes",      "[bankid]\nenabled = yes\n" },
        { "off",              "[bankid]\nenabled = no\nremote-qr = yes\n[network]\ninside = 198.51.100.0/24\n" },
        { "inside",           "[bankid]\nenabled = yes\n[network]\ninside = 198.51.100.0/24 10.1.0.0/16\nseen-as = 10.1.0.0/16 203.0.113.1\n" },
        { "remote-qr",        "[bankid]\nenabled = yes\nremote-qr = yes\n" },
        { "terminal-qr",      "[bankid]\nenabled = yes\nterminal-qr = yes\n" },
};


/* What each place is offered under each configuration: a code, and a link. */
static const struct {
        const char     *name, *source;
        enum place_kind place;
        bool            after_key, other;       /* other: a user asks, not a program of root's    */
        enum offer      code[N_ELEMENTS(configs)], link[N_ELEMENTS(configs)];
} places[] = {
        { "outside", "8.8.4.4", PLACE_REMOTE, false, false,
          { OFFER_OUTSIDE, OFFER_NOT_ENABLED, OFFER_OUTSIDE, OFFER_BY_REMOTE_QR, OFFER_OUTSIDE },
          { OFFER_NO_CODE, OFFER_NOT_ENABLED, OFFER_NO_CODE, OFFER_SEEN, OFFER_NO_CODE } },
        { "outside, after a key", "8.8.4.4", PLACE_REMOTE, true, false,
          { OFFER_BY_KEY, OFFER_NOT_ENABLED, OFFER_BY_KEY, OFFER_BY_KEY, OFFER_BY_KEY },
          { OFFER_SEEN, OFFER_NOT_ENABLED, OFFER_SEEN, OFFER_SEEN, OFFER_SEEN } },
        { "inside", "198.51.100.7", PLACE_REMOTE, false, false,
          { OFFER_OUTSIDE, OFFER_NOT_ENABLED, OFFER_INSIDE, OFFER_BY_REMOTE_QR, OFFER_OUTSIDE },
          { OFFER_NO_CODE, OFFER_NOT_ENABLED, OFFER_SEEN, OFFER_SEEN, OFFER_NO_CODE } },
        { "inside, private", "10.1.2.3", PLACE_REMOTE, false, false,
          { OFFER_OUTSIDE, OFFER_NOT_ENABLED, OFFER_INSIDE, OFFER_BY_REMOTE_QR, OFFER_OUTSIDE },
          { OFFER_NO_CODE, OFFER_NOT_ENABLED, OFFER_SEEN_AS, OFFER_PRIVATE, OFFER_NO_CODE } },
        { "our own address", "198.51.100.2", PLACE_REMOTE, false, false,
          { OFFER_OUTSIDE, OFFER_NOT_ENABLED, OFFER_OUTSIDE, OFFER_BY_REMOTE_QR, OFFER_OUTSIDE },
          { OFFER_NO_CODE, OFFER_NOT_ENABLED, OFFER_NO_CODE, OFFER_SEEN, OFFER_NO_CODE } },
        { "loopback", "127.0.0.1", PLACE_REMOTE, true, false,
          { OFFER_BY_KEY, OFFER_NOT_ENABLED, OFFER_BY_KEY, OFFER_BY_KEY, OFFER_BY_KEY },
          { OFFER_NOWHERE, OFFER_NOT_ENABLED, OFFER_NOWHERE, OFFER_NOWHERE, OFFER_NOWHERE } },
        { "elsewhere", "unknown", PLACE_REMOTE, false, false,
          { OFFER_OUTSIDE, OFFER_NOT_ENABLED, OFFER_OUTSIDE, OFFER_BY_REMOTE_QR, OFFER_OUTSIDE },
          { OFFER_NO_CODE, OFFER_NOT_ENABLED, OFFER_NO_CODE, OFFER_NO_ADDRESS, OFFER_NO_CODE } },
        { "here", NULL, PLACE_HERE, false, false,
          { OFFER_HERE, OFFER_NOT_ENABLED, OFFER_HERE, OFFER_BY_REMOTE_QR, OFFER_HERE },
          { OFFER_NO_ADDRESS, OFFER_NOT_ENABLED, OFFER_NO_ADDRESS, OFFER_NO_ADDRESS, OFFER_NO_ADDRESS } },
        { "a terminal of nobody knows where", NULL, PLACE_UNKNOWN, false, false,
          { OFFER_NO_PLACE, OFFER_NOT_ENABLED, OFFER_NO_PLACE, OFFER_BY_REMOTE_QR, OFFER_BY_TERMINAL_QR },
          { OFFER_NO_CODE, OFFER_NOT_ENABLED, OFFER_NO_CODE, OFFER_NO_ADDRESS, OFFER_NO_ADDRESS } },
        { "a user says so", NULL, PLACE_UNKNOWN, false, true,
          { OFFER_OUTSIDE, OFFER_NOT_ENABLED, OFFER_OUTSIDE, OFFER_BY_REMOTE_QR, OFFER_OUTSIDE },
          { OFFER_NO_CODE, OFFER_NOT_ENABLED, OFFER_NO_CODE, OFFER_NO_ADDRESS, OFFER_NO_CODE } },
};

static struct decision_facts facts_of(size_t a) {
        struct directory_account account = {
                .name = "anna", .uid = UID, .has_se_number = accounts[a].has_number, .archived = accounts[a].archived,
                .assigned_now = accounts[a].assigned,
        };

        return decision_facts_of(accounts[a].known ? "anna" : "Anna", &account, accounts[a].on_host, accounts[a].host_uid);
}

static bool ends_as_it_should(size_t a, size_t s, size_t c, size_t p, const struct foreseen *f) {
        const bool offered = offer_is_made(places[p].code[c]);
        enum foreseen_end end = FORESEEN_LET_IN;
        enum decision_why why = DECISION_WHY_NONE;

        if (!services[s].asks && !services[s].checks)
                end = FORESEEN_NOT_ASKED;
        else if (services[s].asks && !offered)
                end = FORESEEN_NO_METHOD;
        else if (services[s].asks && accounts[a].asking != DECISION_WHY_NONE)
                end = FORESEEN_NOBODY, why = accounts[a].asking;
        else if (accounts[a].using != DECISION_WHY_NONE)
                end = FORESEEN_REFUSED, why = accounts[a].using;
        else if (!services[s].asks)
                end = FORESEEN_LET_BY;
        else if (!services[s].shows_codes && !offer_is_made(places[p].link[c]))
                end = FORESEEN_BY_TERMINAL;
        return f->end == end && f->why == why && f->code == places[p].code[c] && f->link == places[p].link[c];
}

int main(void) {
        const struct own_addresses own = { .known = true, .list = { .n = 1, .entry = { { 4, 32, { 198, 51, 100, 2 } } } } };
        unsigned n = 0, failed = 0, n_let_in = 0, n_by_terminal = 0;

        for (size_t c = 0; c < N_ELEMENTS(configs); c++) {
                struct config config = { .language = "" };
                char complaint[CONFIG_COMPLAINT_MAX] = "";
                bool ok = config_init(&config) == 0 &&
                          config_parse(&config, "test", configs[c].config, strlen(configs[c].config), complaint) == CONFIG_OK;

                if (!ok)
                        printf("# %s: %s\n", configs[c].name, complaint);
                for (size_t a = 0; a < N_ELEMENTS(accounts); a++)
                        for (size_t s = 0; s < N_ELEMENTS(services); s++)
                                for (size_t p = 0; p < N_ELEMENTS(places); p++) {
                                        const struct foresee_question q = {
                                                .account = { .kind = "staff", .has = UINT32_MAX },
                                                .scene = { .service = "sshd", .today = "2026-11-22", .offer = { .config = &config, .own = &own, .place = places[p].place, .source = places[p].source,
                                                           .after_key = places[p].after_key, .by_root = !places[p].other } },
                                                .facts = facts_of(a), .asks = services[s].asks, .checks = services[s].checks,
                                                .shows_codes = services[s].shows_codes,
                                        };
                                        const struct foreseen f = foresee(&q);

                                        n_let_in += foreseen_is_let_in(f.end) && f.end != FORESEEN_LET_BY;
                                        n_by_terminal += f.end == FORESEEN_BY_TERMINAL;
                                        if (ends_as_it_should(a, s, c, p, &f))
                                                continue;
                                        ok = false;
                                        printf("# %s, %s, %s: end %d, why %d, code %d, link %d\n", accounts[a].name, services[s].name,
                                               places[p].name, (int) f.end, (int) f.why, (int) f.code, (int) f.link);
                                }
                config_done(&config);
                printf("%sok %u - %s\n", ok ? "" : "not ", ++n, configs[c].name);
                failed += !ok;
        }

        /* One account, three services, 22 places and configurations where a code is offered; a link is in 9 of them. */
        printf("%sok %u - only an account in use is let in\n", n_let_in == 3 * 22 ? "" : "not ", ++n);
        failed += n_let_in != 3 * 22;
        printf("%sok %u - where nothing but a link is sure to be shown, and there is none, it takes a terminal\n", n_by_terminal == 22 - 9 ? "" : "not ", ++n);
        failed += n_by_terminal != 22 - 9;
        printf("1..%u\n", n);
        return failed != 0;
}
