/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * store-functions.c - what our statements ask that SQL has no words for
 */

#include "store-functions.h"
#include "turns.h"

#include <stdlib.h>

enum { TURN_ARGUMENTS = 5 };

static void turn(sqlite3_context *context, int n, sqlite3_value **value) {
        struct turns_cache *const cache = sqlite3_user_data(context);
        const char *const zone = (const char *) sqlite3_value_text(value[3]);
        const int64_t at = sqlite3_value_int64(value[4]);
        const struct turns_rule rule = {
                .weekdays = (uint8_t) sqlite3_value_int(value[0]),
                .minute_from = (uint16_t) sqlite3_value_int(value[1]),
                .minute_until = (uint16_t) sqlite3_value_int(value[2]),
                .from = INT64_MIN, .until = INT64_MAX,
        };
        const struct turns_clocks *clocks = NULL;
        struct turns_time times[TURNS_MAX];
        int r;

        (void) n;
        r = zone ? turns_clocks_cached(cache, zone, at, at + 1, &clocks) : -1;
        if (r == 0)
                r = turns_expand_by(clocks, &rule, times);
        if (r < 0)
                sqlite3_result_error_code(context, SQLITE_ERROR);
        else
                sqlite3_result_int(context, r > 0 && times[0].from <= at && at < times[0].until);
}

static void print_days(sqlite3_context *context, int n, sqlite3_value **value) {
        char text[TURNS_DAYS_TEXT];

        (void) n;
        if (sqlite3_value_type(value[0]) == SQLITE_NULL)
                return;
        turns_print_days((uint8_t) sqlite3_value_int(value[0]), text);
        sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

static void print_hours(sqlite3_context *context, int n, sqlite3_value **value) {
        char text[TURNS_HOURS_TEXT];

        (void) n;
        if (sqlite3_value_type(value[0]) == SQLITE_NULL)
                return;
        turns_print_hours((uint16_t) sqlite3_value_int(value[0]), (uint16_t) sqlite3_value_int(value[1]), text);
        sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

int store_functions_add(sqlite3 *db) {
        enum { FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY };
        struct turns_cache *const cache = calloc(1, sizeof *cache);
        int r;

        if (!cache)
                return SQLITE_NOMEM;
        /* free() is called whether this succeeds or not. */
        r = sqlite3_create_function_v2(db, "careid_turn", TURN_ARGUMENTS, FLAGS, cache, turn, NULL, NULL, free);
        if (r == SQLITE_OK)
                r = sqlite3_create_function_v2(db, "careid_days", 1, FLAGS, NULL, print_days, NULL, NULL, NULL);
        if (r == SQLITE_OK)
                r = sqlite3_create_function_v2(db, "careid_hours", 2, FLAGS, NULL, print_hours, NULL, NULL, NULL);
        return r;
}
