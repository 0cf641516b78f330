/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check.c - careid check: what would happen to whom, and what is wrong with this host
 *
 * 1. MUST change nothing, and have nothing asked of a network but by the helper where --online says so.
 * 2. MUST look into files only as the system user, who is also the one that has to be able to read careid's own.
 */

#include "check.h"

#include "ask-helper.h"
#include "check-certificate.h"
#include "cleanup.h"
#include "config-files.h"
#include "group-settings.h"
#include "errno-text.h"
#include "host-files.h"
#include "host-parts.h"
#include "i18n.h"
#include "invocation.h"
#include "messages.h"
#include "places.h"
#include "snapshot.h"
#include "table.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <time.h>

enum { PASSWD_BUFFER = 16384 };

/* -- The configuration ------------------------------------------------------------------------------ */

/* The configuration in force into *@ret; false if there is none that can be read. */
static bool check_in_force(struct check *c, const struct invocation *i, const struct config_files *files,
                           const char *files_complaint, struct config *ret) {
        AUTO(config_done) struct config written = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        bool readable = !*files_complaint;
        int r;

        if (!readable)
                check_say(c, CHECK_WRONG, "config-files", "%s", files_complaint);
        else if ((r = config_files_parse(files, &written, complaint)) != CONFIG_OK) {
                check_say(c, CHECK_WRONG, "config-files", "%s", r < 0 ? errno_text(r) : complaint);
                readable = false;
        } else
                check_say(c, CHECK_OK, "config-files",
                          P_("%zu configuration file is right", "%zu configuration files are right", files->n),
                          files->n);

        r = config_compiled_read(i->who.uid, ret, complaint);
        if (r == -ENOENT) {
                check_say(c, CHECK_WRONG, "config-applied", _("no configuration is in force: run careid apply"));
                return false;
        }
        if (r != CONFIG_OK) {
                check_say(c, CHECK_WRONG, "config-applied", "%s%s",
                          r < 0 ? CAREID_STATE_DIR "/careid.compiled: " : "",
                          r < 0 ? errno_text(r) : complaint);
                return false;
        }
        if (readable && !config_same(&written, ret))
                check_say(c, CHECK_WARN, "config-applied",
                          _("what the files say is not in force yet: run careid apply"));
        else
                check_say(c, CHECK_OK, "config-applied", _("a configuration is in force"));
        return true;
}

/* Who can log in how, today; with the lines of the files where what they say is in force. */
static void check_in_words(struct check *c, const struct invocation *i, const struct config_files *files, const struct config *config) {
        AUTO(config_done) struct config written = { 0 };
        char complaint[CONFIG_COMPLAINT_MAX], today[sizeof "YYYY-MM-DD"] = "";
        const time_t now = (time_t) i->act.now;
        struct tm tm;

        if (!localtime_r(&now, &tm) || strftime(today, sizeof today, "%Y-%m-%d", &tm) == 0)
                return;
        if (config_files_parse(files, &written, complaint) == CONFIG_OK && config_same(&written, config))
                check_ways(c, &written, today);
        else
                check_ways(c, config, today);
}

/* -- careid's own parts ----------------------------------------------------------------------------- */

static void check_helper(struct check *c, const struct become *who, const struct check_socket *root,
                         const struct check_socket *user) {
        const bool sockets = root->there && user->there;
        struct statvfs fs;
        struct stat st;

        if (lstat(CAREID_HELPER, &st) < 0)
                check_say(c, CHECK_WRONG, "helper", _("%s is missing: nobody can log in with an e-ID"),
                          CAREID_HELPER);
        else if (sockets && S_ISREG(st.st_mode) && st.st_uid == who->uid && (st.st_mode & 07777) == 0755)
                check_say(c, CHECK_OK, "helper", _("the helper is in its place, for systemd alone to start"));
        else if (!S_ISREG(st.st_mode) || st.st_uid != who->uid || st.st_gid != who->gid ||
                 (st.st_mode & 07777) != 06755)
                check_say(c, CHECK_WRONG, "helper", _("%s must be owned by %s:%s, mode 6755"), CAREID_HELPER,
                          CAREID_USER, CAREID_USER);
        else if (statvfs(CAREID_HELPER, &fs) == 0 && fs.f_flag & ST_NOSUID)
                check_say(c, CHECK_WRONG, "helper", _("%s is on a file system that is mounted nosuid"),
                          CAREID_HELPER);
        else
                check_say(c, CHECK_OK, "helper", _("the helper is in its place"));
        check_sockets(c, root, user, host_has_systemd());
}

/* @config: all zero where none is in force. */
static bool is_group(const void *d, const char *name) {
        return directory_names((struct directory *) d, name) & DIRECTORY_NAMES_GROUP;
}

static bool is_user(const void *d, const char *name) {
        return directory_names((struct directory *) d, name) & DIRECTORY_NAMES_USER;
}

