/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-directory-turns.c - what turns, deputies and templates give, and when
 */

#include "told.h"

#include <string.h>

static const struct directory_act *const act = &fixture_act;

/* Nights of turns, from noon of Saturday the 21st: Saturday, Sunday ... as far as eight days ahead, and no further. */
static void test_turns(struct directory *d) {
        struct directory_account a;
        int64_t id = 0, own = 0;

        (void) directory_person_add(d, act, "Ulla", "U", NULL, NULL, &id);
        (void) directory_account_add(d, act, id, "oakclinic", "ulla", "staff", "careid", "/home/ulla", "/bin/sh", NULL);
        tap_result(directory_assign(d, act, &(struct directory_assignment) {
                .account = "ulla", .role = "doctor", .unit = "elm", .until_date = "2026-11-28", .weekdays = "sat,sun", .hours = "21:00-07:00",
        }, &own), DIRECTORY_OK, d, "a doctor for nights at weekends");
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(told_mentions(TOLD_PUBLIC, " 6(32400,68400) 6(118800,154800) 6(637200,673200)"), "three nights: a turn belongs to the day that it begins on");
        tap_ok(directory_account(d, "ulla", FIXTURE_NOW, &a) == 0 && !a.assigned_now &&
               directory_account(d, "ulla", FIXTURE_NOW + 32399, &a) == 0 && !a.assigned_now, "at noon she holds nothing, nor a second before nine");
        tap_ok(directory_account(d, "ulla", FIXTURE_NOW + 32400, &a) == 0 && a.assigned_now &&
               directory_account(d, "ulla", FIXTURE_NOW + 68399, &a) == 0 && a.assigned_now &&
               directory_account(d, "ulla", FIXTURE_NOW + 68400, &a) == 0 && !a.assigned_now, "from nine to seven she does");
        tap_result(directory_assign(d, act, &(struct directory_assignment) {
                .account = "ulla", .role = "doctor", .unit = "elm", .weekdays = "sun-tue", .hours = "21:00-07:00" }, NULL),
                DIRECTORY_E_EXISTS, d, "the same hours of a day that they share");
        tap_result(directory_assign(d, act, &(struct directory_assignment) {
                .account = "ulla", .role = "doctor", .unit = "elm", .weekdays = "mon" , .hours = "21:00-07:00" }, NULL),
                DIRECTORY_OK, d, "those of another day are another assignment");
        tap_result(directory_assign(d, act, &(struct directory_assignment) { .account = "ulla", .role = "doctor", .unit = "elm" }, NULL),
                DIRECTORY_E_EXISTS, d, "one without turns would be all of them");
        tap_result(directory_assign(d, act, &(struct directory_assignment) { .account = "ulla", .role = "nurse", .unit = "elm", .weekdays = "Monday" }, NULL),
                DIRECTORY_E_INVALID, d, "a day that there is not");
        tap_ok(strncmp(directory_complaint(d), "weekdays: ", 10) == 0, "the complaint names the field");
        tap_result(directory_assign(d, act, &(struct directory_assignment) { .account = "ulla", .role = "nurse", .unit = "elm", .hours = "9-5" }, NULL),
                DIRECTORY_E_INVALID, d, "hours of another spelling");

        /* bo holds Ulla's nights from the 22nd to the 24th: of them Sunday's. */
        tap_result(directory_deputy_add(d, act, own, "bo", "2026-11-22", "2026-11-24", &id), DIRECTORY_OK, d, "a deputy");
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(told_mentions(TOLD_PUBLIC, "user bo flags") && told_mentions(TOLD_PUBLIC, " 6(118800,154800)") && !told_mentions(TOLD_PUBLIC, " 6(43200,"), "holds what is held, of their own days");
        tap_ok(directory_account(d, "bo", FIXTURE_NOW + 32400, &a) == 0 && !a.assigned_now &&
               directory_account(d, "bo", FIXTURE_NOW + 118800, &a) == 0 && a.assigned_now, "and a log-in is told the same");
        tap_result(directory_deputy_add(d, act, id, "anna", NULL, "2026-11-24", NULL), DIRECTORY_E_CONSTRAINT, d, "a deputy has no deputy");
        tap_result(directory_deputy_add(d, act, own, "ulla", NULL, "2026-11-24", NULL), DIRECTORY_E_CONSTRAINT, d, "nobody is their own");
        tap_result(directory_deputy_add(d, act, own, "anna", NULL, NULL, NULL), DIRECTORY_E_INVALID, d, "for ever");
        tap_result(directory_deputy_add(d, act, 4711, "anna", NULL, "2026-11-24", NULL), DIRECTORY_E_NOT_FOUND, d, "of nothing");
        (void) fixture_sql("UPDATE account SET archived = 1 WHERE name = 'ulla'");
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(!told_mentions(TOLD_PUBLIC, " 6(118800,154800)") && directory_account(d, "bo", FIXTURE_NOW + 118800, &a) == 0 && !a.assigned_now,
               "whose account is archived gives a deputy nothing");
        (void) fixture_sql("UPDATE account SET archived = NULL WHERE name = 'ulla'");
        (void) directory_assignment_end(d, &(struct directory_act) { .actor = "uid:0", .now = FIXTURE_NOW + 120000 }, own);
        (void) directory_publish_anew(d, FIXTURE_NOW);
        tap_ok(told_mentions(TOLD_PUBLIC, " 6(118800,120000)"), "it ends with what is held");
        tap_ok(directory_account(d, "bo", FIXTURE_NOW + 119999, &a) == 0 && a.assigned_now &&
               directory_account(d, "bo", FIXTURE_NOW + 120000, &a) == 0 && !a.assigned_now, "and a log-in is told the same");
        tap_result(directory_deputy_add(d, &(struct directory_act) { .actor = "uid:0", .now = FIXTURE_NOW + 130000 }, own, "anna", NULL, "2026-11-24", NULL),
                   DIRECTORY_E_CONSTRAINT, d, "of what has ended");
}

