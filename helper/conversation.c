/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * conversation.c - the table of what may be asked by whom
 *
 * 1. MUST refuse what the table does not name, and whom it does not name.
 * 2. MUST say nothing to a peer whose message is not one of the protocol.
 */

#include "conversation.h"

#include "account.h"
#include "cleanup.h"
#include "facts.h"
#include "journal.h"
#include "probe.h"
#include "texts.h"
#include "verify.h"

#include <string.h>

enum {
        BY_ROOT = 1 << 0,       /* uid 0, about anybody                                           */
        BY_SELF = 1 << 1,       /* any other uid, about the account that the host gives that uid  */
};

static const struct op {
        enum wire_kind kind;
        unsigned       who;
        void         (*run)(struct helper *h, const struct wire_message *request);
        void         (*refuse)(struct helper *h, bool crowded);
} ops[] = {
        /* Asks a person. To oneself it tells what one's own phone says; the answer is recorded for root only. */
        { WIRE_VERIFY,  BY_ROOT | BY_SELF, verify_run,          verify_refuse },
        /* Reads. About oneself: what a log-in would be told. */
        { WIRE_ACCOUNT, BY_ROOT | BY_SELF, account_run,         account_refuse },
        /* Write sessions, which later acts are judged by: whoever opens sessions is root. */
        { WIRE_OPEN,    BY_ROOT,           account_open_run,    account_session_refuse },
        { WIRE_CLOSE,   BY_ROOT,           account_close_run,   account_session_refuse },
        /* Sends a request of its own, and says what the provider thinks of our key: an administrator's matter. */
        { WIRE_PROBE,   BY_ROOT,           probe_run,           probe_refuse },
};

static uint32_t op_kinds(void) {
        uint32_t kinds = 0;

        for (size_t i = 0; i < N_ELEMENTS(ops); i++)
                kinds |= UINT32_C(1) << ops[i].kind;
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
        if (helper_asked_by_root(h))
                return op->who & BY_ROOT;
        return (op->who & BY_SELF) && is_plain(request->string[WIRE_TAG_SERVICE]) &&
               facts_name_is_caller(h, request->string[WIRE_TAG_ACCOUNT]);
}

int conversation_send(const struct helper *h, const struct wire_message *m) {
        return wire_send(h->fd, m, wire_now_ms() + HELPER_SEND_MS);
}

void conversation_run(struct helper *h) {
        struct wire_message request;
        const struct op *op;
        int r;

        r = wire_receive(h->fd, op_kinds(), wire_now_ms() + HELPER_FIRST_MS, &request);
        if (r != WIRE_OK) {
                /* A caller that only looks whether we are there closes without a word. */
                if (r != WIRE_E_CLOSED)
                        journal_write(&(struct journal_entry) {
                                .about = JOURNAL_BAD_CALLER, .outcome = "refused", .caller = h->caller.uid,
                                .detail = wire_verdict_text(r),
                        });
                return;
        }
        op = op_find(request.kind);
        if (!op)
                return;
        if (h->crowded) {
                op->refuse(h, true);
                return;
        }
        if (!op_permits(op, h, &request)) {
                journal_write(&(struct journal_entry) {
                        .about = JOURNAL_BAD_CALLER, .outcome = "not-permitted", .caller = h->caller.uid,
                });
                op->refuse(h, false);
                return;
        }
        op->run(h, &request);
}
