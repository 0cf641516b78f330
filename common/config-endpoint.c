/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * config-endpoint.c - whose an address of BankID's interface is
 *
 * Hosts: ActiveLogin BankIdUrls.cs; BankID/SampleCode application-dev.yaml, application-prod.yaml.
 */

#include "config.h"

#include <string.h>
#include <strings.h>

/* Is the host of @url, up to a port or a path, @host? */
static bool url_names(const char *url, const char *host) {
        static const char scheme[] = "https://";
        const char *const from = strncmp(url, scheme, sizeof scheme - 1) == 0 ? url + sizeof scheme - 1 : url;

        return strcspn(from, ":/") == strlen(host) && strncasecmp(from, host, strlen(host)) == 0;
}

enum config_endpoint config_endpoint_of(const char *url) {
        if (url_names(url, "appapi2.bankid.com"))
                return CONFIG_ENDPOINT_PRODUCTION;
        if (url_names(url, "appapi2.test.bankid.com"))
                return CONFIG_ENDPOINT_TEST;
        return CONFIG_ENDPOINT_RELAY;
}
