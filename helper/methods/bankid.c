/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bankid.c - the states of bankid-flow.c, carried out over bankid-http.c
 *
 * 1. MUST cancel at BankID every order that it has made and that has not ended, also one whose answer is still
 *    under way when the caller goes.
 * 2. MUST order nothing for a decoy, and ask something where an order would be made, collected or cancelled.
 * 3. MUST not let anything that BankID says reach a log but codes of letters.
 * 4. MUST not count an approval of a link's order unless it came from where the log-in comes from.
 */

#include "bankid.h"

#include "bankid-evidence.h"
#include "bankid-decoy.h"
#include "bankid-flow.h"
#include "bankid-http.h"
#include "cleanup.h"
#include "wipe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

struct method_run {
        struct bankid      *bankid;
        struct method_order order;
        struct bankid_flow  flow;
        struct bankid_http *http;
        bool                placed;             /* the host's addresses are known                 */
        uint64_t            wake_ms;            /* when something is due again                    */
        char               *evidence;           /* of the approval                                */
        size_t              n_evidence;
        int                 evidence_r;         /* why there is none                              */
        char                local[INET6_ADDRSTRLEN];
        char                detail[METHOD_DETAIL_MAX];
};

/* An act is signed, if the site's agreement with BankID has that. */
static bool run_signs(const struct method_run *run) {
        return run->order.act && run->bankid->config->bankid_sign_acts;
}

static const char *ask_name(const struct method_run *run, enum bankid_ask ask) {
        switch (ask) {
        case BANKID_ASK_AUTH:
        case BANKID_ASK_PROBE:
                return run_signs(run) ? "sign" : "auth";
        case BANKID_ASK_CANCEL:
                return "cancel";
        case BANKID_ASK_COLLECT:
                return "collect";
        case BANKID_ASK_NOTHING:
                break;
        }
        return "";
}

static void bankid_freep(struct method_run **p) {
        (void) method_bankid.free(*p);
}

static int bankid_start(const struct method_material *material, const struct method_order *order, struct method_run **ret) {
        AUTO(bankid_freep) struct method_run *run = calloc(1, sizeof *run);
        int r;

        if (!run)
                return -ENOMEM;
        run->bankid = material->bankid;
        run->order = *order;
        r = bankid_http_new(&run->bankid->material, &run->http);
        if (r < 0)
                return r;
        bankid_flow_init(&run->flow, order->decoy, wire_now_ms());
        *ret = STEAL_PTR(run);
        return 0;
}

static struct method_run *bankid_free(struct method_run *run) {
        if (!run)
                return NULL;
        if (run->http && bankid_http_expires(run->http) != 0)
                run->bankid->expires = bankid_http_expires(run->http);
        (void) bankid_http_free(run->http);
        bankid_flow_done(&run->flow);
        wipe_free(run->evidence);
        free(run);
        return NULL;
}

static void run_end(struct method_run *run, enum method_end end, enum text text, const char *detail) {
        bankid_flow_break(&run->flow, end, text);
        (void) snprintf(run->detail, sizeof run->detail, "bankid: %s", detail);
}

/* Our own address on the way to @address: what is said of a log-in that comes from nowhere else.  Nothing is sent. */
static int local_address(const char *address, uint16_t port, char ret[static INET6_ADDRSTRLEN]) {
        struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
        struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
        const bool is_v4 = inet_pton(AF_INET, address, &v4.sin_addr) == 1;
        struct sockaddr *to = is_v4 ? (struct sockaddr *) &v4 : (struct sockaddr *) &v6;
        socklen_t n = is_v4 ? sizeof v4 : sizeof v6;
        auto_close int fd = -1;

        if (!is_v4 && inet_pton(AF_INET6, address, &v6.sin6_addr) != 1)
                return -EINVAL;
        fd = socket(to->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0 || connect(fd, to, n) < 0 || getsockname(fd, to, &n) < 0)
                return -errno;
        if (!inet_ntop(to->sa_family, is_v4 ? (void *) &v4.sin_addr : (void *) &v6.sin6_addr, ret, INET6_ADDRSTRLEN))
                return -errno;
        return 0;
}

