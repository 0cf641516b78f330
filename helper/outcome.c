/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * outcome.c - from a method's end to a verdict, its record and its journal line
 *
 * 1. MUST judge by what the care directory and the host say after the proof, not by what they said before; but where
 *    the host's files have been replaced meanwhile, its uid for the name is the one of before (facts.h).
 * 2. MUST not approve what could not be recorded, its evidence included where that is kept (for root; a user's own
 *    verdict stands in the journal only, and that for an act is recorded by whoever acts: approval.c).
 * 3. MUST wipe the number once it has been compared.
 */

#include "attempt.h"

#include "cleanup.h"
#include "conversation.h"
#include "journal.h"
#include "scene.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void outcome_from_view(const struct method_view *view, struct outcome *ret) {
        *ret = (struct outcome) { .verdict = WIRE_VERDICT_BROKEN, .text = view->text };

        switch (view->end) {
        case METHOD_PROVEN:
                /* Of somebody; of whom is for outcome_settle(). */
                ret->verdict = WIRE_VERDICT_DENIED;
                return;
        case METHOD_DENIED:
                ret->verdict = WIRE_VERDICT_DENIED;
                return;
        case METHOD_CANCELLED:
                ret->verdict = WIRE_VERDICT_CANCELLED;
                return;
        case METHOD_TIMED_OUT:
                ret->verdict = WIRE_VERDICT_TIMED_OUT;
                return;
        case METHOD_UNREACHABLE:
                ret->verdict = WIRE_VERDICT_UNREACHABLE;
                return;
        case METHOD_BUSY:
                ret->verdict = WIRE_VERDICT_BUSY;
                return;
        case METHOD_BROKEN:
                ret->verdict = WIRE_VERDICT_BROKEN;
                return;
        }
}

static void outcome_broken(struct outcome *o, const char *complaint) {
        o->verdict = WIRE_VERDICT_BROKEN;
        o->text = TEXT_BROKEN;
        o->uid = 0;
        o->login = 0;
        (void) snprintf(o->detail, sizeof o->detail, "%s", complaint);
}

static struct directory_login login_of(const struct attempt *a, const struct outcome *o, int64_t now) {
        struct directory_login login = {
                .account = a->record.id,
                .method = way_name(a->ways[a->at_way]),
                .authenticator = o->proven ? o->proof.authenticator : "",
                .assurance = o->proven ? o->proof.assurance : "",
                .host = a->h->host,
                .service = a->service,
                .source = a->source,
                .target = a->target,
        };

        memcpy(login.reference, o->proof.reference, sizeof login.reference);
        if (a->h->config.evidence_days > 0 && o->proven) {
                login.evidence = o->proof.evidence;
                login.n_evidence = o->proof.n_evidence;
                login.evidence_until = now + (int64_t) a->h->config.evidence_days * 24 * 60 * 60;
        }
        return login;
}

/* Why, as the audit trail calls it. */
static const char *refused_word(const struct outcome *o) {
        if (o->text == TEXT_ARCHIVED)
                return "archived";
        if (o->text == TEXT_NOT_ASSIGNED)
                return "not-assigned";
        if (o->text == TEXT_CLIENTS_OFF)
                return "clients-off";
        if (o->text == TEXT_WAY_CLOSED)
                return "way-closed";
        return decision_word(o->verdict);
}

int outcome_record(const struct attempt *a, struct directory *d, struct outcome *o, int64_t now) {
        const struct directory_login login = login_of(a, o, now);

        return o->verdict == WIRE_VERDICT_APPROVED ? directory_login_add(d, &login, now, &o->login)
                                                   : directory_login_refused(d, &login, refused_word(o), now);
}

/* What was typed was compared with what this very account has; anything else is some person's. */
static int owner_find(const struct attempt *a, struct directory *d, const struct outcome *o) {
        if (o->proof.account != 0)
                return o->proof.account == a->record.id ? DIRECTORY_OK : DIRECTORY_E_NOT_FOUND;
        return directory_person_has_number(d, a->record.person, o->proof.country, o->proof.subject);
}

