/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * opened.c - careid opened: who did open what is kept of a client, or what somebody did open
 *
 * Two sources: the audit trail, of what careid's own commands have shown; and
 * the kernel's audit, of directories that are called client-ORG-N.  Who could
 * have is another report, and is never mixed with this one.
 *
 *  1. MUST say it where there is no log of the kernel's audit: then an empty report says little.
 *  2. MUST read the log as the system user: root only opens it.
 *  3. MUST have it in the audit trail that the report was read, before any of it is shown.
 */

#include "cleanup.h"
#include "i18n.h"
#include "invocation.h"
#include "kernel-audit.h"
#include "scan.h"
#include "table.h"
#include "trail.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define KERNEL_LOG "/var/log/audit/audit.log"

enum { EVENTS_MAX = 8, TIME_TEXT = 24, WHO_MAX = 33, KNOWN_MAX = 64 };

/* The records of one event that have come so far. */
struct event {
        bool     used;
        int64_t  seconds, auid;
        uint64_t serial;
        bool     success;
        char     exe[256], cwd[KERNEL_PATH_MAX + 1], client[KERNEL_CLIENT_MAX + 1];
};

struct report {
        struct directory *directory;
        struct table *table;
        const char   *client;                   /* "" where it is about a person's doing          */
        int64_t       client_id, client_person, by;
        struct event  event[EVENTS_MAX];
        size_t        next;
        struct known {
                uint32_t uid;
                int64_t  person;                /* 0: nobody's                                    */
                char     name[WHO_MAX];
        } known[KNOWN_MAX];
        size_t        n_known;
};

