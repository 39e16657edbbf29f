/* Several days in a cell that begins a window: closures, absences, requests. See intake.h. */
#include "base/date.h"
#include "importers/intake.h"

static bool days_spread(struct intake *intake, size_t from, size_t to)
{
    const struct value *first = intake_value(intake, from);
    const struct value *last = intake_value(intake, to);
    if (!first->given || first->number_to < 0) {
        return true;
    }
    int64_t length = first->number_to - first->number + 1; /* at most DATE_DAYS_MAX */
    uint64_t without_gaps = length >= DATE_DAYS_MAX ? UINT64_MAX : (UINT64_C(1) << length) - 1;
    if (first->days != without_gaps) {
        intake_error(intake, from, CODE_DATE, "“%s”中间隔着几天；请每段写一行",
                     "\"%s\" leaves days out between; write a row for each stretch",
                     intake_cell(intake, from));
        return false;
    }
    if (last->given && last->number != first->number_to) {
        intake_error(intake, from, CODE_CONFLICT, "“%s”已写明起止，与“结束日期”不一致；请改其中一个",
                     "\"%s\" names its last day, and the column of last days another; mend one of them",
                     intake_cell(intake, from));
        return false;
    }
    if (!last->given && intake_filled(intake, to)) {
        return false; /* its fault was reported */
    }
    intake->values[to] = VALUE_NONE;
    intake->values[to].given = true;
    intake->values[to].number = first->number_to;
    return true;
}

/* "5月3日下午", "2027/5/3 18:00-21:00" */
static bool time_spread(struct intake *intake, const struct span_columns *columns)
{
    const struct value *date = intake_value(intake, columns->from);
    if (!date->given || date->from_min < 0) {
        return true;
    }
    if (intake_filled(intake, columns->time) || intake_filled(intake, columns->from_time) ||
        intake_filled(intake, columns->to_time)) {
        intake_error(intake, columns->from, CODE_CONFLICT, "“%s”里有时间，另一列也有；请只写在一处",
                     "\"%s\" holds a time and another column too; write it once",
                     intake_cell(intake, columns->from));
        return false;
    }
    if (date->to_min < 0) {
        intake_error(
            intake, columns->from, CODE_TIME, "“%s”只有开始时间；请写起止时间，例如 5月3日18:00-21:00",
            "\"%s\" has no end; write a span such as 5月3日18:00-21:00", intake_cell(intake, columns->from));
        return false;
    }
    int32_t from_min = date->from_min;
    int32_t to_min = date->to_min;
    intake->values[columns->time] = VALUE_NONE;
    intake->values[columns->time].given = true;
    intake->values[columns->time].number = from_min;
    intake->values[columns->time].number_to = to_min;
    return true;
}

bool intake_days_spread(struct intake *intake, const struct span_columns *columns)
{
    return days_spread(intake, columns->from, columns->to) && time_spread(intake, columns);
}
