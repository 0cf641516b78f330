/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * commands.h - the table of commands, and the help that is made from it
 */

#include "arguments.h"

extern const struct command careid_commands[];          /* ends with a row without words          */

void help_all(const struct command *commands);
void help_command(const struct command *command);
