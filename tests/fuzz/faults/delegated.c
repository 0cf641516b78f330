/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * delegated.c - scenes of an act that comes through the helper: who asks has a mandate, and it is approved
 *
 * The half that acts is played with its commands, its care directory and its
 * end of the pair; the half that verifies is the real one as far as the other
 * end of the pair goes (approval_serve), and the scene says what it has seen.
 *
 *  1. What is done stands there with the approval that it rests on, and the caller is told that it was done.
 *  2. An approval that was seen is recorded with its evidence, or the act is not done.
 *  3. Nothing is done on any other end of the conversation.
 */

#include "fake-curl.h"
#include "fault.h"
#include "scene-directory.h"
#include "scene.h"

#include "act.h"
#include "approval.h"
#include "attempt.h"
#include "clients.h"
#include "fixture.h"
#include "host.h"
#include "journal.h"
#include "mandates.h"
#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SAID "{\"signature\":\"said\"}"
#define GRANT "grant\0rut\0relative\0oakclinic-1\0--basis\0consent\0--document\0folder 3\0--checked-by\0Anna\0--review-on\0" "2027-11-21"
#define WORDS(text) (text), sizeof (text)

/* What the half that verifies sees; GOES: ends without a word.  LATE: and meanwhile the mandate ends. */
enum other { APPROVES, APPROVES_LATE, SOMEBODY_ELSE, OF_ANOTHER_UID, CANCELS, GOES, IS_NOT_ASKED };

static const struct scene {
        const char *name;
        const char *words;
        size_t      n_words;
        enum other  other;
        bool        parts;              /* it is about the halves alone: how they part and end            */
        const char *changes;            /* the table that has a row more then, or NULL                    */
        unsigned    logins;             /* recorded, undisturbed                                          */
        bool        grants;
} scenes[] = {
        { "what root alone may do",         WORDS("audit\0prune\0--before\0" "2000-01-01"), IS_NOT_ASKED, false, NULL,  0, false },
        { "a grant, approved",              WORDS(GRANT),                          APPROVES,      false, "client_grant", 1, true  },
        { "the mandate ends meanwhile",     WORDS(GRANT),                          APPROVES_LATE, false, "client_grant", 1, false },
        { "somebody else approves the act", WORDS(GRANT),                          SOMEBODY_ELSE, false, "client_grant", 0, false },
        { "an approval for another uid",    WORDS(GRANT),                          OF_ANOTHER_UID, false, "client_grant", 1, false },
        { "the act is cancelled",           WORDS(GRANT),                          CANCELS,       false, "client_grant", 0, false },
        { "the other half goes",            WORDS(GRANT),                          GOES,          false, "client_grant", 0, false },
        { "a grant is tried",               WORDS(GRANT "\0--dry-run"),            IS_NOT_ASKED,  false, "client_grant", 0, false },
        { "assignments are listed",         WORDS("list\0assignments\0oak\0--json"),  IS_NOT_ASKED,  false, NULL,           0, true  },
        { "the halves part",                NULL, 0,                               IS_NOT_ASKED,  true,  NULL,           0, true  },
};

static const struct scene *now;
static uid_t uid_anna;
static int64_t mandate;
static struct helper helper, verifying;
static struct wire_message request;
static int caller;                              /* the other end of the caller's connection                       */
static bool told_done, serving;

/* -- Doubles ----------------------------------------------------------------------------------------------------------- */

static unsigned n_acted;

void journal_write(const struct journal_entry *e) {
        n_acted += e->about == JOURNAL_ACTED;
}

void journal_audit(const char *host_id, int64_t sequence, const uint8_t hash[static 32]) {
        (void) host_id;
        (void) sequence;
        (void) hash;
}

void journal_warning(const char *text) {
        (void) text;
}

/* The names of the host are the fixture's. */
void host_answered_by(const struct host_answers *answers) {
        (void) answers;
}

int resolver_uid(struct resolver *r, const char *name, uid_t *ret) {
        (void) r;
        (void) name;
        (void) ret;
        return RESOLVER_E_NONE;
}

