/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * act-says.c - what a command prints, in memory, and from there to the caller
 */

#include "act-says.h"

#include "cleanup.h"
#include "conversation.h"
#include "utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int memory_open(struct memory *ret) {
        ret->file = open_memstream(&ret->text, &ret->n);
        return ret->file ? 0 : -ENOMEM;
}

void memory_done(struct memory *m) {
        if (m->file)
                (void) fclose(m->file);
        if (m->text)
                explicit_bzero(m->text, m->n);
        free(m->text);
}

/* The next part of it, for a message; false: there is no more. */
static bool part(struct memory *m, char ret[static WIRE_TEXT_MAX + 1]) {
        const size_t left = m->n - m->sent;
        size_t n;

        ret[0] = '\0';
        if (left == 0)                  /* there may be no text at all                            */
                return false;
        n = left > WIRE_TEXT_MAX ? utf8_fit(m->text + m->sent, WIRE_TEXT_MAX) : left;
        memcpy(ret, m->text + m->sent, n);
        ret[n] = '\0';
        m->sent += n;
        return n > 0;
}

void act_says(const struct helper *h, struct memory *out, struct memory *err, int status) {
        char text[WIRE_TEXT_MAX + 1], help[WIRE_TEXT_MAX + 1];
        struct wire_message m;
        bool last;

        do {
                wire_message_init(&m, WIRE_RESULT);
                if (part(out, text))
                        wire_set_string(&m, WIRE_TAG_TEXT, text);
                if (part(err, help))
                        wire_set_string(&m, WIRE_TAG_HELP, help);
                last = out->sent == out->n && err->sent == err->n;
                if (last)
                        wire_set_number(&m, WIRE_TAG_STATUS, (uint64_t) status);
        } while (conversation_send(h, &m) == WIRE_OK && !last);
        explicit_bzero(text, sizeof text);
        explicit_bzero(help, sizeof help);
}
