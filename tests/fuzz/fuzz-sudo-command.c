/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-sudo-command.c - any bytes as sudo's arguments: what is read of them is clean, fits, and stands in them;
 * and what comes after the end of them changes nothing
 */

#include "sudo-command.h"

#include "cleanup.h"
#include "utf8.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(const char *s, size_t max) {
        const size_t n = strnlen(s, max + 1);

        assert(n <= max && (n == 0 || utf8_is_clean(s, n, UTF8_ONE_LINE)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        /* Of exactly that size, so that a byte too far is seen. */
        auto_free char *vector = malloc(n ? n : 1);
        struct sudo_command c, again;

        if (!vector)
                return 0;
        memcpy(vector, data, n);
        sudo_command_parse(vector, n, &c);
        check(c.target, WIRE_NAME_MAX);
        check(c.program, WIRE_PROGRAM_MAX);
        check(c.arguments, WIRE_PROGRAM_MAX);
        assert(c.program[0] != '\0' || c.arguments[0] == '\0');
        if (c.target[0] != '\0' && strcmp(c.target, "root") != 0)
                assert(memmem(vector, n, c.target, strlen(c.target)));
        if (c.program[0] != '\0' && strncmp(c.program, "sudo", 4) != 0)
                assert(memmem(vector, n, c.program, strlen(c.program)));

        /* The same vector, the same answer. */
        sudo_command_parse(vector, n, &again);
        assert(strcmp(c.target, again.target) == 0 && strcmp(c.program, again.program) == 0 &&
               strcmp(c.arguments, again.arguments) == 0);
        return 0;
}
