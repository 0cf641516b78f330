/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * memberships.c - which groups an account holds, and when
 *
 * An assignment gives the groups of its role, of its unit, of that role at
 * that unit, of the unit's organisation, and of the role's services; a grant
 * gives those of its client, alone and with each service that it opens; each
 * for as long as the assignment or grant counts (reasons.c).
 */

#include "memberships.h"

#include "i18n.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int memberships_kind_of(const char *word, enum memberships_kind *ret) {
        static const char *const words[] = {
                [MEMBERSHIPS_OF_STAFF] = "staff", [MEMBERSHIPS_OF_EXTERNAL] = "external",
                [MEMBERSHIPS_OF_RELATIVE] = "relative", [MEMBERSHIPS_OF_CLIENT] = "client",
        };

        for (size_t i = MEMBERSHIPS_OF_STAFF; i < N_ELEMENTS(words); i++)
                if (strcmp(words[i], word) == 0) {
                        *ret = (enum memberships_kind) i;
                        return 0;
                }
        return -EUCLEAN;
}

int memberships_open(struct directory *d, struct memberships *m) {
        return reasons_open(d, m->now, &m->reasons);
}

void memberships_done(struct memberships *m) {
        m->reasons = reasons_close(m->reasons);
        for (size_t i = 0; i < MEMBERSHIPS_LISTS; i++) {
                free(m->list[i].entry);
                m->list[i].entry = NULL;
        }
}

static int add(struct directory *d, struct memberships *m, enum memberships_which which,
               struct snapshot_timed entry) {
        const size_t n = m->list[which].n;

        if (n == MEMBERSHIPS_MAX)
                return directory_fail(d, -E2BIG, _("an account has more than %d memberships"), MEMBERSHIPS_MAX);
        if (n == m->list[which].n_room) {
                const size_t n_room = n ? n * 2 : 16;
                struct snapshot_timed *const more = realloc(m->list[which].entry, n_room * sizeof *more);

                if (!more)
                        return -ENOMEM;
                m->list[which].entry = more;
                m->list[which].n_room = n_room;
        }
        m->list[which].entry[n] = entry;
        m->list[which].n++;
        return 0;
}

/* Every group of the reason at every one of its times. */
static int add_reason(struct directory *d, struct memberships *m, const struct memberships_account *account,
                      const struct reason *reason) {
        const struct reason_group *group = NULL;
        size_t n = 0;
        int r;

        if (reason->n_times == 0)
                return DIRECTORY_OK;
        r = reasons_groups(m->reasons, reason, &group, &n);
        for (size_t i = 0; r == 0 && i < n; i++) {
                const bool apart = account->kind == MEMBERSHIPS_OF_STAFF && group[i].is_service;

                for (size_t t = 0; r == 0 && group[i].gid != account->primary && t < reason->n_times; t++)
                        r = add(d, m, apart ? MEMBERSHIPS_SERVICES : MEMBERSHIPS_MAIN, (struct snapshot_timed) {
                                .from = reason->time[t].from, .until = reason->time[t].until, .gid = group[i].gid,
                        });
        }
        return r;
}

static int compare(const void *a, const void *b) {
        const struct snapshot_timed *const x = a, *const y = b;

        if (x->gid != y->gid)
                return x->gid < y->gid ? -1 : 1;
        if (x->from != y->from)
                return x->from < y->from ? -1 : 1;
        return x->until < y->until ? -1 : x->until > y->until;
}

/* A role held at two units ends when the later one does. */
static size_t join(struct snapshot_timed *entry, size_t n) {
        size_t n_joined = 0;

        if (n > 0)
                qsort(entry, n, sizeof *entry, compare);
        for (size_t i = 0; i < n; i++) {
                struct snapshot_timed *const last = n_joined ? &entry[n_joined - 1] : NULL;

                if (!last || last->gid != entry[i].gid || entry[i].from > last->until)
                        entry[n_joined++] = entry[i];
                else if (entry[i].until > last->until)
                        last->until = entry[i].until;
        }
        return n_joined;
}

int memberships_of(struct directory *d, struct memberships *m, const struct memberships_account *account) {
        const bool by_grant = account->kind == MEMBERSHIPS_OF_RELATIVE || account->kind == MEMBERSHIPS_OF_CLIENT;
        struct reason reason;
        int r;

        for (size_t i = 0; i < MEMBERSHIPS_LISTS; i++)
                m->list[i].n = 0;

        r = reasons_begin(m->reasons, account->id, by_grant ? REASONS_GRANTS : REASONS_ASSIGNMENTS);
        while (r == DIRECTORY_OK) {
                r = reasons_next(m->reasons, &reason);
                if (r == DIRECTORY_OK)
                        r = add_reason(d, m, account, &reason);
        }
        if (r != DIRECTORY_E_NOT_FOUND)
                return r;
        for (size_t i = 0; i < MEMBERSHIPS_LISTS; i++)
                m->list[i].n = join(m->list[i].entry, m->list[i].n);
        return DIRECTORY_OK;
}
