/* Simulated annealing over single-block moves. Temperatures and steps depend on counts of moves alone, and
 * every number comes from + - * / and sqrt, which IEEE 754 rounds alike everywhere: a seed replays a run. */
#include "scheduler/planner_part.h"

#include "base/date.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PROBE_MOVES = 16384,
    STEPS = 256, /* of a cooling; a power of two: each is eight square roots */
    STEP_ROOTS = 8,
    WATCH_MOVES = 1024,
    KEEP_MOVES = 16384,
    SLICE_MOVES = 20000, /* between two cuts into parts */
    /* Of so many without a place one is tried, of all no more than that many. */
    OPEN_EACH = 100,
    OPEN_TRIES = 6,
    WARM_MOVES = 4, /* for each meeting, before the pace is known */
    /* of small problems */
    ROUND_MOVES = 8192,
    SHAKE_MOVES = 256
};

/* Where a cooling starts and where it ends, at what temperature the pace is taken, and where the rounds of a
 * small problem start, in shares of the typical difference. */
static const double HOT = 0.55;
static const double COLD = 0.08;
static const double WARM = 0.3;
static const double ROUND_HOT = 0.9;
/* So long seats are kept in it. */
static const double KEEPING = 0.7;
/* So much of the last stage settles at temperature 0: nothing gets worse any more. */
static const double SETTLING = 0.1;

#define CHECK_MOVES (UINT64_C(1) << 20)

struct run {
    struct search *search;
    enum stage stage;
    struct anneal *anneal;
    const uint32_t *blocks; /* of the stage */
    uint32_t block_count;
    uint64_t warm; /* moves of a thread before the cooling starts */
    uint64_t end;
    float log[MOVE_LOGS]; /* -ln of (i + 0.5) / MOVE_LOGS */
    struct spot *best;
    int64_t best_cost, best_value;
    int64_t total_meetings;
    uint64_t done; /* moves of a thread */
};

/* ln(x) for 0 < x <= 1 by the series of atanh, after bringing x to [0.5, 1]. */
static double plain_log(double x)
{
    const double ln2 = 0.69314718055994530942;
    double sum = 0;
    while (x < 0.5) {
        x *= 2;
        sum -= ln2;
    }
    double y = (x - 1) / (x + 1);
    double power = y;
    for (int n = 1; n < 40; n += 2) {
        sum += 2 * power / n;
        power *= y * y;
    }
    return sum;
}

/* ---- temperatures ---- */

static int int64_compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static uint32_t stage_count(const struct planner_problem *p, enum stage stage)
{
    return stage == STAGE_SERIES ? p->series_count : p->movable_count;
}

struct anneal search_probe(struct search *s, enum stage stage)
{
    int64_t worse[PROBE_MOVES];
    size_t count = 0;
    struct anneal anneal = {.typical = COST_SCALE};
    const float logs[MOVE_LOGS] = {0};
    if (stage_count(s->problem, stage) == 0) {
        return anneal;
    }
    struct mover mover = {.search = s,
                          .blocks = s->problem->movable,
                          .block_count = stage_count(s->problem, stage),
                          .stage = stage,
                          .logs = logs,
                          .worse = worse,
                          .worse_capacity = PROBE_MOVES};
    mover_begin(&mover);
    for (uint32_t i = 0; i < PROBE_MOVES;) {
        i += mover_step(&mover, PROBE_MOVES - i, 0);
    }
    count = mover.worse_count;
    if (count > 0) {
        qsort(worse, count, sizeof *worse, int64_compare);
        anneal.typical = (double)worse[count / 4];
    }
    return anneal;
}

/* A cooling from `hot` of `length` moves, of which `move` have been made. */
static double cooled(const struct run *run, double hot, uint64_t length, uint64_t move)
{
    uint64_t step = move / (length / STEPS + 1);
    double factor = COLD / hot;
    for (int i = 0; i < STEP_ROOTS; i++) {
        factor = sqrt(factor);
    }
    hot *= run->anneal->typical;
    for (uint64_t i = 0; i < step && i < STEPS; i++) {
        hot *= factor;
    }
    return hot;
}

