// SPDX-License-Identifier: LGPL-2.1-or-later
// test-requests.mjs - who may ask, how, and with which members.

import { after, before, beforeEach, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Rig, MOBILE, base64 } from './test-rig.mjs';

const rig = new Rig();
const IP = { endUserIp: '192.0.2.1' };
const TEXT = base64('Log in');

// [name, endpoint, body, what `details` must say; null: accepted]
const BODIES = [
    ['only endUserIp', 'auth', IP, null],
    ['IPv6', 'auth', { endUserIp: '2001:db8::1' }, null],
    ['no endUserIp', 'auth', {}, /Missing field: endUserIp/],
    ['endUserIp null', 'auth', { endUserIp: null }, /endUserIp/],
    ['endUserIp a number', 'auth', { endUserIp: 1 }, /endUserIp/],
    ['endUserIp a host name', 'auth', { endUserIp: 'localhost' }, /endUserIp/],
    ['endUserIp empty', 'auth', { endUserIp: '' }, /endUserIp/],
    ['endUserIp with a port', 'auth', { endUserIp: '192.0.2.1:22' }, /endUserIp/],
    ['endUserIp with leading zeros', 'auth', { endUserIp: '192.0.2.01' }, /endUserIp/],
    ['endUserIp with a zone', 'auth', { endUserIp: 'fe80::1%eth0' }, /endUserIp/],
    ['endUserIp in brackets', 'auth', { endUserIp: '[2001:db8::1]' }, /endUserIp/],
    ['endUserIp unspecified', 'auth', { endUserIp: '0.0.0.0' }, /unspecified/],
    ['top-level personalNumber', 'auth', { ...IP, personalNumber: '189001019802' }, /Unknown field: personalNumber/],
    ['unknown member', 'auth', { ...IP, extra: 1 }, /Unknown field: extra/],
    ['callInitiator belongs to the phone API', 'auth', { ...IP, callInitiator: 'user' }, /Unknown field: callInitiator/],

    ['visible data', 'auth', { ...IP, userVisibleData: TEXT }, null],
    ['visible data with line ends', 'auth', { ...IP, userVisibleData: base64('a\r\nb\nc') }, null],
    ['visible data 1500 long', 'auth', { ...IP, userVisibleData: base64('x'.repeat(1125)) }, null],
    ['visible data 1504 long', 'auth', { ...IP, userVisibleData: base64('x'.repeat(1126)) }, /userVisibleData/],
    ['visible data empty', 'auth', { ...IP, userVisibleData: '' }, /userVisibleData/],
    ['visible data null', 'auth', { ...IP, userVisibleData: null }, /userVisibleData/],
    ['visible data not base64', 'auth', { ...IP, userVisibleData: 'åäö!' }, /base64/],
    ['visible data without padding', 'auth', { ...IP, userVisibleData: 'YQ' }, /base64/],
    ['visible data in the URL alphabet', 'auth', { ...IP, userVisibleData: '_-8=' }, /base64/],
    ['visible data with a line end in the base64', 'auth', { ...IP, userVisibleData: 'TG9n\nIGlu' }, /base64/],
    ['visible data with stray low bits', 'auth', { ...IP, userVisibleData: 'YR==' }, /base64/],
    ['visible data not UTF-8', 'auth', { ...IP, userVisibleData: Buffer.from([0xe5]).toString('base64') }, /UTF-8/],
    ['visible data with an escape', 'auth', { ...IP, userVisibleData: base64('a\x1b[2J') }, /control/],
    ['format plaintext', 'auth', { ...IP, userVisibleData: TEXT, userVisibleDataFormat: 'plaintext' }, null],
    ['format markdown', 'auth', { ...IP, userVisibleData: TEXT, userVisibleDataFormat: 'simpleMarkdownV1' }, null],
    ['format unknown', 'auth', { ...IP, userVisibleData: TEXT, userVisibleDataFormat: 'html' }, /userVisibleDataFormat/],
    ['non-visible data', 'auth', { ...IP, userNonVisibleData: base64('\0\xff') }, null],
    ['non-visible data too long', 'auth', { ...IP, userNonVisibleData: base64('x'.repeat(1126)) }, /userNonVisibleData/],
    ['sign without text', 'sign', IP, /Missing field: userVisibleData/],
    ['sign with 40 000', 'sign', { ...IP, userVisibleData: base64('x'.repeat(30000)) }, null],
    ['sign with 40 004', 'sign', { ...IP, userVisibleData: base64('x'.repeat(30001)) }, /userVisibleData/],
    ['sign with hidden 200 000', 'sign', { ...IP, userVisibleData: TEXT, userNonVisibleData: base64('x'.repeat(150000)) }, null],
    ['sign with hidden 200 004', 'sign', { ...IP, userVisibleData: TEXT, userNonVisibleData: base64('x'.repeat(150001)) }, /userNonVisibleData/],

    ['every requirement', 'auth', { ...IP, requirement: { ...MOBILE, pinCode: true, mrtd: false, risk: 'LOW', personalNumber: '191401682396' } }, null],
    ['requirement empty', 'auth', { ...IP, requirement: {} }, null],
    ['requirement a list', 'auth', { ...IP, requirement: [] }, /requirement must be an object/],
    ['requirement unknown member', 'auth', { ...IP, requirement: { allowFingerprint: true } }, /Unknown field: requirement.allowFingerprint/],
    ['pinCode a string', 'auth', { ...IP, requirement: { pinCode: 'true' } }, /requirement.pinCode/],
    ['mrtd a number', 'auth', { ...IP, requirement: { mrtd: 1 } }, /requirement.mrtd/],
    ['cardReader unknown', 'auth', { ...IP, requirement: { cardReader: 'class3' } }, /requirement.cardReader/],
    ['cardReader without a card', 'auth', { ...IP, requirement: { ...MOBILE, cardReader: 'class1' } }, /cardReader needs/],
    ['cardReader with a card', 'auth', { ...IP, requirement: { cardReader: 'class2', certificatePolicies: ['1.2.3.4.10'] } }, null],
    ['risk in lower case', 'auth', { ...IP, requirement: { risk: 'low' } }, /requirement.risk/],
    ['risk MODERATE', 'auth', { ...IP, requirement: { risk: 'MODERATE' } }, null],
    ['policy with a wildcard', 'auth', { ...IP, requirement: { certificatePolicies: ['1.2.752.78.*'] } }, null],
    ['policy with an early wildcard', 'auth', { ...IP, requirement: { certificatePolicies: ['1.2.752.*'] } }, /certificatePolicies/],
    ['policy with two wildcards', 'auth', { ...IP, requirement: { certificatePolicies: ['1.2.752.78.*.*'] } }, /certificatePolicies/],
    ['policies empty', 'auth', { ...IP, requirement: { certificatePolicies: [] } }, /certificatePolicies/],
    ['policies a string', 'auth', { ...IP, requirement: { certificatePolicies: '1.2.3.4.25' } }, /certificatePolicies/],
    ['a policy twice', 'auth', { ...IP, requirement: { certificatePolicies: ['1.2.3.4.25', '1.2.3.4.25'] } }, /twice/],
    ['a policy that is a name', 'auth', { ...IP, requirement: { certificatePolicies: ['mobile'] } }, /certificatePolicies/],
    ['number with a hyphen', 'auth', { ...IP, requirement: { personalNumber: '18900101-9802' } }, /requirement.personalNumber/],
    ['number of ten digits', 'auth', { ...IP, requirement: { personalNumber: '9001019802' } }, /requirement.personalNumber/],
    ['number with a wrong digit', 'auth', { ...IP, requirement: { personalNumber: '189001019803' } }, /requirement.personalNumber/],
    ['number with serial 000', 'auth', { ...IP, requirement: { personalNumber: '201509160006' } }, /requirement.personalNumber/],

    ['returnRisk', 'auth', { ...IP, returnRisk: true }, null],
    ['returnRisk a string', 'auth', { ...IP, returnRisk: 'true' }, /returnRisk/],
    ['returnUrl', 'auth', { ...IP, returnUrl: 'https://login.example/back?nonce=1' }, null],
    ['returnUrl 512 long', 'auth', { ...IP, returnUrl: 'https://a.example/'.padEnd(512, 'x') }, null],
    ['returnUrl 513 long', 'auth', { ...IP, returnUrl: 'https://a.example/'.padEnd(513, 'x') }, /returnUrl/],
    ['returnUrl empty', 'auth', { ...IP, returnUrl: '' }, /returnUrl/],
    ['returnUrl not a URL', 'auth', { ...IP, returnUrl: 'back' }, /returnUrl/],
    ['web', 'auth', { ...IP, web: { referringDomain: 'login.example', userAgent: 'x', deviceIdentifier: 'y' } }, null],
    ['app', 'auth', { ...IP, app: { appIdentifier: 'careid', deviceOS: 'Linux', deviceModelName: 'host', deviceIdentifier: 'y' } }, null],
    ['web and app', 'auth', { ...IP, web: { userAgent: 'x' }, app: { deviceOS: 'Linux' } }, /exclude/],
    ['web empty', 'auth', { ...IP, web: {} }, /web must have at least one/],
    ['app empty', 'auth', { ...IP, app: {} }, /app must have at least one/],
    ['web unknown member', 'auth', { ...IP, web: { cookie: 'x' } }, /Unknown field: web.cookie/],
    ['referringDomain in upper case', 'auth', { ...IP, web: { referringDomain: 'Login.example' } }, /web.referringDomain/],
    ['referringDomain too short', 'auth', { ...IP, web: { referringDomain: 'a.' } }, /web.referringDomain/],
    ['userAgent too long', 'auth', { ...IP, web: { userAgent: 'x'.repeat(257) } }, /web.userAgent/],
    ['deviceIdentifier too long', 'auth', { ...IP, app: { deviceIdentifier: 'x'.repeat(65) } }, /app.deviceIdentifier/],

    ['collect without orderRef', 'collect', {}, /Missing field: orderRef/],
    ['collect with more', 'collect', { orderRef: '67df3917-fa0d-44e5-b327-edcc928297f8', wait: 1 }, /Unknown field: wait/],
    ['collect of no UUID', 'collect', { orderRef: 'x' }, /orderRef must be a UUID/],
    ['collect of an unknown order', 'collect', { orderRef: '67df3917-fa0d-44e5-b327-edcc928297f8' }, /No such order/],
    ['cancel of an unknown order', 'cancel', { orderRef: '67df3917-fa0d-44e5-b327-edcc928297f8' }, /No such order/],
    ['cancel without orderRef', 'cancel', {}, /Missing field: orderRef/],
];

