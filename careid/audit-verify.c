/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * audit-verify.c - careid audit verify: is the audit trail what was written?
 *
 * The chain shows that no entry in it was changed or taken out.  It can't show
 * that its end was not cut off, or that all of it was not written anew by
 * somebody who could: for that, hashes are kept elsewhere and compared.  Root
 * has them compared here; an auditor is shown the newest hash, and compares it.
 *
 * 1. MUST show no hash to the auditor of some organisations alone (trail.c): the newest, asked for before and after
 *    it was written, is that of an entry of others.
 */

#include "anchors.h"
#include "cleanup.h"
#include "hex.h"
#include "i18n.h"
#include "mandates.h"
#include "table.h"
#include "trail.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int by_sequence(const void *a, const void *b) {
        const struct directory_anchor *const x = a, *const y = b;

        return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static int print_json(const char *host_id, const char *sequence, const char *hash, const struct directory_trail *t) {
        static const char *const keys[] = { "host_id", "sequence", "hash", "compared", "older", "checkpoint", NULL };
        char compared[24], older[24], checkpoint[24];
        const char *values[] = { host_id, sequence, hash, compared, older, checkpoint };
        AUTO(table_freep) struct table *table = NULL;
        int r;

        (void) snprintf(compared, sizeof compared, "%zu", t->n_compared);
        (void) snprintf(older, sizeof older, "%zu", t->n_pruned);
        (void) snprintf(checkpoint, sizeof checkpoint, "%" PRId64, t->checkpoint);
        r = table_new(TABLE_JSON, "audit", keys, &table);
        if (r == 0)
                r = table_add(table, values);
        if (r == 0)
                r = table_print(table);
        return r < 0 ? outcome_of_errno("audit", r) : OUTCOME_DONE;
}

/* @hex: "" is not to be shown. */
static void print_text(const char *number, const char *hex, const struct directory_trail *t) {
        (void) printf(_("the audit trail is whole up to entry %s\n"), number);
        if (*hex)
                (void) printf("audit %s %s\n", number, hex);
        if (t->checkpoint > 0)
                (void) printf(_("what came before was pruned, under a signed checkpoint at entry %" PRId64 "\n"), t->checkpoint);
        if (!*hex) {
                (void) printf("%s\n", _("that its end was cut off, or all of it written anew, can't be excluded: whoever may read all "
                                        "of it compares it with what was kept elsewhere"));
                return;
        }
        if (t->n_compared == 0) {
                (void) printf("%s\n", _("that its end was cut off, or all of it written anew, can't be excluded: "
                                        "compare with what was kept elsewhere (--anchor)"));
                return;
        }
        (void) printf(P_("%zu entry that was kept elsewhere is in it\n",
                         "%zu entries that were kept elsewhere are in it\n", t->n_compared), t->n_compared);
        if (t->agreed < t->last)
                (void) printf(_("what was written after entry %" PRId64 ", the newest of them, was compared with nothing\n"),
                              t->agreed);
}

/* MUST 1: by the mandates of the same transaction. */
static int verify(const struct invocation *i, const struct directory_anchor *anchors, size_t n, char ret_part[static MANDATE_PART_MAX],
                  struct directory_trail *ret) {
        int r;

        r = directory_trail_begin(i->directory);
        if (r != DIRECTORY_OK)
                return r;
        r = mandate_audit_part(i->directory, &i->act, ret_part);
        return directory_trail_end(i->directory, r == DIRECTORY_OK ? directory_trail_verify(i->directory, anchors, n, ret) : r);
}

/* Neither a file that they name nor the journal is the helper's to read for somebody else. */
static int refuse_to_compare(const struct invocation *i) {
        char part[MANDATE_PART_MAX];
        const int r = mandate_audit_part(i->directory, &i->act, part);

        if (r != DIRECTORY_OK)
                return invocation_end(i, "audit", NULL, r);
        return outcome_say(OUTCOME_REFUSED, "audit verify", "%s",
                           *part ? _("only root may compare with a file or the journal")
                                 : _("only root may compare with a file or the journal; compare the hash that is shown without them"));
}

int audit_verify(struct invocation *i) {
        auto_free struct directory_anchor *anchors = NULL;
        struct anchors *const kept = i->prepared;
        char hex[HEX_HASH_SIZE + 1], number[24], part[MANDATE_PART_MAX];
        struct directory_trail t;
        size_t n = 0;
        int r, status = OUTCOME_DONE;

        if (i->act.by_person && (option(i, "anchor") || option(i, "journal")))
                return refuse_to_compare(i);
        if (kept) {
                status = kept->read(i, kept, &anchors, &n);
                free(kept->data);
                kept->data = NULL;
        }
        if (status != OUTCOME_DONE)
                return status;
        if (n > 0)
                qsort(anchors, n, sizeof *anchors, by_sequence);
        r = verify(i, anchors, n, part, &t);
        if (r != DIRECTORY_OK)
                return outcome_of_directory("audit", r, i->directory);

        (void) hex_text(t.hash, *part ? 0 : sizeof t.hash, hex);
        (void) snprintf(number, sizeof number, "%" PRId64, t.last);
        if (option(i, "json"))
                return print_json(directory_host_id(i->directory), number, hex, &t);
        print_text(number, hex, &t);
        return OUTCOME_DONE;
}
