/* An earlier revision's snapshot, rebuilt from the audit, equals the one that was kept when it was new: over
 * hundreds of random edits, undos included. */
#include "base/rng.h"
#include "sample.h"
#include "snapshot_dump.h"
#include "store/attendance.h"
#include "store/snapshot_at.h"

enum {
    EDITS = 300,
    KEPT_MAX = EDITS * 2 + 2
};

struct run {
    struct sample sample;
    struct rng rng;
    char *kept[KEPT_MAX]; /* by revision */
    int64_t at[KEPT_MAX]; /* when it was made */
    int64_t newest;
};

static uint32_t below(struct run *run, uint32_t bound)
{
    return (uint32_t)rng_below(&run->rng, bound);
}

static struct timetable *snapshot(struct run *run)
{
    struct timetable *tt = NULL;
    struct error error = {0};
    EXPECT(ERR_NONE, store_snapshot(run->sample.store, &tt, &error));
    return tt;
}

static void keep(struct run *run)
{
    struct timetable *tt = snapshot(run);
    assert_true(tt->revision < KEPT_MAX);
    run->newest = tt->revision;
    if (run->kept[tt->revision] == NULL) {
        run->kept[tt->revision] = snapshot_dump(tt);
        run->at[tt->revision] = run->sample.now_s;
    }
    timetable_unref(tt);
}

/* ---- edits: each adds one change to the set; some of them are refused by the rules, which is fine ---- */

static const struct session *any_session(struct run *run, const struct timetable *tt)
{
    return tt->session_count == 0 ? NULL : &tt->sessions[below(run, (uint32_t)tt->session_count)];
}

static void edit_book(struct run *run, const struct timetable *tt, struct change_set *set)
{
    static const char *const ROOMS[] = {"R1", "R1b", "R2"};
    static const char *const PEOPLE[] = {"I1", "I2", "I3"};
    struct error error = {0};
    struct session_new session =
        sample_session(ROOMS[below(run, 3)], PEOPLE[below(run, 3)], SAMPLE_DAY - (int32_t)below(run, 200),
                       480 + 15 * (int32_t)below(run, 40));
    (void)tt;
    session.instructor_ids[1] = PEOPLE[below(run, 3)];
    session.instructor_count = strcmp(session.instructor_ids[0], session.instructor_ids[1]) != 0 ? 2 : 1;
    session.note = below(run, 3) == 0 ? "示例“备注”" : NULL;
    if (below(run, 4) == 0) {
        EXPECT(ERR_NONE, change_set_new_series(set, NULL, HOLIDAY_SKIP, &session.series_id, &error));
    }
    EXPECT(ERR_NONE, change_set_session_new(set, &session, &error));
}

static void edit_session(struct run *run, const struct timetable *tt, struct change_set *set)
{
    static const uint32_t FIELDS[] = {EDIT_TIME,   EDIT_STATUS,      EDIT_NOTE,     EDIT_HEADS,
                                      EDIT_PINNED, EDIT_INSTRUCTORS, EDIT_COUNTS_AS};
    const struct session *session = any_session(run, tt);
    struct error error = {0};
    if (session == NULL) {
        edit_book(run, tt, set);
        return;
    }
    struct session_edit edit = {.id = session->at.session_id,
                                .fields = FIELDS[below(run, 7)],
                                .day = SAMPLE_DAY - (int32_t)below(run, 200),
                                .start_min = 480 + 15 * (int32_t)below(run, 40),
                                .status = below(run, 2) == 0 ? SESSION_CANCELLED : SESSION_CONFIRMED,
                                .cancel_reason = "台风",
                                .pinned = below(run, 2) == 0,
                                .heads = (int32_t)below(run, 90),
                                .counts_as = 1 + (int32_t)below(run, 3),
                                .instructor_ids = {"I3"},
                                .instructor_count = 1,
                                .note = "改过"};
    EXPECT(ERR_NONE, change_set_session_edit(set, &edit, &error));
}

