# SPDX-License-Identifier: LGPL-2.1-or-later
"""bankid_approvals.py - who approves, who does not, and what is kept of it"""

import hashlib
import json
import os
import re
import ssl

from bankid_bench import *  # noqa: F403
from bankid_words import said


@tap.test('the person who owns the account approves')
def approved():
    reset()
    h = begin()
    shown = scan(h)
    phone.approve('nurse-one')
    v = verdict(h)
    assert v['word'] == 'approved' and v['account'] == me.pw_name and v['uid'] == me.pw_uid, v
    ended(h)
    assert inst.read('acts') == ('login 17 bankid mobile se-loa3 login - -\n' if ROOT else ''), inst.read('acts')
    assert ('login' in v) == ROOT
    journal = inst.read('journal')
    assert journal.count('\n') == 1 and 'outcome=approved account=%s ' % me.pw_name in journal, journal
    assert OURS not in journal and shown['order'] not in journal and h.intro['check_code'] not in journal


@tap.test('after an approval root\'s account stage and session go on in the conversation, and each is judged anew')
def goes_on():
    for now, want in (('host 0 1', 'allowed'), ('host 1 1', 'archived'), ('host 0 0', 'expired')):
        reset()
        h = begin()
        scan(h)
        phone.approve('nurse-one')
        assert verdict(h)['word'] == 'approved'
        inst.accounts('account %s 17 3 %s %s' % (me.pw_name, now, OURS))
        if not ROOT:
            assert h.receive() is None, 'nobody else\'s goes on'
            continue
        h.send(ACCOUNT, version=2, account=me.pw_name, service='login')
        d = h.receive()
        assert d['kind'] == DECISION and DECISIONS[d['decision']] == want, d
        if want == 'allowed':
            h.send(OPEN, version=2, account=me.pw_name, service='login', tty='tty1')
            assert DECISIONS[h.receive()['decision']] == 'allowed'
        assert h.receive() is None and h.end() == 0


@tap.test('what BankID said about an approval is kept with the log-in, for as long as is configured; of nobody else\'s, and not where it is off')
def evidence():
    keep = '[evidence]\nkeep = 2 weeks\n'
    for more, who, seconds in ((keep, 'nurse-one', 14 * 86400), (keep, 'nurse-two', None), ('[evidence]\nkeep = none\n', 'nurse-one', None)):
        reset(more=more)
        h = begin()
        shown = scan(h)
        phone.approve(who)
        assert verdict(h)['word'] == ('approved' if who == 'nurse-one' else 'wrong-person')
        ended(h)
        kept = inst.read('evidence')
        if seconds is None or not ROOT:
            assert kept == '', kept
            continue
        account, left, text = kept.rstrip('\n').split(' ', 2)
        said = json.loads(text)
        assert account == '17' and int(left) == seconds and said['provider'] == 'bankid' and said['orderRef'] == shown['order'], kept
        done = said['completionData']
        assert done['user']['personalNumber'] == OURS and {'signature', 'ocspResponse', 'device', 'bankIdIssueDate'} <= set(done), done


@tap.test('an approval whose evidence can\'t be kept is none')
def evidence_fails():
    if not ROOT:
        return 'only what root asks for is recorded'
    reset(RECORD, 'fail evidence')
    h = begin()
    scan(h)
    phone.approve('nurse-one')
    v = verdict(h)
    assert v['word'] == 'broken' and 'login' not in v, v
    ended(h)


def is_told(word, method='bankid'):
    told = probed(method)
    assert told[0] == word, (word, told)


