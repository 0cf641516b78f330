/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * explain.h - why somebody holds a group or not, and who can reach a client (X6, X7)
 *
 * Computed by the very code that makes memberships (reasons.h): an explanation
 * that could differ from what the plugin says would be worse than none.
 */

#include "acts.h"

/* What gives a group, then what refuses it, the strongest first. */
enum explain_cause {
        EXPLAIN_ASSIGNMENT = 1, EXPLAIN_DEPUTY, EXPLAIN_GRANT, EXPLAIN_OWN_ORGANISATION,
        EXPLAIN_NO_SUCH_GROUP,          /* careid has none of that name                           */
        EXPLAIN_ARCHIVED,               /* or dead: the account, or what it would be held by      */
        EXPLAIN_KIND_OFF,               /* groups of its kind are not given ([groups])            */
        EXPLAIN_ENDED, EXPLAIN_NOT_YET, EXPLAIN_OVER, EXPLAIN_NOT_THIS_HOUR,
        EXPLAIN_MODULE_OFF,             /* the client's organisation has it not                   */
        EXPLAIN_SERVICE_NOT_IN_ROLE,
        EXPLAIN_K8,                     /* a record service, for who is not staff                 */
        EXPLAIN_NOTHING,                /* nothing that they have is about it                     */
        EXPLAIN_CAUSES,
};

enum {
        EXPLAIN_NAME_MAX    = 16,               /* of a role or unit                               */
        EXPLAIN_CLIENT_MAX  = 39,               /* "oakclinic-17"                                  */
        EXPLAIN_ACCOUNT_MAX = 32,
};

struct explain_reason {
        enum explain_cause cause;
        int64_t  object;                        /* assignment, client_grant; 0: none               */
        char     role[EXPLAIN_NAME_MAX + 1], unit[EXPLAIN_NAME_MAX + 1];      /* "" where it has none     */
        char     client[EXPLAIN_CLIENT_MAX + 1];        /* the same                                */
        char     held_for[EXPLAIN_ACCOUNT_MAX + 1];     /* a deputy: whose account's assignment    */
        int64_t  from, until;                   /* of the time that counts now, or next; else its bounds; INT64_MIN, INT64_MAX: none */
};

enum { EXPLAIN_REASONS_MAX = 64 };

/* "assignment", "not-this-hour": for tables and JSON, in every language. */
const char *explain_word(enum explain_cause cause);
bool explain_holds(enum explain_cause cause);

/*
 * Reasons for (*ret_holds) or against @account holding @group at @now, the
 * strongest first; of more than EXPLAIN_REASONS_MAX the strongest.  *ret_n is
 * at least one.  NOT_FOUND: no such account.
 */
int directory_explain_group(struct directory *d, const char *account, const char *group, int64_t now, bool *ret_holds,
                            size_t *ret_n, struct explain_reason ret[static EXPLAIN_REASONS_MAX]);

struct explain_held {
        const char           *group;            /* good during the call                            */
        gid_t                 gid;
        struct explain_reason reason;           /* one of them, the one that goes on longest       */
        int64_t               until;            /* when it ends, whatever else gives it; INT64_MAX: never */
};

/* All groups that @account holds at @now.  What @each returns ends it if it is not DIRECTORY_OK. */
int directory_explain_held(struct directory *d, const char *account, int64_t now,
                           int (*each)(void *about, const struct explain_held *held), void *about);

struct explain_missing {
        const char           *group;            /* good during the call                            */
        struct explain_reason reason;           /* the strongest that is in the way                */
};

/*
 * The groups that @account could hold and doesn't at @now, by name.  Staff and
 * externals could hold those of every role and unit that they have or had an
 * assignment for, and those of all services; clients and relatives those of
 * every client that they have or had a grant for; everybody that of their
 * organisation.  NOT_FOUND: no such account.
 */
int directory_explain_missing(struct directory *d, const char *account, int64_t now,
                              int (*each)(void *about, const struct explain_missing *missing), void *about);

struct explain_who {
        const char           *account, *kind, *person;  /* the alias where there is one; good during the call */
        struct explain_reason reason;
};

/*
 * Who could reach @client ("oakclinic-17") at @now: clients and relatives by
 * grants, staff by assignments at a unit where the client is enrolled; no
 * external, ever.  Nobody, if the client is archived or dead.
 */
int directory_explain_client(struct directory *d, const char *client, int64_t now,
                             int (*each)(void *about, const struct explain_who *who), void *about);
