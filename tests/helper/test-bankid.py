# SPDX-License-Identifier: LGPL-2.1-or-later
"""test-bankid.py - the real helper program and a BankID (tests/bankid), end to end

The phone here reads the code from the modules that the helper sends.  As an
ordinary user the helper is asked about that user; as root about anybody, which
adds what is recorded and names that nobody has.
"""

import contextlib
import functools
import gettext
import hashlib
import json
import os
import re
import select
import shutil
import signal
import ssl
import struct
import subprocess
import sys
import tempfile
import time

import harness

for program in ('node', 'zbarimg', 'openssl'):
    if not shutil.which(program):
        print('1..0 # SKIP no ' + program)
        sys.exit(0)

WORKERS = 12                                            # they mostly wait
room = tempfile.mkdtemp(prefix='careid-test-')
certs = os.path.join(room, 'certs')
subprocess.run([os.path.join(harness.SOURCE, 'tests', 'bankid', 'make-certs.sh'), certs], check=True,
               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
for language in ('sv', 'da'):
    os.makedirs(os.path.join(room, 'locale', language, 'LC_MESSAGES'))
    subprocess.run(['msgfmt', '-o', os.path.join(room, 'locale', language, 'LC_MESSAGES', 'careid.mo'),
                    os.path.join(harness.SOURCE, 'po', language + '.po')], check=True)
status = harness.share(2 if harness.ONLY else WORKERS)
if status is not None:
    shutil.rmtree(room, ignore_errors=True)
    sys.exit(status)

from harness import *  # noqa: E402

sys.path.insert(0, os.path.join(SOURCE, 'tests', 'bankid'))
from phone import PhoneError, Simulator  # noqa: E402

OURS, OTHER = '189001019802', 'nurse-two'
HERE, NEARBY = '192.0.2.44', '192.0.2.45'
tap = Tap()
inst = Installed()
shutil.copytree(os.path.join(room, 'locale'), os.path.join(RUN, 'locale'), dirs_exist_ok=True)
me = host_name()
ROOT = os.getuid() == 0
RECORD = 'account %s 17 3 host 0 1 %s' % (me.pw_name, OURS)
# How old a code may be is tried end to end; here so many phones look at once that a slow machine may take its time.
simulator = Simulator(certs, os.path.join(room, 'control-' + os.path.basename(RUN)), qr_max_age_ms=10000)
phone = simulator.phone
PORT = phone.status()['port']


class Busy(AssertionError):
    """What a busy machine may miss: how often something came. What came is no matter of chance, and asserted."""


def also_when_busy(test):
    """What is a matter of seconds is looked at anew, where that alone is amiss."""
    @functools.wraps(test)
    def looked(*row):
        for left in (3, 2, 1, 0):
            try:
                return test(*row)
            except Busy:
                if left == 0:
                    raise
        return None
    return looked


def in_time(holds, *said):
    if not holds:
        raise Busy(*said)


def pem(name):
    with open(os.path.join(certs, name), 'rb') as f:
        return f.read()


def reset(*accounts, client='rp', host='127.0.0.1', language='en', more=''):
    phone.reset()
    inst.forget()
    inst.write('ca', pem('server-ca.crt'), 0o644)
    inst.write('crt', pem(client + '.crt'), 0o644)
    inst.write('key', pem(client + '.key'), 0o400)
    inst.configure('[general]\nlanguage = %s\nsupport = telephone 5 55 55\nhost-title = Ward computer\n[bankid]\nenabled = yes\n'
                   'endpoint = https://%s:%d/rp/v6.0\nca = %s/ca\ncertificate = %s/crt\nkey = %s/key\nremote-qr = yes\n%s'
                   % (language, host, PORT, RUN, RUN, RUN, more))
    inst.accounts(*(accounts or (RECORD,)))


def begin(name=None, **fields):
    h = Helper(inst, uid=fields.pop('uid', None))
    intro = h.verify(name or me.pw_name, **fields)
    assert intro and intro['kind'] == INTRO, intro
    h.intro = intro
    h.started = time.monotonic()
    h.send(START)
    return h


def code(m):
    return m['kind'] == SHOW and 'qr_bits' in m


def scan(h):
    m = h.until(code)
    assert m, 'no code'
    return phone.scan(qr_text(m))


def verdict(h, timeout=30):
    v = h.until(lambda m: m['kind'] == VERDICT, timeout)
    assert v, 'no verdict'
    v['word'] = VERDICTS[v['verdict']]
    assert ('account' in v) == ('uid' in v) == (v['word'] == 'approved'), v
    return v


def silence(h, seconds):
    """As long as a person takes from one Enter to the next; nothing comes unasked meanwhile."""
    assert not select.select([h.sock], [], [], seconds)[0], 'it spoke unasked'


def ended(h):
    assert h.end() == 0
    late = [e for e in phone.journal(kind='request') if e.get('status') == 429 and not e.get('fault')]
    assert not late, 'collected too often'


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
        h.send(ACCOUNT, version=1, account=me.pw_name, service='login')
        d = h.receive()
        assert d['kind'] == DECISION and DECISIONS[d['decision']] == want, d
        if want == 'allowed':
            h.send(OPEN, version=1, account=me.pw_name, service='login', tty='tty1')
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


def probed(method='bankid'):
    """What root is told of the endpoint: a word, and what exactly was met."""
    h = Helper(inst)
    h.send(PROBE, version=1, method=method)
    answer = h.receive(30)
    assert answer['kind'] == PROBED, answer
    assert h.receive() is None
    ended(h)
    return PROBES[answer['probe']], answer['text']


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


@tap.test('states are shown as they come; the code goes when the app has the order')
def states():
    reset()
    h = begin()
    first = h.receive()
    assert first['kind'] == SHOW and first['state'] == STARTING and 'qr_bits' not in first
    scan(h)
    seen = []
    m = h.until(lambda x: x['kind'] == VERDICT or seen.append((x['state'], 'qr_bits' in x)) or x['state'] == CONFIRM)
    assert (OPENED, False) in seen and (CONFIRM, False) in seen and (OPENED, True) not in seen, seen
    assert 'security code' in m['text']
    h.sock.close()
    assert phone.wait(kind='order', event='ended')['outcome'] == 'cancelled'
    h.process.wait(PATIENCE)


@tap.test('one frame a second, none before 0.7 s, each with its own time')
@also_when_busy
def frames():
    reset()
    h = begin()
    got = []
    while len(got) < 6:
        m = h.until(code)
        got.append((time.monotonic() - h.started, int(qr_text(m).split('.')[2])))
    assert got[0][0] >= 0.69, got
    # Its time can't be later than it is; on a machine that is slow, frames are left out.
    assert all(second <= at for at, second in got), got
    steps = sorted(b[1] - a[1] for a, b in zip(got, got[1:]))
    ended(h)
    assert steps[0] >= 1, got
    in_time(steps[len(steps) // 2] == 1, got)


DECOYS = [('one without a number', 'account %s 17 3 host 0 1 -' % me.pw_name, me.pw_name),
          ('one of another uid', 'account %s 17 3 %d 0 1 %s' % (me.pw_name, me.pw_uid + 1, OURS), me.pw_name)]
if ROOT:
    DECOYS += [('one that nobody has', RECORD, 'nobodyhasthis')]


@tap.each('whom one identifies to, for every name: %s', ('the directory\'s only organisation', 'title Oak Care', '', 'Oak Care'),
          ('the configured one before it', 'title Oak Care', '[general]\norganisation = Åkra vård\n', 'Åkra vård'),
          ('with several, the configured one', '', '[general]\norganisation = Åkra vård\n', 'Åkra vård'))
def organisation(_, title, more, told):
    for _, line, name in [('', RECORD, me.pw_name), *DECOYS]:
        reset(line, title, more=more)
        h = begin(name)
        assert h.intro['about'].endswith('\nOrganisation: ' + told), (h.intro['about'], name)
        shown = None if 'nobody' in name or line != RECORD else scan(h)
        assert not shown or 'Organisation: Example clinic' in shown['text'], 'the app says which the account is of'
        h.end()


@tap.test('a directory that can not say which organisation there is lets nobody in')
def organisation_unknown():
    reset(RECORD, 'fail title')
    h = Helper(inst)
    assert VERDICTS[h.verify(me.pw_name)['verdict']] == 'broken'
    h.end()
    reset(RECORD, 'fail title', more='[general]\norganisation = Oak Care\n')
    h = begin()
    assert 'Oak Care' in h.intro['about'], 'is asked without need'
    h.end()


def screens(line, name):
    """What somebody sees who logs in and scans nothing."""
    reset(line, 'title Oak Care')
    h = begin(name, timeout=6)
    h.intro.pop('check_code')
    screen = [{k: v.replace(name, 'NAME') if isinstance(v, str) else v for k, v in h.intro.items()}]
    first = None
    while True:
        m = h.receive()
        if 'qr_bits' in m:
            first = first or time.monotonic() - h.started
            assert re.fullmatch('bankid[.][0-9a-f-]{36}[.][0-9]+[.][0-9a-f]{64}', qr_text(m))
            m['qr_bits'] = 'a code'
        m.pop('seconds', None)
        screen.append(m)
        if m['kind'] == VERDICT:
            break
    h.end()
    in_time(first is not None, screen)
    assert first >= 0.69, first
    return screen


@tap.each('a name like %s: same screens, nobody is asked', *DECOYS)
@also_when_busy
def decoy(_, line, name):
    real = screens(RECORD, me.pw_name)
    assert len(phone.journal(kind='order', event='created')) == 1
    seen = screens(line, name)
    assert phone.journal(kind='order', event='created') == []
    asked = {e['endpoint'] + ' ' + e['method'] for e in phone.journal(kind='request')}
    assert asked == {'auth GET'}, asked
    assert 'nobodyhasthis' not in inst.read('journal')
    assert seen[-1] == real[-1], (seen[-1], real[-1])
    # A code more or less is chance; anything else would stand out among them.
    in_time(min(len(seen), len(real)) > 4 and abs(len(seen) - len(real)) <= 2, seen, real)
    shown = [[m for i, m in enumerate(screen) if m not in screen[:i]] for screen in (seen, real)]
    assert shown[0] == shown[1], shown


def slow_look(line, name, pace):
    """A log-in at a BankID that is far away, turned to the link by root: what is shown in turn, and what BankID is asked."""
    reset(line)
    phone.slow(1500)
    h = begin(name, pace=pace, timeout=12, **({'source': HERE, 'service': 'sshd'} if ROOT else {}))
    seen, turns = [], ROOT
    while not seen or seen[-1]['kind'] != VERDICT:
        if pace == ASKED:
            h.send(ASK)
        m = h.receive()
        m.pop('seconds', None)
        m['shows'] = 'a code' if m.pop('qr_bits', None) else 'a link' if m.pop('link', None) else ''
        if m['shows'] == 'a code' and turns:
            h.send(TURN)
            turns = False
        # Whether an Enter was held for as long as the answer took, or a moment less, is chance.
        if m not in seen[-1:] and not (pace == ASKED and m.get('state') == STARTING):
            seen.append(m)
        if pace == ASKED and m['kind'] == SHOW:
            silence(h, 0.5)
    h.end()
    return seen, [e['endpoint'] for e in phone.journal(kind='request')]


@tap.each('a BankID that is slow, %s, a name like %s: the same is shown, as much is asked',
          *[(words, like, pace, line, name) for words, pace in (('live', LIVE), ('pace asked', ASKED)) for like, line, name in DECOYS[-1:]])
@also_when_busy
def decoy_slow(_, __, pace, line, name):
    (real, asked), (decoy, probes) = slow_look(RECORD, me.pw_name, pace), slow_look(line, name, pace)
    assert set(probes) == {'auth'} and real[-1] == decoy[-1], (probes, real[-1], decoy[-1])
    # The time was up before all of it was there.
    in_time(all({'a code', 'a link' if ROOT else 'a code'} <= {m['shows'] for m in seen} for seen in (real, decoy)), real, decoy)
    assert real == decoy, (real, decoy)
    wanted = 'auth( collect)* cancel auth( collect)+ cancel' if ROOT else 'auth( collect)+ cancel'
    in_time(re.fullmatch(wanted, ' '.join(asked)), asked)
    # As many: an order made, looked after, cancelled at the turn, made anew, cancelled at the end.
    in_time(abs(len(asked) - len(probes)) <= 2, asked, probes)


ROUNDS, ALIKE_S = 12, 0.01


def pair_times(names):
    """Two log-ins at the same moment: seconds to the introduction, to the first code, and to the answer to an Enter a while later."""
    helpers, times = {name: Helper(inst) for name in names}, {name: [] for name in names}
    silence(helpers[names[-1]], 0.2)                    # they have started, and wait for the question
    for name in names:
        begun = time.monotonic()
        assert helpers[name].verify(name, pace=ASKED, timeout=60)['kind'] == INTRO
        times[name].append(time.monotonic() - begun)
    for kinds in ((START, ASK), (ASK,)):
        if ASK == kinds[0]:                             # 1.2 s later: BankID may be asked again, and has to be
            for h in helpers.values():
                silence(h, 0.6)
        asked = {}
        for name in names:
            asked[helpers[name].sock] = name, time.monotonic()
            for kind in kinds:
                helpers[name].send(kind)
        while asked:
            for sock in select.select(list(asked), [], [], PATIENCE)[0]:
                name, begun = asked.pop(sock)
                times[name].append(time.monotonic() - begun)
                assert code(helpers[name].receive())
    for h in helpers.values():
        h.sock.close()
    return times, helpers.values()


def leaning(name):
    """For each of the three: does it take longer for one of two names, in nearly every pair, and by how much in the middle?"""
    names, differences, ending = [me.pw_name, name], [], []
    for i in range(ROUNDS):
        times, helpers = pair_times(names[::1 if i % 2 else -1])
        differences.append([b - a for a, b in zip(times[me.pw_name], times[name])])
        ending.extend(helpers)
    for h in ending:
        assert h.process.wait(PATIENCE) == 0
    middles = [sorted(column)[ROUNDS // 2] for column in zip(*differences)]
    same = [max(sum(d > 0 for d in column), sum(d < 0 for d in column)) for column in zip(*differences)]
    return {(which, middle > 0): middle for which, middle, n in zip(('introduction', 'first code', 'answer'), middles, same)
            if n >= ROUNDS - 1 and abs(middle) >= ALIKE_S}


@tap.test('a name that nobody has takes as long as any other, to a hundredth of a second: introduction, first code, answers')
def decoy_times():
    if not ROOT:
        return 'only root is believed about anybody'
    reset(RECORD)
    phone.slow(750)                                     # more than the 0.7 s behind which what takes less is hidden
    leans = leaning('nobodyhasthis')
    # What is chance does not lean twice the same way.
    again = leaning('nobodyhasthis') if leans else {}
    assert not set(leans) & set(again), (leans, again)


@tap.test('an outage looks the same for a name that nobody has')
def decoy_outage():
    line = 'account %s 17 3 host 0 1 -' % me.pw_name
    for change in (phone.down, lambda: phone.server(certificate='foreign')):
        told = []
        for account in (RECORD, line):
            reset(account)
            change()
            h = begin()
            v = verdict(h)
            told.append((v['word'], v['text']))
            h.end()
        assert told[0] == told[1] and told[0][0] in ('unreachable', 'broken'), told
    phone.server(up=True, certificate='good')


@contextlib.contextmanager
def clocks():
    """A function that sets the clock on the wall, and how long the machine has been running, forward by so many seconds."""
    path = inst.write('state/clock', struct.pack('<qq', 0, 0), 0o644)

    def step(wall, running=0):
        with open(path, 'r+b') as f:
            f.write(struct.pack('<qq', wall, running))

    try:
        yield step
    finally:
        os.unlink(path)


@tap.test('the clock on the wall is set, forward and back, under way: codes, questions and the time that is left go on as they were')
def clock_set():
    reset(client='rp-month')
    half, days = 43200, 86400
    with clocks() as step:
        start = time.monotonic()
        h = begin(timeout=60)
        first = qr_text(h.until(code)).split('.')
        for seconds in (30 * days, -half, 20, -20, 0, 30 * days):
            step(seconds)
            h.until(code)
            m = h.until(code)
            shown, passed = qr_text(m).split('.'), time.monotonic() - start
            assert shown[1] == first[1], 'another order'
            assert int(shown[2]) <= passed and 59 - passed <= m['seconds'] <= 60, (seconds, shown, m['seconds'], passed)
        scan(h)
        step(-half)
        phone.approve('nurse-one')
        phone.wait(kind='order', event='collected')
        v = verdict(h)
        assert v['word'] == 'approved', v
        # BankID's clock was not set: no question came sooner than the one before allows.
        times = [e['at_ms'] for e in phone.journal(kind='request', endpoint='collect')]
        assert len(times) >= 4 and all(b - a >= 1000 for a, b in zip(times, times[1:])), times
        assert len(phone.journal(kind='order', event='created')) == 1
        ended(h)
        if ROOT:
            # It is set: a certificate that is good for 45 days is good for 15.
            assert 'outcome=expires' not in inst.read('journal')
            step(30 * days)
            assert probed()[0] == 'reachable' and 'expires in 14 days' in inst.read('journal'), inst.read('journal')


@tap.test('an order that nobody scans is renewed in silence')
def restart():
    reset()
    h = begin(timeout=40)
    first = qr_text(h.until(code))
    phone.advance(31)
    m = h.until(lambda m: code(m) and qr_text(m).split('.')[1] != first.split('.')[1], 10)
    assert m and int(qr_text(m).split('.')[2]) <= 1
    shown = phone.scan(qr_text(h.until(code)))
    phone.approve('nurse-one', order=shown['order'])
    assert verdict(h)['word'] == 'approved'
    ended(h)


@tap.test('the caller goes: the order is cancelled at BankID, and the helper ends')
def caller_gone():
    reset()
    h = begin()
    scan(h)
    h.sock.close()
    assert phone.wait(kind='order', event='ended')['outcome'] == 'cancelled'
    assert h.process.wait(PATIENCE) == 0
    assert 'outcome=caller-gone' in inst.read('journal')


@tap.test('the caller goes while the order is being made: it is cancelled as soon as it has a name')
def caller_gone_early():
    reset()
    phone.fault('slow-first-byte', endpoint='auth', ms=1500, count=1)
    h = begin()
    phone.wait(kind='fault', event='spent')
    h.sock.close()
    assert phone.wait(kind='order', event='ended')['outcome'] == 'cancelled'
    assert h.process.wait(PATIENCE) == 0


@tap.test('BankID never answers while the caller goes: the helper ends all the same, for that reason')
def cancel_bounded():
    reset()
    phone.fault('never', endpoint='auth', count=1)
    h = begin()
    phone.wait(kind='fault', event='spent')
    h.sock.close()
    assert h.process.wait(PATIENCE) == 0                # and not for as long as there is no answer
    assert 'outcome=caller-gone' in inst.read('journal')


@tap.test('the service is stopped: the order is cancelled, the caller is told')
def stopped():
    reset()
    h = begin()
    scan(h)
    if ROOT:
        subprocess.run(['kill', '-TERM', str(h.process.pid)], check=True)
    else:
        h.process.send_signal(signal.SIGTERM)
    assert verdict(h)['word'] == 'unreachable'
    assert phone.wait(kind='order', event='ended')['outcome'] == 'cancelled'
    ended(h)


@tap.test('the deadline: timed out, and the order is cancelled')
def deadline():
    reset()
    start = time.monotonic()
    h = begin(timeout=5)
    v = verdict(h)
    assert v['word'] == 'timed-out' and 4.5 < time.monotonic() - start < 60, v
    assert phone.wait(kind='order', event='ended')['outcome'] == 'cancelled'
    ended(h)


@tap.test('pace asked: nothing unasked, one answer to each question, the verdict is one of them')
def asked():
    reset()
    h = begin(pace=ASKED)
    silence(h, 1.5)
    frames = []
    while len(frames) < 3:
        h.send(ASK)
        m = h.receive()
        assert code(m), m
        if qr_text(m) not in frames:
            frames.append(qr_text(m))
        silence(h, 0.3)
    h.send(ASK)
    phone.scan(qr_text(h.receive()))
    phone.approve('nurse-one')
    phone.wait(kind='order', event='collected')
    answers = []
    h.send(ASK)
    answers.append(h.receive())
    assert answers[0]['kind'] == VERDICT and VERDICTS[answers[0]['verdict']] == 'approved', answers
    ended(h)


@tap.each('pace asked: one Enter right after the approval is enough, when the provider was asked %s s before',
          (0,), (0.5,), (1.2,), (1.9,))
def asked_right_after(wait):
    reset()
    h = begin(pace=ASKED)
    h.send(ASK)
    shown = phone.scan(qr_text(h.receive()))
    # The app has the order, and the provider has said so.
    said = phone.wait(kind='request', endpoint='collect', hintCode='userSign')['seq']
    silence(h, wait)
    phone.approve('nurse-one', order=shown['order'])
    for _ in range(5):
        start = time.monotonic()
        h.send(ASK)
        m = h.receive()
        if m['kind'] == VERDICT:
            break
        # On a machine that is slow the provider may have been asked just before the approval, or its answer may have taken
        # longer than an Enter is held. Whoever answers without having asked is wrong.
        asked = phone.journal(kind='request', endpoint='collect', since=said)
        assert asked or time.monotonic() - start >= 3, (wait, m)
        said = phone.status()['seq']
    assert m['kind'] == VERDICT and VERDICTS[m['verdict']] == 'approved', (wait, m)
    ended(h)


@tap.each('pace asked: somebody who keeps asking makes nobody %s twice within a second',
          ('collect', RECORD), ('auth', 'account %s 17 3 host 0 1 -' % me.pw_name))
def asked_often(endpoint, line):
    reset(line)
    h = begin(pace=ASKED)
    end, times = time.monotonic() + 20, []
    while len(times) < 4 and time.monotonic() < end:
        h.send(ASK)
        assert code(h.receive())
        silence(h, 0.1)                 # at most 200 are taken
        times = [e['at_ms'] for e in phone.journal(kind='request', endpoint=endpoint)]
    assert len(times) >= 4, times
    assert all(b - a >= 1000 for a, b in zip(times, times[1:])), times
    ended(h)


@tap.test('pace asked: the first Enter already gets a code')
def asked_at_once():
    reset()
    h = begin(pace=ASKED)
    h.send(ASK)
    assert code(h.receive())
    ended(h)


@tap.test('pace asked: an approval that nobody asks for again is no log-in')
def asked_and_gone():
    reset()
    h = begin(pace=ASKED)
    h.send(ASK)
    phone.scan(qr_text(h.receive()))
    phone.approve('nurse-one')
    phone.wait(kind='order', event='collected')
    silence(h, 0.5)
    ended(h)
    assert inst.read('acts') == '' and 'outcome=caller-gone' in inst.read('journal')


FAULTS = [('auth', kind, 'unreachable') for kind in ('internal-error', 'maintenance', 'request-timeout', 'html',
                                                     'truncated-json', 'cut-connection', 'oversized', 'redirect', 'reset')]
FAULTS += [('auth', 'too-many-requests', 'busy'), ('collect', 'maintenance', 'unreachable'),
           ('collect', 'truncated-json', 'unreachable')]


@tap.each('BankID goes wrong at %s, %s: %s, never approved, and the journal says what it was', *FAULTS)
def faults(endpoint, kind, word):
    reset()
    phone.fault(kind, endpoint=endpoint)
    h = begin(timeout=40)
    v = verdict(h)
    assert v['word'] == word, (endpoint, kind, v)
    h.end()
    assert 'bankid: %s' % endpoint in inst.read('journal'), inst.read('journal')


@tap.each('%s answered with %s: asked no second time, RFA5', *((endpoint, kind) for endpoint in ('collect', 'cancel')
                                                              for kind in ('internal-error', 'request-timeout')))
def no_retry(endpoint, kind):
    reset()
    phone.fault(kind, endpoint=endpoint)
    h = begin(timeout=40)
    if endpoint == 'cancel':
        scan(h)
        h.sock.close()
        assert h.process.wait(PATIENCE) == 0
    else:
        v = verdict(h)
        assert v['word'] == 'unreachable', v
        said(v, 5, 'en')
        h.end()
    assert len(phone.journal(kind='request', endpoint=endpoint)) == 1
    # An order that goes on at BankID's is cancelled, whatever was said of it.
    assert len(phone.journal(kind='request', endpoint='cancel')) == 1


@tap.test('BankID says that we are wrong: broken, with its status in the journal')
def rejected():
    for status, error in ((400, 'invalidParameters'), (401, 'unauthorized'), (403, 'unauthorized'), (404, 'notFound'),
                          (415, 'unsupportedMediaType')):
        reset()
        phone.fault('error', endpoint='auth', status=status, errorCode=error)
        h = begin()
        assert verdict(h)['word'] == 'broken'
        h.end()
        assert '%d %s' % (status, error) in inst.read('journal')
    reset()
    phone.fault('html', endpoint='auth', status=403)
    h = begin()
    assert verdict(h)['word'] == 'broken'
    h.end()


# -- What BankID says, and what is said of it -----------------------------------------------------------------------------

# BankID's recommended texts word by word (the edition of developers.bankid.com), and ours in Danish.
RFA = {
    1: ("Starta BankID-appen.", "Start your BankID app.", "Start din BankID-app."),
    3: ("Åtgärden avbröts. Försök igen.", "The action was cancelled. Please try again.", "Handlingen blev afbrudt. Prøv igen."),
    4: ("En identifiering eller underskrift pågår redan för ditt personnummer. Försök igen.",
        "An identification or signature is already in progress for your personal identity number. Please try again.",
        "En identifikation eller underskrift er allerede i gang for dit personnummer. Prøv igen."),
    5: ("Något gick fel. Försök igen.", "Something went wrong. Please try again.", "Noget gik galt. Prøv igen."),
    6: ("Åtgärden avbröts.", "The action was cancelled.", "Handlingen blev afbrudt."),
    8: ("BankID-appen svarar inte. Kontrollera att den är startad och att du har internetanslutning. Försök sedan igen.",
        "The BankID app is not responding. Please check that it's started and that you have internet access. Try again.",
        "BankID-appen svarer ikke. Kontroller, at den er startet, og at du har internetforbindelse. Prøv så igen."),
    9: ("Skriv in din säkerhetskod i BankID-appen och välj Identifiera eller Skriv under.",
        "Enter your security code in the BankID app and select Identify or Sign.",
        "Skriv din sikkerhedskode i BankID-appen, og vælg Identificer eller Skriv under."),
    13: ("Försöker starta BankID-appen.", "Trying to start your BankID app.", "Prøver at starte BankID-appen."),
    15: ("Söker efter BankID. Säkerställ att du har ett giltigt BankID på den här enheten.",
         "Searching for BankID. Make sure you have a valid BankID on this device.",
         "Søger efter BankID. Sørg for, at du har et gyldigt BankID på denne enhed."),
    14: ("Söker efter BankID, det kan ta en liten stund …", "Searching for BankID, it may take a little while …",
         "Søger efter BankID, det kan tage et øjeblik …"),
    16: ("Ditt BankID är för gammalt eller spärrat. Använd ett annat BankID eller skaffa ett nytt hos din bank.",
         "Your BankID is blocked or too old. Please use another BankID or get a new one from your bank.",
         "Dit BankID er for gammelt eller spærret. Brug et andet BankID, eller få et nyt i din bank."),
    '17A': ("Du verkar inte ha BankID-appen/programmet. Installera den och skaffa ett BankID hos din bank.",
            "You don't seem to have the BankID app/program. Please install it and get a BankID from your bank.",
            "Det ser ikke ud til, at du har BankID-appen/programmet. Installer det, og få et BankID i din bank."),
    '17B': ("Misslyckades att läsa av QR-koden. Starta BankID-appen och läs av QR-koden.",
            "Failed to scan the QR code. Start the BankID app and scan the QR code.",
            "QR-koden kunne ikke scannes. Start BankID-appen, og scan QR-koden."),
    21: ("En identifiering eller underskrift pågår.", "An identification or signing is in progress.",
         "En identifikation eller underskrift er i gang."),
    22: ("Något gick fel. Försök igen.", "Something went wrong. Please try again.", "Noget gik galt. Prøv igen."),
    23: ("Fotografera och läs av din ID-handling med BankID-appen.",
         "Take a photo of, and scan, your ID document with the BankID app.", "Fotografer og scan dit id-dokument med BankID-appen."),
    # Not BankID's: something that the administrator has to mend.
    'broken': ("Inloggning med e-legitimation är ur funktion på den här datorn.", "Log-in with e-ID is out of order on this computer.",
               "Login med e-id er ude af drift på denne computer."),
}
PENDING = (('noClient', 1), ('started', 14), ('userMrtd', 23), ('userCallConfirm', 21), ('userSign', 9), ('processing', 21),
           ('ofALaterEdition', 21))
FAILED = (('expiredTransaction', 8, 'timed-out'), ('certificateErr', 16, 'denied'), ('userCancel', 6, 'cancelled'), ('cancelled', 3, 'cancelled'),
          ('userDeclinedCall', 22, 'cancelled'), ('notSupportedByUserApp', 22, 'denied'), ('transactionRiskBlocked', 22, 'denied'),
          ('ofALaterEdition', 22, 'denied'))
ERRORS = ((400, 'alreadyInProgress', 4, 'denied'), (400, 'cancelled', 3, 'cancelled'), (400, 'canceled', 3, 'cancelled'),
          (400, 'invalidParameters', 'broken', 'broken'), (400, 'ofALaterEdition', 22, 'unreachable'), (401, 'unauthorized', 'broken', 'broken'),
          (403, 'unauthorized', 'broken', 'broken'), (404, 'notFound', 'broken', 'broken'), (405, 'methodNotAllowed', 'broken', 'broken'),
          (408, 'requestTimeout', 5, 'unreachable'), (415, 'unsupportedMediaType', 'broken', 'broken'), (500, 'internalError', 5, 'unreachable'),
          (503, 'maintenance', 5, 'unreachable'))
LANGUAGES = (('sv',), ('en',), ('da',))


# In place of RFA1 beside a code: what BankID's own demonstration says (bankid-words.c).
SCAN_WORDS = ("Starta BankID-appen och tryck på QR-ikonen. Läs sedan av QR-koden.",
              "Start the BankID app and tap the QR icon. Then scan the QR code.",
              "Start BankID-appen, og tryk på QR-ikonet. Scan derefter QR-koden.")


@tap.test('BankID\'s texts stand in the catalogue word by word, and so does the one that takes the place of one')
def texts_in_catalogue():
    catalogue = {}
    for language in ('sv', 'da'):
        with open(os.path.join(RUN, 'locale', language, 'LC_MESSAGES', 'careid.mo'), 'rb') as f:
            catalogue[language] = gettext.GNUTranslations(f)
    for sv, en, da in [words for text, words in RFA.items() if text != 'broken'] + [SCAN_WORDS]:
        assert catalogue['sv'].gettext(en) == sv, (en, catalogue['sv'].gettext(en))
        assert catalogue['da'].gettext(en) == da, (en, catalogue['da'].gettext(en))
    for language, words in zip(('sv', 'en', 'da'), SCAN_WORDS):
        reset(language=language)
        h = begin()
        m = h.until(code)
        assert m['text'] == words and h.intro['text'].split('\n')[0] == words, m['text']
        ended(h)


def said(message, text, language):
    words = RFA[text][('sv', 'en', 'da').index(language)]
    first = message['text'].split('\n')[0]
    assert first == words or (text == 'broken' and first.startswith(words)), (text, language, message['text'])


@tap.each('every pending hintCode has its text, in %s', *LANGUAGES)
def pending_texts(language):
    reset(language=language)
    h = begin(pace=ASKED, timeout=60)
    h.send(ASK)
    assert h.intro['language'] == language
    assert code(h.receive())
    for hint, text in PENDING:
        phone.hint(hint, status='pending')
        for _ in range(5):
            h.send(ASK)
            m = h.receive()
            if m['text'] == RFA[text][('sv', 'en', 'da').index(language)]:
                break
            # BankID was asked just before the phone said so: a person presses Enter again.
            phone.wait(kind='request', endpoint='collect', hintCode=hint)
        said(m, text, language)
        assert 'qr_bits' not in m, hint
    ended(h)


@tap.each('hintCode %s has its text in every language', *FAILED)
def failed_texts(hint, text, word):
    for language, in LANGUAGES:
        reset(language=language)
        h = begin(timeout=30)
        scan(h)
        # What expires before anybody has opened it is renewed.
        assert hint != 'expiredTransaction' or h.until(lambda m: m['state'] != SCAN)
        phone.hint(hint, status='failed')
        v = verdict(h)
        assert v['word'] == word, v
        said(v, text, language)
        h.end()
        known = hint != 'ofALaterEdition'
        assert ('detail=bankid: %s\n' % hint in inst.read('journal')) == known, inst.read('journal')


@tap.each('nobody has started an order by %s, three minutes after the first: the end, with its text in every language',
          ('a code', False, '17B'), ('a link', True, '17A'))
def start_failed(_, link, text):
    if link and not ROOT:
        return 'only root is believed about where a log-in comes from'
    for language, in LANGUAGES:
        with clocks() as step:
            reset(language=language)
            if link:
                h, _ = turned(timeout=600)
            else:
                h = begin(timeout=600)
                assert h.until(code)
            before = len(phone.journal(kind='order', event='created'))
            phone.hint('startFailed', status='failed')
            assert h.until(lambda m: m['state'] == SCAN and phone.journal(kind='order', event='created')[before:]), 'not renewed'
            step(0, 181)
            phone.hint('startFailed', status='failed')
            v = verdict(h)
            assert v['word'] == 'timed-out', v
            said(v, text, language)
            h.end()
            assert len(phone.journal(kind='order', event='created')) == before + 1
            assert 'detail=bankid: startFailed\n' in inst.read('journal'), inst.read('journal')


@tap.each('%s %s has its text in every language', *ERRORS)
def error_texts(status, error, text, word):
    for language, in LANGUAGES:
        reset(language=language)
        phone.fault('error', endpoint='auth', status=status, errorCode=error)
        h = begin(timeout=30)
        v = verdict(h)
        assert v['word'] == word, v
        said(v, text, language)
        h.end()


@tap.each('too many requests at %s: waits as long as it says', ('auth',), ('collect',))
def too_many(endpoint):
    reset()
    phone.fault('too-many-requests', endpoint=endpoint, count=1)        # RateLimit-Reset: 5
    h = begin(timeout=60)
    phone.scan(qr_text(h.until(code)))
    phone.approve('nurse-one')
    assert verdict(h)['word'] == 'approved'
    times = [e['at_ms'] for e in phone.journal(kind='request', endpoint=endpoint)]
    assert len(times) >= 2 and times[1] - times[0] >= 4900, times      # the journal has the time of the answer
    h.end()


@tap.each('too many requests, %s: %s', *(
    ('Retry-After of seconds', 'asked again after 3 s', 3, {'Retry-After': '3'}),
    ('Retry-After as a date, three seconds after the date of the answer', 'asked again after 3 s', 3,
     {'Date': 'Sun, 06 Nov 1994 08:49:37 GMT', 'Retry-After': 'Sun, 06 Nov 1994 08:49:40 GMT'}),
    ('Retry-After of RFC 850, the date of the answer of asctime()', 'asked again after 3 s', 3,
     {'Date': 'Sun Nov  6 08:49:37 1994', 'Retry-After': 'Sunday, 06-Nov-94 08:49:40 GMT'}),
    ('both', 'RateLimit-Reset counts', 3, {'RateLimit-Reset': '3', 'Retry-After': '900'}),
    ('no word how long', 'asked again after 2 s', 2, {}),
    ('a date that is over', 'asked again after 2 s', 2,
     {'Date': 'Sun, 06 Nov 1994 08:49:37 GMT', 'Retry-After': 'Sun, 06 Nov 1994 08:49:07 GMT'}),
    ('nonsense', 'asked again after 2 s', 2, {'RateLimit-Reset': '-1', 'Retry-After': 'tomorrow; perhaps'}),
    ('nought', 'asked again after 2 s', 2, {'RateLimit-Reset': '0', 'Retry-After': '0x10'}),
    ('an hour', 'the end', None, {'Retry-After': '3600'}),
    ('more than any number', 'the end', None, {'RateLimit-Reset': '9' * 40}),
    ('a date in a year', 'the end', None, {'Date': 'Sun, 06 Nov 1994 08:49:37 GMT', 'Retry-After': 'Mon, 06 Nov 1995 08:49:37 GMT'}),
))
def too_many_how_long(_, __, seconds, headers):
    reset()
    phone.fault('too-many-requests', endpoint='auth', headers=headers, **({'count': 1} if seconds else {}))
    h = begin(timeout=60)
    if seconds is None:
        v = verdict(h)
        assert v['word'] == 'busy', v
        said(v, 5, 'en')
        assert len(phone.journal(kind='request')) == 1
    else:
        assert h.until(code)
        times = [e['at_ms'] for e in phone.journal(kind='request', endpoint='auth')]
        assert len(times) == 2 and times[1] - times[0] >= seconds * 1000 - 100, times
    h.end()


@tap.test('too many requests at the cancel, when the person turns: no order before it may be asked for; the old one is cancelled then')
def too_many_turn():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    phone.fault('too-many-requests', endpoint='cancel', count=1, headers={'Retry-After': '3'})
    h, _ = turned()
    asked = [(e['endpoint'], e['status'], e['at_ms']) for e in phone.journal(kind='request') if e['endpoint'] != 'collect']
    assert [a[:2] for a in asked] == [('auth', 200), ('cancel', 429), ('cancel', 200), ('auth', 200)], asked
    assert asked[2][2] - asked[1][2] >= 2900, asked
    h.end()


@tap.test('trouble at BankID at the cancel, when the person turns: the old order is cancelled at the second try, and then the next is made')
def trouble_turn():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    phone.fault('maintenance', endpoint='cancel', count=1)
    h, _ = turned()
    asked = [(e['endpoint'], e['status']) for e in phone.journal(kind='request') if e['endpoint'] != 'collect']
    assert asked == [('auth', 200), ('cancel', 503), ('cancel', 200), ('auth', 200)], asked
    assert phone.wait(kind='order', event='ended')['outcome'] == 'cancelled'
    h.end()


@tap.each('too many requests at the last cancel, %s', ('for a second: cancelled then', '1', 'cancelled'), ('for a minute: left to run out', '60', None))
def too_many_cancel(_, seconds, outcome):
    reset()
    phone.fault('too-many-requests', endpoint='cancel', count=1, headers={'Retry-After': seconds})
    h = begin()
    scan(h)
    h.sock.close()
    assert h.process.wait(PATIENCE) == 0
    asked = [e['at_ms'] for e in phone.journal(kind='request', endpoint='cancel')]
    assert len(asked) == (2 if outcome else 1), asked
    assert not outcome or (asked[1] - asked[0] >= 900 and phone.wait(kind='order', event='ended')['outcome'] == outcome)


@tap.test('a redirect is not followed')
def redirect():
    reset()
    phone.fault('redirect', endpoint='auth', location='https://127.0.0.1:%d/rp/v6.0/elsewhere' % PORT)
    h = begin()
    v = verdict(h)
    assert v['word'] == 'unreachable'
    said(v, 5, 'en')
    h.end()
    assert [e['path'] for e in phone.journal(kind='request')] == ['/rp/v6.0/auth']


@tap.each('what is refused before there is an order is told in the configured language, %s, which is named', *LANGUAGES)
def refused_language(language):
    reset(language=language)
    uid = me.pw_uid if ROOT else None
    held = [Helper(inst, uid=uid) for _ in range(4)]
    for h in held:
        assert h.verify(me.pw_name)['kind'] == INTRO
    told = []
    h = Helper(inst, uid=uid)
    told.append(h.verify(me.pw_name))
    h.end()
    for h in held:
        h.end()
    os.unlink(os.path.join(RUN, 'key'))
    h = Helper(inst)
    told.append(h.verify(me.pw_name))
    h.end()
    assert [(VERDICTS[v['verdict']], v['language']) for v in told] == [('busy', language), ('broken', language)], told
    assert told[0]['text'].split('.')[0] == {'en': 'Too many log-ins are under way', 'sv': 'För många inloggningar pågår',
                                             'da': 'Der er for mange login i gang'}[language], told
    said(told[1], 'broken', language)


# -- Risk, acts -----------------------------------------------------------------------------------------------------------

@tap.each('risk = %s: BankID is told, and what it finds is recorded',
          ('low', 'LOW', 'low', 'moderate'), ('moderate', 'MODERATE', 'moderate', 'high'), ('off', None, 'high', None))
def risk(setting, sent, passes, blocked):
    reset(more='risk = %s\n' % setting)
    h = begin()
    scan(h)
    phone.approve('nurse-one', risk=passes)
    assert verdict(h)['word'] == 'approved'
    ended(h)
    request = phone.journal(kind='order', event='created')[0]['request']
    assert request['requirement'].get('risk') == sent and request['returnRisk'] is True, request
    assert 'detail=bankid: risk %s\n' % passes in inst.read('journal'), inst.read('journal')
    if not blocked:
        return
    reset(more='risk = %s\n' % setting)
    h = begin()
    scan(h)
    try:
        phone.approve('nurse-one', risk=blocked)
        raise AssertionError('BankID let it pass')
    except PhoneError as e:
        assert e.code == 'riskBlocked'
    v = verdict(h)
    assert v['word'] == 'denied'
    said(v, 22, 'en')
    ended(h)
    assert 'detail=bankid: transactionRiskBlocked\n' in inst.read('journal')


@tap.each('%s is %s', ('sudo', 'sign', ''), ('su', 'sign', ''), ('login', 'auth', ''), ('sshd', 'auth', ''), ('sudo', 'auth', 'sign-acts = no\n'))
def acts(service, kind, more):
    reset(more=more)
    h = begin(service=service)
    shown = scan(h)
    assert shown['kind'] == kind and h.intro['check_code'] in shown['text'], shown
    phone.approve('nurse-one')
    assert verdict(h)['word'] == 'approved'
    ended(h)


@tap.test('sudo: the app shows the program and who it runs as; arguments only where the configuration says so, and never careid\'s')
def programs():
    if not ROOT:
        return 'a user is not believed about it'
    fields = {'target': 'backup', 'program': '/usr/bin/systemctl', 'arguments': 'restart --now secret'}
    for more, wanted in (('', False), ('show-arguments = yes\n', True)):
        reset(more=more)
        h = begin(service='sudo', **fields)
        shown = scan(h)
        assert 'Runs: /usr/bin/systemctl\n' in shown['text'] and 'Becomes: backup\n' in shown['text'], shown['text']
        assert ('With: restart --now secret\n' in shown['text']) == ('secret' in shown['text']) == wanted
        assert 'runs /usr/bin/systemctl as backup' in h.intro['about'] and 'secret' not in h.intro['about']
        ended(h)
        assert 'secret' not in inst.read('journal') and 'secret' not in inst.read('acts')
    # careid's own name clients, and say why: they are nobody's to see, by whatever path it is run (X1).
    for program, arguments in (('careid', 'opened clinic-17'), ('/usr/bin/careid', "grant anna clinic-17 --document 'a reason'"),
                               ('sh', '-c careid opened clinic-17')):
        reset(more='show-arguments = yes\n')
        h = begin(service='sudo', target='root', program=program, arguments=arguments)
        shown = scan(h)
        assert 'Runs: %s\n' % program in shown['text'] and 'With:' not in shown['text'] and 'clinic-17' not in shown['text'], shown['text']
        assert 'clinic-17' not in h.intro['about']
        ended(h)
    reset()
    h = begin(service='sudo', uid=me.pw_uid, **fields)
    assert 'systemctl' not in scan(h)['text'] + h.intro['about'], 'a user is believed'
    ended(h)


# -- This device ----------------------------------------------------------------------------------------------------------

LINK = r'https://app[.]bankid[.]com/[?]autostarttoken=[0-9a-f-]{36}&redirect=null'
NETWORKS = '[network]\nseen-as = 10.20.0.0/16 192.0.2.7 2001:db8:77::/48\n'


def turned(source=HERE, name=None, pace=LIVE, **more):
    """A log-in from there, that has turned to the link; and the message with it."""
    h = begin(name, source=source, service='sshd', pace=pace, timeout=more.pop('timeout', 40))
    if pace == ASKED:
        h.send(ASK)
    assert h.until(code) and h.intro.get('may_turn') == 1
    h.send(TURN)
    if pace == ASKED:
        h.send(ASK)
    m = h.until(lambda m: m['kind'] == SHOW and 'link' in m)
    assert m and 'qr_bits' not in m and re.fullmatch(LINK, m['link']), m
    return h, m


@tap.each('a link is offered to a log-in from %s: %s', (HERE, True), ('2001:db8::7', True), ('::ffff:192.0.2.9', True), ('10.20.3.4', True),
          ('::ffff:10.20.3.4', True), ('10.21.3.4', False), ('192.168.1.1', False), ('172.31.0.1', False), ('100.64.0.1', False),
          ('127.0.0.1', False), ('::1', False), ('::ffff:127.0.0.1', False), ('169.254.1.1', False), ('fe80::1', False), ('fd00::1', False),
          ('unknown', False), (None, False))
def offered(source, wanted):
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    told = []
    for line, name in ((RECORD, me.pw_name), (RECORD, 'nobodyhasthis')):
        reset(line, more=NETWORKS)
        h = Helper(inst)
        intro = h.verify(name, service='sshd', pace=ASKED, **({'source': source} if source else {}))
        told.append((intro.get('may_turn') == 1, 'link' in intro['text'], intro['text'], intro['menu']))
        if not wanted:
            h.send(START)
            h.send(TURN)
            assert h.until(lambda m: m['kind'] == VERDICT or m['kind'] == SHOW) is None, 'a TURN that was not offered'
        h.end()
    assert told[0] == told[1] and told[0][0] == told[0][1] == wanted, told


@tap.each('by the link from %s, seen as %s: %s', (HERE, HERE, True), (HERE, '::ffff:' + HERE, True), ('::ffff:' + HERE, HERE, True),
          ('2001:db8::7', '2001:0db8:0::0007', True), ('10.20.3.4', '192.0.2.7', True), ('10.20.3.4', '2001:db8:77:1::9', True),
          ('10.20.3.4', '192.0.2.8', False), (HERE, NEARBY, False), (HERE, '192.0.2.7', False), (HERE, '', False), (HERE, None, False))
def link_counts(source, seen, counts):
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset(more=NETWORKS)
    h, m = turned(source)
    first, second = phone.journal(kind='order', event='created')
    assert phone.wait_order_end(first['order'])['outcome'] == 'cancelled', 'the order with the code lives on'
    shown = phone.link(m['link'])
    assert shown['order'] == second['order'] and shown['endUserIp'] == source
    if seen is None:
        phone.approve('nurse-one', completion={'device': None})
    else:
        phone.approve('nurse-one', completion={'device': {'ipAddress': seen, 'uhi': 'x'}})
    if counts:
        assert verdict(h)['word'] == 'approved'
        ended(h)
        assert inst.read('acts').startswith('login 17 bankid')
        return
    m = h.until(code)
    assert m and 'another device' in m['text'], m
    assert inst.read('acts') == ''
    shown = phone.scan(qr_text(m))
    phone.approve('nurse-one')
    assert verdict(h)['word'] == 'approved'
    ended(h)
    assert len(phone.journal(kind='order', event='created')) == 3
    assert 'came from another address, and did not count; bankid: risk low' in inst.read('journal'), inst.read('journal')


@tap.test('pace asked: that an approval did not count is said in words, before the next code')
def link_notice():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    h, m = turned(pace=ASKED)
    phone.link(m['link'])
    phone.approve('nurse-one', device_ip=NEARBY)
    phone.wait(kind='order', event='collected')
    for _ in range(40):
        h.send(ASK)
        m = h.receive()
        assert m['kind'] == SHOW, m
        if 'another device' in m['text']:
            break
        silence(h, 0.5)
    assert 'another device' in m['text'] and 'qr_bits' not in m and 'Point the phone' in m['help'], m
    h.send(ASK)
    assert code(h.receive())
    ended(h)


@tap.each('the link has its own texts, in %s', *LANGUAGES)
def link_texts(language):
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset(language=language)
    h, m = turned()
    said(m, 13, language)
    phone.link(m['link'])
    m = h.until(lambda m: m['state'] == OPENED)
    said(m, 15, language)
    assert 'link' not in m and 'qr_bits' not in m
    ended(h)


@tap.test('by the link, somebody else approves from the same address: wrong person')
def link_wrong_person():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    h, m = turned()
    phone.link(m['link'])
    phone.approve(OTHER, device_ip=HERE)
    assert verdict(h)['word'] == 'wrong-person'
    ended(h)
    assert inst.read('acts') == 'refused 17 wrong-person\n'


@tap.test('back from the link to codes, and to the link again; the caller goes: no order is left')
def link_and_back():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    h, m = turned()
    h.send(TURN)
    back = h.until(code)
    assert back and 'link' not in back
    h.send(TURN)
    again = h.until(lambda m: m['kind'] == SHOW and 'link' in m)
    assert again['link'] != m['link'], 'the old order is back'
    h.sock.close()
    assert h.process.wait(PATIENCE) == 0
    orders = phone.journal(kind='order', event='created')
    assert len(orders) == 4
    for order in orders:
        assert phone.wait_order_end(order['order'])['outcome'] == 'cancelled'


@tap.test('by the link, nobody opens it: renewed in silence, and the new one counts; the end is cancelled')
def link_renewed():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    h, m = turned()
    phone.advance(31)
    n = h.until(lambda n: n['kind'] == SHOW and n.get('link', m['link']) != m['link'])
    assert n, 'it was not renewed'
    h.sock.close()
    assert h.process.wait(PATIENCE) == 0
    last = phone.journal(kind='order', event='created')[-1]
    assert phone.wait_order_end(last['order'])['outcome'] == 'cancelled'


@tap.test('somebody who turns without end is left after ten times')
def link_endless():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    h = begin(source=HERE, service='sshd', timeout=40)
    try:
        for _ in range(12):
            h.send(TURN)
    except (BrokenPipeError, ConnectionResetError):
        pass
    assert h.until(lambda m: m['kind'] == VERDICT) is None
    assert h.end() == 0
    # The last of what was under way is cancelled, too.
    for order in phone.journal(kind='order', event='created'):
        assert phone.wait_order_end(order['order'])['outcome'] == 'cancelled'


@tap.each('a name like %s turns to a link as any other', *DECOYS)
def decoy_link(_, line, name):
    if not ROOT:
        return 'only root is believed about where a log-in comes from'

    def look(line, name):
        reset(line)
        h, m = turned(name=name, pace=ASKED)
        h.intro.pop('check_code')
        seen = [{k: v.replace(name, 'NAME') if isinstance(v, str) else v for k, v in h.intro.items()}]
        for asks in ((ASK,), (TURN, ASK), (TURN, ASK)):
            for kind in asks:
                h.send(kind)
            seen.append({**h.receive()})
        h.end()
        for m in seen:
            m.pop('seconds', None)
            if 'link' in m:
                assert re.fullmatch(LINK, m['link'])
                m['link'] = 'a link'
            if 'qr_bits' in m:
                m['qr_bits'] = 'a code'
        return seen

    real = look(RECORD, me.pw_name)
    # Each turn is a cancel and a new order for the one, two questions that order nothing for the other.
    assert len(phone.journal(kind='order', event='created')) == 4
    acts = [e for e in phone.journal(kind='request') if e['endpoint'] in ('auth', 'cancel')]
    assert look(line, name) == real
    assert phone.journal(kind='order', event='created') == []
    probes = phone.journal(kind='request')
    assert {e['endpoint'] + ' ' + e['method'] for e in probes} <= {'auth GET', 'cancel GET'}, probes
    assert len(probes) >= len(acts) - 1, (probes, acts)


@tap.each('%s %s at two collects is no end', (503, 'maintenance'), (503, 'Maintenance'), (500, 'MAINTENANCE'))
def one_lost(status, error):
    reset()
    phone.fault('error', endpoint='collect', count=2, status=status, errorCode=error)
    h = begin()
    scan(h)
    phone.approve('nurse-one')
    assert verdict(h)['word'] == 'approved'
    ended(h)


@tap.each('an answer whose %s is of the wrong type: no approval but of a whole answer',
          ('status',), ('completionData.user',), ('completionData.user.personalNumber',))
def wrong_types(field):
    reset()
    h = begin(timeout=12)
    scan(h)
    phone.fault('wrong-type', endpoint='collect', field=field)
    phone.approve('nurse-one')
    try:
        v = verdict(h)
    finally:
        h.end()
    assert v['word'] != 'approved', field


@tap.test('a certificate that the roots have not signed for this host, either way: broken')
def certificates():
    for certificate in ('foreign', 'wrong-host', 'expired'):
        reset()
        phone.server(certificate=certificate)
        h = begin()
        assert verdict(h)['word'] == 'broken', certificate
        h.end()
        assert 'certificate not accepted' in inst.read('journal'), inst.read('journal')
        assert phone.journal(kind='request') == []
    phone.server(certificate='good')
    for client in ('foreign-client', 'rp-expired'):
        reset(client=client)
        h = begin()
        v = verdict(h)
        h.end()
        # A server that says so is believed; one that only hangs up leaves a question for the administrator.
        assert v['word'] in ('broken', 'unreachable') and 'certificate' in inst.read('journal'), inst.read('journal')


@tap.test('the endpoint by name, found by the resolver child')
def by_name():
    reset(host='localhost')
    h = begin()
    scan(h)
    phone.approve('nurse-one')
    assert verdict(h)['word'] == 'approved'
    ended(h)
    reset(host='no-such-host.invalid')
    h = begin()
    assert verdict(h)['word'] == 'unreachable'
    h.end()


try:
    tap.run()
finally:
    simulator.close()
