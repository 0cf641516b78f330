# SPDX-License-Identifier: LGPL-2.1-or-later
"""test-typed.py - the real helper program, and ways that are typed: what is asked, what is charged, what comes of it

The care directory is a double; no BankID is needed.
"""

import os

from harness import *

tap = Tap()
inst = Installed()
me = host_name()
ROOT = os.getuid() == 0
BANKID = '[bankid]\nenabled = yes\nendpoint = https://127.0.0.1:1/rp/v6.0\nca = %s/ca\ncertificate = %s/crt\nkey = %s/key\n' % (RUN, RUN, RUN)
NETWORK = '[network]\ninside = 192.0.2.0/24\n'
PASSWORD, TOTP, CODE, SMS = 1, 2, 3, 4                   # of credentials.h
MINE = 'account %s 17 1 host 0 1 189001019802' % me.pw_name
ROWS = (MINE, 'credential 17 1 correct', 'credential 17 2 123456')


def reset(allow, *rows, more=''):
    inst.forget()
    for name in ('ca', 'crt'):
        inst.write(name, 'none', 0o644)
    inst.write('key', 'none', 0o400)
    inst.configure('[methods]\nallow = %s\n%s%s%s' % (allow, more, NETWORK, BANKID))
    inst.accounts(*(rows or ROWS))


def begin(account=None, pace=LIVE, timeout=20, **fields):
    h = Helper(inst)
    fields.setdefault('tty', 'tty1')
    if 'source' in fields:
        del fields['tty']
    return h, h.verify(account or me.pw_name, pace=pace, timeout=timeout, **fields)


def acts():
    return inst.read('acts').splitlines()


def converse(answers, account=None, pace=LIVE, **fields):
    """All that is said to somebody who types these answers."""
    h, intro = begin(account, pace, **fields)
    said = [intro]
    if intro['kind'] == INTRO:
        h.send(START)
        if pace == ASKED:
            h.send(ASK)
        for answer in answers:
            said.append(h.receive())
            if said[-1] is None or said[-1]['kind'] != PROMPT:
                break
            h.send(ANSWER, answer=answer.encode())
        else:
            said.append(h.receive())
    h.end()
    return said


def verdict(said):
    assert said[-1]['kind'] == VERDICT, said
    return VERDICTS[said[-1]['verdict']]


def blank(said):
    """What depends on chance and clock, and on the name that was typed, is taken out."""
    return [{k: v for k, v in m.items() if k not in ('check_code', 'seconds', 'about')} for m in said if m]


@tap.test('a password and a code: approved, recorded with how, each charged before it was compared; what was typed is nowhere')
def both():
    if not ROOT:
        return 'needs root'
    for pace in (LIVE, ASKED, TYPED):
        reset('password+totp')
        said = converse(['correct', '123456'], pace=pace)
        assert verdict(said) == 'approved' and said[-1]['account'] == me.pw_name, said
        assert said[0].get('types') == 1 and 'ways' not in said[0] and 'may_turn' not in said[0], said[0]
        assert [(FACTORS[m['factor']], m['echo'], m['text']) for m in said[1:-1]] == [
            ('password', 0, 'Password'), ('totp', 1, 'One-time code of your app or device')], said
        assert acts() == ['charge 17 1 inside', 'compare 17 1 right', 'charge 17 2 inside', 'compare 17 2 right',
                          'login 17 password+totp password+totp two-factor login - -'], acts()
        for name in ('acts', 'journal'):
            assert 'correct' not in inst.read(name) and '123456' not in inst.read(name), name


@tap.test('what was wrong with the first shows only when the second was asked for; three tries, then it is over')
def tries():
    if not ROOT:
        return 'needs root'
    for wrong in (('wrong', '123456'), ('correct', '999999'), ('', '')):
        for pace in (LIVE, ASKED):
            reset('password+totp')
            said = converse(wrong * 4, pace=pace)
            assert verdict(said) == 'denied', said
            assert [FACTORS[m['factor']] for m in said[1:-1]] == ['password', 'totp'] * 3, said
            assert [m['help'] for m in said[1:-1]] == ['', '', 'That was not right. Please try again.', ''] + [
                'That was not right. Please try again.', ''], said
            assert 'That was not right' in said[-1]['text']
            assert len([a for a in acts() if a.startswith('charge')]) == (0 if wrong[0] == '' else 6), acts()
            assert not [a for a in acts() if a.startswith('login')]
    reset('password+totp')
    assert verdict(converse(['wrong', '123456', 'correct', '123456'])) == 'approved'
    reset('password+totp')
    assert verdict(converse(['correct', '999999', 'wrong', '123456', 'correct', '1'])) == 'denied', 'halves of different tries are none'


