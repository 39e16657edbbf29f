/* The annealing's own, quick verdicts and differences: whatever is accepted, the running cost is the true one
 * and every block still stands where the slow judge allows it. */
#include "scheduler/planner_part.h"
#include "scheduler/planner_scene.h"
#include "scheduler/travel.h"
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

static void state_set_city(struct state *state, const struct planner_city *city, uint64_t seed,
                           enum stage stage)
{
    const struct search_watch watch = {.go_on = never_stop};
    state->timetable = help_city(city);
    struct planner_options options = help_options(city);
    assert_int_equal(problem_create(state->timetable, &options, &state->problem, NULL), ERR_NONE);
    assert_int_equal(search_create(state->problem, seed, &state->search, NULL), ERR_NONE);
    size_t open = 0;
    assert_int_equal(search_fill(state->search, stage, &watch, &open, NULL), ERR_NONE);
    assert_int_equal(search_squeeze(state->search, stage, &watch, NULL), ERR_NONE);
    for (int i = 0; i < MOVE_LOGS; i++) {
        state->logs[i] = (float)(MOVE_LOGS - i) / 300.0F;
    }
}

static void state_set_stage(struct state *state, uint64_t seed, enum stage stage)
{
    struct planner_city city = planner_city_small(seed);
    city.crowded = seed % 3 != 0;
    city.sessions = 140;
    state_set_city(state, &city, seed, stage);
}

