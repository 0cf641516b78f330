/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * double-act.c - a helper that acts for nobody: what it would do is the command's, which the tests of that look at
 *
 * Asked all the same, it tries to make a file beside the care directory, and says what came of it: "wrote", "could not",
 * or "unshut" where a sanitizer and an old kernel leave nothing that would stop it; ", and connects" where it can make
 * a socket of the network, which no list of system calls of one that acts or declines has.  It may write where there is
 * a file of the name state/holds.  With PACE and TIMEOUT it has that approved, and says
 * how it ended and what was recorded of it (account 17), if anything.
 */

#include "act.h"

#include "approval.h"
#include "cleanup.h"
#include "conversation.h"
#include "places.h"
#include "sandbox.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__             /* gcc's word for it, and clang's */
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

bool act_is_asked(int fd) {
        uint8_t kind[2];

        return recv(fd, kind, sizeof kind, MSG_PEEK | MSG_DONTWAIT) == (ssize_t) sizeof kind &&
               (kind[0] | kind[1] << 8) == WIRE_ACT;
}

bool act_may_write(const struct helper *h) {
        (void) h;
        return access(CAREID_STATE_DIR "/holds", F_OK) == 0;
}

void act_prepare(void) {
}

static void answer(const struct helper *h, const char *text, uint64_t status) {
        struct wire_message m;

        wire_message_init(&m, WIRE_RESULT);
        wire_set_string(&m, WIRE_TAG_HELP, text);
        wire_set_number(&m, WIRE_TAG_STATUS, status);
        (void) conversation_send(h, &m);
}

/* Where the conversation has no halves, in tests/fuzz/faults, they are not linked. */
#pragma weak approval_ask
#pragma weak approval_record
#pragma weak approval_done

static void approve(struct helper *h, const struct wire_message *request) {
        struct approval_question q = { .words = "careid temp add", .language = "en", .pace = (uint32_t) request->number[WIRE_TAG_PACE],
                                       .timeout = (uint32_t) request->number[WIRE_TAG_TIMEOUT] };
        AUTO(directory_closep) struct directory *d = NULL;
        AUTO(approval_done) struct approval approval = { .evidence = NULL };
        int64_t login = 0;
        char said[64];
        int r;

        (void) snprintf(q.account, sizeof q.account, "%s", request->string[WIRE_TAG_ACCOUNT]);
        r = approval_ask(h, &q, &approval);
        if (r == 0 && directory_open(DIRECTORY_WRITE, &d) == DIRECTORY_OK)
                (void) approval_record(h, d, 17, &approval, (int64_t) time(NULL), &login);
        (void) snprintf(said, sizeof said, "%d %s %lld", r < 0 ? -1 : (int) approval.verdict,
                        approval.verdict == WIRE_VERDICT_APPROVED && approval.uid == h->caller.uid ? "theirs" : "-", (long long) login);
        answer(h, said, 0);
}

void act_run(struct helper *h, const struct wire_message *request) {
        const bool unshut = SANITIZED && !sandbox_has_landlock();
        auto_close int fd = open(CAREID_STATE_DIR "/written", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        auto_close int network = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        char text[64];

        if (wire_has(request, WIRE_TAG_PACE) && approval_ask) {
                approve(h, request);
                return;
        }
        (void) snprintf(text, sizeof text, "%s%s", fd < 0 ? "could not" : unshut && !h->writing ? "unshut" : "wrote",
                        network >= 0 && !SANITIZED ? ", and connects" : "");
        answer(h, text, 0);
}

void act_refuse(struct helper *h, bool crowded) {
        answer(h, crowded ? "crowded" : "no", 1);
}
