/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * person.c - plays the person's part of a script
 */

#include "person.h"

#include "cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>

enum { STEP_SECONDS = 15 };

__attribute__((__format__(printf, 2, 3)))
static void complain(struct person *p, const char *format, ...) {
        va_list ap;

        if (p->failed)
                return;
        p->failed = true;
        va_start(ap, format);
        (void) vsnprintf(p->complaint, sizeof p->complaint, format, ap);
        va_end(ap);
        (void) pthread_cond_broadcast(&p->moved);
}

static const struct script_line *next_line(const struct person *p) {
        size_t at = p->at;

        return script_next(p->script, SECTION_DIALOG, &at);
}

static void advance(struct person *p) {
        (void) script_next(p->script, SECTION_DIALOG, &p->at);
        (void) pthread_cond_broadcast(&p->moved);
}

static bool is_for_terminal(const struct script_line *line) {
        static const char *const keys[] = { "screen", "key", "resize", "echo", "hang up" };

        for (size_t i = 0; i < N_ELEMENTS(keys); i++)
                if (strcmp(line->key, keys[i]) == 0)
                        return true;
        return false;
}

/* Does @text match the /REGEX/ at the start of @value?  *ret_rest is what follows " -> ". */
static bool matches(struct person *p, const struct script_line *line, const char *text, const char **ret_rest) {
        const char *end = strstr(line->value, "/ -> ");
        char pattern[512];
        regex_t regex;
        bool is;

        *ret_rest = end ? end + sizeof "/ -> " - 1 : "";
        if (!end)
                end = strrchr(line->value, '/');
        if (line->value[0] != '/' || !end || end == line->value ||
            snprintf(pattern, sizeof pattern, "%.*s", (int) (end - line->value - 1), line->value + 1) >= (int) sizeof pattern ||
            regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0) {
                complain(p, "line %u: no /regex/", line->number);
                return false;
        }
        is = regexec(&regex, text, 0, NULL, 0) == 0;
        regfree(&regex);
        return is;
}

/* What is this message, in the script's words? */
static const char *kind_of(const struct pam_message *m) {
        const char *light = strstr(m->msg, "\n\u2588\u2588"), *dark = strstr(m->msg, "\n  ");
        const bool has_blocks = strstr(m->msg, "\u2580") && strstr(m->msg, "\u2584");

        switch (m->msg_style) {
        case PAM_TEXT_INFO:
                return has_blocks ? "shown picture" : "info";
        case PAM_ERROR_MSG:
                return "error";
        case PAM_PROMPT_ECHO_ON:
                return "ask";
        case PAM_PROMPT_ECHO_OFF:
                return !has_blocks ? "secret" : light ? "picture" : dark ? "inverted picture" : "a picture without a quiet zone";
        default:
                return "a message of an unknown kind";
        }
}

/* Through a conversation go letters and newlines: a control character would be a trick, or litter over ssh. */
static bool is_plain(const char *text) {
        for (; *text; text++)
                if ((unsigned char) *text < 0x20 && *text != '\n')
                        return false;
        return true;
}

static char *long_text(const char *count) {
        const size_t n = strtoul(count, NULL, 10);
        char *text = malloc(n + 1);

        if (text) {
                memset(text, 'x', n);
                text[n] = '\0';
        }
        return text;
}

static int answer(struct person *p, const struct script_line *line, const char *what, struct pam_response **ret) {
        auto_free struct pam_response *response = calloc(1, sizeof *response);
        char text[64] = "";

        if (!response)
                return PAM_BUF_ERR;
        if (strcmp(what, "fail") == 0)
                return PAM_CONV_ERR;
        if (strcmp(what, "no response") == 0)
                return PAM_SUCCESS;
        if (strncmp(what, "long ", 5) == 0)
                response->resp = long_text(what + 5);
        else if (strcmp(what, "nothing") != 0) {
                if (strncmp(what, "become ", 7) == 0)
                        (void) pam_set_item(p->pamh, PAM_USER, what + 7);
                else if (strncmp(what, "late ", 5) == 0)
                        (void) poll(NULL, 0, 1000 * (int) strtoul(what + 5, NULL, 10));
                else if (what[0] == '"')
                        (void) snprintf(text, sizeof text, "%.*s", (int) strcspn(what + 1, "\""), what + 1);
                else if (strcmp(what, "Enter") != 0)
                        complain(p, "line %u: no such answer: %s", line->number, what);
                response->resp = strdup(text);
        }
        *ret = STEAL_PTR(response);
        return PAM_SUCCESS;
}

/* Wait until the terminal's part before this is done; with the lock held. */
static const struct script_line *wait_turn(struct person *p) {
        struct timespec until;

        (void) clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += STEP_SECONDS;
        while (!p->failed) {
                const struct script_line *line = next_line(p);

                if (!line || !is_for_terminal(line))
                        return line;
                if (pthread_cond_timedwait(&p->moved, &p->lock, &until) == ETIMEDOUT)
                        complain(p, "line %u: %s = %s did not happen", line->number, line->key, line->value);
        }
        return NULL;
}

