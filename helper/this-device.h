/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * this-device.h - may a log-in be approved on the device that it comes from?
 *
 * The approval counts only if the provider sees it come from the address that
 * we see.  So there has to be one that others see, too: a loopback or
 * link-local address is nobody's, a private one only ours, unless [network]
 * seen-as says what becomes of it outside.
 */

#include "config.h"

/* @source is an address literal; anything else, and NULL, is offered nothing. */
bool this_device_is_offered(const struct config *c, const char *source);
