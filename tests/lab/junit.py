# SPDX-License-Identifier: LGPL-2.1-or-later
# junit.py - a JUnit file (meson's, pytest's) as the lab's result lines
#
#   junit.py FILE PREFIX   prints   pass|fail|skip TAB seconds|- TAB PREFIX: what
#
# Meson writes a program of several TAP cases as a suite, with one time for all of them, and any other program as a case;
# its names are `project:suites / title`. That one time is given as a line `time`, which counts for nothing else.
import sys
import xml.etree.ElementTree as tree


def verdict(case):
    for element in case:
        if element.tag in ('failure', 'error'):
            return 'fail'
        if element.tag == 'skipped':
            return 'skip'
    return 'pass'


def title(name):
    return ' '.join(name.rpartition(' / ')[2].split())


def main(path, prefix):
    lines = 0
    for suite in tree.parse(path).getroot().iter('testsuite'):
        program = ' / ' in suite.get('name', '')                # of TAP cases
        for case in suite.findall('testcase'):
            name = case.get('name', '?')
            if program:
                where, seconds = title(suite.get('name')), '-'
            else:
                where = '' if ' / ' in name else case.get('classname', '')
                seconds = f"{float(case.get('time') or 0):.1f}"
            print(verdict(case), seconds, ': '.join(filter(None, (prefix, where, title(name)))), sep='\t')
            lines += 1
        if program:
            print('time', f"{float(suite.get('time') or 0):.1f}", f"{prefix}: {title(suite.get('name'))}", sep='\t')
    if not lines:
        sys.exit(f'{path}: no test in it')


main(*sys.argv[1:])
