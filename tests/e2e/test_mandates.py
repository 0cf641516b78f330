# SPDX-License-Identifier: LGPL-2.1-or-later
# test_mandates.py - who administers without being root: a ward's head, an auditor, and those who have no mandate
"""The words are those that root types; the helper carries them out as the person (X11). What is not theirs is refused with a
reason, and stands in the journal."""

import contextlib
import json
import os
import pwd
import re
import sqlite3
import subprocess

import pytest

import clinic as c
import host
from clinic import Screen
from host import DIRECTORY, Journal, run, wire

TEMP = '199908072391'                   # the doctor of the phone
PHONE = '+46701740605'


@pytest.fixture(scope='module', autouse=True)
def people(clinic):
    """Heads of the Oak ward: nurse1, mhead; auditor: maudit; mhead2 is her other account; mrel a relative; melm works elsewhere."""
    run('careid', 'role', 'add', 'mtemp', '--kind', 'staff', '--title', 'Temp')
    run('careid', 'template', 'add', 'oak-night', '--title', 'Night at Oak', '--role', 'mtemp', '--unit', 'oak')
    run('careid', 'template', 'add', 'elm-night', '--title', 'Night at Elm', '--role', 'mtemp', '--unit', 'elm')
    head = c.add_account('mhead')
    for act in ('add', 'grant'):
        run('careid', 'mandate', 'give', head, act, '--organisation', 'clinic', '--unit', 'oak')
    run('careid', 'account', 'add', 'mhead2', '--person', head, '--organisation', 'clinic', '--kind', 'staff')
    auditor = c.add_account('maudit')
    run('careid', 'mandate', 'give', auditor, 'read-audit', '--organisation', 'clinic')
    elm = c.add_account('melm', assigned=False)
    run('careid', 'assign', 'melm', 'nurse', 'elm')
    relative = run('careid', 'person', 'add', '--quiet', text='Test\nMrel\n').stdout.strip()
    run('careid', 'account', 'add', 'mrel', '--person', relative, '--organisation', 'clinic', '--kind', 'relative')
    run('useradd', '-M', 'mnobody')
    # What mandates are is asked here; that acts are approved is test_approval.py's.
    with c.configuration('[bankid]\n', '[mandates]\napproval = least\n\n[bankid]\nremote-qr = yes\n'):
        yield {'head': head, 'elm': elm, 'relative': relative}


def careid(account, *words, text=None, **more):
    return host.as_user(account, 'careid', *words, text=text, check=False, timeout=100, **more)


def refused(account, words, why, **more):
    done = careid(account, *words, **more)
    assert done.returncode == 1 and re.search(why, done.stderr), (words, done)
    assert not done.stdout, done


def assignments(account):
    return json.loads(run('careid', 'list', 'assignments', account, '--json').stdout)['assignments']


def test_a_head_of_a_ward_takes_on_a_temp_for_tonight_who_logs_in(clinic):
    """She logs in with her e-ID, types one command and approves the number; the temp logs in with theirs, and has the groups of that ward alone."""
    person = json.loads(run('careid', 'show', 'account', 'nurse1', '--json').stdout)['accounts'][0]['person']
    run('careid', 'mandate', 'give', person, 'add', '--organisation', 'clinic', '--unit', 'oak')
    add = f'printf "Tea\\nTest\\n{TEMP}\\n" | careid temp add oak-night mtea --new --country SE'
    with Screen(c.ssh('nurse1', f'printf "\\033[2J\\033[H"; {add}; echo status $?; read answer', '-tt'), columns=100, rows=45) as screen:
        clinic.phone.approve('nurse-one', order=c.ssh_scan(screen, clinic)['order'])
        c.ssh_until(screen, r'Runs: careid temp add|Organisation: ')
        clinic.phone.approve('nurse-one', order=clinic.scan(screen)['order'])
        c.ssh_until(screen, r'status \d')
        assert re.search(r'assignment \d+\s+status 0', c.plain(screen)), c.plain(screen)
        number = re.search(r'assignment (\d+)', c.plain(screen))[1]
        screen.type('\n')
        assert screen.wait_exit(30) == 0
    assert [(a['unit'], a['role'], a['state']) for a in assignments('mtea')] == [('oak', 'mtemp', 'valid')]
    act, = json.loads(run('careid', 'audit', 'show', f'assignment:{number}', '--json').stdout)['audit']
    assert act['actor'] == f'person:{person} uid:{pwd.getpwnam("nurse1").pw_uid}', act

    with Screen(c.ssh('mtea', 'id; echo in; read answer')) as screen:
        shown = c.ssh_scan(screen, clinic)
        clinic.phone.approve('doctor', order=shown['order'])
        c.ssh_until(screen, r'\nin\r?\n')
        groups = re.search(r'groups=(\S+)', c.plain(screen))[1]
        assert '(unit-oak-mtemp)' in groups and 'elm' not in groups, groups
        screen.type('\n')
        assert screen.wait_exit(30) == 0


