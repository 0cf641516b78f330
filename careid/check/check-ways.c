/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-ways.c - who can log in how, by the configuration in force, and every hole in that
 */

#include "check.h"

#include "cleanup.h"
#include "config-network.h"
#include "i18n.h"
#include "ways.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { NAMES = 256 };

static const char *const kinds[] = { "staff", "client", "relative", "external" };

static const char *where_of(const struct config_rule *rule) {
        return rule->where ? rule->where : "";
}

static void name_add(char names[static NAMES], const char *name) {
        const size_t n = strlen(names);

        (void) snprintf(names + n, NAMES - n, "%s%s", n ? ", " : "", name);
}

static bool list_has(const struct config_ways *list, enum way way) {
        for (size_t i = 0; i < list->n; i++)
                if (list->entry[i] == way)
                        return true;
        return false;
}

/* Of those that are allowed. */
static bool names_of(const struct config *config, bool (*is)(enum way way), char names[static NAMES]) {
        names[0] = '\0';
        for (size_t i = 0; i < config->methods.n; i++)
                if (is(config->methods.entry[i]))
                        name_add(names, way_name(config->methods.entry[i]));
        return *names;
}

static bool is_any(enum way way) {
        return way != 0;
}

static bool is_one_factor(enum way way) {
        return !way_is_two_factors(way);
}

static bool has_sms(enum way way) {
        return way_has(way, FACTOR_SMS);
}

static bool has_mail(enum way way) {
        return way_has(way, FACTOR_MAIL);
}

static bool has_password(enum way way) {
        return way_has(way, FACTOR_PASSWORD);
}

static bool has_no_password(enum way way) {
        return !has_password(way);
}

/* At this host itself, where the most is open. */
static struct ways_scene scene_here(const struct config *config, const struct own_addresses *own, const char *today) {
        return (struct ways_scene) {
                .offer = { .config = config, .own = own, .place = PLACE_HERE, .by_root = true }, .service = "login", .today = today,
        };
}

/* -- What is allowed ---------------------------------------------------------------------------------- */

static void check_methods(struct check *c, const struct config *config) {
        char names[NAMES];

        (void) names_of(config, is_any, names);
        check_say(c, CHECK_OK, "methods", _("the organisation allows: %s"), names);
        if (list_has(&config->methods, WAY_BANKID) && !config->bankid && config->methods.n > 1)
                check_say(c, CHECK_WARN, "methods-bankid", _("[methods] allow names bankid, and BankID is off"));
        if (config->bankid && !list_has(&config->methods, WAY_BANKID))
                check_say(c, CHECK_WARN, "methods-bankid", _("BankID is on, and [methods] allow does not name it: nobody logs in with it"));
        if (names_of(config, is_one_factor, names))
                check_say(c, CHECK_WARN, "methods-weak",
                          _("weak, since one factor is all there is to steal: %s; only who is inside is let in by that, but two factors or an e-ID are "
                            "better there, too"), names);
        if (names_of(config, has_sms, names) && !*config->sms_url)
                check_say(c, CHECK_WRONG, "methods-sending", _("no SMS can be sent ([sms] url), so these let nobody in: %s"), names);
        if (names_of(config, has_mail, names) && !*config->mail_relay)
                check_say(c, CHECK_WRONG, "methods-sending", _("no mail can be sent ([mail] relay), so these let nobody in: %s"), names);
}

/* K2: what is not strong under the regime, for whom; never that the rest is enough. */
static void check_assurance(struct check *c, const struct config *config, const char *today) {
        const struct own_addresses own = { .known = false };
        const struct ways_scene scene = scene_here(config, &own, today);
        const bool high = strcmp(config->regime, "nsis-high") == 0;
        char weak[NAMES] = "", whom[NAMES] = "";

        if (strcmp(config->regime, "none") == 0) {
                check_say(c, CHECK_OK, "assurance", _("[assurance] regime names no rules by which methods would be judged"));
                return;
        }
        for (size_t k = 0; k < N_ELEMENTS(kinds); k++) {
                const struct ways offered = ways_offered_to(&scene, kinds[k]);
                bool any = false;

                for (size_t i = 0; i < offered.n; i++) {
                        const enum way way = offered.said[i].way;

                        if (!ways_is_allowed(offered.said[i].why) || (high ? way == WAY_BANKID : way_is_two_factors(way)))
                                continue;
                        any = true;
                        if (!strstr(weak, way_name(way)))
                                name_add(weak, way_name(way));
                }
                if (any)
                        name_add(whom, kinds[k]);
        }
        if (*weak && strcmp(config->regime, "nsis-low") != 0)
                check_say(c, CHECK_WARN, "assurance", _("not strong under %s, and open to %s: %s; two factors or an e-ID are recommended"), config->regime, whom,
                          weak);
        else
                check_say(c, CHECK_OK, "assurance", _("by %s nothing that is open is known to be too weak; whether it is enough is for the organisation to judge"),
                          config->regime);
}

/* -- Rules -------------------------------------------------------------------------------------------- */

