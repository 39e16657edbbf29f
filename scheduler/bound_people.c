/* How many sessions the qualified people can give: a flow from requests over course and week to instructor
 * and week, month, year; supply and quota of courses stand before the requests. */
#include "base/date.h"
#include "base/vec.h"
#include "scheduler/bound_flow.h"
#include "scheduler/bound_private.h"
#include "scheduler/id_map.h"

#include <stdlib.h>
#include <string.h>

struct people_flow {
    struct bound_work *work;
    struct flow flow;
    uint32_t *requests;    /* [request] node or FLOW_END */
    uint32_t *courses;     /* [course * parts + part] */
    uint32_t *people;      /* [instructor * parts + part] */
    int32_t *fixed_day;    /* [instructor * days + day] published sessions that stay */
    struct id_map fixed;   /* gate_key -> published sessions that stay */
    struct id_map gate_of; /* gate_key -> gate */
    struct {
        struct gate *items;
        size_t count, capacity;
    } gates;
};

/* A supply (hall NONE) or a quota of one course and year. */
struct gate {
    uint32_t course, hall, node;
    int32_t year;
    int64_t limit, need;
    uint32_t requests;
};

/* ---- what is published already ---- */

static bool stays(const struct bound_work *work, const struct session *session)
{
    return work->options->keep_published && session->status != SESSION_CANCELLED;
}

static void fixed_count(struct people_flow *p)
{
    const struct bound_work *work = p->work;
    const struct timetable *t = work->timetable;
    for (size_t i = 0; i < t->session_count; i++) {
        const struct placement *at = &t->sessions[i].at;
        int32_t day = at->day - work->from_day;
        if (!stays(work, &t->sessions[i]) || day < 0 || day >= (int32_t)work->day_count) {
            continue;
        }
        for (uint8_t k = 0; k < at->instructor_count; k++) {
            p->fixed_day[(size_t)at->instructors[k] * work->day_count + (uint32_t)day]++;
        }
    }
}

/* Published sessions of the instructor from … to, also outside the plan's days. */
static int32_t fixed_between(const struct people_flow *p, uint32_t person, int32_t from_day, int32_t to_day)
{
    const struct bound_work *work = p->work;
    int32_t count = 0;
    for (int32_t date = from_day; date <= to_day; date++) {
        int32_t day = date - work->from_day;
        if (day >= 0 && day < (int32_t)work->day_count) {
            count += p->fixed_day[(size_t)person * work->day_count + (uint32_t)day];
        }
    }
    return count;
}

static int64_t over_zero(int64_t value)
{
    return value > 0 ? value : 0;
}

/* ---- people ---- */

/* Sessions that fit into the day's free time one after another, journeys left out. */
static int32_t day_fits(const struct bound_work *work, uint32_t person, uint32_t day)
{
    uint64_t word = work->person_words[(size_t)person * work->day_count + day];
    int32_t minutes = 0;
    int32_t fits = 0;
    for (int slot = 0; slot <= 64; slot++) {
        bool is_free = slot < 64 && (word >> slot & 1) != 0;
        minutes += is_free ? 15 : 0;
        if (!is_free && minutes > 0) {
            fits += (minutes + work->shortest[person] - 1) / work->shortest[person];
            minutes = 0;
        }
    }
    return fits;
}

static int64_t part_capacity(const struct people_flow *p, uint32_t person, uint32_t part)
{
    const struct bound_work *work = p->work;
    const struct instructor *who = &work->timetable->instructors[person];
    int64_t sum = 0;
    for (int32_t day = work->part_from[part]; day < work->part_from[part + 1]; day++) {
        int64_t most = day_fits(work, person, (uint32_t)day);
        if (who->max_day > 0) {
            int32_t left = who->max_day - p->fixed_day[(size_t)person * work->day_count + (uint32_t)day];
            most = left < most ? over_zero(left) : most;
        }
        sum += most;
    }
    if (who->max_week > 0) {
        int32_t monday = date_week_start(work->from_day + work->part_from[part]);
        int64_t left = over_zero(who->max_week - fixed_between(p, person, monday, monday + 6));
        sum = left < sum ? left : sum;
    }
    return sum;
}

/* Month or year: a node before the sink, or the sink itself when there is no cap. */
static uint32_t period_node(struct people_flow *p, uint32_t person, int32_t cap, int32_t from_day,
                            int32_t to_day, uint32_t next)
{
    if (cap <= 0) {
        return next;
    }
    uint32_t node = flow_node(&p->flow);
    flow_connect(&p->flow, node, next, over_zero(cap - fixed_between(p, person, from_day, to_day)));
    return node;
}

