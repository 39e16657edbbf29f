/* importers/ics_bad: the events of a calendar that were not taken, as a calendar of their own to mend and
 * import again. One thread at a time. */
#ifndef LITANG_IMPORTERS_ICS_BAD_H
#define LITANG_IMPORTERS_ICS_BAD_H

#include "importers/report.h"

/* Every event that an error of the report lies in, with its reasons as lines X-LITANG-ERROR (ignored when it
 * is read again), and the file's time zones: UTF-8, CRLF, folded. Nothing when there is none. */
void ics_bad_write(const struct import_report *report, struct text *out);

#endif
