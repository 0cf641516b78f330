/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * kernel-audit.c - the only parser of the kernel's audit records
 *
 *     record = [ "node=" word " " ] "type=" word " msg=audit(" seconds "." 3DIGIT ":" serial "):" *( blank field ) [ enriched ]
 *     field  = name "=" value
 *     value  = DQUOTE *any DQUOTE / "'" *any "'" / word
 *     enriched = %x1d *any                     ; the same once more with names: not read
 *
 * What somebody else has chosen (paths, programs) is in double quotes, or in
 * upper-case hexadecimal where it has blanks, quotes or bytes beyond ASCII.
 * Fields between single quotes are those of programs, and count for nothing here.
 *
 * What io_uring does for somebody is a record of its own kind, URINGOP, which
 * does not say who logged in: there the uid has to do.
 */

#include "kernel-audit.h"

#include "scan.h"

#include <fcntl.h>
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

static int64_t id_read(const struct value *v) {
        struct scan s = scan_bytes(v->text, v->n);
        uint32_t id;

        return scan_u32(&s, UINT32_MAX - 1, &id) && scan_at_end(&s) ? (int64_t) id : KERNEL_UNSET;
}

/* Several keys stand in one field, and 1 between them. */
static bool key_is_ours(const struct value *v) {
        char keys[256];

        value_text(v, keys, sizeof keys);
        for (const char *at = keys; *at;) {
                const size_t n = strcspn(at, "\001");

                if (is(at, n, KERNEL_KEY))
                        return true;
                at += n + (at[n] != '\0');
        }
        return false;
}

/* -- Which directory a call continues -------------------------------------------------------------------- */

/* Of one call: has it no directory among its arguments, one (the first), or two (the third as well)?  Of syscalls(2) and linux/audit.h. */
#define ARCH_X86_64     0xc000003eU
#define ARCH_I386       0x40000003U
#define ARCH_AARCH64    0xc00000b7U
#define ARCH_ARM        0x40000028U
#define ARCH_RISCV64    0xc00000f3U
#define X32             0x40000000U             /* added to the number, of ARCH_X86_64            */

static const struct {
        uint32_t arch;
        uint16_t none[8], one[8], two[8];       /* end with 0                                     */
} calls[] = {
        /* open truncate rename creat link unlink; openat unlinkat openat2; renameat linkat renameat2 */
        { ARCH_X86_64,  { 2, 76, 82, 85, 86, 87 },     { 257, 263, 437 }, { 264, 265, 316 } },
        { ARCH_I386,    { 5, 8, 9, 10, 38, 92, 193 },  { 295, 301, 437 }, { 302, 303, 353 } },
        { ARCH_ARM,     { 5, 8, 9, 10, 38, 92, 193 },  { 322, 328, 437 }, { 329, 330, 382 } },
        { ARCH_AARCH64, { 45 },                        { 35, 56, 437 },   { 37, 38, 276 } },
        { ARCH_RISCV64, { 45 },                        { 35, 56, 437 },   { 37, 276 } },
};

struct call {
        uint64_t arch, number, a0, a2;
        bool     labelled;                      /* subj= has come                                 */
};

static bool is_among(const uint16_t *numbers, uint64_t number) {
        for (size_t i = 0; numbers[i]; i++)
                if (numbers[i] == number)
                        return true;
        return false;
}

static bool is_cwd(uint64_t fd) {
        return (uint32_t) fd == (uint32_t) AT_FDCWD;
}

/* A call or processor that is not known: no. */
static bool continues_cwd(const struct call *c) {
        const uint64_t number = c->arch == ARCH_X86_64 ? c->number & ~(uint64_t) X32 : c->number;

        for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
                if (calls[i].arch == c->arch)
                        return is_among(calls[i].none, number) || (is_among(calls[i].one, number) && is_cwd(c->a0)) ||
                               (is_among(calls[i].two, number) && is_cwd(c->a0) && is_cwd(c->a2));
        return false;
}

static uint64_t hex_read(const struct value *v) {
        uint64_t n = 0;

        if (v->n == 0 || v->n > 16)
                return 0;
        for (size_t i = 0; i < v->n; i++) {
                const char c = v->text[i];

                if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'f'))
                        return 0;
                n = n << 4 | (uint64_t) (ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
        }
        return n;
}

/* -- Records --------------------------------------------------------------------------------------------- */

