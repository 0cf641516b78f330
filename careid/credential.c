/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * credential.c - careid password, careid totp, careid code: what an account proves itself with besides an e-ID
 *
 *  1. MUST NOT take a password, secret or code as an argument: every user of the host can read those.
 *  2. MUST show a secret or code once, to whoever made it, and keep it nowhere.
 *  3. MUST wipe what was typed and shown.
 */

#include "credentials.h"

#include "i18n.h"
#include "invocation.h"
#include "moment.h"
#include "read-secret.h"
#include "scan.h"
#include "show-qr.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* -- Passwords --------------------------------------------------------------------------------------- */

int password_set(struct invocation *i) {
        char password[SECRET_LINE_MAX + 1], prompt[128];
        int r;

        (void) snprintf(prompt, sizeof prompt, _("New password of %.40s (it is not shown): "), operand(i, 0));
        r = secret_read(prompt, _("Again: "), password);
        if (r == SECRET_E_TOO_LONG)
                return outcome_say(OUTCOME_REFUSED, "password set", _("that is longer than a password may be"));
        if (r == SECRET_E_DIFFERS)
                return outcome_say(OUTCOME_REFUSED, "password set", _("the two were not the same; nothing was changed"));
        if (r == SECRET_E_NONE)
                return outcome_say(OUTCOME_REFUSED, "password set", _("nothing was entered; nothing was changed"));
        if (r < 0)
                return outcome_of_errno("password set", r);
        r = credential_password_set(i->directory, &i->act, operand(i, 0), password);
        explicit_bzero(password, sizeof password);
        return invocation_end(i, "account", operand(i, 0), r);
}

int password_remove(struct invocation *i) {
        if (!invocation_confirm(i, _("Remove the password of %s?"), operand(i, 0)))
                return OUTCOME_REFUSED;
        return invocation_end(i, "account", operand(i, 0), credential_password_remove(i->directory, &i->act, operand(i, 0)));
}

/* -- TOTP --------------------------------------------------------------------------------------------- */

enum { URI_MAX = 160 };

/* Before anything is shown: is there an account, and none yet? */
static int check_enroll(const struct invocation *i) {
        struct credential_facts facts;
        struct directory_account a;
        int r;

        r = directory_account(i->directory, operand(i, 0), i->act.now, &a);
        if (r == DIRECTORY_OK && a.archived)
                return outcome_say(OUTCOME_REFUSED, operand(i, 0), _("is archived"));
        if (r == DIRECTORY_OK)
                r = credential_facts(i->directory, a.id, i->act.now, &facts);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "account", operand(i, 0), r);
        if (facts.totp)
                return outcome_say(OUTCOME_REFUSED, operand(i, 0), _("has a TOTP already; remove that first: careid totp remove"));
        return OUTCOME_DONE;
}

static void show_secret(const struct invocation *i, const char *secret) {
        char uri[URI_MAX];

        (void) snprintf(uri, sizeof uri, "otpauth://totp/careid:%.32s?secret=%s&issuer=careid", operand(i, 0), secret);
        show_qr(uri);
        (void) fprintf(stderr, _("Secret: %s\nIt is shown once, here. Scan the code with the app, or type the secret into it.\n"), secret);
        (void) fflush(stderr);
        explicit_bzero(uri, sizeof uri);
}

/* Nothing is locked while somebody looks for their phone; the code is of the time at which it was typed. */
int totp_enroll(struct invocation *i) {
        char secret[CREDENTIAL_TOTP_TEXT], code[ASKED_LINE_MAX + 1];
        int r, status;

        status = check_enroll(i);
        if (status != OUTCOME_DONE)
                return status;
        r = credential_totp_new(secret);
        if (r < 0)
                return outcome_of_errno("totp enroll", r);
        show_secret(i, secret);
        r = line_ask(_("The code that the app shows now: "), code);
        i->act.now = (int64_t) time(NULL);
        if (r == SECRET_OK)
                r = credential_totp_enroll(i->directory, &i->act, operand(i, 0), secret, code);
        else
                r = r < 0 ? r : SECRET_E_NONE;
        explicit_bzero(secret, sizeof secret);
        if (r == SECRET_E_NONE && !*code)
                return outcome_say(OUTCOME_REFUSED, "totp enroll", _("nothing was entered; nothing was changed"));
        return invocation_end(i, "account", operand(i, 0), r);
}