/* A line `infos` stands for any number of messages, up to the first that is not of its kind. */
static bool is_one_of_many(struct person *p, const struct script_line *line, const struct pam_message *m) {
        const char *rest;

        return line && strcmp(line->key, "infos") == 0 && strcmp(kind_of(m), "info") == 0 && matches(p, line, m->msg, &rest);
}

static int converse_locked(struct person *p, const struct pam_message *m, struct pam_response **ret) {
        const struct script_line *line = wait_turn(p);
        const char *rest;

        if (is_one_of_many(p, line, m)) {
                *ret = calloc(1, sizeof **ret);
                return PAM_SUCCESS;
        }
        if (line && strcmp(line->key, "infos") == 0) {
                advance(p);
                line = wait_turn(p);
        }
        if (!is_plain(m->msg))
                complain(p, "a control character in: %s", m->msg);
        if (!line)
                complain(p, "shown, though the script says nothing of it: %s: %s", kind_of(m), m->msg);
        else if (strcmp(line->key, kind_of(m)) != 0 || !matches(p, line, m->msg, &rest))
                complain(p, "line %u: %s = %s, but shown was: %s: %s", line->number, line->key, line->value, kind_of(m), m->msg);
        if (p->failed)
                return PAM_CONV_ERR;
        advance(p);
        if (rest[0] != '\0')
                return answer(p, line, rest, ret);
        if (m->msg_style != PAM_TEXT_INFO && m->msg_style != PAM_ERROR_MSG) {
                complain(p, "line %u: a question without an answer", line->number);
                return PAM_CONV_ERR;
        }
        *ret = calloc(1, sizeof **ret);
        return PAM_SUCCESS;
}

int person_converse(int n, const struct pam_message **messages, struct pam_response **ret, void *person) {
        struct person *p = person;
        int r;

        (void) pthread_mutex_lock(&p->lock);
        if (n != 1)
                complain(p, "%d messages at once", n);
        *ret = NULL;
        r = converse_locked(p, messages[0], ret);
        (void) pthread_mutex_unlock(&p->lock);
        return r;
}

static void screen_read(struct person *p) {
        while (p->n_screen < PERSON_SCREEN_MAX - 1) {
                const ssize_t n = read(p->master, p->screen + p->n_screen, PERSON_SCREEN_MAX - 1 - p->n_screen);

                if (n <= 0)
                        break;
                p->n_screen += (size_t) n;
        }
        p->screen[p->n_screen] = '\0';
}

static bool echo_is(const struct person *p, const char *want) {
        struct termios attributes;

        return tcgetattr(p->master, &attributes) == 0 && !(attributes.c_lflag & ECHO) == (strcmp(want, "off") == 0);
}

static void resize(const struct person *p, const char *size) {
        struct winsize w = { .ws_row = 0 };
        char *end;

        w.ws_col = (unsigned short) strtoul(size, &end, 10);
        w.ws_row = (unsigned short) strtoul(*end ? end + 1 : end, NULL, 10);
        (void) ioctl(p->master, TIOCSWINSZ, &w);
}

/* The terminal's next line, if it is its turn; with the lock held. */
static void terminal_turn(struct person *p) {
        const struct script_line *line = next_line(p);
        const char *rest;

        if (!line || !is_for_terminal(line))
                return;
        if (strcmp(line->key, "screen") == 0) {
                if (!matches(p, line, p->screen, &rest))
                        return;
                p->n_screen = 0;
                p->screen[0] = '\0';
        } else if (strcmp(line->key, "key") == 0) {
                if (strcmp(line->value, "Enter") != 0)
                        (void) !write(p->master, line->value, strlen(line->value));
                (void) !write(p->master, "\n", 1);
        } else if (strcmp(line->key, "resize") == 0)
                resize(p, line->value);
        else if (strcmp(line->key, "echo") == 0) {
                if (!echo_is(p, line->value))
                        return;
        } else {
                auto_closep(&p->master);
                p->master = -1;
        }
        advance(p);
}

void *person_watch(void *person) {
        struct person *p = person;
        bool over = false;

        while (!over) {
                struct pollfd f = { .events = POLLIN };

                (void) pthread_mutex_lock(&p->lock);
                if (p->master >= 0) {
                        screen_read(p);
                        terminal_turn(p);
                }
                over = p->over || p->failed || p->master < 0;
                f.fd = p->master;
                (void) pthread_mutex_unlock(&p->lock);
                (void) poll(&f, 1, 10);
        }
        return NULL;
}

bool person_is_done(struct person *p) {
        const struct script_line *line;

        (void) pthread_mutex_lock(&p->lock);
        line = wait_turn(p);
        if (line)
                complain(p, "line %u: %s = %s did not happen", line->number, line->key, line->value);
        (void) pthread_mutex_unlock(&p->lock);
        return !p->failed;
}
