/* The instructors of a sample city: who they are, when they can, what they teach, when they are away. */
#include "importers/demo_city.h"

#include <stdio.h>
#include <string.h>

enum {
    /* The first twelve teach three categories each, by broad hours, so that each course has three people
     * whose hours together cover the week. Small cities live on them. */
    CORE_COUNT = 12,
    CORE_CATEGORIES = 3,
    MONTH_SESSIONS = 24,
    EVENING_MONTH_SESSIONS = 5,
    ONE_EVENING = 8 /* the first of seven work patterns with a single evening */
};

/* How much each category is asked for, in the order of categories.csv: teachers and requests follow it. */
const uint8_t DEMO_CATEGORY_WEIGHTS[DEMO_CATEGORIES_MAX] = {14, 18, 8, 9, 6, 8, 8, 8, 10, 4, 4, 3};

static const uint8_t WORK_WEIGHTS[DEMO_WORK_HOURS] = {22, 18, 12, 12, 10, 8, 6, 6, 1, 1, 1, 1, 1, 1, 1};

/* "示例甲" … "示例癸", then by the sixty pairs of stems and branches: nobody's name. */
static void person_name(uint32_t number, char *ret_name, size_t size)
{
    static const char *const STEMS[] = {"甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"};
    static const char *const BRANCHES[] = {"子", "丑", "寅", "卯", "辰", "巳",
                                           "午", "未", "申", "酉", "戌", "亥"};
    if (number < 10) {
        snprintf(ret_name, size, "示例%s", STEMS[number]);
    } else if (number < 70) {
        snprintf(ret_name, size, "示例%s%s", STEMS[number % 10], BRANCHES[(number - 10) % 12]);
    } else {
        snprintf(ret_name, size, "示例%s%s%u", STEMS[number % 10], BRANCHES[(number - 10) % 12],
                 (number - 10) / 60 + 1);
    }
}

static uint64_t category_courses(const struct demo *demo, uint32_t category)
{
    uint64_t courses = 0;
    for (size_t i = 0; i < demo->base.course_count; i++) {
        const struct demo_course *course = &demo->base.courses[i];
        courses |= course->category == category && !course->unstaffed ? UINT64_C(1) << i : 0;
    }
    return courses;
}

/* The category with the least taught for what is asked of it, so that none is scarce. */
static uint32_t thinnest_category(const struct demo_city *city)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < city->demo->base.category_count; i++) {
        uint64_t mine = (uint64_t)city->taught[i] * DEMO_CATEGORY_WEIGHTS[best];
        uint64_t theirs = (uint64_t)city->taught[best] * DEMO_CATEGORY_WEIGHTS[i];
        best = mine < theirs ? i : best;
    }
    return best;
}

static void draw_courses(struct demo_city *city, struct demo_instructor *person, uint32_t number)
{
    const struct demo *demo = city->demo;
    uint32_t categories = (uint32_t)demo->base.category_count;
    if (number < CORE_COUNT) {
        for (uint32_t i = 0; i < CORE_CATEGORIES; i++) {
            person->courses |= category_courses(demo, (number + i) % categories);
            city->taught[(number + i) % categories] += MONTH_SESSIONS / CORE_CATEGORIES;
        }
        return;
    }
    uint32_t first = thinnest_category(city);
    uint32_t month = person->work_hours >= ONE_EVENING ? EVENING_MONTH_SESSIONS : MONTH_SESSIONS;
    person->courses = category_courses(demo, first);
    if (!demo_chance(&city->rng, 50)) {
        city->taught[first] += month;
        return;
    }
    uint32_t second = rng_below(&city->rng, categories);
    uint64_t courses = category_courses(demo, second);
    for (size_t i = 0; i < demo->base.course_count; i++) {
        uint64_t bit = UINT64_C(1) << i;
        person->courses |= demo_chance(&city->rng, 60) ? courses & bit : 0;
    }
    city->taught[first] += month * 2 / 3;
    city->taught[second] += month / 3;
}

/* Each island has somebody first; the others live where the villages are. */
static uint32_t draw_home(struct demo_city *city, uint32_t number)
{
    const struct demo_base *base = &city->demo->base;
    uint32_t islands = 0;
    for (uint32_t i = 0; i < base->township_count; i++) {
        if (base->townships[i].terrain == TERRAIN_FERRY && islands++ + CORE_COUNT == number) {
            return i;
        }
    }
    uint32_t hall = rng_below(&city->rng, city->hall_count);
    return city->halls[hall].township;
}

