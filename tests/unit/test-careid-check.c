/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-careid-check.c - careid check: which finding follows from which text
 */

#include "check.h"

#include "cleanup.h"
#include "group-settings.h"
#include "places.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static unsigned n_tests, failed;
static struct check c;

static void check(bool ok, const char *name) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        for (size_t i = 0; !ok && i < c.n; i++)
                printf("# %s %s: %s\n", check_level_text(c.finding[i].level), c.finding[i].word, c.finding[i].text);
        failed += !ok;
}

static struct check_file file(const char *name, const char *text) {
        return (struct check_file) { .name = (char *) name, .text = (char *) text, .n = text ? strlen(text) : 0 };
}

/* The level of the finding @word; 0 if there is none or more than one. */
static unsigned found(const char *word) {
        unsigned level = 0, n = 0;

        for (size_t i = 0; i < c.n; i++)
                if (strcmp(c.finding[i].word, word) == 0) {
                        level = c.finding[i].level;
                        n++;
                }
        return n == 1 ? level : 0;
}

static void begin(void) {
        memset(&c, 0, sizeof c);
}

static const struct {
        const char *name, *text, *word;
        unsigned    want;
} nsswitch[] = {
        { "careroles after files",          "passwd: files careroles\n",            "nsswitch-passwd",     CHECK_OK },
        { "with actions",                   "passwd:\tfiles [NOTFOUND=continue] careroles # ours\n", "nsswitch-passwd", CHECK_OK },
        { "careroles is missing",           "passwd: files systemd\n",              "nsswitch-passwd",     CHECK_WRONG },
        { "only in a comment",              "passwd: files # careroles\n",          "nsswitch-passwd",     CHECK_WRONG },
        { "careroles before files",         "passwd: careroles files\n",            "nsswitch-passwd",     CHECK_WARN },
        { "no line at all",                 "group: files careroles\n",             "nsswitch-passwd",     CHECK_WRONG },
        { "another database's line",        "passwd_compat: careroles\npasswd: files\n", "nsswitch-passwd", CHECK_WRONG },
        { "the last line counts",           "group: careroles\ngroup: files\n",     "nsswitch-group",      CHECK_WRONG },
        { "no initgroups line is right",    "group: files careroles\n",             "nsswitch-initgroups", 0 },
        { "an initgroups line without it",  "initgroups: files\n",                  "nsswitch-initgroups", CHECK_WRONG },
        { "no file",                        NULL,                                   "nsswitch",            CHECK_WRONG },
};

static const struct {
        const char *name, *text;
        unsigned    want;
} subordinate[] = {
        { "the usual range",                "anna:100000:65536\n",                  CHECK_OK },
        { "nothing",                        "",                                     CHECK_OK },
        { "up to the first of ours",        "anna:2000999000:1000\n",               CHECK_OK },
        { "one too many",                   "anna:2000999000:1001\n",               CHECK_WRONG },
        { "from the last of ours",          "anna:2100999999:1\n",                  CHECK_WRONG },
        { "after the last of ours",         "anna:2101000000:65536\n",              CHECK_OK },
        { "all of them",                    "anna:0:4294967295\n",                  CHECK_WRONG },
        { "none of them",                   "anna:2001000000:0\n",                  CHECK_OK },
        { "the second line",                "anna:100000:65536\nbo:2001000000:1\n", CHECK_WRONG },
};

#define EID "[success=end default=die] pam_eid.so"
#define LISTED " [success=1 default=ignore] pam_listfile.so item=user sense=allow file=" CAREID_CONFIG_DIR "/breakglass onerr=fail quiet\n"
#define NOT_ROOT "auth [success=2 default=ignore] pam_succeed_if.so quiet uid = 0\n"
#define SKIP NOT_ROOT "auth" LISTED "account" LISTED
static const struct {
        const char *name, *service, *common, *word;
        unsigned    want;
        uint32_t    timeout;
} stacks[] = {
        { "all three", SKIP "auth " EID " timeout=90\naccount required pam_eid.so\nsession required pam_eid.so\n", "", "pam-sshd", CHECK_OK, 90 },
        { "without an account line", "auth " EID "\nsession required pam_eid.so\n", "", "pam-sshd", CHECK_WRONG, 0 },
        { "without a session line", SKIP "auth " EID "\naccount required pam_eid.so\n", "", "pam-sshd", CHECK_WARN, 0 },
        { "account only", "account" LISTED "account required pam_eid.so\n", "", "pam-sshd", CHECK_OK, 0 },
        { "an account line that is optional", "auth " EID "\naccount optional pam_eid.so\nsession required pam_eid.so\n", "", "pam-sshd", CHECK_WRONG, 0 },
        { "an account line that ignores", "auth " EID "\naccount [success=ok default=ignore] pam_eid.so\nsession required pam_eid.so\n", "",
          "pam-sshd", CHECK_WRONG, 0 },
        { "through @include", SKIP "auth " EID " timeout=80\n@include common\n", "account required pam_eid.so\nsession required pam_eid.so\n", "pam-sshd", CHECK_OK, 80 },
        { "through include", "auth include common\naccount include common\nsession substack common\n",
          SKIP "auth " EID "\naccount required pam_eid.so\nsession required pam_eid.so\n", "pam-sshd", CHECK_OK, 0 },
        { "include takes one type only", "auth include common\n", "auth " EID "\naccount required pam_eid.so\n", "pam-sshd", CHECK_WRONG, 0 },
        { "with a path", SKIP "auth required /usr/lib/security/pam_eid.so\naccount required pam_eid.so\nsession required pam_eid.so\n", "", "pam-sshd", CHECK_OK, 0 },
        { "an option that there isn't", "auth " EID " timout=90\naccount required pam_eid.so\nsession required pam_eid.so\n", "", "pam-sshd", CHECK_WRONG, 0 },
        { "too short a time", "auth " EID " timeout=4\naccount required pam_eid.so\nsession required pam_eid.so\n", "", "pam-sshd", CHECK_WRONG, 0 },
        { "kiosk", SKIP "auth " EID " kiosk=yes\naccount required pam_eid.so\nsession required pam_eid.so\n", "", "pam-sshd", CHECK_OK, 0 },
        { "a kiosk in a hurry", "auth " EID " kiosk=yes timeout=179\naccount required pam_eid.so\nsession required pam_eid.so\n", "", "pam-sshd", CHECK_WRONG, 179 },
        { "a kiosk, perhaps", "auth " EID " kiosk\naccount required pam_eid.so\nsession required pam_eid.so\n", "", "pam-sshd", CHECK_WRONG, 0 },
        { "the account line's time is not the log-in's", SKIP "auth " EID " timeout=90\naccount required pam_eid.so timeout=5\nsession required pam_eid.so\n", "", "pam-sshd", CHECK_OK, 90 },
        { "live", SKIP "auth " EID " live=yes timeout=90\naccount required pam_eid.so\nsession required pam_eid.so\n", "", "pam-sshd", CHECK_OK, 90 },
        { "a line that goes on", SKIP "auth \\\n " EID " \\\n timeout=70\n-account required pam_eid.so\nSESSION required pam_eid.so\n", "", "pam-sshd", CHECK_OK, 70 },
        { "root is asked too", "auth" LISTED "account" LISTED "auth " EID "\naccount required pam_eid.so\nsession required pam_eid.so\n", "",
          "pam-sshd", CHECK_WARN, 0 },
        { "break-glass is asked too", NOT_ROOT "account" LISTED "auth " EID "\naccount required pam_eid.so\nsession required pam_eid.so\n", "",
          "pam-sshd", CHECK_WARN, 0 },
        { "break-glass is cut out of account", NOT_ROOT "auth" LISTED "auth " EID "\naccount required pam_eid.so\nsession required pam_eid.so\n", "",
          "pam-sshd", CHECK_WARN, 0 },
        { "skipped after it was asked", "auth " EID "\n" SKIP "account required pam_eid.so\nsession required pam_eid.so\n", "", "pam-sshd", CHECK_WARN, 0 },
        { "lines that skip nothing", "auth [success=ok default=ignore] pam_succeed_if.so uid = 0\nauth" LISTED "account" LISTED
          "auth " EID "\naccount required pam_eid.so\nsession required pam_eid.so\n", "", "pam-sshd", CHECK_WARN, 0 },
        { "skipped in what is included", "@include common\nauth " EID "\naccount required pam_eid.so\nsession required pam_eid.so\n", SKIP,
          "pam-sshd", CHECK_OK, 0 },
        { "another module of a like name", "auth required not_pam_eid.so\n", "", "pam", CHECK_WARN, 0 },
        { "commented out", "#auth " EID "\n", "", "pam", CHECK_WARN, 0 },
        { "a stack that includes itself", "@include sshd\n@include common\n", "@include common\n", "pam", CHECK_WARN, 0 },
        { "in circles, with an e-ID", SKIP "auth " EID "\naccount required pam_eid.so\nsession required pam_eid.so\n@include common\n",
          "@include common\n@include common\n@include common\n@include common\n@include common\n@include common\n@include common\n"
          "@include common\n@include common\n@include common\n@include common\n@include common\n@include common\n@include common\n",
          "pam-sshd", CHECK_WRONG, 0 },
};

