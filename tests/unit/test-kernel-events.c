/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-kernel-events.c - whose file it was that the audit of the kernel has seen opened
 *
 * The records are of real calls, as auditd writes them.  MUST 2 is that a name
 * which may mean another file says nothing.
 */

#include "kernel-events.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNDER "/srv/clients"
#define OAK   UNDER "/client-oakclinic-17"

static unsigned n_tests, failed;

static void ok(bool good, const char *name) {
        (void) printf("%sok %u - %s\n", good ? "" : "not ", ++n_tests, name);
        failed += !good;
}

/* -- Names ------------------------------------------------------------------------------------------------- */

static const struct {
        const char *name, *path, *cwd;                          /* cwd NULL: the name continues a directory that is open */
        bool        keyed;
        enum kernel_whose whose;
        const char *client;
} names[] = {
        { "a file of a client", OAK "/notes", "/", true, KERNEL_CLIENT, "oakclinic-17" },
        { "the directory itself", OAK, "/", true, KERNEL_CLIENT, "oakclinic-17" },
        { "without a rule of ours", OAK "/notes", "/", false, KERNEL_CLIENT, "oakclinic-17" },
        { "an organisation with a dash", UNDER "/client-oak-ward-3/x", "/", true, KERNEL_CLIENT, "oak-ward-3" },
        { "with more slashes and dots", "//srv/./clients///client-oakclinic-17/./x", "/", true, KERNEL_CLIENT, "oakclinic-17" },
        { "from the working directory", "notes", OAK, true, KERNEL_CLIENT, "oakclinic-17" },
        { "from one further down", "../notes", OAK "/a/b", true, KERNEL_CLIENT, "oakclinic-17" },
        { "next to the working directory", "../client-elm-2/notes", OAK, true, KERNEL_CLIENT, "elm-2" },
        { "down from the working directory", "clients/client-elm-2/notes", "/srv", true, KERNEL_CLIENT, "elm-2" },
        { "through one client to another", OAK "/../client-elm-2/notes", "/", true, KERNEL_CLIENT, "elm-2" },
        { "up to the root and down", "/../../srv/clients/client-elm-2/x", OAK, true, KERNEL_CLIENT, "elm-2" },
        { "above all clients, and down", UNDER "/../clients/client-elm-2/x", "/", true, KERNEL_CLIENT, "elm-2" },
        { "past what may be a link", OAK "/link/../x", "/", true, KERNEL_UNSURE, NULL },
        { "past a link elsewhere", "/home/n/link/../../../srv/clients/client-elm-2/x", "/", true, KERNEL_UNSURE, NULL },
        { "from the working directory past a link", "link/../x", OAK, true, KERNEL_UNSURE, NULL },
        { "from a directory that is open", "notes", NULL, true, KERNEL_UNSURE, NULL },
        { "from one that is open, and no rule of ours", "notes", NULL, false, KERNEL_NO_CLIENT, NULL },
        { "from one that is open, naming a client", "client-elm-2/notes", NULL, false, KERNEL_UNSURE, NULL },
        { "by a link that is called otherwise", "/home/n/link/notes", "/", true, KERNEL_UNSURE, NULL },
        { "by a link that is called as a client", "/home/n/client-elm-2/notes", "/", true, KERNEL_UNSURE, NULL },
        { "the same where no rule of ours asks", "/home/n/client-elm-2/notes", "/", false, KERNEL_UNSURE, NULL },
        { "something else, by another rule", "/etc/shadow", "/", false, KERNEL_NO_CLIENT, NULL },
        { "the directory of all", UNDER, "/", true, KERNEL_NO_CLIENT, NULL },
        { "something beside the clients", UNDER "/README", "/", true, KERNEL_NO_CLIENT, NULL },
        { "a directory that begins alike", UNDER "2/client-elm-2/x", "/", true, KERNEL_UNSURE, NULL },
        { "a service's", UNDER "/client-oakclinic-17-booking/x", "/", true, KERNEL_NO_CLIENT, NULL },
        { "a number with a 0 before it", UNDER "/client-oakclinic-017/x", "/", true, KERNEL_NO_CLIENT, NULL },
        { "no organisation", UNDER "/client-17/x", "/", true, KERNEL_NO_CLIENT, NULL },
        { "no number", UNDER "/client-oakclinic-/x", "/", true, KERNEL_NO_CLIENT, NULL },
        { "not quite", UNDER "/myclient-oakclinic-17/x", "/", true, KERNEL_NO_CLIENT, NULL },
        { "no name that can be read", "", "/", true, KERNEL_UNSURE, NULL },
};

