/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * put.h - from a row to the act that adds it, one for each kind
 *
 * Each returns DIRECTORY_OK, TRANSFER_SAME, or the verdict or error of the act.
 */

#include "row-kinds.h"

int put_organisation(const struct transfer *t);
int put_unit(const struct transfer *t);
int put_service(const struct transfer *t);
int put_role(const struct transfer *t);
int put_role_service(const struct transfer *t);
int put_person(const struct transfer *t);
int put_identity(const struct transfer *t);
int put_contact(const struct transfer *t);
int put_account(const struct transfer *t);
int put_assignment(const struct transfer *t);
int change_assignment(const struct transfer *t);
int put_module(const struct transfer *t);
int put_deputy(const struct transfer *t);
int put_template(const struct transfer *t);
int put_client(const struct transfer *t);
int put_enrolment(const struct transfer *t);
int put_grant(const struct transfer *t);
int put_mandate(const struct transfer *t);
