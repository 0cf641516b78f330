/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * snapshot.c - careid snapshot: what programs are told, made anew
 */

#include "invocation.h"

static int end(const struct invocation *i, int r) {
        return outcome_of_directory("snapshot", r, i->directory);
}

int snapshot_rebuild(struct invocation *i) {
        return end(i, directory_publish_anew(i->directory, i->act.now));
}

int snapshot_update(struct invocation *i) {
        return end(i, directory_publish(i->directory, i->act.now));
}
