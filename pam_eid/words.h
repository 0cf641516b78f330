/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * words.h - what a message says where it shows no code: the rows without a screen
 */

#include "talk.h"

/* Everything in words, into talk->drawing: before the order (@first), and while there is no code to scan. */
void words_draw(const struct talk *talk, const struct draw_texts *texts, bool first);
