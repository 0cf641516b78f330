/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-ways.c - the ways that are open, beside a second statement of the rules (ways.c MUST 1-3)
 *
 * Rules, log-ins and accounts are made by chance from small vocabularies, the
 * same ones each time.  The second statement goes by the words of the
 * configuration, one `no` after the other, and shares no code with the first.
 */

#include "ways.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

enum { CONFIGS = 80, SCENES = 20, RULES = 4, TEXT = 4096 };

#define RETIRED "2026-06-15"

static const char *const ways_named[] = {
        "bankid", "password", "mail", "code", "password+totp", "password+sms", "password+mail", "password+code", "code+totp", "code+sms", "code+mail",
};

/* Where somebody is, and what is right to say of it. */
static const struct {
        const char     *name;
        enum place_kind place;
        const char     *source;
        bool            inside, in_network, code;       /* in 10.9.0.0/16 of a rule; a QR code is shown there */
} places[] = {
        { "the console",                        PLACE_HERE,    NULL,          true,  false, true },
        { "an address of [network] inside",     PLACE_REMOTE,  "10.1.2.3",    true,  false, true },
        { "one that a rule names, too",         PLACE_REMOTE,  "10.9.2.3",    true,  true,  true },
        { "an address outside",                 PLACE_REMOTE,  "203.0.113.7", false, false, false },
        { "this host's own",                    PLACE_REMOTE,  "10.9.0.1",    false, false, false },
        { "nobody knows where",                 PLACE_REMOTE,  "unknown",     false, false, false },
        { "a terminal of no session",           PLACE_UNKNOWN, NULL,          false, false, false },
};

static const char *const services[] = { "sshd", "su" };
static const char *const days[] = { "2026-06-01", "2026-06-14", RETIRED, "2026-06-16" };
static const char *const kinds[] = { "staff", "client", "relative", "external" };
static const char *const roles[][3] = { { NULL }, { "nurse" }, { "doctor" }, { "nurse", "doctor" } };

static unsigned long long state = 2026;

static unsigned chance(unsigned n) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return (unsigned) (state >> 33) % n;
}

/* -- What is written --------------------------------------------------------------------------------- */

struct written {
        char methods[256], reopen[256];
        bool clients, retires;
        size_t n;
        struct { char kinds[64], roles[64], services[64], from[64], since[16], until[16], ways[256]; bool allow; } rule[RULES];
};

/* Some of @words, at least @least, with commas. */
static void pick(char *ret, size_t size, const char *const *words, size_t n, unsigned least) {
        unsigned left = least;
        int k = 0;

        ret[0] = '\0';
        for (size_t i = 0; i < n; i++)
                if (chance(3) == 0 || n - i <= left) {
                        k += snprintf(ret + k, size - (size_t) k, "%s%s", k ? ", " : "", words[i]);
                        left -= left > 0;
                }
}

static bool lists(const char *list, const char *word) {
        char all[512], one[64];

        (void) snprintf(all, sizeof all, ", %s,", list);
        (void) snprintf(one, sizeof one, " %s,", word);
        return strstr(all, one);
}

/* Those of ways_named that @list has, and that have a password if @password. */
static size_t of_list(const char *list, bool password, const char *ret[static N_ELEMENTS(ways_named)]) {
        size_t n = 0;

        for (size_t i = 0; i < N_ELEMENTS(ways_named); i++)
                if (lists(list, ways_named[i]) && (!password || strstr(ways_named[i], "password")))
                        ret[n++] = ways_named[i];
        return n;
}

