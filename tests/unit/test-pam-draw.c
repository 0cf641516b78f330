/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-pam-draw.c - a code survives being drawn, and everything else has its place
 *
 * The terminal here is a small one of our own: it understands what draw.c may
 * write and nothing else, and keeps for each cell its character and colours.
 */

#include "draw.h"
#include "lines.h"
#include "texts.h"

#include "cleanup.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { ROWS_MAX = 400, COLUMNS_MAX = 420 };

struct cell {
        uint32_t c;
        int      ink, ground;           /* colours 0-7; -1: the terminal's own                           */
};

struct terminal {
        size_t      rows, columns;
        size_t      row, column;        /* of the cursor; column == columns: waiting to wrap             */
        int         ink, ground;
        bool        failed;             /* something that draw.c may not write                           */
        struct cell cell[ROWS_MAX][COLUMNS_MAX];
};

static unsigned n_tests, n_failed;

__attribute__((__format__(printf, 2, 3)))
static void check(bool ok, const char *format, ...) {
        va_list ap;

        n_failed += !ok;
        printf("%sok %u - ", ok ? "" : "not ", ++n_tests);
        va_start(ap, format);
        (void) vprintf(format, ap);
        va_end(ap);
        printf("\n");
}

static void terminal_reset(struct terminal *t, size_t rows, size_t columns) {
        *t = (struct terminal) { .rows = rows, .columns = columns, .ink = -1, .ground = -1 };
        for (size_t r = 0; r < rows; r++)
                for (size_t c = 0; c < columns; c++)
                        t->cell[r][c] = (struct cell) { .c = ' ', .ink = -1, .ground = -1 };
}

static void newline(struct terminal *t) {
        if (t->row + 1 < t->rows) {
                t->row++;
                return;
        }
        memmove(t->cell[0], t->cell[1], (t->rows - 1) * sizeof t->cell[0]);
        for (size_t c = 0; c < t->columns; c++)
                t->cell[t->row][c] = (struct cell) { .c = ' ', .ink = -1, .ground = -1 };
}

static void colour(struct terminal *t, unsigned n) {
        if (n == 0)
                t->ink = t->ground = -1;
        else if (n >= 30 && n <= 37)
                t->ink = (int) n - 30;
        else if (n >= 40 && n <= 47)
                t->ground = (int) n - 40;
        else if (n != 1)
                t->failed = true;
}

/* ESC [ numbers letter: returns its length. */
static size_t escape(struct terminal *t, const char *s) {
        unsigned numbers[8] = { 0 };
        size_t n = 0, at = 2;

        if (s[1] != '[')
                return t->failed = true, 1;
        for (; (s[at] >= '0' && s[at] <= '9') || s[at] == ';'; at++)
                if (s[at] == ';')
                        n++;
                else if (n < 8)
                        numbers[n] = numbers[n] * 10 + (unsigned) (s[at] - '0');
        switch (s[at]) {
        case 'm':
                for (size_t i = 0; i <= n && i < 8; i++)
                        colour(t, numbers[i]);
                break;
        case 'A':
                t->row = t->row >= numbers[0] ? t->row - numbers[0] : 0;
                break;
        case 'H':
                t->row = t->column = 0;
                break;
        case 'J':
                if (t->column > 0 || (numbers[0] != 0 && numbers[0] != 2))
                        t->failed = true;
                for (size_t r = numbers[0] == 2 ? 0 : t->row; r < t->rows; r++)
                        for (size_t c = 0; c < t->columns; c++)
                                t->cell[r][c] = (struct cell) { .c = ' ', .ink = -1, .ground = t->ground };
                break;
        case 'K':
                /* In the state before a wrap the cursor still stands on the last column. */
                for (size_t c = t->column < t->columns ? t->column : t->columns - 1; c < t->columns; c++)
                        t->cell[t->row][c] = (struct cell) { .c = ' ', .ink = -1, .ground = t->ground };
                break;
        default:
                t->failed = true;
        }
        return at + 1;
}

static void terminal_show(struct terminal *t, const char *s) {
        while (*s) {
                uint32_t c = 0;
                size_t k;

                if (*s == '\033') {
                        s += escape(t, s);
                        continue;
                }
                if (*s == '\r')
                        t->column = 0, s++;
                else if (*s == '\n')
                        newline(t), s++;
                else {
                        k = utf8_decode(s, strlen(s), &c);
                        if (k == 0 || c < 0x20) {
                                t->failed = true;
                                return;
                        }
                        if (t->column == t->columns)
                                t->column = 0, newline(t);
                        t->cell[t->row][t->column++] = (struct cell) { .c = c, .ink = t->ink, .ground = t->ground };
                        s += k;
                }
        }
}