static void test_names(void) {
        char client[KERNEL_CLIENT_MAX + 1], alone[] = "notes", here[] = "/";
        struct kernel_event lost = { .cwd = here, .n_names = 1 };

        lost.name[0].path = alone;
        ok(kernel_event_whose(&lost, 0, UNDER, client) == KERNEL_UNSURE, "a name whose call is missing");

        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
                char path[KERNEL_PATH_MAX + 1], cwd[KERNEL_PATH_MAX + 1] = "";
                struct kernel_event e = { .called = true, .keyed = names[i].keyed, .from_cwd = names[i].cwd != NULL, .cwd = cwd, .n_names = 1 };
                enum kernel_whose whose;

                (void) snprintf(path, sizeof path, "%s", names[i].path);
                (void) snprintf(cwd, sizeof cwd, "%s", names[i].cwd ? names[i].cwd : OAK);
                e.name[0].path = path;
                whose = kernel_event_whose(&e, 0, UNDER, client);
                ok(whose == names[i].whose && (whose != KERNEL_CLIENT || strcmp(client, names[i].client) == 0), names[i].name);
        }
}

/* -- Events ------------------------------------------------------------------------------------------------ */

struct seen {
        char   text[16384];                     /* "serial:auid:names:success " for each event    */
        size_t n;
};

static int told(void *with, const struct kernel_event *e) {
        struct seen *const seen = with;
        static const char words[] = "-?yn";

        seen->n += (size_t) snprintf(seen->text + seen->n, sizeof seen->text - seen->n, "%s%llu:%lld:%zu:%c%s ", e->node,
                                     (unsigned long long) e->serial, (long long) e->auid, e->n_names, words[e->success], e->cut ? "+" : "");
        if (seen->n >= sizeof seen->text)
                exit(1);
        return 0;
}

static char seen_text[16384];

/* Each log one after the other: is this what is told, and how much is not read?  @want "": seen_text has it. */
static bool read_as(const char *want, size_t unread, const char *log, ...) {
        struct kernel_events *events = NULL;
        struct seen seen = { .n = 0 };
        va_list ap;
        bool good;

        if (kernel_events_new(told, &seen, &events) < 0)
                exit(1);
        va_start(ap, log);
        for (; log; log = va_arg(ap, const char *)) {
                FILE *const f = *log ? fmemopen((void *) (uintptr_t) log, strlen(log), "r") : NULL;

                if (*log && (!f || kernel_events_read(events, f) != 0))
                        exit(1);
                if (f)
                        (void) fclose(f);
        }
        va_end(ap);
        good = kernel_events_end(events) == 0 && strcmp(seen.text, want) == 0 && kernel_events_unread(events) == unread;
        if (!good && *want)
                (void) printf("# %s, %zu unread\n", seen.text, kernel_events_unread(events));
        memcpy(seen_text, seen.text, sizeof seen_text);
        events = kernel_events_free(events);
        return good;
}

#define M(at, serial) " msg=audit(" #at ".123:" #serial "): "
#define CALL(at, serial, auid) "type=SYSCALL" M(at, serial) "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c items=1 auid=" #auid \
        " uid=0 comm=\"cat\" exe=\"/usr/bin/cat\" key=\"careid-client\"\n"
#define CWD(at, serial) "type=CWD" M(at, serial) "cwd=\"/srv\"\n"
#define NAME(at, serial) "type=PATH" M(at, serial) "item=0 name=\"" OAK "/notes\" inode=1311 dev=fd:00 mode=0100640 ouid=0 ogid=0 nametype=NORMAL\n"
#define END(at, serial) "type=PROCTITLE" M(at, serial) "proctitle=636174006E6F746573\n"

