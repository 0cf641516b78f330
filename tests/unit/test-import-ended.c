/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-import-ended.c - a row that was carried out before does not bring back what was ended since
 */

#include "import-rows.h"

#include "clients.h"
#include "reference.h"
#include "sql.h"

#define SAYS_ENDED    "it has ended since, and is not brought back by a row that still says it\n"
#define SAYS_ARCHIVED "it is there already, archived; what takes that back is careid restore\n"
#define SAYS_GONE     "passed over: what it hangs on is archived, has died or has ended\n"
#define NOW           "1795258800"              /* FIXTURE_NOW: noon of the 21st of November 2026 */

static void add(struct directory *d, const char *kind, const char *text) {
        ended = TRANSFER_ENDED_REFUSE;
        tap_result(import(d, kind, text), DIRECTORY_OK, d, "%s: added", kind);
        if (n_said > 0)
                printf("# %s\n", said);
}

/* Refused, passed over, and the second time the very same. */
static void stays_ended(struct directory *d, const char *kind, const char *text, const char *says, const char *name) {
        const int64_t before = last_entry(d);
        char want[512];

        ended = TRANSFER_ENDED_REFUSE;
        (void) snprintf(want, sizeof want, "%s:2:1: %s", kind, says);
        tap_ok(import(d, kind, text) == DIRECTORY_E_INVALID && strcmp(said, want) == 0 && result.of_ended == 1, "%s: refused", name);
        if (strcmp(said, want) != 0)
                printf("# said: %s# want: %s", said, want);
        ended = TRANSFER_ENDED_SKIP;
        (void) snprintf(want, sizeof want, "note %s:2:1: passed over: %s", kind, says);
        tap_ok(import(d, kind, text) == DIRECTORY_OK && result.passed_over == 1 && result.added == 0 && strcmp(said, want) == 0,
               "%s: passed over", name);
        if (strcmp(said, want) != 0)
                printf("# said: %s# want: %s", said, want);
        tap_ok(last_entry(d) == before, "%s: nothing is changed", name);
        ended = TRANSFER_ENDED_REFUSE;
}

static void begins_again(struct directory *d, const char *kind, const char *text, const char *name) {
        ended = TRANSFER_ENDED_AGAIN;
        tap_ok(import(d, kind, text) == DIRECTORY_OK && result.added == 1 && result.again == 1 && n_said == 0, "%s: added anew", name);
        if (n_said > 0)
                printf("# %s\n", said);
        tap_ok(import(d, kind, text) == DIRECTORY_OK && result.added == 0 && result.same == 1, "%s: and then it is there", name);
        ended = TRANSFER_ENDED_REFUSE;
        tap_ok(import(d, kind, text) == DIRECTORY_OK && result.same == 1, "%s: whoever imports it", name);
}

/* What stands, is ended and said once more. */
static const struct {
        const char *kind, *text, *end;
} kinds[] = {
        { "assignments", "account,role,unit,from,until\nasa,porter,north,,\n", "UPDATE assignment SET ended = " NOW " WHERE deputy_of IS NULL" },
        { "deputies", "account,deputy_for,role,unit,from,until\nib,asa,porter,north,2026-11-20,2026-12-05\n",
          "UPDATE assignment SET ended = " NOW " WHERE deputy_of IS NOT NULL" },
        { "enrolments", "client,unit,from,until\nfjord-7,north,2026-11-01,\n", "UPDATE enrolment SET ended = " NOW },
        { "grants", "account,role,client,basis,document,checked_by,review_on\nkin.one,kin,fjord-7,consent,Folder 7,Ib Ibsen,2027-06-01\n",
          "UPDATE client_grant SET ended = " NOW ", ended_why = 'client'" },
        { "mandates", "person,act,organisation,unit,from,until\nE-1,add,fjord,north,,2027-01-31\n", "UPDATE mandate SET ended = " NOW },
        { "modules", "organisation,module\nfjord,schedule\n", "DELETE FROM organisation_module WHERE module = 'schedule'" },
        { "role-services", "role,service\nkin,visit\n", "DELETE FROM role_service WHERE service = (SELECT id FROM service WHERE name = 'visit')" },
        { "contacts", "person,kind,value\nE-1,phone,+46 8 123 456 78\n", "UPDATE contact SET ended = " NOW ", cipher = zeroblob(29)" },
};

