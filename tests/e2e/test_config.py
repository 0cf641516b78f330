# SPDX-License-Identifier: LGPL-2.1-or-later
# test_config.py - a configuration with mistakes never comes into force, and the last good one stays
"""careid apply names the file and the line; meanwhile people log in as before. careid check says what is wrong."""

import contextlib
import glob
import json
import os
import re
import subprocess

import host
import pytest
from host import COMPILED, CONFIG, Journal, Terminal, run, works

BANKID = '/etc/careid/bankid'
EXTRA = CONFIG + '.d/50-test.conf'
CERTS = '/root/bankid'
OUT_OF_ORDER = r'Log-in with e-ID is out of order on this computer'

pytestmark = pytest.mark.usefixtures('clinic')


@contextlib.contextmanager
def extra(text, mode=0o644, owner='root'):
    with open(EXTRA, 'w') as f:
        f.write(text)
    os.chmod(EXTRA, mode)
    run('chown', owner, EXTRA)
    try:
        yield
    finally:
        os.unlink(EXTRA)


@contextlib.contextmanager
def mode(path, bits=None, owner=None):
    with host.kept(path):
        if bits is not None:
            os.chmod(path, bits)
        if owner:
            run('chown', owner, path)
        yield


@contextlib.contextmanager
def certificate(name, key=None):
    """Another certificate, and perhaps another key, in the place of the relying party's."""
    with host.kept(BANKID + '/certificate.pem', BANKID + '/key.pem'):
        run('cp', f'{CERTS}/{name}.crt', BANKID + '/certificate.pem')
        if key:
            run('install', '-m', '0400', '-o', '_careid', '-g', '_careid', f'{CERTS}/{key}.key', BANKID + '/key.pem')
        yield


MISTAKES = {
    'an option that does not exist': (lambda: extra('[bankid]\n\ncollour = green\n'), r'50-test\.conf:3: .*collour'),
    'a section that does not exist': (lambda: extra('# x\n[bnkid]\nenabled = yes\n'), r'50-test\.conf:2: .*bnkid'),
    'a value of the wrong type': (lambda: extra('[bankid]\nenabled = maybe\n'), r'50-test\.conf:2: '),
    'a network that is none': (lambda: extra('[network]\ninside = 10.0.0.0/33\n'), r'50-test\.conf:2: '),
    'an address without https': (lambda: extra('[bankid]\nendpoint = http://localhost/rp\n'), r'50-test\.conf:2: '),
    'a line that is no option': (lambda: extra('[general]\nlanguage\n'), r'50-test\.conf:2: '),
    'an option set twice': (lambda: extra('[general]\nlanguage = sv\nlanguage = da\n'), r'50-test\.conf:3: '),
    'a byte that is not UTF-8': (lambda: host.both(extra('[general]\n'), damaged_text()), r'50-test\.conf:\d+: '),
    'a file that its group can write': (lambda: extra('[general]\nlanguage = sv\n', 0o664), r'50-test\.conf: '),
    'a file that everybody can write': (lambda: extra('[general]\nlanguage = sv\n', 0o666), r'50-test\.conf: '),
    'a file of another user': (lambda: extra('[general]\nlanguage = sv\n', owner='nobody'), r'50-test\.conf: '),
    'careid.conf writable by everybody': (lambda: mode(CONFIG, 0o666), r'careid\.conf: '),
    'careid.conf of another user': (lambda: mode(CONFIG, owner='nobody'), r'careid\.conf: '),
    'a certificate that is not there': (lambda: host.gone(BANKID + '/certificate.pem'), r'certificate\.pem'),
    'a certificate that is none': (lambda: host.damaged(BANKID + '/certificate.pem', 0, b'x' * 500), r'certificate\.pem'),
    'a certificate that has expired': (lambda: certificate('rp-expired', 'rp-expired'), r'certificate\.pem.*expired'),
    'a key that is not the certificate\'s': (lambda: certificate('rp', 'rp-other'), r'key\.pem'),
    'a key that is not there': (lambda: host.gone(BANKID + '/key.pem'), r'key\.pem'),
    'a key that others can read': (lambda: mode(BANKID + '/key.pem', 0o444), r'key\.pem'),
    'a key of another user': (lambda: mode(BANKID + '/key.pem', owner='nobody'), r'key\.pem'),
    'an authority that is not there': (lambda: host.gone(BANKID + '/ca.pem'), r'ca\.pem'),
}


