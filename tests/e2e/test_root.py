# SPDX-License-Identifier: LGPL-2.1-or-later
# test_root.py - X8: whatever is broken, root and the break-glass account get in at the console, and nobody else does
"""Real log-ins with login(1) on a terminal, with the profile enabled, in every state of disorder; in the same state a
careid user is refused and told so."""

import contextlib
import os
import re

import host
import pytest
from host import COMPILED, CONFIG, DIRECTORY, HELPER, KEYS, MODULE, PLUGIN, ROLES, STATE, Journal, Terminal

ROOT, KEEPER = 'root-pw-1', 'keeper-pw-1'
OUT_OF_ORDER = r'Log-in with e-ID is out of order on this computer'
NOT_POSSIBLE = r'Logging in with an e-ID is not possible right now'
INCORRECT = r'Login incorrect'
PUBLIC = (ROLES + '/public.snapshot', ROLES + '/public.delta')


@contextlib.contextmanager
def unreadable_configuration():
    with host.kept(CONFIG):
        with open(CONFIG, 'a') as f:
            f.write('[bankid]\ncollour = green\n')
        assert host.run('careid', 'apply', check=False).returncode != 0
        yield


@contextlib.contextmanager
def script_for_a_helper():
    with host.kept(HELPER):
        with open(HELPER + '.new', 'w') as f:
            f.write('#!/bin/sh\nexit 1\n')
        host.run('chmod', '755', HELPER + '.new')
        host.run('mv', HELPER + '.new', HELPER)
        yield


# What is out of order -> (how, what a careid user at the console is told, what the journal says).  A code that nobody can
# approve is what names that the host doesn't know are shown (X15); a real code is a log-in that works.
REFUSED, DECOY, WORKS = 'refused', 'a code without an order', 'a code with an order'
FAULTS = {
    'pam_eid.so is gone': (lambda: host.gone(MODULE), REFUSED, INCORRECT, r'pam_eid\.so'),
    'pam_eid.so is damaged': (lambda: host.damaged(MODULE), REFUSED, INCORRECT, r'pam_eid\.so'),
    'pam_eid.so is cut short': (lambda: host.truncated(MODULE, 0), REFUSED, INCORRECT, r'pam_eid\.so'),
    'the helper is gone': (lambda: host.both(host.services_fresh(), host.gone(HELPER)), REFUSED, NOT_POSSIBLE, r'verdict=no-helper'),
    'the helper and its sockets are gone': (lambda: host.both(host.sockets_stopped(), host.gone(HELPER)), REFUSED,
                                            NOT_POSSIBLE, r'verdict=no-helper'),
    'the helper is another program': (lambda: host.both(host.services_fresh(), script_for_a_helper()), REFUSED, NOT_POSSIBLE, r'verdict=no-helper'),
    'the sockets are stopped': (host.sockets_stopped, WORKS, None, None),
    'the directory is gone': (lambda: host.gone(DIRECTORY), REFUSED, OUT_OF_ORDER, r'there is no directory yet'),
    'the directory is damaged': (lambda: host.damaged(DIRECTORY, 0, b'\0' * 4096), REFUSED, OUT_OF_ORDER, r'care directory: '),
    'the directory is cut short': (lambda: host.truncated(DIRECTORY, 5000), REFUSED, OUT_OF_ORDER, r'care directory: '),
    'the state is gone': (lambda: host.gone(STATE), REFUSED, OUT_OF_ORDER, r'careid\.compiled: No such file'),
    'the keys are gone': (lambda: host.gone(KEYS), REFUSED, OUT_OF_ORDER, r'keys'),
    'the configuration in use is gone': (lambda: host.gone(COMPILED), REFUSED, OUT_OF_ORDER, r'run: careid apply'),
    'the configuration in use is damaged': (lambda: host.damaged(COMPILED), REFUSED, OUT_OF_ORDER, r'the compiled configuration is damaged'),
    'careid.conf is gone': (lambda: host.gone(CONFIG), WORKS, None, None),
    'careid.conf has a mistake': (unreadable_configuration, WORKS, None, None),
    'the snapshots are gone': (lambda: host.gone(ROLES), DECOY, None, None),
    'the snapshots are damaged': (lambda: host.both(*(host.damaged(p) for p in PUBLIC)), REFUSED, NOT_POSSIBLE,
                                  r"the host's user database: Bad message"),
    'the snapshots are cut short': (lambda: host.both(*(host.truncated(p, 100) for p in PUBLIC)), REFUSED, NOT_POSSIBLE,
                                    r"the host's user database: Bad message"),
    'the snapshots are empty': (lambda: host.both(*(host.truncated(p, 0) for p in PUBLIC)), REFUSED, NOT_POSSIBLE,
                                r"the host's user database: Bad message"),
    'libnss_careroles is gone': (lambda: host.gone(PLUGIN), DECOY, None, None),
    'libnss_careroles is damaged': (lambda: host.damaged(PLUGIN), DECOY, None, None),
}


