/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * converse.c - bounded calls of the host program's conversation function
 *
 * Not pam_prompt(3): that formats through a heap copy that is not ours to wipe,
 * and takes an answer of any length for an answer.
 */

#include "converse.h"

#include <stdlib.h>
#include <string.h>

/* What a person typed may be a password in the wrong place. */
static void response_free(struct pam_response *response) {
        if (!response)
                return;
        if (response->resp) {
                explicit_bzero(response->resp, strlen(response->resp));
                free(response->resp);
        }
        free(response);
}

static int converse_once(pam_handle_t *pamh, int style, const char *text, struct pam_response **ret) {
        const struct pam_message message = { .msg_style = style, .msg = text }, *messages = &message;
        struct pam_response *response = NULL;
        const struct pam_conv *conv;
        const void *item = NULL;

        if (strnlen(text, CONVERSE_TEXT_MAX + 1) > CONVERSE_TEXT_MAX)
                return CONVERSE_E_FAILED;
        if (pam_get_item(pamh, PAM_CONV, &item) != PAM_SUCCESS || !item)
                return CONVERSE_E_FAILED;
        conv = item;
        if (!conv->conv)
                return CONVERSE_E_FAILED;
        /* After a failure the response is the host program's, if it is anything. */
        if (conv->conv(1, &messages, &response, conv->appdata_ptr) != PAM_SUCCESS)
                return CONVERSE_E_FAILED;
        *ret = response;
        return CONVERSE_OK;
}

int converse_tell(struct converse *c, int style, enum converse_weight weight, const char *text) {
        struct pam_response *response = NULL;
        int r;

        if (text[0] == '\0' || (c->silent && weight == CONVERSE_PLEASANT))
                return CONVERSE_OK;
        r = converse_once(c->pamh, style, text, &response);
        if (r == CONVERSE_OK)
                response_free(response);
        return r;
}

/* A prompt that was answered with something, *ret->resp. */
static int prompt_once(struct converse *c, int style, const char *text, struct pam_response **ret) {
        struct pam_response *response = NULL;
        int r;

        if (c->n_prompts >= CONVERSE_MESSAGE_MAX)
                return CONVERSE_E_TOO_MANY;
        c->n_prompts++;
        r = converse_once(c->pamh, style, text, &response);
        if (r != CONVERSE_OK)
                return r;
        if (!response || !response->resp) {
                response_free(response);
                return CONVERSE_E_FAILED;
        }
        *ret = response;
        return CONVERSE_OK;
}

int converse_ask(struct converse *c, int style, const char *text, enum converse_choice *ret) {
        struct pam_response *response = NULL;
        const int r = prompt_once(c, style, text, &response);

        if (r != CONVERSE_OK)
                return r;
        c->n_typed = response->resp[0] != '\0' ? c->n_typed + 1 : 0;
        *ret = converse_choice_of(response->resp);
        response_free(response);
        return CONVERSE_OK;
}

int converse_type(struct converse *c, int style, const char *text, size_t max, char *ret, size_t *ret_n) {
        struct pam_response *response = NULL;
        const int r = prompt_once(c, style, text, &response);
        size_t n;

        if (r != CONVERSE_OK)
                return r;
        n = strnlen(response->resp, max + 1);
        *ret_n = n > max ? 0 : n;
        memcpy(ret, response->resp, *ret_n);
        ret[*ret_n] = '\0';
        response_free(response);
        return CONVERSE_OK;
}
