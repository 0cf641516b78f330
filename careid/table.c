/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * table.c - every table and every JSON that careid prints (libsmartcols)
 */

#include "table.h"

#include "cleanup.h"
#include "i18n.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <string.h>

enum { TABLE_COLUMNS_MAX = 16 };

struct table {
        enum table_form          form;
        const char *const       *keys;
        size_t                   n_keys;
        bool                     seen[TABLE_COLUMNS_MAX];       /* has a value in some line       */
        struct libscols_table   *scols;
};

/* The headings, for people. */
static const struct {
        const char *key, *title;
} titles[] = {
        { "id",           N_("ID") },
        { "name",         N_("NAME") },
        { "title",        N_("TITLE") },
        { "country",      N_("COUNTRY") },
        { "time_zone",    N_("TIME ZONE") },
        { "organisation", N_("ORGANISATION") },
        { "unit",         N_("UNIT") },
        { "role",         N_("ROLE") },
        { "service",      N_("SERVICE") },
        { "services",     N_("SERVICES") },
        { "number",       N_("NUMBER") },
        { "numbers",      N_("NUMBERS") },
        { "opens",        N_("OPENS") },
        { "kind",         N_("KIND") },
        { "daily_planning", N_("DAILY PLANNING") },
        { "person",       N_("PERSON") },
        { "given_name",   N_("FIRST NAME") },
        { "family_name",  N_("LAST NAME") },
        { "alias",        N_("ALIAS") },
        { "language",     N_("LANGUAGE") },
        { "account",      N_("ACCOUNT") },
        { "accounts",     N_("ACCOUNTS") },
        { "person_name",  N_("PERSON'S NAME") },
        { "protected",    N_("PROTECTED") },
        { "assigned",     N_("ASSIGNED NOW") },
        { "host_id",      N_("HOST ID") },
        { "source",       N_("SOURCE") },
        { "uid",          N_("UID") },
        { "gid",          N_("GID") },
        { "home",         N_("HOME") },
        { "shell",        N_("SHELL") },
        { "from",         N_("FROM") },
        { "until",        N_("UNTIL") },
        { "credentials",  N_("HAS") },
        { "exempt",       N_("EXEMPT") },
        { "missing",      N_("MISSING") },
        { "code",         N_("CODE") },
        { "codes",        N_("CODES") },
        { "state",        N_("STATE") },
        { "weekdays",     N_("WEEKDAYS") },
        { "hours",        N_("HOURS") },
        { "deputy_of",    N_("DEPUTY OF") },
        { "days",         N_("DAYS") },
        { "held_for",     N_("HELD FOR") },
        { "archived",     N_("ARCHIVED") },
        { "created",      N_("CREATED") },
        { "ended",        N_("ENDED") },
        { "at",           N_("AT") },
        { "method",       N_("METHOD") },
        { "authenticator", N_("E-ID") },
        { "assurance",    N_("ASSURANCE") },
        { "host",         N_("HOST") },
        { "target",       N_("TARGET") },
        { "login",        N_("LOG-IN") },
        { "tty",          N_("TERMINAL") },
        { "opened",       N_("OPENED") },
        { "closed",       N_("CLOSED") },
        { "sequence",     N_("SEQUENCE") },
        { "actor",        N_("BY") },
        { "act",          N_("ACT") },
        { "object",       N_("OBJECT") },
        { "detail",       N_("DETAIL") },
        { "hash",         N_("HASH") },
        { "group",        N_("GROUP") },
        { "who",          N_("WHO") },
        { "with",         N_("WITH") },
        { "path",         N_("FILE") },
        { "what",         N_("WHAT") },
        { "finding",      N_("FINDING") },
        { "due",          N_("DUE") },
        { "waiting",      N_("WAITING") },
        { "about",        N_("ABOUT") },
        { "reviewer",     N_("REVIEWER") },
        { "outcome",      N_("FOUND") },
        { "evidence",     N_("EVIDENCE") },
        { "kept_until",   N_("KEPT UNTIL") },
        { "bytes",        N_("BYTES") },
        { "generation",   N_("GENERATION") },
        { "serial",       N_("SERIAL") },
        { "written",      N_("WRITTEN") },
        { "users",        N_("USERS") },
        { "groups",       N_("GROUPS") },
        { "provider",     N_("PROVIDER") },
        { "order",        N_("ORDER") },
        { "signature_bytes", N_("BYTES OF SIGNATURE") },
        { "ocsp_bytes",   N_("BYTES OF REVOCATION ANSWER") },
        { "issued",       N_("E-ID ISSUED") },
        { "device_address", N_("ADDRESS OF THE DEVICE") },
        { "risk",         N_("RISK") },
        { "members",      N_("MEMBERS") },
        { "module",       N_("MODULE") },
        { "external",     N_("FOR EXTERNALS") },
        { "lobby",        N_("LOBBY") },
        { "client",       N_("CLIENT") },
        { "clients",      N_("CLIENTS") },
        { "contacts",     N_("REACHED BY") },
        { "died",         N_("DIED") },
        { "locked",       N_("LOCKED AT THE REQUEST OF") },
        { "units",        N_("UNITS") },
        { "granted_to",   N_("GRANTED TO") },
        { "basis",        N_("BASIS") },
        { "document",     N_("DOCUMENT") },
        { "checked_by",   N_("CHECKED BY") },
        { "review_on",    N_("REVIEW ON") },
        { "requested_by", N_("REQUESTED BY") },
        { "region",       N_("REGION") },
        { "reason",       N_("REASON") },
        { "reason_text",  N_("IN WORDS") },
        { "reference",    N_("REFERENCE") },
        { "by",           N_("BY") },
        { "answer",       N_("ANSWER") },
        { "rule",         N_("RULE") },
        { "lifted",       N_("LIFTED") },
        { "lifted_for",   N_("LIFTED FOR") },
        { "purpose",      N_("WHAT ABOUT") },
        { "tries",        N_("TRIES") },
};

