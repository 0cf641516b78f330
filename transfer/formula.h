/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * formula.h - values that a spreadsheet would not show, but carry out
 *
 * Programs that open a table of text take a cell that begins with = + - @, a
 * tabulator or a carriage return for a formula, and what stands in this
 * directory was written by many.  An apostrophe before it makes it text.
 *
 *     guarded = value with one more ' before each formula
 *     formula = *"'" ( "=" / "+" / "-" / "@" / TAB / CR ), at the beginning of the value, or after one of , ; TAB CR LF,
 *               where a program that knows of other separators begins a new cell
 *
 * Reading takes that apostrophe away again, so that every value comes back as
 * it was; and one that a person wrote without any is taken as it stands.
 */

#include <stdbool.h>
#include <stddef.h>

bool formula_is_in(const char *text);

/* @ret has room for 2 * strlen(text) + 1 bytes. */
void formula_guard(const char *text, char *ret);

/* In its place.  Returns how many bytes are left. */
size_t formula_unguard(char *text);
