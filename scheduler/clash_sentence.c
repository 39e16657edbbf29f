/* What a clash says to a coordinator: who, where, when and by how much, in Chinese and in English. */
#include "base/date.h"
#include "scheduler/clash_words.h"
#include "scheduler/rules_private.h"

struct telling {
    struct words words;
    const struct clash *clash;
    const struct placement *subject, *other; /* of the clash */
};

typedef void tell_function(const struct telling *tell);

/* ---- one session ---- */

static void instructors_add(const struct words *words, const struct placement *placement)
{
    words_say(words, "（", " (");
    if (placement->instructor_count == 0) {
        words_say(words, "讲师待定", "no instructor yet");
    }
    for (uint8_t i = 0; i < placement->instructor_count && i < LIMIT_SESSION_INSTRUCTORS; i++) {
        if (i > 0) {
            words_say(words, "、", ", ");
        }
        words_instructor(words, placement->instructors[i]);
    }
    words_say(words, "）", ")");
}

static void session_add(const struct words *words, const struct placement *placement)
{
    words_day(words, placement->day);
    text_add(words->out, " ");
    words_minutes(words, placement->start_min, placement->start_min + placement->minutes);
    text_add(words->out, " ");
    words_room(words, placement->room);
    words_say(words, "", " ");
    words_course(words, placement->course);
    instructors_add(words, placement);
    if (placement->session_id > 0) {
        words_say(words, "[场次 ", " [session ");
        words_number(words, placement->session_id);
        text_add(words->out, "]");
    } else {
        words_say(words, "[新场次]", " [new session]");
    }
}

void placement_sentence(const struct timetable *timetable, const struct placement *placement, bool chinese,
                        struct text *out)
{
    const struct words words = {timetable, chinese, out};
    session_add(&words, placement);
}

/* ---- what two sessions share ---- */

static void shared_span_add(const struct words *words, int64_t from_a, int64_t to_a, int64_t from_b,
                            int64_t to_b)
{
    words_span(words, from_a > from_b ? from_a : from_b, to_a < to_b ? to_a : to_b);
}

static void taught_together_add(const struct telling *tell)
{
    shared_span_add(&tell->words, placement_start(tell->subject), placement_end(tell->subject),
                    placement_start(tell->other), placement_end(tell->other));
}

static uint32_t hall_of(const struct telling *tell, const struct placement *placement)
{
    const struct timetable *timetable = tell->words.timetable;
    return placement->room < timetable->room_count ? timetable->rooms[placement->room].hall : (uint32_t)NONE;
}

/* ---- rooms ---- */

static void tell_room_overlap(const struct telling *tell)
{
    const struct words *words = &tell->words;
    const struct placement *a = tell->subject;
    const struct placement *b = tell->other;
    words_say(words, "", "both need ");
    if (a->room == b->room) {
        words_room(words, a->room);
    } else {
        words_hall(words, hall_of(tell, a));
    }
    words_gap(words);
    shared_span_add(words, placement_taken_from(a), placement_taken_to(a), placement_taken_from(b),
                    placement_taken_to(b));
    words_say(words, " 两场都要占用（含布置、清场）", ", set-up and clear-up included");
    if (a->room != b->room) {
        words_say(words, "，其中一场占用整个礼堂", "; one of them takes the whole hall");
    }
}

/* "婚宴，来源：村委会" */
static void reason_add(const struct words *words, const char *reason, const char *source)
{
    bool has_reason = reason != NULL && *reason != '\0';
    words_say(words, "，原因：", "; reason: ");
    text_add(words->out, has_reason ? reason : words->chinese ? "未注明" : "not given");
    if (source != NULL && *source != '\0') {
        words_say(words, "，来源：", "; source: ");
        text_add(words->out, source);
    }
}

