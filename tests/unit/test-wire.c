/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-wire.c - the helper protocol: every kind, every limit, every verdict, both directions
 *
 * The tables here are written from docs/helper-protocol.md, not from wire.c:
 * where the two differ, one of them is wrong.
 */

#include "wire.h"

#include "cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define T(name) (UINT64_C(1) << WIRE_TAG_ ## name)

static const struct {
        const char    *name;
        enum wire_kind kind;
        uint64_t       must, may;
} kinds[] = {
        { "VERIFY",   WIRE_VERIFY,   T(VERSION) | T(ACCOUNT) | T(SERVICE) | T(PACE) | T(TIMEOUT),
                                     T(SOURCE) | T(TTY) | T(TARGET) | T(AFTER_KEY) | T(PROGRAM) | T(ARGUMENTS) },
        { "INTRO",    WIRE_INTRO,    T(LANGUAGE) | T(CHECK_CODE) | T(ABOUT) | T(TEXT) | T(HELP) | T(MENU), T(MAY_TURN) | T(WAYS) | T(TYPES) },
        { "START",    WIRE_START,    0, 0 },
        { "SHOW",     WIRE_SHOW,     T(STATE) | T(TEXT) | T(HELP) | T(SECONDS), T(QR_SIDE) | T(QR_BITS) | T(LINK) },
        { "ASK",      WIRE_ASK,      0, 0 },
        { "VERDICT",  WIRE_VERDICT,  T(VERDICT) | T(TEXT), T(ACCOUNT) | T(UID) | T(LOGIN) | T(LANGUAGE) },
        { "ACCOUNT",  WIRE_ACCOUNT,  T(VERSION) | T(ACCOUNT) | T(SERVICE), T(SOURCE) | T(TTY) | T(LOGIN) },
        { "DECISION", WIRE_DECISION, T(DECISION) | T(TEXT), T(UID) },
        { "OPEN",     WIRE_OPEN,     T(VERSION) | T(ACCOUNT) | T(SERVICE), T(SOURCE) | T(TTY) | T(LOGIN) },
        { "RECORDED", WIRE_RECORDED, T(DECISION), T(LOGIN) },
        { "CLOSE",    WIRE_CLOSE,    T(VERSION) | T(ACCOUNT) | T(SERVICE), T(TTY) | T(LOGIN) },
        { "TURN",     WIRE_TURN,     0, 0 },
        { "PROBE",    WIRE_PROBE,    T(VERSION) | T(METHOD), 0 },
        { "PROBED",   WIRE_PROBED,   T(PROBE) | T(TEXT), 0 },
        { "ACT",      WIRE_ACT,      T(VERSION) | T(ACCOUNT) | T(SERVICE) | T(LANGUAGE) | T(WORDS), T(PACE) | T(TIMEOUT) | T(SECRET) },
        { "RESULT",   WIRE_RESULT,   0, T(TEXT) | T(HELP) | T(STATUS) },
        { "ANSWER",   WIRE_ANSWER,   T(ANSWER), 0 },
        { "PROMPT",   WIRE_PROMPT,   T(TEXT) | T(HELP) | T(SECONDS) | T(FACTOR) | T(ECHO) | T(ROOM), 0 },
        { "WAY",      WIRE_WAY,      0, 0 },
};

enum type { NUMBER, NAME, TEXT, BYTES };

