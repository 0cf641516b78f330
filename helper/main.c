/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * main.c - careid-helper: one conversation with one caller, as _careid
 *
 * Executed by the caller (owner _careid, mode 6755) or by the service manager
 * as _careid, with the connection as descriptor 0.
 *
 * 1. MUST look at no argument and no variable of the environment.
 * 2. MUST be _careid in every id, for good, before it opens anything of _careid's, and sandboxed before it
 *    reads a byte that the caller chose.
 * 3. MUST never become root, whoever executes it.
 */

#include "cleanup.h"
#include "conversation.h"
#include "bankid-http.h"
#include "i18n.h"
#include "journal.h"
#include "places.h"
#include "sandbox.h"
#include "slots.h"
#include "startup.h"
#include "texts.h"
#include "trusted-file.h"
#include "utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_NO_PRIVILEGE = 77, EXIT_NO_CALLER = 64 };

/* Read the compiled configuration and what it points to.  Without, callers are told that we are out of order. */
static void helper_configure(struct helper *h) {
        auto_free char *text = NULL;
        size_t n;
        int r;

        r = trusted_read(CAREID_STATE_DIR "/careid.compiled", h->privs.uid, 0600, HELPER_CONFIG_MAX, &text, &n);
        if (r < 0) {
                (void) snprintf(h->complaint, sizeof h->complaint, "%s: %s (run: careid apply)",
                                CAREID_STATE_DIR "/careid.compiled", strerrordesc_np(-r));
                return;
        }
        if (config_load(&h->config, text, n, h->complaint) != CONFIG_OK)
                return;
        if (h->config.bankid && bankid_material_read(&h->config, h->privs.uid, &h->bankid.material, h->complaint) < 0)
                return;
        if (h->config.bankid)
                sandbox_guard(h->bankid.material.key, h->bankid.material.n_key);
        h->configured = true;
}

static void helper_name_host(struct helper *h) {
        if (gethostname(h->host, sizeof h->host) < 0 || !*h->host || h->host[sizeof h->host - 1] ||
            !utf8_is_clean(h->host, strlen(h->host), UTF8_ONE_LINE))
                (void) snprintf(h->host, sizeof h->host, "localhost");
}

/* Everything that has to be opened, loaded or forked while that is still possible. */
static int helper_prepare(struct helper *h) {
        int r;

        if (!helper_asked_by_root(h)) {
                r = slots_take(h->caller.uid, h->privs.uid, &h->slot);
                if (r < 0)
                        return r;
                h->crowded = r == SLOTS_E_NONE;
        }
        helper_name_host(h);
        journal_setup();
        r = bankid_http_setup();
        if (r < 0)
                return r;
        /* Before there is a secret in memory, of which a child would have a copy. */
        r = resolver_new(&h->resolver);
        if (r < 0)
                return r;
        h->bankid.resolver = h->resolver;
        h->bankid.config = &h->config;
        helper_configure(h);
        texts_init(h->configured ? h->config.language : "en");
        return sandbox_shut(&(struct sandbox) {
                .who = helper_asked_by_root(h) || !directory_can_be_read_aside() ? SANDBOX_RECORDING : SANDBOX_READING,
                .port = h->bankid.material.port, .resolver = resolver_pid(h->resolver),
        });
}

int main(int argc, char **argv) {
        static struct helper h = { .fd = STDIN_FILENO, .slot = -1 };
        int r;

        /* 1. Inherit nothing. */
        if (startup_clean(argc, argv, &h.signals) < 0)
                return EXIT_FAILURE;

        /* 2. Be _careid from here on, and only that. */
        r = privs_find(&h.privs);
        if (r < 0)
                return EXIT_FAILURE;
        if (r == PRIVS_E_NONE)
                return EXIT_NO_PRIVILEGE;
        privs_become_or_die(&h.privs);
        if (sandbox_begin() < 0)
                return EXIT_FAILURE;

        /* 3. Who asks? */
        if (caller_identify(h.fd, &h.privs, &h.caller) < 0)
                return EXIT_NO_CALLER;

        /* 4. Open what is ours, and shut the rest. */
        r = helper_prepare(&h);
        if (r < 0) {
                journal_write(&(struct journal_entry) {
                        .about = JOURNAL_FAILED, .outcome = "broken", .caller = h.caller.uid,
                        .detail = strerrordesc_np(-r),
                });
                return EXIT_FAILURE;
        }

        /* 5. Only now read what the caller says. */
        conversation_run(&h);

        (void) resolver_free(h.resolver);
        bankid_material_done(&h.bankid.material);
        config_done(&h.config);
        return EXIT_SUCCESS;
}
