/* A random city written into a database by plain SQL: halls at every level of the tree, exempt, closed and
 * out of use, sessions in every state, attendance with gaps, requests, courses with several tags. The
 * triggers that refuse overlaps are dropped: figures do not ask whether a room was taken twice. */
#ifndef LITANG_TESTS_REPORTS_RECOUNT_CITY_H
#define LITANG_TESTS_REPORTS_RECOUNT_CITY_H

#include "base/rng.h"
#include "base/text.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

enum {
    CITY_HALLS = 24,
    CITY_SESSIONS = 150,
    CITY_REQUESTS = 20,
    CITY_COURSES = 6,
    CITY_PEOPLE = 5
};

#define CITY_FROM "2026-03-20"
#define CITY_TO   "2026-05-10"

struct recount_city {
    char folder[64], path[96];
    struct rng rng;
    struct text sql;
};

static inline int64_t city_now_s(void *context)
{
    (void)context;
    return 1790000000;
}

static inline struct clock_source city_clock(void)
{
    return (struct clock_source){city_now_s, NULL, NULL};
}

static inline unsigned city_below(struct recount_city *city, unsigned bound)
{
    return (unsigned)rng_below(&city->rng, bound);
}

static inline bool city_one_in(struct recount_city *city, unsigned bound)
{
    return city_below(city, bound) == 0;
}

/* "'2026-03-15'": a day around the period, its edges more often than others. */
static inline const char *city_day(struct recount_city *city, char text[16])
{
    static const char *const EDGES[] = {"2026-03-19", CITY_FROM, "2026-03-31",
                                        "2026-04-01", CITY_TO,   "2026-05-11"};
    if (city_one_in(city, 4)) {
        snprintf(text, 16, "'%s'", EDGES[city_below(city, 6)]);
    } else {
        snprintf(text, 16, "'2026-%02u-%02u'", 3 + city_below(city, 3), 1 + city_below(city, 30));
    }
    return text;
}

static inline void city_areas(struct recount_city *city)
{
    struct text *sql = &city->sql;
    text_add(sql, "INSERT INTO area (id, level, name) VALUES ('Z', 'city', '示例市');");
    for (int c = 0; c < 3; c++) {
        text_addf(sql, "INSERT INTO area (id, level, name, parent_id) VALUES ('C%d', 'county', '县%d', 'Z');",
                  c, c);
    }
    for (int t = 0; t < 12; t++) {
        text_addf(
            sql,
            "INSERT INTO area (id, level, name, parent_id, population) VALUES ('T%02d', 'township', '镇%d', "
            "'C%d', %u);",
            t, t, t % 3, city_one_in(city, 3) ? 0 : 500 + city_below(city, 9000));
    }
    for (int v = 0; v < 12; v++) {
        text_addf(
            sql,
            "INSERT INTO area (id, level, name, parent_id, population) VALUES ('V%02d', 'village', '村%d', "
            "'T%02u', %u);",
            v, v, city_below(city, 12), city_below(city, 3) * 300);
    }
    text_add(sql, "INSERT INTO travel_class VALUES ('road', '公路', 130, 40, 7);");
    for (int a = 0; a < 12; a++) {
        for (int b = a + 1; b < 12; b++) {
            if (city_one_in(city, 2)) {
                text_addf(sql, "INSERT INTO travel_override VALUES ('T%02d', 'T%02d', %u);", a, b,
                          10 + city_below(city, 80));
            }
        }
    }
}

static inline void city_menu(struct recount_city *city)
{
    static const char *const TAGS[] = {"", "能者为师", "系列课;能者为师", "智慧助老",
                                       "智慧助老;系列课;能者为师"};
    struct text *sql = &city->sql;
    text_add(sql,
             "INSERT INTO provider VALUES ('P0', '学校0', 'C0'), ('P1', '学校1', 'Z'), ('P2', '学校2', NULL);"
             "INSERT INTO category VALUES ('K0', '甲'), ('K1', '乙'), ('K2', '丙'), ('K3', '丁');");
    for (int c = 0; c < CITY_COURSES; c++) {
        char provider[8];
        snprintf(provider, sizeof provider, "'P%u'", city_below(city, 3));
        text_addf(
            sql,
            "INSERT INTO course (id, name, category_id, provider_id, minutes, tags, active) VALUES ('X%d', "
            "'课%d', 'K%u', %s, 60, '%s', %d);",
            c, c, city_below(city, 3), city_one_in(city, 4) ? "NULL" : provider, TAGS[city_below(city, 5)],
            !city_one_in(city, 4));
    }
    for (int i = 0; i < CITY_PEOPLE; i++) {
        char home[8];
        snprintf(home, sizeof home, "'T%02u'", city_below(city, 12));
        text_addf(
            sql,
            "INSERT INTO instructor (id, name, provider_id, home_area_id) VALUES ('I%d', '示例%d', 'P%u', "
            "%s);",
            i, i, city_below(city, 3), city_one_in(city, 5) ? "NULL" : home);
    }
}

