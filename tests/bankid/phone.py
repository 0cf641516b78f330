# SPDX-License-Identifier: LGPL-2.1-or-later
# phone.py - the phone of a test person, for Python tests and the `phone` command.
"""Drives the BankID simulator through its control socket, see README.md.

    phone = Phone('/path/of/control')
    shown = phone.scan_screen(screen, timeout=20)   # screen: a screen.Screen
    assert 'Example Clinic' in shown['requestor'] and 'host' in shown['text']
    phone.approve('nurse-one')
    phone.wait_order_end(shown['order'])

It learns a QR code from the picture of a screen and from nothing else.
"""

import http.client
import json
import os
import socket
import subprocess
import time
import urllib.parse

import screen as camera
from screen import Screen, ScreenError, Timeout  # noqa: F401 (for importers)

ANSWER_S = 60
STALE = ('ended', 'tooOld', 'unknownOrder')     # of a code that was good once, perhaps


class PhoneError(Exception):
    """The simulator said no: .code is its word for why, .status the HTTP one."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status = status
        self.code = code


class NoSimulator(Exception):
    """Nobody answers on the control socket."""


class _Connection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__('control', timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Phone:
    """control: path of the simulator's control socket ($BANKID_CONTROL)."""

    def __init__(self, control=None):
        self.control = control or os.environ.get('BANKID_CONTROL')
        if not self.control:
            raise NoSimulator('no control socket: set BANKID_CONTROL')

    # ---- in the hand of the test person

    def scan(self, qr, person=None):
        """Posts what a camera has read; returns what the app shows."""
        return self._post('/scan', qr=qr, person=person)

    def scan_image(self, path, person=None):
        code = camera.pick(camera.decode(path))
        if code is None:
            raise Timeout(f'{path}: no QR code in the picture')
        return self.scan(code, person)

    def scan_screen(self, screen, timeout=20, person=None, other_than=(), keep=None, again=None):
        """Looks at a Screen until a code is there, and reads it at once.  When the app says that it is too old, or
        of no order (that of the log-in before), a person looks again, after `again` if it takes an act."""
        end, tried = time.monotonic() + camera.patient(timeout), list(other_than)
        while True:
            code = screen.wait_qr(timeout, tried, keep)
            try:
                return self.scan(code, person)
            except PhoneError as e:
                if e.code not in STALE or time.monotonic() >= end:
                    raise
            tried.append(code)
            if again:
                again()

    def scan_display(self, timeout=20, person=None, environment=None):
        """The same for the X display of $DISPLAY (or of environment)."""
        return self.scan(camera.wait_display(timeout, environment), person)

    def link(self, token, person=None):
        """Opens an autoStartToken, or the link that carries it, on this device."""
        return self._post('/link', autoStartToken=token, person=person)

    def approve(self, person=None, *, order=None, device_ip=None, risk=None, **more):
        """person: id, number or name of people.json, or a dict for anybody else
        (personalNumber, name, givenName, surname).  more: uhi, bankIdIssueDate,
        stepUp, completion."""
        who = {'custom': person} if isinstance(person, dict) else {'person': person}
        return self._post('/approve', order=order, deviceIp=device_ip, risk=risk, **who, **more)

    def refuse(self, *, order=None):
        return self._post('/refuse', order=order)

    # ---- BankID's side

    def hint(self, code, *, status=None, order=None):
        return self._post('/hint', hintCode=code, status=status, order=order)

    def defaults(self, **values):
        """deviceIp, uhi, bankIdIssueDate, risk for later approvals; None counts."""
        return self._request('POST', '/defaults', values)

    def fault(self, kind, **members):
        return self._request('POST', '/fault', {'kind': kind, **members})['id']

    def clear_faults(self):
        self._post('/clear-faults')

    def server(self, *, up=None, certificate=None, refuse=None):
        return self._post('/server', up=up, certificate=certificate, refuse=refuse)

    def slow(self, ms):
        self._post('/slow', ms=ms)

    def down(self):
        return self.server(up=False)

    def up(self):
        return self.server(up=True)

    def advance(self, seconds):
        return self._post('/advance', seconds=seconds)

    def reset(self):
        return self._post('/reset')

    # ---- what happened

    def status(self):
        return self._get('/status')

    def people(self):
        return self._get('/people')

    def fields(self):
        return self._get('/fields')

    def journal(self, **members):
        """Entries in order; members as in README.md: since, kind, order, ..."""
        return self._get('/journal', **members)

    def wait(self, timeout=30, **members):
        """The first entry, old or new, that fits; Timeout when none comes."""
        try:
            return self._get('/wait', timeout=camera.patient(timeout), patience=camera.patient(timeout), **members)
        except PhoneError as e:
            if e.status == 504:
                raise Timeout(f'{members} did not happen within {camera.patient(timeout)} s') from None
            raise

    def wait_order(self, timeout=30, **members):
        return self.wait(timeout, kind='order', event='created', **members)

    def wait_order_end(self, order, timeout=30):
        return self.wait(timeout, kind='order', event='ended', order=order)

    def wait_ready(self, timeout=10):
        """Until a simulator that was just started answers."""
        end = time.monotonic() + camera.patient(timeout)
        while True:
            try:
                return self.status()
            except NoSimulator:
                if time.monotonic() >= end:
                    raise
                time.sleep(0.05)

    # ---- inside

    def _post(self, path, **members):
        return self._request('POST', path, {k: v for k, v in members.items() if v is not None})

    def _get(self, path, *, patience=0, **members):
        query = urllib.parse.urlencode({k: v for k, v in members.items() if v is not None})
        return self._request('GET', f'{path}?{query}' if query else path, None, patience)

    def _request(self, method, path, body, patience=0):
        connection = _Connection(self.control, ANSWER_S + patience)
        try:
            connection.request(method, path, None if body is None else json.dumps(body),
                               {} if body is None else {'Content-Type': 'application/json'})
            answer = connection.getresponse()
            value = json.loads(answer.read())
        except (OSError, http.client.HTTPException) as e:
            raise NoSimulator(f'{self.control}: {e}') from None
        finally:
            connection.close()
        if answer.status != 200:
            raise PhoneError(answer.status, value['error'], value['message'])
        return value


class Simulator:
    """A simulator of one's own: made at the start, gone at the end.

        with Simulator(certs, control, listen='127.0.0.1:443') as phone: ...

    listen with port 0 takes a free one: phone.status()['port']."""

    def __init__(self, certs, control, *, listen='127.0.0.1:0', journal=None, refuse='tls',
                 node='node', people=None, qr_max_age_ms=None):
        here = os.path.dirname(os.path.abspath(__file__))
        words = [node, os.path.join(here, 'simulator.mjs'), '--certs', str(certs), '--control', str(control),
                 '--listen', listen, '--refuse', refuse, '--exit-with-stdin']
        words += ['--journal', str(journal)] if journal else []
        words += ['--people', str(people)] if people else []
        words += ['--qr-max-age-ms', str(qr_max_age_ms)] if qr_max_age_ms else []
        words += ['--qr-max-age-ms', str(qr_max_age_ms)] if qr_max_age_ms else []
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self._process.stdout.readline()
        if not line:
            raise NoSimulator(f'the simulator ended with status {self._process.wait()}')
        self.address = json.loads(line)
        self.phone = Phone(str(control))

    def __enter__(self):
        return self.phone

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
