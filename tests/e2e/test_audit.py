# SPDX-License-Identifier: LGPL-2.1-or-later
# test_audit.py - the hashes of the audit trail leave by the journal, whoever commits, and nobody else's lines count
"""What the journal has is compared with the trail; a line that somebody else writes is none of it."""

import json
import re
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


def shown_files(page):
    """The files that a manual page displays, by the path that stands before each."""
    text = (Path(c.HERE) / '..' / '..' / 'man' / page).read_text()
    blocks = re.findall(r'^\.Pa (/\S+)(?: :)?\n(?:(?!\.Pa|\.Bd).*\n)*\.Bd -literal.*\n((?:.*\n)*?)\.Ed$', text, re.M)
    return {path: body.replace('\\e', '\\').replace('\\&', '') for path, body in blocks}


def test_what_waits_is_told_in_the_language_of_who_looks_and_carried_by_the_hosts_own_mail():
    """The files of careid-review(8), as they stand there: systemd finds nothing wrong with them, and each message reaches one person."""
    files = shown_files('careid-review.8')
    assert {Path(name).name for name in files} == {'review-mail', 'review-mail.service', 'review-mail.timer'}, files
    people = {}
    for language, words in (('sv', '2 saker väntar på att du ser på dem igen'), ('da', '2 ting venter på, at du ser på dem igen')):
        person = c.add_account(f'mailed{language}', language=language)
        run('careid', 'contact', 'set', person, 'mail', '--quiet', text=f'{language}@example.org\n')
        run('careid', 'audit', 'sample', '--count', '2', '--reviewer', person)
        people[person] = language, words
        text = run('careid', 'review', 'show', person).stdout
        assert words in text and text.count('audit:') == 2 and 'careid review list --mine' in text and f'mailed{language}' not in text, text
    due = {row['person']: row for row in json.loads(run('careid', 'review', 'due', '--json').stdout)['reviews']}
    assert all((due[p]['waiting'], due[p]['language']) == ('2', people[p][0]) for p in people), due
    told = run('careid', 'daily').stdout
    line = re.search(r'^reviews that wait: \d+; persons for whom: (\d+); the first since: \d{4}-\d\d-\d\d; ', told, re.M)
    assert line and int(line[1]) == len(due), told
    assert eventually(lambda: line[0] in run('journalctl', '-t', 'careid', '-o', 'cat').stdout, what='how much waits, in the journal')

    mails = Path('/root/mails')
    sendmail = Path('/usr/sbin/sendmail')
    kept = sendmail.read_bytes() if sendmail.exists() else None
    try:
        for name, body in files.items():
            Path(name).write_text(body)
        Path('/usr/local/sbin/review-mail').chmod(0o755)
        sendmail.write_text(f'#!/bin/sh\n{{ echo MAIL "$@"; cat; }} >>{mails}\n')
        sendmail.chmod(0o755)
        units = [name for name in files if name.startswith('/etc/systemd/')]
        verified = run('systemd-analyze', 'verify', *units, check=False)
        assert verified.returncode == 0 and 'review-mail' not in verified.stderr, verified
        run('systemctl', 'daemon-reload')
        run('systemctl', 'start', 'review-mail.service')
        sent = mails.read_text().split('MAIL -t\n')[1:]
        assert len(sent) >= len(people)
        for language, words in people.values():
            mine, = (mail for mail in sent if mail.startswith(f'To: {language}@example.org\n'))
            assert words in mine and 'Subject: careid review\n' in mine and mine.count('To: ') == 1, mine
    finally:
        for name in (*files, mails):
            Path(name).unlink(missing_ok=True)
        sendmail.unlink(missing_ok=True)
        if kept is not None:
            sendmail.write_bytes(kept)
            sendmail.chmod(0o755)
        run('systemctl', 'daemon-reload')
