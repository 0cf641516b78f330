/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-credentials.c - what was typed is charged first, compared then, and good once
 *
 * The numbers are those of the MUST list in directory/credentials/credentials.h.
 */

#include "batch.h"
#include "clients.h"
#include "credentials.h"
#include "fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define GOOD    "tre gula kanoter i dimma"
#define BETTER  "sju svarta fiolers kvall"
#define CLINIC  "192.0.2.10"
#define FAR     "198.51.100.7"

static const struct directory_act *const act = &fixture_act;

enum { ANNA = 1, BO = 2 };

static struct credential_result try_at(struct directory *d, int64_t account, enum credential_kind kind, const char *source, const char *answer,
                                       int64_t now) {
        const struct credential_question q = { .account = account, .kind = kind, .source = source, .now = now };
        struct credential_result result = { .verdict = 0 };
        struct credential_ticket t;
        int r;

        r = credential_charge(d, &q, &t);
        if (r == DIRECTORY_OK)
                r = credential_compare(d, &t, answer, strlen(answer), &result);
        if (r != DIRECTORY_OK)
                printf("# comparing returned %d: %s\n", r, directory_complaint(d));
        return result;
}

static struct credential_result try_now(struct directory *d, int64_t account, enum credential_kind kind, const char *source, const char *answer) {
        return try_at(d, account, kind, source, answer, FIXTURE_NOW);
}

static bool is_wrong(struct credential_result result, enum credential_why why) {
        if (result.verdict != CREDENTIAL_WRONG || result.why != why)
                printf("# verdict %d, %s\n", result.verdict, credential_why_word(result.why));
        return result.verdict == CREDENTIAL_WRONG && result.why == why;
}

static bool is_right(struct credential_result result) {
        if (result.verdict != CREDENTIAL_RIGHT)
                printf("# verdict %d, %s\n", result.verdict, credential_why_word(result.why));
        return result.verdict == CREDENTIAL_RIGHT && result.why == CREDENTIAL_WHY_NONE;
}

/* -- Passwords --------------------------------------------------------------------------------------- */

static void test_rules(struct directory *d) {
        static const struct { const char *name, *password, *says; } rows[] = {
                { "a good one", GOOD, "" },
                { "eleven characters", "kort4Orden!", "12 characters" },
                { "eleven letters of two bytes each", "åäöåäöåäöåä", "12 characters" },
                { "a word", "architecture", "dictionary" },
                { "the log-in name in it", "anna gula kanoter", "log-in name" },
                { "the same backwards", "abcdef1234321fedcba", "backwards" },
                { "with a new line", "tre gula\nkanoter i dimma", "one line" },
                { "no text", "tre gula \xff kanoter i", "one line" },
                { "none", "", "12 characters" },
        };
        char longest[CREDENTIAL_PASSWORD_MAX + 2];

        for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
                const int r = credential_password_check(d, rows[i].password, NULL, "anna");

                tap_result(r, *rows[i].says ? DIRECTORY_E_INVALID : DIRECTORY_OK, d, "a password: %s", rows[i].name);
                tap_ok(strstr(r ? directory_complaint(d) : "", rows[i].says) && !(*rows[i].password && strstr(directory_complaint(d), rows[i].password)),
                       "and the complaint says so, without it");
        }
        tap_result(credential_password_check(d, "Tre gula kanoter i dimma", GOOD, "anna"), DIRECTORY_E_INVALID, d, "one like the old one");
        for (size_t i = 0; i < sizeof longest - 1; i++)
                longest[i] = "tre gula kanoter i dimma, och 4 blå "[i * 7 % 30];
        longest[CREDENTIAL_PASSWORD_MAX] = '\0';
        tap_result(credential_password_check(d, longest, NULL, "anna"), DIRECTORY_OK, d, "the longest one");
        longest[CREDENTIAL_PASSWORD_MAX] = 'x';
        longest[CREDENTIAL_PASSWORD_MAX + 1] = '\0';
        tap_result(credential_password_check(d, longest, NULL, "anna"), DIRECTORY_E_INVALID, d, "one that is longer");
}

