/* importers/guard: cells that a spreadsheet would run as a formula, or turn into another number or a date,
 * and the way back. An apostrophe goes in front: Excel and WPS show it and keep the text. Pure functions; any
 * thread. */
#ifndef LITANG_IMPORTERS_GUARD_H
#define LITANG_IMPORTERS_GUARD_H

#include "base/arena.h"
#include "base/text.h"

/* The text with an apostrophe before it when it begins with = + - @ (also full width), TAB, CR or an
 * apostrophe (OWASP, CSV injection). `is_csv`: also when nothing but its look would tell a spreadsheet that
 * it is no number, date or time: 331081105201, 0012, 1-5, 8:30, 3E5. */
void guard_add(struct text *out, const char *text, bool is_csv);

/* Without that apostrophe, or ="…" around it; the text itself when there is neither. NULL: out of memory. */
const char *guard_take(const char *text, struct arena *arena);

#endif