int totp_remove(struct invocation *i) {
        if (!invocation_confirm(i, _("Remove the TOTP of %s?"), operand(i, 0)))
                return OUTCOME_REFUSED;
        return invocation_end(i, "account", operand(i, 0), credential_totp_remove(i->directory, &i->act, operand(i, 0)));
}

/* -- Codes -------------------------------------------------------------------------------------------- */

static bool hours_read(const struct invocation *i, int64_t preset, int64_t *ret) {
        uint64_t hours;

        *ret = preset;
        if (!option(i, "hours"))
                return true;
        if (!scan_whole_u64(option(i, "hours"), 1000, &hours) || hours == 0) {
                (void) outcome_say(OUTCOME_USAGE, "--hours", _("must be a number of hours"));
                return false;
        }
        *ret = (int64_t) hours;
        return true;
}

int code_issue(struct invocation *i) {
        static const char *const keys[] = { "account", "kind", "code", "until", NULL };
        const bool activation = option(i, "activation");
        struct credential_issue issue = { .account = operand(i, 0), .checked = option(i, "checked"), .activation = activation };
        char code[CREDENTIAL_CODE_TEXT], at[MOMENT_TEXT];
        const char *const values[] = { operand(i, 0), activation ? "activation" : "temporary", code, at };
        int64_t until = 0;
        int r, status;

        if (activation && option(i, "hours"))
                return outcome_say(OUTCOME_USAGE, "--hours", _("is not for an activation code, which is good for seven days"));
        if (!hours_read(i, CREDENTIAL_TEMPORARY_HOURS, &issue.hours))
                return OUTCOME_USAGE;
        r = credential_code_issue(i->directory, &i->act, &issue, code, &until);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "account", operand(i, 0), r);
        if (!option(i, "json"))
                (void) fprintf(stderr, activation ? _("Good once, until %s; a new password is due then. It is shown once, here.\n")
                                                  : _("Good once, until %s, as one factor. It is shown once, here.\n"), moment_text(until, at));
        (void) moment_text(until, at);
        status = invocation_made(i, "codes", keys, values, code);
        explicit_bzero(code, sizeof code);
        return status;
}

/* -- Exemptions, outages ------------------------------------------------------------------------------ */

int exempt_add(struct invocation *i) {
        const struct credential_exemption e = {
                .account = operand(i, 0), .requested_by = option(i, "requested-by"), .why = option(i, "why"), .until_date = option(i, "until"),
        };

        if (!invocation_date(i, "until"))
                return OUTCOME_USAGE;
        return invocation_end(i, "account", operand(i, 0), credential_exempt_add(i->directory, &i->act, &e));
}

int exempt_remove(struct invocation *i) {
        if (!invocation_confirm(i, _("End the exemption of %s?"), operand(i, 0)))
                return OUTCOME_REFUSED;
        return invocation_end(i, "account", operand(i, 0), credential_exempt_remove(i->directory, &i->act, operand(i, 0)));
}

int outage_begin(struct invocation *i) {
        static const char *const keys[] = { "until", NULL };
        char at[MOMENT_TEXT], line[64];
        int64_t hours, until = 0;
        int r;

        if (!hours_read(i, OUTAGE_HOURS, &hours))
                return OUTCOME_USAGE;
        if (!invocation_confirm(i, _("Reopen, for %lld hours at most, the ways that the configuration names for an outage?"), (long long) hours))
                return OUTCOME_REFUSED;
        r = directory_outage_begin(i->directory, &i->act, hours, option(i, "reason"), &until);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "outage", NULL, r);
        (void) moment_text(until, at);
        (void) snprintf(line, sizeof line, "outage until %s", at);
        return invocation_made(i, "outages", keys, (const char *const[]) { at }, line);
}

int outage_end(struct invocation *i) {
        if (!invocation_confirm(i, _("End the outage, and close again what it reopened?")))
                return OUTCOME_REFUSED;
        return invocation_end(i, "outage", NULL, directory_outage_end(i->directory, &i->act));
}
