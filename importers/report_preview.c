/* What an import understood, for people (tables) and for programs (JSON). */
#include "base/limits.h"
#include "base/text.h"
#include "importers/report.h"
#include "importers/understood.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    /* Terminal columns of a table's cell; what is longer ends in "…". */
    CELL_WIDTH = 26,
    /* Conversions shown as text; the JSON form has all. */
    CONVERSIONS_SHOWN = 200
};

/* Terminal columns of a character: most of what we print from U+1100 on is East Asian and takes two. */
static size_t point_width(uint32_t point)
{
    return point >= 0x1100 && !(point >= 0x2000 && point < 0x2E80) ? 2 : 1;
}

static size_t text_width(const char *text)
{
    size_t width = 0;
    size_t length = strlen(text);
    for (size_t at = 0; at < length;) {
        uint32_t point = 0;
        size_t step = utf8_next(text + at, length - at, &point);
        width += point_width(point);
        at += step == 0 ? 1 : step;
    }
    return width;
}

/* The text in `width` columns, and two more between cells. */
static void cell_pad(const char *text, size_t width, struct text *out)
{
    size_t used = 0;
    size_t length = strlen(text);
    bool is_cut = text_width(text) > width;
    for (size_t at = 0; at < length;) {
        uint32_t point = 0;
        size_t step = utf8_next(text + at, length - at, &point);
        size_t next = point_width(point);
        if (used + next > (is_cut ? width - 1 : width)) {
            break;
        }
        if (point < ' ') {
            text_add_char(out, ' ');
        } else {
            text_add_bytes(out, text + at, step);
        }
        used += next;
        at += step == 0 ? 1 : step;
    }
    if (is_cut) {
        text_add(out, "…");
        used++;
    }
    for (; used < width + 2; used++) {
        text_add_char(out, ' ');
    }
}

static size_t column_width(const struct import_preview *preview, size_t column)
{
    size_t width = text_width(preview->headers[column]);
    for (size_t r = 0; r < preview->row_count; r++) {
        size_t cell = text_width(preview->rows[r][column]);
        width = cell > width ? cell : width;
    }
    return width < CELL_WIDTH ? width : CELL_WIDTH;
}

/* Columns without a value in any of the rows are left out. */
static bool column_is_empty(const struct import_preview *preview, size_t column)
{
    bool is_empty = true;
    for (size_t r = 0; r < preview->row_count; r++) {
        is_empty = is_empty && *preview->rows[r][column] == '\0';
    }
    return is_empty;
}

static void preview_write(const struct import_report *report, const struct import_sheet *part,
                          enum import_language language, struct text *out)
{
    const struct import_preview *preview = &part->preview;
    text_addf(out,
              language == IMPORT_EN ? "%s%s%s: the first %zu rows as understood\n"
                                    : "%s%s%s：前 %zu 行的理解\n",
              report->file, *part->sheet->name == '\0' ? "" : " · ", part->sheet->name, preview->row_count);
    cell_pad(language == IMPORT_EN ? "row" : "行", 6, out);
    for (size_t c = 0; c < preview->column_count; c++) {
        if (!column_is_empty(preview, c)) {
            cell_pad(preview->headers[c], column_width(preview, c), out);
        }
    }
    text_add_char(out, '\n');
    for (size_t r = 0; r < preview->row_count; r++) {
        char number[16];
        (void)snprintf(number, sizeof number, "%" PRIu32, preview->row_numbers[r]);
        cell_pad(number, 6, out);
        for (size_t c = 0; c < preview->column_count; c++) {
            if (!column_is_empty(preview, c)) {
                cell_pad(preview->rows[r][c], column_width(preview, c), out);
            }
        }
        text_add_char(out, '\n');
    }
}

static void conversion_write(const struct import_conversion *conversion, enum import_language language,
                             struct text *out)
{
    char place[LIMIT_NAME_BYTES + 16];
    (void)snprintf(place, sizeof place, "%s%s%" PRIu32, conversion->sheet,
                   *conversion->sheet == '\0' ? "" : ":", conversion->row);
    cell_pad(place, 6, out);
    cell_pad(conversion->header, 14, out);
    cell_pad(conversion->written, 24, out);
    text_add(out, "→ ");
    struct text why;
    text_init(&why, LIMIT_NOTE_BYTES);
    how_explain(conversion->how, conversion->year_source, language != IMPORT_EN, &why);
    if (why.length == 0) {
        text_add(out, conversion->understood);
    } else {
        cell_pad(conversion->understood, CELL_WIDTH, out);
        text_addf(out, language == IMPORT_EN ? "(%s)" : "（%s）", text_string(&why));
    }
    text_finish(&why);
    text_add_char(out, '\n');
}

void import_report_write_preview(const struct import_report *report, enum import_language language,
                                 struct text *out)
{
    const struct import_conversions *list = &report->conversions;
    for (size_t i = 0; i < report->sheet_count; i++) {
        if (report->sheets[i].preview.row_count > 0) {
            preview_write(report, &report->sheets[i], language, out);
        }
    }
    if (list->total == 0) {
        return;
    }
    text_addf(out,
              language == IMPORT_EN ? "\nunderstood otherwise than written (%zu):\n"
                                    : "\n写法与理解不同之处（%zu 处）：\n",
              list->total);
    size_t shown = list->count < CONVERSIONS_SHOWN ? list->count : CONVERSIONS_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        conversion_write(&list->items[i], language, out);
    }
    if (list->total > shown) {
        text_addf(out,
                  language == IMPORT_EN ? "… and %zu more (--format json lists them)\n"
                                        : "……另有 %zu 处（--format json 全部列出）\n",
                  list->total - shown);
    }
}

