/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * compile-config.c - careid.conf on standard input, its compiled form on standard output
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>

int main(void) {
        char complaint[CONFIG_COMPLAINT_MAX] = "", *compiled = NULL;
        static char text[CONFIG_FILE_MAX];
        struct config c;
        size_t n, n_compiled = 0;

        n = fread(text, 1, sizeof text, stdin);
        if (config_init(&c) != 0 || config_parse(&c, "stdin", text, n, complaint) != CONFIG_OK ||
            config_finish(&c, complaint) != CONFIG_OK || config_compile(&c, &compiled, &n_compiled) != 0) {
                (void) fprintf(stderr, "%s\n", complaint);
                return EXIT_FAILURE;
        }
        (void) fwrite(compiled, 1, n_compiled, stdout);
        free(compiled);
        config_done(&c);
        return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
