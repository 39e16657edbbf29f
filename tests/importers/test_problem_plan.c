/* Plans as JSON and their judgement: what the planner made is clean, what a careless solver might do is
 * found. */
#include "importers/problem.h"
#include "tests/scheduler/planner_help.h"

struct ground {
    struct planner_city city;
    struct problem_file file;
    struct plan *plan;
};

static void ground_make(struct ground *g, uint64_t seed)
{
    g->city = planner_city_small(seed);
    struct planner_options options = help_options(&g->city);
    struct timetable *timetable = help_city(&g->city);
    g->file = (struct problem_file){.timetable = timetable,
                                    .weights = options.weights,
                                    .from_day = options.from_day,
                                    .to_day = options.to_day,
                                    .frozen_until_day = options.from_day - 1,
                                    .keep_published = true};
    g->plan = help_plan(timetable, &options);
}

static void ground_drop(struct ground *g)
{
    plan_destroy(g->plan);
    problem_file_finish(&g->file);
}

static struct plan_verdict judged(const struct ground *g)
{
    struct plan_verdict verdict;
    struct error err = {.code = ERR_NONE};
    if (plan_judge(&g->file, g->plan, &verdict, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    return verdict;
}

/* How many faults of this kind there are. */
static size_t faults_of(const struct ground *g, enum plan_fault_kind kind)
{
    struct plan_verdict verdict = judged(g);
    size_t count = 0;
    for (size_t i = 0; i < verdict.fault_count; i++) {
        struct text sentence;
        text_init(&sentence, LIMIT_NOTE_BYTES);
        plan_fault_sentence(g->plan, &verdict.faults[i], true, &sentence);
        assert_true(sentence.length > 0);
        text_finish(&sentence);
        count += verdict.faults[i].kind == kind;
    }
    plan_verdict_finish(&verdict);
    return count;
}

static void a_plan_goes_there_and_back_and_is_clean(void **state)
{
    (void)state;
    struct ground g;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        ground_make(&g, seed);
        struct text out;
        struct error err = {.code = ERR_NONE};
        text_init(&out, LIMIT_PROBLEM_BYTES);
        assert_int_equal(plan_file_write(g.plan, &out, &err), ERR_NONE);
        struct plan *again = NULL;
        if (plan_file_read(&g.file, text_string(&out), out.length, &again, &err) != ERR_NONE) {
            fail_msg("%s", err.text);
        }
        assert_int_equal(again->item_count, g.plan->item_count);
        assert_int_equal(again->series_count, g.plan->series_count);
        struct plan_cost cost = g.plan->cost;
        int64_t placed = g.plan->placed;
        plan_destroy(g.plan);
        g.plan = again;
        struct plan_verdict verdict = judged(&g);
        assert_int_equal(verdict.hard, 0);
        assert_int_equal(verdict.fault_count, 0);
        assert_int_equal(verdict.placed, placed);
        assert_memory_equal(&verdict.cost, &cost, sizeof cost);
        plan_verdict_finish(&verdict);
        text_finish(&out);
        ground_drop(&g);
    }
}

static size_t item_of(const struct ground *g, bool is_series)
{
    for (size_t i = 0; i < g->plan->item_count; i++) {
        if (g->file.timetable->requests[g->plan->items[i].at.request].is_series == is_series) {
            return i;
        }
    }
    fail_msg("no such item");
    return 0;
}

static void each_fault_is_found(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g, 1);
    size_t single = item_of(&g, false);
    size_t series = item_of(&g, true);
    struct plan_item *item = &g.plan->items[single];
    struct plan_item kept = *item;

    item->at.day = g.file.to_day + 1;
    assert_int_equal(faults_of(&g, FAULT_DAY), 1);
    *item = kept;

    uint32_t asked = g.file.timetable->requests[kept.at.request].hall;
    for (uint32_t room = 0; room < g.file.timetable->room_count && asked != NONE; room++) {
        item->at.room = g.file.timetable->rooms[room].hall != asked ? room : item->at.room;
    }
    assert_int_equal(faults_of(&g, FAULT_HALL), asked != NONE ? 1 : 0);
    *item = kept;

    struct plan_item second = g.plan->items[series];
    g.plan->items[series].at.day += 7;
    assert_int_equal(faults_of(&g, FAULT_SERIES), 1);
    g.plan->items[series] = second;
    g.plan->items[series].at.series_id = 0;
    assert_int_equal(faults_of(&g, FAULT_SERIES), 1);
    g.plan->items[series] = second;
    g.plan->items[series] = g.plan->items[--g.plan->item_count]; /* a meeting is missing */
    assert_int_equal(faults_of(&g, FAULT_SERIES), 1);
    g.plan->items[series] = second;
    assert_int_equal(faults_of(&g, FAULT_MORE), 0);
    ground_drop(&g);
}

static void more_than_asked_for_is_found(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g, 2);
    size_t single = item_of(&g, false);
    struct plan_item *items = calloc(g.plan->item_count + 3, sizeof *items);
    memcpy(items, g.plan->items, g.plan->item_count * sizeof *items);
    for (int k = 0; k < 3; k++) {
        items[g.plan->item_count++] = items[single];
    }
    free(g.plan->items);
    g.plan->items = items;
    assert_int_equal(faults_of(&g, FAULT_MORE), 1);
    struct plan_verdict verdict = judged(&g);
    assert_true(verdict.hard > 0); /* four sessions at one place and time */
    plan_verdict_finish(&verdict);
    ground_drop(&g);
}