static const struct {
        const char *name, *first, *main, *word;
        unsigned    want;
} sshd[] = {
        { "as it should be",        "", "UsePAM yes\nKbdInteractiveAuthentication yes\n",       "sshd-pam",      CHECK_OK },
        { "no PAM by default",      "", "Port 22\n",                                            "sshd-pam",      CHECK_WRONG },
        { "UsePAM no",              "", "UsePAM no\n",                                          "sshd-pam",      CHECK_WRONG },
        { "any case, and =",        "", "usepam=yes\n",                                         "sshd-pam",      CHECK_OK },
        { "the first value counts", "UsePAM yes\n", "UsePAM no\n",                              "sshd-pam",      CHECK_OK },
        { "under Match",            "", "Match User bo\nUsePAM yes\n",                           "sshd-pam",      CHECK_WRONG },
        { "PAM may ask by default", "", "UsePAM yes\n",                                         "sshd-keyboard", CHECK_OK },
        { "PAM may not ask",        "", "KbdInteractiveAuthentication no\n",                     "sshd-keyboard", CHECK_WRONG },
        { "by the old name",        "", "ChallengeResponseAuthentication no\n",                  "sshd-keyboard", CHECK_WRONG },
        { "the default time",       "", "",                                                     "sshd-grace",    CHECK_OK },
        { "too short",              "", "LoginGraceTime 100\n",                                 "sshd-grace",    CHECK_WRONG },
        { "hardly enough",          "", "LoginGraceTime 101\n",                                 "sshd-grace",    CHECK_WARN },
        { "just enough",            "", "LoginGraceTime 110\n",                                 "sshd-grace",    CHECK_OK },
        { "in minutes",             "", "LoginGraceTime 1m30s\n",                               "sshd-grace",    CHECK_WRONG },
        { "two minutes",            "", "LoginGraceTime 2m\n",                                  "sshd-grace",    CHECK_OK },
        { "without end",            "", "LoginGraceTime 0\n",                                   "sshd-grace",    CHECK_OK },
        { "no time at all",         "", "LoginGraceTime soon\n",                                "sshd-grace",    CHECK_WRONG },
};

#define OLD  "OpenSSH_6.6.1*,OpenSSH_2.*\0SSH-2.0-\0OpenSSH_9.2p1 Debian-2\0"
#define NEW  "\0OpenSSH_10.3p1 Debian-1"

static const struct {
        const char *name, *program, *main, *word;
        size_t      n_program;
        bool        live;
        unsigned    want;
} releases[] = {
        { "live on an old sshd",          OLD, "", "sshd-live", sizeof OLD - 1, true, CHECK_WRONG },
        { "live on a new sshd",           NEW, "", "sshd-live", sizeof NEW - 1, true, CHECK_OK },
        { "live on nobody knows what",    "OpenSSH_6.6.1*", "", "sshd-live", 14, true, CHECK_WARN },
        { "a name cut off",               "OpenSSH_10.", "", "sshd-live", 11, true, CHECK_WARN },
        { "no live",                      OLD, "", "sshd-live", sizeof OLD - 1, false, 0 },
        { "an sshd without penalties",    OLD, "", "sshd-penalties", sizeof OLD - 1, false, 0 },
        { "penalties by default",         NEW, "", "sshd-penalties", sizeof NEW - 1, false, CHECK_WARN },
        { "penalties that were changed",  NEW, "PerSourcePenalties authfail:1\n", "sshd-penalties", sizeof NEW - 1, false, CHECK_WARN },
        { "no penalties",                 NEW, "PerSourcePenalties no\n", "sshd-penalties", sizeof NEW - 1, false, CHECK_OK },
        { "networks without penalties",   NEW, "PerSourcePenaltyExemptList 192.0.2.0/24\n", "sshd-penalties", sizeof NEW - 1, false, CHECK_OK },
        { "no networks without",          NEW, "PerSourcePenaltyExemptList none\n", "sshd-penalties", sizeof NEW - 1, false, CHECK_WARN },
};

