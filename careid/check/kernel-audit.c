/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * kernel-audit.c - the only parser of the kernel's audit records
 *
 *     record = [ "node=" word " " ] "type=" word " msg=audit(" seconds "." millis ":" serial "):" *( blank field ) [ enriched ]
 *     field  = name "=" value
 *     value  = DQUOTE *any DQUOTE / "'" *any "'" / word
 *     enriched = %x1d *any                     ; the same once more with names: not read
 *
 * What somebody else has chosen (paths, programs) is in double quotes, or in
 * upper-case hexadecimal where it has blanks, quotes or bytes beyond ASCII.
 * Fields between single quotes are those of programs, and count for nothing here.
 */

#include "kernel-audit.h"

#include "scan.h"

#include <string.h>

struct value {
        const char *text;
        size_t      n;
        bool        quoted;
};

static bool is_of_word(char c) {
        return c != ' ' && c != '\0';
}

static bool is_of_name(char c) {
        return ascii_is_alnum(c) || c == '_' || c == '-' || (c >= 'A' && c <= 'Z');
}

static int hex_digit(char c) {
        if (ascii_is_digit(c))
                return c - '0';
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool value_scan(struct scan *s, struct value *ret) {
        const char quote = scan_left(s) > 0 ? *s->at : '\0';
        const char *end;

        ret->quoted = quote == '"';
        if (quote != '"' && quote != '\'')
                return scan_word(s, is_of_word, KERNEL_LINE_MAX, &ret->text, &ret->n);
        end = memchr(s->at + 1, quote, scan_left(s) - 1);
        if (!end)
                return false;
        ret->text = s->at + 1;
        ret->n = (size_t) (end - ret->text);
        s->at = end + 1;
        return true;
}

/* Text that somebody chose; "" where it is too long, holds a NUL, or is no text. */
static void value_text(const struct value *v, char *ret, size_t n_ret) {
        ret[0] = '\0';
        if (v->quoted) {
                if (v->n < n_ret && !memchr(v->text, '\0', v->n)) {
                        memcpy(ret, v->text, v->n);
                        ret[v->n] = '\0';
                }
                return;
        }
        if (v->n % 2 != 0 || v->n / 2 >= n_ret)
                return;
        for (size_t i = 0; i < v->n; i += 2) {
                const int high = hex_digit(v->text[i]), low = hex_digit(v->text[i + 1]);

                if (high < 0 || low < 0 || high + low == 0) {
                        ret[0] = '\0';
                        return;
                }
                ret[i / 2] = (char) (high << 4 | low);
        }
        ret[v->n / 2] = '\0';
}

static bool is(const char *name, size_t n, const char *what) {
        return strlen(what) == n && memcmp(name, what, n) == 0;
}

static void auid_read(const struct value *v, struct kernel_record *ret) {
        struct scan s = scan_bytes(v->text, v->n);
        uint32_t auid;

        if (scan_u32(&s, UINT32_MAX - 1, &auid) && scan_at_end(&s))
                ret->auid = auid;
}

static void field_read(struct kernel_record *ret, const char *name, size_t n, const struct value *v) {
        if (ret->type == KERNEL_SYSCALL && is(name, n, "auid"))
                auid_read(v, ret);
        else if (ret->type == KERNEL_SYSCALL && is(name, n, "success"))
                ret->success = is(v->text, v->n, "yes");
        else if (ret->type == KERNEL_SYSCALL && is(name, n, "exe"))
                value_text(v, ret->exe, sizeof ret->exe);
        else if ((ret->type == KERNEL_PATH && is(name, n, "name")) || (ret->type == KERNEL_CWD && is(name, n, "cwd")))
                value_text(v, ret->path, sizeof ret->path);
}

static enum kernel_type type_of(const char *word, size_t n) {
        if (is(word, n, "SYSCALL"))
                return KERNEL_SYSCALL;
        if (is(word, n, "CWD"))
                return KERNEL_CWD;
        return is(word, n, "PATH") ? KERNEL_PATH : KERNEL_OTHER;
}

bool kernel_record_parse(const char *line, size_t n, struct kernel_record *ret) {
        const char *const enriched = memchr(line, 0x1d, n);
        struct scan s = scan_bytes(line, enriched ? (size_t) (enriched - line) : n);
        uint64_t seconds;
        const char *word;
        uint32_t millis;
        size_t n_word;

        if (n > KERNEL_LINE_MAX)
                return false;
        if (scan_literal(&s, "node=") && !(scan_word(&s, is_of_word, 256, &word, &n_word) && scan_char(&s, ' ')))
                return false;
        if (!scan_literal(&s, "type=") || !scan_word(&s, is_of_word, 64, &word, &n_word))
                return false;
        *ret = (struct kernel_record) { .type = type_of(word, n_word), .auid = KERNEL_UNSET };
        if (!scan_literal(&s, " msg=audit(") || !scan_u64(&s, UINT32_MAX, &seconds) || !scan_char(&s, '.') ||
            !scan_u32(&s, 999, &millis) || !scan_char(&s, ':') || !scan_u64(&s, INT64_MAX, &ret->serial) || !scan_literal(&s, "):"))
                return false;
        ret->seconds = (int64_t) seconds;

        while (!scan_at_end(&s)) {
                struct value v = { .n = 0 };

                while (scan_char(&s, ' '))
                        ;
                if (scan_at_end(&s))
                        break;
                if (!scan_word(&s, is_of_name, 64, &word, &n_word) || !scan_char(&s, '='))
                        return false;
                if (scan_at_end(&s) || *s.at == ' ')
                        continue;
                if (!value_scan(&s, &v))
                        return false;
                field_read(ret, word, n_word, &v);
        }
        return true;
}

/* ORG-N */
static bool is_client(const char *name, size_t n) {
        size_t digits = 0;

        while (digits < n && ascii_is_digit(name[n - digits - 1]))
                digits++;
        if (digits == 0 || digits + 2 > n || name[n - digits - 1] != '-' || name[n - digits] == '0' || !ascii_is_lower(name[0]))
                return false;
        for (size_t i = 0; i < n; i++)
                if (!ascii_is_alnum(name[i]) && name[i] != '-')
                        return false;
        return true;
}

bool kernel_path_client(const char *path, char ret[static KERNEL_CLIENT_MAX + 1]) {
        static const char start[] = "client-";

        while (*path) {
                const size_t n = strcspn(path, "/");

                if (n > sizeof start - 1 && n - (sizeof start - 1) <= KERNEL_CLIENT_MAX && strncmp(path, start, sizeof start - 1) == 0 &&
                    is_client(path + sizeof start - 1, n - (sizeof start - 1))) {
                        memcpy(ret, path + sizeof start - 1, n - (sizeof start - 1));
                        ret[n - (sizeof start - 1)] = '\0';
                        return true;
                }
                path += n + (path[n] == '/');
        }
        return false;
}
