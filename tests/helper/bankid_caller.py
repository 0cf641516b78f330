# SPDX-License-Identifier: LGPL-2.1-or-later
"""bankid_caller.py - the caller asks, goes, or is too late"""

import signal
import subprocess
import time

from bankid_bench import *  # noqa: F403


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
