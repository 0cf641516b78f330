/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sending-files.c - the files that [sms] and [mail] name
 */

#include "sending-files.h"

#include "cleanup.h"
#include "config-files.h"
#include "config-value.h"
#include "i18n.h"
#include "places.h"
#include "trusted-file.h"

#include <errno.h>
#include <string.h>

struct contents {
        char  *text;
        size_t n;
};

static void contents_wipe(struct contents *c) {
        if (c->text)
                explicit_bzero(c->text, c->n);
        free(c->text);
}

static int read_or_complain(const char *section, const char *option, const char *path, uid_t owner, mode_t mode, size_t max,
                            struct contents *ret, char complaint[static CONFIG_COMPLAINT_MAX]) {
        const int r = trusted_read(path, owner, mode, max, &ret->text, &ret->n);
        char now[64];

        if (r == -ENOENT)
                return config_complain(complaint, _("[%s] %s: there is no file %s"), section, option, path);
        if (r == -EFBIG)
                return config_complain(complaint, _("[%s] %s: %s is larger than %zu bytes"), section, option, path, max);
        if (r == -EPERM || r == -EACCES || r == -ELOOP)
                return config_complain(complaint,
                                       _("[%s] %s: %s must be a plain file of %s, mode %s, in directories that only root can write to and %s can enter%s"),
                                       section, option, path, owner == 0 ? "root" : CAREID_USER, owner == 0 ? "0644" : "0400", CAREID_USER,
                                       config_file_now(path, now));
        return r == 0 ? CONFIG_OK : r;
}

static int judge_secret(const char *section, const char *path, uid_t owner, char complaint[static CONFIG_COMPLAINT_MAX]) {
        AUTO(contents_wipe) struct contents c = { .text = NULL };
        int r;

        if (!*path)
                return CONFIG_OK;
        r = read_or_complain(section, "secret", path, owner, 0400, SENDING_SECRET_MAX, &c, complaint);
        if (r != CONFIG_OK)
                return r;
        if (c.n > 0 && c.text[c.n - 1] == '\n')
                c.n--;
        for (size_t i = 0; i < c.n; i++)
                if (c.text[i] < ' ' || c.text[i] > '~')
                        c.n = 0;
        return c.n > 0 ? CONFIG_OK : config_complain(complaint, _("[%s] %s: %s must be one line of ASCII"), section, "secret", path);
}

static int judge_roots(const char *section, const char *path, char complaint[static CONFIG_COMPLAINT_MAX]) {
        AUTO(contents_wipe) struct contents c = { .text = NULL };

        return *path ? read_or_complain(section, "ca", path, 0, 0644, SENDING_ROOTS_MAX, &c, complaint) : CONFIG_OK;
}

int sending_files_judge(const struct config *c, uid_t owner, char complaint[static CONFIG_COMPLAINT_MAX]) {
        int r = CONFIG_OK;

        if (*c->sms_url) {
                r = judge_secret("sms", c->sms_secret, owner, complaint);
                if (r == CONFIG_OK)
                        r = judge_roots("sms", c->sms_ca, complaint);
        }
        if (r == CONFIG_OK && *c->mail_relay) {
                r = judge_secret("mail", c->mail_secret, owner, complaint);
                if (r == CONFIG_OK)
                        r = judge_roots("mail", c->mail_ca, complaint);
        }
        return r;
}
