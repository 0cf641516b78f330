/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * commands.c - everything that careid can be told to do
 */

#include "commands.h"

#include "i18n.h"
#include "invocation.h"

#define JSON    { "json", NULL, false, N_("print JSON") }
#define YES     { "yes", NULL, false, N_("don't ask") }
#define QUIET   { "quiet", NULL, false, N_("print nothing, or only the id") }
#define TITLE   { "title", "TITLE", true, N_("its name for people") }
#define KIND    { "kind", "staff|client|relative|external", true, \
                  N_("for whom it is; fixed for good") }
#define FROM    { "from", "YYYY-MM-DD", false, N_("first day; without it: at once") }
#define UNTIL   { "until", "YYYY-MM-DD", false, N_("last day, that day included; without it: no end") }
#define WEEKDAYS { "weekdays", "DAYS", false, N_("only in turns that begin on these days: mon-fri, or mon,wed,sat") }
#define HOURS   { "hours", "HH:MM-HH:MM", false, N_("only at these hours; 21:00-07:00 ends the next day") }

/* What a grant rests on (A8). */
#define BASIS   { "basis", "BASIS", true, \
                  N_("self, consent, power-of-attorney, guardian-ad-litem, custody, fuldmagt or vaerge") }, \
                { "document", "TEXT", false, N_("where the document is kept") }, \
                { "checked-by", "TEXT", false, N_("who looked at it") }, \
                { "review-on", "YYYY-MM-DD", false, N_("the day when it is to be looked at again") }

