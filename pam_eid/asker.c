/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * asker.c - the PAM items, copied and bounded
 *
 * Everything here comes from the host program, and part of it (the name) from
 * a stranger at the other end of the network.  PAM_USER is copied once, at the
 * start: verify.c compares it with what the item says at the end.
 */

#include "asker.h"

#include "cleanup.h"
#include "utf8.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pwd.h>
#include <string.h>

/* Copy @s if it fits whole and is fit to be a name; otherwise *ret is "". */
static bool name_copy(const char *s, char ret[static WIRE_NAME_MAX + 1]) {
        const size_t n = s ? strnlen(s, WIRE_NAME_MAX + 1) : 0;

        ret[0] = '\0';
        if (n == 0 || n > WIRE_NAME_MAX || !utf8_is_clean(s, n, UTF8_ONE_LINE))
                return false;
        memcpy(ret, s, n + 1);
        return true;
}

static const char *item_text(pam_handle_t *pamh, int item) {
        const void *value = NULL;

        return pam_get_item(pamh, item, &value) == PAM_SUCCESS ? value : NULL;
}

/*
 * The first word of @s, if it is an address literal; a zone ("%eth0") says
 * nothing to the other end.  Anything else is remote all the same: "no source"
 * would be a log-in at the machine itself.
 */
static void source_copy(const char *s, char ret[static INET6_ADDRSTRLEN]) {
        const size_t n = s ? strcspn(s, " %") : 0;
        uint8_t address[sizeof(struct in6_addr)];
        char literal[INET6_ADDRSTRLEN];

        memcpy(ret, ASKER_SOURCE_UNKNOWN, sizeof ASKER_SOURCE_UNKNOWN);
        if (n == 0 || n >= sizeof literal)
                return;
        memcpy(literal, s, n);
        literal[n] = '\0';
        if (inet_pton(AF_INET, literal, address) == 1 || inet_pton(AF_INET6, literal, address) == 1)
                memcpy(ret, literal, n + 1);
}

int asker_resolve(const char *name, bool *ret_known, uid_t *ret_uid, char account[WIRE_NAME_MAX + 1]) {
        auto_free char *buffer = NULL;
        struct passwd entry, *found = NULL;

        for (size_t n = 1024; n <= ASKER_ENTRY_MAX; n *= 2) {
                char *larger = realloc(buffer, n);
                int r;

                if (!larger)
                        return -ENOMEM;
                buffer = larger;
                r = getpwnam_r(name, &entry, buffer, n, &found);
                if (r == ERANGE)
                        continue;
                if (r == EINTR) {
                        n /= 2;
                        continue;
                }
                /* Some sources answer an unknown name with an error; these mean "no such name" (getpwnam_r(3)). */
                if (r != 0 && r != ENOENT && r != ESRCH && r != EBADF && r != EPERM)
                        return -r;
                *ret_known = r == 0 && found;
                *ret_uid = *ret_known ? found->pw_uid : (uid_t) -1;
                if (account && (!*ret_known || !name_copy(found->pw_name, account)))
                        account[0] = '\0';
                return 0;
        }
        return -ERANGE;
}

int asker_load(pam_handle_t *pamh, struct asker *ret) {
        const char *name = NULL, *tty, *info, *host;

        *ret = (struct asker) { .uid = (uid_t) -1 };
        if (!name_copy(item_text(pamh, PAM_SERVICE), ret->service))
                memcpy(ret->service, "unknown", sizeof "unknown");

        tty = item_text(pamh, PAM_TTY);
        ret->over_ssh = tty && strcmp(tty, "ssh") == 0;
        if (tty && strncmp(tty, "/dev/", 5) == 0)
                tty += 5;
        (void) name_copy(tty, ret->tty);

        if (ret->over_ssh) {
                /* Set by sshd itself; nothing of the client's environment has come this far. */
                source_copy(pam_getenv(pamh, "SSH_CONNECTION"), ret->source);
                info = pam_getenv(pamh, "SSH_AUTH_INFO_0");
                ret->after_key = info && strncmp(info, "publickey ", sizeof "publickey " - 1) == 0;
        }
        host = item_text(pamh, PAM_RHOST);
        if (!ret->over_ssh && host && host[0] != '\0')
                source_copy(host, ret->source);

        if (pam_get_user(pamh, &name, NULL) != PAM_SUCCESS || !name)
                return ASKER_E_NO_USER;
        if (!name_copy(name, ret->user))
                return ASKER_E_NAME;
        return asker_resolve(ret->user, &ret->resolves, &ret->uid, ret->account);
}

bool asker_is_system(const struct asker *asker) {
        return asker->resolves && asker->uid < ASKER_UID_MIN;
}

void asker_to_message(const struct asker *asker, struct wire_message *m) {
        wire_set_number(m, WIRE_TAG_VERSION, WIRE_VERSION);
        wire_set_string(m, WIRE_TAG_ACCOUNT, asker->user);
        wire_set_string(m, WIRE_TAG_SERVICE, asker->service);
        if (asker->tty[0] != '\0')
                wire_set_string(m, WIRE_TAG_TTY, asker->tty);
}

const char *asker_log_name(const struct asker *asker) {
        return asker->resolves ? asker->user : "?";
}
