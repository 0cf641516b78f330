// SPDX-License-Identifier: LGPL-2.1-or-later
// test-simulator.mjs - the simulator is as strict as it says: node --test.

import './sim/test-requests.mjs';
import './sim/test-orders.mjs';
import './sim/test-faults.mjs';
