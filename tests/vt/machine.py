# SPDX-License-Identifier: LGPL-2.1-or-later
# machine.py - a machine with a keyboard and a screen, in QEMU
"""For tests/vt/test_vt.py, in an instance that `prepare` has made ready.

    with Machine() as machine:
        machine.wait_text('login:$')
        machine.type('nurse1\\n')
        code = machine.wait_qr()

It boots /guest with the kernel of Debian. Keys go in at the keyboard, pictures come out at the screen; what stands on
the console as text, and commands as root, go over a serial line (agent). Nothing in it is timed: under emulation on a
busy host a boot may take minutes, and everything waits for what happens."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'bankid'), os.path.join(HERE, '..', 'e2e')]

import screen as camera  # noqa: E402

BOOT_S = 300
KEYS = {'\n': 'ret', ' ': 'spc', '-': 'minus', '.': 'dot', '/': 'slash', ';': 'semicolon', '\x1b': 'esc'}


class TooLate(AssertionError):
    """What was waited for did not come in time."""


class Line:
    """One JSON object a line, to and fro, over a socket."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(path)
        self._file = self._socket.makefile('rwb')

    def read(self, seconds):
        self._socket.settimeout(seconds)
        return json.loads(self._file.readline())

    def write(self, value):
        self._file.write(json.dumps(value).encode() + b'\n')
        self._file.flush()


class Machine:
    def __init__(self, folder='/results', memory='1536'):
        self._folder = folder
        work = self._work = tempfile.mkdtemp()
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            ['qemu-system-x86_64', '-nodefaults', '-no-reboot', '-display', 'none', '-accel', 'tcg,thread=multi', '-cpu', 'max',
             '-smp', '2', '-m', memory, '-kernel', '/usr/lib/lab/vmlinuz', '-initrd', '/tmp/initrd', '-vga', 'std',
             '-append', 'quiet loglevel=1 console=ttyS0 console=tty0 net.ifnames=0 mitigations=off systemd.show_status=no systemd.getty_auto=no '
                        'systemd.default_timeout_start_sec=600',
             '-virtfs', 'local,path=/guest,mount_tag=tree,security_model=passthrough,readonly=on,multidevs=remap',
             '-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,romfile=',
             '-serial', f'file:{folder}/machine.log',
             '-chardev', f'socket,id=agent,path={work}/agent,server=on,wait=off', '-serial', 'chardev:agent',
             '-qmp', f'unix:{work}/monitor,server=on,wait=off'],
            stdin=subprocess.DEVNULL, preexec_fn=camera.die_with_parent)
        end = time.monotonic() + 30
        while not os.path.exists(f'{work}/monitor'):
            assert self._process.poll() is None and time.monotonic() < end, 'QEMU did not start'
            time.sleep(0.05)
        self._monitor = Line(f'{work}/monitor')
        self._monitor.read(30)
        self._command('qmp_capabilities')
        self._agent = Line(f'{work}/agent')
        self._n = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()

    def _command(self, name, **arguments):
        self._monitor.write({'execute': name, 'arguments': arguments})
        while True:
            told = self._monitor.read(120)
            if 'error' in told:
                raise AssertionError(told['error'])
            if 'return' in told:
                return told['return']

    def _ask(self, patience=300, **order):
        self._agent.write(order)
        told = self._agent.read(patience)
        assert 'error' not in told, told
        return told

    # ---- as somebody who sits before it

    def wait_boot(self):
        """Until the agent has something to say; seconds since the machine was switched on."""
        assert self._agent.read(BOOT_S) == {'ready': True}
        return time.monotonic() - self.started

    def press(self, key):
        for down in (True, False):
            self._command('input-send-event', events=[
                {'type': 'key', 'data': {'down': down, 'key': {'type': 'qcode', 'data': key}}}])

    def type(self, text, echoed=True):
        """One key after the other; where the console repeats them, not before the last one is seen."""
        typed = ''
        for letter in text:
            self.press(KEYS.get(letter, letter))
            if letter == '\n' or not echoed:
                typed = ''
                continue
            typed += letter
            self.wait_text(re.escape(typed) + '[^\n]*$')

    def wait_text(self, pattern, seconds=120):
        """Until what the console says (its rows to the last that has text) fits."""
        told = self._ask(seconds + 120, do='wait', pattern=pattern, seconds=seconds)
        if not told['found']:
            self.picture('too-late')
            raise TooLate(f'{pattern!r} did not come; the console says {told["lines"]}')
        return told['lines']

    def text(self):
        return self._ask(do='screen')['lines']

    def picture(self, name):
        """A picture of the screen, as the wire to a monitor has it: its path."""
        path = f'{self._folder}/{name}.png'
        self._command('screendump', filename=path, format='png')
        return path

    def qr(self):
        return camera.pick(camera.decode(self.picture('screen')))

    def wait_qr(self, seconds=120, other_than=()):
        """Look until there is a code."""
        end = time.monotonic() + seconds
        while (code := self.qr()) is None or code in other_than:
            if time.monotonic() > end:
                raise TooLate(f'no code on the screen; the console says {self.text()}')
            self._ask(do='changed', seconds=2)
        return code

    # ---- as its administrator

    def run(self, *words, text=None, check=True, seconds=300):
        told = self._ask(seconds, do='run', words=words, **({} if text is None else {'text': text}))
        assert not check or told['status'] == 0, (words, told)
        return told['output']

    def finding(self, what):
        """What careid check says of it: OK, WARN or WRONG."""
        told = json.loads(self.run('careid', 'check', '--json', check=False))
        return {f['what']: f['state'] for f in told['findings']}[what]

    def size(self):
        rows, columns = self.run('stty', '-F', '/dev/tty1', 'size').split()
        return f'{columns}x{rows}'
