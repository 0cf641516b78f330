/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * sudo-command.h - what sudo(8) is asked to do, read from its own arguments
 *
 * sudo tells its PAM modules neither what it is to run nor as whom.  Both stand
 * in the argument vector of its process, which nobody can change any more once
 * it is running: it is setuid, so its memory is shut to who has started it.
 * Here that vector is read as sudo 1.9 reads it, or not at all.
 */

#include "wire.h"

struct sudo_command {
        char target[WIRE_NAME_MAX + 1];         /* who it is to run as: a name, or "#" and a uid         */
        char program[WIRE_PROGRAM_MAX + 1];     /* as it was written; "sudoedit"; "sudo -i", "sudo -s"   */
        char arguments[WIRE_PROGRAM_MAX + 1];   /* with blanks between them; "..." where they were cut   */
};

enum { SUDO_COMMAND_MAX = 32768 };              /* bytes of a vector that are looked at                  */

/*
 * Fill *ret from a vector as /proc/PID/cmdline has it: each string ends in a
 * NUL.  A part that is not certain is "": an option that we don't know, or that
 * stands where another might be read, a text that is not clean UTF-8 or too
 * long.  @n above SUDO_COMMAND_MAX is a vector that was cut.
 */
void sudo_command_parse(const char *vector, size_t n, struct sudo_command *ret);

/* Fill *ret from our own process, if its program is sudo; otherwise everything is "". */
void sudo_command_read(struct sudo_command *ret);