static void state_set(struct state *state, uint64_t seed)
{
    state_set_stage(state, seed, STAGE_ALL);
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

static bool byte_says(uint8_t byte, int32_t minutes)
{
    return byte == (minutes < TRAVEL_LONG ? minutes + 1 : 0);
}

/* The ways home that an instructor's day keeps. */
static void days_know_the_way_home(const struct state *state)
{
    const struct planner_problem *p = state->problem;
    for (size_t i = 0; i < (size_t)p->instructor_count * p->day_count; i++) {
        const struct person_day *day = &state->search->days[i];
        uint32_t instructor = (uint32_t)(i / p->day_count);
        if (day->count > 0 && day->count <= DAY_STOPS) {
            assert_true(byte_says(day->home_first, problem_home(p, instructor, day->stops[0].hall)));
            assert_true(
                byte_says(day->home_last, problem_home(p, instructor, day->stops[day->count - 1].hall)));
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

static struct mover state_mover(struct state *state)
{
    struct mover mover = {.search = state->search,
                          .blocks = state->problem->movable,
                          .block_count = state->problem->movable_count,
                          .stage = STAGE_ALL,
                          .logs = state->logs};
    mover_begin(&mover);
    return mover;
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
        struct mover mover = state_mover(&state);
        for (int round = 0; round < ROUNDS; round++) {
            int64_t value = s->value;
            uint64_t end = s->moves + MOVES_EACH;
            search_keep_seats(s, round / 4 % 2 == 0);
            while (s->moves < end) {
                (void)mover_step(&mover, MOVE_BATCH, TEMPERATURES[round % 4]);
            }
            state_is_right(&state);
            days_know_the_way_home(&state);
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
    const struct search_watch cancel = {.go_on = never_stop};
    uint32_t moved = 0;
    for (uint64_t seed = 1; seed <= CITIES; seed++) {
        struct state state;
        struct parts *parts = NULL;
        state_set(&state, seed);
        struct spot *spots = calloc(state.problem->block_count + 1, sizeof *spots);
        assert_non_null(spots);
        (void)count_moved(state.search, spots);
        /* Two are cut by circles, too. */
        uint32_t count = seed % 2 == 0 ? 2 : PARTS;
        assert_int_equal(parts_create(state.search, STAGE_ALL, count, count, state.logs, &parts, NULL),
                         ERR_NONE);
        for (int round = 0; round < ROUNDS / 4; round++) {
            search_keep_seats(state.search, round % 2 == 0);
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

/* Does the other part reach beyond it on all four sides? With a straight border it does not. */
static bool is_surrounded(const struct planner_problem *p, const struct parts *parts, uint32_t part)
{
    struct spread least[2] = {{INT32_MAX, INT32_MAX}, {INT32_MAX, INT32_MAX}};
    struct spread most[2] = {{INT32_MIN, INT32_MIN}, {INT32_MIN, INT32_MIN}};
    for (uint32_t t = 0; t < p->township_count; t++) {
        const struct spread *at = &p->spread[p->town_halls[p->town_start[t]]];
        int k = parts_township(parts, t) == part ? 0 : 1;
        least[k].x = at->x < least[k].x ? at->x : least[k].x;
        least[k].y = at->y < least[k].y ? at->y : least[k].y;
        most[k].x = at->x > most[k].x ? at->x : most[k].x;
        most[k].y = at->y > most[k].y ? at->y : most[k].y;
    }
    return least[1].x < least[0].x && least[1].y < least[0].y && most[1].x > most[0].x &&
           most[1].y > most[0].y;
}

static uint32_t block_town(const struct state *state, uint32_t block)
{
    const struct planner_problem *p = state->problem;
    return p->hall_township[p->room_hall[state->search->spots[block].room]];
}

/* Townships of which more sessions are taught by instructors of other parts than of their own. */
static uint32_t count_torn(const struct state *state, const struct parts *parts)
{
    const struct search *s = state->search;
    uint32_t torn = 0;
    for (uint32_t t = 0; t < state->problem->township_count; t++) {
        int32_t own = 0;
        for (uint32_t b = 0; b < state->problem->block_count; b++) {
            if (search_placed(s, b) && block_town(state, b) == t) {
                bool is_own = parts_instructor(parts, s->spots[b].instructor) == parts_township(parts, t);
                own += is_own ? s->met[b] : -s->met[b];
            }
        }
        torn += own < 0 ? 1 : 0;
    }
    return torn;
}

/* Some are circles, and nobody's sessions are torn from their townships without need. */
static void cuts_follow_the_work(void **unused)
{
    (void)unused;
    const struct search_watch watch = {.go_on = never_stop};
    uint32_t surrounded = 0;
    uint32_t torn = 0;
    for (uint64_t seed = 1; seed <= CITIES; seed++) {
        struct state state;
        struct parts *parts = NULL;
        struct planner_city city = planner_city_small(seed);
        city.townships = 24;
        city.halls = 72;
        city.instructors = 30;
        city.sessions = 300;
        state_set_city(&state, &city, seed, STAGE_ALL);
        assert_int_equal(parts_create(state.search, STAGE_ALL, 2, 2, state.logs, &parts, NULL), ERR_NONE);
        for (int round = 0; round < ROUNDS; round++) {
            assert_int_equal(parts_run(parts, 0, 200, &watch, NULL), ERR_NONE);
            torn += count_torn(&state, parts);
        }
        search_reset(state.search); /* nobody votes */
        for (int round = 0; round < ROUNDS; round++) {
            assert_int_equal(parts_run(parts, 0, 200, &watch, NULL), ERR_NONE);
            surrounded += is_surrounded(state.problem, parts, 0) ? 1 : 0;
        }
        parts_destroy(parts);
        state_drop(&state);
    }
    assert_true(surrounded > CITIES);
    assert_true(torn < CITIES * ROUNDS); /* 0.3 of a township for each cut; without a vote 1.7 */
}

/* How many of them. */
static uint32_t only_series_stand(const struct state *state)
{
    uint32_t series = 0;
    for (uint32_t b = 0; b < state->problem->block_count; b++) {
        assert_true(state->problem->blocks[b].is_series || !search_placed(state->search, b));
        series += search_placed(state->search, b) ? 1 : 0;
    }
    return series;
}

/* What the problem knows of journeys is what travel says, when asked again, too, and none is longer than it
 * thinks: beyond that the search looks at no leg. Answers the longest. */
static int32_t check_journeys(struct timetable *timetable, const struct planner_options *options)
{
    struct planner_problem *p = NULL;
    int32_t longest = 0;
    assert_int_equal(problem_create(timetable, options, &p, NULL), ERR_NONE);
    for (int round = 0; round < 2; round++) {
        for (uint32_t a = 0; a < p->hall_count; a++) {
            for (uint32_t b = 0; b < p->hall_count; b++) {
                int32_t minutes = a == b ? 0 : travel_hall_minutes(p->timetable, a, b);
                assert_int_equal(problem_travel(p, a, b), minutes);
                longest = minutes > longest ? minutes : longest;
            }
            for (uint32_t i = 0; i < p->instructor_count; i++) {
                assert_int_equal(problem_home(p, i, a), travel_home_minutes(p->timetable, i, a));
            }
        }
    }
    assert_true(longest <= p->longest_leg_min);
    problem_destroy(p);
    return longest;
}

static void journeys_are_as_travel_says(void **unused)
{
    (void)unused;
    for (int plain = 0; plain <= 1; plain++) {
        struct planner_city city = planner_city_small(2);
        city.plain = plain == 1;
        struct timetable *timetable = help_city(&city);
        struct planner_options options = help_options(&city);
        assert_true(check_journeys(timetable, &options) > 0);
        for (size_t c = 0; c < timetable->travel_class_count; c++) {
            timetable->travel_classes[c].fixed_min = 230; /* more than a byte holds */
        }
        assert_true(check_journeys(timetable, &options) > (plain == 1 ? 0 : UINT8_MAX));
        timetable_unref(timetable);
    }
}

static void the_first_stage_is_of_series(void **unused)
{
    (void)unused;
    const struct search_watch watch = {.go_on = never_stop};
    uint32_t moved = 0;
    uint32_t standing = 0;
    uint32_t kept = 0;
    for (uint64_t seed = 1; seed <= CITIES; seed++) {
        struct state state;
        struct parts *parts = NULL;
        state_set_stage(&state, seed, STAGE_SERIES);
        struct spot *spots = calloc(state.problem->block_count + 1, sizeof *spots);
        assert_non_null(spots);
        (void)count_moved(state.search, spots);
        standing += only_series_stand(&state);
        assert_true(state.problem->series_count > 0);
        int64_t cost = state.search->cost;
        search_keep_seats(state.search, true);
        kept += state.search->cost < cost ? 1 : 0;
        state_is_right(&state);
        struct anneal anneal = search_probe(state.search, STAGE_SERIES);
        assert_true(anneal.typical > 0);
        uint64_t end = UINT64_MAX;
        anneal.length = MOVES_EACH;
        assert_int_equal(search_anneal(state.search, STAGE_SERIES, &anneal, &end, 1, &watch, &watch, NULL),
                         ERR_NONE);
        assert_int_equal(end, MOVES_EACH); /* the rest of the time is the next stage's */
        assert_int_equal(parts_create(state.search, STAGE_SERIES, PARTS, PARTS, state.logs, &parts, NULL),
                         ERR_NONE);
        assert_int_equal(parts_run(parts, MOVES_EACH, 200, &watch, NULL), ERR_NONE);
        parts_destroy(parts);
        state_is_right(&state);
        search_keep_seats(state.search, false);
        state_is_right(&state);
        (void)only_series_stand(&state);
        moved += count_moved(state.search, spots);
        free(spots);
        state_drop(&state);
    }
    assert_true(standing > CITIES);
    assert_true(moved > CITIES);
    assert_true(kept > 0);
}

/* A journey that somebody may join later costs less for now: by three or four tenths of the way home when it
 * has one session, by two when it has two. */
static void kept_seats_count_by_the_way_home(void **unused)
{
    (void)unused;
    uint32_t looked[3] = {0};
    for (uint64_t seed = 1; seed <= CITIES; seed++) {
        struct state state;
        state_set(&state, seed);
        struct search *s = state.search;
        const struct planner_problem *p = state.problem;
        struct search_units plain = search_count(s);
        search_keep_seats(s, true);
        state_is_right(&state);
        struct search_units keeping = search_count(s);
        int64_t kept = 0;
        for (uint32_t i = 0; i < p->instructor_count; i++) {
            int32_t most = p->caps[i].day == 0 ? 9 : p->caps[i].day;
            for (uint32_t d = 1; d + 1 < p->day_count; d++) {
                const struct person_day *day = &s->days[(size_t)i * p->day_count + d];
                int32_t tenths = day->count == 1 ? (most > 2 ? 4 : 3) : 2;
                if ((day->count == 1 || day->count == 2) && most > day->count) {
                    kept += problem_home(p, i, day->stops[0].hall) * tenths / 10;
                    looked[day->count]++;
                }
            }
        }
        assert_int_equal(plain.travel - keeping.travel, kept);
        assert_int_equal(search_kept_minutes(s), kept);
        search_keep_seats(s, false);
        state_is_right(&state);
        state_drop(&state);
    }
    assert_true(looked[1] > CITIES && looked[2] > CITIES);
}

/* ---- the end ---- */

struct settling {
    uint64_t from;
    int64_t cost, value;
    uint32_t looks, gains, kept;
};

static bool settling_goes_on(void *context, const struct search *s)
{
    struct settling *settling = context;
    settling->kept += s->keeps_seats ? 1 : 0;
    if (s->moves >= settling->from) {
        assert_false(s->keeps_seats);
        if (settling->looks++ > 0 && s->value == settling->value) {
            assert_true(s->cost <= settling->cost);
            settling->gains += s->cost < settling->cost ? 1 : 0;
        }
        settling->cost = s->cost;
        settling->value = s->value;
    }
    return true;
}

static void at_the_end_nothing_gets_worse(void **unused)
{
    (void)unused;
    enum {
        RUN_MOVES = 60000
    };
    uint32_t gains = 0;
    for (uint64_t seed = 1; seed <= CITIES; seed++) {
        struct state state;
        state_set(&state, seed);
        struct anneal anneal = search_probe(state.search, STAGE_ALL);
        struct settling settling = {.from = state.search->moves + RUN_MOVES / 100 * 91};
        const struct search_watch watch = {.go_on = settling_goes_on, .context = &settling};
        uint64_t end = RUN_MOVES;
        anneal.length = end;
        assert_int_equal(search_anneal(state.search, STAGE_ALL, &anneal, &end, 1, &watch, &watch, NULL),
                         ERR_NONE);
        assert_int_equal(end, RUN_MOVES);
        assert_true(settling.looks > 3);
        assert_true(settling.kept > settling.looks);
        gains += settling.gains;
        state_drop(&state);
    }
    assert_true(gains > CITIES);
}

/* ---- one kind of move at a time ---- */

/* A mover that knows one kind of move, and only blocks that can make it. */
static struct mover state_mover_of(struct state *state, uint8_t kind)
{
    const struct planner_problem *p = state->problem;
    struct mover mover = state_mover(state);
    if (kind == MOVE_SCAN || kind == MOVE_REGROUP || kind == MOVE_SWAP) {
        mover.blocks += p->series_count;
        mover.block_count -= p->series_count;
    }
    mover_begin(&mover);
    for (int mix = 0; mix < MIX_COUNT; mix++) {
        for (int rooms = 0; rooms < 2; rooms++) {
            mover.kinds[mix][rooms] = (struct move_kinds){.kinds = {kind}, .count = 1};
        }
    }
    return mover;
}

static void each_kind_keeps_cost_and_rules(void **unused)
{
    (void)unused;
    uint32_t made[MOVE_ROOMS + 1] = {0};
    for (uint64_t seed = 1; seed <= CITIES; seed++) {
        struct state state;
        state_set(&state, seed);
        struct spot *spots = calloc(state.problem->block_count + 1, sizeof *spots);
        assert_non_null(spots);
        (void)count_moved(state.search, spots);
        for (uint8_t kind = 0; kind <= MOVE_ROOMS; kind++) {
            search_keep_seats(state.search, (seed + kind) % 2 == 0);
            struct mover mover = state_mover_of(&state, kind);
            for (int i = 0; i < MOVES_EACH; i++) {
                (void)mover_step(&mover, 1, 200);
            }
            state_is_right(&state);
            made[kind] += count_moved(state.search, spots);
        }
        free(spots);
        state_drop(&state);
    }
    for (uint8_t kind = 0; kind <= MOVE_ROOMS; kind++) {
        assert_true(made[kind] > 10);
    }
}

/* ---- moves of several blocks ---- */

enum pair_kind {
    PAIR_SWAP,
    PAIR_ROOMS,
    PAIR_REGROUP,
    PAIR_KINDS
};

static bool same_seat(const struct spot *a, const struct spot *b)
{
    return a->instructor == b->instructor && a->day == b->day;
}

static bool pair_move(struct mover *mover, enum pair_kind kind, uint32_t a, uint32_t b)
{
    const int64_t any = INT64_MAX / 4;
    return kind == PAIR_SWAP    ? mover_swap(mover, a, b, any)
           : kind == PAIR_ROOMS ? mover_rooms(mover, a, b, any)
                                : mover_regroup(mover, a, any);
}

/* Everybody who was on the block's journey is on it still, with the own room, and nobody else. */
static void regrouped_as_one(const struct search *s, const struct spot *before, uint32_t block)
{
    for (uint32_t i = 0; i < s->problem->block_count; i++) {
        if (before[i].room != NONE && s->met[i] == 1) {
            assert_int_equal(before[i].room, s->spots[i].room);
            assert_true(same_seat(&before[i], &before[block]) == same_seat(&s->spots[i], &s->spots[block]));
        }
    }
}

static void pair_is_right(const struct search *s, enum pair_kind kind, const struct spot *before, uint32_t a,
                          uint32_t b)
{
    const struct spot *x = &s->spots[a];
    const struct spot *y = &s->spots[b];
    switch (kind) {
    case PAIR_SWAP:
        assert_true(same_seat(x, &before[b]) && same_seat(y, &before[a]));
        assert_true(x->room == before[a].room && y->room == before[b].room);
        break;
    case PAIR_ROOMS:
        assert_true(x->room == before[b].room && y->room == before[a].room);
        assert_true(same_seat(x, &before[a]) && same_seat(y, &before[b]));
        break;
    default:
        assert_false(same_seat(x, &before[a]));
        regrouped_as_one(s, before, a);
        break;
    }
}

static void pairs_do_what_they_say(void **unused)
{
    (void)unused;
    uint32_t made[PAIR_KINDS] = {0};
    for (uint64_t seed = 1; seed <= CITIES; seed++) {
        struct state state;
        state_set(&state, seed);
        struct search *s = state.search;
        struct mover mover = state_mover(&state);
        uint32_t blocks = (uint32_t)state.problem->block_count;
        struct spot *spots = calloc(blocks + 1, sizeof *spots);
        assert_non_null(spots);
        for (uint32_t i = 0; i < 20000; i++) {
            enum pair_kind kind = (enum pair_kind)(i % PAIR_KINDS);
            uint32_t a = rng_below(&s->rng, blocks);
            uint32_t b = rng_below(&s->rng, blocks);
            int64_t cost = s->cost;
            (void)count_moved(s, spots);
            if (a == b || !search_placed(s, a) || !search_placed(s, b)) {
                continue;
            }
            if (pair_move(&mover, kind, a, b)) {
                pair_is_right(s, kind, spots, a, b);
                made[kind]++;
            } else {
                assert_int_equal(count_moved(s, spots), 0);
                assert_true(s->cost == cost);
            }
        }
        state_is_right(&state);
        free(spots);
        state_drop(&state);
    }
    for (int kind = 0; kind < PAIR_KINDS; kind++) {
        assert_true(made[kind] > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_keeps_cost_and_rules),
        cmocka_unit_test(pairs_do_what_they_say),
        cmocka_unit_test(steps_keep_cost_and_rules),
        cmocka_unit_test(parts_keep_cost_and_rules),
        cmocka_unit_test(cuts_follow_the_work),
        cmocka_unit_test(the_first_stage_is_of_series),
        cmocka_unit_test(kept_seats_count_by_the_way_home),
        cmocka_unit_test(at_the_end_nothing_gets_worse),
        cmocka_unit_test(journeys_are_as_travel_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
