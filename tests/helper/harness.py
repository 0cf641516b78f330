# SPDX-License-Identifier: LGPL-2.1-or-later
"""harness.py - starts the real helper program, and speaks its protocol

An encoder and decoder of docs/helper-protocol.md of their own, so that the
tests don't agree with common/wire.c by sharing its mistakes.
"""

import fcntl
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

PROGRAM, COMPILE, RUN, SOURCE = sys.argv[1:5]
ONLY = sys.argv[5] if len(sys.argv) > 5 else ''         # a part of the titles of the tests to run
STATE = os.path.join(RUN, 'state')
OWNER = 61998 if os.getuid() == 0 else os.getuid()

VERIFY, INTRO, START, SHOW, ASK, VERDICT, ACCOUNT, DECISION, OPEN, RECORDED, CLOSE = range(1, 12)
KINDS = ['', 'VERIFY', 'INTRO', 'START', 'SHOW', 'ASK', 'VERDICT', 'ACCOUNT', 'DECISION', 'OPEN', 'RECORDED', 'CLOSE']
TAGS = ['', 'version', 'account', 'service', 'pace', 'source', 'tty', 'target', 'after_key', 'timeout', 'check_code', 'text',
        'help', 'state', 'qr_side', 'qr_bits', 'seconds', 'verdict', 'uid', 'decision', 'login', 'menu', 'language', 'about']
NUMBERS = {'version', 'pace', 'after_key', 'timeout', 'state', 'qr_side', 'seconds', 'verdict', 'uid', 'decision', 'login'}
VERDICTS = ['', 'denied', 'approved', 'cancelled', 'timed-out', 'wrong-person', 'refused', 'unreachable', 'busy', 'broken',
            'not-permitted', 'no-method']
DECISIONS = ['', 'denied', 'allowed', 'not-ours', 'expired', 'archived', 'broken', 'not-permitted', 'busy']
LIVE, ASKED = 1, 2
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
        # The folders are compiled into the program: one test at a time.
        self.lock = open(RUN + '.lock', 'w', encoding='utf-8')
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        shutil.rmtree(RUN, ignore_errors=True)
        os.makedirs(RUN)
        for name in ('state', 'config', 'run', 'run/callers', 'data', 'locale'):
            os.mkdir(os.path.join(RUN, name), 0o700)
        os.chmod(os.path.join(RUN, 'run'), 0o755)
        self.program = os.path.join(RUN, 'careid-helper')
        shutil.copyfile(PROGRAM, self.program)
        if os.getuid() == 0:
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
        for name in ('journal', 'acts'):
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

    def receive(self, timeout=20):
        self.sock.settimeout(timeout)
        try:
            packet = self.sock.recv(20000)
        except ConnectionResetError:
            packet = b''
        return decode(packet) if packet else None

    def verify(self, account, pace=LIVE, timeout=20, **fields):
        self.send(VERIFY, version=1, account=account, service=fields.pop('service', 'login'), pace=pace, timeout=timeout, **fields)
        return self.receive()

    def until(self, wanted, timeout=60):
        """Messages until one for which wanted(message) holds; None when the helper closed before."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            message = self.receive(max(0.1, end - time.monotonic()))
            if message is None or wanted(message):
                return message
        raise AssertionError('waited in vain')

    def end(self, timeout=20):
        """Close, and wait for it to end by itself."""
        self.sock.close()
        return self.process.wait(timeout)

    def kill(self):
        self.sock.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Tap:
    """Runs test functions, prints TAP."""

    def __init__(self):
        self.tests = []

    def test(self, title):
        def add(function):
            self.tests.append((title, function))
            return function
        return add

    def run(self):
        """A case that an ordinary user can't run is root's: it is in the plan of suite root only."""
        failed = n = 0
        for title, function in self.tests:
            if ONLY not in title:
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
            print('%sok %d - %s%s' % ('' if ok else 'not ', n, title, ' # SKIP ' + skip if skip else ''), flush=True)
        print('1..%d' % n, flush=True)
        sys.exit(failed != 0)
