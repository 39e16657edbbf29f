#include "importers/ics_series.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/vec.h"
#include "importers/ics_rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    DAY_SECONDS = 86400
};

/* One start of a series. */
struct start {
    int64_t utc_s;
    int32_t day, second; /* by the series' own clock */
    int64_t length_s;    /* of an RDATE with a period; -1: the event's */
    bool is_out;         /* by EXDATE, or moved */
};

struct expanded {
    struct ics_reading *reading;
    const struct ics_event *event;
    const struct ics_prop *prop; /* the rule that is being expanded */
    struct start *items;         /* owned; by utc_s */
    size_t count, capacity;
    int32_t from_day, last_day;
    int64_t until_s; /* of the rule that is being expanded; INT64_MAX: none */
    size_t told;     /* meetings of that rule, those before from_day too */
    bool is_too_long;
};

static int start_compare(const void *a, const void *b)
{
    const struct start *left = a;
    const struct start *right = b;
    return (left->utc_s > right->utc_s) - (left->utc_s < right->utc_s);
}

static struct ics_moment moment_at(const struct ics_event *event, int32_t day, int32_t second)
{
    struct ics_moment moment = event->start;
    moment.day = day;
    moment.second = second;
    return moment;
}

/* False past LIMIT_ICS_MEETINGS, which is reported, or without memory. */
static bool start_add(struct expanded *series, const struct ics_prop *prop, struct start start)
{
    enum error_code code = ERR_NONE;
    VEC_PUSH(code, series, start, LIMIT_ICS_MEETINGS);
    if (code == ERR_LIMIT) {
        char most[24];
        (void)snprintf(most, sizeof most, "%zu", LIMIT_ICS_MEETINGS);
        series->is_too_long = true;
        (void)ics_fault(&series->reading->notes, prop->line, ics_property_name(prop->property), CODE_LIMIT,
                        "一个系列超过 %s 次", "more than %s meetings in one series", most);
    }
    series->reading->failed = code == ERR_MEMORY ? code : series->reading->failed;
    return code == ERR_NONE;
}

/* DTSTART. */
static struct start start_of(const struct expanded *series)
{
    const struct ics_moment *start = &series->event->start;
    return (struct start){ics_moment_utc(series->reading, start), start->day, start->second, -1, false};
}

static bool rule_meeting(void *context, int32_t day, int32_t second)
{
    struct expanded *series = context;
    struct ics_moment moment = moment_at(series->event, day, second);
    struct start start = {ics_moment_utc(series->reading, &moment), day, second, -1, false};
    if (start.utc_s > series->until_s) {
        return false;
    }
    series->told++;
    return day < series->from_day || start_add(series, series->prop, start);
}

static bool rule_fault(struct expanded *series, const struct ics_prop *prop, enum ics_rule_fault fault)
{
    static const struct {
        const char *zh, *en;
    } SENTENCES[ICS_RULE_FAULT_COUNT] = {
        [ICS_RULE_SYNTAX] = {"看不懂的重复规则：%s",
                             "not a recurrence rule, or its parts do not go together: %s"},
        [ICS_RULE_SUB_DAILY] =
            {"不接受每小时、每分钟或每秒的重复：%s；停用请用起止时间表示",
             "hourly, minutely or secondly recurrence is not accepted: %s; give a span instead"},
        [ICS_RULE_CALENDAR] = {
            "不支持公历以外的重复规则：%s；农历日子请用停用表的“规则”列",
            "recurrence by another calendar is not supported: %s; use the rule column of a "
            "closure table for lunar days"}};
    return ics_fault(&series->reading->notes, prop->line, "RRULE", CODE_RULE, SENTENCES[fault].zh,
                     SENTENCES[fault].en, prop->value);
}

/* The end of a rule as an instant; a day without time counts to its end. */
static int64_t until_of(const struct expanded *series, const struct ics_rule *rule)
{
    if (!rule->has_until) {
        return INT64_MAX;
    }
    struct ics_moment until = moment_at(series->event, rule->until.day, rule->until.second);
    until.second = rule->until.has_time ? until.second : DAY_SECONDS - 1;
    if (until.frame == ICS_DATE && rule->until.has_time) {
        until.frame = ICS_LOCAL;
    }
    until.frame = rule->until.is_utc ? ICS_UTC : until.frame;
    return ics_moment_utc(series->reading, &until);
}

