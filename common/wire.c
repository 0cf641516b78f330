/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * wire.c - the only encoder and decoder of the helper protocol
 *
 *     packet  = kind count *field            ; at most WIRE_MESSAGE_MAX bytes
 *     kind    = u16                          ; enum wire_kind
 *     count   = u16                          ; fields that follow, no more, no fewer
 *     field   = tag length value
 *     tag     = u16                          ; enum wire_tag, ascending, each at most once
 *     length  = u16                          ; bytes of value
 *     value   = u64 / 1*name-byte / *text-byte / *byte
 *
 * Integers are little-endian.  The form is canonical: what decodes is, byte
 * for byte, what encode makes of it.
 *
 * 1. MUST refuse what the tables below do not allow, whole.
 * 2. MUST not read beyond the packet nor write beyond the message.
 * 3. MUST not pass on a control character, or a string that is not UTF-8.
 */

#include "wire.h"

#include "cleanup.h"
#include "utf8.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum value_type { VALUE_NONE, VALUE_NUMBER, VALUE_NAME, VALUE_TEXT, VALUE_BYTES };

static const struct {
        enum value_type type;
        uint64_t        min, max;       /* of a number; of a length in bytes otherwise */
} tags[WIRE_TAG_MAX] = {
        [WIRE_TAG_VERSION]    = { VALUE_NUMBER, WIRE_VERSION, WIRE_VERSION },
        [WIRE_TAG_ACCOUNT]    = { VALUE_NAME,   1, WIRE_NAME_MAX },
        [WIRE_TAG_SERVICE]    = { VALUE_NAME,   1, WIRE_NAME_MAX },
        [WIRE_TAG_PACE]       = { VALUE_NUMBER, WIRE_PACE_LIVE, WIRE_PACE_TYPED },
        [WIRE_TAG_SOURCE]     = { VALUE_NAME,   2, 45 },
        [WIRE_TAG_TTY]        = { VALUE_NAME,   1, WIRE_NAME_MAX },
        [WIRE_TAG_TARGET]     = { VALUE_NAME,   1, WIRE_NAME_MAX },
        [WIRE_TAG_AFTER_KEY]  = { VALUE_NUMBER, 1, 1 },
        [WIRE_TAG_TIMEOUT]    = { VALUE_NUMBER, WIRE_TIMEOUT_MIN, WIRE_TIMEOUT_MAX },
        [WIRE_TAG_CHECK_CODE] = { VALUE_NAME,   3, 8 },
        [WIRE_TAG_TEXT]       = { VALUE_TEXT,   0, WIRE_TEXT_MAX },
        [WIRE_TAG_HELP]       = { VALUE_TEXT,   0, WIRE_TEXT_MAX },
        [WIRE_TAG_STATE]      = { VALUE_NUMBER, WIRE_STATE_STARTING, WIRE_STATE_CONFIRM },
        [WIRE_TAG_QR_SIDE]    = { VALUE_NUMBER, 21, WIRE_QR_SIDE_MAX },
        [WIRE_TAG_QR_BITS]    = { VALUE_BYTES,  1, WIRE_QR_BYTES_MAX },
        [WIRE_TAG_SECONDS]    = { VALUE_NUMBER, 0, WIRE_TIMEOUT_MAX },
        [WIRE_TAG_VERDICT]    = { VALUE_NUMBER, WIRE_VERDICT_DENIED, WIRE_VERDICT_NO_METHOD },
        [WIRE_TAG_UID]        = { VALUE_NUMBER, 1, UINT32_MAX - 1 },
        [WIRE_TAG_DECISION]   = { VALUE_NUMBER, WIRE_DECISION_DENIED, WIRE_DECISION_BUSY },
        [WIRE_TAG_LOGIN]      = { VALUE_NUMBER, 1, INT64_MAX },
        [WIRE_TAG_MENU]       = { VALUE_TEXT,   0, WIRE_TEXT_MAX },
        [WIRE_TAG_LANGUAGE]   = { VALUE_NAME,   2, 2 },
        [WIRE_TAG_ABOUT]      = { VALUE_TEXT,   0, WIRE_TEXT_MAX },
        [WIRE_TAG_LINK]       = { VALUE_NAME,   1, WIRE_LINK_MAX },
        [WIRE_TAG_MAY_TURN]   = { VALUE_NUMBER, 1, 1 },
        [WIRE_TAG_PROGRAM]    = { VALUE_NAME,   1, WIRE_PROGRAM_MAX },
        [WIRE_TAG_ARGUMENTS]  = { VALUE_NAME,   1, WIRE_PROGRAM_MAX },
        [WIRE_TAG_METHOD]     = { VALUE_NAME,   1, WIRE_NAME_MAX },
        [WIRE_TAG_PROBE]      = { VALUE_NUMBER, WIRE_PROBE_REACHABLE, WIRE_PROBE_ISSUER },
        [WIRE_TAG_WORDS]      = { VALUE_BYTES,  1, WIRE_WORDS_MAX },
        [WIRE_TAG_SECRET]     = { VALUE_BYTES,  1, WIRE_SECRET_MAX },
        [WIRE_TAG_STATUS]     = { VALUE_NUMBER, 0, WIRE_STATUS_MAX },
        [WIRE_TAG_FACTOR]     = { VALUE_NUMBER, WIRE_FACTOR_PASSWORD, WIRE_FACTOR_CODE },
        [WIRE_TAG_ECHO]       = { VALUE_NUMBER, 0, 1 },
        [WIRE_TAG_ROOM]       = { VALUE_NUMBER, 1, WIRE_ANSWER_MAX },
        [WIRE_TAG_ANSWER]     = { VALUE_BYTES,  0, WIRE_ANSWER_MAX },
        [WIRE_TAG_WAYS]       = { VALUE_TEXT,   0, WIRE_TEXT_MAX },
        [WIRE_TAG_TYPES]      = { VALUE_NUMBER, 1, 1 },
};

