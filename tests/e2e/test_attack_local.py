# SPDX-License-Identifier: LGPL-2.1-or-later
# test_attack_local.py - an unprivileged user of the host against programs that are somebody else, and what a helper leaves behind
"""What a local user tries that needs no bug: memory that was not wiped, signals, descriptors, links, other roots."""

import contextlib
import hmac
import json
import os
import pwd
import re
import select
import socket
import subprocess

import clinic as clinics
import host
import pytest

HELPER = host.HELPER


@pytest.fixture(scope='module', autouse=True)
def clinic(clinic):
    # Where a user says they are is not believed, so a code for them is a code for anywhere.
    with open(host.CONFIG + '.d/test.conf', 'w', encoding='ascii') as f:
        f.write('[bankid]\nremote-qr = yes\n')
    host.run('careid', 'apply')
    yield clinic


# -- Whoever reads a helper's memory later: what is over is not there any more ---------------------------------------------

EXIT_GROUP = {'x86_64': 231, 'aarch64': 94}[os.uname().machine]
UUID = rb'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'


def memory(pid):
    """All that the process may write: heap, stack, its own data and that of its libraries."""
    with open(f'/proc/{pid}/maps', encoding='ascii') as maps, open(f'/proc/{pid}/mem', 'rb') as mem:
        for line in maps:
            span, rights, *_ = line.split()
            if 'w' not in rights or line.rstrip().endswith('[vvar]'):
                continue
            start, end = (int(x, 16) for x in span.split('-'))
            mem.seek(start)
            with contextlib.suppress(OSError):
                yield line.rstrip(), mem.read(end - start)


def places(pid, wanted):
    """Where in the process what is, as names of mappings."""
    return sorted({f'{what}: {name.split()[-1]}' for name, content in memory(pid) for what, value in wanted.items() if value in content})


def secret_of_order(pid, frame):
    """The one that makes the codes of this frame: it is somewhere in the helper, and nowhere else on this machine."""
    _, _, seconds, code = frame.split('.')
    for _, content in memory(pid):
        for candidate in set(re.findall(UUID, content)):
            if hmac.new(candidate, seconds.encode(), 'sha256').hexdigest() == code:
                return candidate
    raise AssertionError('the helper has no secret that makes its codes')


@contextlib.contextmanager
def held_at_its_end():
    """A helper that root has started, and that is stopped when it is about to be gone; its id, and that of its child."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with subprocess.Popen(['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=exit_group',
                           '-e', 'inject=exit_group:delay_enter=90000000', HELPER], stdin=theirs, env={}, cwd='/') as tracer:
        theirs.close()
        with ours:
            try:
                talk = host.Talk(ours)
                talk.send(host.wire.VERIFY, version=2, account='nurse1', service='login', pace=host.wire.LIVE, timeout=60)
                assert talk.receive()['kind'] == host.wire.INTRO
                pid = next(p for p in children(tracer.pid))
                resolver, = children(pid)
                yield talk, pid, resolver
            finally:
                tracer.kill()           # the helper goes on to its end


def children(pid):
    found = []
    for name in filter(str.isdigit, os.listdir('/proc')):
        with contextlib.suppress(OSError, KeyError):
            if int(host.process_status(name)['PPid']) == pid:
                found.append(int(name))
    return found


def is_ending(pid):
    with open(f'/proc/{pid}/syscall', encoding='ascii') as f:
        return f.read().split()[0] == str(EXIT_GROUP)


def keys_of_ours():
    """The relying party's key, in the forms that it has in memory."""
    with open('/etc/careid/bankid/key.pem', encoding='ascii') as f:
        pem = f.read()
    der = subprocess.run(['openssl', 'ec', '-outform', 'DER', '-no_public'], input=pem.encode(), capture_output=True, check=True).stdout
    scalar = der[7:39]
    assert der[5:7] == b'\x04\x20'
    return {'key as text': pem.splitlines()[1].encode(), 'key': scalar, 'key, the other way round': scalar[::-1]}