def test_what_she_may_not_is_refused_with_a_reason_and_stands_in_the_journal(clinic, people):
    """Other units, the organisation, herself and her other account, a role, another ward's template, mandates, who is out of reach."""
    run('careid', 'person', 'add', '--quiet', text='Test\nMnew\n')
    own = careid('mhead', 'person', 'add', '--quiet', text='Test\nMown\n')
    assert own.returncode == 0, own
    journal = Journal()
    for words, why in [
        ('assign mtea mtemp elm', 'no mandate to grant at the unit elm'),
        ('temp add elm-night mtea', 'no mandate to grant at the unit elm'),
        ('unit add mward --organisation clinic --title Ward', 'no mandate to configure'),
        ('archive unit oak --yes', 'no mandate to configure'),
        ('archive role nurse --yes', 'only root may do this'),
        ('template add mine --title Mine --role planner --unit oak', 'no mandate to configure'),
        ('module on chat --organisation clinic', 'no mandate to configure'),
        ('assign mhead planner oak', 'nobody acts on themselves'),
        ('assign mhead2 planner oak', 'nobody acts on themselves'),
        (f'account add mhead3 --person {people["head"]} --organisation clinic --kind staff', 'nobody acts on themselves'),
        (f'archive person {people["head"]} --yes', 'nobody acts on themselves'),
        (f'mandate give {people["elm"]} add --organisation clinic --unit oak', 'no mandate to configure'),
        (f'account add melm2 --person {people["elm"]} --organisation clinic --kind staff', 'more than you have a mandate for'),
        (f'leave {people["elm"]} --yes', 'more than you have a mandate for'),
        (f'died {people["elm"]} 2026-11-01 --yes', 'more than you have a mandate for'),
        (f'contact show {people["elm"]} phone', 'more than you have a mandate for'),
        (f'contact remove {people["head"]} phone --yes', 'nobody acts on themselves'),
        (f'account add mkin --person {own.stdout.strip()} --organisation clinic --kind relative', 'no mandate to add in the organisation clinic'),
        (f'account add mnobody --person {own.stdout.strip()} --organisation clinic --kind staff --source host', 'only root'),
        (f'account add mroot --person {own.stdout.strip()} --organisation clinic --kind staff --home /home/nurse1', 'only root'),
        ('list persons', 'only root may list this'),
        ('list assignments elm', 'no mandate to grant at the unit elm'),
        ('list templates elm', 'no mandate to grant at the unit elm'), ('list templates', 'careid list templates UNIT'),
        ('audit show', 'no mandate to read-audit'),
        ('audit verify', 'no mandate to read-audit'),
        ('role add mrole --kind staff --title Role', 'only root'),
        ('role grant-service nurse mtemp', 'only root'),
        ('check', 'only root'),
    ]:
        refused('mhead', words.split(), why)
    refused('mhead', ['person', 'number', people['elm'], '--country', 'SE', '--replace'], 'more than you have a mandate for', text=TEMP + '\n')
    line = journal.wait(r'act not done: refused, account mhead, asked by uid \d+: person number')
    assert TEMP not in line
    assert journal.text().count('act not done: refused, account mhead') >= 20
    assert assignments('mhead2') == [] and len(assignments('mtea')) == 1

    for words in (['list', 'assignments', 'oak'], ['mandates']):
        done = careid('mhead', *words)
        assert done.returncode == 0 and 'elm' not in done.stdout, done


