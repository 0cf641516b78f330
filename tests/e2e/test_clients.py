# SPDX-License-Identifier: LGPL-2.1-or-later
# test_clients.py - clients, their relatives, modules, contacts, leaving and death, by the commands of an administrator
"""What is granted is in root's groups at once and gone as soon as it ends; a contact detail is in no argument, list or journal."""

import json
import subprocess

import pytest
from host import Journal, run

pytestmark = pytest.mark.usefixtures('clinic')

BASIS = ('--basis', 'consent', '--document', 'binder 4', '--checked-by', 'Ward manager', '--review-on', '2099-01-01')
PHONE = '+46701740605'


def careid(*words, text=None):
    return run('careid', *words, text=text).stdout


def made(*words, text=None):
    return careid(*words, '--quiet', text=text).strip()


def refused(*words, why, text=None):
    with pytest.raises(subprocess.CalledProcessError) as failure:
        careid(*words, text=text)
    assert failure.value.returncode == 1 and why in failure.value.stderr
    return failure.value.stderr


def groups(account):
    return {g['group'] for g in json.loads(careid('groups', account, '--json'))['groups']}


@pytest.fixture(scope='module')
def family():
    """A client with an own account, a relative, a service of the module video; by id and name."""
    careid('service', 'add', 'lobbyvideo', '--title', 'Video', '--module', 'video')
    careid('role', 'add', 'kin', '--title', 'Relative', '--kind', 'relative')
    careid('role', 'grant-service', 'kin', 'lobbyvideo')
    cared_for, relative = (made('person', 'add', text=f'{name}\n{name}sdotter\n') for name in ('Tove', 'Rut'))
    careid('account', 'add', 'kin1', '--person', relative, '--organisation', 'clinic', '--kind', 'relative')
    return cared_for, relative, made('client', 'add', cared_for, '--organisation', 'clinic')


def test_a_relative_holds_the_groups_of_the_client_until_the_grant_ends(family):
    """client-ORG-N; that of a service only where the organisation has the module. Every list shows what there is."""
    cared_for, _relative, client = family
    enrolment = made('enrol', client, 'oak')
    grant = made('grant', 'kin1', 'kin', client, *BASIS)
    assert {g for g in groups('kin1') if g.startswith('client-')} == {f'client-{client}'}
    careid('module', 'on', 'video', '--organisation', 'clinic')
    assert {g for g in groups('kin1') if g.startswith('client-')} == {f'client-{client}', f'client-{client}-lobbyvideo'}
    row, = json.loads(careid('list', 'clients', client, '--json'))['clients']
    assert (row['person'], row['units'], row['granted_to'], row['state']) == (cared_for, 'oak', 'kin1', 'valid')
    assert json.loads(careid('show', 'grant', grant, '--json'))['grants'][0]['review_on'] == '2099-01-01'
    careid('confirm', grant, '--next', '2098-12-31')
    careid('module', 'off', 'video', '--organisation', 'clinic', '--yes')
    assert {g for g in groups('kin1') if g.startswith('client-')} == {f'client-{client}'}
    refused('ungrant', grant, why='--yes')
    careid('ungrant', grant, '--why', 'basis-lost', '--yes')
    assert not {g for g in groups('kin1') if g.startswith('client-')}
    careid('unenrol', enrolment, '--yes')


def test_what_is_missing_or_not_to_be_is_refused_by_name(family):
    """A2, A8, K8: each says which field, and what would be right."""
    client = family[2]
    refused('grant', 'kin1', 'kin', client, '--basis', 'consent', why='document')
    refused('grant', 'nurse1', 'kin', client, *BASIS, why='ACCOUNT')
    refused('grant', 'kin1', 'nurse', client, *BASIS, why='ROLE')
    refused('grant', 'kin1', 'kin', 'clinic-9999', *BASIS, why='CLIENT')
    refused('grant', 'kin1', 'kin', 'clinic:1', *BASIS, why='oakclinic-17')
    refused('client', 'add', family[0], '--organisation', 'clinic', why=client)


def test_how_a_person_is_reached_is_shown_to_who_asks_and_nowhere_else(family):
    """Typed or piped, never an argument; of a protected person only with a reason, which stays."""
    relative = family[1]
    journal = Journal()
    careid('contact', 'set', relative, 'phone', '--quiet', text='+46 70 174 06 05\n')
    assert PHONE not in refused('contact', 'set', relative, 'phone', text='0701740605\n', why='phone')
    assert careid('contact', 'show', relative, 'phone') == PHONE + '\n'
    assert PHONE not in careid('list', 'persons') + careid('audit', 'show') + journal.text()
    careid('person', 'protect', relative, '--alias', text='R. T.\n')
    assert PHONE not in refused('contact', 'show', relative, 'phone', why='--reason')
    assert careid('contact', 'show', relative, 'phone', '--reason', 'a fire drill') == PHONE + '\n'
    assert 'a fire drill' in careid('audit', 'show', f'person:{relative}')
    assert 'Rut' not in careid('list', 'persons') + careid('list', 'accounts')


