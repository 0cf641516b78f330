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
from clinic import Clinic

HELPER = host.HELPER


@pytest.fixture(scope='module', autouse=True)
def clinic():
    with Clinic.prepare() as prepared:
        # Where a user says they are is not believed, so a code for them is a code for anywhere.
        with open(host.CONFIG + '.d/test.conf', 'w', encoding='ascii') as f:
            f.write('[bankid]\nremote-qr = yes\n')
        host.run('careid', 'apply')
        yield prepared


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
                talk.send(host.wire.VERIFY, version=1, account='nurse1', service='login', pace=host.wire.LIVE, timeout=60)
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


@pytest.mark.parametrize('end', ['approved', 'cancelled', 'gone'])
def test_what_is_over_is_not_in_a_helpers_memory(end, clinic):
    """The key, the order's secret and who approved: while they are needed, and not when the helper ends."""
    with open('/etc/careid/bankid/key.pem', encoding='ascii') as f:
        pem = f.read()
    der = subprocess.run(['openssl', 'ec', '-outform', 'DER', '-no_public'], input=pem.encode(), capture_output=True, check=True).stdout
    scalar = der[7:39]
    assert der[5:7] == b'\x04\x20'
    with open(os.path.join(os.path.dirname(__file__), '..', 'bankid', 'people.json'), encoding='utf-8') as f:
        number = next(p['personalNumber'] for p in json.load(f)['people'] if p['id'] == 'nurse-one')
    with held_at_its_end() as (talk, pid, resolver):
        talk.send(host.wire.START)
        frame = talk.code()
        key = {'key as text': pem.splitlines()[1].encode(), 'key': scalar, 'key, the other way round': scalar[::-1]}
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
        left = {**key, **secret, 'personal number': number.encode()}
        assert places(pid, left) == []
        with open(f'/proc/{pid}/environ', 'rb') as environ, open(f'/proc/{pid}/cmdline', 'rb') as arguments:
            assert environ.read().strip(b'\0') == b'' and b'careid-helper' in arguments.read()


# -- su and sudo in the hands of whoever starts them -----------------------------------------------------------------------

MARK = 'uid=%d(nurse2)'


def su_started_as(*before):
    """su to nurse2 by nurse1, started so; what runs in the end says who it is."""
    return clinics.as_user('nurse1', *before, *clinics.su('nurse2'))


def works_again(clinic):
    """Nothing is held, and nothing is half written: the next log-in gets its code, and the trail is whole."""
    since = clinic.phone.status()['seq']
    with host.Terminal(['login', 'nurse1']) as terminal:
        terminal.wait_text(r'Check code', 30)
        clinic.phone.wait_order(30, since=since)
    host.run('careid', 'audit', 'verify')


@pytest.mark.parametrize('limits', ['--fsize=0', '--nofile=4', '--nofile=8', '--nproc=1', '--as=20000000', '--stack=65536', '--cpu=1',
                                    '--data=500000', '--memlock=0'])
def test_limits_around_su_let_nobody_in(limits, clinic):
    """Too little of anything: it is refused, or it asks; nobody has approved, so nobody becomes nurse2."""
    with host.Terminal(su_started_as('prlimit', limits, '--')) as terminal:
        with contextlib.suppress(host.TooLate):
            terminal.wait_text(r'Check code|not possible|rror|annot|ailure|denied', 10)
        terminal.type('\x03')
        with contextlib.suppress(host.TooLate):
            terminal.wait_exit(10)
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
        order = clinic.phone.wait_order(30, since=since)['order']
        su = [pid for pid in host.processes('/usr/bin/su') if os.stat(f'/proc/{pid}').st_uid in (0, nurse1.pw_uid)]
        assert su
        for name in how:
            for pid in su:
                # kill(1) as the user: what the kernel allows them is part of what is tried.
                host.as_user('nurse1', 'kill', f'-{name}', str(pid), check=False)
        terminal.wait_exit(20)
        assert MARK % pwd.getpwnam('nurse2').pw_uid not in terminal.text
    assert clinic.phone.wait_order_end(order, 20)['outcome'] == 'cancelled'


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


# -- descriptors -----------------------------------------------------------------------------------------------------------

QUESTION = dict(version=1, account='nurse1', service='login', pace=host.wire.LIVE, timeout=90)


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
        order = clinic.phone.wait_order(20, since=since)['order']
        talk.sock.shutdown(socket.SHUT_WR)
        assert clinic.phone.wait_order_end(order, 20)['outcome'] == 'cancelled'


# -- places that careid writes into ------------------------------------------------------------------------------------------

GRAB = '''
import os, socket, sys
for place in sys.argv[1:]:
    for what, act in (
            ('make a file', lambda: open(place + '/attack', 'x')),
            ('make a link', lambda: os.symlink('/etc/shadow', place + '/attack')),
            ('make a folder', lambda: os.mkdir(place + '/attack')),
            ('make a socket', lambda: socket.socket(socket.AF_UNIX).bind(place + '/attack')),
            ('rename it', lambda: os.rename(place, place + '.attack')),
            ('change its mode', lambda: os.chmod(place, 0o777))):
        try:
            act()
            print(place, what)
        except OSError:
            pass
    for path, _, names in os.walk(place):
        for name in names:
            for what, act in (
                    ('remove', lambda: os.unlink(os.path.join(path, name))),
                    ('replace', lambda: os.rename('/tmp', os.path.join(path, name))),
                    ('write', lambda: open(os.path.join(path, name), 'r+b')),
                    ('link elsewhere', lambda: os.link(os.path.join(path, name), '/tmp/attack-link'))):
                try:
                    act()
                    print(os.path.join(path, name), what)
                except OSError:
                    pass
print('tried')
'''


def test_a_user_makes_changes_and_replaces_nothing_where_careid_writes():
    """No file, link, socket or folder of theirs; no file of careid's removed, replaced, written, or linked from elsewhere."""
    places_of_careid = ['/run/careid', '/run/careid/callers', '/run/careroles', '/run/careroles/self', '/run/careroles/overlay',
                        host.STATE, host.ROLES, '/etc/careid', '/etc/careid/keys', '/etc/careid/careid.conf.d', '/usr/libexec/careid']
    told = host.as_user('nurse1', 'python3', '-c', GRAB, *places_of_careid).stdout.splitlines()
    # /proc/sys/fs/protected_hardlinks is the kernel's: without it a link to what can be read is possible, and harms nobody.
    assert [line for line in told if not line.endswith('link elsewhere')] == ['tried']
