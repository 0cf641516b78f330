# SPDX-License-Identifier: LGPL-2.1-or-later
# test_cancel.py - however a log-in is broken off, BankID hears of it and nothing stays behind
"""Each test breaks off with a code on the screen; then the order is cancelled at BankID within seconds, no careid-helper process
and no unit of one is left, and nothing was granted. Where no order was started, none comes."""

import contextlib
import os
import signal
import subprocess
import time

import pytest

import clinic as c
from clinic import Screen


def processes(pattern):
    """Ids of processes whose command line matches."""
    return [int(pid) for pid in c.run('pgrep', '-f', pattern, check=False).stdout.split()]


def test_ctrl_c_in_the_ssh_client(watch):
    """The client ends; sshd and with it the log-in go."""
    with Screen(c.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
        c.ssh_begin(screen)
        screen.wait_qr()
        assert c.ssh_interrupt(screen) != 0
        c.ended_cleanly(watch)


def test_ctrl_c_when_the_app_has_the_order(clinic, watch):
    """Somebody has opened it in the app: it goes away there, too."""
    with Screen(c.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
        shown = c.ssh_scan(screen, clinic)
        assert c.ssh_interrupt(screen) != 0
        assert clinic.phone.wait_order_end(shown['order'], 45)['outcome'] == 'cancelled'
        c.ended_cleanly(watch)


def test_the_ssh_client_is_killed(watch):
    """SIGKILL: no good-bye, only a connection that ends."""
    with Screen(c.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
        c.ssh_begin(screen)
        screen.wait_qr()
        client, = processes(r'^ssh -F none .*nurse1@127.0.0.1')
        os.kill(client, signal.SIGKILL)
        c.ended_cleanly(watch)


def test_the_grace_time_of_sshd_passes(watch):
    """LoginGraceTime shorter than timeout=: sshd ends itself with an alarm."""
    with c.sshd_config('LoginGraceTime 4\n'):
        with Screen(c.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
            c.ssh_begin(screen)
            screen.wait_qr()
            watch.wait_orders_end('cancelled', 10)
            c.ended_cleanly(watch)


@pytest.mark.parametrize('which', ['priv', 'pam', 'net'])
def test_a_process_of_sshd_is_terminated(watch, which):
    """SIGTERM to the monitor, to the process that runs the modules, or to the one that speaks to the network."""
    with Screen(c.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
        c.ssh_begin(screen)
        screen.wait_qr()
        process, = processes(rf'^sshd: nurse1 \[{which}\]')
        os.kill(process, signal.SIGTERM)
        c.ended_cleanly(watch)


def test_ctrl_c_at_the_first_prompt_of_ssh_starts_nothing(watch):
    """Before the first Enter there is no order, so none to cancel."""
    with Screen(c.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
        screen.wait_text(r'Enter[^\n]* $', 30)
        end = time.monotonic() + c.patient(20)
        while screen.is_running and time.monotonic() < end:
            # What is typed before ssh reads is thrown away by it.
            screen.type('\x03')
            with contextlib.suppress(c.Timeout):
                screen.wait_exit(0.5)
        assert screen.wait_exit(1) != 0
    c.wait_no_helper()
    assert watch.requests() == []
    watch.nothing_granted()


def test_c_in_the_menu_of_the_console(watch):
    """Enter opens the menu, c gives up; login asks for a name again."""
    with Screen(c.login('nurse1'), columns=80, rows=24) as screen:
        screen.wait_qr()
        screen.type('\n')
        screen.wait_text('cancel: ')
        screen.type('c\n')
        watch.wait_orders_end('cancelled')
        screen.wait_text('Login incorrect')
        c.ended_cleanly(watch)


def test_the_terminal_hangs_up_under_login(watch):
    """The window is closed: SIGHUP, and a terminal that has gone."""
    screen = Screen(c.login('nurse1'), columns=80, rows=24)
    try:
        screen.wait_qr()
    finally:
        screen.close()
    c.ended_cleanly(watch)


@pytest.mark.parametrize('command', [('su', 'nurse2'), ('sudo', 'id')], ids=['su', 'sudo'])
def test_ctrl_c_under_su_and_sudo(watch, command):
    """Not by a signal, which sudo would put off: the module reads it, and sudo does not ask again."""
    with Screen(c.as_user('nurse1', *command), columns=80, rows=24) as screen:
        screen.wait_qr()
        screen.type('\x03')
        assert screen.wait_exit(20) != 0
        c.ended_cleanly(watch)


@pytest.mark.parametrize('command', [('su', 'nurse2'), ('sudo', 'id')], ids=['su', 'sudo'])
def test_su_and_sudo_are_killed(watch, command):
    """SIGKILL from root: not even a destructor runs, the kernel closes the connection."""
    with Screen(c.as_user('nurse1', *command), columns=80, rows=24) as screen:
        screen.wait_qr()
        process = processes('^' + ' '.join(command))
        os.kill(process[-1], signal.SIGKILL)
        c.ended_cleanly(watch)


@pytest.mark.parametrize('command, service', [(('su', 'nurse2'), 'su'), (('sudo', 'id'), 'sudo')], ids=['su', 'sudo'])
def test_end_of_file_typed_under_su_and_sudo(watch, command, service):
    """Ctrl-D says that nobody is there."""
    with Screen(c.as_user('nurse1', *command), columns=80, rows=24) as screen:
        screen.wait_qr()
        screen.type('\x04')
        watch.wait_orders_end('cancelled')
        assert watch.wait_journal(MESSAGE=f'service={service} verdict=given-up')
        watch.nothing_granted()


def test_a_client_in_batch_mode_starts_nothing(watch):
    """ssh BatchMode=yes answers no question: refused, without an order."""
    done = c.run(*c.ssh('nurse1', 'id', '-o', 'BatchMode=yes'), check=False)
    assert done.returncode == 255 and 'uid=' not in done.stdout
    c.wait_no_helper()
    assert watch.orders() == []
    watch.nothing_granted()


def test_sudo_without_questions_starts_nothing(watch):
    """sudo -n may not ask: refused, without an order."""
    done = c.run(*c.as_user('nurse1', 'sudo', '-n', 'id'), check=False)
    assert done.returncode != 0 and 'uid=0' not in done.stdout
    c.wait_no_helper()
    assert watch.orders() == []


def test_without_a_terminal_su_is_refused_with_a_sentence(watch):
    """Nothing can show a code there; nobody waits for one."""
    done = subprocess.run(['setsid', '-w', *c.as_user('nurse1', 'su', 'nurse2', '-c', 'id')], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=30, check=False)
    assert done.returncode != 0 and 'uid=' not in done.stdout
    assert 'No code for an e-ID can be shown here.' in done.stdout + done.stderr, done
    assert watch.orders() == []
    assert watch.wait_journal(MESSAGE='service=su verdict=no-method')
    watch.nothing_granted()


@pytest.mark.parametrize('how', ['restart', 'stop', 'kill'])
def test_a_service_that_is_restarted_or_dies_ends_no_log_in(clinic, watch, how):
    """Its conversations are processes of their own; the next connection has a new one."""
    command = ['systemctl', 'kill', '-s', 'KILL', '--kill-who=main'] if how == 'kill' else ['systemctl', how]
    with Screen(c.as_user('nurse1', *c.su('nurse2')), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        c.run(*command, 'careid-root.service')
        clinic.phone.approve('nurse-two', order=shown['order'])
        assert screen.wait_exit(30) == 0, c.plain(screen)
    assert len(watch.logins()) == 1
    c.wait_no_helper()


def test_a_helper_is_told_to_end_under_way(watch):
    """SIGTERM, as at shutdown: cancelled at BankID, and the person is told."""
    with Screen(c.as_user('nurse1', *c.su('nurse2')), columns=80, rows=24) as screen:
        screen.wait_qr()
        c.signal_helpers(signal.SIGTERM)
        watch.wait_orders_end('cancelled')
        assert screen.wait_exit(30) != 0
        assert 'log-in service of this computer is being stopped' in ' '.join(c.plain(screen).split())
        c.ended_cleanly(watch)


def test_the_helper_is_killed_under_way(watch):
    """Out of memory, say: refused at once with a sentence, nothing granted, and the next log-in works as ever."""
    with Screen(c.as_user('nurse1', *c.su('nurse2')), columns=80, rows=24) as screen:
        screen.wait_qr()
        c.signal_helpers(signal.SIGKILL)
        assert screen.wait_exit(30) != 0
        assert 'Logging in with an e-ID is not possible right now.' in c.plain(screen)
        assert watch.wait_journal(MESSAGE='service=su verdict=no-helper')
        c.wait_no_helper()
        watch.nothing_granted()
