/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-ranges.c - do programs that make up uids and gids for domains make up careid's?
 *
 * sssd.conf(5), sssd-ad(5): ldap_idmap_range_min and _max of a domain, 200000
 * to 2000200000 unless said; files of conf.d count as well.
 * smb.conf(5), idmap_rid(8): "idmap config DOMAIN : range = LOW - HIGH";
 * "include" and "config backend = registry" say more elsewhere.  What they keep
 * to by default is clear of ours.
 */

#include "check.h"

#include "cleanup.h"
#include "i18n.h"
#include "snapshot-format.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { SSSD_MIN = 200000, SSSD_MAX = 2000200000 };

/* What was found: the first file of each sort, NULL: none. */
struct ranges {
        const struct check_file *seen, *overlapping, *unclear;
};

static void range_say(struct check *c, const char *word, const struct ranges *r) {
        if (r->overlapping)
                check_say(c, CHECK_WRONG, word,
                          _("%s makes up uids and gids among careid's numbers, %" PRIu32 " to %" PRIu32 ": one user could pass for another"),
                          r->overlapping->name, SNAPSHOT_ID_MIN, SNAPSHOT_ID_MAX);
        else if (r->unclear)
                check_say(c, CHECK_WARN, word,
                          _("%s says more of uids and gids than can be read here; see yourself that nothing there is from %" PRIu32 " to %" PRIu32),
                          r->unclear->name, SNAPSHOT_ID_MIN, SNAPSHOT_ID_MAX);
        else if (r->seen)
                check_say(c, CHECK_OK, word, _("%s leaves careid's numbers alone"), r->seen->name);
}

static void note(const struct check_file **which, const struct check_file *f) {
        if (!*which)
                *which = f;
}

static bool is_ours(uint64_t min, uint64_t max) {
        return min <= SNAPSHOT_ID_MAX && max >= SNAPSHOT_ID_MIN;
}

static void skip_blanks(struct scan *s) {
        while (scan_char(s, ' ') || scan_char(s, '\t'))
                ;
}

/* "KEY = VALUE": both without blanks around them; false: it is no such line. */
static bool setting_read(const struct scan *line, struct scan *ret_key, struct scan *ret_value) {
        const char *const equals = memchr(line->at, '=', scan_left(line));
        const char *end = equals;

        if (!equals)
                return false;
        while (end > line->at && (end[-1] == ' ' || end[-1] == '\t'))
                end--;
        *ret_key = scan_bytes(line->at, (size_t) (end - line->at));
        *ret_value = scan_bytes(equals + 1, (size_t) (line->end - equals - 1));
        skip_blanks(ret_value);
        return true;
}

/* -- sssd ---------------------------------------------------------------------------------------------- */

/* A number, and nothing else. */
static bool number_read(struct scan value, uint64_t *ret) {
        if (!scan_u64(&value, UINT32_MAX, ret))
                return false;
        skip_blanks(&value);
        return scan_at_end(&value);
}

static void sssd_file(const struct check_file *f, struct ranges *r) {
        uint64_t min = SSSD_MIN, max = SSSD_MAX;
        struct scan file = scan_bytes(f->text, f->n), line, key, value;
        bool clear = true;

        while (words_line(&file, &line)) {
                if (*line.at == '[') {                  /* each domain has its own */
                        if (is_ours(min, max))
                                note(&r->overlapping, f);
                        min = SSSD_MIN;
                        max = SSSD_MAX;
                } else if (setting_read(&line, &key, &value)) {
                        if (words_same(key.at, scan_left(&key), "ldap_idmap_range_min"))
                                clear = number_read(value, &min) && clear;
                        else if (words_same(key.at, scan_left(&key), "ldap_idmap_range_max"))
                                clear = number_read(value, &max) && clear;
                }
        }
        if (is_ours(min, max))
                note(&r->overlapping, f);
        if (!clear)
                note(&r->unclear, f);
}

void check_sssd(struct check *c, const struct check_file *files, size_t n) {
        struct ranges r = { .seen = NULL };

        for (size_t i = 0; i < n; i++) {
                if (files[i].text) {
                        note(&r.seen, &files[i]);
                        sssd_file(&files[i], &r);
                } else if (files[i].error) {
                        note(&r.unclear, &files[i]);
                }
        }
        if (n == CHECK_SSSD_MAX)                        /* there may be more */
                note(&r.unclear, &files[n - 1]);
        range_say(c, "ids-sssd", &r);
}

/* -- samba --------------------------------------------------------------------------------------------- */

/* "idmap config DOMAIN : range", with or without blanks around the colon. */
static bool is_range(struct scan key) {
        static const char range[] = "range";
        const size_t n_range = sizeof range - 1;
        const char *word;
        size_t n;

        if (!words_next(&key, &word, &n) || !words_same(word, n, "idmap") || !words_next(&key, &word, &n) || !words_same(word, n, "config"))
                return false;
        n = scan_left(&key);
        return n > n_range && strncasecmp(key.end - n_range, range, n_range) == 0 && strchr(": \t", key.end[-(ptrdiff_t) n_range - 1]);
}

static bool range_read(struct scan value, uint64_t *ret_min, uint64_t *ret_max) {
        if (!scan_u64(&value, UINT32_MAX, ret_min))
                return false;
        skip_blanks(&value);
        if (!scan_char(&value, '-'))
                return false;
        skip_blanks(&value);
        return number_read(value, ret_max);
}

/* "include = FILE", "config file = FILE", "config backend = registry". */
static bool is_elsewhere(struct scan key, struct scan value) {
        const char *word;
        size_t n;

        if (!words_next(&key, &word, &n))
                return false;
        if (words_same(word, n, "include"))
                return true;
        if (!words_same(word, n, "config") || !words_next(&key, &word, &n))
                return false;
        if (words_same(word, n, "file"))
                return true;
        return words_same(word, n, "backend") && words_next(&value, &word, &n) && words_same(word, n, "registry");
}

void check_samba(struct check *c, const struct check_file *f) {
        struct ranges r = { .seen = f->text ? f : NULL, .unclear = f->error ? f : NULL };
        struct scan file = scan_bytes(f->text ? f->text : "", f->text ? f->n : 0), line, key, value;
        uint64_t min, max;

        while (words_line(&file, &line)) {
                if (!setting_read(&line, &key, &value))
                        continue;
                if (is_elsewhere(key, value) || (is_range(key) && !range_read(value, &min, &max)))
                        note(&r.unclear, f);
                else if (is_range(key) && range_read(value, &min, &max) && is_ours(min, max))
                        note(&r.overlapping, f);
        }
        range_say(c, "ids-samba", &r);
}
