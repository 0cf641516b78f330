# SPDX-License-Identifier: LGPL-2.1-or-later
# test_approval.py - who holds a mandate approves each act with their e-ID, in the conversation that asks for it (X11, X1)
"""[mandates] approval is as it is without a word about it: every."""

import contextlib
import json
import os
import pwd
import re

import clinic as c
import host
import pytest
from clinic import Screen, Watch
from host import Talk, run, wire
from test_place import in_scope, session

ACCOUNT = 'nurse1'
DESK = {'REMOTE': 0, 'SEAT': 'seat0', 'TTY': 'tty2'}
ASSIGN = ['assign', 'atemp', 'nurse', 'oak']


@pytest.fixture(scope='module')
def clinic(clinic):
    """What comes from no session is shown codes, too: most cases speak with the helper themselves."""
    with c.configuration('terminal-qr = yes', 'terminal-qr = yes\nremote-qr = yes'):
        yield clinic


@pytest.fixture(scope='module', autouse=True)
def head(clinic):
    """The person of the head of the Oak ward."""
    person = json.loads(run('careid', 'show', 'account', ACCOUNT, '--json').stdout)['accounts'][0]['person']
    for act in ('add', 'grant'):
        run('careid', 'mandate', 'give', person, act, '--organisation', 'clinic', '--unit', 'oak')
    c.add_account('atemp', assigned=False)
    numberless = c.add_account('anumberless')
    run('careid', 'mandate', 'give', numberless, 'grant', '--organisation', 'clinic', '--unit', 'oak')
    return person


def assigned():
    return c.rows("SELECT x.id FROM assignment x JOIN account a ON a.id = x.account WHERE a.name = 'atemp'")


def act(words, account=ACCOUNT, **fields):
    return Talk.act(pwd.getpwnam(account).pw_uid, account, words, **{'pace': wire.LIVE, 'timeout': 120, **fields})


def begun(clinic, words=ASSIGN):
    """The talk, its introduction, and what the app shows of the order that was scanned."""
    talk = act(words)
    intro = talk.receive()
    assert intro['kind'] == wire.INTRO, intro
    talk.send(wire.START)
    return talk, intro, clinic.phone.scan(talk.code())


def result(talk):
    """What is said after the VERDICT: (text, what was said, status); None where the helper closes."""
    return talk.told()


def nothing_done(watch, before, outcome):
    assert assigned() == before and watch.logins() == []
    watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', MESSAGE=rf'act not done: {outcome}, account {ACCOUNT}, asked by uid \d+: assign$')


def test_over_ssh_the_code_follows_the_command_and_the_app_names_no_argument(clinic, head):
    """Standard output is the command's; the trail says on which approval it rests, and the evidence is kept."""
    watch = Watch(clinic)
    command = f'printf "\\033[2J\\033[H"; careid {" ".join(ASSIGN)} --json > /tmp/said; echo status $?; read answer'
    with Screen(c.ssh(ACCOUNT, command, '-tt'), columns=100, rows=45) as screen:
        clinic.phone.approve('nurse-one', order=c.ssh_scan(screen, clinic)['order'])
        c.ssh_until(screen, r'Organisation: ')
        shown = clinic.scan(screen)
        assert c.check_code(screen) in shown['text'] and shown['kind'] == 'sign', shown
        lines = shown['text'].splitlines()
        for line in ('Log-in: careid', f'Account: {ACCOUNT}', 'Runs: careid assign', 'From: 127.0.0.1', 'Computer: oak-terminal', 'Organisation: Example Clinic'):
            assert line in lines, shown['text']
        said = shown['text'].replace('oak-terminal', '')
        assert 'atemp' not in said and 'oak' not in said and 'json' not in said, said
        clinic.phone.approve('nurse-one', order=shown['order'])
        screen.wait_text(r'status 0', 60)
        screen.type('\n')
        assert screen.wait_exit(30) == 0
    with open('/tmp/said', encoding='utf-8') as f:
        made, = json.load(f)['assignments']
    login = watch.logins()[-1]
    assert (login['service'], login['source'], login['name'], login['method']) == ('careid', '127.0.0.1', ACCOUNT, 'bankid'), login
    entry, = watch.audit('assignment.add')
    assert entry['object'] == f'assignment:{made["id"]}' and entry['detail']['approval'] == login['id'], entry
    assert any(e['detail']['login'] == login['id'] and e['detail']['service'] == 'careid' for e in watch.audit('login.approved'))
    assert c.rows(f"SELECT 1 FROM evidence WHERE login = {login['id']}")
    run('careid', 'unassign', str(made['id']), '--yes')


