// SPDX-License-Identifier: LGPL-2.1-or-later
// clock.mjs - the simulator's own monotonic clock, which tests may move.
//
// Everything that the RP API measures (30 s to start, 3 min to finish, one
// collect a second, the age of a QR frame) asks this clock.  A clock without
// `real` stands still until advance(); with it, advance() adds to real time.
// Time only ever goes forward.  Timers fire in the order of their due times.

export class Clock {
    #timers = [];               // { due, seq, fn }, unsorted: there are few
    #offset_ms = 0;
    #seq = 0;
    #handle = null;
    #real;

    constructor({ real = false } = {}) {
        this.#real = real;
    }

    now_ms() {
        return (this.#real ? performance.now() : 0) + this.#offset_ms;
    }

    // Returns a function that forgets the timer.
    after(ms, fn) {
        const timer = { due: this.now_ms() + ms, seq: this.#seq++, fn };
        this.#timers.push(timer);
        this.#arm();
        return () => {
            this.#timers = this.#timers.filter((t) => t !== timer);
        };
    }

    advance(ms) {
        if (!(ms >= 0))
            throw new RangeError('the clock never goes back');
        const end = this.now_ms() + ms;
        for (;;) {
            const next = this.#next();
            if (!next || next.due > end)
                break;
            // A timer must see the time at which it was due, not the end.
            this.#offset_ms += Math.max(0, next.due - this.now_ms());
            this.#fire(next);
        }
        this.#offset_ms += Math.max(0, end - this.now_ms());
        this.#arm();
    }

    stop() {
        this.#timers = [];
        clearTimeout(this.#handle);
    }

    #next() {
        return this.#timers.reduce((a, b) =>
            !a || b.due < a.due || (b.due === a.due && b.seq < a.seq) ? b : a, null);
    }

    #fire(timer) {
        this.#timers = this.#timers.filter((t) => t !== timer);
        timer.fn();
    }

    #arm() {
        if (!this.#real)
            return;
        clearTimeout(this.#handle);
        const next = this.#next();
        if (!next)
            return;
        this.#handle = setTimeout(() => {
            for (let t = this.#next(); t && t.due <= this.now_ms(); t = this.#next())
                this.#fire(t);
            this.#arm();
        }, Math.max(1, Math.ceil(next.due - this.now_ms())));
    }
}
