/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * double-directory.c - in place of the care directory: a file of lines that a test writes
 *
 *     account NAME ID PERSON UID ARCHIVED ASSIGNED NUMBER      UID "host": the host's; NUMBER "-": none
 *     title ONE WORD OR MORE                                  the only organisation's; without such a line there are several
 *     title ?                                                 what this process may do: it tries, and says so
 *     fail WHAT                                               "open", "account", "title", "add" or "evidence" is out of order;
 *                                                             "notice": it was given a moment ago
 *
 * What would be recorded is added to a file that the test reads, evidence to one of its own.
 */

#include "credentials.h"
#include "directory.h"
#include "messages.h"

#include "cleanup.h"
#include "places.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FILE_ACCOUNTS CAREID_STATE_DIR "/accounts"
#define FILE_ACTS     CAREID_STATE_DIR "/acts"
#define FILE_EVIDENCE CAREID_STATE_DIR "/evidence"
#define FILE_TRIED    CAREID_STATE_DIR "/tried"

enum { WORDS = 8 };

struct directory {
        enum directory_mode mode;
        bool              (*goes_on)(const void *about);
        const void         *about;
};

/* The words of the first line that begins with @first and @second. */
static bool line_find(const char *first, const char *second, char line[static 256], const char *words[static WORDS]) {
        FILE *f = fopen(FILE_ACCOUNTS, "re");
        bool found = false;

        while (f && !found && fgets(line, 256, f)) {
                char *rest = NULL;
                size_t n = 0;

                for (char *w = strtok_r(line, " \n", &rest); w && n < WORDS; w = strtok_r(NULL, " \n", &rest))
                        words[n++] = w;
                found = n >= 2 && strcmp(words[0], first) == 0 && strcmp(words[1], second) == 0 &&
                        (n == WORDS || strcmp(first, "fail") == 0);
        }
        if (f)
                (void) fclose(f);
        return found;
}

static bool fails(const char *what) {
        const char *words[WORDS];
        char line[256];

        return line_find("fail", what, line, words);
}

/* As SQLite writes, not as stdio does: that would look where a file ends, which the sandbox has no call for. */
static int line_add(const char *path, const char *line, size_t n) {
        auto_close int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

        return fd >= 0 && write(fd, line, n) == (ssize_t) n ? DIRECTORY_OK : -EROFS;
}

static int act_add(const struct directory *d, const char *act, long long account, const char *more) {
        char line[512];

        if (d->goes_on && !d->goes_on(d->about))
                return -ECANCELED;
        if (d->mode != DIRECTORY_WRITE || fails("add"))
                return -EROFS;
        (void) snprintf(line, sizeof line, "%s %lld %s\n", act, account, more);
        return line_add(FILE_ACTS, line, strlen(line));
}

int directory_open(enum directory_mode mode, struct directory **ret) {
        struct directory *d;

        if (fails("open"))
                return -EUCLEAN;
        d = calloc(1, sizeof *d);
        if (!d)
                return -ENOMEM;
        d->mode = mode;
        *ret = d;
        return DIRECTORY_OK;
}

void directory_prepare(void) {
}

bool directory_is_current(struct directory *d) {
        (void) d;
        return !fails("current");
}

void directory_rest(struct directory *d) {
        (void) d;
}

void directory_stays_prepared(struct directory *d) {
        (void) d;
}

struct directory *directory_close(struct directory *d) {
        free(d);
        return NULL;
}

const char *directory_complaint(const struct directory *d) {
        (void) d;
        return "out of order for a test";
}

int directory_account(struct directory *d, const char *name, int64_t now, struct directory_account *ret) {
        const char *w[WORDS];
        char line[256];

        (void) d;
        (void) now;
        if (fails("account"))
                return -EIO;
        if (!line_find("account", name, line, w))
                return DIRECTORY_E_NOT_FOUND;
        memset(ret, 0, sizeof *ret);
        ret->id = atoll(w[2]);
        ret->person = atoll(w[3]);
        ret->from_host = strcmp(w[4], "host") == 0;
        ret->uid = ret->from_host ? 0 : (uid_t) strtoul(w[4], NULL, 10);
        ret->archived = *w[5] == '1';
        ret->assigned_now = *w[6] == '1';
        ret->has_se_number = *w[7] != '-';
        (void) snprintf(ret->name, sizeof ret->name, "%s", w[1]);
        (void) snprintf(ret->kind, sizeof ret->kind, "staff");
        (void) snprintf(ret->organisation_title, sizeof ret->organisation_title, "Example clinic");
        return DIRECTORY_OK;
}

/*
 * What sets the sandboxes apart: a file beside the care directory (Landlock, or the list of system calls), a call that
 * is in the list of those alone who write, and a socket that would reach the provider.
 */
