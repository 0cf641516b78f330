/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-import.c - what files of rows put into the care directory, and what is said of those that can't
 */

#include "import-rows.h"

#include "batch.h"
#include "bulk.h"
#include "export.h"
#include "sql.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Good rows: @want of them are added, and the second time none. */
static void good(struct directory *d, const char *kind, const char *text, unsigned want, const char *name) {
        int64_t before;
        int r;

        r = import(d, kind, text);
        tap_result(r, DIRECTORY_OK, d, "%s", name);
        tap_ok(result.added == want && n_said == 0, "%s: %u added", name, want);
        if (n_said > 0)
                printf("# %s\n", said);
        before = last_entry(d);
        r = import(d, kind, text);
        tap_ok(r == DIRECTORY_OK && result.added == 0 && result.same == want && last_entry(d) == before,
               "%s: a second time changes nothing", name);
        if (n_said > 0)
                printf("# %s\n", said);
}

/* Refused with exactly this said, and nothing changed. */
static void bad_bytes(struct directory *d, const char *kind, const char *text, size_t n, const char *want, const char *name) {
        const int64_t before = last_entry(d);
        int r;

        r = import_bytes(d, kind, text, n);
        tap_result(r, DIRECTORY_E_INVALID, d, "%s", name);
        tap_ok(strcmp(said, want) == 0, "%s: it is said where and why", name);
        if (strcmp(said, want) != 0)
                printf("# said: %s# want: %s", said, want);
        tap_ok(last_entry(d) == before, "%s: nothing is changed", name);
}

static void bad(struct directory *d, const char *kind, const char *text, const char *want, const char *name) {
        bad_bytes(d, kind, text, strlen(text), want, name);
}

#define UNITS "name,organisation,title\n"

/* -- There and back ---------------------------------------------------------------------------------------- */

struct files {
        struct transfer_out out[TRANSFER_KINDS];
        size_t              n;
};

static void export_all(struct directory *d, struct files *f, enum transfer_format form) {
        const struct transfer_out *at;

        f->n = 0;
        for (const struct transfer_kind *k = transfer_kinds; k->name; k++)
                if (k->all)
                        f->out[f->n++] = (struct transfer_out) { .kind = k, .format = form, .fd = file_of("", 0) };
        tap_result(transfer_export(d, &fixture_act, true, "a test", f->out, f->n, &at), DIRECTORY_OK, d, "everything is exported");
}

static size_t read_all(int fd, char *ret, size_t max) {
        const ssize_t n = pread(fd, ret, max, 0);

        return n > 0 ? (size_t) n : 0;
}

/* What is exported, imported into an empty directory and exported again, is the same bytes; imported where it was, nothing. */
static void round_trip(struct directory **d_here, enum transfer_format form) {
        struct directory *d = *d_here;
        const struct transfer_import how = { .home = "/home/%u", .shell = "/bin/bash", .said = on_said };
        struct transfer_file files[TRANSFER_KINDS];
        struct directory *other;
        static char one[65536], two[65536];
        struct files first, second;
        const char *which;
        size_t n;

        export_all(d, &first, form);
        for (size_t i = 0; i < first.n; i++) {
                (void) lseek(first.out[i].fd, 0, SEEK_SET);
                files[i] = (struct transfer_file) { .name = first.out[i].kind->name, .kind = first.out[i].kind, .format = form, .fd = first.out[i].fd };
                tap_ok(first.out[i].rows > 0, "%s: there are some", first.out[i].kind->name);
        }
        n_said = 0;
        tap_ok(transfer_import(d, &fixture_act, &how, files, first.n, &result, &which) == DIRECTORY_OK && result.added == 0 && result.same > 20,
               "imported where it was it changes nothing");
        if (n_said > 0)
                printf("# %s\n", said);

        fixture_closep(d_here);
        fixture_reset();
        other = *d_here = fixture_open(DIRECTORY_CREATE);
        for (size_t i = 0; i < first.n; i++)
                (void) lseek(first.out[i].fd, 0, SEEK_SET);
        n_said = 0;
        tap_result(transfer_import(other, &fixture_act, &how, files, first.n, &result, &which), DIRECTORY_OK, other, "and into an empty directory");
        if (n_said > 0)
                printf("# %s\n", said);
        export_all(other, &second, form);
        for (size_t i = 0; i < first.n; i++) {
                n = read_all(first.out[i].fd, one, sizeof one);
                tap_ok(n > 0 && read_all(second.out[i].fd, two, sizeof two) == n && memcmp(one, two, n) == 0, "%s: the same bytes", files[i].name);
                if (memcmp(one, two, n) != 0)
                        printf("# %.*s\n# %.*s\n", (int) n, one, (int) n, two);
                (void) close(first.out[i].fd);
                (void) close(second.out[i].fd);
        }
}

