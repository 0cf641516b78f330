/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * sending.h - one message to one person, by SMS or mail
 *
 * What it is sent with (struct sending_means) is read before the sandbox, and
 * nothing is opened later.  A sending is asked of the host's resolver, then of
 * libcurl; neither blocks.  Nothing here logs, and neither an address nor a
 * text stands in anything that is said of a sending.
 *
 * Whoever must not show by its pace whether there is somebody to send to
 * (X15) begins a sending, shows its prompt at once, and calls sending_next()
 * while it waits for the answer: with sending_wait() in the place of poll().
 */

#include "config.h"
#include "resolver.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
        SENDING_TO_MAX      = 254,      /* bytes of a number or address                           */
        SENDING_SUBJECT_MAX = 200,      /* bytes                                                  */
        SENDING_TEXT_MAX    = 4000,     /* bytes of a mail's text                                 */
        SENDING_SMS_MAX     = 480,      /* bytes of an SMS' text                                  */
        SENDING_MS          = 15000,    /* a sending in all, the resolver included                */
        SENDING_ANSWER_MAX  = 64 * 1024,        /* bytes of what the gateway answers              */
        SENDING_DETAIL_MAX  = 161,
};

enum sending_kind {
        SENDING_SMS = 1,
        SENDING_MAIL,
};

/* What became of it.  Zero is none of them. */
enum sending_outcome {
        SENDING_SENT = 1,               /* whoever carries it has taken it                        */
        SENDING_GOING,                  /* not over yet                                           */
        SENDING_REFUSED,                /* they will not, however often they are asked            */
        SENDING_FAILED,                 /* not now: slow, down, not understood                    */
        SENDING_OFF,                    /* there is no [sms] url, no [mail] relay                 */
};

struct sending_message {
        enum sending_kind kind;
        const char *to;                 /* contact-detail.h: +46..., or name@example.org          */
        const char *subject;            /* of mail: one line of clean UTF-8                       */
        const char *text;               /* clean UTF-8, lines end with LF                         */
};

/* With what: secrets, roots, places.  The configuration has to outlive it. */
struct sending_means;

/*
 * Read the files that [sms] and [mail] name: secrets (0400, @owner's), roots
 * (root's or @owner's; without one those of the host).  Returns 0, or a
 * negative errno with a sentence for the administrator in @complaint.  Where
 * neither is configured *ret is NULL.
 */
int sending_means_read(const struct config *c, uid_t owner, struct sending_means **ret, char complaint[static CONFIG_COMPLAINT_MAX]);
struct sending_means *sending_means_free(struct sending_means *m);      /* wipes; returns NULL    */

/* TCP ports that they need, for the sandbox: of SMS, of mail; 0: none.  @m may be NULL. */
uint16_t sending_port(const struct sending_means *m, enum sending_kind kind);

/* Is this kind configured?  @m may be NULL. */
bool sending_can(const struct sending_means *m, enum sending_kind kind);

struct sending;

/*
 * Begin.  Nothing of @message is kept by reference.  One at a time may ask the
 * resolver.  Returns 0; -EOPNOTSUPP: SENDING_OFF; -EINVAL: not such a number,
 * address or text; -ENOMEM.
 */
int sending_begin(const struct sending_means *m, struct resolver *r, const struct sending_message *message, struct sending **ret);

/* Go on as far as that is possible now.  @detail is for the administrator, "" unless it has failed, and names nobody. */
enum sending_outcome sending_next(struct sending *s, char detail[static SENDING_DETAIL_MAX]);

/*
 * Wait until sending_next() may have more to do, one of @fds is readable, or
 * @until_ms (wire_now_ms()); as poll() does it sets revents.  A sending that
 * is over waits for @fds alone.  Returns 0 or a negative errno.
 */
int sending_wait(struct sending *s, struct pollfd *fds, size_t n_fds, uint64_t until_ms);

struct sending *sending_free(struct sending *s);        /* abandons it; wipes; returns NULL       */

/*
 * All of it at once, for whoever has nothing else to do: until it is over, or
 * one of @fds is readable (SENDING_FAILED then).
 */
enum sending_outcome sending_do(const struct sending_means *m, struct resolver *r, const struct sending_message *message,
                                struct pollfd *fds, size_t n_fds, char detail[static SENDING_DETAIL_MAX]);
