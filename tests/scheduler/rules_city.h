/* A small city that the tests of the rule book share: two townships, three villages, four halls.
 *
 *   下各镇  示例一村  hall h0: 大礼堂 (60 seats, 投影), 讲堂, 全堂 (takes the whole hall); hall h1: 大礼堂
 *           示例二村  hall h2: 大礼堂        30 minutes from 示例一村
 *   白塔镇  示例三村  hall h3: 大礼堂        45 minutes from 示例一村, 20 from 示例二村
 *
 * Halls of one village are 10 minutes apart (the fixed minutes of the only travel class). */
#ifndef LITANG_TESTS_SCHEDULER_RULES_CITY_H
#define LITANG_TESTS_SCHEDULER_RULES_CITY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "scheduler/placement.h"
#include "scheduler/rules.h"
#include "scheduler/travel.h"

struct city {
    struct timetable *timetable;
    struct book *book;
    uint32_t township, village, hall, elders, parents; /* 下各镇, 示例一村, h0 */
    /* known once opened */
    uint32_t stage, lecture, whole, next_door, second, third; /* rooms */
};

/* Courses and instructors by index. */
enum {
    PHONE,   /* 120 minutes, for elders */
    READING, /* for parents */
    WEAVING, /* for nobody in particular */
    SCARCE,  /* 3 a year in the city, 2 a year in a hall */
    FILM,    /* needs 投影 and 音响 */
    SECRET,  /* nobody is qualified */
    COURSE_COUNT
};
enum {
    JIA,  /* unlimited */
    YI,   /* unlimited */
    BING, /* at most 2 a day, 3 a week, 4 a month, 5 a year */
    DING, /* 1-5 08:00-11:30 13:30-17:00; engaged 2026-02-01 to 2026-06-30 */
    INSTRUCTOR_COUNT
};

static inline int32_t on(int32_t year, int32_t month, int32_t day)
{
    return date_from_civil((struct civil){year, month, day});
}

/* A Tuesday. */
static inline int32_t tuesday(void)
{
    return on(2026, 5, 12);
}

static inline void must(enum error_code code, const struct error *err)
{
    if (code != ERR_NONE) {
        fail_msg("%s: %s", error_name(code), err->text);
    }
}

static inline uint32_t city_area(struct city *city, const char *id, const char *name, const char *parent,
                                 enum area_level level)
{
    struct error err = {.code = ERR_NONE};
    uint32_t index = NONE;
    struct area area = {.id = id,
                        .name = name,
                        .parent_id = parent,
                        .level = level,
                        .travel_class = NONE,
                        .code_system = "示例"};
    must(timetable_add_area(city->timetable, &area, &index, &err), &err);
    return index;
}

static inline void city_override(struct city *city, uint32_t from, uint32_t to, int32_t minutes)
{
    struct error err = {.code = ERR_NONE};
    struct travel_override row = {from, to, minutes};
    must(timetable_add_travel_override(city->timetable, &row, &err), &err);
}

static inline void city_areas(struct city *city, uint32_t ret_villages[3])
{
    struct error err = {.code = ERR_NONE};
    uint32_t index;
    struct travel_class road = {"road", "公路", 135, 40, 10};
    must(timetable_add_travel_class(city->timetable, &road, &index, &err), &err);
    city_area(city, "C", "示例市", NULL, AREA_CITY);
    city_area(city, "K", "示例县", "C", AREA_COUNTY);
    city->township = city_area(city, "T1", "下各镇", "K", AREA_TOWNSHIP);
    city_area(city, "T2", "白塔镇", "K", AREA_TOWNSHIP);
    city->village = ret_villages[0] = city_area(city, "V1", "示例一村", "T1", AREA_VILLAGE);
    ret_villages[1] = city_area(city, "V2", "示例二村", "T1", AREA_VILLAGE);
    ret_villages[2] = city_area(city, "V3", "示例三村", "T2", AREA_VILLAGE);
    city_override(city, ret_villages[0], ret_villages[1], 30);
    city_override(city, ret_villages[0], ret_villages[2], 45);
    city_override(city, ret_villages[1], ret_villages[2], 20);
}

static inline void city_courses(struct city *city)
{
    static const char *const names[COURSE_COUNT] = {"手机防诈骗", "亲子阅读", "竹编",
                                                    "非遗体验",   "电影课",   "保密课"};
    struct error err = {.code = ERR_NONE};
    struct category category = {"cat", "智慧助老"};
    uint32_t index;
    must(timetable_add_category(city->timetable, &category, &index, &err), &err);
    must(timetable_audience(city->timetable, "老年人", &city->elders, &err), &err);
    must(timetable_audience(city->timetable, "家长", &city->parents, &err), &err);
    for (int i = 0; i < COURSE_COUNT; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "c%d", i);
        struct course course = {.id = id,
                                .name = names[i],
                                .provider = NONE,
                                .minutes = 120,
                                .audience = NONE,
                                .supply_limit = i == SCARCE ? 3 : 0,
                                .hall_quota = i == SCARCE ? 2 : 0,
                                .active = true};
        course.audience = i == PHONE ? city->elders : i == READING ? city->parents : (uint32_t)NONE;
        if (i == FILM) {
            must(timetable_facility_mask(city->timetable, "投影;音响", &course.facilities, &err), &err);
        }
        must(timetable_add_course(city->timetable, &course, &index, &err), &err);
    }
}

