/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * place.c - from what is known of a session to a place
 *
 * 1. MUST take a place for unknown unless something says that it is here.
 * 2. MUST take it for remote as soon as anything says so.
 */

#include "place.h"

#include "cleanup.h"
#include "scan.h"

#include <arpa/inet.h>
#include <string.h>

/* An address literal without its zone; a name may be anybody's. */
static void source_copy(const char *s, char ret[static INET6_ADDRSTRLEN]) {
        const size_t n = s ? strcspn(s, " %") : 0;
        uint8_t address[sizeof(struct in6_addr)];

        ret[0] = '\0';
        if (n == 0 || n >= INET6_ADDRSTRLEN)
                return;
        memcpy(ret, s, n);
        ret[n] = '\0';
        if (inet_pton(AF_INET, ret, address) != 1 && inet_pton(AF_INET6, ret, address) != 1)
                ret[0] = '\0';
}

void place_of_session(const struct place_session *s, struct place *ret) {
        const bool open = s->state && strcmp(s->state, "closing") != 0;

        *ret = (struct place) { .kind = PLACE_UNKNOWN };
        if (s->remote) {
                ret->kind = PLACE_REMOTE;
                source_copy(s->remote_host, ret->source);
        } else if (open && ((s->seat && *s->seat) || place_is_line(s->tty))) {
                ret->kind = PLACE_HERE;
        }
}

void place_join(struct place *place, const struct place *other, bool both_asked) {
        if (place->kind != PLACE_REMOTE && other->kind != PLACE_UNKNOWN)
                *place = *other;
        if (place->kind == PLACE_HERE && !both_asked)
                place->kind = PLACE_UNKNOWN;
}

static bool ascii_is_upper(char c) {
        return c >= 'A' && c <= 'Z';
}

/* Serial lines: "ttyS0", "ttyAMA0", "ttymxc0".  One small letter and a digit is a pseudo-terminal of BSD's kind. */
static bool is_serial(struct scan *s) {
        size_t n = 0;
        bool upper = false;

        while (!scan_at_end(s) && (ascii_is_lower(*s->at) || ascii_is_upper(*s->at))) {
                upper = upper || ascii_is_upper(*s->at);
                s->at++;
                n++;
        }
        return n != 1 || upper;
}

bool place_is_line(const char *tty) {
        static const char *const numbered[] = { "hvc", "hvsi", "xvc" };
        struct scan s = scan_text(tty ? tty : "");
        uint32_t number;

        if (tty && strcmp(tty, "console") == 0)
                return true;
        if (scan_literal(&s, "tty"))
                return is_serial(&s) && scan_u32(&s, UINT16_MAX, &number) && scan_at_end(&s);
        for (size_t i = 0; i < N_ELEMENTS(numbered); i++)
                if (scan_literal(&s, numbered[i]))
                        return scan_u32(&s, UINT16_MAX, &number) && scan_at_end(&s);
        return false;
}

enum place_kind place_of_terminal(const struct place *session, const char *tty) {
        if (session->kind != PLACE_UNKNOWN)
                return session->kind;
        return !session->begun && place_is_line(tty) ? PLACE_HERE : PLACE_UNKNOWN;
}
