/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * terminal.c - the row for a terminal: the code redrawn in place, Enter opens a menu
 *
 * Frames are written to the terminal itself, through a descriptor of our own:
 * `su -c COMMAND > FILE` must not put them into the file, and a terminal that
 * is stopped (Ctrl-S) must not stop us.  Questions go through the host
 * program's conversation, as everywhere.
 *
 * Echo is off while the code is shown, since people type passwords at anything
 * that looks like a log-in.  Ctrl-C is read, too: sudo catches the signal and
 * looks at it after the log-in, which would then go on.  So is Ctrl-Z, which
 * would leave the shell with our attributes and a code that grows old.  The
 * attributes are put back on every way out but one: a signal that ends the host
 * program.  Then whoever resets the terminal after a password prompt that was
 * ended so (shell, getty) does it here, too.
 */

#include "talk.h"

#include "cleanup.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

enum {
        WRITE_MS      = 1000,           /* for a terminal to take one frame; it is left out if it does not */
        MENUS_MAX     = 8,              /* keeps clear of CONVERSE_MESSAGE_MAX                           */
        TYPED_MAX     = 4096,           /* bytes read away at once                                       */
        TYPED_READS   = 256,            /* lines, before anything else is looked at                      */
};

struct screen {
        int              fd;
        bool             quiet;         /* the attributes are @ours, and @before is what was             */
        struct termios   before, ours;
        struct drawing  *drawing;       /* borrowed                                                      */
        struct draw_look look;
        enum draw_view   view;          /* that "l" comes back to                                        */
        struct draw_size size;          /* of the screen at the last drawing                             */
        struct draw_shown shown;        /* by it                                                         */
        bool             muddled;       /* a drawing was broken off: nobody knows where the cursor is    */
        unsigned         menus;
};

/* A process of a background job would be stopped for touching the terminal. */
static bool is_foreground(int fd) {
        const pid_t group = tcgetpgrp(fd);

        return group < 0 || group == getpgrp();
}

static void screen_quiet(struct screen *s) {
        struct termios attributes;

        if (s->quiet || !is_foreground(s->fd) || tcgetattr(s->fd, &s->before) < 0)
                return;
        attributes = s->before;
        attributes.c_lflag &= ~(tcflag_t) ECHO;
        attributes.c_lflag |= ICANON | IEXTEN;
        /* As the ends of a line they come at once. */
        attributes.c_cc[VEOL] = attributes.c_cc[VINTR];
        attributes.c_cc[VINTR] = _POSIX_VDISABLE;
        attributes.c_cc[VEOL2] = attributes.c_cc[VSUSP];
        attributes.c_cc[VSUSP] = _POSIX_VDISABLE;
        s->quiet = tcsetattr(s->fd, TCSANOW, &attributes) == 0;
        s->ours = attributes;
}

static void screen_restore(struct screen *s) {
        if (s->quiet)
                (void) tcsetattr(s->fd, TCSANOW, &s->before);
        s->quiet = false;
}

/*
 * May we draw?  Not in the background: the screen is somebody else's then.  Back
 * from there, nobody knows what the screen shows, and a shell may have put back
 * attributes of its own, which are then what was.
 */
static bool screen_is_ours(struct screen *s) {
        struct termios now;

        if (!is_foreground(s->fd)) {
                s->muddled = true;
                return false;
        }
        if (s->quiet && tcgetattr(s->fd, &now) == 0 &&
            (now.c_lflag != s->ours.c_lflag || now.c_cc[VINTR] != s->ours.c_cc[VINTR])) {
                s->muddled = true;
                s->quiet = false;
        }
        screen_quiet(s);
        return true;
}

static int screen_write(struct screen *s, const char *data, size_t n) {
        const uint64_t deadline_ms = wire_now_ms() + WRITE_MS;

        while (n > 0) {
                struct pollfd p = { .fd = s->fd, .events = POLLOUT };
                const ssize_t k = write(s->fd, data, n);
                const uint64_t now = wire_now_ms();

                if (k > 0) {
                        data += k;
                        n -= (size_t) k;
                        continue;
                }
                if (k < 0 && errno != EAGAIN && errno != EINTR)
                        return -errno;
                if (now >= deadline_ms)
                        return -ETIMEDOUT;
                if (poll(&p, 1, (int) (deadline_ms - now)) < 0 && errno != EINTR)
                        return -errno;
        }
        return 0;
}

static struct draw_size screen_size(const struct screen *s) {
        struct winsize w;

        if (ioctl(s->fd, TIOCGWINSZ, &w) < 0 || w.ws_row == 0 || w.ws_col == 0)
                return (struct draw_size) { .rows = DRAW_ROWS_PRESET, .columns = DRAW_COLUMNS_PRESET };
        return (struct draw_size) { .rows = w.ws_row, .columns = w.ws_col };
}

