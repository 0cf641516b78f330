/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * texts.c - the sentences, and how they are put together
 *
 * 1. MUST give a text that the wire admits: clean UTF-8, one size.
 * 2. MUST not take a language, path or locale from whoever started us: the environment is empty by now.
 */

#include "texts.h"

#include "cleanup.h"
#include "i18n.h"
#include "places.h"
#include "service.h"
#include "utf8.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The RFA texts are BankID's own, which relying parties are told to use. */
static const char *const texts[TEXTS] = {
        [TEXT_NONE]             = "",
        [TEXT_STARTING]         = N_("Contacting BankID ..."),
        [TEXT_SCAN]             = N_("Start the BankID app and tap the QR icon. Then scan the QR code."),
        [TEXT_OPEN_APP]         = N_("Start your BankID app."),
        [TEXT_TRYING]           = N_("Trying to start your BankID app."),
        [TEXT_SEARCHING]        = N_("Searching for BankID, it may take a little while …"),
        [TEXT_SEARCHING_HERE]   = N_("Searching for BankID. Make sure you have a valid BankID on this device."),
        [TEXT_CODE]             = N_("Enter your security code in the BankID app and select Identify or Sign."),
        [TEXT_DOCUMENT]         = N_("Take a photo of, and scan, your ID document with the BankID app."),
        [TEXT_GOING_ON]         = N_("An identification or signing is in progress."),
        [TEXT_CANCELLED]        = N_("The action was cancelled."),
        [TEXT_CANCELLED_ELSEWHERE] = N_("The action was cancelled. Please try again."),
        [TEXT_IN_PROGRESS]      = N_("An identification or signature is already in progress for your personal identity number. "
                                     "Please try again."),
        [TEXT_NO_ANSWER]        = N_("The BankID app is not responding. Please check that it's started and that you have "
                                     "internet access. Try again."),
        [TEXT_BANKID_BLOCKED]   = N_("Your BankID is blocked or too old. Please use another BankID or get a new one from your bank."),
        [TEXT_NOT_STARTED]      = N_("You don't seem to have the BankID app/program. Please install it and get a BankID from your "
                                     "bank."),
        [TEXT_NOT_SCANNED]      = N_("Failed to scan the QR code. Start the BankID app and scan the QR code."),
        [TEXT_WENT_WRONG]       = N_("Something went wrong. Please try again."),
        [TEXT_TIME_UP]          = N_("The time for this log-in is up. Please try again."),
        [TEXT_UNREACHABLE]      = N_("BankID can't be reached at the moment. Please try again later."),
        [TEXT_BUSY_HERE]        = N_("Too many log-ins are under way. Please end one of them and try again."),
        [TEXT_BROKEN]           = N_("Log-in with e-ID is out of order on this computer. The administrator finds the reason in the "
                                     "journal."),
        [TEXT_STOPPING]         = N_("The log-in service of this computer is being stopped. Please try again later."),
        [TEXT_NOT_PERMITTED]    = N_("You may not ask this about this account."),
        [TEXT_NO_METHOD]        = N_("No e-ID can be used for this log-in."),
        [TEXT_NO_SCREEN]        = N_("No code for an e-ID can be shown here."),
        [TEXT_NO_METHOD_HERE]   = N_("There is no way to log in here now."),
        [TEXT_NO_REMOTE_CODE]   = N_("From where you are, log-in with a QR code is not allowed. Use a key first, or come from the "
                                     "organisation's network."),
        [TEXT_NO_PLACE_CODE]    = N_("Nobody can say where this terminal is shown, so no QR code is drawn on it. Log in at the computer "
                                     "itself, or ask the administrator."),
        [TEXT_APPROVED]         = N_("Approved."),
        [TEXT_WRONG_PERSON]     = N_("The approval came from a different person than the one this account belongs to."),
        [TEXT_ARCHIVED]         = N_("This account is closed."),
        [TEXT_NOT_ASSIGNED]     = N_("You have no assignment that is valid now."),
        [TEXT_CLIENTS_OFF]      = N_("Clients can't log in here."),
        [TEXT_WAY_CLOSED]       = N_("This way to log in is not open to you here."),
        [TEXT_NOT_HERE]         = N_("This account can't be used on this computer."),
        [TEXT_NO_NUMBER]        = N_("No e-ID is registered here that you could approve this with."),
        [TEXT_LOGGED]           = N_("What is done with the log-in is logged."),
        [TEXT_HELP_LIVE]        = N_("Press Enter for other choices."),
        [TEXT_HELP_ASKED_START] = N_("Point the phone here, then press Enter."),
        [TEXT_HELP_ASKED]       = N_("Press Enter for a new code, or when you have approved."),
        [TEXT_HELP_ASKED_APP]   = N_("Press Enter when you have approved."),
        [TEXT_HELP_LINK_LIVE]   = N_("Open the link on the phone or tablet that you log in from. Press Enter for other choices."),
        [TEXT_HELP_LINK_ASKED]  = N_("Open the link on the phone or tablet that you log in from, then press Enter.\n"
                                     "For a code to scan, write link and press Enter."),
        [TEXT_ASK_PASSWORD]     = N_("Password"),
        [TEXT_ASK_TOTP]         = N_("One-time code of your app or device"),
        [TEXT_ASK_SMS]          = N_("Code that was sent to your phone"),
        [TEXT_ASK_MAIL]         = N_("Code that was sent by e-mail"),
        [TEXT_ASK_CODE]         = N_("Code from the helpdesk or the letter"),
        [TEXT_TYPED_WRONG]      = N_("That was not right. Please try again."),
        [TEXT_TYPED_DENIED]     = N_("That was not right. The log-in has ended; please start again."),
        [TEXT_ENTER_OTHER]      = N_("Enter alone leads to the next of them."),
        [TEXT_LINK_OFFER]       = N_("BankID on the phone or tablet that you log in from? Write link and press Enter."),
        [TEXT_OTHER_ADDRESS]    = N_("The approval came from another device than this one, and does not count.\n"
                                     "Scan the QR code instead."),
        [TEXT_MENU]             = N_("Enter: go on, i: swap dark and light, l: larger, c: cancel: "),
        [TEXT_MENU_WAYS]        = N_("Enter: go on, a: another way, i: swap dark and light, l: larger, c: cancel: "),
        [TEXT_MENU_LINK_WAYS]   = N_("Enter: go on, a: another way, s: BankID on this device or on another, i: swap dark and light, l: larger, "
                                     "c: cancel: "),
        [TEXT_MENU_LINK]        = N_("Enter: go on, s: BankID on this device or on another, i: swap dark and light, l: larger, c: cancel: "),
};

