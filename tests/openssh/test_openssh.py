# SPDX-License-Identifier: LGPL-2.1-or-later
# test_openssh.py - log-ins over an sshd of the next release, which shows each message at once
"""This runs beside the machine, in its network: clients, pictures and BankID are out here, and the machine's root is
reached by a key. sshd counts refusals by address, so each test that is refused comes from one of its own."""

import contextlib
import itertools
import json
import os
import re
import shlex
import subprocess
import sys
import time

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'bankid'), os.path.join(HERE, '..', 'e2e')]

import clinic as c  # noqa: E402
import terminals  # noqa: E402
from phone import Simulator  # noqa: E402
from screen import Screen  # noqa: E402

ROOT = ['ssh', '-F', 'none', '-i', '/root/key', '-b', '127.0.0.100', '-o', 'UserKnownHostsFile=/dev/null', '-o',
        'StrictHostKeyChecking=no', '-o', 'LogLevel=ERROR', '-o', 'BatchMode=yes', 'root@127.0.0.1']


class Machine:
    """The machine's administrator."""

    def run(self, *words, check=True, text=None):
        done = subprocess.run([*ROOT, shlex.join(words)], input=text, capture_output=True, text=True, timeout=300, check=False)
        assert not check or done.returncode == 0, (words, done)
        return done.stdout

    @contextlib.contextmanager
    def live(self, *more):
        self.run('sed', '-i', f's/pam_eid.so/& {" ".join(["live=yes", *more])}/', '/etc/pam.d/common-auth')
        try:
            yield
        finally:
            self.run('sed', '-i', r's/\(pam_eid.so\) live=yes.*/\1/', '/etc/pam.d/common-auth')

    @contextlib.contextmanager
    def sshd(self, *lines):
        self.run('sh', '-c', 'cat >/etc/ssh/sshd_config.d/00test.conf; systemctl reset-failed ssh; systemctl restart ssh',
                 text=''.join(line + '\n' for line in lines))
        try:
            yield
        finally:
            self.run('sh', '-c', 'rm /etc/ssh/sshd_config.d/00test.conf; systemctl reset-failed ssh; systemctl restart ssh')

    def findings(self):
        told = json.loads(self.run('careid', 'check', '--json', check=False))
        return {f['what']: f['state'] for f in told['findings']}

    def cursor(self):
        return self.run('journalctl', '-n', '0', '--show-cursor', '-o', 'cat').split('-- cursor: ')[-1].strip()

    def wait_journal(self, cursor, pattern):
        """The first line that fits, old or new."""
        def found():
            self.run('journalctl', '--sync')
            return re.search(f'.*(?:{pattern}).*', self.run('journalctl', '-o', 'cat', '--after-cursor', cursor, check=False))
        return c.eventually(found, 120, what=f'{pattern} in the journal')[0]


@pytest.fixture(scope='module')
def phone():
    os.environ['NODE_PATH'] = '/node_modules'
    with Simulator('/root/bankid', '/run/lab/bankid', listen='127.0.0.1:8443', journal='/results/bankid.journal') as phone:
        yield phone


@pytest.fixture(scope='module')
def machine(phone):
    machine = Machine()
    print(machine.run('dpkg-query', '-W', '-f', '${Package} ${Version}\n', 'openssh-server', 'libc6', 'systemd', 'libpam-modules'))
    return machine


def ssh(account, command, source):
    """The machine's own client, through a session of its root's: what comes out is not touched on the way."""
    words = c.ssh(account, command, '-b', source)
    return [*ROOT[:-1], '-tt', ROOT[-1], 'LC_ALL=C.UTF-8 exec ' + shlex.join(words)]


def old_ssh(account, command, source, *options):
    """The client of the release before: OpenSSH 9.2."""
    return c.ssh(account, command, '-b', source, *options)


def refused(phone, source):
    """Somebody gives up on the phone."""
    with Screen(old_ssh('nurse1', 'id', source), columns=80, rows=40) as screen:
        shown = c.ssh_scan(screen, FakeClinic(phone))
        phone.refuse(order=shown['order'])
        assert c.ssh_approved(screen, 120) == 255, c.plain(screen)


class FakeClinic:
    """As much of a clinic as scanning takes."""

    def __init__(self, phone):
        self.phone = phone

    def scan(self, screen):
        return self.phone.scan_screen(screen, 60)


def test_sshd_is_one_that_shows_messages_at_once(machine):
    """Otherwise the rest would be of no use; careid check reads the release from the program itself."""
    release = re.search(r'OpenSSH_(\d+)\.(\d+)', machine.run('sh', '-c', 'sshd -V 2>&1'))
    assert tuple(map(int, release.groups())) >= (10, 3), release
    assert 'sshd-live' not in machine.findings()
    with machine.live():
        assert machine.findings()['sshd-live'] == 'OK'


