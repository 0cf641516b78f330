/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * send-message.c - sends one message as the helper does, and says what became of it
 *
 *     send-message CONFIGURATION sms|mail TO SUBJECT < TEXT          prints OUTCOME DETAIL
 *
 * Every name is this host, whatever it is: the resolver is a double.
 */

#include "sending.h"

#include "cleanup.h"
#include "wipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int resolver_ask_addresses(struct resolver *r, const char *host) {
        (void) r;
        (void) host;
        return 0;
}

int resolver_addresses(struct resolver *r, uint64_t now_ms, char ret[static RESOLVER_TEXT_MAX]) {
        (void) r;
        (void) now_ms;
        (void) snprintf(ret, RESOLVER_TEXT_MAX, "127.0.0.1");
        return RESOLVER_OK;
}

int resolver_fd(const struct resolver *r) {
        (void) r;
        return -1;
}

static const char *word_of(enum sending_outcome outcome) {
        switch (outcome) {
        case SENDING_SENT:
                return "sent";
        case SENDING_GOING:
                return "going";
        case SENDING_REFUSED:
                return "refused";
        case SENDING_FAILED:
                return "failed";
        case SENDING_OFF:
                return "off";
        }
        return "?";
}

static size_t file_read(const char *path, char *ret, size_t n_ret) {
        FILE *f = path ? fopen(path, "re") : stdin;
        const size_t n = f ? fread(ret, 1, n_ret - 1, f) : 0;

        ret[n] = '\0';
        if (f && path)
                (void) fclose(f);
        return n;
}

int main(int argc, char **argv) {
        static char config_text[64 * 1024], text[64 * 1024];
        static int anything;
        char complaint[CONFIG_COMPLAINT_MAX] = "", detail[SENDING_DETAIL_MAX] = "";
        struct sending_means *means = NULL;
        enum sending_outcome outcome;
        struct config c;
        size_t n;

        if (argc != 5 || wipe_setup() < 0 || config_init(&c) < 0)
                return EXIT_FAILURE;
        n = file_read(argv[1], config_text, sizeof config_text);
        (void) file_read(NULL, text, sizeof text);
        if (config_parse(&c, "careid.conf", config_text, n, complaint) != CONFIG_OK || config_finish(&c, complaint) != CONFIG_OK ||
            sending_means_read(&c, getuid(), &means, complaint) < 0) {
                (void) printf("unread %s\n", complaint);
                config_done(&c);
                return EXIT_SUCCESS;
        }
        outcome = sending_do(means, (struct resolver *) &anything, &(struct sending_message) {
                .kind = strcmp(argv[2], "sms") == 0 ? SENDING_SMS : SENDING_MAIL, .to = argv[3], .subject = argv[4], .text = text,
        }, NULL, 0, detail);
        (void) printf("%s %s\n", word_of(outcome), detail);
        means = sending_means_free(means);
        config_done(&c);
        return EXIT_SUCCESS;
}
