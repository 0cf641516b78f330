/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * password-rules.c - may it be a new password?  libpwquality's rules, in our words
 *
 * The host's rules are /etc/security/pwquality.conf; ours are a length that
 * they can't go below, and that it is text.
 */

#include "credential.h"

#include "cleanup.h"
#include "i18n.h"
#include "utf8.h"

#include <errno.h>
#include <pwquality.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void rules_freep(pwquality_settings_t **rules) {
        if (*rules)
                pwquality_free_settings(*rules);
}

static int rules_read(struct directory *d, pwquality_settings_t *rules) {
        void *about = NULL;
        int min = 0, r;

        r = pwquality_read_config(rules, NULL, &about);
        if (r == PWQ_ERROR_MEM_ALLOC)
                return -ENOMEM;
        if (r != 0 && r != PWQ_ERROR_CFGFILE_OPEN)
                return directory_fail(d, -EUCLEAN, _("the rules of passwords can't be read: /etc/security/pwquality.conf has a line that is none"));
        /* Names of users are not looked up here: the login is compared. */
        r = pwquality_set_int_value(rules, PWQ_SETTING_GECOS_CHECK, 0);
        if (r == 0)
                r = pwquality_get_int_value(rules, PWQ_SETTING_MIN_LENGTH, &min);
        if (r == 0 && min < CREDENTIAL_PASSWORD_MIN)
                r = pwquality_set_int_value(rules, PWQ_SETTING_MIN_LENGTH, CREDENTIAL_PASSWORD_MIN);
        return r == 0 ? DIRECTORY_OK : directory_fail(d, -EUCLEAN, _("the rules of passwords can't be set"));
}

static int invalid(struct directory *d, const char *why) {
        return directory_fail(d, DIRECTORY_E_INVALID, "%s: %s", "password", why);
}

/* What its numbers mean for whoever chooses a password. */
static int say(struct directory *d, pwquality_settings_t *rules, int error) {
        char text[128];
        int min = CREDENTIAL_PASSWORD_MIN;

        switch (error) {
        case PWQ_ERROR_MEM_ALLOC:
                return -ENOMEM;
        case PWQ_ERROR_MIN_LENGTH:
                (void) pwquality_get_int_value(rules, PWQ_SETTING_MIN_LENGTH, &min);
                (void) snprintf(text, sizeof text, _("is too short: %d characters at least"), min);
                return invalid(d, text);
        case PWQ_ERROR_SAME_PASSWORD:
        case PWQ_ERROR_PALINDROME:
        case PWQ_ERROR_CASE_CHANGES_ONLY:
        case PWQ_ERROR_TOO_SIMILAR:
        case PWQ_ERROR_ROTATED:
                return invalid(d, _("is too much like the old one, or like itself backwards"));
        case PWQ_ERROR_USER_CHECK:
        case PWQ_ERROR_BAD_WORDS:
                return invalid(d, _("has the log-in name in it, or a word that is not allowed here"));
        case PWQ_ERROR_CRACKLIB_CHECK:
                return invalid(d, _("is a word of a dictionary, or too much like one"));
        default:
                return invalid(d, _("is not what /etc/security/pwquality.conf asks for: kinds of characters, or too many alike"));
        }
}

int credential_password_check(struct directory *d, const char *password, const char *old, const char *login) {
        AUTO(rules_freep) pwquality_settings_t *rules = pwquality_default_settings();
        const size_t n = strnlen(password, CREDENTIAL_PASSWORD_MAX + 1);
        char text[128];
        void *about = NULL;
        int r;

        if (!rules)
                return -ENOMEM;
        if (n > CREDENTIAL_PASSWORD_MAX || !utf8_is_clean(password, n, UTF8_ONE_LINE)) {
                (void) snprintf(text, sizeof text, _("is to be one line of text, %d bytes at most"), CREDENTIAL_PASSWORD_MAX);
                return invalid(d, text);
        }
        r = rules_read(d, rules);
        if (r != DIRECTORY_OK)
                return r;
        if (utf8_length(password, n) < CREDENTIAL_PASSWORD_MIN)
                return say(d, rules, PWQ_ERROR_MIN_LENGTH);
        r = pwquality_check(rules, password, old, login, &about);
        return r < 0 ? say(d, rules, r) : DIRECTORY_OK;
}