/* -- Reading a code from the screen ---------------------------------------------------------------- */

/* Light is colour 7 (white), dark 0 (black); -1: neither was set. */
static int upper_of(const struct cell *c) {
        return c->c == 0x2588 || c->c == 0x2580 ? c->ink : c->ground;
}

static int lower_of(const struct cell *c) {
        return c->c == 0x2588 || c->c == 0x2584 ? c->ink : c->ground;
}

/* The colour of a module of a code whose left upper cell is given; -1 where it has several. */
static int module_of(const struct terminal *t, size_t top, size_t left, unsigned scale, size_t row, size_t column) {
        int colour_of = -2;

        for (size_t half = row * scale; half < (row + 1) * scale; half++)
                for (size_t at = column * scale; at < (column + 1) * scale; at++) {
                        const struct cell *c = &t->cell[top + half / 2][left + at];
                        const int colour_here = half % 2 ? lower_of(c) : upper_of(c);

                        if (colour_of != -2 && colour_here != colour_of)
                                return -1;
                        colour_of = colour_here;
                }
        return colour_of;
}

static bool code_dark(const struct draw_code *code, size_t row, size_t column) {
        const size_t q = DRAW_QUIET_ZONE;
        size_t at;

        if (row < q || column < q || row >= q + code->side || column >= q + code->side)
                return false;
        at = (row - q) * code->side + (column - q);
        return code->bits[at / 8] >> (7 - at % 8) & 1;
}

static bool screen_has_code(const struct terminal *t, size_t top, size_t left, const struct draw_code *code,
                            unsigned scale, bool inverted) {
        const size_t modules = code->side + 2 * (size_t) DRAW_QUIET_ZONE;

        for (size_t row = 0; row < modules; row++)
                for (size_t column = 0; column < modules; column++)
                        if (module_of(t, top, left, scale, row, column) !=
                            (code_dark(code, row, column) != inverted ? 0 : 7))
                                return false;
        return true;
}

static bool screen_has_text(const struct terminal *t, const char *text) {
        const size_t n = strlen(text);

        for (size_t r = 0; r < t->rows; r++)
                for (size_t c = 0; c + n <= t->columns; c++) {
                        size_t i = 0;

                        while (i < n && t->cell[r][c + i].c == (unsigned char) text[i])
                                i++;
                        if (i == n)
                                return true;
                }
        return false;
}

static bool screen_is_empty(const struct terminal *t, size_t from_row) {
        for (size_t r = from_row; r < t->rows; r++)
                for (size_t c = 0; c < t->columns; c++)
                        if (t->cell[r][c].c != ' ' || t->cell[r][c].ground != -1)
                                return false;
        return true;
}

/* -- The tests ------------------------------------------------------------------------------------- */

static uint8_t bits[3917];
static struct terminal terminal;

static const struct draw_texts texts = {
        .link = "",
        .about = "SSH at host.example as anna", .code_label = "Check code", .check_code = "4711",
        .time_label = "Time left",
        .text = "Start the BankID app and tap the QR icon. Then scan the QR code.",
        .help = "Press Enter for other choices.", .too_small = "Too small, at least:", .seconds = 125,
};