/* With all triggers, as careid does it. */
static int execute(const char *text) {
        sqlite3 *db = NULL;
        int r;

        r = sqlite3_open(fixture_file("state", "directory.db"), &db);
        if (r == SQLITE_OK)
                r = sqlite3_exec(db, text, NULL, NULL, NULL);
        (void) sqlite3_close(db);
        return r;
}

static void test_each(struct directory *d) {
        for (size_t i = 0; i < N_ELEMENTS(kinds); i++) {
                add(d, kinds[i].kind, kinds[i].text);
                tap_ok((strncmp(kinds[i].end, "DELETE", 6) == 0 ? execute : fixture_sql)(kinds[i].end) == 0, "%s: ended", kinds[i].kind);
                stays_ended(d, kinds[i].kind, kinds[i].text, SAYS_ENDED, kinds[i].kind);
                begins_again(d, kinds[i].kind, kinds[i].text, kinds[i].kind);
        }
}

#define ASSIGNMENTS "account,role,unit,from,until,weekdays,hours\n"

/* A row that has it there at the moment of the end says what has ended, whatever its other day; one that begins later is new. */
static void test_when(struct directory *d) {
        static const struct {
                const char *name, *before, *row;
                bool        is_new;
        } whens[] = {
                { "another last day", "asa,porter,south,,,,", "asa,porter,south,,2027-12-31,,", false },
                { "from an earlier day", "asa,porter,south,2026-11-10,,,", "asa,porter,south,2026-11-01,,,", false },
                { "from that very day", "asa,porter,south,,,,", "asa,porter,south,2026-11-21,,,", false },
                { "from the day after", "asa,porter,south,,,,", "asa,porter,south,2026-11-22,,,", true },
                { "what had not begun", "asa,porter,south,2027-01-01,,,", "asa,porter,south,2027-01-01,,,", false },
                { "what had not begun, from earlier on", "asa,porter,south,2027-01-01,,,", "asa,porter,south,2026-12-01,,,", false },
                { "what had not begun, from later on", "asa,porter,south,2027-01-01,,,", "asa,porter,south,2027-01-02,,,", true },
                { "nights", "asa,porter,south,2026-11-20,2026-11-21,,21:00-07:00", "asa,porter,south,2026-11-20,2026-11-21,,21:00-07:00", false },
                { "other hours", "asa,porter,south,,,,21:00-07:00", "asa,porter,south,,,,20:00-07:00", true },
                { "at another unit", "asa,porter,south,,,,", "asa,porter,west,,,,", true },
        };
        char text[256];

        for (size_t i = 0; i < N_ELEMENTS(whens); i++) {
                (void) fixture_sql("UPDATE assignment SET account = 0");       /* all before: nobody's */
                (void) snprintf(text, sizeof text, ASSIGNMENTS "%s\n", whens[i].before);
                add(d, "assignments", text);
                (void) fixture_sql("UPDATE assignment SET ended = " NOW " WHERE ended IS NULL");
                (void) snprintf(text, sizeof text, ASSIGNMENTS "%s\n", whens[i].row);
                if (!whens[i].is_new)
                        stays_ended(d, "assignments", text, SAYS_ENDED, whens[i].name);
                else
                        tap_ok(import(d, "assignments", text) == DIRECTORY_OK && result.added == 1 && result.again == 0 && n_said == 0,
                               "%s: is new", whens[i].name);
                if (whens[i].is_new && n_said > 0)
                        printf("# %s\n", said);
        }
}

static int64_t count(struct directory *d, const char *query) {
        int64_t n = -1;

        return sql_find_integer(d, query, SQL_NONE, &n) == DIRECTORY_OK ? n : -1;
}

