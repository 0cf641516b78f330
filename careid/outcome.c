/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * outcome.c - the only file that knows result codes and exit statuses
 */

#include "outcome.h"

#include "cleanup.h"
#include "errno-text.h"
#include "i18n.h"
#include "places.h"
#include "utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

enum { SAID_MAX = 4096 };

/* What the directory's file says may come to root's terminal this way: nothing of it is for the terminal to obey. */
static void put_clean(const char *s) {
        size_t n = strlen(s);

        while (n > 0) {
                uint32_t ignored;
                const size_t k = utf8_decode(s, n, &ignored);

                if (k > 0 && utf8_is_clean(s, k, UTF8_LINES))
                        (void) fwrite(s, 1, k, stderr);
                else
                        (void) fputc('?', stderr);
                s += k > 0 ? k : 1;
                n -= k > 0 ? k : 1;
        }
}

static bool in_json;

void outcome_in_json(void) {
        in_json = true;
}

/* Text, or null where there is none or nobody could read it. */
static json_t *text_or_null(const char *s) {
        json_t *text = s ? json_string(s) : NULL;

        return text ? text : json_null();
}

/* Once: what follows it is about the same. */
static void put_json(int status, const char *what, const char *said) {
        AUTO(json_decrefp) json_t *error = NULL;

        if (!in_json)
                return;
        in_json = false;
        error = json_pack("{s:{s:o, s:o, s:i}}", "error", "about", text_or_null(what), "text", text_or_null(said),
                          "status", status);
        if (error && json_dumpf(error, stdout, JSON_INDENT(3)) == 0)
                (void) putchar('\n');
}

int outcome_say(int status, const char *what, const char *format, ...) {
        char said[SAID_MAX];
        va_list arguments;

        (void) fflush(stdout);
        (void) fputs("careid: ", stderr);
        if (what) {
                put_clean(what);
                (void) fputs(": ", stderr);
        }
        va_start(arguments, format);
        (void) vsnprintf(said, sizeof said, format, arguments);
        va_end(arguments);
        utf8_trim(said);
        put_clean(said);
        (void) fputc('\n', stderr);
        put_json(status, what, said);
        return status;
}

void outcome_warn(const char *text) {
        (void) fflush(stdout);
        (void) fputs("careid: ", stderr);
        put_clean(text);
        (void) fputc('\n', stderr);
}

int outcome_of_errno(const char *what, int r) {
        return outcome_say(OUTCOME_BROKEN, what, "%s", errno_text(r));
}

/* What to do, and in parentheses what the directory says about it. */
static int say_error(const char *what, int r, const struct directory *d) {
        const char *why = directory_complaint(d);

        if (r == -ENOENT)
                return outcome_say(OUTCOME_BROKEN, what,
                                   _("there is no care directory yet; make it with: careid setup"));
        if (r == -EBUSY)
                return outcome_say(OUTCOME_BROKEN, what,
                                   _("another process has held the care directory for %d seconds; "
                                     "nothing was changed, try again"),
                                   DIRECTORY_BUSY_MS / 1000);
        if (r == -EUCLEAN)
                return outcome_say(OUTCOME_BROKEN, what,
                                   _("the care directory is damaged; keep %s as it is and restore the last "
                                     "backup (%s)"),
                                   CAREID_STATE_DIR "/directory.db", why);
        if (r == -ENOKEY)
                return outcome_say(OUTCOME_BROKEN, what,
                                   _("the keys in %s must be there, mode 0400 and owned by %s (%s)"),
                                   CAREID_CONFIG_DIR "/keys", CAREID_USER, why);
        if (*why)
                return outcome_say(OUTCOME_BROKEN, what, "%s", why);
        return outcome_of_errno(what, r);
}

int outcome_of_directory(const char *what, int r, const struct directory *d) {
        const char *complaint = directory_complaint(d);

        if (r < 0)
                return say_error(what, r, d);
        switch (r) {
        case DIRECTORY_OK:
                return OUTCOME_DONE;
        case DIRECTORY_E_NEWER:
                return outcome_say(OUTCOME_BROKEN, what,
                                   _("the care directory was written by a newer careid; install that one"));
        case DIRECTORY_E_NOT_FOUND:
                return outcome_say(OUTCOME_REFUSED, what, "%s", *complaint ? complaint : _("not found"));
        case DIRECTORY_E_EXISTS:
                return outcome_say(OUTCOME_REFUSED, what, "%s", *complaint ? complaint : _("exists already"));
        case DIRECTORY_E_INVALID:
                return outcome_say(OUTCOME_REFUSED, what, "%s",
                                   *complaint ? complaint : _("not a value that this field admits"));
        case DIRECTORY_E_CONSTRAINT:
                return outcome_say(OUTCOME_REFUSED, what, "%s",
                                   *complaint ? complaint : _("a rule of the care directory forbids it"));
        }
        return outcome_say(OUTCOME_BROKEN, what, _("a result that careid does not know: %d"), r);
}