def test_a_sudo_that_asks_modules_to_be_silent_shows_the_code(machine, phone):
    """sudo sets PAM_SILENT from 1.9.16 on, by itself: what a person must see to get in is shown all the same, at 80x24."""
    release = re.search(r'^Sudo version (\d+)\.(\d+)\.(\d+)', machine.run('sudo', '-V'))
    assert release and tuple(map(int, release.groups())) >= (1, 9, 16), release
    uid, gid = (machine.run('id', option, 'nurse1').strip() for option in ('-u', '-g'))
    sudo = ['setpriv', f'--reuid={uid}', f'--regid={gid}', '--init-groups', '--inh-caps=-all', 'env', 'USER=nurse1', 'sudo', '-k', 'id']
    with Screen([*ROOT[:-1], '-tt', ROOT[-1], 'LC_ALL=C.UTF-8 exec ' + shlex.join(sudo)], columns=80, rows=24) as screen:
        began = time.monotonic()
        screen.wait_qr(120, keep='/results/sudo-silent.png')
        seconds, seen = time.monotonic() - began, terminals.drawn(screen.output)
        shown = phone.scan_screen(screen, 120)
        for line in ('Account: nurse1', 'Log-in: sudo', 'Runs: id', 'Becomes: root'):
            assert line in shown['text'].splitlines(), shown['text']
        assert f'Check code: {c.check_code(screen)}' in shown['text'].splitlines()
        phone.approve('nurse-one', order=shown['order'])
        assert screen.wait_exit(120) == 0 and 'uid=0(root)' in c.plain(screen), c.plain(screen)
    terminals.row(host='sudo 1.9.16', terminal='xterm, ssh 10.3', size='80x24', theme='dark', decoded=True, seconds=seconds, **seen)


@pytest.mark.parametrize('size', ['80x24', '100x40'])
def test_live_codes_come_by_themselves_and_the_approval_ends_it(machine, phone, size):
    """Nothing is typed: not for the first code, not for the next, not at the end. At 80x24 all of it is on the screen."""
    columns, rows = map(int, size.split('x'))
    with machine.live(), Screen(ssh('nurse1', 'id; echo in', '127.0.0.2'), columns=columns, rows=rows) as screen:
        began = time.monotonic()
        codes = [screen.wait_qr(120)]
        seconds = time.monotonic() - began
        for _ in range(2):
            codes.append(screen.wait_qr(60, codes))
        times = [int(code.split('.')[2]) for code in codes]
        assert times == sorted(set(times)) and len({code.split('.')[1] for code in codes}) == 1, times
        code = c.check_code(screen)
        screen.screenshot(f'/results/live-{size}.png')
        seen = terminals.drawn(screen.output)
        assert seen['drawn'] == 'half blocks, 45 columns, no escapes', seen
        shown = phone.scan_screen(screen, 60)
        assert f'Check code: {code}' in shown['text'].splitlines() and 'From: 127.0.0.2' in shown['text'].splitlines()
        assert b'\x1b' not in screen.output and b'\\033' not in screen.output
        assert 'Enter' not in c.plain(screen), 'nobody can press it'
        beside = re.findall(r'Check code: \w{4}[▀▄█ \n]+Start the BankID', c.plain(screen).replace('\r', ''))
        assert len(beside) == 1, 'beside the first code, and not beside those that follow'
        phone.approve('nurse-one', order=shown['order'])
        assert screen.wait_exit(120) == 0, c.plain(screen)
        assert 'unit-oak-nurse' in c.plain(screen) and c.plain(screen).rstrip().endswith('in')
    terminals.row(host='sshd 10.3, live=yes', terminal='xterm, ssh 10.3', size=size, theme='dark', decoded=True, seconds=seconds,
                  **seen)


@pytest.mark.parametrize('option, size, theme, points, drawn', [
    ('light=yes', '80x24', 'light', 12, 'half blocks, 45 columns, no escapes, inverted'),
    ('larger=yes', '100x50', 'dark', 10, 'whole cells, 90 columns, no escapes'),
])
def test_live_codes_are_drawn_as_the_line_says(machine, phone, option, size, theme, points, drawn):
    """Nobody can turn them around or make them larger; on another ground a scanner reads them, too, with letters of 12 points."""
    columns, rows = map(int, size.split('x'))
    with machine.live(option), Screen(ssh('nurse1', 'id; echo in', '127.0.0.11'), columns=columns, rows=rows, theme=theme,
                                               font_size=points) as screen:
        began = time.monotonic()
        first = screen.wait_qr(120)
        seconds = time.monotonic() - began
        screen.wait_qr(60, [first])
        code, seen = c.check_code(screen), terminals.drawn(screen.output)
        assert seen['drawn'] == drawn, seen
        shown = phone.scan_screen(screen, 60)
        assert f'Check code: {code}' in shown['text'].splitlines()
        phone.approve('nurse-one', order=shown['order'])
        assert screen.wait_exit(120) == 0 and 'unit-oak-nurse' in c.plain(screen), c.plain(screen)
    terminals.row(host=f'sshd 10.3, live=yes {option}', terminal=f'xterm, DejaVu {points}, ssh 10.3', size=size, theme=theme, decoded=True, seconds=seconds,
                  **seen)


