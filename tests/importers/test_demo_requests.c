/* The promise of the sample city: each request that is meant to be met can be, by the rule book itself and
 * tried one by one; each that is not meant to cannot. */
#include "demo_sample.h"

#include "scheduler/rules.h"

enum {
    GRID_MIN = 15,
    GRID = DAY_MINUTES / GRID_MIN,
    PEOPLE_MAX = 1000
};

/* One request against an empty book. */
struct trial {
    const struct timetable *timetable;
    const struct book *book;
    uint32_t index;
    const struct request *request;
    const struct course *course;
    struct placement at;
    uint32_t people[PEOPLE_MAX]; /* qualified */
    size_t people_count;
};

static struct trial trial_make(const struct timetable *timetable, const struct book *book, uint32_t index)
{
    struct trial trial = {
        .timetable = timetable, .book = book, .index = index, .request = &timetable->requests[index]};
    trial.course = &timetable->courses[trial.request->course];
    trial.at =
        (struct placement){.course = trial.request->course,
                           .instructor_count = 1,
                           .minutes = trial.course->minutes,
                           .setup_min = trial.course->setup_min,
                           .clear_min = trial.course->clear_min,
                           .request = index,
                           .heads = trial.request->heads > 0 ? trial.request->heads : trial.course->heads};
    for (uint32_t person = 0; person < timetable->instructor_count; person++) {
        if (timetable_qualified(timetable, person, trial.at.course)) {
            assert_true(trial.people_count < PEOPLE_MAX);
            trial.people[trial.people_count++] = person;
        }
    }
    return trial;
}

/* May the request be held in this room, by this person, at this minute? */
static bool trial_allows(struct trial *trial, int32_t day)
{
    trial->at.day = day;
    return request_allows_day(trial->timetable, trial->index, day) &&
           rules_allow(trial->book, &trial->at, NONE, NULL);
}

/* Is the room open, and the person free, by their weekly hours? Looked at first, only to save time. */
static bool room_open(const struct trial *trial, int32_t day)
{
    const struct timetable *timetable = trial->timetable;
    const struct placement *at = &trial->at;
    const struct hours *open = &timetable->halls[timetable->rooms[at->room].hall].hours;
    return hours_cover(open, day, at->start_min - at->setup_min, at->start_min + at->minutes + at->clear_min);
}

static bool person_free(const struct trial *trial, uint32_t person, int32_t day)
{
    const struct placement *at = &trial->at;
    return hours_cover(&trial->timetable->instructors[person].hours, day, at->start_min,
                       at->start_min + at->minutes);
}

/* Does a hard closure cover any of the time that the room would be taken? Saves asking for every person. */
static bool room_closed(const struct trial *trial, int32_t day)
{
    const struct placement *at = &trial->at;
    int64_t start = (int64_t)day * DAY_MINUTES + at->start_min;
    return closure_hit(trial->timetable, at->room, start - at->setup_min, start + at->minutes + at->clear_min,
                       CLOSURE_HARD) != NONE;
}

/* Tries every start and person for a room and day. */
static bool room_day_possible(struct trial *trial, uint32_t room, int32_t day)
{
    trial->at.room = room;
    for (int32_t i = 0; i < GRID; i++) {
        trial->at.start_min = i * GRID_MIN;
        if (!room_open(trial, day) || room_closed(trial, day)) {
            continue;
        }
        for (size_t j = 0; j < trial->people_count; j++) {
            trial->at.instructors[0] = trial->people[j];
            if (person_free(trial, trial->people[j], day) && trial_allows(trial, day)) {
                return true;
            }
        }
    }
    return false;
}

static bool day_possible(struct trial *trial, uint32_t hall, int32_t day)
{
    const struct hall *place = &trial->timetable->halls[hall];
    if (!request_allows_day(trial->timetable, trial->index, day)) {
        return false;
    }
    for (uint32_t i = 0; i < place->room_count; i++) {
        if (room_day_possible(trial, place->first_room + i, day)) {
            return true;
        }
    }
    return false;
}

static bool day_is_off(const struct timetable *timetable, int32_t day)
{
    return timetable_day(timetable, day).is_off;
}

/* A run of weekly meetings that no holiday and no closure touches: right by each of the three holiday rules.
 */
static bool series_from(struct trial *trial, int32_t first_day)
{
    for (int32_t i = 0; i < trial->request->sessions; i++) {
        int32_t day = first_day + 7 * i;
        if (day > trial->request->to_day || day_is_off(trial->timetable, day) || !trial_allows(trial, day)) {
            return false;
        }
    }
    return true;
}

/* Every first day of this weekday. */
static bool series_on_weekday(struct trial *trial, int32_t day)
{
    for (; day <= trial->request->to_day; day += 7) {
        if (series_from(trial, day)) {
            return true;
        }
    }
    return false;
}

static bool series_at(struct trial *trial, int32_t first_day)
{
    for (size_t i = 0; i < trial->people_count; i++) {
        trial->at.instructors[0] = trial->people[i];
        if (person_free(trial, trial->people[i], first_day) && series_on_weekday(trial, first_day)) {
            return true;
        }
    }
    return false;
}