@tap.test('root asks whether BankID is there: one word for each thing that can be wrong')
def probe():
    if not ROOT:
        return 'only root may ask'
    reset()
    told = probed()
    assert told[0] == 'reachable' and told[1].startswith('HTTP 405'), told
    assert {e['method'] for e in phone.journal(kind='request')} == {'GET'}, 'it asked for more than whether it is there'
    assert 'outcome=reachable' in inst.read('journal')
    is_told('off', 'carrier-pigeon')
    reset()
    inst.write('ca', pem('foreign-ca.crt'), 0o644)
    is_told('untrusted')
    reset(client='foreign-client')
    # Node ends the connection; whether its alert is read before is chance.
    told = probed()
    assert told[0] == 'issuer' and 'unknown ca' in told[1] or told[0] == 'refused' and 'does the endpoint accept' in told[1], told
    reset(client='rp-expired')
    is_told('expired')
    for certificate, wanted in (('wrong-host', 'wrong-host'), ('expired', 'stale'), ('foreign', 'untrusted')):
        reset()
        phone.server(certificate=certificate)
        is_told(wanted)
    reset()
    phone.server(refuse='html')
    reset(client='foreign-client')
    phone.server(refuse='html')
    told = probed()
    assert told == ('refused', 'HTTP 403'), told
    reset(host='127.0.0.1')
    phone.down()
    is_told('nobody')
    phone.up()
    inst.configure('[bankid]\nenabled = no\n')
    is_told('off')
    reset(host='no-such-host.invalid')
    told = probed()
    assert told[0] == 'no-address' and 'resolver' in told[1], told
    inst.write('state/careid.compiled', b'')
    word, text = probed()
    assert word == 'broken' and text, (word, text)


@tap.test('root asks whether BankID is there, and it takes its time: 8 s, and that is what is told')
def probe_slow():
    if not ROOT:
        return 'only root may ask'
    reset()
    phone.slow(14000)
    is_told('timed-out')


@tap.test('a collect that is never answered is given up, and asked again: the approval counts')
def never_answered():
    reset()
    h = begin(timeout=60)                               # nothing else than its own 8 s may end it
    scan(h)
    phone.fault('never', endpoint='collect', count=1)
    phone.wait(kind='fault', event='spent')
    phone.approve('nurse-one')
    assert verdict(h, 90)['word'] == 'approved'
    ended(h)


@tap.each('an answer that is far too long, to %s: what was met is told, and none of it is taken', ('auth',), ('collect',))
def oversized(endpoint):
    reset()
    phone.fault('oversized', endpoint=endpoint)
    h = begin(timeout=60)
    v = verdict(h, 90)
    assert v['word'] == 'unreachable', v
    said(v, 5, 'en')
    h.end()
    journal = inst.read('journal')
    assert 'Failure writing' in journal and 'answered' not in journal and 'API' not in journal, journal


@tap.test('our certificate that expires soon is told of in the journal, once a day; a user\'s helper can\'t remember, and says nothing')
def certificate():
    if not ROOT:
        return 'only what root asks for is remembered'
    reset(client='rp-soon')
    assert probed()[0] == 'reachable'
    told = [line for line in inst.read('journal').splitlines() if 'outcome=expires' in line]
    assert len(told) == 1 and re.search(r'expires in \d days', told[0]) and 'notice 0 bankid-certificate\n' in inst.read('acts'), told
    reset(RECORD, 'fail notice', client='rp-soon')
    assert probed()[0] == 'reachable' and 'outcome=expires' not in inst.read('journal'), 'told again on the same day'
    reset(client='rp-expired')
    probed()
    assert 'outcome=expired' in inst.read('journal')
    reset()
    probed()
    assert 'expire' not in inst.read('journal')


@tap.test('the app shows what is approved, and the same check code as the screen')
def visible():
    reset(more='[network]\ninside = 192.0.2.0/24\n')
    fields = {'source': '192.0.2.44', 'target': 'root'} if ROOT else {}
    h = begin(service='sudo', **fields)
    shown = scan(h)
    code_shown = h.intro['check_code']
    assert re.fullmatch('[3479ACDEFHJKMNPQRTWXY]{4}', code_shown)
    wanted = [code_shown, 'Ward computer', 'sudo', me.pw_name, 'Example clinic'] + list(fields.values())
    assert all(w in shown['text'] for w in wanted), shown['text']
    assert all(w in h.intro['about'] for w in ('Ward computer', 'sudo', me.pw_name))
    assert 'Organisation' not in h.intro['about'], 'tells which names there are, or takes one of several'
    assert shown['endUserIp'] == fields.get('source', '127.0.0.1')
    request = phone.journal(kind='order', event='created')[0]['request']
    assert request['requirement'] == {'certificatePolicies': ['1.2.752.78.1.5'], 'risk': 'LOW'}, request
    ended(h)