/* One legal value each, and the limits: of a number itself, of the length of anything else. */
static const struct {
        const char    *name;
        enum wire_tag  tag;
        enum wire_kind in;              /* a kind that may carry it                                      */
        enum type      type;
        uint64_t       min, max;
} tags[] = {
        { "VERSION",    WIRE_TAG_VERSION,    WIRE_VERIFY,   NUMBER, 2, 2 },
        { "ACCOUNT",    WIRE_TAG_ACCOUNT,    WIRE_VERIFY,   NAME,   1, 64 },
        { "SERVICE",    WIRE_TAG_SERVICE,    WIRE_VERIFY,   NAME,   1, 64 },
        { "PACE",       WIRE_TAG_PACE,       WIRE_VERIFY,   NUMBER, 1, 3 },
        { "SOURCE",     WIRE_TAG_SOURCE,     WIRE_VERIFY,   NAME,   2, 45 },
        { "TTY",        WIRE_TAG_TTY,        WIRE_VERIFY,   NAME,   1, 64 },
        { "TARGET",     WIRE_TAG_TARGET,     WIRE_VERIFY,   NAME,   1, 64 },
        { "AFTER_KEY",  WIRE_TAG_AFTER_KEY,  WIRE_VERIFY,   NUMBER, 1, 1 },
        { "TIMEOUT",    WIRE_TAG_TIMEOUT,    WIRE_VERIFY,   NUMBER, 5, 600 },
        { "CHECK_CODE", WIRE_TAG_CHECK_CODE, WIRE_INTRO,    NAME,   3, 8 },
        { "TEXT",       WIRE_TAG_TEXT,       WIRE_INTRO,    TEXT,   0, 2048 },
        { "HELP",       WIRE_TAG_HELP,       WIRE_INTRO,    TEXT,   0, 2048 },
        { "STATE",      WIRE_TAG_STATE,      WIRE_SHOW,     NUMBER, 1, 4 },
        { "SECONDS",    WIRE_TAG_SECONDS,    WIRE_SHOW,     NUMBER, 0, 600 },
        { "VERDICT",    WIRE_TAG_VERDICT,    WIRE_VERDICT,  NUMBER, 1, 11 },
        { "UID",        WIRE_TAG_UID,        WIRE_VERDICT,  NUMBER, 1, UINT32_MAX - 1 },
        { "DECISION",   WIRE_TAG_DECISION,   WIRE_DECISION, NUMBER, 1, 8 },
        { "LOGIN",      WIRE_TAG_LOGIN,      WIRE_VERDICT,  NUMBER, 1, INT64_MAX },
        { "MENU",       WIRE_TAG_MENU,       WIRE_INTRO,    TEXT,   0, 2048 },
        { "LANGUAGE",   WIRE_TAG_LANGUAGE,   WIRE_INTRO,    NAME,   2, 2 },
        { "ABOUT",      WIRE_TAG_ABOUT,      WIRE_INTRO,    TEXT,   0, 2048 },
        { "LINK",       WIRE_TAG_LINK,       WIRE_SHOW,     NAME,   1, 160 },
        { "MAY_TURN",   WIRE_TAG_MAY_TURN,   WIRE_INTRO,    NUMBER, 1, 1 },
        { "PROGRAM",    WIRE_TAG_PROGRAM,    WIRE_VERIFY,   NAME,   1, 255 },
        { "METHOD",     WIRE_TAG_METHOD,     WIRE_PROBE,    NAME,   1, 64 },
        { "PROBE",      WIRE_TAG_PROBE,      WIRE_PROBED,   NUMBER, 1, 16 },
        { "WORDS",      WIRE_TAG_WORDS,      WIRE_ACT,      BYTES,  1, 4096 },
        { "SECRET",     WIRE_TAG_SECRET,     WIRE_ACT,      BYTES,  1, 1536 },
        { "STATUS",     WIRE_TAG_STATUS,     WIRE_RESULT,   NUMBER, 0, 3 },
        { "FACTOR",     WIRE_TAG_FACTOR,     WIRE_PROMPT,   NUMBER, 1, 5 },
        { "ECHO",       WIRE_TAG_ECHO,       WIRE_PROMPT,   NUMBER, 0, 1 },
        { "ROOM",       WIRE_TAG_ROOM,       WIRE_PROMPT,   NUMBER, 1, 512 },
        { "ANSWER",     WIRE_TAG_ANSWER,     WIRE_ANSWER,   BYTES,  0, 512 },
        { "WAYS",       WIRE_TAG_WAYS,       WIRE_INTRO,    TEXT,   0, 2048 },
        { "TYPES",      WIRE_TAG_TYPES,      WIRE_INTRO,    NUMBER, 1, 1 },
};

static unsigned n_tests, n_failed;

__attribute__((__format__(printf, 2, 3)))
static void check(bool ok, const char *format, ...) {
        va_list ap;

        n_failed += !ok;
        printf("%sok %u - ", ok ? "" : "not ", ++n_tests);
        va_start(ap, format);
        (void) vprintf(format, ap);
        va_end(ap);
        printf("\n");
}

