/* why: every count against plain loops over the rule book; every suggested change applied and the room it
 * makes counted. */
#include "tests/scheduler/free_city.h"

#include "scheduler/why.h"

#include <inttypes.h>

enum {
    SEEDS = 40,
    SERIES_LOOKS = 1000000,
    TIGHT_SEEDS = 12
};

static struct why_options all_options(void)
{
    return (struct why_options){.from_day = DATE_MIN, .looks = 10000000, .weights = weights_default()};
}

static uint32_t sum(const uint32_t *counts, size_t size)
{
    uint32_t total = 0;
    for (size_t i = 0; i < size; i++) {
        total += counts[i];
    }
    return total;
}

/* ---- counts ---- */

static struct placement place_of(const struct timetable *t, uint32_t request)
{
    const struct request *row = &t->requests[request];
    const struct course *course = &t->courses[row->course];
    return (struct placement){.course = row->course,
                              .instructor_count = 1,
                              .minutes = course->minutes,
                              .setup_min = course->setup_min,
                              .clear_min = course->clear_min,
                              .request = request,
                              .heads = row->heads > 0 ? row->heads : course->heads};
}

struct counts {
    uint32_t looked_at, possible, first[RULE_COUNT], only[RULE_COUNT], any[RULE_COUNT];
};

static void count_place(const struct book *book, const struct placement *at, struct counts *counts)
{
    struct clash_list list;
    struct error err = {.code = ERR_NONE};
    size_t hard = 0;
    uint32_t rules = 0;
    clash_list_init(&list);
    fine(rules_check(book, at, NONE, &list, &hard, &err), &err);
    for (size_t i = 0; i < list.count; i++) {
        rules |= list.items[i].overridden ? 0 : UINT32_C(1) << list.items[i].rule;
    }
    counts->looked_at++;
    counts->possible += rules == 0 ? 1 : 0;
    bool is_first = true;
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        if ((rules >> rule & 1) != 0) {
            counts->first[rule] += is_first ? 1 : 0;
            counts->only[rule] += rules == UINT32_C(1) << rule ? 1 : 0;
            counts->any[rule]++;
            is_first = false;
        }
    }
    clash_list_finish(&list);
}

static struct counts counts_by_hand(const struct book *book, uint32_t request)
{
    const struct timetable *t = book_timetable(book);
    const struct request *row = &t->requests[request];
    struct counts counts = {0};
    struct placement at = place_of(t, request);
    for (at.day = row->from_day; at.day <= row->to_day; at.day++) {
        for (at.room = 0; request_allows_day(t, request, at.day) && at.room < t->room_count; at.room++) {
            for (uint32_t i = 0; i < t->instructor_count; i++) {
                bool counted = request_allows_hall(t, request, t->rooms[at.room].hall) &&
                               timetable_qualified(t, i, row->course);
                at.instructors[0] = i;
                for (at.start_min = 360; counted && at.start_min + at.minutes <= 1320; at.start_min += 15) {
                    count_place(book, &at, &counts);
                }
            }
        }
    }
    return counts;
}

static bool hall_is_always_in_use(const struct timetable *t, const struct request *row)
{
    return row->hall == NONE ||
           (t->halls[row->hall].valid_from <= row->from_day && t->halls[row->hall].valid_to >= row->to_day);
}

static void assert_counts(const struct free_city *c, uint32_t request, const struct why_request *why)
{
    const struct request *row = &c->timetable->requests[request];
    assert_int_equal(why->looked_at, why->domain);
    assert_int_equal(sum(why->first, WHY_REASONS) + why->possible, why->looked_at);
    assert_true(sum(why->only, WHY_REASONS) <= sum(why->first, WHY_REASONS));
    if ((row->is_series && why->missing > 1) || !hall_is_always_in_use(c->timetable, row)) {
        return;
    }
    struct counts counts = counts_by_hand(c->book, request);
    assert_int_equal(why->looked_at, counts.looked_at);
    assert_int_equal(why->possible, counts.possible);
    assert_memory_equal(why->first, counts.first, sizeof counts.first);
    assert_memory_equal(why->only, counts.only, sizeof counts.only);
    assert_memory_equal(why->any, counts.any, sizeof counts.any);
    assert_int_equal(why->kind == WHY_ROOM_LEFT, counts.possible > 0);
    assert_int_equal(why->offer_count > 0, counts.possible > 0);
}

