/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * texts.c - the few texts of the module itself, in every language that there is
 *
 * The translations are those of po/, put into this object when it is built:
 * the module MUST NOT look for a catalogue, nor ask the locale or environment
 * of the program that it is a guest in.
 */

#include "texts.h"

#include "cleanup.h"
#include "i18n.h"

#include <string.h>

struct translation {
        const char *english, *text;
};

#include "texts-translated.h"           /* translations_sv, translations_da                              */

static const struct {
        const char               *name;
        const struct translation *translations;         /* NULL: the texts as they stand here            */
        size_t                    n;
} languages[TEXT_LANGUAGES] = {
        [TEXT_SV] = { "sv", translations_sv, N_ELEMENTS(translations_sv) },
        [TEXT_DA] = { "da", translations_da, N_ELEMENTS(translations_da) },
        [TEXT_EN] = { "en", NULL, 0 },
};

static const char *const texts[TEXT_MAX] = {
        [TEXT_UNAVAILABLE] = N_("Logging in with an e-ID is not possible right now."),
        [TEXT_NO_METHOD]   = N_("No code for an e-ID can be shown here."),
        [TEXT_TOO_SMALL]   = N_("The window is too small for the code. Make it larger, at least:"),
        [TEXT_CONSOLE]     = N_("The code does not fit on this console. Please log in at another computer or over ssh, and "
                                "tell whoever runs this one that its console needs a font with half blocks, or this size:"),
        [TEXT_TOO_MANY]    = N_("The code cannot be shown any more times. Please start the log-in again."),
        [TEXT_TIME_UP]     = N_("The time is up. Please start the log-in again."),
        [TEXT_PRESS_ENTER] = N_("Press Enter: "),
        [TEXT_CHECK_CODE]  = N_("Check code"),
        [TEXT_TIME_LEFT]   = N_("Time left"),
        [TEXT_BLOCKS]      = N_("Not three blocks? Press Ctrl-C, set LC_ALL=C.UTF-8 and try again."),
        [TEXT_LARGER]      = N_("For a code twice as large (90 columns, 47 rows) write larger and press Enter."),
        [TEXT_OTHER_WAY]   = N_("For another way write other and press Enter."),
};

const char *text_in(enum text_id id, enum text_language language) {
        for (size_t i = 0; i < languages[language].n; i++)
                if (strcmp(languages[language].translations[i].english, texts[id]) == 0)
                        return languages[language].translations[i].text;
        return texts[id];
}

const char *text_get(enum text_id id, const char *language) {
        for (unsigned i = 0; language && i < TEXT_LANGUAGES; i++)
                if (strcmp(languages[i].name, language) == 0)
                        return text_in(id, (enum text_language) i);
        return texts[id];
}
