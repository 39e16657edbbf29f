/* tests/scheduler/timetable_sample: rows that a snapshot takes as they are, for tests to change and to add.
 */
#ifndef LITANG_TESTS_SCHEDULER_TIMETABLE_SAMPLE_H
#define LITANG_TESTS_SCHEDULER_TIMETABLE_SAMPLE_H

#include "base/date.h"
#include "scheduler/timetable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct place UNKNOWN = {0, 0, false};
static const int32_t DAY = 20780; /* 2026-11-23 */

static inline void assert_done(enum error_code code, const struct error *err)
{
    if (code != ERR_NONE) {
        fail_msg("%s: %s", error_name(code), err->text);
    }
}

static inline struct timetable *timetable_new(void)
{
    struct timetable *timetable = timetable_create();
    assert_non_null(timetable);
    return timetable;
}

static inline void seal(struct timetable *timetable)
{
    struct error err = {0};
    assert_done(timetable_seal(timetable, &err), &err);
}

static inline struct area area_sample(const char *id, const char *parent, enum area_level level)
{
    return (struct area){.id = id,
                         .code_system = "TEST",
                         .name = "示例",
                         .parent_id = parent,
                         .level = level,
                         .place = UNKNOWN,
                         .travel_class = NONE};
}

static inline uint32_t area_add(struct timetable *timetable, const char *id, const char *parent,
                                enum area_level level)
{
    struct area area = area_sample(id, parent, level);
    struct error err = {0};
    uint32_t index = NONE;
    assert_done(timetable_add_area(timetable, &area, &index, &err), &err);
    return index;
}

static inline struct hall hall_sample(const char *id, uint32_t area)
{
    return (struct hall){.id = id,
                         .name = "示例文化礼堂",
                         .area = area,
                         .valid_from = DATE_MIN,
                         .valid_to = DATE_MAX,
                         .school = NONE};
}

static inline uint32_t hall_add(struct timetable *timetable, const char *id, uint32_t area)
{
    struct hall hall = hall_sample(id, area);
    struct error err = {0};
    uint32_t index = NONE;
    assert_done(timetable_add_hall(timetable, &hall, &index, &err), &err);
    return index;
}

static inline uint32_t room_add(struct timetable *timetable, const char *id, uint32_t hall)
{
    struct room room = {.id = id, .name = "大礼堂", .hall = hall, .capacity = 100};
    struct error err = {0};
    uint32_t index = NONE;
    assert_done(timetable_add_room(timetable, &room, &index, &err), &err);
    return index;
}

static inline struct course course_sample(const char *id)
{
    return (struct course){
        .id = id, .name = "手机防诈骗", .category = 0, .provider = NONE, .minutes = 90, .audience = NONE};
}

static inline struct instructor instructor_sample(const char *id)
{
    return (struct instructor){.id = id,
                               .name = "示例甲",
                               .provider = NONE,
                               .home_area = NONE,
                               .valid_from = DATE_MIN,
                               .valid_to = DATE_MAX};
}

static inline struct request request_sample(const char *id)
{
    return (struct request){.id = id,
                            .hall = 0,
                            .area = NONE,
                            .course = 0,
                            .sessions = 1,
                            .from_day = DAY,
                            .to_day = DAY + 30,
                            .priority = 5};
}

static inline struct closure closure_sample(enum closure_scope scope, uint32_t target)
{
    return (struct closure){.id = "C1",
                            .scope = scope,
                            .target = target,
                            .strength = CLOSURE_HARD,
                            .from_day = DAY,
                            .to_day = DAY,
                            .to_min = DAY_MINUTES};
}

static inline struct absence absence_sample(uint32_t instructor)
{
    return (struct absence){
        .id = "A1", .instructor = instructor, .from_day = DAY, .to_day = DAY, .to_min = DAY_MINUTES};
}

static inline struct session session_sample(int64_t id, uint32_t room)
{
    return (struct session){.at = {.session_id = id,
                                   .course = 0,
                                   .room = room,
                                   .instructors = {0, 7, 7, 7},
                                   .instructor_count = 1,
                                   .day = DAY,
                                   .start_min = 540,
                                   .minutes = 90,
                                   .request = NONE},
                            .status = SESSION_CONFIRMED,
                            .counts_as = 1};
}

static inline void session_add(struct timetable *timetable, int64_t id, uint32_t room)
{
    struct session session = session_sample(id, room);
    struct error err = {0};
    assert_done(timetable_add_session(timetable, &session, &err), &err);
}

/* One of everything: area, provider, category, course, hall, room, instructor, request. */
static inline struct timetable *sample_new(void)
{
    struct timetable *tt = timetable_new();
    struct error err = {0};
    uint32_t index = NONE;
    struct provider provider = {.id = "P1", .name = "示例社区学院", .area = NONE};
    struct category category = {.id = "K1", .name = "智慧助老"};
    struct course course = course_sample("X1");
    struct instructor instructor = instructor_sample("T1");
    struct request request = request_sample("Q1");
    uint32_t county = area_add(tt, "331002", NULL, AREA_COUNTY);
    assert_done(timetable_add_provider(tt, &provider, &index, &err), &err);
    assert_done(timetable_add_category(tt, &category, &index, &err), &err);
    assert_done(timetable_add_course(tt, &course, &index, &err), &err);
    room_add(tt, "R1", hall_add(tt, "H1", county));
    assert_done(timetable_add_instructor(tt, &instructor, &index, &err), &err);
    assert_done(timetable_add_request(tt, &request, &index, &err), &err);
    return tt;
}

#endif
