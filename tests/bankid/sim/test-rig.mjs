// SPDX-License-Identifier: LGPL-2.1-or-later
// test-rig.mjs - a simulator in this process whose clock stands still, and a
// relying party and a phone to drive it.  Nothing in it trusts the simulator's
// own code for what a client would compute itself.

import https from 'node:https';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Clock } from './clock.mjs';
import { Simulation } from './simulation.mjs';
import { people_load } from './people.mjs';
import { control_call } from './control-client.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
export const MOBILE = { certificatePolicies: ['1.2.3.4.25'] };
export const PEOPLE = people_load(join(HERE, '..', 'people.json'));

export class Rig {
    async start() {
        this.folder = mkdtempSync(join(tmpdir(), 'bankid-'));
        this.certs = join(this.folder, 'certs');
        execFileSync(join(HERE, '..', 'make-certs.sh'), [this.certs]);
        this.socket = join(this.folder, 'control');
        this.clock = new Clock();
        this.sim = new Simulation({ certs: this.certs, people: PEOPLE, clock: this.clock });
        await this.sim.start({ host: '127.0.0.1', port: 0, control: this.socket });
        this.port = this.sim.server.address.port;
    }

    async stop() {
        await this.sim.stop();
        rmSync(this.folder, { recursive: true });
    }

    pass(seconds) {
        this.clock.advance(seconds * 1000);
    }

    file(name) {
        return readFileSync(join(this.certs, name));
    }

    // One request on a connection of its own.  cert null: none is shown.
    // Resolves with { status, headers, text, json }, json undefined if it isn't.
    request(path, { method = 'POST', cert = 'rp', body, headers = { 'Content-Type': 'application/json' },
                    timeout_ms = 5000, ...tls } = {}) {
        return new Promise((resolve, reject) => {
            const req = https.request({
                host: '127.0.0.1', servername: 'localhost', port: this.port, path, method, agent: false,
                ca: this.file('server-ca.crt'), timeout: timeout_ms,
                ...(cert ? { cert: this.file(`${cert}.crt`), key: this.file(`${cert}.key`) } : {}),
                headers: { ...headers, ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }) },
                ...tls,
            }, (res) => {
                const chunks = [];
                res.on('data', (c) => chunks.push(c));
                res.on('error', reject);
                res.on('end', () => {
                    const text = Buffer.concat(chunks).toString();
                    let json;
                    try {
                        json = JSON.parse(text);
                    } catch {
                        // stays undefined: the test asks for what it wants
                    }
                    resolve({ status: res.statusCode, headers: res.headers, text, json });
                });
            });
            req.on('timeout', () => req.destroy(new Error('no answer')));
            req.on('error', reject);
            req.end(body);
        });
    }

    call(endpoint, value, more = {}) {
        return this.request(`/rp/v6.0/${endpoint}`, { body: JSON.stringify(value), ...more });
    }

    // Members of an order that is fit for a phone, as answered.
    async auth(more = {}) {
        const { status, json, text } = await this.call('auth', { endUserIp: '192.0.2.1', requirement: MOBILE, ...more });
        if (status !== 200)
            throw new Error(`auth: ${status} ${text}`);
        return json;
    }

    collect(order, more) {
        return this.call('collect', { orderRef: order.orderRef }, more);
    }

    cancel(order, more) {
        return this.call('cancel', { orderRef: order.orderRef }, more);
    }

    frame(order, t) {
        const code = createHmac('sha256', order.qrStartSecret).update(String(t)).digest('hex');
        return `bankid.${order.qrStartToken}.${t}.${code}`;
    }

    get(path, args) {
        return control_call(this.socket, 'GET', path, args);
    }

    post(path, args) {
        return control_call(this.socket, 'POST', path, args);
    }

    scan(order, t = 0, more = {}) {
        return this.post('/scan', { qr: this.frame(order, t), ...more });
    }
}

export const base64 = (text) => Buffer.from(text).toString('base64');
