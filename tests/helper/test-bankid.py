# SPDX-License-Identifier: LGPL-2.1-or-later
"""test-bankid.py - the real helper program and a BankID (tests/bankid), end to end

The phone here reads the code from the modules that the helper sends.  As an
ordinary user the helper is asked about that user; as root about anybody, which
adds what is recorded and names that nobody has.
"""

from bankid_bench import simulator, tap

import bankid_approvals  # noqa: F401
import bankid_shown  # noqa: F401
import bankid_caller  # noqa: F401
import bankid_trouble  # noqa: F401
import bankid_texts  # noqa: F401
import bankid_acts  # noqa: F401
import bankid_link  # noqa: F401

try:
    tap.run()
finally:
    simulator.close()
