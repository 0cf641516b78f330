/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * config.c - the configuration: the table of options, and the rules between them
 *
 * A new option is a member of struct config, a row here and a paragraph in
 * careid.conf(5).  The order of rows is the order of the compiled form.
 */

#include "config.h"

#include "cleanup.h"
#include "config-rule.h"
#include "config-sending.h"
#include "config-value.h"
#include "i18n.h"

#include <errno.h>
#include <string.h>

#define AT(member) offsetof(struct config, member)

/* What is filled in where an SMS is handed over; in headers, nothing that is the message's. */
#define FIELDS     "to number text from user secret"
#define OWN_FIELDS "from user secret"

const struct config_option config_options[] = {
        { "general",  "language",    CONFIG_WORD,     "en",       "sv da en", AT(language),
          N_("language before the person is known") },
        { "general",  "support",     CONFIG_TEXT,     "",         NULL,       AT(support),
          N_("where help is; stands under every refusal") },
        { "general",  "host-title",  CONFIG_TEXT,     "",         NULL,       AT(host_title),
          N_("what the app calls this host; empty: the host name") },
        { "general",  "organisation", CONFIG_TEXT,    "",         NULL,       AT(organisation),
          N_("whom people identify to, above the code; empty: the only organisation of the directory") },
        { "accounts", "home",        CONFIG_PATH,     "/home/%u", NULL,       AT(home),
          N_("home of new accounts; %u is the log-in name") },
        { "accounts", "shell",       CONFIG_PATH,     "/bin/bash", NULL,      AT(shell),
          N_("shell of new accounts") },
        { "groups",   "list-members", CONFIG_BOOL,    "no",       NULL,       AT(list_members),
          N_("who is in a group is listed with it: staff of roles and units for everybody, all else for root") },
        { "groups",   "roles",       CONFIG_BOOL,     "yes",      NULL,       AT(groups_roles),
          N_("there are groups of roles at all units, role-ROLE") },
        { "groups",   "units",       CONFIG_BOOL,     "yes",      NULL,       AT(groups_units),
          N_("there are groups of units in all roles, unit-UNIT") },
        { "groups",   "services",    CONFIG_BOOL,     "yes",      NULL,       AT(groups_services),
          N_("there are groups of services, service-SERVICE") },
        { "groups",   "timed-without-nosuid", CONFIG_BOOL, "no", NULL,       AT(timed_without_nosuid),
          N_("groups for a time also where people can write to file systems that are not mounted nosuid") },
        { "network",  "inside",      CONFIG_NETWORKS, "",         NULL,       AT(inside),
          N_("the organisation's own networks") },
        { "network",  "seen-as",     CONFIG_EXITS,    "",         NULL,       AT(seen_as),
          N_("networks, and the addresses that BankID sees them as") },
        { "evidence", "keep",        CONFIG_PERIOD,   "18 months", NULL,      AT(evidence_days),
          N_("how long what the provider said about an approval is kept, encrypted") },
        { "audit",    "keep",        CONFIG_PERIOD,   "5 years",  NULL,       AT(audit_days),
          N_("how long entries of the audit trail are kept at least, before careid audit prune may remove them") },
        { "review",   "assignments", CONFIG_PERIOD,   "1 year",   NULL,       AT(review_days),
          N_("how often somebody confirms each assignment; none: never") },
        { "mandates", "approval",    CONFIG_WORD,     "every",    "every least", AT(mandates_approval),
          N_("what is approved with an e-ID before it is done by mandate: all that changes something, or the least") },
        { "bankid",   "enabled",     CONFIG_BOOL,     "no",       NULL,       AT(bankid),
          N_("log-in with BankID") },
        { "bankid",   "endpoint",    CONFIG_URL,      "https://appapi2.bankid.com/rp/v6.0", NULL, AT(bankid_endpoint),
          N_("address of the relying party interface") },
        { "bankid",   "environment", CONFIG_WORD,     "production", "production test", AT(bankid_environment),
          N_("whether BankIDs of people count, or those that BankID gives out for tests") },
        { "bankid",   "ca",          CONFIG_PATH,     "",         NULL,       AT(bankid_ca),
          N_("who may have signed the endpoint's certificate; empty: BankID's own root") },
        { "bankid",   "certificate", CONFIG_PATH,     "",         NULL,       AT(bankid_certificate),
          N_("the relying party's certificate") },
        { "bankid",   "key",         CONFIG_PATH,     "",         NULL,       AT(bankid_key),
          N_("its key") },
        { "bankid",   "remote-qr",   CONFIG_BOOL,     "no",       NULL,       AT(bankid_remote_qr),
          N_("show QR codes to remote log-ins from everywhere") },
        { "bankid",   "terminal-qr", CONFIG_BOOL,     "no",       NULL,       AT(bankid_terminal_qr),
          N_("show QR codes on terminals of which nobody can say where they are shown") },
        { "bankid",   "risk",        CONFIG_WORD,     "low",      "low moderate off", AT(bankid_risk),
          N_("the highest risk that BankID lets pass") },
        { "bankid",   "sign-acts",   CONFIG_BOOL,     "yes",      NULL,       AT(bankid_sign_acts),
          N_("su and sudo are signed in the app, not identified for") },
        { "bankid",   "show-arguments", CONFIG_BOOL,  "no",       NULL,       AT(bankid_show_arguments),
          N_("the app shows the arguments of what sudo is to run") },
        { "sms",      "url",         CONFIG_GATEWAY,  "",         FIELDS,     AT(sms_url),
          N_("where SMS are handed over; {to}, {number}, {text}, {from}, {user}, {secret} are filled in") },
        { "sms",      "method",      CONFIG_WORD,     "POST",     "POST GET", AT(sms_method),
          N_("how") },
        { "sms",      "header",      CONFIG_HEADERS,  "",         OWN_FIELDS, AT(sms_header),
          N_("what is said with it") },
        { "sms",      "content-type", CONFIG_WORD,    "form",     "form json", AT(sms_content_type),
          N_("what the body is") },
        { "sms",      "body",        CONFIG_TEMPLATE, "",         FIELDS,     AT(sms_body),
          N_("the body; what is filled in is escaped as its kind asks for") },
        { "sms",      "success",     CONFIG_RULE,     "200-299",  NULL,       AT(sms_success),
          N_("which answer says that it was taken") },
        { "sms",      "from",        CONFIG_TEXT,     "",         NULL,       AT(sms_from),
          N_("whom SMS come from, as the gateway takes it") },
        { "sms",      "user",        CONFIG_TEXT,     "",         NULL,       AT(sms_user),
          N_("who we are to the gateway") },
        { "sms",      "secret",      CONFIG_PATH,     "",         NULL,       AT(sms_secret),
          N_("the file with the password or key for it") },
        { "sms",      "authentication", CONFIG_WORD,  "none",     "none basic", AT(sms_authentication),
          N_("how the gateway is told both") },
        { "sms",      "ca",          CONFIG_PATH,     "",         NULL,       AT(sms_ca),
          N_("who may have signed the gateway's certificate; empty: whom this host believes") },
        { "mail",     "relay",       CONFIG_RELAY,    "",         NULL,       AT(mail_relay),
          N_("where mail is handed over") },
        { "mail",     "from",        CONFIG_MAILBOX,  "",         NULL,       AT(mail_from),
          N_("the address that mail comes from") },
        { "mail",     "from-name",   CONFIG_TEXT,     "",         NULL,       AT(mail_from_name),
          N_("the name beside it; empty: the organisation of [general]") },
        { "mail",     "user",        CONFIG_TEXT,     "",         NULL,       AT(mail_user),
          N_("who we are to the relay") },
        { "mail",     "secret",      CONFIG_PATH,     "",         NULL,       AT(mail_secret),
          N_("the file with the password for it") },
        { "mail",     "ca",          CONFIG_PATH,     "",         NULL,       AT(mail_ca),
          N_("who may have signed the relay's certificate; empty: whom this host believes") },
        { "clients",  "address",     CONFIG_TEXT,     "",         NULL,       AT(clients_address),
          N_("where clients log in, as an invitation says it") },
        { "clients",  "log-in",      CONFIG_BOOL,     "no",       NULL,       AT(clients_log_in),
          N_("clients may log in") },
        { "methods",  "allow",       CONFIG_WAYS,     "bankid",   NULL,       AT(methods),
          N_("the methods that the organisation allows, in the order in which they are offered") },
        { "assurance", "regime",     CONFIG_WORD,     "none",     "none pdl gdpr32 nsis-low nsis-substantial nsis-high", AT(regime),
          N_("the rules by which careid check judges how strong methods are") },
        { "password", "retired-from", CONFIG_DATE,    "",         NULL,       AT(password_retired_from),
          N_("the first day on which nobody logs in with a password any more; empty: there is none") },
        { "password", "announce",    CONFIG_PERIOD,   "8 weeks",  NULL,       AT(password_announce_days),
          N_("how long before that day each log-in with a password says so") },
        { "outage",   "reopen",      CONFIG_WAYS,     "",         NULL,       AT(outage_reopen),
          N_("retired methods that are allowed again while an outage stands") },
        { "outage",   "automatic",   CONFIG_BOOL,     "no",       NULL,       AT(outage_automatic),
          N_("an outage begins by itself when the provider can't be reached") },
};

