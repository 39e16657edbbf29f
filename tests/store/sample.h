/* A small city for the tests of store/: two halls, three rooms, two courses, three instructors, all marked
 * 示例; and a clock that only moves when it is told to. */
#ifndef LITANG_TESTS_STORE_SAMPLE_H
#define LITANG_TESTS_STORE_SAMPLE_H

#include "base/date.h"
#include "store/change.h"
#include "store/history.h"
#include "store/plans.h"
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

enum {
    SAMPLE_DAY = 20600 /* 2026-05-27, a Wednesday */,
    NOON = 720
};

struct sample {
    char folder[64];
    char path[96];
    int64_t now_s;
    struct store *store;
};

static inline int64_t sample_now_s(void *context)
{
    return *(int64_t *)context;
}

static inline uint64_t sample_mono_ns(void *context)
{
    (void)context;
    return 0;
}

static inline struct clock_source sample_clock(int64_t *now_s)
{
    return (struct clock_source){sample_now_s, sample_mono_ns, now_s};
}

/* Says why before failing. */
#define EXPECT(wanted, call)                                                                                 \
    do {                                                                                                     \
        struct error *shown_ = &error;                                                                       \
        enum error_code got_ = (call);                                                                       \
        if (got_ != (wanted)) {                                                                              \
            fail_msg("%s: %s, wanted %s: %s", #call, error_name(got_), error_name(wanted), shown_->text);    \
        }                                                                                                    \
    } while (0)

static inline void sample_begin(struct sample *sample)
{
    const char *base = getenv("TMPDIR");
    snprintf(sample->folder, sizeof sample->folder, "%.30s/litang-store-XXXXXX",
             base != NULL ? base : "/tmp");
    assert_non_null(mkdtemp(sample->folder));
    snprintf(sample->path, sizeof sample->path, "%s/a.db", sample->folder);
    sample->now_s = 1790000000;
    sample->store = NULL;
}

static inline void sample_end(struct sample *sample)
{
    char command[160];
    store_close(sample->store);
    snprintf(command, sizeof command, "rm -rf '%s'", sample->folder);
    assert_int_equal(system(command), 0);
}

static inline struct change_set *sample_set(const char *reason)
{
    struct change_set *set = NULL;
    struct error error = {0};
    EXPECT(ERR_NONE, change_set_create("示例员", reason, "test", &set, &error));
    return set;
}

/* Commits and destroys the set; answers the code. */
static inline enum error_code sample_commit(struct sample *sample, struct change_set *set,
                                            struct commit_result *result, struct error *err)
{
    enum error_code code = store_commit(sample->store, set, false, result, err);
    change_set_destroy(set);
    return code;
}

#define PUT(set, table, ...)                                                                                 \
    do {                                                                                                     \
        const struct cell cells_[] = {__VA_ARGS__};                                                          \
        EXPECT(ERR_NONE, change_set_put((set), (table), cells_, sizeof cells_ / sizeof *cells_, &error));    \
    } while (0)

static inline void sample_places(struct change_set *set)
{
    struct error error = {0};
    PUT(set, TABLE_AREA, CELL_STR("id", "33"), CELL_STR("level", "city"), CELL_STR("name", "示例市"));
    PUT(set, TABLE_AREA, CELL_STR("id", "3301"), CELL_STR("level", "county"), CELL_STR("name", "示例县"),
        CELL_STR("parent_id", "33"));
    PUT(set, TABLE_AREA, CELL_STR("id", "330101"), CELL_STR("level", "township"), CELL_STR("name", "示例镇"),
        CELL_STR("parent_id", "3301"));
    PUT(set, TABLE_AREA, CELL_STR("id", "330101001"), CELL_STR("level", "village"),
        CELL_STR("name", "示例一村"), CELL_STR("parent_id", "330101"));
    PUT(set, TABLE_AREA, CELL_STR("id", "330101002"), CELL_STR("level", "village"),
        CELL_STR("name", "示例二村"), CELL_STR("parent_id", "330101"));
    PUT(set, TABLE_HALL, CELL_STR("id", "H1"), CELL_STR("name", "示例一村文化礼堂"),
        CELL_STR("area_id", "330101001"));
    PUT(set, TABLE_HALL, CELL_STR("id", "H2"), CELL_STR("name", "示例二村文化礼堂"),
        CELL_STR("area_id", "330101002"));
    PUT(set, TABLE_ROOM, CELL_STR("id", "R1"), CELL_STR("hall_id", "H1"), CELL_STR("name", "大厅"),
        CELL_INT("whole_hall", 1));
    PUT(set, TABLE_ROOM, CELL_STR("id", "R1b"), CELL_STR("hall_id", "H1"), CELL_STR("name", "小间"));
    PUT(set, TABLE_ROOM, CELL_STR("id", "R2"), CELL_STR("hall_id", "H2"), CELL_STR("name", "大厅"));
}

static inline void sample_people(struct change_set *set)
{
    static const char *const PEOPLE[][2] = {{"I1", "示例甲"}, {"I2", "示例乙"}, {"I3", "示例丙"}};
    static const char *const COURSES[][2] = {{"C1", "示例课程一"}, {"C2", "示例课程二"}};
    struct error error = {0};
    PUT(set, TABLE_CATEGORY, CELL_STR("id", "K1"), CELL_STR("name", "智慧助老"));
    for (size_t i = 0; i < 2; i++) {
        PUT(set, TABLE_COURSE, CELL_STR("id", COURSES[i][0]), CELL_STR("name", COURSES[i][1]),
            CELL_STR("category_id", "K1"), CELL_INT("minutes", 60));
    }
    for (size_t i = 0; i < 3; i++) {
        PUT(set, TABLE_INSTRUCTOR, CELL_STR("id", PEOPLE[i][0]), CELL_STR("name", PEOPLE[i][1]));
        PUT(set, TABLE_QUALIFICATION, CELL_STR("instructor_id", PEOPLE[i][0]), CELL_STR("course_id", "C1"));
        PUT(set, TABLE_QUALIFICATION, CELL_STR("instructor_id", PEOPLE[i][0]), CELL_STR("course_id", "C2"));
    }
}

/* An open database with the city in it, at revision 1. */
static inline void sample_city(struct sample *sample)
{
    struct error error = {0};
    struct commit_result result = {0};
    sample_begin(sample);
    EXPECT(ERR_NONE,
           store_open(sample->path, STORE_CREATE, sample_clock(&sample->now_s), &sample->store, &error));
    struct change_set *set = sample_set("示例城市");
    sample_places(set);
    sample_people(set);
    EXPECT(ERR_NONE, sample_commit(sample, set, &result, &error));
    assert_int_equal(result.revision, 1);
    commit_result_finish(&result);
}

static inline struct session_new sample_session(const char *room, const char *instructor, int32_t day,
                                                int32_t start_min)
{
    return (struct session_new){.course_id = "C1",
                                .room_id = room,
                                .instructor_ids = {instructor},
                                .instructor_count = 1,
                                .day = day,
                                .start_min = start_min,
                                .setup_min = -1,
                                .clear_min = -1,
                                .status = SESSION_CONFIRMED,
                                .heads = -1};
}

static inline void sample_add(struct change_set *set, const char *room, const char *instructor, int32_t day,
                              int32_t start_min)
{
    struct error error = {0};
    struct session_new session = sample_session(room, instructor, day, start_min);
    EXPECT(ERR_NONE, change_set_session_new(set, &session, &error));
}

/* Books one session and answers its id. */
static inline int64_t sample_book(struct sample *sample, const char *room, const char *instructor,
                                  int32_t day, int32_t start_min)
{
    struct error error = {0};
    struct commit_result result = {0};
    struct change_set *set = sample_set("约课");
    sample_add(set, room, instructor, day, start_min);
    EXPECT(ERR_NONE, sample_commit(sample, set, &result, &error));
    assert_int_equal(result.new_session_count, 1);
    int64_t id = result.new_session_ids[0];
    commit_result_finish(&result);
    return id;
}

/* A copy of a stored session (its texts are not to be read). */
static inline struct session sample_stored(struct sample *sample, int64_t id)
{
    struct error error = {0};
    struct timetable *timetable = NULL;
    EXPECT(ERR_NONE, store_snapshot(sample->store, &timetable, &error));
    const struct session *found = timetable_find_session(timetable, id);
    assert_non_null(found);
    struct session copy = *found;
    timetable_unref(timetable);
    return copy;
}

static inline size_t sample_session_count(struct sample *sample)
{
    struct error error = {0};
    struct timetable *timetable = NULL;
    EXPECT(ERR_NONE, store_snapshot(sample->store, &timetable, &error));
    size_t count = timetable->session_count;
    timetable_unref(timetable);
    return count;
}

#endif
