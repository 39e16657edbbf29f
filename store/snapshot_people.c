/* Rows of who teaches what, and who asks for it: providers, categories, courses, instructors, absences,
 * requests. */
#include "store/snapshot_private.h"

#include "base/date.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum error_code provider_read(struct loader *loader)
{
    struct provider row = {.id = row_text(loader, 0), .name = row_text(loader, 1)};
    uint32_t index;
    enum error_code code = row_refer(loader, 2, timetable_find_area, &row.area);
    return code == ERR_NONE ? timetable_add_provider(loader->timetable, &row, &index, loader->err) : code;
}

enum error_code category_read(struct loader *loader)
{
    struct category row = {.id = row_text(loader, 0), .name = row_text(loader, 1)};
    uint32_t index;
    return timetable_add_category(loader->timetable, &row, &index, loader->err);
}

static enum error_code course_words_read(struct loader *loader, struct course *row,
                                         struct season seasons[SEASONS_MAX])
{
    enum error_code code =
        timetable_facility_mask(loader->timetable, row_text(loader, 7), &row->facilities, loader->err);
    if (code == ERR_NONE) {
        code = timetable_audience(loader->timetable, row_text(loader, 8), &row->audience, loader->err);
    }
    if (code == ERR_NONE) {
        code = seasons_parse(row_text(loader, 12), seasons, &row->season_count, loader->err);
    }
    row->seasons = seasons;
    return code == ERR_NONE ? row_parts(loader, 13, &row->parts) : code;
}

enum error_code course_read(struct loader *loader)
{
    const struct statement *rows = &loader->rows;
    struct season seasons[SEASONS_MAX];
    struct course row = {
        .id = row_text(loader, 0),
        .name = row_text(loader, 1),
        .minutes = column_small(rows, 4),
        .setup_min = column_small(rows, 5),
        .clear_min = column_small(rows, 6),
        .heads = column_small(rows, 9),
        .supply_limit = column_small(rows, 10),
        .hall_quota = column_small(rows, 11),
        .tags = row_optional(loader, 14),
        .holidays_wanted = column_integer(rows, 15) != 0,
        .active = column_integer(rows, 16) != 0,
    };
    uint32_t index;
    enum error_code code = row_refer(loader, 2, timetable_find_category, &row.category);
    if (code == ERR_NONE) {
        code = row_refer(loader, 3, timetable_find_provider, &row.provider);
    }
    if (code == ERR_NONE) {
        code = course_words_read(loader, &row, seasons);
    }
    return code == ERR_NONE ? timetable_add_course(loader->timetable, &row, &index, loader->err) : code;
}

struct course_list {
    uint32_t *items; /* owned */
    size_t count, capacity;
};

/* The courses of the instructor that the rows stand on, from the side table in the same order. */
static enum error_code qualifications_read(struct loader *loader, struct course_list *list)
{
    enum error_code code = ERR_NONE;
    while (code == ERR_NONE && loader->side_row[0] &&
           strcmp(column_text(&loader->sides[0], 0), row_text(loader, 0)) == 0) {
        uint32_t course = timetable_find_course(loader->timetable, column_text(&loader->sides[0], 1));
        if (course == NONE) {
            return error_set(loader->err, ERR_INPUT, "qualification: course_id = \"%.80s\": %s",
                             column_text(&loader->sides[0], 1), "所引用的记录不存在 (refers to nothing)");
        }
        VEC_PUSH(code, list, course, LIMIT_ROWS);
        if (code == ERR_NONE) {
            code = side_step(loader, 0);
        }
    }
    return code;
}

static enum error_code instructor_fields_read(struct loader *loader, struct instructor *row)
{
    enum error_code code = row_refer(loader, 2, timetable_find_provider, &row->provider);
    if (code == ERR_NONE) {
        code = row_refer(loader, 3, timetable_find_area, &row->home_area);
    }
    if (code == ERR_NONE) {
        code = row_hours(loader, 6, &row->hours);
    }
    if (code == ERR_NONE) {
        code = row_day(loader, 11, DATE_MIN, &row->valid_from);
    }
    return code == ERR_NONE ? row_day(loader, 12, DATE_MAX, &row->valid_to) : code;
}

