/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * double-place-find.c - in place of logind: a file of the test
 *
 *     session = ( "here" / "remote" ) SP state SP seat SP tty SP remote-host   ; "-": nothing
 *             / "begun"                                                       ; one that nobody knows any more
 *
 * Without the file there is no session, whatever the test itself runs in.
 */

#include "place-find.h"

#include "places.h"

#include <stdio.h>
#include <string.h>

enum { WORDS = 5, WORD_MAX = 63 };

static const char *or_nothing(const char *word) {
        return strcmp(word, "-") == 0 ? NULL : word;
}

void place_find(pid_t pid, struct place *ret) {
        char word[WORDS][WORD_MAX + 1];
        FILE *f;
        int n;

        *ret = (struct place) { .kind = PLACE_UNKNOWN };
        f = pid > 0 ? fopen(CAREID_STATE_DIR "/session", "re") : NULL;
        if (!f)
                return;
        n = fscanf(f, "%63s %63s %63s %63s %63s", word[0], word[1], word[2], word[3], word[4]);
        (void) fclose(f);
        ret->begun = n == 1 && strcmp(word[0], "begun") == 0;
        if (n == WORDS)
                place_of_session(&(struct place_session) {
                        .remote = strcmp(word[0], "remote") == 0, .state = or_nothing(word[1]), .seat = or_nothing(word[2]),
                        .tty = or_nothing(word[3]), .remote_host = or_nothing(word[4]),
                }, ret);
}
