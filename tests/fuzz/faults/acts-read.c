/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * acts-read.c - scenes of what the helper reads before it converses: configuration, key and certificates
 */

#include "act-scenes.h"

#include "fault.h"
#include "scene.h"

#include "bankid-context.h"
#include "bankid-material.h"
#include "cleanup.h"
#include "config.h"
#include "trusted-file.h"
#include "warm.h"

#include <errno.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int rehearsal(void) {
        warm_crypto();
        return 0;
}

static int file(void) {
        auto_free char *text = NULL;
        size_t n;

        return trusted_read("/etc/passwd", 0, 0644, ACT_FILE_MAX, &text, &n);
}

/* A certificate; what reads it wants files whose parents are root's alone, which one of a test has not. */
static char *certificate;
static size_t n_certificate;

int scene_trusted_read(const char *path, uid_t owner, mode_t mode, size_t max, char **ret, size_t *ret_n);

int scene_trusted_read(const char *path, uid_t owner, mode_t mode, size_t max, char **ret, size_t *ret_n) {
        (void) path;
        (void) owner;
        (void) mode;
        if (n_certificate > max)
                return -EFBIG;
        *ret = strndup(certificate, n_certificate);
        if (!*ret)
                return -ENOMEM;
        *ret_n = n_certificate;
        return 0;
}

static int material(void) {
        static char url[] = "https://127.0.0.1:8443/rp/v6.0", path[] = "/nowhere";
        const struct config c = { .bankid_endpoint = url, .bankid_ca = path, .bankid_certificate = path, .bankid_key = path };
        char complaint[CONFIG_COMPLAINT_MAX];
        struct bankid_material m;
        int r;

        r = bankid_material_read(&c, geteuid(), &m, complaint);
        if (r < 0)
                return r;
        r = bankid_material_expires(&m) > FAULT_TIME ? 0 : -EDOM;       /* unknown: nobody is warned, and nothing else */
        bankid_material_done(&m);
        return r;
}

/* A key, a certificate for it, and one of somebody else's that is sent along. */
static struct bankid_material ours;

static void ours_make(void) {
        EVP_PKEY *key = EVP_EC_gen("P-256");
        X509 *x = X509_new();
        static BIO *text, *key_text;                    /* until the program ends */

        text = BIO_new(BIO_s_mem());
        key_text = BIO_new(BIO_s_mem());
        if (!key || !x || !text || !key_text || X509_set_version(x, 2) != 1 || ASN1_INTEGER_set(X509_get_serialNumber(x), 1) != 1 ||
            !X509_gmtime_adj(X509_getm_notBefore(x), 0) || !X509_gmtime_adj(X509_getm_notAfter(x), 60) ||
            X509_set_pubkey(x, key) != 1 || X509_sign(x, key, EVP_sha256()) <= 0 || PEM_write_bio_X509(text, x) != 1 ||
            BIO_write(text, certificate, (int) n_certificate) <= 0 ||
            PEM_write_bio_PrivateKey(key_text, key, NULL, NULL, 0, NULL, NULL) != 1)
                abort();
        ours.n_certificate = (size_t) BIO_get_mem_data(text, &ours.certificate);
        ours.n_key = (size_t) BIO_get_mem_data(key_text, &ours.key);
        X509_free(x);
        EVP_PKEY_free(key);
}

static int context(void) {
        SSL_CTX *filled;
        int64_t expires;
        const char *why;
        bool whole;

        fault_pause();
        filled = SSL_CTX_new(TLS_client_method());
        fault_resume();
        if (!filled)
                abort();
        why = bankid_context_fill(filled, &ours, &expires);
        fault_pause();
        whole = SSL_CTX_check_private_key(filled) == 1;
        SSL_CTX_free(filled);
        fault_resume();
        if (why)
                return -EBADMSG;
        /* The key read as one of any kind, or a day that nobody knows: no failure, and no success to be wondered at. */
        return whole && fault_n_done() > 0 ? -EDOM : 0;
}

static int configuration(void) {
        static const char text[] = "[network]\ninside = 192.0.2.0/24 2001:db8::/32\nseen-as = 192.0.2.0/24 198.51.100.1\n"
                                   "[bankid]\nendpoint = https://127.0.0.1:8443/\n";
        char complaint[CONFIG_COMPLAINT_MAX];
        struct config c, again;
        auto_free char *compiled = NULL;
        size_t n;
        int r;

        r = config_init(&c);
        if (r != 0)
                return r;
        r = config_parse(&c, "test", text, sizeof text - 1, complaint);
        if (r == CONFIG_OK)
                r = config_compile(&c, &compiled, &n);
        config_done(&c);
        if (r != CONFIG_OK)
                return r;
        r = config_init(&again);
        if (r != 0)
                return r;
        r = config_load(&again, compiled, n, complaint);
        if (r == CONFIG_OK && (!config_networks_have(&again.inside, "192.0.2.7") ||
                               config_networks_have(&again.inside, "198.51.100.1")))
                r = -EDOM;
        config_done(&again);
        return r;
}

static const struct scene {
        const char *name;
        int       (*run)(void);
} scenes[] = {
        { "the rehearsal of a handshake", rehearsal },
        { "a trusted file is read",       file },
        { "certificate and key are read", material },
        { "they go into a context of TLS", context },
        { "the configuration is read",    configuration },
};

static const struct scene *now;

static void before(size_t row) {
        now = &scenes[row];
}

static int play(void) {
        return now->run();
}

static struct scene_end check(int result) {
        return act_ended(result, now->run != rehearsal);          /* that ends the same whatever fails              */
}

static void begin(void) {
        certificate = act_file(BANKID_ROOT, &n_certificate);
        ours_make();
}

const struct scenes acts_read = { SCENE_ROWS(scenes), .begin = begin, .before = before, .play = play, .check = check };
