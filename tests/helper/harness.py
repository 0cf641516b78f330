# SPDX-License-Identifier: LGPL-2.1-or-later
"""harness.py - starts the real helper program, and speaks its protocol

An encoder and decoder of docs/helper-protocol.md of their own, so that the
tests don't agree with common/wire.c by sharing its mistakes.
"""

import fcntl
import functools
import inspect
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

PROGRAM, COMPILE, FOLDERS, SOURCE = sys.argv[1:5]
ONLY = sys.argv[5] if len(sys.argv) > 5 else ''         # a part of the titles of the tests to run
ROOTS_ALONE = bool(os.environ.get('CAREID_TEST_ROOTS_ALONE'))   # those alone that ask whether root runs them
BUILT = os.path.join(FOLDERS, '00')                     # what the folders are called in the program as it was built
RUN = BUILT
STATE = os.path.join(RUN, 'state')
QUEUE = None                                            # where a worker reads which test is its next
OWNER = 61998 if os.getuid() == 0 else os.getuid()

VERIFY, INTRO, START, SHOW, ASK, VERDICT, ACCOUNT, DECISION, OPEN, RECORDED, CLOSE = range(1, 12)
TURN = 13
PROBE, PROBED = 15, 16
ACT, RESULT = 17, 18
ANSWER, PROMPT, WAY = 19, 20, 21
KINDS = ['', 'VERIFY', 'INTRO', 'START', 'SHOW', 'ASK', 'VERDICT', 'ACCOUNT', 'DECISION', 'OPEN', 'RECORDED', 'CLOSE', '', 'TURN']
TAGS = ['', 'version', 'account', 'service', 'pace', 'source', 'tty', 'target', 'after_key', 'timeout', 'check_code', 'text',
        'help', 'state', 'qr_side', 'qr_bits', 'seconds', 'verdict', 'uid', 'decision', 'login', 'menu', 'language', 'about', 'link', 'may_turn', 'program', 'arguments', 'method', 'probe',
        'words', 'secret', 'status', 'factor', 'echo', 'room', 'answer', 'ways', 'types']
NUMBERS = {'version', 'pace', 'after_key', 'timeout', 'state', 'qr_side', 'seconds', 'verdict', 'uid', 'decision', 'login', 'may_turn', 'probe', 'status', 'factor', 'echo',
           'room', 'types'}
VERDICTS = ['', 'denied', 'approved', 'cancelled', 'timed-out', 'wrong-person', 'refused', 'unreachable', 'busy', 'broken',
            'not-permitted', 'no-method']
PROBES = ['', 'reachable', 'refused', 'expired', 'untrusted', 'wrong-host', 'stale', 'no-address', 'nobody', 'timed-out', 'trouble',
          'odd', 'broken', 'off', 'not-permitted', 'busy', 'issuer']
DECISIONS = ['', 'denied', 'allowed', 'not-ours', 'expired', 'archived', 'broken', 'not-permitted', 'busy']
LIVE, ASKED, TYPED = 1, 2, 3
FACTORS = ['', 'password', 'totp', 'sms', 'mail', 'code']
TESTS_MAX = 400
PATIENCE = int(os.environ.get('CAREID_PATIENCE_S', 60))   # for what a quiet machine does at once
FOLDERS_MAX = 16                                        # workers at once
STARTING, SCAN, OPENED, CONFIRM = 1, 2, 3, 4


def encode(kind, **fields):
    body = b''
    for tag, name in enumerate(TAGS):
        if name and name in fields:
            value = fields[name]
            data = struct.pack('<Q', value) if name in NUMBERS else value if isinstance(value, bytes) else value.encode()
            body += struct.pack('<HH', tag, len(data)) + data
    return struct.pack('<HH', kind, len(fields)) + body


def decode(packet):
    kind, count = struct.unpack_from('<HH', packet)
    at, message = 4, {'kind': kind}
    for _ in range(count):
        tag, length = struct.unpack_from('<HH', packet, at)
        data = packet[at + 4:at + 4 + length]
        at += 4 + length
        name = TAGS[tag]
        message[name] = struct.unpack('<Q', data)[0] if name in NUMBERS else data if name == 'qr_bits' else data.decode()
    assert at == len(packet), 'bytes after the last field'
    return message


