# SPDX-License-Identifier: LGPL-2.1-or-later
# test_terminals.py - a code in every terminal that people log in through, read from its picture, and a log-in by it
"""Each case leaves its picture in the results, terminals/NAME.png, and a row of the table that `./lab test` prints."""

import contextlib
import os
import shlex
import time

import pytest

import clinic as c
import host
import terminals
from clinic import Screen, Timeout

PICTURES = os.path.join(os.environ.get('CAREID_RESULTS', '/results'), 'terminals')


@pytest.fixture(scope='module')
def clinic(clinic):
    os.makedirs(PICTURES, exist_ok=True)
    return clinic


@pytest.fixture
def watch(watch):
    yield watch
    # What a case that failed has left behind would be the next one's.
    c.run('tmux', '-L', 'terminals', 'kill-server', check=False)


def su():
    """nurse1 becomes nurse2, who approves: for a shell, with how it ended."""
    return shlex.join(c.as_user('nurse1', *c.su('nurse2'))) + '; echo "ended $?"; read x'


def sudo():
    return shlex.join(c.as_user('nurse1', 'sudo', '-k', 'id')) + '; echo "ended $?"; read x'


def shell(text):
    return ['sh', '-c', text]


def finish_shell(screen):
    screen.wait_text(r'uid=\d+', 30)
    screen.wait_text(r'ended 0', 40)
    screen.type('\n')


def finish_login(screen):
    screen.wait_text(r'\$ ', 30)
    screen.type('exit\n')


def finish_ssh(screen):
    assert c.ssh_approved(screen, 40) == 0, c.plain(screen)[-600:]
    assert 'uid=' in c.plain(screen)


def finish_inside(screen):
    """tmux and screen end with 0 whatever happened inside, and draw as they please: an Enter, and one more if nothing came."""
    end = time.monotonic() + c.patient(60)
    while 'uid=' not in c.plain(screen):
        assert time.monotonic() < end and screen.is_running, c.plain(screen)[-600:]
        screen.type('\n')
        with contextlib.suppress(Timeout):
            screen.wait_text('uid=', 8)


def finish_plain(screen):
    c.ssh_until(screen, r'uid=\d+', 40)
    screen.wait_text(r'ended 0', 40)
    screen.type('\n')


def begin_ssh(screen):
    c.ssh_begin(screen)


def begin_inside(screen):
    """In tmux and screen the prompt may be on the glass before anybody reads: Enter again where no code comes (a fresh one is as good)."""
    end = time.monotonic() + c.patient(60)
    c.ssh_begin(screen)
    while time.monotonic() < end:
        try:
            screen.wait_text('(?s)(▀.*?){12}', 10)
            return
        except Timeout:
            screen.type('\n')


def begin_ssh_light(screen):
    """On a light screen the first picture is the wrong way round: a letter, and it is right."""
    c.ssh_begin(screen)
    screen.wait_text('▀', 40)
    c.ssh_enter(screen, 'i\n')


def begin_getty(screen):
    screen.wait_text(r'login: ', 40)
    screen.type('nurse1\n')


def begin_plain(screen):
    """Without a cursor to move, as over SSH."""
    c.ssh_begin(screen)


def menu(letter):
    def begin(screen):
        screen.wait_text('Enter', 40)
        screen.wait_qr(40)
        start = len(screen.output)
        screen.type('\n')
        screen.wait_text(r'cancel: ', 20, start)
        screen.type(letter + '\n')
    return begin


def menu_unread(letter):
    """The same where nothing can be read before."""
    def begin(screen):
        screen.wait_text('Enter', 40)
        start = len(screen.output)
        screen.type('\n')
        screen.wait_text(r'cancel: ', 20, start)
        screen.type(letter + '\n')
    return begin


def nothing(_screen):
    pass


def plink():
    key = c.run('ssh-keyscan', '-t', 'ed25519', '127.0.0.1').stdout
    print_ = c.run('ssh-keygen', '-lf', '-', text=key).stdout.split()[1]
    return ['plink', '-ssh', '-no-antispoof', '-hostkey', print_, '-l', 'nurse1', '127.0.0.1', 'id']


