# SPDX-License-Identifier: LGPL-2.1-or-later
"""test-sending.py - gateways and relays that do everything wrong, and what is said of it

    test-sending.py SEND-MESSAGE FOLDER

A message counts as sent only where whoever carries it has taken it; no number,
address, text or secret stands in what is said of one that was not.
"""

import base64
import contextlib
import json
import os
import pathlib
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import traceback
import urllib.parse

PROGRAM, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
FOLDER.mkdir(parents=True, exist_ok=True)
NUMBER, ADDRESS, TEXT, SECRET = '+46701740605', 'nobody@post.example', 'Kod 48151623 & "åäö"', 'geheim-7'
count = failed = 0


def test(name):
    def run(function):
        global count, failed
        count += 1
        try:
            function()
        except Exception:                       # pylint: disable=broad-except
            failed += 1
            print('not ok', count, '-', name)
            print(''.join('# ' + line + '\n' for line in traceback.format_exc().splitlines()), end='')
            return
        print('ok', count, '-', name, flush=True)
    return run


def write(name, text, mode=0o400):
    path = FOLDER / name
    path.unlink(missing_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def certificate(name, host):
    """A key and a certificate that signs itself, for @host."""
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
                    '-subj', '/CN=' + host, '-addext', 'subjectAltName=DNS:' + host, '-keyout', FOLDER / (name + '.key'),
                    '-out', FOLDER / (name + '.pem')], check=True, capture_output=True)
    (FOLDER / (name + '.pem')).chmod(0o644)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FOLDER / (name + '.pem'), FOLDER / (name + '.key'))
    return context


RIGHT, OTHER = certificate('right', 'post.example'), certificate('other', 'other.example')
write('secret', SECRET + '\n')


def send(config, kind, to=None, text=TEXT, subject='Så loggar du in'):
    path = write('careid.conf', config, 0o600)
    done = subprocess.run([PROGRAM, path, kind, to or (NUMBER if kind == 'sms' else ADDRESS), subject], input=text, text=True,
                          capture_output=True, timeout=60, check=True)
    outcome, _, detail = done.stdout.strip().partition(' ')
    assert not done.stderr, done.stderr
    for private in (NUMBER, NUMBER[1:], ADDRESS, '48151623', SECRET):
        assert private not in detail, detail
    return outcome, detail


