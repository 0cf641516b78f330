/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * method.h - one way to prove who somebody is
 *
 * Life of a run: start; then next and wait in turn until next says how it
 * ended; cancel, if it has not ended by itself; free.  Only wait blocks, and
 * not beyond the time it was given; cancel blocks for METHOD_CANCEL_MS at most.
 * Where a view asks for something to be typed, answer is called with it once.
 */

#include "texts.h"
#include "way.h"
#include "wire.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

enum {
        METHOD_CANCEL_MS    = 4000,     /* systemd ends a service that takes 5 s to stop          */
        METHOD_FRAME_MAX    = 300,      /* bytes of the text in a code                            */
        METHOD_LINK_MAX     = WIRE_LINK_MAX,    /* bytes of a link                                */
        METHOD_SUBJECT_MAX  = 64,
        METHOD_DETAIL_MAX   = 256,      /* bytes of a sentence for the administrator              */
};

/* How a run ended.  Zero: it has not. */
enum method_end {
        METHOD_PROVEN = 1,              /* @subject is who approved                               */
        METHOD_DENIED,                  /* the provider says no                                   */
        METHOD_CANCELLED,               /* the person says no                                     */
        METHOD_TIMED_OUT,
        METHOD_UNREACHABLE,
        METHOD_BUSY,
        METHOD_BROKEN,                  /* the administrator has to do something: @detail         */
};

/* What is to be approved.  Everything is borrowed for the life of the run. */
struct method_order {
        const char *visible;            /* what the app shows                                     */
        const char *source;             /* address of whom it is for, or NULL: ours               */
        bool        act;                /* not a log-in, but an act: signed, where the e-ID can   */
        bool        decoy;              /* show the same, at the same times, but order nothing    */

        /* For what is typed and compared with what the care directory has. */
        struct helper *helper;
        enum way    way;
        int64_t     account;            /* 0: a name that nobody has                              */
        const char *from;               /* where the log-in comes from; NULL: this machine        */
        bool        inside;             /* [network] inside has it                                */
};

/* Something that is to be typed. */
struct method_ask {
        enum wire_factor factor;        /* 0: nothing                                             */
        unsigned    number;             /* another one has another                                */
        enum text   label, help;        /* what it is called; what is to be read before           */
        bool        echoed;
        bool        first;              /* of this run: other ways may be named                   */
        size_t      room;               /* bytes, WIRE_ANSWER_MAX at most                         */
};

/* Where a run stands. */
struct method_view {
        enum method_end end;            /* 0: goes on                                             */
        enum wire_state state;
        enum text       text;
        bool            notice;         /* @text is news that must not be overlooked beside a code */
        char            frame[METHOD_FRAME_MAX + 1];    /* "": no code now                        */
        char            link[METHOD_LINK_MAX + 1];      /* to be opened on this device; "": none  */
        uint64_t        frame_until_ms;                 /* when there is another                  */
        uint64_t        learnt_ms;      /* when the provider was asked what the newest is known by */
        struct method_ask ask;          /* in the place of a code                                 */
};

/* What a run that ended with METHOD_PROVEN has proven. */
struct method_proof {
        int64_t     account;            /* whose what was typed is; 0: it is for the subject to say */
        const char *country;            /* "SE": the subject is a personal number of that country */
        char        subject[METHOD_SUBJECT_MAX + 1];    /* wipe it when it has been compared      */
        const char *authenticator;
        const char *assurance;
        uint8_t     reference[32];      /* SHA-256 of the provider's name for the order           */
        const char *evidence;           /* what the provider said, the run's; NULL: there is none */
        size_t      n_evidence;
};

struct method_run;
struct bankid;

/* What the methods were given before the sandbox was shut; each takes its own. */
struct method_material {
        struct bankid *bankid;
};

struct method {
        const char *name;               /* in the journal                                         */
        size_t      visible_max;        /* bytes of text that the app can show                    */

        int  (*start)(const struct method_material *material, const struct method_order *order, struct method_run **ret);
        void (*next)(struct method_run *run, uint64_t now_ms, struct method_view *ret);

        /* What the person has typed, not terminated; the caller's to wipe.  It may write into the care directory.  NULL: nothing is. */
        void (*answer)(struct method_run *run, const char *answer, size_t n, uint64_t now_ms);

        /* The person asks: ask the provider as soon as that may be.  True: that is now. */
        bool (*hurry)(struct method_run *run, uint64_t now_ms);

        /* From now on by a link on this device, or (not @here) on another device again.  NULL: there is no such thing. */
        void (*turn)(struct method_run *run, bool here, uint64_t now_ms);

        /* Until the provider answers, one of @fds is ready (their revents are set), or @until_ms. */
        int  (*wait)(struct method_run *run, struct pollfd *fds, size_t n_fds, uint64_t until_ms);

        /* What was proven.  0, or a negative errno: then nothing was, and detail says why. */
        int  (*proof)(struct method_run *run, struct method_proof *ret);
        const char *(*detail)(const struct method_run *run);    /* never NULL                     */
        void (*cancel)(struct method_run *run);
        struct method_run *(*free)(struct method_run *run);     /* returns NULL                   */
};
