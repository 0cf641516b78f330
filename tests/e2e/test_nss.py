# SPDX-License-Identifier: LGPL-2.1-or-later
# test_nss.py - roles and units as users and groups, for the programs of the host and for nobody who shouldn't know
"""getent, id, sg, sshd, sudo, chgrp and find, as administrators and users run them; and who is a client or a relative is
answered to root alone."""

import json
import os
import pwd
import re
import signal
import subprocess
import time

import clinic as clinics
import host
import pytest
from host import ROLES, Terminal, run
from screen import Screen

CLOCK = 0.1                     # the clock that a look-up reads goes in steps
NURSE_GROUPS = {'org-clinic', 'role-nurse', 'unit-oak', 'unit-oak-nurse'}


def person(given, family):
    return run('careid', 'person', 'add', '--quiet', text=f'{given}\n{family}\n').stdout.strip()


@pytest.fixture(scope='module', autouse=True)
def clinic(clinic):
    for kind in ('client', 'relative', 'external'):
        run('careid', 'account', 'add', f'{kind}1', '--person', person('Test', kind.title()), '--organisation', 'clinic',
            '--kind', kind)
    run('careid', 'role', 'add', 'auditor', '--kind', 'external', '--title', 'Auditor')
    run('careid', 'service', 'add', 'booking', '--title', 'Booking', '--external')
    run('careid', 'role', 'grant-service', 'auditor', 'booking')
    run('careid', 'assign', 'external1', 'auditor', 'oak')
    yield clinic


def groups_of(output):
    return set(re.findall(r'\d+\(([^)]+)\)', output.split('groups=')[1]))


# -- what everybody may ask ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize('asker', ['root', 'nurse2', 'daemon'])
def test_staff_and_groups_are_found_by_name_and_by_number(asker):
    """passwd and group entries, both ways, without a comment and without members."""
    entry = host.as_user(asker, 'getent', 'passwd', 'nurse1').stdout
    name, _, uid, gid, gecos, home, shell = entry.strip().split(':')
    assert (name, gecos, home, shell) == ('nurse1', '', '/home/nurse1', '/bin/bash')
    assert 2001000000 <= int(uid) <= 2100999999
    assert host.as_user(asker, 'getent', 'passwd', uid).stdout == entry
    assert host.as_user(asker, 'getent', 'group', gid).stdout.startswith('org-clinic:')
    for group in NURSE_GROUPS:
        line = host.as_user(asker, 'getent', 'group', group).stdout
        assert re.fullmatch(rf'{group}:\*?x?:\d+:\n', line), line
        assert host.as_user(asker, 'getent', 'group', line.split(':')[2]).stdout == line


@pytest.mark.parametrize('asker', ['root', 'nurse1', 'nurse2', 'daemon'])
def test_the_groups_of_an_account_are_role_unit_and_role_at_unit(asker):
    """id and getent initgroups agree, whoever asks; a nurse of another ward has that ward's."""
    assert groups_of(host.as_user(asker, 'id', 'nurse1').stdout) == NURSE_GROUPS
    gids = {run('getent', 'group', g).stdout.split(':')[2] for g in NURSE_GROUPS}
    assert gids - set(host.as_user(asker, 'getent', 'initgroups', 'nurse1').stdout.split()[1:]) <= {
        run('getent', 'group', 'org-clinic').stdout.split(':')[2]}
    assert groups_of(host.as_user(asker, 'id', 'nurse2').stdout) == {'org-clinic', 'role-nurse', 'unit-elm', 'unit-elm-nurse'}


def test_nobody_can_list_who_works_where():
    """getent without a key gives the host's own entries alone."""
    for database in ('passwd', 'group'):
        assert not re.search(r'nurse|unit-|role-|org-', run('getent', database).stdout)


