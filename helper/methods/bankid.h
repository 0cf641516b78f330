/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bankid.h - Mobile BankID: a code to scan, or a link on this device (RP API v6.0)
 */

#include "bankid-material.h"
#include "method.h"
#include "resolver.h"

/* What method_bankid.start() takes of its material. */
struct bankid {
        struct bankid_material material;
        const struct config   *config;          /* borrowed: risk, and what networks are seen as  */
        bool                   expired;         /* the endpoint has said that our certificate has */
        int64_t                expires;         /* when it does, from a handshake; 0: there was none */
        struct resolver       *resolver;        /* has been asked for the host, unless that is a literal */
};

extern const struct method method_bankid;