static bool series_in_room(struct trial *trial, uint32_t room)
{
    trial->at.room = room;
    for (int32_t i = 0; i < GRID; i++) {
        trial->at.start_min = i * GRID_MIN;
        for (int32_t weekday = 0; weekday < 7; weekday++) {
            int32_t day = trial->request->from_day + weekday;
            if (room_open(trial, day) && series_at(trial, day)) {
                return true;
            }
        }
    }
    return false;
}

static bool series_in_hall(struct trial *trial, uint32_t hall)
{
    const struct hall *place = &trial->timetable->halls[hall];
    for (uint32_t i = 0; i < place->room_count; i++) {
        if (series_in_room(trial, place->first_room + i)) {
            return true;
        }
    }
    return false;
}

/* Distinct days in one hall on which the request might be held; stops at `enough`. */
static int32_t days_in_hall(struct trial *trial, uint32_t hall, int32_t enough)
{
    int32_t count = 0;
    for (int32_t day = trial->request->from_day; day <= trial->request->to_day && count < enough; day++) {
        count += day_possible(trial, hall, day) ? 1 : 0;
    }
    return count;
}

static bool request_possible(struct trial *trial)
{
    for (uint32_t hall = 0; hall < trial->timetable->hall_count; hall++) {
        if (!request_allows_hall(trial->timetable, trial->index, hall)) {
            continue;
        }
        if (trial->request->is_series
                ? series_in_hall(trial, hall)
                : days_in_hall(trial, hall, trial->request->sessions) >= trial->request->sessions) {
            return true;
        }
    }
    return false;
}

static bool request_meant(const struct request *request)
{
    assert_true(request->id[0] == DEMO_REQUEST_LETTER || request->id[0] == DEMO_UNMET_LETTER);
    return request->id[0] == DEMO_REQUEST_LETTER;
}

static void check_requests(uint64_t seed, uint32_t sessions)
{
    struct sample sample;
    struct error err;
    struct book *book = NULL;
    sample_make(&sample, seed, sessions);
    assert_int_equal(book_create(sample.timetable, true, &book, &err), ERR_NONE);
    int64_t wanted = 0;
    for (uint32_t i = 0; i < sample.timetable->request_count; i++) {
        struct trial trial = trial_make(sample.timetable, book, i);
        bool meant = request_meant(trial.request);
        wanted += meant ? trial.request->sessions : 0;
        if (request_possible(&trial) != meant) {
            fail_msg("seed %u, %u sessions: request %s should%s be possible", (unsigned)seed, sessions,
                     trial.request->id, meant ? "" : " not");
        }
    }
    assert_true(wanted >= (int64_t)sessions);
    assert_int_equal(wanted, sample.summary.sessions);
    book_destroy(book);
    sample_drop(&sample);
}

static void test_hundred(void **state)
{
    (void)state;
    check_requests(1, 100);
    check_requests(2, 100);
    check_requests(3, 100);
}

static void test_thousand(void **state)
{
    (void)state;
    check_requests(1, 1000);
    check_requests(2, 1000);
    check_requests(3, 1000);
}

static void test_ten_thousand(void **state)
{
    (void)state;
    check_requests(1, 10000);
    check_requests(2, 10000);
    check_requests(3, 10000);
}

/* Nobody is scarce: what those who teach a category could hold in a quarter is at least twice what is asked.
 */
static void check_capacity(uint64_t seed, uint32_t sessions)
{
    struct sample sample;
    sample_make(&sample, seed, sessions);
    const struct timetable *timetable = sample.timetable;
    for (uint32_t category = 0; category < timetable->category_count; category++) {
        int64_t capacity = 0;
        for (size_t i = 0; i < timetable->instructor_count; i++) {
            const struct instructor *person = &timetable->instructors[i];
            int64_t mine = 0;
            for (size_t j = 0; j < person->course_count; j++) {
                mine += timetable->courses[person->courses[j]].category == category ? 1 : 0;
            }
            /* A person's quarter is shared out over all courses that she teaches. */
            capacity += mine == 0 ? 0 : person->max_month * 3 * mine / (int64_t)person->course_count;
        }
        int64_t demand[4] = {0};
        for (size_t i = 0; i < timetable->request_count; i++) {
            const struct request *request = &timetable->requests[i];
            if (request_meant(request) && timetable->courses[request->course].category == category) {
                demand[(date_to_civil(request->from_day).month - 1) / 3] += request->sessions;
            }
        }
        for (size_t quarter = 0; quarter < 4; quarter++) {
            if (capacity < 2 * demand[quarter]) {
                fail_msg("seed %u, %u sessions, %s, quarter %zu: %lld sessions asked of %lld", (unsigned)seed,
                         sessions, timetable->categories[category].name, quarter + 1,
                         (long long)demand[quarter], (long long)capacity);
            }
        }
    }
    sample_drop(&sample);
}

static void test_capacity(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        check_capacity(seed, 100);
        check_capacity(seed, 1000);
        check_capacity(seed, 10000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hundred),
        cmocka_unit_test(test_thousand),
        cmocka_unit_test(test_ten_thousand),
        cmocka_unit_test(test_capacity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
