# SPDX-License-Identifier: LGPL-2.1-or-later
# test_mandates.py - who administers without being root: a ward's head, an auditor, and those who have no mandate
"""The words are those that root types; the helper carries them out as the person (X11). What is not theirs is refused with a
reason, and stands in the journal."""

import json
import os
import pwd
import re
import signal
import struct
import subprocess

import pytest

import clinic as c
import host
from clinic import Screen
from host import Journal, run

WORDS, SECRET, LANGUAGE, ACCOUNT, SERVICE, VERSION = 30, 31, 22, 2, 3, 1
TEMP = '200004059937'


@pytest.fixture(scope='module', autouse=True)
def people(clinic):
    """Head of the Oak ward: mhead; auditor: maudit; mhead2 is her other account; mrel a relative; melm works elsewhere."""
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
    relative = run('careid', 'person', 'add', '--given-name', 'Test', '--family-name', 'Mrel', '--quiet').stdout.strip()
    run('careid', 'account', 'add', 'mrel', '--person', relative, '--organisation', 'clinic', '--kind', 'relative')
    run('useradd', '-M', 'mnobody')
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
    """She logs in with her e-ID and types one command; the temp logs in with theirs, and has the groups of that ward alone."""
    with Screen(c.ssh('nurse1', 'careid mandates; echo status $?; read answer')) as screen:
        shown = c.ssh_scan(screen, clinic)
        clinic.phone.approve('nurse-one', order=shown['order'])
        c.ssh_until(screen, r'status 0')
        screen.type('\n')
        assert screen.wait_exit(30) == 0

    done = careid('mhead', 'temp', 'add', 'oak-night', 'mtea', '--given-name', 'Tea', '--family-name', 'Test', '--country', 'SE', text=TEMP + '\n')
    assert done.returncode == 0 and not done.stderr, done
    number = re.fullmatch(r'assignment (\d+)\n', done.stdout)[1]
    assert [(a['unit'], a['role'], a['state']) for a in assignments('mtea')] == [('oak', 'mtemp', 'valid')]
    groups = run('id', '-Gn', 'mtea').stdout.split()
    assert 'unit-oak-mtemp' in groups and 'unit-elm' not in groups, groups
    act, = (e for e in json.loads(run('careid', 'audit', 'show', f'assignment:{number}', '--json').stdout)['audit'])
    assert re.fullmatch(r'person:\d+ uid:%d' % pwd.getpwnam('mhead').pw_uid, act['actor']), act
