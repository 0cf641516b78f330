/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * config-compiled.c - the compiled form: written by `careid apply`, read by the parts
 *
 *     compiled = magic LF *( option LF ) check LF
 *     magic    = "careid-config 1"
 *     option   = section "." name "=" value   ; every option, in the order of the table
 *     check    = "check=" 16HEXDIG            ; snapshot_mix64() of all lines above
 *
 * Only what config_compile() writes is read: after loading it is compiled
 * again and has to come out the same, byte for byte.
 */

#include "config.h"

#include "cleanup.h"
#include "config-value.h"
#include "i18n.h"
#include "scan.h"
#include "snapshot-format.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MAGIC "careid-config 1\n"

enum { LINE_EXTRA = 2 * CONFIG_NAME_MAX + 8, CHECK_SIZE = sizeof "check=0123456789abcdef\n" };

int config_compile(const struct config *c, char **ret, size_t *ret_n) {
        const size_t size = sizeof MAGIC + config_n_options * (CONFIG_VALUE_MAX + LINE_EXTRA) + CHECK_SIZE;
        auto_free char *text = malloc(size), *value = malloc(CONFIG_VALUE_MAX), *fitted = NULL;
        size_t n;

        if (!text || !value)
                return -ENOMEM;
        n = (size_t) snprintf(text, size, "%s", MAGIC);
        for (size_t i = 0; i < config_n_options; i++) {
                const struct config_option *o = &config_options[i];

                (void) config_value_print(c, o, value);
                n += (size_t) snprintf(text + n, size - n, "%s.%s=%s\n", o->section, o->name, value);
        }
        n += (size_t) snprintf(text + n, size - n, "check=%016" PRIx64 "\n", snapshot_mix64(0, text, n));

        fitted = realloc(text, n + 1);
        if (!fitted)
                return -ENOMEM;
        text = NULL;
        *ret = STEAL_PTR(fitted);
        *ret_n = n;
        return 0;
}

static int complain_damage(char complaint[static CONFIG_COMPLAINT_MAX], size_t line) {
        return config_complain(complaint, _("the compiled configuration is damaged in line %zu; run: careid apply"),
                               line);
}

int config_load(struct config *c, const char *text, size_t n, char complaint[static CONFIG_COMPLAINT_MAX]) {
        auto_free char *again = NULL;
        struct scan s = scan_bytes(text, n);
        char why[CONFIG_COMPLAINT_MAX];
        const char *line;
        size_t n_line, n_again;
        int r;

        if (!scan_literal(&s, MAGIC)) {
                if (scan_literal(&s, "careid-config "))
                        return config_complain(complaint, _("the compiled configuration is of another version "
                                                            "of careid; run: careid apply"));
                return complain_damage(complaint, 1);
        }
        for (size_t i = 0; i < config_n_options; i++) {
                const struct config_option *o = &config_options[i];
                struct scan l;

                if (!scan_line(&s, &line, &n_line))
                        return complain_damage(complaint, i + 2);
                l = scan_bytes(line, n_line);
                if (!scan_literal(&l, o->section) || !scan_char(&l, '.') || !scan_literal(&l, o->name) ||
                    !scan_char(&l, '='))
                        return complain_damage(complaint, i + 2);
                r = config_value_set(c, o, l.at, scan_left(&l), false, why);
                if (r == CONFIG_E_WRONG)
                        return complain_damage(complaint, i + 2);
                if (r < 0)
                        return r;
        }

        /* The check line, and whatever else may differ. */
        r = config_compile(c, &again, &n_again);
        if (r < 0)
                return r;
        if (n_again != n || memcmp(again, text, n) != 0)
                return complain_damage(complaint, config_n_options + 2);
        return CONFIG_OK;
}
