#include "scheduler/planner_part.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    PART_BLOCKS = 12000, /* about what a part's state may have to stay in a cache */
    PARTS_MAX = 4096,
    CANCEL_MOVES = 1024,
    NO_PART = UINT16_MAX
};

struct town {
    uint32_t township, weight;
    int64_t x, y; /* in the slice's own, turned, coordinates */
    bool by_y;    /* what is being sorted by */
};

struct worker {
    struct parts *parts;
    uint32_t first_part; /* and every `threads` more */
    int64_t cost, value; /* gained */
    uint64_t moves, scanned;
    bool out_of_memory;
    uint32_t *supply; /* owned: this worker's own counts */
};

struct parts {
    struct search *search;
    enum stage stage;
    const float *logs;
    uint32_t count, threads;
    struct town *towns;
    uint16_t *township_part, *instructor_part;
    uint32_t *tally;        /* [instructor] or [township]: of a vote */
    uint32_t *blocks;       /* by part */
    uint32_t *start;        /* [count + 1] */
    uint64_t *seeds;        /* [count] */
    struct worker *workers; /* [threads] */
    uint64_t moves;         /* of a thread in this slice */
    double temperature;
    const struct search_watch *cancel;
};

uint32_t parts_suited(const struct planner_problem *p, uint32_t threads)
{
    size_t rounds = (p->block_count / PART_BLOCKS + threads - 1) / threads;
    size_t count = (rounds < 1 ? 1 : rounds) * threads;
    while (count > PARTS_MAX || (count > threads && count > p->township_count / 4)) {
        count -= threads;
    }
    return count < threads ? threads : (uint32_t)count;
}

void parts_destroy(struct parts *parts)
{
    if (parts == NULL) {
        return;
    }
    for (uint32_t i = 0; parts->workers != NULL && i < parts->threads; i++) {
        free(parts->workers[i].supply);
    }
    free(parts->towns);
    free(parts->township_part);
    free(parts->instructor_part);
    free(parts->tally);
    free(parts->blocks);
    free(parts->start);
    free(parts->seeds);
    free(parts->workers);
    free(parts);
}

static size_t supply_size(const struct planner_problem *p)
{
    return (size_t)p->course_count * p->year_count + 1;
}

enum error_code parts_create(struct search *s, enum stage stage, uint32_t count, uint32_t threads,
                             const float *logs, struct parts **ret_parts, struct error *err)
{
    const struct planner_problem *p = s->problem;
    struct parts *parts = calloc(1, sizeof *parts);
    bool failed = parts == NULL;
    if (!failed) {
        *parts =
            (struct parts){.search = s, .stage = stage, .logs = logs, .count = count, .threads = threads};
        parts->towns = calloc(p->township_count + 1U, sizeof *parts->towns);
        parts->township_part = calloc(p->township_count + 1U, sizeof *parts->township_part);
        parts->instructor_part = calloc(p->instructor_count + 1U, sizeof *parts->instructor_part);
        parts->tally = calloc((size_t)p->instructor_count + p->township_count + 1, sizeof *parts->tally);
        parts->blocks = calloc(p->block_count + 1U, sizeof *parts->blocks);
        parts->start = calloc(count + 2U, sizeof *parts->start);
        parts->seeds = calloc(count + 1U, sizeof *parts->seeds);
        parts->workers = calloc(threads + 1U, sizeof *parts->workers);
        failed = parts->towns == NULL || parts->township_part == NULL || parts->instructor_part == NULL ||
                 parts->tally == NULL || parts->blocks == NULL || parts->start == NULL ||
                 parts->seeds == NULL || parts->workers == NULL;
        for (uint32_t i = 0; !failed && i < threads; i++) {
            parts->workers[i] = (struct worker){.parts = parts, .first_part = i};
            parts->workers[i].supply = calloc(supply_size(p), sizeof *parts->workers[i].supply);
            failed = parts->workers[i].supply == NULL;
        }
    }
    if (failed) {
        parts_destroy(parts);
        return planner_no_memory(err);
    }
    *ret_parts = parts;
    return ERR_NONE;
}

/* ---- cutting ---- */

