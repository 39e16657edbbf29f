/* The ledger 台账 in the column order that offices use, and the printable lists of one instructor and one
 * hall: sessions in order of time. */
#include "reports/report.h"

#include "base/date.h"
#include "base/limits.h"
#include "scheduler/standing.h"

#include <stdio.h>
#include <stdlib.h>

struct entry {
    uint32_t township;
    int32_t day, start_min;
    uint32_t session;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    if (x->township != y->township) {
        return x->township < y->township ? -1 : 1;
    }
    if (x->day != y->day) {
        return x->day < y->day ? -1 : 1;
    }
    if (x->start_min != y->start_min) {
        return x->start_min < y->start_min ? -1 : 1;
    }
    return x->session < y->session ? -1 : x->session > y->session;
}

/* Sessions of the query in order; cancelled ones only when they are wanted. */
static enum error_code entries_collect(const struct report_query *query, bool by_township, bool cancelled,
                                       struct entry **ret_entries, size_t *ret_count, struct error *err)
{
    const struct timetable *tt = query->timetable;
    struct entry *entries = malloc((tt->session_count + 1) * sizeof *entries);
    size_t count = 0;
    if (entries == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (ledger: out of memory)");
    }
    for (uint32_t i = 0; i < tt->session_count; i++) {
        const struct session *session = &tt->sessions[i];
        if ((cancelled || session->status != SESSION_CANCELLED) && report_wants(query, session)) {
            uint32_t township = timetable_hall_township(tt, tt->rooms[session->at.room].hall);
            entries[count++] =
                (struct entry){by_township ? township : 0, session->at.day, session->at.start_min, i};
        }
    }
    qsort(entries, count, sizeof *entries, compare_entries);
    *ret_entries = entries;
    *ret_count = count;
    return ERR_NONE;
}

/* ---- words ---- */

/* Dates and times recur by the thousand: each is written once, the last one of a day or of a start is kept.
 */
struct moments {
    int32_t from_day;
    const char **dates; /* owned; [day - from_day] */
    const char *times[DAY_MINUTES];
    int32_t minutes[DAY_MINUTES];
};

static bool moments_make(const struct report_query *query, struct moments *moments)
{
    *moments = (struct moments){.from_day = query->from_day};
    moments->dates = calloc((size_t)(query->to_day - query->from_day) + 1, sizeof *moments->dates);
    return moments->dates != NULL;
}

static struct report_cell date_cell(struct report_table *table, struct moments *moments, int32_t day)
{
    const char **date = &moments->dates[day - moments->from_day];
    if (*date == NULL) {
        *date = report_date(table, day);
    }
    return cell_text(*date);
}

static struct report_cell time_cell(struct report_table *table, struct moments *moments,
                                    const struct placement *at)
{
    const char **time = &moments->times[at->start_min];
    if (*time == NULL || moments->minutes[at->start_min] != at->minutes) {
        char from[TIME_TEXT_SIZE];
        char to[TIME_TEXT_SIZE];
        minute_format(at->start_min, from);
        minute_format(at->start_min + at->minutes, to);
        *time = report_textf(table, "%s-%s", from, to);
        moments->minutes[at->start_min] = at->minutes;
    }
    return cell_text(*time);
}

static const char *people_words(struct report_table *table, const struct timetable *tt,
                                const struct placement *at)
{
    if (at->instructor_count == 1) {
        return tt->instructors[at->instructors[0]].name;
    }
    struct text words;
    text_init(&words, LIMIT_NOTE_BYTES);
    for (uint8_t i = 0; i < at->instructor_count; i++) {
        text_add(&words, i > 0 ? "、" : "");
        text_add(&words, tt->instructors[at->instructors[i]].name);
    }
    const char *copy = report_text(table, text_string(&words));
    text_finish(&words);
    return copy;
}

static void remark_part(struct text *out, const char *zh, const char *en, const char *why, bool english)
{
    text_add(out, out->length > 0 ? (english ? "; " : "；") : "");
    text_add(out, english ? en : zh);
    if (why != NULL && why[0] != '\0') {
        text_add(out, zh[0] == '\0' ? "" : english ? ": " : "：");
        text_add(out, why);
    }
}

