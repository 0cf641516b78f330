/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * explain-reasons.h - what the files that explain have in common: an account, and reasons for and against one group
 */

#include "explain.h"
#include "gathered.h"
#include "memberships.h"

struct explain_holder {
        int64_t id;
        enum memberships_kind kind;
        bool    counts;                         /* neither archived nor dead                       */
        gid_t   primary;                        /* 0: the host's                                   */
};

/* Strongest first: room for EXPLAIN_REASONS_MAX, which whoever has the list brings along. */
struct explain_list {
        struct directory      *d;
        struct explain_reason *reason;
        size_t                 n;
};

/* One state of the directory for all that is asked of it: explain_end() returns @r. */
int explain_begin(struct directory *d);
int explain_end(struct directory *d, int r);

/* Who it is (NOT_FOUND with a complaint: nobody), and all that they have; gathered_done() whatever it returns. */
int explain_gather(struct directory *d, const char *account, int64_t now, struct explain_holder *ret_holder, struct gathered *ret);
enum reasons_of explain_reasons_of(const struct explain_holder *h);

/* At least one reason for or against @group; a group that there is not is one. */
int explain_collect(struct explain_list *l, const struct explain_holder *h, const struct gathered *g, const char *group, int64_t now);

/* What a reason says at @now of the groups that it gives, and the time that it says it of; and it in words. */
enum explain_cause explain_say(const struct reason *reason, int64_t now, int64_t *ret_from, int64_t *ret_until);
int explain_describe(struct directory *d, const struct reason *reason, struct explain_reason *ret);
