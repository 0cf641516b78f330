/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-check-host.c - careid check: what it finds of the host, its names and numbers, its mounts and its clock
 */

#include "check-found.h"

#include <errno.h>

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
        const char *name, *line;
        bool        listens;
} unix_lines[] = {
        { "somebody listens",           "0000000000000000: 00000002 00000000 00010000 0001 01 12345 /run/listens\n", true },
        { "its number is short",        "ffff888: 00000002 00000000 00010000 0001 01     1 /run/listens\n",          true },
        { "a connection from there",    "0000000000000000: 00000003 00000000 00000000 0001 03 12345 /run/listens\n", false },
        { "a longer path",              "0000000000000000: 00000002 00000000 00010000 0001 01 12345 /run/listens2\n", false },
        { "a shorter one",              "0000000000000000: 00000002 00000000 00010000 0001 01 12345 /run/listen\n",  false },
        { "the path after another",     "0000000000000000: 00000002 00000000 00010000 0001 01 12345 / /run/listens\n", false },
        { "no name",                    "0000000000000000: 00000002 00000000 00010000 0001 01 12345\n",              false },
        { "the first line",             "Num       RefCount Protocol Flags    Type St Inode Path\n",                 false },
        { "an empty one",               "",                                                                          false },
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

#define MOUNT "22 28 0:21 / /proc rw,nosuid shared:12 - proc proc rw"

static const struct {
        const char *name, *text;
        enum check_level want;
} mounts[] = {
        { "/proc as it comes",           "25 1 8:1 / / rw - ext4 /dev/sda1 rw\n" MOUNT "\n",  CHECK_WARN },
        { "/proc is hidden",             MOUNT ",hidepid=invisible\n",                         CHECK_OK },
        { "/proc is hidden, by number",  MOUNT ",gid=7,hidepid=2\n",                           CHECK_OK },
        { "/proc hides all but whose they are", MOUNT ",hidepid=noaccess\n",                    CHECK_WARN },
        { "the same, by number",         MOUNT ",hidepid=1\n",                                 CHECK_WARN },
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

static void test_nsswitch(void) {
        for (size_t i = 0; i < N_ELEMENTS(nsswitch); i++) {
                const struct check_file f = file("/etc/nsswitch.conf", nsswitch[i].text);

                begin();
                check_nsswitch(&c, &f);
                check(found(nsswitch[i].word) == nsswitch[i].want, nsswitch[i].name);
        }
        begin();
        check_nscd(&c, false);
        check(found("nscd") == 0, "no nscd");
        check_nscd(&c, true);
        check(found("nscd") == CHECK_WARN, "nscd");
        check_userdbd(&c, false);
        check_accounts_daemon(&c, false);
        check(found("userdbd") == 0 && found("accounts-daemon") == 0, "nobody else that answers everybody");
        check_userdbd(&c, true);
        for (size_t i = 0; i < sizeof unix_lines / sizeof *unix_lines; i++)
                check(check_line_listens(unix_lines[i].line, "/run/listens") == unix_lines[i].listens, unix_lines[i].name);
        check(found("userdbd") == CHECK_WARN && found("accounts-daemon") == 0, "systemd-userdbd");
        check_accounts_daemon(&c, true);
        check(found("accounts-daemon") == CHECK_WARN, "accounts-daemon");
}

static void test_subordinate(void) {
        for (size_t i = 0; i < N_ELEMENTS(subordinate); i++) {
                const struct check_file f = file("/etc/subuid", subordinate[i].text);

                begin();
                check_subordinate(&c, "ids-subuid", &f);
                check(found("ids-subuid") == subordinate[i].want, subordinate[i].name);
        }
}

static void test_proc(void) {
        for (size_t i = 0; i < N_ELEMENTS(mounts); i++) {
                const struct check_file f = file("/proc/self/mountinfo", mounts[i].text);

                begin();
                check_proc(&c, &f);
                check(found("proc") == mounts[i].want, mounts[i].name);
        }
}

static void test_ranges(void) {
        struct check_file f;

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
}

static void test_clock(void) {
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
}

int main(void) {
        test_nsswitch();
        test_subordinate();
        test_proc();
        test_nosuid();
        test_local();
        test_ranges();
        test_clock();
        return check_done();
}
