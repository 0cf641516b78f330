/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * wire.h - the messages between pam_eid (or careid) and careid-helper
 *
 * One conversation is one AF_UNIX SOCK_SEQPACKET connection; one packet is one
 * message.  What may be said by whom, and how long it may be, is a table in
 * wire.c: both ends decode through it, and what the table does not allow is
 * refused, never skipped.  docs/helper-protocol.md is the same table in prose.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
        WIRE_VERSION       = 2,
        WIRE_MESSAGE_MAX   = 16384,     /* bytes, header included                                 */
        WIRE_NAME_MAX      = 64,        /* account and service names, bytes                       */
        WIRE_TEXT_MAX      = 2048,      /* what a person reads, bytes of UTF-8                    */
        WIRE_LINK_MAX      = 160,       /* a link, bytes                                          */
        WIRE_PROGRAM_MAX   = 255,       /* a program and its arguments, bytes of UTF-8            */
        WIRE_QR_SIDE_MAX   = 177,       /* modules; version 40, ISO/IEC 18004                     */
        WIRE_QR_BYTES_MAX  = 3917,      /* 177 * 177 bits                                         */
        WIRE_WORDS_MAX     = 4096,      /* the words of a command, bytes                          */
        WIRE_SECRET_MAX    = 1536,      /* bytes of all lines, each with its NUL                  */
        WIRE_ANSWER_MAX    = 512,       /* bytes of what a person types: PAM_MAX_RESP_SIZE of Linux-PAM */
        WIRE_STATUS_MAX    = 3,
        WIRE_TIMEOUT_MIN   = 5,         /* seconds                                                */
        WIRE_TIMEOUT_MAX   = 600,
};

/* Questions are odd, answers even; zero is no kind. */
enum wire_kind {
        WIRE_VERIFY   = 1,      /* is the person who owns this account here and willing?          */
        WIRE_INTRO    = 2,      /* what to show before the order is started                       */
        WIRE_START    = 3,      /* begin the order                                                */
        WIRE_SHOW     = 4,      /* a state and, perhaps, a frame                                  */
        WIRE_ASK      = 5,      /* pace "asked" only: the newest state, please                    */
        WIRE_VERDICT  = 6,      /* the end of a VERIFY                                            */
        WIRE_ACCOUNT  = 7,      /* may this account be used now, however it was authenticated?    */
        WIRE_DECISION = 8,      /* the end of an ACCOUNT                                          */
        WIRE_OPEN     = 9,      /* a session was opened                                           */
        WIRE_RECORDED = 10,     /* the end of an OPEN or CLOSE                                    */
        WIRE_CLOSE    = 11,     /* a session was closed                                           */
        WIRE_TURN     = 13,     /* to a link on this device, and back to a code: the other way, please */
        WIRE_PROBE    = 15,     /* is the provider there, and does it accept us?                  */
        WIRE_PROBED   = 16,     /* the end of a PROBE                                             */
        WIRE_ACT      = 17,     /* do this in the care directory, as the person who asks          */
        WIRE_RESULT   = 18,     /* a part of what came of an ACT; the one with a STATUS is its end */
        WIRE_ANSWER   = 19,     /* what the person typed at a PROMPT                              */
        WIRE_PROMPT   = 20,     /* something is to be typed                                       */
        WIRE_WAY      = 21,     /* the next of the ways that are offered, please                  */
};

/* How the frames reach the person. */
enum wire_pace {
        WIRE_PACE_LIVE  = 1,    /* SHOW is sent at every change                                   */
        WIRE_PACE_ASKED = 2,    /* SHOW is sent as the answer to ASK only                         */
        WIRE_PACE_TYPED = 3,    /* nothing can be shown: ways by PROMPT alone, no SHOW            */
};

/* What a PROMPT is for. */
enum wire_factor {
        WIRE_FACTOR_PASSWORD = 1,
        WIRE_FACTOR_TOTP     = 2,       /* a code of an app or a device                           */
        WIRE_FACTOR_SMS      = 3,       /* a code that was sent to the phone                      */
        WIRE_FACTOR_MAIL     = 4,       /* a code that was mailed                                 */
        WIRE_FACTOR_CODE     = 5,       /* a code of the helpdesk, or of a letter                 */
};

enum wire_state {
        WIRE_STATE_STARTING = 1,        /* no code yet                                            */
        WIRE_STATE_SCAN     = 2,        /* a code to scan                                         */
        WIRE_STATE_OPENED   = 3,        /* the app has the order                                  */
        WIRE_STATE_CONFIRM  = 4,        /* the app waits for the security code                    */
};

