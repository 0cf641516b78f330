/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * typed.c - prompts in turn, and what came of them
 */

#include "typed.h"

#include "cleanup.h"
#include "credentials.h"
#include "facts.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct method_run {
        struct method_order order;
        enum factor     factor[2];      /* 0: there is no second                                  */
        size_t          at;             /* which of them is asked for                             */
        unsigned        n_asked, tries;
        bool            right;          /* each factor of this try so far                         */
        bool            told;           /* the last try was wrong, and that is still to be said   */
        enum method_end end;
        enum text       text;
        int64_t         proof[2];       /* charges that came out right                            */
        enum credential_why why;        /* of the last that did not                               */
        bool            activation, temporary;
        char            detail[METHOD_DETAIL_MAX];
};

/* What a factor is called on the wire, in the care directory, and on the screen. */
static const struct {
        enum wire_factor     wire;
        enum credential_kind kind;
        enum text            label;
        bool                 echoed;    /* it is good once: to see it typed helps more than it tells */
        size_t               room;
} factors[] = {
        [FACTOR_PASSWORD] = { WIRE_FACTOR_PASSWORD, CREDENTIAL_PASSWORD, TEXT_ASK_PASSWORD, false, WIRE_ANSWER_MAX },
        [FACTOR_TOTP]     = { WIRE_FACTOR_TOTP,     CREDENTIAL_TOTP,     TEXT_ASK_TOTP,     true,  TYPED_CODE_ROOM },
        [FACTOR_SMS]      = { WIRE_FACTOR_SMS,      CREDENTIAL_SMS,      TEXT_ASK_SMS,      true,  TYPED_CODE_ROOM },
        [FACTOR_MAIL]     = { WIRE_FACTOR_MAIL,     CREDENTIAL_MAIL,     TEXT_ASK_MAIL,     true,  TYPED_CODE_ROOM },
        [FACTOR_CODE]     = { WIRE_FACTOR_CODE,     CREDENTIAL_CODE,     TEXT_ASK_CODE,     true,  TYPED_CODE_ROOM },
};

static int typed_start(const struct method_material *material, const struct method_order *order, struct method_run **ret) {
        struct method_run *run;

        (void) material;
        if (way_first(order->way) < FACTOR_PASSWORD)
                return -EINVAL;
        run = calloc(1, sizeof *run);
        if (!run)
                return -ENOMEM;
        run->order = *order;
        run->factor[0] = way_first(order->way);
        run->factor[1] = way_second(order->way);
        run->right = true;
        run->n_asked = 1;
        *ret = run;
        return 0;
}

static bool is_last(const struct method_run *run) {
        return run->at == 1 || run->factor[1] == 0;
}

static void run_end(struct method_run *run, enum method_end end, enum text text) {
        run->end = end;
        run->text = text;
}

static void run_broken(struct method_run *run, const char *detail) {
        run_end(run, METHOD_BROKEN, TEXT_BROKEN);
        (void) snprintf(run->detail, sizeof run->detail, "%s: %.180s", way_name(run->order.way), detail);
}

