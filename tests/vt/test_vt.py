# SPDX-License-Identifier: LGPL-2.1-or-later
# test_vt.py - log-ins at the console of a machine of its own: what the kernel and its fonts make of a code
"""The phone learns each code from a picture of the machine's screen."""

import json
import os
import re
import sys
import time

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'bankid'), os.path.join(HERE, '..', 'e2e')]

import terminals  # noqa: E402
from machine import Machine  # noqa: E402
from phone import Simulator  # noqa: E402

DEBIANS_FONT = '/usr/share/consolefonts/Lat15-Fixed16.psf.gz'
BLOCKS_FONT = '/usr/share/consolefonts/Uni2-VGA14.psf.gz'


@pytest.fixture(scope='module')
def phone():
    os.environ['NODE_PATH'] = '/node_modules'
    with Simulator('/root/bankid', '/run/lab/bankid', listen='127.0.0.1:8443', journal='/results/bankid.journal',
                   qr_max_age_ms=60000) as phone:
        yield phone


@pytest.fixture(scope='module')
def machine(phone):
    with Machine() as machine:
        print(f'booted in {machine.wait_boot():.1f} s')
        machine.wait_text('login:$', 600)
        print(f'first prompt after {time.monotonic() - machine.started:.1f} s')
        yield machine
        print(machine.run('journalctl', '-b', '--no-pager', '-t', 'careid-helper', '-t', 'login', check=False))


def ask(machine):
    """A name at the prompt."""
    machine.wait_text('login:$', 600)
    machine.type('nurse1\n')
    return time.monotonic()


def log_in(machine, phone, drawn, what):
    """Name, picture, phone, groups; then out again."""
    began = ask(machine)
    first = machine.wait_qr(300)
    seconds = time.monotonic() - began
    second = machine.wait_qr(300, other_than=[first])
    assert first.split('.')[1] == second.split('.')[1], 'another order'
    text = '\n'.join(machine.text())
    assert drawn(text), text
    code = re.search(r'Check code: ([A-Z0-9]{4})\b', text)[1]
    shown = phone.scan(machine.wait_qr(300))
    assert f'Check code: {code}' in shown['text'].splitlines() and 'Log-in: console' in shown['text'].splitlines(), shown
    machine.picture(re.sub('[ ,]+', '-', what))
    phone.approve('nurse-one', order=shown['order'])
    machine.wait_text(r'nurse1@[^\n]*\$$', 600)
    assert 'Check code' not in '\n'.join(machine.text()), 'a code that is over stands on the screen'
    machine.type('id\n')
    machine.wait_text(r'role-nurse\).*unit-oak-nurse\)', 300)
    machine.picture(re.sub('[ ,]+', '-', what) + '-in')
    terminals.row(host='login, agetty', terminal='Linux console, ' + what, size=machine.size(), theme='dark', decoded=True,
                  seconds=seconds, drawn='half blocks' if has_half_blocks(text) else 'whole cells', locale=terminals.letters(text.encode()))
    machine.type('exit\n')


def has_half_blocks(text):
    return '▀' in text and '▄' in text


def has_full_cells(text):
    """No glyph at all: the code is background."""
    return not re.search('[▀▄█]', text)


def test_with_80_columns_and_debians_font_it_says_what_to_do(machine):
    """The font has no half blocks and 25 rows have no room for more: words, a menu that can be left, a prompt again."""
    machine.run('setfont', DEBIANS_FONT)
    assert machine.size() == '80x25' and machine.finding('console') == 'WARN'
    ask(machine)
    text = ' '.join(' '.join(machine.wait_text('does not fit on this console.*90 x 46.*other choices', 600)).split())
    assert 'log in at another computer or over ssh' in text and 'half blocks' in text and '90 x 46' in text, text
    machine.picture('VGA-text-Lat15-Fixed16')
    assert machine.qr() is None
    machine.press('ret')
    machine.wait_text('c: cancel:$', 300)
    machine.type('l\n')
    machine.wait_text('does not fit on this console.*90 x 46.*other choices', 300)       # not a picture of question marks
    machine.press('ret')
    machine.wait_text('c: cancel:$', 300)
    machine.type('c\n')
    machine.wait_text('Login incorrect.*login:$', 600)
    terminals.row(host='login, agetty', terminal='Linux console, VGA text, Lat15-Fixed16', size='80x25', theme='dark', decoded=False,
                  drawn=terminals.words(text[text.find('The code does'):].encode()), locale=terminals.letters(text.encode()))