static void test_json(struct directory *d) {
        format = TRANSFER_JSON;
        good(d, "units", "[{\"name\": \"j1\", \"organisation\": \"fjord\", \"title\": \"\\u00c5 \\\"J\\\" {[\"}]", 1, "JSON: an array of rows");
        good(d, "units", "{\"name\": \"j2\", \"organisation\": \"fjord\", \"title\": \"J\"}\n{\"title\": \"J\", \"name\": \"j3\", \"organisation\": \"fjord\"}", 2, "JSON: a row a line");
        good(d, "any", "{\"units\": [], \"services\": [\n{\"name\": \"j4\", \"title\": \"J\", \"number\": 9, \"external\": true}],\n"
             "\"role-services\": [{\"role\": \"book\", \"service\": \"j4\"}]}\n", 2, "JSON: a document of several kinds");
        good(d, "any", "{\"of\": \"units\", \"name\": \"j5\", \"organisation\": \"fjord\", \"title\": \"J\"}\n", 1, "JSON: rows that say of what they are");
        good(d, "any", "\n{\"accounts\": [{\"name\": \"jon\", \"person\": \"J-1\", \"organisation\": \"fjord\", \"kind\": \"staff\"}],\n"
             "\"assignments\": [{\"account\": \"jon\", \"role\": \"porter\", \"unit\": \"j6\"}, {\"account\": \"jon\", \"role\": \"porter\", \"unit\": \"north\"}],\n"
             "\"persons\": [{\"person\": \"J-1\", \"given_name\": \"Jon\", \"family_name\": \"J\"}], \"units\": [],\n"
             "\"units\": [{\"name\": \"j6\", \"organisation\": \"fjord\", \"title\": \"J\"}]}", 5, "JSON: kinds in another order");
        bad(d, "any", "{\"units\": [{\"name\": \"j7\"}],\n\"organisations\": [{\"nam\": 1}]}",
            "any:2:20: nam: organisations have no such column; is name meant?\n"
            "any:1:12: organisation: is missing\nany:1:12: title: is missing\n", "JSON: mistakes of kinds in another order");
        bad(d, "any", "{\"units\": [], \"organisations\": [], \"nowhere\": []}", "any:1:36: there are no rows of that name; see: careid help import\n",
            "JSON: kinds in another order, and one that there isn't");
        bad(d, "units", "", "units:1:1: the file is empty\n", "JSON: an empty file");
        bad(d, "any", "[{}]", "any:1:1: say of what kind these rows are: careid import units FILE\n", "JSON: of no kind");
        bad(d, "any", "{\"unitss\": []}", "any:1:2: there are no rows of that name; is units meant?\n", "JSON: a kind that is misspelt");
        bad(d, "units", "{\"services\": []}", "units:1:2: these are services, and units were to be imported\n", "JSON: another kind");
        bad(d, "units", "[{\"name\": \"k1\", \"organisation\": \"fjord\", \"titel\": \"J\"},\n {\"name\": [1]},\n {\"name\" \"k2\"}, {\"name\": \"k\", \"name\": \"k\"}]",
            "units:1:42: titel: units have no such column; is title meant?\n"
            "units:2:3: name: is to be a string\n"
            "units:3:13: this is no JSON: a string, comma, colon or bracket is not as it is to be\n"
            "units:3:36: a column is there twice in this row\n", "JSON: rows that are wrong");
        bad(d, "units", "[{\"name\": \"k1\"", "units:1:15: the file ends within a row; was it cut off?\n", "JSON: cut off");
        bad(d, "units", "[{\"name\": \"k1\", \"organisation\": \"fjord\", \"title\": \"K\"}", "units:1:55: here is to be a comma, or the end of the list: ]\n", "JSON: cut off between rows");
        bad(d, "units", "[{\"name\": \"k1\", \"organisation\": \"fjord\", \"title\": \"K\"},\n {\"name\": \"k2\",\n  \"organisation\": \"fjord\", \"title\": \"\u00c5s \xc5\"}]",
            "units:3:41: the byte 0xC5 is no UTF-8; save the file as UTF-8 (it may be Latin-1)\n", "JSON: Latin-1");
        bad(d, "units", "[{\"name\": \"k1\", \"organisation\": \"fjord\", \"titl\xe5\": \"\xc5\"}, {\"name\": \"k2\"}]",
            "units:1:47: the byte 0xE5 is no UTF-8; save the file as UTF-8 (it may be Latin-1)\nunits:1:57: organisation: is missing\nunits:1:57: title: is missing\n", "JSON: Latin-1, and what comes after it");
        bad_bytes(d, "units", "\xff\xfe[\0]\0", 6, "units:1:1: the byte 0xFF is no UTF-8; save the file as UTF-8 (it may be Latin-1)\n", "JSON: UTF-16");
        bad(d, "role-services", "[{\"role\": \"book\", \"service\": \"journal\"}]",
            "role-services:1:2: a client, relative or external never reaches a record service\n", "JSON: a record for an external");
        bad(d, "units", "[] x", "units:1:4: something stands after the end\n", "JSON: more than there is to be");
        bad(d, "units", "name,title", "units:1:1: this is no JSON: here is to be { or [\n", "JSON that is CSV");
        format = TRANSFER_CSV;
}

