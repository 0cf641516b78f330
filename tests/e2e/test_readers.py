# SPDX-License-Identifier: LGPL-2.1-or-later
# test_readers.py - the plugin as programs use it that nobody here wrote, and programs of another word size
"""systemd's test-nss-users with tiny buffers, getent, id, newgrp, nscd, systemd-userdbd; nsswitch.conf with merge and with an initgroups line;
1200 groups; a tracer that counts system calls; a 32-bit build of the plugin. The snapshots are those of tests/nss/clinic.c."""

import contextlib
import json
import os
import pathlib
import pwd
import re
import shutil
import subprocess

import host
import pytest
from host import ROLES, run

SRC = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
WORK = '/run/lab/readers'
READER = [f'common/{name}.c' for name in ('snapshot', 'snapshot-file', 'snapshot-members', 'snapshot-open', 'snapshot-view', 'trusted-file')]
WRITER = [f'directory/snapshots/snapshot-{name}.c' for name in ('build', 'layout', 'look', 'write')] + [
    f'common/{name}.c' for name in ('snapshot-file', 'file-io', 'trusted-file')]
NSSWITCH = '/etc/nsswitch.conf'
MANY = 1200
ANNA, ELSA, NURSE, OAK = 2001100001, 2001100004, 2001000001, 2001000002
ANNAS = {'role-nurse', 'unit-oak', 'unit-oak-nurse'}
# Of every kind: known and unknown, staff and not, a name as of another system, the host's own.
NAMES = ['anna', 'bo', 'many', 'elsa', 'dana', 'nobody-has-this', 'root', 'unit-oak', 'role-nurse', 'unit-many-1199', 'unit-listed',
         'a' * 64, 'a' * 65, 'AD\\anna', str(ANNA), str(ELSA), str(NURSE), '2001010000', '2001999999', '0', '1', '4294967295']


VARLINK = """
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect('/run/systemd/userdb/io.systemd.Multiplexer')
s.sendall(sys.argv[1].encode() + b'\\0')
told = b''
while not told.endswith(b'\\0'):
    more = s.recv(65536)
    assert more, told
    told += more
print(told[:-1].decode())
"""


def build(program, *sources, flags=()):
    path = os.path.join(WORK, program)
    run('gcc', '-std=gnu17', '-O1', '-D_GNU_SOURCE', '-fvisibility=hidden', f'-I{WORK}', *(f'-I{SRC}/{d}' for d in (
        'common', 'directory', 'directory/snapshots', 'nss_careroles', 'tests/nss')), '-o', path, *flags, *(os.path.join(SRC, s) for s in sources), timeout=300)
    return path


@pytest.fixture(scope='module', autouse=True)
def snapshots():
    """The example clinic of tests/nss, written as _careid."""
    os.makedirs(WORK, mode=0o755)
    with open(f'{WORK}/places.h', 'w') as f:
        f.write(f'#define CAREID_SNAPSHOT_DIR "{ROLES}"\n#define CAREID_SELF_DIR "/run/careroles"\n')
    publish(build('make-snapshot', 'tests/nss/make-snapshot.c', 'tests/nss/clinic.c', *WRITER), ROLES)


def publish(*words):
    run('setpriv', '--reuid=_careid', '--regid=_careid', '--clear-groups', *words)


@contextlib.contextmanager
def nsswitch(**lines):
    """Lines of that file, in the place of its own."""
    with host.kept(NSSWITCH):
        with open(NSSWITCH) as f:
            kept = [line for line in f if line.split(':')[0].strip() not in lines]
        with open(NSSWITCH, 'w') as f:
            f.writelines(kept + [f'{name}: {services}\n' for name, services in lines.items()])
        yield


def groups_of(name, asker='root'):
    return set(host.as_user(asker, 'id', '-Gn', name).stdout.split())


