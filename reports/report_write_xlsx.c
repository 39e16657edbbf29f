/* A report as a workbook. Formulas carry the values that we computed, so that a viewer which does not
 * calculate shows the same figures as one which does. */
#include "reports/report_write.h"

#include "base/date.h"
#include "base/limits.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum {
    SERIAL_OF_1970 = 25569, /* day number of 1970-01-01 in a workbook's calendar */
    CHART_ROWS_MAX = 200,
    CHART_BELOW_ROWS = 40,
    LANDSCAPE_ROWS = 20, /* with a chart below; more rows stand on an upright page */
    COLUMN_WIDTH_MAX = 60,
    WIDTH_ROWS_MAX = 500 /* rows looked at for a column's width */
};

#define SHEET_NAME "report"

struct sheet {
    const struct report_table *table;
    bool chinese;
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_row_t first_row; /* of the data; the header stands above it */
    struct formats {
        lxw_format *title, *note, *header, *number_header, *text, *count, *percent, *ratio, *date;
    } plain, total;
    lxw_error failed; /* the first one */
};

static void note_failure(struct sheet *s, lxw_error code)
{
    s->failed = s->failed == LXW_NO_ERROR ? code : s->failed;
}

static lxw_format *format_make(struct sheet *s, const char *number_format, bool is_total)
{
    lxw_format *format = workbook_add_format(s->workbook);
    if (format == NULL) {
        note_failure(s, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    if (number_format != NULL) {
        format_set_num_format(format, number_format);
    }
    if (is_total) {
        format_set_bold(format);
        format_set_top(format, LXW_BORDER_MEDIUM);
    }
    return format;
}

static void header_style(lxw_format *format)
{
    format_set_bold(format);
    format_set_bg_color(format, 0xDCE6F1);
    format_set_bottom(format, LXW_BORDER_THIN);
    format_set_text_wrap(format);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
}

static void formats_make(struct sheet *s)
{
    for (int i = 0; i < 2; i++) {
        struct formats *f = i == 0 ? &s->plain : &s->total;
        f->text = format_make(s, NULL, i == 1);
        f->count = format_make(s, "#,##0", i == 1);
        f->percent = format_make(s, "0.00%", i == 1);
        f->ratio = format_make(s, "#,##0.00", i == 1);
        f->date = format_make(s, "yyyy-mm-dd", i == 1);
    }
    s->plain.title = format_make(s, NULL, false);
    s->plain.note = format_make(s, NULL, false);
    s->plain.header = format_make(s, NULL, false);
    s->plain.number_header = format_make(s, NULL, false);
    if (s->failed != LXW_NO_ERROR) {
        return;
    }
    /* The dash of a rate of nothing stands under the numbers; a date under its heading. */
    for (int i = 0; i < 2; i++) {
        struct formats *f = i == 0 ? &s->plain : &s->total;
        format_set_align(f->percent, LXW_ALIGN_RIGHT);
        format_set_align(f->ratio, LXW_ALIGN_RIGHT);
        format_set_align(f->date, LXW_ALIGN_LEFT);
    }
    format_set_bold(s->plain.title);
    format_set_font_size(s->plain.title, 16);
    format_set_font_color(s->plain.note, 0x4A5765);
    header_style(s->plain.header);
    header_style(s->plain.number_header);
    format_set_align(s->plain.number_header, LXW_ALIGN_RIGHT);
}

static lxw_format *format_of(const struct formats *f, enum report_type type)
{
    lxw_format *const by_type[] = {[REPORT_TEXT] = f->text,
                                   [REPORT_DATE] = f->date,
                                   [REPORT_COUNT] = f->count,
                                   [REPORT_PERCENT] = f->percent,
                                   [REPORT_RATIO] = f->ratio};
    return by_type[type];
}

static void text_write(struct sheet *s, lxw_row_t row, lxw_col_t col, const char *text, lxw_format *format)
{
    if (text == NULL || text[0] == '\0') {
        note_failure(s, worksheet_write_blank(s->sheet, row, col, format));
    } else {
        note_failure(s, worksheet_write_string(s->sheet, row, col, text, format));
    }
}

/* A percent or ratio as the division of two cells of its row. */
static void division_write(struct sheet *s, lxw_row_t row, lxw_col_t col, const struct report_column *column,
                           const struct report_cell *cell, lxw_format *format)
{
    char above[LXW_MAX_CELL_NAME_LENGTH];
    char below[LXW_MAX_CELL_NAME_LENGTH];
    char formula[128];
    char times[32] = "";
    int64_t scale = column->type == REPORT_PERCENT ? 1 : column->scale;
    if (scale != 1) {
        snprintf(times, sizeof times, "*%lld", (long long)scale);
    }
    lxw_rowcol_to_cell(above, row, (lxw_col_t)column->numerator);
    lxw_rowcol_to_cell(below, row, (lxw_col_t)column->denominator);
    snprintf(formula, sizeof formula, "=IF(%s>0,%s%s/%s,\"–\")", below, above, times, below);
    if (cell->denominator > 0) {
        double value = (double)cell->number * (double)scale / (double)cell->denominator;
        note_failure(s, worksheet_write_formula_num(s->sheet, row, col, formula, format, value));
    } else {
        note_failure(s, worksheet_write_formula_str(s->sheet, row, col, formula, format, "–"));
    }
}

static void cell_write(struct sheet *s, lxw_row_t row, int column, const struct report_cell *cell)
{
    const struct report_column *about = &s->table->columns[column];
    lxw_format *format = format_of(&s->plain, about->type);
    lxw_col_t col = (lxw_col_t)column;
    int32_t day = 0;
    if (cell->is_empty) {
        text_write(s, row, col, NULL, format);
    } else if (about->type == REPORT_COUNT) {
        note_failure(s, worksheet_write_number(s->sheet, row, col, (double)cell->number, format));
    } else if (about->type == REPORT_DATE && date_parse(cell->text, &day)) {
        note_failure(s, worksheet_write_number(s->sheet, row, col, day + SERIAL_OF_1970, format));
    } else if (about->type == REPORT_PERCENT || about->type == REPORT_RATIO) {
        division_write(s, row, col, about, cell, format);
    } else {
        text_write(s, row, col, cell->text, s->plain.text);
    }
}

static void total_write(struct sheet *s, lxw_row_t row, int column)
{
    const struct report_column *about = &s->table->columns[column];
    struct report_cell cell = report_total(s->table, column);
    lxw_format *format = format_of(&s->total, about->type);
    lxw_col_t col = (lxw_col_t)column;
    char range[LXW_MAX_CELL_RANGE_LENGTH];
    char formula[64];
    if (about->total == TOTAL_SUM) {
        lxw_rowcol_to_range(range, s->first_row, col, row - 1, col);
        snprintf(formula, sizeof formula, "=SUM(%s)", range);
        note_failure(s,
                     worksheet_write_formula_num(s->sheet, row, col, formula, format, (double)cell.number));
    } else if (about->total == TOTAL_RATIO) {
        division_write(s, row, col, about, &cell, format);
    } else {
        text_write(s, row, col, column == 0 ? (s->chinese ? "合计" : "Total") : NULL, s->total.text);
    }
}

/* Wide enough for the heading and the first rows. */
static void widths_set(struct sheet *s)
{
    char buffer[REPORT_NUMBER_SIZE];
    for (int c = 0; c < s->table->column_count; c++) {
        const struct report_column *column = &s->table->columns[c];
        size_t width = utf8_columns(s->chinese ? column->zh : column->en);
        for (size_t row = 0; row < s->table->row_count && row < WIDTH_ROWS_MAX; row++) {
            size_t here = utf8_columns(report_show(column, report_at(s->table, row, c), buffer));
            width = here > width ? here : width;
        }
        width = width > COLUMN_WIDTH_MAX ? COLUMN_WIDTH_MAX : width;
        note_failure(s, worksheet_set_column(s->sheet, (lxw_col_t)c, (lxw_col_t)c, (double)width + 4, NULL));
    }
}

static void head_write(struct sheet *s)
{
    const struct report_table *table = s->table;
    lxw_row_t row = 0;
    text_write(s, row++, 0, s->chinese ? table->title_zh : table->title_en, s->plain.title);
    for (size_t i = 0; i < table->note_count; i++) {
        text_write(s, row++, 0, s->chinese ? table->notes[i].zh : table->notes[i].en, s->plain.note);
    }
    for (int c = 0; c < table->column_count; c++) {
        bool is_number = table->columns[c].type >= REPORT_COUNT;
        text_write(s, row, (lxw_col_t)c, s->chinese ? table->columns[c].zh : table->columns[c].en,
                   is_number ? s->plain.number_header : s->plain.header);
    }
    s->first_row = row + 1;
}

static bool has_chart(const struct report_table *table)
{
    return table->chart != CHART_NONE && table->row_count > 0 && table->row_count <= CHART_ROWS_MAX;
}

/* Below a short table, where a printed page has room; beside a long one, where it can be found. */
static bool chart_is_below(const struct report_table *table)
{
    return has_chart(table) && table->row_count <= CHART_BELOW_ROWS;
}

static void chart_write(struct sheet *s)
{
    static const uint8_t TYPES[] = {
        [CHART_COLUMNS] = LXW_CHART_COLUMN, [CHART_BARS] = LXW_CHART_BAR, [CHART_LINE] = LXW_CHART_LINE};
    const struct report_table *table = s->table;
    if (!has_chart(table)) {
        return;
    }
    lxw_row_t last = s->first_row + (lxw_row_t)table->row_count - 1;
    lxw_chart *chart = workbook_add_chart(s->workbook, TYPES[table->chart]);
    lxw_chart_series *series = chart != NULL ? chart_add_series(chart, NULL, NULL) : NULL;
    if (series == NULL) {
        note_failure(s, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    chart_series_set_categories(series, SHEET_NAME, s->first_row, (lxw_col_t)table->chart_label, last,
                                (lxw_col_t)table->chart_label);
    chart_series_set_values(series, SHEET_NAME, s->first_row, (lxw_col_t)table->chart_value, last,
                            (lxw_col_t)table->chart_value);
    const struct report_column *value = &table->columns[table->chart_value];
    chart_title_set_name(chart, s->chinese ? value->zh : value->en);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    if (value->type == REPORT_PERCENT) {
        chart_axis_set_min(chart->y_axis, 0);
        chart_axis_set_max(chart->y_axis, 1);
        chart_axis_set_num_format(chart->y_axis, "0%");
    }
    lxw_chart_options options = {.x_scale = 1.4, .y_scale = 1.4};
    bool below = chart_is_below(table);
    note_failure(s, worksheet_insert_chart_opt(s->sheet, below ? last + 3 : s->first_row,
                                               below ? 0 : (lxw_col_t)(table->column_count + 1), chart,
                                               &options));
}

static void page_set(struct sheet *s)
{
    lxw_row_t header = s->first_row - 1;
    lxw_col_t last_col = (lxw_col_t)(s->table->column_count - 1);
    lxw_row_t last_row = s->first_row + (lxw_row_t)s->table->row_count;
    worksheet_freeze_panes(s->sheet, s->first_row, 0);
    note_failure(s, worksheet_set_row(s->sheet, header, 30, NULL));
    note_failure(s, worksheet_repeat_rows(s->sheet, header, header));
    if (s->table->row_count > 0) {
        note_failure(s, worksheet_autofilter(s->sheet, header, 0, last_row - 1, last_col));
    }
    bool one_page = chart_is_below(s->table); /* else the page's edge may cut the chart */
    if (!one_page || s->table->row_count <= LANDSCAPE_ROWS) {
        worksheet_set_landscape(s->sheet);
    }
    worksheet_set_paper(s->sheet, 9); /* A4 */
    worksheet_fit_to_pages(s->sheet, 1, one_page ? 1 : 0);
}

static void sheet_fill(struct sheet *s)
{
    formats_make(s);
    if (s->failed != LXW_NO_ERROR) {
        return;
    }
    /* Chinese fonts stand higher than the default row. */
    worksheet_set_default_row(s->sheet, 18, LXW_FALSE);
    head_write(s);
    widths_set(s);
    for (size_t row = 0; row < s->table->row_count; row++) {
        for (int c = 0; c < s->table->column_count; c++) {
            cell_write(s, s->first_row + (lxw_row_t)row, c, report_at(s->table, row, c));
        }
    }
    if (report_has_total(s->table) && s->table->row_count > 0) {
        for (int c = 0; c < s->table->column_count; c++) {
            total_write(s, s->first_row + (lxw_row_t)s->table->row_count, c);
        }
    }
    page_set(s);
    chart_write(s);
}

static lxw_error workbook_write(struct sheet *s, int32_t day, const char *path)
{
    char writable[] = "litang";
    lxw_workbook_options options = {0};
    s->workbook = workbook_new_opt(path, &options);
    if (s->workbook == NULL) {
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    }
    lxw_doc_properties properties = {.author = writable, .created = (time_t)day * 86400};
    note_failure(s, workbook_set_properties(s->workbook, &properties));
    s->sheet = workbook_add_worksheet(s->workbook, SHEET_NAME);
    if (s->sheet != NULL) {
        sheet_fill(s);
    } else {
        note_failure(s, LXW_ERROR_MEMORY_MALLOC_FAILED);
    }
    note_failure(s, workbook_close(s->workbook));
    return s->failed;
}

enum error_code report_write_xlsx(const struct report_table *table, bool chinese, int32_t day,
                                  const char *path, struct error *err)
{
    struct sheet sheet = {.table = table, .chinese = chinese};
    char part[4096 + 8];
    if (table->row_count + table->note_count + 3 > LIMIT_SHEET_ROWS) {
        return error_set(err, ERR_LIMIT,
                         "报表有 %zu 行，工作表最多 %zu 行，请改用 csv (the report has %zu rows, more than a "
                         "sheet; use csv)",
                         table->row_count, LIMIT_SHEET_ROWS, table->row_count);
    }
    int length = snprintf(part, sizeof part, "%s.part", path);
    if (length < 0 || (size_t)length >= sizeof part) {
        return error_set(err, ERR_IO, "文件名太长 (the file name is too long)");
    }
    errno = 0;
    lxw_error failed = workbook_write(&sheet, day, part);
    if (failed == LXW_NO_ERROR && rename(part, path) == 0) {
        return ERR_NONE;
    }
    int code = errno;
    (void)unlink(part);
    return error_set(err, failed == LXW_ERROR_MEMORY_MALLOC_FAILED ? ERR_MEMORY : ERR_IO, "%s: %s", path,
                     failed != LXW_NO_ERROR ? lxw_strerror(failed) : strerror(code));
}
