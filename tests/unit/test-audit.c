/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-audit.c - nothing in the audit trail can be changed, removed or moved unseen
 */

#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include <openssl/sha.h>

/* What somebody with the file and an editor might do; @at is where it is found. */
static const struct {
        const char *name, *sql;
        int64_t     at;
} attacks[] = {
        { "the actor changed",         "UPDATE audit SET actor = 'uid:1000' WHERE sequence = 5",                            5 },
        { "the act changed",           "UPDATE audit SET act = 'unit.add' WHERE sequence = 7",                              7 },
        { "the time changed",          "UPDATE audit SET at = at + 1 WHERE sequence = 5",                                   5 },
        { "the host changed",          "UPDATE audit SET host_id = replace(host_id, '-', '_') WHERE sequence = 5",          5 },
        { "the object changed",        "UPDATE audit SET object = 'person:2' WHERE sequence = 12",                          12 },
        { "the detail changed",        "UPDATE audit SET detail = '{}' WHERE sequence = 5",                                 5 },
        { "a blank in the detail",     "UPDATE audit SET detail = detail || ' ' WHERE sequence = 5",                        5 },
        { "text behind a NUL",         "UPDATE audit SET actor = 'uid:0' || char(0) || 'x' WHERE sequence = 5",             5 },
        { "no UTF-8 any more",         "UPDATE audit SET actor = CAST(x'ff' AS TEXT) WHERE sequence = 5",                   5 },
        { "the hash changed",          "UPDATE audit SET hash = zeroblob(32) WHERE sequence = 5",                           5 },
        { "an entry removed",          "DELETE FROM audit WHERE sequence = 5",                                              5 },
        { "several removed",           "DELETE FROM audit WHERE sequence BETWEEN 4 AND 9",                                  4 },
        { "the first removed",         "DELETE FROM audit WHERE sequence = 1",                                              1 },
        { "all removed",               "DELETE FROM audit",                                                                 1 },
        { "one removed, the rest moved up", "DELETE FROM audit WHERE sequence = 5;"
          "UPDATE audit SET sequence = sequence - 1000 WHERE sequence > 5; UPDATE audit SET sequence = sequence + 999 WHERE sequence < 0", 5 },
        { "two exchanged",             "UPDATE audit SET sequence = -1 WHERE sequence = 5; UPDATE audit SET sequence = 5 WHERE sequence = 6;"
          "UPDATE audit SET sequence = 6 WHERE sequence = -1",                                                             5 },
        { "one put in between",        "INSERT INTO audit SELECT 1000, at, host_id, actor, act, object, detail, hash FROM audit WHERE sequence = 5", 0 },
};

static int verify(int64_t *ret_sequence) {
        auto_directory struct directory *d = fixture_open(DIRECTORY_READ);
        uint8_t hash[32];

        return directory_audit_verify(d, ret_sequence, hash);
}

static void test_whole(void) {
        auto_directory struct directory *d = fixture_clinic();
        int64_t verified = 0, last = 0, person = 0;
        uint8_t hash[32], last_hash[32] = { 0 };

        tap_result(directory_audit_verify(d, &verified, hash), DIRECTORY_OK, d, "the chain of a clinic");
        tap_result(directory_audit_last(d, &last, last_hash), DIRECTORY_OK, d, "the last entry is known without reading the chain");
        tap_ok(verified == last && memcmp(hash, last_hash, sizeof hash) == 0, "and is the one that the chain ends with");

        tap_ok(directory_person_add(d, &fixture_act, "", "Ek", NULL, NULL, &person) == DIRECTORY_E_INVALID &&
               directory_unit_add(d, &fixture_act, "oakclinic", "oak", "Again") == DIRECTORY_E_EXISTS &&
               directory_assignment_add(d, &fixture_act, "anna", "secretary", "oak", NULL, NULL, NULL) == DIRECTORY_E_CONSTRAINT &&
               directory_audit_verify(d, &verified, hash) == DIRECTORY_OK && verified == last,
               "an act that fails leaves no entry");
        tap_ok(directory_person_add(d, &fixture_act, "Eva", "Ek", NULL, NULL, &person) == DIRECTORY_OK &&
               directory_audit_verify(d, &verified, hash) == DIRECTORY_OK && verified == last + 1, "an act adds one");
        tap_ok(directory_person_add(d, &(struct directory_act) { .actor = "", .now = 1 }, "Eva", "Ek", NULL, NULL, &person) == DIRECTORY_E_INVALID,
               "an act of nobody is none");
}