/* Numbers, details and the names of protected persons leave only where that is asked for, and the trail says it. */
static void test_secrets(struct directory *d) {
        static const struct { const char *kind; int r; } kinds[] = {
                { "identities", DIRECTORY_E_CONSTRAINT }, { "contacts", DIRECTORY_E_CONSTRAINT }, { "persons", DIRECTORY_E_CONSTRAINT },
                { "accounts", DIRECTORY_OK },
        };

        for (size_t i = 0; i < N_ELEMENTS(kinds); i++)
                for (int secrets = 0; secrets < 2; secrets++) {
                        auto_close int fd = file_of("", 0);
                        struct transfer_out out = { .kind = transfer_kind_find(kinds[i].kind, strlen(kinds[i].kind)), .format = TRANSFER_CSV, .fd = fd };
                        const int want = secrets ? DIRECTORY_OK : kinds[i].r;
                        const int64_t before = last_entry(d);
                        const struct transfer_out *at;
                        char byte;

                        tap_result(transfer_export(d, &fixture_act, secrets, secrets ? "a test" : NULL, &out, 1, &at), want, d, "%s, %s", kinds[i].kind,
                                   secrets ? "asked for with numbers" : "without numbers");
                        tap_ok((pread(fd, &byte, 1, 0) == 1) == (want == DIRECTORY_OK), "%s: the file", kinds[i].kind);
                        tap_ok((last_entry(d) > before) == (want == DIRECTORY_OK), "%s: the audit trail", kinds[i].kind);
                }
}

/* What a spreadsheet would carry out is text in a file of CSV, and comes back as it was; whoever wrote it without is understood, too. */
static void test_formulas(struct directory *d) {
        static const struct { const char *name, *title, *want; } rows[] = {
                { "f1", "=HYPERLINK(1)", "'=HYPERLINK(1)" },
                { "f2", "+46", "'+46" },
                { "f3", "-1", "'-1" },
                { "f4", "@SUM", "'@SUM" },
                { "f5", "'=1", "''=1" },
                { "f6", "Ward;=1+1;", "\"Ward;'=1+1;\"" },
                { "f7", "A, -1", "\"A, -1\"" },
                { "f8", "'ordinary", "'ordinary" },
                { "f9", "a=1", "a=1" },
        };
        struct transfer_out out = { .kind = transfer_kind_find("units", 5), .format = TRANSFER_CSV, .fd = file_of("", 0) };
        static char text[65536], line[256];
        const struct transfer_out *at;
        size_t n;

        for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
                (void) snprintf(line, sizeof line, "[{\"name\": \"%s\", \"organisation\": \"fjord\", \"title\": \"%s\"}]", rows[i].name, rows[i].title);
                format = TRANSFER_JSON;
                tap_ok(import(d, "units", line) == DIRECTORY_OK && result.added == 1, "JSON has it as it is: %s", rows[i].title);
                format = TRANSFER_CSV;
        }
        tap_result(transfer_export(d, &fixture_act, false, NULL, &out, 1, &at), DIRECTORY_OK, d, "units with formulas");
        n = read_all(out.fd, text, sizeof text - 1);
        text[n] = '\0';
        for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
                (void) snprintf(line, sizeof line, "\n%s,fjord,%s\n", rows[i].name, rows[i].want);
                tap_ok(strstr(text, line), "written as %s", rows[i].want);
        }
        (void) close(out.fd);
        tap_ok(import_bytes(d, "units", text, n) == DIRECTORY_OK && result.added == 0 && n_said == 0, "read again they are the same");
        tap_ok(import(d, "units", UNITS "f1,fjord,=HYPERLINK(1)\nf2,fjord,+46\nf8,fjord,'ordinary\n") == DIRECTORY_OK && result.same == 3,
               "written without it they are, too");
}

