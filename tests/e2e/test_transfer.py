# SPDX-License-Identifier: LGPL-2.1-or-later
# test_transfer.py - careid import and export: a town in files, there and back, and files that are wrong
"""All of it or nothing, every mistake with file, line and column; nothing is waited for but an ordinary file."""

import contextlib
import errno
import fcntl
import json
import os
import signal
import sqlite3
import stat
import subprocess

import pytest
from host import DIRECTORY, ROLES, Terminal, eventually, run

DONE, REFUSED, USAGE = 0, 1, 2

pytestmark = pytest.mark.usefixtures('clinic')

TOWN = {
    'organisations': 'name,title,country,time_zone\nhill,Hill care,SE,Europe/Stockholm\n',
    'modules': 'organisation,module\nhill,chat\n',
    'units': 'name,organisation,title\nridge,hill,"Ridge, upper"\nvale,hill,Vale\n',
    'services': 'name,title,opens,module,external,lobby,number\nhill-chat,Chat,other,chat,no,no,\nhill-record,Record,record,,no,no,\n',
    'roles': 'name,title,kind,daily_planning\nminder,Minder,staff,no\nkin,Relative,relative,no\nself,Client,client,no\nfirm,Firm,external,no\n',
    'role-services': 'role,service\nkin,hill-chat\n',
    'persons': 'person,given_name,family_name,alias,language\nT-1,Test,One,,sv\nT-2,Test,Two,,\nT-3,Test,Three,,da\n',
    'accounts': 'name,person,organisation,kind,source,home,shell\nhill.one,T-1,hill,staff,careid,/home/hill.one,/bin/bash\n'
                'hill.kin,T-2,hill,relative,careid,/home/hill.kin,/bin/bash\n',
    'assignments': 'account,role,unit,from,until,weekdays,hours\nhill.one,minder,ridge,,,,\nhill.one,minder,vale,2026-01-01,2090-12-31,mon-fri,21:00-07:00\n',
    'clients': 'client,person,organisation\nhill-4,T-3,hill\n',
    'enrolments': 'client,unit,from,until\nhill-4,ridge,,\n',
    'grants': 'account,role,client,basis,document,checked_by,review_on,from,until\nhill.kin,kin,hill-4,consent,Folder 1,Test One,2090-06-01,,2090-12-31\n',
}


def careid(*words):
    return run('careid', *words, check=False)


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def last_entry():
    return json.loads(careid('audit', 'verify', '--json').stdout)


@pytest.fixture(scope='module')
def town(clinic, tmp_path_factory):
    folder = tmp_path_factory.mktemp('town')
    for kind, rows in TOWN.items():
        write(folder / f'{kind}.csv', rows)
    return folder


def test_a_town_is_imported_once_and_its_groups_are_there(town):
    """A dry run changes nothing, the import does, and a second one finds everything there."""
    rows = sum(text.count('\n') - 1 for text in TOWN.values())
    before = last_entry()
    assert careid('import', str(town), '--dry-run').returncode == DONE
    assert last_entry() == before
    told = careid('import', str(town), '--json')
    assert told.returncode == DONE and told.stderr == '', told
    assert json.loads(told.stdout) == {'import': [{'rows': str(rows), 'added': str(rows), 'unchanged': '0', 'passed_over': '0'}]}
    assert {'unit-ridge', 'unit-ridge-minder'} <= set(run('id', '-Gn', 'hill.one').stdout.split())
    assert 'client-hill-4' in run('id', '-Gn', 'hill.kin').stdout.split()
    before = last_entry()
    told = careid('import', str(town))
    assert told.returncode == DONE and told.stdout == f'{rows} rows: 0 added, {rows} there already\n', told
    assert last_entry() == before


ELSEWHERE = '''set -eu
for place in /var/lib/careid /etc/careid/keys; do mount -t tmpfs -o mode=0700 careid "$place"; chown _careid:_careid "$place"; done
mount -t tmpfs -o mode=0755 careid /var/lib/careroles; chown _careid:_careid /var/lib/careroles
careid setup > /dev/null
'''
EMPTY = ELSEWHERE + '''careid import "$1" > /dev/null
careid export all --to "$2" --with-personal-numbers --quiet
'''


