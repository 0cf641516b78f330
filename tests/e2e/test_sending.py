# SPDX-License-Identifier: LGPL-2.1-or-later
# test_sending.py - invitations and notices, over a real mail relay and a real SMS gateway
"""The relay is aiosmtpd, which takes nothing without STARTTLS and a password; the gateway is Kannel, as etc/sms/kannel.conf has it, with
its own network of telephones."""

import contextlib
import email
import email.policy
import glob
import json
import os
import re
import subprocess

import clinic as c
import host
import pytest
from host import Journal, run

pytestmark = pytest.mark.usefixtures('clinic')

ROOM = '/root/sending'
RELAY = f'''import asyncio, os, ssl, sys
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

class Room:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('nobody'):
            return '550 5.1.1 no such mailbox'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        n = len(os.listdir('{ROOM}/mails'))
        with open(f'{ROOM}/mails/.new', 'wb') as f:
            f.write(b'X-To: ' + ','.join(envelope.rcpt_tos).encode() + b'\\r\\n' + envelope.content)
        os.rename('{ROOM}/mails/.new', f'{ROOM}/mails/{{n}}')
        return '250 taken'

def right(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b'careid', b'mail-geheim'))

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('{ROOM}/relay.pem', '{ROOM}/relay.key')
controller = Controller(Room(), hostname='127.0.0.1', port=2587, tls_context=context, require_starttls=True, auth_required=True,
                        authenticator=right)
controller.start()
asyncio.new_event_loop().run_forever()
'''
KANNEL = f'''group = core
admin-port = 13000
admin-password = admin-geheim
smsbox-port = 13001
box-allow-ip = "127.0.0.1"
log-file = "{ROOM}/bearerbox.log"

group = smsc
smsc = fake
smsc-id = fake
port = 10000
connect-allow-ip = "127.0.0.1"

group = smsbox
bearerbox-host = "127.0.0.1"
sendsms-port = 13013
global-sender = 13013

group = sendsms-user
username = careid
password = sms-geheim
max-messages = 3
concatenation = true

group = sms-service
keyword = default
text = "no"
'''
MAIL = '''[mail]
relay = smtp://relay.test:2587
from = login@ek.example
from-name = Ekvården
user = careid
secret = /etc/careid/mail.secret
ca = /etc/careid/relay.pem
'''
CLIENTS = '[clients]\nlog-in = yes\naddress = ssh login.ek.example\n'
ADDRESS, OLD, NEW = 'tove.testsdotter@post.example', '+46701740605', '+46701740606'
SETTINGS = '/etc/careid/careid.conf.d/sending.conf'


def careid(*words, text=None):
    return run('careid', *words, text=text).stdout


def refused(*words, why):
    with pytest.raises(subprocess.CalledProcessError) as failure:
        careid(*words)
    assert failure.value.returncode == 1 and why in failure.value.stderr, failure.value.stderr


def configure(*parts):
    with open(SETTINGS, 'w') as f:
        f.write('\n'.join(parts))
    careid('apply')


def listening(port):
    c.eventually(lambda: f'127.0.0.1:{port} ' in run('ss', '-Hltn').stdout or f'0.0.0.0:{port} ' in run('ss', '-Hltn').stdout
                 or f'*:{port} ' in run('ss', '-Hltn').stdout, 30, f'somebody who listens on {port}')


def service(name, *command):
    run('systemd-run', '--quiet', f'--unit={name}', '--service-type=exec', '--property=StandardOutput=null', '--property=StandardError=null',
        *command)


def stop(*names):
    for name in names:
        run('systemctl', 'stop', name, check=False)
        run('systemctl', 'reset-failed', name, check=False)


def relay_start():
    service('test-relay', 'python3', f'{ROOM}/relay.py')
    listening(2587)


