/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * main.c - careid-helper: one conversation with one caller, as _careid
 *
 * Executed by the caller (owner _careid, mode 6755), with the connection as
 * descriptor 0; or by the service manager as _careid, with a socket that
 * listens as descriptor 0: then each conversation is a child's (acceptor.h).
 *
 * 1. MUST look at no variable of the environment, and at no argument but the one word --queue, which is for root and
 *    _careid alone: for anybody else there is nothing then.
 * 2. MUST be _careid in every id, for good, before it opens anything of _careid's, and sandboxed before it
 *    reads a byte that the caller chose, but for the kind of the first message, which says in which sandbox.
 *    The one that leaves the care directory to be written is for root, and for an act of who is known by their
 *    uid to hold something that an act could rest on.
 * 3. MUST never become root, whoever executes it.
 * 4. MUST not have what may write for an act, and what speaks with a provider for it, in one process (approval.h).
 */

#include "acceptor.h"
#include "act.h"
#include "approval.h"
#include "cleanup.h"
#include "conversation.h"
#include "i18n.h"
#include "journal.h"
#include "locked.h"
#include "place-find.h"
#include "places.h"
#include "queue.h"
#include "resident.h"
#include "sandbox.h"
#include "slots.h"
#include "startup.h"
#include "texts.h"
#include "trusted-file.h"
#include "utf8.h"
#include "warm.h"
#include "wipe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

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
        /* From here on, also where the files that it names are out of order. */
        texts_speak(h->config.language);
        /* Who is only told that there are too many needs no key for it. */
        if (h->config.bankid && !h->refusing && !h->acting && !h->queueing && bankid_material_read(&h->config, h->privs.uid, &h->bankid.material, h->complaint) < 0)
                return;
        /* A log-in that needs none of it goes on without. */
        if (helper_asked_by_root(h) && !h->refusing)
                (void) sending_means_read(&h->config, h->privs.uid, &h->sending, h->unsent);
        h->configured = true;
}

static void helper_name_host(struct helper *h) {
        if (gethostname(h->host, sizeof h->host) < 0 || !*h->host || h->host[sizeof h->host - 1] ||
            !utf8_is_clean(h->host, strlen(h->host), UTF8_ONE_LINE))
                (void) snprintf(h->host, sizeof h->host, "localhost");
}

static void say_locked(int r) {
        if (r < 0)
                syslog(LOG_NOTICE, "not all memory can be locked (%s; see RLIMIT_MEMLOCK): what is secret is wiped, but may be "
                                   "swapped out before", strerrordesc_np(-r));
}

/* What is the same for every conversation, and neither a secret nor of anybody's choice: an acceptor does it once. */
static int helper_load(void) {
        static bool loaded;

        journal_setup();
        if (loaded)
                return 0;
        loaded = true;
        if (!sandbox_has_landlock())
                syslog(LOG_DEBUG, "this kernel has no Landlock: files and ports are left as owner, mode and systemd leave them");
        say_locked(locked_prepare());
        texts_init("en");
        directory_prepare();
        resident_find();
        return wipe_setup();
}

/*
 * The child that resolves names, and a slot of the caller's, which that child
 * holds: whoever takes a conversation over has no descriptor of the file that
 * is everybody's, to lock or to fill it or to pass it on.
 */
static int helper_fork_resolver(struct helper *h) {
        auto_close int slot = -1;

        if (!helper_asked_by_root(h)) {
                const int r = slots_take(h->caller.uid, h->privs.uid, &slot);

                if (r < 0)
                        return r;
                h->crowded = r == SLOTS_E_NONE;
        }
        return resolver_new(slot, &h->resolver);
}

/* Where the caller is, as kernel and log-in manager have it: before the sandbox. */
static void helper_find_place(struct helper *h) {
        own_addresses_find(&h->own);
        place_find(h->caller.pid, &h->place);
        if (!caller_is_there(h->fd))
                h->place = (struct place) { .kind = PLACE_UNKNOWN, .begun = true };
}

/* The half that verifies: what a conversation with root needs to ask somebody, of its own. */
static int helper_prepare_verifying(struct helper *h) {
        const int r = resolver_new(-1, &h->resolver);

        if (r < 0)
                return r;
        h->bankid.resolver = h->resolver;
        say_locked(locked_begin());
        helper_find_place(h);
        config_done(&h->config);
        h->configured = false;
        helper_configure(h);                    /* with the keys, this time                               */
        return 0;
}

static enum sandbox_who sandbox_of(const struct helper *h) {
        if (h->writing)
                return SANDBOX_ACTING;
        if (h->acting)
                return SANDBOX_DECLINING;
        return h->refusing || !helper_asked_by_root(h) ? SANDBOX_READING : SANDBOX_RECORDING;
}