@pytest.fixture(scope='module')
def dead(town, tmp_path_factory):
    """Somebody of the town who has died, and could be reached."""
    folder = tmp_path_factory.mktemp('dead')
    write(folder / 'persons.csv', 'person,given_name,family_name\nDeparted-1,Test,Departed\n')
    write(folder / 'accounts.csv', 'name,person,organisation,kind\nhill.dead,Departed-1,hill,staff\n')
    write(folder / 'clients.csv', 'client,person,organisation\nhill-9,Departed-1,hill\n')
    assert careid('import', str(folder)).returncode == DONE
    person = json.loads(careid('show', 'account', 'hill.dead', '--json').stdout)['accounts'][0]['person']
    run('careid', 'contact', 'set', person, 'phone', text='+46 8 765 432 10\n')
    assert careid('died', person, '2026-01-01', '--yes').returncode == DONE


@pytest.mark.parametrize('form', ['csv', 'json'])
def test_exported_and_imported_into_an_empty_directory_it_is_the_same(form, town, dead, tmp_path):
    """The whole clinic too, with its numbers; byte for byte.  The files are root's alone, and nobody comes back alive by them."""
    here, there = tmp_path / 'here', tmp_path / 'there'
    told = careid('export', 'all', '--to', str(here), '--format', form, '--with-personal-numbers')
    assert told.returncode == DONE, told
    assert 'personal_numbers' in careid('audit', 'show', 'export').stdout
    assert 'left out: ' in told.stderr, told
    names = sorted(os.listdir(here))
    everything = b''.join((here / name).read_bytes() for name in names)
    assert b'T-2' in everything and not [word for word in (b'Departed', b'hill.dead', b'hill-9', b'876543210') if word in everything]
    assert f'identities.{form}' in names and f'grants.{form}' in names
    assert all(stat.S_IMODE(os.stat(here / name).st_mode) == 0o600 for name in names)
    told = careid('import', str(here))
    assert told.returncode == DONE and ': 0 added, ' in told.stdout, told
    run('unshare', '--mount', 'sh', '-c', EMPTY.replace('all --to', f'all --format {form} --to'), 'sh', str(here), str(there))
    assert sorted(os.listdir(there)) == names
    for name in names:
        assert (there / name).read_bytes() == (here / name).read_bytes(), name


def test_numbers_leave_only_where_they_are_asked_for(town, tmp_path):
    """Not a kind of its own, not among all, and never into a file that is there."""
    assert careid('export', 'identities', '--to', str(tmp_path / 'one')).returncode == REFUSED
    assert not os.listdir(tmp_path)
    assert careid('export', 'units', '--to', str(tmp_path / 'units')).returncode == DONE
    assert 'ridge,hill,"Ridge, upper"\n' in (tmp_path / 'units').read_text()


@pytest.fixture
def protected(town):
    """Somebody with an alias and a phone."""
    number = next(row['id'] for row in json.loads(careid('list', 'persons', '--json').stdout)['persons'] if row['name'] == 'Test Two')
    run('careid', 'contact', 'set', number, 'phone', text='+46 8 123 456 78\n')
    run('careid', 'person', 'protect', number, '--alias', text='T. T.\n')
    yield number
    run('careid', 'contact', 'remove', number, 'phone', '--yes')
    run('careid', 'person', 'unprotect', number, '--yes')