/* The rest of the time is the next stage's. */
static void set_end(struct run *run)
{
    if (run->stage == STAGE_SERIES && run->anneal->length > 0 && run->anneal->length < run->end) {
        run->end = run->anneal->length;
    }
}

/* Warm at first, then, once it is known how long the run will be, cooling, and in the last stage settling. */
static double temperature(struct run *run, const struct search_watch *watch)
{
    struct anneal *anneal = run->anneal;
    if (run->done < run->warm) {
        return anneal->typical * WARM;
    }
    if (anneal->length == 0) {
        anneal->length = watch->pace(watch->context, run->done);
        set_end(run);
    }
    uint64_t length = anneal->length > run->warm ? anneal->length - run->warm : 1;
    uint64_t move = run->done - run->warm;
    if (run->stage == STAGE_ALL) {
        length -= (uint64_t)((double)length * SETTLING);
        if (move >= length) {
            return 0;
        }
    }
    return cooled(run, HOT, length, move);
}

/* ---- the run ---- */

/* What the cost counts while seats are kept can not be compared with what it counts later. */
static void set_seats(const struct run *run)
{
    struct search *s = run->search;
    uint64_t length = run->anneal->length;
    bool is_early = run->done < run->warm || run->done < (uint64_t)(KEEPING * (double)length);
    if (run->stage == STAGE_ALL && is_early != s->keeps_seats) {
        search_keep_seats(s, is_early);
    }
}

static bool is_best(const struct run *run)
{
    const struct search *s = run->search;
    return s->value > run->best_value || (s->value == run->best_value && s->cost < run->best_cost);
}

static void keep_best(struct run *run)
{
    const struct search *s = run->search;
    memcpy(run->best, s->spots, s->problem->block_count * sizeof *run->best);
    run->best_cost = s->cost;
    run->best_value = s->value;
}

/* Some without a place may find one now that others have moved: more of them where more are without. */
static void try_unplaced(struct search *s, enum stage stage)
{
    uint32_t blocks = (uint32_t)s->problem->block_count;
    uint32_t turn = rng_below(&s->rng, blocks);
    uint32_t open = 0;
    uint32_t tried = 0;
    for (uint32_t i = 0; i < blocks && tried < OPEN_TRIES; i++) {
        uint32_t b = (turn + i) % blocks;
        if (!search_placed(s, b) && !s->hopeless[b] && stage_has(stage, &s->problem->blocks[b]) &&
            open++ % OPEN_EACH == 0) {
            tried++;
            if (!search_place(s, b, 16, 0)) {
                (void)search_eject(s, b, 4, EJECT_MOST);
            }
        }
    }
}

static enum error_code check_cost(const struct search *s, struct error *err)
{
    struct search_units units = search_count(s);
    int64_t cost = search_cost_of(s, &units);
    if (s->out_of_memory) {
        return planner_no_memory(err);
    }
    if (cost != s->cost) {
        return error_set(err, ERR_INTERNAL, "planner: the running cost is %lld, the true cost %lld",
                         (long long)s->cost, (long long)cost);
    }
    return ERR_NONE;
}

/* Now and then: seat the unplaced, keep the best, count the cost anew. */
static enum error_code run_watch(struct run *run, uint64_t watch, struct error *err)
{
    struct search *s = run->search;
    if (s->value < run->total_meetings && watch % 4 == 0) {
        try_unplaced(s, run->stage);
    }
    if (watch % (KEEP_MOVES / WATCH_MOVES) == 0 && !s->keeps_seats && is_best(run)) {
        keep_best(run);
    }
    return watch % (CHECK_MOVES / WATCH_MOVES) == 0 ? check_cost(s, err) : ERR_NONE;
}

