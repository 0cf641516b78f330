/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * clients.h - whom an organisation cares for, where, and who may act for them
 *
 * Acts as in acts.h: one transaction each with its audit entry; result codes
 * of directory.h; a verdict's complaint names the field.  Nothing here puts a
 * name, a number of a person's or a contact detail into the audit trail: a
 * client is "client:ID" there.
 */

#include "acts.h"

/* Modules of an organisation (K7; L8: record-view is off until it is switched on). */
int directory_module_set(struct directory *d, const struct directory_act *act, const char *organisation, const char *module, bool on);

/* Make a person a client of an organisation; *ret_number is the N of client-ORG-N.  EXISTS: they are one already. */
int directory_client_add(struct directory *d, const struct directory_act *act, int64_t person, const char *organisation,
                         int64_t *ret_client, uint32_t *ret_number);

/* The same with the number of an import: CONSTRAINT where it is not above all that were given. */
int directory_client_add_as(struct directory *d, const struct directory_act *act, int64_t person, const char *organisation,
                            uint32_t number);

/*
 * A client is named "ORG-N" everywhere a person types or reads it.
 * INVALID: not of that form; NOT_FOUND.
 */
int directory_client_find(struct directory *d, const char *name, int64_t *ret_client);

/* Enrolled at a unit of the same organisation from the first day to the last, in its time zone (A7, X20). */
int directory_enrolment_add(struct directory *d, const struct directory_act *act, const char *client, const char *unit,
                            const char *from_date, const char *until_date, int64_t *ret_id);
int directory_enrolment_end(struct directory *d, const struct directory_act *act, int64_t enrolment);

/* What a grant rests on (A8).  For a client's own account: basis "self", the rest NULL. */
struct directory_basis {
        const char *basis;                      /* self, consent, power-of-attorney, guardian-ad-litem, custody, fuldmagt, vaerge */
        const char *document;                   /* where it is kept                               */
        const char *checked_by;                 /* who looked at it                               */
        const char *review_date;                /* when it is looked at again                     */
};

/*
 * A2's quadruple: the organisation is the client's, the kind of object is
 * "client".  CONSTRAINT: kinds of account and role differ, a relative's own
 * person, somebody acts on themselves.  Missing fields are INVALID, by name.
 */
int directory_grant_add(struct directory *d, const struct directory_act *act, const char *account, const char *role,
                        const char *client, const struct directory_basis *basis, const char *from_date,
                        const char *until_date, int64_t *ret_id);

/* The same of one that stands elsewhere: where its review is overdue it is added all the same, and listed for review. */
int directory_grant_add_standing(struct directory *d, const struct directory_act *act, const char *account, const char *role,
                                 const char *client, const struct directory_basis *basis, const char *from_date,
                                 const char *until_date, int64_t *ret_id);

/* @why: ended, client (the client ends it), basis-lost. */
int directory_grant_end(struct directory *d, const struct directory_act *act, int64_t grant, const char *why);
int directory_grant_review(struct directory *d, const struct directory_act *act, int64_t grant, const char *next_date);

/* How much of each kind has ended. */
struct directory_left {
        int64_t assignments, grants, mandates, accounts;        /* of the person; deputyships are assignments */
        int64_t credentials;                                    /* passwords, TOTPs, codes, exemptions */
        int64_t about, enrolments;                              /* about the person as a client   */
};

/*
 * X17: every assignment, grant, mandate and deputyship of the person ends now,
 * their accounts are archived, and what these could prove themselves with is gone.  CONSTRAINT: there is nothing to end.
 * @ret may be NULL.
 */
int directory_person_leave(struct directory *d, const struct directory_act *act, int64_t person, struct directory_left *ret);

/*
 * A person has died on that day: the same ends now, and every grant and
 * enrolment about them as a client.  NULL takes back what was not so: then
 * somebody can be granted anew, but nothing that has ended comes back.
 */
int directory_person_died(struct directory *d, const struct directory_act *act, int64_t person, const char *date,
                          struct directory_left *ret);

/* -- How a person is reached --------------------------------------------------------------------------- */

/* @kind "phone" (E.164) or "mail"; @value NULL: none any more.  Kept encrypted; never in a list or in the audit trail. */
int directory_contact_set(struct directory *d, const struct directory_act *act, int64_t person, const char *kind, const char *value);

/* The same of one where there is none yet; EXISTS. */
int directory_contact_add(struct directory *d, const struct directory_act *act, int64_t person, const char *kind, const char *value);

/*
 * Read one.  Of a protected person (X10) only with @reason, which is in the
 * audit trail before anything is in @ret; CONSTRAINT without one.  *ret is
 * malloc'd; the caller wipes and frees it.
 */
int directory_contact_read(struct directory *d, const struct directory_act *act, int64_t person, const char *kind,
                           const char *reason, char **ret);

/* Shown under the alias everywhere from now on; INVALID without an alias. */
int directory_person_protect(struct directory *d, const struct directory_act *act, int64_t person, const char *alias, bool on);
