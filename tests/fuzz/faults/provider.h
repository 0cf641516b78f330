/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * provider.h - a BankID for scenes of the helper, of one order and one person who has a phone
 */

#include <stdbool.h>

#define PROVIDER_HERE "198.51.100.7"            /* where the log-in by the link comes from                        */

/*
 * BY_LINK: on the device that the log-in comes from; FROM_AFAR: on another one that the link was sent to.  TYPES: no
 * phone, but a password; TYPES_WRONG: one that is not right, as often as it is asked for.
 */
enum phone { APPROVES, BY_LINK, FROM_AFAR, OTHER_APPROVES, CANCELS, SLEEPS, TALKS_NONSENSE, IS_DOWN, LIES_ABOUT_ORDER, TYPES, TYPES_WRONG };

bool provider_is_by_link(enum phone phone);

/* A scene begins: no order was ever made. */
void provider_begin(enum phone phone);

/* For fake_provider (fake-curl.h). */
long provider_answer(const char *path, const char *body, char *ret);
