/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-module.c - is the module there that PAM stacks name?
 */

#include "check.h"

#include "i18n.h"
#include "places.h"

#include <string.h>

void check_module(struct check *c, const char *path, const struct check_module *m) {
        if (!m->there)
                check_say(c, CHECK_WRONG, "pam-module",
                          _("PAM stacks name pam_eid, and %s is missing: whoever they ask is refused"), path);
        else if (!m->right)
                check_say(c, CHECK_WRONG, "pam-module",
                          _("%s must be a plain file of root, mode 0644: whoever else can write to it is root at the "
                            "next log-in"),
                          path);
        else
                check_say(c, CHECK_OK, "pam-module", _("%s is in its place"), path);
}

/* Does a stack before @n name this module already? */
static bool is_named_before(const struct check_file *stacks, size_t n, const char *module) {
        struct check_stack s;

        for (size_t i = 0; i < n; i++)
                if (check_pam_resolve(stacks, n, stacks[i].name, &s) && strcmp(s.module, module) == 0)
                        return true;
        return false;
}

void check_modules(struct check *c, const struct check_file *stacks, size_t n_stacks,
                   struct check_module (*look)(const char *path)) {
        static const char preset[] = CAREID_PAM_DIR "/pam_eid.so";
        bool any = false;

        for (size_t i = 0; i < n_stacks; i++) {
                struct check_module m;
                struct check_stack s;

                if (!check_pam_resolve(stacks, n_stacks, stacks[i].name, &s))
                        continue;
                any = any || !*s.module;
                if (*s.module != '/' || is_named_before(stacks, i, s.module))
                        continue;
                m = look(s.module);
                check_module(c, s.module, &m);
        }
        if (any) {
                const struct check_module m = look(preset);

                check_module(c, preset, &m);
        }
}
