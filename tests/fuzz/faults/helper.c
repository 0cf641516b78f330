/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * helper.c - scenes of the helper: conversation_run() to its end, with a care directory, a caller and a provider; and
 * approval_serve(), of the half that verifies, with what the half that acts makes of its answer
 *
 * What main.c does before (privileges, sandbox, resolver) stays outside; the
 * resolver, the journal and libcurl are doubles, the care directory is a real
 * one in a place of the test's own.
 */

#include "fake-curl.h"
#include "fault.h"
#include "provider.h"
#include "scene-directory.h"
#include "scene.h"

#include "approval.h"
#include "conversation.h"
#include "credentials.h"
#include "fixture.h"
#include "helper.h"
#include "journal.h"
#include "resident.h"
#include "sandbox.h"
#include "texts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Asked by the double of act.c in a build with sanitizers: here nothing is shut, and nobody acts. */
bool sandbox_has_landlock(void) {
        return true;
}

static const struct scene {
        const char    *name;
        enum wire_kind asks;
        const char    *account;
        uid_t          caller;          /* 1: the account's own                                           */
        enum wire_pace pace;
        enum phone     phone;
        bool           grants;
        unsigned       leaves;          /* hears so many messages, then goes; 0: stays                    */
        bool           goes_on;         /* in the same conversation, with the account and the session     */
        bool           of_act;          /* as the half that verifies: an act is approved (approval.h)     */
} scenes[] = {
        { "the owner approves",             WIRE_VERIFY,  "anna",   0, WIRE_PACE_LIVE,  APPROVES,         true,  0, false, false },
        { "the owner approves, asked",      WIRE_VERIFY,  "anna",   0, WIRE_PACE_ASKED, APPROVES,         true,  0, false, false },
        { "the owner approves for oneself", WIRE_VERIFY,  "anna",   1, WIRE_PACE_LIVE,  APPROVES,         true,  0, false, false },
        { "the owner approves by the link", WIRE_VERIFY,  "anna",   0, WIRE_PACE_LIVE,  BY_LINK,          true,  0, false, false },
        { "the link, approved from afar",   WIRE_VERIFY,  "anna",   0, WIRE_PACE_ASKED, FROM_AFAR,        false, 0, false, false },
        { "somebody else approves",         WIRE_VERIFY,  "anna",   0, WIRE_PACE_LIVE,  OTHER_APPROVES,   false, 0, false, false },
        { "the owner cancels",              WIRE_VERIFY,  "anna",   0, WIRE_PACE_LIVE,  CANCELS,          false, 0, false, false },
        { "nobody scans",                   WIRE_VERIFY,  "anna",   0, WIRE_PACE_ASKED, SLEEPS,           false, 0, false, false },
        { "the caller goes",                WIRE_VERIFY,  "anna",   0, WIRE_PACE_LIVE,  SLEEPS,           false, 3, false, false },
        { "a name that nobody has",         WIRE_VERIFY,  "nobody", 0, WIRE_PACE_LIVE,  APPROVES,         false, 0, false, false },
        { "no assignment, no number",       WIRE_VERIFY,  "bo",     0, WIRE_PACE_LIVE,  APPROVES,         false, 0, false, false },
        { "the provider talks nonsense",    WIRE_VERIFY,  "anna",   0, WIRE_PACE_LIVE,  TALKS_NONSENSE,   false, 0, false, false },
        { "the provider is down",           WIRE_VERIFY,  "anna",   0, WIRE_PACE_LIVE,  IS_DOWN,          false, 0, false, false },
        { "approval of another order",      WIRE_VERIFY,  "anna",   0, WIRE_PACE_LIVE,  LIES_ABOUT_ORDER, false, 0, false, false },
        { "a user about another",           WIRE_VERIFY,  "bo",     1, WIRE_PACE_LIVE,  APPROVES,         false, 0, false, false },
        { "account",                        WIRE_ACCOUNT, "anna",   0, 0,               SLEEPS,           true,  0, false, false },
        { "account without assignment",     WIRE_ACCOUNT, "bo",     0, 0,               SLEEPS,           false, 0, false, false },
        { "account of the host",            WIRE_ACCOUNT, "nobody", 0, 0,               SLEEPS,           false, 0, false, false },
        { "open",                           WIRE_OPEN,    "anna",   0, 0,               SLEEPS,           true,  0, false, false },
        { "close",                          WIRE_CLOSE,   "anna",   0, 0,               SLEEPS,           true,  0, false, false },
        { "is the provider there",          WIRE_PROBE,   "",       0, 0,               APPROVES,         true,  0, false, false },
        { "is the provider there, asked by a user", WIRE_PROBE, "", 1, 0,               APPROVES,         false, 0, false, false },
        { "the provider is not there",      WIRE_PROBE,   "",       0, 0,               IS_DOWN,          false, 0, false, false },
        { "a user opens a session",         WIRE_OPEN,    "anna",   1, 0,               SLEEPS,           false, 0, false, false },
        { "root's log-in, to its session",  WIRE_VERIFY,  "anna",   0, WIRE_PACE_LIVE,  APPROVES,         true,  0, true,  false },
        { "a password",                     WIRE_VERIFY,  "anna",   0, WIRE_PACE_LIVE,  TYPES,            true,  0, false, false },
        { "a password, asked",              WIRE_VERIFY,  "anna",   0, WIRE_PACE_ASKED, TYPES,            true,  0, false, false },
        { "a password, nothing to show on", WIRE_VERIFY,  "anna",   0, WIRE_PACE_TYPED, TYPES,            true,  0, true,  false },
        { "wrong passwords",                WIRE_VERIFY,  "anna",   0, WIRE_PACE_LIVE,  TYPES_WRONG,      false, 0, false, false },
        { "a password of nobody",           WIRE_VERIFY,  "nobody", 0, WIRE_PACE_LIVE,  TYPES,            false, 0, false, false },
        { "an act is approved",             WIRE_VERIFY,  "anna",   1, WIRE_PACE_LIVE,  APPROVES,         true,  0, false, true  },
        { "an act, approved by another",    WIRE_VERIFY,  "anna",   1, WIRE_PACE_ASKED, OTHER_APPROVES,   false, 0, false, true  },
        { "an act, and the caller goes",    WIRE_VERIFY,  "anna",   1, WIRE_PACE_LIVE,  SLEEPS,           false, 3, false, true  },
};