def test_at_the_desk_ctrl_c_gives_the_act_up(clinic):
    before, watch = assigned(), Watch(clinic)
    with session(**DESK) as number, Screen(in_scope(number, *c.as_user(ACCOUNT, 'careid', *ASSIGN)), columns=80, rows=24) as screen:
        screen.wait_text('Press Enter', 60)
        shown = clinic.scan(screen)
        assert 'From:' not in shown['text'], shown['text']
        screen.type('\x03')
        screen.wait_text('it was not approved; nothing was changed', 30)
        assert screen.wait_exit(30) == 1
    watch.wait_orders_end('cancelled')
    nothing_done(watch, before, 'refused')


def test_without_a_terminal_or_from_elsewhere_there_is_no_code(clinic):
    before, watch = assigned(), Watch(clinic)
    done = host.as_user(ACCOUNT, 'setsid', '--wait', 'careid', *ASSIGN, check=False, timeout=100)
    assert done.returncode == 1 and 'this needs your approval, and a terminal to show the code on' in done.stderr and not done.stdout, done
    with c.configuration('remote-qr = yes', 'remote-qr = no'):
        verdict = act(ASSIGN).receive()
        assert wire.VERDICTS[verdict['verdict']] == 'no-method' and 'From where you are' in verdict['text'], verdict
        with session(REMOTE=1, TTY='pts/0', REMOTE_HOST='198.51.100.7') as number:
            with Screen(in_scope(number, *c.as_user(ACCOUNT, 'careid', *ASSIGN)), columns=80, rows=24) as screen:
                screen.wait_text('From where you are', 60)
                assert screen.wait_exit(30) == 1
    verdict = act(ASSIGN, 'anumberless').receive()
    assert wire.VERDICTS[verdict['verdict']] == 'no-method' and 'No e-ID is registered here' in verdict['text'], verdict
    assert watch.orders() == []
    nothing_done(watch, before, 'refused')


def test_what_is_refused_is_refused_before_a_phone_is_taken_out_and_what_is_ones_own_needs_none(clinic):
    before, watch = assigned(), Watch(clinic)
    for words, status in ((['assign', 'atemp', 'nurse', 'elm'], 1), (['assign', ACCOUNT, 'planner', 'oak'], 1), (['unassign', '999999', '--yes'], 1),
                          (['mandates'], 0), (['list', 'assignments', 'oak'], 0), (['review', 'list'], 0), ([*ASSIGN, '--dry-run'], 0)):
        told = act(words).told()
        assert told[2] == status and bool(told[1]) == (status != 0), (words, told)
    intro = act(['list', 'enrolments', 'oak']).receive()
    assert intro['kind'] == wire.INTRO and 'careid list' in intro['about'], 'clients are shown'
    assert watch.orders() == [] and assigned() == before
    run('careid', 'template', 'add', 'night', '--title', 'Night', '--role', 'nurse', '--unit', 'oak')
    with c.configuration('remote-qr = yes', 'remote-qr = yes\n[mandates]\napproval = least'):
        assert act(['person', 'add', '--quiet'], secret=b'Test\0Aleast\0').told()[2] == 0
        assert act(['list', 'enrolments', 'oak']).told()[2] == 0
        intro = act(['temp', 'add', 'night', 'anight', '--new', '--country', 'SE'], secret=b'Test\0Anight\x00191401682396\0').receive()
        assert intro['kind'] == wire.INTRO and 'careid temp add' in intro['about'], intro
        person = act(['person', 'add', '--quiet'], secret=b'Test\0Anumber\0').told()[0].strip()
        intro = act(['person', 'number', person, '--country', 'SE'], secret=b'191401682396\0').receive()
        assert intro['kind'] == wire.INTRO and 'careid person number' in intro['about'] and person not in intro['about'].split(), intro


