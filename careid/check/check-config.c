/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-config.c - what the options in force mean for people
 */

#include "check.h"

#include "groups-config.h"
#include "i18n.h"
#include "words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAME_BYTES_MAX = 32 };

static void check_bankid(struct check *c, const struct config *config) {
        if (!config->bankid) {
                check_say(c, CHECK_WARN, "bankid",
                          _("BankID is off, and there is no other method: nobody can log in with an e-ID"));
                return;
        }
        check_say(c, CHECK_OK, "bankid",
                  _("BankID is on: people whose Swedish personal number is registered log in with it"));

        if (strcmp(config->bankid_environment, "test") == 0)
                check_say(c, CHECK_WARN, "bankid-environment",
                          _("log-ins are made in BankID's test environment: real BankIDs don't work, "
                            "and anybody can get a test one"));
        if (config_endpoint_of(config->bankid_endpoint) == CONFIG_ENDPOINT_RELAY)
                check_say(c, CHECK_OK, "bankid-endpoint",
                          _("log-ins are made through %s, which must be the organisation's own relay: "
                            "it decides who is believed to have approved"),
                          config->bankid_endpoint);
        else
                check_say(c, CHECK_OK, "bankid-endpoint", _("log-ins are made at BankID itself"));
}

/* Who is shown a code over the network. */
static void check_remote(struct check *c, const struct config *config) {
        bool everything = false;

        for (size_t i = 0; i < config->inside.n; i++)
                everything = everything || config->inside.entry[i].prefix == 0;

        if (config->inside.n == 0)
                check_say(c, CHECK_OK, "inside",
                          _("no network is the organisation's own: every remote log-in comes from outside"));
        else if (everything)
                check_say(c, CHECK_WARN, "inside",
                          _("[network] inside holds every address: nobody comes from outside any more"));
        else
                check_say(c, CHECK_OK, "inside",
                          P_("%zu network is the organisation's own", "%zu networks are the organisation's own",
                             config->inside.n),
                          config->inside.n);
        if (!config->bankid)
                return;
        if (config->bankid_remote_qr || everything)
                check_say(c, CHECK_WARN, "remote-qr",
                          _("QR codes are shown to everybody who connects: somebody elsewhere can pass a code on, "
                            "live, to a person who scans it in good faith, and is then logged in as that "
                            "person; BankID has no means against it"));
        else if (config->inside.n == 0)
                check_say(c, CHECK_OK, "remote-qr",
                          _("over ssh, QR codes are shown only after a public key; at the console always"));
        else
                check_say(c, CHECK_OK, "remote-qr",
                          _("over ssh, QR codes are shown from the organisation's networks and after a public key, "
                            "nowhere else; at the console always"));
}

void check_terminals(struct check *c, const struct config *config, bool sessions) {
        if (!config->bankid || config->bankid_remote_qr)
                return;
        if (config->bankid_terminal_qr)
                check_say(c, CHECK_WARN, "terminal-qr",
                          _("su and sudo show QR codes on terminals of which nobody can say where they are shown: whoever has "
                            "a shell here, from wherever, can pass a code on, live, to a person who scans it in good faith, "
                            "and become that person"));
        else if (!sessions)
                check_say(c, CHECK_WARN, "terminal-qr",
                          _("nothing on this host knows where a session is (there is no logind): once somebody has logged in, "
                            "su and sudo show QR codes on no terminal; the log-in at the console does"));
        else
                check_say(c, CHECK_OK, "terminal-qr",
                          _("su and sudo show QR codes in sessions at this host's own seats and lines, and in those from "
                            "[network] inside; on terminals of no known session never"));
}

void check_config(struct check *c, const struct config *config) {
        check_bankid(c, config);
        check_remote(c, config);
        if (*config->support)
                check_say(c, CHECK_OK, "support", _("refusals say where help is: %s"), config->support);
        else
                check_say(c, CHECK_WARN, "support",
                          _("[general] support is empty: who is refused is not told where help is"));
}

void check_organisation(struct check *c, const struct config *config, int64_t n_organisations, const char *only) {
        const char *const title = *config->organisation ? config->organisation : only;

        if (*title)
                check_say(c, CHECK_OK, "organisation", _("people are told that they identify to: %s"), title);
        else if (n_organisations == 0)
                check_say(c, CHECK_WARN, "organisation", _("the directory has no organisation yet that people could be told they identify to"));
        else
                check_say(c, config->bankid ? CHECK_WRONG : CHECK_WARN, "organisation",
                          _("people are not told which organisation they identify to: the directory has several, and "
                            "[general] organisation, which would say it, is empty"));
}

void check_groups(struct check *c, const struct config *config, const struct directory_groups *there) {
        const struct directory_groups want = groups_of_config(config);

        if (!directory_groups_same(&want, there))
                check_say(c, CHECK_WARN, "groups",
                          _("the care directory does not go by [groups] of the configuration in force: run careid apply"));
        else if (want.list_members)
                check_say(c, CHECK_OK, "groups", _("groups are given with their members: staff of roles and units to everybody, all else to root"));
        else
                check_say(c, CHECK_OK, "groups", _("groups are given without their members"));
}

/* Nobody is named who could get in. */
static void breakglass_nobody(struct check *c, const char *name) {
        check_say(c, CHECK_WARN, "breakglass",
                  _("root has no password, and %s names no account of this host: nobody gets in at the console while "
                    "careid is out of order"),
                  name);
}

void check_breakglass(struct check *c, const struct check_file *f, bool (*known)(const char *name),
                      bool root_has_password) {
        struct scan file, line;
        size_t n = 0, n_unknown = 0;

        if (!f->text && !root_has_password) {
                breakglass_nobody(c, f->name);
                return;
        }
        if (!f->text) {
                check_say(c, CHECK_WARN, "breakglass",
                          _("%s is missing: nobody but root gets in while careid is out of order"), f->name);
                return;
        }
        file = scan_bytes(f->text, f->n);
        while (words_line(&file, &line)) {
                char name[NAME_BYTES_MAX + 1] = "";

                n++;
                if (scan_left(&line) > NAME_BYTES_MAX) {
                        n_unknown++;
                        continue;
                }
                memcpy(name, line.at, scan_left(&line));
                n_unknown += !known(name);
        }
        if (n_unknown == n && !root_has_password)
                breakglass_nobody(c, f->name);
        else if (n_unknown > 0)
                check_say(c, CHECK_WARN, "breakglass",
                          P_("%zu line of %s is no account of this host: one log-in name a line",
                             "%zu lines of %s are no accounts of this host: one log-in name a line", n_unknown),
                          n_unknown, f->name);
        else if (n == 0)
                check_say(c, CHECK_WARN, "breakglass",
                          _("%s names nobody: nobody but root gets in while careid is out of order"), f->name);
        else
                check_say(c, CHECK_OK, "breakglass",
                          P_("%zu account gets in without an e-ID (%s)", "%zu accounts get in without an e-ID (%s)",
                             n),
                          n, f->name);
}

void check_clock(struct check *c, int64_t now, int64_t applied, bool synchronised) {
        /* 2026-01-01: before there was a careid. */
        if (now < INT64_C(1767225600) || (applied > 0 && now < applied))
                check_say(c, CHECK_WRONG, "clock",
                          _("the clock is behind: certificates and assignments are judged by it"));
        else if (!synchronised)
                check_say(c, CHECK_WARN, "clock",
                          _("nothing keeps the clock right: certificates and assignments are judged by it"));
        else
                check_say(c, CHECK_OK, "clock", _("the clock is kept right"));
}