def gateway_start():
    service('test-bearerbox', '/usr/sbin/bearerbox', f'{ROOM}/kannel.conf')
    listening(13001)
    service('test-smsbox', '/usr/sbin/smsbox', f'{ROOM}/kannel.conf')
    listening(13013)
    listening(10000)
    service('test-phones', 'sh', '-c', f'exec /usr/lib/kannel/test/fakesmsc -H 127.0.0.1 -r 10000 -m 0 -i 1 "100 200 text hello" >>{ROOM}/phones 2>&1')
    c.eventually(lambda: ':10000' in run('ss', '-Htn', 'state', 'established').stdout, 30, 'a network of telephones')


def gateway_stop():
    stop('test-phones', 'test-smsbox', 'test-bearerbox')


def secret(path, text):
    with open(path, 'w') as f:
        f.write(text + '\n')
    run('chown', '_careid:_careid', path)
    os.chmod(path, 0o400)


@pytest.fixture(scope='module', name='carriers')
def _carriers(clinic):
    os.makedirs(f'{ROOM}/mails', exist_ok=True)
    os.makedirs(os.path.dirname(SETTINGS), exist_ok=True)
    run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=relay.test',
        '-addext', 'subjectAltName=DNS:relay.test', '-keyout', f'{ROOM}/relay.key', '-out', f'{ROOM}/relay.pem')
    run('install', '-m', '0644', f'{ROOM}/relay.pem', '/etc/careid/relay.pem')
    secret('/etc/careid/mail.secret', 'mail-geheim')
    secret('/etc/careid/sms.secret', 'sms-geheim')
    for name, text in (('relay.py', RELAY), ('kannel.conf', KANNEL)):
        with open(f'{ROOM}/{name}', 'w') as f:
            f.write(text)
    with open('/etc/hosts', 'a') as f:
        f.write('127.0.0.1 relay.test\n')
    relay_start()
    gateway_start()
    yield
    stop('test-relay')
    gateway_stop()
    with contextlib.suppress(FileNotFoundError):
        os.unlink(SETTINGS)
    careid('apply')


def sms_settings():
    path, = glob.glob('/usr/share/doc/careid/examples/sms/kannel.conf')
    with open(path) as f:
        return f.read()


def mails():
    found = []
    for path in sorted(glob.glob(f'{ROOM}/mails/[0-9]*')):
        with open(path, 'rb') as f:
            found.append(email.message_from_binary_file(f, policy=email.policy.default))
    return found


def wait_mails(n):
    c.eventually(lambda: len(mails()) >= n, 40, f'{n} mails')
    return mails()


def phones():
    with open(f'{ROOM}/phones', errors='replace') as f:
        return f.read()


def due_now():
    """As if the time to the next try had passed."""
    run('sqlite3', host.DIRECTORY, '.timeout 20000', 'UPDATE message SET due = 0 WHERE ended IS NULL')
    run('systemctl', 'start', 'careid-queue.service')


def entries(act):
    return [json.loads(row['detail']) for row in c.rows(f"SELECT detail FROM audit WHERE act = '{act}' ORDER BY sequence")]


@pytest.fixture(scope='module', name='client')
def _client(carriers):
    """A client, with what an invitation needs left out."""
    person = careid('person', 'add', '--language', 'sv', '--quiet', text='Tove\nTestsdotter\n').strip()
    return person, careid('client', 'add', person, '--organisation', 'clinic', '--quiet').strip()


def test_what_is_missing_for_an_invitation_is_named(client):
    """K3, K4: the switch, a relay, where to log in, an account, a mail address."""
    person, name = client
    for why, parts in (('log-in = yes in [clients]', ('[clients]\nlog-in = no\n',)), ('relay in [mail]', ('[clients]\nlog-in = yes\n',)),
                       ('address in [clients]', (MAIL, '[clients]\nlog-in = yes\n')), ('has no account', (MAIL, CLIENTS))):
        configure(*parts)
        refused('invite', name, why=why)
    careid('account', 'add', 'tove', '--person', person, '--organisation', 'clinic', '--kind', 'client')
    refused('invite', name, why='has no mail address')
    careid('contact', 'set', person, 'mail', '--quiet', text=ADDRESS + '\n')
    assert not mails()


