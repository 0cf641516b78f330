# SPDX-License-Identifier: LGPL-2.1-or-later
# test_refused.py - who is not let in, what they are told and when, and what the administrator finds
"""Before a factor has proven the person, all names look the same; the reason comes after the proof."""

import json
import pwd
import re
import statistics
import time

import pytest

import clinic as c
from clinic import Screen, Timeout, Watch

# Published test numbers of Skatteverket (people.json); the doctor and the relative own what is refused here.
DOCTOR, RELATIVE, COORDINATION = '199908072391', '189001039800', '191401682396'


@pytest.fixture(scope='module')
def clinic(clinic):
    c.add_account('numberless')
    person = c.add_account('closed1', DOCTOR)
    c.run('careid', 'archive', 'account', 'closed1', '--yes')
    for login, dates in (('ended1', ()), ('coming1', ('--from', '2099-01-01'))):
        c.run('careid', 'account', 'add', login, '--person', person, '--organisation', 'clinic', '--kind', 'staff')
        made = c.run('careid', 'assign', login, 'nurse', 'oak', *dates).stdout
        if login == 'ended1':
            c.run('careid', 'unassign', made.split()[1], '--yes')
    person = c.add_account('left1', RELATIVE, language='da')
    c.run('careid', 'archive', 'person', person, '--yes')
    c.add_account('twice1', COORDINATION)
    yield clinic


def flat(screen):
    return ' '.join(c.plain(screen).split())


def test_somebody_else_approves(clinic, watch):
    """After the proof: a sentence and where help is, an audit entry, a journal line; no log-in."""
    with Screen(c.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
        shown = c.ssh_scan(screen, clinic)
        assert 'different person' not in flat(screen)
        clinic.phone.approve('nurse-two', order=shown['order'])
        c.ssh_refused(screen, 'The approval came from a different person')
        assert f'Help: {c.SUPPORT}' in c.plain(screen)
    entry, = watch.audit('login.refused')
    assert entry['detail']['reason'] == 'wrong-person' and entry['detail']['service'] == 'sshd', entry
    line = watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME='wrong-person', CAREID_ACCOUNT='nurse1')
    assert '1890' not in line['MESSAGE']
    watch.wait_journal(MESSAGE='user=nurse1 service=sshd verdict=wrong-person')
    watch.nothing_granted()
    assert c.run('careid', 'audit', 'verify').returncode == 0


def test_refused_on_the_phone(clinic, watch):
    """userCancel: said so, not a word of anything else."""
    with Screen(c.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
        shown = c.ssh_scan(screen, clinic)
        clinic.phone.refuse(order=shown['order'])
        c.ssh_refused(screen, 'The action was cancelled.')
    watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME='cancelled', CAREID_ACCOUNT='nurse1')
    watch.nothing_granted()


def test_a_blocked_bankid(clinic, watch):
    """certificateErr: the person is told to use another."""
    with Screen(c.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
        shown = c.ssh_scan(screen, clinic)
        clinic.phone.hint('certificateErr', order=shown['order'])
        c.ssh_refused(screen, 'Your BankID is blocked or too old.')
    watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME='denied', CAREID_ACCOUNT='nurse1')
    watch.nothing_granted()


def test_an_order_that_nobody_scans_is_renewed_in_silence_until_the_time_is_over(clinic, watch):
    """startFailed shows nothing but a new code; at the end a sentence, and the last order is cancelled."""
    with c.timeout(12), Screen(c.login('nurse1'), columns=80, rows=24) as screen:
        tokens = [screen.wait_qr().split('.')[1]]
        for n in (2, 3):
            clinic.phone.advance(31)
            c.eventually(lambda n=n: len(watch.orders()) == n, what='another order')
            tokens.append(c.eventually(lambda: next((q for q in [screen.qr()] if q and q.split('.')[1] not in tokens), None), what='its code').split('.')[1])
        assert len(set(tokens)) == 3
        assert 'Failed' not in flat(screen) and 'wrong' not in flat(screen)
        screen.wait_text('The time for this log-in is up.', 40)
        ends = [clinic.phone.wait_order_end(o['order'], 45) for o in watch.orders()]
        assert [(e['outcome'], e.get('hintCode')) for e in ends[:2]] == [('failed', 'startFailed')] * 2 and ends[-1]['outcome'] == 'cancelled', ends
    watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME='timed-out')
    watch.nothing_granted()


