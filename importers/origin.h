/* importers/origin: an edited copy of an export against what became of its rows meanwhile. Each row carries
 * the stamp of the revision that it was exported at, so for each cell three values are known: as exported
 * (base), as it is now (theirs) and as the file has it (yours).
 *
 *   yours = base             the file says nothing: the cell stays as it is now
 *   yours ≠ base, theirs = base   the file's edit
 *   yours = theirs ≠ base    both made the same edit
 *   all three differ         a conflict of the row, named with all three
 *
 * A row that was deleted meanwhile is a conflict when the file edited it, and left out otherwise. Rows
 * without a stamp, or with one of another database, are taken as they are. One thread at a time: the store's.
 */
#ifndef LITANG_IMPORTERS_ORIGIN_H
#define LITANG_IMPORTERS_ORIGIN_H

#include "importers/intake.h"
#include "store/store.h"

struct origin;

/* NULL: no memory. `revision` is the snapshot's that the import works on. */
struct origin *origin_create(struct store *store, int64_t revision);
void origin_destroy(struct origin *origin); /* NULL is allowed */

/* Before the rows of intake->sheet: finds the column of stamps. */
void origin_begin(struct intake *intake);

enum origin_verdict {
    ORIGIN_PLAIN, /* nothing to compare with: to be parsed and taken as it is */
    ORIGIN_TAKE,  /* parsed and merged: intake->values, ->unchanged and ->is_compared are set */
    ORIGIN_DONE   /* nothing to do: unedited, or deleted meanwhile, or refused (reported) */
};
enum origin_verdict origin_row(struct intake *intake);

/* After the rows: what stays although the file does not hold it, or changed since the export. */
void origin_end(struct intake *intake);

/* Was any row compared? Then the commit must find the database at the revision of origin_create. */
bool origin_was_used(const struct origin *origin);

#endif
