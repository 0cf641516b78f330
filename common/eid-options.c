/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * eid-options.c - one row per option; what is not in the table is wrong
 *
 * An option that is passed over in silence is a rule that an administrator
 * believes in and that does not hold.  So a wrong line fails every log-in
 * through it, says so in the log, and never opens anything.
 */

#include "eid-options.h"

#include "cleanup.h"
#include "scan.h"
#include "wire.h"

#include <string.h>

static bool seconds_set(const char *value, size_t n, uint32_t *ret) {
        struct scan s = scan_bytes(value, n);
        uint32_t seconds;

        if (!scan_u32(&s, WIRE_TIMEOUT_MAX, &seconds) || !scan_at_end(&s) || seconds < WIRE_TIMEOUT_MIN)
                return false;
        *ret = seconds;
        return true;
}

static bool is(const char *value, size_t n, const char *word) {
        return n == strlen(word) && memcmp(value, word, n) == 0;
}

static bool yes_or_no(const char *value, size_t n, bool *ret) {
        *ret = is(value, n, "yes");
        return *ret || is(value, n, "no");
}

static bool kiosk_set(struct eid_options *o, const char *value, size_t n) {
        return yes_or_no(value, n, &o->kiosk);
}

static bool larger_set(struct eid_options *o, const char *value, size_t n) {
        return yes_or_no(value, n, &o->larger);
}

static bool light_set(struct eid_options *o, const char *value, size_t n) {
        return yes_or_no(value, n, &o->light);
}

static bool live_set(struct eid_options *o, const char *value, size_t n) {
        return yes_or_no(value, n, &o->live);
}

static bool timeout_set(struct eid_options *o, const char *value, size_t n) {
        return seconds_set(value, n, &o->timeout);
}

static const struct {
        const char *name;
        bool      (*set)(struct eid_options *o, const char *value, size_t n);
} options[] = {
        { "kiosk",   kiosk_set   },
        { "larger",  larger_set  },
        { "light",   light_set   },
        { "live",    live_set    },
        { "timeout", timeout_set },
};

int eid_option_take(struct eid_options *o, const char *option, size_t n) {
        const char *const equals = memchr(option, '=', n);
        const size_t n_name = equals ? (size_t) (equals - option) : n;

        for (size_t i = 0; i < N_ELEMENTS(options); i++)
                if (is(option, n_name, options[i].name))
                        return equals && options[i].set(o, equals + 1, n - n_name - 1) ? EID_OPTIONS_OK
                                                                                       : EID_OPTIONS_E_VALUE;
        return EID_OPTIONS_E_UNKNOWN;
}

int eid_options_agree(const struct eid_options *o) {
        return o->kiosk && o->timeout > 0 && o->timeout < EID_TIMEOUT_KIOSK ? EID_OPTIONS_E_KIOSK : EID_OPTIONS_OK;
}

int eid_options_parse(int argc, const char **argv, struct eid_options *ret, const char **ret_wrong) {
        int r;

        *ret = (struct eid_options) { .timeout = 0 };

        for (int i = 0; i < argc; i++) {
                r = eid_option_take(ret, argv[i], strlen(argv[i]));
                if (r != EID_OPTIONS_OK) {
                        *ret_wrong = argv[i];
                        return r;
                }
        }
        r = eid_options_agree(ret);
        for (int i = 0; i < argc && r != EID_OPTIONS_OK; i++)
                if (strncmp(argv[i], "timeout=", 8) == 0)
                        *ret_wrong = argv[i];
        return r;
}

uint32_t eid_options_seconds(const struct eid_options *o, enum service service) {
        if (o->timeout > 0)
                return o->timeout;
        if (service == SERVICE_SSH)
                return EID_TIMEOUT_SSH;
        if (o->kiosk)
                return EID_TIMEOUT_KIOSK;
        return service_is_act(service) ? EID_TIMEOUT_SU : EID_TIMEOUT_LOGIN;
}