int resolver_gid(struct resolver *r, const char *name, gid_t *ret) {
        return resolver_uid(r, name, ret);
}

int resolver_number(struct resolver *r, uint32_t number, uint32_t *ret) {
        (void) number;
        return resolver_uid(r, "", ret);
}

int resolver_user(struct resolver *r, uid_t uid, char ret[static RESOLVER_USER_MAX + 1]) {
        (void) uid;
        (void) ret;
        return resolver_uid(r, "", &(uid_t) { 0 });
}

int resolver_ask_addresses(struct resolver *r, const char *host) {
        (void) r;
        (void) host;
        return -EIO;
}

int resolver_fd(const struct resolver *r) {
        (void) r;
        return -1;
}

int resolver_addresses(struct resolver *r, uint64_t now_ms, char ret[static RESOLVER_TEXT_MAX]) {
        (void) r;
        (void) now_ms;
        *ret = '\0';
        return -EIO;
}

void verify_run(struct helper *h, const struct wire_message *m) {
        (void) h;
        (void) m;
}

void verify_refuse(struct helper *h, bool crowded) {
        (void) h;
        (void) crowded;
}

/* -- The half that verifies -------------------------------------------------------------------------------------------- */

static void mandate_ends(void) {
        auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);

        if (directory_mandate_end(d, &fixture_act, mandate) != DIRECTORY_OK)
                scene_broken("the mandate can't be ended");
}

void verify_act(struct helper *h, const struct wire_message *m, void (*settled)(const struct attempt *a, const struct outcome *o)) {
        static char said[] = SAID;
        const struct attempt a = { .h = h, .source = "192.0.2.7" };
        struct outcome o = { .verdict = WIRE_VERDICT_APPROVED, .text = TEXT_APPROVED, .uid = uid_anna, .proven = true };

        if (strcmp(m->string[WIRE_TAG_ACCOUNT], "anna") != 0 || strcmp(m->string[WIRE_TAG_PROGRAM], "careid grant") != 0)
                scene_broken("the approval of another act is asked for");
        if (now->other == GOES)
                return;
        o.proof.authenticator = "mobile";
        o.proof.assurance = "se-loa3";
        o.proof.evidence = said;
        o.proof.n_evidence = sizeof said - 1;
        memset(o.proof.reference, 7, sizeof o.proof.reference);
        if (now->other == SOMEBODY_ELSE)
                o.verdict = WIRE_VERDICT_DENIED, o.text = TEXT_WRONG_PERSON, o.uid = 0;
        if (now->other == OF_ANOTHER_UID)
                o.uid++;
        if (now->other == CANCELS)
                o = (struct outcome) { .verdict = WIRE_VERDICT_CANCELLED, .text = TEXT_CANCELLED };
        if (now->other == APPROVES_LATE)
                mandate_ends();
        settled(&a, &o);
}

