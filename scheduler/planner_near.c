/* What is near: instructors to the townships of a course, townships to each other, and halls in memory. */
#include "scheduler/planner_problem.h"

#include "scheduler/travel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    NEAR_LEAST = 10,
    NEAR_PART = 10,
    NEAR_POOL = 800, /* instructors around a township who are ranked */
    NEAR_SAMPLE = 512
};

struct ranked {
    int32_t minutes;
    uint32_t instructor;
};

static int ranked_compare(const void *a, const void *b)
{
    const struct ranked *x = a;
    const struct ranked *y = b;
    if (x->minutes != y->minutes) {
        return x->minutes < y->minutes ? -1 : 1;
    }
    return x->instructor < y->instructor ? -1 : x->instructor > y->instructor;
}

/* The first hall of each township stands for it. */
static void township_samples(const struct planner_problem *p, uint32_t *samples)
{
    memset(samples, 0xFF, (p->township_count + 1U) * sizeof *samples);
    for (uint32_t h = p->hall_count; h-- > 0;) {
        samples[p->hall_township[h]] = h;
    }
}

static int float_compare(const void *a, const void *b)
{
    float x = *(const float *)a;
    float y = *(const float *)b;
    return x < y ? -1 : x > y;
}

struct near_build {
    struct planner_problem *problem;
    struct ranked *ranked; /* [instructor] */
    float *apart;          /* [instructor] squared distance from the township */
    uint32_t *pool;        /* those who are near enough to be ranked */
    uint32_t pool_count;
};

/* With few instructors all are ranked; of many, some hundreds around the township: those within the distance
 * that a sample of them says. */
static void gather_near(struct near_build *build, uint32_t hall)
{
    const struct planner_problem *p = build->problem;
    const struct travel_end *from = hall == NONE ? NULL : &p->timetable->halls[hall].travel;
    float sample[NEAR_SAMPLE];
    float within = 0;
    build->pool_count = 0;
    if (from == NULL || p->instructor_count <= NEAR_POOL) {
        for (uint32_t i = 0; i < p->instructor_count; i++) {
            build->pool[build->pool_count++] = i;
        }
        return;
    }
    for (uint32_t i = 0; i < p->instructor_count; i++) {
        const struct travel_end *to = &p->timetable->instructors[i].travel;
        float x = (float)(from->x - to->x);
        float y = (float)(from->y - to->y);
        float z = (float)(from->z - to->z);
        build->apart[i] = x * x + y * y + z * z;
    }
    for (uint32_t k = 0; k < NEAR_SAMPLE; k++) {
        sample[k] = build->apart[(uint64_t)k * p->instructor_count / NEAR_SAMPLE];
    }
    qsort(sample, NEAR_SAMPLE, sizeof *sample, float_compare);
    uint64_t rank = (uint64_t)NEAR_POOL * NEAR_SAMPLE / p->instructor_count + 1;
    within = sample[rank < NEAR_SAMPLE ? rank : NEAR_SAMPLE - 1];
    for (uint32_t i = 0; i < p->instructor_count; i++) {
        if (build->apart[i] <= within) {
            build->pool[build->pool_count++] = i;
        }
    }
}

static void rank_near(const struct near_build *build, uint32_t course, uint32_t hall, uint32_t *ret_near,
                      uint32_t wanted)
{
    const struct planner_problem *p = build->problem;
    uint32_t count = 0;
    for (uint32_t k = 0; k < build->pool_count; k++) {
        uint32_t instructor = build->pool[k];
        if (problem_qualified(p, course, instructor)) {
            build->ranked[count++] =
                (struct ranked){hall == NONE ? 0 : problem_home(p, instructor, hall), instructor};
        }
    }
    qsort(build->ranked, count, sizeof *build->ranked, ranked_compare);
    for (uint32_t k = 0; k < wanted; k++) {
        /* Too few near: anybody who can. */
        ret_near[k] = k < count ? build->ranked[k].instructor : p->qualified[p->qualified_start[course] + k];
    }
}

