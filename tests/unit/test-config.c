/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-config.c - careid.conf: every option away from its default, every complaint, the compiled form
 */

#include "config.h"

#include "cleanup.h"
#include "snapshot-format.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static unsigned n_tests, failed;

static void check(bool ok, const char *name, const char *got) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        if (!ok)
                printf("# got: %s\n", got);
        failed += !ok;
}

/* One row per rule: what is written, and what the complaint says (NULL: none). */
static const struct {
        const char *name, *text, *want;
} cases[] = {
        { "nothing at all",                 "", NULL },
        { "only comments and empty lines",  "# one\n\n   ; two\n\t\n", NULL },
        { "an option",                      "[general]\nlanguage = sv\n", NULL },
        { "no blanks",                      "[general]\nlanguage=da", NULL },
        { "blanks everywhere",              "  [general]  \n\t language \t=\t sv \t\n", NULL },
        { "lines that end in CR LF",        "[general]\r\nlanguage = sv\r\n", NULL },
        { "a section twice",                "[general]\n[network]\n[general]\nlanguage = sv\n", NULL },
        { "a text with = # ; and ]",        "[general]\nsupport = a = b # ; ] [c]\n", NULL },
        { "an empty text",                  "[general]\nsupport =\n", NULL },
        { "a text that is not ASCII",       "[general]\nsupport = Växeln 08-123 00 åäö æøå\n", NULL },
        { "networks in two lines",          "[network]\ninside = 10.0.0.0/8\ninside = 2001:db8::/32\n", NULL },
        { "no networks",                    "[network]\ninside =\n", NULL },
        { "a network and what it is seen as", "[network]\nseen-as = 10.20.0.0/16 192.0.2.7 2001:db8::/48\n", NULL },
        { "two such, in one line and in two", "[network]\nseen-as = 10.0.0.0/8 192.0.2.7/32, fc00::/7 2001:db8::1\nseen-as = 172.16.0.0/12 192.0.2.8\n", NULL },
        { "seen as nothing special",        "[network]\nseen-as =\n", NULL },
        { "each of three words",            "[bankid]\nrisk = moderate\n", NULL },
        { "an endpoint with a port",        "[bankid]\nendpoint = https://relay.example:8443/rp/v6.0\n", NULL },
        { "an endpoint by address",         "[bankid]\nendpoint = https://[2001:db8::1]:8443/rp/\n", NULL },

        { "no evidence",                    "[evidence]\nkeep = none\n", NULL },
        { "a period in days",               "[evidence]\nkeep = 1 day\n", NULL },
        { "a period in months, no blank",   "[evidence]\nkeep = 18months\n", NULL },
        { "the longest period",             "[evidence]\nkeep = 10 years\n", NULL },

        { "a period of nothing",            "[evidence]\nkeep = 0 days\n", "careid.conf:2: [evidence] keep: must be none, or a number and days" },
        { "a period without a unit",        "[evidence]\nkeep = 18\n", "careid.conf:2: [evidence] keep: must be" },
        { "a unit that is none",            "[evidence]\nkeep = 18 moons\n", "careid.conf:2: [evidence] keep: must be" },
        { "more after the unit",            "[evidence]\nkeep = 1 year 1 day\n", "careid.conf:2: [evidence] keep: must be" },
        { "a period that is too long",      "[evidence]\nkeep = 11 years\n", "careid.conf:2: [evidence] keep: must be" },
        { "an empty period",                "[evidence]\nkeep =\n", "careid.conf:2: [evidence] keep: must be" },
        { "no section yet",                 "language = sv\n", "careid.conf:1: an option before the first [section]" },
        { "an unknown section",             "\n[bankidd]\n", "careid.conf:2: [bankidd]: no such section; did you mean [bankid]?" },
        { "a section like no other",        "[zzzzzz]\n",
          "careid.conf:1: [zzzzzz]: no such section; there are: general, accounts, groups, network, evidence, audit, review, mandates, bankid, sms, mail, clients, methods, "
          "assurance, password, outage, rule NAME" },
        { "an unknown option",              "[general]\n\nsupprot = x\n",
          "careid.conf:3: supprot: no such option in [general]; did you mean support?" },
        { "an option of another section",   "[general]\nendpoint = https://a.example\n",
          "careid.conf:2: endpoint: no such option in [general]; it belongs in [bankid]" },
        { "an option like no other",        "[accounts]\nzzzzzz = x\n",
          "careid.conf:2: zzzzzz: no such option in [accounts]; there are: home, shell" },
        { "a section that does not end",    "[general\n", "careid.conf:1: a section is written [name], alone on its line" },
        { "text after a section",           "[general] x\n", "careid.conf:1: a section is written [name], alone on its line" },
        { "an empty section name",          "[]\n", "careid.conf:1: a section is written [name], alone on its line" },
        { "neither nor",                    "[general]\n!\n", "careid.conf:2: neither a comment, nor [section], nor name = value" },
        { "capital letters",                "[general]\nLanguage = sv\n",
          "careid.conf:2: neither a comment, nor [section], nor name = value" },
        { "no equals sign",                 "[general]\nlanguage sv\n", "careid.conf:2: an option is written name = value" },
        { "set twice",                      "[general]\nlanguage = sv\n[network]\n[general]\nlanguage = sv\n",
          "careid.conf:5: [general] language: is set already in line 2" },
        { "a word that is none of them",    "[general]\nlanguage = no\n", "careid.conf:2: [general] language: must be one of: sv da en" },
        { "two words",                      "[general]\nlanguage = sv da\n", "careid.conf:2: [general] language: must be one of: sv da en" },
        { "an empty word",                  "[general]\nlanguage =\n", "careid.conf:2: [general] language: must be one of: sv da en" },
        { "true is not yes",                "[bankid]\nenabled = true\n", "careid.conf:2: [bankid] enabled: must be yes or no" },
        { "an empty yes or no",             "[bankid]\nenabled =\n", "careid.conf:2: [bankid] enabled: must be yes or no" },
        { "a byte order mark",              "\xef\xbb\xbf[general]\n",
          "careid.conf:1: begins with a byte order mark; save it as UTF-8 without one" },
        { "text that is not UTF-8",         "[general]\nsupport = V\xe4xeln\n",
          "careid.conf:2: [general] support: must be UTF-8 without control characters" },
        { "a control character",            "[general]\nsupport = a\033[2Jb\n",
          "careid.conf:2: [general] support: must be UTF-8 without control characters" },
        { "a CR inside",                    "[general]\nsupport = a\rb\n",
          "careid.conf:2: [general] support: must be UTF-8 without control characters" },
        { "a relative path",                "[bankid]\nkey = keys/rp.pem\n",
          "careid.conf:2: [bankid] key: must be an absolute path of at most 255 bytes without '.', '..', empty parts or ':'" },
        { "a path with ..",                 "[bankid]\nkey = /etc/../rp.pem\n", "careid.conf:2: [bankid] key: must be an absolute path" },
        { "a path with an empty part",      "[bankid]\nkey = /etc//rp.pem\n", "careid.conf:2: [bankid] key: must be an absolute path" },
        { "a path that ends in a slash",    "[bankid]\nkey = /etc/\n", "careid.conf:2: [bankid] key: must be an absolute path" },
        { "a path with a colon",            "[accounts]\nshell = /bin/a:b\n", "careid.conf:2: [accounts] shell: must be an absolute path" },
        { "an empty path where one must be", "[accounts]\nshell =\n", "careid.conf:2: [accounts] shell: must be an absolute path" },
        { "http",                           "[bankid]\nendpoint = http://a.example/\n", "careid.conf:2: [bankid] endpoint: must be an address such as" },
        { "a user in the address",          "[bankid]\nendpoint = https://u@a.example/\n", "careid.conf:2: [bankid] endpoint: must be" },
        { "a query in the address",         "[bankid]\nendpoint = https://a.example/x?y\n", "careid.conf:2: [bankid] endpoint: must be" },
        { "a fragment in the address",      "[bankid]\nendpoint = https://a.example/#y\n", "careid.conf:2: [bankid] endpoint: must be" },
        { "port 0",                         "[bankid]\nendpoint = https://a.example:0/\n", "careid.conf:2: [bankid] endpoint: must be" },
        { "port 65536",                     "[bankid]\nendpoint = https://a.example:65536/\n", "careid.conf:2: [bankid] endpoint: must be" },
        { "no host",                        "[bankid]\nendpoint = https:///rp\n", "careid.conf:2: [bankid] endpoint: must be" },
        { "a host that begins with -",      "[bankid]\nendpoint = https://-a.example\n", "careid.conf:2: [bankid] endpoint: must be" },
        { "a network without prefix",       "[network]\ninside = 10.0.0.1\n",
          "careid.conf:2: [network] inside: '10.0.0.1' lacks its prefix length; one address alone is written with /32" },
        { "a network with bits after it",   "[network]\ninside = 10.0.0.1/24\n",
          "careid.conf:2: [network] inside: '10.0.0.1/24' has bits set after its prefix; the network is 10.0.0.0/24" },
        { "a prefix that is too long",      "[network]\ninside = 10.0.0.0/33\n",
          "careid.conf:2: [network] inside: '10.0.0.0/33' has no prefix length from 0 to 32 after the slash" },
        { "a prefix with a leading zero",   "[network]\ninside = 10.0.0.0/08\n", "careid.conf:2: [network] inside: '10.0.0.0/08' has no prefix" },
        { "no address",                     "[network]\ninside = clinic/8\n",
          "careid.conf:2: [network] inside: 'clinic/8' is not a network; write 192.0.2.0/24 or 2001:db8::/32" },
        { "an address written short",       "[network]\ninside = 10/8\n", "careid.conf:2: [network] inside: '10/8' is not a network" },
        { "the second network is wrong",    "[network]\ninside = 10.0.0.0/8 10.0.0.0/x\n", "careid.conf:2: [network] inside: '10.0.0.0/x' has no" },
        { "a network that is seen as nothing", "[network]\nseen-as = 10.20.0.0/16\n",
          "careid.conf:2: [network] seen-as: '10.20.0.0/16' is a network without the addresses that it is seen as; write 10.20.0.0/16 192.0.2.7" },
        { "an address where a network is meant", "[network]\nseen-as = 10.20.0.1 192.0.2.7\n",
          "careid.conf:2: [network] seen-as: '10.20.0.1' lacks its prefix length; one address alone is written with /32" },
        { "seen as a name",                 "[network]\nseen-as = 10.20.0.0/16 exit.example\n",
          "careid.conf:2: [network] seen-as: 'exit.example' is not a network; write 192.0.2.0/24 or 2001:db8::/32" },
        { "seen as anybody",                "[network]\nseen-as = 10.20.0.0/16 0.0.0.0/0\n",
          "careid.conf:2: [network] seen-as: '0.0.0.0/0' is too wide for the addresses of one network: /16 at least, or /32 for IPv6" },
        { "seen as too many",               "[network]\nseen-as = 10.20.0.0/16 2001:da8::/31\n", "careid.conf:2: [network] seen-as: '2001:da8::/31' is too wide" },
        { "seen as no more than may be",    "[network]\nseen-as = 10.20.0.0/16 192.0.0.0/16 2001:db8::/32\n", NULL },
        { "a comma and nothing after it",   "[network]\nseen-as = 10.20.0.0/16 192.0.2.7,\n",
          "careid.conf:2: [network] seen-as: has an empty entry; write NETWORK ADDRESS..." },
        { "an environment that there is not", "[bankid]\nenvironment = prod\n", "careid.conf:2: [bankid] environment: must be one of: production test" },
        { "a risk that there is not",       "[bankid]\nrisk = high\n", "careid.conf:2: [bankid] risk: must be one of: low moderate off" },
        { "methods",                        "[methods]\nallow = mail,bankid , password+totp\n", NULL },
        { "a method that there is not",     "[methods]\nallow = bankid, pasword\n", "careid.conf:2: [methods] allow: 'pasword' is no method; did you mean password?" },
        { "a method like no other",         "[methods]\nallow = zzzzzzzz\n", "careid.conf:2: [methods] allow: 'zzzzzzzz' is no method; there are: bankid, password, mail, code, password+totp" },
        { "the second factor first",        "[methods]\nallow = sms+password\n", "careid.conf:2: [methods] allow: 'sms+password': the factor that is asked for first stands first: password+sms" },
        { "a second factor alone",          "[methods]\nallow = sms\n", "careid.conf:2: [methods] allow: 'sms' is a second factor only: write password+sms or code+sms" },
        { "a method twice",                 "[methods]\nallow = bankid, mail, bankid\n", "careid.conf:2: [methods] allow: names bankid twice" },
        { "a comma and no method after it", "[methods]\nallow = bankid,\n", "careid.conf:2: [methods] allow: has an empty entry" },
        { "a day that there is not",        "[password]\nretired-from = 2027-02-29\n", "careid.conf:2: [password] retired-from: must be a date that there is" },
        { "a day and more",                 "[password]\nretired-from = 2027-02-280\n", "careid.conf:2: [password] retired-from: must be a date that there is" },
        { "no day",                         "[password]\nretired-from =\n", NULL },
        { "a regime that there is not",     "[assurance]\nregime = nsis\n", "careid.conf:2: [assurance] regime: must be one of: none pdl gdpr32" },

        { "a rule",                         "[rule a-1]\nkind = staff, client\nrole = doctor\nservice = sshd, sudo\nfrom = inside, 192.0.2.0/24\n"
                                            "since = 2026-01-01\nuntil = 2026-12-31\nallow = bankid\n", NULL },
        { "a rule without a name",          "[rule]\n", "careid.conf:1: a rule is written [rule NAME], with a name of a-z, 0-9 and '-'" },
        { "a rule with a blank name",       "[rule ]\n", "careid.conf:1: a rule is written [rule NAME]" },
        { "a rule whose name is too long",  "[rule abcdefghijklmnopqrstuvwxyz0123456]\n", "careid.conf:1: a rule is written [rule NAME]" },
        { "a rule of two names",            "[rule a b]\n", "careid.conf:1: a rule is written [rule NAME]" },
        { "a rule twice",                   "[rule a]\ndeny = all\n[rule a]\n", "careid.conf:3: [rule a]: there is one already, in careid.conf:1" },
        { "no option of a rule",            "[rule a]\nkin = staff\n", "careid.conf:2: kin: no such option in [rule]; did you mean kind?" },
        { "an option of a rule twice",      "[rule a]\nkind = staff\nkind = client\n", "careid.conf:3: [rule a] kind: is set already in line 2" },
        { "a kind that there is not",       "[rule a]\nkind = staf\n", "careid.conf:2: [rule a] kind: must be of these, separated by commas: staff, client, relative, external" },
        { "a kind and nothing after it",    "[rule a]\nkind = staff,\n", "careid.conf:2: [rule a] kind: must be of these" },
        { "an empty kind",                  "[rule a]\nkind =\n", "careid.conf:2: [rule a] kind: must be of these" },
        { "a role that is no name",         "[rule a]\nrole = Doctor\n", "careid.conf:2: [rule a] role: 'Doctor' is no name; write names separated by commas: doctor, nurse" },
        { "no role",                        "[rule a]\nrole =\n", "careid.conf:2: [rule a] role: names nobody" },
        { "a service twice",                "[rule a]\nservice = sshd, sshd\n", "careid.conf:2: [rule a] service: names sshd twice" },
        { "too many roles",                 "[rule a]\nrole = a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q\n", "careid.conf:2: [rule a] role: may have 16 names at most" },
        { "from where there is no network", "[rule a]\nfrom = clinic\n", "careid.conf:2: [rule a] from: 'clinic' is not a network" },
        { "from nowhere",                   "[rule a]\nfrom = inside,\n", "careid.conf:2: [rule a] from: has an empty entry" },
        { "from a network with bits after it", "[rule a]\nfrom = 10.0.0.1/8\n", "careid.conf:2: [rule a] from: '10.0.0.1/8' has bits set after its prefix" },
        { "since no day",                   "[rule a]\nsince =\n", "careid.conf:2: [rule a] since: must be a date" },
        { "allow and deny",                 "[rule a]\nallow = bankid\ndeny = all\n", "careid.conf:3: [rule a] deny: a rule has allow or deny, not both" },
        { "allow nothing",                  "[rule a]\nallow =\n", "careid.conf:2: [rule a] allow: names no method; to let nobody in, write deny = all" },
        { "allow all",                      "[rule a]\nallow = all\n", "careid.conf:2: [rule a] allow: 'all' is no method" },
        { "a control character in a rule",  "[rule a]\nrole = a\033\n", "careid.conf:2: [rule a] role: must be UTF-8 without control characters" },
        { "a section after a rule",         "[rule a]\ndeny = all\n[general]\nkind = staff\n", "careid.conf:4: kind: no such option in [general]" },
        { "a rule after an option of another section", "[general]\n[rule a]\nlanguage = sv\n", "careid.conf:3: language: no such option in [rule]" },

        { "a network mapped into IPv6",     "[network]\ninside = ::ffff:10.0.0.0/104\n", "careid.conf:2: [network] inside: '::ffff:10.0.0.0/104' has no prefix length from 0 to 32" },
};

