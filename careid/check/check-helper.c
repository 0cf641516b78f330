/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-helper.c - is the way to the helper open, and does it reach the provider?
 */

#include "check.h"

#include "errno-text.h"
#include "i18n.h"
#include "places.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void check_sockets(struct check *c, const struct check_socket *root, const struct check_socket *user, bool systemd) {
        const struct check_socket *const both[] = { root, user };
        bool right = true;

        for (size_t i = 0; i < sizeof both / sizeof *both; i++)
                if (both[i]->there && both[i]->listening == CHECK_LISTENING_UNKNOWN) {
                        check_say(c, CHECK_WARN, "sockets",
                                  _("whether anybody listens on %s/%s is not known: it can't be connected to"),
                                  CAREID_RUN_DIR, both[i]->name);
                        right = false;
                } else if (both[i]->there && both[i]->listening == CHECK_LISTENING_NOBODY) {
                        check_say(c, CHECK_WRONG, "sockets",
                                  _("nobody listens on %s/%s: log-ins that find it there are refused; run: systemctl "
                                    "restart careid-root.socket careid-user.socket"),
                                  CAREID_RUN_DIR, both[i]->name);
                        right = false;
                } else if (!both[i]->there && systemd) {
                        check_say(c, CHECK_WARN, "sockets",
                                  _("systemd does not listen on %s/%s: log-ins start the helper themselves, outside "
                                    "systemd's sandbox; run: systemctl enable --now careid-root.socket "
                                    "careid-user.socket"),
                                  CAREID_RUN_DIR, both[i]->name);
                        right = false;
                }
        if (!right)
                return;
        if (root->there && user->there)
                check_say(c, CHECK_OK, "sockets", _("systemd starts the helper (%s)"), CAREID_RUN_DIR);
        else
                check_say(c, CHECK_OK, "sockets",
                          _("root.sock or user.sock is not in %s: log-ins start the helper themselves"),
                          CAREID_RUN_DIR);
}

/* What came in place of an answer. */
static const char *answer_text(int r) {
        switch (r) {
        case WIRE_E_CLOSED:
                return _("it ended without an answer; the journal may say why");
        case WIRE_E_TIMED_OUT:
                return _("it did not answer in time");
        case WIRE_E_UNKNOWN:
                return _("its answer is of another version of careid");
        default:
                return _("its answer is not one");
        }
}

static void say_asking(struct check *c, int r) {
        if (r == -ENOENT || r == -ECONNREFUSED)
                check_say(c, CHECK_WRONG, "online-bankid",
                          _("the helper can't be asked: nobody listens on %s/root.sock; run: systemctl start "
                            "careid-root.socket"),
                          CAREID_RUN_DIR);
        else
                check_say(c, CHECK_WRONG, "online-bankid", _("the helper can't be asked: %s"),
                          r < 0 ? errno_text(r) : answer_text(r));
}

void check_online(struct check *c, int r, enum wire_probe probe, const char *endpoint, const char *met) {
        static const char word[] = "online-bankid";

        if (r != WIRE_OK) {
                say_asking(c, r);
                return;
        }
        switch (probe) {
        case WIRE_PROBE_REACHABLE:
                check_say(c, CHECK_OK, word, _("%s answers, and accepts the certificate"), endpoint);
                return;
        case WIRE_PROBE_REFUSED:
                check_say(c, CHECK_WRONG, word,
                          _("%s does not accept the certificate (%s): it must be the one that was issued for this "
                            "endpoint, and not revoked; ask the bank that issued it"),
                          endpoint, met);
                return;
        case WIRE_PROBE_EXPIRED:
                check_say(c, CHECK_WRONG, word,
                          _("%s does not accept the certificate, which has expired (%s): ask the bank for a new one"),
                          endpoint, met);
                return;
        case WIRE_PROBE_UNTRUSTED:
                check_say(c, CHECK_WRONG, word,
                          _("what answers at %s is signed by nobody whom [bankid] ca names (%s): the option is wrong, "
                            "or somebody stands in between"),
                          endpoint, met);
                return;
        case WIRE_PROBE_WRONG_HOST:
                check_say(c, CHECK_WRONG, word,
                          _("what answers at %s has another host's certificate (%s): correct [bankid] endpoint, or "
                            "the certificate there"),
                          endpoint, met);
                return;
        case WIRE_PROBE_STALE:
                check_say(c, CHECK_WRONG, word,
                          _("the certificate of %s has expired or is not valid yet (%s): is the clock of this host "
                            "right? If so, tell whoever runs it"),
                          endpoint, met);
                return;
        case WIRE_PROBE_NO_ADDRESS:
                check_say(c, CHECK_WRONG, word,
                          _("the name in %s has no address now (%s): is it written right, and does this host find "
                            "other names?"),
                          endpoint, met);
                return;
        case WIRE_PROBE_NOBODY:
                check_say(c, CHECK_WRONG, word,
                          _("nobody answers at %s (%s): is it up, and does a firewall let this host through?"),
                          endpoint, met);
                return;
        case WIRE_PROBE_TIMED_OUT:
                check_say(c, CHECK_WRONG, word,
                          _("%s does not answer in time (%s): does a firewall let this host through?"), endpoint, met);
                return;
        case WIRE_PROBE_TROUBLE:
                check_say(c, CHECK_WARN, word, _("%s says that it has trouble (%s): try again later"), endpoint, met);
                return;
        case WIRE_PROBE_ODD:
                check_say(c, CHECK_WRONG, word,
                          _("what answers at %s is not BankID's interface (%s): is [bankid] endpoint written right?"),
                          endpoint, met);
                return;
        case WIRE_PROBE_BROKEN:
                check_say(c, CHECK_WRONG, word, _("the helper can't ask BankID: %s"), met);
                return;
        case WIRE_PROBE_OFF:
                check_say(c, CHECK_WARN, word, _("BankID is off: nobody was asked"));
                return;
        case WIRE_PROBE_BUSY:
                check_say(c, CHECK_WARN, word, _("too many log-ins are under way: nobody was asked; try again later"));
                return;
        case WIRE_PROBE_ISSUER:
                check_say(c, CHECK_WRONG, word,
                          _("%s does not know who issued the certificate (%s): production, test and a relay want one "
                            "each, from different authorities"),
                          endpoint, met);
                return;
        case WIRE_PROBE_NOT_PERMITTED:
                check_say(c, CHECK_WRONG, word, _("the helper lets only root ask"));
                return;
        }
        say_asking(c, WIRE_E_RANGE);
}