static void test_counts_are_those_of_the_rule_book(void **state)
{
    (void)state;
    uint32_t counted = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct free_city c;
        struct error err = {.code = ERR_NONE};
        struct why_options options = all_options();
        struct why_request why;
        free_city_open(&c, free_city_small(seed));
        for (uint32_t i = 0; i < 3; i++) {
            uint32_t request = pick(&c, (uint32_t)c.timetable->request_count);
            fine(why_request(c.book, request, &options, &why, &err), &err);
            if (why.kind >= WHY_ROOM_LEFT) {
                assert_counts(&c, request, &why);
                counted++;
            }
        }
        free_city_close(&c);
    }
    assert_true(counted > 30);
}

/* ---- the suggested change, done ---- */

/* Opens a weekday in some parts of the day, beside what is open already. */
static void hours_open(struct hours *hours, uint8_t weekday, uint8_t parts)
{
    static const int16_t PARTS[][3] = {
        {PART_MORNING, 0, 720}, {PART_AFTERNOON, 720, 1050}, {PART_EVENING, 1050, 1440}};
    bool open[8][1441] = {{false}};
    struct hours grown = {.count = 0};
    for (uint8_t i = 0; i < hours->count; i++) {
        memset(&open[hours->spans[i].weekday][hours->spans[i].from_min], true,
               (size_t)(hours->spans[i].to_min - hours->spans[i].from_min));
    }
    for (size_t p = 0; p < 3; p++) {
        if ((parts & PARTS[p][0]) != 0) {
            memset(&open[weekday][PARTS[p][1]], true, (size_t)(PARTS[p][2] - PARTS[p][1]));
        }
    }
    for (uint8_t day = 1; day <= 7; day++) {
        for (int16_t m = 0; m < 1440; m++) {
            if (open[day][m] && (m == 0 || !open[day][m - 1])) {
                grown.spans[grown.count++] = (struct hours_span){day, m, m};
            }
            if (open[day][m]) {
                grown.spans[grown.count - 1].to_min = (int16_t)(m + 1);
            }
        }
    }
    *hours = grown;
}

/* The test owns the snapshot and may do to it what an office would. */
static void change_do(struct free_city *c, const struct why_change *change, uint32_t request)
{
    struct timetable *t = c->timetable;
    struct request *row = &t->requests[request];
    struct course *course = &t->courses[row->course];
    struct instructor *person = change->instructor != NONE ? &t->instructors[change->instructor] : NULL;
    switch (change->kind) {
    case CHANGE_WINDOW:
        row->from_day += change->days < 0 ? change->days : 0;
        row->to_day += change->days > 0 ? change->days : 0;
        break;
    case CHANGE_SESSION:
        book_remove(c->book, book_slot_of(c->book, change->session_id));
        break;
    case CHANGE_AVAILABILITY:
        hours_open(&person->hours, change->weekday, change->part);
        break;
    case CHANGE_OPENING:
        hours_open(&t->halls[change->index].hours, change->weekday, change->part);
        break;
    case CHANGE_ABSENCE:
        t->absences[change->index].to_day = t->absences[change->index].from_day - 1;
        break;
    case CHANGE_ENGAGEMENT:
        person->valid_from = DATE_MIN;
        person->valid_to = DATE_MAX;
        break;
    case CHANGE_CAP:
        person->max_day += change->rule == RULE_CAP_DAY ? 1 : 0;
        person->max_week += change->rule == RULE_CAP_WEEK ? 1 : 0;
        person->max_month += change->rule == RULE_CAP_MONTH ? 1 : 0;
        person->max_year += change->rule == RULE_CAP_YEAR ? 1 : 0;
        break;
    case CHANGE_CLOSURE:
        t->closures[change->index].strength = CLOSURE_NOTE;
        break;
    case CHANGE_SUPPLY:
        course->supply_limit += change->rule == RULE_SUPPLY ? 1 : 0;
        course->hall_quota += change->rule == RULE_HALL_QUOTA ? 1 : 0;
        break;
    case CHANGE_QUALIFY:
        person->courses = &row->course;
        person->course_count = 1;
        break;
    case CHANGE_ROOM:
        t->rooms[change->index].facilities = UINT64_MAX;
        t->rooms[change->index].capacity = 0;
        break;
    }
}

