# SPDX-License-Identifier: LGPL-2.1-or-later
"""bankid_trouble.py - BankID goes wrong, or is not BankID"""

from bankid_bench import *  # noqa: F403
from bankid_words import said

FAULTS = [('auth', kind, 'unreachable') for kind in ('internal-error', 'maintenance', 'request-timeout', 'html',
                                                     'truncated-json', 'cut-connection', 'oversized', 'redirect', 'reset')]
FAULTS += [('auth', 'too-many-requests', 'busy'), ('collect', 'maintenance', 'unreachable'),
           ('collect', 'truncated-json', 'unreachable')]


@tap.each('BankID goes wrong at %s, %s: %s, never approved, and the journal says what it was', *FAULTS)
def faults(endpoint, kind, word):
    reset()
    phone.fault(kind, endpoint=endpoint)
    h = begin(timeout=40)
    v = verdict(h)
    assert v['word'] == word, (endpoint, kind, v)
    h.end()
    assert 'bankid: %s' % endpoint in inst.read('journal'), inst.read('journal')


@tap.each('%s answered with %s: asked no second time, RFA5', *((endpoint, kind) for endpoint in ('collect', 'cancel')
                                                              for kind in ('internal-error', 'request-timeout')))
def no_retry(endpoint, kind):
    reset()
    phone.fault(kind, endpoint=endpoint)
    h = begin(timeout=40)
    if endpoint == 'cancel':
        scan(h)
        h.sock.close()
        assert h.process.wait(PATIENCE) == 0
    else:
        v = verdict(h)
        assert v['word'] == 'unreachable', v
        said(v, 5, 'en')
        h.end()
    assert len(phone.journal(kind='request', endpoint=endpoint)) == 1
    # An order that goes on at BankID's is cancelled, whatever was said of it.
    assert len(phone.journal(kind='request', endpoint='cancel')) == 1


@tap.test('BankID says that we are wrong: broken, with its status in the journal')
def rejected():
    for status, error in ((400, 'invalidParameters'), (401, 'unauthorized'), (403, 'unauthorized'), (404, 'notFound'),
                          (415, 'unsupportedMediaType')):
        reset()
        phone.fault('error', endpoint='auth', status=status, errorCode=error)
        h = begin()
        assert verdict(h)['word'] == 'broken'
        h.end()
        assert '%d %s' % (status, error) in inst.read('journal')
    reset()
    phone.fault('html', endpoint='auth', status=403)
    h = begin()
    assert verdict(h)['word'] == 'broken'
    h.end()


@tap.each('%s %s at two collects is no end', (503, 'maintenance'), (503, 'Maintenance'), (500, 'MAINTENANCE'))
def one_lost(status, error):
    reset()
    phone.fault('error', endpoint='collect', count=2, status=status, errorCode=error)
    h = begin()
    scan(h)
    phone.approve('nurse-one')
    assert verdict(h)['word'] == 'approved'
    ended(h)


@tap.each('an answer whose %s is of the wrong type: no approval but of a whole answer',
          ('status',), ('completionData.user',), ('completionData.user.personalNumber',))
def wrong_types(field):
    reset()
    h = begin(timeout=12)
    scan(h)
    phone.fault('wrong-type', endpoint='collect', field=field)
    phone.approve('nurse-one')
    try:
        v = verdict(h)
    finally:
        h.end()
    assert v['word'] != 'approved', field


@tap.test('a certificate that the roots have not signed for this host, either way: broken')
def certificates():
    for certificate in ('foreign', 'wrong-host', 'expired'):
        reset()
        phone.server(certificate=certificate)
        h = begin()
        assert verdict(h)['word'] == 'broken', certificate
        h.end()
        assert 'certificate not accepted' in inst.read('journal'), inst.read('journal')
        assert phone.journal(kind='request') == []
    phone.server(certificate='good')
    for client in ('foreign-client', 'rp-expired'):
        reset(client=client)
        h = begin()
        v = verdict(h)
        h.end()
        # A server that says so is believed; one that only hangs up leaves a question for the administrator.
        assert v['word'] in ('broken', 'unreachable') and 'certificate' in inst.read('journal'), inst.read('journal')


@tap.test('the endpoint by name, found by the resolver child')
def by_name():
    reset(host='localhost')
    h = begin()
    scan(h)
    phone.approve('nurse-one')
    assert verdict(h)['word'] == 'approved'
    ended(h)
    reset(host='no-such-host.invalid')
    h = begin()
    assert verdict(h)['word'] == 'unreachable'
    h.end()
