/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * acts-directory.c - scenes of what changes, reads and publishes the care directory
 *
 * An act either succeeds, and stands there with its one entry in the audit
 * trail, or nothing of it does.  A publication that fails leaves no file of its
 * own, and never another page of epochs than the one that readers have mapped.
 */

#include "act-scenes.h"

#include "fault.h"
#include "scene-directory.h"
#include "scene.h"

#include "clients.h"
#include "credentials.h"
#include "fixture.h"
#include "snapshot-builder.h"
#include "trail.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <liboath/oath.h>

#define SAID "{\"signature\":\"said\"}"

static const struct directory_act *const act = &fixture_act;
static int64_t person_anna, login_anna, grant_rut;

static const struct directory_basis consent = { "consent", "folder 3", "Anna", "2027-11-21" };

/* Old enough that an entry may go; years after that the next one. */
static const struct { int64_t now; const char *before; } prunes[] = {
        { FIXTURE_NOW + INT64_C(86400) * 366 * 11, "2032-01-01" },
        { FIXTURE_NOW + INT64_C(86400) * 366 * 22, "2043-01-01" },
};

/* -- What is done: 0, a verdict, or a negative errno ------------------------------------------------------------------- */

static int with_directory(enum directory_mode mode, int (*run)(struct directory *d)) {
        AUTO(directory_closep) struct directory *d = NULL;
        const int r = directory_open(mode, &d);

        return r == DIRECTORY_OK && run ? run(d) : r;
}

static int person(struct directory *d) {
        int64_t id;

        return directory_person_add(d, act, "Cecilia", "Ceder", "C. C.", "da", &id);
}

static int number(struct directory *d) {
        return directory_identity_set(d, act, person_anna, "SE", "189001019802", true);
}

static int account(struct directory *d) {
        return directory_account_add(d, act, person_anna, "oakclinic", "anna2", "staff", "careid", "/home/anna2", "/bin/bash", NULL);
}

static int assignment(struct directory *d) {
        int64_t id;

        return directory_assignment_add(d, act, "bo", "nurse", "elm", "2026-12-01", "2026-12-24", &id);
}

static int assignment_end(struct directory *d) {
        return directory_assignment_end(d, act, 1);
}

static int unit(struct directory *d) {
        return directory_unit_add(d, act, "oakclinic", "ash", "Ward Ash");
}

static int archive(struct directory *d) {
        return directory_archive(d, act, "account", "bo", true);
}

static int evidence(struct directory *d) {
        AUTO(directory_evidence_done) struct directory_evidence e = { .login = 0 };

        return directory_evidence_read(d, act, login_anna, "evidence.show", &e);
}

static int prune(struct directory *d) {
        const struct directory_act later = { .actor = "uid:0", .now = FIXTURE_NOW + 3 };
        int64_t n = 0;
        int r;

        r = directory_evidence_prune(d, &later, &n);
        return r == DIRECTORY_OK && n != 1 ? -EDOM : r;
}

static int list(struct directory *d) {
        AUTO(directory_list_closep) struct directory_list *rows = NULL;
        const char *values[DIRECTORY_COLUMNS_MAX];
        const char *const *columns;
        int r, n = 0;

        r = directory_list_open(d, "assignments", NULL, FIXTURE_NOW, &columns, &rows);
        while (r == DIRECTORY_OK) {
                r = directory_list_next(rows, values);
                n += r == DIRECTORY_OK;
        }
        if (r != DIRECTORY_E_NOT_FOUND)
                return r;
        return n == 1 ? DIRECTORY_OK : -EDOM;           /* a list that ends early would be one with a gap */
}

static int audit(struct directory *d) {
        int64_t sequence;
        uint8_t hash[32];

        return directory_audit_verify(d, &sequence, hash);
}

static int readiness(struct directory *d) {
        struct directory_readiness n;
        const int r = directory_readiness(d, FIXTURE_NOW, &n);

        return r == DIRECTORY_OK && (n.accounts != 3 || n.no_se_number != 2 || n.no_assignment != 1) ? -EDOM : r;
}

static int client(struct directory *d) {
        return directory_client_add(d, act, person_anna, "oakclinic", NULL, NULL);
}

static int module(struct directory *d) {
        return directory_module_set(d, act, "oakclinic", "video", true);
}

static int contact(struct directory *d) {
        return directory_contact_set(d, act, person_anna, "phone", "+46701740606");
}

