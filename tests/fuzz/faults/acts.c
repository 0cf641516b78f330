/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * acts.c - scenes of what changes and publishes the care directory, and of what the helper does before it converses
 *
 * An act of the directory either succeeds, and stands there with its one entry
 * in the audit trail, or nothing of it does.  A publication that fails leaves
 * no file of its own, and never another page of epochs than the one that
 * readers have mapped.
 */

#include "../../count-fds.h"
#include "fault.h"
#include "scene.h"

#include "bankid-context.h"
#include "bankid-material.h"
#include "clients.h"
#include "fixture.h"
#include "place-find.h"
#include "snapshot-builder.h"
#include "trusted-file.h"
#include "warm.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-login.h>
#include <unistd.h>

#define SAID "{\"signature\":\"said\"}"

enum { FILE_MAX = 4 << 20 };

static const struct directory_act *const act = &fixture_act;
static int64_t person_anna, login_anna;

/* -- What is done: 0, a verdict, or a negative errno ------------------------------------------------------------------- */

static int with_directory(enum directory_mode mode, int (*run)(struct directory *d)) {
        AUTO(directory_closep) struct directory *d = NULL;
        const int r = directory_open(mode, &d);

        return r == DIRECTORY_OK && run ? run(d) : r;
}

static int person(struct directory *d) {
        int64_t id;

        return directory_person_add(d, act, "Cecilia", "Ceder", "C. C.", "da", &id);
}

static int number(struct directory *d) {
        return directory_identity_set(d, act, person_anna, "SE", "189001019802", true);
}

static int account(struct directory *d) {
        return directory_account_add(d, act, person_anna, "oakclinic", "anna2", "staff", "careid", "/home/anna2", "/bin/bash", NULL);
}

static int assignment(struct directory *d) {
        int64_t id;

        return directory_assignment_add(d, act, "bo", "nurse", "elm", "2026-12-01", "2026-12-24", &id);
}

static int assignment_end(struct directory *d) {
        return directory_assignment_end(d, act, 1);
}

static int unit(struct directory *d) {
        return directory_unit_add(d, act, "oakclinic", "ash", "Ward Ash");
}

static int archive(struct directory *d) {
        return directory_archive(d, act, "account", "bo", true);
}

static int evidence(struct directory *d) {
        AUTO(directory_evidence_done) struct directory_evidence e = { .login = 0 };

        return directory_evidence_read(d, act, login_anna, "evidence.show", &e);
}

static int prune(struct directory *d) {
        const struct directory_act later = { .actor = "uid:0", .now = FIXTURE_NOW + 3 };
        int64_t n = 0;
        int r;

        r = directory_evidence_prune(d, &later, &n);
        return r == DIRECTORY_OK && n != 1 ? -EDOM : r;
}

static int list(struct directory *d) {
        AUTO(directory_list_closep) struct directory_list *rows = NULL;
        const char *values[DIRECTORY_COLUMNS_MAX];
        const char *const *columns;
        int r, n = 0;

        r = directory_list_open(d, "assignments", NULL, FIXTURE_NOW, &columns, &rows);
        while (r == DIRECTORY_OK) {
                r = directory_list_next(rows, values);
                n += r == DIRECTORY_OK;
        }
        if (r != DIRECTORY_E_NOT_FOUND)
                return r;
        return n == 1 ? DIRECTORY_OK : -EDOM;           /* a list that ends early would be one with a gap */
}

static int audit(struct directory *d) {
        int64_t sequence;
        uint8_t hash[32];

        return directory_audit_verify(d, &sequence, hash);
}

static int readiness(struct directory *d) {
        struct directory_readiness n;
        const int r = directory_readiness(d, FIXTURE_NOW, &n);

        return r == DIRECTORY_OK && (n.accounts != 2 || n.no_se_number != 1 || n.no_assignment != 1) ? -EDOM : r;
}

static int client(struct directory *d) {
        return directory_client_add(d, act, person_anna, "oakclinic", NULL, NULL);
}