#define INSIDE "192.0.2.9"
#define PASSWORD "korrekt häst batteri 7"

static const struct scene *now;

static bool is_typed(void) {
        return now->phone == TYPES || now->phone == TYPES_WRONG;
}

static uid_t uid_anna, uid_bo;
static struct config config, config_typed;
static struct bankid_material material;
static bool granted;

/* -- Doubles ----------------------------------------------------------------------------------------------------------- */

void journal_setup(void) {
}

static unsigned n_approved_lines;

void journal_write(const struct journal_entry *e) {
        n_approved_lines += e->about == JOURNAL_APPROVED;
}

void journal_audit(const char *host_id, int64_t sequence, const uint8_t hash[static 32]) {
        (void) host_id;
        (void) sequence;
        (void) hash;
}

void journal_warning(const char *text) {
        (void) text;
}

int resolver_uid(struct resolver *r, const char *name, uid_t *ret) {
        (void) r;
        if (fault_now("resolver_uid"))
                return -EIO;
        if (strcmp(name, "anna") == 0)
                *ret = uid_anna;
        else if (strcmp(name, "bo") == 0)
                *ret = uid_bo;
        else
                return RESOLVER_E_NONE;
        return RESOLVER_OK;
}

int resolver_ask_addresses(struct resolver *r, const char *host) {
        (void) r;
        (void) host;
        return fault_now("resolver_ask_addresses") ? -EIO : 0;
}

