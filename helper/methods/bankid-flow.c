/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bankid-flow.c - the states of a BankID log-in
 *
 * 1. MUST end as proven on BANKID_COMPLETE only, and never for a decoy.
 * 2. MUST not ask for a collect sooner than BANKID_COLLECT_MIN_MS after the last answer, however often a person asks.
 * 3. MUST show a code only while nobody has opened the order.
 * 4. MUST show a decoy's codes from when, until when and as often as those of an order that nobody scans, and
 *    ask something whenever an order would be asked for, asked about or cancelled: what waits for an answer waits
 *    for one as far away, on a connection that is as warm.
 * 5. MUST not ask anything before BankID wants to be asked again, nor within a second of its saying "too many".
 * 6. MUST not count an approval of an order that was made for a link as one of codes, nor the reverse.
 * 7. MUST not ask the same again after a 408 or a 500: BankID wants no retries of them.
 */

#include "bankid-flow.h"

#include <string.h>

static void flow_end(struct bankid_flow *f, enum method_end end, enum text text) {
        f->end = end;
        f->text = text;
}

/* The beginning, and every silent restart.  What a person can see of how long it takes began at @since_ms. */
static void flow_start_over(struct bankid_flow *f, uint64_t since_ms, uint64_t now_ms) {
        f->ordered = false;
        f->turning = f->leaving = f->unheard = false;
        f->link = f->link_wanted;
        f->hint = 0;
        f->failures = 0;
        f->due_ms = now_ms;
        f->floor_ms = since_ms + BANKID_FRAME_FLOOR_MS;
        explicit_bzero(&f->order, sizeof f->order);
}

void bankid_flow_init(struct bankid_flow *f, bool decoy, uint64_t now_ms) {
        memset(f, 0, sizeof *f);
        f->decoy = decoy;
        f->first_ms = now_ms;
        flow_start_over(f, now_ms, now_ms);
}

void bankid_flow_done(struct bankid_flow *f) {
        explicit_bzero(f, sizeof *f);
}

static void flow_failed(struct bankid_flow *f, enum bankid_hint hint, uint64_t now_ms) {
        const struct bankid_hint_words *words;

        /* The order is over at BankID's: there is nothing to cancel. */
        f->ordered = false;

        /* Nobody has opened it: by either name it is an order that was not started in time. */
        if (hint == BANKID_EXPIRED && f->hint == BANKID_OUTSTANDING)
                hint = BANKID_START_FAILED;

        if (hint == BANKID_START_FAILED && now_ms - f->first_ms < BANKID_RESTART_MS) {
                flow_start_over(f, f->asked_ms, now_ms);
                return;
        }
        words = bankid_hint_words(hint);
        flow_end(f, words->failed ? words->end : METHOD_DENIED, f->link ? words->link : words->scan);
}

/* Too many requests: leave it alone for as long as it says, which may be too long for a person who waits. */
static void flow_busy(struct bankid_flow *f, uint64_t now_ms) {
        uint64_t pause = f->pause_ms ? f->pause_ms : BANKID_COLLECT_MS;

        if (pause < BANKID_COLLECT_MIN_MS)
                pause = BANKID_COLLECT_MIN_MS;
        f->due_ms = f->quiet_until_ms = now_ms + pause;
        if (pause > BANKID_BUSY_MAX_MS || ++f->busy > BANKID_BUSY_MAX) {
                enum text text;
                const enum method_end end = bankid_error_end(BANKID_E_BUSY, &text);

                flow_end(f, end, text);
        }
}

/* What may be asked once more: BankID asks for no second try of anything else. */
static bool answer_passes(int r) {
        return r == BANKID_E_UNREACHABLE || r == BANKID_E_MAINTENANCE;
}

/* An answer that is none; @again: the same question may be asked once more. */
static void flow_refused(struct bankid_flow *f, int r, bool again, uint64_t now_ms) {
        enum method_end end;
        enum text text;

        if (r == BANKID_E_BUSY) {
                flow_busy(f, now_ms);
                return;
        }
        if (again && (answer_passes(r) || r == BANKID_E_NOT_UNDERSTOOD) && ++f->failures < BANKID_FAILURES_MAX)
                return;
        end = bankid_error_end(r, &text);
        flow_end(f, end, text);
}