static const char *const services[] = {
        [SERVICE_SSH]     = N_("SSH"),
        [SERVICE_CONSOLE] = N_("console"),
        [SERVICE_REMOTE]  = N_("remote log-in"),
        [SERVICE_SU]      = N_("switch user (su)"),
        [SERVICE_SUDO]    = N_("sudo"),
        [SERVICE_CAREID]  = N_("careid"),
};

static const char *const languages[] = { "en", "sv", "da" };
static const char *spoken = "en";

void texts_speak(const char *language) {
        for (size_t i = 0; i < N_ELEMENTS(languages); i++)
                if (strcmp(languages[i], language) == 0)
                        spoken = languages[i];
        /* libc looks at LANGUAGE in any locale but "C", and once more after textdomain(). */
        (void) setenv("LANGUAGE", spoken, 1);
        (void) textdomain(I18N_DOMAIN);
}

const char *texts_language(void) {
        return spoken;
}

void texts_init(const char *language) {
        /* This locale is part of libc, and text stays UTF-8 in it. */
        (void) setlocale(LC_MESSAGES, "C.UTF-8");
        (void) bindtextdomain(I18N_DOMAIN, CAREID_LOCALE_DIR);
        (void) bind_textdomain_codeset(I18N_DOMAIN, "UTF-8");
        /* A catalogue is opened for the first text that is looked up in it. */
        for (size_t i = 0; i < N_ELEMENTS(languages); i++) {
                texts_speak(languages[i]);
                (void) texts_get(TEXT_APPROVED);
        }
        texts_speak(language);
}

const char *texts_get(enum text text) {
        return text > TEXT_NONE && text < TEXTS ? _(texts[text]) : "";
}

enum text texts_of_why(enum decision_why why) {
        switch (why) {
        case DECISION_WHY_NONE:
                return TEXT_NONE;
        case DECISION_WHY_UNKNOWN:
                return TEXT_WENT_WRONG;
        case DECISION_WHY_NOT_OWNER:
                return TEXT_WRONG_PERSON;
        case DECISION_WHY_ARCHIVED:
                return TEXT_ARCHIVED;
        case DECISION_WHY_NOT_ASSIGNED:
                return TEXT_NOT_ASSIGNED;
        case DECISION_WHY_CLIENTS_OFF:
                return TEXT_CLIENTS_OFF;
        case DECISION_WHY_WAY_CLOSED:
                return TEXT_WAY_CLOSED;
        case DECISION_WHY_NO_NUMBER:
        case DECISION_WHY_NOT_ON_HOST:
        case DECISION_WHY_UID_LOW:
        case DECISION_WHY_UID_OTHER:
                return TEXT_NOT_HERE;
        }
        return TEXT_WENT_WRONG;
}

/* Cut @s at @max bytes, before a character rather than in it; a text that is not clean is none. */
static void text_fit(char *s, size_t max) {
        const size_t n = utf8_fit(s, strnlen(s, max));

        s[n] = '\0';
        if (!utf8_is_clean(s, n, UTF8_LINES))
                s[0] = '\0';
}

