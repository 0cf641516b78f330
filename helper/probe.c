/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * probe.c - PROBE: is the provider there, and does it accept us?
 *
 * BankID answers 405 to a GET on auth, but only to somebody whose certificate
 * it has accepted.  Nothing is ordered, and nobody is named.
 *
 * 1. MUST ask with the very certificates, roots and limits of a log-in.
 * 2. MUST end in its time, and when the caller goes.
 */

#include "probe.h"

#include "bankid-http.h"
#include "bankid-json.h"
#include "cleanup.h"
#include "conversation.h"
#include "journal.h"
#include "notice.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PROBE_DETAIL_MAX = CONFIG_COMPLAINT_MAX };

static void bankid_http_freep(struct bankid_http **h) {
        (void) bankid_http_free(*h);
}

static const char *probe_word(enum wire_probe probe) {
        switch (probe) {
        case WIRE_PROBE_REACHABLE:
                return "reachable";
        case WIRE_PROBE_REFUSED:
                return "refused";
        case WIRE_PROBE_EXPIRED:
                return "expired";
        case WIRE_PROBE_UNTRUSTED:
                return "untrusted";
        case WIRE_PROBE_WRONG_HOST:
                return "wrong-host";
        case WIRE_PROBE_STALE:
                return "stale";
        case WIRE_PROBE_NO_ADDRESS:
                return "no-address";
        case WIRE_PROBE_NOBODY:
                return "nobody";
        case WIRE_PROBE_TIMED_OUT:
                return "timed-out";
        case WIRE_PROBE_TROUBLE:
                return "trouble";
        case WIRE_PROBE_ODD:
                return "odd";
        case WIRE_PROBE_BROKEN:
                return "broken";
        case WIRE_PROBE_OFF:
                return "off";
        case WIRE_PROBE_NOT_PERMITTED:
                return "not-permitted";
        case WIRE_PROBE_BUSY:
                return "busy";
        case WIRE_PROBE_ISSUER:
                return "issuer";
        }
        return "broken";
}

static void probed_send(const struct helper *h, enum wire_probe probe, const char *detail) {
        struct wire_message m;

        wire_message_init(&m, WIRE_PROBED);
        wire_set_number(&m, WIRE_TAG_PROBE, probe);
        wire_set_string(&m, WIRE_TAG_TEXT, detail);
        (void) conversation_send(h, &m);
}

void probe_refuse(struct helper *h, bool crowded) {
        probed_send(h, crowded ? WIRE_PROBE_BUSY : WIRE_PROBE_NOT_PERMITTED, "");
}

static enum wire_probe probe_from_cause(enum bankid_cause cause) {
        switch (cause) {
        case BANKID_CAUSE_REFUSED:
        case BANKID_CAUSE_HUNG_UP:
                return WIRE_PROBE_REFUSED;
        case BANKID_CAUSE_EXPIRED:
                return WIRE_PROBE_EXPIRED;
        case BANKID_CAUSE_ISSUER:
                return WIRE_PROBE_ISSUER;
        case BANKID_CAUSE_UNUSABLE:
                return WIRE_PROBE_BROKEN;
        case BANKID_CAUSE_UNTRUSTED:
                return WIRE_PROBE_UNTRUSTED;
        case BANKID_CAUSE_WRONG_HOST:
                return WIRE_PROBE_WRONG_HOST;
        case BANKID_CAUSE_STALE:
                return WIRE_PROBE_STALE;
        case BANKID_CAUSE_NOBODY:
                return WIRE_PROBE_NOBODY;
        case BANKID_CAUSE_TIMED_OUT:
                return WIRE_PROBE_TIMED_OUT;
        case BANKID_CAUSE_NONE:
        case BANKID_CAUSE_HANDSHAKE:
        case BANKID_CAUSE_TOO_LONG:
        case BANKID_CAUSE_OTHER:
                break;
        }
        return WIRE_PROBE_ODD;
}

static enum wire_probe probe_from_answer(const struct bankid_answer *answer, char detail[static PROBE_DETAIL_MAX]) {
        char code[BANKID_CODE_MAX + 1];
        int r;

        if (answer->cause != BANKID_CAUSE_NONE) {
                (void) snprintf(detail, PROBE_DETAIL_MAX, "%s", answer->complaint);
                return probe_from_cause(answer->cause);
        }
        bankid_json_error_code(answer->body, answer->n_body, code);
        (void) snprintf(detail, PROBE_DETAIL_MAX, "HTTP %ld%s%s", answer->status, *code ? " " : "", code);
        r = bankid_json_probe(answer->status, answer->body, answer->n_body);
        if (r == BANKID_OK)
                return WIRE_PROBE_REACHABLE;
        if (answer->status == 401 || answer->status == 403)
                return WIRE_PROBE_REFUSED;
        return r == BANKID_E_TROUBLE || r == BANKID_E_MAINTENANCE || r == BANKID_E_BUSY ? WIRE_PROBE_TROUBLE : WIRE_PROBE_ODD;
}

/* Until the caller or the service manager says something. */
static bool is_given_up(struct pollfd fds[static 2]) {
        return fds[0].revents || fds[1].revents;
}

