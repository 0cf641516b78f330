/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-utf8.c - what may be shown on a terminal, and what is no text at all
 */

#include "utf8.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

#define BYTES(literal) .s = (literal), .n = sizeof (literal) - 1

static const struct {
        const char *name;
        const char *s;
        size_t      n;
        bool        one_line, lines;
} texts[] = {
        { "nothing",                             BYTES(""),                     true,  true  },
        { "ASCII",                               BYTES("anna"),                 true,  true  },
        { "Swedish and Danish letters",          BYTES("\u00e5\u00e4\u00f6\u00e6\u00f8\u00c5\u00c6"), true, true },
        { "two lines",                           BYTES("a\nb"),                 false, true  },
        { "a carriage return",                   BYTES("a\rb"),                 false, false },
        { "a tab",                               BYTES("a\tb"),                 false, false },
        { "an escape",                           BYTES("a\033[2J"),             false, false },
        { "NUL",                                 BYTES("a\0b"),                 false, false },
        { "the last C0 control",                 BYTES("\x1f"),                 false, false },
        { "a blank",                             BYTES(" "),                    true,  true  },
        { "the last printable ASCII",            BYTES("~"),                    true,  true  },
        { "DEL",                                 BYTES("\x7f"),                 false, false },
        { "the first C1 control",                BYTES("\xc2\x80"),             false, false },
        { "the last C1 control",                 BYTES("\xc2\x9f"),             false, false },
        { "a no-break space",                    BYTES("\xc2\xa0"),             true,  true  },
        { "zero width joiner",                   BYTES("\u200d"),               true,  true  },
        { "left-to-right mark",                  BYTES("\u200e"),               false, false },
        { "right-to-left mark",                  BYTES("\u200f"),               false, false },
        { "before the line separator",           BYTES("\u2027"),               true,  true  },
        { "line separator",                      BYTES("\u2028"),               false, false },
        { "paragraph separator",                 BYTES("\u2029"),               false, false },
        { "right-to-left override",              BYTES("\u202e"),               false, false },
        { "after the overrides",                 BYTES("\u202f"),               true,  true  },
        { "before the isolates",                 BYTES("\u2065"),               true,  true  },
        { "left-to-right isolate",               BYTES("\u2066"),               false, false },
        { "pop directional isolate",             BYTES("\u2069"),               false, false },
        { "after the isolates",                  BYTES("\u206a"),               true,  true  },
        { "a byte order mark",                   BYTES("\ufeff"),               false, false },
        { "a continuation byte alone",           BYTES("\x80"),                 false, false },
        { "a lead byte alone",                   BYTES("\xc3"),                 false, false },
        { "a lead byte before ASCII",            BYTES("\xc3""a"),              false, false },
        { "three bytes, cut after two",          BYTES("\xe2\x82"),             false, false },
        { "four bytes, cut after three",         BYTES("\xf0\x9f\x98"),         false, false },
        { "overlong slash in two bytes",         BYTES("\xc0\xaf"),             false, false },
        { "overlong in three bytes",             BYTES("\xe0\x9f\xbf"),         false, false },
        { "overlong in four bytes",              BYTES("\xf0\x8f\xbf\xbf"),     false, false },
        { "before the surrogates",               BYTES("\xed\x9f\xbf"),         true,  true  },
        { "the first surrogate",                 BYTES("\xed\xa0\x80"),         false, false },
        { "the last surrogate",                  BYTES("\xed\xbf\xbf"),         false, false },
        { "after the surrogates",                BYTES("\xee\x80\x80"),         true,  true  },
        { "U+10FFFF",                            BYTES("\xf4\x8f\xbf\xbf"),     true,  true  },
        { "U+110000",                            BYTES("\xf4\x90\x80\x80"),     false, false },
        { "a five-byte form",                    BYTES("\xf8\x88\x80\x80\x80"), false, false },
        { "0xff",                                BYTES("\xff"),                 false, false },
};