static void closure_target_add(const struct words *words, const struct closure *closure)
{
    const struct timetable *timetable = words->timetable;
    switch (closure->scope) {
    case CLOSURE_ROOM:
        words_room(words, closure->target);
        break;
    case CLOSURE_HALL:
        words_hall(words, closure->target);
        break;
    case CLOSURE_AREA:
    default:
        words_say(words, "", "every hall of ");
        text_add(words->out,
                 closure->target < timetable->area_count ? timetable->areas[closure->target].name : "?");
        words_say(words, "全部礼堂", "");
        break;
    }
}

/* "2026-05-10 至 2026-05-14 每天 08:00–12:00"; no minutes for whole days. */
static void days_minutes_add(const struct words *words, int32_t from_day, int32_t to_day, int32_t from_min,
                             int32_t to_min)
{
    words_days(words, from_day, to_day);
    if (from_min > 0 || to_min < DAY_MINUTES) {
        words_say(words, from_day < to_day ? " 每天 " : " ", from_day < to_day ? " daily " : " ");
        words_minutes(words, from_min, to_min);
    }
}

static void closure_add(const struct words *words, const struct closure *closure)
{
    closure_target_add(words, closure);
    words_gap(words);
    words_say(words, "", "is closed ");
    days_minutes_add(words, closure->from_day, closure->to_day, closure->from_min, closure->to_min);
    if (closure->has_rule && words->chinese) {
        words_say(words, "（", "");
        day_rule_zh(&closure->rule, words->out);
        words_say(words, "）", "");
    } else if (closure->has_rule) {
        words_say(words, "", " (");
        day_rule_format(&closure->rule, words->out);
        words_say(words, "", ")");
    }
    if (words->chinese) {
        words_gap(words);
        text_add(words->out, "停用");
    }
    reason_add(words, closure->reason, closure->source);
}

/* "2026-01-01 至 2026-04-30，不含 2026-05-12" */
static void validity_add(const struct telling *tell, int32_t from_day, int32_t to_day)
{
    words_days(&tell->words, from_day, to_day);
    words_say(&tell->words, "，不含 ", ", not on ");
    words_day(&tell->words, tell->subject->day);
}

static void tell_closure(const struct telling *tell)
{
    const struct words *words = &tell->words;
    const struct timetable *timetable = words->timetable;
    uint32_t hall = hall_of(tell, tell->subject);
    if (tell->clash->party == PARTY_CLOSURE && tell->clash->other_index < timetable->closure_count) {
        closure_add(words, &timetable->closures[tell->clash->other_index]);
    } else if (hall != NONE) {
        words_hall(words, hall);
        words_say(words, "的启用期：", " is in use ");
        validity_add(tell, timetable->halls[hall].valid_from, timetable->halls[hall].valid_to);
    }
}

/* "周二开放 08:00–11:30、13:30–17:00", "周六不开放" */
static void weekday_hours_add(const struct words *words, const struct hours *hours, int32_t day,
                              const char *zh, const char *en)
{
    words_say(words, "", " on ");
    words_weekday(words, day);
    if (words_has_hours(hours, day)) {
        words_say(words, zh, " is ");
        words_say(words, " ", en);
        words_say(words, "", " ");
        words_hours(words, hours, day);
    } else {
        words_say(words, "不", " is not ");
        words_say(words, zh, en);
    }
}

static void tell_opening(const struct telling *tell)
{
    const struct words *words = &tell->words;
    const struct placement *at = tell->subject;
    uint32_t hall = hall_of(tell, at);
    words_say(words, "连同布置、清场占用 ", "with set-up and clear-up it takes ");
    words_minutes(words, at->start_min - at->setup_min, at->start_min + at->minutes + at->clear_min);
    words_say(words, "，", "; ");
    words_hall(words, hall);
    if (hall != NONE) {
        weekday_hours_add(words, &words->timetable->halls[hall].hours, at->day, "开放", "open");
    }
}