def test_an_export_that_fails_leaves_nothing_behind(protected, tmp_path):
    """Refused, with a full disk, or killed: no file, no directory.  Nor is anything written over, or through a link."""
    for kinds in ('persons', 'all'):
        told = careid('export', kinds, '--to', str(tmp_path / 'one'))
        assert told.returncode == REFUSED and 'persons, and all kinds together, are not exported' in told.stderr, told
    told = careid('export', 'all', '--to', str(tmp_path / 'all'), '--with-personal-numbers')
    assert told.returncode == REFUSED and '--reason: is needed' in told.stderr, told
    assert not os.listdir(tmp_path)
    told = careid('export', 'all', '--to', str(tmp_path / 'all') + '/', '--with-personal-numbers', '--reason', 'to a new host')
    assert told.returncode == DONE and 'to a new host' in careid('audit', 'show', 'export').stdout, told

    os.symlink(tmp_path / 'elsewhere', tmp_path / 'link')
    for words in (('all', '--to', str(tmp_path / 'all')), ('all', '--to', str(tmp_path / 'link')), ('units', '--to', str(tmp_path / 'link')),
                  ('units', '--to', str(tmp_path / 'all/units.csv'))):
        told = careid('export', *words)
        assert told.returncode == REFUSED and 'is there already; an export writes over nothing' in told.stderr, told
    assert sorted(os.listdir(tmp_path)) == ['all', 'link'] and os.path.getsize(tmp_path / 'all/units.csv')

    small = tmp_path / 'small'
    small.mkdir()
    run('mount', '-t', 'tmpfs', '-o', 'size=16k,mode=0700', 'small', str(small))
    try:
        told = careid('export', 'all', '--to', str(small / 'all'), '--with-personal-numbers', '--reason', 'to a new host')
        assert told.returncode != DONE and os.strerror(errno.ENOSPC) in told.stderr, told
        assert not os.listdir(small)
    finally:
        run('umount', str(small))


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_an_export_that_is_killed_leaves_nothing_behind(number, town, tmp_path):
    """By whatever can be heard, and its process that writes even by what can't; it can't end meanwhile, since nobody reads its sum."""
    reads, writes = os.pipe()
    fcntl.fcntl(writes, fcntl.F_SETPIPE_SZ, 4096)
    os.write(writes, b'x' * fcntl.fcntl(writes, fcntl.F_GETPIPE_SZ))
    told = subprocess.Popen(['careid', 'export', 'all', '--to', str(tmp_path / 'all')], stdout=writes, stderr=subprocess.PIPE, text=True)
    eventually(lambda: (tmp_path / 'all/units.csv').exists() and os.path.getsize(tmp_path / 'all/units.csv'), 30, 'units.csv')
    child = int(open(f'/proc/{told.pid}/task/{told.pid}/children').read())
    os.kill(child if number == signal.SIGKILL else told.pid, number)
    assert 'what had been written is removed' in told.communicate(timeout=60)[1]
    assert told.returncode != DONE and not os.listdir(tmp_path)
    os.close(reads)
    os.close(writes)


def test_secret_rows_that_others_can_read_are_told(town, tmp_path):
    """They are imported; links in a directory are not followed."""
    path = write(tmp_path / 'contacts.csv', 'person,kind,value\n')
    os.chmod(path, 0o644)
    assert 'not only its owner can read it' in careid('import', path).stderr
    assert careid('import', path, '--quiet').stderr == ''
    os.chmod(path, 0o600)
    assert careid('import', path).stderr == ''
    os.symlink(path, tmp_path / 'units.csv')
    told = careid('import', str(tmp_path))
    assert told.returncode == REFUSED and 'units.csv: is no ordinary file' in told.stderr, told


def test_a_kind_that_is_misspelt_is_told(town, tmp_path):
    """With the one that is meant, or with all there are, for what is no file either."""
    path = write(tmp_path / 'rows.csv', TOWN['units'])
    told = careid('import', 'unit', path)
    assert told.returncode == USAGE and 'is units meant?' in told.stderr, told
    told = careid('import', 'xyzzy', path)
    assert told.returncode == USAGE and 'say of which rows: organisations, modules, units' in told.stderr, told
    assert 'No such file' in careid('import', str(tmp_path / 'none.csv')).stderr


