/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * acts-place.c - scenes of where somebody is, as kernel and logind have their session: the scenes make both up
 */

#include "act-scenes.h"

#include "fault.h"
#include "scene.h"

#include "fixture.h"
#include "place-find.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <systemd/sd-login.h>
#include <unistd.h>

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

static const struct scene {
        const char *name;
        int       (*run)(void);
} scenes[] = {
        { "at a seat, by both",           by_both },
        { "at a seat, by the kernel",     by_kernel_alone },
        { "at a seat, by its group",      by_group_alone },
        { "a session that is closing",    closing },
        { "elsewhere, says the kernel",   kernel_objects },
        { "elsewhere, says its group",    group_objects },
};

static const struct scene *now;

static void before(size_t row) {
        now = &scenes[row];
}

static int play(void) {
        return now->run();
}

static struct scene_end check(int result) {
        if (said_to_be == PLACE_HERE && is_at != PLACE_HERE)
                scene_broken("somebody elsewhere is said to be here");
        return act_ended(result, now->run != closing);            /* that ends the same whatever fails              */
}

static void begin(void) {
        auto_close int fd = open(fixture_file("config", "number"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

        if (fd < 0 || write(fd, "7", 1) != 1)
                abort();
        fault_path = kernels_number;
}

const struct scenes acts_place = { SCENE_ROWS(scenes), .begin = begin, .before = before, .play = play, .check = check };
