/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * conversation.c - the table of what may be asked by whom
 *
 * 1. MUST refuse what the table does not name, and whom it does not name.
 * 2. MUST say nothing to a peer whose message is not one of the protocol.
 * 3. MUST go on, after an approval or an account that may be used, with the next stage of the same log-in only:
 *    asked by root, about the same account, in HELPER_STAY_MS.
 */

#include "conversation.h"

#include "account.h"
#include "act.h"
#include "cleanup.h"
#include "facts.h"
#include "journal.h"
#include "probe.h"
#include "texts.h"
#include "verify.h"

#include <stdio.h>
#include <string.h>

enum {
        BY_ROOT = 1 << 0,       /* uid 0, about anybody                                           */
        BY_SELF = 1 << 1,       /* any other uid, about the account that the host gives that uid  */
        ACTING  = 1 << 2,       /* in the sandbox for this, and no other question is answered there */
};

#define KIND(kind) (UINT32_C(1) << (kind))

static const struct op {
        enum wire_kind kind;
        unsigned       who;
        uint32_t       next;                    /* kinds that may follow, where h->goes_on                */
        void         (*run)(struct helper *h, const struct wire_message *request);
        void         (*refuse)(struct helper *h, bool crowded);
} ops[] = {
        /* Asks a person. To oneself it tells what one's own phone says; the answer is recorded for root only. */
        { WIRE_VERIFY,  BY_ROOT | BY_SELF, KIND(WIRE_ACCOUNT), verify_run,          verify_refuse },
        /* Reads. About oneself: what a log-in would be told. */
        { WIRE_ACCOUNT, BY_ROOT | BY_SELF, KIND(WIRE_OPEN),    account_run,         account_refuse },
        /* Write sessions, which later acts are judged by: whoever opens sessions is root. */
        { WIRE_OPEN,    BY_ROOT,           0,                  account_open_run,    account_session_refuse },
        { WIRE_CLOSE,   BY_ROOT,           0,                  account_close_run,   account_session_refuse },
        /* Sends a request of its own, and says what the provider thinks of our key: an administrator's matter. */
        { WIRE_PROBE,   BY_ROOT,           0,                  probe_run,           probe_refuse },
        /* Writes the care directory, as far as the mandates of whoever asks go: root does it without us. */
        { WIRE_ACT,     BY_SELF | ACTING,  0,                  act_run,             act_refuse },
};

static uint32_t op_kinds(void) {
        uint32_t kinds = 0;

        for (size_t i = 0; i < N_ELEMENTS(ops); i++)
                kinds |= KIND(ops[i].kind);
        return kinds;
}

static const struct op *op_find(enum wire_kind kind) {
        for (size_t i = 0; i < N_ELEMENTS(ops); i++)
                if (ops[i].kind == kind)
                        return &ops[i];
        return NULL;
}

/* As PAM services are called.  It goes into the journal: from anybody but root, nothing that could be read as more of it. */
static bool is_plain(const char *service) {
        return service && service[strspn(service, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.")] == '\0';
}

static bool op_permits(const struct op *op, const struct helper *h, const struct wire_message *request) {
        if (h->acting != ((op->who & ACTING) != 0))
                return false;
        if (helper_asked_by_root(h))
                return op->who & BY_ROOT;
        return (op->who & BY_SELF) && is_plain(request->string[WIRE_TAG_SERVICE]) &&
               facts_name_is_caller(h, request->string[WIRE_TAG_ACCOUNT]);
}

int conversation_send(const struct helper *h, const struct wire_message *m) {
        return wire_send(h->fd, m, wire_now_ms() + HELPER_SEND_MS);
}

/* Neither a caller that only looks whether we are there, nor one whose log-in is over, has anything to say. */
static bool is_goodbye(int r, bool first) {
        return r == WIRE_E_CLOSED || (!first && r == WIRE_E_TIMED_OUT);
}

static void bad_caller(const struct helper *h, const char *outcome, const char *detail) {
        journal_write(&(struct journal_entry) {
                .about = JOURNAL_BAD_CALLER, .outcome = outcome, .caller = h->caller.uid, .detail = detail,
        });
}

/* It may hold what nobody else is to see: names, a personal number. */
static void request_wipe(struct wire_message *m) {
        explicit_bzero(m, sizeof *m);
}

/* One question of @kinds: the first, or (with an @account) the next about that.  Returns the kinds that may follow. */
static uint32_t question_run(struct helper *h, uint32_t kinds, char account[static WIRE_NAME_MAX + 1]) {
        const bool first = account[0] == '\0';
        AUTO(request_wipe) struct wire_message request;
        const struct op *op;
        int r;

        r = wire_receive(h->fd, kinds, wire_now_ms() + (first ? HELPER_FIRST_MS : HELPER_STAY_MS), &request);
        if (r != WIRE_OK) {
                if (!is_goodbye(r, first))
                        bad_caller(h, "refused", wire_verdict_text(r));
                return 0;
        }
        op = op_find(request.kind);
        if (!op)
                return 0;
        if (h->crowded) {
                op->refuse(h, true);
                return 0;
        }
        if (!op_permits(op, h, &request) || (!first && strcmp(request.string[WIRE_TAG_ACCOUNT], account) != 0)) {
                bad_caller(h, "not-permitted", NULL);
                op->refuse(h, false);
                return 0;
        }
        h->goes_on = false;
        h->kept = !first;
        op->run(h, &request);
        if (!h->goes_on || !helper_asked_by_root(h))
                return 0;
        (void) snprintf(account, WIRE_NAME_MAX + 1, "%s", request.string[WIRE_TAG_ACCOUNT]);
        return op->next;
}

void conversation_run(struct helper *h) {
        char account[WIRE_NAME_MAX + 1] = "";
        uint32_t kinds = op_kinds();

        while (kinds != 0)
                kinds = question_run(h, kinds, account);
        facts_close(h);
}
