/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-pam-status.c - what PAM is told: one row for each way in which an attempt can end
 */

#include "status.h"

#include "cleanup.h"

#include <errno.h>
#include <security/pam_modules.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

static const struct {
        enum eid_outcome outcome;
        int              code;
        int              priority;
} outcomes[] = {
        { EID_DENIED,         PAM_AUTH_ERR,         LOG_NOTICE  },
        { EID_APPROVED,       PAM_SUCCESS,          LOG_NOTICE  },
        { EID_CANCELLED,      PAM_AUTH_ERR,         LOG_NOTICE  },
        { EID_GIVEN_UP,       PAM_AUTH_ERR,         LOG_NOTICE  },
        { EID_TIMED_OUT,      PAM_AUTH_ERR,         LOG_NOTICE  },
        { EID_WRONG_PERSON,   PAM_AUTH_ERR,         LOG_NOTICE  },
        { EID_REFUSED,        PAM_PERM_DENIED,      LOG_NOTICE  },
        { EID_NOT_GRANTED,    PAM_AUTH_ERR,         LOG_ERR     },
        { EID_TOO_MANY,       PAM_AUTH_ERR,         LOG_NOTICE  },
        { EID_SYSTEM_ACCOUNT, PAM_AUTH_ERR,         LOG_NOTICE  },
        { EID_BAD_NAME,       PAM_AUTH_ERR,         LOG_NOTICE  },
        { EID_NOT_PERMITTED,  PAM_PERM_DENIED,      LOG_NOTICE  },
        { EID_NO_METHOD,      PAM_AUTH_ERR,         LOG_NOTICE  },
        { EID_UNREACHABLE,    PAM_AUTHINFO_UNAVAIL, LOG_WARNING },
        { EID_BUSY,           PAM_AUTHINFO_UNAVAIL, LOG_WARNING },
        { EID_BROKEN,         PAM_AUTHINFO_UNAVAIL, LOG_ERR     },
        { EID_LOST,           PAM_AUTHINFO_UNAVAIL, LOG_ERR     },
        { EID_CONVERSATION,   PAM_CONV_ERR,         LOG_NOTICE  },
        { EID_OPTIONS,        PAM_SERVICE_ERR,      LOG_ERR     },
};

static const struct {
        enum eid_standing standing;
        int               account, session;
        int               priority;
} standings[] = {
        { STANDING_DENIED,        PAM_PERM_DENIED,      PAM_SESSION_ERR, LOG_NOTICE  },
        { STANDING_ALLOWED,       PAM_SUCCESS,          PAM_SUCCESS,     LOG_NOTICE  },
        { STANDING_NOT_OURS,      PAM_IGNORE,           PAM_IGNORE,      LOG_NOTICE  },
        { STANDING_EXPIRED,       PAM_ACCT_EXPIRED,     PAM_SESSION_ERR, LOG_NOTICE  },
        { STANDING_ARCHIVED,      PAM_PERM_DENIED,      PAM_SESSION_ERR, LOG_NOTICE  },
        { STANDING_MISMATCH,      PAM_PERM_DENIED,      PAM_SESSION_ERR, LOG_ERR     },
        { STANDING_NOT_PERMITTED, PAM_PERM_DENIED,      PAM_SESSION_ERR, LOG_NOTICE  },
        { STANDING_BUSY,          PAM_AUTHINFO_UNAVAIL, PAM_SESSION_ERR, LOG_WARNING },
        { STANDING_BROKEN,        PAM_AUTHINFO_UNAVAIL, PAM_SESSION_ERR, LOG_ERR     },
        { STANDING_LOST,          PAM_AUTHINFO_UNAVAIL, PAM_SESSION_ERR, LOG_ERR     },
        { STANDING_BAD_NAME,      PAM_PERM_DENIED,      PAM_SESSION_ERR, LOG_NOTICE  },
        { STANDING_CONVERSATION,  PAM_CONV_ERR,         PAM_SESSION_ERR, LOG_NOTICE  },
        { STANDING_OPTIONS,       PAM_SERVICE_ERR,      PAM_SERVICE_ERR, LOG_ERR     },
};

