# SPDX-License-Identifier: LGPL-2.1-or-later
"""test-hostile.py - the real helper program and peers that mean no good

None of these needs a BankID: whatever a peer does, the helper ends in its
time, says nothing that the protocol doesn't, and approves nobody.
"""

import array
import contextlib
import os
import random
import re
import socket
import struct
import subprocess
import time

from harness import *

tap = Tap()
inst = Installed()
me = host_name()
ROOT = os.getuid() == 0
NOWHERE = '[bankid]\nenabled = yes\nendpoint = https://127.0.0.1:1/rp/v6.0\nca = %s/ca\ncertificate = %s/crt\nkey = %s/key\nremote-qr = yes\n'


def reset(config=None, *accounts):
    inst.forget()
    for name in ('ca', 'crt'):
        inst.write(name, 'none', 0o644)
    inst.write('key', 'none', 0o400)
    inst.configure(config or NOWHERE % (RUN, RUN, RUN))
    inst.accounts(*(accounts or ('account %s 1 1 host 0 1 189001019802' % me.pw_name,)))


def ends_silent(packets, timeout=10):
    """The helper answers none of @packets, closes, and ends by itself."""
    reset()
    h = Helper(inst)
    try:
        for packet in packets:
            try:
                h.raw(packet)
            except (BrokenPipeError, ConnectionResetError):
                break
        assert h.receive(timeout) is None, 'it answered'
        assert h.end(timeout) == 0
    finally:
        h.kill()


def good(**fields):
    base = dict(version=2, account=me.pw_name, service='login', pace=LIVE, timeout=5)
    base.update(fields)
    return encode(VERIFY, **base)


@tap.test('garbage')
def garbage():
    random.seed(1)
    for n in (1, 3, 4, 50, 16384):
        ends_silent([random.randbytes(n)])


@tap.test('every message cut short, at every byte')
def truncated():
    packet = good()
    for n in range(1, len(packet), 3):
        ends_silent([packet[:n]])


@tap.test('a message that is too long, and one with bytes after its end')
def oversize():
    ends_silent([good() + b'\0' * 16384])
    ends_silent([good() + b'\0'])


@tap.test('fields that are not allowed: twice, unknown, control characters, wrong version')
def fields():
    ends_silent([good(account='anna\n')])
    ends_silent([good(account='a' * 65)])
    ends_silent([good(account=b'\xff')])
    ends_silent([good(version=3)])
    ends_silent([good(timeout=4)])
    ends_silent([good(timeout=601)])
    ends_silent([good(pace=4)])
    ends_silent([good(verdict=2)])
    ends_silent([struct.pack('<HH', VERIFY, 2) + (struct.pack('<HH', 1, 8) + struct.pack('<Q', 1)) * 2])


@tap.test('PROBE is root\'s: not permitted to anybody else, closed to what it does not carry')
def probe():
    ends_silent([encode(PROBE, version=2)])
    ends_silent([encode(PROBE, version=3, method='bankid')])
    ends_silent([encode(PROBE, version=2, method='bankid', account=me.pw_name)])
    ends_silent([encode(PROBE, version=2, method='bank\nid')])
    ends_silent([encode(PROBED, probe=1, text='')])
    reset()
    h = Helper(inst, uid=me.pw_uid if ROOT else None)
    h.send(PROBE, version=2, method='bankid')
    answer = h.receive()
    assert answer['kind'] == PROBED and PROBES[answer['probe']] == 'not-permitted' and answer['text'] == '', answer
    assert h.receive() is None and h.end(5) == 0
    assert 'outcome=not-permitted' in inst.read('journal')


@tap.test('kinds that no caller may begin with')
def wrong_order():
    for kind in (START, ASK):
        ends_silent([encode(kind)])
    ends_silent([encode(VERDICT, verdict=2, text='', account=me.pw_name, uid=me.pw_uid)])
    ends_silent([encode(DECISION, decision=2, text='')])
    ends_silent([struct.pack('<HH', 99, 0)])


@tap.test('a peer that says nothing is left after five seconds')
def silence():
    reset()
    h = Helper(inst)
    start = time.monotonic()
    assert h.receive() is None
    assert 4.5 < time.monotonic() - start < 60
    assert h.end() == 0


@tap.test('a peer that closes at once')
def early_close():
    reset()
    assert Helper(inst).end(5) == 0
    assert inst.read('journal') == ''


