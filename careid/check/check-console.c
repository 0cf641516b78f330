/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * check-console.c - has the console room for a code?
 *
 * A BankID code of 41 modules takes, with its margins, 45 columns and half as
 * many rows in half blocks, twice as much without, and its texts a row at least
 * (pam_eid/draw.c).
 */

#include "check.h"

#include "i18n.h"

#include <inttypes.h>

enum { CODE_SIDE = 45 };

void check_console(struct check *c, const struct check_console *console, const struct check_stack *stack) {
        const uint32_t scale = console->half_blocks ? 1 : 2;

        if (!console->is_there || !stack->auth)
                return;
        if (console->rows > (CODE_SIDE * scale + 1) / 2 && console->columns >= CODE_SIDE * scale)
                check_say(c, CHECK_OK, "console",
                          _("the console has room for a code (%" PRIu32 " columns, %" PRIu32 " rows)"),
                          console->columns, console->rows);
        else if (console->half_blocks)
                check_say(c, CHECK_WARN, "console",
                          _("the console has no room for a code (%" PRIu32 " columns, %" PRIu32 " rows)"),
                          console->columns, console->rows);
        else
                check_say(c, CHECK_WARN, "console",
                          _("the console has no room for a code (%" PRIu32 " columns, %" PRIu32
                            " rows, and no half blocks in its font): give it another font, see pam_eid(8)"),
                          console->columns, console->rows);
}