const struct command careid_commands[] = {
        { "setup", "", 0, 0, { { 0 } },
          N_("make the directories, keys and the care directory, where there are none"),
          INVOKE_CREATE | INVOKE_PUBLISH, setup_prepare, setup_run },

        { "organisation add", "NAME", 1, 1,
          { TITLE,
            { "country", "SE|DK", true, N_("where its rules come from") },
            { "time-zone", "ZONE", false,
              N_("when its days begin; default: Europe/Stockholm, Europe/Copenhagen") },
            JSON },
          N_("add a care provider"), INVOKE_WRITE | INVOKE_PUBLISH, NULL, organisation_add },
        { "unit add", "NAME", 1, 1,
          { { "organisation", "NAME", true, N_("whose unit it is") }, TITLE, JSON },
          N_("add a unit of an organisation"), INVOKE_WRITE | INVOKE_PUBLISH, NULL, unit_add },
        { "service add", "NAME", 1, 1,
          { TITLE,
            { "opens", "other|record|record-view", false, N_("what it opens; fixed for good; default: other") },
            { "number", "NUMBER", false, N_("its number elsewhere") },
            { "module", "MODULE", false,
              N_("chat, video, contact, tasks, booking, communication, schedule or reports: clients and relatives reach it where "
                 "their organisation has that module") },
            { "external", NULL, false, N_("externals may reach it, too") },
            { "lobby", NULL, false, N_("a lobby of video or booking") },
            JSON },
          N_("add a service that roles are made of"), INVOKE_WRITE | INVOKE_PUBLISH, NULL, service_add },
        { "role add", "NAME", 1, 1,
          { TITLE, KIND, { "daily-planning", NULL, false, N_("the role plans the day; never for relatives") },
            JSON },
          N_("add a role"), INVOKE_WRITE | INVOKE_PUBLISH, NULL, role_add },
        { "role grant-service", "ROLE SERVICE", 2, 2, { { 0 } }, N_("make a service a part of a role"),
          INVOKE_WRITE | INVOKE_PUBLISH, NULL, role_grant_service },
        { "person add", "", 0, 0,
          { { "given-name", "NAME", true, N_("first name") },
            { "family-name", "NAME", true, N_("last name") },
            { "alias", "NAME", false, N_("shown instead of the name, everywhere") },
            { "language", "sv|da|en", false, N_("in which the person is spoken to") },
            QUIET, JSON },
          N_("add a person; prints the person's id"), INVOKE_WRITE, NULL, person_add },
        { "person number", "PERSON", 1, 1,
          { { "country", "SE|DK", true, N_("which country's number it is") },
            { "replace", NULL, false, N_("put it in the place of the one that is registered") }, QUIET },
          N_("register a personal number; it is read from the terminal or standard input"),
          INVOKE_WRITE, NULL, person_number },
        { "account add", "NAME", 1, 1,
          { { "person", "PERSON", true, N_("id of the person whose it is") },
            { "organisation", "NAME", true, N_("whose log-in it is") },
            KIND,
            { "source", "careid|host", false, N_("host: the passwd entry is elsewhere; default: careid") },
            { "home", "PATH", false, N_("default: as configured") },
            { "shell", "PATH", false, N_("default: as configured") },
            JSON },
          N_("add a log-in of a person"), INVOKE_WRITE | INVOKE_PUBLISH, NULL, account_add },
        { "assignment add", "ACCOUNT ROLE UNIT", 3, 3, { FROM, UNTIL, WEEKDAYS, HOURS, JSON }, N_("the same as assign"),
          INVOKE_WRITE | INVOKE_PUBLISH, NULL, assignment_add },
        { "assign", "ACCOUNT ROLE UNIT", 3, 3, { FROM, UNTIL, WEEKDAYS, HOURS, JSON }, N_("give an account a role at a unit"),
          INVOKE_WRITE | INVOKE_PUBLISH, NULL, assignment_add },
        { "deputy", "ASSIGNMENT ACCOUNT", 2, 2,
          { FROM, { "until", "YYYY-MM-DD", true, N_("last day, that day included") }, JSON },
          N_("let an account hold somebody else's assignment for a time"),
          INVOKE_WRITE | INVOKE_PUBLISH, NULL, assignment_deputy },
        { "unassign", "ASSIGNMENT", 1, 1, { YES }, N_("end an assignment, now and for good"),
          INVOKE_WRITE | INVOKE_PUBLISH, NULL, assignment_end },
        { "client add", "PERSON", 1, 1,
          { { "organisation", "NAME", true, N_("who cares for them") }, QUIET, JSON },
          N_("make a person a client of an organisation; prints the client's name there, like oakclinic-17"),
          INVOKE_WRITE | INVOKE_PUBLISH, NULL, client_add },
        { "enrol", "CLIENT UNIT", 2, 2, { FROM, UNTIL, QUIET, JSON }, N_("enrol a client at a unit of their organisation"),
          INVOKE_WRITE | INVOKE_PUBLISH, NULL, enrolment_add },
        { "unenrol", "ENROLMENT", 1, 1, { YES }, N_("end an enrolment, now and for good"),
          INVOKE_WRITE | INVOKE_PUBLISH, NULL, enrolment_end },
        { "module on", "MODULE", 1, 1, { { "organisation", "NAME", true, N_("whose module it is") } },
          N_("switch a module of an organisation on: what clients and relatives reach through it"),
          INVOKE_WRITE | INVOKE_PUBLISH, NULL, module_on },
        { "module off", "MODULE", 1, 1, { { "organisation", "NAME", true, N_("whose module it is") }, YES },
          N_("switch a module off again"), INVOKE_WRITE | INVOKE_PUBLISH, NULL, module_off },
        { "confirm", "GRANT", 1, 1, { { "next", "YYYY-MM-DD", true, N_("the day when it is to be looked at again") } },
          N_("the basis of a grant was looked at, and stands"), INVOKE_WRITE, NULL, grant_review },
        { "grant", "ACCOUNT ROLE CLIENT", 3, 3, { BASIS, FROM, UNTIL, QUIET, JSON },
          N_("give a relative's or client's account a role for a client"), INVOKE_WRITE | INVOKE_PUBLISH, NULL, grant_add },
        { "ungrant", "GRANT", 1, 1,
          { { "why", "ended|client|basis-lost", false,
              N_("client: the client ends it; basis-lost: what it rests on is no more; default: ended") }, YES },
          N_("end a grant, now and for good"), INVOKE_WRITE | INVOKE_PUBLISH, NULL, grant_end },
        { "leave", "PERSON", 1, 1, { YES, JSON },
          N_("somebody leaves: close their accounts and end all that they hold, and say what that was"),
          INVOKE_WRITE | INVOKE_PUBLISH, NULL, person_leave },
        { "died", "PERSON [DATE]", 1, 2,
          { { "not-so", NULL, false, N_("take it back; what has ended stays ended") }, YES, JSON },
          N_("somebody has died: end all that they hold, and all that was granted about them"),
          INVOKE_WRITE | INVOKE_PUBLISH, NULL, person_died },
        { "archive", "KIND NAME", 2, 2, { YES },
          N_("close one: it logs in nobody, and gives no group"),
          INVOKE_WRITE | INVOKE_PUBLISH, NULL, archive_put },
        { "restore", "KIND NAME", 2, 2, { { 0 } }, N_("take back what archive did"),
          INVOKE_WRITE | INVOKE_PUBLISH, NULL, archive_take },

        { "import", "ROWS FILE...", 1, 4,
          { { "format", "csv|json", false, N_("what the files are; default: by their names") }, QUIET, JSON },
          N_("add what stands in files, all of it or nothing; or what is in a directory of files: import DIRECTORY"),
          INVOKE_WRITE | INVOKE_PUBLISH, import_prepare, import_run },

        { "list", "WHAT [FILTER]", 1, 2, { JSON },
          N_("list what there is of one kind"), INVOKE_READ, NULL, list_run },
        { "show", "WHAT NAME", 2, 2, { JSON }, N_("show one, with everything that is kept about it"),
          INVOKE_READ, NULL, list_show },
        { "groups", "ACCOUNT", 1, 1, { JSON }, N_("the groups that an account holds now, as programs see them"),
          INVOKE_ROOT, NULL, account_groups },
        { "audit show", "[FILTER]", 0, 1, { JSON }, N_("the audit trail"), INVOKE_READ, NULL, audit_show },
        { "audit verify", "", 0, 0,
          { { "anchor", "FILE", false, N_("lines 'SEQUENCE HASH' that were kept elsewhere, to compare with") },
            JSON },
          N_("recompute the audit trail"), INVOKE_READ, audit_prepare, audit_verify },

        { "evidence list", "[ACCOUNT]", 0, 1, { JSON },
          N_("of which log-ins it is kept what the e-ID provider said, and until when"), INVOKE_READ, NULL,
          evidence_list },
        { "evidence show", "LOGIN", 1, 1, { JSON },
          N_("what it holds, without who it was; that it was read stands in the audit trail"), INVOKE_RECORD, NULL,
          evidence_show },
        { "evidence export", "LOGIN", 1, 1,
          { { "to", "FILE", true, N_("a new file, for root alone; it will hold the personal number") } },
          N_("all of it, as JSON; that it was read stands in the audit trail"), INVOKE_RECORD, evidence_prepare,
          evidence_export },
        { "evidence prune", "", 0, 0, { QUIET }, N_("delete what has been kept long enough"), INVOKE_WRITE, NULL,
          evidence_prune },

        { "apply", "", 0, 0, { { "dry-run", NULL, false, N_("only say what is wrong") } },
          N_("check the configuration files and put them into use"), INVOKE_ROOT, NULL, apply_run },
        { "check", "", 0, 0,
          { { "online", "bankid", false, N_("also ask the provider, through the helper, whether it accepts us") },
            JSON },
          N_("say what would happen to whom, and what is wrong with this host"),
          INVOKE_ROOT, NULL, check_run },
        { "daily", "", 0, 0, { QUIET },
          N_("what is due once a day: delete old evidence, tell the journal of certificates that expire, publish coming turns"),
          INVOKE_RECORD | INVOKE_PUBLISH, NULL, daily_run },
        { "snapshot rebuild", "", 0, 0, { { 0 } }, N_("write the snapshots anew from the care directory"),
          INVOKE_RECORD, NULL, snapshot_rebuild },
        { "snapshot update", "", 0, 0, { { 0 } },
          N_("write what the snapshots don't say yet"),
          INVOKE_RECORD, NULL, snapshot_update },
        { "help", "[COMMAND]", 0, 2, { { 0 } }, N_("this, or what there is to know of one command"),
          0, NULL, help_run },
        { .options = { { "dry-run", NULL, false, N_("do nothing, but say what would be done") } }, .flags = INVOKE_WRITE },
};