static char filler[WIRE_MESSAGE_MAX];
static const uint8_t bits[WIRE_QR_BYTES_MAX + 1];
static const uint8_t words[WIRE_WORDS_MAX + 1];         /* empty ones                             */

static void set_value(struct wire_message *m, enum wire_tag tag, enum type type, uint64_t n) {
        if (type == NUMBER)
                wire_set_number(m, tag, n);
        else if (tag == WIRE_TAG_ANSWER)
                wire_set_bytes(m, tag, filler, n);
        else if (type == BYTES)
                wire_set_bytes(m, tag, words, n);
        else
                wire_set_string(m, tag, filler + sizeof filler - 1 - n);
}

static void set_legal(struct wire_message *m, unsigned tag) {
        for (size_t i = 0; i < N_ELEMENTS(tags); i++)
                if (tags[i].tag == tag)
                        set_value(m, tag, tags[i].type, tags[i].max);
        if (tag == WIRE_TAG_ARGUMENTS)
                set_value(m, tag, NAME, WIRE_PROGRAM_MAX);
        if (tag == WIRE_TAG_QR_SIDE)
                wire_set_number(m, tag, 41);
        if (tag == WIRE_TAG_QR_BITS)
                wire_set_bytes(m, tag, bits, (41 * 41 + 7) / 8);
}

static void make(struct wire_message *m, enum wire_kind kind, uint64_t present) {
        wire_message_init(m, kind);
        for (unsigned tag = 1; tag < WIRE_TAG_MAX; tag++)
                if (present & UINT64_C(1) << tag)
                        set_legal(m, tag);
}

static uint64_t must_of(enum wire_kind kind) {
        for (size_t i = 0; i < N_ELEMENTS(kinds); i++)
                if (kinds[i].kind == kind)
                        return kinds[i].must;
        return 0;
}

/* A second encoder, which lets everything through. */
static size_t encode_anything(const struct wire_message *m, uint8_t *packet) {
        size_t at = 4, count = 0;

        for (unsigned tag = 1; tag < WIRE_TAG_MAX; tag++) {
                uint8_t le[8];
                const void *data = le;
                size_t n = 8;

                if (!wire_has(m, tag))
                        continue;
                for (unsigned i = 0; i < 8; i++)
                        le[i] = (uint8_t) (m->number[tag] >> 8 * i);
                if (m->bytes[tag])
                        data = m->bytes[tag], n = m->n_bytes[tag];
                else if (m->string[tag])
                        data = m->string[tag], n = strlen(m->string[tag]);
                packet[at] = (uint8_t) tag;
                packet[at + 1] = 0;
                packet[at + 2] = (uint8_t) n;
                packet[at + 3] = (uint8_t) (n >> 8);
                memcpy(packet + at + 4, data, n);
                at += 4 + n;
                count++;
        }
        packet[0] = (uint8_t) m->kind;
        packet[1] = 0;
        packet[2] = (uint8_t) count;
        packet[3] = 0;
        return at;
}

/* What both directions say of one message. */
static int judge(const struct wire_message *m) {
        static uint8_t ours[2 * WIRE_MESSAGE_MAX], theirs[WIRE_MESSAGE_MAX];
        static struct wire_message decoded;
        const size_t n_ours = encode_anything(m, ours);
        size_t n_theirs = 0;
        int encoded = wire_encode(m, theirs, &n_theirs), r = wire_decode(ours, n_ours, &decoded);

        if (encoded != r)
                return -EINVAL;
        /* Canonical: what encode makes is what decodes, byte for byte. */
        if (r == WIRE_OK && (n_ours != n_theirs || memcmp(ours, theirs, n_ours) != 0 || decoded.present != m->present))
                return -EBADMSG;
        if (r != WIRE_OK && decoded.present != 0)
                return -EEXIST;
        return r;
}

static bool is_tag(unsigned tag) {
        for (size_t i = 0; i < N_ELEMENTS(tags); i++)
                if (tags[i].tag == tag)
                        return true;
        return false;
}

