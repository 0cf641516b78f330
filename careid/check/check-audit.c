/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-audit.c - does the kernel's audit record who opens what is kept of clients?
 *
 *     rules = *( line LF )                            ; /etc/audit/audit.rules: what auditd loads when it starts
 *     line  = word *( blank word )                    ; one of them "key=careid-client", or "careid-client" after "-k"
 *
 * Of a line that adds a rule these count, see auditctl(8):
 *
 *     add   = ( "-a" / "-A" ) list                    ; -A: before all others; of lists, "exit" with what is to be done
 *     calls = "-S" name *( "," name )                 ; may come again; none, or "all": every call
 *     where = "-F" ( "dir=" / "path=" ) path
 *     watch = "-w" path                               ; a rule of its own, of every call
 *
 * The kernel asks rules in their order and does what the first says that
 * matches, with its key.  augenrules(8) makes audit.rules of the files in
 * rules.d, in the order of their names, with "-D" before all, in whichever of
 * them it stands.  What the kernel has loaded it tells
 * over a socket that careid has no business with; rules that somebody took out
 * since auditd started are not seen here.
 */

#include "check.h"

#include "cleanup.h"
#include "i18n.h"
#include "words.h"

#include <string.h>

#define KEY "careid-client"

enum { CHECK_AUDIT_OTHERS_MAX = 1024 };     /* rules of others that are looked at           */

/* What our own rules record. */
static const char *const calls[] = {
        "all", "open", "openat", "openat2", "open_by_handle_at", "creat", "truncate", "rename", "renameat", "renameat2",
        "unlink", "unlinkat", "link", "linkat",
};

struct place {
        const char *path;
        size_t      n;
};

struct rule {
        bool         adds, first;               /* -a, -A, -w on exit; -A                          */
        bool         is_ours;                   /* has our key                                     */
        bool         opens;                     /* of a call of ours, or of every one              */
        struct place where;                     /* n 0: anywhere                                   */
};

static bool is_word(const char *word, size_t n, const char *right) {
        return n == strlen(right) && memcmp(word, right, n) == 0;
}

/* "exit,always" and "always,exit" */
static bool has_part(const char *list, size_t n, const char *right) {
        struct scan s = scan_bytes(list, n);

        while (!scan_at_end(&s)) {
                const char *const comma = memchr(s.at, ',', scan_left(&s)), *const end = comma ? comma : s.end;

                if (is_word(s.at, (size_t) (end - s.at), right))
                        return true;
                s.at = comma ? comma + 1 : s.end;
        }
        return false;
}

static bool is_open(const char *list, size_t n) {
        for (size_t i = 0; i < N_ELEMENTS(calls); i++)
                if (has_part(list, n, calls[i]))
                        return true;
        return false;
}

static void where_set(struct rule *rule, const char *path, size_t n) {
        while (n > 1 && path[n - 1] == '/')
                n--;
        rule->where = (struct place) { path, n };
}

static void field_read(struct rule *rule, const char *field, size_t n) {
        if (is_word(field, n, "key=" KEY))
                rule->is_ours = true;
        else if (n > 4 && memcmp(field, "dir=", 4) == 0)
                where_set(rule, field + 4, n - 4);
        else if (n > 5 && memcmp(field, "path=", 5) == 0)
                where_set(rule, field + 5, n - 5);
}

static struct rule rule_read(struct scan *line) {
        struct rule rule = { .adds = false };
        bool some = false;
        char option = '\0';
        const char *word;
        size_t n;

        while (words_next(line, &word, &n)) {
                switch (option) {
                case 'a':
                case 'A':
                        rule.adds = has_part(word, n, "exit");
                        rule.first = option == 'A';
                        break;
                case 'w':
                        rule.adds = true;
                        where_set(&rule, word, n);
                        break;
                case 'S':
                        rule.opens = rule.opens || is_open(word, n);
                        some = true;
                        break;
                case 'F':
                        field_read(&rule, word, n);
                        break;
                case 'k':
                        rule.is_ours = rule.is_ours || is_word(word, n, KEY);
                        break;
                default:
                        /* As an older one writes it, without -F. */
                        rule.is_ours = rule.is_ours || is_word(word, n, "key=" KEY);
                        break;
                }
                option = option == '\0' && n == 2 && word[0] == '-' ? word[1] : '\0';
        }
        rule.opens = rule.opens || !some;
        return rule;
}

