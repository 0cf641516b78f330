/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * places.h - where the module under test finds its helper: below the directory
 * that run-script made for this one script
 */

#define CAREID_RUN_DIR "run"
#define CAREID_HELPER  "./careid-helper"