def test_how_a_temp_is_reached_is_hers_to_write_down_and_read(clinic):
    """A phone number and a long address, unseen on their way; the trail has who read it."""
    person = json.loads(run('careid', 'show', 'account', 'mtea', '--json').stdout)['accounts'][0]['person']
    address, journal = 'a' * 60 + '@' + 'b' * 60 + '.example.org', Journal()
    for kind, detail in (('phone', PHONE), ('mail', address)):
        done = careid('nurse1', 'contact', 'set', person, kind, '--quiet', text=detail + '\n')
        assert done.returncode == 0, done
        assert careid('nurse1', 'contact', 'show', person, kind).stdout == detail + '\n'
    journal.wait(r'act done: done, account nurse1, asked by uid \d+: contact show')
    assert PHONE not in journal.text() and address not in journal.text()
    assert len(c.rows(f"SELECT 1 FROM audit WHERE act = 'contact.read' AND object = 'person:{person}' AND actor LIKE 'person:%'")) == 2
    done = careid('nurse1', 'contact', 'set', person, 'mail', text='a' * 250 + '@example.org\n')
    assert done.returncode == 1 and 'longer than any' in done.stderr, done
    assert careid('nurse1', 'contact', 'remove', person, 'mail', '--yes').returncode == 0
    refused('nurse1', ['contact', 'show', person, 'mail'], 'has none of it')


def test_who_has_no_mandate_learns_and_does_nothing(clinic, people):
    """A relative, a user of the host whom careid doesn't know, a nurse; an auditor only reads."""
    for account in ('mrel', 'mnobody'):
        for words in (['mandates'], ['list', 'assignments', 'oak'], ['assign', 'mhead2', 'nurse', 'oak'], ['person', 'add']):
            refused(account, words, 'only root may administer careid, and staff who have a mandate', text='A\nB\n')
        text, said, status = told(ask(pwd.getpwnam(account).pw_uid, account, ['mandates']))
        assert status == 1 and 'staff who have a mandate' in said, said
    for account, why in (('nurse2', 'staff who have a mandate'), ('maudit', 'no mandate to')):
        refused(account, ['person', 'add'], why, text='A\nB\n')
        refused(account, ['assign', 'mhead2', 'nurse', 'oak'], why)
        refused(account, ['list', 'assignments', 'oak'], why)
    refused('mhead', ['person', 'number', '1', '--country', 'SE', '--dry-run'], 'only root may try out', text='189001019802\n')
    # What is theirs alone: nothing.
    for words in (['mandates'], ['review', 'list']):
        assert careid('nurse2', *words).returncode == 0
    # One answer, whatever there is.
    assert len({careid('nurse2', 'archive', 'account', name, '--yes').stderr for name in ('mrel', 'nobody-here')}) == 1
    # The trail is one for all organisations: an auditor of one of two reads what is certainly of theirs, and no hash: with
    # those before and after it, what another organisation did could be guessed, and the guess be tried.
    run('careid', 'organisation', 'add', 'mother', '--title', 'Another', '--country', 'SE')
    others = [o['name'] for o in json.loads(run('careid', 'list', 'organisations', '--json').stdout)['organisations'] if o['archived'] == 'no' and o['name'] != 'clinic']
    assert 'mother' in others, others
    verified = careid('maudit', 'audit', 'verify'), careid('maudit', 'audit', 'verify', '--json')
    assert verified[0].returncode == 0 and re.search(r'whole up to entry \d+$', verified[0].stdout, re.M), verified
    assert not re.search(r'[0-9a-f]{64}', verified[0].stdout) and json.loads(verified[1].stdout)['audit'][0]['hash'] in ('', None), verified
    ids = {row['name']: row['id'] for row in c.rows('SELECT id, name FROM organisation')}
    done = careid('maudit', 'audit', 'show', '--json')
    objects = {row['object'] for row in json.loads(done.stdout)['audit']}
    assert f'organisation:{ids["clinic"]}' in objects and not objects & {f'organisation:{ids[name]}' for name in others}, done
    assert {row['hash'] for row in json.loads(done.stdout)['audit']} <= {'', None}, done
    assert not {o for o in objects if o.split(':')[0] in ('role', 'service', 'directory', 'keys')} and 'is not shown' in done.stderr, done
    assert careid('maudit', 'audit', 'show', '--about', 'nobody-here', '--json').stdout == careid('maudit', 'audit', 'show', '--about', '999999', '--json').stdout
    refused('maudit', ['audit', 'verify', '--journal'], 'with a file or the journal$')
    for name in others:
        run('careid', 'archive', 'organisation', name, '--yes')
    done = careid('maudit', 'audit', 'show', 'person.add'), careid('maudit', 'audit', 'verify')
    for name in set(others) - {'mother'}:
        run('careid', 'restore', 'organisation', name)
    assert done[0].returncode == 0 and 'person.add' in done[0].stdout, done
    assert done[1].returncode == 0 and re.search(r'^audit \d+ [0-9a-f]{64}$', done[1].stdout, re.M), done
    refused('maudit', ['audit', 'verify', '--journal'], 'only root may compare')
    refused('maudit', ['audit', 'verify', '--anchor', '/etc/shadow'], 'only root may compare')

    uid = pwd.getpwnam('melm').pw_uid
    run('careid', 'unassign', str(assignments('melm')[0]['id']), '--yes')
    assert told(ask(uid, 'melm', ['mandates']))[2] == 1, 'who is not assigned any more'
    run('careid', 'archive', 'account', 'melm', '--yes')
    assert told(ask(uid, 'melm', ['mandates']))[2] == 1


