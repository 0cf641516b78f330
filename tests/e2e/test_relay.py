# SPDX-License-Identifier: LGPL-2.1-or-later
# test_relay.py - BankID behind a relay, asked whether it is there, and what it said about an approval
"""The relay is nginx with docs/relay-nginx.conf as it is, and the certificates come by the commands of docs/relay-nginx.md, but for
addresses and names."""

import contextlib
import errno
import json
import os
import re
import shlex
import stat
import subprocess

import clinic as c
import host
import pytest
from clinic import Screen, run

CERTS, ROOM, RELAY = '/root/bankid', '/etc/careid/bankid', '/etc/careid-relay'
SOURCE, PAGE = (os.path.join(c.HERE, '..', '..', 'docs', 'relay-nginx' + end) for end in ('.conf', '.md'))
BANKID, PORT = 'appapi2.bankid.com', 8444
UNAVAIL = 'Authentication service cannot retrieve authentication info'


def openssl(words, *exchanged):
    """One command of the page, in the relay's folder, with other names."""
    for old, new in exchanged:
        assert any(old in word for word in words), (old, words)
        words = [word.replace(old, new) for word in words]
    subprocess.run(words, cwd=RELAY, check=True, capture_output=True)


def make_certificates():
    """As docs/relay-nginx.md has it; and a host that is not on the list, and one of another authority."""
    with open(PAGE) as f:
        blocks = re.findall(r'^ *```\n( *openssl .*?)```', f.read(), re.M | re.S)
    authority, relay, request, sign = [shlex.split(line) for line in ''.join(blocks).replace('\\\n', ' ').splitlines() if line.strip()]
    openssl(authority)
    openssl(authority, ('hosts-ca', 'foreign-ca'))
    openssl(relay, ('relay.example', 'localhost'))
    for name, exchanged, by in (('ward-1', (), ()), ('ward-9', (('ward-1', 'ward-9'),), ()),
                                ('foreign', (('ward-1.', 'foreign.'),), (('hosts-ca', 'foreign-ca'),))):
        openssl(request, *exchanged)
        openssl(sign, *exchanged, *by)
        assert os.path.exists(f'{RELAY}/{name}.pem')
    run('cp', f'{CERTS}/rp.crt', f'{RELAY}/bankid.pem')
    run('cp', f'{CERTS}/rp.key', f'{RELAY}/bankid.key')


def configure():
    with open(SOURCE) as f:
        text = f.read()
    for old, new in (('listen 8443 ssl', f'listen 127.0.0.1:{PORT} ssl'), (f'server {BANKID}:443', 'server 127.0.0.1:8443'), ('relay.example', 'localhost'),
                     ('/usr/share/careid/bankid-root.pem', f'{CERTS}/server-ca.crt'), (BANKID, 'localhost')):
        assert old in text, old
        text = text.replace(old, new)
    with open(f'{RELAY}/relay-nginx.conf', 'w') as f:
        f.write(text)


def start():
    run('systemd-run', '--quiet', '--unit=careid-relay', '--service-type=exec', '--property=RuntimeDirectory=careid-relay',
        'nginx', '-c', f'{RELAY}/relay-nginx.conf', '-g', 'daemon off;')
    c.eventually(lambda: f'127.0.0.1:{PORT}' in run('ss', '-Hltn').stdout, what='a relay that listens')


@pytest.fixture(scope='module')
def relay(clinic):
    os.makedirs(RELAY, exist_ok=True)
    make_certificates()
    configure()
    start()
    try:
        yield
    finally:
        run('systemctl', 'stop', 'careid-relay', check=False)


@contextlib.contextmanager
def through_relay(name='ward-1'):
    """This host speaks to the relay, as that host."""
    with host.kept(f'{ROOM}/certificate.pem', f'{ROOM}/key.pem', f'{ROOM}/ca.pem'):
        run('cp', f'{RELAY}/{name}.pem', f'{ROOM}/certificate.pem')
        run('install', '-m', '0400', '-o', '_careid', '-g', '_careid', f'{RELAY}/{name}.key', f'{ROOM}/key.pem')
        run('cp', f'{RELAY}/relay.pem', f'{ROOM}/ca.pem')
        with c.configuration('localhost:8443', f'localhost:{PORT}'):
            yield


