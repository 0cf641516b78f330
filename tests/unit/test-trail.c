/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-trail.c - whatever is done to the audit trail is found, and where; with checkpoints and anchors too
 *
 * A chain of random entries, and on it every mutation there is: each column of
 * each row, each row taken out, doubled, exchanged with its neighbour, each
 * cut, and the rest written anew from each entry on, with hashes that fit.
 */

#include "clients.h"
#include "fixture.h"

#include "audit.h"
#include "sql.h"
#include "trail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ENTRIES_MAX = 64, LATER = 20 * 366 * 86400 };

static struct directory_anchor kept[ENTRIES_MAX];       /* every entry's hash, as the journal has them */
static size_t n_kept;
static uint8_t checkpoint_hash[32];
static unsigned seed;
static struct directory_trail found;

static unsigned any(unsigned below) {
        seed = seed * 1103515245 + 12345;
        return (seed >> 16 & 0x7fff) % below;
}

static int verify(size_t n_anchors) {
        auto_directory struct directory *d = fixture_open(DIRECTORY_READ);

        return directory_trail_verify(d, kept, n_anchors, &found);
}

static int sql(const char *format, ...) __attribute__((__format__(printf, 1, 2)));

static int sql(const char *format, ...) {
        char text[1024];
        va_list ap;

        va_start(ap, format);
        (void) vsnprintf(text, sizeof text, format, ap);
        va_end(ap);
        return fixture_sql(text);
}

static int keep(void *with, const struct directory_trail_entry *e) {
        (void) with;
        kept[n_kept].sequence = e->sequence;
        memcpy(kept[n_kept++].hash, e->hash, sizeof kept->hash);
        return DIRECTORY_OK;
}

/* A clinic's entries and some more, of random acts; then all of it is kept elsewhere, and can be put back. */
static void chain_make(int64_t now, unsigned more, bool pruned) {
        struct directory_act act = fixture_act;

        fixture_reset();
        {
                auto_directory struct directory *d = fixture_clinic();
                int64_t person, through, n;
                char name[16];

                act.now = now;
                for (unsigned i = 0; i < more; i++) {
                        (void) snprintf(name, sizeof name, "Eva%u", any(1000));
                        if (directory_person_add(d, &act, name, "Ek", any(2) ? "Alias" : NULL, NULL, &person) != DIRECTORY_OK)
                                exit(1);
                        if (pruned && i == 2 &&
                            directory_trail_prune(d, &act, "2040-01-01", TRAIL_KEEP_DAYS_MIN, &through, &n) != DIRECTORY_OK)
                                exit(1);
                }
                n_kept = 0;
                (void) directory_trail_read(d, &(struct directory_trail_filter) { .about = NULL }, keep, NULL);
                if (pruned) {
                        auto_free struct directory_checkpoint *all = NULL;
                        size_t n_all = 0;

                        if (directory_checkpoints(d, &all, &n_all) != DIRECTORY_OK || n_all != 1)
                                exit(1);
                        memcpy(checkpoint_hash, all->hash, sizeof checkpoint_hash);
                }
        }
        if (fixture_sql("CREATE TABLE audit_saved AS SELECT * FROM audit; CREATE TABLE checkpoint_saved AS SELECT * FROM checkpoint") < 0)
                exit(1);
}

static void chain_restore(void) {
        if (fixture_sql("DELETE FROM audit; INSERT INTO audit SELECT * FROM audit_saved;"
                        "DELETE FROM checkpoint; INSERT INTO checkpoint SELECT * FROM checkpoint_saved") < 0)
                exit(1);
}

static unsigned n_missed;

/* @r and the place that verify() found; what was done is put right again. */
static void expect(int done, size_t n_anchors, int64_t at, const char *what, int64_t entry) {
        const int r = done < 0 ? -1 : verify(n_anchors);

        if (r != DIRECTORY_E_CONSTRAINT || found.broken != at) {
                n_missed++;
                tap_ok(false, "%s, entry %lld: found at %lld", what, (long long) entry, (long long) at);
                (void) printf("# %d, at %lld\n", r, (long long) found.broken);
        }
        chain_restore();
}

