# SPDX-License-Identifier: LGPL-2.1-or-later
# test_members.py - who holds which group, when and why: turns, deputies, temps, several log-ins of one person
"""id(1) is the judge; careid groups, why, why-not and who say the same in words."""

import grp
import json
import os
import pwd
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import host
import pytest
from host import run

pytestmark = pytest.mark.usefixtures('clinic')

CONF_D = '/etc/careid/careid.conf.d/'
BASIS = ('--basis', 'consent', '--document', 'binder 4', '--checked-by', 'Ward manager', '--review-on', '2099-01-01')


def careid(*words, text=None, status=0):
    told = run('careid', *words, text=text, check=False)
    assert status is None or told.returncode == status, told
    return told.stdout


def table(*words, status=0):
    (rows,) = json.loads(careid(*words, '--json', status=status)).values()
    return rows


def made(*words):
    return re.fullmatch(r'assignment (\d+)\n', careid(*words)).group(1)


def ids(account):
    return set(run('id', '-Gn', account).stdout.split())


def hours(after, until):
    """So many hours from now, by a clock on the wall of the clinic."""
    now = datetime.now(ZoneInfo('Europe/Stockholm'))
    return '-'.join((now + timedelta(hours=step)).strftime('%H:%M') for step in (after, until))


@pytest.fixture(scope='module')
def house():
    """A unit of its own, a role, two people who work there and one who does two things."""
    careid('unit', 'add', 'fir', '--organisation', 'clinic', '--title', 'Fir ward')
    careid('role', 'add', 'carer', '--kind', 'staff', '--title', 'Carer')
    for given, accounts in (('Mia', ('mia',)), ('Nils', ('nils',)), ('Olga', ('olga.day', 'olga.night'))):
        person = careid('person', 'add', '--quiet', text=f'{given}\nTest\n').strip()
        for account in accounts:
            careid('account', 'add', account, '--person', person, '--organisation', 'clinic', '--kind', 'staff')


def test_turns_are_held_at_their_hours_and_at_no_others(house):
    """Three hours away from either end, so that a slow host is still in the same one."""
    now = made('assign', 'mia', 'carer', 'fir', '--weekdays', 'mon-sun', '--hours', hours(-3, 3))
    made('assign', 'nils', 'carer', 'fir', '--weekdays', 'mon-sun', '--hours', hours(6, 9))
    assert 'unit-fir-carer' in ids('mia') and 'unit-fir-carer' not in ids('nils')
    row, = table('list', 'assignments', now)
    assert row['weekdays'] == 'mon-sun' and re.fullmatch(r'\d\d:\d\d-\d\d:\d\d', row['hours'])
    reason, = table('why', 'mia', 'unit-fir-carer')
    assert reason['reason'] == 'assignment' and reason['object'] == now and reason['until'] > reason['from']
    reason, = table('why-not', 'nils', 'unit-fir-carer')
    assert reason['reason'] == 'not-this-hour' and reason['from']
    held = {row['group']: row for row in table('groups', 'mia')}
    assert held['unit-fir-carer']['reason'] == 'assignment' and held['unit-fir-carer']['until']
    assert held['org-clinic']['reason'] == 'organisation' and {row['reason'] for row in held.values()} <= {'assignment', 'organisation'}
    careid('daily', '--quiet')
    assert 'unit-fir-carer' in ids('mia')
    careid('unassign', now, '--yes')
    assert 'unit-fir-carer' not in ids('mia')
    assert table('why-not', 'mia', 'unit-fir-carer')[0]['reason'] == 'ended'


def test_a_deputy_holds_an_assignment_as_long_as_it_is_held(house):
    own = made('assign', 'olga.day', 'carer', 'fir')
    deputy = made('deputy', own, 'mia', '--until', '2099-12-31')
    assert 'unit-fir-carer' in ids('mia')
    reason = table('why', 'mia', 'unit-fir-carer')[0]
    assert (reason['reason'], reason['object'], reason['held_for']) == ('deputy', deputy, 'olga.day')
    careid('deputy', deputy, 'nils', '--until', '2099-12-31', status=1)
    careid('deputy', own, 'olga.night', '--until', '2099-12-31', status=1)
    careid('unassign', own, '--yes')
    assert 'unit-fir-carer' not in ids('mia')


