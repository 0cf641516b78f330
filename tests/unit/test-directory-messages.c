/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-messages.c - who is sent what, when it is tried again, and that nothing goes to whom nothing may go
 *
 * The numbers are those of the MUST list in directory/message.c.
 */

#include "clients.h"
#include "fixture.h"
#include "messages.h"

#include <stdio.h>
#include <string.h>

#define MAIL "erik.eriksson@post.example"
#define OLD  "+46701740605"
#define LOCK "INSERT INTO lock (client, requested_by, reason, by_actor, created) VALUES (1, 'resident', 'no-contact', 'uid:0', 0)"

enum { DAY = 86400, ALL = MESSAGE_BY_PHONE | MESSAGE_BY_MAIL };

static const struct directory_act *const act = &fixture_act;

static int64_t client;          /* the person who is one */

static int take(struct directory *d, unsigned by, int64_t after, struct directory_message *ret) {
        *ret = (struct directory_message) { .id = 0 };
        return directory_message_take(d, by, FIXTURE_NOW + after, ret);
}

/* Nothing of an address, or of words, stands anywhere but encrypted. */
static void check_private(const char *when) {
        tap_ok(fixture_number("SELECT count(*) FROM audit WHERE detail LIKE '%post.example%' OR detail LIKE '%46701740605%' OR object LIKE '%@%'") == 0 &&
               fixture_number("SELECT count(*) FROM message WHERE instr(ifnull(cipher, x''), CAST('post.example' AS BLOB))"
                              " OR instr(ifnull(cipher, x''), CAST('46701740605' AS BLOB))") == 0, "no address is to be read: %s", when);
}

static void test_invite(struct directory *d) {
        const struct directory_act later = { .actor = "uid:0", .now = FIXTURE_NOW + 60 };
        struct directory_message m;

        tap_result(directory_invite(d, act, "oakclinic-9", false), DIRECTORY_E_NOT_FOUND, d, "a client that there is not");
        tap_result(directory_invite(d, act, "oakclinic-1", false), DIRECTORY_E_CONSTRAINT, d, "a client without an account");
        tap_ok(strstr(directory_complaint(d), "account"), "and that is what is missing");
        tap_result(directory_account_add(d, act, client, "oakclinic", "erik", "client", "careid", "/home/erik", "/bin/sh", NULL), DIRECTORY_OK, d, "has one");
        tap_result(directory_invite(d, act, "oakclinic-1", false), DIRECTORY_E_CONSTRAINT, d, "without a mail address");
        tap_ok(strstr(directory_complaint(d), "mail address"), "and that is what is missing");
        tap_result(directory_contact_set(d, act, client, "mail", MAIL), DIRECTORY_OK, d, "has one");
        tap_result(directory_invite(d, &(struct directory_act) { .actor = "person:1", .now = FIXTURE_NOW, .by_person = 1 }, "oakclinic-1", false),
                   DIRECTORY_E_CONSTRAINT, d, "who has no mandate invites nobody");
        tap_result(directory_invite(d, act, "oakclinic-1", false), DIRECTORY_OK, d, "is invited");
        tap_result(directory_invite(d, act, "oakclinic-1", true), DIRECTORY_E_EXISTS, d, "once at a time");

        tap_result(take(d, MESSAGE_BY_PHONE, 0, &m), DIRECTORY_E_NOT_FOUND, d, "no SMS waits");
        tap_result(take(d, ALL, 0, &m), DIRECTORY_OK, d, "the invitation is taken");
        tap_ok(m.purpose == MESSAGE_INVITATION && m.by_mail && strcmp(m.to, MAIL) == 0 && strcmp(m.account, "erik") == 0 &&
               *m.organisation && m.person == client, "with what it takes to write it");
        tap_ok(fixture_number("SELECT tries FROM message") == 1 && fixture_number("SELECT cipher IS NULL FROM message") == 1,
               "MUST 2: it counts as tried, and has no address of its own");
        tap_result(take(d, ALL, 59, &m), DIRECTORY_E_NOT_FOUND, d, "not again within a minute");
        tap_result(take(d, ALL, 60, &m), DIRECTORY_OK, d, "but then");
        tap_result(take(d, ALL, 60 + 299, &m), DIRECTORY_E_NOT_FOUND, d, "not again within five");
        tap_result(take(d, ALL, 60 + 300, &m), DIRECTORY_OK, d, "but then");
        tap_result(directory_message_end(d, m.id, MESSAGE_SENT, FIXTURE_NOW + 360), DIRECTORY_OK, d, "it was sent");
        tap_result(directory_message_end(d, m.id, MESSAGE_SENT, FIXTURE_NOW + 360), DIRECTORY_E_NOT_FOUND, d, "once");
        tap_ok(fixture_number("SELECT count(*) FROM audit WHERE act = 'message.sent' AND actor = 'queue'"
                              " AND json_extract(detail, '$.purpose') = 'invitation' AND json_extract(detail, '$.tries') = 3") == 1, "the trail says so");
        tap_result(directory_invite(d, &later, "oakclinic-1", false), DIRECTORY_E_EXISTS, d, "not invited twice by mistake");
        tap_result(directory_invite(d, &later, "oakclinic-1", true), DIRECTORY_OK, d, "but where that is meant");
        check_private("after an invitation");
}