static void check_directory(struct check *c, int64_t now, const struct config *config, const struct host_files *h) {
        struct check_daily daily = { .systemd = host_has_systemd(), .enabled = host_has_daily_timer() };
        struct check_sending sending = { .systemd = daily.systemd, .enabled = host_has_queue_path() };
        struct directory_found found[FINDINGS] = { 0 };
        struct directory_readiness people = { .accounts = 0 };
        AUTO(directory_closep) struct directory *d = NULL;
        struct directory_groups groups = { .list_members = false };
        char only[DIRECTORY_TITLE_MAX + 1] = "";
        bool timed = false;
        unsigned by;
        int r;

        r = directory_open(DIRECTORY_READ, &d);
        if (r == DIRECTORY_OK)
                r = directory_readiness(d, now, &people);
        if (r == DIRECTORY_OK)
                r = directory_findings(d, now, found);
        if (r == DIRECTORY_OK && people.organisations == 1)
                r = directory_only_organisation(d, only);
        if (r == DIRECTORY_OK)
                r = directory_groups_read(d, &groups);
        if (r == DIRECTORY_OK)
                r = directory_groups_timed(d, now, &timed);
        if (r == DIRECTORY_OK)
                r = directory_noticed(d, DIRECTORY_DAILY, &daily.last);
        if (r == DIRECTORY_OK)
                r = directory_messages_waiting(d, &sending.waiting, &by);
        if (r == DIRECTORY_OK) {
                check_say(c, CHECK_OK, "directory", _("the care directory can be read"));
                check_county(c, found);
                check_kernel_audit(c, people.clients, h->auditd_runs, &h->audit_rules, h->audit_parts, h->n_audit_parts);
                check_people(c, people.accounts, people.no_se_number, people.no_assignment, config->bankid);
                if (config->organisation) {
                        check_mandates(c, config, &people);
                        check_organisation(c, config, people.organisations, only);
                        check_groups(c, config, &groups);
                        check_nosuid(c, config, &h->mounts, timed);
                        check_sending(c, config, &sending);
                }
                daily.turns = people.turns > 0;
                check_daily(c, &daily, now);
                check_local(c, "ids-passwd", &h->passwd, is_user, d);
                check_local(c, "ids-group", &h->group, is_group, d);
        } else if (r == -ENOENT)
                check_say(c, CHECK_WRONG, "directory",
                          _("there is no care directory yet; make it with: careid setup"));
        else
                check_say(c, CHECK_WRONG, "directory", _("the care directory can't be read: %s"),
                          directory_complaint(d));
}

/* By the whole of it, not only by what a look-up would come by; the complaint says what to do. */
static bool snapshot_is_whole(struct check *c) {
        AUTO(directory_closep) struct directory *d = NULL;
        const int r = directory_open(DIRECTORY_READ, &d) == DIRECTORY_OK ? directory_snapshot_check(d) : DIRECTORY_OK;

        if (r == DIRECTORY_OK || r == -EBUSY)          
                return true;
        check_say(c, CHECK_WRONG, "snapshot", "%s", *directory_complaint(d) ? directory_complaint(d) : errno_text(r));
        return false;
}

static void check_snapshot(struct check *c) {
        const struct snapshot_view *view;
        int r;

        r = snapshot_acquire(&view);
        if (r == 0) {
                snapshot_release(view);
                if (snapshot_is_whole(c))
                        check_say(c, CHECK_OK, "snapshot", _("programs can read the snapshots in %s"), CAREID_SNAPSHOT_DIR);
        } else if (r == -EPERM)
                check_say(c, CHECK_WRONG, "snapshot",
                          _("owner or mode in %s is wrong, so programs don't believe the snapshots; "
                            "run: careid snapshot rebuild"),
                          CAREID_SNAPSHOT_DIR);
        else
                check_say(c, CHECK_WRONG, "snapshot",
                          _("the snapshots in %s can't be read (%s); run: careid snapshot rebuild"),
                          CAREID_SNAPSHOT_DIR, errno_text(r));
        snapshot_shutdown();
}

/* -- All of it -------------------------------------------------------------------------------------- */

static bool is_known(const char *name) {
        char buffer[PASSWD_BUFFER];
        struct passwd entry, *found = NULL;

        return getpwnam_r(name, &entry, buffer, sizeof buffer, &found) == 0 && found;
}

