/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * rules.c - what the rules of the schema say, for the translators
 *
 * The triggers of schema/NNNN.sql say these, and a test compares.  Nothing
 * else that SQLite says of a constraint is passed on: it may hold values.
 */

#include "schema.h"

#include "i18n.h"
#include "cleanup.h"

#include <string.h>

static const char *const rules[] = {
        N_("a checkpoint is never changed"),
        N_("a checkpoint is never removed"),
        N_("a client is archived, never deleted"),
        N_("a client keeps its person, organisation and number for good"),
        N_("a client or relative reaches a service only if it names the module that it belongs to"),
        N_("a client, relative or external never reaches a record service"),
        N_("a code is good once, and stays used"),
        N_("a contact detail is ended, never deleted"),
        N_("a contact detail is ended, not turned into another, and stays ended"),
        N_("a deputy holds the own assignment of another person, the same role and unit, for a time"),
        N_("a general message is of the module communication"),
        N_("a grant is ended, never deleted"),
        N_("a grant is ended, not turned into another, and stays ended"),
        N_("a group has a name of its kind, and a number that was taken for it"),
        N_("a group is archived with what it is about, never deleted"),
        N_("a group keeps its number, name and meaning for good"),
        N_("a lock is lifted, never deleted"),
        N_("a lock is lifted, not turned into another, and stays lifted"),
        N_("a mandate is ended, never deleted"),
        N_("a mandate is ended, not turned into another, and stays ended"),
        N_("a message is ended, not turned into another, and stays ended"),
        N_("a person is archived, never deleted"),
        N_("a record view belongs to the module record-view"),
        N_("a review is recorded once, for what was drawn"),
        N_("a review is recorded, never deleted"),
        N_("a role is archived, never deleted"),
        N_("a role keeps its name and kind for good"),
        N_("a service is archived, never deleted"),
        N_("a service keeps its name and what it opens for good"),
        N_("a step of a TOTP is good once"),
        N_("a template is archived, never deleted"),
        N_("a template is for a role of staff or externals at a unit of its organisation"),
        N_("a template keeps its name, role and unit for good"),
        N_("a unit is archived, never deleted"),
        N_("a unit keeps its name and organisation for good"),
        N_("add or remove, never change"),
        N_("an account has a number that was taken for it"),
        N_("an account is archived, never deleted"),
        N_("an account keeps its person, name, kind and uid for good"),
        N_("an account of a client is for its own person, one of a relative for others"),
        N_("an alias and protection go together"),
        N_("an assignment is ended, never deleted"),
        N_("an assignment is ended, not turned into another"),
        N_("an assignment is ended, not turned into another, and stays ended"),
        N_("an auditor only reads: no other act beside it in the same organisation"),
        N_("an enrolment is ended, never deleted"),
        N_("an enrolment is ended, not turned into another, and stays ended"),
        N_("an exemption is ended, never deleted"),
        N_("an exemption is ended, not turned into another, and stays ended"),
        N_("an exemption is for an external"),
        N_("an external reaches only services that are flagged for externals"),
        N_("an identity is ended, never deleted"),
        N_("an identity is ended, not turned into another, and stays ended"),
        N_("an organisation is archived, never deleted"),
        N_("an organisation keeps its name for good"),
        N_("an outage is ended, never deleted"),
        N_("an outage is ended, not turned into another, and stays ended"),
        N_("evidence is kept or deleted, never changed"),
        N_("nobody acts on themselves"),
        N_("nobody reviews themselves"),
        N_("nothing is sent to whose log-in is locked"),
        N_("numbers are never given again"),
        N_("the audit trail is never changed"),
        N_("the audit trail is pruned under a checkpoint only"),
        N_("the kind of a role is fixed once it exists"),
        N_("the kind of the role is not the kind of the account"),
        N_("the unit is of another organisation"),
        N_("the unit is of another organisation than the client"),
        N_("weekdays and hours go together"),
        N_("what a service opens is fixed once it exists"),
        N_("what was proven is used once"),
        N_("who added it stays who added it"),
};

const char *schema_rule(const char *message) {
        for (size_t i = 0; i < N_ELEMENTS(rules); i++)
                if (strcmp(rules[i], message) == 0)
                        return rules[i];
        return NULL;
}
