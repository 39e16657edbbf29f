/* The score's terms on a hand-made timetable, each counted by eye; and the weights as data. */
#include "tests/scheduler/planner_help.h"

enum {
    DAYS = 60
};

struct scene {
    struct timetable *timetable;
    uint32_t town, village, course[2], hall[3], room[3], person[2], request;
    int32_t monday;
};

static void must(enum error_code code, const struct error *err)
{
    if (code != ERR_NONE) {
        fail_msg("%s", err->text);
    }
}

/* Three halls in one village, two courses of one of two categories, two people. */
static void scene_open(struct scene *s)
{
    struct error err = {.code = ERR_NONE};
    uint32_t index;
    memset(s, 0, sizeof *s);
    s->timetable = timetable_create();
    assert_non_null(s->timetable);
    s->monday = date_from_civil((struct civil){2026, 6, 1});
    struct travel_class road = {
        .id = "road", .name = "公路", .detour_pct = 100, .speed_kmh = 60, .fixed_min = 7};
    must(timetable_add_travel_class(s->timetable, &road, &index, &err), &err);
    struct area town = {.id = "t",
                        .code_system = "T",
                        .name = "示例镇",
                        .level = AREA_TOWNSHIP,
                        .place = {28600000, 121300000, true},
                        .travel_class = 0};
    struct area village = {.id = "v",
                           .code_system = "T",
                           .name = "示例村",
                           .parent_id = "t",
                           .level = AREA_VILLAGE,
                           .travel_class = NONE};
    must(timetable_add_area(s->timetable, &town, &s->town, &err), &err);
    must(timetable_add_area(s->timetable, &village, &s->village, &err), &err);
    for (int k = 0; k < 2; k++) {
        char id[8];
        (void)snprintf(id, sizeof id, "k%d", k);
        struct category category = {.id = id, .name = id};
        must(timetable_add_category(s->timetable, &category, &index, &err), &err);
    }
    for (uint32_t k = 0; k < 2; k++) {
        char id[8];
        (void)snprintf(id, sizeof id, "c%u", k);
        struct course course = {.id = id,
                                .name = id,
                                .category = k,
                                .provider = NONE,
                                .minutes = 90,
                                .audience = NONE,
                                .parts = k == 0 ? PART_MORNING : 0,
                                .holidays_wanted = k == 1,
                                .active = true};
        must(timetable_add_course(s->timetable, &course, &s->course[k], &err), &err);
    }
    for (uint32_t h = 0; h < 3; h++) {
        char id[8];
        (void)snprintf(id, sizeof id, "h%u", h);
        struct hall hall = {.id = id,
                            .name = id,
                            .area = s->village,
                            .school = NONE,
                            .valid_from = DATE_MIN,
                            .valid_to = DATE_MAX,
                            .place = {28600000 + 9000 * (int32_t)h, 121300000, true}};
        must(timetable_add_hall(s->timetable, &hall, &s->hall[h], &err), &err);
        struct room room = {.id = id, .name = "大礼堂", .hall = h};
        must(timetable_add_room(s->timetable, &room, &s->room[h], &err), &err);
    }
    for (uint32_t i = 0; i < 2; i++) {
        char id[8];
        (void)snprintf(id, sizeof id, "i%u", i);
        struct instructor person = {.id = id,
                                    .name = "示例甲",
                                    .provider = NONE,
                                    .home_area = s->village,
                                    .valid_from = DATE_MIN,
                                    .valid_to = DATE_MAX,
                                    .courses = s->course,
                                    .course_count = 2};
        must(timetable_add_instructor(s->timetable, &person, &s->person[i], &err), &err);
    }
    struct holiday off = {.day = s->monday + 3, .name = "示例节", .is_off = true};
    struct holiday makeup = {.day = s->monday + 6, .name = "补班", .is_off = false};
    must(timetable_add_holiday(s->timetable, &off, &err), &err);
    must(timetable_add_holiday(s->timetable, &makeup, &err), &err);
    struct closure market = {.id = "m",
                             .scope = CLOSURE_HALL,
                             .target = s->hall[1],
                             .strength = CLOSURE_SOFT,
                             .from_day = s->monday,
                             .to_day = s->monday,
                             .from_min = 600,
                             .to_min = 660,
                             .reason = "市日",
                             .source = "示例"};
    must(timetable_add_closure(s->timetable, &market, &err), &err);
    struct request request = {.id = "r",
                              .hall = s->hall[0],
                              .area = NONE,
                              .course = s->course[0],
                              .sessions = 5,
                              .from_day = s->monday,
                              .to_day = s->monday + DAYS - 1,
                              .weekdays = 0x1F,
                              .priority = 3};
    must(timetable_add_request(s->timetable, &request, &s->request, &err), &err);
    s->timetable = help_seal(s->timetable);
}

