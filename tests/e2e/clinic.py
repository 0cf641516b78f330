# SPDX-License-Identifier: LGPL-2.1-or-later
# clinic.py - the example clinic, its phone and its log-in programs, for the demo and the end-to-end tests
"""A Clinic is this machine after tests/demo/clinic.sh, and a hand on the phone.

    with Clinic.prepare() as clinic, Screen(ssh('nurse1', 'id')) as screen:
        ssh_begin(screen)
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-one', order=shown['order'])
        screen.type('\\n')
        assert screen.wait_exit(30) == 0
"""

import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'bankid'))

from phone import Phone  # noqa: E402
from screen import Screen, Timeout  # noqa: E402,F401

CONTROL = '/run/lab/bankid'
PREPARED = '/run/lab/clinic-prepared'
ESCAPES = re.compile(rb'\x1b(?:\[[0-?]*[ -/]*[@-~]|[78=>]|\][^\x07]*\x07)')


class Clinic:
    def __init__(self):
        self.phone = Phone(CONTROL)

    @classmethod
    def prepare(cls, echo=False):
        """Once a machine; later calls find it done."""
        if not os.path.exists(PREPARED):
            subprocess.run([os.path.join(HERE, '..', 'demo', 'clinic.sh')], check=True,
                           stdout=None if echo else subprocess.DEVNULL)
            open(PREPARED, 'w').close()
        clinic = cls()
        clinic.phone.wait_ready()
        return clinic

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.phone.clear_faults()

    def scan(self, screen, timeout=30):
        """Read the code from the picture of the screen, as the camera of a phone would."""
        return self.phone.scan_screen(screen, timeout)


def ssh(account, command=None, *options):
    words = ['ssh', '-F', 'none', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'StrictHostKeyChecking=no',
             '-o', 'LogLevel=ERROR', '-o', 'PreferredAuthentications=keyboard-interactive',
             '-o', 'NumberOfPasswordPrompts=1', *options, f'{account}@127.0.0.1']
    return words + ([command] if command else [])


def login(account):
    return ['login', account]


def plain(screen, start=0):
    """What was written, without escapes."""
    return ESCAPES.sub(b'', screen.output[start:]).decode(errors='replace')


def ssh_begin(screen):
    """The first prompt of a log-in over SSH: Enter asks for the code."""
    screen.wait_text(r'Enter', 20)
    screen.type('\n')


def ssh_approved(screen, timeout=30):
    """Enter when the phone says that it is done, and again after a moment as long as there is a prompt."""
    end = time.monotonic() + timeout
    while screen.is_running and time.monotonic() < end:
        screen.type('\n')
        try:
            return screen.wait_exit(3)
        except Timeout:
            pass
    return screen.wait_exit(1)


def check_code(screen):
    """The check code as the screen shows it."""
    found = re.findall(r'[Cc]heck code:?\s+([A-Z0-9]{4})\b', plain(screen))
    if not found:
        raise AssertionError(f'no check code on the screen: {plain(screen)[-600:]!r}')
    return found[-1]


def wait_refused(screen, timeout=30):
    status = ssh_approved(screen, timeout=timeout)
    assert status != 0, 'this must not end well'
    return status


def screen_text(screen, columns=80, rows=40):
    """The screen as text: what pam_eid draws with (cursor up, carriage return, erase) is followed, colours are not."""
    lines, row, column = [''], 0, 0
    for token in re.findall(r'\x1b\[[0-?]*[ -/]*[@-~]|\x1b.|[\r\n]|[^\x1b\r\n]+', screen.output.decode(errors='replace')):
        if token == '\r':
            column = 0
        elif token == '\n':
            row += 1
        elif token.startswith('\x1b['):
            if token.endswith('A'):
                row = max(0, row - int(token[2:-1] or 1))
            elif token.endswith('K'):
                lines[row] = lines[row][:column]
        elif not token.startswith('\x1b'):
            lines[row] = lines[row].ljust(column)[:column] + token + lines[row][column + len(token):]
            column += len(token)
        while len(lines) <= row:
            lines.append('')
    return [line.rstrip() for line in lines[-rows:]]
