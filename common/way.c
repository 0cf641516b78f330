/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * way.c - the table of ways
 *
 * A way that is not in it can't be configured, offered or tried.  TOTP and SMS
 * alone are not: whoever has a phone in their hand for a minute would have them.
 */

#include "way.h"

#include "cleanup.h"
#include "i18n.h"
#include "nearest.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

static const char *const factors[] = {
        [FACTOR_BANKID] = "bankid", [FACTOR_PASSWORD] = "password", [FACTOR_TOTP] = "totp",
        [FACTOR_SMS] = "sms",       [FACTOR_MAIL] = "mail",         [FACTOR_CODE] = "code",
};

static const struct {
        const char *name;
        enum factor first, second;
} ways[] = {
        [WAY_BANKID]        = { "bankid",        FACTOR_BANKID,   0 },
        [WAY_PASSWORD]      = { "password",      FACTOR_PASSWORD, 0 },
        [WAY_MAIL]          = { "mail",          FACTOR_MAIL,     0 },
        [WAY_CODE]          = { "code",          FACTOR_CODE,     0 },
        [WAY_PASSWORD_TOTP] = { "password+totp", FACTOR_PASSWORD, FACTOR_TOTP },
        [WAY_PASSWORD_SMS]  = { "password+sms",  FACTOR_PASSWORD, FACTOR_SMS },
        [WAY_PASSWORD_MAIL] = { "password+mail", FACTOR_PASSWORD, FACTOR_MAIL },
        [WAY_PASSWORD_CODE] = { "password+code", FACTOR_PASSWORD, FACTOR_CODE },
        [WAY_CODE_TOTP]     = { "code+totp",     FACTOR_CODE,     FACTOR_TOTP },
        [WAY_CODE_SMS]      = { "code+sms",      FACTOR_CODE,     FACTOR_SMS },
        [WAY_CODE_MAIL]     = { "code+mail",     FACTOR_CODE,     FACTOR_MAIL },
};

static bool is_way(enum way way) {
        return way >= WAY_BANKID && (size_t) way < N_ELEMENTS(ways);
}

const char *factor_name(enum factor factor) {
        return factor >= FACTOR_BANKID && (size_t) factor < N_ELEMENTS(factors) ? factors[factor] : "";
}

const char *way_name(enum way way) {
        return is_way(way) ? ways[way].name : "";
}

enum factor way_first(enum way way) {
        return is_way(way) ? ways[way].first : 0;
}

enum factor way_second(enum way way) {
        return is_way(way) ? ways[way].second : 0;
}

bool way_has(enum way way, enum factor factor) {
        return factor != 0 && (way_first(way) == factor || way_second(way) == factor);
}

uint32_t way_factors(enum way way) {
        uint32_t bits = 0;

        for (enum factor f = FACTOR_BANKID; f <= FACTOR_LAST; f++)
                if (way_has(way, f))
                        bits |= factor_bit(f);
        return bits;
}

bool way_is_two_factors(enum way way) {
        return way == WAY_BANKID || way_second(way) != 0;
}

bool way_is_typed(enum way way) {
        return is_way(way) && way != WAY_BANKID;
}

/* -- From a name ------------------------------------------------------------------------------------- */

static bool same(const char *right, const char *s, size_t n) {
        return strlen(right) == n && memcmp(right, s, n) == 0;
}

/* "sms+password" where password+sms is a way: which one. */
static enum way turned_round(const char *name, size_t n) {
        const char *plus = memchr(name, '+', n);

        for (enum way w = WAY_BANKID; plus && w <= WAY_LAST; w++)
                if (ways[w].second && same(factors[ways[w].second], name, (size_t) (plus - name)) &&
                    same(factors[ways[w].first], plus + 1, n - (size_t) (plus - name) - 1))
                        return w;
        return 0;
}

/* A factor alone that only comes after another. */
static bool is_second_only(const char *name, size_t n) {
        return same("totp", name, n) || same("sms", name, n);
}

bool way_find(const char *name, size_t n, enum way *ret, char why[static WAY_WHY_MAX]) {
        struct nearest near;
        char quoted[64] = "?", all[WAY_WHY_MAX] = "";
        enum way turned;
        int k = 0;

        nearest_init(&near, name, n);
        for (enum way w = WAY_BANKID; w <= WAY_LAST; w++) {
                if (same(ways[w].name, name, n)) {
                        *ret = w;
                        return true;
                }
                nearest_offer(&near, ways[w].name);
                k += snprintf(all + k, sizeof all - (size_t) k, "%s%s", k ? ", " : "", ways[w].name);
        }
        if (n < sizeof quoted && utf8_is_clean(name, n, UTF8_ONE_LINE))
                (void) snprintf(quoted, sizeof quoted, "%.*s", (int) n, name);
        turned = turned_round(name, n);
        if (turned)
                (void) snprintf(why, WAY_WHY_MAX, _("'%s': the factor that is asked for first stands first: %s"), quoted, ways[turned].name);
        else if (is_second_only(name, n))
                (void) snprintf(why, WAY_WHY_MAX, _("'%s' is a second factor only: write password+%s or code+%s"), quoted, quoted, quoted);
        else if (near.best)
                (void) snprintf(why, WAY_WHY_MAX, _("'%s' is no method; did you mean %s?"), quoted, near.best);
        else
                (void) snprintf(why, WAY_WHY_MAX, _("'%s' is no method; there are: %s"), quoted, all);
        utf8_trim(why);
        return false;
}
