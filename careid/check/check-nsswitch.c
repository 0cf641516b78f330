/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-nsswitch.c - do programs ask libnss_careroles?
 *
 *     line = database ":" *( service / "[" actions "]" )
 */

#include "check.h"

#include "i18n.h"
#include "words.h"

#include <stdio.h>

struct database {
        bool present, careroles, before_files;
};

static void read_services(struct scan *line, struct database *d) {
        const char *word;
        size_t n;
        bool files = false;

        d->present = true;
        while (words_next(line, &word, &n)) {
                if (words_same(word, n, "files") || words_same(word, n, "compat"))
                        files = true;
                if (words_same(word, n, "careroles")) {
                        d->careroles = true;
                        d->before_files = !files;
                }
        }
}

static struct database find(const struct check_file *f, const char *name) {
        struct scan file = scan_bytes(f->text, f->n), line;
        struct database d = { 0 };

        while (words_line(&file, &line)) {
                const char *colon = memchr(line.at, ':', scan_left(&line));
                size_t n = colon ? (size_t) (colon - line.at) : 0;

                while (n > 0 && ascii_is_blank(line.at[n - 1]))
                        n--;
                if (!colon || !words_same(line.at, n, name))
                        continue;
                line.at = colon + 1;
                /* As in libc, the last line of a database counts. */
                d = (struct database) { 0 };
                read_services(&line, &d);
        }
        return d;
}

void check_nsswitch(struct check *c, const struct check_file *f) {
        static const char *const names[] = { "passwd", "group", "initgroups" };

        if (!f->text) {
                check_say(c, CHECK_WRONG, "nsswitch",
                          _("%s can't be read: programs don't see the accounts and groups of careid"), f->name);
                return;
        }
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
                const struct database d = find(f, names[i]);
                char word[CHECK_WORD_MAX];

                (void) snprintf(word, sizeof word, "nsswitch-%s", names[i]);
                if (!d.present && i == 2)
                        continue;               /* libc uses the group line then */
                if (!d.careroles)
                        check_say(c, CHECK_WRONG, word,
                                  _("the line %s: of %s lacks careroles: programs don't see what careid says "
                                    "there"),
                                  names[i], f->name);
                else if (d.before_files)
                        check_say(c, CHECK_WARN, word,
                                  _("the line %s: of %s has careroles before files: write it after files"),
                                  names[i], f->name);
                else
                        check_say(c, CHECK_OK, word, _("the line %s: of %s asks careroles"), names[i], f->name);
        }
}
