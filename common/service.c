/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * service.c - the PAM services that something is known of
 */

#include "service.h"

#include "cleanup.h"

#include <string.h>

static const struct {
        const char  *name;
        enum service service;
} services[] = {
        { "sshd",      SERVICE_SSH     },
        { "login",     SERVICE_CONSOLE },
        { "remote",    SERVICE_REMOTE  },
        { "su",        SERVICE_SU      },
        { "su-l",      SERVICE_SU      },
        { "runuser",   SERVICE_SU      },
        { "runuser-l", SERVICE_SU      },
        { "sudo",      SERVICE_SUDO    },
        { "sudo-i",    SERVICE_SUDO    },
        { "careid",    SERVICE_CAREID  },
};

enum service service_find(const char *name) {
        for (size_t i = 0; i < N_ELEMENTS(services); i++)
                if (strcmp(services[i].name, name) == 0)
                        return services[i].service;
        return SERVICE_OTHER;
}

bool service_is_act(enum service service) {
        return service == SERVICE_SU || service == SERVICE_SUDO || service == SERVICE_CAREID;
}
