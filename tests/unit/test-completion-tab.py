#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test-completion-tab.py COMPLETION CAREID - somebody presses Tab in a real bash"""

import os
import pty
import select
import sys
import time

completion, careid = map(os.path.abspath, sys.argv[1:3])
seen = b""
tests = failed = 0


def wait_for(text, seconds=60):
    """What the terminal shows, until @text is in it."""
    global seen
    end = time.monotonic() + seconds
    while text not in seen and time.monotonic() < end:
        if select.select([fd], [], [], 1)[0]:
            try:
                seen += os.read(fd, 4096)
            except OSError:
                break
    return text in seen


def check(name, typed, shown):
    global seen, tests, failed
    seen = b""
    os.write(fd, typed)
    good = wait_for(shown)
    tests += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {tests} - {name}")
    if not good:
        print(f"# {seen!r}")
    # The line is given up, and the next prompt is there.
    seen = b""
    os.write(fd, b"\x15echo e\"\"nd\r")
    wait_for(b"\nend\r\n$ ")


pid, fd = pty.fork()
if pid == 0:
    os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], {
        "PATH": f"{os.path.dirname(careid)}:{os.environ.get('PATH', '/usr/bin:/bin')}", "PS1": "$ ", "TERM": "dumb", "LC_ALL": "C",
        "HOME": "/nonexistent", "HISTFILE": ""})
wait_for(b"$ ")
seen = b""
os.write(fd, b". '" + completion.encode() + b"' && echo re\"\"ady\r")
if not wait_for(b"\nready\r\n$ "):
    sys.exit(f"Bail out! bash does not begin: {seen!r}")
check("a command", b"careid organi\t", b"careid organisation ")
check("its second word", b"careid role gr\t", b"careid role grant-service ")
check("an option", b"careid unit add oak --org\t", b"--organisation ")
check("an option of many commands", b"careid unit add oak --dr\t", b"--dry-run ")
check("a word that an option takes", b"careid role add nurse --kind rel\t", b"--kind relative ")
check("a choice, at the second Tab", b"careid audit \t\t", b"verify")
os.write(fd, b"exit\r")
try:
    while os.read(fd, 4096):
        pass
except OSError:
    pass
os.waitpid(pid, 0)
print(f"1..{tests}")
sys.exit(failed > 0)