def keys_of_the_directory():
    found = {}
    for name in ('number-hmac.1', 'number-cipher.1'):
        with open(f'/etc/careid/keys/{name}', 'rb') as f:
            found[name] = f.read()
    return found


def number_of_nurse_one():
    with open(os.path.join(os.path.dirname(__file__), '..', 'bankid', 'people.json'), encoding='utf-8') as f:
        return next(p['personalNumber'] for p in json.load(f)['people'] if p['id'] == 'nurse-one').encode()


def locked(pid):
    """Where the mappings begin that are kept from swap (lo) and dumps (dd)."""
    with open(f'/proc/{pid}/smaps', encoding='ascii') as f:
        for line in f:
            if re.match('[0-9a-f]+-', line):
                start = line.split('-')[0]
            elif line.startswith('VmFlags:') and {'lo', 'dd'} <= set(line.split()):
                yield start


def test_secrets_of_a_pending_log_in_are_locked_in_its_own_process_and_nowhere_else(clinic):
    """In the process of that conversation alone, out of swap; the directory's keys only for as long as it is asked."""
    key, kept = keys_of_ours(), keys_of_the_directory()
    with host.Talk.through_socket(0, host.RUN + '/root.sock') as talk:
        before = set(children(host.acceptor('root')))
        assert talk.verify('nurse1', timeout=60)['kind'] == host.wire.INTRO
        pid, = set(children(host.acceptor('root'))) - before
        resolver, = children(pid)
        talk.send(host.wire.START)
        frame = talk.code()
        secret = {'secret of the order': secret_of_order(pid, frame)}
        assert int(host.process_status(pid)['VmLck'].split()[0]) > 0
        inside = set(locked(pid))
        found = {(what, name) for name, content in memory(pid) for what, value in {**key, **secret}.items() if value in content}
        assert {'key as text', *secret} <= {what for what, _ in found}, found
        assert not [(what, name) for what, name in found if name.split('-')[0] not in inside], inside
        assert places(pid, {**kept, 'personal number': number_of_nurse_one()}) == []
        for other in (resolver, host.acceptor('root')):
            assert places(other, {**key, **kept, **secret}) == [], host.process_status(other)['Name']
        clinic.phone.scan(frame)
        clinic.phone.approve('nurse-one')
        assert talk.verdict() == 'approved'
    for who in ('root', 'user'):
        if host.acceptor(who):
            assert places(host.acceptor(who), {**key, **kept, **secret, 'personal number': number_of_nurse_one()}) == []


def test_a_helper_that_may_lock_nothing_says_so_and_goes_on(clinic):
    """What a user's limit does to that user's own helper; it is wiped all the same."""
    with host.Talk.by_hand('nurse1', before=('prlimit', '--memlock=65536', '--')) as talk:
        pid = talk.process.pid
        assert talk.verify('nurse1')['kind'] == host.wire.INTRO
        assert int(host.process_status(talk.process.pid)['VmLck'].split()[0]) == 0
    host.eventually(lambda: 'not all memory can be locked' in host.run('journalctl', '-o', 'cat', f'_PID={pid}').stdout, 30, 'the notice')


@pytest.mark.parametrize('end', ['approved', 'cancelled', 'gone'])
def test_what_is_over_is_not_in_a_helpers_memory(end, clinic):
    """The key, the order's secret and who approved: while they are needed, and not when the helper ends."""
    key = keys_of_ours()
    with held_at_its_end() as (talk, pid, resolver):
        talk.send(host.wire.START)
        frame = talk.code()
        assert places(pid, key), 'the search finds nothing at all'
        secret = {'secret of the order': secret_of_order(pid, frame)}
        assert places(pid, secret)
        assert places(resolver, {**key, **secret}) == [], 'the child that resolves names has no business with these'
        clinic.phone.scan(frame)
        if end == 'approved':
            clinic.phone.approve('nurse-one')
            assert talk.verdict() == 'approved'
        elif end == 'cancelled':
            clinic.phone.refuse()
            assert talk.verdict() == 'cancelled'
        else:
            talk.sock.close()
        host.eventually(lambda: is_ending(pid), 30, 'the end of the helper')
        left = {**key, **secret, **keys_of_the_directory(), 'personal number': number_of_nurse_one()}
        assert places(pid, left) == []
        with open(f'/proc/{pid}/environ', 'rb') as environ, open(f'/proc/{pid}/cmdline', 'rb') as arguments:
            assert environ.read().strip(b'\0') == b'' and b'careid-helper' in arguments.read()


