/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * audit.c - careid audit verify: is the audit trail what was written?
 *
 * The chain shows that no entry in it was changed or taken out.  It can't show
 * that its end was not cut off, or that all of it was not written anew by
 * somebody who could: for that, hashes are kept elsewhere and compared.
 *
 *     anchors = *( line LF )                  ; 64 KiB
 *     line    = [ anything "audit " ] sequence " " 64HEXDIG      ; as the journal has it
 */

#include "cleanup.h"
#include "i18n.h"
#include "invocation.h"
#include "scan.h"
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { HEX_SIZE = 64, ANCHORS_MAX = ANCHOR_FILE_MAX / (HEX_SIZE + 2) };

struct anchor {
        uint64_t    sequence;
        const char *hash;               /* HEX_SIZE digits, not terminated                        */
        bool        found;
};

/* The file is root's to name: it is read before root is given up. */
int audit_prepare(struct invocation *i) {
        const char *path = option(i, "anchor");
        auto_free char *text = NULL;
        auto_close int fd = -1;
        size_t n = 0;

        if (!path)
                return OUTCOME_DONE;
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (fd < 0)
                return outcome_of_errno(path, -errno);
        text = malloc(ANCHOR_FILE_MAX + 1);
        if (!text)
                return outcome_of_errno(path, -ENOMEM);
        while (n <= ANCHOR_FILE_MAX) {
                const ssize_t k = read(fd, text + n, ANCHOR_FILE_MAX + 1 - n);

                if (k < 0)
                        return outcome_of_errno(path, -errno);
                if (k == 0)
                        break;
                n += (size_t) k;
        }
        if (n > ANCHOR_FILE_MAX)
                return outcome_say(OUTCOME_USAGE, path, _("must be at most %d KiB"), ANCHOR_FILE_MAX / 1024);
        i->prepared = STEAL_PTR(text);
        i->n_prepared = n;
        return OUTCOME_DONE;
}

static bool is_hex(char c) {
        return ascii_is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool anchor_parse(const char *line, size_t n, struct anchor *ret) {
        static const char word[] = "audit ";
        struct scan s = scan_bytes(line, n);
        size_t n_hash;

        for (const char *p = line; (p = memmem(p, (size_t) (line + n - p), word, sizeof word - 1)); p++)
                s.at = p + sizeof word - 1;
        ret->found = false;
        return scan_u64(&s, INT64_MAX, &ret->sequence) && scan_char(&s, ' ') &&
               scan_word(&s, is_hex, HEX_SIZE, &ret->hash, &n_hash) && n_hash == HEX_SIZE && scan_at_end(&s);
}

static int anchors_parse(const struct invocation *i, struct anchor *anchors, size_t *ret_n) {
        struct scan s = scan_bytes(i->prepared, i->n_prepared);
        const char *line;
        size_t n_line, n = 0;

        for (unsigned number = 1; scan_line(&s, &line, &n_line); number++) {
                if (n_line == 0)
                        continue;
                if (n == ANCHORS_MAX || !anchor_parse(line, n_line, &anchors[n]))
                        return outcome_say(OUTCOME_USAGE, "--anchor",
                                           _("line %u must be SEQUENCE HASH, as the journal has it"), number);
                n++;
        }
        *ret_n = n;
        return OUTCOME_DONE;
}

static size_t column(const char *const *keys, const char *key) {
        size_t i = 0;

        while (keys[i] && strcmp(keys[i], key) != 0)
                i++;
        return i;
}

/* Every anchor stands in the trail as it stood then. */
static int anchors_compare(struct invocation *i, struct anchor *anchors, size_t n) {
        AUTO(directory_list_closep) struct directory_list *list = NULL;
        const char *values[DIRECTORY_COLUMNS_MAX];
        const char *const *keys;
        size_t sequence, hash;
        int r;

        r = directory_list_open(i->directory, "audit", NULL, i->act.now, &keys, &list);
        if (r != DIRECTORY_OK)
                return outcome_of_directory("audit", r, i->directory);
        sequence = column(keys, "sequence");
        hash = column(keys, "hash");
        if (!keys[sequence] || !keys[hash])
                return outcome_of_errno("audit", -EPROTO);
        while ((r = directory_list_next(list, values)) == DIRECTORY_OK)
                for (size_t k = 0; k < n; k++) {
                        uint64_t number;

                        if (!values[sequence] || !scan_whole_u64(values[sequence], INT64_MAX, &number) ||
                            number != anchors[k].sequence)
                                continue;
                        anchors[k].found = values[hash] && strlen(values[hash]) == HEX_SIZE &&
                                           memcmp(values[hash], anchors[k].hash, HEX_SIZE) == 0;
                }
        if (r != DIRECTORY_E_NOT_FOUND)
                return outcome_of_directory("audit", r, i->directory);
        for (size_t k = 0; k < n; k++)
                if (!anchors[k].found)
                        return outcome_say(OUTCOME_REFUSED, "audit",
                                           _("entry %" PRIu64 " is not the one that was kept: the trail was "
                                             "cut off or written anew"),
                                           anchors[k].sequence);
        return OUTCOME_DONE;
}

static int print_json(const char *sequence, const char *hash, const char *compared) {
        static const char *const keys[] = { "sequence", "hash", "compared", NULL };
        const char *values[] = { sequence, hash, compared };
        AUTO(table_freep) struct table *table = NULL;
        int r;

        r = table_new(TABLE_JSON, "audit", keys, &table);
        if (r == 0)
                r = table_add(table, values);
        if (r == 0)
                r = table_print(table);
        return r < 0 ? outcome_of_errno("audit", r) : OUTCOME_DONE;
}

int audit_verify(struct invocation *i) {
        auto_free struct anchor *anchors = NULL;
        char hex[HEX_SIZE + 1], number[24], compared[24];
        uint8_t hash[32];
        int64_t sequence = 0;
        size_t n = 0;
        int r, status;

        if (i->prepared) {
                anchors = calloc(ANCHORS_MAX, sizeof *anchors);
                if (!anchors)
                        return outcome_of_errno("audit", -ENOMEM);
                status = anchors_parse(i, anchors, &n);
                if (status != OUTCOME_DONE)
                        return status;
        }
        r = directory_audit_verify(i->directory, &sequence, hash);
        if (r != DIRECTORY_OK)
                return outcome_of_directory("audit", r, i->directory);
        status = n > 0 ? anchors_compare(i, anchors, n) : OUTCOME_DONE;
        if (status != OUTCOME_DONE)
                return status;

        for (size_t k = 0; k < sizeof hash; k++)
                (void) snprintf(hex + 2 * k, 3, "%02x", hash[k]);
        (void) snprintf(number, sizeof number, "%" PRId64, sequence);
        (void) snprintf(compared, sizeof compared, "%zu", n);
        if (option(i, "json"))
                return print_json(number, hex, compared);
        (void) printf(_("the audit trail is whole up to entry %s\n"), number);
        (void) printf("audit %s %s\n", number, hex);
        if (n > 0)
                (void) printf(P_("%zu entry that was kept elsewhere is in it\n",
                                 "%zu entries that were kept elsewhere are in it\n", n),
                              n);
        else
                (void) printf("%s\n", _("that its end was cut off, or all of it written anew, can't be excluded: "
                                        "compare with what was kept elsewhere (--anchor)"));
        return OUTCOME_DONE;
}
