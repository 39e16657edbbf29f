/* importers/layout: what a sheet's arrangement says about its rows, made plain before they are read: which
 * rows are no records, merged cells, and empty cells that mean "as above". One thread at a time. */
#ifndef LITANG_IMPORTERS_LAYOUT_H
#define LITANG_IMPORTERS_LAYOUT_H

#include "importers/intake.h"

/* Below the header: marks sums, notes, section titles and repeated headers as skipped; gives every used cell
 * of a merged range the range's text; and fills the kind's `as_above` columns downwards where they lead the
 * table and the sheet does not merge them, with a warning for each such column. ERR_LIMIT
 * (LIMIT_IMPORT_CELLS), ERR_MEMORY. */
enum error_code layout_settle(struct sheet *sheet, const struct header *header, struct import_report *report);

#endif
