/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-people.c - how many can log in, and what the others lack
 */

#include "check.h"

#include "i18n.h"

#include <inttypes.h>

void check_people(struct check *c, int64_t n_accounts, int64_t n_no_number, int64_t n_no_assignment, bool bankid) {
        if (n_accounts == 0) {
                check_say(c, CHECK_WARN, "people", _("there is no account yet: nobody can log in with an e-ID"));
                return;
        }
        if (bankid && n_no_number > 0)
                check_say(c, CHECK_WARN, "people-number",
                          P_("%" PRId64 " account can't log in with BankID: its person has no Swedish personal number here "
                             "(careid list persons)",
                             "%" PRId64 " accounts can't log in with BankID: their persons have no Swedish personal number "
                             "here (careid list persons)",
                             n_no_number),
                          n_no_number);
        if (n_no_assignment > 0)
                check_say(c, CHECK_WARN, "people-assignment",
                          P_("%" PRId64 " account has no assignment that is valid now, and is refused (careid list "
                             "accounts)",
                             "%" PRId64 " accounts have no assignment that is valid now, and are refused (careid list "
                             "accounts)",
                             n_no_assignment),
                          n_no_assignment);
        if ((!bankid || n_no_number == 0) && n_no_assignment == 0)
                check_say(c, CHECK_OK, "people",
                          P_("%" PRId64 " account has what it needs to log in",
                             "%" PRId64 " accounts have what they need to log in", n_accounts),
                          n_accounts);
}
