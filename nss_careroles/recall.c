/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * recall.c - a small table of answers, read and written without a lock
 *
 *     place = turn told
 *     told  = tag counter id gid kind n-name n-text n-groups at* text
 *     text  = name NUL "*" NUL NUL home NUL shell NUL     ; a user
 *           | name NUL "*" NUL                            ; a group
 *           | name NUL* gid*                              ; the groups of a user
 *
 * A place's turn is odd while it is written, and another one after.  Whoever
 * has read words of it between two looks at the same even turn has read what
 * was written once.  A writer that never comes to the end (a signal handler
 * that jumps away, the other threads of who forks) takes its place with it.
 *
 * 1. MUST give nothing but what remember_*() was told for the same question
 *    at the same counter.
 * 2. MUST write to the caller's buffer only when the question is answered, or
 *    no part of the question stands there.
 * 3. MUST wait for nobody.
 */

#include "recall.h"

#include "snapshot.h"

#include <stdatomic.h>
#include <string.h>

/* A question lives in registers: this is what a look-up costs. */
#define ALWAYS_INLINE inline __attribute__((__always_inline__))

enum kind { KIND_USER_NAME = 1, KIND_USER_ID, KIND_GROUP_NAME, KIND_GROUP_ID, KIND_GROUPS };

/* The third word of a place. */
struct shape {
        uint8_t kind, n_name, n_text, n_groups;
        uint8_t at[4];                          /* in text: password, gecos, home, shell; or gids first */
};

enum { AT_PASSWD, AT_GECOS, AT_HOME, AT_SHELL, AT_GIDS = 0 };

struct told {
        uint32_t     tag, counter;              /* the upper half of the question's hash; of the view  */
        uint32_t     id, gid;
        struct shape shape;
        char         text[RECALL_TEXT];         /* zeros after n_text                                  */
};

enum { WORD_KEY, WORD_IDS, WORD_SHAPE, WORD_TEXT, WORDS = sizeof(struct told) / sizeof(uint64_t) };

struct place {
        _Alignas(64) atomic_uint turn;
        _Atomic uint64_t         words[WORDS];
};

_Static_assert(offsetof(struct told, text) == WORD_TEXT * sizeof(uint64_t), "words");
_Static_assert(sizeof(struct told) == WORDS * sizeof(uint64_t), "no padding");
_Static_assert(sizeof(struct place) == 128, "two lines of a cache");

static struct place places[RECALL_PLACES];

/* -- Questions --------------------------------------------------------------------------------------- */

struct question {
        enum kind   kind;
        const char *name;                       /* NULL: by id                                         */
        size_t      n;
        uint32_t    id;
        uint64_t    hash;
};

/* False: nobody is remembered under such a name. */
static ALWAYS_INLINE bool question_make(enum kind by_name, enum kind by_id, const char *name, uint32_t id, struct question *ret) {
        const size_t n = name ? strnlen(name, SNAPSHOT_NAME_MAX + 1) : 0;
        const enum kind kind = name ? by_name : by_id;
        const uint64_t word = id;

        *ret = (struct question) {
                .kind = kind, .name = name, .n = n, .id = id,
                .hash = name ? snapshot_mix64((uint64_t) kind, name, n) : snapshot_mix64((uint64_t) kind, &word, sizeof word),
        };
        return n <= SNAPSHOT_NAME_MAX;
}

/* Each question has two places. */
enum { CHOICES = 2 };

static inline size_t question_place(const struct question *q, unsigned choice) {
        return (size_t) (q->hash >> (choice ? 16 : 0)) & (RECALL_PLACES - 1);
}

static inline uint64_t question_word(const struct question *q, uint32_t counter) {
        const struct told t = { .tag = (uint32_t) (q->hash >> 32), .counter = counter };
        uint64_t word;

        memcpy(&word, &t, sizeof word);
        return word;
}

/* -- Reading ------------------------------------------------------------------------------------------ */

/* Acquire: the next look at the turn is not before this one. */
static inline uint64_t word_of(const struct place *p, size_t i) {
        return atomic_load_explicit(&p->words[i], memory_order_acquire);
}

static inline bool place_is_at(const struct place *p, unsigned turn) {
        return atomic_load_explicit(&p->turn, memory_order_relaxed) == turn;
}

static inline struct shape place_shape(const struct place *p) {
        const uint64_t word = word_of(p, WORD_SHAPE);
        struct shape s;

        memcpy(&s, &word, sizeof s);
        return s;
}

static ALWAYS_INLINE bool place_has_name(const struct place *p, const char *name, size_t n) {
        const uint8_t *at = (const uint8_t *) name;
        size_t i = WORD_TEXT, left = n;

        for (; left >= sizeof(uint64_t); at += sizeof(uint64_t), left -= sizeof(uint64_t)) {
                uint64_t word;

                memcpy(&word, at, sizeof word);
                if (word != word_of(p, i++))
                        return false;
        }
        return left == 0 || ((word_of(p, i) ^ snapshot_tail64(at, left)) & ((UINT64_C(1) << 8 * left) - 1)) == 0;
}