const RAW = [
    ['not JSON', '{', /not JSON/],
    ['empty', '', /not JSON/],
    ['a list', '[]', /not a JSON object/],
    ['a string', '"x"', /not a JSON object/],
    ['null', 'null', /not a JSON object/],
    ['a member twice', '{"endUserIp":"192.0.2.1","endUserIp":"192.0.2.2"}', /Repeated member: endUserIp/],
    ['an inner member twice', '{"endUserIp":"192.0.2.1","requirement":{"mrtd":true,"mrtd":false}}', /Repeated member: mrtd/],
    ['a member twice in disguise', '{"endUserIp":"192.0.2.1","endUser\\u0049p":"192.0.2.2"}', /Repeated member/],
    ['a byte order mark', '\ufeff{"endUserIp":"192.0.2.1"}', /byte order mark/],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xe5, 0x22, 0x3a, 0x31, 0x7d]), /not UTF-8/],
    ['too big', JSON.stringify({ ...IP, userVisibleData: 'x'.repeat(20000) }), /too big/],
];

const HEADERS = [
    ['charset', { 'Content-Type': 'application/json; charset=utf-8' }],
    ['charset without a space', { 'Content-Type': 'application/json;charset=UTF-8' }],
    ['none', {}],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['text', { 'Content-Type': 'text/json' }],
    ['a coding', { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }],
];

