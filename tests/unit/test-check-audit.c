/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-check-audit.c - careid check: what it finds of the rules that the audit of the kernel has
 */

#include "check-found.h"

static const struct {
        const char *name;
        int64_t clients;
        bool runs;
        const char *text;
        unsigned want;
} audit_rules[] = {
        { "audit: no clients", 0, false, NULL, 0 },
        { "audit: auditd does not run", 1, false, "-a always,exit -F dir=/srv -F key=careid-client\n", CHECK_WARN },
        { "audit: no rules at all", 1, true, NULL, CHECK_WARN },
        { "audit: other rules", 1, true, "-D\n-b 8192\n-w /etc/passwd -p wa -k careid-clients\n-k\ncareid-client\n", CHECK_WARN },
        { "audit: a rule that is a comment", 1, true, "# -F key=careid-client\n", CHECK_WARN },
        { "audit: the rules that careid brings", 2, true, "-D\n-a always,exit -F arch=b64 -F dir=/srv -F auid>=1000 -F key=careid-client\n", CHECK_OK },
        { "audit: as an older auditctl writes them", 2, true, "-w /srv/clients -p rwa -k careid-client", CHECK_OK },
};

static void test_audit_rules(void) {
        for (size_t i = 0; i < N_ELEMENTS(audit_rules); i++) {
                const struct check_file f = file("/etc/audit/audit.rules", audit_rules[i].text);

                begin();
                check_kernel_audit(&c, audit_rules[i].clients, audit_rules[i].runs, &f, NULL, 0);
                check(found("audit-kernel") == audit_rules[i].want, audit_rules[i].name);
        }
}

#define OURS "-a always,exit -F arch=b64 -S open,openat -F dir=/srv/clients -F auid>=1000 -F key=careid-client\n"
#define CIS "-a always,exit -F arch=b64 -S creat,open,openat -F exit=-EACCES -F auid>=1000 -F auid!=unset -k access\n"

/* Rules that stand before ours: @parts are 10-a.rules and 50-b.rules. */
static const struct {
        const char *name, *loaded, *parts[2];
        const char *says;                       /* which comes before ours; NULL: none             */
} audit_orders[] = {
        { "ours alone", OURS, { OURS, NULL }, NULL },
        { "ours first", OURS CIS, { OURS, CIS }, NULL },
        { "another first", "-D\n\n" CIS OURS, { NULL, NULL }, "audit.rules:3 " },
        { "another first, in the parts", CIS OURS, { "# ours\n-b 8192\n" CIS, OURS }, "10-a.rules:3 " },
        { "another first, not loaded yet", OURS, { CIS, OURS }, "10-a.rules:1 " },
        { "another between ours for 64 and 32 bits", OURS CIS OURS, { NULL, NULL }, "audit.rules:2 " },
        { "one that goes before all", OURS "-A exit,never -S all\n", { NULL, NULL }, "audit.rules:2 " },
        { "one that is never recorded", "-a never,exit -F dir=/srv\n" OURS, { NULL, NULL }, "audit.rules:1 " },
        { "one of a directory above", "-a always,exit -S unlinkat -F dir=/srv/ -k x\n" OURS, { NULL, NULL }, "audit.rules:1 " },
        { "one of a directory in it", "-w /srv/clients/client-a-1 -p r -k x\n" OURS, { NULL, NULL }, "audit.rules:1 " },
        { "one of another directory", "-a always,exit -S open -F dir=/srv/clients2 -k x\n-w /etc/shadow -p r -k y\n-a exit,always -S open -F path=/etc/passwd\n" OURS,
          { NULL, NULL }, NULL },
        { "one of other calls", "-a always,exit -S settimeofday,adjtimex -S clock_settime -k time\n" OURS, { NULL, NULL }, NULL },
        { "one of something else", "-a always,exclude -F msgtype=CWD\n-a never,task\n" OURS, { NULL, NULL }, NULL },
        { "one that was taken away", CIS "-D\n" OURS, { NULL, NULL }, NULL },
        { "a part that takes all away, before whatever is in the parts", OURS, { CIS OURS, "-D\n" }, "10-a.rules:1 " },
        { "none of ours", CIS, { CIS, NULL }, NULL },
};

static void test_audit_order(void) {
        for (size_t i = 0; i < N_ELEMENTS(audit_orders); i++) {
                const struct check_file loaded = file("audit.rules", audit_orders[i].loaded);
                const struct check_file parts[] = { file("10-a.rules", audit_orders[i].parts[0]), file("50-b.rules", audit_orders[i].parts[1]) };
                const char *const says = audit_orders[i].says;
                bool said = false;

                begin();
                check_kernel_audit(&c, 1, true, &loaded, parts, N_ELEMENTS(parts));
                for (size_t k = 0; k < c.n; k++)
                        said = said || (says && strcmp(c.finding[k].word, "audit-order") == 0 && strncmp(c.finding[k].text, says, strlen(says)) == 0);
                check(found("audit-order") == (says ? CHECK_WARN : 0) && said == (says != NULL), audit_orders[i].name);
        }
}

int main(void) {
        test_audit_rules();
        test_audit_order();
        return check_done();
}
