# SPDX-License-Identifier: LGPL-2.1-or-later
"""command_run.py - runs careid and says what came of it, for test-careid-command.py and what it is made of

Numbers are Skatteverket's published test numbers.
"""

import os
import pty
import select
import stat
import subprocess
import sys
import termios
import time
from pathlib import Path

UID = 990
ETC = """root:x:0:0::/root:/bin/sh
_careid:x:990:990::/nonexistent:/usr/sbin/nologin
bo:x:1001:1001::/home/bo:/bin/sh
dora:x:1002:1002::/home/dora:/bin/sh
"""
DONE, REFUSED, USAGE, BROKEN = 0, 1, 2, 3
NUMBER, OTHER, SECOND = "189001019802", "189001029819", "191401682396"

careid, config, state, snapshots = sys.argv[1], *map(Path, sys.argv[2:5])
tests = failed = 0


def check(name, ok, said=""):
    global tests, failed
    tests += 1
    failed += not ok
    print(f"{'' if ok else 'not '}ok {tests} - {name}", flush=True)
    if not ok:
        for line in str(said).splitlines():
            print("#", line)


def run(*args, given="", env=None):
    r = subprocess.run([careid, *args], input=given, capture_output=True, text=True, timeout=60, env=env or {})
    return r.returncode, r.stdout, r.stderr


def expect(name, args, status, says="", given=""):
    """One run: its status, what it says, and that a refusal is one line."""
    got, out, err = run(*args.split("|"), given=given)
    one_line = got == DONE or (err.count("\n") == 1 and err.startswith("careid: "))
    check(name, got == status and says in out + err and one_line, f"{got}\n{out}{err}")


def is_dir(path, uid, mode):
    st = path.lstat()
    return stat.S_ISDIR(st.st_mode) and st.st_uid == uid and stat.S_IMODE(st.st_mode) == mode


class Terminal:
    """The command on a pty."""

    def __init__(self, *args):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(careid, [careid, *args], {})
        self.seen = b""

    def wait_for(self, text, seconds=20):
        end = time.monotonic() + seconds
        while text not in self.seen and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self.fd, 4096)
                except OSError:
                    break
        return text in self.seen

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def type(self, text):
        os.write(self.fd, text)

    def end(self):
        self.wait_for(b"\0never", 2)
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
        return status


def done():
    """The plan, and the status of the program."""
    print(f"1..{tests}")
    return failed != 0