/* What a reader of the line must know: cancelled, not held, outside, counts as several, the notes. */
static const char *remark_words(const struct report_query *query, struct report_table *table,
                                const struct session *session)
{
    bool english = query->english;
    struct text out;
    char times[64];
    bool plain =
        session->status != SESSION_CANCELLED && session->counts_as <= 1 && session->note == NULL &&
        (session->at.held == HELD_UNKNOWN || (session->at.held == HELD_YES && session->turnout.note == NULL));
    if (plain) {
        return NULL;
    }
    text_init(&out, (size_t)LIMIT_NOTE_BYTES * 4);
    if (session->status == SESSION_CANCELLED) {
        remark_part(&out, "已取消", "cancelled", session->cancel_reason, english);
    } else if (session->at.held == HELD_NO) {
        remark_part(&out, "未开展", "not held", session->turnout.reason, english);
    } else if (session->at.held == HELD_OUTSIDE) {
        remark_part(&out, "改在堂外", "moved outside", session->turnout.reason, english);
    }
    if (session->counts_as > 1) {
        snprintf(times, sizeof times, english ? "counts as %d" : "按%d场计", session->counts_as);
        remark_part(&out, times, times, NULL, english);
    }
    if (session->at.held != HELD_UNKNOWN && session->turnout.note != NULL) {
        remark_part(&out, "", "", session->turnout.note, english);
    }
    if (session->note != NULL) {
        remark_part(&out, "", "", session->note, english);
    }
    const char *copy = out.length > 0 ? report_text(table, text_string(&out)) : NULL;
    text_finish(&out);
    return copy;
}

static struct report_cell heads_of(const struct session *session)
{
    return cell_entered(held_took_place(session->at.held) ? session->turnout.heads : -1);
}

/* ---- the ledger ---- */

enum {
    NUMBER,
    TOWNSHIP,
    HALL,
    DATE,
    TIME,
    COURSE,
    CATEGORY,
    PEOPLE,
    HEADS,
    REMARK,
    COLUMNS
};

static const struct report_column LEDGER[COLUMNS] = {
    {.key = "number", .zh = "序号", .en = "number", .type = REPORT_COUNT},
    {.key = "township", .zh = "乡镇（街道）", .en = "township"},
    {.key = "hall", .zh = "礼堂名称", .en = "hall"},
    {.key = "date", .zh = "日期", .en = "date", .type = REPORT_DATE},
    {.key = "time", .zh = "时间", .en = "time"},
    {.key = "course", .zh = "课程名称", .en = "course"},
    {.key = "category", .zh = "类别", .en = "category"},
    {.key = "instructor", .zh = "师资", .en = "instructor"},
    {.key = "heads", .zh = "人数", .en = "heads", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "remark", .zh = "备注", .en = "remark"},
};

/* Numbers start anew with each township: each has its own ledger. */
enum error_code report_ledger(const struct report_query *query, struct report_table *table, struct error *err)
{
    const struct timetable *tt = query->timetable;
    struct moments moments;
    struct entry *entries = NULL;
    size_t count = 0;
    enum error_code code = entries_collect(query, true, false, &entries, &count, err);
    if (code != ERR_NONE) {
        return code;
    }
    if (!moments_make(query, &moments)) {
        free(entries);
        return error_set(err, ERR_MEMORY, "内存不足 (ledger: out of memory)");
    }
    report_table_init(table, "ledger", "文化礼堂社区教育活动台账", "Ledger of sessions", LEDGER, COLUMNS);
    report_note_scope(table, query);
    int64_t number = 0;
    for (size_t i = 0; i < count; i++) {
        const struct session *session = &tt->sessions[entries[i].session];
        const struct course *course = &tt->courses[session->at.course];
        number = i > 0 && entries[i].township == entries[i - 1].township ? number + 1 : 1;
        struct report_cell *row = report_row(table);
        row[NUMBER] = cell_count(number);
        row[TOWNSHIP] = cell_text(entries[i].township != NONE ? tt->areas[entries[i].township].name : NULL);
        row[HALL] = cell_text(tt->halls[tt->rooms[session->at.room].hall].name);
        row[DATE] = date_cell(table, &moments, session->at.day);
        row[TIME] = time_cell(table, &moments, &session->at);
        row[COURSE] = cell_text(course->name);
        row[CATEGORY] = cell_text(tt->categories[course->category].name);
        row[PEOPLE] = cell_text(people_words(table, tt, &session->at));
        row[HEADS] = heads_of(session);
        row[REMARK] = cell_text(remark_words(query, table, session));
    }
    free(moments.dates);
    free(entries);
    return ERR_NONE;
}

/* ---- lists to print ---- */