/* It has been asked something: it answers at once, and ends. */
static uint64_t others(void) {
        char byte;

        if (!serving || recv(verifying.half, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0)
                return UINT64_MAX;
        serving = false;
        if (now->other == IS_NOT_ASKED)
                scene_broken("an approval is asked for that is not needed");
        approval_serve(&verifying);
        (void) close(verifying.half);
        verifying.half = -1;
        return 0;
}

/* -- The caller -------------------------------------------------------------------------------------------------------- */

static void ask(void) {
        wire_message_init(&request, WIRE_ACT);
        wire_set_number(&request, WIRE_TAG_VERSION, WIRE_VERSION);
        wire_set_string(&request, WIRE_TAG_ACCOUNT, "anna");
        wire_set_string(&request, WIRE_TAG_SERVICE, "careid");
        wire_set_string(&request, WIRE_TAG_LANGUAGE, "en");
        wire_set_bytes(&request, WIRE_TAG_WORDS, now->words, now->n_words);
        wire_set_number(&request, WIRE_TAG_PACE, WIRE_PACE_LIVE);
        wire_set_number(&request, WIRE_TAG_TIMEOUT, 30);
}

/* What the caller is told last: the exit status, or -1 if nothing; and in @text what the command has printed. */
static int64_t hear(char *text, size_t size) {
        static struct wire_message m;
        int64_t status = -1;

        *text = '\0';
        while (recv(caller, &(char) { 0 }, 1, MSG_PEEK | MSG_DONTWAIT) > 0) {
                if (wire_receive(caller, UINT32_C(1) << WIRE_RESULT, wire_now_ms() + 1, &m) != WIRE_OK)
                        scene_broken("it says what is no message");
                if (status >= 0)
                        scene_broken("something after the last word");
                if (wire_has(&m, WIRE_TAG_TEXT))
                        (void) snprintf(text + strlen(text), size - strlen(text), "%s", m.string[WIRE_TAG_TEXT]);
                if (wire_has(&m, WIRE_TAG_STATUS))
                        status = (int64_t) m.number[WIRE_TAG_STATUS];
        }
        return status;
}

/* -- A scene ----------------------------------------------------------------------------------------------------------- */

static struct kept {
        const char *bytes;
        size_t      n;
} kept;
static int64_t n_changed, n_logins, n_evidence;

static void restore(void) {
        static const char *const beside[] = { "directory.db-wal", "directory.db-shm" };
        auto_close int fd = open(fixture_file("state", "directory.db"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

        for (size_t i = 0; i < N_ELEMENTS(beside); i++)
                (void) unlink(fixture_file("state", beside[i]));
        if (fd < 0 || write(fd, kept.bytes, kept.n) != (ssize_t) kept.n)
                scene_broken("the directory can't be put back");
}

static void before(size_t row) {
        int pair[2], halves[2];

        now = &scenes[row];
        n_acted = 0;
        told_done = false;
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
                scene_broken("no pair");
        caller = pair[0];
        helper.fd = pair[1];
        helper.half = -1;
        helper.other = 0;
        serving = false;
        if (now->parts)
                return;
        restore();
        ask();
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, halves) < 0)
                scene_broken("no halves");
        helper.half = halves[0];
        helper.other = getpid();                /* nobody ends it here                                    */
        verifying = (struct helper) { .half = halves[1], .fd = -1, .verifying = true };
        serving = true;
        n_changed = now->changes ? scene_directory_rows(now->changes) : 0;
        n_logins = scene_directory_rows("login");
        n_evidence = scene_directory_rows("evidence");
}

/* A child that verifies nothing: it waits until the other half ends, as one that is asked nothing does. */
static int part(void) {
        const int r = approval_part(&helper);

        if (r == 0 && helper.verifying) {
                fault_stop();                   /* here time passes, and who is waited for is another process     */
                if (helper.acting || helper.writing || helper.resolver)
                        _exit(EXIT_FAILURE);
                approval_serve(&helper);
                _exit(EXIT_SUCCESS);
        }
        if (r == 0)
                approval_end(&helper);
        return r;
}

static int play(void) {
        if (now->parts)
                return part();
        act_run(&helper, &request);
        return 0;
}

static struct scene_end check_parts(int result) {
        if (result == 0 && helper.other != 0)
                scene_broken("nobody has seen the other half end");
        if (result != 0) {
                if (helper.other > 0 || helper.half >= 0)
                        scene_broken("half of a pair");
                (void) close(helper.fd);
        }
        (void) close(caller);
        return (struct scene_end) { .word = result + 1000, .granted = result == 0 && fault_n_done() == 0, .grants = now->grants };
}

/* Of the approval that was recorded last, and then the whole of what was said. */
static bool evidence_is_whole(void) {
        auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);
        AUTO(directory_evidence_done) struct directory_evidence e = { .login = 0 };
        const int r = directory_evidence_read(d, &fixture_act, fixture_number("SELECT max(id) FROM login"), "evidence.show", &e);

        return r == DIRECTORY_OK && e.n == sizeof SAID - 1 && memcmp(e.text, SAID, e.n) == 0;
}

static struct scene_end check(int result) {
        static struct {
                bool known;
                char text[4096];
        } undisturbed[N_ELEMENTS(scenes)], *whole;              /* what each prints                       */
        char text[sizeof whole->text];
        int64_t status, changed, logins;