/* Opened before root is given up; that it isn't there is no reason to say nothing of the rest. */
int opened_prepare(struct invocation *i) {
        const char *const given = option(i, "log");
        auto_free int *fd = malloc(sizeof *fd);

        if ((operand(i, 0) != NULL) == (option(i, "by") != NULL))
                return outcome_say(OUTCOME_USAGE, "opened", _("say which CLIENT was opened, or --by PERSON who did"));
        if (!fd)
                return outcome_of_errno("opened", -ENOMEM);
        *fd = open(given ? given : KERNEL_LOG, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (*fd < 0 && (given || errno != ENOENT))
                return outcome_of_errno(given ? given : KERNEL_LOG, -errno);
        i->prepared = STEAL_PTR(fd);
        return OUTCOME_DONE;
}

static int row_add(struct report *p, int64_t at, const char *who, const char *client, const char *what, const char *with,
                   const char *source) {
        const time_t t = (time_t) at;
        char text[TIME_TEXT] = "";
        const char *values[] = { text, who, client, what, with, source };
        struct tm tm;

        if (gmtime_r(&t, &tm))
                (void) strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
        return table_add(p->table, values);
}

/* Whose uid it is; asked once. */
static int whose(struct report *p, uint32_t uid, const struct known **ret) {
        struct known *k;
        int r;

        for (size_t i = 0; i < p->n_known; i++)
                if (p->known[i].uid == uid) {
                        *ret = &p->known[i];
                        return DIRECTORY_OK;
                }
        k = &p->known[p->n_known < KNOWN_MAX ? p->n_known++ : KNOWN_MAX - 1];
        *k = (struct known) { .uid = uid };
        r = directory_uid_whose(p->directory, uid, k->name, &k->person);
        if (r == DIRECTORY_E_NOT_FOUND)
                (void) snprintf(k->name, sizeof k->name, "uid %" PRIu32, uid);
        else if (r != DIRECTORY_OK)
                return r;
        *ret = k;
        return DIRECTORY_OK;
}

/* -- What careid showed --------------------------------------------------------------------------------- */

static bool is_reading(const char *act) {
        const char *const last = strrchr(act, '.');

        return last && (strcmp(last, ".read") == 0 || strcmp(last, ".show") == 0 || strcmp(last, ".export") == 0);
}

/* "uid:0 login:1000": the person who once logged in; "person:7 uid:1000": that one. */
static int actor_person(struct report *p, const char *actor, int64_t *ret, char who[static WHO_MAX]) {
        const char *const login = strstr(actor, "login:");
        const struct known *k;
        struct scan s = scan_text(actor);
        uint64_t person = 0;
        uint32_t uid;
        int r;

        *ret = 0;
        (void) snprintf(who, WHO_MAX, "%.32s", actor);
        if (scan_literal(&s, "person:") && scan_u64(&s, INT64_MAX, &person))
                *ret = (int64_t) person;
        if (!login || !scan_whole_u32(login + 6, UINT32_MAX - 1, &uid))
                return DIRECTORY_OK;
        r = whose(p, uid, &k);
        if (r == DIRECTORY_OK && k->person) {
                *ret = k->person;
                (void) snprintf(who, WHO_MAX, "%s", k->name);
        }
        return r;
}

static int show_entry(void *with, const struct directory_trail_entry *e) {
        struct report *const p = with;
        char object[48], person[48], who[WHO_MAX];
        int64_t by;
        int r;

        if (!is_reading(e->act))
                return DIRECTORY_OK;
        r = actor_person(p, e->actor, &by, who);
        if (r != DIRECTORY_OK)
                return r;
        (void) snprintf(object, sizeof object, "client:%" PRId64, p->client_id);
        (void) snprintf(person, sizeof person, "person:%" PRId64, p->client_person);
        if (p->by ? by != p->by : strcmp(e->object, object) != 0 && strcmp(e->object, person) != 0)
                return DIRECTORY_OK;
        return row_add(p, e->at, who, p->by ? e->object : p->client, "yes", e->act, "careid");
}

/* -- What the kernel saw ----------------------------------------------------------------------------------- */

static int event_end(struct report *p, struct event *e) {
        const struct known *k = NULL;
        int r;

        if (!e->used)
                return DIRECTORY_OK;
        e->used = false;
        if (!*e->client)
                (void) kernel_path_client(e->cwd, e->client);
        if (!*e->client || (!p->by && strcmp(e->client, p->client) != 0))
                return DIRECTORY_OK;
        if (e->auid == KERNEL_UNSET)
                return p->by ? DIRECTORY_OK : row_add(p, e->seconds, "", e->client, e->success ? "yes" : "no", e->exe, "kernel");
        r = whose(p, (uint32_t) e->auid, &k);
        if (r != DIRECTORY_OK || (p->by && k->person != p->by))
                return r;
        return row_add(p, e->seconds, k->name, e->client, e->success ? "yes" : "no", e->exe, "kernel");
}

static int record_take(struct report *p, const struct kernel_record *record) {
        struct event *e = NULL;
        int r;

        for (size_t i = 0; i < EVENTS_MAX; i++)
                if (p->event[i].used && p->event[i].serial == record->serial && p->event[i].seconds == record->seconds)
                        e = &p->event[i];
        if (!e && record->type == KERNEL_OTHER)
                return DIRECTORY_OK;
        if (!e) {
                e = &p->event[p->next++ % EVENTS_MAX];
                r = event_end(p, e);
                if (r != DIRECTORY_OK)
                        return r;
                *e = (struct event) { .used = true, .seconds = record->seconds, .serial = record->serial, .auid = KERNEL_UNSET };
        }
        if (record->type == KERNEL_SYSCALL) {
                e->auid = record->auid;
                e->success = record->success;
                memcpy(e->exe, record->exe, sizeof e->exe);
        }
        if (record->type == KERNEL_CWD)
                memcpy(e->cwd, record->path, sizeof e->cwd);
        /* A path that begins with / says all; another one continues the working directory. */
        if (record->type == KERNEL_PATH && !*e->client)
                (void) kernel_path_client(record->path, e->client);
        return DIRECTORY_OK;
}

static int kernel_read(struct report *p, int fd) {
        auto_free char *line = malloc(KERNEL_LINE_MAX + 2);
        auto_free struct kernel_record *record = malloc(sizeof *record);
        FILE *log = fdopen(fd, "r");
        int r = DIRECTORY_OK;

        if (!line || !record || !log) {
                if (log)
                        (void) fclose(log);
                return -ENOMEM;
        }
        while (r == DIRECTORY_OK && fgets(line, KERNEL_LINE_MAX + 2, log)) {
                const size_t n = strcspn(line, "\n");

                /* A line that is too long, or is none of the audit's, is passed over. */
                if (line[n] == '\n' && kernel_record_parse(line, n, record))
                        r = record_take(p, record);
        }
        if (r == DIRECTORY_OK && ferror(log))
                r = -EIO;
        (void) fclose(log);
        for (size_t i = 0; i < EVENTS_MAX && r == DIRECTORY_OK; i++)
                r = event_end(p, &p->event[(p->next + i) % EVENTS_MAX]);
        return r;
}

int opened_run(struct invocation *i) {
        static const char *const keys[] = { "at", "who", "what", "opened", "with", "source", NULL };
        AUTO(table_freep) struct table *table = NULL;
        auto_free struct report *p = calloc(1, sizeof *p);
        auto_close int fd = *(const int *) i->prepared;
        uint64_t by = 0;
        int r;

        if (!p)
                return outcome_of_errno("opened", -ENOMEM);
        if (option(i, "by") && (!scan_whole_u64(option(i, "by"), INT64_MAX, &by) || by == 0))
                return outcome_say(OUTCOME_USAGE, "--by", _("must be the id of a person, as careid list persons shows it"));
        r = table_new(option(i, "json") ? TABLE_JSON : TABLE_ROWS, "opened", keys, &table);
        if (r < 0)
                return outcome_of_errno("opened", r);
        p->directory = i->directory;
        p->table = table;
        p->by = (int64_t) by;
        p->client = by ? "" : operand(i, 0);
        r = by ? DIRECTORY_OK : directory_client_whose(i->directory, p->client, &p->client_id, &p->client_person);
        if (r == DIRECTORY_OK)
                r = directory_trail_read(i->directory, &(struct directory_trail_filter) { .about = NULL }, show_entry, p);
        if (r == DIRECTORY_OK && fd >= 0)
                r = kernel_read(p, steal_fd(&fd));
        else if (r == DIRECTORY_OK)                     /* MUST 1 */
                (void) fprintf(stderr, "careid: opened: %s\n",
                               _("this host has no log of the kernel's audit: only what careid itself has shown is known"));
        if (r == DIRECTORY_OK)                          /* MUST 3 */
                r = directory_opened_told(i->directory, &i->act, by ? "person" : "client", by ? p->by : p->client_id);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "client", operand(i, 0), r);
        r = table_print(table);
        return r < 0 ? outcome_of_errno("opened", r) : OUTCOME_DONE;
}
