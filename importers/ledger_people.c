/* The course and the people that a ledger's row names; what is missing is made when the caller wants that,
 * for days of the past only, and in a way that no plan uses it. */
#include "base/date.h"
#include "importers/ledger_session.h"

#include "base/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* People made by this sheet, in intake->kept: valid on the days that the file names. */
struct made_person {
    const char *id, *name;
    int32_t from_day, to_day;
};

enum {
    /* Of a course that a ledger names without an end of its sessions; a meeting takes 1.5 to 2 hours. */
    USUAL_MINUTES = 90
};

static bool may_make(const struct intake *intake, const struct ledger_draft *draft)
{
    return intake->report->create_missing && draft->row.is_past;
}

static const char *made_key(struct intake *intake, const char *prefix, const char *name)
{
    char key[LIMIT_NAME_BYTES + 8];
    (void)snprintf(key, sizeof key, "%s:%s", prefix, name);
    return intake_keep(intake, key);
}

/* ---- the course ---- */

static bool course_make(struct intake *intake, struct ledger_draft *draft, const char *name)
{
    if (!intake_value(intake, LEDGER_CATEGORY)->given) {
        intake_error(intake, LEDGER_COURSE, CODE_MISSING, "新课程“%s”要写类别",
                     "the new course \"%s\" needs a category", name);
        return false;
    }
    const char *category = reference_or_make(intake, LEDGER_CATEGORY, LOOKUP_CATEGORIES);
    const char *const parts[] = {name};
    const char *id = intake_derive(intake, "course", parts, 1);
    const char *key = made_key(intake, "course", name);
    if (category == NULL || intake->failed != ERR_NONE) {
        return false;
    }
    if (map_get(&intake->made, key) == MAP_NONE) {
        struct cells cells = {.count = 0};
        cells_add(&cells, CELL_STR("id", id));
        cells_add(&cells, CELL_STR("name", name));
        cells_add(&cells, CELL_STR("category_id", category));
        cells_add(&cells, CELL_INT("minutes", draft->has_end ? draft->row.minutes : USUAL_MINUTES));
        cells_add(&cells, CELL_INT("active", 0));
        intake_put(intake, TABLE_COURSE, &cells);
        intake_warn(intake, LEDGER_COURSE, CODE_MADE,
                    draft->has_end ? "新建课程“%s”（停用：不会被排课）"
                                   : "新建课程“%s”（停用：不会被排课；表中没有结束时间，时长按 90 分钟）",
                    draft->has_end
                        ? "the course \"%s\" is made, inactive: no plan uses it"
                        : "the course \"%s\" is made, inactive: no plan uses it; no end is given: 90 minutes",
                    name);
        intake->failed =
            map_add(&intake->made, key, intake->row->number) == ERR_NONE ? intake->failed : ERR_MEMORY;
    }
    draft->made_course = id;
    draft->row.course_id = id;
    return intake->row_errors == 0;
}

/* The name alone, when a remark stands behind it. */
static const char *course_name(struct intake *intake, struct ledger_draft *draft, const char *text)
{
    size_t length = remark_cut(text);
    if (text[length] == '\0') {
        return text;
    }
    remark_read(text + length, &draft->remark);
    char name[LIMIT_NAME_BYTES + 1];
    (void)snprintf(name, sizeof name, "%.*s", (int)length, text);
    return intake_keep(intake, name);
}

static void category_compare(struct intake *intake, const struct ledger_draft *draft)
{
    const struct timetable *base = intake->base;
    const char *said = intake_text(intake, LEDGER_CATEGORY);
    if (*said == '\0') {
        return;
    }
    const struct category *is = &base->categories[base->courses[draft->course].category];
    if (strstr(is->name, said) == NULL && strstr(said, is->name) == NULL && strcmp(is->id, said) != 0) {
        intake_warn(intake, LEDGER_CATEGORY, CODE_ASSUMED, "类别与课程登记的不同，按课程登记的“%s”统计",
                    "the category differs from the course's, \"%s\", which counts", is->name);
    }
}

bool ledger_course(struct intake *intake, struct ledger_draft *draft)
{
    size_t column = intake_value(intake, LEDGER_COURSE_ID)->given ? LEDGER_COURSE_ID : LEDGER_COURSE;
    if (!intake_value(intake, column)->given) {
        if (!intake_filled(intake, column)) {
            intake_error(intake, intake_has(intake, LEDGER_COURSE) ? LEDGER_COURSE : LEDGER_COURSE_ID,
                         CODE_MISSING, "要写课程", "the course is needed", NULL);
        }
        return false;
    }
    const char *text = intake_text(intake, column);
    size_t found = reference_try(intake, LOOKUP_COURSES, text, &draft->course);
    if (found == 0) {
        text = course_name(intake, draft, text);
        found = reference_try(intake, LOOKUP_COURSES, text, &draft->course);
    }
    if (found == 0 && may_make(intake, draft)) {
        return course_make(intake, draft, text);
    }
    if (found != 1) {
        draft->course = reference_find(intake, column, LOOKUP_COURSES, text);
        return false;
    }
    draft->row.course_id = intake->base->courses[draft->course].id;
    category_compare(intake, draft);
    return true;
}

/* ---- the people ---- */

