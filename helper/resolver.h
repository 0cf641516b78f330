/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * resolver.h - the questions that only the host's own libraries can answer
 *
 * What is the address of that host, which uid or gid has that name, who has
 * that number, and has anybody?  They run modules of the host (NSS) that may
 * open, load, connect and wait as they like.  So a child answers them, forked before the sandbox is shut and before
 * there is a secret in memory; it has a sandbox of its own, and what it says
 * is bounded and checked.
 */

#include <stdint.h>
#include <sys/types.h>

enum {
        RESOLVER_NAME_MS       = 5000,  /* how long a uid may take                                */
        RESOLVER_HOST_MS       = 8000,  /* how long addresses may take                            */
        RESOLVER_HOST_MAX      = 253,   /* bytes of a name that is asked for                      */
        RESOLVER_USER_MAX      = 64,    /* bytes of a log-in name                                 */
        RESOLVER_ADDRESSES_MAX = 8,
        RESOLVER_TEXT_MAX      = RESOLVER_ADDRESSES_MAX * 48,
        RESOLVER_LIFE_S        = 900,   /* the child ends by then, whatever happens               */
};

/* Verdicts of resolver_uid() and resolver_addresses(). */
enum {
        RESOLVER_OK = 0,
        RESOLVER_E_NONE = 1,            /* the host has been asked, and knows none                */
        RESOLVER_E_PENDING,             /* resolver_addresses(): no answer yet                    */
};

struct resolver;

/*
 * Fork the child.  It keeps no descriptor but its own end of the socket pair
 * and @slot (slots.h; -1: none), which the caller may close then: the child has
 * it until it ends.
 */
int resolver_new(int slot, struct resolver **ret);
struct resolver *resolver_free(struct resolver *r);             /* kills it; returns NULL         */

pid_t resolver_pid(const struct resolver *r);

/*
 * Which uid does the host give @name?  Waits RESOLVER_NAME_MS; then, and on any
 * trouble, a negative errno.  -ESTALE: the host's files have been replaced since
 * the child was shut in, so that it can't read them; the next one can.
 */
int resolver_uid(struct resolver *r, const char *name, uid_t *ret);

/* The same for a group's name; and whether a user or a group has that number (*ret is the same then). */
int resolver_gid(struct resolver *r, const char *name, gid_t *ret);
int resolver_number(struct resolver *r, uint32_t number, uint32_t *ret);

/* What does the host call the user of that number?  As resolver_uid(); @ret is one line of text without controls. */
int resolver_user(struct resolver *r, uid_t uid, char ret[static RESOLVER_USER_MAX + 1]);

/*
 * Ask for the addresses of @host; resolver_fd() becomes readable when
 * resolver_addresses() may have an answer.  What was asked before and has not
 * been answered is forgotten.
 */
int resolver_ask_addresses(struct resolver *r, const char *host);
int resolver_fd(const struct resolver *r);

/* Literals separated by commas, IPv6 in brackets.  -ETIMEDOUT when they took too long. */
int resolver_addresses(struct resolver *r, uint64_t now_ms, char ret[static RESOLVER_TEXT_MAX]);