# Of each command that is anybody's but root's: something that there is, that there was, that there never was, that is no name.
SAME = {
    'person add': ['', '--language sv', '--language xx'],
    'person change': ['{elm} --language sv', '{gone} --language sv', '999999 --language sv', 'key:nobody --language sv'],
    'person number': ['{elm} --country SE', '{relative} --country SE', '999999 --country SE', '{gone} --country DK', 'x --country SE'],
    'contact set': ['{elm} phone', '{gone} phone', '999999 phone', '{elm} fax'],
    'contact remove': ['{elm} phone --yes', '{gone} phone --yes', '999999 phone --yes'],
    'contact show': ['{elm} phone', '{protected} phone', '999999 phone', '{gone} phone'],
    'account add': [f'{name} --person {{{person}}} --organisation {org} --kind {kind}' for name in ('mrel', 'newname', 'root')
                    for person in ('elm', 'gone') for org in ('clinic', 'nowhere') for kind in ('staff', 'relative')],
    'assign': ['mrel nurse oak', 'nobody-here nurse oak', 'mhead nurse elm', 'mhead norole nounit', 'mshut nurse oak'],
    'assignment add': ['mrel nurse oak', 'nobody-here nurse oak'],
    'deputy': ['1 mrel --until 2030-01-01', '1 mhead --until 2030-01-01', '999999 mhead --until 2030-01-01'],
    'unassign': ['1 --yes', '999999 --yes'],
    'temp add': ['oak-night mrel', 'oak-night nobody-here', 'no-night mhead', 'oak-night bin --new'],
    'unit add': ['oak --organisation clinic --title T', 'new --organisation clinic --title T', 'new --organisation nowhere --title T'],
    'unit change': ['oak --title T', 'nounit --title T'],
    'template add': ['oak-night --title T --role nurse --unit oak', 'n --title T --role norole --unit nounit'],
    'template change': ['oak-night --title T', 'no-night --title T'],
    'mandate give': ['{elm} add --organisation clinic', '999999 add --organisation clinic', '{gone} add --organisation nowhere'],
    'mandate take': ['1 --yes', '999999 --yes'],
    'client add': ['{elm} --organisation clinic', '{gone} --organisation clinic', '999999 --organisation clinic', '{client} --organisation clinic'],
    'enrol': ['{name} oak', 'clinic-999999 oak', '{name} nounit'],
    'unenrol': ['{enrolment} --yes', '999999 --yes'],
    'module on': ['chat --organisation clinic', 'chat --organisation nowhere', 'nothing --organisation clinic'],
    'module off': ['chat --organisation clinic --yes', 'chat --organisation nowhere --yes'],
    'grant': ['mrel kin {name} --basis consent', 'nobody-here kin {name} --basis consent', 'mrel kin clinic-999999 --basis consent'],
    'ungrant': ['1 --yes', '999999 --yes'],
    'confirm': ['1 --next 2030-01-01', '999999 --next 2030-01-01'],
    'leave': ['{elm} --yes', '{gone} --yes', '999999 --yes'],
    'died': ['{elm} 2026-11-01 --yes', '{gone} 2026-11-01 --yes', '999999 2026-11-01 --yes', '{elm} --not-so --yes'],
    'archive': [f'{kind} {name} --yes' for kind, names in (('account', 'mrel mshut nobody-here'), ('person', '{elm} {gone} 999999'),
                ('client', '{name} clinic-999999'), ('unit', 'oak nounit'), ('role', 'nurse norole')) for name in names.split()],
    'restore': ['account mrel', 'account mshut', 'account nobody-here', 'person {gone}', 'client {name}', 'unit oak'],
    'list': ['assignments oak', 'assignments nounit', 'persons', 'clients', 'enrolments oak', 'enrolments nounit'],
    'audit show': ['', 'person.add', '--about {elm}', '--about nobody-here'],
    'audit verify': ['', '--journal'],
}
OWN = {'mandates', 'grants', 'review list', 'review right', 'review wrong', 'review unclear'}