/* The first of "192.0.2.1,[2001:db8::1]". */
static void address_first(const char *list, char ret[static INET6_ADDRSTRLEN]) {
        const char *from = *list == '[' ? list + 1 : list;
        const size_t n = strcspn(from, ",]");

        ret[0] = '\0';
        if (n < INET6_ADDRSTRLEN) {
                memcpy(ret, from, n);
                ret[n] = '\0';
        }
}

/* Find out where BankID is.  Any name may be asked about now, real or decoy: nothing here depends on it. */
static void run_place(struct method_run *run, uint64_t now_ms) {
        const struct bankid_material *m = &run->bankid->material;
        char addresses[RESOLVER_TEXT_MAX], first[INET6_ADDRSTRLEN];
        int r = RESOLVER_OK;

        if (!m->literal) {
                r = resolver_addresses(run->bankid->resolver, now_ms, addresses);
                if (r == RESOLVER_E_PENDING)
                        return;
                if (r == RESOLVER_OK)
                        r = bankid_http_place(run->http, addresses);
        }
        if (r != RESOLVER_OK) {
                run_end(run, METHOD_UNREACHABLE, TEXT_UNREACHABLE, "the host of the endpoint has no address now");
                return;
        }
        address_first(m->literal ? m->host : addresses, first);
        r = local_address(first, m->port, run->local);
        if (r < 0) {
                run_end(run, METHOD_UNREACHABLE, TEXT_UNREACHABLE, "there is no route to the endpoint");
                return;
        }
        run->placed = true;
}

/* What BankID is asked to block: more than this risk.  NULL: nothing. */
static const char *risk_limit(const struct config *c) {
        if (strcmp(c->bankid_risk, "moderate") == 0)
                return "MODERATE";
        return strcmp(c->bankid_risk, "off") == 0 ? NULL : "LOW";
}

static int request_begin(struct method_run *run, enum bankid_ask ask, uint64_t limit_ms) {
        const struct bankid_request request = {
                .address = run->order.source ? run->order.source : run->local,
                .visible = run->order.visible,
                .risk = risk_limit(run->bankid->config),
                .test = run->bankid->material.test,
        };
        auto_free char *body = NULL;
        int r = 0;

        switch (ask) {
        case BANKID_ASK_AUTH:
                r = bankid_json_make_order(&request, &body);
                break;
        case BANKID_ASK_COLLECT:
        case BANKID_ASK_CANCEL:
                r = bankid_json_make_reference(run->flow.order.reference, &body);
                break;
        case BANKID_ASK_PROBE:
                break;
        case BANKID_ASK_NOTHING:
                return 0;
        }
        return r < 0 ? r : bankid_http_begin(run->http, ask_name(run, ask), body, limit_ms);
}

static void run_detail(struct method_run *run, enum bankid_ask ask, int r, const struct bankid_answer *answer) {
        char code[BANKID_CODE_MAX + 1];

        if (answer->cause != BANKID_CAUSE_NONE) {
                run->bankid->expired = answer->cause == BANKID_CAUSE_EXPIRED;
                (void) snprintf(run->detail, sizeof run->detail, "bankid: %s: %s%.160s", ask_name(run, ask),
                                bankid_cause_is_certificate(answer->cause) ? "certificate not accepted: " : "",
                                answer->complaint);
                return;
        }
        bankid_json_error_code(answer->body, answer->n_body, code);
        (void) snprintf(run->detail, sizeof run->detail, "bankid: %s: answered %ld%s%s%s",
                        ask_name(run, ask), answer->status, *code ? " " : "", code,
                        r == BANKID_E_NOT_UNDERSTOOD ? ", which is not of this API" : "");
}

/* Somebody has approved a link's order: where they did is what it was made for. */
static bool run_elsewhere(const struct method_run *run, const struct bankid_collected *collected) {
        return collected->hint == BANKID_COMPLETE && run->flow.link &&
               !config_exits_agree(&run->bankid->config->seen_as, run->order.source, collected->device);
}

