/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * audit.c - careid audit verify, prune, key: is the audit trail what was written, and what may go
 *
 * The chain shows that no entry in it was changed or taken out.  It can't show
 * that its end was not cut off, or that all of it was not written anew by
 * somebody who could: for that, hashes are kept elsewhere and compared.
 *
 *     anchors = *( line LF )                  ; ANCHOR_FILE_MAX bytes
 *     line    = [ anything "audit " ] sequence " " 64HEXDIG      ; as the journal has it
 */

#include "cleanup.h"
#include "config-files.h"
#include "errno-text.h"
#include "i18n.h"
#include "invocation.h"
#include "journal.h"
#include "scan.h"
#include "table.h"
#include "trail.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { HEX_SIZE = 64 };

/* The file is root's to name: it is read before root is given up. */
static int file_read(struct invocation *i, const char *path) {
        auto_free char *text = NULL;
        auto_close int fd = -1;
        size_t n = 0, n_room = 0;
        ssize_t k;

        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (fd < 0)
                return outcome_of_errno(path, -errno);
        do {
                if (n == n_room) {
                        char *grown;

                        if (n_room > ANCHOR_FILE_MAX)
                                return outcome_say(OUTCOME_USAGE, path, _("must be at most %d KiB"), ANCHOR_FILE_MAX / 1024);
                        n_room = n_room ? 2 * n_room : (size_t) 64 * 1024;
                        if (n_room > ANCHOR_FILE_MAX)
                                n_room = ANCHOR_FILE_MAX + 1;
                        grown = realloc(text, n_room);
                        if (!grown)
                                return outcome_of_errno(path, -ENOMEM);
                        text = grown;           /* realloc() has freed the old one */
                }
                k = read(fd, text + n, n_room - n);
                if (k < 0)
                        return outcome_of_errno(path, -errno);
                n += (size_t) k;
        } while (k > 0);
        i->prepared = STEAL_PTR(text);
        i->n_prepared = n;
        return OUTCOME_DONE;
}

int audit_prepare(struct invocation *i) {
        struct journal_hash *hashes = NULL;
        const char *path = option(i, "anchor");
        int r;

        if (path && option(i, "journal"))
                return outcome_say(OUTCOME_USAGE, i->arguments.command->words, _("--anchor and --journal are one or the other"));
        if (path)
                return file_read(i, path);
        if (!option(i, "journal"))
                return OUTCOME_DONE;
        r = journal_hashes(i->who.uid, &hashes, &i->n_prepared);
        if (r < 0)
                return outcome_of_errno("journal", r);
        i->prepared = hashes;
        return OUTCOME_DONE;
}

