/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * run-script.c - plays one conversation script against the module, through the real libpam
 *
 *     run-script MODULE WITNESS SCRIPT
 *
 * Makes a directory of its own, works in it, and speaks TAP.  Executed by the
 * module as the setuid helper (one argument, the connection as fd 0), it plays
 * the helper's part instead.
 */

#include "../count-fds.h"
#include "fake-helper.h"
#include "person.h"

#include "cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>

extern char **environ;

static struct script script;
static unsigned n_tests, n_failed;
static volatile sig_atomic_t n_sigchld;

__attribute__((__format__(printf, 2, 3)))
static void check(bool ok, const char *format, ...) {
        va_list ap;

        n_tests++;
        n_failed += !ok;
        printf("%sok %u - ", ok ? "" : "not ", n_tests);
        va_start(ap, format);
        (void) vprintf(format, ap);
        va_end(ap);
        printf("\n");
}

/* What is wrong, as TAP wants it: each line marked. */
static void explain(const char *title, const char *text) {
        printf("# %s\n#     ", title);
        for (; *text; text++) {
                putchar(*text);
                if (*text == '\n' && text[1])
                        printf("#     ");
        }
        printf("\n");
}

static const char *login_value(const char *key, const char *preset) {
        return script_value(&script, SECTION_LOGIN, key, preset);
}

/* -- As the helper ------------------------------------------------------------------------------- */

/* What the module promises about how it executes the helper. */
static int be_helper(void) {
        sigset_t blocked;
        struct sigaction sigpipe;

        if (environ && *environ)
                fake_helper_complain("executed with an environment: %s", *environ);
        /* 0, 1, 2, the directory, "." and "..". */
        if (count_fds() != 6)
                fake_helper_complain("executed with %zu descriptors", count_fds() - 3);
        (void) sigprocmask(SIG_SETMASK, NULL, &blocked);
        for (int s = 1; s < NSIG; s++)
                if (sigismember(&blocked, s) == 1)
                        fake_helper_complain("executed with signal %d blocked", s);
        if (sigaction(SIGPIPE, NULL, &sigpipe) == 0 && sigpipe.sa_handler != SIG_DFL)
                fake_helper_complain("executed with SIGPIPE ignored");
        if (!script_read(&script, "script"))
                return EXIT_FAILURE;
        fake_helper_play(&script, 0);
        return EXIT_SUCCESS;
}

/* -- The stage ----------------------------------------------------------------------------------- */

static int listen_at(const char *path, int n_queue) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

        (void) snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
        if (fd < 0 || bind(fd, (const struct sockaddr *) &address, sizeof address) < 0 ||
            (n_queue > 0 && listen(fd, n_queue) < 0))
                perror(path);
        return fd;
}

static int root_fd = -1, user_fd = -1;
static volatile bool scene_over;

static void *helper_serve(void *unused) {
        (void) unused;
        while (!scene_over) {
                struct pollfd p[] = { { .fd = root_fd, .events = POLLIN }, { .fd = user_fd, .events = POLLIN } };

                if (poll(p, 2, 20) <= 0)
                        continue;
                for (size_t i = 0; i < 2; i++)
                        if (p[i].revents & POLLIN) {
                                const bool root = i == 0, wants_root = strcmp(login_value("euid", ""), "0") == 0;
                                int fd = accept4(p[i].fd, NULL, NULL, SOCK_CLOEXEC);

                                if (root != wants_root)
                                        fake_helper_complain("asked through the wrong socket");
                                fake_helper_play(&script, fd);
                        }
        }
        return NULL;
}

static void write_stack(FILE *f, const char *kind, const char *option, const char *module, const char *witness) {
        fprintf(f, "%s [success=1 ignore=ignore default=die] %s %s\n", kind, module,
                script_value(&script, SECTION_OPTIONS, option, ""));
        fprintf(f, "%s [default=die] %s ignored\n", kind, witness);
        fprintf(f, "%s required %s\n", kind, witness);
}

static void write_service(const char *module, const char *witness) {
        char path[PATH_MAX];
        FILE *f;

        (void) mkdir("pam.d", 0700);
        (void) snprintf(path, sizeof path, "pam.d/%s", login_value("service", "careid-test"));
        f = fopen(path, "we");
        if (!f) {
                perror(path);
                exit(EXIT_FAILURE);
        }
        write_stack(f, "auth", "auth", module, witness);
        write_stack(f, "account", "account", module, witness);
        write_stack(f, "session", "session", module, witness);
        write_stack(f, "password", "password", module, witness);
        (void) fclose(f);
}

