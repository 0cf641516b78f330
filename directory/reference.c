/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * reference.c - the key by which the files of an import name a person
 */

#include "reference.h"
#include "act.h"
#include "number.h"
#include "sql.h"

#include "i18n.h"
#include "scan.h"

#include <string.h>

/* "3f2a91c4-17": of this directory, and which. */
static bool is_own(const struct directory *d, const char *key, uint64_t *ret_id) {
        return strncmp(key, d->host_id, REFERENCE_OWN) == 0 && key[REFERENCE_OWN] == '-' &&
               scan_whole_u64(key + REFERENCE_OWN + 1, INT64_MAX, ret_id) && *ret_id > 0;
}

static bool is_personal_number(const char *key) {
        static const char *const countries[] = { "SE", "DK" };
        const struct number_date today = { .year = 2099, .month = 12, .day = 31 };
        char number[NUMBER_MAX + 1];
        bool is = false;

        for (size_t i = 0; i < N_ELEMENTS(countries); i++)
                is = is || number_normalise(countries[i], key, &today, number) == NUMBER_OK;
        explicit_bzero(number, sizeof number);
        return is;
}

static int check_form(struct directory *d, const char *key) {
        const size_t n = key ? strnlen(key, REFERENCE_MAX + 1) : 0;
        bool good = n > 0 && n <= REFERENCE_MAX && ascii_is_alnum(key[0]);

        for (size_t i = 0; good && i < n; i++)
                good = ascii_is_alnum(key[i]) || strchr("._-", key[i]);
        if (!good)
                return directory_fail(d, DIRECTORY_E_INVALID,
                                      _("person: is to be a key of 1 to 64 of A-Z, a-z, 0-9, . _ and -, a letter or digit first"));
        if (is_personal_number(key))
                return directory_fail(d, DIRECTORY_E_INVALID,
                                      _("person: is a personal number; a key is another, like the number of an employee"));
        return DIRECTORY_OK;
}

int reference_check(struct directory *d, const char *reference) {
        uint64_t id;
        int r;

        r = check_form(d, reference);
        if (r == DIRECTORY_OK && is_own(d, reference, &id))
                return directory_fail(d, DIRECTORY_E_INVALID,
                                      _("person: is a key that this directory gives by itself, of somebody it does not have"));
        return r;
}

int directory_person_find(struct directory *d, const char *key, int64_t *ret_person) {
        uint64_t id;
        int r;

        r = check_form(d, key);
        if (r != DIRECTORY_OK)
                return r;
        if (is_own(d, key, &id))
                return sql_find_integer(d, "SELECT id FROM person WHERE id = ?1", SQL_BIND(sql_integer((int64_t) id)), ret_person);
        return sql_find_integer(d, "SELECT id FROM person WHERE reference = ?1", SQL_BIND(sql_text(key)), ret_person);
}
