/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bankid-files.c - the files that [bankid] names
 */

#include "bankid-files.h"

#include "cleanup.h"
#include "config-files.h"
#include "config-value.h"
#include "i18n.h"
#include "places.h"
#include "trusted-file.h"

#include <errno.h>
#include <string.h>

struct secret_text {
        char  *text;
        size_t n;
};

static void secret_done(struct secret_text *s) {
        if (s->text)
                explicit_bzero(s->text, s->n);
        free(s->text);
}

static int file_read(const char *option, const char *path, uid_t owner, mode_t mode, struct secret_text *ret,
                     char complaint[static CONFIG_COMPLAINT_MAX]) {
        const int r = trusted_read(path, owner, mode, BANKID_FILE_MAX, &ret->text, &ret->n);
        char now[64];

        if (r == 0)
                return CONFIG_OK;
        if (r == -ENOENT)
                return config_complain(complaint, _("[bankid] %s: there is no file %s"), option, path);
        if (r == -EFBIG)
                return config_complain(complaint, _("[bankid] %s: %s is larger than %d KiB"), option, path,
                                       BANKID_FILE_MAX / 1024);
        if ((r == -EPERM || r == -EACCES || r == -ELOOP) && owner == 0)
                return config_complain(complaint,
                                       _("[bankid] %s: %s must be a plain file of root, mode 0644, in "
                                         "directories that only root can write to and %s can enter%s"),
                                       option, path, CAREID_USER, config_file_now(path, now));
        if (r == -EPERM || r == -EACCES || r == -ELOOP)
                return config_complain(complaint,
                                       _("[bankid] %s: %s must be a plain file of %s, mode 0400, in "
                                         "directories that only root can write to and %s can enter%s"),
                                       option, path, CAREID_USER, CAREID_USER, config_file_now(path, now));
        return r;
}

int bankid_file_judge(const struct config *c, enum bankid_file which, uid_t owner, int64_t now,
                      struct certificate_facts *ret, char complaint[static CONFIG_COMPLAINT_MAX]) {
        AUTO(secret_done) struct secret_text certificate = { 0 }, key = { 0 }, ca = { 0 };
        const char *option = "certificate", *path = c->bankid_certificate;
        int r = -EINVAL;

        switch (which) {
        case BANKID_CERTIFICATE:
                r = file_read(option, path, 0, 0644, &certificate, complaint);
                if (r == CONFIG_OK)
                        r = certificate_judge(certificate.text, certificate.n, NULL, 0, now, ret);
                else
                        return r;
                break;
        case BANKID_KEY:
                option = "key";
                path = c->bankid_key;
                r = file_read("certificate", c->bankid_certificate, 0, 0644, &certificate, complaint);
                if (r == CONFIG_OK)
                        r = file_read(option, path, owner, 0400, &key, complaint);
                if (r != CONFIG_OK)
                        return r;
                r = certificate_judge(certificate.text, certificate.n, key.text, key.n, now, ret);
                /* The certificate's own faults are told with the certificate. */
                if (r == CERTIFICATE_E_NOT_PEM || r == CERTIFICATE_E_EXPIRED || r == CERTIFICATE_E_NOT_YET)
                        r = CERTIFICATE_OK;
                break;
        case BANKID_CA:
                option = "ca";
                path = c->bankid_ca;
                r = file_read(option, path, 0, 0644, &ca, complaint);
                if (r != CONFIG_OK)
                        return r;
                r = certificate_judge_all(ca.text, ca.n, now, ret);
                break;
        }
        if (r < 0)
                return r;
        if (r != CERTIFICATE_OK)
                return config_complain(complaint, "[bankid] %s: %s: %s", option, path, certificate_text(r));
        return CONFIG_OK;
}