static void each_row(const char *kind) {
        static const char *const columns[] = {
                "at = at + 1", "host_id = 'x' || substr(host_id, 2)", "actor = actor || 'x'", "act = substr(act, 2)",
                "object = object || ' '", "detail = '{' || substr(detail, 1)", "hash = randomblob(32)", "sequence = sequence + 1000",
        };
        const int64_t first = kept[0].sequence, last = kept[n_kept - 1].sequence;

        n_missed = 0;
        for (int64_t k = first; k <= last; k++)
                for (size_t c = 0; c < N_ELEMENTS(columns); c++)
                        expect(sql("UPDATE audit SET %s WHERE sequence = %lld", columns[c], (long long) k), 0,
                               k, columns[c], k);
        tap_ok(n_missed == 0, "%s: each column of each of %zu entries", kind, n_kept);

        n_missed = 0;
        for (int64_t k = first; k < last; k++)
                expect(sql("DELETE FROM audit WHERE sequence = %lld", (long long) k), 0, k, "taken out", k);
        for (int64_t k = first; k < last; k++)
                expect(sql("UPDATE audit SET sequence = -1 WHERE sequence = %lld; UPDATE audit SET sequence = %lld WHERE sequence = %lld;"
                           "UPDATE audit SET sequence = %lld WHERE sequence = -1", (long long) k, (long long) k,
                           (long long) k + 1, (long long) k + 1), 0, k, "exchanged", k);
        for (int64_t k = first; k <= last; k++)
                expect(sql("UPDATE audit SET sequence = -sequence WHERE sequence > %lld; UPDATE audit SET sequence = 1 - sequence"
                           " WHERE sequence < 0; INSERT INTO audit SELECT %lld, at, host_id, actor, act, object, detail, hash FROM audit"
                           " WHERE sequence = %lld", (long long) k, (long long) k + 1, (long long) k), 0, k + 1, "put in after", k);
        expect(sql("DELETE FROM audit"), 0, first, "all of it taken out", first);
        tap_ok(n_missed == 0, "%s: an entry taken out, exchanged with the next, put in, anywhere", kind);

        n_missed = 0;
        for (int64_t k = first; k < last; k++) {
                if (sql("DELETE FROM audit WHERE sequence > %lld", (long long) k) < 0 || verify(0) != DIRECTORY_OK)
                        n_missed++;
                expect(0, n_kept, k + 1, "cut off after", k);
        }
        tap_ok(n_missed == 0, "%s: a cut anywhere is found with an anchor, and only with one", kind);
}

/* As somebody with the file would: the entry changed, and all hashes from there on made to fit. */
static int rewrite(int64_t from) {
        uint8_t hash[AUDIT_HASH_SIZE] = { 0 };
        sqlite3_stmt *stmt = NULL, *update = NULL;
        sqlite3 *db = NULL;
        int r = -1;

        if (sql("UPDATE audit SET actor = 'uid:1000' WHERE sequence = %lld", (long long) from) < 0)
                return -1;
        if (found.checkpoint == from - 1)
                memcpy(hash, checkpoint_hash, sizeof hash);
        for (size_t i = 0; i < n_kept; i++)
                if (kept[i].sequence == from - 1)
                        memcpy(hash, kept[i].hash, sizeof hash);
        if (sqlite3_open(fixture_file("state", "directory.db"), &db) != SQLITE_OK ||
            sqlite3_exec(db, "DROP TRIGGER audit_fixed; BEGIN", NULL, NULL, NULL) != SQLITE_OK ||
            sqlite3_prepare_v2(db, "SELECT sequence, at, host_id, actor, act, object, detail FROM audit WHERE sequence >= ?1"
                               " ORDER BY sequence", -1, &stmt, NULL) != SQLITE_OK ||
            sqlite3_prepare_v2(db, "UPDATE audit SET hash = ?2 WHERE sequence = ?1", -1, &update, NULL) != SQLITE_OK)
                goto out;
        (void) sqlite3_bind_int64(stmt, 1, from);
        while (sqlite3_step(stmt) == SQLITE_ROW) {
                const struct audit_link link = {
                        .sequence = sqlite3_column_int64(stmt, 0), .at = sqlite3_column_int64(stmt, 1),
                        .host_id = sql_column(stmt, 2), .actor = sql_column(stmt, 3), .act = sql_column(stmt, 4),
                        .object = sql_column(stmt, 5), .detail = sql_column(stmt, 6),
                };
                uint8_t next[AUDIT_HASH_SIZE];

                if (audit_hash(hash, &link, next) < 0)
                        goto out;
                memcpy(hash, next, sizeof hash);
                (void) sqlite3_bind_int64(update, 1, link.sequence);
                (void) sqlite3_bind_blob(update, 2, hash, sizeof hash, SQLITE_TRANSIENT);
                (void) sqlite3_step(update);
                (void) sqlite3_reset(update);
        }
        r = 0;
out:
        (void) sqlite3_finalize(stmt);
        (void) sqlite3_finalize(update);
        if (r == 0 && sqlite3_exec(db, "COMMIT; CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit"
                                   " BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END", NULL, NULL, NULL) != SQLITE_OK)
                r = -1;
        (void) sqlite3_close(db);
        return r;
}

