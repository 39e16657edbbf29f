/* From requests and published sessions to blocks: what is still wanted, and what may move. */
#include "scheduler/planner_problem.h"

#include "base/vec.h"

#include <stdlib.h>

/* ---- domains of rooms: one list for all requests that ask for the same ---- */

struct domain {
    uint32_t hall, area;
    int32_t heads;
    uint64_t facilities;
    uint32_t first, count;
};

struct domain_table {
    struct domain *slots; /* owned; count UINT32_MAX: free */
    size_t capacity;      /* a power of two, more than twice the requests */
};

struct block_build {
    struct planner_problem *problem;
    struct domain_table domains;
    int32_t *published; /* [request] non-cancelled sessions */
    bool *moves;        /* [session] is in a movable block */
    enum error_code failed;
};

static bool domain_same(const struct domain *a, const struct domain *b)
{
    return a->hall == b->hall && a->area == b->area && a->heads == b->heads && a->facilities == b->facilities;
}

static size_t domain_hash(const struct domain *key)
{
    uint64_t hash = key->facilities * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ key->hall) * UINT64_C(0xBF58476D1CE4E5B9);
    hash = (hash ^ key->area) * UINT64_C(0x94D049BB133111EB);
    hash = (hash ^ (uint32_t)key->heads) * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(hash >> 20);
}

static void domain_add_hall(struct block_build *build, const struct domain *key, uint32_t hall)
{
    struct planner_problem *p = build->problem;
    const struct hall *h = &p->timetable->halls[hall];
    for (uint32_t r = h->first_room; r < h->first_room + h->room_count && build->failed == ERR_NONE; r++) {
        const struct room *room = &p->timetable->rooms[r];
        if ((key->facilities & ~room->facilities) != 0 ||
            (room->capacity > 0 && key->heads > room->capacity)) {
            continue;
        }
        void *grown = vec_reserve(p->domain_rooms, &p->domain_room_capacity, p->domain_room_count + 1,
                                  sizeof *p->domain_rooms, UINT32_MAX);
        if (grown == NULL) {
            build->failed = ERR_MEMORY;
            return;
        }
        p->domain_rooms = grown;
        p->domain_rooms[p->domain_room_count++] = r;
    }
}

static void domain_fill(struct block_build *build, struct domain *domain)
{
    struct planner_problem *p = build->problem;
    domain->first = (uint32_t)p->domain_room_count;
    if (domain->hall != NONE) {
        domain_add_hall(build, domain, domain->hall);
    }
    uint32_t count = 0;
    const uint32_t *halls = domain->hall == NONE ? problem_area_halls(p, domain->area, &count) : NULL;
    for (uint32_t i = 0; halls != NULL && i < count; i++) {
        domain_add_hall(build, domain, halls[i]);
    }
    for (uint32_t h = 0; domain->hall == NONE && halls == NULL && h < p->hall_count; h++) {
        if (timetable_area_within(p->timetable, p->timetable->halls[h].area, domain->area)) {
            domain_add_hall(build, domain, h);
        }
    }
    domain->count = (uint32_t)p->domain_room_count - domain->first;
}

static struct domain domain_of(struct block_build *build, const struct request *request, int32_t heads)
{
    struct domain key = {request->hall,
                         request->hall == NONE ? request->area : (uint32_t)NONE,
                         heads,
                         build->problem->timetable->courses[request->course].facilities,
                         0,
                         0};
    size_t at = domain_hash(&key) & (build->domains.capacity - 1);
    while (build->domains.slots[at].count != UINT32_MAX && !domain_same(&build->domains.slots[at], &key)) {
        at = (at + 1) & (build->domains.capacity - 1);
    }
    if (build->domains.slots[at].count == UINT32_MAX) {
        domain_fill(build, &key);
        build->domains.slots[at] = key;
    }
    return build->domains.slots[at];
}

/* ---- blocks ---- */

static uint64_t starts_in_parts(uint8_t parts)
{
    uint64_t starts = 0;
    for (uint32_t slot = 0; slot < GRID_SLOTS; slot++) {
        if ((parts & planner_part_of(slot_minute(slot))) != 0) {
            starts |= UINT64_C(1) << slot;
        }
    }
    return starts;
}

