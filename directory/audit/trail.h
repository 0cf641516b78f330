/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * trail.h - the audit trail, looked at: is it whole, who did what, and what may go
 *
 * The chain (audit.c) shows by itself that no entry was changed, removed,
 * moved or put in.  That its end was cut off, or all of it written anew, shows
 * only against anchors: hashes that were kept elsewhere.  What is older than
 * the organisation's rule goes under a checkpoint: number and hash of the last
 * entry that went, signed with the directory's own key (signing.h).
 */

#include "acts.h"
#include "config.h"

/*
 * One reading transaction, so that what is read or verified is shown by the
 * mandate that was asked for with it.  Nothing is to be written in between.
 * directory_trail_end() returns @r.
 */
int directory_trail_begin(struct directory *d);
int directory_trail_end(struct directory *d, int r);

/* -- Is it what was written? ----------------------------------------------------------------------------- */

struct directory_anchor {
        int64_t sequence;
        uint8_t hash[32];
};

struct directory_trail {
        int64_t first, last;                    /* the entries that are there, and whole          */
        uint8_t hash[32];                       /* of the last                                    */
        int64_t checkpoint;                     /* pruned up to here; 0: never                    */
        size_t  n_compared, n_pruned;           /* anchors that agree, and that are older than what is left */
        int64_t agreed;                         /* the newest anchor that agrees; 0: none         */
        int64_t broken;                         /* where it is not what was written; 0: it is     */
};

/*
 * Recompute the chain from its beginning or checkpoint, check the checkpoints'
 * signatures, and compare with @anchors (in order of sequence; NULL, 0: none).
 * CONSTRAINT: something was changed, ->broken is the first entry that shows
 * it, and the complaint says what.  Also where anchors were given and none of
 * them could be compared.  -ENOKEY: there are checkpoints and no key.
 */
int directory_trail_verify(struct directory *d, const struct directory_anchor *anchors, size_t n,
                           struct directory_trail *ret);

/* -- What may go ------------------------------------------------------------------------------------------ */

enum {
        TRAIL_KEEP_DAYS_MIN = CONFIG_AUDIT_MIN,
        TRAIL_CHECKPOINTS_MAX = 1000,
};

/*
 * Remove what is older than @before (a date, its beginning where the
 * organisations are, as in directory_days_find()), under a new checkpoint.  The trail is verified first: a signature never covers what
 * is broken.  INVALID: no date, or within @keep_days (at least
 * TRAIL_KEEP_DAYS_MIN) before @act->now; NOT_FOUND: nothing is as old;
 * CONSTRAINT: the trail is not whole.  The newest entry always stays.
 * Goes on where an earlier one was cut short.
 */
int directory_trail_prune(struct directory *d, const struct directory_act *act, const char *before, unsigned keep_days,
                          int64_t *ret_through, int64_t *ret_n);

/* The public half of the key that checkpoints are signed with, as PEM (malloc'd).  NOT_FOUND: nothing was ever signed. */
int directory_trail_key(struct directory *d, char **ret_pem);

/* -- Who did what -------------------------------------------------------------------------------------------- */

struct directory_trail_filter {
        const char *about;                      /* a log-in, a client (ORG-N), a person's id, or an object as the trail has it */
        const char *act;                        /* "unit.add", or "unit" for all acts on units    */
        const char *word;                       /* an actor, act, object or sequence; NULL: any   */
        const char *from_date, *until_date;     /* both inclusive, of directory_days_find(); NULL: unbounded */
        bool        readings;                   /* see below                                      */
        const char *part;                       /* of mandate_audit_part(), see below; NULL or "": all of it */
};

struct directory_trail_entry {
        int64_t     sequence, at;
        const char *host_id, *actor, *act, *object, *detail;    /* until the next one             */
        const uint8_t *hash;
};

/*
 * The entries that match, oldest first, each given to @each, which ends it by
 * returning another result than DIRECTORY_OK.  About a person are entries on
 * the person, on their accounts, assignments, grants, mandates and on them as
 * a client; about an account or client those on it and on what hangs on it;
 * and what they did themselves.  INVALID, NOT_FOUND: @filter names nothing.
 *
 * With ->readings only acts by which something was shown: export, and what ends
 * in .read, .show, .export, .list or .who; ->about is a client.  These are those on
 * the client and on what hangs on it, on the person and their accounts, and on
 * the directory as a whole since the person is in it; not what the person did
 * themselves.
 *
 * With ->part only entries that are certainly of these organisations: on them
 * and on units, accounts, clients, templates, mandates, enrolments and locks of
 * theirs; on assignments and grants where both sides are theirs; and on persons
 * who have something there, and neither have nor had anything in another, by
 * root or by somebody without a mandate elsewhere.  Whom or what ->about names
 * that is of nobody of theirs has no entry, as what there is not.
 */
int directory_trail_read(struct directory *d, const struct directory_trail_filter *filter,
                         int (*each)(void *with, const struct directory_trail_entry *entry), void *with);

/*
 * The bounds of days (X20), both included and either NULL for unbounded; the
 * end is exclusive.  They are days where the organisation of @client is; with
 * 0 where the organisations are, and of UTC where these are in several time
 * zones.  INVALID; NOT_FOUND: no such client.
 */
int directory_days_find(struct directory *d, int64_t client, const char *from_date, const char *until_date, int64_t *ret_from,
                        int64_t *ret_until);

/* The checkpoints, oldest first. */
struct directory_checkpoint {
        int64_t sequence, at, key;
        int64_t after;                          /* the checkpoint before this one; 0: none        */
        uint8_t hash[32], signature[64];
};
int directory_checkpoints(struct directory *d, struct directory_checkpoint **ret, size_t *ret_n);

/* Is each of them signed?  CONSTRAINT: no; -ENOKEY: there are some, and no key to tell. */
int directory_checkpoints_verify(struct directory *d);

/* The id of the directory, as every entry has it. */
const char *directory_host_id(const struct directory *d);

/* -- Who did open --------------------------------------------------------------------------------------------- */

enum { DIRECTORY_CLIENT_NAME_MAX = 64 };

/* The client with this id, or whose group this is: ORG-N.  NOT_FOUND, which sets no complaint. */
int directory_client_name(struct directory *d, int64_t client, char ret[static DIRECTORY_CLIENT_NAME_MAX + 1]);
int directory_gid_client(struct directory *d, int64_t gid, char ret[static DIRECTORY_CLIENT_NAME_MAX + 1]);

/*
 * That something was looked at: an entry of its own, before anything of it is
 * shown.  @act_name is one of those that directory_trail_filter.readings has,
 * or is "audit.opened"; @kind and @id are what was looked at, "directory" and 0
 * for @rows of the kind @of (otherwise NULL).
 */
int directory_looked(struct directory *d, const struct directory_act *act, const char *act_name, const char *kind, int64_t id,
                     const char *of, size_t rows);

/* Is there a person with this id, whose doing can be asked for?  NOT_FOUND. */
int directory_opener(struct directory *d, int64_t person);

/* The log-in that has a uid, and its person; "" and 0: nobody's here. */
struct directory_whose {
        char    name[33];
        int64_t person;
        bool    unsure;                 /* the host knows nobody with it, now, and has accounts of its own here: one of theirs, perhaps */
};

/*
 * It may ask the host, which may be far away: not to be called within a
 * transaction or the reading of rows.  Where the host can't be asked, -errno.
 */
int directory_uid_whose(struct directory *d, uint32_t uid, struct directory_whose *ret);