/* A buffer that lines are added to; what doesn't fit is left out. */
struct lines {
        char   text[4 * TEXTS_MAX];
        size_t n;
};

static void lines_add(struct lines *l, const char *format, ...) __attribute__((__format__(__printf__, 2, 3)));

static void lines_add(struct lines *l, const char *format, ...) {
        va_list ap;
        int k;

        va_start(ap, format);
        k = vsnprintf(l->text + l->n, sizeof l->text - l->n, format, ap);
        va_end(ap);
        if (k > 0 && (size_t) k < sizeof l->text - l->n)
                l->n += (size_t) k;
        else
                l->text[l->n] = '\0';
}

static void lines_take(struct lines *l, size_t max, char ret[static TEXTS_MAX + 1]) {
        text_fit(l->text, max < TEXTS_MAX ? max : TEXTS_MAX);
        memcpy(ret, l->text, strlen(l->text) + 1);
}

void texts_with_support(enum text text, const char *support, char ret[static TEXTS_MAX + 1]) {
        struct lines l = { .n = 0 };

        lines_add(&l, "%s", texts_get(text));
        if (*support)
                lines_add(&l, _("\nHelp: %s"), support);
        lines_take(&l, TEXTS_MAX, ret);
}

/* A service that nothing is known of is called what it is. */
static const char *service_words(const char *service) {
        const enum service known = service_find(service);

        return known == SERVICE_OTHER ? service : _(services[known]);
}

void texts_about(const struct texts_act *act, char ret[static TEXTS_MAX + 1]) {
        struct lines l = { .n = 0 };

        if (act->target && act->program)
                lines_add(&l, _("%s at %s: %s runs %s as %s"), service_words(act->service), act->host,
                          act->account, act->program, act->target);
        else if (act->target)
                lines_add(&l, _("%s at %s: %s becomes %s"), service_words(act->service), act->host,
                          act->account, act->target);
        else if (act->program)
                lines_add(&l, _("%s at %s: %s runs %s"), service_words(act->service), act->host, act->account, act->program);
        else
                lines_add(&l, _("%s at %s as %s"), service_words(act->service), act->host, act->account);
        if (act->organisation)
                lines_add(&l, _("\nOrganisation: %s"), act->organisation);
        lines_take(&l, TEXTS_MAX, ret);
}

void texts_visible(const struct texts_act *act, size_t max, char ret[static TEXTS_MAX + 1]) {
        struct lines l = { .n = 0 };

        /* The code first: the app shows the top of a long text, and this is what must be compared. */
        lines_add(&l, _("Check code: %s\n"), act->check_code);
        lines_add(&l, _("Computer: %s\n"), act->host);
        lines_add(&l, _("Log-in: %s\n"), service_words(act->service));
        lines_add(&l, _("Account: %s\n"), act->account);
        if (act->target)
                lines_add(&l, _("Becomes: %s\n"), act->target);
        if (act->program)
                lines_add(&l, _("Runs: %s\n"), act->program);
        if (act->program && act->arguments)
                lines_add(&l, _("With: %s\n"), act->arguments);
        if (act->source)
                lines_add(&l, _("From: %s\n"), act->source);
        if (act->organisation)
                lines_add(&l, _("Organisation: %s\n"), act->organisation);
        lines_add(&l, "%s\n", _("Approve only if the same check code is on your screen."));
        lines_add(&l, "%s", texts_get(TEXT_LOGGED));
        lines_take(&l, max, ret);
}

static const char *const factor_words[] = {
        [FACTOR_BANKID]   = N_("BankID"),
        [FACTOR_PASSWORD] = N_("password"),
        [FACTOR_TOTP]     = N_("one-time code of an app or device"),
        [FACTOR_SMS]      = N_("code by SMS"),
        [FACTOR_MAIL]     = N_("code by e-mail"),
        [FACTOR_CODE]     = N_("code from the helpdesk or a letter"),
};

void texts_ways(const enum way *ways, size_t n, enum way now, char ret[static TEXTS_MAX + 1]) {
        struct lines names = { .n = 0 }, l = { .n = 0 };

        for (size_t i = 0; i < n; i++) {
                if (ways[i] == now)
                        continue;
                lines_add(&names, "%s%s", names.n > 0 ? ", " : "", _(factor_words[way_first(ways[i])]));
                if (way_second(ways[i]))
                        lines_add(&names, " + %s", _(factor_words[way_second(ways[i])]));
        }
        if (names.n > 0)
                lines_add(&l, _("Other ways: %s."), names.text);
        lines_take(&l, TEXTS_MAX, ret);
}

void texts_password_ends(const char *date, char ret[static TEXTS_MAX + 1]) {
        struct lines l = { .n = 0 };

        lines_add(&l, _("From %s on, passwords are not used here any more. Please get ready to log in with an e-ID."), date);
        lines_take(&l, TEXTS_MAX, ret);
}
