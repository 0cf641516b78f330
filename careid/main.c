/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * main.c - careid: the command of administrators
 *
 *  1. MUST NOT use the network or start a program.
 *  2. MUST be the system user, for good and proven, before the directory is opened.
 *  3. MUST NOT take a personal number from, or show one in, arguments, environment or output; export
 *     writes one, into the file that it was given.
 *  4. MUST NOT say "done" before the directory has committed and what was printed has been written.
 *  5. MUST say it, and end with a status of its own, if the snapshots could not be written after an act.
 *  6. MUST take its arguments out of what every user of the host reads in /proc before anything else: who is whose
 *     relative stands in them, and a question may wait for long.
 */

#include "cleanup.h"
#include "commands.h"
#include "delegate.h"
#include "i18n.h"
#include "invocation.h"
#include "language.h"
#include "places.h"
#include "scan.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/*
 * MUST 6.  A copy of @argv, for free(), NULL without memory; of @argv itself
 * nothing but its name is left, in the memory that /proc/PID/cmdline shows.
 */
static char **arguments_hide(int argc, char **argv) {
        size_t size = ((size_t) argc + 1) * sizeof (char *);
        char **copy, *at;

        for (int k = 0; k < argc; k++)
                size += strlen(argv[k]) + 1;
        copy = malloc(size);
        at = copy ? (char *) &copy[argc + 1] : NULL;
        for (int k = 0; k < argc; k++) {
                const size_t n = strlen(argv[k]) + 1;

                if (copy) {
                        copy[k] = memcpy(at, argv[k], n);
                        at += n;
                }
                if (k > 0)
                        explicit_bzero(argv[k], n);
        }
        if (copy)
                copy[argc] = NULL;
        return copy;
}

/* Who it was: the uid, and the one that once logged in, if the kernel's audit session knows it. */
static void actor_find(char ret[static ACTOR_MAX]) {
        auto_close int fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);
        char text[16] = "";
        uint32_t login;
        ssize_t k;

        (void) snprintf(ret, ACTOR_MAX, "uid:%u", (unsigned) getuid());
        if (fd < 0)
                return;
        k = read(fd, text, sizeof text - 1);
        if (k <= 0)
                return;
        text[strcspn(text, "\n")] = '\0';
        if (scan_whole_u32(text, UINT32_MAX - 1, &login) && login != getuid())
                (void) snprintf(ret, ACTOR_MAX, "uid:%u login:%" PRIu32, (unsigned) getuid(), login);
}

static int run(struct invocation *i, int argc, char *const *argv) {
        const struct command *c = i->arguments.command;
        int r, status;

        if (c->flags == 0)
                return c->run(i);

        r = become_look(&i->who);
        if (r == BECOME_E_NOT_ROOT && c->flags & INVOKE_DELEGATED)
                return delegate(i, argc, argv);
        if (r != BECOME_OK)
                return become_say(r);
        actor_find(i->actor);
        i->act = (struct directory_act) { .actor = i->actor, .now = time(NULL) };
        if (c->prepare) {
                status = c->prepare(i);
                if (status != OUTCOME_DONE)
                        return status;
        }
        if (c->flags & INVOKE_ROOT)
                return c->run(i);

        become_or_die(&i->who);
        return invocation_run(i);
}

/* fds 0-2 are something, so that no file that we open becomes "standard output". */
static int std_fds_ensure(void) {
        int fd;

        do
                fd = open("/dev/null", O_RDWR | O_CLOEXEC);
        while (fd >= 0 && fd <= STDERR_FILENO);
        if (fd < 0)
                return -errno;
        (void) close(fd);
        return 0;
}

int main(int argc, char **original) {
        auto_free char **argv = arguments_hide(argc, original);
        struct invocation i = { .commands = careid_commands };
        char complaint[ARGUMENTS_COMPLAINT_MAX] = "";
        int r, status = OUTCOME_BROKEN;

        if (std_fds_ensure() < 0 || !argv)
                return OUTCOME_BROKEN;
        language_init();
        (void) umask(077);

        /* Even where the rest of the line makes no sense. */
        for (int k = 1; k < argc && strcmp(argv[k], "--") != 0; k++)
                if (strcmp(argv[k], "--json") == 0)
                        outcome_in_json();
        r = arguments_parse(careid_commands, argc, argv, &i.arguments, complaint);
        switch (r) {
        case ARGUMENTS_OK:
                status = run(&i, argc, argv);
                free(i.prepared);
                break;
        case ARGUMENTS_E_HELP:
                status = OUTCOME_DONE;
                if (i.arguments.command)
                        help_command(i.arguments.command);
                else
                        status = help_run(&i);
                break;
        case ARGUMENTS_E_VERSION:
                (void) printf("careid %s\n", CAREID_VERSION);
                status = OUTCOME_DONE;
                break;
        case ARGUMENTS_E_USAGE:
                status = outcome_say(OUTCOME_USAGE, NULL, "%s", complaint);
                break;
        }

        if (fflush(stdout) != 0 || ferror(stdout))
                return outcome_say(OUTCOME_BROKEN, _("standard output"),
                                   _("what was to be printed could not be written"));
        return status;
}