static const struct {
        const char     *name;
        size_t          rows, columns, side;
        enum draw_view  view;
        bool            half_blocks, inverted;
        unsigned        scale;          /* 0: no room                                                    */
} screens[] = {
        { "a BankID code at 80x24",  24,  80,  41, DRAW_BESIDE, true,  false, 1 },
        { "the same, inverted",  24,  80,  41, DRAW_BESIDE, true,  true,  1 },
        { "exactly as high, texts beside",  23,  80,  41, DRAW_BESIDE, true,  false, 1 },
        { "a row too low",  22,  80,  41, DRAW_BESIDE, true,  false, 0 },
        { "just room for texts beside",  23,  71,  41, DRAW_BESIDE, true,  false, 1 },
        { "no room for texts beside, nor above",  23,  70,  41, DRAW_BESIDE, true,  false, 0 },
        { "the check code in one row above",  24,  70,  41, DRAW_BESIDE, true,  false, 1 },
        { "as wide as the code",  40,  45,  41, DRAW_BESIDE, true,  false, 1 },
        { "a column too narrow",  40,  44,  41, DRAW_BESIDE, true,  false, 0 },
        { "full cells",  50, 120,  41, DRAW_BESIDE, false, false, 2 },
        { "full cells, inverted",  50, 120,  41, DRAW_BESIDE, false, true,  2 },
        { "full cells, texts above",  50,  90,  41, DRAW_BESIDE, false, false, 2 },
        { "full cells at 80x24",  24,  80,  41, DRAW_BESIDE, false, false, 0 },
        { "the smallest code",  24,  80,  21, DRAW_BESIDE, true,  false, 1 },
        { "a code with an even side and zone",  40, 120,  42, DRAW_BESIDE, true,  false, 1 },
        { "the largest code there is",  91, 220, 177, DRAW_BESIDE, true,  false, 1 },
        { "large, where there is no more room",    24,  80,  41, DRAW_LARGE,  true,  false, 1 },
        { "large, texts beside",                   70, 180,  41, DRAW_LARGE,  true,  false, 2 },
        { "large, texts above",                    90, 140,  41, DRAW_LARGE,  true,  false, 2 },
        { "large, in whole cells",                 95, 220,  41, DRAW_LARGE,  false, false, 4 },
        { "large, the largest",                   200, 400,  41, DRAW_LARGE,  true,  false, 6 },
        { "large, and too small",                  20,  40,  41, DRAW_LARGE,  true,  false, 0 },
        { "alone at 80x24",                        24,  80,  41, DRAW_ALONE,  true,  false, 1 },
        { "alone, exactly",                        23,  45,  41, DRAW_ALONE,  true,  false, 1 },
        { "alone, two columns a module",           46,  90,  41, DRAW_ALONE,  true,  false, 2 },
        { "alone, four",                           90, 180,  41, DRAW_ALONE,  true,  true,  4 },
        { "alone, a row less",                     89, 180,  41, DRAW_ALONE,  true,  true,  2 },
        { "alone, in whole cells",                 60, 200,  41, DRAW_ALONE,  false, false, 2 },
        { "alone, very wide",                      24, 400,  41, DRAW_ALONE,  true,  false, 1 },
        { "alone, and too small",                  22,  44,  41, DRAW_ALONE,  true,  false, 0 },
        { "a window of one cell",   1,   1,  41, DRAW_BESIDE, true,  false, 0 },
};

static bool is_as_wanted(const struct drawing *d, size_t i, const struct draw_code *code, const struct draw_shown *shown) {
        const struct draw_layout *at = &shown->layout;

        if (d->overflowed || terminal.failed || at->scale != screens[i].scale || d->rows > terminal.rows ||
            terminal.row != d->rows - 1)
                return false;
        return at->scale == 0 || (screen_has_code(&terminal, at->top, at->left, code, at->scale, screens[i].inverted) &&
                                  screen_has_text(&terminal, "Check code: 4711") == (screens[i].view != DRAW_ALONE));
}

static void test_screens(struct drawing *d) {
        for (size_t i = 0; i < N_ELEMENTS(screens); i++) {
                const struct draw_code code = { .side = screens[i].side, .bits = bits };
                const struct draw_look look = {
                        .view = screens[i].view, .half_blocks = screens[i].half_blocks, .inverted = screens[i].inverted, .utf8 = true,
                };
                const struct draw_size size = { .rows = screens[i].rows, .columns = screens[i].columns };
                struct draw_shown shown = { .rows = 0 };
                size_t n_first;

                terminal_reset(&terminal, size.rows < 2 ? 2 : size.rows, size.columns < 2 ? 2 : size.columns);
                draw_terminal(d, &code, &texts, &look, size, &shown);
                terminal_show(&terminal, d->data);
                n_first = d->n;
                check(is_as_wanted(d, i, &code, &shown) && screen_is_empty(&terminal, d->rows), "screen: %s", screens[i].name);

                /* The next one, over it: the same screen, and no text is written again. */
                draw_terminal(d, &code, &texts, &look, size, &shown);
                terminal_show(&terminal, d->data);
                check(is_as_wanted(d, i, &code, &shown) && screen_is_empty(&terminal, d->rows) && d->n <= n_first + sizeof "\033[999A" &&
                      !strstr(d->data, "4711") && !strstr(d->data, "Enter"), "screen, drawn over: %s", screens[i].name);
        }
}