static void person_connect(struct people_flow *p, uint32_t person)
{
    const struct bound_work *work = p->work;
    const struct instructor *who = &work->timetable->instructors[person];
    uint32_t year_node = FLOW_SINK;
    uint32_t month_node = FLOW_SINK;
    int32_t year = INT32_MIN;
    int32_t month = INT32_MIN;
    for (uint32_t part = 0; part < work->part_count; part++) {
        int32_t date = work->from_day + work->part_from[part];
        struct civil civil = date_to_civil(date);
        if (civil.year != year) {
            year = civil.year;
            year_node = period_node(p, person, who->max_year, date_from_civil((struct civil){year, 1, 1}),
                                    date_from_civil((struct civil){year, 12, 31}), FLOW_SINK);
            month = INT32_MIN;
        }
        if (date_month_index(date) != month) {
            month = date_month_index(date);
            month_node =
                period_node(p, person, who->max_month, date - civil.day + 1,
                            date_from_civil((struct civil){civil.year, civil.month + 1, 1}) - 1, year_node);
        }
        int64_t capacity = part_capacity(p, person, part);
        if (capacity > 0) {
            uint32_t node = flow_node(&p->flow);
            p->people[(size_t)person * work->part_count + part] = node;
            flow_connect(&p->flow, node, month_node, capacity);
        }
    }
}

static void courses_connect(struct people_flow *p)
{
    const struct bound_work *work = p->work;
    for (uint32_t c = 0; c < work->timetable->course_count; c++) {
        for (uint32_t part = 0; part < work->part_count; part++) {
            uint32_t node = flow_node(&p->flow);
            p->courses[(size_t)c * work->part_count + part] = node;
            for (uint32_t q = work->qualified_start[c]; q < work->qualified_start[c + 1]; q++) {
                uint32_t person = p->people[(size_t)work->qualified[q] * work->part_count + part];
                if (person != FLOW_END) {
                    flow_connect(&p->flow, node, person, FLOW_WIDE);
                }
            }
        }
    }
}

/* ---- supply and quota ---- */

static int64_t gate_key(const struct people_flow *p, uint32_t course, uint32_t hall, int32_t year)
{
    int64_t halls = (int64_t)p->work->timetable->hall_count + 1;
    int64_t place = hall == NONE ? 0 : (int64_t)hall + 1;
    return ((int64_t)course * halls + place) * 1000 + (year - 1900);
}

static void fixed_add(struct people_flow *p, int64_t key)
{
    uint32_t before = id_map_get(&p->fixed, key);
    enum error_code code = id_map_put(&p->fixed, key, before == ID_MAP_NONE ? 1 : before + 1);
    p->flow.failed = p->flow.failed == ERR_NONE ? code : p->flow.failed;
}

static void fixed_by_course(struct people_flow *p)
{
    const struct timetable *t = p->work->timetable;
    id_map_init(&p->fixed);
    id_map_init(&p->gate_of);
    for (size_t i = 0; i < t->session_count; i++) {
        const struct placement *at = &t->sessions[i].at;
        if (stays(p->work, &t->sessions[i])) {
            fixed_add(p, gate_key(p, at->course, NONE, date_year(at->day)));
            fixed_add(p, gate_key(p, at->course, t->rooms[at->room].hall, date_year(at->day)));
        }
    }
}

static uint32_t gate_node(struct people_flow *p, uint32_t course, uint32_t hall, int32_t year, int32_t limit,
                          uint32_t before, int64_t need)
{
    int64_t key = gate_key(p, course, hall, year);
    uint32_t known = id_map_get(&p->gate_of, key);
    uint32_t fixed = id_map_get(&p->fixed, key);
    if (known != ID_MAP_NONE) {
        struct gate *gate = &p->gates.items[known];
        gate->need += need;
        gate->requests++;
        return gate->node;
    }
    struct gate gate = {.course = course,
                        .hall = hall,
                        .node = flow_node(&p->flow),
                        .year = year,
                        .need = need,
                        .requests = 1};
    gate.limit = over_zero(limit - (fixed == ID_MAP_NONE ? 0 : (int64_t)fixed));
    flow_connect(&p->flow, before, gate.node, gate.limit);
    enum error_code code = id_map_put(&p->gate_of, key, (uint32_t)p->gates.count);
    if (code == ERR_NONE) {
        VEC_PUSH(code, &p->gates, gate, LIMIT_ROWS);
    }
    p->flow.failed = p->flow.failed == ERR_NONE ? code : p->flow.failed;
    return gate.node;
}