uint8_t planner_part_of(int32_t start_min)
{
    return start_min < 12 * 60 ? PART_MORNING : start_min < 17 * 60 + 30 ? PART_AFTERNOON : PART_EVENING;
}

static uint8_t slots_up(int32_t minutes)
{
    int32_t slots = (minutes + SLOT_MINUTES - 1) / SLOT_MINUTES;
    return slots > UINT8_MAX ? UINT8_MAX : (uint8_t)slots;
}

static struct run_shifts shifts_of(uint32_t length)
{
    struct run_shifts shifts = {{0}};
    uint32_t have = 1;
    for (int i = 0; i < RUN_STEPS && have < length; i++) {
        uint32_t by = have < length - have ? have : length - have;
        shifts.by[i] = (uint8_t)by;
        have += by;
    }
    return shifts;
}

static void block_measure(struct block *block)
{
    block->setup_slots = slots_up(block->setup_min);
    block->slots = slots_up(block->minutes);
    int32_t room_slots = block->setup_slots + slots_up(block->minutes + block->clear_min);
    block->room_slots = room_slots > UINT8_MAX ? UINT8_MAX : (uint8_t)room_slots;
    block->room_run = shifts_of(block->room_slots);
    block->run = shifts_of(block->slots);
}

static uint16_t day_index(const struct planner_problem *p, int32_t day)
{
    int32_t index = day - p->day_zero;
    int32_t last = (int32_t)p->day_count - 2;
    return (uint16_t)(index < 1 ? 1 : index > last ? last : index);
}

/* The block of a request without its length; its window must touch the plan's days. */
static struct block block_of_request(struct block_build *build, uint32_t index)
{
    struct planner_problem *p = build->problem;
    const struct request *request = &p->timetable->requests[index];
    const struct course *course = &p->timetable->courses[request->course];
    struct block block = {.request = index,
                          .course = request->course,
                          .meetings = 1,
                          .day_from = day_index(p, request->from_day),
                          .day_to = day_index(p, request->to_day),
                          .holiday_rule = (uint8_t)request->holiday_rule,
                          .weekdays = request->weekdays,
                          .minutes = course->minutes,
                          .setup_min = course->setup_min,
                          .clear_min = course->clear_min,
                          .heads = request->heads > 0 ? request->heads : course->heads,
                          .priority = request->priority < 1 ? 1 : request->priority,
                          .published = {.room = NONE}};
    struct domain domain = domain_of(build, request, block.heads);
    block.first_room = domain.first;
    block.room_count = domain.count;
    block.township = domain.count == 0
                         ? p->township_count
                         : p->hall_township[p->timetable->rooms[p->domain_rooms[domain.first]].hall];
    size_t list = (size_t)block.course * (p->township_count + 1U) + block.township;
    block.near_first = p->near_start[list];
    block.near_count = p->near_start[list + 1] - block.near_first;
    uint8_t parts = request->parts != 0 ? request->parts : course->parts;
    block.part_starts = parts == 0 ? UINT64_MAX : starts_in_parts(parts);
    block_measure(&block);
    return block;
}

static void block_add(struct block_build *build, struct block block)
{
    struct planner_problem *p = build->problem;
    if (build->failed != ERR_NONE) {
        return;
    }
    void *grown = vec_reserve(p->blocks, &p->block_capacity, p->block_count + 1, sizeof block, LIMIT_ROWS);
    if (grown == NULL) {
        build->failed = ERR_MEMORY;
        return;
    }
    p->blocks = grown;
    block.first_node = p->node_count;
    p->node_count += block.meetings;
    p->blocks[p->block_count++] = block;
}

static void add_open_request(struct block_build *build, uint32_t index)
{
    const struct planner_problem *p = build->problem;
    const struct request *request = &p->timetable->requests[index];
    if (request->withdrawn || request->to_day < p->options.from_day ||
        request->from_day > p->options.to_day) {
        return;
    }
    int32_t missing = request_missing(request, build->published[index]);
    if (missing == 0) {
        return;
    }
    struct block block = block_of_request(build, index);
    block.is_series = request_is_weekly(request, missing);
    while (missing > 0 && build->failed == ERR_NONE) {
        block.meetings = block.is_series
                             ? (uint16_t)(missing < LIMIT_SERIES_MEETINGS ? missing : LIMIT_SERIES_MEETINGS)
                             : 1;
        block_add(build, block);
        missing -= block.meetings;
    }
}

