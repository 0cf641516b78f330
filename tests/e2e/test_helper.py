# SPDX-License-Identifier: LGPL-2.1-or-later
# test_helper.py - the installed helper, when it is missing, killed, silent or forged, and in the hands of hostile users
"""What an ordinary user can do with a setuid program that speaks for everybody's log-in: nothing but ask for themselves."""

import contextlib
import ctypes
import json
import os
import pwd
import random
import signal
import socket
import stat
import struct
import subprocess
import threading

import clinic as clinics
import host
import pytest
from host import HELPER, RUN, Journal, Talk, Terminal, run, wire
from screen import Screen

NOT_POSSIBLE = r'Logging in with an e-ID is not possible right now'


@pytest.fixture(scope='module', autouse=True)
def clinic(clinic):
    run('useradd', '-m', '-s', '/bin/bash', 'local1', check=False)
    # Where a user says they are is not believed, so a code for them is a code for anywhere.
    configure('remote-qr = yes')
    with open('/etc/pam.d/stack', 'w') as f:
        for kind in ('auth', 'account', 'session'):
            f.write(f'@include common-{kind}\n')
    yield clinic


def configure(line):
    with open(host.CONFIG + '.d/test.conf', 'w') as f:
        f.write(f'[bankid]\n{line}\n')
    run('careid', 'apply')


@pytest.fixture
def nurse():
    return pwd.getpwnam('nurse1')


@contextlib.contextmanager
def module_option(option):
    """An option on pam_eid's line of the auth stack."""
    path = '/etc/pam.d/common-auth'
    with host.kept(path):
        with open(path) as f:
            lines = f.read()
        with open(path, 'w') as f:
            f.write(lines.replace('pam_eid.so', 'pam_eid.so ' + option))
        yield


def logins():
    return json.loads(run('careid', 'list', 'logins', '--json').stdout)['logins']


def wait_no_helper():
    host.eventually(lambda: not host.processes(), 20, 'the end of all helpers')


def nurse_at_the_console(clinic):
    """A log-in at the console, up to an order at BankID, and the one process that looks after it."""
    since = clinic.phone.status()['seq']
    terminal = Terminal(['login', 'nurse1'])
    try:
        order = clinic.phone.wait_order(60, since=since)['order']
        ours, = host.conversations()
    except BaseException:
        terminal.__exit__()
        raise
    return terminal, order, ours


# -- missing, killed, silent, babbling ----------------------------------------------------------------------------------

def test_a_helper_that_is_killed_in_the_middle_is_a_refusal_with_a_message(clinic):
    """The log-in program lives on, says what happened, and asks again."""
    wait_no_helper()
    journal = Journal()
    terminal, _, pid = nurse_at_the_console(clinic)
    with terminal:
        terminal.wait_text(r'Check code', 10)
        os.kill(pid, signal.SIGKILL)
        terminal.wait_text(NOT_POSSIBLE, 10)
        terminal.wait_text(r'login: $', 10)
        assert 'nurse1@' not in terminal.text
    assert 'verdict=no-helper' in journal.text()


def test_a_helper_that_falls_silent_is_left_at_the_modules_own_deadline(clinic):
    """Stopped, it neither speaks nor closes; the module gives up by its own clock, and the woken helper cancels the order."""
    wait_no_helper()
    journal = Journal()
    for seconds in (5, 20, 60):         # on a slow machine the time may be over before the helper is stopped
        with module_option(f'timeout={seconds}'):
            terminal, order, pid = nurse_at_the_console(clinic)
            with terminal:
                os.kill(pid, signal.SIGSTOP)
                try:
                    said = terminal.wait_text(f'{NOT_POSSIBLE}|login: $', 120)[0]
                finally:
                    os.kill(pid, signal.SIGCONT)
                terminal.wait_text(r'login: $', 30)
                assert 'nurse1@' not in terminal.text
        if said.startswith(NOT_POSSIBLE.encode()):
            break
        wait_no_helper()
    assert said.startswith(NOT_POSSIBLE.encode())
    # BankID itself gives up an order that nobody scans in 30 s, which a slow machine may reach first.
    assert clinic.phone.wait_order_end(order, 60)['outcome'] in ('cancelled', 'failed')
    assert 'verdict=no-helper' in journal.text()