static void test_kinds(void) {
        static struct wire_message m;

        for (size_t i = 0; i < N_ELEMENTS(kinds); i++) {
                /* A code, or a link in its place. */
                make(&m, kinds[i].kind, (kinds[i].must | kinds[i].may) & ~T(LINK));
                check(judge(&m) == WIRE_OK, "%s with everything it may carry", kinds[i].name);
                make(&m, kinds[i].kind, kinds[i].must);
                /* The largest verdict is not an approval, so it needs no more than it must. */
                check(judge(&m) == WIRE_OK, "%s with what it must carry", kinds[i].name);

                for (unsigned tag = 1; tag < WIRE_TAG_MAX; tag++) {
                        const uint64_t bit = UINT64_C(1) << tag;

                        if (!is_tag(tag))
                                continue;               /* a number that is not given yet */
                        if (kinds[i].must & bit) {
                                make(&m, kinds[i].kind, (kinds[i].must | kinds[i].may) & ~bit);
                                check(judge(&m) == WIRE_E_MISSING, "%s without tag %u", kinds[i].name, tag);
                        } else if (!(kinds[i].may & bit)) {
                                make(&m, kinds[i].kind, kinds[i].must | bit);
                                check(judge(&m) == WIRE_E_FORBIDDEN, "%s with tag %u", kinds[i].name, tag);
                        }
                }
        }
}

static void test_limits(void) {
        static struct wire_message m;

        for (size_t i = 0; i < N_ELEMENTS(tags); i++) {
                /* What says another version is another protocol, not a value that is wrong in this one. */
                const int beyond = tags[i].tag == WIRE_TAG_VERSION ? WIRE_E_UNKNOWN : WIRE_E_RANGE;
                const uint64_t values[] = { tags[i].min, tags[i].max, tags[i].min - 1, tags[i].max + 1 };

                for (size_t k = 0; k < N_ELEMENTS(values); k++) {
                        if (values[k] == UINT64_MAX)
                                continue;               /* below zero                                    */
                        make(&m, tags[i].in, must_of(tags[i].in) | T(ACCOUNT) * (tags[i].in == WIRE_VERDICT) |
                                             T(UID) * (tags[i].in == WIRE_VERDICT));
                        set_value(&m, tags[i].tag, tags[i].type, values[k]);
                        check(judge(&m) == (k < 2 ? WIRE_OK : beyond), "%s %s its %s limit", tags[i].name,
                              k < 2 ? "at" : "over", k % 2 ? "upper" : "lower");
                }
        }
}