static void test_password(struct directory *d) {
        struct credential_facts facts;

        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_PASSWORD, NULL, GOOD), CREDENTIAL_WHY_NOTHING), "nobody has a password yet");
        tap_result(credential_password_set(d, act, "anna", "short"), DIRECTORY_E_INVALID, d, "a bad one isn't set");
        tap_result(credential_password_set(d, act, "nobody", GOOD), DIRECTORY_E_NOT_FOUND, d, "nor one of nobody");
        tap_result(credential_password_set(d, act, "anna", GOOD), DIRECTORY_OK, d, "root sets one");
        tap_ok(is_right(try_now(d, ANNA, CREDENTIAL_PASSWORD, NULL, GOOD)), "it is right");
        tap_ok(is_right(try_now(d, ANNA, CREDENTIAL_PASSWORD, FAR, GOOD)), "from far away, too");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_PASSWORD, NULL, "tre gula kanoter i dimmA"), CREDENTIAL_WHY_DIFFERS), "another is not");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_PASSWORD, NULL, ""), CREDENTIAL_WHY_DIFFERS), "nor is nothing");
        tap_ok(is_wrong(try_now(d, BO, CREDENTIAL_PASSWORD, NULL, GOOD), CREDENTIAL_WHY_NOTHING), "nor is it bo's");
        tap_ok(is_wrong(try_now(d, 0, CREDENTIAL_PASSWORD, NULL, GOOD), CREDENTIAL_WHY_NOTHING), "nor that of a name that nobody has");
        tap_ok(fixture_number("SELECT count(*) FROM password WHERE hash GLOB '$y$*' AND proven_by = 'root'") == 1 &&
               fixture_number("SELECT count(*) FROM audit WHERE detail LIKE '%kanoter%' OR act LIKE '%kanoter%'") == 0, "what is kept is its hash");
        tap_ok(credential_facts(d, ANNA, FIXTURE_NOW, &facts) == DIRECTORY_OK && facts.password && !facts.totp && !facts.temporary && !facts.exempt,
               "the account has a password and nothing else");
        tap_ok(credential_facts(d, 0, FIXTURE_NOW, &facts) == DIRECTORY_OK && !facts.password && !facts.phone, "nobody has nothing");
        {
                const struct directory_act delegate = { .actor = "account:1", .now = FIXTURE_NOW, .by_person = 1 };

                tap_result(credential_password_set(d, &delegate, "bo", GOOD), DIRECTORY_E_CONSTRAINT, d, "who isn't root sets none");
        }
        tap_result(credential_password_remove(d, act, "anna"), DIRECTORY_OK, d, "it is removed");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_PASSWORD, NULL, GOOD), CREDENTIAL_WHY_NOTHING), "and is right no more");
        tap_result(credential_password_remove(d, act, "anna"), DIRECTORY_E_NOT_FOUND, d, "once");
}

/* An answer that has a NUL in it is not the text before it. */
static void test_bytes(struct directory *d) {
        const struct credential_question q = { .account = ANNA, .kind = CREDENTIAL_PASSWORD, .now = FIXTURE_NOW };
        char answer[2000];
        struct credential_result result;
        struct credential_ticket t, spent;

        (void) credential_password_set(d, act, "anna", GOOD);
        memset(answer, 'x', sizeof answer);
        memcpy(answer, GOOD, sizeof GOOD);
        (void) credential_charge(d, &q, &t);
        tap_ok(credential_compare(d, &t, answer, sizeof GOOD + 3, &result) == DIRECTORY_OK && is_wrong(result, CREDENTIAL_WHY_DIFFERS), "a NUL within");
        spent = t;
        tap_ok(credential_compare(d, &spent, GOOD, strlen(GOOD), &result) == -EINVAL && result.verdict != CREDENTIAL_RIGHT, "a ticket is for one comparison (MUST 1)");
        (void) credential_charge(d, &q, &t);
        tap_ok(credential_compare(d, &t, answer, sizeof answer, &result) == DIRECTORY_OK && is_wrong(result, CREDENTIAL_WHY_DIFFERS), "too long");
        t = (struct credential_ticket) { .account = ANNA, .kind = CREDENTIAL_PASSWORD, .at = FIXTURE_NOW, .open = true };
        tap_ok(credential_compare(d, &t, GOOD, strlen(GOOD), &result) == -EINVAL, "one that was never charged");
        t = (struct credential_ticket) { .id = 99999, .account = ANNA, .kind = CREDENTIAL_PASSWORD, .at = FIXTURE_NOW, .open = true };
        tap_ok(credential_compare(d, &t, GOOD, strlen(GOOD), &result) == -EUCLEAN && result.verdict != CREDENTIAL_RIGHT, "one that is not in the directory");
}

/* X14: what a new password needs. */
static void test_change(struct directory *d) {
        const struct credential_question q = { .account = ANNA, .kind = CREDENTIAL_PASSWORD, .now = FIXTURE_NOW };
        struct credential_result result;
        struct credential_ticket t;

        tap_result(credential_password_change(d, ANNA, 0, BETTER, FIXTURE_NOW), DIRECTORY_E_CONSTRAINT, d, "nothing proves nothing (MUST 4)");
        (void) credential_charge(d, &q, &t);
        tap_result(credential_password_change(d, ANNA, t.id, BETTER, FIXTURE_NOW), DIRECTORY_E_CONSTRAINT, d, "a charge alone proves nothing");
        (void) credential_compare(d, &t, GOOD, strlen(GOOD), &result);
        tap_ok(is_right(result) && t.proof > 0, "the old one was right");
        tap_result(credential_password_change(d, BO, t.proof, BETTER, FIXTURE_NOW), DIRECTORY_E_CONSTRAINT, d, "which proves nothing of another account");
        tap_result(credential_password_change(d, ANNA, t.proof, BETTER, FIXTURE_NOW + CREDENTIAL_CHANGE_S + 1), DIRECTORY_E_CONSTRAINT, d, "nor later");
        tap_result(credential_password_change(d, ANNA, t.proof, "short", FIXTURE_NOW), DIRECTORY_E_INVALID, d, "a bad one stays out");
        tap_result(credential_password_change(d, ANNA, t.proof, BETTER, FIXTURE_NOW), DIRECTORY_OK, d, "a good one is set");
        tap_result(credential_password_change(d, ANNA, t.proof, GOOD, FIXTURE_NOW), DIRECTORY_E_CONSTRAINT, d, "once");
        tap_ok(is_right(try_now(d, ANNA, CREDENTIAL_PASSWORD, NULL, BETTER)), "it is right");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_PASSWORD, NULL, GOOD), CREDENTIAL_WHY_DIFFERS), "the old one isn't");
        tap_ok(fixture_number("SELECT count(*) FROM audit WHERE act = 'password.change' AND object = 'account:1'") == 1, "it stands in the trail");
}