def test_several_functions_of_one_person_have_a_uid_each(house):
    made('assign', 'olga.night', 'nurse', 'fir')
    made('assign', 'olga.day', 'carer', 'fir')
    assert run('id', '-u', 'olga.day').stdout != run('id', '-u', 'olga.night').stdout
    assert 'unit-fir-nurse' in ids('olga.night') and 'unit-fir-carer' not in ids('olga.night')
    assert 'unit-fir-carer' in ids('olga.day') and 'unit-fir-nurse' not in ids('olga.day')


def test_a_temp_for_tonight_is_one_command_and_all_of_it_or_nothing(house):
    persons = len(table('list', 'persons'))
    careid('template', 'add', 'fir-now', '--title', 'Now at Fir', '--role', 'carer', '--unit', 'fir', '--hours', hours(-3, 3))
    careid('temp', 'add', 'fir-now', 'temp1', '--new', '--country', 'SE', text='Tove\nTemp\n123\n', status=1)
    careid('temp', 'add', 'fir-now', 'mia', '--new', text='Tove\nTemp\n', status=1)
    assert len(table('list', 'persons')) == persons, 'of a refused one nothing is left'
    careid('temp', 'add', 'fir-now', 'temp1', '--new', '--country', 'SE', text='Tove\nTemp\n191401682396\n')
    row, = table('list', 'accounts', 'temp1')
    assert row['kind'] == 'staff' and row['assigned'] == 'yes' and 'unit-fir-carer' in ids('temp1')
    row, = table('list', 'assignments', 'temp1')
    assert row['until']
    made('temp', 'add', 'fir-now', 'nils')
    assert 'unit-fir-carer' in ids('nils')
    careid('archive', 'template', 'fir-now', '--yes')
    careid('temp', 'add', 'fir-now', 'mia', status=1)


def test_who_could_reach_a_client_is_staff_of_the_unit_and_relatives(house):
    careid('role', 'add', 'sibling', '--kind', 'relative', '--title', 'Sibling')
    ida, per = (careid('person', 'add', '--quiet', text=f'{name}\nTest\n').strip() for name in ('Ida', 'Per'))
    careid('account', 'add', 'per', '--person', per, '--organisation', 'clinic', '--kind', 'relative')
    client = careid('client', 'add', ida, '--organisation', 'clinic', '--quiet').strip()
    assert table('who', client) == []
    grant = careid('grant', 'per', 'sibling', client, *BASIS, '--quiet').strip()
    assert [(row['account'], row['reason'], row['object']) for row in table('who', client)] == [('per', 'grant', grant)]
    assert f'client-{client}' in ids('per')
    careid('enrol', client, 'fir')
    reach = {row['account']: row for row in table('who', client)}
    assert {'per', 'olga.day', 'olga.night'} <= set(reach) and reach['olga.day']['unit'] == 'fir' and 'mia' not in reach
    careid('ungrant', grant, '--why', 'client', '--yes')
    assert f'client-{client}' not in ids('per') and 'per' not in {row['account'] for row in table('who', client)}





def listed(group, asker='root'):
    told = host.as_user(asker, 'getent', 'group', group).stdout
    return set(told.rstrip('\n').split(':')[3].split(',')) - {''}


@pytest.fixture(scope='module')
def lists(house):
    """[groups] list-members, for the cases that follow."""
    with open(CONF_D + 'lists.conf', 'w') as f:
        f.write('[groups]\nlist-members = yes\n')
    before = listed('role-nurse')
    careid('apply')
    yield before
    os.unlink(CONF_D + 'lists.conf')
    careid('apply')
    assert listed('role-nurse') == set()


