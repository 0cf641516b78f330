/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-snapshot.c - snapshots on a disk: damage is found, and whatever
 * stops a writer, nothing is lost and nothing is given
 *
 * A writer is killed at its system calls; it finds a file too large to write, a
 * place that can't be written to, another writer.  After each the files are
 * whole, one set or none, and the next update lets them say what the directory says.
 */

#include "batch.h"
#include "clients.h"
#include "fixture.h"
#include "group-settings.h"
#include "snapshot-verify.h"
#include "sql.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KILLS = 20, WRITERS = 2, ACTS_OF_A_WRITER = 8 };

static const struct directory_act *const act = &fixture_act;

static int verify(struct directory *d) {
        return directory_snapshot_verify(d, &(struct directory_snapshot) { .generation = 0 });
}

static void is_whole(struct directory *d, const char *name) {
        tap_result(verify(d), DIRECTORY_OK, d, "%s", name);
}

static int open_snapshots(void) {
        return open(fixture_place("snapshots"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* -- What is there, after each kind of writing --------------------------------------------------------- */

static void people(struct directory *d) {
        int64_t rut = 0;

        (void) directory_person_add(d, act, "Rut", "Ros", NULL, NULL, &rut);
        (void) directory_account_add(d, act, rut, "oakclinic", "rut", "relative", "careid", "/home/rut", "/bin/sh", NULL);
        (void) directory_account_add(d, act, rut, "oakclinic", "rut.e", "external", "careid", "/home/rut.e", "/bin/sh", NULL);
        (void) directory_assignment_add(d, act, "rut.e", "secretary", "oak", "2026-12-01", "2027-02-01", NULL);
}

static void test_written(struct directory *d) {
        tap_result(verify(d), -ENOENT, d, "before anything was written there is nothing");
        (void) directory_publish(d, FIXTURE_NOW);
        is_whole(d, "a base");
        people(d);
        tap_result(verify(d), DIRECTORY_E_CONSTRAINT, d, "what is not written yet is not said");
        tap_ok(strstr(directory_complaint(d), "careid snapshot update") != NULL, "and the complaint says what to do");
        (void) directory_publish(d, FIXTURE_NOW + 60);
        is_whole(d, "a base and a delta");
        (void) directory_archive(d, act, "account", "bo", true);
        (void) directory_publish(d, FIXTURE_NOW + (INT64_C(100) * 86400));
        is_whole(d, "a delta of another time, when others are over");
        (void) directory_archive(d, act, "account", "bo", false);
        (void) directory_publish(d, FIXTURE_NOW - 86400);
        is_whole(d, "a delta of a clock that was put back");
        (void) directory_publish_anew(d, FIXTURE_NOW);
        is_whole(d, "a base anew");
}

/* What would be written is what then is, and trying writes nothing, also where nothing can be committed. */
static void test_tried(struct directory *d) {
        auto_directory struct directory *tried = fixture_open(DIRECTORY_WRITE);
        enum directory_writing writes;
        struct stat before, after;
        const char *name, *why;

        directory_dry_run(tried);
        (void) directory_publish_anew(d, FIXTURE_NOW);
        (void) stat(fixture_place("snapshots/public.snapshot"), &before);
        tap_ok(directory_publish_try(tried, FIXTURE_NOW, false, &writes) == 0 && writes == DIRECTORY_WRITES_NOTHING, "tried: all of it is said");
        tap_ok(directory_publish_try(tried, FIXTURE_NOW, true, &writes) == 0 && writes == DIRECTORY_WRITES_BASE, "tried: a base");
        (void) directory_archive(d, act, "account", "bo", true);
        tap_ok(directory_publish_try(tried, FIXTURE_NOW, false, &writes) == 0 && writes == DIRECTORY_WRITES_DELTA, "tried: a difference");
        tap_result(verify(d), DIRECTORY_E_CONSTRAINT, d, "tried: it is not written");
        (void) stat(fixture_place("snapshots/public.snapshot"), &after);
        tap_ok(before.st_ino == after.st_ino && directory_unsaid(tried, &name, &why) == 0, "tried: nor is a base, and nothing is left out");
        tap_result(directory_publish(tried, FIXTURE_NOW), -EINVAL, tried, "tried: a dry run writes nothing otherwise");
        (void) directory_archive(d, act, "account", "bo", false);
        (void) chmod(fixture_place("snapshots/epoch"), 0600);
        tap_ok(directory_publish_try(tried, FIXTURE_NOW, false, &writes) == -EPERM && strstr(directory_complaint(tried), "epoch is to be a file"),
               "tried: an epoch that could not go up");
        tap_result(directory_publish_anew(d, FIXTURE_NOW), -EPERM, d, "and does not");
        (void) chmod(fixture_place("snapshots/epoch"), 0644);
        (void) directory_publish_anew(d, FIXTURE_NOW);
}

/* The same with the members of groups listed: what has changed is in the delta, and the base's lists hold for the others. */
static void test_listed(struct directory *d) {
        static const char *const units[] = { "oak", "elm" }, *const roles[] = { "nurse", "doctor" };
        struct directory_groups groups = { .list_members = true, .roles = true, .units = true, .services = true };
        int64_t id = 0;
        bool changed;

        (void) directory_groups_set(d, act, &groups, &changed);
        (void) directory_publish(d, FIXTURE_NOW);
        is_whole(d, "listed: a base");
        for (size_t i = 0; i < 4; i++) {
                (void) directory_assignment_add(d, act, "bo", roles[i % 2], units[i / 2], NULL, i % 3 ? "2026-12-31" : NULL, &id);
                (void) directory_publish(d, FIXTURE_NOW);
                is_whole(d, "listed: somebody comes in");
        }
        (void) directory_publish_anew(d, FIXTURE_NOW);
        (void) directory_assignment_end(d, act, id);
        (void) directory_publish(d, FIXTURE_NOW);
        is_whole(d, "listed: somebody leaves whom the base lists");
        (void) directory_archive(d, act, "account", "bo", true);
        (void) directory_archive(d, act, "account", "rut.e", true);
        (void) directory_publish(d, FIXTURE_NOW);
        is_whole(d, "listed: accounts of either file are gone");
        (void) directory_archive(d, act, "account", "anna", true);
        (void) directory_publish(d, FIXTURE_NOW);
        is_whole(d, "listed: and so is the last who held a service");
        (void) directory_archive(d, act, "account", "bo", false);
        (void) directory_archive(d, act, "account", "rut.e", false);
        (void) directory_archive(d, act, "account", "anna", false);
        (void) directory_publish_anew(d, FIXTURE_NOW);

        groups.list_members = false;
        (void) directory_groups_set(d, act, &groups, &changed);
        (void) directory_publish(d, FIXTURE_NOW);
        is_whole(d, "listed no more");
}

/* -- What is said of a name ------------------------------------------------------------------------------ */

struct said {
        size_t rows, memberships, gone;
        char   groups[256];
};

static int hear(const struct directory_snapshot_row *row, void *context) {
        struct said *const s = context;
        const size_t n = strlen(s->groups);

        s->rows++;
        s->memberships += row->is_membership;
        s->gone += row->is_gone && !row->is_membership;
        (void) snprintf(s->groups + n, sizeof s->groups - n, "%s ", row->group ? row->group : "-");
        return 0;
}

static void test_shown(struct directory *d) {
        struct said anna = { 0 }, bo = { 0 }, oak = { 0 };

        tap_result(directory_snapshot_find(d, "anna", hear, &anna), DIRECTORY_OK, d, "what is said of anna");
        tap_ok(anna.rows == 6 && anna.memberships == 4 && strstr(anna.groups, "unit-oak-nurse") && strstr(anna.groups, "service-journal"),
               "two entries, four groups, each by name");
        (void) directory_archive(d, act, "account", "bo", true);
        (void) directory_publish(d, FIXTURE_NOW);
        (void) directory_snapshot_find(d, "bo", hear, &bo);
        tap_ok(bo.gone == 2, "who is gone is said to be in each delta");
        (void) directory_snapshot_find(d, "unit-oak", hear, &oak);
        tap_ok(oak.rows == 1, "a group");
        tap_result(directory_snapshot_find(d, "nobody", hear, &oak), DIRECTORY_E_NOT_FOUND, d, "nobody");
        (void) directory_archive(d, act, "account", "bo", false);
        (void) directory_publish_anew(d, FIXTURE_NOW);
}

/* -- What reaches far ------------------------------------------------------------------------------------ */

/* The clinic, and another one whose people and clients have to do with it, each in a way of their own. */
static void county(struct directory *d) {
        static const struct directory_basis consent = { "consent", "folder 3", "Anna", "2027-11-01" }, self = { .basis = "self" };
        int64_t kim = 0, rut = 0, held = 0;

        (void) directory_person_add(d, act, "Kim", "Karp", NULL, NULL, &kim);
        (void) directory_person_add(d, act, "Rut", "Ros", NULL, NULL, &rut);
        (void) directory_organisation_add(d, act, "firhome", "The Fir home", "SE", "Europe/Stockholm");
        (void) directory_unit_add(d, act, "firhome", "fir", "Ward Fir");
        (void) directory_role_add(d, act, "resident", "Resident", "client", false);
        (void) directory_service_add(d, act, &(struct directory_service) { .name = "letters", .title = "Letters", .opens = "other", .module = "chat" });
        (void) directory_role_service_add(d, act, "relative", "video");
        (void) directory_role_service_add(d, act, "resident", "video");
        (void) directory_module_set(d, act, "firhome", "video", true);
        (void) directory_account_add(d, act, rut, "oakclinic", "rut", "relative", "careid", "/home/rut", "/bin/sh", NULL);
        (void) directory_account_add(d, act, rut, "firhome", "rut.e", "external", "careid", "/home/rut.e", "/bin/sh", NULL);
        (void) directory_account_add(d, act, kim, "firhome", "kim", "client", "careid", "/home/kim", "/bin/sh", NULL);
        (void) directory_account_add(d, act, 2, "firhome", "bo.host", "staff", "host", NULL, NULL, NULL);
        (void) directory_client_add(d, act, kim, "firhome", NULL, NULL);
        (void) directory_client_add(d, act, kim, "oakclinic", NULL, NULL);
        (void) directory_grant_add(d, act, "rut", "relative", "firhome-1", &consent, NULL, NULL, NULL);
        (void) directory_grant_add(d, act, "rut", "relative", "oakclinic-1", &consent, NULL, NULL, NULL);
        (void) directory_grant_add(d, act, "kim", "resident", "firhome-1", &self, NULL, NULL, NULL);
        (void) directory_assignment_add(d, act, "rut.e", "secretary", "oak", "2026-12-01", "2027-02-01", NULL);
        (void) directory_assignment_add(d, act, "anna", "doctor", "fir", NULL, "2027-02-01", &held);
        (void) directory_assignment_add(d, act, "bo.host", "nurse", "elm", NULL, NULL, NULL);
        (void) directory_deputy_add(d, act, held, "bo", NULL, "2026-12-24", NULL);
}

static int put_module(struct directory *d, const char *organisation, const char *module, bool there) {
        return directory_module_set(d, act, organisation, module, there);
}

static int put_service(struct directory *d, const char *role, const char *service, bool there) {
        return there ? directory_role_service_add(d, act, role, service) : directory_role_service_remove(d, act, role, service);
}

static int put_back(struct directory *d, const char *kind, const char *name, bool there) {
        return directory_archive(d, act, kind, name, !there);
}

/* The one writer is asked: were all marked whom it reaches, base and delta say what a base would. */
static void test_far(struct directory *d) {
        static const struct {
                int       (*put)(struct directory *d, const char *what, const char *which, bool there);
                const char *what, *which;
                bool        there;
                int64_t     accounts, groups;   /* that are marked                                */
        } cases[] = {
                { put_module,  "firhome",      "video",     false, 2, 0 },
                { put_module,  "firhome",      "video",     true,  2, 0 },
                { put_module,  "firhome",      "chat",      true,  0, 0 },
                { put_module,  "oakclinic",    "video",     true,  1, 1 },
                { put_module,  "oakclinic",    "video",     false, 1, 0 },
                { put_service, "relative",     "video",     false, 1, 0 },
                { put_service, "relative",     "video",     true,  1, 0 },
                { put_service, "relative",     "letters",   true,  1, 1 },
                { put_service, "resident",     "letters",   true,  1, 0 },
                { put_module,  "firhome",      "chat",      false, 2, 0 },
                { put_service, "nurse",        "journal",   false, 2, 0 },
                { put_service, "nurse",        "journal",   true,  2, 0 },
                { put_service, "secretary",    "video",     false, 1, 0 },
                { put_service, "secretary",    "video",     true,  1, 0 },
                { put_back,    "unit",         "oak",       false, 2, 3 },
                { put_back,    "unit",         "oak",       true,  2, 3 },
                { put_back,    "unit",         "fir",       false, 2, 2 },
                { put_back,    "unit",         "fir",       true,  2, 2 },
                { put_back,    "role",         "nurse",     false, 2, 3 },
                { put_back,    "role",         "nurse",     true,  2, 3 },
                { put_back,    "role",         "secretary", false, 1, 2 },
                { put_back,    "role",         "secretary", true,  1, 2 },
                { put_back,    "role",         "relative",  false, 1, 1 },
                { put_back,    "role",         "relative",  true,  1, 1 },
                { put_back,    "service",      "journal",   false, 2, 1 },
                { put_back,    "service",      "journal",   true,  2, 1 },
                { put_back,    "service",      "video",     false, 3, 3 },
                { put_back,    "service",      "video",     true,  3, 3 },
                { put_back,    "organisation", "firhome",   false, 6, 6 },
                { put_back,    "organisation", "firhome",   true,  6, 6 },
                { put_back,    "organisation", "oakclinic", false, 5, 8 },
                { put_back,    "organisation", "oakclinic", true,  5, 8 },
        };

        county(d);
        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                struct directory_snapshot before = { .generation = 0 }, after = { .generation = 1 };
                int64_t accounts = 0, groups = 0;
                int r;

                /* Every second one on what there is already. */
                r = i % 2 ? directory_publish(d, FIXTURE_NOW) : directory_publish_anew(d, FIXTURE_NOW);
                if (r == DIRECTORY_OK)
                        r = directory_snapshot_verify(d, &before);
                if (r == DIRECTORY_OK)
                        r = cases[i].put(d, cases[i].what, cases[i].which, cases[i].there);
                (void) sql_find_integer(d, "SELECT count(*) FROM changed, meta WHERE what = 'account' AND change = changes", SQL_NONE, &accounts);
                (void) sql_find_integer(d, "SELECT count(*) FROM changed, meta WHERE what = 'group' AND change = changes", SQL_NONE, &groups);
                if (r == DIRECTORY_OK)
                        r = directory_publish(d, FIXTURE_NOW);
                if (r == DIRECTORY_OK)
                        r = directory_snapshot_verify(d, &after);
                tap_result(r, DIRECTORY_OK, d, "%s %s %s: base and delta say what a new base would", cases[i].what, cases[i].which,
                           cases[i].there ? "put there" : "taken away");
                tap_ok(after.generation == before.generation && accounts == cases[i].accounts && groups == cases[i].groups,
                       "%s %s %s: by a delta, with %lld accounts and %lld groups more", cases[i].what, cases[i].which,
                       cases[i].there ? "put there" : "taken away", (long long) accounts, (long long) groups);
        }
}

/* The schema itself says when there is more than a delta has room for: what it doesn't look for, nobody marks. */
static void test_far_and_many(struct directory *d) {
        static const struct {
                int       (*put)(struct directory *d, const char *what, const char *which, bool there);
                const char *what, *which;
                bool        there;
        } cases[] = {
                { put_back,    "unit",         "oak",     false }, { put_back,    "unit",      "oak",     true },
                { put_back,    "role",         "nurse",   false }, { put_back,    "role",      "nurse",   true },
                { put_back,    "service",      "stamps",  false }, { put_back,    "service",   "stamps",  true },
                { put_back,    "organisation", "firhome", false }, { put_back,    "organisation", "firhome", true },
                { put_service, "nurse",        "journal", false }, { put_service, "nurse",     "journal", true },
                { put_module,  "firhome",      "video",   false }, { put_module,  "firhome",   "video",   true },
        };
        const char *const fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2048)"
                                 " INSERT OR REPLACE INTO changed SELECT 'group', 1000 + i, changes FROM n, meta";

        (void) directory_service_add(d, act, &(struct directory_service) { .name = "stamps", .title = "Stamps", .opens = "other" });
        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                int64_t few = -1, many = -1;

                for (int full = 0; full < 2; full++) {
                        int r;

                        (void) sql_run(d, "DELETE FROM changed", SQL_NONE);
                        if (full)
                                (void) sql_run(d, fill, SQL_NONE);
                        r = cases[i].put(d, cases[i].what, cases[i].which, cases[i].there);
                        if (r == DIRECTORY_OK)
                                (void) sql_find_integer(d, "SELECT count(*) FROM changed WHERE what = 'all'", SQL_NONE, full ? &many : &few);
                        if (!full)
                                (void) cases[i].put(d, cases[i].what, cases[i].which, !cases[i].there);
                }
                tap_ok(few == 0 && many == 1, "%s %s %s: all of it, if there is much else (%lld, %lld)", cases[i].what, cases[i].which,
                       cases[i].there ? "put there" : "taken away", (long long) few, (long long) many);
        }
}

