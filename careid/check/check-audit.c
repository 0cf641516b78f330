/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-audit.c - does the kernel's audit record who opens what is kept of clients?
 *
 *     rules = *( line LF )                            ; /etc/audit/audit.rules: what auditd loads when it starts
 *     line  = word *( blank word )                    ; one of them "key=careid-client", or "careid-client" after "-k"
 *
 * What the kernel has loaded it tells over a socket that careid has no business
 * with; rules that somebody took out since auditd started are not seen here.
 */

#include "check.h"

#include "i18n.h"
#include "words.h"

#include <string.h>

#define KEY "careid-client"

static bool is_word(const char *word, size_t n, const char *right) {
        return n == strlen(right) && memcmp(word, right, n) == 0;
}

static bool line_has_key(struct scan *line) {
        bool is_key = false;
        const char *word;
        size_t n;

        while (words_next(line, &word, &n)) {
                if (is_word(word, n, "key=" KEY) || (is_key && is_word(word, n, KEY)))
                        return true;
                is_key = is_word(word, n, "-k");
        }
        return false;
}

void check_kernel_audit(struct check *c, int64_t n_clients, bool runs, const struct check_file *rules) {
        struct scan file = scan_bytes(rules->text ? rules->text : "", rules->text ? rules->n : 0), line;
        bool has_rules = false;

        if (n_clients == 0)
                return;
        while (!has_rules && words_line(&file, &line))
                has_rules = line_has_key(&line);
        if (!runs)
                check_say(c, CHECK_WARN, "audit-kernel",
                          _("auditd does not run: who opens files that are kept of clients is not recorded, and careid opened can't "
                            "say it, see careid-opened(8)"));
        else if (!has_rules)
                check_say(c, CHECK_WARN, "audit-kernel",
                          _("auditd runs, but without the rules for clients' directories: put /usr/share/careid/audit.rules into "
                            "/etc/audit/rules.d and load them, see careid-opened(8)"));
        else
                check_say(c, CHECK_OK, "audit-kernel", _("auditd runs, with the rules for clients' directories"));
}
