/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * offered.c - the ways that a log-in is offered
 *
 * 1. MUST look at nothing of an account.
 */

#include "offered.h"

#include "scene.h"

#include <time.h>

/* Of what a program can show. */
static bool is_shown_here(const struct attempt *a, enum way way) {
        return a->pace != WIRE_PACE_TYPED || way_is_typed(way);
}

static enum text text_of_none(const struct attempt *a, const struct ways *ways) {
        const struct ways_said *const bankid = ways_find(ways, WAY_BANKID);

        if (a->pace == WIRE_PACE_TYPED)
                return TEXT_NO_SCREEN;
        if (!bankid || bankid->why != WAYS_NOT_HERE)
                return TEXT_NO_METHOD_HERE;
        if (bankid->offer == OFFER_NOT_ENABLED)
                return TEXT_NO_METHOD;
        return bankid->offer == OFFER_NO_PLACE ? TEXT_NO_PLACE_CODE : TEXT_NO_REMOTE_CODE;
}

int offered_find(struct attempt *a, struct directory *d, enum text *ret_text, char complaint[static CONFIG_COMPLAINT_MAX]) {
        struct scene scene;
        struct ways ways;
        int r;

        r = scene_find(a, d, (int64_t) time(NULL), &scene, complaint);
        if (r < 0)
                return r;
        /* Whoever types a retired password is to read what to do instead, and whoever may go on with theirs has the same prompt. */
        scene.ways.exemptions = true;
        ways = ways_offered(&scene.ways);
        for (size_t i = 0; i < ways.n; i++)
                if (ways_is_allowed(ways.said[i].why) && is_shown_here(a, ways.said[i].way)) {
                        a->ways[a->n_ways++] = ways.said[i].way;
                        a->may_turn = a->may_turn || (ways.said[i].way == WAY_BANKID && offer_is_made(offer_link(&scene.ways.offer)));
                }
        a->inside = !ways_is_outside(&scene.ways);
        if (ways_password_is_announced(&a->h->config, scene.ways.today))
                texts_password_ends(a->h->config.password_retired_from, a->password_ends);
        *ret_text = a->n_ways == 0 ? text_of_none(a, &ways) : TEXT_NONE;
        return 0;
}