static inline void city_room(struct city *city, const char *id, const char *name, uint32_t hall,
                             int32_t capacity, const char *facilities, bool whole_hall)
{
    struct error err = {.code = ERR_NONE};
    uint32_t index;
    struct room room = {.id = id, .name = name, .hall = hall, .capacity = capacity, .whole_hall = whole_hall};
    must(timetable_facility_mask(city->timetable, facilities, &room.facilities, &err), &err);
    must(timetable_add_room(city->timetable, &room, &index, &err), &err);
}

static inline void city_halls(struct city *city, const uint32_t villages[3])
{
    static const char *const names[] = {"示例一村文化礼堂", "示例一村老礼堂", "示例二村文化礼堂",
                                        "示例三村文化礼堂"};
    struct error err = {.code = ERR_NONE};
    for (uint32_t i = 0; i < 4; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "h%u", i);
        struct hall hall = {.id = id,
                            .name = names[i],
                            .area = villages[i == 0 ? 0 : i - 1],
                            .valid_from = DATE_MIN,
                            .valid_to = i == 3 ? on(2026, 12, 31) : DATE_MAX,
                            .school = NONE};
        uint32_t index;
        if (i == 2) {
            must(hours_parse("1-5 08:00-11:30 13:30-17:00", &hall.hours, &err), &err);
        }
        must(timetable_add_hall(city->timetable, &hall, &index, &err), &err);
    }
    city->hall = 0;
    city_room(city, "h0.stage", "大礼堂", 0, 60, "投影", false);
    city_room(city, "h1.stage", "大礼堂", 1, 0, "", false);
    city_room(city, "h0.lecture", "讲堂", 0, 0, "投影;音响", false);
    city_room(city, "h2.stage", "大礼堂", 2, 0, "", false);
    city_room(city, "h0.whole", "全堂", 0, 0, "", true);
    city_room(city, "h3.stage", "大礼堂", 3, 0, "", false);
}

static inline void city_instructors(struct city *city)
{
    static const char *const names[INSTRUCTOR_COUNT] = {"示例甲", "示例乙", "示例丙", "示例丁"};
    static const uint32_t courses[] = {PHONE, READING, WEAVING, SCARCE, FILM};
    struct error err = {.code = ERR_NONE};
    for (int i = 0; i < INSTRUCTOR_COUNT; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "i%d", i);
        struct instructor person = {.id = id,
                                    .name = names[i],
                                    .provider = NONE,
                                    .home_area = NONE,
                                    .valid_from = i == DING ? on(2026, 2, 1) : DATE_MIN,
                                    .valid_to = i == DING ? on(2026, 6, 30) : DATE_MAX,
                                    .courses = courses,
                                    .course_count = sizeof courses / sizeof *courses};
        if (i == BING) {
            person.max_day = 2;
            person.max_week = 3;
            person.max_month = 4;
            person.max_year = 5;
        }
        if (i == DING) {
            must(hours_parse("1-5 08:00-11:30 13:30-17:00", &person.hours, &err), &err);
        }
        uint32_t index;
        must(timetable_add_instructor(city->timetable, &person, &index, &err), &err);
    }
}

/* Everything but closures, absences, requests and sessions, which a test may add before city_open. */
static inline void city_build(struct city *city)
{
    uint32_t villages[3];
    *city = (struct city){.timetable = timetable_create()};
    assert_non_null(city->timetable);
    city_areas(city, villages);
    city_courses(city);
    city_halls(city, villages);
    city_instructors(city);
}

static inline void city_open(struct city *city)
{
    struct error err = {.code = ERR_NONE};
    must(timetable_seal(city->timetable, &err), &err);
    must(book_create(city->timetable, false, &city->book, &err), &err);
    city->stage = timetable_find_room(city->timetable, "h0.stage");
    city->lecture = timetable_find_room(city->timetable, "h0.lecture");
    city->whole = timetable_find_room(city->timetable, "h0.whole");
    city->next_door = timetable_find_room(city->timetable, "h1.stage");
    city->second = timetable_find_room(city->timetable, "h2.stage");
    city->third = timetable_find_room(city->timetable, "h3.stage");
}

static inline void city_close(struct city *city)
{
    book_destroy(city->book);
    timetable_unref(city->timetable);
}

/* Weaving by JIA: breaks nothing alone. */
static inline struct placement meeting(int64_t id, uint32_t room, int32_t day, int32_t start_min,
                                       int32_t minutes)
{
    return (struct placement){.session_id = id,
                              .course = WEAVING,
                              .room = room,
                              .instructors = {JIA},
                              .instructor_count = 1,
                              .day = day,
                              .start_min = start_min,
                              .minutes = minutes,
                              .request = NONE};
}

static inline struct placement taught_by(struct placement placement, uint32_t instructor)
{
    placement.instructors[0] = instructor;
    return placement;
}

