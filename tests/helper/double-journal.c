/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * double-journal.c - in place of the journal: a file that the test reads, one line an entry
 */

#include "journal.h"

#include "places.h"

#include <stdio.h>

static const char *or_none(const char *s) {
        return s && *s ? s : "-";
}

static FILE *journal;

/* While that is still possible: a helper that a user has asked writes no file once it is shut in. */
void journal_setup(void) {
        if (!journal)
                journal = fopen(CAREID_STATE_DIR "/journal", "ae");
}

void journal_write(const struct journal_entry *e) {
        FILE *f;

        journal_setup();
        f = journal;
        if (!f)
                return;
        (void) fprintf(f, "about=%d outcome=%s account=%s service=%s source=%s target=%s caller=%u login=%lld detail=%s\n",
                       (int) e->about, e->outcome, or_none(e->account), or_none(e->service), or_none(e->source),
                       or_none(e->target), (unsigned) e->caller, (long long) e->login, or_none(e->detail));
        (void) fflush(f);
}

/* Every entry's hash leaves the host; here only that it would. */
void journal_audit(const char *host_id, int64_t sequence, const uint8_t hash[static 32]) {
        (void) host_id;
        (void) hash;
        journal_setup();
        if (!journal)
                return;
        (void) fprintf(journal, "about=%d sequence=%lld\n", (int) JOURNAL_AUDIT, (long long) sequence);
        (void) fflush(journal);
}

void journal_warning(const char *text) {
        journal_setup();
        if (!journal)
                return;
        (void) fprintf(journal, "warning=%s\n", text);
        (void) fflush(journal);
}
