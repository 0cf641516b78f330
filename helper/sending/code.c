/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * code.c - a code for a log-in, sent to whom it is for
 *
 * 1. MUST wipe what it has made: the code is the caller's alone.
 */

#include "code.h"

#include "cleanup.h"
#include "messages.h"
#include "texts.h"
#include "words.h"

#include <errno.h>
#include <string.h>

struct written {
        char         to[MESSAGE_TO_MAX + 1];
        struct words words;
};

static void written_wipe(struct written *w) {
        explicit_bzero(w, sizeof *w);
}

static int errno_of(int r) {
        if (r == DIRECTORY_E_NOT_FOUND)
                return -ENOENT;
        return r == DIRECTORY_E_CONSTRAINT ? -EACCES : r < 0 ? r : -EUCLEAN;
}

int sending_code(struct helper *h, enum sending_kind kind, int64_t account, const char *code, unsigned minutes, const char *language,
                 struct sending **ret) {
        AUTO(written_wipe) struct written w = { .to = "" };
        const bool by_mail = kind == SENDING_MAIL;
        const char *const spoken = texts_language();
        int r;

        if (!h->directory)
                return -EBADF;
        if (!sending_can(h->sending, kind))
                return -EOPNOTSUPP;
        r = directory_reach(h->directory, account, by_mail, w.to);
        if (r != DIRECTORY_OK)
                return errno_of(r);
        texts_speak(language);
        words_code(&h->config, by_mail, code, minutes, &w.words);
        texts_speak(spoken);
        return sending_begin(h->sending, h->resolver, &(struct sending_message) {
                .kind = kind, .to = w.to, .subject = w.words.subject, .text = w.words.text,
        }, ret);
}
