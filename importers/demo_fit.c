/* Could this request be met, were it alone in the year? Asked of each request before it is written, with some
 * slack, so that a good planner can place them all. Quick and on the safe side; the tests ask the rule book.
 */
#include "importers/demo_city.h"

enum {
    WINDOW_MAX = 400,   /* days; windows lie in one year */
    SERIES_CHOICES = 3, /* different weekday and instructor */
    /* Single meetings: this many days with two instructors each, beyond twice the wanted ones. */
    SPARE_DAYS = 4
};

static bool span_has(const struct demo_span *span, int32_t day)
{
    return span->from_day <= day && day <= span->to_day;
}

bool demo_hall_open(const struct demo_city *city, const struct demo_hall *hall, int32_t day)
{
    if (day < hall->open_from || day > hall->open_to || span_has(&city->town_shelter[hall->township], day)) {
        return false;
    }
    for (size_t i = 0; i < hall->span_count; i++) {
        if (span_has(&hall->spans[i], day)) {
            return false;
        }
    }
    return true;
}

bool demo_hall_suits(const struct demo_hall *hall, uint32_t facilities, int32_t heads)
{
    for (size_t i = 0; i < hall->room_count; i++) {
        const struct demo_room *room = &hall->rooms[i];
        if (!room->under_repair && (room->facilities & facilities) == facilities && room->capacity >= heads) {
            return true;
        }
    }
    return false;
}

static bool person_there(const struct demo_instructor *person, int32_t day)
{
    for (size_t i = 0; i < person->leave_count; i++) {
        if (span_has(&person->leaves[i], day)) {
            return false;
        }
    }
    return true;
}

static bool day_off(const struct demo *demo, int32_t day)
{
    for (size_t i = 0; i < demo->off_day_count; i++) {
        if (demo->off_days[i].day == day) {
            return true;
        }
    }
    return false;
}

/* The request's days on which the hall could be used, and who might come. */
struct view {
    const struct demo_city *city;
    const struct demo_request *request;
    int32_t days;
    bool usable[WINDOW_MAX];
    uint32_t count;
    const struct demo_instructor *people[DEMO_LOOKED_AT];
    uint8_t weekdays[DEMO_LOOKED_AT]; /* on which hall, person and course go together */
};

static bool view_init(struct view *view, const struct demo_city *city, const struct demo_request *request,
                      uint32_t salt)
{
    const struct demo *demo = city->demo;
    const struct demo_course *course = &demo->base.courses[request->course];
    const struct demo_hall *hall = &city->halls[request->hall];
    *view = (struct view){.city = city, .request = request, .days = request->to_day - request->from_day + 1};
    uint32_t first = city->teacher_first[request->course];
    uint32_t teachers = city->teacher_first[request->course + 1] - first;
    int32_t heads = request->heads > 0 ? request->heads : course->heads;
    if (view->days < 1 || view->days > WINDOW_MAX || teachers == 0 ||
        !demo_hall_suits(hall, course->facilities, heads)) {
        return false;
    }
    for (int32_t i = 0; i < view->days; i++) {
        int32_t day = request->from_day + i;
        view->usable[i] = demo_hall_open(city, hall, day) &&
                          seasons_allow(course->seasons, course->season_count, day) &&
                          !(request->series && day_off(demo, day));
    }
    for (uint32_t i = 0; i < teachers && i < DEMO_LOOKED_AT; i++) {
        const struct demo_instructor *person =
            &city->instructors[city->teachers[first + (salt + i) % teachers]];
        view->people[view->count] = person;
        view->weekdays[view->count++] = demo->fits[hall->hours][person->work_hours][request->course];
    }
    return true;
}

static bool person_can(const struct view *view, uint32_t person, int32_t offset)
{
    int32_t day = view->request->from_day + offset;
    return (view->weekdays[person] & (1U << (date_weekday(day) - 1))) != 0 &&
           person_there(view->people[person], day);
}

static bool single_fits(const struct view *view)
{
    int32_t wanted = view->request->sessions * 2 + SPARE_DAYS;
    for (int32_t i = 0; i < view->days && wanted > 0; i++) {
        uint32_t able = 0;
        for (uint32_t j = 0; view->usable[i] && j < view->count && able < 2; j++) {
            able += person_can(view, j, i) ? 1 : 0;
        }
        wanted -= able == 2 ? 1 : 0;
    }
    return wanted <= 0;
}

/* `sessions` weeks in a row without a holiday, closure or leave on this weekday? */
static bool run_exists(const struct view *view, uint32_t person, int32_t weekday)
{
    int32_t run = 0;
    for (int32_t i = weekday; i < view->days; i += 7) {
        run = view->usable[i] && person_can(view, person, i) ? run + 1 : 0;
        if (run == view->request->sessions) {
            return true;
        }
    }
    return false;
}

static bool series_fits(const struct view *view)
{
    uint32_t choices = 0;
    uint32_t people = 0;
    for (uint32_t i = 0; i < view->count; i++) {
        uint32_t before = choices;
        for (int32_t weekday = 0; weekday < 7; weekday++) {
            choices += run_exists(view, i, weekday) ? 1 : 0;
        }
        people += choices > before ? 1 : 0;
        if (choices >= SERIES_CHOICES && people >= 2) {
            return true;
        }
    }
    return false;
}

bool demo_fits(const struct demo_city *city, const struct demo_request *request, uint32_t salt)
{
    struct view view;
    if (!view_init(&view, city, request, salt)) {
        return false;
    }
    return request->series ? series_fits(&view) : single_fits(&view);
}
