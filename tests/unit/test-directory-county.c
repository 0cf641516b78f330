/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-county.c - what a change costs to publish does not grow with the county
 *
 *     test-directory-county            ; two counties, one ten times the other
 *     test-directory-county PERSONS    ; one of that size, and what it takes
 *
 * Nothing is timed in the test: the statements' own steps are counted.
 */

#include "clients.h"
#include "fixture.h"
#include "snapshot-build.h"
#include "snapshot-file.h"
#include "sql.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CHANGES = 40, UNITS_MAX = 5000, ROOM = 2048, STEPS_OF_FEW = 2500 };

static const struct directory_act *const act = &fixture_act;

/* -- Steps ------------------------------------------------------------------------------------------- */

struct steps {
        int64_t all, through;                   /* of statements; of those that read a table through */
};

static int count(unsigned event, void *context, void *stmt, void *ns) {
        struct steps *const s = context;

        (void) event;
        (void) ns;
        s->all += sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP, 1);
        s->through += sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
        return 0;
}

static struct steps publish(struct directory *d) {
        struct steps s = { 0 };

        (void) sqlite3_trace_v2(d->db, SQLITE_TRACE_PROFILE, count, &s);
        if (directory_publish(d, FIXTURE_NOW) != DIRECTORY_OK)
                printf("# %s\n", directory_complaint(d));
        (void) sqlite3_trace_v2(d->db, 0, NULL, NULL);
        return s;
}

/* Of an act that is not published. */
static struct steps archive(struct directory *d, const char *kind, const char *name, bool archived) {
        struct steps s = { 0 };

        (void) sqlite3_trace_v2(d->db, SQLITE_TRACE_PROFILE, count, &s);
        if (directory_archive(d, act, kind, name, archived) != DIRECTORY_OK)
                printf("# %s %s: %s\n", kind, name, directory_complaint(d));
        (void) sqlite3_trace_v2(d->db, 0, NULL, NULL);
        return s;
}

static struct steps switch_on(struct directory *d, const char *module) {
        struct steps s = { 0 };

        (void) sqlite3_trace_v2(d->db, SQLITE_TRACE_PROFILE, count, &s);
        if (directory_module_set(d, act, "oakclinic", module, true) != DIRECTORY_OK)
                printf("# %s: %s\n", module, directory_complaint(d));
        (void) sqlite3_trace_v2(d->db, 0, NULL, NULL);
        return s;
}

