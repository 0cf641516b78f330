/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bankid-words.c - hintCodes and errorCodes, with their texts
 *
 * Words: BankID's RP API v6.0 as its public clients know it (e-identification/bankid-go
 * hintcode.go, ActiveLogin CollectHintCode.cs and ErrorCode.cs).  Which text goes with
 * which: BankID's recommended user messages, as in ActiveLogin
 * BankIdRecommendedUserMessage.cs, of the edition of developers.bankid.com; RFA14
 * of the one before, the last that has it.  Word by word in Swedish and English,
 * with two exceptions:
 *
 *     outstandingTransaction, a code: not RFA1 ("Start your BankID app."), which says nothing of the code,
 *                                     but what BankID's own demonstration says (BankID/SampleCode swe.json),
 *                                     "scan" as RFA17 says it ("läs av")
 *     started, a code (RFA14):        its first sentence; the rest is about starting the app on this computer
 *
 * Not said: RFA2 and RFA15A (what is installed where can't be known, and links are for phones), RFA18 to RFA20
 * (there is no button, and the choice of a device has words of ours).
 *
 * 1. MUST have a text for every word there is, and for every word there may be.
 * 2. MUST give no word but "complete" an end that proves anything.
 */

#include "bankid-words.h"

#include "cleanup.h"

#include <string.h>
#include <strings.h>

#define PENDING(s, text_scan, text_link) \
        .failed = false, .state = WIRE_STATE_ ## s, .scan = TEXT_ ## text_scan, .link = TEXT_ ## text_link
#define FAILED(e, text_scan, text_link) \
        .failed = true, .end = METHOD_ ## e, .scan = TEXT_ ## text_scan, .link = TEXT_ ## text_link

static const struct bankid_hint_words hints[] = {
        /* No hint at all is one that we don't know. */
        [0]                    = { NULL,                     FAILED(DENIED, WENT_WRONG, WENT_WRONG) },

        [BANKID_OUTSTANDING]   = { "outstandingTransaction", PENDING(SCAN, SCAN, TRYING) },             /* RFA1, RFA13 */
        [BANKID_NO_CLIENT]     = { "noClient",               PENDING(SCAN, OPEN_APP, OPEN_APP) },       /* RFA1 */
        [BANKID_STARTED]       = { "started",                PENDING(OPENED, SEARCHING, SEARCHING_HERE) },      /* RFA14, RFA15B */
        [BANKID_USER_MRTD]     = { "userMrtd",               PENDING(OPENED, DOCUMENT, DOCUMENT) },     /* RFA23 */
        [BANKID_USER_CALL]     = { "userCallConfirm",        PENDING(OPENED, GOING_ON, GOING_ON) },     /* RFA21 */
        [BANKID_USER_SIGN]     = { "userSign",               PENDING(CONFIRM, CODE, CODE) },            /* RFA9 */
        [BANKID_PROCESSING]    = { "processing",             PENDING(OPENED, GOING_ON, GOING_ON) },     /* RFA21 */
        [BANKID_PENDING]       = { NULL,                     PENDING(OPENED, GOING_ON, GOING_ON) },     /* RFA21 */

        [BANKID_EXPIRED]       = { "expiredTransaction",     FAILED(TIMED_OUT, NO_ANSWER, NO_ANSWER) }, /* RFA8 */
        [BANKID_CERTIFICATE]   = { "certificateErr",         FAILED(DENIED, BANKID_BLOCKED, BANKID_BLOCKED) },  /* RFA16 */
        [BANKID_USER_CANCEL]   = { "userCancel",             FAILED(CANCELLED, CANCELLED, CANCELLED) }, /* RFA6 */
        [BANKID_CANCELLED]     = { "cancelled",              FAILED(CANCELLED, CANCELLED_ELSEWHERE, CANCELLED_ELSEWHERE) }, /* RFA3 */
        [BANKID_START_FAILED]  = { "startFailed",            FAILED(TIMED_OUT, NOT_SCANNED, NOT_STARTED) },     /* RFA17B, RFA17A */
        [BANKID_USER_DECLINED] = { "userDeclinedCall",       FAILED(CANCELLED, WENT_WRONG, WENT_WRONG) },       /* RFA22 */
        [BANKID_NOT_SUPPORTED] = { "notSupportedByUserApp",  FAILED(DENIED, WENT_WRONG, WENT_WRONG) },  /* RFA22 */
        [BANKID_RISK_BLOCKED]  = { "transactionRiskBlocked", FAILED(DENIED, WENT_WRONG, WENT_WRONG) },  /* RFA22 */
        [BANKID_FAILED]        = { NULL,                     FAILED(DENIED, WENT_WRONG, WENT_WRONG) },  /* RFA22 */

        /* Handled by name, never by this row. */
        [BANKID_COMPLETE]      = { NULL,                     FAILED(BROKEN, BROKEN, BROKEN) },
};

const struct bankid_hint_words *bankid_hint_words(enum bankid_hint hint) {
        return &hints[hint > 0 && hint < N_ELEMENTS(hints) ? hint : 0];
}

enum bankid_hint bankid_hint_find(const char *name, bool failed) {
        for (size_t i = 1; name && i < N_ELEMENTS(hints); i++)
                if (hints[i].name && hints[i].failed == failed && strcmp(hints[i].name, name) == 0)
                        return (enum bankid_hint) i;
        return failed ? BANKID_FAILED : BANKID_PENDING;
}

/* The first row that fits.  Some codes came in other cases in earlier editions, so case does not count. */
static const struct {
        long        from, to;           /* status                                                 */
        const char *code;               /* NULL: whatever the body says                           */
        int         verdict;
} errors[] = {
        { 400, 400, "alreadyInProgress",    BANKID_E_IN_PROGRESS },     /* RFA4                    */
        { 400, 400, "cancelled",            BANKID_E_CANCELLED },       /* RFA3                    */
        { 400, 400, "canceled",             BANKID_E_CANCELLED },
        { 400, 400, "invalidParameters",    BANKID_E_REJECTED },        /* ours to mend; not shown as BankID's */
        { 401, 401, NULL,                   BANKID_E_REJECTED },        /* unauthorized            */
        { 403, 403, NULL,                   BANKID_E_REJECTED },        /* the same, and as a page of HTML */
        { 404, 404, NULL,                   BANKID_E_REJECTED },        /* notFound                */
        { 405, 405, NULL,                   BANKID_E_REJECTED },        /* methodNotAllowed, or nothing */
        { 408, 408, NULL,                   BANKID_E_TROUBLE },         /* requestTimeout: RFA5    */
        { 415, 415, NULL,                   BANKID_E_REJECTED },        /* unsupportedMediaType    */
        { 429, 429, NULL,                   BANKID_E_BUSY },            /* tooManyRequests: RFA5   */
        { 400, 499, NULL,                   BANKID_E_UNKNOWN },         /* RFA22                   */
        { 500, 599, "maintenance",          BANKID_E_MAINTENANCE },     /* RFA5, if it lasts       */
        { 502, 504, NULL,                   BANKID_E_MAINTENANCE },
        { 500, 599, NULL,                   BANKID_E_TROUBLE },         /* internalError: RFA5     */
};

int bankid_error_verdict(long status, const char *code) {
        for (size_t i = 0; i < N_ELEMENTS(errors); i++) {
                if (status < errors[i].from || status > errors[i].to)
                        continue;
                if (!errors[i].code || (code && strcasecmp(code, errors[i].code) == 0))
                        return errors[i].verdict;
        }
        return BANKID_E_NOT_UNDERSTOOD;
}

static const struct {
        enum method_end end;
        enum text       text;
} ends[BANKID_E_MAX] = {
        [BANKID_E_UNREACHABLE]    = { METHOD_UNREACHABLE, TEXT_UNREACHABLE },
        [BANKID_E_TROUBLE]        = { METHOD_UNREACHABLE, TEXT_WENT_WRONG },
        [BANKID_E_MAINTENANCE]    = { METHOD_UNREACHABLE, TEXT_WENT_WRONG },
        [BANKID_E_REJECTED]       = { METHOD_BROKEN,      TEXT_BROKEN },
        [BANKID_E_UNKNOWN]        = { METHOD_UNREACHABLE, TEXT_WENT_WRONG },
        [BANKID_E_BUSY]           = { METHOD_BUSY,        TEXT_WENT_WRONG },
        [BANKID_E_IN_PROGRESS]    = { METHOD_DENIED,      TEXT_IN_PROGRESS },
        [BANKID_E_CANCELLED]      = { METHOD_CANCELLED,   TEXT_CANCELLED_ELSEWHERE },
        [BANKID_E_NOT_UNDERSTOOD] = { METHOD_UNREACHABLE, TEXT_WENT_WRONG },
};

enum method_end bankid_error_end(int verdict, enum text *ret_text) {
        const bool known = verdict > BANKID_OK && verdict < BANKID_E_MAX;

        *ret_text = known ? ends[verdict].text : TEXT_BROKEN;
        return known ? ends[verdict].end : METHOD_BROKEN;
}
