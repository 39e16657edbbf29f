/* reports/report_write: one writer for each format, for every report. Chinese or English headings; the
 * figures are the same. The text writers fail only through `out` (text_status). Any thread. */
#ifndef LITANG_REPORTS_REPORT_WRITE_H
#define LITANG_REPORTS_REPORT_WRITE_H

#include "base/text.h"
#include "reports/report_table.h"

/* For a terminal: columns aligned, Chinese characters counted as two. */
void report_write_table(const struct report_table *table, bool chinese, struct text *out);
/* A byte order mark, "\r\n" and RFC 4180 quoting, as Excel and WPS want it; headings, rows, the total. Notes
 * are left out, so that other programs read it too. */
void report_write_csv(const struct report_table *table, bool chinese, struct text *out);
/* {"report","title","notes","columns","rows","total"}; counts and ratios are numbers or null. */
void report_write_json(const struct report_table *table, bool chinese, struct text *out);
/* One page without anything from outside; made for print too. */
void report_write_html(const struct report_table *table, bool chinese, struct text *out);
/* A workbook at `path` (replaced): title, notes, a frozen header row with a filter, number formats, totals
 * and percents as formulas with their values stored, a chart. `day` is the date in its properties, so that
 * bytes depend on the report alone. ERR_LIMIT: more rows than a sheet has; ERR_IO. */
enum error_code report_write_xlsx(const struct report_table *table, bool chinese, int32_t day,
                                  const char *path, struct error *err);

#endif