#define METHODS "[methods]\nallow = bankid, password, mail, code, password+totp\n"
#define BANKID "[bankid]\nenabled = yes\ncertificate = /c\nkey = /k\n"

#define TWENTY "åäöæøååäöæøååäöæøååä"
#define EIGHTY TWENTY TWENTY TWENTY TWENTY

/* What config_finish() says of a whole configuration. */
static const struct {
        const char *name, *text, *want;
} finishes[] = {
        { "the longest name of an organisation", "[general]\norganisation = " EIGHTY "\n", NULL },
        { "one that is too long",       "[general]\norganisation = " EIGHTY "a\n",
          "[general] organisation: must be at most 80 characters long" },
        { "the defaults",                   "", NULL },
        { "BankID with what it needs",      "[bankid]\nenabled = yes\ncertificate = /c\nkey = /k\n", NULL },
        { "BankID without certificate",     "[bankid]\nenabled = yes\nkey = /k\n", "[bankid] certificate: enabled = yes needs" },
        { "BankID without key",             "[bankid]\nenabled = yes\ncertificate = /c\n", "[bankid] key: enabled = yes needs" },
        { "certificate and key in one file", "[bankid]\nenabled = yes\ncertificate = /c\nkey = /c\n", "[bankid] key: must be a file of its own" },
        { "BankID off, nothing needed",     "[bankid]\nenabled = no\nenvironment = test\n", NULL },
        { "test BankIDs in production",     BANKID "environment = test\n", "[bankid] environment: must be production" },
        { "the same, with a port",          BANKID "environment = test\nendpoint = https://APPAPI2.bankid.com:443/rp/v6.0\n",
          "[bankid] environment: must be production" },
        { "people's BankIDs in the test service", BANKID "endpoint = https://appapi2.test.bankid.com/rp/v6.0\n", "[bankid] environment: must be test" },
        { "the test service",               BANKID "environment = test\nendpoint = https://appapi2.test.bankid.com/rp/v6.0\n", NULL },
        { "a relay of nobody's",            BANKID "endpoint = https://relay.example/rp/v6.0\n", "[bankid] ca: must name" },
        { "a relay",                        BANKID "endpoint = https://relay.example/rp/v6.0\nca = /ca\n", NULL },
        { "a relay to the test service",    BANKID "endpoint = https://relay.example/rp/v6.0\nca = /ca\nenvironment = test\n", NULL },
        { "a relay whose name begins like BankID's", BANKID "endpoint = https://appapi2.bankid.com.example/rp/v6.0\n", "[bankid] ca: must name" },
        { "one home for everybody",         "[accounts]\nhome = /home/all\n", "[accounts] home: must contain %u" },
        { "another % in the home",          "[accounts]\nhome = /home/%u/%h\n", "[accounts] home: must contain %u" },
        { "no methods",                 "[methods]\nallow =\n", "[methods] allow: names no method, so nobody could log in" },
        { "a rule that says nothing",   "[rule a]\nkind = staff\n", "careid.conf:1: [rule a]: says nothing" },
        { "a rule that is over before it begins", "[rule a]\nsince = 2026-02-01\nuntil = 2026-01-31\ndeny = all\n", "careid.conf:1: [rule a]: can never match: its last day" },
        { "a rule for a day",           "[rule a]\nsince = 2026-02-01\nuntil = 2026-02-01\ndeny = all\n", NULL },
        { "a rule that gives more",     "[rule a]\nallow = bankid, mail\n", "careid.conf:1: [rule a]: names mail, which [methods] allow does not" },
        { "a rule that takes what is not there", "[rule a]\ndeny = mail\n", "careid.conf:1: [rule a]: names mail, which [methods] allow does not" },
        { "a single factor from outside", METHODS "[rule a]\nfrom = outside\nallow = password\n",
          "careid.conf:3: [rule a]: allows password from outside [network] inside, where two factors or an e-ID are required" },
        { "beside an e-ID",             METHODS "[rule a]\nfrom = outside\nallow = bankid, code\n", "careid.conf:3: [rule a]: allows code from outside" },
        { "from a network that is not inside", METHODS "[network]\ninside = 10.0.0.0/8\n[rule a]\nfrom = 10.1.0.0/16, 192.0.2.0/24\nallow = password\n",
          "careid.conf:5: [rule a]: allows password from outside" },
        { "from one that is larger",    METHODS "[network]\ninside = 10.1.0.0/16\n[rule a]\nfrom = 10.0.0.0/8\nallow = mail\n", "careid.conf:5: [rule a]: allows mail from outside" },
        { "from one that is inside",    METHODS "[network]\ninside = 10.0.0.0/8\n[rule a]\nfrom = 10.1.0.0/16\nallow = password\n", NULL },
        { "two factors from outside",   METHODS "[rule a]\nfrom = outside\nallow = bankid, password+totp\n", NULL },
        { "the same rule again",        "[rule a]\nkind = staff\ndeny = all\n[rule b]\nkind = staff\nallow = bankid\n",
          "careid.conf:4: [rule b]: can never match: before it, [rule a] (careid.conf:1) decides for all that it is about" },
        { "after one for everybody",    "[rule a]\nallow = bankid\n[rule b]\nfrom = 10.0.0.0/8\ndeny = all\n", "careid.conf:3: [rule b]: can never match" },
        { "after two that share its kinds", "[rule a]\nkind = staff\ndeny = all\n[rule b]\nkind = client\ndeny = all\n[rule c]\nkind = staff, client\nrole = a\ndeny = all\n",
          "careid.conf:7: [rule c]: can never match: before it, [rule b]" },
        { "after all kinds",            "[rule a]\nkind = staff, client, relative, external\ndeny = all\n[rule b]\ndeny = all\n", "careid.conf:4: [rule b]: can never match" },
        { "after a wider network",      "[rule a]\nfrom = 10.0.0.0/8\ndeny = all\n[rule b]\nfrom = 10.1.0.0/16\ndeny = all\n", "careid.conf:4: [rule b]: can never match" },
        { "a single address, which may be ours, after its network", "[rule a]\nfrom = 10.0.0.0/8\ndeny = all\n[rule b]\nfrom = 10.1.0.1/32\ndeny = all\n", NULL },
        { "a wider network after it",   "[rule a]\nfrom = 10.1.0.0/16\ndeny = all\n[rule b]\nfrom = 10.0.0.0/8\ndeny = all\n", NULL },
        { "after more days",            "[rule a]\nuntil = 2026-12-31\ndeny = all\n[rule b]\nuntil = 2026-06-30\ndeny = all\n", "careid.conf:4: [rule b]: can never match" },
        { "after fewer days",           "[rule a]\nuntil = 2026-06-30\ndeny = all\n[rule b]\nuntil = 2026-12-31\ndeny = all\n", NULL },
        { "after more services",        "[rule a]\nservice = sshd, su\ndeny = all\n[rule b]\nservice = su\nrole = a\ndeny = all\n", "careid.conf:4: [rule b]: can never match" },
        { "after more roles",           "[rule a]\nrole = a, b\ndeny = all\n[rule b]\nrole = a, c\ndeny = all\n", NULL },
        { "reopened and not allowed",   "[password]\nretired-from = 2027-01-01\n[outage]\nreopen = password\n", "[outage] reopen: names password, which [methods] allow does not" },
        { "reopened and never closed",  METHODS "[outage]\nreopen = password\n", "[outage] reopen: there is nothing to reopen" },
        { "reopened without a password", METHODS "[password]\nretired-from = 2027-01-01\n[outage]\nreopen = mail\n", "[outage] reopen: mail has no password" },
        { "an outage by itself, for nothing", METHODS "[outage]\nautomatic = yes\n", "[outage] automatic: yes needs methods in reopen" },
        { "an outage that opens",       METHODS "[password]\nretired-from = 2027-01-01\n[outage]\nreopen = password+totp\nautomatic = yes\n", NULL },
        { "a home deeper down",             "[accounts]\nhome = /srv/%u/home-%u\n", NULL },
};