def test_an_invitation_arrives_in_the_language_of_the_person(client):
    """Over STARTTLS, with a password; and nothing of care, no name, no number in it."""
    _person, name = client
    journal = Journal()
    configure(MAIL, CLIENTS, sms_settings())
    careid('invite', name)
    mail, = wait_mails(1)
    text = mail.get_content()
    assert mail['x-to'] == ADDRESS and mail['subject'] == 'Så loggar du in' and 'Ekvården' in str(mail['from'])
    assert 'tove' in text and 'ssh login.ek.example' in text and 'BankID' not in text        # no number is registered
    for word in ('Testsdotter', 'Tove', name, 'vård ', 'klient', 'oak', 'Eken'):
        assert word not in text, word
    c.eventually(lambda: entries('message.sent'), what='an entry')
    assert entries('message.sent')[0]['purpose'] == 'invitation'
    refused('invite', name, why='--resend')
    row, = json.loads(careid('list', 'messages', 'tove', '--json'))['messages']
    assert (row['purpose'], row['state'], row['kind'], str(row['tries'])) == ('invitation', 'sent', 'mail', '1')
    assert 'skickat' in run('env', 'LC_ALL=sv_SE.UTF-8', 'careid', 'show', 'message', str(row['id'])).stdout
    c.eventually(lambda: 'messages: done: 1 sent' in journal.text(), what='a line')
    assert ADDRESS not in journal.text() and ADDRESS not in run('careid', 'audit', 'show').stdout


def test_a_relay_that_is_dead_is_asked_again(client):
    _person, name = client
    stop('test-relay')
    journal = Journal()
    careid('invite', name, '--resend')
    journal.wait('messages not sent: failed, method mail', 40)
    c.eventually(lambda: c.rows('SELECT tries FROM message WHERE ended IS NULL') == [{'tries': 1}], what='one try')
    assert len(mails()) == 1
    relay_start()
    run('systemctl', 'start', 'careid-queue.service')
    assert len(mails()) == 1                    # not before its time
    due_now()
    assert wait_mails(2)[1]['x-to'] == ADDRESS


def test_what_a_relay_refuses_is_not_tried_again(client):
    person, name = client
    careid('contact', 'set', person, 'mail', '--replace', '--quiet', text='nobody@post.example\n')
    wait_mails(3)                               # the notice to the old address (X14)
    careid('invite', name, '--resend')
    c.eventually(lambda: entries('message.refused'), 40, 'a refusal')
    assert not c.rows('SELECT 1 FROM message WHERE ended IS NULL')
    careid('contact', 'set', person, 'mail', '--replace', '--quiet', text=ADDRESS + '\n')
    c.eventually(lambda: len(entries('message.refused')) == 2, 40, 'the notice to nobody, refused')


def test_whoever_was_reached_there_is_told(client):
    """X14, over Kannel: the old number is told, the new one not; neither number is anywhere to be read."""
    person, _name = client
    journal = Journal()
    careid('person', 'change', person, '--language', 'en')
    careid('contact', 'set', person, 'phone', '--quiet', text=OLD + '\n')
    careid('contact', 'set', person, 'phone', '--replace', '--quiet', text=NEW + '\n')
    c.eventually(lambda: OLD in phones(), 40, 'an SMS to the old number')
    assert 'not registered for your log-in any more' in phones().replace('+', ' ') and NEW not in phones()
    c.eventually(lambda: not c.rows('SELECT 1 FROM message WHERE ended IS NULL'), what='the end of it')
    assert not c.rows('SELECT 1 FROM message WHERE cipher IS NOT NULL')
    assert {'purpose': 'contact-changed', 'kind': 'phone', 'tries': 1} in [{k: v for k, v in e.items() if k != 'message'} for e in entries('message.sent')]
    assert OLD not in journal.text() and NEW not in journal.text()
    for path in glob.glob(host.DIRECTORY + '*') + [host.STATE + '/queue']:
        with open(path, 'rb') as f:
            content = f.read()
        for private in (OLD, NEW, OLD[1:], ADDRESS, 'nobody@post'):
            assert private.encode() not in content, path