UNITS = b'name,organisation,title\n'
BAD = {
    'two mistakes': ('units', UNITS + b'ok1,hill,Fine\nBad,hill,X\nok2,nowhere,X\n',
                     [':3:1: name: is to be 1 to 16 of a-z and 0-9, a letter first', ':4:5: organisation: there is no nowhere; ',
                      '2 mistakes; nothing was changed']),
    'Latin-1': ('units', UNITS + b'ok1,hill,\xc5\n', [':2:10: the byte 0xC5 is no UTF-8; ']),
    'UTF-16': ('units', '\ufeffname,organisation,title\n'.encode('utf-16-le'), [':1:1: the byte 0xFF is no UTF-8; ']),
    'nothing': ('units', b'', [':1:1: the file is empty; ']),
    'cut off': ('units', UNITS + b'ok1,hill,"X', [':2:1: the file ends within quotation marks ']),
    'a quotation mark in the middle': ('units', UNITS + b'ok1,hill,5" pipe\n', [':2:11: a quotation mark in the middle: ']),
    'a missing column': ('units', b'name,organisation\nok1,hill\n', [':1:1: title: the column is missing']),
    'a column too many': ('units', UNITS[:-1] + b',colour\nok1,hill,X,red\n', [':1:25: colour: units have no such column; they have: ']),
    'a value too many': ('units', UNITS + b'ok1,hill,X,Y\n', [':2:1: the row has 4 values, the first line 3 columns']),
    'twice, and not the same': ('units', UNITS + b'ok1,hill,X\nok1,hill,Y\n', [':3:10: title: it is there already with another value']),
    'many': ('units', UNITS + b'X,hill,X\n' * 130, [':101:1: name: ', '... and 30 more', '130 mistakes; nothing was changed']),
    'dates backwards': ('assignments', b'account,role,unit,from,until\nhill.one,minder,vale,2090-02-01,2090-01-31\nhill.one,minder,vale,2090-02-30,\n',
                        [':2:33: until: is before the first day', ':3:22: from: is to be a date like ']),
    'references to nobody': ('assignments', b'account,role,unit\nnobody,minder,vale\nhill.one,major,vale\nhill.one,minder,moon\n',
                             [':2:1: account: ', ':3:10: role: ', ':4:17: unit: ']),
    'a person nobody knows': ('accounts', b'name,person,organisation,kind\nhill.two,T-99,hill,staff\n', [':2:10: person: there is no person with this key']),
    'a client nobody knows': ('enrolments', b'client,unit\nhill-99,vale\n', [':2:1: client: there is no hill-99']),
}
# What is nobody's name, as a unit's and as an account's.
NAMES = ['a:b', 'a\nb', 'a/b', '../a', '-a', '', ' a', 'a' * 300, '\u00e5', 'a\u202eb']


def bad_names(kind, header, row):
    """A file with each of them in a row, and how a line of what is said of it begins."""
    lines, at = [header], {}
    for name in NAMES:
        at[f':{"".join(lines).count(chr(10)) + 1}:1: '] = name
        lines.append('"' + name + '"' + row)
    return kind, ''.join(lines).encode(), list(at)


BAD['names of units'] = bad_names('units', 'name,organisation,title\n', ',hill,X\n')
BAD['names of accounts'] = bad_names('accounts', 'name,person,organisation,kind\n', ',T-1,hill,staff\n')
BAD['root'] = ('accounts', b'name,person,organisation,kind\nroot,T-1,hill,staff\n', [':2:1: name: this host has a user root already'])

BAD['K8'] = ('role-services', b'role,service\nminder,hill-record\nkin,hill-record\nself,hill-record\nfirm,hill-record\n',
             [f':{line}:1: a client, relative or external never reaches a record service' for line in (3, 4, 5)] + ['3 mistakes; nothing was changed'])
BAD['JSON: K8'] = ('role-services', b'[{"role": "kin", "service": "hill-chat"},\n {"role": "kin", "service": "hill-record"}]',
                   [':2:2: a client, relative or external never reaches a record service'])
BAD['JSON: two mistakes'] = ('units', b'[{"name": "ok1", "organisation": "hill", "title": "Fine"},\n {"name": "Bad", "organisation": "hill", "title": "X"},\n'
                             b' {"name": "ok2", "organisation": "nowhere", "title": "X"}]',
                             [':2:3: name: is to be 1 to 16 of a-z and 0-9, a letter first', ':3:18: organisation: there is no nowhere; ',
                              '2 mistakes; nothing was changed'])
