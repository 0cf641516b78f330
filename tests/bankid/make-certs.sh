#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# make-certs.sh DIR [NAME...] - certificates for the BankID simulator.
#
# NAMEs are what the server is reached as, DNS names or IP addresses (default:
# localhost 127.0.0.1).  DIR is made 0700; what it holds is in README.md.  All
# keys are EC P-256 and for tests only.
set -eu
umask 077

[ $# -ge 1 ] || { echo "usage: make-certs.sh DIR [NAME...]" >&2; exit 2; }
dir=$1
shift
[ $# -ge 1 ] || set -- localhost 127.0.0.1
mkdir -p "$dir"
cd "$dir"

san=
for name; do
    case $name in
    *:*|[0-9]*.[0-9]*.[0-9]*.[0-9]*) kind=IP ;;
    *) kind=DNS ;;
    esac
    san=${san:+$san,}$kind:$name
done

# openssl x509 can't date a certificate back; openssl ca can.
: > index
cat > ca.cnf <<CNF
[ca]
default_ca = any
[any]
database = index
new_certs_dir = .
default_md = sha256
policy = any_subject
rand_serial = yes
unique_subject = no
copy_extensions = none
[any_subject]
countryName = optional
organizationName = optional
organizationalUnitName = optional
name = optional
commonName = supplied
[req]
distinguished_name = from_subj
prompt = no
[from_subj]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = \${ENV::SAN}
[client]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
CNF

at() { date -u -d "$1" +%Y%m%d%H%M%SZ; }

# issue NAME ISSUER SECTION SUBJECT FROM TO SANS; ISSUER "self" for a root.
issue() {
    export SAN="$7"
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null
    openssl req -new -config ca.cnf -key "$1.key" -subj "$4" -out request
    if [ "$2" = self ]; then
        set -- "$1" "$2" "$3" "$4" "$5" "$6" -selfsign -keyfile "$1.key"
    else
        set -- "$1" "$2" "$3" "$4" "$5" "$6" -cert "$2.crt" -keyfile "$2.key"
    fi
    out=$1 section=$3 from=$(at "$5") to=$(at "$6")
    shift 6
    openssl ca -batch -config ca.cnf -notext -in request -out "$out.crt" -extensions "$section" \
        -startdate "$from" -enddate "$to" "$@" 2>log || { cat log >&2; exit 1; }
}

care='/C=SE/O=Example Care'

issue server-ca self root '/C=SE/O=Simulator/CN=Simulated BankID SSL Root CA' -2days +10years DNS:unused
issue server server-ca server '/C=SE/O=Simulator/CN=Simulated BankID' -1day +5years "$san"
issue server-wrong-host server-ca server '/C=SE/O=Simulator/CN=Simulated BankID' -1day +5years DNS:elsewhere.example
issue server-expired server-ca server '/C=SE/O=Simulator/CN=Simulated BankID' -2days -1day "$san"

issue rp-ca self root '/C=SE/O=Simulator/CN=Simulated bank RP CA' -2days +10years DNS:unused
issue rp rp-ca client "$care/name=Example Clinic/CN=Example RP 1" -1day +2years DNS:unused
issue rp-other rp-ca client "$care/name=Example Home Care/CN=Example RP 2" -1day +2years DNS:unused
issue rp-soon rp-ca client "$care/name=Example Clinic/CN=Example RP soon" -1day +10days DNS:unused
issue rp-month rp-ca client "$care/name=Example Clinic/CN=Example RP month" -1day +45days DNS:unused
issue rp-week rp-ca client "$care/name=Example Clinic/CN=Example RP week" -1day +5days DNS:unused
issue rp-expired rp-ca client "$care/name=Example Clinic/CN=Example RP expired" -2days -1day DNS:unused

issue foreign-ca self root '/C=SE/O=Somebody else/CN=Foreign CA' -2days +10years DNS:unused
issue foreign-server foreign-ca server '/C=SE/O=Somebody else/CN=Simulated BankID' -1day +5years "$san"
issue foreign-client foreign-ca client "$care/name=Example Clinic/CN=Example RP 1" -1day +2years DNS:unused

# As banks deliver them, with the pass phrase of the public test certificate.
for name in rp rp-other rp-soon rp-expired foreign-client; do
    openssl pkcs12 -export -in "$name.crt" -inkey "$name.key" -name "$name" -passout pass:qwerty123 -out "$name.p12"
done
# Roots need no key once everything is signed.
rm -f index index.* ca.cnf request log [0-9A-F]*.pem server-ca.key rp-ca.key foreign-ca.key
