# SPDX-License-Identifier: LGPL-2.1-or-later
"""bankid_texts.py - what BankID says, and what is said of it"""

import gettext
import os

from bankid_bench import *  # noqa: F403
from bankid_words import LANGUAGES, RFA, SCAN_WORDS, said

PENDING = (('noClient', 1), ('started', 14), ('userMrtd', 23), ('userCallConfirm', 21), ('userSign', 9), ('processing', 21),
           ('ofALaterEdition', 21))
FAILED = (('expiredTransaction', 8, 'timed-out'), ('certificateErr', 16, 'denied'), ('userCancel', 6, 'cancelled'), ('cancelled', 3, 'cancelled'),
          ('userDeclinedCall', 22, 'cancelled'), ('notSupportedByUserApp', 22, 'denied'), ('transactionRiskBlocked', 22, 'denied'),
          ('ofALaterEdition', 22, 'denied'))
ERRORS = ((400, 'alreadyInProgress', 4, 'denied'), (400, 'cancelled', 3, 'cancelled'), (400, 'canceled', 3, 'cancelled'),
          (400, 'invalidParameters', 'broken', 'broken'), (400, 'ofALaterEdition', 22, 'unreachable'), (401, 'unauthorized', 'broken', 'broken'),
          (403, 'unauthorized', 'broken', 'broken'), (404, 'notFound', 'broken', 'broken'), (405, 'methodNotAllowed', 'broken', 'broken'),
          (408, 'requestTimeout', 5, 'unreachable'), (415, 'unsupportedMediaType', 'broken', 'broken'), (500, 'internalError', 5, 'unreachable'),
          (503, 'maintenance', 5, 'unreachable'))


@tap.test('BankID\'s texts stand in the catalogue word by word, and so does the one that takes the place of one')
def texts_in_catalogue():
    catalogue = {}
    for language in ('sv', 'da'):
        with open(os.path.join(RUN, 'locale', language, 'LC_MESSAGES', 'careid.mo'), 'rb') as f:
            catalogue[language] = gettext.GNUTranslations(f)
    for sv, en, da in [words for text, words in RFA.items() if text != 'broken'] + [SCAN_WORDS]:
        assert catalogue['sv'].gettext(en) == sv, (en, catalogue['sv'].gettext(en))
        assert catalogue['da'].gettext(en) == da, (en, catalogue['da'].gettext(en))
    for language, words in zip(('sv', 'en', 'da'), SCAN_WORDS):
        reset(language=language)
        h = begin()
        m = h.until(code)
        assert m['text'] == words and h.intro['text'].split('\n')[0] == words, m['text']
        ended(h)


@tap.each('every pending hintCode has its text, in %s', *LANGUAGES)
def pending_texts(language):
    reset(language=language)
    h = begin(pace=ASKED, timeout=60)
    h.send(ASK)
    assert h.intro['language'] == language
    assert code(h.receive())
    for hint, text in PENDING:
        phone.hint(hint, status='pending')
        for _ in range(5):
            h.send(ASK)
            m = h.receive()
            if m['text'] == RFA[text][('sv', 'en', 'da').index(language)]:
                break
            # BankID was asked just before the phone said so: a person presses Enter again.
            phone.wait(kind='request', endpoint='collect', hintCode=hint)
        said(m, text, language)
        assert 'qr_bits' not in m, hint
    ended(h)


@tap.each('hintCode %s has its text in every language', *FAILED)
def failed_texts(hint, text, word):
    for language, in LANGUAGES:
        reset(language=language)
        h = begin(timeout=30)
        scan(h)
        # What expires before anybody has opened it is renewed.
        assert hint != 'expiredTransaction' or h.until(lambda m: m['state'] != SCAN)
        phone.hint(hint, status='failed')
        v = verdict(h)
        assert v['word'] == word, v
        said(v, text, language)
        h.end()
        known = hint != 'ofALaterEdition'
        assert ('detail=bankid: %s\n' % hint in inst.read('journal')) == known, inst.read('journal')


