/* What the sample halls and townships ask for: each request is drawn, tried (demo_fit) and only then written.
 */
#include "importers/demo_city.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    DRAWS = 40,           /* tries for one request before the hall is left */
    SERIES_PERCENT = 9,   /* of the requests */
    TOWNSHIP_PERCENT = 30 /* any hall of the township will do */
};

static void parts_text(uint8_t parts, char ret_text[40])
{
    snprintf(ret_text, 40, "%s%s%s%s%s", (parts & PART_MORNING) != 0 ? "morning" : "",
             (parts & PART_MORNING) != 0 && parts > PART_MORNING ? ";" : "",
             (parts & PART_AFTERNOON) != 0 ? "afternoon" : "",
             (parts & PART_AFTERNOON) != 0 && (parts & PART_EVENING) != 0 ? ";" : "",
             (parts & PART_EVENING) != 0 ? "evening" : "");
}

static void weekdays_text(uint8_t weekdays, char ret_text[16])
{
    size_t length = 0;
    for (unsigned i = 0; i < 7; i++) {
        if ((weekdays & (1U << i)) != 0) {
            if (length > 0) {
                ret_text[length++] = ',';
            }
            ret_text[length++] = (char)('1' + i);
        }
    }
    ret_text[length] = '\0';
}

void demo_request_put(struct demo_city *city, const struct demo_request *request, bool unmet)
{
    static const char *const RULES[] = {
        [HOLIDAY_FORBID] = "forbid", [HOLIDAY_SKIP] = "skip", [HOLIDAY_SHIFT] = "shift"};
    struct demo *demo = city->demo;
    char id[DEMO_CODE_SIZE];
    char town[DEMO_CODE_SIZE];
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    char weekdays[16];
    char parts[40];
    snprintf(id, sizeof id, "%c%06u", unmet ? DEMO_UNMET_LETTER : DEMO_REQUEST_LETTER,
             unmet ? ++demo->next_unmet : ++demo->next_request);
    demo_town_code(city, request->township, town);
    date_format(request->from_day, from);
    date_format(request->to_day, to);
    weekdays_text(request->weekdays, weekdays);
    parts_text(request->parts, parts);
    demo_put(demo, TABLE_REQUEST,
             (struct cell[]){CELL_STR("id", id),
                             CELL_STR("hall_id", request->any_hall ? NULL : city->halls[request->hall].code),
                             CELL_STR("area_id", request->any_hall ? town : NULL),
                             CELL_STR("course_id", demo->base.courses[request->course].id),
                             CELL_INT("sessions", request->sessions), CELL_INT("is_series", request->series),
                             CELL_STR("holiday_rule", RULES[request->holiday_rule]),
                             CELL_STR("from_date", from), CELL_STR("to_date", to),
                             CELL_STR("weekdays", weekdays), CELL_STR("parts", parts),
                             CELL_INT("priority", request->priority), CELL_INT("heads", request->heads)},
             13);
    struct demo_summary *summary = &demo->summary;
    summary->requests++;
    summary->series_requests += request->series ? 1 : 0;
    summary->hall_requests += request->any_hall ? 0 : 1;
    if (unmet) {
        summary->unmet_requests++;
        summary->unmet_sessions += (uint32_t)request->sessions;
    } else {
        summary->sessions += (uint32_t)request->sessions;
    }
}

/* The stage's own state. */
struct asking {
    struct demo_city *city;
    uint32_t sessions, requests, township_requests;
    uint32_t *order;      /* owned; every hall once, shuffled */
    uint64_t *demand_sum; /* owned; running sum over the halls */
    bool *asked;          /* owned; by hall */
    bool town_asked[DEMO_TOWNSHIPS_MAX];
};

static uint32_t draw_course(struct demo_city *city, bool series)
{
    const struct demo_base *base = &city->demo->base;
    uint32_t found[DEMO_COURSES_MAX];
    uint32_t count = 0;
    for (int tries = 0; tries < DRAWS && count == 0; tries++) {
        uint32_t category = demo_weighted(&city->rng, DEMO_CATEGORY_WEIGHTS, (uint32_t)base->category_count);
        for (uint32_t i = 0; i < base->course_count; i++) {
            const struct demo_course *course = &base->courses[i];
            if (course->category == category && course->series == series && !course->unstaffed) {
                found[count++] = i;
            }
        }
    }
    return count == 0 ? 0 : found[rng_below(&city->rng, count)];
}

static int32_t season_day(const struct demo *demo, int16_t month_day)
{
    return date_from_civil((struct civil){demo->options.year, month_day / 100, month_day % 100});
}

/* Where a window of `days` may start: around the terms of March and September, or anywhere; for a course with
 * seasons inside one of them. */
