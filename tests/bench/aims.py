# SPDX-License-Identifier: LGPL-2.1-or-later
# aims.py - what measurements are held against, at the end of each: wanted, found, met or not
"""Aims are measured, and no reason to fail: a busy machine is one."""

import operator

SIGNS = {'<': operator.lt, '<=': operator.le, '=': operator.eq, '>=': operator.ge}


def number(n):
    return format(n, '.0f' if n > 99 else '.1f')


def print_aims(rows, title='aims'):
    """Rows of a name, a sign, what is wanted and what was found."""
    print(f'\n{title:<82}{"wanted":>10}{"is":>10}')
    for name, sign, wanted, found in rows:
        print(f'  {name:<80}{sign + " " + number(wanted):>10}{number(found):>10}  '
              f'{"met" if SIGNS[sign](found, wanted) else "not met"}', flush=True)
