// SPDX-License-Identifier: LGPL-2.1-or-later
// simulation.mjs - the parts of the simulator put together, for main and tests.

import { Clock } from './clock.mjs';
import { Journal } from './journal.mjs';
import { OrderBook } from './orders.mjs';
import { Faults } from './faults.mjs';
import { RpServer } from './rp-server.mjs';
import { Control } from './control.mjs';

export class Simulation {
    // certs: folder made by make-certs.sh; people: list of people.mjs.
    constructor({ certs, people, clock = new Clock({ real: true }), sink, qr_age_max_ms, refuse = 'tls' }) {
        this.clock = clock;
        this.people = people;
        this.journal = new Journal(clock, sink);
        this.orders = new OrderBook({ clock, journal: this.journal, qr_age_max_ms });
        this.faults = new Faults(this.journal);
        this.server = new RpServer({ certs, orders: this.orders, faults: this.faults, journal: this.journal });
        this.server.settings.refuse = refuse;
        this.first_settings = { ...this.server.settings };
        this.control = new Control(this);
    }

    async start({ host, port, control }) {
        await this.server.start(host, port);
        await this.control.listen(control);
    }

    // Everything as after the start; sequence numbers and the clock go on.
    async reset() {
        this.orders.reset();
        this.faults.clear();
        this.server.slow_ms = 0;
        const changed = Object.keys(this.first_settings)
            .some((k) => this.server.settings[k] !== this.first_settings[k]);
        if (changed || !this.server.is_up) {
            Object.assign(this.server.settings, this.first_settings);
            await this.server.stop();
            await this.server.start();
        }
        this.journal.clear();
        return { seq: this.journal.seq };
    }

    async stop() {
        this.journal.stop();
        await this.server.stop();
        await this.control.stop();
        this.clock.stop();
    }
}
