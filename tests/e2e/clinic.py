# SPDX-License-Identifier: LGPL-2.1-or-later
# clinic.py - the example clinic, its phone and its log-in programs, for the demo and the end-to-end tests
"""A Clinic is this machine after tests/demo/clinic.sh, and a hand on the phone.

    with Clinic.prepare() as clinic, Screen(ssh('nurse1', 'id')) as screen:
        ssh_begin(screen)
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-one', order=shown['order'])
        screen.type('\\n')
        assert screen.wait_exit(30) == 0
"""

import contextlib
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'bankid'))

from phone import Phone  # noqa: E402
from screen import Screen, Timeout, decode as codes_in, patient  # noqa: E402,F401
from waiting import eventually  # noqa: E402

CONTROL = '/run/lab/bankid'
PREPARED = '/run/lab/clinic-prepared'
ESCAPES = re.compile(rb'\x1b(?:\[[0-?]*[ -/]*[@-~]|[78=>]|\][^\x07]*\x07)')


class Clinic:
    def __init__(self):
        self.phone = Phone(CONTROL)

    @classmethod
    def prepare(cls, echo=False):
        """Once a machine; later calls find it done."""
        if not os.path.exists(PREPARED):
            subprocess.run([os.path.join(HERE, '..', 'demo', 'clinic.sh')], check=True,
                           stdout=None if echo else subprocess.DEVNULL)
            open(PREPARED, 'w').close()
        clinic = cls()
        clinic.phone.wait_ready()
        return clinic

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.phone.clear_faults()

    def scan(self, screen, timeout=60, keep=None):
        """Read the code from the picture of the screen, as the camera of a phone would, until one is good.  keep: where
        the picture stays."""
        def another():                  # where each code has to be asked for
            if re.search(rb'Enter[^\n]* $', screen.output[-400:]):
                screen.type('\n')
        return self.phone.scan_screen(screen, timeout, again=another, keep=keep)


def ssh(account, command=None, *options):
    # ssh believes the first of two options: the caller's.
    words = ['ssh', '-F', 'none', *options, '-o', 'UserKnownHostsFile=/dev/null', '-o', 'StrictHostKeyChecking=no',
             '-o', 'LogLevel=ERROR', '-o', 'PreferredAuthentications=keyboard-interactive',
             '-o', 'NumberOfPasswordPrompts=1', f'{account}@127.0.0.1']
    return words + ([command] if command else [])


def login(account):
    return ['login', account]


def plain(screen, start=0):
    """What was written, without escapes."""
    return ESCAPES.sub(b'', screen.output[start:]).decode(errors='replace')


def ssh_begin(screen):
    """The first prompt of a log-in over SSH: Enter asks for the code."""
    screen.wait_text(r'Enter', 40)
    screen.type('\n')


def ssh_approved(screen, timeout=60):
    """Enter when the phone says that it is done, and again after a moment as long as there is a prompt."""
    end = time.monotonic() + patient(timeout)
    while screen.is_running and time.monotonic() < end:
        screen.type('\n')
        try:
            return screen.wait_exit(3)
        except Timeout:
            pass
    return screen.wait_exit(1)


def check_code(screen):
    """The check code as the screen shows it."""
    found = re.findall(r'[Cc]heck code:?\s+([A-Z0-9]{4})\b', plain(screen))
    if not found:
        raise AssertionError(f'no check code on the screen: {plain(screen)[-600:]!r}')
    return found[-1]


def wait_refused(screen, timeout=60):
    status = ssh_approved(screen, timeout=timeout)
    assert status != 0, 'this must not end well'
    return status


def screen_text(screen, columns=80, rows=40):
    """The screen as text: what pam_eid draws with (cursor up, carriage return, erasures) is followed, colours are not."""
    lines, row, column = [''], 0, 0
    for token in re.findall(r'\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\x1b.|[\r\n]|[^\x1b\r\n]+', screen.output.decode(errors='replace')):
        if token == '\r':
            column = 0
        elif token == '\n':
            row += 1
        elif token.startswith('\x1b['):
            if token.endswith('A'):
                row = max(0, row - int(token[2:-1] or 1))
            elif token.endswith('K'):
                lines[row] = lines[row][:column]
            elif token.endswith('J'):
                if token == '\x1b[2J':
                    row = column = 0
                lines[row:] = ['']
        elif not token.startswith('\x1b'):
            lines[row] = lines[row].ljust(column)[:column] + token + lines[row][column + len(token):]
            column += len(token)
        while len(lines) <= row:
            lines.append('')
    return [line.rstrip() for line in lines[-rows:]]


# -- the host, looked at from outside ------------------------------------------------------------------------------------

DATABASE = '/var/lib/careid/directory.db'
SUPPORT = 'the service desk, extension 100'
DECOY_REQUESTS = {'auth GET'}           # all that BankID hears of a name that nobody has


