/* The planner's run: problem, searches on their threads, the best of them as a plan. */
#include "scheduler/planner.h"

#include "scheduler/planner_answer.h"
#include "scheduler/planner_part.h"

#include <stdlib.h>

enum {
    DEFAULT_TIME_MS = 3000,
    /* Kept back for checking and writing the answer. */
    ANSWER_SHARE = 12,
    ANSWER_MIN_MS = 30,
    PROGRESS_EVERY_MS = 100
};

/* Over the whole run a move takes this much of what it takes at first, in percent. What time is left when the
 * cooling is through goes on at its end. */
enum {
    PACE_COST_PCT = 80,
    PACE_COST_LARGE_PCT = 100 /* where the state is too large for a cache, it does not get quicker */
};

enum {
    CROWDED_SHARE = 20 /* a part of all blocks */
};

/* So much of the run's time is for the series alone, times their share of all meetings. */
static const double SERIES_SHARE = 0.25;

struct planner_run {
    const struct planner_options *options;
    const struct planner_world *world;
    struct planner_problem *problem;
    bool *broken; /* [block] published, but its place is not allowed any more */
    uint64_t start_ns;
    struct search *search;
    uint64_t series_moves;      /* of each thread, among the series alone */
    uint64_t moves, schedule;   /* of each thread, those included: made and foreseen */
    uint64_t anneal_ns, end_ns; /* when the stage's moves began and shall end */
    uint64_t shown_ms;          /* last progress */
    int64_t wanted;
};

struct planner_options planner_options_default(int32_t from_day, int32_t to_day)
{
    return (struct planner_options){.from_day = from_day,
                                    .to_day = to_day,
                                    .frozen_until_day = from_day - 1,
                                    .seed = 1,
                                    .threads = 1,
                                    .time_ms = DEFAULT_TIME_MS,
                                    .keep_published = true,
                                    .weights = weights_default()};
}

/* ---- watching ---- */

static uint64_t elapsed_ms(const struct planner_run *run)
{
    return (run->world->clock.mono_ns(run->world->clock.context) - run->start_ns) / 1000000;
}

static bool is_cancelled(const struct planner_run *run)
{
    return run->world->cancel != NULL && atomic_load_explicit(run->world->cancel, memory_order_relaxed);
}

static uint64_t deadline_ms(const struct planner_run *run)
{
    uint64_t total = run->options->time_ms < 0 ? 0 : (uint64_t)run->options->time_ms;
    uint64_t answer = total / ANSWER_SHARE < ANSWER_MIN_MS ? ANSWER_MIN_MS : total / ANSWER_SHARE;
    uint64_t most = ANSWER_MIN_MS + run->problem->node_count / 50;
    answer = answer > most ? most : answer;
    return total > answer ? total - answer : 0;
}

static void show_progress(struct planner_run *run, const struct search *s)
{
    uint64_t now_ms = elapsed_ms(run);
    if (run->world->progress == NULL || now_ms < run->shown_ms + PROGRESS_EVERY_MS) {
        return;
    }
    run->shown_ms = now_ms;
    int64_t kept = search_kept_minutes(s) * run->problem->options.weights.travel;
    struct planner_progress progress = {.elapsed_ms = now_ms,
                                        .iterations = s->moves,
                                        .wanted = run->wanted,
                                        .cost = s->cost / COST_SCALE + kept};
    for (size_t b = 0; b < run->problem->block_count; b++) {
        progress.placed += s->met[b];
    }
    run->world->progress(run->world->progress_context, &progress);
}

/* Construction is not cut by the clock: the first complete plan is the least that is promised. */
static bool construct_goes_on(void *context, const struct search *s)
{
    struct planner_run *run = context;
    show_progress(run, s);
    return !is_cancelled(run);
}

static bool anneal_goes_on(void *context, const struct search *s)
{
    struct planner_run *run = context;
    show_progress(run, s);
    return !is_cancelled(run) && (run->options->iterations > 0 || elapsed_ms(run) < deadline_ms(run));
}

/* Asked by all threads. */
static bool slice_goes_on(void *context, const struct search *s)
{
    const struct planner_run *run = context;
    (void)s;
    return !is_cancelled(run);
}

/* ---- the phases ---- */