static const struct {
        const char          *name;
        struct check_console console;
        unsigned             want;
} consoles[] = {
        { "no console",                  { .is_there = false },       0 },
        { "half blocks, just enough",    { true, true, 24, 45 },      CHECK_OK },
        { "half blocks, a row too few",  { true, true, 23, 45 },      CHECK_WARN },
        { "half blocks, a column too few", { true, true, 24, 44 },    CHECK_WARN },
        { "none, 80x25",                 { true, false, 25, 80 },     CHECK_WARN },
        { "none, just enough",           { true, false, 46, 90 },     CHECK_OK },
        { "none, a row too few",         { true, false, 45, 90 },     CHECK_WARN },
        { "none, a column too few",      { true, false, 46, 89 },     CHECK_WARN },
};

#define MOUNT "22 28 0:21 / /proc rw,nosuid shared:12 - proc proc rw"

static const struct {
        const char *name, *text;
        enum check_level want;
} mounts[] = {
        { "/proc as it comes",           "25 1 8:1 / / rw - ext4 /dev/sda1 rw\n" MOUNT "\n",  CHECK_WARN },
        { "/proc is hidden",             MOUNT ",hidepid=invisible\n",                         CHECK_OK },
        { "/proc is hidden, by number",  MOUNT ",gid=7,hidepid=2\n",                           CHECK_OK },
        { "/proc is not hidden, said so", MOUNT ",hidepid=off\n",                              CHECK_WARN },
        { "/proc, the last one counts",  MOUNT ",hidepid=2\n" MOUNT "\n",                      CHECK_WARN },
        { "another place is hidden",     "22 28 0:21 / /x rw - proc proc rw,hidepid=2\n" MOUNT "\n", CHECK_WARN },
        { "mounts are not to be read",   NULL,                                                 0 },
};

#define ROOT   "28 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
#define SAFE(place, k) #k " 28 0:30 / " place " rw,nosuid,nodev - tmpfs tmpfs rw\n"
#define TMPS   SAFE("/tmp", 30) SAFE("/var/tmp", 31) SAFE("/dev/shm", 32) SAFE("/run", 33)

/* Where a group could be kept, homes being made in /home. */
static const struct {
        const char *name, *text, *want;
} nosuid[] = {
        { "one file system for everything", ROOT, "/home (/), /tmp (/), /var/tmp (/), /dev/shm (/), /run/lock (/)" },
        { "a home of its own",              ROOT TMPS SAFE("/home", 40), "" },
        { "a home of its own with setuid",  ROOT TMPS "40 28 8:2 / /home rw - ext4 /dev/sdb1 rw\n", "/home" },
        { "below the home",                 ROOT TMPS SAFE("/home", 40) "41 40 8:3 / /home/anna/usb rw - vfat /dev/sdc1 rw\n", "/home/anna/usb" },
        { "data of people",                 ROOT TMPS SAFE("/home", 40) "41 28 0:50 / /srv/oak rw,nodev shared:9 master:2 - nfs4 nas:/oak rw,vers=4.2\n", "/srv/oak" },
        { "not of people",                  ROOT TMPS SAFE("/home", 40) "41 28 8:4 / /opt rw - ext4 /dev/sdd1 rw\n", "" },
        { "nothing is run from there",      ROOT TMPS SAFE("/home", 40) "41 28 8:4 / /srv rw,noexec - ext4 /dev/sdd1 rw\n", "" },
        { "nothing is written there",       ROOT TMPS SAFE("/home", 40) "41 28 8:4 / /srv ro - ext4 /dev/sdd1 rw\n", "" },
        { "the file system itself is not",  ROOT TMPS SAFE("/home", 40) "41 28 8:4 / /srv rw - iso9660 /dev/sdd1 ro\n", "" },
        { "the last mount is what is seen", ROOT TMPS "40 28 8:2 / /home rw - ext4 /dev/sdb1 rw\n" SAFE("/home", 41), "" },
        { "or what is mounted over it",     ROOT TMPS SAFE("/home", 40) "41 28 8:2 / /home rw - ext4 /dev/sdb1 rw\n", "/home" },
        { "what autofs will mount",         ROOT TMPS SAFE("/home", 40) "41 40 0:60 / /home rw - autofs systemd-1 rw,fd=1\n", "" },
        { "a blank in its name",            ROOT TMPS SAFE("/home", 40) "41 28 8:4 / /srv/a\\040b rw - ext4 /dev/sdd1 rw\n", "/srv/a?b" },
        { "a name that only begins so",     ROOT TMPS SAFE("/home", 40) "41 28 8:4 / /srvx rw - ext4 /dev/sdd1 rw\n", "" },
        { "an option that only begins so",  ROOT TMPS SAFE("/home", 40) "41 28 8:4 / /srv rw,nosuidx - ext4 /dev/sdd1 rw\n", "/srv" },
        { "a line that is none",            ROOT TMPS SAFE("/home", 40) "41 28 /srv rw\n", "" },
        { "no root",                        "", NULL },
        { "nothing to read",                NULL, NULL },
};

static void test_nosuid(void) {
        static const struct {
                bool timed, accepted;
                const char *mounts;
                enum check_level want;
        } cases[] = {
                { false, false, ROOT, CHECK_OK }, { true, false, ROOT, CHECK_WRONG }, { true, true, ROOT, CHECK_WARN },
                { true, false, ROOT TMPS SAFE("/home", 40), CHECK_OK }, { true, false, NULL, CHECK_WARN },
        };
        char places[CHECK_TEXT_MAX / 2], many[8192] = ROOT, home[] = "/home/%u", deep[] = "/srv/homes/%u/x";
        struct check_file f = file("/proc/self/mountinfo", many);

        for (size_t i = 0; i < N_ELEMENTS(nosuid); i++) {
                const struct check_file g = file("/proc/self/mountinfo", nosuid[i].text);
                const bool known = nosuid_missing(&g, home, places);

                check(known == (nosuid[i].want != NULL) && strcmp(places, nosuid[i].want ? nosuid[i].want : "") == 0, nosuid[i].name);
        }
        check(nosuid_missing(&f, deep, places) && strncmp(places, "/srv/homes (/), ", 16) == 0, "homes are elsewhere");
        for (size_t i = 0; i < 60; i++)
                (void) snprintf(many + strlen(many), sizeof many - strlen(many), "%zu 28 8:4 / /srv/unit-%zu rw - ext4 /dev/sdd1 rw\n", 100 + i, i);
        f = file("/proc/self/mountinfo", many);
        check(nosuid_missing(&f, home, places) && strcmp(places + strlen(places) - 5, ", ...") == 0, "more than can be named");
        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                const struct check_file g = file("/proc/self/mountinfo", cases[i].mounts);

                begin();
                check_nosuid(&c, &(struct config) { .home = home, .timed_without_nosuid = cases[i].accepted }, &g, cases[i].timed);
                check(found("nosuid") == cases[i].want, "what is said of it");
        }
}

