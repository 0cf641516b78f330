# SPDX-License-Identifier: LGPL-2.1-or-later
# test_console.py - login on a terminal, agetty, su, sudo: the code redrawn in place, the menu, the groups
"""The phone learns each code from the picture of the terminal."""

import re

import clinic as c
from clinic import Screen, Watch


def test_login_redraws_the_code_in_place_and_lets_in(clinic, watch):
    """At 80x24: code left, text and check code right, one frame a second, nothing scrolls; the session has its groups."""
    with Screen(c.login('nurse1'), columns=80, rows=24) as screen:
        codes = [screen.wait_qr()]
        codes.append(screen.wait_qr(other_than=codes))
        codes.append(screen.wait_qr(other_than=codes))
        times = [int(code.split('.')[2]) for code in codes]
        assert times == sorted(set(times)) and len({code.split('.')[1] for code in codes}) == 1, times
        picture = screen.output[screen.output.index(b'\x1b[0;47m'):]
        assert picture.count(b'\n') <= 24 * (picture.count(b'A\r') + picture.count(b'A') + 1)
        ups = {int(n) for n in re.findall(rb'\x1b\[(\d+)A', picture)}
        assert ups and max(ups) < 24 and b'\x1b[2J' not in picture, 'redrawn by going up, not by clearing'
        code = c.check_code(screen)
        rows = c.screen_text(screen, rows=24)
        row, = [r for r in rows if code in r][-1:]
        assert row.index(code) > 45, row
        assert any(r.index('Organisation: Example Clinic') > 45 for r in rows if 'Organisation:' in r), rows
        assert screen.output.count(b'[?25h') >= screen.output.count(b'[?25l'), 'a hidden cursor stays hidden'

        shown = clinic.scan(screen)
        for line in (f'Check code: {code}', 'Computer: oak-terminal', 'Log-in: console', 'Account: nurse1', 'Organisation: Example Clinic'):
            assert line in shown['text'].splitlines(), shown['text']
        assert 'From:' not in shown['text']
        screen.wait_text('security code')
        clinic.phone.approve('nurse-one', order=shown['order'])
        screen.wait_text(r'\$ ', 40)
        screen.type('id; stty -a\n')
        screen.wait_text(r'\becho\b.*\$ $|[^-]echo ', 20)
        screen.wait_text('unit-oak-nurse')
        session, = watch.sessions()
        login, = watch.logins()
        assert session['login'] == login['id'] and session['service'] == login['service'] == 'login' and login['source'] is None
        screen.type('exit\n')
        assert screen.wait_exit(40) == 0
    c.eventually(lambda: watch.sessions()[0]['closed'], what='the end of the session')


def test_the_menu_makes_the_code_larger_and_inverts_it(clinic, watch):
    """Enter opens it; `l` draws without half blocks, `i` exchanges dark and light (which no camera reads here, so it can be undone)."""
    with Screen(c.login('nurse1'), columns=110, rows=60, size=(1600, 1400)) as screen:
        small = screen.wait_qr()
        start = len(screen.output)
        screen.type('\n')
        screen.wait_text('l: larger, c: cancel: ', 20, start)
        start = len(screen.output)
        screen.type('l\n')
        c.eventually(lambda: b'\x1b[' in screen.output[start:] and '▀'.encode() not in screen.output[start:], what='two columns a module')
        large = screen.wait_qr(other_than=[small])
        start = len(screen.output)
        screen.type('\n')
        screen.wait_text('cancel: ', 20, start)
        start = len(screen.output)
        screen.type('l\n')
        screen.wait_text('▀'.encode(), 20, start)
        small = screen.wait_qr(other_than=[small, large])
        assert large.split('.')[1] == small.split('.')[1], 'the same order all the time'
        screen.type('\n')
        screen.wait_text('cancel: ', 20, len(screen.output) - 10)
        start = len(screen.output)
        screen.type('i\n')
        screen.wait_text(r'30;47m', 20, start)
        assert screen.qr() is None, 'nothing of what was shown before is left'
        screen.type('\n')
        screen.wait_text('cancel: ', 20, len(screen.output) - 10)
        screen.type('i\n')
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-one', order=shown['order'])
        screen.wait_text(r'\$ ', 40)
        screen.type('exit\n')
        assert screen.wait_exit(40) == 0


def test_what_is_typed_while_the_code_is_shown_is_not_echoed(clinic, watch):
    """People type passwords at anything that looks like a log-in."""
    with Screen(c.login('nurse1'), columns=80, rows=24) as screen:
        screen.wait_qr()
        screen.type('hunter2')
        shown = clinic.scan(screen)
        assert b'hunter2' not in screen.output
        clinic.phone.approve('nurse-one', order=shown['order'])
        screen.wait_text(r'\$ ', 40)
        screen.type('\x15exit\n')
        assert screen.wait_exit(40) == 0


def test_agetty_asks_for_the_name_and_login_for_the_approval(clinic, watch):
    """As on a real console: getty, name, code, shell."""
    with Screen(['sh', '-c', 'exec setsid -w -c agetty --noclear --noissue -8 "$(basename $(dirname $(tty)))/$(basename $(tty))" linux'],
                columns=80, rows=24) as screen:
        screen.wait_text(r'login: ', 40)
        screen.type('nurse2\n')
        shown = clinic.scan(screen)
        assert 'Account: nurse2' in shown['text'].splitlines()
        clinic.phone.approve('nurse-two', order=shown['order'])
        screen.wait_text(r'\$ ', 40)
        screen.type('id\n')
        screen.wait_text('unit-elm-nurse')
        screen.type('exit\n')
    assert watch.logins()[0]['name'] == 'nurse2'


