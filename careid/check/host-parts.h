/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * host-parts.h - careid's own parts on this host, as careid check finds them
 *
 * Nothing is changed, and nothing connected to but the sockets.
 */

#include "check.h"

/* One of the sockets in CAREID_RUN_DIR; as root (ask-helper.h).  @name is borrowed. */
struct check_socket host_socket(const char *name);

bool host_has_systemd(void);            /* it is what runs this host                              */
bool host_has_logind(void);             /* which knows where sessions are                         */
bool host_has_daily_timer(void);        /* systemd starts careid-daily.timer at boot              */
bool host_has_queue_path(void);         /* the same of careid-queue.path                          */

/* Somebody listens at this path, which a socket that was closed may have left behind; nobody knows: it is there. */
bool host_listens(const char *path);

/* The module at this path. */
struct check_module host_module(const char *path);
