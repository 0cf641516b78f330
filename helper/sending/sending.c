/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sending.c - one message to one person: where is the gateway, hand it over, what did it say
 *
 * 1. MUST be over after SENDING_MS, whatever anybody does.
 * 2. MUST not say of anybody but the gateway what is wrong.
 */

#include "sending.h"

#include "cleanup.h"
#include "contact-detail.h"
#include "means.h"
#include "relay.h"
#include "sms.h"
#include "utf8.h"
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct sending {
        const struct sending_means *means;
        enum sending_kind    kind;
        struct resolver     *resolver;          /* NULL: it has answered, or needs not be asked   */
        struct transport    *transport;
        enum sending_outcome outcome;           /* GOING until it is over                         */
        uint64_t             deadline_ms;
        char                 detail[SENDING_DETAIL_MAX];
};

static bool message_is_right(const struct sending_message *m) {
        char detail[CONTACT_DETAIL_MAX + 1];
        const size_t n = strlen(m->text);

        if (m->kind == SENDING_SMS)
                return contact_phone(m->to, detail) && strcmp(detail, m->to) == 0 && n > 0 && n <= SENDING_SMS_MAX &&
                       utf8_is_clean(m->text, n, UTF8_LINES);
        return contact_mail(m->to, detail);     /* letter.c looks at the rest */
}

static void sending_freep(struct sending **s) {
        (void) sending_free(*s);
}

static enum sending_outcome over(struct sending *s, enum sending_outcome outcome, const char *detail) {
        s->outcome = outcome;
        s->resolver = NULL;
        s->transport = transport_free(s->transport);
        if (detail != s->detail)
                (void) snprintf(s->detail, sizeof s->detail, "%s", detail);
        return outcome;
}

int sending_begin(const struct sending_means *m, struct resolver *r, const struct sending_message *message, struct sending **ret) {
        AUTO(sending_freep) struct sending *s = NULL;
        const struct sending_side *side;
        int e;

        if (!sending_can(m, message->kind))
                return -EOPNOTSUPP;
        if (!message_is_right(message))
                return -EINVAL;
        s = calloc(1, sizeof *s);
        if (!s)
                return -ENOMEM;
        side = means_side(m, message->kind);
        s->means = m;
        s->kind = message->kind;
        s->outcome = SENDING_GOING;
        s->deadline_ms = wire_now_ms() + SENDING_MS;
        e = transport_new(side, &s->transport);
        if (e == 0)
                e = s->kind == SENDING_SMS ? sms_prepare(m, message, s->transport) : relay_prepare(m, message, s->transport);
        if (e < 0)
                return e;

        /* libcurl knows itself where a literal and localhost are. */
        if (side->place.literal || side->place.loopback)
                e = transport_begin(s->transport);
        else
                e = resolver_ask_addresses(r, side->place.host);
        if (e < 0)
                (void) over(s, SENDING_FAILED, strerrordesc_np(-e));
        else if (!side->place.literal && !side->place.loopback)
                s->resolver = r;
        *ret = STEAL_PTR(s);
        return 0;
}

static int placed(struct sending *s) {
        char addresses[RESOLVER_TEXT_MAX];
        int r;

        r = resolver_addresses(s->resolver, wire_now_ms(), addresses);
        if (r == RESOLVER_E_PENDING)
                return r;
        s->resolver = NULL;
        if (r == RESOLVER_OK)
                r = transport_place(s->transport, means_side(s->means, s->kind), addresses);
        else
                r = -EHOSTUNREACH;
        return r < 0 ? r : transport_begin(s->transport);
}

static enum sending_outcome judge(struct sending *s) {
        CURLcode code;
        long status;

        if (!transport_next(s->transport, &code, &status))
                return SENDING_GOING;
        return over(s, s->kind == SENDING_SMS ? sms_judge(s->means, s->transport, code, status, s->detail)
                                              : relay_judge(s->transport, code, status, s->detail), s->detail);
}

enum sending_outcome sending_next(struct sending *s, char detail[static SENDING_DETAIL_MAX]) {
        if (s->outcome == SENDING_GOING && wire_now_ms() >= s->deadline_ms)
                (void) over(s, SENDING_FAILED, strerrordesc_np(ETIMEDOUT));
        if (s->outcome == SENDING_GOING && s->resolver) {
                const int r = placed(s);

                if (r == -EHOSTUNREACH)
                        (void) over(s, SENDING_FAILED, "the host's resolver does not know where it is");
                else if (r < 0)
                        (void) over(s, SENDING_FAILED, strerrordesc_np(-r));
        }
        if (s->outcome == SENDING_GOING && !s->resolver)
                (void) judge(s);
        memcpy(detail, s->detail, sizeof s->detail);
        return s->outcome;
}

static int poll_until(struct pollfd *fds, size_t n, uint64_t until_ms) {
        const uint64_t now = wire_now_ms();
        const uint64_t left = until_ms > now ? until_ms - now : 0;

        return poll(fds, n, left > 60000 ? 60000 : (int) left) < 0 && errno != EINTR ? -errno : 0;
}

int sending_wait(struct sending *s, struct pollfd *fds, size_t n_fds, uint64_t until_ms) {
        struct pollfd all[TRANSPORT_FDS_MAX + 1];
        int r;

        if (n_fds > TRANSPORT_FDS_MAX)
                return -EINVAL;
        if (s->outcome != SENDING_GOING)
                return poll_until(fds, n_fds, until_ms);
        if (until_ms > s->deadline_ms)
                until_ms = s->deadline_ms;
        if (!s->resolver)
                return transport_wait(s->transport, fds, n_fds, until_ms);
        memcpy(all, fds, n_fds * sizeof *fds);
        all[n_fds] = (struct pollfd) { .fd = resolver_fd(s->resolver), .events = POLLIN };
        r = poll_until(all, n_fds + 1, until_ms);
        memcpy(fds, all, n_fds * sizeof *fds);
        return r;
}

struct sending *sending_free(struct sending *s) {
        if (s) {
                s->transport = transport_free(s->transport);
                free(s);
        }
        return NULL;
}

enum sending_outcome sending_do(const struct sending_means *m, struct resolver *r, const struct sending_message *message,
                                struct pollfd *fds, size_t n_fds, char detail[static SENDING_DETAIL_MAX]) {
        AUTO(sending_freep) struct sending *s = NULL;
        enum sending_outcome outcome;
        int e;

        detail[0] = '\0';
        e = sending_begin(m, r, message, &s);
        if (e == -EOPNOTSUPP)
                return SENDING_OFF;
        if (e < 0) {
                (void) snprintf(detail, SENDING_DETAIL_MAX, "%s", strerrordesc_np(-e));
                return e == -EINVAL || e == -EOVERFLOW ? SENDING_REFUSED : SENDING_FAILED;
        }
        while ((outcome = sending_next(s, detail)) == SENDING_GOING) {
                e = sending_wait(s, fds, n_fds, wire_now_ms() + SENDING_MS);
                for (size_t i = 0; i < n_fds && e == 0; i++)
                        if (fds[i].revents)
                                e = -ECANCELED;
                if (e < 0) {
                        (void) snprintf(detail, SENDING_DETAIL_MAX, "%s", strerrordesc_np(-e));
                        return SENDING_FAILED;
                }
        }
        return outcome;
}
