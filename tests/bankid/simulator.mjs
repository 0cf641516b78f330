#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// simulator.mjs - a BankID relying party API v6.0 to test against, see README.md.

import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Simulation } from './sim/simulation.mjs';
import { people_load } from './sim/people.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const USAGE = `usage: simulator.mjs --certs DIR --control SOCKET [--listen ADDRESS:PORT]
    [--people FILE] [--journal FILE] [--refuse tls|html] [--qr-max-age-ms MS]
    [--exit-with-stdin]
`;

function usage(why) {
    process.stderr.write(`simulator.mjs: ${why}\n${USAGE}`);
    process.exit(2);
}

let options;
try {
    ({ values: options } = parseArgs({ options: {
        'certs': { type: 'string' },
        'control': { type: 'string', default: process.env.BANKID_CONTROL },
        'listen': { type: 'string', default: '127.0.0.1:443' },
        'people': { type: 'string', default: join(HERE, 'people.json') },
        'journal': { type: 'string' },
        'refuse': { type: 'string', default: 'tls' },
        'qr-max-age-ms': { type: 'string', default: '3000' },
        'exit-with-stdin': { type: 'boolean', default: false },
    } }));
} catch (e) {
    usage(e.message);
}
const listen = /^(.*):([0-9]{1,5})$/.exec(options.listen);
if (!options.certs || !options.control || !listen || !/^[0-9]{1,6}$/.test(options['qr-max-age-ms']) ||
    !['tls', 'html'].includes(options.refuse))
    usage('an option is missing or wrong');

const simulation = new Simulation({
    certs: options.certs,
    people: people_load(options.people),
    refuse: options.refuse,
    qr_age_max_ms: Number(options['qr-max-age-ms']),
    sink: options.journal ? (entry) => appendFileSync(options.journal, JSON.stringify(entry) + '\n') : undefined,
});

let stopping = false;
async function stop() {
    if (stopping)
        return;
    stopping = true;
    await simulation.stop();
    process.exit(0);
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('SIGHUP', stop);
if (options['exit-with-stdin'])
    process.stdin.on('end', stop).on('error', stop).resume();

try {
    await simulation.start({ host: listen[1].replace(/^\[(.*)\]$/, '$1'), port: Number(listen[2]), control: options.control });
} catch (e) {
    process.stderr.write(`simulator.mjs: ${e.message}\n`);
    process.exit(1);
}
// One line, once both sides answer: whoever started us may wait for it.
process.stdout.write(JSON.stringify({ ready: true, ...simulation.server.address, control: options.control }) + '\n');
