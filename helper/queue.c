/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * queue.c - what waits to be sent, sent
 *
 * 1. MUST have no transaction open, and no key in memory, while a relay or gateway is waited for.
 * 2. MUST not ask a relay that is dead once for each message that waits.
 * 3. MUST write neither address nor words into the journal.
 * 4. MUST end in QUEUE_MS, and when the service is stopped.
 */

#include "queue.h"

#include "cleanup.h"
#include "facts.h"
#include "journal.h"
#include "messages.h"
#include "texts.h"
#include "wire.h"
#include "words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct queue {
        struct helper *h;
        unsigned       by;              /* kinds that are still tried in this run                 */
        unsigned       failures[2];     /* in a row: of SMS, of mail                              */
        unsigned       n_sent, n_refused, n_failed;
};

static void message_wipe(struct directory_message *m) {
        explicit_bzero(m, sizeof *m);
}

static void words_wipe(struct words *w) {
        explicit_bzero(w, sizeof *w);
}

static void say(const struct queue *q, const char *outcome, const char *method, const char *detail) {
        journal_write(&(struct journal_entry) {
                .about = strcmp(outcome, "failed") == 0 || strcmp(outcome, "broken") == 0 ? JOURNAL_NOT_SENT : JOURNAL_QUEUE,
                .outcome = outcome, .method = method, .detail = detail, .caller = q->h->caller.uid,
        });
}

static void say_broken(const struct queue *q, const char *complaint) {
        say(q, "broken", NULL, complaint);
}

static const char *method_of(bool by_mail) {
        return by_mail ? "mail" : "sms";
}

/* With nothing open; the directory is opened for @take or @end, and closed again. */
static struct directory *queue_open(const struct queue *q) {
        char complaint[CONFIG_COMPLAINT_MAX];
        struct directory *d = NULL;

        if (facts_open(q->h, &d, complaint) == 0)
                return d;
        say_broken(q, complaint);
        return NULL;
}

static int queue_tidy(const struct queue *q) {
        struct directory *const d = queue_open(q);
        char text[128];
        int64_t n = 0;
        int r;

        if (!d)
                return -EIO;
        r = directory_messages_tidy(d, (int64_t) time(NULL), &n);
        if (r != DIRECTORY_OK)
                say_broken(q, directory_complaint(d));
        facts_close(q->h);
        if (r == DIRECTORY_OK && n > 0) {
                (void) snprintf(text, sizeof text, "%" PRId64 " messages could not be sent in %d days; see: careid audit show", n, MESSAGE_DAYS);
                say(q, "failed", NULL, text);
        }
        return r;
}

static int queue_take(const struct queue *q, unsigned by, struct directory_message *ret) {
        struct directory *const d = queue_open(q);
        int r;

        if (!d)
                return -EIO;
        r = directory_message_take(d, by, (int64_t) time(NULL), ret);
        if (r != DIRECTORY_OK && r != DIRECTORY_E_NOT_FOUND)
                say_broken(q, directory_complaint(d));
        facts_close(q->h);
        return r;
}

static int queue_end(const struct queue *q, int64_t id, enum message_outcome outcome) {
        struct directory *const d = queue_open(q);
        int r;

        if (!d)
                return -EIO;
        r = directory_message_end(d, id, outcome, (int64_t) time(NULL));
        if (r != DIRECTORY_OK)
                say_broken(q, directory_complaint(d));
        facts_close(q->h);
        return r;
}

/* What could be theirs: a number, a phone, the address that this goes to; the rest they can be given. */
static uint32_t factors_of(const struct queue *q, const struct directory_message *m) {
        uint32_t has = factor_bit(FACTOR_PASSWORD) | factor_bit(FACTOR_TOTP) | factor_bit(FACTOR_CODE) | factor_bit(FACTOR_MAIL);

        if (q->h->config.bankid && m->has_se_number)
                has |= factor_bit(FACTOR_BANKID);
        if (m->has_phone && sending_can(q->h->sending, SENDING_SMS))
                has |= factor_bit(FACTOR_SMS);
        return has;
}

