/* Requests: asked, placed, held, missing, by township; and each one that is not placed, with its reason. */
#include "reports/report.h"

#include "scheduler/rules.h"
#include "scheduler/standing.h"
#include "store/refusals.h"

#include <stdlib.h>

/* What became of each request, in every day: a session may have been moved out of its window. */
struct outcome {
    int64_t asked, placed, held;
};

static enum error_code outcomes_make(const struct timetable *tt, struct outcome **ret_outcomes,
                                     struct error *err)
{
    struct outcome *outcomes = calloc(tt->request_count + 1, sizeof *outcomes);
    if (outcomes == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (requests: out of memory)");
    }
    for (size_t i = 0; i < tt->session_count; i++) {
        const struct session *session = &tt->sessions[i];
        if (session->at.request == NONE || session->status == SESSION_CANCELLED ||
            !placement_is_given(&session->at)) {
            continue;
        }
        outcomes[session->at.request].placed++;
        outcomes[session->at.request].held += held_took_place(session->at.held);
    }
    for (size_t r = 0; r < tt->request_count; r++) {
        const struct request *request = &tt->requests[r];
        struct outcome *outcome = &outcomes[r];
        /* What a skipping series leaves out on holidays is neither asked nor missing. */
        int32_t counted = outcome->placed < request->sessions ? (int32_t)outcome->placed : request->sessions;
        outcome->asked = counted + request_missing(request, counted);
    }
    *ret_outcomes = outcomes;
    return ERR_NONE;
}

static int64_t missing_of(const struct outcome *outcome)
{
    return outcome->asked > outcome->placed ? outcome->asked - outcome->placed : 0;
}

static uint32_t area_of(const struct timetable *tt, const struct request *request)
{
    return request->hall != NONE ? tt->halls[request->hall].area : request->area;
}

static bool is_wanted(const struct report_query *query, const struct request *request)
{
    const struct timetable *tt = query->timetable;
    return request->from_day <= query->to_day && request->to_day >= query->from_day &&
           (query->hall == NONE || request->hall == query->hall) &&
           (query->area == NONE || timetable_area_within(tt, area_of(tt, request), query->area));
}

/* ---- by township ---- */

enum {
    CODE,
    NAME,
    REQUESTS,
    WITHDRAWN,
    ASKED,
    PLACED,
    HELD,
    MISSING,
    RATE,
    COLUMNS
};

#define COUNT(column, word_zh, word_en)                                                                      \
    {                                                                                                        \
        .key = column, .zh = word_zh, .en = word_en, .type = REPORT_COUNT, .total = TOTAL_SUM                \
    }

static const struct report_column BY_PLACE[COLUMNS] = {
    {.key = "code", .zh = "代码", .en = "code"},
    {.key = "name", .zh = "名称", .en = "name"},
    COUNT("requests", "点单", "requests"),
    COUNT("withdrawn", "已撤回", "withdrawn"),
    COUNT("asked", "点单场次", "sessions asked"),
    COUNT("placed", "已排场次", "placed"),
    COUNT("held", "已开展", "held"),
    COUNT("missing", "未排场次", "missing"),
    {.key = "rate",
     .zh = "落实率（%）",
     .en = "placed (%)",
     .type = REPORT_PERCENT,
     .total = TOTAL_RATIO,
     .numerator = PLACED,
     .denominator = ASKED},
};

struct tally {
    int64_t cells[COLUMNS];
};

/* The request's area at the level of the groups, or the last line. */
static size_t line_of(const struct report_query *query, enum group_by by, const struct request *request)
{
    const struct timetable *tt = query->timetable;
    uint32_t area = area_of(tt, request);
    uint32_t at = by == BY_COUNTY ? tt->areas[area].county : tt->areas[area].township;
    return at != NONE ? at : tt->area_count;
}

static void tally_add(struct tally *tally, const struct request *request, const struct outcome *outcome)
{
    tally->cells[REQUESTS]++;
    tally->cells[WITHDRAWN] += request->withdrawn;
    if (!request->withdrawn) {
        tally->cells[ASKED] += outcome->asked;
        /* More than was asked is no merit: it would hide what is missing elsewhere. */
        tally->cells[PLACED] += outcome->asked - missing_of(outcome);
        tally->cells[HELD] += outcome->held;
        tally->cells[MISSING] += missing_of(outcome);
    }
}

static void tally_print(const struct tally *tally, const char *code, const char *name,
                        struct report_table *table)
{
    if (tally->cells[REQUESTS] == 0) {
        return;
    }
    struct report_cell *row = report_row(table);
    row[CODE] = cell_text(code);
    row[NAME] = cell_text(name);
    for (int c = REQUESTS; c < RATE; c++) {
        row[c] = cell_count(tally->cells[c]);
    }
    row[RATE] = cell_ratio(tally->cells[PLACED], tally->cells[ASKED]);
}