def approved(account, uid):
    return wire.encode(wire.VERDICT, verdict=2, text='Approved.', account=account, uid=uid)


INTRO = wire.encode(wire.INTRO, language='en', check_code='AAAA', about='x', text='x', help='x', menu='x')
FORGED = {
    'garbage': lambda uid: [os.urandom(200)],
    'an empty message': lambda uid: [b'\0' * 4],
    'a message of another kind': lambda uid: [wire.encode(wire.DECISION, decision=2, text='', uid=uid)],
    'more than a message can be': lambda uid: [b'\x02' * 20000],
    'an approval before anything was asked': lambda uid: [approved('nurse1', uid)],
    'an approval of another account': lambda uid: [INTRO, approved('nurse2', uid)],
    'an approval of root': lambda uid: [INTRO, approved('root', 0)],
    'an approval with another uid': lambda uid: [INTRO, approved('nurse1', uid + 1)],
    'an approval with uid 0': lambda uid: [INTRO, approved('nurse1', 0)],
    'an approval with a verdict that does not exist': lambda uid: [INTRO, wire.encode(
        wire.VERDICT, verdict=12, text='Approved.', account='nurse1', uid=uid)],
    'an approval that names nobody': lambda uid: [INTRO, wire.encode(wire.VERDICT, verdict=2, text='Approved.')],
}


@contextlib.contextmanager
def listener(answers, uid=0):
    """A root.sock of our own in the place of systemd's; listens as uid, gives each caller these packets and closes."""
    asked = []
    with host.sockets_stopped(), socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        path = RUN + '/root.sock'
        server.bind(path)
        os.chmod(path, 0o600)
        os.seteuid(uid)
        try:
            server.listen(8)
        finally:
            os.seteuid(0)

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection:
                        asked.append(connection.recv(20000))
                        for packet in answers:
                            connection.send(packet)
                        # The end of the conversation is the caller's: an answer that has come must be read first.
                        connection.settimeout(10)
                        while answers and connection.recv(20000):
                            pass
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield asked
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(15)
            os.unlink(path)


@pytest.mark.parametrize('forgery', FORGED)
def test_a_service_that_babbles_lets_nobody_in(forgery, nurse):
    """Even one that listens as root, in the right place: the module checks every message and the grant rule again."""
    with listener(FORGED[forgery](nurse.pw_uid)) as asked, Terminal(['login', 'nurse1']) as terminal:
        terminal.wait_text(r'login: $', 20)
        assert asked
        assert 'nurse1@' not in terminal.text and 'uid=' not in terminal.text
        assert 'Approved' not in terminal.text


def test_a_service_that_only_closes_is_passed_by_for_root(clinic):
    """systemd may be what is broken: the log-in program, which is root, then executes the helper itself."""
    since = clinic.phone.status()['seq']
    with listener([]) as asked, Terminal(['login', 'nurse1']) as terminal:
        assert clinic.phone.wait_order(60, since=since)
        assert asked
        terminal.wait_text(r'Check code', 10)


def test_a_listener_that_is_not_root_is_told_nothing(clinic):
    """The socket's file may be root's: who called listen() is what counts. The helper itself is asked instead."""
    since = clinic.phone.status()['seq']
    with listener(FORGED['an approval before anything was asked'](0), pwd.getpwnam('local1').pw_uid) as asked:
        with Terminal(['login', 'nurse1']) as terminal:
            assert clinic.phone.wait_order(60, since=since)
            terminal.wait_text(r'Check code', 10)
        assert asked in ([], [b''])


def check_of_sockets():
    found = json.loads(run('careid', 'check', '--json', check=False).stdout)['findings']
    return [(f['state'], f['finding']) for f in found if f['what'] == 'sockets']