static bool is_known(const char *name) {
        return strcmp(name, "admin") == 0;
}

static bool is_nurses(const void *about, const char *name) {
        return strcmp(name, about) == 0;
}

static void test_local(void) {
        static const struct { const char *name, *text; unsigned want; } files[] = {
                { "groups of the host's own", "root:x:0:\nsudo:x:27:anna\n", CHECK_OK },
                { "one with a number of careid's", "root:x:0:\nother:x:2001000003:\n", CHECK_WRONG },
                { "the last of careid's numbers", "other:x:2100999999:\n", CHECK_WRONG },
                { "the number behind it", "other:x:2101000000:\n", CHECK_OK },
                { "one with a name of careid's", "unit-oak:x:4000:eve\n", CHECK_WRONG },
                { "a line without newline", "unit-oak:x:4000:eve", CHECK_WRONG },
                { "that is no line", "unit-oak\n:x:2001000003:\nunit-oak:x\nunit-oak:x:many:\n", CHECK_OK },
                { "a name that begins as one of careid's", "unit-oaks:x:4000:\n", CHECK_OK },
                { "nothing", "", CHECK_OK },
        };

        for (size_t i = 0; i < N_ELEMENTS(files); i++) {
                const struct check_file f = file("/etc/group", files[i].text);

                begin();
                check_local(&c, "ids-group", &f, is_nurses, "unit-oak");
                check(found("ids-group") == files[i].want, files[i].name);
        }
}

static const struct {
        const char *name;
        int64_t clients;
        bool runs;
        const char *text;
        unsigned want;
} audit_rules[] = {
        { "audit: no clients", 0, false, NULL, 0 },
        { "audit: auditd does not run", 1, false, "-a always,exit -F dir=/srv -F key=careid-client\n", CHECK_WARN },
        { "audit: no rules at all", 1, true, NULL, CHECK_WARN },
        { "audit: other rules", 1, true, "-D\n-b 8192\n-w /etc/passwd -p wa -k careid-clients\n-k\ncareid-client\n", CHECK_WARN },
        { "audit: a rule that is a comment", 1, true, "# -F key=careid-client\n", CHECK_WARN },
        { "audit: the rules that careid brings", 2, true, "-D\n-a always,exit -F arch=b64 -F dir=/srv -F auid>=1000 -F key=careid-client\n", CHECK_OK },
        { "audit: as an older auditctl writes them", 2, true, "-w /srv/clients -p rwa -k careid-client", CHECK_OK },
};

#define OURS "-a always,exit -F arch=b64 -S open,openat -F dir=/srv/clients -F auid>=1000 -F key=careid-client\n"
#define CIS "-a always,exit -F arch=b64 -S creat,open,openat -F exit=-EACCES -F auid>=1000 -F auid!=unset -k access\n"

/* Rules that stand before ours: @parts are 10-a.rules and 50-b.rules. */
static const struct {
        const char *name, *loaded, *parts[2];
        const char *says;                       /* which comes before ours; NULL: none             */
} audit_orders[] = {
        { "ours alone", OURS, { OURS, NULL }, NULL },
        { "ours first", OURS CIS, { OURS, CIS }, NULL },
        { "another first", "-D\n\n" CIS OURS, { NULL, NULL }, "audit.rules:3 " },
        { "another first, in the parts", CIS OURS, { "# ours\n-b 8192\n" CIS, OURS }, "10-a.rules:3 " },
        { "another first, not loaded yet", OURS, { CIS, OURS }, "10-a.rules:1 " },
        { "another between ours for 64 and 32 bits", OURS CIS OURS, { NULL, NULL }, "audit.rules:2 " },
        { "one that goes before all", OURS "-A exit,never -S all\n", { NULL, NULL }, "audit.rules:2 " },
        { "one that is never recorded", "-a never,exit -F dir=/srv\n" OURS, { NULL, NULL }, "audit.rules:1 " },
        { "one of a directory above", "-a always,exit -S unlinkat -F dir=/srv/ -k x\n" OURS, { NULL, NULL }, "audit.rules:1 " },
        { "one of a directory in it", "-w /srv/clients/client-a-1 -p r -k x\n" OURS, { NULL, NULL }, "audit.rules:1 " },
        { "one of another directory", "-a always,exit -S open -F dir=/srv/clients2 -k x\n-w /etc/shadow -p r -k y\n-a exit,always -S open -F path=/etc/passwd\n" OURS,
          { NULL, NULL }, NULL },
        { "one of other calls", "-a always,exit -S settimeofday,adjtimex -S clock_settime -k time\n" OURS, { NULL, NULL }, NULL },
        { "one of something else", "-a always,exclude -F msgtype=CWD\n-a never,task\n" OURS, { NULL, NULL }, NULL },
        { "one that was taken away", CIS "-D\n" OURS, { NULL, NULL }, NULL },
        { "a part that takes all away, before whatever is in the parts", OURS, { CIS OURS, "-D\n" }, "10-a.rules:1 " },
        { "none of ours", CIS, { CIS, NULL }, NULL },
};

static void test_audit_order(void) {
        for (size_t i = 0; i < N_ELEMENTS(audit_orders); i++) {
                const struct check_file loaded = file("audit.rules", audit_orders[i].loaded);
                const struct check_file parts[] = { file("10-a.rules", audit_orders[i].parts[0]), file("50-b.rules", audit_orders[i].parts[1]) };
                const char *const says = audit_orders[i].says;
                bool said = false;

                begin();
                check_kernel_audit(&c, 1, true, &loaded, parts, N_ELEMENTS(parts));
                for (size_t k = 0; k < c.n; k++)
                        said = said || (says && strcmp(c.finding[k].word, "audit-order") == 0 && strncmp(c.finding[k].text, says, strlen(says)) == 0);
                check(found("audit-order") == (says ? CHECK_WARN : 0) && said == (says != NULL), audit_orders[i].name);
        }
}

