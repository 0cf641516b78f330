# SPDX-License-Identifier: LGPL-2.1-or-later
# test_cli.py - the careid command as an administrator types it: each act, each refusal, and what programs read
"""Exit status 0 done, 1 refused, 2 written wrong, 3 out of order; a refusal is one line that begins with careid: and says what
to do."""

import json
import os
import re
import subprocess

import clinic as c
import host
import pytest
from host import run

DONE, REFUSED, USAGE = 0, 1, 2

pytestmark = pytest.mark.usefixtures('clinic')


@pytest.fixture(scope='module')
def clinic(clinic):
    """Another organisation comes here: whom people identify to is said then, or careid check finds it wrong."""
    with c.configuration('[general]\n', '[general]\norganisation = Example Clinic\n'):
        yield clinic


def careid(*words, text=None):
    return run('careid', *words, text=text, check=False)


def table(*words):
    """What --json prints, which is one object with one list."""
    told = careid(*words, '--json')
    assert told.returncode == 0, told
    (rows,) = json.loads(told.stdout).values()
    assert isinstance(rows, list)
    return rows


def refused(told, status, says):
    assert told.returncode == status, told
    assert told.stdout == '' and told.stderr.startswith('careid: ') and told.stderr.count('\n') == 1, told
    assert re.search(says, told.stderr), told.stderr


def new_person(given='Test', family='Person'):
    return careid('person', 'add', '--quiet', text=f'{given}\n{family}\n').stdout.strip()


def test_an_organisation_is_built_from_nothing_to_a_person_with_groups():
    """Every command that adds, in the order in which an administrator needs them; each is in the lists and the trail."""
    before = len(table('audit', 'show'))
    for words in (('organisation', 'add', 'second', '--title', 'Second Clinic', '--country', 'DK'),
                  ('unit', 'add', 'ash', '--organisation', 'second', '--title', 'Ash ward'),
                  ('role', 'add', 'doctor', '--kind', 'staff', '--title', 'Doctor', '--daily-planning'),
                  ('service', 'add', 'lab-results', '--title', 'Results', '--opens', 'record', '--number', '17'),
                  ('role', 'grant-service', 'doctor', 'lab-results')):
        assert careid(*words).returncode == DONE, words
    person = re.fullmatch(r'person (\d+)\n', careid('person', 'add', '--language', 'da', text='Test\nDoctor\n').stdout).group(1)
    assert careid('person', 'number', person, '--country', 'SE', text='199908072391\n').returncode == DONE
    assert re.fullmatch(r'uid \d+\n', careid('account', 'add', 'doctor1', '--person', person, '--organisation', 'second',
                                             '--kind', 'staff', '--home', '/srv/doctor1', '--shell', '/bin/sh').stdout)
    made = careid('assign', 'doctor1', 'doctor', 'ash', '--until', '2090-12-31').stdout
    assert re.fullmatch(r'assignment \d+\n', made)
    assert {g['group'] for g in table('groups', 'doctor1')} >= {'unit-ash-doctor', 'role-doctor', 'unit-ash'}
    assert run('getent', 'passwd', 'doctor1').stdout.endswith(':/srv/doctor1:/bin/sh\n')
    assert len(table('audit', 'show')) == before + 9
    assert careid('audit', 'verify').returncode == DONE
    assert careid('unassign', made.split()[1], '--yes').returncode == DONE
    assert 'unit-ash-doctor' not in {g['group'] for g in table('groups', 'doctor1')}


@pytest.mark.parametrize('what', ['organisations', 'units', 'services', 'roles', 'persons', 'accounts', 'assignments', 'groups',
                                  'modules', 'clients', 'enrolments', 'grants', 'locks', 'logins', 'sessions', 'audit'])
def test_every_list_is_a_table_for_people_and_one_object_for_programs(what):
    """The same rows; the table has a line of headings."""
    rows = table('list', what)
    told = careid('list', what)
    assert told.returncode == DONE and not told.stderr
    if rows:
        lines = told.stdout.splitlines()
        assert lines[0] == lines[0].upper() and len(lines) >= len(rows)


