#include "importers/intake.h"

#include "base/date.h"
#include "importers/export.h"
#include "importers/origin.h"
#include "importers/place.h"
#include "importers/template.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void add_finding(struct intake *intake, const struct sheet_row *row, size_t column, bool is_warning,
                        const struct fault *fault)
{
    struct import_finding finding = {.code = fault->code,
                                     .sheet = intake->sheet->name,
                                     .row = row->number,
                                     .zh = fault->zh,
                                     .en = fault->en};
    if (column != INTAKE_NO_COLUMN) {
        uint32_t at = intake->header->columns[column];
        finding.header = at == NONE ? intake->header->kind->columns[column].zh
                                    : header_text(intake->sheet, intake->header, at);
        finding.column = at == NONE ? 0 : at + 1;
        finding.text = at == NONE ? "" : sheet_text(intake->sheet, row, at);
    }
    intake->row_errors += is_warning ? 0 : 1;
    if (!import_report_add(intake->report, is_warning, &finding)) {
        intake->failed = ERR_MEMORY;
    }
}

void intake_fault(struct intake *intake, size_t column, const struct fault *fault)
{
    add_finding(intake, intake->row, column, false, fault);
}

void intake_error_text(struct intake *intake, size_t column, enum import_code code, const char *zh,
                       const char *en)
{
    struct fault fault = {.code = code};
    (void)snprintf(fault.zh, sizeof fault.zh, "%s", zh);
    (void)snprintf(fault.en, sizeof fault.en, "%s", en);
    add_finding(intake, intake->row, column, false, &fault);
}

void intake_forgive(struct intake *intake)
{
    struct import_findings *errors = &intake->report->errors;
    while (intake->row_errors > 0) {
        intake->row_errors--;
        errors->count -= errors->count == errors->total ? 1 : 0;
        errors->total--;
    }
}

void intake_error(struct intake *intake, size_t column, enum import_code code, const char *zh, const char *en,
                  const char *shown)
{
    struct fault fault;
    (void)fault_set(&fault, code, zh, en, shown);
    add_finding(intake, intake->row, column, false, &fault);
}

void intake_warn_row(struct intake *intake, const struct sheet_row *row, size_t column, enum import_code code,
                     const char *zh, const char *en, const char *shown)
{
    struct fault fault;
    (void)fault_set(&fault, code, zh, en, shown);
    add_finding(intake, row, column, true, &fault);
}

void intake_warn(struct intake *intake, size_t column, enum import_code code, const char *zh, const char *en,
                 const char *shown)
{
    intake_warn_row(intake, intake->row, column, code, zh, en, shown);
}

const char *intake_keep(struct intake *intake, const char *text)
{
    const char *copy = arena_copy_text(&intake->arena, text);
    if (copy == NULL) {
        intake->failed = ERR_MEMORY;
        return "";
    }
    return copy;
}

void intake_claim(struct intake *intake, size_t column, const char *key)
{
    enum {
        ROW_BITS = 20 /* LIMIT_IMPORT_ROWS fits, and LIMIT_IMPORT_SHEETS beside it */
    };
    uint32_t place = intake->sheet_index << ROW_BITS | intake->row->number;
    enum error_code code = map_add(intake->keys, key, place);
    if (code == ERR_EXISTS) {
        uint32_t other = map_get(intake->keys, key);
        char first[LIMIT_NAME_BYTES + 32];
        bool is_here = other >> ROW_BITS == intake->sheet_index;
        (void)snprintf(first, sizeof first, "%s%s%" PRIu32,
                       is_here ? "" : intake->report->book->sheets[other >> ROW_BITS]->name,
                       is_here ? "" : ":", other & ((1U << ROW_BITS) - 1));
        intake_error(intake, column, CODE_DUPLICATE, "与第 %s 行是同一条记录", "the same record as row %s",
                     first);
    } else if (code != ERR_NONE) {
        intake->failed = code;
    }
}

const char *intake_derive(struct intake *intake, const char *prefix, const char *const *parts, size_t count)
{
    /* FNV-1a, 64 bits; a zero byte ends each part, so that "ab","c" differs from "a","bc". */
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < count; i++) {
        for (const char *at = parts[i];; at++) {
            hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
            if (*at == '\0') {
                break;
            }
        }
    }
    char key[DERIVED_KEY_SIZE];
    (void)snprintf(key, sizeof key, "%s-%016" PRIx64, prefix, hash);
    return intake_keep(intake, key);
}

void cells_add(struct cells *cells, struct cell cell)
{
    if (cells->count < INTAKE_CELLS_MAX) {
        cells->items[cells->count++] = cell;
    }
}

struct cell cell_date(struct intake *intake, const char *column, int64_t day)
{
    char text[DATE_TEXT_SIZE];
    date_format((int32_t)day, text);
    return CELL_STR(column, intake_keep(intake, text));
}