@tap.test('a name that nobody has, one without credentials, and a wrong answer: the same messages, and as many charges')
def alike():
    if not ROOT:
        return 'needs root'
    for allow in ('password+totp', 'password', 'password+totp, password'):
        told, charged = [], []
        for account, rows, answers in (
                (None, ROWS, ['wrong', '999999'] * 3),
                ('nobodyhasthis', ROWS, ['correct', '123456'] * 3),
                (None, (MINE,), ['correct', '123456'] * 3),
                (None, (MINE.replace(' 0 1 ', ' 1 1 '),), ['correct', '123456'] * 3),
                (None, (MINE.replace(' 0 1 ', ' 0 0 '),), ['correct', '123456'] * 3),
                (None, (MINE.replace('189001019802', '-'),), ['correct', '123456'] * 3)):
            reset(allow, *rows)
            told.append(blank(converse(answers, account)))
            charged.append(len([a for a in acts() if a.startswith('charge')]))
        assert all(t == told[0] for t in told), (allow, told)
        assert charged == [charged[0]] * len(charged) and charged[0] > 0, charged


@tap.test('who is refused reads why only when all was right: closed, no assignment')
def reasons():
    if not ROOT:
        return 'needs root'
    for row, text in ((MINE.replace(' 0 1 ', ' 1 1 '), 'closed'), (MINE.replace(' 0 1 ', ' 0 0 '), 'no assignment')):
        reset('password+totp', row, *ROWS[1:])
        said = converse(['correct', '123456'])
        assert verdict(said) == 'refused' and text in said[-1]['text'], said
        assert [a for a in acts() if a.startswith('refused 17')], acts()
        reset('password+totp', row, *ROWS[1:])
        assert text not in converse(['correct', '1'] * 3)[-1]['text']


@tap.test('outside, a password alone is not offered (S1), and the limits count where it came from')
def outside():
    if not ROOT:
        return 'needs root'
    reset('password+totp, password')
    said = converse(['correct', '123456'], source='198.51.100.7', service='sshd', pace=ASKED)
    assert verdict(said) == 'approved' and 'ways' not in said[0], said
    assert acts()[0] == 'charge 17 1 198.51.100.7', acts()
    reset('password')
    said = converse(['correct'], source='198.51.100.7', service='sshd')
    assert verdict(said) == 'no-method' and acts() == [], said
    reset('password+totp')
    converse(['correct', '123456'], tty='pts/7')
    assert acts()[0] == 'charge 17 1 unknown', 'where nobody can say, it is nobody\'s'


@tap.test('another way: named, begun anew, and back; what was not finished counts for nothing')
def ways():
    if not ROOT:
        return 'needs root'
    reset('password, password+totp')
    h, intro = begin()
    assert intro['ways'] == 'Other ways: password + one-time code of an app or device.', intro
    assert 'a: another way' in intro['menu'], intro
    h.send(START)
    first = h.receive()
    assert first['help'] == intro['ways'] + '\nEnter alone leads to the next of them.', first
    h.send(WAY)
    second = h.receive()
    assert second['help'] == 'Other ways: password.\nEnter alone leads to the next of them.', second
    h.send(ANSWER, answer=b'correct')
    assert FACTORS[h.receive()['factor']] == 'totp'
    h.send(WAY)
    assert FACTORS[h.receive()['factor']] == 'password'
    h.send(ANSWER, answer=b'wrong')
    assert h.receive()['help'] == 'That was not right. Please try again.'
    h.send(ANSWER, answer=b'correct')
    last = h.receive()
    assert VERDICTS[last['verdict']] == 'approved', last
    h.end()
    assert acts()[-1].startswith('login 17 password password one-factor'), acts()


