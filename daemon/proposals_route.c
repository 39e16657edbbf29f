/* daemon/proposals_route: /api/proposals: how a hall, or what a township lacks, could be reached: sessions
 * that the rule book allows, with what they add to the instructors' roads. Runs on a worker. */
#include "base/clock.h"
#include "daemon/router.h"
#include "reports/propose.h"

enum {
    PLACES_OF_A_HALL = 5 /* a choice, not a catalogue */
};

static enum error_code place_find(const struct route_request *request, uint32_t *ret_hall, uint32_t *ret_area,
                                  struct error *err)
{
    const struct timetable *tt = request->published->timetable;
    if (request->place[0] == '\0') {
        return error_set(err, ERR_INPUT, "请给出 hall 或 township / a hall or a township is needed");
    }
    *ret_hall = request->place_is_township ? NONE : timetable_find_hall(tt, request->place);
    *ret_area =
        request->place_is_township ? route_scope_index(tt, FEED_TOWNSHIP, request->place) : (uint32_t)NONE;
    if (*ret_hall == NONE && *ret_area == NONE) {
        return error_set(err, ERR_NOT_FOUND, "没有这个礼堂或镇街 / no such hall or township: %s",
                         request->place);
    }
    return ERR_NONE;
}

/* Everything that the township lacks, within the figure's period, from tomorrow on. */
static enum error_code township_answer(const struct published *published,
                                       const struct dashboard_options *figures, uint32_t area,
                                       struct text *out, struct error *err)
{
    struct propose_options options = propose_defaults(published->today);
    const struct planner_world world = {.clock = clock_system()};
    struct proposal_set set;
    options.definition = figures->definition;
    options.from_day = figures->from_day;
    options.to_day = figures->to_day;
    options.by_day = figures->to_day;
    options.minimum = figures->minimum;
    options.area = area;
    options.target_hundredths = PROPOSE_ALL;
    options.weights = published->weights;
    enum error_code code = propose_run(published->timetable, &options, &world, &set, err);
    if (code == ERR_NONE) {
        propose_json(&set, published->audience, out);
        propose_finish(&set);
    }
    return code;
}

enum error_code route_proposals(const struct route_request *request, int argument, struct reply_draft *draft,
                                struct error *err)
{
    const struct published *published = request->published;
    struct dashboard_options figures;
    uint32_t hall = NONE;
    uint32_t area = NONE;
    (void)argument;
    enum error_code code = place_find(request, &hall, &area, err);
    if (code == ERR_NONE) {
        code = figures_resolve(published, &request->figures, &figures, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    draft->content_type = "application/json";
    if (area != NONE) {
        return township_answer(published, &figures, area, &draft->body, err);
    }
    int32_t tomorrow = published->today + 1;
    int32_t first_day = figures.from_day > tomorrow ? figures.from_day : tomorrow;
    if (first_day > figures.to_day) {
        return error_set(err, ERR_INPUT, "这段时间已经过去 / no day of this period is left");
    }
    return propose_hall_json(published->timetable, hall, first_day, figures.to_day, PLACES_OF_A_HALL,
                             &published->weights, published->audience, &draft->body, NULL, err);
}