def masked(text, account):
    """A screen without what differs from one log-in to the next: name, check code, codes' pictures, counts of them."""
    text = re.sub(r'[▀▄█ ]{20,}', ' ', text.replace(account, 'NAME'))
    text = re.sub(r'\b[3479ACDEFHJKMNPQRTWXY]{4}\b(?=  )|(?<=Check code: )[A-Z0-9]{4}', 'CODE', text)
    return re.sub(r'(\S.*)(?:\n\1)+', r'\1', '\n'.join(line.strip() for line in text.splitlines() if line.strip()))


def look(account):
    """One log-in that nobody scans, with an Enter for each prompt until the end: screens, and seconds to the first code."""
    with Screen(c.ssh(account, 'id'), columns=80, rows=40) as screen:
        screen.wait_text(r'Enter[^\n]* $', 40)
        begun = time.monotonic()
        screen.type('\n')
        screen.wait_text('▀', 20)
        first = time.monotonic() - begun
        # An Enter each second, when BankID has to be asked: answers take as long.
        answers = []
        for _ in range(3):
            screen.wait_text(r'approved\. $', 20, len(screen.output) - 80)
            codes = [screen.wait_qr()]
            screen.wait_text(r'approved\. $', 10, len(screen.output) - 80)
            c.eventually(lambda t=time.monotonic(): time.monotonic() > t + 1.2, what='a second later')
            start, begun = len(screen.output), time.monotonic()
            screen.type('\n')
            screen.wait_text(r'approved\. $', 20, start)
            answers.append(time.monotonic() - begun)
            assert screen.wait_qr(40, codes)
        # Not by `q`: sshd replaces what is typed for names that nobody has, unless it is nothing.
        shown = c.plain(screen)
        c.ssh_interrupt(screen)
        return masked(shown, account), first, statistics.median(answers)


LOOKS_MIN, LOOKS_MAX = 2, 7


def test_a_name_that_nobody_has_looks_like_any_other(clinic):
    """Same screens; first code and each answer within the same bounds; BankID hears a probe but no order; the name is not in the
    journal.  On a busy machine single looks differ: what is no chance is there after any number of them."""
    seen = {}
    for n in range(1, LOOKS_MAX + 1):
        for account in ('nurse1', 'nobodyhasthis', 'numberless'):
            watch = Watch(clinic)
            seen.setdefault(account, []).append(look(account))
            asked = {f"{e['endpoint']} {e['method']}" for e in watch.requests()}
            if account == 'nurse1':
                assert len(watch.orders()) == 1
                watch.wait_orders_end('cancelled')
            else:
                assert watch.orders() == [] and asked == c.DECOY_REQUESTS, asked
            watch.nothing_granted()
            if account == 'nobodyhasthis':
                assert not watch.journal(SYSLOG_IDENTIFIER='careid-helper', MESSAGE='nobodyhasthis')
        screens = {text for looks in seen.values() for text, _, _ in looks}
        assert len(screens) == 1, screens
        firsts, answers = ({account: statistics.median(look[which] for look in looks) for account, looks in seen.items()} for which in (1, 2))
        assert min(first for looks in seen.values() for _, first, _ in looks) >= 0.69, seen
        if n >= LOOKS_MIN and all(max(medians.values()) - min(medians.values()) < 0.15 for medians in (firsts, answers)):
            return
    raise AssertionError((firsts, answers))


def end_of(account, clinic):
    """A log-in at the console that nobody scans: what is said at its end, and after how long."""
    watch = Watch(clinic)
    begun = time.monotonic()
    with Screen(c.login(account), columns=80, rows=24) as screen:
        screen.wait_qr()
        found = screen.wait_text(f'The time for this log-in is up[^\x1b]*{c.SUPPORT}', 40)
        seconds = time.monotonic() - begun
    assert len(watch.orders()) == (account == 'nurse1')
    watch.nothing_granted()
    return found[0], seconds


def test_an_unknown_name_ends_like_one_that_nobody_scans(clinic):
    """At the console, to the end of the time: the same words, the same seconds, but for a machine that is busy with other things."""
    with c.timeout(6):
        for _ in range(4):
            said, seconds = zip(*(end_of(account, clinic) for account in ('nurse1', 'nobodyhasthis', 'numberless')))
            assert len(set(said)) == 1, said
            if max(seconds) - min(seconds) < 1:
                return
    raise AssertionError(seconds)