static int module(struct directory *d) {
        return directory_module_set(d, act, "oakclinic", "video", true);
}

static int contact(struct directory *d) {
        return directory_contact_set(d, act, person_anna, "phone", "+46701740606");
}

static int contact_look(struct directory *d) {
        auto_free char *value = NULL;
        const int r = directory_contact_read(d, act, person_anna, "phone", NULL, &value);

        return r == DIRECTORY_OK && strcmp(value, "+46701740605") != 0 ? -EDOM : r;
}

static int leave(struct directory *d) {
        struct directory_left left;
        const int r = directory_person_leave(d, act, person_anna, &left);

        return r == DIRECTORY_OK && (left.assignments != 1 || left.accounts != 1) ? -EDOM : r;
}

static int rotate(struct directory *d) {
        struct directory_rotated done;
        const int r = directory_keys_rotate(d, act, &done);

        return r == DIRECTORY_OK && (done.id != 2 || done.contacts != 1) ? -EDOM : r;
}

static int publish(struct directory *d) {
        return directory_publish(d, FIXTURE_NOW);
}

static int create(void)         { return with_directory(DIRECTORY_CREATE, NULL); }
static int person_add(void)     { return with_directory(DIRECTORY_WRITE, person); }
static int number_set(void)     { return with_directory(DIRECTORY_WRITE, number); }
static int account_add(void)    { return with_directory(DIRECTORY_WRITE, account); }
static int assign(void)         { return with_directory(DIRECTORY_WRITE, assignment); }
static int unassign(void)       { return with_directory(DIRECTORY_WRITE, assignment_end); }
static int unit_add(void)       { return with_directory(DIRECTORY_WRITE, unit); }
static int archive_add(void)    { return with_directory(DIRECTORY_WRITE, archive); }
static int client_add(void)     { return with_directory(DIRECTORY_WRITE, client); }
static int module_on(void)      { return with_directory(DIRECTORY_WRITE, module); }
static int contact_set(void)    { return with_directory(DIRECTORY_WRITE, contact); }
static int contact_read(void)   { return with_directory(DIRECTORY_WRITE, contact_look); }
static int person_leave(void)   { return with_directory(DIRECTORY_WRITE, leave); }
static int keys_rotate(void)    { return with_directory(DIRECTORY_WRITE, rotate); }
static int evidence_read(void)  { return with_directory(DIRECTORY_WRITE, evidence); }
static int evidence_prune(void) { return with_directory(DIRECTORY_WRITE, prune); }
static int list_read(void)      { return with_directory(DIRECTORY_READ, list); }
static int audit_verify(void)   { return with_directory(DIRECTORY_READ, audit); }
static int readiness_read(void) { return with_directory(DIRECTORY_READ, readiness); }
static int publish_anew(struct directory *d) {
        return directory_publish_anew(d, FIXTURE_NOW);
}
static int publication(void)    { return with_directory(DIRECTORY_WRITE, publish); }
static int republication(void)  { return with_directory(DIRECTORY_WRITE, publish_anew); }

static int rehearsal(void) {
        warm_crypto();
        return 0;
}

