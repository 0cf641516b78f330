// SPDX-License-Identifier: LGPL-2.1-or-later
// people.mjs - the test people that the simulated phone can be.

import { readFileSync } from 'node:fs';
import { is_personal_number } from './personal-number.mjs';

// Returns the list; throws when the file names a number that cannot exist.
export function people_load(path) {
    const { people } = JSON.parse(readFileSync(path, 'utf8'));
    for (const p of people) {
        if (!is_personal_number(p.personalNumber))
            throw new Error(`${path}: ${p.id}: not a valid personal number`);
    }
    if (new Set(people.map((p) => p.personalNumber)).size !== people.length)
        throw new Error(`${path}: a personal number is there twice`);
    return people;
}

// who: an id, a number or a full name.
export function people_find(people, who) {
    return people.find((p) => [p.id, p.personalNumber, p.name].includes(who)) ?? null;
}
