/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* test-bankid-flow.c - a BankID log-in told as what is asked, what is answered and what is shown (bankid-flow.c MUST 1-7) */

#include "bankid-flow.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

enum { T0 = 1000000, RTT = 100 };

static unsigned n_tests, n_failed;

static void tell(bool ok, const char *name) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        n_failed += !ok;
}

static const struct bankid_order order = { .reference = "ref", .qr_token = "token", .qr_secret = "secret" };

/* What is due at @now, and asked at once. */
static enum bankid_ask ask(struct bankid_flow *f, uint64_t now) {
        uint64_t wake;
        const enum bankid_ask due = bankid_flow_due(f, now, &wake);

        if (due != BANKID_ASK_NOTHING)
                bankid_flow_asked(f, due, now);
        return due;
}

/* A flow whose order came RTT after T0. */
static struct bankid_flow ordered(bool decoy) {
        struct bankid_flow f;

        bankid_flow_init(&f, decoy, T0);
        (void) ask(&f, T0);
        bankid_flow_ordered(&f, BANKID_OK, &order, T0 + RTT);
        return f;
}

/* Ask for a collect when it is due, and answer with @hint after RTT.  Returns the time of the answer. */
static uint64_t collect(struct bankid_flow *f, int r, enum bankid_hint hint) {
        const struct bankid_collected c = { .hint = hint, .number = "189001019802" };
        const uint64_t now = f->due_ms;

        if (ask(f, now) != BANKID_ASK_COLLECT)
                return 0;
        bankid_flow_collected(f, r, &c, now + RTT);
        return now + RTT;
}

static struct method_view view_at(struct bankid_flow *f, uint64_t now) {
        struct method_view v;

        bankid_flow_view(f, now, &v);
        return v;
}

/* -- How it ends ------------------------------------------------------------------------------------- */

static const struct {
        const char      *name;
        int              r;
        enum bankid_hint hint;
        enum method_end  end;
        enum wire_state  state;
        enum text        text;
        bool             code;
} hints[] = {
        { "outstandingTransaction: a code to scan",       BANKID_OK, BANKID_OUTSTANDING,  0, WIRE_STATE_SCAN, TEXT_SCAN, true },
        { "noClient: start the app",                      BANKID_OK, BANKID_NO_CLIENT,    0, WIRE_STATE_SCAN, TEXT_OPEN_APP, false },
        { "started: no code any more",                    BANKID_OK, BANKID_STARTED,      0, WIRE_STATE_OPENED, TEXT_SEARCHING, false },
        { "userMrtd",                                     BANKID_OK, BANKID_USER_MRTD,    0, WIRE_STATE_OPENED, TEXT_DOCUMENT, false },
        { "userSign",                                     BANKID_OK, BANKID_USER_SIGN,    0, WIRE_STATE_CONFIRM, TEXT_CODE, false },
        { "an unknown pending hint: RFA21, and no end",   BANKID_OK, BANKID_PENDING,      0, WIRE_STATE_OPENED, TEXT_GOING_ON, false },
        { "expiredTransaction before anybody has opened it: a silent restart",
                                                          BANKID_OK, BANKID_EXPIRED,      0, WIRE_STATE_STARTING, TEXT_STARTING, false },
        { "certificateErr",                               BANKID_OK, BANKID_CERTIFICATE,  METHOD_DENIED, 0, TEXT_BANKID_BLOCKED, false },
        { "userCancel",                                   BANKID_OK, BANKID_USER_CANCEL,  METHOD_CANCELLED, 0, TEXT_CANCELLED, false },
        { "cancelled",                                    BANKID_OK, BANKID_CANCELLED,    METHOD_CANCELLED, 0, TEXT_CANCELLED_ELSEWHERE, false },
        { "an unknown failed hint: RFA22",                BANKID_OK, BANKID_FAILED,       METHOD_DENIED, 0, TEXT_WENT_WRONG, false },
        { "complete",                                     BANKID_OK, BANKID_COMPLETE,     METHOD_PROVEN, 0, TEXT_APPROVED, false },
        { "one collect without an answer: it goes on",    BANKID_E_UNREACHABLE, 0, 0, WIRE_STATE_SCAN, TEXT_SCAN, true },
        { "a collect answered with what is no answer",    BANKID_E_NOT_UNDERSTOOD, 0, 0, WIRE_STATE_SCAN, TEXT_SCAN, true },
        { "a collect in a time of maintenance: it goes on", BANKID_E_MAINTENANCE, 0, 0, WIRE_STATE_SCAN, TEXT_SCAN, true },
        { "a collect answered with 408 or 500: the end",  BANKID_E_TROUBLE, 0, METHOD_UNREACHABLE, 0, TEXT_WENT_WRONG, false },
        { "a collect that is refused",                    BANKID_E_REJECTED, 0, METHOD_BROKEN, 0, TEXT_BROKEN, false },
        { "a collect that came too soon: it waits",       BANKID_E_BUSY, 0, 0, WIRE_STATE_SCAN, TEXT_SCAN, true },
        { "processing: RFA21",                            BANKID_OK, BANKID_PROCESSING,   0, WIRE_STATE_OPENED, TEXT_GOING_ON, false },
        { "userCallConfirm: RFA21",                       BANKID_OK, BANKID_USER_CALL,    0, WIRE_STATE_OPENED, TEXT_GOING_ON, false },
        { "userDeclinedCall: RFA22",                      BANKID_OK, BANKID_USER_DECLINED, METHOD_CANCELLED, 0, TEXT_WENT_WRONG, false },
        { "notSupportedByUserApp: RFA22",                 BANKID_OK, BANKID_NOT_SUPPORTED, METHOD_DENIED, 0, TEXT_WENT_WRONG, false },
        { "transactionRiskBlocked: RFA22",                BANKID_OK, BANKID_RISK_BLOCKED, METHOD_DENIED, 0, TEXT_WENT_WRONG, false },
        { "an order that was cancelled",                  BANKID_E_CANCELLED, 0, METHOD_CANCELLED, 0, TEXT_CANCELLED_ELSEWHERE, false },
};

