# SPDX-License-Identifier: LGPL-2.1-or-later
# host.py - an administrator's, and a saboteur's, hands on the machine under test
"""For tests of what happens when something is out of order: commands, a terminal without a picture, things taken away and
put back, processes looked at.  Everything is root's, on a machine of its own."""

import contextlib
import fcntl
import glob
import os
import pty
import pwd
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'helper'), os.path.join(HERE, '..', 'bankid')]

from waiting import SLOWER, TooLate, eventually  # noqa: E402,F401

HELPER = '/usr/libexec/careid/careid-helper'
STATE = '/var/lib/careid'
DIRECTORY = STATE + '/directory.db'
COMPILED = STATE + '/careid.compiled'
ROLES = '/var/lib/careroles'
CONFIG = '/etc/careid/careid.conf'
KEYS = '/etc/careid/keys'
RUN = '/run/careid'
BREAKGLASS = '/etc/careid/breakglass'
SOCKETS = ('careid-root.socket', 'careid-user.socket')
MODULE = next(iter(glob.glob('/usr/lib/*/security/pam_eid.so')), None)
IUTF8 = 0o40000
PLUGIN = next(iter(glob.glob('/usr/lib/*/libnss_careroles.so.2')), None)


def run(*words, text=None, check=True, timeout=180, **more):
    """Run a command; its output as text."""
    return subprocess.run(words, input=text, stdin=None if text is not None else subprocess.DEVNULL, capture_output=True,
                          text=True, check=check, timeout=timeout, **more)


def as_user(name, *words, **more):
    """The same as an ordinary user with that user's groups, in no session."""
    return run('setpriv', f'--reuid={name}', f'--regid={pwd.getpwnam(name).pw_gid}', '--init-groups', '--reset-env', '--', *words,
               **more)


class Terminal:
    """A command on a terminal that nobody takes pictures of; the same words as screen.Screen has."""

    def __init__(self, command, columns=100, rows=40, env=None):
        self._seen, self._status, self._condition = bytearray(), None, threading.Condition()
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            modes = termios.tcgetattr(0)
            modes[0] |= IUTF8
            termios.tcsetattr(0, termios.TCSANOW, modes)
            try:
                os.execvpe(command[0], command, {**os.environ, 'TERM': 'xterm-256color', 'LC_ALL': 'C.UTF-8', **(env or {})})
            finally:
                os._exit(127)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGHUP)
            self._reader.join(5)
        if self._status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._reader.join(5)
        os.close(self._fd)

    def _read(self):
        # login(1) hangs its terminal up and opens it again, so the other side may be shut for a moment.
        shut = False
        while True:
            if select.select([] if shut else [self._fd], [], [], 0.02)[0]:
                try:
                    data = os.read(self._fd, 65536)
                except OSError:
                    data = b''
                with self._condition:
                    self._seen += data
                    self._condition.notify_all()
                shut = not data
                continue
            shut = False
            ended, status = os.waitpid(self._pid, os.WNOHANG)
            if ended:
                with self._condition:
                    self._status = os.waitstatus_to_exitcode(status)
                    self._condition.notify_all()
                return

    @property
    def output(self):
        with self._condition:
            return bytes(self._seen)

    @property
    def text(self):
        """What was written, without escapes."""
        return re.sub(rb'\x1b(?:\[[0-?]*[ -/]*[@-~]|[78=>]|\][^\x07]*\x07)', b'', self.output).decode(errors='replace')

    @property
    def is_running(self):
        with self._condition:
            return self._status is None

    def type(self, text):
        os.write(self._fd, text.replace('\n', '\r').encode())

    def wait_text(self, pattern, timeout=15, start=0):
        wanted = re.compile(pattern.encode())
        with self._condition:
            self._condition.wait_for(lambda: wanted.search(self._seen, start) or self._status is not None, timeout * SLOWER)
            match = wanted.search(bytes(self._seen), start)
        if not match:
            raise TooLate(f'{pattern!r} did not come; the terminal ends {bytes(self._seen[-600:])!r}')
        return match

    def wait_exit(self, timeout=15):
        with self._condition:
            if not self._condition.wait_for(lambda: self._status is not None, timeout * SLOWER):
                raise TooLate(f'it runs on after {timeout * SLOWER} s; the terminal ends {bytes(self._seen[-600:])!r}')
            return self._status