static int town_compare(const void *a, const void *b)
{
    const struct town *x = a;
    const struct town *y = b;
    int64_t mine = x->by_y ? x->y : x->x;
    int64_t other = y->by_y ? y->y : y->x;
    if (mine != other) {
        return mine < other ? -1 : 1;
    }
    return x->township < y->township ? -1 : x->township > y->township;
}

/* Every township at its first hall, weighted by its blocks, in axes turned by one of eight angles. */
static void lay_out(struct parts *parts)
{
    static const int8_t TURNS[8][2] = {{10, 0}, {9, 4}, {7, 7}, {4, 9}, {0, 10}, {-4, 9}, {-7, 7}, {-9, 4}};
    struct search *s = parts->search;
    const struct planner_problem *p = s->problem;
    const int8_t *turn = TURNS[rng_below(&s->rng, 8)];
    for (uint32_t t = 0; t < p->township_count; t++) {
        parts->towns[t] =
            (struct town){.township = t, .weight = p->township_start[t + 1] - p->township_start[t]};
    }
    for (uint32_t h = p->hall_count; h-- > 0;) {
        if (p->hall_township[h] < p->township_count) {
            struct town *town = &parts->towns[p->hall_township[h]];
            town->x = (int64_t)p->spread[h].x * turn[0] + (int64_t)p->spread[h].y * turn[1];
            town->y = (int64_t)p->spread[h].y * turn[0] - (int64_t)p->spread[h].x * turn[1];
        }
    }
}

/* Every other cut in two is a circle around some township: straight ones all pass near the middle of the
 * city, whose blocks could seldom move. */
static void lay_circle(struct parts *parts)
{
    struct rng *rng = &parts->search->rng;
    uint32_t count = parts->search->problem->township_count;
    if (parts->count != 2 || count == 0 || rng_below(rng, 2) == 0) {
        return;
    }
    const struct town middle = parts->towns[rng_below(rng, count)];
    for (uint32_t t = 0; t < count; t++) {
        struct town *town = &parts->towns[t];
        int64_t east = town->x - middle.x;
        int64_t north = town->y - middle.y;
        town->x = east * east + north * north;
        town->y = 0;
    }
}

struct cut {
    uint32_t from, to;     /* towns */
    uint32_t first, count; /* parts */
};

static bool is_taller(const struct town *towns, uint32_t count)
{
    struct town least = towns[0];
    struct town most = towns[0];
    for (uint32_t i = 1; i < count; i++) {
        least.x = towns[i].x < least.x ? towns[i].x : least.x;
        least.y = towns[i].y < least.y ? towns[i].y : least.y;
        most.x = towns[i].x > most.x ? towns[i].x : most.x;
        most.y = towns[i].y > most.y ? towns[i].y : most.y;
    }
    return most.y - least.y > most.x - least.x;
}

/* Cuts off the first half of the parts, by weight, give or take an eighth. */
static uint32_t cut_once(struct parts *parts, const struct cut *cut)
{
    struct town *towns = &parts->towns[cut->from];
    uint32_t count = cut->to - cut->from;
    uint64_t total = 0;
    bool by_y = is_taller(towns, count);
    for (uint32_t i = 0; i < count; i++) {
        towns[i].by_y = by_y;
        total += towns[i].weight;
    }
    qsort(towns, count, sizeof *towns, town_compare);
    uint64_t share = 7 * 1024 / 8 + rng_below(&parts->search->rng, 2 * 1024 / 8);
    uint64_t want = total * (cut->count / 2) / cut->count * share / 1024;
    uint32_t at = 0;
    for (uint64_t sum = 0; at < count && sum < want; at++) {
        sum += towns[at].weight;
    }
    return cut->from + at;
}

static void cut_townships(struct parts *parts)
{
    struct cut open[64]; /* each cut halves the parts: 13 levels at most */
    uint32_t depth = 1;
    open[0] = (struct cut){0, parts->search->problem->township_count, 0, parts->count};
    while (depth > 0) {
        struct cut cut = open[--depth];
        if (cut.count == 1 || cut.from == cut.to) {
            for (uint32_t i = cut.from; i < cut.to; i++) {
                parts->township_part[parts->towns[i].township] = (uint16_t)cut.first;
            }
            continue;
        }
        uint32_t middle = cut_once(parts, &cut);
        uint32_t half = cut.count / 2;
        open[depth++] = (struct cut){cut.from, middle, cut.first, half};
        open[depth++] = (struct cut){middle, cut.to, cut.first + half, cut.count - half};
    }
    parts->township_part[parts->search->problem->township_count] = 0;
}

