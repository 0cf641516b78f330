# SPDX-License-Identifier: LGPL-2.1-or-later
# test_credentials.py - what accounts have besides an e-ID, as an administrator gives and takes it, and lists it
"""Passwords, TOTP with somebody else's codes, codes that are issued, exemptions, outages, retirement, and leaving."""

import json
import os
import re
import subprocess

import clinic as c
import host
import pytest
from clinic import Screen
from host import run

pytestmark = pytest.mark.usefixtures('clinic')

DONE, REFUSED, USAGE = 0, 1, 2
GOOD = 'tre gula kanoter i dimma'


def careid(*words, text=None):
    return run('careid', *words, text=text, check=False)


def table(*words):
    told = careid(*words, '--json')
    assert told.returncode == DONE, told
    (rows,) = json.loads(told.stdout).values()
    return rows


def refused(told, says, status=REFUSED):
    assert told.returncode == status and told.stdout == '', told
    assert told.stderr.startswith('careid: ') and told.stderr.count('\n') == 1 and re.search(says, told.stderr), told.stderr


def person(given):
    return careid('person', 'add', '--quiet', text=f'{given}\nTest\n').stdout.strip()


@pytest.fixture(scope='module')
def account(clinic):
    """Somebody of the staff without an e-ID, who works at a unit, and an external; their persons."""
    staff, external = person('Cred'), person('Ext')
    careid('account', 'add', 'cred1', '--person', staff, '--organisation', 'clinic', '--kind', 'staff')
    careid('account', 'add', 'ext1', '--person', external, '--organisation', 'clinic', '--kind', 'external')
    unit = table('list', 'units')[0]['name']
    role = next(row['name'] for row in table('list', 'roles') if row['kind'] == 'staff')
    assert careid('assign', 'cred1', role, unit).returncode == DONE
    return {'staff': staff, 'external': external, 'unit': unit}


def kinds(name):
    return {row['kind'] for row in table('credentials', name)}


def last_act():
    row = table('audit', 'show')[-1]
    return row['act'], row['object'], row['detail']


def test_a_password_is_read_never_an_argument_and_stands_nowhere(account):
    refused(careid('password', 'set', 'cred1', GOOD), 'argument', USAGE)
    refused(careid('password', 'set', 'cred1', text='kort\n'), '12 characters')
    refused(careid('password', 'set', 'cred1', text='architecture\n'), 'dictionary')
    refused(careid('password', 'set', 'cred1', text='\n'), 'nothing was changed')
    refused(careid('password', 'set', 'nobody9', text=f'{GOOD}\n'), 'there is no')
    assert kinds('cred1') == set()
    assert careid('password', 'set', 'cred1', '--dry-run', text=f'{GOOD}\n').returncode == DONE and kinds('cred1') == set()
    assert careid('password', 'set', 'cred1', text=f'{GOOD}\n').returncode == DONE
    assert kinds('cred1') == {'password'} and last_act()[0] == 'password.set'
    for path in (host.DIRECTORY, host.DIRECTORY + '-wal'):
        if os.path.exists(path):
            with open(path, 'rb') as file:
                assert GOOD.encode() not in file.read(), path
    assert GOOD not in run('journalctl', '-b', '--no-pager', '-o', 'export').stdout
    stored = c.rows('SELECT hash FROM password')[0]['hash']
    assert stored.startswith('$y$')
    refused(careid('password', 'remove', 'cred1'), '--yes')
    assert careid('password', 'remove', 'cred1', '--yes').returncode == DONE and kinds('cred1') == set()
    refused(careid('password', 'remove', 'cred1', '--yes'), 'no password')


def test_on_a_terminal_it_is_typed_twice_and_not_shown(account):
    with Screen(['careid', 'password', 'set', 'cred1']) as screen:
        screen.wait_text('not shown', 40)
        screen.type(f'{GOOD}\n')
        screen.wait_text('Again', 40)
        screen.type(f'{GOOD}x\n')
        assert screen.wait_exit(40) == REFUSED
        assert GOOD not in c.plain(screen)
    assert kinds('cred1') == set()


def oathtool(secret, *when):
    return run('oathtool', '--totp', '-b', *when, secret).stdout.strip()


def test_a_totp_is_kept_once_the_app_has_shown_a_code_of_it(account):
    """The secret is shown once, as a code that a phone reads as well; the app is oathtool."""
    with Screen(['careid', 'totp', 'enroll', 'cred1'], columns=100, rows=50) as screen:
        screen.wait_text('shows now', 40)
        secret = re.search(r'Secret: ([A-Z2-7]{32})', c.plain(screen)).group(1)
        screen.type('000000\n')
        assert screen.wait_exit(40) == REFUSED
        assert 'another secret' in c.plain(screen)
    assert kinds('cred1') == set()
    with Screen(['careid', 'totp', 'enroll', 'cred1'], columns=100, rows=50) as screen:
        screen.wait_text('shows now', 40)
        again = re.search(r'Secret: ([A-Z2-7]{32})', c.plain(screen)).group(1)
        assert again != secret
        screen.type(f'{oathtool(again)}\n')
        assert screen.wait_exit(40) == DONE
    assert kinds('cred1') == {'totp'} and last_act()[0] == 'totp.enroll'
    refused(careid('totp', 'enroll', 'cred1'), 'already')
    with open(host.DIRECTORY, 'rb') as file:
        assert again.encode() not in file.read()
    assert again not in run('careid', 'audit', 'show', '--json').stdout
    rotated = table('keys', 'rotate', '--yes')
    assert rotated and kinds('cred1') == {'totp'}
    assert careid('totp', 'remove', 'cred1', '--yes').returncode == DONE and kinds('cred1') == set()


