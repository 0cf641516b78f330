/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-check.c - any bytes as the host's files that careid check reads
 *
 *     input = which text *(0xff text)                   ; 0xff: the next file begins
 *
 * The files are named as those that the judges look for, so that includes find
 * each other.  Property: every finding is one clean line with a word of ours,
 * whatever the files say, and the same files give the same findings.
 */

#include "check.h"

#include "utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { FILES_MAX = 4 };

static bool known(const char *name) {
        return *name == 'a';
}

static size_t files_make(const uint8_t *data, size_t n, struct check_file files[static FILES_MAX]) {
        static char names[FILES_MAX][16] = { "login", "common-auth", "common-account", "sudo" };
        size_t n_files = 0;

        while (n_files < FILES_MAX) {
                const uint8_t *end = memchr(data, 0xff, n);
                const size_t size = end ? (size_t) (end - data) : n;
                char *text = malloc(size + 1);

                if (!text)
                        abort();
                memcpy(text, data, size);
                text[size] = '\0';
                files[n_files] = (struct check_file) { .name = names[n_files], .text = text, .n = size };
                n_files++;
                if (!end)
                        break;
                data = end + 1;
                n -= size + 1;
        }
        return n_files;
}

static void judge(struct check *c, uint8_t which, const struct check_file *files, size_t n) {
        struct check_stack stack = { .auth = true };
        static char home[] = "/srv/homes/%u";

        memset(c, 0, sizeof *c);
        switch (which % 8) {
        case 0:
                check_nsswitch(c, files);
                break;
        case 1:
                check_login_defs(c, files);
                check_sssd(c, files, n);
                check_samba(c, files);
                break;
        case 2:
                check_subordinate(c, "subuid", files);
                check_proc(c, &files[n - 1]);
                (void) check_line_listens(files[n - 1].text, "/run/a");
                check_nosuid(c, &(struct config) { .home = home }, &files[n - 1], true);
                break;
        case 3:
                check_pam(c, files, n);
                (void) check_pam_resolve(files, n, "login", &stack);
                assert(memchr(stack.module, 0, sizeof stack.module) && memchr(stack.wrong_option, 0, sizeof stack.wrong_option));
                break;
        case 4:
                check_sshd(c, files, n, &stack, check_sshd_release_find(files[n - 1].text, files[n - 1].n));
                break;
        case 5:
                check_login_timeout(c, files, &stack);
                break;
        case 6:
                check_breakglass(c, files, known, false);
                break;
        case 7:
                check_kernel_audit(c, 1, true, files, files + 1, n - 1);
                break;
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        static struct check c, again;
        struct check_file files[FILES_MAX];
        size_t n_files;

        if (n < 1 || n > CHECK_FILE_MAX)
                return 0;
        n_files = files_make(data + 1, n - 1, files);
        judge(&c, data[0], files, n_files);
        judge(&again, data[0], files, n_files);
        assert(memcmp(&c, &again, sizeof c) == 0);
        assert(c.n <= CHECK_FINDINGS_MAX);
        for (size_t i = 0; i < c.n; i++) {
                const struct finding *f = &c.finding[i];

                assert(f->level >= CHECK_OK && f->level <= CHECK_WRONG && *f->word && *f->text);
                assert(utf8_is_clean(f->word, strlen(f->word), UTF8_ONE_LINE));
                assert(utf8_is_clean(f->text, strlen(f->text), UTF8_ONE_LINE));
        }
        for (size_t i = 0; i < n_files; i++)
                free(files[i].text);
        return 0;
}
