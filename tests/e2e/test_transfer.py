# SPDX-License-Identifier: LGPL-2.1-or-later
# test_transfer.py - careid import and export: a town in files, there and back, and files that are wrong
"""All of it or nothing, every mistake with file, line and column; nothing is waited for but an ordinary file."""

import json
import os
import stat

import pytest
from host import Terminal, run

DONE, REFUSED, USAGE = 0, 1, 2

pytestmark = pytest.mark.usefixtures('clinic')

TOWN = {
    'organisations': 'name,title,country,time_zone\nhill,Hill care,SE,Europe/Stockholm\n',
    'modules': 'organisation,module\nhill,chat\n',
    'units': 'name,organisation,title\nridge,hill,"Ridge, upper"\nvale,hill,Vale\n',
    'services': 'name,title,opens,module,external,lobby,number\nhill-chat,Chat,other,chat,no,no,\n',
    'roles': 'name,title,kind,daily_planning\nminder,Minder,staff,no\nkin,Relative,relative,no\n',
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


EMPTY = '''set -eu
for place in /var/lib/careid /etc/careid/keys; do mount -t tmpfs -o mode=0700 careid "$place"; chown _careid:_careid "$place"; done
mount -t tmpfs -o mode=0755 careid /var/lib/careroles; chown _careid:_careid /var/lib/careroles
careid setup > /dev/null
careid import "$1" > /dev/null
careid export all --to "$2" --with-personal-numbers --quiet
'''


@pytest.mark.parametrize('form', ['csv', 'json'])
def test_exported_and_imported_into_an_empty_directory_it_is_the_same(form, town, tmp_path):
    """The whole clinic too, with its numbers; byte for byte.  The files are root's alone."""
    here, there = tmp_path / 'here', tmp_path / 'there'
    told = careid('export', 'all', '--to', str(here), '--format', form, '--with-personal-numbers')
    assert told.returncode == DONE, told
    assert 'personal_numbers' in careid('audit', 'show', 'export').stdout
    names = sorted(os.listdir(here))
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
    assert not os.path.getsize(tmp_path / 'one')
    told = careid('export', 'units', '--to', str(tmp_path / 'one'))
    assert told.returncode != DONE
    assert careid('export', 'units', '--to', str(tmp_path / 'units')).returncode == DONE
    assert 'ridge,hill,"Ridge, upper"\n' in (tmp_path / 'units').read_text()


BAD = {
    'two mistakes': (b'name,organisation,title\nok1,hill,Fine\nBad,hill,X\nok2,nowhere,X\n',
                     [':3:1: name: is to be 1 to 16 of a-z and 0-9, a letter first', ':4:5: organisation: there is no nowhere; ',
                      '2 mistakes; nothing was changed']),
    'Latin-1': (b'name,organisation,title\nok1,hill,\xc5\n', [':2:10: the byte 0xC5 is no UTF-8; ']),
    'nothing': (b'', [':1:1: the file is empty; ']),
    'cut off': (b'name,organisation,title\nok1,hill,"X', [':2:1: the file ends within quotation marks ']),
    'many': (b'name,organisation,title\n' + b'X,hill,X\n' * 130, [':101:1: name: ', '... and 30 more', '130 mistakes; nothing was changed']),
    'a long name': (b'name,organisation,title\n' + b'a' * 300 + b',hill,X\n', [':2:1: name: is to be 1 to 16 of a-z and 0-9']),
}


@pytest.mark.parametrize('what', BAD)
def test_a_file_that_is_wrong_changes_nothing(what, town, tmp_path):
    """Each mistake is a line with its place, and the good rows beside it are not taken either."""
    content, says = BAD[what]
    path = write(tmp_path / 'units.csv', content)
    before = last_entry()
    told = careid('import', 'units', path)
    assert told.returncode == REFUSED and told.stdout == '', told
    for text in says:
        assert (path + text if text.startswith(':') else text) in told.stderr, told.stderr[-1000:]
    assert len(told.stderr.splitlines()) <= 103
    assert last_entry() == before


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


def test_whoever_waits_sees_how_far_it_is(town, tmp_path):
    """On a terminal there is a bar, and it is gone when the sum is said."""
    path = write(tmp_path / 'persons.csv', 'person,given_name,family_name\n' + ''.join(f'W-{n},Test,Many\n' for n in range(20000)))
    with Terminal(['careid', 'import', 'persons', path, '--dry-run']) as terminal:
        assert terminal.wait_exit(120) == DONE
        assert b' %  ' in terminal.output and b' rows, ' in terminal.output
        assert '20000 rows: 20000 added, 0 there already' in terminal.text