UNKNOWN = 'madeup'                      # nobody has it; as long as the other, since texts are wrapped


def shown_in_turn(screen, account):
    """What came, each text that is another than the one before it, without what differs from one log-in to the next: name, check
    code, pictures, the time that is left, and how many codes there were."""
    text = re.sub('[▀▄█ ]{20,}', ' ', c.plain(screen).replace(account, 'NAME').replace('\r', ''))
    text = re.sub(r'\b\d+:\d\d\b', 'TIME', text)
    texts = [re.sub(r'^: \w{4}\b', ': CODE', part) for part in text.split('Check code')]
    texts = ['\n'.join(line.strip() for line in part.splitlines() if line.strip()) for part in texts]
    return [part for part, _ in itertools.groupby(texts[:-1])]             # the last is under way


def test_live_a_name_that_nobody_has_is_shown_the_same(machine, phone):
    """Its codes come by themselves too, and are nobody's order."""
    told = {}
    with machine.live():
        for account in (UNKNOWN, 'nurse1'):
            since, codes = phone.status()['seq'], []
            with Screen(ssh(account, 'id', '127.0.0.10'), columns=80, rows=40) as screen:
                while len(codes) < 3:
                    codes.append(screen.wait_qr(120, codes))
                told[account] = shown_in_turn(screen, account)
                screen.type('\x03')
                assert screen.wait_exit(60) != 0
            orders = phone.journal(kind='order', event='created', since=since)
            assert len(orders) == (account == 'nurse1'), orders
            for order in orders:
                assert phone.wait_order_end(order['order'], 120)['outcome'] == 'cancelled'
    assert told[UNKNOWN] == told['nurse1'] and any(': CODE' in part and 'TIME' in part for part in told['nurse1']), told


def test_live_a_refusal_says_why_and_ends_it(machine, phone):
    """Somebody else approves: one sentence, no question, no session."""
    with machine.live(), Screen(ssh('nurse1', 'id', '127.0.0.3'), columns=80, rows=40) as screen:
        shown = phone.scan_screen(screen, 120)
        phone.approve('nurse-two', order=shown['order'])
        assert screen.wait_exit(120) == 255
        assert 'different person' in ' '.join(c.plain(screen).split()) and 'uid=' not in c.plain(screen)


def test_live_who_hangs_up_ends_the_order(machine, phone):
    """sshd ends the module, the helper cancels at BankID."""
    with machine.live(), Screen(ssh('nurse1', 'id', '127.0.0.4'), columns=80, rows=40) as screen:
        shown = phone.scan_screen(screen, 120)
        screen.type('\x03')
        assert screen.wait_exit(60) != 0
    assert phone.wait_order_end(shown['order'], 120)['outcome'] == 'cancelled'


def test_live_an_older_client_writes_the_code_as_numbers(machine, phone):
    """The words come, the code doesn't: why live=yes is for clients of that age, as pam_eid(8) says."""
    with machine.live(), Screen(old_ssh('nurse1', 'id', '127.0.0.5', '-o', 'LogLevel=INFO'), columns=80, rows=40) as screen:
        screen.wait_text(r'Start the BankID app', 120)
        numbers = screen.wait_text(r'(?:\\\d{3}){12,}', 120)[0]
        assert screen.qr() is None
        terminals.row(host='sshd 10.3, live=yes', terminal='xterm, ssh 9.2', size=screen.size, theme='dark', decoded=False,
                      drawn=terminals.words(numbers), locale=terminals.letters(numbers))
        screen.type('\x03')
        assert screen.wait_exit(60) != 0


@pytest.mark.parametrize('client', [ssh, old_ssh])
def test_without_live_each_enter_shows_the_newest_code(machine, phone, client):
    """With this sshd and its own client, or an older one, as with the sshd of Debian 12."""
    with Screen(client('nurse1', 'id; echo in', '127.0.0.6'), columns=80, rows=24) as screen:
        began = time.monotonic()
        screen.wait_text(r'Enter', 120)
        screen.type('\n')
        first = screen.wait_qr(120)
        seconds = time.monotonic() - began
        c.ssh_fresh(screen, [first], 60)
        shown = phone.scan_screen(screen, 60)
        seen = terminals.drawn(screen.output)
        phone.approve('nurse-one', order=shown['order'])
        assert c.ssh_approved(screen, 120) == 0, c.plain(screen)
        assert 'unit-oak-nurse' in c.plain(screen)
    terminals.row(host='sshd 10.3', terminal='xterm, ssh ' + ('10.3' if client is ssh else '9.2'), size='80x24', theme='dark',
                  decoded=True, seconds=seconds, **seen)


