#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check_manuals.py WHAT SOURCE [CAREID] - do the manuals say what the code does?  Both directions.

WHAT is one of
  config    the options, types and defaults of common/config.c and of careid.conf(5)
  module    the options and times of common/eid-options.[ch], the codes of pam_eid/status.c, and pam_eid(8)
  commands  what `careid help` (the program CAREID) says of each command, careid(8), and the page of each command
  units     the units of systemd/ as they were built, and the manuals
  findings  the words of careid/check*.c, and careid-check(8)
  try       the words of careid try, and careid-try(8)
  journal   the fields, MESSAGE_IDs and outcomes of helper/journal.c and policy/decision.c, and careid-helper(8)
  wire      the kinds and tags of common/wire.h and wire.c, and docs/helper-protocol.md
  rows      the kinds and columns of transfer/row-kinds.c, careid-import(8), the completion; the tables of the directory
  displays  the commands of literal displays, which a reader pastes: one that goes on in the next line says so
  claims    docs/threat-model.md: each claim names a test, and each test that it names is there

Each reads the table in the C source, as its file writes it, and fails where it finds no table at all.
"""

import os
import re
import subprocess
import sys
from pathlib import Path


def manual_section(text, title):
    """The lines of one .Sh section of an mdoc page."""
    match = re.search(rf"^\.Sh {re.escape(title)}$(.*?)(?=^\.Sh |\Z)", text, re.M | re.S)
    if not match:
        sys.exit(f"Bail out! the manual has no section {title}")
    return match.group(1).splitlines()


def plain(line):
    """The words of one mdoc line as a reader sees them: `.It Cm a Op Cm b Ar C` is `a [b C]`."""
    words, close = [], 0
    glue = False
    for word in line.split()[1:]:
        if word in ("Cm", "Ar", "Em", "Li", "Nm", "It", "Dv", "Ic", "Xr"):
            continue
        if word == "Ns":
            glue = True
            continue
        if word in ("Op", "Oo", "Pq"):
            words.append("[" if word != "Pq" else "(")
            close += word != "Oo"
            glue = True
            continue
        if word == "Oc":
            words[-1] += "]"
            continue
        word = word.replace("\\&", "").replace("\\-", "-")
        if glue and words:
            words[-1] += word
        else:
            words.append(word)
        glue = False
    if close:
        words[-1] += "]" if any(w.startswith("[") for w in words) else ")"
    return " ".join(words)


results = []


def compare(what, code, manual, the_code="the code", the_manual="the manual"):
    """One TAP line for everything that is in either."""
    if not code:
        results.append(f"not ok - {what}: nothing found in {the_code}")
    for one in sorted(code | manual):
        if one in code and one in manual:
            results.append(f"ok - {what}: {one}")
        else:
            results.append(f"not ok - {what}: {one} (not in {the_code if one in manual else the_manual})")


def check_config(source, _careid):
    code = set()
    text = (source / "common/config.c").read_text()
    for section, name, kind, preset in re.findall(
            r'\{ "([a-z-]+)",\s+"([a-z-]+)",\s+CONFIG_([A-Z]+),\s+"([^"]*)",', text):
        code.add(f"[{section}] {name} {kind.lower()} ({preset or 'empty'})")
    rules = re.search(r"options\[\] = \{(.*?)\n\};", (source / "common/config-rule.c").read_text(), re.S)
    code |= {f"[rule NAME] {name}" for name in re.findall(r'\] = "([a-z-]+)"', rules.group(1) if rules else "")}
    manual, section, depth = set(), None, 0
    for line in manual_section((source / "man/careid.conf.5").read_text(), "OPTIONS"):
        if line.startswith(".Ss "):
            section = line[4:].removesuffix("\\&")
        depth += line.startswith(".Bl ") - (line == ".El")
        if line.startswith(".It ") and depth == 1:
            manual.add(f"{section} {plain(line)}")
    compare("careid.conf", code, manual)

    # What is installed to be filled in speaks of options that there are.
    section, shipped = None, set()
    for line in (source / "etc/careid.conf").read_text().splitlines():
        section = line if line.startswith("[") else section
        name = re.match(r"#([a-z-]+) =", line)
        if name:
            shipped.add(f"{section} {name.group(1)}")
    compare("etc/careid.conf", shipped, shipped & {" ".join(one.split()[:2]) for one in code}, "etc/careid.conf", "the code")


def check_module(source, _careid):
    page = (source / "man/pam_eid.8").read_text()
    table = re.search(r"options\[\] = \{(.*?)\n\};", (source / "common/eid-options.c").read_text(), re.S)
    code = set(re.findall(r'\{ "([a-z-]+)",', table.group(1) if table else ""))
    manual = {plain(line).split("=")[0] for line in manual_section(page, "OPTIONS") if line.startswith(".It ")}
    compare("option of pam_eid", code, manual)

    synopsis = {plain(line).strip("[]").split("=")[0] for line in manual_section(page, "SYNOPSIS") if line.startswith(".Op ")}
    compare("option in the synopsis", code, synopsis)

    # How long it may take: the presets, what is a kiosk's, and what timeout= takes.
    seconds = dict(re.findall(r"(?:EID|WIRE)_TIMEOUT_([A-Z]+) *= ([0-9]+),",
                              "".join((source / "common" / name).read_text() for name in ("eid-options.h", "wire.h"))))
    page_says = " ".join(manual_section(page, "OPTIONS"))
    manual = {f"{who} {number}" for number, who in re.findall(r"([0-9]+) for (sshd|su|login)\b", page_says)}
    manual |= {f"kiosk {number}" for number in re.findall(r"\bis ([0-9]+) then\b", page_says)}
    manual |= {f"{a}-{b}" for a, b in re.findall(r"\bfrom ([0-9]+) to ([0-9]+)\b", page_says)}
    compare("seconds of pam_eid", {f"sshd {seconds['SSH']}", f"su {seconds['SU']}", f"login {seconds['LOGIN']}",
                                   f"kiosk {seconds['KIOSK']}", f"{seconds['MIN']}-{seconds['MAX']}"}, manual)

    code = set()
    for statement in re.findall(r"\breturn\b[^;]*;", (source / "pam_eid/status.c").read_text()):
        code |= set(re.findall(r"\bPAM_(?:[A-Z]+_?)+\b", statement))
    manual = {plain(line) for line in manual_section(page, "RETURN CODES") if line.startswith(".It ")}
    compare("code of pam_eid", code, manual)


def usages_of(page):
    """The lines of a SYNOPSIS as `careid help` writes them."""
    usages = []
    for line in filter(None, manual_section(page, "SYNOPSIS")):
        words = plain(line)
        if line.startswith(".Nm "):
            usages.append(words)
        elif line.startswith(".Op "):
            usages[-1] += f" [{words}]"
        else:
            usages[-1] += f" {words}"
    return set(usages)


def check_commands(source, careid):
    def ask(*words):
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}
        return subprocess.run([careid, *words], env=environment, capture_output=True, text=True, check=True).stdout

    def words_of(name):
        return [word for word in name.split() if re.fullmatch(r"[a-z-]+", word)]

    man = source / "man"
    links = dict(re.findall(r"'([a-z-]+)': '([a-z-]+)'", re.search(
        r"manual_links = \{(.*?)\}", (man / "meson.build").read_text(), re.S).group(1)))
    installed = {name.removeprefix("careid-").removesuffix(".8")
                 for name in re.findall(r"^  '(careid-[a-z-]+\.8)',$", (man / "meson.build").read_text(), re.M)} - {"helper"}

    # What the program says, by the page that has to say it.
    names = [line.split("  ")[1] for line in ask("help").splitlines() if re.match(r"  [a-z]", line)]
    usages, options, first_words, common = {}, {}, {}, set()
    overview = set()
    for name in names:
        words = words_of(name)
        told = ask("help", *words)
        if words == ["help"]:
            overview.add(name)
            continue
        compare("--help says what help says", {name}, {name} if ask(*words, "--help") == told else set(),
                "help", " ".join(words) + " --help")
        if len(words) == 2:
            compare("--help of a first word", {words[0]}, {words[0]} if ask("help", words[0]) == ask(words[0], "--help") else set(),
                    "help", words[0] + " --help")
        page = links.get(words[0], words[0])
        overview.add(f"{' '.join(words)} (careid-{page} 8)")
        first_words.setdefault(page, set()).add(f"careid-{words[0]}")
        usages.setdefault(page, set()).update(line for line in told.splitlines() if re.match(r"careid [a-z]", line))
        # Those that are not in the usage are what many commands have: careid(8) says so once.
        for option in (line.strip() for line in told.splitlines() if re.match(r"  --[a-z]", line)):
            (options.setdefault(page, set()) if option in told.split("\n", 1)[0] else common).add(option)

    # What whoever is not root needs, by the same tables.
    needed, asked = set(), {"staff do this": "own", "needs to be a client": "client"}
    for name in names:
        told = " ".join(ask("help", *words_of(name)).split("\n\n")[0].split())
        mandates = re.search(r"needs a mandate to ([a-z-]+)(?: or to ([a-z-]+))?", told)
        what = " or ".join(filter(None, mandates.groups())) if mandates else next((w for s, w in asked.items() if s in told), None)
        needed |= {f"{' '.join(words_of(name))}: {what}"} if what else set()
    compare("mandate of a command", needed, {
        ": ".join(part.strip() for part in line.removeprefix(".It Cm ").split(" Ta ")[:2])
        for line in manual_section((man / "careid-mandate.8").read_text(), "WHAT EACH COMMAND NEEDS") if line.startswith(".It Cm ")})

    # What its help says in words, the page has as a usage of its own.
    usages["import"] |= {usage.replace("ROWS FILE...", "DIRECTORY") for usage in usages["import"]}
    text = (man / "careid.8").read_text()
    compare("command in careid(8)", overview,
            {plain(line) for line in manual_section(text, "COMMANDS") if line.startswith(".It Cm ")})
    compare("option of many commands in careid(8)", common,
            {plain(line) for line in manual_section(text, "OPTIONS") if line.startswith(".It Cm ")})
    compare("page", set(usages), installed, "the commands", "man/meson.build")
    # A page that another sends its reader to is there.
    pages = {path.name for path in man.iterdir()} | {f"careid-{link}.8" for link in links}
    sent = set()
    for path in man.glob("*.[578]"):
        sent |= {f"{name}.{section}" for name, section in re.findall(r"\bXr ((?:careid|pam_eid|libnss_careroles)\S*) (\d)", path.read_text())}
    compare("page that is referred to", sent, sent & pages, "the manuals", "man/")
    for page in sorted(set(usages) & installed):
        text = (man / f"careid-{page}.8").read_text()
        compare(f"careid-{page}(8), name", first_words[page],
                {word for line in manual_section(text, "NAME") if line.startswith(".Nm ") for word in line.split()[1:] if word != ","})
        compare(f"careid-{page}(8), synopsis", usages[page], usages_of(text))
        if options.get(page) or re.search(r"^\.Sh OPTIONS$", text, re.M):
            compare(f"careid-{page}(8), option", options.get(page, set()),
                    {plain(line) for line in manual_section(text, "OPTIONS") if line.startswith(".It Cm ")})


def check_units(source, careid):
    built = {path.name: path.read_text() for path in (Path(careid).parent.parent / "systemd").glob("careid-*.*")
             if path.suffix in (".path", ".service", ".socket", ".timer")}
    pages = {path.name: path.read_text() for path in (source / "man").glob("*.[578]")}
    said = set().union(*(re.findall(r"\bcareid-[a-z]+\.(?:path|service|socket|timer)\b", text) for text in pages.values()))
    compare("unit", set(built), said)
    # The page that a unit sends its reader to is there, and speaks of it.
    sent = {f"{name}: {page}.{section}" for name, text in built.items()
            for page, section in re.findall(r"^Documentation=man:([a-z-]+)\((\d)\)$", text, re.M)}
    compare("page of a unit", sent, {one for one in sent if one.split(": ")[0] in pages.get(one.split(": ")[1], "")})
    compare("unit with a page", set(built), {one.split(": ")[0] for one in sent}, "systemd/", "what units name")


def check_findings(source, _careid):
    code = set()
    for path in sorted((source / "careid/check").glob("check*.c")):
        text = path.read_text()
        code |= set(re.findall(r'check_say\([^,]*, CHECK_[A-Z]+,\s*"([a-z-]+)"', text))
        code |= set(re.findall(r'(?:check_subordinate|check_local|range_say)\([^,]*, "([a-z-]+)"', text))
        code |= set(re.findall(r'BANKID_[A-Z]+, "([a-z-]+)"', text))
        code |= {stem + "*" for stem in re.findall(r'snprintf\(word, sizeof word, "([a-z-]+-)%', text)}
    manual = set()
    for line in manual_section((source / "man/careid-check.8").read_text(), "FINDINGS"):
        if line.startswith(".It "):
            manual |= {re.sub(r"[A-Z]+$", "*", word) for word in plain(line).replace(" ,", "").split()}
    compare("finding of careid check", code, manual)


def check_try(source, _careid):
    """Each word that careid try has for programs is in its page, and each that the page explains is one of them."""
    said = (source / "careid/try-words.c").read_text()
    shown = (source / "careid/table.c").read_text()
    code = set(re.findall(r'\(struct try_said\) { "([a-z-]+)"', said)) | set(re.findall(r'{ "(?:about|answer)", +"([a-z-]+)"', shown))
    code |= set(re.findall(r'"([a-z]+)"', re.search(r"keys\[\] = {(.*?)NULL }", (source / "careid/try.c").read_text())[1]))
    page = (source / "man/careid-try.8").read_text()
    compare("word of careid try", code, code & set(re.findall(r"^\.(?:It )?Li ([a-z-]+)", page, re.M)))
    compare("word that careid-try(8) explains", code & set(re.findall(r"^\.It Li ([a-z-]+)", page, re.M)),
            set(re.findall(r"^\.It Li ([a-z-]+)", page, re.M)))


def check_journal(source, _careid):
    text = (source / "helper/journal.c").read_text()
    page = "\n".join(manual_section((source / "man/careid-helper.8").read_text(), "DIAGNOSTICS"))
    compare("field of the journal", set(re.findall(r'field_add\([^,]*, "(CAREID_[A-Z_]+)"', text)),
            set(re.findall(r"\bEv (CAREID_[A-Z_]+)", page)))
    compare("MESSAGE_ID", {f"{id_} {words}" for id_, words in re.findall(r'\{ "([0-9a-f]{32})", "([^"]*)"', text)},
            {f"{id_} {words}" for id_, words in re.findall(r"^\.It Li ([0-9a-f]{32})\n(.*)$", page, re.M)})
    words = set(re.findall(r'return "([a-z-]+)";', (source / "policy/decision.c").read_text()))
    said = re.search(r"a word that stays: (.*?) for a log-in", page, re.S)
    compare("outcome", words | {"caller-gone"}, set(re.findall(r"[a-z-]{4,}", said.group(1))) if said else set())
    refusals = (words | {"caller-gone"}) - {"approved"}
    explained = set(re.findall(r"^([a-z-]+): ", (source / "systemd/catalog/careid.catalog").read_text(), re.M))
    compare("outcome that journalctl -x explains", refusals, refusals & explained, "the code", "systemd/catalog")


def check_wire(source, _careid):
    header = (source / "common/wire.h").read_text()
    page = (source / "docs/helper-protocol.md").read_text()
    tags = set(re.findall(r"^\s+WIRE_TAG_([A-Z_]+)\s+= \d+,", header, re.M)) - {"MAX"}

    numbers = dict(re.findall(r"^\s+WIRE_([A-Z]+)\s+= (\d+),", re.search(
        r"enum wire_kind \{(.*?)\};", header, re.S).group(1), re.M))
    rows = re.findall(r"\{ WIRE_([A-Z]+),\s+(.*?) \}", re.search(
        r"\} kinds\[\] = \{(.*?)\n\};", (source / "common/wire.c").read_text(), re.S).group(1), re.S)
    code = set()
    for kind, masks in rows:
        must, may = masks.rsplit(",", 1)
        fields = [" ".join(sorted(re.findall(r"T\((\w+)\)", mask))) or "-" for mask in (must, may)]
        code.add(f"{numbers.pop(kind)} {kind}: must {fields[0]}; may {fields[1]}")
    compare("kind of wire.h without a row in wire.c", {"-"}, {"-"} | set(numbers))

    manual, said = set(), set()
    for number, kind, carries in re.findall(r"^\| (\d+) ([A-Z]+) \| ([^|]*?) \|$", page, re.M):
        optional = " ".join(re.findall(r"\*([^*]*)\*", carries))
        fields = [" ".join(sorted(set(re.findall(r"\b[A-Z_]{3,}\b", part)))) or "-"
                  for part in (re.sub(r"\(.*?\)", "", re.sub(r"\*[^*]*\*", "", carries)), optional)]
        manual.add(f"{number} {kind}: must {fields[0]}; may {fields[1]}")
        said |= set(" ".join(fields).split()) - {"-"}
    compare("message", code, manual)
    compare("tag", tags, said)

    # Numbers and limits of the tags: what names stand for is in wire.h.
    numbers = {name: int(value) for name, value in re.findall(r"^\s+WIRE_([A-Z_]+)\s*= (\d+)\s*,", header, re.M)}
    numbers |= {"UINT32_MAX - 1": 2**32 - 2, "INT64_MAX": 2**63 - 1}

    def value(word):
        return int(word) if word.isdigit() else numbers[word.removeprefix("WIRE_")]

    code = {f"{numbers['TAG_' + tag]} {tag}: {kind.lower()}, {value(least)} to {value(most)}" for tag, kind, least, most in re.findall(
        r"\[WIRE_TAG_([A-Z_]+)\]\s+= \{ VALUE_([A-Z]+),\s+([\w]+), ([\w -]+) \}", (source / "common/wire.c").read_text())}
    manual = {f"{number} {tag}: {kind}, {least} to {most}" for number, tag, kind, least, most in re.findall(
        r"^\| (\d+) ([A-Z_]+) \| (name|text|number|bytes), (\d+)(?: to (\d+))? ", re.sub(r", (\d+) (\||byte)", r", \1 to \1 \2", page), re.M)}
    compare("limit of a tag", code, manual)

    table = re.search(r"\} ops\[\] = \{(.*?)\n\};", (source / "helper/conversation.c").read_text(), re.S).group(1)
    code = {f"{kind}: {'anybody' if 'BY_SELF' in who else 'root'}" for kind, who in re.findall(r"\{ WIRE_([A-Z]+),\s+(.*?),", table)}
    manual = set()
    for kinds, others in re.findall(r"^\| ([A-Z, ]+) \| [^|]* \| ([^|]*) \|$", page, re.M):
        manual |= {f"{kind}: {'root' if others == 'not permitted' else 'anybody'}" for kind in kinds.split(", ")}
    compare("who may ask", code, manual)


# What an import and an export have no rows of: what is counted or given out here, what was done, what stands under a key.
NO_ROWS = {"meta", "number", "care_group", "login", "session", "audit", "evidence", "notice", "lock", "review", "checkpoint",
           "changed", "taken", "password", "password_due", "totp", "code", "charge", "known_source", "exemption", "outage",
           "contact_notice", "message", "general_message"}


def check_rows(source, _careid):
    """transfer/row-kinds.c, careid-import(8) and the completion name the same; every table of the directory is in them or in NO_ROWS."""
    text = (source / "transfer/row-kinds.c").read_text()
    code, queries = set(), set()
    kinds = re.findall(r'\{ \.name = "([a-z-]+)", \.columns = \{(.*?)\} \},\n(.*?)(?=\{ \.name|\{ 0 \})', text, re.S)
    for kind, columns, rest in kinds:
        code |= {kind} | {f"{kind}.{name}{' *' if 'REQUIRED' in flags else ''}"
                          for name, flags in re.findall(r'\{ "([a-z_]+)", ([^"]*),', columns)}
        queries |= set(re.findall(r"(?:FROM|JOIN) ([a-z_]+)", rest))
    manual, at = set(), None
    for line in manual_section((source / "man/careid-import.8").read_text(), "KINDS OF ROWS"):
        if line.startswith(".It ") and at is None:
            at = plain(line)
            manual.add(at)
        elif line.startswith(".It "):
            manual.add(f"{at}.{plain(line)}")
        elif line == ".El":
            at = None
    compare("kind or column of rows", code, manual)
    offered = re.search(r"ROWS\) echo (.*?) ;;", (source / "careid/completion.bash").read_text()).group(1).split()
    compare("kind of rows that Tab offers", {kind for kind, *_ in kinds}, set(offered))
    tables = set(re.findall(r"^CREATE TABLE ([a-z_]+)", "".join(f.read_text() for f in sorted((source / "directory/store/schema").glob("*.sql"))), re.M))
    tables = {table for table in tables if not table.endswith("_")}        # which a later edition makes anew
    compare("table of the directory that is exported, or for a reason is not", tables, (queries & tables) | NO_ROWS)


def check_claims(source, _careid):
    page = (source / "docs/threat-model.md").read_text()
    rows = []
    for table in re.findall(r"^\| they can't \|.*\n\|[-|]*\n((?:\|.*\n)*)", page, re.M):
        rows += [[cell.strip() for cell in row.strip("|").split(" | ")] for row in table.splitlines()]
    claims = {row[0].strip("| "): set(re.findall(r"`(tests/[^`]*)`", row[-1])) for row in rows}
    compare("claim", set(claims), {claim for claim in claims if claims[claim]}, "the page", "a test")

    named = set().union(*claims.values())
    paths = {test: source / test for test in named}
    there = {test for test, path in paths.items() if path.is_file() or path.is_dir() and any(path.iterdir())}
    compare("test", named, there, "the page", "the source")


def check_displays(source, _careid):
    """A line of a shell that is continued, by indentation, ends in what the shell takes for that; roff takes a bare backslash away."""
    shown, right = set(), set()
    for path in sorted((source / "man").glob("*.[578]")):
        for block in re.findall(r"^\.Bd -literal.*\n((?:.*\n)*?)\.Ed$", path.read_text(), re.M):
            lines = block.splitlines()
            for number, line in enumerate(lines):
                # As mandoc shows them: \\e is a backslash.
                here = line.replace("\\e", "\0").replace("\\&", "")
                started = next((one for one in reversed(lines[:number + 1]) if not one.startswith(" ")), "")
                if not started.startswith(("# ", "$ ")):
                    continue
                goes_on = number + 1 < len(lines) and lines[number + 1].startswith("    ")
                name = f"{path.name}: {line.strip()}"
                shown.add(name)
                if "\\" not in re.sub(r"\\\((?:aq|dq|ti|ha)|\\-", "", here) and (not goes_on or re.search(r"(\0|\||&&|\bdo|\bthen|\{)$", here)):
                    right.add(name)
    compare("line to paste", shown, right, "a display", "what a shell takes")


CHECKS = {"displays": check_displays, "config": check_config, "module": check_module, "commands": check_commands,
          "units": check_units, "findings": check_findings, "try": check_try, "journal": check_journal, "wire": check_wire,
          "claims": check_claims, "rows": check_rows}

if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in CHECKS:
        sys.exit(__doc__)
    CHECKS[sys.argv[1]](Path(sys.argv[2]), sys.argv[3] if len(sys.argv) == 4 else None)
    for number, result in enumerate(results, 1):
        print(result.replace("ok -", f"ok {number} -", 1))
    print(f"1..{len(results)}")
    sys.exit(any(result.startswith("not") for result in results))
