/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * script.h - the conversation scripts of tests/pam/scripts, read
 *
 *     # comment
 *     [section]
 *         KEY = VALUE
 *
 * README in that folder says what the sections mean.
 */

#include <stdbool.h>
#include <stddef.h>

enum {
        SCRIPT_BYTES_MAX = 65536,
        SCRIPT_LINES_MAX = 256,
};

enum section { SECTION_NONE, SECTION_OPTIONS, SECTION_LOGIN, SECTION_HELPER, SECTION_DIALOG, SECTION_RUN, SECTION_LOG };

struct script_line {
        enum section section;
        unsigned     number;            /* in the file                                                   */
        char        *key;               /* before " = "; the whole line in [helper] and [log]            */
        char        *value;             /* after it, or ""                                               */
};

struct script {
        char               text[SCRIPT_BYTES_MAX];
        size_t             n_lines;
        struct script_line lines[SCRIPT_LINES_MAX];
};

/* Read the file, or say why not on stderr and return false. */
bool script_read(struct script *s, const char *path);

/* The value of @key in @section, or @preset. */
const char *script_value(const struct script *s, enum section section, const char *key, const char *preset);

/* The next line of @section at or after *@at, or NULL; *@at is then past it. */
const struct script_line *script_next(const struct script *s, enum section section, size_t *at);
size_t script_count(const struct script *s, enum section section);