static void test_hints(void) {
        for (size_t i = 0; i < N_ELEMENTS(hints); i++) {
                struct bankid_flow f = ordered(false);
                const uint64_t now = collect(&f, hints[i].r, hints[i].hint);
                const struct method_view v = view_at(&f, now);

                tell(now && v.end == hints[i].end && (v.end || v.state == hints[i].state) && v.text == hints[i].text &&
                     (*v.frame != '\0') == hints[i].code && (v.end == METHOD_PROVEN) == (*f.number != '\0'), hints[i].name);
        }
}

static void test_expired(void) {
        struct bankid_flow f = ordered(false);

        (void) collect(&f, BANKID_OK, BANKID_USER_SIGN);
        (void) collect(&f, BANKID_OK, BANKID_EXPIRED);
        tell(f.end == METHOD_TIMED_OUT && f.text == TEXT_NO_ANSWER, "expiredTransaction after that: the end");
}

static const struct {
        const char     *name;
        int             r;
        enum method_end end;
} auths[] = {
        { "no order because of an outage",          BANKID_E_UNREACHABLE, METHOD_UNREACHABLE },
        { "no order, but something else",           BANKID_E_NOT_UNDERSTOOD, METHOD_UNREACHABLE },
        { "no order because we are refused",        BANKID_E_REJECTED, METHOD_BROKEN },
        { "no order because of something new",      BANKID_E_UNKNOWN, METHOD_UNREACHABLE },
        { "no order because of trouble",            BANKID_E_TROUBLE, METHOD_UNREACHABLE },
        { "no order because of maintenance",        BANKID_E_MAINTENANCE, METHOD_UNREACHABLE },
        { "no order because there is another",      BANKID_E_IN_PROGRESS, METHOD_DENIED },
};

static void test_auths(void) {
        for (int decoy = 0; decoy < 2; decoy++)
                for (size_t i = 0; i < N_ELEMENTS(auths); i++) {
                        struct bankid_flow f;

                        bankid_flow_init(&f, decoy, T0);
                        (void) ask(&f, T0);
                        bankid_flow_ordered(&f, auths[i].r, &order, T0 + RTT);
                        tell(view_at(&f, T0 + RTT).end == auths[i].end && ask(&f, T0 + 5000) == BANKID_ASK_NOTHING &&
                             !bankid_flow_needs_cancel(&f), auths[i].name);
                }
}

/* -- When it asks ------------------------------------------------------------------------------------ */