static void edit_attendance(struct run *run, const struct timetable *tt, struct change_set *set)
{
    const struct session *session = any_session(run, tt);
    struct error error = {0};
    if (session == NULL || session->status == SESSION_CANCELLED) {
        edit_book(run, tt, set);
        return;
    }
    struct attendance entry = {.session_id = session->at.session_id,
                               .held = (enum held_state)(1 + below(run, 3)),
                               .heads = -1,
                               .heads_60 = -1,
                               .satisfaction = -1,
                               .reason = "示例原因",
                               .note = below(run, 2) == 0 ? "补登" : NULL,
                               .recorded_at = run->sample.now_s};
    if (entry.held != HELD_NO) {
        entry.heads = (int32_t)below(run, 80);
        entry.heads_60 = entry.heads / 2;
    }
    EXPECT(ERR_NONE, attendance_put(set, tt, SAMPLE_DAY + 1, &entry, &error));
}

static void edit_places(struct run *run, const struct timetable *tt, struct change_set *set)
{
    char name[64];
    struct error error = {0};
    (void)tt;
    snprintf(name, sizeof name, "示例礼堂 %u", below(run, 1000));
    PUT(set, TABLE_HALL, CELL_STR("id", "H2"), CELL_STR("name", name), CELL_INT("exempt", below(run, 2)),
        CELL_INT("stars", below(run, 6)), CELL_STR("valid_from", below(run, 2) ? "2020-01-01" : NULL));
    PUT(set, TABLE_AREA, CELL_STR("id", "330101"), CELL_INT("population", below(run, 9000)));
    PUT(set, TABLE_SETTING, CELL_STR("name", "coverage_target"),
        CELL_STR("value", below(run, 2) ? "97" : "99"));
}

/* Closures, absences, holidays and requests come and go. */
static void edit_calendar(struct run *run, const struct timetable *tt, struct change_set *set)
{
    struct error error = {0};
    if (tt->closure_count > 0 && below(run, 2) == 0) {
        const struct cell key[] = {CELL_STR("id", tt->closures[0].id)};
        EXPECT(ERR_NONE, change_set_drop(set, TABLE_CLOSURE, key, 1, &error));
    } else {
        char id[16];
        snprintf(id, sizeof id, "X%u", below(run, 5));
        PUT(set, TABLE_CLOSURE, CELL_STR("id", id), CELL_STR("scope", "hall"), CELL_STR("target_id", "H1"),
            CELL_STR("strength", below(run, 2) ? "soft" : "note"), CELL_STR("from_date", "2026-05-01"),
            CELL_STR("to_date", below(run, 2) ? "2026-05-02" : "2026-05-09"));
    }
    if (tt->holiday_count > 0 && below(run, 2) == 0) {
        const struct cell key[] = {CELL_STR("date", "2026-05-01")};
        EXPECT(ERR_NONE, change_set_drop(set, TABLE_HOLIDAY, key, 1, &error));
    } else {
        PUT(set, TABLE_HOLIDAY, CELL_STR("date", "2026-05-01"), CELL_STR("name", "劳动节"),
            CELL_INT("is_off", below(run, 2)));
    }
    PUT(set, TABLE_REQUEST, CELL_STR("id", "Q1"), CELL_STR("hall_id", "H1"), CELL_STR("course_id", "C1"),
        CELL_STR("from_date", "2026-01-01"), CELL_STR("to_date", "2026-12-31"),
        CELL_INT("sessions", 1 + below(run, 4)));
    PUT(set, TABLE_COURSE, CELL_STR("id", "C2"),
        CELL_STR("tags", below(run, 2) ? "能者为师" : "智慧助老;能者为师"));
}