#define T(name) (UINT64_C(1) << WIRE_TAG_ ## name)

static const struct {
        enum wire_kind kind;
        uint64_t       must, may;
} kinds[] = {
        { WIRE_VERIFY,   T(VERSION) | T(ACCOUNT) | T(SERVICE) | T(PACE) | T(TIMEOUT),
                         T(SOURCE) | T(TTY) | T(TARGET) | T(AFTER_KEY) | T(PROGRAM) | T(ARGUMENTS) },
        { WIRE_INTRO,    T(LANGUAGE) | T(CHECK_CODE) | T(ABOUT) | T(TEXT) | T(HELP) | T(MENU),
                         T(MAY_TURN) | T(WAYS) | T(TYPES) },
        { WIRE_START,    0, 0 },
        { WIRE_SHOW,     T(STATE) | T(TEXT) | T(HELP) | T(SECONDS), T(QR_SIDE) | T(QR_BITS) | T(LINK) },
        { WIRE_ASK,      0, 0 },
        { WIRE_VERDICT,  T(VERDICT) | T(TEXT), T(ACCOUNT) | T(UID) | T(LOGIN) | T(LANGUAGE) },
        { WIRE_ACCOUNT,  T(VERSION) | T(ACCOUNT) | T(SERVICE), T(SOURCE) | T(TTY) | T(LOGIN) },
        { WIRE_DECISION, T(DECISION) | T(TEXT), T(UID) },
        { WIRE_OPEN,     T(VERSION) | T(ACCOUNT) | T(SERVICE), T(SOURCE) | T(TTY) | T(LOGIN) },
        { WIRE_RECORDED, T(DECISION), T(LOGIN) },
        { WIRE_CLOSE,    T(VERSION) | T(ACCOUNT) | T(SERVICE), T(TTY) | T(LOGIN) },
        { WIRE_TURN,     0, 0 },
        { WIRE_PROBE,    T(VERSION) | T(METHOD), 0 },
        { WIRE_PROBED,   T(PROBE) | T(TEXT), 0 },
        { WIRE_ACT,      T(VERSION) | T(ACCOUNT) | T(SERVICE) | T(LANGUAGE) | T(WORDS),
                         T(PACE) | T(TIMEOUT) | T(SECRET) },
        { WIRE_RESULT,   0, T(TEXT) | T(HELP) | T(STATUS) },
        { WIRE_ANSWER,   T(ANSWER), 0 },
        { WIRE_PROMPT,   T(TEXT) | T(HELP) | T(SECONDS) | T(FACTOR) | T(ECHO) | T(ROOM), 0 },
        { WIRE_WAY,      0, 0 },
};