static int file(void) {
        auto_free char *text = NULL;
        size_t n;

        return trusted_read("/etc/passwd", 0, 0644, FILE_MAX, &text, &n);
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

/* -- The session that somebody is in, as kernel and logind have it: the scenes make both up -------------------------------- */

static const struct session {
        const char *state, *seat, *tty, *remote_host;
} at_seat = { "active", "seat0", "tty1", NULL }, is_closing = { "closing", "seat0", "tty1", NULL },
  from_afar = { "active", NULL, "pts/0", "198.51.100.7" }, *by_kernel, *by_group;

static const char *kernels_number(const char *path) {
        const char *const name = strrchr(path, '/');

        return name && strcmp(name, "/sessionid") == 0 ? fixture_file("config", by_kernel ? "number" : "none") : path;
}

static const struct session *session_of(const char *id) {
        return strcmp(id, "7") == 0 ? by_kernel : by_group;
}

static int tell(const char *name, const char *what, char **ret) {
        if (fault_now(name))
                return -ENOMEM;
        if (!what)
                return -ENODATA;
        fault_pause();
        *ret = strdup(what);
        fault_resume();
        return *ret ? 0 : -ENOMEM;
}

int sd_pid_get_session(pid_t pid, char **ret) {
        (void) pid;
        return tell("sd_pid_get_session", by_group ? "c1" : NULL, ret);
}

int sd_pid_get_owner_uid(pid_t pid, uid_t *ret) {
        (void) pid;
        if (fault_now("sd_pid_get_owner_uid"))
                return -ENOMEM;
        *ret = 1000;
        return by_group ? 0 : -ENODATA;
}

int sd_session_is_remote(const char *id) {
        return fault_now("sd_session_is_remote") ? -ENOMEM : session_of(id)->remote_host != NULL;
}

int sd_session_get_state(const char *id, char **ret) {
        return tell("sd_session_get_state", session_of(id)->state, ret);
}

int sd_session_get_seat(const char *id, char **ret) {
        return tell("sd_session_get_seat", session_of(id)->seat, ret);
}

int sd_session_get_tty(const char *id, char **ret) {
        return tell("sd_session_get_tty", session_of(id)->tty, ret);
}

int sd_session_get_remote_host(const char *id, char **ret) {
        return tell("sd_session_get_remote_host", session_of(id)->remote_host, ret);
}

static enum place_kind said_to_be, is_at;

static int place_is(const struct session *kernel, const struct session *group, enum place_kind want) {
        struct place place;

        by_kernel = kernel;
        by_group = group;
        place_find(getpid(), &place);
        said_to_be = place.kind;
        is_at = want;
        return said_to_be == is_at ? 0 : -EDOM;
}

static int by_both(void)         { return place_is(&at_seat, &at_seat, PLACE_HERE); }
static int by_kernel_alone(void) { return place_is(&at_seat, NULL, PLACE_HERE); }
static int by_group_alone(void)  { return place_is(NULL, &at_seat, PLACE_HERE); }
static int closing(void)         { return place_is(&is_closing, NULL, PLACE_UNKNOWN); }
static int kernel_objects(void)  { return place_is(&from_afar, &at_seat, PLACE_REMOTE); }
static int group_objects(void)   { return place_is(&at_seat, &from_afar, PLACE_REMOTE); }

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
        unsigned    entries;            /* that it makes in the audit trail                               */
        const char *changes;            /* the table that has a row more or less then, or NULL            */
} scenes[] = {
        { "a directory is made",          create,         1, NULL         },
        { "a person is added",            person_add,     1, "person"     },
        { "a number is replaced",         number_set,     1, NULL         },
        { "an account is added",          account_add,    1, "account"    },
        { "an assignment is added",       assign,         1, "assignment" },
        { "an assignment ends",           unassign,       1, NULL         },
        { "a unit is added",              unit_add,       1, "unit"       },
        { "an account is archived",       archive_add,    1, NULL         },
        { "a client is added",            client_add,     1, "client"     },
        { "a module is switched on",      module_on,      1, "organisation_module" },
        { "a phone number is registered", contact_set,    1, "contact"    },
        { "a phone number is read",       contact_read,   1, NULL         },
        { "somebody leaves",              person_leave,   1, NULL         },
        { "new keys are made",            keys_rotate,    1, NULL         },
        { "evidence is read",             evidence_read,  1, NULL         },
        { "evidence is over",             evidence_prune, 1, "evidence"   },
        { "a list is read",               list_read,      0, NULL         },
        { "the audit trail is verified",  audit_verify,   0, NULL         },
        { "who can't log in",             readiness_read, 0, NULL         },
        { "the snapshots are published",  publication,    0, NULL         },
        { "they are written anew",        republication,  0, NULL         },
        { "at a seat, by both",           by_both,         0, NULL         },
        { "at a seat, by the kernel",     by_kernel_alone, 0, NULL         },
        { "at a seat, by its group",      by_group_alone,  0, NULL         },
        { "a session that is closing",    closing,         0, NULL         },
        { "elsewhere, says the kernel",   kernel_objects,  0, NULL         },
        { "elsewhere, says its group",    group_objects,   0, NULL         },
        { "the rehearsal of a handshake", rehearsal,      0, NULL         },
        { "a trusted file is read",       file,           0, NULL         },
        { "certificate and key are read", material,       0, NULL         },
        { "they go into a context of TLS", context,       0, NULL         },
        { "the configuration is read",    configuration,  0, NULL         },
};