@pytest.fixture(scope='module', autouse=True)
def clinic(clinic):
    host.run('useradd', '-m', '-s', '/bin/bash', 'keeper')
    host.run('chpasswd', text=f'root:{ROOT}\nkeeper:{KEEPER}\n')
    with open('/etc/sudoers.d/keeper', 'w') as f:
        f.write('keeper ALL = (ALL) ALL\n')
    with open(host.BREAKGLASS, 'a') as f:
        f.write('keeper\n')
    yield clinic


@pytest.mark.parametrize('fault', FAULTS)
def test_root_logs_in_at_the_console(fault):
    """By its password alone, to a shell, and nothing of careid is waited for."""
    with FAULTS[fault][0](), Terminal(['login', 'root']) as terminal:
        terminal.wait_text(r'Password: ', 5)
        terminal.type(ROOT + '\n')
        terminal.wait_text(r'# $', 5)
        terminal.type('echo uid=$(id -u); exit\n')
        assert terminal.wait_exit(5) == 0
        assert 'uid=0' in terminal.text


@pytest.mark.parametrize('fault', FAULTS)
def test_the_break_glass_account_logs_in_and_becomes_root_with_sudo(fault):
    """With its unix password for both: neither login nor sudo asks careid."""
    with FAULTS[fault][0](), Terminal(['login', 'keeper']) as terminal:
        terminal.wait_text(r'Password: ', 5)
        terminal.type(KEEPER + '\n')
        terminal.wait_text(r'keeper@\S*\$ ', 5)
        terminal.type('echo uid=$(sudo -k id -u); exit\n')
        terminal.wait_text(r'password for keeper: ', 10)
        terminal.type(KEEPER + '\n')
        assert terminal.wait_exit(10) == 0
        assert 'uid=0' in terminal.text


@pytest.mark.parametrize('fault', FAULTS)
def test_a_careid_user_is_refused_with_a_message_or_has_to_approve(fault, clinic):
    """Never let in, never asked for a password; what is broken is said on the screen and its reason in the journal."""
    make, answer, told, reason = FAULTS[fault]
    journal, since = Journal(), clinic.phone.status()['seq']
    with make(), Terminal(['login', 'nurse1']) as terminal:
        if answer == REFUSED:
            terminal.wait_text(told, 15)
            terminal.wait_text(r'login: $', 15)
        else:
            terminal.wait_text(r'Check code', 15)
            if answer == WORKS:
                clinic.phone.wait_order(60, since=since)
            else:
                terminal.wait_text('▄▄▄', 15)                   # a code is drawn
                assert not clinic.phone.journal(kind='order', event='created', since=since)
            terminal.type('\n')
            terminal.wait_text(r'c: cancel', 10)
            terminal.type('c\n')
            terminal.wait_text(r'login: $', 15)
        assert 'assword' not in terminal.text
        assert 'nurse1@' not in terminal.text
    if reason:
        assert re.search(reason, journal.text())