static int32_t draw_start(struct demo_city *city, const struct demo_course *course, int32_t days)
{
    const struct demo *demo = city->demo;
    if (course->season_count > 0) {
        const struct season *season = &course->seasons[rng_below(&city->rng, (uint32_t)course->season_count)];
        int32_t from = season_day(demo, season->from_md) - 7;
        int32_t to = season_day(demo, season->to_md) - days + 7;
        return demo_between(&city->rng, from, to > from ? to : from);
    }
    if (demo_chance(&city->rng, 55)) {
        int16_t term = demo_chance(&city->rng, 52) ? 301 : 901;
        return season_day(demo, term) + demo_between(&city->rng, -10, 30);
    }
    return demo_between(&city->rng, demo->first_day, demo->last_day - days);
}

static void draw_window(struct demo_city *city, struct demo_request *request)
{
    const struct demo *demo = city->demo;
    int32_t weeks = request->series ? request->sessions + demo_between(&city->rng, 3, 6)
                                    : demo_between(&city->rng, 4, 16);
    int32_t start = draw_start(city, &demo->base.courses[request->course], weeks * 7);
    request->from_day = start < demo->first_day ? demo->first_day : start;
    int32_t end = start + weeks * 7 - 1;
    request->to_day = end > demo->last_day ? demo->last_day : end;
}

/* What somebody would like, all of it soft. */
static void draw_wishes(struct demo_city *city, struct demo_request *request)
{
    static const uint8_t WEEKDAYS[] = {0x1f, 0x60, 0x0a, 0x15, 0x14, 0x70, 0x01, 0x02, 0x04, 0x08, 0x10};
    static const uint8_t PRIORITIES[] = {1, 2, 6, 10, 50, 12, 9, 6, 4};
    static const uint8_t SERIES_RULES[] = {[HOLIDAY_FORBID] = 25, [HOLIDAY_SKIP] = 35, [HOLIDAY_SHIFT] = 40};
    struct rng *rng = &city->rng;
    const struct demo_hall *hall = &city->halls[request->hall];
    request->weekdays = demo_chance(rng, 30) ? WEEKDAYS[rng_below(rng, sizeof WEEKDAYS)] : 0;
    request->parts = 0;
    if (demo_chance(rng, 25)) {
        bool evening = city->demo->has_evenings[hall->hours] && demo_chance(rng, 40);
        request->parts = evening ? PART_EVENING : demo_chance(rng, 60) ? PART_MORNING : PART_AFTERNOON;
    }
    request->priority = 1 + (int32_t)demo_weighted(rng, PRIORITIES, sizeof PRIORITIES);
    request->holiday_rule = HOLIDAY_SHIFT;
    if (request->series) {
        request->holiday_rule = (enum holiday_rule)demo_weighted(rng, SERIES_RULES, 3);
    }
}

static int32_t draw_sessions(struct rng *rng, bool series)
{
    static const uint8_t FEW[] = {80, 14, 6};
    return series ? demo_between(rng, 6, 12) : 1 + (int32_t)demo_weighted(rng, FEW, 3);
}

static int32_t draw_heads(struct rng *rng, const struct demo_course *course)
{
    return demo_chance(rng, 30) ? demo_between(rng, course->heads * 3 / 4, course->heads * 5 / 4) : 0;
}

static bool within_limits(const struct demo_city *city, const struct demo_request *request)
{
    const struct demo_course *course = &city->demo->base.courses[request->course];
    uint32_t used = city->quota_used[request->hall * city->demo->base.course_count + request->course];
    uint32_t sessions = (uint32_t)request->sessions;
    return (course->hall_quota == 0 || used + sessions <= (uint32_t)course->hall_quota) &&
           (course->supply_limit == 0 ||
            city->supply_used[request->course] + sessions <= city->supply_limit[request->course]);
}

/* Draws until one can be met. */
static bool draw_request(struct demo_city *city, uint32_t hall, struct demo_request *request)
{
    const struct demo *demo = city->demo;
    request->hall = hall;
    request->township = city->halls[hall].township;
    for (int tries = 0; tries < DRAWS; tries++) {
        request->course = draw_course(city, request->series);
        const struct demo_course *course = &demo->base.courses[request->course];
        bool dark = course->evening && !demo->has_evenings[city->halls[hall].hours];
        if (dark && demo_chance(&city->rng, 80)) {
            continue;
        }
        request->sessions = draw_sessions(&city->rng, request->series);
        request->heads = draw_heads(&city->rng, course);
        draw_window(city, request);
        if (within_limits(city, request) && demo_fits(city, request, rng_below(&city->rng, 1U << 16))) {
            draw_wishes(city, request);
            return true;
        }
    }
    return false;
}