@tap.each('nobody has started an order by %s, three minutes after the first: the end, with its text in every language',
          ('a code', False, '17B'), ('a link', True, '17A'))
def start_failed(_, link, text):
    if link and not ROOT:
        return 'only root is believed about where a log-in comes from'
    for language, in LANGUAGES:
        with clocks() as step:
            reset(language=language)
            if link:
                h, _ = turned(timeout=600)
            else:
                h = begin(timeout=600)
                assert h.until(code)
            before = len(phone.journal(kind='order', event='created'))
            phone.hint('startFailed', status='failed')
            assert h.until(lambda m: m['state'] == SCAN and phone.journal(kind='order', event='created')[before:]), 'not renewed'
            step(0, 181)
            phone.hint('startFailed', status='failed')
            v = verdict(h)
            assert v['word'] == 'timed-out', v
            said(v, text, language)
            h.end()
            assert len(phone.journal(kind='order', event='created')) == before + 1
            assert 'detail=bankid: startFailed\n' in inst.read('journal'), inst.read('journal')


@tap.each('%s %s has its text in every language', *ERRORS)
def error_texts(status, error, text, word):
    for language, in LANGUAGES:
        reset(language=language)
        phone.fault('error', endpoint='auth', status=status, errorCode=error)
        h = begin(timeout=30)
        v = verdict(h)
        assert v['word'] == word, v
        said(v, text, language)
        h.end()


@tap.each('too many requests at %s: waits as long as it says', ('auth',), ('collect',))
def too_many(endpoint):
    reset()
    phone.fault('too-many-requests', endpoint=endpoint, count=1)        # RateLimit-Reset: 5
    h = begin(timeout=60)
    phone.scan(qr_text(h.until(code)))
    phone.approve('nurse-one')
    assert verdict(h)['word'] == 'approved'
    times = [e['at_ms'] for e in phone.journal(kind='request', endpoint=endpoint)]
    assert len(times) >= 2 and times[1] - times[0] >= 4900, times      # the journal has the time of the answer
    h.end()


@tap.each('too many requests, %s: %s', *(
    ('Retry-After of seconds', 'asked again after 3 s', 3, {'Retry-After': '3'}),
    ('Retry-After as a date, three seconds after the date of the answer', 'asked again after 3 s', 3,
     {'Date': 'Sun, 06 Nov 1994 08:49:37 GMT', 'Retry-After': 'Sun, 06 Nov 1994 08:49:40 GMT'}),
    ('Retry-After of RFC 850, the date of the answer of asctime()', 'asked again after 3 s', 3,
     {'Date': 'Sun Nov  6 08:49:37 1994', 'Retry-After': 'Sunday, 06-Nov-94 08:49:40 GMT'}),
    ('both', 'RateLimit-Reset counts', 3, {'RateLimit-Reset': '3', 'Retry-After': '900'}),
    ('no word how long', 'asked again after 2 s', 2, {}),
    ('a date that is over', 'asked again after 2 s', 2,
     {'Date': 'Sun, 06 Nov 1994 08:49:37 GMT', 'Retry-After': 'Sun, 06 Nov 1994 08:49:07 GMT'}),
    ('nonsense', 'asked again after 2 s', 2, {'RateLimit-Reset': '-1', 'Retry-After': 'tomorrow; perhaps'}),
    ('nought', 'asked again after 2 s', 2, {'RateLimit-Reset': '0', 'Retry-After': '0x10'}),
    ('an hour', 'the end', None, {'Retry-After': '3600'}),
    ('more than any number', 'the end', None, {'RateLimit-Reset': '9' * 40}),
    ('a date in a year', 'the end', None, {'Date': 'Sun, 06 Nov 1994 08:49:37 GMT', 'Retry-After': 'Mon, 06 Nov 1995 08:49:37 GMT'}),
))
def too_many_how_long(_, __, seconds, headers):
    reset()
    phone.fault('too-many-requests', endpoint='auth', headers=headers, **({'count': 1} if seconds else {}))
    h = begin(timeout=60)
    if seconds is None:
        v = verdict(h)
        assert v['word'] == 'busy', v
        said(v, 5, 'en')
        assert len(phone.journal(kind='request')) == 1
    else:
        assert h.until(code)
        times = [e['at_ms'] for e in phone.journal(kind='request', endpoint='auth')]
        assert len(times) == 2 and times[1] - times[0] >= seconds * 1000 - 100, times
    h.end()


