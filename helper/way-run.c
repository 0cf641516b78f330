/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * way-run.c - the run of the way that is under way, and the next one in its place
 */

#include "attempt.h"

#include "bankid.h"
#include "typed.h"

static const struct method *method_of(enum way way) {
        return way == WAY_BANKID ? &method_bankid : &method_typed;
}

int way_begin(struct attempt *a) {
        const struct method_material material = { .bankid = &a->h->bankid };

        a->over = false;
        a->order.way = a->ways[a->at_way];
        a->method = method_of(a->order.way);
        return a->method->start(&material, &a->order, &a->run);
}

void way_cancel(struct attempt *a) {
        if (a->run)
                a->method->cancel(a->run);
        a->over = true;
}

void way_end(struct attempt *a) {
        if (a->run)
                a->run = a->method->free(a->run);
}

int way_next(struct attempt *a) {
        way_cancel(a);
        way_end(a);
        a->at_way = (a->at_way + 1) % a->n_ways;
        return way_begin(a);
}
