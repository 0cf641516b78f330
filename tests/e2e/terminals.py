# SPDX-License-Identifier: LGPL-2.1-or-later
# terminals.py - the table of terminals that `./lab test` prints at its end
"""One row a case:

    row(host='sudo', terminal='tmux', size='80x24', theme='dark', locale='C.UTF-8',
        drawn='half blocks', decoded=True, seconds=1.3)

The rows of all machines are in files named terminals*.tsv in their results; tests/lab/results.sh prints them.
"""

import os

COLUMNS = ('host', 'terminal', 'size', 'theme', 'locale', 'drawn', 'decoded', 'seconds')


def row(*, host, terminal, size, theme, locale, drawn, decoded, seconds=None, folder=None):
    """host: the program that asks; terminal: what draws, with its font; drawn: how, or what the person meets instead;
    decoded: a picture of it was read (and the log-in approved by that); seconds: from its start to that."""
    cells = (host, terminal, size, theme, locale, drawn, 'yes' if decoded else 'no', '-' if seconds is None else f'{seconds:.1f}')
    assert not any('\t' in cell or '\n' in cell for cell in cells), cells
    with open(os.path.join(folder or os.environ.get('CAREID_RESULTS', '/results'), 'terminals.tsv'), 'a') as f:
        print(*cells, sep='\t', file=f)