static void each_rewriting(const char *kind) {
        const int64_t first = kept[0].sequence, last = kept[n_kept - 1].sequence;

        n_missed = 0;
        for (int64_t k = first; k <= last; k++) {
                /* An actor that it has already is no change. */
                if (rewrite(k) < 0 || verify(0) != DIRECTORY_OK)
                        n_missed++;
                expect(0, n_kept, k, "written anew from", k);
        }
        tap_ok(n_missed == 0, "%s: the rest written anew from any entry on, hashes and all, is found with an anchor, and only with one", kind);

        /* One that was kept is enough to see it, and to say how far back it may begin. */
        if (n_kept > 4) {
                const struct directory_anchor few[] = { kept[1], kept[n_kept - 2] };
                auto_directory struct directory *d = NULL;

                (void) rewrite(first + 3);
                d = fixture_open(DIRECTORY_READ);
                tap_result(directory_trail_verify(d, few, 2, &found), DIRECTORY_E_CONSTRAINT, d, "%s: two that were kept show it", kind);
                tap_ok(found.broken == few[1].sequence && found.agreed == few[0].sequence,
                       "%s: and that it lies between them (%lld, %lld)", kind, (long long) found.agreed, (long long) found.broken);
        }
        chain_restore();
}

static void test_plain(void) {
        chain_make(FIXTURE_NOW, 4 + any(8), false);
        tap_ok(verify(n_kept) == DIRECTORY_OK && found.n_compared == n_kept && found.agreed == kept[n_kept - 1].sequence &&
               found.checkpoint == 0, "a chain of %zu entries agrees with what was kept of it (seed %u)", n_kept, seed);
        each_row("a chain");
        each_rewriting("a chain");
}

static void each_of_checkpoint(void) {
        static const struct {
                const char *name, *sql;
        } changes[] = {
                { "its number",    "UPDATE checkpoint SET sequence = sequence - 1 WHERE sequence = (SELECT max(sequence) FROM checkpoint)" },
                { "its hash",      "UPDATE checkpoint SET hash = randomblob(32)" },
                { "its time",      "UPDATE checkpoint SET at = at + 1" },
                { "its key",       "UPDATE checkpoint SET key = 2" },
                { "its signature", "UPDATE checkpoint SET signature = randomblob(64)" },
                { "all of it",     "DELETE FROM checkpoint" },
                { "the first of two", "DELETE FROM checkpoint WHERE sequence = (SELECT min(sequence) FROM checkpoint)" },
                { "the last of two",  "DELETE FROM checkpoint WHERE sequence = (SELECT max(sequence) FROM checkpoint)" },
                { "the directory's id", "UPDATE meta SET host_id = 'x' || substr(host_id, 2)" },
        };

        for (size_t i = 0; i < N_ELEMENTS(changes); i++) {
                tap_ok(fixture_sql(changes[i].sql) == 0 && verify(0) == DIRECTORY_E_CONSTRAINT && found.broken > 0,
                       "a checkpoint, %s changed or removed: is found (at %lld)", changes[i].name, (long long) found.broken);
                chain_restore();
        }
}

