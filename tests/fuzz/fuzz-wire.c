/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-wire.c - any bytes: a verdict about them, or a message that encodes to the same bytes
 */

#include "utf8.h"
#include "wire.h"

#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        static struct wire_message m;
        static uint8_t packet[WIRE_MESSAGE_MAX];
        size_t n_packet = 0;

        if (wire_decode(data, n, &m) != WIRE_OK) {
                assert(m.present == 0);
                return 0;
        }

        /* Canonical: what we accept and what we would say are the same bytes. */
        assert(wire_encode(&m, packet, &n_packet) == WIRE_OK);
        assert(n_packet == n && memcmp(packet, data, n) == 0);

        /* Nothing that could be shown or logged does more than it says. */
        for (unsigned tag = 1; tag < WIRE_TAG_MAX; tag++)
                if (wire_has(&m, tag) && m.string[tag])
                        assert(utf8_is_clean(m.string[tag], strlen(m.string[tag]), UTF8_LINES));
        if (m.kind == WIRE_VERDICT && m.number[WIRE_TAG_VERDICT] == WIRE_VERDICT_APPROVED)
                assert(m.string[WIRE_TAG_ACCOUNT] && m.number[WIRE_TAG_UID] > 0);
        if (wire_has(&m, WIRE_TAG_QR_SIDE))
                assert(m.n_bytes[WIRE_TAG_QR_BITS] * 8 >= m.number[WIRE_TAG_QR_SIDE] * m.number[WIRE_TAG_QR_SIDE]);
        return 0;
}
