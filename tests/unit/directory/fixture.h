/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * fixture.h - a care directory of its own for each test, and a host to go with it
 */

#include "acts.h"
#include "cleanup.h"

#include <sqlite3.h>

/* One line of TAP.  @good is what was to be true; the format says what that is. */
void tap_ok(bool good, const char *format, ...) __attribute__((__format__(printf, 2, 3)));
int tap_done(void);             /* the plan; for main() to return */

/* One line, which on failure also shows the code and the complaint. */
void tap_result(int r, int want, const struct directory *d, const char *format, ...) __attribute__((__format__(printf, 4, 5)));

/* Becomes an ordinary user if need be, and makes empty places; removed again at the end of the process. */
void fixture_begin(void);
const char *fixture_place(const char *name);
const char *fixture_file(const char *place, const char *name);          /* good until the call after the next */
void fixture_reset(void);       /* empty places again, whatever was done to them */

/* A host that has this user or group (NULL: none), with this number, and nothing else. */
extern const char *fixture_host_user, *fixture_host_group;
extern uint32_t fixture_host_id, fixture_host_number;

/* Set, that host does not list all it knows, and this is called whenever it is asked for one. */
extern void (*fixture_host_asked)(void);

#define FIXTURE_NOW INT64_C(1795258800)         /* 2026-11-21 11:00:00 UTC, a winter's day at noon in Stockholm */
extern const struct directory_act fixture_act;

struct directory *fixture_open(enum directory_mode mode);               /* exits the test if it fails */
void fixture_closep(struct directory **d);
#define auto_directory AUTO(fixture_closep)

/*
 * A clinic: organisation "oakclinic", units oak and elm, roles nurse, doctor
 * (staff), relative, secretary (external), services journal (a record),
 * video; anna (person 1, staff, number 199908072391) is a nurse at oak until
 * the end of 2026; bo (person 2) is staff without an assignment.
 */
struct directory *fixture_clinic(void);

/* The database without careid: run @sql with no constraint, trigger or check in the way. */
int fixture_sql(const char *sql);

/* What @query answers first, as a number, by a connection of its own that only reads; -1 if nothing. */
int64_t fixture_number(const char *query);

/* The database, closed, as that earlier @edition would have it: its tables, with what they can hold of these. */
int fixture_older(int edition);