static const struct {
        const char *address;
        bool        want;
} inside[] = {
        { "10.1.2.3", true },           { "10.255.255.255", true },     { "11.0.0.0", false },
        { "192.168.1.7", true },        { "192.168.1.8", false },       { "2001:db8::1", true },
        { "2001:db8:7fff:ffff::", true }, { "2001:db8:8000::", false }, { "::ffff:10.1.2.3", true },
        { "::ffff:11.1.2.3", false },   { "127.0.0.1", false },         { "::1", false },
        { "", false },                  { "10.1.2", false },            { "10.1.2.3 ", false },
        { "clinic.example", false },    { "fe80::1%eth0", false },
};

static const struct {
        const char *name, *source, *as;
        bool        want;
} seen[] = {
        { "the same address",                       "198.51.100.1",        "198.51.100.1", true },
        { "the same, mapped into IPv6",             "::ffff:198.51.100.1", "198.51.100.1", true },
        { "the same, mapped on the other side",     "198.51.100.1", "::ffff:198.51.100.1", true },
        { "the same IPv6 address, written otherwise", "2001:0db7::1",      "2001:db7:0:0::1", true },
        { "another address",                        "198.51.100.1",        "198.51.100.2", false },
        { "an exit of the network",                 "10.1.2.3",            "192.0.2.7",    true },
        { "an exit, mapped into IPv6",              "10.1.2.3",            "::ffff:192.0.2.7", true },
        { "not an exit",                            "10.1.2.3",            "192.0.2.8",    false },
        { "an exit of another network",             "10.1.2.3",            "2001:db9::1",  false },
        { "an exit of a network inside that one",   "10.20.2.3",           "198.51.100.9", true },
        { "the exit of the wider network as well",  "10.20.2.3",           "192.0.2.7",    true },
        { "an exit of a network that it is not in", "10.1.2.3",            "198.51.100.9", false },
        { "one of several exits, in a network",     "2001:db8::5",         "192.0.2.31",   true },
        { "beside that network",                    "2001:db8::5",         "192.0.2.32",   false },
        { "the network itself is no exit",          "10.1.2.3",            "10.9.9.9",     false },
        { "no address seen",                        "10.1.2.3",            "",             false },
        { "a name",                                 "clinic.example",      "clinic.example", false },
        { "nobody knows from where",                "unknown",             "unknown",      false },
};

