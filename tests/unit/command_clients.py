# SPDX-License-Identifier: LGPL-2.1-or-later
"""command_clients.py - what the commands show of locks, and give through a record view; a part of test-careid-command.py"""

import json
import os
import sqlite3

from command_run import DONE, UID, check, expect, run, state


def to_directory(*statements):
    """What there is no command for; the files stay the system user's."""
    db = sqlite3.connect(state / "directory.db")
    with db:
        for statement in statements:
            db.execute(statement)
    db.close()
    for path in state.iterdir():
        os.chown(path, UID, UID)


def test_locks():
    """On whose request somebody is locked stands beside them for as long as the lock does, and who asked for it and why in the list of locks (L3)."""
    def rows(*args):
        return json.loads(run("list", *args, "--json")[1])

    def asked():
        return {person["id"]: set(person["locked"].split(",")) for person in rows("persons")["persons"] if person["locked"]}

    person = rows("clients", "clinic-1")["clients"][0]["person"]
    check("nobody is locked", rows("locks") == {"locks": []} and not asked(), asked())
    to_directory("INSERT INTO lock (client, requested_by, reason, by_actor, created) SELECT id, 'resident', 'no-contact', 'uid:0', 1 FROM client WHERE number = 1",
                 "INSERT INTO lock (client, requested_by, region, provider, reason, by_actor, created)"
                 " SELECT id, 'region', 'Skane', 'The Oak clinic', 'judgement', 'uid:0', 86400 FROM client WHERE number = 1")
    shown = [[row[k] for k in ("client", "requested_by", "region", "provider", "reason", "by", "at", "lifted")] for row in rows("locks")["locks"]]
    check("each lock with who asked for it, why, by whom and when", shown == [
        ["clinic-1", "resident", None, None, "no-contact", "uid:0", "1970-01-01T00:00:01Z", None],
        ["clinic-1", "region", "Skane", "The Oak clinic", "judgement", "uid:0", "1970-01-02T00:00:00Z", None]], shown)
    check("those of a region", [row["requested_by"] for row in rows("locks", "Skane")["locks"]] == ["region"])
    check("who is locked, and nobody else", asked() == {person: {"resident", "Skane"}}, asked())
    for words in (("list", "persons"), ("show", "person", person)):
        got, out, err = run(*words)
        check(f"{' '.join(words)}: in words", got == DONE and "LOCKED AT THE REQUEST OF" in out and "Skane" in out and "resident" in out, out + err)
    to_directory("UPDATE lock SET lifted = 172800, lifted_by = 'uid:0' WHERE region IS NULL")
    check("a lock that is lifted counts no more", asked() == {person: {"Skane"}}, asked())
    check("and stays in the list", [row["lifted"] for row in rows("locks")["locks"]] == ["1970-01-03T00:00:00Z", None])
    to_directory("UPDATE lock SET lifted = 172800, lifted_by = 'uid:0', lifted_for = 'Skane' WHERE region IS NOT NULL")
    check("nobody is locked any more", not asked(), asked())


def test_record_view():
    """A record view gives nothing until it is switched on (L8)."""
    person = run("person", "add", "--quiet", given="Rut\nTest\n")[1].strip()
    for name, args in [
        ("a record view", "service|add|view|--title|View|--opens|record-view"),
        ("for relatives", "role|grant-service|kin|view"),
        ("a relative", f"account|add|rut|--person|{person}|--organisation|clinic|--kind|relative"),
        ("of a client", "grant|rut|kin|clinic-1|--basis|consent|--document|binder 4|--checked-by|Manager|--review-on|2099-01-01"),
    ]:
        expect(name, args, DONE)

    def groups():
        return {word for word in run("snapshot", "show", "rut")[1].replace(",", " ").split() if word.startswith("client-")}

    for name, args, want in [
        ("a record view gives nothing by itself", "list|modules", {"client-clinic-1"}),
        ("nor by another module", "module|on|video|--organisation|clinic", {"client-clinic-1"}),
        ("it does where it is switched on", "module|on|record-view|--organisation|clinic", {"client-clinic-1", "client-clinic-1-view"}),
        ("and not when it is off again", "module|off|record-view|--organisation|clinic|--yes", {"client-clinic-1"}),
        ("whatever else is on", "module|off|video|--organisation|clinic|--yes", {"client-clinic-1"}),
    ]:
        expect(name, args, DONE)
        check(f"{name}: in the snapshots", groups() == want, groups())
    expect("the relative leaves: sessions are not ended", f"leave|{person}|--yes", DONE, "accounts closed: 1\ngrants ended that they held: 1\n"
           "sessions that are open keep their groups until they end\n")
