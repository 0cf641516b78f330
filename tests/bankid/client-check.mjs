// SPDX-License-Identifier: LGPL-2.1-or-later
// client-check.mjs - the npm client `bankid`, unchanged, against the simulator.
//
//   client-check.mjs CERTS WORKDIR [FOLDER-WITH-node_modules]
//
// A simulator that only our own code has talked to proves nothing, so a client
// that others wrote for the real service has to get through it.  That client
// connects to appapi2.test.bankid.com:443 and nowhere else: run this by
// run-client-check.sh, where that name is this machine.  Without the folder
// the module is looked for in NODE_PATH.

import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { control_call } from './sim/control-client.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [certs, work, modules = here] = process.argv.slice(2);
if (!work) {
    process.stderr.write('usage: client-check.mjs CERTS WORKDIR [FOLDER-WITH-node_modules]\n');
    process.exit(2);
}
const require = createRequire(join(resolve(modules), 'anything.js'));
const { BankIdClientV6 } = require('bankid');
const version = JSON.parse(readFileSync(join(dirname(require.resolve('bankid')), '..', 'package.json'))).version;

const CONTROL = join(work, 'control');
const MOBILE = { certificatePolicies: ['1.2.3.4.25'] };
const IP = '192.0.2.10';

const get = (path, args) => control_call(CONTROL, 'GET', path, args);
const post = (path, args) => control_call(CONTROL, 'POST', path, args);
const file = (name) => join(certs, name);

function client(p12 = 'rp.p12', more = {}) {
    return new BankIdClientV6({ production: false, ca: file('server-ca.crt'), pfx: file(p12),
                                passphrase: 'qwerty123', refreshInterval: 1100,
                                // Its timer of 60 s a QR code would hold this process up.
                                qrOptions: { orderTTL: 10 }, ...more });
}

let simulator;

