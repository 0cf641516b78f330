# SPDX-License-Identifier: LGPL-2.1-or-later
# test_ssh.py - log-ins through a real sshd: approved, with a key, from inside and outside, and the pictures of the way
"""The phone learns each code from the picture of the terminal."""

import grp
import os
import re
import subprocess

import pytest

import clinic as c
from clinic import Screen, Watch


@pytest.fixture(scope='module')
def clinic(clinic):
    c.add_account('ended1', assigned=False)
    c.run('useradd', '-m', '-s', '/bin/bash', 'closed1')
    c.add_account('closed1', source='host')
    c.run('careid', 'archive', 'account', 'closed1', '--yes')
    yield clinic


@pytest.fixture(autouse=True)
def tidy(clinic):
    clinic.phone.clear_faults()
    yield
    c.wait_no_helper()


def test_a_nurse_who_approves_is_in_with_her_groups_and_it_is_recorded(clinic):
    """The check code is on both sides, the app says what is approved (X1), groups come by role and unit, login and session are rows."""
    watch = Watch(clinic)
    with Screen(c.ssh('nurse1', 'id; getent passwd nurse1; getent group unit-oak-nurse; echo in; read answer'), columns=80, rows=40) as screen:
        shown = c.ssh_scan(screen, clinic)
        code = c.check_code(screen)
        assert shown['requestor'] == 'Example Clinic'
        assert 'Organisation: Example Clinic' in c.plain(screen), 'before the code, and whoever it is'
        for line in (f'Check code: {code}', 'Computer: oak-terminal', 'Log-in: SSH', 'Account: nurse1', 'From: 127.0.0.1',
                     'Organisation: Example Clinic'):
            assert line in shown['text'].splitlines(), shown['text']
        assert shown['endUserIp'] == '127.0.0.1'
        clinic.phone.wait(kind='request', endpoint='collect', order=shown['order'], hintCode='userSign')
        clinic.phone.approve('nurse-one', order=shown['order'])
        c.ssh_until(screen, r'\nin\r?\n')
        text = c.plain(screen)
        groups = re.search(r'groups=(\S+)', text)[1]
        for group in ('role-nurse', 'unit-oak', 'unit-oak-nurse'):
            assert f'({group})' in groups, groups
            assert grp.getgrnam(group).gr_gid >= 2001000000
        assert 'unit-elm' not in groups
        assert re.search(r'nurse1:[^:]*:20010\d{5}:20010\d{5}::/', text), text
        assert re.search(r'unit-oak-nurse:[^:]*:20010\d{5}:', text), text

        login, = watch.logins()
        assert (login['name'], login['method'], login['authenticator'], login['assurance'], login['service'], login['source']) == \
            ('nurse1', 'bankid', 'mobile', 'se-loa3', 'sshd', '127.0.0.1')
        session, = watch.sessions()
        assert (session['name'], session['login'], session['service'], session['source'], session['closed']) == \
            ('nurse1', login['id'], 'sshd', '127.0.0.1', None)
        screen.type('\n')
        assert screen.wait_exit(20) == 0
    closed = c.eventually(lambda: watch.sessions()[0]['closed'], what='the end of the session')
    assert closed >= session['opened']
    assert [e['detail']['service'] for e in watch.audit('login.approved')] == ['sshd']
    watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME='approved', CAREID_ACCOUNT='nurse1', CAREID_SOURCE='127.0.0.1')
    everything = '\n'.join(e['MESSAGE'] for e in watch.journal() if isinstance(e.get('MESSAGE'), str))
    assert '189001019802' not in everything and code not in everything and shown['order'] not in everything


def test_one_enter_right_after_the_approval_is_enough(clinic):
    """The Enter makes the helper ask BankID: no second one, and no waiting for the next regular question."""
    with Screen(c.ssh('nurse1', 'echo in'), columns=80, rows=40) as screen:
        shown = c.ssh_scan(screen, clinic)
        clinic.phone.wait(kind='request', endpoint='collect', order=shown['order'], hintCode='userSign')
        clinic.phone.approve('nurse-one', order=shown['order'])
        screen.type('\n')
        assert screen.wait_exit(20) == 0 and 'in' in c.plain(screen)


