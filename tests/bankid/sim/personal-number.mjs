// SPDX-License-Identifier: LGPL-2.1-or-later
// personal-number.mjs - is this a Swedish number that an order could carry?
//
// Twelve digits, YYYYMMDDNNNC, Luhn over the last ten, NNN not 000.  The date
// is not judged: coordination numbers have day 60-91 and month 00 exists.

export function is_personal_number(text) {
    if (typeof text !== 'string' || !/^[0-9]{12}$/.test(text) || text.slice(8, 11) === '000')
        return false;
    let sum = 0;
    for (let i = 0; i < 10; i++) {
        const n = Number(text[i + 2]) * (i % 2 === 0 ? 2 : 1);
        sum += n > 9 ? n - 9 : n;
    }
    return sum % 10 === 0;
}