def test_replacing_the_users_of_the_host_in_the_middle_of_a_log_in_does_not_end_it(clinic):
    """/etc/passwd is another file then, which the sandbox of that log-in does not have. Whoever has a password can do that: chfn."""
    with open(os.path.join(os.path.dirname(__file__), '..', 'bankid', 'people.json'), encoding='utf-8') as f:
        number = next(p['personalNumber'] for p in json.load(f)['people'] if p['id'] == 'doctor')
    host.run('useradd', 'hosted1')
    clinics.add_account('hosted1', number, source='host')
    for replaced in (False, True):
        with host.Talk.through_socket(0, host.RUN + '/root.sock') as talk:
            assert talk.verify('hosted1', timeout=60)['kind'] == host.wire.INTRO
            talk.send(host.wire.START)
            clinic.phone.scan(talk.code())
            if replaced:
                host.run('useradd', 'hosted2')
            clinic.phone.approve('doctor')
            verdict = talk.until(lambda m: m['kind'] == host.wire.VERDICT)
            assert host.wire.VERDICTS[verdict['verdict']] == 'approved' and verdict['uid'] == pwd.getpwnam('hosted1').pw_uid
            if replaced:                                # the stages after it are asked of a helper that can read the new file
                talk.send(host.wire.ACCOUNT, version=2, account='hosted1', service='login')
                assert talk.receive() is None
    with host.Talk.through_socket(0, host.RUN + '/root.sock') as talk:
        talk.send(host.wire.ACCOUNT, version=2, account='hosted1', service='login')
        assert talk.receive()['uid'] == pwd.getpwnam('hosted1').pw_uid


# -- su and sudo in the hands of whoever starts them -----------------------------------------------------------------------

MARK = 'uid=%d(nurse2)'


def su_started_as(*before):
    """su to nurse2 by nurse1, started so; what runs in the end says who it is."""
    return clinics.as_user('nurse1', *before, *clinics.su('nurse2'))


def works_again(clinic):
    """Nothing is held, and nothing is half written: the next log-in gets its code, and the trail is whole."""
    host.works(clinic)
    host.run('careid', 'audit', 'verify')


@pytest.mark.parametrize('limits', ['--fsize=0', '--nofile=4', '--nofile=8', '--nproc=1', '--as=20000000', '--stack=65536', '--cpu=1',
                                    '--data=500000', '--memlock=0'])
def test_limits_around_su_let_nobody_in(limits, clinic):
    """Too little of anything: it is refused, or it asks; nobody has approved, so nobody becomes nurse2."""
    with host.Terminal(su_started_as('prlimit', limits, '--')) as terminal:
        with contextlib.suppress(host.TooLate):
            terminal.wait_text(r'Check code|not possible|rror|annot|ailure|denied', 10)
        # What began, ends: by itself, or at the latest by an interrupt, typed as often as it takes.
        for left in (5, 4, 3, 2, 1, 0):
            terminal.type('\x03')
            try:
                terminal.wait_exit(10)
                break
            except host.TooLate:
                assert left, 'it hangs'
        assert MARK % pwd.getpwnam('nurse2').pw_uid not in terminal.text


def test_after_all_those_limits_everything_is_as_it_was(clinic):
    works_again(clinic)


