#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test-careid-command.py CAREID CONFIG-DIR STATE-DIR SNAPSHOT-DIR - the command itself, as root

It runs in a mount namespace of its own, where /etc and /var/lib are empty
but for what is made here: nothing of the host is touched.
"""

import json
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from command_audit import test_audit
from command_clients import test_locks, test_record_view
from command_run import (BROKEN, DONE, ETC, NUMBER, OTHER, REFUSED, SECOND, UID, USAGE, Terminal, careid, check, config, done, expect, is_dir, run,
                         snapshots, state)


def test_setup():
    expect("before setup: what to do", "list|persons", BROKEN, "careid setup")
    expect("setup", "setup", DONE)
    before = {p: p.stat().st_ino for p in [*state.rglob("*.db"), *(config / "keys").iterdir()]}
    expect("setup again", "setup", DONE)
    check("which changes nothing that is there", before and all(p.stat().st_ino == i for p, i in before.items()), before)
    check("directories have owner and mode", is_dir(config, 0, 0o755) and is_dir(config / "keys", UID, 0o700) and
          is_dir(state, UID, 0o700) and is_dir(snapshots, UID, 0o755))
    state.chmod(0o755)
    expect("a directory of another mode is named and left", "setup", BROKEN, "mode 0700; it was left as it is")
    check("as it was", is_dir(state, UID, 0o755))
    state.chmod(0o700)


def test_acts():
    for name, args, status, says, *given in [
        ("an organisation", "organisation|add|clinic|--title|Example Clinic|--country|SE", DONE, ""),
        ("twice", "organisation|add|clinic|--title|Example Clinic|--country|SE", REFUSED, "clinic"),
        ("in no country", "organisation|add|x|--title|X|--country|NO", USAGE, "must be SE or DK"),
        ("a unit", "unit|add|oak|--organisation|clinic|--title|Oak ward", DONE, ""),
        ("a unit of nobody", "unit|add|elm|--organisation|none|--title|Elm", REFUSED, ""),
        ("a role", "role|add|nurse|--title|Nurse|--kind|staff", DONE, ""),
        ("a relative's role that plans the day (A1)", "role|add|kin|--title|Kin|--kind|relative|--daily-planning", REFUSED, "careid: --daily-planning: "),
        ("a relative's role", "role|add|kin|--title|Kin|--kind|relative", DONE, ""),
        ("a record service", "service|add|journal|--title|Journal|--opens|record|--number|7", DONE, ""),
        ("for a nurse", "role|grant-service|nurse|journal", DONE, ""),
        ("for a relative, never (K8)", "role|grant-service|kin|journal", REFUSED, "never reaches a record service"),
        ("a person", "person|add|--quiet", DONE, "1\n", "Anna\nTest\n"),
        ("another", "person|add", DONE, "person 2\n", "Bo\nTest\n"),
        ("a person without a last name", "person|add", REFUSED, "nothing was entered", "Anna\n"),
        ("a person of no name", "person|add", REFUSED, "nothing was entered", "\n\n"),
        ("a name that is none", "person|add", REFUSED, "given name: ", " Anna\nTest\n"),
        ("a name longer than any line", "person|add", REFUSED, "longer than any name", "A" * 321 + "\nTest\n"),
        ("a name as an argument", "person|add|Anna", USAGE, "one argument too many"),
        ("a name as an option", "person|add|--alias=Anna", USAGE, "--alias: takes no value"),
        ("an account", "account|add|anna|--person|1|--organisation|clinic|--kind|staff", DONE, "uid 2001"),
        ("an account of the host", "account|add|bo|--person|2|--organisation|clinic|--kind|staff|--source|host", DONE, ""),
        ("an account of nobody", "account|add|x|--person|99|--organisation|clinic|--kind|staff", REFUSED, ""),
        ("an account with a name for a person", "account|add|x|--person|anna|--organisation|clinic|--kind|staff", USAGE, "id of a person"),
        ("an account called root", "account|add|root|--person|1|--organisation|clinic|--kind|staff", REFUSED, ""),
        ("an assignment", "assign|anna|nurse|oak|--from|2026-01-01", DONE, "assignment 1\n"),
        ("for one day", "assign|bo|nurse|oak|--from|2099-03-01|--until|2099-03-01", DONE, "assignment 2\n"),
        ("on a day that there isn't", "assign|anna|nurse|oak|--until|2026-02-30", USAGE, "a day that there is"),
        ("that ends before it begins", "assign|anna|nurse|oak|--from|2026-02-02|--until|2026-02-01", USAGE, "before"),
        ("the end of one, with nobody to ask", "unassign|2", REFUSED, "--yes"),
        ("the end of one", "unassign|2|--yes", DONE, ""),
        ("the end of none", "unassign|99|--yes", REFUSED, ""),
        ("archiving", "archive|account|bo|--yes", DONE, ""),
        ("taking it back", "restore|account|bo", DONE, ""),
        ("archiving what there isn't", "archive|account|nobody|--yes", REFUSED, "nobody"),
        ("an unknown list", "list|acounts", USAGE, "did you mean accounts"),
        ("showing", "show|account|anna", DONE, "anna"),
        ("showing nobody", "show|account|nobody", REFUSED, "not found"),
        ("the audit trail", "audit|verify", DONE, "whole"),
        ("snapshots", "snapshot|rebuild", DONE, ""),
    ]:
        expect(name, args, status, says, *given)
    for what in "organisations units services roles persons accounts assignments groups logins sessions audit".split():
        got, out, err = run("list", what, "--json")
        check(f"{what} as JSON", got == DONE and isinstance(json.loads(out)[what], list), out + err)


def test_dry_run():
    """What would be said, asked and refused, and nothing of it done."""
    def seen():
        trail = [line for line in run("list", "audit")[1].splitlines() if ".list" not in line]         # but that this was looked at
        return run("list", "units")[1], run("list", "accounts")[1], [" ".join(line.split()) for line in trail], run("list", "persons")[1]

    rows = config / "units.csv"
    rows.write_text("name,organisation,title\nalder,clinic,Alder ward\n")
    expect("a template", "template|add|oak-night|--title|Night|--role|nurse|--unit|oak|--hours|21:00-07:00", DONE)
    before = seen()
    for name, args, status, says, *given in [
        ("an act without words of its own", "unit|add|ash|--organisation|clinic|--title|Ash|--dry-run", DONE, "dry run: nothing was changed"),
        ("one that says what it has made", "person|add|--dry-run", DONE, "dry run: person ", "Eva\nTest\n"),
        ("one that is refused", "unit|add|oak|--organisation|clinic|--title|Oak|--dry-run", REFUSED, "careid: unit oak: "),
        ("one that asks, where nobody can be asked", "archive|account|bo|--dry-run", DONE, "dry run: Close account bo, and end for good"),
        ("one that ends something", "unassign|1|--dry-run", DONE, "dry run: End assignment 1 (anna nurse oak), now and for good?"),
        ("many at once", f"import|units|{rows}|--dry-run", DONE, "dry run: nothing was changed"),
        ("one that is many acts itself", "temp|add|oak-night|tove|--new|--dry-run", DONE, "dry run: assignment ", "Tove\nTest\n"),
        ("somebody who leaves", "leave|1|--dry-run", DONE, "dry run: Close every account of person 1"),
        ("a reading that is recorded has none", "evidence|show|1|--dry-run", USAGE, "no such option of evidence show"),
    ]:
        expect("dry run: " + name, args, status, says, *given)
        check("and nothing was done", seen() == before, seen())
    for args in ("leave|1", "died|1|2026-11-01", "archive|person|1"):
        got, out, err = run(*args.split("|"), "--dry-run")
        check(f"who is asked about is named to nobody but a terminal: {args}", got == DONE and "person 1" in out + err and "Anna" not in out + err, out + err)
    got, out, err = run("unit", "add", "ash", "--organisation", "clinic", "--title", "Ash", "--dry-run", "--json")
    check("dry run: JSON is JSON", got == DONE and json.loads(out) == {"units": [{"name": "ash"}]} and "dry run" in err, out + err)


def test_json():
    """One form for what was made, one for every refusal."""
    for name, args, want, *given in [
        ("a unit", "unit|add|beech|--organisation|clinic|--title|Beech|--json", {"units": [{"name": "beech"}]}),
        ("a person", "person|add|--json", {"persons": [{"id": "3"}]}, "Cilla\nTest\n"),
        ("an assignment", "assign|bo|nurse|oak|--until|2099-12-31|--json", {"assignments": [{"id": "3"}]}),
        ("a client", "client|add|3|--organisation|clinic|--json", {"clients": [{"name": "clinic-1"}]}),
        ("an enrolment", "enrol|clinic-1|oak|--json", {"enrolments": [{"id": "1"}]}),
        ("a mandate", "mandate|give|1|add|--organisation|clinic|--unit|oak|--json", {"mandates": [{"id": "1"}]}),
        ("a person's protection", "person|protect|3|--alias|--json", {"persons": [{"id": "3"}]}, "C. C.\n"),
        ("a role", "role|add|cook|--title|Cook|--kind|staff|--json", {"roles": [{"name": "cook"}]}),
    ]:
        got, out, err = run(*args.split("|"), given="".join(given))
        check(f"JSON of {name}", got == DONE and json.loads(out) == want and not err, out + err)
    for act in ("invite", "lock", "seal", "block", "bind"):
        expect(f"a mandate to {act}", f"mandate|give|1|{act}|--organisation|clinic|--dry-run", DONE, f"nothing needs a mandate to {act} yet")
    for name, args, status, about in [
        ("a refusal", "unit|add|beech|--organisation|clinic|--title|Beech|--json", REFUSED, "unit beech"),
        ("of what is not there", "show|unit|moon|--json", REFUSED, "unit moon"),
        ("a wrong command line", "list|--json", USAGE, None),
        ("no such command", "lst|--json", USAGE, None),
    ]:
        got, out, err = run(*args.split("|"))
        error = json.loads(out or "{}").get("error", {})
        check(f"JSON of {name}", got == status == error.get("status") and error.get("about", "") == about and
              error["text"] in err and err.count("\n") == 1, out + err)
    got, out, err = run("archive", "unit", "beech", "--yes")
    check("and what was made for it is closed", got == DONE, err)
    got, out, err = run("export", "units", "--to", str(config / "units-json.csv"), "--json")
    check("JSON of an export", got == DONE and json.loads(out) == {"exported": [{"rows": "1", "left_out": "1"}]} and not err, out + err)


def test_changes():
    """What was added can be said otherwise, closed and opened again; and each of it is what the lists show then."""
    rows = config / "keys.csv"
    rows.write_text("person,given_name,family_name\nemp-1,Key,Test\n4711,Digits,Test\n")
    for name, args, status, says, *given in [
        ("another title", "unit|change|oak|--title|Oak and ash", DONE, ""),
        ("which is shown", "show|unit|oak", DONE, "Oak and ash"),
        ("a title that is none", "role|change|nurse|--title| Nurse", REFUSED, "careid: --title: "),
        ("of what there is not", "service|change|moon|--title|Moon", REFUSED, "no moon"),
        ("of an organisation", "organisation|change|clinic|--title|Clinic", DONE, ""),
        ("of a role", "role|change|nurse|--title|Registered nurse", DONE, ""),
        ("of a service", "service|change|journal|--title|The journal", DONE, ""),
        ("of a template", "template|change|oak-night|--title|Nights", DONE, ""),
        ("a template is closed", "archive|template|oak-night|--yes", DONE, ""),
        ("and used no more", "temp|add|oak-night|anna", REFUSED, "oak-night is archived"),
        ("and restored", "restore|template|oak-night", DONE, ""),
        ("another name", "person|change|2|--names", DONE, "", "Bodil\nTest\n"),
        ("which is shown", "show|person|2", DONE, "Bodil Test"),
        ("another language", "person|change|2|--language|sv", DONE, ""),
        ("nothing to change", "person|change|2", USAGE, "--names, --alias or --language"),
        ("a language that there is not", "person|change|2|--language|no", REFUSED, "careid: --language: "),
        ("an alias for who is not protected", "person|change|2|--alias", REFUSED, "only who is protected", "B. T.\n"),
        ("another alias", "person|change|3|--alias", DONE, "", "C.\n"),
        ("of somebody whom there is not", "person|change|99|--language|sv", REFUSED, "careid: PERSON: "),
        ("a service out of a role, with nobody to ask", "role|take-service|nurse|journal", REFUSED, "--yes"),
        ("a service out of a role", "role|take-service|nurse|journal|--yes", DONE, ""),
        ("which it has not then", "role|take-service|nurse|journal|--yes", REFUSED, "the role nurse has it not"),
        ("and into it again", "role|grant-service|nurse|journal", DONE, ""),
        ("a contact detail", "contact|set|2|phone|--quiet", DONE, "", "+46 8 123 456 78\n"),
        ("another one", "contact|set|2|phone|--quiet", REFUSED, "--replace", "+46 8 123 456 79\n"),
        ("in the place of the first", "contact|set|2|phone|--quiet|--replace", DONE, "", "+46 8 123 456 79\n"),
        ("one mandate, not those of the person with its number", "show|mandate|1", DONE, "clinic"),
        ("none of that number", "show|mandate|99", REFUSED, "not found"),
        ("people with keys", f"import|persons|{rows}|--quiet", DONE, ""),
        ("a person by key", "person|change|emp-1|--language|da", DONE, ""),
        ("by a key that is a number", "person|change|key:4711|--language|da", DONE, ""),
        ("a number alone is an id", "person|change|4711|--language|da", REFUSED, "none with this id"),
        ("a key of nobody's", "person|change|emp-2|--language|da", USAGE, "neither the id of a person nor the key"),
        ("what is no key", "person|change|a b|--language|da", USAGE, "must be the id of a person"),
        ("who has it", "list|persons|emp-1", DONE, "Key Test"),
    ]:
        expect(name, args, status, says, *given)
    run("audit", "sample", "--reviewer", "1", "--count", "3")
    rows = json.loads(run("review", "due", "--json")[1])["reviews"]
    check("for whom what waits", [(row["person"], row["waiting"]) for row in rows] == [("1", "3")], rows)
    got, out, err = run("review", "show", "1")
    check("what to tell them", got == DONE and "3 things wait for you" in out and out.count("    audit:") == 3 and "Anna" not in out and "anna" not in out, out + err)
    shown = json.loads(run("review", "show", "1", "--json")[1])["reviews"][0]
    check("to a program as well", (shown["person"], shown["waiting"], shown["language"], shown["text"]) == ("1", "3", "en", out) and shown["due"] == rows[0]["due"], shown)
    got, out, err = run("review", "show", "2", "--json")
    check("for whom nothing waits", got == DONE and json.loads(out)["reviews"][0]["waiting"] == "0", out + err)
    expect("for nobody", "review|show|999", REFUSED, "PERSON: there is none")
    expect("for whom it is no person", "review|show|anna", USAGE, "id of a person")
    for words in [("list", what) for what in "organisations units services roles persons accounts assignments templates clients enrolments "
                  "mandates keys groups audit".split()] + [("review", "list")]:
        heading = (run(*words)[1].splitlines() or ["none"])[0]
        check(f"{' '.join(words)} has headings in capitals", heading == heading.upper(), heading)
    for args in ("unassign|1", "archive|unit|oak", "restore|account|anna", "role|grant-service|nurse|journal", "module|on|chat|--organisation|clinic",
                 "module|off|chat|--organisation|clinic", "unenrol|1", "mandate|take|1", "review|right|assignment:1", "evidence|prune"):
        got, out, err = run(*args.split("|"), "--dry-run", "--json")
        check(f"{args}: tried out, as JSON", got in (DONE, REFUSED) and isinstance(json.loads(out), dict) and (got == REFUSED or "dry run" in err),
              f"{got}\n{out}{err}")


def test_number():
    expect("a number from standard input", "person|number|1|--country|SE|--quiet", DONE, given=NUMBER + "\n")
    expect("somebody else's number", "person|number|2|--country|SE", REFUSED, given=NUMBER + "\n")
    expect("a second number of one's own", "person|number|1|--country|SE", REFUSED, "--replace", given=SECOND + "\n")
    expect("in the place of the first", "person|number|1|--country|SE|--replace", DONE, given=SECOND + "\n")
    expect("which is free again", "person|number|1|--country|SE|--replace", DONE, given=NUMBER + "\n")
    expect("a mistyped number", "person|number|2|--country|SE", REFUSED, given="189001019803\n")
    expect("no number", "person|number|2|--country|SE", REFUSED, "nothing was entered")
    expect("a number that is none", "person|number|2|--country|SE", REFUSED, "longer", given="1" * 65 + "\n")
    expect("no log-in, no evidence", "evidence|list|--json", DONE, "[")
    expect("evidence of a log-in that there is not", "evidence|show|1", REFUSED, "none with this id")
    expect("evidence of no log-in", "evidence|show|anna", USAGE, "id of a log-in")
    expect("an export into a file that is there", "evidence|export|1|--to|/etc/passwd", REFUSED, "/etc/passwd: is there already")
    for way in "the first time", "and again":
        expect(f"an export of what there is not, {way}", f"evidence|export|1|--to|{config / 'evidence.json'}", REFUSED, "none with this id")
    check("leaves no file behind", not (config / "evidence.json").exists())
    expect("pruning, with nobody to ask", "evidence|prune", REFUSED, "--yes")
    expect("nothing to prune", "evidence|prune|--yes", DONE, "0 log-ins")
    expect("a number as an argument is not taken", f"person|number|2|{OTHER}|--country|SE", USAGE)

    t = Terminal("person", "number", "2", "--country", "SE")
    asked = t.wait_for(b"shown): ") and not t.echoes()
    status = dict(line.split(":", 1) for line in Path(f"/proc/{t.pid}/status").read_text().splitlines())
    check("whoever waits for a number is the system user in every id, with no group and no way up",
          status["Uid"].split() == [str(UID)] * 4 and status["Gid"].split() == [str(UID)] * 4 and not status["Groups"].strip() and
          status["NoNewPrivs"].strip() == "1" and int(status["CapEff"], 16) == 0 and int(status["CapPrm"], 16) == 0, status)
    t.type(OTHER.encode() + b"\n")
    asked = asked and t.wait_for(b"Again: ")
    t.type(OTHER.encode() + b"\n")
    check("a number at the terminal is typed twice, unseen", asked and t.end() == DONE and OTHER.encode() not in t.seen, t.seen)
    t = Terminal("person", "number", "2", "--country", "SE", "--replace")
    t.wait_for(b"shown): ")
    t.type(b"\x03")
    check("Ctrl-C ends it by the signal", t.end() == -signal.SIGINT, t.seen)

    said = "".join(out + err for _, out, err in (run("list", w) for w in ("persons", "accounts", "audit")))
    kept = b"".join(p.read_bytes() for p in state.iterdir())
    check("no number is in any list, nor in a file as it was typed", not any(n[k:] in said or n[k:].encode() in kept
                                                                             for n in (NUMBER, OTHER, SECOND) for k in (0, 2)))


def test_confirm():
    for key, status in ((b"n", REFUSED), (b"\n", REFUSED), (b"yes", REFUSED), (b"y", DONE)):
        t = Terminal("archive", "account", "bo")
        asked = t.wait_for(b"(y/N) ")
        t.type(key.strip() + b"\n")
        check(f"archiving asks: {key.strip().decode() or 'Enter'}", asked and t.end() == status and b"\033" not in t.seen, t.seen)


def test_hidden_arguments():
    """What another user of the host reads in /proc of a careid that waits for an answer; the question still has the words."""
    t = Terminal("archive", "account", "bo")
    asked = t.wait_for(b"(y/N) ")
    r = subprocess.run(["cat", f"/proc/{t.pid}/cmdline"], capture_output=True, user=1001, group=1001, extra_groups=[])
    check("its arguments are nobody's to read while it asks", asked and b"bo" in t.seen and r.stdout.rstrip(b"\0") == os.fsencode(careid),
          f"{r.stdout} {r.stderr} {t.seen}")
    t.type(b"n\n")
    t.end()


def make_certificate(name, days):
    (config / "openssl.cnf").write_text("[req]\ndistinguished_name = name\n[name]\n")
    made = subprocess.run(["openssl", "req", "-config", config / "openssl.cnf", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=clinic",
                           "-days", str(days), "-keyout", config / f"{name}.key", "-out", config / f"{name}.pem"], capture_output=True)
    os.chown(config / f"{name}.key", UID, UID)
    (config / f"{name}.key").chmod(0o400)
    (config / f"{name}.pem").chmod(0o644)
    return made.returncode == 0


def test_apply():
    conf, compiled = config / "careid.conf", state / "careid.compiled"
    made = make_certificate("rp", 90) and make_certificate("other", 90)
    bankid = f"[bankid]\nenabled = yes\ncertificate = {config}/rp.pem\nkey = {config}/rp.key\n[groups]\ntimed-without-nosuid = yes\n"

    expect("no configuration file", "apply", REFUSED, "careid.conf: is missing")
    conf.write_text(bankid)
    conf.chmod(0o644)
    expect("a dry run puts nothing into force", "apply|--dry-run", DONE)
    check("indeed", not compiled.exists())
    expect("a configuration with certificate and key", "apply", DONE, "in force")
    st, good = compiled.stat(), compiled.read_bytes()
    check("the compiled form is the system user's alone", made and st.st_uid == UID and stat.S_IMODE(st.st_mode) == 0o600, st)

    def refused(name, says, change, undo):
        change()
        expect(name, "apply", REFUSED, says)
        undo()
        check("and what was in force stays", compiled.read_bytes() == good and not list(state.glob(".careid.compiled*")))

    def write(text):
        return lambda: conf.write_text(text)

    refused("an unknown option", "careid.conf:2: enabld", write("[bankid]\nenabld = yes\n"), write(bankid))
    refused("somebody else's key", "not the key", write(bankid.replace("rp.key", "other.key")), write(bankid))
    refused("a key that a group can read", "mode 0440", lambda: (config / "rp.key").chmod(0o440), lambda: (config / "rp.key").chmod(0o400))
    refused("a file that anybody can write", "mode 0666", lambda: conf.chmod(0o666), lambda: conf.chmod(0o644))
    refused("a file that is not root's", "uid 990", lambda: os.chown(conf, UID, 0), lambda: os.chown(conf, 0, 0))
    link = config / "careid.conf.d" / "z.conf"
    refused("a link", "z.conf: must be a plain file", lambda: link.symlink_to("/etc/passwd"), link.unlink)
    refused("a pipe", "z.conf: must be a plain file", lambda: os.mkfifo(link, 0o644), link.unlink)

    for name, language in (("10-b.conf", "da"), ("9-a.conf", "sv"), ("a.conf~", "xx")):
        path = config / "careid.conf.d" / name
        path.write_text(f"[general]\nlanguage = {language}\n")
        path.chmod(0o644)
    expect("files are read in the order of their bytes", "apply", DONE)
    check("so the last one counts", b"general.language=sv" in compiled.read_bytes())

    got, out, err = run("daily")
    check("once a day, of certificates that are good nothing is said", (got, err) == (DONE, "") and "rp.pem" not in out, f"{got}\n{out}{err}")
    made = make_certificate("soon", 20)
    conf.write_text(bankid.replace("rp.", "soon."))
    expect("one that expires soon comes into force", "apply", DONE)

    def noticed():
        with sqlite3.connect(state / "directory.db") as db:
            return db.execute("SELECT at FROM notice WHERE name = 'daily'").fetchall()

    with sqlite3.connect(state / "directory.db") as db:
        db.execute("UPDATE notice SET at = 1 WHERE name = 'daily'")
    got, out, err = run("daily", "--dry-run")
    check("what would be spoken of", got == DONE and noticed() == [(1,)] and "dry run: nothing was changed" in out and
          re.search(r"^dry run: .*soon\.pem expires in", out, re.M), f"{got}\n{out}{err}")
    expect("and is spoken of once a day", "daily", DONE, "soon.pem expires in")
    got, out, err = run("daily", "--json")
    said = [(row["state"], row["what"]) for row in json.loads(out or '{"daily":[]}')["daily"]]
    check("to a program as well", got == DONE and said == [("OK", "evidence"), ("WARN", "bankid-certificate"), ("OK", "reviews")], f"{got}\n{out}{err}")
    got, out, err = run("keys", "rotate", "--dry-run", "--json")
    check("what new keys would be", got == DONE and json.loads(out)["keys"][0]["id"] == "2" and not (config / "keys" / "number-hmac.2").exists(), f"{got}\n{out}{err}")
    for how in "rebuild", "update":
        written = {f: f.stat() for f in snapshots.iterdir()}
        would = {"rebuild": "base", "update": "nothing"}[how]
        got, out, err = run("snapshot", how, "--dry-run", "--json")
        check(f"what a snapshot's {how} would write", got == DONE and json.loads(out)["snapshots"][0]["would_write"] == would and
              "nothing was changed" in err, f"{got}\n{out}{err}")
        check("which it didn't", {f: f.stat() for f in snapshots.iterdir()} == written)
        got, out, err = run("snapshot", how, "--json")
        check(f"a snapshot's {how} as JSON", got == DONE and json.loads(out) == {"snapshots": [{"unsaid": "0", "name": None, "reason_text": None}]}, f"{got}\n{out}{err}")
    check("quietly where nobody listens", made and run("daily", "--quiet") == (DONE, "", ""))
    compiled.write_bytes(b"damaged")
    expect("a configuration that can't be read is spoken of as well", "daily", DONE, "is damaged in line 1")
    conf.write_text(bankid)
    expect("as before", "apply", DONE)


def test_try():
    """What would happen: by the configuration, the directory and the host. How each comes about is test-foresee.c's; here, that it is asked right."""
    conf, stacks = config / "careid.conf", Path("/etc/pam.d")
    stacks.mkdir()
    (stacks / "sshd").write_text("auth required pam_eid.so\naccount required pam_eid.so\n")
    (stacks / "login").write_text("auth [success=1 default=ignore] pam_listfile.so item=user sense=allow onerr=fail file=/etc/careid/breakglass\n"
                                  "auth required pam_eid.so\n"
                                  "account [success=1 default=ignore] pam_listfile.so item=user sense=allow onerr=fail file=/etc/careid/breakglass\n"
                                  "account required pam_eid.so\n".replace("/etc/careid", str(config)))
    (stacks / "keys").write_text("account required pam_eid.so\n")
    (stacks / "cron").write_text("auth required pam_unix.so\naccount required pam_unix.so\n")
    (stacks / "wrong").write_text("auth required pam_eid.so nonsense\naccount required pam_eid.so\n")
    conf.write_text(conf.read_text() + "\n[network]\n# Ours\ninside = 192.0.2.0/24\n")
    expect("networks of ours", "apply", DONE)

    def rows(*args):
        got, out, err = run("try", *args, "--json")
        return got, {(row["about"], row["name"]): (row["answer"], row["reason"], row["rule"]) for row in json.loads(out or '{"try":[]}').get("try", [])}, err

    person = run("person", "add", "--quiet", given="Dora\nTest\n")[1].strip()
    expect("a number to be known by", f"person|number|{person}|--country|SE|--quiet", DONE, given=SECOND + "\n")
    expect("an account of the host's own", f"account|add|dora|--person|{person}|--organisation|clinic|--kind|staff|--source|host", DONE)
    assignment = run("assign", "dora", "nurse", "oak", "--until", "2099-12-31")[1].strip()
    title = json.loads(run("show", "organisation", "clinic", "--json")[1])["organisations"][0]["title"]

    def entries():
        return len(json.loads(run("audit", "show", "--json")[1])["audit"])

    before = entries()
    line = conf.read_text().split("\n").index("inside = 192.0.2.0/24") + 1
    for name, args, status, want in [
        ("from inside", "dora --from 192.0.2.9 --service sshd", DONE, {
            ("decision", "sshd"): ("let-in", "approved", None), ("method", "bankid-code"): ("offered", "inside", f"{conf}:{line}"),
            ("method", "bankid-link"): ("offered", "seen", None), ("account", "dora"): ("in-use", "in-use", "account dora"),
            ("organisation", title): ("held", None, "account dora"), ("role", "nurse oak"): ("held", "assignment", assignment),
            ("group", "unit-oak-nurse"): ("held", "assignment", assignment), ("group", "org-clinic"): ("held", "assignment", assignment)}),
        ("from elsewhere", "dora --from 203.0.113.9 --service sshd", REFUSED, {
            ("decision", "sshd"): ("refused", "no-method", None), ("method", "bankid-code"): ("not-offered", "outside", f"{conf}:{line}"),
            ("method", "bankid-link"): ("not-offered", "no-code", None)}),
        ("from elsewhere, with a key", "dora --from 2001:db8::9 --service sshd --after-key", DONE, {
            ("method", "bankid-code"): ("offered", "after-key", None)}),
        ("at a terminal", "dora --from terminal --service sshd", REFUSED, {
            ("method", "bankid-code"): ("not-offered", "place-unknown", "[bankid] terminal-qr")}),
        ("at the machine", "dora --from here --service login", DONE, {("method", "bankid-link"): ("not-offered", "no-address", None)}),
        ("nobody knows where", "dora --from unknown --service sshd", REFUSED, {("method", "bankid-code"): ("not-offered", "outside", f"{conf}:{line}")}),
        ("by a key alone", "dora --from 203.0.113.9 --service keys", DONE, {("decision", "keys"): ("let-in", "account-only", None)}),
        ("by what asks nothing", "dora --from here --service cron", REFUSED, {("decision", "cron"): ("not-asked", "not-asked", None)}),
        ("when nothing is assigned any more", "dora --from here --service sshd --at 2100-01-01|00:00", REFUSED, {
            ("decision", "sshd"): ("refused", "not-assigned", None), ("account", "dora"): ("refused", "not-assigned", "account dora")}),
        ("whom the host doesn't know", "anna --from here --service sshd", REFUSED, {
            ("decision", "sshd"): ("refused", "not-on-host", None), ("account", "anna"): ("refused", "not-on-host", "account anna")}),
    ]:
        got, said, err = rows(*(word.replace("|", " ") for word in args.split()))
        check(f"tried {name}", got == status and all(said.get(key) == value for key, value in want.items()) and
              any(key[0] == "group" for key in said) == (got == DONE) and ("account-only" in str(want) or "not-asked" in str(want)) == (("method", "bankid-code") not in said),
              f"{got}\n{said}\n{err}")
    breakglass = config / "breakglass"
    breakglass.write_text("dora\n")
    check("tried who is in the glass", rows("dora", "--from", "here", "--service", "login")[1][("decision", "login")] == ("not-asked", "not-asked", None))
    check("that changes nothing elsewhere", rows("dora", "--from", "here", "--service", "sshd")[1][("decision", "sshd")] == ("let-in", "approved", None))
    breakglass.unlink()
    check("it is no entry of the trail", entries() == before)
    for name, args, status, says in [
        ("nobody", "try|nobody|--from|here|--service|sshd", REFUSED, "ACCOUNT: the care directory has no account of that name"),
        ("root", "try|root|--from|here|--service|sshd", REFUSED, "ACCOUNT: "),
        ("from what is no address", "try|dora|--from|ward|--service|sshd", USAGE, "--from: must be"),
        ("from a network", "try|dora|--from|192.0.2.0/24|--service|sshd", USAGE, "--from: must be"),
        ("from nowhere", "try|dora|--service|sshd", USAGE, "--from"),
        ("by no service", "try|dora|--from|here|--service|ssh", REFUSED, "--service: there is no PAM service ssh here"),
        ("by a service above", "try|dora|--from|here|--service|../pam.d/sshd", REFUSED, "--service: "),
        ("by one that is out of order", "try|dora|--from|here|--service|wrong", BROKEN, "--service: "),
        ("at a time that is none", "try|dora|--from|here|--service|sshd|--at|2026-02-30 10:00", USAGE, "--at: must be"),
        ("at a day", "try|dora|--from|here|--service|sshd|--at|2026-02-03", USAGE, "--at: must be"),
        ("in a sentence", "try|anna|--from|here|--service|sshd", REFUSED, "anna would not be let in: this host doesn't know the name"),
    ]:
        expect("tried " + name, args, status, says)
    conf.write_text(conf.read_text() + "\n[bankid]\nremote-qr = yes\n")
    got, said, err = rows("dora", "--from", "203.0.113.9", "--service", "sshd")
    check("what is in force counts, and where that is not what is written no line is named",
          got == REFUSED and said[("method", "bankid-code")] == ("not-offered", "outside", "[network] inside") and "not in force yet" in err, f"{said}\n{err}")
    conf.write_text(conf.read_text().replace("\n[bankid]\nremote-qr = yes\n", "").replace("\n[network]\n# Ours\ninside = 192.0.2.0/24\n", ""))
    expect("as before", "apply", DONE)