/* What the helper can say, and what becomes of it before verify.c has looked. */
static const struct { enum wire_verdict verdict; enum eid_outcome outcome; } verdicts[] = {
        { WIRE_VERDICT_DENIED,        EID_DENIED        }, { WIRE_VERDICT_APPROVED,     EID_NOT_GRANTED  },
        { WIRE_VERDICT_CANCELLED,     EID_CANCELLED     }, { WIRE_VERDICT_TIMED_OUT,    EID_TIMED_OUT    },
        { WIRE_VERDICT_WRONG_PERSON,  EID_WRONG_PERSON  }, { WIRE_VERDICT_REFUSED,      EID_REFUSED      },
        { WIRE_VERDICT_UNREACHABLE,   EID_UNREACHABLE   }, { WIRE_VERDICT_BUSY,         EID_BUSY         },
        { WIRE_VERDICT_BROKEN,        EID_BROKEN        }, { WIRE_VERDICT_NOT_PERMITTED, EID_NOT_PERMITTED },
        { WIRE_VERDICT_NO_METHOD,     EID_NO_METHOD     },
};

static const struct { enum wire_decision decision; enum eid_standing standing; } decisions[] = {
        { WIRE_DECISION_DENIED,   STANDING_DENIED   }, { WIRE_DECISION_ALLOWED,       STANDING_MISMATCH      },
        { WIRE_DECISION_NOT_OURS, STANDING_NOT_OURS }, { WIRE_DECISION_EXPIRED,       STANDING_EXPIRED       },
        { WIRE_DECISION_ARCHIVED, STANDING_ARCHIVED }, { WIRE_DECISION_NOT_PERMITTED, STANDING_NOT_PERMITTED },
        { WIRE_DECISION_BROKEN,   STANDING_BROKEN   }, { WIRE_DECISION_BUSY,          STANDING_BUSY          },
};

static unsigned n_tests, n_failed;

static void check(bool ok, const char *what, const char *name) {
        n_failed += !ok;
        printf("%sok %u - %s: %s\n", ok ? "" : "not ", ++n_tests, what, name);
}

int main(void) {
        unsigned n_success = 0;

        for (size_t i = 0; i < N_ELEMENTS(outcomes); i++) {
                const enum eid_outcome o = outcomes[i].outcome;

                check(status_of_outcome(0, o) == outcomes[i].code && outcome_priority(0, o) == outcomes[i].priority &&
                      strcmp(outcome_word(o), "fault") != 0, "authentication", outcome_word(o));
                check(status_of_outcome(-EIO, o) == PAM_SYSTEM_ERR && status_of_outcome(-ENOMEM, o) == PAM_BUF_ERR &&
                      outcome_priority(-EIO, o) == LOG_ERR, "authentication, in an error", outcome_word(o));
        }
        for (size_t i = 0; i < N_ELEMENTS(standings); i++) {
                const enum eid_standing s = standings[i].standing;

                check(status_of_account(0, s) == standings[i].account && standing_priority(0, s) == standings[i].priority &&
                      strcmp(standing_word(s), "fault") != 0, "account", standing_word(s));
                check(status_of_session(0, s) == standings[i].session, "session", standing_word(s));
                check(status_of_account(-EIO, s) == PAM_SYSTEM_ERR && status_of_session(-EIO, s) == PAM_SYSTEM_ERR &&
                      status_of_account(-ENOMEM, s) == PAM_BUF_ERR && standing_priority(-EIO, s) == LOG_ERR,
                      "account and session, in an error", standing_word(s));
        }
        /* Everything that an int could hold by accident: one value opens, in each table. */
        for (int i = -70000; i < 70000; i++)
                n_success += (unsigned) (status_of_outcome(0, (enum eid_outcome) i) == PAM_SUCCESS) +
                             (unsigned) (status_of_account(0, (enum eid_standing) i) == PAM_SUCCESS) +
                             (unsigned) (status_of_session(0, (enum eid_standing) i) == PAM_SUCCESS);
        check(n_success == 3, "success", "is one value in each table");

        for (size_t i = 0; i < N_ELEMENTS(verdicts); i++)
                check(outcome_of_verdict(verdicts[i].verdict) == verdicts[i].outcome, "verdict", outcome_word(verdicts[i].outcome));
        for (size_t i = 0; i < N_ELEMENTS(decisions); i++)
                check(standing_of_decision(decisions[i].decision) == decisions[i].standing, "decision",
                      standing_word(decisions[i].standing));
        check(outcome_of_verdict((enum wire_verdict) 0) == EID_LOST && outcome_of_verdict((enum wire_verdict) 99) == EID_LOST &&
              standing_of_decision((enum wire_decision) 0) == STANDING_LOST, "a verdict that is none", "no-helper");
        printf("1..%u\n", n_tests);
        return n_failed > 0;
}