/* A second checkpoint by the directory's own hand, after more entries. */
static void prune_again(void) {
        struct directory_act act = fixture_act;
        auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);
        int64_t person, through = 0, n = 0;

        act.now = FIXTURE_NOW + 2 * (int64_t) LATER;
        (void) directory_person_add(d, &act, "Last", "One", NULL, NULL, &person);
        tap_result(directory_trail_prune(d, &act, "2050-01-01", TRAIL_KEEP_DAYS_MIN, &through, &n), DIRECTORY_OK, d,
                   "pruned once more");
        n_kept = 0;
        (void) directory_trail_read(d, &(struct directory_trail_filter) { .about = NULL }, keep, NULL);
        tap_ok(n_kept == 2 && kept[0].sequence == through + 1, "what is young enough stays, and the entry about it (%zu)", n_kept);
        (void) fixture_sql("DROP TABLE audit_saved; DROP TABLE checkpoint_saved; CREATE TABLE audit_saved AS SELECT * FROM audit;"
                           "CREATE TABLE checkpoint_saved AS SELECT * FROM checkpoint");
}

static void test_pruned(void) {
        const struct directory_anchor old = { .sequence = 3 };
        struct directory_anchor at_checkpoint;
        char sequence[32];

        chain_make(FIXTURE_NOW + LATER, 5 + any(4), true);
        tap_ok(verify(n_kept) == DIRECTORY_OK && found.checkpoint == kept[0].sequence - 1 && found.checkpoint > 0 &&
               found.first == kept[0].sequence, "a chain that was pruned verifies from its checkpoint on (%lld)",
               (long long) found.checkpoint);
        each_row("a pruned chain");
        each_rewriting("a pruned chain");

        (void) snprintf(sequence, sizeof sequence, "%lld", (long long) kept[0].sequence - 1);
        expect(sql("INSERT INTO audit SELECT %s, at, host_id, actor, act, object, detail, hash FROM audit ORDER BY sequence LIMIT 1", sequence),
               0, kept[0].sequence - 1, "one that was pruned is there again", kept[0].sequence - 1);
        {
                auto_directory struct directory *d = fixture_open(DIRECTORY_READ);

                tap_result(directory_trail_verify(d, &old, 1, &found), DIRECTORY_E_CONSTRAINT, d,
                           "where all that was kept is older than the checkpoint, nothing was compared, and that is said");
                at_checkpoint = (struct directory_anchor) { .sequence = found.checkpoint };
                tap_ok(directory_trail_verify(d, &at_checkpoint, 1, &found) == DIRECTORY_E_CONSTRAINT &&
                       found.broken == at_checkpoint.sequence, "a checkpoint is compared with what was kept, too");
        }
        prune_again();
        each_of_checkpoint();
}