@pytest.mark.parametrize('words', [('show', 'organisation', 'clinic'), ('show', 'unit', 'oak'), ('show', 'role', 'nurse'),
                                   ('show', 'person', '1'), ('show', 'account', 'nurse1'), ('groups', 'nurse1'), ('audit', 'show'),
                                   ('audit', 'verify'), ('check',)])
def test_what_is_shown_is_json_for_programs_too(words):
    """And a personal number is in neither."""
    assert table(*words)
    for more in ((), ('--json',)):
        told = careid(*words, *more)
        assert told.returncode == DONE and told.stdout
        assert not re.search(r'(18)?900101[-+]?98', told.stdout)


@pytest.mark.parametrize('kind, name', [('unit', 'elm'), ('role', 'planner'), ('account', 'nurse2'), ('person', '2'),
                                        ('organisation', 'clinic')])
def test_what_is_archived_comes_back_with_restore(kind, name):
    """It is asked first; where nobody can be asked, --yes is needed. Nothing is lost by it."""
    before = run('id', 'nurse2').stdout
    refused(careid('archive', kind, name), REFUSED, r'add --yes')
    assert run('id', 'nurse2').stdout == before
    assert careid('archive', kind, name, '--yes').returncode == DONE
    assert careid('restore', kind, name).returncode == DONE
    assert run('id', 'nurse2').stdout == before


ADD_STAFF = ('--organisation', 'clinic', '--kind', 'staff')
REFUSALS = {
    'an organisation that is there': (('organisation', 'add', 'clinic', '--title', 'X', '--country', 'SE'), REFUSED, r'clinic already'),
    'an organisation of no country': (('organisation', 'add', 'third', '--title', 'X', '--country', 'XX'), None, r'SE|country'),
    'a time zone that does not exist': (('organisation', 'add', 'third', '--title', 'X', '--country', 'SE', '--time-zone', 'Mars/Base'),
                                        None, r'zone'),
    'a unit of an unknown organisation': (('unit', 'add', 'x', '--organisation', 'nope', '--title', 'X'), REFUSED, r'careid: --organisation: there is no nope; '),
    'a unit that is there': (('unit', 'add', 'oak', '--organisation', 'clinic', '--title', 'X'), REFUSED, r'already'),
    'a unit name with a capital': (('unit', 'add', 'Oak', '--organisation', 'clinic', '--title', 'X'), REFUSED, r'a-z'),
    'a unit name that is too long': (('unit', 'add', 'a' * 17, '--organisation', 'clinic', '--title', 'X'), REFUSED, r'16'),
    'a role of no kind': (('role', 'add', 'x', '--title', 'X', '--kind', 'wizard'), None, r'staff'),
    'a role without a title': (('role', 'add', 'x', '--kind', 'staff'), USAGE, r'--title'),
    'a relative who plans the day (A1)': (('role', 'add', 'x', '--kind', 'relative', '--title', 'X', '--daily-planning'), REFUSED,
                                          r'relative'),
    'an account of nobody': (('account', 'add', 'x', '--person', '999', *ADD_STAFF), REFUSED, r'person'),
    'an account that is there': (('account', 'add', 'nurse1', '--person', '1', *ADD_STAFF), REFUSED, r'already'),
    'an account called root': (('account', 'add', 'root', '--person', '1', *ADD_STAFF), REFUSED, r'root'),
    'an account named as a user of the host': (('account', 'add', 'daemon', '--person', '1', *ADD_STAFF), REFUSED, r'daemon'),
    'root as an account of the host': (('account', 'add', 'root', '--person', '1', *ADD_STAFF, '--source', 'host'), REFUSED, r'system user'),
    'an account name with a capital': (('account', 'add', 'Nurse9', '--person', '1', *ADD_STAFF), REFUSED, r'a-z'),
    'an assignment of an unknown account': (('assign', 'nobody', 'nurse', 'oak'), REFUSED, r'careid: ACCOUNT: there is no nobody; '),
    'an assignment to an unknown role': (('assign', 'nurse1', 'pilot', 'oak'), REFUSED, r'careid: ROLE: there is no pilot; see: careid list roles'),
    'an assignment at an unknown unit': (('assign', 'nurse1', 'nurse', 'moon'), REFUSED, r'careid: UNIT: there is no moon; see: careid list units'),
    'a day that does not exist': (('assign', 'nurse1', 'nurse', 'oak', '--from', '2027-02-29'), USAGE, r'--from.*day'),
    'a date written another way': (('assign', 'nurse1', 'nurse', 'oak', '--until', '1/2/2027'), USAGE, r'--until'),
    'an end before the start': (('assign', 'nurse1', 'nurse', 'oak', '--from', '2027-02-02', '--until', '2027-02-01'), USAGE, r'before'),
    'an assignment a second time': (('assign', 'nurse1', 'nurse', 'oak', '--until', '2090-12-31'), REFUSED, r'careid: account nurse1: .* already: assignment 1'),
    'an assignment that is over': (('assign', 'nurse1', 'nurse', 'elm', '--until', '2020-01-31'), REFUSED, r'careid: --until: .*over'),
    'an unknown assignment': (('unassign', '999', '--yes'), REFUSED, r'none'),
    'an unknown account to show': (('show', 'account', 'nobody'), REFUSED, r'not found|no '),
    'an unknown thing to list': (('list', 'frogs'), USAGE, r'organisations'),
    'an unknown thing to archive': (('archive', 'unit', 'moon', '--yes'), REFUSED, r'careid: unit moon: there is no moon; '),
    'a word that is no command': (('frobnicate',), USAGE, r'no such command'),
    'no word': ((), USAGE, r'careid help'),
    'an option that does not exist': (('list', 'persons', '--colour'), USAGE, r'--colour'),
    'an option without its value': (('unit', 'add', 'x', '--title'), USAGE, r'--title'),
    'an option twice': (('unit', 'add', 'x', '--title', 'a', '--title', 'b', '--organisation', 'clinic'), USAGE, r'--title'),
    'control characters': (('unit', 'add', 'x', '--organisation', 'clinic', '--title', 'a\x1b[2Jb'), None, r'control'),
    'an anchor that is not there': (('audit', 'verify', '--anchor', '/nowhere'), None, r'/nowhere'),
}