static void write_words(const struct queue *q, const struct directory_message *m, struct words *ret) {
        const struct config *const c = &q->h->config;

        texts_speak(*m->language ? m->language : c->language);
        switch (m->purpose) {
        case MESSAGE_INVITATION:
                words_invitation(c, m->organisation, m->account, factors_of(q, m), ret);
                return;
        case MESSAGE_CONTACT_CHANGED:
                words_contact_changed(c, m->by_mail, ret);
                return;
        }
}

/* MUST 2 */
static void count_failure(struct queue *q, bool by_mail, const char *detail) {
        unsigned *const n = &q->failures[by_mail];

        q->n_failed++;
        /* The first of a row says why; the others would say it again. */
        if (++*n == 1)
                say(q, "failed", method_of(by_mail), *detail ? detail : "no reason is known");
        if (*n >= QUEUE_FAILURES)
                q->by &= ~(unsigned) (by_mail ? MESSAGE_BY_MAIL : MESSAGE_BY_PHONE);
}

static int settle(struct queue *q, const struct directory_message *m, enum sending_outcome outcome, const char *detail) {
        switch (outcome) {
        case SENDING_SENT:
                q->n_sent++;
                q->failures[m->by_mail] = 0;
                return queue_end(q, m->id, MESSAGE_SENT);
        case SENDING_REFUSED:
                q->n_refused++;
                say(q, "refused", method_of(m->by_mail), detail);
                return queue_end(q, m->id, MESSAGE_REFUSED);
        case SENDING_OFF:
                return queue_end(q, m->id, MESSAGE_DROPPED);
        case SENDING_GOING:
        case SENDING_FAILED:
                break;
        }
        count_failure(q, m->by_mail, detail);
        return DIRECTORY_OK;
}

/* What nobody can ever carry: there is no gateway, or no relay, by choice. */
static int drop(struct queue *q, unsigned by) {
        int r = DIRECTORY_OK;

        for (unsigned n = 0; by && n < QUEUE_MAX; n++) {
                AUTO(message_wipe) struct directory_message m = { .id = 0 };

                r = queue_take(q, by, &m);
                if (r == DIRECTORY_OK)
                        r = queue_end(q, m.id, MESSAGE_DROPPED);
                if (r != DIRECTORY_OK)
                        break;
        }
        return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
}

/* DIRECTORY_OK: go on. */
static int send_one(struct queue *q) {
        struct pollfd stop = { .fd = q->h->signals, .events = POLLIN };
        AUTO(message_wipe) struct directory_message m = { .id = 0 };
        AUTO(words_wipe) struct words w = { .text = "" };
        char detail[SENDING_DETAIL_MAX] = "";
        enum sending_outcome outcome;
        int r;

        r = queue_take(q, q->by, &m);
        if (r != DIRECTORY_OK)
                return r;
        write_words(q, &m, &w);
        outcome = sending_do(q->h->sending, q->h->resolver, &(struct sending_message) {
                .kind = m.by_mail ? SENDING_MAIL : SENDING_SMS, .to = m.to, .subject = w.subject, .text = w.text,
        }, &stop, 1, detail);
        if (stop.revents)
                return -ECANCELED;
        return settle(q, &m, outcome, detail);
}

static void say_all(const struct queue *q) {
        char text[128];

        if (q->n_sent + q->n_refused + q->n_failed == 0)
                return;
        (void) snprintf(text, sizeof text, "%u sent, %u refused, %u to be tried again", q->n_sent, q->n_refused, q->n_failed);
        say(q, "done", NULL, text);
}

void queue_run(struct helper *h) {
        struct queue q = { .h = h };
        const uint64_t deadline = wire_now_ms() + QUEUE_MS;
        int r;

        if (!h->configured || *h->unsent) {
                say_broken(&q, h->configured ? h->unsent : h->complaint);
                return;
        }
        q.by = (sending_can(h->sending, SENDING_SMS) ? MESSAGE_BY_PHONE : 0) | (sending_can(h->sending, SENDING_MAIL) ? MESSAGE_BY_MAIL : 0);
        r = queue_tidy(&q);
        if (r == DIRECTORY_OK)
                r = drop(&q, (MESSAGE_BY_PHONE | MESSAGE_BY_MAIL) & ~q.by);
        for (unsigned n = 0; r == DIRECTORY_OK && q.by && n < QUEUE_MAX && wire_now_ms() < deadline; n++)
                r = send_one(&q);
        say_all(&q);
}