def test_what_a_refusal_costs_the_address_it_comes_from(machine, phone):
    """Five seconds of fifteen that are let pass, by default; where it is enough, colleagues behind the address are out."""
    with machine.sshd('LogLevel VERBOSE'):
        cursor = machine.cursor()
        refused(phone, '127.0.0.7')
        told = machine.wait_journal(cursor, r'127\.0\.0\.7/32 .*penalty')
        assert 'deferred penalty of 5.000 seconds' in told, told
    assert machine.findings()['sshd-penalties'] == 'WARN'
    with machine.sshd('LogLevel VERBOSE', 'PerSourcePenalties authfail:300'):
        cursor = machine.cursor()
        refused(phone, '127.0.0.7')
        machine.wait_journal(cursor, r'127\.0\.0\.7/32 .*penalty of 300')
        done = subprocess.run(old_ssh('nurse2', 'id', '127.0.0.7', '-o', 'LogLevel=INFO'), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=120, check=False)
        assert done.returncode == 255 and 'BankID' not in done.stdout + done.stderr, done
        with Screen(old_ssh('nurse2', 'id', '127.0.0.8'), columns=80, rows=24) as screen:
            screen.wait_text('BankID', 120)


def test_networks_of_ones_own_are_spared(machine, phone):
    """PerSourcePenaltyExemptList, as pam_eid(8) recommends and careid check asks for."""
    with machine.sshd('PerSourcePenalties authfail:300', 'PerSourcePenaltyExemptList 127.0.0.0/28'):
        assert machine.findings()['sshd-penalties'] == 'OK'
        refused(phone, '127.0.0.9')
        with Screen(old_ssh('nurse2', 'id', '127.0.0.9'), columns=80, rows=24) as screen:
            screen.wait_text('BankID', 120)


def test_snapshots_that_the_release_before_has_written_are_read(machine):
    """A host that has been upgraded, or that shares its snapshots: everybody and every group of a town, as their files say."""
    source, work = os.path.join(HERE, '..', '..'), '/run/lab/town'
    os.makedirs(f'{work}/snapshots')
    with open(f'{work}/places.h', 'w', encoding='ascii') as f:
        f.write('')
    subprocess.run(['gcc', '-std=gnu17', '-O1', '-D_GNU_SOURCE', f'-I{work}', *(f'-I{source}/{d}' for d in ('common', 'directory', 'directory/snapshots')), '-o',
                    f'{work}/make-county', f'{source}/tests/bench/make-county.c', *(f'{source}/directory/snapshots/snapshot-{part}.c' for part in (
                        'build', 'layout', 'look', 'write')), *(f'{source}/common/{name}.c' for name in (
                            'snapshot-file', 'file-io', 'trusted-file'))], check=True)
    subprocess.run([f'{work}/make-county', '1000', f'{work}/snapshots', work], check=True)
    # The page with the counter stays the machine's own: its processes have it.
    archive = subprocess.run(['tar', '-C', f'{work}/snapshots', '--exclude=./epoch', '--exclude=./.lock', '-cf', '-', '.'], stdout=subprocess.PIPE,
                             check=True).stdout
    try:
        subprocess.run([*ROOT, 'cd /var/lib/careroles && tar --no-overwrite-dir -xf - && chown _careid:_careid *'],
                       input=archive, check=True, timeout=300)
        for database in ('passwd', 'group'):
            with open(f'{work}/{database}', encoding='ascii') as f:
                rows = [line.rstrip('\n').split(':') for line in f]
            for key in (0, 2):
                told = machine.run('xargs', 'getent', database, text='\n'.join(row[key] for row in rows))
                hidden = {1, 3} if database == 'group' else {1}         # the password; who is in a group
                assert [[w for i, w in enumerate(line.split(':')) if i not in hidden] for line in told.splitlines()] == [
                    [w for i, w in enumerate(row) if i not in hidden] for row in rows]
        assert machine.run('id', '-Gn', 'p17').split() == ['org-o0', 'role-r1', 'unit-u0', 'unit-u0-r1']
    finally:
        machine.run('careid', 'snapshot', 'rebuild')
    assert 'unit-oak-nurse' in machine.run('id', '-Gn', 'nurse1').split()
