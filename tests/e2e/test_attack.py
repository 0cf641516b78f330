# SPDX-License-Identifier: LGPL-2.1-or-later
# test_attack.py - who has become somebody, and what they can't do with it
"""Holes that were open once: each test does what went through them."""

import contextlib
import os
import pwd
import signal
import socket
import struct
import subprocess
import time

import clinic as clinics
import host
import pytest
from clinic import Screen
from host import Terminal

HELPER = '/usr/libexec/careid/careid-helper'
STATE = '/var/lib/careid'
SNAPSHOTS = '/var/lib/careroles'
CGROUP = '/sys/fs/cgroup/attack'


@pytest.fixture(scope='module', autouse=True)
def clinic(clinic):
    yield clinic
    subprocess.run(['careid', 'snapshot', 'rebuild'], check=True, stdout=subprocess.DEVNULL)


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=180, **more)


# -- Whoever becomes _careid: snapshots of their own making --------------------------------------------------------

MASK = (1 << 64) - 1


def mix64(seed, data):
    h = seed ^ 0x9e3779b97f4a7c15
    for at in range(0, len(data), 8):
        word, = struct.unpack('<Q', data[at:at + 8].ljust(8, b'\0'))
        h = (h ^ word) * 0xbf58476d1ce4e5b9 & MASK
        h ^= h >> 29
    h = (h ^ len(data)) * 0x94d049bb133111eb & MASK
    return h ^ h >> 32


def forge(old, new, length_at):
    """Another string in the record that has @old; the checksum is put right, as the file's owner can."""
    path = SNAPSHOTS + '/public.snapshot'
    with open(path, 'rb') as f:
        image = bytearray(f.read())
    seed, = struct.unpack_from('<Q', image, 48)
    records, size = struct.unpack_from('<II', image, 96)
    at = records
    while at < records + size:
        length, = struct.unpack_from('<I', image, at + 4)
        record = image[at:at + length]
        if b'\0' + old + b'\0' in record or record[48 + 4 * struct.unpack_from('<I', record, 40)[0]:].startswith(old + b'\0'):
            break
        at += length
    assert at < records + size, f'no record with {old}'
    assert len(new) <= len(old)
    # What stood behind the string moves up: the record keeps its length.
    record = record.replace(old + b'\0', new + b'\0', 1).ljust(length, b'\0')
    record[length_at] = len(new)
    h = mix64(seed ^ at, bytes(record[4:]))
    struct.pack_into('<I', record, 0, h >> 32 ^ h & 0xffffffff)
    image[at:at + length] = record
    owner = pwd.getpwnam('_careid')
    with open(path + '.forged', 'wb') as f:
        f.write(image)
    os.chown(path + '.forged', owner.pw_uid, owner.pw_gid)
    os.chmod(path + '.forged', 0o644)
    os.rename(path + '.forged', path)


@pytest.fixture
def forged():
    # What has changed stands in the delta; all of it in the base, which is what is forged.
    subprocess.run(['careid', 'snapshot', 'rebuild'], check=True, stdout=subprocess.DEVNULL)
    yield forge
    subprocess.run(['careid', 'snapshot', 'rebuild'], check=True, stdout=subprocess.DEVNULL)


def test_a_forgery_that_the_format_allows_is_believed(forged):
    """The forger of the tests below can do it."""
    gid = run('getent', 'group', 'role-nurse').stdout.split(':')[2]
    forged(b'role-nurse', b'role-boss', 11)
    assert run('getent', 'group', gid).stdout.startswith('role-boss:')


def test_careid_can_not_make_a_group_that_sudo_takes_for_the_hosts(forged):
    assert '(ALL : ALL) ALL' not in run('sudo', '-l', '-U', 'nurse1').stdout
    forged(b'role-nurse', b'sudo', 11)
    assert 'sudo' not in run('id', 'nurse1').stdout
    assert '(ALL : ALL) ALL' not in run('sudo', '-l', '-U', 'nurse1').stdout


def test_careid_can_not_have_a_directory_of_roots_given_away_as_a_home(forged):
    place = '/etc/x.d'
    assert not os.path.exists(place)
    forged(b'/home/nurse2', place.encode(), 20)
    assert place not in run('getent', 'passwd', 'nurse2').stdout
    run('mkhomedir_helper', 'nurse2')
    assert not os.path.exists(place)


TAMPER = """
import sqlite3
c = sqlite3.connect('/var/lib/careid/directory.db')
c.execute('PRAGMA ignore_check_constraints = 1')
c.execute('DROP TRIGGER care_group_fixed')
c.execute("UPDATE care_group SET name = 'role-' || char(27) || ']0;x' || char(7) WHERE name = 'role-nurse'")
c.commit()
"""


