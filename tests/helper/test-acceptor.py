# SPDX-License-Identifier: LGPL-2.1-or-later
"""test-acceptor.py - the helper behind a socket that listens: it takes, counts, forks, and goes on whatever happens"""

import contextlib
import os
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import time

from harness import *

sys.path.insert(0, os.path.join(SOURCE, 'tests', 'bankid'))
from phone import Simulator

tap = Tap()
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)       # an end of each connection is ours
inst = Installed()
me = host_name()
ROOT = os.getuid() == 0
CONFIG = '''[general]
language = %s

[bankid]
enabled = yes
endpoint = https://127.0.0.1:1/rp/v6.0
ca = %s/ca
certificate = %s/crt
key = %s/key
remote-qr = yes
'''
USER_MAX, WAITING_MAX = 4, 32                           # HELD_USER_MAX, HELD_WAITING_MAX
SILENT_MAX, SILENCE = 768, 4                            # HELD_SILENT_MAX; less than HELD_FIRST_MS
ASKING = 180                                            # fewer than HELD_USERS_MAX - HELD_FIRSTS_MAX
STRANGER, STRANGERS, EACH = 100000, 300, 3              # uids that nobody has given a name, and how many connections of each


def reset(language='en'):
    inst.forget()
    for name in ('ca', 'crt'):
        inst.write(name, 'none', 0o644)
    inst.write('key', 'none', 0o400)
    inst.configure(CONFIG % (language, RUN, RUN, RUN))
    inst.accounts('account %s 1 1 host 0 1 189001019802' % me.pw_name)


class Caller(Helper):
    """Our end of one connection to the acceptor."""

    def __init__(self, address, uid=None):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if ROOT:
            os.seteuid(me.pw_uid if uid is None else uid)
        try:
            self.sock.connect(address)                  # waits for a place in the queue
        finally:
            if ROOT:
                os.seteuid(0)
        self.sock.settimeout(PATIENCE)

    def account(self):
        self.send(ACCOUNT, version=2, account=me.pw_name, service='login')
        return self.receive(PATIENCE)

    def is_closed(self, timeout=PATIENCE):
        return self.receive(timeout) is None


class Acceptor:
    """The program as the service manager starts it: the owner's, with a socket that listens as descriptor 0."""

    def __init__(self, listener=None):
        reset()
        self.listener = listener or socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if not listener:
            self.listener.bind(b'\0careid-test-%d-%d' % (os.getpid(), time.monotonic_ns()))
            self.listener.listen(1024)
        self.callers = []
        self.start()

    def start(self):
        more = {'user': OWNER, 'group': OWNER, 'extra_groups': []} if ROOT else {}
        self.process = subprocess.Popen([inst.program], stdin=self.listener, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={k: v for k, v in os.environ.items() if not k.endswith('SAN_OPTIONS')}, **more)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for caller in self.callers:
            caller.sock.close()
        if self.process.poll() is None:
            eventually(lambda: not self.children())     # or they would write into the next test's journal
        self.process.kill()
        self.process.wait()
        self.listener.close()

    def call(self, uid=None):
        self.callers.append(Caller(self.listener.getsockname(), uid))
        return self.callers[-1]

    def serves(self):
        try:
            answer = self.call().account()
        except (BrokenPipeError, ConnectionResetError):
            return False
        return answer is not None and DECISIONS[answer['decision']] == 'allowed'

    def children(self):
        """Process numbers of the conversations: each may have a child of its own, which is not one."""
        with open(f'/proc/{self.process.pid}/task/{self.process.pid}/children') as f:
            return [int(n) for n in f.read().split()]

    def is_named(self, pid):
        with open(f'/proc/{pid}/comm') as f:
            return f.read().strip()

    def limit(self, name, soft):
        """Another soft limit of the acceptor alone, or the one that it had."""
        if soft is None:
            soft = resource.getrlimit(getattr(resource, 'RLIMIT_' + name.upper()))[0]
            soft = 'unlimited' if soft == resource.RLIM_INFINITY else soft
        more = {'user': OWNER, 'group': OWNER, 'extra_groups': []} if ROOT else {}
        subprocess.run(['prlimit', f'--pid={self.process.pid}', f'--{name}={soft}:'], check=True, **more)

    def traced_by(self, pid):
        with open(f'/proc/{self.process.pid}/status', encoding='ascii') as f:
            return f'TracerPid:\t{pid}\n' in f.read()

    def settled(self):
        """It has said by an answer that it is there, and that conversation has been reaped."""
        assert self.call().account()
        eventually(lambda: not self.children())