@pytest.fixture(scope='module')
def things(people):
    """One of each that a refusal could speak of: a client who is enrolled, somebody who is protected, what is closed."""
    def person(name):
        return run('careid', 'person', 'add', '--quiet', text=f'Test\n{name}\n').stdout.strip()
    client, gone, protected = person('Mclient'), person('Mgone'), person('Mprot')
    name = run('careid', 'client', 'add', client, '--organisation', 'clinic', '--quiet').stdout.strip()
    enrolment = run('careid', 'enrol', name, 'oak', '--quiet').stdout.strip()
    run('careid', 'account', 'add', 'mshut', '--person', gone, '--organisation', 'clinic', '--kind', 'external')
    run('careid', 'archive', 'account', 'mshut', '--yes')
    run('careid', 'archive', 'person', gone, '--yes')
    run('careid', 'person', 'protect', protected, '--alias', text='Alias\n')
    inviter = c.add_account('minvite')
    run('careid', 'mandate', 'give', inviter, 'invite', '--organisation', 'clinic')
    return people | {'client': client, 'gone': gone, 'protected': protected, 'name': name, 'enrolment': enrolment}


def test_without_its_mandate_a_command_has_one_answer_whatever_there_is(clinic, things):
    """Byte for byte, and in its exit status: of staff without any mandate, and of somebody whose mandate is for something else."""
    told_of = {line.split('  ')[1] for line in run('careid', 'help').stdout.splitlines() if re.match('  [a-z]', line)}
    words_of = {' '.join(re.findall(r'(?:^|(?<= ))[a-z-]+(?= |$)', line)) for line in told_of}
    delegated = {words for words in words_of if re.search('who is not root|staff do this', run('careid', 'help', *words.split()).stdout)}
    assert delegated == set(SAME) | OWN, delegated ^ (set(SAME) | OWN)
    changes = c.rows('SELECT count(*) FROM audit')
    for account, why in (('nurse2', 'staff who have a mandate'), ('minvite', 'you have no mandate to [a-z-]+; see: careid mandates')):
        uid = pwd.getpwnam(account).pw_uid
        for words, variants in SAME.items():
            # Who has none at all is turned away before it is looked at what the command is: a few of each say as much.
            some = variants if account == 'minvite' else variants[:2]
            answers = {told(ask(uid, account, [*words.split(), *variant.format(**things).split()], secret=PHONE.encode() + b'\0')) for variant in some}
            (text, said, status), = answers
            assert status == 1 and not text and re.search(why, said), (account, words, answers)
    assert c.rows('SELECT count(*) FROM audit') == changes


