/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * verify.c - the order of a VERIFY: may it be, who is it, introduce, start, converse, judge, tell
 *
 * 1. MUST take SOURCE, TARGET, PROGRAM, ARGUMENTS, TTY and AFTER_KEY from root only.
 * 2. MUST go on only with what is offered to a log-in from there (offer.h).
 * 3. MUST start a method for a name that nobody has as for any other, as a decoy.
 * 4. MUST cancel what it has started, on every way out.
 */

#include "verify.h"

#include "cleanup.h"
#include "conversation.h"
#include "journal.h"
#include "notice.h"
#include "offered.h"
#include "service.h"
#include "shown-arguments.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* As the wire has it: remote, and nobody can say from where. */
#define SOURCE_UNKNOWN "unknown"

void verify_refuse(struct helper *h, bool crowded) {
        const struct outcome o = {
                .verdict = crowded ? WIRE_VERDICT_BUSY : WIRE_VERDICT_NOT_PERMITTED,
                .text = crowded ? TEXT_BUSY_HERE : TEXT_NOT_PERMITTED,
        };

        outcome_send(h, NULL, &o);
}

/*
 * Where would the code be shown, and from where does whoever asks come?  Only root says so.  Whoever asks in a session
 * that began elsewhere is where that began, whatever terminal this is drawn on.
 */
static void attempt_place(struct attempt *a, const char *source) {
        const struct place *session = &a->h->place;

        a->source = source;
        a->place = source ? PLACE_REMOTE : place_of_terminal(session, a->tty);
        if (!source && a->place == PLACE_REMOTE)
                a->source = *session->source ? session->source : SOURCE_UNKNOWN;
}

static void attempt_init(struct attempt *a, struct helper *h, const struct wire_message *request) {
        const bool root = helper_asked_by_root(h);

        *a = (struct attempt) {
                .h = h,
                .ways = { WAY_BANKID },
                .method = &method_bankid,
                .pace = (enum wire_pace) request->number[WIRE_TAG_PACE],
                .account = request->string[WIRE_TAG_ACCOUNT],
                .service = request->string[WIRE_TAG_SERVICE],
                .place = PLACE_UNKNOWN,
                .acts = h->verifying,
                .deadline_ms = wire_now_ms() + request->number[WIRE_TAG_TIMEOUT] * 1000,
        };
        a->last_ms = a->deadline_ms + HELPER_MORE_MS;
        if (root) {
                a->target = request->string[WIRE_TAG_TARGET];
                a->program = request->string[WIRE_TAG_PROGRAM];
                a->arguments = request->string[WIRE_TAG_ARGUMENTS];
                a->tty = request->string[WIRE_TAG_TTY];
                a->after_key = wire_has(request, WIRE_TAG_AFTER_KEY);
                attempt_place(a, request->string[WIRE_TAG_SOURCE]);
        } else if (a->acts) {                           /* the other half's request, nothing of which is the caller's */
                a->program = request->string[WIRE_TAG_PROGRAM];
                attempt_place(a, NULL);
        }
}

static bool has_bankid(const struct attempt *a) {
        for (size_t i = 0; i < a->n_ways; i++)
                if (a->ways[i] == WAY_BANKID)
                        return true;
        return false;
}

/* What this log-in is offered; nothing: *ret has why. */
static int attempt_offer(struct attempt *a, struct directory *d, struct outcome *ret) {
        enum text text;
        int r;

        r = offered_find(a, d, &text, ret->detail);
        if (r < 0)
                return r;
        if (a->n_ways == 0) {
                ret->verdict = WIRE_VERDICT_NO_METHOD;
                ret->text = text;
                if (text == TEXT_NO_PLACE_CODE)
                        (void) snprintf(ret->detail, sizeof ret->detail, "no session says where this terminal is shown");
        }
        return 0;
}

