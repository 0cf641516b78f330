// SPDX-License-Identifier: LGPL-2.1-or-later
// qr-frame.mjs - the text inside an animated BankID QR code.
//
//   frame = "bankid." qrStartToken "." time "." code
//   time  = whole seconds since the answer to auth or sign, decimal, no padding
//   code  = lower-case hex HMAC-SHA256(key = ASCII qrStartSecret, ASCII time)

import { createHmac, timingSafeEqual } from 'node:crypto';

const FRAME = /^bankid\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.(0|[1-9][0-9]{0,5})\.([0-9a-f]{64})$/;

export function frame_code(secret, time) {
    return createHmac('sha256', secret).update(String(time)).digest('hex');
}

export function frame_make(token, secret, time) {
    return `bankid.${token}.${time}.${frame_code(secret, time)}`;
}

// Returns { token, time, code }, or null for anything that is not a frame.
export function frame_parse(text) {
    const m = typeof text === 'string' ? FRAME.exec(text) : null;
    return m && { token: m[1], time: Number(m[2]), code: m[3] };
}

export function frame_is_authentic(frame, secret) {
    return timingSafeEqual(Buffer.from(frame.code, 'hex'),
                           Buffer.from(frame_code(secret, frame.time), 'hex'));
}