BAD['JSON: Latin-1'] = ('units', b'[{"name": "ok1", "organisation": "hill", "title": "\xc5"}]', [':1:52: the byte 0xC5 is no UTF-8; '])
BAD['JSON: cut off'] = ('units', b'[{"name": "ok1", "organisation": "hill"', [':1:40: the file ends within a row; was it cut off?'])
BAD['JSON: a column that there is not'] = ('units', b'[{"name": "ok1", "organisation": "hill", "titel": "X"}]',
                                          [':1:42: titel: units have no such column; is title meant?'])
BAD['JSON: no string'] = ('units', b'[{"name": ["ok1"], "organisation": "hill", "title": "X"}]', [':1:3: name: is to be a string'])


@pytest.mark.parametrize('what', BAD)
def test_a_file_that_is_wrong_changes_nothing(what, town, tmp_path):
    """Each mistake is a line with its place, and the good rows beside it are not taken either."""
    kind, content, says = BAD[what]
    is_json = content.startswith(b'[')
    path = write(tmp_path / (f'{kind}.json' if is_json else f'{kind}.csv'), content)
    before = last_entry()
    told = careid('import', *([kind] if is_json else []), path)
    assert told.returncode == REFUSED and told.stdout == '', told
    for text in says:
        assert (path + text if text.startswith(':') else text) in told.stderr, told.stderr[-1000:]
    assert len(told.stderr.splitlines()) <= 103
    assert last_entry() == before


@pytest.mark.parametrize('words', [('unit', 'add', '--organisation', 'hill', '--title', 'X'),
                                   ('account', 'add', '--person', '1', '--organisation', 'hill', '--kind', 'staff')], ids=lambda w: w[0])
def test_what_is_no_name_is_refused_to_commands_too(words, town):
    """With a line that is clean whatever was typed, and nothing is changed."""
    before = last_entry()
    for name in [*NAMES, *(('root', 'daemon') if words[0] == 'account' else ())]:
        told = careid(*words, '--', name)
        assert told.returncode in (REFUSED, USAGE) and told.stderr.startswith('careid: '), (name, told)
        assert told.stderr.count('\n') == 1 and '\u202e' not in told.stderr, (name, told)
    assert last_entry() == before


def test_what_spreadsheets_write_is_read(town, tmp_path):
    """A byte order mark, CRLF, empty lines, semicolons, quotation marks, columns in another order; of the mark it is said, but not to --quiet."""
    path = write(tmp_path / 'units.csv', b'\xef\xbb\xbftitle;name;organisation\r\n\r\n"Glen; ""lower""";glen;hill\r\n')
    told = careid('import', path, '--dry-run')
    assert told.returncode == DONE and f'{path}:1:1: the file begins with a byte order mark' in told.stderr, told
    told = careid('import', path, '--quiet')
    assert (told.returncode, told.stdout, told.stderr) == (DONE, '', ''), told
    careid('export', 'units', '--to', str(tmp_path / 'out.csv'))
    assert 'glen,hill,"Glen; ""lower"""\n' in (tmp_path / 'out.csv').read_text()


def test_a_line_of_four_gigabytes_is_refused_at_its_beginning(town, tmp_path):
    """In bounded memory and at once: the files are sparse, and careid has 600 MB of addresses."""
    path = write(tmp_path / 'units.csv', 'name,organisation,title\n' + 'x' * 70000)
    os.truncate(path, 4 << 30)
    told = run('prlimit', '--as=' + str(600 << 20), 'careid', 'import', 'units', path, check=False)
    assert told.returncode == REFUSED and f'{path}:2:1: the row is longer than 65536 bytes' in told.stderr, told
    path = write(tmp_path / 'zeros.csv', 'name,organisation,title\n')
    os.truncate(path, 4 << 30)
    told = run('prlimit', '--as=' + str(600 << 20), 'careid', 'import', 'units', path, check=False)
    assert told.returncode == REFUSED and f'{path}:2:1: a NUL byte: this is no text' in told.stderr, told


