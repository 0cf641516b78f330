/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-hex.c - bytes as hexadecimal, and moments as text
 */

#include "hex.h"
#include "moment.h"

#include <stdio.h>
#include <string.h>

static unsigned n_tests, failed;

static void ok(bool good, const char *name) {
        (void) printf("%sok %u - %s\n", good ? "" : "not ", ++n_tests, name);
        failed += !good;
}

static const struct {
        const char *name;
        int64_t     at;
        const char *text;
} moments[] = {
        { "the beginning",           0,                "1970-01-01T00:00:00Z" },
        { "before it",               -1,               "1969-12-31T23:59:59Z" },
        { "the last of four digits", 253402300799,     "9999-12-31T23:59:59Z" },
        { "one of five",             253402300800,     "" },
        { "no beginning",            INT64_MIN,        "" },
        { "no end",                  INT64_MAX,        "" },
        { "further than any clock",  INT64_MAX - 1,    "" },
};

int main(void) {
        static const uint8_t bytes[] = { 0x00, 0x9a, 0xff };
        uint8_t back[3] = { 1, 1, 1 };
        char text[MOMENT_TEXT];

        ok(strcmp(hex_text(bytes, sizeof bytes, text), "009aff") == 0, "three bytes");
        ok(strcmp(hex_text(bytes, 0, text), "") == 0, "none");
        ok(hex_bytes("009aff", 3, back) && memcmp(back, bytes, 3) == 0, "and back");
        ok(hex_bytes("009aff00", 3, back), "what follows is not looked at");
        ok(!hex_bytes("009af", 3, back) && !hex_bytes("009aFF", 3, back) && !hex_bytes("0g", 1, back) && !hex_bytes("", 1, back),
           "too few, upper case, no digit");
        for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
                ok(strcmp(moment_text(moments[i].at, text), moments[i].text) == 0, moments[i].name);
        (void) printf("1..%u\n", n_tests);
        return failed > 0;
}
