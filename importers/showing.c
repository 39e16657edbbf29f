/* importers/showing: see showing.h. */
#include "importers/showing.h"

#include "base/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum error_code out_of_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

static enum error_code ids_index(struct showing *showing, int table)
{
    const struct stored_table *stored = &showing->rows->tables[table];
    for (size_t i = 0; i < stored->count; i++) {
        const struct cell *cell = &stored->rows[i].cells[0];
        const char *id = cell->text;
        if (cell->type == CELL_INTEGER) {
            char number[STORED_NUMBER_SIZE];
            (void)snprintf(number, sizeof number, "%" PRId64, cell->integer);
            id = arena_copy_text(&showing->arena, number);
        }
        /* Of rows with one first column (qualifications) the first one counts. */
        enum error_code code = id == NULL ? ERR_MEMORY : map_add(&showing->ids[table], id, (uint32_t)i);
        if (code != ERR_NONE && code != ERR_EXISTS) {
            return code;
        }
    }
    return ERR_NONE;
}

struct hanging {
    const char *id;
    uint32_t at;
};

static int compare_hanging(const void *left, const void *right)
{
    const struct hanging *a = left;
    const struct hanging *b = right;
    int order = strcmp(a->id, b->id);
    return order != 0 ? order : a->at < b->at ? -1 : a->at > b->at;
}

static enum error_code related_index(const struct stored_table *stored, const char *column,
                                     struct related *related)
{
    struct hanging *items = calloc(stored->count + 1, sizeof *items);
    enum error_code code = ERR_NONE;
    related->order = calloc(stored->count + 1, sizeof *related->order);
    if (items == NULL || related->order == NULL) {
        code = ERR_MEMORY;
    }
    for (size_t i = 0; code == ERR_NONE && i < stored->count; i++) {
        struct cell cell = stored_cell(stored, &stored->rows[i], column);
        items[i] = (struct hanging){cell.type == CELL_TEXT ? cell.text : "", (uint32_t)i};
    }
    if (code == ERR_NONE && stored->count > 1) {
        qsort(items, stored->count, sizeof *items, compare_hanging);
    }
    for (size_t i = 0; code == ERR_NONE && i < stored->count; i++) {
        related->order[i] = items[i].at;
        code = map_add(&related->first, items[i].id, (uint32_t)i);
        code = code == ERR_EXISTS ? ERR_NONE : code;
    }
    free(items);
    return code;
}

enum error_code showing_init(struct showing *showing, const struct stored_rows *rows, int own,
                             struct error *err)
{
    *showing = (struct showing){.rows = rows, .own = own};
    arena_init(&showing->arena);
    for (int table = 0; table < STORED_TABLE_COUNT; table++) {
        map_init(&showing->ids[table]);
    }
    map_init(&showing->rooms.first);
    map_init(&showing->qualifications.first);
    enum error_code code = ERR_NONE;
    for (int table = 0; table < STORED_TABLE_COUNT && code == ERR_NONE; table++) {
        code = ids_index(showing, table);
    }
    if (code == ERR_NONE) {
        code = related_index(&rows->tables[TABLE_ROOM], "hall_id", &showing->rooms);
    }
    if (code == ERR_NONE) {
        code = related_index(&rows->tables[TABLE_QUALIFICATION], "instructor_id", &showing->qualifications);
    }
    return code == ERR_NONE ? ERR_NONE : out_of_memory(err);
}

void showing_finish(struct showing *showing)
{
    for (int table = 0; table < STORED_TABLE_COUNT; table++) {
        map_finish(&showing->ids[table]);
    }
    map_finish(&showing->rooms.first);
    map_finish(&showing->qualifications.first);
    free(showing->rooms.order);
    free(showing->qualifications.order);
    arena_finish(&showing->arena);
    *showing = (struct showing){0};
}

const struct stored_row *showing_find(const struct showing *showing, int table, const char *id)
{
    uint32_t at = map_get(&showing->ids[table], id);
    return at == MAP_NONE ? NULL : &showing->rows->tables[table].rows[at];
}

static struct cell own_cell(const struct showing *showing, const char *column)
{
    return stored_cell(&showing->rows->tables[showing->own], showing->row, column);
}

int64_t show_integer(const struct showing *showing, const char *column)
{
    struct cell cell = own_cell(showing, column);
    return cell.type == CELL_INTEGER ? cell.integer : 0;
}

