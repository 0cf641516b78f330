/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * scene.c - what the decision about ways is asked with
 *
 * 1. MUST begin with a way that is closed, and open it for what ways_decide() allows alone.
 * 2. MUST ask nothing of an account for what is shown to every name.
 */

#include "scene.h"

#include "cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct offer_question scene_place(const struct attempt *a) {
        return (struct offer_question) {
                .config = &a->h->config, .own = &a->h->own, .place = a->place, .source = a->source,
                .after_key = a->after_key, .by_root = helper_asked_by_root(a->h),
        };
}

static int scene_complain(struct directory *d, int r, char complaint[static CONFIG_COMPLAINT_MAX]) {
        (void) snprintf(complaint, CONFIG_COMPLAINT_MAX, "care directory: %s", directory_complaint(d));
        return r < 0 ? r : -EUCLEAN;
}

int scene_find(const struct attempt *a, struct directory *d, int64_t now, struct scene *ret, char complaint[static CONFIG_COMPLAINT_MAX]) {
        const int r = directory_scene(d, now, &ret->directory);

        if (r != DIRECTORY_OK)
                return scene_complain(d, r, complaint);
        ret->ways = (struct ways_scene) {
                .offer = scene_place(a), .service = a->service, .today = ret->directory.today,
                .outage = ret->directory.outage, .exemptions = ret->directory.exemptions,
        };
        return 0;
}

bool scene_offers(const struct scene *scene, enum way way) {
        const struct ways offered = ways_offered(&scene->ways);
        const struct ways_said *const said = ways_find(&offered, way);

        return said && ways_is_allowed(said->why);
}

int scene_decide(const struct attempt *a, struct directory *d, const struct scene *scene, int64_t now, struct ways *ret,
                 char complaint[static CONFIG_COMPLAINT_MAX]) {
        const char *names[DIRECTORY_ROLES_MAX];
        struct directory_roles roles = { .n = 0 };
        struct ways_account account = { .kind = a->record.kind, .roles = names };
        struct credential_facts facts;
        int r;

        r = directory_roles(d, a->record.id, now, &roles);
        if (r == DIRECTORY_OK)
                r = credential_facts(d, a->record.id, now, &facts);
        if (r != DIRECTORY_OK)
                return scene_complain(d, r, complaint);
        for (size_t i = 0; i < roles.n; i++)
                names[i] = roles.name[i];
        account.n_roles = roles.n;
        account.exempt = facts.exempt;
        /* What was proven is had: a code that was good once may be gone by now. */
        account.has = ways_factors_had(&a->h->config, &a->record, &facts) | way_factors(a->ways[a->at_way]);
        *ret = ways_decide(&scene->ways, &account);
        return 0;
}

void scene_of_clients(const struct helper *h, const struct directory_account *account, struct decision_facts *facts) {
        facts->clients_off = facts->known && strcmp(account->kind, "client") == 0 && !h->config.clients_log_in;
}

int scene_judge(const struct attempt *a, struct directory *d, int64_t now, struct decision_facts *facts,
                char complaint[static CONFIG_COMPLAINT_MAX]) {
        const struct ways_said *said;
        struct scene scene;
        struct ways ways;
        int r;

        facts->way_closed = true;
        scene_of_clients(a->h, &a->record, facts);
        r = scene_find(a, d, now, &scene, complaint);
        if (r == 0)
                r = scene_decide(a, d, &scene, now, &ways, complaint);
        if (r < 0)
                return r;
        said = ways_find(&ways, a->ways[a->at_way]);
        facts->way_closed = !(said && ways_is_allowed(said->why));
        return 0;
}
