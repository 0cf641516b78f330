/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * warm.h - have libraries find, load and make now what they would at first use
 *
 * OpenSSL looks up each algorithm when it is first wanted, and keeps what it
 * has found; a process that forks conversations does that once for all.
 */

/*
 * Rehearse what a conversation does with OpenSSL: HMAC, AES-256-GCM, and a TLS
 * handshake with certificates on both sides, between two ends in memory.  All
 * keys are made for it and forgotten.  What fails is done by conversations
 * themselves, as without it: nothing depends on this.
 */
void warm_crypto(void);
