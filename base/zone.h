/* base/zone: a time zone's current rule, and local time to UTC and back. Any thread.
 *
 * The rule is the POSIX TZ footer of the zone's TZif file (RFC 8536 §3.3): it says what holds after
 * the last change that the file lists, so times of long ago get today's rule. Litang plans the
 * coming months; it does not need the past. */
#ifndef LITANG_BASE_ZONE_H
#define LITANG_BASE_ZONE_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    ZONE_TZID_SIZE = 65, /* 64 bytes + NUL */
    ZONE_NAME_SIZE = 17  /* "CST", "+0545"; 16 bytes + NUL */
};

#define ZONE_FOLDER "/usr/share/zoneinfo"

/* "The second Sunday of March, 02:00": POSIX Mm.w.d/time. */
struct zone_change {
    uint8_t month;   /* 1 … 12 */
    uint8_t week;    /* 1 … 4; 5 is the last */
    uint8_t weekday; /* 1 Monday … 7 Sunday; POSIX counts from 0 Sunday */
    int32_t second;  /* of that day by the clock before the change; -167 h … 167 h, RFC 8536 §3.3.1 */
};

/* Offsets are added to UTC: +28800 for China. Without has_dst both offsets and names are equal.
 * Dublin's "daylight" time is its winter: dst_offset_s may be the smaller one. */
struct zone {
    char tzid[ZONE_TZID_SIZE];
    int32_t std_offset_s, dst_offset_s;
    bool has_dst;
    struct zone_change dst_start; /* by standard time */
    struct zone_change dst_end;   /* by daylight time */
    char std_name[ZONE_NAME_SIZE], dst_name[ZONE_NAME_SIZE];
};

/* Reads ZONE_FOLDER/<tzid>. Asia/Shanghai is known without the file: +08:00 "CST", the offset since
 * 1991-09-15 (IANA tzdata, "asia").
 * ERR_INPUT: a name that is empty, over 64 bytes or not made of A-Z a-z 0-9 _ + - and single "/"
 * between them; a file that is no TZif of version 2 or later, or whose footer is neither a fixed
 * offset nor of the Mm.w.d form; a zone whose file lists changes past 2038, which no rule covers
 * (Africa/Casablanca). ERR_NOT_FOUND: no such file. ERR_IO, ERR_LIMIT, ERR_MEMORY. */
enum error_code zone_load(const char *tzid, struct zone *ret_zone, struct error *err);
/* The same from another folder; for tests. */
enum error_code zone_load_from(const char *folder, const char *tzid, struct zone *ret_zone,
                               struct error *err);
/* From a POSIX TZ string, "GMT0BST,M3.5.0/1,M10.5.0". ERR_INPUT as above. */
enum error_code zone_parse(const char *tzid, const char *rule, struct zone *ret_zone, struct error *err);

/* Seconds since 1970-01-01T00:00:00Z of local `day` (since 1970-01-01) at `minute` of the clock,
 * which may be below 0 or pass 1440. RFC 5545 §3.3.5: a local time in the gap of a change is read
 * with the offset before it; of one that occurs twice, the first is meant. */
int64_t zone_utc_from_local(const struct zone *zone, int32_t day, int32_t minute);
/* Each ret_ may be NULL; minute is 0 … 1439, second 0 … 59. */
void zone_local_from_utc(const struct zone *zone, int64_t seconds, int32_t *ret_day, int32_t *ret_minute,
                         int32_t *ret_second);
/* The offset in force at an instant. */
int32_t zone_offset_at(const struct zone *zone, int64_t seconds);

#endif
