/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-others.c - what the host tells everybody, whatever careid keeps to itself
 *
 *     mount = id parent device root place options *field "-" type source super-options    ; proc_pid_mountinfo(5)
 *
 * /proc/PID/status has the groups of every process: who works for which
 * client, by numbers.  nscd gives everybody what it was told as root, and so do
 * systemd-userdbd and accounts-daemon.  Nothing but their names says so to the
 * plugin that they load (common/snapshot-open.c): whoever runs them is to know.
 */

#include "check.h"

#include "i18n.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { MOUNT_PLACE = 5 };

/* Is @option one of the words between commas? */
static bool has_option(const char *options, size_t n, const char *option) {
        const size_t n_option = strlen(option);
        const char *const end = options + n;

        while (options < end) {
                const char *const comma = memchr(options, ',', (size_t) (end - options));
                const size_t length = (size_t) ((comma ? comma : end) - options);

                if (length == n_option && memcmp(options, option, length) == 0)
                        return true;
                options += length + 1;
        }
        return false;
}

static bool is_word(const char *word, size_t n, const char *right) {
        return n == strlen(right) && memcmp(word, right, n) == 0;
}

/*
 * The last mount on a place is the one that is seen.  hidepid=noaccess (1) is not enough: the folder of a process is
 * its owner's, for everybody to see.
 */
static bool proc_is_hidden(const struct check_file *mounts) {
        static const char *const hiding[] = {
                "hidepid=2", "hidepid=4", "hidepid=invisible", "hidepid=ptraceable",
        };
        struct scan file = scan_bytes(mounts->text, mounts->n), line;
        bool hidden = false;

        while (words_line(&file, &line)) {
                const char *word = "";
                size_t n = 0;
                bool here;

                for (unsigned i = 0; i < MOUNT_PLACE; i++)
                        if (!words_next(&line, &word, &n))
                                break;
                here = is_word(word, n, "/proc");
                while (here && words_next(&line, &word, &n))
                        ;
                if (!here)
                        continue;
                hidden = false;
                for (size_t i = 0; i < sizeof hiding / sizeof *hiding; i++)
                        hidden |= has_option(word, n, hiding[i]);
        }
        return hidden;
}

void check_proc(struct check *c, const struct check_file *mounts) {
        if (!mounts->text)
                return;
        if (proc_is_hidden(mounts))
                check_say(c, CHECK_OK, "proc", _("who has which processes and groups is not for everybody to see (hidepid)"));
        else
                check_say(c, CHECK_WARN, "proc",
                          _("every user sees in /proc whose each process is, and as it comes in which groups, those of clients "
                            "and relatives as well: mount it with hidepid=invisible where they log in, see libnss_careroles(8)"));
}

void check_nscd(struct check *c, bool runs) {
        if (runs)
                check_say(c, CHECK_WARN, "nscd",
                          _("nscd stands between programs and careid: changes are seen late, and clients, relatives and externals "
                            "can't log in; turn passwd and group off in /etc/nscd.conf"));
}

bool check_line_listens(const char *line, const char *path) {
        enum { ACCEPTS = 0x10000, FLAGS = 3, PATH = 7 };        /* __SO_ACCEPTCON                 */
        unsigned long flags = 0;

        for (int field = 0; field < PATH; field++) {
                line += strspn(line, " ");
                if (field == FLAGS)
                        flags = strtoul(line, NULL, 16);
                line += strcspn(line, " \n");
        }
        if (!(flags & ACCEPTS) || *line++ != ' ')
                return false;
        return strncmp(line, path, strlen(path)) == 0 && strcspn(line, "\n") == strlen(path);
}

void check_userdbd(struct check *c, bool runs) {
        if (runs)
                check_say(c, CHECK_WARN, "userdbd",
                          _("systemd-userdbd answers everybody with what it learns as root: careid knows it by its name, and tells it "
                            "of staff alone; where nothing needs it, turn it off: systemctl mask --now systemd-userdbd.socket"));
}

void check_accounts_daemon(struct check *c, bool there) {
        if (there)
                check_say(c, CHECK_WARN, "accounts-daemon",
                          _("accounts-daemon answers everybody with what it learns as root: careid knows it by its name, and tells it "
                            "of staff alone; where nothing needs it, remove it (package accountsservice)"));
}