static int parse(struct config *c, const char *text, char complaint[static CONFIG_COMPLAINT_MAX]) {
        complaint[0] = '\0';
        if (config_init(c) < 0)
                return -1;
        return config_parse(c, "careid.conf", text, strlen(text), complaint);
}

static void test_cases(void) {
        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                AUTO(config_done) struct config c;
                char said[CONFIG_COMPLAINT_MAX];
                const int r = parse(&c, cases[i].text, said);
                const char *want = cases[i].want;

                check(want ? r == CONFIG_E_WRONG && strncmp(said, want, strlen(want)) == 0 &&
                                     utf8_is_clean(said, strlen(said), UTF8_ONE_LINE)
                           : r == CONFIG_OK, cases[i].name, said);
        }
        for (size_t i = 0; i < N_ELEMENTS(finishes); i++) {
                AUTO(config_done) struct config c;
                char said[CONFIG_COMPLAINT_MAX];
                const char *want = finishes[i].want;
                int r = parse(&c, finishes[i].text, said);

                if (r == CONFIG_OK)
                        r = config_finish(&c, said);
                check(want ? r == CONFIG_E_WRONG && strncmp(said, want, strlen(want)) == 0 : r == CONFIG_OK,
                      finishes[i].name, said);
        }
}

static void test_limits(void) {
        static char text[CONFIG_FILE_MAX + 2];
        char said[CONFIG_COMPLAINT_MAX];

        for (size_t extra = 0; extra <= 1; extra++) {
                AUTO(config_done) struct config c = { 0 };
                int r;

                memset(text, '\n', sizeof text);
                (void) config_init(&c);
                r = config_parse(&c, "careid.conf", text, CONFIG_FILE_MAX + extra, said);
                check(r == (extra ? CONFIG_E_WRONG : CONFIG_OK), extra ? "a file one byte too large" : "a file of the largest size", said);
        }
        for (size_t extra = 0; extra <= 1; extra++) {
                AUTO(config_done) struct config c = { 0 };
                int r;

                memset(text, '#', CONFIG_LINE_MAX + extra);
                (void) config_init(&c);
                r = config_parse(&c, "careid.conf", text, CONFIG_LINE_MAX + extra, said);
                check(r == (extra ? CONFIG_E_WRONG : CONFIG_OK), extra ? "a line one byte too long" : "a line of the longest", said);
        }
        for (size_t n = CONFIG_LIST_MAX; n <= CONFIG_LIST_MAX + 1; n++) {
                AUTO(config_done) struct config c;
                size_t k = (size_t) snprintf(text, sizeof text, "[network]\n");
                int r;

                for (size_t i = 0; i < n; i++)
                        k += (size_t) snprintf(text + k, sizeof text - k, "inside = 10.0.%zu.0/24\n", i);
                r = parse(&c, text, said);
                check(n == CONFIG_LIST_MAX ? r == CONFIG_OK && c.inside.n == n : r == CONFIG_E_WRONG,
                      n == CONFIG_LIST_MAX ? "as many networks as fit" : "one network too many", said);
        }
        for (size_t extra = 0; extra <= 1; extra++) {
                AUTO(config_done) struct config c;
                size_t k = (size_t) snprintf(text, sizeof text, "[general]\nsupport = ");
                int r;

                memset(text + k, 'x', 200 + extra);
                text[k + 200 + extra] = '\0';
                r = parse(&c, text, said);
                check(r == (extra ? CONFIG_E_WRONG : CONFIG_OK), extra ? "a text one byte too long" : "a text of the longest", said);
        }
        {
                AUTO(config_done) struct config c = { 0 };
                static const char nul[] = "[general]\nsupport = a\0b\n";
                int r;

                (void) config_init(&c);
                r = config_parse(&c, "careid.conf", nul, sizeof nul - 1, said);
                check(r == CONFIG_E_WRONG && strcmp(said, "careid.conf:2: holds a NUL byte: is this a text file?") == 0,
                      "a NUL byte", said);
        }
}