/* What ends it before anybody is introduced.  All of it is the same for every name. */
static bool attempt_is_possible(struct attempt *a, struct outcome *ret) {
        struct directory *d = NULL;
        struct helper *h = a->h;
        struct facts_host host;
        enum decision_why why;
        int r;

        *ret = (struct outcome) { .verdict = WIRE_VERDICT_BROKEN, .text = TEXT_BROKEN };
        if (!h->configured) {
                (void) snprintf(ret->detail, sizeof ret->detail, "%s", h->complaint);
                return false;
        }
        if (check_code_make(a->code) < 0)
                return false;
        if (facts_open(h, &d, ret->detail) < 0)
                return false;
        r = attempt_offer(a, d, ret);
        if (r < 0 || a->n_ways == 0)
                return false;
        host = facts_ask_host(h, a->account);
        r = facts_read(d, &host, (int64_t) time(NULL), NULL, &a->facts, &a->record, ret->detail);
        if (r == 0)
                r = facts_organisation(h, d, a->organisation, ret->detail);
        facts_rest(h);
        /* Whose account it is has been seen: nobody is shown a code that can't be scanned by them. */
        why = decision_on_asking(&a->facts);
        if (r == 0 && a->acts && why != DECISION_WHY_NONE) {
                ret->verdict = WIRE_VERDICT_NO_METHOD;
                ret->text = why == DECISION_WHY_NO_NUMBER ? TEXT_NO_NUMBER : texts_of_why(why);
                return false;
        }
        return r == 0;
}

/* With what: where the configuration says so, and never what careid is asked about whom (X1). */
static const char *arguments_of(const struct attempt *a) {
        return a->h->config.bankid_show_arguments && !arguments_are_careids(a->program, a->arguments) ? a->arguments : NULL;
}

static struct texts_act act_of(const struct attempt *a) {
        return (struct texts_act) {
                .organisation = *a->organisation ? a->organisation : NULL,
                .host = *a->h->config.host_title ? a->h->config.host_title : a->h->host,
                .service = a->service, .account = a->account, .target = a->target, .source = a->source,
                .check_code = a->code, .program = a->program,
                .arguments = arguments_of(a),
        };
}

static enum text menu_of(bool link, bool others) {
        if (others)
                return link ? TEXT_MENU_LINK_WAYS : TEXT_MENU_WAYS;
        return link ? TEXT_MENU_LINK : TEXT_MENU;
}

static bool intro_send(const struct attempt *a) {
        const struct texts_act act = act_of(a);
        struct wire_message m;
        char about[TEXTS_MAX + 1], text[TEXTS_MAX + 1], ways[TEXTS_MAX + 1];
        const bool live = !attempt_is_asked(a), types = way_is_typed(a->ways[0]), others = a->n_ways > 1;

        texts_about(&act, about);
        texts_ways(a->ways, a->n_ways, a->ways[0], ways);
        (void) snprintf(text, sizeof text, "%s%s%s", texts_get(TEXT_SCAN), a->may_turn && !live ? "\n" : "",
                        a->may_turn && !live ? texts_get(TEXT_LINK_OFFER) : "");
        wire_message_init(&m, WIRE_INTRO);
        wire_set_string(&m, WIRE_TAG_LANGUAGE, texts_language());
        wire_set_string(&m, WIRE_TAG_CHECK_CODE, a->code);
        wire_set_string(&m, WIRE_TAG_ABOUT, about);
        wire_set_string(&m, WIRE_TAG_TEXT, types ? "" : text);
        wire_set_string(&m, WIRE_TAG_HELP, types ? "" : texts_get(live ? TEXT_HELP_LIVE : TEXT_HELP_ASKED_START));
        wire_set_string(&m, WIRE_TAG_MENU, texts_get(menu_of(a->may_turn, others)));
        if (a->may_turn)
                wire_set_number(&m, WIRE_TAG_MAY_TURN, 1);
        if (others)
                wire_set_string(&m, WIRE_TAG_WAYS, ways);
        if (types)
                wire_set_number(&m, WIRE_TAG_TYPES, 1);
        return conversation_send(a->h, &m) == WIRE_OK;
}

/* Until START.  Returns false with an outcome if it never comes. */
static bool start_await(struct attempt *a, struct outcome *ret) {
        while (!a->gone && !a->stopping && wire_now_ms() < a->deadline_ms)
                if (attempt_wait(a, UINT32_C(1) << WIRE_START, a->deadline_ms) == WIRE_START)
                        return true;
        *ret = (struct outcome) {
                .verdict = a->stopping ? WIRE_VERDICT_UNREACHABLE : WIRE_VERDICT_TIMED_OUT,
                .text = a->stopping ? TEXT_STOPPING : TEXT_TIME_UP,
        };
        return false;
}

