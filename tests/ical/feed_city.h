/* A small city that the feed tests share. Today is Monday 2026-03-16.
 *
 *   示例县 c1 / 宁溪镇 t1 / 示例一村 v1: hall h1 示例礼堂一 (rooms 大礼堂, 讲堂), with a place and an address
 *           / 白塔镇 t2 / 示例二村 v2: hall h2 示例礼堂二 (room of the same name), neither
 *   courses: 0 太极拳, 第一讲 (智慧助老)   1 亲子阅读 (家庭教育, of provider p1)
 *   instructors: 0 示例甲   1 示例乙   2 示例丙 (no session) */
#ifndef LITANG_TESTS_ICAL_FEED_CITY_H
#define LITANG_TESTS_ICAL_FEED_CITY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "ical/feed.h"
#include "ical/lint.h"

enum {
    COUNTY_1,
    TOWNSHIP_1,
    VILLAGE_1,
    TOWNSHIP_2,
    VILLAGE_2
};
enum {
    ROOM_STAGE,
    ROOM_LECTURE,
    ROOM_SECOND
};
enum {
    TAIJI,
    READING
};
enum {
    JIA,
    YI,
    BING
};

static inline int32_t on(int32_t year, int32_t month, int32_t day)
{
    return date_from_civil((struct civil){year, month, day});
}

static inline int32_t the_today(void)
{
    return on(2026, 3, 16);
}

static inline int64_t instant(const char *text)
{
    int64_t seconds = 0;
    assert_true(instant_parse(text, &seconds));
    return seconds;
}

static inline void city_places(struct timetable *tt)
{
    static const struct {
        const char *id, *name, *parent;
        enum area_level level;
    } AREAS[] = {{"c1", "示例县", NULL, AREA_COUNTY},
                 {"t1", "宁溪镇", "c1", AREA_TOWNSHIP},
                 {"v1", "示例一村", "t1", AREA_VILLAGE},
                 {"t2", "白塔镇", "c1", AREA_TOWNSHIP},
                 {"v2", "示例二村", "t2", AREA_VILLAGE}};
    uint32_t index = 0;
    for (size_t i = 0; i < sizeof AREAS / sizeof AREAS[0]; i++) {
        struct area area = {.id = AREAS[i].id,
                            .code_system = "NBS",
                            .name = AREAS[i].name,
                            .parent_id = AREAS[i].parent,
                            .level = AREAS[i].level,
                            .travel_class = NONE};
        assert_int_equal(timetable_add_area(tt, &area, &index, NULL), ERR_NONE);
    }
}

static inline void city_courses(struct timetable *tt)
{
    uint32_t index = 0;
    struct provider provider = {.id = "p1", .name = "示例社区学校", .area = TOWNSHIP_1};
    assert_int_equal(timetable_add_provider(tt, &provider, &index, NULL), ERR_NONE);
    struct category categories[] = {{"elders", "智慧助老"}, {"family", "家庭教育, 亲子"}};
    struct course courses[] = {{.id = "taiji",
                                .name = "太极拳, 第一讲",
                                .category = 0,
                                .provider = NONE,
                                .minutes = 90,
                                .audience = NONE,
                                .active = true},
                               {.id = "reading",
                                .name = "亲子阅读",
                                .category = 1,
                                .provider = 0,
                                .minutes = 60,
                                .audience = NONE,
                                .active = true}};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(timetable_add_category(tt, &categories[i], &index, NULL), ERR_NONE);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(timetable_add_course(tt, &courses[i], &index, NULL), ERR_NONE);
    }
}

static inline void city_halls(struct timetable *tt)
{
    uint32_t index = 0;
    struct hall halls[] = {{.id = "h1",
                            .name = "示例礼堂一",
                            .area = VILLAGE_1,
                            .address = "文化路1号; 村口",
                            .place = {28656400, 121420801, true}},
                           {.id = "h2", .name = "示例礼堂二", .area = VILLAGE_2}};
    struct room rooms[] = {{.id = "r1", .name = "大礼堂", .hall = 0, .capacity = 60},
                           {.id = "r2", .name = "讲堂", .hall = 0},
                           {.id = "r3", .name = "示例礼堂二", .hall = 1}};
    for (size_t i = 0; i < 2; i++) {
        halls[i].valid_from = DATE_MIN;
        halls[i].valid_to = DATE_MAX;
        halls[i].school = NONE;
        assert_int_equal(timetable_add_hall(tt, &halls[i], &index, NULL), ERR_NONE);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(timetable_add_room(tt, &rooms[i], &index, NULL), ERR_NONE);
    }
}