static inline struct placement of_course(struct placement placement, uint32_t course)
{
    placement.course = course;
    return placement;
}

static inline uint32_t city_put(struct city *city, struct placement placement)
{
    struct error err = {.code = ERR_NONE};
    uint32_t slot = NONE;
    must(book_add(city->book, &placement, &slot, &err), &err);
    return slot;
}

static inline bool says(const struct text *text, const char *word)
{
    return strstr(text_string(text), word) != NULL;
}

/* Both sentences of a clash name the session, its place, its course and the other party. */
static inline void assert_sentences(const struct city *city, const struct clash *clash)
{
    const struct timetable *timetable = city->timetable;
    for (int chinese = 0; chinese < 2; chinese++) {
        struct text text;
        char number[48];
        text_init(&text, 4096);
        clash_sentence(timetable, clash, chinese == 1, &text);
        assert_int_equal(text_status(&text, NULL), ERR_NONE);
        assert_true(utf8_valid(text_string(&text), text.length));
        assert_true(says(&text, rule_title(clash->rule, chinese == 1)));
        assert_true(says(&text, timetable->halls[timetable->rooms[clash->subject.room].hall].name));
        assert_true(says(&text, timetable->courses[clash->subject.course].name));
        (void)snprintf(number, sizeof number, chinese ? "场次 %lld]" : "session %lld]",
                       (long long)clash->subject.session_id);
        assert_true(clash->subject.session_id == 0 || says(&text, number));
        if (clash->party == PARTY_SESSION) {
            assert_true(says(&text, timetable->halls[timetable->rooms[clash->other.room].hall].name));
            assert_true(says(&text, timetable->courses[clash->other.course].name));
            (void)snprintf(number, sizeof number, chinese ? "场次 %lld]" : "session %lld]",
                           (long long)clash->other.session_id);
            assert_true(clash->other.session_id == 0 || says(&text, number));
        }
        if (clash->instructor != NONE) {
            assert_true(says(&text, timetable->instructors[clash->instructor].name));
        }
        struct error internal = {.text = ""};
        assert_int_equal(clash_internal(timetable, clash, "test", &internal), ERR_INTERNAL);
        assert_non_null(strstr(internal.text, text_string(&text)));
        if (getenv("LITANG_TEST_SHOW") != NULL) {
            print_message("%s\n", text_string(&text));
        }
        text_finish(&text);
    }
}

/* The rules that the placement breaks, as bits; each sentence is looked at; rules_allow must agree. */
static inline uint64_t broken(const struct city *city, struct placement placement, uint32_t self,
                              struct clash_list *ret_list)
{
    struct error err = {.code = ERR_NONE};
    struct clash_list list;
    clash_list_init(&list);
    size_t hard = 0;
    size_t marked = 0;
    uint64_t bits = 0;
    must(rules_check(city->book, &placement, self, &list, &hard, &err), &err);
    for (size_t i = 0; i < list.count; i++) {
        bits |= RULE_BIT(list.items[i].rule);
        marked += list.items[i].overridden ? 1 : 0;
        assert_sentences(city, &list.items[i]);
    }
    assert_int_equal(hard + marked, list.count);
    enum rule_code rule = RULE_COUNT;
    assert_int_equal(rules_allow(city->book, &placement, self, &rule), hard == 0);
    assert_true(hard == 0 ? rule == RULE_COUNT : (bits & RULE_BIT(rule)) != 0);
    if (ret_list != NULL) {
        *ret_list = list;
    } else {
        clash_list_finish(&list);
    }
    return bits;
}

static inline void assert_breaks(const struct city *city, struct placement placement, uint64_t bits)
{
    uint64_t found = broken(city, placement, NONE, NULL);
    if (found != bits) {
        fail_msg("broken rules 0x%llx, expected 0x%llx", (unsigned long long)found, (unsigned long long)bits);
    }
}

static inline void assert_allowed(const struct city *city, struct placement placement)
{
    assert_breaks(city, placement, 0);
}

/* Is the placement, which breaks just `rule`, let through with the override? */
static inline void assert_override(const struct city *city, struct placement placement, enum rule_code rule)
{
    assert_breaks(city, placement, RULE_BIT(rule));
    assert_false(rules_allow(city->book, &placement, NONE, NULL));
    placement.overrides = RULE_BIT(rule);
    assert_int_equal(rules_allow(city->book, &placement, NONE, NULL), rule_overridable(rule));
    assert_breaks(city, placement, RULE_BIT(rule));
    placement.overrides = ~RULE_BIT(rule);
    assert_false(rules_allow(city->book, &placement, NONE, NULL));
}

/* How many clashes rules_check_all finds; hard ones apart. */
static inline size_t count_all(const struct city *city, size_t *ret_hard)
{
    struct error err = {.code = ERR_NONE};
    struct clash_list list;
    clash_list_init(&list);
    must(rules_check_all(city->book, &list, ret_hard, &err), &err);
    size_t count = list.count;
    for (size_t i = 0; i < count; i++) {
        assert_sentences(city, &list.items[i]);
    }
    clash_list_finish(&list);
    return count;
}

#endif
