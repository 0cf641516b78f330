/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * mandates.h - who may administer what (X11)
 *
 * A person holds acts within an organisation or one of its units.  The helper
 * carries an act out as that person: @act->by_person is then set, and each act
 * asks below for what it touches, inside its own transaction.  Nobody acts on
 * themselves; an auditor only reads.
 *
 *     act of the directory                       mandate, and where it must reach
 *     organisation, role, service                none: root alone
 *     unit.add, archive, restore and title of a
 *     unit, modules, templates                   configure, the organisation
 *     person.add                                 add, anywhere
 *     account.add: staff, external               add, the organisation or any of its units; over the person
 *     account.add: client, relative              add, the organisation; over the person
 *     account.add of a user of the host          none: root alone (who has the name already would become the person)
 *     identity.*, person.change, archive and
 *     restore of an account or person            add, over the person
 *     assignment.add                             grant, the unit; or add, the unit, where a template of that unit has
 *                                                that role, for as many days as it has, in its turns
 *     assignment.end                             grant, the unit; or add, the unit, for one's own doing
 *     client.add                                 add, the organisation; over the person
 *     other client.*, enrolments                 add, the organisation (an enrolment: the unit)
 *     client grants                              grant, the organisation; or none, to end one about oneself from one's
 *                                                account as a client, which no mandate reaches otherwise (A8)
 *     reviews of assignments and client grants   grant, the unit or organisation; of a sample: whoever it was drawn for
 *     mandate.add, mandate.end                   configure, the organisation; of configure and read-audit: root alone
 *     reading the audit trail                    read-audit, any organisation: of it what is certainly theirs, and no hash;
 *                                                each that is not archived: all of it
 *
 * "Over the person": see mandate_covers_person().
 */

#include "acts.h"
#include "turns.h"

enum mandate_act {
        MANDATE_INVITE = 1, MANDATE_ADD, MANDATE_GRANT, MANDATE_LOCK, MANDATE_SEAL, MANDATE_BLOCK, MANDATE_BIND,
        MANDATE_READ_AUDIT, MANDATE_CONFIGURE,
};

enum {
        MANDATE_ROOT_ALONE = 0,         /* for an organisation: no mandate reaches it             */
        MANDATE_ANY        = -1,        /* for an organisation or unit: whichever there is        */
};

const char *mandate_word(enum mandate_act act);
int mandate_of_word(const char *word, enum mandate_act *ret);   /* 0 or -EINVAL                    */

/*
 * Give an act to a person who has a staff account of the organisation.
 * INVALID: a word, or a unit where the act is for a whole organisation
 * (configure, read-audit); EXISTS: it stands at any of the same time;
 * CONSTRAINT: no staff, an auditor who would do more than read, themselves.
 */
int directory_mandate_add(struct directory *d, const struct directory_act *act, int64_t person, const char *word,
                          const char *organisation, const char *unit /* NULL: all of it */, const char *from_date,
                          const char *until_date, int64_t *ret_id);
int directory_mandate_end(struct directory *d, const struct directory_act *act, int64_t mandate);

/*
 * May whoever acts do @what at @unit (0: for the whole organisation) of
 * @organisation, to @about (a person; 0: nobody)?  Root may.  DIRECTORY_OK;
 * CONSTRAINT with the reason: no such mandate now, or it is themselves.
 *
 * A mandate counts from its first day to its last, while its organisation and
 * unit are not archived, and its holder is neither, nor dead, and has a staff
 * account of that organisation.
 */
int mandate_covers(struct directory *d, const struct directory_act *act, enum mandate_act what, int64_t organisation,
                   int64_t unit, int64_t about);

/* Does the person hold any mandate that counts at @now?  NOT_FOUND: no. */
int mandate_held(struct directory *d, int64_t person, int64_t now);

/*
 * May they do @what to the person as a whole: say who it is, give them a
 * log-in, close one?  Only if all that the person has is within reach: each
 * account is of an organisation that is theirs, or they added it, for staff or
 * an external, and it is and was assigned at units of theirs alone; the person
 * is no client of others, and no client of others is or was granted to them;
 * and they added the person and registered every number there is, or something
 * of the person's is of an organisation that is theirs.  Accounts of the
 * host's own, and whoever holds a mandate, are out of everybody's reach but
 * root's; who held one of another organisation is out of theirs.  Nothing that they can do brings somebody
 * within reach who was not: whoever may say by which number somebody logs in
 * could become that person.
 */
int mandate_covers_person(struct directory *d, const struct directory_act *act, enum mandate_act what, int64_t person);

/* May they give @account @role at @unit until @until (NULL: without end)? */
int mandate_covers_assignment(struct directory *d, const struct directory_act *act, int64_t account, int64_t role,
                              int64_t unit, const int64_t *until, const struct turns_rule *turns);

/*
 * May they open @kind (person, account, client, unit, template) @id again?  Only
 * what the trail says was closed with a mandate, while root has not closed it,
 * or the person whose it is, without having opened that since: whoever closed
 * it once more hides nothing.  An account is closed also when its person leaves
 * or dies.  What was closed before the trail begins is root's.
 */
int mandate_covers_opening(struct directory *d, const struct directory_act *act, const char *kind, int64_t id);

/* May they take back that the person has died?  What was recorded with a mandate. */
int mandate_covers_not_died(struct directory *d, const struct directory_act *act, int64_t person);

/* May they end that assignment? */
int mandate_covers_end(struct directory *d, const struct directory_act *act, int64_t assignment);

/* May they give anybody anything at @unit, by a mandate to add or to grant there?  A refusal is that to grant. */
int mandate_covers_place(struct directory *d, const struct directory_act *act, int64_t organisation, int64_t unit);

/*
 * A refusal of something that is named by its number, told like one of what
 * there is not: whoever has no mandate for it doesn't learn that it is there.
 * @r is what looking it up or mandate_covers() has returned, NOT_FOUND or
 * CONSTRAINT, @kind what it is ("grant").  As it was to root, to a client, and
 * to whoever is refused because it is about them (@about).
 */
int mandate_hide(struct directory *d, const struct directory_act *act, const char *kind, int r, int64_t about);

/* May they see who works at @unit: have they a mandate to add or grant there?  INVALID, NOT_FOUND of the name, too. */
int mandate_covers_list(struct directory *d, const struct directory_act *act, const char *unit);

/*
 * Each person whom mandate_covers() lets do @what at @unit of @organisation at
 * @now, but who acts on nobody.  What @each returns ends it if it is not
 * DIRECTORY_OK.
 */
int mandate_holders(struct directory *d, enum mandate_act what, int64_t organisation, int64_t unit, int64_t now,
                    int (*each)(void *with, int64_t person), void *with);

/* How many persons hold a mandate (to do @what; NULL: any) that counts at @now, and how many of them have no Swedish number. */
int mandate_holders_count(struct directory *d, const enum mandate_act *what, int64_t now, int64_t *ret, int64_t *ret_no_se_number);

enum { MANDATE_PART_MAX = 4096 };

/*
 * Which part of the audit trail they may read: "" all of it, else the ids of
 * the organisations whose it is, " 3 17 ", for directory_trail_filter.
 * CONSTRAINT: nothing.  What is shown by it is read in the same transaction
 * (directory_trail_begin()).
 */
int mandate_audit_part(struct directory *d, const struct directory_act *act, char ret[static MANDATE_PART_MAX]);