/* ---- JSON ---- */

static void json_text(const char *name, const char *value, struct text *out)
{
    text_addf(out, "\"%s\":", name);
    text_add_json(out, value);
}

static void json_findings(const char *name, const struct import_findings *list, struct text *out)
{
    text_addf(out, "\"%s_total\":%zu,\"%s\":[", name, list->total, name);
    for (size_t i = 0; i < list->count; i++) {
        const struct import_finding *finding = &list->items[i];
        text_add(out, i == 0 ? "{" : ",{");
        json_text("code", import_code_name(finding->code), out);
        text_add_char(out, ',');
        json_text("sheet", finding->sheet, out);
        text_addf(out, ",\"row\":%" PRIu32 ",\"column\":%" PRIu32 ",", finding->row, finding->column);
        json_text("header", finding->header, out);
        text_add_char(out, ',');
        json_text("text", finding->text, out);
        text_add_char(out, ',');
        json_text("zh", finding->zh, out);
        text_add_char(out, ',');
        json_text("en", finding->en, out);
        text_add_char(out, '}');
    }
    text_add_char(out, ']');
}

static void json_why(const struct import_conversion *conversion, bool chinese, struct text *out)
{
    struct text why;
    text_init(&why, LIMIT_NOTE_BYTES);
    how_explain(conversion->how, conversion->year_source, chinese, &why);
    json_text(chinese ? "zh" : "en", text_string(&why), out);
    text_finish(&why);
}

static void json_conversions(const struct import_conversions *list, struct text *out)
{
    text_addf(out, "\"conversions_total\":%zu,\"conversions\":[", list->total);
    for (size_t i = 0; i < list->count; i++) {
        const struct import_conversion *conversion = &list->items[i];
        text_add(out, i == 0 ? "{" : ",{");
        json_text("sheet", conversion->sheet, out);
        text_addf(out, ",\"row\":%" PRIu32 ",\"column\":%" PRIu32 ",", conversion->row, conversion->column);
        json_text("header", conversion->header, out);
        text_add_char(out, ',');
        json_text("written", conversion->written, out);
        text_add_char(out, ',');
        json_text("understood", conversion->understood, out);
        text_add_char(out, ',');
        json_why(conversion, true, out);
        text_add_char(out, ',');
        json_why(conversion, false, out);
        text_add_char(out, '}');
    }
    text_add_char(out, ']');
}

static void json_sheets(const struct import_report *report, struct text *out)
{
    text_add(out, "\"sheets\":[");
    for (size_t i = 0; i < report->sheet_count; i++) {
        const struct import_sheet *part = &report->sheets[i];
        const struct import_preview *preview = &part->preview;
        text_add(out, i == 0 ? "{" : ",{");
        json_text("name", part->sheet->name, out);
        text_add_char(out, ',');
        json_text("kind", import_kind_name(part->kind), out);
        text_addf(
            out, ",\"header_row\":%" PRIu32 ",\"rows\":%zu,\"bad\":%zu,\"skipped\":%zu,\"year\":%" PRId32 ",",
            part->header_row, part->rows_read, part->rows_bad, part->rows_skipped, part->year);
        json_text("year_source",
                  part->year_source == YEAR_UNKNOWN ? "" : year_source_text(part->year_source, false), out);
        text_add(out, ",\"preview\":{\"headers\":[");
        for (size_t c = 0; c < preview->column_count; c++) {
            text_add(out, c == 0 ? "" : ",");
            text_add_json(out, preview->headers[c]);
        }
        text_add(out, "],\"rows\":[");
        for (size_t r = 0; r < preview->row_count; r++) {
            text_addf(out, "%s{\"row\":%" PRIu32 ",\"cells\":[", r == 0 ? "" : ",", preview->row_numbers[r]);
            for (size_t c = 0; c < preview->column_count; c++) {
                text_add(out, c == 0 ? "" : ",");
                text_add_json(out, preview->rows[r][c]);
            }
            text_add(out, "]}");
        }
        text_add(out, "]}}");
    }
    text_add_char(out, ']');
}

void import_report_write_json(const struct import_report *report, struct text *out)
{
    text_add_char(out, '{');
    json_text("file", report->file, out);
    text_add_char(out, ',');
    json_text("kind", import_kind_name(report->kind), out);
    text_add_char(out, ',');
    json_text("encoding", report->encoding, out);
    text_addf(out,
              ",\"dry_run\":%s,\"committed\":%s,\"revision\":%" PRId64
              ",\"rows\":%zu,\"good\":%zu,\"bad\":%zu,"
              "\"skipped\":%zu,\"created\":%zu,\"updated\":%zu,\"unchanged\":%zu,\"reflagged\":%zu,",
              report->dry_run ? "true" : "false", report->is_committed ? "true" : "false",
              report->has_result ? report->result.revision : 0, report->rows_read, report->rows_good,
              report->rows_bad, report->rows_skipped, report->created, report->updated, report->unchanged,
              report->has_result ? report->result.reflagged.count : 0);
    json_findings("errors", &report->errors, out);
    text_add_char(out, ',');
    json_findings("warnings", &report->warnings, out);
    text_add_char(out, ',');
    json_conversions(&report->conversions, out);
    text_add_char(out, ',');
    json_sheets(report, out);
    text_add(out, "}\n");
}
