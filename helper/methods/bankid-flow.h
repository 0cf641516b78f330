/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bankid-flow.h - what to ask BankID when, and what to show meanwhile
 *
 * A state machine without network and clock: it is told the time and the
 * answers, and says what is due.  A decoy goes through the same states, asks
 * as often and when an order would, but only whether the service is there, and
 * shows codes of nobody's order.
 *
 *     STARTING --order--> SCAN --opened--> OPENED --> CONFIRM --> end
 *         ^                 | startFailed, silently, for 3 minutes
 *         +-----------------+
 *
 * An order is scanned on another device, or opened by a link on this one.  At
 * any time the person may turn to the other way: the order is cancelled, and
 * another is made.
 */

#include "bankid-json.h"
#include "method.h"

enum {
        BANKID_COLLECT_MS      = 2000,  /* from one collect to the next                           */
        BANKID_COLLECT_MIN_MS  = 1000,  /* from an answer to the next collect                     */
        BANKID_HURRY_MS        = 1050,  /* the same for a person who asks                         */
        BANKID_START_MS        = 30000, /* a code that nobody scans fails after this (the decoy's clock) */
        BANKID_RESTART_MS      = 180000,/* from the first order, for silent restarts              */
        BANKID_FRAME_FLOOR_MS  = 700,   /* no code is shown sooner after a start, a turn, or a code that failed */
        BANKID_FAILURES_MAX    = 3,     /* collects without an answer, in a row                   */
        BANKID_BUSY_MAX        = 3,     /* "too many requests", in a row                          */
        BANKID_BUSY_MAX_MS     = 30000, /* and the longest that we wait for it to pass            */
};

enum bankid_ask {
        BANKID_ASK_NOTHING,
        BANKID_ASK_AUTH,
        BANKID_ASK_PROBE,
        BANKID_ASK_COLLECT,
        BANKID_ASK_CANCEL,
};

struct bankid_flow {
        bool     decoy;
        bool     link;                  /* this order is for a link on this device                */
        bool     link_wanted;           /* the next one is                                        */
        bool     turning;               /* this one is to be cancelled                            */
        uint64_t turned_ms;             /* when that was wished                                   */
        bool     leaving;               /* that is what was asked                                 */
        bool     unheard;               /* once already without an answer                         */
        enum text notice;               /* said in place of "scan the code", until somebody does  */
        bool     ordered;               /* there is an order (a decoy's: of nobody's)             */
        enum bankid_ask asking;         /* asked, and not answered yet                            */
        uint64_t asked_ms, due_ms;
        uint64_t first_ms;              /* the first order was asked for                          */
        uint64_t answered_ms;           /* the order came: second 0 of its codes                  */
        uint64_t floor_ms;              /* no code before                                         */
        uint64_t heard_ms;              /* the newest answer came                                 */
        uint64_t learnt_ms;             /* what it answers was asked                              */
        bool     hurried;               /* the person has asked since we asked                    */
        unsigned failures, busy;
        uint64_t pause_ms;              /* how long BankID wants to be left alone; 0: it has not said */
        uint64_t quiet_until_ms;        /* not to be asked before                                 */
        enum bankid_hint hint;
        struct bankid_order order;
        uint64_t framed_ms;             /* until when @frame is shown, as text of it has been made; 0: none */
        char     frame[BANKID_FRAME_MAX + 1];
        char     number[BANKID_NUMBER_LEN + 1];
        enum method_end end;
        enum text text;
};

void bankid_flow_init(struct bankid_flow *f, bool decoy, uint64_t now_ms);
void bankid_flow_done(struct bankid_flow *f);                   /* wipes it                       */

/* What to ask now; if nothing, not before *ret_wake_ms. */
enum bankid_ask bankid_flow_due(struct bankid_flow *f, uint64_t now_ms, uint64_t *ret_wake_ms);
void bankid_flow_asked(struct bankid_flow *f, enum bankid_ask ask, uint64_t now_ms);

/*
 * The person asks: the next collect is due as soon as it may be.  Returns true
 * if that is now.  A decoy asks then, too: its answer is to take as long.
 */
bool bankid_flow_hurry(struct bankid_flow *f, uint64_t now_ms);

/* The answer to what was asked.  @r is BANKID_OK or a verdict; what is given is looked at with BANKID_OK only. */
void bankid_flow_ordered(struct bankid_flow *f, int r, const struct bankid_order *order, uint64_t now_ms);
void bankid_flow_collected(struct bankid_flow *f, int r, const struct bankid_collected *collected, uint64_t now_ms);

/*
 * The answer to a cancel: the next order, whatever it says, since an order that
 * could not be cancelled runs out.  But BANKID_E_BUSY: the same again, later;
 * and none at all, or maintenance: the same again, once.
 */
void bankid_flow_left(struct bankid_flow *f, int r, uint64_t now_ms);

/* From here on with a link on this device, or (not @link) with codes again.  Nothing once it has ended. */
void bankid_flow_turn(struct bankid_flow *f, bool link, uint64_t now_ms);

/*
 * An approval that does not count, because it came from another device than
 * this one: back to codes, and say so.  In place of bankid_flow_collected().
 */
void bankid_flow_elsewhere(struct bankid_flow *f, uint64_t now_ms);

/* A decoy's answer: in place of an order, of a collect of one that nobody scans, or of a cancel. */
void bankid_flow_probed(struct bankid_flow *f, int r, const struct bankid_order *order, uint64_t now_ms);

/* What the answer that is about to be told wants: not to be asked for so long.  0: it does not say. */
void bankid_flow_pause(struct bankid_flow *f, uint64_t pause_ms);

/* It can't go on, for a reason of ours. */
void bankid_flow_break(struct bankid_flow *f, enum method_end end, enum text text);

/*
 * Is there an order at BankID that has not ended?  A decoy has none, but asks
 * in its place.
 */
bool bankid_flow_needs_cancel(const struct bankid_flow *f);

/*
 * The log-in is over, and so shall its order be.  Returns what is to be asked
 * for that, not before *ret_ms; the answer is told as any other, and this is
 * asked again while bankid_flow_needs_cancel().
 */
enum bankid_ask bankid_flow_leave(struct bankid_flow *f, uint64_t *ret_ms);

void bankid_flow_view(struct bankid_flow *f, uint64_t now_ms, struct method_view *ret);