@pytest.mark.parametrize('refusal', REFUSALS)
def test_a_refusal_is_one_clear_line_and_changes_nothing(refusal):
    """With its exit status; not an entry in the trail, not a byte of a snapshot."""
    words, status, says = REFUSALS[refusal]
    before = careid('audit', 'show').stdout
    told = careid(*words)
    assert status is not None or told.returncode in (1, 2, 3)
    refused(told, told.returncode if status is None else status, says)
    assert '\x1b' not in told.stderr
    assert careid('audit', 'show').stdout == before


def test_a_record_service_is_never_given_to_clients_relatives_or_externals():
    """K8, whichever comes first; other services only where they say for whom they are."""
    assert careid('service', 'add', 'journal', '--title', 'Journal', '--opens', 'record').returncode == DONE
    assert careid('service', 'add', 'plain', '--title', 'Plain').returncode == DONE
    for kind in ('client', 'relative', 'external'):
        assert careid('role', 'add', kind, '--title', kind, '--kind', kind).returncode == DONE
        refused(careid('role', 'grant-service', kind, 'journal'), REFUSED, r'never reaches a record service')
        refused(careid('role', 'grant-service', kind, 'plain'), REFUSED, r'flagged for externals' if kind == 'external' else r'names the module')
        assert careid('account', 'add', f'{kind}8', '--person', new_person(), '--organisation', 'clinic', '--kind', kind).returncode == DONE
        refused(careid('assign', f'{kind}8', 'nurse', 'oak'), REFUSED, r'kind')


