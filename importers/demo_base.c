#include "importers/demo_base.h"

#include "base/vec.h"
#include "importers/demo_files.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

static const char *const FACILITY_WORDS[FACILITY_COUNT] = {"投影", "音响", "舞台",     "桌椅",  "镜面墙",
                                                           "厨房", "电脑", "无线网络", "无障碍"};
static const char *const TRAIT_WORDS[] = {"coast", "bayberry", "citrus", "loquat", "rice"};
static const char *const TERRAIN_WORDS[] = {"road", "hill", "ferry"};

/* Cells of an example file; far more than the largest has. */
static const size_t CELLS_MAX = 100000;

struct reader {
    struct arena *arena;
    struct demo_table *table;
    size_t column; /* of the next field */
    size_t cells;  /* filled in table->cells */
    bool in_header;
    enum error_code failed;
};

static void reader_field(void *bytes, size_t length, void *context)
{
    struct reader *reader = context;
    struct demo_table *table = reader->table;
    char *text = arena_copy_bytes(reader->arena, bytes == NULL ? "" : bytes, length);
    if (reader->failed != ERR_NONE || text == NULL) {
        reader->failed = text == NULL ? ERR_MEMORY : reader->failed;
        return;
    }
    if (reader->in_header) {
        if (table->column_count == DEMO_COLUMNS_MAX) {
            reader->failed = ERR_LIMIT;
            return;
        }
        table->columns[table->column_count++] = text;
        return;
    }
    const char **grown =
        vec_reserve(table->cells, &table->capacity, reader->cells + 1, sizeof *grown, CELLS_MAX);
    if (grown == NULL) {
        reader->failed = ERR_MEMORY;
        return;
    }
    table->cells = grown;
    table->cells[reader->cells++] = text;
    reader->column++;
}

static void reader_row_end(int terminator, void *context)
{
    (void)terminator;
    struct reader *reader = context;
    struct demo_table *table = reader->table;
    if (reader->in_header) {
        reader->in_header = false;
        return;
    }
    if (reader->failed == ERR_NONE && reader->column != table->column_count) {
        reader->failed = ERR_SYNTAX;
    }
    table->row_count++;
    reader->column = 0;
}

static const struct demo_file *file_find(const char *name)
{
    for (const struct demo_file *file = DEMO_FILES; file->name != NULL; file++) {
        if (strcmp(file->name, name) == 0) {
            return file;
        }
    }
    return NULL;
}

static enum error_code table_read(struct arena *arena, const char *name, struct demo_table *table,
                                  struct error *err)
{
    const struct demo_file *file = file_find(name);
    if (file == NULL) {
        return error_set(err, ERR_INTERNAL, "example file %s is not in the program", name);
    }
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return error_set(err, ERR_MEMORY, "out of memory");
    }
    struct reader reader = {.arena = arena, .table = table, .in_header = true, .failed = ERR_NONE};
    bool parsed =
        csv_parse(&parser, file->data, file->size, reader_field, reader_row_end, &reader) == file->size &&
        csv_fini(&parser, reader_field, reader_row_end, &reader) == 0;
    csv_free(&parser);
    if (!parsed || reader.failed != ERR_NONE) {
        return error_set(err, reader.failed == ERR_MEMORY ? ERR_MEMORY : ERR_INTERNAL,
                         "example file %s, row %zu is wrong", name, table->row_count + 1);
    }
    return ERR_NONE;
}

static void table_finish(struct demo_table *table)
{
    free(table->cells);
    *table = (struct demo_table){0};
}

const char *demo_table_cell(const struct demo_table *table, size_t row, const char *column)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i], column) == 0) {
            return table->cells[row * table->column_count + i];
        }
    }
    return "";
}

static int32_t cell_integer(const struct demo_table *table, size_t row, const char *column)
{
    return (int32_t)strtol(demo_table_cell(table, row, column), NULL, 10);
}