/* Night after night a file says until when; each time that alone counts, and who is deputy stays so. */
static void test_until(struct directory *d) {
        static const struct {
                const char *name, *until;
                bool        changes, stands;
        } nights[] = {
                { "first", "2027-01-31", false, true },
                { "prolonged", "2027-06-30", true, true },
                { "prolonged once more", "", true, true },
                { "shortened", "2026-12-31", true, true },
                { "as it was at first", "2027-01-31", true, true },
                { "over", "2026-11-20", true, false },
        };
        char text[256];

        (void) fixture_sql("UPDATE assignment SET ended = " NOW " WHERE ended IS NULL");
        (void) fixture_sql("UPDATE assignment SET account = 0");
        ended = TRANSFER_ENDED_REFUSE;
        for (size_t i = 0; i < N_ELEMENTS(nights); i++) {
                (void) snprintf(text, sizeof text, ASSIGNMENTS "asa,porter,south,2026-11-01,%s,mon-fri,\n", nights[i].until);
                tap_ok(import(d, "assignments", text) == DIRECTORY_OK && result.added == 1 && (n_said == 0) == !nights[i].changes,
                       "an assignment, %s: carried out", nights[i].name);
                if (result.added != 1)
                        printf("# %s\n", said);
                tap_ok(import(d, "assignments", text) == DIRECTORY_OK && result.same == 1 && n_said == 0, "%s: there the next night", nights[i].name);
                tap_ok(count(d, "SELECT count(*) FROM assignment WHERE account <> 0 AND deputy_of IS NULL AND ended IS NULL") == nights[i].stands,
                       "%s: one that stands, or none", nights[i].name);
                if (i == 0)
                        add(d, "deputies", "account,deputy_for,role,unit,from,until\nib,asa,porter,south,2026-11-20,2026-12-05\n");
                else if (nights[i].stands)
                        tap_ok(count(d, "SELECT count(*) FROM assignment s JOIN assignment h ON h.id = s.deputy_of"
                                        " WHERE s.account <> 0 AND s.ended IS NULL AND h.ended IS NULL") == 1, "%s: held by its deputy", nights[i].name);
        }
        tap_ok(import(d, "assignments", ASSIGNMENTS "asa,porter,west,,2027-01-31,,\nasa,porter,west,,2027-02-28,,\n") == DIRECTORY_E_INVALID &&
               result.mistakes == 1 && strstr(said, "another row says another last day"), "two last days for the same are a mistake");
        add(d, "assignments", ASSIGNMENTS "asa,porter,west,,2027-01-31,,\n");
        (void) fixture_sql("UPDATE assignment SET ended = " NOW " WHERE account <> 0 AND ended IS NULL");
        stays_ended(d, "assignments", ASSIGNMENTS "asa,porter,west,,2027-06-30,,\n", SAYS_ENDED, "prolonged after it was ended");
}

#define GRANTS "account,role,client,basis,document,checked_by,review_on\nkin.one,kin,fjord-7,consent,"

/* A grant that was looked at again is the same grant. */
static void test_reviewed(struct directory *d) {
        (void) fixture_sql("DROP TRIGGER IF EXISTS client_grant_kept");
        (void) fixture_sql("DELETE FROM client_grant");
        add(d, "grants", GRANTS "Folder 7,Ib Ibsen,2027-06-01\n");
        tap_ok(directory_grant_review(d, &fixture_act, count(d, "SELECT max(id) FROM client_grant"), "2028-06-01") == DIRECTORY_OK, "a grant is reviewed");
        tap_ok(import(d, "grants", GRANTS "Folder 7,Ib Ibsen,2027-06-01\n") == DIRECTORY_OK && result.same == 1, "its row is the same as ever");
        tap_ok(import(d, "grants", GRANTS "Folder 8,Ib Ibsen,2027-06-01\n") == DIRECTORY_E_INVALID &&
               strstr(said, "; then let the row begin on a day after today\n"), "with another document it is told what brings it in");
        if (n_said == 0 || !strstr(said, "after today"))
                printf("# %s\n", said);
}