const size_t config_n_options = N_ELEMENTS(config_options);

int config_init(struct config *c) {
        char why[CONFIG_COMPLAINT_MAX];

        memset(c, 0, sizeof *c);
        for (size_t i = 0; i < config_n_options; i++) {
                const struct config_option *o = &config_options[i];
                int r;

                r = config_value_set(c, o, o->preset, strlen(o->preset), false, why);
                if (r != CONFIG_OK) {
                        config_done(c);
                        return r < 0 ? r : -EINVAL;
                }
        }
        return 0;
}

static void wipe(char **s) {
        free(*s);
        *s = NULL;
}

void config_done(struct config *c) {
        for (size_t i = 0; i < config_n_options; i++)
                switch (config_options[i].type) {
                case CONFIG_TEXT:
                case CONFIG_PATH:
                case CONFIG_URL:
                case CONFIG_GATEWAY:
                case CONFIG_TEMPLATE:
                case CONFIG_HEADERS:
                case CONFIG_RULE:
                case CONFIG_RELAY:
                case CONFIG_MAILBOX:
                        wipe((char **) ((char *) c + config_options[i].offset));
                        break;
                case CONFIG_BOOL:
                case CONFIG_WORD:
                case CONFIG_PERIOD:
                case CONFIG_NETWORKS:
                case CONFIG_EXITS:
                case CONFIG_DATE:
                case CONFIG_WAYS:
                        break;
                }
        config_rules_done(c);
        memset(c, 0, sizeof *c);
}

