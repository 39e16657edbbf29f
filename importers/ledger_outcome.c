/* What became of a ledger's session: its status, its head counts, and what the remarks say. */
#include "importers/ledger_session.h"

#include <stdio.h>

static int days_count(uint64_t days)
{
    int count = 0;
    for (; days != 0; days &= days - 1) {
        count++;
    }
    return count;
}

static void remarks_read(const struct intake *intake, struct remark *ret)
{
    static const size_t COLUMNS[] = {LEDGER_NOTE, LEDGER_REASON};
    *ret = (struct remark){0};
    for (size_t i = 0; i < sizeof COLUMNS / sizeof *COLUMNS; i++) {
        struct remark remark;
        if (!intake_value(intake, COLUMNS[i])->given) {
            continue;
        }
        remark_read(intake_text(intake, COLUMNS[i]), &remark);
        ret->is_cancelled = ret->is_cancelled || remark.is_cancelled;
        ret->is_not_held = ret->is_not_held || remark.is_not_held;
        ret->is_outside = ret->is_outside || remark.is_outside;
        ret->is_postponed = ret->is_postponed || remark.is_postponed;
        ret->counts_as = ret->counts_as != 0 ? ret->counts_as : remark.counts_as;
        ret->days = ret->days != 0 ? ret->days : remark.days;
    }
}

static bool has_people(const struct intake *intake)
{
    return intake_value(intake, LEDGER_HEADS)->number > 0 ||
           intake_value(intake, LEDGER_HEADS_60)->number > 0;
}

static bool status_settle(struct intake *intake, struct ledger_draft *draft)
{
    const struct value *said = intake_value(intake, LEDGER_STATUS);
    const struct remark *remark = &draft->remark;
    draft->status = said->given ? (enum ledger_status)said->number : LEDGER_UNSAID;
    bool is_open = draft->status == LEDGER_UNSAID || draft->status == LEDGER_PLANNED;
    if (draft->status == LEDGER_HELD && (remark->is_cancelled || remark->is_not_held)) {
        intake_error(intake, LEDGER_NOTE, CODE_CONFLICT, "开展情况写“已开展”，备注却写“%s”",
                     "the status says held, the remark says \"%s\"", intake_text(intake, LEDGER_NOTE));
        return false;
    }
    if (is_open && (remark->is_cancelled || remark->is_not_held)) {
        draft->status = remark->is_cancelled ? LEDGER_CANCELLED : LEDGER_NOT_HELD;
    } else if ((is_open || draft->status == LEDGER_HELD) && remark->is_outside && draft->row.is_past) {
        draft->status = LEDGER_OUTSIDE;
    } else if (is_open && draft->row.is_past &&
               (intake_value(intake, LEDGER_HEADS)->given ||
                intake_value(intake, LEDGER_SATISFACTION)->given)) {
        draft->status = LEDGER_HELD;
    }
    bool is_off = draft->status == LEDGER_CANCELLED || draft->status == LEDGER_NOT_HELD;
    if (is_off && has_people(intake)) {
        intake_error(intake, LEDGER_HEADS, CODE_CONFLICT, "写明取消或未开展，却有人数“%s”；请删去其中一项",
                     "said to be cancelled or not held, yet with %s people; drop one of the two",
                     sheet_text(intake->sheet, intake->row, intake->header->columns[LEDGER_HEADS]));
        return false;
    }
    bool is_fact =
        draft->status == LEDGER_HELD || draft->status == LEDGER_NOT_HELD || draft->status == LEDGER_OUTSIDE;
    if (is_fact && !draft->row.is_past) {
        intake_error(intake, LEDGER_DATE, CODE_CONFLICT, "日期在今天之后，不能登记为已开展或未开展",
                     "the day is yet to come; it cannot have been held or not held", NULL);
        return false;
    }
    return true;
}

/* 算2场 and (2天) against the days that the date names. */
static bool counts_settle(struct intake *intake, struct ledger_draft *draft)
{
    const struct value *said = intake_value(intake, LEDGER_COUNTS_AS);
    int32_t counts = said->given ? (int32_t)said->number : draft->remark.counts_as;
    int days = days_count(draft->days);
    size_t column = intake_has(intake, LEDGER_DATE) ? LEDGER_DATE : LEDGER_TIME;
    char shown[16];
    if (draft->remark.days > 1) {
        (void)snprintf(shown, sizeof shown, "%d", draft->remark.days);
    }
    if (draft->remark.days > 1 && days > 1 && draft->remark.days != days) {
        intake_error(intake, column, CODE_CONFLICT, "写明 %s 天，与日期的天数不一致",
                     "said to take %s days, but the date has others", shown);
        return false;
    }
    if (draft->remark.days > 1 && days == 1 && counts == 0) {
        intake_error(
            intake, column, CODE_CONFLICT,
            "写明 %s 天，日期却只有一天；请写成“4月25-26日”，或在备注写“算1场”“算2场”",
            "said to take %s days, but the date is one; write 4月25-26日, or 算1场 or 算2场 as the remark",
            shown);
        return false;
    }
    if (counts > 100 || (days > 1 && counts % days != 0)) {
        (void)snprintf(shown, sizeof shown, "%d", counts);
        intake_error(intake, said->given ? LEDGER_COUNTS_AS : LEDGER_NOTE, CODE_CONFLICT,
                     "算 %s 场，与日期的天数对不上；请每天写一行",
                     "%s sessions do not fit the days; write one row a day", shown);
        return false;
    }
    draft->row.counts_as = counts == 0 ? 0 : counts / days;
    return true;
}

