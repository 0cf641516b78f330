/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sudo-command.c - sudo's usage (sudo(8) of 1.9), and nothing beside it
 *
 *     vector  = name *( option / assignment ) [ "--" ] [ program *argument ]
 *     option  = "-" 1*letter [ value ] / "--" word [ "=" value ]
 *     assignment = word "=" any               ; before the program, and not after "--"
 *
 * 1. MUST leave out what it is not sure of: an approval of something else than what is run is worse than
 *    one of "sudo".
 * 2. MUST not pass on a byte that is not of clean UTF-8 in one line.
 */

#include "sudo-command.h"

#include "cleanup.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum takes {
        TAKES_NOTHING = 1,
        TAKES_VALUE,
        TAKES_PERHAPS,                          /* a value only after "=", and only of the long word     */
};

/* What an option changes of what we say. */
enum means {
        MEANS_NOTHING,
        MEANS_USER,
        MEANS_GROUP,
        MEANS_EDIT,
        MEANS_LOGIN,                            /* -i: a log-in shell                                    */
        MEANS_SHELL,                            /* -s                                                    */
        MEANS_ELSEWHERE,                        /* the program's name is looked up in another place      */
        MEANS_NO_PROGRAM,                       /* nothing is run                                        */
};

static const struct option {
        char        letter;
        const char *word;
        enum takes  takes;
        enum means  means;
} options[] = {
        { 'A', "askpass",          TAKES_NOTHING, MEANS_NOTHING },
        { 'b', "background",       TAKES_NOTHING, MEANS_NOTHING },
        { 'B', "bell",             TAKES_NOTHING, MEANS_NOTHING },
        { 'C', "close-from",       TAKES_VALUE,   MEANS_NOTHING },
        { 'D', "chdir",            TAKES_VALUE,   MEANS_ELSEWHERE },
        { 'E', "preserve-env",     TAKES_PERHAPS, MEANS_NOTHING },
        { 'e', "edit",             TAKES_NOTHING, MEANS_EDIT },
        { 'g', "group",            TAKES_VALUE,   MEANS_GROUP },
        { 'H', "set-home",         TAKES_NOTHING, MEANS_NOTHING },
        { 'i', "login",            TAKES_NOTHING, MEANS_LOGIN },
        { 'k', "reset-timestamp",  TAKES_NOTHING, MEANS_NOTHING },
        { 'l', "list",             TAKES_NOTHING, MEANS_NO_PROGRAM },
        { 'N', "no-update",        TAKES_NOTHING, MEANS_NOTHING },
        { 'n', "non-interactive",  TAKES_NOTHING, MEANS_NOTHING },
        { 'P', "preserve-groups",  TAKES_NOTHING, MEANS_NOTHING },
        { 'p', "prompt",           TAKES_VALUE,   MEANS_NOTHING },
        { 'R', "chroot",           TAKES_VALUE,   MEANS_ELSEWHERE },
        { 'r', "role",             TAKES_VALUE,   MEANS_NOTHING },
        { 'S', "stdin",            TAKES_NOTHING, MEANS_NOTHING },
        { 's', "shell",            TAKES_NOTHING, MEANS_SHELL },
        { 'T', "command-timeout",  TAKES_VALUE,   MEANS_NOTHING },
        { 't', "type",             TAKES_VALUE,   MEANS_NOTHING },
        { 'U', "other-user",       TAKES_VALUE,   MEANS_NO_PROGRAM },
        { 'u', "user",             TAKES_VALUE,   MEANS_USER },
        { 'v', "validate",         TAKES_NOTHING, MEANS_NO_PROGRAM },
};

struct vector {
        const char *at, *end;                   /* what is left; strings end in NUL                      */
        bool        cut;
};

struct reading {
        const char *user;
        bool        group, edit, login, shell, elsewhere, no_program;
};

/* The next string, or NULL: none, or one whose end was cut off. */
static const char *vector_next(struct vector *v) {
        const char *s = v->at, *end = v->at < v->end ? memchr(v->at, '\0', (size_t) (v->end - v->at)) : NULL;

        if (!end)
                return NULL;
        v->at = end + 1;
        return s;
}

static const struct option *option_by_letter(char letter) {
        for (size_t i = 0; i < N_ELEMENTS(options); i++)
                if (options[i].letter == letter)
                        return &options[i];
        return NULL;
}

/* By its whole word: what an abbreviation means depends on the release. */
static const struct option *option_by_word(const char *word, size_t n) {
        for (size_t i = 0; i < N_ELEMENTS(options); i++)
                if (strlen(options[i].word) == n && memcmp(options[i].word, word, n) == 0)
                        return &options[i];
        return NULL;
}

/* A value that could be taken for an option, or for the end of them, is none that we rely on. */
static bool reading_take(struct reading *r, const struct option *o, const char *value) {
        if (value && (value[0] == '-' || (value[0] == '\0' && o->means != MEANS_NOTHING)))
                return false;
        switch (o->means) {
        case MEANS_NOTHING:
                break;
        case MEANS_USER:
                r->user = value;
                break;
        case MEANS_GROUP:
                r->group = true;
                break;
        case MEANS_EDIT:
                r->edit = true;
                break;
        case MEANS_LOGIN:
                r->login = true;
                break;
        case MEANS_SHELL:
                r->shell = true;
                break;
        case MEANS_ELSEWHERE:
                r->elsewhere = true;
                break;
        case MEANS_NO_PROGRAM:
                r->no_program = true;
                break;
        }
        return true;
}