const char *const scenes_title = "acts";
static const struct scene *now;
static int result;

size_t scenes_count(void) {
        return N_ELEMENTS(scenes);
}

const char *scene_name(size_t scene) {
        return scenes[scene].name;
}

int scene_granted(void) {
        return result == 0 && now->run != rehearsal && now->run != closing;        /* those end the same whatever fails */
}

__attribute__((__noreturn__)) static void broken(const char *what) {
        scene_broken(now->name, what);
}

/* -- The same place for each scene ----------------------------------------------------------------------------------------- */

static struct kept {
        const char *place, *name;
        mode_t      mode;
        char       *bytes;
        size_t      n;
} kept[] = {
        { "state",     "directory.db",           0600, NULL, 0 },
        { "config",    "keys/number-hmac.1",     0400, NULL, 0 },
        { "config",    "keys/number-cipher.1",   0400, NULL, 0 },
};

static void slurp_path(struct kept *k, const char *path) {
        FILE *f = fopen(path, "re");

        k->bytes = malloc(FILE_MAX);
        if (!f || !k->bytes || (k->n = fread(k->bytes, 1, FILE_MAX, f)) == 0) {
                perror(path);
                exit(1);
        }
        (void) fclose(f);
}

static void slurp(struct kept *k) {
        slurp_path(k, fixture_file(k->place, k->name));
}

static void empty(const char *place) {
        const char *const path = fixture_place(place);
        DIR *d = opendir(path);

        for (struct dirent *e; d && (e = readdir(d)); )
                if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
                        (void) unlinkat(dirfd(d), e->d_name, 0);
        if (d)
                (void) closedir(d);
}

static void restore(void) {
        empty("state");
        empty("config/keys");
        if (now->run == create)
                return;
        for (size_t i = 0; i < N_ELEMENTS(kept); i++) {
                auto_close int fd = open(fixture_file(kept[i].place, kept[i].name), O_WRONLY | O_CREAT | O_CLOEXEC, kept[i].mode);

                if (fd < 0 || write(fd, kept[i].bytes, kept[i].n) != (ssize_t) kept[i].n)
                        broken("the directory can't be put back");
        }
}

/* -- The rules --------------------------------------------------------------------------------------------------------- */

static int64_t count(const char *table) {
        char query[64];

        (void) snprintf(query, sizeof query, "SELECT count(*) FROM %s", table);
        return fixture_number(query);
}

/* What no reader looks for: temporary files, and a delta that waits for its public one. */
static size_t count_leftovers(void) {
        DIR *d = opendir(fixture_place("snapshots"));
        size_t n = 0;

        for (struct dirent *e; d && (e = readdir(d)); )
                n += strstr(e->d_name, ".new") || strcmp(e->d_name, SNAPSHOT_NEXT_DELTA) == 0;
        if (d)
                (void) closedir(d);
        return n;
}

static void check_act(int64_t n_entries, int64_t n_rows) {
        const int64_t entries = count("audit") - n_entries;
        const int64_t rows = now->changes ? count(now->changes) - n_rows : 0;

        if (entries != (result == 0 ? (int64_t) now->entries : 0)) {
                /* It said that it failed when all was done but telling so. */
                if (result == 0 || entries != (int64_t) now->entries)
                        broken("other entries in the audit trail than acts that succeeded");
        }
        if (now->changes && (rows != 0) != (entries != 0))
                broken("half of an act stands");
        if (with_directory(DIRECTORY_READ, audit) != DIRECTORY_OK)
                broken("the audit trail does not verify");
}