@pytest.mark.parametrize('account, person, reason, word', [
    ('ended1', 'doctor', 'You have no assignment that is valid now.', 'not-assigned'),
    ('coming1', 'doctor', 'You have no assignment that is valid now.', 'not-assigned'),
    ('closed1', 'doctor', 'This account is closed.', 'archived'),
    ('left1', 'relative', 'Denne konto er lukket.', 'archived'),      # in the person's own language, Danish
])
def test_the_reason_comes_after_the_proof(clinic, watch, account, person, reason, word):
    """The right person is told why, and where help is; until then the screen says nothing of it."""
    with Screen(c.ssh(account, 'id'), columns=80, rows=40) as screen:
        shown = c.ssh_scan(screen, clinic)
        assert reason not in flat(screen) and c.SUPPORT not in flat(screen) and 'assignment' not in shown['text']
        clinic.phone.approve(person, order=shown['order'])
        assert 'Tryk på' not in flat(screen)
        c.ssh_refused(screen, reason)
        assert f'{"Hjælp" if account == "left1" else "Help"}: {c.SUPPORT}' in c.plain(screen)
        assert ('Tryk på Enter:' in flat(screen)) == (account == 'left1')
    assert [e['detail']['reason'] for e in watch.audit('login.refused')] == [word]
    watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME='refused', CAREID_ACCOUNT=account)
    watch.nothing_granted()


@pytest.mark.parametrize('account', ['ended1', 'closed1'])
def test_a_stranger_learns_nothing_of_an_account_that_is_closed_to_its_owner(clinic, watch, account):
    """Somebody else's approval: told the same as for any account."""
    with Screen(c.ssh(account, 'id'), columns=80, rows=40) as screen:
        shown = c.ssh_scan(screen, clinic)
        clinic.phone.approve('nurse-one', order=shown['order'])
        c.ssh_refused(screen, 'The approval came from a different person')
        assert 'account is closed' not in flat(screen) and 'no assignment' not in flat(screen)
    watch.nothing_granted()


@pytest.mark.parametrize('name', ['nurse1', 'nobody77'])
@pytest.mark.parametrize('letter', ['i', 'q', 'c', 'x'])
def test_a_letter_at_the_prompt_of_ssh_does_the_same_for_every_name(name, letter, clinic):
    """For names that the host does not know, sshd types something else, as long. Any letter turns the picture around."""
    with Screen(c.ssh(name, 'id'), columns=80, rows=40) as screen:
        c.ssh_begin(screen)
        screen.wait_qr()
        start = len(screen.output)
        screen.type(letter + '\n')
        screen.wait_text(r'when you have approved. $', 20, start)
        c.eventually(lambda: screen.qr() is None, what='an inverted picture')
        assert c.ssh_interrupt(screen) != 0
    c.wait_no_helper()


def test_a_local_account_of_the_same_name_is_not_the_directorys(clinic, watch):
    """The host says another uid than the care directory: a decoy before, nothing granted, with a key neither."""
    keys = c.Keys('twice1')
    with c.changed('/etc/passwd', lambda text: text + 'twice1:x:5055:5055::/tmp:/bin/sh\n'), \
            c.changed('/etc/shadow', lambda text: text + 'twice1:*:19000::::::\n'):
        with Screen(c.ssh('twice1', 'id'), columns=80, rows=40) as screen:
            c.ssh_begin(screen)
            screen.wait_qr()
            assert c.ssh_interrupt(screen) != 0
        c.wait_no_helper()
        assert watch.orders() == [] and {f"{e['endpoint']} {e['method']}" for e in watch.requests()} == c.DECOY_REQUESTS
        with c.sshd_config(keys.SSHD):
            done = c.run(*c.ssh('twice1', 'id', *keys.options(), '-o', 'LogLevel=INFO'), check=False)
            assert done.returncode == 255 and 'uid=' not in done.stdout
            assert 'This account can\'t be used on this computer.' in done.stderr, done
        watch.nothing_granted()


def test_the_uid_changes_between_order_and_approval(clinic, watch):
    """The answer is judged by what the host says then, not by what it said before."""
    with Screen(c.ssh('twice1', 'id'), columns=80, rows=40) as screen:
        shown = c.ssh_scan(screen, clinic)
        with c.changed('/etc/passwd', lambda text: text + 'twice1:x:5055:5055::/tmp:/bin/sh\n'):
            clinic.phone.approve('coordination', order=shown['order'])
            c.ssh_refused(screen, "This account can't be used on this computer.")
    watch.nothing_granted()