@tap.test('other ways without end, answers nobody asked for, an ASK in place of an answer: closed, nothing compared')
def hostile():
    if not ROOT:
        return 'needs root'
    reset('password, password+totp')
    h, _ = begin()
    h.send(START)
    for _ in range(10):
        assert h.receive()['kind'] == PROMPT
        h.send(WAY)
    assert h.receive()['kind'] == PROMPT
    h.send(WAY)
    assert h.receive() is None and h.end() == 0
    for packets in ([encode(ANSWER, answer=b'correct')], [encode(START), encode(ANSWER, answer=b'x' * 513)],
                    [encode(START), encode(ANSWER, answer=b'a\0b')], [encode(START), encode(TURN)]):
        reset('password')
        h, _ = begin()
        for packet in packets:
            h.raw(packet)
        h.until(lambda m: False)
        assert h.end() == 0 and acts() == [], (packets, acts())
    reset('password')
    h, _ = begin(pace=ASKED)
    h.send(START)
    h.send(ASK)
    assert h.receive()['kind'] == PROMPT
    h.send(ASK)
    assert h.receive() is None and h.end() == 0 and acts() == []
    reset('password')
    h, intro = begin()
    assert 'ways' not in intro
    h.send(START)
    h.receive()
    h.send(WAY)
    assert h.receive() is None and h.end() == 0, 'there is no other way'


@tap.test('what can\'t be charged is not compared, and not wrong: out of order; killed in between, it was charged')
def charged():
    if not ROOT:
        return 'needs root'
    for fault in ('fail charge', 'fail compare'):
        reset('password', *ROWS, fault)
        said = converse(['correct'])
        assert verdict(said) == 'broken' and 'compare 17 1 right' not in acts(), said
    reset('password', *ROWS, 'die compare')
    h, _ = begin()
    h.send(START)
    h.receive()
    h.send(ANSWER, answer=b'correct')
    assert h.receive() is None and acts() == ['charge 17 1 inside'], acts()
    h.kill()


@tap.test('nobody types: the time passes, in every pace')
def late():
    if not ROOT:
        return 'needs root'
    for pace in (LIVE, ASKED, TYPED):
        reset('password')
        h, _ = begin(pace=pace, timeout=5)
        h.send(START)
        if pace == ASKED:
            h.send(ASK)
        assert h.receive()['kind'] == PROMPT
        end = h.receive()
        assert VERDICTS[end['verdict']] == 'timed-out', end
        assert h.end() == 0


@tap.test('a helper that a user has started offers nothing that is typed')
def users():
    if ROOT and not os.access(RUN, os.X_OK):
        return 'folders are shut'
    uid = me.pw_uid if ROOT else None
    for pace in (LIVE, ASKED, TYPED):
        reset('password, password+totp')
        h = Helper(inst, uid=uid)
        end = h.verify(me.pw_name, pace=pace)
        assert end['kind'] == VERDICT and VERDICTS[end['verdict']] == 'no-method', end
        h.end()
        assert acts() == []


@tap.test('retired: whoever types a password is told so when it was right; before that day, until when it is good')
def retired():
    if not ROOT:
        return 'needs root'
    past = '[password]\nretired-from = 2026-11-22\n'       # the double's today
    reset('password+totp', more=past)
    said = converse(['correct', '123456'])
    assert verdict(said) == 'refused' and 'not open to you' in said[-1]['text'], said
    assert [a for a in acts() if a == 'refused 17 way-closed'], acts()
    reset('password+totp', more=past)
    assert 'not open' not in converse(['wrong', '123456'] * 3)[-1]['text'], 'before proof'
    reset('password+totp', *ROWS, 'exempt 17', more=past)
    said = converse(['correct', '123456'])
    assert verdict(said) == 'approved', said
    soon = '2026-11-29'
    reset('password+totp', more='[password]\nretired-from = %s\n' % soon)
    said = converse(['correct', '123456'])
    assert verdict(said) == 'approved' and soon in said[1]['help'] and 'e-ID' in said[1]['help'], said


tap.run()