/* -- TOTP --------------------------------------------------------------------------------------------- */

/* What oathtool, which is not ours, says of the secret at that time. */
static void peer_code(const char *secret, int64_t at, char ret[static 16]) {
        char command[256];
        FILE *f;

        (void) snprintf(command, sizeof command, "oathtool --totp -b --now @%lld %s", (long long) at, secret);
        f = popen(command, "r");
        if (!f || !fgets(ret, 16, f))
                ret[0] = '\0';
        ret[strcspn(ret, "\n")] = '\0';
        if (f)
                (void) pclose(f);
}

static void test_totp(struct directory *d) {
        char secret[CREDENTIAL_TOTP_TEXT], other[CREDENTIAL_TOTP_TEXT], code[16], next[16], spaced[16];
        const int64_t now = FIXTURE_NOW, step = CREDENTIAL_TOTP_STEP_S;
        struct credential_facts facts;

        tap_ok(credential_totp_new(secret) == 0 && credential_totp_new(other) == 0 && strlen(secret) == 32 && strcmp(secret, other) != 0, "two secrets");
        peer_code(secret, now, code);
        tap_ok(strlen(code) == 6, "oathtool gives a code");
        tap_result(credential_totp_enroll(d, act, "anna", secret, "000000x"), DIRECTORY_E_INVALID, d, "no code, no TOTP");
        tap_result(credential_totp_enroll(d, act, "anna", other, code), DIRECTORY_E_INVALID, d, "nor with another secret's");
        tap_result(credential_totp_enroll(d, act, "anna", secret, code), DIRECTORY_OK, d, "with one it is kept");
        tap_result(credential_totp_enroll(d, act, "anna", other, code), DIRECTORY_E_INVALID, d, "a second one");
        peer_code(other, now, next);
        tap_result(credential_totp_enroll(d, act, "anna", other, next), DIRECTORY_E_EXISTS, d, "even with its code");
        tap_ok(credential_facts(d, ANNA, now, &facts) == DIRECTORY_OK && facts.totp, "the account has it");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_TOTP, NULL, code), CREDENTIAL_WHY_USED), "the code of the enrolment is used (MUST 2)");
        peer_code(secret, now + step, next);
        (void) snprintf(spaced, sizeof spaced, "%.3s %.3s", next, next + 3);
        tap_ok(is_right(try_now(d, ANNA, CREDENTIAL_TOTP, FAR, spaced)), "the next one is right, a step early, with a blank in it");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_TOTP, FAR, next), CREDENTIAL_WHY_USED), "once");
        tap_ok(is_wrong(try_at(d, ANNA, CREDENTIAL_TOTP, FAR, code, now + step), CREDENTIAL_WHY_USED), "nor the one before it");
        peer_code(secret, now + 3 * step, next);
        tap_ok(is_wrong(try_at(d, ANNA, CREDENTIAL_TOTP, FAR, next, now + step), CREDENTIAL_WHY_DIFFERS), "two steps early is wrong");
        tap_ok(is_wrong(try_at(d, ANNA, CREDENTIAL_TOTP, FAR, next, now + 5 * step), CREDENTIAL_WHY_DIFFERS), "two steps late, too");
        tap_ok(is_right(try_at(d, ANNA, CREDENTIAL_TOTP, FAR, next, now + 4 * step)), "a step late is right");
        tap_ok(is_wrong(try_now(d, BO, CREDENTIAL_TOTP, NULL, next), CREDENTIAL_WHY_NOTHING), "bo has none");
        tap_ok(is_wrong(try_now(d, 0, CREDENTIAL_TOTP, NULL, next), CREDENTIAL_WHY_NOTHING), "nor has nobody");
        tap_ok(fixture_number("SELECT count(*) FROM totp WHERE length(cipher) = 60") == 1, "the secret is kept sealed");
        {
                struct directory_rotated rotated;

                tap_ok(directory_keys_rotate(d, act, &rotated) == DIRECTORY_OK && rotated.totps == 1, "keys are rotated");
                peer_code(secret, now + 9 * step, next);
                tap_ok(is_right(try_at(d, ANNA, CREDENTIAL_TOTP, NULL, next, now + 9 * step)), "and it is the same TOTP");
        }
        tap_result(credential_totp_remove(d, act, "anna"), DIRECTORY_OK, d, "it is removed");
        tap_result(credential_totp_remove(d, act, "anna"), DIRECTORY_E_NOT_FOUND, d, "once");
}

/* -- Codes --------------------------------------------------------------------------------------------- */