static struct cell column_cell(struct intake *intake, const struct column *column, const struct value *value)
{
    const char *name = column->stored != NULL ? column->stored : column->field;
    switch (column->store) {
    case STORE_NUMBER:
        return CELL_INT(name, value->given ? value->number : column->otherwise);
    case STORE_NUMBER_OR_NULL:
        return value->given ? CELL_INT(name, value->number) : CELL_NIL(name);
    case STORE_DATE_OR_NULL:
        return value->given ? cell_date(intake, name, value->number) : CELL_NIL(name);
    case STORE_TEXT_OR_NULL:
        return value->given && *value->text != '\0' ? CELL_STR(name, value->text) : CELL_NIL(name);
    default:
        return CELL_STR(name, value->text);
    }
}

void cells_add_stored(struct cells *cells, struct intake *intake)
{
    const struct kind *kind = intake->header->kind;
    for (size_t i = 0; i < kind->column_count; i++) {
        if (kind->columns[i].store != STORE_BY_KIND && intake_has(intake, i)) {
            cells_add(cells, column_cell(intake, &kind->columns[i], &intake->values[i]));
        }
    }
}

static void put_result(struct intake *intake, enum error_code code, const struct error *err)
{
    if (code == ERR_MEMORY) {
        intake->failed = code;
    } else if (code != ERR_NONE) {
        intake_error(intake, INTAKE_NO_COLUMN, CODE_REFUSED, "数据库不接受此行：%s",
                     "the store refuses the row: %s", err->text);
    }
}

void intake_put(struct intake *intake, enum store_table table, const struct cells *cells)
{
    struct error err;
    put_result(intake, change_set_put(intake->set, table, cells->items, cells->count, &err), &err);
}

void intake_drop(struct intake *intake, enum store_table table, const struct cells *keys)
{
    struct error err;
    put_result(intake, change_set_drop(intake->set, table, keys->items, keys->count, &err), &err);
}

bool intake_span(struct intake *intake, const struct span_columns *columns, struct span *ret_span)
{
    const struct value *from = intake_value(intake, columns->from);
    const struct value *to = intake_value(intake, columns->to);
    const struct value *time = intake_value(intake, columns->time);
    const struct value *from_time = intake_value(intake, columns->from_time);
    const struct value *to_time = intake_value(intake, columns->to_time);
    struct span span = {(int32_t)from->number, (int32_t)(to->given ? to->number : from->number), 0,
                        DAY_MINUTES};
    if (time->given && time->number_to < 0) {
        intake_error(intake, columns->time, CODE_TIME, "要写起止时间，例如 14:00-16:00",
                     "a span such as 14:00-16:00 is needed", NULL);
        return false;
    }
    if (time->given) {
        span.from_min = (int32_t)time->number;
        span.to_min = (int32_t)time->number_to;
    }
    span.from_min = from_time->given ? (int32_t)from_time->number : span.from_min;
    span.to_min = to_time->given ? (int32_t)(to_time->number_to >= 0 ? to_time->number_to : to_time->number)
                                 : span.to_min;
    if (span.to_day < span.from_day) {
        intake_error(intake, columns->to, CODE_ORDER, "结束日期早于开始日期",
                     "the last day is before the first", NULL);
        return false;
    }
    if (span.to_min <= span.from_min) {
        size_t at = to_time->given ? columns->to_time : columns->from_time;
        intake_error(intake, at, CODE_ORDER, "结束时间不晚于开始时间；跨夜请分两行写",
                     "the end is not after the start; write a night as two rows", NULL);
        return false;
    }
    *ret_span = span;
    return true;
}

void cells_add_span(struct cells *cells, struct intake *intake, const struct span *span)
{
    cells_add(cells, cell_date(intake, "from_date", span->from_day));
    cells_add(cells, cell_date(intake, "to_date", span->to_day));
    cells_add(cells, CELL_INT("from_min", span->from_min));
    cells_add(cells, CELL_INT("to_min", span->to_min));
}

enum {
    DATUM_WGS84 = 0,
    DATUM_GCJ02 = 1,
    DATUM_BD09 = 2
};

/* One pair of columns; false when the row or the file does not have it. */
static bool pair_given(struct intake *intake, size_t lat, size_t lon)
{
    bool has_lat = intake_filled(intake, lat);
    if (has_lat != intake_filled(intake, lon)) {
        intake_error(intake, has_lat ? lon : lat, CODE_PLACE, "经度和纬度要一起填写",
                     "longitude and latitude must be given together", NULL);
    }
    return intake_value(intake, lat)->given && intake_value(intake, lon)->given;
}

