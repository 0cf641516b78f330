#!/usr/bin/python3 -B
# SPDX-License-Identifier: LGPL-2.1-or-later
"""calls.py - what calls.table (which see) is good for

    calls.py wraps TABLE PART           the names that are wrapped in PART (libc, libraries), a line each
    calls.py source TABLE PART OUT      the wrappers that need no hand
    calls.py check TABLE BUILT... --scenes SWEEP...     TAP: what the programs and archives call, and the scenes, stands there
"""

import collections
import glob
import re
import subprocess
import sys

ROW = re.compile(r'(\w+)\s*=\s*(.+?)\s+(-?\w+)\s+(\w+|-)\s+\((.+)\)$')
INSTRUMENTS = re.compile(r'__(asan|ubsan|sanitizer|sancov|lsan|gcov)_|_ITM_|__gmon_start__|__cxa_finalize|__libc_start_main')

WRAPPER = '''
extern __typeof__({name}) __real_{name}, __wrap_{name};
{type} __wrap_{name}({parameters}) {{
        if (fault_now("{shown}")) {{
                {fails}
        }}
        {goes_well}return __real_{name}({arguments});
}}
'''


class Table:
    def __init__(self, path):
        self.rows, self.hand, self.kinds = {'libc': [], 'libraries': []}, {'libc': [], 'libraries': []}, {}
        self.excused, self.beside = {}, set()   # a name: the objects that may call it; objects that are in no scene
        section = None
        with open(path, encoding='utf-8') as f:
            for number, line in enumerate(f, 1):
                line = line.partition('#')[0].strip()
                if line.startswith('['):
                    section = line[1:-1]
                elif line and section in self.rows:
                    found = ROW.match(line)
                    if not found:
                        sys.exit(f'{path}:{number}: not NAME = TYPE VALUE ERROR (TYPES)')
                    self.rows[section].append(found.groups())
                    self.name(path, number, found[1], 'fails')
                elif line and section.startswith('outside objects:'):
                    self.beside |= set(line.split())
                else:
                    for name in line.split():
                        if section.startswith('outside in '):
                            self.excused[name] = set(section.partition(':')[0].split()[2:])
                        if section.startswith('by hand '):
                            self.hand[section[8:]].append(name)
                        self.name(path, number, name, section.partition(':')[0].split()[0])

    def name(self, path, number, name, kind):
        if name in self.kinds:
            sys.exit(f'{path}:{number}: {name} stands there twice')
        self.kinds[name] = kind

    def wraps(self, part):
        return sorted([row[0] for row in self.rows[part]] + self.hand[part])


def split_types(text):
    """At the commas that are not inside of parentheses."""
    return [] if text == 'void' else re.findall(r'(?:[^,(]|\((?:[^()]|\([^()]*\))*\))+', text)


def shown(name):
    return name[:-2] if name.endswith('64') and not name.startswith('sqlite3') else name


def source(table, part):
    yield '/* Made by calls.py of calls.table. */\n#include "calls-%s.h"\n' % part
    for name, kind, value, error, types in table.rows[part]:
        types = [t.strip() for t in split_types(types)]
        said = 'return fault_sqlite(%s);' % value if error == 'sqlite' else 'return %s;' % value
        if error not in ('sqlite', '-'):
            said = 'errno = %s;\n                %s' % (error, said)
        yield WRAPPER.format(
            name=name, shown=shown(name), type=kind, fails=said,
            goes_well='(void) fault_sqlite(SQLITE_OK);\n        ' if error == 'sqlite' else '',
            parameters=', '.join('__typeof__(%s) a%d' % (t, i) for i, t in enumerate(types)) or 'void',
            arguments=', '.join('a%d' % i for i in range(len(types))))


SYMBOL = re.compile(r'(?:.*[:/])?([^:/]+)\.o:[0-9a-f]* +([A-Za-z]) ([^\s@]+)')
Object = collections.namedtuple('Object', 'calls defines')


def called_name(name):
    """As without _FORTIFY_SOURCE, and without a newer libc."""
    if re.match(r'__\w+_chk$|__isoc23_', name):
        return re.sub(r'^__(?:isoc23_)?(\w+?)(?:_chk)?$', r'\1', name)
    return name


def objects_of(built):
    """The objects of programs and archives, by the names of their sources: what each calls, and what it defines."""
    files = []
    for path in built:
        found = [path] if path.endswith('.a') else glob.glob(path + '.p/**/*.o', recursive=True)
        if not found:
            sys.exit(f'{path}: its objects are not there')
        files += found
    text = subprocess.run(['nm', '-A', *files], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True).stdout
    objects = collections.defaultdict(lambda: Object(set(), set()))
    for member, kind, name in SYMBOL.findall(text):
        stem = member.removesuffix('.c').rpartition('_')[2]
        if kind in 'Uw':
            objects[stem].calls.add(called_name(name))
        elif kind.isupper():
            objects[stem].defines.add(name)
    return objects


def symbols(programs, undefined):
    text = subprocess.run(['nm', '--undefined-only' if undefined else '--defined-only', *programs], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True, text=True).stdout
    names = {called_name(name) for _, name in re.findall(r'^[0-9a-f]* +([A-Za-z]) ([^\s@]+)', text, re.M)}
    return {name for name in names if not INSTRUMENTS.match(name)}


def said(wrong, what):
    print('%sok - %s' % ('not ' if wrong else '', what))
    for line in wrong:
        print('#   ' + line)
    return not wrong


def check(table, built, sweeps):
    """The calls of others: those that stand nowhere, those that are said to fail and never do, and excuses of others."""
    objects = objects_of(built)
    called = symbols(built, True) - symbols(built, False)
    made = set()
    for sweep in sweeps:
        made |= set(subprocess.run([sweep, '--calls'], stdout=subprocess.PIPE, check=True, text=True).stdout.split())
    fail = {name for name, kind in table.kinds.items() if kind in ('fails', 'double', 'by')}
    silent = {'clock_gettime', 'time', 'sqlite3_errcode', 'sqlite3_extended_errcode', 'sqlite3_finalize', 'sqlite3_reset'}
    played = symbols(sweeps, False)
    ok = [
        said(sorted(called - set(table.kinds)), 'each call that helper and module make of others stands in calls.table'),
        said(sorted(name for name in (fail & called) - silent if shown(name) not in made),
             'each call that calls.table makes fail is made in some scene'),
        said([f'{name}: {stem}' for name, files in sorted(table.excused.items())
              for stem in sorted(objects) if name in objects[stem].calls and stem not in files],
             'a call that is outside of the scenes is so in the objects alone for which that is said'),
        said(sorted(stem for stem, o in objects.items() if (o.calls & fail) - silent and not o.defines & played and stem not in table.beside),
             'each object whose calls can fail is in the program of some scene, or it is said why not'),
        said(sorted((table.beside | set().union(*table.excused.values())) - set(objects)),
             'each object that has an excuse is there'),
    ]
    print('1..%d' % len(ok))
    return 0 if all(ok) else 1


def main(word, path, *more):
    table = Table(path)
    if word == 'wraps':
        print('\n'.join(table.wraps(more[0])))
    elif word == 'source':
        with open(more[1], 'w', encoding='utf-8') as f:
            f.writelines(source(table, more[0]))
    elif word == 'check':
        at = more.index('--scenes')
        return check(table, more[:at], more[at + 1:])
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
