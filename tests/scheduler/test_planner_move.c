/* The annealing's own, quick verdicts and differences: whatever is accepted, the running cost is the true one
 * and every block still stands where the slow judge allows it. */
#include "scheduler/planner_part.h"
#include "tests/scheduler/planner_help.h"

enum {
    CITIES = 12,
    ROUNDS = 40,
    MOVES_EACH = 500,
    PARTS = 3
};

struct state {
    struct timetable *timetable;
    struct planner_problem *problem;
    struct search *search;
    float logs[MOVE_LOGS];
};

static bool never_stop(void *context, const struct search *s)
{
    (void)context;
    (void)s;
    return true;
}

static void state_set(struct state *state, uint64_t seed)
{
    const struct search_watch watch = {never_stop, NULL};
    struct planner_city city = planner_city_small(seed);
    city.crowded = seed % 3 != 0;
    city.sessions = 140;
    state->timetable = help_city(&city);
    struct planner_options options = help_options(&city);
    assert_int_equal(problem_create(state->timetable, &options, &state->problem, NULL), ERR_NONE);
    assert_int_equal(search_create(state->problem, seed, &state->search, NULL), ERR_NONE);
    assert_int_equal(search_construct(state->search, &watch, NULL), ERR_NONE);
    for (int i = 0; i < MOVE_LOGS; i++) {
        state->logs[i] = (float)(MOVE_LOGS - i) / 300.0F;
    }
}

static void state_drop(struct state *state)
{
    search_destroy(state->search);
    problem_destroy(state->problem);
    timetable_unref(state->timetable);
}

static void state_is_right(const struct state *state)
{
    struct search *s = state->search;
    struct search_units units = search_count(s);
    assert_int_equal(search_cost_of(s, &units), s->cost);
    for (uint32_t b = 0; b < state->problem->block_count; b++) {
        struct trial now;
        if (search_placed(s, b)) {
            search_now(s, b, &now);
            assert_int_equal(search_judge(s, b, &now), RULE_COUNT);
        }
    }
}

/* Which of the blocks stand elsewhere than in `spots`? Takes over the new places. */
static uint32_t count_moved(const struct search *s, struct spot *spots)
{
    uint32_t moved = 0;
    for (uint32_t b = 0; b < s->problem->block_count; b++) {
        const struct spot *now = &s->spots[b];
        moved += now->room != spots[b].room || now->instructor != spots[b].instructor ||
                         now->day != spots[b].day || now->slot != spots[b].slot
                     ? 1
                     : 0;
        spots[b] = *now;
    }
    return moved;
}

static void steps_keep_cost_and_rules(void **unused)
{
    (void)unused;
    static const double TEMPERATURES[] = {2000, 200, 20, 0};
    uint32_t moved = 0;
    for (uint64_t seed = 1; seed <= CITIES; seed++) {
        struct state state;
        state_set(&state, seed);
        struct search *s = state.search;
        struct spot *spots = calloc(state.problem->block_count + 1, sizeof *spots);
        assert_non_null(spots);
        (void)count_moved(s, spots);
        struct mover mover = {
            .search = s, .block_count = (uint32_t)state.problem->block_count, .logs = state.logs};
        mover_begin(&mover);
        for (int round = 0; round < ROUNDS; round++) {
            int64_t value = s->value;
            uint64_t end = s->moves + MOVES_EACH;
            while (s->moves < end) {
                (void)mover_step(&mover, MOVE_BATCH, TEMPERATURES[round % 4]);
            }
            state_is_right(&state);
            assert_true(s->value >= value);
            moved += count_moved(s, spots);
        }
        free(spots);
        state_drop(&state);
    }
    assert_true(moved > 1000);
}

static void parts_keep_cost_and_rules(void **unused)
{
    (void)unused;
    const struct search_watch cancel = {never_stop, NULL};
    uint32_t moved = 0;
    for (uint64_t seed = 1; seed <= CITIES; seed++) {
        struct state state;
        struct parts *parts = NULL;
        state_set(&state, seed);
        struct spot *spots = calloc(state.problem->block_count + 1, sizeof *spots);
        assert_non_null(spots);
        (void)count_moved(state.search, spots);
        assert_int_equal(parts_create(state.search, PARTS, PARTS, state.logs, &parts, NULL), ERR_NONE);
        for (int round = 0; round < ROUNDS / 4; round++) {
            assert_int_equal(parts_run(parts, MOVES_EACH, 200, &cancel, NULL), ERR_NONE);
            state_is_right(&state);
            moved += count_moved(state.search, spots);
        }
        parts_destroy(parts);
        free(spots);
        state_drop(&state);
    }
    assert_true(moved > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_keep_cost_and_rules),
        cmocka_unit_test(parts_keep_cost_and_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
