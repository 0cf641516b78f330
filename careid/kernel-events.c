/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * kernel-events.c - records of the kernel's audit put together into events
 */

#include "kernel-events.h"

#include "cleanup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct kernel_events {
        kernel_event_told    *told;
        void                 *with;
        size_t                n_unread, n_event;
        struct kernel_event  *event[KERNEL_EVENTS_MAX];         /* the oldest first               */
        struct kernel_record  record;
        char                  line[KERNEL_LINE_MAX];
};

static struct kernel_event *event_free(struct kernel_event *e) {
        if (e) {
                for (size_t i = 0; i < e->n_names; i++)
                        free(e->name[i].path);
                free(e->cwd);
                free(e);
        }
        return NULL;
}

static void event_freep(struct kernel_event **e) {
        *e = event_free(*e);
}

int kernel_events_new(kernel_event_told *told, void *with, struct kernel_events **ret) {
        struct kernel_events *const events = calloc(1, sizeof *events);

        if (!events)
                return -ENOMEM;
        events->told = told;
        events->with = with;
        *ret = events;
        return 0;
}

struct kernel_events *kernel_events_free(struct kernel_events *events) {
        if (events)
                for (size_t i = 0; i < events->n_event; i++)
                        (void) event_free(events->event[i]);
        free(events);
        return NULL;
}

size_t kernel_events_unread(const struct kernel_events *events) {
        return events->n_unread;
}

static int event_end(struct kernel_events *events, size_t n) {
        AUTO(event_freep) struct kernel_event *e = events->event[n];

        memmove(events->event + n, events->event + n + 1, (--events->n_event - n) * sizeof *events->event);
        return events->told(events->with, e);
}

/* Those that a record of this time shows to be over. */
static int end_older(struct kernel_events *events, int64_t seconds) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < events->n_event;)
                if (events->event[i]->seconds + KERNEL_EVENT_SECONDS < seconds)
                        r = event_end(events, i);
                else
                        i++;
        return r;
}

static bool is_of(const struct kernel_event *e, const struct kernel_record *record) {
        return e->serial == record->serial && e->seconds == record->seconds && e->millis == record->millis &&
               strcmp(e->node, record->node) == 0;
}

static int event_find(struct kernel_events *events, const struct kernel_record *record, size_t *ret) {
        struct kernel_event *e;
        int r;

        for (size_t i = 0; i < events->n_event; i++)
                if (is_of(events->event[i], record)) {
                        *ret = i;
                        return 0;
                }
        if (events->n_event == KERNEL_EVENTS_MAX) {
                r = event_end(events, 0);
                if (r != 0)
                        return r;
        }
        e = calloc(1, sizeof *e);
        if (!e)
                return -ENOMEM;
        *e = (struct kernel_event) {
                .seconds = record->seconds, .millis = record->millis, .serial = record->serial,
                .auid = KERNEL_UNSET, .success = KERNEL_NOT_SAID,
        };
        memcpy(e->node, record->node, sizeof e->node);
        *ret = events->n_event;
        events->event[events->n_event++] = e;
        return 0;
}

static int name_add(struct kernel_event *e, const struct kernel_record *record) {
        struct kernel_name *const name = &e->name[e->n_names];

        if (e->n_names == KERNEL_NAMES_MAX) {
                e->cut = true;
                return 0;
        }
        name->path = strdup(record->path);
        if (!name->path)
                return -ENOMEM;
        name->gid = record->gid;
        name->parent = record->parent;
        e->n_names++;
        return 0;
}

static int record_take(struct kernel_events *events, const struct kernel_record *record) {
        struct kernel_event *e;
        size_t n;
        int r;

        r = end_older(events, record->seconds);
        if (r != 0 || record->type == KERNEL_OTHER)
                return r;
        if (record->type == KERNEL_END) {
                for (n = 0; n < events->n_event; n++)
                        if (is_of(events->event[n], record))
                                return event_end(events, n);
                return 0;
        }
        r = event_find(events, record, &n);
        if (r != 0)
                return r;
        e = events->event[n];
        if (record->type == KERNEL_PATH)
                return name_add(e, record);
        if (record->type == KERNEL_CWD) {
                free(e->cwd);
                e->cwd = strdup(record->path);
                return e->cwd ? 0 : -ENOMEM;
        }
        e->called = true;
        e->auid = record->auid;
        e->success = record->success;
        e->keyed = record->keyed;
        e->from_cwd = record->from_cwd;
        memcpy(e->exe, record->exe, sizeof e->exe);
        return 0;
}

int kernel_events_read(struct kernel_events *events, FILE *log) {
        size_t n;
        int r = 0, c;

        do {
                for (n = 0; (c = getc_unlocked(log)) != EOF && c != '\n'; n++)
                        if (n < KERNEL_LINE_MAX)
                                events->line[n] = (char) c;
                if (c == '\n' && n <= KERNEL_LINE_MAX && kernel_record_parse(events->line, n, &events->record))
                        r = record_take(events, &events->record);
                else if (n > 0)
                        events->n_unread++;
        } while (r == 0 && c != EOF);
        return r == 0 && ferror(log) ? -EIO : r;
}

