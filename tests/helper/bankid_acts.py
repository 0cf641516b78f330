# SPDX-License-Identifier: LGPL-2.1-or-later
"""bankid_acts.py - risk, and acts that are signed"""

from bankid_bench import *  # noqa: F403
from bankid_words import said


@tap.each('risk = %s: BankID is told, and what it finds is recorded',
          ('low', 'LOW', 'low', 'moderate'), ('moderate', 'MODERATE', 'moderate', 'high'), ('off', None, 'high', None))
def risk(setting, sent, passes, blocked):
    reset(more='risk = %s\n' % setting)
    h = begin()
    scan(h)
    phone.approve('nurse-one', risk=passes)
    assert verdict(h)['word'] == 'approved'
    ended(h)
    request = phone.journal(kind='order', event='created')[0]['request']
    assert request['requirement'].get('risk') == sent and request['returnRisk'] is True, request
    assert 'detail=bankid: risk %s\n' % passes in inst.read('journal'), inst.read('journal')
    if not blocked:
        return
    reset(more='risk = %s\n' % setting)
    h = begin()
    scan(h)
    try:
        phone.approve('nurse-one', risk=blocked)
        raise AssertionError('BankID let it pass')
    except PhoneError as e:
        assert e.code == 'riskBlocked'
    v = verdict(h)
    assert v['word'] == 'denied'
    said(v, 22, 'en')
    ended(h)
    assert 'detail=bankid: transactionRiskBlocked\n' in inst.read('journal')


@tap.each('%s is %s', ('sudo', 'sign', ''), ('su', 'sign', ''), ('login', 'auth', ''), ('sshd', 'auth', ''), ('sudo', 'auth', 'sign-acts = no\n'))
def acts(service, kind, more):
    reset(more=more)
    h = begin(service=service)
    shown = scan(h)
    assert shown['kind'] == kind and h.intro['check_code'] in shown['text'], shown
    phone.approve('nurse-one')
    assert verdict(h)['word'] == 'approved'
    ended(h)


@tap.test('sudo: the app shows the program and who it runs as; arguments only where the configuration says so, and never careid\'s')
def programs():
    if not ROOT:
        return 'a user is not believed about it'
    fields = {'target': 'backup', 'program': '/usr/bin/systemctl', 'arguments': 'restart --now secret'}
    for more, wanted in (('', False), ('show-arguments = yes\n', True)):
        reset(more=more)
        h = begin(service='sudo', **fields)
        shown = scan(h)
        assert 'Runs: /usr/bin/systemctl\n' in shown['text'] and 'Becomes: backup\n' in shown['text'], shown['text']
        assert ('With: restart --now secret\n' in shown['text']) == ('secret' in shown['text']) == wanted
        assert 'runs /usr/bin/systemctl as backup' in h.intro['about'] and 'secret' not in h.intro['about']
        ended(h)
        assert 'secret' not in inst.read('journal') and 'secret' not in inst.read('acts')
    # careid's own name clients, and say why: they are nobody's to see, by whatever path it is run (X1).
    for program, arguments in (('careid', 'opened clinic-17'), ('/usr/bin/careid', "grant anna clinic-17 --document 'a reason'"),
                               ('sh', '-c careid opened clinic-17')):
        reset(more='show-arguments = yes\n')
        h = begin(service='sudo', target='root', program=program, arguments=arguments)
        shown = scan(h)
        assert 'Runs: %s\n' % program in shown['text'] and 'With:' not in shown['text'] and 'clinic-17' not in shown['text'], shown['text']
        assert 'clinic-17' not in h.intro['about']
        ended(h)
    reset()
    h = begin(service='sudo', uid=me.pw_uid, **fields)
    assert 'systemctl' not in scan(h)['text'] + h.intro['about'], 'a user is believed'
    ended(h)
