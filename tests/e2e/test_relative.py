# SPDX-License-Identifier: LGPL-2.1-or-later
# test_relative.py - a relative, and an ordinary user of the host, who try everything to learn about others (A3, X10)
"""Two clients with an account each, two relatives with a grant each, an external; one of the relatives has processes. The other
one, a nurse and a user of the host ask for their names, numbers and groups in every way that the host offers."""

import contextlib
import glob
import json
import os
import pwd
import re
import subprocess

import host
import pytest
from host import ROLES, STATE, run

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'man', 'careid-opened.8')
NAMES = ('client1', 'client2', 'kin1', 'kin2', 'extern1')
ASKERS = ('kin1', 'client1', 'nurse1', 'guest', 'nobody')
PEOPLE = ('Kinfolk', 'Patientia', 'Externalia')


def account(name, kind, family):
    person = run('careid', 'person', 'add', '--quiet', text=f'Test\n{family}\n').stdout.strip()
    run('careid', 'account', 'add', name, '--person', person, '--organisation', 'clinic', '--kind', kind)
    return person


@pytest.fixture(scope='module')
def county(clinic):
    """Names to look for: {account: uid}."""
    for service, opens in (('chat', 'other'), ('journal', 'record')):
        run('careid', 'service', 'add', service, '--title', service.title(), '--opens', opens,
            *(('--module', 'chat') if service == 'chat' else ()))
    run('careid', 'role', 'add', 'relative', '--title', 'Relative', '--kind', 'relative')
    run('careid', 'role', 'grant-service', 'relative', 'chat')
    run('careid', 'module', 'on', 'chat', '--organisation', 'clinic')
    for i in '12':
        client = run('careid', 'client', 'add', account('client' + i, 'client', PEOPLE[1]), '--organisation', 'clinic', '--quiet').stdout.strip()
        assert client == 'clinic-' + i
        account('kin' + i, 'relative', PEOPLE[0])
        run('careid', 'grant', 'kin' + i, 'relative', client, '--basis', 'consent', '--document', 'binder 1', '--checked-by', 'ward',
            '--review-on', '2089-01-01')
    account('extern1', 'external', PEOPLE[2])
    run('useradd', '--create-home', 'guest')
    return {name: pwd.getpwnam(name).pw_uid for name in NAMES}