/* Is one of them in the other? */
static bool meet(const struct place *a, const struct place *b) {
        const size_t n = a->n < b->n ? a->n : b->n;
        const struct place *const longer = a->n < b->n ? b : a;

        if (n == 0)
                return true;
        return memcmp(a->path, b->path, n) == 0 && (longer->n == n || longer->path[n] == '/' || n == 1);
}

struct walked {
        bool                     has_ours;
        struct place             ours;          /* of the last one of ours                         */
        const struct check_file *file;          /* of one that would win; NULL: none               */
        unsigned                 line;
};

/* The first rule that could match what ours are for, and stands before the last of ours.  @deletes: "-D" counts where it stands. */
static struct walked walk(const struct check_file *files, size_t n_files, bool deletes) {
        struct {
                const struct check_file *file;
                struct place             where;
                unsigned                 line;
                bool                     first;
        } other[CHECK_AUDIT_OTHERS_MAX];
        struct walked w = { .has_ours = false };
        size_t n_other = 0, n_before = 0;

        for (size_t i = 0; i < n_files; i++) {
                struct scan file = scan_bytes(files[i].text ? files[i].text : "", files[i].text ? files[i].n : 0);
                const char *text;
                size_t n;

                for (unsigned number = 1; scan_line(&file, &text, &n); number++) {
                        struct scan one = scan_bytes(text, n), line;
                        struct rule rule;

                        if (!words_line(&one, &line))
                                continue;
                        if (is_word(line.at, scan_left(&line), "-D")) {
                                w.has_ours = w.has_ours && !deletes;
                                n_other = deletes ? 0 : n_other;
                                n_before = deletes ? 0 : n_before;
                                continue;
                        }
                        rule = rule_read(&line);
                        if (rule.is_ours) {
                                w.has_ours = true;
                                w.ours = rule.where;
                                n_before = n_other;
                        } else if (rule.adds && rule.opens && n_other < CHECK_AUDIT_OTHERS_MAX) {
                                other[n_other].file = &files[i];
                                other[n_other].line = number;
                                other[n_other].where = rule.where;
                                other[n_other++].first = rule.first;
                        }
                }
        }
        for (size_t i = 0; w.has_ours && !w.file && i < n_other; i++)
                if ((i < n_before || other[i].first) && meet(&other[i].where, &w.ours)) {
                        w.file = other[i].file;
                        w.line = other[i].line;
                }
        return w;
}

void check_kernel_audit(struct check *c, int64_t n_clients, bool runs, const struct check_file *rules, const struct check_file *parts,
                        size_t n_parts) {
        const struct walked loaded = walk(rules, 1, true), to_be = walk(parts, n_parts, false);
        /* The parts are what somebody can change. */
        const struct walked *const late = to_be.file ? &to_be : &loaded;

        if (n_clients == 0)
                return;
        if (!runs)
                check_say(c, CHECK_WARN, "audit-kernel",
                          _("auditd does not run: who opens files that are kept of clients is not recorded, and careid opened can't "
                            "say it, see careid-opened(8)"));
        else if (!loaded.has_ours)
                check_say(c, CHECK_WARN, "audit-kernel",
                          _("auditd runs, but without the rules for clients' directories: put /usr/share/careid/audit.rules into "
                            "/etc/audit/rules.d and load them, see careid-opened(8)"));
        else
                check_say(c, CHECK_OK, "audit-kernel", _("auditd runs, with the rules for clients' directories"));
        if (late->file)
                check_say(c, CHECK_WARN, "audit-order",
                          _("%s:%u is asked before the rules for clients' directories, and may match what they are for: then its key is "
                            "recorded, not theirs, and careid opened can't always say whose file it was; let theirs come first "
                            "(10-careid.rules)"),
                          late->file->name, late->line);
}