/* Zero is not a verdict: forgetting to set one is an error. */
enum wire_verdict {
        WIRE_VERDICT_DENIED        = 1, /* no, without a reason that may be told                  */
        WIRE_VERDICT_APPROVED      = 2, /* by the person who owns the account, who may log in     */
        WIRE_VERDICT_CANCELLED     = 3, /* the person said no on the phone                        */
        WIRE_VERDICT_TIMED_OUT     = 4,
        WIRE_VERDICT_WRONG_PERSON  = 5, /* approved, by somebody else                             */
        WIRE_VERDICT_REFUSED       = 6, /* the right person, who may not log in (text says why)   */
        WIRE_VERDICT_UNREACHABLE   = 7, /* the provider could not be asked                        */
        WIRE_VERDICT_BUSY          = 8, /* too many at once                                       */
        WIRE_VERDICT_BROKEN        = 9, /* configuration, directory or helper is out of order     */
        WIRE_VERDICT_NOT_PERMITTED = 10,/* the caller may not ask this                            */
        WIRE_VERDICT_NO_METHOD     = 11,/* no method works at this host program                   */
};

/* Nobody has decided: something is out of order, or there is no room. */
static inline bool wire_verdict_is_trouble(enum wire_verdict verdict) {
        return verdict == WIRE_VERDICT_UNREACHABLE || verdict == WIRE_VERDICT_BUSY || verdict == WIRE_VERDICT_BROKEN;
}

enum wire_decision {
        WIRE_DECISION_DENIED        = 1,
        WIRE_DECISION_ALLOWED       = 2,
        WIRE_DECISION_NOT_OURS      = 3,/* no account of the care directory                       */
        WIRE_DECISION_EXPIRED       = 4,/* no assignment that is valid now                        */
        WIRE_DECISION_ARCHIVED      = 5,
        WIRE_DECISION_BROKEN        = 6,
        WIRE_DECISION_NOT_PERMITTED = 7,
        WIRE_DECISION_BUSY          = 8,
};

/* What came of a PROBE.  "Our" certificate is the one that we show, "its" the provider's. */
enum wire_probe {
        WIRE_PROBE_REACHABLE     = 1,   /* it answers, and accepts ours                           */
        WIRE_PROBE_REFUSED       = 2,   /* it does not accept ours, or hangs up on it             */
        WIRE_PROBE_EXPIRED       = 3,   /* nor could it: ours has expired                         */
        WIRE_PROBE_UNTRUSTED     = 4,   /* its certificate is signed by nobody whom we believe    */
        WIRE_PROBE_WRONG_HOST    = 5,   /* its certificate is another host's                      */
        WIRE_PROBE_STALE         = 6,   /* its certificate has expired, or is not valid yet       */
        WIRE_PROBE_NO_ADDRESS    = 7,   /* its name has no address                                */
        WIRE_PROBE_NOBODY        = 8,   /* nobody answers at the address                          */
        WIRE_PROBE_TIMED_OUT     = 9,
        WIRE_PROBE_TROUBLE       = 10,  /* it says that it has trouble                            */
        WIRE_PROBE_ODD           = 11,  /* something answers, not as this provider would          */
        WIRE_PROBE_BROKEN        = 12,  /* configuration or files are out of order here           */
        WIRE_PROBE_OFF           = 13,  /* the method is not enabled                              */
        WIRE_PROBE_NOT_PERMITTED = 14,  /* the caller may not ask this                            */
        WIRE_PROBE_BUSY          = 15,  /* too much is asked at once: nobody was                  */
        WIRE_PROBE_ISSUER        = 16,  /* it does not know who issued ours                       */
};

enum wire_tag {
        WIRE_TAG_VERSION     = 1,       /* number, WIRE_VERSION                                   */
        WIRE_TAG_ACCOUNT     = 2,       /* name                                                   */
        WIRE_TAG_SERVICE     = 3,       /* name of the PAM service                                */
        WIRE_TAG_PACE        = 4,       /* enum wire_pace                                         */
        WIRE_TAG_SOURCE      = 5,       /* IPv4 or IPv6 address literal of the client             */
        WIRE_TAG_TTY         = 6,       /* name                                                   */
        WIRE_TAG_TARGET      = 7,       /* name: the account that sudo is to become                */
        WIRE_TAG_AFTER_KEY   = 8,       /* number 1: sshd has verified a public key before        */
        WIRE_TAG_TIMEOUT     = 9,       /* number, seconds from VERIFY to the verdict             */
        WIRE_TAG_CHECK_CODE  = 10,      /* name, shown here and in the app                        */
        WIRE_TAG_TEXT        = 11,      /* what to read now                                       */
        WIRE_TAG_HELP        = 12,      /* how to go on ("press Enter ...")                       */
        WIRE_TAG_STATE       = 13,      /* enum wire_state                                        */
        WIRE_TAG_QR_SIDE     = 14,      /* number, modules                                        */
        WIRE_TAG_QR_BITS     = 15,      /* bytes: rows top down, MSB first, 1 = dark, no padding between rows */
        WIRE_TAG_SECONDS     = 16,      /* number, seconds left                                   */
        WIRE_TAG_VERDICT     = 17,      /* enum wire_verdict                                      */
        WIRE_TAG_UID         = 18,      /* number: the directory's (or the host's) uid            */
        WIRE_TAG_DECISION    = 19,      /* enum wire_decision                                     */
        WIRE_TAG_LOGIN       = 20,      /* number: the log-in that this belongs to                */
        WIRE_TAG_MENU        = 21,      /* text: the choices that Enter opens                     */
        WIRE_TAG_LANGUAGE    = 22,      /* name: sv, da or en                                     */
        WIRE_TAG_ABOUT       = 23,      /* text: who asks, for what (title above the code)        */
        WIRE_TAG_LINK        = 24,      /* name: a link to open on the device that this log-in comes from */
        WIRE_TAG_MAY_TURN    = 25,      /* number 1: a TURN will be understood                    */
        WIRE_TAG_PROGRAM     = 26,      /* name: what sudo is to run                              */
        WIRE_TAG_ARGUMENTS   = 27,      /* name: with which arguments                             */
        WIRE_TAG_METHOD      = 28,      /* name of a method, as in the care directory             */
        WIRE_TAG_PROBE       = 29,      /* enum wire_probe                                        */
        WIRE_TAG_WORDS       = 30,      /* bytes: the words of the command, each ended by NUL     */
        WIRE_TAG_SECRET      = 31,      /* bytes: the lines that must not stand among them, alike */
        WIRE_TAG_STATUS      = 32,      /* number: the exit status of the command                 */
        WIRE_TAG_FACTOR      = 33,      /* enum wire_factor                                       */
        WIRE_TAG_ECHO        = 34,      /* number: 1, what is typed is shown; 0, it is not        */
        WIRE_TAG_ROOM        = 35,      /* number, bytes that an ANSWER may have                  */
        WIRE_TAG_ANSWER      = 36,      /* bytes: what was typed, without NUL; wiped by whoever has used it */
        WIRE_TAG_WAYS        = 37,      /* text: which other ways there are; a WAY will be understood */
        WIRE_TAG_TYPES       = 38,      /* number 1: it begins with a PROMPT                      */
        WIRE_TAG_MAX         = 39,
};