/* How many moves it will be by the end of the stage. */
static uint64_t anneal_pace(void *context, uint64_t done)
{
    const struct planner_run *run = context;
    uint64_t now_ns = run->world->clock.mono_ns(run->world->clock.context);
    double took_ns = now_ns > run->anneal_ns ? (double)(now_ns - run->anneal_ns) : 1;
    double left_ns = run->end_ns > now_ns ? (double)(run->end_ns - now_ns) : 0;
    uint32_t threads = run->options->threads;
    int pct = parts_suited(run->problem, threads) > threads ? PACE_COST_LARGE_PCT : PACE_COST_PCT;
    return done + (uint64_t)(left_ns / took_ns * (double)done * 100 / pct);
}

/* The series are placed and annealed alone first, unless there is too little of anything, or published
 * sessions may move: to shake up what people have been told costs more than a better week could save. */
static bool has_series_stage(const struct planner_problem *p)
{
    return p->series_count > 0 && p->series_count < p->movable_count && p->session_id_count == 0 &&
           p->block_count > SHAKE_BLOCKS;
}

static double series_share(const struct planner_problem *p)
{
    return SERIES_SHARE * p->series_meetings / p->node_count;
}

/* With a count of moves: how many of them the stage makes, and is laid out for. */
static uint64_t stage_moves(const struct planner_run *run, enum stage stage, uint64_t *ret_length)
{
    const struct planner_options *options = run->options;
    uint64_t schedule = options->schedule > 0 ? options->schedule : options->iterations;
    if (stage == STAGE_SERIES) {
        *ret_length = options->series_moves > 0 ? options->series_moves
                                                : (uint64_t)(series_share(run->problem) * (double)schedule);
        return *ret_length;
    }
    *ret_length = schedule > run->series_moves ? schedule - run->series_moves : 1;
    return options->iterations > run->series_moves ? options->iterations - run->series_moves : 0;
}

static enum error_code anneal_stage(struct planner_run *run, enum stage stage, struct error *err)
{
    const struct search_watch watch = {.go_on = stage == STAGE_SERIES ? construct_goes_on : anneal_goes_on,
                                       .pace = anneal_pace,
                                       .context = run};
    const struct search_watch cancel = {.go_on = slice_goes_on, .context = run};
    struct anneal anneal = search_probe(run->search, stage);
    uint64_t end = UINT64_MAX;
    run->anneal_ns = run->world->clock.mono_ns(run->world->clock.context);
    run->end_ns = run->start_ns + deadline_ms(run) * 1000000;
    if (stage == STAGE_SERIES && run->end_ns > run->anneal_ns) {
        double left_ns = (double)(run->end_ns - run->anneal_ns);
        run->end_ns = run->anneal_ns + (uint64_t)(left_ns * series_share(run->problem));
    }
    if (run->options->iterations > 0) {
        end = stage_moves(run, stage, &anneal.length);
    }
    if (end == 0) {
        return ERR_NONE;
    }
    enum error_code code =
        search_anneal(run->search, stage, &anneal, &end, run->options->threads, &watch, &cancel, err);
    run->series_moves = stage == STAGE_SERIES ? end : run->series_moves;
    run->schedule = run->series_moves + (stage == STAGE_SERIES ? 0 : anneal.length);
    run->moves += end;
    return code;
}

/* With far too few people the order of placing decides who is left out: then all start anew, the tightest
 * first, and the time for the series was in vain. (Where there was a stage for them, nothing published moves:
 * there is none to seat again.) */
static bool is_crowded(const struct planner_problem *p, size_t open)
{
    return open > p->movable_count / CROWDED_SHARE;
}

static enum error_code construct_stage(struct planner_run *run, enum stage stage, struct error *err)
{
    const struct search_watch watch = {.go_on = construct_goes_on, .context = run};
    struct search *s = run->search;
    size_t open = 0;
    enum error_code code = search_fill(s, stage, &watch, &open, err);
    if (code == ERR_NONE && run->series_moves > 0 && is_crowded(run->problem, open)) {
        search_reset(s);
        code = search_fill(s, stage, &watch, &open, err);
    }
    if (code == ERR_NONE) {
        code = search_squeeze(s, stage, &watch, err);
    }
    if (code == ERR_NONE && s->out_of_memory) {
        code = planner_no_memory(err);
    }
    return code;
}