static void test_issued(struct directory *d) {
        struct credential_issue issue = { .account = "anna", .checked = "passport, at the desk", .hours = 8 };
        char code[CREDENTIAL_CODE_TEXT], second[CREDENTIAL_CODE_TEXT], plain[CREDENTIAL_CODE_TEXT];
        struct credential_result result;
        struct credential_facts facts;
        int64_t until = 0;

        issue.checked = "";
        tap_result(credential_code_issue(d, act, &issue, code, &until), DIRECTORY_E_INVALID, d, "nobody has said how it was checked");
        issue.checked = "passport, at the desk";
        issue.hours = 25;
        tap_result(credential_code_issue(d, act, &issue, code, &until), DIRECTORY_E_INVALID, d, "longer than a day");
        issue.hours = 8;
        tap_result(credential_code_issue(d, act, &issue, code, &until), DIRECTORY_OK, d, "a code of the helpdesk");
        tap_ok(strlen(code) == 11 && code[5] == '-' && until == FIXTURE_NOW + 8 * 3600, "ten symbols, eight hours");
        tap_ok(credential_facts(d, ANNA, FIXTURE_NOW, &facts) == DIRECTORY_OK && facts.temporary && !facts.activation, "the account has it");
        tap_ok(is_wrong(try_now(d, BO, CREDENTIAL_CODE, NULL, code), CREDENTIAL_WHY_NOTHING), "it is not bo's");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_SMS, NULL, code), CREDENTIAL_WHY_NOTHING), "nor one that was sent");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_CODE, NULL, "aaaaa-aaaaa"), CREDENTIAL_WHY_DIFFERS), "another is wrong");
        tap_ok(is_wrong(try_at(d, ANNA, CREDENTIAL_CODE, NULL, code, until), CREDENTIAL_WHY_EXPIRED), "and this one, when its time is over");
        for (size_t i = 0; i <= strlen(code); i++)
                plain[i] = (char) (code[i] >= 'a' && code[i] <= 'z' ? code[i] - 'a' + 'A' : code[i] == '-' ? ' ' : code[i]);
        result = try_at(d, ANNA, CREDENTIAL_CODE, NULL, plain, until - 1);
        tap_ok(is_right(result) && result.temporary && !result.activation, "right until then, in capitals and with a blank");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_CODE, NULL, code), CREDENTIAL_WHY_USED), "once (MUST 2)");

        (void) credential_code_issue(d, act, &issue, code, &until);
        (void) credential_code_issue(d, act, &issue, second, &until);
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_CODE, NULL, code), CREDENTIAL_WHY_EXPIRED), "a newer one ends the older one");
        {
                struct directory_rotated rotated;

                tap_result(directory_keys_rotate(d, act, &rotated), DIRECTORY_OK, d, "keys are rotated");
        }
        tap_ok(is_right(try_now(d, ANNA, CREDENTIAL_CODE, NULL, second)), "and the newer one is right");
        tap_ok(fixture_number("SELECT count(*) FROM audit WHERE act = 'code.issue' AND detail LIKE '%passport, at the desk%'") == 3,
               "how it was checked stands in the trail");
        (void) snprintf(plain, sizeof plain, "%.5s%.5s", code, code + 6);
        tap_ok(fixture_number("SELECT count(*) FROM code WHERE length(mac) = 32") == 3, "codes are kept as HMACs");
}

static void test_activation(struct directory *d) {
        const struct credential_issue issue = { .account = "bo", .checked = "letter to the registered address", .activation = true };
        const struct credential_question q = { .account = BO, .kind = CREDENTIAL_CODE, .now = FIXTURE_NOW };
        char code[CREDENTIAL_CODE_TEXT];
        struct credential_result result;
        struct credential_facts facts;
        struct credential_ticket t;
        int64_t until = 0;

        tap_ok(credential_code_issue(d, act, &issue, code, &until) == DIRECTORY_OK && until == FIXTURE_NOW + 7 * 86400, "an activation code is good for seven days");
        (void) credential_charge(d, &q, &t);
        (void) credential_compare(d, &t, code, strlen(code), &result);
        tap_ok(is_right(result) && result.activation, "it lets in");
        tap_ok(credential_facts(d, BO, FIXTURE_NOW, &facts) == DIRECTORY_OK && facts.password_due && !facts.activation, "a new password is due then");
        tap_result(credential_password_change(d, BO, t.proof, GOOD, FIXTURE_NOW), DIRECTORY_OK, d, "which it proves");
        tap_ok(credential_facts(d, BO, FIXTURE_NOW, &facts) == DIRECTORY_OK && !facts.password_due && facts.password, "and is due no more");
        tap_ok(fixture_number("SELECT count(*) FROM password WHERE account = 2 AND proven_by = 'activation'") == 1, "how it was proven is kept");
}

