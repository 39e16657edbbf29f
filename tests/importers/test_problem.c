/* Problems and plans as JSON: there and back without a difference, the same plan and the same score, and
 * errors that name the place. */
#include "importers/problem.h"
#include "tests/scheduler/planner_help.h"

#include <unistd.h>

static struct planner_city city_odd(void)
{
    struct planner_city city = planner_city_small(5);
    city.odd = true;
    city.crowded = true;
    return city;
}

static struct problem_file file_of(struct timetable *timetable, const struct planner_city *city)
{
    struct problem_file file = {.timetable = timetable,
                                .weights = weights_default(),
                                .from_day = city->from_day,
                                .to_day = city->from_day + city->days - 1,
                                .frozen_until_day = city->from_day - 1,
                                .keep_published = true};
    return file;
}

static char *written(const struct problem_file *file)
{
    struct text out;
    struct error err = {.code = ERR_NONE};
    text_init(&out, LIMIT_PROBLEM_BYTES);
    if (problem_file_write(file, &out, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    char *bytes = text_take(&out);
    text_finish(&out);
    assert_non_null(bytes);
    return bytes;
}

static struct problem_file read_back(const char *json)
{
    struct problem_file file;
    struct error err = {.code = ERR_NONE};
    if (problem_file_read(json, strlen(json), &file, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    return file;
}

/* The city with a first plan published; some sessions pinned, held, held outside, tentative or cancelled. */
static struct timetable *published_city(const struct planner_city *city)
{
    struct planner_options options = help_options(city);
    struct timetable *empty = help_city(city);
    struct plan *plan = help_plan(empty, &options);
    struct timetable *open = help_publish_open(city, plan);
    assert_true(open->session_count > 20);
    open->sessions[1].at.pinned = true;
    open->sessions[2].at.held = HELD_YES;
    open->sessions[3].at.held = HELD_NO;
    open->sessions[4].status = SESSION_TENTATIVE;
    open->sessions[5].status = SESSION_CANCELLED;
    open->sessions[6].at.overrides = RULE_BIT(RULE_CAP_DAY) | RULE_BIT(RULE_OPENING);
    open->sessions[7].at.series_exception = true;
    open->sessions[8].at.held = HELD_OUTSIDE;
    plan_destroy(plan);
    timetable_unref(empty);
    return help_seal(open);
}

static void a_problem_goes_there_and_back(void **state)
{
    (void)state;
    const struct planner_city city = city_odd();
    struct timetable *timetable = published_city(&city);
    struct problem_file file = file_of(timetable, &city);
    file.weights.travel = 7;
    file.keep_published = false;
    file.frozen_until_day = file.from_day + 9;
    char *first = written(&file);
    struct problem_file again = read_back(first);
    char *second = written(&again);
    assert_string_equal(first, second);
    assert_int_equal(again.timetable->session_count, timetable->session_count - 1);
    assert_int_equal(again.weights.travel, 7);
    assert_false(again.keep_published);
    assert_int_equal(again.frozen_until_day, file.frozen_until_day);
    assert_null(strstr(first, "\"status\""));
    assert_non_null(strstr(first, "\"overrides\":[\"opening-hours\",\"cap-day\"]"));
    assert_int_equal(timetable_find_session(again.timetable, timetable->sessions[2].at.session_id)->at.held,
                     HELD_YES);
    assert_int_equal(timetable_find_session(again.timetable, timetable->sessions[8].at.session_id)->at.held,
                     HELD_OUTSIDE);
    free(first);
    free(second);
    problem_file_finish(&again);
    timetable_unref(timetable);
}

static void the_plan_is_the_same_from_json(void **state)
{
    (void)state;
    const struct planner_city city = city_odd();
    struct timetable *timetable = published_city(&city);
    struct problem_file file = file_of(timetable, &city);
    char *json = written(&file);
    struct problem_file again = read_back(json);
    for (int replan = 0; replan < 2; replan++) {
        struct planner_options options = help_options(&city);
        options.keep_published = replan == 0;
        struct plan *a = help_plan(timetable, &options);
        struct plan *b = help_plan(again.timetable, &options);
        assert_int_equal(a->item_count, b->item_count);
        assert_int_equal(plan_cost_total(&a->cost), plan_cost_total(&b->cost));
        assert_int_equal(a->placed, b->placed);
        for (size_t i = 0; i < a->item_count; i++) {
            assert_int_equal(a->items[i].at.day, b->items[i].at.day);
            assert_int_equal(a->items[i].at.start_min, b->items[i].at.start_min);
            assert_int_equal(a->items[i].at.room, b->items[i].at.room);
            assert_int_equal(a->items[i].at.instructors[0], b->items[i].at.instructors[0]);
        }
        plan_destroy(a);
        plan_destroy(b);
    }
    free(json);
    problem_file_finish(&again);
    timetable_unref(timetable);
}

/* ---- the database ---- */

static int64_t some_second(void *context)
{
    (void)context;
    return 1795000000;
}

static struct store *store_new(char path[64])
{
    struct store *store = NULL;
    struct error err = {.code = ERR_NONE};
    const struct clock_source clock = {.now_s = some_second, .mono_ns = no_time};
    (void)snprintf(path, 64, "/tmp/litang-problem-XXXXXX");
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    unlink(path);
    if (store_open(path, STORE_CREATE, clock, &store, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    return store;
}

static void store_gone(struct store *store, const char *path)
{
    char other[80];
    store_close(store);
    unlink(path);
    (void)snprintf(other, sizeof other, "%s-wal", path);
    unlink(other);
    (void)snprintf(other, sizeof other, "%s-shm", path);
    unlink(other);
}

/* Into a new database and out again. */
static char *through_store(const struct problem_file *file)
{
    char path[64];
    struct store *store = store_new(path);
    struct commit_result result;
    struct error err = {.code = ERR_NONE};
    if (problem_file_store(file, store, "示例", "test", 1795000000, &result, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    commit_result_finish(&result);
    struct problem_file out = *file;
    assert_int_equal(store_snapshot(store, &out.timetable, &err), ERR_NONE);
    assert_int_equal(store_weights(store, &out.weights, &err), ERR_NONE);
    char *json = written(&out);
    timetable_unref(out.timetable);
    /* The database is not empty any more. */
    assert_int_equal(problem_file_store(file, store, "示例", "test", 1795000000, &result, &err), ERR_EXISTS);
    commit_result_finish(&result);
    store_gone(store, path);
    return json;
}

static void a_problem_goes_through_a_database(void **state)
{
    (void)state;
    struct planner_city city = planner_city_small(6);
    struct timetable *timetable = published_city(&city);
    struct problem_file file = file_of(timetable, &city);
    file.weights.spacing = 41;
    char *first = through_store(&file); /* a database sorts by id */
    struct problem_file again = read_back(first);
    char *second = through_store(&again);
    assert_string_equal(first, second);
    assert_int_equal(timetable_find_session(again.timetable, timetable->sessions[8].at.session_id)->at.held,
                     HELD_OUTSIDE);
    struct plan_cost a;
    struct plan_cost b;
    struct book *book = NULL;
    struct error err = {.code = ERR_NONE};
    assert_int_equal(book_create(timetable, false, &book, &err), ERR_NONE);
    assert_int_equal(score_timetable(book, &file.weights, file.from_day, file.to_day, &a, &err), ERR_NONE);
    book_destroy(book);
    assert_int_equal(book_create(again.timetable, false, &book, &err), ERR_NONE);
    assert_int_equal(score_timetable(book, &again.weights, file.from_day, file.to_day, &b, &err), ERR_NONE);
    book_destroy(book);
    assert_memory_equal(&a, &b, sizeof a);
    free(first);
    free(second);
    problem_file_finish(&again);
    timetable_unref(timetable);
}

/* ---- errors ---- */

#define HEAD "{\"format\":\"litang-problem/1\",\"plan\":{\"from\":\"2027-01-01\",\"to\":\"2027-02-01\"}"
#define PLACES                                                                                               \
    ",\"areas\":[{\"id\":\"v\",\"level\":\"village\"}],\"halls\":[{\"id\":\"h\",\"area\":\"v\"}],\"rooms\":" \
    "[{\"id\":\"r\",\"hall\":\"h\"}]"
#define COURSES                                                                                              \
    ",\"categories\":[{\"id\":\"k\"}],\"courses\":[{\"id\":\"c\",\"category\":\"k\",\"minutes\":60}]"

#define CLOSURE(id)                                                                                          \
    "{\"id\":\"" id "\",\"scope\":\"hall\",\"target\":\"h\",\"from\":\"2027-01-01\",\"to\":\"2027-01-01\"}"
#define ABSENCE(id) "{\"id\":\"" id "\",\"instructor\":\"i\",\"from\":\"2027-01-01\",\"to\":\"2027-01-01\"}"
#define SESSION(id, more)                                                                                    \
    "{\"id\":" id ",\"course\":\"c\",\"room\":\"r\",\"date\":\"2027-01-01\",\"start_min\":540" more "}"

static void errors_name_path_and_value(void **state)
{
    (void)state;
    static const struct {
        const char *json, *says;
        enum error_code code;
    } CASES[] = {
        {"{", "line 1", ERR_SYNTAX},
        {"[]", "$ = …: 应为对象", ERR_INPUT},
        {"{}", "$.format: 缺少", ERR_INPUT},
        {"{\"format\":5}", "$.format = 5: 应为文本", ERR_INPUT},
        {"{\"format\":\"litang-problem/2\"}", "$.format = \"litang-problem/2\": 应为 \"litang-problem/1\"",
         ERR_INPUT},
        {"{\"format\":\"litang-problem/1\"}", "$.plan", ERR_INPUT},
        {"{\"format\":\"litang-problem/1\",\"plan\":{\"from\":\"2027-02-30\",\"to\":\"2027-03-01\"}}",
         "$.plan.from = \"2027-02-30\"", ERR_INPUT},
        {"{\"format\":\"litang-problem/1\",\"plan\":{\"from\":\"2027-01-01\",\"to\":\"2031-03-01\"}}",
         "$.plan.to = \"2031-03-01\"", ERR_INPUT},
        {HEAD ",\"weights\":{\"travl\":3}}", "$.weights.travl = 3", ERR_INPUT},
        {HEAD ",\"weights\":{\"travel\":-1}}", "$.weights.travel = -1", ERR_INPUT},
        {HEAD ",\"weights\":{\"travel\":1.5}}", "$.weights.travel = 1.5", ERR_INPUT},
        {HEAD ",\"hall\":[]}", "$.hall", ERR_INPUT},
        {HEAD ",\"halls\":{}}", "$.halls", ERR_INPUT},
        {HEAD ",\"areas\":[7]}", "$.areas[0] = 7", ERR_INPUT},
        {HEAD ",\"areas\":[{\"id\":\"v\",\"level\":\"parish\"}]}", "$.areas[0].level = \"parish\"",
         ERR_INPUT},
        {HEAD ",\"areas\":[{\"id\":\"v\",\"level\":\"village\",\"lat_e6\":1}]}", "$.areas[0].lon_e6",
         ERR_INPUT},
        {HEAD ",\"areas\":[{\"id\":\"v\",\"level\":\"village\",\"colour\":1}]}", "$.areas[0].colour = 1",
         ERR_INPUT},
        {HEAD ",\"areas\":[{\"id\":\"v\",\"level\":\"village\"},{\"id\":\"v\",\"level\":\"village\"}]}",
         "$.areas[1]", ERR_EXISTS},
        {HEAD ",\"areas\":[{\"id\":\"v\",\"level\":\"village\",\"parent\":\"t\"},{\"id\":\"vt\","
              "\"level\":\"township\"}]}",
         "$.areas[0].parent = \"t\"", ERR_INPUT},
        {HEAD ",\"areas\":[{\"id\":\"x\",\"level\":\"township\"},{\"id\":\"xv\",\"level\":\"village\","
              "\"parent\":\"x1\"}]}",
         "$.areas[1].parent = \"x1\"", ERR_INPUT},
        {HEAD ",\"areas\":[{\"id\":\"v\",\"level\":\"village\",\"parent\":\"t\"},{\"id\":\"t\","
              "\"level\":\"township\",\"parent\":\"v\"}]}",
         "$.areas[0].parent = \"t\": 上级关系成环", ERR_INPUT},
        {HEAD ",\"holidays\":[{\"date\":\"2027-01-02\"},{\"date\":\"2027-01-01\"},{\"date\":\"2027-01-01\"}"
              ",{\"date\":\"2027-01-02\"}]}",
         "$.holidays[2].date = \"2027-01-01\": 重复", ERR_INPUT},
        {HEAD PLACES ",\"closures\":[" CLOSURE("z") "," CLOSURE("z") "]}", "$.closures[1].id = \"z\": 重复",
         ERR_INPUT},
        {HEAD COURSES ",\"instructors\":[{\"id\":\"i\"}],\"absences\":[" ABSENCE("a") "," ABSENCE(
             "b") "," ABSENCE("a") "]}",
         "$.absences[2].id = \"a\": 重复", ERR_INPUT},
        {HEAD ",\"series\":[{\"id\":4},{\"id\":4}]}", "$.series[1].id = 4: 重复", ERR_INPUT},
        {HEAD PLACES COURSES ",\"sessions\":[" SESSION("7", "") "," SESSION("7", "") "]}",
         "$.sessions[1].id = 7: 重复", ERR_INPUT},
        {HEAD PLACES COURSES ",\"sessions\":[" SESSION("7", ",\"held\":false,\"outside\":true") "]}",
         "$.sessions[0].outside = true", ERR_INPUT},
        {HEAD PLACES COURSES ",\"sessions\":[" SESSION("7", ",\"outside\":true") "]}",
         "$.sessions[0].outside = true", ERR_INPUT},
        {HEAD ",\"halls\":[{\"id\":\"h\",\"area\":\"x\"}]}", "$.halls[0].area = \"x\"", ERR_INPUT},
        {HEAD PLACES ",\"closures\":[{\"id\":\"z\",\"scope\":\"room\",\"target\":\"h\",\"from\":\"2027-01-"
                     "01\",\"to\":\"2027-01-01\"}]}",
         "$.closures[0].target = \"h\"", ERR_INPUT},
        {HEAD PLACES ",\"closures\":[{\"id\":\"z\",\"scope\":\"hall\",\"target\":\"h\",\"rule\":"
                     "\"sometimes\",\"from\":\"2027-01-01\",\"to\":\"2027-01-01\"}]}",
         "$.closures[0].rule", ERR_SYNTAX},
        {HEAD ",\"areas\":[{\"id\":\"v\",\"level\":\"village\"}],\"halls\":[{\"id\":\"h\",\"area\":\"v\","
              "\"hours\":[[8,1,2]]}]}",
         "$.halls[0].hours", ERR_INPUT},
        {HEAD COURSES ",\"instructors\":[{\"id\":\"i\",\"courses\":[\"c\",\"d\"]}]}",
         "$.instructors[0].courses[1] = \"d\"", ERR_INPUT},
        {HEAD PLACES COURSES ",\"requests\":[{\"id\":\"q\",\"hall\":\"h\",\"course\":\"c\",\"from\":\"2027-"
                             "01-01\",\"to\":\"2027-01-09\",\"weekdays\":[0]}]}",
         "$.requests[0].weekdays", ERR_INPUT},
        {HEAD PLACES COURSES
         ",\"requests\":[{\"id\":\"q\",\"course\":\"c\",\"from\":\"2027-01-01\",\"to\":\"2027-01-09\"}]}",
         "$.requests[0]", ERR_INPUT},
        {HEAD PLACES COURSES ",\"requests\":[{\"id\":\"q\",\"hall\":\"h\",\"course\":\"c\",\"from\":\"2027-"
                             "01-01\",\"to\":\"2027-01-09\",\"priority\":10}]}",
         "$.requests[0].priority = 10", ERR_INPUT},
        {HEAD PLACES COURSES ",\"sessions\":[{\"id\":1,\"course\":\"c\",\"room\":\"r\",\"date\":\"2027-01-"
                             "01\",\"start_min\":540,\"series\":9}]}",
         "series = 9", ERR_INPUT},
        {HEAD PLACES COURSES ",\"sessions\":[{\"id\":1,\"course\":\"c\",\"room\":\"r\",\"date\":\"2027-01-"
                             "01\",\"start_min\":540,\"overrides\":[\"room-overlap\"]}]}",
         "$.sessions[0].overrides", ERR_INPUT},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct problem_file file;
        struct error err = {.code = ERR_NONE};
        enum error_code code = problem_file_read(CASES[i].json, strlen(CASES[i].json), &file, &err);
        if (code != CASES[i].code || strstr(err.text, CASES[i].says) == NULL) {
            fail_msg("%s\n  gives %s: %s", CASES[i].json, error_name(code), err.text);
        }
    }
}

/* Closures and absences without ids are many, not twice the same. */
static void rows_without_an_id_do_not_repeat(void **state)
{
    (void)state;
    struct problem_file file = read_back(HEAD PLACES ",\"closures\":[" CLOSURE(
        "z") ",{\"scope\":\"hall\","
             "\"target\":\"h\",\"from\":\"2027-01-01\",\"to\":\"2027-01-01\"},"
             "{\"id\":null,\"scope\":\"hall\",\"target\":\"h\","
             "\"from\":\"2027-01-01\",\"to\":\"2027-01-01\"}]}");
    assert_int_equal(file.timetable->closure_count, 3);
    problem_file_finish(&file);
}

/* Feeds of a database need its zone. */
static void a_database_wants_a_zone_that_is_known(void **state)
{
    (void)state;
    static const char *const ZONES[] = {"Mars/Base", "", "../../etc/passwd"};
    for (size_t i = 0; i < sizeof ZONES / sizeof *ZONES; i++) {
        char json[400];
        char path[64];
        char place[64];
        (void)snprintf(json, sizeof json, HEAD ",\"city\":{\"tzid\":\"%s\"}}", ZONES[i]);
        (void)snprintf(place, sizeof place, "$.city.tzid = \"%s\"", ZONES[i]);
        struct problem_file file = read_back(json);
        struct store *store = store_new(path);
        struct commit_result result;
        struct error err = {.code = ERR_NONE};
        assert_int_not_equal(problem_file_store(&file, store, "示例", "test", 1795000000, &result, &err),
                             ERR_NONE);
        assert_non_null(strstr(err.text, place));
        commit_result_finish(&result);
        store_gone(store, path);
        problem_file_finish(&file);
    }
}

static void small_problems_and_own_fields_are_read(void **state)
{
    (void)state;
    struct problem_file file =
        read_back(HEAD PLACES COURSES ",\"x_note\":{\"by\":1},\"weights\":{\"x_mine\":2}}");
    assert_string_equal(file.timetable->halls[0].name, "h");
    assert_int_equal(file.weights.travel, weights_default().travel);
    assert_int_equal(file.frozen_until_day, file.from_day - 1);
    assert_true(file.keep_published);
    problem_file_finish(&file);
}

static void a_file_past_the_limit_is_refused(void **state)
{
    (void)state;
    struct problem_file file;
    struct error err = {.code = ERR_NONE};
    assert_int_equal(problem_file_read("{}", LIMIT_PROBLEM_BYTES + 1, &file, &err), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_goes_there_and_back),
        cmocka_unit_test(the_plan_is_the_same_from_json),
        cmocka_unit_test(a_problem_goes_through_a_database),
        cmocka_unit_test(errors_name_path_and_value),
        cmocka_unit_test(rows_without_an_id_do_not_repeat),
        cmocka_unit_test(a_database_wants_a_zone_that_is_known),
        cmocka_unit_test(small_problems_and_own_fields_are_read),
        cmocka_unit_test(a_file_past_the_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