enum error_code report_requests(const struct report_query *query, struct report_table *table,
                                struct error *err)
{
    const struct timetable *tt = query->timetable;
    enum group_by by = query->by == BY_COUNTY ? BY_COUNTY : BY_TOWNSHIP;
    struct outcome *outcomes = NULL;
    struct tally *tallies = calloc(tt->area_count + 1, sizeof *tallies);
    report_table_init(table, "requests", "点单落实情况", "Requests: asked, placed, missing", BY_PLACE,
                      COLUMNS);
    if (tallies == NULL || outcomes_make(tt, &outcomes, err) != ERR_NONE) {
        free(tallies);
        return error_set(err, ERR_MEMORY, "内存不足 (requests: out of memory)");
    }
    table->chart = CHART_COLUMNS;
    table->chart_label = NAME;
    table->chart_value = RATE;
    report_note_scope(table, query);
    report_note(table, "时段内可排的点单；多排的不计入已排",
                "requests whose window touches the period; what was placed beyond the wish is left out");
    for (uint32_t r = 0; r < tt->request_count; r++) {
        if (is_wanted(query, &tt->requests[r])) {
            tally_add(&tallies[line_of(query, by, &tt->requests[r])], &tt->requests[r], &outcomes[r]);
        }
    }
    for (uint32_t a = 0; a < tt->area_count; a++) {
        tally_print(&tallies[a], tt->areas[a].id, tt->areas[a].name, table);
    }
    tally_print(&tallies[tt->area_count], "", "（无）", table);
    free(outcomes);
    free(tallies);
    return ERR_NONE;
}

/* ---- one by one ---- */

enum {
    R_ID,
    R_TOWNSHIP,
    R_HALL,
    R_COURSE,
    R_FROM,
    R_TO,
    R_ASKED,
    R_PLACED,
    R_MISSING,
    R_REASON,
    R_PLAN,
    R_COLUMNS
};

static const struct report_column REFUSED[R_COLUMNS] = {
    {.key = "request_id", .zh = "点单编号", .en = "request"},
    {.key = "township", .zh = "乡镇（街道）", .en = "township"},
    {.key = "hall", .zh = "礼堂", .en = "hall"},
    {.key = "course", .zh = "课程", .en = "course"},
    {.key = "from", .zh = "起", .en = "from", .type = REPORT_DATE},
    {.key = "to", .zh = "止", .en = "to", .type = REPORT_DATE},
    COUNT("asked", "点单场次", "asked"),
    COUNT("placed", "已排场次", "placed"),
    COUNT("missing", "未排场次", "missing"),
    {.key = "reason", .zh = "原因", .en = "reason"},
    {.key = "plan", .zh = "依据方案", .en = "according to plan"},
};

static void refused_add(const struct report_query *query, const struct request *request,
                        const struct outcome *outcome, const struct refusal_entries *refusals,
                        struct report_table *table)
{
    const struct timetable *tt = query->timetable;
    const struct refusal_entry *said = refusals_find(refusals, request->id);
    uint32_t township = tt->areas[area_of(tt, request)].township;
    struct report_cell *row = report_row(table);
    row[R_ID] = cell_text(request->id);
    row[R_TOWNSHIP] = cell_text(township != NONE ? tt->areas[township].name : NULL);
    row[R_HALL] = cell_text(request->hall != NONE ? tt->halls[request->hall].name : NULL);
    row[R_COURSE] = cell_text(tt->courses[request->course].name);
    row[R_FROM] = cell_text(report_date(table, request->from_day));
    row[R_TO] = cell_text(report_date(table, request->to_day));
    row[R_ASKED] = cell_count(outcome->asked);
    row[R_PLACED] = cell_count(outcome->placed);
    row[R_MISSING] = cell_count(missing_of(outcome));
    if (said != NULL) {
        row[R_REASON] = cell_text(report_text(table, query->english ? said->en : said->zh));
        row[R_PLAN] = cell_text(report_text(table, said->plan_name));
    } else {
        row[R_REASON] = cell_text(query->english ? "no plan has tried it yet" : "尚无方案排过此单");
    }
}

enum error_code report_refused(const struct report_query *query, struct report_table *table,
                               struct error *err)
{
    const struct timetable *tt = query->timetable;
    struct outcome *outcomes = NULL;
    struct refusal_entries refusals = {0};
    if (query->store == NULL) {
        return error_set(err, ERR_USAGE, "report refused needs the store");
    }
    report_table_init(table, "refused", "未排点单及原因", "Requests not placed, with reasons", REFUSED,
                      R_COLUMNS);
    report_note_scope(table, query);
    report_note(table, "原因取自最近一次提到该点单的方案；litang why 给出详情",
                "reasons are those of the newest plan that names the request; litang why says more");
    enum error_code code = refusals_load(query->store, &refusals, err);
    if (code == ERR_NONE) {
        code = outcomes_make(tt, &outcomes, err);
    }
    for (uint32_t r = 0; code == ERR_NONE && r < tt->request_count; r++) {
        const struct request *request = &tt->requests[r];
        if (is_wanted(query, request) && !request->withdrawn && missing_of(&outcomes[r]) > 0) {
            refused_add(query, request, &outcomes[r], &refusals, table);
        }
    }
    free(outcomes);
    refusals_finish(&refusals);
    return code;
}
