#include "importers/ics_event.h"

#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    DAY_SECONDS = 86400,
    HOUR_SECONDS = 3600,
    /* What no calendar means: a banquet of ten years. */
    LENGTH_DAYS_MAX = 3660
};

bool ics_item_next(const char **at, char *ret_item, size_t size)
{
    if (**at == '\0') {
        return false;
    }
    size_t length = strcspn(*at, ",");
    (void)snprintf(ret_item, size, "%.*s", (int)(length < size ? length : size - 1), *at);
    *at += length;
    *at += **at == ',' ? 1 : 0;
    return true;
}

static bool zone_read(struct ics_reading *reading, const struct ics_prop *prop, const char *tzid,
                      struct ics_moment *moment)
{
    const char *name = ics_property_name(prop->property);
    const struct ics_zone *zone = ics_zones_find(&reading->zones, tzid);
    if (zone == NULL) {
        reading->failed = reading->zones.is_out_of_memory ? ERR_MEMORY : reading->failed;
        return ics_fault(&reading->notes, prop->line, name, CODE_LIMIT, "文件里的时区太多：%s",
                         "too many time zones in one file: %s", tzid);
    }
    moment->frame = ICS_ZONED;
    moment->zone = (uint32_t)(zone - reading->zones.items);
    switch (zone->kind) {
    case ICS_ZONE_LOCAL:
        moment->frame = ICS_LOCAL;
        ics_note(&reading->notes, NOTE_NAMELESS_ZONE, prop->line);
        return true;
    case ICS_ZONE_OFFSET:
        ics_note(&reading->notes, NOTE_FIXED_OFFSET, prop->line);
        return true;
    case ICS_ZONE_OWN:
        ics_note(&reading->notes, NOTE_OWN_ZONE, prop->line);
        return true;
    case ICS_ZONE_KNOWN:
        return true;
    default:
        return ics_fault(
            &reading->notes, prop->line, name, CODE_ZONE,
            "不认识时区“%s”，文件里也没有它的 VTIMEZONE；请在日历程序中改为北京时间后重新导出",
            "time zone \"%s\" is not known and the file has no VTIMEZONE for it; change it in the "
            "calendar program and export anew",
            tzid);
    }
}

bool ics_moment_read(struct ics_reading *reading, const struct ics_prop *prop, const char *text,
                     struct ics_moment *ret_moment)
{
    const char *name = ics_property_name(prop->property);
    struct ics_stamp stamp;
    char tzid[ICS_TZID_SIZE];
    if (!ics_stamp_parse(text, &stamp)) {
        return ics_fault(
            &reading->notes, prop->line, name, CODE_DATE,
            "“%s”不是存在的日期或时间（1901 至 2100 年），应如 20260311T143000",
            "\"%s\" is no date or time that exists (1901 to 2100); it is written like 20260311T143000", text);
    }
    struct ics_moment moment = {.day = stamp.day, .second = stamp.second, .frame = ICS_LOCAL};
    bool has_zone = ics_prop_param(prop, "TZID", tzid, sizeof tzid);
    char value[16];
    if (stamp.has_time && ics_prop_param(prop, "VALUE", value, sizeof value) &&
        strcasecmp(value, "DATE") == 0) {
        stamp.has_time = false; /* "VALUE=DATE:20260501T000000" */
        stamp.is_loose = true;
        moment.second = 0;
    }
    if (stamp.is_loose) {
        ics_note(&reading->notes, NOTE_FORM, prop->line);
    }
    if (!stamp.has_time) {
        moment.frame = ICS_DATE;
    } else if (stamp.is_utc) {
        moment.frame = ICS_UTC;
        if (has_zone) {
            ics_note(&reading->notes, NOTE_ZULU, prop->line);
        }
    } else if (has_zone) {
        if (!zone_read(reading, prop, tzid, &moment)) {
            return false;
        }
    } else if (prop->property == ICS_DTSTART || prop->property == ICS_RDATE) {
        ics_note(&reading->notes, NOTE_FLOATING, prop->line);
    }
    *ret_moment = moment;
    return true;
}

int64_t ics_moment_utc(const struct ics_reading *reading, const struct ics_moment *moment)
{
    if (moment->frame == ICS_UTC) {
        return (int64_t)moment->day * DAY_SECONDS + moment->second;
    }
    const struct ics_zone *zone = moment->frame == ICS_ZONED ? &reading->zones.items[moment->zone] : NULL;
    return ics_zone_utc(&reading->zones, zone, moment->day, moment->second);
}

