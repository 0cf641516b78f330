/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * facts.h - what the care directory and the host say of an account at this moment
 */

#include "decision.h"
#include "helper.h"

/*
 * The care directory, opened unless it is open, to be written only for root's
 * requests; *ret is borrowed until facts_close(), which comes before anybody
 * but root's next stage is waited for.  On error a sentence is in @complaint.
 */
int facts_open(struct helper *h, struct directory **ret, char complaint[static CONFIG_COMPLAINT_MAX]);
void facts_close(struct helper *h);

/*
 * Before the person is waited for: only a process that nobody but root can
 * stop keeps the directory open, and no key of it.
 */
void facts_rest(struct helper *h);

/* What the host says of a name.  It is asked once for each question, and not again for the same one. */
struct facts_host {
        const char *name;
        int         r;                  /* RESOLVER_OK, RESOLVER_E_NONE, or a negative errno      */
        uid_t       uid;
};

struct facts_host facts_ask_host(const struct helper *h, const char *name);

/*
 * Fill *ret, and *ret_account if the directory knows the name.  Takes the same
 * steps for every name.  Returns 0; or a negative errno with a sentence in
 * @complaint when something could not be asked: that is not "unknown".
 *
 * -ESTALE: the host's files have been replaced since this conversation began,
 * and any user may have done that (chfn(1)), so it must not end a log-in.
 * Where @before is not NULL, what the host said then, of the same name, stands
 * instead: the module compares the uid with what the host says to it.
 */
int facts_read(struct directory *d, const struct facts_host *host, int64_t now,
               const struct decision_facts *before, struct decision_facts *ret, struct directory_account *ret_account,
               char complaint[static CONFIG_COMPLAINT_MAX]);

/*
 * The organisation that people are told they identify to, before anybody knows
 * who they are: the configuration's, else the directory's only one, else "".
 * It asks nothing of a name, so it tells nothing about any (X15).  Returns as
 * facts_read() does.
 */
int facts_organisation(const struct helper *h, struct directory *d, char ret[static DIRECTORY_TITLE_MAX + 1],
                       char complaint[static CONFIG_COMPLAINT_MAX]);

/* Is @name the host's name of the uid that asks?  False if that can't be found out. */
bool facts_name_is_caller(const struct helper *h, const char *name);