/* What may not be pruned. */
static void test_rule(void) {
        static const struct {
                const char *name, *before;
                unsigned    days;
                int         want;
        } rows[] = {
                { "no date",                    "tomorrow",   TRAIL_KEEP_DAYS_MIN,     DIRECTORY_E_INVALID },
                { "what the rule keeps",        "2045-01-01", TRAIL_KEEP_DAYS_MIN,     DIRECTORY_E_INVALID },
                { "a rule of less than 5 years", "2040-01-01", TRAIL_KEEP_DAYS_MIN - 1, DIRECTORY_E_INVALID },
                { "where nothing is as old",    "1999-01-01", TRAIL_KEEP_DAYS_MIN,     DIRECTORY_E_NOT_FOUND },
        };
        struct directory_act act = fixture_act;
        int64_t through = 0, n = 0;

        chain_make(FIXTURE_NOW, 3, false);
        act.now = FIXTURE_NOW + LATER;
        for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
                auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);

                tap_result(directory_trail_prune(d, &act, rows[i].before, rows[i].days, &through, &n), rows[i].want, d,
                           "%s: is not pruned", rows[i].name);
        }
        (void) sql("UPDATE audit SET detail = '{}' WHERE sequence = 5");
        {
                auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);

                tap_result(directory_trail_prune(d, &act, "2040-01-01", TRAIL_KEEP_DAYS_MIN, &through, &n), DIRECTORY_E_CONSTRAINT,
                           d, "what is broken is not signed for");
        }
        chain_restore();
        tap_ok(verify(n_kept) == DIRECTORY_OK && found.checkpoint == 0 && found.n_compared == n_kept, "and nothing is gone");
        (void) sql("INSERT INTO checkpoint SELECT sequence, hash, 0, 1, zeroblob(64) FROM audit ORDER BY sequence LIMIT 1 OFFSET 3");
        {
                auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);

                tap_ok(directory_trail_prune(d, &act, "2040-01-01", TRAIL_KEEP_DAYS_MIN, &through, &n) != DIRECTORY_OK,
                       "nothing is removed under a checkpoint that is not signed");
        }
        (void) sql("DELETE FROM checkpoint");
        tap_ok(verify(n_kept) == DIRECTORY_OK && found.n_compared == n_kept, "and all is there still");
        {
                auto_directory struct directory *d = fixture_open(DIRECTORY_WRITE);

                tap_result(directory_trail_prune(d, &act, "2040-01-01", TRAIL_KEEP_DAYS_MIN, &through, &n), DIRECTORY_OK, d,
                           "all is old enough");
                tap_ok(through == kept[n_kept - 2].sequence && n == (int64_t) n_kept - 1, "the newest stays");
        }
        {
                auto_directory struct directory *d = fixture_open(DIRECTORY_READ);
                char *pem = NULL;

                tap_ok(directory_trail_key(d, &pem) == DIRECTORY_OK && strncmp(pem, "-----BEGIN PUBLIC KEY-----\n", 27) == 0,
                       "the public key is to be had");
                free(pem);
        }
        (void) rename(fixture_file("config", "keys/audit-sign.1"), fixture_file("config", "keys/gone"));
        tap_ok(verify(0) == -ENOKEY, "without the key, nobody is told that it is whole");
}

/* What somebody asks for. */
static int count(void *with, const struct directory_trail_entry *e) {
        (void) e;
        ++*(unsigned *) with;
        return DIRECTORY_OK;
}

static void test_filters(void) {
        static const struct {
                const char *name;
                struct directory_trail_filter filter;
                unsigned    least;                              /* and fewer than all; 0: none is right   */
                int         want;
        } rows[] = {
                { "about a person",       { .about = "1" },                           3, DIRECTORY_OK },
                { "about a log-in",       { .about = "anna" },                        2, DIRECTORY_OK },
                { "about an object",      { .about = "person:1" },                    2, DIRECTORY_OK },
                { "about nobody",         { .about = "nobody" },                      0, DIRECTORY_E_NOT_FOUND },
                { "about a person that there is not", { .about = "17" },              0, DIRECTORY_E_NOT_FOUND },
                { "one act",              { .act = "unit.add" },                      2, DIRECTORY_OK },
                { "acts of a kind",       { .act = "person" },                        2, DIRECTORY_OK },
                { "half of a kind",       { .act = "pers" },                          0, DIRECTORY_OK },
                { "a sequence",           { .word = "3" },                            1, DIRECTORY_OK },
                { "one day",              { .act = "unit", .from_date = "2026-11-21", .until_date = "2026-11-21" }, 2, DIRECTORY_OK },
                { "the day after",        { .act = "unit", .from_date = "2026-11-22" }, 0, DIRECTORY_OK },
                { "the day before",       { .act = "unit", .until_date = "2026-11-20" }, 0, DIRECTORY_OK },
                { "days backwards",       { .from_date = "2026-11-22", .until_date = "2026-11-21" }, 0, DIRECTORY_E_INVALID },
                { "no date",              { .from_date = "2026-02-30" },              0, DIRECTORY_E_INVALID },
        };

        fixture_reset();
        (void) directory_close(fixture_clinic());
        for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
                auto_directory struct directory *d = fixture_open(DIRECTORY_READ);
                unsigned n = 0;
                const int r = directory_trail_read(d, &rows[i].filter, count, &n);

                tap_ok(r == rows[i].want && n >= rows[i].least && (rows[i].least > 0 || n == 0) && n < 14, "%s: %u entries (%d)",
                       rows[i].name, n, r);
        }
}

