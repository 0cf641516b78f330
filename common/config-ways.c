/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * config-ways.c - lists of methods, and dates
 */

#include "config-ways.h"

#include "i18n.h"
#include "scan.h"

#include <stdio.h>
#include <string.h>

bool config_comma_next(const char *text, size_t n, size_t *at, const char **ret, size_t *ret_n) {
        const char *comma;
        size_t begin = *at, end;

        if (begin > n || n == 0)
                return false;
        comma = memchr(text + begin, ',', n - begin);
        end = comma ? (size_t) (comma - text) : n;
        *at = end + 1;
        while (begin < end && ascii_is_blank(text[begin]))
                begin++;
        while (end > begin && ascii_is_blank(text[end - 1]))
                end--;
        *ret = text + begin;
        *ret_n = end - begin;
        return true;
}

uint32_t config_ways_bits(const struct config_ways *list) {
        uint32_t bits = 0;

        for (size_t i = 0; i < list->n; i++)
                bits |= way_bit(list->entry[i]);
        return bits;
}

int config_ways_set(struct config_ways *list, const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]) {
        struct config_ways said = { .n = 0 };
        const char *word;
        size_t at = 0, n_word;

        while (config_comma_next(text, n, &at, &word, &n_word)) {
                char sentence[WAY_WHY_MAX];
                enum way way;

                if (n_word == 0)
                        return config_complain(why, _("has an empty entry; write bankid, password+totp"));
                if (!way_find(word, n_word, &way, sentence))
                        return config_complain(why, "%s", sentence);
                if (config_ways_bits(&said) & way_bit(way))
                        return config_complain(why, _("names %s twice"), way_name(way));
                said.entry[said.n++] = way;
        }
        *list = said;
        return CONFIG_OK;
}

size_t config_ways_print(const struct config_ways *list, char ret[static CONFIG_VALUE_MAX]) {
        int k = 0;

        ret[0] = '\0';
        for (size_t i = 0; i < list->n; i++)
                k += snprintf(ret + k, CONFIG_VALUE_MAX - (size_t) k, "%s%s", i ? ", " : "", way_name(list->entry[i]));
        return (size_t) k;
}

int config_date_set(char ret[static CONFIG_DATE_TEXT + 1], const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]) {
        char date[CONFIG_DATE_TEXT + 1] = "";

        if (n <= CONFIG_DATE_TEXT)
                memcpy(date, text, n);
        if (n != 0 && (n > CONFIG_DATE_TEXT || !scan_whole_date(date)))
                return config_complain(why, _("must be a date that there is, written like 2027-03-01"));
        memcpy(ret, date, sizeof date);
        return CONFIG_OK;
}