def test_with_80_columns_and_half_blocks_in_the_font_the_code_is_read(machine, phone):
    """The console is asked what its font has."""
    machine.run('setfont', BLOCKS_FONT)
    assert machine.size() == '80x28' and machine.finding('console') == 'OK'
    log_in(machine, phone, has_half_blocks, 'VGA text, Uni2-VGA14')


def test_on_a_framebuffer_with_debians_font_the_code_is_read(machine, phone):
    """The driver that Debian loads for a graphics card; with 160x50 there is room for whole cells."""
    machine.run('modprobe', 'bochs')
    machine.run('setfont', DEBIANS_FONT)
    columns, rows = map(int, machine.size().split('x'))
    assert columns >= 116 and rows >= 46, machine.size()
    log_in(machine, phone, has_full_cells, 'framebuffer, Lat15-Fixed16')


# Not installed: the packages are beside the tree.
AUDIT_TOOLS = '''set -eu
LD_LIBRARY_PATH=$(find /usr/lib/lab/audit -name '*.so.*' -printf '%h\\n' | sort -u | paste -sd:); export LD_LIBRARY_PATH
PATH=$PATH:/usr/lib/lab/audit/sbin:/usr/lib/lab/audit/usr/sbin
'''

AUDIT = AUDIT_TOOLS + '''
cp -r /usr/lib/lab/audit/etc/audit /etc/
mkdir -p /srv/clients /var/log/audit
mount -t tmpfs -o mode=0755 clients /srv/clients
mkdir /srv/clients/client-$1 /srv/clients/elsewhere
for file in client-$1/note client-$1/shut elsewhere/note; do echo kept > "/srv/clients/$file"; done
chgrp -R "client-$1" "/srv/clients/client-$1"
chmod 0600 "/srv/clients/client-$1/shut"
auditd
auditctl -R /usr/share/careid/audit.rules
'''

# As pam_loginuid(8) does it for who logs in.
LOGGED_IN = 'echo "$1" > /proc/self/loginuid; exec setpriv "--reuid=$1" "--regid=$2" --clear-groups -- cat "$3"'


def test_the_kernels_audit_and_our_rules_tell_who_opened_a_clients_file(machine):
    """X6: auditd writes what this kernel recorded by the rules as they are shipped, careid opened finds it: also what was refused."""
    person = machine.run('careid', 'person', 'add', '--quiet', text='Test\nClient\n').strip()
    client = machine.run('careid', 'client', 'add', person, '--organisation', 'clinic', '--quiet').strip()
    machine.run('sh', '-c', AUDIT, 'sh', client)
    uid, gid = (machine.run('id', what, 'nurse1').strip() for what in ('-u', '-g'))
    for file, status in ((f'client-{client}/note', 0), (f'client-{client}/shut', 1), ('elsewhere/note', 0)):
        machine.run('sh', '-c', f'sh -c \'{LOGGED_IN}\' sh {uid} {gid} /srv/clients/{file}; test $? = {status}')
    machine.run('cat', f'/srv/clients/client-{client}/note')                       # root, who has not logged in: no rule is about it
    machine.run('sh', '-c', f'{AUDIT_TOOLS}auditctl -m that-was-all')                # records come in their order
    until = time.monotonic() + 300
    while 'that-was-all' not in (log := machine.run('cat', '/var/log/audit/audit.log')) and time.monotonic() < until:
        time.sleep(0.2)
    rows = [row for row in json.loads(machine.run('sh', '-c', f'careid opened {client} --json 2>/root/said'))['opened'] if row['source'] == 'kernel']
    print(machine.run('cat', '/root/said'))
    here = f'/srv/clients/client-{client}'
    assert [(row['who'], row['what'], row['opened'], row['with'], row['path']) for row in rows] == [
        ('nurse1', client, 'yes', '/usr/bin/cat', f'{here}/note'), ('nurse1', client, 'no', '/usr/bin/cat', f'{here}/shut')], (rows, log)