static int kind_find(uint64_t kind, uint64_t *ret_must, uint64_t *ret_may) {
        for (size_t i = 0; i < N_ELEMENTS(kinds); i++)
                if (kinds[i].kind == kind) {
                        *ret_must = kinds[i].must;
                        *ret_may = kinds[i].must | kinds[i].may;
                        return WIRE_OK;
                }
        return WIRE_E_UNKNOWN;
}

static uint64_t get_le(const uint8_t *p, size_t n) {
        uint64_t v = 0;

        for (size_t i = n; i-- > 0;)
                v = v << 8 | p[i];
        return v;
}

static void put_le(uint8_t *p, size_t n, uint64_t v) {
        for (size_t i = 0; i < n; i++, v >>= 8)
                p[i] = (uint8_t) v;
}

/* The one judgement on a value, for both directions. */
static int value_check(enum wire_tag tag, uint64_t number, const void *data, size_t n) {
        const uint64_t measured = tags[tag].type == VALUE_NUMBER ? number : n;

        if (tag == WIRE_TAG_VERSION && number != WIRE_VERSION)
                return WIRE_E_UNKNOWN;
        if (measured < tags[tag].min || measured > tags[tag].max)
                return WIRE_E_RANGE;
        if (tags[tag].type == VALUE_NAME && !utf8_is_clean(data, n, UTF8_ONE_LINE))
                return WIRE_E_RANGE;
        if (tags[tag].type == VALUE_TEXT && !utf8_is_clean(data, n, UTF8_LINES))
                return WIRE_E_RANGE;
        return WIRE_OK;
}

static bool words_are_clean(const uint8_t *words, size_t n) {
        while (n > 0) {
                const uint8_t *const end = memchr(words, 0, n);

                if (!end || !utf8_is_clean(words, (size_t) (end - words), UTF8_ONE_LINE))
                        return false;
                n -= (size_t) (end - words) + 1;
                words = end + 1;
        }
        return true;
}

/* What holds between fields: a frame is whole, a link in place of it, and an approval names its account. */
static int message_check(const struct wire_message *m) {
        const bool side = wire_has(m, WIRE_TAG_QR_SIDE), bits = wire_has(m, WIRE_TAG_QR_BITS);

        if (side != bits)
                return WIRE_E_MISSING;
        if (side && wire_has(m, WIRE_TAG_LINK))
                return WIRE_E_FORBIDDEN;
        if (wire_has(m, WIRE_TAG_ARGUMENTS) && !wire_has(m, WIRE_TAG_PROGRAM))
                return WIRE_E_MISSING;
        if (side) {
                const uint64_t s = m->number[WIRE_TAG_QR_SIDE];

                if (m->n_bytes[WIRE_TAG_QR_BITS] != (s * s + 7) / 8)
                        return WIRE_E_RANGE;
        }
        /* Words that another program could be told, each whole. */
        if (wire_has(m, WIRE_TAG_WORDS) && !words_are_clean(m->bytes[WIRE_TAG_WORDS], m->n_bytes[WIRE_TAG_WORDS]))
                return WIRE_E_RANGE;
        if (wire_has(m, WIRE_TAG_SECRET) && !words_are_clean(m->bytes[WIRE_TAG_SECRET], m->n_bytes[WIRE_TAG_SECRET]))
                return WIRE_E_RANGE;
        /* What is typed ends at its first NUL wherever it is compared: so nothing may follow one. */
        if (wire_has(m, WIRE_TAG_ANSWER) && memchr(m->bytes[WIRE_TAG_ANSWER], 0, m->n_bytes[WIRE_TAG_ANSWER]))
                return WIRE_E_RANGE;
        if (m->kind == WIRE_VERDICT && m->number[WIRE_TAG_VERDICT] == WIRE_VERDICT_APPROVED &&
            (!wire_has(m, WIRE_TAG_ACCOUNT) || !wire_has(m, WIRE_TAG_UID)))
                return WIRE_E_MISSING;
        return WIRE_OK;
}

void wire_message_init(struct wire_message *m, enum wire_kind kind) {
        /* The buffer is left as it is: nothing points into it yet. */
        memset(m, 0, offsetof(struct wire_message, buffer));
        m->kind = kind;
}

bool wire_has(const struct wire_message *m, enum wire_tag tag) {
        return m->present & UINT64_C(1) << tag;
}

void wire_set_number(struct wire_message *m, enum wire_tag tag, uint64_t value) {
        m->number[tag] = value;
        m->present |= UINT64_C(1) << tag;
}