/* Charge, then compare.  0, and *ret is the verdict; or a negative errno, and the run has ended. */
static int compare(struct method_run *run, const char *answer, size_t n, struct credential_result *ret, int64_t *ret_proof) {
        const struct credential_question question = {
                .account = run->order.account, .kind = factors[run->factor[run->at]].kind, .source = run->order.from,
                .inside = run->order.inside, .now = (int64_t) time(NULL),
        };
        struct credential_ticket ticket = { .id = 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        struct directory *d = NULL;
        int r;

        r = facts_open(run->order.helper, &d, complaint);
        if (r == 0) {
                r = credential_charge(d, &question, &ticket);
                if (r == DIRECTORY_OK)
                        r = credential_compare(d, &ticket, answer, n, ret);
                if (r != DIRECTORY_OK)
                        (void) snprintf(complaint, sizeof complaint, "care directory: %s", directory_complaint(d));
                *ret_proof = ticket.proof;
                facts_rest(run->order.helper);
        }
        if (r != 0)
                run_broken(run, complaint);
        return r == 0 ? 0 : r < 0 ? r : -EUCLEAN;
}

static void try_begin(struct method_run *run) {
        run->at = 0;
        run->right = true;
        run->activation = run->temporary = false;
        memset(run->proof, 0, sizeof run->proof);
}

/* Each factor was asked for. */
static void try_end(struct method_run *run) {
        if (run->right) {
                run->detail[0] = '\0';
                run_end(run, METHOD_PROVEN, TEXT_APPROVED);
                return;
        }
        if (++run->tries >= TYPED_TRIES) {
                run_end(run, METHOD_DENIED, TEXT_TYPED_DENIED);
                return;
        }
        run->told = true;
        try_begin(run);
}

static void typed_answer(struct method_run *run, const char *answer, size_t n, uint64_t now_ms) {
        struct credential_result result = { .verdict = CREDENTIAL_WRONG, .why = CREDENTIAL_WHY_DIFFERS };
        int64_t proof = 0;

        (void) now_ms;
        if (run->end)
                return;
        run->told = false;
        /* Nothing is nothing: there is no need to compare it, nor to charge for it. */
        if (n > 0 && compare(run, answer, n, &result, &proof) < 0)
                return;
        run->n_asked++;
        if (result.verdict == CREDENTIAL_RIGHT) {
                run->proof[run->at] = proof;
                run->activation = run->activation || result.activation;
                run->temporary = run->temporary || result.temporary;
        } else {
                run->right = false;
                run->why = result.why;
                (void) snprintf(run->detail, sizeof run->detail, "%s: %s: %s", way_name(run->order.way),
                                factor_name(run->factor[run->at]), credential_why_word(result.why));
        }
        if (is_last(run))
                try_end(run);
        else
                run->at++;
}

static void typed_next(struct method_run *run, uint64_t now_ms, struct method_view *ret) {
        const enum factor factor = run->factor[run->at];

        (void) now_ms;
        *ret = (struct method_view) {
                .end = run->end, .state = WIRE_STATE_STARTING, .text = run->text, .frame_until_ms = UINT64_MAX,
        };
        if (run->end)
                return;
        ret->ask = (struct method_ask) {
                .factor = factors[factor].wire, .number = run->n_asked, .label = factors[factor].label,
                .help = run->told ? TEXT_TYPED_WRONG : TEXT_NONE, .echoed = factors[factor].echoed,
                .first = run->n_asked == 1, .room = factors[factor].room,
        };
}

static bool typed_hurry(struct method_run *run, uint64_t now_ms) {
        (void) run;
        (void) now_ms;
        return false;
}

static int typed_wait(struct method_run *run, struct pollfd *fds, size_t n_fds, uint64_t until_ms) {
        const uint64_t now = wire_now_ms(), wait_ms = until_ms > now ? until_ms - now : 0;

        (void) run;
        return poll(fds, n_fds, wait_ms > 60000 ? 60000 : (int) wait_ms) < 0 && errno != EINTR ? -errno : 0;
}

/* Strings are the process's own. */
static const char *authenticator_of(const struct method_run *run) {
        if (run->activation)
                return "activation-code";
        return run->temporary ? "helpdesk-code" : way_name(run->order.way);
}

static int typed_proof(struct method_run *run, struct method_proof *ret) {
        char name[64];

        memset(ret, 0, sizeof *ret);
        if (run->end != METHOD_PROVEN || run->order.account == 0)
                return -EINVAL;
        /* What refers to this very log-in is the charges that it was paid with. */
        (void) snprintf(name, sizeof name, "%lld %lld", (long long) run->proof[0], (long long) run->proof[1]);
        if (EVP_Digest(name, strlen(name), ret->reference, NULL, EVP_sha256(), NULL) != 1)
                return -ENOMEM;
        ret->account = run->order.account;
        ret->authenticator = authenticator_of(run);
        ret->assurance = way_is_two_factors(run->order.way) ? "two-factor" : "one-factor";
        return 0;
}

static const char *typed_detail(const struct method_run *run) {
        return run->detail;
}

static void typed_cancel(struct method_run *run) {
        (void) run;
}

static struct method_run *typed_free(struct method_run *run) {
        free(run);
        return NULL;
}

const struct method method_typed = {
        .name   = "typed",
        .start  = typed_start,
        .next   = typed_next,
        .answer = typed_answer,
        .hurry  = typed_hurry,
        .wait   = typed_wait,
        .proof  = typed_proof,
        .detail = typed_detail,
        .cancel = typed_cancel,
        .free   = typed_free,
};