/* -- Damage -------------------------------------------------------------------------------------------- */

static void flip(const char *path, off_t at) {
        auto_close int fd = open(path, O_RDWR | O_CLOEXEC);
        uint8_t byte = 0;

        if (fd < 0 || pread(fd, &byte, 1, at) != 1)
                return;
        byte ^= (uint8_t) (1 << at % 8);
        (void) pwrite(fd, &byte, 1, at);
}

static void test_damage(struct directory *d) {
        size_t n_flips = 0, n_unseen = 0;

        (void) directory_archive(d, act, "account", "bo", true);
        (void) directory_publish(d, FIXTURE_NOW);
        for (size_t i = 0; i < SNAPSHOT_FILES; i++) {
                const char *const name = snapshot_files_name((enum snapshot_files_index) i);
                struct stat st = { .st_size = 0 };

                (void) stat(fixture_file("snapshots", name), &st);
                for (off_t at = 0; at < st.st_size; at++) {
                        flip(fixture_file("snapshots", name), at);
                        n_unseen += verify(d) == DIRECTORY_OK;
                        flip(fixture_file("snapshots", name), at);
                        n_flips++;
                }
                (void) truncate(fixture_file("snapshots", name), st.st_size - 8);
                tap_ok(verify(d) != DIRECTORY_OK, "%s is cut", name);
                (void) directory_publish_anew(d, FIXTURE_NOW);
                (void) directory_archive(d, act, "account", "bo", i % 2);
                (void) directory_publish(d, FIXTURE_NOW);
        }
        tap_ok(n_flips > 2000 && n_unseen == 0, "of %zu bytes each is looked at (%zu are not)", n_flips, n_unseen);
        is_whole(d, "and as it was");
}

