/* The year of dates that do not say theirs: from the caller, the title rows, the other dates of the column or
 * the file's name; looked for once, when a cell first needs it. */
#include "importers/date_words.h"
#include "importers/intake.h"
#include "importers/words.h"

#include <string.h>

enum {
    YEAR_MIN = 1990,
    YEAR_MAX = 2100,
    YEARS_MAX = 4,
    /* How far up and down a column a full date is looked for. */
    NEIGHBOUR_ROWS = 2000
};

struct years {
    int32_t items[YEARS_MAX];
    size_t count;
};

static void years_add(struct years *years, int32_t year)
{
    bool is_known = year < YEAR_MIN || year > YEAR_MAX;
    for (size_t i = 0; i < years->count; i++) {
        is_known = is_known || years->items[i] == year;
    }
    if (!is_known && years->count < YEARS_MAX) {
        years->items[years->count++] = year;
    }
}

/* 2024 with no digit beside it, or 二〇二四年. */
static void years_of_text(const char *text, struct years *years)
{
    for (const char *at = text; *at != '\0';) {
        size_t digits = strspn(at, "0123456789");
        int32_t year = 0;
        const char *p = at;
        if (digits == 4 && digits_take(&p, 4, &year)) {
            years_add(years, year);
        }
        if (digits > 0) {
            at += digits;
            continue;
        }
        int32_t digit = 0;
        int found = 0;
        for (; found < 4 && numeral_digit_take(&p, &digit); found++) {
            year = year * 10 + digit;
        }
        if (found == 4 && strncmp(p, "年", strlen("年")) == 0) {
            years_add(years, year);
        }
        at++;
    }
}

/* The day on which a form was filled in says nothing about the days in it. */
static bool is_filing(const char *text)
{
    static const char *const WORDS[] = {"填报", "填表", "制表", "打印", "报送", "日期", "上报", "审核", NULL};
    return word_take_any(&text, WORDS);
}

static void years_of_titles(const struct intake *intake, struct years *years)
{
    for (size_t r = 0; r < intake->header->row_index; r++) {
        const struct sheet_row *row = &intake->sheet->rows[r];
        for (uint32_t c = 0; c < row->cell_count; c++) {
            const char *text = sheet_text(intake->sheet, row, c);
            if (!is_filing(text)) {
                years_of_text(text, years);
            }
        }
    }
    years_of_text(intake->sheet->name, years);
}

static void years_of_columns(const struct intake *intake, struct years *years)
{
    const struct kind *kind = intake->header->kind;
    for (size_t i = 0; i < kind->column_count; i++) {
        uint32_t at = intake->header->columns[i];
        if (at == NONE || !value_is_dated(kind->columns[i].parse)) {
            continue;
        }
        for (size_t r = header_end(intake->header); r < intake->sheet->row_count; r++) {
            const char *text = sheet_text(intake->sheet, &intake->sheet->rows[r], at);
            years_add(years, *text == '\0' ? 0 : date_year_written(text));
        }
    }
}

void intake_years_find(struct intake *intake)
{
    struct years titles = {.count = 0};
    struct years columns = {.count = 0};
    struct years names = {.count = 0};
    struct import_sheet *part = intake->part;
    intake->years_known = true;
    years_of_titles(intake, &titles);
    years_of_columns(intake, &columns);
    years_of_text(intake->report->file, &names);
    bool is_one_title = titles.count == 1 && columns.count <= 1 &&
                        (columns.count == 0 || columns.items[0] == titles.items[0]);
    if (is_one_title) {
        part->year = titles.items[0];
        part->year_source = YEAR_TITLE;
    } else if (titles.count == 0 && columns.count == 1) {
        part->year = columns.items[0];
        part->year_source = YEAR_COLUMN;
    } else if (titles.count == 0 && columns.count == 0 && names.count == 1) {
        part->year = names.items[0];
        part->year_source = YEAR_FILE_NAME;
    } else if (columns.count > 0) {
        part->year_source = YEAR_NEIGHBOURS;
    }
    intake->context.year = part->year;
}

static int32_t year_towards(const struct intake *intake, uint32_t column, int step)
{
    const struct sheet *sheet = intake->sheet;
    size_t at = (size_t)(intake->row - sheet->rows);
    for (int i = 0; i < NEIGHBOUR_ROWS; i++) {
        if ((step < 0 && at <= header_end(intake->header)) || (step > 0 && at + 1 >= sheet->row_count)) {
            return 0;
        }
        at = step < 0 ? at - 1 : at + 1;
        const char *text = sheet_text(sheet, &sheet->rows[at], column);
        int32_t year = *text == '\0' ? 0 : date_year_written(text);
        if (year != 0) {
            return year;
        }
    }
    return 0;
}

int32_t intake_year_beside(const struct intake *intake, size_t column)
{
    uint32_t at = intake->header->columns[column];
    int32_t above = year_towards(intake, at, -1);
    return above != 0 && above == year_towards(intake, at, 1) ? above : 0;
}