/* Whose approval was it, and may that person log in?  The record is made in the same breath. */
static void outcome_judge(struct attempt *a, struct directory *d, struct outcome *o) {
        const struct facts_host host = facts_ask_host(a->h, a->account);
        const int64_t now = (int64_t) time(NULL);
        char complaint[CONFIG_COMPLAINT_MAX] = "";
        struct decision_facts facts;
        enum decision_why why;
        int r, owner = DIRECTORY_E_NOT_FOUND;

        r = facts_read(d, &host, now, &a->facts, &facts, &a->record, complaint);
        if (r == 0 && facts.known)
                r = scene_judge(a, d, now, &facts, complaint);
        if (r == 0 && facts.known)
                owner = owner_find(a, d, o);
        explicit_bzero(o->proof.subject, sizeof o->proof.subject);
        /* What can't be compared is out of order, not somebody else's. */
        if (owner != DIRECTORY_OK && owner != DIRECTORY_E_NOT_FOUND) {
                r = owner < 0 ? owner : -EINVAL;
                (void) snprintf(complaint, sizeof complaint, "care directory: %s", directory_complaint(d));
        }
        if (r < 0) {
                outcome_broken(o, complaint);
                return;
        }

        o->verdict = decision_after_proof(&facts, owner == DIRECTORY_OK, &why);
        o->text = o->verdict == WIRE_VERDICT_APPROVED ? TEXT_APPROVED : texts_of_why(why);
        /* Who the person is shows in nothing before this; from here on they are spoken to as they wish. */
        if (owner == DIRECTORY_OK)
                texts_speak(a->record.language);
        if (!helper_asked_by_root(a->h)) {
                o->uid = facts.host_uid;
                return;
        }
        if (o->verdict == WIRE_VERDICT_APPROVED)
                o->uid = facts.host_uid;
        r = outcome_record(a, d, o, now);
        if (r != DIRECTORY_OK) {
                (void) snprintf(complaint, sizeof complaint, "care directory: %s", directory_complaint(d));
                outcome_broken(o, complaint);
        }
}

static void outcome_journal(const struct attempt *a, const struct outcome *o) {
        enum journal_about about = JOURNAL_NOT_APPROVED;

        if (o->verdict == WIRE_VERDICT_APPROVED)
                about = JOURNAL_APPROVED;
        else if (o->verdict == WIRE_VERDICT_UNREACHABLE || o->verdict == WIRE_VERDICT_BROKEN ||
                 o->verdict == WIRE_VERDICT_BUSY)
                about = JOURNAL_FAILED;

        journal_write(&(struct journal_entry) {
                .about = about, .outcome = a->gone ? "caller-gone" : decision_word(o->verdict),
                .account = a->facts.known ? a->account : NULL, .service = a->service, .source = a->source,
                .target = a->target, .tty = a->tty, .method = way_name(a->ways[a->at_way]), .detail = o->detail,
                .caller = a->h->caller.uid, .login = o->login,
        });
}

void outcome_settle(struct attempt *a, struct outcome *o) {
        struct directory *d = NULL;
        char complaint[CONFIG_COMPLAINT_MAX] = "";

        if (o->verdict == 0)
                o->verdict = WIRE_VERDICT_BROKEN;
        if (a->gone)
                o->verdict = WIRE_VERDICT_CANCELLED;

        /* Without a caller there is nobody to be told, and an approval is none. */
        if (o->proven && !a->gone) {
                if (facts_open(a->h, &d, complaint) < 0)
                        outcome_broken(o, complaint);
                else
                        outcome_judge(a, d, o);
        }
        /* The cancelling of others is awaited, and so is the account stage of this one: that one is root's. */
        if (o->verdict != WIRE_VERDICT_APPROVED || !helper_asked_by_root(a->h))
                facts_close(a->h);
        explicit_bzero(o->proof.subject, sizeof o->proof.subject);
        outcome_journal(a, o);
}

void outcome_send(const struct helper *h, const struct attempt *a, const struct outcome *o) {
        const bool with_support = h->configured && o->verdict != WIRE_VERDICT_APPROVED;
        struct wire_message m;
        char text[TEXTS_MAX + 1];

        texts_with_support(o->text, with_support ? h->config.support : "", text);
        wire_message_init(&m, WIRE_VERDICT);
        wire_set_number(&m, WIRE_TAG_VERDICT, o->verdict);
        wire_set_string(&m, WIRE_TAG_TEXT, text);
        wire_set_string(&m, WIRE_TAG_LANGUAGE, texts_language());
        if (o->verdict == WIRE_VERDICT_APPROVED && a) {
                wire_set_string(&m, WIRE_TAG_ACCOUNT, a->account);
                wire_set_number(&m, WIRE_TAG_UID, o->uid);
                if (o->login > 0)
                        wire_set_number(&m, WIRE_TAG_LOGIN, (uint64_t) o->login);
        }
        (void) conversation_send(h, &m);
}
