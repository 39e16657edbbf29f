/* daemon/qr: a text as a QR code (ISO/IEC 18004) in SVG. Any thread. */
#ifndef LITANG_DAEMON_QR_H
#define LITANG_DAEMON_QR_H

#include "base/text.h"

#include <stdbool.h>

/* Appends <svg class="qr" …>: one path, dark on white whatever the page's colours are, with the quiet zone of
 * four modules. False, and nothing appended: the text is too long for a code or memory is short. */
bool qr_svg(struct text *out, const char *content, const char *label);

#endif