enum error_code instructor_read(struct loader *loader)
{
    const struct statement *rows = &loader->rows;
    struct course_list courses = {NULL, 0, 0};
    struct instructor row = {
        .id = row_text(loader, 0),
        .name = row_text(loader, 1),
        .home = row_place(loader, 4, 5),
        .max_day = column_small(rows, 7),
        .max_week = column_small(rows, 8),
        .max_month = column_small(rows, 9),
        .max_year = column_small(rows, 10),
    };
    uint32_t index;
    enum error_code code = instructor_fields_read(loader, &row);
    if (code == ERR_NONE) {
        code = qualifications_read(loader, &courses);
    }
    if (code == ERR_NONE) {
        row.courses = courses.items;
        row.course_count = courses.count;
        code = timetable_add_instructor(loader->timetable, &row, &index, loader->err);
    }
    free(courses.items);
    return code;
}

enum error_code absence_read(struct loader *loader)
{
    struct absence row = {
        .id = row_text(loader, 0),
        .from_min = column_small(&loader->rows, 4),
        .to_min = column_small(&loader->rows, 5),
        .reason = row_optional(loader, 6),
    };
    enum error_code code = row_refer(loader, 1, timetable_find_instructor, &row.instructor);
    if (code == ERR_NONE) {
        code = row_day(loader, 2, 0, &row.from_day);
    }
    if (code == ERR_NONE) {
        code = row_day(loader, 3, 0, &row.to_day);
    }
    return code == ERR_NONE ? timetable_add_absence(loader->timetable, &row, loader->err) : code;
}

/* "1,2,5": ISO weekdays to bits, bit 0 Monday. */
static enum error_code weekdays_read(struct loader *loader, int column, uint8_t *ret_weekdays)
{
    uint8_t weekdays = 0;
    const char *at = row_text(loader, column);
    while (*at != '\0') {
        if (*at < '1' || *at > '7' || (at[1] != ',' && at[1] != '\0')) {
            return row_fault(loader, column, "星期应写作 1,2,5 (weekdays read 1,2,5)");
        }
        weekdays = (uint8_t)(weekdays | 1U << (*at - '1'));
        at += at[1] == ',' ? 2 : 1;
    }
    *ret_weekdays = weekdays;
    return ERR_NONE;
}

static enum error_code request_fields_read(struct loader *loader, struct request *row)
{
    enum error_code code = row_refer(loader, 1, timetable_find_hall, &row->hall);
    if (code == ERR_NONE) {
        code = row_refer(loader, 2, timetable_find_area, &row->area);
    }
    if (code == ERR_NONE) {
        code = row_refer(loader, 3, timetable_find_course, &row->course);
    }
    if (code == ERR_NONE && !holiday_rule_from_name(row_text(loader, 6), &row->holiday_rule)) {
        code = row_fault(loader, 6, "节假日规则无效 (not a holiday rule)");
    }
    if (code == ERR_NONE) {
        code = row_day(loader, 7, 0, &row->from_day);
    }
    if (code == ERR_NONE) {
        code = row_day(loader, 8, 0, &row->to_day);
    }
    if (code == ERR_NONE) {
        code = weekdays_read(loader, 9, &row->weekdays);
    }
    return code == ERR_NONE ? row_parts(loader, 10, &row->parts) : code;
}

enum error_code request_read(struct loader *loader)
{
    const struct statement *rows = &loader->rows;
    struct request row = {
        .id = row_text(loader, 0),
        .sessions = column_small(rows, 4),
        .is_series = column_integer(rows, 5) != 0,
        .priority = column_small(rows, 11),
        .heads = column_small(rows, 12),
        .withdrawn = column_integer(rows, 13) != 0,
    };
    uint32_t index;
    enum error_code code = request_fields_read(loader, &row);
    return code == ERR_NONE ? timetable_add_request(loader->timetable, &row, &index, loader->err) : code;
}
