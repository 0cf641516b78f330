/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * check.h - the findings of careid check, and the judges that make them
 *
 * A judge takes text and facts and adds findings; it opens nothing, so that
 * each can be tested on text alone.  The word of a finding is stable: programs
 * that read the JSON go by it.
 */

#include "acts.h"
#include "config.h"
#include "eid-options.h"
#include "findings.h"
#include "wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
        CHECK_FINDINGS_MAX = 256,
        CHECK_WORD_MAX     = 64,
        CHECK_TEXT_MAX     = 512,
        CHECK_FILE_MAX     = 256 * 1024,        /* bytes of a file of the host that is looked at  */
        CHECK_STACKS_MAX   = 128,               /* files of /etc/pam.d                            */
        CHECK_SSHD_MAX     = 32,                /* files of sshd's configuration                  */
        CHECK_SSSD_MAX     = 32,                /* of sssd's                                      */
        CHECK_AUDIT_MAX    = 64,                /* of rules of the kernel's audit                 */
        CHECK_PROGRAM_MAX  = 16 * 1024 * 1024,  /* bytes of sshd that are looked at               */
        CHECK_DEPTH_MAX    = 8,                 /* of includes                                    */
        CHECK_INCLUDES_MAX = 256,               /* of one PAM stack: files that take one another in twice over grow without end */
};

enum check_level {
        CHECK_OK    = 1,
        CHECK_WARN  = 2,        /* works, but somebody should know                                */
        CHECK_WRONG = 3,        /* does not work, or not as it should                             */
};

struct check {
        struct finding {
                enum check_level level;
                char word[CHECK_WORD_MAX];
                char text[CHECK_TEXT_MAX];
        } finding[CHECK_FINDINGS_MAX];
        size_t n;
        enum check_level left_out;              /* the worst of those that did not fit; 0: all did */
};

void check_say(struct check *c, enum check_level level, const char *word, const char *format, ...)
        __attribute__((__format__(__printf__, 4, 5)));

/* The worst level of all findings; CHECK_OK where there is none. */
enum check_level check_worst(const struct check *c);
const char *check_level_text(enum check_level level);   /* "OK", "WARN", "WRONG": never translated */

/* A file of the host.  @text is NULL where there is none, or none that can be read: then @error says why. */
struct check_file {
        char  *name;
        char  *text;
        size_t n;
        int    error;                           /* 0, or a negative errno; -ENOENT is none        */
};

/* One that is there and can't be read: nobody knows what it says. (check-findings.c) */
void check_unreadable(struct check *c, const struct check_file *f, const char *why);

/* /etc/nsswitch.conf: do programs ask careroles? (check-nsswitch.c) */
void check_nsswitch(struct check *c, const struct check_file *f);

/*
 * /proc/self/mountinfo, whether nscd and systemd-userdbd have their sockets, and whether D-Bus would start
 * accounts-daemon: what does the host tell everybody? (check-others.c)
 */
void check_proc(struct check *c, const struct check_file *mounts);
void check_nscd(struct check *c, bool runs);
void check_userdbd(struct check *c, bool runs);

/* Does this line of /proc/net/unix (net/unix/af_unix.c of Linux has the fields) say that somebody listens at @path? */
bool check_line_listens(const char *line, const char *path);

void check_accounts_daemon(struct check *c, bool there);

/*
 * With clients: does auditd run, and what does it load, /etc/audit/audit.rules?  @parts: those that it is made of, of
 * /etc/audit/rules.d, in the order in which they count. (check-audit.c)
 */
void check_kernel_audit(struct check *c, int64_t n_clients, bool runs, const struct check_file *rules, const struct check_file *parts,
                        size_t n_parts);

/*
 * /proc/self/mountinfo: on which file systems can people keep a group beyond
 * its time, with a program of their own that has its setgid bit?  The places,
 * "/tmp (on /), /srv/data"; "" is none.  @home is [accounts] home.  False: nobody can say. (check-nosuid.c)
 */
bool nosuid_missing(const struct check_file *mounts, const char *home, char ret[static CHECK_TEXT_MAX / 2]);

/* @timed: somebody has a group for a time. */
void check_nosuid(struct check *c, const struct config *config, const struct check_file *mounts, bool timed);

/* /etc/login.defs, /etc/subuid, /etc/subgid: does anybody else give out our numbers? (check-numbers.c) */
void check_login_defs(struct check *c, const struct check_file *f);
void check_subordinate(struct check *c, const char *word, const struct check_file *f);

/* /etc/sssd/sssd.conf and conf.d (CHECK_SSSD_MAX files at most), /etc/samba/smb.conf: do they map a domain's users to our numbers? (check-ranges.c) */
void check_sssd(struct check *c, const struct check_file *files, size_t n);
void check_samba(struct check *c, const struct check_file *f);

/*
 * /etc/passwd, /etc/group: has the host a number of careid's, or a name that
 * @is_ours? (check-numbers.c)  The host's own come first in nsswitch.conf, so
 * the members would be those of the line.
 */
void check_local(struct check *c, const char *word, const struct check_file *f,
                 bool (*is_ours)(const void *about, const char *name), const void *about);

/* The helper's sockets; @systemd: it is what runs this host. (check-helper.c) */
enum check_listening {
        CHECK_LISTENING_UNKNOWN = 1,            /* it can't be connected to                       */
        CHECK_LISTENING_NOBODY,
        CHECK_LISTENING,
};
struct check_socket {
        const char *name;                       /* "root.sock"                                    */
        bool        there;
        enum check_listening listening;
};
void check_sockets(struct check *c, const struct check_socket *root, const struct check_socket *user, bool systemd);

