# SPDX-License-Identifier: LGPL-2.1-or-later
# test_phone.py - the phone and its camera, on real pictures of a real xterm.
"""python3 -m unittest test_phone (or pytest); needs what screen.py needs, and
node, openssl, curl, qrencode and tmux.  What is missing is named, not skipped."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import screen as camera                                             # noqa: E402
from phone import NoSimulator, Phone, PhoneError, Screen, Simulator, Timeout  # noqa: E402

VECTOR = ('bankid.67df3917-fa0d-44e5-b327-edcc928297f8.0.'
          'dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8')

# A relying party as small as they come: an order, then a frame a second.
RELYING_PARTY = r'''
set -eu
certs=$1 port=$2 type=$3
call() {
    curl -sS --cacert "$certs/server-ca.crt" --cert "$certs/rp.crt" --key "$certs/rp.key" \
        -H 'Content-Type: application/json' -d "$2" "https://localhost:$port/rp/v6.0/$1"
}
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
answer=$(call auth '{"endUserIp":"192.0.2.1","userVisibleData":"TG9nIGluIHRvIHdhcmQtNw==","requirement":{"certificatePolicies":["1.2.3.4.25"]}}')
token=$(echo "$answer" | member qrStartToken) secret=$(echo "$answer" | member qrStartSecret)
order=$(echo "$answer" | member orderRef)
t=0
while [ $t -lt 60 ]; do
    code=$(printf %s $t | openssl dgst -sha256 -hmac "$secret" | sed 's/.* //')
    printf '\033[H'
    qrencode -l L -m 2 -t "$type" "bankid.$token.$t.$code"
    if [ $((t % 2)) -eq 1 ]; then
        state=$(call collect "{\"orderRef\":\"$order\"}")
        case $state in
        *'"complete"'*) echo "welcome $(echo "$state" | member personalNumber)"; exit 0 ;;
        *'"failed"'*) echo "failed $(echo "$state" | member hintCode)"; exit 1 ;;
        esac
    fi
    sleep 1
    t=$((t + 1))
done
'''


class CameraTest(unittest.TestCase):
    """What the matrix of real-parts.md says can be read is read."""

    def look(self, theme, kind, quiet, font_size=10, *, seconds=0):
        """The code, for which it may take so long until it is drawn, or None."""
        words = ['sh', '-c', 'qrencode -l L -m "$1" -t "$2" "$3"; echo drawn; read x', 'sh', str(quiet), kind, VECTOR]
        with Screen(words, columns=120, rows=60, theme=theme, font_size=font_size) as screen:
            screen.wait_text('drawn')
            if seconds:
                return screen.wait_qr(seconds)
            time.sleep(0.3)             # xterm draws after it has read; a miss must be a miss
            return screen.qr()

    def test_readable(self):
        for theme, kind, quiet, size in [('dark', 'UTF8', 2, 10), ('dark', 'ANSIUTF8', 2, 8), ('light', 'ANSIUTF8', 2, 12),
                                         ('light', 'UTF8i', 2, 12), ('dark', 'ANSI', 2, 6)]:
            with self.subTest(theme=theme, kind=kind):
                self.assertEqual(self.look(theme, kind, quiet, size, seconds=30), VECTOR)

    def test_inverted_is_not_read(self):
        self.assertIsNone(self.look('light', 'UTF8', 2))
        self.assertIsNone(self.look('dark', 'UTF8', 0))

    def test_no_code_no_answer(self):
        with Screen(['sh', '-c', 'echo nothing here; read x']) as screen:
            screen.wait_text('nothing')
            self.assertIsNone(screen.qr())
            with self.assertRaises(Timeout):
                screen.wait_qr(timeout=0.5)


class ScreenTest(unittest.TestCase):
    def test_size_typing_and_exit(self):
        with Screen(['sh', '-c', 'stty size; read x; echo "got $x"; exit 3'], columns=80, rows=24) as screen:
            screen.wait_text('24 80')
            self.assertTrue(screen.is_running)
            screen.type('hello\n')
            self.assertEqual(screen.wait_text(r'got (\w+)').group(1), b'hello')
            self.assertEqual(screen.wait_exit(), 3)

    def test_a_signal_and_a_missing_program(self):
        with Screen(['sh', '-c', 'kill -9 $$']) as screen:
            self.assertEqual(screen.wait_exit(), -9)
        with Screen(['/nonexistent/program']) as screen:
            self.assertEqual(screen.wait_exit(), 127)
            self.assertIn(b'No such file', screen.output)

    def test_ctrl_c(self):
        with Screen(['sh', '-c', 'trap "echo interrupted; exit 9" INT; echo up; while :; do sleep 0.1; done']) as screen:
            screen.wait_text('up')
            screen.type('\x03')
            self.assertEqual(screen.wait_exit(), 9)

    def test_close_hangs_up_and_leaves_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            mark = os.path.join(folder, 'mark')
            with Screen(['sh', '-c', f'trap "echo hup > {mark}; exit" HUP; echo up; while :; do sleep 0.1; done']) as screen:
                screen.wait_text('up')
                processes = [screen._xvfb.pid, screen._xterm.pid]
            self.assertTrue(os.path.exists(mark))
            for pid in processes:
                with self.assertRaises(ProcessLookupError):
                    os.kill(pid, 0)

    def test_the_status_comes_though_somebody_holds_the_terminal(self):
        with Screen(['sh', '-c', 'sleep 20 & echo left one; exit 4']) as screen:
            self.assertEqual(screen.wait_exit(5), 4)
            self.assertIn(b'left one', screen.output)

    def test_a_terminal_that_is_opened_again(self):
        # As login(1) does: every descriptor closed, then the terminal by name.
        again = 't=$(tty); exec 0<&- 1>&- 2>&-; sleep 0.3; exec 0<>"$t" 1>&0 2>&0; echo again; read x; echo "got $x"'
        with Screen(['setsid', '-w', 'sh', '-c', again]) as screen:
            screen.wait_text('again')
            screen.type('more\n')
            screen.wait_text('got more')
            self.assertEqual(screen.wait_exit(), 0)

    def test_wait_text_ends_with_the_command(self):
        with Screen(['true']) as screen:
            begin = time.monotonic()
            with self.assertRaises(Timeout):
                screen.wait_text('never', timeout=60)
            self.assertLess(time.monotonic() - begin, 60)

    def test_the_command_does_not_see_the_display(self):
        with Screen(['sh', '-c', 'echo "<$DISPLAY$XAUTHORITY$WINDOWID>"'], env={'OWN': 'x'}) as screen:
            screen.wait_text('<>')

    def test_strangers_do_not_get_in(self):
        with Screen(['cat']) as screen:
            stranger = {**os.environ, 'DISPLAY': screen.display, 'XAUTHORITY': '/dev/null'}
            with tempfile.TemporaryDirectory() as folder, self.assertRaises(camera.ScreenError):
                camera.screenshot(os.path.join(folder, 'x.png'), stranger)


class PhoneTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.certs = os.path.join(cls.folder.name, 'certs')
        cls.control = os.path.join(cls.folder.name, 'control')
        subprocess.run([os.path.join(HERE, 'make-certs.sh'), cls.certs], check=True)
        cls.simulator = Simulator(cls.certs, cls.control, journal=os.path.join(cls.folder.name, 'journal'))
        cls.phone = cls.simulator.phone
        cls.port = str(cls.simulator.address['port'])

    @classmethod
    def tearDownClass(cls):
        cls.simulator.close()
        assert not os.path.exists(cls.control)
        cls.folder.cleanup()

    def setUp(self):
        self.phone.reset()

    def relying_party(self, kind='ANSIUTF8', **more):
        words = ['sh', '-c', RELYING_PARTY, 'sh', self.certs, self.port, kind]
        return Screen(words, **{'columns': 80, 'rows': 25, **more})

    def command(self, *words, environment=None, check=True):
        result = subprocess.run([os.path.join(HERE, 'phone'), '--control', self.control, *words], text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, check=False)
        if check:
            self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def test_scan_from_the_screen_and_approve(self):
        with self.relying_party() as screen:
            shown = self.phone.scan_screen(screen)
            self.assertEqual((shown['requestor'], shown['text']), ('Example Clinic', 'Log in to ward-7'))
            self.phone.approve('nurse-one')
            self.assertEqual(screen.wait_text(r'welcome (\d+)').group(1), b'189001019802')
            self.assertEqual(screen.wait_exit(), 0)
        self.assertEqual(self.phone.wait_order_end(shown['order'])['outcome'], 'complete')
        collects = [e['at_ms'] for e in self.phone.journal(kind='request', endpoint='collect')]
        self.assertTrue(all(b - a >= 1900 for a, b in zip(collects, collects[1:])), collects)

    def test_refuse(self):
        with self.relying_party('UTF8') as screen:
            self.phone.scan_screen(screen)
            self.phone.refuse()
            screen.wait_text('failed userCancel')
            self.assertEqual(screen.wait_exit(), 1)

    def test_a_photo_of_a_moment_ago_fails_the_order(self):
        with self.relying_party() as screen:
            old = screen.wait_qr()
            self.phone.advance(4.2)
            self.assertNotEqual(screen.wait_qr(other_than={old}), old)
            with self.assertRaises(PhoneError) as refused:
                self.phone.scan(old)
            self.assertEqual(refused.exception.code, 'tooOld')
            screen.wait_text('failed startFailed')

    def test_the_command(self):
        with self.relying_party() as screen:
            look = {**screen.environment, 'BANKID_CONTROL': self.control}
            self.assertRegex(self.command('wait-qr', environment=look).stdout, r'^bankid\.')
            said = self.command('scan-approve', '--as', 'doctor', environment=look).stdout
            self.assertIn('Example Clinic asks you to identify', said)
            self.assertIn('| Log in to ward-7', said)
            self.assertEqual(screen.wait_text(r'welcome (\d+)').group(1), b'199908072391')
        ended = json.loads(self.command('wait', 'kind=order', 'event=ended').stdout)
        self.assertEqual(ended['personalNumber'], '199908072391')

    def test_the_command_on_a_picture(self):
        with self.relying_party() as screen, tempfile.TemporaryDirectory() as folder:
            picture = os.path.join(folder, 'photo.png')
            screen.wait_qr(keep=picture)
            self.assertIn('started', self.command('scan', picture).stdout)
            self.command('hint', 'certificateErr')
            screen.wait_text('failed certificateErr')

    def test_the_command_on_tmux(self):
        server = os.path.join(self.folder.name, 'tmux')
        tmux = ['tmux', '-S', server, '-f', '/dev/null']
        words = ['sh', '-c', RELYING_PARTY, 'sh', self.certs, self.port, 'ANSIUTF8']
        subprocess.run([*tmux, 'new-session', '-d', '-x', '80', '-y', '25', '-s', 'lab', *words], check=True,
                       env={**os.environ, 'LC_ALL': 'C.UTF-8'})
        try:
            inside = {**os.environ, 'TMUX': f'{server},1,0'}
            self.assertIn('complete', self.command('scan-approve', '--tmux', 'lab', environment=inside).stdout)
        finally:
            subprocess.run([*tmux, 'kill-server'], check=True)

    def test_eye(self):
        eye = subprocess.Popen([os.path.join(HERE, 'phone'), 'eye', '--', 'sh', '-c', RELYING_PARTY, 'sh',
                                self.certs, self.port, 'ANSIUTF8'], stdout=subprocess.PIPE, text=True)
        with eye:
            named = dict(eye.stdout.readline().strip().split('=', 1) for _ in range(2))
            self.command('scan-refuse', environment={**os.environ, **named})
            eye.send_signal(signal.SIGTERM)
        self.assertEqual(eye.returncode, 0)

    def test_exit_statuses(self):
        self.assertEqual(self.command('approve', check=False).returncode, 1)
        self.assertEqual(self.command('dance', check=False).returncode, 2)
        self.assertEqual(self.command('wait', 'kind=order', '--timeout', '0.1', check=False).returncode, 3)
        with tempfile.TemporaryDirectory() as folder:
            blank = os.path.join(folder, 'blank.png')
            with Screen(['cat']) as screen:
                screen.screenshot(blank)
            self.assertEqual(self.command('scan', blank, check=False).returncode, 3)
        self.assertEqual(self.command('--control', '/nonexistent/control', 'status', check=False).returncode, 4)
        with self.assertRaises(NoSimulator):
            Phone('/nonexistent/control').status()

    def test_faults_and_outage(self):
        self.command('fault', 'maintenance', 'count=1', 'endpoint=auth')
        self.assertEqual(self.phone.status()['faults'][0]['left'], 1)
        self.command('clear-faults')
        self.command('down')
        self.assertFalse(self.phone.status()['up'])
        self.command('certificate', 'foreign')
        self.assertEqual(self.phone.status()['certificate'], 'foreign')
        self.command('reset')
        self.assertEqual((self.phone.status()['up'], self.phone.status()['certificate']), (True, 'good'))


if __name__ == '__main__':
    unittest.main()