/* "socket" (the preset), "program", "none", "dead socket", "dead socket, program", ... */
static void make_helper(const char *self) {
        const char *kind = login_value("helper", "socket");

        if (strcmp(kind, "none") != 0 && strcmp(kind, "program") != 0)
                (void) mkdir("run", 0700);
        if (strstr(kind, "program"))
                (void) !symlink(self, "careid-helper");
        if (strstr(kind, "dead socket")) {
                (void) close(listen_at("run/root.sock", 0));
                (void) close(listen_at("run/user.sock", 0));
        } else if (strstr(kind, "socket")) {
                root_fd = listen_at("run/root.sock", 8);
                user_fd = listen_at("run/user.sock", 8);
        }
        if (strstr(kind, "untrusted directory"))
                (void) setenv("SCRIPT_DIRECTORY", "untrusted", 1);
        if (strstr(kind, "untrusted listener"))
                (void) setenv("SCRIPT_LISTENER", "untrusted", 1);
        (void) setenv("SCRIPT_EUID", login_value("euid", ""), 1);
        (void) setenv("SCRIPT_NAMES", login_value("names", ""), 1);
}

/* What the user's environment says of the terminal: nothing, but for lines `environ = NAME=VALUE`. */
static void make_environment(void) {
        const struct script_line *line;
        size_t at = 0;

        (void) unsetenv("TERM");
        (void) unsetenv("NO_COLOR");
        while ((line = script_next(&script, SECTION_LOGIN, &at)))
                if (strcmp(line->key, "environ") == 0)
                        (void) putenv(strdup(line->value));
}

/* "terminal COLUMNSxROWS [plain]": a real one, UTF-8 unless plain. */
static int make_terminal(const char *what, char name[static 64]) {
        int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
        struct winsize w = { .ws_col = 80, .ws_row = 24 };
        struct termios attributes;
        char *end;

        if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0 || ptsname_r(master, name, 64) != 0) {
                perror("no terminal");
                exit(77);
        }
        if (strlen(what) > sizeof "terminal ") {
                w.ws_col = (unsigned short) strtoul(what + sizeof "terminal " - 1, &end, 10);
                w.ws_row = (unsigned short) strtoul(*end ? end + 1 : end, NULL, 10);
        }
        (void) ioctl(master, TIOCSWINSZ, &w);
        if (tcgetattr(master, &attributes) == 0) {
                attributes.c_iflag &= ~(tcflag_t) IUTF8;
                if (!strstr(what, "plain"))
                        attributes.c_iflag |= IUTF8;
                (void) tcsetattr(master, TCSANOW, &attributes);
        }
        return master;
}

/* -- The scene ----------------------------------------------------------------------------------- */

static const struct {
        int         code;
        const char *name;
} codes[] = {
        { PAM_SUCCESS, "PAM_SUCCESS" }, { PAM_AUTH_ERR, "PAM_AUTH_ERR" }, { PAM_PERM_DENIED, "PAM_PERM_DENIED" },
        { PAM_ACCT_EXPIRED, "PAM_ACCT_EXPIRED" }, { PAM_AUTHINFO_UNAVAIL, "PAM_AUTHINFO_UNAVAIL" },
        { PAM_SERVICE_ERR, "PAM_SERVICE_ERR" }, { PAM_CONV_ERR, "PAM_CONV_ERR" }, { PAM_SESSION_ERR, "PAM_SESSION_ERR" },
        { PAM_SYSTEM_ERR, "PAM_SYSTEM_ERR" }, { PAM_BUF_ERR, "PAM_BUF_ERR" }, { PAM_MODULE_UNKNOWN, "PAM_IGNORE" },
        { PAM_USER_UNKNOWN, "PAM_USER_UNKNOWN" },
};

static const char *code_name(int code) {
        for (size_t i = 0; i < N_ELEMENTS(codes); i++)
                if (codes[i].code == code)
                        return codes[i].name;
        return "another code";
}