static void test_tables(void) {
        for (size_t i = 0; i < N_ELEMENTS(nsswitch); i++) {
                const struct check_file f = file("/etc/nsswitch.conf", nsswitch[i].text);

                begin();
                check_nsswitch(&c, &f);
                check(found(nsswitch[i].word) == nsswitch[i].want, nsswitch[i].name);
        }
        for (size_t i = 0; i < N_ELEMENTS(mounts); i++) {
                const struct check_file f = file("/proc/self/mountinfo", mounts[i].text);

                begin();
                check_proc(&c, &f);
                check(found("proc") == mounts[i].want, mounts[i].name);
        }
        for (size_t i = 0; i < N_ELEMENTS(audit_rules); i++) {
                const struct check_file f = file("/etc/audit/audit.rules", audit_rules[i].text);

                begin();
                check_kernel_audit(&c, audit_rules[i].clients, audit_rules[i].runs, &f, NULL, 0);
                check(found("audit-kernel") == audit_rules[i].want, audit_rules[i].name);
        }
        begin();
        check_nscd(&c, false);
        check(found("nscd") == 0, "no nscd");
        check_nscd(&c, true);
        check(found("nscd") == CHECK_WARN, "nscd");
        for (size_t i = 0; i < N_ELEMENTS(subordinate); i++) {
                const struct check_file f = file("/etc/subuid", subordinate[i].text);

                begin();
                check_subordinate(&c, "ids-subuid", &f);
                check(found("ids-subuid") == subordinate[i].want, subordinate[i].name);
        }
        for (size_t i = 0; i < N_ELEMENTS(stacks); i++) {
                const struct check_file files[] = { file("common", stacks[i].common), file("sshd", stacks[i].service) };
                struct check_stack s;

                begin();
                check_pam(&c, files, N_ELEMENTS(files));
                (void) check_pam_resolve(files, N_ELEMENTS(files), "sshd", &s);
                check(found(stacks[i].word) == stacks[i].want && s.options.timeout == stacks[i].timeout && found("pam-common") == 0, stacks[i].name);
        }
        for (size_t i = 0; i < N_ELEMENTS(sshd); i++) {
                const struct check_file files[] = { file("10.conf", sshd[i].first), file("sshd_config", sshd[i].main) };
                const struct check_stack s = { .auth = true, .account = true };

                begin();
                check_sshd(&c, files, N_ELEMENTS(files), &s, (struct check_sshd_release) { 9, 2 });
                check(found(sshd[i].word) == sshd[i].want, sshd[i].name);
        }
        for (size_t i = 0; i < N_ELEMENTS(consoles); i++) {
                const struct check_stack s = { .auth = true };

                begin();
                check_console(&c, &consoles[i].console, &s);
                check(found("console") == consoles[i].want, consoles[i].name);
        }
        for (size_t i = 0; i < N_ELEMENTS(releases); i++) {
                const struct check_file files[] = { file("sshd_config", releases[i].main) };
                const struct check_stack s = { .auth = true, .account = true, .options.live = releases[i].live };

                begin();
                check_sshd(&c, files, N_ELEMENTS(files), &s,
                           check_sshd_release_find(releases[i].program, releases[i].n_program));
                check(found(releases[i].word) == releases[i].want, releases[i].name);
        }
}

static void config_with(const char *text) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";

        begin();
        if (config_init(&config) == 0 && config_parse(&config, "careid.conf", text, strlen(text), complaint) == CONFIG_OK)
                check_config(&c, &config);
}

/* The finding about su and sudo. */
static int terminals(const char *text, bool sessions) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";

        begin();
        if (config_init(&config) == 0 && config_parse(&config, "careid.conf", text, strlen(text), complaint) == CONFIG_OK)
                check_terminals(&c, &config, sessions);
        return (int) found("terminal-qr");
}

/* What follows from [groups] of a configuration, and from what the care directory has. */
static unsigned groups(const char *text, bool listed) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX];

        begin();
        if (config_init(&config) != 0 || config_parse(&config, "careid.conf", text, strlen(text), complaint) != CONFIG_OK)
                return 0;
        check_groups(&c, &config, &(struct directory_groups) { .list_members = listed, .roles = true, .units = true, .services = true });
        return found("groups");
}

/* Which organisation people are told of, in a directory that has so many. */
static unsigned organisation(const char *text, int64_t n, const char *only) {
        AUTO(config_done) struct config config = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX];

        begin();
        if (config_init(&config) != 0 || config_parse(&config, "careid.conf", text, strlen(text), complaint) != CONFIG_OK)
                return 0;
        check_organisation(&c, &config, n, only);
        return found("organisation");
}

