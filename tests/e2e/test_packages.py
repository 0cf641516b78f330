# SPDX-License-Identifier: LGPL-2.1-or-later
# test_packages.py - what the packages do to a host: nothing unasked, never root's way in, and clean away
"""Runs as root on a machine of its own, which it takes apart; the tests build on each other, in their order."""

import contextlib
import errno
import glob
import os
import pwd
import re
import shutil
import socket
import stat
import subprocess

import pytest
from host import BREAKGLASS, HELPER, MODULE, Terminal, acceptor, eventually, gone, process_status, processes

PASSWORDS = {'root': 'root-pw', 'admin1': 'admin-pw', 'local1': 'local-pw'}


def run(*words, text=None, check=True):
    return subprocess.run(words, input=text, capture_output=True, text=True, check=check, timeout=120)


def pam(user, *operations, service='stack'):
    """True if every one of the operations succeeds for a user who types their right password."""
    typed = PASSWORDS.get(user, 'none') + '\n'
    return run('pamtester', service, user, *operations, text=typed, check=False).returncode == 0


WHOLE = ('authenticate', 'setcred', 'acct_mgmt', 'open_session', 'close_session')


@contextlib.contextmanager
def replaced(path, content):
    with gone(path):
        with open(path, 'w') as f:
            f.write(content)
        try:
            yield
        finally:
            os.unlink(path)


def console_login(user, password, seconds=60):
    """Log in at a terminal through login(1); what the terminal showed when the shell had run a command."""
    with Terminal(['login', user]) as terminal:
        terminal.wait_text('Password: ', seconds)
        terminal.type(password + '\n')
        terminal.wait_text('[#$] $', seconds)
        terminal.type('id; exit\n')
        terminal.wait_exit(seconds)
        return terminal.text


@pytest.fixture(scope='module', autouse=True)
def people():
    for user, password in PASSWORDS.items():
        if user != 'root':
            run('useradd', '-m', '-s', '/bin/bash', user, check=False)
        run('chpasswd', text=f'{user}:{password}\n')
    with open('/etc/pam.d/stack', 'w') as f:
        f.write('@include common-auth\n@include common-account\n@include common-session\n')


# -- installed ---------------------------------------------------------------------------------------------------------

def test_installing_names_the_module_in_no_stack():
    assert not run('grep', '-rl', 'pam_eid', '/etc/pam.d', check=False).stdout


def test_installing_adds_the_plugin_to_nsswitch():
    with open('/etc/nsswitch.conf') as f:
        lines = f.read()
    for database in ('passwd', 'group'):
        assert re.search(rf'^{database}:.*\bfiles careroles\b', lines, re.M)


@pytest.mark.parametrize('path, owner, mode', [
    (HELPER, '_careid', 0o6755),
    ('/var/lib/careid', '_careid', 0o700),
    ('/var/lib/careroles', '_careid', 0o755),
    ('/etc/careid', 'root', 0o755),
    ('/etc/careid/careid.conf', 'root', 0o644),
    (BREAKGLASS, 'root', 0o644),
    ('/run/careid', 'root', 0o755),
    ('/run/careid/callers', '_careid', 0o700),
    ('/run/careid/root.sock', 'root', 0o600),
    ('/run/careid/user.sock', 'root', 0o666),
    ('/run/careroles', 'root', 0o755),
    ('/run/careroles/self', 'root', 0o755),
    ('/run/careroles/overlay', 'root', 0o755),
])
def test_owners_and_modes(path, owner, mode):
    found = os.lstat(path)
    assert (pwd.getpwuid(found.st_uid).pw_name, oct(stat.S_IMODE(found.st_mode))) == (owner, oct(mode))


