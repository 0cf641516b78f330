/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * pack.h - from a snapshot's entry to what the caller of NSS lent us
 *
 * Everything that is stored points into @buf.  Returns 0, -ERANGE if @n_buf
 * is too small, or -EBADMSG for an entry that is not what NSS may give out
 * (checked once more, on the copy).  *ret is written only on 0.
 */

#include "snapshot.h"

#include <grp.h>
#include <pwd.h>

int pack_passwd(const struct snapshot_entry *entry, struct passwd *ret, char *buf, size_t n_buf);

/*
 * With the members that @view, the one that @entry was found in, gives it;
 * without any where that is NULL.  -EAGAIN as from snapshot_find().
 */
int pack_group(const struct snapshot_view *view, const struct snapshot_entry *entry, struct group *ret, char *buf, size_t n_buf);