@tap.test('descriptors that are passed along are not taken')
def descriptors():
    reset()
    h = Helper(inst)
    with open('/etc/passwd', 'rb') as f:
        h.sock.sendmsg([good()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [f.fileno()] * 10))])
    assert h.receive() is None
    assert h.end() == 0


@tap.test('nothing but a connected SOCK_SEQPACKET is spoken to')
def not_a_socket():
    reset()
    for stdin in (subprocess.DEVNULL, subprocess.PIPE):
        h = Helper(inst, stdin=stdin)
        assert h.process.wait(PATIENCE) == 64
        h.kill()
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
        h = Helper(inst, stdin=theirs)
        assert h.process.wait(PATIENCE) == 64
        h.kill()


@tap.test('arguments and a hostile environment change nothing')
def environment():
    reset()
    env = {'LD_PRELOAD': '/nowhere.so', 'GCONV_PATH': '/tmp', 'https_proxy': 'http://127.0.0.1:9', 'SSL_CERT_FILE': '/tmp/x',
           'OPENSSL_CONF': '/tmp/x', 'LOCPATH': '/tmp', 'LANGUAGE': 'sv', 'CURL_CA_BUNDLE': '/tmp/x', 'SSLKEYLOGFILE': RUN + '/keylog'}
    if not ROOT:
        del env['LD_PRELOAD']                   # not setuid here, so the loader obeys it
    h = Helper(inst, env=env)
    intro = h.verify(me.pw_name)
    assert intro['kind'] == INTRO and intro['language'] == 'en'
    h.end()
    assert not os.path.exists(RUN + '/keylog')


@tap.test('closed standard descriptors, and many open ones')
def std_fds():
    reset()
    h = Helper(inst, preexec_fn=lambda: (os.close(1), os.close(2), [os.dup2(0, fd) for fd in range(10, 200)]), close_fds=False)
    assert h.verify(me.pw_name)['kind'] == INTRO
    fds = os.listdir('/proc/%d/fd' % h.process.pid) if ROOT else []
    assert len(fds) < 12, fds
    h.end()


@tap.test('a message out of turn ends it: VERIFY again, ASK in pace live')
def out_of_turn():
    for packet in (good(), encode(ASK), b'\0' * 100):
        reset()
        h = Helper(inst)
        assert h.verify(me.pw_name)['kind'] == INTRO
        h.raw(packet)
        assert h.until(lambda m: m['kind'] != SHOW, 10) is None
        assert h.end(5) == 0


@tap.test('START before INTRO is read, then thousands of ASKs: a verdict or the end, never an approval')
def asks():
    reset()
    h = Helper(inst)
    assert h.verify(me.pw_name, pace=ASKED)['kind'] == INTRO
    h.send(START)
    h.sock.settimeout(5)
    try:
        for _ in range(3000):
            h.send(ASK)
    except (OSError, TimeoutError):
        pass
    message = h.until(lambda m: m['kind'] == VERDICT, 20)
    assert message is None or VERDICTS[message['verdict']] == 'unreachable', message
    assert h.end(15) == 0


@tap.test('nobody at the endpoint: unreachable, for a known name and for one that nobody has')
def unreachable():
    for name in (me.pw_name, 'nobodyhasthis'):
        if name != me.pw_name and not ROOT:
            continue                            # a user is told about their own name only
        reset()
        h = Helper(inst)
        assert h.verify(name)['kind'] == INTRO
        h.send(START)
        v = h.until(lambda m: m['kind'] == VERDICT)
        assert VERDICTS[v['verdict']] in ('unreachable', 'broken'), v
        assert 'account' not in v and 'uid' not in v
        assert h.end() == 0


@tap.test('no configuration, a damaged one, one that others can read: broken, and the journal says why')
def configuration():
    def spoil(change):
        reset()
        change()
        h = Helper(inst)
        v = h.verify(me.pw_name)
        assert v['kind'] == VERDICT and VERDICTS[v['verdict']] == 'broken', v
        assert h.end() == 0
        assert 'careid.compiled' in inst.read('journal') or 'detail=-' not in inst.read('journal'), inst.read('journal')
    path = STATE + '/careid.compiled'
    spoil(lambda: os.unlink(path))
    spoil(lambda: open(path, 'a').write('more\n'))
    spoil(lambda: os.truncate(path, 20))
    spoil(lambda: os.chmod(path, 0o644))
    spoil(lambda: inst.write('key', 'x', 0o444))
    spoil(lambda: os.unlink(RUN + '/crt'))