/*
 * The place that answers @q, what it says of itself, and its turn; or NULL.
 * Which of the two it is is reckoned, since no processor guesses it.
 */
static ALWAYS_INLINE const struct place *question_find(const struct question *q, struct shape *ret_shape, unsigned *ret_turn) {
        const size_t first = question_place(q, 0), second = question_place(q, 1);
        const struct place *p;
        uint32_t counter;
        uint64_t key;

        if (!snapshot_counter_now(&counter))
                return NULL;
        key = question_word(q, counter);
        p = &places[first ^ ((first ^ second) & -(size_t) (word_of(&places[second], WORD_KEY) == key))];

        *ret_turn = atomic_load_explicit(&p->turn, memory_order_acquire);
        if (*ret_turn % 2 != 0 || word_of(p, WORD_KEY) != key)
                return NULL;
        *ret_shape = place_shape(p);
        if (ret_shape->kind != q->kind)
                return NULL;
        if (q->name)
                return ret_shape->n_name == q->n && place_has_name(p, q->name, q->n) ? p : NULL;
        return (uint32_t) word_of(p, WORD_IDS) == q->id ? p : NULL;
}

/* All words of the text, the last one whole.  A shape that was torn is noticed at the end; it must do no harm here. */
static ALWAYS_INLINE bool text_copy(const struct place *p, struct shape s, char *to, size_t room) {
        const size_t n = s.n_text <= RECALL_TEXT ? (s.n_text + sizeof(uint64_t) - 1) / sizeof(uint64_t) : 0;

        if (n == 0 || n * sizeof(uint64_t) > room)
                return false;
        for (size_t i = 0; i < n; i++) {
                const uint64_t word = word_of(p, WORD_TEXT + i);

                memcpy(to + i * sizeof word, &word, sizeof word);
        }
        return true;
}

/* MUST 2: getpwnam(pw->pw_name) with the buffer that pw is in. */
static inline bool stands_in(const char *name, const char *buf, size_t n_buf) {
        return name && (uintptr_t) name - (uintptr_t) buf < n_buf;
}

bool recall_passwd(const char *name, uid_t uid, struct passwd *ret, char *buf, size_t n_buf) {
        const struct place *p;
        struct question q;
        struct shape s;
        uint64_t ids;
        unsigned turn;

        if (stands_in(name, buf, n_buf) || !question_make(KIND_USER_NAME, KIND_USER_ID, name, (uint32_t) uid, &q))
                return false;
        p = question_find(&q, &s, &turn);
        if (!p || !text_copy(p, s, buf, n_buf))
                return false;
        ids = word_of(p, WORD_IDS);
        if (!place_is_at(p, turn))
                return false;

        ret->pw_name = buf;
        ret->pw_passwd = buf + s.at[AT_PASSWD];
        ret->pw_uid = (uid_t) (uint32_t) ids;
        ret->pw_gid = (gid_t) (ids >> 32);
        ret->pw_gecos = buf + s.at[AT_GECOS];
        ret->pw_dir = buf + s.at[AT_HOME];
        ret->pw_shell = buf + s.at[AT_SHELL];
        return true;
}

bool recall_group(const char *name, gid_t gid, struct group *ret, char *buf, size_t n_buf) {
        const size_t pad = (size_t) (-(uintptr_t) buf) & (_Alignof(char *) - 1), before = pad + sizeof(char *);
        const struct place *p;
        struct question q;
        struct shape s;
        uint64_t ids;
        unsigned turn;

        if (n_buf < before || stands_in(name, buf, n_buf) ||
            !question_make(KIND_GROUP_NAME, KIND_GROUP_ID, name, (uint32_t) gid, &q))
                return false;
        p = question_find(&q, &s, &turn);
        if (!p || !text_copy(p, s, buf + before, n_buf - before))
                return false;
        ids = word_of(p, WORD_IDS);
        if (!place_is_at(p, turn))
                return false;

        ret->gr_name = buf + before;
        ret->gr_passwd = buf + before + s.at[AT_PASSWD];
        ret->gr_gid = (gid_t) (uint32_t) ids;
        ret->gr_mem = (char **) (void *) (buf + pad);
        ret->gr_mem[0] = NULL;
        return true;
}

int recall_groups(const char *user, int (*each)(gid_t gid, void *context), void *context) {
        const struct place *p;
        struct question q;
        struct shape s;
        unsigned turn;
        int r = 0;

        if (!question_make(KIND_GROUPS, KIND_GROUPS, user, 0, &q))
                return SNAPSHOT_E_NOT_FOUND;
        p = question_find(&q, &s, &turn);
        if (!p || s.at[AT_GIDS] + s.n_groups * sizeof(gid_t) > RECALL_TEXT)
                return SNAPSHOT_E_NOT_FOUND;
        /* The first is where a word begins, and a word is two gids. */
        for (size_t i = 0; r == 0 && i < s.n_groups; i++) {
                const uint64_t word = word_of(p, WORD_TEXT + (s.at[AT_GIDS] + i * sizeof(gid_t)) / sizeof word);

                r = each((gid_t) (uint32_t) (i % 2 ? word >> 32 : word), context);
        }
        return place_is_at(p, turn) ? r : SNAPSHOT_E_NOT_FOUND;
}

