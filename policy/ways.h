/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * ways.h - in which ways an account may log in: from there, to that service, on that day
 *
 * What is shown before a factor has proven the person depends on nothing of
 * the account (X15), so there are two questions: ways_offered() is asked for
 * names that nobody has, too, and takes no account; ways_decide() is asked
 * once it is known whose account it is, and its answer is used after proof
 * alone.  What is allowed to any account is offered to every name: of a way
 * that is offered and not allowed, or that the person lacks something for,
 * the conversation is the same.
 *
 * What decides, in this order: [clients] log-in, what the place admits
 * (offer.h), the first [rule] that matches, S1 (outside: two factors or an
 * e-ID, whatever a rule says), [password] retired-from with outage and
 * exemption, and what the person has.
 */

#include "credentials.h"
#include "offer.h"
#include "way.h"

/* The same for every name. */
struct ways_scene {
        struct offer_question offer;            /* configuration, place, source, key; by whom all that is said */
        const char           *service;          /* of PAM                                         */
        const char           *today;            /* "YYYY-MM-DD", the date here                    */
        bool                  outage;           /* one stands: [outage] reopen counts             */
        bool                  exemptions;       /* some account is exempt from retirement today   */
};

/* What is the account's own.  Everything is borrowed. */
struct ways_account {
        const char        *kind;                /* staff, client, relative, external              */
        const char *const *roles;               /* that it holds now, each once                   */
        size_t             n_roles;
        bool               exempt;              /* on the list of those who keep their password   */
        uint32_t           has;                 /* factor_bit() of what the person can be asked for: a number, a phone, ... */
};

/* ->has of an account: what there is of it, and what this host can send. */
uint32_t ways_factors_had(const struct config *c, const struct directory_account *account, const struct credential_facts *facts);

enum ways_why {
        WAYS_BY_METHODS = 1,            /* allowed: [methods] allow, and no rule is about it      */
        WAYS_BY_RULE,                   /* allowed: the first rule that matches                   */
        WAYS_REOPENED,                  /* allowed: retired, but there is an outage               */
        WAYS_EXEMPT,                    /* allowed: retired, but the account is exempt            */
        WAYS_CLIENTS_OFF,               /* [clients] log-in                                       */
        WAYS_NOT_HERE,                  /* the place does not admit it: ->offer says why          */
        WAYS_NOT_BY_USER,               /* typed, and not root's program asks                     */
        WAYS_NOT_BY_RULE,               /* the first rule that matches does not allow it          */
        WAYS_OUTSIDE,                   /* S1: one factor, from outside                           */
        WAYS_RETIRED,                   /* [password] retired-from                                */
        WAYS_NOT_NAMED,                 /* a password alone, of an external or exempt account: only where a rule allows it by name (M7) */
        WAYS_LACKS,                     /* the person has not what it takes: ->lacks              */
};

struct ways_said {
        enum way      way;
        enum ways_why why;
        int           rule;             /* the first that matches, of config->rule; -1: none does, or (offered) no single one */
        enum offer    offer;            /* of bankid: what offer_code() says; else 0              */
        uint32_t      lacks;            /* LACKS: factor_bit()s                                   */
};

/* Each way of [methods] allow, once, in that order. */
struct ways {
        size_t           n;
        struct ways_said said[WAY_N];
};

bool ways_is_allowed(enum ways_why why);

/* What is shown to everybody: allowed for any account that there could be. */
struct ways ways_offered(const struct ways_scene *scene);

/* The same for accounts of one kind, for who explains it; nothing of it is shown before proof. */
struct ways ways_offered_to(const struct ways_scene *scene, const char *kind);

/* For this account.  What is allowed here is offered there, always. */
struct ways ways_decide(const struct ways_scene *scene, const struct ways_account *account);

/* What is said of @way; NULL: it is not in [methods] allow. */
const struct ways_said *ways_find(const struct ways *ways, enum way way);

/* Is any of them allowed? */
bool ways_has_any(const struct ways *ways);

/* Outside, as S1 means it: neither at the machine itself nor from [network] inside.  Where nobody knows: outside. */
bool ways_is_outside(const struct ways_scene *scene);

/* [password] on this day: retired; or still in use, and every log-in with it is to say from when it will not be. */
bool ways_password_is_retired(const struct config *c, const char *today);
bool ways_password_is_announced(const struct config *c, const char *today);

/* The first rule that matches, of config->rule; -1: none does. */
int ways_rule(const struct ways_scene *scene, const struct ways_account *account);