/* The plan published: what it put there stays, may move, or is pinned. */
static void published_sessions_stay(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g, 3);
    struct timetable *open = help_publish_open(&g.city, g.plan);
    open->sessions[0].at.pinned = true;
    struct timetable *published = help_seal(open);
    problem_file_finish(&g.file);
    g.file.timetable = published;
    timetable_unref(g.plan->timetable);
    g.plan->timetable = timetable_ref(published);
    g.plan->item_count = 1;
    g.plan->items[0] = (struct plan_item){PLAN_CANCEL, published->sessions[0].at};
    struct plan_verdict verdict = judged(&g);
    assert_int_equal(verdict.hard, 1); /* pinned */
    assert_int_equal(verdict.clashes.items[0].rule, RULE_PINNED);
    plan_verdict_finish(&verdict);
    g.plan->items[0] = (struct plan_item){PLAN_CANCEL, published->sessions[1].at};
    assert_int_equal(faults_of(&g, FAULT_KEPT), 1);
    g.file.keep_published = false;
    assert_int_equal(faults_of(&g, FAULT_KEPT), 0);
    g.file.frozen_until_day = published->sessions[1].at.day;
    assert_int_equal(faults_of(&g, FAULT_KEPT), 1);
    ground_drop(&g);
}

static void faults_past_the_limit_are_counted(void **state)
{
    (void)state;
    struct ground g;
    ground_make(&g, 1);
    struct plan_item *items = calloc(LIMIT_PROBLEM_FAULTS + 1, sizeof *items);
    assert_non_null(items);
    for (size_t i = 0; i <= LIMIT_PROBLEM_FAULTS; i++) {
        items[i] = g.plan->items[0];
        items[i].at.day = g.file.to_day + 1 + (int32_t)(i % 5000);
        items[i].at.instructor_count = 0;
    }
    free(g.plan->items);
    g.plan->items = items;
    g.plan->item_count = LIMIT_PROBLEM_FAULTS + 1;
    struct plan_verdict verdict = judged(&g);
    assert_int_equal(verdict.fault_count, LIMIT_PROBLEM_FAULTS);
    assert_true(verdict.faults_dropped > 0);
    plan_verdict_finish(&verdict);
    ground_drop(&g);
}

#define PLAN "{\"format\":\"litang-plan/1\",\"items\":["
static void errors_name_path_and_value(void **state)
{
    (void)state;
    static const struct {
        const char *json, *says;
        enum error_code code;
    } CASES[] = {
        {"{\"format\":\"litang-problem/1\"}", "$.format", ERR_INPUT},
        {PLAN "{}]}", "$.items[0].action", ERR_INPUT},
        {PLAN "{\"action\":\"delete\"}]}", "$.items[0].action = \"delete\"", ERR_INPUT},
        {PLAN "{\"action\":\"create\",\"request\":\"nobody\"}]}", "$.items[0].request = \"nobody\"",
         ERR_INPUT},
        {PLAN "{\"action\":\"create\",\"request\":\"r0\",\"room\":\"h0-r0\",\"instructors\":[],\"date\":"
              "\"2026-03-03\",\"start_min\":540}]}",
         "$.items[0].instructors", ERR_INPUT},
        {PLAN "{\"action\":\"create\",\"request\":\"r0\",\"room\":\"h0-r0\",\"instructors\":[\"i1\",\"i1\"],"
              "\"date\":\"2026-03-03\",\"start_min\":540}]}",
         "$.items[0].instructors[1] = \"i1\"", ERR_INPUT},
        {PLAN "{\"action\":\"create\",\"request\":\"r0\",\"room\":\"h0-r0\",\"instructors\":[\"i1\"],"
              "\"date\":\"2026-03-03\",\"start_min\":1440}]}",
         "$.items[0].start_min = 1440", ERR_INPUT},
        {PLAN "{\"action\":\"create\",\"request\":\"r0\",\"room\":\"h0-r0\",\"instructors\":[\"i1\"],"
              "\"date\":\"2026-03-03\",\"start_min\":540,\"new_series\":0}]}",
         "$.items[0].new_series = 0", ERR_INPUT},
        {PLAN "{\"action\":\"create\",\"request\":\"r0\",\"room\":\"h0-r0\",\"instructors\":[\"i1\"],"
              "\"date\":\"2026-03-03\",\"start_min\":540,\"minutes\":30}]}",
         "$.items[0].minutes = 30", ERR_INPUT},
        {PLAN "{\"action\":\"cancel\",\"session\":4}]}", "$.items[0].session = 4", ERR_INPUT},
    };
    struct ground g;
    ground_make(&g, 1);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct plan *plan = NULL;
        struct error err = {.code = ERR_NONE};
        enum error_code code = plan_file_read(&g.file, CASES[i].json, strlen(CASES[i].json), &plan, &err);
        if (code != CASES[i].code || strstr(err.text, CASES[i].says) == NULL) {
            fail_msg("%s\n  gives %s: %s", CASES[i].json, error_name(code), err.text);
        }
    }
    ground_drop(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_goes_there_and_back_and_is_clean),
        cmocka_unit_test(each_fault_is_found),
        cmocka_unit_test(more_than_asked_for_is_found),
        cmocka_unit_test(published_sessions_stay),
        cmocka_unit_test(faults_past_the_limit_are_counted),
        cmocka_unit_test(errors_name_path_and_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
