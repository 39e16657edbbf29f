/* The search's own verdict on a placement is the rule book's, in both directions and rule by rule. */
#include "scheduler/planner_search.h"
#include "tests/scheduler/planner_help.h"

enum {
    CITIES = 40,
    TRIALS_EACH = 8000
};

struct bench {
    struct timetable *timetable;
    struct planner_problem *problem;
    struct search *search;
    struct book *book;
    uint32_t (*slots)[LIMIT_SERIES_MEETINGS]; /* [block] its meetings in the book */
    struct rng rng;
};

struct tally {
    uint32_t trials, allowed;
    uint32_t alone[RULE_COUNT]; /* refused for this rule alone */
};

static void book_meetings(struct bench *b, uint32_t block, const struct trial *trial)
{
    for (uint32_t k = 0; k < trial->count; k++) {
        struct placement at = problem_placement(b->problem, block, &trial->at, trial->days[k]);
        at.series_id = b->problem->blocks[block].is_series ? -(int64_t)block - 1 : 0;
        assert_int_equal(book_add(b->book, &at, &b->slots[block][k], NULL), ERR_NONE);
    }
}

static void unbook_meetings(struct bench *b, uint32_t block, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++) {
        book_remove(b->book, b->slots[block][k]);
    }
}

static void bench_set(struct bench *b, uint64_t seed)
{
    struct planner_city city = planner_city_small(seed);
    struct trial now;
    city.crowded = seed % 4 != 0;
    city.plain = seed % 5 == 2;
    city.sessions = 140;
    b->timetable = help_city(&city);
    struct planner_options options = help_options(&city);
    assert_int_equal(problem_create(b->timetable, &options, &b->problem, NULL), ERR_NONE);
    assert_int_equal(search_create(b->problem, seed, &b->search, NULL), ERR_NONE);
    assert_int_equal(book_create(b->timetable, true, &b->book, NULL), ERR_NONE);
    b->slots = calloc(b->problem->block_count + 1, sizeof *b->slots);
    assert_non_null(b->slots);
    rng_seed(&b->rng, seed + 1000);
    for (uint32_t i = 0; i < b->problem->block_count; i++) {
        if (rng_below(&b->rng, 4) != 0 && search_place(b->search, i, 4, 300)) {
            search_now(b->search, i, &now);
            book_meetings(b, i, &now);
        }
    }
    help_no_clash(b->book);
}

static void bench_drop(struct bench *b)
{
    free(b->slots);
    book_destroy(b->book);
    search_destroy(b->search);
    problem_destroy(b->problem);
    timetable_unref(b->timetable);
}

/* A spot anywhere in the domain, mostly near where somebody is already. */
static struct spot random_spot(struct bench *b, const struct block *block)
{
    const struct planner_problem *p = b->problem;
    const struct spot *near = &b->search->spots[rng_below(&b->rng, (uint32_t)p->block_count)];
    struct spot spot = {p->domain_rooms[block->first_room + rng_below(&b->rng, block->room_count)], 0, 0, 0};
    uint32_t first = p->qualified_start[block->course];
    spot.instructor = p->qualified[first + rng_below(&b->rng, p->qualified_start[block->course + 1] - first)];
    spot.day = (uint16_t)(block->day_from + rng_below(&b->rng, block->day_to - block->day_from + 1U));
    spot.slot = (uint8_t)rng_below(&b->rng, GRID_SLOTS);
    if (near->room != NONE && rng_below(&b->rng, 2) == 0) {
        spot.day = near->day;
        spot.slot = (uint8_t)((near->slot + rng_below(&b->rng, 13) + GRID_SLOTS - 6) % GRID_SLOTS);
        if (problem_qualified(p, block->course, near->instructor)) {
            spot.instructor = near->instructor;
        }
    }
    return spot;
}

/* Everything that the rule book has against the trial, meeting after meeting. */
static uint64_t book_verdict(struct bench *b, uint32_t block, const struct trial *trial)
{
    uint64_t broken = 0;
    bool allowed = true;
    uint32_t added[LIMIT_SERIES_MEETINGS];
    for (uint32_t k = 0; k < trial->count; k++) {
        struct placement at = problem_placement(b->problem, block, &trial->at, trial->days[k]);
        at.series_id = b->problem->blocks[block].is_series ? -(int64_t)block - 1 : 0;
        struct clash_list list;
        size_t hard = 0;
        clash_list_init(&list);
        assert_int_equal(rules_check(b->book, &at, NONE, &list, &hard, NULL), ERR_NONE);
        for (size_t i = 0; i < list.count; i++) {
            broken |= RULE_BIT(list.items[i].rule);
        }
        clash_list_finish(&list);
        allowed = allowed && rules_allow(b->book, &at, NONE, NULL);
        assert_int_equal(book_add(b->book, &at, &added[k], NULL), ERR_NONE);
    }
    for (uint32_t k = 0; k < trial->count; k++) {
        book_remove(b->book, added[k]);
    }
    assert_true(allowed == (broken == 0));
    return broken;
}