static int contact_look(struct directory *d) {
        auto_free char *value = NULL;
        const int r = directory_contact_read(d, act, person_anna, "phone", NULL, &value);

        return r == DIRECTORY_OK && strcmp(value, "+46701740605") != 0 ? -EDOM : r;
}

static int grant(struct directory *d) {
        return directory_grant_add(d, act, "rut", "relative", "oakclinic-2", &consent, NULL, "2026-12-31", NULL);
}

static int grant_end(struct directory *d) {
        return directory_grant_end(d, act, grant_rut, "basis-lost");
}

static int grant_review(struct directory *d) {
        return directory_grant_review(d, act, grant_rut, "2028-01-31");
}

static int trail_prune_at(struct directory *d, size_t which) {
        const struct directory_act then = { .actor = "uid:0", .now = prunes[which].now };
        int64_t through, n;

        return directory_trail_prune(d, &then, prunes[which].before, TRAIL_KEEP_DAYS_MIN, &through, &n);
}

static int trail(struct directory *d) {
        auto_free char *pem = NULL;
        const int r = trail_prune_at(d, 1);

        return r == DIRECTORY_OK ? directory_trail_key(d, &pem) : r;
}

static int leave(struct directory *d) {
        struct directory_left left;
        const int r = directory_person_leave(d, act, person_anna, &left);

        return r == DIRECTORY_OK && (left.assignments != 1 || left.accounts != 1) ? -EDOM : r;
}

static int rotate(struct directory *d) {
        struct directory_rotated done;
        const int r = directory_keys_rotate(d, act, &done);

        return r == DIRECTORY_OK && (done.id != 2 || done.contacts != 1) ? -EDOM : r;
}

/* What somebody types, and what anna has. */
#define PASSWORD "tre gula kanoter i dimma"
#define SECRET   "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

static char totp[CREDENTIAL_TOTP_DIGITS + 1], earlier[CREDENTIAL_TOTP_DIGITS + 1], code[CREDENTIAL_CODE_TEXT];

static int typed(struct directory *d, enum credential_kind kind, const char *answer) {
        const struct credential_question q = { .account = 1, .kind = kind, .source = "192.0.2.7", .now = FIXTURE_NOW };
        struct credential_result result = { .verdict = 0 };
        struct credential_ticket t;
        int r;

        r = credential_charge(d, &q, &t);
        if (r == DIRECTORY_OK)
                r = credential_compare(d, &t, answer, strlen(answer), &result);
        return r == DIRECTORY_OK && result.verdict != CREDENTIAL_RIGHT ? -EDOM : r;
}

static int password_typed(struct directory *d)  { return typed(d, CREDENTIAL_PASSWORD, PASSWORD); }
static int totp_typed(struct directory *d)      { return typed(d, CREDENTIAL_TOTP, totp); }
static int code_typed(struct directory *d)      { return typed(d, CREDENTIAL_CODE, code); }

static int password_new(struct directory *d) {
        return credential_password_set(d, act, "bo", PASSWORD);
}

static int totp_new(struct directory *d) {
        char secret[CREDENTIAL_TOTP_TEXT];
        const int r = credential_totp_new(secret);

        return r == 0 ? credential_totp_enroll(d, act, "bo", SECRET, totp) : r;
}

static int code_new(struct directory *d) {
        const struct credential_issue issue = { .account = "bo", .checked = "x", .hours = 1 };
        char made[CREDENTIAL_CODE_TEXT];
        int64_t until;

        return credential_code_issue(d, act, &issue, made, &until);
}

static int code_sent(struct directory *d) {
        char made[CREDENTIAL_CODE_TEXT];

        return credential_code_make(d, 1, CREDENTIAL_SMS, FIXTURE_NOW, made);
}

static int outage_begin(struct directory *d) {
        int64_t until;

        return directory_outage_begin(d, act, 1, "x", &until);
}

static int facts(struct directory *d) {
        struct credential_facts f;
        const int r = credential_facts(d, 1, FIXTURE_NOW, &f);

        return r == DIRECTORY_OK && (!f.password || !f.totp || !f.temporary || !f.phone) ? -EDOM : r;
}