def test_a_gateway_that_is_down_is_asked_again(client):
    person, _name = client
    gateway_stop()
    journal = Journal()
    careid('contact', 'remove', person, 'phone', '--yes')
    journal.wait('messages not sent: failed, method sms', 40)
    gateway_start()
    due_now()
    c.eventually(lambda: NEW in phones(), 40, 'an SMS to the number that was removed')


def test_a_gateway_that_does_not_let_us_in_is_asked_again(client):
    """Kannel answers 403 to a wrong password, and says so in words: that is ours to mend, and the message waits."""
    person, _name = client
    secret('/etc/careid/sms.secret', 'wrong')
    journal = Journal()
    careid('contact', 'set', person, 'phone', '--quiet', text=OLD + '\n')
    careid('contact', 'remove', person, 'phone', '--yes')
    line = journal.wait('messages not sent: failed, method sms', 40)
    assert 'HTTP 403' in line and 'wrong' not in line and 'geheim' not in line
    secret('/etc/careid/sms.secret', 'sms-geheim')
    before = phones().count(OLD)
    due_now()
    c.eventually(lambda: phones().count(OLD) > before, 40, 'the same message')


def test_nothing_is_sent_while_a_lock_stands(client):
    """L1: what waits is dropped, and nobody is invited."""
    _person, name = client
    stop('test-relay')
    careid('invite', name, '--resend')
    run('sqlite3', host.DIRECTORY, '.timeout 20000', "INSERT INTO lock (client, requested_by, reason, by_actor, created) SELECT id, 'resident', 'no-contact',"
        " 'uid:0', 0 FROM client WHERE number = (SELECT max(number) FROM client)")
    relay_start()
    before = len(mails())
    due_now()
    c.eventually(lambda: entries('message.dropped'), what='an entry')
    refused('invite', name, '--resend', why='locked')
    assert len(mails()) == before


def test_the_queue_is_nobody_elses():
    """careid-helper --queue does nothing for a user, and says nothing."""
    person = c.add_account('qqueue', assigned=False)
    assert person
    done = host.as_user('nobody', host.HELPER, '--queue', check=False)
    assert done.returncode == 64 and not done.stdout + done.stderr


def test_a_general_message_is_of_the_module(clinic):
    """K6: only with the module communication."""
    refused('message', 'set', 'clinic', '--text', 'Stängt', why='module communication')
    careid('module', 'on', 'communication', '--organisation', 'clinic')
    careid('message', 'set', 'clinic', '--text', 'Stängt till måndag')
    assert careid('message', 'show', 'clinic') == 'Stängt till måndag\n'
    careid('module', 'off', 'communication', '--organisation', 'clinic', '--yes')
    refused('message', 'show', 'clinic', why='no general message')
    careid('module', 'on', 'communication', '--organisation', 'clinic')
    careid('message', 'clear', 'clinic', '--yes')
    refused('message', 'show', 'clinic', why='no general message')


def test_a_secret_that_others_can_read_is_refused(carriers):
    """careid apply says which file, and what it would have to be; what was in force stays."""
    configure(MAIL, CLIENTS)
    for mode, text, why in ((0o440, 'x', 'mode 0400'), (0o400, 'a\nb', 'one line'), (None, None, 'there is no file')):
        with open('/etc/careid/mail.secret', 'w') as f:
            f.write(text or '')
        if mode is None:
            os.unlink('/etc/careid/mail.secret')
        else:
            os.chmod('/etc/careid/mail.secret', mode)
        refused('apply', why=why)
        secret('/etc/careid/mail.secret', 'mail-geheim')
    careid('apply')


def test_the_examples_are_right():
    """Each file for a gateway goes through careid apply, as it is."""
    examples = sorted(glob.glob('/usr/share/doc/careid/examples/sms/*.conf'))
    assert len(examples) >= 4 and not [e for e in examples if not re.search(r'/[a-z0-9]+\.conf$', e)]
    try:
        for path in examples:
            with open(path) as f:
                configure(f.read())
    finally:
        configure('')
