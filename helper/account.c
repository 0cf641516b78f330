/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * account.c - may this account be used now, and who has a session
 *
 * 1. MUST judge an account at every call anew, also one that a key has let in.
 * 2. MUST not answer, where the host's files have been replaced since the conversation began, what was asked in the
 *    course of it: whoever asked then asks another, which can read them.
 * 3. MUST tell who comes in from elsewhere without an approval, by a key, that use is logged: nothing else has.
 * 4. MUST leave accounts that are not the care directory's to the host: NOT_OURS, and root's always.
 */

#include "account.h"

#include "cleanup.h"
#include "conversation.h"
#include "facts.h"
#include "journal.h"
#include "scene.h"
#include "service.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* root is never an account of the care directory: its answer must not depend on the state of that. */
static bool host_means_root(const struct facts_host *host) {
        return strcmp(host->name, "root") == 0 || (host->r == RESOLVER_OK && host->uid == 0);
}

static void decision_send(const struct helper *h, enum wire_decision decision, enum text text, uid_t uid) {
        const bool helps = text != TEXT_NONE && text != TEXT_LOGGED && h->configured;
        struct wire_message m;
        char told[TEXTS_MAX + 1];

        texts_with_support(text, helps ? h->config.support : "", told);
        wire_message_init(&m, WIRE_DECISION);
        wire_set_number(&m, WIRE_TAG_DECISION, decision);
        wire_set_string(&m, WIRE_TAG_TEXT, told);
        if (decision == WIRE_DECISION_ALLOWED)
                wire_set_number(&m, WIRE_TAG_UID, uid);
        (void) conversation_send(h, &m);
}

static const char *decision_name(enum wire_decision decision) {
        switch (decision) {
        case WIRE_DECISION_DENIED:
                return "denied";
        case WIRE_DECISION_ALLOWED:
                return "allowed";
        case WIRE_DECISION_NOT_OURS:
                return "not-ours";
        case WIRE_DECISION_EXPIRED:
                return "expired";
        case WIRE_DECISION_ARCHIVED:
                return "archived";
        case WIRE_DECISION_BROKEN:
                return "broken";
        case WIRE_DECISION_NOT_PERMITTED:
                return "not-permitted";
        case WIRE_DECISION_BUSY:
                return "busy";
        }
        return "broken";
}

void account_refuse(struct helper *h, bool crowded) {
        decision_send(h, crowded ? WIRE_DECISION_BUSY : WIRE_DECISION_NOT_PERMITTED,
                      crowded ? TEXT_BUSY_HERE : TEXT_NOT_PERMITTED, 0);
}

/*
 * MUST 3.  Of sshd alone: it shows it on terminals only, not in what a command
 * prints, as others would; whoever approves reads it in the app.
 */
static bool is_told_here(const struct helper *h, const struct wire_message *request) {
        return helper_asked_by_root(h) && !wire_has(request, WIRE_TAG_LOGIN) &&
               service_find(request->string[WIRE_TAG_SERVICE]) == SERVICE_SSH;
}

/* Closes without a word. */
static bool another_is_asked(const struct helper *h, int r) {
        return r == -ESTALE && h->kept;
}

void account_run(struct helper *h, const struct wire_message *request) {
        struct directory *d = NULL;
        const char *name = request->string[WIRE_TAG_ACCOUNT];
        const struct facts_host host = facts_ask_host(h, name);
        struct decision_facts facts = { .known = false };
        struct directory_account account;
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        enum wire_decision decision = WIRE_DECISION_BROKEN;
        enum text text = TEXT_BROKEN;
        enum decision_why why;
        int r;

        if (host_means_root(&host)) {
                decision_send(h, WIRE_DECISION_NOT_OURS, TEXT_NONE, 0);
                return;
        }
        r = facts_open(h, &d, complaint);
        if (r == 0)
                r = facts_read(d, &host, (int64_t) time(NULL), NULL, &facts, &account, complaint);
        if (another_is_asked(h, r))
                return;
        if (r == 0) {
                scene_of_clients(h, &account, &facts);
                decision = decision_on_account(&facts, &why);
                text = decision == WIRE_DECISION_NOT_OURS ? TEXT_NONE : texts_of_why(why);
        }

        if (decision != WIRE_DECISION_ALLOWED && decision != WIRE_DECISION_NOT_OURS)
                journal_write(&(struct journal_entry) {
                        .about = r < 0 ? JOURNAL_FAILED : JOURNAL_ACCOUNT_REFUSED, .outcome = decision_name(decision),
                        .account = facts.known ? name : NULL, .service = request->string[WIRE_TAG_SERVICE],
                        .caller = h->caller.uid, .detail = complaint,
                });
        h->goes_on = decision == WIRE_DECISION_ALLOWED;
        if (h->goes_on && is_told_here(h, request)) {
                texts_speak(account.language);
                text = TEXT_LOGGED;
        }
        decision_send(h, decision, text, facts.host_uid);
}

