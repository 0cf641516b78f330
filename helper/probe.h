/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * probe.h - PROBE: is the provider there, and does it accept us?  For root's `careid check --online`
 */

#include "helper.h"
#include "wire.h"

void probe_run(struct helper *h, const struct wire_message *request);
void probe_refuse(struct helper *h, bool crowded);