/* Sessions of the request that now go in one after the other. */
static int32_t room_made(struct free_city *c, uint32_t request, int32_t wanted)
{
    struct error err = {.code = ERR_NONE};
    struct free_query query = free_query_request(c->timetable, request);
    int32_t made = 0;
    uint32_t slot;
    query.max_results = 1;
    query.per_day = 0;
    for (; made < wanted; made++) {
        struct free_list list;
        fine(free_find(c->book, &query, &list, &err), &err);
        if (list.count == 0) {
            free_list_finish(&list);
            break;
        }
        fine(book_add(c->book, &list.items[0].at, &slot, &err), &err);
        free_list_finish(&list);
    }
    return made;
}

/* Has the series a place now? */
static bool series_goes_in(const struct free_city *c, uint32_t request)
{
    struct error err = {.code = ERR_NONE};
    struct why_options options = all_options();
    struct why_request why;
    options.looks = SERIES_LOOKS;
    fine(why_request(c->book, request, &options, &why, &err), &err);
    return why.possible > 0;
}

/* Before it the request has no place at all; after it, as many as it says. */
static void assert_makes_room(uint64_t seed, uint32_t request, const struct why_change *change,
                              bool is_series)
{
    struct free_city c;
    free_city_open(&c, free_city_tight(seed));
    assert_int_equal(is_series ? 0 : room_made(&c, request, 1), 0);
    change_do(&c, change, request);
    assert_true(change->candidates > 0);
    assert_true(change->sessions > 0);
    if (!rules_allow(c.book, &change->example, NONE, NULL)) {
        fail_msg("seed %" PRIu64 ", request %u: change %d does not free its example", seed, request,
                 (int)change->kind);
    }
    if (is_series ? !series_goes_in(&c, request)
                  : room_made(&c, request, change->sessions) < change->sessions) {
        fail_msg("seed %" PRIu64 ", request %u: change %d makes less room than %d", seed, request,
                 (int)change->kind, change->sessions);
    }
    free_city_close(&c);
}

/* A city where little is free: few people, low caps, closures. */
static void test_changes_make_room(void **state)
{
    (void)state;
    uint32_t kinds[CHANGE_ROOM + 1] = {0};
    uint32_t multiple = 0;
    for (uint64_t seed = 1; seed <= TIGHT_SEEDS; seed++) {
        struct free_city c;
        struct error err = {.code = ERR_NONE};
        struct why_options options = all_options();
        struct why_request why;
        free_city_open(&c, free_city_tight(seed));
        for (uint32_t request = 0; request < c.timetable->request_count; request++) {
            options.looks = 4000;
            fine(why_request(c.book, request, &options, &why, &err), &err);
            bool is_series = c.timetable->requests[request].is_series && why.missing > 1;
            bool is_full = why.kind != WHY_ROOM_LEFT && (!is_series || why.possible == 0);
            for (size_t i = 0; is_full && i < why.change_count; i++) {
                kinds[why.changes[i].kind]++;
                multiple += why.changes[i].sessions > 1 ? 1 : 0;
                assert_true(why.changes[i].sessions <= why.missing);
                assert_makes_room(seed, request, &why.changes[i], is_series);
            }
        }
        free_city_close(&c);
    }
    print_message("changes tried by kind:");
    for (size_t i = 0; i <= CHANGE_ROOM; i++) {
        print_message(" %u", kinds[i]);
    }
    print_message(", of several sessions %u\n", multiple);
    assert_true(kinds[CHANGE_SESSION] > 0 && kinds[CHANGE_AVAILABILITY] > 0 && kinds[CHANGE_CAP] > 0);
    assert_true(multiple > 0);
}