static void test_sent(struct directory *d) {
        char code[CREDENTIAL_CODE_TEXT], other[CREDENTIAL_CODE_TEXT];
        int n = 0;

        tap_result(credential_code_make(d, ANNA, CREDENTIAL_SMS, FIXTURE_NOW, code), DIRECTORY_OK, d, "a code to be sent");
        tap_ok(strlen(code) == 8 && strspn(code, "0123456789") == 8, "eight digits");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_MAIL, NULL, code), CREDENTIAL_WHY_NOTHING), "of SMS, not of mail");
        tap_ok(is_wrong(try_at(d, ANNA, CREDENTIAL_SMS, NULL, code, FIXTURE_NOW + CREDENTIAL_SENT_S), CREDENTIAL_WHY_EXPIRED), "late");
        tap_ok(is_right(try_at(d, ANNA, CREDENTIAL_SMS, NULL, code, FIXTURE_NOW + CREDENTIAL_SENT_S - 1)), "in time");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_SMS, NULL, code), CREDENTIAL_WHY_USED), "twice");
        (void) credential_code_make(d, ANNA, CREDENTIAL_SMS, FIXTURE_NOW, code);
        for (int i = 0; i < CREDENTIAL_CODE_TRIES; i++)
                n += is_wrong(try_now(d, ANNA, CREDENTIAL_SMS, NULL, "00000000"), CREDENTIAL_WHY_DIFFERS);
        tap_ok(n == CREDENTIAL_CODE_TRIES && is_wrong(try_now(d, ANNA, CREDENTIAL_SMS, NULL, code), CREDENTIAL_WHY_TRIES), "after three answers it is none");
        for (n = 2; n < CREDENTIAL_SENT_MAX && credential_code_make(d, ANNA, CREDENTIAL_SMS, FIXTURE_NOW + n, code) == DIRECTORY_OK;)
                n++;
        tap_ok(n == CREDENTIAL_SENT_MAX, "five in an hour");
        tap_result(credential_code_make(d, ANNA, CREDENTIAL_SMS, FIXTURE_NOW + n, other), DIRECTORY_E_CONSTRAINT, d, "and no more");
        tap_result(credential_code_make(d, ANNA, CREDENTIAL_MAIL, FIXTURE_NOW + n, other), DIRECTORY_OK, d, "by mail there are some");
        tap_result(credential_code_make(d, ANNA, CREDENTIAL_SMS, FIXTURE_NOW + 3600, other), DIRECTORY_OK, d, "an hour later, too");
        tap_result(credential_code_make(d, ANNA, CREDENTIAL_TOTP, FIXTURE_NOW, other), -EINVAL, NULL, "others are not sent");
}

/* -- Buckets ------------------------------------------------------------------------------------------- */

/* How often somebody is wrong from there before it is closed, at most @max times. */
static int wrong_until_closed(struct directory *d, int64_t account, const char *source, bool inside, int max, int64_t now) {
        for (int i = 0; i < max; i++) {
                const struct credential_question q = { .account = account, .kind = CREDENTIAL_CODE, .source = source, .inside = inside, .now = now };
                struct credential_ticket t;
                struct credential_result result;

                if (credential_charge(d, &q, &t) != DIRECTORY_OK)
                        return -1;
                if (t.closed)
                        return i;
                (void) credential_compare(d, &t, "aaaaa-aaaaa", 11, &result);
        }
        return max;
}

static void forget(void) {
        (void) fixture_sql("DELETE FROM charge; DELETE FROM code");
}

static void logged_in_from(struct directory *d, int64_t account, const char *source, int64_t at) {
        const struct directory_login login = { .account = account, .method = "bankid", .authenticator = "mobile", .assurance = "se-loa3",
                                               .host = "h", .service = "sshd", .source = source };
        int64_t id;

        (void) directory_login_add(d, &login, at, &id);
}

