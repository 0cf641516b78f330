/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * host-questions.h - what a host that has to be asked for each name is going to be asked, and what it answered
 *
 * A directory service answers from far away, and no transaction may wait for
 * it.  So what acts ask is collected first, the acts being taken back; then
 * the host is asked; then the same acts are answered from memory.  What they
 * ask only then, others having changed the directory in between, is collected
 * again, and the acts are not to be kept while there is such.
 */

#include <stdbool.h>
#include <stdint.h>

struct host_questions;

int host_questions_new(struct host_questions **ret);                    /* -ENOMEM                */
struct host_questions *host_questions_free(struct host_questions *q);   /* returns NULL           */

/*
 * 1: a user (*@ret_user) or group has the name; 0: nobody, or it is not known
 * yet, and will be asked.  -ENOMEM.
 */
int host_questions_name(struct host_questions *q, const char *name, uint32_t *ret_id, bool *ret_user);
int host_questions_number(struct host_questions *q, uint32_t id);

/* Is there something that the host was not asked yet? */
bool host_questions_more(const struct host_questions *q);

/* Ask the host for all of that; now and then it is told how many.  0 or a negative errno of host.h. */
typedef void (*host_questions_went_on)(void *about, uint64_t asked, uint64_t of);
int host_questions_ask(struct host_questions *q, host_questions_went_on went_on /* or NULL */, void *about);