static void check_rule(struct check *c, const struct config *config, const struct config_rule *rule, const char *today) {
        const bool conditions = rule->kinds || rule->n_roles || rule->n_services || rule->from.n || rule->from_inside || rule->from_outside;
        uint32_t methods = 0, left;

        for (size_t i = 0; i < config->methods.n; i++)
                methods |= way_bit(config->methods.entry[i]);
        left = rule->allows ? rule->ways : methods & ~rule->ways;
        if (*rule->until && strcmp(rule->until, today) < 0)
                check_say(c, CHECK_WARN, "rule", _("[rule %s] %s: is over since %s"), rule->name, where_of(rule), rule->until);
        if (!left)
                check_say(c, CHECK_WARN, "rule", _("[rule %s] %s: lets nobody in whom it is about"), rule->name, where_of(rule));
        else if (left == methods && !conditions)
                check_say(c, CHECK_WARN, "rule", _("[rule %s] %s: lets everybody in as [methods] allow does, and no rule after it counts"), rule->name,
                          where_of(rule));
        else if (!conditions)
                check_say(c, CHECK_OK, "rule", _("[rule %s] %s: is about everybody whom no rule before it is about"), rule->name, where_of(rule));
        if (!config->clients_log_in && rule->kinds == config_kind_bit("client"))
                check_say(c, CHECK_WARN, "rule", _("[rule %s] %s: is about clients, who don't log in ([clients] log-in)"), rule->name, where_of(rule));
        if (rule->from_outside && rule->from_inside)
                check_say(c, CHECK_WARN, "rule", _("[rule %s] %s: from = inside, outside is from everywhere"), rule->name, where_of(rule));
}

/* Who can get in from an address that is nobody's: the documentation's. */
static void check_outside(struct check *c, const struct config *config, const char *today) {
        const struct own_addresses own = { .known = true };
        const struct ways_scene scene = {
                .offer = { .config = config, .own = &own, .place = PLACE_REMOTE, .source = "unknown", .by_root = true, .after_key = true },
                .service = "sshd", .today = today,
        };
        const struct ways offered = ways_offered(&scene);
        char names[NAMES] = "";

        for (size_t i = 0; i < offered.n; i++)
                if (ways_is_allowed(offered.said[i].why))
                        name_add(names, way_name(offered.said[i].way));
        if (*names)
                check_say(c, CHECK_OK, "outside", _("from outside, after a key or where codes are shown, people can log in by: %s"), names);
        else
                check_say(c, CHECK_WARN, "outside", _("from outside nobody can log in by sshd"));
}

/* -- Networks, passwords ------------------------------------------------------------------------------ */

static void network_text(const struct config_network *w, char ret[static 64]) {
        char address[INET6_ADDRSTRLEN] = "";

        (void) inet_ntop(w->family == 4 ? AF_INET : AF_INET6, w->address, address, sizeof address);
        (void) snprintf(ret, 64, "%s/%u", address, w->prefix);
}

static void check_overlaps(struct check *c, const struct config_networks *list) {
        for (size_t i = 0; i < list->n; i++)
                for (size_t k = 0; k < list->n; k++) {
                        char a[64], b[64];

                        if (i == k || !config_network_has(&list->entry[i], &list->entry[k]) ||
                            (k < i && config_network_has(&list->entry[k], &list->entry[i])))
                                continue;
                        network_text(&list->entry[i], a);
                        network_text(&list->entry[k], b);
                        check_say(c, CHECK_WARN, "networks", _("[network] inside: %s is in %s already"), b, a);
                }
}

static void check_retirement(struct check *c, const struct config *config, const char *today) {
        const char *const from = config->password_retired_from;
        char names[NAMES], left[NAMES];

        if (!names_of(config, has_password, names)) {
                if (*from)
                        check_say(c, CHECK_WARN, "retired", _("[password] retired-from ends nothing: no method with a password is allowed"));
                return;
        }
        if (!*from)
                return;
        if (!names_of(config, has_no_password, left))
                check_say(c, ways_password_is_retired(config, today) ? CHECK_WRONG : CHECK_WARN, "retired",
                          _("from %s on nobody can log in: each method that is allowed has a password"), from);
        else if (ways_password_is_retired(config, today))
                check_say(c, CHECK_OK, "retired", _("log-in with a password has ended on %s; open are: %s"), from, left);
        else
                check_say(c, CHECK_OK, "retired", _("log-in with a password ends on %s; open are then: %s"), from, left);
        for (size_t i = 0; i < config->outage_reopen.n; i++)
                if (is_one_factor(config->outage_reopen.entry[i]))
                        check_say(c, CHECK_WARN, "outage", _("an outage opens %s again, which is one factor"), way_name(config->outage_reopen.entry[i]));
}

void check_ways(struct check *c, const struct config *config, const char *today) {
        check_methods(c, config);
        check_assurance(c, config, today);
        for (size_t i = 0; i < config->n_rules; i++)
                check_rule(c, config, &config->rule[i], today);
        check_outside(c, config, today);
        check_overlaps(c, &config->inside);
        check_retirement(c, config, today);
        if (config->clients_log_in)
                check_say(c, CHECK_OK, "clients", _("clients may log in"));
        else
                check_say(c, CHECK_OK, "clients", _("clients don't log in ([clients] log-in)"));
}