def test_codes_are_issued_with_how_it_was_checked_and_shown_once(account):
    refused(careid('code', 'issue', 'cred1'), '--checked', USAGE)
    refused(careid('code', 'issue', 'cred1', '--checked', 'passport', '--hours', '25'), '1 to 24')
    refused(careid('code', 'issue', 'cred1', '--checked', 'letter', '--activation', '--hours', '3'), 'seven days', USAGE)
    told = careid('code', 'issue', 'cred1', '--checked', 'passport, at the desk', '--hours', '2')
    assert told.returncode == DONE and re.fullmatch(r'[a-hjkmnp-z2-9]{5}-[a-hjkmnp-z2-9]{5}\n', told.stdout), told
    act, about, detail = last_act()
    assert act == 'code.issue' and about.startswith('account:') and 'passport, at the desk' in detail
    assert told.stdout.strip() not in run('careid', 'audit', 'show', '--json').stdout
    (issued,) = table('code', 'issue', 'cred1', '--checked', 'letter', '--activation')
    assert issued['kind'] == 'activation' and issued['account'] == 'cred1'
    assert kinds('cred1') == {'temporary', 'activation'}
    rows = {row['kind']: row for row in table('credentials', 'cred1')}
    assert rows['temporary']['basis'] == 'passport, at the desk' and rows['activation']['until'] == issued['until']
    with open(host.DIRECTORY, 'rb') as file:
        assert issued['code'].replace('-', '').encode() not in file.read()


def test_externals_are_exempt_on_request_and_until_a_day(account):
    words = ('--requested-by', 'The clinic', '--why', 'bookkeeping')
    refused(careid('exempt', 'add', 'ext1', *words), '--until', USAGE)
    refused(careid('exempt', 'add', 'ext1', *words, '--until', '2020-01-01'), 'until')
    refused(careid('exempt', 'add', 'cred1', *words, '--until', '2099-12-31'), 'external')
    assert careid('exempt', 'add', 'ext1', *words, '--until', '2099-12-31').returncode == DONE
    (row,) = table('exempt', 'list')
    assert (row['account'], row['requested_by'], row['reason'], row['until'], row['state']) == ('ext1', 'The clinic', 'bookkeeping', '2099-12-31', 'valid')
    refused(careid('exempt', 'add', 'ext1', *words, '--until', '2099-12-31'), 'already')
    assert careid('exempt', 'remove', 'ext1', '--yes').returncode == DONE
    assert [row['state'] for row in table('exempt', 'list', 'ext1')] == ['ended']


def test_an_outage_begins_for_a_time_and_ends(account):
    refused(careid('outage', 'begin', '--yes'), '--reason', USAGE)
    refused(careid('outage', 'begin', '--reason', 'BankID is down', '--hours', '73', '--yes'), '1 to 72')
    refused(careid('outage', 'end', '--yes'), 'none stands')
    told = careid('outage', 'begin', '--reason', 'BankID is down', '--hours', '2', '--yes')
    assert told.returncode == DONE and re.fullmatch(r'outage until \S+Z\n', told.stdout), told
    refused(careid('outage', 'begin', '--reason', 'again', '--yes'), 'already')
    assert [(row['reason'], row['state']) for row in table('outage', 'status')] == [('BankID is down', 'valid')]
    assert careid('outage', 'end', '--yes').returncode == DONE
    assert [row['state'] for row in table('outage', 'status')] == ['ended'] and last_act()[0] == 'outage.end'


def test_who_has_no_e_id_and_who_no_way_without_one(account):
    """By unit; a number, or a password with a second factor, takes somebody off the list."""
    def unbound():
        return {row['account']: row for row in table('retire', 'status')}

    def unready():
        return {row['account']: row['missing'] for row in table('outage', 'ready')}

    assert unbound()['cred1']['unit'] == account['unit'] and 'nurse1' not in unbound()
    assert unready()['cred1'] == 'password' and unready()['nurse1'] == 'password'
    assert careid('password', 'set', 'cred1', text=f'{GOOD}\n').returncode == DONE
    assert unready()['cred1'] == 'second-factor' and unbound()['cred1']['credentials'] == 'password'
    careid('contact', 'set', account['staff'], 'mail', '--quiet', text='cred@example.org\n')
    assert 'cred1' not in unready() and unbound()['cred1']['credentials'] == 'password mail'
    assert {row['account'] for row in table('retire', 'status', account['unit'])} >= {'cred1'}
    refused(careid('retire', 'status', 'nowhere'), 'nothing of that name')


def test_only_root_does_any_of_it(account):
    for words in (('credentials',), ('password', 'set', 'cred1'), ('totp', 'remove', 'cred1', '--yes'), ('code', 'issue', 'cred1', '--checked', 'x'),
                  ('exempt', 'list'), ('outage', 'status'), ('retire', 'status')):
        told = subprocess.run(['runuser', '-u', 'nobody', '--', 'careid', *words], input='', capture_output=True, text=True, check=False)
        assert told.returncode != DONE and told.stdout == '', (words, told)


def test_who_leaves_has_nothing_left(account):
    """The last: cred1 leaves."""
    assert kinds('cred1') == {'password', 'temporary', 'activation', 'mail'}
    told = careid('leave', account['staff'], '--yes')
    assert told.returncode == DONE and 'passwords, TOTPs, codes and exemptions that are gone: 3' in told.stdout, told
    assert kinds('cred1') == {'mail'} and c.rows('SELECT hash FROM password') == []
    refused(careid('password', 'set', 'cred1', text=f'{GOOD}\n'), 'archived')
