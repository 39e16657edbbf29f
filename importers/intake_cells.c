/* The cells of a row into values: the table's parsers, remembered values of repeated texts, the year of dates
 * without one, and what the report shows of it all. */
#include "importers/guard.h"
#include "importers/intake.h"
#include "importers/understood.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* Slots a column: a ledger's halls, courses, dates and times repeat. A power of two. */
    MEMO_SLOTS = 2048
};

/* A text that was read before without a fault, and what it gave. Both pointers are of the sheet or the arena.
 */
struct memo {
    const char *text; /* NULL: empty */
    struct value value;
};

struct memo *memos_create(size_t columns)
{
    return calloc(columns * MEMO_SLOTS, sizeof(struct memo));
}

/* By the hash of the cell in the sheet; `text` may be a part of it, or another when two copies of a row are
 * merged, and is compared anyway. */
static struct memo *memo_slot(struct intake *intake, size_t column)
{
    const char *stored = sheet_text(intake->sheet, intake->row, intake->header->columns[column]);
    uint32_t hash = *stored == '\0' ? 0 : cell_pool_hash(stored);
    return &intake->memos[column * MEMO_SLOTS + (hash >> 8 & (MEMO_SLOTS - 1))];
}

static bool is_ready_for_year(const struct intake *intake, const struct column *column)
{
    return value_is_dated(column->parse) && intake->context.year == 0;
}

/* Parses; a date that fails for want of a year is read again with the one that the file tells. */
static bool cell_read(struct intake *intake, size_t index, const char *text, struct value *ret_value,
                      struct fault *ret_fault)
{
    const struct column *column = &intake->header->kind->columns[index];
    if (column->parse(&column->rule, text, &intake->context, ret_value, ret_fault)) {
        return true;
    }
    if (!is_ready_for_year(intake, column)) {
        return false;
    }
    if (!intake->years_known) {
        intake_years_find(intake);
    }
    struct value_context beside = intake->context;
    if (beside.year == 0 && intake->part->year_source == YEAR_NEIGHBOURS) {
        beside.year = intake_year_beside(intake, index);
    }
    return beside.year != 0 && column->parse(&column->rule, text, &beside, ret_value, ret_fault);
}

void intake_convert(struct intake *intake, size_t column, uint16_t how, const char *understood)
{
    const struct sheet *sheet = intake->sheet;
    uint32_t at = intake->header->columns[column];
    const struct import_conversion conversion = {
        .row = intake->row->number,
        .column = at == NONE ? 0 : at + 1,
        .sheet = sheet->name,
        .header =
            at == NONE ? intake->header->kind->columns[column].zh : header_text(sheet, intake->header, at),
        .written = at == NONE ? "" : sheet_text(sheet, intake->row, at),
        .understood = understood,
        .how = how,
        .year_source = intake->part->year_source};
    if (!import_report_convert(intake->report, &conversion)) {
        intake->failed = ERR_MEMORY;
    }
}

static void conversion_add(struct intake *intake, size_t column)
{
    const struct value *value = &intake->values[column];
    struct import_conversions *list = &intake->report->conversions;
    if (list->count >= LIMIT_IMPORT_CONVERSIONS) {
        list->total++;
        return;
    }
    struct text understood;
    text_init(&understood, LIMIT_NOTE_BYTES);
    value_understood(intake->header->kind->columns[column].parse, value, &understood);
    intake_convert(intake, column, value->how, text_string(&understood));
    text_finish(&understood);
}

/* What a spreadsheet shows for a formula that failed, or for a number in too narrow a column. */
static bool is_cell_error(const char *text)
{
    static const char *const ERRORS[] = {"#N/A",  "#REF!",  "#VALUE!", "#DIV/0!",       "#NAME?",
                                         "#NUM!", "#NULL!", "#SPILL!", "#GETTING_DATA", "#CALC!"};
    for (size_t i = 0; i < sizeof ERRORS / sizeof *ERRORS; i++) {
        if (strcmp(text, ERRORS[i]) == 0) {
            return true;
        }
    }
    return strlen(text) >= 4 && strspn(text, "#") == strlen(text);
}