static uint32_t township_of(const struct search *s, uint32_t block)
{
    return s->problem->hall_township[s->problem->room_hall[s->spots[block].room]];
}

/* A majority vote in one pass: whom more than half of the weight is for wins. */
static void vote(uint16_t *winner, uint32_t *tally, uint16_t part, uint32_t weight)
{
    if (*tally == 0) {
        *winner = part;
    }
    if (*winner == part) {
        *tally += weight;
    } else {
        *tally -= *tally < weight ? *tally : weight;
    }
}

/* An instructor goes where most of the sessions are. Whoever teaches nothing goes by number. */
static void assign_instructors(struct parts *parts)
{
    const struct search *s = parts->search;
    const struct planner_problem *p = s->problem;
    memset(parts->tally, 0, p->instructor_count * sizeof *parts->tally);
    for (uint32_t i = 0; i < p->instructor_count; i++) {
        parts->instructor_part[i] = (uint16_t)(i % parts->count);
    }
    for (uint32_t b = 0; b < p->block_count; b++) {
        if (s->spots[b].room != NONE) {
            uint32_t i = s->spots[b].instructor;
            vote(&parts->instructor_part[i], &parts->tally[i], parts->township_part[township_of(s, b)],
                 s->met[b]);
        }
    }
}

/* A township goes where the instructors of most of its sessions are, so that no border is a straight line,
 * nor the same one twice. One without sessions stays on its side of the cut. */
static void assign_townships(struct parts *parts)
{
    const struct search *s = parts->search;
    const struct planner_problem *p = s->problem;
    memset(parts->tally, 0, (p->township_count + 1U) * sizeof *parts->tally);
    for (uint32_t b = 0; b < p->block_count; b++) {
        if (s->spots[b].room != NONE) {
            uint32_t town = township_of(s, b);
            vote(&parts->township_part[town], &parts->tally[town],
                 parts->instructor_part[s->spots[b].instructor], s->met[b]);
        }
    }
}

uint32_t parts_township(const struct parts *parts, uint32_t township)
{
    return parts->township_part[township];
}

uint32_t parts_instructor(const struct parts *parts, uint32_t instructor)
{
    return parts->instructor_part[instructor];
}

static uint32_t part_of(const struct parts *parts, uint32_t b)
{
    const struct search *s = parts->search;
    if (s->spots[b].room == NONE || !stage_has(parts->stage, &s->problem->blocks[b])) {
        return NO_PART;
    }
    uint16_t part = parts->township_part[township_of(s, b)];
    return part == parts->township_part[s->problem->blocks[b].township] &&
                   part == parts->instructor_part[s->spots[b].instructor]
               ? part
               : (uint32_t)NO_PART;
}

static void list_blocks(struct parts *parts)
{
    const struct search *s = parts->search;
    uint32_t blocks = (uint32_t)s->problem->block_count;
    memset(parts->start, 0, (parts->count + 2U) * sizeof *parts->start);
    for (uint32_t b = 0; b < blocks; b++) {
        uint32_t part = part_of(parts, b);
        if (part != NO_PART) {
            parts->start[part + 2]++;
        }
    }
    for (uint32_t i = 2; i < parts->count + 2; i++) {
        parts->start[i] += parts->start[i - 1];
    }
    for (uint32_t b = 0; b < blocks; b++) {
        uint32_t part = part_of(parts, b);
        if (part != NO_PART) {
            parts->blocks[parts->start[part + 1]++] = b;
        }
    }
}

/* ---- running ---- */

static bool goes_on(const struct parts *parts, const struct search *s)
{
    return parts->cancel->go_on(parts->cancel->context, s);
}