/* What anna has, as the scenes find it; the codes by what is not ours. */
static int put_credentials(struct directory *d) {
        const struct directory_act before = { .actor = "uid:0", .now = FIXTURE_NOW - 300 };
        const struct credential_issue issue = { .account = "anna", .checked = "x", .hours = 1 };
        const uint64_t step = (uint64_t) FIXTURE_NOW / CREDENTIAL_TOTP_STEP_S;
        int64_t until;
        int r;

        if (oath_init() != OATH_OK ||
            oath_hotp_generate("12345678901234567890", 20, step, CREDENTIAL_TOTP_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, totp) != OATH_OK ||
            oath_hotp_generate("12345678901234567890", 20, step - 10, CREDENTIAL_TOTP_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, earlier) != OATH_OK)
                return -EIO;
        r = credential_password_set(d, &before, "anna", PASSWORD);
        if (r == DIRECTORY_OK)
                r = credential_totp_enroll(d, &before, "anna", SECRET, earlier);
        return r == DIRECTORY_OK ? credential_code_issue(d, act, &issue, code, &until) : r;
}

static int publish(struct directory *d) {
        return directory_publish(d, FIXTURE_NOW);
}

static int publish_anew(struct directory *d) {
        return directory_publish_anew(d, FIXTURE_NOW);
}

static int create(void)         { return with_directory(DIRECTORY_CREATE, NULL); }
static int person_add(void)     { return with_directory(DIRECTORY_WRITE, person); }
static int number_set(void)     { return with_directory(DIRECTORY_WRITE, number); }
static int account_add(void)    { return with_directory(DIRECTORY_WRITE, account); }
static int assign(void)         { return with_directory(DIRECTORY_WRITE, assignment); }
static int unassign(void)       { return with_directory(DIRECTORY_WRITE, assignment_end); }
static int unit_add(void)       { return with_directory(DIRECTORY_WRITE, unit); }
static int archive_add(void)    { return with_directory(DIRECTORY_WRITE, archive); }
static int client_add(void)     { return with_directory(DIRECTORY_WRITE, client); }
static int module_on(void)      { return with_directory(DIRECTORY_WRITE, module); }
static int contact_set(void)    { return with_directory(DIRECTORY_WRITE, contact); }
static int contact_read(void)   { return with_directory(DIRECTORY_WRITE, contact_look); }
static int grant_made(void)     { return with_directory(DIRECTORY_WRITE, grant); }
static int grant_ended(void)    { return with_directory(DIRECTORY_WRITE, grant_end); }
static int grant_looked(void)   { return with_directory(DIRECTORY_WRITE, grant_review); }
static int trail_prune(void)    { return with_directory(DIRECTORY_WRITE, trail); }
static int person_leave(void)   { return with_directory(DIRECTORY_WRITE, leave); }
static int keys_rotate(void)    { return with_directory(DIRECTORY_WRITE, rotate); }
static int evidence_read(void)  { return with_directory(DIRECTORY_WRITE, evidence); }
static int evidence_prune(void) { return with_directory(DIRECTORY_WRITE, prune); }
static int list_read(void)      { return with_directory(DIRECTORY_READ, list); }
static int audit_verify(void)   { return with_directory(DIRECTORY_READ, audit); }
static int readiness_read(void) { return with_directory(DIRECTORY_READ, readiness); }
static int password_set(void)   { return with_directory(DIRECTORY_WRITE, password_new); }
static int password_tried(void) { return with_directory(DIRECTORY_WRITE, password_typed); }
static int totp_enrolled(void)  { return with_directory(DIRECTORY_WRITE, totp_new); }
static int totp_tried(void)     { return with_directory(DIRECTORY_WRITE, totp_typed); }
static int code_issued(void)    { return with_directory(DIRECTORY_WRITE, code_new); }
static int code_made(void)      { return with_directory(DIRECTORY_WRITE, code_sent); }
static int code_tried(void)     { return with_directory(DIRECTORY_WRITE, code_typed); }
static int outage_begun(void)   { return with_directory(DIRECTORY_WRITE, outage_begin); }
static int facts_read_of(void)  { return with_directory(DIRECTORY_READ, facts); }
static int publication(void)    { return with_directory(DIRECTORY_WRITE, publish); }
static int republication(void)  { return with_directory(DIRECTORY_WRITE, publish_anew); }