def test_what_is_no_ordinary_file_is_not_waited_for(town, tmp_path):
    """A pipe that nobody writes to, a device, a directory in the place of a file, a file with a wrong name, none."""
    os.mkfifo(tmp_path / 'pipe')
    for path, says in ((tmp_path / 'pipe', 'is no ordinary file'), ('/dev/zero', 'is no ordinary file'), (tmp_path, 'is no ordinary file'),
                       (tmp_path / 'none', 'none')):
        told = careid('import', 'units', str(path))
        assert told.returncode != DONE and says in told.stderr, told
    folder = tmp_path / 'folder'
    folder.mkdir()
    assert 'there is nothing to import in it' in careid('import', str(folder)).stderr
    write(folder / 'unit.csv', TOWN['units'])
    assert 'is units meant?' in careid('import', str(folder)).stderr
    told = run('runuser', '-u', 'nobody', '--', 'careid', 'import', 'units', str(town / 'units.csv'), check=False)
    assert told.returncode != DONE


def test_who_has_left_does_not_come_back_by_the_file_of_last_night(town, tmp_path):
    """It is a mistake that says what to do, or is passed over while the rest is carried out; only --ended again begins anew."""
    def files(name, more=''):
        folder = tmp_path / name
        folder.mkdir()
        write(folder / 'persons.csv', 'person,given_name,family_name\nL-1,Test,Leaver\nL-2,Test,Stays\n')
        write(folder / 'accounts.csv', 'name,person,organisation,kind\nhill.left,L-1,hill,staff\nhill.stays,L-2,hill,staff\n')
        write(folder / 'assignments.csv', 'account,role,unit,until\nhill.left,minder,ridge,\nhill.stays,minder,ridge,\n' + more)
        return str(folder)

    assert careid('import', files('one')).returncode == DONE
    person = json.loads(careid('show', 'account', 'hill.left', '--json').stdout)['accounts'][0]['person']
    assert careid('leave', person, '--yes').returncode == DONE
    before = last_entry()
    told = careid('import', files('two', 'hill.stays,minder,vale,\n'))
    assert told.returncode == REFUSED and last_entry() == before, told
    assert 'accounts.csv:2:1: it is there already, archived' in told.stderr and 'assignments.csv:2:1: it has ended since' in told.stderr, told
    assert '2 of them are about what has ended' in told.stderr and '--ended skip' in told.stderr, told
    told = careid('import', str(tmp_path / 'two'), '--ended', 'skip')
    assert told.returncode == DONE and told.stdout == '7 rows: 1 added, 4 there already, 2 passed over\n', told
    assert 'assignments.csv:2:1: passed over: it has ended since' in told.stderr, told
    assert 'unit-ridge' not in run('id', '-Gn', 'hill.left', check=False).stdout
    assert 'unit-vale' in run('id', '-Gn', 'hill.stays').stdout
    told = careid('import', str(tmp_path / 'two'), '--ended', 'skip', '--quiet')
    assert (told.returncode, told.stdout, told.stderr) == (DONE, '', ''), told

    number = next(row['id'] for row in json.loads(careid('list', 'assignments', 'hill.stays', '--json').stdout)['assignments'] if row['unit'] == 'vale')
    assert careid('unassign', number, '--yes').returncode == DONE
    path = write(tmp_path / 'assignments.csv', 'account,role,unit\nhill.stays,minder,vale\n')
    assert careid('import', path).returncode == REFUSED
    assert 'unit-vale' not in run('id', '-Gn', 'hill.stays').stdout
    assert careid('import', path, '--ended', 'maybe').returncode == USAGE
    assert careid('import', path, '--ended', 'again').stdout == '1 rows: 1 added, 0 there already\n'
    assert 'unit-vale' in run('id', '-Gn', 'hill.stays').stdout
    assert careid('import', path).returncode == DONE


def all_files(folder):
    """What stands in each file: an export, or the snapshots; the counter beside those counts writers, too."""
    found = {}
    for name in set(os.listdir(folder)) - {'epoch'}:
        with open(os.path.join(folder, name), 'rb') as f:
            found[name] = f.read()
    return found


