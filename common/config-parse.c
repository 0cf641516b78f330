/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * config-parse.c - the only parser of careid.conf
 *
 *     file    = *( line LF ) [ line ]         ; 256 KiB; no BOM, no NUL; a CR before the LF is passed over
 *     line    = blanks ( comment / section / option / "" ) blanks            ; 2048 bytes
 *     comment = ( "#" / ";" ) *any            ; on a line of its own
 *     section = "[" name "]" / "[rule " name "]"
 *     option  = name blanks "=" blanks value  ; value to the end of the line: no quotes, no comment after it,
 *                                             ; no continuation on the next line
 *     name    = 1*32( a-z / 0-9 / "-" )
 *     blanks  = *( " " / TAB )
 *
 * A section may come again, a rule may not: of config-rule.c.  An option may come once in a file; a list may
 * come again, and then adds to what the same file has said before.  What a
 * later file says replaces what earlier files said.
 */

#include "config.h"

#include "cleanup.h"
#include "config-rule.h"
#include "i18n.h"
#include "nearest.h"
#include "scan.h"
#include "utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct parser {
        struct config *config;
        const char    *file;
        unsigned       line;
        const char    *section;                 /* of the table; NULL before the first            */
        unsigned       said[CONFIG_OPTIONS_MAX]; /* the line that set option i in this file        */
        bool           in_rule;                 /* the last of config->rule                       */
        unsigned       rule_said[CONFIG_RULE_OPTIONS_MAX];      /* the line that set its option i */
        char          *complaint;
};

__attribute__((__format__(__printf__, 2, 3)))
static int complain(const struct parser *p, const char *format, ...) {
        char what[CONFIG_COMPLAINT_MAX];
        va_list arguments;

        va_start(arguments, format);
        (void) config_complain_v(what, format, arguments);
        va_end(arguments);
        return config_complain(p->complaint, "%s:%u: %s", p->file, p->line, what);
}

static bool same(const char *right, const char *s, size_t n) {
        return strlen(right) == n && memcmp(right, s, n) == 0;
}

/* The words of the table, each once: all sections, or the options of one. */
static int complain_unknown(const struct parser *p, const char *name, size_t n) {
        struct nearest near;
        char quoted[64], all[CONFIG_COMPLAINT_MAX] = "";
        const char *last = "";
        int k = 0;

        nearest_init(&near, name, n);
        for (size_t i = 0; i < config_n_options; i++) {
                const struct config_option *o = &config_options[i];
                const char *word = p->section ? o->name : o->section;

                if (p->section ? strcmp(o->section, p->section) != 0 : strcmp(last, word) == 0)
                        continue;
                last = word;
                nearest_offer(&near, word);
                if (k >= 0 && (size_t) k < sizeof all)
                        k += snprintf(all + k, sizeof all - (size_t) k, "%s%s", k ? ", " : "", word);
        }

        (void) config_quote(name, n, quoted);
        if (!p->section && (size_t) k < sizeof all)
                (void) snprintf(all + k, sizeof all - (size_t) k, ", rule NAME");
        if (!p->section)
                return near.best ? complain(p, _("[%s]: no such section; did you mean [%s]?"), quoted, near.best)
                                 : complain(p, _("[%s]: no such section; there are: %s"), quoted, all);
        for (size_t i = 0; !near.best && i < config_n_options; i++)
                if (same(config_options[i].name, name, n))
                        return complain(p, _("%s: no such option in [%s]; it belongs in [%s]"), quoted, p->section,
                                        config_options[i].section);
        return near.best ? complain(p, _("%s: no such option in [%s]; did you mean %s?"), quoted, p->section,
                                    near.best)
                         : complain(p, _("%s: no such option in [%s]; there are: %s"), quoted, p->section, all);
}

/* "rule NAME]": the rest of the line. */
static int parse_rule(struct parser *p, struct scan *s) {
        char where[CONFIG_COMPLAINT_MAX], why[CONFIG_COMPLAINT_MAX];
        size_t n;
        int r;

        (void) scan_blanks(s);
        n = scan_left(s) > 0 && s->end[-1] == ']' ? scan_left(s) - 1 : 0;
        (void) snprintf(where, sizeof where, "%s:%u", p->file, p->line);
        r = config_rule_add(p->config, s->at, n, where, why);
        if (r == CONFIG_E_WRONG)
                return complain(p, "%s", why);
        p->section = NULL;
        p->in_rule = r == CONFIG_OK;
        memset(p->rule_said, 0, sizeof p->rule_said);
        return r;
}

static int parse_section(struct parser *p, struct scan *s) {
        struct scan rule = *s;
        const char *name;
        size_t n;

        if (scan_literal(&rule, "rule") && !scan_at_end(&rule) && (ascii_is_blank(*rule.at) || *rule.at == ']'))
                return parse_rule(p, &rule);
        p->in_rule = false;
        if (!scan_word(s, config_is_name_byte, CONFIG_NAME_MAX, &name, &n) || !scan_char(s, ']') || !scan_at_end(s))
                return complain(p, _("a section is written [name], alone on its line"));
        p->section = NULL;
        for (size_t i = 0; i < config_n_options; i++)
                if (same(config_options[i].section, name, n)) {
                        p->section = config_options[i].section;
                        return CONFIG_OK;
                }
        return complain_unknown(p, name, n);
}

