/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * approve.c - pam_eid's rows for a terminal, in a program that is its own host
 *
 * 1. MUST draw and ask on the terminal itself: standard output is the command's.
 * 2. MUST give up, so that the helper cancels, where the person does.
 */

#include "approve.h"

#include "cleanup.h"
#include "console-font.h"
#include "converse.h"
#include "talk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct approve {
        struct talk *talk;
        char         text[WIRE_TEXT_MAX + 1];
};

/* A name tells a console from other terminals, which have it as well. */
static void terminal_name(char ret[static WIRE_NAME_MAX + 1]) {
        static const int fds[] = { STDERR_FILENO, STDIN_FILENO, STDOUT_FILENO };
        char name[sizeof "/dev/" + WIRE_NAME_MAX];

        (void) snprintf(ret, WIRE_NAME_MAX + 1, "tty");
        for (size_t i = 0; i < N_ELEMENTS(fds); i++)
                if (ttyname_r(fds[i], name, sizeof name) == 0 && strncmp(name, "/dev/", 5) == 0) {
                        (void) snprintf(ret, WIRE_NAME_MAX + 1, "%s", name + 5);
                        return;
                }
}

/* The terminal of somebody who has become us (su) is theirs to open, and ours by another name, which doesn't tell that it is a console. */
static void host_find_other(struct host *ret, const char *name, const struct eid_options *options) {
        const struct asker asker = { .service = "careid", .tty = "tty" };

        host_done(ret);
        host_find(&asker, options, ret);
        if (ret->tty >= 0 && strncmp(name, "tty", 3) == 0 && strspn(name + 3, "0123456789") > 0) {
                ret->console = true;
                ret->half_blocks = ret->utf8 && console_font_has_half_blocks(ret->tty);
        }
}

struct approve *approve_new(void) {
        AUTO(approve_freep) struct approve *a = calloc(1, sizeof *a);
        struct asker asker = { .service = "careid" };
        struct eid_options options = { .kiosk = false };

        if (!a)
                return NULL;
        a->talk = talk_new(NULL, 0);
        if (!a->talk)
                return NULL;
        terminal_name(asker.tty);
        host_find(&asker, &options, &a->talk->host);
        if (a->talk->host.row == HOST_OTHER)
                host_find_other(&a->talk->host, asker.tty, &options);
        return a->talk->host.row == HOST_OTHER ? NULL : STEAL_PTR(a);
}

struct approve *approve_free(struct approve *a) {
        if (a)
                (void) talk_free(a->talk);
        free(a);
        return NULL;
}

void approve_to_message(const struct approve *a, struct wire_message *m) {
        wire_set_number(m, WIRE_TAG_PACE, a->talk->host.row == HOST_TERMINAL ? WIRE_PACE_LIVE : WIRE_PACE_ASKED);
        wire_set_number(m, WIRE_TAG_TIMEOUT, a->talk->host.timeout);
}

static int verdict_take(struct approve *a, const struct wire_message *m, const char **ret_text) {
        const enum wire_verdict verdict = (enum wire_verdict) m->number[WIRE_TAG_VERDICT];

        (void) snprintf(a->text, sizeof a->text, "%s", m->string[WIRE_TAG_TEXT]);
        *ret_text = a->text;
        if (verdict == WIRE_VERDICT_APPROVED)
                return APPROVE_OK;
        return wire_verdict_is_trouble(verdict) ? APPROVE_E_OUT_OF_ORDER : APPROVE_E_REFUSED;
}

/* A message's strings are its own. */
static int message_copy(const struct wire_message *m, struct wire_message *ret) {
        uint8_t packet[WIRE_MESSAGE_MAX];
        size_t n;
        int r;

        r = wire_encode(m, packet, &n);
        return r == WIRE_OK ? wire_decode(packet, n, ret) : r;
}

int approve_run(struct approve *a, int fd, const struct wire_message *first, const char **ret_text) {
        struct talk *const talk = a->talk;
        int r;

        *ret_text = "";
        if (first->kind == WIRE_VERDICT) {
                r = verdict_take(a, first, ret_text);
                /* An approval of nobody, before anything was asked, is not one. */
                return r == APPROVE_OK ? APPROVE_E_LOST : r;
        }
        if (message_copy(first, &talk->intro) != WIRE_OK)
                return APPROVE_E_LOST;
        talk->fd = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        if (talk->fd < 0)
                return APPROVE_E_LOST;
        talk->ends_ms = wire_now_ms() + (uint64_t) talk->host.timeout * 1000;
        wire_message_init(&talk->message, WIRE_START);
        r = talk->host.row == HOST_TERMINAL ? terminal_run(talk) : asked_run(talk);
        switch (r) {
        case TALK_VERDICT:
                return verdict_take(a, &talk->message, ret_text);
        case TALK_E_GIVEN_UP:
        case TALK_E_CONVERSATION:
        case TALK_E_TOO_MANY:
                return APPROVE_E_GIVEN_UP;
        case TALK_E_TIMED_OUT:
                return APPROVE_E_TIMED_OUT;
        default:
                return APPROVE_E_LOST;
        }
}

/* -- The conversation of a program that is its own host ---------------------------------------------- */

static int terminal_write(int fd, const char *text) {
        size_t n = strlen(text);

        while (n > 0) {
                const ssize_t k = write(fd, text, n);

                if (k == 0 || (k < 0 && errno != EINTR))
                        return CONVERSE_E_FAILED;
                if (k > 0) {
                        text += k;
                        n -= (size_t) k;
                }
        }
        return CONVERSE_OK;
}

/* One line; what has no room is read and forgotten.  Ctrl-C ends the program, and with it the connection. */
static int line_read(int fd, char ret[static CONVERSE_ANSWER_MAX + 1]) {
        size_t n = 0;

        for (;;) {
                char c;
                const ssize_t k = read(fd, &c, 1);

                if (k < 0 && errno == EINTR)
                        continue;
                if (k <= 0)
                        return CONVERSE_E_FAILED;
                if (c == '\n')
                        break;
                if (n < CONVERSE_ANSWER_MAX)
                        ret[n++] = c;
        }
        ret[n] = '\0';
        return CONVERSE_OK;
}

static int terminal_open(void) {
        return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

int converse_tell(struct converse *c, int style, enum converse_weight weight, const char *text) {
        auto_close int fd = terminal_open();

        (void) c;
        (void) style;
        (void) weight;
        return fd < 0 ? CONVERSE_E_FAILED : terminal_write(fd, text);
}

/* An act is approved with an e-ID: whoever wants a password for it is not our helper. */
int converse_type(struct converse *c, int style, const char *text, size_t max, char *ret, size_t *ret_n) {
        (void) c;
        (void) style;
        (void) text;
        (void) max;
        (void) ret;
        (void) ret_n;
        return CONVERSE_E_FAILED;
}

int converse_ask(struct converse *c, int style, const char *text, enum converse_choice *ret) {
        auto_close int fd = terminal_open();
        char answer[CONVERSE_ANSWER_MAX + 1] = "";
        int r;

        (void) style;
        if (c->n_prompts >= CONVERSE_MESSAGE_MAX)
                return CONVERSE_E_TOO_MANY;
        c->n_prompts++;
        if (fd < 0)
                return CONVERSE_E_FAILED;
        r = terminal_write(fd, text);
        if (r == CONVERSE_OK)
                r = line_read(fd, answer);
        if (r == CONVERSE_OK)
                *ret = converse_choice_of(answer);
        explicit_bzero(answer, sizeof answer);
        return r;
}
