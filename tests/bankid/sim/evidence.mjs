// SPDX-License-Identifier: LGPL-2.1-or-later
// evidence.mjs - a signature and an OCSP answer of the right shape.
//
// They have the structure, the digests and the nonce binding of the real ones,
// so that a relying party can store and parse them.  No trust is in them: the
// key is made at start and the certificates are not there.

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const TYPES = 'http://www.bankid.com/signature/v1.0.0/types';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const b64 = (bytes) => Buffer.from(bytes).toString('base64');
const digest = (text) => createHash('sha256').update(text).digest('base64');

// order: kind, request, requestor; returns { signature, ocspResponse }.
export function evidence_make(order, personal_number) {
    const visible = order.request.userVisibleData ?? '';
    const hidden = order.request.userNonVisibleData;
    const format = order.request.userVisibleDataFormat;
    const data = `<bankIdSignedData xmlns="${TYPES}" Id="bidSignedData">` +
        `<usrVisibleData charset="UTF-8" visible="wysiwys"${format ? ` format="${format}"` : ''}>${visible}</usrVisibleData>` +
        (hidden === undefined ? '' : `<usrNonVisibleData>${hidden}</usrNonVisibleData>`) +
        `<srvInfo><name>${b64(`cn=${order.client.cn}`)}</name><nonce>${b64(randomBytes(20))}</nonce>` +
        `<displayName>${b64(order.requestor)}</displayName></srvInfo>` +
        `<clientInfo><funcId>${order.kind === 'sign' ? 'Signing' : 'Identification'}</funcId>` +
        `<version>${b64('simulator')}</version><env><ai><type>${b64('ANDROID')}</type>` +
        `<deviceInfo>${b64('14')}</deviceInfo></ai></env></clientInfo></bankIdSignedData>`;
    const key = `<KeyInfo xmlns="${DSIG}" Id="bidKeyInfo"><X509Data><X509SubjectName>` +
        `serialNumber=${/^[0-9]*$/.test(personal_number) ? personal_number : ''}` +
        '</X509SubjectName></X509Data></KeyInfo>';
    const reference = (uri, type, text) =>
        `<Reference${type} URI="#${uri}"><Transforms><Transform Algorithm="${C14N}"></Transform></Transforms>` +
        `<DigestMethod Algorithm="${SHA256}"></DigestMethod><DigestValue>${digest(text)}</DigestValue></Reference>`;
    const info = `<SignedInfo xmlns="${DSIG}"><CanonicalizationMethod Algorithm="${C14N}"></CanonicalizationMethod>` +
        '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></SignatureMethod>' +
        reference('bidSignedData', ` Type="${TYPES}"`, data) + reference('bidKeyInfo', '', key) + '</SignedInfo>';
    const signature = b64('<?xml version="1.0" encoding="UTF-8" standalone="no"?>' +
        `<Signature xmlns="${DSIG}">${info}<SignatureValue>${b64(sign('sha256', Buffer.from(info), privateKey))}` +
        `</SignatureValue>${key}<Object>${data}</Object></Signature>`);
    return { signature, ocspResponse: ocsp_answer(signature) };
}

// DER: successful, one basic response whose nonce binds it to the signature.
function ocsp_answer(signature) {
    const nonce = Buffer.concat([createHash('sha1').update(signature).digest(), randomBytes(12)]);
    const now = der(0x18, Buffer.from(new Date().toISOString().replace(/[-:T]|\.\d+/g, '')));
    const nonce_extension = der(0x30, oid('2b0601050507300102'), der(0x04, der(0x04, nonce)));
    const tbs = der(0x30, der(0xa2, der(0x04, randomBytes(20))), now, der(0x30),
                    der(0xa1, der(0x30, nonce_extension)));
    const algorithm = der(0x30, oid('2a864886f70d01010b'), der(0x05));
    const bits = der(0x03, Buffer.from([0]), sign('sha256', tbs, privateKey));
    const basic = der(0x30, tbs, algorithm, bits);
    return b64(der(0x30, der(0x0a, Buffer.from([0])),
                   der(0xa0, der(0x30, oid('2b0601050507300101'), der(0x04, basic)))));
}

const oid = (hex) => der(0x06, Buffer.from(hex, 'hex'));

function der(tag, ...parts) {
    const body = Buffer.concat(parts);
    const n = body.length;
    const length = n < 0x80 ? [n] : n < 0x100 ? [0x81, n] : [0x82, n >> 8, n & 0xff];
    return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
