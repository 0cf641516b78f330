// SPDX-License-Identifier: LGPL-2.1-or-later
// control-client.mjs - the control side called from a Node test.

import http from 'node:http';

// args: query members of a GET, body members of a POST.  Rejects with the
// simulator's message and its word in .code.
export function control_call(socket, method, path, args = {}) {
    const query = method === 'GET' && Object.keys(args).length ? `?${new URLSearchParams(args)}` : '';
    return new Promise((resolve, reject) => {
        const req = http.request({ socketPath: socket, method, path: path + query, agent: false }, async (res) => {
            const chunks = [];
            for await (const chunk of res)
                chunks.push(chunk);
            const value = JSON.parse(Buffer.concat(chunks));
            if (res.statusCode === 200)
                resolve(value);
            else
                reject(Object.assign(new Error(value.message), { code: value.error, http: res.statusCode }));
        });
        req.on('error', reject);
        req.end(method === 'GET' ? undefined : JSON.stringify(args));
    });
}
