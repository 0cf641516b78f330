/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-place.c - where somebody sits who asks
 */

#include "place.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

static const struct {
        const char          *name;
        struct place_session session;
        const char          *tty;               /* of the question                                */
        enum place_kind      want;
        const char          *source;
} cases[] = {
        { "a desk: its window is a pseudo-terminal", { false, "active", "seat0", NULL, NULL },   "pts/3", PLACE_HERE, "" },
        { "a desk that another one has covered",     { false, "online", "seat0", NULL, NULL },   "pts/3", PLACE_HERE, "" },
        { "a console, and tmux in it",               { false, "active", "seat0", "tty2", NULL }, "pts/3", PLACE_HERE, "" },
        { "a serial line has no seat",               { false, "active", NULL, "ttyS0", NULL },   "pts/3", PLACE_HERE, "" },
        { "an empty seat is none",                   { false, "active", "", "pts/0", NULL },     "pts/3", PLACE_UNKNOWN, "" },
        { "a log-in on a pseudo-terminal",           { false, "active", NULL, "pts/0", NULL },   "pts/0", PLACE_UNKNOWN, "" },
        { "a session without a terminal (cron)",     { false, "active", NULL, NULL, NULL },      "pts/0", PLACE_UNKNOWN, "" },
        { "left running at a desk that was left",    { false, "closing", "seat0", "tty2", NULL }, "pts/3", PLACE_UNKNOWN, "" },
        { "of which logind doesn't say how it is",   { false, NULL, "seat0", "tty2", NULL },     "pts/3", PLACE_UNKNOWN, "" },
        { "ssh",                                     { true, "active", NULL, "pts/0", "192.0.2.7" }, "pts/0", PLACE_REMOTE, "192.0.2.7" },
        { "ssh, IPv6",                               { true, "active", NULL, "pts/0", "2001:db8::7" }, "pts/0", PLACE_REMOTE, "2001:db8::7" },
        { "ssh, an address of one link",             { true, "active", NULL, "pts/0", "fe80::1%eth0" }, "pts/0", PLACE_REMOTE, "fe80::1" },
        { "ssh, a name may be anybody's",            { true, "active", NULL, "pts/0", "ward.example" }, "pts/0", PLACE_REMOTE, "" },
        { "ssh, nothing noted",                      { true, "active", NULL, "pts/0", NULL },    "pts/0", PLACE_REMOTE, "" },
        { "ssh, more than an address",               { true, "active", NULL, "pts/0", "192.0.2.7192.0.2.7192.0.2.7192.0.2.7192.0.2.7192" }, "pts/0", PLACE_REMOTE, "" },
        { "ssh, with the console as standard input", { true, "active", NULL, "pts/0", "192.0.2.7" }, "tty3", PLACE_REMOTE, "192.0.2.7" },
        { "remote, whatever seat it has",            { true, "active", "seat0", "tty2", NULL },  "tty2", PLACE_REMOTE, "" },
        { "remote, and being closed",                { true, "closing", NULL, "pts/0", NULL },   "pts/0", PLACE_REMOTE, "" },
};

static const struct {
        const char *tty;
        bool        want;
} lines[] = {
        { "tty1", true },     { "tty63", true },   { "ttyS0", true },  { "ttyAMA0", true }, { "ttyUSB12", true }, { "ttymxc2", true },
        { "console", true },  { "hvc0", true },    { "hvsi1", true },  { "xvc0", true },    { "pts/0", false },   { "pts/63", false },
        { "ttyp0", false },   { "ttye9", false },  { "ttypf", false }, { "ptmx", false },   { "pty1", false },    { "tty", false },
        { "ttyS", false },    { "tty01", false },  { "tty1x", false }, { "tty-1", false },  { "ttyS0/1", false }, { ":0", false },
        { "ssh", false },     { "", false },       { "console1", false }, { "hvc", false }, { "tty99999999", false }, { NULL, false },
};

static unsigned n, failed;

static void check(bool ok, const char *name) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n, name);
        failed += !ok;
}

static void test_join(void) {
        const struct place unknown = { .kind = PLACE_UNKNOWN }, here = { .kind = PLACE_HERE },
                           remote = { .kind = PLACE_REMOTE, .source = "192.0.2.7" };
        const struct {
                const char *name;
                const struct place *a, *b;
                bool both_asked;
                enum place_kind want;
        } joins[] = {
                { "nobody knows",                    &unknown, &unknown, true,  PLACE_UNKNOWN },
                { "one of two knows: here",          &unknown, &here,    true,  PLACE_HERE },
                { "the other of two knows: here",    &here,    &unknown, true,  PLACE_HERE },
                { "here and remote is remote",       &here,    &remote,  true,  PLACE_REMOTE },
                { "remote and here is remote",       &remote,  &here,    true,  PLACE_REMOTE },
                { "here, and the other can't be asked", &here, &unknown, false, PLACE_UNKNOWN },
                { "remote, and the other can't be asked", &remote, &unknown, false, PLACE_REMOTE },
                { "the one that can be asked says remote", &unknown, &remote, false, PLACE_REMOTE },
        };

        for (size_t i = 0; i < N_ELEMENTS(joins); i++) {
                struct place p = *joins[i].a;

                place_join(&p, joins[i].b, joins[i].both_asked);
                check(p.kind == joins[i].want && (p.kind == PLACE_REMOTE) == (*p.source != '\0'), joins[i].name);
        }
}

int main(void) {
        const struct place none = { .kind = PLACE_UNKNOWN };

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                struct place p;

                place_of_session(&cases[i].session, &p);
                check(place_of_terminal(&p, cases[i].tty) == cases[i].want && strcmp(p.source, cases[i].source) == 0, cases[i].name);
        }
        for (size_t i = 0; i < N_ELEMENTS(lines); i++) {
                char name[64];

                (void) snprintf(name, sizeof name, "no session, terminal '%s'", lines[i].tty ? lines[i].tty : "(none)");
                check(place_of_terminal(&none, lines[i].tty) == (lines[i].want ? PLACE_HERE : PLACE_UNKNOWN), name);
        }
        test_join();
        printf("1..%u\n", n);
        return failed != 0;
}