static void run_collected(struct method_run *run, int r, const struct bankid_collected *collected, uint64_t now_ms) {
        const struct bankid_hint_words *words = bankid_hint_words(collected->hint);

        if (r == BANKID_OK && run_elsewhere(run, collected)) {
                (void) snprintf(run->detail, sizeof run->detail, "bankid: %s",
                                "an approval by the link came from another address, and did not count");
                bankid_flow_elsewhere(&run->flow, now_ms);
                return;
        }
        bankid_flow_collected(&run->flow, r, collected, now_ms);
        if (r == BANKID_OK && words->failed && words->name && run->flow.end)
                (void) snprintf(run->detail, sizeof run->detail, "bankid: %s", words->name);
        if (run->flow.end == METHOD_PROVEN && *collected->risk) {
                const size_t n = strlen(run->detail);

                (void) snprintf(run->detail + n, sizeof run->detail - n, "%sbankid: risk %s", n ? "; " : "", collected->risk);
        }
}

static void run_answer(struct method_run *run, const struct bankid_answer *answer, uint64_t now_ms) {
        const enum bankid_ask ask = run->flow.asking;
        struct bankid_collected collected = { .hint = 0 };
        struct bankid_order order = { .reference = "" };
        int r = bankid_cause_verdict(answer->cause);

        bankid_flow_pause(&run->flow, (uint64_t) answer->pause_s * 1000);
        switch (ask) {
        case BANKID_ASK_AUTH:
                if (r == BANKID_OK)
                        r = bankid_json_order(answer->status, answer->body, answer->n_body, &order);
                bankid_flow_ordered(&run->flow, r, &order, now_ms);
                break;
        case BANKID_ASK_PROBE:
                if (r == BANKID_OK)
                        r = bankid_json_probe(answer->status, answer->body, answer->n_body);
                if (r == BANKID_OK && bankid_decoy_order(&order) < 0)
                        r = BANKID_E_UNREACHABLE;
                bankid_flow_probed(&run->flow, r, &order, now_ms);
                break;
        case BANKID_ASK_COLLECT:
                if (r == BANKID_OK)
                        r = bankid_json_collected(answer->status, answer->body, answer->n_body,
                                                  run->flow.order.reference, &collected);
                run_collected(run, r, &collected, now_ms);
                if (run->flow.end == METHOD_PROVEN && !run->evidence)
                        run->evidence_r = bankid_evidence_make(answer->body, answer->n_body, &run->evidence,
                                                               &run->n_evidence);
                break;
        case BANKID_ASK_CANCEL:
                if (r == BANKID_OK && answer->status != 200)
                        r = bankid_error_verdict(answer->status, NULL);
                bankid_flow_left(&run->flow, r, now_ms);
                return;
        case BANKID_ASK_NOTHING:
                return;
        }
        if (r != BANKID_OK)
                run_detail(run, ask, r, answer);
        explicit_bzero(&order, sizeof order);
        explicit_bzero(&collected, sizeof collected);
}

static void bankid_next(struct method_run *run, uint64_t now_ms, struct method_view *ret) {
        struct bankid_answer answer;
        enum bankid_ask ask;

        if (!run->placed && !run->flow.end)
                run_place(run, now_ms);
        if (run->placed) {
                if (bankid_http_next(run->http, &answer) > 0) {
                        /* Not before it came: codes count from here, and one that is early is none. */
                        now_ms = wire_now_ms();
                        run_answer(run, &answer, now_ms);
                }
                ask = bankid_flow_due(&run->flow, now_ms, &run->wake_ms);
                if (ask != BANKID_ASK_NOTHING) {
                        if (request_begin(run, ask, BANKID_REQUEST_MS) < 0)
                                run_end(run, METHOD_BROKEN, TEXT_BROKEN, "a request could not be made");
                        else
                                bankid_flow_asked(&run->flow, ask, now_ms);
                        run->wake_ms = now_ms;          /* libcurl has not begun to work on it yet */
                }
        } else {
                run->wake_ms = now_ms + 1000;
        }
        bankid_flow_view(&run->flow, now_ms, ret);
}

static bool bankid_hurry(struct method_run *run, uint64_t now_ms) {
        return bankid_flow_hurry(&run->flow, now_ms);
}

static void bankid_turn(struct method_run *run, bool here, uint64_t now_ms) {
        bankid_flow_turn(&run->flow, here, now_ms);
        run->wake_ms = now_ms;
}

