/* importers/export: see export.h. */
#include "importers/export.h"

#include "base/limits.h"
#include "importers/guard.h"
#include "importers/template.h"
#include "importers/workbook_write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool export_format_from_name(const char *name, enum export_format *ret_format)
{
    bool is_csv = strcmp(name, "csv") == 0;
    if (!is_csv && strcmp(name, "xlsx") != 0) {
        return false;
    }
    *ret_format = is_csv ? EXPORT_CSV : EXPORT_XLSX;
    return true;
}

enum cell_form column_cell_form(const struct column *column)
{
    if (column->parse == value_date) {
        return CELL_FORM_DATE;
    }
    if (column->parse == value_time) {
        return CELL_FORM_TIME;
    }
    bool is_number = column->parse == value_count || column->parse == value_minutes ||
                     column->parse == value_degrees || column->parse == value_lessons ||
                     column->parse == value_clock_hours;
    return is_number ? CELL_FORM_NUMBER : CELL_FORM_TEXT;
}

bool kind_shows(const struct kind *kind, size_t column)
{
    return kind->forms[column].show != NULL || kind->columns[column].store != STORE_BY_KIND;
}

int kind_stored(const struct kind *kind)
{
    /* Who enters attendance looks for sessions, also those that have no entry yet. */
    return kind->kind == IMPORT_ATTENDANCE ? STORED_SESSION : (int)import_kind_table(kind->kind);
}

void kind_show(const struct kind *kind, size_t column, const struct showing *showing, struct text *out)
{
    const struct column *about = &kind->columns[column];
    struct column_form form = kind->forms[column];
    if (form.show != NULL) {
        form.show(showing, &form, out);
        return;
    }
    form.stored = about->stored != NULL ? about->stored : about->field;
    if (about->parse == value_boolean) {
        show_yes_no(showing, &form, out);
    } else if (about->store != STORE_NUMBER || about->otherwise != 0 ||
               show_integer(showing, form.stored) != 0) {
        /* A number's zero is what an empty cell means. */
        show_plain(showing, &form, out);
    }
}

static void cell_end(struct text *out, bool is_last)
{
    text_add(out, is_last ? "\r\n" : ",");
}

static void csv_header(const struct kind *kind, struct text *out)
{
    text_add(out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < kind->column_count; i++) {
        if (kind_shows(kind, i)) {
            text_add_csv(out, kind->columns[i].zh);
            cell_end(out, false);
        }
    }
    for (size_t i = 0; i < kind->info_count; i++) {
        text_add_csv(out, kind->infos[i].header);
        cell_end(out, false);
    }
    text_add_csv(out, EXPORT_STAMP_HEADER);
    cell_end(out, true);
}

static void csv_cell(const struct text *shown, bool is_text, struct text *guarded, struct text *out)
{
    text_clear(guarded);
    if (is_text) {
        guard_add(guarded, text_string(shown), true);
    } else {
        text_add(guarded, text_string(shown));
    }
    text_add_csv(out, text_string(guarded));
    cell_end(out, false);
}

static void csv_row(const struct kind *kind, const struct showing *showing, const char *stamp,
                    struct text *out)
{
    struct text shown;
    struct text guarded;
    text_init(&shown, LIMIT_IMPORT_CELL_BYTES);
    text_init(&guarded, LIMIT_IMPORT_CELL_BYTES + 1);
    for (size_t i = 0; i < kind->column_count; i++) {
        if (kind_shows(kind, i)) {
            text_clear(&shown);
            kind_show(kind, i, showing, &shown);
            csv_cell(&shown, column_cell_form(&kind->columns[i]) == CELL_FORM_TEXT, &guarded, out);
        }
    }
    for (size_t i = 0; i < kind->info_count; i++) {
        const struct column_form form = {.stored = kind->infos[i].stored};
        text_clear(&shown);
        kind->infos[i].show(showing, &form, &shown);
        csv_cell(&shown, true, &guarded, out);
    }
    text_add_csv(out, stamp);
    cell_end(out, true);
    if (shown.failed != ERR_NONE && out->failed == ERR_NONE) {
        out->failed = shown.failed;
    }
    text_finish(&guarded);
    text_finish(&shown);
}