static void test_gives_up(struct directory *d) {
        struct directory_message m;
        int64_t n = 0;
        unsigned tries = 0;

        for (int64_t t = 120; t < MESSAGE_DAYS * DAY; t += 60)
                tries += take(d, ALL, t, &m) == DIRECTORY_OK;
        tap_ok(tries >= 18 && tries <= 24, "tried %u times in three days", tries);
        tap_ok(directory_messages_tidy(d, FIXTURE_NOW + MESSAGE_DAYS * DAY, &n) == DIRECTORY_OK && n == 0, "not given up a minute too early");
        tap_ok(directory_messages_tidy(d, FIXTURE_NOW + 60 + MESSAGE_DAYS * DAY, &n) == DIRECTORY_OK && n == 1, "given up then");
        tap_ok(fixture_number("SELECT count(*) FROM audit WHERE act = 'message.gave-up'") == 1, "the trail says so");
        tap_result(take(d, ALL, 30 * DAY, &m), DIRECTORY_E_NOT_FOUND, d, "and not tried again");
}

static void test_lock(struct directory *d) {
        const struct directory_act later = { .actor = "uid:0", .now = FIXTURE_NOW + 10 * DAY };
        struct directory_message m;
        char to[MESSAGE_TO_MAX + 1];
        int64_t account = fixture_number("SELECT id FROM account WHERE name = 'erik'"), n = 0;

        tap_result(directory_reach(d, account, true, to), DIRECTORY_OK, d, "a code finds them");
        tap_ok(strcmp(to, MAIL) == 0, "at their address");
        tap_result(directory_reach(d, account, false, to), DIRECTORY_E_NOT_FOUND, d, "they have no phone");
        tap_result(directory_invite(d, &later, "oakclinic-1", true), DIRECTORY_OK, d, "invited");
        tap_ok(fixture_sql(LOCK) == 0, "locked, while that waits");
        tap_result(take(d, ALL, 10 * DAY, &m), DIRECTORY_E_NOT_FOUND, d, "MUST 1: it is not given out");
        tap_result(directory_reach(d, account, true, to), DIRECTORY_E_CONSTRAINT, d, "MUST 1: no code finds them");
        tap_result(directory_contact_set(d, &later, client, "phone", OLD), DIRECTORY_OK, d, "a phone");
        tap_result(directory_contact_set(d, &later, client, "phone", "+46701740606"), DIRECTORY_OK, d, "another");
        tap_ok(directory_messages_tidy(d, FIXTURE_NOW + 10 * DAY, &n) == DIRECTORY_OK && n == 0 &&
               fixture_number("SELECT count(*) FROM message WHERE ended IS NULL") == 0 &&
               fixture_number("SELECT count(*) FROM audit WHERE act = 'message.dropped'") == 1 &&
               fixture_number("SELECT count(*) FROM contact_notice") == 0, "MUST 1: nothing waits for who is locked, and no notice is made");
        tap_result(directory_invite(d, &later, "oakclinic-1", true), DIRECTORY_E_CONSTRAINT, d, "nobody invites them");
        tap_ok(strstr(directory_complaint(d), "locked"), "and is told why");
        tap_ok(fixture_sql("DELETE FROM lock") == 0, "the lock is gone");
        tap_result(directory_invite(d, &later, "oakclinic-1", true), DIRECTORY_OK, d, "invited again");
        tap_result(directory_archive(d, &later, "account", "erik", true), DIRECTORY_OK, d, "the account is closed");
        tap_result(directory_reach(d, account, true, to), DIRECTORY_E_CONSTRAINT, d, "no code finds them");
        tap_ok(directory_messages_tidy(d, FIXTURE_NOW + 10 * DAY, &n) == DIRECTORY_OK &&
               fixture_number("SELECT count(*) FROM message WHERE ended IS NULL") == 0, "the invitation is dropped");
        tap_result(directory_archive(d, &later, "account", "erik", false), DIRECTORY_OK, d, "and opened");
}

