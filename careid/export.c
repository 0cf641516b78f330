/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * export.c - careid export: the care directory into files that import reads
 *
 *  1. MUST make the files while it is root, new and for root alone, and write them when it no longer is.
 *  2. MUST leave nothing behind when it fails or is killed, as long as the process that stayed root lives.
 */

#include "export-files.h"

#include "cleanup.h"
#include "i18n.h"
#include "invocation.h"
#include "row-kind.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int export_prepare(struct invocation *i) {
        const char *const said = option(i, "format");
        const enum transfer_format format = said && strcmp(said, "json") == 0 ? TRANSFER_JSON : TRANSFER_CSV;
        const struct transfer_kind *const kind = transfer_kind_find(operand(i, 0), strlen(operand(i, 0)));
        auto_free struct export_files *f = NULL;
        int status, r;

        if (said && strcmp(said, "csv") != 0 && strcmp(said, "json") != 0)
                return outcome_say(OUTCOME_USAGE, "--format", _("must be csv or json"));
        if (strcmp(operand(i, 0), "all") != 0 && (!kind || !kind->all))
                return row_kind_unknown("export", operand(i, 0), true);
        status = export_files_make(option(i, "to"), kind, format, option(i, "with-personal-numbers") != NULL, &f);
        if (status != OUTCOME_DONE)
                return status;
        r = export_files_guard(f);                      /* MUST 2 */
        if (r < 0) {
                export_files_remove(f);
                return outcome_of_errno("export", r);
        }
        i->prepared = STEAL_PTR(f);
        return OUTCOME_DONE;
}

/* { "exported": [ { "rows": "12", "left_out": "3" } ] } */
static int say_json(const struct invocation *i, uint64_t rows, uint64_t left_out) {
        static const char *const keys[] = { "rows", "left_out", NULL };
        char text[2][24];

        (void) snprintf(text[0], sizeof text[0], "%" PRIu64, rows);
        (void) snprintf(text[1], sizeof text[1], "%" PRIu64, left_out);
        return invocation_made(i, "exported", keys, (const char *const[]) { text[0], text[1] }, NULL);
}

int export_run(struct invocation *i) {
        struct export_files *const m = i->prepared;
        const bool secrets = option(i, "with-personal-numbers") != NULL;
        const struct transfer_out *at;
        uint64_t rows = 0, left_out = 0;
        char line[256];
        int r;

        r = transfer_export(i->directory, &i->act, secrets, option(i, "reason"), m->file, m->n, &at);
        for (size_t k = 0; k < m->n; k++) {
                rows += m->file[k].rows;
                left_out += m->file[k].left_out;
                (void) close(m->file[k].fd);
        }
        if (r < 0 && at) {
                char path[1024];

                (void) snprintf(path, sizeof path, "%s%s%s", option(i, "to"), *m->name[at - m->file] ? "/" : "",
                                m->name[at - m->file]);
                return outcome_of_errno(path, r);
        }
        if (r != DIRECTORY_OK)
                return invocation_end(i, "export", NULL, r);
        if (option(i, "json"))
                return say_json(i, rows, left_out);
        if (option(i, "quiet"))
                return OUTCOME_DONE;
        if (m->n > 1 && !secrets)
                (void) fputs(_("without personal numbers and contact details; to have them, add --with-personal-numbers\n"), stderr);
        if (left_out > 0) {
                (void) snprintf(line, sizeof line, P_("left out: %" PRIu64 " row that is archived, has ended or is over, is about the dead, or hangs on such",
                                                      "left out: %" PRIu64 " rows that are archived, have ended or are over, are about the dead, or hang on such",
                                                      left_out), left_out);
                (void) fprintf(stderr, "%s\n", line);
        }
        (void) snprintf(line, sizeof line, P_("%" PRIu64 " row", "%" PRIu64 " rows", rows), rows);
        (void) puts(line);
        return OUTCOME_DONE;
}