static enum error_code write_csv(const struct kind *kind, struct showing *showing, const char *stamp,
                                 struct exported *exported, struct error *err)
{
    const struct stored_table *table = &showing->rows->tables[showing->own];
    struct text out;
    text_init(&out, LIMIT_IMPORT_BYTES);
    csv_header(kind, &out);
    for (size_t i = 0; i < table->count; i++) {
        showing->row = &table->rows[i];
        csv_row(kind, showing, stamp, &out);
    }
    enum error_code code = text_status(&out, err);
    if (code == ERR_NONE) {
        exported->length = out.length;
        exported->bytes = text_take(&out);
        code = exported->bytes == NULL ? error_set(err, ERR_MEMORY, "内存不足 (out of memory)") : ERR_NONE;
    }
    text_finish(&out);
    return code;
}

enum error_code export_kind(struct store *store, enum import_kind kind, enum export_format format,
                            struct exported *ret_exported, struct error *err)
{
    const struct kind *about = kind_find(kind);
    struct stored_rows rows = {0};
    struct showing showing = {0};
    struct exported exported = {0};
    char stamp[STORED_STAMP_SIZE];
    enum error_code code = stored_rows_load(store, about->shown, STORED_NEWEST, &rows, err);
    if (code == ERR_NONE) {
        code = stored_stamp(store, rows.revision, stamp, err);
    }
    if (code == ERR_NONE) {
        code = showing_init(&showing, &rows, kind_stored(about), err);
    }
    if (code == ERR_NONE) {
        exported.rows = rows.tables[showing.own].count;
        if (exported.rows >= LIMIT_IMPORT_ROWS) {
            code = error_set(err, ERR_LIMIT, "超过 %zu 行，一个文件放不下 (more than %zu rows in one file)",
                             LIMIT_IMPORT_ROWS, LIMIT_IMPORT_ROWS);
        }
    }
    if (code == ERR_NONE) {
        exported.revision = rows.revision;
        code = format == EXPORT_CSV ? write_csv(about, &showing, stamp, &exported, err)
                                    : workbook_write_rows(about, &showing, stamp, &exported, err);
    }
    showing_finish(&showing);
    stored_rows_finish(&rows);
    if (code == ERR_NONE) {
        *ret_exported = exported;
    }
    return code;
}

static void template_csv(const struct kind *kind, struct text *out)
{
    struct text guarded;
    text_init(&guarded, LIMIT_IMPORT_CELL_BYTES);
    text_add(out, "\xEF\xBB\xBF");
    for (size_t row = 0; row <= template_examples(kind); row++) {
        bool is_first = true;
        for (size_t i = 0; i < kind->column_count; i++) {
            if (!template_has(kind, i)) {
                continue;
            }
            const char *example = row == 0 ? NULL : kind->forms[i].example[row - 1];
            bool is_text = column_cell_form(&kind->columns[i]) == CELL_FORM_TEXT;
            text_add(out, is_first ? "" : ",");
            is_first = false;
            text_clear(&guarded);
            if (example != NULL && is_text) {
                guard_add(&guarded, example, true);
            } else if (example != NULL) {
                text_add(&guarded, example);
            } else if (row == 0) {
                text_addf(&guarded, "%s%s", kind->columns[i].zh, template_needs(kind, i) ? "*" : "");
            }
            text_add_csv(out, text_string(&guarded));
        }
        text_add(out, "\r\n");
    }
    text_finish(&guarded);
}

enum error_code export_template(struct store *store, enum import_kind kind, enum export_format format,
                                struct exported *ret_exported, struct error *err)
{
    const struct kind *about = kind_find(kind);
    struct stored_rows rows = {0};
    struct template_lists lists = {0};
    struct exported exported = {.rows = template_examples(about)};
    struct text csv;
    text_init(&csv, LIMIT_IMPORT_BYTES);
    enum error_code code = stored_rows_load(store, template_tables(about), STORED_NEWEST, &rows, err);
    if (code == ERR_NONE) {
        exported.revision = rows.revision;
        code = template_lists_fill(about, &rows, &lists, err);
    }
    if (code == ERR_NONE && format == EXPORT_XLSX) {
        code = workbook_write_template(about, &lists, &exported, err);
    } else if (code == ERR_NONE) {
        template_csv(about, &csv);
        code = text_status(&csv, err);
        exported.length = csv.length;
        exported.bytes = code == ERR_NONE ? text_take(&csv) : NULL;
        code = code == ERR_NONE && exported.bytes == NULL
                   ? error_set(err, ERR_MEMORY, "内存不足 (out of memory)")
                   : code;
    }
    text_finish(&csv);
    template_lists_finish(&lists);
    stored_rows_finish(&rows);
    if (code == ERR_NONE) {
        *ret_exported = exported;
    }
    return code;
}
