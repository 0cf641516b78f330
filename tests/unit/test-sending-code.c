/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * test-sending-code.c - a code goes to whom it is for, in their language, and to nobody who may not be sent one
 *
 * The care directory and what carries messages are doubles.
 */

#include "code.h"

#include "cleanup.h"
#include "messages.h"
#include "texts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static unsigned n_tests, failed;

static void check(bool ok, const char *name, const char *got) {
        printf("%sok %u - %s\n", ok ? "" : "not ", ++n_tests, name);
        if (!ok)
                printf("# got: %s\n", got);
        failed += !ok;
}

/* -- Doubles ----------------------------------------------------------------------------------------- */

static int reach;                       /* what directory_reach() says                            */
static bool can = true;
static unsigned n_begun;
static char to[SENDING_TO_MAX + 1], text[SENDING_TEXT_MAX + 1], subject[SENDING_SUBJECT_MAX + 1];

int directory_reach(struct directory *d, int64_t account, bool by_mail, char ret[static MESSAGE_TO_MAX + 1]) {
        (void) d;
        if (reach == DIRECTORY_OK)
                (void) snprintf(ret, MESSAGE_TO_MAX + 1, by_mail ? "account%lld@post.example" : "+4670174060%lld", (long long) account);
        return reach;
}

bool sending_can(const struct sending_means *m, enum sending_kind kind) {
        (void) m;
        (void) kind;
        return can;
}

int sending_begin(const struct sending_means *m, struct resolver *r, const struct sending_message *message, struct sending **ret) {
        (void) m;
        (void) r;
        (void) snprintf(to, sizeof to, "%s", message->to);
        (void) snprintf(text, sizeof text, "%s", message->text);
        (void) snprintf(subject, sizeof subject, "%s", message->subject);
        n_begun++;
        *ret = (struct sending *) &n_begun;
        return 0;
}

int main(void) {
        static const char settings[] = "[general]\norganisation = Eken\nsupport = 1177\n";
        static struct helper h;
        static int anything;
        struct sending *sending = NULL;
        char said[CONFIG_COMPLAINT_MAX];
        const struct {
                const char *name;
                int reach, want;
        } refused[] = {
                { "nothing is registered",          DIRECTORY_E_NOT_FOUND,  -ENOENT },
                { "closed, locked or gone (L1)",    DIRECTORY_E_CONSTRAINT, -EACCES },
                { "the directory is out of order",  -EIO,                   -EIO },
                { "or damaged",                     DIRECTORY_E_NEWER,      -EUCLEAN },
        };

        texts_init("da");
        (void) config_init(&h.config);
        check(config_parse(&h.config, "careid.conf", settings, sizeof settings - 1, said) == CONFIG_OK, "a configuration", said);
        check(sending_code(&h, SENDING_SMS, 5, "12345678", 10, "sv", &sending) == -EBADF, "not while the directory is closed", "");
        h.directory = (struct directory *) &anything;

        for (size_t i = 0; i < N_ELEMENTS(refused); i++) {
                reach = refused[i].reach;
                check(sending_code(&h, SENDING_SMS, 5, "12345678", 10, "sv", &sending) == refused[i].want && !sending && n_begun == 0, refused[i].name, "");
        }
        reach = DIRECTORY_OK;
        can = false;
        check(sending_code(&h, SENDING_SMS, 5, "12345678", 10, "sv", &sending) == -EOPNOTSUPP && n_begun == 0, "nothing carries it", "");
        can = true;

        check(sending_code(&h, SENDING_SMS, 5, "12345678", 10, "sv", &sending) == 0 && sending && strcmp(to, "+46701740605") == 0, "to the phone", to);
        check(strncmp(text, "12345678 ", 9) == 0 && strstr(text, "(Eken)") && strstr(text, "10 ") && strlen(text) <= SENDING_SMS_MAX, "the code first", text);
        check(strcmp(texts_language(), "da") == 0, "the conversation speaks what it spoke", texts_language());
        check(sending_code(&h, SENDING_MAIL, 5, "12345678", 10, "sv", &sending) == 0 && strcmp(to, "account5@post.example") == 0, "to the mail address", to);
        check(strstr(text, "12345678") && strstr(text, "1177") && !strstr(subject, "12345678"), "the code is not in the subject, and help is named", subject);
        config_done(&h.config);
        printf("1..%u\n", n_tests);
        return failed != 0;
}
