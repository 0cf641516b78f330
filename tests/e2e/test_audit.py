# SPDX-License-Identifier: LGPL-2.1-or-later
# test_audit.py - the hashes of the audit trail leave by the journal, whoever commits, and nobody else's lines count
"""What the journal has is compared with the trail; a line that somebody else writes is none of it."""

import json
from pathlib import Path

import clinic as c
import host
import pytest
from clinic import Screen, eventually, rows
from host import run

AUDIT = 'cc49d5658d824edaa27bc7694ee4470e'

pytestmark = pytest.mark.usefixtures('clinic')


def lines(*of):
    """What the journal has of the trail: number to hash, of lines that root or the system user has written."""
    uid = run('id', '-u', '_careid').stdout.strip()
    told = run('journalctl', '-o', 'json', f'MESSAGE_ID={AUDIT}', f'_UID={uid}', *of, check=False).stdout
    return {int(line['CAREID_AUDIT_SEQUENCE']): line['CAREID_AUDIT_HASH'] for line in map(json.loads, told.splitlines())}


def newest():
    return rows('SELECT sequence, lower(hex(hash)) AS hash FROM audit ORDER BY sequence DESC LIMIT 1')[0]


def test_the_newest_hash_of_every_commit_is_in_the_journal_and_compared():
    """One act, one line; verify --journal finds it in the trail, and nothing that another user writes."""
    run('careid', 'person', 'add', text='Test\nAudit\n')
    last = newest()
    assert eventually(lambda: lines().get(last['sequence']) == last['hash'], what='the hash in the journal')
    whole = run('careid', 'audit', 'verify', '--journal')
    assert 'kept elsewhere' in whole.stdout

    # Anybody may write a line that looks alike.
    of = rows('SELECT host_id FROM meta')[0]['host_id']
    forged = '\n'.join(['MESSAGE=audit 999999999 forged', f'MESSAGE_ID={AUDIT}', 'CAREID_AUDIT_SEQUENCE=999999999',
                        f'CAREID_AUDIT_HASH={"0" * 64}', f'CAREID_HOST_ID={of}', ''])
    host.as_user('nurse1', 'logger', '--journald', text=forged)
    assert eventually(lambda: run('journalctl', '-o', 'cat', 'CAREID_AUDIT_SEQUENCE=999999999', check=False).stdout,
                      what='the forged line')
    assert run('careid', 'audit', 'verify', '--journal').stdout == whole.stdout

    # As careid-audit(8) has it of a host that keeps the journal of others.
    assert json.loads(run('careid', 'audit', 'verify', '--json').stdout)['audit'][0]['host_id'] == of
    uid = run('id', '-u', '_careid').stdout.strip()
    kept = run('journalctl', '-o', 'cat', f'MESSAGE_ID={AUDIT}', f'CAREID_HOST_ID={of}', '_UID=0', f'_UID={uid}').stdout
    Path('/run/anchors').write_text(''.join(line.removeprefix('audit ') + '\n' for line in kept.splitlines()))
    assert 'kept elsewhere' in run('careid', 'audit', 'verify', '--anchor', '/run/anchors').stdout


def test_a_log_in_leaves_its_hash_too(clinic, watch):
    """The helper commits, and the helper writes the line."""
    before = newest()['sequence']
    with Screen(c.login('nurse1'), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-one', order=shown['order'])
        c.eventually(watch.logins, 30, what='the record of the log-in')
    written = eventually(lambda: {n: h for n, h in lines('_COMM=careid-helper').items() if n > before}, what="the helper's line")
    for number, digest in written.items():
        assert rows(f'SELECT lower(hex(hash)) AS hash FROM audit WHERE sequence = {number}')[0]['hash'] == digest
    assert run('careid', 'audit', 'verify', '--journal').returncode == 0


def test_a_head_of_a_ward_reviews_what_is_theirs_without_root():
    """What was drawn for them, and who works at their ward; not themselves, nor another ward."""
    head = c.add_account('reviewer1')
    run('careid', 'mandate', 'give', head, 'grant', '--organisation', 'clinic', '--unit', 'oak')
    run('careid', 'audit', 'sample', '--count', '1', '--reviewer', head)
    mine = json.loads(host.as_user('reviewer1', 'careid', 'review', 'list', '--mine', '--json', timeout=100).stdout)['reviews']
    drawn, = (item['id'] for item in mine if item['id'].startswith('audit:'))
    assert not [item for item in mine if not item['id'].startswith('audit:')], mine
    host.as_user('reviewer1', 'careid', 'review', 'wrong', drawn, '--note', 'Not on duty', timeout=100)
    assert rows(f"SELECT outcome, reviewer FROM review WHERE what = 'audit' AND object = {drawn[6:]}") == [{'outcome': 'wrong', 'reviewer': int(head)}]

    def assignment(account):
        return json.loads(run('careid', 'list', 'assignments', account, '--json').stdout)['assignments'][-1]['id']

    c.add_account('elsewhere1', assigned=False)
    run('careid', 'assign', 'elsewhere1', 'nurse', 'elm')
    host.as_user('reviewer1', 'careid', 'review', 'right', f'assignment:{assignment("nurse1")}', timeout=100)
    for account in ('reviewer1', 'elsewhere1'):
        told = host.as_user('reviewer1', 'careid', 'review', 'right', f'assignment:{assignment(account)}', check=False, timeout=100)
        assert told.returncode == 1 and told.stderr.startswith('careid: '), told
    told = host.as_user('reviewer1', 'careid', 'audit', 'sample', '--count', '1', '--reviewer', head, check=False, timeout=100)
    assert told.returncode == 1 and 'root' in told.stderr, told
