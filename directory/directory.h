/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * directory.h - the care directory: opening it, and one transaction per act
 *
 * The process is `_careid` when it opens the directory, in every id; opening
 * as anybody else is refused.  Nothing here logs, prints or asks; nothing
 * holds a transaction open across anything that waits.
 *
 * Result codes of all functions in this folder: DIRECTORY_OK; a DIRECTORY_E_*
 * verdict, whose cause directory_complaint() tells; or a negative
 * errno (-EBUSY: locked for longer than the busy time; -EUCLEAN: damaged;
 * -ENOKEY: keys missing or of the wrong mode; -ENOENT: no directory yet).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct directory;

enum {
        DIRECTORY_OK = 0,
        DIRECTORY_E_NOT_FOUND = 1,
        DIRECTORY_E_EXISTS,             /* a name, number or identity is taken                    */
        DIRECTORY_E_INVALID,            /* a value that the field does not admit                  */
        DIRECTORY_E_CONSTRAINT,         /* legal values, but K8, A1 or another rule forbids them  */
        DIRECTORY_E_NEWER,              /* written by a newer careid                              */
};

enum directory_mode {
        DIRECTORY_READ  = 1,
        DIRECTORY_WRITE = 2,
        DIRECTORY_CREATE = 3,           /* the file, its schema and its keys, if there are none   */
        DIRECTORY_READ_ASIDE = 4,       /* READ by a process that its starter can stop: it leaves the log's index alone, has
                                           to wait for others to put that right after a crash, and is refused (-ENOENT) where
                                           nobody has made one since the database was put there */
};

enum {
        DIRECTORY_BUSY_MS   = 2000,     /* how long to wait for another writer                    */
        DIRECTORY_EVIDENCE_MAX = 300 * 1024,    /* bytes of evidence of one log-in                 */
        DIRECTORY_TITLE_MAX = 320,      /* bytes of a title or name of a person (80 characters)   */
};

/*
 * For a process without threads, before its first directory_open(): what
 * SQLite sets up once is there for all processes that are forked from this one,
 * and nothing is locked or counted that need not be.  No file is opened.
 */
void directory_prepare(void);

int directory_open(enum directory_mode mode, struct directory **ret);

/* Before something is waited for: no key stays in memory meanwhile, and no page of the file is held. */
void directory_rest(struct directory *d);

/*
 * Can it be gone on with?  Yes, if it is still the file that is there, of this
 * edition, and its keys can be read: a copy that was brought back is another
 * file, and a newer careid may have been here.
 */
bool directory_is_current(struct directory *d);

struct directory *directory_close(struct directory *d);         /* returns NULL; NULL is fine     */
static inline void directory_closep(struct directory **d) {
        *d = directory_close(*d);
}

/*
 * One sentence about the last verdict or error, naming the field, in the
 * language that the program has chosen; "" where an errno says all there is.
 * Never NULL, never a secret.  Of NULL: why the last directory_open() failed.
 */
const char *directory_complaint(const struct directory *d);

/* -- What a log-in needs to know (directory/login.c) ------------------------------------------------ */

struct directory_account {
        int64_t id, person, organisation;
        char    name[33];
        char    kind[12];                               /* staff, client, relative, external      */
        bool    from_host;                              /* uid and passwd entry are the host's    */
        uid_t   uid;                                    /* 0 where from_host                      */
        bool    archived;                               /* the account, its person or its organisation */
        bool    has_se_number;                          /* BankID can identify this person        */
        bool    assigned_now;                           /* holds a valid assignment at @now; clients and relatives: true */
        char    organisation_title[DIRECTORY_TITLE_MAX + 1];
        char    language[3];                            /* "" where the person has none           */
};

int directory_account(struct directory *d, const char *name, int64_t now, struct directory_account *ret);

/* The roles that an account holds at @now, by assignments and grants, each once, in their order. */
enum { DIRECTORY_ROLES_MAX = 256, DIRECTORY_ROLE_MAX = 16 };

struct directory_roles {
        size_t n;
        char   name[DIRECTORY_ROLES_MAX][DIRECTORY_ROLE_MAX + 1];
};

