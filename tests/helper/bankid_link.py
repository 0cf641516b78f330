# SPDX-License-Identifier: LGPL-2.1-or-later
"""bankid_link.py - on this device, by the link"""

import re

from bankid_bench import *  # noqa: F403
from bankid_words import LANGUAGES, said


@tap.each('a link is offered to a log-in from %s: %s', (HERE, True), ('2001:db8::7', True), ('::ffff:192.0.2.9', True), ('10.20.3.4', True),
          ('::ffff:10.20.3.4', True), ('10.21.3.4', False), ('192.168.1.1', False), ('172.31.0.1', False), ('100.64.0.1', False),
          ('127.0.0.1', False), ('::1', False), ('::ffff:127.0.0.1', False), ('169.254.1.1', False), ('fe80::1', False), ('fd00::1', False),
          ('unknown', False), (None, False))
def offered(source, wanted):
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    told = []
    for line, name in ((RECORD, me.pw_name), (RECORD, 'nobodyhasthis')):
        reset(line, more=NETWORKS)
        h = Helper(inst)
        intro = h.verify(name, service='sshd', pace=ASKED, **({'source': source} if source else {}))
        told.append((intro.get('may_turn') == 1, 'link' in intro['text'], intro['text'], intro['menu']))
        if not wanted:
            h.send(START)
            h.send(TURN)
            assert h.until(lambda m: m['kind'] == VERDICT or m['kind'] == SHOW) is None, 'a TURN that was not offered'
        h.end()
    assert told[0] == told[1] and told[0][0] == told[0][1] == wanted, told


@tap.each('by the link from %s, seen as %s: %s', (HERE, HERE, True), (HERE, '::ffff:' + HERE, True), ('::ffff:' + HERE, HERE, True),
          ('2001:db8::7', '2001:0db8:0::0007', True), ('10.20.3.4', '192.0.2.7', True), ('10.20.3.4', '2001:db8:77:1::9', True),
          ('10.20.3.4', '192.0.2.8', False), (HERE, NEARBY, False), (HERE, '192.0.2.7', False), (HERE, '', False), (HERE, None, False))
def link_counts(source, seen, counts):
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset(more=NETWORKS)
    h, m = turned(source)
    first, second = phone.journal(kind='order', event='created')
    assert phone.wait_order_end(first['order'])['outcome'] == 'cancelled', 'the order with the code lives on'
    shown = phone.link(m['link'])
    assert shown['order'] == second['order'] and shown['endUserIp'] == source
    if seen is None:
        phone.approve('nurse-one', completion={'device': None})
    else:
        phone.approve('nurse-one', completion={'device': {'ipAddress': seen, 'uhi': 'x'}})
    if counts:
        assert verdict(h)['word'] == 'approved'
        ended(h)
        assert inst.read('acts').startswith('login 17 bankid')
        return
    m = h.until(code)
    assert m and 'another device' in m['text'], m
    assert inst.read('acts') == ''
    shown = phone.scan(qr_text(m))
    phone.approve('nurse-one')
    assert verdict(h)['word'] == 'approved'
    ended(h)
    assert len(phone.journal(kind='order', event='created')) == 3
    assert 'came from another address, and did not count; bankid: risk low' in inst.read('journal'), inst.read('journal')


@tap.test('pace asked: that an approval did not count is said in words, before the next code')
def link_notice():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    h, m = turned(pace=ASKED)
    phone.link(m['link'])
    phone.approve('nurse-one', device_ip=NEARBY)
    phone.wait(kind='order', event='collected')
    for _ in range(40):
        h.send(ASK)
        m = h.receive()
        assert m['kind'] == SHOW, m
        if 'another device' in m['text']:
            break
        silence(h, 0.5)
    assert 'another device' in m['text'] and 'qr_bits' not in m and 'Point the phone' in m['help'], m
    h.send(ASK)
    assert code(h.receive())
    ended(h)


