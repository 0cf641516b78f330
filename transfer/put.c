/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * put.c - from a row to the act that adds it, one for each kind
 *
 * The numbers are those of the kind's columns in row-kinds.c.
 */

#include "put.h"
#include "clients.h"
#include "config.h"
#include "contact-detail.h"
#include "mandates.h"
#include "reference.h"
#include "sql.h"

#include "i18n.h"
#include "scan.h"

#include <errno.h>
#include <string.h>

enum { HOME_MAX = 255, CLIENT_NUMBER_MAX = 9999999 };

int put_organisation(const struct transfer *t) {
        const char *const zone = strcmp(t->value[2], "DK") == 0 ? "Europe/Copenhagen" : "Europe/Stockholm";

        return directory_organisation_add(t->d, t->act, t->value[0], t->value[1], t->value[2], t->value[3] ? t->value[3] : zone);
}

int put_unit(const struct transfer *t) {
        return directory_unit_add(t->d, t->act, t->value[1], t->value[0], t->value[2]);
}

int put_service(const struct transfer *t) {
        return directory_service_add(t->d, t->act, &(struct directory_service) {
                .name = t->value[0], .title = t->value[1], .opens = t->value[2] ? t->value[2] : "other",
                .module = t->value[3], .external = t->integer[4] != 0, .lobby = t->integer[5] != 0,
                .number = (uint32_t) t->integer[6],
        });
}

int put_role(const struct transfer *t) {
        return directory_role_add(t->d, t->act, t->value[0], t->value[1], t->value[2], t->integer[3] != 0);
}

int put_role_service(const struct transfer *t) {
        return directory_role_service_add(t->d, t->act, t->value[0], t->value[1]);
}

int put_person(const struct transfer *t) {
        int64_t id;

        return directory_person_add_as(t->d, t->act, t->value[0], t->value[1], t->value[2], t->value[3], t->value[4], &id);
}

int put_identity(const struct transfer *t) {
        int r;

        r = directory_person_has_number(t->d, t->integer[0], t->value[1], t->value[2]);
        if (r == DIRECTORY_OK)
                return TRANSFER_SAME;
        /* What is no number at all, set() says better: it takes the short form. */
        r = directory_identity_set(t->d, t->act, t->integer[0], t->value[1], t->value[2], false);
        if (r == DIRECTORY_E_EXISTS)
                return directory_fail(t->d, r, _("number: the person has another one of this country, or the number is another "
                                                 "person's"));
        return r;
}

/* *@ret_same: the person has just this; without an entry, since nobody is told it. */
static int find_contact(const struct transfer *t, bool *ret_has, bool *ret_same) {
        char here[CONTACT_DETAIL_MAX + 1] = "", there[KEY_CONTACT_MAX + 1] = "";
        auto_stmt sqlite3_stmt *stmt = NULL;
        const void *sealed;
        int r;

        *ret_has = *ret_same = false;
        r = store_keys(t->d);
        if (r == DIRECTORY_OK)
                r = sql_find(t->d, "SELECT cipher FROM contact WHERE person = ?1 AND kind = ?2 AND ended IS NULL",
                             SQL_BIND(sql_integer(t->integer[0]), sql_text(t->value[1])), &stmt);
        if (r != DIRECTORY_OK)
                return r == DIRECTORY_E_NOT_FOUND ? DIRECTORY_OK : r;
        *ret_has = true;
        sealed = sqlite3_column_blob(stmt, 0);
        r = sealed ? keys_open_contact(&t->d->keys, t->value[1], t->integer[0], sealed, (size_t) sqlite3_column_bytes(stmt, 0), there)
                   : -EBADMSG;
        if (r == 0 && (strcmp(t->value[1], "phone") == 0 ? contact_phone(t->value[2], here) : contact_mail(t->value[2], here)))
                *ret_same = strcmp(here, there) == 0;
        explicit_bzero(here, sizeof here);
        explicit_bzero(there, sizeof there);
        return r == -EBADMSG ? directory_fail(t->d, -EUCLEAN, _("a contact detail can't be decrypted")) : r;
}

int put_contact(const struct transfer *t) {
        bool has, same;
        int r;

        r = find_contact(t, &has, &same);
        if (r != DIRECTORY_OK || same)
                return r == DIRECTORY_OK ? TRANSFER_SAME : r;
        if (has)
                return directory_fail(t->d, DIRECTORY_E_EXISTS, _("value: the person has another one"));
        return directory_contact_set(t->d, t->act, t->integer[0], t->value[1], t->value[2]);
}

int put_account(const struct transfer *t) {
        const char *source = t->value[4] ? t->value[4] : "careid", *home = t->value[5], *shell = t->value[6];
        char own[HOME_MAX + 1];

        if (strcmp(source, "careid") == 0) {
                if (!home && !config_home(t->home, t->value[0], own, sizeof own))
                        return directory_fail(t->d, DIRECTORY_E_INVALID, _("home: is longer than %d bytes, as it is configured, with this name in it"),
                                              HOME_MAX);
                home = home ? home : own;
                shell = shell ? shell : t->shell;
        }
        return directory_account_add(t->d, t->act, t->integer[1], t->value[2], t->value[0], t->value[3], source, home, shell,
                                     NULL);
}

