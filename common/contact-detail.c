/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * contact-detail.c - what a phone number and a mail address are
 */

#include "contact-detail.h"
#include "scan.h"

#include <stddef.h>
#include <string.h>

enum {
        LOCAL_MAX = 64,                 /* bytes before the @                                     */
        LABEL_MAX = 63,
};

bool contact_phone(const char *text, char ret[static CONTACT_DETAIL_MAX + 1]) {
        char digits[CONTACT_PHONE_MAX];
        size_t n = 0;

        if (text[0] != '+')
                return false;
        for (const char *s = text + 1; *s; s++) {
                if (!ascii_is_digit(*s) && !strchr(" -()", *s))
                        return false;
                if (!ascii_is_digit(*s))
                        continue;
                if (n == CONTACT_PHONE_MAX)
                        return false;
                digits[n++] = *s;
        }
        if (n < CONTACT_PHONE_MIN || digits[0] == '0')
                return false;
        ret[0] = '+';
        memcpy(ret + 1, digits, n);
        ret[1 + n] = '\0';
        return true;
}

static bool is_letter(char c) {
        return ascii_is_lower(c) || (c >= 'A' && c <= 'Z');
}

static bool is_label(const char *s, size_t n) {
        if (n == 0 || n > LABEL_MAX || s[0] == '-' || s[n - 1] == '-')
                return false;
        for (size_t i = 0; i < n; i++)
                if (!is_letter(s[i]) && !ascii_is_digit(s[i]) && s[i] != '-')
                        return false;
        return true;
}

static bool is_domain(const char *s) {
        size_t n_labels = 0;

        for (;; s++) {
                const size_t n = strcspn(s, ".");

                if (!is_label(s, n))
                        return false;
                n_labels++;
                s += n;
                if (!*s)
                        return n_labels >= 2;
        }
}

static bool is_local(const char *s, size_t n) {
        if (n == 0 || n > LOCAL_MAX || s[0] == '.' || s[n - 1] == '.')
                return false;
        for (size_t i = 0; i < n; i++)
                if (!is_letter(s[i]) && !ascii_is_digit(s[i]) && !strchr("!#$%&'*+-/=?^_`{|}~.", s[i]))
                        return false;
        return true;
}

bool contact_mail(const char *text, char ret[static CONTACT_DETAIL_MAX + 1]) {
        const size_t n = strnlen(text, CONTACT_DETAIL_MAX + 1);
        const char *const at = strchr(text, '@');

        if (n > CONTACT_DETAIL_MAX || !at || !is_local(text, (size_t) (at - text)) || !is_domain(at + 1))
                return false;
        memcpy(ret, text, n + 1);
        return true;
}