static void test_buckets(struct directory *d) {
        const int64_t now = FIXTURE_NOW;

        (void) credential_password_set(d, act, "anna", GOOD);
        logged_in_from(d, ANNA, CLINIC, now - 86400);
        logged_in_from(d, BO, CLINIC, now - 86400);
        logged_in_from(d, ANNA, "2001:db8:1:2::10", now);
        logged_in_from(d, ANNA, "203.0.113.9", now - INT64_C(91) * 86400);
        forget();

        tap_ok(wrong_until_closed(d, ANNA, CLINIC, false, 50, now) == 10, "ten times from where somebody is known");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_PASSWORD, CLINIC, GOOD), CREDENTIAL_WHY_CLOSED), "closed: what is right is wrong, too");
        tap_ok(is_right(try_now(d, ANNA, CREDENTIAL_PASSWORD, NULL, GOOD)), "at the machine itself she gets in");
        tap_ok(is_right(try_now(d, ANNA, CREDENTIAL_PASSWORD, FAR, GOOD)), "and from elsewhere");
        tap_ok(wrong_until_closed(d, BO, CLINIC, false, 50, now) == 10, "nobody else in the clinic is shut out by it: bo has his own ten");
        tap_ok(is_wrong(try_at(d, ANNA, CREDENTIAL_PASSWORD, CLINIC, GOOD, now + 3599), CREDENTIAL_WHY_CLOSED), "for an hour");
        tap_ok(is_right(try_at(d, ANNA, CREDENTIAL_PASSWORD, CLINIC, GOOD, now + 3601)), "and no longer");

        forget();
        tap_ok(wrong_until_closed(d, ANNA, FAR, false, 50, now) == 20, "twenty times from all other sources");
        tap_ok(wrong_until_closed(d, ANNA, "198.51.100.8", false, 50, now) == 0, "together");
        tap_ok(wrong_until_closed(d, ANNA, "unknown", false, 50, now) == 0, "also what is no address");
        tap_ok(wrong_until_closed(d, ANNA, "203.0.113.9", false, 50, now) == 0, "and where she was three months ago");
        tap_ok(is_right(try_now(d, ANNA, CREDENTIAL_PASSWORD, CLINIC, GOOD)), "whoever guesses from far away doesn't shut her out of the clinic");
        tap_ok(is_right(try_now(d, ANNA, CREDENTIAL_PASSWORD, "2001:db8:1:2:ffff::1", GOOD)), "nor out of her /64");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_PASSWORD, "2001:db8:1:3::10", GOOD), CREDENTIAL_WHY_CLOSED), "the next /64 is another");
        tap_ok(is_right(try_now(d, ANNA, CREDENTIAL_PASSWORD, "::ffff:192.0.2.10", GOOD)), "an IPv4 address in IPv6 is the IPv4 address");

        forget();
        tap_ok(wrong_until_closed(d, 0, FAR, false, 100, now) == 60, "sixty names that nobody has, from one source");
        tap_ok(wrong_until_closed(d, 0, "198.51.100.8", false, 1, now) == 1, "another source is another");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_PASSWORD, FAR, GOOD), CREDENTIAL_WHY_CLOSED), "a stranger there is shut out");
        tap_ok(wrong_until_closed(d, 0, CLINIC, false, 100, now) == 60, "the same in the clinic");
        tap_ok(is_right(try_now(d, ANNA, CREDENTIAL_PASSWORD, CLINIC, GOOD)), "shuts nobody out who has been there before");
        forget();
        (void) fixture_sql("WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 598)"
                           " INSERT INTO charge (kind, source, known, at) SELECT 'password', '" CLINIC "', 0, 1795258800 FROM n");
        tap_ok(wrong_until_closed(d, 0, CLINIC, true, 10, now) == 2, "six hundred inside");

        forget();
        for (int i = 0; i < 40; i++)
                (void) try_now(d, ANNA, CREDENTIAL_PASSWORD, FAR, GOOD);
        tap_ok(is_right(try_now(d, ANNA, CREDENTIAL_PASSWORD, FAR, GOOD)), "what comes out right doesn't count");
        tap_ok(wrong_until_closed(d, ANNA, FAR, false, 50, now + INT64_C(86400) * 400) == 20, "in another year");
        tap_ok(is_right(try_now(d, ANNA, CREDENTIAL_PASSWORD, FAR, GOOD)), "a clock that was put back closes nothing");
        tap_ok(fixture_number("SELECT count(*) FROM charge") < 5, "and what is old is forgotten");
}

/* -- Cut off --------------------------------------------------------------------------------------------- */

static bool die(const void *about) {
        (void) about;
        (void) raise(SIGKILL);
        return true;
}

enum cut { CUT_BEFORE_CHARGE, CUT_AFTER_CHARGE, CUT_BEFORE_RIGHT, CUT_AFTER_RIGHT };