/* What the care directory says in a word, for people; names, and kinds that are written on a command line, stay. */
static const struct {
        const char *key, *word, *shown;
} words[] = {
        { "archived",       "yes",      N_("yes") },
        { "archived",       "no",       N_("no") },
        { "assigned",       "yes",      N_("yes") },
        { "assigned",       "no",       N_("no") },
        { "daily_planning", "yes",      N_("yes") },
        { "daily_planning", "no",       N_("no") },
        { "protected",      "yes",      N_("yes") },
        { "protected",      "no",       N_("no") },
        { "reason",         "assignment", N_("assignment") },
        { "reason",         "deputy", N_("deputy") },
        { "reason",         "grant", N_("grant") },
        { "reason",         "organisation", N_("own organisation") },
        { "reason",         "no-such-group", N_("no such group") },
        { "reason",         "archived", N_("archived") },
        { "reason",         "ended", N_("ended") },
        { "reason",         "not-yet", N_("not yet") },
        { "reason",         "over", N_("over") },
        { "reason",         "not-this-hour", N_("not at this hour") },
        { "reason",         "module-off", N_("the module is off") },
        { "reason",         "kind-off", N_("no such groups are given") },
        { "reason",         "service-not-in-role", N_("the role has not the service") },
        { "reason",         "never-a-record", N_("never a record service") },
        { "reason",         "nothing", N_("nothing gives it") },
        { "reason",         "host", N_("the host's own") },
        { "reason",         "not-published", N_("not published yet") },
        { "reason",         "outdated", N_("no more, once published") },
        { "reason",         "after-key", N_("a key was shown") },
        { "reason",         "remote-qr", N_("codes are shown to log-ins from everywhere") },
        { "reason",         "here", N_("it is at this machine itself") },
        { "reason",         "inside", N_("it comes from the organisation's networks") },
        { "reason",         "terminal-qr", N_("codes are shown on terminals that nobody knows where they are shown") },
        { "reason",         "seen", N_("others see the address that we see") },
        { "reason",         "seen-as", N_("it is known how others see the address") },
        { "reason",         "not-enabled", N_("the method is not in use") },
        { "reason",         "outside", N_("it comes from none of the organisation's networks") },
        { "reason",         "place-unknown", N_("nobody knows where the terminal is shown") },
        { "reason",         "no-code", N_("a link is offered only where a code is") },
        { "reason",         "no-address", N_("it comes from no address") },
        { "reason",         "nowhere", N_("the address is nobody's elsewhere") },
        { "reason",         "private", N_("others don't see this address, and nobody has said which one they see") },
        { "reason",         "no-number", N_("the person has no personal number, so nobody is asked") },
        { "reason",         "not-assigned", N_("no assignment is valid then") },
        { "reason",         "not-on-host", N_("this host doesn't know the name") },
        { "reason",         "uid-low", N_("to this host it is one of the host's own users, with a uid below 1000") },
        { "reason",         "uid-other", N_("this host gives the name to somebody else, with another uid") },
        { "reason",         "clients-off", N_("clients don't log in here") },
        { "reason",         "way-closed", N_("no method that is shown there is open to the account") },
        { "reason",         "by-methods", N_("the organisation allows it, and no rule is about it") },
        { "reason",         "by-rule", N_("the first rule that matches allows it") },
        { "reason",         "reopened", N_("it is retired, and open while an outage stands") },
        { "reason",         "exempt", N_("it is retired, and the account is exempt") },
        { "reason",         "not-by-user", N_("what is typed is asked for by the host's programs alone") },
        { "reason",         "not-by-rule", N_("the first rule that matches does not allow it") },
        { "reason",         "one-factor", N_("it is one factor, and comes from outside") },
        { "reason",         "retired", N_("log-in with a password has ended") },
        { "reason",         "not-named", N_("a password alone needs a rule that allows it by name") },
        { "reason",         "lacks", N_("the person has not what it takes") },
        { "reason",         "approved", N_("when its person approves") },
        { "reason",         "terminal-needed", N_("when its person approves, and only if the service gives a terminal to show the code on") },
        { "reason",         "account-only", N_("when the service lets them in; it asks careid only whether the account may be used") },
        { "reason",         "not-asked", N_("the service does not ask careid about this account") },
        { "reason",         "no-method", N_("no method is offered there") },
        { "reason",         "in-use", N_("the account may be used") },
        { "reason",         "unknown", N_("the care directory has no such account") },
        { "answer",         "let-in", N_("let in") },
        { "answer",         "refused", N_("refused") },
        { "answer",         "not-asked", N_("not asked") },
        { "answer",         "offered", N_("offered") },
        { "answer",         "not-offered", N_("not offered") },
        { "answer",         "in-use", N_("in use") },
        { "answer",         "held", N_("held") },
        { "answer",         "open", N_("open") },
        { "answer",         "shown", N_("shown, not open") },
        { "about",         "decision", N_("decision") },
        { "about",         "method", N_("method") },
        { "about",         "way", N_("way") },
        { "about",         "account", N_("account") },
        { "about",         "organisation", N_("organisation") },
        { "about",         "role", N_("role") },
        { "about",         "group", N_("group") },
        { "what",           "user",     N_("user") },
        { "what",           "group",    N_("group") },
        { "what",           "membership", N_("membership") },
        { "what",           "gone",     N_("gone") },
        { "exempt",         "yes",      N_("yes") },
        { "exempt",         "no",       N_("no") },
        { "kind",           "password", N_("password") },
        { "kind",           "password-due", N_("a new password is due") },
        { "kind",           "activation", N_("activation code") },
        { "kind",           "temporary", N_("helpdesk code") },
        { "kind",           "exemption", N_("exemption") },
        { "missing",        "password", N_("password") },
        { "missing",        "second-factor", N_("second factor") },
        { "state",          "valid",    N_("valid") },
        { "state",          "future",   N_("future") },
        { "state",          "expired",  N_("expired") },
        { "state",          "ended",    N_("ended") },
        { "state",          "archived", N_("archived") },
        { "state",          "died",     N_("died") },
        { "state",          "client",   N_("ended by the client") },
        { "state",          "basis-lost", N_("basis lost") },
        { "state",          "left",     N_("left") },
        { "state",          "waiting",  N_("waits") },
        { "state",          "sent",     N_("sent") },
        { "state",          "refused",  N_("refused there") },
        { "state",          "gave-up",  N_("given up") },
        { "state",          "dropped",  N_("dropped") },
        { "purpose",        "invitation", N_("invitation") },
        { "purpose",        "contact-changed", N_("reached elsewhere now") },
        { "state",          "in-use",   N_("in use") },
        { "state",          "old",      N_("old") },
        { "external",       "yes",      N_("yes") },
        { "external",       "no",       N_("no") },
        { "lobby",          "yes",      N_("yes") },
        { "lobby",          "no",       N_("no") },
};

