/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-nosuid.c - where could a group be kept beyond its time?
 *
 *     mount   = id parent device root place options *field "-" type source super-options     ; proc_pid_mountinfo(5)
 *     place   = *( byte / "\" 3( 0-7 ) )                                                     ; a blank is \040
 *
 * Whoever has a group for a time can give a program of theirs that group and
 * the setgid bit, and run it when the time is over.  Where a file system is
 * mounted nosuid, noexec or ro, that comes to nothing.  So these are looked at:
 * the places that everybody can write to, where homes are made, and whatever
 * is mounted where people have their data.
 */

#include "check.h"

#include "i18n.h"
#include "snapshot-format.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

enum { PLACE_SIZE = SNAPSHOT_PATH_MAX + 1, HOME_PLACE = 0 };

struct mount {
        char place[PLACE_SIZE];                 /* unescaped; one that is longer is cut: then it is named as far as that */
        bool keeps;                             /* a setgid bit counts there, and somebody could write it */
        bool is_trap;                           /* autofs: what will be mounted is not there yet  */
};

static bool is_octal(char c) {
        return c >= '0' && c <= '7';
}

static void unescape(const char *word, size_t n, char ret[static PLACE_SIZE]) {
        size_t k = 0;

        for (size_t i = 0; i < n && k + 1 < PLACE_SIZE; i++, k++) {
                if (word[i] == '\\' && n - i > 3 && is_octal(word[i + 1]) && is_octal(word[i + 2]) && is_octal(word[i + 3])) {
                        ret[k] = (char) (((word[i + 1] - '0') << 6 | (word[i + 2] - '0') << 3 | (word[i + 3] - '0')) & 0xff);
                        i += 3;
                } else
                        ret[k] = word[i];
                /* People read it. */
                if (ret[k] <= ' ' || ret[k] > '~')
                        ret[k] = '?';
        }
        ret[k] = '\0';
}

/* Is @option one of the words between commas? */
static bool has(const char *options, size_t n, const char *option) {
        const size_t n_option = strlen(option);

        for (const char *at = options, *end = options + n; at < end;) {
                const char *const comma = memchr(at, ',', (size_t) (end - at));
                const size_t length = (size_t) ((comma ? comma : end) - at);

                if (length == n_option && memcmp(at, option, length) == 0)
                        return true;
                at += length + 1;
        }
        return false;
}

/* False: no line of a mount. */
static bool mount_read(struct scan *line, struct mount *ret) {
        enum { PLACE = 5, OPTIONS = 6 };
        const char *word, *type = NULL;
        size_t n, n_type = 0;
        bool after = false;

        *ret = (struct mount) { .keeps = true };
        for (unsigned i = 1; i <= OPTIONS; i++) {
                if (!words_next(line, &word, &n))
                        return false;
                if (i == PLACE)
                        unescape(word, n, ret->place);
        }
        ret->keeps = !has(word, n, "nosuid") && !has(word, n, "noexec") && !has(word, n, "ro");
        while (words_next(line, &word, &n))
                if (after && !type) {
                        type = word;
                        n_type = n;
                } else
                        after = after || (n == 1 && *word == '-');
        if (!type)
                return false;
        ret->is_trap = n_type == 6 && memcmp(type, "autofs", 6) == 0;
        ret->keeps = ret->keeps && !has(word, n, "ro");
        return ret->place[0] == '/';
}

/* Is @place @at, or below it? */
static bool is_in(const char *place, const char *at) {
        const size_t n = strcmp(at, "/") == 0 ? 0 : strlen(at);

        return strncmp(place, at, n) == 0 && (place[n] == '\0' || place[n] == '/');
}

/* Where @home is made: all before %u, up to a slash. */
static void home_place(const char *home, char ret[static PLACE_SIZE]) {
        const char *const name = strstr(home, "%u");
        size_t n = name ? (size_t) (name - home) : strlen(home);

        while (n > 1 && home[n - 1] != '/')
                n--;
        while (n > 1 && home[n - 1] == '/')
                n--;
        (void) snprintf(ret, PLACE_SIZE, "%.*s", (int) n, home);
}

struct found {
        char  *text;
        size_t n, n_left;                       /* bytes of the text; places that did not fit     */
};

static void add(struct found *f, const char *place, const char *on) {
        char one[2 * PLACE_SIZE + 8];
        int k;

        if (strcmp(place, on) == 0)
                k = snprintf(one, sizeof one, "%s%s", f->n ? ", " : "", place);
        else
                k = snprintf(one, sizeof one, "%s%s (%s)", f->n ? ", " : "", place, on);
        if (k < 0 || f->n_left > 0 || f->n + (size_t) k + sizeof ", ..." > CHECK_TEXT_MAX / 2) {
                if (f->n_left++ == 0 && f->n + sizeof ", ..." <= CHECK_TEXT_MAX / 2)
                        (void) snprintf(f->text + f->n, CHECK_TEXT_MAX / 2 - f->n, ", ...");
                return;
        }
        memcpy(f->text + f->n, one, (size_t) k + 1);
        f->n += (size_t) k;
}

/* The mount that @place is on: the last that covers it hides the others. */
static bool mount_of(const struct check_file *mounts, const char *place, struct mount *ret) {
        struct scan file = scan_bytes(mounts->text, mounts->n), line;
        struct mount m;
        bool found = false;

        while (words_line(&file, &line))
                if (mount_read(&line, &m) && is_in(place, m.place) && !m.is_trap) {
                        *ret = m;
                        found = true;
                }
        return found;
}

bool nosuid_missing(const struct check_file *mounts, const char *home, char ret[static CHECK_TEXT_MAX / 2]) {
        /* Where homes are comes in the place of the first. */
        static const char *const places[] = { "", "/tmp", "/var/tmp", "/dev/shm", "/run/lock" };
        static const char *const below[] = { "/home", "/srv", "/mnt", "/media", "/data", "/export", "/nfs", "/run/user", "/tmp", "/var/tmp" };
        struct scan file = scan_bytes(mounts->text ? mounts->text : "", mounts->text ? mounts->n : 0), line;
        struct found f = { .text = ret };
        char homes[PLACE_SIZE];
        struct mount m, seen;

        *ret = '\0';
        if (!mounts->text || !mount_of(mounts, "/", &m))
                return false;
        home_place(home, homes);
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
                const char *const place = i == HOME_PLACE ? homes : places[i];

                if (mount_of(mounts, place, &m) && m.keeps)
                        add(&f, place, m.place);
        }
        while (words_line(&file, &line)) {
                bool is_told = false, is_below = false;

                if (!mount_read(&line, &m) || m.is_trap || !m.keeps)
                        continue;
                for (size_t i = 0; i < sizeof places / sizeof *places; i++)
                        is_told = is_told || strcmp(m.place, i == HOME_PLACE ? homes : places[i]) == 0;
                for (size_t i = 0; i < sizeof below / sizeof *below; i++)
                        is_below = is_below || is_in(m.place, below[i]);
                if (is_below && !is_told && mount_of(mounts, m.place, &seen) && seen.keeps && strcmp(seen.place, m.place) == 0)
                        add(&f, m.place, m.place);
        }
        return true;
}

void check_nosuid(struct check *c, const struct config *config, const struct check_file *mounts, bool timed) {
        char places[CHECK_TEXT_MAX / 2];

        if (!nosuid_missing(mounts, config->home, places))
                check_say(c, CHECK_WARN, "nosuid", _("nobody can say which file systems are mounted nosuid: %s tells nothing"), "/proc/self/mountinfo");
        else if (!*places)
                check_say(c, CHECK_OK, "nosuid", _("homes, and where everybody can write, are mounted nosuid: no program of theirs keeps a group there"));
        else if (!timed)
                check_say(c, CHECK_OK, "nosuid", _("nobody has a group for a time; before somebody does, mount nosuid: %s"), places);
        else if (config->timed_without_nosuid)
                check_say(c, CHECK_WARN, "nosuid",
                          _("whoever has a group for a time can keep it, with a program of their own: these are not mounted nosuid: %s"), places);
        else
                check_say(c, CHECK_WRONG, "nosuid",
                          _("whoever has a group for a time can keep it, with a program of their own: mount nosuid: %s; "
                            "until then careid apply refuses, see timed-without-nosuid in careid.conf(5)"), places);
}
