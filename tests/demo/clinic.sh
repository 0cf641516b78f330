#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# clinic.sh - an example clinic on this (throw-away) machine: what an administrator would type
#
# For the demo, `./lab shell` and the end-to-end tests.  Run as root in an
# instance with the packages installed.  Everything is done with the shipped
# commands; only BankID itself is a simulator, on 127.0.0.1:8443.
#
# Test people are those of tests/bankid/people.json.
#
# clinic.sh [PART...]: all of it, or the parts named, in order. BANKID is the name that careid reaches BankID by, where
# that is not on this machine: then `simulator` runs there, with the certificates that were made here.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
certs=/root/bankid
control=/run/lab/bankid

said() { # COMMAND...: print it as one would type it, and run it
        local word line=+
        for word; do
                case $word in
                *[!A-Za-z0-9_./:=-]* | '') line+=" \"$word\"" ;;
                *) line+=" $word" ;;
                esac
        done
        printf '%s\n' "$line"
        "$@"
}

# -- BankID, simulated ---------------------------------------------------------------------------
certificates() {
        "$here/bankid/make-certs.sh" "$certs" "${BANKID:-localhost}" 127.0.0.1 appapi2.bankid.com appapi2.test.bankid.com
}

simulator() {
        systemd-run --quiet --unit=bankid --setenv=NODE_PATH=/node_modules \
                node "$here/bankid/simulator.mjs" --certs "$certs" --control "$control" --listen 127.0.0.1:8443 \
                --journal /run/lab/bankid.journal
}

# -- careid ----------------------------------------------------------------------------------------
# login given-name family-name number role unit
staff() {
        local person
        person=$(printf '%s\n' "$2" "$3" | careid person add --quiet)
        printf '%s\n' "$4" | careid person number "$person" --country SE --quiet
        said careid account add "$1" --person "$person" --organisation clinic --kind staff
        said careid assign "$1" "$5" "$6"
}

careid_set_up() {
        install -d -m 0755 /etc/careid/bankid
        install -m 0644 "$certs/server-ca.crt" /etc/careid/bankid/ca.pem
        install -m 0644 "$certs/rp.crt" /etc/careid/bankid/certificate.pem
        install -m 0400 -o _careid -g _careid "$certs/rp.key" /etc/careid/bankid/key.pem
        cat > /etc/careid/careid.conf <<'CONF'
[general]
language = en
support = the service desk, extension 100
host-title = oak-terminal

[groups]
# all of this machine is one file system
timed-without-nosuid = yes

[network]
inside = 127.0.0.0/8 ::1/128

[clients]
log-in = yes

[bankid]
enabled = yes
endpoint = https://BANKID:8443/rp/v6.0
ca = /etc/careid/bankid/ca.pem
certificate = /etc/careid/bankid/certificate.pem
key = /etc/careid/bankid/key.pem
# su and sudo are shown here on terminals of no session
terminal-qr = yes
CONF
        sed -i "s/BANKID/${BANKID:-localhost}/" /etc/careid/careid.conf
        said careid setup
        said careid apply

        said careid organisation add clinic --title "Example Clinic" --country SE
        said careid unit add oak --organisation clinic --title "Oak ward"
        said careid unit add elm --organisation clinic --title "Elm ward"
        said careid role add nurse --kind staff --title "Nurse"
        said careid role add planner --kind staff --title "Planner"

        staff nurse1 "Test Nurse" One 189001019802 nurse oak
        staff nurse2 "Test Nurse" Two 189001029819 nurse elm
}

# -- the host ---------------------------------------------------------------------------------------
host() {
        export DEBIAN_FRONTEND=noninteractive
        said pam-auth-update --package --enable eid mkhomedir
        cat > /etc/ssh/sshd_config.d/careid.conf <<'CONF'
ListenAddress 127.0.0.1
UsePAM yes
KbdInteractiveAuthentication yes
PasswordAuthentication no
CONF
        ssh-keygen -A > /dev/null
        [[ ! -d /run/systemd/system ]] || said systemctl restart ssh
        printf '%%unit-oak-nurse ALL = (root) /usr/bin/id\n' > /etc/sudoers.d/careid
        chmod 0440 /etc/sudoers.d/careid
}

simulator_answers() {
        python3 -B - "$here/bankid" "$control" <<'PY'
import sys
sys.path.insert(0, sys.argv[1])
from phone import Phone
Phone(sys.argv[2]).wait_ready()
PY
}

[[ $# -gt 0 ]] || set -- certificates simulator careid_set_up host simulator_answers
for part; do
        "$part"
done