int resolver_fd(const struct resolver *r) {
        (void) r;
        return -1;
}

int resolver_addresses(struct resolver *r, uint64_t now_ms, char ret[static RESOLVER_TEXT_MAX]) {
        (void) r;
        (void) now_ms;
        if (fault_now("resolver_addresses"))
                return -ETIMEDOUT;
        (void) snprintf(ret, RESOLVER_TEXT_MAX, "127.0.0.1");
        return RESOLVER_OK;
}

/* What the process gives back to the kernel is the test's, too, and would come back at once: it is counted alone. */
static unsigned n_left;

void resident_leave(void) {
        n_left++;
}

/* -- The caller -------------------------------------------------------------------------------------------------------- */

static struct {
        int      fd;
        unsigned n_heard;
        bool     turned;                /* to the link                                                    */
        bool     saw_code;              /* or a link                                                      */
        bool     approved;              /* the helper has said so                                         */
        bool     ended;                 /* and the last word                                              */
        uint64_t ask_ms;                /* Enter is pressed then; 0: not under way                        */
        struct wire_message last;
} caller;

static void say(enum wire_kind kind) {
        static struct wire_message m;

        wire_message_init(&m, kind);
        (void) wire_send(caller.fd, &m, wire_now_ms());
}

/* Of a log-in that goes on: the question after this answer; 0: none. */
static enum wire_kind question_after(const struct wire_message *m) {
        if (!now->goes_on)
                return 0;
        if (m->kind == WIRE_VERDICT && m->number[WIRE_TAG_VERDICT] == WIRE_VERDICT_APPROVED)
                return WIRE_ACCOUNT;
        return m->kind == WIRE_DECISION && m->number[WIRE_TAG_DECISION] == WIRE_DECISION_ALLOWED ? WIRE_OPEN : 0;
}

static bool is_last_word(enum wire_kind kind) {
        return kind == WIRE_VERDICT || kind == WIRE_DECISION || kind == WIRE_RECORDED || kind == WIRE_PROBED;
}

static void ask_about_account(enum wire_kind kind) {
        static struct wire_message m;

        wire_message_init(&m, kind);
        wire_set_number(&m, WIRE_TAG_VERSION, WIRE_VERSION);
        wire_set_string(&m, WIRE_TAG_ACCOUNT, now->account);
        wire_set_string(&m, WIRE_TAG_SERVICE, "login");
        wire_set_string(&m, WIRE_TAG_TTY, "tty1");
        /* A helper that does not go on has gone: the module asks another. */
        (void) wire_send(caller.fd, &m, wire_now_ms() + 1);
}

static void approval_take(const struct wire_message *m) {
        if (now->asks != WIRE_VERIFY)
                scene_broken("a verdict that nobody asked for");
        if (strcmp(m->string[WIRE_TAG_ACCOUNT], now->account) != 0 || m->number[WIRE_TAG_UID] != uid_anna)
                scene_broken("an approval of somebody else");
        caller.approved = true;
}

static void answer_type(void) {
        static const char right[] = PASSWORD, wrong[] = "not this one";
        static struct wire_message m;
        const char *const typed = now->phone == TYPES ? right : wrong;

        wire_message_init(&m, WIRE_ANSWER);
        wire_set_bytes(&m, WIRE_TAG_ANSWER, typed, strlen(typed));
        (void) wire_send(caller.fd, &m, wire_now_ms());
}

