// SPDX-License-Identifier: LGPL-2.1-or-later
// request-rules.mjs - what the members of an RP API v6.0 request may hold.
//
// Each rule returns null, or a sentence for `details` that names the member.
// Where the public documents leave a limit open we take the narrower reading:
// a client that passes here passes there.

import { isIPv4, isIPv6 } from 'node:net';
import { is_personal_number } from './personal-number.mjs';

export const MOBILE_POLICIES = ['1.2.3.4.25', '1.2.752.78.1.5'];
const CARD_POLICIES = ['1.2.3.4.10', '1.2.752.78.1.2'];

export const AUTH_VISIBLE_MAX = 1500;
export const AUTH_NON_VISIBLE_MAX = 1500;
export const SIGN_VISIBLE_MAX = 40000;
export const SIGN_NON_VISIBLE_MAX = 200000;
export const POLICIES_MAX = 10;

// Bytes of a body that are read before it is refused.
export const BODY_MAX = { auth: 16384, sign: 262144, collect: 1024, cancel: 1024 };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]/;

const is_object = (v) => v !== null && typeof v === 'object' && !Array.isArray(v);

function boolean(v, name) {
    return typeof v === 'boolean' ? null : `${name} must be true or false`;
}

function one_of(...values) {
    return (v, name) => values.includes(v) ? null : `${name} must be one of ${values.join(', ')}`;
}

function text(min, max, pattern = null) {
    return (v, name) => {
        if (typeof v !== 'string')
            return `${name} must be a string`;
        if (v.length < min || v.length > max)
            return `${name} must have ${min} to ${max} characters`;
        if (UNPRINTABLE.test(v) || (pattern && !pattern.test(v)))
            return `${name} has characters that are not allowed`;
        return null;
    };
}

function address(v, name) {
    const literal = typeof v === 'string' && (isIPv4(v) || (isIPv6(v) && !v.includes('%')));
    if (!literal)
        return `${name} must be an IPv4 or IPv6 address`;
    return v === '0.0.0.0' || v === '::' ? `${name} is the unspecified address` : null;
}

function base64(max) {
    return (v, name) => {
        if (typeof v !== 'string' || v.length < 1 || v.length > max)
            return `${name} must be a string of 1 to ${max} characters`;
        return Buffer.from(v, 'base64').toString('base64') === v
            ? null : `${name} is not base64 in its canonical form`;
    };
}

// Text for people: UTF-8, line ends the only control characters.
function base64_text(max) {
    const outer = base64(max);
    return (v, name) => {
        const wrong = outer(v, name);
        if (wrong)
            return wrong;
        let shown;
        try {
            shown = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(v, 'base64'));
        } catch {
            return `${name} is not UTF-8 inside its base64`;
        }
        return /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(shown)
            ? `${name} holds control characters` : null;
    };
}

// One wildcard, only as the last part and from the fifth on: 1.2.752.78.*
function policies(v, name) {
    if (!Array.isArray(v) || v.length < 1 || v.length > POLICIES_MAX)
        return `${name} must be a list of 1 to ${POLICIES_MAX} policies`;
    for (const oid of v) {
        if (typeof oid !== 'string' || oid.length > 64 ||
            !/^[0-2](\.(0|[1-9][0-9]*))+$|^[0-2](\.(0|[1-9][0-9]*)){3,}\.\*$/.test(oid))
            return `${name} holds something that is not a policy`;
    }
    return new Set(v).size === v.length ? null : `${name} names a policy twice`;
}

function personal_number(v, name) {
    return is_personal_number(v) ? null : `${name} must be a valid number of 12 digits`;
}

function url(v, name) {
    const wrong = text(1, 512)(v, name);
    if (wrong)
        return wrong;
    try {
        new URL(v);
        return null;
    } catch {
        return `${name} is not a URL`;
    }
}

// `table`: name -> rule.  Values that are null are wrong, not absent.
function members(table, { required = [], at_least_one = false } = {}) {
    return (v, name = '') => {
        if (!is_object(v))
            return `${name} must be an object`;
        const path = (key) => name ? `${name}.${key}` : key;
        for (const key of Object.keys(v)) {
            if (!Object.hasOwn(table, key))
                return `Unknown field: ${path(key)}`;
        }
        for (const key of required) {
            if (!Object.hasOwn(v, key))
                return `Missing field: ${path(key)}`;
        }
        if (at_least_one && Object.keys(v).length === 0)
            return `${name} must have at least one member`;
        for (const key of Object.keys(v)) {
            const wrong = table[key](v[key], path(key));
            if (wrong)
                return wrong;
        }
        return null;
    };
}

const requirement_members = members({
    pinCode: boolean,
    mrtd: boolean,
    cardReader: one_of('class1', 'class2'),
    certificatePolicies: policies,
    personalNumber: personal_number,
    risk: one_of('LOW', 'MODERATE'),
});

function requirement(v, name) {
    const wrong = requirement_members(v, name);
    if (wrong)
        return wrong;
    if (v.cardReader !== undefined &&
        !(v.certificatePolicies ?? []).some((oid) => CARD_POLICIES.includes(oid)))
        return `${name}.cardReader needs a smart card in ${name}.certificatePolicies`;
    return null;
}

const ORDER_MEMBERS = {
    endUserIp: address,
    userVisibleDataFormat: one_of('plaintext', 'simpleMarkdownV1'),
    requirement,
    returnUrl: url,
    returnRisk: boolean,
    web: members({
        referringDomain: text(3, 253, /^[a-z0-9.-]+$/),
        userAgent: text(1, 256),
        deviceIdentifier: text(1, 64),
    }, { at_least_one: true }),
    app: members({
        appIdentifier: text(1, 256),
        deviceOS: text(1, 256),
        deviceModelName: text(1, 256),
        deviceIdentifier: text(1, 64),
    }, { at_least_one: true }),
};

function web_or_app(rule) {
    return (v) => rule(v) ?? (v.web !== undefined && v.app !== undefined
        ? 'web and app exclude each other' : null);
}

const ORDER_REF = members({
    orderRef: (v, name) => typeof v === 'string' && UUID.test(v) ? null : `${name} must be a UUID`,
}, { required: ['orderRef'] });

// endpoint -> rule for the whole body; call with the body alone.
export const REQUEST_RULES = {
    auth: web_or_app(members({
        ...ORDER_MEMBERS,
        userVisibleData: base64_text(AUTH_VISIBLE_MAX),
        userNonVisibleData: base64(AUTH_NON_VISIBLE_MAX),
    }, { required: ['endUserIp'] })),
    sign: web_or_app(members({
        ...ORDER_MEMBERS,
        userVisibleData: base64_text(SIGN_VISIBLE_MAX),
        userNonVisibleData: base64(SIGN_NON_VISIBLE_MAX),
    }, { required: ['endUserIp', 'userVisibleData'] })),
    collect: ORDER_REF,
    cancel: ORDER_REF,
};

export function is_address(v) {
    return address(v, '') === null;
}
