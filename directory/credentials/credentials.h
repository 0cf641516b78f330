/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * credentials.h - what an account has besides an e-ID, and comparing what was typed with it
 *
 * Passwords (yescrypt), TOTP (RFC 6238: SHA-1, 6 digits, 30 s), and codes:
 * for activation, from the helpdesk, and those that are sent.  A comparison
 * goes in two steps, each of which is committed before it returns:
 *
 *     credential_charge()         it is written that somebody tries, and where they are
 *     credential_compare()        and only then is anything compared
 *
 *  1. MUST NOT compare what was not charged: no write, no check.  Whoever is
 *     killed or loses power between the two has tried.
 *  2. MUST NOT say RIGHT before it is on the disk that a code or a step of
 *     TOTP is used: neither is ever good twice, for any process, after any crash.
 *  3. MUST take as long for what there is not as for what there is: an account
 *     that nobody has, one without that credential and one that is closed are
 *     compared with something that never fits.  What the caller shows of
 *     them is theirs to keep the same (X15): WRONG is all that the person may see.
 *  4. MUST NOT let a BankID log-in set or reset a credential (X14): what sets
 *     one is root, or a comparison of the old password or of an activation code.
 *
 * Result codes as in directory.h.  A directory that is open for reading only
 * (a helper that a user has started) charges nothing, so compares nothing:
 * -EROFS, and typed ways are refused there.
 *
 * How often somebody may be wrong.  An hour counts; what came out right does not.
 *
 *     bucket                                       closes after  and then to
 *     (account, a source known good for it)        10            that account from there
 *     (account, all other sources)                 20            that account from those sources
 *     (source), of strangers; outside              60            strangers from there
 *     (source), of strangers; inside               600           strangers from there
 *
 * A source is an IPv4 address, the /64 of an IPv6 address, or this machine. It
 * is known good for an account that has logged in from it in the last 90 days,
 * by any method; this machine always is.  A stranger is an account for which
 * the source is not known good, or a name that nobody has.  So whoever guesses
 * from far away closes the account to far away only; whoever guesses in a
 * clinic behind one address closes the accounts that they guess at, there and
 * for an hour, and the others, who have been there before, nothing: 60 is for
 * one machine, 600 for a house with its own networks, on the first day of a
 * hundred people.  20 an hour are 175 000 a year: a TOTP alone would fall
 * to that (3 in a million each), so it never stands alone; a code of 8 digits
 * has three answers, and a password that libpwquality accepts is worth more.
 * e-IDs have no bucket of an account: nobody is shut out of them by others.
 */

#include "acts.h"

enum credential_kind {
        CREDENTIAL_PASSWORD = 1,
        CREDENTIAL_TOTP,
        CREDENTIAL_CODE,                        /* from the helpdesk, or for activation: whichever it is */
        CREDENTIAL_SMS,                         /* what was sent (credential_code_make())         */
        CREDENTIAL_MAIL,
};

enum {
        CREDENTIAL_ANSWER_MAX   = 512,          /* bytes that are compared; longer is WRONG       */
        CREDENTIAL_CODE_TEXT    = 24,           /* bytes of a code as it is shown, with NUL       */
        CREDENTIAL_SENT_S       = 600,          /* how long a code that was sent is good          */
        CREDENTIAL_SENT_MAX     = 5,            /* an hour, of SMS and of mail each, for an account */
        CREDENTIAL_CODE_TRIES   = 3,            /* answers to a code that was sent                */
        CREDENTIAL_CHECKED_CHARS = 200,         /* of how it was checked who somebody is          */
        CREDENTIAL_ACTIVATION_S = 7 * 86400,
        CREDENTIAL_TEMPORARY_HOURS = 24,        /* at most                                        */
        CREDENTIAL_CHANGE_S     = 600,          /* after how long a proof sets no password any more */
};

/* -- What the account has ---------------------------------------------------------------------------- */