static void run_part(struct worker *worker, uint32_t part, uint64_t moves)
{
    const struct parts *parts = worker->parts;
    struct search mine = *parts->search; /* shares all arrays but these */
    mine.supply = worker->supply;
    mine.cost = 0;
    mine.value = 0;
    mine.moves = 0;
    mine.scanned = 0;
    rng_seed(&mine.rng, parts->seeds[part]);
    struct mover mover = {.search = &mine,
                          .blocks = &parts->blocks[parts->start[part]],
                          .block_count = parts->start[part + 1] - parts->start[part],
                          .stage = parts->stage,
                          .township_part = parts->township_part,
                          .instructor_part = parts->instructor_part,
                          .part = (uint16_t)part,
                          .logs = parts->logs};
    mover_begin(&mover);
    uint64_t watch = CANCEL_MOVES;
    while (mover.block_count > 0 && mine.moves < moves) {
        uint64_t left = moves - mine.moves;
        (void)mover_step(&mover, left > MOVE_BATCH ? MOVE_BATCH : (uint32_t)left, parts->temperature);
        if (mine.moves >= watch) {
            watch += CANCEL_MOVES;
            if (!goes_on(parts, &mine)) {
                break;
            }
        }
    }
    worker->cost += mine.cost;
    worker->value += mine.value;
    worker->moves += mine.moves;
    worker->scanned += mine.scanned;
    worker->out_of_memory |= mine.out_of_memory;
}

static void *worker_run(void *context)
{
    struct worker *worker = context;
    const struct parts *parts = worker->parts;
    uint64_t rounds = (parts->count - worker->first_part + parts->threads - 1) / parts->threads;
    for (uint64_t i = 0; i < rounds; i++) {
        uint64_t moves = parts->moves * (i + 1) / rounds - parts->moves * i / rounds;
        run_part(worker, worker->first_part + (uint32_t)i * parts->threads, moves);
    }
    return NULL;
}

static void workers_begin(struct parts *parts)
{
    const struct search *s = parts->search;
    for (uint32_t i = 0; i < parts->count; i++) {
        parts->seeds[i] = rng_next(&parts->search->rng);
    }
    for (uint32_t i = 0; i < parts->threads; i++) {
        struct worker *worker = &parts->workers[i];
        memcpy(worker->supply, s->supply, supply_size(s->problem) * sizeof *worker->supply);
        worker->cost = 0;
        worker->value = 0;
        worker->moves = 0;
        worker->scanned = 0;
    }
}

static void workers_end(struct parts *parts)
{
    struct search *s = parts->search;
    for (uint32_t i = 0; i < parts->threads; i++) {
        const struct worker *worker = &parts->workers[i];
        s->cost += worker->cost;
        s->value += worker->value;
        s->moves += worker->moves;
        s->scanned += worker->scanned;
        s->out_of_memory |= worker->out_of_memory;
    }
    /* What each counted besides the common start. */
    for (size_t k = 0; k < supply_size(s->problem); k++) {
        uint32_t before = s->supply[k];
        for (uint32_t i = 0; i < parts->threads; i++) {
            s->supply[k] += parts->workers[i].supply[k] - before;
        }
    }
}

enum error_code parts_run(struct parts *parts, uint64_t moves, double temperature,
                          const struct search_watch *cancel, struct error *err)
{
    pthread_t threads[LIMIT_THREADS];
    bool started[LIMIT_THREADS] = {false};
    parts->moves = moves;
    parts->temperature = temperature;
    parts->cancel = cancel;
    lay_out(parts);
    lay_circle(parts);
    cut_townships(parts);
    assign_instructors(parts);
    assign_townships(parts);
    assign_instructors(parts);
    list_blocks(parts);
    workers_begin(parts);
    for (uint32_t i = 1; i < parts->threads; i++) {
        started[i] = pthread_create(&threads[i], NULL, worker_run, &parts->workers[i]) == 0;
    }
    (void)worker_run(&parts->workers[0]);
    for (uint32_t i = 1; i < parts->threads; i++) {
        if (started[i]) {
            (void)pthread_join(threads[i], NULL);
        } else {
            (void)worker_run(&parts->workers[i]); /* no thread to be had: here, with the same outcome */
        }
    }
    workers_end(parts);
    return parts->search->out_of_memory ? planner_no_memory(err) : ERR_NONE;
}
