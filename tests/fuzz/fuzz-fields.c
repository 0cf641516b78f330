/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-fields.c - what the care directory takes for a title, a name, a path or a day is what passwd(5), group(5) and a
 * line of a log can hold, and a day is all of it and nothing else
 *
 *     input = text NUL text       the second one is a date, if the first one is a time zone
 */

#include "day.h"
#include "field.h"

#include "utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { TEXT_MAX = 1000, HOUR = 3600 };

static bool is_made_of(const char *s, const char *bytes) {
        return strspn(s, bytes) == strlen(s);
}

static void check_refused(const struct directory *d, int r) {
        assert(r == DIRECTORY_OK || (r == DIRECTORY_E_INVALID && *d->complaint));
        assert(utf8_is_clean(d->complaint, strlen(d->complaint), UTF8_ONE_LINE));
}

static void check_path(struct directory *d, const char *s, int r) {
        check_refused(d, r);
        if (r == DIRECTORY_OK)
                assert(*s == '/' && strlen(s) <= FIELD_PATH_MAX && !strpbrk(s, ":\n") && !strstr(s, "//") && !strstr(s, "/../") &&
                       utf8_is_clean(s, strlen(s), UTF8_ONE_LINE));
}

static void check_fields(struct directory *d, const char *s) {
        static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
        const size_t n = strlen(s);
        int r;

        r = field_title(d, "title", s);
        check_refused(d, r);
        if (r == DIRECTORY_OK)
                assert(n > 0 && n <= DIRECTORY_TITLE_MAX && *s != ' ' && s[n - 1] != ' ' && utf8_is_clean(s, n, UTF8_ONE_LINE));
        for (int hyphen = 0; hyphen < 2; hyphen++) {
                r = field_name(d, "name", s, hyphen);
                check_refused(d, r);
                if (r == DIRECTORY_OK)
                        assert(n > 0 && n <= FIELD_NAME_MAX && *s >= 'a' && *s <= 'z' && is_made_of(s, lower) && !strpbrk(s, "_.") &&
                               (hyphen || !strchr(s, '-')));
        }
        r = field_account(d, "account", s);
        check_refused(d, r);
        if (r == DIRECTORY_OK)
                assert(n > 0 && n <= FIELD_ACCOUNT_MAX && is_made_of(s, lower) && !strchr("0123456789-.", *s));
        r = field_word(d, "word", s);
        check_refused(d, r);
        if (r == DIRECTORY_OK)
                assert(n > 0 && n <= FIELD_WORD_MAX && utf8_is_clean(s, n, UTF8_ONE_LINE));
        r = field_choice(d, "kind", s, "staff client relative external");
        check_refused(d, r);
        if (r == DIRECTORY_OK)
                assert(strcmp(s, "staff") == 0 || strcmp(s, "client") == 0 || strcmp(s, "relative") == 0 || strcmp(s, "external") == 0);
        check_path(d, s, field_path(d, "shell", s));
        check_path(d, s, field_home(d, "home", s));
}

static void check_day(const char *zone, const char *date) {
        int64_t begin, end;
        char day[DAY_TEXT + 1];

        if (day_bounds(zone, date, &begin, &end) < 0)
                return;
        assert(day_has_zone(zone) && strlen(date) == DAY_TEXT);
        assert(end > begin && end - begin >= 20 * HOUR && end - begin <= 49 * HOUR);
        assert(day_of(zone, begin, day) == 0 && strcmp(day, date) == 0);
        assert(day_of(zone, begin - 1, day) == 0 && strcmp(day, date) < 0);
        assert(day_of(zone, end, day) == 0 && strcmp(day, date) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        static struct directory d;
        char text[TEXT_MAX + 1];
        const char *second;

        if (n > TEXT_MAX)
                return 0;
        memcpy(text, data, n);
        text[n] = '\0';
        check_fields(&d, text);
        second = text + strlen(text) + 1;
        if (second <= text + n)
                check_day(text, second);
        return 0;
}