/* -- Writing ------------------------------------------------------------------------------------------ */

/*
 * A place that has nothing of this counter; if both have, one or the other by
 * chance: so questions that are asked all the time end in places of their own,
 * where taking turns could have two of them drive each other out for ever.
 */
static struct place *place_choose(const struct question *q, uint32_t counter) {
        static atomic_uint chance;
        const unsigned toss = atomic_load_explicit(&chance, memory_order_relaxed) * 1664525U + 1013904223U;

        for (unsigned i = 0; i < CHOICES; i++) {
                struct place *const p = &places[question_place(q, i)];
                const uint64_t word = word_of(p, WORD_KEY);
                struct told t;

                memcpy(&t, &word, sizeof word);
                if (t.counter != counter || word_of(p, WORD_SHAPE) == 0)
                        return p;
        }
        atomic_store_explicit(&chance, toss, memory_order_relaxed);
        return &places[question_place(q, toss >> 31)];
}

static void place_write(const struct question *q, struct told *t) {
        struct place *const p = place_choose(q, t->counter);
        unsigned turn = atomic_load_explicit(&p->turn, memory_order_relaxed);
        uint64_t words[WORDS];

        t->tag = (uint32_t) (q->hash >> 32);
        t->shape.kind = (uint8_t) q->kind;
        memcpy(words, t, sizeof words);
        if (turn % 2 != 0 || !atomic_compare_exchange_strong_explicit(&p->turn, &turn, turn + 1,
                                                                      memory_order_acquire, memory_order_relaxed))
                return;
        /* Release: who sees a word of these sees the odd turn too. */
        for (size_t i = 0; i < WORDS; i++)
                atomic_store_explicit(&p->words[i], words[i], memory_order_release);
        atomic_store_explicit(&p->turn, turn + 2, memory_order_release);
}

void remember_passwd(uint32_t counter, bool by_name, const struct passwd *pw) {
        const size_t n = (size_t) (pw->pw_shell - pw->pw_name) + strlen(pw->pw_shell) + 1;
        struct told t = { .counter = counter, .id = (uint32_t) pw->pw_uid, .gid = (uint32_t) pw->pw_gid };
        struct question q;

        if (n > sizeof t.text || !question_make(KIND_USER_NAME, KIND_USER_ID, by_name ? pw->pw_name : NULL, t.id, &q))
                return;
        memcpy(t.text, pw->pw_name, n);
        t.shape = (struct shape) {
                .n_name = (uint8_t) strlen(pw->pw_name), .n_text = (uint8_t) n,
                .at = { (uint8_t) (pw->pw_passwd - pw->pw_name), (uint8_t) (pw->pw_gecos - pw->pw_name),
                        (uint8_t) (pw->pw_dir - pw->pw_name), (uint8_t) (pw->pw_shell - pw->pw_name) },
        };
        place_write(&q, &t);
}

void remember_group(uint32_t counter, bool by_name, const struct group *gr) {
        const size_t n = (size_t) (gr->gr_passwd - gr->gr_name) + strlen(gr->gr_passwd) + 1;
        struct told t = { .counter = counter, .id = (uint32_t) gr->gr_gid };
        struct question q;

        if (gr->gr_mem[0] || n > sizeof t.text ||
            !question_make(KIND_GROUP_NAME, KIND_GROUP_ID, by_name ? gr->gr_name : NULL, t.id, &q))
                return;
        memcpy(t.text, gr->gr_name, n);
        t.shape = (struct shape) {
                .n_name = (uint8_t) strlen(gr->gr_name), .n_text = (uint8_t) n, .at = { (uint8_t) (gr->gr_passwd - gr->gr_name) },
        };
        place_write(&q, &t);
}

void remember_groups(uint32_t counter, const char *user, const gid_t *groups, size_t n) {
        struct told t = { .counter = counter };
        struct question q;
        size_t at;

        if (!question_make(KIND_GROUPS, KIND_GROUPS, user, 0, &q))
                return;
        at = (q.n + sizeof(uint64_t) - 1) / sizeof(uint64_t) * sizeof(uint64_t);
        if (at > sizeof t.text || n > (sizeof t.text - at) / sizeof *groups)
                return;
        memcpy(t.text, user, q.n);
        memcpy(t.text + at, groups, n * sizeof *groups);
        t.shape = (struct shape) { .n_name = (uint8_t) q.n, .n_groups = (uint8_t) n, .at = { (uint8_t) at } };
        place_write(&q, &t);
}