const char *table_word(const char *key, const char *word) {
        for (size_t i = 0; i < N_ELEMENTS(words); i++)
                if (strcmp(words[i].key, key) == 0 && strcmp(words[i].word, word) == 0)
                        return _(words[i].shown);
        return word;
}

static const char *shown(const struct table *t, const char *key, const char *value) {
        return t->form == TABLE_JSON || !value ? value : table_word(key, value);
}

/* Too wide for a line, and for programs rather than people. */
static bool is_for_programs(const char *key) {
        return strcmp(key, "hash") == 0 || strcmp(key, "host_id") == 0;
}

/* May be longer than what is beside it leaves. */
static bool wraps(const char *key) {
        return strcmp(key, "finding") == 0 || strcmp(key, "detail") == 0 || strcmp(key, "path") == 0 ||
               strcmp(key, "person_name") == 0 || strcmp(key, "reason") == 0;
}

static const char *title_of(const char *key) {
        for (size_t i = 0; i < N_ELEMENTS(titles); i++)
                if (strcmp(titles[i].key, key) == 0)
                        return _(titles[i].title);
        return key;
}

struct table *table_free(struct table *t) {
        if (t) {
                scols_unref_table(t->scols);
                free(t);
        }
        return NULL;
}

/* Long text wraps on a terminal; nothing is ever cut. */
static int column_add(struct table *t, const char *name, int flags) {
        return scols_table_new_column(t->scols, name, 0, flags) ? 0 : -ENOMEM;
}