def larger(screen):
    """Over SSH nobody knows the window: the person asks, before the first code or after it."""
    screen.wait_text('write larger', 40)
    c.ssh_enter(screen, 'larger\n')


GETTY = 'exec setsid -w -c agetty --noclear --noissue -8 "$(basename $(dirname $(tty)))/$(basename $(tty))" linux'
HALF, WHOLE, PLAIN = 'half blocks, 45 columns, colours', 'whole cells, 90 columns, colours', 'half blocks, 45 columns, no escapes'
INSIDE, INSIDE_PLAIN = 'half blocks, colours', 'half blocks, no colours'        # tmux, screen, plink: drawn anew


class Case:
    """drawn: what the bytes that the terminal is given say (terminals.drawn)."""

    def __init__(self, name, asker, command, person='nurse-two', *, terminal='xterm, DejaVu 10', size=(80, 24), theme='dark',
                 drawn=HALF, begin=nothing, finish=finish_shell, font='DejaVu Sans Mono', points=10, env=None):
        self.name, self.asker, self.command, self.person = name, asker, command, person
        self.terminal, self.size, self.theme, self.drawn = terminal, size, theme, drawn
        self.begin, self.finish, self.font, self.points, self.env = begin, finish, font, points, env


def login(name, **more):
    return Case(name, 'login', lambda: c.login('nurse1'), 'nurse-one', finish=finish_login, **more)


def font(points, theme='dark', **more):
    return login(f'login-{points}pt-{theme}', terminal=f'xterm, DejaVu {points}', points=points, theme=theme, **more)


def over_ssh(name, before=(), **more):
    return Case(name, 'ssh', lambda: [*before, *c.ssh('nurse1', 'id')], 'nurse-one', **{'begin': begin_ssh, 'finish': finish_ssh, 'drawn': PLAIN, **more})


TMUX = ['tmux', '-L', 'terminals', '-f', '/dev/null', 'new-session']
SCREEN = ['screen', '-c', '/dev/null']

CASES = (
    # Fonts: hairlines between the cells hurt at small sizes.
    font(10), font(10, 'light'), font(8), font(8, 'light'), font(6, size=(100, 30)), font(14, 'light'),
    # Sizes, and the menu.
    login('login-wide', size=(200, 60), points=8, terminal='xterm, DejaVu 8'),
    login('login-alone', size=(160, 60), points=8, terminal='xterm, DejaVu 8', begin=menu('l'), drawn=WHOLE),
    login('login-alone-light', size=(200, 100), points=6, terminal='xterm, DejaVu 6', theme='light', begin=menu('l'),
          drawn='whole cells, 180 columns, colours'),
    login('menu', begin=menu('')),
    # Who asks.
    Case('agetty', 'agetty', lambda: shell(GETTY), 'nurse-one', begin=begin_getty, finish=finish_login),
    Case('su', 'su', lambda: shell(su())),
    Case('su-light', 'su', lambda: shell(su()), theme='light'),
    Case('sudo', 'sudo', lambda: shell(sudo()), 'nurse-one'),
    # What stands between.
    Case('tmux', 'su', lambda: [*TMUX, su()], terminal='tmux in xterm', drawn=INSIDE),
    Case('tmux-light', 'sudo', lambda: [*TMUX, sudo()], 'nurse-one', terminal='tmux in xterm', drawn=INSIDE, theme='light'),
    Case('screen', 'su', lambda: [*SCREEN, '-U', 'sh', '-c', su()], terminal='GNU screen in xterm', drawn=INSIDE),
    Case('script', 'sudo', lambda: ['script', '-qc', sudo(), '/dev/null'], 'nurse-one', terminal='script in xterm'),
    # No UTF-8, no colours, no cursor.
    Case('not-utf8', 'su', lambda: shell('stty -iutf8; ' + su()), size=(100, 50), drawn=WHOLE),
    Case('no-size', 'su', lambda: shell('stty rows 0 cols 0; ' + su()), terminal='xterm that has no size'),
    Case('no-color', 'su', lambda: shell('export NO_COLOR=1; ' + su()), drawn='half blocks, 45 columns, reverse'),
    Case('no-color-light', 'su', lambda: shell('export NO_COLOR=1; ' + su()), theme='light', drawn='half blocks, 45 columns, reverse, inverted', begin=menu_unread('i')),
    Case('dumb', 'su', lambda: shell('export TERM=dumb; ' + su()), terminal='xterm, TERM=dumb', drawn=PLAIN, begin=begin_plain, finish=finish_plain),
    Case('dumb-sudo', 'sudo', lambda: shell('export TERM=dumb; ' + sudo()), 'nurse-one', terminal='xterm, TERM=dumb', drawn=PLAIN,
         begin=begin_plain, finish=finish_plain),
    # Over SSH.
    over_ssh('ssh'), over_ssh('ssh-light', theme='light', begin=begin_ssh_light, drawn=PLAIN + ', inverted', terminal='xterm, DejaVu 12', points=12),
    over_ssh('ssh-larger', begin=larger, size=(120, 50), drawn='whole cells, 90 columns, no escapes'),
    over_ssh('ssh-8pt', terminal='xterm, DejaVu 8', points=8),
    over_ssh('ssh-screen', before=[*SCREEN, '-U'], terminal='GNU screen in xterm', drawn=INSIDE_PLAIN, begin=begin_inside, finish=finish_inside),
    over_ssh('ssh-tmux', before=TMUX, terminal='tmux in xterm', drawn=INSIDE_PLAIN, begin=begin_inside, finish=finish_inside),
    over_ssh('ssh-dumb', before=['env', 'TERM=dumb'], terminal='xterm, TERM=dumb'),
    Case('plink', 'ssh (plink)', plink, 'nurse-one', drawn=INSIDE_PLAIN, begin=begin_ssh, finish=finish_ssh),
)


