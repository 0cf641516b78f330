/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-ranges.c - do programs that make up uids and gids for domains make up careid's?
 *
 * sssd.conf(5), sssd-ad(5): ldap_idmap_range_min and _max of a domain, 200000
 * to 2000200000 unless said.  smb.conf(5), idmap_rid(8): "idmap config DOMAIN
 * : range = LOW - HIGH".  What they keep to by default is clear of ours.
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

static void range_say(struct check *c, const char *word, const struct check_file *f, bool overlaps) {
        if (overlaps)
                check_say(c, CHECK_WRONG, word,
                          _("%s makes up uids and gids among careid's numbers, %" PRIu32 " to %" PRIu32 ": one user could pass for another"),
                          f->name, SNAPSHOT_ID_MIN, SNAPSHOT_ID_MAX);
        else
                check_say(c, CHECK_OK, word, _("%s leaves careid's numbers alone"), f->name);
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

void check_sssd(struct check *c, const struct check_file *f) {
        uint64_t min = SSSD_MIN, max = SSSD_MAX;
        struct scan file, line, key, value;
        bool overlaps = false;

        if (!f->text)
                return;
        file = scan_bytes(f->text, f->n);
        while (words_line(&file, &line)) {
                if (*line.at == '[') {                  /* each domain has its own */
                        overlaps = overlaps || is_ours(min, max);
                        min = SSSD_MIN;
                        max = SSSD_MAX;
                } else if (setting_read(&line, &key, &value)) {
                        if (words_same(key.at, scan_left(&key), "ldap_idmap_range_min"))
                                (void) scan_u64(&value, UINT32_MAX, &min);
                        else if (words_same(key.at, scan_left(&key), "ldap_idmap_range_max"))
                                (void) scan_u64(&value, UINT32_MAX, &max);
                }
        }
        range_say(c, "ids-sssd", f, overlaps || is_ours(min, max));
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
        return scan_u64(&value, UINT32_MAX, ret_max);
}

void check_samba(struct check *c, const struct check_file *f) {
        struct scan file, line, key, value;
        bool overlaps = false;
        uint64_t min, max;

        if (!f->text)
                return;
        file = scan_bytes(f->text, f->n);
        while (words_line(&file, &line))
                if (setting_read(&line, &key, &value) && is_range(key) && range_read(value, &min, &max))
                        overlaps = overlaps || is_ours(min, max);
        range_say(c, "ids-samba", f, overlaps);
}