/* How many of those qualified count as near: with more to choose from, more are worth a look. */
static uint32_t near_of(uint32_t qualified)
{
    uint32_t near = qualified / NEAR_PART < NEAR_LEAST ? NEAR_LEAST : qualified / NEAR_PART;
    near = near > NEAR_INSTRUCTORS ? NEAR_INSTRUCTORS : near;
    return qualified < near ? qualified : near;
}

static enum error_code build_near_people(struct planner_problem *p, struct error *err)
{
    uint32_t townships = p->township_count + 1;
    size_t lists = (size_t)p->course_count * townships;
    p->near_start = arena_array(&p->arena, lists + 1, sizeof *p->near_start);
    if (p->near_start == NULL) {
        return planner_no_memory(err);
    }
    uint32_t total = 0;
    for (size_t i = 0; i < lists; i++) {
        uint32_t course = (uint32_t)(i / townships);
        uint32_t count = p->qualified_start[course + 1] - p->qualified_start[course];
        p->near_start[i] = total;
        total += near_of(count);
    }
    p->near_start[lists] = total;
    p->near = arena_array(&p->arena, total + 1U, sizeof *p->near);
    struct near_build build = {.problem = p};
    build.ranked = malloc((p->instructor_count + 1U) * sizeof *build.ranked);
    build.apart = malloc((p->instructor_count + 1U) * sizeof *build.apart);
    build.pool = malloc((p->instructor_count + 1U) * sizeof *build.pool);
    uint32_t *samples = malloc(townships * sizeof *samples);
    bool failed = p->near == NULL || build.ranked == NULL || build.apart == NULL || build.pool == NULL ||
                  samples == NULL;
    if (!failed) {
        township_samples(p, samples);
    }
    for (uint32_t town = 0; !failed && town < townships; town++) {
        gather_near(&build, samples[town]);
        for (uint32_t course = 0; course < p->course_count; course++) {
            size_t list = (size_t)course * townships + town;
            rank_near(&build, course, samples[town], &p->near[p->near_start[list]],
                      p->near_start[list + 1] - p->near_start[list]);
        }
    }
    free(build.ranked);
    free(build.apart);
    free(build.pool);
    free(samples);
    return failed ? planner_no_memory(err) : ERR_NONE;
}

/* Itself first, then by distance between the sample halls; fewer townships repeat the first. */
static void rank_towns(struct planner_problem *p, const uint32_t *samples, uint32_t town)
{
    uint32_t *near = &p->near_towns[(size_t)town * NEAR_TOWNS];
    int64_t metres[NEAR_TOWNS];
    uint32_t count = 1;
    near[0] = town;
    metres[0] = -1;
    for (uint32_t other = 0; samples[town] != NONE && other < p->township_count; other++) {
        if (other == town || samples[other] == NONE) {
            continue;
        }
        const struct spread *a = &p->spread[samples[town]];
        const struct spread *b = &p->spread[samples[other]];
        int64_t apart = llabs((int64_t)a->x - b->x) + llabs((int64_t)a->y - b->y);
        if (count == NEAR_TOWNS && apart >= metres[count - 1]) {
            continue;
        }
        uint32_t at = count < NEAR_TOWNS ? count++ : NEAR_TOWNS - 1;
        for (; metres[at - 1] > apart; at--) {
            metres[at] = metres[at - 1];
            near[at] = near[at - 1];
        }
        metres[at] = apart;
        near[at] = other;
    }
    for (; count < NEAR_TOWNS; count++) {
        near[count] = town;
    }
}