def test_each_enter_shows_a_fresh_code_and_the_last_one_counts(clinic):
    """The time in the code grows; an older code is refused by BankID, the newest is taken."""
    with Screen(c.ssh('nurse1', 'echo in'), columns=80, rows=24) as screen:
        c.ssh_begin(screen)
        codes = [screen.wait_qr()]
        for _ in range(3):
            codes.append(c.ssh_fresh(screen, codes))
        times = [int(code.split('.')[2]) for code in codes]
        assert times == sorted(set(times)) and len({code.split('.')[1] for code in codes}) == 1, times
        shown = clinic.phone.scan(c.ssh_fresh(screen, codes))
        clinic.phone.approve('nurse-one', order=shown['order'])
        assert c.ssh_approved(screen) == 0


@pytest.mark.parametrize('rows', [24, 40])
def test_i_turns_the_code_around_for_a_light_terminal(clinic, rows):
    """On black on white the first picture is inverted: no camera of an app takes it. After `i` it is right. It fits 80x24."""
    with Screen(c.ssh('nurse1', 'echo in'), columns=80, rows=rows, theme='light', font_size=12) as screen:
        c.ssh_begin(screen)
        screen.wait_text(r'when you have approved. $')
        assert screen.qr() is None
        c.ssh_enter(screen, 'i\n')
        shown = clinic.scan(screen, 5)
        clinic.phone.approve('nurse-one', order=shown['order'])
        assert c.ssh_approved(screen) == 0


def test_no_escape_code_reaches_the_client(clinic):
    """OpenSSH before 10.3 prints them as text."""
    with Screen(c.ssh('nurse1', 'true'), columns=80, rows=40) as screen:
        c.ssh_begin(screen)
        screen.wait_qr()
        assert b'\x1b' not in screen.output and b'\\033' not in screen.output
        assert c.ssh_interrupt(screen) != 0


def test_an_sshd_that_is_too_old_for_live_is_told_by_careid_check(clinic):
    """It keeps each message for the next question, and there never is one: nobody would see a code."""
    with c.changed('/etc/pam.d/common-auth', lambda text: text.replace('pam_eid.so', 'pam_eid.so live=yes')):
        told = c.run('careid', 'check', check=False)
        line, = [line for line in told.stdout.splitlines() if 'sshd-live' in line]
        assert told.returncode == 1 and 'WRONG' in line and '10.3' in line and '9.2' in line, line
    assert 'sshd-live' not in c.run('careid', 'check', check=False).stdout


def test_after_twenty_messages_the_log_in_ends_with_a_sentence(clinic):
    """sshd dies at 33; careid stops at 20, cancels the order first, and says that one must start anew."""
    watch = Watch(clinic)
    with Screen(c.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
        c.ssh_begin(screen)
        prompts = 1
        start = 0
        while b'cannot be shown any more' not in screen.output[start:]:
            screen.wait_text(r'(?s)Enter[^\n]* $', 20, start)
            start = len(screen.output)
            prompts += 1
            assert prompts <= 21
            screen.type('\n')
            screen.wait_text(r'Enter[^\n]* $', 20, start)
        assert prompts >= 15
        watch.wait_orders_end('cancelled')
        screen.type('\n')
        assert screen.wait_exit(20) == 255
    assert watch.wait_journal(MESSAGE='user=nurse1 service=sshd verdict=too-many-messages')
    watch.nothing_granted()


def test_a_key_passes_the_account_stage_and_its_session_is_recorded_without_a_login(clinic):
    """A log-in with a key asks BankID nothing; its session row has no login. A terminal says that use is logged, a command's output doesn't."""
    keys = c.Keys('nurse1')
    with c.sshd_config(keys.SSHD):
        watch = Watch(clinic)
        done = c.run(*c.ssh('nurse1', 'id', *keys.options()), check=False)
        assert done.returncode == 0 and 'unit-oak-nurse' in done.stdout and 'logged' not in done.stdout + done.stderr, done
        c.eventually(lambda: watch.sessions() and watch.sessions()[0]['closed'], what='the end of the session')
        session, = watch.sessions()
        assert session['login'] is None and session['source'] == '127.0.0.1'
        with Screen(c.ssh('nurse1', None, '-tt', *keys.options()), columns=80, rows=24) as screen:
            screen.wait_text(r'What is done with the log-in is logged\.', 40)
            screen.type('exit\n')
            assert screen.wait_exit(30) == 0
        assert watch.logins() == [] and watch.requests() == []


@pytest.mark.parametrize('account, reason, word', [
    ('ended1', 'You have no assignment that is valid now.', 'expired'),
    ('closed1', 'This account is closed.', 'archived'),
])
def test_a_key_alone_does_not_let_in_who_may_not_log_in(clinic, account, reason, word):
    """Who has shown the right key is told why; the journal says it to the administrator."""
    keys = c.Keys(account)
    with c.sshd_config(keys.SSHD):
        watch = Watch(clinic)
        done = c.run(*c.ssh(account, 'id', *keys.options(), '-o', 'LogLevel=INFO'), check=False)
        assert done.returncode == 255 and 'uid=' not in done.stdout, done
        assert reason in done.stdout + done.stderr, done
        watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME=word, CAREID_ACCOUNT=account)
        watch.nothing_granted()