static void request_connect(struct people_flow *p, uint32_t index)
{
    const struct bound_work *work = p->work;
    const struct timetable *t = work->timetable;
    const struct request *request = &t->requests[index];
    const struct course *course = &t->courses[request->course];
    int32_t open = work->open[index];
    uint32_t before = FLOW_SOURCE;
    /* A request over two years might take from either: then neither limit is held against it. */
    if (date_year(request->from_day) == date_year(request->to_day)) {
        int32_t year = date_year(request->from_day);
        if (course->supply_limit > 0) {
            before = gate_node(p, request->course, NONE, year, course->supply_limit, before, open);
        }
        if (course->hall_quota > 0 && request->hall != NONE) {
            before = gate_node(p, request->course, request->hall, year, course->hall_quota, before, open);
        }
    }
    uint32_t node = flow_node(&p->flow);
    p->requests[index] = node;
    flow_connect(&p->flow, before, node, open);
    bool series = request_is_weekly(request, open);
    int32_t most = series ? (open + LIMIT_SERIES_MEETINGS - 1) / LIMIT_SERIES_MEETINGS : open;
    const bool *possible = &work->possible[work->possible_start[index]];
    for (uint32_t part = 0; part < work->part_count; part++) {
        if (possible[part]) {
            flow_connect(&p->flow, node, p->courses[(size_t)request->course * work->part_count + part], most);
        }
    }
}

/* ---- who is short of what ---- */

struct shortage {
    uint32_t *root; /* [node] union-find over the source's side of the cut */
    struct bound_deficit *by_root;
    bool *reached;
};

static uint32_t root_of(struct shortage *s, uint32_t node)
{
    while (s->root[node] != node) {
        s->root[node] = s->root[s->root[node]];
        node = s->root[node];
    }
    return node;
}

static void shortage_join(const struct people_flow *p, struct shortage *s)
{
    for (uint32_t node = 0; node < p->flow.nodes.count; node++) {
        s->root[node] = node;
    }
    for (uint32_t a = 0; a < p->flow.arcs.count; a += 2) {
        uint32_t from = p->flow.arcs.items[a + 1].to;
        uint32_t to = p->flow.arcs.items[a].to;
        if (from != FLOW_SOURCE && to != FLOW_SINK && s->reached[from] && s->reached[to]) {
            s->root[root_of(s, from)] = root_of(s, to);
        }
    }
    for (uint32_t a = 0; a < p->flow.arcs.count; a += 2) {
        uint32_t from = p->flow.arcs.items[a + 1].to;
        uint32_t to = p->flow.arcs.items[a].to;
        if (from == FLOW_SOURCE && s->reached[to]) {
            s->by_root[root_of(s, to)].need += p->flow.arcs.items[a].capacity;
        } else if (from != FLOW_SOURCE && s->reached[from] && !s->reached[to]) {
            s->by_root[root_of(s, from)].capacity += p->flow.arcs.items[a].capacity;
        }
    }
}

/* The categories of the requests of one shortage. `seen` is [category], all false, and is left so. */
static void name_categories(const struct people_flow *p, struct shortage *s, uint32_t root, bool *seen)
{
    const struct timetable *t = p->work->timetable;
    struct bound_deficit *deficit = &s->by_root[root];
    for (uint32_t r = 0; r < t->request_count; r++) {
        uint32_t category = t->courses[t->requests[r].course].category;
        if (p->requests[r] == FLOW_END || !s->reached[p->requests[r]] || seen[category] ||
            root_of(s, p->requests[r]) != root) {
            continue;
        }
        seen[category] = true;
        if (deficit->category_count < DEFICIT_NAMES) {
            deficit->categories[deficit->category_count] = category;
        }
        deficit->category_count++;
    }
    memset(seen, 0, t->category_count * sizeof *seen);
}

static void shortage_describe(const struct people_flow *p, struct shortage *s)
{
    const struct bound_work *work = p->work;
    const struct timetable *t = work->timetable;
    for (uint32_t r = 0; r < t->request_count; r++) {
        if (p->requests[r] != FLOW_END && s->reached[p->requests[r]]) {
            s->by_root[root_of(s, p->requests[r])].requests++;
        }
    }
    for (size_t i = 0; i < t->course_count * work->part_count; i++) {
        if (p->courses[i] != FLOW_END && s->reached[p->courses[i]]) {
            struct bound_deficit *deficit = &s->by_root[root_of(s, p->courses[i])];
            uint32_t part = (uint32_t)(i % work->part_count);
            int32_t from = work->from_day + work->part_from[part];
            int32_t to = work->from_day + work->part_from[part + 1] - 1;
            deficit->from_day = deficit->from_day == 0 || from < deficit->from_day ? from : deficit->from_day;
            deficit->to_day = to > deficit->to_day ? to : deficit->to_day;
        }
    }
    for (uint32_t i = 0; i < t->instructor_count; i++) {
        uint32_t last = FLOW_END;
        for (uint32_t part = 0; part < work->part_count; part++) {
            uint32_t node = p->people[(size_t)i * work->part_count + part];
            if (node != FLOW_END && s->reached[node] && root_of(s, node) != last) {
                last = root_of(s, node);
                s->by_root[last].people++;
            }
        }
    }
}

