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

enum { COLUMNS_MAX = 4096 };

void language_init(void) {
        static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
        static const char *const languages[] = { "sv", "da" };
        const char *wanted = "", *language = "en", *columns = getenv("COLUMNS");
        char width[16] = "";
        uint32_t n;

        for (size_t i = 0; i < N_ELEMENTS(variables); i++) {
                const char *value = getenv(variables[i]);

                if (value && *value) {
                        wanted = value;
                        break;
                }
        }
        for (size_t i = 0; i < N_ELEMENTS(languages); i++)
                if (strncmp(wanted, languages[i], 2) == 0 &&
                    (wanted[2] == '\0' || wanted[2] == '_' || wanted[2] == '.'))
                        language = languages[i];
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
