/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * mandate-needed.h - which mandates a command needs of whoever is not root
 *
 * Each act asks for what it touches (mandates.h), and can only do so once it
 * has looked that up.  So it is asked first, before anything is looked up,
 * whether the person could do any act of the command's anywhere: whoever could
 * not is told one thing, whatever there is and whatever state it is in.
 */

#include "arguments.h"
#include "mandates.h"

enum { MANDATE_NEEDED_TEXT_MAX = 256 };

/*
 * OUTCOME_DONE: one of the mandates that the command needs is held somewhere,
 * or it needs none (INVOKE_OWN), or it is a client's who acts for themselves.
 * OUTCOME_REFUSED, having said why: no, or no mandate is for this command.
 */
int mandate_needed_check(struct directory *d, const struct directory_act *act, const struct command *c);

/*
 * Is it to be approved afresh, with an e-ID, before it is done?  @every: all
 * that changes something, and reading the audit trail; otherwise only what
 * says who somebody is.  What is one's own, or shows who works at one's unit,
 * isn't, by what it is; helper/act.c looks at the options, too.
 */
bool mandate_needed_approval(const struct directory_act *act, const struct command *c, bool every);

/* Is there a command that needs a mandate to do @what? */
bool mandate_needed_by_any(enum mandate_act what);

/* For careid help, one line: what whoever is not root needs; "": it is root's alone. */
const char *mandate_needed_text(const struct command *c, char ret[static MANDATE_NEEDED_TEXT_MAX]);