static ino_t epoch(void) {
        struct stat st;

        return stat(fixture_file("snapshots", "epoch"), &st) < 0 ? 0 : st.st_ino;
}

/* What was begun and failed can be had once more, and then undisturbed. */
static void check_creation(void) {
        if (with_directory(DIRECTORY_CREATE, NULL) != DIRECTORY_OK)
                broken("what was left makes a second beginning fail");
        if (count("audit") != (int64_t) now->entries)
                broken("another number of entries than of beginnings");
}

int scene_play(size_t scene) {
        size_t n_fds, n_leftovers;
        int64_t n_entries = 0, n_rows = 0;
        ino_t page;

        fault_pause();
        now = &scenes[scene];
        result = -1;
        restore();
        n_fds = count_fds();
        n_leftovers = count_leftovers();
        page = epoch();
        if (now->run != create) {
                n_entries = count("audit");
                n_rows = now->changes ? count(now->changes) : 0;
        }
        fault_resume();

        result = now->run();

        fault_pause();
        if (said_to_be == PLACE_HERE && is_at != PLACE_HERE)
                broken("somebody elsewhere is said to be here");
        if (fault_n_done() == 0 && result != 0)
                broken("does not succeed, undisturbed");
        if (count_fds() != n_fds)
                broken("a descriptor is left open");
        if (now->run == create)
                check_creation();
        else
                check_act(n_entries, n_rows);
        if (epoch() != page)
                broken("readers have another page of epochs mapped than the writer");
        /* What an earlier scene could not remove may be there still, but not when somebody has published undisturbed. */
        if (count_leftovers() > n_leftovers && !fault_was("unlinkat") && !fault_was("renameat"))
                broken("a file is left beside the snapshots");
        if (count_leftovers() > 0 && fault_n_done() == 0 && (now->run == publication || now->run == republication))
                broken("a file is left beside the snapshots, by an earlier writer");
        fault_resume();
        return result + 1000;
}

void scenes_begin(void) {
        const struct directory_login approved = {
                .account = 1, .method = "bankid", .authenticator = "mobile", .assurance = "se-loa3", .host = "demo",
                .service = "sshd", .source = "192.0.2.7", .evidence = SAID, .n_evidence = sizeof SAID - 1,
                .evidence_until = FIXTURE_NOW + 2,
        };
        struct kept root = { .place = NULL };

        fault_plan(FAULT_NONE, 0, 0, 0);
        fault_pause();
        if (access("/dev/shm", W_OK) == 0)
                (void) setenv("TMPDIR", "/dev/shm", 0);         /* thousands of commits, and nothing to keep */
        fixture_begin();
        {
                auto_directory struct directory *d = fixture_clinic();
                struct directory_account anna;

                if (directory_login_add(d, &approved, FIXTURE_NOW, &login_anna) != DIRECTORY_OK ||
                    directory_contact_set(d, act, 1, "phone", "+46701740605") != DIRECTORY_OK ||
                    directory_account(d, "anna", FIXTURE_NOW, &anna) != DIRECTORY_OK ||
                    directory_publish(d, FIXTURE_NOW) != DIRECTORY_OK) {
                        fprintf(stderr, "the scenes can't be made: %s\n", directory_complaint(d));
                        exit(1);
                }
                person_anna = anna.person;
        }
        for (size_t i = 0; i < N_ELEMENTS(kept); i++)
                slurp(&kept[i]);
        slurp_path(&root, BANKID_ROOT);
        certificate = root.bytes, n_certificate = root.n;
        ours_make();
        {
                auto_close int fd = open(fixture_file("config", "number"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

                if (fd < 0 || write(fd, "7", 1) != 1)
                        abort();
        }
        fault_path = kernels_number;
        fault_resume();
}