/* Each home is one person's own: it names the account, once or more, and nothing else is replaced in it. */
static bool home_is_right(const char *home) {
        bool named = false;

        for (const char *p = strchr(home, '%'); p; p = strchr(p + 2, '%')) {
                if (p[1] != 'u')
                        return false;
                named = true;
        }
        return named;
}

bool config_home(const char *pattern, const char *name, char *ret, size_t n_ret) {
        size_t n = 0;

        for (const char *p = pattern; *p; p++) {
                const bool here = p[0] == '%' && p[1] == 'u';
                const size_t k = here ? strlen(name) : 1;

                if (k >= n_ret - n)
                        return false;
                memcpy(ret + n, here ? name : p, k);
                n += k;
                p += here;
        }
        ret[n] = '\0';
        return true;
}

/* An endpoint that is BankID's own is for one kind of BankID; any other has to say whom it is believed by. */
static int endpoint_finish(const struct config *c, char complaint[static CONFIG_COMPLAINT_MAX]) {
        const bool test = strcmp(c->bankid_environment, "test") == 0;

        switch (config_endpoint_of(c->bankid_endpoint)) {
        case CONFIG_ENDPOINT_PRODUCTION:
                if (test)
                        return config_complain(complaint, _("[bankid] environment: must be production where the endpoint "
                                                            "is BankID's production service"));
                break;
        case CONFIG_ENDPOINT_TEST:
                if (!test)
                        return config_complain(complaint, _("[bankid] environment: must be test where the endpoint is "
                                                            "BankID's test service"));
                break;
        case CONFIG_ENDPOINT_RELAY:
                if (!c->bankid_ca[0])
                        return config_complain(complaint, _("[bankid] ca: must name who signed the endpoint's "
                                                            "certificate where the endpoint is not BankID's own"));
                break;
        }
        return CONFIG_OK;
}

/* It stands beside the code, where there is not much room. */
static bool organisation_is_right(const char *s) {
        size_t n = 0;

        for (; *s; s++)
                n += ((unsigned char) *s & 0xc0) != 0x80;       /* the bytes that begin a character   */
        return n <= CONFIG_ORGANISATION_MAX;
}

int config_finish(const struct config *c, char complaint[static CONFIG_COMPLAINT_MAX]) {
        int r;

        if (!organisation_is_right(c->organisation))
                return config_complain(complaint, _("[general] organisation: must be at most %d characters long"),
                                       CONFIG_ORGANISATION_MAX);
        if (!home_is_right(c->home))
                return config_complain(complaint, _("[accounts] home: must contain %%u, the log-in name, and "
                                                    "no other '%%': nobody shares a home"));
        if (c->audit_days < CONFIG_AUDIT_MIN)
                return config_complain(complaint, _("[audit] keep: must be at least 5 years"));
        if (c->bankid && !c->bankid_certificate[0])
                return config_complain(complaint, _("[bankid] certificate: enabled = yes needs the relying party's "
                                                    "certificate"));
        if (c->bankid && !c->bankid_key[0])
                return config_complain(complaint, _("[bankid] key: enabled = yes needs the key of the certificate"));
        if (c->bankid && strcmp(c->bankid_key, c->bankid_certificate) == 0)
                return config_complain(complaint, _("[bankid] key: must be a file of its own, apart from the "
                                                    "certificate"));
        if (c->bankid && endpoint_finish(c, complaint) != CONFIG_OK)
                return CONFIG_E_WRONG;
        r = config_ways_finish(c, complaint);
        return r == CONFIG_OK ? config_sending_finish(c, complaint) : r;
}
