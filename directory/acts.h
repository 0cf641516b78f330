/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * acts.h - what an administrator does to the care directory, and its lists
 *
 * Every act is one transaction with its audit entry.  @actor is who does it,
 * as the audit trail names it ("uid:0").  Strings are borrowed and checked
 * here (UTF-8, length, alphabet): a verdict names the field.  Result codes as
 * in directory.h.
 *
 * Acts that change what a snapshot says only change the directory;
 * directory_publish() writes the snapshots anew.
 */

#include "directory.h"

struct directory_act {
        const char *actor;
        int64_t     now;
        int64_t     by_person;          /* who does it, by their mandates (mandates.h); 0: root   */
        int64_t     by_account;         /* from which account of theirs: it has to count still (standing.h); 0: not asked */
        bool        as_client;          /* from their account as a client: no mandate of theirs counts, and grants about
                                           them are theirs to end (A8) */
        int64_t     login;              /* the record of the approval that it rests on; 0: of none */
};

int directory_organisation_add(struct directory *d, const struct directory_act *act,
                               const char *name, const char *title, const char *country, const char *time_zone);
int directory_unit_add(struct directory *d, const struct directory_act *act,
                       const char *organisation, const char *name, const char *title);
/* What a service opens is fixed for good; those who are not staff reach only what is named here (K7, K8). */
struct directory_service {
        const char *name, *title;
        const char *opens;                      /* other, record, record-view                     */
        uint32_t    number;                     /* its number elsewhere; 0: none                  */
        const char *module;                     /* chat, video, ...: which module of an organisation it belongs to; NULL: none;
                                                   record-view: of itself */
        bool        external;                   /* also for externals                             */
        bool        lobby;                      /* a lobby of video or booking                    */
};

int directory_service_add(struct directory *d, const struct directory_act *act, const struct directory_service *service);
int directory_role_add(struct directory *d, const struct directory_act *act,
                       const char *name, const char *title, const char *kind, bool daily_planning);
int directory_role_service_add(struct directory *d, const struct directory_act *act, const char *role, const char *service);
/* NOT_FOUND: the role has not the service. */
int directory_role_service_remove(struct directory *d, const struct directory_act *act, const char *role, const char *service);

int directory_person_add(struct directory *d, const struct directory_act *act,
                         const char *given_name, const char *family_name, const char *alias /* or NULL */,
                         const char *language /* or NULL */, int64_t *ret_person);

/* What is NULL stays.  CONSTRAINT: an alias for who is not protected (directory_person_protect()). */
struct directory_person_change {
        const char *given_name, *family_name, *alias, *language;
};

int directory_person_change(struct directory *d, const struct directory_act *act, int64_t person,
                            const struct directory_person_change *to);

/*
 * Register a personal number (any usual spelling; number.h normalises it).
 * EXISTS if the number is another person's; the complaint does not say whose,
 * but that it was tried is an entry about that person.
 */
int directory_identity_add(struct directory *d, const struct directory_act *act,
                           int64_t person, const char *country, const char *number);

/*
 * The same for the one number that a person has of a country.  EXISTS also if
 * there is one already; with @replace that one is ended, and is free again.
 */
int directory_identity_set(struct directory *d, const struct directory_act *act,
                           int64_t person, const char *country, const char *number, bool replace);

/*
 * Within a batch nothing is kept of what fails, that somebody has tried a
 * number of somebody else's neither: this writes it into the trail once the
 * batch has ended (alone, an act does so itself).  Returns @result with its
 * complaint, or why the entry can't be written.
 */
int directory_identity_collided(struct directory *d, const struct directory_act *act, int result);

/* Could a number of that @country be set now?  What set() would say to any number; nothing is written. */
int directory_identity_check(struct directory *d, int64_t person, const char *country, bool replace);