        if (now->parts)
                return check_parts(result);
        (void) close(helper.fd);
        (void) close(helper.half);
        status = hear(text, sizeof text);
        (void) close(caller);
        if (verifying.half >= 0)
                (void) close(verifying.half);
        changed = now->changes ? scene_directory_rows(now->changes) - n_changed : 0;
        logins = scene_directory_rows("login") - n_logins;
        if (logins != scene_directory_rows("evidence") - n_evidence)
                scene_broken("an approval is recorded without its evidence");
        if (logins > 0 && !evidence_is_whole())
                scene_broken("an approval is recorded with other evidence than there was");
        if (changed != 0 && (!now->grants || changed != 1 || logins != 1))
                scene_broken("done, and not on the one approval");
        if (status == 0 && now->changes && now->grants && changed != 1)
                scene_broken("said to be done, and is not");
        whole = &undisturbed[now - scenes];
        if (fault_n_done() == 0) {
                memcpy(whole->text, text, sizeof text);
                whole->known = true;
        } else if (status == 0 && whole->known && strcmp(text, whole->text) != 0)
                scene_broken("it says something else than undisturbed, and that it is done");
        if (status == 0 && n_acted != 1)
                scene_broken("done without its line in the journal");
        if (fault_n_done() == 0 && logins != now->logins)
                scene_broken("another number of approvals, undisturbed");
        if (fixture_number("SELECT count(*) FROM client_grant g WHERE NOT EXISTS (SELECT 1 FROM audit WHERE act = 'grant.add'"
                           " AND object = 'grant:' || g.id AND json_extract(detail, '$.approval') = (SELECT max(id) FROM login))") != 0)
                scene_broken("a grant whose entry in the audit trail doesn't say on which approval it rests");
        return (struct scene_end) {
                .word = (int) status + 1000, .granted = now->grants && status == 0, .grants = now->grants,
        };
}

static void begin(void) {
        char path[256];
        FILE *f;
        char *bytes;

        scene_directory_begin();
        {
                auto_directory struct directory *d = fixture_clinic();
                const struct directory_act *const act = &fixture_act;
                struct directory_account anna;
                int64_t kim, rut;

                if (directory_person_add(d, act, "Kim", "K", NULL, NULL, &kim) != DIRECTORY_OK ||
                    directory_person_add(d, act, "Rut", "R", NULL, NULL, &rut) != DIRECTORY_OK ||
                    directory_account_add(d, act, rut, "oakclinic", "rut", "relative", "careid", "/home/rut", "/bin/sh", NULL) != DIRECTORY_OK ||
                    directory_client_add(d, act, kim, "oakclinic", NULL, NULL) != DIRECTORY_OK ||
                    directory_account(d, "anna", FIXTURE_NOW, &anna) != DIRECTORY_OK ||
                    directory_mandate_add(d, act, anna.person, "grant", "oakclinic", NULL, NULL, NULL, &mandate) != DIRECTORY_OK ||
                    directory_publish(d, FIXTURE_NOW) != DIRECTORY_OK) {
                        fprintf(stderr, "the scenes can't be made: %s\n", directory_complaint(d));
                        exit(1);
                }
                uid_anna = anna.uid;
        }
        (void) snprintf(path, sizeof path, "%s", fixture_file("state", "directory.db"));
        f = fopen(path, "re");
        bytes = malloc(4 << 20);
        if (!f || !bytes || (kept.n = fread(bytes, 1, 4 << 20, f)) == 0) {
                perror(path);
                exit(1);
        }
        (void) fclose(f);
        kept.bytes = bytes;
        texts_init("en");
        helper = (struct helper) {
                .configured = true, .acting = true, .writing = true, .signals = -1,
                .privs = { .uid = geteuid(), .gid = getegid() }, .caller = { .uid = uid_anna },
                .host = "ward",
        };
        if (config_init(&helper.config) != 0)
                abort();
        act_prepare();
        fault_others = others;
}

static const struct scenes delegated = { SCENE_ROWS(scenes), .begin = begin, .before = before, .play = play, .check = check };

const struct scenes *const scenes_played[] = { &delegated, NULL };
