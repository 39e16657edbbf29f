/* The rows of an import that were bad, as they were read, with the reasons in a last column: to mend and to
 * import again, as the kind of file that they came in. Title rows stay: a year may stand there. */
#include "base/limits.h"
#include "importers/ics_bad.h"
#include "importers/report.h"

#include <string.h>
#include <xlsxwriter.h>

/* Where a row goes: a CSV text, or the next row of a worksheet. */
struct bad_rows {
    struct text *csv;
    lxw_worksheet *sheet;
    lxw_row_t at;
    lxw_error failed;
};

/* Why the row is bad, "；" between; the findings of one sheet stand in the order of its rows. */
static void bad_row_reasons(const struct import_report *report, const struct import_sheet *part,
                            const struct sheet_row *row, size_t *at, struct text *reasons)
{
    text_clear(reasons);
    for (; *at < report->errors.count; ++*at) {
        const struct import_finding *finding = &report->errors.items[*at];
        if (strcmp(finding->sheet, part->sheet->name) != 0) {
            continue;
        }
        if (finding->row > row->number) {
            break;
        }
        if (finding->row == row->number && row->number > part->header_last) {
            text_addf(reasons, "%s%s%s%s", reasons->length == 0 ? "" : "；", finding->header,
                      *finding->header == '\0' ? "" : "：", finding->zh);
        }
    }
}

static uint32_t bad_sheet_width(const struct import_sheet *part)
{
    uint32_t columns = 0;
    for (size_t r = sheet_row_from(part->sheet, part->header_row);
         r < part->sheet->row_count && part->sheet->rows[r].number <= part->header_last; r++) {
        const struct sheet_row *row = &part->sheet->rows[r];
        uint32_t count = row->cell_count;
        count -= count > 0 && strcmp(sheet_text(part->sheet, row, count - 1), "错误") == 0 ? 1 : 0;
        columns = count > columns ? count : columns;
    }
    return columns;
}

static void cell_write(struct bad_rows *to, uint32_t column, const char *text)
{
    if (to->csv != NULL) {
        text_add_csv(to->csv, text);
        return;
    }
    if (*text != '\0' && to->failed == LXW_NO_ERROR) {
        to->failed = worksheet_write_string(to->sheet, to->at, (lxw_col_t)column, text, NULL);
    }
}

static void row_write(struct bad_rows *to, const struct sheet *sheet, const struct sheet_row *row,
                      uint32_t columns, const char *last)
{
    for (uint32_t c = 0; c < columns; c++) {
        cell_write(to, c, sheet_text(sheet, row, c));
        if (to->csv != NULL) {
            text_add_char(to->csv, ',');
        }
    }
    cell_write(to, columns, last);
    to->at++;
    if (to->csv != NULL) {
        text_add(to->csv, "\r\n");
    }
}

static void sheet_write(struct bad_rows *to, const struct import_report *report,
                        const struct import_sheet *part)
{
    size_t at = 0;
    uint32_t columns = bad_sheet_width(part);
    struct text reasons;
    text_init(&reasons, LIMIT_IMPORT_CELL_BYTES);
    for (size_t r = 0; r < part->sheet->row_count; r++) {
        const struct sheet_row *row = &part->sheet->rows[r];
        if (row->number <= part->header_last) {
            row_write(to, part->sheet, row, columns, row->number == part->header_row ? "错误" : "");
        }
        bad_row_reasons(report, part, row, &at, &reasons);
        if (reasons.length > 0) {
            row_write(to, part->sheet, row, columns, text_string(&reasons));
        }
    }
    text_finish(&reasons);
}

void import_report_write_bad_rows(const struct import_report *report, struct text *out)
{
    struct bad_rows to = {.csv = out};
    if (report->calendar_text != NULL) {
        ics_bad_write(report, out);
        return;
    }
    if (report->rows_bad == 0) {
        return;
    }
    text_add(out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < report->sheet_count; i++) {
        if (report->sheets[i].rows_bad > 0) {
            sheet_write(&to, report, &report->sheets[i]);
        }
    }
}

enum error_code import_report_write_bad_workbook(const struct import_report *report, const char *path,
                                                 struct error *err)
{
    lxw_workbook *book = workbook_new(path);
    struct bad_rows to = {.failed = LXW_NO_ERROR};
    if (book == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    for (size_t i = 0; i < report->sheet_count && to.failed == LXW_NO_ERROR; i++) {
        if (report->sheets[i].rows_bad > 0) {
            /* A name that Excel does not allow is replaced by its own. */
            const char *name = report->sheets[i].sheet->name;
            bool is_good = *name != '\0' && workbook_validate_sheet_name(book, name) == LXW_NO_ERROR;
            to.sheet = workbook_add_worksheet(book, is_good ? name : NULL);
            to.at = 0;
            to.failed = to.sheet == NULL ? LXW_ERROR_MEMORY_MALLOC_FAILED : LXW_NO_ERROR;
            if (to.sheet != NULL) {
                sheet_write(&to, report, &report->sheets[i]);
            }
        }
    }
    lxw_error closed = workbook_close(book);
    closed = to.failed != LXW_NO_ERROR ? to.failed : closed;
    return closed == LXW_NO_ERROR
               ? ERR_NONE
               : error_set(err, ERR_IO, "%s: 无法写入 (cannot be written): %s", path, lxw_strerror(closed));
}