static const char *reason_text(const struct intake *intake)
{
    return intake_value(intake, LEDGER_REASON)->given ? intake_text(intake, LEDGER_REASON)
                                                      : intake_text(intake, LEDGER_NOTE);
}

static bool attendance_settle(struct intake *intake, struct ledger_draft *draft)
{
    static const enum held_state HELD[] = {
        [LEDGER_HELD] = HELD_YES, [LEDGER_NOT_HELD] = HELD_NO, [LEDGER_OUTSIDE] = HELD_OUTSIDE};
    const struct value *heads = intake_value(intake, LEDGER_HEADS);
    const struct value *older = intake_value(intake, LEDGER_HEADS_60);
    const struct value *satisfaction = intake_value(intake, LEDGER_SATISFACTION);
    struct ledger_row *row = &draft->row;
    if (older->given && heads->given && older->number > heads->number) {
        intake_error(intake, LEDGER_HEADS_60, CODE_RANGE, "60岁以上人数多于总人数",
                     "more people of 60 and more than people", NULL);
        return false;
    }
    row->attended = row->attended_60 = row->satisfaction = -1;
    row->has_attendance = draft->status >= LEDGER_HELD && draft->status <= LEDGER_OUTSIDE;
    if (!row->has_attendance) {
        return true;
    }
    row->held = HELD[draft->status];
    if (row->held != HELD_NO) {
        row->attended = heads->given ? (int32_t)heads->number : -1;
        row->attended_60 = older->given && heads->given ? (int32_t)older->number : -1;
        row->satisfaction = satisfaction->given ? (int32_t)satisfaction->number : -1;
    }
    row->attendance_note = intake_value(intake, LEDGER_NOTE)->given ? intake_text(intake, LEDGER_NOTE) : NULL;
    row->attendance_reason = row->held == HELD_YES ? NULL : reason_text(intake);
    row->attendance_note = row->attendance_reason == row->attendance_note ? NULL : row->attendance_note;
    if (row->held != HELD_YES && row->attendance_reason[0] == '\0') {
        intake_error(intake, intake_has(intake, LEDGER_REASON) ? LEDGER_REASON : LEDGER_NOTE, CODE_MISSING,
                     "未开展或改在礼堂外的，要写原因", "not held or moved outside needs a reason", NULL);
        return false;
    }
    return true;
}

bool ledger_outcome(struct intake *intake, struct ledger_draft *draft)
{
    struct remark named = draft->remark; /* of the course's name */
    remarks_read(intake, &draft->remark);
    draft->remark.days = draft->remark.days != 0 ? draft->remark.days : named.days;
    draft->remark.counts_as = draft->remark.counts_as != 0 ? draft->remark.counts_as : named.counts_as;
    draft->remark.is_cancelled = draft->remark.is_cancelled || named.is_cancelled;
    if (!status_settle(intake, draft) || !counts_settle(intake, draft) || !attendance_settle(intake, draft)) {
        return false;
    }
    struct ledger_row *row = &draft->row;
    row->status = draft->status == LEDGER_CANCELLED   ? SESSION_CANCELLED
                  : draft->status == LEDGER_TENTATIVE ? SESSION_TENTATIVE
                                                      : SESSION_CONFIRMED;
    row->cancel_reason = row->status == SESSION_CANCELLED ? reason_text(intake) : NULL;
    const struct value *heads = intake_value(intake, LEDGER_HEADS);
    row->heads = !row->is_past && heads->given ? (int32_t)heads->number : -1;
    row->note =
        !row->is_past && intake_value(intake, LEDGER_NOTE)->given ? intake_text(intake, LEDGER_NOTE) : NULL;
    if (draft->remark.is_postponed) {
        intake_warn(intake, LEDGER_NOTE, CODE_ASSUMED, "备注写“%s”；按“日期”列登记，请核对",
                    "the remark says \"%s\"; the date column counts, please check",
                    intake_text(intake, LEDGER_NOTE));
    }
    if (row->is_past && draft->status == LEDGER_UNSAID && intake_has(intake, LEDGER_HEADS) &&
        !intake_filled(intake, LEDGER_HEADS)) {
        intake_warn(intake, LEDGER_HEADS, CODE_ASSUMED,
                    "没有人数，也没说是否开展：只登记场次，未登记开展情况",
                    "no head count and no outcome: the session is recorded, its outcome is not", NULL);
    }
    return true;
}
