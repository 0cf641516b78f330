/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * config-sending.h - what the configuration says of sending: gateway, relay, and what is filled in
 *
 *     template = *( field / byte )            ; 1000 bytes of clean UTF-8
 *     field    = "{" 1*( a-z / "-" ) "}"      ; one of the option's words; any other "{" is itself
 *     gateway  = ( "https://" host / "http://" loopback ) [ ":" port ] ( "/" / "?" ) template
 *                                             ; in the template: visible ASCII but " < > \ ^ ` | #
 *     headers  = header *( blanks "|" blanks header ) ; 1000 bytes in all; no "|" in any
 *     header   = token ":" blanks template    ; visible ASCII and blanks
 *     relay    = ( "smtp://" / "smtps://" ) host [ ":" port ]
 *     mailbox  = local "@" host               ; ASCII, 254 bytes
 *
 * Inside common/ only.  Each returns CONFIG_OK, or CONFIG_E_WRONG with a part
 * of a sentence in @why.
 */

#include "config-value.h"

enum { CONFIG_TEMPLATE_MAX = 1000 };

int config_template_check(const char *text, size_t n, const char *fields, char why[static CONFIG_COMPLAINT_MAX]);
int config_gateway_check(const char *text, size_t n, const char *fields, char why[static CONFIG_COMPLAINT_MAX]);
int config_headers_check(const char *text, size_t n, const char *fields, char why[static CONFIG_COMPLAINT_MAX]);
int config_relay_check(const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]);
int config_mailbox_check(const char *text, size_t n, char why[static CONFIG_COMPLAINT_MAX]);

/* @more after what is in *@at, and a "|" between.  -ENOMEM; CONFIG_E_WRONG: all of it is too long. */
int config_headers_add(char **at, const char *more, size_t n, char why[static CONFIG_COMPLAINT_MAX]);

/* The rules between the options of [sms] and [mail]. */
int config_sending_finish(const struct config *c, char complaint[static CONFIG_COMPLAINT_MAX]);
