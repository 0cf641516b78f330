// SPDX-License-Identifier: LGPL-2.1-or-later
// test-orders.mjs - the life of an order; the numbers are MUSTs of orders.mjs.

import { after, before, beforeEach, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { Rig, MOBILE, PEOPLE, base64 } from './test-rig.mjs';
import { frame_make, frame_parse } from './qr-frame.mjs';
import { is_personal_number } from './personal-number.mjs';

const rig = new Rig();
const GONE = [400, 'invalidParameters'];

const hint = async (order) => {
    rig.pass(1);
    const { json } = await rig.collect(order);
    return json.status === 'complete' ? 'complete' : json.hintCode;
};
const refused = async (promise) => {
    const { status, json } = await promise;
    return [status, json.errorCode];
};

describe('the frames of the QR code', () => {
    const token = '67df3917-fa0d-44e5-b327-edcc928297f8', secret = 'd28db9a7-4cde-429e-a983-359be676944c';
    // 0-2 are published, the others were computed elsewhere.
    const codes = {
        0: 'dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8',
        1: '949d559bf23403952a94d103e67743126381eda00f0b3cbddbf7c96b1adcbce2',
        2: 'a9e5ec59cb4eee4ef4117150abc58fad7a85439a6a96ccbecc3668b41795b3f3',
        10: '2822ca616ce1e64a1c171df69154ebc5adef4011244c867d6ad88a02db178962',
        29: '26049f2bc12d5b43ebe8bf701e7725abf015d2d8347aa04c924b5793ee4a196c',
        30: '814d7fd38e2276625b6815152e3554c663acca689260c092203b48ca4e5c09a3',
        119: '5a75e61f4384b1d39b980e1e9b40b31e78a6a3798f4b91e6ec59917cdafef390',
    };
    for (const [t, code] of Object.entries(codes)) {
        it(`t=${t}`, () => {
            const text = `bankid.${token}.${t}.${code}`;
            assert.equal(frame_make(token, secret, Number(t)), text);
            assert.deepEqual(frame_parse(text), { token, time: Number(t), code });
        });
    }
    for (const [name, text] of [
        ['padded time', `bankid.${token}.01.${codes[1]}`],
        ['upper-case code', `bankid.${token}.1.${codes[1].toUpperCase()}`],
        ['a line end', `bankid.${token}.1.${codes[1]}\n`],
        ['another scheme', `https://${token}.1.${codes[1]}`],
        ['a short code', `bankid.${token}.1.${codes[1].slice(1)}`],
        ['no text', 7],
    ])
        it(`not a frame: ${name}`, () => assert.equal(frame_parse(text), null));
});

describe('test people', () => {
    for (const p of PEOPLE)
        it(`${p.id} has a number that can exist`, () => assert.ok(is_personal_number(p.personalNumber)));
});

describe('orders', () => {
    before(() => rig.start());
    after(() => rig.stop());
    beforeEach(() => rig.post('/reset'));

    it('is outstanding until it is scanned, then started, then userSign, then complete', async () => {
        const order = await rig.auth({ userVisibleData: base64('Log in to ward-7') });
        assert.equal(await hint(order), 'outstandingTransaction');
        assert.equal((await rig.scan(order, 1)).text, 'Log in to ward-7');
        assert.equal(await hint(order), 'started');
        assert.equal(await hint(order), 'userSign');
        assert.equal(await hint(order), 'userSign');
        await rig.post('/approve', { person: 'nurse-one' });
        assert.equal(await hint(order), 'complete');
    });

    it('fails 30 s after nobody started it, not earlier', async () => {
        const order = await rig.auth();
        rig.pass(29.9);
        assert.equal((await rig.collect(order)).json.status, 'pending');
        rig.pass(1);
        const { json } = await rig.collect(order);
        assert.deepEqual([json.status, json.hintCode], ['failed', 'startFailed']);
    });
    it('expires 3 min after it was started, not earlier', async () => {
        const order = await rig.auth();
        rig.pass(20);
        await rig.scan(order, 20);
        rig.pass(179);
        assert.equal((await rig.collect(order)).json.status, 'pending');
        assert.equal(await hint(order), 'expiredTransaction');
    });

    it('MUST 2: a completed order is collected once', async () => {
        const order = await rig.auth();
        await rig.scan(order);
        await rig.post('/approve');
        assert.equal(await hint(order), 'complete');
        assert.deepEqual(await refused(rig.collect(order)), GONE);
    });
    it('MUST 2: a failed order is collected once', async () => {
        const order = await rig.auth();
        await rig.scan(order);
        await rig.post('/refuse');
        assert.equal(await hint(order), 'userCancel');
        rig.pass(2);
        assert.deepEqual(await refused(rig.collect(order)), GONE);
    });
    it('MUST 2: a completed order is kept 3 min', async () => {
        const [first, second] = [await rig.auth(), await rig.auth()];
        await rig.scan(first);
        await rig.scan(second);
        await rig.post('/approve', { order: first.orderRef });
        await rig.post('/approve', { order: second.orderRef });
        rig.pass(179.9);
        assert.equal((await rig.collect(first)).json.status, 'complete');
        rig.pass(0.1);
        assert.deepEqual(await refused(rig.collect(second)), GONE);
    });

    it('MUST 3: a second collect within a second is 429 with RateLimit headers', async () => {
        const order = await rig.auth();
        await rig.collect(order);
        rig.pass(0.999);
        const { status, json, headers } = await rig.collect(order);
        assert.deepEqual([status, json.errorCode], [429, 'tooManyRequests']);
        assert.equal(headers['ratelimit-limit'], '1');
        assert.equal(headers['ratelimit-remaining'], '0');
        assert.equal(headers['ratelimit-reset'], '1');
        rig.pass(0.001);
        assert.equal((await rig.collect(order)).status, 200);
    });
    it('MUST 3: two orders do not slow each other', async () => {
        const [a, b] = [await rig.auth(), await rig.auth()];
        assert.equal((await rig.collect(a)).status, 200);
        assert.equal((await rig.collect(b)).status, 200);
    });

    it('MUST 1: another certificate of the same CA can neither collect nor cancel', async () => {
        const order = await rig.auth();
        assert.deepEqual(await refused(rig.collect(order, { cert: 'rp-other' })), GONE);
        assert.deepEqual(await refused(rig.cancel(order, { cert: 'rp-other' })), GONE);
        assert.equal((await rig.collect(order)).json.status, 'pending');
    });

    it('cancel answers {} and then there is no such order', async () => {
        const order = await rig.auth();
        assert.equal((await rig.cancel(order)).text, '{}');
        assert.deepEqual(await refused(rig.collect(order)), GONE);
        assert.deepEqual(await refused(rig.cancel(order)), GONE);
        await assert.rejects(rig.scan(order), { code: 'unknownOrder' });
    });
    it('cancel takes an order out of the hand of the user', async () => {
        const order = await rig.auth();
        await rig.scan(order);
        assert.equal((await rig.cancel(order)).status, 200);
        await assert.rejects(rig.post('/approve', { order: order.orderRef }), { code: 'unknownOrder' });
    });
    it('cancel comes too late for a completed order, which stays collectable', async () => {
        const order = await rig.auth();
        await rig.scan(order);
        await rig.post('/approve');
        assert.deepEqual(await refused(rig.cancel(order)), GONE);
        assert.equal(await hint(order), 'complete');
    });

    const fails = (name, code, make) => it(`MUST 4: ${name} fails the order`, async () => {
        const order = await rig.auth(make.more);
        rig.pass(10);
        await assert.rejects(rig.post('/scan', { qr: make.qr(order) }), { code });
        const { json } = await rig.collect(order);
        assert.deepEqual([json.status, json.hintCode], ['failed', 'startFailed']);
        assert.equal((await rig.get('/journal', { event: 'scan-refused' }))[0].reason, code);
    });
    fails('a frame of 4 s ago', 'tooOld', { qr: (o) => rig.frame(o, 6) });
    fails('a first frame that never moved', 'tooOld', { qr: (o) => rig.frame(o, 0) });
    fails('a frame 2 s from now', 'future', { qr: (o) => rig.frame(o, 12) });
    fails('a wrong HMAC', 'forged', { qr: (o) => rig.frame({ ...o, qrStartSecret: o.qrStartToken }, 10) });
    fails('the HMAC of another second', 'forged', { qr: (o) => rig.frame(o, 10).replace('.10.', '.9.') });
    fails('an order for any BankID', 'notMobile', { more: { requirement: {} }, qr: (o) => rig.frame(o, 10) });
    fails('an order for a card too', 'notMobile',
        { more: { requirement: { certificatePolicies: ['1.2.3.4.25', '1.2.3.4.10'] } }, qr: (o) => rig.frame(o, 10) });
    for (const t of [7, 9, 10, 11]) {
        it(`MUST 4: at 10 s the frame ${t} is good`, async () => {
            const order = await rig.auth();
            rig.pass(10);
            assert.equal((await rig.scan(order, t)).hintCode, 'started');
        });
    }
    it('the policy of production is mobile too', async () => {
        const order = await rig.auth({ requirement: { certificatePolicies: ['1.2.752.78.1.5'] } });
        assert.equal((await rig.scan(order)).startedVia, 'qr');
    });
    it('a QR code of nobody, or not of BankID, leaves every order alone', async () => {
        const order = await rig.auth();
        await assert.rejects(rig.post('/scan', { qr: rig.frame({ ...order, qrStartToken: order.orderRef }, 0) }), { code: 'unknownOrder' });
        await assert.rejects(rig.post('/scan', { qr: 'https://example.org' }), { code: 'notBankId' });
        assert.equal(await hint(order), 'outstandingTransaction');
    });
    it('a second scan is refused and does no harm', async () => {
        const order = await rig.auth();
        await rig.scan(order);
        await assert.rejects(rig.scan(order), { code: 'alreadyStarted' });
        assert.equal(await hint(order), 'started');
    });

    it('MUST 5: a new order for the same person ends the old one and is not made', async () => {
        const requirement = { ...MOBILE, personalNumber: '189001019802' };
        const first = await rig.auth({ requirement });
        assert.deepEqual(await refused(rig.call('auth', { endUserIp: '192.0.2.1', requirement })), [400, 'alreadyInProgress']);
        assert.equal(await hint(first), 'cancelled');
        assert.equal((await rig.get('/journal', { event: 'created' })).length, 1);
        await rig.auth({ requirement });
    });
    it('MUST 5: open orders do not disturb each other', async () => {
        const first = await rig.auth();
        await rig.scan(first);
        await rig.auth();
        await rig.auth({ requirement: { ...MOBILE, personalNumber: '189001019802' } });
        assert.equal(await hint(first), 'started');
    });
    it('MUST 5: an open order in the hand of that person is ended', async () => {
        const first = await rig.auth();
        await rig.scan(first, 0, { person: 'nurse-one' });
        const requirement = { ...MOBILE, personalNumber: '189001019802' };
        assert.deepEqual(await refused(rig.call('auth', { endUserIp: '192.0.2.1', requirement })), [400, 'alreadyInProgress']);
        assert.equal(await hint(first), 'cancelled');
    });
    it('an order for one person fails in the hand of another', async () => {
        const order = await rig.auth({ requirement: { ...MOBILE, personalNumber: '189001019802' } });
        await rig.scan(order);
        await assert.rejects(rig.post('/approve', { person: 'nurse-two' }), { code: 'wrongPerson' });
        assert.equal(await hint(order), 'certificateErr');
    });

    it('nobody approves what no phone has read', async () => {
        const order = await rig.auth();
        await assert.rejects(rig.post('/approve', { order: order.orderRef }), { code: 'notStarted' });
        await assert.rejects(rig.post('/refuse', { order: order.orderRef }), { code: 'notStarted' });
    });
    it('of several orders the last one read is meant', async () => {
        const [a, b] = [await rig.auth(), await rig.auth()];
        await rig.scan(b);
        await rig.scan(a);
        assert.equal((await rig.post('/approve')).order, a.orderRef);
        assert.equal(await hint(b), 'started');
    });

    it('completionData has every member and what the order says', async () => {
        const order = await rig.auth({ userVisibleData: base64('text'), userNonVisibleData: base64('nonce'), returnRisk: true });
        await rig.scan(order);
        await rig.post('/approve', { person: 'doctor', deviceIp: '203.0.113.9', bankIdIssueDate: '2021-05-04+02:00' });
        const { json } = await rig.collect(order);
        const { signature, ocspResponse, ...rest } = json.completionData;
        assert.deepEqual(rest, {
            user: { personalNumber: '199908072391', name: 'Test Doctor', givenName: 'Test', surname: 'Doctor' },
            device: { ipAddress: '203.0.113.9', uhi: 'c2ltdWxhdGVkIHBob25lIDE=' },
            bankIdIssueDate: '2021-05-04+02:00', risk: 'low',
        });
        const xml = Buffer.from(signature, 'base64').toString();
        assert.ok(xml.includes(`>${base64('text')}</usrVisibleData>`) && xml.includes(`<usrNonVisibleData>${base64('nonce')}<`));
        assert.equal(Buffer.from(ocspResponse, 'base64')[0], 0x30);
    });
    it('risk is there only when asked for and known', async () => {
        for (const [returnRisk, risk, wanted] of [[false, 'low', undefined], [true, 'high', 'high'], [true, null, undefined]]) {
            const order = await rig.auth({ returnRisk });
            await rig.scan(order);
            await rig.post('/approve', { risk });
            assert.equal((await rig.collect(order)).json.completionData.risk, wanted);
        }
    });
    for (const [limit, risk, wanted] of [['LOW', 'low', 'complete'], ['LOW', 'moderate', 'transactionRiskBlocked'],
                                         ['MODERATE', 'moderate', 'complete'], ['MODERATE', 'high', 'transactionRiskBlocked']]) {
        it(`requirement.risk ${limit} and risk ${risk}: ${wanted}`, async () => {
            const order = await rig.auth({ requirement: { ...MOBILE, risk: limit } });
            await rig.scan(order);
            await rig.post('/approve', { risk }).catch((e) => assert.equal(e.code, 'riskBlocked'));
            assert.equal(await hint(order), wanted);
        });
    }
    it('mrtd: the user is asked for a document, and stepUp says so', async () => {
        const order = await rig.auth({ requirement: { ...MOBILE, mrtd: true } });
        await rig.scan(order);
        assert.deepEqual([await hint(order), await hint(order), await hint(order)], ['started', 'userMrtd', 'userSign']);
        await rig.post('/approve');
        rig.pass(1);
        assert.deepEqual((await rig.collect(order)).json.completionData.stepUp, { mrtd: true });
    });
    it('a test can make BankID say any person, and leave members out', async () => {
        const order = await rig.auth();
        await rig.scan(order);
        await rig.post('/approve', { custom: { personalNumber: 'x', name: '\u001b[2J' }, completion: { device: null, bankIdIssueDate: 5 } });
        const { completionData } = (await rig.collect(order)).json;
        assert.deepEqual(completionData.user, { personalNumber: 'x', name: '\u001b[2J' });
        assert.ok(!('device' in completionData) && completionData.bankIdIssueDate === 5);
    });

    it('every pending hint, known or not, is said until the next', async () => {
        const order = await rig.auth();
        for (const code of ['noClient', 'started', 'userMrtd', 'userCallConfirm', 'userSign', 'processing', 'outstandingTransaction']) {
            await rig.post('/hint', { hintCode: code });
            assert.deepEqual([await hint(order), await hint(order)], [code, code]);
        }
        await rig.post('/hint', { hintCode: 'somethingNew', status: 'pending' });
        assert.equal(await hint(order), 'somethingNew');
    });
    for (const code of ['expiredTransaction', 'certificateErr', 'userCancel', 'cancelled', 'startFailed',
                        'userDeclinedCall', 'notSupportedByUserApp', 'transactionRiskBlocked', 'somethingNew']) {
        it(`failed hint ${code}`, async () => {
            const order = await rig.auth();
            await rig.post('/hint', { hintCode: code, ...(code === 'somethingNew' ? { status: 'failed' } : {}) });
            const { json } = await rig.collect(order);
            assert.deepEqual([json.status, json.hintCode], ['failed', code]);
        });
    }
    it('an unknown hint needs a status', async () => {
        await rig.auth();
        await assert.rejects(rig.post('/hint', { hintCode: 'somethingNew' }), { code: 'badRequest' });
    });

    for (const link of [(t) => t, (t) => `bankid:///?autostarttoken=${t}&redirect=null`,
                        (t) => `https://app.bankid.com/?autostarttoken=${t}&redirect=null`]) {
        it(`opens on this device by ${link('TOKEN')}`, async () => {
            const order = await rig.auth({ requirement: {}, returnUrl: 'https://login.example/?n=1' });
            const shown = await rig.post('/link', { autoStartToken: link(order.autoStartToken) });
            assert.deepEqual([shown.startedVia, shown.returnUrl], ['link', 'https://login.example/?n=1']);
            await rig.post('/approve');
            assert.equal((await rig.collect(order)).json.completionData.device.ipAddress, '192.0.2.1');
        });
    }
    it('a link of nobody opens nothing', async () => {
        const order = await rig.auth();
        for (const token of [order.qrStartToken, order.orderRef, `https://evil.example/?autostarttoken=${order.autoStartToken}`])
            await assert.rejects(rig.post('/link', { autoStartToken: token }), { code: 'unknownOrder' });
    });
});

describe('the control side', () => {
    before(() => rig.start());
    after(() => rig.stop());
    beforeEach(() => rig.post('/reset'));

    it('is a socket for its owner alone', () => {
        assert.equal(statSync(rig.socket).mode & 0o777, 0o600);
    });
    it('refuses unknown routes and members', async () => {
        await assert.rejects(rig.get('/nothing'), { code: 'noRoute' });
        await assert.rejects(rig.post('/scan', { qr: 'x', as: 'y' }), { code: 'badRequest' });
        await assert.rejects(rig.post('/approve', { person: 'nobody' }), { code: 'badRequest' });
    });
    it('wait answers with what was, and with what comes', async () => {
        const order = await rig.auth();
        assert.equal((await rig.get('/wait', { kind: 'order', event: 'created' })).order, order.orderRef);
        const ended = rig.get('/wait', { kind: 'order', event: 'ended', order: order.orderRef, timeout: 5 });
        rig.pass(30);
        const entry = await ended;
        assert.deepEqual([entry.outcome, entry.hintCode, entry.at_ms % 30000], ['failed', 'startFailed', 0]);
    });
    it('wait gives up', async () => {
        await assert.rejects(rig.get('/wait', { kind: 'order', timeout: 0.05 }), { code: 'timeout' });
    });
    it('reset forgets orders, faults and journal, and its numbers go on', async () => {
        const order = await rig.auth();
        await rig.post('/fault', { kind: 'maintenance' });
        const { seq } = await rig.get('/status');
        await rig.post('/reset');
        assert.deepEqual(await rig.get('/journal'), []);
        const status = await rig.get('/status');
        assert.deepEqual([status.orders, status.faults], [[], []]);
        assert.ok(status.seq >= seq);
        assert.deepEqual(await refused(rig.collect(order)), GONE);
    });
});