/* The search's masks do not say which of these took the room or the person. */
static uint64_t meant_by(enum rule_code rule)
{
    switch (rule) {
    case RULE_ROOM_OVERLAP:
        return RULE_BIT(RULE_ROOM_OVERLAP) | RULE_BIT(RULE_CLOSURE) | RULE_BIT(RULE_OPENING);
    case RULE_INSTRUCTOR_OVERLAP:
        return RULE_BIT(RULE_INSTRUCTOR_OVERLAP) | RULE_BIT(RULE_ABSENCE) | RULE_BIT(RULE_AVAILABILITY);
    default:
        return RULE_BIT(rule);
    }
}

static void try_once(struct bench *b, uint32_t block, struct tally *tally)
{
    struct trial trial;
    struct trial now;
    const struct block *what = &b->problem->blocks[block];
    if (what->room_count == 0 ||
        b->problem->qualified_start[what->course + 1] == b->problem->qualified_start[what->course]) {
        return;
    }
    struct spot spot = random_spot(b, what);
    if (!search_aim(b->search, block, &spot, &trial)) {
        return;
    }
    bool placed = search_placed(b->search, block);
    if (placed) {
        search_now(b->search, block, &now);
        unbook_meetings(b, block, now.count);
    }
    enum rule_code rule = search_judge(b->search, block, &trial);
    uint64_t broken = book_verdict(b, block, &trial);
    if ((rule == RULE_COUNT) != (broken == 0) || (broken != 0 && (broken & meant_by(rule)) == 0)) {
        fail_msg("the search says %s, the rule book %llx (city of %zu blocks, block %u, day %u, slot %u)",
                 rule == RULE_COUNT ? "yes" : rule_name(rule), (unsigned long long)broken,
                 b->problem->block_count, block, spot.day, spot.slot);
    }
    tally->trials++;
    tally->allowed += broken == 0 ? 1 : 0;
    for (int r = 0; r < RULE_COUNT; r++) {
        tally->alone[r] += broken == RULE_BIT(r) ? 1 : 0;
    }
    if (placed) {
        book_meetings(b, block, &now);
    }
}

static void search_and_rule_book_agree(void **state)
{
    (void)state;
    struct tally tally = {0};
    for (uint64_t seed = 1; seed <= CITIES; seed++) {
        struct bench b;
        bench_set(&b, seed);
        for (uint32_t i = 0; i < TRIALS_EACH; i++) {
            try_once(&b, rng_below(&b.rng, (uint32_t)b.problem->block_count), &tally);
        }
        bench_drop(&b);
    }
    static const enum rule_code MUST[] = {RULE_ROOM_OVERLAP, RULE_INSTRUCTOR_OVERLAP,
                                          RULE_TRAVEL,       RULE_ABSENCE,
                                          RULE_AVAILABILITY, RULE_CLOSURE,
                                          RULE_OPENING,      RULE_CAP_DAY,
                                          RULE_CAP_WEEK,     RULE_CAP_MONTH,
                                          RULE_CAP_YEAR,     RULE_AUDIENCE,
                                          RULE_SUPPLY,       RULE_HALL_QUOTA};
    for (size_t i = 0; i < sizeof MUST / sizeof *MUST; i++) {
        if (tally.alone[MUST[i]] == 0) {
            fail_msg("no placement was refused for %s alone", rule_name(MUST[i]));
        }
    }
    print_message("%u placements, %u allowed\n", tally.trials, tally.allowed);
    assert_true(tally.trials >= 100000 && tally.allowed > 1000);
}

/* Facilities, capacity and qualification are settled by the domain. */
static void domain_and_rule_book_agree(void **state)
{
    (void)state;
    const uint64_t domain_rules =
        RULE_BIT(RULE_FACILITIES) | RULE_BIT(RULE_CAPACITY) | RULE_BIT(RULE_QUALIFICATION);
    uint32_t inside = 0;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct bench b;
        bench_set(&b, seed);
        for (uint32_t i = 0; i < 4000; i++) {
            uint32_t block = rng_below(&b.rng, (uint32_t)b.problem->block_count);
            const struct block *what = &b.problem->blocks[block];
            struct trial trial = {.count = 1, .days = {what->day_from}};
            trial.at = (struct spot){rng_below(&b.rng, b.problem->room_count),
                                     rng_below(&b.rng, b.problem->instructor_count), what->day_from, 20};
            bool allows = problem_block_allows(b.problem, what, trial.at.room, trial.at.instructor);
            bool right_hall =
                request_allows_hall(b.timetable, what->request, b.timetable->rooms[trial.at.room].hall);
            bool broken = (book_verdict(&b, block, &trial) & domain_rules) != 0;
            assert_true(allows == (right_hall && !broken));
            inside += allows ? 1 : 0;
        }
        bench_drop(&b);
    }
    assert_true(inside > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(search_and_rule_book_agree),
        cmocka_unit_test(domain_and_rule_book_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