@tap.test('a care directory that is out of order: broken, before anybody is asked')
def directory():
    for what in ('open', 'account'):
        reset(None, 'fail ' + what)
        h = Helper(inst)
        v = h.verify(me.pw_name)
        assert v['kind'] == VERDICT and VERDICTS[v['verdict']] == 'broken', v
        h.end()
        reset(None, 'fail ' + what)
        h = Helper(inst)
        h.send(ACCOUNT, version=2, account=me.pw_name, service='login')
        assert DECISIONS[h.receive()['decision']] == 'broken'
        h.end()


@tap.test('a method that is switched off: no method')
def no_method():
    reset('[bankid]\nenabled = no\n')
    h = Helper(inst)
    v = h.verify(me.pw_name)
    assert v['kind'] == VERDICT and VERDICTS[v['verdict']] == 'no-method', v
    h.end()


@tap.test('ACCOUNT: allowed, expired, archived, not ours, the wrong uid')
def account():
    name, uid = me.pw_name, me.pw_uid
    for line, want in (('account %s 1 1 host 0 1 -' % name, 'allowed'),
                       ('account %s 1 1 %d 0 1 -' % (name, uid), 'allowed'),
                       ('account %s 1 1 host 0 0 -' % name, 'expired'),
                       ('account %s 1 1 host 1 1 -' % name, 'archived'),
                       ('account %s 1 1 %d 0 1 -' % (name, uid + 1), 'denied'),
                       ('account other 1 1 host 0 1 -', 'not-ours')):
        reset(None, line)
        h = Helper(inst)
        h.send(ACCOUNT, version=2, account=name, service='sshd')
        d = h.receive()
        assert d['kind'] == DECISION and DECISIONS[d['decision']] == want, (line, d)
        assert ('uid' in d) == (want == 'allowed') and d.get('uid', uid) == uid
        assert ('is logged' in d['text']) == (want == 'allowed' and ROOT), d
        h.end()
    for more in ({'service': 'login'}, {'service': 'sudo'}, {'service': 'sshd', 'login': 17}):
        reset(None, 'account %s 1 1 host 0 1 -' % name)
        h = Helper(inst)
        h.send(ACCOUNT, version=2, account=name, **more)
        assert h.receive()['text'] == '', 'who approved has read it in the app, and other programs print it anywhere'
        h.end()


@tap.test('a log-in goes on in one conversation: for root, about the same account, the next stage, judged anew')
def goes_on():
    name = me.pw_name
    line = 'account %s 17 1 host 0 1 -' % name

    def allowed(**more):
        reset(None, line)
        h = Helper(inst, **more)
        h.send(ACCOUNT, version=2, account=name, service='login')
        assert DECISIONS[h.receive()['decision']] == 'allowed'
        return h

    if not ROOT:
        h = allowed()
        assert h.receive() is None and h.end() == 0, 'nobody else goes on'
        return None
    h = allowed()
    h.send(OPEN, version=2, account=name, service='login', tty='tty1')
    assert DECISIONS[h.receive()['decision']] == 'allowed' and inst.read('acts') != ''
    assert h.receive() is None and h.end() == 0, 'a session ends it'

    for kind, account, want in ((OPEN, 'nobodyhasthis', 'not-permitted'), (OPEN, 'root', 'not-permitted'),
                                (ACCOUNT, name, None), (CLOSE, name, None), (VERIFY, name, None), (START, None, None)):
        h = allowed()
        h.send(kind, **({'version': 2, 'account': account, 'service': 'login'} if account else {}),
               **({'pace': LIVE, 'timeout': 10} if kind == VERIFY else {}))
        answer = h.receive()
        assert answer is None if want is None else DECISIONS[answer['decision']] == want, (kind, account, answer)
        assert h.receive() is None and h.end() == 0 and inst.read('acts') == '', (kind, account)

    h = allowed()
    inst.accounts(line, 'fail current', 'fail open')
    h.send(OPEN, version=2, account=name, service='login', tty='tty1')
    assert DECISIONS[h.receive()['decision']] == 'broken', 'another file has come in its place, and can not be read'
    h.end()

    reset(None, 'account %s 17 1 host 1 1 -' % name)
    h = Helper(inst)
    h.send(ACCOUNT, version=2, account=name, service='login')
    assert DECISIONS[h.receive()['decision']] == 'archived'
    assert h.receive() is None and h.end() == 0, 'who was refused does not go on'

    h = allowed(uid=me.pw_uid) if os.access(RUN, os.X_OK) else None
    assert h is None or (h.receive() is None and h.end() == 0), 'nobody else goes on'


