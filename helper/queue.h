/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * queue.h - what waits to be sent, sent: careid-helper --queue
 *
 * A process of its own, for root and _careid alone, started by
 * careid-queue.service whenever something was put there, and by its timer.
 */

#include "helper.h"

enum {
        QUEUE_MAX      = 2000,          /* messages in one run                                    */
        QUEUE_MS       = 600000,        /* for all of them                                        */
        QUEUE_FAILURES = 3,             /* in a row, and the gateway or relay is left alone in this run */
};

/* Until nothing is due, or nobody takes it.  What can't be told anybody is told the journal. */
void queue_run(struct helper *h);
