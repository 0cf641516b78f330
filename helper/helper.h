/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * helper.h - what one helper process knows before it reads its first message
 */

#include "bankid.h"
#include "caller.h"
#include "config.h"
#include "directory.h"
#include "inside.h"
#include "place.h"
#include "sending.h"

enum {
        HELPER_HOST_MAX        = 64,            /* bytes of a host name                           */
        HELPER_CONFIG_MAX      = 256 * 1024,    /* bytes of the compiled configuration            */
        HELPER_FIRST_MS        = 5000,          /* for the first message                          */
        HELPER_STAY_MS         = 5000,          /* for root's next question about the same account */
        HELPER_MORE_MS         = 10000,         /* for all of a VERIFY, above its TIMEOUT         */
        HELPER_LIFE_S          = 720,           /* of a conversation with all its stages, and room: the kernel ends it then */
        HELPER_SEND_MS         = 1000,          /* for a peer to make room                        */
        HELPER_ASKS_MAX        = 200,           /* ASK in one conversation                        */
        HELPER_TURNS_MAX       = 10,            /* TURN in one conversation: each is another order */
};

struct helper {
        int             fd;                     /* the connection                                 */
        int             signals;                /* readable once SIGTERM has come                 */
        struct privs    privs;
        struct caller   caller;
        struct place    place;                  /* where the session is that root asks from       */
        struct own_addresses own;               /* of this host                                   */
        bool            queueing;               /* careid-helper --queue                          */
        bool            crowded;                /* the caller has too many conversations          */
        bool            refusing;               /* all that is asked now is too much: nothing is looked up */
        bool            acting;                 /* what is asked first is an ACT, and this process can do it */
        bool            writing;                /* acting, and an act could be the caller's: this process may write */
        bool            verifying;              /* this is the half that sees the approval of an act (approval.h) */
        int             half;                   /* verifying, or writing: the connection to the other half          */
        pid_t           other;                  /* writing: the half that verifies                */
        bool            kept;                   /* this is not the first question of the conversation     */
        bool            goes_on;                /* the last answer was one that a next stage may follow (conversation.c) */
        bool            configured;
        struct config   config;
        struct bankid   bankid;
        struct sending_means *sending;          /* NULL: nobody can be sent anything, or why not is in @unsent */
        struct resolver *resolver;
        struct directory *directory;            /* NULL: not open (facts.h)                       */
        char            host[HELPER_HOST_MAX + 1];
        char            complaint[CONFIG_COMPLAINT_MAX];        /* why not configured             */
        char            unsent[CONFIG_COMPLAINT_MAX];           /* why nothing can be sent; "": nothing is to be */
};

static inline bool helper_asked_by_root(const struct helper *h) {
        return h->caller.uid == 0;
}