static void write_one(struct written *w) {
        static const char *const wheres[] = { "inside", "outside", "10.9.0.0/16" };
        const char *some[N_ELEMENTS(ways_named)];
        size_t n;

        *w = (struct written) { .clients = chance(2), .retires = chance(3) > 0, .n = chance(RULES + 1) };
        pick(w->methods, sizeof w->methods, ways_named, N_ELEMENTS(ways_named), 3);
        n = of_list(w->methods, true, some);
        if (w->retires && chance(2))
                pick(w->reopen, sizeof w->reopen, some, n, 0);
        for (size_t i = 0; i < w->n; i++) {
                if (chance(2))
                        pick(w->rule[i].kinds, sizeof w->rule[i].kinds, kinds, N_ELEMENTS(kinds), 1);
                if (chance(2))
                        pick(w->rule[i].roles, sizeof w->rule[i].roles, roles[3], 2, 1);
                if (chance(3) == 0)
                        pick(w->rule[i].services, sizeof w->rule[i].services, services, N_ELEMENTS(services), 1);
                if (chance(2))
                        pick(w->rule[i].from, sizeof w->rule[i].from, wheres, N_ELEMENTS(wheres), 1);
                if (chance(4) == 0)
                        (void) snprintf(w->rule[i].since, sizeof w->rule[i].since, "2026-06-14");
                if (chance(4) == 0)
                        (void) snprintf(w->rule[i].until, sizeof w->rule[i].until, "2026-06-15");
                w->rule[i].allow = chance(2);
                n = of_list(w->methods, false, some);
                pick(w->rule[i].ways, sizeof w->rule[i].ways, some, n, 1);
                if (!w->rule[i].allow && chance(3) == 0)
                        (void) snprintf(w->rule[i].ways, sizeof w->rule[i].ways, "all");
        }
}

static void say(char text[static TEXT], const char *name, const char *value) {
        const size_t n = strlen(text);

        if (*value)
                (void) snprintf(text + n, TEXT - n, "%s = %s\n", name, value);
}

static void text_of(const struct written *w, char text[static TEXT]) {
        (void) snprintf(text, TEXT, "[bankid]\nenabled = yes\ncertificate = /c\nkey = /k\n[network]\ninside = 10.0.0.0/8\n[methods]\nallow = %s\n"
                        "[clients]\nlog-in = %s\n[password]\nretired-from = %s\nannounce = 1 day\n[outage]\nreopen = %s\n",
                        w->methods, w->clients ? "yes" : "no", w->retires ? RETIRED : "", w->reopen);
        for (size_t i = 0; i < w->n; i++) {
                const size_t n = strlen(text);

                (void) snprintf(text + n, TEXT - n, "[rule r%zu]\n", i);
                say(text, "kind", w->rule[i].kinds);
                say(text, "role", w->rule[i].roles);
                say(text, "service", w->rule[i].services);
                say(text, "from", w->rule[i].from);
                say(text, "since", w->rule[i].since);
                say(text, "until", w->rule[i].until);
                say(text, w->rule[i].allow ? "allow" : "deny", w->rule[i].ways);
        }
}

/* -- The second statement ---------------------------------------------------------------------------- */

struct asked {
        size_t      place, service, day;
        bool        by_root, outage, exemptions;
        const char *kind;
        const char *const *roles;               /* up to NULL                                     */
        bool        exempt;
        const char *has;                        /* factors, with commas                           */
};

static int naive_rule(const struct written *w, const struct asked *q) {
        for (size_t i = 0; i < w->n; i++) {
                bool role = !*w->rule[i].roles, from = !*w->rule[i].from;

                for (const char *const *r = q->roles; *r; r++)
                        role = role || lists(w->rule[i].roles, *r);
                from = from || lists(w->rule[i].from, places[q->place].inside ? "inside" : "outside") ||
                       (lists(w->rule[i].from, "10.9.0.0/16") && places[q->place].in_network);
                if (role && from && (!*w->rule[i].kinds || lists(w->rule[i].kinds, q->kind)) &&
                    (!*w->rule[i].services || lists(w->rule[i].services, services[q->service])) &&
                    !(*w->rule[i].since && strcmp(days[q->day], "2026-06-14") < 0) && !(*w->rule[i].until && strcmp(days[q->day], "2026-06-15") > 0))
                        return (int) i;
        }
        return -1;
}

