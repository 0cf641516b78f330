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

enum this_device {
        THIS_DEVICE_SEEN = 1,           /* offered: others see the address                        */
        THIS_DEVICE_SEEN_AS,            /* offered: [network] seen-as says what others see        */
        THIS_DEVICE_NO_ADDRESS,         /* a log-in at the machine itself, or nobody knows where  */
        THIS_DEVICE_NOWHERE,            /* loopback and the like: nobody's address                */
        THIS_DEVICE_PRIVATE,            /* nobody has said what becomes of it outside             */
};

/* @source is an address literal; anything else, and NULL, is offered nothing. */
enum this_device this_device_find(const struct config *c, const char *source);