/* How protected persons are reached leaves only with a reason, which the trail has. */
static void test_reason(struct directory *d) {
        static const struct { const char *name, *reason; bool is_protected; int r; } rows[] = {
                { "nobody is protected", NULL, false, DIRECTORY_OK },
                { "somebody is, and no reason", NULL, true, DIRECTORY_E_CONSTRAINT },
                { "somebody is, and a reason", "moved to a new host", true, DIRECTORY_OK },
                { "an empty reason", "", true, DIRECTORY_E_INVALID },
                { "a reason of two lines", "a\nb", false, DIRECTORY_E_INVALID },
        };

        for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
                auto_close int fd = file_of("", 0);
                struct transfer_out out = { .kind = transfer_kind_find("contacts", 8), .format = TRANSFER_CSV, .fd = fd };
                const struct transfer_out *at;
                int64_t n = -1;
                char byte;

                (void) fixture_sql(rows[i].is_protected ? "UPDATE person SET alias = 'A.', protected = 1 WHERE reference = 'E-1001'"
                                                        : "UPDATE person SET alias = NULL, protected = 0 WHERE reference = 'E-1001'");
                tap_result(transfer_export(d, &fixture_act, true, rows[i].reason, &out, 1, &at), rows[i].r, d, "contacts, %s", rows[i].name);
                tap_ok((pread(fd, &byte, 1, 0) == 1) == (rows[i].r == DIRECTORY_OK), "%s: the file", rows[i].name);
                if (rows[i].r == DIRECTORY_OK)
                        tap_ok(sql_find_integer(d, "SELECT json_extract(detail, '$.reason') IS ?1 FROM audit ORDER BY sequence DESC LIMIT 1",
                                                SQL_BIND(sql_text(rows[i].reason)), &n) == DIRECTORY_OK && n == 1, "%s: in the trail", rows[i].name);
        }
}

static void test_long_row(struct directory *d) {
        static char text[sizeof UNITS + ROW_MAX + 64];
        const size_t n = (size_t) snprintf(text, sizeof text, UNITS "long,fjord,");

        memset(text + n, 'x', ROW_MAX);
        text[n + ROW_MAX] = '\n';
        bad_bytes(d, "units", text, n + ROW_MAX + 1, "units:2:1: the row is longer than 65536 bytes; is a quotation mark open?\n", "a row that is too long");
}

/* -- A host that has to be asked for each name -------------------------------------------------------------- */

static struct directory *asking;
static unsigned n_asked, n_asked_within;

static void on_asked(void) {
        n_asked++;
        n_asked_within += directory_in_batch(asking);
}

static int add(struct directory *d, const char *name, const char *home) {
        return directory_account_add(d, &fixture_act, 1, "fjord", name, "staff", "careid", home, "/bin/sh", NULL);
}

static int one_more(void *about) {
        return add(about, "far.three", "/home/far.three");
}

static int another(void *about) {
        return add(about, "far.four", "/home/far.four");
}

static int a_fifth(void *about) {
        return add(about, "far.five", "/home/far.five");
}

/* Others take numbers while the host is asked: @n_others times. */
static unsigned n_others;

static void on_asked_and_others(void) {
        on_asked();
        if (n_others > 0 && !directory_in_batch(asking)) {
                n_others--;
                (void) fixture_sql("INSERT INTO number (number, used_for, name) SELECT max(number) + 1, 'gid', 'elsewhere' || max(number) FROM number");
        }
}

static void test_others_meanwhile(struct directory *d) {
        static const struct { const char *name; unsigned others; bool done; } rows[] = { { "once", 1, true }, { "again", 3, true }, { "without end", 10000, false } };
        char text[128];

        fixture_host_asked = on_asked_and_others;
        for (unsigned i = 0; i < N_ELEMENTS(rows); i++) {
                const unsigned before = n_asked;

                n_others = rows[i].others;
                n_asked_within = 0;
                (void) snprintf(text, sizeof text, UNITS "busy%u,fjord,Busy\n", i);
                tap_result(import(d, "units", text), rows[i].done ? DIRECTORY_OK : -EBUSY, d, "others change it meanwhile, %s", rows[i].name);
                tap_ok(n_asked > before && n_asked_within == 0 && result.added == rows[i].done, "%s: nobody waits with the lock held", rows[i].name);
                (void) snprintf(text, sizeof text, "SELECT count(*) FROM unit WHERE name = 'busy%u'", i);
                tap_ok(fixture_number(text) == rows[i].done, "%s: it is there, or is not", rows[i].name);
        }
        n_others = 1;
        tap_ok(directory_bulk_once(d, another, d) == DIRECTORY_OK && n_others == 0 && n_asked_within == 0, "nor for one who comes with a template");
        n_others = 10000;
        tap_result(directory_bulk_once(d, a_fifth, d), -EBUSY, d, "and where that doesn't end");
        tap_ok(fixture_number("SELECT count(*) FROM account WHERE name = 'far.five'") == 0 && n_asked_within == 0, "nothing is kept");
        n_others = 0;
}