@pytest.mark.parametrize('typed, says', [
    ('123', r'write it as'), ('', r'nothing was entered'), ('189001019803', r'last digit'), ('19900132-9802', r'no date'),
    ('18900101-9802', r'the personal number is registered already'), ('0' * 500, r'longer than any'), ('hello', r'only digits'),
])
def test_a_bad_number_is_refused_with_a_sentence_that_does_not_repeat_it(typed, says):
    """Mistyped, impossible, taken: said without the number."""
    told = careid('person', 'number', new_person(), '--country', 'SE', text=typed + '\n')
    refused(told, REFUSED, says)
    assert not typed or len(typed) < 6 or typed not in told.stderr


@pytest.mark.parametrize('words', [('1', '189001019802', '--country', 'SE'), ('1', '--country', 'SE', '189001019802'),
                                   ('1', '--country', 'SE', '18900101-9802'), ('1', '--country', '189001019802'),
                                   ('1', '--number', '189001019802', '--country', 'SE')])
def test_a_number_on_the_command_line_is_refused_and_not_repeated(words):
    """Where every user of the host can read it: not taken, and not written to whatever keeps the messages."""
    told = careid('person', 'number', *words)
    refused(told, USAGE, r'')
    assert '9802' not in told.stderr


@pytest.mark.parametrize('person, says', [('999', r'careid: PERSON: there is none'), ('1', r'--replace'), ('x', r'careid: PERSON: is neither the id')])
def test_a_number_that_could_not_be_taken_is_not_asked_for(person, says):
    """Nobody types it for nothing."""
    with host.Terminal(['careid', 'person', 'number', person, '--country', 'SE']) as terminal:
        assert terminal.wait_exit() != 0
        assert 'not shown' not in terminal.text and re.search(says, terminal.text), terminal.text


def test_a_number_is_asked_for_unseen_and_twice_on_a_terminal():
    """Two different ones change nothing."""
    person = new_person()
    for second, done in (('191401682396', True), ('189001039800', False)):
        with host.Terminal(['careid', 'person', 'number', person, '--country', 'SE']) as terminal:
            terminal.wait_text(r'not shown\): ')
            terminal.type('191401682396\n')
            terminal.wait_text(r'Again: ')
            terminal.type(second + '\n')
            assert (terminal.wait_exit() == 0) == done
            assert '2396' not in terminal.text and '9800' not in terminal.text
        if done:
            person = new_person()


@pytest.mark.parametrize('asker', ['nurse1', 'daemon', '_careid'])
def test_everybody_but_root_is_told_that_it_is_for_root(asker):
    """Reading and writing alike; help is for all."""
    for words in (('list', 'accounts'), ('check',), ('apply',), ('setup',), ('unit', 'add', 'x', '--organisation', 'clinic', '--title', 'X')):
        refused(host.as_user(asker, 'careid', *words, check=False), REFUSED, r'only root may (administer careid|list this|do this)')
    assert host.as_user(asker, 'careid', 'help').returncode == DONE


def test_help_names_every_command_and_version_is_a_line():
    """Each has a page of its own."""
    told = careid('help').stdout
    for command in ('setup', 'apply', 'check', 'person add', 'assign', 'archive', 'audit verify', 'snapshot rebuild'):
        assert command in told
        assert careid('help', *command.split()).stdout.startswith('careid ' + command)
    assert re.fullmatch(r'careid \d+\.\d+\.\d+\n', careid('--version').stdout)