/* What can't be asked, and why; what is said of it is never empty. */
static enum wire_probe probe_stops(enum wire_probe probe, const char *why, int r, char detail[static PROBE_DETAIL_MAX]) {
        (void) snprintf(detail, PROBE_DETAIL_MAX, "%s%s%s", why, r < 0 ? ": " : "", r < 0 ? strerrordesc_np(-r) : "");
        return probe;
}

/* Where is it?  REACHABLE: that is known now.  @gone: nobody wants to know any more. */
static enum wire_probe place(struct helper *h, struct bankid_http *http, char detail[static PROBE_DETAIL_MAX], bool *gone) {
        const uint64_t deadline = wire_now_ms() + RESOLVER_HOST_MS;
        const struct bankid_material *m = &h->bankid.material;
        char addresses[RESOLVER_TEXT_MAX];
        int r;

        if (m->literal)
                return WIRE_PROBE_REACHABLE;
        r = resolver_ask_addresses(h->resolver, m->host);
        if (r < 0)
                return probe_stops(WIRE_PROBE_BROKEN, "the resolver can't be asked", r, detail);
        while ((r = resolver_addresses(h->resolver, wire_now_ms(), addresses)) == RESOLVER_E_PENDING) {
                struct pollfd fds[] = { { .fd = h->fd, .events = POLLIN }, { .fd = h->signals, .events = POLLIN },
                                        { .fd = resolver_fd(h->resolver), .events = POLLIN } };
                const uint64_t now = wire_now_ms();

                if (now >= deadline)
                        return probe_stops(WIRE_PROBE_NO_ADDRESS, "the host's resolver", -ETIMEDOUT, detail);
                if (poll(fds, N_ELEMENTS(fds), (int) (deadline - now)) < 0 && errno != EINTR)
                        return probe_stops(WIRE_PROBE_BROKEN, "poll", -errno, detail);
                *gone = is_given_up(fds);
                if (*gone)
                        return WIRE_PROBE_BROKEN;
        }
        if (r != RESOLVER_OK)
                return probe_stops(WIRE_PROBE_NO_ADDRESS, r < 0 ? "the host's resolver" : "the host's resolver knows none", r, detail);
        r = bankid_http_place(http, addresses);
        return r < 0 ? probe_stops(WIRE_PROBE_BROKEN, "libcurl", r, detail) : WIRE_PROBE_REACHABLE;
}

static bool is_past(int64_t expires) {
        return expires != 0 && expires <= (int64_t) time(NULL);
}

static enum wire_probe probe_bankid(struct helper *h, char detail[static PROBE_DETAIL_MAX], bool *gone) {
        AUTO(bankid_http_freep) struct bankid_http *http = NULL;
        struct bankid_answer answer;
        enum wire_probe placed;
        uint64_t deadline;
        int r;

        if (!h->configured) {
                (void) snprintf(detail, PROBE_DETAIL_MAX, "%s", h->complaint);
                return WIRE_PROBE_BROKEN;
        }
        if (!h->config.bankid)
                return WIRE_PROBE_OFF;
        r = bankid_http_new(&h->bankid.material, &http);
        if (r < 0)
                return probe_stops(WIRE_PROBE_BROKEN, "libcurl", r, detail);
        placed = place(h, http, detail, gone);
        if (placed != WIRE_PROBE_REACHABLE)
                return placed;
        r = bankid_http_begin(http, "auth", NULL, BANKID_REQUEST_MS);
        if (r < 0)
                return probe_stops(WIRE_PROBE_BROKEN, "libcurl", r, detail);
        deadline = wire_now_ms() + BANKID_REQUEST_MS + HELPER_SEND_MS;

        while (wire_now_ms() < deadline) {
                struct pollfd fds[] = { { .fd = h->fd, .events = POLLIN }, { .fd = h->signals, .events = POLLIN } };

                if (bankid_http_next(http, &answer) > 0) {
                        enum wire_probe probe = probe_from_answer(&answer, detail);

                        h->bankid.expired = answer.cause == BANKID_CAUSE_EXPIRED;
                        h->bankid.expires = bankid_http_expires(http);
                        /* Whoever refuses it seldom says why; this reason we can see. */
                        if (probe == WIRE_PROBE_REFUSED && is_past(h->bankid.expires))
                                probe = WIRE_PROBE_EXPIRED;
                        return probe;
                }
                r = bankid_http_wait(http, fds, N_ELEMENTS(fds), deadline);
                if (r < 0)
                        return probe_stops(WIRE_PROBE_BROKEN, "libcurl", r, detail);
                *gone = is_given_up(fds);
                if (*gone)
                        return WIRE_PROBE_BROKEN;
        }
        return probe_stops(WIRE_PROBE_TIMED_OUT, "libcurl", -ETIMEDOUT, detail);
}

void probe_run(struct helper *h, const struct wire_message *request) {
        char detail[PROBE_DETAIL_MAX] = "";
        enum wire_probe probe;
        bool gone = false;

        if (strcmp(request->string[WIRE_TAG_METHOD], method_bankid.name) != 0)
                probe = WIRE_PROBE_OFF;
        else
                probe = probe_bankid(h, detail, &gone);
        if (gone)
                return;
        journal_write(&(struct journal_entry) {
                .about = JOURNAL_PROBED, .outcome = probe_word(probe), .method = method_bankid.name, .detail = detail,
                .caller = h->caller.uid,
        });
        probed_send(h, probe, detail);
        notice_certificate(h);
}
