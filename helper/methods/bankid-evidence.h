/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bankid-evidence.h - what is worth keeping of BankID's answer about an approval
 *
 *     evidence = {"completionData": {"signature": ..., "ocspResponse": ..., "user": ..., "device": ..., ...},
 *                 "orderRef": token, "provider": "bankid"}
 *
 * completionData is kept as it came, with members that this edition does not know.
 */

#include <stddef.h>

/*
 * From the @n bytes of an answer to collect that bankid_json_collected() has
 * called complete.  *ret is malloc'd JSON of *ret_n bytes, NUL added, full of
 * personal data: wipe it.  Returns 0, -EBADMSG or -ENOMEM.
 */
int bankid_evidence_make(const char *body, size_t n, char **ret, size_t *ret_n);