static void test_config(void) {
        config_with("");
        check(found("bankid") == CHECK_WARN && found("remote-qr") == 0 && found("support") == CHECK_WARN && found("inside") == CHECK_OK,
              "the defaults: nobody can log in with an e-ID, and nobody is told where help is");
        config_with("[general]\nsupport = 1177\n[bankid]\nenabled = yes\n");
        check(found("bankid") == CHECK_OK && found("remote-qr") == CHECK_OK && found("support") == CHECK_OK &&
              found("bankid-endpoint") == CHECK_OK, "BankID on");
        config_with("[bankid]\nenabled = yes\nremote-qr = yes\n");
        check(found("remote-qr") == CHECK_WARN, "QR codes for everybody: the relay is named");
        config_with("[network]\ninside = 0.0.0.0/0\n[bankid]\nenabled = yes\n");
        check(found("remote-qr") == CHECK_WARN && found("inside") == CHECK_WARN, "every address is inside: the same");
        check(organisation("[bankid]\nenabled = yes\n", 0, "") == CHECK_WARN, "no organisation yet that people would be told of");
        check(organisation("[bankid]\nenabled = yes\n", 1, "The Oak clinic") == CHECK_OK && strstr(c.finding[0].text, "The Oak clinic"), "the directory's only one");
        check(organisation("[general]\norganisation = Oak Care\n[bankid]\nenabled = yes\n", 1, "The Oak clinic") == CHECK_OK &&
              strstr(c.finding[0].text, "Oak Care"), "the configuration's before it");
        check(organisation("[general]\norganisation = Oak Care\n[bankid]\nenabled = yes\n", 2, "") == CHECK_OK, "several, and the configuration says which");
        check(organisation("[bankid]\nenabled = yes\n", 2, "") == CHECK_WRONG, "several, and nothing says which");
        check(organisation("[bankid]\nenabled = no\n", 2, "") == CHECK_WARN, "the same, while nobody identifies to any");
        check(groups("", false) == CHECK_OK && strstr(c.finding[0].text, "without"), "groups without their members");
        check(groups("[groups]\nlist-members = yes\n", true) == CHECK_OK && strstr(c.finding[0].text, "staff"), "groups with them");
        check(groups("[groups]\nlist-members = yes\n", false) == CHECK_WARN && groups("", true) == CHECK_WARN,
              "the care directory says something else");
        check(groups("[groups]\nroles = no\n", false) == CHECK_WARN && groups("[groups]\nservices = no\n", false) == CHECK_WARN,
              "and of the kinds of groups");
        check(terminals("[bankid]\nenabled = yes\n", true) == CHECK_OK, "su and sudo: by the session");
        check(terminals("[bankid]\nenabled = yes\n", false) == CHECK_WARN, "su and sudo: nobody knows of sessions");
        check(terminals("[bankid]\nenabled = yes\nterminal-qr = yes\n", true) == CHECK_WARN, "su and sudo: on every terminal");
        check(terminals("", false) == 0 && terminals("[bankid]\nenabled = yes\nremote-qr = yes\n", false) == 0,
              "su and sudo: where there is nothing to be said");
        check(found("bankid-environment") == 0, "production is nothing to be told of");
        config_with("[bankid]\nenabled = yes\nenvironment = test\nendpoint = https://appapi2.test.bankid.com/rp/v6.0\n");
        check(found("bankid-endpoint") == CHECK_OK && found("bankid-environment") == CHECK_WARN, "BankID's test environment");
        config_with("[bankid]\nenabled = yes\nenvironment = test\nendpoint = https://relay.example/rp/v6.0\n");
        check(found("bankid-environment") == CHECK_WARN, "the same through a relay");
        config_with("[bankid]\nenabled = yes\nendpoint = https://appapi2.bankid.com.evil.example/rp\n");
        check(strstr(c.finding[1].text, "evil.example") != NULL, "a host whose name only begins like BankID's is named");
}

static const struct {
        const char *name;
        bool        samba;
        const char *text;
        enum check_level want;
} ranges[] = {
        { "no sssd",                        false, NULL, 0 },
        { "sssd as it maps by default",     false, "[sssd]\ndomains = corp\n[domain/corp]\nid_provider = ad\n", CHECK_OK },
        { "sssd up to our numbers",         false, "[domain/corp]\nldap_idmap_range_max = 2000999999\n", CHECK_OK },
        { "sssd into our numbers",          false, "[domain/corp]\nldap_idmap_range_max = 2001000000\n", CHECK_WRONG },
        { "sssd from above them",           false, "[domain/corp]\n ldap_idmap_range_min=2101000000\n ldap_idmap_range_max=2147483647\n", CHECK_OK },
        { "sssd from within them",          false, "[domain/corp]\nldap_idmap_range_min = 2100999999\nldap_idmap_range_max = 2147483647\n", CHECK_WRONG },
        { "the first of two domains",       false, "[domain/a]\nldap_idmap_range_max = 2147483647\n[domain/b]\nid_provider = ad\n", CHECK_WRONG },
        { "one that is a comment",          false, "[domain/a]\n# ldap_idmap_range_max = 2147483647\n", CHECK_OK },
        { "no samba",                       true,  NULL, 0 },
        { "samba without a range",          true,  "[global]\n workgroup = CORP\n", CHECK_OK },
        { "samba below",                    true,  "idmap config * : range = 3000-7999\nidmap config CORP:range = 10000 - 999999\n", CHECK_OK },
        { "samba over them",                true,  "idmap config * : range = 3000-7999\nidmap config CORP:range = 2000000000 - 2999999999\n", CHECK_WRONG },
        { "samba within them",              true,  "IDMAP Config CORP : RANGE=2050000000-2050000001\n", CHECK_WRONG },
        { "samba above",                    true,  "idmap config CORP : range = 2101000000-2147483647\n", CHECK_OK },
        { "another setting of that domain", true,  "idmap config CORP : backend = rid\nidmap config CORP : orange = 2050000000-2050000001\n", CHECK_OK },
        { "a comment of samba's",           true,  "; idmap config CORP : range = 2050000000-2050000001\n", CHECK_OK },
        { "half a range",                   true,  "idmap config CORP : range = 2050000000\n", CHECK_WARN },
        { "more in another file",           true,  "[global]\n include = /etc/samba/idmap.conf\n", CHECK_WARN },
        { "more in the registry",           true,  "[global]\n config backend = registry\n", CHECK_WARN },
        { "all of it in the file",          true,  "[global]\n config backend = file\n", CHECK_OK },
        { "a bound that is no number",      false, "[domain/a]\nldap_idmap_range_max = 2.1e9\n", CHECK_WARN },
        { "a bound that is too large",      false, "[domain/a]\nldap_idmap_range_min = 99999999999\n", CHECK_WARN },
};

