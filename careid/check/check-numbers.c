/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-numbers.c - does anybody else on this host give out the numbers of careid?
 */

#include "check.h"

#include "cleanup.h"
#include "i18n.h"
#include "snapshot-format.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

enum { LOGIN_TIMEOUT_DEFAULT = 60 };

/* A number of login.defs: the first mention counts.  Hexadecimal and octal are not looked at. */
static bool defs_number(const struct check_file *f, const char *name, uint32_t *ret) {
        struct scan file = scan_bytes(f->text, f->n), line;

        while (words_line(&file, &line)) {
                const char *word, *value;
                size_t n, n_value;
                struct scan s;

                if (!words_next(&line, &word, &n) || !words_same(word, n, name) ||
                    !words_next(&line, &value, &n_value))
                        continue;
                s = scan_bytes(value, n_value);
                return scan_u32(&s, UINT32_MAX, ret) && scan_at_end(&s);
        }
        return false;
}

void check_login_defs(struct check *c, const struct check_file *f) {
        static const struct {
                const char *min, *max;
                uint32_t    min_default, max_default;
        } ranges[] = {
                { "UID_MIN",     "UID_MAX",     1000,   60000 },
                { "GID_MIN",     "GID_MAX",     1000,   60000 },
                { "SUB_UID_MIN", "SUB_UID_MAX", 100000, 600100000 },
                { "SUB_GID_MIN", "SUB_GID_MAX", 100000, 600100000 },
        };
        bool wrong = false;

        if (!f->text)
                return;
        for (size_t i = 0; i < N_ELEMENTS(ranges); i++) {
                uint32_t min = ranges[i].min_default, max = ranges[i].max_default;

                (void) defs_number(f, ranges[i].min, &min);
                (void) defs_number(f, ranges[i].max, &max);
                if (min <= SNAPSHOT_ID_MAX && max >= SNAPSHOT_ID_MIN) {
                        wrong = true;
                        check_say(c, CHECK_WRONG, "ids-login-defs",
                                  _("%s: %s to %s overlaps careid's numbers, %" PRIu32 " to %" PRIu32), f->name,
                                  ranges[i].min, ranges[i].max, SNAPSHOT_ID_MIN, SNAPSHOT_ID_MAX);
                }
        }
        if (!wrong)
                check_say(c, CHECK_OK, "ids-login-defs",
                          _("%s leaves careid's numbers, %" PRIu32 " to %" PRIu32 ", alone"), f->name,
                          SNAPSHOT_ID_MIN, SNAPSHOT_ID_MAX);
}

/* line = name ":" first ":" count */
static bool subordinate_overlaps(const struct scan *line) {
        struct scan s = *line;
        uint64_t first, count;
        const char *colon = memchr(s.at, ':', scan_left(&s));

        if (!colon)
                return false;
        s.at = colon + 1;
        if (!scan_u64(&s, UINT32_MAX, &first) || !scan_char(&s, ':') || !scan_u64(&s, UINT32_MAX, &count))
                return false;
        return count > 0 && first <= SNAPSHOT_ID_MAX && first + count > SNAPSHOT_ID_MIN;
}

void check_subordinate(struct check *c, const char *word, const struct check_file *f) {
        struct scan file, line;

        if (!f->text)
                return;
        file = scan_bytes(f->text, f->n);
        while (words_line(&file, &line))
                if (subordinate_overlaps(&line)) {
                        check_say(c, CHECK_WRONG, word,
                                  _("%s gives away some of careid's numbers, %" PRIu32 " to %" PRIu32
                                    ": containers could pass for people"),
                                  f->name, SNAPSHOT_ID_MIN, SNAPSHOT_ID_MAX);
                        return;
                }
        check_say(c, CHECK_OK, word, _("%s leaves careid's numbers alone"), f->name);
}

/* line = name ":" anything ":" number ":" ... */
static bool local_read(const struct scan *line, char ret_name[static SNAPSHOT_NAME_MAX + 1], uint32_t *ret_number) {
        const char *const first = memchr(line->at, ':', scan_left(line));
        const char *const second = first ? memchr(first + 1, ':', (size_t) (line->end - first - 1)) : NULL;
        struct scan s;

        if (!second || first == line->at || first - line->at > SNAPSHOT_NAME_MAX)
                return false;
        s = scan_bytes(second + 1, (size_t) (line->end - second - 1));
        if (!scan_u32(&s, UINT32_MAX, ret_number))
                return false;
        memcpy(ret_name, line->at, (size_t) (first - line->at));
        ret_name[first - line->at] = '\0';
        return true;
}

void check_local(struct check *c, const char *word, const struct check_file *f,
                 bool (*is_ours)(const void *about, const char *name), const void *about) {
        char name[SNAPSHOT_NAME_MAX + 1];
        struct scan file, line;
        uint32_t number;

        if (!f->text)
                return;
        file = scan_bytes(f->text, f->n);
        while (words_line(&file, &line)) {
                if (!local_read(&line, name, &number))
                        continue;
                if (snapshot_id_is_ours(number)) {
                        check_say(c, CHECK_WRONG, word, _("%s gives %s the number %" PRIu32 ", which is careid's to give"),
                                  f->name, name, number);
                        return;
                }
                if (is_ours(about, name)) {
                        check_say(c, CHECK_WRONG, word,
                                  _("%s has a line of its own for %s, which careid has, too: the host's comes first; "
                                    "rename or remove that one"),
                                  f->name, name);
                        return;
                }
        }
        check_say(c, CHECK_OK, word, _("%s leaves careid's names and numbers alone"), f->name);
}

void check_login_timeout(struct check *c, const struct check_file *f, const struct check_stack *stack) {
        const uint32_t timeout = eid_options_seconds(&stack->options, SERVICE_CONSOLE);
        uint32_t limit = LOGIN_TIMEOUT_DEFAULT;

        if (!stack->auth)
                return;
        if (f->text)
                (void) defs_number(f, "LOGIN_TIMEOUT", &limit);
        if (limit != 0 && limit <= timeout)
                check_say(c, CHECK_WRONG, "login-timeout",
                          _("LOGIN_TIMEOUT in %s is %" PRIu32 " s, and pam_eid may take %" PRIu32
                            " s: raise the one or lower timeout="),
                          f->name, limit, timeout);
        else
                check_say(c, CHECK_OK, "login-timeout", _("login leaves pam_eid the time it needs"));
}