static void cell_parse(struct intake *intake, size_t index, const char *text)
{
    if (*text == '#' && is_cell_error(text)) {
        intake_error(intake, index, CODE_CELL_ERROR, "单元格是公式错误 %s；请在表格里改正公式或直接填写内容",
                     "the cell shows the formula error %s; mend the formula or write the value", text);
        return;
    }
    struct memo *memo = memo_slot(intake, index);
    if (memo->text == text || (memo->text != NULL && strcmp(memo->text, text) == 0)) {
        intake->values[index] = memo->value;
    } else {
        struct value value = VALUE_NONE;
        struct fault fault;
        if (!cell_read(intake, index, text, &value, &fault)) {
            intake_fault(intake, index, &fault);
            return;
        }
        intake->values[index] = value;
        /* What depends on the rows around it is not remembered. */
        if ((value.how & HOW_YEAR) == 0 || intake->context.year != 0) {
            *memo = (struct memo){text, value};
        }
    }
    if (intake->values[index].how != 0) {
        conversion_add(intake, index);
    }
}

const char *intake_cell(struct intake *intake, size_t column)
{
    uint32_t at = intake->header->columns[column];
    const char *text = at == NONE ? "" : sheet_text(intake->sheet, intake->row, at);
    text = guard_take(text, &intake->arena);
    if (text == NULL) {
        intake->failed = ERR_MEMORY;
        return "";
    }
    return text;
}

void intake_parse(struct intake *intake, size_t column, const char *text)
{
    const struct column *about = &intake->header->kind->columns[column];
    intake->values[column] = VALUE_NONE;
    if (intake->header->columns[column] == NONE) {
        return;
    }
    if (*text != '\0') {
        cell_parse(intake, column, text);
    } else if (about->need == COLUMN_REQUIRED) {
        intake_error(intake, column, CODE_MISSING, "“%s”不能为空", "a value is needed here (%s)", about->zh);
    }
}

void intake_parse_row(struct intake *intake)
{
    for (size_t i = 0; i < intake->header->kind->column_count; i++) {
        if (!intake_has(intake, i)) {
            intake->values[i] = VALUE_NONE;
            continue;
        }
        intake_parse(intake, i, intake_cell(intake, i));
    }
}

static bool preview_begin(struct intake *intake)
{
    struct import_preview *preview = &intake->part->preview;
    const struct kind *kind = intake->header->kind;
    preview->headers = arena_array(&intake->report->arena, kind->column_count, sizeof *preview->headers);
    if (preview->headers == NULL) {
        return false;
    }
    for (size_t i = 0; i < kind->column_count; i++) {
        if (intake->header->columns[i] != NONE) {
            preview->headers[preview->column_count++] = kind->columns[i].zh;
        }
    }
    return true;
}

void intake_preview(struct intake *intake)
{
    struct import_report *report = intake->report;
    struct import_preview *preview = &intake->part->preview;
    const struct kind *kind = intake->header->kind;
    if (preview->row_count == IMPORT_PREVIEW_ROWS) {
        return;
    }
    const char **cells = preview->headers != NULL || preview_begin(intake)
                             ? arena_array(&report->arena, preview->column_count, sizeof *cells)
                             : NULL;
    size_t used = 0;
    for (size_t i = 0; cells != NULL && i < kind->column_count; i++) {
        struct text shown;
        if (intake->header->columns[i] == NONE) {
            continue;
        }
        text_init(&shown, LIMIT_NOTE_BYTES);
        if (intake_filled(intake, i) && !intake->values[i].given) {
            text_addf(&shown, "?%s", sheet_text(intake->sheet, intake->row, intake->header->columns[i]));
        } else {
            value_understood(kind->columns[i].parse, &intake->values[i], &shown);
        }
        cells[used] = arena_copy_text(&report->arena, text_string(&shown));
        text_finish(&shown);
        if (cells[used++] == NULL) {
            cells = NULL;
        }
    }
    if (cells == NULL) {
        intake->failed = ERR_MEMORY;
        return;
    }
    preview->row_numbers[preview->row_count] = intake->row->number;
    preview->rows[preview->row_count++] = cells;
}
