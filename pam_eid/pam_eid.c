/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * pam_eid.c - the functions that PAM looks for, and nothing else
 *
 * This object is mapped into login, sshd, su, sudo and whatever else an
 * administrator writes it into the stack of.  So, here and in everything it
 * links:
 *
 *  1. MUST NOT open a network connection, start a thread, install a signal
 *     handler, set the locale or the environment, or read the latter but for
 *     PAM's own.
 *  2. MUST NOT write to stdio, exit, or abort.
 *  3. MUST NOT keep state between calls but in the PAM handle.
 *  4. MUST NOT change PAM_USER.
 *  5. MUST begin denied, and succeed only where status.c says so.
 *  6. MUST log one line an attempt, after the outcome is fixed, from that outcome.
 */

#include "account.h"
#include "eid-options.h"
#include "attempt.h"
#include "session.h"

#include <security/pam_ext.h>
#include <string.h>
#include <syslog.h>

#define PUBLIC __attribute__((__visibility__("default")))

static bool options_load(pam_handle_t *pamh, int argc, const char **argv, struct eid_options *ret) {
        const char *wrong = NULL;

        switch (eid_options_parse(argc, argv, ret, &wrong)) {
        case EID_OPTIONS_OK:
                return true;
        case EID_OPTIONS_E_UNKNOWN:
                pam_syslog(pamh, LOG_ERR, "unknown option: %s", wrong);
                return false;
        case EID_OPTIONS_E_VALUE:
                pam_syslog(pamh, LOG_ERR, "wrong value: %s", wrong);
                return false;
        case EID_OPTIONS_E_KIOSK:
                pam_syslog(pamh, LOG_ERR, "kiosk=yes takes no %s: from %d on", wrong, EID_TIMEOUT_KIOSK);
                return false;
        }
        return false;
}

static void attempt_log(const struct attempt *a, int r) {
        const char *const detail = r < 0 ? wire_verdict_text(r) : a->detail;

        pam_syslog(a->pamh, outcome_priority(r, a->outcome), "user=%s service=%s verdict=%s%s%s",
                   asker_log_name(&a->asker), a->asker.service, r < 0 ? "fault" : outcome_word(a->outcome),
                   detail[0] != '\0' ? ": " : "", detail);
}

PUBLIC int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv) {
        struct attempt a = { .pamh = pamh, .flags = flags, .outcome = EID_DENIED };
        int r = 0;

        if (!options_load(pamh, argc, argv, &a.options))
                return status_of_outcome(0, EID_OPTIONS);
        r = asker_load(pamh, &a.asker);
        if (r == ASKER_E_NO_USER)
                a.outcome = EID_CONVERSATION, r = 0;
        else if (r == ASKER_E_NAME)
                a.outcome = EID_BAD_NAME, r = 0;
        else if (r == ASKER_OK)
                r = attempt_run(&a);
        else
                attempt_unresolved(&a, r), r = 0;
        attempt_log(&a, r);
        return status_of_outcome(r, a.outcome);
}

/*
 * There are no credentials to set: what a log-in holds are groups, and those
 * come from the host's own look-up.  PAM_SUCCESS all the same and always, since
 * sshd ends a log-in, also one by public key, where this says PAM_IGNORE; it
 * admits nobody, since no stack comes here but after the account stage.
 */
PUBLIC int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv) {
        (void) pamh;
        (void) flags;
        (void) argc;
        (void) argv;
        return PAM_SUCCESS;
}

/* Not one line for each cron job of somebody else's. */
static void standing_log(const struct standing *s, const char *stage, int r) {
        const char *const detail = r < 0 ? wire_verdict_text(r) : s->detail;

        if (r == 0 && s->standing == STANDING_NOT_OURS)
                return;
        pam_syslog(s->pamh, standing_priority(r, s->standing), "user=%s service=%s %s=%s%s%s",
                   asker_log_name(&s->asker), s->asker.service, stage, r < 0 ? "fault" : standing_word(s->standing),
                   detail[0] != '\0' ? ": " : "", detail);
}

/* What the account stage and the session stage have in common: options, name, question, log. */
static int standing_run(struct standing *s, int (*check)(struct standing *s), const char *stage, int argc,
                        const char **argv) {
        struct eid_options options;
        int r;

        s->standing = STANDING_DENIED;
        s->detail = "";
        if (!options_load(s->pamh, argc, argv, &options)) {
                s->standing = STANDING_OPTIONS;
                return 0;
        }
        r = asker_load(s->pamh, &s->asker);
        if (r == ASKER_E_NO_USER)
                s->standing = STANDING_CONVERSATION, r = 0;
        else if (r == ASKER_E_NAME)
                s->standing = STANDING_BAD_NAME, r = 0;
        else if (r == ASKER_OK)
                r = check(s);
        standing_log(s, stage, r);
        return r;
}

PUBLIC int pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv) {
        struct standing s = { .pamh = pamh, .flags = flags };
        int r = standing_run(&s, account_check, "account", argc, argv);

        return status_of_account(r, s.standing);
}

PUBLIC int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv) {
        struct standing s = { .pamh = pamh, .flags = flags };
        int r = standing_run(&s, session_open, "session-open", argc, argv);

        return status_of_session(r, s.standing);
}

PUBLIC int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv) {
        struct standing s = { .pamh = pamh, .flags = flags };
        int r = standing_run(&s, session_close, "session-close", argc, argv);

        return status_of_session(r, s.standing);
}

/* Nothing is kept here that passwd(1) could change; whose turn it is otherwise goes on with its stack. */
PUBLIC int pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv) {
        (void) pamh;
        (void) flags;
        (void) argc;
        (void) argv;
        return PAM_IGNORE;
}
