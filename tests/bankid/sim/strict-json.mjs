// SPDX-License-Identifier: LGPL-2.1-or-later
// strict-json.mjs - one JSON object from bytes, refusing what parsers differ on.
//
// Refused besides bad JSON: bytes that are not UTF-8, a byte order mark, a
// repeated member name, anything but an object at the top.

// Returns the object, or throws SyntaxError with a reason fit for `details`.
export function strict_json_object(bytes) {
    let text;
    try {
        text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
        throw new SyntaxError('The body is not UTF-8');
    }
    if (text.startsWith('\ufeff'))
        throw new SyntaxError('The body starts with a byte order mark');
    let value;
    try {
        value = JSON.parse(text);
    } catch {
        throw new SyntaxError('The body is not JSON');
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value))
        throw new SyntaxError('The body is not a JSON object');
    const twice = repeated_name(text);
    if (twice !== null)
        throw new SyntaxError(`Repeated member: ${twice}`);
    return value;
}

// `text` is known to be JSON, so a string followed by a colon is a name.
function repeated_name(text) {
    const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g;
    const open = [];
    for (const m of text.matchAll(token)) {
        if (m[0] === '{') {
            open.push(new Set());
        } else if (m[0] === '}') {
            open.pop();
        } else if (m[1] !== undefined) {
            const name = JSON.parse(m[0].slice(0, -m[1].length));
            if (open.at(-1).has(name))
                return name;
            open.at(-1).add(name);
        }
    }
    return null;
}