/* Another process is killed there; whether it had said RIGHT. */
static bool killed_at(enum cut cut, enum credential_kind kind, const char *answer, int64_t now) {
        const pid_t pid = fork();
        int status = 0;

        if (pid == 0) {
                const struct credential_question q = { .account = ANNA, .kind = kind, .source = FAR, .now = now };
                struct directory *d = fixture_open(DIRECTORY_WRITE);
                struct credential_result result;
                struct credential_ticket t;

                directory_ask_before_commit(d, cut == CUT_BEFORE_CHARGE ? die : NULL, NULL);
                (void) credential_charge(d, &q, &t);
                if (cut == CUT_AFTER_CHARGE)
                        (void) raise(SIGKILL);
                directory_ask_before_commit(d, cut == CUT_BEFORE_RIGHT ? die : NULL, NULL);
                (void) credential_compare(d, &t, answer, strlen(answer), &result);
                _exit(result.verdict == CREDENTIAL_RIGHT ? 3 : 4);
        }
        (void) waitpid(pid, &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 3;
}

static int64_t n_charged(void) {
        return fixture_number("SELECT count(*) FROM charge WHERE proof IS NULL");
}

static void test_killed(struct directory *d) {
        const struct credential_issue issue = { .account = "anna", .checked = "x", .hours = 1 };
        char secret[CREDENTIAL_TOTP_TEXT], code[CREDENTIAL_CODE_TEXT], totp[16];
        const int64_t now = FIXTURE_NOW;
        int64_t until;

        forget();
        (void) credential_totp_new(secret);
        peer_code(secret, now, totp);
        (void) credential_totp_enroll(d, act, "anna", secret, totp);
        (void) credential_code_issue(d, act, &issue, code, &until);
        tap_ok(!killed_at(CUT_BEFORE_CHARGE, CREDENTIAL_PASSWORD, GOOD, now) && n_charged() == 0, "killed before the charge: nothing was compared");
        tap_ok(!killed_at(CUT_AFTER_CHARGE, CREDENTIAL_PASSWORD, GOOD, now) && n_charged() == 1, "between charge and comparison: it is charged");
        tap_ok(!killed_at(CUT_BEFORE_RIGHT, CREDENTIAL_PASSWORD, GOOD, now) && n_charged() == 2, "before it was right on the disk: it isn't, and is charged");
        peer_code(secret, now + 30, totp);
        tap_ok(!killed_at(CUT_BEFORE_RIGHT, CREDENTIAL_TOTP, totp, now) && n_charged() == 3, "a TOTP, before its step was used: not accepted, and charged");
        tap_ok(killed_at(CUT_AFTER_RIGHT, CREDENTIAL_TOTP, totp, now), "again: accepted, once its step was used");
        tap_ok(!killed_at(CUT_AFTER_RIGHT, CREDENTIAL_TOTP, totp, now), "and never again");
        tap_ok(!killed_at(CUT_BEFORE_RIGHT, CREDENTIAL_CODE, code, now), "a code, before it was used: not accepted");
        tap_ok(killed_at(CUT_AFTER_RIGHT, CREDENTIAL_CODE, code, now) && !killed_at(CUT_AFTER_RIGHT, CREDENTIAL_CODE, code, now), "then once, and never again");
}

/* Two processes with the same code at the same moment: one is let in. */
static void test_raced(struct directory *d) {
        const struct credential_issue issue = { .account = "anna", .checked = "x", .hours = 1 };
        char code[CREDENTIAL_CODE_TEXT];
        int n_right = 0, go[2];
        int64_t until;
        pid_t pids[4];

        forget();
        (void) credential_code_issue(d, act, &issue, code, &until);
        if (pipe(go) < 0)
                return;
        for (size_t i = 0; i < N_ELEMENTS(pids); i++) {
                pids[i] = fork();
                if (pids[i] == 0) {
                        struct directory *own = fixture_open(DIRECTORY_WRITE);
                        char c;

                        (void) close(go[1]);
                        (void) !read(go[0], &c, 1);
                        _exit(try_now(own, ANNA, CREDENTIAL_CODE, NULL, code).verdict == CREDENTIAL_RIGHT ? 3 : 4);
                }
        }
        (void) close(go[0]);
        (void) close(go[1]);
        for (size_t i = 0; i < N_ELEMENTS(pids); i++) {
                int status = 0;

                (void) waitpid(pids[i], &status, 0);
                n_right += WIFEXITED(status) && WEXITSTATUS(status) == 3;
        }
        tap_ok(n_right == 1, "of four at once with one code, one is right");
}

static void test_readers(void) {
        const struct credential_question q = { .account = ANNA, .kind = CREDENTIAL_PASSWORD, .now = FIXTURE_NOW };
        auto_directory struct directory *aside = fixture_open(DIRECTORY_READ_ASIDE);
        struct credential_result result;
        struct credential_ticket t;

        tap_result(credential_charge(aside, &q, &t), -EROFS, aside, "who only reads charges nothing");
        tap_ok(credential_compare(aside, &t, GOOD, strlen(GOOD), &result) == -EINVAL && result.verdict != CREDENTIAL_RIGHT, "and compares nothing");
}

/* -- Exemptions, outages, leaving --------------------------------------------------------------------------- */

static void test_exempt(struct directory *d) {
        struct credential_exemption e = { .account = "rut.e", .requested_by = "The Oak clinic", .why = "bookkeeper", .until_date = "2026-12-31" };
        struct credential_facts facts;
        int64_t person = 0;

        (void) directory_person_add(d, act, "Rut", "Rask", NULL, NULL, &person);
        (void) directory_account_add(d, act, person, "oakclinic", "rut.e", "external", "careid", "/home/rut.e", "/bin/sh", NULL);
        tap_result(credential_exempt_add(d, act, &e), DIRECTORY_OK, d, "an external is exempt");
        tap_ok(credential_facts(d, 3, FIXTURE_NOW, &facts) == DIRECTORY_OK && facts.exempt, "now");
        tap_ok(credential_facts(d, 3, INT64_C(1798758000) - 1, &facts) == DIRECTORY_OK && facts.exempt, "until the last second of the last day in Stockholm");
        tap_ok(credential_facts(d, 3, INT64_C(1798758000), &facts) == DIRECTORY_OK && !facts.exempt, "and no longer");
        tap_result(credential_exempt_add(d, act, &e), DIRECTORY_E_EXISTS, d, "once");
        e.account = "anna";
        tap_result(credential_exempt_add(d, act, &e), DIRECTORY_E_CONSTRAINT, d, "staff is not");
        e.account = "rut.e";
        e.until_date = NULL;
        tap_result(credential_exempt_add(d, act, &e), DIRECTORY_E_INVALID, d, "not without an end");
        e.until_date = "2026-11-20";
        tap_result(credential_exempt_add(d, act, &e), DIRECTORY_E_INVALID, d, "nor until yesterday");
        tap_result(credential_exempt_remove(d, act, "rut.e"), DIRECTORY_OK, d, "removed");
        tap_ok(credential_facts(d, 3, FIXTURE_NOW, &facts) == DIRECTORY_OK && !facts.exempt, "and not exempt");
        tap_result(credential_exempt_remove(d, act, "rut.e"), DIRECTORY_E_NOT_FOUND, d, "once");
}

static void test_outage(struct directory *d) {
        struct directory_act later = *act;
        struct directory_outage now;
        int64_t until = 0;

        tap_result(directory_outage_now(d, FIXTURE_NOW, &now), DIRECTORY_E_NOT_FOUND, d, "no outage");
        tap_result(directory_outage_end(d, act), DIRECTORY_E_NOT_FOUND, d, "none to end");
        tap_result(directory_outage_begin(d, act, 73, "BankID is down", &until), DIRECTORY_E_INVALID, d, "longer than three days");
        tap_result(directory_outage_begin(d, act, 4, "", &until), DIRECTORY_E_INVALID, d, "without a reason");
        tap_result(directory_outage_begin(d, act, 4, "BankID is down", &until), DIRECTORY_OK, d, "one begins");
        tap_ok(directory_outage_now(d, FIXTURE_NOW, &now) == DIRECTORY_OK && now.until == FIXTURE_NOW + 4 * 3600 && strcmp(now.reason, "BankID is down") == 0, "it stands");
        tap_result(directory_outage_begin(d, act, 4, "again", &until), DIRECTORY_E_EXISTS, d, "one at a time");
        tap_result(directory_outage_now(d, until - 1, &now), DIRECTORY_OK, d, "until its limit");
        tap_result(directory_outage_now(d, until, &now), DIRECTORY_E_NOT_FOUND, d, "and no longer, though nobody ended it");
        later.now = until;
        tap_result(directory_outage_end(d, &later), DIRECTORY_E_NOT_FOUND, d, "then there is none to end");
        tap_result(directory_outage_begin(d, &later, 1, "again", &until), DIRECTORY_OK, d, "but another can begin");
        tap_result(directory_outage_end(d, &later), DIRECTORY_OK, d, "and be ended");
        tap_result(directory_outage_now(d, later.now + 1, &now), DIRECTORY_E_NOT_FOUND, d, "at once");
        tap_ok(fixture_number("SELECT count(*) FROM audit WHERE act LIKE 'outage.%'") == 3, "all of it stands in the trail");
}

static void test_leave(struct directory *d) {
        struct credential_issue issue = { .account = "anna", .checked = "x", .hours = 1 };
        struct directory_left left = { .accounts = 0 };
        char code[CREDENTIAL_CODE_TEXT];
        int64_t until;

        forget();
        (void) credential_password_set(d, act, "anna", GOOD);
        (void) credential_code_issue(d, act, &issue, code, &until);
        tap_ok(fixture_number("SELECT count(*) FROM totp") == 1, "anna has a password, a TOTP and a code");
        tap_ok(directory_person_leave(d, act, 1, &left) == DIRECTORY_OK && left.credentials == 3, "and leaves");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_PASSWORD, NULL, GOOD), CREDENTIAL_WHY_NOTHING), "her password is gone");
        tap_ok(is_wrong(try_now(d, ANNA, CREDENTIAL_CODE, NULL, code), CREDENTIAL_WHY_EXPIRED), "the code is over");
        tap_ok(fixture_number("SELECT count(*) FROM totp") == 0 && fixture_number("SELECT count(*) FROM password WHERE account = 1") == 0, "nothing of it is left");
        tap_result(credential_password_set(d, act, "anna", GOOD), DIRECTORY_E_CONSTRAINT, d, "a closed account gets none");
}