def eventually(truth):
    end = time.monotonic() + PATIENCE
    while not (found := truth()):
        assert time.monotonic() < end, 'waited in vain'
        time.sleep(0.01)
    return found


def ended(pid):
    """An event, not a look: the process has gone."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([fd], [], [], PATIENCE)[0])
    finally:
        os.close(fd)


@tap.test('one conversation after another, each with a process of its own, and none is left')
def conversations():
    with Acceptor() as acceptor:
        for _ in range(3):
            assert DECISIONS[acceptor.call().account()['decision']] == 'allowed'
        talk = acceptor.call()
        assert talk.verify(me.pw_name)['kind'] == INTRO
        # Those before may not have been reaped yet.
        eventually(lambda: len(acceptor.children()) == 1)
        child, = acceptor.children()
        assert (acceptor.is_named(acceptor.process.pid), acceptor.is_named(child)) == ('careid-acceptor', 'careid-helper')
        talk.sock.close()
        assert ended(child)
        eventually(lambda: not acceptor.children())
        assert acceptor.process.poll() is None


@tap.test('who holds nothing that an act could rest on is answered by a process that can write nothing')
def acting():
    written = os.path.join(STATE, 'written')

    def ask():
        talk = acceptor.call()
        talk.send(ACT, version=2, account=me.pw_name, service='careid', language='en', words=b'mandates\0')
        return talk.receive(PATIENCE)['help']

    with Acceptor() as acceptor:
        told = ask()
        assert told in ('could not', 'unshut') and os.path.exists(written) == (told == 'unshut'), told
        inst.write('state/holds', '')
        assert ask() == 'wrote' and os.path.exists(written)
        os.unlink(os.path.join(STATE, 'holds'))
        os.unlink(written)


@contextlib.contextmanager
def approving(more='remote-qr = yes\n', accounts=None):
    """An acceptor whose callers may act, and a phone; the introduction of an act that is to be approved, by ask()."""
    certs = os.path.join(RUN, 'certs')
    if not os.path.exists(certs):
        subprocess.run([os.path.join(SOURCE, 'tests', 'bankid', 'make-certs.sh'), certs], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with Simulator(certs, os.path.join(RUN, 'control'), qr_max_age_ms=60000) as phone, Acceptor() as acceptor:
        for name, made, mode in (('ca', 'server-ca.crt', 0o644), ('crt', 'rp.crt', 0o644), ('key', 'rp.key', 0o400)):
            with open(os.path.join(certs, made), 'rb') as f:
                inst.write(name, f.read(), mode)
        inst.configure('[general]\nlanguage = sv\nhost-title = Ward computer\n[bankid]\nenabled = yes\nendpoint = https://127.0.0.1:%d/rp/v6.0\n'
                       'ca = %s/ca\ncertificate = %s/crt\nkey = %s/key\n%s' % (phone.status()['port'], RUN, RUN, RUN, more))
        inst.accounts(*(accounts or ('account %s 17 3 host 0 1 189001019802' % me.pw_name, 'title Example clinic')))
        inst.write('state/holds', '')

        def ask(**fields):
            talk = acceptor.call()
            talk.send(ACT, version=2, account=me.pw_name, service='careid', language='en', words=b'temp\0add\0', pace=LIVE, **{'timeout': 120, **fields})
            return talk, talk.receive()
        try:
            yield phone, acceptor, ask
        finally:
            os.unlink(os.path.join(STATE, 'holds'))


def scan(phone, talk):
    talk.send(START)
    shown = talk.until(lambda m: m['kind'] == VERDICT or 'qr_bits' in m)
    assert 'qr_bits' in shown, shown
    return phone.scan(qr_text(shown))


def told(talk):
    """The VERDICT, and what the half that acts has made of it: verdict, whose it is, the record."""
    verdict = talk.until(lambda m: m['kind'] == VERDICT)
    result = talk.receive()
    return VERDICTS[verdict['verdict']], result and result['help'].split()


@tap.test('an act is approved in the conversation that asks for it; what it is for stands in the app, and the approval is recorded')
def approved():
    with approving() as (phone, _, ask):
        talk, intro = ask()
        assert intro['kind'] == INTRO and intro['language'] == 'en' and 'careid temp add' in intro['about'], intro
        shown = scan(phone, talk)
        lines = shown['text'].splitlines()
        assert 'Runs: careid temp add' in lines and 'Log-in: careid' in lines and 'Account: ' + me.pw_name in lines and shown['kind'] == 'sign', shown
        phone.approve('nurse-one', order=shown['order'])
        assert told(talk) == ('approved', [str(VERDICTS.index('approved')), 'theirs', '71'])
        assert inst.read('acts') == 'login 17 bankid mobile se-loa3 careid - -\n', inst.read('acts')
        assert 'completionData' in inst.read('evidence')


@tap.test('what is no approval is none to the half that acts: somebody else approves, the person refuses, time is up, an outage, no e-ID')
def not_approved():
    with approving() as (phone, _, ask):
        for end, verdict, record in ((lambda order: phone.approve('nurse-two', order=order), 'wrong-person', 'refused 17 wrong-person\n'),
                                     (lambda order: phone.refuse(order=order), 'cancelled', ''),
                                     (None, 'timed-out', ''),
                                     (lambda order: phone.down(), 'unreachable', '')):
            inst.forget()
            talk, _ = ask(**({} if end else {'timeout': 5}))
            if end:
                end(scan(phone, talk)['order'])
            else:
                talk.send(START)
            said = told(talk)
            assert said == (verdict, [str(VERDICTS.index(verdict)), '-', '0']), said
            assert inst.read('acts') == record and inst.read('evidence') == '', inst.read('acts')
        inst.accounts('account %s 17 3 host 0 1 -' % me.pw_name)
        _, intro = ask()
        assert VERDICTS[intro['verdict']] == 'no-method' and 'No e-ID is registered' in intro['text'], intro


@tap.test('a code for an act is shown where the session of the caller is at this computer')
def place_of_act():
    with approving(more='') as (phone, _, ask):
        for session, kind in ((None, VERDICT), ('here active seat0 tty2 -', INTRO), ('remote active - - 198.51.100.7', VERDICT)):
            if session:
                inst.write('state/session', session)
            said = ask()[1]
            assert said['kind'] == kind, (session, said)
        os.unlink(os.path.join(STATE, 'session'))
        assert phone.journal(kind='order', event='created') == []


@tap.test('an order for an act is cancelled where the caller goes or says something else, or the half that acts is killed')
def act_given_up():
    with approving() as (phone, acceptor, ask):
        def second(talk):
            talk.send(ACT, version=2, account=me.pw_name, service='careid', language='en', words=b'mandates\0')

        def kill(_):
            child, = acceptor.children()
            subprocess.run(['kill', '-KILL', str(child)], check=True)
        for goes in (lambda talk: talk.sock.close(), second, kill):
            talk, _ = ask()
            order = scan(phone, talk)['order']
            eventually(lambda: len(acceptor.children()) == 1)
            goes(talk)
            assert phone.wait_order_end(order, PATIENCE)['outcome'] == 'cancelled'
            assert talk.sock.fileno() < 0 or goes is not second or talk.until(lambda m: m['kind'] not in (SHOW, RESULT)) is None
            eventually(lambda: not acceptor.children())
            assert inst.read('acts') == '' and acceptor.serves()


def has_locks(pid):
    """Has the process the file open whose bytes are everybody's slots?"""
    return any(os.readlink(f'/proc/{pid}/fd/{n}').endswith('/callers/locks') for n in os.listdir(f'/proc/{pid}/fd'))