static bool is_hex(char c) {
        return ascii_is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool anchor_parse(const char *line, size_t n, struct directory_anchor *ret) {
        static const char word[] = "audit ";
        struct scan s = scan_bytes(line, n);
        uint64_t sequence;
        const char *hex;
        size_t n_hex;

        for (const char *p = line; (p = memmem(p, (size_t) (line + n - p), word, sizeof word - 1)); p++)
                s.at = p + sizeof word - 1;
        if (!scan_u64(&s, INT64_MAX, &sequence) || sequence == 0 || !scan_char(&s, ' ') ||
            !scan_word(&s, is_hex, HEX_SIZE, &hex, &n_hex) || n_hex != HEX_SIZE || !scan_at_end(&s))
                return false;
        ret->sequence = (int64_t) sequence;
        return journal_hex(hex, ret->hash);
}

static int anchors_of_file(const struct invocation *i, struct directory_anchor **ret, size_t *ret_n) {
        struct scan s = scan_bytes(i->prepared, i->n_prepared);
        auto_free struct directory_anchor *anchors = calloc(i->n_prepared / (HEX_SIZE + 2) + 1, sizeof *anchors);
        const char *line;
        size_t n_line, n = 0;

        if (!anchors)
                return outcome_of_errno("--anchor", -ENOMEM);
        for (unsigned number = 1; scan_line(&s, &line, &n_line); number++) {
                if (n_line == 0)
                        continue;
                /* Lines that are not read have no room here: each that is takes HEX_SIZE + 2 bytes at least. */
                if (!anchor_parse(line, n_line, &anchors[n]))
                        return outcome_say(OUTCOME_USAGE, "--anchor",
                                           _("line %u must be SEQUENCE HASH, as the journal has it"), number);
                n++;
        }
        if (n == 0)
                return outcome_say(OUTCOME_USAGE, "--anchor", _("the file holds nothing to compare with"));
        *ret = STEAL_PTR(anchors);
        *ret_n = n;
        return OUTCOME_DONE;
}

/* Those of this directory: one that was here before it has another id. */
static int anchors_of_journal(const struct invocation *i, struct directory_anchor **ret, size_t *ret_n) {
        const struct journal_hash *const hashes = i->prepared;
        auto_free struct directory_anchor *anchors = calloc(i->n_prepared + 1, sizeof *anchors);
        size_t n = 0;

        if (!anchors)
                return outcome_of_errno("journal", -ENOMEM);
        for (size_t k = 0; k < i->n_prepared; k++) {
                if (strcmp(hashes[k].host_id, directory_host_id(i->directory)) != 0)
                        continue;
                anchors[n].sequence = hashes[k].sequence;
                memcpy(anchors[n++].hash, hashes[k].hash, sizeof anchors->hash);
        }
        if (n == 0)
                return outcome_say(OUTCOME_REFUSED, "journal", _("the journal holds nothing of this directory to compare with"));
        *ret = STEAL_PTR(anchors);
        *ret_n = n;
        return OUTCOME_DONE;
}

static int by_sequence(const void *a, const void *b) {
        const struct directory_anchor *const x = a, *const y = b;

        return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static int print_json(const char *sequence, const char *hash, const struct directory_trail *t) {
        static const char *const keys[] = { "sequence", "hash", "compared", "older", "checkpoint", NULL };
        char compared[24], older[24], checkpoint[24];
        const char *values[] = { sequence, hash, compared, older, checkpoint };
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

static void print_text(const char *number, const char *hex, const struct directory_trail *t) {
        (void) printf(_("the audit trail is whole up to entry %s\n"), number);
        (void) printf("audit %s %s\n", number, hex);
        if (t->checkpoint > 0)
                (void) printf(_("what came before was pruned, under a signed checkpoint at entry %" PRId64 "\n"), t->checkpoint);
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

int audit_verify(struct invocation *i) {
        auto_free struct directory_anchor *anchors = NULL;
        char hex[HEX_SIZE + 1], number[24];
        struct directory_trail t;
        size_t n = 0;
        int r, status = OUTCOME_DONE;

        if (option(i, "anchor"))
                status = anchors_of_file(i, &anchors, &n);
        else if (option(i, "journal"))
                status = anchors_of_journal(i, &anchors, &n);
        if (status != OUTCOME_DONE)
                return status;
        if (n > 0)
                qsort(anchors, n, sizeof *anchors, by_sequence);
        r = directory_trail_verify(i->directory, anchors, n, &t);
        if (r != DIRECTORY_OK)
                return outcome_of_directory("audit", r, i->directory);

        for (size_t k = 0; k < sizeof t.hash; k++)
                (void) snprintf(hex + 2 * k, 3, "%02x", t.hash[k]);
        (void) snprintf(number, sizeof number, "%" PRId64, t.last);
        if (option(i, "json"))
                return print_json(number, hex, &t);
        print_text(number, hex, &t);
        return OUTCOME_DONE;
}

/* Where nothing is configured yet, the least that there is. */
static int keep_days(const struct invocation *i, unsigned *ret) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        const int r = config_compiled_read(i->who.uid, &config, complaint);

        if (r == -ENOENT)
                *ret = TRAIL_KEEP_DAYS_MIN;
        else if (r != CONFIG_OK)
                return outcome_say(OUTCOME_BROKEN, "careid.conf", "%s", r < 0 ? errno_text(r) : complaint);
        else
                *ret = config.audit_days;
        return OUTCOME_DONE;
}

int audit_prune(struct invocation *i) {
        const char *const before = option(i, "before");
        int64_t through = 0, n = 0;
        unsigned days = 0;
        int r, status;

        status = keep_days(i, &days);
        if (status != OUTCOME_DONE)
                return status;
        if (!invocation_confirm(i, _("remove all entries of the audit trail from before %s for good?"), before))
                return OUTCOME_REFUSED;
        r = directory_trail_prune(i->directory, &i->act, before, days, &through, &n);
        if (r == DIRECTORY_OK)
                (void) printf(P_("%" PRId64 " entry was removed, up to entry %" PRId64 "; the checkpoint is signed\n",
                                 "%" PRId64 " entries were removed, up to entry %" PRId64 "; the checkpoint is signed\n", n),
                              n, through);
        return invocation_end(i, "audit", NULL, r);
}

int audit_key(struct invocation *i) {
        auto_free char *pem = NULL;
        const int r = directory_trail_key(i->directory, &pem);

        if (r == DIRECTORY_OK)
                (void) fputs(pem, stdout);
        return invocation_end(i, "audit", NULL, r);
}
