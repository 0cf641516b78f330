/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * config.h - the configuration: what options there are, and reading them
 *
 * An administrator edits /etc/careid/careid.conf and careid.conf.d/NAME.conf;
 * `careid apply` reads them all, refuses the whole on any error, and writes
 * the compiled form, which is all that the helper ever reads.  The table of
 * options in config.c is the only one: parser, compiler, manual test and
 * `careid check` go through it.
 */

#include "way.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
        CONFIG_FILE_MAX     = 256 * 1024,       /* bytes of one file                              */
        CONFIG_FILES_MAX    = 64,               /* in careid.conf.d                               */
        CONFIG_LINE_MAX     = 2048,             /* bytes of one line                              */
        CONFIG_LIST_MAX     = 64,               /* entries of a list                              */
        CONFIG_OPTIONS_MAX  = 128,              /* of the table                                   */
        CONFIG_WORD_MAX     = 19,               /* bytes of a CONFIG_WORD                         */
        CONFIG_PERIOD_MAX   = 3660,             /* days                                           */
        CONFIG_AUDIT_MIN    = 1830,             /* days that the audit trail is kept, at least    */
        CONFIG_COMPLAINT_MAX = 512,
        CONFIG_ORGANISATION_MAX = 80,           /* characters, as a title in the care directory   */
        CONFIG_DATE_TEXT    = 10,               /* bytes of "YYYY-MM-DD"                          */
        CONFIG_RULES_MAX    = 64,               /* [rule NAME] sections                           */
        CONFIG_RULE_NAME_MAX = 32,              /* bytes of NAME                                  */
        CONFIG_RULE_WORDS_MAX = 16,             /* roles, or services, of a rule                  */
        CONFIG_RULE_WORD_MAX = 32,              /* bytes of one                                   */
};

enum config_type {
        CONFIG_BOOL = 1,        /* yes, no                                                        */
        CONFIG_WORD,            /* one of the words in @allowed                                   */
        CONFIG_TEXT,            /* one line for people                                            */
        CONFIG_PATH,            /* absolute, without "..", "." or empty parts                     */
        CONFIG_URL,             /* https:// only; host, optional port, optional path; no user, query, fragment */
        CONFIG_PERIOD,          /* "none", or a number and days, weeks, months or years: uint32_t days */
        CONFIG_NETWORKS,        /* addresses with prefix length, separated by spaces; repeatable  */
        CONFIG_EXITS,           /* a network and the addresses it is seen as; repeatable          */
        CONFIG_GATEWAY,         /* where SMS are handed over: an address with {fields} in path and query */
        CONFIG_TEMPLATE,        /* one line, with {fields} out of @allowed                        */
        CONFIG_HEADERS,         /* HTTP headers with such fields, "|" between; repeatable         */
        CONFIG_RULE,            /* when an answer says that it was taken: sms-rule.h              */
        CONFIG_RELAY,           /* smtp:// or smtps://, host, optional port                       */
        CONFIG_MAILBOX,         /* a mail address                                                 */
        CONFIG_DATE,            /* YYYY-MM-DD, or empty: never                                    */
        CONFIG_WAYS,            /* methods, separated by commas, in the order in which they are offered */
};

struct config_network {
        uint8_t family;                         /* 4 or 6                                         */
        uint8_t prefix;                         /* bits                                           */
        uint8_t address[16];                    /* network order; 4 or 16 bytes; host bits zero   */
};

struct config_networks {
        size_t                n;
        struct config_network entry[CONFIG_LIST_MAX];
};

/* An entry is a network (@begins), and after it the addresses that others see who is in it. */
struct config_exit {
        bool                  begins;
        struct config_network network;
};

struct config_exits {
        size_t             n;
        struct config_exit entry[CONFIG_LIST_MAX];
};

struct config_ways {
        size_t   n;
        enum way entry[WAY_N];                  /* each once                                      */
};

/* Kinds of account as bits; 0 for what is none. */
uint32_t config_kind_bit(const char *kind);