int put_assignment(const struct transfer *t) {
        return directory_assign(t->d, t->act, &(struct directory_assignment) {
                .account = t->value[0], .role = t->value[1], .unit = t->value[2], .from_date = t->value[3],
                .until_date = t->value[4], .weekdays = t->value[5], .hours = t->value[6],
        }, NULL);
}

/* The last day, or the last turn of it, is over. */
static bool is_over(const struct transfer *t) {
        const int64_t minute_from = t->integer[6] / TRANSFER_MINUTES, minute_until = t->integer[6] % TRANSFER_MINUTES;
        const bool over_midnight = t->value[6] && minute_until > 0 && minute_until <= minute_from;

        return t->value[4] && t->integer[4] + (over_midnight ? minute_until * 60 : 0) <= t->act->now;
}

/* There is one at most: two of the same at the same time are refused. */
int change_assignment(const struct transfer *t) {
        int64_t old;
        int r;

        r = sql_find_integer(t->d, transfer_assignment_until, SQL_BIND(
                                     sql_text(t->value[0]), sql_text(t->value[1]), sql_text(t->value[2]),
                                     t->value[3] ? sql_integer(t->integer[3]) : sql_null(), sql_null(),
                                     t->value[5] ? sql_integer(t->integer[5]) : sql_null(),
                                     t->value[6] ? sql_integer(t->integer[6]) : sql_null(), sql_integer(t->act->now)), &old);
        if (r != DIRECTORY_OK)
                return r;
        if (old > t->newest)
                return directory_fail(t->d, DIRECTORY_E_EXISTS, _("until: another row says another last day for the same"));
        return directory_assign_again(t->d, t->act, old, is_over(t) ? NULL : &(struct directory_assignment) {
                .account = t->value[0], .role = t->value[1], .unit = t->value[2], .from_date = t->value[3],
                .until_date = t->value[4], .weekdays = t->value[5], .hours = t->value[6],
        });
}

int put_module(const struct transfer *t) {
        return directory_module_set(t->d, t->act, t->value[0], t->value[1], true);
}

/* The assignment that is held is the one of that account, role and unit that lasts longest. */
int put_deputy(const struct transfer *t) {
        int64_t held;
        int r;

        r = sql_find_integer(t->d, "SELECT s.id FROM account a JOIN assignment s ON s.account = a.id JOIN role r ON r.id = s.role"
                                   " JOIN unit u ON u.id = s.unit WHERE a.name = ?1 AND r.name = ?2 AND u.name = ?3"
                                   " AND s.ended IS NULL AND s.deputy_of IS NULL ORDER BY s.valid_until IS NULL DESC,"
                                   " s.valid_until DESC, s.id LIMIT 1",
                             SQL_BIND(sql_text(t->value[1]), sql_text(t->value[2]), sql_text(t->value[3])), &held);
        if (r == DIRECTORY_E_NOT_FOUND)
                return directory_fail(t->d, r, _("deputy_for: has no such assignment"));
        if (r != DIRECTORY_OK)
                return r;
        return directory_deputy_add(t->d, t->act, held, t->value[0], t->value[4], t->value[5], NULL);
}

int put_template(const struct transfer *t) {
        return directory_template_add(t->d, t->act, &(struct directory_template) {
                .name = t->value[0], .title = t->value[1], .role = t->value[2], .unit = t->value[3], .days = t->integer[4],
                .weekdays = t->value[5], .hours = t->value[6],
        });
}

int put_client(const struct transfer *t) {
        const char *const organisation = t->value[2];
        const size_t n = strlen(organisation);
        uint32_t number;

        if (!t->value[0])
                return directory_client_add(t->d, t->act, t->integer[1], organisation, NULL, NULL);
        if (strncmp(t->value[0], organisation, n) != 0 || t->value[0][n] != '-' ||
            !scan_whole_u32(t->value[0] + n + 1, CLIENT_NUMBER_MAX, &number) || number == 0)
                return directory_fail(t->d, DIRECTORY_E_INVALID, _("client: is to be the organisation, - and a number, like %s-17"),
                                      "oakclinic");
        return directory_client_add_as(t->d, t->act, t->integer[1], organisation, number);
}

int put_enrolment(const struct transfer *t) {
        return directory_enrolment_add(t->d, t->act, t->value[0], t->value[1], t->value[2], t->value[3], NULL);
}

int put_grant(const struct transfer *t) {
        const struct directory_basis basis = {
                .basis = t->value[3], .document = t->value[4], .checked_by = t->value[5], .review_date = t->value[6],
        };

        return directory_grant_add_standing(t->d, t->act, t->value[0], t->value[1], t->value[2], &basis, t->value[7], t->value[8], NULL);
}

int put_mandate(const struct transfer *t) {
        return directory_mandate_add(t->d, t->act, t->integer[0], t->value[1], t->value[2], t->value[3], t->value[4],
                                     t->value[5], NULL);
}