static uint64_t generation(void) {
        auto_close int dir = open(fixture_place("snapshots"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        struct snapshot_set set = { .generation = 0 };

        return dir >= 0 && snapshot_set_look(dir, &set) == 0 ? set.generation : 0;
}

/* -- A county ------------------------------------------------------------------------------------------ */

/*
 * @n persons beside the clinic's: each has an account, one in ten as staff at
 * one of the units, the others as relatives of one client each; a fifth as many
 * clients.  By statements, since a million acts take their time.
 */
static int fill(struct directory *d, int64_t n) {
        const int64_t units = n / 200 < UNITS_MAX ? n / 200 + 1 : UNITS_MAX, clients = n / 5 + 1;
        const struct { const char *sql; int64_t n; } steps[] = {
                { "PRAGMA synchronous = OFF", 0 },
                { "WITH RECURSIVE i (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM i WHERE i < ?1 - 1)"
                  " INSERT INTO person (id, given_name, family_name, created) SELECT 1000 + i, 'N', 'N', 0 FROM i", n + clients },
                { "WITH RECURSIVE i (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM i WHERE i < ?1 - 1)"
                  " INSERT INTO unit (id, organisation, name, title) SELECT 1000 + i, 1, 'ward' || i, 'Ward' FROM i", units },
                { "WITH RECURSIVE i (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM i WHERE i < ?1 - 1)"
                  " INSERT INTO number SELECT 2010000000 + i, 'gid', 'unit-ward' || i FROM i", units },
                { "WITH RECURSIVE i (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM i WHERE i < ?1 - 1)"
                  " INSERT INTO care_group (gid, name, kind, unit) SELECT 2010000000 + i, 'unit-ward' || i, 'unit', 1000 + i FROM i", units },
                { "WITH RECURSIVE i (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM i WHERE i < ?1 - 1)"
                  " INSERT INTO number SELECT 2011000000 + i, 'gid', 'unit-ward' || i || '-nurse' FROM i", units },
                { "WITH RECURSIVE i (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM i WHERE i < ?1 - 1)"
                  " INSERT INTO care_group (gid, name, kind, unit, role) SELECT 2011000000 + i, 'unit-ward' || i || '-nurse', 'role-at-unit', 1000 + i, 1 FROM i", units },
                { "WITH RECURSIVE i (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM i WHERE i < ?1 - 1)"
                  " INSERT INTO client (id, person, organisation, number, created) SELECT 1 + i, 1000 + (SELECT max(id) FROM person) - 1000 - i, 1, 1 + i, 0 FROM i", clients },
                { "WITH RECURSIVE i (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM i WHERE i < ?1 - 1)"
                  " INSERT INTO number SELECT 2012000000 + i, 'gid', 'client-oakclinic-' || (1 + i) FROM i", clients },
                { "WITH RECURSIVE i (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM i WHERE i < ?1 - 1)"
                  " INSERT INTO care_group (gid, name, kind, organisation, client) SELECT 2012000000 + i, 'client-oakclinic-' || (1 + i), 'client', 1, 1 + i FROM i", clients },
                { "WITH RECURSIVE i (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM i WHERE i < ?1 - 1)"
                  " INSERT INTO number SELECT 2020000000 + i, 'uid', 'p' || i FROM i", n },
                { "WITH RECURSIVE i (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM i WHERE i < ?1 - 1)"
                  " INSERT INTO account (id, person, organisation, name, kind, source, uid, home, shell, created)"
                  " SELECT 1000 + i, 1000 + i, 1, 'p' || i, CASE i % 10 WHEN 0 THEN 'staff' ELSE 'relative' END, 'careid', 2020000000 + i,"
                  " '/home/p' || i, '/bin/bash', 0 FROM i", n },
                { "INSERT INTO assignment (account, role, unit, created) SELECT id, 1, 1000 + id / 10 % ?1, 0 FROM account WHERE id >= 1000 AND kind = 'staff'", units },
                { "INSERT INTO client_grant (account, client, role, basis, document, checked_by, review_on, created)"
                  " SELECT id, 1 + id % ?1, (SELECT id FROM role WHERE name = 'relative'), 'consent', 'd', 'c', 2000000000, 0 FROM account WHERE kind = 'relative'", clients },
                { "UPDATE meta SET changes = changes + 1", 0 },
                { "PRAGMA synchronous = FULL", 0 },
        };
        int r = 0;

        for (size_t i = 0; r == 0 && i < N_ELEMENTS(steps); i++) {
                r = steps[i].n ? sql_run(d, steps[i].sql, SQL_BIND(sql_integer(steps[i].n))) : sql_run(d, steps[i].sql, SQL_NONE);
                if (r != 0)
                        printf("# step %zu: %s (%s)\n", i, directory_complaint(d), sqlite3_errmsg(d->db));
        }
        return r;
}

/* One change after another, from the clinic's own two to persons of the county. */
static void change(struct directory *d, unsigned i) {
        char name[16];

        (void) snprintf(name, sizeof name, "p%u", i * 7);
        if (directory_archive(d, act, "account", name, true) != DIRECTORY_OK)
                printf("# %s: %s\n", name, directory_complaint(d));
}

static bool find(const char *file, enum snapshot_kind kind, const char *name, uint8_t *ret_flags) {
        auto_close int fd = open(fixture_file("snapshots", file), O_RDONLY | O_CLOEXEC);
        struct snapshot_entry e;
        struct snapshot_file f;
        struct stat st;
        bool found;
        void *at;

        if (fd < 0 || fstat(fd, &st) < 0)
                return false;
        at = mmap(NULL, (size_t) st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (at == MAP_FAILED)
                return false;
        found = snapshot_file_init(&f, at, (size_t) st.st_size, kind) == 0 &&
                snapshot_file_by_name(&f, SNAPSHOT_USER, name, strlen(name), &e) == SNAPSHOT_OK;
        if (found)
                *ret_flags = e.fixed.flags;
        (void) munmap(at, (size_t) st.st_size);
        return found;
}

/*
 * What reaches far: the unit of a few is a delta in any county, and looked for by its people alone; a role of
 * more than a delta has room for is a base, before any of the others is looked at.
 */
static struct steps reach_far(struct directory *d, int64_t n) {
        const int64_t relatives = n / 10 * 9;
        const uint64_t before = generation();
        struct steps unit, role, module;

        module = switch_on(d, "booking");
        tap_ok(module.all < STEPS_OF_FEW, "a module that no role has a service of takes %lld steps", (long long) module.all);
        unit = archive(d, "unit", "ward1", true);
        (void) publish(d);
        tap_ok(before != 0 && generation() == before, "a unit archived is a delta among %lld persons", (long long) n);
        role = archive(d, "role", "relative", true);
        (void) publish(d);
        tap_ok((generation() == before) == (relatives <= ROOM), "a role of %lld is a %s", (long long) relatives, relatives <= ROOM ? "delta" : "base");
        tap_ok(role.all < unit.all + (ROOM + 1) * INT64_C(100), "and it takes %lld steps to know", (long long) role.all);
        return unit;
}

static struct steps measured(int64_t n, struct steps *ret_far) {
        struct steps worst = { 0 };
        uint8_t flags = 0;

        fixture_reset();
        {
                auto_directory struct directory *d = fixture_clinic();

                tap_ok(fill(d, n) == 0 && publish(d).all > n, "a county of %lld persons and its base", (long long) n);
                for (unsigned i = 0; i < CHANGES; i++) {
                        struct steps s;

                        change(d, i);
                        s = publish(d);
                        worst.all = s.all > worst.all ? s.all : worst.all;
                        worst.through = s.through > worst.through ? s.through : worst.through;
                }
                tap_ok(find("private.delta", SNAPSHOT_PRIVATE_DELTA, "p7", &flags) && (flags & SNAPSHOT_GONE) &&
                       find("public.delta", SNAPSHOT_PUBLIC_DELTA, "p70", &flags) && (flags & SNAPSHOT_GONE) &&
                       find("private.snapshot", SNAPSHOT_PRIVATE, "p8", &flags) && !(flags & SNAPSHOT_GONE),
                       "%d changes are in the deltas", CHANGES);
                *ret_far = reach_far(d, n);
        }
        return worst;
}

/* -- What it takes --------------------------------------------------------------------------------------- */

static double now_ms(void) {
        struct timespec t;

        (void) clock_gettime(CLOCK_MONOTONIC, &t);
        return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}

static double megabytes(const char *file) {
        struct stat st;

        return stat(fixture_file("snapshots", file), &st) == 0 ? (double) st.st_size / 1e6 : 0;
}

static void report(int64_t n) {
        static const char *const far[][2] = { { "unit", "ward1" }, { "service", "journal" }, { "role", "secretary" }, { "role", "relative" } };
        auto_directory struct directory *d = fixture_clinic();
        double start = now_ms(), least = 1e9, most = 0, sum = 0;
        struct rusage use;

        (void) fill(d, n);
        printf("# filled in %.1f s\n", (now_ms() - start) / 1e3);
        start = now_ms();
        tap_ok(directory_publish_anew(d, FIXTURE_NOW) == DIRECTORY_OK, "%s", directory_complaint(d));
        (void) getrusage(RUSAGE_SELF, &use);
        printf("# base in %.1f s, %ld MiB at most; public %.1f MB, private %.1f MB\n", (now_ms() - start) / 1e3, use.ru_maxrss / 1024,
               megabytes("public.snapshot"), megabytes("private.snapshot"));
        for (unsigned i = 0; i < CHANGES; i++) {
                double took;

                change(d, i);
                start = now_ms();
                (void) directory_publish(d, FIXTURE_NOW);
                took = now_ms() - start;
                least = took < least ? took : least;
                most = took > most ? took : most;
                sum += took;
        }
        printf("# a change: %.2f ms on average, %.2f to %.2f\n", sum / CHANGES, least, most);
        for (size_t i = 0; i < N_ELEMENTS(far); i++) {
                const uint64_t before = generation();
                double did;

                start = now_ms();
                (void) directory_archive(d, act, far[i][0], far[i][1], true);
                did = now_ms() - start;
                start = now_ms();
                (void) directory_publish(d, FIXTURE_NOW);
                printf("# %s %s archived: %.1f ms, then %.1f ms for a %s\n", far[i][0], far[i][1], did, now_ms() - start,
                       generation() == before ? "delta" : "base");
        }
        start = now_ms();
        (void) directory_module_set(d, act, "oakclinic", "booking", true);
        printf("# a module switched on that no role has a service of: %.1f ms\n", now_ms() - start);
        (void) sql_run(d, "UPDATE account SET home = home WHERE id BETWEEN 2000 AND 2000 + 1990", SQL_NONE);
        (void) sql_run(d, "UPDATE meta SET changes = changes + 1", SQL_NONE);
        start = now_ms();
        (void) directory_publish(d, FIXTURE_NOW);
        printf("# the largest delta: %.1f ms, %.2f MB\n", now_ms() - start, megabytes("public.delta") + megabytes("private.delta"));
}

int main(int argc, char **argv) {
        fixture_begin();
        if (argc > 1)
                report(strtoll(argv[1], NULL, 10));
        else {
                struct steps small_far, large_far;
                const struct steps small = measured(400, &small_far), large = measured(4000, &large_far);

                printf("# steps: %lld, %lld; through a table: %lld, %lld\n", (long long) small.all, (long long) large.all,
                       (long long) small.through, (long long) large.through);
                tap_ok(large.all < small.all + small.all / 10, "publishing a change takes the same in one ten times as large");
                printf("# steps of a unit archived: %lld, %lld\n", (long long) small_far.all, (long long) large_far.all);
                tap_ok(large_far.all < 2 * small_far.all, "archiving a unit takes by its people");
                tap_ok(large.through == small.through && large.through < CHANGES, "and reads nothing through but the marks of what has changed");
        }
        return tap_done();
}
