/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * field.c - is this a value for that field?
 *
 * A value that is wrong is not repeated in the complaint: it may be anything,
 * a password that was typed into the wrong place included.
 */

#include "field.h"

#include "i18n.h"
#include "scan.h"
#include "snapshot-format.h"
#include "utf8.h"

#include <string.h>

static int invalid(struct directory *d, const char *field, const char *right) {
        return directory_fail(d, DIRECTORY_E_INVALID, "%s: %s", field, right);
}

int field_title(struct directory *d, const char *field, const char *value) {
        const size_t n = value ? strnlen(value, DIRECTORY_TITLE_MAX + 1) : 0;

        if (n == 0)
                return invalid(d, field, _("is missing"));
        if (n > DIRECTORY_TITLE_MAX || !utf8_is_clean(value, n, UTF8_ONE_LINE) ||
            utf8_length(value, strlen(value)) > FIELD_TITLE_CHARS)
                return invalid(d, field, _("is to be one line of text, 80 characters at most"));
        if (value[0] == ' ' || value[n - 1] == ' ')
                return invalid(d, field, _("begins or ends with a blank"));
        return DIRECTORY_OK;
}

int field_reason(struct directory *d, const char *reason) {
        const size_t n = utf8_length(reason, strlen(reason));

        if (n == 0 || n > FIELD_REASON_CHARS || !utf8_is_clean(reason, strlen(reason), UTF8_ONE_LINE))
                return directory_fail(d, DIRECTORY_E_INVALID, _("reason: is to be one line of text, 200 characters at most"));
        return DIRECTORY_OK;
}

int field_line(struct directory *d, const char *field, const char *value, size_t max) {
        const size_t n = value ? strlen(value) : 0;

        if (n == 0)
                return invalid(d, field, _("is missing"));
        if (!utf8_is_clean(value, n, UTF8_ONE_LINE) || utf8_length(value, n) > max)
                return directory_fail(d, DIRECTORY_E_INVALID, _("%s: is to be one line of text, %zu characters at most"), field, max);
        return DIRECTORY_OK;
}

int field_name(struct directory *d, const char *field, const char *value, bool hyphen) {
        const char *const right = hyphen ? _("is to be 1 to 16 of a-z, 0-9 and -, a letter first")
                                         : _("is to be 1 to 16 of a-z and 0-9, a letter first");

        if (!value || !*value)
                return invalid(d, field, _("is missing"));
        if (strnlen(value, FIELD_NAME_MAX + 1) > FIELD_NAME_MAX || !ascii_is_lower(value[0]))
                return invalid(d, field, right);
        for (const char *s = value; *s; s++)
                if (!ascii_is_lower(*s) && !ascii_is_digit(*s) && !(hyphen && *s == '-'))
                        return invalid(d, field, right);
        return DIRECTORY_OK;
}

int field_account(struct directory *d, const char *field, const char *value) {
        const char *const right = _("is to be 1 to 32 of a-z, 0-9, _ . and -, a letter or _ first");

        if (!value || !*value)
                return invalid(d, field, _("is missing"));
        if (strnlen(value, FIELD_ACCOUNT_MAX + 1) > FIELD_ACCOUNT_MAX ||
            (!ascii_is_lower(value[0]) && value[0] != '_'))
                return invalid(d, field, right);
        for (const char *s = value; *s; s++)
                if (!ascii_is_lower(*s) && !ascii_is_digit(*s) && !strchr("_.-", *s))
                        return invalid(d, field, right);
        return DIRECTORY_OK;
}

int field_choice(struct directory *d, const char *field, const char *value, const char *choices) {
        const size_t n = value ? strlen(value) : 0;

        for (const char *at = choices; n > 0 && *at;) {
                const size_t n_word = strcspn(at, " ");

                if (n_word == n && memcmp(at, value, n) == 0)
                        return DIRECTORY_OK;
                at += n_word + (at[n_word] == ' ');
        }
        return directory_fail(d, DIRECTORY_E_INVALID, _("%s: is to be one of: %s"), field, choices);
}

int field_path(struct directory *d, const char *field, const char *value) {
        const size_t n = value ? strnlen(value, FIELD_PATH_MAX + 1) : 0;

        if (n == 0)
                return invalid(d, field, _("is missing"));
        if (n > FIELD_PATH_MAX || !snapshot_path_is_valid(value, n) || strchr(value, '%'))
                return invalid(
                        d, field,
                        _("is to be an absolute path of at most 255 ASCII characters, without blank, : and %"));
        if (n > 1 && value[n - 1] == '/')
                return invalid(d, field, _("ends with a slash"));
        if (strstr(value, "//") || strstr(value, "/./") || strstr(value, "/../") ||
            (n >= 2 && strcmp(value + n - 2, "/.") == 0) || (n >= 3 && strcmp(value + n - 3, "/..") == 0))
                return invalid(d, field, _("is to be a path without \"//\", \".\" and \"..\""));
        return DIRECTORY_OK;
}

int field_home(struct directory *d, const char *field, const char *value) {
        const int r = field_path(d, field, value);

        if (r == DIRECTORY_OK && !snapshot_home_is_valid(value, strlen(value)))
                return invalid(d, field,
                               _("is to be below /home, /srv, /mnt, /data, /export or /nfs, and no part of it "
                                 "begins with a dot"));
        return r;
}

int field_word(struct directory *d, const char *field, const char *value) {
        const size_t n = value ? strnlen(value, FIELD_WORD_MAX + 1) : 0;

        if (n == 0)
                return invalid(d, field, _("is missing"));
        if (n > FIELD_WORD_MAX || !utf8_is_clean(value, n, UTF8_ONE_LINE))
                return invalid(d, field, _("is to be one line of at most 64 bytes"));
        return DIRECTORY_OK;
}