def log_in(clinic):
    with Screen(c.as_user('nurse1', *c.su('nurse2')), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-two', order=shown['order'])
        assert screen.wait_exit(30) == 0 and 'unit-elm-nurse' in c.plain(screen), c.plain(screen)
    return shown


def is_refused(watch, word, detail):
    with Screen(c.as_user('nurse1', *c.su('nurse2')), columns=80, rows=24) as screen:
        assert screen.wait_exit(30) != 0
        shown = ' '.join(c.plain(screen).split())
    assert UNAVAIL in shown and 'uid=' not in shown, shown
    line = watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME=word)
    assert detail in line['CAREID_DETAIL'], line['CAREID_DETAIL']
    watch.nothing_granted()


def online(check=True):
    """What careid check --online says of BankID; its status is 1 where anything is wrong."""
    told = run('careid', 'check', '--online', 'bankid', '--json', check=False)
    found = [f for f in json.loads(told.stdout)['findings'] if f['what'] == 'online-bankid']
    assert len(found) == 1, told
    assert told.returncode == 1 or found[0]['state'] != 'WRONG'
    return found[0]['state'], found[0]['finding']


# -- the relay -----------------------------------------------------------------------------------------------------------

def test_a_log_in_through_the_relay(clinic, relay, watch):
    """BankID sees the relying party's certificate, not the host's; the relay's log has no word about a person."""
    with through_relay():
        assert online()[0] == 'OK'
        log_in(clinic)
    assert watch.logins()[-1]['name'] == 'nurse2'
    log = run('journalctl', '-u', 'careid-relay', '-o', 'cat').stdout
    assert '"CN=ward-1,O=Example Care,C=SE" POST /rp/v6.0/collect 200' in log, log
    order = watch.orders()[-1]['order']
    assert '189001029819' not in log and order not in log and 'orderRef' not in log
    left = [os.path.join(path, name) for path, _, names in os.walk('/run/careid-relay') for name in names if name != 'nginx.pid']
    assert left == [], 'a body was written to a file'


@pytest.mark.parametrize('name', ['ward-9', 'foreign'])
def test_a_host_that_the_relay_does_not_accept(clinic, relay, watch, name):
    """Not on the list, or of another authority: refused by the relay, in words for the administrator; BankID hears nothing."""
    with through_relay(name):
        is_refused(watch, 'broken', 'answered 403 unauthorized')
        state, text = online()
        assert state == 'WRONG' and 'does not accept the certificate' in text and 'HTTP 403 unauthorized' in text, text
    assert watch.requests() == []


def test_the_relay_is_down_and_comes_back(clinic, relay, watch):
    """An outage, and nothing of it stays."""
    with through_relay():
        run('systemctl', 'stop', 'careid-relay')
        try:
            is_refused(watch, 'unreachable', 'bankid: sign')
            state, text = online()
            assert state == 'WRONG' and 'nobody answers' in text, text
        finally:
            start()
        log_in(clinic)


def test_bankid_behind_the_relay_is_down(clinic, relay, watch):
    """What the relay says of it is an outage too."""
    with through_relay():
        clinic.phone.down()
        try:
            is_refused(watch, 'unreachable', 'answered 502')
            state, text = online()
            assert state == 'WARN' and 'HTTP 502' in text, text
        finally:
            clinic.phone.up()
        log_in(clinic)


# -- careid check --online -----------------------------------------------------------------------------------------------

