// SPDX-License-Identifier: LGPL-2.1-or-later
// faults.mjs - ways in which BankID's side goes wrong, on demand.
//
// A fault is { kind, endpoint, count, skip, ... }: it takes the next `count`
// requests to `endpoint` ("*": any) after letting `skip` of them pass; without
// count it stays until cleared.  The oldest that fits is used, one a request.
// A request must be correct before a fault touches it: a fault never hides a
// client's mistake.
//
// Kinds of `answer` are given in place of the real answer; the request then has
// no effect unless `executed` is true.  Kinds of `spoil` do the request and
// damage its answer.

import { setTimeout as pause } from 'node:timers/promises';

export const FAULTS_MAX = 100;

const string = (v) => typeof v === 'string';
const whole = (min, max) => (v) => Number.isInteger(v) && v >= min && v <= max;
const any = () => true;
const status = whole(200, 599);

const COMMON = { kind: string, endpoint: (v) => ['*', 'auth', 'sign', 'collect', 'cancel'].includes(v),
                 count: whole(1, 1000000), skip: whole(0, 1000000), executed: (v) => typeof v === 'boolean' };

const error = (http, errorCode, details, headers = {}) =>
    ({ http, headers, json: { errorCode, details } });

// kind -> { members, required, answer | spoil | sever | accept }
//   answer(fault)        -> { http, headers, json | text }
//   spoil(fault, answer) -> the same, changed; may add bytes (send less),
//                           before_ms, drip_ms, close
//   sever                -> how the connection ends: 'reset' or 'never'
//   accept               -> acts on connections instead of requests
const KINDS = {
    'error': { members: { status, errorCode: string, details: string }, required: ['status', 'errorCode'],
        answer: (f) => error(f.status, f.errorCode, f.details ?? 'fault') },
    'maintenance': { members: { spelling: string },
        answer: (f) => error(503, f.spelling ?? 'maintenance', 'The service is down for maintenance') },
    'internal-error': { answer: () => error(500, 'internalError', 'Internal technical error') },
    'request-timeout': { answer: () => error(408, 'requestTimeout', 'It took too long time to transmit the request') },
    'too-many-requests': { members: { headers: is_headers },
        answer: (f) => error(429, 'tooManyRequests', 'Too many requests',
            f.headers ?? { 'RateLimit-Limit': '1', 'RateLimit-Remaining': '0', 'RateLimit-Reset': '5' }) },
    'html': { members: { status },
        answer: (f) => ({ http: f.status ?? 503, headers: { 'Content-Type': 'text/html' },
            text: html_page(f.status ?? 503) }) },
    'raw': { members: { status, contentType: string, body: string, bodyBase64: string },
        answer: (f) => ({ http: f.status ?? 200, headers: { 'Content-Type': f.contentType ?? 'application/json' },
            text: f.bodyBase64 !== undefined ? Buffer.from(f.bodyBase64, 'base64') : f.body ?? '' }) },
    'redirect': { members: { location: string, status },
        answer: (f) => ({ http: f.status ?? 302, headers: { Location: f.location ?? 'https://localhost:1/' }, text: '' }) },

    'truncated-json': { spoil: (f, a) => ({ ...a, json: undefined, text: half(JSON.stringify(a.json)) }) },
    'cut-connection': { spoil: (f, a) => ({ ...a, bytes: Buffer.byteLength(JSON.stringify(a.json)) >> 1 }) },
    'oversized': { members: { bytes: whole(1, 64 * 1024 * 1024) },
        spoil: (f, a) => ({ ...a, json: undefined,
            text: JSON.stringify(a.json).replace('{', '{' + ' '.repeat(f.bytes ?? 10 * 1024 * 1024)) }) },
    'content-type': { members: { value: string },
        spoil: (f, a) => ({ ...a, headers: { ...a.headers, 'Content-Type': f.value ?? 'text/plain' } }) },
    'wrong-type': { members: { field: string, value: any, missing: (v) => v === true }, spoil: wrong_type },
    'slow-first-byte': { members: { ms: whole(0, 600000) }, required: ['ms'],
        spoil: (f, a) => ({ ...a, before_ms: f.ms }) },
    'slow-drip': { members: { ms: whole(0, 600000) }, required: ['ms'],
        spoil: (f, a) => ({ ...a, drip_ms: f.ms }) },
    'connection-close': { spoil: (f, a) => ({ ...a, close: true }) },

    'reset': { sever: 'reset' },
    'never': { sever: 'never' },
    'close-on-accept': { accept: true },
};

function is_headers(v) {
    return v !== null && typeof v === 'object' && !Array.isArray(v) && Object.values(v).every(string);
}

export const FAULT_KINDS = Object.keys(KINDS);

// What `wrong-type` can name, for tests that go through all of them.
export const ANSWER_FIELDS = {
    auth: ['orderRef', 'autoStartToken', 'qrStartToken', 'qrStartSecret'],
    pending: ['orderRef', 'status', 'hintCode'],
    failed: ['orderRef', 'status', 'hintCode'],
    complete: ['orderRef', 'status', 'completionData', 'completionData.user',
        'completionData.user.personalNumber', 'completionData.user.name',
        'completionData.user.givenName', 'completionData.user.surname',
        'completionData.device', 'completionData.device.ipAddress', 'completionData.device.uhi',
        'completionData.bankIdIssueDate', 'completionData.signature', 'completionData.ocspResponse'],
    error: ['errorCode', 'details'],
};