static int complain_unknown_of_rule(const struct parser *p, const char *name, size_t n) {
        struct nearest near;
        char quoted[64], all[CONFIG_COMPLAINT_MAX] = "";
        const char *option;
        int k = 0;

        nearest_init(&near, name, n);
        for (size_t i = 0; (option = config_rule_option(i)); i++) {
                nearest_offer(&near, option);
                k += snprintf(all + k, sizeof all - (size_t) k, "%s%s", k ? ", " : "", option);
        }
        (void) config_quote(name, n, quoted);
        return near.best ? complain(p, _("%s: no such option in [%s]; did you mean %s?"), quoted, "rule", near.best)
                         : complain(p, _("%s: no such option in [%s]; there are: %s"), quoted, "rule", all);
}

/* NAME = VALUE in a rule. */
static int parse_rule_option(struct parser *p, const char *name, size_t n, const struct scan *value) {
        struct config_rule *const rule = &p->config->rule[p->config->n_rules - 1];
        char why[CONFIG_COMPLAINT_MAX];
        const char *option;
        size_t i = 0;
        int r;

        while ((option = config_rule_option(i)) && !same(option, name, n))
                i++;
        if (!option)
                return complain_unknown_of_rule(p, name, n);
        if (i >= CONFIG_RULE_OPTIONS_MAX)
                return -EOVERFLOW;
        if (p->rule_said[i])
                return complain(p, _("[rule %s] %s: is set already in line %u"), rule->name, option, p->rule_said[i]);
        if (!utf8_is_clean(value->at, scan_left(value), UTF8_ONE_LINE))
                return complain(p, "[%s %s] %s: %s", "rule", rule->name, option, _("must be UTF-8 without control characters"));
        r = config_rule_set(rule, i, value->at, scan_left(value), why);
        if (r == CONFIG_E_WRONG)
                return complain(p, "[%s %s] %s: %s", "rule", rule->name, option, why);
        p->rule_said[i] = p->line;
        return r;
}

static int parse_option(struct parser *p, struct scan *s) {
        const struct config_option *o = NULL;
        char why[CONFIG_COMPLAINT_MAX];
        const char *name;
        size_t n, i;
        int r;

        if (!scan_word(s, config_is_name_byte, CONFIG_NAME_MAX, &name, &n))
                return complain(p, _("neither a comment, nor [section], nor name = value"));
        (void) scan_blanks(s);
        if (!scan_char(s, '='))
                return complain(p, _("an option is written name = value"));
        (void) scan_blanks(s);
        if (p->in_rule)
                return parse_rule_option(p, name, n, s);
        if (!p->section)
                return complain(p, _("an option before the first [section]"));

        for (i = 0; i < config_n_options; i++)
                if (strcmp(config_options[i].section, p->section) == 0 && same(config_options[i].name, name, n)) {
                        o = &config_options[i];
                        break;
                }
        if (!o)
                return complain_unknown(p, name, n);
        if (i >= CONFIG_OPTIONS_MAX)
                return -EOVERFLOW;
        if (p->said[i] && o->type != CONFIG_NETWORKS && o->type != CONFIG_EXITS && o->type != CONFIG_HEADERS)
                return complain(p, _("[%s] %s: is set already in line %u"), o->section, o->name, p->said[i]);

        r = config_value_set(p->config, o, s->at, scan_left(s), p->said[i] != 0, why);
        if (r == CONFIG_E_WRONG)
                return complain(p, "[%s] %s: %s", o->section, o->name, why);
        if (r < 0)
                return r;
        p->said[i] = p->line;
        return CONFIG_OK;
}

static int parse_line(struct parser *p, const char *line, size_t n) {
        struct scan s = scan_bytes(line, n);

        if (n > CONFIG_LINE_MAX)
                return complain(p, _("longer than %d bytes"), CONFIG_LINE_MAX);
        if (memchr(line, '\0', n))
                return complain(p, _("holds a NUL byte: is this a text file?"));
        if (s.end > s.at && s.end[-1] == '\r')
                s.end--;
        while (s.end > s.at && ascii_is_blank(s.end[-1]))
                s.end--;
        (void) scan_blanks(&s);

        if (scan_at_end(&s))
                return CONFIG_OK;
        if (scan_char(&s, '#') || scan_char(&s, ';'))
                return CONFIG_OK;
        if (scan_char(&s, '['))
                return parse_section(p, &s);
        return parse_option(p, &s);
}

static int parse_file(struct parser *p, const char *text, size_t n) {
        struct scan s = scan_bytes(text, n);
        const char *line;
        size_t n_line;

        if (n > CONFIG_FILE_MAX)
                return complain(p, _("the file is larger than %d KiB"), CONFIG_FILE_MAX / 1024);
        if (scan_literal(&s, "\xef\xbb\xbf"))
                return complain(p, _("begins with a byte order mark; save it as UTF-8 without one"));

        for (; scan_line(&s, &line, &n_line); p->line++) {
                int r = parse_line(p, line, n_line);

                if (r != CONFIG_OK)
                        return r;
        }
        return CONFIG_OK;
}

int config_parse(struct config *c, const char *file, const char *text, size_t n,
                 char complaint[static CONFIG_COMPLAINT_MAX]) {
        struct parser p = { .config = c, .file = file, .line = 1, .complaint = complaint };

        return parse_file(&p, text, n);
}

int config_parse_noting(struct config *c, const char *file, const char *text, size_t n, unsigned lines[static CONFIG_OPTIONS_MAX],
                        char complaint[static CONFIG_COMPLAINT_MAX]) {
        struct parser p = { .config = c, .file = file, .line = 1, .complaint = complaint };
        const int r = parse_file(&p, text, n);

        for (size_t i = 0; i < CONFIG_OPTIONS_MAX; i++)
                if (p.said[i])
                        lines[i] = p.said[i];
        return r;
}
