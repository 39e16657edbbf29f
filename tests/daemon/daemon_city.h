/* A small city for the tests of routes and pages. Today is Monday 2026-11-23 (day 20780). Every text holds
 * what HTML, JSON or an address could trip over; ids do, too.
 *
 *   county C1 / township T1 / village V1: hall H_ODD (room R1) with sessions 1 (today), 2 (cancelled), 3
 * (moved) course X1 in category K1 of provider P1; instructor I1 */
#ifndef LITANG_TESTS_DAEMON_CITY_H
#define LITANG_TESTS_DAEMON_CITY_H

#include "daemon/published.h"
#include "tests/scheduler/timetable_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ODD_TEXT      "<script>alert(1)</script>\"'&amp;%s%n 礼堂"
#define HALL_ODD      "H/1?a=1&b#\"<'>% 礼"
#define HALL_ODD_PATH "H%2F1%3Fa%3D1%26b%23%22%3C%27%3E%25%20%E7%A4%BC"

static inline uint32_t odd_area(struct timetable *tt, const char *id, const char *parent,
                                enum area_level level)
{
    struct area area = area_sample(id, parent, level);
    struct error err = {0};
    uint32_t index = NONE;
    area.name = ODD_TEXT;
    assert_done(timetable_add_area(tt, &area, &index, &err), &err);
    return index;
}

static inline void odd_places(struct timetable *tt)
{
    struct error err = {0};
    uint32_t index = NONE;
    odd_area(tt, "C1", NULL, AREA_COUNTY);
    odd_area(tt, "T1", "C1", AREA_TOWNSHIP);
    struct hall hall = hall_sample(HALL_ODD, odd_area(tt, "V1", "T1", AREA_VILLAGE));
    hall.name = ODD_TEXT;
    hall.address = ODD_TEXT;
    assert_done(timetable_add_hall(tt, &hall, &index, &err), &err);
    struct room room = {.id = "R1", .name = ODD_TEXT, .hall = index, .capacity = 100};
    assert_done(timetable_add_room(tt, &room, &index, &err), &err);
}

static inline void odd_people(struct timetable *tt)
{
    struct error err = {0};
    uint32_t index = NONE;
    struct provider provider = {.id = "P1", .name = ODD_TEXT, .area = NONE};
    struct category category = {.id = "K1", .name = ODD_TEXT};
    struct course course = course_sample("X1");
    struct instructor instructor = instructor_sample("I1");
    struct holiday holiday = {.day = DAY, .name = ODD_TEXT, .is_off = true};
    course.name = ODD_TEXT;
    course.provider = 0;
    instructor.name = ODD_TEXT;
    assert_done(timetable_add_provider(tt, &provider, &index, &err), &err);
    assert_done(timetable_add_category(tt, &category, &index, &err), &err);
    assert_done(timetable_add_course(tt, &course, &index, &err), &err);
    assert_done(timetable_add_instructor(tt, &instructor, &index, &err), &err);
    assert_done(timetable_add_holiday(tt, &holiday, &err), &err);
}

static inline void odd_sessions(struct timetable *tt)
{
    struct error err = {0};
    for (int64_t id = 1; id <= 3; id++) {
        struct session session = session_sample(id, 0);
        session.at.day = DAY + (int32_t)id - 1;
        session.created_at = session.changed_at = 1795000000 + id;
        session.note = ODD_TEXT;
        if (id == 2) {
            session.status = SESSION_CANCELLED;
            session.cancelled_at = session.changed_at;
            session.cancel_reason = ODD_TEXT;
        }
        if (id == 3) {
            session.moved_at = session.changed_at;
            session.moved_from_day = DAY;
            session.moved_from_min = 600;
        }
        assert_done(timetable_add_session(tt, &session, &err), &err);
    }
}

static inline struct published *odd_city(void)
{
    struct timetable *tt = timetable_new();
    struct published *published = NULL;
    struct error err = {0};
    assert_done(timetable_set_city(tt, ODD_TEXT, NULL, NULL, NULL, "https://litang.example"), &err);
    odd_places(tt);
    odd_people(tt);
    odd_sessions(tt);
    seal(tt);
    assert_done(published_create(tt, DAY, NULL, &published, &err), &err);
    published->audience = AUDIENCE_PUBLIC_OPEN;
    return published;
}

#endif
