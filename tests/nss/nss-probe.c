/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * nss-probe.c - asks an NSS plugin directly, as glibc would, and prints what it says
 *
 *     nss-probe PLUGIN passwd NAME|UID ...
 *     nss-probe PLUGIN group NAME|GID ...
 *     nss-probe PLUGIN initgroups NAME ...
 *
 * One line an answer: status, error, entry.  Exit status 0 if every answer
 * was SUCCESS, 1 otherwise, 2 for a plugin that can't be asked.
 */

#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_MAX = 1 << 20 };

static char buffer[BUFFER_MAX];

static const char *status_name(enum nss_status status) {
        switch (status) {
        case NSS_STATUS_SUCCESS:
                return "SUCCESS";
        case NSS_STATUS_NOTFOUND:
                return "NOTFOUND";
        case NSS_STATUS_UNAVAIL:
                return "UNAVAIL";
        case NSS_STATUS_TRYAGAIN:
                return "TRYAGAIN";
        case NSS_STATUS_RETURN:
                return "RETURN";
        }
        return "ILLEGAL";
}

static void *symbol(void *plugin, const char *name) {
        void *const found = dlsym(plugin, name);

        if (!found) {
                fprintf(stderr, "nss-probe: %s\n", dlerror());
                exit(2);
        }
        return found;
}

/* The number that the whole of @s is, or -1. */
static long long number(const char *s) {
        char *end;
        const long long n = strtoll(s, &end, 10);

        return *s && !*end ? n : -1;
}

static enum nss_status ask_passwd(void *plugin, const char *key) {
        const long long n = number(key);
        struct passwd pw;
        enum nss_status status;
        int error = 0;

        if (n >= 0) {
                enum nss_status (*by_id)(uid_t, struct passwd *, char *, size_t, int *);

                *(void **) &by_id = symbol(plugin, "_nss_careroles_getpwuid_r");
                status = by_id((uid_t) n, &pw, buffer, sizeof buffer, &error);
        } else {
                enum nss_status (*by_name)(const char *, struct passwd *, char *, size_t, int *);

                *(void **) &by_name = symbol(plugin, "_nss_careroles_getpwnam_r");
                status = by_name(key, &pw, buffer, sizeof buffer, &error);
        }
        if (status == NSS_STATUS_SUCCESS)
                printf("SUCCESS %s:%s:%u:%u:%s:%s:%s\n", pw.pw_name, pw.pw_passwd, (unsigned) pw.pw_uid,
                       (unsigned) pw.pw_gid, pw.pw_gecos, pw.pw_dir, pw.pw_shell);
        else
                printf("%s %s %s\n", status_name(status), key, error ? strerror(error) : "-");
        return status;
}

static enum nss_status ask_group(void *plugin, const char *key) {
        const long long n = number(key);
        struct group gr;
        enum nss_status status;
        int error = 0;

        if (n >= 0) {
                enum nss_status (*by_id)(gid_t, struct group *, char *, size_t, int *);

                *(void **) &by_id = symbol(plugin, "_nss_careroles_getgrgid_r");
                status = by_id((gid_t) n, &gr, buffer, sizeof buffer, &error);
        } else {
                enum nss_status (*by_name)(const char *, struct group *, char *, size_t, int *);

                *(void **) &by_name = symbol(plugin, "_nss_careroles_getgrnam_r");
                status = by_name(key, &gr, buffer, sizeof buffer, &error);
        }
        if (status != NSS_STATUS_SUCCESS) {
                printf("%s %s %s\n", status_name(status), key, error ? strerror(error) : "-");
                return status;
        }
        printf("SUCCESS %s:%s:%u:", gr.gr_name, gr.gr_passwd, (unsigned) gr.gr_gid);
        for (size_t i = 0; gr.gr_mem[i]; i++)
                printf("%s%s", i ? "," : "", gr.gr_mem[i]);
        printf("\n");
        return status;
}

static enum nss_status ask_initgroups(void *plugin, const char *user) {
        enum nss_status (*ask)(const char *, gid_t, long int *, long int *, gid_t **, long int, int *);
        long int start = 0, size = 1;
        gid_t *groups = malloc(sizeof *groups);
        enum nss_status status;
        int error = 0;

        if (!groups)
                exit(2);
        *(void **) &ask = symbol(plugin, "_nss_careroles_initgroups_dyn");
        status = ask(user, (gid_t) -1, &start, &size, &groups, -1, &error);
        if (status == NSS_STATUS_SUCCESS) {
                printf("SUCCESS %s:", user);
                for (long int i = 0; i < start; i++)
                        printf("%s%u", i ? "," : "", (unsigned) groups[i]);
                printf("\n");
        } else
                printf("%s %s %s\n", status_name(status), user, error ? strerror(error) : "-");
        free(groups);
        return status;
}

int main(int argc, char **argv) {
        enum nss_status (*ask)(void *, const char *);
        int all = 1;
        void *plugin;

        if (argc >= 4 && strcmp(argv[2], "passwd") == 0)
                ask = ask_passwd;
        else if (argc >= 4 && strcmp(argv[2], "group") == 0)
                ask = ask_group;
        else if (argc >= 4 && strcmp(argv[2], "initgroups") == 0)
                ask = ask_initgroups;
        else {
                fprintf(stderr, "usage: nss-probe PLUGIN passwd|group|initgroups NAME|ID ...\n");
                return 2;
        }
        plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
        if (!plugin) {
                fprintf(stderr, "nss-probe: %s\n", dlerror());
                return 2;
        }
        for (int i = 3; i < argc; i++)
                all &= ask(plugin, argv[i]) == NSS_STATUS_SUCCESS;
        (void) dlclose(plugin);
        return all ? 0 : 1;
}
