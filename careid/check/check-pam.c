/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-pam.c - what the PAM stacks of this host do with pam_eid
 *
 *     line     = [ "-" ] type control module *argument / "@include" file
 *     type     = "auth" / "account" / "password" / "session"
 *     control  = word / "[" *any "]"          ; "include" and "substack" name a file
 *
 * A backslash at the end of a line joins the next one to it.
 */

#include "check.h"

#include "i18n.h"
#include "places.h"
#include "utf8.h"
#include "words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAM_TYPE_MAX = 16 };

struct walk {
        const struct check_file *files;
        size_t                   n;
        struct check_stack      *stack;
        unsigned                *n_walked;      /* files taken in                                 */
        /* What has been met so far in auth (0) and account (1): lines that jump over what follows. */
        struct skips {
                bool root, breakglass;
        } *skips;
};

static const struct check_file *file_find(const struct walk *w, const char *name, size_t n) {
        const char *slash = memrchr(name, '/', n);

        if (slash) {
                n -= (size_t) (slash + 1 - name);
                name = slash + 1;
        }
        for (size_t i = 0; i < w->n; i++)
                if (strlen(w->files[i].name) == n && memcmp(w->files[i].name, name, n) == 0)
                        return &w->files[i];
        return NULL;
}

static bool is_eid(const char *module, size_t n) {
        static const char name[] = "pam_eid.so";
        const size_t k = sizeof name - 1;

        return n >= k && memcmp(module + n - k, name, k) == 0 && (n == k || module[n - k - 1] == '/');
}

/* A refusal that has no effect. */
static bool is_ignoring(const char *control, size_t n) {
        return words_same(control, n, "optional") || words_same(control, n, "sufficient") ||
               memmem(control, n, "default=ignore", 14) || memmem(control, n, "default=ok", 10);
}

static bool control_next(struct scan *line, const char **ret, size_t *ret_n) {
        const char *end;

        (void) scan_blanks(line);
        if (scan_at_end(line) || *line->at != '[')
                return words_next(line, ret, ret_n);
        end = memchr(line->at, ']', scan_left(line));
        if (!end)
                return false;
        *ret = line->at;
        *ret_n = (size_t) (end + 1 - line->at);
        line->at = end + 1;
        return true;
}

static void wrong_set(struct check_stack *stack, const char *word, size_t n) {
        const size_t room = sizeof stack->wrong_option - 1;

        (void) snprintf(stack->wrong_option, sizeof stack->wrong_option, "%.*s", (int) utf8_fit(word, n < room ? n : room), word);
}

/* As the module reads them: each of its stages refuses where one is wrong. */
static void arguments_read(struct scan *line, struct check_stack *stack, bool auth) {
        struct eid_options options = { .timeout = 0 };
        const char *word, *timeout = NULL;
        size_t n, n_timeout = 0;

        while (words_next(line, &word, &n)) {
                if (eid_option_take(&options, word, n) != EID_OPTIONS_OK)
                        wrong_set(stack, word, n);
                else if (n >= 8 && memcmp(word, "timeout=", 8) == 0)
                        timeout = word, n_timeout = n;
        }
        if (timeout && eid_options_agree(&options) != EID_OPTIONS_OK)
                wrong_set(stack, timeout, n_timeout);
        if (auth)
                stack->options = options;
}

/* Does this control jump over what follows, or end the stack, where the module says yes? */
static bool is_skipping(const char *control, size_t n) {
        const char *const at = memmem(control, n, "success=", 8);
        const char next = at && at + 8 < control + n ? at[8] : '\0';

        return words_same(control, n, "sufficient") || ascii_is_digit(next) || next == 'd' || next == 'e';
}

/* pam_succeed_if with "uid = 0" or "uid < 1000"; pam_listfile with the break-glass file. */
static void skip_read(const char *module, size_t n_module, struct scan *line, struct skips *skips) {
        const bool by_uid = memmem(module, n_module, "pam_succeed_if.so", 17);
        const bool by_file = memmem(module, n_module, "pam_listfile.so", 15);
        const char *word;
        bool uid = false;
        size_t n;

        while ((by_uid || by_file) && words_next(line, &word, &n)) {
                if (by_file && words_same(word, n, "file=" CAREID_CONFIG_DIR "/breakglass"))
                        skips->breakglass = true;
                if (uid && (words_same(word, n, "=") || words_same(word, n, "eq") || words_same(word, n, "<") ||
                            words_same(word, n, "lt")))
                        skips->root = true;
                uid = by_uid && words_same(word, n, "uid");
        }
}

