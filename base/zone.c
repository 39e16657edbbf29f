#include "base/zone.h"

#include "base/date.h"

#include <stddef.h>

enum {
    DAY_SECONDS = 86400,
    /* Instants further away get the rule of the year there, so that no sum of days overflows. */
    FAR_DAYS = 1000000000
};

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

static int32_t day_clamp(int64_t day)
{
    if (day < INT32_MIN) {
        return INT32_MIN;
    }
    return day > INT32_MAX ? INT32_MAX : (int32_t)day;
}

/* Local seconds since 1970-01-01T00:00:00 local, by the clock before the change. */
static int64_t change_local(const struct zone_change *change, int32_t year)
{
    int32_t first = date_from_civil((struct civil){year, change->month, 1});
    int32_t day = first + (change->weekday - date_weekday(first) + 7) % 7;
    if (change->week < 5) {
        day += 7 * (change->week - 1);
    } else {
        int32_t next_month = date_from_civil((struct civil){year, change->month + 1, 1});
        day += (next_month - 1 - day) / 7 * 7;
    }
    return (int64_t)day * DAY_SECONDS + change->second;
}

/* Keeps the latest change that is not after `seconds`. */
struct latest {
    int64_t at;
    int32_t offset_s;
};

static void latest_offer(struct latest *latest, int64_t seconds, int64_t at, int32_t offset_s)
{
    if (at <= seconds && at >= latest->at) {
        *latest = (struct latest){.at = at, .offset_s = offset_s};
    }
}

int32_t zone_offset_at(const struct zone *zone, int64_t seconds)
{
    if (!zone->has_dst) {
        return zone->std_offset_s;
    }
    int64_t day = floor_div(seconds, DAY_SECONDS);
    day = day < -FAR_DAYS ? -FAR_DAYS : day;
    day = day > FAR_DAYS ? FAR_DAYS : day;
    int32_t year = date_year((int32_t)day);
    struct latest latest = {.at = INT64_MIN, .offset_s = zone->std_offset_s};
    /* The neighbour years: the zone's year may differ from the year of UTC, and in the first months
     * the last change was in the year before. */
    for (int32_t y = year - 1; y <= year + 1; y++) {
        latest_offer(&latest, seconds, change_local(&zone->dst_start, y) - zone->std_offset_s,
                     zone->dst_offset_s);
        latest_offer(&latest, seconds, change_local(&zone->dst_end, y) - zone->dst_offset_s,
                     zone->std_offset_s);
    }
    return latest.offset_s;
}

int64_t zone_utc_from_local(const struct zone *zone, int32_t day, int32_t minute)
{
    int64_t local = (int64_t)day * DAY_SECONDS + (int64_t)minute * 60;
    bool dst_larger = zone->dst_offset_s > zone->std_offset_s;
    int32_t larger_s = dst_larger ? zone->dst_offset_s : zone->std_offset_s;
    int32_t smaller_s = dst_larger ? zone->std_offset_s : zone->dst_offset_s;
    /* The larger offset gives the earlier instant, the first of two. When it does not hold there,
     * the smaller one does, or the time is in a gap, and before a gap stands the smaller one. */
    int64_t first = local - larger_s;
    return zone_offset_at(zone, first) == larger_s ? first : local - smaller_s;
}

void zone_local_from_utc(const struct zone *zone, int64_t seconds, int32_t *ret_day, int32_t *ret_minute,
                         int32_t *ret_second)
{
    int64_t utc_day = floor_div(seconds, DAY_SECONDS);
    int64_t rest = seconds - utc_day * DAY_SECONDS + zone_offset_at(zone, seconds);
    int64_t over = floor_div(rest, DAY_SECONDS);
    rest -= over * DAY_SECONDS;
    if (ret_day != NULL) {
        *ret_day = day_clamp(utc_day + over);
    }
    if (ret_minute != NULL) {
        *ret_minute = (int32_t)(rest / 60);
    }
    if (ret_second != NULL) {
        *ret_second = (int32_t)(rest % 60);
    }
}