@tap.test('a user may ask about no other name, and open no session')
def not_permitted():
    if ROOT and not os.access(RUN, os.X_OK):
        return 'folders are shut'
    uid = me.pw_uid if ROOT else None
    for kind, fields, answer in ((VERIFY, {'pace': LIVE, 'timeout': 10}, 'verdict'), (ACCOUNT, {}, 'decision')):
        for name in ('root', 'nobodyhasthis', 'daemon'):
            reset(None, 'account %s 1 1 host 0 1 189001019802' % name)
            h = Helper(inst, uid=uid)
            h.send(kind, version=2, account=name, service='login', **fields)
            a = h.receive()
            assert (VERDICTS if answer == 'verdict' else DECISIONS)[a[answer]] == 'not-permitted', a
            h.end()
    for kind in (OPEN, CLOSE):
        reset()
        h = Helper(inst, uid=uid)
        h.send(kind, version=2, account=me.pw_name, service='login')
        assert DECISIONS[h.receive()['decision']] == 'not-permitted'
        h.end()
    assert inst.read('acts') == ''


@tap.test("a user's word for the service is a plain word, or nothing is said of it in the journal but who asked")
def forged_service():
    if ROOT and not os.access(RUN, os.X_OK):
        return 'folders are shut'
    for service in ('sshd, source 203.0.113.5', 'sshd: x', 'sshd=', 'ssh d'):
        reset()
        h = Helper(inst, uid=me.pw_uid if ROOT else None)
        h.send(ACCOUNT, version=2, account=me.pw_name, service=service)
        assert DECISIONS[h.receive()['decision']] == 'not-permitted', service
        h.end()
        assert 'sshd' not in inst.read('journal')


@tap.test('what only root may say is not believed from a user: no key, no network of ours')
def not_believed():
    reset(('[network]\ninside = 192.0.2.0/24\n' + NOWHERE % (RUN, RUN, RUN)).replace('remote-qr = yes', 'remote-qr = no'))
    h = Helper(inst, uid=me.pw_uid if ROOT else None)
    v = h.verify(me.pw_name, source='192.0.2.7', after_key=1, target='root')
    assert v['kind'] == VERDICT and VERDICTS[v['verdict']] == 'no-method', v
    h.end()


@tap.test('a remote log-in sees a code from our network, after a key, or where the configuration says so')
def remote():
    if not ROOT:
        return 'needs root, who may say where a log-in comes from'
    no = ('[network]\ninside = 192.0.2.0/24\n' + NOWHERE % (RUN, RUN, RUN)).replace('remote-qr = yes', 'remote-qr = no')
    for config, fields, kind in ((no, {'tty': 'tty1'}, INTRO), (no, {'source': '192.0.2.9'}, INTRO), (no, {'source': '198.51.100.1'}, VERDICT),
                                 (no, {'source': 'host.example'}, VERDICT), (no, {'source': '2001:db8::1'}, VERDICT),
                                 (no, {'source': '198.51.100.1', 'after_key': 1}, INTRO),
                                 (None, {'source': '198.51.100.1'}, INTRO)):
        told = []
        for name in (me.pw_name, 'nobodyhasthis'):
            reset(config)
            h = Helper(inst)
            m = h.verify(name, **fields)
            assert m['kind'] == kind, (fields, m)
            told.append(m['text'])
            h.end()
        assert told[0] == told[1]