static struct placement meeting(const struct scene *s, int hall, int course, int person, int32_t day,
                                int32_t start)
{
    return (struct placement){.course = s->course[course],
                              .room = s->room[hall],
                              .instructors = {s->person[person]},
                              .instructor_count = 1,
                              .day = s->monday + day,
                              .start_min = start,
                              .minutes = 90,
                              .request = NONE};
}

static struct plan_cost score(const struct scene *s, const struct placement *meetings, size_t count)
{
    struct weights ones = weights_default();
    struct plan_cost cost;
    struct book *book = NULL;
    struct error err = {.code = ERR_NONE};
    uint32_t slot;
#define X(field, value, unit, zh) ones.field = 1;
    WEIGHT_LIST(X)
#undef X
    ones.load = 16;
    ones.evenness = 4;
    must(book_create(s->timetable, true, &book, &err), &err);
    for (size_t i = 0; i < count; i++) {
        must(book_add(book, &meetings[i], &slot, &err), &err);
    }
    must(score_timetable(book, &ones, s->monday, s->monday + DAYS - 1, &cost, &err), &err);
    book_destroy(book);
    return cost;
}

static void an_empty_plan_reaches_nobody(void **state)
{
    struct scene *s = *state;
    struct plan_cost cost = score(s, NULL, 0);
    assert_int_equal(cost.hall_unreached, 3);
    assert_int_equal(cost.category_missing, 2);
    assert_int_equal(plan_cost_total(&cost), 5);
}

static void each_term_is_counted(void **state)
{
    struct scene *s = *state;
    struct placement one = meeting(s, 0, 0, 0, 0, 9 * 60);
    struct plan_cost cost = score(s, &one, 1);
    assert_int_equal(cost.hall_unreached, 2);
    assert_int_equal(cost.category_missing, 1);
    assert_int_equal(cost.travel, 14); /* at home, seven minutes each way */
    assert_int_equal(cost.load, 1);
    assert_int_equal(cost.evenness, 1);
    assert_int_equal(plan_cost_total(&cost), 19);

    one = meeting(s, 0, 0, 0, 3, 13 * 60); /* a holiday, after noon */
    cost = score(s, &one, 1);
    assert_int_equal(cost.holiday, 1);
    assert_int_equal(cost.part_of_day, 1);
    one = meeting(s, 0, 1, 0, 3, 13 * 60); /* this course likes holidays, and any time */
    cost = score(s, &one, 1);
    assert_int_equal(cost.holiday + cost.part_of_day, 0);
    one = meeting(s, 0, 1, 0, 6, 13 * 60); /* but no make-up day */
    assert_int_equal(score(s, &one, 1).holiday, 1);

    one = meeting(s, 0, 0, 0, 5, 9 * 60);
    one.request = s->request; /* wants Monday to Friday */
    assert_int_equal(score(s, &one, 1).weekday, 1);
    one = meeting(s, 1, 0, 0, 0, 9 * 60); /* 9:00 - 10:30 on market day, 10:00 - 11:00 */
    assert_int_equal(score(s, &one, 1).soft_closure, 1);
    one = meeting(s, 1, 0, 0, 0, 8 * 60 + 30); /* until ten */
    assert_int_equal(score(s, &one, 1).soft_closure, 0);
    one.clear_min = 1;
    assert_int_equal(score(s, &one, 1).soft_closure, 1);
}