/* One leaves; the file that comes every night says for a while that they work here, and until when. */
static void test_leaver(struct directory *d) {
        static const char *const persons = "person,given_name,family_name\nL-1,Test,Leaver\nL-2,Test,Stays\n";
        static const char *const accounts = "name,person,organisation,kind\nleaver,L-1,fjord,staff\nstays,L-2,fjord,staff\n";
        static const char *const first = "account,role,unit,until\nleaver,porter,south,\nstays,porter,south,\n";
        static const char *const later = "account,role,unit,until\nleaver,porter,south,2026-12-31\nleaver,porter,west,\nstays,porter,south,\nstays,porter,west,\n";
        struct directory_left left;
        int64_t person = -1, before;

        add(d, "persons", persons);
        add(d, "accounts", accounts);
        add(d, "assignments", first);
        tap_ok(directory_person_find(d, "L-1", &person) == DIRECTORY_OK && directory_person_leave(d, &fixture_act, person, &left) == DIRECTORY_OK,
               "somebody leaves");
        before = count(d, "SELECT count(*) FROM assignment");
        add(d, "persons", persons);
        stays_ended(d, "accounts", accounts, SAYS_ARCHIVED, "the account of who has left");
        stays_ended(d, "assignments", first, SAYS_ENDED, "what they had");

        tap_ok(import(d, "assignments", later) == DIRECTORY_E_INVALID && result.mistakes == 2 && result.of_ended == 2, "the rest is not carried out");
        ended = TRANSFER_ENDED_AGAIN;
        tap_ok(import(d, "assignments", later) == DIRECTORY_E_INVALID && result.mistakes == 2 && result.of_ended == 2,
               "nor where what has ended begins again: the account is closed");
        ended = TRANSFER_ENDED_SKIP;
        tap_ok(import(d, "assignments", later) == DIRECTORY_OK && result.passed_over == 2 && result.added == 1 && result.same == 1,
               "but where it is passed over");
        tap_ok(strcmp(said, "note assignments:2:1: passed over: " SAYS_ENDED "note assignments:3:1: " SAYS_GONE) == 0, "and that is said");
        if (result.passed_over != 2)
                printf("# %s\n", said);
        tap_ok(import(d, "assignments", "account,role,unit\nleaver,porter,nowhere\n") == DIRECTORY_OK && result.passed_over == 1,
               "whatever else is wrong with a row of theirs");
        tap_ok(import(d, "assignments", "account,role,unit\nstays,porter,nowhere\n") == DIRECTORY_E_INVALID && result.mistakes == 1 && result.of_ended == 0,
               "what is wrong with another's is a mistake as ever");
        tap_ok(count(d, "SELECT count(*) FROM assignment") == before + 1 &&
               count(d, "SELECT count(*) FROM assignment s JOIN account a ON a.id = s.account WHERE a.name = 'leaver' AND s.ended IS NULL") == 0,
               "who has left holds nothing");
        ended = TRANSFER_ENDED_REFUSE;
}

/* What is archived stays so, and nothing is hung on it. */
static const struct {
        const char *kind, *text, *archive, *restore;
        bool        hangs;
} archived[] = {
        { "organisations", "name,title,country\nfjord,Fjord care,DK\n", "UPDATE organisation SET archived = " NOW " WHERE name = 'fjord'",
          "UPDATE organisation SET archived = NULL", false },
        { "units", "name,organisation,title\nnorth,fjord,North\n", "UPDATE unit SET archived = " NOW " WHERE name = 'north'",
          "UPDATE unit SET archived = NULL", false },
        { "persons", "person,given_name,family_name\nE-1,Test,Asa\n", "UPDATE person SET archived = " NOW " WHERE reference = 'E-1'",
          "UPDATE person SET archived = NULL", false },
        { "clients", "client,person,organisation\n,C-1,fjord\n", "UPDATE client SET archived = " NOW, "UPDATE client SET archived = NULL", false },
        { "modules", "organisation,module\nfjord,tasks\n", "UPDATE organisation SET archived = " NOW " WHERE name = 'fjord'",
          "UPDATE organisation SET archived = NULL", true },
        { "units", "name,organisation,title\nnew,fjord,New\n", "UPDATE organisation SET archived = " NOW " WHERE name = 'fjord'",
          "UPDATE organisation SET archived = NULL", true },
        { "role-services", "role,service\nkin,book\n", "UPDATE role SET archived = " NOW " WHERE name = 'kin'", "UPDATE role SET archived = NULL", true },
        { "identities", "person,country,number\nE-1,SE,189001019802\n", "UPDATE person SET archived = " NOW " WHERE reference = 'E-1'",
          "UPDATE person SET archived = NULL", true },
        { "contacts", "person,kind,value\nE-1,mail,asa@example.org\n", "UPDATE person SET archived = " NOW " WHERE reference = 'E-1'",
          "UPDATE person SET archived = NULL", true },
        { "accounts", "name,person,organisation,kind\nasa.two,E-1,fjord,external\n", "UPDATE person SET archived = " NOW " WHERE reference = 'E-1'",
          "UPDATE person SET archived = NULL", true },
        { "assignments", "account,role,unit\nib,porter,west\n", "UPDATE account SET archived = " NOW " WHERE name = 'ib'",
          "UPDATE account SET archived = NULL", true },
        { "deputies", "account,deputy_for,role,unit,from,until\nib,asa,porter,north,2026-12-10,2026-12-12\n",
          "UPDATE assignment SET ended = " NOW " WHERE deputy_of IS NULL", "UPDATE assignment SET ended = NULL", true },
        { "templates", "name,title,role,unit,days\nnight,Night,porter,north,1\n", "UPDATE unit SET archived = " NOW " WHERE name = 'north'",
          "UPDATE unit SET archived = NULL", true },
        { "clients", "client,person,organisation\n,R-1,fjord\n", "UPDATE person SET archived = " NOW " WHERE reference = 'R-1'",
          "UPDATE person SET archived = NULL", true },
        { "enrolments", "client,unit\nfjord-7,west\n", "UPDATE client SET archived = " NOW, "UPDATE client SET archived = NULL", true },
        { "grants", "account,role,client,basis,document,checked_by,review_on\nkin.one,kin,fjord-7,custody,Folder 9,Ib Ibsen,2027-06-01\n",
          "UPDATE client SET archived = " NOW, "UPDATE client SET archived = NULL", true },
        { "mandates", "person,act,organisation\nE-1,grant,fjord\n", "UPDATE organisation SET archived = " NOW " WHERE name = 'fjord'",
          "UPDATE organisation SET archived = NULL", true },
};