def test_careid_can_not_speak_to_roots_terminal_through_the_directory():
    path, owner = STATE + '/directory.db', pwd.getpwnam('_careid')
    with open(path, 'rb') as f:
        before = f.read()
    subprocess.run(['python3', '-c', TAMPER], check=True, user=owner.pw_uid, group=owner.pw_gid, extra_groups=[])
    try:
        said = run('careid', 'snapshot', 'rebuild')
        assert "can't be told to programs" in said.stderr
        assert '\x1b' not in said.stderr and '\x07' not in said.stderr
        assert 'role-?]0;x?' in said.stderr
    finally:
        for name in ('-wal', '-shm'):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path + name)
        with open(path, 'r+b') as f:
            f.write(before)
            f.truncate()


# -- A local user who stops a helper of their own -------------------------------------------------------------------

@contextlib.contextmanager
def stopped_helper(uid, gid, name, microseconds):
    """The helper by hand, frozen after a time, as a user can in a cgroup of theirs."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def field(tag, value):
        data = struct.pack('<Q', value) if isinstance(value, int) else value.encode()
        return struct.pack('<HH', tag, len(data)) + data
    ours.send(struct.pack('<HH', 7, 3) + field(1, 1) + field(2, name) + field(3, 'x'))
    os.makedirs(CGROUP, exist_ok=True)
    pid = os.fork()
    if pid == 0:
        with open(CGROUP + '/cgroup.procs', 'w', encoding='ascii') as f:
            f.write(str(os.getpid()))
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
        os.dup2(theirs.fileno(), 0)
        os.execve(HELPER, ['careid-helper'], {})
    theirs.close()
    time.sleep(microseconds / 1e6)
    with open(CGROUP + '/cgroup.freeze', 'w', encoding='ascii') as f:
        f.write('1')
    try:
        yield pid
    finally:
        with open(CGROUP + '/cgroup.freeze', 'w', encoding='ascii') as f:
            f.write('0')
        ours.close()
        os.waitpid(pid, 0)


def test_a_stopped_helper_of_a_users_holds_no_lock_that_writers_wait_for():
    user = pwd.getpwnam('nurse1')
    subprocess.run(['careid', 'snapshot', 'rebuild'], check=True, stdout=subprocess.DEVNULL)
    index = os.stat(STATE + '/directory.db-shm')
    inode = f':{index.st_ino} '
    for i in range(400):
        with stopped_helper(user.pw_uid, user.pw_gid, user.pw_name, 8000 + i * 50) as pid:
            with open('/proc/locks', encoding='ascii') as f:
                held = [line.split() for line in f if f' {pid} ' in line and inode in line]
        assert not [line for line in held if line[3] == 'WRITE'], held
        assert not [line for line in held if int(line[6]) == 120], held
    os.rmdir(CGROUP)
    assert os.path.exists(STATE + '/directory.db-shm')


def account_of_nurse1():
    """What the helper says to nurse1 about her own account."""
    with host.Talk.through_socket(pwd.getpwnam('nurse1').pw_uid) as talk:
        talk.send(host.wire.ACCOUNT, version=2, account='nurse1', service='login')
        return host.wire.DECISIONS[talk.receive(60)['decision']]


def test_a_database_that_was_put_there_anew_widens_no_sandbox_for_a_user():
    """It has no index of its log, and a user's helper may make none: out of order, until an administrator has made it."""
    index = STATE + '/directory.db-shm'
    assert account_of_nurse1() == 'allowed'
    os.unlink(index)
    assert account_of_nurse1() == 'broken'
    assert not os.path.exists(index)
    run('journalctl', '--sync')
    assert f'{index} is not there; make it with: careid snapshot rebuild' in run('journalctl', '-o', 'cat', '-t', 'careid-helper').stdout
    host.run('careid', 'snapshot', 'rebuild')
    assert account_of_nurse1() == 'allowed'


# -- Local users who keep the users' socket busy ---------------------------------------------------------------------

# What the socket has closed is opened again at once, so that there are as many all the time. connect() waits for a place.
FLOOD = '''
import os, select, socket, struct, sys
HELD, SPEAKS = int(sys.argv[1]), sys.argv[2] == 'speaks'
made, held, ends = 0, {}, select.poll()
def another():
    global made
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 60, 0))
    s.connect("/run/careid/user.sock")
    held[s.fileno()] = s
    ends.register(s, select.POLLHUP)
    made += 1
    if SPEAKS and made % 7 == 0:
        try:
            s.send(b"no message")
        except OSError:
            pass
while len(held) < HELD:
    another()
print(os.getpid(), flush=True)
ends.register(0, select.POLLIN)
while True:
    for fd, _ in ends.poll():
        if fd == 0:
            print(made, flush=True)
            sys.exit()
        ends.unregister(fd)
        held.pop(fd).close()
        another()
'''
FLOODERS, EACH = range(30001, 30009), 1280