# -- taken away, and put back -------------------------------------------------------------------------------------------

@contextlib.contextmanager
def gone(*paths):
    """Each of them moved out of the way."""
    moved = []
    try:
        for path in paths:
            os.rename(path, path + '.gone')
            moved.append(path)
        yield
    finally:
        for path in moved:
            if os.path.lexists(path):
                run('rm', '-rf', path)
            os.rename(path + '.gone', path)


@contextlib.contextmanager
def kept(*paths):
    """Whatever is done to these files, their content, owner and mode come back; each is a new file then."""
    for path in paths:
        run('cp', '-a', path, path + '.kept')
    try:
        yield
    finally:
        for path in paths:
            os.rename(path + '.kept', path)


def overwrite(path, at, data):
    """Bytes of a file changed where they are."""
    with open(path, 'r+b') as f:
        f.seek(at if at >= 0 else os.path.getsize(path) + at)
        f.write(data)


@contextlib.contextmanager
def sockets_stopped():
    run('systemctl', 'stop', *SOCKETS)
    try:
        yield
    finally:
        run('systemctl', 'reset-failed', *SOCKETS)      # systemd counts how often, and we do it more often than it likes
        run('systemctl', 'start', *SOCKETS)


@contextlib.contextmanager
def services_fresh():
    """What is behind the sockets is started anew, from the file as it is meanwhile; and again afterwards."""
    services = [socket.replace('.socket', '.service') for socket in SOCKETS]
    run('systemctl', 'stop', *services)
    try:
        yield
    finally:
        run('systemctl', 'stop', *services)


@contextlib.contextmanager
def truncated(path, size):
    """A copy that ends early takes the file's place, with its owner and mode."""
    with kept(path):
        run('cp', '-a', path, path + '.short')
        os.truncate(path + '.short', size)
        os.rename(path + '.short', path)
        yield


@contextlib.contextmanager
def damaged(path, at=0, data=b'\xff' * 64):
    """A copy with other bytes in it takes the file's place, with its owner and mode."""
    with kept(path):
        run('cp', '-a', path, path + '.damaged')
        overwrite(path + '.damaged', at, data)
        os.rename(path + '.damaged', path)
        yield


@contextlib.contextmanager
def both(*managers):
    with contextlib.ExitStack() as stack:
        for manager in managers:
            stack.enter_context(manager)
        yield


# -- what the host says -------------------------------------------------------------------------------------------------

class Journal:
    """The journal from now on."""

    def __init__(self):
        run('journalctl', '--sync')
        self._cursor = run('journalctl', '-n', '0', '--show-cursor').stdout.split('-- cursor: ')[1].strip()

    def text(self, *filters):
        run('journalctl', '--sync')
        return run('journalctl', '--no-pager', '-o', 'cat', f'--after-cursor={self._cursor}', *filters, check=False).stdout

    def wait(self, pattern, seconds=15, *filters):
        """The first line that fits, old or new."""
        wanted = re.compile(pattern)
        with subprocess.Popen(['journalctl', '--no-pager', '-o', 'cat', '-f', f'--after-cursor={self._cursor}', *filters],
                              stdout=subprocess.PIPE, text=True) as follow:
            timer = threading.Timer(seconds * SLOWER, follow.kill)
            timer.start()
            try:
                for line in follow.stdout:
                    if wanted.search(line):
                        return line
            finally:
                timer.cancel()
                follow.kill()
        raise TooLate(f'{pattern!r} was not in the journal within {seconds * SLOWER} s')


ACCEPTOR = 'careid-acceptor'            # as the kernel calls the process behind a socket, which makes the conversations


def process_name(pid):
    with open(f'/proc/{pid}/comm') as f:
        return f.read().strip()


def processes(program=HELPER):
    """Ids of the processes that run a program; of the helper those that have a conversation."""
    found = []
    for path in glob.glob('/proc/[0-9]*/exe'):
        with contextlib.suppress(OSError):
            if os.readlink(path).split(' (deleted)')[0] == program and process_name(path.split('/')[2]) != ACCEPTOR:
                found.append(int(path.split('/')[2]))
    return found