@tap.test('su and sudo: a code is shown where the session is here, or from our network; not where nobody knows')
def place():
    if not ROOT:
        return 'needs root, whose session is looked up'
    no = ('[network]\ninside = 192.0.2.0/24\n' + NOWHERE % (RUN, RUN, RUN)).replace('remote-qr = yes', 'remote-qr = no')
    seen = []
    for session, tty, more, wanted in (
            (None, 'pts/3', '', 'Nobody can say'), (None, None, '', 'Nobody can say'), (None, 'tty1', '', INTRO),
            ('begun', 'tty1', '', 'Nobody can say'), ('begun', 'ttyUSB0', '', 'Nobody can say'),
            (None, 'pts/3', 'terminal-qr = yes\n', INTRO),
            ('here active seat0 tty2 -', 'pts/3', '', INTRO), ('here closing seat0 tty2 -', 'pts/3', '', 'Nobody can say'),
            ('here active - pts/0 -', 'pts/3', '', 'Nobody can say'),
            ('remote active - pts/0 198.51.100.1', 'pts/0', '', 'From where you are'),
            ('remote active - pts/0 198.51.100.1', 'tty3', 'terminal-qr = yes\n', 'From where you are'),
            ('remote active - pts/0 ward.example', 'pts/0', '', 'From where you are'),
            ('remote active - pts/0 192.0.2.7', 'pts/0', '', INTRO)):
        told = []
        for name in (me.pw_name, 'nobodyhasthis'):
            reset(no + more)
            if session:
                inst.write('state/session', session + '\n')
            h = Helper(inst)
            m = h.verify(name, service='su', **({'tty': tty} if tty else {}))
            assert m['kind'] == wanted if wanted == INTRO else m['kind'] == VERDICT and VERDICTS[m['verdict']] == 'no-method' and \
                m['text'].startswith(wanted), (session, tty, more, m)
            told.append(m['text'])
            h.end()
            seen.append(inst.read('journal'))
        assert told[0] == told[1]
        if os.path.exists(os.path.join(STATE, 'session')):
            os.unlink(os.path.join(STATE, 'session'))
    assert any('source=198.51.100.1' in line for line in seen) and any('no session says' in line for line in seen), seen


@tap.test('four conversations of one user at once; the fifth is told so')
def crowd():
    reset()
    uid = me.pw_uid if ROOT else None
    held = [Helper(inst, uid=uid) for _ in range(4)]
    for h in held:
        assert h.verify(me.pw_name)['kind'] == INTRO
    h = Helper(inst, uid=uid)
    v = h.verify(me.pw_name)
    assert v['kind'] == VERDICT and VERDICTS[v['verdict']] == 'busy', v
    h.end()
    held.pop().end()
    h = Helper(inst, uid=uid)
    assert h.verify(me.pw_name)['kind'] == INTRO
    for h in held + [h]:
        h.end()


def status_of(pid):
    with open('/proc/%s/status' % pid, encoding='utf-8') as f:
        return dict(line.rstrip('\n').split(':\t', 1) for line in f if ':\t' in line)


def parent_of(pid):
    try:
        return status_of(pid)['PPid']
    except (OSError, KeyError):         # it has just ended
        return ''


@tap.test('executed by root it has the owner in every id, no group, no capability, and is not dumpable')
def identity():
    if not ROOT:
        return 'needs root to install it setuid'
    for uid in (None, me.pw_uid):
        reset()
        h = Helper(inst, uid=uid)
        assert h.verify(me.pw_name)['kind'] == INTRO
        status, ours = status_of(h.process.pid), status_of('self')
        assert set(status['Uid'].split()) == {str(OWNER)}, status['Uid']
        assert set(status['Gid'].split()) == {str(OWNER)}, status['Gid']
        assert status['Groups'].split() == [], status['Groups']
        assert all(int(status[c], 16) == 0 for c in ('CapInh', 'CapPrm', 'CapEff', 'CapAmb'))
        assert status['NoNewPrivs'] == '1'
        with open(PROGRAM, 'rb') as f:
            sanitized = b'__asan_init' in f.read()
        resolver, = (p for p in os.listdir('/proc') if p.isdigit() and parent_of(p) == str(h.process.pid))
        for pid in (h.process.pid, resolver):           # the child has answered: it is shut in as well
            filters = int(status_of(pid)['Seccomp_filters']) - int(ours['Seccomp_filters'])     # whoever runs this may have some
            assert filters == (0 if sanitized else 1), filters
            assert os.stat('/proc/%s/mem' % pid).st_uid == 0
        h.end()


