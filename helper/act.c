/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * act.c - a command of careid, run for the person whose account asks
 *
 * The command is the one that root runs, compiled once more with the rows of
 * its table alone that somebody with a mandate may use, and without what root
 * prepares for them (root-alone.sh); what it
 * prints goes into memory, and from there to the caller.
 *
 * 1. MUST be asked through the service manager's socket: a process that the caller executed is theirs to stop.
 * 2. MUST act for the person of the account that the host gives the caller's uid, of staff who work there now, and
 *    for nobody else; for a client only what is marked for clients, and by no mandate.
 * 3. MUST run no command that is not marked for it.
 *    Whether whoever asks could do it anywhere is asked before anything that they name is looked up.
 * 4. MUST not let what a command prints be more than text.
 * 5. MUST do what is to be approved afresh after that alone, seen in this conversation; and ask again then whatever was
 *    asked before, since a person takes their time.  Nothing is open, and nothing locked, meanwhile.
 * 6. MUST be able to write only where somebody asks who holds what an act could rest on; that is looked up by their
 *    uid, before a word of theirs is read.
 */

#include "act.h"

#include "act-says.h"
#include "approval.h"
#include "batch.h"
#include "cleanup.h"
#include "commands.h"
#include "conversation.h"
#include "host.h"
#include "i18n.h"
#include "invocation.h"
#include "mandate-needed.h"
#include "mandates.h"
#include "journal.h"
#include "kinds.h"
#include "read-secret.h"
#include "standing.h"
#include "texts.h"
#include "utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { HOST_UID_MIN = 1000 };

bool act_is_asked(int fd) {
        uint8_t kind[2];

        return recv(fd, kind, sizeof kind, MSG_PEEK | MSG_DONTWAIT) == (ssize_t) sizeof kind &&
               (kind[0] | kind[1] << 8) == WIRE_ACT;
}

void act_prepare(void) {
        (void) setlocale(LC_CTYPE, "C.UTF-8");
}

void act_refuse(struct helper *h, bool crowded) {
        char said[TEXTS_MAX + 16];
        struct wire_message m;

        (void) snprintf(said, sizeof said, "careid: %s\n", texts_get(crowded ? TEXT_BUSY_HERE : TEXT_NOT_PERMITTED));
        wire_message_init(&m, WIRE_RESULT);
        wire_set_string(&m, WIRE_TAG_HELP, said);
        wire_set_number(&m, WIRE_TAG_STATUS, crowded ? OUTCOME_BROKEN : OUTCOME_REFUSED);
        (void) conversation_send(h, &m);
}

/* -- Who it is --------------------------------------------------------------------------------------- */

/* The host is asked by the child that resolves names: this process can't. */
static int answer(int r) {
        return r == RESOLVER_E_NONE ? 0 : r == RESOLVER_OK ? 1 : r;
}

static int answer_user(void *about, const char *name, uint32_t *ret) {
        return answer(resolver_uid(about, name, ret));
}

static int answer_group(void *about, const char *name, uint32_t *ret) {
        return answer(resolver_gid(about, name, ret));
}

static int answer_number(void *about, uint32_t id) {
        uint32_t same;

        return answer(resolver_number(about, id, &same));
}

/* MUST 6.  Accounts of careid's own have the uid; of the host's own it is asked for its name. */
bool act_may_write(const struct helper *h) {
        AUTO(directory_closep) struct directory *d = NULL;
        const int64_t now = (int64_t) time(NULL);
        char name[RESOLVER_USER_MAX + 1];

        if (h->caller.uid < HOST_UID_MIN || !h->resolver || directory_open(DIRECTORY_READ, &d) != DIRECTORY_OK)
                return false;
        if (directory_standing_find(d, h->caller.uid, NULL, now) == DIRECTORY_OK)
                return true;
        return resolver_user(h->resolver, h->caller.uid, name) == RESOLVER_OK &&
               directory_standing_find(d, h->caller.uid, name, now) == DIRECTORY_OK;
}

