/* The weekly patterns of sample halls and instructors, and which course fits into which pair of them. */
#include "importers/demo_city.h"

static const char *const HALL_HOURS[DEMO_HALL_HOURS] = {
    "1-7 08:00-11:00 14:00-16:00",
    "1-7 08:30-17:30",
    "1-7 08:00-11:30 13:30-17:00 18:30-21:00",
    "1-5 08:30-11:30 13:30-16:30; 6,7 08:30-11:30 13:30-16:30 18:30-21:00",
    "1-7 08:30-17:30 18:30-21:00",
    "1,3,5,6,7 08:30-11:30 18:30-21:00",
};

/* The first four are broad; the last seven are one evening a week. */
static const char *const WORK_HOURS[DEMO_WORK_HOURS] = {
    "1-5 08:00-17:30", "1,3,5 08:00-17:30; 2,4 08:00-17:30 18:00-21:30",
    "1-7 08:00-21:30", "1-5 18:00-21:30; 6,7 08:00-21:30",
    "1-7 08:00-11:30", "1-5 13:00-17:30; 6 08:00-17:30",
    "6,7 08:00-17:30", "2-6 08:00-11:30 13:30-17:30",
    "1 18:00-21:30",   "2 18:00-21:30",
    "3 18:00-21:30",   "4 18:00-21:30",
    "5 18:00-21:30",   "6 18:00-21:30",
    "7 18:00-21:30",
};

const char *demo_hall_hours_text(uint8_t pattern)
{
    return HALL_HOURS[pattern];
}

const char *demo_work_hours_text(uint8_t pattern)
{
    return WORK_HOURS[pattern];
}

/* Is there a start on the quarter hour at which the room is open from set-up to clear-up and the instructor
 * can teach? `day` only gives the weekday. */
static bool hours_meet(const struct hours *hall, const struct hours *work, const struct demo_course *course,
                       int32_t day)
{
    for (int32_t start = 0; start < DAY_MINUTES; start += 15) {
        if (hours_cover(hall, day, start - course->setup_min, start + course->minutes + course->clear_min) &&
            hours_cover(work, day, start, start + course->minutes)) {
            return true;
        }
    }
    return false;
}

static uint8_t pair_weekdays(const struct demo *demo, size_t hall, size_t work, size_t course)
{
    int32_t monday = date_week_start(demo->first_day);
    unsigned weekdays = 0;
    for (int32_t i = 0; i < 7; i++) {
        if (hours_meet(&demo->hall_hours[hall], &demo->work_hours[work], &demo->base.courses[course],
                       monday + i)) {
            weekdays |= 1U << i;
        }
    }
    return (uint8_t)weekdays;
}

enum error_code demo_hours_init(struct demo *demo, struct error *err)
{
    for (size_t i = 0; i < DEMO_WORK_HOURS; i++) {
        enum error_code code = hours_parse(WORK_HOURS[i], &demo->work_hours[i], err);
        if (code != ERR_NONE) {
            return code;
        }
    }
    for (size_t i = 0; i < DEMO_HALL_HOURS; i++) {
        enum error_code code = hours_parse(HALL_HOURS[i], &demo->hall_hours[i], err);
        if (code != ERR_NONE) {
            return code;
        }
        for (size_t j = 0; j < demo->hall_hours[i].count; j++) {
            demo->has_evenings[i] |= demo->hall_hours[i].spans[j].to_min > 18 * 60;
        }
        for (size_t j = 0; j < DEMO_WORK_HOURS; j++) {
            for (size_t k = 0; k < demo->base.course_count; k++) {
                demo->fits[i][j][k] = pair_weekdays(demo, i, j, k);
            }
        }
    }
    return ERR_NONE;
}