/* [rule NAME]: of those that match, the first decides.  Conditions that are not said match everything. */
struct config_rule {
        char     name[CONFIG_RULE_NAME_MAX + 1];
        char    *where;                         /* "FILE:LINE" of its section; NULL: from the compiled form */
        uint32_t kinds;                         /* kind: config_kind_bit()s                       */
        size_t   n_roles, n_services;           /* role: holds one of them; service: is one of them */
        char     role[CONFIG_RULE_WORDS_MAX][CONFIG_RULE_WORD_MAX + 1];
        char     service[CONFIG_RULE_WORDS_MAX][CONFIG_RULE_WORD_MAX + 1];
        bool     from_inside, from_outside;     /* from                                           */
        struct config_networks from;            /* from: or in one of these                       */
        char     since[CONFIG_DATE_TEXT + 1];   /* the first day and the last; "": no bound       */
        char     until[CONFIG_DATE_TEXT + 1];
        bool     allows;                        /* allow: these and no others; else deny: these   */
        uint32_t ways;                          /* way_bit()s; deny = all has all bits            */
};

/* The values.  Every member has its default after config_init(). */
struct config {
        char  language[CONFIG_WORD_MAX + 1];    /* [general] language: sv, da, en                 */
        char *support;                          /* [general] support: where help is; "" if unset  */
        char *host_title;                       /* [general] host-title: name in the app; "" = host name */
        char *organisation;                     /* [general] organisation: whom one identifies to; "" = the only one there is */
        char *home;                             /* [accounts] home: %u is the log-in name         */
        char *shell;                            /* [accounts] shell                               */
        bool  list_members;                     /* [groups] list-members                          */
        bool  groups_roles;                     /* [groups] roles: role-X                         */
        bool  groups_units;                     /* [groups] units: unit-X                         */
        bool  groups_services;                  /* [groups] services: service-X                   */
        bool  timed_without_nosuid;             /* [groups] timed-without-nosuid                  */
        struct config_networks inside;          /* [network] inside                               */
        struct config_exits seen_as;            /* [network] seen-as                              */
        uint32_t evidence_days;                 /* [evidence] keep; 0: none is kept               */
        uint32_t audit_days;                    /* [audit] keep: CONFIG_AUDIT_MIN at least        */
        uint32_t review_days;                   /* [review] assignments: every so often; 0: never */
        char  mandates_approval[CONFIG_WORD_MAX + 1];   /* [mandates] approval: every, least      */
        bool  bankid;                           /* [bankid] enabled                               */
        char *bankid_endpoint;                  /* [bankid] endpoint, without a trailing slash    */
        char  bankid_environment[CONFIG_WORD_MAX + 1];  /* [bankid] environment: production, test */
        char *bankid_ca;                        /* [bankid] ca: PEM; "" = BankID's own root       */
        char *bankid_certificate;               /* [bankid] certificate: PEM                      */
        char *bankid_key;                       /* [bankid] key: PEM, 0400 _careid                */
        bool  bankid_remote_qr;                 /* [bankid] remote-qr                             */
        bool  bankid_terminal_qr;               /* [bankid] terminal-qr                           */
        char  bankid_risk[CONFIG_WORD_MAX + 1]; /* [bankid] risk: low, moderate, off              */
        bool  bankid_sign_acts;                 /* [bankid] sign-acts                             */
        bool  bankid_show_arguments;            /* [bankid] show-arguments                        */
        char *sms_url;                          /* [sms] url: the gateway; "" = no SMS            */
        char  sms_method[CONFIG_WORD_MAX + 1];  /* [sms] method: POST, GET                        */
        char *sms_header;                       /* [sms] header: "|" between several              */
        char  sms_content_type[CONFIG_WORD_MAX + 1];    /* [sms] content-type: form, json: how what is filled in is escaped in the body */
        char *sms_body;                         /* [sms] body                                     */
        char *sms_success;                      /* [sms] success: sms-rule.h                      */
        char *sms_from;                         /* [sms] from: what {from} is                     */
        char *sms_user;                         /* [sms] user: what {user} is                     */
        char *sms_secret;                       /* [sms] secret: file of what {secret} is, 0400 _careid */
        char  sms_authentication[CONFIG_WORD_MAX + 1];  /* [sms] authentication: none, basic      */
        char *sms_ca;                           /* [sms] ca: PEM; "" = those that the host believes */
        char *mail_relay;                       /* [mail] relay; "" = no mail                     */
        char *mail_from;                        /* [mail] from: address                           */
        char *mail_from_name;                   /* [mail] from-name; "" = [general] organisation  */
        char *mail_user;                        /* [mail] user                                    */
        char *mail_secret;                      /* [mail] secret: file of the password, 0400 _careid */
        char *mail_ca;                          /* [mail] ca: PEM; "" = those that the host believes */
        char *clients_address;                  /* [clients] address: where clients log in, as an invitation says it */
        struct config_ways methods;             /* [methods] allow: K1's list                     */
        bool  clients_log_in;                   /* [clients] log-in (K3)                          */
        char  regime[CONFIG_WORD_MAX + 1];      /* [assurance] regime (K2)                        */
        char  password_retired_from[CONFIG_DATE_TEXT + 1];      /* [password] retired-from (M1); "": never */
        uint32_t password_announce_days;        /* [password] announce: before that; 0: not       */
        struct config_ways outage_reopen;       /* [outage] reopen: of those that are retired (M2) */
        bool  outage_automatic;                 /* [outage] automatic                             */
        struct config_rule *rule;               /* [rule NAME], in their order                    */
        size_t n_rules;
};