static void test_times(void) {
        struct bankid_flow f = ordered(false);
        uint64_t wake, answered;

        tell(bankid_flow_due(&f, T0 + RTT + 1999, &wake) == BANKID_ASK_NOTHING && wake == T0 + RTT + 2000, "no collect for two seconds");
        tell(ask(&f, T0 + RTT + 2000) == BANKID_ASK_COLLECT && ask(&f, T0 + RTT + 9000) == BANKID_ASK_NOTHING, "one at a time");
        answered = T0 + RTT + 2000 + 3500;
        bankid_flow_collected(&f, BANKID_OK, &(struct bankid_collected) { .hint = BANKID_OUTSTANDING }, answered);
        tell(bankid_flow_due(&f, answered + 999, &wake) == BANKID_ASK_NOTHING && bankid_flow_due(&f, answered + 1000, &wake) == BANKID_ASK_COLLECT,
             "never sooner than a second after a late answer");

        f = ordered(false);
        tell(!bankid_flow_hurry(&f, T0 + RTT + 500) && ask(&f, T0 + RTT + 1049) == BANKID_ASK_NOTHING &&
             ask(&f, T0 + RTT + 1050) == BANKID_ASK_COLLECT, "a person asks: the collect comes early, but not within a second");
        tell(!bankid_flow_hurry(&f, T0 + RTT + 1060), "a person asks while a collect is under way");
        bankid_flow_collected(&f, BANKID_OK, &(struct bankid_collected) { .hint = BANKID_USER_SIGN }, T0 + RTT + 1100);
        tell(ask(&f, T0 + RTT + 2149) == BANKID_ASK_NOTHING && ask(&f, T0 + RTT + 2150) == BANKID_ASK_COLLECT,
             "there is another soon after it");
        f = ordered(false);
        tell(bankid_flow_hurry(&f, T0 + RTT + 1050) && ask(&f, T0 + RTT + 1050) == BANKID_ASK_COLLECT, "a person asks later: at once");
        f = ordered(true);
        tell(bankid_flow_hurry(&f, T0 + RTT + 1050) && ask(&f, T0 + RTT + 1050) == BANKID_ASK_PROBE, "a decoy asks something then, too");
        bankid_flow_probed(&f, BANKID_OK, &order, T0 + RTT + 1100);
        tell(f.ordered && f.due_ms == T0 + RTT + 1050 + BANKID_COLLECT_MS && !f.end, "which changes nothing");
        f = ordered(true);
        tell(ask(&f, T0 + RTT + 1999) == BANKID_ASK_NOTHING && ask(&f, T0 + RTT + 2000) == BANKID_ASK_PROBE,
             "a decoy asks where an order is collected");

        f = ordered(false);
        for (int i = 0; i < BANKID_FAILURES_MAX - 1; i++)
                (void) collect(&f, BANKID_E_UNREACHABLE, 0);
        (void) collect(&f, BANKID_OK, BANKID_OUTSTANDING);
        for (int i = 0; i < BANKID_FAILURES_MAX - 1; i++)
                (void) collect(&f, BANKID_E_UNREACHABLE, 0);
        tell(!f.end, "failures are counted in a row");
        (void) collect(&f, BANKID_E_UNREACHABLE, 0);
        tell(f.end == METHOD_UNREACHABLE && bankid_flow_needs_cancel(&f), "the third in a row ends it, with an order to cancel");
        f = ordered(false);
        (void) collect(&f, BANKID_E_UNREACHABLE, 0);
        (void) collect(&f, BANKID_E_REJECTED, 0);
        tell(f.end == METHOD_UNREACHABLE && f.text == TEXT_WENT_WRONG && !bankid_flow_needs_cancel(&f),
             "an end whose one answer was lost: nobody's fault here");
}