/* The files are whole; the directory says something else, which nobody marked. */
static void test_other_words(struct directory *d) {
        static const struct { const char *what, *sql, *back; } cases[] = {
                { "another home", "UPDATE account SET home = '/home/elsewhere' WHERE name = 'anna'", "UPDATE account SET home = '/home/anna' WHERE name = 'anna'" },
                { "an account archived", "UPDATE account SET archived = 1 WHERE name = 'rut'", "UPDATE account SET archived = NULL WHERE name = 'rut'" },
                { "a membership that is over", "UPDATE assignment SET ended = 1 WHERE account = 1", "UPDATE assignment SET ended = NULL WHERE account = 1" },
                { "a group of another name", "UPDATE care_group SET name = 'unit-ash' WHERE name = 'unit-elm'", "UPDATE care_group SET name = 'unit-elm' WHERE name = 'unit-ash'" },
        };

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                (void) fixture_sql(cases[i].sql);
                tap_result(verify(d), DIRECTORY_E_CONSTRAINT, d, "%s", cases[i].what);
                (void) fixture_sql(cases[i].back);
        }
        is_whole(d, "and as it was");
}

/* -- A writer that is killed ------------------------------------------------------------------------------ */

static int archive_or_restore(struct directory *d, const char *name) {
        int64_t archived = 0;

        (void) sql_find_integer(d, "SELECT archived IS NOT NULL FROM account WHERE name = ?1", SQL_BIND(sql_text(name)), &archived);
        return directory_archive(d, act, "account", name, !archived);
}

