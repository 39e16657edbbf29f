/* Reading a sealed snapshot. */
#include "scheduler/timetable.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

uint32_t timetable_find_area(const struct timetable *timetable, const char *id)
{
    return map_get(&timetable->area_ids, id);
}

uint32_t timetable_find_hall(const struct timetable *timetable, const char *id)
{
    return map_get(&timetable->hall_ids, id);
}

uint32_t timetable_find_room(const struct timetable *timetable, const char *id)
{
    return map_get(&timetable->room_ids, id);
}

uint32_t timetable_find_instructor(const struct timetable *timetable, const char *id)
{
    return map_get(&timetable->instructor_ids, id);
}

uint32_t timetable_find_course(const struct timetable *timetable, const char *id)
{
    return map_get(&timetable->course_ids, id);
}

uint32_t timetable_find_category(const struct timetable *timetable, const char *id)
{
    return map_get(&timetable->category_ids, id);
}

uint32_t timetable_find_provider(const struct timetable *timetable, const char *id)
{
    return map_get(&timetable->provider_ids, id);
}

uint32_t timetable_find_request(const struct timetable *timetable, const char *id)
{
    return map_get(&timetable->request_ids, id);
}

const struct session *timetable_find_session(const struct timetable *timetable, int64_t id)
{
    size_t low = 0;
    size_t high = timetable->session_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (timetable->sessions[middle].at.session_id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < timetable->session_count && timetable->sessions[low].at.session_id == id;
    return found ? &timetable->sessions[low] : NULL;
}

const struct series *timetable_find_series(const struct timetable *timetable, int64_t id)
{
    size_t low = 0;
    size_t high = timetable->series_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (timetable->series[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < timetable->series_count && timetable->series[low].id == id;
    return found ? &timetable->series[low] : NULL;
}

static const struct holiday *holiday_find(const struct timetable *timetable, int32_t day)
{
    size_t low = 0;
    size_t high = timetable->holiday_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (timetable->holidays[middle].day < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < timetable->holiday_count && timetable->holidays[low].day == day;
    return found ? &timetable->holidays[low] : NULL;
}

struct day_info timetable_day(const struct timetable *timetable, int32_t day)
{
    struct day_info info = day_info_plain(day);
    const struct holiday *holiday = holiday_find(timetable, day);
    if (holiday != NULL) {
        info.is_off = holiday->is_off;
        info.is_makeup = !holiday->is_off;
        info.holiday_name = holiday->name;
    }
    return info;
}

struct place timetable_hall_place(const struct timetable *timetable, uint32_t hall)
{
    return hall < timetable->hall_count ? timetable->halls[hall].known_place : (struct place){0};
}

struct place timetable_home_place(const struct timetable *timetable, uint32_t instructor)
{
    return instructor < timetable->instructor_count ? timetable->instructors[instructor].known_home
                                                    : (struct place){0};
}

bool timetable_qualified(const struct timetable *timetable, uint32_t instructor, uint32_t course)
{
    if (instructor >= timetable->instructor_count) {
        return false;
    }
    const struct instructor *person = &timetable->instructors[instructor];
    size_t low = 0;
    size_t high = person->course_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (person->courses[middle] < course) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < person->course_count && person->courses[low] == course;
}

uint32_t timetable_hall_township(const struct timetable *timetable, uint32_t hall)
{
    return hall < timetable->hall_count ? timetable->areas[timetable->halls[hall].area].township : NONE;
}

uint32_t timetable_hall_county(const struct timetable *timetable, uint32_t hall)
{
    return hall < timetable->hall_count ? timetable->areas[timetable->halls[hall].area].county : NONE;
}

bool timetable_area_within(const struct timetable *timetable, uint32_t area, uint32_t ancestor)
{
    if (ancestor == NONE) {
        return false;
    }
    uint32_t at = area;
    for (int step = 0; step < AREA_ANCESTORS_MAX && at < timetable->area_count; step++) {
        if (at == ancestor) {
            return true;
        }
        at = timetable->areas[at].parent;
    }
    return false;
}

void timetable_uid(const struct timetable *timetable, int64_t session_id, char ret_text[UID_TEXT_SIZE])
{
    (void)snprintf(ret_text, UID_TEXT_SIZE, "s-%" PRId64 "@%s", session_id, timetable->uid_domain);
}

/* The word's position in the list, or `count`. */
static size_t word_position(const char *const *words, size_t count, const char *word)
{
    size_t at = 0;
    while (at < count && (word == NULL || strcmp(words[at], word) != 0)) {
        at++;
    }
    return at;
}

static const char *const STATUS_WORDS[] = {"TENTATIVE", "CONFIRMED", "CANCELLED"};
static const char *const STRENGTH_WORDS[] = {"note", "soft", "hard"};
static const char *const HOLIDAY_WORDS[] = {"forbid", "skip", "shift"};

enum {
    WORDS = 3
};

bool held_took_place(enum held_state held)
{
    return held == HELD_YES || held == HELD_OUTSIDE;
}

const char *session_status_name(enum session_status status)
{
    return (unsigned)status < WORDS ? STATUS_WORDS[status] : "?";
}

bool session_status_from_name(const char *name, enum session_status *ret_status)
{
    size_t at = word_position(STATUS_WORDS, WORDS, name);
    if (at < WORDS) {
        *ret_status = (enum session_status)at;
    }
    return at < WORDS;
}

const char *closure_strength_name(enum closure_strength strength)
{
    return (unsigned)strength < WORDS ? STRENGTH_WORDS[strength] : "?";
}

bool closure_strength_from_name(const char *name, enum closure_strength *ret_strength)
{
    size_t at = word_position(STRENGTH_WORDS, WORDS, name);
    if (at < WORDS) {
        *ret_strength = (enum closure_strength)at;
    }
    return at < WORDS;
}

const char *holiday_rule_name(enum holiday_rule rule)
{
    return (unsigned)rule < WORDS ? HOLIDAY_WORDS[rule] : "?";
}

bool holiday_rule_from_name(const char *name, enum holiday_rule *ret_rule)
{
    size_t at = word_position(HOLIDAY_WORDS, WORDS, name);
    if (at < WORDS) {
        *ret_rule = (enum holiday_rule)at;
    }
    return at < WORDS;
}
