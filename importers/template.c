/* importers/template: see template.h. */
#include "importers/template.h"

#include "importers/export.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    int table;         /* STORED_TABLE_COUNT: no list of rows */
    const char *level; /* of areas; NULL: any */
} LISTS[CHOICE_COUNT] = {[CHOICE_NONE] = {STORED_TABLE_COUNT, NULL},
                         [CHOICE_WORDS] = {STORED_TABLE_COUNT, NULL},
                         [CHOICE_YES_NO] = {STORED_TABLE_COUNT, NULL},
                         [CHOICE_AREAS] = {TABLE_AREA, "village"},
                         [CHOICE_TOWNSHIPS] = {TABLE_AREA, "township"},
                         [CHOICE_HALLS] = {TABLE_HALL, NULL},
                         [CHOICE_COURSES] = {TABLE_COURSE, NULL},
                         [CHOICE_CATEGORIES] = {TABLE_CATEGORY, NULL},
                         [CHOICE_PROVIDERS] = {TABLE_PROVIDER, NULL},
                         [CHOICE_INSTRUCTORS] = {TABLE_INSTRUCTOR, NULL},
                         [CHOICE_TRAVEL_CLASSES] = {TABLE_TRAVEL_CLASS, NULL}};

bool template_has(const struct kind *kind, size_t column)
{
    return kind->forms[column].help != NULL;
}

bool template_needs(const struct kind *kind, size_t column)
{
    bool is_needed = kind->columns[column].need == COLUMN_REQUIRED;
    for (size_t i = 0; i < sizeof kind->any_of / sizeof *kind->any_of; i++) {
        uint64_t members = 0;
        for (size_t c = 0; c < kind->column_count; c++) {
            members |= template_has(kind, c) ? kind->any_of[i] & UINT64_C(1) << c : 0;
        }
        is_needed = is_needed || members == UINT64_C(1) << column;
    }
    return is_needed;
}

size_t template_examples(const struct kind *kind)
{
    size_t count = 0;
    for (size_t row = 0; row < EXAMPLE_ROWS; row++) {
        bool is_there = false;
        for (size_t i = 0; i < kind->column_count; i++) {
            is_there = is_there || kind->forms[i].example[row] != NULL;
        }
        count += is_there ? 1 : 0;
    }
    return count;
}

uint32_t template_tables(const struct kind *kind)
{
    uint32_t tables = 0;
    for (size_t i = 0; i < kind->column_count; i++) {
        int table = LISTS[kind->forms[i].choice].table;
        tables |= table == STORED_TABLE_COUNT ? 0 : STORED_BIT(table);
    }
    return tables;
}

static bool row_listed(const struct stored_table *table, const struct stored_row *row,
                       enum form_choice choice)
{
    const char *level = LISTS[choice].level;
    return level == NULL || strcmp(stored_cell(table, row, "level").text, level) == 0;
}

static enum error_code list_fill(const struct stored_table *table, enum form_choice choice,
                                 struct template_list *list)
{
    struct map names;
    enum error_code code = ERR_NONE;
    map_init(&names);
    list->items = calloc(table->count + 1, sizeof *list->items);
    if (list->items == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < table->count && code == ERR_NONE; i++) {
        if (row_listed(table, &table->rows[i], choice)) {
            const char *name = stored_cell(table, &table->rows[i], "name").text;
            uint32_t before = map_get(&names, name);
            code = map_put(&names, name, before == MAP_NONE ? 1 : 2);
        }
    }
    for (size_t i = 0; i < table->count && code == ERR_NONE; i++) {
        if (row_listed(table, &table->rows[i], choice)) {
            const char *name = stored_cell(table, &table->rows[i], "name").text;
            list->items[list->count++] = map_get(&names, name) == 1 ? name : table->rows[i].cells[0].text;
        }
    }
    map_finish(&names);
    return code;
}

enum error_code template_lists_fill(const struct kind *kind, const struct stored_rows *rows,
                                    struct template_lists *ret_lists, struct error *err)
{
    *ret_lists = (struct template_lists){0};
    for (size_t i = 0; i < kind->column_count; i++) {
        enum form_choice choice = kind->forms[i].choice;
        int table = LISTS[choice].table;
        if (table == STORED_TABLE_COUNT || ret_lists->of[choice].items != NULL) {
            continue;
        }
        if (list_fill(&rows->tables[table], choice, &ret_lists->of[choice]) != ERR_NONE) {
            return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
        }
    }
    return ERR_NONE;
}

void template_lists_finish(struct template_lists *lists)
{
    for (size_t i = 0; i < CHOICE_COUNT; i++) {
        free(lists->of[i].items);
    }
    *lists = (struct template_lists){0};
}

static bool row_is_example(struct intake *intake, size_t example)
{
    const struct kind *kind = intake->header->kind;
    for (size_t i = 0; i < kind->column_count; i++) {
        const char *expected = kind->forms[i].example[example];
        struct value left = VALUE_NONE;
        struct value right = left;
        struct fault fault;
        if (!template_has(kind, i) || !intake_has(intake, i)) {
            continue;
        }
        const char *text = intake_cell(intake, i);
        expected = expected != NULL ? expected : "";
        bool is_same =
            strcmp(text, expected) == 0 ||
            (kind->columns[i].parse(&kind->columns[i].rule, text, &intake->context, &left, &fault) &&
             kind->columns[i].parse(&kind->columns[i].rule, expected, &intake->context, &right, &fault) &&
             left.number == right.number && strcmp(left.text, right.text) == 0);
        if (!is_same) {
            return false;
        }
    }
    return true;
}

bool template_is_example(struct intake *intake, bool *ret_edited)
{
    const char *first = "";
    for (uint32_t c = 0; c < intake->row->cell_count && *first == '\0'; c++) {
        first = sheet_text(intake->sheet, intake->row, c);
    }
    if (strncmp(first, EXAMPLE_MARK, sizeof EXAMPLE_MARK - 1) != 0) {
        return false;
    }
    *ret_edited = true;
    for (size_t i = 0; i < template_examples(intake->header->kind); i++) {
        *ret_edited = *ret_edited && !row_is_example(intake, i);
    }
    return true;
}
