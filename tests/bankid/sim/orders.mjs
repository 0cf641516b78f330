// SPDX-License-Identifier: LGPL-2.1-or-later
// orders.mjs - the orders of the simulated BankID, from both of their sides.
//
// An order is pending until its outcome is fixed, once, as complete or failed;
// it is forgotten when that outcome has been collected, when it is cancelled,
// or when nobody came for it.
//
//   created --scan/link--> started --collect--> (userMrtd) --> userSign
//      | 30 s                 | 3 min                |
//      v                      v                      v approve, refuse, hint
//   startFailed         expiredTransaction      complete | failed
//
// MUST
//  1. Collect and cancel answer only to the client certificate that made the
//     order; to anybody else there is no such order.
//  2. A terminal result is collected once, and only for KEEP_*_MS.
//  3. Two collects of an order are COLLECT_MIN_MS apart, else 429.
//  4. A QR frame that is forged, older than the maximum age or from the future
//     fails the order that it names; so does one whose order does not demand a
//     mobile BankID.
//  5. An order that demands a personal number ends any other of that person.
//
// Relying party calls return { answer } or { http, errorCode, details }; calls
// of the phone return what the phone shows, or throw PhoneError.

import { randomUUID } from 'node:crypto';
import { frame_is_authentic, frame_parse } from './qr-frame.mjs';
import { MOBILE_POLICIES } from './request-rules.mjs';
import { evidence_make } from './evidence.mjs';

export const START_MS = 30 * 1000;
export const FINISH_MS = 180 * 1000;
export const COLLECT_MIN_MS = 1000;
export const KEEP_COMPLETE_MS = 180 * 1000;
export const KEEP_FAILED_MS = 300 * 1000;
export const QR_AGE_MAX_MS = 3000;
export const QR_FUTURE_MAX_MS = 1000;
export const ORDERS_MAX = 10000;

export const PENDING_HINTS = ['outstandingTransaction', 'noClient', 'started', 'userMrtd',
    'userCallConfirm', 'userSign', 'processing'];
export const FAILED_HINTS = ['expiredTransaction', 'certificateErr', 'userCancel', 'cancelled',
    'startFailed', 'userDeclinedCall', 'notSupportedByUserApp', 'transactionRiskBlocked'];

const RISKS = ['low', 'moderate', 'high'];
const NO_SUCH_ORDER = { http: 400, errorCode: 'invalidParameters', details: 'No such order' };

export class PhoneError extends Error {
    // http: 404 nothing there, 409 not in that state, 422 the phone refuses it.
    constructor(http, code, message) {
        super(message);
        this.http = http;
        this.code = code;
    }
}

export class OrderBook {
    #orders = new Map();
    #last = null;               // the order that the phone read last
    #clock;
    #journal;
    #qr_age_max_ms;
    defaults;

    constructor({ clock, journal, qr_age_max_ms = QR_AGE_MAX_MS }) {
        this.#clock = clock;
        this.#journal = journal;
        this.#qr_age_max_ms = qr_age_max_ms;
        this.reset();
    }

