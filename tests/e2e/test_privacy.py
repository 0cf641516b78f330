# SPDX-License-Identifier: LGPL-2.1-or-later
# test_privacy.py - after real log-ins: what must not be kept is nowhere on the host
"""Personal numbers, tokens of orders, check codes and names of people are looked for, byte by byte, wherever a log-in could
have left them: journal, logs, arguments and environments of all processes, snapshots, database, audit trail, core files."""

import contextlib
import glob
import json
import os
import re
import signal
import subprocess
import threading

import clinic as clinics
import host
import pytest
from clinic import Clinic
from host import DIRECTORY, ROLES, STATE, Talk, run, wire
from screen import Screen

NUMBERS = ('189001019802', '189001029819')


def forms(number):
    """The ways in which people and programs write a number."""
    long, short = number, number[2:]
    return [form.encode() for form in (long, short, long[:8] + '-' + long[8:], short[:6] + '-' + short[6:], short[:6] + '+' + short[6:])]


NUMBER_FORMS = [form for number in NUMBERS for form in forms(number)]


class Sampler:
    """Arguments and environments of every process, again and again while something happens."""

    def __init__(self):
        self.seen, self._end = set(), threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def _sample(self):
        while not self._end.wait(0.01):
            for path in glob.glob('/proc/[0-9]*/cmdline') + glob.glob('/proc/[0-9]*/environ'):
                with contextlib.suppress(OSError), open(path, 'rb') as f:
                    self.seen.add(f.read())

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()


class Happened:
    tokens, codes, orders = (), (), ()
    sampled = frozenset()


@pytest.fixture(scope='module')
def happened():
    """A log-in that is approved, one that somebody else approves, one for a name that nobody has, one by hand."""
    told = Happened()
    told.tokens, told.codes, told.orders = [], [], []
    with Sampler() as sampler, Clinic.prepare() as clinic:
        for account, person, good in (('nurse1', 'nurse-one', True), ('nurse1', 'nurse-two', False)):
            with Screen(clinics.ssh(account, 'true'), columns=80, rows=40) as screen:
                clinics.ssh_begin(screen)
                code = screen.wait_qr(30)
                shown = clinic.phone.scan(code)
                told.tokens.append(code.split('.')[1])
                told.codes.append(clinics.check_code(screen))
                told.orders.append(shown['order'])
                clinic.phone.approve(person, order=shown['order'])
                assert (clinics.ssh_approved(screen) == 0) == good
                assert not any(form in screen.output for form in NUMBER_FORMS)
        with Talk.through_socket(0, host.RUN + '/root.sock') as talk:
            told.codes.append(talk.verify('189001019802')['check_code'])       # typed in the wrong place
            talk.send(wire.START)
            told.tokens.append(talk.code().split('.')[1])
        with Talk.through_socket(0, host.RUN + '/root.sock') as talk:
            talk.send(wire.ACCOUNT, version=2, account='189001029819', service='login')
            assert talk.receive()
        with host.Terminal(['login', '189001019802']) as terminal:
            terminal.wait_text(r'Check code|login: $', 15)
        for command in (('list', 'persons'), ('list', 'logins'), ('audit', 'verify'), ('check',)):
            output = run('careid', *command, check=False).stdout.encode()
            assert not any(form in output for form in NUMBER_FORMS)
    host.eventually(lambda: not host.processes(), 20, 'the end of all helpers')
    told.sampled = sampler.seen
    run('journalctl', '--sync')
    return told


def secrets(happened):
    return NUMBER_FORMS + [t.encode() for t in happened.tokens] + [o.encode() for o in happened.orders if len(o) > 8]


def found(content, words):
    return [word for word in words if word in content]


def journal_entries():
    for line in run('journalctl', '-b', '--all', '-o', 'json', timeout=60).stdout.splitlines():
        yield json.loads(line)


def test_the_journal_has_log_ins_and_neither_numbers_nor_tokens(happened):
    """Of every unit and program since the machine started, in every field."""
    text = run('journalctl', '-b', '--all', '-o', 'export', timeout=60).stdout.encode()
    assert b'account nurse1' in text                        # it is the journal of these log-ins
    assert found(text, secrets(happened)) == []


def test_the_journal_has_neither_check_codes_nor_names_of_people(happened):
    """A check code in a log could be read out to a victim later; names are nobody's business there."""
    for entry in journal_entries():
        said = ' '.join(str(v) for k, v in entry.items() if k == 'MESSAGE' or k.startswith('CAREID_'))
        assert not re.search(r'Test Nurse|Nurse One|Nurse Two', said), said
        if entry.get('SYSLOG_IDENTIFIER') in ('careid-helper', 'sshd', 'login', 'careid'):
            assert not any(re.search(rf'\b{code}\b', said) for code in happened.codes), said