/* Everything that has to be opened, loaded or forked while that is still possible. */
static int helper_prepare(struct helper *h) {
        int r;

        r = helper_load();
        if (r < 0)
                return r;
        /* Before anything secret is read: the resolver has a copy of what we have by now. */
        if (!h->refusing) {
                r = helper_fork_resolver(h);
                if (r < 0)
                        return r;
        }
        if (!h->refusing)
                say_locked(locked_begin());
        helper_name_host(h);
        h->place = (struct place) { .kind = PLACE_UNKNOWN };
        if (!h->refusing && helper_asked_by_root(h))
                helper_find_place(h);
        h->bankid.resolver = h->resolver;
        h->bankid.config = &h->config;
        helper_configure(h);
        if (h->acting)
                act_prepare();
        h->writing = h->acting && !h->crowded && act_may_write(h);
        if (h->writing) {
                r = approval_part(h);
                if (r == 0 && h->verifying)
                        r = helper_prepare_verifying(h);
                if (r < 0)
                        return r;
        }
        return sandbox_shut(&(struct sandbox) {
                .who = sandbox_of(h),
                .port = h->bankid.material.port,
                .sending = { sending_port(h->sending, SENDING_SMS), sending_port(h->sending, SENDING_MAIL) },
                .resolver = h->resolver ? resolver_pid(h->resolver) : 0,
        });
}

static void helper_failed(const struct helper *h, int r) {
        journal_write(&(struct journal_entry) {
                .about = JOURNAL_FAILED, .outcome = "broken", .caller = h->caller.uid,
                .detail = strerrordesc_np(-r),
        });
}

/* One conversation, with whoever is at the other end of @h->fd. */
static int helper_converse(struct helper *h) {
        int r;

        if (caller_identify(h->fd, &h->privs, &h->caller) < 0)
                return EXIT_NO_CALLER;
        h->acting = h->caller.by_socket && !helper_asked_by_root(h) && act_is_asked(h->fd);
        r = helper_prepare(h);
        if (r < 0) {
                helper_failed(h, r);
                return EXIT_FAILURE;
        }

        /* Only now read what the caller says. */
        if (h->verifying)
                approval_serve(h);
        else
                conversation_run(h);
        (void) resolver_free(h->resolver);
        bankid_material_done(&h->bankid.material);
        h->sending = sending_means_free(h->sending);
        config_done(&h->config);
        approval_end(h);
        return EXIT_SUCCESS;
}

/* Several callers whose turn can't come: each is told so, as the answer to what they ask. */
static int helper_refuse(struct helper *h, const struct acceptor_task *task) {
        int r;

        h->refusing = h->crowded = true;
        r = helper_prepare(h);
        if (r < 0) {
                helper_failed(h, r);
                return EXIT_FAILURE;
        }
        for (size_t i = 0; i < task->n_fds; i++) {
                h->fd = task->fds[i];
                if (caller_identify(h->fd, &h->privs, &h->caller) == 0)
                        conversation_run(h);
                (void) close(h->fd);
        }
        return EXIT_SUCCESS;
}

/* As the acceptor behind @h->fd; what comes back to here is a child that has something to do, or its end. */
static int helper_accept(struct helper *h) {
        struct acceptor_task task;
        int r;

        r = helper_load();
        if (r == 0)
                r = sandbox_prepare();
        warm_crypto();
        if (r == 0)
                r = acceptor_run(h->fd, h->signals, &h->privs, &task);
        if (r < 0) {
                helper_failed(h, r);
                return EXIT_FAILURE;
        }
        h->signals = task.signals;
        switch (task.role) {
        case ACCEPTOR_CONVERSES:
                return helper_converse(h);
        case ACCEPTOR_REFUSES:
                return helper_refuse(h, &task);
        case ACCEPTOR_ENDS:
                return EXIT_SUCCESS;
        }
        return EXIT_FAILURE;
}

/* What waits is sent (queue.h).  Nobody is at the other end: as for root, who may start it. */
static int helper_queue(struct helper *h) {
        int r;

        h->caller = (struct caller) { .uid = 0 };
        h->queueing = true;
        h->bankid.config = &h->config;
        r = helper_load();
        if (r == 0)
                r = resolver_new(-1, &h->resolver);
        if (r == 0) {
                say_locked(locked_begin());
                helper_configure(h);
                r = sandbox_shut(&(struct sandbox) {
                        .who = SANDBOX_RECORDING, .resolver = resolver_pid(h->resolver),
                        .sending = { sending_port(h->sending, SENDING_SMS), sending_port(h->sending, SENDING_MAIL) },
                });
        }
        if (r < 0) {
                helper_failed(h, r);
                return EXIT_FAILURE;
        }
        queue_run(h);
        (void) resolver_free(h->resolver);
        bankid_material_done(&h->bankid.material);
        h->sending = sending_means_free(h->sending);
        config_done(&h->config);
        return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
        static struct helper h = { .fd = STDIN_FILENO };
        const bool queue = argc == 2 && strcmp(argv[1], "--queue") == 0;
        const uid_t starter = getuid();
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

        /* 3. Whatever is asked is asked of a process of its own. */
        if (queue) {
                (void) alarm(HELPER_LIFE_S);
                r = starter == 0 || starter == h.privs.uid ? helper_queue(&h) : EXIT_NO_CALLER;
        } else if (acceptor_is_wanted(h.fd, &h.privs)) {
                r = helper_accept(&h);
        } else {
                (void) alarm(HELPER_LIFE_S);
                r = helper_converse(&h);
        }

        /* What libraries would put away at exit() ends with the process. */
        _exit(r);
}