@contextlib.contextmanager
def serving(talk, context=None):
    """A server that calls talk(connection as a file) for each; gives its port."""
    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            with contextlib.suppress(OSError, ValueError):
                s = context.wrap_socket(self.request, server_side=True) if context else self.request
                talk(s)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads, allow_reuse_address = True, True

    with Server(('127.0.0.1', 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.05}, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


# -- SMS ---------------------------------------------------------------------------------------------------

class Gateway:
    """Keeps what it was told, and answers as it was made to."""

    def __init__(self, answer):
        self.answer, self.requests = answer, []

    def __call__(self, s):
        f = s.makefile('rb')
        first = f.readline().decode()
        headers = {}
        for line in iter(f.readline, b'\r\n'):
            name, _, value = line.decode().partition(':')
            headers[name.lower()] = value.strip()
        body = f.read(int(headers.get('content-length', 0))).decode()
        self.requests.append((first, headers, body))
        s.sendall(self.answer)


def answer(status='200 OK', body='', more=''):
    body = body.encode()
    return f'HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{more}\r\n'.encode() + body


def sms(port, more='', scheme='http', host='127.0.0.1', body='to={to}&text={text}'):
    return f'[sms]\nurl = {scheme}://{host}:{port}/send\nbody = {body}\n{more}\n'


def ask(gateway, more='', **words):
    with serving(gateway) as port:
        return send(sms(port, more, **words), 'sms')


@test('an SMS is what the gateway gets, as a form')
def form():
    g = Gateway(answer('202 Accepted', 'x 0: Accepted for delivery'))
    assert ask(g, 'success = 202 text 0: Accepted\n') == ('sent', '')
    first, headers, body = g.requests[0]
    assert first == 'POST /send HTTP/1.1\r\n' and headers['content-type'] == 'application/x-www-form-urlencoded', g.requests
    assert urllib.parse.parse_qs(body, strict_parsing=True) == {'to': [NUMBER], 'text': [TEXT]}, body


@test('as JSON, with headers and a key')
def as_json():
    g = Gateway(answer(body='{"status":"created"}'))
    said = ask(g, f'content-type = json\nsecret = {FOLDER}/secret\nuser = u\nheader = X-Key: {{secret}} | X-User: {{user}}\n'
               'success = 200 json status = created\n', body='{"a":{"to":"{to}","n":{number}},"text":"{text}"}')
    assert said == ('sent', ''), said
    _, headers, body = g.requests[0]
    assert json.loads(body) == {'a': {'to': NUMBER, 'n': int(NUMBER)}, 'text': TEXT}
    assert headers['x-key'] == SECRET and headers['x-user'] == 'u' and headers['content-type'] == 'application/json'


@test('in the address alone, with basic authentication')
def as_address():
    g = Gateway(answer())
    with serving(g) as port:
        said = send(f'[sms]\nmethod = GET\nurl = http://127.0.0.1:{port}/?to={{to}}&text={{text}}\nauthentication = basic\nuser = me\n'
                    f'secret = {FOLDER}/secret\n', 'sms')
    assert said == ('sent', ''), said
    first, headers, _ = g.requests[0]
    query = urllib.parse.urlsplit(first.split()[1]).query
    assert urllib.parse.parse_qs(query, strict_parsing=True) == {'to': [NUMBER], 'text': [TEXT]}, first
    assert base64.b64decode(headers['authorization'].split()[1]) == b'me:' + SECRET.encode()


@test('200 with an error in its text is no yes')
def error_text():
    outcome, detail = ask(Gateway(answer(body=f'ERROR: no credit for {NUMBER}')), 'success = 200 text OK\n')
    assert outcome == 'failed' and 'HTTP 200' in detail, (outcome, detail)
    outcome, _ = ask(Gateway(answer(body='{"status":"failed"}')), 'success = 200 json status = created\n')
    assert outcome == 'failed'


@test('a redirect is not followed')
def redirect():
    there = Gateway(answer())
    with serving(there) as port:
        g = Gateway(answer('307 Temporary Redirect', more=f'Location: http://127.0.0.1:{port}/\r\n'))
        outcome, detail = ask(g)
    assert (outcome, detail) == ('failed', 'HTTP 307') and not there.requests, (outcome, detail)


@test('an answer that is too long ends it')
def oversize():
    outcome, detail = ask(Gateway(answer(body='x' * (65 * 1024))))
    assert outcome == 'failed' and 'too long' in detail, (outcome, detail)
    assert ask(Gateway(answer(body='x' * (64 * 1024)))) == ('sent', '')


@test('a gateway that is down, hangs up, or speaks something else')
def down():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        port = s.getsockname()[1]
    assert send(sms(port), 'sms')[0] == 'failed'
    assert ask(lambda s: None)[0] == 'failed'
    assert ask(lambda s: (s.recv(1), s.sendall(b'SSH-2.0-x\r\n')))[0] == 'failed'


@test('a gateway that says nothing is given up in time')
def slow():
    over = threading.Event()
    outcome, detail = ask(lambda s: over.wait(60))
    over.set()
    assert outcome == 'failed' and 'imeout' in detail, (outcome, detail)


@test('TLS: the right name and root, or nothing is said')
def tls():
    for context, roots, want in ((RIGHT, 'right', 'sent'), (OTHER, 'other', 'failed'), (RIGHT, 'other', 'failed')):
        g = Gateway(answer())
        with serving(g, context) as port:
            outcome, detail = send(sms(port, f'ca = {FOLDER}/{roots}.pem\n', 'https', 'post.example'), 'sms')
        assert outcome == want and bool(g.requests) == (want == 'sent') and bool(detail) == (want != 'sent'), (roots, outcome, detail)


@test('a secret that others can read, or of two lines, is none')
def bad_secret():
    for mode, text in ((0o440, SECRET), (0o400, 'a\r\nX: y'), (0o400, '')):
        path = write('bad', text, mode)
        outcome, detail = send(sms(1, f'secret = {path}\nheader = X: {{secret}}\n'), 'sms')
        assert outcome == 'unread' and detail.startswith(f'[sms] secret: {path}: '), (outcome, detail)


@test('no number, no text, no gateway')
def nothing():
    g = Gateway(answer())
    with serving(g) as port:
        for to, text in (('0701740605', 'x'), ('+46 70', 'x'), ('+46701740605\n', 'x'), (NUMBER, ''), (NUMBER, 'x' * 481)):
            assert send(sms(port), 'sms', to, text)[0] == 'refused', to
        assert send('[general]\nlanguage = sv\n', 'sms')[0] == 'off'
    assert not g.requests


# -- Mail --------------------------------------------------------------------------------------------------

class Relay:
    """Speaks SMTP as far as it was made to; @say has answers other than usual, by verb."""

    def __init__(self, context=None, say=None, tls=True, login=False):
        self.context, self.say, self.tls, self.login = context, say or {}, tls, login
        self.heard, self.letters = [], []

    def __call__(self, s):
        f, secure = s.makefile('rb'), False
        s.sendall(b'220 relay\r\n')
        while line := f.readline():
            words = line.decode().split()
            verb = words[0].upper()
            self.heard.append((secure, line.decode().strip()))
            if verb in self.say:
                s.sendall(self.say[verb].encode() + b'\r\n')
                continue
            if verb == 'EHLO':
                s.sendall(b'250-relay\r\n' + (b'250-STARTTLS\r\n' if self.tls and not secure else b'')
                          + (b'250-AUTH PLAIN LOGIN\r\n' if self.login else b'') + b'250 SIZE 100000\r\n')
            elif verb == 'STARTTLS':
                s.sendall(b'220 go\r\n')
                s = self.context.wrap_socket(s, server_side=True)
                f, secure = s.makefile('rb'), True
            elif verb == 'AUTH':
                if len(words) < 3:
                    s.sendall(b'334 \r\n')
                    words.append(f.readline().decode().strip())
                right = base64.b64encode(f'\0me\0{SECRET}'.encode()).decode()
                s.sendall(b'235 ok\r\n' if words[-1] == right else b'535 no\r\n')
            elif verb == 'DATA':
                s.sendall(b'354 go\r\n')
                letter = b''.join(iter(f.readline, b'.\r\n'))
                self.letters.append(letter.decode('ascii'))
                s.sendall(self.say.get('.', '250 taken').encode() + b'\r\n')
            elif verb == 'QUIT':
                s.sendall(b'221 bye\r\n')
                return
            else:
                s.sendall(b'250 ok\r\n')


def mail(port, more='', host='127.0.0.1', scheme='smtp'):
    return f'[general]\norganisation = Ekvården\n[mail]\nrelay = {scheme}://{host}:{port}\nfrom = login@ek.example\n{more}\n'


def post(relay, more='', **words):
    with serving(relay) as port:
        return send(mail(port, more, **words), 'mail', text='Hej!\n\n.\n..x\nVälkommen = här\n')


def parsed(letter):
    import email                                # pylint: disable=import-outside-toplevel
    import email.policy
    return email.message_from_string(letter.replace('\r\n..', '\r\n.'), policy=email.policy.default)


@test('a mail is what the relay gets, from this host without TLS')
def a_mail():
    r = Relay()
    assert post(r) == ('sent', '')
    m = parsed(r.letters[0])
    assert m['subject'] == 'Så loggar du in' and str(m['to']) in (ADDRESS, f'<{ADDRESS}>') and str(m['from']) == 'Ekvården <login@ek.example>', r.letters
    assert m.get_content().replace('\r\n', '\n') == 'Hej!\n\n.\n..x\nVälkommen = här\n', m.get_content()
    assert m['date'].datetime and m['message-id'].endswith('@ek.example>') and m['auto-submitted'] == 'auto-generated'
    assert socket.gethostname() not in str(r.heard) + r.letters[0]
    assert ('MAIL FROM:<login@ek.example>' in r.heard[1][1]) and r.heard[2][1] == f'RCPT TO:<{ADDRESS}>', r.heard


@test('from elsewhere with STARTTLS and a password')
def starttls():
    r = Relay(RIGHT, login=True)
    said = post(r, f'user = me\nsecret = {FOLDER}/secret\nca = {FOLDER}/right.pem\n', host='post.example')
    assert said == ('sent', ''), (said, r.heard)
    for secure, line in r.heard:
        assert secure or line.split()[0] in ('EHLO', 'STARTTLS'), r.heard


@test('TLS from the start')
def smtps():
    r = Relay(tls=False)
    with serving(r, RIGHT) as port:
        said = send(mail(port, f'ca = {FOLDER}/right.pem\n', 'post.example', 'smtps'), 'mail')
    assert said == ('sent', '') and r.letters, said


@test('without STARTTLS, or with another certificate, nothing is said')
def no_tls():
    for relay, roots in ((Relay(tls=False), 'right'), (Relay(OTHER), 'other'), (Relay(RIGHT), 'other'),
                         (Relay(RIGHT, {'STARTTLS': '454 not now'}), 'right')):
        outcome, detail = post(relay, f'user = me\nsecret = {FOLDER}/secret\nca = {FOLDER}/{roots}.pem\n', host='post.example')
        assert outcome == 'failed' and detail and not relay.letters, (outcome, detail)
        assert not [line for _, line in relay.heard if line.split()[0] in ('MAIL', 'RCPT', 'AUTH')], relay.heard


@test('a wrong password, and a relay that wants one')
def login():
    write('wrong', 'x')
    outcome, detail = post(Relay(RIGHT, login=True), f'user = me\nsecret = {FOLDER}/wrong\nca = {FOLDER}/right.pem\n', host='post.example')
    assert outcome == 'failed' and detail, (outcome, detail)
    assert post(Relay(say={'MAIL': '530 5.7.0 authentication required'}))[0] == 'failed'


@test('what a relay refuses for good, and what for now')
def refusals():
    for say, want in (({'RCPT': '550 5.1.1 no such user ' + ADDRESS}, 'refused'), ({'RCPT': '450 greylisted'}, 'failed'),
                      ({'MAIL': '451 later'}, 'failed'), ({'.': '554 no'}, 'refused'), ({'.': '452 full'}, 'failed'),
                      ({'EHLO': '421 busy', 'HELO': '421 busy'}, 'failed')):
        outcome, detail = post(Relay(say=say))
        assert outcome == want and detail, (say, outcome, detail)


@test('a relay that is down, or hangs up after the letter')
def relay_down():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        port = s.getsockname()[1]
    assert send(mail(port), 'mail')[0] == 'failed'

    def hang_up(s):
        f = s.makefile('rb')
        s.sendall(b'220 relay\r\n')
        for line in f:
            s.sendall(b'354 go\r\n' if line.startswith(b'DATA') else b'250 ok\r\n')
            if line.startswith(b'DATA'):
                return
    assert post(hang_up)[0] == 'failed'


@test('an address that would be a command is none')
def bad_address():
    r = Relay()
    with serving(r) as port:
        for to in ('a@b', 'a@b.example>', 'a@b.example\r\nRCPT TO:<c@d.example>', 'a b@c.example', '"a"@b.example'):
            assert send(mail(port), 'mail', to)[0] == 'refused', to
        assert send(mail(port), 'mail', subject='a\nBcc: x@y.example')[0] == 'refused'
    assert not r.heard


print(f'1..{count}')
sys.exit(failed != 0)