/* For the decision (policy/ways.h); nothing of it may be shown before the person is proven. */
struct credential_facts {
        bool password, totp;
        bool phone, mail;                       /* of the person                                  */
        bool activation, temporary;             /* a code that is good now                        */
        bool exempt;                            /* from the end of passwords (M7), now            */
        bool password_due;                      /* was let in by an activation code and has set no password since */
};

/* Of an account that nobody has (0): all false. */
int credential_facts(struct directory *d, int64_t account, int64_t now, struct credential_facts *ret);

/* Within the transaction of an approved log-in: its source is known good for the account from now on. */
int credential_known_source(struct directory *d, int64_t account, const char *address, int64_t now);

/* Within the transaction of who leaves: passwords, TOTPs, codes and exemptions of all accounts of the person; *@ret_n is how many. */
int credentials_end(struct directory *d, int64_t person, int64_t now, int64_t *ret_n);

/* -- Comparing --------------------------------------------------------------------------------------- */

struct credential_question {
        int64_t     account;                    /* 0: a name that nobody has                      */
        enum credential_kind kind;
        const char *source;                     /* literal address; NULL: at this machine; what is no address is a stranger's */
        bool        inside;                     /* the source is in [network] inside              */
        int64_t     now;
};

/* One comparison that was paid for.  Filled by credential_charge() only. */
struct credential_ticket {
        int64_t id;                             /* of the charge; 0 after the comparison          */
        int64_t account;
        enum credential_kind kind;
        bool    open;                           /* not spent yet                                  */
        bool    closed;                         /* a bucket is full: nothing that is typed is right */
        int64_t at;
        int64_t proof;                          /* after RIGHT: id of the charge, for credential_password_change() */
};

/* Commits that somebody tries.  -EROFS: not in this process; any other error: nothing may be compared. */
int credential_charge(struct directory *d, const struct credential_question *q, struct credential_ticket *ret);

/* Zero is no verdict. */
enum credential_verdict {
        CREDENTIAL_RIGHT = 1,
        CREDENTIAL_WRONG,
};

/* Why it was WRONG, for the journal and the audit trail; never for the person before they are proven. */
enum credential_why {
        CREDENTIAL_WHY_NONE = 0,                /* it was RIGHT                                   */
        CREDENTIAL_WHY_DIFFERS,
        CREDENTIAL_WHY_CLOSED,                  /* a bucket is full                               */
        CREDENTIAL_WHY_NOTHING,                 /* the account has no such credential, or nobody has the name */
        CREDENTIAL_WHY_USED,                    /* this step of TOTP, or this code, was used before */
        CREDENTIAL_WHY_EXPIRED,
        CREDENTIAL_WHY_TRIES,                   /* the code had its number of answers             */
};

struct credential_result {
        enum credential_verdict verdict;
        enum credential_why     why;
        bool activation;                        /* RIGHT by an activation code: a new password is due */
        bool temporary;                         /* RIGHT by a helpdesk code                       */
};

/*
 * Compare @answer, of @n bytes (need not be terminated; the caller's to wipe),
 * with what the ticket's account has.  The ticket is spent, whatever comes of
 * it.  Any result but DIRECTORY_OK is no verdict: the person is not proven.
 */
int credential_compare(struct directory *d, struct credential_ticket *t, const char *answer, size_t n,
                       struct credential_result *ret);

/* A word for each ("differs", "closed", ...). */
const char *credential_why_word(enum credential_why why);

/* -- Codes that are sent ----------------------------------------------------------------------------- */

/*
 * A new code of 8 digits for @account, to be sent by SMS or mail, after the
 * first factor has come out right; older ones of its kind are worth
 * nothing from now on.  *@ret is the caller's to wipe.  CONSTRAINT: there were
 * CREDENTIAL_SENT_MAX in the last hour already (the same is shown as ever).
 */
int credential_code_make(struct directory *d, int64_t account, enum credential_kind kind, int64_t now,
                         char ret[static CREDENTIAL_CODE_TEXT]);