static const struct scene {
        const char *name;
        int       (*run)(void);
        unsigned    entries;            /* that it makes in the audit trail                               */
        const char *changes;            /* the table that has a row more or less then, or NULL            */
} scenes[] = {
        { "a directory is made",          create,         1, NULL         },
        { "a person is added",            person_add,     1, "person"     },
        { "a number is replaced",         number_set,     1, NULL         },
        { "an account is added",          account_add,    1, "account"    },
        { "an assignment is added",       assign,         1, "assignment" },
        { "an assignment ends",           unassign,       1, NULL         },
        { "a unit is added",              unit_add,       1, "unit"       },
        { "an account is archived",       archive_add,    1, NULL         },
        { "a client is added",            client_add,     1, "client"     },
        { "a module is switched on",      module_on,      1, "organisation_module" },
        { "a phone number is registered", contact_set,    1, "contact"    },
        { "a phone number is read",       contact_read,   1, NULL         },
        { "a client is granted",          grant_made,     1, "client_grant" },
        { "a grant ends",                 grant_ended,    1, NULL         },
        { "a grant is confirmed",         grant_looked,   1, NULL         },
        { "the audit trail is pruned",    trail_prune,    1, "checkpoint" },
        { "somebody leaves",              person_leave,   1, NULL         },
        { "new keys are made",            keys_rotate,    1, NULL         },
        { "evidence is read",             evidence_read,  1, NULL         },
        { "evidence is over",             evidence_prune, 1, "evidence"   },
        { "a list is read",               list_read,      0, NULL         },
        { "the audit trail is verified",  audit_verify,   0, NULL         },
        { "who can't log in",             readiness_read, 0, NULL         },
        { "a password is set",            password_set,   1, "password"   },
        { "a password is typed",          password_tried, 0, NULL         },
        { "a TOTP is enrolled",           totp_enrolled,  1, "totp"       },
        { "its code is typed",            totp_tried,     0, NULL         },
        { "a code is issued",             code_issued,    1, "code"       },
        { "a code is made to be sent",    code_made,      1, "code"       },
        { "a code is typed",              code_tried,     0, NULL         },
        { "the e-ID is out",              outage_begun,   1, "outage"     },
        { "what somebody has is read",    facts_read_of,  0, NULL         },
        { "the snapshots are published",  publication,    0, NULL         },
        { "they are written anew",        republication,  0, NULL         },
};

static const struct scene *now;

static struct kept {
        const char *place, *name;
        mode_t      mode;
        char       *bytes;
        size_t      n;
} kept[] = {
        { "state",     "directory.db",           0600, NULL, 0 },
        { "config",    "keys/number-hmac.1",     0400, NULL, 0 },
        { "config",    "keys/number-cipher.1",   0400, NULL, 0 },
        { "config",    "keys/audit-sign.1",      0400, NULL, 0 },
};

static void empty(const char *place) {
        const char *const path = fixture_place(place);
        DIR *d = opendir(path);

        for (struct dirent *e; d && (e = readdir(d)); )
                if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
                        (void) unlinkat(dirfd(d), e->d_name, 0);
        if (d)
                (void) closedir(d);
}

static void restore(void) {
        empty("state");
        empty("config/keys");
        if (now->run == create)
                return;
        for (size_t i = 0; i < N_ELEMENTS(kept); i++) {
                auto_close int fd = open(fixture_file(kept[i].place, kept[i].name), O_WRONLY | O_CREAT | O_CLOEXEC, kept[i].mode);

                if (fd < 0 || write(fd, kept[i].bytes, kept[i].n) != (ssize_t) kept[i].n)
                        scene_broken("the directory can't be put back");
        }
}

/* What no reader looks for: temporary files, and a delta that waits for its public one. */
static size_t count_leftovers(void) {
        DIR *d = opendir(fixture_place("snapshots"));
        size_t n = 0;

        for (struct dirent *e; d && (e = readdir(d)); )
                n += strstr(e->d_name, ".new") || strcmp(e->d_name, SNAPSHOT_NEXT_DELTA) == 0;
        if (d)
                (void) closedir(d);
        return n;
}

static int64_t n_entries, n_rows;               /* before the act                                                 */
static size_t n_leftovers;
static ino_t page;

/* Those that have been pruned, too. */
static int64_t entries_ever(void) {
        return fixture_number("SELECT max(sequence) FROM audit");
}

