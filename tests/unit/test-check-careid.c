/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-check-careid.c - careid check: what it finds of careid itself, its configuration, its parts and the care directory
 */

#include "check-found.h"

#include "group-settings.h"

static void config_with(const char *text) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";

        begin();
        if (config_init(&config) == 0 && config_parse(&config, "careid.conf", text, strlen(text), complaint) == CONFIG_OK)
                check_config(&c, &config);
}

/* The finding about su and sudo. */
static int terminals(const char *text, bool sessions) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";

        begin();
        if (config_init(&config) == 0 && config_parse(&config, "careid.conf", text, strlen(text), complaint) == CONFIG_OK)
                check_terminals(&c, &config, sessions);
        return (int) found("terminal-qr");
}

/* What follows from [groups] of a configuration, and from what the care directory has. */
static unsigned groups(const char *text, bool listed) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX];

        begin();
        if (config_init(&config) != 0 || config_parse(&config, "careid.conf", text, strlen(text), complaint) != CONFIG_OK)
                return 0;
        check_groups(&c, &config, &(struct directory_groups) { .list_members = listed, .roles = true, .units = true, .services = true });
        return found("groups");
}

/* Which organisation people are told of, in a directory that has so many. */
static unsigned organisation(const char *text, int64_t n, const char *only) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX];

        begin();
        if (config_init(&config) != 0 || config_parse(&config, "careid.conf", text, strlen(text), complaint) != CONFIG_OK)
                return 0;
        check_organisation(&c, &config, n, only);
        return found("organisation");
}

/* Does the finding @word say @part? */
static bool says(const char *word, const char *part) {
        for (size_t i = 0; i < c.n; i++)
                if (strcmp(c.finding[i].word, word) == 0 && strstr(c.finding[i].text, part))
                        return true;
        return false;
}

static void ways_with(const char *text) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";

        begin();
        if (config_init(&config) == 0 && config_parse(&config, "careid.conf", text, strlen(text), complaint) == CONFIG_OK)
                check_ways(&c, &config, "2026-11-22");
}

#define ON "[bankid]\nenabled = yes\ncertificate = /c\nkey = /k\n"

static void test_ways(void) {
        ways_with(ON);
        check(found("methods") == CHECK_OK && !found("methods-weak") && !found("methods-sending") && found("assurance") == CHECK_OK && !found("rule") &&
              found("outside") == CHECK_OK && !found("networks") && !found("retired") && found("clients") == CHECK_OK, "BankID alone");
        ways_with("");
        check(found("outside") == CHECK_WARN && !found("methods-bankid"), "nothing");
        ways_with(ON "[methods]\nallow = password+totp\n");
        check(found("methods-bankid") == CHECK_WARN, "BankID that nobody may use");
        ways_with("[methods]\nallow = bankid, password+totp\n");
        check(found("methods-bankid") == CHECK_WARN, "BankID that is off, beside another");
        ways_with(ON "[methods]\nallow = bankid, mail\n");
        check(found("methods-weak") == CHECK_WARN && says("methods-weak", ": mail;") && found("methods-sending") == CHECK_WRONG, "a code by mail alone, and nothing to send with");
        ways_with(ON "[methods]\nallow = bankid, password\n[assurance]\nregime = pdl\n");
        check(found("assurance") == CHECK_WARN && says("assurance", "staff, relative: password;"), "a password is not strong, and for whom");
        ways_with(ON "[methods]\nallow = bankid, password\n[assurance]\nregime = nsis-low\n");
        check(found("assurance") == CHECK_OK, "it is enough for the lowest");
        ways_with(ON "[methods]\nallow = bankid, password\n[assurance]\nregime = pdl\n[rule a]\nkind = staff\nallow = bankid\n");
        check(found("assurance") == CHECK_WARN && says("assurance", "open to relative: password;"), "a rule closes it for staff");
        ways_with(ON "[methods]\nallow = bankid, password+totp\n[assurance]\nregime = nsis-high\n");
        check(found("assurance") == CHECK_WARN && says("assurance", ": password+totp;"), "nothing that is typed is high");
        ways_with(ON "[rule a]\nkind = external\ndeny = all\n");
        check(found("rule") == CHECK_WARN && says("rule", "[rule a] careid.conf:5: lets nobody in"), "a rule that lets nobody in, and where it stands");
        ways_with(ON "[rule a]\nallow = bankid\n");
        check(found("rule") == CHECK_WARN && says("rule", "lets everybody in"), "a rule that lets everybody in");
        ways_with(ON "[rule a]\nuntil = 2026-11-21\nkind = staff\nallow = bankid\n");
        check(found("rule") == CHECK_WARN && says("rule", "is over since 2026-11-21"), "a rule that is over");
        ways_with(ON "[rule a]\nuntil = 2026-11-22\nkind = staff\nallow = bankid\n");
        check(!found("rule"), "on its last day it is not");
        ways_with(ON "[rule a]\nkind = client\nallow = bankid\n");
        check(found("rule") == CHECK_WARN && says("rule", "is about clients"), "a rule about clients, who don't log in");
        ways_with(ON "[network]\ninside = 10.0.0.0/8 10.1.0.0/16\n");
        check(found("networks") == CHECK_WARN && says("networks", "10.1.0.0/16 is in 10.0.0.0/8 already"), "a network in another");
        ways_with(ON "[methods]\nallow = bankid, password+totp\n[password]\nretired-from = 2027-01-01\n");
        check(found("retired") == CHECK_OK && says("retired", "ends on 2027-01-01; open are then: bankid"), "passwords that end");
        ways_with(ON "[methods]\nallow = password+totp\n[password]\nretired-from = 2026-11-22\n");
        check(found("retired") == CHECK_WRONG, "and have ended, with nothing left");
        ways_with(ON "[methods]\nallow = bankid, password\n[password]\nretired-from = 2026-11-22\n[outage]\nreopen = password\n");
        check(found("outage") == CHECK_WARN, "an outage that opens one factor");
}

