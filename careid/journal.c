/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * journal.c - the hashes of the audit trail: into the journal, and out of it again
 *
 *  1. MUST believe of the journal only lines whose writer journald itself has found to be root or the system user.
 */

#include "journal.h"

#include "cleanup.h"
#include "hex.h"
#include "scan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <systemd/sd-journal.h>

/* The same line as the helper's: helper/journal.c. */
static const struct {
        const char *id, *words;
} about = { "cc49d5658d824edaa27bc7694ee4470e", "audit" };

/* sd_journal_send() says 0 also where nobody listens, so look: without journald, syslog has the line. */
static bool journald_listens(void) {
        struct stat st;

        return lstat("/run/systemd/journal/socket", &st) == 0;
}

static void to_syslog(int priority, const char *text) {
        openlog("careid", LOG_PID, LOG_AUTHPRIV);
        syslog(priority, "%s", text);
        closelog();
}

void journal_warning(const char *text) {
        if (!journald_listens() ||
            sd_journal_send("MESSAGE=%s", text, "PRIORITY=%d", LOG_WARNING, "SYSLOG_FACILITY=%d", LOG_FAC(LOG_AUTHPRIV),
                            "SYSLOG_IDENTIFIER=careid", NULL) < 0)
                to_syslog(LOG_WARNING, text);
}

void journal_audit(const char *host_id, int64_t sequence, const uint8_t hash[static 32]) {
        char hex[HEX_HASH_SIZE + 1], line[128];

        (void) hex_text(hash, HEX_HASH_SIZE / 2, hex);
        if (journald_listens() &&
            sd_journal_send("MESSAGE=%s %" PRId64 " %s", about.words, sequence, hex, "MESSAGE_ID=%s", about.id,
                            "PRIORITY=%d", LOG_NOTICE, "SYSLOG_FACILITY=%d", LOG_FAC(LOG_AUTHPRIV),
                            "SYSLOG_IDENTIFIER=careid", "CAREID_AUDIT_SEQUENCE=%" PRId64, sequence,
                            "CAREID_AUDIT_HASH=%s", hex, "CAREID_HOST_ID=%s", host_id, NULL) >= 0)
                return;
        (void) snprintf(line, sizeof line, "%s %" PRId64 " %s", about.words, sequence, hex);
        to_syslog(LOG_NOTICE, line);
}

/* A field of the entry that the journal stands at: what follows the '='. */
static bool field(sd_journal *journal, const char *name, struct scan *ret) {
        const size_t n_name = strlen(name) + 1;
        const void *data;
        size_t n;

        if (sd_journal_get_data(journal, name, &data, &n) < 0 || n < n_name)
                return false;
        *ret = scan_bytes((const char *) data + n_name, n - n_name);
        return true;
}

static bool is_of_uuid(char c) {
        return hex_is_digit(c) || c == '-';
}

/* MUST 1 */
static bool is_ours(sd_journal *journal, uid_t uid) {
        struct scan s;
        uint64_t who;

        return field(journal, "_UID", &s) && scan_u64(&s, UINT32_MAX, &who) && scan_at_end(&s) && (who == 0 || who == uid);
}

static bool entry_read(sd_journal *journal, struct journal_hash *ret) {
        size_t n_hex, n_host;
        const char *hex, *host;
        struct scan s, digits;
        uint64_t sequence;

        if (!field(journal, "CAREID_AUDIT_SEQUENCE", &s) || !scan_u64(&s, INT64_MAX, &sequence) || !scan_at_end(&s) ||
            !field(journal, "CAREID_AUDIT_HASH", &digits) || !scan_word(&digits, hex_is_digit, HEX_HASH_SIZE, &hex, &n_hex) ||
            n_hex != HEX_HASH_SIZE || !scan_at_end(&digits))
                return false;
        *ret = (struct journal_hash) { .sequence = (int64_t) sequence };
        if (field(journal, "CAREID_HOST_ID", &s) &&
            scan_word(&s, is_of_uuid, sizeof ret->host_id - 1, &host, &n_host) && scan_at_end(&s))
                memcpy(ret->host_id, host, n_host);
        return hex_bytes(hex, sizeof ret->hash, ret->hash);
}

static void journal_closep(sd_journal **journal) {
        sd_journal_close(*journal);
}

static int hashes_add(struct journal_hash **hashes, size_t *n, size_t *n_room, const struct journal_hash *one) {
        if (*n == JOURNAL_HASHES_MAX)
                return -E2BIG;
        if (*n == *n_room) {
                const size_t more = *n_room ? 2 * *n_room : 1024;
                struct journal_hash *grown = reallocarray(*hashes, more, sizeof **hashes);

                if (!grown)
                        return -ENOMEM;
                *hashes = grown;
                *n_room = more;
        }
        (*hashes)[(*n)++] = *one;
        return 0;
}

int journal_hashes(uid_t uid, struct journal_hash **ret, size_t *ret_n) {
        AUTO(journal_closep) sd_journal *journal = NULL;
        auto_free struct journal_hash *hashes = NULL;
        size_t n = 0, n_room = 0;
        char match[64];
        int r;

        r = sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);
        if (r < 0)
                return r;
        (void) snprintf(match, sizeof match, "MESSAGE_ID=%s", about.id);
        r = sd_journal_add_match(journal, match, 0);
        while (r >= 0 && (r = sd_journal_next(journal)) > 0) {
                struct journal_hash one;

                r = 0;
                if (is_ours(journal, uid) && entry_read(journal, &one))
                        r = hashes_add(&hashes, &n, &n_room, &one);
        }
        if (r < 0)
                return r;
        *ret = STEAL_PTR(hashes);
        *ret_n = n;
        return 0;
}
