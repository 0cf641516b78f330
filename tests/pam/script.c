/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * script.c - the conversation scripts of tests/pam/scripts, read
 */

#include "script.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

static const struct {
        const char  *name;
        enum section section;
} sections[] = {
        { "[options]", SECTION_OPTIONS }, { "[login]", SECTION_LOGIN }, { "[helper]", SECTION_HELPER },
        { "[dialog]",  SECTION_DIALOG  }, { "[run]",   SECTION_RUN   }, { "[log]",    SECTION_LOG    },
};

static char *trimmed(char *s) {
        size_t n;

        s += strspn(s, " \t");
        for (n = strlen(s); n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'); n--)
                ;
        s[n] = '\0';
        return s;
}

static enum section section_of(const char *line) {
        for (size_t i = 0; i < N_ELEMENTS(sections); i++)
                if (strcmp(line, sections[i].name) == 0)
                        return sections[i].section;
        return SECTION_NONE;
}

bool script_read(struct script *s, const char *path) {
        enum section section = SECTION_NONE;
        unsigned number = 0;
        FILE *f = fopen(path, "re");
        size_t n = f ? fread(s->text, 1, sizeof s->text - 1, f) : 0;

        if (f)
                (void) fclose(f);
        if (n == 0 || n == sizeof s->text - 1) {
                fprintf(stderr, "%s: cannot be read, or is too long\n", path);
                return false;
        }
        s->text[n] = '\0';
        s->n_lines = 0;
        for (char *at = s->text, *next; at; at = next) {
                char *line, *equals;

                next = strchr(at, '\n');
                if (next)
                        *next++ = '\0';
                number++;
                line = trimmed(at);
                if (*line == '\0' || *line == '#')
                        continue;
                if (*line == '[') {
                        section = section_of(line);
                        if (section == SECTION_NONE) {
                                fprintf(stderr, "%s:%u: no such section: %s\n", path, number, line);
                                return false;
                        }
                        continue;
                }
                if (section == SECTION_NONE || s->n_lines == SCRIPT_LINES_MAX) {
                        fprintf(stderr, "%s:%u: a line without a section, or too many lines\n", path, number);
                        return false;
                }
                equals = section == SECTION_HELPER || section == SECTION_LOG ? NULL : strchr(line, '=');
                if (equals)
                        *equals++ = '\0';
                s->lines[s->n_lines++] = (struct script_line) {
                        .section = section, .number = number,
                        .key = trimmed(line), .value = equals ? trimmed(equals) : line + strlen(line),
                };
        }
        return true;
}

const struct script_line *script_next(const struct script *s, enum section section, size_t *at) {
        while (*at < s->n_lines) {
                const struct script_line *line = &s->lines[(*at)++];

                if (line->section == section)
                        return line;
        }
        return NULL;
}

const char *script_value(const struct script *s, enum section section, const char *key, const char *preset) {
        const struct script_line *line;
        size_t at = 0;

        while ((line = script_next(s, section, &at)))
                if (strcmp(line->key, key) == 0)
                        return line->value;
        return preset;
}

size_t script_count(const struct script *s, enum section section) {
        size_t at = 0, n = 0;

        while (script_next(s, section, &at))
                n++;
        return n;
}
