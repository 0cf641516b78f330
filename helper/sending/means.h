/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * means.h - with what messages are sent; inside helper/sending/ only
 */

#include "endpoint.h"
#include "sending.h"
#include "sms-rule.h"

enum {
        MEANS_SECRET_MAX = 512,                 /* bytes of a password or key                     */
        MEANS_ROOTS_MAX  = 1024 * 1024,         /* bytes of a file of roots                       */
};

struct sending_side {
        bool   on;
        struct endpoint place;
        char  *roots, *secret;                  /* PEM; one line, "" where there is none          */
        size_t n_roots;
};

struct sending_means {
        const struct config *config;
        struct sending_side  sms, mail;
        struct sms_rule      rule;
};

static inline const struct sending_side *means_side(const struct sending_means *m, enum sending_kind kind) {
        return kind == SENDING_SMS ? &m->sms : &m->mail;
}