export class Faults {
    #list = [];
    #journal;
    #ids = 0;

    constructor(journal) {
        this.#journal = journal;
    }

    // Returns the fault's id; throws RangeError that says what is wrong with it.
    add(spec) {
        const kind = Object.hasOwn(KINDS, spec?.kind) ? KINDS[spec.kind] : null;
        if (!kind)
            throw new RangeError(`kind must be one of ${FAULT_KINDS.join(', ')}`);
        const members = { ...COMMON, ...kind.members };
        for (const [name, value] of Object.entries(spec)) {
            if (!Object.hasOwn(members, name))
                throw new RangeError(`${spec.kind} has no member ${name}`);
            if (!members[name](value))
                throw new RangeError(`${spec.kind}: ${name} can't be ${JSON.stringify(value)}`);
        }
        for (const name of kind.required ?? []) {
            if (spec[name] === undefined)
                throw new RangeError(`${spec.kind} needs ${name}`);
        }
        if (this.#list.length >= FAULTS_MAX)
            throw new RangeError('too many faults');
        const fault = { endpoint: '*', skip: 0, ...spec, id: ++this.#ids, used: 0, left: spec.count ?? Infinity };
        this.#list.push(fault);
        this.#journal.add('fault', { event: 'set', fault: fault.kind, id: fault.id });
        return fault.id;
    }

    clear() {
        if (this.#list.length > 0)
            this.#journal.add('fault', { event: 'cleared' });
        this.#list = [];
    }

    list() {
        return this.#list.map(({ left, ...f }) => ({ ...f, left: Number.isFinite(left) ? left : null }));
    }

    for_request(endpoint) {
        return this.#take((f) => !KINDS[f.kind].accept && ['*', endpoint].includes(f.endpoint));
    }

    for_connection() {
        return this.#take((f) => KINDS[f.kind].accept);
    }

    #take(fits) {
        for (const fault of this.#list) {
            if (!fits(fault))
                continue;
            if (fault.skip > 0) {
                fault.skip--;
                continue;
            }
            fault.used++;
            if (--fault.left === 0) {
                this.#list = this.#list.filter((f) => f !== fault);
                this.#journal.add('fault', { event: 'spent', fault: fault.kind, id: fault.id });
            }
            return fault;
        }
        return null;
    }
}

// execute() does the request; returns the answer to send, 'reset' or 'never'.
export function fault_answer(fault, execute) {
    const kind = KINDS[fault.kind];
    if (kind.spoil)
        return kind.spoil(fault, execute());
    if (fault.executed)
        execute();
    return kind.sever ?? kind.answer(fault);
}

// Sends what fault_answer() or the server made.  Never rejects.
export async function answer_send(res, answer) {
    const body = Buffer.isBuffer(answer.text) ? answer.text : Buffer.from(answer.text ?? JSON.stringify(answer.json));
    const headers = { 'Content-Type': 'application/json', ...answer.headers, 'Content-Length': body.length,
                      ...(answer.close ? { Connection: 'close' } : {}) };
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    try {
        if (answer.before_ms)
            await pause(answer.before_ms, null, { signal: gone.signal });
        if (res.destroyed)
            return;
        res.writeHead(answer.http, headers);
        if (answer.bytes !== undefined) {
            res.write(body.subarray(0, answer.bytes), () => res.destroy());
        } else if (answer.drip_ms !== undefined) {
            res.flushHeaders();
            for (let i = 0; i < body.length; i++) {
                await pause(answer.drip_ms, null, { signal: gone.signal });
                res.write(body.subarray(i, i + 1));
            }
            res.end();
        } else {
            res.end(body);
        }
    } catch {
        // The client left; the server journals that.
    }
}

export function html_page(code) {
    const title = { 403: '403 Forbidden', 503: '503 Service Temporarily Unavailable' }[code] ?? String(code);
    return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
        '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';
}

function half(text) {
    return text.slice(0, text.length >> 1);
}

// Without `field` the members of the answers are gone through in turn.
function wrong_type(fault, answer) {
    const json = structuredClone(answer.json);
    const paths = all_paths(json);
    const path = fault.field ?? paths[(fault.used - 1) % paths.length];
    const names = path?.split('.') ?? [];
    const last = names.pop();
    const holder = names.reduce((o, name) => o?.[name], json);
    if (holder === undefined || holder === null || !Object.hasOwn(holder, last))
        return answer;
    if (fault.missing)
        delete holder[last];
    else
        holder[last] = Object.hasOwn(fault, 'value') ? fault.value : another_type(holder[last]);
    return { ...answer, json, spoiled: path };
}

function another_type(value) {
    return typeof value === 'string' ? 7 : Array.isArray(value) ? {} : value !== null && typeof value === 'object' ? [] : 'x';
}

function all_paths(value, prefix = '') {
    if (value === null || typeof value !== 'object')
        return [];
    return Object.keys(value).flatMap((k) => [prefix + k, ...all_paths(value[k], `${prefix}${k}.`)]);
}
