/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * fake-helper.h - plays the helper's part of a script
 *
 *     hear KIND [FIELD=VALUE | -FIELD]...   the module says this; -FIELD: and not that
 *     hear gone                             the module has closed the connection
 *     say KIND [FIELD=VALUE | -FIELD]...    fields that a kind must have are filled in unless -FIELD
 *     say bytes HEX...                      exactly these
 *     say noise COUNT                       that many bytes of rubbish
 *     flood KIND [FIELD=VALUE | -FIELD]...  the same without end, until the module hangs up; it has to
 *     close
 *     stay                                  the next question comes in this conversation
 *
 * A "hear" of a first message (VERIFY, ACCOUNT, OPEN, CLOSE) begins a new
 * conversation, but after "stay".  Complaints go to the file "helper.out", how far the part has
 * been played to "helper.step".  The encoder is its own, so that it can say
 * what common/wire.c would refuse to.
 */

#include "script.h"

/* Play one conversation on @fd, and close it. */
void fake_helper_play(const struct script *s, int fd);

/* How many lines of [helper] have been played. */
size_t fake_helper_step(void);

__attribute__((__format__(printf, 1, 2)))
void fake_helper_complain(const char *format, ...);