class Flood:
    """Eight users, each with a process in a slice of theirs, as logind has it, that keeps its connections open."""

    def __init__(self):
        self._stack, self._processes, self._pids = contextlib.ExitStack(), [], []

    def __enter__(self):
        for uid in FLOODERS:
            words = ['systemd-run', '--quiet', '--pipe', '--collect', f'--slice=user-{uid}.slice', '-p', 'LimitNOFILE=4096', 'setpriv',
                     f'--reuid={uid}', f'--regid={uid}', '--clear-groups', 'python3', '-c', FLOOD, str(EACH), 'speaks' if uid % 4 == 0 else 'is silent']
            self._processes.append(self._stack.enter_context(
                subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)))
        self._pids = [int(process.stdout.readline()) for process in self._processes]
        return self

    def __exit__(self, *_):
        for process in self._processes:
            process.stdin.close()
        print('made in all:', sum(int(process.stdout.readline()) for process in self._processes))
        self._stack.close()

    def at_once(self):
        """How many they have, counted from outside: what the kernel calls connected of the processes' sockets, while they are
        stopped.  What the acceptor has of them, and what waits for it in the socket, is printed: the rest it has closed."""
        with contextlib.ExitStack() as stopped:
            taken, waiting = (sum(s[5] == state and s[7:] == ['/run/careid/user.sock'] for s in sockets()) for state in ('03', '02'))
            for pid in self._pids:
                os.kill(pid, signal.SIGSTOP)
                stopped.callback(os.kill, pid, signal.SIGCONT)
                host.eventually(lambda p=pid: host.process_status(p)['State'].startswith('T'), 60, 'a stop')
            connected = {f'socket:[{s[6]}]' for s in sockets() if s[5] == '03'}
            mine = sum(os.readlink(f'/proc/{pid}/fd/{fd}') in connected for pid in self._pids for fd in os.listdir(f'/proc/{pid}/fd'))
        print(f'connected: {mine}; of these taken: {taken}, waiting to be taken: {waiting}')
        return mine


def sockets():
    """The lines of /proc/net/unix about connections of the helper's kind."""
    with open('/proc/net/unix', encoding='ascii') as f:
        return [words for words in map(str.split, f) if words[4] == '0005']


def test_ten_thousand_connections_of_users_keep_nobody_out(clinic):
    """While they have them: root at the console by its password, a nurse over ssh, and a user who asks for herself."""
    host.run('chpasswd', text='root:root-pw-1\n')
    with Flood() as flood:
        assert flood.at_once() >= 10000
        start = time.monotonic()
        with Terminal(['login', 'root']) as terminal:
            terminal.wait_text(r'Password: ', 60)
            terminal.type('root-pw-1\n')
            terminal.wait_text(r'# $', 60)
            terminal.type('echo uid=$(id -u); exit\n')
            assert terminal.wait_exit(60) == 0
            assert 'uid=0' in terminal.text
        print(f'root at the console: {time.monotonic() - start:.1f} s')
        assert flood.at_once() >= 10000
        start = time.monotonic()
        with Screen(clinics.ssh('nurse1', 'id -un'), columns=80, rows=40) as screen:
            screen.wait_text(r'Enter', 60)
            screen.type('\n')
            shown = clinic.scan(screen, 60)
            clinic.phone.approve('nurse-one', order=shown['order'])
            assert clinics.ssh_approved(screen, 60) == 0
        print(f'a nurse over ssh: {time.monotonic() - start:.1f} s')
        assert flood.at_once() >= 10000
        start = time.monotonic()
        with host.Talk.through_socket(pwd.getpwnam('nurse2').pw_uid) as talk:
            talk.send(host.wire.ACCOUNT, version=2, account='nurse2', service='login')
            assert host.wire.DECISIONS[talk.receive(60)['decision']] == 'allowed'
        print(f'another user, by the very same socket: {time.monotonic() - start:.1f} s')
    host.eventually(lambda: not host.processes(), 60, 'the end of all conversations')
    assert run('systemctl', 'is-active', 'careid-user.socket', 'careid-user.service').stdout.split() == ['active'] * 2
    run('journalctl', '--sync')
    assert 'crashed' not in run('journalctl', '-o', 'cat', '-t', 'careid-helper').stdout


def test_roots_socket_is_gone_round_when_what_is_behind_it_is_stopped(clinic):
    """Stopped or starved, it says nothing; after three seconds root's module executes the helper."""
    with Terminal(['login', 'nurse1']) as terminal:
        terminal.wait_text(r'Check code', 30)
    pid = host.acceptor('root')
    assert pid
    os.kill(pid, signal.SIGSTOP)
    try:
        since = clinic.phone.status()['seq']
        with Screen(clinics.login('nurse1'), columns=80, rows=24) as screen:
            shown = clinic.scan(screen, 60)
            ours = [host.process_status(p) for p in host.processes()]
            assert ours and not [p for p in ours if int(p['PPid']) == pid]
            clinic.phone.approve('nurse-one', order=shown['order'])
            screen.wait_text(r'\$ ', 60)
            screen.type('exit\n')
            assert screen.wait_exit(60) == 0
    finally:
        os.kill(pid, signal.SIGCONT)
    with Terminal(['login', 'nurse1']) as terminal:
        terminal.wait_text(r'Check code', 30)
    assert host.acceptor('root') == pid