static int grant_or_end(struct directory *d, const char *client) {
        static const struct directory_basis consent = { "consent", "folder 3", "Anna", "2027-11-01" };
        int64_t held = 0;

        (void) sql_find_integer(d, "SELECT id FROM client_grant WHERE ended IS NULL", SQL_NONE, &held);
        return held > 0 ? directory_grant_end(d, act, held, "ended")
                        : directory_grant_add(d, act, "rut", "relative", client, &consent, NULL, NULL, NULL);
}

/* What a child does: one act on @name, and what makes programs see it. */
static int write_once(int (*do_or_undo)(struct directory *d, const char *name), const char *name, bool anew) {
        auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);
        int r;

        r = do_or_undo(d, name);
        if (r == DIRECTORY_OK)
                r = anew ? directory_publish_anew(d, FIXTURE_NOW) : directory_publish(d, FIXTURE_NOW);
        return r;
}

/* Run it to its @nth system call, and no further; how many there were if it came to its end. */
static long run_traced(int (*do_or_undo)(struct directory *d, const char *name), const char *name, bool anew, long nth) {
        const pid_t child = fork();
        int status = 0;
        long n = 0;

        if (child == 0) {
                if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
                        _exit(2);
                (void) raise(SIGSTOP);
                _exit(write_once(do_or_undo, name, anew) != DIRECTORY_OK);
        }
        if (child < 0 || waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
                return -1;
        (void) ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);
        while (ptrace(PTRACE_SYSCALL, child, NULL, NULL) == 0 && waitpid(child, &status, 0) == child && WIFSTOPPED(status))
                if (++n / 2 == nth) {
                        (void) kill(child, SIGKILL);
                        (void) waitpid(child, &status, 0);
                        return 0;
                }
        return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? n / 2 : -1;
}