static void test_events(void) {
        size_t n = 0;
        char *big;

        ok(read_as("7:1000:1:y ", 0, CALL(100, 7, 1000) CWD(100, 7) NAME(100, 7) END(100, 7), NULL), "one event");
        ok(read_as("7:1000:1:y ", 0, CALL(100, 7, 1000) CWD(100, 7), NAME(100, 7), NULL), "one that goes on in the next log");
        ok(read_as("8:1001:1:y 7:1000:1:y ", 0, CALL(100, 7, 1000) CALL(100, 8, 1001) NAME(100, 8) END(100, 8) NAME(100, 7) END(100, 7), NULL),
           "two that are mixed");
        ok(read_as("7:1000:0:y 7:-1:1:? ", 0, CALL(100, 7, 1000) END(100, 7) NAME(100, 7), NULL), "a record that comes late is not lost");
        ok(read_as("7:-1:1:? ", 0, NAME(100, 7), NULL), "nor one whose call is missing");
        ok(read_as("7:1000:0:y 8:1001:0:y 7:-1:1:? ", 0, CALL(100, 7, 1000) CALL(103, 8, 1001) END(103, 8) NAME(100, 7), NULL),
           "after two seconds none of it is awaited");
        ok(read_as("7:1000:0:y a7:-1:1:? ", 0, CALL(100, 7, 1000) "node=a " NAME(100, 7), NULL), "another host's is another event");
        ok(read_as("7:1000:1:y ", 2, "no record\n" CALL(100, 7, 1000) NAME(100, 7) "type=PATH" M(100, 7) "name=\"/srv", NULL),
           "what is no record, and a line that has no end yet, is counted");
        ok(read_as("7:-1:16:?+ ", 0, NAME(100, 7) NAME(100, 7) NAME(100, 7) NAME(100, 7) NAME(100, 7) NAME(100, 7) NAME(100, 7) NAME(100, 7)
                   NAME(100, 7) NAME(100, 7) NAME(100, 7) NAME(100, 7) NAME(100, 7) NAME(100, 7) NAME(100, 7) NAME(100, 7) NAME(100, 7), NULL),
           "more names than there are room for");

        ok(read_as("7:1000:1:y ", 1, CALL(100, 7, 1000) "type=PATH" M(100, 7) "name=\"/\n" NAME(100, 7), NULL), "after one that is none the next one counts");

        /* A line that is too long is one, whatever its end looks like. */
        big = malloc(4 * KERNEL_LINE_MAX);
        if (!big)
                exit(1);
        memset(big, 'x', 3 * KERNEL_LINE_MAX + 6);
        for (size_t at = KERNEL_LINE_MAX + 1; at < 3 * KERNEL_LINE_MAX; at += KERNEL_LINE_MAX + 1)
                memcpy(big + at, "type=SYSCALL" M(100, 9) "auid=1000 key=\"careid-client\" ", strlen("type=SYSCALL" M(100, 9) "auid=1000 key=\"careid-client\" "));
        (void) snprintf(big + 3 * KERNEL_LINE_MAX + 6, KERNEL_LINE_MAX, "\n%s", CALL(100, 7, 1000) NAME(100, 7));
        ok(read_as("7:1000:1:y ", 1, big, NULL), "the end of a line that is too long is no record");

        /* More at once than there is room for: none goes without a word. */
        n = 0;
        for (unsigned i = 0; i < KERNEL_EVENTS_MAX + 3; i++)
                n += (size_t) snprintf(big + n, 4 * KERNEL_LINE_MAX - n, "type=SYSCALL msg=audit(100.001:%u): auid=%u\n", i, i);
        ok(!read_as("", 0, big, NULL) && strncmp(seen_text, "0:0:0:? 1:1:0:? ", 16) == 0, "more than there is room for: the oldest first");
        n = 0;
        for (const char *c = seen_text; *c; c++)
                n += *c == ' ';
        ok(n == KERNEL_EVENTS_MAX + 3, "and none is missing");
        free(big);
}

int main(void) {
        test_names();
        test_events();
        (void) printf("1..%u\n", n_tests);
        return failed > 0;
}