def test_of_what_was_typed_the_app_names_the_kind_and_the_mandate_and_neither_name_nor_number(clinic, head):
    shown = json.loads(run('careid', 'show', 'account', 'atemp', '--json').stdout)['accounts'][0]
    given = [re.search(r'\d+', run('careid', 'mandate', 'give', head, what, '--organisation', 'clinic').stdout)[0] for what in ('add', 'configure')]
    for words, named in ((['archive', 'account', 'atemp', '--yes'], 'careid archive account'),
                         (['mandate', 'give', shown['person'], 'add', '--organisation', 'clinic'], 'careid mandate give add')):
        with act(words) as talk:
            intro = talk.receive()
            assert intro['kind'] == wire.INTRO and named in intro['about'], intro
            assert 'atemp' not in intro['about'] and shown['person'] not in intro['about'].split(), intro
    for mandate in given:
        run('careid', 'mandate', 'take', mandate, '--yes')


def test_that_a_grant_goes_on_is_approved_and_that_something_is_right_is_not(clinic, head):
    """review right grant:N --next moves the day on which a relative's rights are looked at, as confirm does; the rest is one's own."""
    def person(name):
        return run('careid', 'person', 'add', '--quiet', text=f'Test\n{name}\n').stdout.strip()
    run('careid', 'role', 'add', 'akin', '--title', 'Relative', '--kind', 'relative')
    run('careid', 'account', 'add', 'arelative', '--person', person('Arelative'), '--organisation', 'clinic', '--kind', 'relative')
    client = run('careid', 'client', 'add', person('Aclient'), '--organisation', 'clinic', '--quiet').stdout.strip()
    grant = run('careid', 'grant', 'arelative', 'akin', client, '--basis', 'consent', '--document', 'binder 5', '--checked-by', 'Ward manager',
                '--review-on', '2089-01-01', '--quiet').stdout.strip()
    mandate, = re.findall(r'\d+', run('careid', 'mandate', 'give', head, 'grant', '--organisation', 'clinic').stdout)
    words = ['review', 'right', f'grant:{grant}', '--next', '2090-01-01']

    def stands():
        return c.rows(f'SELECT review_on, (SELECT count(*) FROM review) AS looked_at FROM client_grant WHERE id = {grant}')

    before, watch = stands(), Watch(clinic)
    with act(words) as talk:
        intro = talk.receive()
        assert intro['kind'] == wire.INTRO and 'careid review right' in intro['about'] and grant not in intro['about'].split(), intro
    c.wait_no_helper()
    assert stands() == before and watch.audit('review') == []
    talk, _, shown = begun(clinic, words)
    with talk:
        clinic.phone.approve('nurse-one', order=shown['order'])
        assert talk.verdict(60) == 'approved'
        told = result(talk)
    assert told[2] == 0, told
    (was,), (now,) = before, stands()
    assert now['review_on'] > was['review_on'] and now['looked_at'] == was['looked_at'] + 1, (was, now)
    assert {e['detail']['approval'] for e in watch.audit('review')} == {watch.logins()[-1]['id']}
    other = c.rows("SELECT x.id FROM assignment x JOIN account a ON a.id = x.account WHERE a.name = 'nurse2' AND x.ended IS NULL AND x.by_person IS NULL")
    orders = len(watch.orders())
    assert act(['review', 'right', f'assignment:{other[0]["id"]}']).told()[2] == 0
    assert act(['review', 'unclear', f'grant:{grant}', '--note', 'whose signature']).told()[2] == 0
    assert len(watch.orders()) == orders
    run('careid', 'mandate', 'take', mandate, '--yes')
    run('careid', 'ungrant', grant, '--yes')


@pytest.mark.parametrize('ends, verdict, status', [
    (lambda phone, order: phone.approve('nurse-two', order=order), 'wrong-person', 'refused'),
    (lambda phone, order: phone.refuse(order=order), 'cancelled', 'refused'),
    (lambda phone, order: phone.down(), 'unreachable', 'broken'),
], ids=['somebody else', 'refused in the app', 'an outage'])
def test_whatever_is_no_approval_changes_nothing(ends, verdict, status, clinic):
    before, watch = assigned(), Watch(clinic)
    talk, _, shown = begun(clinic)
    try:
        ends(clinic.phone, shown['order'])
        assert talk.verdict(90) == verdict
        assert result(talk) is None
    finally:
        clinic.phone.up()
    nothing_done(watch, before, status)
    refused = [e['detail']['reason'] for e in watch.audit('login.refused')]
    assert refused == ([verdict] if verdict == 'wrong-person' else []), refused