def conversations():
    """Of these the ones that have a connection: each has a child that resolves names for it."""
    parents = {}
    for pid in processes():
        with contextlib.suppress(OSError):
            parents[pid] = int(process_status(pid)['PPid'])
    return [pid for pid, parent in parents.items() if parent not in parents]


def acceptor(who):
    """The process behind root's socket or the users', or 0 where nobody has connected yet."""
    return int(run('systemctl', 'show', '--value', '-p', 'MainPID', f'careid-{who}.service').stdout)


def process_status(pid):
    with open(f'/proc/{pid}/status') as f:
        return dict(line.rstrip('\n').split(':\t', 1) for line in f if ':\t' in line)


def works(clinic):
    """A log-in at the console comes to an order at BankID."""
    since = clinic.phone.status()['seq']
    with Terminal(['login', 'nurse1']) as terminal:
        assert clinic.phone.wait_order(45, since=since)
        terminal.wait_text(r'Check code', 15)


# -- conversations with the helper, without a module --------------------------------------------------------------------

def harness():
    """The wire of tests/helper, which looks at its arguments."""
    arguments, sys.argv = sys.argv, ['harness', HELPER, '', '/run/lab', '']
    try:
        import harness as found
    finally:
        sys.argv = arguments
    os.makedirs(found.RUN, exist_ok=True)
    return found


wire = harness()


class Talk:
    """One conversation with a helper, as a given user; tests/helper/harness.py has the words of the protocol."""

    def __init__(self, connection, process=None):
        self.sock, self.process = connection, process

    @classmethod
    def through_socket(cls, uid, path=RUN + '/user.sock'):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack('ll', 60, 0))
        os.seteuid(uid)
        try:
            connection.connect(path)                    # waits for a place in the queue
        finally:
            os.seteuid(0)
        return cls(connection)

    @classmethod
    def by_hand(cls, name, *arguments, before=(), stdin=None, **more):
        """Started by a user: before is what the user starts it with (setpriv, prlimit)."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        user = pwd.getpwnam(name)
        more = {'env': {}, 'cwd': '/', 'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL, **more}
        process = subprocess.Popen([*before, HELPER, *arguments], stdin=theirs if stdin is None else stdin, user=user.pw_uid,
                                   group=user.pw_gid, extra_groups=[], **more)
        theirs.close()
        return cls(ours, process)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()
        if self.process:
            self.process.wait(20)

    def send(self, kind, **fields):
        self.sock.send(wire.encode(kind, **fields))

    def receive(self, timeout=20):
        """The next message, or None when the helper has closed."""
        self.sock.settimeout(timeout * SLOWER)
        try:
            packet = self.sock.recv(20000)
        except ConnectionResetError:
            packet = b''
        return wire.decode(packet) if packet else None

    @classmethod
    def act(cls, uid, account, words, **fields):
        """A command of careid as that account, past careid itself."""
        talk = cls.through_socket(uid)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):        # turned away before a word is said
            talk.send(wire.ACT, version=2, account=account, service='careid', language='en',
                      words=b''.join(w.encode() + b'\0' for w in words), **fields)
        return talk

    def told(self):
        """All of the answer to that: text, what was said, status; None where the helper closes."""
        text = said = ''
        with self:
            while (part := self.receive(60)) is not None:
                text, said = text + part.get('text', ''), said + part.get('help', '')
                if 'status' in part:
                    return text, said, part['status']
        return None

    def verify(self, account, timeout=20, pace=wire.LIVE, **fields):
        self.send(wire.VERIFY, version=2, account=account, service='login', pace=pace, timeout=timeout, **fields)
        return self.receive()

    def until(self, wanted, seconds=30):
        end = time.monotonic() + seconds * SLOWER
        while time.monotonic() < end:
            message = self.receive(max(0.1, end - time.monotonic()) / SLOWER)
            if message is None or wanted(message):
                return message
        raise TooLate('the helper did not say it')

    def code(self):
        """The text in the newest code, read from its modules."""
        shown = self.until(lambda m: m['kind'] == wire.VERDICT or 'qr_bits' in m)
        assert 'qr_bits' in shown, shown
        return wire.qr_text(shown)

    def verdict(self, seconds=30):
        message = self.until(lambda m: m['kind'] == wire.VERDICT, seconds)
        return message and wire.VERDICTS[message['verdict']]
