/* Several days in a cell that begins a window: closures, absences, requests. See intake.h. */
#include "base/date.h"
#include "importers/intake.h"

bool intake_days_spread(struct intake *intake, size_t from, size_t to)
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
