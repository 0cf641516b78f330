#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test-commands.py CAREID COMMANDS.C - what every command of the table has to have, as `careid help` shows it"""

import re
import subprocess
import sys

ENDS = {"end", "archive", "unassign", "unenrol", "ungrant", "leave", "remove", "withdraw", "revoke", "delete", "died", "lift", "take", "take-service", "off", "prune"}
ADDS = {"add", "give", "assign", "grant", "enrol", "temp", "deputy"}
SHOWS = {"list", "show", "groups", "why", "why-not", "try", "who", "verify", "sample", "check"}
DISCLOSES = {"show", "list", "export", "reveal", "read", "verify", "sample"}

tests = failed = 0


def check(name, wrong):
    global tests, failed
    tests += 1
    failed += bool(wrong)
    print(f"{'not ' if wrong else ''}ok {tests} - {name}")
    for line in wrong:
        print("#", line)


def ask(*words):
    return subprocess.run([sys.argv[1], "help", *words], env={"LC_ALL": "C"}, capture_output=True, text=True, check=True).stdout


overview = ask()
commands = [tuple(w for w in line.split() if re.fullmatch(r"[a-z-]+", w))
            for line in overview.splitlines() if re.match(r"  [a-z]", line)]
helps = {words: ask(*words) for words in commands}
options = {words: re.findall(r"^  (--[a-z-]+)", told, re.M) for words, told in helps.items()}
if len(commands) < 10:
    sys.exit("Bail out! careid help names no commands")


def without(option, words):
    return [" ".join(c) for c in commands if words & {c[0], c[-1]} and option not in options[c]]


check("no line of the overview is too wide for 80 columns", [line for line in overview.splitlines() if len(line) > 79])
check("nor one of what an option does", [line for told in helps.values() for line in told.splitlines()[1:]
                                         if line.startswith("      ") and len(line) > 79])
check("every command is about something", re.findall(r"^Besides$(?:\n .*)*", overview, re.M))
check("no command is there twice", [c for c in commands if commands.count(c) > 1])
check("no option is there twice", [c for c in commands if len(set(options[c])) < len(options[c])])
check("what ends or closes something asks first", without("--yes", ENDS))
# Which commands have it not, one by one, and why.
NO_JSON = {
    "audit export": "prints nothing; the file is lines of JSON",
    "audit key": "prints a key as PEM",
    "evidence export": "prints nothing; the file is JSON",
    "apply": "prints lines about files, or nothing",
    "snapshot renew": "prints nothing",
    "help": "is for people",
}
NO_DRY_RUN = {
    "setup": "makes what is not there, and changes nothing that is",
    "contact show": "shows it or not; that it did is an entry",
    "totp enroll": "shows a secret, and keeps it or not",
    "code issue": "a code that was shown is one, or none",
    "export": "writes files or not; that it did is an entry",
    "audit sample": "a draw that was seen is a draw: it is an entry",
    "opened": "shows it or not; that it did is an entry",
    "evidence show": "shows it or not; that it did is an entry",
    "evidence export": "writes a file or not; that it did is an entry",
    "snapshot renew": "makes anew what the care directory says",
}
FLAGS = {row[0]: set(re.findall(r"\bINVOKE_[A-Z]+", row[1])) for row in
         re.findall(r'^        \{ "([a-z -]+)",(.*?)(?=^        \{|^\};)', open(sys.argv[2]).read(), re.M | re.S)}
# What only looks has neither, nor what only leaves that it did (INVOKE_READ, INVOKE_LOOKS); root's own commands say what they are here.
CHANGES = [words for words, flags in FLAGS.items() if flags & {"INVOKE_WRITE", "INVOKE_PUBLISH", "INVOKE_CREATE", "INVOKE_RECORD"}] + ["apply", "snapshot renew"]
check("the table is the one that help shows", sorted(set(FLAGS) ^ {" ".join(c) for c in commands}))
check("every command has --json, or a reason", sorted({" ".join(c) for c in commands if "--json" not in options[c]} ^ set(NO_JSON)))
check("what changes something has --dry-run, or a reason",
      sorted({words for words in CHANGES if "--dry-run" not in options[tuple(words.split())]} ^ set(NO_DRY_RUN)))
check("what adds something has --json", without("--json", ADDS))
check("what shows something has --json", without("--json", SHOWS))
check("what adds or ends something has --dry-run", without("--dry-run", ADDS | ENDS))
check("what shows something does it or not, and has no --dry-run",
      [" ".join(c) for c in commands if c[-1] in DISCLOSES and "--dry-run" in options[c]])
# Every user of the host can read the arguments of whatever runs: nobody's name, number or contact detail is one.
values = {(" ".join(words), option, value) for words, told in helps.items() for option, value in re.findall(r"^  (--[a-z-]+) (\S.*)$", told, re.M)}
free = {("contact show", "--reason"), ("export", "--reason"), ("grant", "--document"), ("grant", "--checked-by"), ("message set", "--text"),
        ("code issue", "--checked"), ("exempt add", "--requested-by"), ("exempt add", "--why"), ("outage begin", "--reason")} | {("review " + word, "--note") for word in ("right", "wrong", "unclear")}
check("no option takes what somebody is called", [" ".join(one) for one in sorted(values) if re.search("name|alias|address|phone|mail", one[1])])
check("a free text is one of few, which the manuals speak of", [" ".join(one) for one in sorted(values) if one[2] == "TEXT" and one[:2] not in free])
check("no operand is free text, or what somebody is called",
      [line for line in (told.splitlines()[0] for told in helps.values()) if re.search(r"\b(TEXT|NUMBER|ALIAS|PHONE)\b", line.split("[--")[0].split(" --")[0])])
check("what a command does begins small and ends without a full stop",
      [text for text in re.findall(r"^  [a-z].*\n      (.*(?:\n      .*)*)", overview, re.M) if text[0].isupper() or text[-1] == "."])
print(f"1..{tests}")
sys.exit(failed > 0)
