#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""verify-export.py FILE [PUBLIC-KEY.pem] - an export of the audit trail, verified by what careid-audit(8) says alone"""

import hashlib
import json
import subprocess
import sys
import tempfile


def signed(point, key):
    text = "careid audit checkpoint 1\n" + "".join(
        f"{name.removesuffix('_id')} {point[name]}\n" for name in ("host_id", "sequence", "hash", "at", "key", "after"))
    with tempfile.NamedTemporaryFile() as t, tempfile.NamedTemporaryFile() as s:
        t.write(text.encode()), t.flush(), s.write(bytes.fromhex(point["signature"])), s.flush()
        return subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key, "-in", t.name,
                               "-sigfile", s.name], capture_output=True).returncode == 0


def verify(path, key=None):
    before, number, after = bytes(32), 0, 0
    for line in open(path, encoding="utf-8"):
        entry = json.loads(line)
        if point := entry.get("checkpoint"):
            if point["after"] != after or key and not signed(point, key):
                return f"checkpoint {point['sequence']}: not what was signed"
            before, number, after = bytes.fromhex(point["hash"]), point["sequence"], point["sequence"]
            continue
        written = bytes.fromhex(entry.pop("hash"))
        text = json.dumps(entry, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
        before = hashlib.sha256(before + text.encode()).digest()
        number += 1
        if entry["sequence"] != number or before != written:
            return f"entry {number}: not what was written"
    return f"whole up to {number}" if number else "empty"


if __name__ == "__main__":
    said = verify(*sys.argv[1:])
    print(said)
    sys.exit(not said.startswith("whole"))