@tap.test('root\'s helper writes, a user\'s reads: each is shut in its own sandbox')
def sandboxes():
    tried = os.path.join(STATE, 'tried')
    with open(PROGRAM, 'rb') as f:
        sanitized = b'__asan_init' in f.read()          # no list of system calls; and the files are the kernel's to shut
    for uid in (None, me.pw_uid) if ROOT else (None,):
        records = ROOT and uid is None
        reset(None, 'account %s 1 1 host 0 1 189001019802' % me.pw_name, 'title ?')
        h = Helper(inst, uid=uid)
        about = h.verify(me.pw_name)['about']
        h.end()
        writes, syncs = re.search(r'(writes|writes not), (syncs|syncs not), network', about).groups()
        assert syncs == ('syncs' if records or sanitized else 'syncs not'), about
        assert sanitized or writes == ('writes' if records else 'writes not'), about
        assert os.path.exists(tried) == (writes == 'writes'), about
        with contextlib.suppress(FileNotFoundError):
            os.unlink(tried)


@tap.test('with NoNewPrivileges it is not the owner, says so by its status, and does nothing')
def no_new_privileges():
    if not ROOT:
        return 'needs root to install it setuid'
    for command in (['setpriv', '--no-new-privs'], ['setpriv', '--no-new-privs', '--reuid=%d' % me.pw_uid, '--clear-groups']):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        assert subprocess.run(command + [inst.program], stdin=theirs, check=False).returncode == 77
        ours.close()
        theirs.close()


@tap.test('owned by root, or without its group, it refuses to run')
def wrong_owner():
    if not ROOT:
        return 'needs root to install it setuid'
    path = inst.program
    for owner, mode in (((0, 0), 0o6755), ((OWNER, OWNER), 0o4755), ((OWNER, OWNER), 0o755)):
        os.chown(path, *owner)
        os.chmod(path, mode)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        assert subprocess.run([path], stdin=theirs, check=False).returncode == 77
        ours.close()
        theirs.close()
    os.chown(path, OWNER, OWNER)
    os.chmod(path, 0o6755)


@tap.test('through a socket, who asks is the peer')
def by_socket():
    if not ROOT:
        return 'needs root to be somebody else'
    reset()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    path = RUN + '/run/test.sock'
    listener.bind(path)
    os.chmod(path, 0o666)
    listener.listen(1)
    for asker, name, want in ((me.pw_uid, 'nobodyhasthis', VERDICT), (me.pw_uid, me.pw_name, INTRO), (0, 'nobodyhasthis', INTRO)):
        told_r, told_w = os.pipe()
        client = os.fork()
        if client == 0:
            os.setgroups([])
            os.setresuid(asker, asker, asker)
            peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            peer.connect(path)
            peer.send(good(account=name))
            os.write(told_w, peer.recv(20000)[:1])
            os._exit(0)
        connection, _ = listener.accept()
        server = subprocess.Popen([inst.program], stdin=connection, user=OWNER, group=OWNER, extra_groups=[])
        connection.close()
        assert os.read(told_r, 1) == bytes([want]), (asker, name)
        os.waitpid(client, 0)
        assert server.wait(15) == 0
    listener.close()


@tap.test('sessions are recorded for root; one that can\'t be is not said to be')
def sessions():
    if not ROOT:
        return 'needs root, who alone may open sessions'
    line = 'account %s 17 1 host 0 1 -' % me.pw_name
    for accounts, name, want in (((line,), me.pw_name, 'allowed'), ((line,), 'nobodyhasthis', 'not-ours'),
                                 ((line,), 'root', 'not-ours'), ((line, 'fail add'), me.pw_name, 'broken')):
        for kind in (OPEN, CLOSE):
            reset(None, *accounts)
            h = Helper(inst)
            h.send(kind, version=2, account=name, service='sshd', tty='pts/3')
            r = h.receive()
            assert r['kind'] == RECORDED and DECISIONS[r['decision']] == want, (name, r)
            h.end()
            recorded = inst.read('acts')
            assert (recorded != '') == (want == 'allowed'), recorded


@tap.test('a session is not recorded for a caller who has gone: they have asked another helper')
def sessions_gone():
    if not ROOT:
        return 'needs root, who alone may open sessions'
    for kind in (OPEN, CLOSE):
        for _ in range(10):
            reset(None, 'account %s 17 1 host 0 1 -' % me.pw_name)
            h = Helper(inst)
            h.send(kind, version=2, account=me.pw_name, service='sshd', tty='pts/3')
            h.sock.close()
            assert h.process.wait(PATIENCE) == 0
            if inst.read('acts') == '':                 # it was not served before it had gone
                break
        assert inst.read('acts') == '' and 'recorded' not in inst.read('journal')


tap.run()
