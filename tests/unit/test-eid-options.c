/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-eid-options.c - the options on a PAM line
 */

#include "eid-options.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

static const struct {
        const char *name;
        const char *options[3];
        int         want;
        uint32_t    timeout;
        bool        live;
        const char *wrong;
} cases[] = {
        { "none",                       { NULL },                         EID_OPTIONS_OK,        0,   false, NULL },
        { "timeout",                    { "timeout=20" },                 EID_OPTIONS_OK,        20,  false, NULL },
        { "the least timeout",          { "timeout=5" },                  EID_OPTIONS_OK,        5,   false, NULL },
        { "less than the least",        { "timeout=4" },                  EID_OPTIONS_E_VALUE,   0,   false, "timeout=4" },
        { "the most timeout",           { "timeout=600" },                EID_OPTIONS_OK,        600, false, NULL },
        { "more than the most",         { "timeout=601" },                EID_OPTIONS_E_VALUE,   0,   false, "timeout=601" },
        { "timeout zero",               { "timeout=0" },                  EID_OPTIONS_E_VALUE,   0,   false, "timeout=0" },
        { "timeout with a unit",        { "timeout=20s" },                EID_OPTIONS_E_VALUE,   0,   false, "timeout=20s" },
        { "timeout with a sign",        { "timeout=+20" },                EID_OPTIONS_E_VALUE,   0,   false, "timeout=+20" },
        { "timeout with a zero before", { "timeout=020" },                EID_OPTIONS_E_VALUE,   0,   false, "timeout=020" },
        { "timeout beyond 32 bits",     { "timeout=4294967316" },         EID_OPTIONS_E_VALUE,   0,   false, "timeout=4294967316" },
        { "timeout, empty",             { "timeout=" },                   EID_OPTIONS_E_VALUE,   0,   false, "timeout=" },
        { "timeout, no value",          { "timeout" },                    EID_OPTIONS_E_VALUE,   0,   false, "timeout" },
        { "live",                       { "live=yes" },                   EID_OPTIONS_OK,        0,   true,  NULL },
        { "not live",                   { "live=no" },                    EID_OPTIONS_OK,        0,   false, NULL },
        { "live in capitals",           { "live=YES" },                   EID_OPTIONS_E_VALUE,   0,   false, "live=YES" },
        { "live, perhaps",              { "live=yesno" },                 EID_OPTIONS_E_VALUE,   0,   false, "live=yesno" },
        { "larger",                     { "larger=yes" },                 EID_OPTIONS_OK,        0,   false, NULL },
        { "larger, much",               { "larger=3" },                   EID_OPTIONS_E_VALUE,   0,   false, "larger=3" },
        { "light",                      { "light=no", "light=yes" },      EID_OPTIONS_OK,        0,   false, NULL },
        { "light, no value",            { "light" },                      EID_OPTIONS_E_VALUE,   0,   false, "light" },
        { "kiosk",                      { "kiosk=yes" },                  EID_OPTIONS_OK,        0,   false, NULL },
        { "no kiosk",                   { "kiosk=no", "timeout=30" },     EID_OPTIONS_OK,        30,  false, NULL },
        { "kiosk, perhaps",             { "kiosk=1" },                    EID_OPTIONS_E_VALUE,   0,   false, "kiosk=1" },
        { "kiosk, with time enough",    { "timeout=180", "kiosk=yes" },   EID_OPTIONS_OK,        180, false, NULL },
        { "kiosk, in a hurry",          { "timeout=179", "kiosk=yes" },   EID_OPTIONS_E_KIOSK,   179, false, "timeout=179" },
        { "both",                       { "live=yes", "timeout=30" },     EID_OPTIONS_OK,        30,  true,  NULL },
        { "the last one counts",        { "timeout=30", "timeout=40" },   EID_OPTIONS_OK,        40,  false, NULL },
        { "an unknown one",             { "debug" },                      EID_OPTIONS_E_UNKNOWN, 0,   false, "debug" },
        { "an unknown one after a right one", { "timeout=30", "nullok" }, EID_OPTIONS_E_UNKNOWN, 30,  false, "nullok" },
        { "a beginning of a name",      { "time=30" },                    EID_OPTIONS_E_UNKNOWN, 0,   false, "time=30" },
        { "more than a name",           { "timeouts=30" },                EID_OPTIONS_E_UNKNOWN, 0,   false, "timeouts=30" },
        { "nothing in brackets",        { "" },                           EID_OPTIONS_E_UNKNOWN, 0,   false, "" },
};

int main(void) {
        unsigned failed = 0;

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                struct eid_options args;
                const char *options[3], *wrong = NULL;
                int n = 0, r;
                bool ok;

                while (n < 3 && cases[i].options[n])
                        options[n] = cases[i].options[n], n++;
                r = eid_options_parse(n, options, &args, &wrong);
                ok = r == cases[i].want && args.timeout == cases[i].timeout && args.live == cases[i].live &&
                     (r != EID_OPTIONS_OK || args.kiosk == (n > 0 && strcmp(options[n - 1], "kiosk=yes") == 0)) &&
                     (r != EID_OPTIONS_OK || args.larger == (n > 0 && strcmp(options[n - 1], "larger=yes") == 0)) &&
                     (r != EID_OPTIONS_OK || args.light == (n > 0 && strcmp(options[n - 1], "light=yes") == 0)) &&
                     (wrong ? cases[i].wrong && strcmp(wrong, cases[i].wrong) == 0 : !cases[i].wrong);
                printf("%sok %zu - %s\n", ok ? "" : "not ", i + 1, cases[i].name);
                failed += !ok;
        }
        printf("1..%zu\n", N_ELEMENTS(cases));
        return failed != 0;
}