def test_root_needs_the_password_whatever_is_broken():
    """Break-glass is a way in for those who have the password, not a door left open."""
    with host.gone(MODULE), Terminal(['login', 'root']) as terminal:
        terminal.wait_text(r'Password: ', 5)
        terminal.type('wrong\n')
        terminal.wait_text(INCORRECT, 10)


def test_a_break_glass_account_that_is_struck_off_needs_an_e_id_like_all_others():
    """The list is read at each log-in; a name that is not in it is careid's business."""
    with host.kept(host.BREAKGLASS):
        with open(host.BREAKGLASS, 'w') as f:
            f.write('# nobody\n')
        with Terminal(['login', 'keeper']) as terminal:
            terminal.wait_text(r'Check code', 10)
            assert 'assword' not in terminal.text


# As pam_eid(8) has it; in the place of a security key, which takes a hand, something that asks for a word.
KEY = '/usr/local/sbin/kiosk-key'
KIOSK = f'''
auth    [success=3 default=ignore]  pam_succeed_if.so quiet uid = 0
auth    [success=2 default=ignore]  pam_listfile.so item=user sense=allow \\
            file=/etc/careid/breakglass onerr=fail quiet
auth    [success=done auth_err=ignore default=die]  pam_eid.so kiosk=yes
auth    [success=done default=die]  pam_exec.so quiet expose_authtok {KEY}
'''


@pytest.fixture
def kiosk():
    with open(KEY, 'w') as f:
        f.write('#!/bin/sh\n[ "$(tr -d \'\\0\')" = touched ]\n')
    os.chmod(KEY, 0o755)
    with host.kept('/etc/pam.d/login'):
        with open('/etc/pam.d/login') as f:
            stack = f.read()
        assert stack.count('@include common-auth\n') == 1
        with open('/etc/pam.d/login', 'w') as f:
            f.write(stack.replace('@include common-auth\n', KIOSK + '@include common-auth\n'))
        yield
    os.unlink(KEY)


@pytest.mark.parametrize('name, password, prompt', [('root', ROOT, r'# $'), ('keeper', KEEPER, r'keeper@\S*\$ ')])
def test_the_key_of_a_kiosk_is_not_asked_of_root_and_the_break_glass_account(name, password, prompt, kiosk):
    """Their passwords alone, whether or not anything of careid works."""
    with host.gone(COMPILED), Terminal(['login', name]) as terminal:
        terminal.wait_text(r'Password: ', 10)
        terminal.type(password + '\n')
        terminal.wait_text(prompt, 10)
        terminal.type('exit\n')
        assert terminal.wait_exit(10) == 0


@pytest.mark.parametrize('word, answer', [('touched', r'nurse1@\S*\$ '), ('held', INCORRECT)])
def test_who_gives_the_code_of_a_kiosk_up_is_asked_for_the_key(word, answer, kiosk):
    """One of both, and nothing else: no password after it."""
    with Terminal(['login', 'nurse1']) as terminal:
        terminal.wait_text(r'Check code', 15)
        terminal.type('\n')
        terminal.wait_text(r'c: cancel', 10)
        terminal.type('c\n')
        terminal.wait_text(r'Password: ', 15)
        terminal.type(word + '\n')
        terminal.wait_text(answer, 15)
        assert terminal.text.count('assword') == 1


def test_a_kiosk_that_is_out_of_order_does_not_ask_for_the_key(kiosk):
    """The manual's stack as it stands: an outage ends it."""
    with host.gone(COMPILED), Terminal(['login', 'nurse1']) as terminal:
        terminal.wait_text(OUT_OF_ORDER, 15)
        terminal.wait_text(r'login: $', 15)
        assert 'assword' not in terminal.text


def test_all_of_it_works_again_when_it_is_whole(clinic):
    """What the tests above took away is back: a code with an order, at the console."""
    since = clinic.phone.status()['seq']
    with Terminal(['login', 'nurse1']) as terminal:
        terminal.wait_text(r'Check code', 10)
        clinic.phone.wait_order(60, since=since)