static void check_host(struct check *c, const struct host_files *h, const struct invocation *i) {
        struct check_stack sshd = { 0 }, login = { 0 };
        struct timex clock = { 0 };
        struct stat st = { 0 };

        host_files_check(h, c);
        check_nsswitch(c, &h->nsswitch);
        check_nscd(c, lstat("/run/nscd/socket", &st) == 0);
        check_userdbd(c, host_listens("/run/systemd/userdb/io.systemd.Multiplexer"));
        check_accounts_daemon(c, lstat("/usr/share/dbus-1/system-services/org.freedesktop.Accounts.service", &st) == 0);
        check_proc(c, &h->mounts);
        check_login_defs(c, &h->login_defs);
        check_subordinate(c, "ids-subuid", &h->subuid);
        check_subordinate(c, "ids-subgid", &h->subgid);
        check_sssd(c, h->sssd, h->n_sssd);
        check_samba(c, &h->samba);
        check_pam(c, h->stacks, h->n_stacks);
        check_modules(c, h->stacks, h->n_stacks, host_module);
        (void) check_pam_resolve(h->stacks, h->n_stacks, "sshd", &sshd);
        (void) check_pam_resolve(h->stacks, h->n_stacks, "login", &login);
        check_sshd(c, h->sshd, h->n_sshd, &sshd, h->sshd_release);
        check_login_timeout(c, &h->login_defs, &login);
        check_console(c, &h->console, &login);
        check_breakglass(c, &h->breakglass, is_known, h->root_has_password);
        if (lstat(h->breakglass.name, &st) == 0 &&
            (!S_ISREG(st.st_mode) || st.st_uid != 0 || (st.st_mode & (S_IWGRP | S_IWOTH))))
                check_say(c, CHECK_WRONG, "breakglass-owner",
                          _("%s must be a plain file of root that nobody else can write to: whoever can, decides who "
                            "gets in without an e-ID"),
                          h->breakglass.name);

        st = (struct stat) { 0 };
        (void) stat(CAREID_STATE_DIR "/careid.compiled", &st);
        check_clock(c, i->act.now, st.st_mtime, adjtimex(&clock) >= 0 && !(clock.status & STA_UNSYNC));
}

static int print(const struct check *c, bool json) {
        static const char *const keys[] = { "state", "what", "finding", NULL };
        AUTO(table_freep) struct table *table = NULL;
        int r;

        r = table_new(json ? TABLE_JSON : TABLE_ROWS, "findings", keys, &table);
        for (size_t i = 0; r == 0 && i < c->n; i++) {
                const char *values[] = { check_level_text(c->finding[i].level), c->finding[i].word,
                                         c->finding[i].text };

                r = table_add(table, values);
        }
        if (r == 0)
                r = table_print(table);
        return r;
}

/* The helper does it: this command has no network. */
static int ask_provider(const char *method, struct wire_message *ret) {
        static struct wire_message question;

        wire_message_init(&question, WIRE_PROBE);
        wire_set_number(&question, WIRE_TAG_VERSION, WIRE_VERSION);
        wire_set_string(&question, WIRE_TAG_METHOD, method);
        return ask_helper(&question, UINT32_C(1) << WIRE_PROBED, ret);
}

int check_run(struct invocation *i) {
        AUTO(config_files_done) struct config_files files = { 0 };
        AUTO(host_files_done) struct host_files host = { 0 };
        AUTO(config_done) struct config config = { 0 };
        auto_free struct check *c = calloc(1, sizeof *c);
        const char *const online = option(i, "online");
        static struct wire_message answer;
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        struct check_socket root, user;
        int r, asked = 0;

        if (online && strcmp(online, "bankid") != 0)
                return outcome_say(OUTCOME_USAGE, "--online", _("must be one of: %s"), "bankid");
        if (!c)
                return outcome_of_errno("check", -ENOMEM);
        if (online)
                asked = ask_provider(online, &answer);
        r = host_files_read(&host);
        if (r < 0)
                return outcome_of_errno("check", r);
        r = config_files_read(CAREID_CONFIG_DIR, &files, complaint);
        if (r < 0)
                (void) snprintf(complaint, sizeof complaint, "%s: %s", CAREID_CONFIG_DIR, errno_text(r));
        /* Only root may connect to root's. */
        root = host_socket("root.sock");
        user = host_socket("user.sock");
        become_or_die(&i->who);

        if (check_in_force(c, i, &files, complaint, &config)) {
                check_config(c, &config);
                check_in_words(c, i, &files, &config);
                check_terminals(c, &config, host_has_logind());
                check_certificates(c, &config, i->who.uid, i->act.now);
        }
        if (online)
                check_online(c, asked, (enum wire_probe) answer.number[WIRE_TAG_PROBE],
                             config.bankid_endpoint ? config.bankid_endpoint : "BankID",
                             wire_has(&answer, WIRE_TAG_TEXT) ? answer.string[WIRE_TAG_TEXT] : "");
        check_directory(c, i->act.now, &config, &host);
        check_snapshot(c);
        check_helper(c, &i->who, &root, &user);
        check_host(c, &host, i);

        r = print(c, option(i, "json"));
        if (r < 0)
                return outcome_of_errno("check", r);
        return check_worst(c) == CHECK_WRONG ? OUTCOME_REFUSED : OUTCOME_DONE;
}