static void hear(const struct wire_message *m) {
        caller.n_heard++;
        if (m->kind == WIRE_INTRO)
                say(WIRE_START);
        caller.saw_code |= m->kind == WIRE_SHOW && (wire_has(m, WIRE_TAG_QR_BITS) || wire_has(m, WIRE_TAG_LINK));
        if (m->kind == WIRE_SHOW && provider_is_by_link(now->phone) && !caller.turned) {
                caller.turned = true;
                say(WIRE_TURN);
        }
        if (m->kind == WIRE_PROMPT)
                answer_type();
        if (m->kind == WIRE_VERDICT && m->number[WIRE_TAG_VERDICT] == WIRE_VERDICT_APPROVED)
                approval_take(m);
        if (question_after(m) != 0) {
                ask_about_account(question_after(m));
        } else if (is_last_word(m->kind)) {
                if (caller.ended)
                        scene_broken("two last words");
                caller.ended = true;
                caller.last = *m;
        } else if (now->pace == WIRE_PACE_ASKED && m->kind != WIRE_PROMPT) {
                caller.ask_ms = fault_clock_ms() + 1500;
        }
        if (now->leaves && caller.n_heard >= now->leaves) {
                auto_closep(&caller.fd);
                caller.fd = -1;
        }
}

static uint64_t caller_goes_on(void) {
        static struct wire_message m;
        bool any = false;

        if (caller.fd >= 0 && caller.ask_ms && fault_clock_ms() >= caller.ask_ms) {
                caller.ask_ms = 0;
                say(WIRE_ASK);
                any = true;
        }

        while (caller.fd >= 0 && recv(caller.fd, &(char) { 0 }, 1, MSG_PEEK | MSG_DONTWAIT) > 0) {
                if (wire_receive(caller.fd, UINT32_MAX, wire_now_ms() + 1, &m) != WIRE_OK)
                        scene_broken("it says what is no message");
                hear(&m);
                any = true;
        }
        if (any)
                return 0;
        return caller.fd >= 0 && caller.ask_ms ? caller.ask_ms - fault_clock_ms() : UINT64_MAX;
}

static void ask(void) {
        static struct wire_message m;

        wire_message_init(&m, now->asks);
        wire_set_number(&m, WIRE_TAG_VERSION, WIRE_VERSION);
        if (now->asks == WIRE_PROBE) {
                wire_set_string(&m, WIRE_TAG_METHOD, "bankid");
        } else {
                wire_set_string(&m, WIRE_TAG_ACCOUNT, now->account);
                wire_set_string(&m, WIRE_TAG_SERVICE, provider_is_by_link(now->phone) ? "sshd" : "login");
        }
        if (provider_is_by_link(now->phone))
                wire_set_string(&m, WIRE_TAG_SOURCE, PROVIDER_HERE);
        if (now->asks == WIRE_VERIFY) {
                wire_set_number(&m, WIRE_TAG_PACE, now->pace);
                wire_set_number(&m, WIRE_TAG_TIMEOUT, 9);
                if (is_typed())
                        wire_set_string(&m, WIRE_TAG_SOURCE, INSIDE);
        } else if (now->asks != WIRE_PROBE) {
                wire_set_string(&m, WIRE_TAG_TTY, "tty1");
        }
        if (wire_send(caller.fd, &m, wire_now_ms() + 1) != WIRE_OK)
                scene_broken("the question can't be asked");
}

/* -- The half that acts ------------------------------------------------------------------------------------------------ */

static int half = -1;                           /* its end of the pair                                            */

static const struct approval_question question = {
        .account = "anna", .words = "careid grant", .language = "en", .pace = WIRE_PACE_LIVE, .timeout = 9,
};

static void half_ask(struct helper *h) {
        struct approval_question q = question;
        int halves[2];

        q.pace = now->pace;
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, halves) < 0 || send(halves[0], &q, sizeof q, 0) != sizeof q)
                scene_broken("no halves");
        half = halves[0];
        h->half = halves[1];
        h->verifying = true;
        h->place = (struct place) { .kind = PLACE_HERE, .begun = true };
}

