/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * nss-constant.c - the floor under an NSS plugin: one that gives the same answer for everybody of a county, without a look
 */

#include "county.h"

#include <grp.h>
#include <nss.h>
#include <pwd.h>

static enum nss_status user_give(struct passwd *ret) {
        *ret = (struct passwd) { .pw_name = "p0", .pw_passwd = "*", .pw_uid = COUNTY_UID_STAFF, .pw_gid = COUNTY_GID_ORG,
                                 .pw_gecos = "", .pw_dir = "/home/p0", .pw_shell = "/bin/sh" };
        return NSS_STATUS_SUCCESS;
}

static enum nss_status group_give(struct group *ret) {
        static char *nobody[] = { NULL };

        *ret = (struct group) { .gr_name = "unit-u0", .gr_passwd = "*", .gr_gid = COUNTY_GID_UNIT, .gr_mem = nobody };
        return NSS_STATUS_SUCCESS;
}

enum nss_status _nss_constant_getpwnam_r(const char *name, struct passwd *ret, char *b, size_t n, int *errnop) {
        (void) b, (void) n, (void) errnop;
        return name[0] == 'q' ? NSS_STATUS_NOTFOUND : user_give(ret);
}

enum nss_status _nss_constant_getpwuid_r(uid_t uid, struct passwd *ret, char *b, size_t n, int *errnop) {
        (void) b, (void) n, (void) errnop;
        return uid >= COUNTY_NOBODY ? NSS_STATUS_NOTFOUND : user_give(ret);
}

enum nss_status _nss_constant_getgrnam_r(const char *name, struct group *ret, char *b, size_t n, int *errnop) {
        (void) b, (void) n, (void) errnop;
        return name[0] == 'q' ? NSS_STATUS_NOTFOUND : group_give(ret);
}

enum nss_status _nss_constant_getgrgid_r(gid_t gid, struct group *ret, char *b, size_t n, int *errnop) {
        (void) b, (void) n, (void) errnop;
        return gid >= COUNTY_NOBODY ? NSS_STATUS_NOTFOUND : group_give(ret);
}

enum nss_status _nss_constant_initgroups_dyn(const char *name, gid_t skip, long *start, long *size, gid_t **groups,
                                             long limit, int *errnop) {
        (void) skip, (void) limit, (void) errnop;
        if (name[0] == 'q')
                return NSS_STATUS_NOTFOUND;
        for (unsigned i = 0; i < 3 && *start < *size; i++)
                (*groups)[(*start)++] = COUNTY_GID_UNIT + i;
        return NSS_STATUS_SUCCESS;
}
