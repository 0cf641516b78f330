/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * host-files.c - the files of this host that careid check looks at
 *
 * They are read as root, whole, and looked into later, as somebody else.
 */

#include "host-files.h"

#include "cleanup.h"
#include "console-font.h"
#include "errno-text.h"
#include "outcome.h"
#include "places.h"
#include "words.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <shadow.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { PATH_SIZE = 512, SHADOW_BUFFER = 4096 };

static void file_done(struct check_file *f) {
        free(f->name);
        free(f->text);
        *f = (struct check_file) { 0 };
}

void host_files_done(struct host_files *h) {
        struct check_file *const single[] = { &h->nsswitch, &h->login_defs, &h->subuid, &h->subgid, &h->passwd, &h->group,
                                              &h->breakglass, &h->mounts, &h->audit_rules, &h->samba };

        for (size_t i = 0; i < N_ELEMENTS(single); i++)
                file_done(single[i]);
        for (size_t i = 0; i < h->n_stacks; i++)
                file_done(&h->stacks[i]);
        for (size_t i = 0; i < h->n_sshd; i++)
                file_done(&h->sshd[i]);
        for (size_t i = 0; i < h->n_sssd; i++)
                file_done(&h->sssd[i]);
        for (size_t i = 0; i < h->n_audit_parts; i++)
                file_done(&h->audit_parts[i]);
        *h = (struct host_files) { 0 };
}

static int file_read(const char *path, const char *name, struct check_file *ret) {
        auto_free char *text = NULL;
        auto_close int fd = -1;
        struct stat st;
        size_t n = 0;

        *ret = (struct check_file) { .name = strdup(name) };
        if (!ret->name)
                return -ENOMEM;
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (fd < 0 || fstat(fd, &st) < 0) {
                ret->error = errno == ENOENT ? 0 : -errno;
                return 0;
        }
        if (!S_ISREG(st.st_mode))
                return 0;
        text = malloc(CHECK_FILE_MAX + 1);
        if (!text)
                return -ENOMEM;
        for (;;) {
                /* One byte more than may be, so that what is too long is seen, not cut. */
                const ssize_t k = read(fd, text + n, CHECK_FILE_MAX + 1 - n);

                if (k < 0 && errno == EINTR)
                        continue;
                if (k < 0 || n + (size_t) k > CHECK_FILE_MAX) {
                        ret->error = k < 0 ? -errno : -EFBIG;
                        return 0;
                }
                if (k == 0)
                        break;
                n += (size_t) k;
        }
        text[n] = '\0';
        ret->text = STEAL_PTR(text);
        ret->n = n;
        return 0;
}

int host_file_read(const char *path, struct check_file *ret) {
        return file_read(path, path, ret);
}

void host_file_done(struct check_file *f) {
        file_done(f);
}

static int compare_files(const void *a, const void *b) {
        return strcmp(((const struct check_file *) a)->name, ((const struct check_file *) b)->name);
}

/* As augenrules(8) takes them: 9-a before 10-b. */
static int compare_numbered(const void *a, const void *b) {
        return strverscmp(((const struct check_file *) a)->name, ((const struct check_file *) b)->name);
}

/* The files of a directory whose names end in @suffix, sorted, @max at most. */
static int directory_read(const char *path, const char *suffix, struct check_file *files, size_t max, size_t *n) {
        const size_t n_suffix = strlen(suffix), first = *n;
        const struct dirent *entry;
        DIR *d = opendir(path);
        int r = 0;

        if (!d)
                return 0;
        while (r == 0 && *n < max && (entry = readdir(d))) {
                const size_t length = strlen(entry->d_name);
                char whole[PATH_SIZE];

                if (entry->d_name[0] == '.' || length < n_suffix ||
                    strcmp(entry->d_name + length - n_suffix, suffix) != 0)
                        continue;
                (void) snprintf(whole, sizeof whole, "%s/%s", path, entry->d_name);
                r = file_read(whole, entry->d_name, &files[*n]);
                ++*n;
        }
        (void) closedir(d);
        qsort(files + first, *n - first, sizeof *files, compare_files);
        return r;
}

static bool includes_directory(const struct check_file *f) {
        struct scan file = scan_bytes(f->text ? f->text : "", f->text ? f->n : 0), line;
        const char *word;
        size_t n;

        while (words_line(&file, &line))
                if (words_next(&line, &word, &n) && words_same(word, n, "Include") &&
                    words_next(&line, &word, &n) && words_same(word, n, "/etc/ssh/sshd_config.d/*.conf"))
                        return true;
        return false;
}

/* The main file last: on Debian its Include stands first, and the first value counts. */
static int sshd_read(struct host_files *h) {
        struct check_file main_file;
        int r;

        r = file_read("/etc/ssh/sshd_config", "/etc/ssh/sshd_config", &main_file);
        if (r < 0 || !main_file.text) {
                file_done(&main_file);
                return r;
        }
        if (includes_directory(&main_file))
                r = directory_read("/etc/ssh/sshd_config.d", ".conf", h->sshd, CHECK_SSHD_MAX - 1, &h->n_sshd);
        h->sshd[h->n_sshd++] = main_file;
        return r;
}