static enum error_code build_near_towns(struct planner_problem *p, struct error *err)
{
    uint32_t townships = p->township_count + 1;
    uint32_t *samples = malloc(townships * sizeof *samples);
    p->near_towns = arena_array(&p->arena, (size_t)townships * NEAR_TOWNS, sizeof *p->near_towns);
    p->town_words = (townships + 63) / 64;
    p->near_bits = arena_array(&p->arena, (size_t)townships * p->town_words, sizeof *p->near_bits);
    if (samples == NULL || p->near_towns == NULL || p->near_bits == NULL) {
        free(samples);
        return planner_no_memory(err);
    }
    township_samples(p, samples);
    for (uint32_t town = 0; town < townships; town++) {
        rank_towns(p, samples, town);
        for (uint32_t i = 0; i < NEAR_TOWNS; i++) {
            uint32_t near = p->near_towns[(size_t)town * NEAR_TOWNS + i];
            p->near_bits[(size_t)town * p->town_words + near / 64] |= UINT64_C(1) << (near % 64);
        }
    }
    free(samples);
    return ERR_NONE;
}

enum error_code problem_build_near(struct planner_problem *p, struct error *err)
{
    enum error_code code = build_near_people(p, err);
    return code == ERR_NONE ? build_near_towns(p, err) : code;
}

/* ---- halls along a curve ---- */

static enum error_code index_town_halls(struct planner_problem *p, struct error *err)
{
    p->town_halls = arena_array(&p->arena, p->hall_count + 1U, sizeof *p->town_halls);
    p->town_start = arena_array(&p->arena, p->township_count + 3U, sizeof *p->town_start);
    if (p->town_halls == NULL || p->town_start == NULL) {
        return planner_no_memory(err);
    }
    for (uint32_t h = 0; h < p->hall_count; h++) {
        p->town_start[p->hall_township[h] + 2]++;
    }
    for (uint32_t t = 2; t < p->township_count + 3; t++) {
        p->town_start[t] += p->town_start[t - 1];
    }
    for (uint32_t h = 0; h < p->hall_count; h++) {
        p->town_halls[p->town_start[p->hall_township[h] + 1]++] = h;
    }
    return ERR_NONE;
}

struct curve_town {
    uint64_t curve; /* where a curve through the city comes by */
    uint32_t town;
};

/* Bits of x and y in turn: what is near on the curve (of Morton) is near. */
static uint64_t curve_of(const struct spread *at)
{
    uint64_t curve = 0;
    for (int bit = 0; bit < 31; bit++) {
        curve |= (uint64_t)((uint32_t)at->x >> bit & 1) << (2 * bit) | (uint64_t)((uint32_t)at->y >> bit & 1)
                                                                           << (2 * bit + 1);
    }
    return curve;
}

static int curve_compare(const void *a, const void *b)
{
    const struct curve_town *x = a;
    const struct curve_town *y = b;
    if (x->curve != y->curve) {
        return x->curve < y->curve ? -1 : 1;
    }
    return x->town < y->town ? -1 : x->town > y->town;
}

/* Ranks halls by township along a curve, so that the journeys that are asked for share cache lines. */
enum error_code problem_build_ranks(struct planner_problem *p, struct error *err)
{
    uint32_t townships = p->township_count + 1;
    struct curve_town *order = malloc(townships * sizeof *order);
    uint32_t rank = 0;
    p->hall_rank = arena_array(&p->arena, p->hall_count + 1U, sizeof *p->hall_rank);
    if (order == NULL || p->hall_rank == NULL || index_town_halls(p, err) != ERR_NONE) {
        free(order);
        return planner_no_memory(err);
    }
    for (uint32_t t = 0; t < townships; t++) {
        uint32_t first = p->town_start[t];
        bool is_empty = first == p->town_start[t + 1];
        order[t] = (struct curve_town){is_empty ? 0 : curve_of(&p->spread[p->town_halls[first]]), t};
    }
    qsort(order, townships, sizeof *order, curve_compare);
    for (uint32_t t = 0; t < townships; t++) {
        for (uint32_t i = p->town_start[order[t].town]; i < p->town_start[order[t].town + 1]; i++) {
            p->hall_rank[p->town_halls[i]] = rank++;
        }
    }
    free(order);
    return ERR_NONE;
}