static inline void city_people(struct timetable *tt)
{
    static const uint32_t ALL[] = {TAIJI, READING};
    struct instructor people[] = {
        {.id = "i1", .name = "示例甲"}, {.id = "i2", .name = "示例乙"}, {.id = "i3", .name = "示例丙"}};
    uint32_t index = 0;
    for (size_t i = 0; i < 3; i++) {
        people[i].provider = people[i].home_area = NONE;
        people[i].valid_from = DATE_MIN;
        people[i].valid_to = DATE_MAX;
        people[i].courses = ALL;
        people[i].course_count = 2;
        assert_int_equal(timetable_add_instructor(tt, &people[i], &index, NULL), ERR_NONE);
    }
}

/* Everything but sessions; not sealed. NULLs take the timetable's defaults. */
static inline struct timetable *city_open(const char *tzid, const char *public_url)
{
    struct timetable *tt = timetable_create();
    assert_non_null(tt);
    tt->revision = 1;
    assert_int_equal(timetable_set_city(tt, "示例市", tzid, "litang.example", "示例社区学院", public_url),
                     ERR_NONE);
    city_places(tt);
    city_courses(tt);
    city_halls(tt);
    city_people(tt);
    return tt;
}

/* A confirmed session of 太极拳 by 示例甲 on the stage of h1, made on 2026-01-05. */
static inline struct session plain_session(int64_t id, int32_t day, int32_t start_min)
{
    return (struct session){.at = {.session_id = id,
                                   .course = TAIJI,
                                   .room = ROOM_STAGE,
                                   .instructors = {JIA},
                                   .instructor_count = 1,
                                   .day = day,
                                   .start_min = start_min,
                                   .minutes = 90,
                                   .request = NONE},
                            .status = SESSION_CONFIRMED,
                            .created_at = instant("2026-01-05T02:00:00Z"),
                            .changed_at = instant("2026-01-06T03:04:05Z"),
                            .counts_as = 1};
}

static inline void add_session(struct timetable *tt, struct session session)
{
    struct error err = {0};
    if (timetable_add_session(tt, &session, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
}

static inline void city_seal(struct timetable *tt)
{
    struct error err = {0};
    if (timetable_seal(tt, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
}

/* Builds a set and gives up the timetable's reference to it. */
static inline struct feed_set *set_of(struct timetable *tt, int32_t today, const struct feed_set *previous)
{
    struct feed_set *set = NULL;
    struct error err = {0};
    if (feed_set_create(tt, today, previous, &set, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    timetable_unref(tt);
    return set;
}

/* The feed's bytes, to be freed; they pass the linter. `ret_info` may be NULL. */
static inline char *render_with(const struct feed_set *set, enum feed_scope scope, uint32_t index,
                                const struct feed_options *options, struct feed_info *ret_info)
{
    struct text out;
    struct feed_info info = {0};
    struct error err = {0};
    text_init(&out, SIZE_MAX);
    if (feed_render(set, scope, index, options, &out, &info, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    struct lint_report report = {0};
    assert_int_equal(lint_calendar(text_string(&out), out.length, &report, NULL), ERR_NONE);
    if (report.count > 0) {
        fail_msg("line %zu: %s: %s", report.items[0].line, report.items[0].rule, report.items[0].text);
    }
    lint_report_finish(&report);
    if (ret_info != NULL) {
        *ret_info = info;
    }
    return text_take(&out);
}

static inline char *render(const struct feed_set *set, enum feed_scope scope, uint32_t index,
                           int32_t alarm_min, struct feed_info *ret_info)
{
    const struct feed_options options = {.alarm_min = alarm_min, .category = NONE};
    return render_with(set, scope, index, &options, ret_info);
}

/* One-step: a set of one session, its township feed's bytes on `today`. */
static inline char *render_one(struct session session, int32_t today)
{
    struct timetable *tt = city_open(NULL, NULL);
    add_session(tt, session);
    city_seal(tt);
    struct feed_set *set = set_of(tt, today, NULL);
    char *bytes = render(set, FEED_TOWNSHIP, TOWNSHIP_1, 0, NULL);
    feed_set_unref(set);
    return bytes;
}

static inline void assert_has(const char *bytes, const char *part)
{
    if (strstr(bytes, part) == NULL) {
        fail_msg("\"%s\" is not in:\n%s", part, bytes);
    }
}

static inline void assert_has_not(const char *bytes, const char *part)
{
    if (strstr(bytes, part) != NULL) {
        fail_msg("\"%s\" is in:\n%s", part, bytes);
    }
}

static inline size_t count_of(const char *bytes, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(bytes, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

static inline int library_setup(void **state)
{
    (void)state;
    feed_library_init();
    return 0;
}

#endif