static void walk_file(const struct walk *w, const struct check_file *f, const char *only, size_t n_only,
                      unsigned depth);

static void walk_line(const struct walk *w, struct scan *line, const char *only, size_t n_only, unsigned depth) {
        const char *type, *control, *module;
        size_t n_type, n_control, n_module;
        const struct check_file *included;

        if (!words_next(line, &type, &n_type))
                return;
        if (words_same(type, n_type, "@include")) {
                included = words_next(line, &module, &n_module) ? file_find(w, module, n_module) : NULL;
                if (included)
                        walk_file(w, included, only, n_only, depth + 1);
                return;
        }
        if (type[0] == '-') {
                type++;
                n_type--;
        }
        if (n_type == 0 || n_type > PAM_TYPE_MAX ||
            (only && (n_only != n_type || strncasecmp(only, type, n_type) != 0)))
                return;
        if (!control_next(line, &control, &n_control) || !words_next(line, &module, &n_module))
                return;
        if (words_same(control, n_control, "include") || words_same(control, n_control, "substack")) {
                included = file_find(w, module, n_module);
                if (included)
                        walk_file(w, included, type, n_type, depth + 1);
                return;
        }
        if (!is_eid(module, n_module)) {
                if (is_skipping(control, n_control) && (words_same(type, n_type, "auth") || words_same(type, n_type, "account")))
                        skip_read(module, n_module, line, &w->skips[words_same(type, n_type, "account")]);
                return;
        }
        if (memchr(module, '/', n_module) && n_module < sizeof w->stack->module) {
                memcpy(w->stack->module, module, n_module);
                w->stack->module[n_module] = '\0';
        }
        arguments_read(line, w->stack, words_same(type, n_type, "auth"));
        if (words_same(type, n_type, "auth")) {
                w->stack->auth = true;
                w->stack->root_skipped = w->skips[0].root;
                w->stack->breakglass_skipped = w->skips[0].breakglass;
        }
        if (words_same(type, n_type, "account")) {
                w->stack->account = true;
                w->stack->account_skipped = w->skips[1].breakglass;
                w->stack->ignored = w->stack->ignored || is_ignoring(control, n_control);
        }
        if (words_same(type, n_type, "session"))
                w->stack->session = true;
}

static void walk_file(const struct walk *w, const struct check_file *f, const char *only, size_t n_only,
                      unsigned depth) {
        char *joined;
        struct scan file, line;

        if (!f->text)
                return;
        if (depth > CHECK_DEPTH_MAX || *w->n_walked >= CHECK_INCLUDES_MAX) {
                w->stack->endless = true;
                return;
        }
        (*w->n_walked)++;
        joined = malloc(f->n + 1);
        if (!joined)
                return;
        memcpy(joined, f->text, f->n);
        for (size_t i = 0; i + 1 < f->n; i++)
                if (joined[i] == '\\' && joined[i + 1] == '\n')
                        joined[i] = joined[i + 1] = ' ';
        file = scan_bytes(joined, f->n);
        while (words_line(&file, &line))
                walk_line(w, &line, only, n_only, depth);
        free(joined);
}

bool check_pam_resolve(const struct check_file *files, size_t n, const char *name, struct check_stack *ret) {
        struct skips skips[2] = { { .root = false } };
        unsigned n_walked = 0;
        const struct walk w = { .files = files, .n = n, .stack = ret, .n_walked = &n_walked, .skips = skips };
        const struct check_file *f = file_find(&w, name, strlen(name));

        *ret = (struct check_stack) { 0 };
        if (!f)
                return false;
        walk_file(&w, f, NULL, 0, 0);
        return ret->auth || ret->account || ret->session;
}

