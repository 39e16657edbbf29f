/* The text formats of a report: table, CSV, JSON. */
#include "reports/report_write.h"

#include <string.h>

static const char *title_of(const struct report_table *table, bool chinese)
{
    return chinese ? table->title_zh : table->title_en;
}

static const char *heading_of(const struct report_column *column, bool chinese)
{
    return chinese ? column->zh : column->en;
}

static bool is_number(const struct report_column *column)
{
    return column->type != REPORT_TEXT && column->type != REPORT_DATE;
}

/* What the total line shows in a column: its word stands in the first. */
static const char *total_show(const struct report_table *table, int column, bool chinese,
                              char buffer[REPORT_NUMBER_SIZE])
{
    if (column == 0 && table->columns[0].total == TOTAL_NONE) {
        return chinese ? "合计" : "Total";
    }
    struct report_cell cell = report_total(table, column);
    return report_show(&table->columns[column], &cell, buffer);
}

/* ---- table ---- */

static void padded_add(struct text *out, const char *value, size_t columns, bool right, bool last)
{
    size_t taken = utf8_columns(value);
    size_t blanks = columns > taken ? columns - taken : 0;
    for (size_t i = 0; right && i < blanks; i++) {
        text_add_char(out, ' ');
    }
    text_add(out, value);
    for (size_t i = 0; !right && !last && i < blanks; i++) {
        text_add_char(out, ' ');
    }
    text_add(out, last ? "\n" : "  ");
}

static void widths_measure(const struct report_table *table, bool chinese, size_t widths[REPORT_COLUMNS_MAX])
{
    char buffer[REPORT_NUMBER_SIZE];
    for (int c = 0; c < table->column_count; c++) {
        widths[c] = utf8_columns(heading_of(&table->columns[c], chinese));
        for (size_t row = 0; row < table->row_count; row++) {
            size_t width = utf8_columns(report_show(&table->columns[c], report_at(table, row, c), buffer));
            widths[c] = width > widths[c] ? width : widths[c];
        }
        size_t total = report_has_total(table) ? utf8_columns(total_show(table, c, chinese, buffer)) : 0;
        widths[c] = total > widths[c] ? total : widths[c];
    }
}

static void rule_add(const struct report_table *table, const size_t *widths, struct text *out)
{
    for (int c = 0; c < table->column_count; c++) {
        for (size_t i = 0; i < widths[c]; i++) {
            text_add_char(out, '-');
        }
        text_add(out, c + 1 == table->column_count ? "\n" : "  ");
    }
}

void report_write_table(const struct report_table *table, bool chinese, struct text *out)
{
    size_t widths[REPORT_COLUMNS_MAX];
    char buffer[REPORT_NUMBER_SIZE];
    int last = table->column_count - 1;
    widths_measure(table, chinese, widths);
    text_addf(out, "%s\n", title_of(table, chinese));
    for (size_t i = 0; i < table->note_count; i++) {
        text_addf(out, "%s\n", chinese ? table->notes[i].zh : table->notes[i].en);
    }
    text_add(out, "\n");
    for (int c = 0; c <= last; c++) {
        padded_add(out, heading_of(&table->columns[c], chinese), widths[c], is_number(&table->columns[c]),
                   c == last);
    }
    rule_add(table, widths, out);
    for (size_t row = 0; row < table->row_count; row++) {
        for (int c = 0; c <= last; c++) {
            padded_add(out, report_show(&table->columns[c], report_at(table, row, c), buffer), widths[c],
                       is_number(&table->columns[c]), c == last);
        }
    }
    if (report_has_total(table)) {
        rule_add(table, widths, out);
        for (int c = 0; c <= last; c++) {
            padded_add(out, total_show(table, c, chinese, buffer), widths[c], is_number(&table->columns[c]),
                       c == last);
        }
    }
}

/* ---- CSV ---- */

