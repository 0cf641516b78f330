/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * nss-constant.c - the floor under an NSS plugin: one that gives the answer that the measurement expects, without a look
 *
 * Built with CONSTANT_UID and CONSTANT_GID, those of a town of one person (make-town.c).
 */

#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <string.h>

static enum nss_status user_give(struct passwd *ret) {
        *ret = (struct passwd) { .pw_name = "p0", .pw_passwd = "*", .pw_uid = CONSTANT_UID, .pw_gid = CONSTANT_GID,
                                 .pw_gecos = "", .pw_dir = "/home/p0", .pw_shell = "/bin/sh" };
        return NSS_STATUS_SUCCESS;
}

static enum nss_status group_give(struct group *ret) {
        static char *nobody[] = { NULL };

        *ret = (struct group) { .gr_name = "unit-u0", .gr_passwd = "*", .gr_gid = CONSTANT_GID, .gr_mem = nobody };
        return NSS_STATUS_SUCCESS;
}

enum nss_status _nss_constant_getpwnam_r(const char *name, struct passwd *ret, char *b, size_t n, int *errnop) {
        (void) b, (void) n, (void) errnop;
        return name[0] == 'p' ? user_give(ret) : NSS_STATUS_NOTFOUND;
}

enum nss_status _nss_constant_getpwuid_r(uid_t uid, struct passwd *ret, char *b, size_t n, int *errnop) {
        (void) uid, (void) b, (void) n, (void) errnop;
        return user_give(ret);
}

enum nss_status _nss_constant_getgrnam_r(const char *name, struct group *ret, char *b, size_t n, int *errnop) {
        (void) b, (void) n, (void) errnop;
        return name[0] == 'u' ? group_give(ret) : NSS_STATUS_NOTFOUND;
}

enum nss_status _nss_constant_getgrgid_r(gid_t gid, struct group *ret, char *b, size_t n, int *errnop) {
        (void) gid, (void) b, (void) n, (void) errnop;
        return group_give(ret);
}

enum nss_status _nss_constant_initgroups_dyn(const char *name, gid_t skip, long *start, long *size, gid_t **groups,
                                             long limit, int *errnop) {
        (void) name, (void) skip, (void) limit, (void) errnop;
        if (*start < *size)
                (*groups)[(*start)++] = CONSTANT_GID;
        return NSS_STATUS_SUCCESS;
}
