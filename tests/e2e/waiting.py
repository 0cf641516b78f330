# SPDX-License-Identifier: LGPL-2.1-or-later
# waiting.py - for what tells nobody when it happens
"""Limits are those of a quiet machine: a busy one may take SLOWER times as long, and whoever waits in vain notices later."""

import time

SLOWER = 3


class TooLate(AssertionError):
    """What was waited for did not come in time."""


def eventually(truth, seconds=10, what='it'):
    """Ask until the answer is true, and return it."""
    end = time.monotonic() + seconds * SLOWER
    while not (found := truth()):
        if time.monotonic() > end:
            raise TooLate(f'{what} did not happen within {seconds * SLOWER} s')
        time.sleep(0.05)
    return found
