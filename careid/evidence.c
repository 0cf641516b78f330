/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * evidence.c - careid evidence: what the e-ID provider said about approvals
 *
 *  1. MUST NOT print who the person is: that leaves only by export, into a file of root's own.
 *  2. MUST have the audit trail say that evidence was read before anything of it is printed or written.
 *  3. MUST leave no file behind when an export fails.
 *  4. MUST ask before it deletes.
 */

#include "evidence-over.h"
#include "export-files.h"

#include "cleanup.h"
#include "file-io.h"
#include "i18n.h"
#include "invocation.h"
#include "moment.h"
#include "scan.h"
#include "table.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { TIME_TEXT = 24, WORD_TEXT = 64 };

static bool login_operand(const struct invocation *i, int64_t *ret) {
        uint64_t id;

        if (!scan_whole_u64(operand(i, 0), INT64_MAX, &id) || id == 0) {
                (void) outcome_say(OUTCOME_USAGE, i->arguments.command->words,
                                   _("LOGIN must be the id of a log-in, as careid evidence list shows it"));
                return false;
        }
        *ret = (int64_t) id;
        return true;
}

/* A word of what was said, as it is; NULL where there is none, or it is no word for a terminal. */
static const char *said(const json_t *o, const char *name) {
        const char *s = json_string_value(json_object_get(o, name));

        return s && *s && strlen(s) < WORD_TEXT && strspn(s, "0123456789abcdefABCDEFghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ-.:+")
               == strlen(s) ? s : NULL;
}

/* How many bytes of base64 there are of it. */
static const char *size_of(const json_t *o, const char *name, char ret[static TIME_TEXT]) {
        const json_t *s = json_object_get(o, name);

        if (!json_is_string(s))
                return NULL;
        (void) snprintf(ret, TIME_TEXT, "%zu", json_string_length(s));
        return ret;
}

static int show(const struct invocation *i, const struct directory_evidence *e) {
        static const char *const keys[] = { "login", "at", "account", "kept_until", "provider", "order", "signature_bytes",
                                            "ocsp_bytes", "issued", "device_address", "risk", NULL };
        AUTO(json_decrefp) json_t *o = json_loadb(e->text, e->n, JSON_REJECT_DUPLICATES, NULL);
        const json_t *const done = json_object_get(o, "completionData");
        char login[TIME_TEXT], at[TIME_TEXT], until[TIME_TEXT], signature[TIME_TEXT], ocsp[TIME_TEXT];
        const char *values[] = { login, at, e->account, until, said(o, "provider"), said(o, "orderRef"),
                                 size_of(done, "signature", signature), size_of(done, "ocspResponse", ocsp),
                                 said(done, "bankIdIssueDate"), said(json_object_get(done, "device"), "ipAddress"),
                                 said(done, "risk") };
        AUTO(table_freep) struct table *table = NULL;
        int r;

        if (!json_is_object(done))
                return outcome_say(OUTCOME_BROKEN, "evidence", _("is not of a form that this careid knows"));
        (void) snprintf(login, sizeof login, "%" PRId64, e->login);
        (void) moment_text(e->at, at);
        (void) moment_text(e->kept_until, until);
        r = table_new(option(i, "json") ? TABLE_JSON : TABLE_PAIRS, "evidence", keys, &table);
        if (r == 0)
                r = table_add(table, values);
        if (r == 0)
                r = table_print(table);
        return r < 0 ? outcome_of_errno("evidence", r) : OUTCOME_DONE;
}

int evidence_show(struct invocation *i) {
        AUTO(directory_evidence_done) struct directory_evidence e = { .login = 0 };
        int64_t login;
        int r;

        if (!login_operand(i, &login))
                return OUTCOME_USAGE;
        r = directory_evidence_read(i->directory, &i->act, login, "evidence.show", &e);
        return r == DIRECTORY_OK ? show(i, &e) : outcome_of_directory(operand(i, 0), r, i->directory);
}

/* The file is root's to make, and new: it is opened before root is given up. */
int evidence_prepare(struct invocation *i) {
        struct export_files *file;
        int64_t login;
        int status;

        if (!login_operand(i, &login))
                return OUTCOME_USAGE;
        status = export_file_begin(option(i, "to"), &file);
        if (status == OUTCOME_DONE)
                i->prepared = file;
        return status;
}

int evidence_export(struct invocation *i) {
        AUTO(directory_evidence_done) struct directory_evidence e = { .login = 0 };
        auto_close int fd = ((const struct export_files *) i->prepared)->file[0].fd;
        int64_t login;
        int r;

        if (!login_operand(i, &login))
                return OUTCOME_USAGE;
        r = directory_evidence_read(i->directory, &i->act, login, "evidence.export", &e);
        if (r != DIRECTORY_OK)
                return outcome_of_directory(operand(i, 0), r, i->directory);
        e.text[e.n] = '\n';             /* in the place of the NUL */
        r = file_write(fd, e.text, e.n + 1);
        if (r == 0 && fsync(fd) < 0)
                r = -errno;
        return r < 0 ? outcome_of_errno(option(i, "to"), r) : OUTCOME_DONE;
}

int evidence_prune(struct invocation *i) {
        char said[EVIDENCE_OVER_TEXT], text[TIME_TEXT];
        int64_t n = 0;
        int status;

        if (!invocation_confirm(i, _("Delete all evidence whose time is over, now and for good?")))
                return OUTCOME_REFUSED;
        status = evidence_over_delete(i, &n, said);
        if (status != OUTCOME_DONE)
                return status;
        (void) snprintf(text, sizeof text, "%" PRId64, n);
        return invocation_made(i, "pruned", (const char *const[]) { "logins", NULL }, (const char *const[]) { text },
                               option(i, "quiet") ? NULL : said);
}