/* Degrees with up to six decimals as millionths, without floating point. */
static int32_t cell_e6(const struct demo_table *table, size_t row, const char *column)
{
    int32_t value = 0;
    int32_t decimals = -1;
    for (const char *at = demo_table_cell(table, row, column); *at != '\0' && decimals < 6; at++) {
        if (*at == '.') {
            decimals = 0;
        } else if (*at >= '0' && *at <= '9' && value < 200000000) {
            value = value * 10 + (*at - '0');
            decimals += decimals >= 0 ? 1 : 0;
        }
    }
    for (decimals = decimals < 0 ? 0 : decimals; decimals < 6; decimals++) {
        value *= 10;
    }
    return value;
}

/* Bits of the words, joined by ';', that are in the list. */
static uint32_t words_bits(const char *text, const char *const *words, size_t count)
{
    uint32_t bits = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, ";");
        for (size_t i = 0; i < count; i++) {
            if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0) {
                bits |= UINT32_C(1) << i;
            }
        }
        text += length + (text[length] == ';' ? 1 : 0);
    }
    return bits;
}

void demo_facilities_text(uint32_t facilities, char ret_text[FACILITIES_TEXT_SIZE])
{
    size_t length = 0;
    for (size_t i = 0; i < FACILITY_COUNT; i++) {
        if ((facilities & (UINT32_C(1) << i)) == 0) {
            continue;
        }
        if (length > 0) {
            ret_text[length++] = ';';
        }
        size_t word = strlen(FACILITY_WORDS[i]);
        memcpy(ret_text + length, FACILITY_WORDS[i], word);
        length += word;
    }
    ret_text[length] = '\0';
}

/* Row of `table` with this text in `column`, or row_count. */
static size_t table_find(const struct demo_table *table, const char *column, const char *text)
{
    size_t row = 0;
    while (row < table->row_count && strcmp(demo_table_cell(table, row, column), text) != 0) {
        row++;
    }
    return row;
}

static enum error_code base_read_counties(struct demo_base *base, struct error *err)
{
    struct demo_table table = {0};
    enum error_code code = table_read(&base->arena, "counties.csv", &table, err);
    if (code == ERR_NONE && (table.row_count == 0 || table.row_count > DEMO_COUNTIES_MAX)) {
        code = error_set(err, ERR_LIMIT, "counties.csv has %zu rows", table.row_count);
    }
    for (size_t row = 0; code == ERR_NONE && row < table.row_count; row++) {
        base->counties[base->county_count++] =
            (struct demo_county){.code = demo_table_cell(&table, row, "code"),
                                 .name = demo_table_cell(&table, row, "name"),
                                 .lat_e6 = cell_e6(&table, row, "lat"),
                                 .lon_e6 = cell_e6(&table, row, "lon")};
        base->city_code = demo_table_cell(&table, row, "parent_code");
    }
    table_finish(&table);
    return code;
}

static enum error_code township_read(struct demo_base *base, const struct demo_table *table,
                                     const struct demo_table *traits, size_t row, struct error *err)
{
    struct demo_township town = {.code = demo_table_cell(table, row, "code"),
                                 .name = demo_table_cell(table, row, "name"),
                                 .lat_e6 = cell_e6(table, row, "lat"),
                                 .lon_e6 = cell_e6(table, row, "lon")};
    const char *parent = demo_table_cell(table, row, "parent_code");
    while (town.county < base->county_count && strcmp(base->counties[town.county].code, parent) != 0) {
        town.county++;
    }
    size_t trait_row = table_find(traits, "code", town.code);
    if (trait_row < traits->row_count) {
        town.travel_class = demo_table_cell(traits, trait_row, "travel_class");
    }
    uint32_t terrain = town.travel_class == NULL ? 0 : words_bits(town.travel_class, TERRAIN_WORDS, 3);
    if (town.county == base->county_count || terrain == 0) {
        return error_set(err, ERR_INTERNAL, "townships.csv: %s has no county, class or traits", town.code);
    }
    town.terrain = terrain == 1 ? TERRAIN_ROAD : terrain == 2 ? TERRAIN_HILL : TERRAIN_FERRY;
    town.units = (uint32_t)cell_integer(traits, trait_row, "units");
    town.traits = words_bits(demo_table_cell(traits, trait_row, "traits"), TRAIT_WORDS, 5);
    base->townships[base->township_count++] = town;
    return ERR_NONE;
}