before(async () => {
    simulator = spawn(process.execPath, [join(here, 'simulator.mjs'), '--certs', certs, '--control', CONTROL,
        '--listen', '127.0.0.1:443', '--exit-with-stdin'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = await once(simulator.stdout, 'data');
    assert.equal(JSON.parse(line).ready, true);
});

after(async () => {
    simulator.stdin.end();
    await once(simulator, 'exit');
});

test('the client is the release that this check was written for', () => {
    assert.equal(version, '3.2.1');
});

test('auth, three frames, scan, collect, approve, complete', async () => {
    const rp = client();
    const order = await rp.authenticate({ endUserIp: IP, userVisibleData: 'Log in to ward-7 · kod ÅÄÖ', requirement: MOBILE });
    const frames = [];
    for await (const frame of order.qr.nextQr(order.orderRef, { timeout: 5 })) {
        if (frames.at(-1) !== frame)
            frames.push(frame);
        if (frames.length === 3)
            break;
        await pause(300);
    }
    assert.deepEqual(frames.map((f) => f.split('.')[2]), ['0', '1', '2']);
    assert.deepEqual(await rp.collect({ orderRef: order.orderRef }),
        { orderRef: order.orderRef, status: 'pending', hintCode: 'outstandingTransaction' });

    const shown = await post('/scan', { qr: frames[2] });
    assert.equal(shown.requestor, 'Example Clinic');
    assert.equal(shown.text, 'Log in to ward-7 · kod ÅÄÖ');
    assert.equal(shown.order, order.orderRef);
    await pause(1000);
    assert.equal((await rp.collect({ orderRef: order.orderRef })).hintCode, 'started');
    await pause(1000);
    assert.equal((await rp.collect({ orderRef: order.orderRef })).hintCode, 'userSign');
    await post('/approve', { person: 'nurse-one' });
    const done = await rp.awaitPendingCollect(order.orderRef);
    assert.equal(done.status, 'complete');
    assert.equal(done.completionData.user.personalNumber, '189001019802');
    assert.equal(done.completionData.device.ipAddress, '198.51.100.77');
    assert.match(done.completionData.bankIdIssueDate, /^\d{4}-\d{2}-\d{2}Z$/);
    await assert.rejects(rp.collect({ orderRef: order.orderRef }), { code: 'invalidParameters' });
});

test('sign shows its text and completes', async () => {
    const rp = client();
    const order = await rp.sign({ endUserIp: IP, userVisibleData: 'sudo: systemctl', userNonVisibleData: 'nonce',
                                  userVisibleDataFormat: 'simpleMarkdownV1', requirement: MOBILE });
    const { value } = await order.qr.nextQr(order.orderRef, { maxCycles: 1 }).next();
    const shown = await post('/scan', { qr: value });
    assert.deepEqual([shown.kind, shown.text, shown.format], ['sign', 'sudo: systemctl', 'simpleMarkdownV1']);
    await post('/approve', { person: 'doctor' });
    const { completionData } = await rp.awaitPendingCollect(order.orderRef);
    const signature = Buffer.from(completionData.signature, 'base64').toString();
    assert.ok(signature.includes(Buffer.from('nonce').toString('base64')));
    assert.ok(Buffer.from(completionData.ocspResponse, 'base64').length > 100);
});

test('cancel, after which there is no such order', async () => {
    const rp = client();
    const { orderRef } = await rp.authenticate({ endUserIp: IP });
    assert.deepEqual(await rp.cancel({ orderRef }), {});
    await assert.rejects(rp.collect({ orderRef }), { name: 'BankIdError', code: 'invalidParameters' });
    await assert.rejects(rp.cancel({ orderRef }), { code: 'invalidParameters' });
});

test('refused in the app: failed with userCancel', async () => {
    const rp = client();
    const order = await rp.authenticate({ endUserIp: IP, requirement: MOBILE });
    await post('/scan', { qr: (await order.qr.nextQr(order.orderRef, { maxCycles: 1 }).next()).value });
    await post('/refuse');
    await assert.rejects(rp.awaitPendingCollect(order.orderRef),
        (e) => e.status === 'failed' && e.hintCode === 'userCancel');
});

test('a second order for the same person: alreadyInProgress, and the first is cancelled', async () => {
    const rp = client();
    const requirement = { ...MOBILE, personalNumber: '189001029819' };
    const { orderRef } = await rp.authenticate({ endUserIp: IP, requirement });
    await assert.rejects(rp.authenticate({ endUserIp: IP, requirement }), { code: 'alreadyInProgress' });
    await assert.rejects(rp.awaitPendingCollect(orderRef),
        (e) => e.status === 'failed' && e.hintCode === 'cancelled');
});

test('the order belongs to the certificate that made it', async () => {
    const rp = client(), other = client('rp-other.p12');
    const { orderRef } = await rp.authenticate({ endUserIp: IP });
    await assert.rejects(other.collect({ orderRef }), { code: 'invalidParameters' });
    await assert.rejects(other.cancel({ orderRef }), { code: 'invalidParameters' });
    assert.equal((await rp.collect({ orderRef })).status, 'pending');
    await rp.cancel({ orderRef });
});

test('wrong client certificates are refused by TLS', async () => {
    const shipped = new BankIdClientV6({ production: false, ca: file('server-ca.crt'), qrEnabled: false });
    for (const rp of [shipped, client('foreign-client.p12'), client('rp-expired.p12')]) {
        const { seq } = await get('/status');
        await assert.rejects(rp.authenticate({ endUserIp: IP }), { name: 'RequestError', message: 'BANKID_NO_RESPONSE' });
        assert.equal((await get('/wait', { since: seq, kind: 'tls', timeout: 5 })).event, 'refused');
        assert.deepEqual(await get('/journal', { since: seq, kind: 'request' }), []);
    }
});

test('the client refuses wrong server certificates', async () => {
    for (const certificate of ['foreign', 'wrong-host', 'expired']) {
        await post('/server', { certificate });
        const { seq } = await get('/status');
        await assert.rejects(client().authenticate({ endUserIp: IP }), { message: 'BANKID_NO_RESPONSE' });
        assert.deepEqual(await get('/journal', { since: seq, kind: 'request' }), []);
    }
    await post('/server', { certificate: 'good' });
    await assert.rejects(client('rp.p12', { ca: undefined }).authenticate({ endUserIp: IP }),
        { message: 'BANKID_NO_RESPONSE' });
});

test("the client's default of 2 s is slow enough, 300 ms is not", async () => {
    const { orderRef } = await client().authenticate({ endUserIp: IP });
    await assert.rejects(client('rp.p12', { refreshInterval: 300 }).awaitPendingCollect(orderRef), { code: 'tooManyRequests' });
    await pause(1000);
    const slow = client('rp.p12', { refreshInterval: 2000 }).awaitPendingCollect(orderRef);
    await post('/hint', { order: orderRef, hintCode: 'userSign' });
    const { seq } = await get('/status');
    await get('/wait', { since: seq, kind: 'request', endpoint: 'collect', order: orderRef, timeout: 10 });
    await post('/hint', { order: orderRef, hintCode: 'expiredTransaction' });
    await assert.rejects(slow, (e) => e.hintCode === 'expiredTransaction');
});

test('errors of the service reach the client as what they are', async () => {
    const rp = client();
    const cases = [
        [{ kind: 'maintenance', spelling: 'Maintenance' }, 'Maintenance'],
        [{ kind: 'internal-error' }, 'internalError'],
        [{ kind: 'request-timeout' }, 'requestTimeout'],
        [{ kind: 'too-many-requests' }, 'tooManyRequests'],
        [{ kind: 'error', status: 400, errorCode: 'canceled' }, 'canceled'],
        [{ kind: 'html' }, undefined],
    ];
    for (const [fault, code] of cases) {
        await post('/fault', { ...fault, count: 1 });
        await assert.rejects(rp.authenticate({ endUserIp: IP }), (e) => e.name === 'BankIdError' && e.code === code);
    }
    await post('/fault', { kind: 'reset', count: 1 });
    await assert.rejects(rp.authenticate({ endUserIp: IP }), { message: 'BANKID_NO_RESPONSE' });
    await post('/server', { up: false });
    await assert.rejects(rp.authenticate({ endUserIp: IP }), { message: 'BANKID_NO_RESPONSE' });
    await post('/server', { up: true });
    const { orderRef } = await rp.authenticate({ endUserIp: IP });
    await rp.cancel({ orderRef });
});
