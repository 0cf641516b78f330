/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * invocation.h - one run of the command, as the functions of its table see it
 *
 * prepare() runs first, as root; then the process becomes the system user for
 * good, the directory is opened as the row's flags say, run() is called, and
 * the snapshots are written anew where the row says so.  Both return an exit
 * status of outcome.h.
 */

#include "acts.h"
#include "arguments.h"
#include "become.h"
#include "outcome.h"

enum {
        INVOKE_READ      = 1 << 0,      /* with the directory open for reading                    */
        INVOKE_WRITE     = 1 << 1,      /* for writing; all that it does can be rolled back, or it says itself
                                           what it would do: it has --dry-run */
        INVOKE_CREATE    = 1 << 2,      /* made if there is none                                  */
        INVOKE_PUBLISH   = 1 << 3,      /* changes what a snapshot says                           */
        INVOKE_RECORD    = 1 << 5,      /* for writing, but what it does besides stays: it shows what is recorded as shown,
                                           or acts outside the directory.  No --dry-run */
        INVOKE_ROOT      = 1 << 4,      /* needs root, and stays root until it becomes by itself  */
        INVOKE_DELEGATED = 1 << 6,      /* may be done by who has a mandate, through the helper: every act of it asks for one.
                                           There prepare() is neither linked nor called */
        INVOKE_SECRET    = 1 << 7,      /* it reads a line that must not be seen, after names; where it has --country, only with that */
        INVOKE_NAMES     = 1 << 11,     /* it reads what a person is called: names.h              */
        INVOKE_OWN       = 1 << 9,      /* delegated also to staff without a mandate: it shows and does what is theirs alone */
        INVOKE_CLIENT    = 1 << 10,      /* DELEGATED, and from a client's account about that person, too */
        INVOKE_LOOKS     = 1 << 12,     /* READ; but where somebody looks at people (kinds.h), that is an entry of the audit
                                           trail first: opened for writing                        */
};

enum { ACTOR_MAX = 64, ANCHOR_FILE_MAX = 64 * 1024 * 1024 };

struct invocation {
        const struct command    *commands;
        struct arguments         arguments;
        struct become            who;
        struct directory        *directory;
        struct directory_act     act;
        char                     actor[ACTOR_MAX];
        void                    *prepared;              /* prepare()'s, malloc'd; freed after run() */
        size_t                   n_prepared;
};

/* The n-th operand or an option, for short. */
static inline const char *operand(const struct invocation *i, size_t n) {
        return n < i->arguments.n_operands ? i->arguments.operand[n] : NULL;
}

static inline const char *option(const struct invocation *i, const char *name) {
        return argument(&i->arguments, name);
}

/* Open the care directory as the row's flags say, run it (or try, with --dry-run), and write the snapshots; as the system user. */
int invocation_run(struct invocation *i);

/* The same in a care directory that is open already, for writing where the row writes. */
int invocation_run_in(struct invocation *i, struct directory *directory);

/* Write the snapshots of the care directory that is open; what can't be written is said, and OUTCOME_BROKEN. */
int invocation_publish(struct invocation *i);

/* Is that this command is run to be an entry of the audit trail?  (INVOKE_LOOKS) */
bool invocation_looks(const struct invocation *i);

/* What complaints are about: "account anna". */
const char *invocation_about(const struct invocation *i, const char *noun, const char *name, char ret[static 128]);

/* After a publication: what it had to leave out, for the journal and for root. */
void invocation_tell_unsaid(const struct invocation *i);

/*
 * The end of an act: the exit status for @r, and the complaint if it is one,
 * which names the argument that it is about as the help does.  Done, with
 * --json and where nothing was said by invocation_made(), it shows @name.
 */
int invocation_end(const struct invocation *i, const char *noun, const char *name, int r);

/*
 * What an act has made, for standard output: with --json
 * { "kinds": [ { key: value, ... } ] }, as careid list would show it, otherwise
 * @line (NULL: nothing).  @kinds is the plural; @keys end with NULL.  Returns
 * an exit status.  Acts that print nothing else need not call it: their
 * invocation_end() shows the name.
 */
int invocation_made(const struct invocation *i, const char *kinds, const char *const *keys,
                    const char *const *values, const char *line);

/*
 * A destructive act: true if --yes was given, or the person at the terminal
 * says yes to @question.  Otherwise false, and the reason has been said.  A dry
 * run shows the question and asks nobody.
 */
bool invocation_confirm(const struct invocation *i, const char *format, ...)
        __attribute__((__format__(__printf__, 2, 3)));

/*
 * What a question is about, in more than a number: " (anna nurse oak)", the
 * values that the list @what has of the row @id under @keys, or "" where
 * nobody is asked.  Returns @ret.
 */
enum { ABOUT_MAX = 512 };
const char *invocation_row(const struct invocation *i, const char *what, int64_t id, const char *const *keys, char ret[static ABOUT_MAX]);

/* "person 4", and to a terminal, with their name or alias: "Anna Test, person 4".  Returns @ret. */
const char *invocation_who(const struct invocation *i, int64_t person, char ret[static ABOUT_MAX]);

/* What an act has made: "client oakclinic-1", with --quiet only the name, with --json {"clients":[{"name":"oakclinic-1"}]}. */
int invocation_added(const struct invocation *i, const char *noun, const char *nouns, const char *key, const char *name);