@tap.test('a user who has four conversations is told that there are too many, whatever they ask; others are served')
def too_many():
    with Acceptor() as acceptor:
        held = [acceptor.call() for _ in range(USER_MAX)]
        for talk in held:
            assert talk.verify(me.pw_name, timeout=60)['kind'] == INTRO
        if ROOT:
            for child in acceptor.children():
                with open(f'/proc/{child}/task/{child}/children') as f:
                    resolver, = f.read().split()
                assert not has_locks(child) and has_locks(resolver)
        told = acceptor.call().verify(me.pw_name)
        assert VERDICTS[told['verdict']] == 'busy' and told['text'].startswith('Too many log-ins'), told
        assert DECISIONS[acceptor.call().account()['decision']] == 'busy'
        question = acceptor.call()
        question.send(PROBE, version=2, method='bankid')
        assert PROBES[question.receive()['probe']] == 'busy'
        for kind in (OPEN, CLOSE):
            session = acceptor.call()
            session.send(kind, version=2, account=me.pw_name, service='login')
            assert DECISIONS[session.receive()['decision']] == 'busy'
        crowd = [acceptor.call() for _ in range(WAITING_MAX - 2)]
        for talk in crowd:
            talk.send(ACCOUNT, version=2, account=me.pw_name, service='login')
        for talk in crowd:
            assert DECISIONS[talk.receive()['decision']] == 'busy'
        if ROOT:
            assert DECISIONS[acceptor.call(uid=0).account()['decision']] == 'allowed'
        held[0].sock.close()
        eventually(lambda: len(acceptor.children()) < USER_MAX)
        assert DECISIONS[acceptor.call().account()['decision']] == 'allowed'


