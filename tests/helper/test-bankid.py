# SPDX-License-Identifier: LGPL-2.1-or-later
"""test-bankid.py - the real helper program and a BankID (tests/bankid), end to end

The phone here reads the code from the modules that the helper sends.  As an
ordinary user the helper is asked about that user; as root about anybody, which
adds what is recorded and names that nobody has.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from harness import *

for program in ('node', 'zbarimg', 'openssl'):
    if not shutil.which(program):
        print('1..0 # SKIP no ' + program)
        sys.exit(0)

sys.path.insert(0, os.path.join(SOURCE, 'tests', 'bankid'))
from phone import PhoneError, Simulator  # noqa: E402

OURS, OTHER = '189001019802', 'nurse-two'
tap = Tap()
inst = Installed()
me = host_name()
ROOT = os.getuid() == 0
RECORD = 'account %s 17 3 host 0 1 %s' % (me.pw_name, OURS)
room = tempfile.mkdtemp(prefix='careid-test-')
certs = os.path.join(room, 'certs')
subprocess.run([os.path.join(SOURCE, 'tests', 'bankid', 'make-certs.sh'), certs], check=True, stdout=subprocess.DEVNULL,
               stderr=subprocess.DEVNULL)
simulator = Simulator(certs, os.path.join(room, 'control'))
phone = simulator.phone
PORT = phone.status()['port']


def pem(name):
    with open(os.path.join(certs, name), 'rb') as f:
        return f.read()


def reset(*accounts, client='rp', host='127.0.0.1', more=''):
    phone.reset()
    inst.forget()
    inst.write('ca', pem('server-ca.crt'), 0o644)
    inst.write('crt', pem(client + '.crt'), 0o644)
    inst.write('key', pem(client + '.key'), 0o400)
    inst.configure('[general]\nsupport = telephone 5 55 55\nhost-title = Ward computer\n[bankid]\nenabled = yes\n'
                   'endpoint = https://%s:%d/rp/v6.0\nca = %s/ca\ncertificate = %s/crt\nkey = %s/key\nremote-qr = yes\n%s'
                   % (host, PORT, RUN, RUN, RUN, more))
    inst.accounts(*(accounts or (RECORD,)))


def begin(name=None, **fields):
    h = Helper(inst, uid=fields.pop('uid', None))
    intro = h.verify(name or me.pw_name, **fields)
    assert intro and intro['kind'] == INTRO, intro
    h.intro = intro
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
    assert 'Example clinic' not in h.intro['about'], 'tells which names there are'
    assert shown['endUserIp'] == fields.get('source', '127.0.0.1')
    request = phone.journal(kind='order', event='created')[0]['request']
    assert request['requirement'] == {'certificatePolicies': ['1.2.752.78.1.5', '1.2.3.4.25'], 'risk': 'LOW'}, request
    ended(h)


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


@tap.test('archived, no assignment: told after the proof, with where help is')
def not_in_use():
    for account, word in (('account %s 17 3 host 1 1 %s' % (me.pw_name, OURS), 'archived'),
                          ('account %s 17 3 host 0 0 %s' % (me.pw_name, OURS), 'not-assigned')):
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
    h.process.wait(10)


@tap.test('one frame a second, none before 0.7 s, each with its own time')
def frames():
    reset()
    h = begin()
    start = time.monotonic()
    got = []
    while len(got) < 5:
        m = h.until(code)
        got.append((time.monotonic() - start, qr_text(m)))
    times = [int(text.split('.')[2]) for _, text in got]
    assert times == list(range(times[0], times[0] + 5)), times
    assert got[0][0] >= 0.69, got[0][0]
    gaps = [b[0] - a[0] for a, b in zip(got[1:], got[2:])]
    assert all(0.7 < g < 1.3 for g in gaps), gaps
    ended(h)


@tap.test('a name that nobody has, one without a number, one of another uid: same screens, nobody is asked')
def decoy():
    lines = ['account %s 17 3 host 0 1 -' % me.pw_name, 'account %s 17 3 %d 0 1 %s' % (me.pw_name, me.pw_uid + 1, OURS)]
    screens = []
    for line, name in [(RECORD, me.pw_name)] + [(line, me.pw_name) for line in lines] + ([(RECORD, 'nobodyhasthis')] if ROOT else []):
        reset(line)
        h = begin(name, timeout=6)
        h.intro.pop('check_code')
        screen = [{k: v.replace(name, 'NAME') if isinstance(v, str) else v for k, v in h.intro.items()}]
        start = time.monotonic()
        while True:
            m = h.receive()
            if 'qr_bits' in m:
                if len(screen) == 2:
                    first = time.monotonic() - start
                assert re.fullmatch('bankid[.][0-9a-f-]{36}[.][0-9]+[.][0-9a-f]{64}', qr_text(m))
                m['qr_bits'] = 'a code'
            screen.append(m)
            if m['kind'] == VERDICT:
                break
        h.end()
        orders = len(phone.journal(kind='order', event='created'))
        assert orders == (line == RECORD and name == me.pw_name), (line, name, orders)
        asked = {e['endpoint'] + ' ' + e['method'] for e in phone.journal(kind='request')}
        assert orders or asked == {'auth GET'}, asked
        assert 0.69 < first < 1.2, first
        screens.append([{k: v for k, v in m.items() if k != 'seconds'} for m in screen])
        assert 'nobodyhasthis' not in inst.read('journal')
    for screen in screens[1:]:
        assert abs(len(screen) - len(screens[0])) <= 1
        assert screen[:4] == screens[0][:4] and screen[-1] == screens[0][-1], (screen[-1], screens[0][-1])


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
    start = time.monotonic()
    h.sock.close()
    assert phone.wait(kind='order', event='ended')['outcome'] == 'cancelled'
    assert h.process.wait(10) == 0 and time.monotonic() - start < 3
    assert 'outcome=caller-gone' in inst.read('journal')


@tap.test('the caller goes while the order is being made: it is cancelled as soon as it has a name')
def caller_gone_early():
    reset()
    phone.fault('slow-first-byte', endpoint='auth', ms=1500, count=1)
    h = begin()
    time.sleep(0.5)
    h.sock.close()
    assert phone.wait(kind='order', event='ended')['outcome'] == 'cancelled'
    assert h.process.wait(10) == 0


@tap.test('BankID never answers while the caller goes: the helper ends in its time all the same')
def cancel_bounded():
    reset()
    phone.fault('never', endpoint='auth')
    h = begin()
    time.sleep(0.5)
    start = time.monotonic()
    h.sock.close()
    assert h.process.wait(10) == 0 and time.monotonic() - start < 6


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
    assert v['word'] == 'timed-out' and 4.5 < time.monotonic() - start < 6, v
    assert phone.wait(kind='order', event='ended')['outcome'] == 'cancelled'
    ended(h)


@tap.test('pace asked: nothing unasked, one answer to each question, the verdict is one of them')
def asked():
    reset()
    h = begin(pace=ASKED)
    h.sock.settimeout(1.5)
    try:
        h.sock.recv(20000)
        raise AssertionError('it spoke unasked')
    except TimeoutError:
        pass
    frames = []
    for _ in range(3):
        h.send(ASK)
        m = h.receive(5)
        assert code(m), m
        frames.append(qr_text(m))
        time.sleep(1.1)
    assert len(set(frames)) == 3
    h.send(ASK)
    phone.scan(qr_text(h.receive(5)))
    phone.approve('nurse-one')
    phone.wait(kind='order', event='collected')
    answers = []
    h.send(ASK)
    answers.append(h.receive(5))
    assert answers[0]['kind'] == VERDICT and VERDICTS[answers[0]['verdict']] == 'approved', answers
    ended(h)


@tap.test('pace asked: one Enter right after the approval is enough, whenever the provider was asked last')
def asked_right_after():
    for wait in (0, 0.5, 1.2, 1.9):
        reset()
        h = begin(pace=ASKED)
        h.send(ASK)
        shown = phone.scan(qr_text(h.receive(5)))
        # The app has the order, and the provider has said so.
        phone.wait(kind='request', endpoint='collect', hintCode='userSign')
        time.sleep(wait)
        phone.approve('nurse-one', order=shown['order'])
        h.send(ASK)
        m = h.receive(5)
        assert m['kind'] == VERDICT and VERDICTS[m['verdict']] == 'approved', (wait, m)
        ended(h)


@tap.test('pace asked: somebody who keeps asking makes nobody collect twice within a second')
def asked_often():
    for line, endpoint in ((RECORD, 'collect'), ('account %s 17 3 host 0 1 -' % me.pw_name, 'auth')):
        reset(line)
        h = begin(pace=ASKED)
        end = time.monotonic() + 5
        while time.monotonic() < end:
            h.send(ASK)
            assert code(h.receive(5))
            time.sleep(0.05)
        times = [e['at_ms'] for e in phone.journal(kind='request', endpoint=endpoint)]
        assert 3 <= len(times) <= 6, times              # five seconds of asking: more than one in two seconds, not more than one in one
        assert all(b - a >= 1000 for a, b in zip(times, times[1:])), times
        ended(h)


@tap.test('pace asked: the first Enter already gets a code')
def asked_at_once():
    reset()
    h = begin(pace=ASKED)
    h.send(ASK)
    assert code(h.receive(5))
    ended(h)


@tap.test('pace asked: an approval that nobody asks for again is no log-in')
def asked_and_gone():
    reset()
    h = begin(pace=ASKED)
    h.send(ASK)
    phone.scan(qr_text(h.receive(5)))
    phone.approve('nurse-one')
    phone.wait(kind='order', event='collected')
    time.sleep(0.5)
    ended(h)
    assert inst.read('acts') == '' and 'outcome=caller-gone' in inst.read('journal')


FAULTS = (
    ('auth', 'unreachable', ('internal-error', 'maintenance', 'request-timeout', 'html', 'truncated-json', 'cut-connection',
                             'oversized', 'redirect', 'reset')),
    ('auth', 'busy', ('too-many-requests',)),
    ('collect', 'unreachable', ('maintenance', 'truncated-json')),
)


@tap.test('BankID goes wrong: unreachable or busy, never approved, and the journal says what it was')
def faults():
    for endpoint, word, kinds in FAULTS:
        for kind in kinds:
            reset()
            phone.fault(kind, endpoint=endpoint)
            h = begin(timeout=25)
            v = verdict(h)
            assert v['word'] == word, (endpoint, kind, v)
            h.end()
            assert 'bankid: %s' % endpoint in inst.read('journal'), inst.read('journal')


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


@tap.test('one collect without an answer is no end')
def one_lost():
    reset()
    phone.fault('maintenance', endpoint='collect', count=2)
    h = begin()
    scan(h)
    phone.approve('nurse-one')
    assert verdict(h)['word'] == 'approved'
    ended(h)


@tap.test('answers with members of the wrong type or missing: no approval but of a whole answer')
def wrong_types():
    for field in ('status', 'completionData.user', 'completionData.user.personalNumber'):
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
    shutil.rmtree(room, ignore_errors=True)
