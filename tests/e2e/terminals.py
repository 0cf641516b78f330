# SPDX-License-Identifier: LGPL-2.1-or-later
# terminals.py - the table of terminals that `./lab test` prints at its end
"""One row a case:

    row(host='sudo', terminal='tmux', size=screen.size, theme='dark', decoded=True, seconds=1.3, **drawn(screen.output))

How a code is drawn, and in which letters, is read from what the terminal was given, not from what a case says of itself.

The rows of all machines are in files named terminals*.tsv in their results; tests/lab/results.sh prints them.
"""

import os
import re

COLUMNS = ('host', 'terminal', 'size', 'theme', 'locale', 'drawn', 'decoded', 'seconds')


def row(*, host, terminal, size, theme, locale, drawn, decoded, seconds=None, folder=None):
    """host: the program that asks; terminal: what draws, with its font; drawn: how, or what the person meets instead;
    decoded: a picture of it was read (and the log-in approved by that); seconds: from its start to that."""
    cells = (host, terminal, size, theme, locale, drawn, 'yes' if decoded else 'no', '-' if seconds is None else f'{seconds:.1f}')
    assert not any('\t' in cell or '\n' in cell for cell in cells), cells
    with open(os.path.join(folder or os.environ.get('CAREID_RESULTS', '/results'), 'terminals.tsv'), 'a') as f:
        print(*cells, sep='\t', file=f)


SIDE = 45                               # columns of a BankID code with its quiet zone, at scale 1
HALVES = ('▀'.encode(), '▄'.encode())
# A row of the quiet zone: on a ground of its own, or of blocks or nothing, alone on its line or before the texts.
GROUND = re.compile(rb'\x1b\[(0;47|0;40|0;7|0)m( {%d,})\x1b\[0m' % SIDE)
BARE = re.compile(rb'[\r\n]((?:\xe2\x96\x88){%d,}| {%d,})(?=\r?\n|  )' % (SIDE, SIDE))
INKS = {b'0;47': 'colours', b'0;40': 'colours, inverted', b'0;7': 'reverse', b'0': 'reverse, inverted'}


def _quiet_rows(output):
    rows = [(m.end(), len(m[2]), INKS[m[1]]) for m in GROUND.finditer(output)]
    for m in BARE.finditer(output):
        blocks = m[1].startswith(b'\xe2')
        rows.append((m.end(), len(m[1]) // 3 if blocks else len(m[1]), 'no escapes' if blocks else 'no escapes, inverted'))
    return sorted(rows)


def drawn(output, anew=False):
    """{'drawn': how the last code in these bytes is drawn, 'locale': in which letters}.

    The width is that of the code's quiet zone.  anew: tmux, screen or another client has drawn it its own way, all of the
    bytes are looked at, and nothing is said of the width."""
    rows = [] if anew else _quiet_rows(output)
    how = []
    if rows:
        end, width, ink = rows[-1]
        body = output[max([at for at, other, _ in rows if other != width], default=0):end]
        how = [f'{width} columns', ink]
    else:
        body = output
        how = ['colours' if re.search(rb'\x1b\[(?:\d+;)*4[07]m', body) else 'no colours']
    halves = sum(body.count(half) for half in HALVES)
    if not rows and halves < SIDE:
        return {'drawn': words(output), 'locale': letters(output)}
    return {'drawn': ', '.join(['half blocks' if halves >= SIDE else 'whole cells', *how]), 'locale': letters(body)}


def letters(output):
    return 'UTF-8' if any(byte >= 0x80 for byte in output) else 'ASCII'


def words(output):
    """What stands there instead of a code, its beginning."""
    text = re.sub(rb'\x1b(?:\[[0-?]*[ -/]*[@-~]|[78=>]|\][^\x07]*\x07)', b' ', output).decode(errors='replace')
    text = ' '.join(text.split())
    return text if len(text) <= 76 else text[:75] + '…'
