// SPDX-License-Identifier: LGPL-2.1-or-later
// journal.mjs - everything that happened, in order, for tests to assert on.
//
// An entry is { seq, at_ms, kind, ... }: seq grows by one and never restarts,
// at_ms is the simulator's clock since its start.  Kinds: `request` (one per
// HTTP request, when its outcome is decided), `order` (what became of an
// order), `tls` (a connection that was refused), `fault` (set, spent, cleared).
// Tokens and secrets never enter: a phone learns them from the screen alone.

export const ENTRIES_MAX = 100000;
export const WAIT_MAX_S = 600;

export class Journal {
    #entries = [];
    #waiting = new Set();       // { matches, done }
    #clock;
    #sink;
    seq = 0;

    // sink: called with every entry, for a file that outlives the simulator.
    constructor(clock, sink = () => {}) {
        this.#clock = clock;
        this.#sink = sink;
    }

    add(kind, what) {
        const entry = { seq: ++this.seq, at_ms: Math.round(this.#clock.now_ms()), kind, ...what };
        this.#entries.push(entry);
        if (this.#entries.length > ENTRIES_MAX)
            this.#entries.shift();
        this.#sink(entry);
        for (const waiter of [...this.#waiting]) {
            if (waiter.matches(entry))
                waiter.done(entry);
        }
        return entry;
    }

    clear() {
        this.#entries = [];
    }

    // filter: { since, kind, order, event, ... }; every member but `since` must
    // equal the entry's member of that name, compared as text.
    list(filter = {}) {
        return this.#entries.filter(matcher(filter));
    }

    // Resolves with the first entry, old or new, that fits; null on timeout or
    // when `signal` says that nobody listens any more.
    wait(filter, timeout_s, signal) {
        const matches = matcher(filter);
        const known = this.#entries.find(matches);
        if (known)
            return Promise.resolve(known);
        return new Promise((resolve) => {
            const done = (entry) => {
                clearTimeout(timer);
                this.#waiting.delete(waiter);
                resolve(entry);
            };
            const waiter = { matches, done };
            const timer = setTimeout(() => done(null), timeout_s * 1000);
            this.#waiting.add(waiter);
            signal?.addEventListener('abort', () => done(null), { once: true });
        });
    }

    stop() {
        for (const waiter of [...this.#waiting])
            waiter.done(null);
    }
}

function matcher({ since = 0, ...members }) {
    const wanted = Object.entries(members);
    return (entry) => entry.seq > since &&
        wanted.every(([k, v]) => entry[k] !== undefined && String(entry[k]) === String(v));
}