static void test_templates(struct directory *d) {
        struct directory_template t = { .name = "elm-night", .title = "Night at Elm", .role = "doctor", .unit = "elm", .days = 1, .hours = "22:00-06:00" };
        struct directory_template_found found;
        struct directory_account a;
        int64_t id = 0;

        (void) directory_person_add(d, act, "Tove", "T", NULL, NULL, &id);
        (void) directory_account_add(d, act, id, "oakclinic", "tove", "staff", "careid", "/home/tove", "/bin/sh", NULL);
        tap_result(directory_template_add(d, act, &t), DIRECTORY_OK, d, "a template");
        tap_result(directory_template_add(d, act, &t), DIRECTORY_E_EXISTS, d, "a name that there is");
        t.name = "x";
        t.role = "relative";
        tap_result(directory_template_add(d, act, &t), DIRECTORY_E_CONSTRAINT, d, "for relatives");
        t.role = "doctor";
        t.days = 367;
        tap_result(directory_template_add(d, act, &t), DIRECTORY_E_INVALID, d, "for more than a year");
        t.days = 1;
        t.hours = "22-06";
        tap_result(directory_template_add(d, act, &t), DIRECTORY_E_INVALID, d, "for hours of another spelling");

        tap_result(directory_template_use(d, act, "elm-night", "tove", NULL, NULL, &id), DIRECTORY_OK, d, "for tonight");
        tap_ok(directory_account(d, "tove", FIXTURE_NOW + 10 * 3600 - 1, &a) == 0 && !a.assigned_now &&
               directory_account(d, "tove", FIXTURE_NOW + 10 * 3600, &a) == 0 && a.assigned_now &&
               directory_account(d, "tove", FIXTURE_NOW + 18 * 3600 - 1, &a) == 0 && a.assigned_now &&
               directory_account(d, "tove", FIXTURE_NOW + 18 * 3600, &a) == 0 && !a.assigned_now &&
               directory_account(d, "tove", FIXTURE_NOW + 34 * 3600, &a) == 0 && !a.assigned_now, "the night, whole, and not the next");
        tap_result(directory_template_use(d, act, "elm-night", "tove", "2026-11-25", NULL, &id), DIRECTORY_OK, d, "for a night to come");
        tap_result(directory_template_use(d, act, "elm-night", "tove", "2026-11-24", "2026-11-26", &id), DIRECTORY_E_EXISTS, d, "once is enough");
        tap_result(directory_template_use(d, act, "elm-day", "tove", NULL, NULL, &id), DIRECTORY_E_NOT_FOUND, d, "a template that there is not");
        tap_result(directory_template_use(d, act, "elm-night", "rut", NULL, NULL, &id), DIRECTORY_E_CONSTRAINT, d, "a relative is no temp");
        tap_result(directory_archive(d, act, "template", "elm-night", true), DIRECTORY_OK, d, "archived");
        tap_result(directory_archive(d, act, "template", "elm-night", true), DIRECTORY_E_CONSTRAINT, d, "archived twice");
        tap_result(directory_template_find(d, "elm-night", &found), DIRECTORY_E_CONSTRAINT, d, "and used no more");
        tap_result(directory_title_set(d, act, "template", "elm-night", "Nights"), DIRECTORY_E_CONSTRAINT, d, "nor given another title");
        tap_result(directory_archive(d, act, "template", "elm-night", false), DIRECTORY_OK, d, "until it is restored");
        tap_result(directory_template_find(d, "elm-night", &found), DIRECTORY_OK, d, "then it can be used again");
        tap_result(directory_title_set(d, act, "template", "elm-night", "Nights"), DIRECTORY_OK, d, "and has another title");
}

int main(void) {
        auto_directory struct directory *d = (fixture_begin(), fixture_clinic());

        told_people(d);
        test_turns(d);
        test_templates(d);
        return tap_done();
}
