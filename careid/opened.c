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
 *  4. MUST show what may be about the client and can't be said to be, and say what it has not read.
 */

#include "opened.h"

#include "cleanup.h"
#include "clients.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define KERNEL_LOGS "/var/log/audit"
#define CLIENTS     "/srv/clients"              /* as in etc/audit.rules                          */

/* -- What root opens ---------------------------------------------------------------------------------------- */

static bool is_there(const struct opened_logs *logs, int fd) {
        struct stat st, other;

        if (fstat(fd, &st) < 0)
                return false;
        for (size_t i = 0; i < logs->n; i++)
                if (fstat(logs->fd[i], &other) == 0 && st.st_dev == other.st_dev && st.st_ino == other.st_ino)
                        return true;
        return false;
}

/* -ENOENT: it isn't there. */
static int log_open(struct opened_logs *logs, int dir, const char *name) {
        auto_close int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

        if (fd < 0)
                return -errno;
        /* What auditd rotates just now is met again under its next number. */
        if (!is_there(logs, fd))
                logs->fd[logs->n++] = steal_fd(&fd);
        return 0;
}

/* audit.log, then audit.log.1 and so on, each older than the one before; then turned round. */
static int logs_open(struct opened_logs *logs, char *name, size_t n_name) {
        auto_close int dir = open(KERNEL_LOGS, O_PATH | O_DIRECTORY | O_CLOEXEC);
        int r = 0;

        (void) snprintf(name, n_name, "%s", KERNEL_LOGS);
        if (dir < 0)
                return errno == ENOENT ? 0 : -errno;
        for (int k = 0; k < OPENED_LOGS_MAX && (r == 0 || r == -ENOENT); k++) {
                (void) snprintf(name, n_name, k == 0 ? "audit.log" : "audit.log.%d", k);
                r = log_open(logs, dir, name);
        }
        for (size_t i = 0; i < logs->n / 2; i++) {
                const int fd = logs->fd[i];

                logs->fd[i] = logs->fd[logs->n - 1 - i];
                logs->fd[logs->n - 1 - i] = fd;
        }
        return r == -ENOENT ? 0 : r;
}

static bool is_directory_name(const char *path) {
        return path[0] == '/' && !strstr(path, "/../") && !strstr(path, "/./") && strlen(path) < KERNEL_PATH_MAX &&
               (strlen(path) < 3 || strcmp(path + strlen(path) - 3, "/..") != 0);
}

int opened_prepare(struct invocation *i) {
        const char *const given = option(i, "log");
        auto_free struct opened_logs *logs = calloc(1, sizeof *logs);
        char name[64];
        int r;

        if ((operand(i, 0) != NULL) == (option(i, "by") != NULL))
                return outcome_say(OUTCOME_USAGE, "opened", _("say which CLIENT was opened, or --by PERSON who did"));
        if (option(i, "under") && !is_directory_name(option(i, "under")))
                return outcome_say(OUTCOME_USAGE, "--under", _("must be the whole name of a directory, without .."));
        if (!invocation_dates(i))
                return OUTCOME_USAGE;
        if (!logs)
                return outcome_of_errno("opened", -ENOMEM);
        r = given ? log_open(logs, AT_FDCWD, given) : logs_open(logs, name, sizeof name);
        if (r < 0)
                return outcome_of_errno(given ? given : name, r);
        i->prepared = STEAL_PTR(logs);
        return OUTCOME_DONE;
}

/* -- The report --------------------------------------------------------------------------------------------- */

static void opened_freep(struct opened **o) {
        if (*o)
                opened_done(*o);
        free(*o);
}

static int report_read(struct invocation *i, struct opened *o) {
        struct opened_logs *const logs = i->prepared;
        const bool has_logs = logs->n > 0;
        int64_t client = 0;
        size_t unread = 0, unsure;
        int r;

        r = o->client ? directory_client_find(i->directory, o->client, &client) : directory_opener(i->directory, o->by);
        if (r == DIRECTORY_OK)
                r = directory_days_find(i->directory, client, option(i, "from"), option(i, "until"), &o->from, &o->until);
        if (r == DIRECTORY_OK)
                r = opened_trail(o);
        if (r == DIRECTORY_OK)
                r = opened_kernel(o, logs, &unread);
        if (r != DIRECTORY_OK)
                return r;
        if (!has_logs)                                  /* MUST 1 */
                (void) fprintf(stderr, "careid: opened: %s\n",
                               _("this host has no log of the kernel's audit: only what careid itself has shown is known"));
        if (unread > 0)                                 /* MUST 4 */
                (void) fprintf(stderr, P_("careid: opened: %zu line of the kernel's audit can't be read, and is not in the report\n",
                                          "careid: opened: %zu lines of the kernel's audit can't be read, and are not in the report\n",
                                          unread), unread);
        unsure = opened_unsure(o);
        if (unsure > 0)                                 /* MUST 4 */
                (void) fprintf(stderr, P_("careid: opened: the host does not know %zu uid now, which may be an account of its own: its rows say ?\n",
                                          "careid: opened: the host does not know %zu uids now, which may be accounts of its own: their rows say ?\n",
                                          unsure), unsure);
        /* MUST 3 */
        return directory_looked(i->directory, &i->act, "audit.opened", o->client ? "client" : "person", o->client ? client : o->by,
                                NULL, 0);
}

int opened_run(struct invocation *i) {
        static const char *const keys[] = { "at", "who", "what", "opened", "with", "path", "source", NULL },
                          *const for_people[] = { "at", "who", "what", "opened", "with", "path", NULL };
        const bool json = option(i, "json") != NULL;
        AUTO(table_freep) struct table *table = NULL;
        AUTO(opened_freep) struct opened *o = calloc(1, sizeof *o);
        int64_t by = 0;
        int r;

        if (!o)
                return outcome_of_errno("opened", -ENOMEM);
        if (option(i, "by") && !invocation_person_named(i, "--by", option(i, "by"), &by))
                return OUTCOME_USAGE;
        o->directory = i->directory;
        o->by = by;
        o->client = operand(i, 0);
        o->under = option(i, "under") ? option(i, "under") : CLIENTS;
        r = report_read(i, o);
        if (o->too_many)
                return outcome_say(OUTCOME_REFUSED, "opened", _("there are more than %d rows; say fewer days, with --from and --until"),
                                   OPENED_ROWS_MAX);
        if (r != DIRECTORY_OK)
                return invocation_end(i, "client", o->client, r);
        if (o->n == 0 && !json)
                (void) fprintf(stderr, "careid: opened: %s\n", _("nothing was recorded"));
        opened_sort(o);
        r = table_new(json ? TABLE_JSON : TABLE_ROWS, "opened", json ? keys : for_people, &table);
        if (r == 0)
                r = opened_fill(o, !json, table);
        if (r == 0)
                r = table_print(table);
        return r < 0 ? outcome_of_errno("opened", r) : OUTCOME_DONE;
}
