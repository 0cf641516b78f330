/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * import.c - careid import: files of rows into the care directory
 *
 *  1. MUST open what root names while it is root, and read it when it no longer is.
 *  2. MUST NOT wait for anything but an ordinary file.
 */

#include "import.h"

#include "cleanup.h"
#include "config-files.h"
#include "i18n.h"
#include "invocation.h"
#include "nearest.h"
#include "progress.h"
#include "row-kind.h"
#include "table.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { FILES_MAX = 2 * TRANSFER_KINDS, SHOWN_MAX = 100 };

struct opened {
        char                 name[FILES_MAX][512];
        struct transfer_file file[FILES_MAX];
        size_t               n;
        bool                 others_read[FILES_MAX];    /* a file with secrets, not only its owner */
};

/* -- As root: open ----------------------------------------------------------------------------------------- */

static bool ends_with(const char *s, const char *end) {
        const size_t n = strlen(s), k = strlen(end);

        return n >= k && strcmp(s + n - k, end) == 0;
}

static bool is_json(const char *name) {
        return ends_with(name, ".json") || ends_with(name, ".jsonl");
}

static enum transfer_format format_of(const struct invocation *i, const char *name) {
        const char *said = option(i, "format");

        if (said)
                return strcmp(said, "json") == 0 ? TRANSFER_JSON : TRANSFER_CSV;
        return is_json(name) ? TRANSFER_JSON : TRANSFER_CSV;
}

/* -1: no such word. */
static int ended_of(const char *said) {
        static const char *const words[] = {
                [TRANSFER_ENDED_REFUSE] = "refuse", [TRANSFER_ENDED_SKIP] = "skip", [TRANSFER_ENDED_AGAIN] = "again",
        };

        for (size_t i = 0; said && i < N_ELEMENTS(words); i++)
                if (strcmp(said, words[i]) == 0)
                        return (int) i;
        return said ? -1 : TRANSFER_ENDED_REFUSE;
}

static int add_file(struct opened *o, int at, const char *path, const char *shown, const struct transfer_kind *kind,
                    enum transfer_format format) {
        auto_close int fd = -1;
        struct stat st;

        if (o->n == FILES_MAX)
                return outcome_say(OUTCOME_USAGE, shown, _("more than %d files"), FILES_MAX);
        /* Whatever it is: opening it waits for nobody and takes no terminal. */
        fd = openat(at, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (at == AT_FDCWD ? 0 : O_NOFOLLOW));
        if (fd < 0 && errno == ELOOP && at != AT_FDCWD)         /* a link out of a directory that may be another's */
                return outcome_say(OUTCOME_REFUSED, shown, _("is no ordinary file"));
        if (fd < 0 || fstat(fd, &st) < 0)
                return outcome_of_errno(shown, -errno);
        if (!S_ISREG(st.st_mode))
                return outcome_say(OUTCOME_REFUSED, shown, _("is no ordinary file"));
        if (kind && kind->secret && st.st_mode & (S_IRGRP | S_IROTH))
                o->others_read[o->n] = true;
        (void) snprintf(o->name[o->n], sizeof o->name[o->n], "%s", shown);
        o->file[o->n] = (struct transfer_file) {
                .name = o->name[o->n], .kind = kind, .format = format, .fd = steal_fd(&fd), .size = (uint64_t) st.st_size,
        };
        o->n++;
        return OUTCOME_DONE;
}

/* The kind that KIND.csv, KIND.json or KIND.jsonl is of; NULL: none. */
static const struct transfer_kind *kind_of_file(const char *name) {
        const char *const dot = strrchr(name, '.');

        return dot && (is_json(dot) || strcmp(dot, ".csv") == 0) ? transfer_kind_find(name, (size_t) (dot - name)) : NULL;
}

static int unknown_file(const char *path, const char *name) {
        char shown[512];
        struct nearest near;

        nearest_init(&near, name, strcspn(name, "."));
        for (const struct transfer_kind *k = transfer_kinds; k->name; k++)
                nearest_offer(&near, k->name);
        (void) snprintf(shown, sizeof shown, "%s/%s", path, name);
        if (near.best)
                return outcome_say(OUTCOME_REFUSED, shown, _("files are named after what is in them; is %s meant?"), near.best);
        return outcome_say(OUTCOME_REFUSED, shown, _("files are named after what is in them, like units.csv; see: careid help import"));
}

static void closedirp(DIR **dir) {
        if (*dir)
                (void) closedir(*dir);
}