enum bankid_ask bankid_flow_due(struct bankid_flow *f, uint64_t now_ms, uint64_t *ret_wake_ms) {
        *ret_wake_ms = f->due_ms;
        if (f->end || f->asking || now_ms < f->due_ms) {
                if (f->end || f->asking)
                        *ret_wake_ms = UINT64_MAX;
                return BANKID_ASK_NOTHING;
        }
        if (f->decoy)
                return BANKID_ASK_PROBE;
        if (!f->ordered)
                return BANKID_ASK_AUTH;
        return f->turning ? BANKID_ASK_CANCEL : BANKID_ASK_COLLECT;
}

void bankid_flow_asked(struct bankid_flow *f, enum bankid_ask ask, uint64_t now_ms) {
        f->asking = ask;
        f->asked_ms = now_ms;
        f->hurried = false;
        f->leaving = f->turning && f->ordered;
}

bool bankid_flow_hurry(struct bankid_flow *f, uint64_t now_ms) {
        uint64_t soonest = f->heard_ms + BANKID_HURRY_MS;

        if (soonest < f->quiet_until_ms)
                soonest = f->quiet_until_ms;
        if (f->end || !f->ordered)
                return false;
        f->hurried = true;
        if (f->asking)
                return false;
        if (f->due_ms > soonest)
                f->due_ms = soonest;
        return f->due_ms <= now_ms;
}

static void flow_heard(struct bankid_flow *f, uint64_t now_ms) {
        f->asking = BANKID_ASK_NOTHING;
        f->heard_ms = now_ms;
        f->learnt_ms = f->asked_ms;
}

void bankid_flow_ordered(struct bankid_flow *f, int r, const struct bankid_order *order, uint64_t now_ms) {
        flow_heard(f, now_ms);
        if (r != BANKID_OK) {
                flow_refused(f, r, false, now_ms);
                return;
        }
        f->busy = 0;
        f->order = *order;
        f->framed_ms = 0;
        f->ordered = true;
        f->hint = BANKID_OUTSTANDING;
        f->answered_ms = now_ms;
        f->due_ms = f->turning ? now_ms : now_ms + BANKID_COLLECT_MS;
}

void bankid_flow_collected(struct bankid_flow *f, int r, const struct bankid_collected *collected, uint64_t now_ms) {
        const uint64_t regular = f->asked_ms + BANKID_COLLECT_MS, soonest = now_ms + BANKID_COLLECT_MIN_MS;

        flow_heard(f, now_ms);
        f->due_ms = regular > soonest ? regular : soonest;
        /* Somebody has asked meanwhile, to whom this answer may be too old. */
        if (f->hurried)
                f->due_ms = now_ms + BANKID_HURRY_MS;
        if (f->turning)
                f->due_ms = now_ms;
        /* How an order ended is told once.  If that answer was lost, the next says that there is no such order. */
        if (r == BANKID_E_REJECTED && f->failures > 0) {
                f->ordered = false;
                flow_refused(f, BANKID_E_TROUBLE, false, now_ms);
                return;
        }
        if (r != BANKID_OK) {
                flow_refused(f, r, true, now_ms);
                return;
        }
        f->failures = f->busy = 0;

        switch (collected->hint) {
        case BANKID_OUTSTANDING:
        case BANKID_NO_CLIENT:
        case BANKID_STARTED:
        case BANKID_USER_MRTD:
        case BANKID_USER_CALL:
        case BANKID_USER_SIGN:
        case BANKID_PROCESSING:
        case BANKID_PENDING:
                if (collected->hint != BANKID_OUTSTANDING)
                        f->notice = TEXT_NONE;
                f->hint = collected->hint;
                return;
        case BANKID_EXPIRED:
        case BANKID_CERTIFICATE:
        case BANKID_USER_CANCEL:
        case BANKID_CANCELLED:
        case BANKID_START_FAILED:
        case BANKID_USER_DECLINED:
        case BANKID_NOT_SUPPORTED:
        case BANKID_RISK_BLOCKED:
        case BANKID_FAILED:
                flow_failed(f, collected->hint, now_ms);
                return;
        case BANKID_COMPLETE:
                f->ordered = false;
                if (f->decoy) {
                        flow_end(f, METHOD_BROKEN, TEXT_BROKEN);
                        return;
                }
                memcpy(f->number, collected->number, sizeof f->number);
                flow_end(f, METHOD_PROVEN, TEXT_APPROVED);
                return;
        }
        flow_end(f, METHOD_BROKEN, TEXT_BROKEN);
}

