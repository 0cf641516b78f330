# SPDX-License-Identifier: LGPL-2.1-or-later
# junit.py - a JUnit file (meson's, pytest's) as the lab's result lines
#
#   junit.py FILE PREFIX   prints   pass|fail|skip TAB seconds|- TAB PREFIX: suite: case
#
# A program of meson with several TAP cases has one time: it is given as a line `time`, which counts for nothing else.
import sys
import xml.etree.ElementTree as tree


def verdict(case):
    for element in case:
        if element.tag in ('failure', 'error'):
            return 'fail'
        if element.tag == 'skipped':
            return 'skip'
    return 'pass'


def main(path, prefix):
    lines = 0
    for suite in tree.parse(path).getroot().iter('testsuite'):
        name = suite.get('name', '').removeprefix('careid.')
        cases = suite.findall('testcase')
        timed = all(case.get('time') for case in cases)
        for case in cases:
            title = ' '.join(case.get('name', '?').split())
            where = case.get('classname', name) if timed else name
            seconds = f"{float(case.get('time')):.1f}" if timed else '-'
            print(verdict(case), seconds, f'{prefix}: {where}: {title}', sep='\t')
            lines += 1
        if not timed and suite.get('time'):
            print('time', f"{float(suite.get('time')):.1f}", f'{prefix}: {name}', sep='\t')
    if not lines:
        sys.exit(f'{path}: no test in it')


main(*sys.argv[1:])