static struct made_person *person_made(struct intake *intake, const char *name)
{
    struct made_person *people = intake->kept;
    char prefix[24];
    (void)snprintf(prefix, sizeof prefix, "person%u", intake->sheet_index);
    const char *key = made_key(intake, prefix, name);
    uint32_t at = map_get(&intake->made, key);
    if (at != MAP_NONE) {
        return &people[at];
    }
    people =
        vec_reserve(intake->kept, &intake->kept_capacity, intake->kept_count + 1, sizeof *people, LIMIT_ROWS);
    const char *const parts[] = {name};
    if (people == NULL || map_add(&intake->made, key, (uint32_t)intake->kept_count) != ERR_NONE) {
        intake->failed = ERR_MEMORY;
        return NULL;
    }
    intake->kept = people;
    people[intake->kept_count] = (struct made_person){intake_derive(intake, "person", parts, 1),
                                                      intake_keep(intake, name), DATE_MAX, DATE_MIN};
    intake_warn(intake, LEDGER_INSTRUCTOR, CODE_MADE, "新建讲师“%s”（只在台账所写的日期内有效：不会被排课）",
                "the instructor \"%s\" is made, valid on the days of the ledger only: no plan uses them",
                name);
    return &people[intake->kept_count++];
}

static void qualification_put(struct intake *intake, const char *person, const char *course)
{
    char key[LIMIT_ID_BYTES * 2 + 8];
    (void)snprintf(key, sizeof key, "q:%s %s", person, course);
    const char *kept = intake_keep(intake, key);
    if (map_get(&intake->made, kept) != MAP_NONE) {
        return;
    }
    struct cells cells = {.count = 0};
    cells_add(&cells, CELL_STR("instructor_id", person));
    cells_add(&cells, CELL_STR("course_id", course));
    intake_put(intake, TABLE_QUALIFICATION, &cells);
    intake->failed =
        map_add(&intake->made, kept, intake->row->number) == ERR_NONE ? intake->failed : ERR_MEMORY;
}

static bool is_nobody(const char *name)
{
    static const char *const WORDS[] = {"待定", "未定", "暂定", "无", "/", "-", "—", "tbd", NULL};
    for (size_t i = 0; WORDS[i] != NULL; i++) {
        if (strcmp(name, WORDS[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool person_known(struct intake *intake, struct ledger_draft *draft, size_t column, uint32_t person)
{
    const struct instructor *about = &intake->base->instructors[person];
    bool is_unknown = draft->course == NONE && draft->made_course == NULL; /* the course has its own error */
    bool is_qualified =
        is_unknown || (draft->course != NONE && timetable_qualified(intake->base, person, draft->course));
    if (!is_qualified && may_make(intake, draft)) {
        qualification_put(intake, about->id, draft->row.course_id);
        is_qualified = true;
    }
    if (!is_qualified) {
        intake_error(
            intake, column, CODE_UNKNOWN,
            "讲师“%s”没有登记这门课的授课资格；请先在讲师表的“可授课程”中补上，或加 --create-missing",
            "\"%s\" is not qualified for the course; add it to the instructors' file, or give "
            "--create-missing",
            about->name);
        return false;
    }
    draft->row.instructor_ids[draft->row.instructor_count++] = about->id;
    return true;
}

static bool person_add(struct intake *intake, struct ledger_draft *draft, size_t column, const char *name)
{
    uint32_t person = NONE;
    if (is_nobody(name)) {
        if (draft->row.is_past && draft->status != LEDGER_CANCELLED) {
            intake_error(intake, column, CODE_UNKNOWN, "讲师写的是“%s”；请写实际讲师，没有就留空",
                         "the instructor is \"%s\"; write who taught, or leave the cell empty", name);
            return false;
        }
        return true;
    }
    if (draft->row.instructor_count == LIMIT_SESSION_INSTRUCTORS) {
        intake_error(intake, column, CODE_ITEMS, "讲师超过 4 人", "more than 4 instructors", NULL);
        return false;
    }
    size_t found = reference_try(intake, LOOKUP_INSTRUCTORS, name, &person);
    if (found == 0 && may_make(intake, draft) && column == LEDGER_INSTRUCTOR) {
        struct made_person *made = person_made(intake, name);
        if (made == NULL) {
            return false;
        }
        int32_t last = draft->row.day;
        for (int i = 0; i < DATE_DAYS_MAX; i++) {
            last = (draft->days >> i & 1U) != 0 ? draft->row.day + i : last;
        }
        made->from_day = draft->row.day < made->from_day ? draft->row.day : made->from_day;
        made->to_day = last > made->to_day ? last : made->to_day;
        draft->row.instructor_ids[draft->row.instructor_count++] = made->id;
        qualification_put(intake, made->id, draft->row.course_id);
        return true;
    }
    if (found != 1) {
        (void)reference_find(intake, column, LOOKUP_INSTRUCTORS, name);
        return false;
    }
    return person_known(intake, draft, column, person);
}

bool ledger_people(struct intake *intake, struct ledger_draft *draft)
{
    size_t column =
        intake_value(intake, LEDGER_INSTRUCTOR_ID)->given ? LEDGER_INSTRUCTOR_ID : LEDGER_INSTRUCTOR;
    const char *text = intake_text(intake, column);
    bool is_good = true;
    if (strchr(text, ';') == NULL) {
        return *text == '\0' || person_add(intake, draft, column, text);
    }
    char item[LIMIT_NAME_BYTES + 1];
    while (list_next(&text, item, sizeof item)) {
        is_good = person_add(intake, draft, column, intake_keep(intake, item)) && is_good;
    }
    return is_good;
}

void ledger_people_finish(struct intake *intake)
{
    const struct made_person *people = intake->kept;
    for (size_t i = 0; i < intake->kept_count; i++) {
        struct cells cells = {.count = 0};
        cells_add(&cells, CELL_STR("id", people[i].id));
        cells_add(&cells, CELL_STR("name", people[i].name));
        cells_add(&cells, cell_date(intake, "valid_from", people[i].from_day));
        cells_add(&cells, cell_date(intake, "valid_to", people[i].to_day));
        intake_put(intake, TABLE_INSTRUCTOR, &cells);
    }
}