def test_names_that_do_not_exist_and_names_of_the_host_are_as_before():
    """An unknown name is not found; root, system users and their groups are the files' own."""
    for words in (('passwd', 'nobody-has-this'), ('group', 'unit-nowhere'), ('passwd', '2001999999'), ('group', '2100999999')):
        assert run('getent', *words, check=False).returncode == 2
    assert run('getent', 'passwd', 'root').stdout == run('getent', '-s', 'files', 'passwd', 'root').stdout
    for name in ('root', '0', '1000', 'daemon', '65534'):
        assert run('getent', '-s', 'careroles', 'passwd', name, check=False).stdout == ''
        assert run('getent', '-s', 'careroles', 'group', name, check=False).stdout == ''


# -- what only root may know --------------------------------------------------------------------------------------------

@pytest.mark.parametrize('kind', ['client', 'relative', 'external'])
def test_only_root_can_resolve_clients_relatives_and_externals(kind):
    """X10: to every other user such a name, and its number, looks exactly like one that nobody has."""
    name = f'{kind}1'
    entry = run('getent', 'passwd', name).stdout
    assert entry.startswith(name + ':')
    uid = entry.split(':')[2]
    for asker in ('nurse1', 'daemon', 'nobody', '_careid'):
        for key in (name, uid):
            told = host.as_user(asker, 'getent', 'passwd', key, check=False)
            if asker == '_careid':                  # owns the snapshot
                continue
            assert (told.returncode, told.stdout, told.stderr) == (2, '', ''), (asker, told)
        told, unknown = (host.as_user(asker, 'id', n, check=False) for n in (name, 'nobody-has-this'))
        if asker != '_careid':
            assert told.stderr.replace(name, 'X') == unknown.stderr.replace('nobody-has-this', 'X') and told.stdout == ''


def test_private_memberships_are_roots_to_read():
    """An external's groups, and what services there are, are answered to root alone."""
    assert 'unit-oak-auditor' in groups_of(run('id', 'external1').stdout)
    assert 'service-booking' in groups_of(run('id', 'external1').stdout)
    assert host.as_user('nurse1', 'id', 'external1', check=False).returncode != 0


@pytest.mark.parametrize('name', ['private.snapshot', 'private.delta'])
def test_an_ordinary_user_can_read_the_public_snapshot_and_not_the_private_one(name):
    """Modes, and no bytes of private names in the public files."""
    for asker in ('nurse1', 'daemon'):
        assert host.as_user(asker, 'cat', f'{ROLES}/{name}', check=False).returncode != 0
    for public in ('public.snapshot', 'public.delta'):
        with open(f'{ROLES}/{public}', 'rb') as f:
            content = f.read()
        assert not re.search(rb'client1|relative1|external1|Test', content)


def test_files_of_a_private_account_show_a_number_to_others():
    """ls says whose a file is only to those who may know."""
    path = '/srv/of-a-relative'
    with open(path, 'w'):
        pass
    uid = pwd.getpwnam('relative1').pw_uid
    os.chown(path, uid, -1)
    assert run('stat', '-c', '%U', path).stdout == 'relative1\n'
    assert host.as_user('nurse1', 'stat', '-c', '%U', path).stdout == 'UNKNOWN\n'
    assert f' {uid} ' in host.as_user('nurse1', 'ls', '-l', path).stdout