/* MUST 2.  That the name is the caller's has been seen (conversation.c). */
static int find_person(const struct helper *h, struct directory *d, const char *name, unsigned flags, struct directory_act *act) {
        struct directory_account a;
        int r;

        r = directory_account(d, name, act->now, &a);
        if (r == DIRECTORY_E_NOT_FOUND || r == DIRECTORY_E_INVALID)
                return outcome_say(OUTCOME_REFUSED, name, _("only root may administer careid, and staff who have a mandate"));
        if (r != DIRECTORY_OK)
                return outcome_of_directory(name, r, d);
        if (h->caller.uid < HOST_UID_MIN || (!a.from_host && a.uid != h->caller.uid))
                return outcome_say(OUTCOME_REFUSED, name, _("this host gives the name to somebody else"));
        if (strcmp(a.kind, "staff") != 0 && strcmp(a.kind, "client") != 0)
                return outcome_say(OUTCOME_REFUSED, name, _("only root may administer careid, and staff who have a mandate"));
        act->as_client = strcmp(a.kind, "staff") != 0;
        if (act->as_client && !(flags & INVOKE_CLIENT))
                return outcome_say(OUTCOME_REFUSED, name,
                                   _("a client's account sees and ends what is granted about its person, and does nothing else"));
        if (a.archived)
                return outcome_say(OUTCOME_REFUSED, name, _("the account is archived"));
        if (!a.assigned_now)
                return outcome_say(OUTCOME_REFUSED, name, _("no assignment is valid now"));
        /* Whoever may do nothing here is told nothing: what a refusal of each act would say depends on what there is. */
        r = act->as_client || flags & INVOKE_OWN ? DIRECTORY_OK : mandate_held(d, a.person, act->now);
        if (r == DIRECTORY_E_NOT_FOUND)
                return outcome_say(OUTCOME_REFUSED, name, _("only root may administer careid, and staff who have a mandate"));
        if (r != DIRECTORY_OK)
                return outcome_of_directory(name, r, d);
        act->by_person = a.person;
        act->by_account = a.id;
        return OUTCOME_DONE;
}

/* -- What is to be done ------------------------------------------------------------------------------ */

static int parse(const struct wire_message *request, struct invocation *i) {
        char *argv[ARGUMENTS_MAX + 2] = { (char[]) { "careid" } }, complaint[ARGUMENTS_COMPLAINT_MAX] = "";
        const uint8_t *words = request->bytes[WIRE_TAG_WORDS];
        size_t left = request->n_bytes[WIRE_TAG_WORDS];
        int argc = 1;

        /* Each ends with NUL: wire.c has looked. */
        for (; left > 0 && argc <= ARGUMENTS_MAX; argc++) {
                const size_t n = strlen((const char *) words) + 1;

                argv[argc] = (char *) (uintptr_t) words;
                words += n;
                left -= n;
        }
        if (left > 0)
                return outcome_say(OUTCOME_USAGE, NULL, _("more than %d arguments"), ARGUMENTS_MAX);
        for (int k = 1; k < argc; k++)
                if (strcmp(argv[k], "--json") == 0)
                        outcome_in_json();
        if (arguments_parse(careid_commands, argc, argv, &i->arguments, complaint) != ARGUMENTS_OK)
                return outcome_say(OUTCOME_USAGE, NULL, "%s", *complaint ? complaint : _("this is no act"));
        return OUTCOME_DONE;
}

/* MUST 6.  What shows what is one's own goes without; what writes was not for them, or is since a moment ago. */
static int check_writing(const struct helper *h, const struct invocation *i) {
        if (h->writing || !(i->arguments.command->flags & (INVOKE_WRITE | INVOKE_RECORD)))
                return OUTCOME_DONE;
        if (act_may_write(h))
                return outcome_say(OUTCOME_BROKEN, i->arguments.command->words, _("who you are could not be found out in time; try again"));
        return outcome_say(OUTCOME_REFUSED, i->arguments.command->words,
                           i->act.as_client ? _("nothing was granted about you")
                                            : _("only root may administer careid, and staff who have a mandate"));
}