static bool too_costly(struct expanded *series, const struct ics_prop *prop)
{
    series->reading->failed = ERR_LIMIT;
    return ics_fault(&series->reading->notes, prop->line, ics_property_name(prop->property), CODE_LIMIT,
                     "文件里的重复规则太多、太长", "the recurrence rules of this file take too long", NULL);
}

static bool rule_expand(struct expanded *series, const struct ics_prop *prop)
{
    struct ics_reading *reading = series->reading;
    const struct ics_event *event = series->event;
    struct ics_rule rule;
    enum ics_rule_fault fault = ics_rule_parse(prop->value, &rule);
    if (fault != ICS_RULE_GOOD) {
        return rule_fault(series, prop, fault);
    }
    bool is_endless = rule.count == 0 && !rule.has_until;
    series->from_day = is_endless ? reading->today - LIMIT_ICS_PAST_DAYS : INT32_MIN;
    series->until_s = until_of(series, &rule);
    series->told = 0;
    series->prop = prop;
    size_t before = series->count;
    struct ics_rule_run run = {.day = event->start.day,
                               .second = event->start.second,
                               .last_day = series->last_day,
                               .until_day = rule.until.day + 2, /* `rule_meeting` knows exactly */
                               .budget = &reading->budget,
                               .meeting = rule_meeting,
                               .context = series};
    enum ics_rule_end end = ics_rule_expand(&rule, &run);
    if (reading->failed != ERR_NONE || series->is_too_long) {
        return false;
    }
    if (end == ICS_RULE_BUDGET) {
        return too_costly(series, prop);
    }
    if (series->told == 0 && series->until_s > ics_moment_utc(reading, &event->start)) {
        return ics_fault(&reading->notes, prop->line, "RRULE", CODE_RULE, "这条重复规则不落在任何一天：%s",
                         "this rule falls on no day at all: %s", prop->value);
    }
    if (end == ICS_RULE_WINDOW) {
        ics_note(&reading->notes, NOTE_WINDOW, prop->line);
    }
    bool has_start = series->told > series->count - before || /* those left out begin with it */
                     (series->count > before && series->items[before].day == event->start.day &&
                      series->items[before].second == event->start.second);
    if (!has_start) {
        ics_note(&reading->notes, NOTE_OFF_RULE, prop->line);
        return start_add(series, prop, start_of(series));
    }
    return true;
}

/* "start", or a period "start/end" or "start/duration". */
static bool rdate_add(struct expanded *series, const struct ics_prop *prop, char *item)
{
    struct ics_reading *reading = series->reading;
    struct ics_moment moment;
    struct ics_moment end;
    struct ics_length length;
    int64_t length_s = -1;
    char *slash = strchr(item, '/');
    if (slash != NULL) {
        *slash++ = '\0';
    }
    if (!ics_moment_read(reading, prop, item, &moment)) {
        return false;
    }
    int64_t utc_s = ics_moment_utc(reading, &moment);
    if (slash != NULL && ics_length_parse(slash, &length) && !length.is_negative) {
        length_s = (int64_t)length.days * DAY_SECONDS + length.seconds;
    } else if (slash != NULL) {
        if (!ics_moment_read(reading, prop, slash, &end)) {
            return false;
        }
        length_s = ics_moment_utc(reading, &end) - utc_s;
        if (length_s <= 0) {
            return ics_fault(&reading->notes, prop->line, "RDATE", CODE_ORDER, "时段的结束不晚于开始：%s",
                             "the period does not end after it starts: %s", slash);
        }
    }
    /* A day for a series with times: at the series' time. */
    if (moment.frame == ICS_DATE && series->event->start.frame != ICS_DATE) {
        moment = moment_at(series->event, moment.day, series->event->start.second);
        utc_s = ics_moment_utc(reading, &moment);
    }
    return start_add(series, prop, (struct start){utc_s, moment.day, moment.second, length_s, false});
}

static bool rdates_add(struct expanded *series, const struct ics_prop *prop)
{
    const char *at = prop->value;
    char item[80];
    while (ics_item_next(&at, item, sizeof item)) {
        if (!rdate_add(series, prop, item)) {
            return false;
        }
    }
    return true;
}

