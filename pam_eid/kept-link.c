/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * kept-link.c - a descriptor that outlives a PAM call
 *
 * Between two calls the host may close any descriptor and open another file
 * under its number, fork, or become somebody else.  So:
 *
 * 1. MUST not write to, read from or close anything but the socket that was kept.
 * 2. MUST not speak from another process than the one that was answered.
 * 3. MUST not keep one for anybody but root: nobody else's helper goes on.
 */

#include "kept-link.h"

#include "cleanup.h"
#include "wire.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

static const char kept_name[] = "careid-link";

struct kept_link {
        int   fd;
        pid_t pid;
        dev_t dev;                              /* of the socket: no two that are open have the same */
        ino_t ino;
        char  account[WIRE_NAME_MAX + 1];
};

static bool kept_is_there(const struct kept_link *k) {
        struct stat st;

        return k->fd >= 0 && fstat(k->fd, &st) == 0 && S_ISSOCK(st.st_mode) && st.st_dev == k->dev && st.st_ino == k->ino;
}

/* Also in a forked copy of the host, whose copy of the descriptor is its own. */
static void kept_release(pam_handle_t *pamh, void *data, int status) {
        struct kept_link *k = data;

        (void) pamh;
        (void) status;
        if (k && kept_is_there(k))
                (void) close(k->fd);
        free(k);
}

void kept_link_put(pam_handle_t *pamh, const char *account, int fd) {
        auto_free struct kept_link *k = NULL;
        auto_close int ours = fd;
        const size_t n = strlen(account);
        struct stat st;

        if (fd < 0 || geteuid() != 0 || n > WIRE_NAME_MAX || fstat(fd, &st) < 0)
                return;
        k = calloc(1, sizeof *k);
        if (!k)
                return;
        *k = (struct kept_link) { .fd = fd, .pid = getpid(), .dev = st.st_dev, .ino = st.st_ino };
        memcpy(k->account, account, n);
        if (pam_set_data(pamh, kept_name, k, kept_release) != PAM_SUCCESS)
                return;
        (void) STEAL_PTR(k);
        (void) steal_fd(&ours);
}

int kept_link_take(pam_handle_t *pamh, const char *account) {
        const void *data = NULL;
        struct kept_link k;
        int fd = -1;

        if (pam_get_data(pamh, kept_name, &data) != PAM_SUCCESS || !data)
                return -1;
        memcpy(&k, data, sizeof k);
        if (k.pid == getpid() && geteuid() == 0 && strcmp(k.account, account) == 0 && kept_is_there(&k))
                fd = fcntl(k.fd, F_DUPFD_CLOEXEC, 3);
        /* Releases what was kept, and closes its descriptor; the copy is what goes on. */
        if (pam_set_data(pamh, kept_name, NULL, NULL) != PAM_SUCCESS)
                auto_closep(&fd), fd = -1;
        return fd;
}
