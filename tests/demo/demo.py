# SPDX-License-Identifier: LGPL-2.1-or-later
# demo.py - the main job, shown: a nurse logs in with Mobile BankID over SSH, at the console, with su and sudo
"""Run by `./lab demo` as root in a booted instance with the packages installed.

Prints what the people see and ends with 0 only if all of it happened.  The
phone learns the codes from pictures of the terminal and from nothing else.
"""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'e2e'), os.path.join(HERE, '..', 'bankid')]

import clinic as clinics  # noqa: E402
from screen import Screen  # noqa: E402

CODE_ENDS = 'Press Enter for a new code'        # of a code in a conversation over SSH


def title(text):
    print(f'\n=== {text}\n', flush=True)


def show(screen, what, below=None):
    """The terminal as text, with the code as the person sees it; or what came below the last line with that in it."""
    lines = clinics.screen_text(screen)
    begin = max((n for n, line in enumerate(lines, 1) if below and below in line), default=0)
    print(f'--- {what}')
    print('\n'.join('    | ' + line for line in lines[begin:]), flush=True)


def phone_says(shown):
    print('--- the phone shows')
    print('\n'.join('    # ' + line for line in shown['text'].splitlines()), flush=True)


def expect(truth, what):
    if not truth:
        raise SystemExit(f'demo: this did not happen: {what}')
    print(f'--- yes: {what}', flush=True)


def approve_in_turn(screen, clinic, person):
    """Wait for a code on the screen, scan it, show both sides, approve."""
    shown = clinic.scan(screen)
    show(screen, 'the screen')
    phone_says(shown)
    code = clinics.check_code(screen)
    expect(code in shown['text'], f'the check code {code} is on the screen and in the app')
    clinic.phone.approve(person, order=shown['order'])
    print(f'--- {person} approves on the phone', flush=True)
    return shown


def expect_groups(text, *groups):
    for group in groups:
        expect(group in text, f'the session has the group {group}')


def main():
    title('An example clinic is set up')
    clinic = clinics.Clinic.prepare(echo=True)
    with clinic:
        title('A nurse logs in over SSH')
        with Screen(clinics.ssh('nurse1', 'id; exit'), columns=80, rows=40) as screen:
            clinics.ssh_begin(screen)
            approve_in_turn(screen, clinic, 'nurse-one')
            expect(clinics.ssh_approved(screen) == 0, 'nurse1 is in')
            show(screen, 'the screen, below the code', CODE_ENDS)
            expect_groups(clinics.plain(screen), 'role-nurse', 'unit-oak', 'unit-oak-nurse')

        title('The same at the console (login on a terminal): the code is redrawn every second')
        with Screen(clinics.login('nurse1'), columns=80, rows=24) as screen:
            approve_in_turn(screen, clinic, 'nurse-one')
            screen.wait_text(r'\$ ', 30)
            screen.type('id; sudo id\n')

            title('In that session: sudo')
            approve_in_turn(screen, clinic, 'nurse-one')
            # To its end: sudo gives the terminal back without what was typed before.
            screen.wait_text(r'uid=0\(root\)[\s\S]*\$ ', 30)
            expect(True, 'sudo ran as root after an approval of its own')
            expect_groups(clinics.plain(screen), 'role-nurse', 'unit-oak', 'unit-oak-nurse')

            title('In that session: su to a colleague, who approves')
            start = len(screen.output)
            screen.type('su - nurse2 -c id\n')
            approve_in_turn(screen, clinic, 'nurse-two')
            screen.wait_text(r'unit-elm-nurse', 30, start)
            expect(True, 'su became nurse2, with the groups of the Elm ward')
            screen.type('exit\n')
            expect(screen.wait_exit(20) == 0, 'the console session ended')

        title('Somebody else approves')
        with Screen(clinics.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
            clinics.ssh_begin(screen)
            approve_in_turn(screen, clinic, 'nurse-two')
            clinics.wait_refused(screen)
            show(screen, 'the screen, below the code', CODE_ENDS)
            expect('uid=' not in clinics.plain(screen), 'the log-in is refused')

        title('What the administrator sees')
        for command in (['careid', 'list', 'logins'], ['careid', 'audit', 'verify']):
            print(f'$ {" ".join(command)}', flush=True)
            subprocess.run(command, check=True)
    title('All of it happened. `sudo ./lab shell` opens the same machine to play with')


if __name__ == '__main__':
    try:
        main()
    except BaseException:
        # What an administrator would look at next.
        subprocess.run(['journalctl', '-b', '--no-pager', '-n', '60', '-o', 'cat'], check=False)
        raise
