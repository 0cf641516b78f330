# SPDX-License-Identifier: LGPL-2.1-or-later
"""bankid_bench.py - the real helper program, a BankID (tests/bankid) and a phone, for test-bankid.py and what it is made of

Whoever imports it goes on as several processes (harness.share), each with an instance of its own.
"""

import contextlib
import functools
import os
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time

import harness

for program in ('node', 'zbarimg', 'openssl'):
    if not shutil.which(program):
        print('1..0 # SKIP no ' + program)
        sys.exit(0)

WORKERS = 12                                            # they mostly wait
room = tempfile.mkdtemp(prefix='careid-test-')
certs = os.path.join(room, 'certs')
subprocess.run([os.path.join(harness.SOURCE, 'tests', 'bankid', 'make-certs.sh'), certs], check=True,
               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
for language in ('sv', 'da'):
    os.makedirs(os.path.join(room, 'locale', language, 'LC_MESSAGES'))
    subprocess.run(['msgfmt', '-o', os.path.join(room, 'locale', language, 'LC_MESSAGES', 'careid.mo'),
                    os.path.join(harness.SOURCE, 'po', language + '.po')], check=True)
status = harness.share(2 if harness.ONLY else WORKERS)
if status is not None:
    shutil.rmtree(room, ignore_errors=True)
    sys.exit(status)

from harness import *  # noqa: E402

sys.path.insert(0, os.path.join(SOURCE, 'tests', 'bankid'))
from phone import PhoneError, Simulator  # noqa: E402, F401

OURS, OTHER = '189001019802', 'nurse-two'
HERE, NEARBY = '192.0.2.44', '192.0.2.45'
tap = Tap()
inst = Installed()
shutil.copytree(os.path.join(room, 'locale'), os.path.join(RUN, 'locale'), dirs_exist_ok=True)
me = host_name()
ROOT = os.getuid() == 0
RECORD = 'account %s 17 3 host 0 1 %s' % (me.pw_name, OURS)
# How old a code may be is tried end to end; here so many phones look at once that a slow machine may take its time.
simulator = Simulator(certs, os.path.join(room, 'control-' + os.path.basename(RUN)), qr_max_age_ms=10000)
phone = simulator.phone
PORT = phone.status()['port']


class Busy(AssertionError):
    """What a busy machine may miss: how often something came. What came is no matter of chance, and asserted."""


def also_when_busy(test):
    """What is a matter of seconds is looked at anew, where that alone is amiss."""
    @functools.wraps(test)
    def looked(*row):
        for left in (3, 2, 1, 0):
            try:
                return test(*row)
            except Busy:
                if left == 0:
                    raise
        return None
    return looked


def in_time(holds, *said):
    if not holds:
        raise Busy(*said)


def pem(name):
    with open(os.path.join(certs, name), 'rb') as f:
        return f.read()


def reset(*accounts, client='rp', host='127.0.0.1', language='en', more=''):
    phone.reset()
    inst.forget()
    inst.write('ca', pem('server-ca.crt'), 0o644)
    inst.write('crt', pem(client + '.crt'), 0o644)
    inst.write('key', pem(client + '.key'), 0o400)
    inst.configure('[general]\nlanguage = %s\nsupport = telephone 5 55 55\nhost-title = Ward computer\n[bankid]\nenabled = yes\n'
                   'endpoint = https://%s:%d/rp/v6.0\nca = %s/ca\ncertificate = %s/crt\nkey = %s/key\nremote-qr = yes\n%s'
                   % (language, host, PORT, RUN, RUN, RUN, more))
    inst.accounts(*(accounts or (RECORD,)))


def begin(name=None, **fields):
    h = Helper(inst, uid=fields.pop('uid', None))
    intro = h.verify(name or me.pw_name, **fields)
    assert intro and intro['kind'] == INTRO, intro
    h.intro = intro
    h.started = time.monotonic()
    h.send(START)
    return h


def code(m):
    return m['kind'] == SHOW and 'qr_bits' in m


def scan(h):
    m = h.until(code)
    assert m, 'no code'
    return phone.scan(qr_text(m))


def verdict(h, timeout=30):
    v = h.until(lambda m: m['kind'] == VERDICT, timeout)
    assert v, 'no verdict'
    v['word'] = VERDICTS[v['verdict']]
    assert ('account' in v) == ('uid' in v) == (v['word'] == 'approved'), v
    return v


def silence(h, seconds):
    """As long as a person takes from one Enter to the next; nothing comes unasked meanwhile."""
    assert not select.select([h.sock], [], [], seconds)[0], 'it spoke unasked'


def ended(h):
    assert h.end() == 0
    late = [e for e in phone.journal(kind='request') if e.get('status') == 429 and not e.get('fault')]
    assert not late, 'collected too often'


def probed(method='bankid'):
    """What root is told of the endpoint: a word, and what exactly was met."""
    h = Helper(inst)
    h.send(PROBE, version=2, method=method)
    answer = h.receive(30)
    assert answer['kind'] == PROBED, answer
    assert h.receive() is None
    ended(h)
    return PROBES[answer['probe']], answer['text']


@contextlib.contextmanager
def clocks():
    """A function that sets the clock on the wall, and how long the machine has been running, forward by so many seconds."""
    path = inst.write('state/clock', struct.pack('<qq', 0, 0), 0o644)

    def step(wall, running=0):
        with open(path, 'r+b') as f:
            f.write(struct.pack('<qq', wall, running))

    try:
        yield step
    finally:
        os.unlink(path)


def turned(source=HERE, name=None, pace=LIVE, **more):
    """A log-in from there, that has turned to the link; and the message with it."""
    h = begin(name, source=source, service='sshd', pace=pace, timeout=more.pop('timeout', 40))
    if pace == ASKED:
        h.send(ASK)
    assert h.until(code) and h.intro.get('may_turn') == 1
    h.send(TURN)
    if pace == ASKED:
        h.send(ASK)
    m = h.until(lambda m: m['kind'] == SHOW and 'link' in m)
    assert m and 'qr_bits' not in m and re.fullmatch(LINK, m['link']), m
    return h, m


DECOYS = [('one without a number', 'account %s 17 3 host 0 1 -' % me.pw_name, me.pw_name),
          ('one of another uid', 'account %s 17 3 %d 0 1 %s' % (me.pw_name, me.pw_uid + 1, OURS), me.pw_name)]
if ROOT:
    DECOYS += [('one that nobody has', RECORD, 'nobodyhasthis')]
LINK = r'https://app[.]bankid[.]com/[?]autostarttoken=[0-9a-f-]{36}&redirect=null'
NETWORKS = '[network]\nseen-as = 10.20.0.0/16 192.0.2.7 2001:db8:77::/48\n'
