# SPDX-License-Identifier: LGPL-2.1-or-later
# test_audit.py - the hashes of the audit trail leave by the journal, whoever commits, and nobody else's lines count
"""What the journal has is compared with the trail; a line that somebody else writes is none of it."""

import json

import host
import pytest
from clinic import eventually, rows
from host import run

AUDIT = 'cc49d5658d824edaa27bc7694ee4470e'

pytestmark = pytest.mark.usefixtures('clinic')


def lines():
    """What the journal has of the trail: number to hash, of lines that root or the system user has written."""
    uid = run('id', '-u', '_careid').stdout.strip()
    told = run('journalctl', '-o', 'json', f'MESSAGE_ID={AUDIT}', f'_UID={uid}', check=False).stdout
    return {int(line['CAREID_AUDIT_SEQUENCE']): line['CAREID_AUDIT_HASH'] for line in map(json.loads, told.splitlines())}


def newest():
    return rows('SELECT sequence, lower(hex(hash)) AS hash FROM audit ORDER BY sequence DESC LIMIT 1')[0]


def test_the_newest_hash_of_every_commit_is_in_the_journal_and_compared():
    """One act, one line; verify --journal finds it in the trail, and nothing that another user writes."""
    run('careid', 'person', 'add', '--given-name', 'Test', '--family-name', 'Audit')
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


def test_a_log_in_leaves_its_hash_too(clinic):
    """The helper commits, and the helper writes the line."""
    before = newest()['sequence']
    host.works(clinic)
    eventually(lambda: newest()['sequence'] > before, what='an entry about the log-in')
    last = newest()
    assert eventually(lambda: lines().get(last['sequence']) == last['hash'], what='its hash in the journal')