def files_below(*folders):
    for folder in folders:
        for path, _, names in os.walk(folder):
            for name in names:
                whole = os.path.join(path, name)
                if os.path.isfile(whole) and not os.path.islink(whole):
                    with open(whole, 'rb') as f:
                        yield whole, f.read()


def test_no_file_of_logs_or_caches_has_numbers_or_tokens(happened):
    """/var/log, /var/tmp, /var/lib/systemd, /run but for the lab's own, home folders."""
    for path, content in files_below('/var/log', '/var/tmp', '/var/lib/systemd', '/run/careid', '/run/careroles', '/run/log', '/home'):
        assert found(content, secrets(happened)) == [], path


def test_no_process_had_a_number_or_a_token_in_its_arguments_or_environment(happened):
    """Sampled every hundredth of a second from the setting up of the clinic on."""
    assert any(b'careid-helper' in seen for seen in happened.sampled)
    # login's own argument is what was typed at its prompt.
    bad = {seen for seen in happened.sampled if found(seen, secrets(happened)) and not seen.startswith(b'login\0')}
    assert not bad


def test_the_database_has_numbers_only_encrypted(happened):
    """Main file and write-ahead log, as bytes; with and without hyphen, ten digits and twelve; nor tokens, nor codes."""
    run('careid', 'list', 'persons')
    files = [path for path in glob.glob(DIRECTORY + '*') + glob.glob(STATE + '/*') if os.path.isfile(path)]
    assert DIRECTORY in files
    for path in files:
        with open(path, 'rb') as f:
            content = f.read()
        assert found(content, NUMBER_FORMS + [t.encode() for t in happened.tokens]) == [], path
        for number in NUMBERS:
            assert int(number).to_bytes(8, 'little') not in content and int(number).to_bytes(8, 'big').lstrip(b'\0') not in content
            assert bytes.fromhex(number) not in content and bytes.fromhex(number[2:]) not in content


def test_the_snapshots_have_neither_numbers_nor_names_of_people(happened):
    """Public and private ones."""
    seen = 0
    for path, content in files_below(ROLES, '/run/careroles'):
        seen += 1
        assert found(content, secrets(happened) + [b'Test Nurse', b'Nurse One', b'Example Clinic']) == [], path
    assert seen >= 4


def test_the_audit_trail_and_the_log_ins_name_accounts_and_no_numbers(happened):
    """As the commands print them, for people and for programs; names that nobody has are not kept at all."""
    for command in (('audit', 'show'), ('list', 'logins'), ('list', 'sessions'), ('list', 'audit')):
        for more in ((), ('--json',)):
            text = run('careid', *command, *more).stdout.encode()
            assert found(text, secrets(happened)) == []
            assert not any(re.search(rf'\b{code}\b'.encode(), text) for code in happened.codes if not code.isdigit())
    assert 'nurse1' in run('careid', 'list', 'logins').stdout


def test_a_helper_that_crashes_leaves_no_core_file(happened):
    """It knows numbers and tokens then; no core, in no place, whatever the limit of who started it."""
    with open('/proc/sys/kernel/core_pattern') as f:
        pattern = f.read()
    before = set(glob.glob('/core*') + glob.glob('/var/lib/systemd/coredump/*') + glob.glob('/tmp/core*'))
    for before_it in ((), ('prlimit', '--core=unlimited', '--')):
        with Talk.by_hand('root', before=before_it) as talk:
            assert talk.verify('nurse1')['kind'] == wire.INTRO
            os.kill(talk.process.pid, signal.SIGSEGV)
            status = os.waitid(os.P_PID, talk.process.pid, os.WEXITED | os.WNOWAIT)
            assert status.si_code == os.CLD_KILLED, pattern                 # not CLD_DUMPED
            talk.process.wait()
    assert set(glob.glob('/core*') + glob.glob('/var/lib/systemd/coredump/*') + glob.glob('/tmp/core*')) == before


def test_what_is_looked_for_is_found_where_it_is():
    """The search itself, against a process that does have a number in its arguments."""
    with Sampler() as sampler, subprocess.Popen(['sh', '-c', 'read x', NUMBERS[0]], stdin=subprocess.PIPE) as process:
        host.eventually(lambda: any(found(seen, NUMBER_FORMS) for seen in set(sampler.seen)), 10)
        process.stdin.close()
