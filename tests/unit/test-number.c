/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-number.c - personal numbers: spellings, published numbers, and each verdict
 *
 * The numbers are Skatteverket's and other published test numbers; the
 * spellings and the broken ones are made from them.
 */

#include "number.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct number_date today = { 2026, 11, 21 };

static const struct {
        const char         *name, *country, *text;
        enum number_verdict want;
        const char         *normal;
} cases[] = {
        { "twelve digits",                      "SE", "199908072391",         NUMBER_OK, "199908072391" },
        { "with hyphen",                        "SE", "19990807-2391",        NUMBER_OK, "199908072391" },
        { "short with hyphen",                  "SE", "990807-2391",          NUMBER_OK, "199908072391" },
        { "short, ten digits",                  "SE", "9908072391",           NUMBER_OK, "199908072391" },
        { "a blank for the hyphen",             "SE", "19990807 2391",        NUMBER_OK, "199908072391" },
        { "blanks around the hyphen",           "SE", "990807 - 2391",        NUMBER_OK, "199908072391" },
        { "blanks around",                      "SE", "\t 19990807-2391  ",   NUMBER_OK, "199908072391" },
        { "en dash",                            "SE", "990807\xe2\x80\x93" "2391", NUMBER_OK, "199908072391" },
        { "minus sign",                         "SE", "990807\xe2\x88\x92" "2391", NUMBER_OK, "199908072391" },
        { "no-break space",                     "SE", "990807\xc2\xa0" "2391", NUMBER_OK, "199908072391" },
        { "this century",                       "SE", "000229-2399",          NUMBER_OK, "200002292399" },
        { "a hundred years: plus",              "SE", "090527+1474",          NUMBER_OK, "190905271474" },
        { "plus with the year in full",         "SE", "19090527+1474",        NUMBER_OK, "190905271474" },
        { "plus with a year that is no hundred back", "SE", "19990807+2391",  NUMBER_E_CENTURY, NULL },
        { "hyphen of a hundred years later",    "SE", "090527-1474",          NUMBER_OK, "200905271474" },

        { "published 1905",                     "SE", "190905271474",         NUMBER_OK, "190905271474" },
        { "published leap day",                 "SE", "200002292399",         NUMBER_OK, "200002292399" },
        { "published 1957",                     "SE", "195704289999",         NUMBER_OK, "195704289999" },
        { "published 1946",                     "SE", "194608239986",         NUMBER_OK, "194608239986" },
        { "published 1909",                     "SE", "190901219931",         NUMBER_OK, "190901219931" },
        { "published 2000",                     "SE", "200004059937",         NUMBER_OK, "200004059937" },
        { "Skatteverket 1890, series 980",      "SE", "189001019802",         NUMBER_OK, "189001019802" },
        { "Skatteverket 1890, second day",      "SE", "189001029819",         NUMBER_OK, "189001029819" },
        { "the worked example 640823-3234",     "SE", "640823-3234",          NUMBER_OK, "196408233234" },
        { "serial 000 with a right digit",      "SE", "201509160006",         NUMBER_E_SERIAL, NULL },
        { "published wrong digit 1970",         "SE", "197004289895",         NUMBER_E_CHECK_DIGIT, NULL },
        { "published wrong digit 1960",         "SE", "196004309886",         NUMBER_E_CHECK_DIGIT, NULL },
        { "samordningsnummer, day 88",          "SE", "197302889931",         NUMBER_OK, "197302889931" },
        { "samordningsnummer, day 91",          "SE", "202107919967",         NUMBER_OK, "202107919967" },
        { "samordningsnummer of Skatteverket",  "SE", "191401682396",         NUMBER_OK, "191401682396" },
        { "samordningsnummer, short",           "SE", "730288-9931",          NUMBER_OK, "197302889931" },
        { "samordningsnummer, wrong digit",     "SE", "194205669899",         NUMBER_E_CHECK_DIGIT, NULL },
        { "samordningsnummer, wrong digit 1972", "SE", "197210869924",        NUMBER_E_CHECK_DIGIT, NULL },
        { "samordningsnummer, month 00",        "SE", "197300889933",         NUMBER_OK, "197300889933" },
        { "samordningsnummer, day 60",          "SE", "197302609933",         NUMBER_OK, "197302609933" },
        { "samordningsnummer, 31 in February",  "SE", "197302919936",         NUMBER_OK, "197302919936" },
        { "samordningsnummer, day 92",          "SE", "197302929935",         NUMBER_E_DATE, NULL },
        { "samordningsnummer, month 13",        "SE", "197313889938",         NUMBER_E_DATE, NULL },

        { "no leap year",                       "SE", "190002292398",         NUMBER_E_DATE, NULL },
        { "month 00",                           "SE", "199900072398",         NUMBER_E_DATE, NULL },
        { "day 00",                             "SE", "199908002398",         NUMBER_E_DATE, NULL },
        { "31 April",                           "SE", "199904312398",         NUMBER_E_DATE, NULL },
        { "year 1799",                          "SE", "179908072391",         NUMBER_E_DATE, NULL },
        { "year 2100",                          "SE", "210008072391",         NUMBER_E_DATE, NULL },
        { "one digit changed",                  "SE", "199908072392",         NUMBER_E_CHECK_DIGIT, NULL },
        { "two digits exchanged",               "SE", "199908073291",         NUMBER_E_CHECK_DIGIT, NULL },
        { "eleven digits",                      "SE", "19990807239",          NUMBER_E_SHAPE, NULL },
        { "thirteen digits",                    "SE", "1999080723911",        NUMBER_E_SHAPE, NULL },
        { "fourteen digits with hyphen",        "SE", "19990807-239100",      NUMBER_E_SHAPE, NULL },
        { "hyphen at the wrong place",          "SE", "1999-08072391",        NUMBER_E_SHAPE, NULL },
        { "hyphen after the number",            "SE", "199908072391-",        NUMBER_E_SHAPE, NULL },
        { "two hyphens",                        "SE", "19990807--2391",       NUMBER_E_SHAPE, NULL },
        { "empty",                              "SE", "",                     NUMBER_E_SHAPE, NULL },
        { "blanks only",                        "SE", "   ",                  NUMBER_E_SHAPE, NULL },
        { "interim number",                     "SE", "19990807T239",         NUMBER_E_CHARACTER, NULL },
        { "letters",                            "SE", "anna",                 NUMBER_E_CHARACTER, NULL },
        { "a newline",                          "SE", "199908072391\n",       NUMBER_E_CHARACTER, NULL },
        { "digits of another script",           "SE", "\xd9\xa1\xd9\xa2",     NUMBER_E_CHARACTER, NULL },
        { "half a character",                   "SE", "990807\xe2\x80",       NUMBER_E_CHARACTER, NULL },
        { "longest spelling",                   "SE", "                                                    199908072391", NUMBER_OK, "199908072391" },
        { "one longer",                         "SE", "                                                     199908072391", NUMBER_E_SHAPE, NULL },

        { "CPR",                                "DK", "2101270087",           NUMBER_OK, "2101270087" },
        { "CPR with hyphen",                    "DK", "210127-0087",          NUMBER_OK, "2101270087" },
        { "CPR with blank",                     "DK", " 210127 0087 ",        NUMBER_OK, "2101270087" },
        { "CPR without modulus 11",             "DK", "2101270088",           NUMBER_OK, "2101270088" },
        { "CPR, leap day of 2000",              "DK", "2902004000",           NUMBER_OK, "2902004000" },
        { "CPR, no leap day in 1900",           "DK", "2902000000",           NUMBER_E_DATE, NULL },
        { "CPR, leap day of 1836 is 2036",      "DK", "2902369000",           NUMBER_OK, "2902369000" },
        { "CPR, day 32",                        "DK", "3201270087",           NUMBER_E_DATE, NULL },
        { "CPR, month 13",                      "DK", "2113270087",           NUMBER_E_DATE, NULL },
        { "CPR with plus",                      "DK", "210127+0087",          NUMBER_E_SHAPE, NULL },
        { "CPR with twelve digits",             "DK", "210119270087",         NUMBER_E_SHAPE, NULL },
        { "CPR with a letter",                  "DK", "210127008A",           NUMBER_E_CHARACTER, NULL },
        { "no country",                         "",   "199908072391",         NUMBER_E_COUNTRY, NULL },
        { "another country",                    "NO", "199908072391",         NUMBER_E_COUNTRY, NULL },
        { "a country in small letters",         "se", "199908072391",         NUMBER_E_COUNTRY, NULL },
};

