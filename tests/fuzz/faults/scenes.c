/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * scenes.c - the one runner of scenes: what is the same in all of them, in the order in which it has to be
 */

#include "scenes.h"

#include "../../count-fds.h"
#include "fault.h"
#include "scene.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FDS_MAX = 64 };                          /* more than any scene has open                                   */

static const char *playing;
static uint64_t fds_before;
static struct scene_end end;

/* The set that has it, and which of its rows it is. */
static const struct scenes *set_of(size_t scene, size_t *ret_row) {
        const struct scenes *const *set = scenes_played;

        while (scene >= (*set)->n)
                scene -= (*set++)->n;
        *ret_row = scene;
        return *set;
}

size_t scenes_count(void) {
        size_t n = 0;

        for (const struct scenes *const *set = scenes_played; *set; set++)
                n += (*set)->n;
        return n;
}

const char *scenes_name(size_t scene) {
        size_t row;
        const struct scenes *const set = set_of(scene, &row);
        const char *name;

        memcpy(&name, (const char *) set->rows + row * set->n_row, sizeof name);
        return name;
}

bool scenes_granted(void) {
        return end.granted;
}

void scene_broken(const char *what) {
        scenes_stop(playing, what);
}

static uint64_t fds_open(void) {
        uint64_t open = 0;

        for (int fd = 0; fd < FDS_MAX; fd++)
                open |= (uint64_t) (fcntl(fd, F_GETFD) >= 0) << fd;
        return open;
}

void scene_close_new_fds(void) {
        const uint64_t more = fds_open() & ~fds_before;

        for (int fd = 0; fd < FDS_MAX; fd++)
                if (more >> fd & 1)
                        (void) close(fd);
}

static bool has_children(void) {
        siginfo_t info;

        return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0;
}

void scenes_begin(void) {
        fault_plan(FAULT_NONE, 0, 0, 0);
        fault_pause();
        playing = "before the first scene";
        for (const struct scenes *const *set = scenes_played; *set; set++)
                (*set)->begin();
        fault_resume();
}

int scenes_play(size_t scene) {
        size_t row, n_fds;
        const struct scenes *const set = set_of(scene, &row);
        bool had_children;
        int result;

        fault_pause();
        playing = scenes_name(scene);
        had_children = has_children();          /* a fuzzer's, which makes addresses readable             */
        n_fds = count_fds();
        fds_before = fds_open();
        set->before(row);
        fault_resume();

        result = set->play();

        fault_pause();
        end = set->check(result);
        if (end.granted && !end.grants)
                scene_broken("lets in, or does, what it must not");
        if (fault_n_done() == 0 && end.granted != end.grants)
                scene_broken("another end, undisturbed");
        if (has_children() && !had_children)
                scene_broken("a child is left");
        if (set->clear)
                set->clear();
        if (count_fds() != n_fds)
                scene_broken("a descriptor is left open");
        fault_resume();
        return end.word;
}