/* 429: left alone for as long as it says, at least a second, and not for ever (MUST 5). */
static void test_busy(void) {
        static const struct {
                const char *name;
                uint64_t    says, waits;
        } pauses[] = {
                { "too many, and no word how long", 0, BANKID_COLLECT_MS },
                { "a pause of half a second is one of a second", 500, BANKID_COLLECT_MIN_MS },
                { "a pause of seven seconds", 7000, 7000 },
        };

        for (int decoy = 0; decoy < 2; decoy++)
                for (size_t i = 0; i < N_ELEMENTS(pauses); i++) {
                        const enum bankid_ask asks = decoy ? BANKID_ASK_PROBE : BANKID_ASK_AUTH;
                        const uint64_t now = T0 + RTT;
                        struct bankid_flow f;
                        bool ok;

                        bankid_flow_init(&f, decoy, T0);
                        (void) ask(&f, T0);
                        f.pause_ms = pauses[i].says;
                        bankid_flow_ordered(&f, BANKID_E_BUSY, &order, now);
                        ok = !f.end && ask(&f, now + pauses[i].waits - 1) == BANKID_ASK_NOTHING && ask(&f, now + pauses[i].waits) == asks;
                        tell(ok && view_at(&f, now).state == WIRE_STATE_STARTING, pauses[i].name);
                }
        {
                struct bankid_flow f = ordered(false);
                uint64_t now;

                f.pause_ms = 7000;
                now = collect(&f, BANKID_E_BUSY, 0);
                tell(!bankid_flow_hurry(&f, now + 5000) && ask(&f, now + 6999) == BANKID_ASK_NOTHING && ask(&f, now + 7000) == BANKID_ASK_COLLECT,
                     "a person who asks does not shorten it");
                bankid_flow_collected(&f, BANKID_OK, &(struct bankid_collected) { .hint = BANKID_OUTSTANDING }, now + 7000 + RTT);
                for (int i = 0; i < BANKID_BUSY_MAX; i++)
                        (void) collect(&f, BANKID_E_BUSY, 0);
                tell(!f.end, "too many in a row, from the last good answer on");
                (void) collect(&f, BANKID_E_BUSY, 0);
                tell(f.end == METHOD_BUSY && f.text == TEXT_WENT_WRONG && bankid_flow_needs_cancel(&f), "and one more: the end, RFA5");
                f = ordered(false);
                f.pause_ms = BANKID_BUSY_MAX_MS + 1;
                (void) collect(&f, BANKID_E_BUSY, 0);
                tell(f.end == METHOD_BUSY, "a pause that nobody waits for: the end");
        }
}

/* -- This device ------------------------------------------------------------------------------------- */

static const struct bankid_order linked = { .reference = "ref3", .qr_token = "t3", .qr_secret = "s3", .start_token = "start3" };

/* A flow that has turned to a link, whose order came at *ret_now. */
static struct bankid_flow turned(bool decoy, uint64_t *ret_now) {
        struct bankid_flow f = ordered(decoy);
        uint64_t now = T0 + 1500;

        bankid_flow_turn(&f, true, now);
        (void) ask(&f, now);
        if (decoy)
                bankid_flow_probed(&f, BANKID_OK, &linked, now + RTT);
        else
                bankid_flow_left(&f, BANKID_OK, now + RTT);
        (void) ask(&f, now + RTT);
        if (decoy)
                bankid_flow_probed(&f, BANKID_OK, &linked, now + 2 * RTT);
        else
                bankid_flow_ordered(&f, BANKID_OK, &linked, now + 2 * RTT);
        *ret_now = now + 2 * RTT;
        return f;
}

static void leave_answered(struct bankid_flow *f, int r, uint64_t now) {
        if (f->decoy)
                bankid_flow_probed(f, r, &order, now);
        else
                bankid_flow_left(f, r, now);
}