static void test_config(void) {
        config_with("");
        check(found("bankid") == CHECK_WARN && found("remote-qr") == 0 && found("support") == CHECK_WARN && found("inside") == CHECK_OK,
              "the defaults: nobody can log in with an e-ID, and nobody is told where help is");
        config_with("[general]\nsupport = 1177\n[bankid]\nenabled = yes\n");
        check(found("bankid") == CHECK_OK && found("remote-qr") == CHECK_OK && found("support") == CHECK_OK &&
              found("bankid-endpoint") == CHECK_OK, "BankID on");
        config_with("[bankid]\nenabled = yes\nremote-qr = yes\n");
        check(found("remote-qr") == CHECK_WARN, "QR codes for everybody: the relay is named");
        config_with("[network]\ninside = 0.0.0.0/0\n[bankid]\nenabled = yes\n");
        check(found("remote-qr") == CHECK_WARN && found("inside") == CHECK_WARN, "every address is inside: the same");
        check(organisation("[bankid]\nenabled = yes\n", 0, "") == CHECK_WARN, "no organisation yet that people would be told of");
        check(organisation("[bankid]\nenabled = yes\n", 1, "The Oak clinic") == CHECK_OK && strstr(c.finding[0].text, "The Oak clinic"), "the directory's only one");
        check(organisation("[general]\norganisation = Oak Care\n[bankid]\nenabled = yes\n", 1, "The Oak clinic") == CHECK_OK &&
              strstr(c.finding[0].text, "Oak Care"), "the configuration's before it");
        check(organisation("[general]\norganisation = Oak Care\n[bankid]\nenabled = yes\n", 2, "") == CHECK_OK, "several, and the configuration says which");
        check(organisation("[bankid]\nenabled = yes\n", 2, "") == CHECK_WRONG, "several, and nothing says which");
        check(organisation("[bankid]\nenabled = no\n", 2, "") == CHECK_WARN, "the same, while nobody identifies to any");
        check(groups("", false) == CHECK_OK && strstr(c.finding[0].text, "without"), "groups without their members");
        check(groups("[groups]\nlist-members = yes\n", true) == CHECK_OK && strstr(c.finding[0].text, "staff"), "groups with them");
        check(groups("[groups]\nlist-members = yes\n", false) == CHECK_WARN && groups("", true) == CHECK_WARN,
              "the care directory says something else");
        check(groups("[groups]\nroles = no\n", false) == CHECK_WARN && groups("[groups]\nservices = no\n", false) == CHECK_WARN,
              "and of the kinds of groups");
        check(terminals("[bankid]\nenabled = yes\n", true) == CHECK_OK, "su and sudo: by the session");
        check(terminals("[bankid]\nenabled = yes\n", false) == CHECK_WARN, "su and sudo: nobody knows of sessions");
        check(terminals("[bankid]\nenabled = yes\nterminal-qr = yes\n", true) == CHECK_WARN, "su and sudo: on every terminal");
        check(terminals("", false) == 0 && terminals("[bankid]\nenabled = yes\nremote-qr = yes\n", false) == 0,
              "su and sudo: where there is nothing to be said");
        check(found("bankid-environment") == 0, "production is nothing to be told of");
        config_with("[bankid]\nenabled = yes\nenvironment = test\nendpoint = https://appapi2.test.bankid.com/rp/v6.0\n");
        check(found("bankid-endpoint") == CHECK_OK && found("bankid-environment") == CHECK_WARN, "BankID's test environment");
        config_with("[bankid]\nenabled = yes\nenvironment = test\nendpoint = https://relay.example/rp/v6.0\n");
        check(found("bankid-environment") == CHECK_WARN, "the same through a relay");
        config_with("[bankid]\nenabled = yes\nendpoint = https://appapi2.bankid.com.evil.example/rp\n");
        check(strstr(c.finding[1].text, "evil.example") != NULL, "a host whose name only begins like BankID's is named");
}