void cells_add_place(struct cells *cells, struct intake *intake, const struct place_columns *columns)
{
    if (!intake_has(intake, columns->lat) && !intake_has(intake, columns->lat_gcj)) {
        return;
    }
    struct coordinate at = {0};
    bool is_known = pair_given(intake, columns->lat, columns->lon);
    int64_t datum = intake_value(intake, columns->datum)->number;
    size_t shown = columns->lat;
    if (is_known) {
        at.lat_e6 = (int32_t)intake_value(intake, columns->lat)->number;
        at.lon_e6 = (int32_t)intake_value(intake, columns->lon)->number;
    } else if (pair_given(intake, columns->lat_gcj, columns->lon_gcj)) {
        is_known = true;
        datum = DATUM_GCJ02;
        shown = columns->lat_gcj;
        at.lat_e6 = (int32_t)intake_value(intake, columns->lat_gcj)->number;
        at.lon_e6 = (int32_t)intake_value(intake, columns->lon_gcj)->number;
    }
    if (is_known && datum != DATUM_WGS84) {
        char place[64];
        at = datum == DATUM_BD09 ? coordinate_from_bd09(at) : coordinate_from_gcj02(at);
        (void)snprintf(place, sizeof place, "WGS-84 %.6f, %.6f", at.lat_e6 / 1e6, at.lon_e6 / 1e6);
        intake_convert(intake, shown, HOW_DATUM, place);
    }
    cells_add(cells, is_known ? CELL_INT("lat_e6", at.lat_e6) : CELL_NIL("lat_e6"));
    cells_add(cells, is_known ? CELL_INT("lon_e6", at.lon_e6) : CELL_NIL("lon_e6"));
}

static void warn_ignored_columns(struct intake *intake)
{
    intake->row = &intake->sheet->rows[intake->header->row_index];
    uint32_t width = header_width(intake->sheet, intake->header);
    for (uint32_t c = 0; c < width; c++) {
        const char *text = header_text(intake->sheet, intake->header, c);
        bool is_used = *text == '\0' || strcmp(text, "序号") == 0 || strcmp(text, "错误") == 0 ||
                       strcmp(text, EXPORT_STAMP_HEADER) == 0 ||
                       strncmp(text, INFO_MARK, sizeof INFO_MARK - 1) == 0;
        for (size_t i = 0; i < intake->header->kind->column_count; i++) {
            is_used = is_used || intake->header->columns[i] == c;
        }
        if (!is_used) {
            struct fault fault;
            (void)fault_set(&fault, CODE_IGNORED_COLUMN, "此类表格不用列“%s”，已忽略",
                            "column \"%s\" is not used by this kind and was ignored", text);
            struct import_finding finding = {.code = fault.code,
                                             .sheet = intake->sheet->name,
                                             .row = intake->row->number,
                                             .column = c + 1,
                                             .header = text,
                                             .zh = fault.zh,
                                             .en = fault.en,
                                             .text = text};
            intake->failed = import_report_add(intake->report, true, &finding) ? intake->failed : ERR_MEMORY;
        }
    }
}

/* Somebody typed over an example and left its mark. */
static void warn_example(struct intake *intake, bool is_edited)
{
    if (is_edited) {
        intake_warn(intake, INTAKE_NO_COLUMN, CODE_EXAMPLE,
                    "本行标着“%s”，按示例跳过，未导入；如是真实数据，请删去这个标记",
                    "the row is marked \"%s\" and was skipped as an example; if it is real, delete the mark",
                    EXAMPLE_MARK);
    }
}

static void row_take(struct intake *intake)
{
    intake->row_left_out = false;
    intake->is_compared = false;
    intake->unchanged = 0;
    enum origin_verdict verdict = intake->origin == NULL ? ORIGIN_PLAIN : origin_row(intake);
    if (verdict == ORIGIN_PLAIN) {
        intake_parse_row(intake);
    }
    if (verdict != ORIGIN_DONE) {
        intake->header->kind->row(intake);
        intake_preview(intake);
    }
}

enum {
    PROGRESS_ROWS = 2048
};

void intake_run(struct intake *intake)
{
    struct import_report *report = intake->report;
    const struct kind *kind = intake->header->kind;
    report->rows_skipped += intake->header->row_index; /* titles above */
    intake->context.arena = &intake->arena;
    intake->memos = memos_create(kind->column_count);
    intake->failed = intake->memos == NULL ? ERR_MEMORY : intake->failed;
    warn_ignored_columns(intake);
    if (intake->origin != NULL) {
        origin_begin(intake);
    }
    for (size_t r = header_end(intake->header); r < intake->sheet->row_count && intake->failed == ERR_NONE;
         r++) {
        intake->row = &intake->sheet->rows[r];
        intake->row_errors = 0;
        if (report->progress != NULL && r % PROGRESS_ROWS == 0) {
            report->progress(report->progress_context, r, intake->sheet->row_count);
        }
        if (intake->row->cell_count == 0) {
            continue;
        }
        bool is_edited = false;
        if (template_is_example(intake, &is_edited)) {
            warn_example(intake, is_edited);
            report->rows_examples++;
            report->rows_skipped++;
            continue;
        }
        if (intake->row->is_skipped) {
            report->rows_skipped++;
            continue;
        }
        row_take(intake);
        if (intake->row_left_out && intake->row_errors == 0) {
            report->rows_skipped++;
            continue;
        }
        report->rows_read++;
        report->rows_bad += intake->row_errors > 0 ? 1 : 0;
        report->rows_good += intake->row_errors > 0 ? 0 : 1;
    }
    intake->unchanged = 0;
    if (intake->origin != NULL && intake->failed == ERR_NONE) {
        origin_end(intake);
    }
    if (kind->finish != NULL && intake->failed == ERR_NONE) {
        kind->finish(intake);
    }
}
