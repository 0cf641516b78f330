# SPDX-License-Identifier: LGPL-2.1-or-later
# screen.py - a terminal whose picture can be taken, and a camera for it.
"""A command in a real xterm on an X display of its own (Xvfb).

    with Screen(['ssh', 'nurse@host'], columns=80, rows=24) as screen:
        screen.wait_text(r'password:')
        screen.type('secret\\n')
        text = screen.wait_qr(timeout=20)       # read from the picture alone
        screen.wait_exit(timeout=10)

What is typed goes to the command's terminal, not through X; `output` is what
the command wrote.  The display takes only clients with its cookie.  Needs
Xvfb, xterm, the font DejaVu Sans Mono, ImageMagick's import and zbarimg.

Run as a program (by xterm, never by hand) this file is the bridge between
xterm and the command: screen.py SOCKET COMMAND...
"""

import ctypes
import fcntl
import os
import pty
import re
import secrets
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import tty

THEMES = {'dark': ('black', 'white'), 'light': ('white', 'black')}
FONT = 'DejaVu Sans Mono'
OUTPUT_MAX = 16 * 1024 * 1024
START_S = 60
SLOWER = 3                          # a busy machine may take so many times as long as a quiet one
TRIES_S = 5                         # who gives less wants to try something else then
REOPEN_S = 0.02                     # how often a hung-up terminal is tried again
FRAME = struct.Struct('!cI')        # kind, length: b'o' output, b's' size, b'x' exit status
RESIZE = re.compile(rb'\0(\d+);(\d+)\0')      # among what is typed, to the bridge: rows, columns


class ScreenError(Exception):
    """A program that the screen needs failed or is not there."""


class Timeout(ScreenError):
    """What was waited for did not come in time."""


def patient(seconds):
    """How long to wait for what a quiet machine does within these; CAREID_PATIENCE_S is the most that is wanted."""
    return seconds if seconds < TRIES_S else min(seconds * SLOWER, float(os.environ.get('CAREID_PATIENCE_S', 'inf')))


# ---- the camera

