/* Where a request may be placed at all. Not hard rules: a person may set them aside, the planner never
 * does. */
#include "scheduler/rules.h"

#include <string.h>

bool request_has_day(const struct request *row, int32_t day)
{
    return day >= row->from_day && day <= row->to_day;
}

bool placement_in_window(const struct timetable *timetable, const struct placement *at)
{
    return at->request == NONE || request_has_day(&timetable->requests[at->request], at->day);
}

bool request_names_hall(const struct timetable *timetable, const struct request *row, uint32_t hall)
{
    return row->hall != NONE ? row->hall == hall
                             : timetable_area_within(timetable, timetable->halls[hall].area, row->area);
}

const char *request_place_name(const struct timetable *timetable, const struct request *row)
{
    if (row->hall != NONE) {
        return timetable->halls[row->hall].name;
    }
    return row->area != NONE ? timetable->areas[row->area].name : "";
}

void request_count_placed(const struct timetable *timetable, int32_t *ret_placed)
{
    memset(ret_placed, 0, timetable->request_count * sizeof *ret_placed);
    for (size_t i = 0; i < timetable->session_count; i++) {
        const struct session *session = &timetable->sessions[i];
        if (session->status != SESSION_CANCELLED && session->at.request != NONE) {
            ret_placed[session->at.request]++;
        }
    }
}

int32_t request_missing(const struct request *request, int32_t placed)
{
    bool is_begun = request->is_series && request->holiday_rule == HOLIDAY_SKIP && placed > 0;
    return is_begun || placed >= request->sessions ? 0 : request->sessions - placed;
}

bool request_is_weekly(const struct request *request, int32_t missing)
{
    return request->is_series && missing > 1;
}

bool request_allows_day(const struct timetable *timetable, uint32_t request, int32_t day)
{
    if (request >= timetable->request_count) {
        return false;
    }
    const struct request *row = &timetable->requests[request];
    if (row->withdrawn || !request_has_day(row, day)) {
        return false;
    }
    if (row->hall != NONE &&
        (day < timetable->halls[row->hall].valid_from || day > timetable->halls[row->hall].valid_to)) {
        return false;
    }
    const struct course *course = &timetable->courses[row->course];
    return seasons_allow(course->seasons, course->season_count, day);
}

bool wish_allows_hall(const struct timetable *timetable, const struct request *row, uint32_t hall)
{
    const struct hall *place = &timetable->halls[hall];
    /* In use on some day of the window; on which ones is the closure rule's business. */
    if (row->withdrawn || place->valid_to < row->from_day || place->valid_from > row->to_day) {
        return false;
    }
    return request_names_hall(timetable, row, hall);
}

bool request_allows_hall(const struct timetable *timetable, uint32_t request, uint32_t hall)
{
    return request < timetable->request_count && hall < timetable->hall_count &&
           wish_allows_hall(timetable, &timetable->requests[request], hall);
}