static bool has_leftovers(void) {
        DIR *const dir = opendir(fixture_place("snapshots"));
        const struct dirent *e;
        bool has = false;

        while (dir && (e = readdir(dir)))
                has |= strstr(e->d_name, ".new") || strcmp(e->d_name, SNAPSHOT_NEXT_DELTA) == 0;
        if (dir)
                (void) closedir(dir);
        return has;
}

/* Right after the kill: files whole, of one set or of none, never one without its delta; @is_delta: of none while its other half waits. */
static bool is_set_or_halves(bool is_delta) {
        auto_close int dir = open_snapshots();
        struct snapshot_fault fault = { .kind = 0 };
        struct snapshot_files files;
        int r;

        r = snapshot_files_open(dir, &files, &fault);
        if (r < 0)
                return false;
        r = snapshot_files_check(&files, &fault);
        snapshot_files_close(&files);
        return r == 0 || (r == -EBADMSG && fault.kind == SNAPSHOT_FAULT_SET &&
                          (!is_delta || access(fixture_file("snapshots", SNAPSHOT_NEXT_DELTA), F_OK) == 0));
}

static void test_killed(const char *what, int (*do_or_undo)(struct directory *d, const char *name), const char *name, bool anew) {
        const long calls = run_traced(do_or_undo, name, anew, -1);
        size_t n_wrong = 0, n_behind = 0, n_sets = 0, n_left = 0;

        tap_ok(calls > KILLS, "writing %s makes %ld system calls", what, calls);
        for (long i = 0; i < KILLS && calls > 0; i++) {
                /* From the last third on, where files are written, every few calls. */
                const long nth = calls / 3 + (calls - calls / 3) * i / KILLS;

                (void) run_traced(do_or_undo, name, anew, nth);
                n_sets += !is_set_or_halves(!anew);
                {
                        auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);

                        n_behind += verify(d) != DIRECTORY_OK;
                        if (directory_publish(d, FIXTURE_NOW) != DIRECTORY_OK || verify(d) != DIRECTORY_OK) {
                                printf("# killed at call %ld of %ld: %s\n", nth, calls, directory_complaint(d));
                                n_wrong++;
                        }
                }
                n_left += has_leftovers();
        }
        tap_ok(n_sets == 0, "killed in %s: the files are whole, of one set or none", what);
        tap_ok(n_wrong == 0 && n_behind > 0, "killed in %s: an update makes up for it (%zu were behind)", what, n_behind);
        tap_ok(n_left == 0, "killed in %s: no file is left over", what);
}

