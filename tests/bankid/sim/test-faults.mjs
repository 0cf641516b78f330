// SPDX-License-Identifier: LGPL-2.1-or-later
// test-faults.mjs - each fault does what it says, and nothing else.

import { after, before, beforeEach, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { Rig } from './test-rig.mjs';

const rig = new Rig();
const IP = { endUserIp: '192.0.2.1' };
const CUT = { code: /^(ECONNRESET|EPIPE)$/ };

const auth = (more) => rig.call('auth', IP, more);
const orders = async () => (await rig.get('/journal', { kind: 'order', event: 'created' })).length;

describe('faults', () => {
    before(() => rig.start());
    after(() => rig.stop());
    beforeEach(() => rig.post('/reset'));

    for (const [spec, http, code] of [
        [{ kind: 'maintenance' }, 503, 'maintenance'],
        [{ kind: 'maintenance', spelling: 'Maintenance' }, 503, 'Maintenance'],
        [{ kind: 'internal-error' }, 500, 'internalError'],
        [{ kind: 'request-timeout' }, 408, 'requestTimeout'],
        [{ kind: 'too-many-requests' }, 429, 'tooManyRequests'],
        [{ kind: 'error', status: 400, errorCode: 'canceled' }, 400, 'canceled'],
        [{ kind: 'error', status: 401, errorCode: 'unauthorized' }, 401, 'unauthorized'],
    ]) {
        it(`${JSON.stringify(spec)}: ${http}, no order`, async () => {
            await rig.post('/fault', spec);
            const { status, json } = await auth();
            assert.deepEqual([status, json.errorCode], [http, code]);
            assert.equal(await orders(), 0);
        });
    }
    it('html: a page of a front end', async () => {
        await rig.post('/fault', { kind: 'html' });
        const { status, headers, json } = await auth();
        assert.deepEqual([status, headers['content-type'], json], [503, 'text/html', undefined]);
    });
    it('raw: any bytes as the body', async () => {
        await rig.post('/fault', { kind: 'raw', bodyBase64: Buffer.from('{"orderRef":"\0"}').toString('base64') });
        const { status, text } = await auth();
        assert.deepEqual([status, text], [200, '{"orderRef":"\0"}']);
    });
    it('redirect', async () => {
        await rig.post('/fault', { kind: 'redirect', location: 'https://localhost:1/x' });
        const { status, headers } = await auth();
        assert.deepEqual([status, headers.location], [302, 'https://localhost:1/x']);
    });

    it('truncated-json: whole as HTTP, not as JSON; the order exists', async () => {
        await rig.post('/fault', { kind: 'truncated-json' });
        const { status, json, text } = await auth();
        assert.deepEqual([status, json], [200, undefined]);
        assert.ok(text.startsWith('{"orderRef"'));
        assert.equal(await orders(), 1);
    });
    it('cut-connection: ends before its Content-Length', async () => {
        await rig.post('/fault', { kind: 'cut-connection' });
        await assert.rejects(auth(), CUT);
        assert.equal(await orders(), 1);
    });
    it('oversized: good JSON, 10 MB of it', async () => {
        await rig.post('/fault', { kind: 'oversized' });
        const { json, text } = await auth();
        assert.ok(json.orderRef && text.length > 10 * 1024 * 1024);
    });
    it('content-type', async () => {
        await rig.post('/fault', { kind: 'content-type', value: 'text/html' });
        const { headers, json } = await auth();
        assert.equal(headers['content-type'], 'text/html');
        assert.ok(json.orderRef);
    });

    it('wrong-type: a named member gets another type, a value, or is missing', async () => {
        await rig.post('/fault', { kind: 'wrong-type', field: 'orderRef', count: 1 });
        assert.equal((await auth()).json.orderRef, 7);
        await rig.post('/fault', { kind: 'wrong-type', field: 'orderRef', value: null, count: 1 });
        assert.equal((await auth()).json.orderRef, null);
        await rig.post('/fault', { kind: 'wrong-type', field: 'orderRef', missing: true, count: 1 });
        assert.ok(!('orderRef' in (await auth()).json));
    });
    it('wrong-type without a name goes through the members in turn', async () => {
        await rig.post('/fault', { kind: 'wrong-type' });
        for (const name of ['orderRef', 'autoStartToken', 'qrStartToken', 'qrStartSecret', 'orderRef']) {
            const { json } = await auth();
            assert.equal(json[name], 7);
            assert.equal(Object.values(json).filter((v) => v === 7).length, 1);
        }
    });
    it('the list of members names what the answers have', async () => {
        const { answers } = await rig.get('/fields');
        const has = (value, path) => path.split('.').reduce((o, k) => o?.[k], value) !== undefined;
        const order = await rig.auth();
        assert.deepEqual(Object.keys(order), answers.auth);
        const pending = (await rig.collect(order)).json;
        assert.deepEqual(Object.keys(pending), answers.pending);
        await rig.scan(order);
        await rig.post('/approve');
        rig.pass(1);
        const complete = (await rig.collect(order)).json;
        for (const path of answers.complete)
            assert.ok(has(complete, path), path);
    });

    it('slow-first-byte', async () => {
        await rig.post('/fault', { kind: 'slow-first-byte', ms: 300, count: 1 });
        const from = performance.now();
        assert.equal((await auth()).status, 200);
        assert.ok(performance.now() - from >= 290);
    });
    it('slow-drip: byte by byte', async () => {
        await rig.post('/fault', { kind: 'slow-drip', ms: 1, count: 1 });
        const from = performance.now();
        const { json } = await auth();
        assert.ok(json.orderRef && performance.now() - from >= 200);
    });
    it('never: no answer, and the journal sees the client leave', async () => {
        await rig.post('/fault', { kind: 'never', count: 1 });
        await assert.rejects(auth({ timeout_ms: 200 }), /no answer/);
        const entry = await rig.get('/wait', { kind: 'request', event: 'aborted', timeout: 5 });
        assert.deepEqual([entry.endpoint, entry.fault], ['auth', 'never']);
        assert.equal(await orders(), 0);
    });
    it('never, executed: the order exists all the same', async () => {
        await rig.post('/fault', { kind: 'never', executed: true, count: 1 });
        await assert.rejects(auth({ timeout_ms: 200 }), /no answer/);
        assert.equal(await orders(), 1);
    });
    it('reset: the connection ends in place of an answer', async () => {
        await rig.post('/fault', { kind: 'reset', count: 1 });
        await assert.rejects(auth(), CUT);
        assert.equal((await auth()).status, 200);
    });
    it('close-on-accept: no TLS at all', async () => {
        await rig.post('/fault', { kind: 'close-on-accept', count: 1 });
        await assert.rejects(auth(), CUT);
        assert.equal((await auth()).status, 200);
    });
    it('connection-close: the answer is good, the connection is over', async () => {
        await rig.post('/fault', { kind: 'connection-close' });
        const { status, headers } = await auth();
        assert.deepEqual([status, headers.connection], [200, 'close']);
    });

    it('endpoint, skip and count choose the requests', async () => {
        await rig.post('/fault', { kind: 'internal-error', endpoint: 'collect', skip: 1, count: 2 });
        const order = await rig.auth();
        const seen = [];
        for (let i = 0; i < 5; i++) {
            seen.push((await rig.collect(order)).status);
            rig.pass(1);
        }
        assert.deepEqual(seen, [200, 500, 500, 200, 200]);
    });
    it('a fault lasts until it is cleared', async () => {
        await rig.post('/fault', { kind: 'maintenance' });
        assert.deepEqual([(await auth()).status, (await auth()).status], [503, 503]);
        await rig.post('/clear-faults');
        assert.equal((await auth()).status, 200);
    });
    it('a fault does not hide a bad request', async () => {
        await rig.post('/fault', { kind: 'maintenance' });
        assert.equal((await rig.call('auth', {})).status, 400);
        assert.equal((await rig.call('auth', IP, { headers: {} })).status, 415);
    });
    for (const [name, spec] of [['an unknown kind', { kind: 'x' }], ['an unknown member', { kind: 'reset', ms: 1 }],
                                ['a missing member', { kind: 'slow-drip' }], ['a wrong value', { kind: 'reset', count: 0 }]])
        it(`${name} is an error`, () => assert.rejects(rig.post('/fault', spec), { code: 'badRequest' }));

    it('down: nobody listens; up: on the same port, orders still there', async () => {
        const order = await rig.auth();
        await rig.post('/server', { up: false });
        await assert.rejects(auth(), { code: 'ECONNREFUSED' });
        assert.equal((await rig.get('/status')).up, false);
        await rig.post('/server', { up: true });
        assert.equal((await rig.collect(order)).json.status, 'pending');
    });
    for (const [certificate, code] of [['foreign', /SIGNATURE|SELF_SIGNED|UNABLE_TO/], ['wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'], ['expired', 'CERT_HAS_EXPIRED']]) {
        it(`a server certificate that is ${certificate}`, async () => {
            await rig.post('/server', { certificate });
            await assert.rejects(auth(), { code });
            await rig.post('/reset');
            assert.equal((await auth()).status, 200);
        });
    }
});