static void test_far_host(struct directory *d) {
        static const char *const accounts = "name,person,organisation,kind,source\nfar.one,F-1,fjord,staff,\nfar.two,F-1,fjord,staff,host\n";

        good(d, "persons", "person,given_name,family_name\nF-1,Test,Far\n", 1, "somebody");
        asking = d;
        fixture_host_asked = on_asked;
        n_asked = n_asked_within = 0;
        fixture_host_user = "far.one";
        fixture_host_id = 5000;
        bad(d, "accounts", accounts, "accounts:2:1: name: this host has a user far.one already (5000)\n", "a directory service has that name");
        fixture_host_user = "far.two";
        fixture_host_id = 33;
        bad(d, "accounts", accounts, "accounts:3:1: name: far.two is a system user of this host\n", "a directory service has a system user of that name");
        fixture_host_user = NULL;
        bad(d, "accounts", "name,person,organisation,kind\nfar.one,F-9,fjord,staff\n", "accounts:2:9: person: there is no person with this key\n",
            "a mistake is told once");
        good(d, "accounts", accounts, 2, "names that a directory service doesn't have");
        good(d, "assignments", "account,role,unit\nfar.one,porter,east\n", 1, "groups that it doesn't have");
        tap_ok(import(d, "units", "\xef\xbb\xbf" UNITS "far,fjord,Far\n") == DIRECTORY_OK && result.added == 1 &&
               strcmp(said, "note units:1:1: the file begins with a byte order mark, which is passed over\n") == 0, "a note is said once");
        tap_ok(n_asked > 10 && n_asked_within == 0, "it was asked %u times, and %u of them while nobody else could write", n_asked, n_asked_within);
        n_asked = n_asked_within = 0;
        tap_ok(directory_bulk_once(d, one_more, d) == DIRECTORY_OK && n_asked > 0 && n_asked_within == 0, "nor for one who comes with a template");
        n_asked_within = 0;
        fixture_host_user = "far.four";
        tap_ok(directory_bulk_once(d, another, d) == DIRECTORY_E_EXISTS && strcmp(directory_complaint(d), "name: this host has a user far.four already (33)") == 0 &&
               n_asked_within == 0, "and what it knows is heard: %s", directory_complaint(d));
        fixture_host_user = NULL;
        test_others_meanwhile(d);
        n_asked = n_asked_within = 0;
        n_others = 3;
        directory_dry_run(d);
        tap_ok(import(d, "units", UNITS "far2,fjord,Far\n") == DIRECTORY_OK && result.added == 1 && n_asked > 0 && n_asked_within == 0,
               "in a dry run, too");
        fixture_host_asked = NULL;
}

/* -- What stands, and what doesn't ------------------------------------------------------------------------- */

static int64_t find_integer(struct directory *d, const char *query) {
        int64_t n = -1;

        return sql_find_integer(d, query, SQL_NONE, &n) == DIRECTORY_OK ? n : -1;
}