/* ---- published sessions that may move ---- */

static bool spot_of_session(const struct planner_problem *p, const struct placement *at,
                            struct spot *ret_spot)
{
    int32_t offset = at->start_min - GRID_FROM_MIN;
    if (offset < 0 || offset % SLOT_MINUTES != 0 || offset / SLOT_MINUTES >= GRID_SLOTS) {
        return false;
    }
    *ret_spot = (struct spot){at->room, at->instructors[0], (uint16_t)(at->day - p->day_zero),
                              (uint8_t)(offset / SLOT_MINUTES)};
    return true;
}

static bool session_may_move(const struct planner_problem *p, const struct session *session)
{
    const struct placement *at = &session->at;
    struct spot spot;
    return !p->options.keep_published && session->status != SESSION_CANCELLED && !at->pinned &&
           at->held == HELD_UNKNOWN && at->day > p->options.frozen_until_day &&
           at->day >= p->options.from_day && at->day <= p->options.to_day && at->request != NONE &&
           at->instructor_count == 1 && at->overrides == 0 && !at->series_exception &&
           !p->timetable->requests[at->request].withdrawn &&
           p->timetable->requests[at->request].course == at->course &&
           request_allows_day(p->timetable, at->request, at->day) && spot_of_session(p, at, &spot);
}

/* Sessions in order of series and time, so that a series is a run. */
static int session_compare(const void *a, const void *b)
{
    const struct session *x = *(const struct session *const *)a;
    const struct session *y = *(const struct session *const *)b;
    if (x->at.series_id != y->at.series_id) {
        return x->at.series_id < y->at.series_id ? -1 : 1;
    }
    if (x->at.day != y->at.day) {
        return x->at.day < y->at.day ? -1 : 1;
    }
    return x->at.session_id < y->at.session_id ? -1 : x->at.session_id > y->at.session_id;
}

static bool keep_session_id(struct block_build *build, int64_t id)
{
    struct planner_problem *p = build->problem;
    void *grown = vec_reserve(p->session_ids, &p->session_id_capacity, p->session_id_count + 1,
                              sizeof *p->session_ids, LIMIT_ROWS);
    if (grown == NULL) {
        build->failed = ERR_MEMORY;
        return false;
    }
    p->session_ids = grown;
    p->session_ids[p->session_id_count++] = id;
    return true;
}

/* Would the block, from its first meeting on, have just the dates of the run? */
static bool run_is_regular(struct block_build *build, const struct block *block,
                           const struct session *const *run, size_t count)
{
    struct planner_problem *p = build->problem;
    uint16_t days[LIMIT_SERIES_MEETINGS];
    for (size_t i = 1; i < count; i++) {
        const struct placement *a = &run[0]->at;
        const struct placement *b = &run[i]->at;
        if (a->request != b->request || a->room != b->room || a->start_min != b->start_min ||
            a->minutes != b->minutes || a->setup_min != b->setup_min || a->clear_min != b->clear_min ||
            a->instructors[0] != b->instructors[0]) {
            return false;
        }
    }
    uint32_t dated = problem_dates(p, block, &block->published, days);
    if (dated != count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (run[i]->at.day != p->day_zero + (int32_t)days[i]) {
            return false;
        }
    }
    return true;
}