def test_a_head_sees_what_is_at_her_ward_and_that_she_saw_clients_is_an_entry(clinic, things):
    """Who is enrolled there, and what a temp gets there; of another ward nothing, by either."""
    templates = json.loads(careid('mhead', 'list', 'templates', 'oak', '--json').stdout)['templates']
    assert 'oak-night' in {t['name'] for t in templates} and {t['unit'] for t in templates} == {'oak'}, templates
    refused('mhead', ['list', 'templates', 'elm'], 'no mandate to grant at the unit elm')

    elm = c.rows("SELECT count(*) AS n FROM audit WHERE act LIKE 'enrolment.%' AND actor LIKE 'person:%'")
    refused('mhead', ['list', 'enrolments', 'elm'], 'no mandate to grant at the unit elm')
    refused('mhead', ['list', 'enrolments'], 'careid list enrolments UNIT')
    refused('maudit', ['list', 'enrolments', 'oak'], 'no mandate to')
    assert c.rows("SELECT count(*) AS n FROM audit WHERE act LIKE 'enrolment.%' AND actor LIKE 'person:%'") == elm
    enrolments = json.loads(careid('mhead', 'list', 'enrolments', 'oak', '--json').stdout)['enrolments']
    assert things['name'] in {e['client'] for e in enrolments} and {e['unit'] for e in enrolments} == {'oak'}, enrolments
    entry = c.rows("SELECT act, actor FROM audit WHERE act IN ('enrolment.list', 'enrolment.show') ORDER BY sequence DESC LIMIT 1")[0]
    assert entry['actor'].startswith(f'person:{things["head"]} '), entry


def test_an_account_of_the_hosts_own_acts_by_its_name(clinic):
    """It has no uid in the care directory: the host is asked whose the caller's is, before a word is read. Whoever it is does no more."""
    for account in ('mhosted', 'mhosted2'):
        run('useradd', '-M', account)
        person = run('careid', 'person', 'add', '--quiet', text=f'Test\n{account.capitalize()}\n').stdout.strip()
        run('careid', 'account', 'add', account, '--person', person, '--organisation', 'clinic', '--kind', 'staff', '--source', 'host')
        run('careid', 'assign', account, 'nurse', 'oak')
    refused('mhosted2', ['person', 'add'], 'staff who have a mandate', text='Test\nMnone\n')
    run('careid', 'mandate', 'give', person, 'add', '--organisation', 'clinic', '--unit', 'oak')
    done = careid('mhosted2', 'person', 'add', '--quiet', text='Test\nMhost\n')
    assert done.returncode == 0 and done.stdout.strip().isdigit(), done
    refused('mhosted', ['person', 'add'], 'staff who have a mandate', text='Test\nMnone\n')


def test_a_number_that_somebody_has_is_refused_without_a_word_and_stands_in_the_trail(clinic):
    """For somebody new, with all that is taken back: the entry is about whose number it is, and by whom it was tried."""
    holder, = c.rows("SELECT person FROM account WHERE name = 'mtea'")
    talk = ask(pwd.getpwnam('nurse1').pw_uid, 'nurse1', ['temp', 'add', 'oak-night', 'mdup', '--new', '--country', 'SE'],
               pace=wire.LIVE, timeout=120, secret=f'Test\0Mdup\0{TEMP}\0'.encode())
    assert talk.receive()['kind'] == wire.INTRO
    talk.send(wire.START)
    clinic.phone.approve('nurse-one', order=clinic.phone.scan(talk.code())['order'])
    assert talk.verdict() == 'approved'
    text, said, status = told(talk)
    assert status == 1 and "the personal number can't be registered with a mandate" in said and not text, (text, said, status)
    assert not c.rows("SELECT 1 FROM person WHERE family_name = 'Mdup'")
    act, = c.rows("SELECT object, actor FROM audit WHERE act = 'identity.collision'")
    assert act['object'] == f'person:{holder["person"]}' and act['actor'].startswith('person:'), act
    refused('mhosted2', ['temp', 'add', 'oak-night', 'postgres', '--new'], 'this system gives to users of its own', text='Test\nMdb\n')


