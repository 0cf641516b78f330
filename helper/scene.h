/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * scene.h - the questions of policy/ways.h, with what this helper knows
 */

#include "attempt.h"
#include "ways.h"

/* What is the same for every name.  It points into itself: not to be copied. */
struct scene {
        struct ways_scene      ways;
        struct directory_scene directory;
};

/* Where the attempt comes from, and by whom that is said. */
struct offer_question scene_place(const struct attempt *a);

/* 0; or a negative errno with a sentence in @complaint. */
int scene_find(const struct attempt *a, struct directory *d, int64_t now, struct scene *ret, char complaint[static CONFIG_COMPLAINT_MAX]);

/* Is @way shown to everybody there? */
bool scene_offers(const struct scene *scene, enum way way);

/* In which ways the account @record may log in there.  As scene_find(). */
int scene_decide(const struct attempt *a, struct directory *d, const struct scene *scene, int64_t now, struct ways *ret,
                 char complaint[static CONFIG_COMPLAINT_MAX]);

/* After the proof: is the way that was taken open to the account @a->record?  Into facts->way_closed and clients_off. */
int scene_judge(const struct attempt *a, struct directory *d, int64_t now, struct decision_facts *facts,
                char complaint[static CONFIG_COMPLAINT_MAX]);

/* facts->clients_off alone: of who has come in by no way of ours. */
void scene_of_clients(const struct helper *h, const struct directory_account *account, struct decision_facts *facts);
