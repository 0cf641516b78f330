# SPDX-License-Identifier: LGPL-2.1-or-later
# test_bankid_faults.py - BankID goes wrong, or something in its place does: a sentence, a journal line, no way in
"""su shows the PAM code in words: "cannot retrieve authentication info" is PAM_AUTHINFO_UNAVAIL, "Authentication failure" PAM_AUTH_ERR."""

import os
import shutil

import pytest

import clinic as c
from clinic import Screen

UNREACHABLE, WRONG, BROKEN = "BankID can't be reached", 'Something went wrong. Please try again.', 'is out of order on this computer'
UNAVAIL, AUTH_ERR = 'Authentication service cannot retrieve authentication info', 'Authentication failure'
ROOM = '/etc/careid/bankid'


@pytest.fixture
def watch(clinic, watch):
    yield watch
    clinic.phone.clear_faults()
    clinic.phone.server(up=True, certificate='good', refuse='tls')


def begin():
    return Screen(c.as_user('nurse1', *c.su('nurse2')), columns=80, rows=24)


def refused(screen, watch, text, word, pam, seconds=25):
    """Told so in words, by PAM's code, in both journal lines; nothing granted, nothing left."""
    assert screen.wait_exit(seconds) != 0
    shown = ' '.join(c.plain(screen).split())
    assert text in shown and pam in shown and 'uid=' not in shown, shown[-700:]
    assert f'Help: {c.SUPPORT}' in shown
    line = watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME=word)
    watch.wait_journal(MESSAGE=f'user=nurse2 service=su verdict={word}')
    watch.nothing_granted()
    c.wait_no_helper()
    return line


def works_again(clinic):
    """Nothing is remembered of the fault."""
    clinic.phone.clear_faults()
    with begin() as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-two', order=shown['order'])
        assert screen.wait_exit(40) == 0 and 'unit-elm-nurse' in c.plain(screen)


# -- before there is an order --------------------------------------------------------------------------------------------

def test_bankid_is_down_and_comes_back(clinic, watch):
    """Nobody listens: an outage, and the next log-in after it works."""
    clinic.phone.down()
    with begin() as screen:
        line = refused(screen, watch, UNREACHABLE, 'unreachable', UNAVAIL)
        assert 'bankid: sign' in line['CAREID_DETAIL'] and line['PRIORITY'] == '3', line
    clinic.phone.up()
    works_again(clinic)


@pytest.mark.parametrize('certificate', ['foreign', 'wrong-host', 'expired'])
def test_bankid_shows_a_certificate_that_is_not_its_own(clinic, watch, certificate):
    """Somebody between us and BankID, or an error: not a word is sent, and the administrator is told what it is."""
    clinic.phone.server(certificate=certificate)
    with begin() as screen:
        line = refused(screen, watch, BROKEN, 'broken', UNAVAIL)
        assert 'certificate not accepted' in line['CAREID_DETAIL'], line
    assert watch.requests() == []
    clinic.phone.server(certificate='good')
    works_again(clinic)


@pytest.mark.parametrize('client', ['foreign-client', 'rp-expired'])
@pytest.mark.parametrize('refuse', ['tls', 'html'])
def test_bankid_does_not_take_our_certificate(clinic, watch, client, refuse, tmp_path):
    """By a TLS alert or a 403 page: for the administrator, who finds the word certificate or the status in the journal."""
    clinic.phone.server(refuse=refuse)
    for name in ('certificate.pem', 'key.pem'):
        shutil.copy2(f'{ROOM}/{name}', tmp_path)
    owner = os.stat(f'{ROOM}/key.pem')
    try:
        for end, name in (('crt', 'certificate.pem'), ('key', 'key.pem')):
            with open(f'/root/bankid/{client}.{end}') as f, open(f'{ROOM}/{name}', 'w') as g:
                g.write(f.read())
        with begin() as screen:
            assert screen.wait_exit(25) != 0
            shown = ' '.join(c.plain(screen).split())
            assert (BROKEN in shown or UNREACHABLE in shown) and UNAVAIL in shown, shown
        line = watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', PRIORITY='3', MESSAGE='log-in failed')
        assert 'certificate' in line['CAREID_DETAIL'] or '403' in line['CAREID_DETAIL'], line
        watch.nothing_granted()
    finally:
        for name in ('certificate.pem', 'key.pem'):
            with open(tmp_path / name) as f, open(f'{ROOM}/{name}', 'w') as g:
                g.write(f.read())
    assert os.stat(f'{ROOM}/key.pem').st_uid == owner.st_uid
    clinic.phone.server(refuse='tls')
    works_again(clinic)