/* -- A new password ---------------------------------------------------------------------------------- */

enum { CREDENTIAL_PASSWORD_MIN = 12, CREDENTIAL_PASSWORD_MAX = 256 };   /* characters, bytes */

/*
 * May it be one?  DIRECTORY_OK; INVALID, and the complaint says what is wrong
 * with it, in the program's language, without quoting it: libpwquality's rules
 * (/etc/security/pwquality.conf, of which minlen is CREDENTIAL_PASSWORD_MIN at
 * least) and dictionary.  @old (NULL: none) is what it is not to resemble,
 * @login the name.
 */
int credential_password_check(struct directory *d, const char *password, const char *old, const char *login);

/*
 * Set it, proven by the comparison @proof (credential_ticket.proof) of the old
 * password or an activation code of the same account, not older than
 * CREDENTIAL_CHANGE_S.  CONSTRAINT: it proves nothing.  Once for each proof.
 */
int credential_password_change(struct directory *d, int64_t account, int64_t proof, const char *password, int64_t now);

/* -- What an administrator does: root alone ---------------------------------------------------------- */

int credential_password_set(struct directory *d, const struct directory_act *act, const char *account, const char *password);
int credential_password_remove(struct directory *d, const struct directory_act *act, const char *account);

enum {
        CREDENTIAL_TOTP_BYTES = 20,
        CREDENTIAL_TOTP_TEXT  = 33,             /* its secret in base32, with NUL                 */
        CREDENTIAL_TOTP_DIGITS = 6,
        CREDENTIAL_TOTP_STEP_S = 30,
        CREDENTIAL_TOTP_DRIFT  = 1,             /* steps that the other clock may be off, each way */
};

/* A new secret, kept nowhere yet.  The caller wipes it. */
int credential_totp_new(char ret[static CREDENTIAL_TOTP_TEXT]);

/* Keep @secret for @account once @code, made with it, has proven that they have it.  INVALID: it is none; EXISTS: there is one already. */
int credential_totp_enroll(struct directory *d, const struct directory_act *act, const char *account, const char *secret,
                           const char *code);
int credential_totp_remove(struct directory *d, const struct directory_act *act, const char *account);

/*
 * A code for somebody who has lost everything else (X14).  @activation: good
 * for seven days, and a new password is due; otherwise a helpdesk code for
 * @hours (1 to 24), one factor.  @checked is how it was checked who they are.
 * An older one of its kind is worth nothing from now on.  *@ret is shown once.
 */
struct credential_issue {
        const char *account, *checked;
        bool        activation;
        int64_t     hours;
};

int credential_code_issue(struct directory *d, const struct directory_act *act, const struct credential_issue *issue,
                          char ret[static CREDENTIAL_CODE_TEXT], int64_t *ret_until);

/* -- Who keeps a password when they end (M7): externals, for a time ------------------------------------ */

struct credential_exemption {
        const char *account;                    /* of an external                                 */
        const char *requested_by, *why;         /* 1 to 80, 1 to 200 characters                   */
        const char *until_date;                 /* the last day, that day included                */
};

int credential_exempt_add(struct directory *d, const struct directory_act *act, const struct credential_exemption *e);
int credential_exempt_remove(struct directory *d, const struct directory_act *act, const char *account);

/* -- When the e-ID is out (M2) ----------------------------------------------------------------------- */

enum { OUTAGE_HOURS = 4, OUTAGE_HOURS_MAX = 72, OUTAGE_REASON_CHARS = 200 };

struct directory_outage {
        int64_t id, began, until;
        char    reason[OUTAGE_REASON_CHARS * 4 + 1];
};

/* EXISTS: one stands. */
int directory_outage_begin(struct directory *d, const struct directory_act *act, int64_t hours, const char *reason, int64_t *ret_until);
int directory_outage_end(struct directory *d, const struct directory_act *act);

/* The one that stands now.  NOT_FOUND: none. */
int directory_outage_now(struct directory *d, int64_t now, struct directory_outage *ret);