/* The one property of its name; a second one is a fault. */
static bool only_one(struct ics_reading *reading, const struct ics_part *part, enum ics_property property,
                     const struct ics_prop **ret_prop)
{
    const struct ics_prop *found = NULL;
    for (size_t i = 0; i < part->props.count; i++) {
        if (part->props.items[i].property != property) {
            continue;
        }
        if (found != NULL) {
            return ics_fault(&reading->notes, part->props.items[i].line, ics_property_name(property),
                             CODE_CONFLICT, "同一日程里出现两次", "it stands twice in one event", "");
        }
        found = &part->props.items[i];
    }
    *ret_prop = found;
    return true;
}

static const char *text_keep(struct ics_reading *reading, const struct ics_part *part,
                             enum ics_property property, size_t max)
{
    char text[LIMIT_NOTE_BYTES];
    const struct ics_prop *prop = ics_part_find(part, property);
    if (prop == NULL || *prop->value == '\0') {
        return "";
    }
    ics_prop_text(prop, text, max < sizeof text ? max : sizeof text);
    const char *kept = arena_copy_text(&reading->arena, text);
    if (kept == NULL) {
        reading->failed = ERR_MEMORY;
        return "";
    }
    return kept;
}

static bool length_by_end(struct ics_reading *reading, const struct ics_prop *prop, struct ics_event *event)
{
    struct ics_moment end;
    if (!ics_moment_read(reading, prop, prop->value, &end)) {
        return false;
    }
    if ((end.frame == ICS_DATE) != (event->start.frame == ICS_DATE)) {
        return ics_fault(&reading->notes, prop->line, "DTEND", CODE_CONFLICT,
                         "DTSTART 与 DTEND 一个只有日期、一个有时刻：%s",
                         "DTSTART and DTEND: one has a time, the other is a day: %s", prop->value);
    }
    if (end.frame == ICS_LOCAL) {
        end.frame = event->start.frame == ICS_ZONED ? ICS_ZONED : end.frame; /* its start says where */
        end.zone = event->start.zone;
    }
    int64_t length = event->start.frame == ICS_DATE
                         ? (int64_t)(end.day - event->start.day) * DAY_SECONDS
                         : ics_moment_utc(reading, &end) - ics_moment_utc(reading, &event->start);
    if (length < 0) {
        return ics_fault(&reading->notes, prop->line, "DTEND", CODE_ORDER, "结束时间早于开始时间：%s",
                         "the end is before the start: %s", prop->value);
    }
    event->length_days = event->start.frame == ICS_DATE ? (int32_t)(length / DAY_SECONDS) : 0;
    event->length_s = event->start.frame == ICS_DATE ? 0 : length;
    return true;
}

static bool length_by_duration(struct ics_reading *reading, const struct ics_prop *prop,
                               struct ics_event *event)
{
    struct ics_length length;
    if (!ics_length_parse(prop->value, &length)) {
        return ics_fault(&reading->notes, prop->line, "DURATION", CODE_TIME, "“%s”不是时长，应如 PT1H30M",
                         "\"%s\" is no duration; it is written like PT1H30M", prop->value);
    }
    if (length.is_negative && (length.days > 0 || length.seconds > 0)) {
        return ics_fault(&reading->notes, prop->line, "DURATION", CODE_ORDER, "时长是负的：%s",
                         "the duration is negative: %s", prop->value);
    }
    event->length_days = length.days;
    event->length_s = length.seconds;
    if (event->start.frame == ICS_DATE && length.seconds > 0) {
        event->length_days += (int32_t)((length.seconds + DAY_SECONDS - 1) / DAY_SECONDS);
        event->length_s = 0;
        ics_note(&reading->notes, NOTE_FORM, prop->line);
    }
    return true;
}