void wire_set_string(struct wire_message *m, enum wire_tag tag, const char *value) {
        m->string[tag] = value;
        if (value)
                m->present |= UINT64_C(1) << tag;
        else
                m->present &= ~(UINT64_C(1) << tag);
}

void wire_set_bytes(struct wire_message *m, enum wire_tag tag, const void *value, size_t n) {
        m->bytes[tag] = value;
        m->n_bytes[tag] = n;
        m->present |= UINT64_C(1) << tag;
}

static int decode_fields(const uint8_t *p, size_t n, struct wire_message *m) {
        uint64_t must, may;
        size_t at = 4, out = 0;
        unsigned last = 0;
        int r;

        if (n < 4 || n > WIRE_MESSAGE_MAX)
                return WIRE_E_MALFORMED;
        r = kind_find(get_le(p, 2), &must, &may);
        if (r != WIRE_OK)
                return r;
        m->kind = (enum wire_kind) get_le(p, 2);

        for (size_t left = (size_t) get_le(p + 2, 2); left > 0; left--) {
                unsigned tag;
                size_t length;

                if (n - at < 4)
                        return WIRE_E_MALFORMED;
                tag = (unsigned) get_le(p + at, 2);
                length = (size_t) get_le(p + at + 2, 2);
                at += 4;
                if (length > n - at)
                        return WIRE_E_MALFORMED;
                if (tag == 0 || tag >= WIRE_TAG_MAX)
                        return WIRE_E_UNKNOWN;
                if (!(may & UINT64_C(1) << tag) || tag <= last)
                        return WIRE_E_FORBIDDEN;
                last = tag;

                if (tags[tag].type == VALUE_NUMBER) {
                        if (length != 8)
                                return WIRE_E_MALFORMED;
                        m->number[tag] = get_le(p + at, 8);
                } else if (tags[tag].type == VALUE_BYTES) {
                        m->bytes[tag] = memcpy(m->buffer + out, p + at, length);
                        m->n_bytes[tag] = length;
                        out += length;
                } else {
                        m->string[tag] = memcpy(m->buffer + out, p + at, length);
                        m->buffer[out + length] = '\0';
                        out += length + 1;
                }
                r = value_check(tag, m->number[tag], p + at, length);
                if (r != WIRE_OK)
                        return r;
                m->present |= UINT64_C(1) << tag;
                at += length;
        }

        if (at != n)
                return WIRE_E_MALFORMED;
        if ((m->present & must) != must)
                return WIRE_E_MISSING;
        return message_check(m);
}

int wire_decode(const void *packet, size_t n, struct wire_message *ret) {
        int r;

        wire_message_init(ret, 0);
        r = decode_fields(packet, n, ret);
        if (r != WIRE_OK)
                wire_message_init(ret, 0);
        return r;
}

int wire_encode(const struct wire_message *m, uint8_t packet[static WIRE_MESSAGE_MAX], size_t *ret_n) {
        uint64_t must, may;
        size_t at = 4, n_fields = 0;
        int r;

        r = kind_find(m->kind, &must, &may);
        if (r != WIRE_OK)
                return r;
        if ((m->present & must) != must)
                return WIRE_E_MISSING;
        if (m->present & ~may)
                return WIRE_E_FORBIDDEN;
        r = message_check(m);
        if (r != WIRE_OK)
                return r;

        for (unsigned tag = 1; tag < WIRE_TAG_MAX; tag++) {
                uint8_t le[8];
                const void *data = le;
                size_t length = sizeof le;

                if (!wire_has(m, tag))
                        continue;
                if (tags[tag].type == VALUE_NUMBER)
                        put_le(le, sizeof le, m->number[tag]);
                else if (tags[tag].type == VALUE_BYTES)
                        data = m->bytes[tag], length = m->n_bytes[tag];
                else
                        data = m->string[tag], length = strlen(m->string[tag]);

                r = value_check(tag, m->number[tag], data, length);
                if (r != WIRE_OK)
                        return r;
                if (length + 4 > WIRE_MESSAGE_MAX - at)
                        return WIRE_E_RANGE;
                put_le(packet + at, 2, tag);
                put_le(packet + at + 2, 2, length);
                memcpy(packet + at + 4, data, length);
                at += 4 + length;
                n_fields++;
        }

        put_le(packet, 2, m->kind);
        put_le(packet + 2, 2, n_fields);
        *ret_n = at;
        return WIRE_OK;
}

