/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * opened-kernel.c - of the report of who did open: what the kernel's audit has seen
 *
 * A file is a client's by its name, where names are believed
 * (kernel-events.h), and by its group, where that is the client's.  Names and
 * group may say two clients: then there is a row for each.  What may be
 * anybody's is a row of every client's.
 */

#include "opened.h"

#include "cleanup.h"
#include "kernel-events.h"

#include <errno.h>
#include <string.h>

/* The client of an event's row: "" for what may be anybody's. */
struct found {
        char        client[DIRECTORY_CLIENT_NAME_MAX + 1];
        const char *path;
};

enum { FOUND_MAX = 2 * KERNEL_NAMES_MAX + 2 };

static void found_add(struct found *all, size_t *n, const char *client, const char *path) {
        for (size_t i = 0; i < *n; i++)
                if (strcmp(all[i].client, client) == 0)
                        return;
        (void) snprintf(all[*n].client, sizeof all->client, "%s", client);
        all[(*n)++].path = path;
}

/* The client whose group it is: "" for another group; asked once. */
static int group_client(struct opened *o, int64_t gid, const char **ret) {
        size_t n = 0;
        int r;

        while (n < o->n_group && o->group[n].gid != gid)
                n++;
        if (n == o->n_group) {
                n = o->n_group < OPENED_GROUPS_MAX ? o->n_group++ : OPENED_GROUPS_MAX - 1;
                o->group[n].gid = gid;
                o->group[n].client[0] = '\0';
                r = directory_gid_client(o->directory, gid, o->group[n].client);
                if (r != DIRECTORY_OK && r != DIRECTORY_E_NOT_FOUND) {
                        o->n_group = n;
                        return r;
                }
        }
        *ret = o->group[n].client;
        return DIRECTORY_OK;
}

static int name_find(struct opened *o, const struct kernel_event *e, size_t k, struct found *all, size_t *n) {
        const struct kernel_name *const name = &e->name[k];
        char client[KERNEL_CLIENT_MAX + 1] = "";
        const enum kernel_whose whose = kernel_event_whose(e, k, o->under, client);
        const char *of_group = "";
        int r = DIRECTORY_OK;

        if (whose == KERNEL_CLIENT)
                found_add(all, n, client, name->path);
        if (name->gid != KERNEL_UNSET)
                r = group_client(o, name->gid, &of_group);
        if (r == DIRECTORY_OK && *of_group)
                found_add(all, n, of_group, name->path);
        else if (r == DIRECTORY_OK && whose == KERNEL_UNSURE && !name->parent)
                found_add(all, n, "", name->path);
        return r;
}

static const char *success_word(enum kernel_success success) {
        switch (success) {
        case KERNEL_YES:
                return "yes";
        case KERNEL_NO:
                return "no";
        case KERNEL_NOT_SAID:
                break;
        }
        return OPENED_UNKNOWN;
}

/* Is it a row of this report?  Whose doing can't be told may be anybody's. */
static bool is_wanted(const struct opened *o, const struct kernel_event *e, const struct found *all, size_t n) {
        bool is = o->by != 0;

        for (size_t k = 0; k < n && !is; k++)
                is = !*all[k].client || strcmp(all[k].client, o->client) == 0;
        return is && n > 0 && e->seconds >= o->from && e->seconds < o->until;
}

static int who_find(struct opened *o, uint32_t uid, struct opened_uid **ret) {
        int r;

        r = opened_uid_want(o, uid);
        if (r == DIRECTORY_OK)
                r = opened_uids_find(o);
        if (r == DIRECTORY_OK)
                *ret = opened_uid(o, uid);
        return r;
}

static int event_told(void *with, const struct kernel_event *e) {
        struct opened *const o = with;
        struct opened_row row = { .at = e->seconds, .who = OPENED_UNKNOWN, .opened = success_word(e->success), .source = "kernel" };
        char exe[KERNEL_EXE_MAX + 1], client[DIRECTORY_CLIENT_NAME_MAX + 1], path[KERNEL_PATH_MAX + 1];
        struct found all[FOUND_MAX];
        struct opened_uid *who = NULL;
        size_t n = 0;
        int r = DIRECTORY_OK;

        for (size_t k = 0; r == DIRECTORY_OK && k < e->n_names; k++)
                r = name_find(o, e, k, all, &n);
        /* Names that are missing may have been anybody's. */
        if (e->cut || (e->keyed && n == 0 && e->n_names == 0))
                found_add(all, &n, "", "");
        if (r != DIRECTORY_OK || !is_wanted(o, e, all, n))
                return r;
        if (e->auid != KERNEL_UNSET) {
                r = who_find(o, (uint32_t) e->auid, &who);
                if (r != DIRECTORY_OK || (o->by && who->person != o->by && !who->unsure))
                        return r;
                (void) snprintf(row.who, sizeof row.who, "%s", who->name);
                who->told = true;
        } else if (o->by && e->called && !e->keyed)
                return DIRECTORY_OK;                    /* a daemon's, and no rule of ours asked for it */
        for (size_t k = 0; r == DIRECTORY_OK && k < n; k++) {
                if (!o->by && *all[k].client && strcmp(all[k].client, o->client) != 0)
                        continue;
                (void) snprintf(client, sizeof client, "%.*s", (int) sizeof client - 1, *all[k].client ? all[k].client : OPENED_UNKNOWN);
                (void) snprintf(exe, sizeof exe, "%s", *e->exe ? e->exe : OPENED_UNKNOWN);
                (void) snprintf(path, sizeof path, "%s", *all[k].path ? all[k].path : OPENED_UNKNOWN);
                row.what = client;
                row.with = exe;
                row.path = path;
                r = opened_add(o, &row);
        }
        return r;
}

static int log_read(struct kernel_events *events, int *fd) {
        FILE *const log = fdopen(*fd, "r");
        int r;

        if (!log)
                return -errno;
        *fd = -1;
        r = kernel_events_read(events, log);
        (void) fclose(log);
        return r;
}

int opened_kernel(struct opened *o, struct opened_logs *logs, size_t *ret_unread) {
        AUTO(kernel_events_freep) struct kernel_events *events = NULL;
        int r;

        r = kernel_events_new(event_told, o, &events);
        for (size_t i = 0; r == 0 && i < logs->n; i++)
                r = log_read(events, &logs->fd[i]);
        if (r == 0)
                r = kernel_events_end(events);
        for (size_t i = 0; i < logs->n; i++)
                auto_closep(&logs->fd[i]);
        if (r == 0)
                *ret_unread = kernel_events_unread(events);
        return r;
}
