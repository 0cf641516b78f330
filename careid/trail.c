/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * trail.c - careid audit show, export: the entries of the audit trail
 *
 * An export is JSON Lines.  An entry is one object with all that its hash
 * covers, and the hash; a checkpoint is {"checkpoint": {...}}.  careid-audit(8)
 * has the recipe by which anybody verifies it.
 *
 * 1. MUST show no hash to who reads a part alone: with those before and after it an entry that they may not read,
 *    which says little but who, what and when, could be guessed, and the guess be tried.
 */

#include "export-files.h"

#include "cleanup.h"
#include "hex.h"
#include "i18n.h"
#include "invocation.h"
#include "mandates.h"
#include "moment.h"
#include "table.h"
#include "trail.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_TEXT = 24 };

struct shown {
        struct table *table;
        bool          part;                     /* not all of it: then without hashes             */
        size_t        n;
};

static int show_entry(void *with, const struct directory_trail_entry *e) {
        struct shown *const shown = with;
        char sequence[NUMBER_TEXT], at[MOMENT_TEXT], hash[HEX_HASH_SIZE + 1];
        const char *values[] = { sequence, at, e->host_id, e->actor, e->act, e->object, e->detail, hash };

        (void) snprintf(sequence, sizeof sequence, "%" PRId64, e->sequence);
        (void) moment_text(e->at, at);
        (void) hex_text(e->hash, e->hash && !shown->part ? HEX_HASH_SIZE / 2 : 0, hash);
        shown->n++;
        return table_add(shown->table, values);
}

/* MUST 1: by the mandates of the same transaction. */
static int show(const struct invocation *i, struct directory_trail_filter *filter, char ret_part[static MANDATE_PART_MAX], struct shown *shown) {
        int r;

        r = directory_trail_begin(i->directory);
        if (r != DIRECTORY_OK)
                return r;
        r = mandate_audit_part(i->directory, &i->act, ret_part);
        filter->part = ret_part;
        shown->part = *ret_part != '\0';
        return directory_trail_end(i->directory, r == DIRECTORY_OK ? directory_trail_read(i->directory, filter, show_entry, shown) : r);
}

int audit_show(struct invocation *i) {
        static const char *const keys[] = { "sequence", "at", "host_id", "actor", "act", "object", "detail", "hash", NULL };
        struct directory_trail_filter filter = {
                .word = operand(i, 0), .about = option(i, "about"), .act = option(i, "act"),
                .from_date = option(i, "from"), .until_date = option(i, "until"),
        };
        AUTO(table_freep) struct table *table = NULL;
        struct shown shown = { .n = 0 };
        char id[NUMBER_TEXT], part[MANDATE_PART_MAX];
        int64_t person;
        int r;

        r = mandate_audit_part(i->directory, &i->act, part);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "audit", NULL, r);
        /* Of other words a colon makes an object, as the trail has it. */
        if (filter.about && strncmp(filter.about, "key:", 4) == 0) {
                if (!invocation_person_named(i, "--about", filter.about, &person))
                        return OUTCOME_USAGE;
                (void) snprintf(id, sizeof id, "%" PRId64, person);
                filter.about = id;
        }
        r = table_new(option(i, "json") ? TABLE_JSON : TABLE_ROWS, "audit", keys, &table);
        if (r < 0)
                return outcome_of_errno("audit", r);
        shown.table = table;
        r = show(i, &filter, part, &shown);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "audit", NULL, r);
        if (*part)
                outcome_warn(_("of the organisations that you have a mandate for; what may be of others, or is of all, is not shown"));
        if (shown.n == 0 && !option(i, "json"))
                (void) fprintf(stderr, "careid: audit show: %s\n",
                               filter.word ? _("no entry has this actor, act, object or number; what was done to or by somebody: --about")
                                           : _("there is no such entry"));
        r = table_print(table);
        return r < 0 ? outcome_of_errno("audit", r) : OUTCOME_DONE;
}

/* The file is root's to make, and new: it is opened before root is given up. */
int audit_export_prepare(struct invocation *i) {
        struct export_files *file;
        const int status = export_file_begin(option(i, "to"), &file);

        if (status == OUTCOME_DONE)
                i->prepared = file;
        return status;
}

static int write_line(FILE *to, json_t *line) {
        AUTO(json_decrefp) json_t *o = line;

        if (!o)
                return -ENOMEM;
        errno = 0;
        if (json_dumpf(o, to, JSON_COMPACT | JSON_SORT_KEYS) < 0 || fputc('\n', to) == EOF)
                return errno > 0 ? -errno : -EIO;
        return 0;
}

static int export_entry(void *with, const struct directory_trail_entry *e) {
        char hash[HEX_HASH_SIZE + 1];

        (void) hex_text(e->hash, e->hash ? HEX_HASH_SIZE / 2 : 0, hash);
        return write_line(with, json_pack("{s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s}", "sequence", (json_int_t) e->sequence,
                                          "at", (json_int_t) e->at, "host_id", e->host_id, "actor", e->actor, "act", e->act,
                                          "object", e->object, "detail", e->detail, "hash", hash));
}

static int export_checkpoints(struct invocation *i, FILE *to) {
        auto_free struct directory_checkpoint *all = NULL;
        char hash[HEX_HASH_SIZE + 1], signature[2 * HEX_HASH_SIZE + 1];
        size_t n = 0;
        int r;

        r = directory_checkpoints(i->directory, &all, &n);
        for (size_t k = 0; k < n && r == DIRECTORY_OK; k++) {
                (void) hex_text(all[k].hash, sizeof all[k].hash, hash);
                (void) hex_text(all[k].signature, sizeof all[k].signature, signature);
                r = write_line(to, json_pack("{s:{s:I, s:I, s:I, s:I, s:s, s:s, s:s}}", "checkpoint",
                                             "sequence", (json_int_t) all[k].sequence, "at", (json_int_t) all[k].at,
                                             "key", (json_int_t) all[k].key, "after", (json_int_t) all[k].after,
                                             "host_id", directory_host_id(i->directory), "hash", hash,
                                             "signature", signature));
        }
        return r;
}

static void fclosep(FILE **f) {
        if (*f)
                (void) fclose(*f);
}

int audit_export(struct invocation *i) {
        auto_close int fd = ((const struct export_files *) i->prepared)->file[0].fd;
        AUTO(fclosep) FILE *to = fdopen(fd, "w");
        int r;

        if (!to)
                return outcome_of_errno(option(i, "to"), -errno);
        (void) steal_fd(&fd);
        r = export_checkpoints(i, to);
        if (r == DIRECTORY_OK)
                r = directory_trail_read(i->directory, &(struct directory_trail_filter) { .about = NULL }, export_entry, to);
        if (r != DIRECTORY_OK)
                return outcome_of_directory(option(i, "to"), r, i->directory);
        if (fflush(to) != 0 || fsync(fileno(to)) < 0)
                return outcome_of_errno(option(i, "to"), -errno);
        return OUTCOME_DONE;
}