static void test_changed(struct directory *d) {
        const struct directory_act later = { .actor = "uid:0", .now = FIXTURE_NOW + 20 * DAY };
        struct directory_rotated rotated;
        struct directory_message m;
        unsigned by = 0;
        int64_t n = 0;

        tap_result(directory_contact_set(d, &later, client, "phone", OLD), DIRECTORY_OK, d, "a phone");
        (void) directory_messages_tidy(d, later.now, &n);
        while (take(d, ALL, 20 * DAY, &m) == DIRECTORY_OK)
                (void) directory_message_end(d, m.id, MESSAGE_SENT, later.now);
        tap_result(directory_contact_set(d, &later, client, "phone", "+46701740607"), DIRECTORY_OK, d, "another in its place");
        tap_ok(directory_messages_waiting(d, &n, &by) == DIRECTORY_OK && n == 1 && by == MESSAGE_BY_PHONE, "somebody is to be told");
        tap_ok(directory_messages_tidy(d, later.now, &n) == DIRECTORY_OK, "that becomes a message");
        check_private("while the old number waits");
        tap_result(directory_keys_rotate(d, &later, &rotated), DIRECTORY_OK, d, "new keys meanwhile");
        tap_result(take(d, ALL, 20 * DAY, &m), DIRECTORY_OK, d, "it is taken");
        tap_ok(m.purpose == MESSAGE_CONTACT_CHANGED && !m.by_mail && strcmp(m.to, OLD) == 0 && !*m.account, "for the old number");
        tap_result(directory_message_end(d, m.id, MESSAGE_REFUSED, later.now), DIRECTORY_OK, d, "whoever carries it will not");
        tap_ok(fixture_number("SELECT count(*) FROM message WHERE cipher IS NOT NULL OR cipher_key IS NOT NULL") == 0, "MUST 4: no address is left behind");
        check_private("after a change");
}

static void test_general(struct directory *d) {
        char text[MESSAGE_GENERAL_MAX + 1] = "";

        tap_result(directory_general_message_set(d, act, "oakclinic", "Hej"), DIRECTORY_E_CONSTRAINT, d, "no general message without the module");
        tap_ok(strstr(directory_complaint(d), "communication"), "and that is what is missing");
        tap_ok(fixture_sql("INSERT INTO general_message VALUES (1, 'x', NULL, 0)") == 0, "however it came there");
        tap_result(directory_general_message(d, "oakclinic", text), DIRECTORY_E_NOT_FOUND, d, "it is not shown");
        tap_result(directory_module_set(d, act, "oakclinic", "communication", true), DIRECTORY_OK, d, "with it");
        tap_result(directory_general_message_set(d, act, "oakclinic", "Stängt i jul"), DIRECTORY_OK, d, "there is one");
        tap_ok(directory_general_message(d, "oakclinic", text) == DIRECTORY_OK && strcmp(text, "Stängt i jul") == 0, "that is shown");
        tap_result(directory_general_message_set(d, act, "oakclinic", "a\nb"), DIRECTORY_E_INVALID, d, "of one line");
        tap_result(directory_general_message_set(d, act, "oakclinic", NULL), DIRECTORY_OK, d, "it is taken away");
        tap_result(directory_general_message_set(d, act, "oakclinic", NULL), DIRECTORY_E_NOT_FOUND, d, "once");
}

static void test_schema(void) {
        tap_ok(fixture_number("SELECT count(*) FROM sqlite_schema WHERE name IN ('message_locked', 'message_ended', 'general_message_module')") == 3,
               "the schema itself keeps L1");
}

int main(void) {
        fixture_begin();
        {
                auto_directory struct directory *d = fixture_clinic();

                (void) directory_person_add(d, act, "Erik", "Eriksson", NULL, "sv", &client);
                tap_result(directory_client_add(d, act, client, "oakclinic", &(int64_t) { 0 }, &(uint32_t) { 0 }), DIRECTORY_OK, d, "a client");
                test_invite(d);
                test_gives_up(d);
                test_lock(d);
                test_changed(d);
                test_general(d);
                test_schema();
        }
        return tap_done();
}