struct config_option {
        const char      *section, *name;
        enum config_type type;
        const char      *preset;                /* the default, as it would be written            */
        const char      *allowed;               /* CONFIG_WORD: words separated by spaces; of templates, gateway and headers: the fields */
        size_t           offset;                /* in struct config                               */
        const char      *about;                 /* one sentence                                   */
};

extern const struct config_option config_options[];
extern const size_t config_n_options;

int  config_init(struct config *c);             /* 0 or -ENOMEM                                   */
/* ->home with the log-in name in the place of each %u; false: it is longer than @n_ret, NUL included. */
bool config_home(const char *pattern, const char *name, char *ret, size_t n_ret);

void config_done(struct config *c);             /* accepts a zeroed one, and one done before      */

/* Verdicts of config_parse() and config_finish(). */
enum {
        CONFIG_OK = 0,
        CONFIG_E_WRONG = 1,                     /* @complaint says where, and what would be right */
};

/*
 * Read the text of one file into *c; what it says replaces what was there
 * (lists: the first mention in each file replaces, further ones add).  @file
 * is its name for complaints.  Returns CONFIG_OK, CONFIG_E_WRONG with a
 * sentence "FILE:LINE: ..." in @complaint, or -ENOMEM.
 * *c is good for nothing but config_done() after anything but CONFIG_OK.
 */
int config_parse(struct config *c, const char *file, const char *text, size_t n,
                 char complaint[static CONFIG_COMPLAINT_MAX]);

/* The same, and the line of @file that says option i of the table last into @lines[i], which stays as it is where none does. */
int config_parse_noting(struct config *c, const char *file, const char *text, size_t n, unsigned lines[static CONFIG_OPTIONS_MAX],
                        char complaint[static CONFIG_COMPLAINT_MAX]);

/* Whose the host of an endpoint is: BankID's, for production or for tests, or anybody's. */
enum config_endpoint {
        CONFIG_ENDPOINT_RELAY = 1,
        CONFIG_ENDPOINT_PRODUCTION,
        CONFIG_ENDPOINT_TEST,
};

/* @url as a CONFIG_URL admits it. */
enum config_endpoint config_endpoint_of(const char *url);

/* The rules between options ("bankid: enabled needs certificate and key"). */
int config_finish(const struct config *c, char complaint[static CONFIG_COMPLAINT_MAX]);

/*
 * The compiled form: a magic line, every option once in the table's order as
 * "section.name=value" lines, and a check line.  config_load() accepts exactly
 * what config_compile() writes, now or in an older version that did not have
 * some options: those have their defaults (damage, a newer version, and what
 * breaks the rules between options: CONFIG_E_WRONG).  *c may be zeroed or initialised, and is good for
 * config_done() alone after anything but CONFIG_OK.  *ret is malloc'd.
 */
int config_compile(const struct config *c, char **ret, size_t *ret_n);
int config_load(struct config *c, const char *text, size_t n, char complaint[static CONFIG_COMPLAINT_MAX]);

/* Is the address literal (IPv4, IPv6, IPv4-mapped IPv6) in one of the networks?  Not an address: false. */
bool config_networks_have(const struct config_networks *networks, const char *address);

/*
 * Does somebody in @source have an entry?  May somebody in @source be seen as
 * @seen: the same address, or one of those of an entry for @source?  What is
 * not an address: false.
 */
bool config_exits_cover(const struct config_exits *exits, const char *source);
bool config_exits_agree(const struct config_exits *exits, const char *source, const char *seen);
