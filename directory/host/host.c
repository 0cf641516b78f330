/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * host.c - what the host knows besides us: its users and groups
 */

#include "host.h"
#include "host-memory.h"

#include "cleanup.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        BUFFER_MIN = 4096,
        BUFFER_MAX = 4 << 20,           /* a group with some hundred thousand members             */
};

/* One look-up, with as much room as it needs. */
struct question {
        const char *name;               /* NULL: by number                                        */
        uint32_t    id;
        char       *called;             /* NULL, or where the name is to go: HOST_USER_MAX        */
};

static int ask_user(const struct question *q, char *buffer, size_t n, uint32_t *ret_id) {
        struct passwd pw, *found = NULL;
        int e;

        e = q->name ? getpwnam_r(q->name, &pw, buffer, n, &found) : getpwuid_r(q->id, &pw, buffer, n, &found);
        if (found)
                *ret_id = pw.pw_uid;
        if (found && q->called)
                (void) snprintf(q->called, HOST_USER_MAX + 1, "%s", strlen(pw.pw_name) <= HOST_USER_MAX ? pw.pw_name : "");
        return found ? 1 : -e;
}

static int ask_group(const struct question *q, char *buffer, size_t n, uint32_t *ret_id) {
        struct group gr, *found = NULL;
        int e;

        e = q->name ? getgrnam_r(q->name, &gr, buffer, n, &found) : getgrgid_r(q->id, &gr, buffer, n, &found);
        if (found)
                *ret_id = gr.gr_gid;
        return found ? 1 : -e;
}

static int ask(int (*how)(const struct question *, char *, size_t, uint32_t *), const struct question *q,
               uint32_t *ret_id) {
        for (size_t n = BUFFER_MIN; n <= BUFFER_MAX; n *= 4) {
                auto_free char *buffer = malloc(n);
                int r;

                if (!buffer)
                        return -ENOMEM;
                r = how(q, buffer, n, ret_id);
                if (r == -ERANGE)
                        continue;
                if (r == -ENOMEM || r == -EMFILE || r == -ENFILE || r == -EINTR)
                        return r;
                return r == 1;
        }
        return -ERANGE;
}

static const struct host_answers *others;       /* who answers instead; NULL: nobody          */

void host_answered_by(const struct host_answers *answers) {
        others = answers;
}

int host_user(const char *name, uint32_t *ret_id) {
        if (others)
                return others->user(others->about, name, ret_id);
        return ask(ask_user, &(struct question) { .name = name }, ret_id);
}

int host_user_of(uint32_t id, char ret[static HOST_USER_MAX + 1]) {
        uint32_t same;

        ret[0] = '\0';
        if (others)
                return -EOPNOTSUPP;
        return ask(ask_user, &(struct question) { .id = id, .called = ret }, &same);
}

int host_group(const char *name, uint32_t *ret_id) {
        if (others)
                return others->group(others->about, name, ret_id);
        return ask(ask_group, &(struct question) { .name = name }, ret_id);
}

int host_number(uint32_t id) {
        uint32_t same;
        int r;

        if (others)
                return others->number(others->about, id);
        r = ask(ask_user, &(struct question) { .id = id }, &same);
        return r == 0 ? ask(ask_group, &(struct question) { .id = id }, &same) : r;
}

/* -- All at once ------------------------------------------------------------------------------------------- */

static void fclosep(FILE **f) {
        if (*f)
                (void) fclose(*f);
}

/* Does each source of this line of nsswitch.conf list all that it knows?  careroles is our own. */
static bool lists_all(const char *sources) {
        static const char *const known[] = { "files", "compat", "db", "systemd", "extrausers", "careroles" };

        for (const char *s = sources; *s;) {
                const size_t n = strcspn(s, " \t\n[#");
                bool lists = n == 0;

                for (size_t i = 0; i < N_ELEMENTS(known); i++)
                        lists = lists || (strlen(known[i]) == n && memcmp(known[i], s, n) == 0);
                if (!lists)
                        return false;
                s += n;
                if (*s == '#')
                        return true;
                if (*s == '[')                          /* [NOTFOUND=return]: an action, not a source */
                        s += strcspn(s, "]");
                s += *s != '\0';
        }
        return true;
}

static bool host_lists_all(void) {
        AUTO(fclosep) FILE *f = fopen("/etc/nsswitch.conf", "re");
        bool passwd = false, group = false;
        char line[512];

        if (!f)
                return errno == ENOENT;                 /* libc's own: files                              */
        while (fgets(line, sizeof line, f)) {
                const char *s = line + strspn(line, " \t");

                if (!strchr(line, '\n') && !feof(f))
                        return false;                   /* longer than anybody's                          */
                if (strncmp(s, "passwd:", 7) == 0)
                        passwd = lists_all(s + 7);
                else if (strncmp(s, "group:", 6) == 0)
                        group = lists_all(s + 6);
        }
        return passwd && group && !ferror(f);
}

/* A list that breaks off is none: a name or number that is not in it would be taken for free.  Sources say ENOENT at their end. */
static int list_ended(int error) {
        return error == ENOENT ? 0 : -error;
}

int host_remember(struct host_memory **ret) {
        AUTO(host_memory_freep) struct host_memory *m = NULL;
        const struct passwd *pw;
        const struct group *gr;
        int r;

        *ret = NULL;
        if (!host_lists_all())
                return 0;
        r = host_memory_new(&m);
        setpwent();
        for (errno = 0; r == 0 && (pw = getpwent()); errno = 0)
                r = host_memory_add(m, pw->pw_name, pw->pw_uid, true);
        r = r == 0 ? list_ended(errno) : r;
        endpwent();
        setgrent();
        for (errno = 0; r == 0 && (gr = getgrent()); errno = 0)
                r = host_memory_add(m, gr->gr_name, gr->gr_gid, false);
        r = r == 0 ? list_ended(errno) : r;
        endgrent();
        if (r < 0)
                return r;
        *ret = STEAL_PTR(m);
        return 1;
}
