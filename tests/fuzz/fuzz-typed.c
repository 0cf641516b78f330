/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fuzz-typed.c - any text: as a code, plain or none; as where somebody comes from, one bucket, which is its own
 */

#include "credential.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void is_code(const char *text) {
        char plain[CREDENTIAL_CODE_TEXT] = "", again[CREDENTIAL_CODE_TEXT] = "";

        if (!code_plain(text, plain))
                return;
        assert(strlen(plain) < CREDENTIAL_CODE_TEXT && !strpbrk(plain, " -ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
        assert(code_plain(plain, again) && strcmp(plain, again) == 0);
}

/* What has an address is somewhere; nothing that is written is this machine. */
static void is_source(const char *text) {
        char name[SOURCE_MAX] = "", again[SOURCE_MAX] = "";
        char *network;

        source_name(text, name);
        assert(strlen(name) < SOURCE_MAX && *name && strcmp(name, "here") != 0);
        if (strcmp(name, "elsewhere") == 0)
                return;
        assert(strspn(name, "0123456789abcdef.:/") == strlen(name));
        network = strstr(name, "/64");
        if (network)
                *network = '\0';
        source_name(name, again);
        if (network)
                *network = '/';
        assert(strcmp(name, again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
        char text[128];

        if (n >= sizeof text || memchr(data, 0, n))
                return 0;
        memcpy(text, data, n);
        text[n] = '\0';
        is_code(text);
        is_source(text);
        return 0;
}