/* Numbers are ours and never formulas; "–" is no number and stays text. */
static void csv_cell(const struct report_column *column, const char *value, struct text *out)
{
    if (is_number(column)) {
        text_add_csv(out, value);
    } else {
        text_add_csv_safe(out, value);
    }
}

void report_write_csv(const struct report_table *table, bool chinese, struct text *out)
{
    char buffer[REPORT_NUMBER_SIZE];
    text_add(out, "\xEF\xBB\xBF");
    for (int c = 0; c < table->column_count; c++) {
        text_add(out, c > 0 ? "," : "");
        text_add_csv(out, heading_of(&table->columns[c], chinese));
    }
    text_add(out, "\r\n");
    for (size_t row = 0; row < table->row_count; row++) {
        for (int c = 0; c < table->column_count; c++) {
            text_add(out, c > 0 ? "," : "");
            csv_cell(&table->columns[c], report_show(&table->columns[c], report_at(table, row, c), buffer),
                     out);
        }
        text_add(out, "\r\n");
    }
    if (report_has_total(table)) {
        for (int c = 0; c < table->column_count; c++) {
            text_add(out, c > 0 ? "," : "");
            csv_cell(&table->columns[c], total_show(table, c, chinese, buffer), out);
        }
        text_add(out, "\r\n");
    }
}

/* ---- JSON ---- */

static void json_cell(const struct report_column *column, const struct report_cell *cell, struct text *out)
{
    char buffer[REPORT_NUMBER_SIZE];
    const char *value = report_show(column, cell, buffer);
    bool nothing = cell->is_empty || (column->type >= REPORT_PERCENT && cell->denominator <= 0);
    if (!is_number(column)) {
        text_add_json(out, value);
    } else {
        text_add(out, nothing ? "null" : value);
    }
}

static void json_columns(const struct report_table *table, bool chinese, struct text *out)
{
    static const char *const TYPES[] = {[REPORT_TEXT] = "text",
                                        [REPORT_DATE] = "date",
                                        [REPORT_COUNT] = "count",
                                        [REPORT_PERCENT] = "percent",
                                        [REPORT_RATIO] = "ratio"};
    for (int c = 0; c < table->column_count; c++) {
        text_addf(out, "%s{\"key\":\"%s\",\"title\":", c > 0 ? "," : "", table->columns[c].key);
        text_add_json(out, heading_of(&table->columns[c], chinese));
        text_addf(out, ",\"type\":\"%s\"}", TYPES[table->columns[c].type]);
    }
}

void report_write_json(const struct report_table *table, bool chinese, struct text *out)
{
    text_addf(out, "{\"report\":\"%s\",\"title\":", table->name);
    text_add_json(out, title_of(table, chinese));
    text_add(out, ",\"notes\":[");
    for (size_t i = 0; i < table->note_count; i++) {
        text_add(out, i > 0 ? "," : "");
        text_add_json(out, chinese ? table->notes[i].zh : table->notes[i].en);
    }
    text_add(out, "],\n\"columns\":[");
    json_columns(table, chinese, out);
    text_add(out, "],\n\"rows\":[");
    for (size_t row = 0; row < table->row_count; row++) {
        for (int c = 0; c < table->column_count; c++) {
            text_addf(out, "%s\"%s\":", c > 0 ? "," : row > 0 ? ",\n{" : "\n{", table->columns[c].key);
            json_cell(&table->columns[c], report_at(table, row, c), out);
        }
        text_add(out, "}");
    }
    text_add(out, "],\n\"total\":");
    bool first = true;
    for (int c = 0; c < table->column_count; c++) {
        if (table->columns[c].total != TOTAL_NONE) {
            struct report_cell cell = report_total(table, c);
            text_addf(out, "%s\"%s\":", first ? "{" : ",", table->columns[c].key);
            json_cell(&table->columns[c], &cell, out);
            first = false;
        }
    }
    text_add(out, first ? "null}\n" : "}}\n");
}
