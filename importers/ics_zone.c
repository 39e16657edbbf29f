#include "importers/ics_zone.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/vec.h"
#include "importers/ics_rule.h"
#include "importers/ics_zone_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY_SECONDS = 86400,
    /* Changes of one VTIMEZONE: four rules of 200 years. */
    SHIFTS_MAX = 1000,
    /* Observances begin in 1601; nothing before this year is asked for. */
    YEAR_FIRST = 1900
};

/* The part of a VTIMEZONE whose changes are being collected. */
struct collecting {
    struct ics_zone *zone;
    int32_t from_s, to_s;
    enum error_code failed;
};

static bool shift_add(void *context, int32_t day, int32_t second)
{
    struct collecting *collecting = context;
    struct ics_zone *zone = collecting->zone;
    struct ics_shift *grown =
        vec_reserve(zone->shifts, &zone->shift_capacity, zone->shift_count + 1, sizeof *grown, SHIFTS_MAX);
    if (grown == NULL) {
        collecting->failed = zone->shift_count + 1 > SHIFTS_MAX ? ERR_LIMIT : ERR_MEMORY;
        return false;
    }
    zone->shifts = grown;
    grown[zone->shift_count++] =
        (struct ics_shift){(int64_t)day * DAY_SECONDS + second, collecting->from_s, collecting->to_s};
    return true;
}

/* "20071104T020000,…" */
static bool rdates_add(const struct ics_prop *prop, struct collecting *collecting)
{
    const char *at = prop->value;
    while (*at != '\0') {
        char item[32];
        struct ics_stamp stamp;
        size_t length = strcspn(at, ",");
        if (length >= sizeof item) {
            return false;
        }
        memcpy(item, at, length);
        item[length] = '\0';
        if (!ics_stamp_parse_old(item, &stamp) || !shift_add(collecting, stamp.day, stamp.second)) {
            return false;
        }
        at += length;
        at += *at == ',' ? 1 : 0;
    }
    return true;
}

static bool rule_add(struct ics_zones *zones, const struct ics_prop *prop, struct ics_stamp start,
                     struct collecting *collecting)
{
    struct ics_rule rule;
    if (ics_rule_parse(prop->value, &rule) != ICS_RULE_GOOD || rule.frequency != ICS_YEARLY) {
        return false;
    }
    struct civil civil = date_to_civil(start.day);
    if (civil.year < YEAR_FIRST && rule.interval == 1 && rule.count == 0) {
        civil.year = YEAR_FIRST;
        start.day = date_from_civil(civil);
    }
    struct ics_rule_run run = {.day = start.day,
                               .second = start.second,
                               .last_day = DATE_MAX,
                               .budget = zones->budget,
                               .meeting = shift_add,
                               .context = collecting};
    if (rule.has_until) {
        int64_t until = (int64_t)rule.until.day * DAY_SECONDS + rule.until.second;
        until += rule.until.is_utc ? collecting->from_s : 0;
        until += rule.until.has_time ? 0 : DAY_SECONDS - 1;
        int64_t day = until >= 0 ? until / DAY_SECONDS : -((-until + DAY_SECONDS - 1) / DAY_SECONDS);
        run.until_day = (int32_t)day;
        run.until_second = (int32_t)(until - day * DAY_SECONDS);
    }
    return ics_rule_expand(&rule, &run) != ICS_RULE_BUDGET && collecting->failed == ERR_NONE;
}

/* One STANDARD or DAYLIGHT. */
static bool observance_add(struct ics_zones *zones, const struct ics_part *part, struct ics_zone *zone)
{
    const struct ics_prop *begin = ics_part_find(part, ICS_DTSTART);
    const struct ics_prop *from = ics_part_find(part, ICS_TZOFFSETFROM);
    const struct ics_prop *to = ics_part_find(part, ICS_TZOFFSETTO);
    struct collecting collecting = {.zone = zone};
    struct ics_stamp start;
    if (part->is_broken || begin == NULL || from == NULL || to == NULL ||
        !ics_stamp_parse_old(begin->value, &start) || !ics_offset_parse(from->value, &collecting.from_s) ||
        !ics_offset_parse(to->value, &collecting.to_s) || !shift_add(&collecting, start.day, start.second)) {
        return false;
    }
    for (size_t i = 0; i < part->props.count; i++) {
        const struct ics_prop *prop = &part->props.items[i];
        if ((prop->property == ICS_RRULE && !rule_add(zones, prop, start, &collecting)) ||
            (prop->property == ICS_RDATE && !rdates_add(prop, &collecting))) {
            return false;
        }
    }
    return true;
}

static int shift_compare(const void *a, const void *b)
{
    const struct ics_shift *left = a;
    const struct ics_shift *right = b;
    return (left->local > right->local) - (left->local < right->local);
}

static bool load_known(const char *iana, struct ics_zone *zone)
{
    bool is_known = iana != NULL && zone_load(iana, &zone->known, NULL) == ERR_NONE;
    zone->kind = is_known ? ICS_ZONE_KNOWN : zone->kind;
    return is_known;
}