static void test_turn(void) {
        struct bankid_flow f = ordered(false);
        uint64_t now = T0 + 1500;
        struct method_view v;

        bankid_flow_turn(&f, true, now);
        v = view_at(&f, now);
        tell(v.state == WIRE_STATE_STARTING && !*v.frame && !*v.link, "who turns sees no code any more");
        tell(ask(&f, now) == BANKID_ASK_CANCEL && ask(&f, now + 10) == BANKID_ASK_NOTHING, "the order is cancelled");
        bankid_flow_left(&f, BANKID_OK, now + RTT);
        tell(ask(&f, now + RTT) == BANKID_ASK_AUTH && !bankid_flow_needs_cancel(&f), "another is made");
        bankid_flow_ordered(&f, BANKID_OK, &linked, now + 2 * RTT);
        v = view_at(&f, now + 2 * RTT);
        tell(v.state == WIRE_STATE_STARTING && !*v.link, "no link before the floor either");
        v = view_at(&f, now + RTT + BANKID_FRAME_FLOOR_MS);
        tell(v.state == WIRE_STATE_SCAN && v.text == TEXT_TRYING && !*v.frame && strstr(v.link, "=start3&") &&
             bankid_flow_needs_cancel(&f), "the link of the new order, and no code");
        bankid_flow_turn(&f, false, now + 5000);
        (void) ask(&f, now + 5000);
        bankid_flow_left(&f, BANKID_OK, now + 5000 + RTT);
        (void) ask(&f, now + 5000 + RTT);
        bankid_flow_ordered(&f, BANKID_OK, &order, now + 5000 + 2 * RTT);
        v = view_at(&f, now + 7000);
        tell(v.text == TEXT_SCAN && strncmp(v.frame, "bankid.token.", 13) == 0 && !*v.link, "and back to codes");

        bankid_flow_init(&f, false, T0);
        (void) ask(&f, T0);
        bankid_flow_turn(&f, true, T0 + 10);
        tell(ask(&f, T0 + 20) == BANKID_ASK_NOTHING, "who turns while the order is being made: it is waited for");
        bankid_flow_ordered(&f, BANKID_OK, &order, T0 + RTT);
        tell(ask(&f, T0 + RTT) == BANKID_ASK_CANCEL && !*view_at(&f, T0 + 900).frame, "and cancelled, unseen");
        bankid_flow_init(&f, false, T0);
        bankid_flow_turn(&f, true, T0);
        tell(ask(&f, T0) == BANKID_ASK_AUTH && f.link && !f.turning, "before there is any: the first is for the link");

        f = ordered(false);
        now = f.due_ms;
        (void) ask(&f, now);
        bankid_flow_turn(&f, true, now + 10);
        bankid_flow_collected(&f, BANKID_OK, &(struct bankid_collected) { .hint = BANKID_COMPLETE, .number = "189001019802" }, now + RTT);
        tell(f.end == METHOD_PROVEN && !f.link, "an approval that was under way counts, as one of a code");
        f = ordered(false);
        now = f.due_ms;
        (void) ask(&f, now);
        bankid_flow_turn(&f, true, now + 10);
        bankid_flow_collected(&f, BANKID_OK, &(struct bankid_collected) { .hint = BANKID_OUTSTANDING }, now + RTT);
        tell(ask(&f, now + RTT) == BANKID_ASK_CANCEL, "a collect that was under way is followed by the cancel");
        bankid_flow_pause(&f, 3000);
        bankid_flow_left(&f, BANKID_E_BUSY, now + 2 * RTT);
        tell(ask(&f, now + 2 * RTT + 2999) == BANKID_ASK_NOTHING && view_at(&f, now + 2 * RTT + 2999).state == WIRE_STATE_STARTING &&
             ask(&f, now + 2 * RTT + 3000) == BANKID_ASK_CANCEL, "too many requests at the cancel: no order before it may be asked for");
        bankid_flow_left(&f, BANKID_OK, now + 3000 + 3 * RTT);
        tell(f.floor_ms == now + 10 + BANKID_FRAME_FLOOR_MS && f.link, "the floor counts from the turn");
}

/* An order that nobody has heard of being cancelled is cancelled again, once, and nothing is shown of it. */
static void test_turn_unheard(void) {
        static const int none[] = { BANKID_E_UNREACHABLE, BANKID_E_MAINTENANCE };

        for (size_t i = 0; i < N_ELEMENTS(none); i++)
                for (int decoy = 0; decoy < 2; decoy++) {
                        const enum bankid_ask asks = decoy ? BANKID_ASK_PROBE : BANKID_ASK_CANCEL;
                        const uint64_t now = T0 + 1500;
                        struct bankid_flow f = ordered(decoy);
                        bool again;

                        bankid_flow_turn(&f, true, now);
                        (void) ask(&f, now);
                        leave_answered(&f, none[i], now + RTT);
                        again = bankid_flow_needs_cancel(&f) && view_at(&f, now + RTT).state == WIRE_STATE_STARTING &&
                                strcmp(f.order.reference, order.reference) == 0 && ask(&f, now + RTT) == asks;
                        tell(again, "a cancel without an answer: the same again");
                        leave_answered(&f, none[i], now + 2 * RTT);
                        tell(!bankid_flow_needs_cancel(&f) && ask(&f, now + 2 * RTT) == (decoy ? asks : BANKID_ASK_AUTH) && !f.end,
                             "and once only: the next order");
                        f = ordered(decoy);
                        bankid_flow_turn(&f, true, now);
                        (void) ask(&f, now);
                        leave_answered(&f, BANKID_E_TROUBLE, now + RTT);
                        tell(!bankid_flow_needs_cancel(&f) && ask(&f, now + RTT) == (decoy ? asks : BANKID_ASK_AUTH) && !f.end,
                             "a cancel answered with 408 or 500 is not asked again");
                }
}

