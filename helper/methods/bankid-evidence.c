/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * bankid-evidence.c - what is worth keeping of BankID's answer about an approval
 */

#include "bankid-evidence.h"

#include "bankid-json.h"
#include "cleanup.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

int bankid_evidence_make(const char *body, size_t n, char **ret, size_t *ret_n) {
        AUTO(json_decrefp) json_t *answer = NULL, *kept = NULL;
        json_t *completion, *order;
        char *text;

        if (n > BANKID_BODY_MAX)
                return -EBADMSG;
        answer = json_loadb(body, n, JSON_REJECT_DUPLICATES, NULL);
        completion = json_object_get(answer, "completionData");
        order = json_object_get(answer, "orderRef");
        if (!json_is_object(completion) || !json_is_string(order))
                return -EBADMSG;

        kept = json_pack("{s:s, s:O, s:O}", "provider", "bankid", "orderRef", order, "completionData", completion);
        text = kept ? json_dumps(kept, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
        if (!text)
                return -ENOMEM;
        *ret = text;
        *ret_n = strlen(text);
        return 0;
}