static void test_rest(void) {
        struct check_file f = file("/etc/login.defs", "UID_MIN 1000\nUID_MAX 60000\nLOGIN_TIMEOUT 60\n");
        struct check_stack s = { .auth = true };

        begin();
        check_login_defs(&c, &f);
        check_login_timeout(&c, &f, &s);
        check(found("ids-login-defs") == CHECK_OK && found("login-timeout") == CHECK_OK, "login.defs as it is shipped");
        f = file("/etc/login.defs", "UID_MAX 2001000000\nLOGIN_TIMEOUT 50\n");
        begin();
        check_login_defs(&c, &f);
        check_login_timeout(&c, &f, &s);
        check(found("ids-login-defs") == CHECK_WRONG && found("login-timeout") == CHECK_WRONG, "login.defs gives our numbers away, and no time");

        for (size_t i = 0; i < N_ELEMENTS(ranges); i++) {
                f = file(ranges[i].samba ? "/etc/samba/smb.conf" : "/etc/sssd/sssd.conf", ranges[i].text);
                begin();
                if (ranges[i].samba)
                        check_samba(&c, &f);
                else
                        check_sssd(&c, &f, 1);
                check(found(ranges[i].samba ? "ids-samba" : "ids-sssd") == ranges[i].want, ranges[i].name);
        }

        const struct check_file sssd[] = { file("/etc/sssd/sssd.conf", "[sssd]\n"),
                                           file("corp.conf", "[domain/corp]\nldap_idmap_range_max = 2001000000\n"),
                                           { .name = (char *) "other.conf", .error = -EIO } };
        begin();
        check_sssd(&c, sssd, 2);
        check(found("ids-sssd") == CHECK_WRONG && strstr(c.finding[0].text, "corp.conf"), "a file of conf.d counts, and is named");
        begin();
        check_sssd(&c, &sssd[1], 2);
        check(found("ids-sssd") == CHECK_WRONG, "what is wrong is said before what can't be read");
        begin();
        check_sssd(&c, (const struct check_file[]) { sssd[0], sssd[2] }, 2);
        check(found("ids-sssd") == CHECK_WARN, "one that can't be read");
        f = (struct check_file) { .name = (char *) "/etc/samba/smb.conf", .error = -EIO };
        begin();
        check_samba(&c, &f);
        check(found("ids-samba") == CHECK_WARN, "samba's can't be read");

        s.options.kiosk = true;
        f = file("/etc/login.defs", "LOGIN_TIMEOUT 180\n");
        begin();
        check_login_timeout(&c, &f, &s);
        check(found("login-timeout") == CHECK_WRONG, "a kiosk, and no more time than it takes itself");
        f = file("/etc/login.defs", "LOGIN_TIMEOUT 200\n");
        begin();
        check_login_timeout(&c, &f, &s);
        check(found("login-timeout") == CHECK_OK, "a kiosk with time enough");

        f = file("breakglass", "# names\nadmin\n");
        begin();
        check_breakglass(&c, &f, is_known, true);
        check(found("breakglass") == CHECK_OK, "break-glass for one");
        f = file("breakglass", "admin\nnobody-here\n");
        begin();
        check_breakglass(&c, &f, is_known, true);
        check(found("breakglass") == CHECK_WARN, "break-glass for one that is not there");
        f = file("breakglass", "# names\n");
        begin();
        check_breakglass(&c, &f, is_known, true);
        check(found("breakglass") == CHECK_WARN, "break-glass for nobody");
        begin();
        check_breakglass(&c, &f, is_known, false);
        check(found("breakglass") == CHECK_WARN && strstr(c.finding[0].text, "nobody gets in"), "break-glass for nobody, and root has no password");

        begin();
        check_clock(&c, 1800000000, 1799999999, true);
        check(found("clock") == CHECK_OK, "the clock");
        begin();
        check_clock(&c, 1800000000, 1800000001, true);
        check(found("clock") == CHECK_WRONG, "a clock before the last apply");
        begin();
        check_clock(&c, 1000, 0, true);
        check(found("clock") == CHECK_WRONG, "a clock that was never set");
        begin();
        check_clock(&c, 1800000000, 0, false);
        check(found("clock") == CHECK_WARN && check_worst(&c) == CHECK_WARN, "a clock that nothing keeps right");

        begin();
        for (size_t i = 0; i <= CHECK_FINDINGS_MAX; i++)
                check_say(&c, CHECK_OK, "word", "%s", "text");
        check(c.n == CHECK_FINDINGS_MAX && check_worst(&c) == CHECK_WARN, "more findings than fit are not passed over in silence");
        check_say(&c, CHECK_WRONG, "word", "%s", "text");
        check_say(&c, CHECK_OK, "word", "%s", "text");
        check(c.n == CHECK_FINDINGS_MAX && check_worst(&c) == CHECK_WRONG, "what did not fit counts as what it was");
        begin();
        check_say(&c, CHECK_OK, "a\033b", "%s", "x\033[2J\n");
        check(strcmp(c.finding[0].text, "x?[2J?") == 0 && strcmp(c.finding[0].word, "a?b") == 0, "what a file says can't reach the terminal");
}

static const struct {
        const char *name;
        struct check_socket root, user;
        bool        systemd;
        unsigned    want;
} sockets[] = {
        { "both listen",                  { "root.sock", true,  CHECK_LISTENING }, { "user.sock", true,  CHECK_LISTENING }, true,  CHECK_OK },
        { "no systemd, no sockets",       { "root.sock", false, CHECK_LISTENING_NOBODY }, { "user.sock", false, CHECK_LISTENING_NOBODY }, false, CHECK_OK },
        { "the users' is stopped",        { "root.sock", true,  CHECK_LISTENING }, { "user.sock", false, CHECK_LISTENING_NOBODY }, true,  CHECK_WARN },
        { "root's is left over",          { "root.sock", true,  CHECK_LISTENING_NOBODY }, { "user.sock", true,  CHECK_LISTENING }, true,  CHECK_WRONG },
        { "left over without systemd",    { "root.sock", true,  CHECK_LISTENING }, { "user.sock", true,  CHECK_LISTENING_NOBODY }, false, CHECK_WRONG },
        { "nobody knows",                 { "root.sock", true,  CHECK_LISTENING_UNKNOWN }, { "user.sock", true,  CHECK_LISTENING }, true,  CHECK_WARN },
};

static void test_sockets(void) {
        for (size_t i = 0; i < N_ELEMENTS(sockets); i++) {
                begin();
                check_sockets(&c, &sockets[i].root, &sockets[i].user, sockets[i].systemd);
                check(found("sockets") == sockets[i].want, sockets[i].name);
        }
}

static const struct {
        const char        *name;
        struct check_daily daily;
        int64_t            now;
        unsigned           want;
} dailies[] = {
        { "never yet, but it will",       { .systemd = true, .enabled = true, .last = 0 },        1000000, CHECK_OK },
        { "yesterday",                    { .systemd = true, .enabled = true, .last = 1000000 },  1090000, CHECK_OK },
        { "the timer is stopped",         { .systemd = true, .enabled = true, .last = 1000000 },  1000000 + 3 * 86400, CHECK_WARN },
        { "the timer is not enabled",     { .systemd = true, .enabled = false, .last = 1000000 },  1000001, CHECK_WARN },
        { "cron, yesterday",              { .systemd = false, .enabled = false, .last = 1000000 },  1090000, CHECK_OK },
        { "cron has stopped",             { .systemd = false, .enabled = false, .last = 1000000 },  1000000 + 3 * 86400, CHECK_WARN },
        { "neither systemd nor cron",     { .systemd = false, .enabled = false, .last = 0 },        1000000, CHECK_WARN },
        { "the clock has gone back",      { .systemd = true, .enabled = true, .last = 1000000 },  1,       CHECK_OK },
};

