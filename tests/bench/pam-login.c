/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * pam-login.c - a program that people log in to, as bare as can be: PAM, a terminal, and what became of it
 *
 *     pam-login SERVICE USER STAGES [SECRET]
 *
 * STAGES is letters: a authentication, c account, o session's start, w wait for a line, z the session's end.  A prompt is answered with
 * SECRET, without one from the terminal (fd 0).  Where fd 0 is a terminal,
 * PAM is told so.  Each stage leaves a line on fd 3: its letter, PAM's code,
 * and the nanoseconds of CLOCK_MONOTONIC when it ended.
 *
 * Exit status: PAM's code of the last stage.
 */

#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RESULT_FD = 3, ANSWER_MAX = 256 };

static char *answer_new(const char *secret, const char *prompt) {
        char line[ANSWER_MAX];
        ssize_t n;

        if (secret)
                return strdup(secret);
        (void) dprintf(STDOUT_FILENO, "%s", prompt);
        n = read(STDIN_FILENO, line, sizeof line - 1);
        if (n <= 0)
                return NULL;
        line[n] = '\0';
        line[strcspn(line, "\r\n")] = '\0';
        return strdup(line);
}

static int converse(int n, const struct pam_message **message, struct pam_response **ret, void *secret) {
        struct pam_response *answers = calloc((size_t) n, sizeof *answers);

        if (!answers)
                return PAM_BUF_ERR;
        for (int i = 0; i < n; i++) {
                if (message[i]->msg_style != PAM_PROMPT_ECHO_OFF && message[i]->msg_style != PAM_PROMPT_ECHO_ON) {
                        (void) dprintf(STDOUT_FILENO, "%s\n", message[i]->msg);
                        continue;
                }
                answers[i].resp = answer_new(secret, message[i]->msg);
                if (!answers[i].resp) {
                        while (i-- > 0)
                                free(answers[i].resp);
                        free(answers);
                        return PAM_CONV_ERR;
                }
        }
        *ret = answers;
        return PAM_SUCCESS;
}

static void stage_ended(char stage, int code) {
        struct timespec t;

        (void) clock_gettime(CLOCK_MONOTONIC, &t);
        (void) dprintf(RESULT_FD, "%c %d %lld\n", stage, code, (long long) t.tv_sec * 1000000000 + t.tv_nsec);
}

static int stage_run(pam_handle_t *pamh, char stage) {
        char line[ANSWER_MAX];

        switch (stage) {
        case 'a':
                return pam_authenticate(pamh, 0);
        case 'c':
                return pam_acct_mgmt(pamh, 0);
        case 'o':
                return pam_open_session(pamh, 0);
        case 'w':
                return fgets(line, sizeof line, stdin) ? PAM_SUCCESS : PAM_ABORT;
        case 'z':
                return pam_close_session(pamh, 0);
        }
        return PAM_SYSTEM_ERR;
}

int main(int argc, char **argv) {
        const struct pam_conv conv = { .conv = converse, .appdata_ptr = argc > 4 ? argv[4] : NULL };
        const char *tty;
        pam_handle_t *pamh = NULL;
        int code;

        if (argc < 4 || argc > 5) {
                fprintf(stderr, "usage: pam-login SERVICE USER STAGES [SECRET]\n");
                return 255;
        }
        code = pam_start(argv[1], argv[2], &conv, &pamh);
        tty = ttyname(STDIN_FILENO);
        if (code == PAM_SUCCESS && tty)
                code = pam_set_item(pamh, PAM_TTY, tty);
        for (const char *stage = argv[3]; code == PAM_SUCCESS && *stage; stage++) {
                code = stage_run(pamh, *stage);
                stage_ended(*stage, code);
        }
        (void) pam_end(pamh, code);
        return code;
}