def test_members_are_listed_only_where_the_configuration_says_so(lists):
    """Everybody sees the same staff; a change is there at the next look-up, an end at its second."""
    assert lists == set() and 'nurse1' in listed('role-nurse') & listed('unit-oak-nurse', 'daemon')
    own = made('assign', 'nils', 'nurse', 'elm', '--from', '2099-01-01')
    assert 'nils' not in listed('unit-elm-nurse') and 'nurse2' in listed('unit-elm-nurse')
    careid('unassign', own, '--yes')
    own = made('assign', 'nils', 'nurse', 'elm')
    assert {'nils', 'nurse2'} <= listed('unit-elm-nurse', 'daemon') and listed('unit-elm-nurse') == listed('unit-elm-nurse', 'daemon')
    assert all(group in ids(member) for group in ('unit-elm-nurse', 'role-nurse', 'unit-oak') for member in listed(group))
    old = host.run('setpriv', '--reuid=nils', '--regid=org-clinic', '--clear-groups', 'sg', 'unit-elm-nurse', '-c', 'id -gn')
    assert old.stdout == 'unit-elm-nurse\n', 'a shell that is older than the group gets it, too'
    careid('unassign', own, '--yes')
    assert 'nils' not in listed('unit-elm-nurse')
    careid('snapshot', 'verify')
    careid('snapshot', 'rebuild')
    assert 'nils' not in listed('unit-elm-nurse') and 'nurse2' in listed('unit-elm-nurse')


def test_no_list_that_everybody_sees_names_a_relative_or_a_client(lists):
    """Each group of the host, as somebody of the staff and as nobody in particular sees it (X10)."""
    ida, per = (careid('person', 'add', '--quiet', text=f'{name}\nTest\n').strip() for name in ('Irma', 'Paul'))
    careid('account', 'add', 'paul', '--person', per, '--organisation', 'clinic', '--kind', 'relative')
    careid('role', 'add', 'cousin', '--kind', 'relative', '--title', 'Cousin')
    client = careid('client', 'add', ida, '--organisation', 'clinic', '--quiet').strip()
    grant = careid('grant', 'paul', 'cousin', client, *BASIS, '--quiet').strip()
    assert listed(f'client-{client}') == {'paul'}
    private = {row['name'] for row in table('list', 'accounts') if row['kind'] != 'staff'}
    groups = [row['name'] for row in table('list', 'groups')]
    assert 'paul' in private and f'client-{client}' in groups
    for asker in ('daemon', 'nurse1'):
        told = [line.split(':') for line in host.as_user(asker, 'getent', 'group', *groups, check=False).stdout.splitlines()]
        assert len(told) >= len(groups) - 2, 'they are there, but for archived ones'
        assert not private & {member for row in told for member in row[3].split(',')}
    careid('ungrant', grant, '--why', 'client', '--yes')
    assert listed(f'client-{client}') == set()


def held(account):
    """As this process sees it, which has had the plugin since its first look-up; names where there are any."""
    gids = os.getgrouplist(account, pwd.getpwnam(account).pw_gid)
    return {named(gid) or gid for gid in gids}


def named(group):
    try:
        return grp.getgrgid(group).gr_name if isinstance(group, int) else grp.getgrnam(group).gr_gid
    except KeyError:
        return None