/* Lines of a compiled form, with a check of their own. */
static size_t seal(char *text, size_t size, const char *head, size_t n_head, const char *middle, size_t n_middle, const char *tail,
                   size_t n_tail) {
        size_t n = n_head + n_middle + n_tail;

        memcpy(text, head, n_head);
        memcpy(text + n_head, middle, n_middle);
        memcpy(text + n_head + n_middle, tail, n_tail);
        return n + (size_t) snprintf(text + n, size - n, "check=%016" PRIx64 "\n", snapshot_mix64(0, text, n));
}

static const char *next_line(const char *p) {
        return strchr(p, '\n') + 1;
}

/* @compiled has every option away from its default. */
static void test_older(const char *compiled, size_t n) {
        static const char magic[] = "careid-config 1\n", check_line[] = "check=0123456789abcdef\n";
        static const char *const strange[] = {
                "general.later=yes\n", "general.support=x\ngeneral.language=sv\n", "general.language=sv\ngeneral.language=sv\n",
                "rule.kind=staff\n", "rule=a\nrule.later=x\n", "rule=a\nrule.deny=all\nrule.kind=staff\n", "rule=a\nrule.deny=all\ngeneral.language=sv\n",
        };
        const size_t size = 4 * n;
        auto_free char *absent = NULL, *older = malloc(size), *want = malloc(size);
        AUTO(config_done) struct config preset = { 0 };
        const char *const end = compiled + n - (sizeof check_line - 1);
        const char *p = next_line(compiled), *q;
        char said[CONFIG_COMPLAINT_MAX] = "";
        bool ok = true;
        size_t n_absent, n_broken = 0;

        if (!older || !want || config_init(&preset) < 0 || config_compile(&preset, &absent, &n_absent) < 0) {
                check(false, "memory", "");
                return;
        }
        q = next_line(absent);
        for (size_t i = 0; i < config_n_options && ok; i++) {
                const char *const p_next = next_line(p), *const q_next = next_line(q);
                const size_t n_head = (size_t) (p - compiled), n_tail = (size_t) (end - p_next);
                const size_t n_older = seal(older, size, compiled, n_head, "", 0, p_next, n_tail);
                const size_t n_want = seal(want, size, compiled, n_head, q, (size_t) (q_next - q), p_next, n_tail);
                AUTO(config_done) struct config c = { 0 }, whole = { 0 };
                auto_free char *got = NULL;
                size_t n_got = 0;
                const int r = config_load(&c, older, n_older, said);

                /* A default that breaks a rule with what is there is refused as it would be if it stood there. */
                ok = r == config_load(&whole, want, n_want, said) &&
                     (r == CONFIG_E_WRONG || (r == CONFIG_OK && config_compile(&c, &got, &n_got) == 0 && n_got == n_want &&
                                              memcmp(got, want, n_got) == 0));
                n_broken += r == CONFIG_E_WRONG;
                p = p_next;
                q = q_next;
        }
        check(ok && n_broken > 0 && n_broken < config_n_options / 2, "an option that an older version did not have has its default", said);
        {
                AUTO(config_done) struct config c = { 0 };
                const size_t n_older = seal(older, size, magic, sizeof magic - 1, "", 0, "", 0);

                check(config_load(&c, older, n_older, said) == CONFIG_OK && strcmp(c.home, "/home/%u") == 0 && !c.bankid,
                      "a compiled form without any option", said);
        }
        for (size_t i = 0; i < N_ELEMENTS(strange); i++) {
                AUTO(config_done) struct config c = { 0 };
                const size_t n_older = seal(older, size, magic, sizeof magic - 1, strange[i], strlen(strange[i]), "", 0);

                check(config_load(&c, older, n_older, said) == CONFIG_E_WRONG && strstr(said, "newer careid"),
                      (const char *[]) { "an option that is not known", "options out of order", "an option twice", "an option of no rule",
                                               "an option of a rule that is not known", "options of a rule out of order", "an option after a rule" }[i], said);
        }
}