static void test_between_fields(void) {
        static struct wire_message m;
        static const struct { const char *name; uint64_t side; size_t n; int want; } codes[] = {
                { "the smallest code",             21,  56,                    WIRE_OK      },
                { "a BankID code",                 41,  211,                   WIRE_OK      },
                { "the largest code",              177, WIRE_QR_BYTES_MAX,     WIRE_OK      },
                { "a code that is none",           20,  50,                    WIRE_E_RANGE },
                { "a code larger than any",        178, WIRE_QR_BYTES_MAX,     WIRE_E_RANGE },
                { "a code without its last byte",  41,  210,                   WIRE_E_RANGE },
                { "a code with a byte too many",   41,  212,                   WIRE_E_RANGE },
                { "more bits than any code has",   177, WIRE_QR_BYTES_MAX + 1, WIRE_E_RANGE },
                { "a side whose square overflows", UINT64_C(1) << 32, 1,       WIRE_E_RANGE },
        };

        for (size_t i = 0; i < N_ELEMENTS(codes); i++) {
                make(&m, WIRE_SHOW, must_of(WIRE_SHOW));
                wire_set_number(&m, WIRE_TAG_QR_SIDE, codes[i].side);
                wire_set_bytes(&m, WIRE_TAG_QR_BITS, bits, codes[i].n);
                check(judge(&m) == codes[i].want, "%s", codes[i].name);
        }
        make(&m, WIRE_SHOW, must_of(WIRE_SHOW) | T(QR_SIDE));
        check(judge(&m) == WIRE_E_MISSING, "a side without bits");
        make(&m, WIRE_SHOW, must_of(WIRE_SHOW) | T(QR_BITS));
        check(judge(&m) == WIRE_E_MISSING, "bits without a side");

        make(&m, WIRE_SHOW, must_of(WIRE_SHOW) | T(QR_SIDE) | T(QR_BITS) | T(LINK));
        check(judge(&m) == WIRE_E_FORBIDDEN, "a code and a link");
        make(&m, WIRE_SHOW, must_of(WIRE_SHOW) | T(LINK));
        check(judge(&m) == WIRE_OK, "a link");
        make(&m, WIRE_VERIFY, must_of(WIRE_VERIFY) | T(ARGUMENTS));
        check(judge(&m) == WIRE_E_MISSING, "arguments of no program");
        make(&m, WIRE_VERIFY, must_of(WIRE_VERIFY) | T(PROGRAM) | T(ARGUMENTS));
        check(judge(&m) == WIRE_OK, "arguments of a program");
        make(&m, WIRE_VERIFY, must_of(WIRE_VERIFY) | T(PROGRAM) | T(ARGUMENTS));
        set_value(&m, WIRE_TAG_ARGUMENTS, NAME, WIRE_PROGRAM_MAX + 1);
        check(judge(&m) == WIRE_E_RANGE, "arguments that are too long");

        make(&m, WIRE_VERDICT, must_of(WIRE_VERDICT) | T(ACCOUNT) | T(UID));
        wire_set_number(&m, WIRE_TAG_VERDICT, WIRE_VERDICT_APPROVED);
        check(judge(&m) == WIRE_OK, "an approval of an account and a uid");
        make(&m, WIRE_VERDICT, must_of(WIRE_VERDICT) | T(ACCOUNT));
        wire_set_number(&m, WIRE_TAG_VERDICT, WIRE_VERDICT_APPROVED);
        check(judge(&m) == WIRE_E_MISSING, "an approval without a uid");
        make(&m, WIRE_VERDICT, must_of(WIRE_VERDICT) | T(UID));
        wire_set_number(&m, WIRE_TAG_VERDICT, WIRE_VERDICT_APPROVED);
        check(judge(&m) == WIRE_E_MISSING, "an approval without an account");

        make(&m, WIRE_VERIFY, must_of(WIRE_VERIFY));
        wire_set_string(&m, WIRE_TAG_ACCOUNT, "anna\033[2J");
        check(judge(&m) == WIRE_E_RANGE, "a name with an escape");
        wire_set_string(&m, WIRE_TAG_ACCOUNT, "anna\nbo");
        check(judge(&m) == WIRE_E_RANGE, "a name of two lines");
        wire_set_string(&m, WIRE_TAG_ACCOUNT, "ann\xe5");
        check(judge(&m) == WIRE_E_RANGE, "a name that is not UTF-8");
        make(&m, WIRE_DECISION, must_of(WIRE_DECISION));
        wire_set_string(&m, WIRE_TAG_TEXT, "two\nlines");
        check(judge(&m) == WIRE_OK, "a text of two lines");
        wire_set_string(&m, WIRE_TAG_TEXT, "a\rb");
        check(judge(&m) == WIRE_E_RANGE, "a text with a carriage return");
}

#define PACKET(...) .n = sizeof (uint8_t[]) { __VA_ARGS__ }, .packet = { __VA_ARGS__ }