/* X14: who was reached there is to be told, and so is remembered. */
static void test_contact(struct directory *d) {
        (void) directory_contact_set(d, act, 2, "phone", "+46701740633");
        tap_ok(fixture_number("SELECT count(*) FROM contact_notice") == 0, "a first number is nobody's news");
        (void) directory_contact_set(d, act, 2, "phone", "+46701740634");
        (void) directory_contact_set(d, act, 2, "phone", NULL);
        tap_ok(fixture_number("SELECT count(*) FROM contact_notice WHERE person = 2 AND kind = 'phone' AND length(cipher) = 28 + 12") == 2,
               "what was replaced or removed is to be told");
        tap_result(directory_contact_add(d, act, 2, "mail", "bo@example.org"), DIRECTORY_OK, d, "another kind");
        tap_result(directory_contact_add(d, act, 2, "mail", "other@example.org"), DIRECTORY_E_EXISTS, d, "that is not replaced");
        tap_ok(fixture_number("SELECT count(*) FROM contact_notice") == 2, "is not");
        {
                struct directory_rotated rotated;

                tap_ok(directory_keys_rotate(d, act, &rotated) == DIRECTORY_OK && rotated.notices == 2, "and is under the keys that are in use");
        }
}

int main(void) {
        auto_directory struct directory *d = NULL;

        fixture_begin();
        d = fixture_clinic();
        test_rules(d);
        test_password(d);
        test_bytes(d);
        test_change(d);
        forget();
        test_totp(d);
        forget();
        test_issued(d);
        test_activation(d);
        forget();
        test_sent(d);
        test_buckets(d);
        test_killed(d);
        test_raced(d);
        test_readers();
        test_exempt(d);
        test_outage(d);
        test_contact(d);
        test_leave(d);
        return tap_done();
}