static void test_attacks(void) {
        for (size_t i = 0; i < N_ELEMENTS(attacks); i++) {
                int64_t at = -1, n = 0;
                int r;

                fixture_reset();
                {
                        auto_directory struct directory *d = fixture_clinic();
                        uint8_t hash[32];

                        (void) directory_audit_last(d, &n, hash);
                }
                if (fixture_sql(attacks[i].sql) < 0) {
                        tap_ok(false, "%s: could be done", attacks[i].name);
                        continue;
                }
                r = verify(&at);
                tap_result(r, DIRECTORY_E_CONSTRAINT, NULL, "%s: is found", attacks[i].name);
                tap_ok(at == (attacks[i].at ? attacks[i].at : n + 1), "%s: at entry %lld", attacks[i].name, (long long) at);
        }
}

/* One column of an entry, as it is in the file. */
static void read_entry(int64_t sequence, char *text, size_t n, uint8_t hash[static 32]) {
        sqlite3_stmt *stmt = NULL;
        sqlite3 *db = NULL;

        (void) sqlite3_open(fixture_file("state", "directory.db"), &db);
        (void) sqlite3_prepare_v2(db, "SELECT at, host_id, actor, act, object, json_quote(detail), hash FROM audit WHERE sequence = ?1",
                                  -1, &stmt, NULL);
        (void) sqlite3_bind_int64(stmt, 1, sequence);
        *text = '\0';
        memset(hash, 0, 32);
        if (sqlite3_step(stmt) == SQLITE_ROW) {
                (void) snprintf(text, n, "{\"act\":\"%s\",\"actor\":\"%s\",\"at\":%lld,\"detail\":%s,\"host_id\":\"%s\","
                                "\"object\":\"%s\",\"sequence\":%lld}", sqlite3_column_text(stmt, 3), sqlite3_column_text(stmt, 2),
                                (long long) sqlite3_column_int64(stmt, 0), sqlite3_column_text(stmt, 5),
                                sqlite3_column_text(stmt, 1), sqlite3_column_text(stmt, 4), (long long) sequence);
                memcpy(hash, sqlite3_column_blob(stmt, 6), 32);
        }
        (void) sqlite3_finalize(stmt);
        (void) sqlite3_close(db);
}

/* The chain, computed here once more from what audit.c says of it; and one link forged with its hash made to fit. */
static void test_chain(void) {
        uint8_t text[2048], hash[32], before[32], computed[32];
        char sql[256], hex[65] = "";
        int64_t at = 0;

        fixture_reset();
        (void) directory_close(fixture_clinic());
        memset(text, 0, 32);
        read_entry(1, (char *) text + 32, sizeof text - 32, hash);
        (void) SHA256(text, 32 + strlen((char *) text + 32), computed);
        tap_ok(memcmp(hash, computed, sizeof hash) == 0, "the first hash is that of 32 zero bytes and the entry");

        read_entry(4, (char *) text + 32, sizeof text - 32, before);
        memcpy(text, before, 32);
        read_entry(5, (char *) text + 32, sizeof text - 32, hash);
        (void) SHA256(text, 32 + strlen((char *) text + 32), computed);
        tap_ok(memcmp(hash, computed, sizeof hash) == 0, "another is that of the one before and the entry");

        (void) fixture_sql("UPDATE audit SET actor = 'uid:1000' WHERE sequence = 5");
        read_entry(5, (char *) text + 32, sizeof text - 32, hash);
        (void) SHA256(text, 32 + strlen((char *) text + 32), computed);
        for (size_t i = 0; i < sizeof computed; i++)
                (void) snprintf(hex + 2 * i, 3, "%02x", computed[i]);
        (void) snprintf(sql, sizeof sql, "UPDATE audit SET hash = x'%s' WHERE sequence = 5", hex);
        (void) fixture_sql(sql);
        tap_result(verify(&at), DIRECTORY_E_CONSTRAINT, NULL, "an entry forged together with its hash: is found");
        tap_ok(at == 6, "at the next one, which does not follow from it (%lld)", (long long) at);
}

/* The schema's own guard, in a connection that has the triggers on. */
static void test_guard(void) {
        sqlite3 *db = NULL;

        fixture_reset();
        (void) directory_close(fixture_clinic());
        (void) sqlite3_open(fixture_file("state", "directory.db"), &db);
        tap_ok(sqlite3_exec(db, "UPDATE audit SET actor = 'x' WHERE sequence = 2", NULL, NULL, NULL) == SQLITE_CONSTRAINT,
               "the schema refuses to change an entry");
        tap_ok(sqlite3_exec(db, "DELETE FROM audit WHERE sequence = 2", NULL, NULL, NULL) == SQLITE_CONSTRAINT,
               "the schema refuses to remove one");
        (void) sqlite3_close(db);
}

int main(void) {
        fixture_begin();
        test_whole();
        test_attacks();
        test_chain();
        test_guard();
        return tap_done();
}