def test_restoring():
    """The commands of careid-setup(8), as the page has them, but for systemd; the copy is SQLite's own, as .backup makes it."""
    here, backup = state / "directory.db", Path(careid).parent / "backup.db"
    page = (Path(__file__).parent / "../../man/careid-setup.8").read_text()
    recipe = re.search(r"^\.Sh RESTORING\n.*?^\.Bd .*?\n(.*?)^\.Ed", page, re.M | re.S)[1]
    commands = [line.removeprefix("# ") for line in recipe.splitlines() if not line.startswith("# systemctl")]
    check("the page says how a copy is restored", sum("careid" in line for line in commands) >= 3, commands)
    backup.unlink(missing_ok=True)
    with sqlite3.connect(here) as source, sqlite3.connect(backup) as copy:
        source.backup(copy)
    source.close()
    copy.close()
    for path in state.iterdir():
        os.chown(path, UID, UID)
    highest = sqlite3.connect(backup).execute("SELECT max(number) FROM number").fetchone()[0]
    check("which number is the highest", highest > 2001000000, highest)
    expect("an act that the copy does not have", "unit|add|linden|--organisation|clinic|--title|Linden", DONE)
    anchors = backup.with_name("anchors")
    entry = json.loads(run("audit", "show", "--json")[1])["audit"][-1]
    anchors.write_text(f"{entry['sequence']} {entry['hash']}\n")
    expect("what was kept agrees", f"audit|verify|--anchor|{anchors}", DONE)

    # Not as the page says: it says what is wrong.
    kept = state / "kept"
    os.rename(here, kept)
    here.write_bytes(backup.read_bytes())
    expect("a plain copy is not taken", "list|units", BROKEN, "mode 0600")
    os.replace(kept, here)

    before = backup.with_name("before")
    script = "\n".join(commands).replace("/var/lib/careid", str(state)).replace("/backup/directory.db", str(backup)).replace("/root/before", str(before))
    got = subprocess.run(["sh", "-euc", re.sub(r"^careid ", f"{careid} ", script, flags=re.M)], capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
    check("the page's own commands", got.returncode == DONE, got)
    check("the copy is what counts", "linden" not in run("list", "units")[1])
    got, out, err = run("audit", "verify", "--anchor", str(anchors))
    check("and the trail says that it was cut off", got == REFUSED and "cut off" in out + err, (got, out, err))
    expect("the directory is whole", "audit|verify", DONE)
    for path in (anchors, backup):
        path.unlink()
    shutil.rmtree(before)


def test_trouble():
    database = state / "directory.db"
    with sqlite3.connect(database, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        expect("another writer has the directory", "unit|add|ash|--organisation|clinic|--title|Ash", BROKEN, "try again")
        other.execute("ROLLBACK")
    other.close()
    for path in state.iterdir():
        os.chown(path, UID, UID)

    snapshots.chmod(0o777)
    expect("snapshots that can't be written: said, with what to do", "unit|add|elm|--organisation|clinic|--title|Elm", BROKEN,
           "careid snapshot rebuild")
    snapshots.chmod(0o755)
    expect("which does it", "snapshot|rebuild", DONE)

    # Names of protected persons: nothing that has them is exported, and what has none is.
    person = json.loads(run("list", "persons", "--json")[1])["persons"][-1]["id"]
    check("somebody is protected", run("person", "protect", person, "--alias", given="T. T.\n")[0] == DONE)
    for kinds in ("persons", "all"):
        expect(f"{kinds} with a protected person", f"export|{kinds}|--to|{config / 'protected'}", REFUSED, "persons, and all kinds together, are not exported")
    expect("another kind", f"export|units|--to|{config / 'protected'}", DONE)
    (config / "protected").unlink()
    check("and nobody any more", run("person", "unprotect", person, "--yes")[0] == DONE)

    # Damage that a look-up may not come by; what is gone; what cannot be written.
    def finding():
        return next(f for f in json.loads(run("check", "--json")[1])["findings"] if f["what"] == "snapshot")
    check("check finds nothing wrong with the snapshots", finding()["state"] == "OK", finding())
    with open(snapshots / "public.snapshot", "r+b") as f:
        f.seek(-8, 2)
        f.write(b"garbage!")
    expect("damaged snapshots are said, with what to do", "snapshot|verify", REFUSED, "run: careid snapshot rebuild")
    check("by check, too", finding()["state"] == "WRONG" and "public.snapshot" in finding()["finding"] and "careid snapshot rebuild" in finding()["finding"], finding())
    expect("which does it", "snapshot|rebuild", DONE)
    check("and check says so", finding()["state"] == "OK", finding())
    (snapshots / "private.snapshot").unlink()
    for command in ("verify", "show|anna"):
        expect(f"{command}: which one is gone", f"snapshot|{command}", BROKEN, "private.snapshot")
        check("and what to do", "rebuild" in run(*f"snapshot|{command}".split("|"))[2] and "setup" not in run(*f"snapshot|{command}".split("|"))[2])
    expect("which does it", "snapshot|rebuild", DONE)
    expect("and it is whole", "snapshot|verify", DONE)
    os.chown(snapshots / "epoch", 0, 0)
    expect("a file that is another's is named", "snapshot|rebuild", BROKEN, f"{snapshots}/epoch is to be a file of _careid")
    os.chown(snapshots / "epoch", UID, UID)
    test_restoring()

    (config / "keys" / "number-hmac.1").chmod(0o440)
    expect("a key that a group can read", "list|persons", BROKEN, "0400")
    (config / "keys" / "number-hmac.1").chmod(0o400)

    whole = database.read_bytes()
    with open(database, "r+b") as f:
        f.write(b"garbage")
    expect("a damaged directory", "list|persons", BROKEN, "damaged")
    database.write_bytes(whole)
    (config / "breakglass").write_text("bo\n")
    (config / "breakglass").chmod(0o666)
    got, out, _ = run("check", "--json")
    findings = {f["what"]: f["state"] for f in json.loads(out)["findings"]}
    check("check finds what is wrong here", got == REFUSED and findings.get("directory") == "OK" and findings.get("snapshot") == "OK" and
          findings.get("nsswitch-passwd") == "WRONG" and findings.get("breakglass-owner") == "WRONG" and
          findings.get("breakglass") == "OK" and findings.get("bankid-certificate") == "OK", findings)

    with open("/dev/full", "w") as full:
        got = subprocess.run([careid, "list", "audit"], stdout=full, stderr=subprocess.PIPE, env={}).returncode
    check("what can't be printed is not done", got == BROKEN, got)
    drop = {"user": 1001, "group": 1001, "extra_groups": []}
    got = subprocess.run([careid, "snapshot", "rebuild"], capture_output=True, text=True, env={}, **drop)
    check("somebody else than root is told so", got.returncode == REFUSED and "root" in got.stderr, got.stderr)
    got = subprocess.run([careid, "list", "persons"], capture_output=True, text=True, env={}, **drop)
    check("and that nobody listens for those who have mandates", got.returncode == BROKEN and "careid-user.socket" in got.stderr,
          got.stderr)
    got, _, err = run("list", "persons", env={"LD_LIBRARY_PATH": "/nowhere", "OPENSSL_CONF": "/nowhere", "LOCPATH": "/nowhere",
                                              "LIBSMARTCOLS_DEBUG": "all", "SQLITE_TMPDIR": "/nowhere", "LANG": "sv_SE.UTF-8"})
    check("the environment decides nothing but the language", got == DONE and err == "", err)


def inside():
    for place in (config.parent, state.parent):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "careid-test", place], check=True)
    for name in ("/etc/passwd", "/etc/group"):
        Path(name).write_text(ETC if name == "/etc/passwd" else "root:x:0:\n_careid:x:990:\n")
    Path("/etc/nsswitch.conf").write_text("passwd: files\ngroup: files\n")
    for test in (test_setup, test_acts, test_dry_run, test_json, test_changes, test_number, test_confirm, test_hidden_arguments, test_audit, test_apply, test_try, test_locks, test_record_view,
                 test_trouble):
        test()
    return done()


if __name__ == "__main__":
    if os.environ.get("CAREID_TEST_INSIDE"):
        sys.exit(inside())
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
        print("1..0 # SKIP needs root and a mount namespace of its own")
        sys.exit(0)
    # What /etc and /var/lib hide in the namespace must not be what we run.
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        os.chmod(place, 0o755)
        copy = shutil.copy2(careid, Path(place) / "careid")
        os.chmod(copy, 0o755)
        sys.exit(subprocess.run(["unshare", "-m", "--propagation", "private", sys.executable, __file__, copy, *sys.argv[2:]],
                                env={**os.environ, "CAREID_TEST_INSIDE": "1"}).returncode)