def qr_text(message):
    """The text in the code, read by zbar from a picture of the modules."""
    side, bits, scale = message['qr_side'], message['qr_bits'], 4
    rows = []
    for y in range(-4, side + 4):
        row = bytearray()
        for x in range(-4, side + 4):
            i = y * side + x
            dark = 0 <= x < side and 0 <= y < side and bits[i // 8] >> (7 - i % 8) & 1
            row += bytes([0 if dark else 255]) * scale
        rows += [bytes(row)] * scale
    picture = os.path.join(RUN, 'qr.pgm')
    with open(picture, 'wb') as f:
        f.write(b'P5 %d %d 255\n' % (len(rows[0]), len(rows)) + b''.join(rows))
    return subprocess.run(['zbarimg', '-q', '--raw', '-Sdisable', '-Sqrcode.enable', picture],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.decode().strip()


def host_name():
    """A name that the host resolves to a uid of at least 1000: ourselves, or for root anybody."""
    if os.getuid() >= 1000:
        return pwd.getpwuid(os.getuid())
    return next((p for p in pwd.getpwall() if 1000 <= p.pw_uid < 65000), None) or pwd.getpwnam('nobody')


class Installed:
    """The helper with its folders, made anew."""

    def __init__(self):
        # All of them, and none ever goes: the helper looks whether the folders above its own have changed.
        for i in range(FOLDERS_MAX):
            os.makedirs(os.path.join(FOLDERS, '%02d' % i), exist_ok=True)
            with open(os.path.join(FOLDERS, '%02d.lock' % i), 'a', encoding='utf-8'):
                pass
        self.lock = open(RUN + '.lock', 'a', encoding='utf-8')
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        for old in os.scandir(RUN):
            if old.is_dir(follow_symlinks=False):
                shutil.rmtree(old.path, ignore_errors=True)
            else:
                os.unlink(old.path)
        with open(os.path.join(RUN, 'qr.pgm'), 'wb'):
            pass
        if os.getuid() == 0:                            # an ordinary user may have made it
            os.chown(RUN, 0, 0)
        for name in ('state', 'config', 'run', 'run/callers', 'data', 'locale'):
            os.mkdir(os.path.join(RUN, name), 0o700)
        os.chmod(os.path.join(RUN, 'run'), 0o755)
        self.program = os.path.join(RUN, 'careid-helper')
        # The folders are compiled into the program: a name of the same length takes the place of theirs.
        with open(PROGRAM, 'rb') as f:
            built = f.read()
        assert built.count(BUILT.encode() + b'/') >= 5, 'the program is not one of these tests'
        with open(self.program, 'wb') as f:
            f.write(built.replace(BUILT.encode() + b'/', RUN.encode() + b'/'))
        if os.getuid() == 0:
            os.chmod(FOLDERS, 0o755)
            for path, _, _ in os.walk(RUN):
                if path not in (RUN, os.path.join(RUN, 'run')):
                    os.chown(path, OWNER, OWNER)
            os.chown(self.program, OWNER, OWNER)
            os.chmod(self.program, 0o6755)
        else:
            os.chmod(self.program, 0o755)

    def write(self, name, content, mode=0o600):
        path = os.path.join(RUN, name)
        if os.path.exists(path):
            os.unlink(path)
        with open(path, 'wb') as f:
            f.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(path, mode)
        if os.getuid() == 0:
            os.chown(path, OWNER, OWNER)
        return path

    def configure(self, text):
        compiled = subprocess.run([COMPILE], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
        self.write('state/careid.compiled', compiled)

    def accounts(self, *lines):
        self.write('state/accounts', ''.join(line + '\n' for line in lines))

    def read(self, name):
        try:
            with open(os.path.join(STATE, name), encoding='utf-8') as f:
                return f.read()
        except FileNotFoundError:
            return ''

    def forget(self):
        for name in ('journal', 'acts', 'evidence'):
            if os.path.exists(os.path.join(STATE, name)):
                os.unlink(os.path.join(STATE, name))


class Helper:
    """One process of it, and our end of its connection."""

    def __init__(self, installed, uid=None, stdin=None, **more):
        self.sock, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [installed.program]
        # What a sanitizer is told stands in sanitizer-options.c: leaks can't be looked for in what is not dumpable.
        more.setdefault('env', {k: v for k, v in os.environ.items() if not k.endswith('SAN_OPTIONS')})
        if uid is not None:
            more['user'], more['extra_groups'] = uid, []
        self.process = subprocess.Popen(command, stdin=theirs if stdin is None else stdin, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, **more)
        theirs.close()

    def send(self, kind, **fields):
        self.sock.send(encode(kind, **fields))

    def raw(self, packet):
        self.sock.send(packet)

    def receive(self, timeout=PATIENCE):
        self.sock.settimeout(timeout)
        try:
            packet = self.sock.recv(20000)
        except ConnectionResetError:
            packet = b''
        return decode(packet) if packet else None

    def verify(self, account, pace=LIVE, timeout=20, **fields):
        self.send(VERIFY, version=2, account=account, service=fields.pop('service', 'login'), pace=pace, timeout=timeout, **fields)
        return self.receive()

    def until(self, wanted, timeout=2 * PATIENCE):
        """Messages until one for which wanted(message) holds; None when the helper closed before."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            message = self.receive(max(0.1, end - time.monotonic()))
            if message is None or wanted(message):
                return message
        raise AssertionError('waited in vain')

    def end(self, timeout=PATIENCE):
        """Close, and wait for it to end by itself."""
        self.sock.close()
        return self.process.wait(timeout)

    def kill(self):
        self.sock.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def share(workers):
    """Go on as so many processes, each with folders of its own, that Tap.run() divides the tests among.

    Returns None in each of them; in the parent, when they have ended, the status to end with.  What they print is
    TAP without numbers."""
    global RUN, STATE, QUEUE
    assert workers <= FOLDERS_MAX
    take, give = os.pipe()
    os.write(give, b''.join(struct.pack('<H', i) for i in range(TESTS_MAX)))
    os.close(give)
    said, say = os.pipe()
    children = []
    for i in range(workers):
        child = os.fork()
        if child == 0:
            os.close(said)
            os.dup2(say, 1)
            os.close(say)
            RUN = os.path.join(FOLDERS, '%02d' % i)
            STATE, QUEUE = os.path.join(RUN, 'state'), take
            return None
        children.append(child)
    os.close(say)
    os.close(take)
    failed = n = 0
    with open(said, encoding='utf-8', errors='replace') as f:
        for line in f:
            if line.startswith(('ok - ', 'not ok - ')):
                n += 1
                failed += line.startswith('not')
                line = line.replace('ok - ', 'ok %d - ' % n, 1)
            print(line, end='', flush=True)
    # A worker that was ended had a test that it has said nothing of.
    lost = sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) not in (0, 1) for child in children)
    for _ in range(lost):
        n += 1
        print('not ok %d - a worker ended in a test' % n)
    print('1..%d' % n, flush=True)
    return int(bool(failed or lost or not n))


def asks_for_root(function):
    return 'ROOT' in inspect.getsource(inspect.unwrap(getattr(function, 'func', function)))


class Tap:
    """Runs test functions, prints TAP."""

    def __init__(self):
        self.tests = []

    def test(self, title):
        def add(function):
            self.tests.append((title, function))
            return function
        return add

    def each(self, title, *rows):
        """A test for each row: the function's arguments, and the first of them, as many as @title has room for, its title."""
        def add(function):
            for row in rows:
                self.tests.append((title % row[:title.count('%s')], functools.partial(function, *row)))
            return function
        return add

    def mine(self):
        """The tests for this process: all, or what is left in the queue when it comes to it."""
        assert len(self.tests) < TESTS_MAX
        if QUEUE is None:
            yield from self.tests
            return
        while True:
            i, = struct.unpack('<H', os.read(QUEUE, 2))
            if i >= len(self.tests):
                return
            yield self.tests[i]

    def run(self):
        """A case that an ordinary user can't run is root's: it is in the plan of suite root only."""
        failed = n = 0
        for title, function in self.mine():
            if ONLY not in title or (ROOTS_ALONE and not asks_for_root(function)):
                continue
            skip = None
            try:
                skip = function()
                ok = True
            except Exception as e:              # a test that ends in any other way has failed
                ok = False
                print('# %s: %s (line %d)' % (type(e).__name__, e, e.__traceback__.tb_next.tb_lineno if e.__traceback__.tb_next else 0))
            if skip and os.getuid() != 0:
                print('# left to root: %s: %s' % (title, skip))
                continue
            n += 1
            failed += not ok
            number = '%d ' % n if QUEUE is None else ''
            # In one piece: other workers write to the same pipe.
            sys.stdout.write('%sok %s- %s%s\n' % ('' if ok else 'not ', number, title, ' # SKIP ' + skip if skip else ''))
            sys.stdout.flush()
        if QUEUE is None:
            print('1..%d' % n, flush=True)
        sys.exit(failed != 0)