static void check_act(int result) {
        const int64_t entries = entries_ever() - n_entries;
        const int64_t rows = now->changes ? scene_directory_rows(now->changes) - n_rows : 0;

        if (entries != (result == 0 ? (int64_t) now->entries : 0)) {
                /* It said that it failed when all was done but telling so. */
                if (result == 0 || entries != (int64_t) now->entries)
                        scene_broken("other entries in the audit trail than acts that succeeded");
        }
        if (now->changes && (rows != 0) != (entries != 0))
                scene_broken("half of an act stands");
        if (now->run == trail_prune && result != 0)
                (void) trail_prune();                   /* what has a checkpoint and was not removed yet goes the next time */
        if (with_directory(DIRECTORY_READ, audit) != DIRECTORY_OK)
                scene_broken("the audit trail does not verify");
}

static ino_t epoch(void) {
        struct stat st;

        return stat(fixture_file("snapshots", "epoch"), &st) < 0 ? 0 : st.st_ino;
}

/* What was begun and failed can be had once more, and then undisturbed. */
static void check_creation(void) {
        if (with_directory(DIRECTORY_CREATE, NULL) != DIRECTORY_OK)
                scene_broken("what was left makes a second beginning fail");
        if (scene_directory_rows("audit") != (int64_t) now->entries)
                scene_broken("another number of entries than of beginnings");
}

/* -- A scene ----------------------------------------------------------------------------------------------------------- */

static void before(size_t row) {
        now = &scenes[row];
        restore();
        n_leftovers = count_leftovers();
        page = epoch();
        n_entries = now->run == create ? 0 : entries_ever();
        n_rows = now->run == create || !now->changes ? 0 : scene_directory_rows(now->changes);
}

static int play(void) {
        return now->run();
}

static struct scene_end check(int result) {
        if (now->run == create)
                check_creation();
        else
                check_act(result);
        if (epoch() != page)
                scene_broken("readers have another page of epochs mapped than the writer");
        /* What an earlier scene could not remove may be there still, but not when somebody has published undisturbed. */
        if (count_leftovers() > n_leftovers && !fault_was("unlinkat") && !fault_was("renameat"))
                scene_broken("a file is left beside the snapshots");
        if (count_leftovers() > 0 && fault_n_done() == 0 && (now->run == publication || now->run == republication))
                scene_broken("a file is left beside the snapshots, by an earlier writer");
        return act_ended(result, true);
}

static void begin(void) {
        const struct directory_login approved = {
                .account = 1, .method = "bankid", .authenticator = "mobile", .assurance = "se-loa3", .host = "demo",
                .service = "sshd", .source = "192.0.2.7", .evidence = SAID, .n_evidence = sizeof SAID - 1,
                .evidence_until = FIXTURE_NOW + 2,
        };

        scene_directory_begin();
        {
                auto_directory struct directory *d = fixture_clinic();
                struct directory_account anna;
                int64_t person_rut, person_kim;

                if (trail_prune_at(d, 0) != DIRECTORY_OK || directory_login_add(d, &approved, FIXTURE_NOW, &login_anna) != DIRECTORY_OK ||
                    directory_person_add(d, act, "Rut", "Ros", NULL, NULL, &person_rut) != DIRECTORY_OK ||
                    directory_account_add(d, act, person_rut, "oakclinic", "rut", "relative", "careid", "/home/rut", "/bin/sh", NULL) != DIRECTORY_OK ||
                    directory_client_add(d, act, 2, "oakclinic", NULL, NULL) != DIRECTORY_OK ||
                    directory_person_add(d, act, "Kim", "Ros", NULL, NULL, &person_kim) != DIRECTORY_OK ||
                    directory_client_add(d, act, person_kim, "oakclinic", NULL, NULL) != DIRECTORY_OK ||
                    directory_grant_add(d, act, "rut", "relative", "oakclinic-1", &consent, NULL, NULL, &grant_rut) != DIRECTORY_OK ||
                    directory_contact_set(d, act, 1, "phone", "+46701740605") != DIRECTORY_OK ||
                    put_credentials(d) != DIRECTORY_OK ||
                    directory_account(d, "anna", FIXTURE_NOW, &anna) != DIRECTORY_OK ||
                    directory_publish(d, FIXTURE_NOW) != DIRECTORY_OK) {
                        fprintf(stderr, "the scenes can't be made: %s\n", directory_complaint(d));
                        exit(1);
                }
                person_anna = anna.person;
        }
        for (size_t i = 0; i < N_ELEMENTS(kept); i++)
                kept[i].bytes = act_file(fixture_file(kept[i].place, kept[i].name), &kept[i].n);
}

const struct scenes acts_directory = { SCENE_ROWS(scenes), .begin = begin, .before = before, .play = play, .check = check };
