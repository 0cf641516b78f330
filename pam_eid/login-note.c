/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * login-note.c - the number of a log-in, carried from one PAM call to the next
 */

#include "login-note.h"

#include "cleanup.h"
#include "wire.h"

#include <errno.h>
#include <string.h>

static const char note_name[] = "careid-login";

struct login_note {
        uint64_t login;
        char     user[WIRE_NAME_MAX + 1];
};

/* Memory only: there is nothing that a forked copy of the handle (PAM_DATA_SILENT) could undo twice. */
static void login_note_release(pam_handle_t *pamh, void *data, int status) {
        (void) pamh;
        (void) status;
        free(data);
}

int login_note_put(pam_handle_t *pamh, const char *user, uint64_t login) {
        auto_free struct login_note *note = NULL;
        const size_t n = strnlen(user, WIRE_NAME_MAX + 1);

        if (n > WIRE_NAME_MAX)
                return -EINVAL;
        note = calloc(1, sizeof *note);
        if (!note)
                return -ENOMEM;
        note->login = login;
        memcpy(note->user, user, n);
        if (pam_set_data(pamh, note_name, note, login_note_release) != PAM_SUCCESS)
                return -ENOMEM;
        (void) STEAL_PTR(note);
        return 0;
}

uint64_t login_note_get(pam_handle_t *pamh, const char *user) {
        const void *data = NULL;
        const struct login_note *note;

        if (pam_get_data(pamh, note_name, &data) != PAM_SUCCESS || !data)
                return 0;
        note = data;
        return strcmp(note->user, user) == 0 ? note->login : 0;
}