def test_a_uid_below_1000_is_never_granted(clinic, watch):
    """An account of the host's with a uid of the system's, in the care directory since it had another: no code, no order, no way in."""
    uid = max(set(range(900, 1000)) - {p.pw_uid for p in pwd.getpwall()})
    c.run('useradd', '-u', '5077', '-M', '-s', '/bin/sh', 'lowuid')
    c.add_account('lowuid', None, source='host')
    c.run('usermod', '-u', str(uid), 'lowuid')
    with Screen(c.ssh('lowuid', 'id'), columns=80, rows=40) as screen:
        assert screen.wait_exit(40) == 255
        assert 'uid=' not in c.plain(screen) and '▀' not in c.plain(screen)
    with Screen(c.as_user('nurse1', *c.su('lowuid')), columns=80, rows=24) as screen:
        assert screen.wait_exit(40) != 0 and 'uid=' not in c.plain(screen)
    assert watch.orders() == []
    assert watch.wait_journal(MESSAGE='user=lowuid service=sshd verdict=system-account')
    watch.nothing_granted()


def test_root_over_ssh_is_not_careids(clinic, watch):
    """root's name asks BankID nothing, whoever types it."""
    with Screen(c.ssh('root', 'id'), columns=80, rows=40) as screen:
        try:
            screen.wait_text('[Pp]assword', 10)
        except Timeout:
            pass                        # sshd itself refuses root first
        assert '▀' not in c.plain(screen) and 'BankID' not in c.plain(screen)
    assert watch.requests() == []
    watch.nothing_granted()


def foretold(account, source, watch):
    """What careid try says of a log-in from there over SSH: how it ends and why, its rule, and the groups; it starts nothing and writes nothing."""
    before = c.rows('SELECT count(*) AS n FROM audit')
    said = c.run('careid', 'try', account, '--from', source, '--service', 'sshd', '--json', check=False)
    assert watch.requests() == [] and c.rows('SELECT count(*) AS n FROM audit') == before
    rows = json.loads(said.stdout)['try']
    decision, = (row for row in rows if row['about'] == 'decision')
    code, = (row for row in rows if row['name'] == 'bankid-code')
    assert (said.returncode == 0) == (decision['answer'] == 'let-in')
    return decision['answer'], decision['reason'], code, {row['name'] for row in rows if row['about'] == 'group'}


@pytest.mark.parametrize('account, person, reason, sentence', [
    ('nurse1', 'nurse-one', 'approved', None),
    ('ended1', 'doctor', 'not-assigned', 'You have no assignment that is valid now.'),
    ('closed1', 'doctor', 'archived', 'This account is closed.'),
])
def test_what_try_says_is_what_a_log_in_then_is(clinic, watch, account, person, reason, sentence):
    """Let in or not, for that reason, with those groups: said before, and then done."""
    answer, why, code, groups = foretold(account, '127.0.0.1', watch)
    assert (answer, why) == ('refused' if sentence else 'let-in', reason)
    with open('/etc/careid/careid.conf') as f:
        line = next(n for n, text in enumerate(f, 1) if text.startswith('inside'))
    assert (code['answer'], code['reason'], code['rule']) == ('offered', 'inside', f'/etc/careid/careid.conf:{line}')
    watch.nothing_granted()
    with Screen(c.ssh(account, 'id -Gn'), columns=80, rows=40) as screen:
        shown = c.ssh_scan(screen, clinic)
        clinic.phone.approve(person, order=shown['order'])
        if sentence:
            c.ssh_refused(screen, sentence)
            assert not groups
        else:
            assert c.ssh_approved(screen) == 0
            got = set(c.plain(screen).splitlines()[-1].split())
            assert groups == got and 'unit-oak-nurse' in got, (groups, got)


def test_what_try_says_of_a_place_is_what_a_log_in_from_there_is(clinic, watch):
    """Outside of the networks of the organisation nothing is offered; the rule is the line that names them."""
    with c.configuration('inside = 127.0.0.0/8 ::1/128', 'inside = 127.0.0.1/32'):
        answer, why, code, groups = foretold('nurse1', '127.0.0.9', watch)
        assert (answer, why, code['reason'], groups) == ('refused', 'no-method', 'outside', set())
        assert foretold('nurse1', '127.0.0.1', watch)[:2] == ('let-in', 'approved')
        with Screen(c.ssh('nurse1', 'id', '-b', '127.0.0.9'), columns=80, rows=40) as screen:
            screen.wait_text(r'Enter[^\n]* $', 30)
            assert 'log-in with a QR code is not allowed' in flat(screen)
            screen.type('\n')
            assert screen.wait_exit(30) == 255
        watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME='no-method', CAREID_SOURCE='127.0.0.9')
    watch.nothing_granted()
