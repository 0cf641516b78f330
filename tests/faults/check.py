# SPDX-License-Identifier: LGPL-2.1-or-later
"""check.py SOURCE BUILD - each fault's text is in the code, once, and the tests that have to see it exist: step `faults` can begin"""

import json
import os
import sys

from faults import FAULTS

source, build = sys.argv[1:]
with open(os.path.join(build, 'meson-info', 'intro-tests.json'), encoding='utf-8') as f:
    titles = {t['name'] for t in json.load(f)}
failed = 0
print('1..%d' % len(FAULTS))
for n, fault in enumerate(FAULTS, 1):
    with open(os.path.join(source, fault.file), encoding='utf-8') as f:
        times = f.read().count(fault.old)
    unknown = [text for text in fault.seen_by if text.partition('|')[0] not in titles]
    good = times == 1 and not unknown
    failed += not good
    print('%sok %d - %s' % ('' if good else 'not ', n, fault.name))
    if not good:
        print('# its text occurs %d times in %s; no test is called: %s' % (times, fault.file, ', '.join(unknown) or '-'))
sys.exit(failed != 0)