def test_who_is_protected_is_named_by_no_answer(family):
    """Every list there is, every show, who, grants, groups and why: of somebody cared for, a relative and one of the staff, the alias alone."""
    cared_for, relative, client = family
    journal = Journal()
    staff = made('person', 'add', text='Siv\nSivsdotter\n')
    careid('account', 'add', 'siv1', '--person', staff, '--organisation', 'clinic', '--kind', 'staff')
    careid('assign', 'siv1', 'nurse', 'oak')
    careid('mandate', 'give', staff, 'read-audit', '--organisation', 'clinic')
    assignment, mandate = (json.loads(careid('list', kind, whose, '--json'))[kind][0]['id'] for kind, whose in (('assignments', 'siv1'), ('mandates', staff)))
    enrolment, grant = made('enrol', client, 'oak'), made('grant', 'kin1', 'kin', client, *BASIS)
    aliases = {cared_for: 'C. F.', relative: 'R. V.', staff: 'S. F.'}
    for person, alias in aliases.items():
        careid('person', 'protect', person, '--alias', text=alias + '\n')

    kinds = run('careid', 'list', 'xyzzy', check=False).stderr.rsplit(': ', 1)[1].strip().split(', ')
    assert {'persons', 'clients', 'grants', 'mandates', 'audit'} <= set(kinds)
    asked = [('list', kind) for kind in kinds]
    asked += [('show', *one) for one in (('person', cared_for), ('person', relative), ('person', staff), ('account', 'kin1'), ('account', 'siv1'),
                                         ('assignment', assignment), ('mandate', mandate), ('client', client), ('enrolment', enrolment), ('grant', grant))]
    asked += [('who', client), ('grants',), ('grants', client), ('groups', 'kin1'), ('why', 'kin1', f'client-{client}'), ('why-not', 'kin1'),
              ('list', 'assignments', 'oak'), ('list', 'clients', client), ('mandates', staff), ('audit', 'show'), ('evidence', 'list'), ('review', 'list')]
    seen = set()
    for words in asked:
        for form in ((), ('--json',)):
            said = careid(*words, *form)
            assert not [name for name in ('Rut', 'Tove', 'Siv') if name in said], (words, form)
            seen |= {(words[:2], alias) for alias in aliases.values() if alias in said}
    assert {(('list', kind), 'S. F.') for kind in ('persons', 'accounts', 'assignments', 'mandates')} <= seen
    assert {(('list', 'clients'), 'C. F.'), (('who', client), 'R. V.')} <= seen, seen
    assert 'sdotter' not in journal.text()

    for words in (('unassign', assignment), ('mandate', 'take', mandate), ('ungrant', grant), ('unenrol', enrolment), ('leave', staff)):
        careid(*words, '--yes')


def test_a_grant_ends_with_the_client_for_good(family):
    """Closed or dead: at once nobody is in a group of theirs, and to take that back grants nothing anew (A8)."""
    cared_for, _relative, client = family

    def held():
        return [g for g in run('id', '-Gn', 'kin1').stdout.split() if g.startswith('client-')]

    for end, back in ((('archive', 'client', client, '--yes'), ('restore', 'client', client)),
                      (('died', cared_for, '2026-01-01', '--yes'), ('died', cared_for, '--not-so'))):
        made('grant', 'kin1', 'kin', client, *BASIS)
        assert held() == [f'client-{client}']
        careid(*end)
        assert held() == [], end
        careid(*back)
        assert held() == [], back


def test_who_leaves_holds_nothing_and_who_has_died_is_granted_no_more(family):
    """Asked first; it is said what has ended."""
    cared_for, relative, client = family
    made('grant', 'kin1', 'kin', client, *BASIS)
    refused('leave', relative, why='--yes')
    assert 'accounts closed: 1' in careid('leave', relative, '--yes')
    assert run('id', 'kin1', check=False).returncode != 0
    assert json.loads(careid('list', 'grants', 'kin1', '--json'))['grants'][-1]['state'] == 'left'
    careid('died', cared_for, '2026-01-01', '--yes')
    assert json.loads(careid('list', 'clients', client, '--json'))['clients'][0]['state'] == 'died'
    refused('enrol', client, 'oak', why='died')
    careid('died', cared_for, '--not-so')
    careid('enrol', client, 'oak')
