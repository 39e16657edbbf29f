/* When a ledger's row was: its days, its start and its length, from whichever columns say so. */
#include "base/date.h"
#include "importers/ledger_session.h"

#include <string.h>

enum {
    /* Earlier starts are taken for an afternoon that lacks its word. */
    EARLIEST_START_MIN = 360,
    WHOLE_DAY_MINUTES = 420
};

static void part_set(struct ledger_draft *draft, int32_t from_min, int32_t to_min)
{
    draft->row.start_min = time_usual_start(from_min, to_min);
    draft->has_start = draft->row.start_min >= 0;
    draft->is_part = draft->has_start;
    draft->earliest_min = from_min;
    draft->latest_min = to_min;
    if (to_min - from_min == DAY_MINUTES) {
        draft->row.minutes = WHOLE_DAY_MINUTES;
        draft->has_end = true;
    }
}

static void span_set(struct ledger_draft *draft, int32_t from_min, int32_t to_min, bool is_part)
{
    if (is_part) {
        part_set(draft, from_min, to_min);
        return;
    }
    draft->row.start_min = from_min;
    draft->has_start = true;
    if (to_min >= 0) {
        draft->row.minutes = to_min - from_min;
        draft->has_end = true;
    }
}

static bool day_set(struct intake *intake, struct ledger_draft *draft)
{
    const struct value *date = intake_value(intake, LEDGER_DATE);
    const struct value *time = intake_value(intake, LEDGER_TIME);
    bool is_in_time = time->given && time->days != 0;
    if (!date->given && !is_in_time) {
        size_t column = intake_has(intake, LEDGER_DATE) ? LEDGER_DATE : LEDGER_TIME;
        if (!intake_filled(intake, column) || (column == LEDGER_TIME && time->given)) {
            intake_error(intake, column, CODE_MISSING, "要写日期", "the date is needed", NULL);
        }
        return false;
    }
    if (date->given && is_in_time && (date->number != time->number || date->days != time->days)) {
        intake_error(intake, LEDGER_TIME, CODE_CONFLICT, "“%s”与“日期”列不一致",
                     "\"%s\" differs from the date column",
                     sheet_text(intake->sheet, intake->row, intake->header->columns[LEDGER_TIME]));
        return false;
    }
    const struct value *from = date->given ? date : time;
    draft->row.day = (int32_t)from->number;
    draft->days = from->days;
    const struct value *timed = time->given && time->days != 0 && time->from_min >= 0 ? time : from;
    if (timed->from_min >= 0) {
        span_set(draft, timed->from_min, timed->to_min, (timed->how & HOW_PART) != 0);
    }
    return true;
}

static bool start_check(struct intake *intake, const struct ledger_draft *draft, size_t column)
{
    if (!draft->has_start || draft->is_part || draft->row.start_min >= EARLIEST_START_MIN) {
        return true;
    }
    const char *text = sheet_text(intake->sheet, intake->row, intake->header->columns[column]);
    if (strstr(text, "凌晨") != NULL) {
        return true;
    }
    intake_error(intake, column, CODE_TIME, "“%s”是凌晨；若是下午请写“下午2:30”或 14:30",
                 "\"%s\" is at night; write 14:30 if the afternoon is meant", text);
    return false;
}

static bool end_set(struct intake *intake, struct ledger_draft *draft)
{
    const struct value *end = intake_value(intake, LEDGER_END);
    const struct value *minutes = intake_value(intake, LEDGER_MINUTES);
    const struct value *lessons = intake_value(intake, LEDGER_LESSONS);
    if (end->given && draft->has_start && !draft->is_part) {
        int32_t last = (int32_t)(end->number_to >= 0 ? end->number_to : end->number);
        draft->row.minutes = last - draft->row.start_min;
        draft->has_end = true;
    } else if (!draft->has_end && (minutes->given || lessons->given)) {
        draft->row.minutes = (int32_t)(minutes->given ? minutes->number : lessons->number);
        draft->has_end = true;
    }
    if (draft->has_end && (draft->row.minutes <= 0 || draft->row.minutes > LIMIT_SESSION_MINUTES)) {
        intake_error(intake, end->given ? LEDGER_END : LEDGER_TIME, CODE_ORDER, "结束时间不晚于开始时间",
                     "the end is not after the start", NULL);
        return false;
    }
    return true;
}

bool ledger_when(struct intake *intake, struct ledger_draft *draft)
{
    const struct value *start = intake_value(intake, LEDGER_START);
    const struct value *time = intake_value(intake, LEDGER_TIME);
    size_t column = LEDGER_DATE;
    if (!day_set(intake, draft)) {
        return false;
    }
    if (start->given) {
        span_set(draft, (int32_t)start->number, (int32_t)start->number_to, (start->how & HOW_PART) != 0);
        column = LEDGER_START;
    } else if (time->given && time->days == 0) {
        bool is_part = (time->how & HOW_PART) != 0;
        span_set(draft, (int32_t)(is_part ? time->from_min : time->number),
                 (int32_t)(is_part ? time->to_min : time->number_to), is_part);
        column = LEDGER_TIME;
    } else if (!intake_value(intake, LEDGER_DATE)->given || time->given) {
        column = LEDGER_TIME;
    }
    draft->row.is_past = draft->row.day <= intake->report->today;
    return start_check(intake, draft, column) && end_set(intake, draft);
}
