/* What the planner's tests share: run it, put its plan into a book or into a new timetable. */
#ifndef LITANG_TESTS_PLANNER_HELP_H
#define LITANG_TESTS_PLANNER_HELP_H

#include "scheduler/planner.h"
#include "tests/scheduler/planner_city.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static inline uint64_t no_time(void *context)
{
    (void)context;
    return 0;
}

static inline int64_t no_seconds(void *context)
{
    (void)context;
    return 0;
}

/* A clock that stands still: only iterations end a run. */
static inline struct planner_world help_world(void)
{
    return (struct planner_world){.clock = {.now_s = no_seconds, .mono_ns = no_time}};
}

static inline struct planner_options help_options(const struct planner_city *city)
{
    struct planner_options options = planner_options_default(city->from_day, city->from_day + city->days - 1);
    options.iterations = 20000;
    return options;
}

static inline struct timetable *help_city(const struct planner_city *city)
{
    struct timetable *timetable = NULL;
    struct error err = {.code = ERR_NONE};
    if (planner_city_create(city, &timetable, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    return timetable;
}

static inline struct plan *help_plan(struct timetable *timetable, const struct planner_options *options)
{
    struct plan *plan = NULL;
    struct error err = {.code = ERR_NONE};
    struct planner_world world = help_world();
    if (planner_run(timetable, options, &world, &plan, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    return plan;
}

/* The timetable's book with the plan's items done. */
static inline struct book *help_book(const struct plan *plan)
{
    struct book *book = NULL;
    struct error err = {.code = ERR_NONE};
    uint32_t slot = NONE;
    assert_int_equal(book_create(plan->timetable, false, &book, &err), ERR_NONE);
    for (size_t i = 0; i < plan->item_count; i++) {
        if (plan->items[i].action != PLAN_CREATE) {
            slot = book_slot_of(book, plan->items[i].at.session_id);
            assert_int_not_equal(slot, NONE);
            book_remove(book, slot);
        }
    }
    for (size_t i = 0; i < plan->item_count; i++) {
        if (plan->items[i].action != PLAN_CANCEL) {
            assert_int_equal(book_add(book, &plan->items[i].at, &slot, &err), ERR_NONE);
        }
    }
    return book;
}

static inline void help_no_clash(const struct book *book)
{
    struct clash_list list;
    struct error err = {.code = ERR_NONE};
    size_t hard = 0;
    clash_list_init(&list);
    assert_int_equal(rules_check_all(book, &list, &hard, &err), ERR_NONE);
    if (hard > 0) {
        struct text sentence;
        text_init(&sentence, 4096);
        clash_sentence(book_timetable(book), &list.items[0], true, &sentence);
        fail_msg("%zu clashes: %s", hard, text_string(&sentence));
    }
    clash_list_finish(&list);
}

/* The search's cost, term by term, is the score's. */
static inline void help_same_cost(const struct plan *plan, const struct planner_options *options)
{
    struct plan_cost cost;
    struct error err = {.code = ERR_NONE};
    struct book *book = help_book(plan);
    assert_int_equal(
        score_timetable(book, &options->weights, options->from_day, options->to_day, &cost, &err), ERR_NONE);
#define X(field, value, unit, zh)                                                                            \
    if (cost.field != plan->cost.field) {                                                                    \
        fail_msg("%s: the score says %lld, the search %lld", #field, (long long)cost.field,                  \
                 (long long)plan->cost.field);                                                               \
    }
    WEIGHT_LIST(X)
#undef X
    book_destroy(book);
}

/* The city once more, unsealed, with the plan's new sessions published as number 1 and up. The generator
 * adds rooms hall by hall, so sealing keeps their numbers. */
static inline struct timetable *help_publish_open(const struct planner_city *city, const struct plan *plan)
{
    struct timetable *timetable = NULL;
    struct error err = {.code = ERR_NONE};
    assert_int_equal(planner_city_open(city, &timetable, &err), ERR_NONE);
    for (size_t i = 0; i < plan->series_count; i++) {
        struct series series = {(int64_t)i + 1, plan->series[i].request, plan->series[i].holiday_rule};
        assert_int_equal(timetable_add_series(timetable, &series, &err), ERR_NONE);
    }
    for (size_t i = 0; i < plan->item_count; i++) {
        struct session session = {.at = plan->items[i].at, .status = SESSION_CONFIRMED, .counts_as = 1};
        session.at.session_id = (int64_t)i + 1;
        session.at.series_id = -session.at.series_id;
        if (timetable_add_session(timetable, &session, &err) != ERR_NONE) {
            fail_msg("%s", err.text);
        }
    }
    return timetable;
}

static inline struct timetable *help_seal(struct timetable *timetable)
{
    struct error err = {.code = ERR_NONE};
    if (timetable_seal(timetable, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    return timetable;
}

#endif