@pytest.mark.parametrize('how', [('STOP', 'CONT', 'TERM'), ('HUP',), ('KILL',), ('ALRM',), ('USR1',), ('STOP', 'CONT', 'KILL')], ids='-'.join)
def test_signals_to_su_are_no_log_in_and_leave_no_order(how, clinic):
    """su has the user's real uid until it has become somebody, so they may send it anything: the order ends with it."""
    since = clinic.phone.status()['seq']
    nurse1 = pwd.getpwnam('nurse1')
    with host.Terminal(su_started_as()) as terminal:
        terminal.wait_text(r'Check code', 30)
        order = clinic.phone.wait_order(60, since=since)['order']
        su = [pid for pid in host.processes('/usr/bin/su') if os.stat(f'/proc/{pid}').st_uid in (0, nurse1.pw_uid)]
        assert su
        for name in how:
            for pid in su:
                # kill(1) as the user: what the kernel allows them is part of what is tried.
                host.as_user('nurse1', 'kill', f'-{name}', str(pid), check=False)
        terminal.wait_exit(20)
        assert MARK % pwd.getpwnam('nurse2').pw_uid not in terminal.text
    assert clinic.phone.wait_order_end(order, 45)['outcome'] == 'cancelled'


HOSTILE_START = '''
import ctypes, os, signal, socket, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, set(range(1, 65)) - {9, 19, 32, 33})
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.5)
signal.setitimer(signal.ITIMER_PROF, 0.001, 0.05)
os.kill(os.getpid(), signal.SIGUSR1)
os.kill(os.getpid(), signal.SIGINT)
os.kill(os.getpid(), 40)
os.nice(10)
os.umask(0)
libc = ctypes.CDLL(None, use_errno=True)
none = (ctypes.c_char_p * 1)(None)
libc.execve(sys.argv[1].encode(), none, none)
os._exit(1)
'''


def test_what_a_process_inherits_is_nothing_to_the_helper():
    """Timers that run, signals that are blocked, ignored or wait, no arguments at all: the conversation goes on past them."""
    with host.Talk.by_hand('nurse1', before=('python3', '-c', HOSTILE_START)) as talk:
        assert talk.verify('nurse1')['kind'] == host.wire.INTRO
        status = host.process_status(talk.process.pid)
        assert int(status['SigBlk'], 16) == 1 << 14             # SIGTERM alone, which it reads
        assert status['Umask'] == '0077'
        talk.send(host.wire.START)
        seen = {talk.code() for _ in range(4)}                  # longer than the timer was set to
        assert len(seen) > 2


@pytest.mark.parametrize('inside', ['unshare -r', 'unshare -rm', 'unshare -rmp --fork', 'unshare -r /usr/sbin/chroot /'])
def test_in_a_user_namespace_of_ones_own_the_helper_is_nobody(inside):
    """root there is not root, and what is set-user-id there is not: the helper has no privilege to begin with."""
    with host.Talk.by_hand('nurse1', before=tuple(inside.split())) as talk:
        assert talk.process.wait(20) in (1, 77)                 # 1: the host has no such namespaces for users
        assert talk.receive() is None


def test_under_a_tracer_of_ones_own_the_helper_is_nobody():
    """Whoever traces what they execute could read and write all of it: what is set-user-id there is not."""
    with host.Talk.by_hand('nurse1', before=('strace', '-f', '-o', '/dev/null', '--')) as talk:
        assert talk.process.wait(60) == 77
        assert talk.receive() is None


# -- descriptors -----------------------------------------------------------------------------------------------------------

QUESTION = dict(version=2, account='nurse1', service='login', pace=host.wire.LIVE, timeout=90)


def connections(nurse):
    yield 'by hand', lambda: host.Talk.by_hand('nurse1')
    yield 'through the socket', lambda: host.Talk.through_socket(nurse)


