# SPDX-License-Identifier: LGPL-2.1-or-later
# test_tutorial.py - the first hour of careid(7), typed as the page has it, on a machine with nothing but the packages
"""The page says with comments which of its displays are commands, which are files, and which the nurse types. Only what is
another's is put there beforehand: BankID (simulated), the bank's certificate, the addresses of this machine."""

import os
import re

import host
from clinic import CONTROL, Clinic, Screen, check_code, plain, ssh, ssh_scan, ssh_until

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(HERE, '..', '..', 'man', 'careid.7')
NUMBER = '189001019802'                 # a published test number: nurse-one of people.json
PASSWORD = 'a-long-sealed-password'
ANSWERS = {r'New password: $': PASSWORD, r'Retype new password: $': PASSWORD, r'not shown\): $': NUMBER, r'Again: $': NUMBER,
           r'Import Password:$': ''}

# BankID and the network as they are on this machine, in a file of its own; the page's own file stays as it is.
HERE_AND_NOW = """[network]
inside = 127.0.0.0/8 ::1/128

[bankid]
endpoint = https://localhost:8443/rp/v6.0
ca = /etc/careid/bankid/ca.pem
"""


def displays(page):
    """(what it is, its argument, its lines) of every display that the page has marked."""
    with open(page) as f:
        text = f.read()
    for kind, argument, block in re.findall(r'^\.\\" tutorial: (run|file|user) ?(.*)\n\.Bd .*\n((?:.*\n)*?)\.Ed$', text, re.M):
        lines = block.replace('\\&', '').replace('\\e', '\\').splitlines()
        yield kind, argument, lines


def told(text):
    """Numbers and the width of columns differ from host to host."""
    return ' '.join(re.sub(r'\d+', 'N', text).split())


class RootShell:
    """A shell of root on a terminal, which stays open from the beginning to the end; its prompt says how the last command ended."""

    def __init__(self):
        self._terminal = host.Terminal(['bash', '--norc', '--noprofile', '--noediting'],
                                       env={'PS1': r'<$?># ', 'HOME': '/root', 'LANG': 'C.UTF-8'}, columns=500)
        self._terminal.wait_text(r'<0># $', 60)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self._terminal.__exit__(*unused)

    def type(self, command, answers):
        """What came of it: exit status and output. A program that asks is answered."""
        begun = at = len(self._terminal.output)
        self._terminal.type(command + '\n')
        while True:
            found = self._terminal.wait_text('|'.join([r'<(\d+)># $', *answers]), 120, at)
            if found[1]:
                return int(found[1]), self._terminal.output[begun:].decode(errors='replace')
            at = len(self._terminal.output)
            self._terminal.type(next(answer for asked, answer in answers.items() if re.search(asked.encode(), found[0])) + '\n')


def root_types(shell, lines):
    """Each command succeeds, and answers what the page says it answers."""
    commands = []
    for line in lines:
        if line.startswith('# '):
            commands.append((line[2:], []))
        elif commands and commands[-1][0].endswith('\\') and not commands[-1][1]:     # the command goes on
            commands[-1] = (commands[-1][0][:-1] + line.strip(), [])
        else:
            commands[-1][1].append(line)
    for command, answers in commands:
        # What the page has typed for a name is what is typed.
        typed = dict(found.groups() for found in map(re.compile(r'(First name: |Last name: )(.+)').fullmatch, answers) if found)
        status, output = shell.type(command, {**ANSWERS, **{asked + '$': answer for asked, answer in typed.items()}})
        assert status == 0, (command, output)
        at, output = 0, told(output)
        for answer in answers:
            assert told(answer) in output[at:], (command, answer, output)
            at = output.index(told(answer), at) + len(told(answer))


def nurse_types(clinic, lines):
    """The first line is an ssh to a host of the page's, which is this one; then she is at her own prompt."""
    first, *rest = [line for line in lines if line.startswith('$ ')]
    account = re.fullmatch(r'\$ ssh ([a-z]+)@clinic\.example', first)[1]
    with Screen(ssh(account), columns=100, rows=45) as screen:
        shown = ssh_scan(screen, clinic)
        assert check_code(screen) in shown['text'] and 'Computer: oak-terminal' in shown['text']
        clinic.phone.approve('nurse-one', order=shown['order'])
        ssh_until(screen, r'[$] $', 40)
        for line in rest:
            start = len(screen.output)
            screen.type(line[2:] + '\n')
            if line != rest[-1]:
                screen.wait_text(r'[$] $', 40, start)
        assert screen.wait_exit(40) == 0
        said = plain(screen)
    groups = [set(re.findall(r'\(([a-z-]+)\)', text[text.index('uid='):].split('touch')[0])) for text in (said, '\n'.join(lines))]
    assert groups[0] >= groups[1] > {'org-clinic', 'unit-oak-nurse'}, said