def outside(*options):
    return ('-b', '127.0.0.9', *options)


def test_from_outside_no_code_is_shown_and_known_and_unknown_names_are_told_the_same(clinic):
    """A code that travels can be relayed: it needs `inside`, or a key first. The answer says nothing about the name."""
    with c.configuration('inside = 127.0.0.0/8 ::1/128', 'inside = 127.0.0.1/32'):
        told = []
        for account in ('nurse1', 'nobodyhasthis', 'ended1'):
            watch = Watch(clinic)
            with Screen(c.ssh(account, 'id', *outside()), columns=80, rows=40) as screen:
                screen.wait_text(r'Enter[^\n]* $', 30)
                assert 'log-in with a QR code is not allowed' in ' '.join(c.plain(screen).split())
                told.append(c.plain(screen).replace(account, 'NAME'))
                screen.type('\n')
                assert screen.wait_exit(30) == 255
                assert screen.qr() is None
            assert watch.requests() == []
            watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME='no-method', CAREID_SOURCE='127.0.0.9')
            watch.nothing_granted()
        assert told[0] == told[1] == told[2], told
        with Screen(c.ssh('nurse1', 'echo in'), columns=80, rows=40) as screen:
            shown = c.ssh_scan(screen, clinic)
            clinic.phone.approve('nurse-one', order=shown['order'])
            assert c.ssh_approved(screen) == 0


@pytest.mark.parametrize('language, start, refusal, enter', [('sv', 'Rikta telefonen mot', 'logga in med QR-kod', 'Tryck på Enter:'),
                                                             ('da', 'Ret telefonen mod', 'logge ind med QR-kode', 'Tryk på Enter:')])
def test_the_configurations_language_is_spoken_whatever_the_client_and_sshd_have_in_their_environment(clinic, language, start,
                                                                                                      refusal, enter):
    """From the first word on, and in a refusal before anything is shown, to the module's own last word."""
    accepted = 'AcceptEnv LANG LC_* LANGUAGE NLSPATH\n'
    environment = ('-o', 'SetEnv=LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 LANGUAGE=en:de NLSPATH=/tmp/%N')
    with c.configuration('language = en', f'language = {language}'), c.sshd_config(accepted), \
            c.configuration('inside = 127.0.0.0/8 ::1/128', 'inside = 127.0.0.1/32'):
        with Screen(c.ssh('nurse1', 'id', *environment), columns=80, rows=40) as screen:
            screen.wait_text(start, 40)
            c.ssh_interrupt(screen)
        with Screen(c.ssh('nurse1', 'id', *outside(*environment)), columns=80, rows=40) as screen:
            screen.wait_text(enter, 40)
            assert refusal in ' '.join(c.plain(screen).split())
            screen.type('\n')
            assert screen.wait_exit(30) == 255


def test_from_outside_a_key_first_allows_the_code(clinic):
    """AuthenticationMethods publickey,keyboard-interactive: sshd itself says that a key was shown; the app names the address."""
    keys = c.Keys('nurse1')
    with c.configuration('inside = 127.0.0.0/8 ::1/128', 'inside = 127.0.0.1/32'), \
            c.sshd_config(keys.SSHD + 'AuthenticationMethods publickey,keyboard-interactive\n'):
        watch = Watch(clinic)
        options = keys.options('publickey,keyboard-interactive')
        with Screen(c.ssh('nurse1', 'echo in', *options, *outside()), columns=80, rows=40) as screen:
            shown = c.ssh_scan(screen, clinic)
            assert 'From: 127.0.0.9' in shown['text'].splitlines() and shown['endUserIp'] == '127.0.0.9'
            clinic.phone.approve('nurse-one', order=shown['order'])
            assert c.ssh_approved(screen) == 0
        assert watch.logins()[0]['source'] == '127.0.0.9'