@pytest.mark.parametrize('env, says', [
    ({}, 'no such command'), ({'LANG': 'sv_SE.UTF-8'}, 'inget sådant kommando'), ({'LANG': 'da'}, 'ingen sådan kommando'),
    ({'LANG': 'sv_SE.UTF-8', 'LC_ALL': 'da_DK.ISO-8859-1'}, 'ingen sådan kommando'), ({'LANG': 'sv_SE', 'LC_MESSAGES': 'C'}, 'no such command'),
    ({'LANG': 'C.UTF-8', 'LANGUAGE': 'fi:da:sv'}, 'ingen sådan kommando'), ({'LANG': 'C', 'LANGUAGE': 'da'}, 'no such command'),
    ({'LANG': 'en_GB.UTF-8', 'LANGUAGE': 'sv_FI'}, 'inget sådant kommando'), ({'LANG': 'sv_SE', 'LANGUAGE': 'en:sv'}, 'no such command'),
    ({'LANG': 'svenska'}, 'no such command'),
    ({'LANG': 'sv', 'TEXTDOMAINDIR': '/nowhere', 'NLSPATH': '/nowhere/%N', 'LOCPATH': '/nowhere'}, 'inget sådant kommando'),
])
def test_the_administrators_language_is_the_locales_even_where_the_host_has_none_of_them(env, says):
    """As gettext would choose, from catalogues where the package puts them; the keys of --json stay English."""
    env = {'PATH': '/usr/bin:/usr/sbin', **env}
    told = subprocess.run(['careid', 'setpu'], env=env, capture_output=True, text=True, check=False)
    assert told.returncode == USAGE and says in told.stderr, told
    rows = json.loads(subprocess.run(['careid', 'list', 'units', '--json'], env=env, capture_output=True, text=True, check=True).stdout)['units']
    assert {row['archived'] for row in rows} <= {'yes', 'no'}


@pytest.mark.parametrize('language, asked, yes', [('sv_SE.UTF-8', 'Arkivera unit elm', 'j'), ('da_DK.UTF-8', 'Arkivere unit elm', 'j'),
                                                  ('sv_SE.UTF-8', 'Arkivera unit elm', 'y')])
def test_a_question_is_asked_and_answered_in_the_language_of_the_administrator(language, asked, yes):
    """English's letter counts as well: hands know it."""
    with host.Terminal(['careid', 'archive', 'unit', 'elm'], env={'LC_ALL': language}) as terminal:
        terminal.wait_text(r'\(j/N\) $', 30)
        assert asked in terminal.text
        terminal.type(yes + '\n')
        assert terminal.wait_exit(30) == DONE
    assert careid('restore', 'unit', 'elm').returncode == DONE


def test_every_command_has_its_page_and_tab_knows_careid():
    """Where man(1) and bash look for them."""
    first = {line.split()[0] for line in careid('help').stdout.splitlines() if re.match(r'  [a-z]', line)} - {'help'}
    missing = [f'careid-{word}.8' for word in sorted(first) if not os.path.exists(f'/usr/share/man/man8/careid-{word}.8.gz')]
    assert len(first) > 10 and not missing, missing
    assert os.path.exists('/usr/share/man/man7/careid.7.gz') and os.path.exists('/usr/share/bash-completion/completions/careid')


def test_the_environment_of_an_administrator_changes_nothing(tmp_path):
    """sudo may keep variables: no language, path or database of theirs is believed where it would matter."""
    env = {'PATH': '/usr/bin:/usr/sbin', 'TMPDIR': str(tmp_path), 'SQLITE_TMPDIR': str(tmp_path), 'OPENSSL_CONF': '/nowhere',
           'HOME': str(tmp_path), 'TZ': 'Mars/Base', 'LD_LIBRARY_PATH': str(tmp_path)}
    done = subprocess.run(['careid', 'list', 'accounts', '--json'], env=env, capture_output=True, text=True, check=True)
    assert 'nurse1' in {row['name'] for row in json.loads(done.stdout)['accounts']}
    assert os.listdir(tmp_path) == []


def test_output_that_cannot_be_written_is_an_error():
    """A full disk is not a finished list."""
    with open('/dev/full', 'w') as full:
        told = subprocess.run(['careid', 'list', 'accounts'], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert told.returncode != 0 and told.stderr.startswith('careid: ')


def test_setup_and_rebuild_may_be_run_again_and_change_nothing():
    """What is there stays, keys above all."""
    before = run('sh', '-c', 'sha256sum /etc/careid/keys/*').stdout
    persons = careid('list', 'persons').stdout
    for words in (('setup',), ('snapshot', 'rebuild'), ('setup',)):
        assert careid(*words).returncode == DONE
    assert run('sh', '-c', 'sha256sum /etc/careid/keys/*').stdout == before
    assert careid('list', 'persons').stdout == persons