/* @source "careid" gives a uid and a passwd entry (@home, @shell), "host" neither (both NULL). */
int directory_account_add(struct directory *d, const struct directory_act *act,
                          int64_t person, const char *organisation, const char *name, const char *kind,
                          const char *source, const char *home, const char *shell, uid_t *ret_uid);

/*
 * Validity is given as dates ("2026-11-21") in the organisation's time zone,
 * both inclusive (X20), or NULL: unbounded.  INVALID where the last day is
 * over; EXISTS where the same assignment stands at any of the same time.
 */
int directory_assignment_add(struct directory *d, const struct directory_act *act,
                             const char *account, const char *role, const char *unit,
                             const char *from_date, const char *until_date, int64_t *ret_id);

/*
 * The same with all that an assignment can have.  @weekdays ("mon-fri") and
 * @hours ("21:00-07:00") make it repeat, as in turns.h; one alone stands for
 * every day, or whole days.  Turns on other days or at other hours are
 * another assignment.
 */
struct directory_assignment {
        const char *account, *role, *unit;
        const char *from_date, *until_date;
        const char *weekdays, *hours;
};

int directory_assign(struct directory *d, const struct directory_act *act, const struct directory_assignment *assignment,
                     int64_t *ret_id);

/*
 * The assignment @old ends, and @assignment (NULL: none) is there instead,
 * held by the deputies who held that.  Several acts: in a batch (batch.h).
 * Errors as of directory_assignment_end() and directory_assign().
 */
int directory_assign_again(struct directory *d, const struct directory_act *act, int64_t old,
                           const struct directory_assignment *assignment);

/*
 * @account holds the assignment @held of another person, from a day to a day:
 * at the times at which that one counts, and no longer than it does.
 * CONSTRAINT: it is held for somebody itself, has ended, or is of the same person.
 */
int directory_deputy_add(struct directory *d, const struct directory_act *act, int64_t held, const char *account,
                         const char *from_date, const char *until_date, int64_t *ret_id);

int directory_assignment_end(struct directory *d, const struct directory_act *act, int64_t assignment);

/*
 * A template is what a temp gets: a role of staff or externals at a unit, for
 * @days days (1 to 366) unless it is said otherwise, in turns if it has any.
 */
struct directory_template {
        const char *name, *title, *role, *unit;
        int64_t     days;
        const char *weekdays, *hours;           /* as above; NULL: without turns                  */
};

int directory_template_add(struct directory *d, const struct directory_act *act, const struct directory_template *template);

struct directory_template_found {
        char    organisation[17], role[17], unit[17];
        char    kind[12];                       /* of the accounts that it is for                 */
        char    zone[65];
        int64_t days;
        char    weekdays[32], hours[16];        /* "": without turns                              */
};

/* CONSTRAINT: it is archived, or its role, unit or organisation is. */
int directory_template_find(struct directory *d, const char *name, struct directory_template_found *ret);

/* An assignment as the template has it, of its days from the first one on (NULL: today), or until a day. */
int directory_template_use(struct directory *d, const struct directory_act *act, const char *name, const char *account,
                           const char *from_date, const char *until_date, int64_t *ret_id);

/*
 * What snapshots know of turns ends some days ahead (REASONS_AHEAD): mark
 * whoever has some, so that the next directory_publish() writes the coming
 * ones.  Once a day is often enough.
 */
int directory_turns_renew(struct directory *d, int64_t now);

/* Another title.  @kind: "organisation", "unit", "role", "service", "template". */
int directory_title_set(struct directory *d, const struct directory_act *act, const char *kind, const char *name, const char *title);

/* Archive, or take back.  @kind: "organisation", "unit", "role", "service", "person", "account", "client", "template". */
int directory_archive(struct directory *d, const struct directory_act *act, const char *kind, const char *name_or_id, bool archive);

/* -- Lists: one row at a time -------------------------------------------------------------------- */

enum { DIRECTORY_COLUMNS_MAX = 13 };

struct directory_list;