@pytest.mark.parametrize('case', CASES, ids=lambda case: case.name)
def test_the_code_is_read_and_lets_in(case, clinic, watch):
    """The picture of the terminal is all that the phone has."""
    start = time.monotonic()
    with Screen(case.command(), columns=case.size[0], rows=case.size[1], theme=case.theme, font=case.font, font_size=case.points,
                env=case.env, size=(2000, 1400)) as screen:
        case.begin(screen)
        shown = clinic.scan(screen, 60, keep=f'{PICTURES}/{case.name}.png')
        seconds = time.monotonic() - start
        seen, size = terminals.drawn(screen.output, case.drawn in (INSIDE, INSIDE_PLAIN)), screen.size
        clinic.phone.approve(case.person, order=shown['order'])
        case.finish(screen)
    assert seen['drawn'] == case.drawn, seen
    terminals.row(host=case.asker, terminal=case.terminal, size=size, theme=case.theme, decoded=True, seconds=seconds, **seen)


def words_of(screen, pattern):
    """The sentence that stands where no code does, as it was seen."""
    seen = screen.wait_text(pattern, 40)[0]
    return {'drawn': terminals.words(seen), 'locale': terminals.letters(seen)}


# -- where no code can be drawn ---------------------------------------------------------------------------------------

def test_a_client_without_utf8_is_told_before_any_picture(clinic, watch):
    """LC_ALL=C prints a block as digits: three of them come first, with what to do; nothing is asked of BankID before that."""
    with Screen(['env', 'LC_ALL=C', *c.ssh('nurse1', 'id')], columns=100, rows=24) as screen:
        screen.wait_text(r'\\342\\226\\210\\342\\226\\204\\342\\226\\210  Not three blocks[?] Press Ctrl-C, set LC_ALL=C.UTF-8 and try again', 40)
        screen.wait_text('Enter', 40)
        assert watch.orders() == []
        screen.screenshot(f'{PICTURES}/ssh-c.png')
        assert c.ssh_interrupt(screen) != 0
        terminals.row(host='ssh, LC_ALL=C', terminal='xterm, DejaVu 10', size=screen.size, theme='dark', decoded=False,
                      **words_of(screen, r'Not three blocks[^\r\n]*'))


def test_neither_cursor_nor_blocks(clinic, watch):
    """TERM=dumb without UTF-8: a sentence, no order, denied."""
    with Screen(shell('stty -iutf8; export TERM=dumb; ' + su()), columns=80, rows=24) as screen:
        screen.wait_text('No code for an e-ID can be shown here', 40)
        screen.wait_text('ended 1', 40)
        terminals.row(host='su', terminal='TERM=dumb, not UTF-8', size=screen.size, theme='dark', decoded=False,
                      **words_of(screen, r'No code for an e-ID[^\r\n]*'))
        screen.type('\n')
    assert watch.requests() == []