static void call_field(struct kernel_record *ret, struct call *call, bool uring, const char *name, size_t n, const struct value *v) {
        struct scan s = scan_bytes(v->text, v->n);

        if (is(name, n, "key"))
                ret->keyed = key_is_ours(v);
        else if (call->labelled || is(name, n, "subj"))
                call->labelled = true;
        else if (is(name, n, uring ? "uid" : "auid"))
                ret->auid = id_read(v);
        else if (is(name, n, "success"))
                ret->success = is(v->text, v->n, "yes") ? KERNEL_YES : KERNEL_NO;
        else if (is(name, n, "exe"))
                value_text(v, ret->exe, sizeof ret->exe);
        else if (is(name, n, "arch"))
                call->arch = hex_read(v);
        else if (is(name, n, "syscall") && !scan_u64(&s, UINT32_MAX, &call->number))
                call->number = 0;
        else if (is(name, n, "a0"))
                call->a0 = hex_read(v);
        else if (is(name, n, "a2"))
                call->a2 = hex_read(v);
}

static void path_field(struct kernel_record *ret, const char *name, size_t n, const struct value *v) {
        if (is(name, n, "name"))
                value_text(v, ret->path, sizeof ret->path);
        else if (is(name, n, "ogid"))
                ret->gid = id_read(v);
        else if (is(name, n, "nametype"))
                ret->parent = is(v->text, v->n, "PARENT");
}

static enum kernel_type type_of(const char *word, size_t n) {
        if (is(word, n, "SYSCALL") || is(word, n, "URINGOP"))
                return KERNEL_SYSCALL;
        if (is(word, n, "CWD"))
                return KERNEL_CWD;
        if (is(word, n, "PROCTITLE") || is(word, n, "EOE"))
                return KERNEL_END;
        return is(word, n, "PATH") ? KERNEL_PATH : KERNEL_OTHER;
}

static bool node_scan(struct scan *s, struct kernel_record *ret) {
        const char *word;
        size_t n;

        if (!scan_literal(s, "node="))
                return true;
        if (!scan_word(s, is_of_word, KERNEL_NODE_MAX, &word, &n) || !scan_char(s, ' '))
                return false;
        memcpy(ret->node, word, n);
        return true;
}

/*
 * The label of subj= stands there as the security module has it, blanks and
 * all: "subj=/usr/bin/evince (enforce)".  Of what follows it the key alone
 * counts, the last: audit_log_exit() of the kernel writes it last.
 */
static bool skip_label(struct scan *s) {
        struct scan ahead = *s;
        const char *word;
        size_t n;

        if (scan_word(&ahead, is_of_name, 64, &word, &n) && scan_char(&ahead, '='))
                return false;
        while (!scan_at_end(s) && *s->at != ' ')
                s->at++;
        return true;
}

/* Three digits, as the kernel writes them ("%03lu"): 7 is "007". */
static bool millis_scan(struct scan *s, uint32_t *ret) {
        *ret = 0;
        for (size_t i = 0; i < 3; i++, s->at++) {
                if (scan_at_end(s) || !ascii_is_digit(*s->at))
                        return false;
                *ret = *ret * 10 + (uint32_t) (*s->at - '0');
        }
        return true;
}

bool kernel_record_parse(const char *line, size_t n, struct kernel_record *ret) {
        const char *const enriched = memchr(line, 0x1d, n);
        struct scan s = scan_bytes(line, enriched ? (size_t) (enriched - line) : n);
        struct call call = { .arch = 0 };
        uint64_t seconds;
        const char *word;
        size_t n_word;
        bool uring;

        if (n > KERNEL_LINE_MAX)
                return false;
        *ret = (struct kernel_record) { .auid = KERNEL_UNSET, .gid = KERNEL_UNSET, .success = KERNEL_NOT_SAID };
        if (!node_scan(&s, ret) || !scan_literal(&s, "type=") || !scan_word(&s, is_of_word, 64, &word, &n_word))
                return false;
        ret->type = type_of(word, n_word);
        uring = is(word, n_word, "URINGOP");
        if (!scan_literal(&s, " msg=audit(") || !scan_u64(&s, UINT32_MAX, &seconds) || !scan_char(&s, '.') ||
            !millis_scan(&s, &ret->millis) || !scan_char(&s, ':') || !scan_u64(&s, INT64_MAX, &ret->serial) || !scan_literal(&s, "):"))
                return false;
        ret->seconds = (int64_t) seconds;

        while (!scan_at_end(&s)) {
                struct value v = { .n = 0 };

                while (scan_char(&s, ' '))
                        ;
                if (scan_at_end(&s))
                        break;
                if (call.labelled && skip_label(&s))
                        continue;
                if (!scan_word(&s, is_of_name, 64, &word, &n_word) || !scan_char(&s, '='))
                        return false;
                if (scan_at_end(&s) || *s.at == ' ')
                        continue;
                if (!value_scan(&s, &v))
                        return false;
                if (ret->type == KERNEL_SYSCALL)
                        call_field(ret, &call, uring, word, n_word, &v);
                else if (ret->type == KERNEL_PATH)
                        path_field(ret, word, n_word, &v);
                else if (ret->type == KERNEL_CWD && is(word, n_word, "cwd"))
                        value_text(&v, ret->path, sizeof ret->path);
        }
        ret->from_cwd = continues_cwd(&call);
        return true;
}