@pytest.fixture
def active(county):
    """kin2 and client2 have a process each, as after a log-in."""
    with contextlib.ExitStack() as stack:
        for name in ('kin2', 'client2'):
            process = stack.enter_context(subprocess.Popen(
                ['setpriv', f'--reuid={name}', f'--regid={pwd.getpwnam(name).pw_gid}', '--init-groups', '--', 'sh', '-c', 'echo; exec cat'],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            process.stdout.readline()
        yield county


def told(asker, *words, **more):
    done = host.as_user(asker, *words, check=False, **more)
    return done.stdout + done.stderr


def others(asker):
    return [name for name in NAMES if name != asker]


# -- the two sides of what is granted ----------------------------------------------------------------------------------------

def test_who_holds_what_is_answered_to_root(county):
    """What is to be hidden is there."""
    assert {'client-clinic-1', 'client-clinic-1-chat'} <= set(run('id', '-Gn', 'kin1').stdout.split())
    assert {'client-clinic-2', 'client-clinic-2-chat'} <= set(run('id', '-Gn', 'kin2').stdout.split())
    assert not re.search('journal', run('id', '-Gn', 'kin1').stdout + run('id', '-Gn', 'client1').stdout)


def test_a_relatives_process_holds_the_groups_of_that_client_alone(county):
    """As the kernel has them, after initgroups()."""
    held = host.as_user('kin1', 'sed', '-n', 's/^Groups://p', '/proc/self/status').stdout.split()
    names = {run('getent', 'group', gid).stdout.split(':')[0] for gid in held}
    assert 'client-clinic-1' in names and not [name for name in names if name.startswith('client-clinic-2') or name.startswith('service-')]


# -- look-ups ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize('asker', ASKERS)
def test_no_name_and_no_number_is_answered(active, asker):
    """getent, id, groups, the shell's tilde: to each of them it is as if nobody had it."""
    for name in others(asker):
        uid = str(active[name])
        for words in (['getent', 'passwd', name], ['getent', 'passwd', uid], ['getent', 'initgroups', name], ['id', name], ['id', uid],
                      ['groups', name], ['getent', '-s', 'careroles', 'passwd', name], ['getent', 'shadow', name],
                      ['python3', '-c', f'import os; print(os.getgrouplist({name!r}, 1))'], ['sh', '-c', f'echo ~{name}']):
            unknown = [word.replace(name, 'nobody-has-this').replace(uid, '2100999998') for word in words]
            if words[:2] == ['getent', 'initgroups']:           # glibc prints the name that was asked for
                assert told(asker, *words).split()[1:] == told(asker, *unknown).split()[1:], words
                continue
            assert told(asker, *words).replace(name, 'X').replace(uid, 'X') == told(asker, *unknown).replace('nobody-has-this', 'X').replace(
                '2100999998', 'X'), words


@pytest.mark.parametrize('asker', ASKERS)
def test_no_group_names_a_member(active, asker):
    """Groups of clients have names of numbers, and nobody's name in them."""
    for group in ('client-clinic-1', 'client-clinic-2', 'client-clinic-2-chat', 'service-chat', 'org-clinic'):
        assert told(asker, 'getent', 'group', group).split(':')[3:] == ['\n'], group
    listed = told(asker, 'getent', 'passwd') + told(asker, 'getent', 'group')
    assert not re.search('|'.join(NAMES) + '|client-|' + '|'.join(PEOPLE), listed)


@pytest.mark.parametrize('asker', ASKERS)
def test_no_group_of_another_can_be_taken(active, asker):
    """sg and newgrp give nobody a client's group."""
    group = 'client-clinic-2'
    for words in (['sg', group, '-c', 'id -Gn'], ['newgrp', group]):
        done = host.as_user(asker, *words, text='id -Gn\n', check=False)
        assert group not in done.stdout.split(), (words, done)


# -- files -----------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize('asker', ASKERS)
def test_no_file_of_careid_has_a_name(active, asker):
    """Everything under the places of careid that this user can open, the public snapshots among them."""
    for place in (ROLES, STATE, '/run/careroles', '/run/careid', '/etc/careid', '/var/log'):
        content = host.as_user(asker, 'sh', '-c', f'find {place} -type f -exec cat {{}} + 2>/dev/null; find {place} 2>/dev/null', check=False,
                               errors='replace').stdout
        assert not re.search('|'.join(others(asker)) + '|' + '|'.join(PEOPLE), content), place
    for path in (f'{ROLES}/private.snapshot', f'{ROLES}/private.delta', f'{STATE}/directory.db'):
        assert host.as_user(asker, 'cat', path, check=False).returncode != 0


def test_a_self_entry_of_another_is_not_to_be_read(active):
    """Whatever is in /run/careroles/self: its own account's, or root's."""
    for path in glob.glob('/run/careroles/self/*'):
        for asker in ASKERS:
            readable = host.as_user(asker, 'cat', path, check=False, errors='replace').returncode == 0
            assert readable == (str(pwd.getpwnam(asker).pw_uid) == os.path.basename(path)), (path, asker)


def test_what_is_kept_of_a_client_is_opened_by_staff_and_not_by_the_client_group(county):
    """The recipe of careid-opened(8), as the page has it: the group says whose a file is, and lets nobody in."""
    here, mine = '/srv/clients/client-clinic-1', '/srv/clients/client-clinic-1/notes'
    with open(PAGE) as f:
        recipe = re.search(r'^# chgrp client-oakclinic-17 .*?(?=^\.Ed)', f.read(), re.M | re.S)[0]
    os.makedirs(here)
    run('sh', '-euc', re.sub('^# ', '', recipe.replace('\\e', '\\').replace('oakclinic-17', 'clinic-1'), flags=re.M))
    host.as_user('nurse1', 'sh', '-c', f'umask 077; echo told > {mine}; mkdir {here}/sub; echo told > {here}/sub/more')
    assert run('stat', '-c', '%U %G', mine).stdout == 'nurse1 client-clinic-1\n'
    host.as_user('nurse1', 'sh', '-c', f'echo again >> {here}/sub/more')
    assert 'client-clinic-1' in run('id', '-Gn', 'kin1').stdout.split()
    for asker in ('kin1', 'client1', 'nurse2', 'guest'):
        for words in (f'cat {mine}', f'ls {here}', f'echo > {here}/new', f'echo >> {mine}', f'cat {here}/sub/more', f'rm -f {mine}'):
            assert host.as_user(asker, 'sh', '-c', words, check=False).returncode != 0, (asker, words)

    # Opened by another name, the group alone says whose it is.
    log, node = '/root/audit.log', os.stat(mine)
    with open(log, 'w') as f:
        f.write('type=SYSCALL msg=audit(1795258800.123:1): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=0 a2=0 a3=0 items=1 ppid=1 '
                f'pid=2 auid={pwd.getpwnam("nurse1").pw_uid} uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=5 comm="cat" '
                'exe="/usr/bin/cat" subj=unconfined key="careid-client"\ntype=CWD msg=audit(1795258800.123:1): cwd="/"\n'
                f'type=PATH msg=audit(1795258800.123:1): item=0 name="/home/nurse1/link" inode={node.st_ino} dev=fd:00 mode=0{node.st_mode:o} '
                f'ouid={node.st_uid} ogid={node.st_gid} rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0\ntype=PROCTITLE msg=audit(1795258800.123:1): proctitle=636174\n')
    rows = json.loads(run('careid', 'opened', 'clinic-1', '--log', log, '--json').stdout)['opened']
    assert [(row['who'], row['what']) for row in rows if row['source'] == 'kernel'] == [('nurse1', 'clinic-1')], rows


# -- careid itself -----------------------------------------------------------------------------------------------------------------

def commands():
    """Every command, by its own help, with arguments that would answer something."""
    words = set()
    for line in run('careid', 'help').stdout.splitlines():
        found = re.match(r' {1,4}((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)(?: |$)', line)
        if found:
            words.add(tuple(found[1].split()))
    return sorted(words)


@pytest.mark.parametrize('asker', ['kin1', 'guest'])
def test_no_command_answers(active, asker):
    """Each of them, bare and with what it would be asked for; and the old acquaintances by hand."""
    tried = [(*command, *more) for command in commands() for more in ((), ('kin2',), ('clinic-2',))]
    tried += [('list', what) for what in ('accounts', 'persons', 'groups', 'clients', 'grants', 'sessions', 'logins', 'audit', 'assignments')]
    tried += [('show', 'account', 'kin2'), ('show', 'client', 'clinic-2'), ('groups', 'kin2'), ('who', 'clinic-2'), ('why', 'kin2', 'client-clinic-2'),
              ('why-not', 'kin2', 'client-clinic-1'), ('audit', 'show'), ('snapshot', 'show'), ('snapshot', 'show', 'kin2'), ('check',)]
    assert len(commands()) > 30, commands()
    for words in tried:
        said = told(asker, 'careid', *words, text='')
        asked = set(words) & {'kin2', 'clinic-2', 'client-clinic-2', 'client-clinic-1'}
        for name in [*others(asker), *PEOPLE, 'clinic-1', 'clinic-2']:
            assert name in asked or not re.search(rf'\b{re.escape(name)}\b', said), (words, said)


# -- what the host shows --------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize('asker', ['kin1', 'guest'])
def test_the_journal_is_not_a_users_to_read(active, asker):
    """What sshd and careid write there has log-in names; so have last, who and loginctl, for everybody: docs/threat-model.md."""
    run('logger', '--priority', 'authpriv.info', 'kin2 was here')
    run('journalctl', '--sync')
    assert 'kin2 was here' in run('journalctl', '--no-pager', '--grep', 'was here').stdout
    said = told(asker, 'journalctl', '--no-pager')
    assert not re.search('|'.join(others(asker)) + '|' + '|'.join(PEOPLE), said), said


@pytest.mark.parametrize('asker', ['kin1', 'guest'])
def test_processes_have_a_number_and_no_name(active, asker):
    """ps shows whose a process is by a number that cannot be resolved, and not what root has told careid; with hidepid not even that."""
    with host.Terminal(['careid', 'archive', 'account', 'kin2']) as question:
        question.wait_text(r'Close account kin2')
        said = told(asker, 'ps', '-eo', 'user:32,group:32,args')
    assert re.search(r'\bcareid\b', said) and str(active['kin2']) in said, said
    assert not re.search('|'.join(rf'\b{name}\b' for name in [*others(asker), 'clinic-2']), said), said
    run('mount', '-o', 'remount,hidepid=invisible', '/proc')
    try:
        said = told(asker, 'sh', '-c', 'cat /proc/[0-9]*/status 2>/dev/null')
        assert str(active['kin2']) not in said and str(active['client2']) not in said
        gid = run('getent', 'group', 'client-clinic-2').stdout.split(':')[2]
        assert gid not in said
    finally:
        run('mount', '-o', 'remount,hidepid=off', '/proc')


def test_check_says_that_everybody_sees_the_groups_of_every_process(county):
    """/proc/PID/status has them; where clients or relatives work, that is worth hidepid."""
    def finding():
        return [f['state'] for f in json.loads(run('careid', 'check', '--json', check=False).stdout)['findings'] if f['what'] == 'proc']
    assert finding() == ['WARN']
    run('mount', '-o', 'remount,hidepid=invisible', '/proc')
    try:
        assert finding() == ['OK']
    finally:
        run('mount', '-o', 'remount,hidepid=off', '/proc')
