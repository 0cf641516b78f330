/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * approval.c - two halves of one conversation, and what they say to one another
 *
 * 1. MUST part them before either has read a byte of the caller's, and before there is a secret in memory.
 * 2. MUST take nothing for an approval but a whole answer that says APPROVED.
 * 3. MUST look at the evidence nowhere.
 * 4. MUST end the conversation with the person when the acting half has gone.
 */

#include "approval.h"

#include "attempt.h"
#include "cleanup.h"
#include "utf8.h"
#include "verify.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SERVICE "careid"

/* What stands before the evidence. */
struct answer {
        uint32_t verdict, text, uid, proven, n_evidence;
        char     source[INET6_ADDRSTRLEN];
        char     authenticator[APPROVAL_WORD_MAX + 1], assurance[APPROVAL_WORD_MAX + 1];
        uint8_t  reference[32];
};

/* -- Between the halves ------------------------------------------------------------------------------ */

static int half_wait(int fd, short events, uint64_t deadline_ms) {
        for (;;) {
                const uint64_t now = wire_now_ms();
                struct pollfd p = { .fd = fd, .events = events };
                int k;

                if (now >= deadline_ms)
                        return -ETIMEDOUT;
                k = poll(&p, 1, deadline_ms - now > INT32_MAX ? INT32_MAX : (int) (deadline_ms - now));
                if (k > 0)
                        return 0;
                if (k < 0 && errno != EINTR)
                        return -errno;
        }
}

static int half_send(int fd, const void *data, size_t n) {
        const uint64_t deadline_ms = wire_now_ms() + HELPER_MORE_MS;
        const char *at = data;

        while (n > 0) {
                const ssize_t k = send(fd, at, n, MSG_NOSIGNAL | MSG_DONTWAIT);
                int r = 0;

                if (k > 0) {
                        at += k;
                        n -= (size_t) k;
                        continue;
                }
                if (k < 0 && errno == EAGAIN)
                        r = half_wait(fd, POLLOUT, deadline_ms);
                else if (k == 0 || errno != EINTR)
                        r = k == 0 ? -EIO : -errno;
                if (r < 0)
                        return r;
        }
        return 0;
}

/* All of @n bytes, or an error; -EPIPE: the other half has gone. */
static int half_receive(int fd, void *data, size_t n, uint64_t deadline_ms) {
        char *at = data;

        while (n > 0) {
                const ssize_t k = recv(fd, at, n, MSG_DONTWAIT);
                int r = 0;

                if (k > 0) {
                        at += k;
                        n -= (size_t) k;
                        continue;
                }
                if (k == 0)
                        return -EPIPE;
                if (errno == EAGAIN)
                        r = half_wait(fd, POLLIN, deadline_ms);
                else if (errno != EINTR)
                        r = -errno;
                if (r < 0)
                        return r;
        }
        return 0;
}

/* A word or an address, of one line of text; anything else is a fault. */
static int word_take(const char *given, size_t size, char *ret) {
        if (strnlen(given, size) == size || !utf8_is_clean(given, strlen(given), UTF8_ONE_LINE))
                return -EPROTO;
        memcpy(ret, given, strlen(given) + 1);
        return 0;
}

/* -- The verifying half ------------------------------------------------------------------------------ */

int approval_part(struct helper *h) {
        int pair[2];
        pid_t pid;

        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
                return -errno;
        pid = fork();
        if (pid < 0) {
                const int e = errno;

                (void) close(pair[0]);
                (void) close(pair[1]);
                return -e;
        }
        if (pid > 0) {
                (void) close(pair[1]);
                h->half = pair[0];
                h->other = pid;
                return 0;
        }
        /* An alarm is not inherited. */
        (void) alarm(HELPER_LIFE_S);
        (void) close(pair[0]);
        (void) close(resolver_fd(h->resolver));         /* the other half's: it is theirs to ask and to end */
        h->resolver = NULL;
        h->half = pair[1];
        h->acting = h->writing = false;
        h->verifying = true;
        return 0;
}

static void answer_send(struct helper *h, const struct answer *a, const char *evidence) {
        if (half_send(h->half, a, sizeof *a) == 0 && a->n_evidence > 0)
                (void) half_send(h->half, evidence, a->n_evidence);
        h->goes_on = false;                     /* it has been answered                                   */
}

static void word_put(const char *word, size_t size, char *ret) {
        (void) snprintf(ret, size, "%s", word ? word : "");
}

static void settled(const struct attempt *a, const struct outcome *o) {
        const struct method_proof *const proof = &o->proof;
        struct answer answer = {
                .verdict = a->gone ? WIRE_VERDICT_CANCELLED : o->verdict, .text = o->text, .uid = o->uid,
                .proven = o->proven && !a->gone,
        };

        word_put(a->source, sizeof answer.source, answer.source);
        if (answer.proven) {
                word_put(proof->authenticator, sizeof answer.authenticator, answer.authenticator);
                word_put(proof->assurance, sizeof answer.assurance, answer.assurance);
                memcpy(answer.reference, proof->reference, sizeof answer.reference);
                if (proof->evidence && proof->n_evidence <= DIRECTORY_EVIDENCE_MAX)
                        answer.n_evidence = (uint32_t) proof->n_evidence;
        }
        answer_send(a->h, &answer, proof->evidence);
}

