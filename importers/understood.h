/* importers/understood: values as people read them, for the preview that stands next to what was written. Any
 * thread. */
#ifndef LITANG_IMPORTERS_UNDERSTOOD_H
#define LITANG_IMPORTERS_UNDERSTOOD_H

#include "importers/values.h"

/* "2024-04-25…26", "14:30–16:00", "50", or the text. Nothing for a value that was not given. */
void value_understood(value_parser parse, const struct value *value, struct text *out);
/* What the HOW_* bits mean, joined by "；" or "; "; the year's source is told, too. "" for a mere notation.
 */
void how_explain(uint16_t how, enum import_year_source source, bool chinese, struct text *out);
const char *year_source_text(enum import_year_source source, bool chinese);

#endif