static void tell_facilities(const struct telling *tell)
{
    const struct words *words = &tell->words;
    const struct timetable *timetable = words->timetable;
    const struct placement *at = tell->subject;
    words_room(words, at->room);
    words_say(words, "缺少：", " lacks: ");
    if (at->course >= timetable->course_count || at->room >= timetable->room_count) {
        return;
    }
    uint64_t missing = timetable->courses[at->course].facilities & ~timetable->rooms[at->room].facilities;
    bool is_first = true;
    for (size_t i = 0; i < timetable->facilities.count && i < LIMIT_FACILITIES; i++) {
        if ((missing & (UINT64_C(1) << i)) != 0) {
            text_add(words->out, is_first ? "" : words->chinese ? "、" : ", ");
            text_add(words->out, timetable->facilities.items[i]);
            is_first = false;
        }
    }
}

static void tell_capacity(const struct telling *tell)
{
    const struct words *words = &tell->words;
    words_say(words, "预计 ", "");
    words_number(words, tell->clash->count);
    words_say(words, " 人，", " people expected, ");
    words_room(words, tell->subject->room);
    words_say(words, "最多容纳 ", " holds ");
    words_number(words, tell->clash->limit);
    words_say(words, " 人", "");
}

/* ---- instructors ---- */

static void tell_instructor_overlap(const struct telling *tell)
{
    words_instructor(&tell->words, tell->clash->instructor);
    words_say(&tell->words, " ", " has both at ");
    taught_together_add(tell);
    words_say(&tell->words, " 同时有两场", "");
}

static void tell_travel(const struct telling *tell)
{
    const struct words *words = &tell->words;
    bool other_first = placement_start(tell->other) < placement_start(tell->subject);
    const struct placement *from = other_first ? tell->other : tell->subject;
    const struct placement *to = other_first ? tell->subject : tell->other;
    words_instructor(words, tell->clash->instructor);
    words_say(words, "从", " needs ");
    if (!words->chinese) {
        text_addf(words->out, "%lld minutes from ", (long long)tell->clash->count);
    }
    words_hall(words, hall_of(tell, from));
    words_say(words, "到", " to ");
    words_hall(words, hall_of(tell, to));
    if (words->chinese) {
        text_addf(words->out, "路上需 %lld 分钟，两场之间只有 %lld 分钟", (long long)tell->clash->count,
                  (long long)tell->clash->limit);
    } else {
        text_addf(words->out, "; there are %lld between the two", (long long)tell->clash->limit);
    }
}

static void tell_qualification(const struct telling *tell)
{
    words_instructor(&tell->words, tell->clash->instructor);
    words_say(&tell->words, "没有", " is not qualified for ");
    words_course(&tell->words, tell->subject->course);
    words_say(&tell->words, "的授课资格", "");
}

static void tell_absence(const struct telling *tell)
{
    const struct words *words = &tell->words;
    const struct timetable *timetable = words->timetable;
    uint32_t person = tell->clash->instructor;
    words_instructor(words, person);
    if (tell->clash->party == PARTY_ABSENCE && tell->clash->other_index < timetable->absence_count) {
        const struct absence *absence = &timetable->absences[tell->clash->other_index];
        words_say(words, " ", " is absent ");
        days_minutes_add(words, absence->from_day, absence->to_day, absence->from_min, absence->to_min);
        words_say(words, " 请假", "");
        reason_add(words, absence->reason, NULL);
    } else if (person < timetable->instructor_count) {
        words_say(words, "的聘任期：", " is engaged ");
        validity_add(tell, timetable->instructors[person].valid_from,
                     timetable->instructors[person].valid_to);
    }
}

static void tell_availability(const struct telling *tell)
{
    const struct words *words = &tell->words;
    uint32_t person = tell->clash->instructor;
    words_instructor(words, person);
    if (person < words->timetable->instructor_count) {
        weekday_hours_add(words, &words->timetable->instructors[person].hours, tell->subject->day, "可授课",
                          "available");
    }
}

/* ---- counts ---- */

