/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-scan.c - bounded scanning: each limit, at it and past it; and names that were meant
 */

#include "cleanup.h"
#include "nearest.h"
#include "scan.h"

#include <stdio.h>

static unsigned n_tests, failed;

static void check(bool ok, const char *name) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        failed += !ok;
}

static const struct {
        const char *name, *text;
        uint64_t    max;
        bool        want;
        uint64_t    value;
        size_t      n_taken;
} numbers[] = {
        { "a digit",                            "7",                    9,          true,  7, 1 },
        { "zero",                               "0",                    9,          true,  0, 1 },
        { "stops at what is no digit",          "12x",                  99,         true,  12, 2 },
        { "the limit",                          "255",                  255,        true,  255, 3 },
        { "one past the limit",                 "256",                  255,        false, 0, 0 },
        { "ten times the limit",                "2550",                 255,        false, 0, 0 },
        { "limit zero, zero",                   "0",                    0,          true,  0, 1 },
        { "limit zero, one",                    "1",                    0,          false, 0, 0 },
        { "a leading zero",                     "07",                   99,         false, 0, 0 },
        { "two zeros",                          "00",                   99,         false, 0, 0 },
        { "nothing",                            "",                     9,          false, 0, 0 },
        { "a sign",                             "+7",                   9,          false, 0, 0 },
        { "minus",                              "-7",                   9,          false, 0, 0 },
        { "a blank before",                     " 7",                   9,          false, 0, 0 },
        { "hexadecimal is zero and a rest",     "0x10",                 99,         true,  0, 1 },
        { "the largest there is",               "18446744073709551615", UINT64_MAX, true,  UINT64_MAX, 20 },
        { "one more than the largest",          "18446744073709551616", UINT64_MAX, false, 0, 0 },
        { "far more than the largest",          "99999999999999999999", UINT64_MAX, false, 0, 0 },
};

static const struct {
        const char *text;
        bool        want;
} dates[] = {
        { "2026-11-21", true },  { "2024-02-29", true },   { "2000-02-29", true },  { "1900-01-01", true },
        { "2999-12-31", true },  { "2025-02-29", false },  { "1900-02-29", false }, { "2026-04-31", false },
        { "2026-13-01", false }, { "2026-00-10", false },  { "2026-01-00", false }, { "1899-12-31", false },
        { "3000-01-01", false }, { "2026-1-1", false },    { "20261121", false },   { "2026-11-21 ", false },
        { "2026/11/21", false }, { "+026-11-21", false },  { "", false },           { "2026-11", false },
};

static const struct {
        const char *wrong, *want;
} meant[] = {
        { "support", "support" },       { "suport", "support" },        { "supprot", "support" },
        { "supports", "support" },      { "sup", "support" },           { "su", NULL },
        { "certificat", "certificate" },{ "key", "key" },               { "kye", "key" },
        { "ky", "key" },                { "xyz", NULL },                { "", NULL },
        { "remote_qr", "remote-qr" },   { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL },
};

static const char *nearest_of(const char *wrong) {
        static const char *const words[] = { "certificate", "support", "key", "remote-qr" };
        struct nearest n;

        nearest_init(&n, wrong, strlen(wrong));
        for (size_t i = 0; i < N_ELEMENTS(words); i++)
                nearest_offer(&n, words[i]);
        return n.best;
}

int main(void) {
        struct scan s;
        const char *word;
        size_t n;

        for (size_t i = 0; i < N_ELEMENTS(numbers); i++) {
                uint64_t v = 4711;
                bool got;

                s = scan_text(numbers[i].text);
                got = scan_u64(&s, numbers[i].max, &v);
                check(got == numbers[i].want && v == (got ? numbers[i].value : 4711) &&
                      s.at == numbers[i].text + numbers[i].n_taken, numbers[i].name);
        }
        for (size_t i = 0; i < N_ELEMENTS(dates); i++)
                check(scan_whole_date(dates[i].text) == dates[i].want, *dates[i].text ? dates[i].text : "no date");
        for (size_t i = 0; i < N_ELEMENTS(meant); i++) {
                const char *got = nearest_of(meant[i].wrong);

                check(got == meant[i].want || (got && meant[i].want && strcmp(got, meant[i].want) == 0),
                      *meant[i].wrong ? meant[i].wrong : "nothing was written");
        }

        s = scan_bytes("ab12", 4);
        check(scan_word(&s, ascii_is_lower, 2, &word, &n) && n == 2 && s.at[0] == '1', "a word of the most letters it may have");
        s = scan_bytes("abc", 3);
        check(!scan_word(&s, ascii_is_lower, 2, &word, &n) && s.at[0] == 'a', "a word with one too many is not taken in part");
        s = scan_bytes("ab", 1);
        check(scan_word(&s, ascii_is_lower, 9, &word, &n) && n == 1, "not past the end of the bytes");
        s = scan_bytes("a\n\nb", 4);
        check(scan_line(&s, &word, &n) && n == 1 && scan_line(&s, &word, &n) && n == 0 && scan_line(&s, &word, &n) &&
              n == 1 && *word == 'b' && !scan_line(&s, &word, &n), "lines, the last one without its newline");
        s = scan_text("a\n");
        check(scan_line(&s, &word, &n) && !scan_line(&s, &word, &n), "no empty line after the last newline");
        s = scan_text("https");
        check(!scan_literal(&s, "https://") && s.at[0] == 'h', "a literal that is cut off");

        printf("1..%u\n", n_tests);
        return failed != 0;
}