def test_check_online(clinic, watch):
    """Each state in a sentence; only root may ask; nothing is ordered."""
    state, text = online()
    assert state == 'OK' and 'https://localhost:8443/rp/v6.0' in text, text
    assert watch.orders() == []
    line = watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME='reachable')
    assert line['MESSAGE_ID'] == '39cb75f6746e43d1a0cc04a70678fe77'
    for certificate, words in (('wrong-host', "another host's certificate"), ('expired', 'has expired'), ('foreign', 'signed by nobody')):
        clinic.phone.server(certificate=certificate)
        try:
            state, text = online()
            assert state == 'WRONG' and words in text, text
        finally:
            clinic.phone.server(certificate='good')
    with c.configuration('localhost:8443', 'no-such-name.invalid:8443'):
        state, text = online()
        assert state == 'WRONG' and 'no address' in text, text
    with host.sockets_stopped():
        state, text = online()
        assert state == 'WRONG' and 'careid-root.socket' in text, text
    assert run('careid', 'check', '--online', 'carrier-pigeon', check=False).returncode == 2
    refused = subprocess.run(c.as_user('nurse1', 'careid', 'check', '--online', 'bankid'), capture_output=True, text=True, timeout=30)
    assert refused.returncode == 1 and 'root' in refused.stderr


@pytest.mark.parametrize('name, environment', [(BANKID, 'production'), ('appapi2.test.bankid.com', 'test')])
def test_bankid_itself_is_believed_by_its_own_root_alone(clinic, watch, name, environment):
    """Somebody leads BankID's name to themselves, with a certificate for it whose authority the configuration even names."""
    with host.kept('/etc/hosts'):
        with open('/etc/hosts', 'a') as f:
            f.write(f'127.0.0.1 {name}\n')
        # The certificate is for that name, and the authority is the one that is named: all but the root is right.
        run('openssl', 's_client', '-connect', f'{name}:8443', '-CAfile', f'{CERTS}/server-ca.crt', '-verify_hostname', name,
            '-verify_return_error', '-cert', f'{CERTS}/rp.crt', '-key', f'{CERTS}/rp.key', text='')
        with c.configuration('https://localhost:8443/rp/v6.0\n', f'https://{name}:8443/rp/v6.0\nenvironment = {environment}\n'):
            is_refused(watch, 'broken', 'certificate not accepted')
            state, text = online()
            assert state == 'WRONG' and 'signed by nobody' in text, text
    assert watch.requests() == []
    with c.configuration('rp/v6.0\n', f'rp/v6.0\nenvironment = {environment}\n'):
        assert online()[0] == 'OK'


def test_a_certificate_that_expires_is_told_of_once_a_day(clinic, watch):
    """By the helper, in the journal, with an id of its own; careid check says it all the time."""
    def certificate(name):
        run('cp', f'{CERTS}/{name}.crt', f'{ROOM}/certificate.pem')
        run('install', '-m', '0400', '-o', '_careid', '-g', '_careid', f'{CERTS}/{name}.key', f'{ROOM}/key.pem')

    with host.kept(f'{ROOM}/certificate.pem', f'{ROOM}/key.pem'):
        certificate('rp-soon')
        for _ in range(2):
            assert online()[0] == 'OK'
        c.wait_no_helper()
        told = watch.journal(MESSAGE_ID='58c6cdbd1e9141c4954037352df3ffa8')
        assert len(told) == 1 and told[0]['PRIORITY'] == '4' and 'expires in ' in told[0]['CAREID_DETAIL'], told
        for name, state in (('rp-month', 'WARN'), ('rp-soon', 'WARN'), ('rp-week', 'WRONG'), ('rp-expired', 'WRONG')):
            certificate(name)
            findings = json.loads(run('careid', 'check', '--json', check=False).stdout)['findings']
            assert [f['state'] for f in findings if f['what'] == 'bankid-certificate'] == [state], (name, findings)
        state, text = online()
        assert state == 'WRONG' and 'expired' in text, text
        assert watch.wait_journal(MESSAGE_ID='58c6cdbd1e9141c4954037352df3ffa8', PRIORITY='3')


# -- what careid check was blind to --------------------------------------------------------------------------------------

def findings(what):
    told = json.loads(run('careid', 'check', '--json', check=False).stdout)['findings']
    return {f['state'] for f in told if f['what'] == what}