static const struct {
        const char *name;
        struct check_socket root, user;
        bool        systemd;
        unsigned    want;
} sockets[] = {
        { "both listen",                  { "root.sock", true,  CHECK_LISTENING }, { "user.sock", true,  CHECK_LISTENING }, true,  CHECK_OK },
        { "no systemd, no sockets",       { "root.sock", false, CHECK_LISTENING_NOBODY }, { "user.sock", false, CHECK_LISTENING_NOBODY }, false, CHECK_OK },
        { "the users' is stopped",        { "root.sock", true,  CHECK_LISTENING }, { "user.sock", false, CHECK_LISTENING_NOBODY }, true,  CHECK_WARN },
        { "root's is left over",          { "root.sock", true,  CHECK_LISTENING_NOBODY }, { "user.sock", true,  CHECK_LISTENING }, true,  CHECK_WRONG },
        { "left over without systemd",    { "root.sock", true,  CHECK_LISTENING }, { "user.sock", true,  CHECK_LISTENING_NOBODY }, false, CHECK_WRONG },
        { "nobody knows",                 { "root.sock", true,  CHECK_LISTENING_UNKNOWN }, { "user.sock", true,  CHECK_LISTENING }, true,  CHECK_WARN },
};

static void test_sockets(void) {
        for (size_t i = 0; i < N_ELEMENTS(sockets); i++) {
                begin();
                check_sockets(&c, &sockets[i].root, &sockets[i].user, sockets[i].systemd);
                check(found("sockets") == sockets[i].want, sockets[i].name);
        }
}

static const struct {
        const char        *name;
        struct check_daily daily;
        int64_t            now;
        unsigned           want;
} dailies[] = {
        { "never yet, but it will",       { .systemd = true, .enabled = true, .last = 0 },        1000000, CHECK_OK },
        { "yesterday",                    { .systemd = true, .enabled = true, .last = 1000000 },  1090000, CHECK_OK },
        { "the timer is stopped",         { .systemd = true, .enabled = true, .last = 1000000 },  1000000 + 3 * 86400, CHECK_WARN },
        { "the timer is not enabled",     { .systemd = true, .enabled = false, .last = 1000000 },  1000001, CHECK_WARN },
        { "cron, yesterday",              { .systemd = false, .enabled = false, .last = 1000000 },  1090000, CHECK_OK },
        { "cron has stopped",             { .systemd = false, .enabled = false, .last = 1000000 },  1000000 + 3 * 86400, CHECK_WARN },
        { "neither systemd nor cron",     { .systemd = false, .enabled = false, .last = 0 },        1000000, CHECK_WARN },
        { "the clock has gone back",      { .systemd = true, .enabled = true, .last = 1000000 },  1,       CHECK_OK },
};