static struct mover run_mover(const struct run *run)
{
    return (struct mover){.search = run->search,
                          .blocks = run->blocks,
                          .block_count = run->block_count,
                          .stage = run->stage,
                          .logs = run->log};
}

static enum error_code run_whole(struct run *run, const struct search_watch *watch, struct error *err)
{
    struct search *s = run->search;
    struct mover mover = run_mover(run);
    uint64_t seen = UINT64_MAX;
    double hot = 0;
    mover_begin(&mover);
    while (run->done < run->end) {
        if (run->done / WATCH_MOVES != seen) {
            seen = run->done / WATCH_MOVES;
            if (!watch->go_on(watch->context, s)) {
                break;
            }
            hot = temperature(run, watch);
            if (run->done >= run->end) {
                break;
            }
            set_seats(run);
            enum error_code code = run_watch(run, seen, err);
            if (code != ERR_NONE) {
                return code;
            }
        }
        uint64_t left = run->end - run->done;
        run->done += mover_step(&mover, left > MOVE_BATCH ? MOVE_BATCH : (uint32_t)left, hot);
    }
    return check_cost(s, err);
}

/* ---- small problems ---- */

/* One without a place, if there are any and by three to one; else anybody. */
static uint32_t shake_whom(struct search *s)
{
    uint32_t blocks = (uint32_t)s->problem->block_count;
    uint32_t turn = rng_below(&s->rng, blocks);
    bool is_unplaced = (rng_next(&s->rng) & 3) != 0;
    for (uint32_t i = 0; i < blocks && is_unplaced; i++) {
        uint32_t b = (turn + i) % blocks;
        if (!search_placed(s, b) && !s->hopeless[b] && s->problem->blocks[b].meetings > 0) {
            return b;
        }
    }
    return turn;
}

/* The next round starts from the best plan, every other time from a new one. */
static void round_begin(struct run *run, uint64_t round)
{
    if (round % 2 == 1) {
        search_return(run->search, run->best);
    } else if (round > 0) {
        search_start_anew(run->search);
    }
}

/* Many short coolings; now and then a block is forced to a place, others give way. */
static enum error_code run_rounds(struct run *run, const struct search_watch *watch, struct error *err)
{
    struct search *s = run->search;
    struct mover mover = run_mover(run);
    uint64_t seen = UINT64_MAX;
    uint64_t round = 0;
    double hot = 0;
    mover_begin(&mover);
    while (run->done < run->end) {
        if (run->done / SHAKE_MOVES != seen) {
            seen = run->done / SHAKE_MOVES;
            if (!watch->go_on(watch->context, s)) {
                break;
            }
            if (run->done / ROUND_MOVES != round) {
                round = run->done / ROUND_MOVES;
                round_begin(run, round);
            }
            hot = cooled(run, ROUND_HOT, ROUND_MOVES, run->done % ROUND_MOVES);
            search_shake(s, shake_whom(s), (int64_t)(hot * run->log[rng_below(&s->rng, MOVE_LOGS)]));
            enum error_code code = seen % (CHECK_MOVES / SHAKE_MOVES) == 0 ? check_cost(s, err) : ERR_NONE;
            if (code != ERR_NONE) {
                return code;
            }
        }
        uint64_t left = run->end - run->done;
        run->done += mover_step(&mover, left > MOVE_BATCH ? MOVE_BATCH : (uint32_t)left, hot);
        if (is_best(run)) {
            keep_best(run);
        }
    }
    return check_cost(s, err);
}