/* -- Writers that can't, and writers at once ------------------------------------------------------------------ */

static void test_unable(struct directory *d) {
        static const rlim_t sizes[] = { 0, 100 };
        struct rlimit no_limit, limit;

        (void) getrlimit(RLIMIT_FSIZE, &no_limit);
        (void) signal(SIGXFSZ, SIG_IGN);
        for (size_t i = 0; i < N_ELEMENTS(sizes); i++) {
                int r;

                (void) directory_archive(d, act, "account", "anna", i % 2 == 0);
                limit = (struct rlimit) { .rlim_cur = sizes[i], .rlim_max = no_limit.rlim_max };
                (void) setrlimit(RLIMIT_FSIZE, &limit);
                r = i == 1 ? directory_publish_anew(d, FIXTURE_NOW) : directory_publish(d, FIXTURE_NOW);
                (void) setrlimit(RLIMIT_FSIZE, &no_limit);
                tap_ok(r < 0 && is_set_or_halves(true) && !has_leftovers(), "no room for more than %llu bytes: %s",
                       (unsigned long long) sizes[i], directory_complaint(d));
                tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "with room it is made up for");
                is_whole(d, "and whole");
        }
        (void) directory_archive(d, act, "account", "anna", true);
        (void) chmod(fixture_place("snapshots"), 0555);
        tap_ok(directory_publish(d, FIXTURE_NOW) < 0, "nothing can be written there: %s", directory_complaint(d));
        (void) chmod(fixture_place("snapshots"), 0755);
        tap_result(directory_publish(d, FIXTURE_NOW), DIRECTORY_OK, d, "once it can, it is made up for");
        is_whole(d, "and whole");
}