static void test_daily(void) {
        for (size_t i = 0; i < N_ELEMENTS(dailies); i++) {
                begin();
                check_daily(&c, &dailies[i].daily, dailies[i].now);
                check(found("daily") == dailies[i].want && found("daily-turns") == 0, dailies[i].name);
                begin();
                check_daily(&c, &(struct check_daily) { dailies[i].daily.systemd, dailies[i].daily.enabled, true, dailies[i].daily.last }, dailies[i].now);
                check((found("daily-turns") == CHECK_WRONG) == (dailies[i].want != CHECK_OK), "with turns it is worse");
        }
}

static const struct {
        const char          *name, *sms, *mail;
        bool                 clients;
        struct check_sending sending;
        unsigned             want;              /* 0: nothing is said                             */
} sendings[] = {
        { "nothing is to be sent",             "", "", false, { true, true, 0 }, 0 },
        { "clients, and no mail",              "x", "", true, { true, true, 0 }, CHECK_WARN },
        { "clients and mail",                  "", "x", true, { true, true, 0 }, CHECK_OK },
        { "a gateway alone",                   "x", "", false, { true, true, 0 }, CHECK_OK },
        { "messages wait",                     "", "x", false, { true, true, 3 }, CHECK_WARN },
        { "nobody sends",                      "", "x", false, { true, false, 0 }, CHECK_WARN },
        { "cron sends",                        "", "x", false, { false, false, 0 }, CHECK_OK },
};

static void test_sending(void) {
        for (size_t i = 0; i < N_ELEMENTS(sendings); i++) {
                struct config config = { .sms_url = (char *) (uintptr_t) sendings[i].sms, .mail_relay = (char *) (uintptr_t) sendings[i].mail,
                                         .clients_log_in = sendings[i].clients };

                begin();
                check_sending(&c, &config, &sendings[i].sending);
                check(found("sending") == sendings[i].want, sendings[i].name);
        }
}

/* Each verdict has a sentence of its own, and only one of them is good. */
static void test_online(void) {
        char texts[WIRE_PROBE_ISSUER + 1][CHECK_TEXT_MAX];
        bool apart = true;

        for (unsigned p = WIRE_PROBE_REACHABLE; p <= WIRE_PROBE_ISSUER; p++) {
                const unsigned want = p == WIRE_PROBE_REACHABLE ? CHECK_OK :
                                      p == WIRE_PROBE_TROUBLE || p == WIRE_PROBE_OFF || p == WIRE_PROBE_BUSY ? CHECK_WARN : CHECK_WRONG;

                begin();
                check_online(&c, WIRE_OK, (enum wire_probe) p, "https://relay.example/rp", "HTTP 403");
                check(found("online-bankid") == want, "a verdict about the provider");
                (void) snprintf(texts[p], sizeof texts[p], "%s", c.finding[0].text);
                for (unsigned k = WIRE_PROBE_REACHABLE; k < p; k++)
                        apart = apart && strcmp(texts[k], texts[p]) != 0;
        }
        check(apart, "verdicts don't share a sentence");
        apart = true;
        for (int r = WIRE_E_MALFORMED; r <= WIRE_E_TIMED_OUT; r++) {
                begin();
                check_online(&c, r, 0, "", "");
                apart = apart && found("online-bankid") == CHECK_WRONG && !strstr(c.finding[0].text, wire_verdict_text(r));
        }
        check(apart, "what is no answer is told in words of the catalogue, not of the log");
        begin();
        check_online(&c, -2, 0, "", "");
        check(found("online-bankid") == CHECK_WRONG && strstr(c.finding[0].text, "root.sock"), "nobody listens");
        begin();
        check_online(&c, WIRE_E_CLOSED, 0, "", "");
        check(found("online-bankid") == CHECK_WRONG, "no answer");
        begin();
        check_online(&c, WIRE_OK, 0, "", "");
        check(found("online-bankid") == CHECK_WRONG, "no verdict");
}

static void test_people(void) {
        begin();
        check_people(&c, 0, 0, 0, true);
        check(found("people") == CHECK_WARN, "nobody is registered");
        begin();
        check_people(&c, 3, 0, 0, true);
        check(found("people") == CHECK_OK, "all can log in");
        begin();
        check_people(&c, 3, 1, 2, true);
        check(found("people-number") == CHECK_WARN && found("people-assignment") == CHECK_WARN && found("people") == 0, "some can't");
        begin();
        check_people(&c, 3, 1, 0, false);
        check(found("people-number") == 0 && found("people") == CHECK_OK, "without BankID nobody needs a Swedish number");
}

