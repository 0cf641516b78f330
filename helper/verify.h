/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * verify.h - is the person who owns this account here and willing?
 */

#include "helper.h"
#include "wire.h"

/* Hold a VERIFY from after its first message to its VERDICT. */
void verify_run(struct helper *h, const struct wire_message *request);

/*
 * The same for an act of the care directory, in the half that verifies
 * (approval.h): @request is what the other half made, PROGRAM the words of the
 * command.  The caller is told all of it but the act.  @settled is called when
 * the caller has the VERDICT, while what was proven is still there; not at all
 * where the caller has gone before the introduction.
 */
struct attempt;
struct outcome;
void verify_act(struct helper *h, const struct wire_message *request, void (*settled)(const struct attempt *a, const struct outcome *o));

/* The answer to one who may not ask, or (@crowded) asks too much at once. */
void verify_refuse(struct helper *h, bool crowded);