static void test_link_ends(void) {
        uint64_t now;
        struct bankid_flow f = turned(false, &now);
        struct method_view v;

        (void) collect(&f, BANKID_OK, BANKID_STARTED);
        tell(view_at(&f, now + 5000).text == TEXT_SEARCHING_HERE, "started, by the link: RFA15B");
        f = turned(false, &now);
        now = collect(&f, BANKID_OK, BANKID_START_FAILED);
        tell(!f.end && ask(&f, now) == BANKID_ASK_AUTH && f.link, "a link that nobody opens is renewed");
        f = turned(false, &now);
        f.first_ms = now - BANKID_RESTART_MS;
        (void) collect(&f, BANKID_OK, BANKID_START_FAILED);
        tell(f.end == METHOD_TIMED_OUT && f.text == TEXT_NOT_STARTED, "three minutes after the first order: RFA17A");

        f = turned(false, &now);
        now = f.due_ms;
        (void) ask(&f, now);
        bankid_flow_elsewhere(&f, now);
        tell(!f.end && !*f.number && !bankid_flow_needs_cancel(&f) && ask(&f, now) == BANKID_ASK_AUTH, "approved elsewhere: another order");
        bankid_flow_ordered(&f, BANKID_OK, &order, now + RTT);
        v = view_at(&f, now + 1500);
        tell(v.text == TEXT_OTHER_ADDRESS && *v.frame && !*v.link, "with a code, and the reason beside it");
        (void) collect(&f, BANKID_OK, BANKID_STARTED);
        tell(view_at(&f, now + 5000).text == TEXT_SEARCHING, "which goes when somebody scans");
}

static void test_cancel(void) {
        struct bankid_flow f = ordered(false);

        tell(bankid_flow_needs_cancel(&f), "an order that goes on is cancelled");
        (void) collect(&f, BANKID_OK, BANKID_USER_CANCEL);
        tell(!bankid_flow_needs_cancel(&f), "one that has failed is not");
        f = ordered(false);
        (void) collect(&f, BANKID_OK, BANKID_COMPLETE);
        tell(!bankid_flow_needs_cancel(&f), "one that is complete is not");
        for (int decoy = 0; decoy < 2; decoy++) {
                const enum bankid_ask asks = decoy ? BANKID_ASK_PROBE : BANKID_ASK_CANCEL;
                uint64_t when;

                f = ordered(decoy);
                tell(bankid_flow_leave(&f, &when) == asks && when == 0, "at the end it is cancelled at once; a decoy asks something");
                bankid_flow_asked(&f, asks, T0 + 2000);
                bankid_flow_pause(&f, 2000);
                leave_answered(&f, BANKID_E_BUSY, T0 + 2000 + RTT);
                tell(bankid_flow_needs_cancel(&f) && bankid_flow_leave(&f, &when) == asks && when == T0 + 4000 + RTT,
                     "too many: later, and not before it may be");
                bankid_flow_asked(&f, asks, when);
                leave_answered(&f, BANKID_E_MAINTENANCE, when + RTT);
                tell(bankid_flow_needs_cancel(&f) && bankid_flow_leave(&f, &when) == asks, "maintenance: the same again");
                bankid_flow_asked(&f, asks, when + 2 * RTT);
                leave_answered(&f, BANKID_E_MAINTENANCE, when + 3 * RTT);
                tell(!bankid_flow_needs_cancel(&f), "and still: it is let go");
        }
}

/* -- What it shows ----------------------------------------------------------------------------------- */

static void test_frames(void) {
        struct bankid_flow f = ordered(false);
        char first[METHOD_FRAME_MAX + 1];
        struct method_view v = view_at(&f, T0 + BANKID_FRAME_FLOOR_MS - 1);

        tell(v.state == WIRE_STATE_STARTING && !*v.frame && v.frame_until_ms == T0 + BANKID_FRAME_FLOOR_MS, "no code before the floor");
        v = view_at(&f, T0 + BANKID_FRAME_FLOOR_MS);
        memcpy(first, v.frame, sizeof first);
        tell(strncmp(first, "bankid.token.0.", 15) == 0 && v.frame_until_ms == T0 + RTT + 1000, "second 0 counts from the answer");
        v = view_at(&f, T0 + RTT + 999);
        tell(strcmp(v.frame, first) == 0, "the same code until the second is over");
        v = view_at(&f, T0 + RTT + 1000);
        tell(strncmp(v.frame, "bankid.token.1.", 15) == 0 && v.frame_until_ms == T0 + RTT + 2000, "the next with the next second");
}