@tap.test('too many requests at the cancel, when the person turns: no order before it may be asked for; the old one is cancelled then')
def too_many_turn():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    phone.fault('too-many-requests', endpoint='cancel', count=1, headers={'Retry-After': '3'})
    h, _ = turned()
    asked = [(e['endpoint'], e['status'], e['at_ms']) for e in phone.journal(kind='request') if e['endpoint'] != 'collect']
    assert [a[:2] for a in asked] == [('auth', 200), ('cancel', 429), ('cancel', 200), ('auth', 200)], asked
    assert asked[2][2] - asked[1][2] >= 2900, asked
    h.end()


@tap.test('trouble at BankID at the cancel, when the person turns: the old order is cancelled at the second try, and then the next is made')
def trouble_turn():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    phone.fault('maintenance', endpoint='cancel', count=1)
    h, _ = turned()
    asked = [(e['endpoint'], e['status']) for e in phone.journal(kind='request') if e['endpoint'] != 'collect']
    assert asked == [('auth', 200), ('cancel', 503), ('cancel', 200), ('auth', 200)], asked
    assert phone.wait(kind='order', event='ended')['outcome'] == 'cancelled'
    h.end()


@tap.each('too many requests at the last cancel, %s', ('for a second: cancelled then', '1', 'cancelled'), ('for a minute: left to run out', '60', None))
def too_many_cancel(_, seconds, outcome):
    reset()
    phone.fault('too-many-requests', endpoint='cancel', count=1, headers={'Retry-After': seconds})
    h = begin()
    scan(h)
    h.sock.close()
    assert h.process.wait(PATIENCE) == 0
    asked = [e['at_ms'] for e in phone.journal(kind='request', endpoint='cancel')]
    assert len(asked) == (2 if outcome else 1), asked
    assert not outcome or (asked[1] - asked[0] >= 900 and phone.wait(kind='order', event='ended')['outcome'] == outcome)


@tap.test('a redirect is not followed')
def redirect():
    reset()
    phone.fault('redirect', endpoint='auth', location='https://127.0.0.1:%d/rp/v6.0/elsewhere' % PORT)
    h = begin()
    v = verdict(h)
    assert v['word'] == 'unreachable'
    said(v, 5, 'en')
    h.end()
    assert [e['path'] for e in phone.journal(kind='request')] == ['/rp/v6.0/auth']


@tap.each('what is refused before there is an order is told in the configured language, %s, which is named', *LANGUAGES)
def refused_language(language):
    reset(language=language)
    uid = me.pw_uid if ROOT else None
    held = [Helper(inst, uid=uid) for _ in range(4)]
    for h in held:
        assert h.verify(me.pw_name)['kind'] == INTRO
    told = []
    h = Helper(inst, uid=uid)
    told.append(h.verify(me.pw_name))
    h.end()
    for h in held:
        h.end()
    os.unlink(os.path.join(RUN, 'key'))
    h = Helper(inst)
    told.append(h.verify(me.pw_name))
    h.end()
    assert [(VERDICTS[v['verdict']], v['language']) for v in told] == [('busy', language), ('broken', language)], told
    assert told[0]['text'].split('.')[0] == {'en': 'Too many log-ins are under way', 'sv': 'För många inloggningar pågår',
                                             'da': 'Der er for mange login i gang'}[language], told
    said(told[1], 'broken', language)