static inline const char *city_place(struct recount_city *city, char text[8])
{
    unsigned kind = city_below(city, 10);
    if (kind == 0) {
        strcpy(text, "Z");
    } else if (kind == 1) {
        snprintf(text, 8, "C%u", city_below(city, 3));
    } else if (kind < 5) {
        snprintf(text, 8, "T%02u", city_below(city, 12));
    } else {
        snprintf(text, 8, "V%02u", city_below(city, 12));
    }
    return text;
}

static inline void city_halls(struct recount_city *city)
{
    struct text *sql = &city->sql;
    char place[8];
    char from[16];
    char to[16];
    for (int h = 0; h < CITY_HALLS; h++) {
        bool opens = city_one_in(city, 5);
        (void)city_day(city, from);
        (void)city_day(city, to);
        text_addf(
            sql,
            "INSERT INTO hall (id, name, area_id, exempt, exempt_reason, school_id, valid_from, valid_to) "
            "VALUES ('H%02d', '礼堂%d', '%s', %d, '', %s, %s, %s);"
            "INSERT INTO room (id, hall_id, name) VALUES ('R%02da', 'H%02d', '大厅'), ('R%02db', 'H%02d', "
            "'小间');",
            h, h, city_place(city, place), city_one_in(city, 8), city_one_in(city, 2) ? "'P0'" : "NULL",
            opens ? from : "NULL", !opens && city_one_in(city, 4) ? to : "NULL", h, h, h, h);
    }
    for (int c = 0; c < 12; c++) {
        static const char *const STARTS[] = {"2026-01-01", CITY_FROM, "2026-04-02", "2026-03-21"};
        static const char *const ENDS[] = {"2026-12-31", CITY_TO, "2026-05-09", "2026-04-01"};
        bool of_area = city_one_in(city, 4);
        unsigned start = city_below(city, 4);
        char target[8];
        snprintf(target, sizeof target, "H%02u", city_below(city, CITY_HALLS / 2));
        text_addf(
            sql,
            "INSERT INTO closure (id, scope, target_id, strength, from_date, to_date, to_min, rule) VALUES "
            "('S%02d', '%s', '%s', '%s', '%s', '%s', %d, '%s');",
            c, of_area ? "area" : "hall", of_area ? city_place(city, place) : target,
            city_one_in(city, 6) ? "soft" : "hard", STARTS[start], ENDS[city_below(city, start == 2 ? 3 : 4)],
            city_one_in(city, 6) ? 720 : 1440, city_one_in(city, 8) ? "weekly:1" : "");
    }
}

static inline void city_requests(struct recount_city *city)
{
    struct text *sql = &city->sql;
    char place[8];
    for (int r = 0; r < CITY_REQUESTS; r++) {
        bool of_hall = city_one_in(city, 2);
        unsigned month = 2 + city_below(city, 3);
        char hall[8];
        snprintf(hall, sizeof hall, "'H%02u'", city_below(city, CITY_HALLS));
        text_addf(sql,
                  "INSERT INTO request (id, hall_id, area_id, course_id, sessions, is_series, holiday_rule, "
                  "from_date, to_date, withdrawn) VALUES ('Q%02d', %s, %s%s%s, 'X%u', %u, %d, '%s', "
                  "'2026-%02u-05', '2026-%02u-25', %d);",
                  r, of_hall ? hall : "NULL", of_hall ? "" : "'", of_hall ? "NULL" : city_place(city, place),
                  of_hall ? "" : "'", city_below(city, CITY_COURSES), 1 + city_below(city, 4),
                  city_one_in(city, 3), city_one_in(city, 2) ? "skip" : "shift", month,
                  month + city_below(city, 2), city_one_in(city, 6));
    }
}