static void edit_once(struct run *run)
{
    typedef void edit(struct run *, const struct timetable *, struct change_set *);
    static edit *const EDITS_OF[] = {edit_book,    edit_book,       edit_session, edit_session,
                                     edit_session, edit_attendance, edit_places,  edit_calendar};
    struct commit_result result = {0};
    struct error error = {0};
    run->sample.now_s += below(run, 5000);
    struct timetable *tt = snapshot(run);
    struct change_set *set = sample_set("随机");
    uint32_t count = 1 + below(run, 2);
    for (uint32_t i = 0; i < count; i++) {
        EDITS_OF[below(run, sizeof EDITS_OF / sizeof *EDITS_OF)](run, tt, set);
    }
    timetable_unref(tt);
    (void)sample_commit(&run->sample, set, &result, &error);
    commit_result_finish(&result);
    if (below(run, 6) == 0) {
        keep(run);
        (void)store_undo(run->sample.store, 0, "示例员", "撤销", &result, &error);
        commit_result_finish(&result);
    }
}

static void compare(struct run *run, int64_t revision)
{
    struct timetable *tt = NULL;
    struct error error = {0};
    EXPECT(ERR_NONE, store_snapshot_at(run->sample.store, revision, &tt, &error));
    assert_int_equal(tt->revision, revision);
    char *dump = snapshot_dump(tt);
    assert_string_equal(dump, run->kept[revision]);
    free(dump);
    timetable_unref(tt);
}

static void old_snapshots_come_back(void **state)
{
    struct run run = {0};
    struct error error = {0};
    (void)state;
    rng_seed(&run.rng, 20260630);
    sample_city(&run.sample);
    keep(&run);
    for (int i = 0; i < EDITS; i++) {
        edit_once(&run);
        keep(&run);
        if (i % 10 == 0) {
            compare(&run, 1 + (int64_t)below(&run, (uint32_t)run.newest));
        }
    }
    assert_true(run.newest > EDITS / 2);
    for (int64_t revision = 1; revision <= run.newest; revision++) {
        compare(&run, revision);
    }
    /* By the clock: the last revision before an instant. */
    for (int64_t revision = 1; revision <= run.newest; revision += 7) {
        int64_t found = 0;
        EXPECT(ERR_NONE, store_revision_before(run.sample.store, run.at[revision] + 1, &found, &error));
        assert_true(found >= revision && run.at[found] == run.at[revision]);
        EXPECT(ERR_NONE, store_revision_before(run.sample.store, run.at[1], &found, &error));
        assert_int_equal(found, 0);
    }
    /* The file is as it was, and the present is unharmed. */
    struct timetable *now = snapshot(&run);
    char *dump = snapshot_dump(now);
    assert_string_equal(dump, run.kept[run.newest]);
    free(dump);
    timetable_unref(now);
    for (int64_t revision = 0; revision < KEPT_MAX; revision++) {
        free(run.kept[revision]);
    }
    sample_end(&run.sample);
}

static void a_read_only_file_too(void **state)
{
    struct sample sample;
    struct timetable *tt = NULL;
    struct error error = {0};
    (void)state;
    sample_city(&sample);
    (void)sample_book(&sample, "R1", "I1", SAMPLE_DAY, NOON);
    store_close(sample.store);
    EXPECT(ERR_NONE,
           store_open(sample.path, STORE_READ_ONLY, sample_clock(&sample.now_s), &sample.store, &error));
    EXPECT(ERR_NONE, store_snapshot_at(sample.store, 1, &tt, &error));
    assert_int_equal(tt->session_count, 0);
    assert_int_equal(tt->hall_count, 2);
    timetable_unref(tt);
    EXPECT(ERR_NONE, store_snapshot_at(sample.store, 0, &tt, &error));
    assert_int_equal(tt->hall_count, 0);
    timetable_unref(tt);
    EXPECT(ERR_NOT_FOUND, store_snapshot_at(sample.store, 3, &tt, &error));
    EXPECT(ERR_NOT_FOUND, store_snapshot_at(sample.store, -1, &tt, &error));
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_snapshots_come_back),
        cmocka_unit_test(a_read_only_file_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
