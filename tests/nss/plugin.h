/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * plugin.h - a built plugin, loaded by its symbols as glibc does
 */

#include <dlfcn.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>

struct plugin {
        void *handle;
        enum nss_status (*getpwnam)(const char *, struct passwd *, char *, size_t, int *);
        enum nss_status (*getpwuid)(uid_t, struct passwd *, char *, size_t, int *);
        enum nss_status (*getgrnam)(const char *, struct group *, char *, size_t, int *);
        enum nss_status (*getgrgid)(gid_t, struct group *, char *, size_t, int *);
        enum nss_status (*initgroups)(const char *, gid_t, long int *, long int *, gid_t **, long int, int *);
};

/* Ends the program if the object or a symbol is missing. */
static inline struct plugin plugin_load(const char *path) {
        static const char *const names[] = {
                "_nss_careroles_getpwnam_r", "_nss_careroles_getpwuid_r", "_nss_careroles_getgrnam_r",
                "_nss_careroles_getgrgid_r", "_nss_careroles_initgroups_dyn",
        };
        void *found[sizeof names / sizeof *names];
        struct plugin p = { .handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) };

        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
                found[i] = p.handle ? dlsym(p.handle, names[i]) : NULL;
                if (!found[i]) {
                        printf("Bail out! %s\n", dlerror());
                        exit(1);
                }
        }
        *(void **) &p.getpwnam = found[0];
        *(void **) &p.getpwuid = found[1];
        *(void **) &p.getgrnam = found[2];
        *(void **) &p.getgrgid = found[3];
        *(void **) &p.initgroups = found[4];
        return p;
}
