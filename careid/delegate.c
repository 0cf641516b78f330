/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * delegate.c - the words of a command to the helper, and what it answers to the terminal
 *
 * 1. MUST send nothing before the person has said yes to what asks.
 * 2. MUST not put what must not be seen among the words.
 * 3. MUST print nothing but text that wire.c has found to be clean.
 * 4. MUST say that it was done only where the helper does.
 * 5. MUST give up an act whose approval the person has given up.
 */

#include "delegate.h"

#include "approve.h"
#include "ask-helper.h"
#include "cleanup.h"
#include "i18n.h"
#include "names.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PASSWD_BUFFER = 16384 };

struct words {
        char   bytes[WIRE_WORDS_MAX];
        size_t n;
};

/* What must not stand among them, in the order in which the command reads it. */
struct lines {
        char   bytes[WIRE_SECRET_MAX];
        size_t n;
};

static void lines_wipe(struct lines *l) {
        explicit_bzero(l, sizeof *l);
}

/* One that is empty was not asked for. */
static void line_add(struct lines *l, const char *line) {
        const size_t n = strlen(line) + 1;

        _Static_assert(WIRE_SECRET_MAX >= 3 * (ASKED_LINE_MAX + 1) + SECRET_LINE_MAX + 1, "all that a command can ask for");
        if (n > 1) {
                memcpy(l->bytes + l->n, line, n);
                l->n += n;
        }
}

static bool word_add(struct words *w, const char *word) {
        const size_t n = strlen(word) + 1;

        if (n > sizeof w->bytes - w->n)
                return false;
        memcpy(w->bytes + w->n, word, n);
        w->n += n;
        return true;
}

static bool has_option(const struct command *c, const char *name) {
        for (size_t k = 0; k < ARGUMENTS_OPTIONS_MAX && c->options[k].name; k++)
                if (strcmp(c->options[k].name, name) == 0)
                        return true;
        return false;
}

/* As they were typed; "--yes" after the words of the command, where it has been said here. */
static int words_make(const struct invocation *i, int argc, char *const *argv, struct words *ret) {
        const struct command *c = i->arguments.command;
        const bool yes = has_option(c, "yes") && !option(i, "yes") && !option(i, "dry-run");
        const int n_own = strchr(c->words, ' ') ? 2 : 1;
        bool room = true;

        for (int k = 1; k < argc && room; k++) {
                room = word_add(ret, argv[k]);
                if (room && yes && k == n_own)
                        room = word_add(ret, "--yes");
        }
        return room ? OUTCOME_DONE : outcome_say(OUTCOME_USAGE, c->words, _("the arguments are too long for the helper"));
}

/* MUST 1 */
static int confirm(const struct invocation *i, int argc, char *const *argv) {
        char line[256] = "careid";
        size_t n = strlen(line);

        /* A dry run asks nothing. */
        if (!has_option(i->arguments.command, "yes") || option(i, "dry-run"))
                return OUTCOME_DONE;
        for (int k = 1; k < argc && n < sizeof line; k++) {
                const int r = snprintf(line + n, sizeof line - n, " %s", argv[k]);

                n += r > 0 ? (size_t) r : 0;
        }
        return invocation_confirm(i, _("Really: %s?"), line) ? OUTCOME_DONE : OUTCOME_REFUSED;
}

static int secret(const struct invocation *i, char ret[static SECRET_LINE_MAX + 1]) {
        const bool is_number = has_option(i->arguments.command, "country");
        int r;

        ret[0] = '\0';
        if (!(i->arguments.command->flags & INVOKE_SECRET) || (is_number && !option(i, "country")))
                return OUTCOME_DONE;
        r = secret_read(is_number ? _("Personal number (it is not shown): ") : _("Phone number or mail address (it is not shown): "),
                        _("Again: "), ret);
        if (r == SECRET_E_TOO_LONG)
                return outcome_say(OUTCOME_REFUSED, i->arguments.command->words,
                                   is_number ? _("that is longer than any personal number")
                                             : _("that is longer than any phone number or mail address"));
        if (r == SECRET_E_DIFFERS)
                return outcome_say(OUTCOME_REFUSED, i->arguments.command->words, _("the two were not the same; nothing was changed"));
        if (r == SECRET_E_NONE)
                return outcome_say(OUTCOME_REFUSED, i->arguments.command->words, _("nothing was entered; nothing was changed"));
        return r < 0 ? outcome_of_errno(i->arguments.command->words, r) : OUTCOME_DONE;
}

static int say_why(const char *what, int r) {
        if (r == -ENOENT || r == -ECONNREFUSED)
                return outcome_say(OUTCOME_BROKEN, what,
                                   _("nobody listens for those who have mandates: careid-user.socket is off; only root can do this now"));
        if (r == WIRE_E_CLOSED || r == WIRE_E_TIMED_OUT)
                return outcome_say(OUTCOME_BROKEN, what,
                                   _("the helper ended before it had answered; look whether it was done before you try again"));
        return r < 0 ? outcome_of_errno(what, r) : outcome_say(OUTCOME_BROKEN, what, _("the helper's answer can't be understood"));
}