const char *show_string(const struct showing *showing, const char *column)
{
    struct cell cell = own_cell(showing, column);
    return cell.type == CELL_TEXT ? cell.text : "";
}

void show_area_names(const struct showing *showing, const char *area_id, struct text *out)
{
    enum {
        STEPS_MAX = 4 /* village, township, county, city */
    };
    const struct stored_table *areas = &showing->rows->tables[TABLE_AREA];
    const char *names[STEPS_MAX];
    size_t count = 0;
    for (const char *id = area_id; id != NULL && count < STEPS_MAX;) {
        const struct stored_row *row = showing_find(showing, TABLE_AREA, id);
        if (row == NULL) {
            break;
        }
        names[count++] = stored_cell(areas, row, "name").text;
        struct cell parent = stored_cell(areas, row, "parent_id");
        id = parent.type == CELL_TEXT ? parent.text : NULL;
    }
    for (size_t i = count; i > 0; i--) {
        text_addf(out, "%s%s", i == count ? "" : " ", names[i - 1] != NULL ? names[i - 1] : "");
    }
}

void show_other(const struct showing *showing, int table, const char *id, const char *wanted,
                struct text *out)
{
    char number[STORED_NUMBER_SIZE];
    const struct stored_row *row = showing_find(showing, table, id);
    text_add(out, row == NULL ? id : stored_text(&showing->rows->tables[table], row, wanted, number));
}

void show_plain(const struct showing *showing, const struct column_form *form, struct text *out)
{
    char number[STORED_NUMBER_SIZE];
    text_add(out, stored_text(&showing->rows->tables[showing->own], showing->row, form->stored, number));
}

/* A word that the table does not know is shown as it is. */
static void word_add(const struct form_word *words, const char *stored, size_t length, struct text *out)
{
    for (; words->stored != NULL; words++) {
        if (strlen(words->stored) == length && memcmp(words->stored, stored, length) == 0) {
            text_add(out, words->zh);
            return;
        }
    }
    text_add_bytes(out, stored, length);
}

void show_word(const struct showing *showing, const struct column_form *form, struct text *out)
{
    char number[STORED_NUMBER_SIZE];
    const char *stored =
        stored_text(&showing->rows->tables[showing->own], showing->row, form->stored, number);
    word_add(form->words, stored, strlen(stored), out);
}

void show_word_list(const struct showing *showing, const struct column_form *form, struct text *out)
{
    const char *at = show_string(showing, form->stored);
    bool is_first = true;
    while (*at != '\0') {
        size_t length = strcspn(at, ";,");
        text_add(out, is_first ? "" : "、");
        word_add(form->words, at, length, out);
        is_first = false;
        at += length;
        at += *at != '\0' ? 1 : 0;
    }
}

void show_yes_no(const struct showing *showing, const struct column_form *form, struct text *out)
{
    text_add(out, show_integer(showing, form->stored) != 0 ? "是" : "否");
}

void show_degrees(const struct showing *showing, const struct column_form *form, struct text *out)
{
    struct cell cell = own_cell(showing, form->stored);
    if (cell.type == CELL_INTEGER) {
        int64_t size = cell.integer < 0 ? -cell.integer : cell.integer;
        text_addf(out, "%s%" PRId64 ".%06" PRId64, cell.integer < 0 ? "-" : "", size / 1000000,
                  size % 1000000);
    }
}

void show_minute(const struct showing *showing, const struct column_form *form, struct text *out)
{
    int64_t minute = show_integer(showing, form->stored);
    bool is_edge = strcmp(form->stored, "from_min") == 0 ? minute == 0 : minute == DAY_MINUTES;
    if (!is_edge) {
        text_addf(out, "%02" PRId64 ":%02" PRId64, minute / 60, minute % 60);
    }
}

void show_area_path(const struct showing *showing, const struct column_form *form, struct text *out)
{
    show_area_names(showing, show_string(showing, form->stored), out);
}

void show_course_name(const struct showing *showing, const struct column_form *form, struct text *out)
{
    show_other(showing, TABLE_COURSE, show_string(showing, form->stored), "name", out);
}

void show_instructor_name(const struct showing *showing, const struct column_form *form, struct text *out)
{
    show_other(showing, TABLE_INSTRUCTOR, show_string(showing, form->stored), "name", out);
}