def decode(image):
    """All QR codes of a picture, top to bottom; [] when there are none."""
    r = subprocess.run(['zbarimg', '--raw', '-q', '-Sdisable', '-Sqrcode.enable', str(image)],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if r.returncode not in (0, 4):          # 4: no code in the picture
        raise ScreenError(f'zbarimg: {r.stderr.decode(errors="replace").strip()}')
    return [line for line in r.stdout.decode(errors='replace').splitlines() if line]


def pick(codes):
    """The code that a BankID app would take, else the first, else None."""
    return next((c for c in codes if c.startswith('bankid.')), codes[0] if codes else None)


def screenshot(path, environment=None):
    """A picture of the whole X display named by the environment."""
    r = subprocess.run(['import', '-silent', '-window', 'root', f'png:{path}'], env=environment,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                       check=False)
    if r.returncode != 0:
        raise ScreenError(f'import: {r.stderr.decode(errors="replace").strip()}')
    return path


def read_display(environment=None, keep=None, other_than=()):
    """One look: the code that the display shows now and that is not in other_than, or None."""
    with tempfile.TemporaryDirectory(prefix='screen-') as folder:
        picture = screenshot(keep or os.path.join(folder, 'screen.png'), environment)
        return pick([code for code in decode(picture) if code not in other_than])


def wait_display(timeout, environment=None, other_than=(), keep=None):
    """Looks until a code is there that is not in other_than."""
    end = time.monotonic() + patient(timeout)
    while True:
        code = read_display(environment, keep, other_than)
        if code is not None:
            return code
        if time.monotonic() >= end:
            raise Timeout(f'no QR code on the screen within {patient(timeout)} s')


# ---- the screen

class Screen:
    """command: list of words, run in the caller's environment plus env.  Make
    it in a thread that lives as long: the kernel ends the display with it."""

    def __init__(self, command, *, columns=100, rows=40, theme='dark', font_size=10, font=FONT,
                 env=None, cwd=None, size=(1600, 1200)):
        background, foreground = THEMES[theme]
        self._folder = tempfile.mkdtemp(prefix='screen-')
        self._condition = threading.Condition()
        self._output = bytearray()
        self._status = None
        self._gone = False
        self._size = None
        self._xvfb = self._xterm = self._link = None
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.xauthority = os.path.join(self._folder, 'xauthority')
            write_cookie(self.xauthority)
            self._start_xvfb(size)
            self.environment = {**os.environ, 'DISPLAY': self.display, 'XAUTHORITY': self.xauthority}
            path = os.path.join(self._folder, 'bridge')
            listener.bind(path)
            listener.listen(1)
            listener.settimeout(START_S)
            self._xterm_log = open(os.path.join(self._folder, 'xterm.log'), 'wb')
            self._xterm = subprocess.Popen(
                ['xterm', '-u8', '+sb', *font_options(font, font_size), '-bg', background,
                 '-fg', foreground, '-geometry', f'{columns}x{rows}+0+0', '-tn', 'xterm-256color',
                 '-xrm', '*allowWindowOps: true',
                 '-e', sys.executable, os.path.abspath(__file__), path, *command],
                env={**self.environment, **utf8_locale(), **(env or {})}, cwd=cwd,
                stdin=subprocess.DEVNULL, stdout=self._xterm_log, stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent)
            self._link = self._accept(listener)
            self._reader = threading.Thread(target=self._read, daemon=True)
            self._reader.start()
        except BaseException:
            self.close()
            raise
        finally:
            listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def type(self, text):
        """As if typed: '\\n' is Enter, '\\x03' is Ctrl-C."""
        data = text.encode() if isinstance(text, str) else text
        self._link.sendall(data.replace(b'\n', b'\r'))

    def resize(self, columns, rows, timeout=10):
        """Makes the window larger or smaller; the command's terminal has heard of it when this returns."""
        self._link.sendall(f'\0{rows};{columns}\0'.encode())
        with self._condition:
            if not self._condition.wait_for(lambda: self._size == (rows, columns) or self._gone, patient(timeout)):
                raise Timeout(f'the window is {self._size}, not {(rows, columns)}')

    @property
    def size(self):
        """COLUMNSxROWS of the command's terminal, as the command's side was told last."""
        with self._condition:
            return '{1}x{0}'.format(*self._size) if self._size else '?'

    @property
    def output(self):
        """All that the command has written, as bytes, escapes included."""
        with self._condition:
            return bytes(self._output)

    def wait_text(self, pattern, timeout=10, start=0):
        """Waits for a regular expression in the output from byte `start` on."""
        wanted = re.compile(pattern.encode() if isinstance(pattern, str) else pattern)
        with self._condition:
            found = self._condition.wait_for(
                lambda: wanted.search(self._output, start) or self._gone or self._status is not None, patient(timeout))
            # A match copied from the buffer: the buffer goes on growing.
            match = wanted.search(bytes(self._output), start)
        if match is None:
            why = 'the command ended' if found else f'nothing in {patient(timeout)} s'
            raise Timeout(f'{pattern!r} did not come: {why}; the output ends {bytes(self._output[-400:])!r}')
        return match

    def wait_exit(self, timeout=10):
        """The command's exit status, negative for a signal."""
        with self._condition:
            if not self._condition.wait_for(lambda: self._status is not None or self._gone, patient(timeout)):
                raise Timeout(f'the command runs on after {patient(timeout)} s; the output ends {bytes(self._output[-400:])!r}')
            if self._status is None:
                raise ScreenError('xterm ended before the command')
            return self._status

    @property
    def is_running(self):
        with self._condition:
            return self._status is None and not self._gone

    def screenshot(self, path):
        return screenshot(path, self.environment)

    def qr(self, keep=None):
        """The code on the screen now, or None.  keep: where to leave the picture."""
        return read_display(self.environment, keep)

    def wait_qr(self, timeout=20, other_than=(), keep=None):
        """The first code that is not in other_than (earlier frames)."""
        return wait_display(timeout, self.environment, other_than, keep)

    def close(self):
        """Ends the command (hang-up), xterm and the display; may be repeated."""
        if self._link is not None:
            self._link.close_writing()
        for process in (self._xterm, self._xvfb):
            if process is None:
                continue
            if process is self._xterm and self._link is not None:
                # The bridge hangs the command up, then xterm ends by itself.
                try:
                    process.wait(5)
                except subprocess.TimeoutExpired:
                    pass
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(5)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        if self._link is not None:
            self._link.close()
            self._reader.join(5)
        if self._xterm is not None:
            self._xterm_log.close()
        self._xterm = self._xvfb = self._link = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start_xvfb(self, size):
        out, inner = os.pipe()
        log_path = os.path.join(self._folder, 'xvfb.log')
        try:
            with open(log_path, 'wb') as log:
                self._xvfb = subprocess.Popen(
                    ['Xvfb', '-displayfd', str(inner), '-screen', '0', f'{size[0]}x{size[1]}x24',
                     '-nolisten', 'tcp', '-auth', self.xauthority, '-noreset'],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[inner],
                    preexec_fn=die_with_parent)
        finally:
            os.close(inner)
        number = b''
        end = time.monotonic() + START_S
        with os.fdopen(out, 'rb', buffering=0) as answer:
            while not number.endswith(b'\n'):
                ready = select.select([answer], [], [], max(0, end - time.monotonic()))[0]
                chunk = answer.read(16) if ready else b''
                if not chunk:
                    with open(log_path, errors='replace') as log:
                        raise ScreenError(f'Xvfb did not start: {log.read().strip()}')
                number += chunk
        self.display = ':' + number.decode().strip()

    def _accept(self, listener):
        end = time.monotonic() + START_S
        listener.settimeout(0.2)
        while True:
            try:
                return Link(listener.accept()[0])
            except TimeoutError:
                if self._xterm.poll() is not None or time.monotonic() >= end:
                    with open(self._xterm_log.name, errors='replace') as log:
                        raise ScreenError(f'xterm did not start: {log.read().strip()}') from None

    def _read(self):
        link = self._link
        while True:
            frame = link.receive()
            with self._condition:
                if frame is None:
                    self._gone = True
                elif frame[0] == b'o' and len(self._output) < OUTPUT_MAX:
                    self._output += frame[1]
                elif frame[0] == b's':
                    self._size = tuple(map(int, frame[1].split(b';')))
                elif frame[0] == b'x':
                    self._status = int(frame[1])
                self._condition.notify_all()
            if frame is None:
                return


class Link:
    """Frames from the bridge, plain bytes to it."""

    def __init__(self, sock):
        self._socket = sock
        sock.settimeout(None)

    def sendall(self, data):
        self._socket.sendall(data)

    def receive(self):
        head = self._exactly(FRAME.size)
        if head is None:
            return None
        kind, length = FRAME.unpack(head)
        body = self._exactly(length)
        return None if body is None else (kind, body)

    def _exactly(self, n):
        data = b''
        while len(data) < n:
            try:
                chunk = self._socket.recv(n - len(data))
            except OSError:
                return None
            if not chunk:
                return None
            data += chunk
        return data

    def close_writing(self):
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self._socket.close()


def die_with_parent():
    """In a child before exec: no display outlives the test that made it."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def font_options(font, size):
    """size None: a bitmap font of the X server's."""
    return ['-fn', font] if size is None else ['-fa', font, '-fs', str(size)]


def utf8_locale():
    return {'LC_ALL': 'C.UTF-8'}


def write_cookie(path):
    """An Xauthority file with one fresh cookie, good for any display."""
    def counted(data):
        return struct.pack('!H', len(data)) + data
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, 'wb') as f:
        f.write(struct.pack('!H', 0xffff) + counted(b'') + counted(b'') +
                counted(b'MIT-MAGIC-COOKIE-1') + counted(secrets.token_bytes(16)))


