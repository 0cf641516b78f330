// SPDX-License-Identifier: LGPL-2.1-or-later
// rp-server.mjs - the relying party API over mutual TLS.
//
// MUST
//  1. Nobody without a valid client certificate of the RP CA gets an answer:
//     TLS refuses them or, with refuse "html", a 403 page like a front end's.
//  2. Only POST to the four endpoints, Content-Type exactly application/json,
//     bodies within BODY_MAX, members by request-rules.mjs.
//  3. Every request leaves one journal entry, every refused connection too.

import https from 'node:https';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BODY_MAX, REQUEST_RULES } from './request-rules.mjs';
import { strict_json_object } from './strict-json.mjs';
import { answer_send, fault_answer, html_page } from './faults.mjs';

export const SERVER_CERTIFICATES = {
    good: 'server', foreign: 'foreign-server', 'wrong-host': 'server-wrong-host', expired: 'server-expired',
};
const PATH = /^\/rp\/v6\.0\/(auth|sign|collect|cancel)$/;
const READ_MAX_MS = 10000;

export class RpServer {
    #server = null;
    #sockets = new Set();
    #certs;
    #orders;
    #faults;
    #journal;
    #address;
    // What start() uses; the control side changes it and starts again.
    settings = { certificate: 'good', refuse: 'tls' };
    // How much later everything is answered, refusals included: a far-away BankID, a slow relay.
    slow_ms = 0;

    constructor({ certs, orders, faults, journal }) {
        this.#certs = certs;
        this.#orders = orders;
        this.#faults = faults;
        this.#journal = journal;
    }

    get address() {
        return this.#address;
    }

    get is_up() {
        return this.#server !== null;
    }

