/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * words.h - what a message says where it shows no code: the rows without a screen
 */

#include "talk.h"

/* How large a code is drawn that is to be @larger: twice, as far as one message has room for it and for words. */
unsigned words_scale(const struct draw_code *code, bool larger);

/* Everything in words, into talk->drawing: before the order (@first), and while there is no code to scan. */
void words_draw(const struct talk *talk, const struct draw_texts *texts, bool first);
