/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-people.c - how many can log in, or use their mandates, and what the others lack
 */

#include "check.h"

#include "i18n.h"

#include <inttypes.h>
#include <string.h>

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

/* Without an approval nothing is done, so nothing is open: but whoever relies on a mandate finds out when they need it. */
static void check_no_method(struct check *c, bool every, int64_t n) {
        if (every)
                check_say(c, CHECK_WRONG, "mandates",
                          P_("%" PRId64 " person has a mandate and can do nothing with it that is approved: that takes an e-ID "
                             "([mandates] approval = every), and none is on",
                             "%" PRId64 " persons have mandates and can do nothing with them that is approved: that takes an e-ID "
                             "([mandates] approval = every), and none is on",
                             n),
                          n);
        else
                check_say(c, CHECK_WARN, "mandates",
                          P_("%" PRId64 " person has a mandate and can register no personal number with it: that is approved with "
                             "an e-ID, and none is on",
                             "%" PRId64 " persons have mandates and can register no personal number with them: that is approved "
                             "with an e-ID, and none is on",
                             n),
                          n);
}

static void check_no_number(struct check *c, bool every, int64_t n) {
        if (every)
                check_say(c, CHECK_WRONG, "mandates",
                          P_("%" PRId64 " person has a mandate and can do nothing with it that is approved: that takes BankID "
                             "([mandates] approval = every), and they have no Swedish personal number here (careid mandates)",
                             "%" PRId64 " persons have mandates and can do nothing with them that is approved: that takes BankID "
                             "([mandates] approval = every), and they have no Swedish personal number here (careid mandates)",
                             n),
                          n);
        else
                check_say(c, CHECK_WARN, "mandates",
                          P_("%" PRId64 " person has a mandate and can register no personal number with it: that is approved with "
                             "BankID, and they have no Swedish personal number here (careid mandates)",
                             "%" PRId64 " persons have mandates and can register no personal number with them: that is approved "
                             "with BankID, and they have no Swedish personal number here (careid mandates)",
                             n),
                          n);
}

void check_mandates(struct check *c, const struct config *config, const struct directory_readiness *people) {
        /* As the helper takes it (helper/act.c): whatever is not the least is every; a number is registered by a mandate to add. */
        const bool every = strcmp(config->mandates_approval, "least") != 0;
        const int64_t n_holders = every ? people->holders : people->adders;
        const int64_t n_no_number = every ? people->holders_no_se_number : people->adders_no_se_number;

        if (n_holders == 0)
                return;
        if (!config->bankid)
                check_no_method(c, every, n_holders);
        else if (n_no_number > 0)
                check_no_number(c, every, n_no_number);
        else
                check_say(c, CHECK_OK, "mandates",
                          P_("%" PRId64 " person has a mandate, is to approve with BankID, and has the number that this takes",
                             "%" PRId64 " persons have mandates, are to approve with BankID, and have the number that this takes", n_holders),
                          n_holders);
}
