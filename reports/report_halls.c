/* Use of halls: each hall's standing, sessions, minutes in use, days, first and last day. */
#include "reports/report.h"

#include "scheduler/standing.h"

#include <stdlib.h>

enum {
    ID,
    NAME,
    COUNTY,
    TOWNSHIP,
    STANDING,
    SESSIONS,
    MEETINGS,
    HELD,
    OUTSIDE,
    MINUTES,
    DAYS,
    HEADS,
    FIRST,
    LAST,
    COLUMNS
};

#define COUNT(column, word_zh, word_en)                                                                      \
    {                                                                                                        \
        .key = column, .zh = word_zh, .en = word_en, .type = REPORT_COUNT, .total = TOTAL_SUM                \
    }

static const struct report_column HALLS[COLUMNS] = {
    {.key = "hall_id", .zh = "编号", .en = "id"},
    {.key = "hall", .zh = "礼堂", .en = "hall"},
    {.key = "county", .zh = "县（市、区）", .en = "county"},
    {.key = "township", .zh = "乡镇（街道）", .en = "township"},
    {.key = "standing", .zh = "状态", .en = "standing"},
    COUNT("sessions", "场次", "sessions"),
    COUNT("meetings", "折算场次", "counted meetings"),
    COUNT("held", "已开展", "held"),
    COUNT("outside", "其中改在堂外", "of these outside"),
    COUNT("minutes", "占用分钟（含布置清场）", "minutes taken"),
    COUNT("days", "使用天数", "days"),
    COUNT("heads", "人次", "heads"),
    {.key = "first", .zh = "首场", .en = "first", .type = REPORT_DATE},
    {.key = "last", .zh = "末场", .en = "last", .type = REPORT_DATE},
};

struct use {
    uint32_t hall;
    int32_t day;
    uint32_t session;
};

static int compare_uses(const void *a, const void *b)
{
    const struct use *x = a;
    const struct use *y = b;
    if (x->hall != y->hall) {
        return x->hall < y->hall ? -1 : 1;
    }
    return x->day < y->day ? -1 : x->day > y->day;
}

static size_t uses_collect(const struct report_query *query, struct use *uses)
{
    const struct timetable *tt = query->timetable;
    size_t count = 0;
    for (uint32_t i = 0; i < tt->session_count; i++) {
        const struct session *session = &tt->sessions[i];
        if (session->status != SESSION_CANCELLED && placement_is_given(&session->at) &&
            report_wants(query, session)) {
            uses[count++] = (struct use){tt->rooms[session->at.room].hall, session->at.day, i};
        }
    }
    qsort(uses, count, sizeof *uses, compare_uses);
    return count;
}

/* The hall itself is not in use while a session is outside it. */
static void use_fill(const struct timetable *tt, const struct use *uses, size_t count,
                     struct report_table *table, struct report_cell *row)
{
    struct session_sum sum = {0};
    int64_t minutes = 0;
    int64_t days = 0;
    int32_t last_day = INT32_MIN;
    for (size_t i = 0; i < count; i++) {
        const struct placement *at = &tt->sessions[uses[i].session].at;
        session_sum_add(&sum, &tt->sessions[uses[i].session]);
        if (placement_reaches_hall(at)) {
            minutes += at->setup_min + at->minutes + at->clear_min;
            days += uses[i].day != last_day;
            last_day = uses[i].day;
        }
    }
    row[SESSIONS] = cell_count(sum.sessions);
    row[MEETINGS] = cell_count(sum.meetings);
    row[HELD] = cell_count(sum.held);
    row[OUTSIDE] = cell_count(sum.outside);
    row[MINUTES] = cell_count(minutes);
    row[DAYS] = cell_count(days);
    row[HEADS] = cell_count(sum.heads);
    if (count > 0) {
        row[FIRST] = cell_text(report_date(table, uses[0].day));
        row[LAST] = cell_text(report_date(table, uses[count - 1].day));
    }
}

static void hall_fill(const struct report_query *query, uint32_t hall, struct report_cell *row)
{
    static const enum coverage_standing WORDS[] = {[HALL_EXEMPT] = STANDING_EXEMPT,
                                                   [HALL_CLOSED] = STANDING_CLOSED,
                                                   [HALL_NOT_IN_USE] = STANDING_NOT_IN_USE};
    const struct timetable *tt = query->timetable;
    uint32_t county = timetable_hall_county(tt, hall);
    uint32_t township = timetable_hall_township(tt, hall);
    enum hall_standing standing = hall_standing(tt, hall, query->from_day, query->to_day);
    row[ID] = cell_text(tt->halls[hall].id);
    row[NAME] = cell_text(tt->halls[hall].name);
    row[COUNTY] = cell_text(county != NONE ? tt->areas[county].name : NULL);
    row[TOWNSHIP] = cell_text(township != NONE ? tt->areas[township].name : NULL);
    row[STANDING] = cell_text(standing != HALL_COUNTS ? standing_title(WORDS[standing], !query->english)
                                                      : (query->english ? "in use" : "在用"));
}

enum error_code report_halls(const struct report_query *query, struct report_table *table, struct error *err)
{
    const struct timetable *tt = query->timetable;
    struct use *uses = malloc((tt->session_count + 1) * sizeof *uses);
    report_table_init(table, "halls", "礼堂使用情况", "Use of halls", HALLS, COLUMNS);
    if (uses == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (halls: out of memory)");
    }
    report_note_scope(table, query);
    size_t count = uses_collect(query, uses);
    size_t from = 0;
    for (uint32_t hall = 0; hall < tt->hall_count; hall++) {
        size_t to = from;
        while (to < count && uses[to].hall == hall) {
            to++;
        }
        bool wanted = (query->hall == NONE || query->hall == hall) &&
                      (query->area == NONE || timetable_area_within(tt, tt->halls[hall].area, query->area));
        if (wanted) {
            struct report_cell *row = report_row(table);
            hall_fill(query, hall, row);
            use_fill(tt, &uses[from], to - from, table, row);
        }
        from = to;
    }
    free(uses);
    return ERR_NONE;
}