/* "/freeassociation.sourceforge.net/Tzfile/Asia/Shanghai": the longest end that is a name. */
static bool load_ending(const char *tzid, struct ics_zone *zone)
{
    for (const char *slash = strchr(tzid, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        if (strchr(slash + 1, '/') != NULL && load_known(slash + 1, zone)) {
            return true;
        }
    }
    return false;
}

/* The VTIMEZONE of this name, when the file holds a sound one. */
static bool load_own(struct ics_zones *zones, struct ics_zone *zone)
{
    const struct ics_parts *parts = zones->parts;
    for (size_t i = 0; i < parts->count; i++) {
        const struct ics_prop *tzid =
            parts->items[i].kind == ICS_ZONE ? ics_part_find(&parts->items[i], ICS_TZID) : NULL;
        char name[ICS_TZID_SIZE];
        if (tzid == NULL || parts->items[i].is_broken) {
            continue;
        }
        (void)snprintf(name, sizeof name, "%s", tzid->value);
        if (strcmp(name, zone->tzid) != 0) {
            continue;
        }
        const struct ics_prop *location = ics_part_find(&parts->items[i], ICS_LIC_LOCATION);
        if (location != NULL && load_known(location->value, zone)) {
            return true;
        }
        for (i++; i < parts->count &&
                  (parts->items[i].kind == ICS_STANDARD || parts->items[i].kind == ICS_DAYLIGHT);
             i++) {
            if (!observance_add(zones, &parts->items[i], zone)) {
                zone->shift_count = 0;
                return false;
            }
        }
        if (zone->shift_count > 0) {
            qsort(zone->shifts, zone->shift_count, sizeof *zone->shifts, shift_compare);
        }
        zone->kind = zone->shift_count > 0 ? ICS_ZONE_OWN : zone->kind;
        return zone->shift_count > 0;
    }
    return false;
}

/* By the offset in the name, or by a place in it that has this offset. */
static bool load_offset(struct ics_zone *zone)
{
    if (!ics_zone_name_offset(zone->tzid, &zone->offset_s)) {
        return load_known(ics_zone_name_of_places(zone->tzid), zone);
    }
    if (load_known(ics_zone_name_of_places(zone->tzid), zone) && zone->known.std_offset_s == zone->offset_s) {
        return true;
    }
    zone->kind = ICS_ZONE_OFFSET;
    return true;
}

static void zone_resolve(struct ics_zones *zones, struct ics_zone *zone)
{
    zone->kind = ICS_ZONE_UNKNOWN;
    if (load_known(zone->tzid, zone) || load_known(ics_zone_name_iana(zone->tzid), zone) ||
        load_ending(zone->tzid, zone) || load_own(zones, zone)) {
        return;
    }
    if (ics_zone_name_is_empty(zone->tzid)) {
        zone->kind = ICS_ZONE_LOCAL;
        return;
    }
    (void)load_offset(zone);
}

const struct ics_zone *ics_zones_find(struct ics_zones *zones, const char *tzid)
{
    tzid += strspn(tzid, " \t");
    size_t length = strlen(tzid);
    while (length > 0 && (tzid[length - 1] == ' ' || tzid[length - 1] == '\t')) {
        length--;
    }
    struct ics_zone zone = {.kind = ICS_ZONE_UNKNOWN};
    (void)snprintf(zone.tzid, sizeof zone.tzid, "%.*s", (int)length, tzid);
    for (size_t i = 0; i < zones->count; i++) {
        if (strcmp(zones->items[i].tzid, zone.tzid) == 0) {
            return &zones->items[i];
        }
    }
    enum error_code code = ERR_NONE;
    VEC_PUSH(code, zones, zone, LIMIT_ICS_ZONES);
    if (code != ERR_NONE) {
        zones->is_out_of_memory = zones->is_out_of_memory || code == ERR_MEMORY;
        return NULL;
    }
    zone_resolve(zones, &zones->items[zones->count - 1]);
    return &zones->items[zones->count - 1];
}

void ics_zones_finish(struct ics_zones *zones)
{
    for (size_t i = 0; i < zones->count; i++) {
        free(zones->items[i].shifts);
    }
    free(zones->items);
    zones->items = NULL;
    zones->count = 0;
    zones->capacity = 0;
}

/* RFC 5545 §3.3.5: a time in the gap of a change is read with the offset before it; of one that occurs twice,
 * the first is meant. */
static int32_t own_offset(const struct ics_zone *zone, int64_t local)
{
    int32_t offset = zone->shifts[0].from_s;
    for (size_t i = 0; i < zone->shift_count && zone->shifts[i].local <= local; i++) {
        const struct ics_shift *shift = &zone->shifts[i];
        bool is_gap = local < shift->local + (shift->to_s - shift->from_s);
        offset = is_gap ? shift->from_s : shift->to_s;
    }
    return offset;
}

int64_t ics_zone_utc(const struct ics_zones *zones, const struct ics_zone *zone, int32_t day, int32_t second)
{
    int64_t local = (int64_t)day * DAY_SECONDS + second;
    if (zone != NULL && zone->kind == ICS_ZONE_OWN) {
        return local - own_offset(zone, local);
    }
    if (zone != NULL && zone->kind == ICS_ZONE_OFFSET) {
        return local - zone->offset_s;
    }
    const struct zone *known = zone != NULL && zone->kind == ICS_ZONE_KNOWN ? &zone->known : &zones->local;
    return zone_utc_from_local(known, day, second / 60) + second % 60;
}