/* What is there is looked at first, so that no file is left out unseen; then each kind in the order of import. */
static int add_directory(struct opened *o, int fd, const char *path) {
        AUTO(closedirp) DIR *dir = fdopendir(fd);
        static const char *const ends[] = { "csv", "json", "jsonl" };
        const struct dirent *e;

        if (!dir) {
                (void) close(fd);
                return outcome_of_errno(path, -errno);
        }
        while ((e = readdir(dir)))
                if (e->d_name[0] != '.' && (ends_with(e->d_name, ".csv") || is_json(e->d_name)) && !kind_of_file(e->d_name))
                        return unknown_file(path, e->d_name);
        for (const struct transfer_kind *k = transfer_kinds; k->name; k++)
                for (size_t i = 0; i < N_ELEMENTS(ends); i++) {
                        char name[64], shown[512];
                        struct stat st;
                        int status;

                        (void) snprintf(name, sizeof name, "%s.%s", k->name, ends[i]);
                        (void) snprintf(shown, sizeof shown, "%s/%s", path, name);
                        if (fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) < 0)
                                continue;
                        status = add_file(o, dirfd(dir), name, shown, k, i == 0 ? TRANSFER_CSV : TRANSFER_JSON);
                        if (status != OUTCOME_DONE)
                                return status;
                }
        if (o->n == 0)
                return outcome_say(OUTCOME_REFUSED, path, _("there is nothing to import in it, like units.csv"));
        return OUTCOME_DONE;
}

/* "unit", and there is no file of that name: it was to be a kind. */
static bool is_meant_as_kind(const char *word) {
        return !strpbrk(word, "./");
}

/* One operand that is no kind: a directory, or a file that says itself what is in it. */
static int add_path(const struct invocation *i, struct opened *o, const char *path) {
        auto_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
        const char *slash;

        if (fd >= 0)
                return add_directory(o, steal_fd(&fd), path);
        if (errno == ENOENT && is_meant_as_kind(path))
                return row_kind_unknown("import", path, false);
        if (errno != ENOTDIR)
                return outcome_of_errno(path, -errno);
        if (format_of(i, path) == TRANSFER_JSON)
                return add_file(o, AT_FDCWD, path, path, NULL, TRANSFER_JSON);
        slash = strrchr(path, '/');
        if (!kind_of_file(slash ? slash + 1 : path))
                return outcome_say(OUTCOME_USAGE, path, _("say what is in it: careid import units FILE"));
        return add_file(o, AT_FDCWD, path, path, kind_of_file(slash ? slash + 1 : path), TRANSFER_CSV);
}

int import_prepare(struct invocation *i) {
        const struct transfer_kind *const kind = transfer_kind_find(operand(i, 0), strlen(operand(i, 0)));
        const char *const format = option(i, "format");
        auto_free struct opened *o = calloc(1, sizeof *o);
        int status = OUTCOME_DONE;

        if (!o)
                return outcome_of_errno("import", -ENOMEM);
        if (format && strcmp(format, "csv") != 0 && strcmp(format, "json") != 0)
                return outcome_say(OUTCOME_USAGE, "--format", _("must be csv or json"));
        if (ended_of(option(i, "ended")) < 0)
                return outcome_say(OUTCOME_USAGE, "--ended", _("must be refuse, skip or again"));
        if (kind && i->arguments.n_operands < 2)
                return outcome_say(OUTCOME_USAGE, "import", _("say from which file: careid import %s FILE"), kind->name);
        for (size_t k = kind ? 1 : 0; k < i->arguments.n_operands && status == OUTCOME_DONE; k++)
                status = kind ? add_file(o, AT_FDCWD, operand(i, k), operand(i, k), kind, format_of(i, operand(i, k)))
                              : add_path(i, o, operand(i, k));
        for (size_t k = 0; k < o->n && status == OUTCOME_DONE && !option(i, "quiet"); k++)
                if (o->others_read[k])
                        (void) fprintf(stderr, _("%s: not only its owner can read it, and such rows are secret: chmod 600\n"), o->name[k]);
        if (status == OUTCOME_DONE)
                i->prepared = STEAL_PTR(o);
        return status;
}

/* -- As the system user: read ------------------------------------------------------------------------------ */

struct report {
        struct progress progress;
        struct table   *mistakes;               /* NULL: as lines                                 */
        bool            quiet;                  /* only mistakes                                  */
        uint64_t        n, n_notes;
};

static void report_said(void *about, const char *file, const struct row_place *at, bool note, const char *text) {
        struct report *const r = about;
        char line[24], column[16];
        const char *values[] = { file, line, column, text };

        if ((note && r->quiet) || (note ? r->n_notes++ : r->n++) >= SHOWN_MAX)
                return;
        progress_end(&r->progress);
        (void) snprintf(line, sizeof line, "%" PRIu64, at->line);
        (void) snprintf(column, sizeof column, "%" PRIu32, at->column);
        if (note || !r->mistakes)
                (void) fprintf(stderr, "%s:%s:%s: %s\n", file, line, column, text);
        else
                (void) table_add(r->mistakes, values);
}