static int setcred(pam_handle_t *pamh, int flags) {
        return pam_setcred(pamh, flags | (int) PAM_ESTABLISH_CRED);
}

static const struct {
        const char *name;
        int       (*call)(pam_handle_t *pamh, int flags);
} primitives[] = {
        { "authenticate", pam_authenticate }, { "acct_mgmt", pam_acct_mgmt }, { "setcred", setcred },
        { "open_session", pam_open_session }, { "close_session", pam_close_session }, { "chauthtok", pam_chauthtok },
};

static void run(pam_handle_t *pamh) {
        const int flags = strcmp(login_value("flags", ""), "silent") == 0 ? (int) PAM_SILENT : 0;
        const struct script_line *line;
        size_t at = 0;

        while ((line = script_next(&script, SECTION_RUN, &at)))
                for (size_t i = 0; i < N_ELEMENTS(primitives); i++)
                        if (strcmp(line->key, primitives[i].name) == 0) {
                                const char *have = code_name(primitives[i].call(pamh, flags));

                                check(strcmp(have, line->value) == 0, "%s = %s, got %s", line->key, line->value, have);
                        }
}

static void set_items(pam_handle_t *pamh, struct person *person) {
        const struct script_line *line;
        size_t at = 0;

        if (person->tty)
                (void) pam_set_item(pamh, PAM_TTY, person->tty);
        if (login_value("from", NULL))
                (void) pam_set_item(pamh, PAM_RHOST, login_value("from", NULL));
        while ((line = script_next(&script, SECTION_LOGIN, &at)))
                if (strcmp(line->key, "env") == 0)
                        (void) pam_putenv(pamh, line->value);
}

static char *file_text(const char *path, char text[static 8192]) {
        auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n = fd >= 0 ? read(fd, text, 8191) : 0;

        text[n > 0 ? n : 0] = '\0';
        return text;
}

static void check_log(void) {
        char have[8192], want[8192] = "";
        const struct script_line *line;
        size_t at = 0, n = 0;

        while ((line = script_next(&script, SECTION_LOG, &at)))
                n += (size_t) snprintf(want + n, sizeof want - n, "%s\n", line->key);
        (void) file_text("log", have);
        check(strcmp(have, want) == 0, "the log");
        if (strcmp(have, want) != 0) {
                explain("logged:", have);
                explain("wanted:", want);
        }
}

static void check_helper(void) {
        const size_t all = script_count(&script, SECTION_HELPER);
        char complaints[8192];

        /* An executed helper is nobody's child here: it is done when it has noted its last step. */
        for (unsigned i = 0; i < 200 && fake_helper_step() < all; i++)
                (void) poll(NULL, 0, 10);
        (void) file_text("helper.out", complaints);
        check(fake_helper_step() == all && complaints[0] == '\0', "the helper's part (%zu of %zu)", fake_helper_step(), all);
        if (complaints[0] != '\0')
                explain("the helper complains:", complaints);
}

/* Not memcmp(): a sigset_t has more bytes than there are signals. */
static bool same_signals(const sigset_t *a, const sigset_t *b) {
        for (int s = 1; s < NSIG; s++)
                if (sigismember(a, s) != sigismember(b, s))
                        return false;
        return true;
}

/* What a program has of language: its locale, its domain of texts, its environment. */
struct guest_view {
        char locale[256], domain[64];
        char environment[16384];
};

static void guest_look(struct guest_view *ret) {
        size_t n = 0;

        (void) snprintf(ret->locale, sizeof ret->locale, "%s", setlocale(LC_ALL, NULL));
        (void) snprintf(ret->domain, sizeof ret->domain, "%s", textdomain(NULL));
        ret->environment[0] = '\0';
        for (char **e = environ; *e && n < sizeof ret->environment; e++)
                n += (size_t) snprintf(ret->environment + n, sizeof ret->environment - n, "%s\n", *e);
}

static bool guest_same(const struct guest_view *a, const struct guest_view *b) {
        return strcmp(a->locale, b->locale) == 0 && strcmp(a->domain, b->domain) == 0 &&
               strcmp(a->environment, b->environment) == 0;
}