static void test_restart(void) {
        struct bankid_flow f = ordered(false);
        uint64_t now = collect(&f, BANKID_OK, BANKID_START_FAILED);
        const struct bankid_order second = { .reference = "ref2", .qr_token = "token2", .qr_secret = "secret2" };

        tell(!f.end && !bankid_flow_needs_cancel(&f) && view_at(&f, now).state == WIRE_STATE_STARTING, "startFailed is no end");
        tell(ask(&f, now) == BANKID_ASK_AUTH, "a new order is asked for at once");
        bankid_flow_ordered(&f, BANKID_OK, &second, now + RTT);
        tell(strncmp(view_at(&f, now + 800).frame, "bankid.token2.0.", 16) == 0, "its codes count from its own answer");
        f.first_ms = now - BANKID_RESTART_MS;
        (void) collect(&f, BANKID_OK, BANKID_START_FAILED);
        tell(f.end == METHOD_TIMED_OUT && f.text == TEXT_NOT_SCANNED, "three minutes after the first order it ends");
}

/* The same codes at the same times, and the same end, whether there is an order or not (MUST 4). */
static void test_decoy(void) {
        struct bankid_flow real = ordered(false), decoy = ordered(true);
        uint64_t answered = T0 + RTT;
        bool same = true, probes_only = true;

        for (uint64_t now = T0 + RTT; now < T0 + BANKID_RESTART_MS + 60000 && same; now += 50) {
                const enum bankid_ask a = ask(&real, now), b = ask(&decoy, now);
                const bool asked = b != BANKID_ASK_NOTHING;
                const bool over = now - answered >= BANKID_START_MS;
                struct method_view v, w;

                if (a == BANKID_ASK_COLLECT) {
                        bankid_flow_collected(&real, BANKID_OK, &(struct bankid_collected) {
                                .hint = over ? BANKID_START_FAILED : BANKID_OUTSTANDING }, now);
                        if (ask(&real, now) == BANKID_ASK_AUTH) {
                                bankid_flow_ordered(&real, BANKID_OK, &order, now);
                                answered = now;
                        }
                }
                probes_only = probes_only && (!asked || b == BANKID_ASK_PROBE);
                for (enum bankid_ask next = b; next == BANKID_ASK_PROBE; next = ask(&decoy, now))
                        bankid_flow_probed(&decoy, BANKID_OK, &order, now);
                v = view_at(&real, now);
                w = view_at(&decoy, now);
                same = asked == (a != BANKID_ASK_NOTHING) && v.end == w.end && v.state == w.state && v.text == w.text && strcmp(v.frame, w.frame) == 0 &&
                       v.frame_until_ms == w.frame_until_ms;
        }
        tell(same, "a decoy asks when, and shows what an order that nobody scans does, to the end");
        tell(real.end == METHOD_TIMED_OUT && decoy.end == METHOD_TIMED_OUT, "both end");
        tell(probes_only, "a decoy asks only whether the service is there");

        {
                uint64_t real_now, decoy_now;
                struct method_view v, w;

                real = turned(false, &real_now);
                decoy = turned(true, &decoy_now);
                v = view_at(&real, real_now + 1000);
                w = view_at(&decoy, decoy_now + 1000);
                tell(real_now == decoy_now && *v.link && strcmp(v.link, w.link) == 0 && v.text == w.text && v.state == w.state,
                     "a decoy turns as an order does, in as many steps");
        }

        decoy = ordered(true);
        decoy.asking = BANKID_ASK_COLLECT;
        bankid_flow_collected(&decoy, BANKID_OK, &(struct bankid_collected) { .hint = BANKID_COMPLETE, .number = "189001019802" }, T0 + 3000);
        tell(decoy.end == METHOD_BROKEN && !*decoy.number, "a decoy is never proven, whatever comes");
}

int main(void) {
        test_hints();
        test_expired();
        test_auths();
        test_times();
        test_busy();
        test_turn();
        test_turn_unheard();
        test_link_ends();
        test_cancel();
        test_frames();
        test_restart();
        test_decoy();
        printf("1..%u\n", n_tests);
        return n_failed != 0;
}