@pytest.mark.parametrize('kind, members, text, word, detail', [
    ('maintenance', {}, WRONG, 'unreachable', 'answered 503'),
    ('internal-error', {}, WRONG, 'unreachable', 'answered 500 internalError'),
    ('request-timeout', {}, WRONG, 'unreachable', 'answered 408'),
    ('error', {'status': 429, 'errorCode': 'tooManyRequests'}, WRONG, 'busy', 'answered 429'),
    ('html', {}, WRONG, 'unreachable', 'answered 503'),
    ('html', {'status': 200}, WRONG, 'unreachable', 'not of this API'),
    ('error', {'status': 400, 'errorCode': 'somethingNew'}, WRONG, 'unreachable', 'answered 400 somethingNew'),
    ('error', {'status': 400, 'errorCode': 'alreadyInProgress'}, 'already in progress for your personal identity number', 'denied', 'answered 400 alreadyInProgress'),
    ('html', {'status': 403}, BROKEN, 'broken', 'answered 403'),
    ('error', {'status': 400, 'errorCode': 'invalidParameters'}, BROKEN, 'broken', 'answered 400 invalidParameters'),
    ('error', {'status': 401, 'errorCode': 'unauthorized'}, BROKEN, 'broken', 'answered 401 unauthorized'),
    ('truncated-json', {}, WRONG, 'unreachable', 'not of this API'),
    ('cut-connection', {}, UNREACHABLE, 'unreachable', 'bankid: sign'),
    ('oversized', {}, WRONG, 'unreachable', 'bankid: sign: Failure writing'),
    ('redirect', {}, WRONG, 'unreachable', 'answered 302'),
    ('reset', {}, UNREACHABLE, 'unreachable', 'bankid: sign'),
    ('close-on-accept', {}, UNREACHABLE, 'unreachable', 'bankid: sign'),
    ('raw', {'body': ''}, WRONG, 'unreachable', 'not of this API'),
    ('raw', {'body': '[]'}, WRONG, 'unreachable', 'not of this API'),
    ('raw', {'body': '{"orderRef":"\\u0000"}'}, WRONG, 'unreachable', 'not of this API'),
    *[('wrong-type', {'field': f, **how}, WRONG, 'unreachable', 'not of this API')
      for f in ('orderRef', 'autoStartToken', 'qrStartToken', 'qrStartSecret') for how in ({}, {'missing': True})],
], ids=lambda v: v if isinstance(v, str) and v.islower() and ' ' not in v else None)
def test_the_order_gets_no_proper_answer(clinic, watch, kind, members, text, word, detail):
    """An outage is an outage, a refusal of ours is for the administrator; each has its line."""
    clinic.phone.fault(kind, **({} if kind == 'close-on-accept' else {'endpoint': 'sign'}), **members)
    with begin() as screen:
        line = refused(screen, watch, text, word, AUTH_ERR if word == 'denied' else UNAVAIL)
        assert detail in line['CAREID_DETAIL'], line['CAREID_DETAIL']
        assert '▀' not in c.plain(screen)
        assert '<html' not in c.plain(screen) and '<' not in line['CAREID_DETAIL']


def test_after_all_of_them_the_next_log_in_works(clinic, watch):
    """None of it is remembered."""
    works_again(clinic)


def test_over_ssh_the_sentence_is_shown_too(clinic, watch):
    """There it is a prompt, since sshd shows nothing else of a log-in that fails; a name that nobody has is told the same."""
    told = []
    clinic.phone.down()                 # not a fault: the simulator answers 405 to a probe before it looks at faults
    for account in ('nurse1', 'nobodyhasthis'):
        with Screen(c.ssh(account, 'id'), columns=80, rows=40) as screen:
            screen.wait_text(r'Enter[^\n]* $', 40)
            start = len(screen.output)
            c.ssh_refused(screen, UNREACHABLE)
            told.append(c.plain(screen, start).replace(account, 'NAME'))
    assert told[0] == told[1], told
    watch.nothing_granted()


@pytest.mark.parametrize('kind, members', [('slow-drip', {'ms': 1500}), ('slow-first-byte', {'ms': 60000}), ('never', {})],
                         ids=['slow-drip', 'slow-first-byte', 'never'])
def test_an_answer_that_does_not_come_to_an_end_ends_with_the_time(clinic, watch, kind, members):
    """Neither a drip nor silence keeps anybody longer than timeout=: it is the time that is up, before the request's own 8 s, after
    which BankID would be out of reach; and the request is given up with it."""
    clinic.phone.fault(kind, endpoint='sign', **members)
    with c.timeout(6), begin() as screen:
        assert screen.wait_exit(60) != 0
        shown = ' '.join(c.plain(screen).split())
        assert 'The time for this log-in is up' in shown, shown
    watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', CAREID_OUTCOME='timed-out')
    c.eventually(lambda: watch.requests(endpoint='sign', event='aborted'), what='a request that is given up')
    assert len([e for e in watch.requests(endpoint='sign') if 'event' not in e]) == 1
    watch.nothing_granted()
    clinic.phone.clear_faults()
    c.wait_no_helper(15)


# -- with an order -------------------------------------------------------------------------------------------------------