/* "-u" "name", "-uname", "-nu" "name". */
static bool cluster_read(struct reading *r, const char *letters, struct vector *v) {
        for (const char *p = letters; *p; p++) {
                const struct option *o = option_by_letter(*p);
                const char *value = NULL;

                if (!o)
                        return false;
                if (o->takes == TAKES_VALUE) {
                        value = p[1] ? p + 1 : vector_next(v);
                        if (!value)
                                return false;
                }
                if (!reading_take(r, o, value))
                        return false;
                if (value)
                        return true;
        }
        return true;
}

/* "--user=name", "--user" "name". */
static bool word_read(struct reading *r, const char *word, struct vector *v) {
        const char *equals = strchr(word, '=');
        const struct option *o = option_by_word(word, equals ? (size_t) (equals - word) : strlen(word));
        const char *value = equals ? equals + 1 : NULL;

        if (!o || (value && o->takes == TAKES_NOTHING))
                return false;
        if (!value && o->takes == TAKES_VALUE) {
                value = vector_next(v);
                if (!value)
                        return false;
        }
        return reading_take(r, o, value);
}

/* Up to the program, whose name is *ret (NULL: there is none). */
static bool options_read(struct reading *r, struct vector *v, const char **ret) {
        for (;;) {
                const char *s = vector_next(v);

                *ret = s;
                if (!s)
                        return !v->cut && v->at == v->end;
                if (strcmp(s, "--") == 0) {
                        *ret = vector_next(v);
                        return *ret || (!v->cut && v->at == v->end);
                }
                if (s[0] == '-' && s[1] == '-') {
                        if (!word_read(r, s + 2, v))
                                return false;
                } else if (s[0] == '-' && s[1] != '\0') {
                        if (!cluster_read(r, s + 1, v))
                                return false;
                } else if (s[0] == '/' || !strchr(s, '=')) {
                        return true;
                }
        }
}

static void text_take(const char *s, char *ret, size_t max) {
        const size_t n = strnlen(s, max + 1);

        if (n > 0 && n <= max && utf8_is_clean(s, n, UTF8_ONE_LINE))
                memcpy(ret, s, n + 1);
}

/* What is left of the vector, as far as there is room: cut between two characters, which is said. */
static void arguments_take(struct vector *v, char ret[static WIRE_PROGRAM_MAX + 1]) {
        static const char dots[] = "...";
        const size_t max = WIRE_PROGRAM_MAX - (sizeof dots - 1);
        char all[WIRE_PROGRAM_MAX + 1];
        bool cut = false;
        const char *s;
        size_t n = 0;

        while (!cut && (s = vector_next(v))) {
                const size_t length = strlen(s);

                if (n > 0 && n < max)
                        all[n++] = ' ';
                cut = length > max - n;
                memcpy(all + n, s, cut ? max - n : length);
                n += cut ? max - n : length;
        }
        if (cut)
                n = utf8_fit(all, n);
        cut = cut || v->cut;
        if (n == 0 || !utf8_is_clean(all, n, UTF8_ONE_LINE))
                return;
        memcpy(ret, all, n);
        memcpy(ret + n, cut ? dots : "", cut ? sizeof dots : 1);
}

static bool ends_in_edit(const char *name) {
        const size_t n = strlen(name);

        return n > 4 && strcmp(name + n - 4, "edit") == 0;
}

void sudo_command_parse(const char *vector, size_t n, struct sudo_command *ret) {
        struct vector v = { .at = vector, .end = vector + n };
        struct reading r = { .user = NULL };
        const char *name, *program;

        *ret = (struct sudo_command) { .target = "" };
        if (n > SUDO_COMMAND_MAX) {
                v.end = vector + SUDO_COMMAND_MAX;
                v.cut = true;
        }
        name = vector_next(&v);
        if (!name)
                return;
        r.edit = ends_in_edit(name);
        if (!options_read(&r, &v, &program) || r.no_program)
                return;

        /* root, unless sudoers(5) has another runas_default; with a group alone it is whoever asks. */
        if (r.user || !r.group)
                text_take(r.user ? r.user : "root", ret->target, WIRE_NAME_MAX);
        if (r.elsewhere || (r.edit && (r.login || r.shell || !program)))
                return;
        if (r.edit || r.login || r.shell || !program)
                text_take(r.edit ? "sudoedit" : r.login ? "sudo -i" : "sudo -s", ret->program, WIRE_PROGRAM_MAX);
        else
                text_take(program, ret->program, WIRE_PROGRAM_MAX);

        /* The first word of an edit or of a shell's command is an argument. */
        if (program && (r.edit || r.login || r.shell))
                v.at = program;
        if (ret->program[0] != '\0')
                arguments_take(&v, ret->arguments);
}

void sudo_command_read(struct sudo_command *ret) {
        char vector[SUDO_COMMAND_MAX + 1], program[256];
        auto_close int fd = -1;
        const char *slash;
        size_t n = 0;
        ssize_t k;

        *ret = (struct sudo_command) { .target = "" };
        k = readlink("/proc/self/exe", program, sizeof program - 1);
        if (k <= 0)
                return;
        program[k] = '\0';
        slash = strrchr(program, '/');
        if (!slash || strcmp(slash, "/sudo") != 0)
                return;
        fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return;
        while (n < sizeof vector) {
                k = read(fd, vector + n, sizeof vector - n);
                if (k < 0 && errno == EINTR)
                        continue;
                if (k < 0)
                        return;
                if (k == 0)
                        break;
                n += (size_t) k;
        }
        sudo_command_parse(vector, n, ret);
        explicit_bzero(vector, sizeof vector);
}