/* Whom an act closed or opened is told of a log-in and a client of theirs, too; of nobody else. */
struct told {
        const char *act;
        unsigned    n;
};

static int count_act(void *with, const struct directory_trail_entry *e) {
        struct told *told = with;

        told->n += strcmp(e->act, told->act) == 0;
        return DIRECTORY_OK;
}

static void test_closings(void) {
        static const char *const acts[] = { "person.leave", "person.died", "person.not-died", "archive", "restore" };
        struct directory *d;

        fixture_reset();
        d = fixture_clinic();
        (void) directory_client_add(d, &fixture_act, 1, "oakclinic", NULL, NULL);
        (void) directory_person_leave(d, &fixture_act, 1, NULL);
        (void) directory_person_died(d, &fixture_act, 1, "2026-11-20", NULL);
        (void) directory_person_died(d, &fixture_act, 1, NULL, NULL);
        (void) directory_archive(d, &fixture_act, "person", "1", true);
        (void) directory_archive(d, &fixture_act, "person", "1", false);
        (void) directory_close(d);
        for (size_t i = 0; i < N_ELEMENTS(acts); i++) {
                static const struct { const char *about; unsigned want; } whose[] = { { "1", 1 }, { "anna", 1 }, { "oakclinic-1", 1 }, { "2", 0 } };

                for (size_t k = 0; k < N_ELEMENTS(whose); k++) {
                        auto_directory struct directory *reader = fixture_open(DIRECTORY_READ);
                        struct told told = { .act = acts[i] };
                        const int r = directory_trail_read(reader, &(struct directory_trail_filter) { .about = whose[k].about }, count_act, &told);

                        tap_ok(r == DIRECTORY_OK && told.n == whose[k].want, "%s, about %s: %u entries (%d)", acts[i], whose[k].about, told.n, r);
                }
        }
}

/* A list from before a client's person was there is no reading of theirs. */
static void test_lists(void) {
        struct told told = { .act = "client.list" }, all = { .act = "client.list" };
        struct directory *d;
        int64_t person;
        int r;

        fixture_reset();
        d = fixture_clinic();
        for (int days = -1; days <= 1; days++)
                (void) directory_looked(d, &(struct directory_act) { .actor = "uid:0", .now = FIXTURE_NOW + days * 86400 }, "client.list",
                                        "directory", 0, "clients", 1);
        (void) directory_person_add(d, &(struct directory_act) { .actor = "uid:0", .now = FIXTURE_NOW + 86400 }, "Rut", "Ros", NULL, NULL, &person);
        (void) directory_client_add(d, &(struct directory_act) { .actor = "uid:0", .now = FIXTURE_NOW + 2 * 86400 }, person, "oakclinic", NULL, NULL);
        (void) directory_close(d);
        d = fixture_open(DIRECTORY_READ);
        r = directory_trail_read(d, &(struct directory_trail_filter) { .about = "oakclinic-1", .readings = true }, count_act, &told);
        tap_ok(r == DIRECTORY_OK && told.n == 1, "a list is about those who were there: %u (%d)", told.n, r);
        r = directory_trail_read(d, &(struct directory_trail_filter) { .readings = true }, count_act, &all);
        tap_ok(r == DIRECTORY_OK && all.n == 3, "and about somebody: %u (%d)", all.n, r);
        (void) directory_close(d);
}

int main(void) {
        seed = (unsigned) time(NULL);
        fixture_begin();
        test_plain();
        test_pruned();
        test_rule();
        test_filters();
        test_closings();
        test_lists();
        return tap_done();
}