def test_night_after_night_only_what_is_another_changes(town, tmp_path):
    """The same files twice change no byte; nights that fail lose nothing; one row that is another changes one row."""
    def export(name):
        assert careid('export', 'all', '--to', str(tmp_path / name), '--quiet').returncode == DONE
        return {row for text in all_files(tmp_path / name).values() for row in text.decode().splitlines()}

    def night(until, more=''):
        write(folder / 'persons.csv', 'person,given_name,family_name\nN-1,Test,Night\nN-2,Test,Day\n' + more)
        write(folder / 'accounts.csv', 'name,person,organisation,kind\nhill.night,N-1,hill,staff\nhill.day,N-2,hill,staff\n')
        write(folder / 'assignments.csv', f'account,role,unit,until\nhill.night,minder,ridge,{until}\nhill.day,minder,vale,\n')
        return careid('import', str(folder))

    folder = tmp_path / 'night'
    folder.mkdir()
    assert careid('import', str(town)).returncode == DONE
    told = night('2090-06-30')
    assert told.returncode == DONE and told.stdout == '6 rows: 6 added, 0 there already\n', told
    first, snapshots, rows = last_entry(), all_files(ROLES), export('one')

    told = night('2090-06-30')
    assert told.returncode == DONE and told.stdout == '6 rows: 0 added, 6 there already\n', told
    after_export = last_entry()                                 # that it was exported is an entry, too
    told = night('2090-06-30')
    assert told.returncode == DONE and last_entry() == after_export != first and all_files(ROLES) == snapshots

    told = night('2091-06-30', 'N-3,Test,Tonight\nN-4,"Test,Cut\n')
    assert told.returncode == REFUSED and 'persons.csv:5' in told.stderr, told
    with contextlib.closing(sqlite3.connect(DIRECTORY, isolation_level=None)) as other:
        other.execute('BEGIN IMMEDIATE')
        told = night('2091-06-30', 'N-3,Test,Tonight\n')
        assert told.returncode not in (DONE, USAGE), told
        other.execute('ROLLBACK')
    assert last_entry() == after_export and all_files(ROLES) == snapshots
    assert 'unit-ridge' in run('id', '-Gn', 'hill.night').stdout

    uid = run('id', '-u', 'hill.night').stdout
    told = night('2091-06-30', 'N-3,Test,Tonight\n')
    assert told.returncode == DONE and told.stdout == '7 rows: 2 added, 5 there already\n', told
    now = export('two')
    assert {row for row in now - rows} == {'N-3,Test,Tonight,,', 'hill.night,minder,ridge,,2091-06-30,,'}, now - rows
    assert {row for row in rows - now} == {'hill.night,minder,ridge,,2090-06-30,,'}, rows - now
    assert run('id', '-u', 'hill.night').stdout == uid and 'unit-ridge' in run('id', '-Gn', 'hill.night').stdout
    assert night('2091-06-30', 'N-3,Test,Tonight\n').stdout == '7 rows: 0 added, 7 there already\n'


def test_whoever_waits_sees_how_far_it_is(town, tmp_path):
    """On a terminal there is a bar, and it is gone when the sum is said; on a narrow one there is as much as fits."""
    header, rows = 'person,given_name,family_name\n', [f'W-{n},Test,Many\n' for n in range(100000)]
    path = write(tmp_path / 'many.csv', header + ''.join(rows))
    with Terminal(['unshare', '--mount', 'sh', '-c', ELSEWHERE + 'exec careid import persons "$1"', 'sh', path]) as terminal:
        assert terminal.wait_exit(300) == DONE
        assert b'] ' in terminal.output and b' %  ' in terminal.output and b' rows, ' in terminal.output
        assert '100000 rows: 100000 added, 0 there already' in terminal.text
    path = write(tmp_path / 'persons.csv', header + ''.join(rows[:20000]))
    with Terminal(['sh', '-c', f'stty cols 40; exec careid import persons {path} --dry-run'], columns=40) as terminal:
        assert terminal.wait_exit(120) == DONE
        assert b' %\x1b[K' in terminal.output and b'[#' not in terminal.output and b' rows, ' not in terminal.output