/* A code that is over stays nowhere, and what stood above it does. */
static void test_erase(struct drawing *d) {
        const struct draw_code code = { .side = 41, .bits = bits };
        const struct draw_look look = { .view = DRAW_BESIDE, .half_blocks = true, .utf8 = true };
        struct draw_shown shown;
        size_t rows;

        for (unsigned above = 0; above < 8; above += 7) {
                terminal_reset(&terminal, 40, 80);
                for (unsigned i = 0; i < above; i++)
                        terminal_show(&terminal, "$ su\r\n");
                shown = (struct draw_shown) { .rows = 0 };
                draw_terminal(d, &code, &texts, &look, (struct draw_size) { .rows = 40, .columns = 80 }, &shown);
                terminal_show(&terminal, d->data);
                rows = d->rows;
                draw_erase(d, rows);
                terminal_show(&terminal, d->data);
                check(!terminal.failed && rows == 23 && terminal.row == above && terminal.column == 0 &&
                      screen_is_empty(&terminal, above) && screen_has_text(&terminal, "$ su") == (above > 0),
                      "a drawing is taken away, the %u rows above it are not", above);
        }
        shown = (struct draw_shown) { .rows = 0 };
        draw_terminal(d, &code, &texts, &look, (struct draw_size) { .rows = 40, .columns = 80 }, &shown);
        terminal_show(&terminal, d->data);
        draw_erase(d, 0);
        terminal_show(&terminal, d->data);
        check(!terminal.failed && terminal.row == 0 && terminal.column == 0 && screen_is_empty(&terminal, 0),
              "and the whole screen, where nobody knows how it lies");
}

