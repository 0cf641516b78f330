/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fake-helper.c - plays the helper's part of a script
 */

#include "fake-helper.h"

#include "cleanup.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { PACKET_MAX = 32768, WORDS_MAX = 40, HEAR_MS = 20000 };

struct word_number {
        const char *word;
        uint64_t    number;
};

static const struct word_number kinds[] = {
        { "VERIFY", WIRE_VERIFY }, { "INTRO", WIRE_INTRO }, { "START", WIRE_START }, { "SHOW", WIRE_SHOW },
        { "ASK", WIRE_ASK }, { "VERDICT", WIRE_VERDICT }, { "ACCOUNT", WIRE_ACCOUNT }, { "DECISION", WIRE_DECISION },
        { "OPEN", WIRE_OPEN }, { "RECORDED", WIRE_RECORDED }, { "CLOSE", WIRE_CLOSE }, { "TURN", WIRE_TURN },
        { "PROMPT", WIRE_PROMPT }, { "ANSWER", WIRE_ANSWER }, { "WAY", WIRE_WAY },
};

static const struct word_number paces[] = { { "live", WIRE_PACE_LIVE }, { "asked", WIRE_PACE_ASKED }, { "typed", WIRE_PACE_TYPED } };

static const struct word_number states[] = {
        { "starting", WIRE_STATE_STARTING }, { "scan", WIRE_STATE_SCAN }, { "opened", WIRE_STATE_OPENED },
        { "confirm", WIRE_STATE_CONFIRM },
};

static const struct word_number verdicts[] = {
        { "denied", WIRE_VERDICT_DENIED }, { "approved", WIRE_VERDICT_APPROVED }, { "cancelled", WIRE_VERDICT_CANCELLED },
        { "timed-out", WIRE_VERDICT_TIMED_OUT }, { "wrong-person", WIRE_VERDICT_WRONG_PERSON },
        { "refused", WIRE_VERDICT_REFUSED }, { "unreachable", WIRE_VERDICT_UNREACHABLE }, { "busy", WIRE_VERDICT_BUSY },
        { "broken", WIRE_VERDICT_BROKEN }, { "not-permitted", WIRE_VERDICT_NOT_PERMITTED },
        { "no-method", WIRE_VERDICT_NO_METHOD },
};

static const struct word_number decisions[] = {
        { "denied", WIRE_DECISION_DENIED }, { "allowed", WIRE_DECISION_ALLOWED }, { "not-ours", WIRE_DECISION_NOT_OURS },
        { "expired", WIRE_DECISION_EXPIRED }, { "archived", WIRE_DECISION_ARCHIVED }, { "broken", WIRE_DECISION_BROKEN },
        { "not-permitted", WIRE_DECISION_NOT_PERMITTED }, { "busy", WIRE_DECISION_BUSY },
};

static const struct word_number factors[] = {
        { "password", WIRE_FACTOR_PASSWORD }, { "totp", WIRE_FACTOR_TOTP }, { "sms", WIRE_FACTOR_SMS },
        { "mail", WIRE_FACTOR_MAIL }, { "code", WIRE_FACTOR_CODE },
};

enum form { FORM_TEXT, FORM_NUMBER, FORM_CODE, FORM_BYTES };

#define WORDS(table) .words = (table), .n_words = N_ELEMENTS(table)