static void tries_say(char ret[static DIRECTORY_TITLE_MAX + 1]) {
        auto_close int file = open(FILE_TRIED, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        auto_close int network = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const bool is_called = fsync(-1) < 0 && errno == EBADF;

        (void) snprintf(ret, DIRECTORY_TITLE_MAX + 1, "%s, %s, %s", file >= 0 ? "writes" : "writes not", is_called ? "syncs" : "syncs not",
                        network >= 0 ? "network" : "no network");
}

int directory_roles(struct directory *d, int64_t account, int64_t now, struct directory_roles *ret) {
        (void) d;
        (void) account;
        (void) now;
        if (fails("roles"))
                return -EIO;
        *ret = (struct directory_roles) { .n = 1, .name = { "nurse" } };
        return DIRECTORY_OK;
}

int directory_scene(struct directory *d, int64_t now, struct directory_scene *ret) {
        (void) d;
        (void) now;
        *ret = (struct directory_scene) { .today = "2026-11-22" };
        return fails("scene") ? -EIO : DIRECTORY_OK;
}

int directory_only_organisation(struct directory *d, char ret[static DIRECTORY_TITLE_MAX + 1]) {
        FILE *f = fopen(FILE_ACCOUNTS, "re");
        int r = DIRECTORY_E_NOT_FOUND;
        char line[512];

        (void) d;
        while (f && r != DIRECTORY_OK && fgets(line, sizeof line, f))
                if (strncmp(line, "title ", 6) == 0) {
                        (void) snprintf(ret, DIRECTORY_TITLE_MAX + 1, "%.*s", (int) strcspn(line + 6, "\n"), line + 6);
                        r = DIRECTORY_OK;
                }
        if (f)
                (void) fclose(f);
        if (r == DIRECTORY_OK && strcmp(ret, "?") == 0)
                tries_say(ret);
        return fails("title") ? -EIO : r;
}

int directory_person_has_number(struct directory *d, int64_t person, const char *country, const char *number) {
        FILE *f = fopen(FILE_ACCOUNTS, "re");
        char line[256], want[64], ours[32];
        int r = DIRECTORY_E_NOT_FOUND;

        (void) d;
        (void) snprintf(want, sizeof want, " %s\n", number);
        (void) snprintf(ours, sizeof ours, " %lld ", (long long) person);
        while (f && fgets(line, sizeof line, f))
                if (strcmp(country, "SE") == 0 && strstr(line, want) && strstr(line, ours))
                        r = DIRECTORY_OK;
        if (f)
                (void) fclose(f);
        return r;
}

int directory_login_add(struct directory *d, const struct directory_login *login, int64_t now, int64_t *ret_id) {
        char more[256];

        (void) snprintf(more, sizeof more, "%s %s %s %s %s %s", login->method, login->authenticator, login->assurance,
                        login->service, login->source ? login->source : "-", login->target ? login->target : "-");
        *ret_id = 71;
        if (login->evidence) {
                const size_t n_line = login->n_evidence + 64;
                auto_free char *line = malloc(n_line);

                if (!line || d->mode != DIRECTORY_WRITE || fails("evidence"))
                        return -EROFS;
                (void) snprintf(line, n_line, "%lld %lld %.*s\n", (long long) login->account, (long long) (login->evidence_until - now),
                                (int) login->n_evidence, (const char *) login->evidence);
                if (line_add(FILE_EVIDENCE, line, strlen(line)) != DIRECTORY_OK)
                        return -EROFS;
        }
        return act_add(d, "login", login->account, more);
}

int directory_login_refused(struct directory *d, const struct directory_login *login, const char *reason, int64_t now) {
        (void) now;
        return act_add(d, "refused", login->account, reason);
}

void directory_tell_audit(struct directory *d,
                          void (*tell)(const char *host_id, int64_t sequence, const uint8_t hash[static 32])) {
        (void) d;
        (void) tell;
}

void directory_ask_before_commit(struct directory *d, bool (*goes_on)(const void *about), const void *about) {
        d->goes_on = goes_on;
        d->about = about;
}

int directory_session_open(struct directory *d, int64_t account, int64_t login_id, const char *host,
                           const char *service, const char *source, const char *tty, int64_t now, int64_t *ret_id) {
        (void) login_id;
        (void) host;
        (void) source;
        (void) tty;
        (void) now;
        *ret_id = 5;
        return act_add(d, "session-open", account, service);
}

int directory_session_close(struct directory *d, int64_t account, const char *host, const char *service,
                            const char *tty, int64_t now) {
        (void) host;
        (void) tty;
        (void) now;
        return act_add(d, "session-close", account, service);
}

int directory_notice(struct directory *d, const char *name, int64_t now, int64_t interval) {
        (void) now;
        (void) interval;
        return fails("notice") ? DIRECTORY_E_EXISTS : act_add(d, "notice", 0, name);
}

/* -- Messages: none waits ------------------------------------------------------------------------------ */

int directory_messages_tidy(struct directory *d, int64_t now, int64_t *ret_n) {
        (void) d;
        (void) now;
        (void) ret_n;
        return DIRECTORY_OK;
}

int directory_message_take(struct directory *d, unsigned by, int64_t now, struct directory_message *ret) {
        (void) d;
        (void) by;
        (void) now;
        (void) ret;
        return DIRECTORY_E_NOT_FOUND;
}

int directory_message_end(struct directory *d, int64_t id, enum message_outcome outcome, int64_t now) {
        (void) d;
        (void) id;
        (void) outcome;
        (void) now;
        return -EROFS;
}

int directory_reach(struct directory *d, int64_t account, bool by_mail, char ret[static MESSAGE_TO_MAX + 1]) {
        (void) d;
        (void) account;
        (void) by_mail;
        (void) ret;
        return DIRECTORY_E_NOT_FOUND;
}