@pytest.mark.parametrize('how', ['by hand', 'through the socket'])
@pytest.mark.parametrize('n_fds', [1, 250])
def test_descriptors_that_are_sent_along_are_not_taken(how, n_fds):
    """A message with descriptors is none of the protocol: the helper closes, and what was sent is open in nobody."""
    reader, writer = os.pipe()
    talk = dict(connections(pwd.getpwnam('nurse1').pw_uid))[how]()
    with talk:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            socket.send_fds(talk.sock, [host.wire.encode(host.wire.VERIFY, **QUESTION)], [writer] * n_fds)
        os.close(writer)
        assert talk.receive() is None
        # The end of the pipe comes when nobody has the other end any more.
        assert host.eventually(lambda: not select.select([reader], [], [], 0)[0] or os.read(reader, 1) == b'', 20) is not None
        assert os.read(reader, 1) == b''
    os.close(reader)


@pytest.mark.parametrize('how', ['by hand', 'through the socket'])
def test_a_connection_that_is_half_closed_is_a_caller_who_has_gone(how, clinic):
    """Nobody can say START or ASK any more; the order that was begun is cancelled."""
    since = clinic.phone.status()['seq']
    talk = dict(connections(pwd.getpwnam('nurse1').pw_uid))[how]()
    with talk:
        talk.send(host.wire.VERIFY, **QUESTION)
        assert talk.receive()['kind'] == host.wire.INTRO
        talk.send(host.wire.START)
        order = clinic.phone.wait_order(60, since=since)['order']
        talk.sock.shutdown(socket.SHUT_WR)
        assert clinic.phone.wait_order_end(order, 45)['outcome'] == 'cancelled'


BECOMES_ROOT = '''
import os, socket, sys, time
connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
connection.connect("/run/careid/user.sock")
if os.fork():
    os.execvp("su", ["su", "root"])
while open(f"/proc/{os.getppid()}/status").read().split("Uid:")[1].split()[1] != "0":
    time.sleep(0.01)
connection.send(bytes.fromhex(sys.argv[1]))
print("answer:", connection.recv(20000).hex() or "closed", flush=True)
'''


@pytest.mark.parametrize('kind, asked', [(host.wire.VERIFY, {'pace': host.wire.LIVE, 'timeout': 20}), (host.wire.ACCOUNT, {}), (host.wire.OPEN, {})])
def test_who_has_connected_is_who_asks_whatever_that_process_is_by_then(kind, asked):
    """It connects, becomes su, which is root, and whoever holds the connection asks about somebody else."""
    question = host.wire.encode(kind, version=2, account='nurse2', service='login', **asked)
    with host.Terminal(clinics.as_user('nurse1', 'python3', '-c', BECOMES_ROOT, question.hex())) as terminal:
        told = terminal.wait_text(r'answer: (\w+)', 60)[1].decode()
        assert told != 'closed'
        answer = host.wire.decode(bytes.fromhex(told))
        word = host.wire.VERDICTS[answer['verdict']] if 'verdict' in answer else host.wire.DECISIONS[answer['decision']]
        assert word == 'not-permitted'


# -- processes -----------------------------------------------------------------------------------------------------------

PRY = '''
import ctypes, os, resource, sys
pid = int(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
def denied(what, act):
    try:
        act()
    except OSError as e:
        print(what, "denied" if e.errno in (1, 13) else e)
    else:
        print(what, "DONE")
def call(name, *args):
    ctypes.set_errno(0)
    if getattr(libc, name)(*args) < 0:
        raise OSError(ctypes.get_errno(), "")
for name in ("mem", "environ", "maps", "auxv", "stack", "syscall", "io"):
    denied(name, lambda: open(f"/proc/{pid}/{name}", "rb").read(1))
denied("mem-write", lambda: open(f"/proc/{pid}/mem", "r+b"))
for name in ("oom_score_adj", "coredump_filter", "clear_refs"):
    denied(name, lambda: open(f"/proc/{pid}/{name}", "wb"))
for name in ("exe", "cwd", "root"):
    denied(name, lambda: os.readlink(f"/proc/{pid}/{name}"))
denied("fd", lambda: os.listdir(f"/proc/{pid}/fd"))
denied("attach", lambda: call("ptrace", 16, pid, None, None))
denied("seize", lambda: call("ptrace", 0x4206, pid, None, None))
buffer = ctypes.create_string_buffer(8)
iov = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 8)
there = (ctypes.c_size_t * 2)(0x400000, 8)
denied("process_vm_readv", lambda: call("process_vm_readv", pid, iov, 1, there, 1, 0))
denied("process_vm_writev", lambda: call("process_vm_writev", pid, iov, 1, there, 1, 0))
denied("prlimit", lambda: resource.prlimit(pid, 7, (1, 1)))
denied("affinity", lambda: os.sched_setaffinity(pid, {0}))
denied("priority", lambda: os.setpriority(os.PRIO_PROCESS, pid, 19))
denied("pidfd_getfd", lambda: call("syscall", 438, os.pidfd_open(pid), 0, 0))
denied("stop", lambda: os.kill(pid, 19))
denied("kill", lambda: os.kill(pid, 9))
'''
LOOKS = 25