/* What the century of the short form depends on: the day that it is written on. */
static const struct {
        const char        *name, *text;
        struct number_date today;
        const char        *normal;
} centuries[] = {
        { "on the birthday",                    "000405-9937", { 2000, 4, 5 },   "200004059937" },
        { "the day before it is of the century before", "000405-9937", { 2000, 4, 4 }, "190004059937" },
        { "plus from the first day of the year of a hundred", "000405+9937", { 2100, 1, 1 }, "200004059937" },
        { "and the year before of the century before", "000405+9937", { 2099, 12, 31 }, "190004059937" },
};

int main(void) {
        unsigned n = 0, failed = 0;

        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                char normal[NUMBER_MAX + 1] = "untouched";
                const enum number_verdict verdict = number_normalise(cases[i].country, cases[i].text, &today, normal);
                const bool ok = verdict == cases[i].want && strcmp(normal, cases[i].normal ? cases[i].normal : "untouched") == 0;

                printf("%sok %u - %s\n", ok ? "" : "not ", ++n, cases[i].name);
                if (!ok)
                        printf("# %d %s\n", (int) verdict, normal);
                failed += !ok;
        }
        for (size_t i = 0; i < sizeof centuries / sizeof *centuries; i++) {
                char normal[NUMBER_MAX + 1] = "";
                const enum number_verdict verdict = number_normalise("SE", centuries[i].text, &centuries[i].today, normal);
                const bool ok = verdict == NUMBER_OK && strcmp(normal, centuries[i].normal) == 0;

                printf("%sok %u - %s\n", ok ? "" : "not ", ++n, centuries[i].name);
                if (!ok)
                        printf("# %d %s\n", (int) verdict, normal);
                failed += !ok;
        }
        for (enum number_verdict v = NUMBER_OK; v <= NUMBER_E_CHECK_DIGIT; v++) {
                const bool ok = *number_verdict_text(v) && !strpbrk(number_verdict_text(v), "123456789");

                printf("%sok %u - verdict %d has a text of its own without a number in it\n", ok ? "" : "not ", ++n, (int) v);
                failed += !ok;
        }

        /* As from an e-ID: in full, or not at all. */
        {
                char normal[NUMBER_MAX + 1] = "";
                const bool ok = number_normalise("SE", "9908072391", NULL, normal) == NUMBER_E_CENTURY &&
                                number_normalise("SE", "199908072391", NULL, normal) == NUMBER_OK;

                printf("%sok %u - without today only the long form counts\n", ok ? "" : "not ", ++n);
                failed += !ok;
        }
        printf("1..%u\n", n);
        return failed != 0;
}