/* The program says its release to every client; asking a running one would take a network. */
static struct check_sshd_release sshd_release(void) {
        auto_close int fd = open("/usr/sbin/sshd", O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        struct check_sshd_release release = { 0 };
        struct stat st;
        char *program;

        if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > CHECK_PROGRAM_MAX)
                return release;
        program = mmap(NULL, (size_t) st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (program == MAP_FAILED)
                return release;
        release = check_sshd_release_find(program, (size_t) st.st_size);
        (void) munmap(program, (size_t) st.st_size);
        return release;
}

/* Nothing there in a container, or without a screen. */
static struct check_console console(void) {
        auto_close int fd = open("/dev/tty1", O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        struct winsize w;

        if (fd < 0 || ioctl(fd, TIOCGWINSZ, &w) < 0 || w.ws_row == 0 || w.ws_col == 0)
                return (struct check_console) { .is_there = false };
        return (struct check_console) {
                .is_there = true,
                .half_blocks = console_font_has_half_blocks(fd),
                .rows = w.ws_row,
                .columns = w.ws_col,
        };
}

/* One that a log-in at the console would take, as far as can be seen. */
static bool root_has_password(void) {
        char buffer[SHADOW_BUFFER];
        struct spwd entry, *found = NULL;
        bool has;

        has = getspnam_r("root", &entry, buffer, sizeof buffer, &found) == 0 && found && found->sp_pwdp &&
              found->sp_pwdp[0] != '!' && found->sp_pwdp[0] != '*';
        explicit_bzero(buffer, sizeof buffer);
        return has;
}

/* A number that is left over may be another program's by now. */
static bool auditd_runs(void) {
        AUTO(file_done) struct check_file number = { 0 }, comm = { 0 };
        char path[PATH_SIZE];
        uint32_t pid;

        if (file_read("/run/auditd.pid", "auditd.pid", &number) < 0 || !number.text)
                return false;
        number.text[strcspn(number.text, "\n")] = '\0';
        if (!scan_whole_u32(number.text, INT32_MAX, &pid))
                return false;
        (void) snprintf(path, sizeof path, "/proc/%u/comm", (unsigned) pid);
        return file_read(path, "comm", &comm) == 0 && comm.text && strcmp(comm.text, "auditd\n") == 0;
}

int host_files_read(struct host_files *ret) {
        const struct {
                const char        *path;
                struct check_file *file;
        } single[] = {
                { "/etc/nsswitch.conf",          &ret->nsswitch },
                { "/proc/self/mountinfo",        &ret->mounts },
                { "/etc/login.defs",             &ret->login_defs },
                { "/etc/subuid",                 &ret->subuid },
                { "/etc/subgid",                 &ret->subgid },
                { "/etc/passwd",                 &ret->passwd },
                { "/etc/group",                  &ret->group },
                { CAREID_CONFIG_DIR "/breakglass", &ret->breakglass },
                { "/etc/audit/audit.rules",      &ret->audit_rules },
                { "/etc/samba/smb.conf",         &ret->samba },
        };
        int r = 0;

        *ret = (struct host_files) { 0 };
        for (size_t i = 0; r == 0 && i < N_ELEMENTS(single); i++)
                r = file_read(single[i].path, single[i].path, single[i].file);
        if (r == 0)
                r = directory_read("/etc/pam.d", "", ret->stacks, CHECK_STACKS_MAX, &ret->n_stacks);
        if (r == 0)
                r = sshd_read(ret);
        if (r == 0)
                r = file_read("/etc/sssd/sssd.conf", "/etc/sssd/sssd.conf", &ret->sssd[ret->n_sssd++]);
        if (r == 0)
                r = directory_read("/etc/sssd/conf.d", ".conf", ret->sssd, CHECK_SSSD_MAX, &ret->n_sssd);
        if (r == 0)
                r = directory_read("/etc/audit/rules.d", ".rules", ret->audit_parts, CHECK_AUDIT_MAX, &ret->n_audit_parts);
        if (r == 0)
                qsort(ret->audit_parts, ret->n_audit_parts, sizeof *ret->audit_parts, compare_numbered);
        if (r < 0)
                host_files_done(ret);
        else {
                ret->root_has_password = root_has_password();
                ret->auditd_runs = auditd_runs();
                ret->sshd_release = sshd_release();
                ret->console = console();
        }
        return r;
}

void host_files_check(const struct host_files *h, struct check *c) {
        const struct check_file *const single[] = { &h->nsswitch, &h->login_defs, &h->subuid, &h->subgid, &h->passwd, &h->group,
                                                    &h->breakglass, &h->mounts, &h->audit_rules, &h->samba };

        for (size_t i = 0; i < N_ELEMENTS(single); i++)
                check_unreadable(c, single[i], errno_text(single[i]->error));
        for (size_t i = 0; i < h->n_stacks; i++)
                check_unreadable(c, &h->stacks[i], errno_text(h->stacks[i].error));
        for (size_t i = 0; i < h->n_sshd; i++)
                check_unreadable(c, &h->sshd[i], errno_text(h->sshd[i].error));
        for (size_t i = 0; i < h->n_sssd; i++)
                check_unreadable(c, &h->sssd[i], errno_text(h->sssd[i].error));
        for (size_t i = 0; i < h->n_audit_parts; i++)
                check_unreadable(c, &h->audit_parts[i], errno_text(h->audit_parts[i].error));
}