/* Is the last drawing where it was put?  A terminal of another size may have moved it, or broken its rows. */
static bool is_in_place(const struct screen *s, struct draw_size now) {
        return !s->muddled && s->size.rows == now.rows && s->size.columns == now.columns;
}

/*
 * Take the drawing away.  A code that stays would be scanned: by somebody who
 * sees it instead of the next one, only to be told by the app that it is of no
 * order; or beside the next one.
 */
static void screen_leave(struct screen *s) {
        if ((s->shown.rows > 0 || s->muddled) && is_foreground(s->fd)) {
                draw_erase(s->drawing, is_in_place(s, screen_size(s)) ? s->shown.rows : 0);
                s->muddled = screen_write(s, s->drawing->data, s->drawing->n) != 0;
        }
        s->shown = (struct draw_shown) { .rows = 0 };
}

static void screen_donep(struct screen *s) {
        screen_leave(s);
        /* Typed unseen, and no Enter yet: it is no command of the shell that follows. */
        if (s->quiet && is_foreground(s->fd))
                (void) tcflush(s->fd, TCIFLUSH);
        screen_restore(s);
}

/* Draw the newest state, over the last drawing if the screen is as it was. */
static int screen_draw(struct screen *s, struct talk *talk) {
        const struct draw_size size = screen_size(s);
        const struct draw_code code = talk_code(talk);
        struct draw_texts texts = talk_texts(talk);
        int r;

        if (!screen_is_ours(s))
                return 0;
        if (!is_in_place(s, size))
                screen_leave(s);
        s->size = size;
        /* Who has it read aloud hears of the time left once a minute. */
        if (talk->host.kiosk)
                texts.seconds = (texts.seconds + 59) / 60 * 60;
        draw_terminal(s->drawing, &code, &texts, &s->look, size, &s->shown);
        if (s->drawing->overflowed) {
                /* Larger than anything that a screen shows: as good as no room. */
                const struct draw_code none = { .side = 0 };

                draw_terminal(s->drawing, &none, &texts, &s->look, size, &s->shown);
        }
        r = screen_write(s, s->drawing->data, s->drawing->n);
        s->muddled = r != 0;
        return r == -ETIMEDOUT ? 0 : r;
}

enum typed { TYPED_NOTHING, TYPED_ENTER, TYPED_INTERRUPT, TYPED_SUSPEND, TYPED_END };

static bool has_key(const char *typed, size_t n, cc_t key) {
        return key != _POSIX_VDISABLE && memchr(typed, key, n);
}

/* Read away what was typed; who types without end is read on the next time. */
static enum typed screen_typed(const struct screen *s) {
        const cc_t interrupt = s->quiet ? s->before.c_cc[VINTR] : _POSIX_VDISABLE;
        const cc_t suspend = s->quiet ? s->before.c_cc[VSUSP] : _POSIX_VDISABLE;
        bool entered = false, interrupted = false, suspended = false, ended;
        char typed[TYPED_MAX];
        ssize_t n = 1;

        for (unsigned i = 0; i < TYPED_READS && (n = read(s->fd, typed, sizeof typed)) > 0; i++) {
                entered = entered || memchr(typed, '\n', (size_t) n);
                interrupted = interrupted || has_key(typed, (size_t) n, interrupt);
                suspended = suspended || has_key(typed, (size_t) n, suspend);
        }
        /* End of file: hung up, or Ctrl-D, which says the same. */
        ended = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
        explicit_bzero(typed, sizeof typed);
        if (interrupted)
                return TYPED_INTERRUPT;
        if (ended)
                return TYPED_END;
        if (suspended)
                return TYPED_SUSPEND;
        return entered ? TYPED_ENTER : TYPED_NOTHING;
}

/* What the terminal would have done, with the screen and the attributes as they were before us. */
static void screen_suspend(struct screen *s) {
        screen_leave(s);
        screen_restore(s);
        (void) kill(0, SIGTSTP);
        s->muddled = true;
}

