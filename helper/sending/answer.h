/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * answer.h - has the gateway taken the message?
 *
 * Pure.
 */

#include "sending.h"
#include "sms-rule.h"

/*
 * SENDING_SENT where the answer is as @rule says; SENDING_FAILED where trying
 * again may help (no such answer, 408, 429, 5xx, or a success that does not
 * say what it should); SENDING_REFUSED where it may not (3xx, other 4xx).
 * @detail names the status and what was missing, and quotes nothing: a gateway
 * may say the number or the text again.
 */
enum sending_outcome answer_judge(const struct sms_rule *rule, long status, const char *body, size_t n_body,
                                  char detail[static SENDING_DETAIL_MAX]);