/* Open the care directory, and see who asks and whether they may, now.  *@ret stays NULL where not. */
static int person_may(const struct helper *h, const struct wire_message *request, struct invocation *i, struct directory **ret) {
        AUTO(directory_closep) struct directory *d = NULL;
        const struct command *c = i->arguments.command;
        int r, status;

        i->act = (struct directory_act) { .actor = i->actor, .now = (int64_t) time(NULL) };
        r = directory_open(h->writing ? DIRECTORY_WRITE : DIRECTORY_READ, &d);
        if (r != DIRECTORY_OK)
                return outcome_of_directory(request->string[WIRE_TAG_ACCOUNT], r, NULL);
        status = find_person(h, d, request->string[WIRE_TAG_ACCOUNT], c->flags, &i->act);
        if (status == OUTCOME_DONE)
                status = check_writing(h, i);
        if (status == OUTCOME_DONE)
                status = mandate_needed_check(d, &i->act, c);
        if (status != OUTCOME_DONE)
                return status;
        if (i->act.by_person <= 0)                      /* nobody becomes root by forgetting who they are */
                return OUTCOME_BROKEN;
        (void) snprintf(i->actor, sizeof i->actor, "person:%" PRId64 " uid:%u", i->act.by_person, (unsigned) h->caller.uid);
        *ret = STEAL_PTR(d);
        return OUTCOME_DONE;
}

/* -- The approval ------------------------------------------------------------------------------------ */

/* Some by what they are, others by their options: a number is registered, a grant goes on, clients are shown. */
static bool is_to_be_approved(const struct helper *h, const struct invocation *i) {
        const bool every = !h->configured || strcmp(h->config.mandates_approval, "least") != 0;
        const struct command *const c = i->arguments.command;

        if (option(i, "dry-run") || i->act.as_client)
                return false;
        if (mandate_needed_approval(&i->act, c, every) || (c->flags & INVOKE_SECRET && option(i, "country")))
                return true;
        return every && (invocation_looks(i) || (c->flags & INVOKE_OWN && option(i, "next")));
}

/*
 * Nobody takes out their phone for what is refused: it is tried, and taken
 * back.  Of what is read after the words nothing is given, so that nobody
 * learns whose there is a number: it is tried up to there.
 */
static int rehearse(struct invocation *i, struct directory *d) {
        const struct command *c = i->arguments.command;
        AUTO(memory_done) struct memory out = MEMORY_NONE, err = MEMORY_NONE;
        FILE *const kept_out = stdout, *const kept_err = stderr;
        int status;

        if (!(c->flags & (INVOKE_WRITE | INVOKE_RECORD)))
                return OUTCOME_DONE;
        if (memory_open(&out) < 0 || memory_open(&err) < 0)
                return outcome_of_errno(c->words, -ENOMEM);
        lines_given(NULL, 0);
        directory_dry_run(d);
        i->directory = d;
        stdout = out.file;
        stderr = err.file;
        status = c->run(i);
        stdout = kept_out;
        stderr = kept_err;
        i->directory = NULL;
        if (status == OUTCOME_DONE)
                return status;
        if (lines_missed()) {
                if (option(i, "json"))
                        outcome_in_json();      /* what it would have said was not its end                */
                return OUTCOME_DONE;
        }
        if (fflush(out.file) != 0 || fflush(err.file) != 0)
                return outcome_of_errno(c->words, -ENOMEM);
        (void) fwrite(out.text, 1, out.n, stdout);
        (void) fwrite(err.text, 1, err.n, stderr);
        return status;
}

static int status_of(enum wire_verdict verdict) {
        if (verdict == WIRE_VERDICT_APPROVED)
                return OUTCOME_DONE;
        return wire_verdict_is_trouble(verdict) ? OUTCOME_BROKEN : OUTCOME_REFUSED;
}

