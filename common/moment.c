/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * moment.c - a moment as lists and JSON show it
 */

#include "moment.h"

#include <time.h>

const char *moment_text(int64_t at, char ret[static MOMENT_TEXT]) {
        const time_t t = (time_t) at;
        struct tm tm;

        if (at == INT64_MIN || at == INT64_MAX || !gmtime_r(&t, &tm) || tm.tm_year > 9999 - 1900 ||
            strftime(ret, MOMENT_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
                ret[0] = '\0';
        return ret;
}
