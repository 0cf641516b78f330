# SPDX-License-Identifier: LGPL-2.1-or-later
# test_place.py - su on a pseudo-terminal shows a code where its session is at this host, and not by any way round that
"""No terminal-qr here: what counts is what the kernel and logind know of the process that calls the module."""

import contextlib
import itertools
import os
import shlex

import pytest

import clinic as c
import host
from clinic import Screen, Watch

HERE, NOWHERE, REMOTE = 'Press Enter', 'Nobody can say where this terminal is shown', 'From where you are'


@pytest.fixture(scope='module')
def clinic(clinic):
    with c.configuration('terminal-qr = yes', 'terminal-qr = no'):
        yield clinic


# A scope may be there for a moment after its last process: none is used twice.
NUMBERS = (f'c{number}' for number in itertools.count(4711))


@contextlib.contextmanager
def session(**facts):
    """What logind would have written of a session, whose number it gives; gone afterwards."""
    number = next(NUMBERS)
    path = f'/run/systemd/sessions/{number}'
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as f:
        f.writelines(f'{name}={value}\n' for name, value in {'UID': '0', 'ACTIVE': 1, 'STATE': 'active', 'CLASS': 'user', **facts}.items())
    try:
        yield number
    finally:
        os.unlink(path)


def su():
    return c.as_user('nurse1', *c.su('nurse2'))


def in_scope(number, *command):
    """Where logind puts the processes of that session."""
    return ['systemd-run', '--quiet', '--scope', f'--unit=session-{number}', '--slice=user-4711.slice', '--', *command]


def meets(screen, watch, wanted):
    screen.wait_text(wanted, 60)
    if wanted == HERE:
        screen.type('\x03')
    screen.wait_exit(60)
    if wanted != HERE:
        assert watch.requests() == [], 'nothing was asked of BankID'


def test_without_a_session_nobody_can_say(clinic, watch):
    with Screen(su(), columns=80, rows=24) as screen:
        meets(screen, watch, NOWHERE)
    assert watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME='no-method')


@pytest.mark.parametrize('facts, wanted', [
    ({'REMOTE': 0, 'SEAT': 'seat0', 'TTY': 'tty2'}, HERE),
    ({'REMOTE': 0, 'SEAT': 'seat0', 'TTY': 'tty2', 'STATE': 'closing'}, NOWHERE),
    ({'REMOTE': 0, 'TTY': 'pts/0'}, NOWHERE),
    ({'REMOTE': 1, 'TTY': 'pts/0', 'REMOTE_HOST': '198.51.100.7'}, REMOTE),
    ({'REMOTE': 1, 'TTY': 'pts/0', 'REMOTE_HOST': '127.0.0.5'}, HERE),
], ids=['desk', 'left', 'no-seat', 'outside', 'inside'])
def test_a_session_says_where_it_is(facts, wanted, clinic, watch):
    with session(**facts) as number, Screen(in_scope(number, *su()), columns=80, rows=24) as screen:
        meets(screen, watch, wanted)


def test_nothing_that_a_user_can_set_counts(clinic, watch):
    """A session's number, seat and display in the environment; a control group that is called nearly like it."""
    with session(REMOTE=0, SEAT='seat0', TTY='tty2') as number:
        own = ['systemd-run', '--quiet', '--scope', f'--unit=user-session-{number}', '--slice=user-4711.slice', '--',
               'env', f'XDG_SESSION_ID={number}', 'XDG_SEAT=seat0', 'XDG_VTNR=2', 'DISPLAY=:0', *su()]
        with Screen(own, columns=80, rows=24) as screen:
            meets(screen, watch, NOWHERE)


def test_ssh_and_then_su(clinic, watch):
    """The session of a real sshd, by a key: from inside a code, from elsewhere none."""
    keys = c.Keys('nurse1')
    there = shlex.join(c.su('nurse2'))
    with c.sshd_config(c.Keys.SSHD):
        with Screen(c.ssh('nurse1', there, *keys.options(), '-tt'), columns=80, rows=24) as screen:
            meets(screen, watch, HERE)
        c.wait_no_helper()
        with c.configuration('inside = 127.0.0.0/8 ::1/128', 'inside = 192.0.2.0/24'):
            watch = Watch(clinic)
            with Screen(c.ssh('nurse1', there, *keys.options(), '-tt'), columns=80, rows=24) as screen:
                meets(screen, watch, REMOTE)
    assert host.processes('/usr/bin/su') == []
