/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * root-alone.h - what careid does for root alone is no part of the helper
 *
 * The table of commands is compiled once more with this before it: a function
 * that is weak here is not linked, and its row has nothing to run (act.c).
 */

#pragma weak account_groups
#pragma weak apply_run
#pragma weak audit_export
#pragma weak audit_export_prepare
#pragma weak audit_key
#pragma weak audit_prepare
#pragma weak audit_prune
#pragma weak audit_sample
#pragma weak audit_verify
#pragma weak check_run
#pragma weak contact_remove
#pragma weak contact_set
#pragma weak contact_show
#pragma weak daily_run
#pragma weak evidence_export
#pragma weak evidence_list
#pragma weak evidence_prepare
#pragma weak evidence_prune
#pragma weak evidence_show
#pragma weak export_prepare
#pragma weak export_run
#pragma weak import_prepare
#pragma weak import_run
#pragma weak list_show
#pragma weak opened_prepare
#pragma weak opened_run
#pragma weak organisation_add
#pragma weak person_died
#pragma weak person_protect
#pragma weak person_unprotect
#pragma weak role_add
#pragma weak role_grant_service
#pragma weak service_add
#pragma weak setup_prepare
#pragma weak setup_run
#pragma weak snapshot_rebuild
#pragma weak snapshot_update