static void sessions_of_a_hall_are_compared(void **state)
{
    struct scene *s = *state;
    struct placement many[] = {meeting(s, 0, 0, 0, 0, 540), meeting(s, 0, 0, 1, 6, 540),
                               meeting(s, 0, 0, 1, 13, 540), meeting(s, 1, 0, 0, 1, 540)};
    struct plan_cost cost = score(s, many, 4);
    assert_int_equal(cost.spacing, 1);    /* days 0 and 6; 6 and 13 are a week apart */
    assert_int_equal(cost.continuity, 1); /* 0 then 1; the other hall does not count */
    many[0].series_id = many[1].series_id = -1;
    assert_int_equal(score(s, many, 4).spacing, 0);
    assert_int_equal(cost.load, 2 * 2 + 2 * 2);
    assert_int_equal(cost.evenness, 3 * 3 + 1); /* days 0, 1 and 6 are one week, day 13 the next */
    many[3] = meeting(s, 1, 0, 0, 0, 900);
    cost = score(s, many, 4);
    /* 9,000 millionths of a degree are 1.0008 km: two minutes at 60 km/h, and seven more. */
    assert_int_equal(cost.travel, 7 + 9 + 9 + 2 * 14);
}

static int scene_set(void **state)
{
    struct scene *s = malloc(sizeof *s);
    assert_non_null(s);
    scene_open(s);
    *state = s;
    return 0;
}

static int scene_drop(void **state)
{
    struct scene *s = *state;
    timetable_unref(s->timetable);
    free(s);
    return 0;
}

static void requests_are_counted_by_priority(void **state)
{
    struct scene *s = *state;
    struct book *book = NULL;
    uint32_t slot;
    int64_t wanted, placed, priority_wanted, priority_placed;
    assert_int_equal(book_create(s->timetable, true, &book, NULL), ERR_NONE);
    struct placement one = meeting(s, 0, 0, 0, 0, 540);
    one.request = s->request;
    assert_int_equal(book_add(book, &one, &slot, NULL), ERR_NONE);
    score_requests(book, s->monday, s->monday + 5, &wanted, &placed, &priority_wanted, &priority_placed);
    assert_int_equal(wanted, 5);
    assert_int_equal(placed, 1);
    assert_int_equal(priority_wanted, 15);
    assert_int_equal(priority_placed, 3);
    score_requests(book, s->monday - 9, s->monday - 1, &wanted, &placed, &priority_wanted, &priority_placed);
    assert_int_equal(wanted, 0);
    book_destroy(book);
}

static void weights_are_named_and_bounded(void **state)
{
    (void)state;
    struct weights weights = weights_default();
    assert_int_equal(weights.travel, 1);
    assert_int_equal(weights_set(&weights, "travel", 17, NULL), ERR_NONE);
    assert_int_equal(weights.travel, 17);
    struct error err;
    assert_int_equal(weights_set(&weights, "no such", 1, &err), ERR_NOT_FOUND);
    assert_non_null(strstr(err.text, "no such"));
    assert_int_equal(weights_set(&weights, "load", -1, NULL), ERR_INPUT);
    assert_int_equal(weights_set(&weights, "load", 100001, NULL), ERR_INPUT);
    assert_int_equal(weights_set(&weights, "load", 100000, NULL), ERR_NONE);
    assert_int_equal(weights_set(&weights, NULL, 1, NULL), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_plan_reaches_nobody, scene_set, scene_drop),
        cmocka_unit_test_setup_teardown(each_term_is_counted, scene_set, scene_drop),
        cmocka_unit_test_setup_teardown(sessions_of_a_hall_are_compared, scene_set, scene_drop),
        cmocka_unit_test_setup_teardown(requests_are_counted_by_priority, scene_set, scene_drop),
        cmocka_unit_test(weights_are_named_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
