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
 * SENDING_SENT where the answer is as @rule says; SENDING_REFUSED where it is
 * the message that is wrong (400, 413, 414, 422: RFC 9110, 15.5); otherwise
 * SENDING_FAILED: a success that does not say what it should, trouble there,
 * or a password that somebody has to mend.  @detail names the status and what
 * was missing, and quotes nothing: a gateway may say the number or the text
 * again.
 */
enum sending_outcome answer_judge(const struct sms_rule *rule, long status, const char *body, size_t n_body,
                                  char detail[static SENDING_DETAIL_MAX]);