/*
 * What came of asking the provider through the helper: @r as ask_helper()
 * returns it; with WIRE_OK, @probe, and @met is what exactly the helper met.
 */
void check_online(struct check *c, int r, enum wire_probe probe, const char *endpoint, const char *met);

/* The module that PAM stacks name. (check-module.c) */
struct check_module {
        bool there, right;                      /* right: plain, root's, read by all, written by root */
};
void check_module(struct check *c, const char *path, const struct check_module *m);

/* What is due once a day. (check-daily.c) */
struct check_daily {
        bool    systemd;                        /* it is what runs this host                      */
        bool    enabled;                        /* careid-daily.timer is                          */
        bool    turns;                          /* somebody is assigned in turns                  */
        int64_t last;                           /* when careid daily has run; 0: never            */
};
void check_daily(struct check *c, const struct check_daily *d, int64_t now);

/* What waits to be sent by SMS and mail; only where something is set for it. (check-sending.c) */
struct check_sending {
        bool    systemd;                        /* it is what runs this host                      */
        bool    enabled;                        /* careid-queue.path is                           */
        int64_t waiting;                        /* messages                                       */
};
void check_sending(struct check *c, const struct config *config, const struct check_sending *s);

/* What somebody should look at. (check-county.c) */
void check_county(struct check *c, const struct directory_found found[static FINDINGS]);

/*
 * Accounts that are open, how many of them lack a Swedish number, and how many
 * an assignment that they need. (check-people.c)
 */
void check_people(struct check *c, int64_t n_accounts, int64_t n_no_number, int64_t n_no_assignment, bool bankid);

/*
 * Can those who hold mandates, and how many of them can't, approve what they do as [mandates] approval asks for?  With the
 * least that is who can register a personal number. (check-people.c)
 */
void check_mandates(struct check *c, const struct config *config, const struct directory_readiness *people);

/* What one PAM stack does with pam_eid, its includes followed. */
struct check_stack {
        bool     auth, account, session;        /* names pam_eid there                            */
        bool     root_skipped, breakglass_skipped;      /* before the auth line of pam_eid     */
        bool     account_skipped;               /* break-glass, before the account line of pam_eid */
        char     module[256];                   /* as the stack names it, if that is a path; else empty */
        bool     ignored;                       /* an account refusal has no effect               */
        bool     endless;                       /* over CHECK_DEPTH_MAX or _INCLUDES_MAX: the rest was not read */
        struct eid_options options;             /* of its auth line                               */
        char     wrong_option[32];              /* one that makes pam_eid refuse; else empty      */
};
bool check_pam_resolve(const struct check_file *files, size_t n, const char *name, struct check_stack *ret);
void check_pam(struct check *c, const struct check_file *files, size_t n);      /* check-pam.c       */

/* Each module that a stack names, once, as @look finds it. (check-module.c) */
void check_modules(struct check *c, const struct check_file *stacks, size_t n_stacks,
                   struct check_module (*look)(const char *path));

/* The release of OpenSSH: 10, 3 for 10.3; 0, 0 where nobody knows. */
struct check_sshd_release {
        uint32_t major, minor;
};

/* As the bytes of the program tell it. */
struct check_sshd_release check_sshd_release_find(const char *program, size_t n);

/*
 * sshd's configuration, main file first, in the order in which it includes
 * them; @stack is what its PAM stack does. (check-sshd.c)
 */
void check_sshd(struct check *c, const struct check_file *files, size_t n, const struct check_stack *stack,
                struct check_sshd_release release);

/* /etc/login.defs: the time that login leaves. */
void check_login_timeout(struct check *c, const struct check_file *f, const struct check_stack *stack);

/* The first console of this host, as it says itself. */
struct check_console {
        bool     is_there;
        bool     half_blocks;                   /* its font has them                              */
        uint32_t rows, columns;
};

/* @stack: of login. (check-console.c) */
void check_console(struct check *c, const struct check_console *console, const struct check_stack *stack);

/* What the options in force mean for people. (check-config.c) */
void check_config(struct check *c, const struct config *config);

/* Methods, rules, regime, networks, the end of passwords, on the day @today, "YYYY-MM-DD". (check-ways.c) */
void check_ways(struct check *c, const struct config *config, const char *today);

/*
 * Which organisation people are told that they identify to: the configured one, else the only one of the directory's
 * @n_organisations, whose title is @only. (check-config.c)
 */
void check_organisation(struct check *c, const struct config *config, int64_t n_organisations, const char *only);

/* [groups], in force and as the care directory has it, by which the snapshots are written. (check-config.c) */
struct directory_groups;
void check_groups(struct check *c, const struct config *config, const struct directory_groups *there);

/* Which terminals su and sudo show a code on; @sessions: logind is there, which knows where one is. (check-config.c) */
void check_terminals(struct check *c, const struct config *config, bool sessions);

/* The names in /etc/careid/breakglass; @known says whether the host knows one. */
void check_breakglass(struct check *c, const struct check_file *f, bool (*known)(const char *name),
                      bool root_has_password);

/* The clock: @now, the time of the last apply (0: none), and whether the kernel says that it is kept right. */
void check_clock(struct check *c, int64_t now, int64_t applied, bool synchronised);