/* A host program with languages and catalogues of its own; what careid says is to be none of theirs. */
static void set_host_language(void) {
        (void) setenv("LANG", "sv_SE.UTF-8", 1);
        (void) setenv("LC_ALL", "da_DK.UTF-8", 1);
        (void) setenv("LANGUAGE", "da:sv", 1);
        (void) setenv("NLSPATH", "/nowhere/%N:%l", 1);
        (void) setlocale(LC_CTYPE, "C");
        (void) setlocale(LC_MESSAGES, "C.UTF-8");
        (void) textdomain("the-host-program");
}

static void on_sigchld(int s) {
        (void) s;
        n_sigchld++;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
        (void) st;
        (void) type;
        (void) ftw;
        return remove(path);
}

static void play(const char *module, const char *witness, struct person *person) {
        const struct pam_conv conv = { .conv = person_converse, .appdata_ptr = person };
        const struct sigaction watch = { .sa_handler = on_sigchld }, ignore = { .sa_handler = SIG_IGN };
        const char *user = login_value("user", "anna");
        pthread_t helper, terminal;
        static struct guest_view view_before, view_after;
        sigset_t before, after;
        pam_handle_t *pamh = NULL;
        size_t n_fds;

        (void) sigaction(SIGCHLD, &watch, NULL);
        (void) sigaction(SIGPIPE, &ignore, NULL);
        write_service(module, witness);
        (void) pthread_create(&helper, NULL, helper_serve, NULL);
        (void) pthread_create(&terminal, NULL, person_watch, person);

        if (pam_start_confdir(login_value("service", "careid-test"), *user ? user : NULL, &conv, "pam.d", &pamh) != PAM_SUCCESS) {
                printf("Bail out! pam_start_confdir\n");
                exit(EXIT_FAILURE);
        }
        person->pamh = pamh;
        set_items(pamh, person);
        n_fds = count_fds();
        (void) pthread_sigmask(SIG_SETMASK, NULL, &before);
        guest_look(&view_before);
        run(pamh);
        guest_look(&view_after);
        (void) pthread_sigmask(SIG_SETMASK, NULL, &after);
        check(person_is_done(person), "the dialog");
        if (person->failed)
                explain("the person complains:", person->complaint);
        check(same_signals(&before, &after) && n_sigchld == 0 && waitpid(-1, NULL, __WALL | WNOHANG) < 0,
              "the host program notices nothing");
        check(guest_same(&view_before, &view_after), "nor does its language change");
        (void) pam_end(pamh, PAM_SUCCESS);

        check_helper();
        /* The helper's part may have a moment left in which to close its end. */
        for (unsigned i = 0; i < 100 && count_fds() > n_fds; i++)
                (void) poll(NULL, 0, 10);
        check(count_fds() <= n_fds, "no descriptor is left open");
        scene_over = true;
        (void) pthread_mutex_lock(&person->lock);
        person->over = true;
        (void) pthread_mutex_unlock(&person->lock);
        (void) pthread_join(helper, NULL);
        (void) pthread_join(terminal, NULL);
        check_log();
}

int main(int argc, char **argv) {
        struct person person = { .script = &script, .master = -1, .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER };
        char directory[] = "/tmp/careid-script-XXXXXX", self[PATH_MAX] = "", module[PATH_MAX], witness[PATH_MAX], file[PATH_MAX];
        char name[64] = "";
        const char *tty;

        if (argc == 1)
                return be_helper();
        if (argc != 4 || !script_read(&script, argv[3]) ||
            !realpath(argv[1], module) || !realpath(argv[2], witness) || !realpath(argv[3], file) ||
            readlink("/proc/self/exe", self, sizeof self - 1) < 0 || !mkdtemp(directory) || chdir(directory) < 0 ||
            symlink(file, "script") < 0)
                return EXIT_FAILURE;
        (void) setvbuf(stdout, NULL, _IOLBF, 0);

        make_environment();
        make_helper(self);
        set_host_language();
        tty = login_value("tty", "none");
        person.screen = calloc(1, PERSON_SCREEN_MAX);
        if (strncmp(tty, "terminal", 8) == 0) {
                person.master = make_terminal(tty, name);
                person.tty = name;
        } else if (strcmp(tty, "none") != 0)
                person.tty = tty;
        play(module, witness, &person);
        printf("1..%u\n", n_tests);
        free(person.screen);
        (void) chdir("/");
        (void) nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
        return n_failed > 0;
}
