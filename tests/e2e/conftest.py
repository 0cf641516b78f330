# SPDX-License-Identifier: LGPL-2.1-or-later
# conftest.py - what the files of end-to-end tests share
"""A file that needs more of either writes a fixture of the same name that begins with this one."""

import clinic as clinics
import pytest


@pytest.fixture(scope='module')
def clinic():
    """The example clinic on this machine, and a hand on the phone."""
    with clinics.Clinic.prepare() as prepared:
        yield prepared


@pytest.fixture
def watch(clinic):
    """Nothing is under way and BankID does what it should; what happens from here on."""
    clinic.phone.clear_faults()
    clinics.wait_no_helper()
    return clinics.Watch(clinic)