/* From a file nobody comes back alive: who has died is in none, nor what hangs on them. */
static void test_dead(struct directory *d) {
        static const struct { const char *who, *kind; uint64_t rows; } dead[] = {
                { "1", "persons", 0 }, { "1", "identities", 0 }, { "1", "contacts", 0 }, { "1", "accounts", 0 }, { "1", "assignments", 0 },
                { "1", "deputies", 0 }, { "1", "clients", 0 }, { "1", "enrolments", 0 }, { "1", "grants", 0 }, { "1", "mandates", 0 },
                { "reference = 'E-1001'", "deputies", 0 },      /* whose turns they were */
                { "reference = 'E-1002'", "deputies", 0 },
                { "reference = 'R-1'", "grants", 1 }, { "reference = 'C-1'", "grants", 1 }, { "reference = 'C-1'", "clients", 1 },
        };

        for (size_t i = 0; i < N_ELEMENTS(dead); i++) {
                struct transfer_out out = { .kind = transfer_kind_find(dead[i].kind, strlen(dead[i].kind)), .format = TRANSFER_CSV };
                const struct transfer_out *at;
                char query[128];
                uint64_t all;

                out.fd = file_of("", 0);
                tap_result(transfer_export(d, &fixture_act, true, "a test", &out, 1, &at), DIRECTORY_OK, d, "%s of the living", dead[i].kind);
                all = out.rows + out.left_out;
                (void) close(out.fd);
                (void) snprintf(query, sizeof query, "UPDATE person SET died = 1 WHERE %s", dead[i].who);
                tap_ok(all > dead[i].rows && fixture_sql(query) == 0, "they have died: %s", dead[i].who);
                out.fd = file_of("", 0);
                tap_result(transfer_export(d, &fixture_act, true, NULL, &out, 1, &at), DIRECTORY_OK, d, "%s of the dead, who need no reason", dead[i].kind);
                tap_ok(out.rows == dead[i].rows && out.left_out == all - dead[i].rows, "%s: %" PRIu64 " rows, %" PRIu64 " left out, and it is said",
                       dead[i].kind, out.rows, out.left_out);
                (void) close(out.fd);
                tap_ok(fixture_sql("UPDATE person SET died = NULL") == 0, "it was not so");
        }
}

/* An assignment that has ended is left out, and so is who stood in for it; of the others as much as before. */
static void test_left_out(struct directory *d) {
        static const char *const less[] = { "assignments", "deputies" };
        struct files before, after;

        export_all(d, &before, TRANSFER_CSV);
        tap_ok(fixture_sql("UPDATE assignment SET ended = 1 WHERE id = (SELECT deputy_of FROM assignment WHERE deputy_of IS NOT NULL)") == 0,
               "an assignment ends");
        export_all(d, &after, TRANSFER_CSV);
        for (size_t i = 0; i < before.n; i++) {
                uint64_t n = 0;

                for (size_t k = 0; k < N_ELEMENTS(less); k++)
                        n += strcmp(less[k], before.out[i].kind->name) == 0;
                tap_ok(before.out[i].left_out == 0 && after.out[i].left_out == n && after.out[i].rows + n == before.out[i].rows,
                       "%s: %" PRIu64 " left out, and it is said", before.out[i].kind->name, n);
                (void) close(before.out[i].fd);
                (void) close(after.out[i].fd);
        }
}

