/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * audit.c - careid audit prune, key, and what root has careid audit verify compare with
 *
 *     anchors = *( line LF )                  ; ANCHOR_FILE_MAX bytes
 *     line    = [ anything "audit " ] sequence " " 64HEXDIG      ; as the journal has it
 */

#include "anchors.h"

#include "cleanup.h"
#include "config-files.h"
#include "errno-text.h"
#include "hex.h"
#include "i18n.h"
#include "invocation.h"
#include "journal.h"
#include "scan.h"
#include "trail.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool anchor_parse(const char *line, size_t n, struct directory_anchor *ret) {
        static const char word[] = "audit ";
        struct scan s = scan_bytes(line, n);
        uint64_t sequence;
        const char *hex;
        size_t n_hex;

        for (const char *p = line; (p = memmem(p, (size_t) (line + n - p), word, sizeof word - 1)); p++)
                s.at = p + sizeof word - 1;
        if (!scan_u64(&s, INT64_MAX, &sequence) || sequence == 0 || !scan_char(&s, ' ') ||
            !scan_word(&s, hex_is_digit, HEX_HASH_SIZE, &hex, &n_hex) || n_hex != HEX_HASH_SIZE || !scan_at_end(&s))
                return false;
        ret->sequence = (int64_t) sequence;
        return hex_bytes(hex, sizeof ret->hash, ret->hash);
}

static int anchors_of_file(const struct invocation *i, const struct anchors *kept, struct directory_anchor **ret, size_t *ret_n) {
        struct scan s = scan_bytes(kept->data, kept->n);
        auto_free struct directory_anchor *anchors = calloc(kept->n / (HEX_HASH_SIZE + 2) + 1, sizeof *anchors);
        const char *line;
        size_t n_line, n = 0;

        (void) i;
        if (!anchors)
                return outcome_of_errno("--anchor", -ENOMEM);
        for (unsigned number = 1; scan_line(&s, &line, &n_line); number++) {
                if (n_line == 0)
                        continue;
                /* Lines that are not read have no room here: each that is takes HEX_HASH_SIZE + 2 bytes at least. */
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
static int anchors_of_journal(const struct invocation *i, const struct anchors *kept, struct directory_anchor **ret, size_t *ret_n) {
        const struct journal_hash *const hashes = kept->data;
        auto_free struct directory_anchor *anchors = calloc(kept->n + 1, sizeof *anchors);
        size_t n = 0;

        if (!anchors)
                return outcome_of_errno("journal", -ENOMEM);
        for (size_t k = 0; k < kept->n; k++) {
                if (strcmp(hashes[k].host_id, directory_host_id(i->directory)) != 0)
                        continue;
                anchors[n].sequence = hashes[k].sequence;
                memcpy(anchors[n++].hash, hashes[k].hash, sizeof anchors->hash);
        }
        if (n == 0)
                return outcome_say(OUTCOME_BROKEN, "journal", _("the journal holds nothing of this directory to compare with"));
        *ret = STEAL_PTR(anchors);
        *ret_n = n;
        return OUTCOME_DONE;
}

/* -- What is read before root is given up -------------------------------------------------------------- */

/* Takes @data over. */
static int keep(struct invocation *i, anchors_read *read, void *data, size_t n) {
        struct anchors *const kept = malloc(sizeof *kept);

        if (!kept) {
                free(data);
                return outcome_of_errno("audit", -ENOMEM);
        }
        *kept = (struct anchors) { .read = read, .data = data, .n = n };
        i->prepared = kept;
        return OUTCOME_DONE;
}

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
        return keep(i, anchors_of_file, STEAL_PTR(text), n);
}

int audit_prepare(struct invocation *i) {
        struct journal_hash *hashes = NULL;
        size_t n = 0;
        const char *path = option(i, "anchor");
        int r;

        if (path && option(i, "journal"))
                return outcome_say(OUTCOME_USAGE, i->arguments.command->words, _("--anchor and --journal are one or the other"));
        if (path)
                return file_read(i, path);
        if (!option(i, "journal"))
                return OUTCOME_DONE;
        r = journal_hashes(i->who.uid, &hashes, &n);
        return r < 0 ? outcome_of_errno("journal", r) : keep(i, anchors_of_journal, hashes, n);
}

/* -- The acts -------------------------------------------------------------------------------------------- */

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
        static const char *const keys[] = { "entries", "through", NULL };
        const char *const before = option(i, "before");
        int64_t through = 0, n = 0;
        char text[2][24];
        unsigned days = 0;
        int r, status;

        status = keep_days(i, &days);
        if (status != OUTCOME_DONE)
                return status;
        if (!invocation_confirm(i, _("remove all entries of the audit trail from before %s for good?"), before))
                return OUTCOME_REFUSED;
        r = directory_trail_prune(i->directory, &i->act, before, days, &through, &n);
        (void) snprintf(text[0], sizeof text[0], "%" PRId64, n);
        (void) snprintf(text[1], sizeof text[1], "%" PRId64, through);
        if (r == DIRECTORY_OK && option(i, "json"))
                return invocation_made(i, "pruned", keys, (const char *const[]) { text[0], text[1] }, NULL);
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
