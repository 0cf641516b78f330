/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * errno-text.c - what the system says went wrong, in the language of the moment
 */

#include "errno-text.h"

#include "cleanup.h"
#include "i18n.h"

#include <errno.h>
#include <string.h>

/* In libc's words, so that what others say with strerrordesc_np() is found in the catalogue as well. */
static const char *const errors[] = {
        [EPERM]        = N_("Operation not permitted"),
        [ENOENT]       = N_("No such file or directory"),
        [EINTR]        = N_("Interrupted system call"),
        [EIO]          = N_("Input/output error"),
        [ENXIO]        = N_("No such device or address"),
        [EBADF]        = N_("Bad file descriptor"),
        [EAGAIN]       = N_("Resource temporarily unavailable"),
        [ENOMEM]       = N_("Cannot allocate memory"),
        [EACCES]       = N_("Permission denied"),
        [EBUSY]        = N_("Device or resource busy"),
        [EEXIST]       = N_("File exists"),
        [ENOTDIR]      = N_("Not a directory"),
        [EISDIR]       = N_("Is a directory"),
        [EINVAL]       = N_("Invalid argument"),
        [ENFILE]       = N_("Too many open files in system"),
        [EMFILE]       = N_("Too many open files"),
        [EFBIG]        = N_("File too large"),
        [ENOSPC]       = N_("No space left on device"),
        [EROFS]        = N_("Read-only file system"),
        [EPIPE]        = N_("Broken pipe"),
        [ENAMETOOLONG] = N_("File name too long"),
        [ENOSYS]       = N_("Function not implemented"),
        [ELOOP]        = N_("Too many levels of symbolic links"),
        [EBADMSG]      = N_("Bad message"),
        [EOVERFLOW]    = N_("Value too large for defined data type"),
        [EOPNOTSUPP]   = N_("Operation not supported"),
        [ESTALE]       = N_("Stale file handle"),
        [EDQUOT]       = N_("Disk quota exceeded"),
};

const char *errno_text(int r) {
        const char *text = strerrordesc_np(-r);

        if (r < 0 && (size_t) -r < N_ELEMENTS(errors) && errors[-r])
                return _(errors[-r]);
        return text ? text : _("a system error");
}