static void period_add(const struct telling *tell)
{
    const struct words *words = &tell->words;
    struct civil civil = date_to_civil(tell->subject->day);
    int32_t from_day = tell->subject->day;
    int32_t to_day = from_day + 1;
    (void)count_period(tell->clash->rule, tell->subject->day, &from_day, &to_day);
    if (to_day - from_day <= 7) {
        bool is_week = to_day - from_day == 7;
        words_days(words, from_day, to_day - 1);
        words_say(words, is_week ? "（一周）" : " 当天", is_week ? " (week)" : "");
    } else if (to_day - from_day <= 31) {
        text_addf(words->out, words->chinese ? "%d 年 %d 月" : "%d-%02d", (int)civil.year, (int)civil.month);
    } else {
        text_addf(words->out, words->chinese ? "%d 年" : "%d", (int)civil.year);
    }
}

/* "第 4 场，上限 3 场" */
static void figures_add(const struct telling *tell)
{
    const struct words *words = &tell->words;
    if (words->chinese) {
        text_addf(words->out, "第 %lld 场，上限 %lld 场", (long long)tell->clash->count,
                  (long long)tell->clash->limit);
    } else {
        text_addf(words->out, "session no. %lld, the limit is %lld", (long long)tell->clash->count,
                  (long long)tell->clash->limit);
    }
}

static void tell_cap(const struct telling *tell)
{
    words_instructor(&tell->words, tell->clash->instructor);
    words_gap(&tell->words);
    period_add(tell);
    words_say(&tell->words, "的", ": ");
    figures_add(tell);
}

static void tell_supply(const struct telling *tell)
{
    words_course(&tell->words, tell->subject->course);
    words_gap(&tell->words);
    period_add(tell);
    words_say(&tell->words, "全市的", " in the whole city: ");
    figures_add(tell);
}

static void tell_hall_quota(const struct telling *tell)
{
    words_course(&tell->words, tell->subject->course);
    words_gap(&tell->words);
    period_add(tell);
    words_say(&tell->words, "在", " in ");
    words_hall(&tell->words, hall_of(tell, tell->subject));
    words_say(&tell->words, "的", ": ");
    figures_add(tell);
}

/* ---- series, audience, change ---- */

static void difference_start(const struct telling *tell, bool *is_first)
{
    if (!*is_first) {
        words_say(&tell->words, "，", ", ");
    }
    *is_first = false;
}

static void tell_series(const struct telling *tell)
{
    const struct words *words = &tell->words;
    const struct placement *a = tell->subject;
    const struct placement *b = tell->other;
    unsigned difference = series_difference(a, b);
    bool is_first = true;
    if ((difference & SERIES_WEEKDAY) != 0) {
        difference_start(tell, &is_first);
        words_say(words, "星期不同（", "weekday (");
        words_weekday(words, a->day);
        words_say(words, "、", ", ");
        words_weekday(words, b->day);
        words_say(words, "）", ")");
    }
    if ((difference & (SERIES_START | SERIES_MINUTES)) != 0) {
        difference_start(tell, &is_first);
        words_say(words, "时间不同（", "time (");
        words_minutes(words, a->start_min, a->start_min + a->minutes);
        words_say(words, "、", ", ");
        words_minutes(words, b->start_min, b->start_min + b->minutes);
        words_say(words, "）", ")");
    }
    if ((difference & SERIES_ROOM) != 0) {
        difference_start(tell, &is_first);
        words_say(words, "场地不同", "room");
    }
    if ((difference & SERIES_INSTRUCTORS) != 0) {
        difference_start(tell, &is_first);
        words_say(words, "讲师不同", "instructor");
    }
    words_say(words, "", " differs");
}