def test_kinds_of_groups_that_are_off_are_gone_from_a_running_host_and_come_back_as_they_were(house):
    """What runs sees it at its next look-up after apply: [groups] roles, units, services. check says what waits for apply."""
    def off(*kinds):
        with open(path, 'w') as f:
            f.write('[groups]\n' + ''.join(f'{kind} = no\n' for kind in kinds))

    def waits():
        return {row['what']: row['state'] for row in table('check', status=None)}['config-applied']

    path = CONF_D + 'kinds.conf'
    careid('service', 'add', 'fir-plan', '--title', 'Plan')
    careid('role', 'grant-service', 'carer', 'fir-plan')
    person = careid('person', 'add', '--quiet', text='Otis\nTest\n').strip()
    careid('account', 'add', 'otis', '--person', person, '--organisation', 'clinic', '--kind', 'staff')
    own = made('assign', 'otis', 'carer', 'fir')
    of = {'roles': 'role-carer', 'units': 'unit-fir', 'services': 'service-fir-plan'}
    always = {'org-clinic', 'unit-fir-carer'}
    numbers = {group: named(group) for group in of.values()}
    assert held('otis') == always | set(of.values()) and None not in numbers.values()
    try:
        for kinds in (('roles',), ('units',), ('services',), ('roles', 'units', 'services')):
            before = held('otis')
            off(*kinds)
            careid('apply', '--dry-run')
            assert waits() == 'WARN' and held('otis') == before, 'nothing counts before apply'
            careid('apply')
            gone = {of[kind] for kind in kinds}
            assert held('otis') == always | (set(of.values()) - gone) == ids('otis'), kinds
            assert {group for group, number in numbers.items() if named(group) is None and named(number) is None} == gone, kinds
            assert all(row['reason'] == 'kind-off' for group in gone for row in table('why-not', 'otis', group)), kinds
            careid('snapshot', 'verify')
    finally:
        os.unlink(path)
        careid('apply')
    assert held('otis') == always | set(of.values()) and {group: named(group) for group in of.values()} == numbers
    careid('unassign', own, '--yes')


def nosuid():
    told = host.run('careid', 'check', '--json', check=False).stdout
    return {row['what']: row for row in json.loads(told)['findings']}['nosuid']


def test_groups_for_a_time_are_refused_where_they_could_be_kept(house):
    """Unless the configuration accepts it: by apply, as a whole, and nobody loses what they have."""
    own = made('assign', 'mia', 'carer', 'fir', '--until', '2099-12-31')
    assert nosuid()['state'] == 'WARN' and '/home' in nosuid()['finding']
    path = CONF_D + 'suid.conf'
    try:
        with open(path, 'w') as f:
            f.write('[groups]\ntimed-without-nosuid = no\n[general]\nsupport = nobody\n')
        for words in (('apply', '--dry-run'), ('apply',)):
            refused = run('careid', *words, check=False)
            assert refused.returncode == 1 and 'timed-without-nosuid' in refused.stderr and '/tmp' in refused.stderr, refused
        assert 'unit-fir-carer' in ids('mia')
        assert nosuid()['state'] == 'WARN', 'what is in force stays in force'
    finally:
        os.unlink(path)
    careid('apply')
    careid('unassign', own, '--yes')


def test_an_answer_of_no_is_in_the_exit_status_too():
    careid('why', 'nurse1', 'unit-nowhere', status=1)
    careid('why-not', 'nurse1', 'unit-nowhere')
    careid('why', 'nobody1', 'unit-oak', status=1)
    assert 'no-such-group' in careid('why-not', 'nurse1', 'sudo', '--json')


def test_a_group_of_the_hosts_own_with_a_name_or_number_of_careids_is_a_finding(house):
    """At creation it is refused; what appears later, check says."""
    def finding():
        told = run('careid', 'check', '--json', check=False).stdout
        return {row['what']: row['state'] for row in json.loads(told)['findings']}['ids-group']

    run('groupadd', '-g', '3999', 'unit-larch')
    careid('unit', 'add', 'larch', '--organisation', 'clinic', '--title', 'Larch', status=1)
    run('groupdel', 'unit-larch')
    assert finding() == 'OK'
    with open('/etc/group', 'a+', encoding='ascii') as group:
        end = group.tell()
        for line in ('unit-fir:x:3999:mia\n', 'other:x:2001000777:\n'):
            group.write(line)
            group.flush()
            assert finding() == 'WRONG'
            group.truncate(end)
    assert finding() == 'OK'