static enum error_code run_stage(struct planner_run *run, enum stage stage, struct error *err)
{
    enum error_code code = construct_stage(run, stage, err);
    return code == ERR_NONE ? anneal_stage(run, stage, err) : code;
}

static enum error_code run_search(struct planner_run *run, struct error *err)
{
    uint32_t misfit = NONE;
    enum error_code code = search_create(run->problem, run->options->seed, &run->search, err);
    if (code != ERR_NONE) {
        return code;
    }
    search_seat_published(run->search, run->broken, &misfit);
    if (has_series_stage(run->problem)) {
        search_keep_seats(run->search, true);
        code = run_stage(run, STAGE_SERIES, err);
        search_keep_seats(run->search, false);
    }
    return code == ERR_NONE ? run_stage(run, STAGE_ALL, err) : code;
}

/* ---- published sessions ---- */

/* A published block whose place the search refuses: either a rule is broken there now, then it looks for
 * another place; or quarter hours are too coarse for it, then it stays where it is. */
static enum error_code sort_misfits(struct planner_run *run, struct error *err)
{
    struct search *probe = NULL;
    struct book *book = NULL;
    uint32_t misfit = NONE;
    enum error_code code = search_create(run->problem, 0, &probe, err);
    if (code == ERR_NONE) {
        code = book_create(run->problem->timetable, false, &book, err);
    }
    while (code == ERR_NONE) {
        search_seat_published(probe, run->broken, &misfit);
        if (misfit == NONE) {
            break;
        }
        if (answer_block_breaks(run->problem, book, misfit)) {
            run->broken[misfit] = true;
        } else {
            code = problem_fix_block(run->problem, misfit, err);
            search_destroy(probe);
            probe = NULL;
            code = code == ERR_NONE ? search_create(run->problem, 0, &probe, err) : code;
            continue;
        }
        search_reset(probe);
    }
    search_destroy(probe);
    book_destroy(book);
    return code;
}

static enum error_code check_options(const struct planner_options *options, struct error *err)
{
    if (options->to_day < options->from_day || options->to_day - options->from_day >= LIMIT_PLAN_DAYS) {
        return error_set(err, ERR_INPUT,
                         "排课区间须为 1 至 %d 天 (a plan spans 1 to %d days, from its first to its last)",
                         LIMIT_PLAN_DAYS, LIMIT_PLAN_DAYS);
    }
    if (options->threads < 1 || options->threads > LIMIT_THREADS) {
        return error_set(err, ERR_INPUT, "线程数须在 1 到 %d 之间 (threads must be 1 to %d)", LIMIT_THREADS,
                         LIMIT_THREADS);
    }
    return ERR_NONE;
}

static enum error_code run_all(struct planner_run *run, struct timetable *timetable, struct plan **ret_plan,
                               struct error *err)
{
    enum error_code code = problem_create(timetable, run->options, &run->problem, err);
    if (code != ERR_NONE) {
        return code;
    }
    run->wanted = run->problem->node_count;
    run->broken = calloc(run->problem->block_count + 1, sizeof *run->broken);
    if (run->broken == NULL) {
        return planner_no_memory(err);
    }
    if (run->problem->session_id_count > 0) {
        code = sort_misfits(run, err);
    }
    if (code == ERR_NONE) {
        code = run_search(run, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    struct plan *plan = NULL;
    code = answer_create(run->search, &plan, err);
    if (code == ERR_NONE) {
        plan->iterations = run->moves;
        plan->series_moves = run->series_moves;
        plan->scanned = run->search->scanned;
        plan->schedule = run->schedule;
        plan->elapsed_ms = elapsed_ms(run);
        *ret_plan = plan;
    }
    return code;
}

enum error_code planner_run(struct timetable *timetable, const struct planner_options *options,
                            const struct planner_world *world, struct plan **ret_plan, struct error *err)
{
    struct planner_run run = {.options = options, .world = world};
    enum error_code code = check_options(options, err);
    if (code != ERR_NONE) {
        return code;
    }
    run.start_ns = world->clock.mono_ns(world->clock.context);
    code = run_all(&run, timetable, ret_plan, err);
    search_destroy(run.search);
    free(run.broken);
    problem_destroy(run.problem);
    return code;
}