def test_no_room_without_half_blocks(clinic, watch):
    """80x24 without UTF-8 is too small, and says what would do; a window of that size shows the code."""
    with Screen(shell('stty -iutf8; ' + su()), columns=80, rows=24, size=(2000, 1400)) as screen:
        screen.wait_text('90 x 46', 40)
        screen.screenshot(f'{PICTURES}/too-small.png')
        terminals.row(host='su', terminal='xterm, not UTF-8', size=screen.size, theme='dark', decoded=False,
                      **words_of(screen, r'The window(?s:.*)90 x 46'))
        screen.resize(90, 46)
        start = time.monotonic()
        shown = clinic.scan(screen, 30, keep=f'{PICTURES}/just-large-enough.png')
        seconds = time.monotonic() - start
        terminals.row(host='su', terminal='xterm, not UTF-8, made larger', size=screen.size, theme='dark', decoded=True, seconds=seconds,
                      **terminals.drawn(screen.output))
        clinic.phone.approve('nurse-two', order=shown['order'])
        finish_shell(screen)


# -- what is on the screen, and for how long ---------------------------------------------------------------------------

def seen_since_cleared(screen, start, is_code):
    """What was drawn since the screen was cleared for its size, if it is what it should be: a frame may be half drawn."""
    seen = terminals.drawn(screen.output[start:].rpartition(b'\x1b[2J')[2])
    return seen if seen['drawn'] and seen['drawn'].startswith('half blocks') == is_code else None


def test_windows_that_change_while_the_code_shows(clinic, watch):
    """Grown, shrunk, too small, as small as a stamp, and back: one code at a time, read each time there is room."""
    with Screen(c.login('nurse1'), columns=80, rows=24, size=(2000, 1400)) as screen:
        codes = [screen.wait_qr()]
        for columns, rows, fits in ((120, 40, True), (60, 20, False), (45, 24, True), (4, 4, False), (1, 1, False), (200, 60, True)):
            start, begun = len(screen.output), time.monotonic()
            screen.resize(columns, rows)
            screen.wait_text(r'\x1b\[2J', 40, start)
            keep = f'{PICTURES}/resized-{columns}x{rows}.png'
            if fits:
                codes.append(screen.wait_qr(40, codes, keep))
                assert len(c.codes_in(keep)) == 1, 'nothing stale beside it'
            else:
                screen.wait_text(r'2J[^\x1b]*\r', 20, start)
                c.eventually(lambda: not c.codes_in(screen.screenshot(keep)), what='no code')
            seen = c.eventually(lambda: seen_since_cleared(screen, start, fits), what=f'a code: {fits}')
            terminals.row(host='login', terminal='xterm, resized under way', size=screen.size, theme='dark', decoded=fits,
                          seconds=time.monotonic() - begun if fits else None, **seen)
        assert len({code.split('.')[1] for code in codes}) == 1, 'the same order all the time'
        screen.resize(80, 24)
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-one', order=shown['order'])
        finish_login(screen)
        assert screen.wait_exit(40) == 0


@pytest.mark.parametrize('rows, columns', [(1, 1), (4, 4), (0, 0), (2, 500)])
def test_a_terminal_of_any_size(rows, columns, clinic, watch):
    """Nothing crashes, the person can go on and give up; 0x0 is a terminal that doesn't know its size."""
    with host.Terminal(c.login('nurse1'), rows=rows, columns=columns) as terminal:
        watch.wait_order()
        start = len(terminal.output)
        terminal.wait_text('\x1b', 10, start)
        assert terminal.is_running
        terminal.type('\x03')
        terminal.wait_text('login: ', 20)
    c.wait_no_helper()


