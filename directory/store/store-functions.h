/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * store-functions.h - what our statements ask that SQL has no words for
 *
 *     careid_turn(weekdays, minute_from, minute_until, zone, at)      1: @at lies in a turn of that rule (turns.h), 0: not
 *     careid_days(weekdays)                   "mon-fri"; NULL for NULL
 *     careid_hours(from, until)               "21:00-07:00"; NULL for NULL
 *
 * A zone that can't be used fails the statement.  No schema, view or trigger
 * may call them.
 */

#include <sqlite3.h>

/* A code of SQLite's. */
int store_functions_add(sqlite3 *db);
