/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * language.h - in which language careid speaks, and what is left of the environment
 */

/*
 * Take the language from LANGUAGE, LC_ALL, LC_MESSAGES and LANG as gettext(3)
 * would, and the width from COLUMNS; then empty the environment: no library below is told where to find
 * files, plugins or catalogues.  Text is UTF-8 in any case, so that no table
 * depends on which locales a host has generated.
 */
void language_init(void);

/* Another language from now on ("sv", "da", "en"), for what somebody else is to read. */
void language_speak(const char *language);
