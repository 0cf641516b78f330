# SPDX-License-Identifier: LGPL-2.1-or-later
# test_directory.py - the care directory locked, damaged, of the wrong owner, without its keys, newer, or left in the middle
"""A log-in meets the same; it is refused with a message, its reason is in the journal, and nothing that was written is lost.
Snapshots are as much the directory's: forged and damaged ones give no wrong answer."""

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import time

import host
import pytest
from host import DIRECTORY, KEYS, ROLES, STATE, Journal, Terminal, run, works

OUT_OF_ORDER = r'Log-in with e-ID is out of order on this computer'

pytestmark = pytest.mark.usefixtures('clinic')


@contextlib.contextmanager
def changed(path, owner=None, mode=None):
    before = os.stat(path)
    try:
        if owner:
            run('chown', owner, path)
        if mode is not None:
            os.chmod(path, mode)
        yield
    finally:
        os.chown(path, before.st_uid, before.st_gid)
        os.chmod(path, before.st_mode & 0o7777)


@contextlib.contextmanager
def locked():
    """Another writer that does not let go, as a backup or a stuck tool would."""
    other = sqlite3.connect(DIRECTORY, isolation_level=None)
    other.execute('PRAGMA locking_mode = EXCLUSIVE')
    other.execute('BEGIN EXCLUSIVE')
    try:
        yield
    finally:
        other.execute('ROLLBACK')
        other.close()
        run('chown', '-R', '_careid:_careid', STATE)            # what SQLite made as root


@contextlib.contextmanager
def from_a_newer_careid():
    """The same directory after a migration that this program doesn't know."""
    with host.kept(DIRECTORY):
        other = sqlite3.connect(DIRECTORY)
        other.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        version = other.execute('PRAGMA user_version').fetchone()[0]
        other.execute(f'PRAGMA user_version = {version + 1}')
        other.commit()
        other.close()
        run('chown', '-R', '_careid:_careid', STATE)
        yield
    for name in ('-wal', '-shm'):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(DIRECTORY + name)


@contextlib.contextmanager
def emptied():
    """A key file of the right owner and mode with nothing in it."""
    with host.truncated(KEYS + '/number-hmac.1', 0):
        yield


DISORDER = {
    'is gone': (lambda: host.gone(DIRECTORY), r'careid setup'),
    'has another first page': (lambda: host.damaged(DIRECTORY, 0, os.urandom(4096)), r'damaged|not a database'),
    'is another user\'s': (lambda: changed(DIRECTORY, 'root'), r'directory'),
    'can be read by others': (lambda: changed(DIRECTORY, mode=0o644), r'directory'),
    'can be written by others': (lambda: changed(DIRECTORY, mode=0o666), r'directory'),
    'lies in a folder that others can write': (lambda: changed(STATE, mode=0o777), r'directory|careid\.compiled'),
    'was written by a newer careid': (from_a_newer_careid, r'newer'),
    'has lost its keys': (lambda: host.gone(KEYS), r'keys'),
    'has lost the key of its numbers': (lambda: host.gone(KEYS + '/number-hmac.1'), r'keys?'),
    'has a key that others can read': (lambda: changed(KEYS + '/number-hmac.1', mode=0o444), r'keys?'),
    'has a key of another user': (lambda: changed(KEYS + '/number-hmac.1', 'root'), r'keys?'),
    'has an empty key': (emptied, r'keys?'),
}


@pytest.mark.parametrize('disorder', DISORDER)
def test_a_directory_out_of_order_refuses_log_ins_and_commands_and_works_when_mended(disorder, clinic):
    """The person is told that it is out of order, the administrator what: in the journal and by the command."""
    make, reason = DISORDER[disorder]
    journal = Journal()
    with make():
        with Terminal(['login', 'nurse1']) as terminal:
            terminal.wait_text(OUT_OF_ORDER, 20)
            terminal.wait_text(r'login: $', 15)
        assert re.search(f'careid-helper.*|{reason}', journal.text()) and re.search(reason, journal.text())
        told = run('careid', 'list', 'persons', check=False)
        assert told.returncode == 3, told
        assert told.stderr.startswith('careid: ') and told.stderr.count('\n') == 1, told.stderr
        check = run('careid', 'check', check=False)
        assert check.returncode != 0
    works(clinic)
    run('careid', 'audit', 'verify')


