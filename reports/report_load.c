/* Load and travel of each instructor: sessions, teaching minutes, days, the way from home to the halls of a
 * day and back (scheduler/travel). */
#include "reports/report.h"

#include "base/limits.h"
#include "scheduler/standing.h"
#include "scheduler/travel.h"

#include <stdlib.h>

enum {
    ID,
    NAME,
    PROVIDER,
    SESSIONS,
    MEETINGS,
    LED,
    HELD,
    MINUTES,
    DAYS,
    TRAVEL_MIN,
    TRAVEL_KM,
    HEADS,
    COLUMNS
};

static const struct report_column LOAD[COLUMNS] = {
    {.key = "instructor_id", .zh = "编号", .en = "id"},
    {.key = "instructor", .zh = "讲师", .en = "instructor"},
    {.key = "provider", .zh = "单位", .en = "provider"},
    /* Taught by two, a session is both's: no sum. */
    {.key = "sessions", .zh = "场次", .en = "sessions", .type = REPORT_COUNT},
    {.key = "meetings", .zh = "折算场次", .en = "counted meetings", .type = REPORT_COUNT},
    {.key = "led", .zh = "主讲场次", .en = "led", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "held", .zh = "已开展", .en = "held", .type = REPORT_COUNT},
    {.key = "minutes", .zh = "授课分钟", .en = "teaching minutes", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "days", .zh = "出课天数", .en = "days", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "travel_min", .zh = "路程分钟", .en = "travel minutes", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "travel_km", .zh = "路程公里", .en = "travel km", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "heads", .zh = "人次（主讲）", .en = "heads (led)", .type = REPORT_COUNT, .total = TOTAL_SUM},
};

struct lesson {
    uint32_t instructor;
    int32_t day, start_min;
    uint32_t session;
};

static int compare_lessons(const void *a, const void *b)
{
    const struct lesson *x = a;
    const struct lesson *y = b;
    if (x->instructor != y->instructor) {
        return x->instructor < y->instructor ? -1 : 1;
    }
    if (x->day != y->day) {
        return x->day < y->day ? -1 : 1;
    }
    if (x->start_min != y->start_min) {
        return x->start_min < y->start_min ? -1 : 1;
    }
    return x->session < y->session ? -1 : x->session > y->session;
}

static bool named_before(const struct placement *at, uint8_t which)
{
    for (uint8_t i = 0; i < which; i++) {
        if (at->instructors[i] == at->instructors[which]) {
            return true;
        }
    }
    return false;
}

static size_t lessons_collect(const struct report_query *query, struct lesson *lessons)
{
    const struct timetable *tt = query->timetable;
    size_t count = 0;
    for (uint32_t i = 0; i < tt->session_count; i++) {
        const struct session *session = &tt->sessions[i];
        const struct placement *at = &session->at;
        if (session->status == SESSION_CANCELLED || !placement_is_given(at) ||
            !report_wants(query, session)) {
            continue;
        }
        for (uint8_t k = 0; k < at->instructor_count; k++) {
            bool wanted = query->instructor == NONE || query->instructor == at->instructors[k];
            if (wanted && !named_before(at, k)) {
                lessons[count++] = (struct lesson){at->instructors[k], at->day, at->start_min, i};
            }
        }
    }
    return count;
}

struct journey {
    int64_t minutes, metres, days;
};

static uint32_t hall_at(const struct timetable *tt, const struct lesson *lesson)
{
    return tt->rooms[tt->sessions[lesson->session].at.room].hall;
}

/* Home, the halls of the day in order of time, home. */
static void day_travel(const struct timetable *tt, const struct lesson *lessons, size_t count,
                       struct journey *journey)
{
    uint32_t who = lessons[0].instructor;
    uint32_t first = hall_at(tt, &lessons[0]);
    uint32_t last = hall_at(tt, &lessons[count - 1]);
    journey->minutes += travel_home_minutes(tt, who, first) + travel_home_minutes(tt, who, last);
    journey->metres += travel_home_metres(tt, who, first) + travel_home_metres(tt, who, last);
    for (size_t i = 1; i < count; i++) {
        uint32_t from = hall_at(tt, &lessons[i - 1]);
        uint32_t to = hall_at(tt, &lessons[i]);
        journey->minutes += travel_hall_minutes(tt, from, to);
        journey->metres += travel_hall_metres(tt, from, to);
    }
    journey->days++;
}

static void instructor_add(const struct timetable *tt, const struct lesson *lessons, size_t count,
                           struct report_table *table)
{
    const struct instructor *who = &tt->instructors[lessons[0].instructor];
    struct journey journey = {0};
    struct session_sum led = {0};
    int64_t minutes = 0;
    int64_t held = 0;
    int64_t meetings = 0;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && lessons[to].day == lessons[from].day; to++) {}
        day_travel(tt, &lessons[from], to - from, &journey);
    }
    for (size_t i = 0; i < count; i++) {
        const struct session *session = &tt->sessions[lessons[i].session];
        minutes += session->at.minutes;
        meetings += session->counts_as;
        held += held_took_place(session->at.held);
        if (session->at.instructors[0] == lessons[i].instructor) {
            session_sum_add(&led, session);
        }
    }
    struct report_cell *row = report_row(table);
    row[ID] = cell_text(who->id);
    row[NAME] = cell_text(who->name);
    row[PROVIDER] = cell_text(who->provider != NONE ? tt->providers[who->provider].name : NULL);
    row[SESSIONS] = cell_count((int64_t)count);
    row[MEETINGS] = cell_count(meetings);
    row[LED] = cell_count(led.sessions);
    row[HELD] = cell_count(held);
    row[MINUTES] = cell_count(minutes);
    row[DAYS] = cell_count(journey.days);
    row[TRAVEL_MIN] = cell_count(journey.minutes);
    row[TRAVEL_KM] = cell_count((journey.metres + 500) / 1000);
    row[HEADS] = cell_count(led.heads);
}

enum error_code report_load(const struct report_query *query, struct report_table *table, struct error *err)
{
    const struct timetable *tt = query->timetable;
    struct lesson *lessons = malloc((tt->session_count * LIMIT_SESSION_INSTRUCTORS + 1) * sizeof *lessons);
    report_table_init(table, "load", "讲师工作量与路程", "Load and travel of instructors", LOAD, COLUMNS);
    if (lessons == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (load: out of memory)");
    }
    table->chart = CHART_COLUMNS;
    table->chart_label = NAME;
    table->chart_value = SESSIONS;
    report_note_scope(table, query);
    report_note(table, "路程：每天从住处出发，按时间顺序到各礼堂，再回住处",
                "travel: from home to the day's halls in order of time, and home again");
    size_t count = lessons_collect(query, lessons);
    qsort(lessons, count, sizeof *lessons, compare_lessons);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && lessons[to].instructor == lessons[from].instructor; to++) {}
        instructor_add(tt, &lessons[from], to - from, table);
    }
    free(lessons);
    return ERR_NONE;
}