/* What was said to it is said once more, to the very code that takes it. */
static int half_hears(struct approval *ret) {
        struct helper acting = { .other = getpid() };
        char said[8192];
        ssize_t n;
        int again[2], r;

        n = recv(half, said, sizeof said, MSG_DONTWAIT);
        (void) close(half);
        half = -1;
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, again) < 0 || (n > 0 && send(again[1], said, (size_t) n, 0) != n) ||
            shutdown(again[1], SHUT_WR) < 0)
                scene_broken("no halves");
        acting.half = again[0];
        r = approval_ask(&acting, &question, ret);
        (void) close(again[0]);
        (void) close(again[1]);
        return r;
}

/* -- The rules --------------------------------------------------------------------------------------------------------- */

/* What was said last, as a number: kind and word. */
static int end_check(int64_t n_logins, int64_t n_kept, int64_t n_sessions) {
        const struct wire_message *const m = &caller.last;

        if (caller.approved && n_logins != (now->caller == 0))
                scene_broken("an approval, and not the one record of it");
        if (caller.approved && n_kept != (is_typed() ? 0 : n_logins))
                scene_broken("an approval, and its evidence is not kept");
        if (caller.approved && n_approved_lines != 1)
                scene_broken("an approval without its line in the journal");
        if (!caller.ended)
                return 1;                               /* closed without a word: the module makes a refusal of it */
        if (m->kind == WIRE_VERDICT) {
                granted = caller.approved;
                if (now->asks != WIRE_VERIFY)
                        scene_broken("a verdict that nobody asked for");
                return 100 + (int) m->number[WIRE_TAG_VERDICT];
        }
        if (m->kind == WIRE_PROBED) {
                granted = m->number[WIRE_TAG_PROBE] == WIRE_PROBE_REACHABLE;
                return 300 + (int) m->number[WIRE_TAG_PROBE];
        }
        granted = m->number[WIRE_TAG_DECISION] == WIRE_DECISION_ALLOWED;
        if (m->kind == WIRE_RECORDED && granted && now->asks != WIRE_CLOSE && n_sessions != 1)
                scene_broken("a session is said to be recorded, and is not");
        if (now->goes_on && granted && m->kind != WIRE_RECORDED)
                scene_broken("a log-in that ends before its session");
        return 200 + (int) m->number[WIRE_TAG_DECISION];
}

/* Of an act: the other half takes it for approved where the caller's own person has, and nothing was written here. */
static int half_check(int64_t n_logins, int64_t n_entries) {
        AUTO(approval_done) struct approval approval = { .evidence = NULL };
        const int r = half_hears(&approval);

        granted = r == 0 && approval.verdict == WIRE_VERDICT_APPROVED;
        if (n_logins != 0 || n_entries != 0)
                scene_broken("the half that verifies writes");
        if (granted && (now->phone != APPROVES || approval.uid != uid_anna || !approval.proven))
                scene_broken("taken for an approval");
        if (r == 0 && approval.proven && (approval.n_evidence == 0 || !*approval.authenticator))
                scene_broken("proven by nothing that could be recorded");
        if (granted && n_approved_lines != 1)
                scene_broken("an approval without its line in the journal");
        return r < 0 ? 1 : 400 + (int) approval.verdict;
}

static struct helper helper;
static int pair[2], signals[2];
static int64_t n_logins, n_kept, n_sessions, n_entries;

static void before(size_t row) {
        now = &scenes[row];
        granted = false;
        n_approved_lines = n_left = 0;
        provider_begin(now->phone);
        memset(&caller, 0, sizeof caller);
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0 || pipe2(signals, O_CLOEXEC) < 0)
                scene_broken("no pair");
        caller.fd = pair[0];
        helper = (struct helper) { .configured = true, .privs = { .uid = geteuid() }, .fd = pair[1], .signals = signals[0] };
        helper.caller.uid = now->caller ? uid_anna : 0;
        helper.config = is_typed() ? config_typed : config;
        helper.own.known = is_typed();
        /* Tries that were cut short count, and some hundred of them would shut anna out. */
        if (is_typed() && fixture_sql("DELETE FROM charge") != 0)
                scene_broken("the charges stay");
        helper.bankid.material = material;
        helper.bankid.config = &helper.config;
        (void) snprintf(helper.host, sizeof helper.host, "ward");
        n_logins = scene_directory_rows("login");
        n_kept = scene_directory_rows("evidence");
        n_sessions = scene_directory_rows("session");
        n_entries = scene_directory_rows("audit");
        if (now->of_act)
                half_ask(&helper);
        else
                ask();
}

