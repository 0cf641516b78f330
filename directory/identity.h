/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * identity.h - personal numbers as the directory keeps them
 */

#include "store.h"

/* Are the keys in @d the ones that this database was written with?  -ENOKEY if not. */
int identity_check_keys(struct directory *d);
