/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * dry-run.c - what a command would do, without it
 */

#include "dry-run.h"

#include "batch.h"
#include "cleanup.h"
#include "i18n.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void put_lines(const char *text, size_t n) {
        while (n > 0) {
                const char *const newline = memchr(text, '\n', n);
                const size_t k = newline ? (size_t) (newline - text) : n;

                (void) fputs(_("dry run: "), stdout);
                (void) fwrite(text, 1, k, stdout);
                (void) putchar('\n');
                text += newline ? k + 1 : k;
                n -= newline ? k + 1 : k;
        }
}

int dry_run(struct invocation *i) {
        FILE *const out = stdout, *kept;
        const bool json = option(i, "json") != NULL;
        auto_free char *text = NULL;
        size_t n = 0;
        int status;

        kept = open_memstream(&text, &n);
        if (!kept)
                return outcome_of_errno("--dry-run", -errno);
        directory_dry_run(i->directory);
        stdout = kept;
        status = i->arguments.command->run(i);
        stdout = out;
        if (fclose(kept) != 0)
                return outcome_of_errno("--dry-run", -ENOMEM);

        if (json)
                (void) fwrite(text, 1, n, stdout);
        else
                put_lines(text, n);
        if (status == OUTCOME_DONE)
                (void) fprintf(json ? stderr : stdout, "%s%s\n", _("dry run: "), _("nothing was changed"));
        return status;
}