@contextlib.contextmanager
def conversation(talk):
    with talk:
        assert talk.verify('nurse1', timeout=60)['kind'] == host.wire.INTRO
        pid, = host.conversations()
        yield pid


@contextlib.contextmanager
def su_of_theirs():
    with host.Terminal(su_started_as()) as terminal:
        terminal.wait_text(r'Check code', 60)
        yield next(pid for pid in host.processes('/usr/bin/su') if host.process_status(pid)['Uid'].split()[1] == '0')


@contextlib.contextmanager
def behind_the_socket():
    with host.Talk.through_socket(pwd.getpwnam('nurse1').pw_uid) as talk:
        talk.send(host.wire.ACCOUNT, version=2, account='nurse1', service='login')
        assert talk.receive(60)
        yield host.acceptor('user')


PRIED_INTO = {
    'a helper that they have started': lambda: conversation(host.Talk.by_hand('nurse1')),
    'a conversation of theirs': lambda: conversation(host.Talk.through_socket(pwd.getpwnam('nurse1').pw_uid)),
    "a conversation of root's": lambda: conversation(host.Talk.through_socket(0, host.RUN + '/root.sock')),
    "what is behind the users' socket": behind_the_socket,
    'su that they have started': su_of_theirs,
}


@pytest.mark.parametrize('what', PRIED_INTO)
def test_a_user_can_neither_look_into_it_nor_hold_it(what):
    """ptrace, /proc/PID/mem, environ and the rest: another user's process, and not dumpable.  su is to be signalled by
    whoever has started it, and by them slowed down: that is tried below and above."""
    host.eventually(lambda: not host.processes(), 60, 'the end of all conversations')
    own = {'stop DONE', 'kill DONE'} if what.startswith('su') else set()
    with PRIED_INTO[what]() as pid:
        told = host.as_user('nurse1', 'python3', '-c', PRY, str(pid)).stdout.splitlines()
    assert len(told) == LOOKS
    assert [line for line in told if not line.endswith(' denied') and line not in own] == []


def test_the_same_looks_succeed_where_a_process_is_ones_own():
    """So that the test above can fail."""
    with subprocess.Popen(clinics.as_user('nurse1', 'cat'), stdin=subprocess.PIPE) as victim:
        host.eventually(lambda: host.process_name(victim.pid) == 'cat')
        told = host.as_user('nurse1', 'python3', '-c', PRY, str(victim.pid), check=False).stdout.splitlines()
    assert len(told) == LOOKS
    # The kernel's stack is for root, and what is attached already can't be seized.
    assert [line for line in told if line.endswith(' denied')] == ['stack denied', 'seize denied'], told


FROZEN = '/sys/fs/cgroup/frozen'


@pytest.fixture
def cgroup_of_theirs():
    """A group of processes that is the user's own, as systemd gives each user one."""
    os.mkdir(FROZEN)
    for name in ('cgroup.procs', 'cgroup.freeze'):
        os.chown(f'{FROZEN}/{name}', pwd.getpwnam('nurse1').pw_uid, -1)
    yield
    host.eventually(lambda: not read(FROZEN + '/cgroup.procs'), 60, 'the end of what was frozen')
    os.rmdir(FROZEN)