static void add_published_run(struct block_build *build, const struct session *const *run, size_t count)
{
    struct planner_problem *p = build->problem;
    const struct placement *at = &run[0]->at;
    for (size_t i = 0; i < count; i++) {
        if (!session_may_move(p, run[i])) {
            return;
        }
    }
    struct block block = block_of_request(build, at->request);
    block.is_series = count > 1;
    block.is_published = true;
    block.meetings = (uint16_t)count;
    block.session_count = (uint32_t)count;
    block.minutes = at->minutes;
    block.setup_min = at->setup_min;
    block.clear_min = at->clear_min;
    block.heads = at->heads;
    const struct series *series = timetable_find_series(p->timetable, at->series_id);
    block.holiday_rule = (uint8_t)(series == NULL ? HOLIDAY_SHIFT : series->holiday_rule);
    int32_t weeks = (run[count - 1]->at.day - at->day) / 7 + 1;
    if (block.holiday_rule == HOLIDAY_SKIP && weeks <= LIMIT_SERIES_MEETINGS) {
        block.meetings = (uint16_t)weeks; /* the left-out ones are steps too */
    }
    block_measure(&block);
    (void)spot_of_session(p, at, &block.published);
    if (build->failed != ERR_NONE || count > LIMIT_SERIES_MEETINGS ||
        !problem_block_allows(p, &block, at->room, at->instructors[0]) ||
        !run_is_regular(build, &block, run, count)) {
        return;
    }
    block.first_session = (uint32_t)p->session_id_count;
    for (size_t i = 0; i < count && keep_session_id(build, run[i]->at.session_id); i++) {
        build->moves[run[i] - p->timetable->sessions] = true;
    }
    block_add(build, block);
}

static void add_published(struct block_build *build)
{
    const struct timetable *t = build->problem->timetable;
    const struct session **order = malloc((t->session_count + 1) * sizeof *order);
    if (order == NULL) {
        build->failed = ERR_MEMORY;
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < t->session_count; i++) {
        if (t->sessions[i].status != SESSION_CANCELLED) {
            order[count++] = &t->sessions[i];
        }
    }
    qsort(order, count, sizeof *order, session_compare);
    for (size_t from = 0, to; from < count && build->failed == ERR_NONE; from = to) {
        to = from + 1;
        while (order[from]->at.series_id != 0 && to < count &&
               order[to]->at.series_id == order[from]->at.series_id) {
            to++;
        }
        add_published_run(build, &order[from], to - from);
    }
    free(order);
}

/* ---- the rest stays ---- */

static enum error_code fix_session(struct planner_problem *p, uint32_t session)
{
    const struct placement *at = &p->timetable->sessions[session].at;
    struct fixed fixed = {session, (uint32_t)p->timetable->series_count + session};
    const struct series *series = timetable_find_series(p->timetable, at->series_id);
    if (series != NULL) {
        fixed.group = (uint32_t)(series - p->timetable->series);
    }
    void *grown = vec_reserve(p->fixed, &p->fixed_capacity, p->fixed_count + 1, sizeof fixed, LIMIT_ROWS);
    if (grown == NULL) {
        return ERR_MEMORY;
    }
    p->fixed = grown;
    p->fixed[p->fixed_count++] = fixed;
    problem_take(p, session);
    return ERR_NONE;
}

enum error_code problem_fix_block(struct planner_problem *p, uint32_t index, struct error *err)
{
    struct block *block = &p->blocks[index];
    for (uint32_t k = 0; k < block->session_count; k++) {
        const struct session *session =
            timetable_find_session(p->timetable, p->session_ids[block->first_session + k]);
        if (fix_session(p, (uint32_t)(session - p->timetable->sessions)) != ERR_NONE) {
            return planner_no_memory(err);
        }
    }
    block->meetings = 0;
    block->session_count = 0;
    return ERR_NONE;
}

static void add_all_fixed(struct block_build *build)
{
    const struct timetable *t = build->problem->timetable;
    for (uint32_t i = 0; i < t->session_count && build->failed == ERR_NONE; i++) {
        if (t->sessions[i].status != SESSION_CANCELLED && !build->moves[i]) {
            build->failed = fix_session(build->problem, i);
        }
    }
}

