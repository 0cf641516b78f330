# SPDX-License-Identifier: LGPL-2.1-or-later
"""faults.py - mistakes that careid must not have, each with the quick test that has to see it

A fault is an exact text and what stands in its place. The text must occur once in its file: where the code has moved on,
the step fails, and whoever moved it moves the fault along. `seen_by` are titles of meson tests; after a bar stands the
part of a title that picks cases of a test with many (tests/helper). One of them is enough to see the fault.
"""

from typing import NamedTuple

HELPER = 'careid-helper and a BankID (as root)'
PEERS = 'careid-helper and hostile peers (as root)'
ACCEPTOR = 'careid-helper behind a socket that listens (as root)'
ACTS = 'the care directory, each of its calls failing in turn'


class Fault(NamedTuple):
    name: str
    file: str
    old: str
    new: str
    seen_by: tuple


FAULTS = (
    # -- The helper: who approved, and what that is good for -----------------------------------------------------------
    Fault('an order that is still pending counts as complete', 'helper/methods/bankid-flow.c',
          '                f->hint = collected->hint;\n'
          '                return;\n',
          '                f->hint = collected->hint;\n'
          '                flow_end(f, METHOD_PROVEN, TEXT_APPROVED);\n'
          '                return;\n',
          ('what is asked of BankID when, and what is shown', HELPER + '|pending is not approved')),
    Fault('an order whose cancelling got no answer is forgotten', 'helper/methods/bankid-flow.c',
          '                f->unheard = true;\n'
          '                f->due_ms = now_ms;\n',
          '                flow_start_over(f, f->turned_ms, now_ms);\n',
          ('what is asked of BankID when, and what is shown', HELPER + '|trouble at BankID at the cancel')),
    Fault('every end of a method is an approval', 'helper/outcome.c',
          '        case METHOD_CANCELLED:\n'
          '                ret->verdict = WIRE_VERDICT_CANCELLED;\n',
          '        case METHOD_CANCELLED:\n'
          '                ret->verdict = WIRE_VERDICT_APPROVED;\n',
          (HELPER + '|the person refuses in the app',)),
    Fault('whoever approves, the account is theirs', 'helper/outcome.c',
          'decision_after_proof(&facts, owner == DIRECTORY_OK, &o->text)',
          'decision_after_proof(&facts, true, &o->text)',
          (HELPER + '|somebody else approves',)),
    Fault('the judgement does not ask whose account it is', 'helper/decision.c',
          '} else if (!owner) {',
          '} else if (!owner && f->archived) {',
          ('from facts about an account to a verdict',)),
    Fault('live=yes is right for an sshd that is too old for it', 'careid/check-sshd.c',
          'else if (!is_at_least(release, shows_at_once))',
          'else if (release.major > shows_at_once.major)',
          ('which finding of careid check follows from which text',)),
    Fault('an act after all was rolled back is a transaction of its own', 'directory/batch.c',
          '        if (!is_open(d))\n                return undone(d);\n        d->before',
          '        d->before',
          ('many acts count together, or not at all',)),
    Fault('a dry run that begins with a batch is a batch', 'directory/batch.c',
          'return d->dry_run && d->n_batches == 0 ? batch_begin(d) : DIRECTORY_OK;',
          'return d ? DIRECTORY_OK : -1;',
          ('many acts count together, or not at all',)),
    Fault('what an earlier edition let in reaches externals', 'directory/reasons.c',
          "AND (v.external = 1 OR",
          "AND (v.external >= 0 OR",
          ('what the snapshots are told',)),
    Fault('a delta does not say who is gone', 'directory/publish-entries.c',
          'const bool is_gone = !sqlite3_column_int(row, 7);',
          'const bool is_gone = sqlite3_column_int(row, 7) > 1;',
          ('what the snapshots are told',)),
    Fault('a base forgets what was changed while it was written', 'directory/publish-base.c',
          'DELETE FROM changed WHERE change <= ?1',
          'DELETE FROM changed WHERE change <= ?1 + 1',
          ('what the snapshots are told',)),
    Fault('what a killed writer left stays', 'directory/snapshot-write.c',
          '        remove_leftovers(dir);\n',
          '        (void) remove_leftovers;\n',
          ('snapshots on a disk, damage and writers that are stopped',)),
    Fault('the same assignment may stand twice', 'directory/assignment.c',
          '" AND ended IS NULL AND (valid_until IS NULL OR valid_until > max(?4, ?6))"',
          '" AND ended IS NOT NULL AND (valid_until IS NULL OR valid_until > max(?4, ?6))"',
          ('what can and can not be put into the care directory',)),
    Fault('a mandate at a unit reaches the others', 'directory/mandate-covers.c',
          '(m.unit IS NULL OR ?5 = -1 OR m.unit = ?5) LIMIT 1"',
          '(m.unit IS NULL OR ?5 <> 0) LIMIT 1"',
          ('who may administer what, and what a unit manager can not do',)),
    Fault('whoever has a mandate acts on themselves', 'directory/mandate-covers.c',
          'if (about != 0 && about == act->by_person)',
          'if (about != 0 && about == -act->by_person)',
          ('who may administer what, and what a unit manager can not do',)),
    Fault('whom one has made up stays so when others have them as a client', 'directory/mandate-covers.c',
          'FROM client c WHERE c.person = ?4 AND NOT',
          'FROM client c WHERE c.person = -?4 AND NOT',
          ('who may administer what, and what a unit manager can not do',)),
    Fault('the end is told in the language of the beginning', 'pam_eid/talk.c',
          'return m->kind == WIRE_VERDICT && wire_has(m, WIRE_TAG_LANGUAGE) ?',
          'return m->kind == WIRE_SHOW && wire_has(m, WIRE_TAG_LANGUAGE) ?',
          ('refused-in-their-language',)),
    Fault('an assignment that is over lets its account pass the account stage', 'helper/decision.c',
          'decision = WIRE_DECISION_EXPIRED;',
          'decision = WIRE_DECISION_ALLOWED;',
          ('from facts about an account to a verdict', PEERS + '|ACCOUNT: allowed')),
    Fault('a log-in that could not be recorded is approved', 'helper/outcome.c',
          'r = directory_login_add(d, &login, now, &o->login);',
          '(void) directory_login_add(d, &login, now, &o->login);',
          (HELPER + '|what could not be recorded',)),
    Fault('who has gone leaves the order behind at BankID', 'helper/methods/bankid.c',
          'while (bankid_flow_needs_cancel(&run->flow)) {',
          'while (run->flow.decoy && bankid_flow_needs_cancel(&run->flow)) {',
          (HELPER + '|the caller goes: the order is cancelled',)),
    Fault('a name that nobody has makes a real order', 'helper/verify.c',
          '.decoy = !decision_is_askable(&a->facts),',
          '.decoy = false,',
          (HELPER + '|a name like one without',)),
    Fault('an approval by a link counts wherever it comes from', 'helper/methods/bankid.c',
          'return collected->hint == BANKID_COMPLETE && run->flow.link &&',
          'return collected->hint == BANKID_COMPLETE && !run->flow.link &&',
          (HELPER + '|by the link from',)),
    Fault('who is told to ask later asks at once', 'helper/methods/bankid-flow.c',
          'f->due_ms = f->quiet_until_ms = now_ms + pause;',
          'f->due_ms = f->quiet_until_ms = now_ms;',
          ('what is asked of BankID when, and what is shown',)),
    Fault('times are those of the clock on the wall', 'common/wire.c',
          'clock_gettime(CLOCK_BOOTTIME',
          'clock_gettime(CLOCK_REALTIME',
          (HELPER + '|the clock on the wall',)),
    Fault('a name that nobody has is cancelled in no time', 'helper/methods/bankid-flow.c',
          '        return f->ordered;\n',
          '        return f->ordered && !f->decoy;\n',
          ('what is asked of BankID when, and what is shown', HELPER + '|a BankID that is slow')),
    Fault('the arguments of sudo are shown to BankID unasked', 'helper/verify.c',
          '.arguments = a->h->config.bankid_show_arguments ? a->arguments : NULL,',
          '.arguments = a->arguments,',
          (HELPER + '|sudo: the app shows',)),
    Fault('an option of sudo that nobody knows is passed over', 'pam_eid/sudo-command.c',
          '                if (!o)\n'
          '                        return false;\n',
          '                if (!o)\n'
          '                        continue;\n',
          ('what sudo is asked to do, by its own arguments',)),
    Fault('any server is believed to be BankID', 'helper/methods/bankid-http.c',
          'CURLOPT_SSL_VERIFYPEER, 1L',
          'CURLOPT_SSL_VERIFYPEER, 0L',
          (HELPER + '|a certificate that the roots',)),
    Fault('any host with a certificate of the roots is believed to be BankID', 'helper/methods/bankid-http.c',
          'CURLOPT_SSL_VERIFYHOST, 2L',
          'CURLOPT_SSL_VERIFYHOST, 0L',
          (HELPER + '|a certificate that the roots',)),
    Fault('a request to BankID may take as long as it likes', 'helper/methods/bankid-http.h',
          'BANKID_REQUEST_MS     = 8000,',
          'BANKID_REQUEST_MS     = 600000,',
          (HELPER + '|and it takes its time',)),
    Fault('an answer of BankID may be as long as it likes', 'helper/methods/bankid-http.c',
          'n_data > BANKID_BODY_MAX - h->n_body',
          'n_data > (64U << 20) - h->n_body',
          (HELPER + '|an answer that is far too long, to auth',)),

    # -- The helper: who may ask for what --------------------------------------------------------------------------------
    Fault('anybody may ask for anybody', 'helper/conversation.c',
          '               facts_name_is_caller(h, request->string[WIRE_TAG_ACCOUNT]);',
          '               request->string[WIRE_TAG_ACCOUNT] != NULL;',
          (PEERS + '|a user may ask about no other name',)),
    Fault('anybody may open sessions', 'helper/conversation.c',
          '{ WIRE_OPEN,    BY_ROOT,           0, ',
          '{ WIRE_OPEN,    BY_ROOT | BY_SELF, 0, ',
          (PEERS + '|a user may ask about no other name',)),
    Fault('a conversation that goes on goes on about anybody', 'helper/conversation.c',
          ' || (!first && strcmp(request.string[WIRE_TAG_ACCOUNT], account) != 0)',
          '',
          (PEERS + '|a log-in goes on in one conversation',)),
    Fault('a conversation that goes on begins anew', 'helper/conversation.c',
          '        return op->next;\n',
          '        return op_kinds();\n',
          (PEERS + '|a log-in goes on in one conversation',)),
    Fault('a directory that has been replaced is used on', 'helper/facts.c',
          'if (h->directory && !directory_is_current(h->directory))',
          'if (h->directory && false)',
          (PEERS + '|a log-in goes on in one conversation',)),
    Fault('a user says where the log-in comes from, and is believed', 'helper/verify.c',
          '        if (root) {\n'
          '                a->target',
          '        if (root || wire_has(request, WIRE_TAG_SOURCE)) {\n'
          '                a->target',
          (PEERS + '|what only root may say',)),
    Fault('a user may have any number of conversations', 'helper/held.c',
          'own >= HELD_USER_MAX ||',
          'own >= HELD_MAX ||',
          ('how many connections and conversations an acceptor has',)),
    Fault('su and sudo of one log-in may hold any number of conversations', 'helper/held.c',
          'own < HELD_LOGIN_MAX &&',
          'own < HELD_MAX &&',
          ('how many connections and conversations an acceptor has',)),
    Fault('su and sudo of many log-ins may hold all conversations', 'helper/held.c',
          'HELD_RUNNING_MAX - HELD_NOBODYS_MAX)',
          'HELD_RUNNING_MAX)',
          ('how many connections and conversations an acceptor has',)),
    Fault('many silent connections of one user take the places of others', 'helper/held.c',
          'o->who.uid != 0 && o->n[HELD_SILENT] == most',
          'o->who.uid != 0',
          ('how many connections and conversations an acceptor has',)),
    Fault('a socket that listens is taken from anybody', 'helper/acceptor.c',
          'return p->by_service && getsockopt(',
          'return (p->by_service || p->uid) && getsockopt(',
          (ACCEPTOR + '|taken from the service manager alone',)),
    Fault('a session of somebody who has gone is recorded', 'helper/account.c',
          '                directory_ask_before_commit(d, caller_waits, h);\n',
          '                directory_ask_before_commit(d, NULL, caller_waits(h) ? h : NULL);\n',
          (PEERS + '|a caller who has gone',)),
    Fault('a commit is made for whoever has gone', 'directory/store.c',
          'if (r == DIRECTORY_OK && d->goes_on && !d->goes_on(d->about))',
          'if (r == DIRECTORY_OK && d->goes_on && !d->goes_on(d->about) && !d->db)',
          ('what a log-in asks the care directory, and leaves there',)),
    Fault('a conversation keeps the file of everybody\'s slots', 'helper/main.c',
          'return resolver_new(slot, &h->resolver);',
          'return resolver_new(steal_fd(&slot), &h->resolver);',
          (ACCEPTOR + '|a user who has four conversations',)),
    Fault('after a crash the same process goes on', 'helper/acceptor.c',
          '.detail = "a conversation ended by a fault of its own; a fresh process takes the next ones",\n'
          '                        });\n'
          '                        leave(a);\n',
          '.detail = "a conversation ended by a fault of its own; a fresh process takes the next ones",\n'
          '                        });\n',
          (ACCEPTOR + '|after a crash',)),
    Fault('the helper stays outside of its sandbox', 'helper/main.c',
          'return sandbox_shut(&(struct sandbox) {',
          'return h->signals ? 0 : sandbox_shut(&(struct sandbox) {',
          (PEERS + '|executed by root it has the owner',)),
    Fault('the child that resolves names stays outside of its sandbox', 'helper/resolver.c',
          'if (sandbox_shut(&(struct sandbox) { .who = SANDBOX_RESOLVING }) < 0)',
          'if (fd < 0 && sandbox_shut(&(struct sandbox) { .who = SANDBOX_RESOLVING }) < 0)',
          (PEERS + '|executed by root it has the owner',)),
    Fault('a helper that a user has asked may write what one for root may', 'helper/seccomp.c',
          'CALL(RECORDS, pwrite64),',
          'CALL(TALKS, pwrite64),',
          ('what the helper can no longer do once it is shut in',)),
    Fault('the child that resolves names may read the care directory', 'helper/landlock.c',
          'if (path_is_ours(below))\n'
          '                        continue;',
          'if (path_is_ours(below) && *below != \'/\')\n'
          '                        continue;',
          ('what the helper can no longer do once it is shut in',)),

    Fault('an interrupted look at the connection is taken for its end', 'common/wire.c',
          'if (k < 0 && errno == EINTR)\n'
          '                        continue;               /* also',
          'if (k < 0 && errno == EINTR)\n'
          '                        return WIRE_E_TIMED_OUT; /* also',
          ('the helper, each of its calls failing in turn',)),
    Fault('an approval whose evidence could not be kept stands', 'directory/login.c',
          'r = evidence_add(',
          '(void) evidence_add(',
          ('the helper, each of its calls failing in turn',)),

    # -- The module ------------------------------------------------------------------------------------------------------
    Fault('a log-in that ends while the code is drawn leaves the terminal without echo', 'pam_eid/terminal.c',
          '                (void) tcflush(s->fd, TCIFLUSH);\n'
          '        screen_restore(s);\n'
          '}',
          '                (void) tcflush(s->fd, TCIFLUSH);\n'
          '        if (s->menus > 0)\n'
          '                screen_restore(s);\n'
          '}',
          ('the module, each of its calls failing in turn',)),
    Fault('a code that is over stays on the terminal', 'pam_eid/terminal.c',
          'draw_erase(s->drawing, is_in_place(s, screen_size(s)) ? s->shown.rows : 0);',
          'drawing_begin(s->drawing);\n'
          '                drawing_put_string(s->drawing, is_in_place(s, screen_size(s)) ? "\\r\\n" : "");',
          ('terminal-drawn-in-place',)),
    Fault('a screen reader hears every sentence once a second', 'pam_eid/draw.c',
          'const bool is_new = rows->all || digest(line) != *shown;',
          'const bool is_new = rows->all || line || digest(line) != *shown;',
          ('a code survives being drawn',)),
    Fault('people at a kiosk have as little time as anybody', 'common/eid-options.c',
          'o->timeout < EID_TIMEOUT_KIOSK ?',
          'o->timeout < 1 ?',
          ('the options on a PAM line', 'which finding of careid check follows from which text')),
    Fault('a helper that shows without end keeps its host program', 'pam_eid/talk.c',
          'return wire_now_ms() >= talk->ends_ms + TALK_GRACE_MS ? TALK_E_TIMED_OUT : TALK_SHOW;',
          'return TALK_SHOW;',
          ('helper-floods',)),
    Fault('su over ssh counts as done at the machine', 'helper/place.c',
          'if (place->kind != PLACE_REMOTE && other->kind != PLACE_UNKNOWN)',
          'if (other->kind == PLACE_HERE)',
          ('where somebody sits who asks',)),
    Fault('a code is drawn on a terminal of which nobody knows where it is', 'helper/verify.c',
          'return c->bankid_terminal_qr && helper_asked_by_root(a->h);',
          'return helper_asked_by_root(a->h);',
          (PEERS + '|su and sudo',)),
    Fault('the module grants whatever uid was approved', 'pam_eid/verify.c',
          'm->number[WIRE_TAG_UID] != facts->uid)',
          'm->number[WIRE_TAG_UID] == 0)',
          ('the grant rule at the end of the module', 'approved-other-uid')),
    Fault('the module does not compare the name that was approved', 'pam_eid/verify.c',
          ' || strcmp(verdict->string[WIRE_TAG_ACCOUNT], facts->asked) != 0)\n'
          '                return VERIFY_E_ACCOUNT;',
          ')\n'
          '                return VERIFY_E_ACCOUNT;',
          ('the grant rule at the end of the module', 'approved-other-account')),
    Fault('the module lets a system account in', 'pam_eid/verify.c',
          'if (facts->uid < ASKER_UID_MIN)',
          'if (facts->uid == 0)',
          ('the grant rule at the end of the module',)),
    Fault('a helper that is lost makes the module optional', 'pam_eid/status.c',
          '        case EID_LOST:\n'
          '                return PAM_AUTHINFO_UNAVAIL;',
          '        case EID_LOST:\n'
          '                return PAM_IGNORE;',
          ('what PAM is told', 'helper-closes-midway')),
    Fault('without a helper the account stage lets everybody pass', 'pam_eid/status.c',
          '        case STANDING_LOST:\n'
          '                return PAM_AUTHINFO_UNAVAIL;',
          '        case STANDING_LOST:\n'
          '                return PAM_IGNORE;',
          ('what PAM is told', 'account-helper-missing')),

    # -- The wire --------------------------------------------------------------------------------------------------------
    Fault('a message may lack what it must have', 'common/wire.c',
          '        if ((m->present & must) != must)\n'
          '                return WIRE_E_MISSING;\n'
          '        return message_check(m);',
          '        return message_check(m);',
          ('the helper protocol, both directions',)),
    Fault('fields that nobody knows are passed over', 'common/wire.c',
          '                if (tag == 0 || tag >= WIRE_TAG_MAX)\n'
          '                        return WIRE_E_UNKNOWN;',
          '                if (tag == 0 || tag >= WIRE_TAG_MAX) {\n'
          '                        at += length;\n'
          '                        continue;\n'
          '                }',
          ('the helper protocol, both directions',)),

    # -- Snapshots and the plugin ----------------------------------------------------------------------------------------
    Fault('a damaged record is believed', 'common/snapshot-file.c',
          'if (fixed->check != snapshot_check32(f->seed, offset, e->record, fixed->length) ||',
          'if ((!f && offset == 0) ||',
          ('no damage of a snapshot makes a wrong answer',)),
    Fault('a damaged line of a table is believed', 'common/snapshot-file.c',
          'if (line.check != snapshot_check32(f->seed, offset, &line, sizeof line))',
          'if (line.check == 0 && line.count == 0)',
          ('no damage of a snapshot makes a wrong answer',)),
    Fault('what was checked of a file counts for the one in its place', 'common/snapshot-open.c',
          '        memset(&v->seen, 0, sizeof v->seen);\n',
          '',
          ('no damage of a snapshot makes a wrong answer',)),
    Fault('where an answer stood in a file counts for the one in its place', 'common/snapshot-open.c',
          '        memset(&v->answers, 0, sizeof v->answers);\n',
          '',
          ('what the snapshots say together, with deltas, times, K8 and choices',
           'look-ups by threads and children while snapshots are replaced')),
    Fault('anybody may own the files that groups come from', 'common/trusted-file.c',
          '|| st.st_uid != owner ||',
          '|| (st.st_uid != owner && owner == (uid_t) -1) ||',
          ('files that only the right owner can have written',)),
    Fault('anybody may own the folder that groups come from', 'common/trusted-file.c',
          'if (st.st_uid < owner_min || st.st_uid > owner_max ||',
          'if ((st.st_uid < owner_min && st.st_uid > owner_max) ||',
          ('files that only the right owner can have written',)),
    Fault('a membership that has ended is still given', 'common/snapshot.c',
          'return now >= written && now >= from && now < until;',
          'return now >= written && now >= from && from < until;',
          ('what the snapshots say together, with deltas, times, K8 and choices',)),
    Fault('a relative is given the group of a record service (K8)', 'common/snapshot.c',
          '        if (m->private_kind) {\n',
          '        if (m->private_kind && gid == 0) {\n',
          ('what the snapshots say together, with deltas, times, K8 and choices',)),

    Fault('an account that only private files know is taken for staff (K8)', 'common/snapshot.c',
          '        *ret_private_kind = n == 0;\n',
          '        *ret_private_kind = 0;\n',
          ('what the snapshots say together, with deltas, times, K8 and choices',)),

    # -- The care directory ----------------------------------------------------------------------------------------------
    Fault('a relative\'s role may reach a record service (K8)', 'directory/schema/0001.sql',
          'CREATE TRIGGER role_service_k8 BEFORE INSERT ON role_service\n'
          "        WHEN (SELECT kind FROM role WHERE id = NEW.role) <> 'staff' AND (SELECT opens FROM service WHERE id = NEW.service) = 'record'\n"
          "        BEGIN SELECT RAISE(ABORT, 'a client, relative or external never reaches a record service'); END;\n",
          '',
          ('what can and can not be put into the care directory',)),
    Fault('an assignment is valid for ever', 'directory/assigned.h',
          ' AND (" s ".valid_until IS NULL OR " s ".valid_until > " now ")"',
          '"',
          ('what a log-in asks the care directory, and leaves there',)),
    Fault('a personal number stands in the directory as it is', 'directory/identity.c',
          'sql_blob(s->mac, sizeof s->mac), sql_blob(sealed, n), sql_integer(act->now)));',
          'sql_blob(s->mac, sizeof s->mac), sql_blob(s->number, strlen(s->number)), sql_integer(act->now)));',
          ('what a log-in asks the care directory, and leaves there',)),
    Fault('a personal number stands in the audit trail', 'directory/identity.c',
          'json_pack("{s:s}", "issuer", s.issuer)',
          'json_pack("{s:s, s:s}", "issuer", s.issuer, "number", s.number)',
          ('what a log-in asks the care directory, and leaves there',)),
    Fault('what was changed in the audit trail goes unseen', 'directory/trail-verify.c',
          'CRYPTO_memcmp(written, computed, AUDIT_HASH_SIZE) != 0)',
          '!written)',
          ('nothing in the audit trail can be changed unseen', 'whatever is done to the audit trail is found, and where')),
    Fault('what was kept of an entry is found in any trail', 'directory/trail-verify.c',
          'CRYPTO_memcmp(w->anchors[w->anchor].hash, hash, AUDIT_HASH_SIZE) != 0)',
          '!hash)',
          ('whatever is done to the audit trail is found, and where',)),
    Fault('anybody signs checkpoints', 'directory/signing.c',
          'return EVP_DigestVerify(ctx, c->signature, sizeof c->signature, (const uint8_t *) text, n) == 1 ? 0 : -EBADMSG;',
          'return 0;',
          ('whatever is done to the audit trail is found, and where',)),
    Fault('what is younger than five years is pruned', 'directory/trail-prune.c',
          '        if (begin > act->now - (int64_t) days * 86400)',
          '        if (begin > act->now)',
          ('whatever is done to the audit trail is found, and where',)),
    Fault('a sample is of the first entries', 'directory/review.c',
          'v < (uint64_t) (wanted - n))',
          'true)',
          ('what is to be looked at, by whom, and what they found',)),

    # -- Evidence, and asking whether the provider is there ------------------------------------------------------------
    Fault('anybody may have the helper ask the provider', 'helper/conversation.c',
          '        if (helper_asked_by_root(h))\n'
          '                return op->who & BY_ROOT;',
          '        if (helper_asked_by_root(h) || op->kind == WIRE_PROBE)\n'
          '                return op->who & BY_ROOT;',
          (PEERS + '|PROBE is root',)),
    Fault('evidence is kept where none is to be', 'helper/outcome.c',
          '        if (a->h->config.evidence_days > 0 && o->proven) {\n',
          '        if (o->proven) {\n',
          (HELPER + '|what BankID said about an approval',)),
    Fault('evidence is read without a word in the audit trail', 'directory/evidence.c',
          '        if (r == DIRECTORY_OK)\n'
          '                r = audit_append(d, &(struct audit_entry) {\n'
          '                        .at = act->now,',
          '        if (r == DIRECTORY_OK && why == NULL)\n'
          '                r = audit_append(d, &(struct audit_entry) {\n'
          '                        .at = act->now,',
          ('what is kept of an approval, for how long, and who may read it',)),
    Fault('evidence is good beside any log-in', 'directory/evidence.c',
          '        memcpy(ret + k, reference, 32);\n'
          '        return (size_t) k + 32;\n',
          '        (void) reference;\n'
          '        (void) k;\n'
          '        return 8;\n',
          ('what is kept of an approval, for how long, and who may read it',)),

    # -- The configuration ---------------------------------------------------------------------------------------------
    Fault('an option that an older version did not have puts the configuration out of order', 'common/config-compiled.c',
          '                while (i < config_n_options && !scan_option(&l, &config_options[i]))\n'
          '                        i++;\n',
          '                if (i < config_n_options && !scan_option(&l, &config_options[i]))\n'
          '                        i = config_n_options;\n',
          ('careid.conf, its complaints and its compiled form',)),
    # -- What fails in the middle ----------------------------------------------------------------------------------------
    Fault('who can not be asked where somebody is has nothing against it', 'helper/place-find.c',
          'return errno == ENOENT ? 0 : -errno;',
          'return 0;',
          (ACTS,)),
    Fault('a page of epochs that can not be looked at is made once more', 'directory/snapshot-write.c',
          '        if (errno != ENOENT)\n'
          '                return -errno;\n'
          '        memcpy(image',
          '        memcpy(image',
          (ACTS,)),
    Fault('what a key was made under stays beside it', 'directory/keys.c',
          '        if (create)\n'
          '                (void) unlinkat(dir, fresh, 0);\n',
          '',
          (ACTS,)),

    # -- Who holds what, and when ----------------------------------------------------------------------------------------
    Fault('a deputy holds what is held by nobody any more', 'directory/reasons.c',
          '                 : ended <= o->now             ? EXPLAIN_ENDED\n'
          '                 : r->until <= o->now          ? EXPLAIN_OVER\n',
          '                 : o->now == INT64_MIN         ? EXPLAIN_ENDED\n',
          ('who holds what, when and why',)),
    Fault('a deputy holds whole days of what is held in turns', 'directory/reasons.c',
          '        n_held = expand(o, row, 17, r->from, r->until, held, &r->repeats);\n',
          '        n_held = expand(o, row, 9, r->from, r->until, held, &r->repeats);\n',
          ('who holds what, when and why',)),
    Fault('an end that comes twice is the earlier', 'directory/turns.c',
          'rule->minute_until * 60, true);\n                t.from = t.from',
          'rule->minute_until * 60, false);\n                t.from = t.from',
          ('weekdays and hours mean the times that a clock on the wall would show', 'turns, as zoneinfo has them')),
    Fault('a module that is off opens its services all the same', 'directory/reasons.c',
          '  JOIN organisation_module m ON m.module = v.module AND m.organisation = ?3',
          '  LEFT JOIN organisation_module m ON m.module = v.module AND m.organisation = ?3',
          ('what the snapshots are told', 'who holds what, when and why')),
)