    // port 0 at first means any; afterwards the same one is taken again.
    async start(host = this.#address.host, port = this.#address.port) {
        const file = (name) => readFileSync(join(this.#certs, name));
        const own = SERVER_CERTIFICATES[this.settings.certificate];
        const server = https.createServer({
            key: file(`${own}.key`), cert: file(`${own}.crt`), ca: file('rp-ca.crt'),
            requestCert: true, rejectUnauthorized: this.settings.refuse === 'tls',
            minVersion: 'TLSv1.2', requestTimeout: READ_MAX_MS, headersTimeout: READ_MAX_MS,
        });
        server.on('connection', (socket) => {
            this.#sockets.add(socket);
            socket.once('close', () => this.#sockets.delete(socket));
            if (this.#faults.for_connection())
                socket.destroy();
        });
        // Node passes a failed handshake on as a clientError too.
        const handshakes = new WeakSet();
        server.prependListener('tlsClientError', (e) => {
            handshakes.add(e);
            this.#journal.add('tls', { event: 'refused', reason: e.code ?? e.message });
        });
        server.on('clientError', (e, socket) => {
            if (!handshakes.has(e))
                this.#journal.add('tls', { event: 'bad-http', reason: e.code ?? e.message });
            socket.destroy();
        });
        server.on('request', (req, res) => this.#serve(req, res));
        await new Promise((resolve, reject) => {
            server.once('error', reject);
            server.listen(port, host, resolve);
        });
        this.#server = server;
        this.#address = { host, port: server.address().port };
    }

    // Closes the listening socket and every connection.
    async stop() {
        const server = this.#server;
        this.#server = null;
        if (!server)
            return;
        const closed = new Promise((resolve) => server.close(resolve));
        for (const socket of this.#sockets)
            socket.destroy();
        await closed;
    }

    #serve(req, res) {
        const endpoint = PATH.exec(req.url)?.[1] ?? null;
        const subject = req.socket.getPeerCertificate();
        const client = { fingerprint: subject.fingerprint256, cn: subject.subject?.CN,
                         requestor: subject.subject?.name ?? subject.subject?.O ?? subject.subject?.CN };
        const entry = { endpoint: endpoint ?? 'none', method: req.method, path: req.url.slice(0, 200),
                        client: client.cn ?? null, protocol: req.socket.getProtocol() };
        const answer = (what) => {
            this.#journal.add('request', { ...entry, status: what.http,
                ...(what.json?.errorCode ? { errorCode: what.json.errorCode, details: what.json.details } : {}) });
            res.once('close', () => {
                if (!res.writableFinished)
                    this.#journal.add('request', { ...entry, event: 'aborted' });
            });
            answer_send(res, { ...what, before_ms: (what.before_ms ?? 0) + this.slow_ms });
        };
        const error = (http, errorCode, details, headers = {}) => answer({ http, headers, json: { errorCode, details } });

        req.on('error', () => {});
        if (!req.socket.authorized)
            return answer({ http: 403, headers: { 'Content-Type': 'text/html', Connection: 'close' }, text: html_page(403) });
        if (!endpoint)
            return error(404, 'notFound', 'No such resource', { Connection: 'close' });
        if (req.method !== 'POST')
            return error(405, 'methodNotAllowed', 'Only POST',
                { Allow: 'POST', ...(req.method === 'GET' ? {} : { Connection: 'close' }) });
        if (req.headers['content-type'] !== 'application/json' || req.headers['content-encoding'] !== undefined)
            return error(415, 'unsupportedMediaType', 'Content-Type must be application/json', { Connection: 'close' });

        const chunks = [];
        let n_read = 0;
        req.on('data', (chunk) => {
            n_read += chunk.length;
            if (n_read <= BODY_MAX[endpoint]) {
                chunks.push(chunk);
            } else {
                req.removeAllListeners('data').removeAllListeners('end').resume();
                error(400, 'invalidParameters', 'The body is too big', { Connection: 'close' });
            }
        });
        req.on('end', () => {
            let body;
            try {
                body = strict_json_object(Buffer.concat(chunks));
            } catch (e) {
                return error(400, 'invalidParameters', e.message);
            }
            const wrong = REQUEST_RULES[endpoint](body);
            if (wrong)
                return error(400, 'invalidParameters', wrong);
            this.#act({ endpoint, body, client, entry, answer, res });
        });
    }

    #act({ endpoint, body, client, entry, answer, res }) {
        if (body.endUserIp !== undefined)
            entry.endUserIp = body.endUserIp;
        if (body.orderRef !== undefined)
            entry.order = body.orderRef;
        const execute = () => {
            const result = this.#call(endpoint, body, client);
            if (result.errorCode) {
                return { http: result.http, headers: result.headers ?? {},
                         json: { errorCode: result.errorCode, details: result.details } };
            }
            entry.order = result.order.ref;
            if (result.answer.status)
                Object.assign(entry, { outcome: result.answer.status, hintCode: result.answer.hintCode });
            if (endpoint === 'auth' || endpoint === 'sign')
                res.once('finish', () => this.#orders.answered(result.order));
            return { http: 200, headers: {}, json: result.answer };
        };
        const fault = this.#faults.for_request(endpoint);
        if (!fault)
            return answer(execute());
        entry.fault = fault.kind;
        const what = fault_answer(fault, execute);
        if (typeof what === 'string') {
            this.#journal.add('request', { ...entry, status: null });
            res.once('close', () => this.#journal.add('request', { ...entry, event: 'aborted' }));
            if (what === 'reset')
                res.socket.destroy();
            return undefined;
        }
        if (what.spoiled)
            entry.spoiled = what.spoiled;
        return answer(what);
    }

    #call(endpoint, body, client) {
        switch (endpoint) {
        case 'auth':
        case 'sign':
            return this.#orders.create(endpoint, body, client);
        case 'collect':
            return this.#orders.collect(body.orderRef, client);
        case 'cancel':
            return this.#orders.cancel(body.orderRef, client);
        }
        throw new Error(`no such endpoint: ${endpoint}`);
    }
}
