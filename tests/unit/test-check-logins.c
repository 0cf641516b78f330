/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-check-logins.c - careid check: what it finds of the ways in, by PAM, sshd, login and a console
 */

#include "check-found.h"

#include "places.h"

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

static void test_stacks(void) {
        for (size_t i = 0; i < N_ELEMENTS(stacks); i++) {
                const struct check_file files[] = { file("common", stacks[i].common), file("sshd", stacks[i].service) };
                struct check_stack s;

                begin();
                check_pam(&c, files, N_ELEMENTS(files));
                (void) check_pam_resolve(files, N_ELEMENTS(files), "sshd", &s);
                check(found(stacks[i].word) == stacks[i].want && s.options.timeout == stacks[i].timeout && found("pam-common") == 0, stacks[i].name);
        }
}

static void test_sshd(void) {
        for (size_t i = 0; i < N_ELEMENTS(sshd); i++) {
                const struct check_file files[] = { file("10.conf", sshd[i].first), file("sshd_config", sshd[i].main) };
                const struct check_stack s = { .auth = true, .account = true };

                begin();
                check_sshd(&c, files, N_ELEMENTS(files), &s, (struct check_sshd_release) { 9, 2 });
                check(found(sshd[i].word) == sshd[i].want, sshd[i].name);
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

static void test_console(void) {
        for (size_t i = 0; i < N_ELEMENTS(consoles); i++) {
                const struct check_stack s = { .auth = true };

                begin();
                check_console(&c, &consoles[i].console, &s);
                check(found("console") == consoles[i].want, consoles[i].name);
        }
}

static void test_login_defs(void) {
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

        s.options.kiosk = true;
        f = file("/etc/login.defs", "LOGIN_TIMEOUT 180\n");
        begin();
        check_login_timeout(&c, &f, &s);
        check(found("login-timeout") == CHECK_WRONG, "a kiosk, and no more time than it takes itself");
        f = file("/etc/login.defs", "LOGIN_TIMEOUT 200\n");
        begin();
        check_login_timeout(&c, &f, &s);
        check(found("login-timeout") == CHECK_OK, "a kiosk with time enough");
}

static bool is_known(const char *name) {
        return strcmp(name, "admin") == 0;
}

static void test_breakglass(void) {
        struct check_file f = file("breakglass", "# names\nadmin\n");

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
}

static void test_module(void) {
        begin();
        check_module(&c, "/pam_eid.so", &(struct check_module) { true, true });
        check(found("pam-module") == CHECK_OK, "the module is in its place");
        begin();
        check_module(&c, "/pam_eid.so", &(struct check_module) { false, false });
        check(found("pam-module") == CHECK_WRONG, "the module is missing");
        begin();
        check_module(&c, "/pam_eid.so", &(struct check_module) { true, false });
        check(found("pam-module") == CHECK_WRONG, "others can write to the module");
}

int main(void) {
        test_stacks();
        test_sshd();
        test_console();
        test_login_defs();
        test_breakglass();
        test_module();
        return check_done();
}