static bool ask(struct asking *asking, uint32_t hall, bool any_hall)
{
    struct demo_city *city = asking->city;
    struct demo_request request = {.any_hall = any_hall, .series = demo_chance(&city->rng, SERIES_PERCENT)};
    if (!draw_request(city, hall, &request)) {
        return false;
    }
    demo_request_put(city, &request, false);
    size_t used = hall * city->demo->base.course_count + request.course;
    city->quota_used[used] = (uint8_t)(city->quota_used[used] + request.sessions);
    city->supply_used[request.course] += (uint32_t)request.sessions;
    asking->requests++;
    asking->sessions += (uint32_t)request.sessions;
    asking->township_requests += any_hall ? 1 : 0;
    if (any_hall) {
        asking->town_asked[request.township] = true;
    } else {
        asking->asked[hall] = true;
    }
    return true;
}

static bool asking_init(struct asking *asking, struct demo_city *city)
{
    *asking = (struct asking){.city = city};
    asking->order = calloc(city->hall_count, sizeof *asking->order);
    asking->demand_sum = calloc(city->hall_count, sizeof *asking->demand_sum);
    asking->asked = calloc(city->hall_count, sizeof *asking->asked);
    if (asking->order == NULL || asking->demand_sum == NULL || asking->asked == NULL) {
        return false;
    }
    uint64_t sum = 0;
    for (uint32_t i = 0; i < city->hall_count; i++) {
        uint32_t other = rng_below(&city->rng, i + 1);
        asking->order[i] = asking->order[other];
        asking->order[other] = i;
        sum += city->halls[i].state == HALL_ASKS ? city->halls[i].demand : 0;
        asking->demand_sum[i] = sum;
    }
    return true;
}

static void asking_finish(struct asking *asking)
{
    free(asking->order);
    free(asking->demand_sum);
    free(asking->asked);
}

/* A hall that asks, the strong ones more often. */
static uint32_t draw_strong(struct asking *asking)
{
    uint64_t total = asking->demand_sum[asking->city->hall_count - 1];
    uint64_t draw = total == 0 ? 0 : rng_next(&asking->city->rng) % total;
    uint32_t low = 0;
    uint32_t high = asking->city->hall_count - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (asking->demand_sum[middle] > draw) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static bool hall_joins(const struct demo_city *city, uint32_t hall)
{
    const struct demo_hall *at = &city->halls[hall];
    return (at->state == HALL_ASKS || at->state == HALL_WAITS) && !city->town_quiet[at->township];
}

/* Every hall that asks gets a request of its own; for one that waits its township asks twice. */
static void ask_first_round(struct asking *asking)
{
    struct demo_city *city = asking->city;
    for (uint32_t i = 0; i < city->hall_count && asking->sessions < city->sessions_wanted; i++) {
        uint32_t hall = asking->order[i];
        if (city->halls[hall].state == HALL_ASKS) {
            ask(asking, hall, false);
        } else if (city->halls[hall].state == HALL_WAITS) {
            ask(asking, hall, true);
            ask(asking, hall, true);
        }
    }
}

static void ask_further(struct asking *asking)
{
    struct demo_city *city = asking->city;
    uint64_t tries = 50 + (uint64_t)city->sessions_wanted * 4;
    for (; asking->sessions < city->sessions_wanted && tries > 0 && city->demo->failed == ERR_NONE; tries--) {
        uint32_t hall = rng_below(&city->rng, city->hall_count);
        bool any_hall = asking->township_requests * 100 < asking->requests * TOWNSHIP_PERCENT;
        if (any_hall && hall_joins(city, hall)) {
            ask(asking, hall, true);
        } else if (!any_hall || demo_chance(&city->rng, 20)) {
            ask(asking, draw_strong(asking), false);
        }
    }
    if (asking->sessions < city->sessions_wanted) {
        demo_fail(city->demo, ERR_INTERNAL, "the sample halls cannot ask for so many sessions");
    }
}

static void count_silent(const struct asking *asking)
{
    const struct demo_city *city = asking->city;
    for (uint32_t i = 0; i < city->hall_count; i++) {
        const struct demo_hall *hall = &city->halls[i];
        bool reached = asking->asked[i] || (asking->town_asked[hall->township] && hall->state != HALL_SHUT);
        city->demo->summary.silent_halls += !reached && hall->state != HALL_EXEMPT ? 1 : 0;
    }
}

void demo_requests_build(struct demo_city *city)
{
    struct asking asking;
    if (asking_init(&asking, city)) {
        ask_first_round(&asking);
        ask_further(&asking);
        count_silent(&asking);
    } else {
        demo_fail(city->demo, ERR_MEMORY, "out of memory");
    }
    asking_finish(&asking);
}