/*
 * What the app shows of the act: words of careid's own alone, that name
 * nobody.  Of what can be done to much or to little it is said to which.
 */
static void words_of(const struct invocation *i, char ret[static WIRE_PROGRAM_MAX + 1]) {
        const struct command *const c = i->arguments.command;
        char complaint[KIND_COMPLAINT_MAX];
        const struct kind *kind;
        const char *more = NULL;
        enum mandate_act what;

        if (c->run == archive_put || c->run == archive_take) {
                kind = kind_find(operand(i, 0), KIND_ARCHIVES, complaint);
                more = kind ? kind->one : NULL;
        } else if (c->run == mandate_give && mandate_of_word(operand(i, 1), &what) == 0)
                more = mandate_word(what);
        (void) snprintf(ret, WIRE_PROGRAM_MAX + 1, "careid %s%s%s", c->words, more ? " " : "", more ? more : "");
}

/* *@ret_told: no RESULT is to follow, the caller has a VERDICT that ends it, or has gone. */
static int ask(struct helper *h, const struct wire_message *request, const struct invocation *i, struct approval *ret, bool *ret_told) {
        const char *const words = i->arguments.command->words;
        struct approval_question q = { .pace = (uint32_t) request->number[WIRE_TAG_PACE], .timeout = (uint32_t) request->number[WIRE_TAG_TIMEOUT] };

        if (!wire_has(request, WIRE_TAG_PACE) || !wire_has(request, WIRE_TAG_TIMEOUT))
                return outcome_say(OUTCOME_REFUSED, words, _("this needs your approval, and a terminal to show the code on"));
        (void) snprintf(q.account, sizeof q.account, "%s", request->string[WIRE_TAG_ACCOUNT]);
        words_of(i, q.words);
        (void) snprintf(q.language, sizeof q.language, "%s", request->string[WIRE_TAG_LANGUAGE]);
        if (approval_ask(h, &q, ret) < 0)
                return outcome_say(OUTCOME_BROKEN, words, "%s", texts_get(TEXT_BROKEN));
        *ret_told = ret->verdict != WIRE_VERDICT_APPROVED;
        /* The other half of the grant rule is the verifying half's. */
        if (ret->verdict == WIRE_VERDICT_APPROVED && ret->uid != h->caller.uid)
                return outcome_say(OUTCOME_BROKEN, words, "%s", texts_get(TEXT_NOT_HERE));
        return status_of(ret->verdict);
}

/* MUST 5 */
static int approve(struct helper *h, const struct wire_message *request, struct invocation *i, struct directory **d, bool *ret_told) {
        const int64_t person = i->act.by_person, account = i->act.by_account;
        struct directory *recording = NULL;
        AUTO(approval_done) struct approval approval = { .evidence = NULL };
        int64_t login = 0;
        int r, status, may;

        status = rehearse(i, *d);
        *d = directory_close(*d);
        if (status == OUTCOME_DONE)
                status = ask(h, request, i, &approval, ret_told);
        if (!approval.proven)
                return status == OUTCOME_DONE ? OUTCOME_BROKEN : status;

        /* That it was approved, or by somebody else, is recorded whatever comes after. */
        r = directory_open(DIRECTORY_WRITE, &recording);
        if (r == DIRECTORY_OK) {
                directory_tell_audit(recording, journal_audit);
                r = approval_record(h, recording, account, &approval, (int64_t) time(NULL), &login);
        }
        if (status == OUTCOME_DONE && (r != DIRECTORY_OK || login <= 0))
                status = outcome_of_directory(request->string[WIRE_TAG_ACCOUNT], r == DIRECTORY_OK ? -EIO : r, recording);
        (void) directory_close(recording);
        if (status != OUTCOME_DONE)
                return status;

        may = person_may(h, request, i, d);
        if (may == OUTCOME_DONE && (i->act.by_person != person || i->act.by_account != account))
                may = outcome_say(OUTCOME_REFUSED, i->arguments.command->words, _("the account is somebody else's now"));
        i->act.login = login;
        lines_given(request->bytes[WIRE_TAG_SECRET], request->n_bytes[WIRE_TAG_SECRET]);
        return may;
}

