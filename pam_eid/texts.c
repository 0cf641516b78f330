/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * texts.c - the few texts of the module itself, in every language that there is
 */

#include "texts.h"

#include <string.h>

static const char *const languages[TEXT_LANGUAGES] = { [TEXT_SV] = "sv", [TEXT_DA] = "da", [TEXT_EN] = "en" };

static const char *const texts[TEXT_MAX][TEXT_LANGUAGES] = {
        [TEXT_UNAVAILABLE] = {
                "Det går inte att logga in med e-legitimation just nu.",
                "Det er ikke muligt at logge ind med e-id lige nu.",
                "Logging in with an e-ID is not possible right now.",
        },
        [TEXT_NO_METHOD] = {
                "Här går det inte att visa en kod för e-legitimation.",
                "Her kan der ikke vises en kode til e-id.",
                "No code for an e-ID can be shown here.",
        },
        [TEXT_TOO_SMALL] = {
                "Fönstret är för litet för koden. Gör det större, minst:",
                "Vinduet er for lille til koden. Gør det større, mindst:",
                "The window is too small for the code. Make it larger, at least:",
        },
        [TEXT_TOO_MANY] = {
                "Koden kan inte visas fler gånger. Börja om inloggningen.",
                "Koden kan ikke vises flere gange. Start forfra med at logge ind.",
                "The code cannot be shown any more times. Please start the log-in again.",
        },
        [TEXT_TIME_UP] = {
                "Tiden är slut. Börja om inloggningen.",
                "Tiden er udløbet. Start forfra med at logge ind.",
                "The time is up. Please start the log-in again.",
        },
        [TEXT_PRESS_ENTER] = {
                "Tryck på Enter: ",
                "Tryk på Enter: ",
                "Press Enter: ",
        },
        [TEXT_CHECK_CODE] = {
                "Kontrollkod",
                "Kontrolkode",
                "Check code",
        },
};

const char *text_in(enum text_id id, enum text_language language) {
        return texts[id][language];
}

const char *text_get(enum text_id id, const char *language) {
        for (unsigned i = 0; language && i < TEXT_LANGUAGES; i++)
                if (strcmp(languages[i], language) == 0)
                        return texts[id][i];
        return texts[id][TEXT_EN];
}
