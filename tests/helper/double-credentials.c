/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * double-credentials.c - in place of what the care directory knows of passwords and codes: lines of the same file
 *
 *     credential ACCOUNT KIND ANSWER          KIND as in credentials.h, a number; ANSWER is right, as often as it comes
 *     exempt ACCOUNT
 *     fail charge | compare                   is out of order
 *     die compare                             the process ends between the charge and the comparison
 *
 * What is charged and compared is added to the file of acts, without what was typed.
 */

#include "credentials.h"

#include "cleanup.h"
#include "places.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_ACCOUNTS CAREID_STATE_DIR "/accounts"
#define FILE_ACTS     CAREID_STATE_DIR "/acts"

static bool has_line(const char *wanted) {
        FILE *f = fopen(FILE_ACCOUNTS, "re");
        bool found = false;
        char line[256];

        while (f && !found && fgets(line, sizeof line, f)) {
                line[strcspn(line, "\n")] = '\0';
                found = strcmp(line, wanted) == 0;
        }
        if (f)
                (void) fclose(f);
        return found;
}

static int act_add(const char *act, const struct credential_ticket *t, const char *more) {
        auto_close int fd = open(FILE_ACTS, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        char line[256];
        int n;

        n = snprintf(line, sizeof line, "%s %lld %d %s\n", act, (long long) t->account, (int) t->kind, more);
        return fd >= 0 && write(fd, line, (size_t) n) == n ? DIRECTORY_OK : -EROFS;
}

int credential_charge(struct directory *d, const struct credential_question *q, struct credential_ticket *ret) {
        (void) d;
        if (has_line("fail charge"))
                return -EROFS;
        *ret = (struct credential_ticket) { .id = 41, .account = q->account, .kind = q->kind, .at = q->now };
        return act_add("charge", ret, q->inside ? "inside" : q->source ? q->source : "-");
}

int credential_compare(struct directory *d, struct credential_ticket *t, const char *answer, size_t n, struct credential_result *ret) {
        char line[256];

        (void) d;
        if (has_line("die compare"))
                (void) raise(SIGKILL);
        if (has_line("fail compare"))
                return -EIO;
        (void) snprintf(line, sizeof line, "credential %lld %d %.*s", (long long) t->account, (int) t->kind, (int) n, answer);
        *ret = (struct credential_result) { .verdict = has_line(line) ? CREDENTIAL_RIGHT : CREDENTIAL_WRONG };
        ret->why = ret->verdict == CREDENTIAL_RIGHT ? CREDENTIAL_WHY_NONE : CREDENTIAL_WHY_DIFFERS;
        t->proof = ret->verdict == CREDENTIAL_RIGHT ? t->id : 0;
        t->id = 0;
        return act_add("compare", t, ret->verdict == CREDENTIAL_RIGHT ? "right" : "wrong");
}

const char *credential_why_word(enum credential_why why) {
        return why == CREDENTIAL_WHY_NONE ? "none" : "differs";
}

int credential_facts(struct directory *d, int64_t account, int64_t now, struct credential_facts *ret) {
        char line[64];

        (void) d;
        (void) now;
        (void) snprintf(line, sizeof line, "exempt %lld", (long long) account);
        *ret = (struct credential_facts) { .exempt = has_line(line) };
        return has_line("fail credentials") ? -EIO : DIRECTORY_OK;
}

int credential_code_make(struct directory *d, int64_t account, enum credential_kind kind, int64_t now, char ret[static CREDENTIAL_CODE_TEXT]) {
        (void) d;
        (void) now;
        (void) snprintf(ret, CREDENTIAL_CODE_TEXT, "12345678");
        return act_add("code", &(struct credential_ticket) { .account = account, .kind = kind }, "");
}