static const struct {
        const char *name;
        int         want;
        size_t      n;
        uint8_t     packet[64];
} packets[] = {
        { "START",                                WIRE_OK,          PACKET(3, 0, 0, 0) },
        { "nothing",                              WIRE_E_MALFORMED, .n = 0 },
        { "three bytes",                          WIRE_E_MALFORMED, PACKET(3, 0, 0) },
        { "a byte too many",                      WIRE_E_MALFORMED, PACKET(3, 0, 0, 0, 0) },
        { "kind zero",                            WIRE_E_UNKNOWN,   PACKET(0, 0, 0, 0) },
        { "the kind after the last",              WIRE_E_UNKNOWN,   PACKET(12, 0, 0, 0) },
        { "a kind whose low byte is START's",     WIRE_E_UNKNOWN,   PACKET(3, 1, 0, 0) },
        { "a field less than it counts",          WIRE_E_MALFORMED, PACKET(10, 0, 1, 0) },
        { "a field more than it counts",          WIRE_E_MALFORMED, PACKET(10, 0, 0, 0, 19, 0, 8, 0, 2, 0, 0, 0, 0, 0, 0, 0) },
        { "half a field's head",                  WIRE_E_MALFORMED, PACKET(10, 0, 1, 0, 19, 0) },
        { "a field longer than the packet",       WIRE_E_MALFORMED, PACKET(10, 0, 1, 0, 19, 0, 9, 0, 2, 0, 0, 0, 0, 0, 0, 0) },
        { "RECORDED, whole",                      WIRE_OK,          PACKET(10, 0, 1, 0, 19, 0, 8, 0, 2, 0, 0, 0, 0, 0, 0, 0) },
        { "a number of seven bytes",              WIRE_E_MALFORMED, PACKET(10, 0, 1, 0, 19, 0, 7, 0, 2, 0, 0, 0, 0, 0, 0) },
        { "a number of nine bytes",               WIRE_E_MALFORMED, PACKET(10, 0, 1, 0, 19, 0, 9, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0) },
        { "tag zero",                             WIRE_E_UNKNOWN,   PACKET(10, 0, 1, 0, 0, 0, 0, 0) },
        { "the tag after the last",               WIRE_E_UNKNOWN,   PACKET(10, 0, 1, 0, WIRE_TAG_MAX, 0, 0, 0) },
        { "a tag beyond any shift",               WIRE_E_UNKNOWN,   PACKET(10, 0, 1, 0, 0xff, 0xff, 0, 0) },
        { "a field twice",                        WIRE_E_FORBIDDEN, PACKET(10, 0, 2, 0, 19, 0, 8, 0, 2, 0, 0, 0, 0, 0, 0, 0,
                                                                           19, 0, 8, 0, 2, 0, 0, 0, 0, 0, 0, 0) },
        { "fields in the wrong order",            WIRE_E_FORBIDDEN, PACKET(10, 0, 2, 0, 20, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0,
                                                                           19, 0, 8, 0, 2, 0, 0, 0, 0, 0, 0, 0) },
        { "another version",                      WIRE_E_UNKNOWN,   PACKET(1, 0, 1, 0, 1, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0) },
        { "a name with NUL in it",                WIRE_E_RANGE,     PACKET(6, 0, 1, 0, 2, 0, 3, 0, 'a', 0, 'b') },
        { "an answer",                            WIRE_OK,          PACKET(19, 0, 1, 0, 36, 0, 3, 0, 'a', 0xff, 'b') },
        { "an answer of nothing",                 WIRE_OK,          PACKET(19, 0, 1, 0, 36, 0, 0, 0) },
        { "an answer with NUL in it",             WIRE_E_RANGE,     PACKET(19, 0, 1, 0, 36, 0, 3, 0, 'a', 0, 'b') },
};

static void test_packets(void) {
        static struct wire_message m;
        static uint8_t large[WIRE_MESSAGE_MAX + 1] = { 3 };

        for (size_t i = 0; i < N_ELEMENTS(packets); i++) {
                /* A copy of just this size, so that a sanitizer sees one byte too far. */
                auto_free uint8_t *packet = malloc(packets[i].n + (packets[i].n == 0));

                memcpy(packet, packets[i].packet, packets[i].n);
                check(wire_decode(packet, packets[i].n, &m) == packets[i].want, "packet: %s", packets[i].name);
        }
        check(wire_decode(large, sizeof large, &m) == WIRE_E_MALFORMED, "packet: one byte more than there may be");
}

/* -- On a connection ------------------------------------------------------------------------------ */

static struct wire_message sent, got;

static void pair_open(int pair[static 2]) {
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
                perror("socketpair");
}

static uint64_t soon(void) {
        return wire_now_ms() + 50;
}

static int receive_raw(const void *packet, size_t n, uint32_t kinds_mask) {
        int pair[2], r;

        pair_open(pair);
        (void) send(pair[0], packet, n, 0);
        r = wire_receive(pair[1], kinds_mask, soon(), &got);
        (void) close(pair[0]);
        (void) close(pair[1]);
        return r;
}

static size_t fds_open(void) {
        size_t n = 0;

        for (int fd = 0; fd < 64; fd++)
                n += fcntl(fd, F_GETFD) >= 0;
        return n;
}