/* -EOVERFLOW: there are more. */
int directory_roles(struct directory *d, int64_t account, int64_t now, struct directory_roles *ret);

/*
 * What the ways in depend on and is the same for every name (policy/ways.h):
 * the date, in the time zone of the first organisation that is not archived.
 */
struct directory_scene {
        char today[11];                         /* "YYYY-MM-DD"                                   */
        bool outage;                            /* one stands                                     */
        bool exemptions;                        /* some account is exempt from the end of passwords */
};

int directory_scene(struct directory *d, int64_t now, struct directory_scene *ret);

/*
 * The title of the one organisation that is not archived.  NOT_FOUND where
 * there is none, or more than one.
 */
int directory_only_organisation(struct directory *d, char ret[static DIRECTORY_TITLE_MAX + 1]);

/*
 * Is @number (as the e-ID gave it) a number of this person?  Returns
 * DIRECTORY_OK if it is, DIRECTORY_E_NOT_FOUND if it is not,
 * DIRECTORY_E_INVALID if it is no number at all.  Compared through the HMAC,
 * in constant time.
 */
int directory_person_has_number(struct directory *d, int64_t person, const char *country, const char *number);

struct directory_login {
        int64_t     account;
        const char *method, *authenticator, *assurance;
        const char *host, *service;
        const char *source, *target;                    /* NULL where there is none               */
        uint8_t     reference[32];
        const void *evidence;                           /* what the provider said, to be kept; NULL: nothing is */
        size_t      n_evidence;
        int64_t     evidence_until;                     /* when it is deleted                     */
};

/* Record an approved log-in with its evidence and its audit entry, in one transaction; evidence whose time is over goes. */
int directory_login_add(struct directory *d, const struct directory_login *login, int64_t now, int64_t *ret_id);

/*
 * Record one that was not approved, as an audit entry only.  @reason is a
 * word of ours ("wrong-person", "archived", ...); @account may be 0 (no such
 * name: the name that was typed is not recorded, it may be a password).
 */
int directory_login_refused(struct directory *d, const struct directory_login *login, const char *reason, int64_t now);

/*
 * From here on @goes_on is asked as the last thing before each commit, when
 * whatever had to be waited for has been: false, and nothing is recorded, and
 * the act returns -ECANCELED.  NULL: nobody is asked any more.  Both are borrowed.
 */
void directory_ask_before_commit(struct directory *d, bool (*goes_on)(const void *about), const void *about);

/*
 * Record a session.  @login_id may be 0: then the latest log-in of the same
 * account, host and service within the last 10 minutes that has no session
 * yet is taken, or none.
 */
int directory_session_open(struct directory *d, int64_t account, int64_t login_id, const char *host,
                           const char *service, const char *source, const char *tty, int64_t now, int64_t *ret_id);
int directory_session_close(struct directory *d, int64_t account, const char *host, const char *service,
                            const char *tty, int64_t now);

/*
 * May the administrator be told of @name now, which is told once in @interval
 * seconds?  DIRECTORY_OK: yes, and that is remembered; EXISTS: they have been.
 */
int directory_notice(struct directory *d, const char *name, int64_t now, int64_t interval);

/* When they were last; 0: never.  Of DIRECTORY_DAILY: when careid daily has run. */
#define DIRECTORY_DAILY "daily"
int directory_noticed(struct directory *d, const char *name, int64_t *ret_at);

/*
 * The number and hash of the last audit entry that this handle has committed,
 * for the journal: what has left the host can't be written anew unseen.
 * NOT_FOUND: none yet.
 */
int directory_audit_last(const struct directory *d, int64_t *ret_sequence, uint8_t ret_hash[static 32]);

/*
 * From here on what is asked stays prepared until the directory is closed: for
 * who asks the same again and again.  One directory of a process; for another,
 * or where there is no memory for it, nothing changes.
 */
void directory_stays_prepared(struct directory *d);

/*
 * From here on @tell is called after each commit that has added to the audit
 * trail, with the last entry of it; and at once where this handle has
 * committed one already.  The host id is good for the call.  NULL: nobody is told.
 */
void directory_tell_audit(struct directory *d,
                          void (*tell)(const char *host_id, int64_t sequence, const uint8_t hash[static 32]));