def test_a_key_of_somebody_elses_is_no_key_first(clinic):
    """A refused key counts for nothing: neither the code nor the log-in comes."""
    keys = c.Keys('nurse2')
    subprocess.run(['rm', '-f', '/etc/ssh/keys/nurse1'], check=True)
    with c.configuration('inside = 127.0.0.0/8 ::1/128', 'inside = 127.0.0.1/32'), \
            c.sshd_config(keys.SSHD + 'AuthenticationMethods publickey,keyboard-interactive keyboard-interactive\n'):
        watch = Watch(clinic)
        with Screen(c.ssh('nurse1', 'id', *keys.options('publickey,keyboard-interactive'), *outside()), columns=80, rows=40) as screen:
            screen.wait_text(r'Enter[^\n]* $', 30)
            assert 'is not allowed' in ' '.join(c.plain(screen).split())
            screen.type('\n')
            assert screen.wait_exit(30) == 255
        assert watch.requests() == []
        watch.nothing_granted()


# -- BankID on the device that the log-in comes from ---------------------------------------------------------------------

NEAR = '192.0.2.10'                     # an address that others see, too; here it is ours


@pytest.fixture(scope='module')
def routable():
    c.run('ip', 'address', 'add', NEAR + '/32', 'dev', 'lo')
    with c.configuration('inside = 127.0.0.0/8 ::1/128', f'inside = 127.0.0.0/8 ::1/128 {NEAR}/32'):
        yield ('-b', NEAR)
    c.run('ip', 'address', 'delete', NEAR + '/32', 'dev', 'lo')


def link_of(screen, start):
    """Type the word for it, and read the link; where the next prompt begins in the output."""
    start = c.ssh_enter(screen, 'link\n')
    found = re.search(r'https://app\.bankid\.com/\?autostarttoken=[0-9a-f-]{36}&redirect=null', c.plain(screen, start))
    assert found, c.plain(screen, start)
    return found[0], start


def test_a_link_opened_on_the_same_device_logs_in(clinic, routable):
    """S3: chosen by the person; a new order, the old one is cancelled; what the phone says of its address is the log-in's."""
    watch = Watch(clinic)
    with Screen(c.ssh('nurse1', 'echo in', *routable), columns=80, rows=40) as screen:
        screen.wait_text(r'write link|Write link', 40)
        c.ssh_begin(screen)
        screen.wait_qr()
        link, _ = link_of(screen, 0)
        assert len(watch.orders()) == 2 and clinic.phone.wait_order_end(watch.orders()[0]['order'])['outcome'] == 'cancelled'
        shown = clinic.phone.link(link)
        assert shown['endUserIp'] == NEAR and f'From: {NEAR}' in shown['text'].splitlines()
        clinic.phone.approve('nurse-one', order=shown['order'], device_ip=NEAR)
        assert c.ssh_approved(screen) == 0 and 'in' in c.plain(screen)
    assert [(login['name'], login['source']) for login in watch.logins()] == [('nurse1', NEAR)]


def test_a_link_opened_elsewhere_does_not_count(clinic, routable):
    """Passed on to the right person somewhere else: told so, and the way in is a code."""
    watch = Watch(clinic)
    with Screen(c.ssh('nurse1', 'echo in', *routable), columns=80, rows=40) as screen:
        screen.wait_text(r'Enter[^\n]* $', 40)
        link, start = link_of(screen, 0)
        shown = clinic.phone.link(link)
        clinic.phone.approve('nurse-one', order=shown['order'], device_ip='198.51.100.7')
        c.ssh_until(screen, 'came from another device')
        screen.wait_text(r'Enter[^\n]* $', 20)
        shown = clinic.phone.scan(c.ssh_fresh(screen, []))
        assert watch.logins() == [] and shown['startedVia'] == 'qr'
        clinic.phone.approve('nurse-one', order=shown['order'])
        assert c.ssh_approved(screen) == 0
    watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME='approved')