/*
 * Is there anything of the name, id or key @word that the list @what can be
 * about?  DIRECTORY_OK; @ret is what the list is to be opened with instead (a
 * person's key: their id), or "".  NOT_FOUND, where a list would be empty for
 * another reason than that there is nothing.  Of "audit", "keys", "groups" and
 * "locks" nothing is known before.
 */
enum { DIRECTORY_FILTER_MAX = 24 };
int directory_list_filter(struct directory *d, const char *what, const char *word, char ret[static DIRECTORY_FILTER_MAX]);

/*
 * The lists that there are: "organisations", "units", "services", "roles",
 * "persons", "accounts", "assignments", "mandates", "modules", "clients",
 * "enrolments", "grants", "locks", "groups", "logins", "sessions", "evidence",
 * "audit", "keys", "credentials", "exemptions", "outages", "unbound" (no e-ID),
 * "unready" (no way in without one).  @filter is NULL, or a name or id of what the list is about
 * (accounts: a log-in name; persons: an id; ...).  Columns have fixed English
 * keys (for --json) in @ret_columns, NULL-terminated, and are text; personal
 * numbers never appear, only "se", "dk" for what is registered.
 */
int directory_list_open(struct directory *d, const char *what, const char *filter, int64_t now,
                        const char *const **ret_columns, struct directory_list **ret);
int directory_list_next(struct directory_list *list, const char *values[static DIRECTORY_COLUMNS_MAX]);        /* NOT_FOUND: no more */
struct directory_list *directory_list_close(struct directory_list *list);        /* returns NULL            */
static inline void directory_list_closep(struct directory_list **list) {
        *list = directory_list_close(*list);
}

/* -- The audit trail ------------------------------------------------------------------------------- */

/* Recompute the chain (trail.h has more).  CONSTRAINT: broken, and *ret_sequence is where.  OK: *ret_sequence is the last. */
int directory_audit_verify(struct directory *d, int64_t *ret_sequence, uint8_t ret_hash[static 32]);

/* -- Evidence of approvals ------------------------------------------------------------------------ */

/* What the e-ID provider said about the approval of one log-in. */
struct directory_evidence {
        int64_t login, at, kept_until;
        char    account[33];
        char   *text;                           /* JSON, NUL added; personal data                 */
        size_t  n;
};

/*
 * Decrypt what is kept of @login; reading it is an act: @why ("evidence.show")
 * is in the audit trail before anything is in *ret.  NOT_FOUND: nothing is
 * kept; -EUCLEAN: it is not what was kept.  The caller ends *ret with
 * directory_evidence_done(), which wipes it.
 */
int directory_evidence_read(struct directory *d, const struct directory_act *act, int64_t login, const char *why,
                            struct directory_evidence *ret);
void directory_evidence_done(struct directory_evidence *e);

/* Delete all whose time is over; *ret_n is how many. */
int directory_evidence_prune(struct directory *d, const struct directory_act *act, int64_t *ret_n);

/* -- The keys of personal numbers --------------------------------------------------------------------- */

struct directory_rotated {
        int64_t id;                             /* of the keys that are in use now                */
        int64_t numbers, contacts, totps;       /* that were written anew                         */
        int64_t notices;                        /* contact details of which somebody is still to be told that they changed */
        int64_t evidence;                       /* that stays under older keys until its time is over */
};

/*
 * Make new keys and write every number and contact detail anew under them, in
 * one transaction: whoever is cut off leaves the old keys in use, and the next
 * one takes the new files that are there.  Key files are never removed here.
 * -EINVAL within a batch; -EUCLEAN: something can't be read under its keys, and
 * nothing was changed.
 */
int directory_keys_rotate(struct directory *d, const struct directory_act *act, struct directory_rotated *ret);

/* -- Who can't log in, in numbers -------------------------------------------------------------------- */