# -- systemd's ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize('size', [1, 2, 3, 7, 8, 9, 16, 17, 31, 32, 64, 100, 1024, 65536])
@pytest.mark.parametrize('asker', ['root', 'daemon'])
def test_buffers_of_any_size_satisfy_systemds_test(asker, size):
    """test-nss-users asks the plugin itself; it ends the process at a status, an errno or a pointer that is not in order."""
    told = host.as_user(asker, 'env', f'SYSTEMD_TEST_NSS_BUFSIZE={size}', '/usr/lib/systemd/tests/test-nss-users', 'careroles', *NAMES)
    assert f'"{NAMES[0]}"' in told.stdout + told.stderr
    if size == 65536:
        found = told.stdout + told.stderr
        assert f'{ANNA}' in found and 'unit-many-1199' in found
        assert ('/home/elsa' in found) == (asker == 'root')


def test_members_are_listed_for_those_who_may_know_them():
    """Staff to everybody; a client's service to root."""
    for asker, chat in (('root', 'elsa,dana'), ('daemon', '')):
        assert host.as_user(asker, 'getent', 'group', 'unit-listed').stdout.endswith(':lena,mo\n')
        assert host.as_user(asker, 'getent', 'group', 'service-chat').stdout.endswith(f':{chat}\n')


# -- id, getent, newgrp ---------------------------------------------------------------------------------------------------

def test_an_account_with_1200_groups_has_them_all():
    """By id, by getent, and as the groups of a process."""
    numbers = run('id', '-G', 'many').stdout.split()
    assert len(numbers) == len(set(numbers)) == MANY + 1        # and the primary group
    assert len(run('getent', 'initgroups', 'many').stdout.split()) == MANY + 1 and 'unit-many-0' in run('id', '-Gn', 'many').stdout
    held = host.as_user('many', 'cat', '/proc/self/status').stdout
    assert len(re.search(r'^Groups:(.*)', held, re.M)[1].split()) == MANY + 1


def test_newgrp_gives_a_group_that_is_held_and_asks_for_a_password_where_not():
    for group, held in (('unit-oak', True), ('unit-many-7', False)):
        told = host.as_user('anna', 'newgrp', group, text='id -gn\n', check=False)
        assert (told.stdout == group + '\n') == held, told


# -- nsswitch.conf ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize('lines', [
    {'group': 'files [SUCCESS=merge] careroles'},
    {'group': 'careroles [SUCCESS=merge] files'},
    {'initgroups': 'files careroles'},
    {'initgroups': 'files [SUCCESS=continue] careroles'},
    {'initgroups': 'careroles [NOTFOUND=continue UNAVAIL=continue] files'},
    {'group': 'files [SUCCESS=merge] careroles', 'initgroups': 'files [SUCCESS=merge] careroles'},
    {'passwd': 'compat careroles', 'group': 'compat careroles'},
], ids=str)
def test_lines_of_nsswitch_that_administrators_write(lines):
    """The same answers with each of them, for names of careid and of the host."""
    with nsswitch(**lines):
        assert groups_of('anna') == ANNAS
        assert len(run('id', '-G', 'many').stdout.split()) == MANY + 1
        assert run('getent', 'group', 'unit-listed').stdout.strip().endswith(':lena,mo')
        assert run('getent', 'group', str(OAK)).stdout.startswith('unit-oak:')
        assert run('getent', 'group', 'daemon').stdout.startswith('daemon:')
        assert groups_of('daemon') == {'daemon'}
        assert run('id', 'nobody-has-this', check=False).returncode == 1


def test_a_group_of_the_host_with_the_name_of_one_of_careids_stays_the_hosts():
    """Merged or not: files come first, and another number makes it another group. Whoever is in ours is not in theirs."""
    for group in ('files careroles', 'files [SUCCESS=merge] careroles'):
        with host.kept('/etc/group'), nsswitch(group=group):
            with open('/etc/group', 'a') as f:
                f.write('unit-oak:x:3999:daemon\n')
            assert run('getent', 'group', 'unit-oak').stdout == 'unit-oak:x:3999:daemon\n'
            assert '3999' not in run('id', '-G', 'anna').stdout.split()
            assert str(OAK) in run('id', '-G', 'anna').stdout.split()


