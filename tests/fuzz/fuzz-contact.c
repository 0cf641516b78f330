/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-contact.c - any text: no phone number or mail address, or one that is plain, one line, and the same when it is read again
 */

#include "contact-detail.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void is_plain(const char *text, const char *alphabet) {
        assert(strlen(text) <= CONTACT_DETAIL_MAX && strspn(text, alphabet) == strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        char text[CONTACT_DETAIL_MAX + 64], detail[CONTACT_DETAIL_MAX + 1] = "", again[CONTACT_DETAIL_MAX + 1] = "";

        if (n >= sizeof text || memchr(data, 0, n))
                return 0;
        memcpy(text, data, n);
        text[n] = '\0';

        if (contact_phone(text, detail)) {
                is_plain(detail, "+0123456789");
                assert(detail[0] == '+' && detail[1] != '0' && strlen(detail) <= 1 + CONTACT_PHONE_MAX);
                assert(contact_phone(detail, again) && strcmp(detail, again) == 0);
                assert(!contact_mail(text, again));
        } else {
                assert(*detail == '\0');
        }
        if (contact_mail(text, detail)) {
                is_plain(detail, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.@");
                assert(strcmp(detail, text) == 0 && strchr(detail, '@') == strrchr(detail, '@'));
        }
        return 0;
}