static int screen_menu(struct screen *s, struct talk *talk) {
        enum converse_choice choice;
        int r;

        if (s->menus++ >= MENUS_MAX)
                return TALK_E_TOO_MANY;
        screen_leave(s);
        screen_restore(s);
        drawing_begin(s->drawing);
        if (talk_may_way(talk)) {
                drawing_put_string(s->drawing, talk->intro.string[WIRE_TAG_WAYS]);
                drawing_put_string(s->drawing, "\n");
        }
        drawing_put_string(s->drawing, talk->intro.string[WIRE_TAG_MENU]);
        r = talk_conversed(converse_ask(&talk->converse, PAM_PROMPT_ECHO_ON, s->drawing->data, &choice));
        if (r != 0)
                return r;
        screen_quiet(s);

        switch (choice) {
        case CONVERSE_CANCEL:
                return TALK_E_GIVEN_UP;
        case CONVERSE_INVERT:
                s->look.inverted = !s->look.inverted;
                break;
        case CONVERSE_LARGER:
                s->look.view = s->look.view == DRAW_ALONE ? s->view : DRAW_ALONE;
                break;
        case CONVERSE_TURN:
                return talk_may_turn(talk) ? talk_say(talk, WIRE_TURN) : 0;
        case CONVERSE_WAY:
                return talk_may_way(talk) ? talk_say(talk, WIRE_WAY) : 0;
        case CONVERSE_GO_ON:
        case CONVERSE_FOUR:
        case CONVERSE_FIVE:
        case CONVERSE_SIX:
        case CONVERSE_OTHER:
                break;
        }
        return 0;
}

/* More to hear at once?  Then what we have is already old. */
static bool has_more(const struct talk *talk) {
        struct pollfd p = { .fd = talk->fd, .events = POLLIN };

        return poll(&p, 1, 0) > 0;
}

/*
 * Wait for the helper or the person.  0 and what is ready, or a negative errno.  In the background nothing that is
 * typed is for us, and reading would stop the host program; each frame is an occasion to see whether we still are.
 */
static int wait_either(const struct talk *talk, bool *ret_helper, bool *ret_person) {
        struct pollfd p[] = {
                { .fd = talk->fd,       .events = POLLIN },
                { .fd = is_foreground(talk->host.tty) ? talk->host.tty : -1, .events = POLLIN },
        };
        const uint64_t now = wire_now_ms(), last = talk->ends_ms + TALK_GRACE_MS;
        int k;

        k = poll(p, N_ELEMENTS(p), last > now ? (int) (last - now) : 0);
        if (k < 0 && errno != EINTR)
                return -errno;
        /* When the time has passed, talk_hear() is what says so, whatever is typed meanwhile. */
        *ret_helper = k == 0 || now >= last || (k > 0 && p[0].revents);
        *ret_person = k > 0 && p[1].revents;
        return 0;
}

static int screen_run(struct screen *s, struct talk *talk) {
        for (;;) {
                bool helper = false, person = false;
                int r;

                r = wait_either(talk, &helper, &person);
                if (r < 0)
                        return r;
                if (person) {
                        const enum typed typed = screen_typed(s);

                        /* Broken off, as at a prompt: sudo does not ask again after this. */
                        if (typed == TYPED_INTERRUPT)
                                return TALK_E_CONVERSATION;
                        if (typed == TYPED_END)
                                return TALK_E_GIVEN_UP;
                        if (typed == TYPED_SUSPEND)
                                screen_suspend(s);
                        if (typed == TYPED_ENTER) {
                                r = screen_menu(s, talk);
                                if (r != 0)
                                        return r;
                        }
                        if (typed == TYPED_ENTER || typed == TYPED_SUSPEND) {
                                r = screen_draw(s, talk);
                                if (r < 0)
                                        return TALK_E_GIVEN_UP;
                        }
                }
                if (!helper)
                        continue;
                r = talk_hear(talk);
                if (r != TALK_SHOW)
                        return r;
                if (has_more(talk))
                        continue;
                r = screen_draw(s, talk);
                if (r < 0)
                        return TALK_E_GIVEN_UP;
        }
}

/* A prompt is the host program's, on the terminal as it was. */
static void screen_aside(void *screen) {
        screen_leave(screen);
        screen_restore(screen);
}

int terminal_run(struct talk *talk) {
        const enum draw_view view = talk->host.kiosk ? DRAW_LARGE : DRAW_BESIDE;
        AUTO(screen_donep) struct screen screen = {
                .fd = talk->host.tty,
                .drawing = talk->drawing,
                .view = view,
                .look = {
                        .view = view,
                        .half_blocks = talk->host.half_blocks,
                        .mono = talk->host.mono,
                        .utf8 = talk->host.utf8,
                },
        };
        int r;

        talk->aside = screen_aside;
        talk->screen = &screen;
        screen_quiet(&screen);
        /* What was typed before there was anything to answer is no answer. */
        if (is_foreground(screen.fd))
                (void) tcflush(screen.fd, TCIFLUSH);
        r = talk_say(talk, WIRE_START);
        if (r == 0)
                r = screen_run(&screen, talk);
        talk->aside = NULL;
        talk->screen = NULL;
        return r;
}