@contextlib.contextmanager
def damaged_text():
    with open(EXTRA, 'ab') as f:
        f.write(b'support = \xff\xfe\n')
    yield


def compiled():
    with open(COMPILED, 'rb') as f:
        return f.read()


@pytest.mark.parametrize('mistake', MISTAKES)
def test_apply_refuses_a_mistake_by_name_and_the_last_good_configuration_stays(mistake):
    """Nothing comes into force, --dry-run says the same, and check finds it too."""
    make, told = MISTAKES[mistake]
    before = compiled()
    with make():
        for words in (('careid', 'apply'), ('careid', 'apply', '--dry-run')):
            refused = run(*words, check=False)
            assert refused.returncode in (1, 3), (words, refused)
            assert re.search(told, refused.stderr), refused.stderr
            assert compiled() == before
        check = run('careid', 'check', '--json', check=False)
        wrong = [f for f in json.loads(check.stdout)['findings'] if f['state'] == 'WRONG']
        assert check.returncode == 1 and wrong, check.stdout
    run('careid', 'apply')
    assert compiled() == before


def test_people_log_in_while_the_file_has_a_mistake(clinic):
    """The whole way to an order, with the configuration that was in force."""
    with extra('[bankid]\nenabled = no\nno-such = 1\n'):
        assert run('careid', 'apply', check=False).returncode != 0
        works(clinic)


def test_nothing_counts_before_apply(clinic):
    """A good change in a file is no change yet."""
    with extra('[bankid]\nenabled = no\n'):
        works(clinic)
        run('careid', 'apply')
        with Terminal(['login', 'nurse1']) as terminal:
            terminal.wait_text(r'No e-ID can be used for this log-in', 15)
    run('careid', 'apply')
    works(clinic)


@pytest.mark.parametrize('fault', ['is gone', 'is damaged', 'is cut short', 'can be written by others', "is another user's"])
def test_without_a_configuration_in_force_log_ins_are_out_of_order_until_apply(fault, clinic):
    """A broken configuration opens nothing; one command mends it."""
    journal = Journal()
    {'is gone': lambda: os.unlink(COMPILED),
     'is damaged': lambda: host.overwrite(COMPILED, 0, b'\xff' * 30),
     'is cut short': lambda: os.truncate(COMPILED, 40),
     'can be written by others': lambda: os.chmod(COMPILED, 0o666),
     "is another user's": lambda: run('chown', 'root', COMPILED)}[fault]()
    with Terminal(['login', 'nurse1']) as terminal:
        terminal.wait_text(OUT_OF_ORDER, 15)
        terminal.wait_text(r'login: $', 15)
    assert re.search(r'compiled', journal.text())
    assert run('careid', 'check', check=False).returncode == 1
    asked = json.loads(run('careid', 'check', '--online', 'bankid', '--json', check=False).stdout)['findings']
    assert [f['state'] for f in asked if f['what'] == 'online-bankid'] == ['WRONG'], asked
    run('careid', 'apply')
    works(clinic)


def sealed(lines):
    """A compiled form of these lines, with the check that snapshot_mix64() of common/snapshot-format.h makes."""
    data, whole = b''.join(lines), (1 << 64) - 1
    h = 0x9e3779b97f4a7c15
    for at in range(0, len(data), 8):
        h = (h ^ int.from_bytes(data[at:at + 8], 'little')) * 0xbf58476d1ce4e5b9 & whole
        h ^= h >> 29
    h = (h ^ len(data)) * 0x94d049bb133111eb & whole
    return data + b'check=%016x\n' % (h ^ h >> 32)