static void test_places(struct drawing *d) {
        const struct draw_code code = { .side = 41, .bits = bits }, none = { .side = 0 };
        const struct draw_look look = { .view = DRAW_BESIDE, .half_blocks = true, .utf8 = true };
        const struct draw_size size = { .rows = 24, .columns = 80 };
        struct draw_texts long_texts = texts;
        struct draw_shown shown = { .rows = 0 };
        static char long_text[2049];

        terminal_reset(&terminal, 24, 80);
        draw_terminal(d, &code, &texts, &look, size, &shown);
        terminal_show(&terminal, d->data);
        check(d->rows == 23, "at 80x24 a drawing takes 23 rows");
        check(terminal.cell[0][47].c == 'C' && terminal.cell[0][45].c == ' ' && terminal.cell[0][45].ground == -1,
              "the texts begin two columns beside the code");
        check(screen_has_text(&terminal, "Time left: 2:05") && screen_has_text(&terminal, "Press Enter for other choices.") &&
              screen_has_text(&terminal, "SSH at host.example as anna"), "about, help and the time left are there");

        draw_terminal(d, &none, &texts, &look, size, &shown);
        terminal_show(&terminal, d->data);
        check(d->rows == 23 && screen_has_text(&terminal, "Check code: 4711") && terminal.cell[0][47].c == 'C' &&
              !strstr(d->data, "4711") && terminal.cell[10][0].ground == -1 && terminal.cell[22][0].c == ' ' &&
              terminal.cell[22][44].ground == -1, "without a code its place is cleared, and the texts stay");
        draw_terminal(d, &code, &texts, &look, size, &shown);
        terminal_show(&terminal, d->data);
        check(screen_has_code(&terminal, 0, 0, &code, 1, false) && !strstr(d->data, "4711") &&
              screen_has_text(&terminal, "Check code: 4711"), "and when there is one again, they still do");

        long_texts.about = "sudo at a-host-with-a-long-name.example as another.long.name-of-an-account\nOrganisation: Hemtjänst och "
                           "vårdboende i östra och västra länsdelarna med omnejd, region X";
        terminal_reset(&terminal, 24, 80);
        shown = (struct draw_shown) { .rows = 0 };
        draw_terminal(d, &code, &long_texts, &look, size, &shown);
        terminal_show(&terminal, d->data);
        check(!terminal.failed && d->rows == 23 && screen_has_text(&terminal, "Organisation: Hemtj") &&
              screen_has_text(&terminal, "omnejd, region X") && screen_has_text(&terminal, "Press Enter for other choices."),
              "at 80x24 the longest name of an organisation has room");
        long_texts.about = "SSH at host.example as anna\nOrganisation: Example clinic";
        for (size_t rows = 50; rows <= 51; rows++) {
                terminal_reset(&terminal, rows, 100);
                shown = (struct draw_shown) { .rows = 0 };
                draw_terminal(d, &code, &long_texts, &(struct draw_look) { .view = DRAW_BESIDE }, (struct draw_size) { rows, 100 }, &shown);
                terminal_show(&terminal, d->data);
                check(!terminal.failed && screen_has_text(&terminal, "SSH at host.example as anna") &&
                      screen_has_text(&terminal, "Organisation: Example clinic") == (rows == 51) &&
                      screen_has_text(&terminal, "Press Enter for other choices."), "what stands under the first line goes first, %zu rows", rows);
        }
        long_texts = texts;

        memset(long_text, 'x', sizeof long_text - 1);
        for (size_t i = 7; i < sizeof long_text - 1; i += 8)
                long_text[i] = ' ';
        long_texts.text = long_text;
        terminal_reset(&terminal, 24, 80);
        shown = (struct draw_shown) { .rows = 0 };
        draw_terminal(d, &code, &long_texts, &look, size, &shown);
        terminal_show(&terminal, d->data);
        check(!terminal.failed && d->rows <= 24 && screen_has_text(&terminal, "Check code: 4711"),
              "the longest text does not push the check code away");

        terminal_reset(&terminal, 20, 60);
        shown = (struct draw_shown) { .rows = 0 };
        draw_terminal(d, &code, &texts, &look, (struct draw_size) { .rows = 20, .columns = 60 }, &shown);
        terminal_show(&terminal, d->data);
        check(screen_has_text(&terminal, "Too small, at least:") && screen_has_text(&terminal, "45 x 24"),
              "a window that is too small says what would do");
        terminal_reset(&terminal, 24, 45);
        shown = (struct draw_shown) { .rows = 0 };
        draw_terminal(d, &code, &texts, &look, (struct draw_size) { .rows = 24, .columns = 45 }, &shown);
        terminal_show(&terminal, d->data);
        check(screen_has_code(&terminal, 1, 0, &code, 1, false), "and that does");

        terminal_reset(&terminal, 60, 120);
        long_texts = texts;
        long_texts.text = "H\u00e5ll \u00f6ver \u00c6\u00d8\u2013\u20ac";
        shown = (struct draw_shown) { .rows = 0 };
        draw_terminal(d, &code, &long_texts, &(struct draw_look) { .view = DRAW_BESIDE }, (struct draw_size) { 60, 120 }, &shown);
        terminal_show(&terminal, d->data);
        check(screen_has_text(&terminal, "Hall over AO-?"), "letters lose their accents where UTF-8 is not taken");
        check(!memchr(d->data, 0xc3, d->n) && !memchr(d->data, 0xe2, d->n), "and nothing but ASCII is sent there");

        shown = (struct draw_shown) { .rows = 0 };
        draw_terminal(d, &(struct draw_code) { .side = 177, .bits = bits }, &texts, &(struct draw_look) { .view = DRAW_BESIDE },
                      (struct draw_size) { 400, 420 }, &shown);
        check(d->overflowed && strlen(d->data) == d->n, "a drawing larger than the limit says so");
}

static void test_plain(struct drawing *d) {
        const struct draw_code code = { .side = 41, .bits = bits };

        for (unsigned i_case = 0; i_case < 4; i_case++) {
                const unsigned inverted = i_case % 2, scale = 1 + i_case / 2;
                size_t rows = 0, bare = 0;

                d->n = d->rows = 0;
                d->overflowed = false;
                draw_plain(d, &code, scale, inverted);
                for (size_t i = 0; i < d->n; i++) {
                        rows += d->data[i] == '\n';
                        bare += d->data[i] != '\n' && (unsigned char) d->data[i] < 0x20;
                }
                /* A screen that is dark where nothing is inked, and so is that of most; inverted, the other way about. */
                terminal_reset(&terminal, scale == 1 ? 24 : 47, scale == 1 ? 80 : 91);
                terminal.ink = inverted ? 0 : 7;
                terminal.ground = inverted ? 7 : 0;
                for (size_t i = 0, start = 0; i < d->n; i++)
                        if (d->data[i] == '\n') {
                                char row[512];

                                (void) snprintf(row, sizeof row, "%.*s\r\n", (int) (i - start), d->data + start);
                                terminal_show(&terminal, row);
                                start = i + 1;
                        }
                check(rows == (scale == 1 ? 23 : 45) && bare == 0 && screen_has_code(&terminal, 0, 0, &code, scale, false),
                      "a plain code, %s, %zu rows without escape codes", inverted ? "for a light screen" : "for a dark screen", rows);
        }
}