static void put_instructor(struct demo_city *city, const struct demo_instructor *person, uint32_t number,
                           const char *id)
{
    static const char *const KINDS[] = {"专职教师", "专职教师", "讲师团",   "兼职教师",
                                        "乡土专家", "兼职教师", "部门讲师", "志愿者"};
    struct demo *demo = city->demo;
    uint32_t home = draw_home(city, number);
    char name[64];
    char home_code[DEMO_CODE_SIZE];
    char provider_area[DEMO_CODE_SIZE];
    char provider[DEMO_CODE_SIZE + 2];
    demo_town_code(city, home, home_code);
    memcpy(provider_area, home_code, sizeof provider_area);
    uint32_t level = rng_below(&city->rng, 5);
    if (level == 0) {
        snprintf(provider_area, sizeof provider_area, "%s", city->code);
    } else if (level <= 2) {
        demo_county_code(city, demo->base.townships[home].county, provider_area);
    }
    snprintf(provider, sizeof provider, "P%s", provider_area);
    person_name(demo->next_instructor - 1, name, sizeof name);
    bool core = number < CORE_COUNT;
    bool one_evening = person->work_hours >= ONE_EVENING;
    int32_t max_day = one_evening ? 1 : core ? 3 : demo_between(&city->rng, 2, 3);
    int32_t max_week = one_evening ? 1 : core ? 10 : demo_between(&city->rng, 6, 10);
    int32_t max_month = one_evening ? EVENING_MONTH_SESSIONS : core ? 30 : demo_between(&city->rng, 18, 30);
    int32_t max_year =
        !core && !one_evening && demo_chance(&city->rng, 20) ? demo_between(&city->rng, 12, 20) * 10 : 0;
    demo_put(demo, TABLE_INSTRUCTOR,
             (struct cell[]){CELL_STR("id", id), CELL_STR("name", name), CELL_STR("provider_id", provider),
                             CELL_STR("home_area_id", home_code),
                             CELL_STR("hours", demo_work_hours_text(person->work_hours)),
                             CELL_INT("max_day", max_day), CELL_INT("max_week", max_week),
                             CELL_INT("max_month", max_month), CELL_INT("max_year", max_year),
                             CELL_STR("kind", one_evening ? "志愿者" : KINDS[person->work_hours])},
             10);
    demo->summary.instructors++;
}

static void put_leave(struct demo_city *city, struct demo_instructor *person, const char *instructor_id)
{
    static const char *const REASONS[] = {"病假（示例）", "外出培训（示例）", "家事（示例）",
                                          "挂职学习（示例）"};
    struct demo *demo = city->demo;
    bool is_long = demo_chance(&city->rng, 6);
    int32_t days = is_long ? demo_between(&city->rng, 14, 45) : demo_between(&city->rng, 1, 6);
    struct demo_span span = {demo_between(&city->rng, demo->first_day, demo->last_day - days), 0};
    span.to_day = span.from_day + days - 1;
    person->leaves[person->leave_count++] = span;
    char id[DEMO_CODE_SIZE];
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    snprintf(id, sizeof id, "A%06u", ++demo->next_absence);
    date_format(span.from_day, from);
    date_format(span.to_day, to);
    bool half_day = days == 1 && demo_chance(&city->rng, 50);
    const char *reason = REASONS[is_long ? 3 : rng_below(&city->rng, 3)];
    demo_put(demo, TABLE_ABSENCE,
             (struct cell[]){CELL_STR("id", id), CELL_STR("instructor_id", instructor_id),
                             CELL_STR("from_date", from), CELL_STR("to_date", to), CELL_INT("from_min", 0),
                             CELL_INT("to_min", half_day ? 720 : DAY_MINUTES), CELL_STR("reason", reason)},
             7);
    demo->summary.absences++;
}

static void build_instructor(struct demo_city *city, uint32_t number)
{
    struct demo *demo = city->demo;
    struct demo_instructor *person = &city->instructors[number];
    char id[DEMO_CODE_SIZE];
    snprintf(id, sizeof id, "T%05u", ++demo->next_instructor);
    person->work_hours = number < CORE_COUNT
                             ? (uint8_t)(1 + number % 3)
                             : (uint8_t)demo_weighted(&city->rng, WORK_WEIGHTS, DEMO_WORK_HOURS);
    draw_courses(city, person, number);
    put_instructor(city, person, number, id);
    for (size_t i = 0; i < demo->base.course_count; i++) {
        if ((person->courses & (UINT64_C(1) << i)) != 0) {
            demo_put(demo, TABLE_QUALIFICATION,
                     (struct cell[]){CELL_STR("instructor_id", id),
                                     CELL_STR("course_id", demo->base.courses[i].id)},
                     2);
        }
    }
    uint32_t draw = rng_below(&city->rng, 100);
    for (uint32_t i = 0; i < (draw < 45 ? 1U : draw < 60 ? 2U : 0U); i++) {
        put_leave(city, person, id);
    }
}

/* Who teaches what, by course. */
static void index_teachers(struct demo_city *city)
{
    uint32_t count = 0;
    for (size_t i = 0; i < city->demo->base.course_count; i++) {
        city->teacher_first[i] = count;
        for (uint32_t j = 0; j < city->instructor_count; j++) {
            if ((city->instructors[j].courses & (UINT64_C(1) << i)) != 0) {
                city->teachers[count++] = j;
            }
        }
        city->teacher_first[i + 1] = count;
    }
}

void demo_people_build(struct demo_city *city)
{
    for (uint32_t i = 0; i < city->instructor_count; i++) {
        build_instructor(city, i);
    }
    index_teachers(city);
}
