/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * i18n.h - marks for text that people read
 *
 * _() looks a text up in the domain "careid", in the language that the
 * program has set; where none is set it is the text itself, in English.
 * N_() only marks a text that is looked up later.  P_() is _() for a number.
 */

#include <libintl.h>

#define I18N_DOMAIN "careid"

#define _(text)            dgettext(I18N_DOMAIN, text)
#define N_(text)           (text)
#define P_(one, many, n)   dngettext(I18N_DOMAIN, one, many, (unsigned long) (n))
