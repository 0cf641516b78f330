// SPDX-License-Identifier: LGPL-2.1-or-later
// control.mjs - the side of the phone and of the tests: HTTP on a UNIX socket.
//
// The socket is 0600 from its first moment.  Routes and their members are in
// ../README.md; an unknown route or member is an error, so that no test can
// ask for something and silently not get it.

import http from 'node:http';
import { statSync, unlinkSync } from 'node:fs';
import { PhoneError } from './orders.mjs';
import { ANSWER_FIELDS, FAULT_KINDS } from './faults.mjs';
import { SERVER_CERTIFICATES } from './rp-server.mjs';
import { people_find } from './people.mjs';
import { WAIT_MAX_S } from './journal.mjs';

const BODY_MAX = 65536 * 4;

const bad = (message) => new PhoneError(400, 'badRequest', message);

// sim: { orders, faults, journal, server, clock, people, reset }
export class Control {
    #sim;
    #server;
    #path;

    constructor(sim) {
        this.#sim = sim;
        this.#server = http.createServer((req, res) => this.#serve(req, res));
        this.#server.requestTimeout = 0;
    }

    async listen(path) {
        try {
            if (statSync(path).isSocket())
                unlinkSync(path);
        } catch (e) {
            if (e.code !== 'ENOENT')
                throw e;
        }
        const before = process.umask(0o177);
        try {
            await new Promise((resolve, reject) => {
                this.#server.once('error', reject);
                this.#server.listen(path, resolve);
            });
        } finally {
            process.umask(before);
        }
        this.#path = path;
    }