@pytest.mark.parametrize('goes', [
    lambda talk: talk.sock.close(),
    lambda talk: talk.send(wire.ACT, version=2, account=ACCOUNT, service='careid', language='en', words=b'mandates\0'),
], ids=['who has gone', 'who asks for another act'])
def test_the_order_is_cancelled_for(goes, clinic):
    before, watch = assigned(), Watch(clinic)
    talk, _, shown = begun(clinic)
    goes(talk)
    assert clinic.phone.wait_order_end(shown['order'])['outcome'] == 'cancelled'
    c.wait_no_helper()
    nothing_done(watch, before, 'refused')
    talk.sock.close()


@pytest.mark.parametrize('takes, gives_back, why', [
    (lambda h: [run('careid', 'mandate', 'take', str(m), '--yes') for m in mandates(h)],
     lambda h: [run('careid', 'mandate', 'give', h, a, '--organisation', 'clinic', '--unit', 'oak') for a in ('add', 'grant')], 'staff who have a mandate'),
    (lambda h: [run('careid', 'unassign', str(a['id']), '--yes') for a in json.loads(run('careid', 'list', 'assignments', ACCOUNT, '--json').stdout)['assignments'] if a['state'] == 'valid'],
     lambda h: run('careid', 'assign', ACCOUNT, 'nurse', 'oak'), None),
], ids=['mandate', 'assignment'])
def test_what_is_taken_away_while_the_code_is_shown_is_gone(takes, gives_back, why, clinic, head):
    """Approved, and recorded where the person could log in; but not done."""
    before, watch = assigned(), Watch(clinic)
    talk, _, shown = begun(clinic)
    takes(head)
    try:
        clinic.phone.approve('nurse-one', order=shown['order'])
        verdict = talk.verdict(60)
        told = result(talk)
    finally:
        gives_back(head)
    assert assigned() == before
    if why:
        assert verdict == 'approved' and told[2] == 1 and why in told[1] and not told[0], (verdict, told)
        assert [entry['service'] for entry in watch.logins()] == ['careid']
    else:
        assert verdict == 'refused' and told is None, (verdict, told)
        assert [e['detail']['reason'] for e in watch.audit('login.refused')] == ['not-assigned']


def mandates(person):
    return [m['id'] for m in c.rows(f'SELECT id FROM mandate WHERE person = {person} AND ended IS NULL')]


def test_nothing_is_locked_while_somebody_is_waited_for_and_the_halves_are_shut_in_each_for_itself(clinic):
    """Others write meanwhile; what asks BankID can't write, what can write has no connection."""
    c.wait_no_helper()
    talk, _, shown = begun(clinic)
    run('careid', 'person', 'add', '--quiet', text='Test\nAmeanwhile\n')
    host.eventually(lambda: len(having(is_tcp)) == 1, 30)
    asking, = having(is_tcp)
    acting, = host.conversations()
    assert asking != acting and not having(lambda link: link.endswith('directory.db')), (asking, acting)
    with talk:
        clinic.phone.approve('nurse-one', order=shown['order'])
        assert talk.verdict(60) == 'approved'
        assert result(talk)[2] == 0
    run('careid', 'unassign', str(assigned()[-1]['id']), '--yes')


def having(kind):
    """Processes of the helper with such a descriptor."""
    found = set()
    for pid in host.processes():
        with contextlib.suppress(OSError):              # it has just ended
            folder = f'/proc/{pid}/fd'
            if any(kind(os.readlink(f'{folder}/{n}')) for n in os.listdir(folder)):
                found.add(pid)
    return found


def is_tcp(link):
    inode = re.fullmatch(r'socket:\[(\d+)\]', link)
    with open('/proc/net/tcp') as four, open('/proc/net/tcp6') as six:
        return inode and any(line.split()[9] == inode[1] for line in [*four.readlines()[1:], *six.readlines()[1:]])
