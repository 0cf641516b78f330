/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * language.c - in which language careid speaks, and what is left of the environment
 */

#include "language.h"

#include "cleanup.h"
#include "i18n.h"
#include "places.h"
#include "scan.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS_MAX = 4096 };

/* Is @wanted ("sv", "sv_SE.UTF-8", up to @n bytes) one of ours? */
static const char *language_of(const char *wanted, size_t n) {
        static const char *const languages[] = { "sv", "da", "en" };

        for (size_t i = 0; i < N_ELEMENTS(languages); i++)
                if (n >= 2 && strncmp(wanted, languages[i], 2) == 0 && (n == 2 || strchr("_.@", wanted[2])))
                        return languages[i];
        return NULL;
}

/* As gettext(3) would choose: LANGUAGE is a list, and counts wherever the locale is not "C". */
static const char *language_choose(void) {
        static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
        const char *locale = "", *list = getenv("LANGUAGE"), *language;

        for (size_t i = 0; i < N_ELEMENTS(variables) && !*locale; i++) {
                const char *value = getenv(variables[i]);

                locale = value ? value : "";
        }
        if (!*locale || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
                return "en";
        for (const char *at = list ? list : ""; *at; at += strspn(at, ":")) {
                const size_t n = strcspn(at, ":");

                language = language_of(at, n);
                if (language)
                        return language;
                at += n;
        }
        language = language_of(locale, strlen(locale));
        return language ? language : "en";
}

void language_init(void) {
        const char *language = language_choose(), *columns = getenv("COLUMNS");
        char width[16] = "";
        uint32_t n;

        if (columns && scan_whole_u32(columns, COLUMNS_MAX, &n))
                (void) snprintf(width, sizeof width, "%u", n);

        (void) clearenv();
        if (*width)
                (void) setenv("COLUMNS", width, 1);
        /* libc looks at LANGUAGE in any locale but "C"; this one is part of libc. */
        (void) setenv("LANGUAGE", language, 1);
        (void) setlocale(LC_CTYPE, "C.UTF-8");
        (void) setlocale(LC_MESSAGES, "C.UTF-8");
        (void) bindtextdomain(I18N_DOMAIN, CAREID_LOCALE_DIR);
        (void) bind_textdomain_codeset(I18N_DOMAIN, "UTF-8");
}

void language_speak(const char *language) {
        const char *const ours = language_of(language, strlen(language));

        /* libc looks at LANGUAGE once more after textdomain(). */
        (void) setenv("LANGUAGE", ours ? ours : "en", 1);
        (void) textdomain(I18N_DOMAIN);
}