static void test_daily(void) {
        for (size_t i = 0; i < N_ELEMENTS(dailies); i++) {
                begin();
                check_daily(&c, &dailies[i].daily, dailies[i].now);
                check(found("daily") == dailies[i].want && found("daily-turns") == 0, dailies[i].name);
                begin();
                check_daily(&c, &(struct check_daily) { dailies[i].daily.systemd, dailies[i].daily.enabled, true, dailies[i].daily.last }, dailies[i].now);
                check((found("daily-turns") == CHECK_WRONG) == (dailies[i].want != CHECK_OK), "with turns it is worse");
        }
}

/* Each verdict has a sentence of its own, and only one of them is good. */
static void test_online(void) {
        char texts[WIRE_PROBE_ISSUER + 1][CHECK_TEXT_MAX];
        bool apart = true;

        for (unsigned p = WIRE_PROBE_REACHABLE; p <= WIRE_PROBE_ISSUER; p++) {
                const unsigned want = p == WIRE_PROBE_REACHABLE ? CHECK_OK :
                                      p == WIRE_PROBE_TROUBLE || p == WIRE_PROBE_OFF || p == WIRE_PROBE_BUSY ? CHECK_WARN : CHECK_WRONG;

                begin();
                check_online(&c, WIRE_OK, (enum wire_probe) p, "https://relay.example/rp", "HTTP 403");
                check(found("online-bankid") == want, "a verdict about the provider");
                (void) snprintf(texts[p], sizeof texts[p], "%s", c.finding[0].text);
                for (unsigned k = WIRE_PROBE_REACHABLE; k < p; k++)
                        apart = apart && strcmp(texts[k], texts[p]) != 0;
        }
        check(apart, "verdicts don't share a sentence");
        apart = true;
        for (int r = WIRE_E_MALFORMED; r <= WIRE_E_TIMED_OUT; r++) {
                begin();
                check_online(&c, r, 0, "", "");
                apart = apart && found("online-bankid") == CHECK_WRONG && !strstr(c.finding[0].text, wire_verdict_text(r));
        }
        check(apart, "what is no answer is told in words of the catalogue, not of the log");
        begin();
        check_online(&c, -2, 0, "", "");
        check(found("online-bankid") == CHECK_WRONG && strstr(c.finding[0].text, "root.sock"), "nobody listens");
        begin();
        check_online(&c, WIRE_E_CLOSED, 0, "", "");
        check(found("online-bankid") == CHECK_WRONG, "no answer");
        begin();
        check_online(&c, WIRE_OK, 0, "", "");
        check(found("online-bankid") == CHECK_WRONG, "no verdict");
}

static void test_module_and_people(void) {
        begin();
        check_module(&c, "/pam_eid.so", &(struct check_module) { true, true });
        check(found("pam-module") == CHECK_OK, "the module is in its place");
        begin();
        check_module(&c, "/pam_eid.so", &(struct check_module) { false, false });
        check(found("pam-module") == CHECK_WRONG, "the module is missing");
        begin();
        check_module(&c, "/pam_eid.so", &(struct check_module) { true, false });
        check(found("pam-module") == CHECK_WRONG, "others can write to the module");

        begin();
        check_people(&c, 0, 0, 0, true);
        check(found("people") == CHECK_WARN, "nobody is registered");
        begin();
        check_people(&c, 3, 0, 0, true);
        check(found("people") == CHECK_OK, "all can log in");
        begin();
        check_people(&c, 3, 1, 2, true);
        check(found("people-number") == CHECK_WARN && found("people-assignment") == CHECK_WARN && found("people") == 0, "some can't");
        begin();
        check_people(&c, 3, 1, 0, false);
        check(found("people-number") == 0 && found("people") == CHECK_OK, "without BankID nobody needs a Swedish number");
}

static void test_mandates(void) {
        static const struct {
                const char *name, *approval, *said;
                bool        bankid;
                int64_t     n, n_no_number;
                unsigned    want;
        } cases[] = {
                { "nobody has a mandate",                       "every", NULL,               false, 0, 0, 0 },
                { "all can approve",                            "every", "2 persons",        true,  2, 0, CHECK_OK },
                { "no e-ID is on, and all is to be approved",   "every", "2 persons",        false, 2, 0, CHECK_WRONG },
                { "no e-ID is on, and the least is",            "least", "personal number",  false, 2, 0, CHECK_WARN },
                { "one has no number, and all is",              "every", "1 person has",     true,  2, 1, CHECK_WRONG },
                { "one has no number, and the least is",        "least", "1 person has",     true,  2, 1, CHECK_WARN },
                { "a word that there isn't counts as every",    "",      "change nothing",   false, 1, 0, CHECK_WRONG },
        };

        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                struct config config = { .bankid = cases[i].bankid };

                (void) snprintf(config.mandates_approval, sizeof config.mandates_approval, "%s", cases[i].approval);
                begin();
                check_mandates(&c, &config, cases[i].n, cases[i].n_no_number);
                check(found("mandates") == cases[i].want && (cases[i].said ? strstr(c.finding[0].text, cases[i].said) != NULL : c.n == 0),
                      cases[i].name);
        }
}

static void test_county(void) {
        struct directory_found found_here[FINDINGS] = { 0 };
        static const char *const words[FINDINGS] = {
                [FINDING_REVIEWS] = "grants-review", [FINDING_CLIENTS] = "clients-enrolment", [FINDING_UNITS] = "units-staff",
                [FINDING_ALIASES] = "persons-protected", [FINDING_TEMPLATES] = "templates", [FINDING_ROLE_SERVICES] = "role-services",
                [FINDING_NUMBERS] = "numbers-taken", [FINDING_KEYS] = "identities-keys", [FINDING_UNSAID] = "snapshots-unsaid",
        };

        begin();
        check_county(&c, found_here);
        check(c.n == 1 && found("county") == CHECK_OK, "a county in order");
        for (size_t i = 0; i < FINDINGS; i++) {
                found_here[i] = (struct directory_found) { .n = 2, .example = "example-7" };
                begin();
                check_county(&c, found_here);
                check(c.n == 1 && found(words[i]) >= CHECK_WARN && strstr(c.finding[0].text, "example-7"), words[i]);
                found_here[i] = (struct directory_found) { .n = 0 };
        }
}

int main(void) {
        test_county();
        test_tables();
        test_audit_order();
        test_local();
        test_config();
        test_nosuid();
        test_rest();
        test_sockets();
        test_daily();
        test_online();
        test_module_and_people();
        test_mandates();
        printf("1..%u\n", n_tests);
        return failed != 0;
}