def run(*words, check=True, text=None):
    return subprocess.run(words, check=check, input=text, capture_output=True, text=True, timeout=120)


def rows(sql):
    """What the care directory holds, as a list of dicts; one that is being opened or closed at this moment is waited for."""
    def look():
        done = run('sqlite3', '-readonly', '-json', '-cmd', '.timeout 10000', DATABASE, sql, check=False)
        return done.returncode == 0 and [done.stdout]
    out = eventually(look, what=f'an answer to {sql}')[0]
    return json.loads(out) if out.strip() else []


class Watch:
    """What happens from here on: in the journal, in the care directory, at BankID."""

    def __init__(self, clinic):
        self._phone = clinic.phone
        self._seq = clinic.phone.status()['seq']
        self._cursor = run('journalctl', '-n', '0', '--show-cursor', '-o', 'cat').stdout.split('-- cursor: ')[-1].strip()
        self._login = self._last('login', 'id')
        self._session = self._last('session', 'id')
        self._audit = self._last('audit', 'sequence')

    @staticmethod
    def _last(table, key):
        return rows(f'SELECT coalesce(max({key}), 0) AS n FROM {table}')[0]['n']

    def journal(self, **fields):
        """Entries with these fields (MESSAGE: a regular expression), in order."""
        out = run('journalctl', '-o', 'json', '--after-cursor', self._cursor).stdout
        return [e for e in map(json.loads, out.splitlines()) if _fits(e, fields)]

    def wait_journal(self, timeout=15, **fields):
        return eventually(lambda: self.journal(**fields), timeout, f'a journal entry {fields}')[0]

    def logins(self):
        return rows(f'SELECT l.id, l.method, l.authenticator, l.assurance, l.service, l.source, l.target, a.name FROM login l JOIN account a ON a.id = l.account WHERE l.id > {self._login} ORDER BY l.id')

    def sessions(self):
        return rows(f'SELECT s.*, a.name FROM session s JOIN account a ON a.id = s.account WHERE s.id > {self._session} ORDER BY s.id')

    def audit(self, act):
        return [{**r, 'detail': json.loads(r['detail'])} for r in
                rows(f"SELECT sequence, act, object, detail FROM audit WHERE sequence > {self._audit} AND act = '{act}' ORDER BY sequence")]

    def requests(self, **members):
        return self._phone.journal(since=self._seq, kind='request', **members)

    def orders(self):
        return self._phone.journal(since=self._seq, kind='order', event='created')

    def wait_order(self, timeout=20):
        return self._phone.wait(timeout, since=self._seq, kind='order', event='created')

    def wait_orders_end(self, outcome, seconds=20):
        """Every order since has come to this end (what nobody scans or cancels fails after 30 s)."""
        ids = [o['order'] for o in self.orders()]
        assert ids, 'there was no order'
        for order in ids:
            end = self._phone.wait_order_end(order, seconds)
            assert end['outcome'] == outcome, end
        return ids

    def nothing_granted(self):
        assert self.logins() == [] and self.sessions() == [], (self.logins(), self.sessions())
        assert not self.journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME='approved')


def _fits(entry, fields):
    for name, wanted in fields.items():
        value = entry.get(name)
        if not isinstance(value, str) or not (re.search(wanted, value) if name == 'MESSAGE' else value == wanted):
            return False
    return True


def helpers():
    """Processes of careid-helper that have a conversation now; not those that wait for one behind the sockets."""
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/cmdline', 'rb') as f:
                ours = b'careid-helper' in f.read().split(b'\0')[0]
            with open(f'/proc/{pid}/comm') as f:
                if ours and f.read().strip() != 'careid-acceptor':
                    found.append(int(pid))
        except OSError:
            pass                        # it has just ended
    return found


def signal_helpers(number):
    """To each; the one that resolves names may have gone with the one that it worked for."""
    for pid in helpers():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def wait_no_helper(seconds=10):
    eventually(lambda: not helpers(), seconds, 'the end of all helpers')


def ended_cleanly(watch, outcome='cancelled', seconds=20):
    """BankID has heard of it, and nothing stays behind."""
    watch.wait_orders_end(outcome, seconds)
    wait_no_helper()
    watch.nothing_granted()


# -- the host, changed for a test ----------------------------------------------------------------------------------------

@contextlib.contextmanager
def changed(path, change, after=None):
    """`path` with other content, and as it was afterwards; `after` makes the change known both times."""
    with open(path) as f:
        before = f.read()
    content = change(before)
    assert content != before, f'nothing to change in {path}'
    try:
        with open(path, 'w') as f:
            f.write(content)
        if after:
            after()
        yield
    finally:
        with open(path, 'w') as f:
            f.write(before)
        if after:
            after()


def careid_apply():
    run('careid', 'apply')


def sshd_restart():
    run('systemctl', 'reset-failed', 'ssh', check=False)        # of the limit for starts in a row
    run('systemctl', 'restart', 'ssh')


