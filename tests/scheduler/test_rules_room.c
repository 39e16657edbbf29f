/* The rules about a room. */
#include "rules_city.h"

static int city_set(void **state)
{
    struct city *city = malloc(sizeof *city);
    assert_non_null(city);
    city_build(city);
    city_open(city);
    *state = city;
    return 0;
}

static int city_drop(void **state)
{
    city_close(*state);
    free(*state);
    return 0;
}

/* 乙 stands in the book, 甲 asks: only the room can clash. */
static void put_other(struct city *city, struct placement placement)
{
    city_put(city, taught_by(placement, YI));
}

static void test_overlap(void **state)
{
    struct city *city = *state;
    put_other(city, meeting(17, city->stage, tuesday(), 600, 120));
    static const struct {
        int32_t start_min, minutes;
        bool taken;
    } cases[] = {
        {600, 120, true},  /* identical */
        {630, 30, true},   /* within */
        {540, 300, true},  /* around */
        {540, 61, true},   /* a minute at the front */
        {719, 60, true},   /* a minute at the back */
        {540, 60, false},  /* ends when it starts */
        {720, 120, false}, /* 12:00/12:00 */
        {0, 60, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct placement at = meeting(18, city->stage, tuesday(), cases[i].start_min, cases[i].minutes);
        assert_breaks(city, at, cases[i].taken ? RULE_BIT(RULE_ROOM_OVERLAP) : 0);
        at.day = tuesday() + 1;
        assert_allowed(city, at);
    }
    assert_override(city, meeting(18, city->stage, tuesday(), 600, 120), RULE_ROOM_OVERLAP);
}

static void test_margins(void **state)
{
    struct city *city = *state;
    struct placement first = meeting(17, city->stage, tuesday(), 600, 120);
    first.clear_min = 15;
    first.setup_min = 10;
    put_other(city, first);
    struct placement at = meeting(18, city->stage, tuesday(), 750, 60);
    at.setup_min = 15;
    assert_allowed(city, at); /* 12:15 clear, 12:15 set up */
    at.setup_min = 16;
    assert_breaks(city, at, RULE_BIT(RULE_ROOM_OVERLAP));
    at = meeting(18, city->stage, tuesday(), 500, 60);
    at.clear_min = 30;
    assert_allowed(city, at);
    at.clear_min = 31;
    assert_breaks(city, at, RULE_BIT(RULE_ROOM_OVERLAP));
}

static void test_long_margins(void **state)
{
    struct city *city = *state;
    struct placement first = meeting(17, city->stage, tuesday(), 720, LIMIT_SESSION_MINUTES);
    first.clear_min = LIMIT_MARGIN_MINUTES; /* until Thursday 00:00 */
    first.setup_min = LIMIT_MARGIN_MINUTES; /* from Tuesday 00:00 */
    put_other(city, first);
    assert_breaks(city, meeting(18, city->stage, tuesday() + 1, 1430, 10), RULE_BIT(RULE_ROOM_OVERLAP));
    assert_allowed(city, meeting(18, city->stage, tuesday() + 2, 0, 10));
    assert_breaks(city, meeting(18, city->stage, tuesday(), 0, 10), RULE_BIT(RULE_ROOM_OVERLAP));
    assert_allowed(city, meeting(18, city->stage, tuesday() - 1, 1430, 10));
}

static void test_whole_hall(void **state)
{
    struct city *city = *state;
    put_other(city, meeting(17, city->stage, tuesday(), 600, 120));
    assert_allowed(city, meeting(18, city->lecture, tuesday(), 600, 120));
    assert_breaks(city, meeting(18, city->whole, tuesday(), 600, 120), RULE_BIT(RULE_ROOM_OVERLAP));
    assert_allowed(city, meeting(18, city->whole, tuesday(), 720, 120));
    assert_allowed(city, meeting(18, city->next_door, tuesday(), 600, 120));
    put_other(city, meeting(19, city->whole, tuesday() + 1, 600, 120));
    assert_breaks(city, meeting(18, city->lecture, tuesday() + 1, 650, 10), RULE_BIT(RULE_ROOM_OVERLAP));
}

static void test_midnight(void **state)
{
    struct city *city = *state;
    put_other(city, meeting(17, city->stage, tuesday(), 1380, 120)); /* 23:00 – 01:00 */
    assert_breaks(city, meeting(18, city->stage, tuesday() + 1, 59, 60), RULE_BIT(RULE_ROOM_OVERLAP));
    assert_allowed(city, meeting(18, city->stage, tuesday() + 1, 60, 60));
    struct placement early = meeting(18, city->stage, tuesday() + 1, 90, 60);
    early.setup_min = 31;
    assert_breaks(city, early, RULE_BIT(RULE_ROOM_OVERLAP));
    /* Over the New Year too. */
    put_other(city, meeting(20, city->stage, on(2026, 12, 31), 1380, 120));
    assert_breaks(city, meeting(18, city->stage, on(2027, 1, 1), 0, 30), RULE_BIT(RULE_ROOM_OVERLAP));
}

static void test_self(void **state)
{
    struct city *city = *state;
    struct placement at = meeting(17, city->stage, tuesday(), 600, 120);
    uint32_t slot = city_put(city, at);
    assert_int_equal(broken(city, at, slot, NULL), 0);
    assert_allowed(city, at); /* the same number is the same session */
    at.start_min = 630;
    assert_allowed(city, at);
    at.session_id = 0;
    assert_breaks(city, at, RULE_BIT(RULE_ROOM_OVERLAP) | RULE_BIT(RULE_INSTRUCTOR_OVERLAP));
    assert_int_equal(broken(city, at, slot, NULL), 0);
}

static void test_opening(void **state)
{
    struct city *city = *state;
    struct placement at = meeting(18, city->second, tuesday(), 480, 210);
    assert_allowed(city, at); /* 08:00 – 11:30 */
    at.setup_min = 1;
    assert_override(city, at, RULE_OPENING);
    at.setup_min = 0;
    at.clear_min = 1;
    assert_breaks(city, at, RULE_BIT(RULE_OPENING));
    assert_breaks(city, meeting(18, city->second, tuesday(), 660, 180), RULE_BIT(RULE_OPENING));
    assert_breaks(city, meeting(18, city->second, tuesday() + 4, 480, 60), RULE_BIT(RULE_OPENING));
}

static void test_facilities_and_capacity(void **state)
{
    struct city *city = *state;
    struct placement at = of_course(meeting(18, city->lecture, tuesday(), 600, 120), FILM);
    assert_allowed(city, at);
    at.room = city->stage;
    assert_override(city, at, RULE_FACILITIES);
    struct clash_list list;
    (void)broken(city, at, NONE, &list);
    struct text text;
    text_init(&text, 4096);
    clash_sentence(city->timetable, &list.items[0], true, &text);
    assert_true(says(&text, "缺少：音响"));
    text_finish(&text);
    clash_list_finish(&list);

    at = meeting(18, city->stage, tuesday(), 600, 120);
    at.heads = 60;
    assert_allowed(city, at);
    at.heads = 61;
    assert_override(city, at, RULE_CAPACITY);
    at.room = city->lecture; /* capacity not known */
    assert_allowed(city, at);
}

static void test_hall_in_use(void **state)
{
    struct city *city = *state;
    assert_allowed(city, meeting(18, city->third, on(2026, 12, 31), 600, 120));
    assert_override(city, meeting(18, city->third, on(2027, 1, 1), 600, 120), RULE_CLOSURE);
}

/* A whole day, every day of 2026; narrow it as a test needs. */
static struct closure closed(const char *id, enum closure_scope scope, uint32_t target)
{
    return (struct closure){.id = id,
                            .scope = scope,
                            .target = target,
                            .strength = CLOSURE_HARD,
                            .from_day = on(2026, 1, 1),
                            .to_day = on(2026, 12, 31),
                            .from_min = 0,
                            .to_min = 1440,
                            .reason = "婚宴",
                            .source = "村委会"};
}

static void add_closure(struct city *city, struct closure closure)
{
    struct error err = {.code = ERR_NONE};
    must(timetable_add_closure(city->timetable, &closure, &err), &err);
}

static struct closure ruled(struct closure closure, const char *rule)
{
    struct error err = {.code = ERR_NONE};
    closure.has_rule = true;
    must(day_rule_parse(rule, &closure.rule, &err), &err);
    return closure;
}

static void test_closure_span(void **state)
{
    (void)state;
    struct city city;
    city_build(&city);
    struct closure banquet = closed("x1", CLOSURE_HALL, city.hall);
    banquet.from_day = tuesday();
    banquet.to_day = tuesday() + 1;
    banquet.from_min = 600;
    banquet.to_min = 720;
    add_closure(&city, banquet);
    city_open(&city);
    assert_breaks(&city, meeting(1, city.stage, tuesday(), 719, 30), RULE_BIT(RULE_CLOSURE));
    assert_allowed(&city, meeting(1, city.stage, tuesday(), 720, 30));
    assert_allowed(&city, meeting(1, city.stage, tuesday(), 570, 30));
    struct placement at = meeting(1, city.lecture, tuesday() + 1, 560, 30);
    at.clear_min = 11;
    assert_override(&city, at, RULE_CLOSURE);
    at.clear_min = 10;
    assert_allowed(&city, at);
    assert_allowed(&city, meeting(1, city.stage, tuesday() - 1, 600, 60));
    assert_allowed(&city, meeting(1, city.stage, tuesday() + 2, 600, 60));
    assert_allowed(&city, meeting(1, city.next_door, tuesday(), 600, 60));
    /* A night that runs into the closed morning. */
    assert_breaks(&city, meeting(1, city.stage, tuesday() - 1, 1439, 602), RULE_BIT(RULE_CLOSURE));
    assert_allowed(&city, meeting(1, city.stage, tuesday() - 1, 1439, 601));
    struct clash_list list;
    (void)broken(&city, meeting(1, city.stage, tuesday(), 600, 60), NONE, &list);
    struct text text;
    text_init(&text, 4096);
    clash_sentence(city.timetable, &list.items[0], true, &text);
    assert_true(says(&text, "原因：婚宴，来源：村委会"));
    assert_true(says(&text, "10:00–12:00"));
    text_finish(&text);
    clash_list_finish(&list);
    city_close(&city);
}

static void test_closure_room_and_area(void **state)
{
    (void)state;
    struct city city;
    city_build(&city);
    struct closure room = closed("x1", CLOSURE_ROOM, 0); /* the stage of h0, before sealing */
    room.from_day = room.to_day = tuesday();
    add_closure(&city, room);
    struct closure township = closed("x2", CLOSURE_AREA, city.township);
    township.from_day = township.to_day = tuesday() + 1;
    add_closure(&city, township);
    struct closure typhoon = closed("x3", CLOSURE_AREA, 0); /* the city */
    typhoon.from_day = typhoon.to_day = tuesday() + 2;
    add_closure(&city, typhoon);
    struct closure soft = closed("x4", CLOSURE_AREA, city.village);
    soft.strength = CLOSURE_SOFT;
    add_closure(&city, soft);
    city_open(&city);
    assert_breaks(&city, meeting(1, city.stage, tuesday(), 600, 60), RULE_BIT(RULE_CLOSURE));
    assert_allowed(&city, meeting(1, city.lecture, tuesday(), 600, 60));
    assert_breaks(&city, meeting(1, city.stage, tuesday() + 1, 600, 60), RULE_BIT(RULE_CLOSURE));
    assert_breaks(&city, meeting(1, city.second, tuesday() + 1, 600, 60), RULE_BIT(RULE_CLOSURE));
    assert_allowed(&city, meeting(1, city.third, tuesday() + 1, 600, 60));
    /* One minute of the closed day is one too many; none is none. */
    assert_breaks(&city, meeting(1, city.lecture, tuesday(), 1380, 61), RULE_BIT(RULE_CLOSURE));
    assert_allowed(&city, meeting(1, city.lecture, tuesday(), 1380, 60));
    assert_breaks(&city, meeting(1, city.third, tuesday() + 2, 600, 60), RULE_BIT(RULE_CLOSURE));

    int64_t noon = (int64_t)(tuesday() + 5) * 1440 + 720;
    assert_int_equal(closure_hit(city.timetable, city.stage, noon, noon + 1, CLOSURE_HARD), NONE);
    assert_int_not_equal(closure_hit(city.timetable, city.stage, noon, noon + 1, CLOSURE_SOFT), NONE);
    assert_int_equal(closure_hit(city.timetable, city.second, noon, noon + 1, CLOSURE_SOFT), NONE);
    assert_int_equal(closure_hit(city.timetable, city.stage, noon, noon, CLOSURE_SOFT), NONE);
    assert_int_equal(closure_hit(city.timetable, NONE, noon, noon + 1, CLOSURE_SOFT), NONE);
    city_close(&city);
}

static void test_closure_rules(void **state)
{
    (void)state;
    struct city city;
    city_build(&city);
    add_closure(&city, ruled(closed("x1", CLOSURE_HALL, 0), "weekly:2"));
    add_closure(&city, ruled(closed("x2", CLOSURE_HALL, 1), "lunarday:3,8"));
    add_closure(&city, ruled(closed("x3", CLOSURE_HALL, 3), "monthday:5"));
    city_open(&city);
    struct day_info info;
    int32_t lunar_hits = 0;
    for (int32_t day = on(2026, 5, 1); day <= on(2026, 5, 31); day++) {
        info = day_info_plain(day);
        bool is_lunar = info.lunar.day % 10 == 3 || info.lunar.day % 10 == 8;
        lunar_hits += is_lunar ? 1 : 0;
        assert_breaks(&city, meeting(1, city.stage, day, 600, 60),
                      info.weekday == 2 ? RULE_BIT(RULE_CLOSURE) : 0);
        assert_breaks(&city, meeting(1, city.next_door, day, 600, 60), is_lunar ? RULE_BIT(RULE_CLOSURE) : 0);
        assert_breaks(&city, meeting(1, city.third, day, 600, 60),
                      date_to_civil(day).day % 10 == 5 ? RULE_BIT(RULE_CLOSURE) : 0);
    }
    assert_in_range(lunar_hits, 5, 7);
    city_close(&city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_overlap, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_margins, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_long_margins, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_whole_hall, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_midnight, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_self, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_opening, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_facilities_and_capacity, city_set, city_drop),
        cmocka_unit_test_setup_teardown(test_hall_in_use, city_set, city_drop),
        cmocka_unit_test(test_closure_span),
        cmocka_unit_test(test_closure_room_and_area),
        cmocka_unit_test(test_closure_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