    async stop() {
        const closed = new Promise((resolve) => this.#server.close(resolve));
        this.#server.closeAllConnections();
        await closed;
        this.#path = null;      // close() has removed the socket
    }

    async #serve(req, res) {
        const send = (code, value) => {
            res.writeHead(code, { 'Content-Type': 'application/json' });
            res.end(JSON.stringify(value) + '\n');
        };
        try {
            const url = new URL(req.url, 'http://control');
            const route = ROUTES[`${req.method} ${url.pathname}`];
            if (!route)
                throw new PhoneError(404, 'noRoute', `${req.method} ${url.pathname} does not exist`);
            const args = req.method === 'GET' ? Object.fromEntries(url.searchParams) : await read_json(req);
            if (route.members) {
                for (const name of Object.keys(args)) {
                    if (!route.members.includes(name))
                        throw bad(`unknown member: ${name}`);
                }
            }
            const gone = new AbortController();
            res.once('close', () => gone.abort());
            const value = await route.run(this.#sim, args, gone.signal);
            if (value === null)
                send(504, { error: 'timeout', message: 'Nothing such happened in time' });
            else
                send(200, value ?? {});
        } catch (e) {
            const known = e instanceof PhoneError;
            send(known ? e.http : e instanceof RangeError ? 400 : 500,
                 { error: known ? e.code : e instanceof RangeError ? 'badRequest' : 'internal', message: e.message });
        }
    }
}

const ROUTES = {
    'GET /status': { members: [], run: (sim) => ({
        up: sim.server.is_up, ...sim.server.address, ...sim.server.settings,
        seq: sim.journal.seq, now_ms: Math.round(sim.clock.now_ms()),
        orders: sim.orders.list(), faults: sim.faults.list(), defaults: sim.orders.defaults,
    }) },
    'GET /people': { members: [], run: (sim) => sim.people },
    'GET /fields': { members: [], run: () => ({ answers: ANSWER_FIELDS, faults: FAULT_KINDS }) },
    'GET /journal': { run: (sim, args) => sim.journal.list(filter(args)) },
    'GET /wait': { run: (sim, { timeout = '30', ...args }, signal) => {
        const timeout_s = Number(timeout);
        if (!(timeout_s >= 0 && timeout_s <= WAIT_MAX_S))
            throw bad(`timeout must be 0 to ${WAIT_MAX_S} seconds`);
        return sim.journal.wait(filter(args), timeout_s, signal);
    } },

    'POST /scan': { members: ['qr', 'person'], run: (sim, { qr, person }) =>
        sim.orders.scan(need_text(qr, 'qr'), holder(sim, person)) },
    'POST /link': { members: ['autoStartToken', 'person'], run: (sim, { autoStartToken, person }) =>
        sim.orders.link(need_text(autoStartToken, 'autoStartToken'), holder(sim, person)) },
    'POST /approve': {
        members: ['order', 'person', 'custom', 'deviceIp', 'uhi', 'bankIdIssueDate', 'risk', 'stepUp', 'completion'],
        run: (sim, { order, person, custom, ...details }) => {
            if (person !== undefined && custom !== undefined)
                throw bad('person or custom, not both');
            check_details(details);
            return sim.orders.approve(order, custom ?? find_person(sim, person ?? sim.people[0].id), details);
        } },
    'POST /refuse': { members: ['order'], run: (sim, { order }) => sim.orders.refuse(order) },
    'POST /hint': { members: ['order', 'hintCode', 'status'], run: (sim, { order, hintCode, status }) =>
        sim.orders.hint(order, need_text(hintCode, 'hintCode'), status) },
    'POST /defaults': { members: ['deviceIp', 'uhi', 'bankIdIssueDate', 'risk'], run: (sim, args) => {
        check_details(args);
        return Object.assign(sim.orders.defaults, args);
    } },

    'POST /fault': { run: (sim, args) => ({ id: sim.faults.add(args) }) },
    'POST /clear-faults': { members: [], run: (sim) => sim.faults.clear() },
    'POST /slow': { members: ['ms'], run: (sim, { ms }) => {
        if (!(Number.isInteger(ms) && ms >= 0 && ms <= 60000))
            throw bad('ms must be 0 to 60000');
        sim.server.slow_ms = ms;
    } },
    'POST /server': { members: ['up', 'certificate', 'refuse'], run: async (sim, args) => {
        const { up = true, ...settings } = args;
        if (typeof up !== 'boolean')
            throw bad('up must be true or false');
        if (settings.certificate !== undefined && !Object.hasOwn(SERVER_CERTIFICATES, settings.certificate))
            throw bad(`certificate must be one of ${Object.keys(SERVER_CERTIFICATES).join(', ')}`);
        if (settings.refuse !== undefined && !['tls', 'html'].includes(settings.refuse))
            throw bad('refuse must be tls or html');
        Object.assign(sim.server.settings, settings);
        await sim.server.stop();
        if (up)
            await sim.server.start();
        return { up, ...sim.server.settings };
    } },
    'POST /advance': { members: ['seconds'], run: (sim, { seconds }) => {
        if (!(typeof seconds === 'number' && seconds >= 0 && seconds <= 86400))
            throw bad('seconds must be 0 to 86400');
        sim.clock.advance(seconds * 1000);
        return { now_ms: Math.round(sim.clock.now_ms()) };
    } },
    'POST /reset': { members: [], run: (sim) => sim.reset() },
};

function filter({ since = '0', ...members }) {
    if (!/^[0-9]{1,12}$/.test(since))
        throw bad('since must be a sequence number');
    return { ...members, since: Number(since) };
}

function find_person(sim, who) {
    const person = people_find(sim.people, who);
    if (!person)
        throw bad(`no such test person: ${who}`);
    return person;
}

function holder(sim, who) {
    return who === undefined ? null : find_person(sim, who).personalNumber;
}

function need_text(v, name) {
    if (typeof v !== 'string' || v === '')
        throw bad(`${name} is missing`);
    return v;
}

// Values are not judged: a test may want BankID to say nonsense.  Risk is, as
// the simulator itself compares it.
function check_details({ risk }) {
    if (risk !== undefined && risk !== null && !['low', 'moderate', 'high'].includes(risk))
        throw bad('risk must be low, moderate, high or null');
}

async function read_json(req) {
    const chunks = [];
    let n = 0;
    for await (const chunk of req) {
        n += chunk.length;
        if (n > BODY_MAX)
            throw bad('the body is too big');
        chunks.push(chunk);
    }
    let value;
    try {
        value = n === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
    } catch {
        throw bad('the body is not JSON');
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value))
        throw bad('the body is not an object');
    return value;
}
