# SPDX-License-Identifier: LGPL-2.1-or-later
# attempts.py - log-ins through pam_eid without a screen, many at once, for measurements and long-running checks
"""An Attempt is pam-login (pam-login.c) on a terminal of its own.

Unlike the demo and the end-to-end tests, which photograph a screen, this
reads the code from the half blocks that pam_eid writes: twenty screens at
once would measure the photographer.
"""

import fcntl
import os
import re
import selectors
import signal
import struct
import subprocess
import sys
import termios
import time
import types

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'e2e'), os.path.join(HERE, '..', 'bankid')]

from clinic import screen_text  # noqa: E402
from phone import PhoneError  # noqa: E402,F401

WORK = '/run/bench'
SERVICE = '/sys/fs/cgroup/system.slice/careid-root.service'
JOURNAL = '/sys/fs/cgroup/system.slice/systemd-journald.service'
RUN = re.compile(r'\x1b\[0;(40|47|37;40)m([ ▀▄]+)')
HELPER = 'careid-helper'
SCALE = 4


class Failed(Exception):
    """What was measured did not do what it must."""


def build(name, *libraries, output=None, sources=(), flags=()):
    """Compile tests/bench/NAME.c; the program's path."""
    os.makedirs(WORK, mode=0o755, exist_ok=True)
    program = os.path.join(WORK, output or name)
    subprocess.run(['gcc', '-std=gnu17', '-O2', '-Wall', '-Wextra', '-Werror', *flags, '-o', program,
                    os.path.join(HERE, name + '.c'), *sources, *('-l' + library for library in libraries)], check=True)
    return program


def pam_service(name, *lines):
    with open(os.path.join('/etc/pam.d', name), 'w') as f:
        f.write(''.join(line + '\n' for line in lines))


def codes_everywhere():
    """The terminals here are made by a program and shown nowhere: without this no code would be drawn on them."""
    with open('/etc/careid/careid.conf.d/90-terminals.conf', 'w') as f:
        f.write('[bankid]\nterminal-qr = yes\n')
    subprocess.run(['careid', 'apply'], check=True, stdout=subprocess.DEVNULL)


def spawn(words, actions, **more):
    return os.posix_spawn(words[0], words, {'PATH': '/usr/bin:/bin'}, file_actions=actions, **more)


class Cgroup:
    """A group of processes whose CPU time is wanted, under this unit's own, or (path) one that there is."""

    def __init__(self, name=None, path=None):
        with open('/proc/self/cgroup') as f:
            self.home = '/sys/fs/cgroup' + f.read().strip().split('::', 1)[1]
        self.path = path or os.path.join(self.home, name)
        os.makedirs(self.path, exist_ok=True)

    def cpu_ms(self):
        """User and system, of all that ever ran in it, ended or not."""
        with open(os.path.join(self.path, 'cpu.stat')) as f:
            return int(f.readline().split()[1]) / 1000

    def processes(self):
        found = []
        for folder, _, _ in os.walk(self.path):
            try:
                with open(os.path.join(folder, 'cgroup.procs')) as f:
                    found += [int(line) for line in f]
            except OSError:                     # gone while we looked
                pass
        return found

    def __enter__(self):
        """What is spawned meanwhile starts in it."""
        self._move(self.path)
        return self

    def __exit__(self, *_):
        self._move(self.home)

    @staticmethod
    def _move(path):
        with open(os.path.join(path, 'cgroup.procs'), 'w') as f:
            f.write(str(os.getpid()))