static const struct field {
        const char               *name;
        unsigned                  tag;
        enum form                 form;
        const struct word_number *words;
        size_t                    n_words;
} fields[] = {
        { "version",    WIRE_TAG_VERSION,    FORM_NUMBER, NULL, 0 },
        { "account",    WIRE_TAG_ACCOUNT,    FORM_TEXT,   NULL, 0 },
        { "service",    WIRE_TAG_SERVICE,    FORM_TEXT,   NULL, 0 },
        { "pace",       WIRE_TAG_PACE,       FORM_NUMBER, WORDS(paces) },
        { "source",     WIRE_TAG_SOURCE,     FORM_TEXT,   NULL, 0 },
        { "tty",        WIRE_TAG_TTY,        FORM_TEXT,   NULL, 0 },
        { "target",     WIRE_TAG_TARGET,     FORM_TEXT,   NULL, 0 },
        { "after-key",  WIRE_TAG_AFTER_KEY,  FORM_NUMBER, NULL, 0 },
        { "timeout",    WIRE_TAG_TIMEOUT,    FORM_NUMBER, NULL, 0 },
        { "check-code", WIRE_TAG_CHECK_CODE, FORM_TEXT,   NULL, 0 },
        { "text",       WIRE_TAG_TEXT,       FORM_TEXT,   NULL, 0 },
        { "help",       WIRE_TAG_HELP,       FORM_TEXT,   NULL, 0 },
        { "state",      WIRE_TAG_STATE,      FORM_NUMBER, WORDS(states) },
        { "code",       WIRE_TAG_QR_SIDE,    FORM_CODE,   NULL, 0 },
        { "seconds",    WIRE_TAG_SECONDS,    FORM_NUMBER, NULL, 0 },
        { "verdict",    WIRE_TAG_VERDICT,    FORM_NUMBER, WORDS(verdicts) },
        { "uid",        WIRE_TAG_UID,        FORM_NUMBER, NULL, 0 },
        { "decision",   WIRE_TAG_DECISION,   FORM_NUMBER, WORDS(decisions) },
        { "login",      WIRE_TAG_LOGIN,      FORM_NUMBER, NULL, 0 },
        { "menu",       WIRE_TAG_MENU,       FORM_TEXT,   NULL, 0 },
        { "language",   WIRE_TAG_LANGUAGE,   FORM_TEXT,   NULL, 0 },
        { "about",      WIRE_TAG_ABOUT,      FORM_TEXT,   NULL, 0 },
        { "link",       WIRE_TAG_LINK,       FORM_TEXT,   NULL, 0 },
        { "may-turn",   WIRE_TAG_MAY_TURN,   FORM_NUMBER, NULL, 0 },
        { "program",    WIRE_TAG_PROGRAM,    FORM_TEXT,   NULL, 0 },
        { "arguments",  WIRE_TAG_ARGUMENTS,  FORM_TEXT,   NULL, 0 },
        { "factor",     WIRE_TAG_FACTOR,     FORM_NUMBER, WORDS(factors) },
        { "echo",       WIRE_TAG_ECHO,       FORM_NUMBER, NULL, 0 },
        { "room",       WIRE_TAG_ROOM,       FORM_NUMBER, NULL, 0 },
        { "answer",     WIRE_TAG_ANSWER,     FORM_BYTES,  NULL, 0 },
        { "ways",       WIRE_TAG_WAYS,       FORM_TEXT,   NULL, 0 },
        { "types",      WIRE_TAG_TYPES,      FORM_NUMBER, NULL, 0 },
};

/* What a kind says unless the script says otherwise. */
static const struct {
        uint64_t    kind;
        const char *fields[8];
} presets[] = {
        { WIRE_INTRO,    { "language=en", "check-code=4711", "about=Log-in at the clinic.", "text=Take your phone.",
                           "help=Point the phone here, then press Enter.", "menu=i: invert  l: larger  c: cancel  Enter: back" } },
        { WIRE_SHOW,     { "state=scan", "text=Scan the code.", "help=Enter: new code.", "seconds=90" } },
        { WIRE_VERDICT,  { "text=" } },
        { WIRE_PROMPT,   { "text=Password", "help=", "seconds=90", "factor=password", "echo=0", "room=512" } },
        { WIRE_DECISION, { "text=" } },
};