const WAYS = [
    ['GET on auth', 'GET', '/rp/v6.0/auth', 405, 'methodNotAllowed'],
    ['PUT on collect', 'PUT', '/rp/v6.0/collect', 405, 'methodNotAllowed'],
    ['another version', 'POST', '/rp/v5.1/auth', 404, 'notFound'],
    ['phone/auth', 'POST', '/rp/v6.0/phone/auth', 404, 'notFound'],
    ['a slash at the end', 'POST', '/rp/v6.0/auth/', 404, 'notFound'],
    ['a query', 'POST', '/rp/v6.0/auth?x=1', 404, 'notFound'],
    ['the root', 'GET', '/', 404, 'notFound'],
];

describe('requests', () => {
    before(() => rig.start());
    after(() => rig.stop());
    beforeEach(() => rig.post('/reset'));

    for (const [name, endpoint, body, details] of BODIES) {
        it(`${endpoint}: ${name}`, async () => {
            const { status, json } = await rig.call(endpoint, body);
            if (details === null) {
                assert.equal(status, 200, JSON.stringify(json));
            } else {
                assert.deepEqual([status, json.errorCode], [400, 'invalidParameters']);
                assert.match(json.details, details);
                assert.deepEqual(await rig.get('/journal', { kind: 'order' }), []);
            }
        });
    }
    for (const [name, body, details] of RAW) {
        it(`a body that is ${name}`, async () => {
            const { status, json } = await rig.request('/rp/v6.0/auth', { body });
            assert.deepEqual([status, json.errorCode], [400, 'invalidParameters']);
            assert.match(json.details, details);
        });
    }
    for (const [name, headers] of HEADERS) {
        it(`Content-Type: ${name} is 415`, async () => {
            const { status, json } = await rig.call('auth', IP, { headers });
            assert.deepEqual([status, json.errorCode], [415, 'unsupportedMediaType']);
        });
    }
    for (const [name, method, path, http, code] of WAYS) {
        it(`${name} is ${http}`, async () => {
            const { status, json } = await rig.request(path, { method });
            assert.deepEqual([status, json.errorCode], [http, code]);
        });
    }

    it('answers auth with four different UUIDs and application/json', async () => {
        const { json, headers } = await rig.call('auth', IP);
        assert.equal(headers['content-type'], 'application/json');
        assert.deepEqual(Object.keys(json), ['orderRef', 'autoStartToken', 'qrStartToken', 'qrStartSecret']);
        assert.equal(new Set(Object.values(json)).size, 4);
        for (const v of Object.values(json))
            assert.match(v, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    });

    for (const cert of [null, 'foreign-client', 'rp-expired', 'server']) {
        it(`TLS refuses ${cert ?? 'nobody at all'}`, async () => {
            await assert.rejects(rig.call('auth', IP, { cert }), { code: /^(ERR_SSL_.*|ECONNRESET|EPIPE)$/ });
            assert.equal((await rig.get('/wait', { kind: 'tls', timeout: 5 })).event, 'refused');
            assert.deepEqual(await rig.get('/journal', { kind: 'request' }), []);
        });
    }
    it('a certificate that expires in ten days is good', async () => {
        assert.equal((await rig.call('auth', IP, { cert: 'rp-soon' })).status, 200);
    });
    it('refuse html: a 403 page instead of TLS, without an order', async () => {
        await rig.post('/server', { refuse: 'html' });
        for (const cert of [null, 'foreign-client', 'rp-expired']) {
            const { status, headers, text, json } = await rig.call('auth', IP, { cert });
            assert.deepEqual([status, headers['content-type'], json], [403, 'text/html', undefined]);
            assert.match(text, /403 Forbidden/);
        }
        assert.deepEqual(await rig.get('/journal', { kind: 'order' }), []);
        assert.equal((await rig.call('auth', IP)).status, 200);
    });
    it('TLS 1.1 is refused, 1.2 is not', async () => {
        await assert.rejects(rig.call('auth', IP, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }));
        assert.equal((await rig.call('auth', IP, { maxVersion: 'TLSv1.2' })).status, 200);
        assert.equal((await rig.get('/journal', { kind: 'request' }))[0].protocol, 'TLSv1.2');
    });
    it('plain HTTP gets nothing', async () => {
        const socket = connect(rig.port, '127.0.0.1');
        socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
        let text = '';
        socket.on('data', (d) => { text += d.toString('latin1'); });
        socket.on('error', () => {});
        await new Promise((resolve) => socket.once('close', resolve));
        assert.doesNotMatch(text, /HTTP/);
    });
    it('the journal tells who asked what and how it ended', async () => {
        await rig.call('auth', { ...IP, userVisibleData: base64('Hej på dig') });
        await rig.call('auth', {});
        const [good, bad] = await rig.get('/journal', { kind: 'request', endpoint: 'auth' });
        assert.deepEqual([good.client, good.endUserIp, good.status], ['Example RP 1', '192.0.2.1', 200]);
        assert.deepEqual([bad.status, bad.errorCode, bad.order], [400, 'invalidParameters', undefined]);
        const [created] = await rig.get('/journal', { kind: 'order', event: 'created' });
        assert.deepEqual([created.text, created.order, created.client], ['Hej på dig', good.order, 'Example RP 1']);
    });
    it('no token or secret is in the journal or the status', async () => {
        const order = await rig.auth();
        await rig.scan(order);
        const seen = JSON.stringify([await rig.get('/journal'), await rig.get('/status')]);
        for (const name of ['qrStartToken', 'qrStartSecret', 'autoStartToken'])
            assert.ok(!seen.includes(order[name]), name);
    });
});