static const struct {
        const char *name;
        const char *text;
        size_t      columns;
        const char *want;               /* lines between bars                                            */
} breaks[] = {
        { "nothing",                    "",                    10, "" },
        { "one line",                   "short",               10, "short" },
        { "exactly the width",          "0123456789",          10, "0123456789" },
        { "one over, one word",         "0123456789a",         10, "0123456789|a" },
        { "at a blank",                 "one two three",       8,  "one two|three" },
        { "a blank exactly at the end", "one two three",       7,  "one two|three" },
        { "before the word that is cut", "one two three",      10, "one two|three" },
        { "newlines",                   "a\nb\n\nc",           10, "a|b||c" },
        { "a newline at the width",     "abc\ndef",            3,  "abc|def" },
        { "two bytes, one column",      "\u00e5\u00e4\u00f6\u00e5\u00e4", 3, "\u00e5\u00e4\u00f6|\u00e5\u00e4" },
        { "two columns each",           "\u4e2d\u6587\u5b57",  5,  "\u4e2d\u6587|\u5b57" },
        { "wider than the line",        "\u4e2d\u6587",        1,  "\u4e2d|\u6587" },
        { "a combining mark stays",     "ae\u0301b",           2,  "ae\u0301|b" },
        { "no columns",                 "abc",                 0,  "" },
};

static void test_lines(void) {
        for (size_t i = 0; i < N_ELEMENTS(breaks); i++) {
                struct lines lines = { .n = 0 };
                char have[128] = "";
                size_t n = 0;

                lines_add(&lines, breaks[i].text, breaks[i].columns, false);
                for (size_t k = 0; k < lines.n; k++)
                        n += (size_t) snprintf(have + n, sizeof have - n, "%s%.*s", k > 0 ? "|" : "",
                                               (int) lines.line[k].n, lines.line[k].start);
                check(strcmp(have, breaks[i].want) == 0, "lines: %s: %s", breaks[i].name, have);
        }
        {
                struct lines lines = { .n = 0 };
                char many[2 * LINES_MAX + 3];

                for (size_t k = 0; k < sizeof many - 1; k += 2)
                        memcpy(many + k, "a\n", 2);
                many[sizeof many - 1] = '\0';
                lines_add(&lines, many, 10, false);
                check(lines.n == LINES_MAX, "lines: no more than there is room for");
        }
        check(text_columns("a\u00e5\u4e2d\u0301", strlen("a\u00e5\u4e2d\u0301")) == 4, "columns: 1, 1, 2 and 0");
        check(text_fit("\u00e5\u00e4\u00f6", 2) == 4 && text_fit("a\nb", 9) == 1, "fit: whole characters, one line");
}

static void test_texts(void) {
        for (unsigned id = 0; id < TEXT_MAX; id++)
                for (unsigned l = 0; l < TEXT_LANGUAGES; l++) {
                        const char *t = text_in((enum text_id) id, (enum text_language) l);

                        check(t && *t && utf8_is_clean(t, strlen(t), UTF8_ONE_LINE), "text %u in language %u", id, l);
                }
        check(text_get(TEXT_CHECK_CODE, "sv") == text_in(TEXT_CHECK_CODE, TEXT_SV) &&
              text_get(TEXT_CHECK_CODE, "da") == text_in(TEXT_CHECK_CODE, TEXT_DA) &&
              text_get(TEXT_CHECK_CODE, "en") == text_in(TEXT_CHECK_CODE, TEXT_EN) &&
              text_get(TEXT_CHECK_CODE, "fi") == text_in(TEXT_CHECK_CODE, TEXT_EN) &&
              text_get(TEXT_CHECK_CODE, NULL) == text_in(TEXT_CHECK_CODE, TEXT_EN), "a language that there is not is English");
}

int main(void) {
        AUTO(drawing_freep) struct drawing *d = drawing_new();

        if (!d)
                return 1;
        for (size_t i = 0; i < sizeof bits; i++)
                bits[i] = (uint8_t) (i * 37 + 11);
        test_screens(d);
        test_places(d);
        test_erase(d);
        test_plain(d);
        test_lines();
        test_texts();
        printf("1..%u\n", n_tests);
        return n_failed > 0;
}