def test_a_link_looks_the_same_for_a_name_that_nobody_has(clinic, routable):
    """X15: byte for byte, though sshd types something else in the place of the word; BankID is asked for no order."""
    told = []
    for account in ('nurse1', 'nobodyhasthis'):
        watch = Watch(clinic)
        with Screen(c.ssh(account, 'id', *routable), columns=80, rows=40) as screen:
            screen.wait_text(r'Enter[^\n]* $', 40)
            code = c.check_code(screen)
            link, start = link_of(screen, 0)
            again = c.ssh_enter(screen)
            assert link in c.plain(screen, again), 'the link has changed'
            told.append(c.plain(screen).replace(link, 'LINK').replace(code, 'CODE').replace(account, 'NAME'))
            assert c.ssh_interrupt(screen) != 0
        c.wait_no_helper()
        assert (watch.orders() == []) == (account != 'nurse1')
        watch.nothing_granted()
    assert told[0] == told[1]


def test_no_link_is_offered_to_a_loopback_address(clinic):
    """Nobody else sees it, so nothing could be compared; four letters are Enter there."""
    with Screen(c.ssh('nurse1', 'id'), columns=80, rows=40) as screen:
        screen.wait_text(r'Enter[^\n]* $', 40)
        assert 'link' not in c.plain(screen)
        c.ssh_enter(screen, 'link\n')
        assert screen.wait_qr() and 'app.bankid.com' not in c.plain(screen)
        assert c.ssh_interrupt(screen) != 0


@pytest.fixture
def web_console():
    """A log-in program that names no terminal, but where the log-in comes from: libpam's own questions, one after another."""
    path = '/etc/pam.d/web-console'
    with open(path, 'x', encoding='utf-8') as f:
        f.write('auth required pam_eid.so timeout=120\naccount required pam_eid.so\n')
    yield lambda account, source: ['pamtester', '-I', f'rhost={source}', 'web-console', account, 'authenticate', 'acct_mgmt']
    os.unlink(path)


ONE_PROMPT = (r'https://app\.bankid\.com/\?autostarttoken=[0-9a-f-]{36}&redirect=null Check code: ([A-Z0-9]{4})\. Open the link [^\r\n]*, '
              r'then press Enter\. web-console at oak-terminal as \w+\. Organisation: Example Clinic\. $')


def test_a_program_without_a_terminal_has_the_link_in_one_prompt(clinic, routable, web_console):
    """No picture, no escape codes, one line; Enter asks for the state. A name that nobody has is asked the same (X15)."""
    told = []
    for account in ('nurse1', 'nobodyhasthis'):
        watch = Watch(clinic)
        with Screen(web_console(account, NEAR), columns=80, rows=24) as screen:
            screen.wait_text(ONE_PROMPT, 40)
            prompt = re.search(ONE_PROMPT, c.plain(screen))
            assert screen.output.decode().lstrip().startswith(prompt[0]) and len(prompt[0]) <= 700, screen.output
            link = prompt[0].split(' ')[0]
            told.append(prompt[0].replace(link, 'LINK').replace(prompt[1], 'CODE').replace(account, 'NAME'))
            if account != 'nurse1':
                screen.type('\x03')
                assert screen.wait_exit(40) != 0
                watch.nothing_granted()
                assert watch.orders() == []
                continue
            shown = clinic.phone.link(link)
            assert shown['endUserIp'] == NEAR and f'Check code: {prompt[1]}' in shown['text'].splitlines()
            clinic.phone.approve('nurse-one', order=shown['order'], device_ip=NEAR)
            assert c.ssh_approved(screen) == 0
        assert [(login['name'], login['service'], login['source']) for login in watch.logins()] == [('nurse1', 'web-console', NEAR)]
    assert told[0] == told[1]


def test_a_program_without_a_terminal_is_refused_where_no_link_is_offered(clinic, web_console):
    """A loopback address: nobody is asked, and no order is made."""
    watch = Watch(clinic)
    with Screen(web_console('nurse1', '127.0.0.1'), columns=80, rows=24) as screen:
        screen.wait_text('No code for an e-ID can be shown here', 40)
        assert screen.wait_exit(40) != 0
    assert watch.orders() == []
    watch.nothing_granted()