/* MUST 3, 4.  @m is the first of them. */
static int print_answers(const char *what, int fd, struct wire_message *m) {
        const uint64_t deadline_ms = wire_now_ms() + ASK_HELPER_ACT_MS;
        size_t n = 0;
        int r;

        for (;;) {
                for (enum wire_tag tag = WIRE_TAG_TEXT; tag <= WIRE_TAG_HELP; tag++)
                        if (wire_has(m, tag)) {
                                n += strlen(m->string[tag]);
                                (void) fputs(m->string[tag], tag == WIRE_TAG_TEXT ? stdout : stderr);
                        }
                if (wire_has(m, WIRE_TAG_STATUS))
                        return (int) m->number[WIRE_TAG_STATUS];
                if (n > ASK_HELPER_ACT_MAX)
                        return outcome_say(OUTCOME_BROKEN, what, _("the helper's answer can't be understood"));
                r = wire_receive(fd, UINT32_C(1) << WIRE_RESULT, deadline_ms, m);
                if (r != WIRE_OK)
                        return say_why(what, r);
        }
}

/* MUST 5.  What asks after an approval, or says that there is none. */
static int approve(const char *what, int fd, struct approve *approver, const struct wire_message *first) {
        const char *text = "";

        if (!approver)
                return outcome_say(OUTCOME_BROKEN, what, _("the helper's answer can't be understood"));
        switch (approve_run(approver, fd, first, &text)) {
        case APPROVE_OK:
                return OUTCOME_DONE;
        case APPROVE_E_REFUSED:
                return outcome_say(OUTCOME_REFUSED, what, "%s", text);
        case APPROVE_E_OUT_OF_ORDER:
                return outcome_say(OUTCOME_BROKEN, what, "%s", text);
        case APPROVE_E_GIVEN_UP:
                return outcome_say(OUTCOME_REFUSED, what, _("it was not approved; nothing was changed"));
        case APPROVE_E_TIMED_OUT:
                return outcome_say(OUTCOME_REFUSED, what, _("the time for the approval is up; nothing was changed"));
        }
        return say_why(what, WIRE_E_CLOSED);
}

/* All that the helper says, after what it may want to see first. */
static int hear(const char *what, int fd, struct approve *approver) {
        static const uint32_t kinds = UINT32_C(1) << WIRE_INTRO | UINT32_C(1) << WIRE_VERDICT | UINT32_C(1) << WIRE_RESULT;
        struct wire_message m;
        int r, status;

        r = wire_receive(fd, kinds, wire_now_ms() + ASK_HELPER_ACT_MS, &m);
        if (r != WIRE_OK)
                return say_why(what, r);
        if (m.kind != WIRE_RESULT) {
                status = approve(what, fd, approver, &m);
                if (status != OUTCOME_DONE)
                        return status;
                r = wire_receive(fd, UINT32_C(1) << WIRE_RESULT, wire_now_ms() + ASK_HELPER_ACT_MS, &m);
                if (r != WIRE_OK)
                        return say_why(what, r);
        }
        return print_answers(what, fd, &m);
}

static int send_words(const char *what, const struct words *words, const struct lines *lines) {
        char buffer[PASSWD_BUFFER];
        struct passwd entry, *found = NULL;
        AUTO(approve_freep) struct approve *approver = approve_new();
        auto_close int fd = -1;
        struct wire_message m;
        const char *language = getenv("LANGUAGE");
        int r;

        r = getpwuid_r(getuid(), &entry, buffer, sizeof buffer, &found);
        /* Who is no staff is told their own name in a session alone; a client needs it, a relative has no mandate. */
        if (!found)
                return r == 0 ? outcome_say(OUTCOME_REFUSED, what, _("only root may administer careid, and staff who have a mandate"))
                              : outcome_of_errno(what, -r);
        wire_message_init(&m, WIRE_ACT);
        wire_set_number(&m, WIRE_TAG_VERSION, WIRE_VERSION);
        wire_set_string(&m, WIRE_TAG_ACCOUNT, found->pw_name);
        wire_set_string(&m, WIRE_TAG_SERVICE, "careid");
        wire_set_string(&m, WIRE_TAG_LANGUAGE, language ? language : "en");
        wire_set_bytes(&m, WIRE_TAG_WORDS, words->bytes, words->n);
        if (approver)
                approve_to_message(approver, &m);
        if (lines->n > 0)
                wire_set_bytes(&m, WIRE_TAG_SECRET, lines->bytes, lines->n);

        r = ask_helper_connect("user.sock", &fd);
        if (r == 0)
                r = wire_send(fd, &m, wire_now_ms() + ASK_HELPER_MS);
        if (r == WIRE_E_RANGE)
                return outcome_say(OUTCOME_USAGE, what, _("there are control characters in it"));
        return r == WIRE_OK ? hear(what, fd, approver) : say_why(what, r);
}

/* MUST 2 */
static int lines_read(const struct invocation *i, struct lines *ret) {
        char line[SECRET_LINE_MAX + 1] = "";
        AUTO(names_wipe) struct names names = { .given = "" };
        int status;

        status = names_read(i, &names);
        if (status == OUTCOME_DONE)
                status = secret(i, line);
        if (status == OUTCOME_DONE) {
                line_add(ret, names.given);
                line_add(ret, names.family);
                line_add(ret, names.alias);
                line_add(ret, line);
        }
        explicit_bzero(line, sizeof line);
        return status;
}

int delegate(struct invocation *i, int argc, char *const *argv) {
        const char *what = i->arguments.command->words;
        AUTO(lines_wipe) struct lines lines = { .n = 0 };
        struct words words = { .n = 0 };
        int status;

        status = words_make(i, argc, argv, &words);
        if (status == OUTCOME_DONE)
                status = confirm(i, argc, argv);
        if (status == OUTCOME_DONE)
                status = lines_read(i, &lines);
        return status == OUTCOME_DONE ? send_words(what, &words, &lines) : status;
}
