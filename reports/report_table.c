#include "reports/report_table.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/vec.h"
#include "reports/coverage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void report_table_init(struct report_table *table, const char *name, const char *title_zh,
                       const char *title_en, const struct report_column *columns, int column_count)
{
    *table = (struct report_table){.name = name,
                                   .title_zh = title_zh,
                                   .title_en = title_en,
                                   .columns = columns,
                                   .column_count = column_count};
    arena_init(&table->arena);
}

void report_table_finish(struct report_table *table)
{
    free(table->cells);
    arena_finish(&table->arena);
    *table = (struct report_table){0};
}

enum error_code report_table_status(const struct report_table *table, struct error *err)
{
    if (table->failed == ERR_NONE) {
        return ERR_NONE;
    }
    return error_set(err, table->failed, "报表 %s 有 %zu 行 (report %s of %zu rows): %s", table->name,
                     table->row_count, table->name, table->row_count, error_sentence_en(table->failed));
}

struct report_cell *report_row(struct report_table *table)
{
    size_t size = (size_t)table->column_count * sizeof *table->cells;
    void *grown = vec_reserve(table->cells, &table->row_capacity, table->row_count + 2, size, LIMIT_ROWS);
    if (grown == NULL) {
        table->failed = table->row_count + 2 > LIMIT_ROWS ? ERR_LIMIT : ERR_MEMORY;
        if (table->cells == NULL) {
            return table->nowhere;
        }
    } else {
        table->cells = grown;
    }
    struct report_cell *row = &table->cells[table->row_count * (size_t)table->column_count];
    for (int i = 0; i < table->column_count; i++) {
        row[i] = (struct report_cell){.is_empty = true};
    }
    table->row_count += table->failed == ERR_NONE;
    return row;
}

const struct report_cell *report_at(const struct report_table *table, size_t row, int column)
{
    return &table->cells[row * (size_t)table->column_count + (size_t)column];
}

const char *report_text(struct report_table *table, const char *text)
{
    const char *copy = arena_copy_text(&table->arena, text);
    if (copy == NULL && text != NULL) {
        table->failed = ERR_MEMORY;
    }
    return copy;
}

const char *report_textf(struct report_table *table, const char *format, ...)
{
    char buffer[LIMIT_NOTE_BYTES + 1];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof buffer) {
        table->failed = ERR_LIMIT;
        return NULL;
    }
    return report_text(table, buffer);
}

const char *report_date(struct report_table *table, int32_t day)
{
    char date[DATE_TEXT_SIZE];
    date_format(day, date);
    return report_text(table, date);
}

void report_note(struct report_table *table, const char *zh, const char *en)
{
    if (table->note_count == REPORT_NOTES_MAX) {
        table->failed = ERR_LIMIT;
        return;
    }
    table->notes[table->note_count++] = (struct report_note){report_text(table, zh), report_text(table, en)};
}

struct report_cell cell_text(const char *text)
{
    return (struct report_cell){.text = text, .is_empty = text == NULL || text[0] == '\0'};
}

struct report_cell cell_count(int64_t number)
{
    return (struct report_cell){.number = number};
}

struct report_cell cell_entered(int64_t number)
{
    return (struct report_cell){.number = number < 0 ? 0 : number, .is_empty = number < 0};
}

struct report_cell cell_ratio(int64_t numerator, int64_t denominator)
{
    return (struct report_cell){.number = numerator, .denominator = denominator};
}

bool report_has_total(const struct report_table *table)
{
    for (int i = 0; i < table->column_count; i++) {
        if (table->columns[i].total != TOTAL_NONE) {
            return true;
        }
    }
    return false;
}

static int64_t column_sum(const struct report_table *table, int column)
{
    int64_t sum = 0;
    for (size_t row = 0; row < table->row_count; row++) {
        sum += report_at(table, row, column)->number;
    }
    return sum;
}

struct report_cell report_total(const struct report_table *table, int column)
{
    const struct report_column *about = &table->columns[column];
    switch (about->total) {
    case TOTAL_SUM:
        return cell_count(column_sum(table, column));
    case TOTAL_RATIO:
        return cell_ratio(column_sum(table, about->numerator), column_sum(table, about->denominator));
    case TOTAL_NONE:
        break;
    }
    return (struct report_cell){.is_empty = true};
}

const char *report_show(const struct report_column *column, const struct report_cell *cell,
                        char buffer[REPORT_NUMBER_SIZE])
{
    buffer[0] = '\0';
    switch (column->type) {
    case REPORT_TEXT:
    case REPORT_DATE:
        return cell->text != NULL ? cell->text : "";
    case REPORT_COUNT:
        if (!cell->is_empty) {
            snprintf(buffer, REPORT_NUMBER_SIZE, "%" PRId64, cell->number);
        }
        break;
    case REPORT_PERCENT:
    case REPORT_RATIO:
        if (!cell->is_empty) {
            ratio_format(cell->number, cell->denominator,
                         column->type == REPORT_PERCENT ? 100 : column->scale, buffer);
        }
        break;
    }
    return buffer;
}