/* Pace "asked": the verdict is the answer to an ASK. */
static void ask_await(struct attempt *a) {
        while (!a->asked && !a->gone && !a->stopping && wire_now_ms() < a->last_ms)
                (void) attempt_wait(a, UINT32_C(1) << WIRE_ASK, a->last_ms);
        if (!a->asked)
                a->gone = true;
}

/* How it ended is fixed and told: the caller first, so that what follows from it comes after. */
static void attempt_end(struct attempt *a, struct outcome *o) {
        outcome_settle(a, o);
        if (!a->gone)
                outcome_send(a->h, a, o);
        if (a->settled)
                a->settled(a, o);
}

/* A literal as the provider wants it; a name, or an address of one link only, is of no use to it. */
static const char *source_literal(const struct attempt *a) {
        uint8_t address[16];

        if (!a->source || (inet_pton(AF_INET, a->source, address) != 1 && inet_pton(AF_INET6, a->source, address) != 1))
                return NULL;
        return a->source;
}

/* Where a log-in comes from, as the limits count it: what nobody can say is nobody's. */
static const char *source_counted(const struct attempt *a) {
        return a->source || a->place == PLACE_HERE ? a->source : SOURCE_UNKNOWN;
}

static void order_make(struct attempt *a) {
        struct texts_act act = act_of(a);

        act.organisation = a->record.organisation_title;
        texts_visible(&act, method_bankid.visible_max, a->visible);
        a->order = (struct method_order) {
                .visible = a->visible,
                .source = source_literal(a),
                .act = service_is_act(service_find(a->service)),
                .decoy = decision_on_asking(&a->facts) != DECISION_WHY_NONE,
                .helper = a->h,
                .account = a->facts.known ? a->record.id : 0,
                .from = source_counted(a),
                .inside = a->inside,
        };
}

/* Is the verdict awaited?  In pace asked that of a picture is the answer to an ASK. */
static bool is_awaited(const struct attempt *a) {
        return !attempt_is_asked(a) || a->asked || a->prompted != 0 || a->gone;
}

static void verify_converse(struct attempt *a, struct outcome *o) {
        order_make(a);
        if (way_begin(a) < 0)
                *o = (struct outcome) {
                        .verdict = WIRE_VERDICT_BROKEN, .text = TEXT_BROKEN, .detail = "the method could not be started",
                };
        else
                attempt_converse(a, o);

        /* Whoever waits for the verdict has it first; nobody waits for the cancelling. */
        if (is_awaited(a)) {
                attempt_end(a, o);
                way_cancel(a);
        } else {
                way_cancel(a);
                ask_await(a);
                attempt_end(a, o);
        }
        way_end(a);
}

/* False: it ended before anything was ordered. */
static bool verify_hold(struct attempt *a, struct outcome *o) {
        struct helper *h = a->h;

        if (!attempt_is_possible(a, o)) {
                attempt_end(a, o);
                return false;
        }
        if (!intro_send(a))
                return false;
        if (has_bankid(a) && !h->bankid.material.literal)
                (void) resolver_ask_addresses(h->resolver, h->bankid.material.host);
        if (!start_await(a, o)) {
                attempt_end(a, o);
                return false;
        }
        verify_converse(a, o);
        return true;
}

void verify_run(struct helper *h, const struct wire_message *request) {
        struct attempt a;
        struct outcome o = { .verdict = 0 };

        attempt_init(&a, h, request);
        if (!verify_hold(&a, &o))
                return;
        notice_certificate(h);
        h->goes_on = o.verdict == WIRE_VERDICT_APPROVED && !a.gone && !a.stopping;
}

void verify_act(struct helper *h, const struct wire_message *request, void (*settled)(const struct attempt *a, const struct outcome *o)) {
        struct attempt a;
        struct outcome o = { .verdict = 0 };

        attempt_init(&a, h, request);
        a.settled = settled;
        (void) verify_hold(&a, &o);
}