def ask(uid, account, words, **fields):
    return host.Talk.act(uid, account, words, **fields)


def told(talk):
    return talk.told()


def test_the_helper_does_not_believe_the_command(clinic):
    """Somebody else's account, root's commands, root itself, and a helper of the caller's own, past careid."""
    head, other = pwd.getpwnam('mhead').pw_uid, pwd.getpwnam('mnobody').pw_uid
    journal = Journal()
    assert told(ask(other, 'mhead', ['mandates']))[2] == 1
    assert told(ask(0, 'mhead', ['mandates']))[2] == 1
    journal.wait('not-permitted')
    for words in (['role', 'grant-service', 'nurse', 'x'], ['setup'], ['evidence', 'show', '1'], ['import', 'persons', '/etc/passwd'], ['list', '--help'], ['nothing'], [''], ['x'] * 900):
        text, said, status = told(ask(head, 'mhead', words))
        assert status in (1, 2) and said.startswith('careid: ') and not text, (words, said)
    with host.Talk.by_hand('mhead') as talk:
        talk.send(wire.ACT, version=2, account='mhead', service='careid', language='en', words=b'mandates\0')
        assert talk.receive()['status'] == 1
    talk = host.Talk.through_socket(head)
    talk.send(wire.ACT, version=2, account='mhead', service='careid', language='en', words=b'mandates')
    assert told(talk) is None, 'a word without an end'
    assert told(ask(head, 'mhead', ['mandates']))[2] == 0


def test_many_at_once_are_answered_or_told_so(clinic):
    uid = pwd.getpwnam('mhead').pw_uid
    talks = [ask(uid, 'mhead', ['mandates']) for _ in range(1000)]
    statuses = [answer and answer[2] for answer in map(told, talks)]
    assert set(statuses) <= {0, 3, None} and 0 in statuses, statuses
    host.eventually(lambda: (told(ask(uid, 'mhead', ['mandates'])) or ('', '', None))[2] == 0, 30)


def test_a_configuration_that_is_out_of_order_changes_nothing(clinic):
    """What needs it, for a home, says so and is not done; what doesn't is done."""
    with host.damaged(host.COMPILED):
        done = careid('mhead', 'temp', 'add', 'oak-night', 'mconf', '--new', text='Test\nMconf\n')
        assert done.returncode in (1, 3) and done.stderr.startswith('careid: ') and not done.stdout, done
        assert careid('mhead', 'mandates').returncode == 0
    assert run('careid', 'show', 'account', 'mconf', check=False).returncode == 1
    assert not c.rows("SELECT 1 FROM person WHERE family_name = 'Mconf'")


@contextlib.contextmanager
def written_by_another():
    other = sqlite3.connect(DIRECTORY, isolation_level=None)
    other.execute('BEGIN IMMEDIATE')
    try:
        yield
    finally:
        other.execute('ROLLBACK')
        other.close()
        run('chown', '-R', '_careid:_careid', host.STATE)


def test_a_helper_that_is_killed_has_done_all_or_nothing(clinic):
    before = len(assignments('mtea'))
    with written_by_another():
        with subprocess.Popen(c.as_user('mhead', 'careid', 'assign', 'mtea', 'nurse', 'oak'), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asking:
            host.eventually(lambda: host.conversations() or asking.poll() is not None, 30)
            for pid in host.conversations():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 9)
            out, err = asking.communicate(timeout=60)
    assert asking.returncode == 3 and not out and err.startswith('careid: '), (out, err)
    assert len(assignments('mtea')) == before
    done = careid('mhead', 'assign', 'mtea', 'nurse', 'oak')
    assert done.returncode == 0 and len(assignments('mtea')) == before + 1, done