static inline void city_attendance(struct recount_city *city, int session)
{
    unsigned state = city_below(city, 4); /* none, held, not held, outside */
    bool took_place = state == 1 || state == 3;
    char heads[16] = "NULL";
    char heads_60[16] = "NULL";
    char satisfaction[16] = "NULL";
    if (state == 0) {
        return;
    }
    if (took_place && !city_one_in(city, 4)) {
        unsigned count = city_below(city, 90);
        snprintf(heads, sizeof heads, "%u", count);
        snprintf(heads_60, sizeof heads_60, city_one_in(city, 3) ? "NULL" : "%u", count / 3);
    }
    if (took_place && city_one_in(city, 2)) {
        snprintf(satisfaction, sizeof satisfaction, "%u", city_below(city, 101));
    }
    text_addf(&city->sql,
              "INSERT INTO attendance (session_id, held, outside, heads, heads_60, satisfaction, reason, "
              "recorded_at) VALUES (%d, %d, %d, %s, %s, %s, '示例', 5);",
              session, took_place, state == 3, heads, heads_60, satisfaction);
}

static inline void city_sessions(struct recount_city *city)
{
    static const char *const STATUS[] = {"CONFIRMED", "CONFIRMED", "TENTATIVE", "CANCELLED"};
    struct text *sql = &city->sql;
    char day[16];
    for (int s = 1; s <= CITY_SESSIONS; s++) {
        char request[8];
        snprintf(request, sizeof request, "'Q%02u'", city_below(city, CITY_REQUESTS));
        /* Halls of higher numbers get fewer. */
        unsigned hall = city_below(city, CITY_HALLS) * city_below(city, CITY_HALLS) / CITY_HALLS;
        text_addf(
            sql,
            "INSERT INTO session (id, course_id, room_id, date, start_min, minutes, setup_min, clear_min, "
            "status, request_id, counts_as, created_at, changed_at) VALUES (%d, 'X%u', 'R%02u%s', %s, %u, "
            "%u, %u, %u, '%s', %s, %u, 1, 1);",
            s, city_below(city, CITY_COURSES), hall, city_one_in(city, 2) ? "a" : "b", city_day(city, day),
            480 + 5 * city_below(city, 100), 45 + city_below(city, 60), city_below(city, 2) * 15,
            city_below(city, 2) * 10, STATUS[city_below(city, 4)], city_one_in(city, 2) ? request : "NULL",
            1 + city_below(city, 5) / 4);
        unsigned first = city_below(city, CITY_PEOPLE);
        unsigned people = city_below(city, 5) == 0 ? 0 : 1 + city_below(city, 4) / 3;
        for (unsigned p = 0; p < people; p++) {
            text_addf(sql,
                      "INSERT INTO session_instructor (session_id, position, instructor_id) VALUES (%d, %u, "
                      "'I%u');",
                      s, p, (first + p) % CITY_PEOPLE);
        }
        city_attendance(city, s);
    }
}

static inline void city_run(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s", message);
    }
}

/* A database of this seed at city->path; a folder of its own. */
static inline void recount_city_make(struct recount_city *city, uint64_t seed)
{
    const char *base = getenv("TMPDIR");
    struct store *store = NULL;
    sqlite3 *db = NULL;
    struct error err = {0};
    *city = (struct recount_city){0};
    snprintf(city->folder, sizeof city->folder, "%.30s/litang-recount-XXXXXX", base != NULL ? base : "/tmp");
    assert_non_null(mkdtemp(city->folder));
    snprintf(city->path, sizeof city->path, "%s/a.db", city->folder);
    if (store_open(city->path, STORE_CREATE, city_clock(), &store, &err) != ERR_NONE) {
        fail_msg("%s", err.text);
    }
    store_close(store);
    rng_seed(&city->rng, seed);
    text_init(&city->sql, (size_t)4 << 20);
    text_add(&city->sql,
             "BEGIN; INSERT INTO revision (at, actor, reason, source) VALUES (1, '示例', '示例', '');"
             "DROP TRIGGER session_room_insert; DROP TRIGGER session_instructor_insert;");
    city_areas(city);
    city_menu(city);
    city_halls(city);
    city_requests(city);
    city_sessions(city);
    text_add(&city->sql, "COMMIT;");
    assert_int_equal(text_status(&city->sql, NULL), ERR_NONE);
    assert_int_equal(sqlite3_open(city->path, &db), SQLITE_OK);
    city_run(db, "PRAGMA synchronous = OFF");
    city_run(db, text_string(&city->sql));
    sqlite3_close(db);
    text_finish(&city->sql);
}

static inline void recount_city_drop(struct recount_city *city)
{
    char command[160];
    snprintf(command, sizeof command, "rm -rf '%s'", city->folder);
    assert_int_equal(system(command), 0);
}

#endif