static int play(void) {
        if (now->of_act)
                approval_serve(&helper);
        else
                conversation_run(&helper);
        return 0;
}

static struct scene_end check(int result) {
        int word;

        (void) result;
        (void) close(helper.fd);
        (void) caller_goes_on();
        if (now->of_act) {
                (void) close(helper.half);
                word = half_check(scene_directory_rows("login") - n_logins, scene_directory_rows("audit") - n_entries);
        } else
                word = end_check(scene_directory_rows("login") - n_logins, scene_directory_rows("evidence") - n_kept,
                                 scene_directory_rows("session") - n_sessions);
        /* A log-in of less than ten seconds: once, where there is a while of nothing but codes. */
        if (n_left > 1 || (fault_n_done() == 0 && now->pace == WIRE_PACE_LIVE && n_left != caller.saw_code))
                scene_broken("memory is not given back once while codes are shown");
        if (fake_curl_open() != 0)
                scene_broken("something of libcurl's is left open");
        return (struct scene_end) { .word = word, .granted = granted, .grants = now->grants };
}

static void clear(void) {
        (void) close(signals[0]);
        (void) close(signals[1]);
        auto_closep(&caller.fd);
        caller.fd = -1;
}

static uid_t uid_of(struct directory *d, const char *name) {
        struct directory_account a;

        if (directory_account(d, name, FAULT_TIME, &a) != DIRECTORY_OK)
                abort();
        return a.uid;
}

static void begin(void) {
        static char roots[] = "roots", certificate[] = "certificate", key[] = "key";
        static const char text[] = "[network]\ninside = 192.0.2.0/24\n[bankid]\nenabled = yes\nremote-qr = yes\n"
                                   "endpoint = https://127.0.0.1:8443/rp/v6.0\nca = /ca\ncertificate = /certificate\nkey = /key\n";
        static const char typed[] = "[network]\ninside = 192.0.2.0/24\n[methods]\nallow = password\n";
        char complaint[CONFIG_COMPLAINT_MAX] = "";

        scene_directory_begin();
        {
                auto_directory struct directory *d = fixture_clinic();

                if (credential_password_set(d, &fixture_act, "anna", PASSWORD) != DIRECTORY_OK)
                        abort();
                uid_anna = uid_of(d, "anna");
                uid_bo = uid_of(d, "bo");
        }
        if (config_init(&config) != 0 || config_parse(&config, "test", text, sizeof text - 1, complaint) != CONFIG_OK ||
            config_init(&config_typed) != 0 || config_parse(&config_typed, "test", typed, sizeof typed - 1, complaint) != CONFIG_OK ||
            config_finish(&config_typed, complaint) != CONFIG_OK ||
            bankid_material_place("https://127.0.0.1:8443/rp/v6.0", &material) < 0 || scene_directory_rows("login") != 0) {
                fprintf(stderr, "the scenes can't be made: %s\n", complaint);
                exit(1);
        }
        material.roots = roots, material.n_roots = sizeof roots;
        material.certificate = certificate, material.n_certificate = sizeof certificate;
        material.key = key, material.n_key = sizeof key;
        texts_init("en");
        fake_provider = provider_answer;
        fault_others = caller_goes_on;
}

static const struct scenes conversations = {
        SCENE_ROWS(scenes), .begin = begin, .before = before, .play = play, .check = check, .clear = clear,
};

const struct scenes *const scenes_played[] = { &conversations, NULL };
