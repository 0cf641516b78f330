# SPDX-License-Identifier: LGPL-2.1-or-later
"""bankid_shown.py - what is shown while somebody approves, to whoever asks"""

import re
import select
import time

from bankid_bench import *  # noqa: F403


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