const char *wire_verdict_text(int r) {
        static const char *const texts[] = {
                [WIRE_OK]           = "no fault",
                [WIRE_E_MALFORMED]  = "not a message of this protocol",
                [WIRE_E_UNKNOWN]    = "a message of another version",
                [WIRE_E_FORBIDDEN]  = "a message with a field that it may not have",
                [WIRE_E_MISSING]    = "a message that lacks a field",
                [WIRE_E_RANGE]      = "a message with a value outside its limits",
                [WIRE_E_UNEXPECTED] = "a message out of turn",
                [WIRE_E_CLOSED]     = "the connection was closed",
                [WIRE_E_TIMED_OUT]  = "no answer in time",
        };

        if (r < 0)
                return strerrordesc_np(-r) ? strerrordesc_np(-r) : "a system error";
        return (size_t) r < N_ELEMENTS(texts) ? texts[r] : "a fault";
}

uint64_t wire_now_ms(void) {
        struct timespec t;

        /* Cannot fail: the clock is a constant and the pointer is ours. */
        (void) clock_gettime(CLOCK_BOOTTIME, &t);
        return (uint64_t) t.tv_sec * 1000 + (uint64_t) t.tv_nsec / 1000000;
}

/* Wait until @fd is ready for @events.  POLLHUP and POLLERR count as ready: the call that follows tells. */
static int wait_ready(int fd, short events, uint64_t deadline_ms) {
        for (;;) {
                const uint64_t now = wire_now_ms();
                struct pollfd p = { .fd = fd, .events = events };
                int k;

                if (now >= deadline_ms)
                        return WIRE_E_TIMED_OUT;
                k = poll(&p, 1, deadline_ms - now > INT32_MAX ? INT32_MAX : (int) (deadline_ms - now));
                if (k > 0)
                        return WIRE_OK;
                if (k < 0 && errno != EINTR)
                        return -errno;
        }
}

static int packet_send(int fd, const uint8_t *packet, size_t n, uint64_t deadline_ms) {
        int r;

        for (;;) {
                ssize_t k = send(fd, packet, n, MSG_NOSIGNAL | MSG_DONTWAIT);

                if (k == (ssize_t) n)
                        return WIRE_OK;
                if (k >= 0)
                        return -EIO;
                if (errno == EPIPE || errno == ECONNRESET)
                        return WIRE_E_CLOSED;
                if (errno == EINTR)
                        continue;
                if (errno != EAGAIN)
                        return -errno;
                r = wait_ready(fd, POLLOUT, deadline_ms);
                if (r != WIRE_OK)
                        return r;
        }
}

/* A packet may hold what nobody else is to see: names, a personal number, how somebody is reached. */
int wire_send(int fd, const struct wire_message *m, uint64_t deadline_ms) {
        uint8_t packet[WIRE_MESSAGE_MAX];
        size_t n = 0;
        int r;

        r = wire_encode(m, packet, &n);
        if (r == WIRE_OK)
                r = packet_send(fd, packet, n, deadline_ms);
        explicit_bzero(packet, n);
        return r;
}

int wire_receive(int fd, uint32_t kinds_mask, uint64_t deadline_ms, struct wire_message *ret) {
        uint8_t packet[WIRE_MESSAGE_MAX];
        /* No room for control data: the kernel closes what a peer sends along and says MSG_CTRUNC. */
        struct iovec iov = { .iov_base = packet, .iov_len = sizeof packet };
        struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };
        int r;

        for (;;) {
                ssize_t k = recvmsg(fd, &h, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

                if (k < 0 && errno == EINTR)
                        continue;               /* also where there is no time left to wait */
                if (k < 0 && errno == EAGAIN) {
                        r = wait_ready(fd, POLLIN, deadline_ms);
                        if (r != WIRE_OK)
                                return r;
                        continue;
                }
                if (k < 0)
                        return errno == ECONNRESET ? WIRE_E_CLOSED : -errno;
                if (k == 0)
                        return WIRE_E_CLOSED;
                if (h.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
                        return WIRE_E_MALFORMED;
                r = wire_decode(packet, (size_t) k, ret);
                explicit_bzero(packet, (size_t) k);
                if (r != WIRE_OK)
                        return r;
                return kinds_mask & UINT32_C(1) << ret->kind ? WIRE_OK : WIRE_E_UNEXPECTED;
        }
}