@tap.test('whoever says nothing has no process, is closed after five seconds, and has few connections')
def silent():
    with Acceptor() as acceptor:
        acceptor.settled()
        for _ in range(10):
            start = time.monotonic()
            waiting = [acceptor.call() for _ in range(WAITING_MAX)]
            assert acceptor.call().is_closed()
            closed = select.select([talk.sock for talk in waiting], [], [], 0)[0]
            if time.monotonic() - start < 4:            # or the time of the first may have been over
                break
            for talk in waiting:
                talk.sock.close()
        assert not closed and not acceptor.children()
        for talk in waiting:
            assert talk.is_closed()
        assert time.monotonic() - start > 4.5
        assert DECISIONS[acceptor.call().account()['decision']] == 'allowed'
        assert inst.read('journal') == ''


@tap.test('hundreds of uids that hold connections keep nobody out, and those that ask are each answered')
def many_uids():
    if not ROOT:
        return 'other uids are for root to be'
    with Acceptor() as acceptor:
        acceptor.settled()
        acceptor.limit('nofile', 2048)                  # as its unit has it
        for _ in range(10):
            start = time.monotonic()
            honest = [acceptor.call(), acceptor.call()]         # silent ones that nobody takes the place of
            crowd = [acceptor.call(uid=STRANGER + i % STRANGERS) for i in range(STRANGERS * EACH)]
            assert DECISIONS[acceptor.call().account()['decision']] == 'allowed'
            assert DECISIONS[acceptor.call(uid=0).account()['decision']] == 'allowed'
            # There were too many of them: of each that had most one has gone.
            gone = [i for i, caller in enumerate(crowd) if select.select([caller.sock], [], [], 0)[0]]
            for caller in honest:
                caller.send(ACCOUNT, version=2, account=me.pw_name, service='login')
            if time.monotonic() - start < SILENCE:
                break                                   # nobody was closed for being silent for too long
        assert len(gone) >= STRANGERS * EACH + len(honest) - SILENT_MAX and max(gone) < STRANGERS * (EACH - 1), gone
        for caller in honest:
            assert DECISIONS[caller.receive()['decision']] == 'allowed'
        eventually(lambda: not acceptor.children())
        asking = [acceptor.call(uid=STRANGER + i) for i in range(ASKING)]
        for caller in asking:
            caller.send(ACCOUNT, version=2, account=me.pw_name, service='login')
        assert DECISIONS[acceptor.call().account()['decision']] == 'allowed'
        for caller in asking:
            assert DECISIONS[caller.receive(PATIENCE)['decision']] == 'not-permitted'
        eventually(lambda: not acceptor.children())
        assert os.listdir(os.path.join(RUN, 'run', 'callers')) == ['locks'], 'something is left of each uid'


@tap.test('what the kernel can wait for no more ends one connection, and not the service')
def unwatched():
    if not ROOT:
        return 'a tracer of what is not dumpable is root'
    with Acceptor() as acceptor:
        acceptor.settled()
        with subprocess.Popen(['strace', '-qq', '-o', '/dev/null', '-p', str(acceptor.process.pid), '-e', 'trace=epoll_ctl',
                               '-e', 'inject=epoll_ctl:error=ENOSPC'], stderr=subprocess.DEVNULL) as tracer:
            try:
                eventually(lambda: acceptor.traced_by(tracer.pid))
                for _ in range(2):
                    assert acceptor.call().is_closed()
                eventually(lambda: acceptor.serves())   # whoever has spoken before being taken is not waited for
            finally:
                tracer.terminate()
        assert inst.read('journal').count('outcome=broken') == 1
        assert DECISIONS[acceptor.call().account()['decision']] == 'allowed'


@tap.test('whoever has gone gets no process, however many they are')
def come_and_go():
    with Acceptor() as acceptor:
        acceptor.settled()
        for _ in range(2000):
            acceptor.call().sock.close()
            acceptor.callers.clear()
        assert DECISIONS[acceptor.call().account()['decision']] == 'allowed'
        eventually(lambda: not acceptor.children())


@tap.test('garbage has an end of its own, and the next caller an answer')
def garbage():
    with Acceptor() as acceptor:
        talk = acceptor.call()
        talk.raw(b'no message')
        assert talk.is_closed()
        assert DECISIONS[acceptor.call().account()['decision']] == 'allowed'


