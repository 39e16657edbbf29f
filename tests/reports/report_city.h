/* A city for the tests of reports: places and sessions are added one by one with as little as a figure needs.
 */
#ifndef LITANG_TESTS_REPORTS_CITY_H
#define LITANG_TESTS_REPORTS_CITY_H

#include "tests/scheduler/timetable_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two counties A, B; townships A1, A2, B1; villages A1x, A1y, A2x, B1x. Area indices in this order. */
enum {
    COUNTY_A,
    COUNTY_B,
    TOWN_A1,
    TOWN_A2,
    TOWN_B1,
    VILLAGE_A1X,
    VILLAGE_A1Y,
    VILLAGE_A2X,
    VILLAGE_B1X,
    AREAS
};

static inline struct timetable *report_city(void)
{
    static const struct {
        const char *id, *parent;
        enum area_level level;
    } ROWS[AREAS] = {{"A", NULL, AREA_COUNTY},    {"B", NULL, AREA_COUNTY},    {"A1", "A", AREA_TOWNSHIP},
                     {"A2", "A", AREA_TOWNSHIP},  {"B1", "B", AREA_TOWNSHIP},  {"A1x", "A1", AREA_VILLAGE},
                     {"A1y", "A1", AREA_VILLAGE}, {"A2x", "A2", AREA_VILLAGE}, {"B1x", "B1", AREA_VILLAGE}};
    struct timetable *tt = timetable_new();
    struct error err = {0};
    uint32_t index = NONE;
    struct provider provider = {.id = "P1", .name = "示例学校", .area = NONE};
    struct category category = {.id = "K1", .name = "智慧助老"};
    struct course course = course_sample("X1");
    struct instructor first = instructor_sample("T1");
    struct instructor second = instructor_sample("T2");
    second.name = "示例乙, \"丙\"";
    for (size_t i = 0; i < AREAS; i++) {
        area_add(tt, ROWS[i].id, ROWS[i].parent, ROWS[i].level);
    }
    assert_done(timetable_add_provider(tt, &provider, &index, &err), &err);
    assert_done(timetable_add_category(tt, &category, &index, &err), &err);
    assert_done(timetable_add_course(tt, &course, &index, &err), &err);
    assert_done(timetable_add_instructor(tt, &first, &index, &err), &err);
    assert_done(timetable_add_instructor(tt, &second, &index, &err), &err);
    return tt;
}

/* A hall and, of the same index, its room. */
static inline uint32_t place_add(struct timetable *tt, const struct hall *hall)
{
    struct error err = {0};
    uint32_t index = NONE;
    char room[LIMIT_ID_BYTES];
    assert_done(timetable_add_hall(tt, hall, &index, &err), &err);
    snprintf(room, sizeof room, "R-%s", hall->id);
    assert_int_equal(room_add(tt, room, index), index);
    return index;
}

static inline uint32_t plain_place_add(struct timetable *tt, const char *id, uint32_t area)
{
    struct hall hall = hall_sample(id, area);
    return place_add(tt, &hall);
}

static inline void meeting_add(struct timetable *tt, int64_t id, uint32_t place, int32_t day,
                               enum session_status status, enum held_state held)
{
    struct session session = session_sample(id, place);
    struct error err = {0};
    session.at.day = day;
    session.at.held = held;
    session.status = status;
    session.cancelled_at = status == SESSION_CANCELLED ? 1795000000 : 0;
    assert_done(timetable_add_session(tt, &session, &err), &err);
}

#endif
