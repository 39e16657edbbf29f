/* How many sessions the halls can take: a flow from requests, over the areas that they leave open, to hall
 * and week. */
#include "base/date.h"
#include "scheduler/bound_flow.h"
#include "scheduler/bound_private.h"

#include <stdlib.h>

struct halls_flow {
    struct bound_work *work;
    struct flow flow;
    uint32_t *halls;  /* [hall * parts + part], made when first asked for; FLOW_END */
    uint32_t *areas;  /* [area * parts + part], likewise */
    int32_t shortest; /* minutes, set-up to clear-up, of the shortest course that is asked for */
};

static int32_t word_fits(uint64_t word, int32_t shortest_min)
{
    int32_t minutes = 0;
    int32_t fits = 0;
    for (int slot = 0; slot <= 64; slot++) {
        bool is_free = slot < 64 && (word >> slot & 1) != 0;
        minutes += is_free ? 15 : 0;
        if (!is_free && minutes > 0) {
            fits += (minutes + shortest_min - 1) / shortest_min;
            minutes = 0;
        }
    }
    return fits;
}

/* Sessions that fit into the hall's rooms one after another. */
static int64_t hall_capacity(const struct halls_flow *h, uint32_t hall, uint32_t part)
{
    const struct bound_work *work = h->work;
    const struct hall *place = &work->timetable->halls[hall];
    int64_t sum = 0;
    for (int32_t day = work->part_from[part]; day < work->part_from[part + 1]; day++) {
        for (uint32_t r = place->first_room; r < place->first_room + place->room_count; r++) {
            sum += word_fits(bound_room_word(work, r, (uint32_t)day), h->shortest);
        }
    }
    return sum;
}

static uint32_t hall_node(struct halls_flow *h, uint32_t hall, uint32_t part)
{
    uint32_t *node = &h->halls[(size_t)hall * h->work->part_count + part];
    if (*node == FLOW_END) {
        *node = flow_node(&h->flow);
        flow_connect(&h->flow, *node, FLOW_SINK, hall_capacity(h, hall, part));
    }
    return *node;
}

static uint32_t area_node(struct halls_flow *h, uint32_t index, uint32_t part)
{
    uint32_t area = h->work->timetable->requests[index].area;
    uint32_t *node = &h->areas[(size_t)area * h->work->part_count + part];
    if (*node == FLOW_END) {
        size_t count = 0;
        const uint32_t *halls = bound_halls_of(h->work, index, &count);
        *node = flow_node(&h->flow);
        for (size_t i = 0; i < count; i++) {
            flow_connect(&h->flow, *node, hall_node(h, halls[i], part), FLOW_WIDE);
        }
    }
    return *node;
}

static void request_connect(struct halls_flow *h, uint32_t index)
{
    const struct bound_work *work = h->work;
    const struct request *request = &work->timetable->requests[index];
    const bool *possible = &work->possible[work->possible_start[index]];
    uint32_t node = flow_node(&h->flow);
    flow_connect(&h->flow, FLOW_SOURCE, node, work->open[index]);
    for (uint32_t part = 0; part < work->part_count; part++) {
        if (possible[part]) {
            uint32_t to =
                request->hall != NONE ? hall_node(h, request->hall, part) : area_node(h, index, part);
            flow_connect(&h->flow, node, to, work->open[index]);
        }
    }
}

/* One sentence for all halls that are asked for too much. */
static enum error_code shortage(const struct halls_flow *h, int64_t lacking)
{
    const struct bound_work *work = h->work;
    struct bound_deficit deficit = {.kind = DEFICIT_HALLS,
                                    .capacity = 0,
                                    .from_day = work->from_day,
                                    .to_day = work->from_day + (int32_t)work->day_count - 1,
                                    .course = NONE,
                                    .hall = NONE};
    bool *reached = malloc((h->flow.nodes.count + 1) * sizeof *reached);
    enum error_code code = reached == NULL ? ERR_MEMORY : flow_reach(&h->flow, reached);
    for (uint32_t a = 0; code == ERR_NONE && a < h->flow.arcs.count; a += 2) {
        uint32_t from = h->flow.arcs.items[a + 1].to;
        uint32_t to = h->flow.arcs.items[a].to;
        if (from == FLOW_SOURCE && reached[to]) {
            deficit.need += h->flow.arcs.items[a].capacity;
            deficit.requests++;
        } else if (to == FLOW_SINK && reached[from]) {
            deficit.people++;
        }
    }
    free(reached);
    deficit.capacity = deficit.need - lacking;
    return code == ERR_NONE ? bound_add_deficit(work->bound, &deficit) : code;
}

enum error_code bound_by_halls(struct bound_work *work, int64_t *ret_most, struct error *err)
{
    const struct timetable *t = work->timetable;
    struct halls_flow h = {.work = work, .shortest = DAY_MINUTES};
    size_t hall_nodes = (t->hall_count + 1) * work->part_count;
    size_t area_nodes = (t->area_count + 1) * work->part_count;
    int64_t open = 0;
    flow_init(&h.flow);
    h.halls = malloc(hall_nodes * sizeof *h.halls);
    h.areas = malloc(area_nodes * sizeof *h.areas);
    enum error_code code = h.halls == NULL || h.areas == NULL ? ERR_MEMORY : ERR_NONE;
    for (size_t i = 0; code == ERR_NONE && i < hall_nodes; i++) {
        h.halls[i] = FLOW_END;
    }
    for (size_t i = 0; code == ERR_NONE && i < area_nodes; i++) {
        h.areas[i] = FLOW_END;
    }
    for (uint32_t r = 0; code == ERR_NONE && r < t->request_count; r++) {
        const struct course *course = &t->courses[t->requests[r].course];
        int32_t minutes = course->setup_min + course->minutes + course->clear_min;
        h.shortest = work->open[r] > 0 && minutes < h.shortest ? minutes : h.shortest;
        open += work->open[r];
    }
    for (uint32_t r = 0; code == ERR_NONE && r < t->request_count; r++) {
        if (work->open[r] > 0) {
            request_connect(&h, r);
        }
    }
    code = code == ERR_NONE ? flow_run(&h.flow, ret_most) : code;
    if (code == ERR_NONE && *ret_most < open) {
        code = shortage(&h, open - *ret_most);
    }
    flow_finish(&h.flow);
    free(h.halls);
    free(h.areas);
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "bound: %s", error_sentence_en(code));
}