static void test_archived(struct directory *d) {
        for (size_t i = 0; i < N_ELEMENTS(archived); i++) {
                const char *const kind = archived[i].kind, *const how = archived[i].hangs ? "hanging on it" : "archived";
                char want[256];

                tap_ok(fixture_sql(archived[i].archive) == 0, "%s: archived", kind);
                if (!archived[i].hangs) {
                        stays_ended(d, kind, archived[i].text, SAYS_ARCHIVED, kind);
                        ended = TRANSFER_ENDED_AGAIN;
                        tap_ok(import(d, kind, archived[i].text) == DIRECTORY_E_INVALID && result.of_ended == 1, "%s: restored by no import", kind);
                } else {
                        tap_ok(import(d, kind, archived[i].text) == DIRECTORY_E_INVALID && result.mistakes == 1 && result.of_ended == 1, "%s, %s: refused", kind, how);
                        if (result.of_ended != 1)
                                printf("# %s\n", said);
                        ended = TRANSFER_ENDED_SKIP;
                        (void) snprintf(want, sizeof want, "note %s:2:1: " SAYS_GONE, kind);
                        tap_ok(import(d, kind, archived[i].text) == DIRECTORY_OK && result.passed_over == 1 && result.added == 0 && strcmp(said, want) == 0,
                               "%s, %s: passed over", kind, how);
                        if (result.passed_over != 1)
                                printf("# %s\n", said);
                }
                ended = TRANSFER_ENDED_REFUSE;
                tap_ok(fixture_sql(archived[i].restore) == 0, "%s: restored", kind);
        }
}

int main(void) {
        auto_directory struct directory *d = NULL;

        fixture_begin();
        d = fixture_clinic();
        add(d, "organisations", "name,title,country\nfjord,Fjord care,DK\n");
        add(d, "modules", "organisation,module\nfjord,chat\n");
        add(d, "units", "name,organisation,title\nnorth,fjord,North\nsouth,fjord,South\nwest,fjord,West\n");
        add(d, "services", "name,title,opens,module\nchat,Chat,other,chat\nvisit,Visits,other,video\nbook,Booking,other,booking\n");
        add(d, "roles", "name,title,kind\nporter,Porter,staff\nkin,Relative,relative\n");
        add(d, "role-services", "role,service\nkin,chat\n");
        add(d, "persons", "person,given_name,family_name\nE-1,Test,Asa\nE-2,Test,Ib\nC-1,Test,Client\nR-1,Test,Relative\n");
        add(d, "accounts", "name,person,organisation,kind\nasa,E-1,fjord,staff\nib,E-2,fjord,staff\nkin.one,R-1,fjord,relative\n");
        add(d, "clients", "client,person,organisation\nfjord-7,C-1,fjord\n");
        test_each(d);
        test_archived(d);
        test_leaver(d);
        test_when(d);
        test_until(d);
        test_reviewed(d);
        return tap_done();
}