def test_an_external_sees_themselves_and_nobody_else(clinic):
    """X10: after a log-in their own processes find their own entry, through a file for that uid alone; also after a new base."""
    uid = pwd.getpwnam('external1').pw_uid
    own = f'/run/careroles/self/{uid}'
    ask = (f'id; getent passwd {uid}; getent passwd client1 relative1; id client1; '
           f'for f in {ROLES}/private.snapshot {ROLES}/private.delta; do cat $f; done; ls /run/careroles/self')
    with clinics.sshd_config(clinics.Keys.SSHD):
        keys = clinics.Keys('external1')
        told = run(*clinics.ssh('external1', ask, *keys.options()), check=False)
    assert told.stdout.startswith(f'uid={uid}(external1)'), told
    assert re.search(rf'^external1:[x*]:{uid}:', told.stdout, re.M) and str(uid) in told.stdout.splitlines()[-1]
    assert 'unit-oak-auditor' in groups_of(told.stdout.splitlines()[0]) and not re.search(r'client1:|relative1:', told.stdout)
    assert told.stderr.count('Permission denied') == 2 and 'no such user' in told.stderr

    for asker in ('nurse1', 'client1', 'relative1'):            # of the same organisation: the same primary group
        assert 'Permission denied' in host.as_user(asker, 'cat', own, check=False).stderr
    assert oct(os.stat(own).st_mode)[-4:] == '0640' and os.stat(own).st_uid == 0

    assert run('systemctl', 'is-active', 'careid-self.path').stdout == 'active\n'
    gid = str(pwd.getpwnam('external1').pw_gid)
    with subprocess.Popen(['setpriv', f'--reuid={uid}', f'--regid={gid}', '--clear-groups', 'sh', '-c', 'echo; exec cat'],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        os.utime(own, (0, 0))                                    # the session began long ago, and has a process
        run('systemctl', 'stop', 'careid-self.path', 'careid-self.service')
        run('careid', 'snapshot', 'rebuild')
        assert host.as_user('external1', 'getent', 'passwd', 'external1').stdout.startswith('external1:')        # before it is renewed
        run('systemctl', 'start', 'careid-self.path')
        run('systemctl', 'start', 'careid-self.service')         # as the path does

        def generation(path):
            with open(path, 'rb') as f:
                return f.read(32)[24:]
        host.eventually(lambda: generation(own) == generation(f'{ROLES}/public.snapshot'), 30, 'the renewal')
        assert host.as_user('external1', 'getent', 'passwd', 'external1').stdout.startswith('external1:')
        assert os.stat(own).st_mtime == 0
        process.stdin.close()
    run('careid', 'archive', 'account', 'external1', '--yes')
    host.eventually(lambda: not os.path.exists(own), 30, 'the removal of the entry')
    run('careid', 'restore', 'account', 'external1')


def test_the_entry_of_an_external_goes_when_their_last_session_has_ended(clinic):
    """However it ends: sshd is killed and closes no session, logind sees that it has gone."""
    own = f'/run/careroles/self/{pwd.getpwnam("external1").pw_uid}'
    with clinics.sshd_config(clinics.Keys.SSHD):
        keys = clinics.Keys('external1')
        with subprocess.Popen(clinics.ssh('external1', 'echo $PPID; exec cat', *keys.options()), stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as ssh:
            served_by = int(ssh.stdout.readline())
            assert os.path.exists(own)
            monitor = int(run('ps', '-o', 'ppid=', '-p', str(served_by)).stdout)
            assert pwd.getpwuid(os.stat(f'/proc/{monitor}').st_uid).pw_name == 'root'
            os.kill(monitor, signal.SIGKILL)
            ssh.stdin.close()
            ssh.wait(60)
    host.eventually(lambda: not os.path.exists(own), 60, 'the removal of the entry')


# -- programs that decide by groups -------------------------------------------------------------------------------------

def test_a_folder_is_guarded_with_the_group_of_a_role_at_a_unit():
    """chgrp by name, setgid folder: the oak ward's nurse writes there, the elm ward's does not see it."""
    folder = '/srv/oak'
    os.mkdir(folder)
    run('chgrp', 'unit-oak-nurse', folder)
    os.chmod(folder, 0o2770)
    host.as_user('nurse1', 'sh', '-c', f'umask 007; echo hello > {folder}/note')
    assert run('stat', '-c', '%U %G', folder + '/note').stdout == 'nurse1 unit-oak-nurse\n'
    assert host.as_user('nurse2', 'cat', folder + '/note', check=False).returncode != 0
    assert run('find', folder, '-group', 'unit-oak-nurse', '-name', 'note').stdout


def test_sudo_knows_the_group_of_a_rule():
    """%unit-oak-nurse in sudoers: the one nurse may, the other may not."""
    assert '/usr/bin/id' in run('sudo', '-l', '-U', 'nurse1').stdout
    assert 'not allowed to run sudo' in run('sudo', '-l', '-U', 'nurse2', check=False).stdout


def test_sg_and_newgrp_change_to_a_group_that_is_held():
    """The group of new files for a while; nobody who isn't in the group gets it."""
    told = host.as_user('nurse1', 'sg', 'unit-oak-nurse', '-c', 'id -gn', check=False)
    assert told.stdout.strip() == 'unit-oak-nurse', told
    refused = host.as_user('nurse2', 'sg', 'unit-oak-nurse', '-c', 'id -gn', check=False)
    assert 'unit-oak-nurse' not in refused.stdout


def test_sshd_lets_in_by_group(clinic):
    """AllowGroups unit-oak-nurse: the oak ward's nurse comes in, the elm ward's is refused whatever the phone says."""
    path = '/etc/ssh/sshd_config.d/groups.conf'
    with open(path, 'w') as f:
        f.write('AllowGroups unit-oak-nurse\n')
    run('systemctl', 'restart', 'ssh')
    try:
        with Screen(clinics.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
            clinics.ssh_begin(screen)
            shown = clinic.scan(screen)
            clinic.phone.approve('nurse-one', order=shown['order'])
            assert clinics.ssh_approved(screen) == 0
            assert groups_of(clinics.plain(screen)) == NURSE_GROUPS
        with Terminal(clinics.ssh('nurse2', 'id')) as terminal:
            terminal.wait_text(r'then press Enter', 20)

            def ended():
                # What is typed before ssh reads is thrown away by it.
                if terminal.is_running:
                    terminal.type('q\n')
                return not terminal.is_running
            host.eventually(ended, 30, 'the refusal')
            assert terminal.wait_exit(5) != 0
            assert 'uid=' not in terminal.text
    finally:
        os.unlink(path)
        run('systemctl', 'restart', 'ssh')


# -- the host's own groups ------------------------------------------------------------------------------------------------

def numbers_of(account):
    return set(run('id', '-G', account).stdout.split())


def local_group_finding():
    told = run('careid', 'check', '--json', check=False).stdout
    return {row['what']: row for row in json.loads(told)['findings']}['ids-group']


def test_a_local_group_of_careids_name_that_appears_later_is_given_to_nobody_by_careid(clinic):
    """groupadd refuses it; who writes the file by hand has two groups: careid's members have careid's number, and no other."""
    ours = run('getent', 'group', 'unit-oak-nurse').stdout.split(':')[2]
    assert run('groupadd', 'unit-oak-nurse', check=False).returncode == 9
    assert run('groupadd', '-g', ours, 'larch-local', check=False).returncode == 4
    secret = '/srv/local-group'
    with host.kept('/etc/group'):
        with open('/etc/group', 'a') as f:
            f.write('unit-oak-nurse:x:3999:daemon\n')
        assert run('getent', 'group', 'unit-oak-nurse').stdout == 'unit-oak-nurse:x:3999:daemon\n'
        assert run('getent', 'group', ours).stdout.split(':')[0] == 'unit-oak-nurse', 'files with careid\'s number keep its name'
        assert ours in numbers_of('nurse1') and '3999' not in numbers_of('nurse1')
        assert '3999' in numbers_of('daemon') and ours not in numbers_of('daemon')
        with open(secret, 'w') as f:
            f.write('local')
        os.chown(secret, 0, 3999)
        os.chmod(secret, 0o040)
        assert host.as_user('daemon', 'cat', secret).stdout == 'local'
        assert host.as_user('nurse1', 'cat', secret, check=False).returncode != 0
        assert '3999' not in host.as_user('nurse1', 'sg', 'unit-oak-nurse', '-c', 'id -G', check=False).stdout
        with Screen(clinics.ssh('nurse1', 'id -G; cat /srv/local-group'), columns=80, rows=40) as screen:
            clinics.ssh_begin(screen)
            shown = clinic.scan(screen)
            clinic.phone.approve('nurse-one', order=shown['order'])
            assert clinics.ssh_approved(screen) != 0, 'the local group\'s file is not to be read'
            held = re.findall(r'\b2001\d{6}(?: \d+)+', clinics.plain(screen))
            assert ours in held[-1].split() and '3999' not in held[-1].split(), held
        assert 'unit-oak-nurse' in run('careid', 'groups', 'nurse1').stdout
        assert local_group_finding()['state'] == 'WRONG' and 'unit-oak-nurse' in local_group_finding()['finding']
    os.unlink(secret)
    assert local_group_finding()['state'] == 'OK'


def test_a_local_group_of_careids_number_has_the_members_of_its_line_and_check_says_so():
    """What root writes into /etc/group counts before careid; careid's own name stays careid's, and gives nothing more."""
    ours = run('getent', 'group', 'unit-oak-nurse').stdout.split(':')[2]
    before = numbers_of('nurse1')
    with host.kept('/etc/group'):
        with open('/etc/group', 'a') as f:
            f.write(f'larch-local:x:{ours}:daemon\n')
        assert run('getent', 'group', ours).stdout == f'larch-local:x:{ours}:daemon\n'
        assert run('getent', 'group', 'unit-oak-nurse').stdout.startswith(f'unit-oak-nurse:*:{ours}:')
        assert numbers_of('nurse1') == before and ours not in numbers_of('nurse2')
        found = local_group_finding()
        assert found['state'] == 'WRONG' and 'larch-local' in found['finding']
    assert local_group_finding()['state'] == 'OK'


# -- time ---------------------------------------------------------------------------------------------------------------

def test_an_assignment_that_has_ended_or_not_begun_gives_no_group():
    """At the next look-up, and back with a new one."""
    run('careid', 'assign', 'nurse2', 'nurse', 'oak', '--from', '2090-01-01')
    assert 'unit-oak' not in groups_of(run('id', 'nurse2').stdout)
    made = run('careid', 'assign', 'nurse2', 'nurse', 'oak', '--until', '2089-12-31').stdout.split()[-1]
    assert 'unit-oak-nurse' in groups_of(run('id', 'nurse2').stdout)
    run('careid', 'unassign', made, '--yes')
    assert 'unit-oak' not in groups_of(run('id', 'nurse2').stdout)


def test_a_membership_begins_and_ends_by_itself():
    """X2: nobody writes anything at those moments, and each look-up, a process of its own, goes by the clock."""
    def files():
        return {name: (os.stat(f'{ROLES}/{name}').st_ino, os.stat(f'{ROLES}/{name}').st_mtime_ns) for name in sorted(os.listdir(ROLES))}

    def has_group():
        return 'unit-oak' in run('id', '-Gn', 'nurse2').stdout.split()

    assert not os.path.exists('/run/nscd/socket')
    for seconds in (3, 10, 30, 55):                             # a slow host misses what is too short
        begin = int(time.time()) + seconds
        end = begin + seconds
        # In seconds, which no command takes: a day, or a turn, would keep the test waiting.
        host.as_user('_careid', 'sqlite3', '-cmd', '.timeout 20000', host.DIRECTORY,
            'INSERT INTO assignment (account, role, unit, valid_from, valid_until, created)'
            f" SELECT a.id, r.id, u.id, {begin}, {end}, {begin} FROM account a, role r, unit u"
            " WHERE a.name = 'nurse2' AND r.name = 'nurse' AND u.name = 'oak'")
        run('careid', 'snapshot', 'update')
        written, seen = files(), {'before': [], 'between': [], 'after': []}
        while (asked := time.time()) < end + 1:
            has, told = has_group(), time.time()
            for when, since, until in (('before', 0, begin), ('between', begin, end), ('after', end, end + 60)):
                if since + CLOCK <= asked and told < until - CLOCK:
                    seen[when].append(has)
            time.sleep(0.05)
        assert not any(seen['before']) and all(seen['between']) and not any(seen['after']), (begin, end, seen)
        if all(seen.values()) and files() == written:
            break
    else:
        raise AssertionError(f'the host was too slow: {seen}')


def test_an_archived_account_keeps_its_name_to_nobody_elses_use_and_has_no_groups():
    """Its files still say whose they were; it holds nothing."""
    run('careid', 'archive', 'account', 'nurse2', '--yes')
    told = run('id', 'nurse2', check=False)
    assert told.returncode != 0 or not groups_of(told.stdout) & {'role-nurse', 'unit-elm', 'unit-elm-nurse'}
    run('careid', 'restore', 'account', 'nurse2')
    assert 'unit-elm-nurse' in groups_of(run('id', 'nurse2').stdout)