static bool rule_is_right(const struct config_rule *r) {
        return strcmp(r->name, "first") == 0 && r->kinds == (config_kind_bit("staff") | config_kind_bit("external")) && r->n_roles == 2 &&
               strcmp(r->role[1], "nurse") == 0 && r->n_services == 1 && strcmp(r->service[0], "sshd") == 0 && !r->from_inside && r->from_outside &&
               r->from.n == 2 && strcmp(r->since, "2026-01-01") == 0 && strcmp(r->until, "2026-12-31") == 0 && r->allows &&
               r->ways == (way_bit(WAY_BANKID) | way_bit(WAY_PASSWORD_TOTP));
}

static void test_values(void) {
        static const char first[] =
                "[general]\nlanguage = sv\nsupport = Ring 1177\nhost-title = Eken\norganisation = Ekvården\n[accounts]\nhome = /srv/%u\nshell = /bin/sh\n"
                "[network]\ninside = 10.0.0.0/8 192.168.1.0/29\ninside = 2001:db8::/33\n"
                "[bankid]\nenabled = yes\nendpoint = https://relay.example/rp/\nca = /etc/careid/ca.pem\n"
                "certificate = /etc/careid/rp.pem\nkey = /etc/careid/keys/rp.pem\nremote-qr = yes\nrisk = moderate\nsign-acts = no\n"
                "show-arguments = yes\nterminal-qr = yes\nenvironment = test\n"
                "[network]\nseen-as = 10.0.0.0/8 192.0.2.7, 2001:db8::/33 2001:db9::1 192.0.2.16/28\nseen-as = 10.20.0.0/16 198.51.100.9\n"
                "[methods]\nallow = password+totp, bankid, mail\n[clients]\nlog-in = yes\n[assurance]\nregime = nsis-substantial\n"
                "[password]\nretired-from = 2027-03-01\nannounce = none\n[outage]\nreopen = password+totp\nautomatic = yes\n"
                "[rule first]\nkind = staff, external\nrole = doctor, nurse\nservice = sshd\nfrom = outside, 10.0.0.0/8, 2001:db8::/33\n"
                "since = 2026-01-01\nuntil = 2026-12-31\nallow = password+totp, bankid\n[rule last]\nfrom = inside\ndeny = all\n";
        static const char later[] = "[network]\ninside = 172.16.0.0/12\n[general]\nlanguage = da\n";
        AUTO(config_done) struct config c, loaded;
        auto_free char *compiled = NULL, *again = NULL;
        char said[CONFIG_COMPLAINT_MAX] = "";
        size_t n = 0, n_again = 0;
        int r;

        (void) config_init(&loaded);
        r = parse(&c, "", said);
        check(r == CONFIG_OK && strcmp(c.language, "en") == 0 && !*c.support && !*c.host_title && !*c.organisation && strcmp(c.home, "/home/%u") == 0 &&
              strcmp(c.shell, "/bin/bash") == 0 && c.inside.n == 0 && !c.bankid && !c.bankid_remote_qr && !*c.bankid_ca &&
              !*c.bankid_certificate && !*c.bankid_key && strcmp(c.bankid_endpoint, "https://appapi2.bankid.com/rp/v6.0") == 0 &&
              c.seen_as.n == 0 && strcmp(c.bankid_risk, "low") == 0 && c.bankid_sign_acts && !c.bankid_show_arguments &&
              !c.bankid_terminal_qr && strcmp(c.bankid_environment, "production") == 0 && c.methods.n == 1 && c.methods.entry[0] == WAY_BANKID &&
              !c.clients_log_in && strcmp(c.regime, "none") == 0 && !*c.password_retired_from && c.password_announce_days == 56 && c.outage_reopen.n == 0 &&
              !c.outage_automatic && c.n_rules == 0,
              "the defaults", said);

        r = config_parse(&c, "careid.conf", first, sizeof first - 1, said);
        check(r == CONFIG_OK && strcmp(c.language, "sv") == 0 && strcmp(c.support, "Ring 1177") == 0 && strcmp(c.host_title, "Eken") == 0 &&
              strcmp(c.organisation, "Ekvården") == 0 && strcmp(c.home, "/srv/%u") == 0 && strcmp(c.shell, "/bin/sh") == 0 && c.inside.n == 3 && c.bankid && c.bankid_remote_qr &&
              strcmp(c.bankid_ca, "/etc/careid/ca.pem") == 0 && strcmp(c.bankid_certificate, "/etc/careid/rp.pem") == 0 &&
              strcmp(c.bankid_key, "/etc/careid/keys/rp.pem") == 0 && strcmp(c.bankid_endpoint, "https://relay.example/rp") == 0 &&
              c.seen_as.n == 7 && strcmp(c.bankid_risk, "moderate") == 0 && !c.bankid_sign_acts && c.bankid_show_arguments &&
              c.bankid_terminal_qr && strcmp(c.bankid_environment, "test") == 0 && c.methods.n == 3 && c.methods.entry[0] == WAY_PASSWORD_TOTP &&
              c.clients_log_in && strcmp(c.regime, "nsis-substantial") == 0 && strcmp(c.password_retired_from, "2027-03-01") == 0 &&
              c.password_announce_days == 0 && c.outage_reopen.n == 1 && c.outage_automatic && c.n_rules == 2 && rule_is_right(&c.rule[0]) &&
              strcmp(c.rule[1].where, "careid.conf:47") == 0 && !c.rule[1].allows && c.rule[1].ways == UINT32_MAX && c.rule[1].from_inside,
              "every option away from its default; the endpoint without its last slash", said);
        for (size_t i = 0; i < N_ELEMENTS(inside); i++)
                check(config_networks_have(&c.inside, inside[i].address) == inside[i].want,
                      *inside[i].address ? inside[i].address : "no address is in no network", "");
        for (size_t i = 0; i < N_ELEMENTS(seen); i++)
                check(config_exits_agree(&c.seen_as, seen[i].source, seen[i].as) == seen[i].want, seen[i].name, seen[i].as);
        check(config_exits_cover(&c.seen_as, "10.1.2.3") && config_exits_cover(&c.seen_as, "::ffff:10.1.2.3") &&
              !config_exits_cover(&c.seen_as, "192.0.2.7") && !config_exits_cover(&c.seen_as, "unknown") &&
              !config_exits_cover(&c.seen_as, NULL), "who is in a network of the list", "");

        r = config_compile(&c, &compiled, &n);
        check(r == 0 && config_load(&loaded, compiled, n, said) == CONFIG_OK && config_compile(&loaded, &again, &n_again) == 0 &&
              n == n_again && memcmp(compiled, again, n) == 0, "compiled, loaded and compiled again", said);

        test_older(compiled, n);

        /* No byte can be changed, left out or added without being noticed. */
        bool noticed = true;
        for (size_t i = 0; i < n && noticed; i++) {
                AUTO(config_done) struct config d = { 0 };

                (void) config_init(&d);
                compiled[i] ^= 1;
                noticed = config_load(&d, compiled, n, said) == CONFIG_E_WRONG;
                compiled[i] ^= 1;
        }
        check(noticed, "a changed bit of the compiled form", said);
        for (size_t i = 0; i < n && noticed; i++) {
                AUTO(config_done) struct config d = { 0 };

                (void) config_init(&d);
                noticed = config_load(&d, compiled, i, said) == CONFIG_E_WRONG;
        }
        check(noticed, "a compiled form that is cut off", said);
        {
                AUTO(config_done) struct config d = { 0 };

                (void) config_init(&d);
                check(config_load(&d, "careid-config 2\n", 16, said) == CONFIG_E_WRONG && strstr(said, "another version"),
                      "a newer compiled form", said);
        }

        r = config_parse(&c, "later.conf", later, sizeof later - 1, said);
        check(r == CONFIG_OK && c.inside.n == 1 && strcmp(c.language, "da") == 0 && strcmp(c.support, "Ring 1177") == 0,
              "a later file replaces what it names and nothing else", said);

        config_done(&c);
        config_done(&c);
        check(!c.support && !c.home, "done twice", "");
}

static void test_home(void) {
        char home[16] = "";

        check(config_home("/home/%u", "anna", home, sizeof home) && strcmp(home, "/home/anna") == 0, "the home of an account", home);
        check(config_home("/%u/x%u", "anna", home, 12) && strcmp(home, "/anna/xanna") == 0, "that just fits, with the name twice", home);
        check(!config_home("/%u/x%u", "anna", home, 11), "one that does not is none, and is not cut", home);
}

int main(void) {
        test_home();
        test_cases();
        test_limits();
        test_values();
        printf("1..%u\n", n_tests);
        return failed != 0;
}
