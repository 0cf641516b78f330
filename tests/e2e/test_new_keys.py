# SPDX-License-Identifier: LGPL-2.1-or-later
# test_new_keys.py - careid keys rotate on a running host: nobody who logs in notices, and nothing is lost
"""Before, in the middle of a log-in, and after; the contact detail that was kept under the old keys is there."""

import json
import os

import clinic as c
import host
from clinic import Screen
from host import run


def rotate(numbers):
    done, = json.loads(run('careid', 'keys', 'rotate', '--yes', '--json').stdout)['keys']
    assert int(done['numbers']) >= numbers, done
    return done['id']


def test_people_log_in_as_before_while_and_after_keys_are_made_anew(clinic, watch):
    """A log-in that began under the old keys is compared under the new ones; somebody else's number still is somebody else's."""
    person = json.loads(run('careid', 'show', 'account', 'nurse1', '--json').stdout)['accounts'][0]['person']
    run('careid', 'contact', 'set', person, 'phone', '--quiet', text='+46701740605\n')
    with Screen(c.login('nurse1'), columns=80, rows=24) as screen:
        shown = clinic.scan(screen)
        first = rotate(2)
        clinic.phone.approve('nurse-one', order=shown['order'])
        screen.wait_text(r'\$ ', 40)
        assert len(watch.logins()) == 1
        screen.type('exit\n')
        screen.wait_exit(40)
    assert rotate(2) != first

    with Screen(c.ssh('nurse1', 'id -un')) as screen:
        shown = c.ssh_scan(screen, clinic)
        clinic.phone.approve('nurse-one', order=shown['order'])
        assert c.ssh_approved(screen) == 0 and 'nurse1' in c.plain(screen)
    with Screen(c.ssh('nurse1', 'id -un')) as screen:
        shown = c.ssh_scan(screen, clinic)
        clinic.phone.approve('nurse-two', order=shown['order'])
        c.wait_refused(screen)
    assert run('careid', 'contact', 'show', person, 'phone').stdout == '+46701740605\n'
    uid = os.stat(host.DIRECTORY).st_uid
    for name in os.listdir(host.KEYS):
        kept = os.stat(os.path.join(host.KEYS, name))
        assert kept.st_uid == uid and kept.st_mode & 0o7777 == 0o400, name
