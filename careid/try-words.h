/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * try-words.h - how careid try says what the helper would decide
 */

#include "foresee.h"

struct try_said {
        const char *word;               /* of careid-try(8); table.c has the sentence for people  */
        const char *section, *option;   /* of careid.conf, that decides it; NULL: none does       */
};

struct try_said try_say_offer(enum offer offer);
struct try_said try_say_way(const struct ways_said *said);
struct try_said try_say_why(enum decision_why why);

/* Of ->end REFUSED and NOBODY the reason is said. */
struct try_said try_say_end(const struct foreseen *f);

/* "let-in", "refused" or "not-asked". */
const char *try_answer(enum foreseen_end end);