/*
 * The person whom @word names: by id, or to root by the key that files of an
 * import have for them ("key:4711"; "key:" is needed where the key is a
 * number).  Otherwise what is wrong with @field has been said.
 */
bool invocation_person_named(const struct invocation *i, const char *field, const char *word, int64_t *ret);

/* The same of the first operand, PERSON. */
bool invocation_person(const struct invocation *i, int64_t *ret);

/* An id in the first operand, which the help calls @field and of which there is a list; otherwise what is wrong has been said. */
bool invocation_id(const struct invocation *i, const char *field, const char *list, int64_t *ret);

/* Is the option @name, if it was given, a day?  Otherwise that has been said. */
bool invocation_date(const struct invocation *i, const char *name);

/* The same for --from and --until, and that they are in this order. */
bool invocation_dates(const struct invocation *i);

/*
 * Home and shell of a new account: as --home and --shell say, or as
 * configured.  An option that is longer than any path of passwd(5) is cut here
 * and refused by the directory.
 */
enum { ACCOUNT_PLACE_MAX = 255 };

struct account_places {
        char home[ACCOUNT_PLACE_MAX + 1], shell[ACCOUNT_PLACE_MAX + 1];
};

int account_places_find(const struct invocation *i, const char *name, struct account_places *ret);

/* The commands of each file. */
int setup_prepare(struct invocation *i);
int setup_run(struct invocation *i);
int organisation_add(struct invocation *i);
int unit_add(struct invocation *i);
int service_add(struct invocation *i);
int role_add(struct invocation *i);
int role_grant_service(struct invocation *i);
int role_take_service(struct invocation *i);
int title_change(struct invocation *i);
int person_change(struct invocation *i);
int person_add(struct invocation *i);
int person_number(struct invocation *i);
int account_add(struct invocation *i);
int groups_prepare(struct invocation *i);
int groups_run(struct invocation *i);
int explain_why(struct invocation *i);
int explain_why_not(struct invocation *i);
int explain_who(struct invocation *i);
int try_run(struct invocation *i);
int assignment_add(struct invocation *i);
int assignment_deputy(struct invocation *i);
int assignment_end(struct invocation *i);
int client_add(struct invocation *i);
int invite_run(struct invocation *i);
int message_set(struct invocation *i);
int message_clear(struct invocation *i);
int message_show(struct invocation *i);
int enrolment_add(struct invocation *i);
int enrolment_end(struct invocation *i);
int module_on(struct invocation *i);
int module_off(struct invocation *i);
int grant_add(struct invocation *i);
int grant_end(struct invocation *i);
int grant_review(struct invocation *i);
int grant_list(struct invocation *i);
int person_protect(struct invocation *i);
int person_unprotect(struct invocation *i);
int contact_set(struct invocation *i);
int contact_remove(struct invocation *i);
int contact_show(struct invocation *i);
int keys_rotate(struct invocation *i);
int person_leave(struct invocation *i);
int person_died(struct invocation *i);
int template_add(struct invocation *i);
int temp_add(struct invocation *i);
int mandate_give(struct invocation *i);
int mandate_take(struct invocation *i);
int mandate_list(struct invocation *i);
int archive_put(struct invocation *i);
int archive_take(struct invocation *i);
int import_prepare(struct invocation *i);
int import_run(struct invocation *i);
int export_prepare(struct invocation *i);
int export_run(struct invocation *i);
int list_run(struct invocation *i);
int list_show(struct invocation *i);
int audit_show(struct invocation *i);
int audit_prepare(struct invocation *i);
int audit_verify(struct invocation *i);
int audit_prune(struct invocation *i);
int audit_key(struct invocation *i);
int audit_export_prepare(struct invocation *i);
int audit_export(struct invocation *i);
int opened_prepare(struct invocation *i);
int opened_run(struct invocation *i);
int audit_sample(struct invocation *i);
int review_list(struct invocation *i);
int review_due(struct invocation *i);
int review_show(struct invocation *i);
int review_right(struct invocation *i);
int review_wrong(struct invocation *i);
int review_unclear(struct invocation *i);
int evidence_list(struct invocation *i);
int password_set(struct invocation *i);
int password_remove(struct invocation *i);
int totp_enroll(struct invocation *i);
int totp_remove(struct invocation *i);
int code_issue(struct invocation *i);
int credential_list(struct invocation *i);
int exempt_add(struct invocation *i);
int exempt_list(struct invocation *i);
int exempt_remove(struct invocation *i);
int outage_begin(struct invocation *i);
int outage_end(struct invocation *i);
int outage_status(struct invocation *i);
int outage_ready(struct invocation *i);
int retire_status(struct invocation *i);
int evidence_show(struct invocation *i);
int evidence_prepare(struct invocation *i);
int evidence_export(struct invocation *i);
int evidence_prune(struct invocation *i);
int apply_run(struct invocation *i);
int check_run(struct invocation *i);
int daily_run(struct invocation *i);
int snapshot_rebuild(struct invocation *i);
int snapshot_update(struct invocation *i);
int snapshot_renew(struct invocation *i);
int snapshot_show(struct invocation *i);
int snapshot_verify(struct invocation *i);
int help_run(struct invocation *i);