@tap.each('environment = %s: those BankIDs count, and no others, also through a relay', ('production', '1.2.752.78.1.5'), ('test', '1.2.3.4.25'))
def environment(which, policy):
    reset(more='environment = %s\n' % which)
    h = begin()
    scan(h)
    ended(h)
    assert phone.journal(kind='order', event='created')[0]['request']['requirement']['certificatePolicies'] == [policy]


ROOTS = {'bankid-root.pem': 'E6A2D45C0A1051C959428649F86A09A9B2152CD551993CC2EB4CF094BDACBECB',
         'bankid-test-root.pem': 'F3D0740EBFB3700E3B81AA791FEE451472698C84E199C2EB48A443FF1D5B405C'}


@tap.each('%s is the certificate that BankID has published, and nothing else', *[(name,) for name in ROOTS])
def published(name):
    with open(os.path.join(SOURCE, 'helper', 'methods', name), encoding='ascii') as f:
        text = f.read()
    der = ssl.PEM_cert_to_DER_cert(text)
    assert hashlib.sha256(der).hexdigest().upper() == ROOTS[name]
    assert ssl.DER_cert_to_PEM_cert(der) == text, 'more than one certificate, or something beside it'


@tap.test('somebody else approves: wrong person, recorded, nobody is let in')
def wrong_person():
    reset()
    h = begin()
    scan(h)
    phone.approve(OTHER)
    v = verdict(h)
    assert v['word'] == 'wrong-person' and 'telephone 5 55 55' in v['text'], v
    ended(h)
    assert inst.read('acts') == ('refused 17 wrong-person\n' if ROOT else '')


@tap.test('pending is not approved: scanned, and never confirmed')
def pending():
    reset()
    h = begin(timeout=7)
    scan(h)
    for hint in ('userSign', 'processing', 'somethingNew'):
        phone.hint(hint, status='pending')
    v = verdict(h)
    assert v['word'] == 'timed-out', v
    ended(h)
    assert phone.wait(kind='order', event='ended')['outcome'] == 'cancelled'


@tap.test('the person refuses in the app')
def refused():
    reset()
    h = begin()
    scan(h)
    phone.refuse()
    assert verdict(h)['word'] == 'cancelled'
    ended(h)


@tap.each('%s: told after the proof, with where help is, and to no stranger',
          ('archived', '1 1'), ('not-assigned', '0 0'))
def not_in_use(word, state):
    account = 'account %s 17 3 host %s %s' % (me.pw_name, state, OURS)
    reset(account)
    h = begin()
    scan(h)
    phone.approve('nurse-one')
    v = verdict(h)
    assert v['word'] == 'refused' and 'telephone 5 55 55' in v['text'], v
    ended(h)
    assert inst.read('acts') == ('refused 17 %s\n' % word if ROOT else '')
    reset(account)
    h = begin()
    scan(h)
    phone.approve(OTHER)
    v = verdict(h)
    assert v['word'] == 'wrong-person', 'a stranger learns the state of an account'
    ended(h)


@tap.test('an account that ends between the question and the approval is refused')
def changed_meanwhile():
    reset()
    h = begin()
    scan(h)
    inst.accounts('account %s 17 3 host 0 0 %s' % (me.pw_name, OURS))
    phone.approve('nurse-one')
    assert verdict(h)['word'] == 'refused'
    ended(h)


@tap.test('what could not be recorded is not approved')
def not_recorded():
    if not ROOT:
        return 'only what root asks for is recorded'
    reset(RECORD, 'fail add')
    h = begin()
    scan(h)
    phone.approve('nurse-one')
    assert verdict(h)['word'] == 'broken'
    ended(h)


@tap.test('a user\'s own verdict is recorded nowhere but in the journal')
def by_user():
    if not ROOT:
        return 'the other tests are this one'
    reset()
    h = begin(uid=me.pw_uid)
    scan(h)
    phone.approve('nurse-one')
    v = verdict(h)
    assert v['word'] == 'approved' and 'login' not in v and inst.read('acts') == ''
    ended(h)