# -- nscd -----------------------------------------------------------------------------------------------------------------

@pytest.fixture
def nscd():
    os.makedirs('/run/nscd', exist_ok=True)
    process = subprocess.Popen(['nscd', '-F'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        host.eventually(lambda: run('nscd', '-g', check=False).returncode == 0, 60, 'nscd')
        yield
    finally:
        process.terminate()
        process.wait(60)
        with contextlib.suppress(FileNotFoundError):
            os.unlink('/run/nscd/socket')


def test_nscd_tells_nobody_what_only_root_may_know(nscd):
    """It asks as root, and gives what it was told to everybody: so it is told nothing of clients, relatives and externals."""
    for asker in ('root', 'daemon'):
        for key in ('anna', str(ANNA)):
            assert host.as_user(asker, 'getent', 'passwd', key).stdout.startswith('anna:')
        assert groups_of('anna', asker) == ANNAS
        assert host.as_user(asker, 'getent', 'group', 'unit-listed').stdout.endswith(':lena,mo\n')
        assert host.as_user(asker, 'getent', 'group', 'service-chat').stdout.endswith(':*:2001000007:\n')
        for key in ('elsa', str(ELSA)):
            assert host.as_user(asker, 'getent', 'passwd', key, check=False).returncode == 2


@pytest.mark.parametrize('name', ['systemd-userdbd', 'systemd-userwork', 'accounts-daemon'])
def test_others_that_answer_everybody_are_told_of_staff_alone(name):
    """By their name, which is all that a plugin knows of the program that has loaded it; under its own, root is told."""
    program = f'{WORK}/{name}'
    shutil.copy(shutil.which('getent'), program)
    for asked, told in ((program, 2), ('getent', 0)):
        assert run(asked, 'passwd', 'elsa', check=False).returncode == told, asked
        assert run(asked, 'passwd', 'anna', check=False).returncode == 0, asked


MULTIPLEXER = '/run/systemd/userdb/io.systemd.Multiplexer'


@pytest.fixture
def userdbd():
    """As systemd starts it, sandbox and all. It is masked, so that no other test has it."""
    units = [f'/etc/systemd/system/systemd-userdbd.{kind}' for kind in ('socket', 'service')]
    for unit in units:
        os.unlink(unit)
    run('systemctl', 'daemon-reload')
    try:
        run('systemctl', 'start', 'systemd-userdbd.socket')
        yield
    finally:
        run('systemctl', 'stop', 'systemd-userdbd.socket', 'systemd-userdbd.service')
        for unit in units:
            os.symlink('/dev/null', unit)
        run('systemctl', 'daemon-reload')
        with contextlib.suppress(FileNotFoundError):
            os.unlink(MULTIPLEXER)


def multiplexer(asker, method, **asked):
    """What systemd-userdbd says of it, asked as any program would: varlink on its socket."""
    asked['service'] = 'io.systemd.Multiplexer'
    text = json.dumps({'method': f'io.systemd.UserDatabase.{method}', 'parameters': asked})
    told = host.as_user(asker, 'python3', '-c', VARLINK, text).stdout
    return json.loads(told)


def test_systemd_userdbd_tells_a_user_nothing_of_clients_relatives_and_externals(userdbd):
    """The real one: its worker has loaded the plugin as root, and gives anybody what it got. Staff it finds by name and number."""
    for asker in ('anna', 'root'):
        for key in ({'userName': 'anna'}, {'uid': ANNA}):
            assert multiplexer(asker, 'GetUserRecord', **key)['parameters']['record']['userName'] == 'anna'
        assert multiplexer(asker, 'GetGroupRecord', groupName='unit-oak')['parameters']['record']['gid'] == OAK
        for key in ({'userName': 'elsa'}, {'uid': ELSA}):
            assert multiplexer(asker, 'GetUserRecord', **key)['error'] == 'io.systemd.UserDatabase.NoRecordFound', (asker, key)
        assert 'elsa' not in host.as_user(asker, 'userdbctl', '--output=classic', 'groups-of-user', 'elsa', check=False).stdout
    told = host.as_user('anna', 'userdbctl', '--output=classic', 'user', 'anna', 'elsa', check=False)
    assert told.stdout.startswith(f'anna:x:{ANNA}:') and 'elsa' not in told.stdout, told
    found = json.loads(run('careid', 'check', '--json', check=False).stdout)['findings']
    assert [f['state'] for f in found if f['what'] == 'userdbd'] == ['WARN']
    run('systemctl', 'stop', 'systemd-userdbd.socket', 'systemd-userdbd.service')
    pathlib.Path(MULTIPLEXER).touch()                   # what it listened at may stay
    found = json.loads(run('careid', 'check', '--json', check=False).stdout)['findings']
    assert found and not [f for f in found if f['what'] == 'userdbd'], found


# -- system calls -----------------------------------------------------------------------------------------------------------

TIMES = 1000


@pytest.mark.parametrize(('asker', 'allowed'), [('anna', ''), ('root', 'geteuid')])
def test_a_thousand_look_ups_make_no_system_call(asker, allowed):
    """Known and unknown, of every function. Root can become somebody else, and is asked who it is where it matters."""
    program, trace = build('ask-often', 'tests/nss/ask-often.c'), f'{WORK}/trace-{asker}'
    user = ['setpriv', f'--reuid={asker}', f'--regid={pwd.getpwnam(asker).pw_gid}', '--init-groups', '--']
    run('strace', '-f', '-o', trace, *user, program, host.PLUGIN, str(TIMES), 'anna', str(ANNA), 'unit-oak', str(OAK), timeout=300)
    with open(trace) as f:
        lines = f.readlines()
    first, last = (i for i, line in enumerate(lines) if 'close(-1)' in line)
    between = [line.split(None, 1)[1].split('(')[0] for line in lines[first + 1:last]]
    assert set(between) <= {allowed}, sorted(set(between))
    assert len(between) <= 3 * TIMES


# -- 32 bits --------------------------------------------------------------------------------------------------------------------

def answers(probe, plugin, database, names):
    return subprocess.run([probe, plugin, database, *names], stdout=subprocess.PIPE, text=True, check=False).stdout.splitlines()


def test_a_32_bit_program_gets_the_same_answers():
    """The plugin built for i386 reads the files that this host has written: everybody and every group of a town."""
    system = ['-isystem', '/usr/include/' + run('gcc', '-print-multiarch').stdout.strip()]
    sources = ['nss_careroles/nss_careroles.c', 'nss_careroles/pack.c', 'nss_careroles/recall.c', *READER]
    small = build('small.so', *sources, flags=['-m32', *system, '-shared', '-fPIC', '-Wl,-z,nodelete'])
    probes = {size: build(f'probe-{size}', 'tests/nss/nss-probe.c', flags=[f'-m{size}', *system]) for size in (32, 64)}
    assert 'ELF 32-bit' in run('readelf', '-h', small).stdout or 'ELF32' in run('readelf', '-h', small).stdout
    town, files = build('make-county', 'tests/bench/make-county.c', *WRITER), f'{WORK}/town'
    os.mkdir(files)
    os.chown(files, pwd.getpwnam('_careid').pw_uid, -1)
    try:
        publish(town, '3000', ROLES, files)
        for name in ('passwd', 'group'):
            with open(f'{files}/{name}') as f:
                rows = [line.split(':') for line in f]
            for database, keys in ((name, [row[0] for row in rows]), (name, [row[2] for row in rows]),
                                   ('initgroups' if name == 'passwd' else name, [row[0] for row in rows])):
                told = [answers(probes[size], plugin, database, keys + NAMES) for size, plugin in ((32, small), (64, host.PLUGIN))]
                assert told[0] == told[1]
                assert sum(line.startswith('SUCCESS') for line in told[0]) >= len(rows) and len(told[0]) == len(rows) + len(NAMES)
    finally:
        publish(f'{WORK}/make-snapshot', ROLES)