    reset() {
        for (const order of [...this.#orders.values()])
            this.#forget(order);
        this.#last = null;
        this.defaults = {
            deviceIp: null,     // null: 198.51.100.77 after a scan, endUserIp after a link
            uhi: 'c2ltdWxhdGVkIHBob25lIDE=',
            bankIdIssueDate: '2024-02-01Z',
            risk: 'low',        // null: BankID could not tell
        };
    }

    // ---- the relying party's side

    create(kind, request, client) {
        const wanted = request.requirement?.personalNumber;
        if (wanted !== undefined && this.#end_others_of(wanted)) {
            return { http: 400, errorCode: 'alreadyInProgress',
                     details: 'Order already in progress for pno' };
        }
        if (this.#orders.size >= ORDERS_MAX)
            return { http: 503, errorCode: 'maintenance', details: 'Too many orders' };
        const order = {
            ref: randomUUID(), kind, request, client, requestor: client.requestor,
            auto_start_token: randomUUID(), qr_token: randomUUID(), qr_secret: randomUUID(),
            born_ms: this.#clock.now_ms(), status: 'pending', hint: 'outstandingTransaction',
            started_via: null, holder: null, collected_ms: null, completion: null,
            forget_timer: () => {},
        };
        this.#orders.set(order.ref, order);
        this.#due(order, START_MS, () => this.#fail(order, 'startFailed', 'not started in time'));
        this.#log(order, 'created', { client: client.cn, endUserIp: request.endUserIp,
                                      text: visible_text(order), request });
        return {
            order,
            answer: { orderRef: order.ref, autoStartToken: order.auto_start_token,
                      qrStartToken: order.qr_token, qrStartSecret: order.qr_secret },
        };
    }

    // The answer has left: from now on the client counts its seconds.
    answered(order) {
        order.born_ms = this.#clock.now_ms();
    }

    collect(ref, client) {
        const order = this.#owned(ref, client);
        if (!order)
            return NO_SUCH_ORDER;
        const now_ms = this.#clock.now_ms();
        if (order.collected_ms !== null && now_ms - order.collected_ms < COLLECT_MIN_MS) {
            return { http: 429, errorCode: 'tooManyRequests', details: 'One collect a second',
                     headers: { 'RateLimit-Limit': '1', 'RateLimit-Remaining': '0',
                                'RateLimit-Reset': '1' } };
        }
        order.collected_ms = now_ms;
        const answer = { orderRef: order.ref, status: order.status };
        if (order.status === 'complete')
            answer.completionData = order.completion;
        else
            answer.hintCode = order.hint;
        if (order.status === 'pending') {
            this.#move_on(order);
        } else {
            this.#log(order, 'collected', { outcome: order.status });
            this.#forget(order);
        }
        return { order, answer };
    }

    cancel(ref, client) {
        const order = this.#owned(ref, client);
        if (!order || order.status !== 'pending')
            return NO_SUCH_ORDER;
        this.#log(order, 'ended', { outcome: 'cancelled', reason: 'cancelled by the relying party' });
        this.#forget(order);
        return { order, answer: {} };
    }

    // ---- the phone's side

    // holder: the person whose BankID the app has, when known.
    scan(text, holder = null) {
        const frame = frame_parse(text);
        if (!frame)
            throw new PhoneError(422, 'notBankId', 'This is not a BankID QR code');
        const order = [...this.#orders.values()].find((o) => o.qr_token === frame.token);
        if (!order)
            throw new PhoneError(404, 'unknownOrder', 'No order has this QR code');
        if (order.status !== 'pending')
            throw new PhoneError(409, 'ended', 'The order has ended');
        const age_ms = this.#clock.now_ms() - order.born_ms - frame.time * 1000;
        const refusal = !frame_is_authentic(frame, order.qr_secret) ? ['forged', 'the code of the frame is wrong']
            : age_ms > this.#qr_age_max_ms ? ['tooOld', `the frame is ${Math.round(age_ms)} ms old`]
            : age_ms < -QR_FUTURE_MAX_MS ? ['future', `the frame is ${Math.round(-age_ms)} ms early`]
            : order.started_via ? ['alreadyStarted', 'the order is open in an app']
            : !is_mobile_only(order) ? ['notMobile', 'certificatePolicies does not demand a mobile BankID']
            : null;
        if (refusal) {
            this.#log(order, 'scan-refused', { reason: refusal[0], age_ms: Math.round(age_ms) });
            if (refusal[0] !== 'alreadyStarted')
                this.#fail(order, 'startFailed', refusal[1]);
            throw new PhoneError(422, refusal[0], `The QR code is not valid: ${refusal[1]}`);
        }
        this.#log(order, 'started', { via: 'qr', age_ms: Math.round(age_ms) });
        return this.#start(order, 'qr', holder);
    }

    // token: an autoStartToken, or a link that carries one.
    link(token, holder = null) {
        const m = typeof token === 'string' ?
            /^(?:bankid:\/\/\/?\?|https:\/\/app\.bankid\.com\/\?)(?:[^#]*&)?autostarttoken=([0-9a-f-]{36})(?:&[^#]*)?$/.exec(token) : null;
        const order = [...this.#orders.values()].find((o) => o.auto_start_token === (m ? m[1] : token));
        if (!order)
            throw new PhoneError(404, 'unknownOrder', 'No order has this link');
        if (order.status !== 'pending')
            throw new PhoneError(409, 'ended', 'The order has ended');
        if (order.started_via)
            throw new PhoneError(422, 'alreadyStarted', 'The order is open in an app');
        this.#log(order, 'started', { via: 'link' });
        return this.#start(order, 'link', holder);
    }

    // person: { personalNumber, name, givenName, surname }; details may hold
    // deviceIp, uhi, bankIdIssueDate, risk, stepUp, completion (members that
    // replace or, when null, remove those of completionData).
    approve(ref, person, details = {}) {
        const order = this.#in_hand(ref);
        const wanted = order.request.requirement?.personalNumber;
        if (wanted !== undefined && wanted !== person.personalNumber) {
            this.#fail(order, 'certificateErr', 'the order demands another person');
            throw new PhoneError(422, 'wrongPerson', 'The order is for another BankID');
        }
        const given = { ...this.defaults, ...details };
        const limit = { LOW: 0, MODERATE: 1 }[order.request.requirement?.risk] ?? 2;
        if (given.risk !== null && RISKS.indexOf(given.risk) > limit) {
            this.#fail(order, 'transactionRiskBlocked', `risk is ${given.risk}`);
            throw new PhoneError(422, 'riskBlocked', 'BankID stopped this for its risk');
        }
        const device_ip = given.deviceIp ??
            (order.started_via === 'link' ? order.request.endUserIp : '198.51.100.77');
        const step_up = given.stepUp ?? (order.request.requirement?.mrtd ? { mrtd: true } : null);
        const completion = {
            user: { personalNumber: person.personalNumber, name: person.name,
                    givenName: person.givenName, surname: person.surname },
            device: { ipAddress: device_ip, uhi: given.uhi },
            bankIdIssueDate: given.bankIdIssueDate,
            ...(step_up ? { stepUp: step_up } : {}),
            ...evidence_make(order, person.personalNumber),
            ...(order.request.returnRisk && given.risk !== null ? { risk: given.risk } : {}),
        };
        for (const [name, value] of Object.entries(given.completion ?? {})) {
            if (value === null)
                delete completion[name];
            else
                completion[name] = value;
        }
        order.completion = completion;
        this.#end(order, 'complete', null, 'approved', { personalNumber: person.personalNumber, deviceIp: device_ip });
        return this.#shown(order);
    }

    refuse(ref) {
        const order = this.#in_hand(ref);
        this.#fail(order, 'userCancel', 'refused in the app');
        return this.#shown(order);
    }

    // Says anything, as BankID might: `status` is needed for unknown codes.
    hint(ref, code, status = null) {
        const order = this.#pending(ref);
        const known = PENDING_HINTS.includes(code) ? 'pending' : FAILED_HINTS.includes(code) ? 'failed' : null;
        const wanted = status ?? known;
        if (wanted !== 'pending' && wanted !== 'failed')
            throw new PhoneError(400, 'badRequest', 'status must be pending or failed for an unknown hintCode');
        if (wanted === 'failed') {
            this.#fail(order, code, 'asked for by the test');
        } else {
            order.hint = code;
            order.hint_held = true;
            this.#log(order, 'hint', { hintCode: code });
        }
        return this.#shown(order);
    }

    list() {
        return [...this.#orders.values()].map((o) => this.#shown(o));
    }

    // ---- inside

    #owned(ref, client) {
        const order = this.#orders.get(ref);
        return order && order.client.fingerprint === client.fingerprint ? order : null;
    }

    #pending(ref) {
        const all = [...this.#orders.values()];
        const order = ref ? this.#orders.get(ref) : this.#last ?? (all.length === 1 ? all[0] : null);
        if (!order)
            throw new PhoneError(404, 'unknownOrder', ref ? 'No such order' : 'Which order?');
        if (order.status !== 'pending')
            throw new PhoneError(409, 'ended', 'The order has ended');
        return order;
    }

    #in_hand(ref) {
        const order = this.#pending(ref);
        if (!order.started_via)
            throw new PhoneError(409, 'notStarted', 'The app has not read the code of this order');
        return order;
    }

    #start(order, via, holder) {
        order.started_via = via;
        order.holder = holder;
        order.hint = 'started';
        this.#last = order;
        this.#due(order, FINISH_MS, () => this.#fail(order, 'expiredTransaction', 'not finished in time'));
        return this.#shown(order);
    }

    // What the user does next becomes visible one collect at a time, so that
    // every hint is seen however slowly a client asks.
    #move_on(order) {
        if (order.hint_held || !order.started_via)
            return;
        if (order.hint === 'started')
            order.hint = order.request.requirement?.mrtd ? 'userMrtd' : 'userSign';
        else if (order.hint === 'userMrtd')
            order.hint = 'userSign';
    }

    #end_others_of(personal_number) {
        const others = [...this.#orders.values()].filter((o) => o.status === 'pending' &&
            (o.request.requirement?.personalNumber === personal_number || o.holder === personal_number));
        for (const order of others)
            this.#fail(order, 'cancelled', 'a new order for the same person');
        return others.length > 0;
    }

    #fail(order, hint, reason) {
        this.#end(order, 'failed', hint, reason);
    }