def prepare():
    """What the page takes for granted: a BankID, a bank's certificate, an sshd with keys."""
    certs = '/root/bankid'
    host.run(os.path.join(HERE, '..', 'bankid', 'make-certs.sh'), certs, 'localhost', '127.0.0.1')
    host.run('openssl', 'pkcs12', '-export', '-in', f'{certs}/rp.crt', '-inkey', f'{certs}/rp.key', '-passout', 'pass:',
             '-out', '/root/clinic.p12')
    host.run('systemd-run', '--quiet', '--unit=bankid', '--setenv=NODE_PATH=/node_modules', 'node',
             os.path.join(HERE, '..', 'bankid', 'simulator.mjs'), '--certs', certs, '--control', CONTROL, '--listen', '127.0.0.1:8443',
             '--journal', '/run/lab/bankid.journal')
    host.run('ssh-keygen', '-A')
    os.makedirs('/etc/careid/bankid', exist_ok=True)
    host.run('install', '-m', '0644', f'{certs}/server-ca.crt', '/etc/careid/bankid/ca.pem')
    with open('/etc/careid/careid.conf.d/50-here.conf', 'w') as f:
        f.write(HERE_AND_NOW)
    clinic = Clinic()
    clinic.phone.wait_ready()
    return clinic


def rescued():
    """The account of break-glass logs in at the console with its password alone."""
    with host.Terminal(['login', 'rescue']) as terminal:
        terminal.wait_text('Password: $', 20)
        terminal.type(PASSWORD + '\n')
        terminal.wait_text(r'\$ $', 20)
        terminal.type('exit\n')
        return terminal.wait_exit(20) == 0


def test_the_first_hour_ends_with_a_nurse_who_has_logged_in_and_everything_taken_out_again():
    """Every command of the page in its order, every file as it stands there, and the log-in at the end of it."""
    clinic = prepare()
    done = []
    with RootShell() as shell:
        for kind, argument, lines in displays(PAGE):
            done.append(kind)
            if kind == 'file':
                with open(argument, 'w') as f:
                    f.write('\n'.join(lines) + '\n')
            elif kind == 'user':
                assert rescued()
                nurse_types(clinic, lines)
                assert host.run('stat', '-c', '%U %G', '/srv/oak/seen-by-anna').stdout == 'anna unit-oak-nurse\n'
            else:
                root_types(shell, lines)
    assert done.count('run') >= 16 and done.count('file') == 3 and done.count('user') == 1, done
    # Taken out: nobody is asked for an e-ID, and who has a password gets in as before.
    assert not host.run('grep', '-rl', 'pam_eid', '/etc/pam.d', check=False).stdout
    assert rescued()


def test_every_display_of_the_first_hour_is_marked():
    """A command on the page that nobody has tried would be one too many."""
    with open(PAGE) as f:
        hour = f.read().split('.Sh A FIRST HOUR')[1].split('.Sh SSH')[0]
    marked = len(re.findall(r'^\.\\" tutorial: (?:run|user|file \S+)\n\.Bd -literal', hour, re.M))
    assert marked == hour.count('\n.Bd ') > 10
    # And the reader, who doesn't see the marks, is told where a file goes.
    for path, before in ((m.group(1), hour[:m.start()]) for m in re.finditer(r'^\.\\" tutorial: file (\S+)$', hour, re.M)):
        assert f'.Pa {path} ' in before[before.rindex('.Ed'):], path


def test_readme_says_nothing_that_the_first_hour_does_not():
    """Its commands are some of those that have been tried."""
    with open(os.path.join(HERE, '..', '..', 'README.md')) as f:
        short = re.findall(r'^ +(careid .*)$', f.read().split('## A first hour')[1].split('## Read on')[0], re.M)
    tried = [line[2:] for kind, _, lines in displays(PAGE) if kind == 'run' for line in lines if line.startswith('# ')]
    assert len(short) > 5 and set(short) <= set(tried), set(short) - set(tried)