/* ---- sessions ---- */

static void assert_axis(const struct why_axis *axis)
{
    assert_int_equal(sum(axis->by_rule, RULE_COUNT) + axis->possible, axis->looked_at);
    assert_true(axis->cheaper <= axis->possible);
    assert_int_equal(axis->has_best, axis->possible > 0);
}

static void test_sessions_are_explained(void **state)
{
    (void)state;
    struct free_city c;
    struct error err = {.code = ERR_NONE};
    free_city_open(&c, free_city_small(2));
    for (int64_t id = 1; id <= 20; id++) {
        struct free_query query;
        struct why_session why;
        uint32_t slot = book_slot_of(c.book, id);
        if (slot == NONE) {
            continue;
        }
        fine(free_query_session(c.book, id, &query, &err), &err);
        fine(why_session(c.book, &query, &why, &err), &err);
        assert_axis(&why.days);
        assert_axis(&why.starts);
        assert_axis(&why.rooms);
        assert_axis(&why.people);
        assert_int_equal(why.locked, id % 13 == 0 ? RULE_PINNED : id % 17 == 0 ? RULE_HELD : RULE_COUNT);
        uint32_t people = 0;
        for (uint32_t i = 0; i < c.timetable->instructor_count; i++) {
            bool teaches = placement_teaches(book_at(c.book, slot), i);
            people += timetable_qualified(c.timetable, i, why.at.course) && !teaches ? 1 : 0;
        }
        assert_int_equal(why.people.looked_at, people);
        for (int chinese = 0; chinese < 2; chinese++) {
            struct text text;
            text_init(&text, 1 << 20);
            why_session_text(c.timetable, &why, chinese == 1, &text);
            assert_int_equal(text_status(&text, NULL), ERR_NONE);
            assert_true(utf8_valid(text_string(&text), text.length));
            assert_non_null(strstr(text_string(&text), chinese == 1 ? "为何是此人" : "why this person"));
            text_finish(&text);
        }
        why_session_finish(&why);
    }
    free_city_close(&c);
}

static void test_another_place_is_judged_as_the_gate_does(void **state)
{
    (void)state;
    struct free_city c;
    struct error err = {.code = ERR_NONE};
    free_city_open(&c, free_city_small(4));
    for (int i = 0; i < 300; i++) {
        int64_t id = 1 + pick(&c, 30);
        uint32_t slot = book_slot_of(c.book, id);
        if (slot == NONE) {
            continue;
        }
        struct clash_list list;
        size_t hard = 0;
        struct placement there = *book_at(c.book, slot);
        there.day = c.city.from_day + (int32_t)pick(&c, 30);
        there.start_min = 15 * (int32_t)pick(&c, 96);
        there.room = pick(&c, (uint32_t)c.timetable->room_count);
        clash_list_init(&list);
        fine(why_there(c.book, id, &there, &list, &hard, &err), &err);
        bool is_locked = book_at(c.book, slot)->pinned || held_took_place(book_at(c.book, slot)->held);
        assert_int_equal(hard == 0, rules_allow(c.book, &there, slot, NULL) && !is_locked);
        clash_list_finish(&list);
    }
    free_city_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_are_those_of_the_rule_book),
        cmocka_unit_test(test_changes_make_room),
        cmocka_unit_test(test_sessions_are_explained),
        cmocka_unit_test(test_another_place_is_judged_as_the_gate_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