def until(what, is_so, seconds=20):
    """Poll what has no event, with a deadline."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() >= end:
            raise Failed(f'not within {seconds} s: {what}')
        time.sleep(0.002)


class Attempt:
    """One log-in. What ended of it is in .codes (stage: PAM's code) and .ended_ns; .status and .usage are of wait4()."""

    def __init__(self, program, service, user, stages='ac'):
        master, slave = os.openpty()
        attributes = termios.tcgetattr(slave)
        attributes[0] |= termios.IUTF8 if hasattr(termios, 'IUTF8') else 0o40000
        termios.tcsetattr(slave, termios.TCSANOW, attributes)
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
        results, result = os.pipe()
        self.started_ns = time.monotonic_ns()
        self.pid = spawn([program, service, user, stages],
                         [(os.POSIX_SPAWN_DUP2, slave, fd) for fd in (0, 1, 2)] + [(os.POSIX_SPAWN_DUP2, result, 3)],
                         setsid=True)
        os.close(slave)
        os.close(result)
        os.set_blocking(master, False)
        os.set_blocking(results, False)
        self.master, self.results = master, results
        self.output, self.result_text = bytearray(), b''
        self.codes, self.ended_ns = {}, {}
        self.status = self.usage = None

    def _read(self, fd):
        """All there is; False at the end."""
        got = b''
        while True:
            try:
                part = os.read(fd, 65536)
            except BlockingIOError:
                return got, True
            except OSError:                     # EIO: nobody has the terminal open any more
                return got, False
            if not part:
                return got, False
            got += part

    def pump(self):
        """Take what has come; True once the log-in has ended."""
        if self.status is not None:
            return True
        if self.master is not None:
            self.output += self._read(self.master)[0]
        text, open_still = self._read(self.results)
        *lines, self.result_text = (self.result_text + text).split(b'\n')
        for line in lines:
            stage, code, ns = line.decode().split()
            self.codes[stage], self.ended_ns[stage] = int(code), int(ns)
        if open_still:
            return False
        _, status, self.usage = os.wait4(self.pid, 0)
        self.status = os.waitstatus_to_exitcode(status)
        self.finished_ns = time.monotonic_ns()
        self.hang_up()
        os.close(self.results)
        return True

    def frame(self):
        """The rows of the code on the terminal, or None. What has not changed is not drawn again, so all is followed."""
        drawn = RUN.sub(lambda run: '█' * len(run[2]) if run[1] == '47' else run[2], self.output.decode(errors='ignore'))
        lines = screen_text(types.SimpleNamespace(output=drawn.encode()))
        top = next((i for i, line in enumerate(lines) if re.match('█{25}', line)), None)
        if top is None:
            return None
        width = len(re.match('█+', lines[top])[0])
        rows = [line[:width].ljust(width) for line in lines[top:top + (width + 1) // 2]]
        return rows if len(rows) == (width + 1) // 2 and all(set(row) <= set(' ▀▄█') for row in rows) else None

    def type(self, text):
        os.write(self.master, text.encode())

    def hang_up(self):
        if self.master is not None:
            os.close(self.master)
            self.master = None

    def signal(self, number=signal.SIGTERM):
        os.kill(self.pid, number)


def read_code(rows, name):
    """The text in a code of half blocks; white ink is light."""
    picture = []
    for row in rows:
        for lit in ('▀█', '▄█'):
            line = b''.join((b'\xff' if cell in lit else b'\0') * SCALE for cell in row)
            picture += [line] * SCALE
    margin = bytes([255]) * (2 * SCALE)
    picture = [margin + line + margin for line in picture]
    blank = [bytes([255]) * len(picture[0])] * (2 * SCALE)
    picture = blank + picture + blank
    path = os.path.join(WORK, name + '.pgm')
    with open(path, 'wb') as f:
        f.write(b'P5 %d %d 255\n' % (len(picture[0]), len(picture)) + b''.join(picture))
    r = subprocess.run(['zbarimg', '-q', '--raw', '-Sdisable', '-Sqrcode.enable', path], stdout=subprocess.PIPE,
                       stderr=subprocess.DEVNULL, check=False)
    os.unlink(path)
    return r.stdout.decode().strip() or None


def wait_some(attempts, seconds):
    """Until one of them has something to be read, or time has passed."""
    with selectors.DefaultSelector() as selector:
        for attempt in attempts:
            if attempt.status is None:
                selector.register(attempt.results, selectors.EVENT_READ)
                if attempt.master is not None:
                    selector.register(attempt.master, selectors.EVENT_READ)
        selector.select(max(0, seconds))


def wait_code(attempt, phone, seconds=30):
    """Until there is a code, and scan it: what the phone shows, and when the code was there (ns)."""
    end = time.monotonic() + seconds
    seen = None
    while time.monotonic() < end:
        if attempt.pump():
            raise Failed(f'it ended without a code: {attempt.codes} {bytes(attempt.output[-300:])!r}')
        rows = attempt.frame()
        if rows:
            seen = seen or time.monotonic_ns()
            code = read_code(rows, str(attempt.pid))
            if code:
                return phone.scan(code), seen
        wait_some([attempt], end - time.monotonic())
    raise Failed(f'no code within {seconds} s; the terminal ends {bytes(attempt.output[-300:])!r}')


def wait_frames(attempts, seconds=60):
    """Until every one of them has a whole code on its terminal."""
    end, missing = time.monotonic() + seconds, attempts
    while missing:
        if time.monotonic() >= end or any([attempt.pump() for attempt in attempts]):
            raise Failed(f'{len(missing)} log-ins have no code')
        missing = [attempt for attempt in missing if not attempt.frame()]
        wait_some(attempts, 0.1)


def wait_end(attempts, seconds=30):
    end = time.monotonic() + seconds
    while not all([attempt.pump() for attempt in attempts]):
        if time.monotonic() >= end:
            raise Failed(f'{sum(a.status is None for a in attempts)} log-ins did not end within {seconds} s')
        wait_some(attempts, end - time.monotonic())


def wait_stage(attempt, stage, seconds=30):
    """Until that stage is over."""
    end = time.monotonic() + seconds
    while not attempt.pump() and stage not in attempt.codes:
        if time.monotonic() >= end:
            raise Failed(f'{stage} did not end within {seconds} s: {attempt.codes}')
        wait_some([attempt], end - time.monotonic())


def helpers():
    """Process numbers of all conversations of this machine; what waits behind the sockets has another name."""
    found = []
    for entry in os.listdir('/proc'):
        if entry.isdigit():
            try:
                with open(f'/proc/{entry}/comm') as f:
                    if f.read().strip() == HELPER[:15]:
                        found.append(int(entry))
            except OSError:
                pass
    return found


def acceptor():
    """The process behind root's socket."""
    r = subprocess.run(['systemctl', 'show', '--value', '-p', 'MainPID', 'careid-root.service'], stdout=subprocess.PIPE, check=True)
    return int(r.stdout)


def open_orders(phone):
    """Orders at BankID that were made and have not ended."""
    made = {e['order'] for e in phone.journal(kind='order', event='created')}
    return made - {e['order'] for e in phone.journal(kind='order', event='ended')}