static void test_mandates(void) {
        static const struct {
                const char *name, *approval, *said;
                bool        bankid;
                int64_t     n, n_no_number;
                unsigned    want;
        } cases[] = {
                { "nobody has a mandate",                       "every", NULL,               false, 0, 0, 0 },
                { "all can approve",                            "every", "have the number",  true,  2, 0, CHECK_OK },
                { "no e-ID is on, and all is to be approved",   "every", "2 persons",        false, 2, 0, CHECK_WRONG },
                { "no e-ID is on, and the least is",            "least", "personal number",  false, 2, 0, CHECK_WARN },
                { "one has no number, and all is",              "every", "1 person has",     true,  2, 1, CHECK_WRONG },
                { "one has no number, and the least is",        "least", "1 person has",     true,  2, 1, CHECK_WARN },
                { "nobody can register a number",               "least", NULL,               true,  0, 0, 0 },
                { "a word that there isn't counts as every",    "",      "nothing with it that is approved", false, 1, 0, CHECK_WRONG },
        };

        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                struct config config = { .bankid = cases[i].bankid };

                (void) snprintf(config.mandates_approval, sizeof config.mandates_approval, "%s", cases[i].approval);
                begin();
                /* Of the least only who can register a number counts. */
                check_mandates(&c, &config, strcmp(cases[i].approval, "least") == 0
                                                    ? &(struct directory_readiness) { .holders = 9, .holders_no_se_number = 9,
                                                                                      .adders = cases[i].n, .adders_no_se_number = cases[i].n_no_number }
                                                    : &(struct directory_readiness) { .holders = cases[i].n, .holders_no_se_number = cases[i].n_no_number });
                check(found("mandates") == cases[i].want && (cases[i].said ? strstr(c.finding[0].text, cases[i].said) != NULL : c.n == 0),
                      cases[i].name);
        }
}

static void test_county(void) {
        struct directory_found found_here[FINDINGS] = { 0 };
        static const char *const words[FINDINGS] = {
                [FINDING_REVIEWS] = "grants-review", [FINDING_CLIENTS] = "clients-enrolment", [FINDING_UNITS] = "units-staff",
                [FINDING_ALIASES] = "persons-protected", [FINDING_TEMPLATES] = "templates", [FINDING_ROLE_SERVICES] = "role-services",
                [FINDING_NUMBERS] = "numbers-taken", [FINDING_KEYS] = "identities-keys", [FINDING_UNSAID] = "snapshots-unsaid",
        };

        begin();
        check_county(&c, found_here);
        check(c.n == 1 && found("county") == CHECK_OK, "a county in order");
        for (size_t i = 0; i < FINDINGS; i++) {
                found_here[i] = (struct directory_found) { .n = 2, .example = "example-7" };
                begin();
                check_county(&c, found_here);
                check(c.n == 1 && found(words[i]) >= CHECK_WARN && strstr(c.finding[0].text, "example-7"), words[i]);
                found_here[i] = (struct directory_found) { .n = 0 };
        }
}

static void test_findings(void) {
        begin();
        for (size_t i = 0; i <= CHECK_FINDINGS_MAX; i++)
                check_say(&c, CHECK_OK, "word", "%s", "text");
        check(c.n == CHECK_FINDINGS_MAX && check_worst(&c) == CHECK_WARN, "more findings than fit are not passed over in silence");
        check_say(&c, CHECK_WRONG, "word", "%s", "text");
        check_say(&c, CHECK_OK, "word", "%s", "text");
        check(c.n == CHECK_FINDINGS_MAX && check_worst(&c) == CHECK_WRONG, "what did not fit counts as what it was");
        begin();
        check_say(&c, CHECK_OK, "a\033b", "%s", "x\033[2J\n");
        check(strcmp(c.finding[0].text, "x?[2J?") == 0 && strcmp(c.finding[0].word, "a?b") == 0, "what a file says can't reach the terminal");
}

int main(void) {
        test_config();
        test_ways();
        test_sockets();
        test_daily();
        test_sending();
        test_online();
        test_people();
        test_mandates();
        test_county();
        test_findings();
        return check_done();
}
