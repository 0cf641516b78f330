/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * args.c - one row per option; what is not in the table is wrong
 *
 * An option that is passed over in silence is a rule that an administrator
 * believes in and that does not hold.  So a wrong line fails every log-in
 * through it, says so in the log, and never opens anything.
 */

#include "args.h"

#include "cleanup.h"
#include "scan.h"
#include "wire.h"

#include <string.h>

static bool timeout_set(struct args *args, const char *value) {
        uint32_t seconds;

        if (!scan_whole_u32(value, WIRE_TIMEOUT_MAX, &seconds) || seconds < WIRE_TIMEOUT_MIN)
                return false;
        args->timeout = seconds;
        return true;
}

static bool yes_or_no(const char *value, bool *ret) {
        *ret = strcmp(value, "yes") == 0;
        return *ret || strcmp(value, "no") == 0;
}

static bool kiosk_set(struct args *args, const char *value) {
        return yes_or_no(value, &args->kiosk);
}

static bool live_set(struct args *args, const char *value) {
        return yes_or_no(value, &args->live);
}

static const struct {
        const char *name;
        bool      (*set)(struct args *args, const char *value);
} options[] = {
        { "kiosk",   kiosk_set   },
        { "live",    live_set    },
        { "timeout", timeout_set },
};

static int option_take(struct args *args, const char *option) {
        for (size_t i = 0; i < N_ELEMENTS(options); i++) {
                const size_t n = strlen(options[i].name);

                if (strncmp(option, options[i].name, n) == 0 && option[n] == '=')
                        return options[i].set(args, option + n + 1) ? ARGS_OK : ARGS_E_VALUE;
                if (strcmp(option, options[i].name) == 0)
                        return ARGS_E_VALUE;
        }
        return ARGS_E_UNKNOWN;
}

int args_parse(int argc, const char **argv, struct args *ret, const char **ret_wrong) {
        const char *timeout = NULL;

        *ret = (struct args) { .live = false };

        for (int i = 0; i < argc; i++) {
                int r = option_take(ret, argv[i]);

                if (r != ARGS_OK) {
                        *ret_wrong = argv[i];
                        return r;
                }
                if (strncmp(argv[i], "timeout=", 8) == 0)
                        timeout = argv[i];
        }
        if (ret->kiosk && timeout && ret->timeout < ARGS_KIOSK_TIMEOUT_MIN) {
                *ret_wrong = timeout;
                return ARGS_E_KIOSK;
        }
        return ARGS_OK;
}