struct directory_readiness {
        int64_t accounts;                       /* that are not archived, nor are their person and organisation */
        int64_t no_se_number;                   /* of those: BankID can't identify the person     */
        int64_t no_assignment;                  /* of those: staff and externals without a valid one */
        int64_t clients;                        /* that are not archived                          */
        int64_t turns;                          /* assignments that repeat and have not ended     */
        int64_t organisations;                  /* that are not archived                          */
        int64_t holders;                        /* persons with a mandate that counts now (mandates.h) */
        int64_t holders_no_se_number;           /* of those: BankID can't identify them           */
        int64_t adders, adders_no_se_number;    /* the same of who has one to add people          */
};

int directory_readiness(struct directory *d, int64_t now, struct directory_readiness *ret);

/* -- Names ----------------------------------------------------------------------------------------- */

/* What careid tells the host of a name: a group, a user of its own, both, 0: nothing.  What can't be asked counts as nothing. */
enum { DIRECTORY_NAMES_GROUP = 1 << 0, DIRECTORY_NAMES_USER = 1 << 1 };

unsigned directory_names(struct directory *d, const char *name);

/* -- The snapshots ---------------------------------------------------------------------------------- */

/*
 * Let the snapshots (CAREID_SNAPSHOT_DIR) say what the directory says: as a
 * delta to the base that is there, which costs by what has changed, or, where
 * that can't be, as a new base.  Nothing is written if they say it already.
 */
int directory_publish(struct directory *d, int64_t now);

/* The same as a new base, whatever is there. */
int directory_publish_anew(struct directory *d, int64_t now);

/*
 * How many accounts and groups the last of these two, on this handle, left out
 * because no snapshot may say them (too many memberships, a path that is too
 * long): to programs they are gone, until that is mended.  *@ret_name is
 * the first of them and *@ret_why says why; good until the next publication.
 */
int64_t directory_unsaid(const struct directory *d, const char **ret_name, const char **ret_why);

/*
 * What the first of these (@anew: the second) would write now, in a dry run as
 * well: *@ret.  Nothing is written, and nobody else writes meanwhile;
 * directory_unsaid() then answers for what it would leave out.
 */
enum directory_writing {
        DIRECTORY_WRITES_NOTHING = 1,           /* all of it is said already                      */
        DIRECTORY_WRITES_DELTA,
        DIRECTORY_WRITES_BASE,
};

int directory_publish_try(struct directory *d, int64_t now, bool anew, enum directory_writing *ret);

/* What a new base would leave out: directory_unsaid() then answers for it.  It costs what the making of one costs. */
int directory_find_unsaid(struct directory *d, int64_t now);

enum { DIRECTORY_SNAPSHOT_FILES = 4 };

struct directory_snapshot {
        uint64_t generation;
        struct directory_snapshot_file {
                const char *name;
                size_t      bytes, users, groups;       /* without those that are gone            */
                int64_t     written;
                uint64_t    serial;                     /* of a delta: 1 + acts since its base    */
        } file[DIRECTORY_SNAPSHOT_FILES];
};

/*
 * Go through all of the snapshots: every record, line and table; K8; that the
 * four files agree with one another, and with the care directory.  CONSTRAINT:
 * they don't, and the complaint says which file and why.
 */
int directory_snapshot_verify(struct directory *d, struct directory_snapshot *ret);

/* The same of the files alone, not of what the care directory says.  Nobody publishes meanwhile. */
int directory_snapshot_check(struct directory *d);

/* What one file says of a name, and then, one row each, of its memberships. */
struct directory_snapshot_row {
        const char *file, *group;               /* of a membership; NULL: no group has that gid   */
        bool        is_user, is_gone, is_membership;
        uint32_t    uid, gid;
        int64_t     from, until;                /* INT64_MIN, INT64_MAX: unbounded                */
};

typedef int directory_snapshot_each(const struct directory_snapshot_row *row, void *context);

/* Call @each until it returns non-zero, which is then returned.  NOT_FOUND: no file has the name. */
int directory_snapshot_find(struct directory *d, const char *name, directory_snapshot_each *each, void *context);