@tap.test('a configuration that has changed holds for the next conversation')
def configuration():
    with Acceptor() as acceptor:
        for language in ('sv', 'en', 'sv'):
            inst.configure(CONFIG % (language, RUN, RUN, RUN))
            assert acceptor.call().verify(me.pw_name)['language'] == language
        inst.write('state/careid.compiled', 'not one')
        assert VERDICTS[acceptor.call().verify(me.pw_name)['verdict']] == 'broken'


@tap.test('told to end, it leaves conversations to their end, and what has not been taken to the next one')
def told_to_end():
    with Acceptor() as acceptor:
        talk = acceptor.call()
        assert talk.verify(me.pw_name)['kind'] == INTRO
        acceptor.process.terminate()
        assert acceptor.process.wait(PATIENCE) == 0
        late = acceptor.call()
        late.send(ACCOUNT, version=2, account=me.pw_name, service='login')
        talk.send(START)
        assert talk.until(lambda m: m['kind'] == VERDICT)['kind'] == VERDICT
        acceptor.start()
        assert DECISIONS[late.receive(PATIENCE)['decision']] == 'allowed'


@tap.test('after a crash of a conversation it makes room for a process with another layout')
def crash():
    with Acceptor() as acceptor:
        talk, other = acceptor.call(), acceptor.call()
        assert talk.verify(me.pw_name)['kind'] == INTRO
        child, = acceptor.children()
        assert other.verify(me.pw_name)['kind'] == INTRO
        os.kill(child, signal.SIGSEGV)
        assert acceptor.process.wait(PATIENCE) == 0
        assert 'outcome=crashed' in inst.read('journal')
        other.send(START)
        assert other.until(lambda m: m['kind'] == VERDICT)['kind'] == VERDICT


@tap.test('when its folder is another one the next process takes over')
def places():
    with Acceptor() as acceptor:
        acceptor.settled()
        shutil.copytree(STATE, STATE + '.copy')
        if ROOT:
            for path in [STATE + '.copy', *(os.path.join(STATE + '.copy', name) for name in os.listdir(STATE + '.copy'))]:
                os.chown(path, OWNER, OWNER)
        os.rename(STATE, STATE + '.gone')
        assert VERDICTS[acceptor.call().verify(me.pw_name)['verdict']] == 'broken'
        os.rename(STATE + '.copy', STATE)
        late = acceptor.call()
        late.send(ACCOUNT, version=2, account=me.pw_name, service='login')
        assert acceptor.process.wait(PATIENCE) == 0
        acceptor.start()
        assert DECISIONS[late.receive(PATIENCE)['decision']] == 'allowed'
        shutil.rmtree(STATE + '.gone')


@tap.test('a conversation that somebody kills is no crash')
def killed():
    with Acceptor() as acceptor:
        talk = acceptor.call()
        assert talk.verify(me.pw_name)['kind'] == INTRO
        os.kill(acceptor.children()[0], signal.SIGKILL)
        assert talk.is_closed()
        assert DECISIONS[acceptor.call().account()['decision']] == 'allowed'
        assert acceptor.process.poll() is None


@tap.test('without processes to be had it waits, and serves when there are some')
def no_processes():
    with Acceptor() as acceptor:
        acceptor.settled()
        acceptor.limit('nproc', 0)
        talk = acceptor.call()
        talk.send(ACCOUNT, version=2, account=me.pw_name, service='login')
        assert not select.select([talk.sock], [], [], 0.5)[0] and not acceptor.children()
        acceptor.limit('nproc', None)
        assert DECISIONS[talk.receive(PATIENCE)['decision']] == 'allowed'


@tap.test('without descriptors to be had it waits, and serves when there are some')
def no_descriptors():
    with Acceptor() as acceptor:
        acceptor.settled()
        acceptor.limit('nofile', 3)
        talk = acceptor.call()
        talk.send(ACCOUNT, version=2, account=me.pw_name, service='login')
        assert not select.select([talk.sock], [], [], 0.5)[0]
        acceptor.limit('nofile', None)
        assert DECISIONS[talk.receive(PATIENCE)['decision']] == 'allowed'


@tap.test('a socket that listens is taken from the service manager alone')
def of_a_user():
    if not ROOT:
        return 'the program is setuid only where root has installed it'
    for uid in (0, me.pw_uid):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(b'\0careid-test-%d-%d' % (os.getpid(), time.monotonic_ns()))
            listener.listen()
            h = Helper(inst, uid=uid, stdin=listener)
            assert h.process.wait(PATIENCE) == 64
            h.kill()
    return None


tap.run()