void fake_helper_complain(const char *format, ...) {
        auto_close int fd = open("helper.out", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        va_list ap;

        va_start(ap, format);
        (void) vdprintf(fd, format, ap);
        va_end(ap);
        (void) dprintf(fd, "\n");
}

size_t fake_helper_step(void) {
        auto_close int fd = open("helper.step", O_RDONLY | O_CLOEXEC);
        char text[16] = "";

        return fd >= 0 && read(fd, text, sizeof text - 1) > 0 ? strtoul(text, NULL, 10) : 0;
}

static void step_store(size_t step) {
        auto_close int fd = open("helper.step", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        char text[16];

        (void) snprintf(text, sizeof text, "%-8zu", step);
        if (pwrite(fd, text, 8, 0) != 8)
                fake_helper_complain("cannot note the step: %s", strerror(errno));
}

static bool word_find(const struct word_number *table, size_t n, const char *word, uint64_t *ret) {
        for (size_t i = 0; i < n; i++)
                if (strcmp(table[i].word, word) == 0) {
                        *ret = table[i].number;
                        return true;
                }
        return false;
}

static const struct field *field_find(const char *name, size_t n) {
        for (size_t i = 0; i < N_ELEMENTS(fields); i++)
                if (strlen(fields[i].name) == n && strncmp(fields[i].name, name, n) == 0)
                        return &fields[i];
        fake_helper_complain("no such field: %.*s", (int) n, name);
        return NULL;
}

static uint64_t number_of(const struct field *f, const char *value) {
        uint64_t number;

        if (word_find(f->words, f->n_words, value, &number))
                return number;
        return strtoull(value, NULL, 10);
}

/* Split a line at blanks, "quoted text" keeping its own, \n being a newline; in place. */
static size_t words_split(char *line, char *words[static WORDS_MAX]) {
        size_t n = 0;

        for (char *p = line; *p && n < WORDS_MAX;) {
                bool quoted = false;
                char *out;

                p += strspn(p, " ");
                if (!*p)
                        break;
                words[n++] = out = p;
                for (; *p && (quoted || *p != ' '); p++)
                        if (*p == '"')
                                quoted = !quoted;
                        else if (p[0] == '\\' && p[1] == 'n') {
                                *out++ = '\n';
                                p++;
                        } else
                                *out++ = *p;
                if (*p)
                        p++;
                *out = '\0';
        }
        return n;
}

struct packet {
        uint8_t  bytes[PACKET_MAX];
        size_t   n;
        unsigned count;
};

static void put(struct packet *p, uint64_t v, size_t n) {
        for (size_t i = 0; i < n && p->n < sizeof p->bytes; i++, v >>= 8)
                p->bytes[p->n++] = (uint8_t) v;
}

static void put_field(struct packet *p, unsigned tag, const void *value, size_t n) {
        put(p, tag, 2);
        put(p, n, 2);
        if (n <= sizeof p->bytes - p->n) {
                memcpy(p->bytes + p->n, value, n);
                p->n += n;
        }
        p->count++;
}

static void put_number(struct packet *p, unsigned tag, uint64_t number) {
        put(p, tag, 2);
        put(p, 8, 2);
        put(p, number, 8);
        p->count++;
}

static void put_value(struct packet *p, const struct field *f, const char *value) {
        switch (f->form) {
        case FORM_NUMBER:
                put_number(p, f->tag, number_of(f, value));
                break;
        case FORM_TEXT:
        case FORM_BYTES:
                put_field(p, f->tag, value, strlen(value));
                break;
        case FORM_CODE: {
                /* A pattern that no symmetry hides. */
                uint8_t bits[WIRE_QR_BYTES_MAX];
                const uint64_t side = number_of(f, value);

                for (size_t i = 0; i < sizeof bits; i++)
                        bits[i] = (uint8_t) (i * 37 + 11);
                put_number(p, WIRE_TAG_QR_SIDE, side);
                put_field(p, WIRE_TAG_QR_BITS, bits, (side * side + 7) / 8);
                break;
        }
        }
}

/* The value that the script or the presets give to a field; NULL: none. */
static const char *value_of(const struct field *f, uint64_t kind, char *const words[], size_t n) {
        const size_t n_name = strlen(f->name);

        for (size_t i = 0; i < n; i++) {
                if (words[i][0] == '-' && strcmp(words[i] + 1, f->name) == 0)
                        return NULL;
                if (strncmp(words[i], f->name, n_name) == 0 && words[i][n_name] == '=')
                        return words[i] + n_name + 1;
        }
        for (size_t i = 0; i < N_ELEMENTS(presets); i++)
                for (size_t k = 0; presets[i].kind == kind && k < 8 && presets[i].fields[k]; k++)
                        if (strncmp(presets[i].fields[k], f->name, n_name) == 0 && presets[i].fields[k][n_name] == '=')
                                return presets[i].fields[k] + n_name + 1;
        return NULL;
}

/* Send it once, or until the other end hangs up. */
static void packet_send(int fd, const struct packet *p, const char *kind, bool on_and_on) {
        const uint64_t until_ms = wire_now_ms() + HEAR_MS;

        do {
                if (send(fd, p->bytes, p->n, MSG_NOSIGNAL) < 0) {
                        if (errno != EPIPE && errno != ECONNRESET)
                                fake_helper_complain("say %s: %s", kind, strerror(errno));
                        return;
                }
        } while (on_and_on && wire_now_ms() < until_ms);
        if (on_and_on)
                fake_helper_complain("flood: nobody hung up");
}

static void say(int fd, char *const words[], size_t n, bool on_and_on) {
        static struct packet p;
        uint64_t kind;

        p.n = 0;
        p.count = 0;
        if (n > 1 && strcmp(words[0], "noise") == 0) {
                for (size_t i = strtoul(words[1], NULL, 10); i > 0; i--)
                        put(&p, i * 2654435761u >> 7, 1);
        } else if (strcmp(words[0], "bytes") == 0) {
                for (size_t i = 1; i < n; i++)
                        put(&p, strtoul(words[i], NULL, 16), 1);
        } else if (word_find(kinds, N_ELEMENTS(kinds), words[0], &kind)) {
                put(&p, kind, 2);
                put(&p, 0, 2);
                for (size_t i = 0; i < N_ELEMENTS(fields); i++) {
                        const char *value = value_of(&fields[i], kind, words + 1, n - 1);

                        if (value)
                                put_value(&p, &fields[i], value);
                }
                p.bytes[2] = (uint8_t) p.count;
        } else
                fake_helper_complain("say: no such kind: %s", words[0]);
        packet_send(fd, &p, words[0], on_and_on);
}

static void hear_field(const struct wire_message *m, const char *word) {
        const bool absent = word[0] == '-';
        const char *name = word + absent;
        const struct field *f = field_find(name, strcspn(name, "="));
        const char *value;

        if (!f)
                return;
        if (absent) {
                if (wire_has(m, f->tag))
                        fake_helper_complain("heard %s, which should not have been said", name);
                return;
        }
        value = word + strlen(f->name) + 1;
        if (!wire_has(m, f->tag))
                fake_helper_complain("did not hear %s", word);
        else if (f->form == FORM_NUMBER && m->number[f->tag] != number_of(f, value))
                fake_helper_complain("heard %s=%llu, not %s", f->name, (unsigned long long) m->number[f->tag], value);
        else if (f->form == FORM_BYTES && (m->n_bytes[f->tag] != strlen(value) || memcmp(m->bytes[f->tag], value, strlen(value)) != 0))
                fake_helper_complain("heard %s=%.*s, not %s", f->name, (int) m->n_bytes[f->tag], (const char *) m->bytes[f->tag], value);
        else if (f->form == FORM_TEXT && strcmp(m->string[f->tag], value) != 0)
                fake_helper_complain("heard %s=%s, not %s", f->name, m->string[f->tag], value);
}

static bool hear(int fd, const struct script_line *line, char *const words[], size_t n) {
        static struct wire_message m;
        const bool gone = strcmp(words[0], "gone") == 0;
        uint64_t kind = 0;
        int r;

        if (!gone && !word_find(kinds, N_ELEMENTS(kinds), words[0], &kind)) {
                fake_helper_complain("line %u: no such kind", line->number);
                return false;
        }
        r = wire_receive(fd, gone ? UINT32_MAX : UINT32_C(1) << kind, wire_now_ms() + HEAR_MS, &m);
        if (gone && r == WIRE_E_CLOSED)
                return true;
        if (gone || r != WIRE_OK) {
                fake_helper_complain("line %u: %s, but: %s (kind %u)", line->number, words[0], wire_verdict_text(r),
                                     (unsigned) m.kind);
                return false;
        }
        for (size_t i = 1; i < n; i++)
                hear_field(&m, words[i]);
        return true;
}

static bool begins_conversation(char *const words[], size_t n) {
        static const char *const first[] = { "VERIFY", "ACCOUNT", "OPEN", "CLOSE" };

        for (size_t i = 0; n > 1 && strcmp(words[0], "hear") == 0 && i < N_ELEMENTS(first); i++)
                if (strcmp(words[1], first[i]) == 0)
                        return true;
        return false;
}

void fake_helper_play(const struct script *s, int fd) {
        auto_close int own = fd;
        size_t at = 0, step = fake_helper_step();
        bool begun = false, stays = false;

        for (size_t i = 0; i < step; i++)
                (void) script_next(s, SECTION_HELPER, &at);
        for (;;) {
                const struct script_line *line = script_next(s, SECTION_HELPER, &at);
                char copy[1024], *words[WORDS_MAX] = { copy };
                size_t n;

                if (!line) {
                        /* A connection on which nothing is said is no question. */
                        if (!begun && recv(own, &(char) { 0 }, 1, 0) > 0)
                                fake_helper_complain("was asked once more than the script says");
                        return;
                }
                (void) snprintf(copy, sizeof copy, "%s", line->key);
                n = words_split(copy, words);
                if (begins_conversation(words, n)) {
                        if (begun && !stays)
                                return;
                        begun = true;
                        stays = false;
                }
                if (strcmp(words[0], "stay") == 0) {
                        step_store(++step);
                        stays = true;
                        continue;
                }
                if (strcmp(words[0], "close") == 0) {
                        step_store(++step);
                        return;         /* which closes */
                }
                if (n < 2 || (strcmp(words[0], "say") != 0 && strcmp(words[0], "hear") != 0 && strcmp(words[0], "flood") != 0)) {
                        fake_helper_complain("line %u: neither hear, say, flood, stay nor close", line->number);
                        return;
                }
                /* Noted before it is said: what is said may make the module execute the next helper. */
                if (words[0][0] == 's' || words[0][0] == 'f') {
                        step_store(++step);
                        say(own, words + 1, n - 1, words[0][0] == 'f');
                        continue;
                }
                if (!hear(own, line, words + 1, n - 1))
                        return;
                step_store(++step);
        }
}
