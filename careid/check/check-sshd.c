/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-sshd.c - does sshd let pam_eid speak, and for long enough?
 *
 * sshd takes the first value of an option that it meets; what stands under a
 * Match line is for some log-ins only and is not looked at.  An Include is
 * followed by whoever read the files: @files are in the order of meeting, and
 * a main file whose Include stands before its own options comes last.
 */

#include "check.h"

#include "i18n.h"
#include "words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { GRACE_DEFAULT = 120, GRACE_SPARE = 10 };

/* From these releases on: messages are shown at once; refusals shut an address out. */
static const struct check_sshd_release shows_at_once = { 10, 3 }, has_penalties = { 9, 8 };

static bool is_at_least(struct check_sshd_release release, struct check_sshd_release wanted) {
        return release.major > wanted.major || (release.major == wanted.major && release.minor >= wanted.minor);
}

/* What it says to its clients, "OpenSSH_10.3p1"; its list of the others' mistakes has no "p". */
struct check_sshd_release check_sshd_release_find(const char *program, size_t n) {
        static const char name[] = "OpenSSH_";
        struct check_sshd_release release = { 0 };
        const char *at = program;

        while ((at = memmem(at, n - (size_t) (at - program), name, sizeof name - 1))) {
                struct scan s;

                at += sizeof name - 1;
                s = scan_bytes(at, n - (size_t) (at - program));
                if (scan_u32(&s, 999, &release.major) && scan_char(&s, '.') && scan_u32(&s, 999, &release.minor) &&
                    scan_char(&s, 'p'))
                        return release;
        }
        return (struct check_sshd_release) { 0 };
}

/* The first value of @name outside Match, as text of at most 31 bytes. */
static bool value_find(const struct check_file *files, size_t n, const char *name, char ret[static 32]) {
        for (size_t i = 0; i < n; i++) {
                struct scan file, line;

                if (!files[i].text)
                        continue;
                file = scan_bytes(files[i].text, files[i].n);
                while (words_line(&file, &line)) {
                        const char *word;
                        size_t k = 0;

                        word = line.at;
                        while (!scan_at_end(&line) && !ascii_is_blank(*line.at) && *line.at != '=') {
                                line.at++;
                                k++;
                        }
                        if (words_same(word, k, "Match"))
                                break;
                        if (!words_same(word, k, name))
                                continue;
                        (void) scan_blanks(&line);
                        (void) scan_char(&line, '=');
                        (void) scan_blanks(&line);
                        (void) scan_char(&line, '"');
                        k = 0;
                        while (!scan_at_end(&line) && !ascii_is_blank(*line.at) && *line.at != '"' && k < 31)
                                ret[k++] = *line.at++;
                        ret[k] = '\0';
                        return k > 0;
                }
        }
        return false;
}

/* "120", "2m", "1h30m", "90s": seconds; false for what sshd would not take either. */
static bool seconds_of(const char *text, uint32_t *ret) {
        static const struct {
                char     unit;
                uint32_t seconds;
        } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
        struct scan s = scan_text(text);
        uint64_t total = 0;

        if (scan_at_end(&s))
                return false;
        while (!scan_at_end(&s)) {
                uint32_t n, factor;

                if (!scan_u32(&s, 1000000, &n))
                        return false;
                factor = scan_at_end(&s) ? 1 : 0;
                for (size_t i = 0; factor == 0 && i < sizeof units / sizeof *units; i++)
                        if (scan_char(&s, units[i].unit) || scan_char(&s, (char) (units[i].unit - 'a' + 'A')))
                                factor = units[i].seconds;
                if (factor == 0)
                        return false;
                total += (uint64_t) n * factor;
        }
        if (total > UINT32_MAX)
                return false;
        *ret = (uint32_t) total;
        return true;
}