def read(path):
    with open(path, encoding='ascii') as f:
        return f.read()


def freeze(state):
    host.as_user('nurse1', 'sh', '-c', f'echo {state} >{FROZEN}/cgroup.freeze')
    host.eventually(lambda: f'frozen {state}' in read(FROZEN + '/cgroup.events'), 60, 'ice')


SOCKETS = {'with sockets': contextlib.nullcontext, 'without sockets': host.sockets_stopped}


@pytest.mark.parametrize('sockets', SOCKETS)
def test_su_that_its_user_freezes_holds_up_nobody(sockets, cgroup_of_theirs, clinic):
    """Others log in, and the administrator writes.  Its order ends in its time; where the helper is frozen, too, when it thaws."""
    since = clinic.phone.status()['seq']
    inside = ['sh', '-c', f'echo $$ >{FROZEN}/cgroup.procs && exec "$0" "$@"', *su_started_as()]
    with SOCKETS[sockets](), clinics.timeout(5), host.Terminal(inside) as terminal:
        terminal.wait_text(r'Check code', 60)
        order = clinic.phone.wait_order(60, since=since)['order']
        freeze(1)
        try:
            works_again(clinic)
            host.run('careid', 'snapshot', 'rebuild')
            if sockets == 'with sockets':
                assert clinic.phone.wait_order_end(order, 60)['outcome'] == 'cancelled'
        finally:
            freeze(0)
        assert clinic.phone.wait_order_end(order, 60)['outcome'] == 'cancelled'
        terminal.wait_exit(60)
        assert MARK % pwd.getpwnam('nurse2').pw_uid not in terminal.text


@pytest.mark.parametrize('sockets', SOCKETS)
def test_where_no_file_may_grow_who_is_let_in_is_recorded(sockets, clinic):
    """RLIMIT_FSIZE=0 around su, and the right person approves: the service has limits of its own; what can't be recorded is refused."""
    watch, command = clinics.Watch(clinic), su_started_as('prlimit', '--fsize=0', '--')
    with SOCKETS[sockets](), clinics.Screen(command, columns=80, rows=40) as screen:
        if 'Check code' in screen.wait_text(r'Check code|out of order', 60)[0].decode():
            shown = clinic.scan(screen, 60)
            clinic.phone.approve('nurse-two', order=shown['order'])
        screen.wait_exit(60)
        is_in = MARK % pwd.getpwnam('nurse2').pw_uid in clinics.plain(screen)
    assert (is_in, len(watch.logins())) == ((True, 1) if sockets == 'with sockets' else (False, 0)), clinics.plain(screen)
    assert is_in or 'Log-in with e-ID is out of order' in clinics.plain(screen)
    host.run('careid', 'audit', 'verify')


# -- places that careid writes into ------------------------------------------------------------------------------------------

# Again and again, and what has succeeded is said once.  The first two arguments are folders of theirs, on the file systems
# that the others are on.
GRAB = '''
import os, select, socket, sys
mine, places = sys.argv[1:3], sys.argv[3:]
told = set()
def bind(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
        s.bind(path)
def put(folder, path):
    open(folder + "/file", "w").close()
    os.rename(folder + "/file", path)
def attempts(place):
    yield "make a file", lambda: open(place + "/attack-file", "x").close()
    yield "make a link", lambda: os.symlink("/etc/shadow", place + "/attack-link")
    yield "make a folder", lambda: os.mkdir(place + "/attack-folder")
    yield "listen as root's", lambda: bind(place + "/root.sock")
    yield "listen as the users'", lambda: bind(place + "/user.sock")
    yield "change its mode", lambda: os.chmod(place, 0o777)
    for path, folders, names in os.walk(place):
        for what in [path + "/" + name for name in folders + names]:
            yield "change a mode", lambda: os.chmod(what, 0o666, follow_symlinks=os.path.islink(what))
            yield "write", lambda: open(what, "r+b").close()
            yield "cut", lambda: os.truncate(what, 0)
            for folder in mine:
                yield "link from elsewhere", lambda: (os.link(what, folder + "/link"), os.unlink(folder + "/link"))
                yield "put another in its place", lambda: put(folder, what)
                yield "move away", lambda: os.rename(what, folder + "/moved")
                yield "move in", lambda: put(folder, what + "-attack")
            yield "remove", lambda: os.unlink(what)
    for folder in mine:
        yield "move it away", lambda: os.rename(place, folder + "/place")
while True:
    for place in places:
        for what, act in attempts(place):
            try:
                act()
            except OSError:
                continue
            if (place, what) not in told:
                told.add((place, what))
                print(place, what, flush=True)
    print("round", flush=True)
    if not sys.stdin.readline():
        sys.exit()
'''