int kernel_events_end(struct kernel_events *events) {
        int r = 0;

        while (r == 0 && events->n_event > 0)
                r = event_end(events, 0);
        return r;
}

/* -- Whose a file is by its name -------------------------------------------------------------------------- */

/* client-ORG-N */
static bool is_client(const char *name, size_t n, char ret[static KERNEL_CLIENT_MAX + 1]) {
        static const char start[] = "client-";
        const size_t n_start = sizeof start - 1;
        size_t digits = 0;

        if (n <= n_start || n - n_start > KERNEL_CLIENT_MAX || memcmp(name, start, n_start) != 0)
                return false;
        name += n_start;
        n -= n_start;
        while (digits < n && name[n - digits - 1] >= '0' && name[n - digits - 1] <= '9')
                digits++;
        if (digits == 0 || digits + 2 > n || name[n - digits - 1] != '-' || name[n - digits] == '0' || name[0] < 'a' || name[0] > 'z')
                return false;
        for (size_t i = 0; i < n; i++)
                if (!(name[i] >= 'a' && name[i] <= 'z') && !(name[i] >= '0' && name[i] <= '9') && name[i] != '-')
                        return false;
        memcpy(ret, name, n);
        ret[n] = '\0';
        return true;
}

static size_t part_of(const char **path) {
        *path += strspn(*path, "/");
        return strcspn(*path, "/");
}

static bool names_client(const char *path) {
        char client[KERNEL_CLIENT_MAX + 1];

        for (size_t n; (n = part_of(&path)) > 0; path += n)
                if (is_client(path, n, client))
                        return true;
        return false;
}

static size_t depth_of(const char *path) {
        size_t depth = 0;

        for (size_t n; (n = part_of(&path)) > 0; path += n)
                depth++;
        return depth;
}

/* What only root can have made, no link: @above, what it lies in, and what lies in it. */
static bool is_roots(const char *path, size_t n, const char *above) {
        const size_t n_above = strlen(above);

        if (n <= n_above)
                return strncmp(above, path, n) == 0 && (above[n] == '/' || above[n] == '\0');
        return strncmp(above, path, n_above) == 0 && path[n_above] == '/' && !memchr(path + n_above + 1, '/', n - n_above - 1);
}

/*
 * Puts @path at the end of the normal path @to of @n bytes ("" is /).  A ".."
 * takes away what stands there; where that may be a link, the answer is false.
 * The first @own parts of @to are none; @above: see is_roots(), NULL: there are none at all.
 */
static bool path_join(char *to, size_t n_to, size_t *n, const char *path, size_t own, const char *above) {
        size_t depth = depth_of(to);
        bool sure = true;

        for (size_t k; (k = part_of(&path)) > 0; path += k) {
                if (k == 1 && path[0] == '.')
                        continue;
                if (k == 2 && memcmp(path, "..", 2) == 0) {
                        if (above && depth > own && !is_roots(to, *n, above))
                                sure = false;
                        while (*n > 0 && to[--*n] != '/')
                                ;
                        to[*n] = '\0';
                        if (depth > 0)
                                depth--;
                        if (own > depth)
                                own = depth;
                        continue;
                }
                if (*n + 1 + k >= n_to)
                        return false;
                to[(*n)++] = '/';
                memcpy(to + *n, path, k);
                *n += k;
                to[*n] = '\0';
                depth++;
        }
        return sure;
}

enum kernel_whose kernel_event_whose(const struct kernel_event *e, size_t name, const char *under,
                                     char ret[static KERNEL_CLIENT_MAX + 1]) {
        const char *const path = e->name[name].path, *rest;
        /* What no rule of ours asked for, and no name hints at, is none's; where the call is missing, which rule it was is, too. */
        const bool asked = e->keyed || !e->called;
        const enum kernel_whose otherwise = asked || names_client(path) ? KERNEL_UNSURE : KERNEL_NO_CLIENT;
        char whole[2 * KERNEL_PATH_MAX + 4] = "", above[KERNEL_PATH_MAX + 2] = "";
        size_t n = 0, n_above = 0;

        if (!*path || !path_join(above, sizeof above, &n_above, under, 0, NULL))
                return otherwise;
        /* The working directory is the kernel's to say, and has no links in it. */
        if (path[0] != '/') {
                if (!e->from_cwd || !e->cwd || e->cwd[0] != '/')
                        return otherwise;
                if (!path_join(whole, sizeof whole, &n, e->cwd, 0, NULL))
                        return otherwise;
        }
        if (!path_join(whole, sizeof whole, &n, path, depth_of(whole), above))
                return otherwise;
        if (strncmp(whole, above, n_above) != 0 || (whole[n_above] != '/' && whole[n_above] != '\0'))
                return asked || names_client(whole) ? KERNEL_UNSURE : KERNEL_NO_CLIENT;
        rest = whole + n_above;
        n = part_of(&rest);
        return is_client(rest, n, ret) ? KERNEL_CLIENT : KERNEL_NO_CLIENT;
}
