/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * config-files.c - the files of the configuration
 *
 * A file that anybody but root could have written is refused, and named with
 * what its mode should be.  A name in careid.conf.d that does not end in
 * ".conf", or begins with a dot, is an editor's or a package's leftover and is
 * passed over.
 */

#include "config-files.h"

#include "cleanup.h"
#include "config-value.h"
#include "file-io.h"
#include "i18n.h"
#include "places.h"
#include "scan.h"
#include "trusted-file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define COMPILED_NAME "careid.compiled"
#define COMPILED_TEMPORARY ".careid.compiled.new"

enum { PATH_SIZE = 512, COMPILED_MAX = CONFIG_FILE_MAX, NAMES_MAX = 1024 };

static void dir_closep(DIR **d) {
        if (*d)
                (void) closedir(*d);
}

void config_files_done(struct config_files *files) {
        for (size_t i = 0; i < files->n; i++) {
                free(files->file[i].path);
                free(files->file[i].text);
        }
        memset(files, 0, sizeof *files);
}

const char *config_file_now(const char *path, char ret[static 64]) {
        struct stat st;

        ret[0] = '\0';
        if (lstat(path, &st) == 0)
                (void) snprintf(ret, 64, _("; it is uid %u, mode %04o"), (unsigned) st.st_uid,
                                (unsigned) (st.st_mode & 07777));
        return ret;
}

static int file_read(struct config_files *files, const char *path, char complaint[static CONFIG_COMPLAINT_MAX]) {
        struct config_file *f = &files->file[files->n];
        char now[64];
        int r;

        f->path = strdup(path);
        if (!f->path)
                return -ENOMEM;
        r = trusted_read(path, 0, 0644, CONFIG_FILE_MAX, &f->text, &f->n);
        if (r == 0) {
                files->n++;
                return CONFIG_OK;
        }
        free(f->path);
        f->path = NULL;

        if (r == -ENOENT)
                return config_complain(complaint, _("%s: is missing; an empty one means the defaults"), path);
        if (r == -EPERM || r == -ELOOP || r == -EACCES)
                return config_complain(complaint,
                                       _("%s: must be a plain file of root with one link, mode 0644 or less, in "
                                         "directories that only root can write to%s"),
                                       path, config_file_now(path, now));
        if (r == -EFBIG)
                return config_complain(complaint, _("%s: is larger than %d KiB"), path, CONFIG_FILE_MAX / 1024);
        return r;
}

static bool is_name_byte(char c) {
        return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.';
}

static int compare_names(const void *a, const void *b) {
        return strcmp(*(char *const *) a, *(char *const *) b);
}

/* The names that count, sorted by their bytes; the caller frees each. */
static int names_read(DIR *d, const char *path, char **names, size_t *n,
                      char complaint[static CONFIG_COMPLAINT_MAX]) {
        unsigned seen = 0;

        for (;;) {
                const struct dirent *entry;
                struct scan s;
                const char *name;
                size_t length;

                errno = 0;
                entry = readdir(d);
                if (!entry)
                        break;
                if (++seen > NAMES_MAX)
                        return config_complain(complaint, _("%s: holds more than %d files"), path, NAMES_MAX);
                length = strlen(entry->d_name);
                if (entry->d_name[0] == '.' || length < 6 || strcmp(entry->d_name + length - 5, ".conf") != 0)
                        continue;
                s = scan_text(entry->d_name);
                if (!scan_word(&s, is_name_byte, NAME_MAX, &name, &length) || !scan_at_end(&s))
                        return config_complain(complaint,
                                               _("%s: holds a file whose name is not made of letters, digits, '-', "
                                                 "'_' and '.'"),
                                               path);
                if (*n == CONFIG_FILES_MAX)
                        return config_complain(complaint, _("%s: holds more than %d files"), path,
                                               CONFIG_FILES_MAX);
                names[*n] = strdup(entry->d_name);
                if (!names[*n])
                        return -ENOMEM;
                ++*n;
        }
        if (errno != 0)
                return -errno;
        qsort(names, *n, sizeof *names, compare_names);
        return CONFIG_OK;
}

static int directory_read(struct config_files *files, const char *directory,
                          char complaint[static CONFIG_COMPLAINT_MAX]) {
        char *names[CONFIG_FILES_MAX], path[PATH_SIZE];
        AUTO(dir_closep) DIR *d = NULL;
        auto_close int fd = -1;
        size_t n = 0;
        int r;

        (void) snprintf(path, sizeof path, "%s/careid.conf.d", directory);
        fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0 && errno == ENOENT)
                return CONFIG_OK;
        if (fd < 0)
                return config_complain(complaint, _("%s: must be a directory of root"), path);
        d = fdopendir(fd);
        if (!d)
                return -errno;
        (void) steal_fd(&fd);           /* is the stream's now */

        r = names_read(d, path, names, &n, complaint);
        for (size_t i = 0; r == CONFIG_OK && i < n; i++) {
                (void) snprintf(path, sizeof path, "%s/careid.conf.d/%s", directory, names[i]);
                r = file_read(files, path, complaint);
        }
        for (size_t i = 0; i < n; i++)
                free(names[i]);
        return r;
}