static bool naive_allows(const struct written *w, const struct asked *q, const char *way) {
        const int rule = naive_rule(w, q);
        const bool single = !strchr(way, '+') && strcmp(way, "bankid") != 0;
        const bool retired = w->retires && strcmp(days[q->day], RETIRED) >= 0 && strstr(way, "password");
        const bool named = rule >= 0 && w->rule[rule].allow && lists(w->rule[rule].ways, way);
        static const char *const factors[] = { "bankid", "password", "totp", "sms", "mail", "code" };

        if (!lists(w->methods, way))
                return false;
        if (strcmp(q->kind, "client") == 0 && !w->clients)
                return false;
        if (strcmp(way, "bankid") == 0 ? !places[q->place].code : !q->by_root)
                return false;
        if (rule >= 0 && w->rule[rule].allow && !named)
                return false;
        if (rule >= 0 && !w->rule[rule].allow && (strcmp(w->rule[rule].ways, "all") == 0 || lists(w->rule[rule].ways, way)))
                return false;
        if (single && !places[q->place].inside)
                return false;
        if (retired && !(q->outage && lists(w->reopen, way)) && !q->exempt)
                return false;
        if (strcmp(way, "password") == 0 && !named &&
            (strcmp(q->kind, "external") == 0 || (retired && !(q->outage && lists(w->reopen, way)))))
                return false;
        for (size_t i = 0; i < N_ELEMENTS(factors); i++)
                if (strstr(way, factors[i]) && !lists(q->has, factors[i]))
                        return false;
        return true;
}

/* -- Both -------------------------------------------------------------------------------------------- */

static const struct {
        const char *said;
        uint32_t    bits;
} have[] = {
        { "bankid, password, totp, sms, mail, code", UINT32_MAX },
        { "bankid, password, sms", 1u << FACTOR_BANKID | 1u << FACTOR_PASSWORD | 1u << FACTOR_SMS },
        { "", 0 },
};

static unsigned long n_asked, n_allowed, n_hidden;

/* All accounts that there could be, in one scene. */
static bool agrees(const struct written *w, const struct config *c, struct asked q) {
        const struct own_addresses own = { .known = true, .list = { .n = 1, .entry = { { 4, 32, { 10, 9, 0, 1 } } } } };
        const struct ways_scene scene = {
                .offer = { .config = c, .own = &own, .place = places[q.place].place, .source = places[q.place].source, .by_root = q.by_root },
                .service = services[q.service], .today = days[q.day], .outage = q.outage, .exemptions = q.exemptions,
        };
        const struct ways offered = ways_offered(&scene);
        bool any[WAY_N] = { false };

        if (offered.n != c->methods.n)
                return false;
        for (size_t k = 0; k < N_ELEMENTS(kinds); k++)
                for (size_t r = 0; r < N_ELEMENTS(roles); r++)
                        for (int exempt = 0; exempt <= (q.exemptions ? 1 : 0); exempt++)
                                for (size_t h = 0; h < N_ELEMENTS(have); h++) {
                                        struct ways_account account = { .kind = kinds[k], .roles = roles[r], .exempt = exempt, .has = have[h].bits };
                                        struct ways decided;

                                        while (account.n_roles < 2 && roles[r][account.n_roles])
                                                account.n_roles++;
                                        q.kind = kinds[k];
                                        q.roles = roles[r];
                                        q.exempt = exempt;
                                        q.has = have[h].said;
                                        decided = ways_decide(&scene, &account);
                                        for (size_t i = 0; i < decided.n; i++) {
                                                const bool is = ways_is_allowed(decided.said[i].why);

                                                n_asked++;
                                                n_allowed += is;
                                                any[i] = any[i] || is;
                                                if (decided.said[i].rule != naive_rule(w, &q) ||
                                                    is != naive_allows(w, &q, way_name(decided.said[i].way)) ||
                                                    (is && !ways_is_allowed(offered.said[i].why))) {
                                                        printf("# %s by %s at %s from %s, root %d, outage %d: %s is %d, rule %d\n", kinds[k],
                                                               way_name(decided.said[i].way), days[q.day], places[q.place].name, q.by_root, q.outage,
                                                               have[h].said, (int) decided.said[i].why, decided.said[i].rule);
                                                        return false;
                                                }
                                        }
                                }
        for (size_t i = 0; i < offered.n; i++) {
                n_hidden += !any[i];
                if (any[i] != ways_is_allowed(offered.said[i].why)) {
                        printf("# %s is %s to everybody, from %s\n", way_name(offered.said[i].way), any[i] ? "not shown" : "shown", places[q.place].name);
                        return false;
                }
        }
        return true;
}

