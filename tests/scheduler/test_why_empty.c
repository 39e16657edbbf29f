/* why, of a city by hand: what is empty before any place is looked at is named, and a series that cannot be
 * laid out is told what would help. */
#include "tests/scheduler/free_city.h"

#include "scheduler/why.h"

static uint32_t request_add(struct timetable *t, const char *id, uint32_t course, uint32_t hall, int32_t from,
                            int32_t to)
{
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    struct request request = {.id = id,
                              .hall = hall,
                              .area = NONE,
                              .course = course,
                              .sessions = 1,
                              .from_day = from,
                              .to_day = to,
                              .priority = 5};
    fine(timetable_add_request(t, &request, &index, &err), &err);
    return index;
}

static void assert_says(const struct timetable *t, const struct why_request *why, const char *zh,
                        const char *en)
{
    struct text text;
    text_init(&text, 1 << 20);
    why_request_text(t, why, true, &text);
    assert_int_equal(text_status(&text, NULL), ERR_NONE);
    assert_true(utf8_valid(text_string(&text), text.length));
    assert_non_null(strstr(text_string(&text), zh));
    text_clear(&text);
    why_request_text(t, why, false, &text);
    assert_non_null(strstr(text_string(&text), en));
    text_finish(&text);
}

struct empty_city {
    struct timetable *timetable;
    struct book *book;
    uint32_t plain, seasonal, secret, cinema; /* courses */
    uint32_t hall, closed, small, retired;    /* halls */
};

static uint32_t hall_add(struct timetable *t, const char *id, int32_t capacity, int32_t valid_to)
{
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    uint32_t room_index = NONE;
    struct hall hall = {
        .id = id, .name = id, .area = 0, .school = NONE, .valid_from = DATE_MIN, .valid_to = valid_to};
    fine(timetable_add_hall(t, &hall, &index, &err), &err);
    struct room room = {.id = id, .name = "大礼堂", .hall = index, .capacity = capacity};
    fine(timetable_add_room(t, &room, &room_index, &err), &err);
    return index;
}

static uint32_t course_add(struct timetable *t, const char *id, const char *facilities,
                           const struct season *season)
{
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    struct course course = {.id = id,
                            .name = id,
                            .provider = NONE,
                            .minutes = 90,
                            .audience = NONE,
                            .heads = 40,
                            .seasons = season,
                            .season_count = season != NULL ? 1 : 0,
                            .active = true};
    fine(timetable_facility_mask(t, facilities, &course.facilities, &err), &err);
    fine(timetable_add_course(t, &course, &index, &err), &err);
    return index;
}

static int32_t on(int32_t month, int32_t day)
{
    return date_from_civil((struct civil){2026, month, day});
}

static void empty_city_build(struct empty_city *c)
{
    static const struct season SPRING = {301, 430};
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    struct timetable *t = timetable_create();
    assert_non_null(t);
    *c = (struct empty_city){.timetable = t};
    struct area area = {
        .id = "T1", .code_system = "T", .name = "示例镇", .level = AREA_TOWNSHIP, .travel_class = NONE};
    struct category category = {.id = "k", .name = "示例"};
    fine(timetable_add_area(t, &area, &index, &err), &err);
    fine(timetable_add_category(t, &category, &index, &err), &err);
    c->plain = course_add(t, "plain", "", NULL);
    c->seasonal = course_add(t, "seasonal", "", &SPRING);
    c->secret = course_add(t, "secret", "", NULL);
    c->cinema = course_add(t, "cinema", "投影", NULL);
    c->hall = hall_add(t, "h", 0, DATE_MAX);
    c->closed = hall_add(t, "closed", 0, DATE_MAX);
    c->small = hall_add(t, "small", 20, DATE_MAX);
    c->retired = hall_add(t, "retired", 0, on(5, 31));
    uint32_t courses[] = {c->plain, c->seasonal, c->cinema};
    struct instructor person = {.id = "i",
                                .name = "示例甲",
                                .provider = NONE,
                                .home_area = 0,
                                .valid_from = DATE_MIN,
                                .valid_to = DATE_MAX,
                                .courses = courses,
                                .course_count = 3};
    fine(timetable_add_instructor(t, &person, &index, &err), &err);
    struct closure closure = {.id = "x",
                              .scope = CLOSURE_HALL,
                              .target = c->closed,
                              .strength = CLOSURE_HARD,
                              .from_day = on(1, 1),
                              .to_day = on(12, 31),
                              .from_min = 0,
                              .to_min = 1440,
                              .reason = "修缮",
                              .source = "示例"};
    fine(timetable_add_closure(t, &closure, &err), &err);
}

static struct why_request ask(const struct empty_city *c, const char *id)
{
    struct error err = {.code = ERR_NONE};
    struct why_options options = {.looks = 10000000, .weights = weights_default()};
    struct why_request why;
    options.from_day = on(1, 1);
    fine(why_request(c->book, timetable_find_request(c->timetable, id), &options, &why, &err), &err);
    return why;
}

static void assert_always(const struct empty_city *c, const char *id, enum rule_code rule,
                          enum why_change_kind change)
{
    struct why_request why = ask(c, id);
    assert_int_equal(why.kind, WHY_ALWAYS);
    assert_int_equal(why.always, rule);
    assert_true(why.change_count > 0);
    assert_int_equal(why.changes[0].kind, change);
    assert_says(c->timetable, &why, rule_title(rule, true), rule_title(rule, false));
}

