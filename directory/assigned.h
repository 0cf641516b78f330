/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * assigned.h - when an assignment counts, in SQL: the rule for everything that asks whether, not until when
 *
 * It counts from its beginning to its end, unless it was ended before, and if
 * all that it stands on does.  Until when is for memberships.c, which tells it
 * to the snapshot.
 */

/* Does the account "a" hold one at @now, a parameter such as "?2"? */
#define SQL_ASSIGNED(now)                                                                                       \
        "EXISTS (SELECT 1 FROM assignment s JOIN role r ON r.id = s.role JOIN unit u ON u.id = s.unit"          \
        " JOIN organisation uo ON uo.id = u.organisation"                                                       \
        " WHERE s.account = a.id AND r.archived IS NULL AND u.archived IS NULL AND uo.archived IS NULL"         \
        " AND (s.valid_from IS NULL OR s.valid_from <= " now ") AND (s.valid_until IS NULL OR s.valid_until > " now ")" \
        " AND (s.ended IS NULL OR s.ended > " now "))"