static void report_went_on(void *about, uint64_t rows, uint64_t bytes, uint64_t in_all) {
        progress_at(&((struct report *) about)->progress, rows, bytes, in_all);
}

static int say_result(const struct invocation *i, const struct transfer_result *result) {
        static const char *const keys[] = { "rows", "added", "unchanged", "passed_over", NULL };
        char rows[24], added[24], same[24], passed_over[24];
        const char *values[] = { rows, added, same, passed_over };
        AUTO(table_freep) struct table *table = NULL;
        int r;

        (void) snprintf(rows, sizeof rows, "%" PRIu64, result->rows);
        (void) snprintf(added, sizeof added, "%" PRIu64, result->added);
        (void) snprintf(same, sizeof same, "%" PRIu64, result->same);
        (void) snprintf(passed_over, sizeof passed_over, "%" PRIu64, result->passed_over);
        if (!option(i, "json")) {
                if (result->passed_over > 0)
                        (void) printf(_("%s rows: %s added, %s there already, %s passed over\n"), rows, added, same, passed_over);
                else
                        (void) printf(_("%s rows: %s added, %s there already\n"), rows, added, same);
                return OUTCOME_DONE;
        }
        r = table_new(TABLE_JSON, "import", keys, &table);
        if (r == 0)
                r = table_add(table, values);
        if (r == 0)
                r = table_print(table);
        return r < 0 ? outcome_of_errno("import", r) : OUTCOME_DONE;
}

/* Who has left must not keep a whole file from being imported. */
static void say_what_next(const struct invocation *i, const struct transfer_result *result) {
        if (result->of_ended == 0)
                return;
        (void) fprintf(stderr, P_("%" PRIu64 " of them is about what has ended or is archived: --ended skip passes over such rows, and imports the rest\n",
                                  "%" PRIu64 " of them are about what has ended or is archived: --ended skip passes over such rows, and imports the rest\n",
                                  result->of_ended), result->of_ended);
        if (ended_of(option(i, "ended")) != TRANSFER_ENDED_AGAIN)
                (void) fputs(_("where such a row is meant anew: --ended again\n"), stderr);
}

static int say_mistakes(const struct invocation *i, struct report *report, const struct transfer_result *result) {
        const uint64_t n = result->mistakes;

        if (report->mistakes) {
                const int r = table_print(report->mistakes);

                return r < 0 ? outcome_of_errno("import", r) : OUTCOME_REFUSED;
        }
        if (n > SHOWN_MAX)
                (void) fprintf(stderr, _("... and %" PRIu64 " more\n"), n - SHOWN_MAX);
        say_what_next(i, result);
        return outcome_say(OUTCOME_REFUSED, i->arguments.command->words,
                           P_("%" PRIu64 " mistake; nothing was changed", "%" PRIu64 " mistakes; nothing was changed", n), n);
}

int import_run(struct invocation *i) {
        static const char *const keys[] = { "file", "line", "column", "mistake", NULL };
        struct opened *const o = i->prepared;
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX];
        struct report report = { .quiet = option(i, "quiet") != NULL };
        AUTO(table_freep) struct table *table = NULL;
        struct transfer_import import = {
                .said = report_said, .went_on = report_went_on, .about = &report,
        };
        struct transfer_result result;
        const char *file;
        int r;

        r = config_compiled_read(i->who.uid, &config, complaint);
        if (r == CONFIG_E_WRONG)
                return outcome_say(OUTCOME_BROKEN, _("configuration"), "%s", complaint);
        if (r < 0 && r != -ENOENT)
                return outcome_of_errno(_("configuration"), r);
        import.home = config.home;
        import.shell = config.shell;
        if (option(i, "json")) {
                r = table_new(TABLE_JSON, "mistakes", keys, &table);
                if (r < 0)
                        return outcome_of_errno("import", r);
                report.mistakes = table;
        }

        import.ended = (enum transfer_ended) ended_of(option(i, "ended"));
        progress_begin(&report.progress, report.quiet);
        r = transfer_import(i->directory, &i->act, &import, o->file, o->n, &result, &file);
        progress_end(&report.progress);
        for (size_t k = 0; k < o->n; k++)
                (void) close(o->file[k].fd);

        if (r == DIRECTORY_OK && report.n_notes > SHOWN_MAX)
                (void) fprintf(stderr, _("... and %" PRIu64 " more\n"), report.n_notes - SHOWN_MAX);
        if (r == DIRECTORY_OK)
                return report.quiet ? OUTCOME_DONE : say_result(i, &result);
        if (r == DIRECTORY_E_INVALID && result.mistakes > 0)
                return say_mistakes(i, &report, &result);
        return file ? outcome_of_errno(file, r) : outcome_of_directory("import", r, i->directory);
}
