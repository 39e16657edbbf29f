/* A report as one self-contained page, for screens and for paper. */
#include "reports/report_write.h"

static const char STYLE[] =
    "body{font:15px/1.5 system-ui,'Noto Sans SC','Microsoft YaHei',sans-serif;color:#1c2733;margin:24px auto;"
    "max-width:1200px;padding:0 16px}"
    "h1{font-size:22px;margin:0 0 8px}"
    "ul{margin:0 0 16px;padding-left:20px;color:#4a5765;font-size:13px}"
    ".wide{overflow-x:auto}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "th,td{border-bottom:1px solid #d8dee5;padding:6px 10px;text-align:left;vertical-align:top}"
    "th{background:#eef2f6;position:sticky;top:0}"
    "th.n,td.n{text-align:right;white-space:nowrap}"
    "td.d{white-space:nowrap}"
    "td:not(.n):not(.d),th:not(.n){min-width:4.5em}"
    "td.p{background-image:linear-gradient(#cfe3d6,#cfe3d6);background-repeat:no-repeat;"
    "background-position:left bottom;background-size:var(--w) 4px}"
    "tfoot td{font-weight:600;border-top:2px solid #1c2733}"
    ".none{color:#4a5765}"
    "@media print{body{margin:0;max-width:none;font-size:11px}th{position:static}"
    "thead{display:table-header-group}tr{break-inside:avoid}.wide{overflow:visible}}";

static bool is_number(const struct report_column *column)
{
    return column->type != REPORT_TEXT && column->type != REPORT_DATE;
}

/* A percent carries a thin bar of its length. */
static void cell_add(const struct report_column *column, const struct report_cell *cell, struct text *out)
{
    char buffer[REPORT_NUMBER_SIZE];
    const char *value = report_show(column, cell, buffer);
    if (column->type == REPORT_PERCENT && cell->denominator > 0) {
        int64_t percent = cell->number * 100 / cell->denominator;
        text_addf(out, "<td class=\"n p\" style=\"--w:%d%%\">", percent > 100 ? 100 : (int)percent);
    } else {
        text_add(out, is_number(column)             ? "<td class=\"n\">"
                      : column->type == REPORT_DATE ? "<td class=\"d\">"
                                                    : "<td>");
    }
    text_add_html(out, value);
    text_add(out, column->type == REPORT_PERCENT && cell->denominator > 0 ? " %</td>" : "</td>");
}

static void head_add(const struct report_table *table, bool chinese, struct text *out)
{
    text_add(out, "<thead><tr>");
    for (int c = 0; c < table->column_count; c++) {
        text_add(out, is_number(&table->columns[c]) ? "<th class=\"n\">" : "<th>");
        text_add_html(out, chinese ? table->columns[c].zh : table->columns[c].en);
        text_add(out, "</th>");
    }
    text_add(out, "</tr></thead>\n");
}

static void foot_add(const struct report_table *table, bool chinese, struct text *out)
{
    text_add(out, "<tfoot><tr>");
    for (int c = 0; c < table->column_count; c++) {
        struct report_cell cell = report_total(table, c);
        if (c == 0 && table->columns[0].total == TOTAL_NONE) {
            text_add(out, chinese ? "<td>合计</td>" : "<td>Total</td>");
        } else {
            cell_add(&table->columns[c], &cell, out);
        }
    }
    text_add(out, "</tr></tfoot>\n");
}

void report_write_html(const struct report_table *table, bool chinese, struct text *out)
{
    const char *title = chinese ? table->title_zh : table->title_en;
    text_addf(out,
              "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
              "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>",
              chinese ? "zh-CN" : "en");
    text_add_html(out, title);
    text_addf(out, "</title><style>%s</style></head>\n<body><h1>", STYLE);
    text_add_html(out, title);
    text_add(out, "</h1>\n<ul>");
    for (size_t i = 0; i < table->note_count; i++) {
        text_add(out, "<li>");
        text_add_html(out, chinese ? table->notes[i].zh : table->notes[i].en);
        text_add(out, "</li>");
    }
    text_add(out, "</ul>\n<div class=\"wide\"><table>\n");
    head_add(table, chinese, out);
    if (report_has_total(table) && table->row_count > 0) {
        foot_add(table, chinese, out);
    }
    text_add(out, "<tbody>\n");
    for (size_t row = 0; row < table->row_count; row++) {
        text_add(out, "<tr>");
        for (int c = 0; c < table->column_count; c++) {
            cell_add(&table->columns[c], report_at(table, row, c), out);
        }
        text_add(out, "</tr>\n");
    }
    text_add(out, "</tbody></table></div>\n");
    if (table->row_count == 0) {
        text_addf(out, "<p class=\"none\">%s</p>\n", chinese ? "没有记录。" : "Nothing to list.");
    }
    text_add(out, "</body></html>\n");
}
