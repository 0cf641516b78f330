/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * provider.c - a BankID for scenes of the helper: what it answers, in JSON
 */

#include "provider.h"

#include <stdio.h>
#include <string.h>

#define OWNERS_NUMBER "199908072391"
#define OTHERS_NUMBER "189001019802"
#define AFAR "198.51.100.8"

static enum phone phone;

static struct {
        unsigned n_orders, n_collects;
        bool     over;
} provider;

bool provider_is_by_link(enum phone p) {
        return p == BY_LINK || p == FROM_AFAR;
}

static long answer_pending(char *answer, const char *order, const char *hint) {
        return snprintf(answer, 4096, "{\"orderRef\":\"%s\",\"status\":\"pending\",\"hintCode\":\"%s\"}", order, hint), 200;
}

static long answer_collect(char *answer) {
        const char *order = phone == LIES_ABOUT_ORDER ? "another" : "order-1";

        if (provider.over)
                return snprintf(answer, 4096, "{\"errorCode\":\"invalidParameters\",\"details\":\"No such order\"}"), 400;
        if (provider.n_collects++ < 1 || phone == SLEEPS || (provider_is_by_link(phone) && provider.n_orders < 2))
                return answer_pending(answer, order, phone == SLEEPS ? "outstandingTransaction" : "userSign");
        provider.over = true;
        if (phone == FROM_AFAR && provider.n_orders > 1)
                return provider.over = false, answer_pending(answer, order, "outstandingTransaction");
        if (phone == CANCELS)
                return snprintf(answer, 4096, "{\"orderRef\":\"%s\",\"status\":\"failed\",\"hintCode\":\"userCancel\"}", order), 200;
        return snprintf(answer, 4096, "{\"orderRef\":\"%s\",\"status\":\"complete\",\"completionData\":{\"user\":"
                        "{\"personalNumber\":\"%s\",\"name\":\"Anna Alm\"},\"device\":{\"ipAddress\":\"%s\"},\"signature\":\"x\"}}", order,
                        phone == OTHER_APPROVES ? OTHERS_NUMBER : OWNERS_NUMBER, phone == FROM_AFAR ? AFAR : PROVIDER_HERE), 200;
}

long provider_answer(const char *path, const char *body, char *ret) {
        if (phone == IS_DOWN)
                return 0;
        if (phone == TALKS_NONSENSE)
                return snprintf(ret, 4096, "<html><body>Sorry</body></html>"), 200;
        if (strcmp(path, "auth") == 0 && !*body)
                return 405;
        if (strcmp(path, "auth") == 0 || strcmp(path, "sign") == 0) {
                provider.n_orders++;
                provider.over = false;
                return snprintf(ret, 4096, "{\"orderRef\":\"order-1\",\"autoStartToken\":\"a\",\"qrStartToken\":\"token-1\","
                                "\"qrStartSecret\":\"secret-1\"}"), 200;
        }
        if (strcmp(path, "cancel") == 0)
                return provider.over = true, snprintf(ret, 4096, "{}"), 200;
        return answer_collect(ret);
}

void provider_begin(enum phone p) {
        phone = p;
        provider = (__typeof__(provider)) { 0 };
}