/* -- All of it --------------------------------------------------------------------------------------- */

/* MUST 3 */
static int act(struct helper *h, const struct wire_message *request, struct invocation *i, bool *ret_told) {
        AUTO(directory_closep) struct directory *d = NULL;
        const struct command *c;
        int status;

        status = parse(request, i);
        if (status != OUTCOME_DONE)
                return status;
        c = i->arguments.command;
        if (!(c->flags & INVOKE_DELEGATED) || c->flags & INVOKE_ROOT || c->prepare || !c->run)
                return outcome_say(OUTCOME_REFUSED, c->words, _("only root may do this"));

        /* Tried out, it would say of any number whether somebody has it, and leave no trace. */
        if (c->flags & INVOKE_SECRET && option(i, "country") && option(i, "dry-run"))
                return outcome_say(OUTCOME_REFUSED, "--dry-run", _("only root may try out a personal number"));

        status = person_may(h, request, i, &d);
        if (status == OUTCOME_DONE && is_to_be_approved(h, i))
                status = approve(h, request, i, &d, ret_told);
        return status == OUTCOME_DONE ? invocation_run_in(i, d) : status;
}

static void journal_act(const struct helper *h, const struct wire_message *request, const struct invocation *i, int status) {
        const bool done = status == OUTCOME_DONE;

        journal_write(&(struct journal_entry) {
                .about = done ? JOURNAL_ACTED : JOURNAL_NOT_ACTED, .caller = h->caller.uid,
                .outcome = done && option(i, "dry-run") ? "dry-run" : done ? "done" : status == OUTCOME_BROKEN ? "broken" : "refused",
                .account = i->act.by_person > 0 ? request->string[WIRE_TAG_ACCOUNT] : NULL,
                .detail = i->arguments.command ? i->arguments.command->words : NULL,
        });
}

void act_run(struct helper *h, const struct wire_message *request) {
        const struct host_answers answers = {
                .user = answer_user, .group = answer_group, .number = answer_number, .about = h->resolver,
        };
        AUTO(memory_done) struct memory out = MEMORY_NONE, err = MEMORY_NONE;
        struct invocation i = { .commands = careid_commands, .who = { .uid = h->privs.uid, .gid = h->privs.gid } };
        FILE *const kept_out = stdout, *const kept_err = stderr;
        bool told = false;
        int status;

        if (memory_open(&out) < 0 || memory_open(&err) < 0) {
                act_refuse(h, true);
                return;
        }
        texts_speak(request->string[WIRE_TAG_LANGUAGE]);
        lines_given(request->bytes[WIRE_TAG_SECRET], request->n_bytes[WIRE_TAG_SECRET]);
        host_answered_by(&answers);

        stdout = out.file;
        stderr = err.file;
        status = act(h, request, &i, &told);
        stdout = kept_out;
        stderr = kept_err;

        host_answered_by(NULL);
        if (fflush(out.file) != 0 || fflush(err.file) != 0 || out.n > ACT_TEXT_MAX || err.n > ACT_TEXT_MAX) {
                (void) fprintf(err.file, "careid: %s\n", _("what was to be printed is too long"));
                (void) fflush(err.file);
                out.n = out.n > ACT_TEXT_MAX ? 0 : out.n;
                status = OUTCOME_BROKEN;
        }
        utf8_make_clean(out.text, out.n, UTF8_LINES);           /* MUST 4 */
        utf8_make_clean(err.text, err.n, UTF8_LINES);
        journal_act(h, request, &i, status);
        if (!told)
                act_says(h, &out, &err, status);
}