/*
 * A message, decoded or to be encoded.  Strings point into @buffer or to what
 * the sender lent; absent ones are NULL, absent numbers have their bit in
 * @present unset.
 */
struct wire_message {
        enum wire_kind kind;
        uint64_t       present;                         /* 1 << tag                               */
        uint64_t       number[WIRE_TAG_MAX];
        const char    *string[WIRE_TAG_MAX];            /* NUL-terminated                         */
        const uint8_t *bytes[WIRE_TAG_MAX];
        size_t         n_bytes[WIRE_TAG_MAX];
        char           buffer[WIRE_MESSAGE_MAX + WIRE_TAG_MAX];
};

/* Verdicts of wire_decode(), wire_encode() and wire_receive(). */
enum {
        WIRE_OK = 0,
        WIRE_E_MALFORMED = 1,   /* not a message of this grammar                                  */
        WIRE_E_UNKNOWN,         /* a kind, tag or version that this end does not know             */
        WIRE_E_FORBIDDEN,       /* a tag that this kind may not carry, or carries twice           */
        WIRE_E_MISSING,         /* a tag that this kind must carry                                */
        WIRE_E_RANGE,           /* a value over its limit, or not of its alphabet                 */
        WIRE_E_UNEXPECTED,      /* wire_receive(): a legal message, but none of the awaited kinds */
        WIRE_E_CLOSED,          /* wire_receive(): the peer has gone                              */
        WIRE_E_TIMED_OUT,       /* wire_receive(), wire_send(): the deadline has passed           */
};

void wire_message_init(struct wire_message *m, enum wire_kind kind);
void wire_set_number(struct wire_message *m, enum wire_tag tag, uint64_t value);
void wire_set_string(struct wire_message *m, enum wire_tag tag, const char *value);     /* borrowed; NULL: absent */
void wire_set_bytes(struct wire_message *m, enum wire_tag tag, const void *value, size_t n);    /* borrowed */
bool wire_has(const struct wire_message *m, enum wire_tag tag);

/*
 * Decode the packet @packet of @n bytes into *@ret.  Returns WIRE_OK or a
 * WIRE_E_* verdict about the packet.  *ret is written in any case, and has no
 * tag present unless WIRE_OK.
 */
int wire_decode(const void *packet, size_t n, struct wire_message *ret);

/*
 * Encode @m into @packet of WIRE_MESSAGE_MAX bytes.  Returns WIRE_OK and the
 * size in *@ret_n, or the WIRE_E_* verdict that wire_decode() would give.
 */
int wire_encode(const struct wire_message *m, uint8_t packet[static WIRE_MESSAGE_MAX], size_t *ret_n);

/* The text of a verdict, in English, for a log. */
const char *wire_verdict_text(int r);

/* Milliseconds of CLOCK_BOOTTIME, which goes on while the machine sleeps. */
uint64_t wire_now_ms(void);

/*
 * Send @m on the connection @fd, or receive into *@ret one message whose kind
 * is in @kinds (a mask of 1 << kind), before @deadline_ms of wire_now_ms().
 * Never raises SIGPIPE; any descriptors that a peer sends are closed unseen.
 *
 * Returns WIRE_OK, a WIRE_E_* verdict, or a negative errno.  After anything
 * but WIRE_OK the connection is good for nothing but close().
 */
int wire_send(int fd, const struct wire_message *m, uint64_t deadline_ms);
int wire_receive(int fd, uint32_t kinds, uint64_t deadline_ms, struct wire_message *ret);