int config_files_read(const char *directory, struct config_files *ret,
                      char complaint[static CONFIG_COMPLAINT_MAX]) {
        AUTO(config_files_done) struct config_files files = { 0 };
        char path[PATH_SIZE];
        int r;

        (void) snprintf(path, sizeof path, "%s/careid.conf", directory);
        r = file_read(&files, path, complaint);
        if (r == CONFIG_OK)
                r = directory_read(&files, directory, complaint);
        if (r != CONFIG_OK)
                return r;
        *ret = files;
        memset(&files, 0, sizeof files);
        return CONFIG_OK;
}

int config_files_parse(const struct config_files *files, struct config *ret,
                       char complaint[static CONFIG_COMPLAINT_MAX]) {
        AUTO(config_done) struct config c = { 0 };
        int r;

        r = config_init(&c);
        for (size_t i = 0; r == CONFIG_OK && i < files->n; i++)
                r = config_parse(&c, files->file[i].path, files->file[i].text, files->file[i].n, complaint);
        if (r == CONFIG_OK)
                r = config_finish(&c, complaint);
        if (r != CONFIG_OK)
                return r;
        *ret = c;
        memset(&c, 0, sizeof c);
        return CONFIG_OK;
}

bool config_same(const struct config *a, const struct config *b) {
        auto_free char *text_a = NULL, *text_b = NULL;
        size_t n_a, n_b;

        if (config_compile(a, &text_a, &n_a) < 0 || config_compile(b, &text_b, &n_b) < 0)
                return false;
        return n_a == n_b && memcmp(text_a, text_b, n_a) == 0;
}

bool config_files_said(const struct config_files *files, const char *section, const char *name, char *ret, size_t n_ret) {
        char complaint[CONFIG_COMPLAINT_MAX];
        AUTO(config_done) struct config c = { 0 };
        bool said = false;
        size_t option = 0;

        while (option < config_n_options &&
               (strcmp(config_options[option].section, section) != 0 || strcmp(config_options[option].name, name) != 0))
                option++;
        if (option >= config_n_options || option >= CONFIG_OPTIONS_MAX || config_init(&c) < 0)
                return false;
        for (size_t i = 0; i < files->n; i++) {
                unsigned lines[CONFIG_OPTIONS_MAX] = { 0 };

                if (config_parse_noting(&c, files->file[i].path, files->file[i].text, files->file[i].n, lines, complaint) != CONFIG_OK)
                        return false;
                if (lines[option]) {
                        (void) snprintf(ret, n_ret, "%s:%u", files->file[i].path, lines[option]);
                        said = true;
                }
        }
        return said;
}

int config_compiled_read(uid_t owner, struct config *ret, char complaint[static CONFIG_COMPLAINT_MAX]) {
        AUTO(config_done) struct config c = { 0 };
        auto_free char *text = NULL;
        bool missing;
        size_t n = 0;
        int r;

        r = config_init(&c);
        if (r < 0)
                return r;
        r = trusted_read(CAREID_STATE_DIR "/" COMPILED_NAME, owner, 0600, COMPILED_MAX, &text, &n);
        missing = r == -ENOENT;
        if (r == -EPERM || r == -EFBIG)
                return config_complain(complaint,
                                       _("%s must be a plain file, mode 0600, owned by %s; run: careid apply"),
                                       CAREID_STATE_DIR "/" COMPILED_NAME, CAREID_USER);
        if (r < 0 && !missing)
                return r;
        if (!missing) {
                r = config_load(&c, text, n, complaint);
                if (r != CONFIG_OK)
                        return r;
        }
        *ret = c;
        memset(&c, 0, sizeof c);
        return missing ? -ENOENT : CONFIG_OK;
}

/* Under a temporary name, then renamed: whoever reads sees the old one or the new one, whole. */
int config_compiled_write(const struct config *c) {
        auto_close int dir = -1, fd = -1;
        auto_free char *text = NULL;
        size_t n;
        int r;

        r = config_compile(c, &text, &n);
        if (r < 0)
                return r;
        dir = open(CAREID_STATE_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (dir < 0)
                return -errno;
        /* What an apply that was cut short has left; two at once are told apart by O_EXCL. */
        if (unlinkat(dir, COMPILED_TEMPORARY, 0) < 0 && errno != ENOENT)
                return -errno;
        fd = openat(dir, COMPILED_TEMPORARY, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
                return -errno;
        r = fchmod(fd, 0600) < 0 ? -errno : file_write(fd, text, n);
        if (r == 0 && fsync(fd) < 0)
                r = -errno;
        if (r == 0 && renameat(dir, COMPILED_TEMPORARY, dir, COMPILED_NAME) < 0)
                r = -errno;
        if (r < 0) {
                (void) unlinkat(dir, COMPILED_TEMPORARY, 0);
                return r;
        }
        return fsync(dir) < 0 ? -errno : 0;
}