static enum error_code base_read_townships(struct demo_base *base, struct error *err)
{
    struct demo_table table = {0};
    struct demo_table traits = {0};
    enum error_code code = table_read(&base->arena, "townships.csv", &table, err);
    if (code == ERR_NONE) {
        code = table_read(&base->arena, "township_traits.csv", &traits, err);
    }
    if (code == ERR_NONE && table.row_count > DEMO_TOWNSHIPS_MAX) {
        code = error_set(err, ERR_LIMIT, "townships.csv has %zu rows", table.row_count);
    }
    for (size_t row = 0; code == ERR_NONE && row < table.row_count; row++) {
        code = township_read(base, &table, &traits, row, err);
    }
    table_finish(&traits);
    table_finish(&table);
    return code;
}

static enum error_code course_read(struct demo_base *base, size_t row, struct error *err)
{
    const struct demo_table *table = &base->courses_table;
    const char *tags = demo_table_cell(table, row, "tags");
    struct demo_course course = {
        .id = demo_table_cell(table, row, "id"),
        .category = (uint32_t)table_find(&base->categories, "id", demo_table_cell(table, row, "category_id")),
        .minutes = cell_integer(table, row, "minutes"),
        .setup_min = cell_integer(table, row, "setup_min"),
        .clear_min = cell_integer(table, row, "clear_min"),
        .heads = cell_integer(table, row, "heads"),
        .supply_limit = cell_integer(table, row, "supply_limit"),
        .hall_quota = cell_integer(table, row, "hall_quota"),
        .facilities = words_bits(demo_table_cell(table, row, "facilities"), FACILITY_WORDS, FACILITY_COUNT),
        .evening = strncmp(demo_table_cell(table, row, "parts"), "evening", 7) == 0,
        .series = strstr(tags, "系列课") != NULL,
        .unstaffed = strstr(tags, "师资待聘") != NULL};
    if (course.category == base->category_count || course.minutes <= 0) {
        return error_set(err, ERR_INTERNAL, "courses.csv: %s has no category or length", course.id);
    }
    enum error_code code =
        seasons_parse(demo_table_cell(table, row, "seasons"), course.seasons, &course.season_count, err);
    if (code != ERR_NONE) {
        return code;
    }
    base->courses[base->course_count++] = course;
    return ERR_NONE;
}

static enum error_code base_read_courses(struct demo_base *base, struct error *err)
{
    enum error_code code = table_read(&base->arena, "categories.csv", &base->categories, err);
    if (code == ERR_NONE) {
        code = table_read(&base->arena, "courses.csv", &base->courses_table, err);
    }
    base->category_count = base->categories.row_count;
    if (code == ERR_NONE &&
        (base->category_count > DEMO_CATEGORIES_MAX || base->courses_table.row_count > DEMO_COURSES_MAX)) {
        code = error_set(err, ERR_LIMIT, "courses.csv or categories.csv has too many rows");
    }
    for (size_t row = 0; code == ERR_NONE && row < base->courses_table.row_count; row++) {
        code = course_read(base, row, err);
    }
    return code;
}

enum error_code demo_base_init(struct demo_base *base, struct error *err)
{
    *base = (struct demo_base){0};
    arena_init(&base->arena);
    enum error_code code = base_read_counties(base, err);
    if (code == ERR_NONE) {
        code = base_read_townships(base, err);
    }
    if (code == ERR_NONE) {
        code = base_read_courses(base, err);
    }
    if (code == ERR_NONE) {
        code = table_read(&base->arena, "travel_classes.csv", &base->travel_classes, err);
    }
    if (code == ERR_NONE) {
        code = table_read(&base->arena, "holidays_2026.csv", &base->holidays[0], err);
    }
    if (code == ERR_NONE) {
        code = table_read(&base->arena, "holidays_2027.csv", &base->holidays[1], err);
    }
    if (code != ERR_NONE) {
        demo_base_finish(base);
    }
    return code;
}

void demo_base_finish(struct demo_base *base)
{
    table_finish(&base->travel_classes);
    table_finish(&base->categories);
    table_finish(&base->courses_table);
    table_finish(&base->holidays[0]);
    table_finish(&base->holidays[1]);
    arena_finish(&base->arena);
}