@tap.each('the link has its own texts, in %s', *LANGUAGES)
def link_texts(language):
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset(language=language)
    h, m = turned()
    said(m, 13, language)
    phone.link(m['link'])
    m = h.until(lambda m: m['state'] == OPENED)
    said(m, 15, language)
    assert 'link' not in m and 'qr_bits' not in m
    ended(h)


@tap.test('by the link, somebody else approves from the same address: wrong person')
def link_wrong_person():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    h, m = turned()
    phone.link(m['link'])
    phone.approve(OTHER, device_ip=HERE)
    assert verdict(h)['word'] == 'wrong-person'
    ended(h)
    assert inst.read('acts') == 'refused 17 wrong-person\n'


@tap.test('back from the link to codes, and to the link again; the caller goes: no order is left')
def link_and_back():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    h, m = turned()
    h.send(TURN)
    back = h.until(code)
    assert back and 'link' not in back
    h.send(TURN)
    again = h.until(lambda m: m['kind'] == SHOW and 'link' in m)
    assert again['link'] != m['link'], 'the old order is back'
    h.sock.close()
    assert h.process.wait(PATIENCE) == 0
    orders = phone.journal(kind='order', event='created')
    assert len(orders) == 4
    for order in orders:
        assert phone.wait_order_end(order['order'])['outcome'] == 'cancelled'


@tap.test('by the link, nobody opens it: renewed in silence, and the new one counts; the end is cancelled')
def link_renewed():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    h, m = turned()
    phone.advance(31)
    n = h.until(lambda n: n['kind'] == SHOW and n.get('link', m['link']) != m['link'])
    assert n, 'it was not renewed'
    h.sock.close()
    assert h.process.wait(PATIENCE) == 0
    last = phone.journal(kind='order', event='created')[-1]
    assert phone.wait_order_end(last['order'])['outcome'] == 'cancelled'


@tap.test('somebody who turns without end is left after ten times')
def link_endless():
    if not ROOT:
        return 'only root is believed about where a log-in comes from'
    reset()
    h = begin(source=HERE, service='sshd', timeout=40)
    try:
        for _ in range(12):
            h.send(TURN)
    except (BrokenPipeError, ConnectionResetError):
        pass
    assert h.until(lambda m: m['kind'] == VERDICT) is None
    assert h.end() == 0
    # The last of what was under way is cancelled, too.
    for order in phone.journal(kind='order', event='created'):
        assert phone.wait_order_end(order['order'])['outcome'] == 'cancelled'


@tap.each('a name like %s turns to a link as any other', *DECOYS)
def decoy_link(_, line, name):
    if not ROOT:
        return 'only root is believed about where a log-in comes from'

    def look(line, name):
        reset(line)
        h, m = turned(name=name, pace=ASKED)
        h.intro.pop('check_code')
        seen = [{k: v.replace(name, 'NAME') if isinstance(v, str) else v for k, v in h.intro.items()}]
        for asks in ((ASK,), (TURN, ASK), (TURN, ASK)):
            for kind in asks:
                h.send(kind)
            seen.append({**h.receive()})
        h.end()
        for m in seen:
            m.pop('seconds', None)
            if 'link' in m:
                assert re.fullmatch(LINK, m['link'])
                m['link'] = 'a link'
            if 'qr_bits' in m:
                m['qr_bits'] = 'a code'
        return seen

    real = look(RECORD, me.pw_name)
    # Each turn is a cancel and a new order for the one, two questions that order nothing for the other.
    assert len(phone.journal(kind='order', event='created')) == 4
    acts = [e for e in phone.journal(kind='request') if e['endpoint'] in ('auth', 'cancel')]
    assert look(line, name) == real
    assert phone.journal(kind='order', event='created') == []
    probes = phone.journal(kind='request')
    assert {e['endpoint'] + ' ' + e['method'] for e in probes} <= {'auth GET', 'cancel GET'}, probes
    assert len(probes) >= len(acts) - 1, (probes, acts)
