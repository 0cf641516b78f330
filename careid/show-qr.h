/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * show-qr.h - a text as a QR code on the terminal of whoever runs the command
 */

/*
 * Draws on standard error, if that is a terminal with half blocks in its font
 * and room for it; otherwise nothing is drawn, and the caller's words have to do.
 * Nothing of @text is kept.
 */
void show_qr(const char *text);
