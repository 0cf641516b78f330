/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * words.c - what messages say
 *
 * 1. MUST fit: an SMS of which the end is missing is worse than one without the name of a house.
 */

#include "words.h"

#include "cleanup.h"
#include "i18n.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WHO_SMS_MAX = 60, SUPPORT_SMS_MAX = 120 };       /* bytes, of an SMS                       */

__attribute__((__format__(__printf__, 2, 3)))
static void add(struct words *w, const char *format, ...) {
        const size_t n = strlen(w->text);
        va_list arguments;

        va_start(arguments, format);
        (void) vsnprintf(w->text + n, sizeof w->text - n, format, arguments);
        va_end(arguments);
        utf8_trim(w->text);
}

static const char *const factors[FACTOR_LAST + 1] = {
        [FACTOR_BANKID]   = N_("Mobile BankID"),
        [FACTOR_PASSWORD] = N_("password"),
        [FACTOR_TOTP]     = N_("code from an app"),
        [FACTOR_SMS]      = N_("code by SMS"),
        [FACTOR_MAIL]     = N_("code by mail"),
        [FACTOR_CODE]     = N_("code from a letter or the help desk"),
};

/* In the order of [methods]; nothing where none of them could be theirs. */
static void add_ways(struct words *w, const struct config *c, uint32_t has) {
        bool any = false;

        for (size_t i = 0; i < c->methods.n; i++) {
                const enum way way = c->methods.entry[i];
                const enum factor second = way_second(way);

                if (way_factors(way) & ~has)
                        continue;
                if (any)
                        add(w, "; %s", _(factors[way_first(way)]));
                else
                        add(w, _("\nHow: %s"), _(factors[way_first(way)]));
                if (second)
                        add(w, " + %s", _(factors[second]));
                any = true;
        }
}

/* Who writes, as far as the configuration says. */
static const char *who_writes(const struct config *c, const char *organisation) {
        if (*c->organisation)
                return c->organisation;
        return *c->mail_from_name ? c->mail_from_name : organisation;
}

/* @s, or its beginning. */
static void cut(const char *s, size_t max, char *ret) {
        const size_t n = strlen(s) <= max ? strlen(s) : utf8_fit(s, max);

        memcpy(ret, s, n);
        ret[n] = '\0';
}

static void set_subject(struct words *w, const char *text) {
        (void) snprintf(w->subject, sizeof w->subject, "%s", text);
        utf8_trim(w->subject);
}

static void begin(struct words *w) {
        w->subject[0] = w->text[0] = '\0';
}

static void add_support(struct words *w, const struct config *c) {
        if (*c->support)
                add(w, _("\nHelp: %s"), c->support);
        add(w, "\n");
}

void words_invitation(const struct config *c, const char *organisation, const char *account, uint32_t has, struct words *ret) {
        const char *const who = who_writes(c, organisation);

        begin(ret);
        set_subject(ret, _("How you log in"));
        add(ret, "%s\n\n", _("Hello!"));
        if (*who)
                add(ret, _("%s invites you to log in."), who);
        else
                add(ret, "%s", _("You are invited to log in."));
        add(ret, _("\n\nYour log-in name: %s"), account);
        if (*c->clients_address)
                add(ret, _("\nWhere: %s"), c->clients_address);
        add_ways(ret, c, has);
        add(ret, "\n");
        add_support(ret, c);
}

void words_contact_changed(const struct config *c, bool by_mail, struct words *ret) {
        char who[WHO_SMS_MAX + 1], support[SUPPORT_SMS_MAX + 1];

        begin(ret);
        cut(who_writes(c, ""), WHO_SMS_MAX, who);
        cut(c->support, SUPPORT_SMS_MAX, support);
        set_subject(ret, by_mail ? _("Your mail address was changed") : _("Your telephone number was changed"));
        if (*who)
                add(ret, "%s: ", who);
        add(ret, "%s", by_mail ? _("This mail address is not registered for your log-in any more.")
                               : _("This telephone number is not registered for your log-in any more."));
        add(ret, " %s", _("If you did not ask for that, tell us now."));
        if (*support)
                add(ret, _("\nHelp: %s"), support);
}

void words_code(const struct config *c, bool by_mail, const char *code, unsigned minutes, struct words *ret) {
        char who[WHO_SMS_MAX + 1], support[SUPPORT_SMS_MAX + 1];

        begin(ret);
        cut(who_writes(c, ""), WHO_SMS_MAX, who);
        cut(c->support, SUPPORT_SMS_MAX, support);
        set_subject(ret, _("Your code"));
        add(ret, _("%s is your code for logging in"), code);
        if (*who)
                add(ret, " (%s)", who);
        add(ret, _(". It is good for %u minutes. Nobody needs to be told it."), minutes);
        if (by_mail && *support)
                add(ret, _("\nHelp: %s"), support);
}