static void test_at_once(struct directory *d) {
        pid_t child[WRITERS];
        bool good = true;

        for (size_t i = 0; i < WRITERS; i++) {
                child[i] = fork();
                if (child[i] == 0) {
                        int r = 0;

                        for (unsigned k = 0; r == 0 && k < ACTS_OF_A_WRITER; k++)
                                r = write_once(archive_or_restore, i > 0 ? "anna" : "bo", i > 0 && k % 4 == 0);
                        _exit(r != 0);
                }
        }
        for (size_t i = 0; i < WRITERS; i++) {
                int status = 0;

                good &= child[i] > 0 && waitpid(child[i], &status, 0) == child[i] && WIFEXITED(status) && WEXITSTATUS(status) == 0;
        }
        tap_ok(good, "%d writers at once: each does all of its acts", WRITERS);
        is_whole(d, "and the files say what both did");
}

int main(void) {
        int64_t cared_for = 0;

        fixture_begin();
        {
                auto_directory struct directory *d = fixture_clinic();

                test_written(d);
                test_tried(d);
                test_listed(d);
                test_shown(d);
                test_damage(d);
                test_other_words(d);
                test_unable(d);
                test_at_once(d);
                tap_result(directory_person_add(d, act, "Kim", "Karp", NULL, NULL, &cared_for), DIRECTORY_OK, d, "somebody to care for");
                tap_result(directory_client_add(d, act, cared_for, "oakclinic", NULL, NULL), DIRECTORY_OK, d, "a client");
        }
        test_killed("a delta", archive_or_restore, "bo", false);
        test_killed("a base", archive_or_restore, "bo", true);
        test_killed("a grant's delta", grant_or_end, "oakclinic-1", false);
        {
                auto_directory struct directory *d = (fixture_reset(), fixture_clinic());

                test_far(d);
                test_far_and_many(d);
        }
        return tap_done();
}