void bankid_flow_left(struct bankid_flow *f, int r, uint64_t now_ms) {
        flow_heard(f, now_ms);
        if (r == BANKID_E_BUSY) {
                flow_busy(f, now_ms);
        } else if (answer_passes(r) && !f->unheard) {
                f->unheard = true;
                f->due_ms = now_ms;
        } else {
                flow_start_over(f, f->turned_ms, now_ms);
        }
}

void bankid_flow_turn(struct bankid_flow *f, bool link, uint64_t now_ms) {
        if (f->end)
                return;
        f->link_wanted = link;
        f->notice = TEXT_NONE;
        if (f->ordered || f->asking) {
                f->turning = true;
                f->turned_ms = now_ms;
                if (!f->asking && now_ms >= f->quiet_until_ms)
                        f->due_ms = now_ms;
        } else {
                f->link = link;
        }
}

void bankid_flow_elsewhere(struct bankid_flow *f, uint64_t now_ms) {
        f->ordered = false;
        f->link_wanted = false;
        flow_heard(f, now_ms);
        flow_start_over(f, f->asked_ms, now_ms);
        f->notice = TEXT_OTHER_ADDRESS;
}

void bankid_flow_probed(struct bankid_flow *f, int r, const struct bankid_order *order, uint64_t now_ms) {
        const struct bankid_collected collected = {
                .hint = now_ms - f->answered_ms >= BANKID_START_MS ? BANKID_START_FAILED : BANKID_OUTSTANDING,
        };

        if (f->leaving)
                bankid_flow_left(f, r, now_ms);
        else if (f->ordered)
                bankid_flow_collected(f, r, &collected, now_ms);
        else
                bankid_flow_ordered(f, r, order, now_ms);
}

void bankid_flow_pause(struct bankid_flow *f, uint64_t pause_ms) {
        f->pause_ms = pause_ms;
}

void bankid_flow_break(struct bankid_flow *f, enum method_end end, enum text text) {
        flow_end(f, end, text);
}

bool bankid_flow_needs_cancel(const struct bankid_flow *f) {
        return f->ordered;
}

enum bankid_ask bankid_flow_leave(struct bankid_flow *f, uint64_t *ret_ms) {
        f->asking = BANKID_ASK_NOTHING;
        f->turning = true;
        *ret_ms = f->quiet_until_ms;
        return f->decoy ? BANKID_ASK_PROBE : BANKID_ASK_CANCEL;
}

/* The text for that second is made once, however often somebody looks.  One that can't be made is none; the order goes on without. */
static void frame_make(struct bankid_flow *f, uint64_t now_ms) {
        const uint64_t seconds = (now_ms - f->answered_ms) / 1000, until_ms = f->answered_ms + (seconds + 1) * 1000;

        if (f->framed_ms == until_ms)
                return;
        if (seconds > UINT32_MAX || bankid_frame(f->order.qr_token, f->order.qr_secret, (uint32_t) seconds, f->frame) < 0)
                f->frame[0] = '\0';
        f->framed_ms = until_ms;
}

void bankid_flow_view(struct bankid_flow *f, uint64_t now_ms, struct method_view *ret) {
        const struct bankid_hint_words *words = bankid_hint_words(f->hint);

        memset(ret, 0, sizeof *ret);
        ret->learnt_ms = f->learnt_ms;
        ret->state = WIRE_STATE_STARTING;
        ret->text = TEXT_STARTING;
        ret->frame_until_ms = UINT64_MAX;
        if (f->end) {
                ret->end = f->end;
                ret->text = f->text;
                return;
        }
        if (f->ordered && now_ms < f->floor_ms) {
                ret->frame_until_ms = f->floor_ms;
                return;
        }
        if (!f->ordered || f->turning)
                return;
        ret->state = words->state;
        ret->text = f->link ? words->link : words->scan;
        if (f->hint != BANKID_OUTSTANDING)
                return;
        ret->notice = f->notice != TEXT_NONE;
        if (ret->notice)
                ret->text = f->notice;
        if (f->link) {
                bankid_link(f->order.start_token, ret->link);
        } else {
                frame_make(f, now_ms);
                memcpy(ret->frame, f->frame, sizeof f->frame);
                ret->frame_until_ms = f->framed_ms;
        }
}