static enum error_code index_townships(struct planner_problem *p, struct error *err)
{
    uint32_t count = p->township_count + 1;
    p->township_start = arena_array(&p->arena, count + 2U, sizeof *p->township_start);
    p->township_blocks = arena_array(&p->arena, p->block_count + 1, sizeof *p->township_blocks);
    p->township_singles = arena_array(&p->arena, count, sizeof *p->township_singles);
    if (p->township_start == NULL || p->township_blocks == NULL || p->township_singles == NULL) {
        return planner_no_memory(err);
    }
    for (size_t b = 0; b < p->block_count; b++) {
        p->township_start[p->blocks[b].township + 2]++;
    }
    for (uint32_t i = 2; i < count + 2; i++) {
        p->township_start[i] += p->township_start[i - 1];
    }
    for (int single = 0; single < 2; single++) {
        for (uint32_t b = 0; b < p->block_count; b++) {
            if (p->blocks[b].is_series == (single == 0)) {
                p->township_blocks[p->township_start[p->blocks[b].township + 1]++] = b;
            }
        }
        for (uint32_t i = 0; i < count && single == 0; i++) {
            p->township_singles[i] = p->township_start[i + 1];
        }
    }
    return ERR_NONE;
}

static enum error_code index_movable(struct planner_problem *p, struct error *err)
{
    p->movable = arena_array(&p->arena, p->block_count + 1U, sizeof *p->movable);
    if (p->movable == NULL) {
        return planner_no_memory(err);
    }
    for (int single = 0; single < 2; single++) {
        for (uint32_t b = 0; b < p->block_count; b++) {
            const struct block *block = &p->blocks[b];
            if (block->meetings > 0 && block->is_series == (single == 0)) {
                p->movable[p->movable_count++] = b;
                p->series_count += block->is_series ? 1 : 0;
                p->series_meetings += block->is_series ? block->meetings : 0U;
            }
        }
    }
    return ERR_NONE;
}

static enum error_code index_days(struct planner_problem *p, struct error *err)
{
    p->block_days = arena_array(&p->arena, p->block_count * p->day_words + 1, sizeof *p->block_days);
    p->welcome_days = arena_array(&p->arena, p->block_count * p->day_words + 1, sizeof *p->welcome_days);
    if (p->block_days == NULL || p->welcome_days == NULL) {
        return planner_no_memory(err);
    }
    for (size_t b = 0; b < p->block_count; b++) {
        const struct block *block = &p->blocks[b];
        for (uint32_t d = block->day_from; d <= block->day_to; d++) {
            bool is_possible = problem_in_season(p, block->course, d);
            bool is_welcome = is_possible && !problem_day_unwelcome(p, block->course, d) &&
                              (block->weekdays == 0 || (block->weekdays >> p->weekday[d] & 1) != 0);
            p->block_days[b * p->day_words + d / 64] |= (uint64_t)is_possible << (d % 64);
            p->welcome_days[b * p->day_words + d / 64] |= (uint64_t)is_welcome << (d % 64);
        }
    }
    return ERR_NONE;
}

static enum error_code build_init(struct block_build *build, struct error *err)
{
    const struct timetable *t = build->problem->timetable;
    size_t capacity = 64;
    while (capacity < 2 * t->request_count + 2) {
        capacity *= 2;
    }
    build->domains.capacity = capacity;
    build->domains.slots = malloc(capacity * sizeof *build->domains.slots);
    build->published = calloc(t->request_count + 1, sizeof *build->published);
    build->moves = calloc(t->session_count + 1, sizeof *build->moves);
    if (build->domains.slots == NULL || build->published == NULL || build->moves == NULL) {
        return planner_no_memory(err);
    }
    for (size_t i = 0; i < capacity; i++) {
        build->domains.slots[i].count = UINT32_MAX;
    }
    request_count_placed(t, build->published);
    return ERR_NONE;
}

enum error_code problem_build_blocks(struct planner_problem *p, struct error *err)
{
    struct block_build build = {.problem = p, .failed = ERR_NONE};
    enum error_code code = build_init(&build, err);
    if (code == ERR_NONE && !p->options.keep_published) {
        add_published(&build);
    }
    for (uint32_t i = 0; code == ERR_NONE && i < p->timetable->request_count && build.failed == ERR_NONE;
         i++) {
        add_open_request(&build, i);
    }
    if (code == ERR_NONE) {
        add_all_fixed(&build);
        code = build.failed == ERR_NONE ? index_townships(p, err) : planner_no_memory(err);
    }
    code = code == ERR_NONE ? index_movable(p, err) : code;
    code = code == ERR_NONE ? index_days(p, err) : code;
    free(build.domains.slots);
    free(build.published);
    free(build.moves);
    return code;
}