int main(void) {
        auto_directory struct directory *d = NULL;

        fixture_begin();
        d = fixture_clinic();
        good(d, "organisations", "name,title,country,time_zone\nfjord,Fjord care,DK,Europe/Copenhagen\n", 1, "an organisation");
        good(d, "units", "title,name,organisation\n\"Ward \"\"A\"\", north\",north,fjord\nSouth,south,fjord", 2,
             "units, columns in another order, quotation marks, no newline at the end");
        good(d, "services", "name,title,opens,module,external,lobby,number\nchat,Chat,other,chat,no,no,\nvisit,Visits,,video,yes,yes,377\n",
             2, "services");
        good(d, "roles", "name,title,kind,daily_planning\nporter,Porter,staff,yes\nbook,Bookkeeper,external,\n", 2, "roles");
        good(d, "role-services", "role,service\nbook,visit\n", 1, "services of roles");
        good(d, "persons", "person,given_name,family_name,alias,language\nE-1001,Åsa,Ås,,sv\nE-1002,Ib,Ibsen,I. I.,\n", 2, "persons");
        good(d, "identities", "person,country,number\nE-1001,SE,189001019802\n", 1, "personal numbers");
        good(d, "contacts", "person,kind,value\nE-1001,phone,+46 8 123 456 78\nE-1001,mail,asa@example.org\n", 2, "contact details");
        bad(d, "contacts", "person,kind,value\nE-1001,phone,+46812345679\nE-1002,mail,nobody\nE-1002,fax,1\n",
            "contacts:2:14: value: the person has another one\n"
            "contacts:3:1: mail: is to be an address like name@example.org\n"
            "contacts:4:8: kind: is to be one of: phone mail\n", "contact details that are none");
        good(d, "accounts", "name,person,organisation,kind,source,home,shell\nasa,E-1001,fjord,staff,,,\nib,E-1002,fjord,staff,careid,/home/ib,/bin/sh\n",
             2, "accounts");
        good(d, "assignments", "account,role,unit,from,until\nasa,porter,north,2026-11-23,2027-01-31\nib,porter,south,,\n", 2, "assignments");

        good(d, "modules", "organisation,module\nfjord,chat\nfjord,video\n", 2, "modules");
        good(d, "roles", "name,title,kind\nkin,Relative,relative\nself,Client,client\n", 2, "roles of relatives and clients");
        good(d, "role-services", "role,service\nkin,chat\nself,chat\nself,visit\n", 3, "what they may do");
        good(d, "persons", "person,given_name,family_name\nC-1,Test,Client\nC-2,Test,Other\nR-1,Test,Relative\n", 3, "clients and a relative");
        good(d, "accounts", "name,person,organisation,kind\nkin.one,R-1,fjord,relative\nc.one,C-1,fjord,client\n", 2, "their accounts");
        good(d, "assignments", "account,role,unit,from,until,weekdays,hours\nasa,porter,south,2026-11-23,2027-02-01,mon-fri,21:00-07:00\n"
             "ib,porter,north,,,sat,\n", 2, "turns");
        good(d, "deputies", "account,deputy_for,role,unit,from,until\nib,asa,porter,north,2026-12-01,2026-12-05\n", 1, "a deputy");
        good(d, "templates", "name,title,role,unit,days,weekdays,hours\nnight,Night,porter,north,1,,21:00-07:00\nday,Day,porter,south,3,,\n",
             2, "templates");
        good(d, "clients", "client,person,organisation\nfjord-7,C-1,fjord\n,C-2,fjord\n", 2, "clients, one by its number");
        good(d, "enrolments", "client,unit,from,until\nfjord-7,north,2026-11-01,\nfjord-8,south,,2027-06-30\n", 2, "enrolments");
        good(d, "grants", "account,role,client,basis,document,checked_by,review_on,from,until\n"
             "kin.one,kin,fjord-7,consent,\"Folder 7, page 2\",Ib Ibsen,2027-06-01,,2027-12-31\nc.one,self,fjord-7,self,,,,,\n", 2, "grants");
        good(d, "mandates", "person,act,organisation,unit,from,until\nE-1001,add,fjord,north,,\nE-1001,grant,fjord,,2026-12-01,2027-01-31\n",
             2, "mandates");
        good(d, "grants", "account,role,client,basis,document,checked_by,review_on\nkin.one,kin,fjord-8,consent,Folder 8,Ib Ibsen,2026-01-15\n", 1,
             "a grant whose review is overdue");
        tap_ok(find_integer(d, "SELECT count(*) FROM client_grant WHERE ended IS NULL AND review_on < 1795258800") == 1, "it stands, and is to be reviewed");
        tap_ok(find_integer(d, "SELECT count(*) FROM person WHERE reference = 'E-1002' AND protected = 1 AND alias = 'I. I.'") == 1,
               "who has an alias is protected");
        bad(d, "clients", "client,person,organisation\nfjord-3,R-1,fjord\nfjord-9,C-1,fjord\noak-9,R-1,fjord\n",
            "clients:2:1: client: numbers up to 8 have been given there, and none is given again\n"
            "clients:3:1: client: it is there already with another value\n"
            "clients:4:1: client: is to be the organisation, - and a number, like oakclinic-17\n", "clients with the wrong number");
        bad(d, "grants", "account,role,client,basis\nkin.one,kin,fjord-7,consent\nkin.one,kin,fjord-99,self\nasa,kin,fjord-7,custody\n",
            "grants:2:1: document: is missing; it is where the document is kept\n"
            "grants:3:13: client: there is no fjord-99; see: careid list clients\n"
            "grants:4:1: account: asa is of the kind staff; only a client's or a relative's is granted a client\n", "grants without what they need");

        good(d, "units", "\r\n" UNITS "\r\n\neast,fjord,East\r\n\r\n", 1, "empty lines, and CRLF");
        good(d, "units", "name;organisation;title\nwest;fjord;\"West, by the sea\"\n", 1, "semicolons");
        tap_ok(import(d, "units", "\xef\xbb\xbf" UNITS "hill,fjord,Hill\n") == DIRECTORY_OK && result.added == 1 &&
               strcmp(said, "note units:1:1: the file begins with a byte order mark, which is passed over\n") == 0,
               "a byte order mark is passed over, and that is said");

        bad(d, "units", "", "units:1:1: the file is empty; its first line is to name the columns\n", "an empty file");
        bad(d, "units", "name,organisation\n", "units:1:1: title: the column is missing\n", "a column is missing");
        bad(d, "units", "name,organisation,titel\nx,fjord,X\n",
            "units:1:19: titel: units have no such column; is title meant?\nunits:1:1: title: the column is missing\n", "a column is misspelt");
        bad(d, "units", "name,organisation,title,name\n", "units:1:25: name: the column is there twice\n", "a column twice");
        bad(d, "units", UNITS "x1,fjord\nx2,fjord,X,Y\nx3,nowhere,X\n,fjord,X\n",
            "units:2:1: the row has 2 values, the first line 3 columns\n"
            "units:3:1: the row has 4 values, the first line 3 columns\n"
            "units:4:4: organisation: there is no nowhere; see: careid list organisations\n"
            "units:5:1: name: is missing\n", "every mistake is told");
        bad(d, "units", UNITS "x1,fjord,X\nx1,fjord,Y\n", "units:3:10: title: it is there already with another value\n", "twice in the file, and not the same");
        bad(d, "units", UNITS "oak,oakclinic,Another\n", "units:2:15: title: it is there already with another value\n", "there already with another title");
        bad(d, "units", UNITS "x1,fjord,Hall\x85\n",
            "units:2:14: the byte 0x85 is no UTF-8; save the file as UTF-8 (it may be Latin-1)\n", "Latin-1");
        bad_bytes(d, "units", UNITS "x1,fjord,X\0\n", sizeof UNITS "x1,fjord,X\0\n" - 1, "units:2:11: a NUL byte: this is no text\n", "a NUL byte");
        bad(d, "units", UNITS "x1,fjord,\"X\nx2,fjord,X\n", "units:2:1: the file ends within quotation marks that begin in this row; was it cut off?\n", "cut off within a value");
        bad(d, "units", UNITS "x1,fjord,5\" pipe\n",
            "units:2:11: a quotation mark in the middle: a value that holds one, a comma or a new line is to be in quotation marks, and each one within it doubled\n", "a quotation mark in the middle");
        bad(d, "units", UNITS "root:x,fjord,X\na/b,fjord,X\n-a,fjord,X\n\"a\nb\",fjord,X\n",
            "units:2:1: name: is to be 1 to 16 of a-z and 0-9, a letter first\n"
            "units:3:1: name: is to be 1 to 16 of a-z and 0-9, a letter first\n"
            "units:4:1: name: is to be 1 to 16 of a-z and 0-9, a letter first\n"
            "units:5:1: name: is to be 1 to 16 of a-z and 0-9, a letter first\n", "names with a colon, a slash, a leading dash, a newline");
        bad(d, "accounts", "name,person,organisation,kind\nroot,E-1001,fjord,staff\nx.x,E-9,fjord,staff\n",
            "accounts:2:1: name: root is a name that no person's account may have\naccounts:3:5: person: there is no person with this key\n", "root, and somebody who isn't there");
        bad(d, "persons", "person,given_name,family_name\n189001019802,A,B\nA B,A,B\n",
            "persons:2:1: person: is a personal number; a key is another, like the number of an employee\n"
            "persons:3:1: person: is to be a key of 1 to 64 of A-Z, a-z, 0-9, . _ and -, a letter or digit first\n", "a personal number is no key");
        bad(d, "persons", "person,given_name,family_name,189001019802\n",
            "persons:1:31: persons have no such column; they have: person,given_name,family_name,alias,language\n", "a personal number where a column's name is to be");
        bad(d, "identities", "person,country,number\nE-1002,SE,189001019802\n",
            "identities:2:11: number: the person has another one of this country, or the number is another person's\n", "somebody else's number");
        bad(d, "assignments", "account,role,unit,from,until\nasa,porter,south,2027-02-01,2027-01-31\nasa,porter,south,2026-02-30,\nasa,porter,south,,2026-11-20\n",
            "assignments:2:29: until: is before the first day\n"
            "assignments:3:18: from: is to be a date like 2026-11-21\n"
            "assignments:4:19: until: that day is over\n", "dates backwards, no date, and over");
        bad(d, "role-services", "role,service\nbook,visit\nbook,journal\nkin,journal\nself,journal\n",
            "role-services:3:1: a client, relative or external never reaches a record service\n"
            "role-services:4:1: a client, relative or external never reaches a record service\n"
            "role-services:5:1: a client, relative or external never reaches a record service\n", "K8");
        bad(d, "roles", "name,title,kind,daily_planning\nkin3,Kin,relative,yes\nkin2,Kin,relative,maybe\n",
            "roles:2:19: daily_planning: a relative's role must not have it\nroles:3:19: daily_planning: is to be yes or no\n", "A1");
        test_json(d);
        round_trip(&d, TRANSFER_CSV);
        round_trip(&d, TRANSFER_JSON);
        test_secrets(d);
        test_reason(d);
        test_formulas(d);
        test_long_row(d);
        test_dead(d);
        test_left_out(d);
        test_far_host(d);
        return tap_done();
}