/* Is it a part that others take in, rather than a service of its own? */
static bool is_part(const struct check_file *files, size_t n, const char *name) {
        for (size_t i = 0; i < n; i++) {
                const char *text = files[i].text ? files[i].text : "";
                struct scan file = scan_bytes(text, files[i].text ? files[i].n : 0), line;

                while (words_line(&file, &line)) {
                        const char *first, *word;
                        size_t n_first, n_word;
                        bool includes;

                        if (!words_next(&line, &first, &n_first))
                                continue;
                        includes = words_same(first, n_first, "@include");
                        if (!includes && control_next(&line, &word, &n_word))
                                includes = words_same(word, n_word, "include") ||
                                           words_same(word, n_word, "substack");
                        if (includes && words_next(&line, &word, &n_word) && words_same(word, n_word, name))
                                return true;
                }
        }
        return false;
}

static void check_stack(struct check *c, const char *name, const struct check_stack *s) {
        char word[CHECK_WORD_MAX];

        (void) snprintf(word, sizeof word, "pam-%.48s", name);
        if (*s->wrong_option)
                check_say(c, CHECK_WRONG, word,
                          _("%s gives pam_eid the option %s, which it does not take: it refuses everybody"), name,
                          s->wrong_option);
        else if (s->endless)
                check_say(c, CHECK_WRONG, word,
                          _("%s takes in files more than %d deep, or more than %d in all: one of them takes itself in, and PAM "
                            "refuses everybody"),
                          name, CHECK_DEPTH_MAX, CHECK_INCLUDES_MAX);
        else if (s->auth && !s->account)
                check_say(c, CHECK_WRONG, word,
                          _("%s asks for an e-ID but has no account line of pam_eid: who comes with a key or a "
                            "password gets in although the account is closed or nobody's assignment is valid"),
                          name);
        else if (s->ignored)
                check_say(c, CHECK_WRONG, word,
                          _("%s ignores what pam_eid's account line refuses; its control must be required or "
                            "[success=ok ignore=ignore default=die]"),
                          name);
        else if (s->auth && !s->root_skipped)
                check_say(c, CHECK_WARN, word,
                          _("%s asks pam_eid about root too, which it refuses: the line that skips root is missing before "
                            "it (pam_succeed_if.so uid = 0; see pam_eid(8))"),
                          name);
        else if ((s->auth && !s->breakglass_skipped) || (s->account && !s->account_skipped))
                check_say(c, CHECK_WARN, word,
                          _("%s asks pam_eid about the accounts in %s too: the line that skips them is missing before it "
                            "(pam_listfile.so; see pam_eid(8)), and they don't get in while careid is out of order"),
                          name, CAREID_CONFIG_DIR "/breakglass");
        else if (s->auth && !s->session && strcmp(name, "sudo") == 0)
                check_say(c, CHECK_OK, word,
                          _("%s asks for an e-ID and checks the account; the session that it is used in is the one "
                            "that is recorded"),
                          name);
        else if (s->auth && !s->session)
                check_say(c, CHECK_WARN, word,
                          _("%s asks for an e-ID but has no session line of pam_eid: "
                            "its sessions are not recorded"),
                          name);
        else if (s->auth && s->options.timeout)
                check_say(c, CHECK_OK, word,
                          _("%s asks for an e-ID (for %" PRIu32
                            " s at most), checks the account and records the session"),
                          name, s->options.timeout);
        else if (s->auth)
                check_say(c, CHECK_OK, word, _("%s asks for an e-ID, checks the account and records the session"),
                          name);
        else
                check_say(c, CHECK_OK, word, _("%s checks the account with pam_eid, but does not ask for an e-ID"),
                          name);
}

void check_pam(struct check *c, const struct check_file *files, size_t n) {
        bool any = false;

        for (size_t i = 0; i < n; i++) {
                struct check_stack s;

                if (!check_pam_resolve(files, n, files[i].name, &s) || is_part(files, n, files[i].name))
                        continue;
                check_stack(c, files[i].name, &s);
                any = any || s.auth;
        }
        if (!any)
                check_say(c, CHECK_WARN, "pam",
                          _("no PAM stack asks pam_eid: nobody is asked for an e-ID "
                            "(pam-auth-update turns it on)"));
}