static void sort_unique(struct expanded *series)
{
    size_t kept = 0;
    if (series->count > 1) {
        qsort(series->items, series->count, sizeof *series->items, start_compare);
    }
    for (size_t i = 0; i < series->count; i++) {
        if (kept == 0 || series->items[kept - 1].utc_s != series->items[i].utc_s) {
            series->items[kept++] = series->items[i];
        }
    }
    series->count = kept;
}

/* The start that a RECURRENCE-ID or EXDATE names: by instant; a day names the meeting of that day; and where
 * the series has no zone, by what the clock shows. SIZE_MAX: none. */
static size_t start_find(struct expanded *series, const struct ics_moment *moment)
{
    const struct start key = {.utc_s = ics_moment_utc(series->reading, moment)};
    enum ics_frame frame = series->event->start.frame;
    const struct start *found =
        series->count == 0 ? NULL : bsearch(&key, series->items, series->count, sizeof key, start_compare);
    if (found != NULL) {
        return (size_t)(found - series->items);
    }
    bool by_day = moment->frame == ICS_DATE || frame == ICS_DATE;
    if (!by_day && frame != ICS_LOCAL) {
        return SIZE_MAX;
    }
    series->reading->budget -= (int64_t)series->count;
    for (size_t i = 0; i < series->count && series->reading->budget > 0; i++) {
        if (!series->items[i].is_out && series->items[i].day == moment->day &&
            (by_day || series->items[i].second == moment->second)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static bool is_in_window(const struct expanded *series, const struct ics_moment *moment)
{
    return moment->day >= series->from_day && moment->day <= series->last_day;
}

static bool exdates_drop(struct expanded *series, const struct ics_prop *prop)
{
    const char *at = prop->value;
    char item[40];
    while (ics_item_next(&at, item, sizeof item)) {
        struct ics_moment moment;
        if (!ics_moment_read(series->reading, prop, item, &moment)) {
            return false;
        }
        /* Without a zone it means the series' clock. */
        if (moment.frame == ICS_LOCAL && series->event->start.frame == ICS_ZONED) {
            moment = moment_at(series->event, moment.day, moment.second);
        }
        size_t found = start_find(series, &moment);
        if (found == SIZE_MAX && is_in_window(series, &moment)) {
            ics_note(&series->reading->notes, NOTE_NO_MATCH, prop->line);
        }
        bool is_day = moment.frame == ICS_DATE && series->event->start.frame != ICS_DATE;
        for (; found != SIZE_MAX && !series->items[found].is_out;
             found = is_day ? start_find(series, &moment) : SIZE_MAX) {
            series->items[found].is_out = true;
        }
        if (series->reading->budget <= 0) {
            return too_costly(series, prop);
        }
    }
    return true;
}

static bool is_series(const struct ics_event *event)
{
    return ics_part_find(event->part, ICS_RRULE) != NULL || ics_part_find(event->part, ICS_RDATE) != NULL;
}

/* All starts of one event. */
static bool series_fill(struct expanded *series)
{
    const struct ics_event *event = series->event;
    bool has_rule = false;
    for (size_t i = 0; i < event->part->props.count; i++) {
        const struct ics_prop *prop = &event->part->props.items[i];
        if (prop->property == ICS_EXRULE) {
            return ics_fault(&series->reading->notes, prop->line, "EXRULE", CODE_RULE,
                             "EXRULE 已从标准中删除，不支持；请改用 EXDATE：%s",
                             "EXRULE is no longer part of the standard and not supported; use EXDATE: %s",
                             prop->value);
        }
        if (prop->property == ICS_RRULE && *prop->value != '\0') {
            has_rule = true;
            if (!rule_expand(series, prop)) {
                return false;
            }
        }
    }
    if (!has_rule && !start_add(series, &event->part->props.items[0], start_of(series))) {
        return false;
    }
    for (size_t i = 0; i < event->part->props.count; i++) {
        if (event->part->props.items[i].property == ICS_RDATE &&
            !rdates_add(series, &event->part->props.items[i])) {
            return false;
        }
    }
    sort_unique(series);
    for (size_t i = 0; i < event->part->props.count; i++) {
        if (event->part->props.items[i].property == ICS_EXDATE &&
            !exdates_drop(series, &event->part->props.items[i])) {
            return false;
        }
    }
    return true;
}

static bool meeting_add(struct ics_reading *reading, struct ics_meetings *meetings,
                        const struct ics_event *event, struct start start, bool is_one_of_many,
                        int64_t original_s)
{
    struct ics_moment moment = moment_at(event, start.day, start.second);
    struct ics_meeting meeting = {.event = event,
                                  .start_s = start.utc_s,
                                  .is_day = event->start.frame == ICS_DATE && start.length_s < 0,
                                  .day = start.day,
                                  .end_day = start.day + event->length_days,
                                  .is_one_of_many = is_one_of_many,
                                  .original_s = original_s};
    moment.day += event->length_days;
    meeting.end_s = start.length_s >= 0       ? start.utc_s + start.length_s
                    : event->length_days == 0 ? start.utc_s + event->length_s
                                              : ics_moment_utc(reading, &moment) + event->length_s;
    if (meeting.end_s / DAY_SECONDS > DATE_MAX || meeting.end_day > DATE_MAX) {
        return ics_fault(&reading->notes, event->line, "", CODE_RANGE, "日程超出 2100 年",
                         "the event goes past the year 2100", NULL);
    }
    enum error_code code = ERR_NONE;
    VEC_PUSH(code, meetings, meeting, LIMIT_ICS_RECORDS);
    if (code == ERR_LIMIT && reading->failed == ERR_NONE) {
        char most[24];
        (void)snprintf(most, sizeof most, "%zu", LIMIT_ICS_RECORDS);
        (void)ics_fault(&reading->notes, event->line, "", CODE_LIMIT,
                        "展开后超过 %s 次；请缩短导出的日期范围",
                        "more than %s meetings in all; export fewer days", most);
    }
    reading->failed = code != ERR_NONE && reading->failed == ERR_NONE ? code : reading->failed;
    return code == ERR_NONE;
}

/* One UID: masters[0 … master_count) are different events, changes are single meetings that were moved. */
struct family {
    struct ics_event *items;
    size_t count;
};

static bool is_better(const struct ics_event *event, const struct ics_event *than)
{
    return event->sequence > than->sequence ||
           (event->sequence == than->sequence && event->line > than->line);
}

static bool is_same_moment(const struct ics_moment *a, const struct ics_moment *b)
{
    return a->day == b->day && a->second == b->second && a->frame == b->frame;
}

/* Does another event of the family make this one an old version or a copy? */
static bool is_superseded(struct ics_reading *reading, const struct family *family,
                          const struct ics_event *event)
{
    for (size_t i = 0; i < family->count; i++) {
        const struct ics_event *other = &family->items[i];
        if (other == event || other->has_original != event->has_original ||
            (event->has_original && !is_same_moment(&other->original, &event->original))) {
            continue;
        }
        if (other->sequence > event->sequence) {
            ics_note(&reading->notes, NOTE_OLD_SEQUENCE, event->line);
            return true;
        }
        bool is_copy = event->has_original || is_same_moment(&other->start, &event->start);
        if (other->sequence == event->sequence && is_copy && is_better(other, event)) {
            ics_note(&reading->notes, NOTE_SAME_UID, event->line);
            return true;
        }
    }
    return false;
}

/* Takes the meeting that a change stands for out of its series. */
static void change_apply(struct expanded *series, const struct ics_event *change)
{
    struct ics_moment original = change->original;
    if (original.frame == ICS_LOCAL && series->event->start.frame == ICS_ZONED) {
        original = moment_at(series->event, original.day, original.second);
    }
    size_t found = start_find(series, &original);
    if (found != SIZE_MAX) {
        series->items[found].is_out = true;
    } else if (is_in_window(series, &original)) {
        ics_note(&series->reading->notes, NOTE_NO_MATCH, change->line);
    }
}

static bool master_tell(struct ics_reading *reading, const struct family *family,
                        const struct ics_event *event, bool is_alone, struct ics_meetings *meetings)
{
    struct expanded series = {
        .reading = reading, .event = event, .from_day = INT32_MIN, .until_s = INT64_MAX};
    int32_t base = event->start.day > reading->today ? event->start.day : reading->today;
    series.last_day = base + LIMIT_ICS_FUTURE_DAYS;
    series.last_day = series.last_day < DATE_MAX ? series.last_day : DATE_MAX - 1;
    bool is_good = series_fill(&series);
    for (size_t i = 0; i < family->count && is_good; i++) {
        if (family->items[i].has_original) {
            change_apply(&series, &family->items[i]);
        }
    }
    bool is_many = !is_alone || is_series(event);
    for (size_t i = 0; i < series.count && is_good; i++) {
        is_good = series.items[i].is_out ||
                  meeting_add(reading, meetings, event, series.items[i], is_many, series.items[i].utc_s);
    }
    free(series.items);
    return is_good;
}

static bool change_tell(struct ics_reading *reading, const struct ics_event *event,
                        struct ics_meetings *meetings)
{
    struct start start = {ics_moment_utc(reading, &event->start), event->start.day, event->start.second, -1,
                          false};
    return meeting_add(reading, meetings, event, start, true, ics_moment_utc(reading, &event->original));
}

static void family_tell(struct ics_reading *reading, const struct family *family,
                        struct ics_meetings *meetings, size_t *ret_bad)
{
    size_t masters = 0;
    bool is_over = false; /* all of it is cancelled */
    for (size_t i = 0; i < family->count; i++) {
        struct ics_event *event = &family->items[i];
        if (is_superseded(reading, family, event)) {
            event->part = NULL;
        } else if (!event->has_original) {
            masters++;
            is_over = is_over || event->is_cancelled;
        }
    }
    size_t kept = 0;
    struct family left = {family->items, 0};
    for (size_t i = 0; i < family->count; i++) {
        if (family->items[i].part != NULL) {
            family->items[kept++] = family->items[i];
        }
    }
    left.count = kept;
    for (size_t i = 0; i < left.count && reading->failed == ERR_NONE; i++) {
        const struct ics_event *event = &left.items[i];
        bool is_good = true;
        if (event->is_cancelled || (is_over && masters == 1)) {
            ics_note(&reading->notes, NOTE_CANCELLED, event->line);
        } else if (event->has_original) {
            is_good = change_tell(reading, event, meetings);
        } else {
            if (masters > 1) {
                ics_note(&reading->notes, NOTE_SAME_UID, event->line);
            }
            is_good = master_tell(reading, &left, event, masters == 1, meetings);
        }
        *ret_bad += is_good ? 0 : 1;
    }
}

static int event_compare(const void *a, const void *b)
{
    const struct ics_event *left = a;
    const struct ics_event *right = b;
    int by_uid = strcmp(left->uid, right->uid);
    return by_uid != 0 ? by_uid : (left->line > right->line) - (left->line < right->line);
}

static int meeting_compare(const void *a, const void *b)
{
    const struct ics_meeting *left = a;
    const struct ics_meeting *right = b;
    int by_line = (left->event->line > right->event->line) - (left->event->line < right->event->line);
    return by_line != 0 ? by_line : (left->start_s > right->start_s) - (left->start_s < right->start_s);
}

void ics_series_expand(struct ics_reading *reading, struct ics_event *events, size_t count,
                       struct ics_meetings *ret_meetings, size_t *ret_bad)
{
    *ret_meetings = (struct ics_meetings){0};
    if (count > 1) {
        qsort(events, count, sizeof *events, event_compare);
    }
    for (size_t from = 0; from < count && reading->failed == ERR_NONE;) {
        size_t to = from + 1;
        while (to < count && *events[from].uid != '\0' && strcmp(events[from].uid, events[to].uid) == 0) {
            to++;
        }
        if (to - from > LIMIT_ICS_MEETINGS) { /* each is compared with each */
            char most[24];
            (void)snprintf(most, sizeof most, "%zu", LIMIT_ICS_MEETINGS);
            (void)ics_fault(&reading->notes, events[from].line, "UID", CODE_LIMIT,
                            "超过 %s 个日程共用一个 UID；请更换导出程序", "more than %s events share one UID",
                            most);
            reading->failed = ERR_LIMIT;
            return;
        }
        const struct family family = {&events[from], to - from};
        family_tell(reading, &family, ret_meetings, ret_bad);
        from = to;
    }
    if (ret_meetings->count > 1) {
        qsort(ret_meetings->items, ret_meetings->count, sizeof *ret_meetings->items, meeting_compare);
    }
}

void ics_meetings_finish(struct ics_meetings *meetings)
{
    free(meetings->items);
    *meetings = (struct ics_meetings){0};
}