/* A peer that sends a descriptor along: the message is refused and the descriptor closed. */
static void test_descriptor(void) {
        static const uint8_t start[] = { 3, 0, 0, 0 };
        union { struct cmsghdr head; char bytes[CMSG_SPACE(sizeof(int))]; } control;
        struct iovec iov = { .iov_base = (void *) (uintptr_t) start, .iov_len = sizeof start };
        struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
        int pair[2], r;
        size_t before;

        memset(&control, 0, sizeof control);
        control.head = (struct cmsghdr) { .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int)) };
        memcpy(CMSG_DATA(&control.head), &(int) { 0 }, sizeof(int));
        pair_open(pair);
        before = fds_open();
        (void) sendmsg(pair[0], &h, 0);
        r = wire_receive(pair[1], UINT32_MAX, soon(), &got);
        check(r == WIRE_E_MALFORMED && fds_open() == before, "receive: a descriptor sent along is closed unseen");
        (void) close(pair[0]);
        (void) close(pair[1]);
}

static void test_connection(void) {
        static const uint8_t start[] = { 3, 0, 0, 0 }, rubbish[] = { 3, 0, 9, 9 };
        static uint8_t large[WIRE_MESSAGE_MAX + 1] = { 3 };
        int pair[2], r, refused = 0;

        pair_open(pair);
        make(&sent, WIRE_VERIFY, must_of(WIRE_VERIFY));
        r = wire_send(pair[0], &sent, soon());
        check(r == WIRE_OK && wire_receive(pair[1], 1u << WIRE_VERIFY, soon(), &got) == WIRE_OK &&
              got.kind == WIRE_VERIFY && got.number[WIRE_TAG_TIMEOUT] == 600 &&
              strcmp(got.string[WIRE_TAG_ACCOUNT], sent.string[WIRE_TAG_ACCOUNT]) == 0, "receive: what was sent");
        check(wire_receive(pair[1], UINT32_MAX, soon(), &got) == WIRE_E_TIMED_OUT, "receive: nothing in time");
        check(wire_receive(pair[1], UINT32_MAX, 0, &got) == WIRE_E_TIMED_OUT, "receive: a deadline that has passed");

        make(&sent, WIRE_START, 0);
        while ((r = wire_send(pair[0], &sent, soon())) == WIRE_OK && refused++ < 100000)
                ;
        check(r == WIRE_E_TIMED_OUT, "send: a peer that does not read");
        (void) close(pair[1]);
        check(wire_send(pair[0], &sent, soon()) == WIRE_E_CLOSED, "send: a peer that has gone, and no SIGPIPE");
        check(wire_receive(pair[0], UINT32_MAX, soon(), &got) == WIRE_E_CLOSED, "receive: a peer that has gone");
        make(&sent, WIRE_INTRO, 0);
        check(wire_send(pair[0], &sent, soon()) == WIRE_E_MISSING, "send: a message that may not be sent");
        (void) close(pair[0]);

        check(receive_raw(start, sizeof start, 1u << WIRE_START) == WIRE_OK, "receive: an awaited kind");
        check(receive_raw(start, sizeof start, 1u << WIRE_ASK) == WIRE_E_UNEXPECTED, "receive: a kind out of turn");
        check(receive_raw(rubbish, sizeof rubbish, UINT32_MAX) == WIRE_E_MALFORMED, "receive: rubbish");
        check(receive_raw(large, sizeof large, UINT32_MAX) == WIRE_E_MALFORMED, "receive: a packet that does not fit");
        check(wire_receive(-1, UINT32_MAX, soon(), &got) == -EBADF, "receive: no connection");
        check(wire_send(-1, &sent, soon()) != WIRE_OK, "send: no connection");
        test_descriptor();
}

static void test_words(void) {
        bool distinct = true;

        for (int a = WIRE_OK; a <= WIRE_E_TIMED_OUT; a++)
                for (int b = WIRE_OK; b < a; b++)
                        distinct = distinct && strcmp(wire_verdict_text(a), wire_verdict_text(b)) != 0;
        check(distinct, "every verdict has a text of its own");
        check(strcmp(wire_verdict_text(-EPERM), "Operation not permitted") == 0, "an errno has its own text");
        check(wire_verdict_text(-100000)[0] != '\0' && wire_verdict_text(1000)[0] != '\0', "anything else has some text");
}

int main(void) {
        memset(filler, 'a', sizeof filler - 1);
        test_kinds();
        test_limits();
        test_between_fields();
        test_packets();
        test_connection();
        test_words();
        printf("1..%u\n", n_tests);
        return n_failed > 0;
}
