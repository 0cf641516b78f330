/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * export.c - careid export: the care directory into files that import reads
 *
 *  1. MUST make the files while it is root, new and for root alone, and write them when it no longer is.
 */

#include "export.h"

#include "cleanup.h"
#include "i18n.h"
#include "invocation.h"
#include "nearest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct made {
        struct transfer_out file[TRANSFER_KINDS];
        char                name[TRANSFER_KINDS][64];           /* below --to; "": --to itself    */
        size_t              n;
};

static int make_file(struct made *m, int at, const char *path, const char *name, const struct transfer_kind *kind,
                     enum transfer_format format) {
        const int fd = openat(at, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

        if (fd < 0)
                return outcome_of_errno(path, -errno);
        (void) snprintf(m->name[m->n], sizeof m->name[m->n], "%s", name);
        m->file[m->n++] = (struct transfer_out) { .kind = kind, .format = format, .fd = fd };
        return OUTCOME_DONE;
}

/* A directory of our own making: nobody else has put anything into it. */
static int make_all(struct made *m, const char *path, enum transfer_format format, bool secrets) {
        auto_close int dir = -1;
        int status = OUTCOME_DONE;

        if (mkdir(path, 0700) < 0)
                return outcome_of_errno(path, -errno);
        dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (dir < 0)
                return outcome_of_errno(path, -errno);
        for (const struct transfer_kind *k = transfer_kinds; k->name && status == OUTCOME_DONE; k++) {
                char name[64];

                if (!k->all || (k->secret && !secrets))
                        continue;
                (void) snprintf(name, sizeof name, "%s.%s", k->name, format == TRANSFER_JSON ? "json" : "csv");
                status = make_file(m, dir, name, name, k, format);
        }
        return status;
}

static int unknown_kind(const char *word) {
        struct nearest near;
        char all[512] = "all";
        size_t n = 3;

        nearest_init(&near, word, strlen(word));
        for (const struct transfer_kind *k = transfer_kinds; k->name; k++) {
                nearest_offer(&near, k->name);
                if (k->all && n < sizeof all)
                        n += (size_t) snprintf(all + n, sizeof all - n, ", %s", k->name);
        }
        if (near.best)
                return outcome_say(OUTCOME_USAGE, "export", _("there are no rows of that name; is %s meant?"), near.best);
        return outcome_say(OUTCOME_USAGE, "export", _("say of which rows: %s"), all);
}

int export_prepare(struct invocation *i) {
        const char *const to = option(i, "to"), *const said = option(i, "format");
        const enum transfer_format format = said && strcmp(said, "json") == 0 ? TRANSFER_JSON : TRANSFER_CSV;
        const struct transfer_kind *const kind = transfer_kind_find(operand(i, 0), strlen(operand(i, 0)));
        auto_free struct made *m = calloc(1, sizeof *m);
        int status;

        if (!m)
                return outcome_of_errno("export", -ENOMEM);
        if (said && strcmp(said, "csv") != 0 && strcmp(said, "json") != 0)
                return outcome_say(OUTCOME_USAGE, "--format", _("must be csv or json"));
        if (strcmp(operand(i, 0), "all") == 0)
                status = make_all(m, to, format, option(i, "with-personal-numbers") != NULL);
        else if (!kind || !kind->all)
                return unknown_kind(operand(i, 0));
        else
                status = make_file(m, AT_FDCWD, to, "", kind, format);
        if (status == OUTCOME_DONE)
                i->prepared = STEAL_PTR(m);
        return status;
}

int export_run(struct invocation *i) {
        struct made *const m = i->prepared;
        const bool secrets = option(i, "with-personal-numbers") != NULL;
        const struct transfer_out *at;
        uint64_t rows = 0, left_out = 0;
        char line[256];
        int r;

        r = transfer_export(i->directory, &i->act, secrets, m->file, m->n, &at);
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
                return outcome_of_directory("export", r, i->directory);
        if (option(i, "quiet"))
                return OUTCOME_DONE;
        if (m->n > 1 && !secrets)
                (void) fputs(_("without personal numbers and contact details; to have them, add --with-personal-numbers\n"), stderr);
        if (left_out > 0) {
                (void) snprintf(line, sizeof line, P_("left out: %" PRIu64 " row that is archived, has ended or is over, or hangs on such",
                                                      "left out: %" PRIu64 " rows that are archived, have ended or are over, or hang on such",
                                                      left_out), left_out);
                (void) fprintf(stderr, "%s\n", line);
        }
        (void) snprintf(line, sizeof line, P_("%" PRIu64 " row", "%" PRIu64 " rows", rows), rows);
        (void) puts(line);
        return OUTCOME_DONE;
}