def test_a_user_can_not_make_careid_check_say_that_somebody_listens():
    """Sockets that were left over; and a user's own, whose abstract names look like theirs, or like a line about theirs."""
    assert [state for state, _ in check_of_sockets()] == ['OK']
    with host.sockets_stopped(), contextlib.ExitStack() as held:
        for name in ('root', 'user'):
            path = f'{RUN}/{name}.sock'
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as left:
                left.bind(path)
            held.callback(os.unlink, path)
            os.seteuid(pwd.getpwnam('local1').pw_uid)
            try:
                for false in (f'\0x {path}', f'\0\n0: 2 0 00010000 0005 01 1 {path}'):
                    own = held.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET))
                    own.bind(false)
                    own.listen(1)
            finally:
                os.seteuid(0)
        told = check_of_sockets()
        assert [state for state, _ in told] == ['WRONG'] * 2 and all('nobody listens' in text for _, text in told), told


def test_without_sockets_a_log_in_over_ssh_succeeds_through_the_setuid_helper(clinic):
    """The whole way: code, phone, groups."""
    with host.sockets_stopped(), Screen(clinics.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
        clinics.ssh_begin(screen)
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-one', order=shown['order'])
        assert clinics.ssh_approved(screen) == 0
        assert 'unit-oak-nurse' in clinics.plain(screen)


@pytest.mark.parametrize('sockets', ['with sockets', 'without sockets'])
def test_a_users_own_program_may_ask_for_that_user_and_it_is_no_log_in(sockets, clinic):
    """A PAM program without privileges: the person approves, the module says yes, nothing is recorded as a log-in."""
    before = logins()
    how = contextlib.nullcontext() if sockets == 'with sockets' else host.sockets_stopped()
    # In a session the terminal is its user's.
    user = ['sh', '-c', 'chown nurse1 $(tty) && exec setpriv --reuid=nurse1 --regid=org-clinic --init-groups '
            'pamtester -I tty=$(tty) login nurse1 authenticate']
    with how, Screen(user, columns=100, rows=40) as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-one', order=shown['order'])
        assert screen.wait_exit(40) == 0, clinics.plain(screen)
        assert 'successfully authenticated' in clinics.plain(screen)
    assert logins() == before


# -- in a user's hands --------------------------------------------------------------------------------------------------

def state_of_files():
    """What there is of careid's files: nobody's program changes any of it.  The last helper to go tidies the database up."""
    wait_no_helper()
    found = run('find', host.STATE, host.ROLES, '/etc/careid', '/run/careroles', '-type', 'f', '-printf', '%p %u %m %s %T@ %C@\n').stdout
    # What readers of a database share with each other holds nothing of its content.
    return [line for line in sorted(found.splitlines()) if not line.startswith((host.DIRECTORY + '-shm', host.DIRECTORY + '-wal'))]


def bytes_of_all_kinds():
    random.seed(2)
    good = wire.encode(wire.VERIFY, version=2, account='nurse1', service='login', pace=1, timeout=20)
    yield from ([good[:n]] for n in (1, 3, 4, 10, len(good) - 1))
    yield [good + b'\0']
    yield from ([random.randbytes(n)] for n in (1, 4, 5, 64, 1000, 16384, 16385, 60000))
    yield from ([struct.pack('<HH', kind, 0)] for kind in (0, 1, 2, 6, 12, 65535))
    yield [good, good]
    yield [good[:2] + struct.pack('<H', 65535) + good[4:]]
    for _ in range(30):
        spoilt = bytearray(good)
        spoilt[random.randrange(len(good))] ^= 1 << random.randrange(8)
        yield [bytes(spoilt)]


def test_any_bytes_are_a_refusal_and_change_nothing():
    """Truncated, too long, random, or one bit beside a good message: it closes, or says what the protocol has for it."""
    before = state_of_files()
    for packets in bytes_of_all_kinds():
        with Talk.by_hand('nurse1') as talk:
            for packet in packets:
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    talk.sock.send(packet)
            message = talk.receive(10)
            assert message is None or message['kind'] == wire.INTRO or wire.VERDICTS[message.get('verdict', 0)] in (
                'not-permitted', 'no-method'), (packets, message)
            talk.sock.close()
            assert talk.process.wait(15) >= 0, packets        # not by a signal
    assert state_of_files() == before


@contextlib.contextmanager
def descriptor(kind):
    with contextlib.ExitStack() as stack:
        if kind == 'a pipe':
            reader, writer = os.pipe()
            os.write(writer, b'hello')
            stack.callback(os.close, writer)
            fd = reader
        elif kind == 'a terminal':
            master, fd = os.openpty()
            os.write(master, b'hello\n')
            stack.callback(os.close, master)
        elif kind in ('a stream', 'a datagram socket'):
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM if kind == 'a stream' else socket.SOCK_DGRAM)
            ours.send(b'hello')
            stack.callback(ours.close)
            fd = theirs.detach()
        elif kind == 'a TCP socket':
            fd = socket.socket().detach()
        else:
            fd = os.open(kind, os.O_RDONLY)
        stack.callback(os.close, fd)
        yield fd