/* The clock is asked between slices alone, so that a run can be replayed; only cancelling cuts into one. */
static enum error_code run_slices(struct run *run, uint32_t parts_count, uint32_t threads,
                                  const struct search_watch *watch, const struct search_watch *cancel,
                                  struct error *err)
{
    struct search *s = run->search;
    struct parts *parts = NULL;
    uint64_t rounds = parts_count / threads;
    uint64_t slice = SLICE_MOVES * rounds;
    uint64_t watches = 0;
    enum error_code code = parts_create(s, run->stage, parts_count, threads, run->log, &parts, err);
    while (code == ERR_NONE && run->done < run->end && watch->go_on(watch->context, s)) {
        double hot = temperature(run, watch);
        if (run->done >= run->end) {
            break;
        }
        set_seats(run);
        uint64_t left = run->end - run->done;
        uint64_t moves = left > slice ? slice : left;
        code = parts_run(parts, moves, hot, cancel, err);
        run->done += moves;
        if (code == ERR_NONE) {
            code = run_watch(run, ++watches * (KEEP_MOVES / WATCH_MOVES), err);
        }
    }
    parts_destroy(parts);
    return code == ERR_NONE ? check_cost(s, err) : code;
}

static void run_set(struct run *run, uint32_t threads)
{
    const struct search *s = run->search;
    const struct planner_problem *p = s->problem;
    uint64_t meetings = run->stage == STAGE_SERIES ? p->series_meetings : p->node_count;
    run->blocks = p->movable;
    run->block_count = stage_count(p, run->stage);
    run->warm = WARM_MOVES * meetings / threads;
    set_end(run);
    for (int i = 0; i < MOVE_LOGS; i++) {
        run->log[i] = (float)-plain_log((i + 0.5) / MOVE_LOGS);
    }
    for (size_t b = 0; b < p->block_count; b++) {
        run->total_meetings += s->hopeless[b] || !stage_has(run->stage, &p->blocks[b])
                                   ? 0
                                   : (int64_t)p->blocks[b].priority * p->blocks[b].meetings;
    }
}

static enum error_code run_stage(struct run *run, uint32_t threads, const struct search_watch *watch,
                                 const struct search_watch *cancel, struct error *err)
{
    uint32_t parts = parts_suited(run->search->problem, threads);
    if (run->search->problem->block_count <= SHAKE_BLOCKS) {
        return run_rounds(run, watch, err); /* threads would not pay */
    }
    return parts == 1 ? run_whole(run, watch, err) : run_slices(run, parts, threads, watch, cancel, err);
}

/* Is there nobody to move: nothing to place, or all of it without any place even in an empty timetable? */
static bool is_idle(const struct search *s, enum stage stage)
{
    uint32_t count = stage_count(s->problem, stage);
    bool idle = true;
    for (uint32_t i = 0; i < count && idle; i++) {
        uint32_t b = s->problem->movable[i];
        idle = !search_placed(s, b) && s->hopeless[b];
    }
    return idle;
}

enum error_code search_anneal(struct search *s, enum stage stage, struct anneal *anneal, uint64_t *end,
                              uint32_t threads, const struct search_watch *watch,
                              const struct search_watch *cancel, struct error *err)
{
    if (is_idle(s, stage)) {
        *end = 0;
        return ERR_NONE;
    }
    struct run *run = calloc(1, sizeof *run);
    struct spot *best = malloc(s->problem->block_count * sizeof *best);
    if (run == NULL || best == NULL) {
        free(run);
        free(best);
        return planner_no_memory(err);
    }
    *run = (struct run){.search = s, .stage = stage, .anneal = anneal, .best = best, .end = *end};
    run_set(run, threads);
    keep_best(run);
    enum error_code code = run_stage(run, threads, watch, cancel, err);
    *end = run->done;
    if (stage == STAGE_ALL && s->keeps_seats) {
        search_keep_seats(s, false); /* it was a short run */
    }
    if (code == ERR_NONE && stage == STAGE_ALL && !is_best(run) &&
        (s->cost != run->best_cost || s->value != run->best_value)) {
        search_restore(s, run->best);
        code = check_cost(s, err);
    }
    free(run);
    free(best);
    return code;
}