enum {
    L_DATE,
    L_WEEKDAY,
    L_TIME,
    L_PLACE,
    L_ROOM,
    L_COURSE,
    L_PEOPLE,
    L_EXPECTED,
    L_HEADS,
    L_REMARK,
    L_COLUMNS
};

static const struct report_column LIST[L_COLUMNS] = {
    {.key = "date", .zh = "日期", .en = "date", .type = REPORT_DATE},
    {.key = "weekday", .zh = "星期", .en = "weekday"},
    {.key = "time", .zh = "时间", .en = "time"},
    {.key = "place", .zh = "乡镇、礼堂", .en = "place"},
    {.key = "room", .zh = "场地", .en = "room"},
    {.key = "course", .zh = "课程", .en = "course"},
    {.key = "instructor", .zh = "师资", .en = "instructor"},
    {.key = "expected", .zh = "预计人数", .en = "expected", .type = REPORT_COUNT},
    {.key = "heads", .zh = "实到人数", .en = "heads", .type = REPORT_COUNT},
    {.key = "remark", .zh = "备注", .en = "remark"},
};

static const char *weekday_word(int32_t day, bool english)
{
    static const char *const ZH[] = {"一", "二", "三", "四", "五", "六", "日"};
    static const char *const EN[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    return (english ? EN : ZH)[date_weekday(day) - 1];
}

static void list_row(const struct report_query *query, const struct session *session, struct moments *moments,
                     struct report_table *table)
{
    const struct timetable *tt = query->timetable;
    const struct room *room = &tt->rooms[session->at.room];
    uint32_t township = timetable_hall_township(tt, room->hall);
    struct report_cell *row = report_row(table);
    row[L_DATE] = date_cell(table, moments, session->at.day);
    row[L_WEEKDAY] = cell_text(weekday_word(session->at.day, query->english));
    row[L_TIME] = time_cell(table, moments, &session->at);
    row[L_PLACE] = cell_text(report_textf(table, "%s %s", township != NONE ? tt->areas[township].name : "",
                                          tt->halls[room->hall].name));
    row[L_ROOM] = cell_text(room->name);
    row[L_COURSE] = cell_text(tt->courses[session->at.course].name);
    row[L_PEOPLE] = cell_text(people_words(table, tt, &session->at));
    row[L_EXPECTED] = cell_entered(session->at.heads > 0 ? session->at.heads : -1);
    row[L_HEADS] = heads_of(session);
    row[L_REMARK] = cell_text(remark_words(query, table, session));
}

/* Cancelled sessions stay on the list: who holds last week's paper must see it. */
static enum error_code list_fill(const struct report_query *query, struct report_table *table,
                                 struct error *err)
{
    struct moments moments;
    struct entry *entries = NULL;
    size_t count = 0;
    enum error_code code = entries_collect(query, false, true, &entries, &count, err);
    if (!moments_make(query, &moments)) {
        code = error_set(err, ERR_MEMORY, "内存不足 (list: out of memory)");
    }
    for (size_t i = 0; code == ERR_NONE && i < count; i++) {
        list_row(query, &query->timetable->sessions[entries[i].session], &moments, table);
    }
    free(moments.dates);
    free(entries);
    return code;
}

enum error_code report_instructor_list(const struct report_query *query, struct report_table *table,
                                       struct error *err)
{
    if (query->instructor == NONE) {
        return error_set(err, ERR_USAGE,
                         "请用 --instructor 指定讲师 (name the instructor with --instructor ID)");
    }
    const struct instructor *who = &query->timetable->instructors[query->instructor];
    report_table_init(table, "instructor", NULL, NULL, LIST, L_COLUMNS);
    table->title_zh = report_textf(table, "讲师课表：%s（%s）", who->name, who->id);
    table->title_en = report_textf(table, "Sessions of %s (%s)", who->name, who->id);
    report_note_scope(table, query);
    return list_fill(query, table, err);
}

enum error_code report_hall_list(const struct report_query *query, struct report_table *table,
                                 struct error *err)
{
    if (query->hall == NONE) {
        return error_set(err, ERR_USAGE, "请用 --hall 指定礼堂 (name the hall with --hall ID)");
    }
    const struct hall *hall = &query->timetable->halls[query->hall];
    report_table_init(table, "hall", NULL, NULL, LIST, L_COLUMNS);
    table->title_zh = report_textf(table, "礼堂课表：%s（%s）", hall->name, hall->id);
    table->title_en = report_textf(table, "Sessions at %s (%s)", hall->name, hall->id);
    report_note_scope(table, query);
    return list_fill(query, table, err);
}