static void test_empty_domains_are_named(void **state)
{
    (void)state;
    struct empty_city c;
    struct error err = {.code = ERR_NONE};
    empty_city_build(&c);
    struct timetable *t = c.timetable;
    (void)request_add(t, "good", c.plain, c.hall, on(3, 2), on(3, 8));
    (void)request_add(t, "season", c.seasonal, c.hall, on(6, 1), on(6, 30));
    (void)request_add(t, "nobody", c.secret, c.hall, on(3, 2), on(3, 8));
    (void)request_add(t, "retired", c.plain, c.retired, on(6, 1), on(6, 30));
    (void)request_add(t, "past", c.plain, c.hall, on(1, 1) - 30, on(1, 1) - 3);
    (void)request_add(t, "closed", c.plain, c.closed, on(3, 2), on(3, 8));
    (void)request_add(t, "small", c.plain, c.small, on(3, 2), on(3, 8));
    (void)request_add(t, "cinema", c.cinema, c.hall, on(3, 2), on(3, 8));
    t->requests[request_add(t, "withdrawn", c.plain, c.hall, on(3, 2), on(3, 8))].withdrawn = true;
    struct request *series = &t->requests[request_add(t, "series", c.plain, c.hall, on(3, 2), on(3, 22))];
    series->is_series = true;
    series->sessions = 4;
    fine(timetable_seal(t, &err), &err);
    fine(book_create(t, false, &c.book, &err), &err);
    static const struct {
        const char *id;
        enum why_kind kind;
        const char *zh, *en;
    } KINDS[] = {
        {"good", WHY_ROOM_LEFT, "现在有可用的时间", "room for it now"},
        {"season", WHY_SEASON, "课程季节", "season"},
        {"nobody", WHY_NO_INSTRUCTOR, "没有具备授课资格的讲师", "nobody is qualified"},
        {"retired", WHY_NO_HALL, "没有启用的场地", "no room is in use"},
        {"past", WHY_PAST, "已过", "past"},
        {"withdrawn", WHY_WITHDRAWN, "已撤回", "withdrawn"},
        {"series", WHY_SERIES_LONG, "周数不够", "fewer weeks"},
    };
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        struct why_request why = ask(&c, KINDS[i].id);
        assert_int_equal(why.kind, KINDS[i].kind);
        assert_says(t, &why, KINDS[i].zh, KINDS[i].en);
    }
    /* Of the series, two stand: the rest fits. */
    for (int32_t week = 0; week < 2; week++) {
        struct placement meeting = {.course = c.plain,
                                    .room = t->halls[c.hall].first_room,
                                    .day = on(3, 2) + 7 * week,
                                    .start_min = 600,
                                    .minutes = 90,
                                    .instructor_count = 1,
                                    .request = timetable_find_request(t, "series")};
        uint32_t slot = NONE;
        fine(book_add(c.book, &meeting, &slot, &err), &err);
    }
    struct why_request rest = ask(&c, "series");
    assert_int_equal(rest.missing, 2);
    assert_int_equal(rest.kind, WHY_ROOM_LEFT);
    struct why_request nobody = ask(&c, "nobody");
    assert_int_equal(nobody.changes[0].kind, CHANGE_QUALIFY);
    assert_always(&c, "closed", RULE_CLOSURE, CHANGE_CLOSURE);
    assert_always(&c, "small", RULE_CAPACITY, CHANGE_ROOM);
    assert_always(&c, "cinema", RULE_FACILITIES, CHANGE_ROOM);
    book_destroy(c.book);
    timetable_unref(t);
}

/* A series that a holiday or a closure pushes out of its window: a longer window, or the closure lifted. */
static void test_series_are_given_changes(void **state)
{
    (void)state;
    struct empty_city c;
    struct error err = {.code = ERR_NONE};
    empty_city_build(&c);
    struct timetable *t = c.timetable;
    const struct holiday holiday = {.day = on(3, 9), .name = "示例节", .is_off = true};
    fine(timetable_add_holiday(t, &holiday, &err), &err);
    const struct {
        const char *id;
        uint32_t hall;
        enum holiday_rule rule;
    } SERIES[] = {{"tight", c.hall, HOLIDAY_SHIFT},
                  {"shift", c.closed, HOLIDAY_SHIFT},
                  {"skip", c.closed, HOLIDAY_SKIP},
                  {"forbid", c.closed, HOLIDAY_FORBID}};
    for (size_t i = 0; i < sizeof SERIES / sizeof *SERIES; i++) {
        int32_t to = i == 0 ? on(3, 23) : on(4, 30);
        uint32_t index = request_add(t, SERIES[i].id, c.plain, SERIES[i].hall, on(3, 2), to);
        struct request *row = &t->requests[index];
        row->is_series = true;
        row->sessions = 4;
        row->holiday_rule = SERIES[i].rule;
    }
    fine(timetable_seal(t, &err), &err);
    fine(book_create(t, false, &c.book, &err), &err);
    struct why_request tight = ask(&c, "tight");
    assert_int_equal(tight.possible, 0);
    assert_int_equal(tight.change_count, 2);
    assert_int_equal(tight.changes[0].kind, CHANGE_WINDOW);
    assert_int_equal(tight.changes[1].kind, CHANGE_WINDOW);
    assert_int_equal(tight.changes[0].days + tight.changes[1].days, 0);
    assert_int_equal(tight.changes[0].sessions, 4);
    for (size_t i = 1; i < sizeof SERIES / sizeof *SERIES; i++) {
        struct why_request why = ask(&c, SERIES[i].id);
        assert_int_equal(why.possible, 0);
        assert_true(why.change_count > 0);
        assert_int_equal(why.changes[0].kind, CHANGE_CLOSURE);
        assert_int_equal(why.changes[0].sessions, 4);
        assert_says(t, &why, "若取消停用", "if this closure were lifted");
    }
    book_destroy(c.book);
    timetable_unref(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_domains_are_named),
        cmocka_unit_test(test_series_are_given_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
