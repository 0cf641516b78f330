/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * host-questions.c - what a host that has to be asked for each name is going to be asked, and what it answered
 */

#include "host-questions.h"
#include "host.h"
#include "host-memory.h"

#include "cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { TELL_EVERY = 64 };                       /* questions                                      */

struct host_questions {
        struct host_memory *names, *numbers;    /* that acts asked for; a number's name is its digits */
        struct host_memory *new_names, *new_numbers;    /* of them those that the host was not asked for */
        struct host_memory *known;              /* whom the host knows of the others              */
        uint32_t            n, n_new;
};

static void freep(struct host_questions **q) {
        *q = host_questions_free(*q);
}

/* Nothing new. */
static int forget_new(struct host_questions *q) {
        int r;

        q->new_names = host_memory_free(q->new_names);
        q->new_numbers = host_memory_free(q->new_numbers);
        q->n_new = 0;
        r = host_memory_new(&q->new_names);
        return r < 0 ? r : host_memory_new(&q->new_numbers);
}

int host_questions_new(struct host_questions **ret) {
        AUTO(freep) struct host_questions *q = calloc(1, sizeof *q);
        int r;

        if (!q)
                return -ENOMEM;
        r = host_memory_new(&q->names);
        if (r == 0)
                r = host_memory_new(&q->numbers);
        if (r == 0)
                r = host_memory_new(&q->known);
        if (r == 0)
                r = forget_new(q);
        if (r == 0)
                *ret = STEAL_PTR(q);
        return r;
}

struct host_questions *host_questions_free(struct host_questions *q) {
        if (!q)
                return NULL;
        host_memory_free(q->names);
        host_memory_free(q->numbers);
        host_memory_free(q->new_names);
        host_memory_free(q->new_numbers);
        host_memory_free(q->known);
        free(q);
        return NULL;
}

int host_questions_name(struct host_questions *q, const char *name, uint32_t *ret_id, bool *ret_user) {
        uint32_t place;
        bool user;
        int r;

        *ret_user = false;
        if (host_memory_name(q->names, name, &place, &user))
                return host_memory_name(q->known, name, ret_id, ret_user);
        /* Their numbers are only to differ: entries are found by them, too. */
        r = host_memory_add(q->names, name, q->n, false);
        if (r == 0)
                r = host_memory_add(q->new_names, name, q->n++, false);
        q->n_new++;
        return r;
}

int host_questions_number(struct host_questions *q, uint32_t id) {
        char digits[16];
        int r;

        if (host_memory_number(q->numbers, id))
                return host_memory_number(q->known, id);
        (void) snprintf(digits, sizeof digits, "%u", (unsigned) id);
        r = host_memory_add(q->numbers, digits, id, false);
        if (r == 0)
                r = host_memory_add(q->new_numbers, digits, id, false);
        q->n_new++;
        return r;
}

bool host_questions_more(const struct host_questions *q) {
        return q->n_new > 0;
}

/* -- Asking ------------------------------------------------------------------------------------------------ */

struct asking {
        struct host_memory    *known;
        host_questions_went_on went_on;
        void                  *about;
        uint64_t               n, of;
};

static void tell(struct asking *a) {
        if (a->went_on && a->n++ % TELL_EVERY == 0)
                a->went_on(a->about, a->n, a->of);
}

static int ask_name(void *about, const char *name, uint32_t place) {
        struct asking *const a = about;
        uint32_t id;
        int r;

        (void) place;
        tell(a);
        r = host_user(name, &id);
        if (r != 0)
                return r < 0 ? r : host_memory_add(a->known, name, id, true);
        r = host_group(name, &id);
        return r <= 0 ? r : host_memory_add(a->known, name, id, false);
}

static int ask_number(void *about, const char *digits, uint32_t id) {
        struct asking *const a = about;
        int r;

        tell(a);
        r = host_number(id);
        return r <= 0 ? r : host_memory_add(a->known, digits, id, false);
}

int host_questions_ask(struct host_questions *q, host_questions_went_on went_on, void *about) {
        struct asking a = { .known = q->known, .went_on = went_on, .about = about, .of = q->n_new };
        int r;

        r = host_memory_each(q->new_names, ask_name, &a);
        if (r == 0)
                r = host_memory_each(q->new_numbers, ask_number, &a);
        return r < 0 ? r : forget_new(q);
}