static enum error_code shortages(const struct people_flow *p)
{
    size_t count = p->flow.nodes.count + 1;
    bool *seen = calloc(p->work->timetable->category_count + 1, sizeof *seen);
    struct shortage s = {.root = malloc(count * sizeof *s.root),
                         .by_root = calloc(count, sizeof *s.by_root),
                         .reached = malloc(count * sizeof *s.reached)};
    enum error_code code = s.root == NULL || s.by_root == NULL || s.reached == NULL || seen == NULL
                               ? ERR_MEMORY
                               : flow_reach(&p->flow, s.reached);
    if (code == ERR_NONE) {
        shortage_join(p, &s);
        shortage_describe(p, &s);
        for (uint32_t node = 0; node < p->flow.nodes.count && code == ERR_NONE; node++) {
            struct bound_deficit *deficit = &s.by_root[node];
            if (deficit->need > deficit->capacity && deficit->requests > 0) {
                deficit->kind = DEFICIT_PEOPLE;
                deficit->course = deficit->hall = NONE;
                name_categories(p, &s, node, seen);
                code = bound_add_deficit(p->work->bound, deficit);
            }
        }
    }
    for (size_t i = 0; i < p->gates.count && code == ERR_NONE; i++) {
        const struct gate *gate = &p->gates.items[i];
        struct bound_deficit deficit = {.kind = gate->hall == NONE ? DEFICIT_SUPPLY : DEFICIT_QUOTA,
                                        .need = gate->need,
                                        .capacity = gate->limit,
                                        .from_day = date_from_civil((struct civil){gate->year, 1, 1}),
                                        .to_day = date_from_civil((struct civil){gate->year, 12, 31}),
                                        .course = gate->course,
                                        .hall = gate->hall,
                                        .categories = {p->work->timetable->courses[gate->course].category},
                                        .category_count = 1,
                                        .requests = gate->requests};
        if (deficit.need > deficit.capacity) {
            code = bound_add_deficit(p->work->bound, &deficit);
        }
    }
    free(seen);
    free(s.root);
    free(s.by_root);
    free(s.reached);
    return code;
}

enum error_code bound_by_people(struct bound_work *work, int64_t *ret_most, struct error *err)
{
    const struct timetable *t = work->timetable;
    struct people_flow p = {.work = work};
    size_t course_nodes = (t->course_count + 1) * work->part_count;
    size_t people_nodes = (t->instructor_count + 1) * work->part_count;
    flow_init(&p.flow);
    p.requests = malloc((t->request_count + 1) * sizeof *p.requests);
    p.courses = malloc(course_nodes * sizeof *p.courses);
    p.people = malloc(people_nodes * sizeof *p.people);
    p.fixed_day = calloc((t->instructor_count + 1) * (size_t)work->day_count, sizeof *p.fixed_day);
    enum error_code code = p.requests == NULL || p.courses == NULL || p.people == NULL || p.fixed_day == NULL
                               ? ERR_MEMORY
                               : ERR_NONE;
    if (code == ERR_NONE) {
        for (size_t i = 0; i < people_nodes; i++) {
            p.people[i] = FLOW_END;
        }
        fixed_count(&p);
        fixed_by_course(&p);
        for (uint32_t i = 0; i < t->instructor_count; i++) {
            person_connect(&p, i);
        }
        courses_connect(&p);
        for (uint32_t r = 0; r < t->request_count; r++) {
            p.requests[r] = FLOW_END;
            if (work->open[r] > 0) {
                request_connect(&p, r);
            }
        }
        code = flow_run(&p.flow, ret_most);
    }
    code = code == ERR_NONE ? shortages(&p) : code;
    flow_finish(&p.flow);
    free(p.requests);
    free(p.courses);
    free(p.people);
    free(p.fixed_day);
    free(p.gates.items);
    id_map_finish(&p.fixed);
    id_map_finish(&p.gate_of);
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "bound: %s", error_sentence_en(code));
}
