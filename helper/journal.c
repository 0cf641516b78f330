/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * journal.c - structured lines for journald; plain ones for syslog where there is no journald
 *
 * 1. MUST not write a personal number, a token, a code, or a name that nobody has.
 */

#include "journal.h"

#include "cleanup.h"
#include "hex.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <time.h>

enum { FIELDS_MAX = 16, FIELD_MAX = 512 };

static const struct {
        const char *id, *words;
        int         priority;
} abouts[] = {
        [JOURNAL_APPROVED]        = { "b52fa6b325854088b80305e43dc415b7", "log-in approved",     LOG_INFO },
        [JOURNAL_NOT_APPROVED]    = { "05563e1ed6f840f2bd23ea67cd380242", "log-in not approved", LOG_NOTICE },
        [JOURNAL_FAILED]          = { "76ec0cae10fb4a20b5485293b8400b60", "log-in failed",       LOG_ERR },
        [JOURNAL_ACCOUNT_REFUSED] = { "542484aa863a4ce085c479210fecc6c7", "account refused",     LOG_NOTICE },
        [JOURNAL_SESSION_OPENED]  = { "d34d1f581d2a40a5a946b4a359b0cc9c", "session opened",      LOG_INFO },
        [JOURNAL_SESSION_CLOSED]  = { "d4e9cb8e35a742df8a9048e12710f396", "session closed",      LOG_INFO },
        [JOURNAL_PROBED]          = { "39cb75f6746e43d1a0cc04a70678fe77", "provider asked",      LOG_INFO },
        [JOURNAL_CERTIFICATE]     = { "58c6cdbd1e9141c4954037352df3ffa8", "certificate",         LOG_WARNING },
        [JOURNAL_CERTIFICATE_OVER] = { "58c6cdbd1e9141c4954037352df3ffa8", "certificate",        LOG_ERR },
        [JOURNAL_ACTED]           = { "7dd947ff9306483082f1ef3ea38db770", "act done",            LOG_INFO },
        [JOURNAL_NOT_ACTED]       = { "3260df5641fa498c9a49c886f53e643b", "act not done",        LOG_NOTICE },
        [JOURNAL_BAD_CALLER]      = { "44ab1fca6a1d4d0a8184b52d16088323", "conversation ended",  LOG_WARNING },
        [JOURNAL_QUEUE]           = { "df25698df0fe4230940bcc424e162a1d", "messages",            LOG_INFO },
        [JOURNAL_NOT_SENT]        = { "fe42cdd65b724ec58239c4a6c3a7606b", "messages not sent",   LOG_WARNING },
        [JOURNAL_AUDIT]           = { "cc49d5658d824edaa27bc7694ee4470e", "audit",               LOG_NOTICE },
};

struct fields {
        char         text[FIELDS_MAX][FIELD_MAX];
        struct iovec iov[FIELDS_MAX];
        int          n;
};

static void field_add(struct fields *f, const char *name, const char *format, ...)
        __attribute__((__format__(__printf__, 3, 4)));

static void field_add(struct fields *f, const char *name, const char *format, ...) {
        va_list ap;
        char *text;
        int k;

        if (f->n == FIELDS_MAX)
                return;
        text = f->text[f->n];
        k = snprintf(text, FIELD_MAX, "%s=", name);
        va_start(ap, format);
        (void) vsnprintf(text + k, FIELD_MAX - (size_t) k, format, ap);
        va_end(ap);
        utf8_trim(text);
        f->iov[f->n] = (struct iovec) { .iov_base = text, .iov_len = strlen(text) };
        f->n++;
}

