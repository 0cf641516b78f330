# SPDX-License-Identifier: LGPL-2.1-or-later
# test_rules.py - who may log in how, from where: what careid try says, beside real log-ins from inside and outside (S1, K3, X7)
"""Addresses of network namespaces: two machines of their own behind a link each, one in [network] inside and one not."""

import contextlib
import json
import pathlib

import pytest

import clinic as c
from clinic import Screen, Watch, run

INSIDE, OUTSIDE = ('10.77.1.2', '10.77.1.1'), ('198.51.100.2', '198.51.100.1')
CONF = pathlib.Path('/etc/careid/careid.conf.d/70-rules.conf')
NETWORKS = '[network]\ninside = 127.0.0.0/8 ::1/128 10.77.0.0/16\n'


@contextlib.contextmanager
def machine(name, there, here):
    run('ip', 'netns', 'add', name)
    try:
        run('ip', 'link', 'add', f'v-{name}', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
        run('ip', 'address', 'add', here + '/24', 'dev', f'v-{name}')
        run('ip', 'link', 'set', f'v-{name}', 'up')
        run('ip', '-n', name, 'address', 'add', there + '/24', 'dev', 'eth0')
        run('ip', '-n', name, 'link', 'set', 'eth0', 'up')
        run('ip', '-n', name, 'link', 'set', 'lo', 'up')
        yield
    finally:
        run('ip', 'netns', 'delete', name)


@pytest.fixture(scope='module')
def machines(clinic):
    with machine('ward', *INSIDE), machine('cafe', *OUTSIDE), c.sshd_config(f'ListenAddress {INSIDE[1]}\nListenAddress {OUTSIDE[1]}\n'):
        yield clinic


@contextlib.contextmanager
def rules(text):
    CONF.write_text(NETWORKS + text)
    try:
        c.careid_apply()
        yield
    finally:
        CONF.unlink()
        c.careid_apply()


def tried(account, address):
    """What careid try says of a log-in by sshd: the decision, and each way with its rule."""
    said = json.loads(run('careid', 'try', account, '--from', address, '--service', 'sshd', '--json', check=False).stdout)['try']
    decision, = (row for row in said if row['about'] == 'decision')
    return (decision['answer'], decision['reason']), {row['name']: (row['answer'], row['reason'], row['rule']) for row in said if row['about'] == 'way'}


def ssh(account, place, to):
    return ['ip', 'netns', 'exec', place, *(word.replace('127.0.0.1', to) for word in c.ssh(account, 'echo in'))]


def logs_in(clinic, account, place, to, person='nurse-one'):
    """Does a real log-in end well, of the person approving all that they are shown?"""
    with Screen(ssh(account, place, to), columns=80, rows=40) as screen:
        screen.wait_text(r'Enter[^\n]* $', 60)
        if 'no way to log in' in ' '.join(c.plain(screen).split()):
            screen.type('\n')
            assert screen.wait_exit(60) != 0
            return False
        shown = c.ssh_scan(screen, clinic)
        clinic.phone.approve(person, order=shown['order'])
        return c.ssh_approved(screen) == 0


QR = '[bankid]\nremote-qr = yes\n'
CASES = {
    'no rule': ('', True, True),
    'outside denied': ('[rule far]\nfrom = outside\ndeny = all\n', True, False),
    'inside denied': ('[rule near]\nfrom = inside\ndeny = all\n', False, True),
    'a network denied': ('[rule near]\nfrom = 10.77.1.0/24\ndeny = all\n', False, True),
    'the first that matches': ('[rule near]\nfrom = inside\nkind = staff\nallow = bankid\n[rule all]\ndeny = all\n', True, False),
    'nurses denied': ('[rule nurses]\nrole = nurse\ndeny = all\n', False, False),
    'other roles denied': ('[rule others]\nrole = doctor\ndeny = all\n', True, True),
    'su denied': ('[rule su]\nservice = su\ndeny = all\n', True, True),
    'over': ('[rule over]\nuntil = 2020-01-01\ndeny = all\n', True, True),
    'not yet': ('[rule later]\nsince = 2999-01-01\ndeny = all\n', True, True),
}


@pytest.mark.parametrize('case', CASES)
def test_careid_try_says_what_a_real_log_in_meets(case, machines):
    text, inside, outside = CASES[case]
    with rules(QR + text):
        for place, (there, here), wanted in (('ward', INSIDE, inside), ('cafe', OUTSIDE, outside)):
            decision, ways = tried('nurse1', there)
            assert (decision[0] == 'let-in') == wanted, (decision, ways)
            watch = Watch(machines)
            assert logs_in(machines, 'nurse1', place, here) == wanted, (place, decision, ways)
            assert [(login['name'], login['source']) for login in watch.logins()] == ([('nurse1', there)] if wanted else [])
            c.wait_no_helper()


def test_the_rule_that_decides_is_named_with_its_line(machines):
    with rules(QR + '[rule near]\nfrom = inside\nallow = bankid\n\n[rule far]\nkind = staff\ndeny = all\n'):
        line = CONF.read_text().splitlines().index
        assert tried('nurse1', INSIDE[0])[1]['bankid'] == ('open', 'by-rule', f'{CONF}:{line("[rule near]") + 1} [rule near]')
        decision, ways = tried('nurse1', OUTSIDE[0])
        assert decision == ('refused', 'way-closed') and ways['bankid'] == ('shown', 'not-by-rule', f'{CONF}:{line("[rule far]") + 1} [rule far]')


def test_a_name_that_nobody_has_is_shown_what_a_refused_one_is(machines):
    """X15: a rule about staff says nothing before the proof."""
    told = []
    with rules(QR + '[rule staff]\nkind = staff\ndeny = all\n'):
        for account in ('nurse1', 'nobodyhasthis'):
            with Screen(ssh(account, 'ward', INSIDE[1]), columns=80, rows=40) as screen:
                screen.wait_text(r'Enter[^\n]* $', 60)
                told.append(c.plain(screen).replace(account, 'NAME').replace(c.check_code(screen), 'CODE'))
            c.wait_no_helper()
    assert told[0] == told[1], told


REFUSED = {
    'one factor from outside': ('[methods]\nallow = bankid, password\n[rule far]\nfrom = outside\nallow = password\n', 7, 'two factors or an e-ID are required'),
    'a method that is not allowed': ('[rule far]\nallow = mail\n', 5, r'names mail, which [methods] allow does not'),
    'can never match': ('[rule all]\ndeny = all\n[rule more]\nkind = staff\nallow = bankid\n', 7, 'can never match: before it, [rule all]'),
    'an unknown method': ('[methods]\nallow = bankid, pasword\n', 6, 'did you mean password?'),
    'no such kind': ('[rule a]\nkind = nurse\n', 6, 'must be of these, separated by commas: staff'),
}


@pytest.mark.parametrize('case', REFUSED)
def test_apply_refuses_nonsense_with_file_line_and_the_right_form(case, machines):
    text, line, says = REFUSED[case]
    CONF.write_text(NETWORKS + QR + text)
    try:
        told = run('careid', 'apply', check=False)
        assert told.returncode != 0 and f'{CONF}:{line}: ' in told.stderr and says in told.stderr, told.stderr
        assert 'stays in force' in told.stderr
    finally:
        CONF.unlink()
    c.careid_apply()


def test_check_names_the_holes(machines):
    with rules(QR + '[methods]\nallow = bankid, mail\n[assurance]\nregime = pdl\n[rule ext]\nkind = external\ndeny = all\n'):
        said = run('careid', 'check', check=False).stdout
        for part in ('weak, since one factor', 'not strong under pdl', f'[rule ext] {CONF}:9: lets nobody in'):
            assert part in said, said