def test_two_collects_without_an_answer_are_no_end(clinic, watch):
    """The third asks again, and the approval counts."""
    clinic.phone.fault('maintenance', endpoint='collect', count=2)
    with begin() as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-two', order=shown['order'])
        assert screen.wait_exit(25) == 0 and 'unit-elm-nurse' in c.plain(screen)


def test_bankid_goes_away_under_way(clinic, watch):
    """Three in a row end it, as an outage."""
    with begin() as screen:
        clinic.scan(screen)
        clinic.phone.down()
        line = refused(screen, watch, UNREACHABLE, 'unreachable', UNAVAIL)
        assert 'bankid: collect' in line['CAREID_DETAIL']
    clinic.phone.up()


@pytest.mark.parametrize('members', [
    {'kind': 'wrong-type', 'field': 'status'},
    {'kind': 'wrong-type', 'field': 'status', 'value': 'pending'},
    {'kind': 'wrong-type', 'field': 'status', 'value': 'Complete'},
    {'kind': 'wrong-type', 'field': 'orderRef'},
    {'kind': 'wrong-type', 'field': 'orderRef', 'value': '00000000-0000-4000-8000-000000000000'},
    {'kind': 'wrong-type', 'field': 'completionData'},
    {'kind': 'wrong-type', 'field': 'completionData', 'missing': True},
    {'kind': 'wrong-type', 'field': 'completionData.user'},
    {'kind': 'wrong-type', 'field': 'completionData.user.personalNumber'},
    {'kind': 'wrong-type', 'field': 'completionData.user.personalNumber', 'missing': True},
    {'kind': 'wrong-type', 'field': 'completionData.user.personalNumber', 'value': ''},
    {'kind': 'wrong-type', 'field': 'completionData.user.personalNumber', 'value': '18900102981'},
    {'kind': 'truncated-json'}, {'kind': 'oversized'}, {'kind': 'cut-connection'},
], ids=lambda m: '-'.join(str(v) for v in m.values()))
def test_an_approval_that_does_not_come_whole_is_none(clinic, watch, members):
    """The right person approved; what BankID answers about it is wrong in one place: no way in, never `pending` as success."""
    with c.timeout(9), begin() as screen:
        shown = clinic.scan(screen)
        # The next answer is that of the approval: hints move on at each collect, complete comes at once.
        clinic.phone.approve('nurse-two', order=shown['order'])
        clinic.phone.fault(members['kind'], endpoint='collect', **{k: v for k, v in members.items() if k != 'kind'})
        assert screen.wait_exit(40) != 0
        text = ' '.join(c.plain(screen).split())
        assert 'uid=' not in text and (UNAVAIL in text or AUTH_ERR in text), text[-500:]
    assert watch.wait_journal(SYSLOG_IDENTIFIER='careid-helper', MESSAGE='log-in (failed|not approved)')
    watch.nothing_granted()


def test_pending_for_ever_is_no_success(clinic, watch):
    """Opened, confirmed by nobody: the time passes, the order is cancelled, PAM_AUTH_ERR."""
    with c.timeout(8), begin() as screen:
        shown = clinic.scan(screen)
        clinic.phone.hint('userSign', order=shown['order'])
        refused(screen, watch, 'The time for this log-in is up', 'timed-out', AUTH_ERR)
    assert clinic.phone.wait_order_end(shown['order'], 45)['outcome'] == 'cancelled'


def test_an_unknown_pending_hint_goes_on_and_an_unknown_failed_one_ends(clinic, watch):
    """BankID may add hints: RFA21 and RFA22."""
    with begin() as screen:
        shown = clinic.scan(screen)
        clinic.phone.hint('somethingNew', status='pending', order=shown['order'])
        screen.wait_text('identification or signing', 20)
        clinic.phone.hint('somethingElse', status='failed', order=shown['order'])
        refused(screen, watch, 'Something went wrong', 'denied', AUTH_ERR)


def test_the_approval_of_a_person_whom_nobody_knows(clinic, watch):
    """A whole and proper answer with a number that is nobody's here: somebody else."""
    stranger = {'personalNumber': '189001049809', 'name': 'Test Stranger', 'givenName': 'Test', 'surname': 'Stranger'}
    with begin() as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve(stranger, order=shown['order'])
        refused(screen, watch, 'The approval came from a different person', 'wrong-person', AUTH_ERR)


def test_a_connection_that_is_closed_after_each_answer_is_no_fault(clinic, watch):
    """It costs a handshake each."""
    clinic.phone.fault('connection-close')
    with begin() as screen:
        shown = clinic.scan(screen)
        clinic.phone.approve('nurse-two', order=shown['order'])
        assert screen.wait_exit(25) == 0


def test_cancel_that_is_not_answered_keeps_nobody(clinic, watch):
    """BankID is silent about the cancel: the helper ends all the same, within its time."""
    clinic.phone.fault('never', endpoint='cancel')
    with begin() as screen:
        screen.wait_qr()
        screen.type('\x03')
        assert screen.wait_exit(20) != 0
    c.wait_no_helper(10)
    watch.nothing_granted()
