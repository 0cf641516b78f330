/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * client.h - what the acts about clients ask alike
 */

#include "store.h"

struct client {
        int64_t id, person, organisation;
};

/* A client by "ORG-N" about whom something can be done: not archived, nor the organisation or person; nor has the person died. */
int client_look(struct directory *d, const char *name, struct client *ret);

/*
 * Within an act: end every grant about a client (A8), those of their own
 * account among them; and the same about a person, wherever they are a client.
 * @why is a word of the schema ("archived", "died").
 */
int client_grants_end(struct directory *d, int64_t client, int64_t now, const char *why);
int client_grants_end_about(struct directory *d, int64_t person, int64_t now, const char *why);

/* The same of what an account holds, and of all that the accounts of a person hold (0: neither). */
int client_grants_end_held(struct directory *d, int64_t account, int64_t person, int64_t now, const char *why);