static bool length_read(struct ics_reading *reading, struct ics_event *event)
{
    const struct ics_prop *end = NULL;
    const struct ics_prop *duration = NULL;
    if (!only_one(reading, event->part, ICS_DTEND, &end) ||
        !only_one(reading, event->part, ICS_DURATION, &duration)) {
        return false;
    }
    if (end != NULL && *end->value == '\0') {
        end = NULL;
    }
    if (end != NULL && duration != NULL) {
        ics_note(&reading->notes, NOTE_TWO_ENDS, duration->line);
    }
    if ((end != NULL && !length_by_end(reading, end, event)) ||
        (end == NULL && duration != NULL && !length_by_duration(reading, duration, event))) {
        return false;
    }
    bool is_day = event->start.frame == ICS_DATE;
    if (event->length_days == 0 && event->length_s == 0) {
        event->length_days = is_day ? 1 : 0;
        event->length_s = is_day ? 0 : HOUR_SECONDS;
        /* A day alone is a whole day by the standard (RFC 5545 §3.6.1); a time alone has no length. */
        if (!is_day || end != NULL || duration != NULL) {
            ics_note(&reading->notes, NOTE_NO_END, event->line);
        }
    }
    if (event->length_days + event->length_s / DAY_SECONDS > LENGTH_DAYS_MAX) {
        return ics_fault(&reading->notes, event->line, "", CODE_RANGE, "日程长达十年以上",
                         "the event lasts more than ten years", NULL);
    }
    return true;
}

static void weight_read(struct ics_event *event)
{
    const struct ics_prop *status = ics_part_find(event->part, ICS_STATUS);
    const struct ics_prop *transp = ics_part_find(event->part, ICS_TRANSP);
    const struct ics_prop *busy = ics_part_find(event->part, ICS_BUSYSTATUS);
    const struct ics_prop *class = ics_part_find(event->part, ICS_CLASS);
    event->is_private = class != NULL && (strcasecmp(class->value, "PRIVATE") == 0 ||
                                          strcasecmp(class->value, "CONFIDENTIAL") == 0);
    event->is_cancelled = event->part->is_cancelled;
    event->is_cancelled =
        event->is_cancelled || (status != NULL && (strcasecmp(status->value, "CANCELLED") == 0 ||
                                                   strcasecmp(status->value, "CANCELED") == 0));
    bool is_tentative = (status != NULL && strcasecmp(status->value, "TENTATIVE") == 0) ||
                        (busy != NULL && strcasecmp(busy->value, "TENTATIVE") == 0);
    bool is_free = (transp != NULL && strcasecmp(transp->value, "TRANSPARENT") == 0) ||
                   (busy != NULL && strcasecmp(busy->value, "FREE") == 0);
    event->weight = is_free ? ICS_FREE : is_tentative ? ICS_TENTATIVE : ICS_BUSY;
}

static bool original_read(struct ics_reading *reading, struct ics_event *event)
{
    char range[32];
    const struct ics_prop *prop = NULL;
    if (!only_one(reading, event->part, ICS_RECURRENCE_ID, &prop)) {
        return false;
    }
    if (prop == NULL) {
        return true;
    }
    if (ics_prop_param(prop, "RANGE", range, sizeof range)) {
        return ics_fault(&reading->notes, prop->line, "RECURRENCE-ID", CODE_RULE,
                         "不支持一次改动以后所有场次（RANGE=%s）；请在日历中拆成两个系列",
                         "a change of all later meetings (RANGE=%s) is not supported; make it two series",
                         range);
    }
    event->has_original = true;
    return ics_moment_read(reading, prop, prop->value, &event->original);
}

bool ics_event_read(struct ics_reading *reading, const struct ics_part *part, struct ics_event *ret_event)
{
    struct ics_event event = {.part = part, .line = part->line};
    const struct ics_prop *start = NULL;
    const struct ics_prop *sequence = ics_part_find(part, ICS_SEQUENCE);
    if (part->is_broken || !only_one(reading, part, ICS_DTSTART, &start)) {
        return false;
    }
    event.uid = text_keep(reading, part, ICS_UID, LIMIT_NOTE_BYTES);
    event.summary = text_keep(reading, part, ICS_SUMMARY, LIMIT_NOTE_BYTES / 2);
    event.location = text_keep(reading, part, ICS_LOCATION, LIMIT_NOTE_BYTES / 2);
    event.sequence = sequence != NULL ? strtoll(sequence->value, NULL, 10) : 0;
    weight_read(&event);
    if (start == NULL) {
        return ics_fault(&reading->notes, part->line, "DTSTART", CODE_MISSING,
                         "日程没有开始时间（DTSTART）%s", "the event has no start (DTSTART) %s",
                         event.summary);
    }
    if (!ics_moment_read(reading, start, start->value, &event.start) || !length_read(reading, &event) ||
        !original_read(reading, &event)) {
        return false;
    }
    if (*event.uid == '\0') {
        ics_note(&reading->notes, NOTE_NO_UID, part->line);
    }
    *ret_event = event;
    return reading->failed == ERR_NONE;
}