@pytest.mark.parametrize('kind', ['a pipe', 'a terminal', 'a stream', 'a datagram socket', 'a TCP socket', '/etc/passwd', '/dev/zero',
                                  '/dev/null', '/'])
def test_it_speaks_to_nothing_but_a_connection_of_the_right_type(kind):
    """It ends at once, with its own status and without a word on any descriptor."""
    before = state_of_files()
    user = pwd.getpwnam('nurse1')
    with descriptor(kind) as fd:
        done = subprocess.run([HELPER], stdin=fd, capture_output=True, user=user.pw_uid, group=user.pw_gid, extra_groups=[],
                              timeout=10, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (64, b'', b'')
    assert state_of_files() == before


@pytest.mark.parametrize('closed', [(0,), (1,), (2,), (1, 2), (0, 1, 2)])
def test_closed_standard_descriptors_are_no_way_in(closed):
    """What is closed can't come to stand for something else: without its connection it ends, without the others it works."""
    close = ' '.join(f'{fd}>&-' for fd in closed)
    with Talk.by_hand('nurse1', before=('sh', '-c', f'exec "$0" {close}')) as talk:
        if 0 in closed:
            assert talk.process.wait(10) == 64
        else:
            assert talk.verify('nurse1')['kind'] == wire.INTRO


@pytest.mark.parametrize('sockets', ['with sockets', 'without sockets'])
def test_a_log_in_program_without_standard_descriptors_is_served(sockets):
    """sshd and daemons close them: the account stage answers all the same, also where the helper has to be executed."""
    how = contextlib.nullcontext() if sockets == 'with sockets' else host.sockets_stopped()
    with how:
        for name, status in (('nurse1', 0), ('nobody-has-this', 1)):
            done = subprocess.run(['sh', '-c', f'exec pamtester stack {name} acct_mgmt 0>&- 1>&- 2>&-'], timeout=20, check=False)
            assert (done.returncode == 0) == (status == 0)


def test_arguments_are_ignored(clinic):
    """Options, paths and personal numbers in argv change nothing and are not kept there for others to read."""
    with Talk.by_hand('nurse1', '--help', '-c', '/tmp/x', '189001019802') as talk:
        assert talk.verify('nurse1')['kind'] == wire.INTRO
        with open(f'/proc/{talk.process.pid}/cmdline', 'rb') as f:
            assert b'189001019802' not in f.read()


# -- a hostile environment ----------------------------------------------------------------------------------------------

IN_OPEN, IN_CREATE, IN_ACCESS = 0x20, 0x100, 0x1


class Watch:
    """Whether anything in a folder is opened, read or made: inotify(7)."""

    def __init__(self, folder):
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = self._libc.inotify_init1(os.O_NONBLOCK)
        assert self._libc.inotify_add_watch(self._fd, folder.encode(), IN_OPEN | IN_CREATE | IN_ACCESS) >= 0

    def events(self):
        names = []
        with contextlib.suppress(BlockingIOError):
            data = os.read(self._fd, 65536)
            while data:
                _, mask, _, n = struct.unpack_from('iIII', data)
                if not mask & 0x40000000:                       # IN_ISDIR: somebody listed the folder
                    names.append(data[16:16 + n].rstrip(b'\0').decode())
                data = data[16 + n:]
        return names


@pytest.fixture(scope='module')
def trap():
    """A folder of things that a program might be made to load, all readable by everybody, and a proxy that counts."""
    folder = '/srv/trap'
    os.makedirs(folder, exist_ok=True)
    source = folder + '/evil.c'
    with open(source, 'w') as f:
        f.write('#include <fcntl.h>\n'
                '__attribute__((constructor)) static void hit(void) { (void) open("/srv/trap/loaded", O_CREAT | O_WRONLY, 0666); }\n'
                'unsigned la_version(unsigned v) { hit(); return v; }\nvoid gconv_init(void) { hit(); }\n')
    run('gcc', '-shared', '-fPIC', '-o', folder + '/evil.so', source)
    for name, text in (('gconv-modules', 'module UTF-8// INTERNAL evil 1\n'), ('hosts', 'localhost 192.0.2.1\n'), ('tz', 'TZif2'),
                       ('cert.pem', ''), ('openssl.cnf', 'openssl_conf = x\n[x]\nengines = y\n[y]\nz = w\n[w]\ndynamic_path = '
                                                         f'{folder}/evil.so\nLOAD = EMPTY\n'), ('.curlrc', 'proxy = 127.0.0.1:9\n')):
        with open(f'{folder}/{name}', 'w') as f:
            f.write(text)
    run('chmod', '-R', 'a+rwX', folder)
    proxy = socket.create_server(('127.0.0.1', 0))
    proxy.settimeout(0)
    proxy_url = 'http://127.0.0.1:%d' % proxy.getsockname()[1]
    variables = {
        'LD_PRELOAD': folder + '/evil.so', 'LD_AUDIT': folder + '/evil.so', 'LD_LIBRARY_PATH': folder, 'GCONV_PATH': folder,
        'LOCPATH': folder, 'NLSPATH': folder + '/%N', 'LANGUAGE': 'sv', 'LANG': 'sv_SE.UTF-8', 'LC_ALL': 'sv_SE.UTF-8',
        'http_proxy': proxy_url, 'https_proxy': proxy_url, 'HTTPS_PROXY': proxy_url, 'ALL_PROXY': proxy_url, 'all_proxy': proxy_url,
        'SSL_CERT_FILE': folder + '/cert.pem', 'SSL_CERT_DIR': folder, 'CURL_CA_BUNDLE': folder + '/cert.pem', 'CURL_HOME': folder,
        'OPENSSL_CONF': folder + '/openssl.cnf', 'OPENSSL_MODULES': folder, 'OPENSSL_ENGINES': folder, 'SSLKEYLOGFILE': folder + '/keylog',
        'SQLITE_TMPDIR': folder, 'TMPDIR': folder, 'HOME': folder, 'TZ': ':' + folder + '/tz', 'TZDIR': folder,
        'RES_OPTIONS': 'attempts:0', 'LOCALDOMAIN': 'example', 'HOSTALIASES': folder + '/hosts', 'RESOLV_HOST_CONF': folder + '/hosts',
        'MALLOC_TRACE': folder + '/trace', 'GLIBC_TUNABLES': 'glibc.malloc.check=3', 'JOURNAL_STREAM': '1:1', 'NOTIFY_SOCKET': folder + '/n',
        'LISTEN_FDS': '1', 'LISTEN_PID': '1', 'TEXTDOMAINDIR': folder, 'OUTPUT_CHARSET': 'ISO-8859-1', 'PATH': folder,
    }
    yield folder, variables, proxy
    proxy.close()


def test_nothing_that_the_environment_names_is_loaded_read_written_or_connected_to(trap, clinic):
    """A whole conversation, to an approval, with every variable that some library obeys: none of it has an effect."""
    folder, variables, proxy = trap
    watch = Watch(folder)
    with Talk.by_hand('nurse1', env=variables) as talk:
        assert talk.verify('nurse1')['language'] == 'en'
        with open(f'/proc/{talk.process.pid}/maps') as f:
            assert folder not in f.read()
        talk.send(wire.START)
        clinic.phone.scan(talk.code())
        clinic.phone.approve('nurse-one')
        assert talk.verdict() == 'approved'
    assert watch.events() == []
    assert not os.path.exists(folder + '/loaded') and not os.path.exists(folder + '/keylog')
    with pytest.raises(BlockingIOError):
        proxy.accept()


def test_the_trap_is_one(trap):
    """The same environment does catch a program that is not careful, so the test above can fail."""
    folder, variables, _ = trap
    watch = Watch(folder)
    as_is = {name: variables[name] for name in ('LD_PRELOAD', 'TZ')}
    subprocess.run(['date'], env={**as_is, 'PATH': '/usr/bin:/bin'}, stdout=subprocess.DEVNULL, check=True)
    assert 'evil.so' in watch.events()
    os.unlink(folder + '/loaded')


# -- no privilege, no resources -----------------------------------------------------------------------------------------

def test_without_the_right_to_gain_privileges_it_says_no_privilege():
    """no_new_privs: exec does not make it _careid, and it is nobody else's program."""
    for before in (('setpriv', '--no-new-privs'),):
        with Talk.by_hand('nurse1', before=before) as talk:
            assert talk.process.wait(10) == 77


def test_a_users_program_without_the_right_to_gain_privileges_is_refused_with_a_message():
    """Where there is no socket nobody can be asked; with the sockets nothing has to be executed, and it works."""
    command = ['sh', '-c', 'chown nurse1 $(tty) && exec setpriv --no-new-privs --reuid=nurse1 --regid=org-clinic --init-groups '
               'pamtester -I tty=$(tty) login nurse1 authenticate']
    with host.sockets_stopped(), Terminal(command) as terminal:
        terminal.wait_text(NOT_POSSIBLE, 15)
        assert terminal.wait_exit(15) != 0
    with Terminal(command) as terminal:
        terminal.wait_text(r'Check code', 15)


def test_roots_log_in_program_without_that_right_is_served_all_the_same(clinic):
    """root is _careid before it executes the helper, so nothing has to be gained."""
    since = clinic.phone.status()['seq']
    with host.sockets_stopped(), Terminal(['setpriv', '--no-new-privs', 'login', 'nurse1']) as terminal:
        terminal.wait_text(r'Check code', 15)
        assert clinic.phone.wait_order(60, since=since)


@pytest.mark.parametrize('limit', ['--fsize=0', '--nofile=3', '--nofile=6', '--nproc=0', '--as=2000000', '--as=20000000', '--as=60000000',
                                   '--data=400000', '--stack=65536', '--cpu=0', '--memlock=0', '--core=unlimited', '--sigpending=0'])
def test_limits_that_a_user_sets_never_turn_into_an_answer_in_their_favour(limit, clinic):
    """It works, or is out of order, or ends; it never approves, nor leaves a file of anybody's half written."""
    with Talk.by_hand('nurse1', before=('prlimit', limit, '--')) as talk:
        try:
            first = talk.verify('nurse1')
            if first and first['kind'] == wire.INTRO:
                talk.send(wire.START)
                talk.sock.settimeout(10)
                first = talk.until(lambda m: m['kind'] == wire.VERDICT or 'qr_bits' in m)
        except (BrokenPipeError, ConnectionResetError):
            first = None
        if first and first['kind'] == wire.VERDICT:
            assert wire.VERDICTS[first['verdict']] in ('broken', 'unreachable', 'busy', 'not-permitted')
            assert 'uid' not in first
        talk.sock.close()
        # A stack too small for one message is a crash, which concerns nobody but whoever set it.
        crashes = {-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS} - ({-signal.SIGSEGV} if 'stack' in limit else set())
        assert talk.process.wait(20) not in crashes
    run('careid', 'audit', 'verify')


# -- whom it answers ----------------------------------------------------------------------------------------------------

def openers(uid):
    yield 'by hand', lambda: Talk.by_hand(pwd.getpwuid(uid).pw_name)
    yield 'through the socket', lambda: Talk.through_socket(uid)


@pytest.mark.parametrize('asker, account', [('nurse1', 'nurse2'), ('nurse1', 'root'), ('nurse1', 'nobody-has-this'),
                                            ('local1', 'nurse1'), ('daemon', 'nurse1')])
def test_a_user_who_asks_about_somebody_else_is_not_permitted(asker, account):
    """By hand or through the socket, to verify or to look, for names that exist and names that don't."""
    for how, opened in openers(pwd.getpwnam(asker).pw_uid):
        with opened() as talk:
            message = talk.verify(account)
            assert wire.VERDICTS[message['verdict']] == 'not-permitted', how
        with opened() as talk:
            talk.send(wire.ACCOUNT, version=2, account=account, service='login')
            assert wire.DECISIONS[talk.receive()['decision']] == 'not-permitted', how
        for kind in (wire.OPEN, wire.CLOSE):
            with opened() as talk:
                talk.send(kind, version=2, account=account, service='login')
                assert wire.DECISIONS[talk.receive()['decision']] == 'not-permitted', how


def test_a_user_opens_no_session_of_their_own(nurse):
    """Sessions are what later acts are judged by; only who opens sessions records them."""
    before = run('careid', 'list', 'sessions', '--json').stdout
    for how, opened in openers(nurse.pw_uid):
        for kind in (wire.OPEN, wire.CLOSE):
            with opened() as talk:
                talk.send(kind, version=2, account='nurse1', service='login', tty='pts/1')
                assert wire.DECISIONS[talk.receive()['decision']] == 'not-permitted', how
    assert run('careid', 'list', 'sessions', '--json').stdout == before


@pytest.mark.parametrize('how', ['by hand', 'through the socket'])
def test_what_a_user_says_of_where_they_are_is_not_believed(how, nurse):
    """An address of ours, a key that nobody verified: root's word alone counts, so for them there is no code by default."""
    claims = {'source': '127.0.0.1', 'after_key': 1, 'tty': 'tty1'}
    configure('remote-qr = no')
    try:
        with dict(openers(nurse.pw_uid))[how]() as talk:
            assert wire.VERDICTS[talk.verify('nurse1', **claims)['verdict']] == 'no-method'
        with Talk.through_socket(0, RUN + '/root.sock') as talk:
            assert talk.verify('nurse1', **claims)['kind'] == wire.INTRO
    finally:
        configure('remote-qr = yes')


@pytest.mark.parametrize('how', ['by hand', 'through the socket'])
def test_a_users_own_approval_is_a_verdict_and_no_log_in(how, nurse, clinic):
    """They learn that their phone works; nothing is recorded that anybody else could take for a log-in."""
    before = logins()
    with dict(openers(nurse.pw_uid))[how]() as talk:
        assert talk.verify('nurse1')['kind'] == wire.INTRO
        talk.send(wire.START)
        shown = clinic.phone.scan(talk.code())
        clinic.phone.approve('nurse-one', order=shown['order'])
        message = talk.until(lambda m: m['kind'] == wire.VERDICT)
        assert (wire.VERDICTS[message['verdict']], message['account'], message['uid']) == ('approved', 'nurse1', nurse.pw_uid)
        assert 'login' not in message
    assert logins() == before


# -- crowds -------------------------------------------------------------------------------------------------------------

def test_four_conversations_of_a_user_are_held_the_fifth_is_busy_and_root_is_not_concerned(nurse, clinic):
    """However they were opened; the log-in program at the console, which is root, has its order at once."""
    wait_no_helper()
    with contextlib.ExitStack() as held:
        for n in range(4):
            talk = held.enter_context(Talk.by_hand('nurse1') if n % 2 else Talk.through_socket(nurse.pw_uid))
            assert talk.verify('nurse1', timeout=60)['kind'] == wire.INTRO
        for how, opened in openers(nurse.pw_uid):
            with opened() as fifth:
                assert wire.VERDICTS[fifth.verify('nurse1')['verdict']] == 'busy', how
        other = held.enter_context(Talk.through_socket(pwd.getpwnam('nurse2').pw_uid))
        assert other.verify('nurse2')['kind'] == wire.INTRO
        since = clinic.phone.status()['seq']
        with Terminal(['login', 'nurse1']) as terminal:
            assert clinic.phone.wait_order(60, since=since)
            terminal.wait_text(r'Check code', 10)
    wait_no_helper()
    with Talk.by_hand('nurse1') as talk:
        assert talk.verify('nurse1')['kind'] == wire.INTRO


def test_a_user_who_has_just_been_made_is_known_to_the_next_conversation():
    """Another /etc/passwd is another file: what the resolver may read is found out anew when a folder has changed."""
    for n in range(3):
        run('useradd', '-M', f'fresh{n}')
        with Talk.through_socket(pwd.getpwnam(f'fresh{n}').pw_uid) as talk:
            talk.send(wire.ACCOUNT, version=2, account=f'fresh{n}', service='login')
            assert wire.DECISIONS[talk.receive()['decision']] == 'not-ours'


FLOOD = '''
import socket, sys
held = []
for _ in range(300):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.settimeout(20)
    try:
        s.connect("/run/careid/user.sock")
        held.append(s)
    except OSError:
        pass
print(len(held), flush=True)
sys.stdin.read()
'''


def test_three_hundred_idle_connections_of_a_user_do_not_keep_a_log_in_over_ssh_out(clinic):
    """They fill the users' socket; sshd asks through root's."""
    with subprocess.Popen(['setpriv', '--reuid=local1', '--regid=local1', '--clear-groups', 'python3', '-c', FLOOD],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as flood:
        try:
            assert int(flood.stdout.readline()) > 100
            with Screen(clinics.ssh('nurse1', 'id -un'), columns=80, rows=40) as screen:
                clinics.ssh_begin(screen)
                shown = clinic.scan(screen)
                clinic.phone.approve('nurse-one', order=shown['order'])
                assert clinics.ssh_approved(screen) == 0
        finally:
            flood.stdin.close()
    wait_no_helper()


# -- the process itself -------------------------------------------------------------------------------------------------

def starters():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    yield 'by root', lambda: Talk(ours, subprocess.Popen([HELPER], stdin=theirs, extra_groups=[0, 4, 27]))
    yield 'by a user', lambda: Talk.by_hand('nurse1')
    yield 'through root.sock', lambda: Talk.through_socket(0, RUN + '/root.sock')
    yield 'through user.sock', lambda: Talk.through_socket(pwd.getpwnam('nurse1').pw_uid)


@pytest.mark.parametrize('how', [name for name, _ in starters()])
def test_a_running_helper_is_careid_in_every_id_and_confined(how):
    """Whoever started it, and its child that resolves names as well."""
    wait_no_helper()
    owner = pwd.getpwnam('_careid')
    with dict(starters())[how]() as talk:
        assert talk.verify('nurse1')['kind'] == wire.INTRO
        pids = host.processes()
        assert pids
        for pid in pids:
            status = host.process_status(pid)
            assert status['Uid'].split() == [str(owner.pw_uid)] * 4
            assert status['Gid'].split() == [str(owner.pw_gid)] * 4
            assert set(status['Groups'].split()) <= {str(owner.pw_gid)}
            assert {int(status[name], 16) for name in ('CapInh', 'CapPrm', 'CapEff', 'CapAmb')} == {0}
            assert status['NoNewPrivs'] == '1'
            assert status['Seccomp'] == '2'
            assert os.stat(f'/proc/{pid}/mem').st_uid == 0         # not dumpable: /proc says that root owns it
            with open(f'/proc/{pid}/limits') as f:
                assert any(line.split()[:6] == ['Max', 'core', 'file', 'size', '0', '0'] for line in f)
            assert os.readlink(f'/proc/{pid}/cwd') == '/'


def test_the_helper_is_set_user_id_to_its_own_user_and_nobody_can_write_it():
    """6755, _careid's, in folders that are root's."""
    found = os.stat(HELPER)
    assert (found.st_uid, found.st_gid) == (pwd.getpwnam('_careid').pw_uid, pwd.getpwnam('_careid').pw_gid)
    assert stat.S_IMODE(found.st_mode) == 0o6755
    folder = os.path.dirname(HELPER)
    while folder != '/':
        assert os.stat(folder).st_uid == 0 and not os.stat(folder).st_mode & 0o022
        folder = os.path.dirname(folder)
