/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * assigned.h - when an assignment counts, in SQL: the rule for everything that asks whether, not until when
 *
 * It counts from its beginning to its end, unless it was ended before, in its
 * turns if it repeats, for a deputy only while the one that is held counts, and
 * if all that it stands on does.  Until when is for reasons.c, which tells it to
 * the snapshot; a test compares the two.
 */

/* Of an account "a", its person "p" and its organisation "o": does anything of it count? */
#define SQL_ACCOUNT_COUNTS "a.archived IS NULL AND p.archived IS NULL AND p.died IS NULL AND o.archived IS NULL"

/* Are groups of the kind of "g", a care_group, given at all (group-settings.h)? */
#define SQL_KIND_GIVEN                                                                                          \
        "CASE g.kind WHEN 'role' THEN (SELECT role_groups FROM meta WHERE one = 1)"                             \
        " WHEN 'unit' THEN (SELECT unit_groups FROM meta WHERE one = 1)"                                        \
        " WHEN 'service' THEN (SELECT service_groups FROM meta WHERE one = 1)"                                  \
        " WHEN 'service-record' THEN (SELECT service_groups FROM meta WHERE one = 1) ELSE 1 END"

/* From when until when: of the row @s, an assignment. */
#define SQL_IN_BOUNDS(s, now)                                                                                   \
        "(" s ".valid_from IS NULL OR " s ".valid_from <= " now ")"                                             \
        " AND (" s ".valid_until IS NULL OR " s ".valid_until > " now ")"                                       \
        " AND (" s ".ended IS NULL OR " s ".ended > " now ")"

/* And, where it repeats, in one of its turns; careid_turn() is ours (store-functions.c). */
#define SQL_IN_TIME(s, zone, now)                                                                               \
        SQL_IN_BOUNDS(s, now) " AND (" s ".weekdays IS NULL"                                                    \
        " OR careid_turn(" s ".weekdays, " s ".minute_from, " s ".minute_until, " zone ", " now "))"

/* Does it stand for itself, or at a time at which the one that it is held for does? */
#define SQL_HELD_FOR(s, zone, now)                                                                              \
        "(" s ".deputy_of IS NULL OR EXISTS (SELECT 1 FROM assignment h JOIN account ha ON ha.id = h.account"   \
        " JOIN person hp ON hp.id = ha.person WHERE h.id = " s ".deputy_of AND ha.archived IS NULL"             \
        " AND hp.archived IS NULL AND hp.died IS NULL AND " SQL_IN_TIME("h", zone, now) "))"

/* Does the account "a" hold one at @now, a parameter such as "?2"? */
#define SQL_ASSIGNED(now)                                                                                       \
        "EXISTS (SELECT 1 FROM assignment s JOIN role r ON r.id = s.role JOIN unit u ON u.id = s.unit"          \
        " JOIN organisation uo ON uo.id = u.organisation"                                                       \
        " WHERE s.account = a.id AND r.archived IS NULL AND u.archived IS NULL AND uo.archived IS NULL"         \
        " AND " SQL_IN_TIME("s", "uo.time_zone", now) " AND " SQL_HELD_FOR("s", "uo.time_zone", now) ")"
