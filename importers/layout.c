#include "importers/layout.h"

#include "base/limits.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- rows that are no records ---- */

static bool is_sum_word(const char *text)
{
    /* All begin with one of five characters of three bytes; few cells do. */
    if (*text != "合"[0] && *text != "总"[0] && *text != "累"[0]) {
        return false;
    }
    static const char *const SUMS[] = {"合计", "总计", "小计", "共计", "累计", "合 计", "总 计", "小 计"};
    for (size_t i = 0; i < sizeof SUMS / sizeof *SUMS; i++) {
        size_t size = strlen(SUMS[i]);
        if (text[1] == SUMS[i][1] && strncmp(text, SUMS[i], size) == 0 &&
            (text[size] == '\0' || text[size] == ':' || strncmp(text + size, "：", 3) == 0)) {
            return true;
        }
    }
    return false;
}

static bool is_note(const char *text)
{
    static const char *const NOTES[] = {
        "注：",     "注:",      "备注：",   "备注:",      "说明：",   "说明:",   "填表说明",
        "填报人：", "填报人:",  "制表人：", "制表人:",    "填表人：", "填表人:", "审核人：",
        "审核人:",  "负责人：", "负责人:",  "填报单位：", "联系人：", "联系人:", "填报日期",
        "制表日期", "单位盖章", "note:",    "Note:"};
    for (size_t i = 0; i < sizeof NOTES / sizeof *NOTES; i++) {
        if (strncmp(text, NOTES[i], strlen(NOTES[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* The header again, as on every printed page: every text stands under itself, and there are enough of them.
 */
static bool repeats_header(const struct sheet *sheet, const struct header *header,
                           const struct sheet_row *row)
{
    for (size_t r = header->row_index; r < header_end(header); r++) {
        const struct sheet_row *title = &sheet->rows[r];
        size_t texts = 0;
        size_t titles = 0;
        bool is_same = true;
        for (uint32_t c = 0; c < row->cell_count && is_same; c++) {
            const char *text = sheet_text(sheet, row, c);
            texts += *text != '\0' ? 1 : 0;
            is_same = *text == '\0' || strcmp(text, sheet_text(sheet, title, c)) == 0;
        }
        for (uint32_t c = 0; c < title->cell_count && is_same; c++) {
            titles += *sheet_text(sheet, title, c) != '\0' ? 1 : 0;
        }
        if (is_same && texts * 2 >= titles) {
            return true;
        }
    }
    return false;
}

static bool is_no_record(const struct sheet *sheet, const struct header *header, const struct sheet_row *row,
                         bool *ret_sum)
{
    enum {
        SUM_COLUMNS = 3, /* 合计 stands in the first column, or beside a number or a township */
        NOTE_TEXTS = 3
    };
    const char *first = "";
    size_t texts = 0;
    for (uint32_t c = 0; c < row->cell_count && texts <= SUM_COLUMNS; c++) {
        const char *text = sheet_text(sheet, row, c);
        if (*text == '\0') {
            continue;
        }
        first = *first == '\0' ? text : first;
        if (texts++ < SUM_COLUMNS && is_sum_word(text)) {
            *ret_sum = true;
            return true;
        }
    }
    return (texts <= NOTE_TEXTS && is_note(first)) || repeats_header(sheet, header, row);
}

static void mark_rows(struct sheet *sheet, const struct header *header)
{
    for (size_t r = header_end(header); r < sheet->row_count; r++) {
        bool is_sum = false;
        struct sheet_row *row = &sheet->rows[r];
        row->is_skipped = row->cell_count > 0 && is_no_record(sheet, header, row, &is_sum);
    }
}

/* ---- merged cells ---- */

static bool is_used(const struct header *header, uint32_t column)
{
    for (size_t i = 0; i < header->kind->column_count; i++) {
        if (header->columns[i] == column) {
            return true;
        }
    }
    return false;
}

/* A text across half of the table or more is a section's title, when nothing else stands beside it. */
static bool is_section(const struct sheet *sheet, const struct header *header,
                       const struct sheet_merge *merge, const struct sheet_row *row)
{
    uint32_t width = merge->last_column - merge->first_column + 1;
    size_t texts = 0;
    for (uint32_t c = 0; c < row->cell_count; c++) {
        texts += *sheet_text(sheet, row, c) != '\0' ? 1 : 0;
    }
    return texts == 1 && width >= 3 && width * 2 >= header_width(sheet, header);
}

static enum error_code fill_merge(struct sheet *sheet, const struct header *header,
                                  const struct sheet_merge *merge, size_t *steps)
{
    size_t first = sheet_row_from(sheet, merge->first_row);
    if (first < header_end(header) || first >= sheet->row_count ||
        sheet->rows[first].number != merge->first_row) {
        return ERR_NONE;
    }
    const char *text = sheet_text(sheet, &sheet->rows[first], merge->first_column - 1);
    if (*text == '\0' || sheet->rows[first].is_skipped) {
        return ERR_NONE;
    }
    if (merge->first_row == merge->last_row && is_section(sheet, header, merge, &sheet->rows[first])) {
        sheet->rows[first].is_skipped = true;
        return ERR_NONE;
    }
    uint32_t width = header_width(sheet, header);
    for (size_t r = first; r < sheet->row_count && sheet->rows[r].number <= merge->last_row; r++) {
        for (uint32_t c = merge->first_column - 1; c < merge->last_column && c < width; c++) {
            if (++*steps > LIMIT_IMPORT_CELLS) {
                return ERR_LIMIT;
            }
            if (sheet->rows[r].is_skipped || *sheet_text(sheet, &sheet->rows[r], c) != '\0' ||
                !is_used(header, c)) {
                continue;
            }
            enum error_code code = sheet_put(sheet, r, c, text, NULL);
            if (code != ERR_NONE) {
                return code;
            }
        }
    }
    return ERR_NONE;
}

static enum error_code fill_merges(struct sheet *sheet, const struct header *header)
{
    size_t steps = 0;
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < sheet->merge_count && code == ERR_NONE; i++) {
        code = fill_merge(sheet, header, &sheet->merges[i], &steps);
    }
    return code;
}

/* ---- as above ---- */

static bool is_as_above(const struct kind *kind, size_t column)
{
    return (kind->as_above >> column & 1U) != 0;
}

/* Only other grouping columns, and those that nobody reads (序号), may stand before it. */
static bool leads_table(const struct header *header, size_t column)
{
    for (size_t i = 0; i < header->kind->column_count; i++) {
        if (header->columns[i] < header->columns[column] && !is_as_above(header->kind, i)) {
            return false;
        }
    }
    return true;
}

static bool is_merged_downwards(const struct sheet *sheet, const struct header *header, uint32_t column)
{
    for (size_t i = 0; i < sheet->merge_count; i++) {
        const struct sheet_merge *merge = &sheet->merges[i];
        if (merge->first_column <= column + 1 && merge->last_column >= column + 1 &&
            merge->last_row > merge->first_row &&
            merge->first_row > sheet->rows[header_end(header) - 1].number) {
            return true;
        }
    }
    return false;
}

struct filled {
    uint32_t count, first_row;
    struct text rows; /* their numbers, the first ones */
    const char *text; /* of the first */
};

static bool say_filled(struct import_report *report, const struct sheet *sheet, const struct header *header,
                       uint32_t column, const struct filled *filled)
{
    struct text zh;
    struct text en;
    const char *title = header_text(sheet, header, column);
    const char *more = filled->count > 10 ? "…" : "";
    text_init(&zh, LIMIT_NOTE_BYTES);
    text_init(&en, LIMIT_NOTE_BYTES);
    text_addf(&zh, "“%s”有 %" PRIu32 " 行空着，按上面一行的内容读取：第 %s%s 行", title, filled->count,
              text_string(&filled->rows), more);
    text_addf(&en, "\"%s\" is empty in %" PRIu32 " rows, read as in the row above: rows %s%s", title,
              filled->count, text_string(&filled->rows), more);
    const struct import_finding finding = {.code = CODE_ASSUMED,
                                           .sheet = sheet->name,
                                           .row = filled->first_row,
                                           .column = column + 1,
                                           .header = title,
                                           .zh = text_string(&zh),
                                           .en = text_string(&en),
                                           .text = filled->text};
    bool is_said = import_report_add(report, true, &finding);
    text_finish(&en);
    text_finish(&zh);
    return is_said;
}

static void count_filled(struct filled *filled, const struct sheet_row *row, const char *text)
{
    if (filled->count == 0) {
        filled->first_row = row->number;
        filled->text = text;
    }
    if (filled->count < 10) {
        text_addf(&filled->rows, "%s%" PRIu32, filled->count == 0 ? "" : ", ", row->number);
    }
    filled->count++;
}

/* Does a grouping column left of `column` begin something new in this row? Then an empty cell is just empty.
 */
static bool begins_new_group(const struct sheet *sheet, const struct header *header, size_t column,
                             const struct sheet_row *row, const struct sheet_row *before)
{
    for (size_t i = 0; i < header->kind->column_count; i++) {
        uint32_t at = header->columns[i];
        if (at < header->columns[column] && is_as_above(header->kind, i) &&
            strcmp(sheet_text(sheet, row, at), sheet_text(sheet, before, at)) != 0) {
            return true;
        }
    }
    return false;
}

static enum error_code fill_column(struct sheet *sheet, const struct header *header, size_t column,
                                   struct filled *filled)
{
    uint32_t at = header->columns[column];
    size_t above = SIZE_MAX; /* the last row with a text of this group */
    for (size_t r = header_end(header); r < sheet->row_count; r++) {
        struct sheet_row *row = &sheet->rows[r];
        bool is_sum = false;
        if (row->is_skipped) {
            above = is_no_record(sheet, header, row, &is_sum) && is_sum ? SIZE_MAX : above;
            continue;
        }
        if (row->cell_count == 0) {
            continue;
        }
        if (*sheet_text(sheet, row, at) != '\0') {
            above = r;
            continue;
        }
        if (above == SIZE_MAX || begins_new_group(sheet, header, column, row, &sheet->rows[above])) {
            above = SIZE_MAX;
            continue;
        }
        const char *text = sheet_text(sheet, &sheet->rows[above], at);
        enum error_code code = sheet_put(sheet, r, at, text, NULL);
        if (code != ERR_NONE) {
            return code;
        }
        count_filled(filled, row, text);
    }
    return ERR_NONE;
}

/* From left to right, so that a county is known before its townships are. */
static enum error_code fill_as_above(struct sheet *sheet, const struct header *header,
                                     struct import_report *report)
{
    uint32_t width = header_width(sheet, header);
    for (uint32_t c = 0; c < width; c++) {
        for (size_t i = 0; i < header->kind->column_count; i++) {
            if (header->columns[i] != c || !is_as_above(header->kind, i) || !leads_table(header, i) ||
                is_merged_downwards(sheet, header, c)) {
                continue;
            }
            struct filled filled = {.text = ""};
            text_init(&filled.rows, LIMIT_NAME_BYTES);
            enum error_code code = fill_column(sheet, header, i, &filled);
            if (code == ERR_NONE && filled.count > 0 && !say_filled(report, sheet, header, c, &filled)) {
                code = ERR_MEMORY;
            }
            text_finish(&filled.rows);
            if (code != ERR_NONE) {
                return code;
            }
        }
    }
    return ERR_NONE;
}

enum error_code layout_settle(struct sheet *sheet, const struct header *header, struct import_report *report)
{
    mark_rows(sheet, header);
    enum error_code code = fill_merges(sheet, header);
    return code == ERR_NONE ? fill_as_above(sheet, header, report) : code;
}