static void tell_audience(const struct telling *tell)
{
    const struct words *words = &tell->words;
    const struct timetable *timetable = words->timetable;
    uint32_t hall = hall_of(tell, tell->subject);
    uint32_t audience = tell->subject->course < timetable->course_count
                            ? timetable->courses[tell->subject->course].audience
                            : (uint32_t)NONE;
    const char *who = audience < timetable->audiences.count ? timetable->audiences.items[audience] : "?";
    bool has_area = hall != NONE && timetable->halls[hall].area < timetable->area_count;
    const char *where = has_area ? timetable->areas[timetable->halls[hall].area].name : "?";
    text_addf(words->out, words->chinese ? "%s的%s " : "%s, %s: ", where, who);
    taught_together_add(tell);
    words_say(words, " 同时有两场", " is in both");
}

static void tell_change(const struct telling *tell)
{
    const struct words *words = &tell->words;
    if (tell->clash->party == PARTY_SESSION) {
        words_say(words, "不能改为 ", "it cannot become ");
        session_add(words, tell->other);
    } else {
        words_say(words, "不能取消", "it cannot be cancelled");
    }
    if (tell->clash->rule == RULE_PINNED) {
        words_say(words, "，请先解除锁定", "; unpin it first");
    }
}

/* ---- the sentence ---- */

static tell_function *const TELLS[RULE_COUNT] = {
    [RULE_ROOM_OVERLAP] = tell_room_overlap,
    [RULE_INSTRUCTOR_OVERLAP] = tell_instructor_overlap,
    [RULE_TRAVEL] = tell_travel,
    [RULE_QUALIFICATION] = tell_qualification,
    [RULE_ABSENCE] = tell_absence,
    [RULE_AVAILABILITY] = tell_availability,
    [RULE_CLOSURE] = tell_closure,
    [RULE_OPENING] = tell_opening,
    [RULE_FACILITIES] = tell_facilities,
    [RULE_CAPACITY] = tell_capacity,
    [RULE_CAP_DAY] = tell_cap,
    [RULE_CAP_WEEK] = tell_cap,
    [RULE_CAP_MONTH] = tell_cap,
    [RULE_CAP_YEAR] = tell_cap,
    [RULE_SERIES] = tell_series,
    [RULE_AUDIENCE] = tell_audience,
    [RULE_SUPPLY] = tell_supply,
    [RULE_HALL_QUOTA] = tell_hall_quota,
    [RULE_PINNED] = tell_change,
    [RULE_HELD] = tell_change,
};

/* "A 与 B 场地时间重叠：…。" A change has one party in two places: its new one stands in the detail. */
void clash_sentence(const struct timetable *timetable, const struct clash *clash, bool chinese,
                    struct text *out)
{
    const struct telling tell = {{timetable, chinese, out}, clash, &clash->subject, &clash->other};
    if (clash->rule >= RULE_COUNT) {
        return;
    }
    session_add(&tell.words, &clash->subject);
    if (clash->party == PARTY_SESSION && TELLS[clash->rule] != tell_change) {
        words_say(&tell.words, " 与 ", " and ");
        session_add(&tell.words, &clash->other);
    }
    words_say(&tell.words, " ", ": ");
    text_add(out, rule_title(clash->rule, chinese));
    words_say(&tell.words, "：", ": ");
    TELLS[clash->rule](&tell);
    if (clash->overridden) {
        words_say(&tell.words, "（已特批）", " (exception granted)");
    }
    words_say(&tell.words, "。", ".");
}

enum error_code clash_internal(const struct timetable *timetable, const struct clash *clash, const char *who,
                               struct error *err)
{
    struct text zh;
    struct text en;
    text_init(&zh, ERROR_TEXT_MAX);
    text_init(&en, ERROR_TEXT_MAX);
    clash_sentence(timetable, clash, true, &zh);
    clash_sentence(timetable, clash, false, &en);
    (void)error_set(err, ERR_INTERNAL, "%s: %s (%s)", who, text_string(&zh), text_string(&en));
    text_finish(&zh);
    text_finish(&en);
    return ERR_INTERNAL;
}
