/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * config-network.h - lists of networks in the configuration: from text, and to text
 *
 * Inside common/ only; who asks a list something does so through config.h.
 */

#include "config-value.h"

/* As config_value_set(): @add adds to what is there. */
int config_networks_set(struct config_networks *list, const char *text, size_t n, bool add,
                        char why[static CONFIG_COMPLAINT_MAX]);
int config_exits_set(struct config_exits *list, const char *text, size_t n, bool add,
                     char why[static CONFIG_COMPLAINT_MAX]);

/* As config_value_print(). */
size_t config_networks_print(const struct config_networks *list, char ret[static CONFIG_VALUE_MAX]);
size_t config_exits_print(const struct config_exits *list, char ret[static CONFIG_VALUE_MAX]);

/* Is all of @b in @a? */
bool config_network_has(const struct config_network *a, const struct config_network *b);