    #end(order, status, hint, reason, more = {}) {
        order.status = status;
        order.hint = hint;
        this.#due(order, status === 'complete' ? KEEP_COMPLETE_MS : KEEP_FAILED_MS, () => {
            this.#log(order, 'forgotten', { outcome: status });
            this.#forget(order);
        });
        this.#log(order, 'ended', { outcome: status, ...(hint ? { hintCode: hint } : {}), reason, ...more });
    }

    #due(order, ms, fn) {
        order.forget_timer();
        order.forget_timer = this.#clock.after(ms, fn);
    }

    #forget(order) {
        order.forget_timer();
        this.#orders.delete(order.ref);
        if (this.#last === order)
            this.#last = null;
    }

    #shown(order) {
        return {
            order: order.ref, kind: order.kind, status: order.status, hintCode: order.hint,
            requestor: order.requestor, text: visible_text(order),
            format: order.request.userVisibleDataFormat ?? 'plaintext',
            returnUrl: order.request.returnUrl ?? null, startedVia: order.started_via,
            endUserIp: order.request.endUserIp, client: order.client.cn,
            age_ms: Math.round(this.#clock.now_ms() - order.born_ms),
            last: this.#last === order,
        };
    }

    #log(order, event, what) {
        this.#journal.add('order', { event, order: order.ref, type: order.kind, ...what });
    }
}

function visible_text(order) {
    return Buffer.from(order.request.userVisibleData ?? '', 'base64').toString('utf8');
}

function is_mobile_only(order) {
    const policies = order.request.requirement?.certificatePolicies ?? [];
    return policies.length > 0 && policies.every((oid) => MOBILE_POLICIES.includes(oid));
}