def configuration(old, new):
    """With another line in careid.conf."""
    return changed('/etc/careid/careid.conf', lambda text: text.replace(old, new), careid_apply)


def timeout(seconds):
    """With timeout= on the PAM line of every service."""
    return changed('/etc/pam.d/common-auth', lambda text: text.replace('pam_eid.so', f'pam_eid.so timeout={seconds}'))


def sshd_config(lines):
    return changed('/etc/ssh/sshd_config.d/careid.conf', lambda text: text + lines, sshd_restart)


def add_account(login, number=None, assigned=True, *dates, source='careid', language='en'):
    """A nurse of the Oak ward; number: one that is nobody else's."""
    person = run('careid', 'person', 'add', '--language', language, '--quiet', text=f'Test\n{login.capitalize()}\n').stdout.strip()
    if number:
        run('careid', 'person', 'number', person, '--country', 'SE', '--quiet', text=number + '\n')
    run('careid', 'account', 'add', login, '--person', person, '--organisation', 'clinic', '--kind', 'staff', '--source', source)
    if assigned:
        run('careid', 'assign', login, 'nurse', 'oak', *dates)
    return person


def as_user(account, *command):
    """The command with the ids and groups of a session of that account, but no session."""
    entry = pwd.getpwnam(account)
    return ['setpriv', f'--reuid={entry.pw_uid}', f'--regid={entry.pw_gid}', '--init-groups', '--inh-caps=-all',
            'env', f'HOME={entry.pw_dir}', f'USER={account}', *command]


def su(account, command='id'):
    return ['su', account, '-s', '/bin/sh', '-c', command]


class Keys:
    """A key that opens these accounts; sshd finds it in a place of its own."""

    def __init__(self, *accounts):
        self.path = tempfile.mkdtemp() + '/key'
        run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', self.path)
        os.makedirs('/etc/ssh/keys', exist_ok=True)
        for account in accounts:
            shutil.copy(self.path + '.pub', f'/etc/ssh/keys/{account}')
            os.chmod(f'/etc/ssh/keys/{account}', 0o644)

    SSHD = 'AuthorizedKeysFile /etc/ssh/keys/%u\n'

    def options(self, methods='publickey'):
        return ('-i', self.path, '-o', 'IdentitiesOnly=yes', '-o', f'PreferredAuthentications={methods}')


# -- the screen, in steps ------------------------------------------------------------------------------------------------

def ssh_enter(screen, typed='\n'):
    """Answer the prompt, and wait for the next one; where it begins in the output."""
    start = len(screen.output)
    screen.type(typed)
    screen.wait_text(r'Enter[^\n]* $', 30, start)
    return start


def ssh_interrupt(screen, tries=15):
    """Ctrl-C until ssh has ended; its status. One that comes between a prompt and the read behind it does nothing to ssh."""
    for left in reversed(range(tries)):
        screen.type('\x03')
        try:
            return screen.wait_exit(4)
        except Timeout:
            if left == 0:
                raise
    return None


def ssh_scan(screen, clinic):
    """From the start of an ssh to a scanned order."""
    ssh_begin(screen)
    return clinic.scan(screen)


def collected_after(seq):
    """The helper has asked BankID: only then an Enter can bring anything new to a phone that is faster than any hand."""
    try:
        Phone(CONTROL).wait(3, since=seq, kind='request', endpoint='collect')
    except Timeout:
        pass                            # a decoy, or the order has ended


def ssh_refused(screen, text, seconds=40):
    """Enter until the reason is there, read it, and be refused."""
    end = time.monotonic() + patient(seconds)
    while text not in plain(screen):
        assert time.monotonic() < end and screen.is_running, plain(screen)[-600:]
        start, seq = len(screen.output), Phone(CONTROL).status()['seq']
        screen.type('\n')
        screen.wait_text(r'Enter[^\n]* $', 30, start)
        if text not in plain(screen):
            collected_after(seq)
    screen.type('\n')
    assert screen.wait_exit(40) == 255, plain(screen)
    assert 'uid=' not in plain(screen)


def ssh_until(screen, pattern, seconds=40):
    """Enter at every prompt until this has come: the simulated phone is faster than any hand."""
    end = time.monotonic() + patient(seconds)
    while True:
        start, seq = len(screen.output), Phone(CONTROL).status()['seq']
        screen.type('\n')
        found = screen.wait_text(f'(?:{pattern})|Enter[^\n]* $', 30, start)
        if re.search(pattern.encode(), found[0]):
            return found
        collected_after(seq)
        assert time.monotonic() < end, plain(screen)[-600:]


def ssh_fresh(screen, codes, seconds=30):
    """Enter until there is a code that is in none of `codes`: they are renewed once a second."""
    end = time.monotonic() + patient(seconds)
    while True:
        ssh_enter(screen)
        try:
            return screen.wait_qr(0.5, codes)
        except Timeout:
            assert time.monotonic() < end, f'no code but {codes}'
