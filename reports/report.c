/* reports/report: see report.h. Adding a report: a line here. */
#include "reports/report.h"

#include "base/date.h"
#include "base/limits.h"

#include <inttypes.h>
#include <string.h>

const struct report REPORTS[] = {
    {"coverage", "覆盖率", "coverage", report_coverage},
    {"sessions", "场次与人次", "sessions and attendances", report_sessions},
    {"held", "计划与开展对照", "planned against held", report_held},
    {"load", "讲师工作量与路程", "load and travel of instructors", report_load},
    {"halls", "礼堂使用", "use of halls", report_halls},
    {"requests", "点单落实", "requests: asked, placed, missing", report_requests},
    {"refused", "未排点单及原因", "requests not placed, with reasons", report_refused},
    {"ledger", "活动台账", "ledger of sessions", report_ledger},
    {"changes", "变更记录", "change log", report_changes},
    {"equity", "均衡情况", "equity of townships", report_equity},
    {"gaps", "镇街缺少的课程类别", "categories missing in townships", report_gaps},
    {"instructor", "讲师课表", "an instructor's sessions", report_instructor_list},
    {"hall", "礼堂课表", "a hall's sessions", report_hall_list},
    {"frozen", "已上报时段", "reported periods, or one's figures", report_frozen},
    {"corrections", "更正记录", "corrections of a reported period", report_corrections},
};
const size_t REPORT_LIST_COUNT = sizeof REPORTS / sizeof REPORTS[0];

const struct report *report_find(const char *name)
{
    for (size_t i = 0; i < REPORT_LIST_COUNT; i++) {
        if (strcmp(REPORTS[i].name, name) == 0) {
            return &REPORTS[i];
        }
    }
    return NULL;
}

enum error_code report_make(const struct report *report, const struct report_query *query,
                            struct report_table *ret_table, struct error *err)
{
    *ret_table = (struct report_table){0};
    if (query->from_day < DATE_MIN || query->to_day > DATE_MAX || query->from_day > query->to_day ||
        query->to_day - query->from_day >= LIMIT_REPORT_DAYS) {
        return error_set(
            err, ERR_INPUT,
            "时段应先后有序且不超过 %d 天 (a period has a first day not after its last and at most "
            "%d days)",
            LIMIT_REPORT_DAYS, LIMIT_REPORT_DAYS);
    }
    enum error_code code = report->make(query, ret_table, err);
    return code == ERR_NONE ? report_table_status(ret_table, err) : code;
}

void report_note_scope(struct report_table *table, const struct report_query *query)
{
    const struct timetable *tt = query->timetable;
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    char as_of[DATE_TEXT_SIZE];
    date_format(query->from_day, from);
    date_format(query->to_day, to);
    date_format(query->as_of_day, as_of);
    const char *place = query->area != NONE ? tt->areas[query->area].name : tt->city_name;
    report_note(table,
                report_textf(table, "范围：%s；时段：%s 至 %s；制表日：%s；版本：%" PRId64, place, from, to,
                             as_of, tt->revision),
                report_textf(table, "%s; %s to %s; made on %s; revision %" PRId64, place, from, to, as_of,
                             tt->revision));
}

void report_note_coverage(struct report_table *table, const struct coverage *coverage)
{
    struct text zh;
    struct text en;
    text_init(&zh, LIMIT_NOTE_BYTES);
    text_init(&en, LIMIT_NOTE_BYTES);
    coverage_sentence(coverage, true, &zh);
    coverage_sentence(coverage, false, &en);
    report_note(table, text_string(&zh), text_string(&en));
    text_finish(&zh);
    text_finish(&en);
}

bool report_wants(const struct report_query *query, const struct session *session)
{
    const struct timetable *tt = query->timetable;
    uint32_t hall = tt->rooms[session->at.room].hall;
    if (session->at.day < query->from_day || session->at.day > query->to_day ||
        (query->hall != NONE && hall != query->hall) ||
        (query->area != NONE && !timetable_area_within(tt, tt->halls[hall].area, query->area))) {
        return false;
    }
    bool taught = query->instructor == NONE;
    for (uint8_t i = 0; i < session->at.instructor_count; i++) {
        taught = taught || session->at.instructors[i] == query->instructor;
    }
    return taught;
}