class Grabber:
    """A user who tries all of that in these places, for as long as this is entered."""

    FOLDERS = ('/run/attack', '/var/lib/attack')

    def __init__(self, *places):
        self._places, self.told = places, []

    def __enter__(self):
        user = pwd.getpwnam('nurse1')
        for folder in self.FOLDERS:
            os.mkdir(folder)
            os.chown(folder, user.pw_uid, user.pw_gid)
        self._process = subprocess.Popen(clinics.as_user('nurse1', 'python3', '-c', GRAB, *self.FOLDERS, *self._places),
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def round(self):
        """Wait for the end of the round; the next one begins."""
        for line in iter(self._process.stdout.readline, 'round\n'):
            assert line, 'the attacker has ended'
            self.told.append(line.rstrip('\n'))
        self._process.stdin.write('\n')
        self._process.stdin.flush()

    def __exit__(self, *_):
        with self._process:
            self._process.stdin.close()
            self._process.stdout.read()
        host.run('rm', '-rf', *self.FOLDERS)


ATTEMPTS = 15


def test_the_attempts_of_the_next_test_succeed_where_a_place_is_ones_own():
    with Grabber('/var/lib/attack/own') as grabber:
        os.mkdir('/var/lib/attack-own')
        open('/var/lib/attack-own/file', 'w').close()
        host.run('chown', '-R', 'nurse1', '/var/lib/attack-own')
        os.rename('/var/lib/attack-own', '/var/lib/attack/own')
        grabber.round()
        grabber.round()
        assert len(set(grabber.told)) == ATTEMPTS, grabber.told


def test_a_user_makes_changes_and_replaces_nothing_where_careid_writes(clinic):
    """No file, link, socket or folder of theirs, and nothing of careid's removed, replaced, written, moved or linked, at any
    moment while it writes: sockets that go and come, files that are made anew, conversations, a log-in with its session."""
    places_of_careid = ['/run/careid', '/run/careroles', host.STATE, host.ROLES, '/etc/careid', '/usr/libexec/careid']
    nurse2 = pwd.getpwnam('nurse2')

    def rebuild():
        host.run('careid', 'snapshot', 'rebuild')

    def apply():
        host.run('careid', 'apply')

    def sockets():
        with host.sockets_stopped():
            grabber.round()

    def act():
        host.run('careid', 'archive', 'role', 'planner', '--yes')
        host.run('careid', 'restore', 'role', 'planner')

    def by_hand():
        with host.Talk.by_hand('nurse2') as talk:
            assert talk.verify('nurse2')['kind'] == host.wire.INTRO
            grabber.round()

    def through_the_socket():
        with host.Talk.through_socket(nurse2.pw_uid) as talk:
            assert talk.verify('nurse2')['kind'] == host.wire.INTRO
            grabber.round()

    def session():
        with clinics.Screen(clinics.as_user('nurse1', *clinics.su('nurse2', 'id; read x')), columns=80, rows=40) as screen:
            shown = clinic.scan(screen, 60)
            clinic.phone.approve('nurse-two', order=shown['order'])
            screen.wait_text(r'uid=', 60)
            grabber.round()

    with Grabber(*places_of_careid) as grabber:
        for what in (rebuild, apply, sockets, act, by_hand, through_the_socket, session) * 2:
            what()
            grabber.round()
    assert grabber.told == []