def test_nothing_else_is_setuid():
    found = run('find', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/libexec', '-user', '_careid').stdout.split()
    assert found == [HELPER]


def test_each_line_of_the_journal_has_its_explanation():
    with open('/src/helper/journal.c') as f:
        lines = set(re.findall(r'\{ "([0-9a-f]{32})"', f.read()))
    listed = re.findall(r'^([0-9a-f]{32}) careid: \S', run('journalctl', '--list-catalog').stdout, re.M)
    assert lines and set(listed) == lines


def test_what_the_manuals_name_is_in_the_packages():
    named, there = set(), set()
    for package in glob.glob('/build/deb/*.deb'):       # this machine keeps no documents
        there |= {line.split()[5].lstrip('.') for line in run('dpkg-deb', '-c', package).stdout.splitlines()}
    for page in glob.glob('/src/man/*.[578]'):
        with open(page) as f:
            named |= set(re.findall(r'^\.(?:It )?Pa (/(?:usr|lib)/(?!local/)\S+)', f.read(), re.M))
    assert '/usr/share/doc/careid/relay-nginx.md' in named and named <= there, named - there


def test_nobody_can_log_in_as_the_system_user():
    fields = run('getent', 'passwd', '_careid').stdout.strip().split(':')
    assert fields[6].endswith('nologin')
    assert run('getent', 'shadow', '_careid').stdout.split(':')[1].startswith('!')


def test_the_directory_is_set_up_for_its_owner_alone():
    run('careid', 'setup')
    for path, mode in (('/var/lib/careid/directory.db', 0o600), ('/etc/careid/keys', 0o700),
                       ('/var/lib/careroles/private.snapshot', 0o600), ('/var/lib/careroles/private.delta', 0o600),
                       ('/var/lib/careroles/public.snapshot', 0o644), ('/var/lib/careroles/public.delta', 0o644)):
        found = os.stat(path)
        assert (path, found.st_uid, oct(stat.S_IMODE(found.st_mode))) == (path, os.stat(HELPER).st_uid, oct(mode))
    for path in ('/var/lib/careid/directory.db', '/var/lib/careroles/private.snapshot', '/etc/careid/keys/number-hmac.1'):
        assert os.path.exists(path)
        assert run('runuser', '-u', 'local1', '--', 'cat', path, check=False).returncode != 0


# -- turned on: X8, an administrator is never locked out -----------------------------------------------------------------

def test_turned_on():
    run('pam-auth-update', '--enable', 'eid')
    with open(BREAKGLASS, 'a') as f:
        f.write('admin1\n')
    with open('/etc/pam.d/common-auth') as f:
        lines = [line for line in f if re.match(r'[^#\n]', line)]
    names = re.findall(r'pam_\w+\.so', ''.join(lines))
    assert names[:4] == ['pam_succeed_if.so', 'pam_listfile.so', 'pam_eid.so', 'pam_unix.so']


@contextlib.contextmanager
def no_socket():
    units = ('careid-root.socket', 'careid-user.socket')
    run('systemctl', 'stop', *units)
    try:
        yield
    finally:
        run('systemctl', 'reset-failed', *units)        # we do this more often than systemd likes
        run('systemctl', 'start', *units)


@contextlib.contextmanager
def no_helper_at_all():
    with no_socket(), gone(HELPER):
        yield


FAULTS = {
    'nothing is wrong': contextlib.nullcontext,
    'no module': lambda: gone(MODULE),
    'a damaged module': lambda: replaced(MODULE, 'not a library\n'),
    'no socket': no_socket,
    'no helper': no_helper_at_all,
    'a damaged helper': lambda: replaced(HELPER, '#!/bin/sh\nexit 1\n'),
    'no configuration': lambda: gone('/etc/careid/careid.conf'),
    'no state': lambda: gone('/var/lib/careid'),
    'no snapshots': lambda: gone('/var/lib/careroles'),
    'no plugin': lambda: gone(glob.glob('/usr/lib/*/libnss_careroles.so.2')[0]),
}


@pytest.mark.parametrize('fault', FAULTS)
def test_root_gets_in(fault):
    with FAULTS[fault]():
        assert pam('root', *WHOLE)


@pytest.mark.parametrize('fault', FAULTS)
def test_a_breakglass_account_gets_in(fault):
    with FAULTS[fault]():
        assert pam('admin1', *WHOLE)


@pytest.mark.parametrize('fault', FAULTS)
def test_a_password_alone_opens_nothing_for_others(fault):
    with FAULTS[fault]():
        assert not pam('local1', 'authenticate')


@pytest.mark.parametrize('fault', FAULTS)
def test_work_of_system_users_goes_on(fault):
    with FAULTS[fault]():
        assert pam('daemon', 'acct_mgmt', 'open_session', 'close_session')


@pytest.mark.parametrize('fault', ['no module', 'a damaged module', 'no helper'])
def test_trouble_at_the_account_stage_refuses(fault):
    with FAULTS[fault]():
        assert not pam('local1', 'acct_mgmt')


@pytest.mark.parametrize('fault', ['nothing is wrong', 'no module', 'no helper'])
def test_root_at_the_console(fault):
    with FAULTS[fault]():
        assert 'uid=0(root)' in console_login('root', PASSWORDS['root'])


def test_root_still_needs_the_password():
    with gone(MODULE):
        assert run('pamtester', 'stack', 'root', 'authenticate', text='wrong\n', check=False).returncode != 0


def test_no_breakglass_file_lists_nobody_and_locks_nobody_out():
    with gone(BREAKGLASS):
        assert pam('root', *WHOLE)
        assert not pam('admin1', 'authenticate')


def test_a_breakglass_file_that_others_can_write_is_not_believed():
    os.chmod(BREAKGLASS, 0o666)
    try:
        assert pam('root', *WHOLE)
        assert not pam('admin1', 'authenticate')
    finally:
        os.chmod(BREAKGLASS, 0o644)


# -- the sockets --------------------------------------------------------------------------------------------------------

def test_an_ordinary_user_has_only_the_user_socket():
    connect = ('import socket, sys; s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); '
               's.connect(f"/run/careid/{sys.argv[1]}.sock")')
    assert run('runuser', '-u', 'local1', '--', 'python3', '-c', connect, 'root', check=False).returncode != 0
    assert run('runuser', '-u', 'local1', '--', 'python3', '-c', connect, 'user', check=False).returncode == 0


def test_a_flood_by_a_user_leaves_root_its_socket_and_nothing_behind():
    flood = '''
import socket
def connect():
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.connect("/run/careid/user.sock")
    return s
for i in range(3):
    held = [connect() for _ in range(300)]
    print(i, flush=True)
'''
    process = subprocess.Popen(['runuser', '-u', 'local1', '--', 'python3', '-c', flood], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b'0\n'
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as mine:
        mine.settimeout(20)
        mine.connect('/run/careid/root.sock')
        mine.send(b'not a message')
        with contextlib.suppress(ConnectionResetError):
            assert mine.recv(100) == b''        # a helper was there, and closed without a word
    assert process.wait(120) == 0
    assert eventually(lambda: not processes(), 30)
    assert run('systemctl', 'is-active', 'careid-user.socket', check=False).stdout.strip() == 'active'


def confined(pid):
    """Is the process what a helper has to be, once it waits for its first message?"""
    status = process_status(pid)
    owner = os.stat(HELPER)
    assert status['Uid'].split() == [str(owner.st_uid)] * 4
    assert status['Gid'].split() == [str(owner.st_gid)] * 4
    assert {int(status[name], 16) for name in ('CapInh', 'CapPrm', 'CapEff', 'CapAmb')} == {0}
    assert (status['NoNewPrivs'], status['Seccomp']) == ('1', '2')
    return status


def test_what_is_behind_a_socket_is_confined():
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as held:
        held.connect('/run/careid/root.sock')
        pid = eventually(lambda: acceptor('root'), 20)
        assert pid and eventually(lambda: process_status(pid).get('Seccomp') == '2', 60)
        assert int(confined(pid)['Seccomp_filters']) >= 1
        assert set(processes()) <= {pid}    # nothing has been said yet; it may not have taken its name
        for path, error in (('/usr/libexec/careid/x', errno.EROFS), ('/etc/careid/x', errno.EROFS),
                            ('/var/lib/careroles/x', errno.EROFS)):
            with pytest.raises(OSError) as refused:
                open(f'/proc/{pid}/root{path}', 'x')
            assert refused.value.errno == error


def test_a_helper_that_a_user_has_executed_is_confined():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    user = pwd.getpwnam('local1')
    with ours, theirs:
        process = subprocess.Popen([HELPER], stdin=theirs, user=user.pw_uid, group=user.pw_gid, extra_groups=[], env={}, cwd='/')
        assert eventually(lambda: process_status(process.pid).get('Seccomp') == '2', 60)
        assert process.poll() is None
        confined(process.pid)
    assert process.wait(10) is not None


# -- away again ---------------------------------------------------------------------------------------------------------

def test_an_administrators_own_mode_of_the_helper_stands():
    run('dpkg-statoverride', '--update', '--add', 'root', 'root', '0755', HELPER)
    run('dpkg', '-i', *glob.glob('/build/deb/careid_*.deb'))
    assert stat.S_IMODE(os.stat(HELPER).st_mode) == 0o755
    run('dpkg-statoverride', '--remove', HELPER)
    run('dpkg', '-i', *glob.glob('/build/deb/careid_*.deb'))
    assert stat.S_IMODE(os.stat(HELPER).st_mode) == 0o6755


def test_purging_leaves_no_line_no_program_and_keeps_the_records():
    run('careid', 'organisation', 'add', 'old', '--title', 'Old Clinic', '--country', 'SE')
    run('careid', 'unit', 'add', 'old', '--organisation', 'old', '--title', 'Old ward')
    run('dpkg', '--purge', 'libpam-eid', 'libnss-careroles', 'careid')
    assert not run('grep', '-rlE', 'pam_eid|breakglass', '/etc/pam.d', check=False).stdout
    with open('/etc/nsswitch.conf') as f:
        assert 'careroles' not in f.read()
    assert not os.path.exists(HELPER)
    assert not glob.glob('/etc/systemd/system/*.wants/careid*')
    assert not os.path.exists('/run/careid/root.sock')
    assert not os.path.exists('/var/lib/careroles')
    assert os.path.exists('/var/lib/careid/directory.db')
    assert pam('root', *WHOLE) and pam('local1', *WHOLE)


def test_purging_leaves_no_set_user_id_file_no_unit_and_no_library_and_root_logs_in_at_the_console():
    found = run('find', '/usr', '/etc', '/lib', '/run', '-xdev', '(', '-iname', '*careid*', '-o', '-iname', '*careroles*', '-o',
                '-name', 'pam_eid*', ')', '-not', '-path', '/etc/careid*', '-not', '-path', '/run/lab*', check=False).stdout.split()
    assert [path for path in found if not path.startswith(('/run/systemd/', '/run/user/'))] == []
    assert not run('systemctl', 'list-unit-files', '--no-legend', 'careid*', check=False).stdout
    assert 'uid=0(root)' in console_login('root', PASSWORDS['root'])


def test_installing_again_finds_the_old_records():
    run('dpkg', '-i', *glob.glob('/build/deb/*.deb'))
    assert stat.S_IMODE(os.stat(HELPER).st_mode) == 0o6755
    run('careid', 'setup')
    run('careid', 'audit', 'verify')
    assert 'Old Clinic' in run('careid', 'list', 'organisations').stdout
    assert run('getent', 'group', 'unit-old').returncode == 0
    assert not run('grep', '-rlE', 'pam_eid', '/etc/pam.d', check=False).stdout
    run('dpkg', '--purge', 'libpam-eid', 'libnss-careroles', 'careid')


def test_purging_takes_all_where_there_are_no_records():
    shutil.rmtree('/var/lib/careid')
    run('dpkg', '-i', *glob.glob('/build/deb/*.deb'))
    run('dpkg', '--purge', 'libpam-eid', 'libnss-careroles', 'careid')
    assert not os.path.exists('/var/lib/careid') and not os.path.exists('/etc/careid')