def test_su_to_a_colleague_needs_the_colleague(clinic, watch):
    """su authenticates the account to become: its owner approves, its groups come."""
    with Screen(c.as_user('nurse1', *c.su('nurse2')), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        assert 'Account: nurse2' in shown['text'].splitlines() and 'Log-in: switch user (su)' in shown['text'].splitlines()
        clinic.phone.approve('nurse-two', order=shown['order'])
        assert screen.wait_exit(40) == 0
        assert 'unit-elm-nurse' in c.plain(screen) and 'unit-oak' not in re.search(r'groups=.*', c.plain(screen))[0]
    assert [(x['name'], x['service']) for x in watch.logins()] == [('nurse2', 'su')]


def test_su_with_ones_own_approval_is_refused(clinic, watch):
    """nurse1 can't become nurse2 by approving herself."""
    with Screen(c.as_user('nurse1', *c.su('nurse2')), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-one', order=shown['order'])
        assert screen.wait_exit(40) != 0
        assert 'different person' in ' '.join(c.plain(screen).split()) and 'uid=' not in c.plain(screen)
    watch.nothing_granted()


def test_su_writes_no_picture_into_a_file(clinic, watch, tmp_path):
    """`su -c COMMAND > FILE`: the code is on the terminal, in the file is what the command wrote."""
    tmp_path.chmod(0o777)
    for parent in tmp_path.parents:
        if str(parent) != '/':
            parent.chmod(parent.stat().st_mode | 0o011)
    out = tmp_path / 'out'
    with Screen(c.as_user('nurse1', 'sh', '-c', f'su nurse2 -s /bin/sh -c "echo written" > {out}'), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-two', order=shown['order'])
        assert screen.wait_exit(40) == 0
    assert out.read_text() == 'written\n'


def test_sudo_asks_the_person_who_runs_it(clinic, watch):
    """The rule is for %unit-oak-nurse; nurse1 signs that `id` runs as root, and it does; its arguments are not shown (X1)."""
    watch = Watch(clinic)
    with Screen(c.as_user('nurse1', 'sudo', '-u', 'root', 'id', '--', 'nurse2'), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        for line in ('Account: nurse1', 'Log-in: sudo', 'Runs: id', 'Becomes: root'):
            assert line in shown['text'].splitlines(), shown['text']
        assert shown['kind'] == 'sign' and 'nurse2' not in shown['text'] and 'nurse2' not in c.plain(screen)
        assert 'nurse1 runs id as root' in ' '.join(c.plain(screen).split())
        clinic.phone.approve('nurse-one', order=shown['order'])
        assert screen.wait_exit(40) == 0 and '(nurse2)' in c.plain(screen)
    assert [(login['service'], login['target']) for login in watch.logins()] == [('sudo', 'root')]


def test_sudo_shows_arguments_where_the_configuration_says_so(clinic):
    """show-arguments = yes: the person signs the whole of it."""
    with c.configuration('enabled = yes', 'enabled = yes\nshow-arguments = yes'):
        with Screen(c.as_user('nurse1', 'sudo', '-k', 'id', '--', 'nurse2'), columns=80, rows=24) as screen:
            shown = clinic.scan(screen)
            assert 'With: -- nurse2' in shown['text'].splitlines(), shown['text']
            screen.type('\x03')
            assert screen.wait_exit(40) != 0


def test_sudo_with_a_colleagues_approval_is_refused(clinic, watch):
    """An approval of somebody else's runs nothing as root."""
    with Screen(c.as_user('nurse1', 'sudo', '-k', 'id'), columns=80, rows=24) as screen:
        code = screen.wait_qr()
        shown = clinic.phone.scan(code)
        clinic.phone.approve('nurse-two', order=shown['order'])
        screen.wait_text('different person')
        assert screen.wait_qr(other_than=[code]).split('.')[1] != code.split('.')[1], 'sudo asks again, with another order'
        screen.type('\x03')
        assert screen.wait_exit(40) != 0
        assert 'uid=0' not in c.plain(screen)
    watch.nothing_granted()


def test_sudo_stays_shut_for_who_is_not_in_the_group(clinic, watch):
    """nurse2 is of the Elm ward: her own approval is right, the rule is not hers."""
    with Screen(c.as_user('nurse2', 'sudo', '-k', 'id'), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-two', order=shown['order'])
        assert screen.wait_exit(40) != 0 and 'uid=0' not in c.plain(screen)


def test_roots_su_needs_nothing(watch):
    """Root may become anybody, with BankID or without."""
    done = c.run('su', 'nurse1', '-s', '/bin/sh', '-c', 'id')
    assert 'unit-oak-nurse' in done.stdout
    assert watch.requests() == [] and watch.logins() == []


def test_the_code_is_gone_and_the_terminal_as_before_after_a_refusal(clinic, watch):
    """Echo is on again: what the next program reads is seen."""
    with Screen(c.as_user('nurse1', 'sh', '-c', 'su nurse2; stty -a'), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        clinic.phone.refuse(order=shown['order'])
        screen.wait_exit(40)
        text = c.plain(screen)
        assert '▀' not in ''.join(c.screen_text(screen)) and screen.qr() is None, 'a code that stays would be scanned'
        assert 'The action was cancelled.' in text and re.search(r'(?<!-)\becho\b', text) and re.search(r'(?<!-)\bicanon\b', text), text[-900:]
    watch.nothing_granted()