# ---- the bridge, inside xterm

def bridge(path, command):
    """Copies between xterm, the command's terminal and the Screen until the
    Screen leaves; tells the Screen the command's status once all output that
    preceded its end has gone.  The terminal may be hung up and opened again
    under way: login(1) does that."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.connect(path)
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    modes = termios.tcgetattr(0)
    pid, master = pty.fork()
    if pid == 0:
        # The modes that xterm has set, as if the command ran in it (IUTF8 among them).
        termios.tcsetattr(0, termios.TCSANOW, modes)
        run_command(command)

    def tell(kind, text):
        sock.sendall(FRAME.pack(kind, len(text)) + text.encode())

    def resized(known):
        """Hands on the size of the window, if it is another one."""
        size = fcntl.ioctl(0, termios.TIOCGWINSZ, b'\0' * 8)
        if size != known:
            fcntl.ioctl(master, termios.TIOCSWINSZ, size)
            tell(b's', '{};{}'.format(*struct.unpack('HHHH', size)))
        return size
    signal.signal(signal.SIGWINCH, lambda *_: None)
    size = resized(None)
    tty.setraw(0)

    def forward():
        data = read_some(master)
        write_all(1, data)
        if data:
            sock.sendall(FRAME.pack(b'o', len(data)) + data)
        return bool(data)

    running = True
    closed = False              # no process has the terminal open at the moment
    inputs = [0, woken, sock]
    while True:
        ready = select.select(inputs + ([] if closed else [master]), [], [], REOPEN_S if closed and running else None)[0]
        closed = closed and not running
        if master in ready:
            closed = not forward()
        if woken in ready:
            os.read(woken, 4096)
            size = resized(size)
        if running and os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            while select.select([master], [], [], 0)[0] and forward():
                pass
            running = False
            tell(b'x', str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
        if 0 in ready:
            data = read_some(0)
            if not data:
                break           # xterm has gone
            write_all(master, data)
        if sock in ready:
            data = sock.recv(65536)
            if not data:
                break           # the Screen has gone
            for wish in RESIZE.finditer(data):
                # Asked of xterm as a program would; the answer is SIGWINCH.
                write_all(1, b'\x1b[8;%s;%st' % wish.groups())
            write_all(master, RESIZE.sub(b'', data))
    os.close(master)            # a hang-up, as when a real terminal is closed
    if running and not reaped_within(pid, 3):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def run_command(command):
    signal.set_wakeup_fd(-1)
    for name in ('DISPLAY', 'XAUTHORITY', 'WINDOWID', 'XTERM_SHELL', 'XTERM_LOCALE', 'XTERM_VERSION'):
        os.environ.pop(name, None)
    try:
        os.execvp(command[0], command)
    except OSError as e:
        os.write(2, f'{command[0]}: {e.strerror}\r\n'.encode())
    os._exit(127)


def read_some(fd):
    try:
        return os.read(fd, 65536)
    except OSError:             # EIO: the other side of the terminal is closed
        return b''


def write_all(fd, data):
    try:
        while data:
            data = data[os.write(fd, data):]
    except OSError:
        pass                    # nobody reads there any more


def reaped_within(pid, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
        time.sleep(0.02)
    return False


if __name__ == '__main__':
    bridge(sys.argv[1], sys.argv[2:])