def test_what_has_been_said_is_not_said_again(clinic, watch):
    """Three frames: each state is written once, for who hears them; only the code and the seconds are new."""
    with Screen(c.login('nurse1'), columns=80, rows=24) as screen:
        codes = [screen.wait_qr()]
        for _ in range(2):
            codes.append(screen.wait_qr(40, codes))
        for text in (b'Check code', b'Start the BankID app', b'oak-terminal'):
            assert screen.output.count(text) == 1, (text, screen.output.count(text))
        # A BankID that answers within the moment is not waited for in words.
        assert screen.output.count(b'Contacting BankID') <= 1
        assert screen.output.count(b'Press Enter') <= 2, 'with each state'
        screen.type('\x03')


def test_the_kiosk(clinic, watch):
    """Large, three minutes, the time left in minutes; LOGIN_TIMEOUT is the administrator's."""
    with c.changed('/etc/pam.d/common-auth', lambda text: text.replace('pam_eid.so', 'pam_eid.so kiosk=yes')), \
            Screen(c.login('nurse1'), columns=160, rows=60, font_size=8, size=(2000, 1400)) as screen:
        start = time.monotonic()
        shown = clinic.scan(screen, 30, keep=f'{PICTURES}/kiosk.png')
        seconds = time.monotonic() - start
        screen.wait_text(r'Time left: 3:00', 40)
        seen, size = terminals.drawn(screen.output), screen.size
        assert screen.output.count(b'Time left') == 1, 'not every second'
        clinic.phone.approve('nurse-one', order=shown['order'])
        finish_login(screen)
    assert seen['drawn'] == WHOLE, seen
    terminals.row(host='login, kiosk=yes', terminal='xterm, DejaVu 8', size=size, theme='dark', decoded=True, seconds=seconds, **seen)


# -- the terminal afterwards -------------------------------------------------------------------------------------------

def usable(screen):
    """What the next program finds: echo, lines, Ctrl-C and Ctrl-Z."""
    start = len(screen.output)
    screen.type('stty -a; echo to""gether\n')
    screen.wait_text('together', 40, start)
    modes = c.plain(screen, start)
    for wanted in (' echo ', ' icanon', ' isig', 'intr = ^C', 'susp = ^Z', 'eol = <undef>', 'eol2 = <undef>'):
        assert wanted in ' ' + ' '.join(modes.split()), (wanted, modes)


@pytest.mark.parametrize('program, how', [('su', 'ctrl-c'), ('su', 'ctrl-d'), ('su', 'term'), ('sudo', 'ctrl-c')])
def test_the_terminal_is_usable_after(program, how, clinic, watch):
    """However the program ends.  bash puts right what a signal has left, as after any password prompt."""
    command = c.su('nurse2') if program == 'su' else ['sudo', '-k', 'id']
    with Screen(c.as_user('nurse1', 'bash', '--norc', '-i'), columns=80, rows=24) as screen:
        screen.wait_text(r'\$ ', 40)
        screen.type(shlex.join(command) + '\n')
        screen.wait_qr()
        start = len(screen.output)
        if how == 'term':
            pid, = host.processes(f'/usr/bin/{program}')
            os.kill(pid, 15)
        else:
            screen.type({'ctrl-c': '\x03', 'ctrl-d': '\x04'}[how])
        screen.wait_text(r'\$ $', 40, start)
        usable(screen)
    c.wait_no_helper()


@pytest.mark.parametrize('interpreter', ['dash', 'bash'])
@pytest.mark.parametrize('program', ['su', 'sudo'])
def test_stopped_and_gone_on_with(program, interpreter, clinic, watch):
    """Ctrl-Z: the code is away, the shell has its terminal; after fg the code is there again, and good."""
    command = c.su('nurse2') if program == 'su' else ['sudo', '-k', 'id']
    with Screen(c.as_user('nurse1', *(['bash', '--norc', '-i'] if interpreter == 'bash' else ['dash', '-i'])), columns=80, rows=24) as screen:
        screen.wait_text(r'\$ ', 40)
        screen.type(shlex.join(command) + '\n')
        old = screen.wait_qr()
        start = len(screen.output)
        screen.type('\x1a')
        screen.wait_text(r'Stopped', 40, start)
        usable(screen)
        assert screen.qr() is None
        screen.type('fg\n')
        screen.wait_qr(40, [old])
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-two' if program == 'su' else 'nurse-one', order=shown['order'])
        screen.wait_text(r'uid=\d+', 40)
        screen.type('exit\n')
