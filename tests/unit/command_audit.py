# SPDX-License-Identifier: LGPL-2.1-or-later
"""command_audit.py - the audit trail and the report of who opened what, as the command has them"""

import errno
import json
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

from command_run import BROKEN, DONE, ETC, REFUSED, UID, USAGE, check, config, expect, run, state


def test_audit():
    """An export is verified by a program that knows only the manual; what was changed in it is found."""
    verifier = str(Path(__file__).parent / "verify-export.py")

    def verify(path, *key):
        return subprocess.run([sys.executable, verifier, str(path), *map(str, key)], capture_output=True, text=True)

    def trail(place):
        got, out, err = run("audit", "export", "--to", str(place))
        return got == DONE, out + err

    place, key = config / "trail", config / "trail.pem"
    check("the trail is exported", *trail(place))
    check("into a file for root alone", stat.S_IMODE(place.stat().st_mode) == 0o600 and place.stat().st_uid == 0, place.stat())
    expect("which is never one that is there", f"audit|export|--to|{place}", REFUSED, "trail: is there already")
    full = config / "full"
    full.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,mode=0700", "full", full], check=True)
    (full / "most").write_bytes(b"x" * 4096)
    expect("nor on a full disk", f"audit|export|--to|{full / 'trail'}", BROKEN, os.strerror(errno.ENOSPC))
    check("where nothing is left of it", os.listdir(full) == ["most"], os.listdir(full))
    subprocess.run(["umount", full], check=True)
    full.rmdir()
    said = verify(place)
    check("anybody can verify it", said.returncode == 0, said.stdout + said.stderr)
    lines = place.read_text().splitlines()
    for name, changed in (("an entry removed", lines[:3] + lines[4:]), ("two exchanged", lines[:3] + [lines[4], lines[3]] + lines[5:]),
                          ("one changed", [lines[0].replace("careid", "other")] + lines[1:])):
        place.write_text("\n".join(changed) + "\n")
        check(f"{name} in it: is found", verify(place).returncode == 1)
    place.unlink()

    last = json.loads(lines[-1])
    anchor = config / "anchor"
    anchor.write_text(f"Nov 22 12:00:00 host careid[17]: audit {last['sequence']} {last['hash']}\n")
    expect("what was kept is in it", f"audit|verify|--anchor|{anchor}", DONE, "1 entry that was kept elsewhere is in it")
    anchor.write_text(f"{last['sequence'] + 5} {last['hash']}\n")
    expect("what was cut off is missed", f"audit|verify|--anchor|{anchor}", REFUSED, f"it ends with entry {last['sequence']}")
    anchor.write_text(f"{last['sequence']} {'0' * 64}\n")
    expect("another one than was kept", f"audit|verify|--anchor|{anchor}", REFUSED, "written anew")
    anchor.write_text("")
    expect("nothing was kept", f"audit|verify|--anchor|{anchor}", USAGE, "nothing to compare with")
    anchor.write_text("1 abc\n")
    expect("no anchor", f"audit|verify|--anchor|{anchor}", USAGE, "line 1")
    expect("pruning what the rule keeps", "audit|prune|--before|2026-01-01|--yes", REFUSED, "days ago")
    expect("pruning where nothing is as old", "audit|prune|--before|1999-01-01|--yes", REFUSED, "as old")
    expect("the key, before anything was signed", "audit|key", REFUSED, "nothing was signed")

    # As if these first entries had been written 30 years ago; the chain is made anew, as somebody with the file could.
    with sqlite3.connect(state / "directory.db") as db:
        import hashlib
        triggers = [row[0] for row in db.execute("SELECT sql FROM sqlite_schema WHERE name IN ('audit_fixed')")]
        db.execute("DROP TRIGGER audit_fixed")
        before = bytes(32)
        for line in lines:
            entry = json.loads(line)
            del entry["hash"]
            if entry["sequence"] <= 5:
                entry["at"] -= 30 * 366 * 86400
            before = hashlib.sha256(before + json.dumps(entry, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()).digest()
            db.execute("UPDATE audit SET at = ?, hash = ? WHERE sequence = ?", (entry["at"], before, entry["sequence"]))
        for trigger in triggers:
            db.execute(trigger)
    db.close()
    for one in state.iterdir():
        os.chown(one, UID, UID)
    expect("which shows only in comparison", "audit|verify", DONE, "can't be excluded")
    expect("what pruning would do", "audit|prune|--before|2015-01-01|--dry-run", DONE, "5 entries were removed, up to entry 5")
    check("and no key was made for it", not (config / "keys" / "audit-sign.1").exists())
    expect("pruning, with nobody to ask", "audit|prune|--before|2015-01-01", REFUSED, "--yes")
    expect("pruning", "audit|prune|--before|2015-01-01|--yes", DONE, "5 entries were removed, up to entry 5")
    expect("and the rest verifies", "audit|verify", DONE, "signed checkpoint at entry 5")
    expect("a second time", "audit|prune|--before|2015-01-01|--yes", REFUSED, "as old")
    signing = config / "keys" / "audit-sign.1"
    signing.rename(config / "elsewhere")
    expect("where the key is gone nothing can be said", "audit|verify", BROKEN, "audit-sign.1")
    (config / "elsewhere").rename(signing)
    expect("no entry at all", "audit|show|anna", DONE, "--about")
    expect("no entry of that day", "audit|show|--from|2001-01-01|--until|2001-01-02", DONE, "no such entry")
    got, pem, err = run("audit", "key")
    key.write_text(pem)
    check("the public key is to be had", got == DONE and pem.startswith("-----BEGIN PUBLIC KEY-----"), pem + err)
    check("what is left is exported", *trail(place))
    said = verify(place, key)
    check("and verified with the key by anybody", said.returncode == 0, said.stdout + said.stderr)
    place.write_text(place.read_text().replace('"after":0', '"after":1', 1))
    check("a checkpoint that was changed is found", verify(place, key).returncode == 1)
    # A client, and what the kernel's audit would have of the client's directory.
    run("person", "add", "--quiet", given="Cleo\nClient\n")
    person = json.loads(run("list", "persons", "--json")[1])["persons"][-1]["id"]
    got, out, err = run("client", "add", person, "--organisation", "clinic")
    client = out.split()[-1] if got == DONE else "none-1"
    uid = json.loads(run("list", "accounts", "anna", "--json")[1])["accounts"][0]["uid"]
    test_opened(client, uid)
    expect("all that a nurse misses", "why-not|anna", DONE)
    expect("all that nobody misses", "why-not|nobody", REFUSED, "there is no nobody")
    expect("who did what, of one kind", "audit|show|--act|unit", DONE, "unit.add")
    expect("about nobody", "audit|show|--about|nobody", REFUSED, "no log-in")


# Records of the kernel's audit, as auditd writes them: an openat() and what it named.
CALL = ("type=SYSCALL msg=audit({at}.123:{serial}): arch=c000003e syscall={call} success={success} exit=3 a0={fd} a1=55d0c8a1e2a0 a2=0 a3=0 "
        "items=1 ppid=1203 pid=1217 auid={auid} uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=5 comm=\"cat\" "
        "exe=\"/usr/bin/{exe}\" subj=unconfined key={key}\n")
WHERE = "type=CWD msg=audit({at}.123:{serial}): cwd=\"{cwd}\"\n"
NAMED = ("type=PATH msg=audit({at}.123:{serial}): item=0 name=\"{path}\" inode=1311 dev=fd:00 mode=0100640 ouid=0 ogid={gid} rdev=00:00 "
         "nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0\n")
END = "type=PROCTITLE msg=audit({at}.123:{serial}): proctitle=636174\n"


def event(path, serial, auid, exe="cat", cwd="/", fd="ffffff9c", gid=0, success="yes", call=257, at=1795258800, key='"careid-client"', of=CALL + WHERE + NAMED + END):
    return of.format(**locals())


def test_opened_by(client, uid, log, opened):
    """What a person did is not left out because the host can't say now whose a uid is."""
    here = f"/srv/clients/client-{client}"
    mine = f"{json.loads(run('audit', 'show', '--json')[1])['audit'][0]['host_id'][:8]}-1"
    expect("by the key of nobody", "opened|--by|key:nobody-has-it", USAGE, "--by")
    expect("by the id of nobody", "opened|--by|4711", REFUSED, "no such person")
    log.write_text(event(f"{here}/notes", 1, uid) + event(f"{here}/plan", 2, 1001) + event(f"{here}/photo", 3, 990))
    for name, by in (("a key", f"key:{mine}"), ("a key that is no number", mine), ("an id", "1")):
        rows, said = opened("--by", by, "--log", str(log), keys=("who", "path"))
        check(f"somebody is named by {name}", rows == [("anna", f"{here}/notes")], said)
    about = [json.loads(run("audit", "show", "--about", word, "--json")[1] or "{}").get("audit") for word in ("1", f"key:{mine}")]
    check("also whose entries are shown", about[0] and about[0] == about[1], about)
    expect("but not by the key of nobody", "audit|show|--about|key:nobody-has-it", USAGE, "--about")

    rows, said = opened("--by", "2", "--log", str(log), keys=("who", "path"))
    check("who has an account of the host's", rows == [("bo", f"{here}/plan")] and "does not know" not in said, said)
    passwd = Path("/etc/passwd")
    passwd.write_text(ETC.replace("bo:", "boris:"))
    rows, said = opened("--by", "2", "--log", str(log), keys=("who", "path"))
    check("another account of the host's is not theirs", rows == [] and "does not know" not in said, said)
    passwd.write_text("".join(line for line in ETC.splitlines(True) if not line.startswith("bo:")))
    for person in "1", "2":
        rows, said = opened("--by", person, "--log", str(log), keys=("who", "path"))
        check(f"what may be theirs while the host can't say is in the report of {person}", ("? uid 1001", f"{here}/plan") in rows and
              len(rows) == 3 - int(person) and "the host does not know 1 uid now" in said, said)
    rows, said = opened(client, "--log", str(log), keys=("who",))
    check("and in the client's", rows == [("anna",), ("? uid 1001",), ("uid 990",)] and "does not know 1 uid" in said, said)
    passwd.write_text(ETC)


def test_opened(client, uid):
    """Who did open: no way to name a file, and no way to look, leaves a client's report without a row."""
    here, other = f"/srv/clients/client-{client}", "/srv/clients/client-clinic-999"
    gid = next(int(g["gid"]) for g in json.loads(run("list", "groups", "--json")[1])["groups"] if g["name"] == f"client-{client}")
    log = config / "audit.log"

    def opened(*args, keys=("who", "what", "opened", "with"), source="kernel"):
        got, out, err = run("opened", *args, "--json")
        rows = json.loads(out or "{}").get("opened", [])
        return [tuple(row[key] for key in keys) for row in rows if row["source"] == source], out + err

    # Until now careid's own commands have shown this client twice: in all lists of persons, and as a whole.
    run("show", "client", client)
    run("who", client)
    rows, said = opened(client, keys=("with", "what"), source="careid")
    check("what careid has shown of a client", [("client.show", client), ("client.who", client)] == rows[-2:] and ("person.list", "persons") in rows, said)
    check("names for a script", run("list", "clients", "--names")[1].split() == [c["name"] for c in json.loads(run("list", "clients", "--json")[1])["clients"]])
    before = len(opened(client, keys=("with",), source="careid")[0])
    expect("names, or all in JSON", "list|clients|--names|--json", USAGE, "one of them")
    expect("without a log of the kernel's", f"opened|{client}", DONE, "no log of the kernel's audit")
    for command, more in (("list clients", 1), ("list clients --names", 0), (f"list clients {client} --names", 1), (f"list grants {client}", 0), ("list units", 0), ("list accounts", 1), ("list logins", 0), ("show unit oak", 0),
                          (f"export clients --to {config / 'opened-clients.csv'}", 1), (f"export units --to {config / 'opened-units.csv'}", 0)):
        got, out, err = run(*command.split())
        rows = opened(client, source="careid")[0]
        before += more
        check(f"after {command} it has {more} more", got == DONE and len(rows) == before, f"{rows}\n{out}{err}")

    log.write_text("".join((
        event(f"{here}/notes", 1, uid), event("notes", 2, uid, exe="less", cwd=here, success="no"), event(f"{other}/notes", 3, uid, exe="vi"),
        "not a record\n",
    )))
    rows, said = opened(client, "--log", str(log))
    check("who opened what is kept of a client", rows == [("anna", client, "yes", "/usr/bin/cat"), ("anna", client, "no", "/usr/bin/less")], said)
    check("and what could not be read", "1 line of the kernel's audit can't be read" in said, said)
    rows, said = opened("--by", "1", "--log", str(log))
    check("what somebody opened, of anybody", [row[1] for row in rows] == [client, client, "clinic-999"], said)
    expect("of nobody and everybody", "opened", USAGE, "--by")
    expect("of no client", "opened|clinic-12345", REFUSED, "there is no clinic-12345")
    told = [e["object"] for e in json.loads(run("audit", "show", "--act", "audit.opened", "--json")[1] or "{}").get("audit", [])]
    check("that each of these was read is an entry", told[-1] == "person:1" and told[-2].startswith("client:"), str(told))

    for name, line, what in (
        ("by another client's", event(f"{other}/../client-{client}/notes", 1, uid), client),
        ("from another client's", event(f"../client-{client}/notes", 1, uid, cwd=other), client),
        ("only towards it", event(f"{here}/../client-clinic-999/notes", 1, uid), None),
        ("by a link", event("/home/anna/link/notes", 1, uid), "?"),
        ("by a link in another client's, past ..", event(f"{other}/link/../notes", 1, uid), "?"),
        ("by a link that is called as another client", event("/home/anna/client-clinic-999/notes", 1, uid), "?"),
        ("from a directory that is open", event("notes", 1, uid, fd="3", cwd="/"), "?"),
        ("from one that is open, in another client's", event("notes", 1, uid, fd="3", cwd=other), "?"),
        ("by a link, with the client's group", event("/home/anna/link/notes", 1, uid, gid=gid), client),
        ("by another client's link, with the client's group", event(f"{other}/link", 1, uid, gid=gid), client),
        ("without a name", event("", 1, uid, of=CALL + WHERE + END), "?"),
        ("a name alone", event(f"{here}/notes", 1, uid, of=NAMED), client),
        ("a name alone, of what is open", event("notes", 1, uid, of=NAMED), "?"),
        ("by another rule, elsewhere", event("/etc/shadow", 1, uid, key="(null)"), None),
        ("by another rule, of another client", event(f"{other}/notes", 1, uid, key="(null)"), None),
        ("by another rule", event(f"{here}/notes", 1, uid, key="(null)"), client),
        ("by io_uring", event("notes", 1, uid, of="type=URINGOP msg=audit({at}.123:{serial}): uring_op=18 success=yes exit=5 items=1 uid={auid} key={key}\n" + NAMED), "?"),
    ):
        log.write_text(line)
        rows, said = opened(client, "--log", str(log), keys=("what",))
        check(f"a file is opened {name}", rows == ([(what,)] if what else []), said)
    log.write_text(event(f"{here}/notes", 1, uid, of=NAMED + END) + event("notes", 2, 4294967295, fd="3"))
    rows, said = opened("--by", "1", "--log", str(log))
    check("what may be anybody's doing is somebody's", rows == [("?", client, "?", "?"), ("?", "?", "yes", "/usr/bin/cat")], said)
    log.write_text(event("/data/client-clinic-7/a", 1, uid) + event(f"/data/client-{client}/a", 2, uid, at=1795345200))
    rows, said = opened(client, "--log", str(log), keys=("what", "path"))
    check("where clients are elsewhere is to be said", [row[0] for row in rows] == ["?", "?"], said)
    rows, said = opened(client, "--log", str(log), "--under", "/data", keys=("what", "path"))
    check("and then counts", rows == [(client, f"/data/client-{client}/a")], said)
    rows, said = opened("--by", "1", "--log", str(log), "--under", "/data", "--until", "2026-11-21", keys=("what",))
    check("only until a day", rows == [("clinic-7",)], said)
    log.write_text(event(f"{here}/late", 1, uid, at=1795303800))                # 23:30 UTC: half past midnight in Stockholm
    for of in ([client], ["--by", "1"]):
        counts = [len(opened(*of, "--log", str(log), *days, keys=("path",))[0]) for days in
                  (("--until", "2026-11-21"), ("--from", "2026-11-22", "--until", "2026-11-22"))]
        check(f"a day is one where the organisation is: {' '.join(of)}", counts == [0, 1], counts)
    expect("under what is no directory", f"opened|{client}|--under|data/..", USAGE, "--under")
    test_opened_by(client, uid, log, opened)
    expect("from a day that there is not", f"opened|{client}|--from|2026-02-30", USAGE, "--from")

    # What auditd has rotated counts, an event that is in two of them once, and the rows are in order.
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "careid-test", "/var/log"], check=True)
    logs = Path("/var/log/audit")
    logs.mkdir(mode=0o700)
    whole = event(f"{here}/b", 2, uid, exe="b", at=1795258900).splitlines(keepends=True)
    (logs / "audit.log.12").write_text(event(f"{here}/a", 1, uid, exe="a"))
    (logs / "audit.log.1").write_text("".join(whole[:2]))
    (logs / "audit.log").write_text("".join(whole[2:]) + event(f"{here}/c", 3, uid, exe="c", at=1795259000))
    rows, said = opened(client, keys=("with",))
    check("logs that were rotated", rows == [("/usr/bin/a",), ("/usr/bin/b",), ("/usr/bin/c",)] and "no log" not in said, said)
    subprocess.run(["umount", "/var/log"], check=True)