def test_a_directory_of_the_first_edition_is_brought_up_and_keeps_what_it_has(clinic):
    """As an older careid has left it: readers say what to do, careid setup does it, and so does the next log-in by itself."""
    def older():
        newer = f'{DIRECTORY}.newer'
        with contextlib.closing(sqlite3.connect(DIRECTORY)) as other:
            other.execute('PRAGMA journal_mode = DELETE')
        os.rename(DIRECTORY, newer)
        with contextlib.closing(sqlite3.connect(DIRECTORY)) as first:
            first.executescript(open('/src/directory/store/schema/0001.sql').read())
            first.execute('ATTACH ? AS newer', (newer,))
            triggers = first.execute("SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                first.execute(f'DROP TRIGGER {name}')
            for (table,) in first.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall():
                columns = ', '.join(row[1] for row in first.execute(f'PRAGMA main.table_info({table})'))
                first.execute(f'DELETE FROM main.{table}')
                first.execute(f'INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}')
            for _, trigger in triggers:
                first.execute(trigger)
            first.execute('PRAGMA user_version = 1')
            first.commit()
        os.unlink(newer)
        os.chmod(DIRECTORY, 0o600)
        run('chown', '-R', '_careid:_careid', STATE)

    people = run('careid', 'list', 'persons').stdout
    older()
    refused = run('careid', 'list', 'units', check=False)
    assert refused.returncode == 3 and 'careid setup' in refused.stderr, refused
    run('careid', 'setup')
    assert run('careid', 'list', 'persons').stdout == people
    older()
    works(clinic)
    assert run('careid', 'list', 'persons').stdout == people
    run('careid', 'audit', 'verify')


def test_a_directory_that_another_process_holds_is_a_refusal_in_time(clinic):
    """The log-in does not hang until the host's own limit; it says that it is out of order, and works when the lock is gone."""
    with locked():
        start = time.monotonic()
        with Terminal(['login', 'nurse1']) as terminal:
            terminal.wait_text(r'is out of order|is not possible right now', 30)
            assert time.monotonic() - start < 40         # login gives up after 50 s
            terminal.wait_text(r'login: $', 15)
        told = run('careid', 'unit', 'add', 'held', '--organisation', 'clinic', '--title', 'Held', check=False)
        assert told.returncode == 3 and 'nothing was changed, try again' in told.stderr
    assert 'held' not in run('careid', 'list', 'units').stdout
    works(clinic)


def test_a_directory_that_another_process_only_writes_to_does_not_stop_log_ins(clinic):
    """A writer's open transaction keeps nobody from reading."""
    other = sqlite3.connect(DIRECTORY, isolation_level=None)
    other.execute('BEGIN IMMEDIATE')
    try:
        works(clinic)
    finally:
        other.execute('ROLLBACK')
        other.close()
        run('chown', '-R', '_careid:_careid', STATE)


def test_commands_that_are_killed_lose_nothing_that_was_said_to_be_done(clinic):
    """kill -9 at any moment: each act is there with its audit entry or not at all, and the snapshots can be made to agree."""
    done, delay, nurse = [], 0.0, run('id', 'nurse1').stdout
    for n in range(40):
        name = f'k{n}'
        with subprocess.Popen(['careid', 'unit', 'add', name, '--organisation', 'clinic', '--title', f'Killed {n}'],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as act:
            with contextlib.suppress(subprocess.TimeoutExpired):
                if act.wait(delay) == 0:
                    done.append(name)
            act.send_signal(signal.SIGKILL)
        delay = 0.0 if done and done[-1] == name else delay + 0.002
    units = {u['name'] for u in json.loads(run('careid', 'list', 'units', '--json').stdout)['units']}
    assert set(done) <= units
    entries = [e for e in json.loads(run('careid', 'audit', 'show', '--json').stdout)['audit'] if '"Killed' in e['detail'] or '"k' in e['detail']]
    assert len([e for e in entries if e['act'] == 'unit.add']) == len([u for u in units if re.fullmatch(r'k\d+', u)])
    run('careid', 'audit', 'verify')
    assert run('id', 'nurse1').stdout == nurse, 'programs are told something else until the snapshots are made anew'
    run('careid', 'snapshot', 'rebuild')
    for name in units:
        assert run('getent', 'group', f'unit-{name}').returncode == 0
    assert len(done) < 40, 'none was killed in time'
    works(clinic)


def test_a_directory_with_changed_bytes_in_the_trail_is_found_out():
    """One entry rewritten behind careid's back: verify names the place and fails; put back, it verifies."""
    with host.kept(DIRECTORY):
        other = sqlite3.connect(DIRECTORY)
        other.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        triggers = [row[0] for row in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")]
        for name in triggers:
            other.execute(f'DROP TRIGGER "{name}"')
        other.execute("UPDATE audit SET detail = '{}' WHERE rowid = 3")
        other.commit()
        other.close()
        run('chown', '-R', '_careid:_careid', STATE)
        told = run('careid', 'audit', 'verify', check=False)
        assert told.returncode != 0 and '3' in told.stderr + told.stdout
    for name in ('-wal', '-shm'):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(DIRECTORY + name)
    run('careid', 'audit', 'verify')


# -- snapshots ----------------------------------------------------------------------------------------------------------

PUBLIC, DELTA, EPOCH = ROLES + '/public.snapshot', ROLES + '/public.delta', ROLES + '/epoch'


@contextlib.contextmanager
def linked(path, symbolic):
    with host.gone(path):
        (os.symlink if symbolic else os.link)(path + '.gone', path)
        yield


@contextlib.contextmanager
def flipped(path, at):
    with open(path, 'rb') as f:
        f.seek(at)
        byte = f.read(1)
    with host.damaged(path, at, bytes([byte[0] ^ 0x40])):
        yield


FORGERIES = {
    'is missing': lambda: host.gone(PUBLIC),
    'has no delta': lambda: host.gone(DELTA),
    'is empty': lambda: host.truncated(PUBLIC, 0),
    'is cut after the header': lambda: host.truncated(PUBLIC, 128),
    'is cut by a byte': lambda: host.truncated(PUBLIC, os.path.getsize(PUBLIC) - 1),
    'is longer by a byte': lambda: host.damaged(PUBLIC, os.path.getsize(PUBLIC), b'x'),
    'is another user\'s': lambda: changed(PUBLIC, 'root'),
    'is nobody\'s': lambda: changed(PUBLIC, 'nobody'),
    'can be written by its group': lambda: changed(PUBLIC, mode=0o664),
    'can be written by everybody': lambda: changed(PUBLIC, mode=0o666),
    'has a delta that can be written by everybody': lambda: changed(DELTA, mode=0o666),
    'has two names': lambda: linked(PUBLIC, False),
    'is a symbolic link': lambda: linked(PUBLIC, True),
    'has a byte changed in the header': lambda: flipped(PUBLIC, 12),
    'has a delta with a byte changed in the header': lambda: flipped(DELTA, 12),
    'lies in a folder of root\'s': lambda: changed(ROLES, 'root'),
    'lies in a folder that everybody can write': lambda: changed(ROLES, mode=0o777),
}
ASKED = (('getent', 'passwd', 'nurse1'), ('getent', 'group', 'unit-oak-nurse'), ('id', 'nurse1'), ('getent', 'initgroups', 'nurse1'))


@pytest.fixture(scope='module')
def right():
    return {words: run(*words).stdout for words in ASKED}


@pytest.mark.parametrize('forgery', FORGERIES)
def test_a_snapshot_that_is_not_to_be_believed_gives_no_answer_and_never_a_wrong_one(forgery, right):
    """No entry, no groups, no crash; local users and root are looked up as ever, and as fast."""
    with FORGERIES[forgery]():
        for words in ASKED:
            told = run(*words, check=False)
            if words[1] == 'initgroups':
                assert told.stdout.split()[1:] == [], (words, told)
            else:
                assert told.returncode > 0 and told.stdout == '', (words, told)
        start = time.monotonic()
        for words in (('id', 'root'), ('getent', 'passwd', 'root'), ('getent', 'passwd', '0'), ('getent', 'group', 'daemon'),
                      ('id', 'daemon'), ('getent', 'initgroups', 'daemon')):
            assert run(*words).returncode == 0
        assert time.monotonic() - start < 30
        assert run('careid', 'check', check=False).returncode != 0
    assert {words: run(*words).stdout for words in ASKED} == right


@pytest.mark.parametrize('path', [PUBLIC, DELTA])
def test_a_byte_that_has_changed_anywhere_never_makes_a_wrong_answer(path, right):
    """Each line and record has a checksum of its own: what is answered is right, what isn't is missing."""
    groups = set(re.findall(r'\d+\(([a-z-]+)\)', right[('id', 'nurse1')])) | {'nurse1'}
    size = os.path.getsize(path)
    for at in range(5, size, max(1, size // 40)):
        with flipped(path, at):
            for words in ASKED[:2]:
                told = run(*words, check=False)
                assert told.stdout in ('', right[words]) and (told.returncode == 0) == (told.stdout != ''), (at, told)
            told = run('id', 'nurse1', check=False)
            assert told.stdout == '' or set(re.findall(r'\d+\(([a-z-]+)\)', told.stdout)) | {'nurse1'} <= groups, (at, told)
            assert run('id', 'root').stdout.startswith('uid=0(root)')


def test_a_missing_epoch_is_no_wrong_answer_and_setup_brings_it_back(right):
    """It only tells running processes when to look again: without it the answers are right, or none."""
    with host.gone(EPOCH):
        for words in ASKED:
            told = run(*words, check=False)
            assert told.stdout in (right[words], '') or words[1] == 'initgroups'
        run('careid', 'snapshot', 'rebuild')
        assert os.path.exists(EPOCH)
        assert {words: run(*words).stdout for words in ASKED} == right


# Where nobody else sees it: the snapshots are on a disk that is full, and then on one that can't be written to.
NO_ROOM = r'''
mkdir /run/real
mount --bind "$1" /run/real
mount -t tmpfs -o "size=256k,mode=755,uid=$(stat -c %u "$1"),gid=$(stat -c %g "$1")" small "$1"
cp -a /run/real/. "$1"
ls -A "$1" >/run/before
! cat /dev/zero >"$1/filler" 2>/run/full
grep -q 'No space left' /run/full
careid assign nurse2 nurse oak && s=0 || s=$?
echo "full: $s"
id nurse2
careid snapshot verify || echo "behind"
rm "$1/filler"
ls -A "$1" | diff /run/before -
careid snapshot update
id nurse2
mount -o remount,ro "$1"
careid archive account nurse1 --yes && s=0 || s=$?
echo "read-only: $s"
id nurse1
mount -o remount,rw "$1"
careid snapshot update
id nurse1 || echo "gone"
ls -A "$1" | diff /run/before -
careid snapshot verify
umount /run/real
rmdir /run/real
'''


def test_a_full_disk_or_one_that_is_read_only_keeps_a_change_back_until_there_is_room_or_the_host_starts(right):
    """The act stands and says so; look-ups are as before, nothing is left lying; and what the host has missed comes at boot."""
    told = run('unshare', '-m', 'sh', '-euc', NO_ROOM, 'sh', ROLES, check=False)
    lines = re.sub(r'uid=\d+\((\w+)\).*', lambda found: f'{found[1]} {"unit-oak-nurse" in found[0]}', told.stdout).splitlines()
    said = [line for line in lines if re.match(r'full|read-only|nurse\d |behind|gone', line)]
    assert told.returncode == 0 and said == ['full: 3', 'nurse2 False', 'behind', 'nurse2 True', 'read-only: 3', 'nurse1 True', 'gone'], told

    # The host's own snapshots know nothing of either.
    assert 'unit-oak-nurse' not in run('id', 'nurse2').stdout and run('id', 'nurse1').stdout == right[('id', 'nurse1')]
    run('systemctl', 'start', 'careid-snapshot.service')
    assert 'unit-oak-nurse' in run('id', 'nurse2').stdout and run('id', 'nurse1', check=False).returncode != 0
    run('careid', 'snapshot', 'verify')
    run('careid', 'restore', 'account', 'nurse1')
    assert run('id', 'nurse1').stdout == right[('id', 'nurse1')]


WATCHER = '''
import grp, sys
for line in sys.stdin:
    try:
        print(grp.getgrnam(line.strip()).gr_gid, flush=True)
    except KeyError:
        print("none", flush=True)
'''


def test_rebuilding_repairs_and_a_running_process_sees_it(right):
    """A process that had the good snapshot open, asked while it was damaged, has the new one at its next look-up."""
    with subprocess.Popen(['python3', '-c', WATCHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        def ask(name):
            process.stdin.write(name + '\n')
            process.stdin.flush()
            return process.stdout.readline().strip()
        gid = ask('unit-oak')
        assert gid.isdigit()
        for path in (PUBLIC, DELTA):
            os.unlink(path)
        assert ask('unit-oak') in (gid, 'none')
        assert run('id', 'nurse1', check=False).returncode != 0
        run('careid', 'snapshot', 'rebuild')
        assert ask('unit-oak') == gid
        run('careid', 'unit', 'add', 'birch', '--organisation', 'clinic', '--title', 'Birch')
        assert ask('unit-birch').isdigit()
        process.stdin.close()
    assert {words: run(*words).stdout for words in ASKED} == right


# -- an older careid's ---------------------------------------------------------------------------------------------------

COMES_UP = '''set -eu
for place in /var/lib/careid /etc/careid/keys; do mount -t tmpfs -o mode=0700 careid "$place"; chown _careid:_careid "$place"; done
mount -t tmpfs -o mode=0755 careid /var/lib/careroles; chown _careid:_careid /var/lib/careroles
sqlite3 /var/lib/careid/directory.db 'PRAGMA journal_mode = WAL' > /dev/null
sqlite3 /var/lib/careid/directory.db < "$1"
sqlite3 /var/lib/careid/directory.db 'UPDATE assignment SET valid_until = NULL WHERE account = 1'
printf '%032d' 0 | tr 0 '\\021' > /etc/careid/keys/number-hmac.1
printf '%032d' 0 | tr 0 '\\042' > /etc/careid/keys/number-cipher.1
chmod 0600 /var/lib/careid/directory.db; chmod 0400 /etc/careid/keys/*; chown -R _careid:_careid /var/lib/careid /etc/careid/keys
getent -s careroles passwd anna && exit 4
careid setup > /dev/null
sqlite3 -readonly /var/lib/careid/directory.db 'PRAGMA user_version; PRAGMA integrity_check'
stat -c '%U %a' /var/lib/careid/directory.db
careid audit verify > /dev/null
careid snapshot update
careid snapshot verify > /dev/null
getent -s careroles passwd anna
id -Gn anna
careid module on chat --organisation oakclinic
careid archive unit oak --yes
careid snapshot verify > /dev/null
id -Gn anna
'''


def test_the_directory_of_an_older_careid_comes_up_with_everybody_in_it():
    """As its programs left it, by the command that the package runs; and what is done then is seen by the host."""
    old = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'unit', 'editions', '2.sql')
    told = run('unshare', '--mount', 'sh', '-c', COMES_UP, 'sh', old, check=False)
    lines = told.stdout.splitlines()
    assert told.returncode == 0 and lines[:3] == ['4', 'ok', '_careid 600'], told
    assert lines[3] == 'anna:x:2001000009:2001000000::/home/anna:/bin/bash' or lines[3].startswith('anna:*:2001000009:2001000000::'), told
    assert {'org-oakclinic', 'unit-oak', 'role-nurse', 'unit-oak-nurse'} <= set(lines[4].split()), told
    assert set(lines[-1].split()) == {'org-oakclinic'}, told