def test_an_upgrade_that_brings_options_shuts_nobody_out(clinic):
    """What an older version compiled has no line for them: they have their defaults, and edits in the files wait for apply."""
    before = compiled()
    *lines, _ = before.splitlines(keepends=True)
    assert sealed(lines) == before
    older = sealed([line for line in lines if not line.startswith((b'evidence.', b'bankid.risk=', b'bankid.sign-acts='))])
    with open(COMPILED, 'r+b') as f:
        f.write(older)
        f.truncate()
    with extra('[bankid]\nenabled = no\n'):
        run('dpkg', '-i', *glob.glob('/build/deb/careid_*.deb'), timeout=120)
        assert compiled() == older
        works(clinic)
    assert finding('config-applied') == {'OK'}
    run('careid', 'apply')
    assert compiled() == before


def test_an_apply_that_is_killed_leaves_the_old_or_the_new_configuration(clinic):
    """Never half of one: the compiled form is replaced in one step."""
    before = compiled()
    with extra('[general]\nsupport = somebody else\n'):
        for n in range(12):
            with subprocess.Popen(['careid', 'apply'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as apply:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    apply.wait(n * 0.002)
                apply.kill()
            now = compiled()
            assert now == before or b'somebody else' in now
        run('careid', 'apply')
        after = compiled()
        assert after != before
        works(clinic)
    run('careid', 'apply')
    assert compiled() == before


def finding(what):
    told = json.loads(run('careid', 'check', '--json', check=False).stdout)['findings']
    return {f['state'] for f in told if f['what'] == what}


def test_once_a_day_the_journal_is_told_of_certificates():
    """By a timer that the package enables; careid check says where it is not."""
    for asked in ('is-enabled', 'is-active'):
        assert run('systemctl', asked, 'careid-daily.timer', check=False).stdout.strip() in ('enabled', 'active')
    assert finding('daily') == {'OK'}
    told = ('journalctl', '--no-pager', '-o', 'cat', '-t', 'careid', '-p', 'warning')
    run('systemctl', 'start', 'careid-daily.service')
    run('journalctl', '--sync')
    assert 'expires' not in run(*told, check=False).stdout
    with certificate('rp-soon', 'rp-soon'):
        run('systemctl', 'start', 'careid-daily.service')
        run('journalctl', '--sync')
        assert re.search(r'^/etc/careid/bankid/certificate\.pem expires in \d+ days', run(*told).stdout, re.M)
        assert re.search(r'certificate\.pem expires in', run('careid', 'daily').stdout)
    run('systemctl', 'disable', 'careid-daily.timer')
    try:
        assert finding('daily') == {'WARN'}
    finally:
        run('systemctl', 'enable', 'careid-daily.timer')
    assert finding('daily') == {'OK'}


def test_check_finds_what_is_wrong_with_the_host():
    """Each in plain words, with a state for programs: certificates that end soon, nsswitch, modes, PAM lines, sshd."""
    assert run('careid', 'check').returncode == 0
    with certificate('rp-soon', 'rp-soon'):
        assert finding('bankid-certificate') == {'WARN'}
    with host.kept('/etc/nsswitch.conf'):
        run('sed', '-i', 's/ careroles//', '/etc/nsswitch.conf')
        assert finding('nsswitch-passwd') == {'WRONG'} and finding('nsswitch-group') == {'WRONG'}
    with host.gone(host.HELPER):
        assert finding('helper') == {'WRONG'}
    with mode(host.HELPER, 0o755):
        assert finding('helper') == {'OK'}              # as careid-helper(8) has it, while both sockets are there
    with host.kept('/etc/pam.d/common-account'):
        run('sed', '-i', r's/^\(account.*\)\[.*\]\(.*pam_eid\.so\)/\1[success=ok default=ignore]\2/', '/etc/pam.d/common-account')
        assert 'WRONG' in finding('pam-sshd') | finding('pam-login')
    with host.kept('/etc/ssh/sshd_config.d/careid.conf'):
        with open('/etc/ssh/sshd_config.d/careid.conf', 'w') as f:
            f.write('UsePAM no\n')
        assert finding('sshd-pam') <= {'WRONG', 'WARN'} and finding('sshd-pam')
    with host.gone(host.ROLES):
        assert finding('snapshot') == {'WRONG'}
    with extra('[bankid]\nremote-qr = yes\n'):
        run('careid', 'apply')
        assert finding('remote-qr') == {'WARN'}
    run('careid', 'apply')
    assert run('careid', 'check').returncode == 0