int table_new(enum table_form form, const char *name, const char *const *keys, struct table **ret) {
        AUTO(table_freep) struct table *t = calloc(1, sizeof *t);
        int r = 0;

        if (!t)
                return -ENOMEM;
        *t = (struct table) { .form = form, .keys = keys, .scols = scols_new_table() };
        if (!t->scols)
                return -ENOMEM;
        if (form == TABLE_JSON &&
            (scols_table_enable_json(t->scols, 1) != 0 || scols_table_set_name(t->scols, name) != 0))
                return -ENOMEM;
        for (; keys[t->n_keys]; t->n_keys++) {
                if (t->n_keys == TABLE_COLUMNS_MAX)
                        return -E2BIG;
                if (form == TABLE_JSON)
                        r = column_add(t, keys[t->n_keys], 0);
                else if (form == TABLE_NAMES)
                        r = column_add(t, keys[t->n_keys], t->n_keys > 0 ? SCOLS_FL_HIDDEN : 0);
                else if (form == TABLE_ROWS)
                        r = column_add(t, title_of(keys[t->n_keys]),
                                       is_for_programs(keys[t->n_keys]) ? SCOLS_FL_HIDDEN
                                       : wraps(keys[t->n_keys])         ? SCOLS_FL_WRAP
                                                                        : 0);
                if (r < 0)
                        return r;
        }
        if (form == TABLE_PAIRS || form == TABLE_NAMES)
                (void) scols_table_enable_noheadings(t->scols, 1);
        if (form == TABLE_PAIRS) {
                if (column_add(t, "key", 0) < 0 || column_add(t, "value", SCOLS_FL_WRAP) < 0)
                        return -ENOMEM;
        }
        *ret = STEAL_PTR(t);
        return 0;
}

static int line_add(struct table *t, const char *const *values, size_t n) {
        struct libscols_line *line;

        line = scols_table_new_line(t->scols, NULL);
        if (!line)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++)
                if (values[i] && scols_line_set_data(line, i, values[i]) != 0)
                        return -ENOMEM;
        return 0;
}

int table_add(struct table *t, const char *const *values) {
        const char *row[TABLE_COLUMNS_MAX];

        for (size_t i = 0; i < t->n_keys; i++) {
                row[i] = shown(t, t->keys[i], values[i]);
                t->seen[i] = t->seen[i] || (row[i] && *row[i]);
        }
        if (t->form != TABLE_PAIRS)
                return line_add(t, row, t->n_keys);
        for (size_t i = 0; i < t->n_keys; i++) {
                const char *pair[] = { title_of(t->keys[i]), row[i] };
                int r;

                if (!row[i] || !*row[i])
                        continue;
                r = line_add(t, pair, N_ELEMENTS(pair));
                if (r < 0)
                        return r;
        }
        return 0;
}

/* Rare, and room that the others need. */
static bool is_rare(const char *key) {
        return strcmp(key, "held_for") == 0;
}

int table_print(struct table *t) {
        int r;

        for (size_t i = 0; i < t->n_keys && t->form == TABLE_ROWS; i++)
                if (is_rare(t->keys[i]) && !t->seen[i])
                        (void) scols_column_set_flags(scols_table_get_column(t->scols, i), SCOLS_FL_HIDDEN);

        /* Tables without lines: the heading alone says nothing, an empty JSON list says all. */
        if (scols_table_get_nlines(t->scols) == 0 && t->form != TABLE_JSON)
                return 0;
        r = scols_print_table(t->scols);
        return r < 0 ? r : 0;
}