static void test_space(unsigned *n, unsigned *failed) {
        unsigned n_refused = 0;
        bool ok = true;

        for (unsigned i = 0; ok && i < CONFIGS; i++) {
                AUTO(config_done) struct config c = { .language = "" };
                char text[TEXT], complaint[CONFIG_COMPLAINT_MAX] = "";
                struct written w;

                write_one(&w);
                text_of(&w, text);
                ok = config_init(&c) == 0 && config_parse(&c, "test", text, strlen(text), complaint) == CONFIG_OK;
                if (ok && config_finish(&c, complaint) != CONFIG_OK) {
                        n_refused++;
                        continue;
                }
                for (unsigned s = 0; ok && s < SCENES; s++)
                        ok = agrees(&w, &c, (struct asked) {
                                .place = chance(N_ELEMENTS(places)), .service = chance(2), .day = chance(N_ELEMENTS(days)), .by_root = chance(4) > 0,
                                .outage = chance(2), .exemptions = chance(2),
                        });
                if (!ok)
                        printf("# %s\n# %s\n", complaint, text);
        }
        printf("%sok %u - the whole of it, beside what is said of it in other words\n", ok ? "" : "not ", ++*n);
        *failed += !ok;
        ok = n_refused < CONFIGS / 2 && n_allowed > n_asked / 50 && n_allowed < n_asked / 2 && n_hidden > 0;
        printf("%sok %u - of that, enough is allowed, and enough is not\n", ok ? "" : "not ", ++*n);
        printf("# %lu questions, %lu allowed, %u configurations refused, %lu not shown\n", n_asked, n_allowed, n_refused, n_hidden);
        *failed += !ok;
}

/* -- Single ones ------------------------------------------------------------------------------------- */

static const struct {
        const char   *today;
        bool          retired, announced;
} dates[] = {
        { "2025-12-31", false, false }, { "2026-01-03", false, false }, { "2026-01-04", false, true }, { "2026-02-28", false, true },
        { "2026-03-01", true, false },  { "2027-01-01", true, false },
};

static void test_dates(unsigned *n, unsigned *failed) {
        static const char text[] = "[password]\nretired-from = 2026-03-01\n";
        AUTO(config_done) struct config c = { .language = "" }, never = { .language = "" };
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        bool ok = config_init(&c) == 0 && config_init(&never) == 0 && config_parse(&c, "test", text, sizeof text - 1, complaint) == CONFIG_OK;

        for (size_t i = 0; i < N_ELEMENTS(dates); i++) {
                ok = ok && ways_password_is_retired(&c, dates[i].today) == dates[i].retired &&
                     ways_password_is_announced(&c, dates[i].today) == dates[i].announced && !ways_password_is_retired(&never, dates[i].today) &&
                     !ways_password_is_announced(&never, dates[i].today);
                printf("%sok %u - eight weeks before, and from the day itself: %s\n", ok ? "" : "not ", ++*n, dates[i].today);
                *failed += !ok;
                ok = true;
        }
}

/* Without a word about methods it is as it was: BankID, where it is shown, and nothing typed. */
static void test_default(unsigned *n, unsigned *failed) {
        static const char text[] = "[bankid]\nenabled = yes\ncertificate = /c\nkey = /k\n[network]\ninside = 10.0.0.0/8\n";
        static const struct own_addresses own = { .known = true };
        AUTO(config_done) struct config c = { .language = "" };
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        bool ok = config_init(&c) == 0 && config_parse(&c, "test", text, sizeof text - 1, complaint) == CONFIG_OK;

        for (size_t p = 0; ok && p < N_ELEMENTS(places); p++) {
                const struct ways_scene scene = {
                        .offer = { .config = &c, .own = &own, .place = places[p].place, .source = places[p].source, .by_root = true },
                        .service = "sshd", .today = "2026-01-01",
                };
                const struct ways ways = ways_offered(&scene);

                ok = ways.n == 1 && ways.said[0].way == WAY_BANKID && ways_has_any(&ways) == offer_is_made(offer_code(&scene.offer)) &&
                     ways_find(&ways, WAY_BANKID) == &ways.said[0] && !ways_find(&ways, WAY_PASSWORD);
        }
        printf("%sok %u - without a word about methods it is BankID alone\n", ok ? "" : "not ", ++*n);
        *failed += !ok;
}

int main(void) {
        unsigned n = 0, failed = 0;

        test_space(&n, &failed);
        test_dates(&n, &failed);
        test_default(&n, &failed);
        printf("1..%u\n", n);
        return failed != 0;
}
