# SPDX-License-Identifier: LGPL-2.1-or-later
# test_session.py - sessions in the care directory: opened, joined to their log-in, closed however they end, and who has one now
"""What is recorded is what happened; what can't be recorded is not opened."""

import os
import re
import signal

import pytest

import clinic as c
from clinic import Screen


@pytest.fixture(scope='module')
def keys(clinic):
    keys = c.Keys('nurse1', 'nurse2')
    with c.sshd_config(c.Keys.SSHD):
        yield keys


def closed(watch, n=1):
    return c.eventually(lambda: [s for s in watch.sessions() if s['closed']][n - 1:] and watch.sessions(), what=f'the end of {n} sessions')


def test_a_session_is_listed_while_it_lasts(clinic, watch, keys):
    """`careid list sessions` has it, with account, service and address."""
    with Screen(c.ssh('nurse1', 'echo in; read answer', *keys.options()), columns=80, rows=24) as screen:
        screen.wait_text(r'in\r?\n')
        listed = c.run('careid', 'list', 'sessions', '--json').stdout
        assert 'nurse1' in listed and 'sshd' in listed and '127.0.0.1' in listed, listed
        session, = watch.sessions()
        assert session['closed'] is None
        screen.type('\n')
        assert screen.wait_exit(20) == 0
    closed(watch)


def test_two_sessions_of_one_person_are_closed_one_by_one(clinic, watch, keys):
    """The end of one is not the end of the other."""
    command = ('nurse1', 'echo in; read answer', *keys.options())
    with Screen(c.ssh(*command), columns=80, rows=24) as first, Screen(c.ssh(*command), columns=80, rows=24) as second:
        first.wait_text(r'in\r?\n')
        second.wait_text(r'in\r?\n')
        assert [s['closed'] for s in watch.sessions()] == [None, None]
        first.type('\n')
        assert first.wait_exit(10) == 0
        closed(watch)
        assert sum(s['closed'] is None for s in watch.sessions()) == 1
        second.type('\n')
        assert second.wait_exit(10) == 0
        closed(watch, 2)


@pytest.mark.parametrize('how', [signal.SIGTERM, signal.SIGHUP], ids=['terminated', 'hung-up'])
def test_a_session_whose_sshd_is_ended_is_closed(clinic, watch, keys, how):
    """sshd is told to go: it closes the session on its way."""
    with Screen(c.ssh('nurse1', 'echo in; read answer', *keys.options()), columns=80, rows=24) as screen:
        screen.wait_text(r'in\r?\n')
        monitor, = c.run('pgrep', '-f', r'^sshd: nurse1 \[priv\]').stdout.split()
        os.kill(int(monitor), how)
        screen.wait_exit(20)
    closed(watch)


def test_a_console_session_is_joined_to_its_login_and_closed_with_its_shell(clinic, watch):
    """Also by kill -9 of the shell: login waits for it as root, and closes the session."""
    with Screen(c.login('nurse1'), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-one', order=shown['order'])
        screen.wait_text(r'\$ ', 40)
        session, = watch.sessions()
        login, = watch.logins()
        assert session['login'] == login['id'] and re.fullmatch(r'pts/\d+', session['tty']), session
        screen.type('kill -9 $$\n')
        screen.wait_exit(40)
        closed(watch)


def test_a_session_of_su_is_one_of_the_account_that_it_becomes(clinic, watch):
    """su opens nurse2's session, with nurse2's log-in."""
    with Screen(c.as_user('nurse1', *c.su('nurse2')), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-two', order=shown['order'])
        assert screen.wait_exit(40) == 0
    login, = watch.logins()
    session, = closed(watch)
    assert (session['name'], session['service'], session['login']) == ('nurse2', 'su', login['id'])


def test_sudo_to_root_opens_no_session_of_roots(clinic, watch):
    """The approval is a log-in of nurse1's; root has no account, so no session."""
    with Screen(c.as_user('nurse1', 'sudo', '-k', 'id'), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-one', order=shown['order'])
        assert screen.wait_exit(40) == 0
    assert [(login['name'], login['service']) for login in watch.logins()] == [('nurse1', 'sudo')]
    assert watch.sessions() == []


def test_a_session_that_can_not_be_recorded_is_not_opened(clinic, watch, keys):
    """Without the care directory nobody of it gets in, also not with a key; with it again, they do."""
    os.rename(c.DATABASE, c.DATABASE + '.gone')
    try:
        done = c.run(*c.ssh('nurse1', 'id', *keys.options()), check=False)
        assert done.returncode != 0 and 'uid=' not in done.stdout, done
    finally:
        os.rename(c.DATABASE + '.gone', c.DATABASE)
    watch.nothing_granted()
    assert 'unit-oak-nurse' in c.run(*c.ssh('nurse1', 'id', *keys.options())).stdout


def test_an_assignment_that_ends_closes_the_door_for_the_next_session(clinic, watch, keys):
    """The account stage looks anew at each log-in, by key too; what was given back opens it again."""
    assignment = c.rows("SELECT a.id FROM assignment a JOIN account c ON c.id = a.account WHERE c.name = 'nurse2'")[0]['id']
    assert c.run(*c.ssh('nurse2', 'id', *keys.options()), check=False).returncode == 0
    c.run('careid', 'unassign', str(assignment), '--yes')
    try:
        done = c.run(*c.ssh('nurse2', 'id', *keys.options()), check=False)
        assert done.returncode == 255 and 'uid=' not in done.stdout
    finally:
        c.run('careid', 'assign', 'nurse2', 'nurse', 'elm')
    assert 'unit-elm-nurse' in c.run(*c.ssh('nurse2', 'id', *keys.options())).stdout


def test_the_audit_trail_is_whole_after_all_of_it(clinic):
    """Every log-in and session has its entry in the chain."""
    done = c.run('careid', 'audit', 'verify')
    assert done.returncode == 0, done