static int bankid_wait(struct method_run *run, struct pollfd *fds, size_t n_fds, uint64_t until_ms) {
        struct pollfd all[4];
        int r;

        if (n_fds + 1 > N_ELEMENTS(all))
                return -EINVAL;
        memcpy(all, fds, n_fds * sizeof *fds);
        all[n_fds] = (struct pollfd) { .fd = resolver_fd(run->bankid->resolver), .events = POLLIN };
        r = bankid_http_wait(run->http, all, n_fds + !run->placed, until_ms < run->wake_ms ? until_ms : run->wake_ms);
        for (size_t i = 0; i < n_fds; i++)
                fds[i].revents = all[i].revents;
        return r;
}

static int bankid_proof(struct method_run *run, struct method_proof *ret) {
        memset(ret, 0, sizeof *ret);
        if (run->flow.end != METHOD_PROVEN)
                return -EINVAL;
        if (run->evidence_r < 0 || !run->evidence) {
                const int r = run->evidence_r < 0 ? run->evidence_r : -ENODATA;

                (void) snprintf(run->detail, sizeof run->detail, "bankid: the approval can't be recorded: %s",
                                strerrordesc_np(-r));
                return r;
        }
        if (EVP_Digest(run->flow.order.reference, strlen(run->flow.order.reference), ret->reference, NULL, EVP_sha256(),
                       NULL) != 1) {
                (void) snprintf(run->detail, sizeof run->detail, "bankid: the approval can't be recorded: no SHA-256");
                return -ENOMEM;
        }
        ret->country = "SE";
        memcpy(ret->subject, run->flow.number, sizeof run->flow.number);
        ret->authenticator = "mobile";
        ret->assurance = "se-loa3";
        ret->evidence = run->evidence;
        ret->n_evidence = run->n_evidence;
        return 0;
}

static const char *bankid_detail(const struct method_run *run) {
        return run->detail;
}

/* Run what is under way to its end, or to @deadline_ms. */
static bool request_finish(struct method_run *run, uint64_t deadline_ms, struct bankid_answer *ret) {
        while (wire_now_ms() < deadline_ms) {
                if (bankid_http_next(run->http, ret) > 0)
                        return true;
                if (bankid_http_wait(run->http, NULL, 0, deadline_ms) < 0)
                        return false;
        }
        return false;
}

/* Nothing is asked before @when_ms. */
static bool run_waits(struct method_run *run, uint64_t when_ms) {
        while (wire_now_ms() < when_ms)
                if (bankid_http_wait(run->http, NULL, 0, when_ms) < 0)
                        return false;
        return true;
}

/* A decoy asks where an order is cancelled, and waits as long: somebody may be waiting for us to end. */
static void bankid_cancel(struct method_run *run) {
        const uint64_t deadline = wire_now_ms() + METHOD_CANCEL_MS;
        struct bankid_answer answer;

        /* An order that we don't know the name of yet can't be cancelled: wait for it. */
        if (run->flow.asking && !run->flow.ordered && request_finish(run, deadline, &answer))
                run_answer(run, &answer, wire_now_ms());
        bankid_http_abandon(run->http);
        while (bankid_flow_needs_cancel(&run->flow)) {
                uint64_t when_ms;
                const enum bankid_ask ask = bankid_flow_leave(&run->flow, &when_ms);

                /* Not to be asked for longer than we may take: the order runs out by itself. */
                if (when_ms >= deadline || !run_waits(run, when_ms) || request_begin(run, ask, METHOD_CANCEL_MS) < 0)
                        return;
                bankid_flow_asked(&run->flow, ask, wire_now_ms());
                if (!request_finish(run, deadline, &answer))
                        return;
                run_answer(run, &answer, wire_now_ms());
        }
}

const struct method method_bankid = {
        .name        = "bankid",
        .visible_max = BANKID_VISIBLE_MAX,
        .start       = bankid_start,
        .next        = bankid_next,
        .hurry       = bankid_hurry,
        .turn        = bankid_turn,
        .wait        = bankid_wait,
        .proof       = bankid_proof,
        .detail      = bankid_detail,
        .cancel      = bankid_cancel,
        .free        = bankid_free,
};