/* live=yes on an sshd that keeps messages for the next question: there never is one, and nobody sees a code. */
static void check_live(struct check *c, const struct check_stack *stack, struct check_sshd_release release) {
        if (!stack->options.live)
                return;
        if (release.major == 0)
                check_say(c, CHECK_WARN, "sshd-live",
                          _("live=yes needs an sshd of OpenSSH %" PRIu32 ".%" PRIu32 " or later, and nothing here says "
                            "which this is: before that, nobody sees a code"),
                          shows_at_once.major, shows_at_once.minor);
        else if (!is_at_least(release, shows_at_once))
                check_say(c, CHECK_WRONG, "sshd-live",
                          _("live=yes needs an sshd of OpenSSH %" PRIu32 ".%" PRIu32 " or later, and this is %" PRIu32
                            ".%" PRIu32 ": nobody sees a code; take it away from the PAM stack"),
                          shows_at_once.major, shows_at_once.minor, release.major, release.minor);
        else
                check_say(c, CHECK_OK, "sshd-live", _("sshd shows codes at once, as live=yes expects"));
}

/* Colleagues behind one address are shut out together, by default after three refusals in 15 seconds. */
static void check_penalties(struct check *c, const struct check_file *files, size_t n,
                            struct check_sshd_release release) {
        char value[32];

        if (!is_at_least(release, has_penalties))
                return;
        if (value_find(files, n, "PerSourcePenalties", value) && words_same(value, strlen(value), "no"))
                check_say(c, CHECK_OK, "sshd-penalties", _("sshd shuts no address out after refused log-ins"));
        else if (value_find(files, n, "PerSourcePenaltyExemptList", value) && !words_same(value, strlen(value), "none"))
                check_say(c, CHECK_OK, "sshd-penalties",
                          _("sshd shuts addresses out after refused log-ins, but none of PerSourcePenaltyExemptList"));
        else
                check_say(c, CHECK_WARN, "sshd-penalties",
                          _("sshd shuts an address out for a while after refused log-ins, with all who share it: name the "
                            "addresses of your own networks in PerSourcePenaltyExemptList"));
}

void check_sshd(struct check *c, const struct check_file *files, size_t n, const struct check_stack *stack,
                struct check_sshd_release release) {
        const uint32_t timeout = eid_options_seconds(&stack->options, SERVICE_SSH);
        uint32_t grace = GRACE_DEFAULT;
        char value[32];

        if (n == 0 || !(stack->auth || stack->account))
                return;
        if (!value_find(files, n, "UsePAM", value) || !words_same(value, strlen(value), "yes"))
                check_say(c, CHECK_WRONG, "sshd-pam",
                          _("sshd does not use PAM: write UsePAM yes, or ssh knows nothing of careid"));
        else
                check_say(c, CHECK_OK, "sshd-pam", _("sshd uses PAM"));
        if (!stack->auth)
                return;

        if ((value_find(files, n, "KbdInteractiveAuthentication", value) ||
             value_find(files, n, "ChallengeResponseAuthentication", value)) &&
            !words_same(value, strlen(value), "yes"))
                check_say(c, CHECK_WRONG, "sshd-keyboard",
                          _("sshd does not let PAM ask: write KbdInteractiveAuthentication yes, "
                            "or no QR code is shown"));
        else
                check_say(c, CHECK_OK, "sshd-keyboard", _("sshd lets PAM ask"));

        if (value_find(files, n, "LoginGraceTime", value) && !seconds_of(value, &grace))
                check_say(c, CHECK_WRONG, "sshd-grace", _("LoginGraceTime %s of sshd is no time"), value);
        else if (grace != 0 && grace <= timeout)
                check_say(c, CHECK_WRONG, "sshd-grace",
                          _("LoginGraceTime of sshd is %" PRIu32 " s, and pam_eid may take %" PRIu32
                            " s: sshd would hang up; raise the one or lower timeout="),
                          grace, timeout);
        else if (grace != 0 && grace < timeout + GRACE_SPARE)
                check_say(c, CHECK_WARN, "sshd-grace",
                          _("LoginGraceTime of sshd is %" PRIu32 " s, and pam_eid may take %" PRIu32
                            " s: leave %d s between them"),
                          grace, timeout, GRACE_SPARE);
        else
                check_say(c, CHECK_OK, "sshd-grace", _("sshd leaves pam_eid the time it needs"));
        check_live(c, stack, release);
        check_penalties(c, files, n, release);
}
