/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-rotate.c - new keys, with everybody still who they are
 */

#include "batch.h"
#include "clients.h"
#include "fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct directory_act *const act = &fixture_act;

static bool has_file(const char *name) {
        return access(fixture_file("config", name), F_OK) == 0;
}

/* Anna's number, bo's mail address, and what was kept of a log-in of anna's. */
static void everything_is_there(struct directory *d, const char *when) {
        struct directory_evidence evidence = { .text = NULL };
        char *mail = NULL;

        tap_result(directory_person_has_number(d, 1, "SE", "199908072391"), DIRECTORY_OK, d, "%s: anna is who she is", when);
        tap_result(directory_person_has_number(d, 1, "SE", "189001019802"), DIRECTORY_E_NOT_FOUND, d, "%s: and nobody else", when);
        tap_result(directory_person_has_number(d, 2, "SE", "199908072391"), DIRECTORY_E_NOT_FOUND, d, "%s: nor is anybody else she", when);
        tap_result(directory_identity_add(d, act, 2, "SE", "990807-2391"), DIRECTORY_E_EXISTS, d, "%s: her number is taken", when);
        tap_ok(directory_contact_read(d, act, 2, "mail", "a test", &mail) == DIRECTORY_OK && mail && strcmp(mail, "bo@example.org") == 0,
               "%s: bo is reached", when);
        free(mail);
        tap_ok(directory_evidence_read(d, act, 1, "evidence.show", &evidence) == DIRECTORY_OK && strcmp(evidence.text, "{\"a\":1}") == 0,
               "%s: evidence is read", when);
        directory_evidence_done(&evidence);
}

static bool die(const void *about) {
        (void) about;
        (void) raise(SIGKILL);
        return true;
}

/* At the last moment before it counts. */
static void killed(void) {
        const pid_t pid = fork();
        int status = 0;

        if (pid == 0) {
                struct directory *d = fixture_open(DIRECTORY_WRITE);

                directory_ask_before_commit(d, die, NULL);
                (void) directory_keys_rotate(d, act, NULL);
                _exit(0);
        }
        (void) waitpid(pid, &status, 0);
        tap_ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "killed when all is written and nothing counts");
        tap_ok(has_file("keys/number-hmac.2") && has_file("keys/number-cipher.2") && fixture_number("SELECT key FROM meta") == 1 &&
               fixture_number("SELECT count(*) FROM identity WHERE hmac_key <> 1 OR cipher_key <> 1") == 0, "the old keys are in use, the next are there");
}

/* Everything that could refuse it does, and no key is made. */
static void tried(void) {
        struct directory_rotated done = { .id = 0 };
        struct directory *d = fixture_open(DIRECTORY_WRITE);

        directory_dry_run(d);
        tap_result(directory_keys_rotate(d, act, &done), DIRECTORY_OK, d, "new keys, to see");
        tap_ok(done.id == 2 && done.numbers == 1 && done.contacts == 1 && done.evidence == 1, "what would be written anew");
        d = directory_close(d);
        tap_ok(!has_file("keys/number-hmac.2") && !has_file("keys/number-cipher.2"), "no key was made");
        tap_ok(fixture_number("SELECT key FROM meta") == 1 && fixture_number("SELECT count(*) FROM audit WHERE act = 'keys.rotate'") == 0 &&
               fixture_number("SELECT count(*) FROM identity WHERE hmac_key <> 1 OR cipher_key <> 1") == 0, "nothing was written");
        d = fixture_open(DIRECTORY_WRITE);
        everything_is_there(d, "as if nothing had been");
        (void) directory_close(d);
}

int main(void) {
        const struct directory_login login = {
                .account = 1, .method = "bankid", .authenticator = "mobile", .assurance = "se-loa3", .host = "h", .service = "sshd",
                .evidence = "{\"a\":1}", .n_evidence = 7, .evidence_until = FIXTURE_NOW + 1000,
        };
        struct directory_rotated done = { .id = 0 };
        struct directory *d, *waiting, *reader;
        int64_t id;

        fixture_begin();
        d = fixture_clinic();
        if (directory_contact_set(d, act, 2, "mail", "bo@example.org") || directory_contact_set(d, act, 2, "phone", "+46701740605") ||
            directory_contact_set(d, act, 2, "phone", NULL) || directory_login_add(d, &login, FIXTURE_NOW, &id))
                tap_ok(false, "what there is in this test: %s", directory_complaint(d));
        d = directory_close(d);

        tried();
        killed();
        d = fixture_open(DIRECTORY_WRITE);
        everything_is_there(d, "after that");

        /* Others who have the directory open all along. */
        waiting = fixture_open(DIRECTORY_WRITE);
        reader = fixture_open(DIRECTORY_READ);
        tap_result(directory_keys_rotate(d, act, &done), DIRECTORY_OK, d, "new keys");
        tap_ok(done.id == 2 && done.numbers == 1 && done.contacts == 1 && done.evidence == 1, "everything was written anew, but evidence");
        tap_ok(fixture_number("SELECT count(*) FROM identity WHERE hmac_key <> 2 OR cipher_key <> 2") == 0 &&
               fixture_number("SELECT count(*) FROM contact WHERE cipher_key <> 2") == 0 && fixture_number("SELECT key FROM meta") == 2, "under the keys 2");
        tap_ok(fixture_number("SELECT count(*) FROM audit WHERE act = 'keys.rotate' AND object = 'keys:2'") == 1, "which stands in the audit trail");
        everything_is_there(d, "under new keys");
        tap_result(directory_person_has_number(reader, 1, "SE", "199908072391"), DIRECTORY_OK, reader, "somebody who had the old ones finds anna");
        tap_result(directory_identity_add(waiting, act, 2, "DK", "210127-0087"), DIRECTORY_OK, waiting, "and registers a number");
        tap_ok(fixture_number("SELECT count(*) FROM identity WHERE hmac_key <> 2") == 0, "under the new keys");
        tap_result(directory_person_has_number(d, 2, "DK", "2101270087"), DIRECTORY_OK, d, "where it is found");
        tap_ok(has_file("keys/number-hmac.1") && has_file("keys/number-cipher.1"), "the old keys are kept");
        waiting = directory_close(waiting);
        reader = directory_close(reader);
        d = directory_close(d);

        d = fixture_open(DIRECTORY_WRITE);
        everything_is_there(d, "opened again");
        tap_result(directory_keys_rotate(d, act, NULL), DIRECTORY_OK, d, "a third time");
        everything_is_there(d, "under the third keys");

        (void) fixture_sql("UPDATE contact SET cipher = zeroblob(40) WHERE ended IS NULL");
        tap_result(directory_keys_rotate(d, act, NULL), -EUCLEAN, d, "what can't be read can't be written anew");
        tap_ok(fixture_number("SELECT key FROM meta") == 3 && fixture_number("SELECT count(*) FROM identity WHERE hmac_key <> 3") == 0, "nothing was changed by that");
        d = directory_close(d);

        (void) rename(fixture_file("config", "keys/number-hmac.3"), fixture_file("config", "away"));
        tap_ok(directory_open(DIRECTORY_READ, &d) == -ENOKEY && strstr(directory_complaint(NULL), "number-hmac"), "without the newest key it is not opened");
        return tap_done();
}