static void recorded_send(const struct helper *h, enum wire_decision decision, int64_t login) {
        struct wire_message m;

        wire_message_init(&m, WIRE_RECORDED);
        wire_set_number(&m, WIRE_TAG_DECISION, decision);
        if (login > 0)
                wire_set_number(&m, WIRE_TAG_LOGIN, (uint64_t) login);
        (void) conversation_send(h, &m);
}

void account_session_refuse(struct helper *h, bool crowded) {
        recorded_send(h, crowded ? WIRE_DECISION_BUSY : WIRE_DECISION_NOT_PERMITTED, 0);
}

/* Not one that waited in vain, and has asked another helper since: what it wanted recorded is recorded there. */
static bool caller_waits(const void *helper) {
        const struct helper *h = helper;
        struct pollfd p = { .fd = h->fd, .events = POLLRDHUP };

        return poll(&p, 1, 0) <= 0;
}

static void session_run(struct helper *h, const struct wire_message *request, bool opens) {
        struct directory *d = NULL;
        const char *name = request->string[WIRE_TAG_ACCOUNT], *service = request->string[WIRE_TAG_SERVICE];
        const char *source = request->string[WIRE_TAG_SOURCE], *tty = request->string[WIRE_TAG_TTY];
        const int64_t login = (int64_t) request->number[WIRE_TAG_LOGIN], now = (int64_t) time(NULL);
        const struct facts_host host = facts_ask_host(h, name);
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        struct decision_facts facts = { .known = false };
        struct directory_account account;
        int64_t session;
        int r;

        if (host_means_root(&host)) {
                recorded_send(h, WIRE_DECISION_NOT_OURS, 0);
                return;
        }
        r = facts_open(h, &d, complaint);
        if (r == 0)
                r = facts_read(d, &host, now, NULL, &facts, &account, complaint);
        if (another_is_asked(h, r))
                return;
        if (r == 0 && !facts.known) {
                recorded_send(h, WIRE_DECISION_NOT_OURS, 0);
                return;
        }
        if (r == 0) {
                /* As late as can be: another writer may have been waited for. */
                directory_ask_before_commit(d, caller_waits, h);
                r = opens ? directory_session_open(d, account.id, login, h->host, service, source, tty, now, &session)
                          : directory_session_close(d, account.id, h->host, service, tty, now);
                directory_ask_before_commit(d, NULL, NULL);
                if (r == -ECANCELED)
                        return;
                if (!opens && r == DIRECTORY_E_NOT_FOUND)
                        r = DIRECTORY_OK;               /* opened before careid was there */
                if (r != DIRECTORY_OK)
                        (void) snprintf(complaint, sizeof complaint, "care directory: %s", directory_complaint(d));
        }
        journal_write(&(struct journal_entry) {
                .about = r != 0 ? JOURNAL_FAILED : opens ? JOURNAL_SESSION_OPENED : JOURNAL_SESSION_CLOSED,
                .outcome = r == 0 ? "recorded" : "not-recorded", .account = facts.known ? name : NULL,
                .service = service, .source = source, .tty = tty, .caller = h->caller.uid, .login = login,
                .detail = complaint,
        });
        recorded_send(h, r == 0 ? WIRE_DECISION_ALLOWED : WIRE_DECISION_BROKEN, r == 0 ? login : 0);
}

void account_open_run(struct helper *h, const struct wire_message *request) {
        session_run(h, request, true);
}

void account_close_run(struct helper *h, const struct wire_message *request) {
        session_run(h, request, false);
}
