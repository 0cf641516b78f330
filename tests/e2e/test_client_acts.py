# SPDX-License-Identifier: LGPL-2.1-or-later
# test_client_acts.py - a client sees and ends what is granted about them (A8), and nobody else gets further by that
"""Two clients with an account each, and a relative of both. One of the clients is a nurse as well, whose mandate to grant is
good from her account as staff alone."""

import json
import pwd
import types

import clinic as c
import host
import pytest
from clinic import rows
from host import Journal, run

BASIS = ('--basis', 'consent', '--document', 'binder 5', '--checked-by', 'Ward manager', '--review-on', '2089-01-01')


def made(*words, text=None):
    return run('careid', *words, '--quiet', text=text).stdout.strip()


def account(name, kind, person=None):
    person = person or made('person', 'add', text=f'Test\n{name.capitalize()}\n')
    run('careid', 'account', 'add', name, '--person', person, '--organisation', 'clinic', '--kind', kind)
    return person


@pytest.fixture(scope='module')
def people(clinic):
    """about: a grant about the first client; other: about the second; own: the first client's own."""
    run('careid', 'role', 'add', 'caring', '--title', 'Relative', '--kind', 'relative')
    run('careid', 'role', 'add', 'cared', '--title', 'Client', '--kind', 'client')
    person = account('cfirst', 'client')
    first, second = (made('client', 'add', p, '--organisation', 'clinic') for p in (person, account('csecond', 'client')))
    account('ckin', 'relative')
    account('cfirstwork', 'staff', person)
    run('careid', 'assign', 'cfirstwork', 'nurse', 'oak')
    run('careid', 'mandate', 'give', person, 'grant', '--organisation', 'clinic')
    return types.SimpleNamespace(
        person=person, first=first, second=second, about=made('grant', 'ckin', 'caring', first, *BASIS),
        other=made('grant', 'ckin', 'caring', second, *BASIS), own=made('grant', 'cfirst', 'cared', first, '--basis', 'self'))


def told(asker, *words, account=None):
    return host.Talk.act(pwd.getpwnam(asker).pw_uid, account or asker, words).told()


def standing():
    return rows('SELECT id, ended FROM client_grant ORDER BY id')


def test_nobody_gets_further_than_what_is_about_themselves(people):
    """A relative, another client, the client's own account as staff, and what is no act of a client's."""
    before, journal = standing(), Journal()
    a_mandate, nothing_else, none = 'staff who have a mandate', "a client's account sees and ends", 'there is none about you with this id'
    for asker, words, why in [
        ('ckin', ['grants'], a_mandate),
        ('ckin', ['ungrant', people.other, '--why', 'client', '--yes'], a_mandate),
        ('csecond', ['ungrant', people.about, '--why', 'client', '--yes'], none),
        ('csecond', ['ungrant', people.own, '--yes'], none),
        ('csecond', ['ungrant', '99999', '--yes'], none),
        ('csecond', ['ungrant', people.other, '--why', 'basis-lost', '--yes'], 'is client where the client ends it'),
        ('csecond', ['grants', 'ckin'], 'all that is granted about you'),
        ('csecond', ['confirm', people.other, '--next', '2088-01-01'], nothing_else),
        ('cfirst', ['ungrant', people.other, '--yes'], none),
        ('cfirst', ['grant', 'ckin', 'caring', people.second, *BASIS], nothing_else),
        ('cfirst', ['list', 'assignments', 'oak'], nothing_else),
        ('cfirst', ['mandates'], nothing_else),
        ('cfirst', ['list', 'grants'], nothing_else),
        ('cfirst', ['check'], 'only root'),
        ('cfirstwork', ['grants'], 'a client those about themselves'),
        ('cfirstwork', ['ungrant', people.about, '--why', 'client', '--yes'], 'nobody acts on themselves'),
        ('nurse2', ['ungrant', people.about, '--yes'], a_mandate),
    ]:
        text, said, status = told(asker, *words)
        assert status in (1, 2) and why in said and not text, (asker, words, text, said, status)
    assert told('csecond', 'ungrant', people.about, '--yes', account='cfirst')[2] == 1, 'the name of another'
    assert standing() == before
    # What is asked before it is done says nothing of a grant that isn't theirs, nor does trying it out.
    text, said, status = told('csecond', 'ungrant', people.about, '--dry-run')
    assert status == 1 and none in said and 'ckin' not in said + text and people.first not in said + text, (text, said)
    journal.wait(r'act not done: refused, account csecond, asked by uid \d+: ungrant')

    text, _, status = told('csecond', 'grants', '--json')
    assert status == 0 and [g['id'] for g in json.loads(text)['grants']] == [people.other] and people.first not in text, text


def test_a_client_sees_and_ends_it_in_a_session_of_their_own(people):
    """Over SSH, typed; the relative's group is gone, and who ended it stands in the grant and the trail."""
    keys, journal = c.Keys('cfirst'), Journal()
    command = f'careid grants --json && careid ungrant {people.about} --yes'
    assert f'client-{people.first}' in run('id', '-Gn', 'ckin').stdout.split()
    with c.sshd_config(c.Keys.SSHD):
        shown = run(*c.ssh('cfirst', command, *keys.options())).stdout
    grants = json.loads(shown)['grants']
    assert [(g['id'], g['account'], g['person_name'], g['basis'], g['state']) for g in grants] == [
        (people.about, 'ckin', 'Test Ckin', 'consent', 'valid'), (people.own, 'cfirst', 'Test Cfirst', 'self', 'valid')], shown

    assert f'client-{people.first}' not in run('id', '-Gn', 'ckin').stdout.split()
    assert rows(f'SELECT ended_why FROM client_grant WHERE id = {people.about}') == [{'ended_why': 'client'}]
    act, = rows(f"SELECT actor, act FROM audit WHERE object = 'grant:{people.about}' AND act = 'grant.end'")
    assert act['actor'] == f'person:{people.person} uid:{pwd.getpwnam("cfirst").pw_uid}', act
    line = journal.wait(r'act done: done, account cfirst, asked by uid \d+: ungrant')
    assert 'ckin' not in line and people.first not in line
    assert run('careid', 'list', 'grants', people.about, '--json').stdout.count('"client"') >= 1


def test_a_client_whose_account_is_closed_does_nothing(people):
    uid = pwd.getpwnam('csecond').pw_uid
    assert told('csecond', 'grants')[2] == 0
    run('careid', 'archive', 'account', 'csecond', '--yes')
    assert host.Talk.act(uid, 'csecond', ['grants']).told()[2] == 1