void journal_setup(void) {
        openlog("careid-helper", LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
        tzset();
}

/* "log-in approved: approved, account anna, service sshd, source 192.0.2.7" */
static void message_make(const struct journal_entry *e, char ret[static FIELD_MAX]) {
        const struct {
                const char *name, *value;
        } parts[] = {
                { "account", e->account }, { "service", e->service }, { "source", e->source }, { "target", e->target },
                { "tty", e->tty }, { "method", e->method },
        };
        int k = snprintf(ret, FIELD_MAX, "%s: %s", abouts[e->about].words, e->outcome);

        for (size_t i = 0; i < N_ELEMENTS(parts) && k < FIELD_MAX; i++)
                if (parts[i].value)
                        k += snprintf(ret + k, FIELD_MAX - (size_t) k, ", %s %s", parts[i].name, parts[i].value);
        /* Somebody's own word, not that of a program that logs people in. */
        if (e->caller != 0 && k < FIELD_MAX)
                k += snprintf(ret + k, FIELD_MAX - (size_t) k, ", asked by uid %u", (unsigned) e->caller);
        if (e->detail && *e->detail && k < FIELD_MAX)
                (void) snprintf(ret + k, FIELD_MAX - (size_t) k, ": %s", e->detail);
        utf8_trim(ret);
}

static void head_add(struct fields *f, enum journal_about about, const char *program, const char *message) {
        field_add(f, "MESSAGE", "%s", message);
        field_add(f, "MESSAGE_ID", "%s", abouts[about].id);
        field_add(f, "PRIORITY", "%d", abouts[about].priority);
        field_add(f, "SYSLOG_FACILITY", "%d", LOG_FAC(LOG_AUTHPRIV));
        field_add(f, "SYSLOG_IDENTIFIER", "%s", program);
}

/* It says 0 also where nobody listens, so look: without journald, syslog has the line. */
static void send_out(const struct fields *f, int priority, const char *message) {
        if (access("/run/systemd/journal/socket", F_OK) < 0 || sd_journal_sendv(f->iov, f->n) < 0)
                syslog(priority, "%s", message);
}

void journal_write(const struct journal_entry *e) {
        struct fields f = { .n = 0 };
        char message[FIELD_MAX];

        message_make(e, message);
        head_add(&f, e->about, "careid-helper", message);
        field_add(&f, "CAREID_OUTCOME", "%s", e->outcome);
        field_add(&f, "CAREID_CALLER_UID", "%u", (unsigned) e->caller);
        if (e->account)
                field_add(&f, "CAREID_ACCOUNT", "%s", e->account);
        if (e->service)
                field_add(&f, "CAREID_SERVICE", "%s", e->service);
        if (e->source)
                field_add(&f, "CAREID_SOURCE", "%s", e->source);
        if (e->target)
                field_add(&f, "CAREID_TARGET", "%s", e->target);
        if (e->tty)
                field_add(&f, "CAREID_TTY", "%s", e->tty);
        if (e->method)
                field_add(&f, "CAREID_METHOD", "%s", e->method);
        if (e->login)
                field_add(&f, "CAREID_LOGIN", "%lld", (long long) e->login);
        if (e->detail && *e->detail)
                field_add(&f, "CAREID_DETAIL", "%s", e->detail);

        send_out(&f, abouts[e->about].priority, message);
}

void journal_warning(const char *text) {
        struct fields f = { .n = 0 };

        field_add(&f, "MESSAGE", "%s", text);
        field_add(&f, "PRIORITY", "%d", LOG_WARNING);
        field_add(&f, "SYSLOG_FACILITY", "%d", LOG_FAC(LOG_AUTHPRIV));
        field_add(&f, "SYSLOG_IDENTIFIER", "careid");
        send_out(&f, LOG_WARNING, text);
}

void journal_audit(const char *host_id, int64_t sequence, const uint8_t hash[static 32]) {
        struct fields f = { .n = 0 };
        char message[FIELD_MAX], hex[65];

        (void) hex_text(hash, 32, hex);
        (void) snprintf(message, sizeof message, "%s %lld %s", abouts[JOURNAL_AUDIT].words, (long long) sequence, hex);
        head_add(&f, JOURNAL_AUDIT, "careid", message);
        field_add(&f, "CAREID_AUDIT_SEQUENCE", "%lld", (long long) sequence);
        field_add(&f, "CAREID_AUDIT_HASH", "%s", hex);
        field_add(&f, "CAREID_HOST_ID", "%s", host_id);
        send_out(&f, abouts[JOURNAL_AUDIT].priority, message);
}