static const struct {
        const char *name;
        const char *s;
        size_t      n;
        size_t      want;
        uint32_t    c;
} characters[] = {
        { "one byte of several",  BYTES("ab"),               1, 'a'      },
        { "the smallest two",     BYTES("\xc2\x80"),         2, 0x80     },
        { "the largest two",      BYTES("\xdf\xbf"),         2, 0x7ff    },
        { "the smallest three",   BYTES("\xe0\xa0\x80"),     3, 0x800    },
        { "the largest three",    BYTES("\xef\xbf\xbf"),     3, 0xffff   },
        { "the smallest four",    BYTES("\xf0\x90\x80\x80"), 4, 0x10000  },
        { "the largest four",     BYTES("\xf4\x8f\xbf\xbf"), 4, 0x10ffff },
        { "no bytes",             BYTES(""),                 0, 0        },
        { "no beginning",         BYTES("\xbf"),             0, 0        },
};

static const struct {
        const char *name;
        const char *s;
        size_t      n;
        size_t      want;
} cuts[] = {
        { "nothing",                          BYTES(""),                    0 },
        { "ASCII",                            BYTES("ab"),                  2 },
        { "a whole two",                      BYTES("a\xc3\xa5"),           3 },
        { "one of two",                       BYTES("a\xc3"),               1 },
        { "two of three",                     BYTES("a\xe2\x82"),           1 },
        { "a whole three",                    BYTES("\xe2\x82\xac"),        3 },
        { "one, two, three of four",          BYTES("a\xf0\x9f\x98"),       1 },
        { "a whole four",                     BYTES("\xf0\x9f\x98\x80"),    4 },
        { "only a beginning",                 BYTES("\xe2"),                0 },
        { "bytes that have no beginning stay", BYTES("\xbf\xbf\xbf\xbf"),  4 },
};

int main(void) {
        unsigned failed = 0, n = 0;

        for (size_t i = 0; i < N_ELEMENTS(texts); i++) {
                bool ok = utf8_is_clean(texts[i].s, texts[i].n, UTF8_ONE_LINE) == texts[i].one_line &&
                          utf8_is_clean(texts[i].s, texts[i].n, UTF8_LINES) == texts[i].lines;

                printf("%sok %u - text: %s\n", ok ? "" : "not ", ++n, texts[i].name);
                failed += !ok;
        }
        for (size_t i = 0; i < N_ELEMENTS(texts); i++) {
                char copy[256];
                bool ok;

                memcpy(copy, texts[i].s, texts[i].n);
                utf8_make_clean(copy, texts[i].n, UTF8_ONE_LINE);
                ok = utf8_is_clean(copy, texts[i].n, UTF8_ONE_LINE) &&
                     (memcmp(copy, texts[i].s, texts[i].n) == 0) == texts[i].one_line;
                printf("%sok %u - made clean: %s\n", ok ? "" : "not ", ++n, texts[i].name);
                failed += !ok;
        }
        for (size_t i = 0; i < N_ELEMENTS(characters); i++) {
                uint32_t c = 0;
                bool ok = utf8_decode(characters[i].s, characters[i].n, &c) == characters[i].want && c == characters[i].c;

                printf("%sok %u - character: %s\n", ok ? "" : "not ", ++n, characters[i].name);
                failed += !ok;
        }
        for (size_t i = 0; i < N_ELEMENTS(cuts); i++) {
                const bool ok = utf8_fit(cuts[i].s, cuts[i].n) == cuts[i].want;

                printf("%sok %u - cut: %s\n", ok ? "" : "not ", ++n, cuts[i].name);
                failed += !ok;
        }
        {
                static const char some[] = "a\xc3\xa5\xe2\x82\xac\xf0\x9f\x98\x80";
                const bool ok = utf8_length(some, sizeof some - 1) == 4 && utf8_length("", 0) == 0;

                printf("%sok %u - length: characters, not bytes\n", ok ? "" : "not ", ++n);
                failed += !ok;
        }
        printf("1..%u\n", n);
        return failed != 0;
}
