/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * export-files.c - the new files of an export: made by root, and taken away by root if it fails
 *
 *  1. MUST NOT write into, or remove, what somebody else has put there: each file is new, by O_EXCL, and goes
 *     only if its name was still that file a moment before.  Who may write to the directory can win that moment, and
 *     have a file removed that they could have removed themselves.
 *  2. MUST make them for root alone, whatever the directory is that they are in.
 */

#include "export-files.h"

#include "cleanup.h"
#include "i18n.h"
#include "outcome.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int say_errno(const char *path) {
        if (errno == EEXIST)
                return outcome_say(OUTCOME_REFUSED, path, _("is there already; an export writes over nothing: give it a new name"));
        return outcome_of_errno(path, -errno);
}

/* @path into the directory that it is in, opened, and its last part. */
static int split(struct export_files *f, const char *path, bool is_directory) {
        size_t n = strlen(path), begin;
        auto_free char *above = NULL;

        while (is_directory && n > 1 && path[n - 1] == '/')
                n--;
        for (begin = n; begin > 0 && path[begin - 1] != '/'; begin--)
                ;
        if (n - begin >= sizeof f->base || begin == n) {
                errno = begin == n ? EISDIR : ENAMETOOLONG;
                return say_errno(path);
        }
        memcpy(f->base, path + begin, n - begin);
        above = begin > 0 ? strndup(path, begin) : strdup(".");
        f->above = above ? open(above, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
        return f->above < 0 ? say_errno(path) : OUTCOME_DONE;
}

static int make_file(struct export_files *f, int at, const char *name, const char *shown, const struct transfer_kind *kind,
                     enum transfer_format format) {
        const int fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

        if (fd < 0)
                return say_errno(shown);
        if (f->dir >= 0)
                (void) snprintf(f->name[f->n], sizeof f->name[f->n], "%s", name);
        f->file[f->n++] = (struct transfer_out) { .kind = kind, .format = format, .fd = fd };
        return OUTCOME_DONE;
}

/* A directory of our own making, so that nobody else has put anything into it; what was opened is what was made. */
static int make_directory(struct export_files *f, const char *path) {
        struct stat st;

        if (mkdirat(f->above, f->base, 0700) < 0)
                return say_errno(path);
        f->dir = openat(f->above, f->base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (f->dir < 0)
                return say_errno(path);
        if (fstat(f->dir, &st) < 0 || st.st_uid != geteuid() || (st.st_mode & 07777 & ~(mode_t) S_ISGID) != 0700) {
                (void) close(f->dir);
                f->dir = -1;
                return outcome_say(OUTCOME_BROKEN, path, _("somebody has put another directory in its place; use one that root alone can write to"));
        }
        return OUTCOME_DONE;
}

static int make_all(struct export_files *f, const char *path, enum transfer_format format, bool secrets) {
        int status = make_directory(f, path);

        for (const struct transfer_kind *k = transfer_kinds; k->name && status == OUTCOME_DONE; k++) {
                char name[64];

                if (!k->all || (k->secret && !secrets))
                        continue;
                (void) snprintf(name, sizeof name, "%s.%s", k->name, format == TRANSFER_JSON ? "json" : "csv");
                status = make_file(f, f->dir, name, name, k, format);
        }
        return status;
}

/* And that of a child. */
static sigset_t those_that_end(void) {
        static const int signals[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT };
        sigset_t set;

        (void) sigemptyset(&set);
        for (size_t i = 0; i < N_ELEMENTS(signals); i++)
                (void) sigaddset(&set, signals[i]);
        return set;
}

static int signals_wait(sigset_t *ret_before) {
        const sigset_t signals = those_that_end();

        return sigprocmask(SIG_BLOCK, &signals, ret_before);
}

/* None yet; signals wait.  NULL: why was said, and *@ret_status is how it ends. */
static struct export_files *files_new(int *ret_status) {
        struct export_files *const f = calloc(1, sizeof *f);

        if (!f || signals_wait(&f->before) < 0) {
                *ret_status = outcome_of_errno("export", f ? -errno : -ENOMEM);
                free(f);
                return NULL;
        }
        f->dir = f->above = -1;
        return f;
}

int export_files_make(const char *path, const struct transfer_kind *kind, enum transfer_format format, bool secrets,
                      struct export_files **ret) {
        int status = OUTCOME_DONE;
        auto_free struct export_files *f = files_new(&status);

        if (!f)
                return status;
        status = split(f, path, !kind);
        if (status == OUTCOME_DONE)
                status = kind ? make_file(f, f->above, f->base, path, kind, format) : make_all(f, path, format, secrets);
        if (status == OUTCOME_DONE)
                *ret = STEAL_PTR(f);
        else
                export_files_remove(f);
        return status;
}

int export_file_begin(const char *path, struct export_files **ret) {
        int status = OUTCOME_DONE, r;
        auto_free struct export_files *f = files_new(&status);

        if (!f)
                return status;
        status = split(f, path, false);
        if (status == OUTCOME_DONE)
                status = make_file(f, f->above, f->base, path, NULL, TRANSFER_JSON);
        if (status != OUTCOME_DONE)
                return status;
        r = export_files_guard(f);
        if (r < 0) {
                export_files_remove(f);
                return outcome_of_errno(path, r);
        }
        *ret = STEAL_PTR(f);
        return OUTCOME_DONE;
}

/* MUST 1 */
static void remove_if(int at, const char *name, int fd, int flags) {
        struct stat is, was;

        if (fstat(fd, &was) == 0 && fstatat(at, name, &is, AT_SYMLINK_NOFOLLOW) == 0 && is.st_dev == was.st_dev &&
            is.st_ino == was.st_ino)
                (void) unlinkat(at, name, flags);
}

void export_files_remove(const struct export_files *f) {
        for (size_t i = 0; i < f->n; i++)
                remove_if(f->dir >= 0 ? f->dir : f->above, f->dir >= 0 ? f->name[i] : f->base, f->file[i].fd, 0);
        if (f->dir >= 0)
                remove_if(f->above, f->base, f->dir, AT_REMOVEDIR);
}

/* Its end; signals that are to end us end it. */
static int wait_for(pid_t child, const sigset_t *signals) {
        int status, signal;

        for (;;) {
                const pid_t pid = waitpid(child, &status, WNOHANG);

                if (pid == child)
                        return status;
                if (pid < 0)
                        return -1;
                if (sigwait(signals, &signal) == 0 && signal != SIGCHLD)
                        (void) kill(child, signal);
        }
}

int export_files_guard(const struct export_files *f) {
        const sigset_t signals = those_that_end();
        pid_t child;
        int status;

        (void) signal(SIGCHLD, SIG_DFL);                /* where it is ignored nobody's end is told */
        child = fork();
        if (child <= 0) {
                const int r = child < 0 ? -errno : 0;

                (void) sigprocmask(SIG_SETMASK, &f->before, NULL);
                return r;
        }
        status = wait_for(child, &signals);
        if (status == 0)
                _exit(OUTCOME_DONE);
        export_files_remove(f);
        if (status > 0 && WIFEXITED(status))
                _exit(WEXITSTATUS(status));
        _exit(outcome_say(OUTCOME_BROKEN, "export", _("it was stopped; what had been written is removed")));
}