def test_check_sees_the_module_the_sockets_the_break_glass_lines_and_the_people(clinic):
    """Each taken away once; then all is as it was."""
    assert findings('pam-module') == findings('sockets') == findings('pam-login') == {'OK'}
    with host.gone(host.MODULE):
        assert findings('pam-module') == {'WRONG'}
    with host.kept(host.MODULE):
        os.chmod(host.MODULE, 0o666)
        assert findings('pam-module') == {'WRONG'}
    with host.sockets_stopped():
        assert findings('sockets') == {'WARN'}
    for what in ('pam_succeed_if.so quiet uid = 0', 'pam_listfile.so'):
        with host.kept('/etc/pam.d/common-auth'):
            run('sed', '-i', f'/{what}/d', '/etc/pam.d/common-auth')
            assert findings('pam-login') == {'WARN'}, what
    os.symlink('/proc/self/mem', '/etc/pam.d/zz-unreadable')
    try:
        assert findings('host-files') == {'WRONG'}
    finally:
        os.unlink('/etc/pam.d/zz-unreadable')
    assert findings('people') == {'OK'}
    c.add_account('unready', None, False)
    assert findings('people-number') == findings('people-assignment') == {'WARN'} and findings('people') == set()
    run('careid', 'archive', 'account', 'unready', '--yes')
    assert findings('people') == {'OK'}


# -- what BankID said ----------------------------------------------------------------------------------------------------

def test_evidence_of_an_approval(clinic, watch, tmp_path):
    """Kept with the log-in, read only by an act in the audit trail, never in what is printed; gone when its time is over."""
    shown = None
    with Screen(c.login('nurse1'), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-one', order=shown['order'])
        c.eventually(watch.logins, 30, what='the record of the log-in')
    login = str(watch.logins()[0]['id'])
    listed = json.loads(run('careid', 'evidence', 'list', 'nurse1', '--json').stdout)['evidence']
    assert [e['login'] for e in listed][-1] == login and watch.audit('evidence.show') == []

    told = run('careid', 'evidence', 'show', login).stdout
    assert shown['order'] in told and '189001019802' not in told and 'Nurse' not in told, told
    assert watch.audit('evidence.show')[-1]['object'] == f'login:{login}'
    run('mount', '-t', 'tmpfs', '-o', 'size=4k,mode=0700', 'full', str(tmp_path))
    try:
        (tmp_path / 'most').write_bytes(b'x' * 4096)
        full = run('careid', 'evidence', 'export', login, '--to', str(tmp_path / 'evidence.json'), check=False)
        assert full.returncode == 3 and os.strerror(errno.ENOSPC) in full.stderr and os.listdir(tmp_path) == ['most'], full
    finally:
        run('umount', str(tmp_path))
    path = str(tmp_path / 'evidence.json')
    done = run('careid', 'evidence', 'export', login, '--to', path)
    assert done.stdout == done.stderr == '' and stat.S_IMODE(os.stat(path).st_mode) == 0o600 and os.stat(path).st_uid == 0
    with open(path) as f:
        kept = json.load(f)
    assert kept['orderRef'] == shown['order'] and kept['completionData']['user']['personalNumber'] == '189001019802'
    assert kept['completionData']['signature'] and kept['completionData']['ocspResponse']
    assert watch.audit('evidence.export')[-1]['object'] == f'login:{login}'
    run('careid', 'audit', 'verify')

    with open(c.DATABASE, 'rb') as f:
        everything = f.read()
    assert shown['order'].encode() not in everything and b'189001019802' not in everything
    run('sqlite3', c.DATABASE, f'DROP TRIGGER evidence_fixed; UPDATE evidence SET kept_until = 1 WHERE login = {login}')
    run('systemctl', 'start', 'careid-daily.service')           # as its timer does, and with what it lets it do
    gone = run('careid', 'evidence', 'show', login, check=False)
    assert gone.returncode == 1 and 'none is kept' in gone.stderr
    assert watch.audit('evidence.expire')[-1]['detail'] == {'deleted': 1}
    assert '0 log-ins' in run('careid', 'evidence', 'prune', '--yes').stdout