void approval_serve(struct helper *h) {
        const struct answer gone = { .verdict = WIRE_VERDICT_CANCELLED };
        struct approval_question q = { .pace = 0 };
        struct wire_message request;

        if (half_receive(h->half, &q, sizeof q, UINT64_MAX) < 0)
                return;                         /* nothing was to be approved                             */
        q.account[sizeof q.account - 1] = q.words[sizeof q.words - 1] = q.language[sizeof q.language - 1] = '\0';
        texts_speak(q.language);
        wire_message_init(&request, WIRE_VERIFY);
        wire_set_string(&request, WIRE_TAG_ACCOUNT, q.account);
        wire_set_string(&request, WIRE_TAG_SERVICE, SERVICE);
        wire_set_string(&request, WIRE_TAG_PROGRAM, q.words);
        wire_set_number(&request, WIRE_TAG_PACE, q.pace);
        wire_set_number(&request, WIRE_TAG_TIMEOUT, q.timeout);
        h->goes_on = true;
        verify_act(h, &request, settled);
        if (h->goes_on)
                answer_send(h, &gone, NULL);
}

/* -- The acting half --------------------------------------------------------------------------------- */

static int answer_take(const struct answer *given, struct approval *ret) {
        int r;

        if (given->verdict < WIRE_VERDICT_DENIED || given->verdict > WIRE_VERDICT_NO_METHOD || given->text >= TEXTS ||
            given->n_evidence > DIRECTORY_EVIDENCE_MAX)
                return -EPROTO;
        r = word_take(given->source, sizeof given->source, ret->source);
        if (r == 0)
                r = word_take(given->authenticator, sizeof given->authenticator, ret->authenticator);
        if (r == 0)
                r = word_take(given->assurance, sizeof given->assurance, ret->assurance);
        if (r < 0)
                return r;
        memcpy(ret->reference, given->reference, sizeof ret->reference);
        ret->text = (enum text) given->text;
        ret->uid = given->uid;
        ret->proven = given->proven;
        ret->verdict = (enum wire_verdict) given->verdict;
        return 0;
}

int approval_ask(struct helper *h, const struct approval_question *question, struct approval *ret) {
        const uint64_t deadline_ms = wire_now_ms() + (uint64_t) question->timeout * 1000 + 2 * (uint64_t) HELPER_MORE_MS;
        struct answer answer;
        int r;

        *ret = (struct approval) { .verdict = WIRE_VERDICT_BROKEN, .text = TEXT_BROKEN };
        if (h->other <= 0)
                return -ENOTCONN;
        r = half_send(h->half, question, sizeof *question);
        if (r == 0)
                r = half_receive(h->half, &answer, sizeof answer, deadline_ms);
        if (r < 0)
                return r;
        if (answer.n_evidence > 0 && answer.n_evidence <= DIRECTORY_EVIDENCE_MAX) {
                ret->evidence = malloc(answer.n_evidence);
                if (!ret->evidence)
                        return -ENOMEM;
                ret->n_evidence = answer.n_evidence;
                r = half_receive(h->half, ret->evidence, ret->n_evidence, deadline_ms);
        }
        if (r == 0)
                r = answer_take(&answer, ret);
        if (r < 0)
                approval_done(ret);
        return r;
}

void approval_done(struct approval *a) {
        if (a->evidence)
                explicit_bzero(a->evidence, a->n_evidence);
        free(a->evidence);
        *a = (struct approval) { .verdict = WIRE_VERDICT_BROKEN, .text = TEXT_BROKEN };
}

int approval_record(struct helper *h, struct directory *d, int64_t account, const struct approval *a, int64_t now, int64_t *ret_login) {
        const struct attempt attempt = {
                .h = h, .ways = { WAY_BANKID }, .service = SERVICE, .source = *a->source ? a->source : NULL,
                .record = { .id = account },
        };
        struct outcome o = {
                .verdict = a->verdict, .text = a->text, .proven = true,
                .proof = { .authenticator = a->authenticator, .assurance = a->assurance, .evidence = a->evidence, .n_evidence = a->n_evidence },
        };
        int r;

        *ret_login = 0;
        if (!a->proven)
                return a->verdict == WIRE_VERDICT_APPROVED ? -EPROTO : DIRECTORY_OK;
        memcpy(o.proof.reference, a->reference, sizeof o.proof.reference);
        r = outcome_record(&attempt, d, &o, now);
        if (r == DIRECTORY_OK)
                *ret_login = o.login;
        return r;
}

void approval_end(struct helper *h) {
        int status = 0;
        pid_t pid;

        if (h->other <= 0)
                return;
        (void) close(h->half);
        (void) close(h->fd);
        do
                pid = waitpid(h->other, &status, 0);
        while (pid < 0 && errno == EINTR);
        h->other = 0;
        if (pid > 0 && WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL && WTERMSIG(status) != SIGTERM && WTERMSIG(status) != SIGALRM)
                abort();
}
